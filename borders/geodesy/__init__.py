"""Geodesy on the WGS84 ellipsoid: lengths, areas, positions along lines, offsets and buffers.

Every function takes a shapely geometry, an array of them or a GeoSeries in longitude and latitude,
and answers in kind; a border, corridor or route stands for its line as drawn, in `area_m2` a
territory for its polygon; see `borders.geodesy.lonlat` for what is taken and what is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.geodesy.chainage import distance_m, locate_m, point_along, slice_between
from borders.geodesy.extent import area_m2, densify, length_m
from borders.lazy import load_when_asked

if TYPE_CHECKING:
    from borders.geodesy.buffer import buffer_m
    from borders.geodesy.offset import offset_m
    from borders.geodesy.scale import ScaleCurve, ScalePoint, scale_curve, simplify_m

__all__ = [
    "ScaleCurve",
    "ScalePoint",
    "area_m2",
    "buffer_m",
    "densify",
    "distance_m",
    "length_m",
    "locate_m",
    "offset_m",
    "point_along",
    "scale_curve",
    "simplify_m",
    "slice_between",
]

# A command that only measures should not wait for what draws outlines.
load_when_asked(
    __name__,
    {
        "ScaleCurve": "borders.geodesy.scale",
        "ScalePoint": "borders.geodesy.scale",
        "buffer_m": "borders.geodesy.buffer",
        "offset_m": "borders.geodesy.offset",
        "scale_curve": "borders.geodesy.scale",
        "simplify_m": "borders.geodesy.scale",
    },
)
