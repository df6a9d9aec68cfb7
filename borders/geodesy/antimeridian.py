"""Polygons across the antimeridian or over a pole, split and closed at the edges of lon/lat.

A polygon across the antimeridian is first given longitudes that run on beyond 180 (`unwrap`) and
later split into parts within [-180, 180] (`split`). A sheet is one such turn of 360 degrees.

Source: RFC 7946, section 3.1.9, https://www.rfc-editor.org/rfc/rfc7946#section-3.1.9
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from borders.geodesy.lonlat import FloatArray, GeometryArray

__all__ = ["split", "split_polar", "union", "unwrap"]

_DEGREE_M = 111_694.0  # a degree of latitude at a pole
_FAR_M = 1.5e7  # half the side of the plane around a pole
# Quadrants of that plane as west, south, east, north, and the western meridian of each.
_QUADRANTS = ((0, 0, 1, 1), (0, -1, 1, 0), (-1, -1, 0, 0), (-1, 0, 0, 1))
_QUADRANT_LON = (0.0, 90.0, -180.0, -90.0)


def split(polygon: shapely.Geometry) -> list[shapely.Geometry]:
    """Return the parts of a polygon whose longitudes run on beyond 180, each within [-180, 180].

    Examples
    --------
    >>> [part.bounds for part in split(shapely.box(170, 0, 190, 10))]
    [(170.0, 0.0, 180.0, 10.0), (-180.0, 0.0, -170.0, 10.0)]
    """
    west, _, east, _ = polygon.bounds
    if west >= -180 and east <= 180:
        return [polygon]
    sheets = range(int(np.floor((west + 180) / 360)), int(np.ceil((east + 180) / 360)))
    parts: list[shapely.Geometry] = []
    for sheet in sheets:
        window = shapely.box(-180 + 360 * sheet, -90, 180 + 360 * sheet, 90)
        inside = shapely.intersection(polygon, window)
        moved = shapely.transform(inside, lambda xy, lon=360 * sheet: xy - [lon, 0])
        parts.extend(part for part in shapely.get_parts(moved) if part.geom_type == "Polygon")
    return parts


def split_polar(polygon: shapely.Geometry, *, tolerance_m: float) -> list[shapely.Geometry]:
    """Return a lon/lat polygon near or over a pole as parts within the four quadrants of lon.

    Parameters
    ----------
    polygon : Polygon whose edges are straight as seen from above the pole, lon in any sheet.
    tolerance_m : vertices are added until the edges are that straight in lon/lat, too.

    Examples
    --------
    >>> cap = shapely.Polygon([(0, 89), (90, 89), (180, 89), (270, 89)])
    >>> parts = split_polar(cap, tolerance_m=100)
    >>> len(parts), max(part.bounds[3] for part in parts)
    (4, 90.0)
    """
    pole = -90.0 if polygon.bounds[1] < 0 else 90.0

    def from_above(lonlat: FloatArray) -> FloatArray:
        return _from_above(lonlat[:, 0], np.abs(pole - lonlat[:, 1]))

    plane = shapely.transform(polygon, from_above)
    parts = []
    for quadrant, lon in zip(_QUADRANTS, _QUADRANT_LON, strict=True):
        window = shapely.box(*(_FAR_M * side for side in quadrant))
        for part in shapely.get_parts(shapely.intersection(plane, window)):
            if part.geom_type == "Polygon" and not part.is_empty:
                rings = [
                    _lonlat_ring(shapely.get_coordinates(ring), lon, pole, tolerance_m)
                    for ring in shapely.get_rings(part)
                ]
                parts.append(shapely.Polygon(rings[0], rings[1:]))
    return parts


def _from_above(lon: FloatArray, colatitude: FloatArray) -> FloatArray:
    """Return plane positions in metres around the pole, lon 0 upwards, shape (n, 2)."""
    angle = np.radians(lon)
    away = colatitude * _DEGREE_M
    return np.column_stack([away * np.sin(angle), away * np.cos(angle)])


def _lonlat_ring(xy: FloatArray, west: float, pole: float, tolerance_m: float) -> FloatArray:
    """Return the lon/lat vertices of a ring in the plane around a pole, within one quadrant."""
    while True:
        middle_lon = west + 45.0
        angle = np.degrees(np.arctan2(xy[:, 0], xy[:, 1])) - middle_lon
        lon = (angle - 360.0 * np.round(angle / 360.0) + middle_lon).clip(west, west + 90.0)
        colatitude = np.hypot(xy[:, 0], xy[:, 1]) / _DEGREE_M
        # The pole has every longitude; an edge to it follows the meridian of its other end.
        from_lon = np.where(colatitude[:-1] == 0, lon[1:], lon[:-1])
        to_lon = np.where(colatitude[1:] == 0, lon[:-1], lon[1:])
        straight = _from_above((from_lon + to_lon) / 2, (colatitude[:-1] + colatitude[1:]) / 2)
        middle = (xy[:-1] + xy[1:]) / 2
        bent = np.flatnonzero(np.hypot(*(straight - middle).T) > tolerance_m)
        if not len(bent):
            break
        xy = np.insert(xy, bent + 1, middle[bent], axis=0)
    lats = pole - np.sign(pole) * colatitude
    ends = np.column_stack([from_lon, lats[:-1], to_lon, lats[1:]]).reshape(-1, 2)
    keep = np.concatenate([[True], (np.diff(ends, axis=0) != 0).any(axis=1)])
    ring: FloatArray = ends[keep]
    return ring


def unwrap(polygon: shapely.Polygon) -> tuple[shapely.Geometry, bool]:
    """Return a polygon whose edges never jump across the antimeridian, and if it holds a pole.

    An edge over more than 180 degrees of longitude goes the short way, so longitudes run on beyond
    180. A ring once around the Earth is closed over the pole of its hemisphere.

    Examples
    --------
    >>> unwrap(shapely.Polygon([(170, 0), (-170, 0), (-170, 9), (170, 9)]))[0].bounds
    (170.0, 0.0, 190.0, 9.0)
    """
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygon)]
    if not any(_jumps(ring) for ring in rings):
        return polygon, False
    rings = [unwrapped(ring) for ring in rings]
    shell, holes = rings[0], rings[1:]
    polar = abs(shell[-1, 0] - shell[0, 0]) > 180
    if polar:
        pole = 90.0 if shell[:, 1].mean() > 0 else -90.0
        shell = np.vstack([shell, [[shell[-1, 0], pole], [shell[0, 0], pole]], shell[:1]])
    middle = (shell[:, 0].min() + shell[:, 0].max()) / 2
    for hole in holes:
        hole[:, 0] += 360.0 * np.round((middle - hole[:, 0].mean()) / 360.0)
    return shapely.make_valid(shapely.Polygon(shell, _closed(holes))), polar


def _closed(rings: list[FloatArray]) -> list[FloatArray]:
    """Return the rings that end where they begin."""
    return [ring for ring in rings if abs(ring[-1, 0] - ring[0, 0]) < 180]


def _jumps(ring: FloatArray) -> bool:
    """Return if an edge spans over 180 degrees of longitude and does not run along a pole."""
    wide = np.abs(np.diff(ring[:, 0])) > 180
    at_pole = np.abs(ring[:, 1]) == 90
    return bool((wide & ~(at_pole[1:] & at_pole[:-1])).any())


def unwrapped(ring: FloatArray) -> FloatArray:
    """Return a ring whose longitudes change by at most 180 from one vertex to the next."""
    step = np.diff(ring[:, 0])
    sheets = np.concatenate([[0.0], np.cumsum(np.round(step / 360.0))])
    return np.column_stack([ring[:, 0] - 360.0 * sheets, ring[:, 1]])


def union(parts: list[shapely.Geometry], cut_parts: list[shapely.Geometry]) -> shapely.Geometry:
    """Return the union of polygons within [-180, 180], shells counter-clockwise.

    Parameters
    ----------
    parts : polygons in [-180, 180].
    cut_parts : polygons that meet along meridians where they were cut; they are joined on a grid of
        a micrometre.

    Examples
    --------
    >>> union([], [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]).bounds
    (0.0, 0.0, 2.0, 1.0)
    """
    if cut_parts:
        parts = [*parts, shapely.union_all(_valid(cut_parts), grid_size=1e-11)]
    joined = shapely.union_all(_valid(parts)) if len(parts) != 1 else parts[0]
    polygons = [part for part in shapely.get_parts(joined) if part.geom_type == "Polygon"]
    if not polygons:
        return shapely.Polygon()
    whole = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    return shapely.orient_polygons(whole)


def _valid(parts: list[shapely.Geometry]) -> GeometryArray:
    """Return the polygons, mended where a ring touches or crosses itself."""
    array = np.array(parts, dtype=object)
    bad = ~shapely.is_valid(array)
    array[bad] = shapely.make_valid(array[bad])
    return array
