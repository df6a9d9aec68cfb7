"""Geodesic buffers and parallel lines on WGS84, anywhere on Earth.

Lines are cut into pieces of at most 100 km; each is buffered in its own azimuthal-equidistant
frame and the pieces are joined in longitude and latitude: see `borders.geodesy.local_frames` and
`borders.geodesy.antimeridian`.

Source: C. F. F. Karney (2013), Algorithms for geodesics, https://doi.org/10.1007/s00190-012-0578-z
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import shapely
from shapely import GeometryType

from borders.errors import GeometryError
from borders.geodesy import antimeridian, lonlat, planar_buffer
from borders.geodesy.local_frames import STRAIGHT, Frames, Pieces, cut, longest_edge_m
from borders.geodesy.lonlat import LONGEST_M
from borders.geodesy.measurement import densify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from borders.geodesy.lonlat import FloatArray, GeometryArray, IntArray

__all__ = ["buffer_m"]

# Number of the geometry, its polygons within [-180, 180], and whether they were cut at a pole.
_Outline: TypeAlias = tuple[int, list[shapely.Geometry], bool]


def buffer_m(
    geometry: Any,
    distance_m: Any,
    *,
    quad_segs: int = 64,
    cap: Literal["round", "flat"] = "round",
) -> Any:
    """Return the polygon of all places within a geodesic distance of a geometry.

    The outline is right to 0.02 % of the distance with the default `quad_segs`, at any latitude
    and for lines of any length (0.5 m for 2.5 km). It is split at the antimeridian, and closed
    along it and over the pole where it holds a pole (RFC 7946).

    Parameters
    ----------
    geometry : geometry, array of geometries, GeoSeries or GeoDataFrame, EPSG:4326.
    distance_m : metres, above 0 and at most 200,000; one number, or one for each geometry (two
        series have to have the same index).
    quad_segs : segments in a quarter circle; the chord error is 0.3 / quad_segs**2 of the distance.
    cap : "round", or "flat" to cut open lines off square at their ends (for lines longer than a few
        distances); points are always round.

    Returns
    -------
    Polygon or MultiPolygon, ndarray or GeoSeries in EPSG:4326; missing stays None, empty gives an
    empty Polygon. Shells are counter-clockwise.

    Raises
    ------
    CRSError : a series or frame is not in EPSG:4326.
    GeometryError : a coordinate is out of range, an option has no such value, or two series have
        different indexes.

    Source: Karney (2013), section 8, https://doi.org/10.1007/s00190-012-0578-z

    Examples
    --------
    >>> from borders.geodesy import area_m2
    >>> round(area_m2(buffer_m(shapely.Point(44.5, 40.2), 1000)) / 1e6, 2)
    3.14
    """
    geometries, form = lonlat.read(geometry)
    distances = _distances(distance_m, len(geometries))
    if hasattr(distance_m, "iloc") and len(distance_m) == len(geometries):
        form.check_index(distance_m.index)
    if cap not in {"round", "flat"} or quad_segs < 1:
        raise GeometryError(
            f"cap={cap!r}, quad_segs={quad_segs}: cap is 'round' or 'flat', quad_segs at least 1"
        )
    parts, owner = lonlat.simple_parts(geometries)
    outlines = _outlines(*lonlat.line_parts(parts, owner), distances, quad_segs, cap == "flat")
    areal = shapely.get_type_id(parts) == GeometryType.POLYGON
    insides = _insides(parts[areal], owner[areal], distances)
    parts_of: list[tuple[list[shapely.Geometry], list[shapely.Geometry]]]
    parts_of = [([], []) for _ in geometries]
    for i, polygons, polar in (*outlines, *insides):
        parts_of[i][int(polar)].extend(polygons)
    results = np.full(len(geometries), None, dtype=object)
    for k in np.flatnonzero(~shapely.is_missing(geometries)):
        results[k] = antimeridian.union(*parts_of[k])
    return form.geometries(results)


def _distances(distance_m: Any, count: int) -> FloatArray:
    """Return one distance for each geometry, all within what the frames allow."""
    distances = np.asarray(distance_m, dtype=np.float64).ravel()
    if len(distances) not in {1, count}:
        raise GeometryError(f"{len(distances)} distances for {count} geometries; give one or each")
    wrong = ~((distances > 0) & (distances <= LONGEST_M))
    if wrong.any():
        raise GeometryError(
            f"distance_m is {distances[wrong][0]}; it has to be above 0 and at most "
            f"{LONGEST_M:,.0f} m (to shrink a polygon, subtract the buffer of its boundary)"
        )
    return np.broadcast_to(distances, count)


def _outlines(
    lines: GeometryArray, owner: IntArray, distances: FloatArray, quad_segs: int, flat: bool
) -> Iterator[_Outline]:
    """Yield the buffers of all pieces of points, lines and rings as polygons in lon/lat."""
    no_length = (shapely.get_type_id(lines) != GeometryType.POINT) & (shapely.length(lines) == 0)
    lines = np.where(no_length, shapely.get_point(lines, 0), lines)
    pieces = _cut(lines, float(distances.min(initial=1e6)))
    if not len(pieces.part):
        return
    frames = Frames.around(pieces.coordinates, pieces.piece)
    plane = frames.plane(pieces.coordinates, pieces.piece)
    distance = distances[owner[pieces.part]]
    outlines = planar_buffer.buffered(
        _geometries(plane, pieces.piece),
        distance,
        quad_segs=quad_segs,
        flat=_open_ends(lines, pieces.part) & flat,
    )
    extent = shapely.bounds(outlines)
    reach_m = np.hypot(np.abs(extent[:, ::2]).max(axis=1), np.abs(extent[:, 1::2]).max(axis=1))
    pole_m = frames.pole_m()
    polar = pole_m < 2 * reach_m
    edge_m = longest_edge_m(distance, np.where(polar, reach_m, pole_m - reach_m))
    outlines = shapely.segmentize(outlines, edge_m)
    vertices, piece = shapely.get_coordinates(outlines, return_index=True)
    outlines = shapely.set_coordinates(outlines, frames.lonlat(vertices, piece))
    for i, polygon in enumerate(outlines):
        tolerance_m = STRAIGHT * distance[i]
        polygons = (
            antimeridian.split_polar(polygon, tolerance_m=tolerance_m)
            if polar[i]
            else antimeridian.split(polygon)
        )
        yield int(owner[pieces.part[i]]), polygons, bool(polar[i])


def _open_ends(lines: GeometryArray, part: IntArray) -> NDArray[np.bool_]:
    """Return which pieces hold the start and which the end of an open line, shape (n, 2)."""
    open_line = (shapely.get_type_id(lines) == GeometryType.LINESTRING) & ~shapely.is_closed(lines)
    turn = part[1:] != part[:-1]
    ends = np.column_stack([np.append(True, turn), np.append(turn, True)])
    return np.asarray(ends & open_line[part][:, None])


def _cut(lines: GeometryArray, distance_m: float) -> Pieces:
    """Return the pieces of lines, and each point as a piece of one vertex."""
    coordinates, part = shapely.get_coordinates(lines, return_index=True)
    lonlat.check_range(coordinates)
    single = (shapely.get_type_id(lines) == GeometryType.POINT)[part]
    pieces = cut(coordinates[~single], part[~single], distance_m=distance_m)
    count = len(pieces.part)
    return Pieces(
        np.concatenate([pieces.coordinates, coordinates[single]]),
        np.concatenate([pieces.piece, count + np.arange(single.sum())]),
        np.concatenate([pieces.part, part[single]]),
    )


def _geometries(plane: FloatArray, piece: IntArray) -> GeometryArray:
    """Return the pieces as lines, those of one vertex as points."""
    size = np.bincount(piece)
    geometries = np.empty(len(size), dtype=object)
    single = (size == 1)[piece]
    geometries[size == 1] = shapely.points(plane[single])
    if not single.all():
        geometries[size > 1] = shapely.linestrings(plane[~single], indices=piece[~single])
    return geometries


def _insides(polygons: GeometryArray, owner: IntArray, distances: FloatArray) -> Iterator[_Outline]:
    """Yield the polygons themselves, their edges within half the distance of the geodesics."""
    for polygon, i in zip(polygons, owner, strict=True):
        from_pole_m = (90 - np.abs(polygon.bounds[1::2]).max()) * 111e3
        spacing_m = min(np.sqrt(4 * max(from_pole_m, 1e3) * distances[i]), 1e4)
        unwrapped, polar = antimeridian.unwrap(densify(polygon, spacing_m=spacing_m))
        parts = [p for p in shapely.get_parts(unwrapped) if p.geom_type == "Polygon"]
        yield int(i), [sheet for part in parts for sheet in antimeridian.split(part)], polar
