"""Dijkstra's algorithm on a heap: nothing to prepare, for a few questions on a small graph."""

from __future__ import annotations

from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.routing.graph import Floats, Graph

__all__ = ["DijkstraEngine"]


class DijkstraEngine:
    """One search a source, in plain Python."""

    name = "python"

    def __init__(self, graph: Graph, weights: Floats) -> None:
        self._tail: list[int] = graph.tail.tolist()
        self._out: list[list[tuple[int, int]]] = [[] for _ in range(graph.n_nodes)]
        for arc, (a, b) in enumerate(zip(self._tail, graph.head.tolist(), strict=True)):
            self._out[a].append((arc, b))
        self._weights: list[float] = weights.tolist()

    def update(self, changes: Mapping[int, float]) -> None:
        """Give some arcs other weights."""
        for arc, weight in changes.items():
            self._weights[arc] = weight

    def reset(self, weights: Floats) -> None:
        """Give all arcs other weights."""
        self._weights = weights.tolist()

    def table(self, sources: Sequence[int], targets: Sequence[int]) -> Floats:
        """Return the least weights, infinite where there is no way."""
        found = np.full((len(sources), len(targets)), inf)
        for n, source in enumerate(sources):
            done, _ = self._search(source, set(targets))
            found[n] = [done.get(target, inf) for target in targets]
        return found

    def pairs(self, pairs: Sequence[tuple[int, int]]) -> Floats:
        """Return the least weight of each pair, infinite where there is no way."""
        found = self._searches(pairs)
        return np.array([found[a][0].get(b, inf) for a, b in pairs], float)

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[list[int] | None]:
        """Return the arcs of a best way of each pair, None where there is none."""
        found = self._searches(pairs)
        return [self._trace(found[a][1], a, b) for a, b in pairs]

    def _searches(
        self, pairs: Sequence[tuple[int, int]]
    ) -> dict[int, tuple[dict[int, float], dict[int, int]]]:
        wanted: dict[int, set[int]] = {}
        for source, target in pairs:
            wanted.setdefault(source, set()).add(target)
        return {source: self._search(source, targets) for source, targets in wanted.items()}

    def _trace(self, by: dict[int, int], source: int, target: int) -> list[int] | None:
        found: list[int] = []
        while target != source:
            if target not in by:
                return None
            found.append(by[target])
            target = self._tail[by[target]]
        return found[::-1]

    def _search(self, source: int, targets: set[int]) -> tuple[dict[int, float], dict[int, int]]:
        """Return node → weight of all settled ones, and node → arc by which it is reached."""
        weights, out = self._weights, self._out
        best, by, done = {source: 0.0}, {}, {}
        queue = [(0.0, source)]
        missing = len(targets)
        while queue:
            cost, node = heappop(queue)
            if node in done:
                continue
            done[node] = cost
            if node in targets:
                missing -= 1
                if not missing:
                    break
            for arc, head in out[node]:
                # A closed arc is infinite, and so never better.
                total = cost + weights[arc]
                if total < best.get(head, inf) and head not in done:
                    best[head] = total
                    by[head] = arc
                    heappush(queue, (total, head))
        return done, {node: arc for node, arc in by.items() if node in done}
