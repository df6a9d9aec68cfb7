"""Customizable contraction hierarchies: prepared once, new costs in milliseconds.

Source: J. Dibbelt, B. Strasser, D. Wagner (2016), Customizable contraction hierarchies, ACM
Journal of Experimental Algorithmics 21, https://doi.org/10.1145/2886843; RoutingKit (BSD-2).
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.routing.order import node_order
from corridors.routing.weights import CLOSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.routing.graph import Graph, Ints

__all__ = ["Hierarchy"]

# Above this share of the arcs a reset is faster than updating arc by arc.
FEW = 0.001


class Hierarchy:
    """Queries live within one call: they belong to their thread, and none may survive a reset."""

    name = "cch"

    def __init__(self, graph: Graph, weights: Ints) -> None:
        import routingkit_cch

        self._library: Any = routingkit_cch
        # The library takes lists faster than arrays.
        tail, head = graph.tail.tolist(), graph.head.tolist()
        self._cch = routingkit_cch.CCH(node_order(graph), tail, head, False)
        self._weights: list[int] = weights.tolist()
        self._metric = routingkit_cch.CCHMetric(self._cch, self._weights)
        self._updater: Any = None
        self._few = FEW * graph.n_arcs
        self._lock = Lock()

    def update(self, changes: Mapping[int, int]) -> None:
        """Give some arcs other weights."""
        with self._lock:
            for arc, weight in changes.items():
                self._weights[arc] = weight
            if len(changes) > self._few:
                self._metric.reset(self._weights)
                return
            if self._updater is None:
                self._updater = self._library.CCHMetricPartialUpdater(self._cch)
            self._updater.apply(self._metric, dict(changes))

    def reset(self, weights: Ints) -> None:
        """Give all arcs other weights."""
        with self._lock:
            self._weights = weights.tolist()
            self._metric.reset(self._weights)

    def table(self, sources: Sequence[int], targets: Sequence[int]) -> Ints:
        """Return the least weights, `CLOSED` where there is no way."""
        found = np.full((len(sources), len(targets)), CLOSED, np.int64)
        with self._lock:
            query = self._library.CCHOneToMany(self._metric, list(targets))
            for n, source in enumerate(sources):
                row = query.distances_from(source)
                found[n] = [CLOSED if d is None else d for d in row]
            del query
        return found

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[list[int] | None]:
        """Return the arcs of a best way of each pair, None where there is none."""
        found: list[list[int] | None] = []
        with self._lock:
            query = self._library.CCHQuery(self._metric)
            for source, target in pairs:
                result = query.run(source, target)
                found.append(None if result.distance is None else result.arc_path)
                del result
            del query
        return found
