"""Alternative routes that differ from the best one by more than a stretch at an end."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

from borders.errors import AraxesError, NoAnswerError
from corridors.routing import Router
from corridors.routing.find import resolve_stops, route_of
from corridors.routing.query import planner_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.planner import RoutePlanner
    from corridors.routing.route import Route
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["alternatives"]

# An alternative shares at most this part of its cost with each better one, and costs at most this
# many times the best; both are assumptions.
MAX_SHARED = 0.7
MAX_COST_RATIO = 2.0
# The cost of each link of a route is multiplied by this for the next search; an assumption, as
# the number of searches for each route asked for.
PENALTY = 1.4
SEARCHES_PER_ROUTE = 12
# With more, repeated penalties would outweigh the costs themselves.
MAX_ALTERNATIVES = 20


def alternatives(  # noqa: PLR0913 - any query may be of another day
    origin: str,
    destination: str,
    *,
    k: int = 3,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
) -> list[Route]:
    """Return the best route and up to k - 1 others that differ from it and from one another.

    The links of each route found are made dearer until another route is the cheapest (penalty
    method). It counts if it shares no more than 70 % of its cost with each better one and costs
    no more than twice the best.

    Parameters
    ----------
    origin, destination : places, by id or a name in any language.
    k : number of routes at most, 1 to 20.
    terms : what is to be least, by what modes, for whom; kilometres of road or rail, if missing.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.

    Raises
    ------
    AraxesError : k is not 1 to 20.
    UnknownNameError : no such place or scenario; the message offers the nearest.
    NoAnswerError : there is no route at all.

    Examples
    --------
    >>> routes = alternatives("Kars", "Baku", k=3)
    >>> routes[0].length.value == min(route.length.value for route in routes)
    True
    """
    if not isinstance(k, Integral) or isinstance(k, bool) or not 1 <= k <= MAX_ALTERNATIVES:
        message = f"k is {k}; give 1 to {MAX_ALTERNATIVES}"
        raise AraxesError(message)
    planner = planner_for([scenario], terms, network, on)
    stops = resolve_stops(planner, origin, destination)
    state = planner.states[0]
    candidates: list[list[tuple[Link, bool]]] = []
    for modes in state.terms.choices:
        candidates += _penalised_routes(planner, state, modes, stops, k)
    if not candidates:
        from corridors.routing.obstacles import no_route_message

        raise NoAnswerError(no_route_message(planner, state, stops))
    candidates.sort(key=lambda links: _cost(state, links))
    chosen: list[list[tuple[Link, bool]]] = []
    for links in candidates:
        if all(_shared_part(state, links, other) <= MAX_SHARED for other in chosen) and (
            not chosen or _cost(state, links) <= MAX_COST_RATIO * _cost(state, chosen[0])
        ):
            chosen.append(links)
    return [route_of(state, stops, links) for links in chosen[:k]]


def _penalised_routes(
    planner: RoutePlanner, state: NetworkState, modes: tuple[str, ...], stops: Sequence[str], k: int
) -> list[list[tuple[Link, bool]]]:
    """Return different routes by one set of modes, links of earlier ones being made dearer."""
    costs = planner.costs(state, modes)
    routes: list[list[tuple[Link, bool]]] = []
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
    return sum(state.weights[link.id] for link, _ in links)


def _shared_part(
    state: NetworkState, links: Sequence[tuple[Link, bool]], others: Sequence[tuple[Link, bool]]
) -> float:
    """Return which part of a route's cost lies on links of another route."""
    other_ids = {link.id for link, _ in others}
    common = sum(state.weights[link.id] for link, _ in links if link.id in other_ids)
    return common / (_cost(state, links) or 1.0)
