"""Customizable contraction hierarchies: prepared once, new costs in milliseconds.

Source: J. Dibbelt, B. Strasser, D. Wagner (2016), Customizable contraction hierarchies, ACM
Journal of Experimental Algorithmics 21, https://doi.org/10.1145/2886843; RoutingKit (BSD-2).
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.routing.engines.node_order import node_order
from corridors.routing.integer_costs import NARROW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.routing.graph import Floats, Graph

__all__ = ["CCHEngine"]

# Above this share of the arcs a reset is faster than updating arc by arc. On 800,000 arcs the two
# take equally long at 0.8 %; where the arcs lie close together, earlier.
FEW = 0.004


class CCHEngine:
    """Whole weights whose sums stay below 31 bits.

    Queries and updaters live within one call: they belong to the thread that made them, and while
    a query lives the library refuses new weights. So none may be left to a traceback either.
    """

    name = "cch"

    def __init__(self, graph: Graph, weights: Floats) -> None:
        import routingkit_cch

        self._library: Any = routingkit_cch
        # The library takes lists faster than arrays.
        tail, head = graph.tail.tolist(), graph.head.tolist()
        self._cch = routingkit_cch.CCH(node_order(graph), tail, head, False)
        self._weights: list[int] = _narrow(weights)
        self._metric = routingkit_cch.CCHMetric(self._cch, self._weights)
        self._few = FEW * graph.n_arcs

    def update(self, changes: Mapping[int, float]) -> None:
        """Give some arcs other weights."""
        ours = self._weights
        narrow = ((arc, int(min(weight, NARROW))) for arc, weight in changes.items())
        new = {arc: weight for arc, weight in narrow if ours[arc] != weight}
        for arc, weight in new.items():
            ours[arc] = weight
        if len(new) > self._few:
            self._metric.reset(ours)
        elif new:
            self._library.CCHMetricPartialUpdater(self._cch).apply(self._metric, new)

    def reset(self, weights: Floats) -> None:
        """Give all arcs other weights."""
        self._weights = _narrow(weights)
        self._metric.reset(self._weights)

    def table(self, sources: Sequence[int], targets: Sequence[int]) -> Floats:
        """Return the least weights, infinite where there is no way."""
        found = np.empty((len(sources), len(targets)))
        query = self._library.CCHOneToMany(self._metric, list(targets))
        try:
            for n, source in enumerate(sources):
                row = query.distances_from(source)
                found[n] = [inf if weight is None else weight for weight in row]
        finally:
            del query
        return found

    def pairs(self, pairs: Sequence[tuple[int, int]]) -> Floats:
        """Return the least weight of each pair, infinite where there is no way."""
        found: list[float] = []
        query = self._library.CCHQuery(self._metric)
        result = None
        try:
            for source, target in pairs:
                result = query.run(source, target)
                weight = result.distance
                found.append(inf if weight is None else weight)
                # The library wants a result gone before the next one is asked for.
                result = None
        finally:
            del query, result
        return np.array(found, float)

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[list[int] | None]:
        """Return the arcs of a best way of each pair, None where there is none."""
        found: list[list[int] | None] = []
        query = self._library.CCHQuery(self._metric)
        result = None
        try:
            for source, target in pairs:
                result = query.run(source, target)
                found.append(None if result.distance is None else result.arc_path)
                result = None
        finally:
            del query, result
        return found


def _narrow(weights: Floats) -> list[int]:
    narrow: list[int] = np.minimum(weights, NARROW).astype(np.int64).tolist()
    return narrow
