"""The median of two lines: the points as far from one as from the other.

It is found as the border between the Voronoi cells of the two lines' points in a plane; then each
of its points is moved until both geodesic distances are the same, and points are put in where it
bends.

Source: equidistance as in article 15 of the United Nations Convention on the Law of the Sea, "every
point of which is equidistant from the nearest points".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from borders.errors import GeometryError
from borders.geodesy.lonlat import WGS84, along, densified
from borders.geodesy.plane import plane
from borders.geodesy.track import Track

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pyproj import Transformer
    from shapely import LineString

    from borders.geodesy.lonlat import FloatArray

    BoolArray = NDArray[np.bool_]

__all__ = ["MedianLine", "median"]

# Points of a shore lie so far apart, as a share of the distance of the shores where the leg begins
# and ends, and no more of them are taken (assumptions; the points are refined afterwards).
_SPACING_SHARE, _MOST_POINTS = 0.1, 20_000
# Where refining stops, in metres between the two distances.
_EQUAL_M, _STEPS = 1e-3, 20
# A segment where the median bends is halved at most so many times.
_HALVINGS = 8
# Two positions along a line so near to each other are one.
_EDGE_M = 1e-3
# A foot beyond the end of a shore by this share of its distance means that the shore is too short.
_BEYOND_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianLine:
    """The median between two places, or somewhat beyond them.

    Parameters
    ----------
    geometry : LineString, EPSG:4326.
    weight : at each vertex, how far the median moves when one shore moves towards it by a metre:
        a half where the shores face each other.
    """

    geometry: LineString
    weight: FloatArray


def median(
    one: LineString,
    other: LineString,
    ends: Sequence[tuple[float, float]],
    *,
    beyond_m: float,
    tolerance_m: float = 1.0,
) -> MedianLine:
    """Return the median of two lines, from one point near it to another.

    Parameters
    ----------
    one, other : LineString, EPSG:4326, that do not cross.
    ends : two points, lon/lat, near the median.
    beyond_m : how far it goes on past the points nearest to them, where the lines do.
    tolerance_m : between its vertices the median lies no farther from the straight than this.

    Raises
    ------
    GeometryError : the lines cross, there is no median between the two points, or a line ends
        before it.

    Examples
    --------
    >>> south, north = (shapely.LineString([(0, y), (1, y)]) for y in (0.0, 0.2))
    >>> line = median(south, north, [(0.2, 0.1), (0.8, 0.1)], beyond_m=1000.0)
    >>> round(float(line.geometry.interpolate(0.5, normalized=True).y), 3)
    0.1
    """
    if shapely.crosses(one, other):
        message = "the two lines cross, so that neither side of the median is one line's"
        raise GeometryError(message)
    tracks = Track.of(one), Track.of(other)
    x, y = np.array(ends, dtype=np.float64).T
    apart_m = sum(track.nearest_each(x, y)[1] for track in tracks)
    spacing_m = max(float(np.min(apart_m)) * _SPACING_SHARE, 1.0)
    total_m = sum(float(track.chainage_m[-1]) for track in tracks)
    spacing_m = max(spacing_m, total_m / _MOST_POINTS)
    to = plane(f"+proj=aeqd +lat_0={y.mean()} +lon_0={x.mean()} +ellps=WGS84")
    rough = _rough(tracks, spacing_m, to, np.column_stack(to.transform(x, y)))
    line = Track.of(shapely.LineString(rough))
    along_m = np.array([line.nearest(*end)[0] for end in zip(x, y, strict=True)])
    low, high = sorted(along_m)
    low_m, high_m = max(low - beyond_m, 0.0), min(high + beyond_m, float(line.chainage_m[-1]))
    count = max(2, int(np.ceil((high_m - low_m) / spacing_m)) + 1)
    stations_m = np.unique([*np.linspace(low_m, high_m, count), low, high])
    found = _bent(_refined(line.points(stations_m)[:, :2], tracks), tracks, tolerance_m)
    inside = line.nearest_each(*found.lonlat.T)[0]
    inside = (inside > low + _EDGE_M) & (inside < high - _EDGE_M)
    if not found.held[inside].all():
        message = "a line ends before the median does; draw it farther on at that end"
        raise GeometryError(message)
    geometry = shapely.LineString(found.lonlat[found.held])
    return MedianLine(geometry=geometry, weight=found.weight[found.held])


class _Points(NamedTuple):
    """Points of a median.

    Parameters
    ----------
    lonlat : shape (n, 2).
    weight : how far each moves when a shore moves by a metre, shape (n,).
    held : whether both lines reach abreast of it, shape (n,).
    """

    lonlat: FloatArray
    weight: FloatArray
    held: BoolArray


def _bent(points: _Points, tracks: tuple[Track, Track], tolerance_m: float) -> _Points:
    """Return the points with others put in where the median bends between them."""
    new = np.arange(len(points.lonlat) - 1)
    for _ in range(_HALVINGS):
        if not len(new):
            break
        start, end = points.lonlat[new], points.lonlat[new + 1]
        azimuth, _, step_m = WGS84.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
        straight = along(start, azimuth, step_m / 2)
        middle = _refined(straight, tracks)
        off_m = WGS84.inv(
            straight[:, 0], straight[:, 1], middle.lonlat[:, 0], middle.lonlat[:, 1]
        )[2]  # fmt: skip
        bends = np.asarray(off_m) > tolerance_m
        points = _Points(*(
            np.insert(old, new[bends] + 1, more[bends], axis=0)
            for old, more in zip(points, middle, strict=True)
        ))  # fmt: skip
        # Both halves of a segment that bends are looked at again.
        first = new[bends] + np.arange(int(bends.sum()))
        new = np.sort(np.concatenate([first, first + 1]))
    return points


def _rough(
    tracks: tuple[Track, Track], spacing_m: float, to: Transformer, ends: FloatArray
) -> FloatArray:
    """Return the border between the cells of two lines' points, near two points; lon/lat."""
    from pyproj.enums import TransformDirection
    from scipy.spatial import Voronoi

    shores = [
        densified(t.vertices[:, :2], np.zeros(len(t.vertices), dtype=np.int64), spacing_m)[0]
        for t in tracks
    ]
    xy = np.concatenate([np.column_stack(to.transform(*shore.T)) for shore in shores])
    owner = np.repeat([0, 1], [len(shore) for shore in shores])
    xy, first = np.unique(xy, axis=0, return_index=True)
    owner = owner[first]
    diagram = Voronoi(xy)
    between = owner[diagram.ridge_points[:, 0]] != owner[diagram.ridge_points[:, 1]]
    ridges = np.array(diagram.ridge_vertices)[between]
    ridges = ridges[(ridges >= 0).all(axis=1)]
    if not len(ridges):
        message = "the two lines have no median; check which they are"
        raise GeometryError(message)
    edges = shapely.linestrings(diagram.vertices[ridges])
    merged = shapely.line_merge(shapely.multilinestrings(edges))
    parts = shapely.get_parts(merged)
    nearest = [int(np.argmin(shapely.distance(parts, p))) for p in shapely.points(ends)]
    if nearest[0] != nearest[1]:
        message = "no one median joins the two places: between them it is broken"
        raise GeometryError(message)
    found = shapely.get_coordinates(parts[nearest[0]])
    lon, lat = to.transform(found[:, 0], found[:, 1], direction=TransformDirection.INVERSE)
    result: FloatArray = np.column_stack([lon, lat])
    return result


