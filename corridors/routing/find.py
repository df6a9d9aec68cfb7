"""The best route from one place to another, through any number of others, on a day."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from borders.errors import AraxesError, NoAnswerError
from corridors.routing.query import as_list, planner_for
from corridors.routing.route import Route, Step, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.planner import FoundPath, RoutePlanner
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["best_path", "resolve_stops", "route", "route_of"]


def route_of(
    state: NetworkState, stops: Sequence[str], links: Iterable[tuple[Link, bool]]
) -> Route:
    """Return the route over links, with their directions, from the first stop to the last."""
    steps = tuple(
        Step(
            link=link, forward=forward, hours=state.rates.hours(link),
            cost_usd_t=state.rates.cost_usd_t(link),
            status=state.status(link, forward=forward).status,
            unbuilt=state.unbuilt(link, forward=forward), opened=state.opened(link),
        )
        for link, forward in links
    )  # fmt: skip
    return Route(
        origin=stops[0], destination=stops[-1], scenario=state.scenario, terms=state.terms,
        on=state.on, steps=steps, via=tuple(stops[1:-1]),
        priced_at=state.rates,
    )  # fmt: skip


def resolve_stops(
    planner: RoutePlanner, origin: str, destination: str, via: Sequence[str] = ()
) -> list[str]:
    """Return the ids of the places of a route, in order, from their names.

    Raises
    ------
    UnknownNameError : no such place on the network.
    AraxesError : two places in a row are the same.
    """
    stops = [planner.place(name) for name in (origin, *via, destination)]
    for stop, following in pairwise(stops):
        if stop == following:
            message = f"'{name_of(stop)}' is given twice in a row; name two different places"
            raise AraxesError(message)
    return stops


def route(  # noqa: PLR0913 - any query may be of another day
    origin: str,
    destination: str,
    *,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    via: Sequence[str] | str = (),
    network: Network | str | Path | None = None,
    on: date | str | None = None,
) -> Route:
    """Return the best route from one place to another.

    Parameters
    ----------
    origin, destination : places, by id or by a name in any language.
    scenario : a scenario, its id, several ids joined by ``+``, or a TOML file.
    terms : what to make least, with which modes, for whom, avoiding what.
    via : places to go through, in order. The whole route keeps to the modes asked for, and goes on
        from each place by the mode and on the gauge it came, unless a transfer leads to another.
    network : a network, or a file of one; the bundled one if missing.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.

    Raises
    ------
    NoAnswerError : there is none; the message names the fewest closed or unbuilt links that stand
        in the way, with their statuses.
    UnknownNameError : no such place, or none that a link begins at.

    Examples
    --------
    >>> from corridors.scenarios.terms import Terms
    >>> by_rail = route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))
    >>> by_rail.countries
    ('TR', 'GE')
    """
    planner = planner_for([scenario], terms, network, on)
    stops = resolve_stops(planner, origin, destination, as_list(via))
    state = planner.states[0]
    return route_of(state, stops, best_path(planner, state, stops).steps)


def best_path(planner: RoutePlanner, state: NetworkState, stops: Sequence[str]) -> FoundPath:
    """Return the best path from the first of two or more places through the others.

    Raises
    ------
    NoAnswerError : there is none; the message says what stands in the way.
    """
    path = planner.find(state, stops)
    if path is None:
        from corridors.routing.obstacles import no_route_message

        raise NoAnswerError(no_route_message(planner, state, stops))
    return path
