"""Find the real path of a link that is drawn through a few points, in the ways of an extract.

Its ends may lie where the position of its places allows; between them one search takes the path
that is short, near the drawn line, and on important roads. The path found is then held against the
drawn line, from one end to the other (Fréchet distance).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from borders.geodesy import length_m
from corridors.osm.real_ways import EVERY_LIFE, Plane, Usable, away_m

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from corridors.network.link import Link
    from corridors.osm.real_ways import End, Goal, RealWays

    Floats: TypeAlias = NDArray[np.floating[Any]]
    Ints: TypeAlias = NDArray[np.integer[Any]]
    Point: TypeAlias = tuple[float, float]
    # An end or not, and its number or that of the node.
    _Mark: TypeAlias = tuple[bool, int]

__all__ = ["FARTHEST", "SPREAD", "Ride", "Unmatched", "find"]

# A path may nowhere lie farther from the drawn line than so many of its standard errors, and its
# root mean square distance must not exceed so many: what holds of 99.7 % and of 95 % of errors.
FARTHEST, SPREAD = 3.0, 2.0
# How many metres of a way a metre between a place and the way counts as; by how much a metre counts
# more at one standard error from the drawn line or the place; what it costs against the direction
# of a way. Assumptions.
_ACCESS, _AWAY, _WRONG_WAY = 1.5, 0.5, 1.1
# Added to each cost, so that none is nothing, which a sparse matrix would leave out.
_LEAST = 1e-3
# Parts of a way that differ by less are one.
_SAME = 1e-9
# Points of a line that is compared.
_POINTS = 400
_MODES = {"rail": "railway", "road": "road", "ferry": "ferry"}


class Stretch(NamedTuple):
    """A stretch of a way between two parts of its length, in the direction of its points or not."""

    way: int
    low: float
    high: float
    forward: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """The path of a link in an extract.

    Parameters
    ----------
    xy : lon/lat in degrees from start to end.
    away_m : how far it lies from the drawn line at most, both followed from start to end.
    limit_m : how far it may.
    places_m : standard errors of the places at its ends, 0 where the extract knows them.
    doubt_m : by how much its length would differ at most if the drawn line or the classes of ways
        counted for nothing or for more, or if no way were driven against its direction.
    lives : status of ways other than open → how many metres are on such ways.
    osm_ways : ids of the ways of the links of the extract that it follows, in order.
    """

    start: End
    end: End
    xy: tuple[Point, ...]
    length_m: float
    away_m: float
    limit_m: float
    places_m: tuple[float, float]
    doubt_m: float
    lives: dict[str, float] = field(default_factory=dict)
    osm_ways: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """Why a link has no path in an extract.

    Parameters
    ----------
    outside : it does not lie in the extract.
    away_m : how far the nearest path lies from the drawn line at most, if there is one.
    """

    reason: str
    outside: bool = False
    away_m: float | None = None
    limit_m: float | None = None


def goals_of(real: RealWays, link: Link) -> tuple[Goal, Goal]:
    """Return where a link should begin and end in an extract."""
    return (
        real.goal(link, link.start, link.xy[0]), real.goal(link, link.end, link.xy[-1])
    )  # fmt: skip


def find(
    real: RealWays, link: Link, by: Usable, *, at: tuple[End, End] | None = None
) -> Ride | Unmatched:
    """Return the path of a link, or why there is none.

    Parameters
    ----------
    at : its start and its end; if missing, the best of those near its places.
    """
    goals = goals_of(real, link)
    starts, ends = (
        [at[n]] if at else real.ends_at(by, goal.xy, goal.limit_m) for n, goal in enumerate(goals)
    )
    for found, goal in zip((starts, ends), goals, strict=True):
        if not found:
            return _no_end(real, by, goal)
    window = _Window(real, by, link, goals)
    likely = [_likely(found, goal) for found, goal in zip((starts, ends), goals, strict=True)]
    best = window.search(*likely)
    if best is None and likely != [starts, ends]:
        best = window.search(starts, ends)
    if best is None:
        within = FARTHEST * link.position_sigma_m / 1000
        what = _words(by)
        return Unmatched(reason=f"no {what} leads from end to end within {within:.1f} km of it")
    return _ride(real, by, window, best)


def _ride(real: RealWays, by: Usable, window: _Window, best: _Found) -> Ride | Unmatched:
    """Return the best path as the one of a link, or why it cannot be it."""
    course = _course(real, best)
    ride, drawn, goals = window.plane.metres(course), window.drawn, window.goals
    if np.hypot(*(ride[-1] - ride[0])) < np.hypot(*(drawn[-1] - drawn[0])) / 2:
        return Unmatched(reason="its ends fall together in the extract")
    farthest_m, spread_m = _apart_m(ride, drawn, window.sigma_m, window.discs)
    limit_m = max(FARTHEST * window.sigma_m, *(goal.drawn_m + goal.limit_m for goal in goals))
    too_far = f"the nearest {_words(by)} is too far off: "
    if farthest_m > limit_m:
        too_far += f"up to {farthest_m / 1000:.2f} km ({limit_m / 1000:.2f} allowed)"
        return Unmatched(reason=too_far, away_m=farthest_m, limit_m=limit_m)
    most_m = SPREAD * window.sigma_m
    if spread_m > most_m:
        too_far += f"{spread_m / 1000:.2f} km on average ({most_m / 1000:.2f} allowed)"
        return Unmatched(reason=too_far, away_m=farthest_m, limit_m=limit_m)
    lives: dict[str, float] = defaultdict(float)
    ways: dict[int, None] = {}
    for stretch in best.path:
        of_link = real.table.ways_of(stretch.way)
        ways |= dict.fromkeys(of_link if stretch.forward else of_link[::-1])
        life = str(real.life[real.kind[stretch.way]])
        if life != "open":
            lives[life] += (stretch.high - stretch.low) * float(real.length_m[stretch.way])
    return Ride(
        start=best.start, end=best.end, xy=tuple((x, y) for x, y in course.tolist()),
        length_m=float(length_m(shapely.LineString(course))), away_m=farthest_m, limit_m=limit_m,
        places_m=(goals[0].sigma_m, goals[1].sigma_m), doubt_m=best.doubt_m, lives=dict(lives),
        osm_ways=tuple(ways),
    )  # fmt: skip


def _words(by: Usable) -> str:
    gauge = f" of {by.gauge_mm} mm" if by.gauge_mm else ""
    built = "" if "open" in by.lives else f" that is {' or '.join(sorted(by.lives))}"
    return f"{_MODES[by.mode]}{gauge}{built}"


def _no_end(real: RealWays, by: Usable, goal: Goal) -> Unmatched:
    """Return why a link has no end at a place."""
    xy, limit_m = goal.xy, goal.limit_m
    if not real.reaches(xy, limit_m):
        return Unmatched(reason="outside the extract", outside=True)
    where = f"within {limit_m / 1000:.1f} km of {goal.place}"
    plane = Plane(np.array([xy]))
    here = plane.metres(np.array([xy]))
    if not real.near(np.r_[here, here], plane, limit_m).size:
        return Unmatched(reason=f"outside the extract: nothing {where}", outside=True)
    built = by._replace(lives=frozenset({"open"}))
    if "open" not in by.lives and real.ends_at(built, xy, limit_m):
        return Unmatched(reason=f"not built, and the extract has no {_words(by)} {where}")
    alike = real.ends_at(by._replace(lives=EVERY_LIFE), xy, limit_m)
    if alike:
        lives = sorted({str(real.life[real.kind[end.way]]) for end in alike})
        words = _words(by._replace(lives=EVERY_LIFE))
        return Unmatched(reason=f"wrong status: the {words} {where} is {' or '.join(lives)}")
    others = [
        f"a {_MODES[mode]}"
        for mode in _MODES
        if real.ends_at(Usable(mode, None, EVERY_LIFE), xy, limit_m)
    ]
    wrong = f"wrong mode: only {' and '.join(others)}, and " if others else ""
    return Unmatched(reason=f"{wrong}no {_words(by)} {where}")


class _Edges(NamedTuple):
    """The ways and parts of ways near a line, as edges: each forward, then each backward.

    Behind them come the edges to the starts and from the ends.

    Parameters
    ----------
    n_nodes : how many nodes of the extract the graph has; the starts and ends follow.
    source, target : nodes before all starts and behind all ends.
    way : of each edge forward, whole ways first.
    parts : of ways, those of the last edges.
    plain, weight : metres times the cost of their class, and how many times that they cost by their
        distance from the drawn line.
    back : by how much dearer an edge is against its direction.
    access : cost of each start and end.
    """

    graph: _Graph
    n_nodes: int
    source: int
    target: int
    way: Ints
    parts: list[_Part]
    metres: Floats
    plain: Floats
    weight: Floats
    back: Floats
    access: Floats

    def both_ways(self, costs: Floats) -> Floats:
        """Return the costs of all edges from those of ways forward."""
        every: Floats = np.r_[costs, costs * self.back, self.access]
        return every

    def stretch(self, edge: int) -> Stretch:
        """Return the stretch of a way that an edge is."""
        n, forward = edge % len(self.way), edge < len(self.way)
        part = n - len(self.way) + len(self.parts)
        low, high = (0.0, 1.0) if part < 0 else self.parts[part][1:3]
        return Stretch(int(self.way[n]), low, high, forward)


class _Window:
    """The ways near the drawn line of a link, as a graph."""

    def __init__(self, real: RealWays, by: Usable, link: Link, goals: tuple[Goal, Goal]) -> None:
        self.plane = plane = Plane(np.array(link.xy))
        self.drawn = plane.metres(np.array(link.xy))
        self.sigma_m, self.goals = link.position_sigma_m, goals
        self.discs = [(plane.metres(np.array([goal.xy]))[0], goal.limit_m) for goal in goals]
        self._real, self._oneway = real, link.oneway
        reach_m = max(FARTHEST * self.sigma_m, *(goal.drawn_m + goal.limit_m for goal in goals))
        ways = real.near(self.drawn, plane, reach_m)
        self._ways = ways[real.usable(by)[real.kind[ways]]]

    def _weights(self, xy: Floats) -> Floats:
        """Return what a metre costs at points in degrees, infinite where no path may lie."""
        points = self.plane.metres(xy)
        distance_m = away_m(points, self.drawn)
        weights: Floats = 1 + _AWAY * (distance_m / self.sigma_m) ** 2
        allowed = distance_m <= FARTHEST * self.sigma_m
        for end, limit_m in self.discs:
            allowed |= np.hypot(*(points - end).T) <= limit_m
        weights[~allowed] = np.inf
        return weights

    def search(self, starts: Sequence[End], ends: Sequence[End]) -> _Found | None:
        """Return the cheapest path from a start to an end, and how far its length is in doubt."""
        edges = self._edges(starts, ends)
        cost = edges.plain * edges.weight
        found = edges.graph.cheapest(edges.both_ways(cost), edges.source, edges.target)
        if found is None:
            return None
        inner = found[1:-1]
        start, end = (int(n) for n in (edges.graph.head[found[0]], edges.graph.tail[found[-1]]))
        chosen = [*starts, *ends]
        return _Found(
            chosen[start - edges.n_nodes], chosen[end - edges.n_nodes],
            [edges.stretch(edge) for edge in inner], self._doubt_m(edges, inner, start, end),
        )  # fmt: skip

    def _edges(self, starts: Sequence[End], ends: Sequence[End]) -> _Edges:
        """Return the ways as edges, those on which a start or an end lies in parts."""
        real, chosen = self._real, [*starts, *ends]
        split = sorted({end.way for end in chosen})
        ways = self._ways[~np.isin(self._ways, split)]
        xy, offsets = real.samples(ways)
        weights = np.zeros(0)
        if len(ways):
            sums = np.add.reduceat(self._weights(xy), offsets)
            weights = sums / np.diff(np.r_[offsets, len(xy)])
            ways, weights = ways[np.isfinite(weights)], weights[np.isfinite(weights)]
        parts = self._parts(split, chosen)
        nodes = np.unique(np.r_[real.start[ways], real.end[ways], real.start[split],
                                real.end[split]])  # fmt: skip
        # After the nodes of the extract come the ends, then where all starts and all ends meet.
        count = len(nodes)
        source, target = count + len(chosen), count + len(chosen) + 1

        def numbers(of_ways: Ints, marks: list[_Mark]) -> Ints:
            inner = [count + n if is_end else int(np.searchsorted(nodes, n)) for is_end, n in marks]
            found: Ints = np.r_[np.searchsorted(nodes, of_ways), inner].astype(np.int64)
            return found

        tail = numbers(real.start[ways], [part.tail for part in parts])
        head = numbers(real.end[ways], [part.head for part in parts])
        way = np.r_[ways, [part.way for part in parts]].astype(np.int64)
        metres = real.length_m[way].astype(float)
        metres[len(ways) :] *= [part.high - part.low for part in parts]
        at, n_starts = count + np.arange(len(chosen)), len(starts)
        outer = np.full(len(chosen), source)
        outer[n_starts:] = target
        against = np.inf if self._oneway else _WRONG_WAY
        return _Edges(
            graph=_Graph(
                np.r_[tail, head, outer[:n_starts], at[n_starts:]],
                np.r_[head, tail, at[:n_starts], outer[n_starts:]], target + 1,
            ),
            n_nodes=count, source=source, target=target, way=way, parts=parts, metres=metres,
            plain=metres * real.cost[real.kind[way]] + _LEAST,
            weight=np.r_[weights, [part.weight for part in parts]],
            back=np.where(real.oneway[real.kind[way]], against, 1.0),
            access=np.r_[_access(starts, self.goals[0]), _access(ends, self.goals[1])],
        )  # fmt: skip

    def _doubt_m(self, edges: _Edges, taken: Sequence[int], start: int, end: int) -> float:
        """Return by how much a path would differ in length that other costs than ours chose.

        If nobody had drawn a line, if no class of roads counted, if either counted for more, and in
        either direction without a metre against that of a way.

        Parameters
        ----------
        taken : edges of the path between the nodes of its start and its end.
        """
        real, kind = self._real, self._real.kind[edges.way]
        cost, class_cost, oneway = edges.plain * edges.weight, real.cost[kind], real.oneway[kind]
        others = [
            edges.both_ways(costs)
            for costs in (edges.plain, edges.metres * edges.weight + _LEAST,
                          cost * edges.weight**2, cost * class_cost**2)
        ]  # fmt: skip
        if oneway[[edge % len(oneway) for edge in taken]].any() and not self._oneway:
            closed = np.where(oneway, np.inf, cost)
            others += [np.r_[costs, edges.access] for costs in (np.r_[cost, closed],
                                                                np.r_[closed, cost])]  # fmt: skip
        both = np.r_[edges.metres, edges.metres]
        taken_m, doubt_m = float(both[taken].sum()), 0.0
        for costs in others:
            # Of two ways between the same nodes another may be the cheaper now.
            other = edges.graph.cheapest(costs, start, end, known=taken)
            doubt_m = max(doubt_m, abs(taken_m - float(both[other].sum())) if other else 0.0)
        return doubt_m

    def _parts(self, ways: Sequence[int], chosen: Sequence[End]) -> list[_Part]:
        """Return the parts of ways between the ends on them, without those where none may lie."""
        real = self._real
        parts: list[_Part] = []
        pieces: list[Floats] = []
        for way in ways:
            xy = real.points(way)
            along = _along(self.plane.metres(xy))
            stops = [(0.0, (False, int(real.start[way])))]
            stops += sorted((end.at, (True, n)) for n, end in enumerate(chosen) if end.way == way)
            stops.append((1.0, (False, int(real.end[way]))))
            for (low, tail), (high, head) in pairwise(stops):
                parts.append(_Part(way, low, high, tail, head, np.inf))
                pieces.append(_cut(xy, along, low, high))
        sizes = np.array([len(piece) for piece in pieces])
        sums = np.add.reduceat(self._weights(np.concatenate(pieces)), np.cumsum(sizes) - sizes)
        weights = (sums / sizes).tolist()
        return [
            part._replace(weight=weight)
            for part, weight in zip(parts, weights, strict=True) if np.isfinite(weight)
        ]  # fmt: skip


def _scale_m(ends: Sequence[End], goal: Goal) -> float:
    """Return the standard error of where a goal is, for which the nearest end speaks too."""
    return max(goal.extent_m, min(end.away_m for end in ends))


def _likely(ends: Sequence[End], goal: Goal) -> list[End]:
    """Return the ends that are not far less likely than the nearest."""
    most_m = FARTHEST * _scale_m(ends, goal)
    return [end for end in ends if end.away_m <= most_m]


def _access(ends: Sequence[End], goal: Goal) -> Floats:
    """Return what it costs to end at each of some ends of a goal."""
    away = np.array([end.away_m for end in ends])
    scale_m = _scale_m(ends, goal)
    cost: Floats = _ACCESS * away * (1 + _AWAY * (away / scale_m) ** 2) + _LEAST
    return cost


class _Part(NamedTuple):
    """A part of a way that ends lie on: what is at its own ends, and what a metre costs."""

    way: int
    low: float
    high: float
    tail: _Mark
    head: _Mark
    weight: float


class _Found(NamedTuple):
    """A path between two of the ends, and by how much one would differ that is only short."""

    start: End
    end: End
    path: list[Stretch]
    doubt_m: float


class _Graph:
    """Edges from node to node, to be searched by several costs; of parallel ones by the cheapest.

    A sparse matrix would add up edges between the same two nodes, so that here these are one.
    """

    def __init__(self, tail: Ints, head: Ints, size: int) -> None:
        self.tail, self.head, self._size = tail, head, size
        keys = tail * size + head
        self._order = np.argsort(keys, kind="stable")
        keys = keys[self._order]
        new = np.r_[True, keys[1:] != keys[:-1]][: len(keys)]
        # Where the edges of each pair of nodes begin in the order, and those pairs.
        self._begin, self._keys = np.flatnonzero(new), keys[new]
        self._end = np.r_[self._begin[1:], len(keys)]
        self._row = np.searchsorted(self._keys, np.arange(size + 1) * size)
        self._column = self._keys % size

    def cheapest(
        self, cost: Floats, source: int, target: int, *, known: Sequence[int] = ()
    ) -> list[int] | None:
        """Return the edges of the cheapest path between two nodes, None if there is none.

        Parameters
        ----------
        known : edges of a path between them, than which none dearer need be searched.
        """
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        cost = cost[self._order]
        costs = np.minimum.reduceat(cost, self._begin)
        graph = csr_array((costs, self._column, self._row), shape=(self._size,) * 2)
        limit = np.inf
        if known:
            # Rounding may add up the same edges to a little more.
            at = np.searchsorted(self._keys, self.tail[known] * self._size + self.head[known])
            limit = float(costs[at].sum()) * (1 + 1e-9)
        reached, before = dijkstra(graph, indices=source, return_predecessors=True, limit=limit)
        if not np.isfinite(reached[target]):
            return None
        nodes = [target]
        while nodes[-1] != source:
            nodes.append(int(before[nodes[-1]]))
        pairs = np.array([a * self._size + b for b, a in pairwise(nodes)][::-1], np.int64)
        edges = []
        for pair in np.searchsorted(self._keys, pairs).tolist():
            begin, end = self._begin[pair], self._end[pair]
            edges.append(int(self._order[begin + np.argmin(cost[begin:end])]))
        return edges


def _along(points: Floats) -> Floats:
    """Return of each point of a line the part of the line that lies before it."""
    sums = np.r_[0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T))]
    shares: Floats = sums / max(float(sums[-1]), 1e-9)
    return shares


def _cut(xy: Floats, along: Floats, low: float, high: float) -> Floats:
    """Return the points of a line between two parts of its length."""
    ends = [[np.interp(part, along, xy[:, k]) for k in (0, 1)] for part in (low, high)]
    inner = xy[(along > low + _SAME) & (along < high - _SAME)]
    points: Floats = np.r_[[ends[0]], inner, [ends[1]]]
    return points


def _course(real: RealWays, best: _Found) -> Floats:
    """Return the points of a path in degrees, rounded to 1e-7, none twice in a row."""
    pieces = []
    for way, low, high, forward in best.path:
        xy = real.points(way)
        if (low, high) != (0.0, 1.0):
            xy = _cut(xy, _along(Plane(xy).metres(xy)), low, high)
        pieces.append(xy if forward else xy[::-1])
    points = np.round(np.concatenate(pieces), 7)
    # Other links end there too: at the same place to the last digit.
    points[0], points[-1] = best.start.xy, best.end.xy
    distinct: Floats = points[np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]]
    return distinct


def _apart_m(
    ride: Floats, drawn: Floats, sigma_m: float, discs: Sequence[tuple[Floats, float]]
) -> tuple[float, float]:
    """Return how far a path lies from the drawn line at most, and its root mean square distance.

    The mean leaves out what lies near the ends, which are where they are known to be.
    """
    lengths = [float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in (ride, drawn)]
    step_m = max(sigma_m / 5, max(lengths) / _POINTS, 1.0)
    points, others = (_evenly(line, step_m) for line in (ride, drawn))
    lines = shapely.LineString(points), shapely.LineString(others)
    farthest_m = float(shapely.frechet_distance(*lines))
    inner = np.ones(len(points), bool)
    for end, limit_m in discs:
        inner &= np.hypot(*(points - end).T) > limit_m
    if not inner.any():
        return farthest_m, 0.0
    distance_m = away_m(points[inner], drawn)
    return farthest_m, float(np.sqrt(np.mean(distance_m**2)))


def _evenly(line: Floats, step_m: float) -> Floats:
    """Return points of a line that lie evenly along it, its ends among them."""
    sums = np.r_[0.0, np.cumsum(np.hypot(*np.diff(line, axis=0).T))]
    at = np.linspace(0.0, sums[-1], max(2, int(np.ceil(sums[-1] / step_m)) + 1))
    points: Floats = np.column_stack([np.interp(at, sums, line[:, k]) for k in (0, 1)])
    return points
