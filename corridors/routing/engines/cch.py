"""Customizable contraction hierarchies: prepared once, after which new costs take milliseconds.

Source: J. Dibbelt, B. Strasser, D. Wagner (2016), Customizable contraction hierarchies, ACM
Journal of Experimental Algorithmics 21, https://doi.org/10.1145/2886843; RoutingKit (BSD-2).
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.routing.engines.node_order import node_order
from corridors.routing.integer_costs import INF_WEIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.routing.graph import Floats, Graph

__all__ = ["CCHEngine"]

# Above this share of the arcs a reset is faster than updating arc by arc. On 800,000 arcs the two
# take equally long at 0.8 %; where the arcs lie close together, earlier.
MAX_UPDATED_SHARE = 0.004


class CCHEngine:
    """Whole weights whose sums stay below 31 bits.

    Queries and updaters live within one call: they belong to the thread that made them, and while
    a query exists the library refuses new weights. So each is deleted in a `finally`: otherwise
    the traceback of an interrupted call would keep it.
    """

    name = "cch"

    def __init__(self, graph: Graph, weights: Floats) -> None:
        import routingkit_cch

        self._library: Any = routingkit_cch
        # The library takes lists faster than arrays.
        tail, head = graph.tail.tolist(), graph.head.tolist()
        self._cch = routingkit_cch.CCH(node_order(graph), tail, head, False)
        self._weights: list[int] = _narrow_weights(weights)
        self._metric = routingkit_cch.CCHMetric(self._cch, self._weights)
        self._most_updated = MAX_UPDATED_SHARE * graph.n_arcs

    def update(self, changes: Mapping[int, float]) -> None:
        """Give some arcs other weights."""
        weights = self._weights
        narrow = ((arc, int(min(weight, INF_WEIGHT))) for arc, weight in changes.items())
        new = {arc: weight for arc, weight in narrow if weights[arc] != weight}
        for arc, weight in new.items():
            weights[arc] = weight
        if len(new) > self._most_updated:
            self._metric.reset(weights)
        elif new:
            self._library.CCHMetricPartialUpdater(self._cch).apply(self._metric, new)

    def reset(self, weights: Floats) -> None:
        """Give all arcs other weights."""
        self._weights = _narrow_weights(weights)
        self._metric.reset(self._weights)

    def table(self, sources: Sequence[int], targets: Sequence[int]) -> Floats:
        """Return the least weights, infinite where there is no path."""
        table = np.empty((len(sources), len(targets)))
        query = self._library.CCHOneToMany(self._metric, list(targets))
        try:
            for n, source in enumerate(sources):
                row = query.distances_from(source)
                table[n] = [inf if weight is None else weight for weight in row]
        finally:
            del query
        return table

    def pairs(self, pairs: Sequence[tuple[int, int]]) -> Floats:
        """Return the least weight of each pair, infinite where there is no path."""
        weights: list[float] = []
        query = self._library.CCHQuery(self._metric)
        result = None
        try:
            for source, target in pairs:
                result = query.run(source, target)
                weight = result.distance
                weights.append(inf if weight is None else weight)
                # The library refuses the next run while a result exists.
                result = None
        finally:
            del query, result
        return np.array(weights, float)

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[list[int] | None]:
        """Return the arcs of a best path of each pair, None where there is none."""
        paths: list[list[int] | None] = []
        query = self._library.CCHQuery(self._metric)
        result = None
        try:
            for source, target in pairs:
                result = query.run(source, target)
                paths.append(None if result.distance is None else result.arc_path)
                result = None
        finally:
            del query, result
        return paths


def _narrow_weights(weights: Floats) -> list[int]:
    """Return weights as integers of 31 bits, closed arcs as `INF_WEIGHT`."""
    narrow: list[int] = np.minimum(weights, INF_WEIGHT).astype(np.int64).tolist()
    return narrow
