"""A network as a page carries it, so that its script answers what a reader asks.

What depends on the reader's choice of day, users and scenario is worked out by
`maps/web/assets/router.js`; all that does not is worked out here. The numbers are those of
`corridors.route`.
"""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, datetime, time, timedelta
from functools import reduce
from math import sqrt
from operator import or_
from typing import TYPE_CHECKING, Any

from borders.gazetteer.places import places
from borders.measure import Z95
from borders.recurring import LONGEST_WAIT, open_minutes
from corridors.model.lent import is_elsewhere
from corridors.network.compiled import CompiledNetwork
from corridors.network.group_shares import group_shares
from corridors.network.link import MODES, USERS, Link
from corridors.network.open_borders import memberships
from corridors.network.rates import Assumption, Rates
from corridors.network.route_error import misses, route_error
from corridors.network.spans import known_spans
from corridors.routing.weighted_graph import graph_of
from corridors.scenarios.network_state import (
    NetworkState,
    with_candidate_links,
    with_other_gauge,
)
from corridors.scenarios.terms import LAND, Terms
from maps.i18n import phrases
from maps.web.page_days import page_days
from maps.web.road_ends import facts_of_ends, left_links

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from borders.recurring import Hours
    from corridors.network.link import Node
    from corridors.network.network import Network
    from corridors.scenarios.scenario import Scenario

__all__ = ["MOST_LINKS", "routing_data"]

# Of a network of more links than this a page carries only the drawing.
MOST_LINKS = 25_000
_DIRECTIONS = ("both", "forward", "backward")
# What a link has besides its numbers, as bits.
_ONEWAY, _CANDIDATE, _MISSES, _CHANGES_GAUGE, _MAY_BE_LEFT = 1, 2, 4, 8, 16
# In place of hours: those of something always open of which that is stated, or is not.
_NOT_STATED, _STATED_ALWAYS = -1, -2
_LAND_MODES = ("rail", "road", "ferry")
# Hours of these forms are the same in every year, in every week, and in every year with the same
# calendar.
_TIMES = r"24/7|(?<!\d)\d{1,2}(?!\d)|[-:.,; ]|closed|open|off"
_MONTHS, _DAYS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec", "Mo|Tu|We|Th|Fr|Sa|Su"
_YEARLY, _WEEKLY, _OF_CALENDAR = (
    re.compile(rf"(?:{'|'.join(words)})*")
    for words in ((_TIMES, _MONTHS), (_TIMES, _DAYS), (_TIMES, _MONTHS, _DAYS))
)
# The first day of the week and whether there is a leap day → a year with this calendar.
_CALENDARS = {(date(year, 1, 1).weekday(), isleap(year)): year for year in range(2000, 2028)}
# A year with a leap day, and one without.
_LEAP_YEAR, _PLAIN_YEAR = 2024, 2023


def routing_data(network: Network, scenarios: Sequence[Scenario]) -> dict[str, Any] | None:
    """Return what answers questions on a network, for a page's JSON; None if it is too large.

    Parameters
    ----------
    network : as it was loaded, without the links that scenarios build.
    scenarios : that the reader may begin with.
    """
    extended = with_candidate_links(network, scenarios)
    if len(extended.links) > MOST_LINKS:
        return None
    values = _Values()
    links = list(extended.links)
    statuses, hours = _Indexed(), _Indexed()
    graph = graph_of(extended)
    place_index = {key: n for n, key in enumerate(extended.layers)}
    columns: dict[str, Any] = _columns(links, extended, statuses)
    between: dict[str, Any] = {}
    if isinstance(network, CompiledNetwork) and isinstance(extended, CompiledNetwork):
        left = zip(columns["flags"], left_links(extended).tolist(), strict=True)
        columns["flags"] = [bits | _MAY_BE_LEFT * may for bits, may in left]
        columns["shared"] = _shared(links, extended)
        between = {"between": facts_of_ends(network, extended)}
    groups = {key: network.groups.get(key, linked) for key, linked in extended.groups.items()}
    data = {
        "day": str(network.on), "bundled": network.since is not None,
        "users": USERS, "modes": MODES, "z": Z95,
        "missed": route_error().sigma_100km_m, "ends": route_error().ends_m, "choices": LAND,
        "size": graph.n_nodes,
        "links": columns,
        "rates": {users: values.of(links, Rates(users=users)) for users in USERS},
        "access": [part.tolist() for part in extended.ends.access],
        "layers": [_mask(extended.modes_at(node)) for node in extended.nodes],
        "at": [place_index[node.place] for node in extended.nodes],
        "places": _places(network, extended),
        "groups": _told_apart(
            [_group(key, linked, extended) for key, linked in groups.items()], groups
        ),
        "spans": _spans(links, extended),
        "unions": [
            [m.union, m.country, m.users, _iso(m.valid_from), _iso(m.valid_to)]
            for m in memberships()
        ],
        "scenarios": [_scenario(scenario, extended, hours) for scenario in scenarios],
        "builds": _builds(scenarios),
    }  # fmt: skip
    data["statuses"] = [
        [
            [_iso(s.valid_from), _iso(s.valid_to), s.status, _DIRECTIONS.index(s.direction),
             s.users, _hours_index(s.hours, hours)]
            for s in dated
        ]
        for dated in statuses.values
    ]  # fmt: skip
    # Of some only seasons are known, and no hours of the day.
    data["hours"] = [{**_opening(h), "told": int(bool(h.open_hours))} for h in hours.values]
    return data | between | values.tables()


