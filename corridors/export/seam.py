"""Geometries across the 180th meridian or over a pole, cut there as RFC 7946 asks.

Source: RFC 7946, section 3.1.9, https://www.rfc-editor.org/rfc/rfc7946#section-3.1.9
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.geodesy.antimeridian import split, union, unwrap

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["cut_at_seam"]


def cut_at_seam(shape: BaseGeometry) -> BaseGeometry:
    """Return a geometry whose parts do not cross the 180th meridian; itself if none did.

    An edge over more than 180 degrees of longitude goes the short way. But a ring of such edges
    that runs counter-clockwise as drawn, as a box round the whole Earth does, is taken as drawn:
    read the short way it would run clockwise. A cut area loses its heights.

    Parameters
    ----------
    shape : any geometry, EPSG:4326, longitudes from -180 to 180.

    Examples
    --------
    >>> two = cut_at_seam(shapely.LineString([(179, 0), (-179, 2)]))
    >>> [list(part.coords) for part in two.geoms]
    [[(179.0, 0.0), (180.0, 1.0)], [(-180.0, 1.0), (-179.0, 2.0)]]
    >>> cut_at_seam(shapely.box(-179.99, 0, 180, 1)).geom_type
    'Polygon'
    """
    kind = shape.geom_type
    if shape.is_empty or kind in ("Point", "MultiPoint") or not _jumps(shape):
        return shape
    if kind == "GeometryCollection":
        return shapely.GeometryCollection([cut_at_seam(part) for part in shape.geoms])
    parts = list(getattr(shape, "geoms", [shape]))
    areal = kind.endswith("Polygon")
    cut = [piece for part in parts for piece in (_area(part) if areal else _line(part))]
    if len(cut) == len(parts) and all(a is b for a, b in zip(cut, parts, strict=True)):
        return shape
    if len(cut) == 1:
        return cut[0]
    return shapely.MultiPolygon(cut) if areal else shapely.MultiLineString(cut)


def _jumps(shape: Any) -> bool:
    """Tell whether neighbouring vertices of a part lie more than 180 degrees of longitude apart."""
    lon, of = shapely.get_coordinates(shapely.get_parts(shape), return_index=True)
    return bool(((np.abs(np.diff(lon[:, 0])) > 180) & (np.diff(of) == 0)).any())


def _line(line: shapely.LineString) -> list[shapely.LineString]:
    """Return the pieces of a line between its crossings of the 180th meridian."""
    xyz = shapely.get_coordinates(line, include_z=line.has_z)
    step = np.diff(xyz[:, 0])
    # An edge all round the Earth, from -180 to 180, is no crossing.
    crossings = np.flatnonzero((np.abs(step) > 180) & (np.abs(step) < 360))
    pieces, begin = [], xyz[:0]
    last = 0
    for n in crossings:
        here, there = xyz[n], xyz[n + 1].copy()
        edge = 180.0 if here[0] > 0 else -180.0
        there[0] += 2 * edge
        share = (edge - here[0]) / (there[0] - here[0])
        end = here + share * (there - here)
        end[0] = edge
        pieces.append(np.vstack([begin, xyz[last : n + 1], end]))
        begin, last = end[None].copy(), int(n) + 1
        begin[0, 0] = -edge
    pieces.append(np.vstack([begin, xyz[last:]]))
    lines = [shapely.LineString(_without_repeats(piece)) for piece in pieces if _extends(piece)]
    return lines if len(crossings) else [line]


def _without_repeats(xyz: np.ndarray) -> np.ndarray:
    kept = np.concatenate([[True], (np.diff(xyz[:, :2], axis=0) != 0).any(axis=1)])
    return xyz[kept] if kept.sum() > 1 else xyz


def _extends(xyz: np.ndarray) -> bool:
    return bool((xyz[:, :2] != xyz[0, :2]).any())


def _area(polygon: shapely.Polygon) -> list[shapely.Polygon]:
    """Return the parts of an area on either side of the 180th meridian."""
    running, polar = unwrap(polygon)
    if running is polygon or (not polar and polygon.exterior.is_ccw):
        return [polygon]
    parts = [part for piece in shapely.get_parts(running) for part in split(piece)]
    if polar:
        # A ring round a pole begins and ends at a meridian, where its parts meet again.
        parts = list(shapely.get_parts(union([], parts)))
    return [shapely.orient_polygons(part) for part in parts if part.area > 0] or [polygon]
