"""The point of a network's links that is nearest to a position."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.geodesy.earth import DEGREE_M, ECCENTRICITY_2, SEMI_MAJOR_M
from corridors.network.link_table import PER_DEGREE

if TYPE_CHECKING:
    from corridors.network.link_table import Floats, Ints, LinkTable

__all__ = ["MARGIN", "NEAREST", "LinkPoint", "NearestPoints", "degrees_from"]

# So many that are nearest in the plane are measured exactly.
NEAREST = 16
# A degree of the sphere is no longer than so many times the shortest one of the ellipsoid.
MARGIN = 1.02
_MOST_LAT = 89.0


class LinkPoint(NamedTuple):
    """A point of a link.

    Parameters
    ----------
    link : number of the link.
    vertex : index of the vertex of its course before the point, counted from its start.
    lon, lat : of the point, EPSG:4326.
    share : how much of the length of the link lies before it, 0 to 1.
    away_m : how far it lies from what was asked for, in metres.
    """

    link: int
    vertex: int
    lon: float
    lat: float
    share: float
    away_m: float


class NearestPoints:
    """Finds the nearest points of the ways of a table.

    The boxes around all links are found once, in a tenth of a second for a million; a position then
    looks at the segments of the few links whose boxes are near.
    """

    def __init__(self, table: LinkTable) -> None:
        self._table = table

    @cached_property
    def _boxes(self) -> tuple[Ints, Ints, Ints]:
        """Return numbers of the ways with a course, and their lowest and highest lon and lat."""
        table = self._table
        offsets = table.offsets[: table.n_ways + 1]
        drawn = np.flatnonzero(np.diff(offsets) > 1)
        begin = offsets[drawn]
        if not drawn.size:
            return drawn, np.zeros((2, 0), np.int32), np.zeros((2, 0), np.int32)
        # Each coordinate by itself: along rows of two, the same takes longer.
        columns = [np.ascontiguousarray(table.xy[: offsets[-1], k]) for k in (0, 1)]
        low = np.stack([np.minimum.reduceat(column, begin) for column in columns])
        high = np.stack([np.maximum.reduceat(column, begin) for column in columns])
        return drawn, low, high

    def nearest(
        self, lon: float, lat: float, among: np.ndarray, limit_m: float
    ) -> LinkPoint | None:
        """Return the point nearest to a position, None if there is none within a limit.

        Parameters
        ----------
        among : of each link of the table, whether it counts.
        """
        from borders.geodesy.lonlat import distances_m

        links = self._near(lon, lat, limit_m)
        links = links[among[links]]
        if not links.size:
            return None
        begin, size = self._table.offsets[links], np.diff(self._table.offsets)[links] - 1
        first = np.cumsum(size) - size
        owner = np.repeat(np.arange(len(links)), size)
        vertex = np.arange(size.sum()) - np.repeat(first, size)
        at = begin[owner] + vertex
        start, end = (degrees_from(self._table.xy[k], lon, lat) for k in (at, at + 1))
        # What lies on the other side of the globe, where longitudes jump, is no segment here.
        far = np.abs(end[:, 0] - start[:, 0]) > 180.0
        metres = _metres_per_degree(lat)
        from_m, step_m = start * metres, (end - start) * metres
        squared = (step_m**2).sum(axis=1)
        share = -(from_m * step_m).sum(axis=1) / np.where(squared > 0, squared, 1.0)
        share = np.clip(share, 0.0, 1.0)
        away = np.where(far, np.inf, np.hypot(*(from_m + share[:, None] * step_m).T))
        few = min(NEAREST, len(away))
        best = np.argpartition(away, few - 1)[:few]
        points = (start + share[:, None] * (end - start))[best] + (lon, lat)
        points[:, 0] = (points[:, 0] + 180) % 360 - 180
        away_m = distances_m(lon, lat, points)
        away_m[far[best]] = np.inf
        # Where two links are as near, as at their node, the first one is taken.
        order = np.lexsort((best, np.round(away_m, 3)))
        k = int(order[0])
        if not away_m[k] <= limit_m:
            return None
        n = int(best[k])
        x, y = points[k].tolist()
        link = int(links[owner[n]])
        before = self._share_before(link, int(vertex[n]), points[k])
        return LinkPoint(link, int(vertex[n]), x, y, before, float(away_m[k]))

    def _near(self, lon: float, lat: float, limit_m: float) -> Ints:
        """Return the links whose boxes come within a limit of a position."""
        drawn, low, high = self._boxes
        around = limit_m * MARGIN / DEGREE_M
        limits = around / np.cos(np.radians(min(abs(lat), _MOST_LAT))), around
        near = np.ones(len(drawn), bool)
        for k, (at, limit) in enumerate(zip((lon, lat), limits, strict=True)):
            most, least = (
                round(min(max(edge, -360.0), 360.0) * PER_DEGREE)
                for edge in (at + limit, at - limit)
            )
            inside = (low[k] <= most) & (high[k] >= least)
            if k == 0 and (at + limit > 180 or at - limit < -180):
                turn = round(360 * PER_DEGREE) * (1 if at < 0 else -1)
                inside |= (low[k] <= most + turn) & (high[k] >= least + turn)
            near &= inside
        return drawn[near]

    def _share_before(self, link: int, vertex: int, point: Floats) -> float:
        """Return which part of the length of a link lies before a point after a vertex of it."""
        from borders.geodesy.lonlat import WGS84

        begin, end = self._table.offsets[link : link + 2].tolist()
        course = self._table.xy[begin:end] / PER_DEGREE
        before_m, after_m = (
            WGS84.line_length(*line.T)
            for line in (
                np.r_[course[: vertex + 1], point[None]], np.r_[point[None], course[vertex + 1 :]],
            )
        )  # fmt: skip
        return before_m / (before_m + after_m) if before_m + after_m else 0.0


def _metres_per_degree(lat: float) -> Floats:
    """Return how many metres a degree of longitude, and one of latitude, has at a latitude."""
    w2 = 1 - ECCENTRICITY_2 * np.sin(np.radians(lat)) ** 2
    across = SEMI_MAJOR_M / np.sqrt(w2) * np.cos(np.radians(lat))
    along = SEMI_MAJOR_M * (1 - ECCENTRICITY_2) / w2**1.5
    metres: Floats = np.radians(np.array([across, along]))
    return metres


def degrees_from(xy: Ints, lon: float, lat: float) -> Floats:
    """Return positions in 1e-7 degree as degrees from another one, the short way round."""
    away: Floats = xy / PER_DEGREE - (lon, lat)
    away[:, 0] = (away[:, 0] + 180) % 360 - 180
    return away