class _Indexed:
    """Distinct values in order of first use."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._at: dict[Any, int] = {}

    def add(self, value: Any) -> int:
        """Return the index of a value."""
        if value not in self._at:
            self._at[value] = len(self.values)
            self.values.append(value)
        return self._at[value]


class _Values:
    """The speeds, delays and costs of links, each distinct one once."""

    def __init__(self) -> None:
        self._assumptions, self._chains, self._profiles = _Indexed(), _Indexed(), _Indexed()

    def of(self, links: Iterable[Link], rates: Rates) -> list[int]:
        """Return the index of the profile of each link for some users."""
        known: dict[tuple[Any, ...], int] = {}
        profiles = []
        for link in links:
            # Thousands of links are alike in all that their speeds, delays and costs rest on.
            alike = (
                link.mode, link.terrain, link.crossing is not None, link.countries,
                link.changes_gauge, link.speed_kmh, link.delay_h, link.delay_passengers_h,
                link.cost_usd_t, link.delay_state, link.state,
                is_elsewhere(link.xy, link.countries),
            )  # fmt: skip
            if alike not in known:
                known[alike] = self._profiles.add(self._profile(link, rates))
            profiles.append(known[alike])
        return profiles

    def _profile(self, link: Link, rates: Rates) -> tuple[Any, ...]:
        """Return what hours and costs of a link are made of.

        The speed, the cost a kilometre, the fee and the delay: of each what is stated and what is
        usual; of the delay also that of two border posts, forward and backward.
        """
        back = link.travelled(forward=False)
        columns = ("speed_kmh", "cost_usd_tkm", "cost_usd_t", "delay_h")
        profile: list[Any] = []
        for column in columns:
            found = rates.values_of(link, column)
            profile += [self._assumption(found.stated), self._chain(found.usual)]
        for travelled in (link, back):
            posts = rates.values_of(travelled, "delay_h").posts
            profile.append(tuple(self._chain(post) for post in posts))
        return tuple(profile)

    def _assumption(self, value: Assumption | None) -> int:
        if value is None:
            return -1
        together = value.together or value.key
        money = (value.first_year, value.last_year) if value.currency else ()
        return self._assumptions.add(
            (together, value.value, value.low, value.high, value.state, *money)
        )

    def _chain(self, found: tuple[tuple[str, ...], Assumption] | None) -> int:
        if found is None:
            return -1
        keys, value = found
        return self._chains.add((keys, self._assumption(value)))

    def tables(self) -> dict[str, Any]:
        """Return the tables that profiles point into."""
        return {
            "profiles": self._profiles.values,
            "chains": self._chains.values,
            "assumptions": self._assumptions.values,
        }


def _columns(links: Sequence[Link], network: Network, statuses: _Indexed) -> dict[str, list[Any]]:
    """Return the properties of links, one list a property."""
    countries, keys = _Indexed(), _Indexed()
    rank, ends = network.rank, network.ends
    return {
        "id": [link.id for link in links],
        "a": ends.start.tolist(), "b": ends.end.tolist(),
        "mode": [MODES.index(link.mode) for link in links],
        "m": [_short(link.length_m) for link in links],
        "own": [_digits(sqrt(max(0.0, k.sigma_m**2 - k.shared_m**2))) for k in links],
        "shared": [_digits(link.shared_m) for link in links],
        "with": [keys.add(link.shared_with) for link in links],
        "status": [statuses.add(link.statuses) for link in links],
        "crossing": [link.crossing or 0 for link in links],
        "corridor": [link.corridor or 0 for link in links],
        "countries": [countries.add(link.countries) for link in links],
        "flags": [_flags(link) for link in links],
        "replaces": [rank[link.replaces] if link.replaces else -1 for link in links],
        "nations": countries.values,
    }  # fmt: skip


def _shared(links: Sequence[Link], network: CompiledNetwork) -> float | list[float]:
    """Return what of the error of each link all share; that of a metre, if it is always as much."""
    rate = network.table.errors.shared
    alike = all(link.shared_m == rate * link.length_m for link in links)
    return rate if alike else [link.shared_m for link in links]


def _flags(link: Link) -> int:
    bits = ((link.oneway, _ONEWAY), (link.candidate, _CANDIDATE), (misses(link), _MISSES),
            (link.changes_gauge, _CHANGES_GAUGE))  # fmt: skip
    return sum(bit for has, bit in bits if has)


def _short(value: float) -> float:
    """Return a whole number without its decimal point."""
    return int(value) if float(value).is_integer() else value


def _digits(value: float) -> float:
    """Return a number with as many digits as show in no interval: further ones weigh kilobytes."""
    return float(f"{value:.10g}")


def _mask(modes: Iterable[str]) -> int:
    return sum(1 << _LAND_MODES.index(mode) for mode in modes if mode in _LAND_MODES)


def _places(network: Network, extended: Network) -> list[list[Any]]:
    """Return id, nodes to depart from and to arrive at, and modes without and with new links.

    Of a place that the page does not know otherwise, also its longitude and latitude in degrees.
    """
    ends, before = extended.ends, {}
    if network is not extended:
        before = {key: _served(nodes) for key, nodes in network.layers.items()}
    rows: list[list[Any]] = []
    for key, nodes in extended.layers.items():
        after = _served(nodes)
        known = after if network is extended else before.get(key, 0)
        row = [key, ends.departure[key], ends.arrival[key], known, after]
        xy = next((at for node in nodes if (at := extended.nodes[node]) is not None), None)
        # Of a network of an extract the page has the courses of the links, which end there.
        if key not in places() and xy is not None and not isinstance(extended, CompiledNetwork):
            row += [round(xy[0], 5), round(xy[1], 5)]
        rows.append(row)
    return rows


def _served(nodes: Iterable[Node]) -> int:
    """Return the modes of the layers of nodes, as bits; all of them for one on no known layer."""
    every = (1 << len(_LAND_MODES)) - 1
    bits = (_mask((n.mode,)) if n.layer else every for n in nodes)
    return reduce(or_, bits, 0)


def _group(key: str, links: Sequence[Link], network: Network) -> list[Any]:
    """Return a crossing or corridor: id, kind, names, links, and what each bears of its delay."""
    from corridors.model.registry import system, system_ids
    from maps.layers.network import titles

    crossing = all(link.crossing == key for link in links)
    first = links[0]
    if not crossing and key in system_ids():
        names = dict(system(key).names)
    else:
        names = titles(first) if crossing else {"en": key}
    shares = group_shares(links)
    return [
        key, "crossing" if crossing else "corridor", names,
        [network.rank[link.id] for link in links], [shares[link.id] for link in links],
    ]  # fmt: skip


def _told_apart(rows: list[list[Any]], groups: Mapping[str, Sequence[Link]]) -> list[list[Any]]:
    """Return crossings and corridors, those of one name and several modes with their mode.

    Two towns beside a border are joined by a road and a railway, which a reader closes one by one.
    """
    modes: dict[str, set[str]] = {}
    for key, _, names, *_ in rows:
        modes.setdefault(names["en"], set()).add(groups[key][0].mode)
    for row in rows:
        names, mode = row[2], groups[row[0]][0].mode
        if len(modes[names["en"]]) > 1 and mode != "transfer":
            words = phrases(f"mode-{mode}")
            row[2] = {code: f"{names.get(code, names['en'])} ({words[code]})" for code in words}
    return rows


def _spans(links: Sequence[Link], network: Network) -> list[list[Any]]:
    known = {link.id: link for link in links if link.replaces is None}
    return [[[network.rank[key] for key in keys], sigma_m] for keys, sigma_m in known_spans(known)]


def _scenario(scenario: Scenario, network: Network, hours: _Indexed) -> dict[str, Any]:
    """Return what a scenario changes."""
    state = NetworkState(network, scenario, Terms())
    rank = network.rank
    gauges = [
        [rank[link.id], rank[regauged.id]] for link, regauged in with_other_gauge(network, scenario)
    ]
    return {
        "id": scenario.id, "on": str(state.on),
        "open": list(scenario.open), "close": list(scenario.close),
        "build": list(scenario.build), "set": scenario.settings, "gauge": gauges,
        "hours": [[rank[key], hours.add(value)] for key, value in state.hours_set.items()],
        "said": {
            "closed": {key: text for key, (text, _) in scenario.closed.items()},
            "open_hours": {key: text for key, (text, _) in scenario.open_hours.items()},
        },
    }  # fmt: skip


def _builds(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Return new link → its names and its text in a scenario file."""
    import tomlkit

    found: dict[str, Any] = {}
    for scenario in scenarios:
        for key, (build, _) in scenario.build.items():
            found.setdefault(key, tomlkit.dumps({"build": [build.row()]}))
    return found


