"""A line measured once: the chainage of its vertices, and what lies where along it.

Source: C. F. F. Karney (2013), Algorithms for geodesics, https://doi.org/10.1007/s00190-012-0578-z
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import GeometryError
from borders.geodesy import lonlat
from borders.geodesy.lonlat import WGS84

if TYPE_CHECKING:
    import shapely
    from numpy.typing import NDArray

    from borders.geodesy.lonlat import FloatArray

__all__ = ["VERTEX_M", "Track"]

VERTEX_M = 1e-6  # a position this close to a vertex is that vertex

_RADIUS_M = 6_371_008.8  # mean radius; it only sets the step of an iteration
_SEMI_MAJOR_M, _FLATTENING = 6_378_137.0, 1 / 298.257223563
_ECCENTRICITY_2 = _FLATTENING * (2 - _FLATTENING)
_STEP_M = 1e-7  # where the search for the nearest point stops
_ITERATIONS = 50


@dataclass(frozen=True, slots=True)
class Track:
    """A line with the chainage of its vertices and the azimuth of its segments."""

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
        """Return distances with negative ones counted from the end, all within the line."""
        length_m = self.chainage_m[-1]
        given = np.asarray(distances_m, dtype=np.float64)
        at = np.where(given < 0, length_m + given, given)
        slack = VERTEX_M + 1e-9 * length_m
        inside = (at >= -slack) & (at <= length_m + slack)
        if not inside.all():
            raise GeometryError(
                f"distance {given[~inside][0]} m is beyond the ends of a line that is "
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
        nearest point. On each of the others the foot of the perpendicular is found by stepping by
        what the angle at the current guess gives on a sphere.
        """
        length = np.diff(self.chainage_m)
        which, segment = [], []
        for n, point in enumerate(_vectors(np.column_stack([lon, lat]))):
            apart = self.vectors_m - point
            chord = np.sqrt(np.einsum("ij,ij->i", apart, apart))
            vertex = self.vertices[np.argmin(chord)]
            _, _, bound = WGS84.inv(vertex[0], vertex[1], lon[n], lat[n])
            near = np.minimum(chord[:-1], chord[1:]) - length / 2 <= bound + VERTEX_M
            segment.append(np.flatnonzero(near))
            which.append(np.full(len(segment[-1]), n))
        asked, held = np.concatenate(which), np.concatenate(segment)
        at, away = self._feet(held, lon[asked], lat[asked])
        order = np.lexsort((away, asked))
        first = order[np.r_[True, np.diff(asked[order]) > 0]]
        return self.chainage_m[held[first]] + at[first], away[first]

    def _feet(
        self, segment: NDArray[Any], lon: FloatArray, lat: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return how far along each segment the foot of each point lies, and how far away."""
        start, azimuth = self.vertices[segment], self.azimuth[segment]
        length = np.diff(self.chainage_m)[segment]
        at = np.zeros(len(segment))
        for _ in range(_ITERATIONS):
            x, y, back = WGS84.fwd(start[:, 0], start[:, 1], azimuth, at)
            to_point, _, away = WGS84.inv(x, y, lon, lat)
            cosine = np.cos(np.radians(to_point - back - 180.0))
            angle = away / _RADIUS_M
            step = _RADIUS_M * np.arctan2(np.sin(angle) * cosine, np.cos(angle))
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
    normal = _SEMI_MAJOR_M / np.sqrt(1 - _ECCENTRICITY_2 * np.sin(lat) ** 2)
    across = normal * np.cos(lat)
    up = normal * (1 - _ECCENTRICITY_2) * np.sin(lat)
    return np.column_stack([across * np.cos(lon), across * np.sin(lon), up])
