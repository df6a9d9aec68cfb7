"""Borders: treaties as lines with an error, places, geodesy and the catalogue of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.lazy import load_when_asked

if TYPE_CHECKING:
    from borders.boundary import Boundary, Leg
    from borders.call import Call
    from borders.catalogue import Source, attributions, source, sources
    from borders.countries import areas_by_country
    from borders.dates import Status
    from borders.deviation import deviation
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
    from borders.geodesy.scale import scale_curve
    from borders.guide import Guide, guide, guides
    from borders.measure import Measure
    from borders.places import Place, place, places
    from borders.resolve import boundary, resolve
    from borders.store import Feature, layer
    from borders.treaty import Treaty, read_treaty, treaty_ids
    from borders.vector import read_vector

__all__ = [
    "AmbiguousNameError",
    "AraxesError",
    "Boundary",
    "CRSError",
    "Call",
    "Feature",
    "FileFormatError",
    "GeometryError",
    "Guide",
    "Leg",
    "Measure",
    "NoAnswerError",
    "Place",
    "SchemaError",
    "Source",
    "Status",
    "Treaty",
    "UnknownNameError",
    "areas_by_country",
    "attributions",
    "boundary",
    "deviation",
    "guide",
    "guides",
    "layer",
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

load_when_asked(
    __name__,
    {
        "AmbiguousNameError": "borders.errors",
        "AraxesError": "borders.errors",
        "Boundary": "borders.boundary",
        "CRSError": "borders.errors",
        "Call": "borders.call",
        "Feature": "borders.store",
        "FileFormatError": "borders.errors",
        "GeometryError": "borders.errors",
        "Guide": "borders.guide",
        "Leg": "borders.boundary",
        "Measure": "borders.measure",
        "NoAnswerError": "borders.errors",
        "Place": "borders.places",
        "SchemaError": "borders.errors",
        "Source": "borders.catalogue",
        "Status": "borders.dates",
        "Treaty": "borders.treaty",
        "UnknownNameError": "borders.errors",
        "areas_by_country": "borders.countries",
        "attributions": "borders.catalogue",
        "boundary": "borders.resolve",
        "deviation": "borders.deviation",
        "guide": "borders.guide",
        "guides": "borders.guide",
        "layer": "borders.store",
        "place": "borders.places",
        "places": "borders.places",
        "read_treaty": "borders.treaty",
        "read_vector": "borders.vector",
        "resolve": "borders.resolve",
        "scale_curve": "borders.geodesy.scale",
        "source": "borders.catalogue",
        "sources": "borders.catalogue",
        "treaty_ids": "borders.treaty",
    },
)
