"""The best routes between places of a network, through stops and by sets of modes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np

from corridors.network.compiled import CompiledNetwork, Doors
from corridors.routing.batch_routes import BatchRoutes, BatchSearch, no_paths
from corridors.routing.router import Router
from corridors.routing.stops import Stops
from corridors.routing.weighted_graph import LARGE_GRAPH_NODES, WeightedGraph, graph_of
from corridors.scenarios.network_state import NetworkState, with_candidate_links

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.divided_router import DividedRouter
    from corridors.routing.graph import Floats, Graph, Ints
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["BatchRoutes", "FoundPath", "PathTree", "RoutePlanner", "graph_of"]


class PathTree(NamedTuple):
    """The best paths from one place, in metres, hours or US dollars a tonne.

    Parameters
    ----------
    costs : of the path to each node of the graph, infinite beyond the limit.
    before : the node before each node on the way, negative for none; None on a small graph.
    entered : cost at which each link is entered, forward and backward in turn.
    arc_costs : of each link, likewise, infinite where it may not be used.
    router : what found them; None if the clock did.
    """

    costs: Floats
    before: Ints | None
    entered: Floats
    arc_costs: Floats
    router: Router | DividedRouter | None


class _PlaceIds(Sequence[str]):
    """The ids of places, made when they are asked for."""

    def __init__(self, place_of: Callable[[int], str], first: Ints) -> None:
        self._place_of, self._first = place_of, first

    @overload
    def __getitem__(self, n: int) -> str: ...
    @overload
    def __getitem__(self, n: slice) -> Sequence[str]: ...
    def __getitem__(self, n: int | slice) -> str | Sequence[str]:
        if isinstance(n, slice):
            return _PlaceIds(self._place_of, self._first[n])
        return self._place_of(int(self._first[n]))

    def __len__(self) -> int:
        return len(self._first)


class FoundPath(NamedTuple):
    """A path: its cost in metres, hours or US dollars a tonne, and its links with directions.

    A direction is True where the link is travelled forward.
    """

    cost: float
    steps: list[tuple[Link, bool]]


class RoutePlanner:
    """What finds the best routes through a network, under one or more scenarios.

    Parameters
    ----------
    whole : the planner of the same question on the network whose links are not divided.

    Attributes
    ----------
    network : with the links that one of the scenarios builds or gives another gauge.
    without_candidates : the network without them, as it was given.
    weighted : `network` as a graph, with the costs of a state.
    states : the network under each scenario.
    stops : what names mean on `network`.
    """

    def __init__(
        self, network: Network, scenarios: Sequence[Scenario], terms: Terms, *,
        engine: str = "auto", whole: RoutePlanner | None = None,
    ) -> None:  # fmt: skip
        self.network, self.without_candidates = with_candidate_links(network, scenarios), network
        self.terms = terms
        # Links of another gauge may be on layers that the other planner lacks.
        whole_graph = whole.weighted if whole is not None and self.network is network else None
        self.weighted: WeightedGraph = WeightedGraph(
            self.network, terms, scenarios[0].on, engine=engine, whole=whole_graph
        )
        self.states = [self.state(s) for s in scenarios]
        ends = self.network.ends
        self._node_index = ends.node
        self._departure, self._arrival = ends.departure, ends.arrival
        self.stops = Stops(self.network, network, terms)
        self._batches = BatchSearch(self.weighted)

    @property
    def graph(self) -> Graph:
        """Return the nodes and arcs of the network."""
        return self.weighted.graph

    def state(self, scenario: Scenario, *, like: NetworkState | None = None) -> NetworkState:
        """Return the network under a further scenario: a part of one of its own, or on another day.

        Parameters
        ----------
        like : a state of this planner whose weights serve where rates are the same.
        """
        like = like or self.weighted.base_state
        return NetworkState(self.network, scenario, self.terms, like=like)

    def steps(self, path: Iterable[int]) -> list[tuple[Link, bool]]:
        """Return the links of a path of arcs, each with its direction (True: forward)."""
        return self.weighted.steps(path)

    def batch_each(
        self, pairs: Sequence[tuple[str, str]], *,
        states: Sequence[NetworkState] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[BatchRoutes]:  # fmt: skip
        """Return the best routes of all pairs under all scenarios, by each set of modes alone.

        Of `states`, if given, instead of the planner's own. The sets are in the order of the terms.
        Only what a scenario can affect is searched for again. Costs are in metres, hours or US
        dollars a tonne, infinite where there is no route.
        By a set of modes that does not call at a town, a route begins or ends at its station.
        """
        batches, asked = [], states or self.states
        for turn, modes in enumerate(self.terms.choices):
            stations = self.stops.stations(modes, pairs)
            if any(self.serves(pair, modes) for pair in stations):
                ends = [self.ends(origin, destination) for origin, destination in stations]
                by_turn = self._progress_of(turn, progress)
                found = self._batches.paths(modes, ends, asked, progress=by_turn)
            else:
                found = no_paths(len(asked), len(pairs))
            batches.append(BatchRoutes(weighted=self.weighted, pairs=tuple(stations), found=found))
        return batches

    def _progress_of(
        self, turn: int, progress: Callable[[int, int], None] | None
    ) -> Callable[[int, int], None] | None:
        """Return what tells of one set of modes as of a part of all of them."""
        if progress is None:
            return None
        turns = len(self.terms.choices)

        def step(done: int, total: int) -> None:
            # Scenarios done: a scenario counts as done when all sets of modes are.
            progress((turn * total + done) // turns, total)

        return step

    def serves(self, places: Iterable[str], modes: Collection[str]) -> bool:
        """Tell whether links of some modes, open or not, may begin at all of some places."""
        return all(self.network.served(place, modes) for place in places)

    def find(self, state: NetworkState, stops: Sequence[str]) -> FoundPath | None:
        """Return the best path from the first of two or more places through the others.

        Of a crossing, a corridor or a link between two places the path uses one link at least.
        The whole path keeps to one set of modes, and goes on from each place by the mode and on
        the gauge it came, unless a transfer leads to another. None where there is no path.
        """
        return self.find_each(state, [stops])[0]

    def find_each(
        self, state: NetworkState, trips: Sequence[Sequence[str]]
    ) -> list[FoundPath | None]:
        """Return the best path of each of several trips; see `find`."""
        best: list[FoundPath | None] = [None] * len(trips)
        for modes in self.terms.choices:
            for n, path in enumerate(self._find_by(state, modes, trips)):
                so_far = best[n]
                if path is not None and (so_far is None or path.cost < so_far.cost):
                    best[n] = path
        return best

    def find_by(
        self, state: NetworkState, modes: tuple[str, ...], stops: Sequence[str]
    ) -> FoundPath | None:
        """Return the best path from the first stop through the others by one set of modes."""
        return self._find_by(state, modes, [stops])[0]

    def _find_by(
        self, state: NetworkState, modes: tuple[str, ...], trips: Sequence[Sequence[str]]
    ) -> list[FoundPath | None]:
        """Return the best path of each trip by one set of modes.

        A path goes on from the layer by which it reaches a stop, so for each trip the best path
        to every layer of a stop is kept. The router is asked once for each leg of the trips.
        """
        trips = [self.stops.by_modes(modes, stops) for stops in trips]
        served = [self.serves((stops[0], stops[-1]), modes) for stops in trips]
        if not any(served):
            # A hierarchy of a large graph takes seconds.
            return [None] * len(trips)
        timed = self.weighted.timed(state, modes)
        finder = self.weighted.finder(state, modes) if timed is None else None
        # For each trip: node of the graph at the present stop → the best path to it.
        reached = [{self._departure[stops[0]]: FoundPath(0.0, [])} for stops in trips]
        for leg in range(1, max(map(len, trips), default=0)):
            pairs = [
                (n, tail, to, head, last)
                for n, stops in enumerate(trips)
                if leg < len(stops)
                for to, head, last in self._targets(state, modes, stops, leg)
                for tail in reached[n]
            ]
            next_reached: dict[int, dict[int, FoundPath]] = {n: {} for n, *_ in pairs}
            if finder is not None:
                paths = finder.paths([(tail, to) for _, tail, to, _, _ in pairs])
            elif timed is not None:
                paths = [timed.path(tail, to, start_h=reached[n][tail].cost)
                         for n, tail, to, _, _ in pairs]  # fmt: skip
            for (n, tail, _, head, last), path in zip(pairs, paths, strict=True):
                if path is None:
                    continue
                steps = self.steps(path) + last
                before = reached[n][tail]
                if timed is None:
                    weights = (state.weight(link, forward=ahead) for link, ahead in steps)
                    cost = before.cost + sum(weights)
                else:
                    rank = self.network.rank
                    arcs = [2 * rank[link.id] + (not ahead) for link, ahead in steps]
                    cost = timed.arrival(np.array(arcs, np.int64), start_h=before.cost)
                whole = FoundPath(cost, before.steps + steps)
                best = next_reached[n].get(head)
                # Of two equally good paths the one with fewer links changes layers less often.
                if best is None or (cost, len(whole.steps)) < (best.cost, len(best.steps)):
                    next_reached[n][head] = whole
            for n, stops in enumerate(trips):
                if leg < len(stops):
                    reached[n] = next_reached.get(n, {})
        return [
            best_to.get(self._arrival[stops[-1]])
            for best_to, stops in zip(reached, trips, strict=True)
        ]

    def _through(
        self, state: NetworkState, modes: tuple[str, ...], links: Sequence[Link]
    ) -> list[tuple[int, int, tuple[Link, bool]]]:
        """Return node to come by, node to go on from, and link with direction, of usable links."""
        ways = []
        for link in links:
            for forward in (True, False):
                if state.wanted(link, modes) and state.usable(link, forward=forward):
                    ends = self._node_index[link.start], self._node_index[link.end]
                    tail, head = ends if forward else ends[::-1]
                    ways.append((tail, head, (link, forward)))
        return ways

    def _targets(
        self, state: NetworkState, modes: tuple[str, ...], stops: Sequence[str], leg: int
    ) -> list[tuple[int, int, list[tuple[Link, bool]]]]:
        """Return where a leg may end.

        For each: the node to find a path to, the node from which the next leg goes on, and the
        link between the two. Of a place between it is any layer, and there is no link.
        """
        if leg == len(stops) - 1:
            node = self._arrival[stops[-1]]
            return [(node, node, [])]
        links = self.stops.passage(stops[leg])
        if links:
            return [(a, b, [last]) for a, b, last in self._through(state, modes, links)]
        nodes = [self._node_index[node] for node in self.network.layers[stops[leg]]]
        return [(node, node, []) for node in nodes]

    def ends(self, origin: str, destination: str) -> tuple[int, int]:
        """Return the nodes of the graph to depart from at one place and to arrive at in another."""
        return self._departure[origin], self._arrival[destination]

    def path_on(self, router: Router, origin: str, destination: str) -> Ints | None:
        """Return the arcs of the best path on a router of this graph, None if there is none."""
        return router.paths([self.ends(origin, destination)])[0]

    def matrix(
        self, state: NetworkState, origins: Sequence[str], destinations: Sequence[str]
    ) -> np.ndarray:
        """Return the costs from each origin to each destination, infinite where there is no route.

        In metres, hours or US dollars a tonne, shape (origins, destinations).
        """
        costs = np.full((len(origins), len(destinations)), inf)
        for modes in self.terms.choices:
            ends = [
                [self.stops.station(place, modes) for place in side]
                for side in (origins, destinations)
            ]
            sources = [self._departure[a] for a in ends[0]]
            targets = [self._arrival[b] for b in ends[1]]
            if all(any(self.serves((place,), modes) for place in side) for side in ends):
                timed = self.weighted.timed(state, modes)
                if timed is None:
                    by_modes = self.weighted.router(state, modes).costs(sources, targets)
                else:
                    by_modes = np.array([timed.arrivals(node)[0][targets] for node in sources])
                costs = np.minimum(costs, by_modes)
        for n, origin in enumerate(origins):
            for m, destination in enumerate(destinations):
                if origin == destination:
                    costs[n, m] = 0.0
        return costs

    def tree(
        self, state: NetworkState, origin: str, modes: tuple[str, ...], limit: float
    ) -> PathTree:
        """Return what the best paths from a place within a limit cost by one set of modes.

        It is one search, whatever the number of places.
        """
        start = self._departure[self.stops.station(origin, modes)]
        n_arcs = 2 * len(self.network.links)
        ends = self.network.ends
        tails = np.stack([ends.start, ends.end], axis=1).ravel()
        timed = self.weighted.timed(state, modes)
        if timed is not None:
            costs, _ = timed.arrivals(start)
            entered = costs[tails]
            # By the clock a link is entered when it has opened.
            for arc in timed.gates:
                entered[arc] += timed.waits_h(arc, float(entered[arc]))
            costs = np.where(costs > limit, inf, costs)
            return PathTree(costs, None, entered, timed.hours[:n_arcs], None)
        if isinstance(self.network, CompiledNetwork) or self.graph.n_nodes > LARGE_GRAPH_NODES:
            # One search does not pay for a hierarchy.
            finder = self.weighted.finder(state, modes)
            costs, before = finder.tree(start, limit)
            return PathTree(costs, before, costs[tails], finder.present[:n_arcs], finder)
        arc_costs = self.weighted.costs(state, modes)
        nodes = np.arange(self.graph.n_nodes)
        router = Router(self.graph, arc_costs, engine="python")
        costs = router.costs([start], nodes)[0]  # type: ignore[arg-type]
        costs[costs > limit] = inf
        return PathTree(costs, None, costs[tails], arc_costs[:n_arcs], router)

    def costs_from(
        self, state: NetworkState, origin: str, modes: tuple[str, ...]
    ) -> tuple[dict[str, float], Floats, Floats]:
        """Return what the best paths from a place cost by one set of modes.

        Returns
        -------
        Place → cost of the path to it; cost at which each link is entered, forward and backward in
        turn; cost of each link, likewise, infinite where it may not be used.
        """
        tree = self.tree(state, origin, modes, inf)
        keys, nodes = self.arrivals, self.arrivals_by(modes)
        costs = dict(zip(keys, tree.costs[nodes].tolist(), strict=True)) | {origin: 0.0}
        return costs, tree.entered, tree.arc_costs

    @cached_property
    def arrivals(self) -> Sequence[str]:
        """Return the places."""
        if isinstance(self._arrival, Doors):
            return _PlaceIds(self._arrival.place_of, self._arrival.each[0])
        return list(self._arrival)

    def arrivals_by(self, modes: tuple[str, ...]) -> Ints:
        """Return the node of the graph at which routes by some modes arrive at each place."""
        if isinstance(self._arrival, Doors):
            return self._arrival.each[1]
        stations = (self._arrival[self.stops.station(key, modes)] for key in self._arrival)
        return np.fromiter(stations, np.int64, len(self._arrival))
