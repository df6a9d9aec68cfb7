"""A line with its vertices' chainage, measured once: points on it, and points projected on it.

Source: C. F. F. Karney (2013), Algorithms for geodesics, https://doi.org/10.1007/s00190-012-0578-z
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import GeometryError
from borders.geodesy import lonlat
from borders.geodesy.earth import ECCENTRICITY_2, MEAN_RADIUS_M, SEMI_MAJOR_M
from borders.geodesy.lonlat import WGS84

if TYPE_CHECKING:
    import shapely
    from numpy.typing import NDArray

    from borders.geodesy.lonlat import FloatArray

__all__ = ["VERTEX_M", "Track"]

VERTEX_M = 1e-6  # a position this close to a vertex is that vertex

_STEP_M = 1e-7  # where the search for the nearest point stops
_ITERATIONS = 50


@dataclass(frozen=True, slots=True)
class Track:
    """A line with the chainage of its vertices and the azimuth of its segments.

    Attributes
    ----------
    vertices : shape (n, 2) or (n, 3), lon/lat.
    vectors_m : earth-centred positions of the vertices, shape (n, 3).
    chainage_m : of the vertices, shape (n,).
    azimuth : of the segments at their first vertex, degrees, shape (n - 1,).
    """

    vertices: FloatArray
    vectors_m: FloatArray
    chainage_m: FloatArray
    azimuth: FloatArray

    @classmethod
    def of(cls, line: shapely.Geometry) -> Track:
        """Return the measured line."""
        vertices = lonlat.line_vertices(line)
        lon, lat = vertices[:, 0], vertices[:, 1]
        azimuth, _, length_m = WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
        chainage_m = np.concatenate([[0.0], np.cumsum(length_m)])
        return cls(vertices, _vectors(vertices), chainage_m, azimuth)

    def positions(self, distances_m: NDArray[Any]) -> FloatArray:
        """Return distances with negative ones counted from the end, all within the line.

        Raises
        ------
        GeometryError : one lies beyond the ends of the line.
        """
        length_m = self.chainage_m[-1]
        requested_m = np.asarray(distances_m, dtype=np.float64)
        at = np.where(requested_m < 0, length_m + requested_m, requested_m)
        slack = VERTEX_M + 1e-9 * length_m
        inside = (at >= -slack) & (at <= length_m + slack)
        if not inside.all():
            raise GeometryError(
                f"distance {requested_m[~inside][0]} m is beyond the ends of a line that is "
                f"{length_m:.3f} m long"
            )
        within: FloatArray = at.clip(0.0, length_m)
        return within

    def points(self, at_m: FloatArray) -> FloatArray:
        """Return the coordinates at the given chainages, Z interpolated."""
        last = len(self.azimuth) - 1
        i = (np.searchsorted(self.chainage_m, at_m, side="right") - 1).clip(0, last)
        beyond = at_m - self.chainage_m[i]
        length = self.chainage_m[i + 1] - self.chainage_m[i]
        out: FloatArray = self.vertices[i]
        out[:, :2] = lonlat.along(out, self.azimuth[i], beyond)
        if out.shape[1] > 2:
            share = np.divide(beyond, length, out=np.zeros_like(beyond), where=length > 0)
            out[:, 2] += share * (self.vertices[i + 1, 2] - out[:, 2])
        for vertex, gap in ((i, beyond), (i + 1, length - beyond)):
            near = gap < VERTEX_M
            out[near] = self.vertices[vertex[near]]
        return out

    def nearest(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the chainage of the point of the line nearest to a point, and the distance."""
        along, away = self.nearest_each(np.array([lon]), np.array([lat]))
        return float(along[0]), float(away[0])

    def nearest_each(self, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return chainages and distances of the points of the line nearest to several points.

        A chord through the Earth is shorter than the geodesic, so a segment whose nearer end is
        farther by chord than the nearest vertex, by more than half the segment, cannot hold the
        nearest point. On each of the others the projection is found by stepping along the segment
        by what the angle at the current position gives on a sphere.
        """
        length = np.diff(self.chainage_m)
        which, segment = [], []
        for n, point in enumerate(_vectors(np.column_stack([lon, lat]))):
            offsets_m = self.vectors_m - point
            chords_m = np.sqrt(np.einsum("ij,ij->i", offsets_m, offsets_m))
            vertex = self.vertices[np.argmin(chords_m)]
            _, _, bound_m = WGS84.inv(vertex[0], vertex[1], lon[n], lat[n])
            near = np.minimum(chords_m[:-1], chords_m[1:]) - length / 2 <= bound_m + VERTEX_M
            segment.append(np.flatnonzero(near))
            which.append(np.full(len(segment[-1]), n))
        point_of, segment_of = np.concatenate(which), np.concatenate(segment)
        along_m, away_m = self._project(segment_of, lon[point_of], lat[point_of])
        order = np.lexsort((away_m, point_of))
        first = order[np.r_[True, np.diff(point_of[order]) > 0]]
        return self.chainage_m[segment_of[first]] + along_m[first], away_m[first]

    def _project(
        self, segment: NDArray[Any], lon: FloatArray, lat: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return how far along its segment each point's projection lies, and its distance."""
        start, azimuth = self.vertices[segment], self.azimuth[segment]
        length = np.diff(self.chainage_m)[segment]
        at = np.zeros(len(segment))
        for _ in range(_ITERATIONS):
            x, y, back = WGS84.fwd(start[:, 0], start[:, 1], azimuth, at)
            to_point, _, away = WGS84.inv(x, y, lon, lat)
            cosine = np.cos(np.radians(to_point - back - 180.0))
            # The radius only sets the step of this iteration.
            angle = away / MEAN_RADIUS_M
            step = MEAN_RADIUS_M * np.arctan2(np.sin(angle) * cosine, np.cos(angle))
            moved = (at + step).clip(0.0, length)
            converged = np.abs(moved - at).max() < _STEP_M
            at = moved
            if converged:
                break
        x, y, _ = WGS84.fwd(start[:, 0], start[:, 1], azimuth, at)
        _, _, away = WGS84.inv(x, y, lon, lat)
        return at, away


def _vectors(coordinates: FloatArray) -> FloatArray:
    """Return earth-centred positions on the ellipsoid in metres, shape (n, 3)."""
    lon, lat = np.radians(coordinates[:, 0]), np.radians(coordinates[:, 1])
    normal = SEMI_MAJOR_M / np.sqrt(1 - ECCENTRICITY_2 * np.sin(lat) ** 2)
    across = normal * np.cos(lat)
    up = normal * (1 - ECCENTRICITY_2) * np.sin(lat)
    return np.column_stack([across * np.cos(lon), across * np.sin(lon), up])
