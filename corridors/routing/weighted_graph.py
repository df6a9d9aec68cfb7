"""The graph of a network, weighted by its states, and what finds paths on it."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from borders.recurring import near_year
from corridors.network.compiled import CompiledNetwork
from corridors.routing.divided_router import DividedRouter, divided_router
from corridors.routing.graph import Graph
from corridors.routing.router import Router
from corridors.routing.timed import TimedSearch
from corridors.scenarios.network_state import NetworkState
from corridors.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.graph import Floats, Ints
    from corridors.scenarios.terms import Terms

__all__ = ["KEPT_WEIGHTS", "LARGE_GRAPH_NODES", "TOLERANCE", "WeightedGraph", "graph_of"]

# On a graph of more nodes a path may cost this part more than the best one, so that hierarchies
# can search though lengths are no whole numbers of a unit; no length is known so well.
LARGE_GRAPH_NODES, TOLERANCE = 5000, 1e-4
# So many weights of links are kept, for states that differ in what they open alone.
KEPT_WEIGHTS = 200_000


def graph_of(network: Network) -> Graph:
    """Return the arcs of links, forward and backward in turn, then to and from layers of places."""
    ends = network.ends
    tail = np.concatenate([np.stack([ends.start, ends.end], axis=1).ravel(), ends.access[0]])
    head = np.concatenate([np.stack([ends.end, ends.start], axis=1).ravel(), ends.access[1]])
    lon, lat = (None, None) if ends.xy is None else ends.xy.T
    return Graph(n_nodes=ends.size, tail=tail, head=head, lon=lon, lat=lat, order=ends.order)


class WeightedGraph:
    """A network as a graph whose arcs cost what a state of the network says.

    Link n has the arcs 2 n (forward) and 2 n + 1 (backward). A place with several layers gets two
    more nodes, one to depart from and one to arrive at, so that a route may begin and end on any
    layer and cannot change layers at a place without a transfer.

    Parameters
    ----------
    on : day of the state without a scenario, which the others are compared with.
    engine : that searches; see `Router`.
    whole : the graph of the same question on the network whose links are not divided, if some are.

    Attributes
    ----------
    base_state : the network without a scenario.
    """

    def __init__(
        self, network: Network, terms: Terms, on: date | None, *,
        engine: str = "auto", whole: WeightedGraph | None = None,
    ) -> None:  # fmt: skip
        self.network, self.terms, self.whole = network, terms, whole
        self.base_state = NetworkState(network, Scenario(id="", on=on), terms)
        self._engine = engine
        self._routers: dict[tuple[str, ...], Router] = {}
        # The last search by the clock, with its state and modes: one question asks many times.
        self._last_timed: tuple[NetworkState, tuple[str, ...], TimedSearch | None] | None = None
        self._base_costs: dict[tuple[str, ...], Floats] = {}
        # Weights other than the base's, and by set of modes the arcs that differ, with their costs.
        self._weights: dict[int, tuple[object, dict[tuple[str, ...], tuple[Ints, Floats]]]] = {}

    @cached_property
    def graph(self) -> Graph:
        """Return the nodes and arcs of the network."""
        return graph_of(self.network)

    def costs(self, state: NetworkState, modes: Sequence[str]) -> Floats:
        """Return the cost of every arc in metres, hours or US dollars a tonne, shape (n_arcs,)."""
        return np.concatenate([state.costs(modes), np.zeros(len(self.network.ends.access[0]))])

    def unwaited(self, state: NetworkState, modes: Sequence[str]) -> Floats:
        """Return the costs of `costs`, by the clock also of links that are closed at the time.

        One may wait there; no way takes less than by these costs.
        """
        costs = self.costs(state, modes)
        if self.terms.by_clock:
            for arc in state.gates(modes):
                link = self.network.links[arc // 2]
                costs[arc] = state.weight(link, forward=arc % 2 == 0)
        return costs

    def router(self, state: NetworkState, modes: tuple[str, ...]) -> Router:
        """Return the router of these modes, with the costs of a state."""
        if modes not in self._routers:
            costs = self._costs_of_base(modes)
            within = TOLERANCE if self.graph.n_nodes > LARGE_GRAPH_NODES else 0.0
            self._routers[modes] = Router(self.graph, costs, engine=self._engine, within=within)
        router = self._routers[modes]
        router.change(*self.changes(state, modes))
        return router

    def finder(self, state: NetworkState, modes: tuple[str, ...]) -> Router | DividedRouter:
        """Return what finds paths with the costs of a state.

        Where links are divided, that of the whole links does, which need not be prepared anew.
        """
        if self.whole is None:
            return self.router(state, modes)
        assert isinstance(self.network, CompiledNetwork)
        router = self.whole.router(self.whole.base_state, modes)
        n_links = len(self.whole.network.links)
        changes = self.changes(state, modes)
        return divided_router(router, self.network, state, modes, changes, n_links)

    def timed(self, state: NetworkState, modes: tuple[str, ...]) -> TimedSearch | None:
        """Return what searches by the clock; None where the quickest way does not depend on it."""
        at = self.terms.at
        if at is None or self.terms.by != "hours":
            return None
        last = self._last_timed
        if last is None or last[0] is not state or last[1] != modes:
            gates = state.gates(modes)
            search = None
            if gates:
                hours = self.unwaited(state, modes)
                leaves = near_year(datetime.combine(state.on, at))
                search = TimedSearch(self.graph, hours, gates, leaves)
            last = self._last_timed = (state, modes, search)
        return last[2]

    def changes(self, state: NetworkState, modes: tuple[str, ...]) -> tuple[Ints, Floats]:
        """Return the arcs whose costs differ from those without a scenario, and their costs."""
        rank, links = self.network.rank, self.network.links
        dearer, dearer_costs = self._reweighted(state, modes)
        keys = dict.fromkeys((*state.forced, *state.hours_set))
        if state.on != self.base_state.on:
            keys |= dict.fromkeys(self.network.dated_links)
        changed: list[int] = []
        values: list[float] = []
        for key in keys:
            link = links[rank[key]]
            wanted = state.wanted(link, modes)
            changed += [2 * rank[key], 2 * rank[key] + 1]
            values += [
                state.weight(link, forward=forward)
                if wanted and state.usable(link, forward=forward)
                else inf
                for forward in (True, False)
            ]
        # Of an arc named twice the last cost counts, so what is open follows the other weights.
        return (
            np.concatenate([dearer, np.array(changed, np.int64)]),
            np.concatenate([dearer_costs, np.array(values, float)]),
        )

    def _reweighted(self, state: NetworkState, modes: tuple[str, ...]) -> tuple[Ints, Floats]:
        """Return the arcs that cost otherwise by the weights of a state, whatever it opens."""
        weights, base = state.weights, self.base_state
        if weights is base.weights:
            return np.empty(0, np.int64), np.empty(0)
        if id(weights) not in self._weights:
            if len(self._weights) >= max(1, KEPT_WEIGHTS // len(self.network.links)):
                del self._weights[next(iter(self._weights))]
            # The weights are kept with what is known of them, so that no others get their id.
            self._weights[id(weights)] = weights, {}
        known = self._weights[id(weights)][1]
        if modes not in known:
            costs = self.costs(base.with_weights_of(state), modes)
            arcs = np.flatnonzero(costs != self._costs_of_base(modes))
            known[modes] = arcs, costs[arcs]
        return known[modes]

    def _costs_of_base(self, modes: tuple[str, ...]) -> Floats:
        """Return the costs of the arcs without a scenario."""
        if modes not in self._base_costs:
            self._base_costs[modes] = self.costs(self.base_state, modes)
        return self._base_costs[modes]

    def steps(self, path: Iterable[int]) -> list[tuple[Link, bool]]:
        """Return the links of a path of arcs, each with its direction (True: forward)."""
        links = self.network.links
        return [(links[arc // 2], arc % 2 == 0) for arc in map(int, path) if arc < 2 * len(links)]
