"""Geodesic lengths and areas on WGS84, and vertices put in along geodesics.

Every segment is the geodesic between its two vertices, as GeographicLib computes it. Each function
takes a shapely geometry (and returns a number or a geometry), an array of geometries (and returns
an array) or a GeoSeries or GeoDataFrame in EPSG:4326 (and returns a series with the same index).

Source: C. F. F. Karney (2013), Algorithms for geodesics, https://doi.org/10.1007/s00190-012-0578-z
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import GeometryType

from borders.errors import GeometryError
from borders.geodesy import lonlat
from borders.geodesy.lonlat import WGS84

if TYPE_CHECKING:
    from collections.abc import Iterator

    from borders.geodesy.lonlat import FloatArray, GeometryArray, IntArray

__all__ = ["area_m2", "densify", "length_m"]


def length_m(geometry: Any) -> Any:
    """Return the geodesic length of lines, or the perimeter of polygons, in metres.

    Parameters
    ----------
    geometry : geometry, array of geometries, GeoSeries or GeoDataFrame, EPSG:4326. Parts are
        summed, all rings of a polygon count, points and empty geometries have length 0, Z is
        ignored, a missing geometry gives NaN.

    Returns
    -------
    float, ndarray of the same shape, or pandas Series with the same index, in metres.

    Raises
    ------
    CRSError : a series or frame is not in EPSG:4326.
    GeometryError : a coordinate is NaN or no longitude and latitude in degrees.

    Source: Karney (2013), https://doi.org/10.1007/s00190-012-0578-z

    Examples
    --------
    >>> round(length_m(shapely.LineString([(0, 0), (1, 0)])), 3)
    111319.491
    """
    geometries, form = lonlat.read(geometry)
    parts, owner = lonlat.line_parts(*lonlat.simple_parts(geometries))
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    lonlat.check_range(coordinates)
    start, end = coordinates[:-1], coordinates[1:]
    same = part[1:] == part[:-1]
    if not same.all():
        start, end, part = start[same], end[same], part[1:][same]
    _, _, segments_m = WGS84.inv(
        start[:, 0], start[:, 1], end[:, 0], end[:, 1], return_back_azimuth=False
    )
    if len(geometries) == 1:
        lengths = np.array([np.sum(segments_m)])
    else:
        lengths = _sums(owner[part[: len(segments_m)]], segments_m, len(geometries))
    lengths[shapely.is_missing(geometries)] = np.nan
    return form.values(lengths)


def area_m2(polygon: Any) -> Any:
    """Return the geodesic area of polygons, in square metres.

    Parameters
    ----------
    polygon : geometry, array of geometries, GeoSeries or GeoDataFrame, EPSG:4326. Rings are taken
        as simple, in either orientation; each encloses the smaller of its two sides of the Earth.
        Holes are subtracted, parts summed; points, lines and empty geometries have area 0, a
        missing geometry gives NaN. Of a territory, its polygon is measured.

    Returns
    -------
    float, ndarray of the same shape, or pandas Series with the same index; never negative.

    Raises
    ------
    CRSError : a series or frame is not in EPSG:4326.
    GeometryError : a coordinate is NaN or no longitude and latitude in degrees; or a border,
        corridor or route, which bounds nothing.

    Source: Karney (2013), section 6, https://doi.org/10.1007/s00190-012-0578-z

    Examples
    --------
    >>> round(area_m2(shapely.box(44, 40, 45, 41)) / 1e6, 1)
    9412.8
    """
    geometries, form = lonlat.read(lonlat.areal(polygon))
    parts, owner = lonlat.simple_parts(geometries)
    areal = shapely.get_type_id(parts) == GeometryType.POLYGON
    rings, polygon_of = shapely.get_rings(parts[areal], return_index=True)
    coordinates, ring_of = shapely.get_coordinates(rings, return_index=True)
    lonlat.check_range(coordinates)
    bounds = np.searchsorted(ring_of, np.arange(1, len(rings)))
    ring_m2 = np.array(
        [
            abs(WGS84.polygon_area_perimeter(ring[:, 0], ring[:, 1])[0])
            for ring in np.split(coordinates, bounds)
        ][: len(rings)]
    )
    # The first ring of a polygon is its shell, the others are holes.
    hole = np.concatenate([[False], polygon_of[1:] == polygon_of[:-1]])[: len(rings)]
    signed = np.where(hole, -ring_m2, ring_m2)
    areas = _sums(owner[areal][polygon_of], signed, len(geometries)).clip(min=0.0)
    areas[shapely.is_missing(geometries)] = np.nan
    return form.values(areas)


def densify(geometry: Any, *, spacing_m: float) -> Any:
    """Return the geometry with geodesic points inserted so that no segment exceeds a spacing.

    Parameters
    ----------
    geometry : geometry, array of geometries, GeoSeries or GeoDataFrame, EPSG:4326. The original
        vertices are kept bit for bit; Z is interpolated linearly along each segment; points stay.
    spacing_m : longest segment that may remain, in metres.

    Returns
    -------
    geometry, ndarray, or GeoSeries in EPSG:4326 with the same index; missing stays None.

    Raises
    ------
    CRSError : a series or frame is not in EPSG:4326.
    GeometryError : a coordinate is out of range, or `spacing_m` is not positive.

    Source: Karney (2013), https://doi.org/10.1007/s00190-012-0578-z

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (1, 0)])
    >>> len(densify(line, spacing_m=30_000).coords)
    5
    """
    if not (np.isfinite(spacing_m) and spacing_m > 0):
        raise GeometryError(f"spacing_m is {spacing_m}; it has to be a positive number of metres")
    geometries, form = lonlat.read(geometry)
    results = np.empty(len(geometries), dtype=object)
    for i, single in enumerate(geometries):
        results[i] = single
        if single is not None and not single.is_empty:
            results[i] = _rebuilt(single, _dense_lines(single, spacing_m))
    return form.geometries(results)


def _sums(owner: IntArray, amounts: FloatArray, count: int) -> FloatArray:
    """Return the sum of the amounts of each owner."""
    # bincount of nothing is an array of integers.
    return np.bincount(owner, amounts, count).astype(np.float64)


def _dense_lines(geometry: shapely.Geometry, spacing_m: float) -> Iterator[FloatArray]:
    """Yield the densified vertices of each line and ring, in the order of `_rebuilt`."""
    lines = np.array(list(_lines(geometry)), dtype=object)
    coordinates, part = shapely.get_coordinates(
        lines, include_z=bool(geometry.has_z), return_index=True
    )
    lonlat.check_range(coordinates)
    coordinates, part = lonlat.densified(coordinates, part, spacing_m)
    yield from np.split(coordinates, np.searchsorted(part, np.arange(1, len(lines))))


def _lines(geometry: shapely.Geometry) -> Iterator[shapely.Geometry]:
    """Yield the lines and rings of a geometry, depth first."""
    kind = shapely.get_type_id(geometry)
    if geometry.is_empty or kind == GeometryType.POINT:
        return
    if kind in {GeometryType.LINESTRING, GeometryType.LINEARRING}:
        yield geometry
    elif kind == GeometryType.POLYGON:
        yield from shapely.get_rings(geometry)
    else:
        for part in geometry.geoms:
            yield from _lines(part)


def _rebuilt(geometry: shapely.Geometry, lines: Iterator[FloatArray]) -> shapely.Geometry:
    """Return a geometry of the same kinds and nesting, made of the new lines."""
    kind = shapely.get_type_id(geometry)
    if geometry.is_empty or kind == GeometryType.POINT:
        return geometry
    if kind in {GeometryType.LINESTRING, GeometryType.LINEARRING}:
        return type(geometry)(next(lines))
    if kind == GeometryType.POLYGON:
        rings: GeometryArray = np.array([None] * (1 + len(geometry.interiors)), dtype=object)
        for i in range(len(rings)):
            rings[i] = shapely.linearrings(next(lines))
        return shapely.polygons(rings[0], holes=rings[1:])
    return type(geometry)([_rebuilt(part, lines) for part in geometry.geoms])
