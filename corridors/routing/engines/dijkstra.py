"""Dijkstra's algorithm in plain Python: nothing to prepare, for a few searches on a small graph."""

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
    """One search for each source, with a heap of reached nodes."""

    name = "python"

    def __init__(self, graph: Graph, weights: Floats) -> None:
        self._tail: list[int] = graph.tail.tolist()
        self._out: list[list[tuple[int, int]]] = [[] for _ in range(graph.n_nodes)]
        for arc, (tail, head) in enumerate(zip(self._tail, graph.head.tolist(), strict=True)):
            self._out[tail].append((arc, head))
        self._weights: list[float] = weights.tolist()

    def update(self, changes: Mapping[int, float]) -> None:
        """Give some arcs other weights."""
        for arc, weight in changes.items():
            self._weights[arc] = weight

    def reset(self, weights: Floats) -> None:
        """Give all arcs other weights."""
        self._weights = weights.tolist()

    def table(self, sources: Sequence[int], targets: Sequence[int]) -> Floats:
        """Return the least weights, infinite where there is no path."""
        table = np.full((len(sources), len(targets)), inf)
        for n, source in enumerate(sources):
            settled, _ = self._search(source, set(targets))
            table[n] = [settled.get(target, inf) for target in targets]
        return table

    def pairs(self, pairs: Sequence[tuple[int, int]]) -> Floats:
        """Return the least weight of each pair, infinite where there is no path."""
        trees = self._trees(pairs)
        return np.array([trees[a][0].get(b, inf) for a, b in pairs], float)

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[list[int] | None]:
        """Return the arcs of a best path of each pair, None where there is none."""
        trees = self._trees(pairs)
        return [self._trace(trees[a][1], a, b) for a, b in pairs]

    def _trees(
        self, pairs: Sequence[tuple[int, int]]
    ) -> dict[int, tuple[dict[int, float], dict[int, int]]]:
        """Return source → its search tree, grown until it holds all targets of the source."""
        targets_of: dict[int, set[int]] = {}
        for source, target in pairs:
            targets_of.setdefault(source, set()).add(target)
        return {source: self._search(source, targets) for source, targets in targets_of.items()}

    def _trace(self, arc_to: dict[int, int], source: int, target: int) -> list[int] | None:
        """Return the arcs from a source to a target, None if the target was not reached."""
        arcs: list[int] = []
        node = target
        while node != source:
            if node not in arc_to:
                return None
            arcs.append(arc_to[node])
            node = self._tail[arc_to[node]]
        return arcs[::-1]

    def _search(self, source: int, targets: set[int]) -> tuple[dict[int, float], dict[int, int]]:
        """Return settled node → least weight, and settled node → the arc by which it is reached."""
        weights, out = self._weights, self._out
        best, arc_to, settled = {source: 0.0}, {}, {}
        queue = [(0.0, source)]
        missing = len(targets)
        while queue:
            weight, node = heappop(queue)
            if node in settled:
                continue
            settled[node] = weight
            if node in targets:
                missing -= 1
                if not missing:
                    break
            for arc, head in out[node]:
                # The weight of a closed arc is infinite, so it never gives a better one.
                total = weight + weights[arc]
                if total < best.get(head, inf) and head not in settled:
                    best[head] = total
                    arc_to[head] = arc
                    heappush(queue, (total, head))
        return settled, {node: arc for node, arc in arc_to.items() if node in settled}
