"""The best routes of many pairs of places under many scenarios, and the way they are found."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from corridors.routing.batch import BasePaths, BatchPaths, base_paths_of, route_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridors.network.link import Link
    from corridors.routing.graph import Ints
    from corridors.routing.weighted_graph import WeightedGraph
    from corridors.scenarios.network_state import NetworkState

__all__ = ["FEW_BY_WHOLE", "BatchRoutes", "BatchSearch", "no_paths"]

# So many routes are found by what was prepared for the whole links sooner than links that are
# divided anew are prepared.
FEW_BY_WHOLE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRoutes:
    """The best routes of pairs of places under scenarios.

    Parameters
    ----------
    weighted : the graph on which they were found.
    pairs : the places of each route, stations for towns where they are.
    found : costs and arcs of each route.
    """

    weighted: WeightedGraph
    pairs: tuple[tuple[str, str], ...]
    found: BatchPaths

    def links(self, scenario: int, pair: int) -> list[tuple[Link, bool]] | None:
        """Return the links of one route with their directions, None if there is none."""
        path = self.found.paths[scenario][pair]
        return None if path is None else self.weighted.steps(path.tolist())


def no_paths(n_states: int, n_pairs: int) -> BatchPaths:
    """Return what a search of pairs under states has that finds no path at all."""
    return BatchPaths(
        costs=np.full((n_states, n_pairs), inf),
        paths=[[None] * n_pairs for _ in range(n_states)], searches=0,
    )  # fmt: skip


class BatchSearch:
    """The best paths of pairs of nodes under states of a network, by one set of modes at a time.

    Parameters
    ----------
    weighted : the graph of the network.
    """

    def __init__(self, weighted: WeightedGraph) -> None:
        self._weighted = weighted
        self._base_paths: dict[object, BasePaths] = {}

    def paths(
        self, modes: tuple[str, ...], ends: Sequence[tuple[int, int]],
        states: Sequence[NetworkState], *, progress: Callable[[int, int], None] | None = None,
    ) -> BatchPaths:  # fmt: skip
        """Return the costs and arcs of the best paths; only what a state can affect is searched.

        Parameters
        ----------
        ends : nodes from and to, for all states.
        progress : called with the number of states done and of all, where that takes long.
        """
        weighted = self._weighted
        if any(weighted.timed(state, modes) is not None for state in states):
            return self._timed(modes, ends, states)
        if weighted.whole is not None and len(states) * len(ends) <= FEW_BY_WHOLE:
            return self._by_whole(modes, ends, states)
        router = weighted.router(weighted.base_state, modes)
        changes = [weighted.changes(state, modes) for state in states]
        key = modes, tuple(ends)
        if key not in self._base_paths:
            self._base_paths[key] = base_paths_of(router, ends)
        base = self._base_paths[key]
        return route_batch(router, changes, ends, paths=True, base=base, progress=progress)

    def _timed(
        self, modes: tuple[str, ...], ends: Sequence[tuple[int, int]],
        states: Sequence[NetworkState],
    ) -> BatchPaths:  # fmt: skip
        """Return the quickest ways of pairs of nodes under each scenario, by the clock."""
        costs, paths = np.empty((len(states), len(ends))), []
        for n, state in enumerate(states):
            timed = self._weighted.timed(state, modes)
            if timed is None:
                router = self._weighted.router(state, modes)
                paths.append(router.paths(ends))
                costs[n] = [router.cost(path) for path in paths[-1]]
            else:
                paths.append([timed.path(*pair) for pair in ends])
                costs[n] = [timed.arrival(path) for path in paths[-1]]
        return BatchPaths(costs=costs, paths=paths, searches=costs.size)

    def _by_whole(
        self, modes: tuple[str, ...], ends: Sequence[tuple[int, int]],
        states: Sequence[NetworkState],
    ) -> BatchPaths:  # fmt: skip
        """Return the best ways of pairs of nodes under each scenario, by those of whole links.

        As in `route_batch`, a path stays that a scenario does not touch and that is not beaten.
        """
        base = self._weighted.finder(self._weighted.base_state, modes).paths(ends)
        base_costs = [self._cost(self._weighted.base_state, path) for path in base]
        costs, paths = np.empty((len(states), len(ends))), []
        for n, state in enumerate(states):
            arcs, _ = self._weighted.changes(state, modes)
            found, costs[n] = list(base), base_costs
            if arcs.size:
                for p, path in enumerate(self._weighted.finder(state, modes).paths(ends)):
                    known, cost = base[p], self._cost(state, path)
                    touched = known is None or np.isin(arcs, known).any()
                    if touched or cost < base_costs[p]:
                        found[p], costs[n, p] = path, cost
            paths.append(found)
        return BatchPaths(costs=costs, paths=paths, searches=costs.size)

    def _cost(self, state: NetworkState, path: Ints | None) -> float:
        """Return what a path costs under a scenario, infinite if there is none."""
        if path is None:
            return inf
        steps = self._weighted.steps(path.tolist())
        return sum(state.weight(link, forward=ahead) for link, ahead in steps)
