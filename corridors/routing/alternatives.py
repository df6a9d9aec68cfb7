"""Alternative routes that differ from the best one by more than a stretch at an end."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from numbers import Integral, Real
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.errors import AraxesError, NoAnswerError
from corridors.routing import Graph, Router
from corridors.routing.find import best_path, resolve_stops, route_of
from corridors.routing.limited_overlap import OverlapLimits, paths_of_limited_overlap
from corridors.routing.query import planner_for
from corridors.routing.route import Route

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.graph import Floats, Ints
    from corridors.routing.planner import RoutePlanner
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

    Links = list[tuple[Link, bool]]

__all__ = ["LONGER", "MAX_ALTERNATIVES", "OVERLAP", "Alternatives", "alternatives"]

# An alternative shares at most this part of its cost with each better one, and costs at most this
# many times the best; both are assumptions.
OVERLAP, LONGER = 0.7, 2.0
# Where the exact search had to stop, the cost of each link of a route is multiplied by this for
# the next search; an assumption, as the number of searches for each route asked for.
PENALTY = 1.4
SEARCHES_PER_ROUTE = 12
MAX_ALTERNATIVES = 20
# More than any number of times that a way may be longer.
_MOST_TIMES = 1e300


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What was asked for: how many routes, and which ones count."""

    k: int
    overlap: float
    longer: float

    def __str__(self) -> str:
        """Return which routes count, in words."""
        return (
            f"share at most {100 * self.overlap:g} % with each better one and take at most "
            f"{self.longer:g} times the best"
        )


class Alternatives(list[Route]):
    """Routes, the best first, and whether there are others.

    Attributes
    ----------
    complete : whether these are the best ones, and all that count if they are fewer than asked
        for; otherwise the search was stopped, and some may be missing.
    remark : that only so many exist, or that the search was stopped; empty if there are as many
        as asked for.
    """

    def __init__(
        self, routes: Iterable[Route] = (), *, complete: bool = True, remark: str = ""
    ) -> None:
        super().__init__(routes)
        self.complete, self.remark = complete, remark


def alternatives(  # noqa: PLR0913 - any query may be of another day
    origin: str,
    destination: str,
    *,
    k: int = 3,
    overlap: float = OVERLAP,
    longer: float = LONGER,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
) -> Alternatives:
    """Return the best route and up to k - 1 others that differ from it and from one another.

    Of all ways that pass no node twice, walked through by increasing cost, each is taken that
    shares little enough with every one taken before and does not cost too much. The search is
    exact; where there are too many ways (see `Alternatives.complete`), further ones are found by
    making the links of each route dearer (penalty method).

    Parameters
    ----------
    origin, destination : places, by id or a name in any language.
    k : number of routes at most, 1 to 20.
    overlap : part of its metres, hours or dollars that a route may share with each better one,
        0 to 1.
    longer : how many times as much as the best one it may take, 1 or more.
    terms : what is to be least, by what modes, for whom; kilometres of road or rail, if missing.
        By hours with a time of departure, the quickest by the clock comes first and the others, as
        quick as they are without waiting, in the order of their hours with it.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.

    Raises
    ------
    AraxesError : k is not 1 to 20, or the overlap not 0 to 1, or `longer` less than 1.
    UnknownNameError : no such place or scenario; the message offers the nearest.
    NoAnswerError : there is no route at all.

    Examples
    --------
    >>> routes = alternatives("Kars", "Baku", k=3)
    >>> routes[0].length.value == min(route.length.value for route in routes)
    True
    """
    rule = _checked_rule(k, overlap, longer)
    planner = planner_for([scenario], terms, network, on, ends=(origin, destination))
    stops = resolve_stops(planner, origin, destination)
    state = planner.states[0]
    limits = OverlapLimits(count=rule.k, overlap=rule.overlap, longer=rule.longer)
    union = _union_of_modes(planner, state, stops)
    found = paths_of_limited_overlap(
        union.graph, union.costs, union.ends, union.link_of_arc, limits
    )
    chosen = [union.steps(path) for path in found.paths]
    if not chosen:
        from corridors.routing.obstacles import no_route_message

        raise NoAnswerError(no_route_message(planner, state, stops))
    if found.complete:
        remark = _only(rule, len(chosen)) if len(chosen) < k else ""
    else:
        remark = (
            f"stopped after {found.looked_at:,} beginnings of ways: the first {len(chosen)} are "
            f"the best that {rule}; after them better ones may be missing"
        )
        _add_penalised(planner, state, stops, rule, chosen)
    routes = [route_of(state, stops, links) for links in chosen]
    if state.terms.by_clock and any(step.wait_h for route in routes for step in route.steps):
        return _by_clock(planner, state, stops, rule, routes)
    return Alternatives(routes, complete=found.complete, remark=remark)


def _by_clock(
    planner: RoutePlanner, state: NetworkState, stops: Sequence[str], rule: _Rule,
    routes: list[Route],
) -> Alternatives:  # fmt: skip
    """Return the quickest route by the clock, and those found without it that differ from it."""
    best = route_of(state, stops, best_path(planner, state, stops).steps)
    chosen, taken = [best], [(step.link, step.forward) for step in best.steps]
    for route in sorted(routes, key=lambda way: way.hours):
        links = [(step.link, step.forward) for step in route.steps]
        different = links != taken and _shared_part(state, links, taken) <= rule.overlap
        if different and route.hours <= rule.longer * best.hours and len(chosen) < rule.k:
            chosen.append(route)
    waits = "one that waits less may be missing: others are looked for as if no link ever closed"
    return Alternatives(chosen, complete=False, remark=waits)


