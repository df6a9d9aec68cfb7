"""The quickest ways by the clock, past links that are open at some hours or seasons only.

Whoever comes to a closed link waits at its beginning until it opens, however long, up to a year.
Waiting is always allowed, so whoever sets out earlier never arrives later (first in, first out),
and Dijkstra's algorithm with the time of arrival as its label is exact.

Source: E. W. Dijkstra (1959), https://doi.org/10.1007/BF01386390; for times that depend on the
clock, S. E. Dreyfus (1969), https://doi.org/10.1287/opre.17.3.395
"""

from __future__ import annotations

from datetime import datetime, timedelta
from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from borders.recurring import after_wait

if TYPE_CHECKING:
    from collections.abc import Mapping

    from borders.recurring import Hours
    from corridors.routing.graph import Floats, Graph, Ints

__all__ = ["TimedSearch", "wait_after", "wait_h", "wait_range"]

_HOUR = timedelta(hours=1)
SAMPLES, KEPT_TREES = 97, 16


def wait_h(hours: Hours, at: datetime) -> float:
    """Return how many hours pass until something opens; infinite if it does within no year.

    Examples
    --------
    >>> from borders.recurring import Hours
    >>> wait_h(Hours(open_hours="08:00-20:00"), datetime(2026, 6, 1, 22, 30))
    9.5
    """
    opens = hours.opens(at)
    return inf if opens is None else (opens - at) / _HOUR


def wait_after(hours: Hours, leaves: datetime, at_h: float) -> float:
    """Return how many hours pass until something opens, so many hours after the way began."""
    at = None if at_h == inf else after_wait(leaves, timedelta(hours=at_h))
    return inf if at is None else wait_h(hours, at)


def wait_range(hours: Hours, start: datetime, end: datetime) -> tuple[float, float]:
    """Return the shortest and the longest wait of those who come between two times.

    Taken at `SAMPLES` evenly spaced times.

    Examples
    --------
    >>> from borders.recurring import Hours
    >>> night = Hours(open_hours="08:00-20:00")
    >>> wait_range(night, datetime(2026, 6, 1, 12), datetime(2026, 6, 1, 14))
    (0.0, 0.0)
    """
    step = (end - start) / (SAMPLES - 1)
    waits = [wait_h(hours, start + k * step) for k in range(SAMPLES)]
    return min(waits), max(waits)


class TimedSearch:
    """Quickest ways over a graph from a moment on.

    Parameters
    ----------
    hours : that each arc takes, infinite where closed for good.
    gates : arc → when it may be entered.
    leaves : when the way begins.

    Attributes
    ----------
    hours, gates : as given.
    """

    def __init__(
        self, graph: Graph, hours: Floats, gates: Mapping[int, Hours], leaves: datetime
    ) -> None:
        self.hours, self.gates, self._leaves = hours, gates, leaves
        self._hours: list[float] = hours.tolist()
        self._tail: list[int] = graph.tail.tolist()
        self._size = graph.n_nodes
        # The last trees by source and time: many targets are asked for from one source.
        self._trees: dict[tuple[int, float], tuple[Floats, dict[int, int]]] = {}
        self._out: list[list[tuple[int, int]]] = [[] for _ in range(graph.n_nodes)]
        for arc, (tail, head) in enumerate(zip(self._tail, graph.head.tolist(), strict=True)):
            if self._hours[arc] < inf:
                self._out[tail].append((arc, head))

    def waits_h(self, arc: int, at_h: float) -> float:
        """Return how long one waits before an arc, so many hours after the way began."""
        gate = self.gates.get(arc)
        return 0.0 if gate is None else wait_after(gate, self._leaves, at_h)

    def arrivals(self, source: int, *, start_h: float = 0.0) -> tuple[Floats, dict[int, int]]:
        """Return when each node is reached, in hours, and the arc by which it is.

        Parameters
        ----------
        start_h : hours after the beginning of the way at which it goes on from the source.
        """
        key = source, start_h
        if key not in self._trees:
            if len(self._trees) >= KEPT_TREES:
                self._trees.clear()
            self._trees[key] = self._tree(source, start_h)
        return self._trees[key]

    def _tree(self, source: int, start_h: float) -> tuple[Floats, dict[int, int]]:
        best = np.full(self._size, inf).tolist()
        best[source] = start_h
        arc_to: dict[int, int] = {}
        queue = [(start_h, source)]
        while queue:
            at, node = heappop(queue)
            if at > best[node]:
                continue
            for arc, head in self._out[node]:
                # Whether it waits or not, an arc entered later is never left earlier.
                through = at + self.waits_h(arc, at) if arc in self.gates else at
                through += self._hours[arc]
                if through < best[head]:
                    best[head], arc_to[head] = through, arc
                    heappush(queue, (through, head))
        return np.array(best), arc_to

    def path(self, source: int, target: int, *, start_h: float = 0.0) -> Ints | None:
        """Return the arcs of the quickest way between two nodes, None if there is none."""
        best, arc_to = self.arrivals(source, start_h=start_h)
        if best[target] == inf:
            return None
        arcs: list[int] = []
        node = target
        while node != source:
            arcs.append(arc_to[node])
            node = self._tail[arcs[-1]]
        return np.array(arcs[::-1], np.int64)

    def arrival(self, path: Ints | None, *, start_h: float = 0.0) -> float:
        """Return when the end of a path is reached, in hours; infinite if there is no path."""
        if path is None:
            return inf
        at = start_h
        for arc in path.tolist():
            at += self.waits_h(arc, at) + self._hours[arc]
        return at
