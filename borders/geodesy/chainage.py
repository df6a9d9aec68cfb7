"""Distances along a line: the point at a distance, the distance of a point, the part between two.

Chainage is the surveyor's word for the distance along a line from its first vertex; it is geodesic
on WGS84, in metres.

Source: C. F. F. Karney (2013), Algorithms for geodesics, https://doi.org/10.1007/s00190-012-0578-z
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import GeometryType

from borders.errors import GeometryError
from borders.geodesy import lonlat
from borders.geodesy.lonlat import Form
from borders.geodesy.track import VERTEX_M, Track

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from borders.geodesy.lonlat import FloatArray, GeometryArray

__all__ = ["distance_m", "locate_m", "point_along", "slice_between", "stretch"]

# Points located together (an assumption); each may be compared with the whole line.
_AT_ONCE = 500


def point_along(line: Any, distance_m: Any) -> Any:
    """Return the point of a line at a distance from its start.

    Parameters
    ----------
    line : LineString, array of them or GeoSeries, EPSG:4326.
    distance_m : metres along the line, a number or an array; negative counts from the end.

    Returns
    -------
    Point for one line and one distance; otherwise an ndarray or, if `line` is a series, a
    GeoSeries. Z is interpolated; a distance that falls on a vertex gives that vertex.

    Raises
    ------
    CRSError : a series is not in EPSG:4326.
    GeometryError : a distance is beyond the ends; a line is empty, in parts or out of range.

    Source: Karney (2013), https://doi.org/10.1007/s00190-012-0578-z

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (2, 0)])
    >>> point_along(line, 111319.49).coords[:]
    [(0.9999999928739023, 0.0)]
    """

    def interpolate(single_line: shapely.Geometry, at_m: NDArray[Any]) -> GeometryArray:
        track = Track.of(single_line)
        return np.asarray(shapely.points(track.points(track.positions(at_m))))

    results, form = _each(interpolate, line, distance_m)
    return form.geometries(results)


def locate_m(line: Any, point: Any) -> Any:
    """Return how far along a line its nearest point to a given point lies, in metres.

    Parameters
    ----------
    line : LineString, array of them or GeoSeries, EPSG:4326.
    point : Point, array of them or GeoSeries, EPSG:4326.

    Returns
    -------
    float, ndarray or Series, metres from the start of the line, right to a millimetre. Where two
    points of the line are equally near, the first; NaN where either is missing.

    Raises
    ------
    CRSError : a series is not in EPSG:4326.
    GeometryError : a geometry is empty or out of range, or the line is in parts.

    Source: Karney (2013), https://doi.org/10.1007/s00190-012-0578-z

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (2, 0)])
    >>> round(locate_m(line, shapely.Point(1, 0.3)), 3)
    111319.491
    """

    def locate(single_line: shapely.Geometry, points: GeometryArray) -> FloatArray:
        return _nearest(Track.of(single_line), points)[:, 0]

    results, form = _each(locate, line, point)
    return form.values(results.astype(np.float64))


def distance_m(line: Any, point: Any) -> Any:
    """Return the geodesic distance from a point to the nearest point of a line, in metres.

    Parameters
    ----------
    line : LineString or MultiLineString, array of them or GeoSeries, EPSG:4326.
    point : Point, array of them or GeoSeries, EPSG:4326.

    Returns
    -------
    float, ndarray or Series, metres; NaN where either is missing.

    Raises
    ------
    CRSError : a series is not in EPSG:4326.
    GeometryError : a geometry is empty or out of range.

    Source: Karney (2013), https://doi.org/10.1007/s00190-012-0578-z

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (2, 0)])
    >>> round(distance_m(line, shapely.Point(1, 1)), 3)
    110574.389
    """

    def distance(single_line: shapely.Geometry, points: GeometryArray) -> FloatArray:
        multi = isinstance(single_line, shapely.MultiLineString)
        parts = shapely.get_parts(single_line) if multi else [single_line]
        tracks = [Track.of(part) for part in parts if not part.is_empty] or [Track.of(single_line)]
        away: FloatArray = np.min([_nearest(track, points)[:, 1] for track in tracks], axis=0)
        return away

    results, form = _each(distance, line, point)
    return form.values(results.astype(np.float64))


def slice_between(line: Any, start: Any, end: Any) -> Any:
    """Return the stretch of a line from one position to another.

    Parameters
    ----------
    line : LineString, array of them or GeoSeries, EPSG:4326.
    start, end : metres along the line (negative counts from the end) or Points, which are
        projected on the line. If `end` comes before `start` the stretch runs backwards.

    Returns
    -------
    LineString, ndarray or GeoSeries. Vertices in between are kept bit for bit, the two end points
    are computed (Z interpolated). A closed line is not followed across its first vertex.

    Raises
    ------
    CRSError : a series is not in EPSG:4326.
    GeometryError : a position is beyond the ends, both positions are the same, or a geometry is
        empty, in parts or out of range.

    Source: Karney (2013), https://doi.org/10.1007/s00190-012-0578-z

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (1, 0), (2, 0)])
    >>> slice_between(line, shapely.Point(2, 1), shapely.Point(1, 1)).coords[:]
    [(2.0, 0.0), (1.0, 0.0)]
    """
    results, form = _each(_stretches, line, start, end)
    return form.geometries(results)


def _each(
    function: Callable[..., NDArray[Any]], line: Any, *others: Any
) -> tuple[NDArray[Any], Form]:
    """Return a function's results for lines and what goes with them, None where one is missing.

    One line goes with many companions and one companion with many lines. Consecutive rows with the
    same line are handed over together, so that it is measured once.

    Parameters
    ----------
    function : takes a line and, for each of `others`, an array of companions.
    """
    lines, form = lonlat.read(line)
    columns = [lines]
    for other in others:
        column, other_form = _column(other)
        columns.append(column)
        form = _common(form, other_form)
    size = int(np.prod(form.shape)) if form.shape is not None else 1
    columns = [np.broadcast_to(column, size) for column in columns]
    results = np.full(size, None, dtype=object)
    rows = zip(*columns, strict=True)
    complete = np.flatnonzero([all(cell is not None for cell in row) for row in rows])
    line_of = columns[0][complete]
    changes = [k for k in range(1, len(complete)) if line_of[k] is not line_of[k - 1]]
    for run in np.split(complete, changes):
        if len(run):
            results[run] = function(columns[0][run[0]], *(column[run] for column in columns[1:]))
    return results, form


def _column(values: Any) -> tuple[NDArray[Any], Form]:
    """Return metres or geometries as a flat array of objects, and their form."""
    if isinstance(values, shapely.Geometry) or values is None or hasattr(values, "crs"):
        return lonlat.read(values)
    array = np.asarray(values, dtype=object)
    index = values.index if hasattr(values, "iloc") else None  # a list has an index() of its own
    return array.ravel(), Form(array.shape or None, index)


def _common(form: Form, other: Form) -> Form:
    """Return the form of a result made of two inputs, either of which may be single."""
    if form.shape is None or other.shape is None:
        return other if form.shape is None else form
    if form.shape != other.shape:
        raise GeometryError(f"lines have shape {form.shape}, what goes with them {other.shape}")
    form.check_index(other.index)
    return form if form.index is not None else other


def _stretches(line: shapely.Geometry, starts: NDArray[Any], ends: NDArray[Any]) -> GeometryArray:
    """Return the stretches of one line between pairs of positions."""
    track = Track.of(line)
    return _between(track, _positions(track, starts), _positions(track, ends))


def stretch(track: Track, start_m: float, end_m: float) -> shapely.LineString:
    """Return the part of a measured line between two chainages, backwards if the end comes first.

    Raises
    ------
    GeometryError : both are the same.
    """
    part: shapely.LineString = _between(track, np.array([start_m]), np.array([end_m]))[0]
    return part


def _between(track: Track, start_m: FloatArray, end_m: FloatArray) -> GeometryArray:
    """Return the parts of a measured line between pairs of chainages."""
    low, high = np.minimum(start_m, end_m), np.maximum(start_m, end_m)
    for same_m in low[high - low < VERTEX_M]:
        raise GeometryError(
            f"start and end are the same place, {same_m:.3f} m along a line of "
            f"{track.chainage_m[-1]:.3f} m; a stretch needs two places"
        )
    tips = track.points(np.concatenate([low, high])).reshape(2, len(low), -1)
    first = np.searchsorted(track.chainage_m, low + VERTEX_M, side="right")
    after = np.searchsorted(track.chainage_m, high - VERTEX_M, side="left")
    parts = np.empty(len(low), dtype=object)
    for i in range(len(low)):
        inner = track.vertices[first[i] : after[i]]
        vertices = np.concatenate([tips[0, i : i + 1], inner, tips[1, i : i + 1]])
        parts[i] = shapely.LineString(vertices if start_m[i] == low[i] else vertices[::-1])
    return parts


def _positions(track: Track, places: NDArray[Any]) -> FloatArray:
    """Return the chainages of places given as metres or as points."""
    point = np.asarray(shapely.is_geometry(places))
    at_m = np.empty(len(places))
    at_m[~point] = track.positions(places[~point])
    at_m[point] = _nearest(track, places[point])[:, 0]
    return at_m


def _nearest(track: Track, points: GeometryArray) -> FloatArray:
    """Return chainage and distance of the nearest point of the line, one row for each point."""
    wrong = (shapely.get_type_id(points) != GeometryType.POINT) | shapely.is_empty(points)
    if wrong.any():
        raise GeometryError(f"expected a Point with coordinates, got {points[wrong][0]}")
    places = shapely.get_coordinates(points)
    lonlat.check_range(places)
    if not len(places):
        return np.empty((0, 2))
    parts = np.array_split(places, len(places) // _AT_ONCE + 1)
    return np.concatenate([np.column_stack(track.nearest_each(*part.T)) for part in parts])