def _checked_rule(k: int, overlap: float, longer: float) -> _Rule:
    """Return the rule; refuse what is out of range."""
    if not isinstance(k, Integral) or isinstance(k, bool) or not 1 <= k <= MAX_ALTERNATIVES:
        message = f"k is {k}; give 1 to {MAX_ALTERNATIVES}"
        raise AraxesError(message)
    for name, value, low, high in (("overlap", overlap, 0, 1), ("longer", longer, 1, None)):
        number = isinstance(value, Real) and not isinstance(value, bool)
        if not (number and low <= value < inf) or (high is not None and value > high):
            message = f"{name} is {value}; give {f'{low} to {high}' if high else f'{low} or more'}"
            raise AraxesError(message)
    return _Rule(k=k, overlap=float(overlap), longer=float(min(longer, _MOST_TIMES)))


def _only(rule: _Rule, count: int) -> str:
    return f"only {count} {'exists' if count == 1 else 'exist'}: no other ways {rule}"


class _Union(NamedTuple):
    """The graph of a planner once for each set of modes, between the same two ends."""

    planner: RoutePlanner
    graph: Graph
    costs: Floats
    ends: tuple[int, int]
    link_of_arc: Ints

    def steps(self, path: Sequence[int]) -> Links:
        """Return the links of a path with their directions."""
        n_arcs = self.planner.graph.n_arcs
        copies = len(self.planner.terms.choices)
        return self.planner.steps(arc % n_arcs for arc in path if arc < copies * n_arcs)


def _union_of_modes(planner: RoutePlanner, state: NetworkState, stops: Sequence[str]) -> _Union:
    """Return one graph for the routes by every set of modes: none leads from one to another."""
    graph, choices = planner.graph, state.terms.choices
    n_nodes, n_links = graph.n_nodes, len(planner.network.links)
    start, end = planner.ends(stops[0], stops[-1])
    shifts = n_nodes * np.arange(len(choices))
    # Two more nodes, before all copies of the origin and after all of the destination.
    first, last = n_nodes * len(choices), n_nodes * len(choices) + 1
    joined = [np.full(len(choices), first), start + shifts, end + shifts,
              np.full(len(choices), last)]  # fmt: skip
    tails = [graph.tail + shift for shift in shifts] + [joined[0], joined[2]]
    heads = [graph.head + shift for shift in shifts] + [joined[1], joined[3]]
    costs = [planner.weighted.unwaited(state, modes) for modes in choices]
    arcs = np.arange(graph.n_arcs)
    link_of_arc = np.where(arcs < 2 * n_links, arcs // 2, -1)
    outside = np.full(2 * len(choices), -1)
    return _Union(
        planner=planner,
        graph=Graph(n_nodes=last + 1, tail=np.concatenate(tails), head=np.concatenate(heads)),
        costs=np.concatenate([*costs, np.zeros(outside.size)]),
        ends=(first, last),
        link_of_arc=np.concatenate([*[link_of_arc] * len(choices), outside]),
    )


def _add_penalised(
    planner: RoutePlanner, state: NetworkState, stops: Sequence[str], rule: _Rule,
    chosen: list[Links],
) -> None:  # fmt: skip
    """Add routes that count, found by making the links of earlier ones dearer, up to `k`."""
    candidates: list[Links] = []
    for modes in state.terms.choices:
        candidates += _penalised_routes(planner, state, modes, stops, rule.k)
    candidates.sort(key=lambda links: _cost(state, links))
    for links in candidates:
        different = all(_shared_part(state, links, other) <= rule.overlap for other in chosen)
        most = rule.longer * _cost(state, chosen[0])
        if len(chosen) < rule.k and different and _cost(state, links) <= most:
            chosen.append(links)


def _penalised_routes(
    planner: RoutePlanner, state: NetworkState, modes: tuple[str, ...], stops: Sequence[str], k: int
) -> list[Links]:
    """Return different routes by one set of modes, links of earlier ones being made dearer."""
    costs = planner.weighted.unwaited(state, modes)
    routes: list[Links] = []
    for _ in range(SEARCHES_PER_ROUTE * k):
        path = planner.path_on(Router(planner.graph, costs), stops[0], stops[-1])
        if path is None:
            break
        links = planner.steps(path)
        if not any(links == other for other in routes):
            routes.append(links)
        arcs = np.asarray(path)
        costs = costs.copy()
        # The arcs of a link are 2 n and 2 n + 1, so `^ 1` gives that of the other direction.
        costs[np.concatenate([arcs, arcs ^ 1])] *= PENALTY
    return routes


def _cost(state: NetworkState, links: Sequence[tuple[Link, bool]]) -> float:
    return sum(state.weight(link, forward=forward) for link, forward in links)


def _shared_part(
    state: NetworkState, links: Sequence[tuple[Link, bool]], others: Sequence[tuple[Link, bool]]
) -> float:
    """Return which part of a route's cost lies on links of another route."""
    other_ids = {link.id for link, _ in others}
    common = sum(
        state.weight(link, forward=forward) for link, forward in links if link.id in other_ids
    )
    return common / (_cost(state, links) or 1.0)
