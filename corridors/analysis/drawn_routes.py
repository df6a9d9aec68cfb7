"""The best routes of pairs under scenarios, in every draw of lengths, speeds and delays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from borders.errors import AraxesError
from borders.recurring import near_year
from corridors.analysis.draws import DrawnCosts
from corridors.routing.drawn_paths import DrawnPaths, drawn_paths
from corridors.routing.reduced_graph import reduced
from corridors.routing.timed import TimedSearch, wait_after

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from borders.recurring import Hours
    from corridors.analysis.draws import Draws
    from corridors.routing.graph import Bools, Floats
    from corridors.routing.planner import RoutePlanner
    from corridors.routing.reduced_graph import ReducedGraph
    from corridors.scenarios.network_state import NetworkState

__all__ = ["DrawnRoutes", "RoutesByDraw"]

# Costs of more links than this in a block of draws take over a gigabyte.
MOST_LINKS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRoutes:
    """The best routes of a pair under a scenario by one set of modes, in a block of the draws.

    Parameters
    ----------
    scenario, pair, choice : positions among the planner's scenarios, the pairs, and the sets of
        modes of the terms.
    found : paths as arcs; `RoutePlanner.steps` gives their links.
    state : the network under the scenario.
    ends : nodes of the planner's graph.
    """

    scenario: int
    pair: int
    choice: int
    found: DrawnPaths
    state: NetworkState
    ends: tuple[int, int]


class RoutesByDraw:
    """The best routes of pairs under all scenarios of a planner, by draw; each draw is exact.

    The best path is searched for anew in every draw, under every scenario and by every set of
    modes; all scenarios share the draws. What no path between the places can use is left out.

    Parameters
    ----------
    planner : network, scenarios and terms.
    pairs : ids of places, as `resolve_stops` gives them.
    states : the network under each scenario, instead of the planner's own.
    """

    def __init__(
        self,
        planner: RoutePlanner,
        pairs: Sequence[tuple[str, str]],
        draws: Draws,
        *,
        states: Sequence[NetworkState] | None = None,
    ) -> None:
        self.planner, self.pairs, self.draws = planner, tuple(pairs), draws
        self.states = tuple(states or planner.states)
        self._parts = [_Part(self, modes) for modes in planner.terms.choices]

    def block(self, k: int) -> list[DrawnRoutes]:
        """Return the routes in block k of the draws, by scenario, pair and set of modes."""
        return [
            DrawnRoutes(
                scenario=s, pair=p, choice=c, found=part.by_clock(s, p, found, k),
                state=self.states[s], ends=part.ends[p],
            )
            for c, part in enumerate(self._parts)
            for s in range(len(self.states))
            for p, found in enumerate(part.paths(s, k))
        ]  # fmt: skip

    def least(self) -> Floats:
        """Return the least cost of each scenario, pair and draw, by the best set of modes.

        Returns
        -------
        Metres, hours or US dollars a tonne, infinite where there is no route; shape (scenarios,
        pairs, draws). By hours with a time of departure, with waits before closed links.
        """
        least = np.full((len(self.states), len(self.pairs), self.draws.n), np.inf)
        for k in range(self.draws.n_blocks):
            draws = self.draws.block(k)
            for routes in self.block(k):
                so_far = least[routes.scenario, routes.pair, draws.start : draws.stop]
                np.minimum(so_far, routes.found.costs, out=so_far)
        return least

    def sums(
        self, k: int, routes: Sequence[DrawnRoutes], bys: Sequence[str] = ("km", "hours", "cost")
    ) -> list[list[Floats]]:
        """Return metres, hours and US dollars a tonne of routes of block k, NaN where none is.

        What is drawn is drawn for the links of these routes alone. For each route a list by `bys`.
        With a time of departure the hours hold the waits before closed links.
        """
        paths = [path for each in routes for path in each.found.paths]
        of_links = 2 * len(self.planner.network.links)
        used = {arc // 2 for path in paths for arc in path if arc < of_links}
        links = np.array(sorted(used), np.int64)
        row_of = {n: 2 * row for row, n in enumerate(links.tolist())}
        drawn: dict[int, DrawnCosts] = {}
        sums: list[list[Floats]] = []
        for each in routes:
            if each.scenario not in drawn:
                like = drawn.get(0, next(iter(drawn.values()), None))
                state = self.states[each.scenario]
                drawn[each.scenario] = DrawnCosts(state, self.draws, only=links, like=like)
            rows_of = [
                [row_of[arc // 2] + arc % 2 for arc in path if arc < of_links]
                for path in each.found.paths
            ]
            draws_of = [np.flatnonzero(each.found.which == n) for n in range(len(rows_of))]
            sums.append([])
            for by in bys:
                costs = drawn[each.scenario].costs(by, k)
                of_draws = np.full(len(each.found.which), np.nan)
                for path, rows, draws in zip(each.found.paths, rows_of, draws_of, strict=True):
                    of_path = costs[rows][:, draws]
                    of_draws[draws] = of_path.sum(axis=0)
                    if by == "hours":
                        links_of = [arc for arc in path if arc < of_links]
                        gates = self._parts[each.choice].gates[each.scenario]
                        of_draws[draws] += _waits(links_of, of_path, gates, each.state)
                sums[-1].append(of_draws)
        return sums


class _Part:
    """The pairs by one set of modes: what is left of the graph, and its drawn costs."""

    def __init__(self, whole: RoutesByDraw, modes: tuple[str, ...]) -> None:
        planner, states, draws = whole.planner, whole.states, whole.draws
        self._by = planner.terms.by
        ends = [planner.ends(*pair) for pair in planner.stops.stations(modes, whole.pairs)]
        usable = [np.isfinite(planner.weighted.unwaited(state, modes)) for state in states]
        self._planner, self._states = planner, states
        self.gates = [_gates(state, modes) for state in states]
        terminals = {node for pair in ends for node in pair}
        self._graph: ReducedGraph = reduced(
            planner.graph, np.flatnonzero(np.any(usable, axis=0)), terminals
        )
        arcs = self._graph.arcs
        self._of_links = arcs < 2 * len(planner.network.links)
        links, place = np.unique(arcs[self._of_links] // 2, return_inverse=True)
        if links.size > MOST_LINKS:
            message = (
                f"draws of {links.size:,} links take too much memory, at most {MOST_LINKS:,} may "
                "lie between the places: cut the network to their region, or ask without draws"
            )
            raise AraxesError(message)
        # Row of each arc among the costs of these links.
        self._rows = 2 * place + arcs[self._of_links] % 2
        self._closed = [self._graph.closed(~mask[arcs]) for mask in usable]
        first = DrawnCosts(states[0], draws, only=links)
        others = (DrawnCosts(state, draws, only=links, like=first) for state in states[1:])
        self._drawn = [first, *others]
        self.ends = ends
        # Of one block of the draws: the summed costs, and the paths of each state of the network.
        self._block = -1
        self._summed: dict[int, Floats] = {}
        self._paths: dict[tuple[int, bytes], list[DrawnPaths]] = {}

    def paths(self, scenario: int, k: int) -> list[DrawnPaths]:
        """Return the best paths of each pair in block k of the draws."""
        if self._block != k:
            self._block = k
            self._summed.clear()
            self._paths.clear()
        costs = self._drawn[scenario].costs(self._by, k)
        if id(costs) not in self._summed:
            by_arc = np.zeros((len(self._of_links), costs.shape[1]))
            by_arc[self._of_links] = costs[self._rows]
            self._summed[id(costs)] = self._graph.sums(by_arc)
        closed = self._closed[scenario]
        # Scenarios that leave the same open and set the same values have the same paths.
        key = id(costs), closed.tobytes()
        if key not in self._paths:
            self._paths[key] = self._searched(self._summed[id(costs)], closed)
        return self._paths[key]

    def by_clock(self, scenario: int, pair: int, found: DrawnPaths, k: int) -> DrawnPaths:
        """Return the best paths of a pair in block k by the clock: others may be quicker.

        No way takes less than the best one does without waiting. So only the draws are searched
        for again in which that one waits.
        """
        state, gates = self._states[scenario], self.gates[scenario]
        if not gates or not state.terms.by_clock:
            return found
        leaves = _leaves(state)
        drawn = self._drawn[scenario].costs(self._by, k)
        usable, graph = ~self._closed[scenario], self._planner.graph
        kept = self._graph.arcs[self._of_links]
        open_arcs = np.zeros(graph.n_arcs, bool)
        for arc in np.flatnonzero(usable).tolist():
            open_arcs[list(self._graph.arcs_of(arc))] = True
        costs, which = found.costs.copy(), found.which.copy()
        number = {path: n for n, path in enumerate(found.paths)}
        for n, path in enumerate(found.paths):
            if gates.keys().isdisjoint(path):
                continue
            for draw in np.flatnonzero(found.which == n).tolist():
                hours = np.where(open_arcs, 0.0, np.inf)
                hours[kept] += drawn[self._rows, draw]
                search = TimedSearch(graph, hours, gates, leaves)
                if search.arrival(np.array(path, np.int64)) > costs[draw]:
                    quickest = search.path(*self.ends[pair])
                    costs[draw] = search.arrival(quickest)
                    which[draw] = -1
                    if quickest is not None:
                        arcs = tuple(quickest.tolist())
                        which[draw] = number.setdefault(arcs, len(number))
        return DrawnPaths(costs, which, tuple(number))

    def _searched(self, costs: Floats, closed: Bools) -> list[DrawnPaths]:
        found: dict[tuple[int, int], DrawnPaths] = {}
        for source in dict.fromkeys(source for source, _ in self.ends):
            targets = list(dict.fromkeys(b for a, b in self.ends if a == source))
            each = drawn_paths(self._graph, costs, closed, source, targets)
            found |= {(source, b): paths for b, paths in zip(targets, each, strict=True)}
        return [found[pair] for pair in self.ends]


def _gates(state: NetworkState, modes: tuple[str, ...]) -> dict[int, Hours]:
    """Return the arcs that are open at some hours only, if there is a time of departure."""
    return {} if state.terms.at is None else state.gates(modes)


def _leaves(state: NetworkState) -> datetime:
    assert state.terms.at is not None
    return near_year(datetime.combine(state.on, state.terms.at))


def _waits(
    path: Sequence[int], hours: Floats, gates: Mapping[int, Hours], state: NetworkState
) -> Floats:
    """Return how long one waits along a path in each draw until its links open.

    Parameters
    ----------
    hours : of each arc of the path and each draw.
    """
    waits = np.zeros(hours.shape[1])
    if gates.keys().isdisjoint(path):
        return waits
    leaves, passed = _leaves(state), np.zeros(hours.shape[1])
    for arc, of_arc in zip(path, hours, strict=True):
        gate = gates.get(arc)
        if gate is not None:
            waits += [wait_after(gate, leaves, at_h) for at_h in (passed + waits).tolist()]
        passed += of_arc
    return waits
