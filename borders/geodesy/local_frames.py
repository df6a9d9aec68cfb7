"""Local azimuthal-equidistant frames: metres around a centre, for planar work on short pieces.

In such a frame distances and directions from the centre are exact; 100 km away from it a distance
across is 4e-5 too long. The frames are computed for many centres at once by `Geod.inv` and
`Geod.fwd`; a `pyproj.Transformer` for each would cost a hundred times as much.

Source: C. F. F. Karney (2013), section 8, https://doi.org/10.1007/s00190-012-0578-z
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.geodesy import lonlat
from borders.geodesy.lonlat import WGS84

if TYPE_CHECKING:
    from borders.geodesy.lonlat import FloatArray, IntArray

__all__ = ["STRAIGHT", "Frames", "Pieces", "cut", "longest_edge_m"]

STRAIGHT = 5e-5  # how far an edge may stray from its place in lon/lat, as a share of the distance

_PIECE_M = 90_000.0
_SPACING_M = 10_000.0  # a piece ends at a vertex, so it is at most 100 km long
# A geodesic of e metres that passes 50 km from the centre strays from straight by 1e-10 * e**2
# metres, which is 1e-4 of a distance d if e**2 is 1e6 * d.
_SPACING_FACTOR = 1e6


@dataclass(frozen=True, slots=True)
class Frames:
    """Centres of azimuthal-equidistant frames, in degrees."""

    lon: FloatArray
    lat: FloatArray

    @classmethod
    def around(cls, coordinates: FloatArray, frame: IntArray) -> Frames:
        """Return frames in the middle of runs of vertices; `frame` counts them from 0."""
        lon, lat = np.radians(coordinates[:, 0]), np.radians(coordinates[:, 1])
        directions = (np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat))
        x, y, z = (np.bincount(frame, component) for component in directions)
        return cls(np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y))))

    def plane(self, coordinates: FloatArray, frame: IntArray) -> FloatArray:
        """Return lon/lat vertices in metres east and north of the centre of their frame."""
        azimuth, _, away = WGS84.inv(
            self.lon[frame], self.lat[frame], coordinates[:, 0], coordinates[:, 1]
        )
        angle = np.radians(azimuth)
        return np.column_stack([away * np.sin(angle), away * np.cos(angle)])

    def lonlat(self, plane: FloatArray, frame: IntArray) -> FloatArray:
        """Return metres east and north of the centre as lon/lat, lon within 180 of the centre."""
        lon, lat, _ = WGS84.fwd(
            self.lon[frame],
            self.lat[frame],
            np.degrees(np.arctan2(plane[:, 0], plane[:, 1])),
            np.hypot(plane[:, 0], plane[:, 1]),
        )
        centre = self.lon[frame]
        return np.column_stack([lon - 360.0 * np.round((lon - centre) / 360.0), lat])

    def pole_m(self) -> FloatArray:
        """Return the distance of each centre from the nearer pole, in metres."""
        pole = np.where(self.lat < 0, -90.0, 90.0)
        _, _, away = WGS84.inv(self.lon, self.lat, self.lon, pole)
        return np.asarray(away, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Lines cut into pieces of at most 100 km.

    Attributes
    ----------
    coordinates : (n, 2), the vertices of all pieces one after the other; neighbours share one.
    piece : (n,), the piece of each vertex, counted from 0.
    part : the line each piece was cut from.
    """

    coordinates: FloatArray
    piece: IntArray
    part: IntArray


def cut(
    coordinates: FloatArray,
    part: IntArray,
    *,
    distance_m: float,
    margin_m: float = 0.0,
) -> Pieces:
    """Return lines densified to 10 km or less and cut at vertices into pieces of at most 100 km.

    Parameters
    ----------
    coordinates : (n, 2), lon/lat vertices of lines one after the other.
    part : (n,), the line of each vertex, in runs.
    distance_m : what will be measured from the line; a small one needs a closer spacing.
    margin_m : make each piece longer by that much, and to the next vertex, at both ends, within
        its line.

    Examples
    --------
    >>> pieces = cut(np.array([[0.0, 0], [2, 0]]), np.array([0, 0]), distance_m=500)
    >>> pieces.piece.max(), pieces.part.tolist()
    (np.int64(2), [0, 0, 0])
    """
    spacing_m = min(_SPACING_M, np.sqrt(_SPACING_FACTOR * distance_m))
    coordinates, part = lonlat.densified(coordinates[:, :2], part, spacing_m)
    lon, lat = coordinates[:, 0], coordinates[:, 1]
    _, _, step_m = WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    segment = np.flatnonzero(part[1:] == part[:-1])
    chainage_m = np.cumsum(np.where(part[1:] == part[:-1], step_m, 0.0))
    first, last = _bounds(segment, part[segment], chainage_m - step_m, chainage_m)
    piece_part = part[first]
    if margin_m:
        at = np.concatenate([[0.0], chainage_m])
        before = np.searchsorted(at, at[first] - margin_m, side="right") - 1
        beyond = np.searchsorted(at, at[last] + margin_m)
        first = np.maximum(before, np.searchsorted(part, piece_part))
        last = np.minimum(beyond, np.searchsorted(part, piece_part, side="right") - 1)
    count = last - first + 1
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return Pieces(
        coordinates[np.repeat(first, count) + offset],
        np.repeat(np.arange(len(count)), count),
        piece_part,
    )


def longest_edge_m(distance_m: Any, pole_m: FloatArray) -> FloatArray:
    """Return how long the edges of an outline may be that are to be straight in lon/lat, too.

    An edge of length e strays by e**2 * tan(lat) / 8R from a straight one in lon/lat.

    Parameters
    ----------
    distance_m : of the outline from its line.
    pole_m : distance of the outline from the nearer pole.

    Examples
    --------
    >>> longest_edge_m(5000.0, np.array([5_000_000.0])).round()
    array([3162.])
    """
    edge_m: FloatArray = np.sqrt(8 * STRAIGHT * distance_m * pole_m)
    return edge_m


def _bounds(
    segment: IntArray, part: IntArray, from_m: FloatArray, to_m: FloatArray
) -> tuple[IntArray, IntArray]:
    """Return the first and the last vertex of each piece."""
    if not len(segment):
        return segment, segment
    start = np.flatnonzero(np.concatenate([[True], part[1:] != part[:-1]]))
    size = np.diff(np.append(start, len(segment)))
    origin = np.repeat(from_m[segment[start]], size)
    end = np.repeat(to_m[segment[start + size - 1]], size)
    share = (from_m[segment] - origin) / np.maximum(end - origin, 1e-9)
    number = np.floor(share * np.ceil((end - origin) / _PIECE_M))
    new = np.concatenate([[True], (np.diff(part) != 0) | (np.diff(number) != 0)])
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(segment)) - 1
    return segment[first], segment[last] + 1
