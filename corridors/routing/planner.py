"""The graph that questions are asked of: one for all scenarios, with arcs opened and closed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.errors import UnknownNameError
from borders.gazetteer.lookup import place
from corridors.routing import Graph, Router, scenarios as under
from corridors.scenarios.network_state import NetworkState, with_candidate_links
from corridors.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.batch import Answers
    from corridors.routing.graph import Floats, Ints
    from corridors.scenarios.terms import Terms

__all__ = ["BatchRoutes", "FoundPath", "RoutePlanner", "better"]

# On a graph of more nodes a way may cost this part more than the best one, so that hierarchies
# may answer for lengths of any fraction of a metre; no length is known so well.
LARGE, NEAR = 5000, 1e-4


class FoundPath(NamedTuple):
    """A path: its cost in the unit asked for, and its links with their directions."""

    cost: float
    steps: list[tuple[Link, bool]]


class RoutePlanner:
    """A network as a graph, under one or more scenarios.

    Link n has the arcs 2 n (forward) and 2 n + 1. A place with several layers gets two more
    nodes, one to leave from and one to arrive at, so that a route may begin on any layer and
    never changes layers for nothing.

    Attributes
    ----------
    network, standing : with what the scenarios build, and without.
    """

    def __init__(
        self, network: Network, scenarios: Sequence[Scenario], terms: Terms, *,
        engine: str = "auto",
    ) -> None:  # fmt: skip
        self.network, self.standing = with_candidate_links(network, scenarios), network
        self.terms = terms
        today = Scenario(id="", on=scenarios[0].on)
        self._today = NetworkState(self.network, today, terms)
        self.states = [self.state(s) for s in scenarios]
        self._engine = engine
        self._rank = {node: n for n, node in enumerate(self.network.nodes)}
        links = self.network.links
        tail = list(chain.from_iterable((self._rank[k.start], self._rank[k.end]) for k in links))
        head = list(chain.from_iterable((self._rank[k.end], self._rank[k.start]) for k in links))
        self._leave: dict[str, int] = {}
        self._arrive: dict[str, int] = {}
        size = len(self._rank)
        for key, nodes in self.network.layers.items():
            if len(nodes) == 1:
                self._leave[key] = self._arrive[key] = self._rank[nodes[0]]
                continue
            self._leave[key], self._arrive[key] = size, size + 1
            size += 2
            for node in nodes:
                tail += [self._leave[key], self._rank[node]]
                head += [self._rank[node], self._arrive[key]]
        self._access = len(tail) - 2 * len(links)
        self.graph = Graph(
            n_nodes=size, tail=np.array(tail, np.int32), head=np.array(head, np.int32)
        )
        self._routers: dict[tuple[str, ...], Router] = {}

    def state(self, scenario: Scenario) -> NetworkState:
        """Return a further case: parts of one of its scenarios, on the same day."""
        return NetworkState(self.network, scenario, self.terms, like=self._today)

    def costs(self, state: NetworkState, modes: Sequence[str]) -> np.ndarray:
        """Return the cost of every arc."""
        return np.array(state.costs(modes) + [0.0] * self._access)

    def _router(self, state: NetworkState, modes: tuple[str, ...]) -> Router:
        """Return the router of these modes, with the costs of a case."""
        if modes not in self._routers:
            costs = self.costs(self._today, modes)
            within = NEAR if self.graph.n_nodes > LARGE else 0.0
            self._routers[modes] = Router(self.graph, costs, engine=self._engine, within=within)
        router = self._routers[modes]
        router.change(*self._changes(state, modes))
        return router

    def _changes(
        self, state: NetworkState, modes: tuple[str, ...]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the arcs whose costs differ under a case from those of the day, and the costs."""
        if state.on != self._today.on or state.weights is not self._today.weights:
            costs, base = self.costs(state, modes), self.costs(self._today, modes)
            arcs = np.flatnonzero(costs != base)
            return arcs, costs[arcs]
        rank, links = self.network.rank, self.network.links
        which: list[int] = []
        values: list[float] = []
        for key, opens in state.forced.items():
            link = links[rank[key]]
            cost = state.weights[key] if opens and state.wanted(link, modes) else inf
            which += [2 * rank[key], 2 * rank[key] + 1]
            values += [cost, cost]
        return np.array(which, np.int64), np.array(values, float)

    def batch(
        self, pairs: Sequence[tuple[str, str]], *,
        progress: Callable[[int, int], None] | None = None,
    ) -> BatchRoutes:  # fmt: skip
        """Return the best ways of all pairs under all scenarios.

        Only what a scenario can affect is asked again. Costs are in metres, hours or US dollars a
        tonne, infinite where there is no way.
        """
        asked = [self.ends(a, b) for a, b in pairs]
        best: Answers | None = None
        for modes in self.terms.choices:
            router = self._router(self._today, modes)
            changes = [self._changes(state, modes) for state in self.states]
            best = better(best, under(router, changes, asked, paths=True, progress=progress))
        assert best is not None
        return BatchRoutes(planner=self, pairs=tuple(pairs), costs=best.costs, paths=best.paths)

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
                known = best[n]
                if path is not None and (known is None or path.cost < known.cost):
                    best[n] = path
        return best

    def _find_by(
        self, state: NetworkState, modes: tuple[str, ...], trips: Sequence[Sequence[str]]
    ) -> list[FoundPath | None]:
        """Return the best path of each trip by one set of modes.

        The best path to every layer of a stop goes on from that layer, so a trip of two stops is
        one question to the router, and one with a stop between them is two.
        """
        router = self._router(state, modes)
        here = [{self._leave[stops[0]]: FoundPath(0.0, [])} for stops in trips]
        for leg in range(1, max(map(len, trips), default=0)):
            pairs = [
                (n, tail, head)
                for n, stops in enumerate(trips)
                if leg < len(stops)
                for tail in here[n]
                for head in self._targets(stops, leg)
            ]
            there: dict[int, dict[int, FoundPath]] = {n: {} for n, _, _ in pairs}
            arcs = router.paths([(tail, head) for _, tail, head in pairs])
            for (n, tail, head), path in zip(pairs, arcs, strict=True):
                if path is None:
                    continue
                steps = self.steps(path)
                cost = here[n][tail].cost + sum(state.weights[link.id] for link, _ in steps)
                whole = FoundPath(cost, here[n][tail].steps + steps)
                known = there[n].get(head)
                # Of two equally good paths the one with fewer links changes layers less often.
                if known is None or (cost, len(whole.steps)) < (known.cost, len(known.steps)):
                    there[n][head] = whole
            for n, stops in enumerate(trips):
                if leg < len(stops):
                    here[n] = there.get(n, {})
        return [
            reached.get(self._arrive[stops[-1]]) for reached, stops in zip(here, trips, strict=True)
        ]

    def _targets(self, stops: Sequence[str], leg: int) -> list[int]:
        """Return the nodes of the graph at which a leg may end: any layer of a stop between."""
        if leg == len(stops) - 1:
            return [self._arrive[stops[-1]]]
        return [self._rank[node] for node in self.network.layers[stops[leg]]]

    def ends(self, origin: str, destination: str) -> tuple[int, int]:
        """Return the nodes of the graph to leave a place from and to arrive at another."""
        return self._leave[origin], self._arrive[destination]

    def route_on(self, router: Router, origin: str, destination: str) -> Ints | None:
        """Return the arcs of the best way on a router of this graph, None if there is none."""
        return router.paths([self.ends(origin, destination)])[0]

    def matrix(
        self, state: NetworkState, origins: Sequence[str], ends: Sequence[str]
    ) -> np.ndarray:
        """Return the costs from each origin to each end, infinite where there is no way."""
        sources = [self._leave[a] for a in origins]
        targets = [self._arrive[b] for b in ends]
        found = np.full((len(origins), len(ends)), inf)
        for modes in self.terms.choices:
            found = np.minimum(found, self._router(state, modes).costs(sources, targets))
        return found

    def from_place(
        self, state: NetworkState, origin: str, modes: tuple[str, ...]
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return what it costs to get from a place to each place and to each node."""
        router = self._router(state, modes)
        keys = list(self._arrive)
        targets = [*self._rank.values(), *(self._arrive[key] for key in keys)]
        found = router.costs([self._leave[origin]], targets)[0].tolist()
        size = len(self._rank)
        there = dict(zip(keys, found[size:], strict=True)) | {origin: 0.0}
        return there, dict(zip(self._rank, found[:size], strict=True))

    def steps(self, path: Iterable[int]) -> list[tuple[Link, bool]]:
        """Return the links of a path of arcs, each with its direction (True: forward)."""
        links = self.network.links
        return [(links[arc // 2], arc % 2 == 0) for arc in map(int, path) if arc < 2 * len(links)]

    @cached_property
    def _where(self) -> tuple[list[str], np.ndarray]:
        known = {}
        for key, nodes in self.network.layers.items():
            at = next((xy for n in nodes if (xy := self.network.nodes[n]) is not None), None)
            if at is not None:
                known[key] = at
        return list(known), np.array(list(known.values()))

    def place(self, name: str) -> str:
        """Return the place of the network that a name, in any language, or a node's id means.

        A town without any of the modes asked for stands for its station, if that has a name of its
        own: `tabriz` for `tabriz_st`.

        Raises
        ------
        UnknownNameError : no such place, or no link begins there; the message offers the nearest
            place of the network and its distance.
        """
        if isinstance(name, str) and name in self._leave:
            return self._station(name)
        try:
            found = place(name)
        except UnknownNameError as err:
            if self.network.since is not None or not isinstance(name, str):
                raise
            known = sorted(self._leave)
            more = f" and {len(known) - 8} more" if len(known) > 8 else ""
            message = (
                f"no place or node '{name[:100]}' in {self.network.name}; it has "
                f"{', '.join(known[:8])}{more}"
            )
            raise UnknownNameError(message) from err
        if found.id in self._leave:
            return self._station(found.id)
        keys, xy = self._where
        away_m = _away_m(found.lon, found.lat, xy)
        n = int(np.argmin(away_m))
        message = (
            f"'{name}' is on no link of {self.network.name}; the nearest of its places is "
            f"'{keys[n]}', {away_m[n] / 1000:,.0f} km away"
        )
        raise UnknownNameError(message)

    def _station(self, key: str) -> str:
        station = f"{key}_st"
        return station if self._served(station) and not self._served(key) else key

    def _served(self, key: str) -> bool:
        """Tell whether one of the modes asked for calls at a place, whatever scenarios build."""
        modes = {mode for choice in self.terms.choices for mode in choice}
        return self.standing.served(key, modes)

    def nearest(
        self, state: NetworkState, key: str, modes: Collection[str]
    ) -> tuple[str, float] | None:
        """Return the nearest place on links of some modes and its distance in metres.

        None if the place is on such links itself.
        """
        links = (link for link in self.network.links if link.mode in modes and state.has(link))
        served = {node.place for link in links for node in (link.start, link.end)}
        keys, xy = self._where
        if key in served or key not in keys or not served & set(keys):
            return None
        there = [n for n, one in enumerate(keys) if one in served]
        lon, lat = xy[keys.index(key)]
        away_m = _away_m(lon, lat, xy[there])
        best = int(np.argmin(away_m))
        return keys[there[best]], float(away_m[best])


def _away_m(lon: float, lat: float, xy: np.ndarray) -> np.ndarray:
    """Return the distance of each of some points from one, in metres."""
    from borders.geodesy.lonlat import WGS84

    size = len(xy)
    away: np.ndarray = WGS84.inv(np.full(size, lon), np.full(size, lat), xy[:, 0], xy[:, 1])[2]
    return away


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRoutes:
    """The best ways of pairs under scenarios.

    Parameters
    ----------
    costs : shape (scenarios, pairs), infinite where there is no way.
    paths : arcs of each way, or None.
    """

    planner: RoutePlanner
    pairs: tuple[tuple[str, str], ...]
    costs: Floats
    paths: list[list[Ints | None]]

    def links(self, scenario: int, pair: int) -> list[tuple[Link, bool]] | None:
        """Return the links of one way with their directions, None if there is none."""
        path = self.paths[scenario][pair]
        return None if path is None else self.planner.steps(path.tolist())

    def sums(self, per_link: Floats) -> Floats:
        """Return the sum of a value of the links along each way, shape (scenarios, pairs)."""
        known: dict[int, float] = {}
        found = np.full(self.costs.shape, np.nan)
        value = np.append(np.repeat(per_link, 2), np.zeros(self.planner.graph.n_arcs))
        for n, row in enumerate(self.paths):
            for p, path in enumerate(row):
                if path is not None:
                    # Scenarios that change nothing share the very same way.
                    if id(path) not in known:
                        known[id(path)] = float(value[path].sum())
                    found[n, p] = known[id(path)]
        return found


def better(one: Answers | None, two: Answers) -> Answers:
    """Return the cheaper way of each pair and scenario."""
    if one is None:
        return two
    first = one.costs <= two.costs
    paths = [
        [a if here else b for a, b, here in zip(left, right, row, strict=True)]
        for left, right, row in zip(one.paths, two.paths, first.tolist(), strict=True)
    ]
    costs = np.minimum(one.costs, two.costs)
    return replace(two, costs=costs, paths=paths, asked=one.asked + two.asked)
