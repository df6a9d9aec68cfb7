"""Dijkstra's algorithm of SciPy: for every platform."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from corridors.routing.graph import Floats, Graph, Ints

__all__ = ["ScipyEngine"]

# Trees of this many bytes are held at once.
AT_ONCE = 256_000_000


class ScipyEngine:
    """One search a source, in compiled code.

    A sparse matrix has one entry a pair of nodes and would add parallel arcs up, so each entry
    takes the cheapest arc of its pair. Arcs of no cost stay in as entries of zero.
    """

    name = "scipy"

    def __init__(self, graph: Graph, weights: Floats) -> None:
        self._n = graph.n_nodes
        self._arcs = np.lexsort((graph.head, graph.tail))
        tail, head = graph.tail[self._arcs], graph.head[self._arcs]
        new = np.r_[True, (np.diff(tail) != 0) | (np.diff(head) != 0)][: tail.size]
        self._first = np.flatnonzero(new)
        self._tail, self._head = tail[self._first], head[self._first]
        self._indptr = np.searchsorted(self._tail, np.arange(self._n + 1)).astype(np.int32)
        self._weights = weights.copy()
        self._matrix: Any = None

    def update(self, changes: Mapping[int, float]) -> None:
        """Give some arcs other weights."""
        self._weights[list(changes)] = list(changes.values())
        self._matrix = None

    def reset(self, weights: Floats) -> None:
        """Give all arcs other weights."""
        self._weights = weights.copy()
        self._matrix = None

    def _graph(self) -> Any:
        from scipy.sparse import csr_array

        if self._matrix is None:
            ours = self._weights[self._arcs]
            least = np.minimum.reduceat(ours, self._first) if ours.size else ours
            self._matrix = csr_array(
                (least, self._head.astype(np.int32), self._indptr), shape=(self._n, self._n)
            )
        return self._matrix

    def _trees(self, sources: Sequence[int], *, paths: bool) -> Iterator[tuple[Ints, Any, Any]]:
        """Yield sources with the costs and predecessors of their trees, some at a time."""
        from scipy.sparse.csgraph import dijkstra

        unique = np.unique(np.asarray(sources, np.int32))
        size = max(1, AT_ONCE // (12 * self._n))
        for at in range(0, unique.size, size):
            some = unique[at : at + size]
            found = dijkstra(self._graph(), indices=some, return_predecessors=paths)
            yield some, *(found if paths else (found, None))

    def table(self, sources: Sequence[int], targets: Sequence[int]) -> Floats:
        """Return the least weights, infinite where there is no way."""
        wanted = np.asarray(targets, np.int64)
        rows: dict[int, Floats] = {}
        for some, costs, _ in self._trees(sources, paths=False):
            rows |= dict(zip(some.tolist(), costs[:, wanted], strict=True))
        return np.array([rows[int(s)] for s in sources]).reshape(len(sources), len(wanted))

    def pairs(self, pairs: Sequence[tuple[int, int]]) -> Floats:
        """Return the least weight of each pair, infinite where there is no way."""
        found = np.full(len(pairs), inf)
        asked = _by_source(pairs)
        for some, costs, _ in self._trees(list(asked), paths=False):
            for source, cost in zip(some.tolist(), costs, strict=True):
                for n in asked[source]:
                    found[n] = cost[pairs[n][1]]
        return found

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[list[int] | None]:
        """Return the arcs of a best way of each pair, None where there is none."""
        found: list[list[int] | None] = [None] * len(pairs)
        asked = _by_source(pairs)
        for some, costs, before in self._trees(list(asked), paths=True):
            for source, cost, tree in zip(some.tolist(), costs, before, strict=True):
                for n in asked[source]:
                    if np.isfinite(cost[pairs[n][1]]):
                        found[n] = self._trace(tree, *pairs[n])
        return found

    def _trace(self, tree: Any, source: int, target: int) -> list[int]:
        nodes = [target]
        while nodes[-1] != source:
            nodes.append(int(tree[nodes[-1]]))
        nodes.reverse()
        return [self._arc(a, b) for a, b in pairwise(nodes)]

    def _arc(self, tail: int, head: int) -> int:
        """Return the cheapest arc from one node to another."""
        begin, end = self._indptr[tail], self._indptr[tail + 1]
        entry = begin + int(np.searchsorted(self._head[begin:end], head))
        last = self._first[entry + 1] if entry + 1 < self._first.size else self._arcs.size
        arcs = self._arcs[self._first[entry] : last]
        return int(arcs[np.argmin(self._weights[arcs])])


def _by_source(pairs: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
    """Return source → the pairs that begin there."""
    found: dict[int, list[int]] = {}
    for n, (source, _) in enumerate(pairs):
        found.setdefault(source, []).append(n)
    return found
