"""The cheapest paths that share little with one another, found exactly.

Source: T. Chondrogiannis, P. Bouros, J. Gamper, U. Leser, D. B. Blumenthal (2020), Finding
k-shortest paths with limited overlap, The VLDB Journal 29, 1023-1047,
https://doi.org/10.1007/s00778-020-00604-x
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.routing.graph import Graph
from corridors.routing.router import Router

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.routing.graph import Floats, Ints

__all__ = ["MOST_NODES", "OverlapLimits", "PathsOfLimitedOverlap", "paths_of_limited_overlap"]

# The beginnings of paths that are looked at may have so many nodes together, which takes some
# seconds; an assumption.
MOST_NODES = 2_500_000
# Searches for better multipliers after each path taken, and how many of the bounds are kept.
BOUND_SEARCHES, BOUNDS_KEPT = 8, 3
# Relative differences below this come from the order in which costs are added up.
ROUNDING = 1e-9
# An overlap of 0 would make the multipliers infinite.
LEAST_OVERLAP = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapLimits:
    """Which paths count, and how many are wanted.

    Parameters
    ----------
    count : at most so many paths.
    overlap : part of its cost that a path may share with each cheaper one taken, 0 to 1.
    longer : how many times the cost of the best path it may cost, 1 or more.
    nodes : the beginnings of paths that are looked at have at most so many nodes together.
    """

    count: int
    overlap: float
    longer: float
    nodes: int = MOST_NODES


class PathsOfLimitedOverlap(NamedTuple):
    """Paths, cheapest first, and how far the search for them went.

    Parameters
    ----------
    paths : arcs of each path.
    complete : whether these are the cheapest ones, and all that there are if they are fewer than
        wanted; otherwise the search stopped before more were found.
    looked_at : how many beginnings of paths were looked at.
    """

    paths: list[list[int]]
    complete: bool
    looked_at: int


def paths_of_limited_overlap(
    graph: Graph, costs: Floats, ends: tuple[int, int], groups: Ints, limits: OverlapLimits
) -> PathsOfLimitedOverlap:
    """Return the simple paths that one takes who walks through all of them, cheapest first.

    A path is taken if it costs at most `longer` times the first one and shares at most `overlap`
    of its own cost with every path taken before.

    The beginnings of paths wait in the order of a lower bound of what any path that counts and
    begins so costs. Besides the distance to the end these bounds are Lagrangian: where a path
    must not share too much, what it shares is made dearer and the rest cheaper.

    Parameters
    ----------
    costs : of each arc, infinite where closed, shape (n_arcs,).
    ends : nodes from and to.
    groups : of each arc the number of what it is a part of; two paths share what both use of it,
        in whichever direction. -1 for arcs that count for nothing. Shape (n_arcs,).
    """
    search = _Search(graph, costs, ends, groups, limits)
    return PathsOfLimitedOverlap(search.paths(), search.complete, search.looked_at)


class _Beginning(NamedTuple):
    """A path from the origin to some node.

    Parameters
    ----------
    shared : cost of what it shares with each path taken, when it was last looked at.
    before : its arc to the node and the beginning before that; None at the origin.
    """

    node: int
    cost: float
    shared: tuple[float, ...]
    before: tuple[int, _Beginning] | None

    def arcs(self) -> list[int]:
        arcs, beginning = [], self
        while beginning.before is not None:
            arc, beginning = beginning.before
            arcs.append(arc)
        return arcs[::-1]

    def nodes(self) -> set[int]:
        nodes, beginning = {self.node}, self
        while beginning.before is not None:
            beginning = beginning.before[1]
            nodes.add(beginning.node)
        return nodes


class _Bound(NamedTuple):
    """Multipliers of what is shared with each path taken, and the rest that they leave to go.

    Parameters
    ----------
    own : factor of the cost so far.
    multipliers : index of a path taken and its multiplier, where that is not 0.
    rest : least sum to the end from each node under the multipliers.
    """

    own: float
    multipliers: list[tuple[int, float]]
    rest: list[float]

    def of(self, node: int, cost: float, shared: Sequence[float]) -> float:
        """Return the least cost of a path that counts and begins so."""
        return self.own * cost + sum(m * shared[n] for n, m in self.multipliers) + self.rest[node]


class _Search:
    def __init__(
        self, graph: Graph, costs: Floats, ends: tuple[int, int], groups: Ints,
        limits: OverlapLimits,
    ) -> None:  # fmt: skip
        self._graph, self._costs, self._groups = graph, np.asarray(costs, float), groups
        self._origin, self._destination = ends
        self._limits = limits
        self._reversed = Graph(n_nodes=graph.n_nodes, tail=graph.head, head=graph.tail)
        self._cost_of: list[float] = self._costs.tolist()
        self._out: dict[int, list[tuple[int, int]]] = defaultdict(list)
        usable = np.flatnonzero(np.isfinite(self._costs))
        tails, heads = graph.tail[usable].tolist(), graph.head[usable].tolist()
        for arc, tail, head in zip(usable.tolist(), tails, heads, strict=True):
            self._out[tail].append((arc, head))
        # For each path taken: arc → cost, of the arcs that share a group with it.
        self._shared_cost: list[dict[int, float]] = []
        self._bounds = [self._bound(np.zeros(0))]
        self._count = self._nodes = self.looked_at = 0
        self.complete = True

    def paths(self) -> list[list[int]]:
        """Return the arcs of each path that counts, cheapest first."""
        least = self._bounds[0].rest[self._origin]
        best = Router(self._graph, self._costs).paths([(self._origin, self._destination)])[0]
        if best is None or self._origin == self._destination:
            return []
        most = self._limits.longer * least * (1 + ROUNDING)
        paths: list[list[int]] = [best.tolist()]
        if len(paths) < self._limits.count:
            self._take(paths[0])
        queue = [(self._key(least, least), 0, 0, _Beginning(self._origin, 0.0, (), None))]
        while queue and len(paths) < self._limits.count:
            key, length, number, beginning = heappop(queue)
            if len(beginning.shared) < len(paths):
                beginning = self._renewed(beginning)
                bound = self._lowest(beginning.node, beginning.cost, beginning.shared)
                if bound > most:
                    continue
                if self._key(bound, least) > key:
                    heappush(queue, (self._key(bound, least), length, number, beginning))
                    continue
            self.looked_at += 1
            self._nodes += length + 1
            if self._nodes > self._limits.nodes:
                self.complete = False
                break
            if beginning.node == self._destination:
                if self._counts(beginning):
                    paths.append(beginning.arcs())
                    if len(paths) < self._limits.count:
                        self._take(paths[-1])
                continue
            for bound, longer in self._continued(beginning):
                if bound <= most:
                    self._count += 1
                    entry = self._key(bound, least), length + 1, self._count, longer
                    heappush(queue, entry)
        return paths

    def _key(self, bound: float, least: float) -> float:
        """Return the place of a bound in the queue: sums that differ by rounding are equal."""
        return round(bound / (least or 1.0), 9)

    def _counts(self, path: _Beginning) -> bool:
        most = self._limits.overlap * path.cost * (1 + ROUNDING)
        # The best path comes by here too, parallel graphs may hold one path twice, and of a path
        # without cost no part is shared.
        new = not any(
            all(arc in taken for arc in path.arcs() if self._groups[arc] >= 0)
            for taken in self._shared_cost
        )
        return new and all(shared <= most for shared in path.shared)

    def _continued(self, beginning: _Beginning) -> list[tuple[float, _Beginning]]:
        """Return the beginnings that are one arc longer, each with its bound."""
        passed = beginning.nodes()
        longer = []
        for arc, node in self._out[beginning.node]:
            if node not in passed:
                cost = beginning.cost + self._cost_of[arc]
                shared = tuple(
                    so_far + taken.get(arc, 0.0)
                    for so_far, taken in zip(beginning.shared, self._shared_cost, strict=True)
                )
                bound = self._lowest(node, cost, shared)
                longer.append((bound, _Beginning(node, cost, shared, (arc, beginning))))
        return longer

    def _lowest(self, node: int, cost: float, shared: Sequence[float]) -> float:
        return max(bound.of(node, cost, shared) for bound in self._bounds)

    def _renewed(self, beginning: _Beginning) -> _Beginning:
        """Return a beginning with what it shares with the paths taken since it was looked at."""
        arcs = beginning.arcs()
        since = self._shared_cost[len(beginning.shared) :]
        more = (sum(taken.get(arc, 0.0) for arc in arcs) for taken in since)
        return beginning._replace(shared=(*beginning.shared, *more))

    def _take(self, path: list[int]) -> None:
        """Let the paths to come share little with this one."""
        own = np.unique(self._groups[path])
        arcs = np.flatnonzero(np.isin(self._groups, own[own >= 0]) & np.isfinite(self._costs))
        self._shared_cost.append(dict(zip(arcs.tolist(), self._costs[arcs].tolist(), strict=True)))
        self._bounds = self._best_bounds()

    def _best_bounds(self) -> list[_Bound]:
        """Return the distance to the end, and the highest of the bounds that multipliers give.

        The multipliers of what the best path under them shares too much of are raised, step by
        step (subgradient method). Their sum times the overlap is at most 1, as no arc may get a
        negative cost.
        """
        n_taken = len(self._shared_cost)
        overlap = max(self._limits.overlap, LEAST_OVERLAP)
        multipliers, step = np.zeros(n_taken), 0.5 / overlap
        bounds: list[_Bound] = []
        for _ in range(BOUND_SEARCHES):
            # Without multipliers it is the distance to the end, which is known.
            bound = self._bound(multipliers) if bounds else self._bounds[0]
            bounds.append(bound)
            arcs = self._best_path(multipliers, bound)
            cost = sum(self._cost_of[arc] for arc in arcs)
            shared = [sum(t.get(arc, 0.0) for arc in arcs) for t in self._shared_cost]
            excess = np.array(shared) - self._limits.overlap * cost
            if not np.abs(excess).sum() > 0:
                break
            multipliers = np.maximum(0.0, multipliers + step * excess / np.abs(excess).sum())
            multipliers /= max(1.0, overlap * multipliers.sum())
            step *= 0.8
        best = sorted(bounds[1:], key=lambda bound: -bound.rest[self._origin])
        return [bounds[0], *best[:BOUNDS_KEPT]]

    def _bound(self, multipliers: Floats) -> _Bound:
        """Return the bound under some multipliers, one for each path taken."""
        overlap = max(self._limits.overlap, LEAST_OVERLAP)
        own = max(0.0, 1.0 - overlap * float(multipliers.sum()))
        router = Router(self._reversed, self._reduced(multipliers, own))
        rest = router.costs([self._destination], range(self._graph.n_nodes))[0].tolist()
        return _Bound(own, [(n, m) for n, m in enumerate(multipliers.tolist()) if m], rest)

    def _reduced(self, multipliers: Floats, own: float) -> Floats:
        """Return the costs of the arcs under some multipliers."""
        costs: Floats = np.where(np.isfinite(self._costs), own, 1.0) * self._costs
        for multiplier, taken in zip(multipliers.tolist(), self._shared_cost, strict=True):
            if multiplier:
                costs[list(taken)] += multiplier * np.array(list(taken.values()))
        return costs

    def _best_path(self, multipliers: Floats, bound: _Bound) -> list[int]:
        """Return the arcs along which a bound is reached, up to where they would turn back."""
        costs = self._reduced(multipliers, bound.own).tolist()
        node, passed, arcs = self._origin, {self._origin}, []
        while node != self._destination:
            ahead = [
                (costs[arc] + bound.rest[head], arc, head)
                for arc, head in self._out[node]
                if head not in passed
            ]
            if not ahead:
                break
            _, arc, node = min(ahead)
            passed.add(node)
            arcs.append(arc)
        return arcs
