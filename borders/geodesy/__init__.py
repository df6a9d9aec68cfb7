"""Geodesy on the WGS84 ellipsoid: lengths, areas, positions along lines, offsets and buffers.

Every function takes a shapely geometry, an array of them or a GeoSeries in longitude and latitude,
and answers in kind; see `borders.geodesy.lonlat` for what is taken and what is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.geodesy.chainage import distance_m, locate_m, point_along, slice_between
from borders.geodesy.extent import area_m2, densify, length_m

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
_HOMES = {
    "ScaleCurve": "scale",
    "ScalePoint": "scale",
    "buffer_m": "buffer",
    "offset_m": "offset",
    "scale_curve": "scale",
    "simplify_m": "scale",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"borders.geodesy.{_HOMES[name]}"), name)
    message = f"module 'borders.geodesy' has no attribute '{name}'"
    raise AttributeError(message)