def _refined(points: FloatArray, tracks: tuple[Track, Track]) -> _Points:
    """Return points moved until they are as far from one line as from the other."""
    for _ in range(_STEPS):
        one, other = (_foot(track, points) for track in tracks)
        # The difference of the distances grows by this vector a metre.
        gradient = other.toward - one.toward
        square = np.maximum((gradient**2).sum(axis=1), 1e-6)
        excess = one.away_m - other.away_m
        if np.abs(excess).max() < _EQUAL_M:
            break
        step = -(excess / square)[:, None] * gradient
        points = along(points, np.degrees(np.arctan2(*step.T)), np.hypot(*step.T))
    held = one.abreast & other.abreast
    return _Points(points, 1 / np.sqrt(square), held)


class _Foot(NamedTuple):
    """The nearest points of a line to several points.

    Parameters
    ----------
    toward : unit vectors to them, east and north, shape (n, 2).
    away_m : their distances, shape (n,).
    abreast : whether it is not the end of the line, which may go on where nobody drew it.
    """

    toward: FloatArray
    away_m: FloatArray
    abreast: BoolArray


def _foot(track: Track, points: FloatArray) -> _Foot:
    along_m, _ = track.nearest_each(points[:, 0], points[:, 1])
    foot = track.points(along_m)
    azimuth, _, away_m = WGS84.inv(points[:, 0], points[:, 1], foot[:, 0], foot[:, 1])
    angle = np.radians(azimuth)
    toward = np.column_stack([np.sin(angle), np.cos(angle)])
    abreast = np.ones(len(points), dtype=bool)
    first, second, *_, before, last = track.vertices[[0, 1, -2, -1], :2]
    for at_m, tip, inner in ((0.0, first, second), (track.chainage_m[-1], last, before)):
        here = np.abs(along_m - at_m) < _EDGE_M
        # The direction in which the line would go on, east and north.
        outward = np.radians(WGS84.inv(*inner, *tip)[1] + 180.0)
        beyond = -toward[here] @ np.array([np.sin(outward), np.cos(outward)])
        abreast[here] = beyond < _BEYOND_SHARE
    return _Foot(toward, np.asarray(away_m), abreast)
