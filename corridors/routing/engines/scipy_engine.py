"""Dijkstra's algorithm of SciPy: compiled, and available on every platform."""

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

# Search trees of at most this many bytes in all are held in memory at a time.
MAX_TREE_BYTES = 256_000_000


class ScipyEngine:
    """One search for each source, in compiled code.

    A sparse matrix has one entry for each pair of nodes and would add parallel arcs up, so each
    entry takes the cheapest arc of its pair. Arcs of no cost stay in as entries of zero.
    """

    name = "scipy"

    def __init__(self, graph: Graph, weights: Floats) -> None:
        self._n_nodes = graph.n_nodes
        self._arcs = np.lexsort((graph.head, graph.tail))
        tail, head = graph.tail[self._arcs], graph.head[self._arcs]
        # Arcs sorted by their ends; each new pair of ends begins an entry of the matrix.
        begins_entry = np.r_[True, (np.diff(tail) != 0) | (np.diff(head) != 0)][: tail.size]
        self._first = np.flatnonzero(begins_entry)
        self._tail, self._head = tail[self._first], head[self._first]
        self._indptr = np.searchsorted(self._tail, np.arange(self._n_nodes + 1)).astype(np.int32)
        self._weights = weights.copy()
        self._matrix: Any = None

    def update(self, changes: Mapping[int, float]) -> None:
        """Give some arcs other weights."""
        if changes:
            self._weights[list(changes)] = list(changes.values())
            self._matrix = None

    def reset(self, weights: Floats) -> None:
        """Give all arcs other weights."""
        self._weights = weights.copy()
        self._matrix = None

    def _graph(self) -> Any:
        from scipy.sparse import csr_array

        if self._matrix is None:
            weights = self._weights[self._arcs]
            least = np.minimum.reduceat(weights, self._first) if weights.size else weights
            self._matrix = csr_array(
                (least, self._head.astype(np.int32), self._indptr),
                shape=(self._n_nodes, self._n_nodes),
            )
        return self._matrix

    def _trees(self, sources: Sequence[int], *, paths: bool) -> Iterator[tuple[Ints, Any, Any]]:
        """Yield sources with the weights and predecessors of their trees, a chunk at a time."""
        from scipy.sparse.csgraph import dijkstra

        unique = np.unique(np.asarray(sources, np.int32))
        # A tree has a weight of 8 bytes and a predecessor of 4 bytes for each node.
        size = max(1, MAX_TREE_BYTES // (12 * self._n_nodes))
        for start in range(0, unique.size, size):
            chunk = unique[start : start + size]
            trees = dijkstra(self._graph(), indices=chunk, return_predecessors=paths)
            yield chunk, *(trees if paths else (trees, None))

    def table(self, sources: Sequence[int], targets: Sequence[int]) -> Floats:
        """Return the least weights, infinite where there is no path."""
        columns = np.asarray(targets, np.int64)
        rows: dict[int, Floats] = {}
        for chunk, weights, _ in self._trees(sources, paths=False):
            rows |= dict(zip(chunk.tolist(), weights[:, columns], strict=True))
        return np.array([rows[int(s)] for s in sources]).reshape(len(sources), len(columns))

    def pairs(self, pairs: Sequence[tuple[int, int]]) -> Floats:
        """Return the least weight of each pair, infinite where there is no path."""
        least = np.full(len(pairs), inf)
        pairs_from = _pairs_by_source(pairs)
        for chunk, weights, _ in self._trees(list(pairs_from), paths=False):
            for source, weight_to in zip(chunk.tolist(), weights, strict=True):
                for n in pairs_from[source]:
                    least[n] = weight_to[pairs[n][1]]
        return least

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[list[int] | None]:
        """Return the arcs of a best path of each pair, None where there is none."""
        paths: list[list[int] | None] = [None] * len(pairs)
        pairs_from = _pairs_by_source(pairs)
        for chunk, weights, predecessors in self._trees(list(pairs_from), paths=True):
            trees = zip(chunk.tolist(), weights, predecessors, strict=True)
            for source, weight_to, predecessor_of in trees:
                for n in pairs_from[source]:
                    if np.isfinite(weight_to[pairs[n][1]]):
                        paths[n] = self._trace(predecessor_of, *pairs[n])
        return paths

    def tree(self, source: int, limit: float) -> tuple[Floats, Ints]:
        """Return the least weight to each node within a limit, and the node before it.

        Infinite, and negative, where there is no such path; negative at the source too.
        """
        from scipy.sparse.csgraph import dijkstra

        weights, before = dijkstra(
            self._graph(), indices=source, limit=limit, return_predecessors=True
        )
        return weights, before

    def arcs_between(self, tails: Ints, heads: Ints) -> Ints:
        """Return the cheapest arc of each pair of nodes, of which every one has an arc."""
        keys = self._tail.astype(np.int64) * self._n_nodes + self._head
        entry = np.searchsorted(keys, tails.astype(np.int64) * self._n_nodes + heads)
        arcs = self._arcs[self._first[entry]].astype(np.int64)
        sizes = np.diff(np.r_[self._first, self._arcs.size])[entry]
        for n in np.flatnonzero(sizes > 1).tolist():
            arcs[n] = self._arc(int(tails[n]), int(heads[n]))
        return arcs

    def _trace(self, predecessor_of: Any, source: int, target: int) -> list[int]:
        """Return the arcs from a source to a target that its tree reaches."""
        nodes = [target]
        while nodes[-1] != source:
            nodes.append(int(predecessor_of[nodes[-1]]))
        nodes.reverse()
        return [self._arc(a, b) for a, b in pairwise(nodes)]

    def _arc(self, tail: int, head: int) -> int:
        """Return the cheapest arc from one node to another."""
        begin, end = self._indptr[tail], self._indptr[tail + 1]
        entry = begin + int(np.searchsorted(self._head[begin:end], head))
        last = self._first[entry + 1] if entry + 1 < self._first.size else self._arcs.size
        arcs = self._arcs[self._first[entry] : last]
        return int(arcs[np.argmin(self._weights[arcs])])


def _pairs_by_source(pairs: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
    """Return source → indices of the pairs that begin there."""
    by_source: dict[int, list[int]] = {}
    for n, (source, _) in enumerate(pairs):
        by_source.setdefault(source, []).append(n)
    return by_source
