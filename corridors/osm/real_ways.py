"""The ways of an extract near a place or a line, and what a link may use of them.

A link may use ways of its mode, of its gauge where both state one, and of its status: what is not
built is never laid on what is.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from borders.gazetteer.places import fold, places
from borders.geodesy.earth import MEAN_RADIUS_M
from borders.geodesy.lonlat import WGS84
from corridors.network.link import UNBUILT
from corridors.network.link_table import PER_DEGREE
from corridors.osm.read import STATIONS
from corridors.osm.topology import pointers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from typing import TypeAlias

    from numpy.typing import NDArray

    from corridors.network.link import Link, Node
    from corridors.network.link_table import LinkTable

    Floats: TypeAlias = NDArray[np.floating[Any]]
    Ints: TypeAlias = NDArray[np.integer[Any]]
    Point: TypeAlias = tuple[float, float]

__all__ = [
    "EVERY_LIFE", "End", "Goal", "Plane", "RealWays", "Usable", "away_m", "is_main", "resampled",
    "usable_by",
]  # fmt: skip

# An end may lie so many standard errors of the place and the link from it, but at least so far.
END_SIGMAS, LEAST_END_M = 2.0, 100.0
# How far from the middle of a town a road passes that leads to it, and from a point that no place
# is known at; assumptions.
TOWN_M, POINT_M = 300.0, 30.0
# A node this near the place of its id in the gazetteer is that place, with its error.
_SAME_M = 100.0
# What a metre of a road costs by its class, as links are main roads; of a railway by its usage and
# service; and of a way by its status. Assumptions.
_CLASS = {
    "motorway": 1.0, "trunk": 1.0, "primary": 1.0, "secondary": 1.2, "tertiary": 1.5,
    "unclassified": 2.0, "residential": 2.0, "road": 2.0, "living_street": 3.0, "service": 3.0,
    "track": 3.0, "siding": 3.0, "yard": 3.0, "spur": 3.0, "crossover": 1.5, "industrial": 2.0,
    "military": 2.0,
}  # fmt: skip
_STATUS = {"disused": 1.5, "dismantled": 2.0}
# What a metre counts as where nobody may drive, as behind the portal of a tunnel not yet open.
_SHUT = 3.0
EVERY_LIFE = frozenset({"open", "disused", "dismantled", "construction", "planned"})
# At most so many points of a way are held against a line before a search, about so far apart; ends
# of one part of the extract, and parts, that are tried.
_SAMPLES, _SPACING_M, _ENDS_OF_PART, _PARTS = 8, 300.0, 6, 4
# Gauges that differ by less are one: 1520 and 1524 mm.
_SAME_GAUGE_MM = 10
# A vertex this near to the nearest point of a way stands for it.
_VERTEX_M = 1.0


class Plane:
    """Metres east and north of a place, true near its latitude; for distances of a few km.

    Parameters
    ----------
    xy : lon/lat in degrees, in whose middle it lies, shape (n, 2).
    """

    def __init__(self, xy: Floats) -> None:
        points = np.asarray(xy, float).reshape(-1, 2)
        self._lon = points[0, 0]
        turned = self._turned(points[:, 0])
        self._lon += (turned.min() + turned.max()) / 2
        self._lat = (points[:, 1].min() + points[:, 1].max()) / 2
        self._per_degree = np.radians(MEAN_RADIUS_M) * np.array(
            [np.cos(np.radians(self._lat)), 1.0]
        )

    def _turned(self, lon: Floats) -> Floats:
        turned: Floats = (lon - self._lon + 180.0) % 360.0 - 180.0
        return turned

    def metres(self, xy: Floats) -> Floats:
        """Return lon/lat in degrees as metres, shape (n, 2)."""
        points = np.asarray(xy, float).reshape(-1, 2)
        east = self._turned(points[:, 0])
        plane: Floats = np.column_stack([east, points[:, 1] - self._lat]) * self._per_degree
        return plane

    def degrees(self, plane: Floats) -> Floats:
        """Return metres as lon/lat in degrees, longitude in [-180, 180]."""
        degrees = np.asarray(plane, float).reshape(-1, 2) / self._per_degree
        lon = (degrees[:, 0] + self._lon + 180.0) % 360.0 - 180.0
        return np.column_stack([lon, degrees[:, 1] + self._lat])


class Usable(NamedTuple):
    """What a link may be matched to: a mode, a gauge if it has one, and statuses of ways."""

    mode: str
    gauge_mm: int | None
    lives: frozenset[str]


class End(NamedTuple):
    """Where a link may end on a way.

    Parameters
    ----------
    at : part of the way before it.
    xy : lon/lat in degrees.
    away_m : how far it lies from the place.
    """

    way: int
    at: float
    xy: Point
    away_m: float


def usable_by(link: Link, on: date) -> Usable:
    """Return what ways of an extract a link may be matched to on a day."""
    status = link.status(on).status
    if status == "dismantled":
        lives = frozenset({"dismantled", "disused"})
    elif status in UNBUILT:
        lives = frozenset({"planned", "construction"})
    elif status == "open":
        lives = frozenset({"open", "disused"})
    else:
        lives = frozenset({"open", "disused", "dismantled"})
    return Usable(link.mode, link.gauge_mm if link.mode == "rail" else None, lives)


class Goal(NamedTuple):
    """Where a link should end.

    Parameters
    ----------
    place : of its node.
    xy : where the extract has a place of its name, or else where it is drawn, lon/lat in degrees.
    drawn_m : how far these are apart.
    limit_m : how far from there it may end.
    sigma_m : standard error of the place, where the extract does not know it.
    extent_m : within this any end is as good: the error of the place, or how large a town is.
    """

    place: str
    xy: Point
    drawn_m: float
    limit_m: float
    sigma_m: float
    extent_m: float


class RealWays:
    """The ways of a network from OpenStreetMap, to be searched near a line.

    Parameters
    ----------
    places : those of the extract: node, lon, lat, kind, names by language.
    """

    def __init__(self, table: LinkTable, places: Sequence[Sequence[Any]] = ()) -> None:
        count = table.n_ways
        column = table.columns
        self.offsets, self.xy = table.offsets[: count + 1], table.xy
        self.kind, self.length_m = column.kind[:count], column.length_m[:count]
        self.table, self.kinds = table, table.kinds
        new = np.r_[True, np.diff(table.nodes.id) != 0][: len(table.nodes.id)]
        # Layers and sides of barriers meet here: they are in the way of travel, not of a course.
        node = np.cumsum(new) - 1
        self.start, self.end = node[column.start[:count]], node[column.end[:count]]
        self.n_nodes = int(node[-1]) + 1 if len(node) else 0
        life = [_life(kind) for kind in self.kinds]
        self.life = np.array(life)
        self.cost = np.array([_cost(kind, of) for kind, of in zip(self.kinds, life, strict=True)])
        self.oneway = np.array([bool(kind.get("oneway")) for kind in self.kinds])
        self._places = places
        self._usable: dict[Usable, NDArray[np.bool_]] = {}
        self._ends: dict[tuple[Usable, Point, float], list[End]] = {}

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north of all ways, in degrees."""
        low, high = self._low.min(axis=0), self._high.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def reaches(self, xy: Point, limit_m: float) -> bool:
        """Tell whether a place lies within a distance of the box of all ways, or nearly."""
        west, south, east, north = self.bounds
        up = np.degrees(limit_m / MEAN_RADIUS_M)
        # A degree of longitude is the shorter the nearer a pole; the seam is in no box of ways.
        aside = up / max(0.01, float(np.cos(np.radians(min(89.0, abs(xy[1]) + up)))))
        inside = west - aside <= xy[0] <= east + aside or east - west > 180
        return inside and south - up <= xy[1] <= north + up

    @cached_property
    def _low(self) -> Floats:
        low: Floats = np.minimum.reduceat(self.xy, self.offsets[:-1]) / PER_DEGREE
        return low

    @cached_property
    def _high(self) -> Floats:
        high: Floats = np.maximum.reduceat(self.xy, self.offsets[:-1]) / PER_DEGREE
        return high

    @cached_property
    def _tree(self) -> shapely.STRtree:
        # A line from corner to corner has the envelope of the way, and takes the least memory.
        corners = np.stack([self._low, self._high], axis=1)
        return shapely.STRtree(shapely.linestrings(corners))

    @cached_property
    def part(self) -> Ints:
        """Return of each way the number of the part of its mode that it is in."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        modes = np.array([kind["mode"] == "rail" for kind in self.kinds])[self.kind]
        tail, head = (ends + modes * self.n_nodes for ends in (self.start, self.end))
        shape = (2 * self.n_nodes,) * 2
        graph = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=shape)
        _, label = connected_components(graph, directed=False)
        part: Ints = label[tail]
        return part

    def usable(self, by: Usable) -> NDArray[np.bool_]:
        """Tell of each kind whether a link may use it."""
        if by not in self._usable:
            self._usable[by] = np.array([
                _may_use(kind, life, by)
                for kind, life in zip(self.kinds, self.life, strict=True)
            ], bool)  # fmt: skip
        return self._usable[by]

    def near(self, line: Floats, plane: Plane, reach_m: float) -> Ints:
        """Return the ways whose boxes come near a line of a plane."""
        steps = resampled(line, max(2 * reach_m, 1.0))
        boxes = np.c_[np.minimum(steps[:-1], steps[1:]), np.maximum(steps[:-1], steps[1:])]
        low, high = (plane.degrees(c) for c in (boxes[:, :2] - reach_m, boxes[:, 2:] + reach_m))
        there = np.zeros(len(self.kind), bool)
        there[self._tree.query(shapely.box(*low.T, *high.T))[1]] = True
        return np.flatnonzero(there)

    def points(self, way: int) -> Floats:
        """Return the points of a way in degrees."""
        points: Floats = self.xy[self.offsets[way] : self.offsets[way + 1]] / PER_DEGREE
        return points

    @cached_property
    def _sampled(self) -> Ints:
        """Return of each way how many of its points stand for it: more, the longer its box is."""
        size = self.offsets[1:] - self.offsets[:-1]
        side = np.radians(self._high - self._low) * MEAN_RADIUS_M
        spread = np.hypot(side[:, 0] * np.cos(np.radians(self._low[:, 1])), side[:, 1])
        wanted = np.clip(np.ceil(spread / _SPACING_M), 1, _SAMPLES).astype(np.int64)
        count: Ints = np.minimum(size, wanted)
        return count

    def samples(self, ways: Ints) -> tuple[Floats, Ints]:
        """Return some points of each way in degrees, and where those of each begin."""
        begin, size = self.offsets[ways], self.offsets[ways + 1] - self.offsets[ways]
        count = self._sampled[ways]
        within, offsets = pointers(np.zeros(len(ways), np.int64), count)
        # The middle of as many equal runs of points as there are samples.
        index = np.repeat(begin, count) + (
            (2 * within + 1) * np.repeat(size, count) // (2 * np.repeat(count, count))
        )
        return self.xy[index] / PER_DEGREE, offsets[:-1]

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[str, Point]]]:
        """Return folded name → kind and position of each place that has it."""
        by_name: dict[str, list[tuple[str, Point]]] = defaultdict(list)
        for _, lon, lat, kind, names in self._places:
            for key in {fold(name) for name in names.values()}:
                by_name[key].append((kind, (lon, lat)))
        return by_name

    def goal(self, link: Link, node: Node, xy: Point) -> Goal:
        """Return where a link should end at one of its nodes, which it is drawn to.

        A place or, for railways, a station of the extract is it that has one of its names and lies
        within the errors of place and link; of several the nearest.
        """
        known = places().get(node.place)
        if known is not None and WGS84.inv(known.lon, known.lat, *xy)[2] > _SAME_M:
            known = None
        sigma_m = 0.0 if known is None else known.sigma_m
        limit_m = max(LEAST_END_M, END_SIGMAS * hypot(sigma_m, link.position_sigma_m))
        names = [node.place] if known is None else [known.name, *known.names.values()]
        names += [] if known is None else known.aliases
        near = [
            (kind not in STATIONS, float(WGS84.inv(*xy, *at)[2]), at)
            for name in dict.fromkeys(map(fold, names))
            for kind, at in self._by_name.get(name, ())
            if link.mode == "rail" or kind not in STATIONS
        ]
        near = sorted(of for of in near if of[1] <= limit_m)
        if near:
            _, drawn_m, at = near[0]
            return Goal(node.place, at, drawn_m, limit_m, 0.0, TOWN_M)
        return Goal(node.place, xy, 0.0, limit_m, sigma_m, max(sigma_m, POINT_M))

    def ends_at(self, by: Usable, xy: Point, limit_m: float) -> list[End]:
        """Return where a link may end near a place: the nearest points of ways, a few of a part."""
        key = by, xy, limit_m
        if key not in self._ends:
            self._ends[key] = self._ends_at(by, xy, limit_m)
        return self._ends[key]

    def _ends_at(self, by: Usable, xy: Point, limit_m: float) -> list[End]:
        if not self.reaches(xy, limit_m):
            return []
        plane = Plane(np.array([xy]))
        here = plane.metres(np.array([xy]))
        ways = self.near(np.r_[here, here], plane, limit_m)
        ways = ways[self.usable(by)[self.kind[ways]]]
        if not ways.size:
            return []
        sizes = self.offsets[ways + 1] - self.offsets[ways]
        index, _ = pointers(self.offsets[ways], sizes)
        lines = shapely.linestrings(
            plane.metres(self.xy[index] / PER_DEGREE),
            indices=np.repeat(np.arange(len(ways)), sizes),
        )
        place = shapely.Point(here[0])
        distance_m = shapely.distance(lines, place)
        order = np.argsort(distance_m * self.cost[self.kind[ways]], kind="stable")
        of_part: dict[int, list[End]] = defaultdict(list)
        for n in order[distance_m[order] <= limit_m].tolist():
            part = int(self.part[ways[n]])
            if len(of_part) > _PARTS or len(of_part[part]) >= _ENDS_OF_PART:
                continue
            of_part[part].append(self._foot(int(ways[n]), xy))
        return [end for ends in of_part.values() for end in ends]

    def _foot(self, way: int, xy: Point) -> End:
        """Return the point of a way that is nearest to a place: a vertex, if one is as near."""
        points = self.points(way)
        plane = Plane(points)
        line, place = plane.metres(points), shapely.Point(plane.metres(np.array([xy]))[0])
        course = shapely.LineString(line)
        at = float(shapely.line_locate_point(course, place))
        foot = np.array(shapely.get_coordinates(course.interpolate(at)))
        distance_m = float(np.hypot(*(foot[0] - (place.x, place.y))))
        vertex = int(np.argmin(np.hypot(*(line - foot).T)))
        if np.hypot(*(line[vertex] - foot[0])) <= _VERTEX_M:
            at = float(np.hypot(*np.diff(line[: vertex + 1], axis=0).T).sum())
            lon, lat = points[vertex].tolist()
        else:
            lon, lat = np.round(plane.degrees(foot)[0], 7).tolist()
        return End(way, at / max(course.length, 1e-9), (lon, lat), distance_m)


def _life(kind: dict[str, Any]) -> str:
    """Return the status of a kind of way, whoever may use it when."""
    # What others say is of the crossing of a border, not of the way.
    statuses = {s.status for s in kind["statuses"] if s.source == kind.get("source", "")}
    return next((word for word in (*sorted(UNBUILT), "disused") if word in statuses), "open")


def _cost(kind: dict[str, Any], life: str) -> float:
    words = (kind.get(key, "") for key in ("way_class", "usage", "service"))
    costs = [_CLASS.get(word.removesuffix("_link"), 1.0) for word in words]
    return max(costs) * _STATUS.get(life, 1.0) * (_SHUT if _is_shut(kind) else 1.0)


def _is_shut(kind: dict[str, Any]) -> bool:
    """Tell whether a kind of way is closed to lorries and cars alike by its own tags."""
    own = [s for s in kind["statuses"] if s.source == kind.get("source", "")]
    closed = {s.users for s in own if s.status == "closed"}
    return {"freight", "passengers"} <= closed


def _may_use(kind: dict[str, Any], life: str, by: Usable) -> bool:
    if kind["mode"] != by.mode or life not in by.lives:
        return False
    gauge_mm = kind.get("gauge_mm")
    both = by.gauge_mm is not None and gauge_mm is not None
    return not both or abs(by.gauge_mm - gauge_mm) <= _SAME_GAUGE_MM  # type: ignore[operator]


def away_m(points: Floats, line: Floats) -> Floats:
    """Return how far points of a plane lie from a line of a few points.

    For so many points at once this takes a tenth of the time of making geometries of them.
    """
    nearest = np.full(len(points), np.inf)
    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    for (ax, ay), (bx, by) in pairwise(line.tolist()):
        dx, dy = bx - ax, by - ay
        at = ((x - ax) * dx + (y - ay) * dy) / max(dx * dx + dy * dy, 1e-12)
        np.clip(at, 0.0, 1.0, out=at)
        np.minimum(nearest, (x - ax - at * dx) ** 2 + (y - ay - at * dy) ** 2, out=nearest)
    distances: Floats = np.sqrt(nearest)
    return distances


def resampled(line: Floats, step_m: float) -> Floats:
    """Return a line of a plane with its points and others between, at most `step_m` apart."""
    legs = np.hypot(*np.diff(line, axis=0).T)
    count = np.maximum(1, np.ceil(legs / step_m)).astype(int)
    within, _ = pointers(np.zeros(len(legs), np.int64), count)
    leg = np.repeat(np.arange(len(legs)), count)
    share = (within / count[leg])[:, None]
    points = line[leg] * (1 - share) + line[leg + 1] * share
    closed: Floats = np.r_[points, line[-1:]]
    return closed


def is_main(kind: dict[str, Any]) -> bool:
    """Tell whether a kind of way is a motorway, a trunk or a primary road in use."""
    return kind.get("way_class", "") in ("motorway", "trunk", "primary") and _life(kind) == "open"
