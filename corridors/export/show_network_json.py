"""Links, crossings and scenarios as plain dictionaries: the JSON of `araxes show` and `list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.dates import parse_date
from borders.measure import Measure, interval_row
from corridors.context.flows import flows_of
from corridors.export.show_json import source_summary, status_summary
from corridors.network.link import USERS
from corridors.network.load import load_network
from corridors.network.network import tagged_row
from corridors.network.rates import Rates
from corridors.routing.route import name_of
from corridors.scenarios.network_state import NetworkState, with_candidate_links
from corridors.scenarios.slips import slips
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from datetime import date

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.scenarios.scenario import Scenario

__all__ = ["crossing_rows", "link_summary", "scenario_summary"]


def link_summary(
    key: str, *, on: date | str | None = None, network: Network | None = None
) -> dict[str, Any]:
    """Return what is known of a link, or of all links of a crossing.

    Parameters
    ----------
    key : id of a link or a crossing.
    on : day of the statuses; otherwise that of the network.

    Returns
    -------
    Lengths in km and delays in hours, with their 95 % intervals; statuses by users.

    Raises
    ------
    UnknownNameError : no such link or crossing; the message offers the nearest.

    Examples
    --------
    >>> link_summary("x-dogukapi-akhurik-gate", on="2026-06-01")["links"][0]["status"]["freight"]
    'closed'
    """
    network = network or load_network()
    links = network.links_of(key)
    day = network.on if on is None else parse_date(on)
    cited = [
        source
        for link in links
        for source in (link.source, *(status.source for status in link.statuses))
    ]
    carriers = dict.fromkeys([key, *(link.crossing for link in links if link.crossing)])
    published = [flow for carrier in carriers for flow in flows_of(carrier)]
    cited += [flow.source for flow in published]
    return {
        "id": key,
        "kind": "crossing" if links[0].crossing == key else "link",
        "name": links[0].name or _ends_text(links[0]),
        "countries": list(links[0].countries),
        "on": day.isoformat(),
        "links": [_link_values(link, day) for link in links],
        "flows": [flow.row() | {"text": flow.text} for flow in published],
        "sources": [source_summary(source) for source in dict.fromkeys(filter(None, cited))],
    }


def _ends_text(link: Link) -> str:
    """Return the names of the places that a link joins."""
    return " – ".join(name_of(node.place) for node in (link.start, link.end))


def _link_values(link: Link, day: date) -> dict[str, Any]:
    """Return a link's length in km with its 95 % interval, its statuses and delays in hours."""
    length = Measure(value=link.length_m, sigma=link.sigma_m, basis=link.basis)
    return {
        "id": link.id, "mode": link.mode, "ends": _ends_text(link),
        **interval_row("km", length, 1000, digits=3), "basis": link.basis,
        "gauge_mm": link.gauge_mm,
        "geometry_quality": link.geometry_quality, "position_sigma_m": link.position_sigma_m,
        "status": {users: _status_on(link, day, users) for users in USERS},
        "hours": {users: round(Rates(users=users, on=day).hours(link), 3) for users in USERS},
        "delay_h": {users: _delay_values(link, day, users) for users in USERS},
        "note": link.note,
        **{key: value for key, value in tagged_row(link).items() if value is not None},
        **({"osm_ways": list(link.osm_ways)} if link.osm_ways else {}),
        "statuses": [
            status_summary(status) | {"users": status.users, "direction": status.direction}
            for status in link.statuses
        ],
    }  # fmt: skip


def _status_on(link: Link, day: date, users: str) -> str:
    """Return the status on a day; where the directions differ, forward / backward."""
    both = [link.status(day, forward=forward, users=users).status for forward in (True, False)]
    return " / ".join(dict.fromkeys(both))


def _delay_values(link: Link, day: date, users: str) -> dict[str, Any] | None:
    """Return the hours lost at a crossing or a transfer, with their 95 % interval."""
    delay = Rates(users=users, on=day).used(link, "delay_h")
    if delay is None:
        return None
    return {"value": delay.value, "low": delay.low, "high": delay.high, "state": delay.state}


def crossing_rows() -> list[dict[str, Any]]:
    """Return every crossing with its countries, modes and statuses on the day of the network."""
    network = load_network()
    links_of: dict[str, list[Link]] = {}
    for link in network.links:
        if link.crossing:
            links_of.setdefault(link.crossing, []).append(link)
    return [
        {
            "id": key, "name": links[0].name, "countries": list(links[0].countries),
            "modes": sorted({link.mode for link in links}), "on": network.on.isoformat(),
        }
        | {
            users: ", ".join(dict.fromkeys(_status_on(link, network.on, users) for link in links))
            for users in USERS
        }
        for key, links in sorted(links_of.items())
    ]  # fmt: skip


def scenario_summary(scenario: Scenario, *, network: Network | None = None) -> dict[str, Any]:
    """Return what a scenario opens, closes, builds and sets, and how much of it is unbuilt.

    Examples
    --------
    >>> from corridors.scenarios.scenario import read_scenario
    >>> [row["id"] for row in scenario_summary(read_scenario("kars-gyumri-reopened"))["open"]]
    ['kars-gyumri']
    """
    from corridors.routing.obstacles import loose_ends

    state = NetworkState(
        with_candidate_links(network or load_network(), [scenario]), scenario, Terms()
    )
    opened = [link for link in state.network.links if state.opened(link)]
    unbuilt_m = sum(link.length_m for link in opened if state.unbuilt(link))

    def part(key: str) -> dict[str, Any]:
        """Return the length and the statuses of what a key names."""
        links = state.network.links_of(key)
        statuses = [_status_on(link, state.on, "freight") for link in links]
        return {
            "id": key, "km": round(sum(link.length_m for link in links) / 1000, 1),
            "links": [link.id for link in links], "status": sorted(set(statuses)),
        }  # fmt: skip

    return {
        "id": scenario.id, "kind": "scenario", "name": scenario.name, "names": scenario.names,
        "on": state.on.isoformat(),
        "open": [part(key) for key in scenario.open],
        "close": [part(key) for key in scenario.close],
        "build": [part(key) for key in scenario.build],
        "set": scenario.settings,
        "closed": {key: text for key, (text, _) in scenario.closed.items()},
        "open_hours": {key: text for key, (text, _) in scenario.open_hours.items()},
        "links_opened": len(opened),
        "unbuilt_km": round(unbuilt_m / 1000, 1), "remarks": [*loose_ends(state), *slips(state)],
        "note": scenario.note, "source": scenario.source,
    }  # fmt: skip
