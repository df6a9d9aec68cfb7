"""Routes asked for: the best way between two places on a day, and the values of its JSON."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, NoAnswerError
from corridors.network import place_of
from corridors.question import listed, planned
from corridors.way import Route, Step, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from corridors.case import Case, Terms
    from corridors.link import Link
    from corridors.network import Network
    from corridors.plan import Plan
    from corridors.scenario import Scenario

__all__ = ["ordered", "route", "route_of", "summary"]


def route_of(case: Case, ends: Sequence[str], links: Iterable[tuple[Link, bool]]) -> Route:
    """Return the route over links from the first of the ends to the last."""
    steps = tuple(
        Step(
            link=link, forward=forward, hours=case.rates.hours(link),
            cost_usd_t=case.rates.cost_usd_t(link),
            status=case.status(link, forward=forward).status,
            unbuilt=case.unbuilt(link, forward=forward), opened=case.opened(link),
        )
        for link, forward in links
    )  # fmt: skip
    return Route(
        origin=ends[0], destination=ends[-1], scenario=case.scenario, terms=case.terms,
        on=case.on, steps=steps,
    )  # fmt: skip


def ordered(plan: Plan, origin: str, destination: str, via: Sequence[str] = ()) -> list[str]:
    """Return the places of a route in order.

    Raises
    ------
    UnknownNameError : no such place on the network.
    AraxesError : two of them in a row are the same.
    """
    stops = [plan.place(name) for name in (origin, *via, destination)]
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
    >>> from corridors.case import Terms
    >>> way = route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))
    >>> way.countries
    ('TR', 'GE')
    """
    plan = planned([scenario], terms, network, on)
    stops = ordered(plan, origin, destination, listed(via))
    case = plan.cases[0]
    return route_of(
        case, stops, _through(plan, case, stops) if via else _between(plan, case, stops)
    )


def _between(plan: Plan, case: Case, stops: Sequence[str]) -> list[tuple[Link, bool]]:
    found = plan.find(case, [(stops[0], stops[-1])])[0]
    if found is None:
        from corridors.obstacles import no_way

        raise NoAnswerError(no_way(plan, case, stops[0], stops[-1]))
    return found[1]


def _through(plan: Plan, case: Case, stops: Sequence[str]) -> list[tuple[Link, bool]]:
    from corridors.through import no_way_through, through

    found = through(plan, case, stops)
    if found is None:
        raise NoAnswerError(no_way_through(plan, case, stops))
    return found[1]


def summary(way: Route) -> dict[str, Any]:
    """Return a route as the values of its JSON."""
    length, time, cost = way.length, way.time, way.cost
    return {
        "from": name_of(way.origin), "to": name_of(way.destination),
        "scenario": way.scenario.id, "on": str(way.on), "by": way.terms.by,
        "users": way.terms.users,
        "km": round(length.value / 1000, 1),
        "low_km": round(length.low / 1000, 1), "high_km": round(length.high / 1000, 1),
        "hours": round(way.hours, 1),
        "low_hours": round(time.low, 1), "high_hours": round(time.high, 1),
        "hours_basis": time.basis,
        "hours_rest_on": [
            {
                "on": part.key, "hours": round(part.value, 1), "low_hours": round(part.low, 1),
                "high_hours": round(part.high, 1), "state": part.state,
            }
            for part in time.parts
        ],
        "cost_usd_t": round(way.cost_usd_t, 1),
        "low_cost_usd_t": round(cost.low, 1), "high_cost_usd_t": round(cost.high, 1),
        "links": [
            {
                "id": s.link.id, "mode": s.link.mode, "km": round(s.link.length_m / 1000, 1),
                "basis": s.link.basis, "status": s.status,
                "from": place_of(s.link.start if s.forward else s.link.end),
                "to": place_of(s.link.end if s.forward else s.link.start),
            }
            for s in way.steps
        ],
        "crossings": list(way.crossings), "countries": list(way.countries),
        "gauge_changes": way.gauge_changes, "transfers": way.transfers,
        "unbuilt_km": round(way.unbuilt_m / 1000, 1), "sources": list(way.sources),
    }  # fmt: skip
