"""Borders: treaties as lines with an error, places, geodesy and the catalogue of the data."""

from borders.boundary import Boundary, Leg
from borders.catalogue import Source, attributions, source, sources
from borders.dates import Status
from borders.errors import (
    AmbiguousNameError,
    AraxesError,
    CRSError,
    FileFormatError,
    GeometryError,
    NoAnswerError,
    SchemaError,
    UnknownNameError,
)
from borders.geodesy import scale_curve
from borders.measure import Measure
from borders.places import Place, place, places
from borders.resolve import boundary, resolve
from borders.treaty import Call, Treaty, read_treaty, treaty_ids
from borders.vector import read_vector

__all__ = [
    "AmbiguousNameError",
    "AraxesError",
    "Boundary",
    "CRSError",
    "Call",
    "FileFormatError",
    "GeometryError",
    "Leg",
    "Measure",
    "NoAnswerError",
    "Place",
    "SchemaError",
    "Source",
    "Status",
    "Treaty",
    "UnknownNameError",
    "attributions",
    "boundary",
    "place",
    "places",
    "read_treaty",
    "read_vector",
    "resolve",
    "scale_curve",
    "source",
    "sources",
    "treaty_ids",
]
