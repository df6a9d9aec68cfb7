"""The best path of every draw of the costs at once.

Dijkstra's algorithm settles one draw at a time. Here a node has one distance for each draw, an arc
is relaxed for all draws together, and a node is looked at again when the distance of one draw has
become less, until none does (Bellman and Ford). The paths are the best ones of each draw exactly;
no set of candidate paths is chosen beforehand.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.routing.graph import Bools, Floats, Ints
    from corridors.routing.reduced_graph import ReducedGraph

__all__ = ["DrawnPaths", "drawn_paths"]


class DrawnPaths(NamedTuple):
    """The best paths from one node to another, one for each draw.

    Parameters
    ----------
    costs : shape (draws,), infinite where there is no path.
    which : index of the path of each draw, -1 where there is none.
    paths : arcs of the graph of each path.
    """

    costs: Floats
    which: Ints
    paths: tuple[tuple[int, ...], ...]


def drawn_paths(
    graph: ReducedGraph, costs: Floats, closed: Bools, source: int, targets: Sequence[int]
) -> list[DrawnPaths]:
    """Return the best paths from a node to others, of each draw of the costs.

    Parameters
    ----------
    costs : of each arc of the reduced graph and each draw, 0 or more.
    closed : whether an arc may not be used, for each.
    source, targets : nodes of the graph before it was reduced; terminals of it.
    """
    start = graph.index[source]
    distances, came_by = _relaxed(
        graph, costs, closed, start, [graph.index[node] for node in targets]
    )
    return [
        _walked_back(graph, distances[graph.index[node]], came_by, start, graph.index[node])
        for node in targets
    ]


def _relaxed(
    graph: ReducedGraph, costs: Floats, closed: Bools, source: int, targets: Sequence[int]
) -> tuple[Floats, Ints]:
    """Return the least distance of each node and draw, and the arc by which it is reached."""
    n_nodes, n_draws = len(graph.nodes), costs.shape[1]
    distances = np.full((n_nodes, n_draws), np.inf)
    came_by = np.full((n_nodes, n_draws), -1, np.int32)
    distances[source] = 0.0
    leaving: list[list[tuple[int, int]]] = [[] for _ in range(n_nodes)]
    for arc in np.flatnonzero(~closed).tolist():
        leaving[graph.tail[arc]].append((arc, int(graph.head[arc])))
    # Nodes are looked at in the order of their mean distances, so that few are twice.
    order = _distances(leaving, costs.mean(axis=1).tolist(), source)
    waiting, queue = {source}, [(0.0, source)]
    candidate, less = np.empty(n_draws), np.empty(n_draws, bool)
    ends = list(targets)
    while queue:
        _, node = heappop(queue)
        waiting.discard(node)
        so_far = distances[node]
        if ends and (so_far >= distances[ends].max(axis=0)).all():
            continue
        for arc, head in leaving[node]:
            np.add(so_far, costs[arc], out=candidate)
            np.less(candidate, distances[head], out=less)
            if less.any():
                np.copyto(distances[head], candidate, where=less)
                came_by[head, less] = arc
                if head not in waiting:
                    waiting.add(head)
                    heappush(queue, (order[head], head))
    return distances, came_by


def _distances(
    leaving: Sequence[Sequence[tuple[int, int]]], costs: Sequence[float], source: int
) -> list[float]:
    """Return the distance of each node by one set of costs (Dijkstra)."""
    distances = [float("inf")] * len(leaving)
    distances[source] = 0.0
    queue = [(0.0, source)]
    while queue:
        distance, node = heappop(queue)
        if distance > distances[node]:
            continue
        for arc, head in leaving[node]:
            further = distance + costs[arc]
            if further < distances[head]:
                distances[head] = further
                heappush(queue, (further, head))
    return distances


def _walked_back(
    graph: ReducedGraph, costs: Floats, came_by: Ints, source: int, target: int
) -> DrawnPaths:
    """Return the paths to a target, those of all draws that take the same one together."""
    which = np.full(len(costs), -1, np.int64)
    paths: list[tuple[int, ...]] = []
    groups: list[tuple[int, Ints, tuple[int, ...]]] = [
        (target, np.flatnonzero(np.isfinite(costs)), ())
    ]
    while groups:
        node, draws, after = groups.pop()
        if not draws.size:
            continue
        if node == source:
            which[draws] = len(paths)
            paths.append(tuple(a for arc in after for a in graph.arcs_of(arc)))
            continue
        arcs = came_by[node, draws]
        groups += [
            (int(graph.tail[arc]), draws[arcs == arc], (arc, *after))
            for arc in np.unique(arcs).tolist()
        ]
    return DrawnPaths(costs, which, tuple(paths))