def _iso(day: date | None) -> str | int:
    """Return a day as text, 0 for none."""
    return day.isoformat() if day else 0


def _hours_index(stated: Hours, hours: _Indexed) -> int:
    """Return which of the hours a status has; below 0 if it is always open, stated or not."""
    if stated:
        return hours.add(stated)
    return _STATED_ALWAYS if stated.open_hours else _NOT_STATED


def _opening(hours: Hours) -> dict[str, Any]:
    """Return when something is open: the days that differ, and which days are like which.

    ``days`` holds the minutes of each, from and to in turn. ``year`` says from which day of a leap
    year on which of them holds, ``MM-DD``, where all years are alike; otherwise ``weeks`` from
    which Monday on which seven hold.
    """
    days, texts = _Indexed(), (hours.closed, hours.open_hours)
    if _all_match(_YEARLY, texts) and _years_alike(hours):
        dates = _days(date(_LEAP_YEAR, 1, 1), date(_LEAP_YEAR, 12, 31))
        year = _runs((day.isoformat()[5:], days.add(open_minutes(hours, day))) for day in dates)
        return {"days": _flat(days), "year": year}
    first, last = page_days()
    first, last = first - timedelta(days=first.weekday()), last + 2 * LONGEST_WAIT
    if _all_match(_WEEKLY, texts):
        last = first
    alike = _all_match(_OF_CALENDAR, texts)
    known: dict[date, int] = {}
    # The day asked for last, and the next one on which anything changes.
    steady: tuple[date, date] = (date.max, date.min)

    def like(day: date) -> int:
        nonlocal steady
        if steady[0] <= day < steady[1]:
            return known[steady[0]]
        if alike:
            calendar = date(day.year, 1, 1).weekday(), isleap(day.year)
            day = day.replace(year=_CALENDARS[calendar])
        if day not in known:
            known[day] = days.add(open_minutes(hours, day))
        if not alike:
            turn = hours.changes(datetime.combine(day, time()))
            steady = day, date.max if turn is None else turn.date()
        return known[day]

    def week(monday: date) -> list[int]:
        begun = like(monday)
        if steady[0] <= monday and monday + timedelta(days=6) < steady[1]:
            return [begun] * 7
        return [begun, *(like(monday + timedelta(days=n)) for n in range(1, 7))]

    mondays = _days(first, last)[::7]
    weeks = _runs((monday.isoformat(), week(monday)) for monday in mondays)
    return {"days": _flat(days), "weeks": weeks}


def _all_match(form: re.Pattern[str], texts: Iterable[str]) -> bool:
    return all(form.fullmatch(text) for text in texts)


def _years_alike(hours: Hours) -> bool:
    """Tell whether the leap day changes neither day beside it, as hours over midnight may."""
    beside = ((2, 28), (3, 1))
    plain, leap = (
        [open_minutes(hours, date(year, *day)) for day in beside]
        for year in (_PLAIN_YEAR, _LEAP_YEAR)
    )
    return plain == leap


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _flat(days: _Indexed) -> list[list[int]]:
    return [[minute for span in spans for minute in span] for spans in days.values]


def _runs(dated: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return the days from which on something else holds, each with what holds."""
    runs: list[tuple[str, Any]] = []
    for day, value in dated:
        if not runs or runs[-1][1] != value:
            runs.append((day, value))
    return runs
