"""Routes asked for: the best way between two places on a day, and the values of its JSON."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from borders.errors import AraxesError, NoAnswerError
from corridors.routing.query import listed, planner_for
from corridors.routing.route import Route, Step, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.planner import Found, RoutePlanner
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["no_way_through", "ordered", "route", "route_of", "through"]


def route_of(state: NetworkState, ends: Sequence[str], links: Iterable[tuple[Link, bool]]) -> Route:
    """Return the route over links from the first of the ends to the last."""
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
        origin=ends[0], destination=ends[-1], scenario=state.scenario, terms=state.terms,
        on=state.on, steps=steps,
    )  # fmt: skip


def ordered(
    planner: RoutePlanner, origin: str, destination: str, via: Sequence[str] = ()
) -> list[str]:
    """Return the places of a route in order.

    Raises
    ------
    UnknownNameError : no such place on the network.
    AraxesError : two of them in a row are the same.
    """
    stops = [planner.place(name) for name in (origin, *via, destination)]
    for one, two in pairwise(stops):
        if one == two:
            message = f"'{name_of(one)}' is given twice in a row; name two different places"
            raise AraxesError(message)
    return stops


def route(  # noqa: PLR0913 - any question may be of another day
    origin: str,
    destination: str,
    *,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    via: Sequence[str] | str = (),
    network: Network | str | Path | None = None,
    on: date | str | None = None,
) -> Route:
    """Return the best way from one place to another.

    Parameters
    ----------
    origin, destination : places, by id or by a name in any language.
    scenario : a scenario, its id, several ids joined by ``+``, or a TOML file.
    terms : what to make least, with which modes, for whom, avoiding what.
    via : places to go through, in order. The whole way keeps to the modes asked for, and goes on
        from each place by the mode and on the gauge it came, unless a transfer leads to another.
    network : one, or a file of one; the bundled one if missing.
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
    >>> way = route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))
    >>> way.countries
    ('TR', 'GE')
    """
    planner = planner_for([scenario], terms, network, on)
    stops = ordered(planner, origin, destination, listed(via))
    state = planner.states[0]
    return route_of(
        state, stops, _through(planner, state, stops) if via else _between(planner, state, stops)
    )


def _between(
    planner: RoutePlanner, state: NetworkState, stops: Sequence[str]
) -> list[tuple[Link, bool]]:
    found = planner.find(state, [(stops[0], stops[-1])])[0]
    if found is None:
        from corridors.routing.obstacles import no_way

        raise NoAnswerError(no_way(planner, state, stops[0], stops[-1]))
    return found[1]


def _through(
    planner: RoutePlanner, state: NetworkState, stops: Sequence[str]
) -> list[tuple[Link, bool]]:

    found = through(planner, state, stops)
    if found is None:
        raise NoAnswerError(no_way_through(planner, state, stops))
    return found[1]


def through(planner: RoutePlanner, state: NetworkState, stops: Sequence[str]) -> Found | None:
    """Return the best way from the first of some places through the others, None without one.

    For each set of modes the best way to every layer of a place goes on from that layer; the best
    of all sets counts.
    """
    best: Found | None = None
    for modes in planner.terms.choices:
        found = _by(planner, state, modes, stops)
        if found is not None and (best is None or found[0] < best[0]):
            best = found
    return best


def _by(
    planner: RoutePlanner, state: NetworkState, modes: tuple[str, ...], stops: Sequence[str]
) -> Found | None:
    start, arrive = planner.ends(stops[0], stops[-1])
    here: dict[int, Found] = {start: (0.0, [])}
    for stop in stops[1:-1]:
        here = _onward(planner, state, modes, here, planner.layers_of(stop))
    return _onward(planner, state, modes, here, [arrive]).get(arrive)


def _onward(
    planner: RoutePlanner,
    state: NetworkState,
    modes: tuple[str, ...],
    here: dict[int, Found],
    there: Sequence[int],
) -> dict[int, Found]:
    """Return node → the best way to it over one of the nodes reached before."""
    asked = [(a, b) for a in here for b in there]
    found: dict[int, Found] = {}
    for (a, b), path in zip(asked, planner.paths(state, modes, asked), strict=True):
        if path is None:
            continue
        cost, links = here[a]
        more: list[tuple[Link, bool]] = planner.steps(path)
        way = cost + sum(state.weights[link.id] for link, _ in more), links + more
        # Of two equally good ways the one with fewer links changes layers for nothing less often.
        if b not in found or (way[0], len(way[1])) < (found[b][0], len(found[b][1])):
            found[b] = way
    return found


def no_way_through(planner: RoutePlanner, state: NetworkState, stops: Sequence[str]) -> str:
    """Return one line that says why there is no way through all the places."""
    from corridors.routing.obstacles import no_way
    from corridors.routing.route import name_of

    for leg in pairwise(stops):
        if planner.find(state, [leg])[0] is None:
            return no_way(planner, state, *leg)
    start, *between, end = map(name_of, stops)
    return (
        f"no route from {start} through {', '.join(between)} to {end} on {state.on} in scenario "
        f"'{state.scenario.id}': each part has a way, but no one set of modes and no transfer "
        "joins them; ask part by part, or for more modes"
    )
