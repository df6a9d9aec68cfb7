"""A graph without what no path between some nodes needs: dead ends go, chains become one edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from corridors.routing.graph import Bools, Floats, Graph, Ints

__all__ = ["ReducedGraph", "reduced"]


class _Edge(NamedTuple):
    """Two nodes, and the arcs that lead from the first to the second and back; None if none do."""

    start: int
    end: int
    there: tuple[int, ...] | None
    back: tuple[int, ...] | None

    def seen_from(self, node: int) -> _Edge:
        """Return the edge with a node as its start."""
        return self if self.start == node else _Edge(self.end, self.start, self.back, self.there)


class ReducedGraph:
    """What is left of a graph: each of its arcs stands for several of the graph in a row.

    Attributes
    ----------
    nodes : nodes of the graph that are left; below they are counted from 0.
    tail, head : ends of each arc that is left.
    """

    def __init__(self, edges: list[_Edge], terminals: Collection[int]) -> None:
        kept = sorted({node for edge in edges for node in edge[:2]} | set(terminals))
        self.nodes = np.array(kept, np.int64)
        self.index = {node: n for n, node in enumerate(kept)}
        rows = [
            (self.index[a], self.index[b], arcs)
            for edge in edges
            for a, b, arcs in (
                (edge.start, edge.end, edge.there), (edge.end, edge.start, edge.back)
            )
            if arcs is not None
        ]  # fmt: skip
        self.tail = np.array([row[0] for row in rows], np.int64)
        self.head = np.array([row[1] for row in rows], np.int64)
        self._arcs = [row[2] for row in rows]
        # The arcs of the graph that are still needed, and which of them each arc here stands for.
        flat = [arc for arcs in self._arcs for arc in arcs]
        self.arcs, self._positions = np.unique(np.array(flat, np.int64), return_inverse=True)
        self._begins = np.cumsum([0, *map(len, self._arcs)])[:-1].astype(np.int64)

    def arcs_of(self, arc: int) -> tuple[int, ...]:
        """Return the arcs of the graph that one arc here stands for, in order."""
        return self._arcs[arc]

    def sums(self, costs: Floats) -> Floats:
        """Return the cost of each arc here from those of `arcs`, along the first axis."""
        if not self._begins.size:
            return costs[:0]
        summed: Floats = np.add.reduceat(costs[self._positions], self._begins, axis=0)
        return summed

    def closed(self, closed: Bools) -> Bools:
        """Return whether each arc here cannot be used, from whether each of `arcs` cannot."""
        if not self._begins.size:
            return closed[:0]
        any_closed: Bools = np.logical_or.reduceat(closed[self._positions], self._begins)
        return any_closed


def reduced(graph: Graph, usable: Ints, terminals: Collection[int]) -> ReducedGraph:
    """Return what is left of a graph for paths between some nodes.

    A path between terminals enters no dead end, and leaves a node between two edges by the one it
    did not come by. So nothing is lost, whatever the costs are, as long as they are not negative.

    Parameters
    ----------
    usable : arcs that may be used under one scenario at least. Arcs 2 n and 2 n + 1 that join the
        same nodes in both directions become one edge.
    terminals : nodes between which paths are searched for.
    """
    at: dict[int, dict[int, _Edge]] = {}
    edges = dict(enumerate(_edges(graph, usable)))
    for key, edge in edges.items():
        at.setdefault(edge.start, {})[key] = edge
        at.setdefault(edge.end, {})[key] = edge
    fixed, new = set(terminals), len(edges)
    queue = [node for node in at if node not in fixed]
    while queue:
        node = queue.pop()
        around = at.get(node, {})
        if node in fixed or len(around) > 2 or not around:
            continue
        first, *others = around.values()
        joined = _joined(first, others[0], node) if others else None
        for key, edge in around.items():
            del edges[key]
            for end in {edge.start, edge.end} - {node}:
                del at[end][key]
                queue.append(end)
        del at[node]
        if joined is not None:
            edges[new] = joined
            at[joined.start][new] = at[joined.end][new] = joined
            new += 1
    return ReducedGraph(list(edges.values()), terminals)


def _joined(first: _Edge, second: _Edge, node: int) -> _Edge | None:
    """Return two edges that meet at a node as one; None if they lead to the same node and back."""
    before, after = first.seen_from(node), second.seen_from(node)
    if before.end == after.end or node in (before.end, after.end):
        return None
    there = None if before.back is None or after.there is None else before.back + after.there
    back = None if after.back is None or before.there is None else after.back + before.there
    return None if there is None and back is None else _Edge(before.end, after.end, there, back)


def _edges(graph: Graph, usable: Ints) -> list[_Edge]:
    """Return the usable arcs, those of the two directions of a link together; no loops."""
    arcs = np.unique(np.asarray(usable, np.int64))
    tail, head = graph.tail[arcs], graph.head[arcs]
    edges: list[_Edge] = []
    for arc, a, b in zip(arcs.tolist(), tail.tolist(), head.tolist(), strict=True):
        before = edges[-1] if edges else None
        if before is not None and before == _Edge(b, a, (arc - 1,), None) and arc % 2 == 1:
            edges[-1] = before._replace(back=(arc,))
        elif a != b:
            edges.append(_Edge(a, b, (arc,), None))
    return edges
