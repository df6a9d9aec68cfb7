"""The network as one graph for all scenarios, and the searches for routes on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.errors import UnknownNameError
from borders.gazetteer.lookup import place
from corridors.routing import BatchPaths, Graph, Router, route_batch
from corridors.scenarios.network_state import NetworkState, with_candidate_links
from corridors.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.graph import Floats, Ints
    from corridors.scenarios.terms import Terms

__all__ = ["BatchRoutes", "FoundPath", "RoutePlanner"]

# On a graph of more nodes a path may cost this part more than the best one, so that hierarchies
# can search though lengths are no whole numbers of a unit; no length is known so well.
LARGE_GRAPH_NODES, TOLERANCE = 5000, 1e-4


class FoundPath(NamedTuple):
    """A path: its cost in metres, hours or US dollars a tonne, and its links with directions.

    A direction is True where the link is travelled forward.
    """

    cost: float
    steps: list[tuple[Link, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRoutes:
    """The best routes of pairs of places under scenarios.

    Parameters
    ----------
    costs : shape (scenarios, pairs), infinite where there is no route.
    paths : arcs of each route, or None.
    """

    planner: RoutePlanner
    pairs: tuple[tuple[str, str], ...]
    costs: Floats
    paths: list[list[Ints | None]]

    def links(self, scenario: int, pair: int) -> list[tuple[Link, bool]] | None:
        """Return the links of one route with their directions, None if there is none."""
        path = self.paths[scenario][pair]
        return None if path is None else self.planner.steps(path.tolist())

    def sums(self, per_link: Floats) -> Floats:
        """Return the sum of a value of the links along each route, shape (scenarios, pairs).

        Parameters
        ----------
        per_link : a value of each link of the planner's network, shape (n_links,).
        """
        sum_of: dict[int, float] = {}
        sums = np.full(self.costs.shape, np.nan)
        per_arc = np.append(np.repeat(per_link, 2), np.zeros(self.planner.graph.n_arcs))
        for n, row in enumerate(self.paths):
            for p, path in enumerate(row):
                if path is not None:
                    # Scenarios that do not change a path share the same array.
                    if id(path) not in sum_of:
                        sum_of[id(path)] = float(per_arc[path].sum())
                    sums[n, p] = sum_of[id(path)]
        return sums


class RoutePlanner:
    """A network as a graph, under one or more scenarios.

    Link n has the arcs 2 n (forward) and 2 n + 1 (backward). A place with several layers gets two
    more nodes, one to depart from and one to arrive at, so that a route may begin and end on any
    layer and cannot change layers at a place without a transfer.

    Attributes
    ----------
    network : with the links that one of the scenarios builds or gives another gauge.
    without_candidates : the network without them, as it was given.
    states : the network under each scenario.
    graph : nodes and arcs of `network`.
    """

    def __init__(
        self, network: Network, scenarios: Sequence[Scenario], terms: Terms, *,
        engine: str = "auto",
    ) -> None:  # fmt: skip
        self.network, self.without_candidates = with_candidate_links(network, scenarios), network
        self.terms = terms
        no_changes = Scenario(id="", on=scenarios[0].on)
        self._base_state = NetworkState(self.network, no_changes, terms)
        self.states = [self.state(s) for s in scenarios]
        self._engine = engine
        self._node_index = {node: n for n, node in enumerate(self.network.nodes)}
        links = self.network.links
        index = self._node_index
        tail = list(chain.from_iterable((index[k.start], index[k.end]) for k in links))
        head = list(chain.from_iterable((index[k.end], index[k.start]) for k in links))
        self._departure: dict[str, int] = {}
        self._arrival: dict[str, int] = {}
        size = len(self._node_index)
        for key, nodes in self.network.layers.items():
            if len(nodes) == 1:
                self._departure[key] = self._arrival[key] = index[nodes[0]]
                continue
            self._departure[key], self._arrival[key] = size, size + 1
            size += 2
            for node in nodes:
                tail += [self._departure[key], index[node]]
                head += [index[node], self._arrival[key]]
        self._n_access_arcs = len(tail) - 2 * len(links)
        self.graph = Graph(
            n_nodes=size, tail=np.array(tail, np.int32), head=np.array(head, np.int32)
        )
        self._routers: dict[tuple[str, ...], Router] = {}

    def state(self, scenario: Scenario) -> NetworkState:
        """Return the network under a further scenario, a part of one of its own, on their day."""
        return NetworkState(self.network, scenario, self.terms, like=self._base_state)

    def costs(self, state: NetworkState, modes: Sequence[str]) -> np.ndarray:
        """Return the cost of every arc in metres, hours or US dollars a tonne, shape (n_arcs,)."""
        return np.array(state.costs(modes) + [0.0] * self._n_access_arcs)

    def _router(self, state: NetworkState, modes: tuple[str, ...]) -> Router:
        """Return the router of these modes, with the costs of a state."""
        if modes not in self._routers:
            costs = self.costs(self._base_state, modes)
            within = TOLERANCE if self.graph.n_nodes > LARGE_GRAPH_NODES else 0.0
            self._routers[modes] = Router(self.graph, costs, engine=self._engine, within=within)
        router = self._routers[modes]
        router.change(*self.changes(state, modes))
        return router

    def changes(self, state: NetworkState, modes: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Return the arcs whose costs differ from those without a scenario, and their costs."""
        if state.on != self._base_state.on or state.weights is not self._base_state.weights:
            costs, base = self.costs(state, modes), self.costs(self._base_state, modes)
            arcs = np.flatnonzero(costs != base)
            return arcs, costs[arcs]
        rank, links = self.network.rank, self.network.links
        changed: list[int] = []
        values: list[float] = []
        for key, opens in state.forced.items():
            link = links[rank[key]]
            cost = state.weights[key] if opens and state.wanted(link, modes) else inf
            changed += [2 * rank[key], 2 * rank[key] + 1]
            values += [cost, cost]
        return np.array(changed, np.int64), np.array(values, float)

    def batch(
        self, pairs: Sequence[tuple[str, str]], *,
        progress: Callable[[int, int], None] | None = None,
    ) -> BatchRoutes:  # fmt: skip
        """Return the best routes of all pairs under all scenarios.

        Only what a scenario can affect is searched for again. Costs are in metres, hours or US
        dollars a tonne, infinite where there is no route.
        """
        ends = [self.ends(origin, destination) for origin, destination in pairs]
        best: BatchPaths | None = None
        for turn, modes in enumerate(self.terms.choices):
            router = self._router(self._base_state, modes)
            changes = [self.changes(state, modes) for state in self.states]
            by_modes = route_batch(
                router, changes, ends, paths=True, progress=self._progress_of(turn, progress)
            )
            best = by_modes if best is None else _cheaper(best, by_modes)
        assert best is not None
        return BatchRoutes(planner=self, pairs=tuple(pairs), costs=best.costs, paths=best.paths)

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

    def find(self, state: NetworkState, stops: Sequence[str]) -> FoundPath | None:
        """Return the best path from the first of two or more places through the others.

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

    def _find_by(
        self, state: NetworkState, modes: tuple[str, ...], trips: Sequence[Sequence[str]]
    ) -> list[FoundPath | None]:
        """Return the best path of each trip by one set of modes.

        A path goes on from the layer by which it reaches a stop, so for each trip the best path
        to every layer of a stop is kept. The router is asked once for each leg of the trips.
        """
        router = self._router(state, modes)
        # For each trip: node of the graph at the present stop → the best path to it.
        reached = [{self._departure[stops[0]]: FoundPath(0.0, [])} for stops in trips]
        for leg in range(1, max(map(len, trips), default=0)):
            pairs = [
                (n, tail, head)
                for n, stops in enumerate(trips)
                if leg < len(stops)
                for tail in reached[n]
                for head in self._targets(stops, leg)
            ]
            next_reached: dict[int, dict[int, FoundPath]] = {n: {} for n, _, _ in pairs}
            paths = router.paths([(tail, head) for _, tail, head in pairs])
            for (n, tail, head), path in zip(pairs, paths, strict=True):
                if path is None:
                    continue
                steps = self.steps(path)
                before = reached[n][tail]
                cost = before.cost + sum(state.weights[link.id] for link, _ in steps)
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

    def _targets(self, stops: Sequence[str], leg: int) -> list[int]:
        """Return the nodes of the graph at which a leg may end: any layer of a stop between."""
        if leg == len(stops) - 1:
            return [self._arrival[stops[-1]]]
        return [self._node_index[node] for node in self.network.layers[stops[leg]]]

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
        sources = [self._departure[a] for a in origins]
        targets = [self._arrival[b] for b in destinations]
        costs = np.full((len(origins), len(destinations)), inf)
        for modes in self.terms.choices:
            costs = np.minimum(costs, self._router(state, modes).costs(sources, targets))
        return costs

    def costs_from(
        self, state: NetworkState, origin: str, modes: tuple[str, ...]
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return place → cost and node → cost of the best path from a place by one set of modes."""
        router = self._router(state, modes)
        keys = list(self._arrival)
        targets = [*self._node_index.values(), *(self._arrival[key] for key in keys)]
        costs = router.costs([self._departure[origin]], targets)[0].tolist()
        n_nodes = len(self._node_index)
        to_places = dict(zip(keys, costs[n_nodes:], strict=True)) | {origin: 0.0}
        return to_places, dict(zip(self._node_index, costs[:n_nodes], strict=True))

    def steps(self, path: Iterable[int]) -> list[tuple[Link, bool]]:
        """Return the links of a path of arcs, each with its direction (True: forward)."""
        links = self.network.links
        return [(links[arc // 2], arc % 2 == 0) for arc in map(int, path) if arc < 2 * len(links)]

    @cached_property
    def _positions(self) -> tuple[list[str], np.ndarray]:
        """Return the places with a known position, and their lon/lat, shape (n, 2)."""
        xy_of = {}
        for key, nodes in self.network.layers.items():
            position = next((xy for n in nodes if (xy := self.network.nodes[n]) is not None), None)
            if position is not None:
                xy_of[key] = position
        return list(xy_of), np.array(list(xy_of.values()))

    def place(self, name: str) -> str:
        """Return the place of the network that a name, in any language, or a node's id means.

        A town without any of the modes asked for stands for its station, if that has a name of its
        own: `tabriz` for `tabriz_st`.

        Raises
        ------
        UnknownNameError : no such place, or no link begins there; the message offers the nearest
            place of the network and its distance.
        """
        if isinstance(name, str) and name in self._departure:
            return self._station(name)
        try:
            known_place = place(name)
        except UnknownNameError as err:
            if self.network.since is not None or not isinstance(name, str):
                raise
            places = sorted(self._departure)
            rest = f" and {len(places) - 8} more" if len(places) > 8 else ""
            message = (
                f"no place or node '{name[:100]}' in {self.network.name}; it has "
                f"{', '.join(places[:8])}{rest}"
            )
            raise UnknownNameError(message) from err
        if known_place.id in self._departure:
            return self._station(known_place.id)
        keys, xy = self._positions
        distances_m = _distances_m(known_place.lon, known_place.lat, xy)
        n = int(np.argmin(distances_m))
        message = (
            f"'{name}' is on no link of {self.network.name}; the nearest of its places is "
            f"'{keys[n]}', {distances_m[n] / 1000:,.0f} km away"
        )
        raise UnknownNameError(message)

    def _station(self, key: str) -> str:
        """Return the station of a town, `KEY_st`, where only that has the modes asked for."""
        station = f"{key}_st"
        return station if self._served(station) and not self._served(key) else key

    def _served(self, key: str) -> bool:
        """Tell whether one of the modes asked for calls at a place, whatever scenarios build."""
        modes = {mode for choice in self.terms.choices for mode in choice}
        return self.without_candidates.served(key, modes)

    def nearest(
        self, state: NetworkState, key: str, modes: Collection[str]
    ) -> tuple[str, float] | None:
        """Return the nearest place on links of some modes and its distance in metres.

        None if the place is on such links itself.
        """
        links = (link for link in self.network.links if link.mode in modes and state.has(link))
        served = {node.place for link in links for node in (link.start, link.end)}
        keys, xy = self._positions
        if key in served or key not in keys or not served & set(keys):
            return None
        candidates = [n for n, place_id in enumerate(keys) if place_id in served]
        lon, lat = xy[keys.index(key)]
        distances_m = _distances_m(lon, lat, xy[candidates])
        nearest = int(np.argmin(distances_m))
        return keys[candidates[nearest]], float(distances_m[nearest])


def _cheaper(first: BatchPaths, second: BatchPaths) -> BatchPaths:
    """Return the cheaper path of each pair and scenario, the first where both cost the same."""
    take_first = first.costs <= second.costs
    paths = [
        [a if use_a else b for a, b, use_a in zip(row_a, row_b, row, strict=True)]
        for row_a, row_b, row in zip(first.paths, second.paths, take_first.tolist(), strict=True)
    ]
    return BatchPaths(
        costs=np.minimum(first.costs, second.costs),
        paths=paths,
        searches=first.searches + second.searches,
    )


def _distances_m(lon: float, lat: float, xy: np.ndarray) -> np.ndarray:
    """Return the geodesic distance of each of some points from one point, in metres."""
    from borders.geodesy.lonlat import WGS84

    size = len(xy)
    ends = xy[:, 0], xy[:, 1]
    distances_m: np.ndarray = WGS84.inv(np.full(size, lon), np.full(size, lat), *ends)[2]
    return distances_m
