"""The best route from one place to another, through any number of others, on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, NoAnswerError
from borders.recurring import after_wait, near_year
from corridors.network.estimate import total
from corridors.routing.query import as_list, as_pairs, planner_for
from corridors.routing.route import Route, Step, name_of
from corridors.routing.timed import wait_h, wait_range

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

__all__ = ["best_path", "place_pairs", "resolve_stops", "route", "route_of"]


def route_of(
    state: NetworkState,
    stops: Sequence[str],
    links: Iterable[tuple[Link, bool]],
    *,
    known: dict[tuple[str, bool], Step] | None = None,
) -> Route:
    """Return the route over links, with their directions, from the first stop to the last.

    Parameters
    ----------
    known : steps of other routes of this state by link and direction, to which this one's are
        added: routes from one place have most of theirs in common.
    """
    made = {} if known is None else known
    steps = []
    for link, forward in links:
        step = made.get((link.id, forward))
        if step is None:
            step = made[link.id, forward] = _step(state, link, forward=forward)
        steps.append(step)
    if state.terms.at is not None:
        steps = _with_waits(state, steps)
    return Route(
        origin=stops[0], destination=stops[-1], scenario=state.scenario, terms=state.terms,
        on=state.on, steps=tuple(steps), via=tuple(stops[1:-1]),
        priced_at=state.rates,
    )  # fmt: skip


def _with_waits(state: NetworkState, steps: Sequence[Step]) -> list[Step]:
    """Return the steps of a route by the clock, with the waits before links that are closed.

    The interval of a wait is what the 95 % interval of the time of arrival makes of it.
    """
    assert state.terms.at is not None
    leaves = near_year(datetime.combine(state.on, state.terms.at))
    # Hours since then: at the values, and at the ends of the interval.
    waited = [0.0, 0.0, 0.0]
    timed: list[Step] = []
    for step in steps:
        hours = step.hours_open
        if hours:
            links = [s.link.travelled(forward=s.forward) for s in timed]
            moved = total("hours", [(1.0, links, state.rates)])
            at, low, high = (
                after_wait(leaves, timedelta(hours=part + max(wait, 0.0)))
                for part, wait in zip((moved.value, moved.low, moved.high), waited, strict=True)
            )
            if at is None or low is None or high is None:
                message = f"the way to '{step.link.id}' takes longer than any calendar; ask by km"
                raise NoAnswerError(message)
            wait = wait_h(hours, at)
            if wait == inf:
                message = (
                    f"who comes to '{step.link.id}' at {at:%Y-%m-%d %H:%M} finds it open no more "
                    f"({hours}); ask by hours, or leave at another time than "
                    f"{state.terms.at:%H:%M}"
                )
                raise NoAnswerError(message)
            least, most = wait_range(hours, low, high)
            least, most = min(least, wait), max(most, wait)
            waited = [waited[0] + wait, waited[1] + least, waited[2] + most]
            step = replace(step, wait_h=wait, low_wait_h=least, high_wait_h=most)  # noqa: PLW2901
        timed.append(step)
    return timed


def _step(state: NetworkState, link: Link, *, forward: bool) -> Step:
    return Step(
        link=link, forward=forward, hours=state.rates.hours(link.travelled(forward=forward)),
        cost_usd_t=state.rates.cost_usd_t(link),
        status=state.status(link, forward=forward).status,
        unbuilt=state.unbuilt(link, forward=forward), opened=state.opened(link),
        hours_open=state.hours(link, forward=forward),
    )  # fmt: skip


def resolve_stops(
    planner: RoutePlanner, origin: str, destination: str, via: Sequence[str] = ()
) -> list[str]:
    """Return the ids of the places of a route, in order, from their names.

    What it has to go through may also be a crossing, a corridor or a link.

    Raises
    ------
    UnknownNameError : no such place on the network.
    AmbiguousNameError : a name to go through means several things.
    AraxesError : two places in a row are the same.
    """
    between = [planner.stops.named(name) for name in via]
    stops = [planner.stops.place(origin), *between, planner.stops.place(destination)]
    for stop, following in pairwise(stops):
        if stop == following:
            name, other = name_of(stop), name_of(following)
            said = f"'{name}' is"
            if name != other:
                # Names and coordinates of an extract stand for what lies nearest to them.
                said = f"'{name}' and '{other}' both mean {str.__str__(stop)}, which is"
            message = f"{said} given twice in a row; name two different places"
            raise AraxesError(message)
    return stops


def place_pairs(planner: RoutePlanner, pairs: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the ids of the two places of each pair; a single pair becomes a list of one."""
    found = []
    for pair in as_pairs(pairs):
        origin, destination = resolve_stops(planner, *pair)
        found.append((origin, destination))
    return found


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
    via : places to go through, in order, and ids of crossings, corridors and links, of which one
        link at least is used; ``crossing:ID`` and the like tell equal ids apart. The whole route
        keeps to the modes asked for, and goes on from each place by the mode and on the gauge it
        came, unless a transfer leads to another.
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
    between = as_list(via)
    planner = planner_for([scenario], terms, network, on, ends=(origin, *between, destination))
    stops = resolve_stops(planner, origin, destination, between)
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
