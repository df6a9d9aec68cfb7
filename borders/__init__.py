"""Borders: treaties as lines with an error, places, geodesy and the catalogue of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from borders.measure import Measure
from borders.places import Place, place, places
from borders.resolve import boundary, resolve
from borders.treaty import Call, Treaty, read_treaty, treaty_ids
from borders.vector import read_vector

if TYPE_CHECKING:
    from borders.geodesy import scale_curve

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


def __getattr__(name: str) -> Any:
    # Only a scale curve needs what simplifies lines; a command that shows a border does not.
    if name == "scale_curve":
        from borders.geodesy import scale_curve

        return scale_curve
    message = f"module 'borders' has no attribute '{name}'"
    raise AttributeError(message)
