"""A pair of places over time, under scenarios, and the events that change its routes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from borders.dates import holds, parse_date
from borders.errors import AraxesError
from corridors.network.cost_basis import COST_KEYS
from corridors.network.hours_parts import hours_by
from corridors.network.load import known_until, load_network
from corridors.network.network import Network
from corridors.network.open_borders import memberships_on
from corridors.routing.find import resolve_stops, route_of
from corridors.routing.obstacles import obstacle_message, obstacles
from corridors.routing.query import as_list, planner_for
from corridors.routing.route import name_of
from corridors.routing.router import SMALL_GRAPH_NODES
from corridors.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import pandas

    from corridors.network.link import Link
    from corridors.routing.graph import Floats, Ints
    from corridors.routing.obstacles import Obstacle
    from corridors.routing.planner import RoutePlanner
    from corridors.routing.route import Route
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.terms import Terms

    Steps = list[tuple[Link, bool]]

__all__ = ["Event", "Series", "SeriesRow", "days_of", "series", "unchanged"]

# More days are refused: a table that long says that the step was meant to be another.
MOST_DAYS = 20_000
_STEP = re.compile(r"(\d+)\s*([dwmy])")
_STEPS = "such as 1y, 6m, 2w or 10d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change of status, or of a membership, that changes a route.

    Parameters
    ----------
    on : first day of what holds now; None if the data do not say.
    what : crossing, corridor or link; of a membership the union and the country.
    before, after : statuses.
    source, state : who says so, and how sure that is.
    """

    on: date | None
    what: str
    before: str
    after: str
    source: str
    state: str
    precision: str = "day"

    @property
    def text(self) -> str:
        """Return what changed, since when, and the source."""
        digits = {"day": 10, "month": 7, "year": 4}[self.precision]
        since = f" since {self.on.isoformat()[:digits]}" if self.on else ""
        return f"{self.what} {self.after}{since}, before {self.before}; {self.source}"

    def row(self) -> dict[str, Any]:
        """Return the event as the values of its JSON."""
        return {
            "on": self.on and self.on.isoformat(), "precision": self.precision, "what": self.what,
            "before": self.before, "after": self.after, "source": self.source, "state": self.state,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class _Stretch:
    """Days on which a pair has the same route, with the same statuses, or none.

    Parameters
    ----------
    route : as of the first of the days.
    planner, state, stops : where there is no route, what says why.
    """

    route: Route | None
    planner: RoutePlanner
    state: NetworkState
    stops: Sequence[str]

    def __eq__(self, other: object) -> bool:
        """Tell whether pair and route are the same."""
        if not isinstance(other, _Stretch):
            return NotImplemented
        return (*self.stops, self.route) == (*other.stops, other.route)

    def __hash__(self) -> int:
        return hash((*self.stops, self.route))

    @cached_property
    def columns(self) -> dict[str, Any]:
        """Return what the rows of all days have in common."""
        route = self.route
        if route is None:
            return {}
        values = route.row()
        values["hours_by"] = {key: round(h, 1) for key, h in hours_by(route.hours_parts).items()}
        return values

    @cached_property
    def reason(self) -> str:
        """Return why there is no route; empty if there is one."""
        if self.route is not None:
            return ""
        ends = self.stops[0], self.stops[-1]
        fewest = self.obstacles
        text = obstacle_message(self.planner, self.state, ends, fewest, brief=True)
        if len(self.stops) > 2 and not fewest:
            via = ", ".join(map(name_of, self.stops[1:-1]))
            return f"no way through {via}"
        return text

    @cached_property
    def obstacles(self) -> list[Obstacle] | None:
        """Return the fewest links that would have to open where there is no route.

        They are told of the ends; a stop between may be another reason.
        """
        if self.route is not None:
            return []
        return obstacles(self.planner, self.state, self.stops[0], self.stops[-1])


@dataclass(frozen=True, kw_only=True)
class SeriesRow:
    """A pair on one day, under a scenario, by a set of modes.

    Parameters
    ----------
    scenario : on the day.
    events : what changed since the day before in the series and changed the route.
    """

    on: date
    scenario: Scenario
    mode_set: tuple[str, ...]
    events: tuple[Event, ...]
    _stretch: _Stretch = field(repr=False)

    @cached_property
    def way(self) -> Route | None:
        """Return the best route of the day, None if there is none."""
        route = self._stretch.route
        return route and replace(route, on=self.on, scenario=self.scenario)

    @property
    def reason(self) -> str:
        """Return what stands in the way where there is no route."""
        first = self._stretch.state.on
        return self._stretch.reason.replace(f" on {first} in ", f" on {self.on} in ", 1)

    @property
    def standing(self) -> tuple[Obstacle, ...]:
        """Return the fewest links that would have to open where there is no route."""
        return tuple(self._stretch.obstacles or ())

    def same_as(self, other: SeriesRow) -> bool:
        """Tell whether another day has the same route, with the same statuses."""
        return self._stretch is other._stretch

    def row(self) -> dict[str, Any]:
        """Return the values of the row's JSON; None where there is no route to give them."""
        stretch = self._stretch
        values, terms, stops = stretch.columns, stretch.planner.terms, stretch.stops

        def known(key: str, otherwise: Any = None) -> Any:
            return values.get(key, otherwise)

        return {
            "from": name_of(stops[0]), "to": name_of(stops[-1]), "on": self.on.isoformat(),
            "scenario": self.scenario.id, "by": terms.by, "users": terms.who,
            "modes": known("modes", []), "mode_set": list(self.mode_set),
            "via": list(stops[1:-1]), "avoid": sorted(terms.avoid),
            **({"at": f"{terms.at:%H:%M}"} if terms.at else {}),
            **{key: known(key) for key in _SUMS}, "hours_by": known("hours_by"),
            "crossings": known("crossings", []), "countries": known("countries", []),
            "unbuilt_km": known("unbuilt_km"), "undated_km": known("undated_km"),
            "events": [event.row() for event in self.events], "reason": self.reason,
        }  # fmt: skip


_SUMS = ("km", "low_km", "high_km", "hours", "low_hours", "high_hours", "hours_basis",
            "cost_usd_t", "low_cost_usd_t", "high_cost_usd_t", *COST_KEYS)  # fmt: skip


class Series(list[SeriesRow]):
    """Rows of `series`: a list that becomes a DataFrame; by scenario, set of modes and day."""

    def to_frame(self) -> pandas.DataFrame:
        """Return the values of `SeriesRow.row` as a DataFrame, one line a row; `on` are days."""
        import pandas as pd

        frame = pd.DataFrame([row.row() for row in self])
        return frame.assign(on=pd.to_datetime(frame["on"]))

    @property
    def ways(self) -> list[Route]:
        """Return the best routes, that of days in a row on which it does not change once."""
        runs = (run for block in self.blocks() for run in unchanged(block))
        return [run[0].way for run in runs if run[0].way is not None]

    def blocks(self) -> list[list[SeriesRow]]:
        """Return the rows of each scenario and set of modes, in order of days."""
        blocks: dict[tuple[str, tuple[str, ...]], list[SeriesRow]] = {}
        for row in self:
            blocks.setdefault((row.scenario.id, row.mode_set), []).append(row)
        return list(blocks.values())


def series(  # noqa: PLR0913 - any query may be under other terms
    origin: str,
    destination: str,
    on: str | Sequence[date | str],
    *,
    step: str = "1y",
    scenarios: Sequence[Scenario | str] | Scenario | str = "status-quo",
    terms: Terms | None = None,
    via: Sequence[str] | str = (),
    network: Network | str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Series:
    """Return the best routes of a pair on several days, with the events that change them.

    Where the terms name no modes there are rows by road and rows by rail, as in `compare`; a set
    of modes by which there is no route on any of the days, beside one that has some, has none. A
    route is searched for only on days on which links have opened since the day before, or one that
    it uses has closed, or times at borders have changed; each row is that of its day asked alone.
    By hours with a time of departure it is searched for on every day, as waits differ by the day.

    Parameters
    ----------
    origin, destination : places, by id or by a name in any language.
    on : ``1990:2026``, the first of January of each of the years, when passes may be closed for
        the winter; ``2017-06-01:2026-06-01``; or the days themselves.
    step : from one day to the next: a number with d, w, m or y.
    scenarios : under each of which the pair is asked; their own days do not count.
    via : places, crossings, corridors and links to go through, as for `route`.
    progress : called with the number of days done and of all.

    Raises
    ------
    AraxesError : no such days or step; a place is not known; as for `route`.

    Examples
    --------
    >>> from corridors.scenarios.terms import Terms
    >>> rows = series("Kars", "Tbilisi", "2015:2019", terms=Terms(modes="rail"))
    >>> [(row.on.year, row.way is not None) for row in rows][1:4]
    [(2016, False), (2017, False), (2018, True)]
    >>> rows[3].events[0].what, rows[3].events[0].after
    ('btk', 'open')
    """
    days = days_of(on, step)
    named = [scenarios] if isinstance(scenarios, Scenario) else as_list(scenarios, "scenarios")
    loaded = network if isinstance(network, Network) else load_network(network)
    # A few dozen searches on a small graph take less than another engine needs to be loaded.
    engine = "python" if len(loaded.links) <= SMALL_GRAPH_NODES else "auto"
    between = as_list(via)
    planner = planner_for(
        named, terms, loaded, days[0], engine=engine, ends=(origin, *between, destination)
    )
    stops = resolve_stops(planner, origin, destination, between)
    blocks: list[list[SeriesRow]] = []
    n_blocks = len(planner.states) * len(planner.terms.choices)
    for state in planner.states:
        dated = _dated_states(planner, state, days)
        for modes in planner.terms.choices:
            by_modes = planner.stops.by_modes(modes, stops)
            rows: list[SeriesRow] = []
            for row in _block(planner, dated, modes, by_modes):
                rows.append(row)
                if progress:
                    done = len(blocks) * len(days) + len(rows)
                    progress(done // n_blocks, len(days))
            blocks.append(rows)
    with_routes = [rows for rows in blocks if any(row.way is not None for row in rows)]
    shown = {rows[0].mode_set for rows in with_routes or blocks}
    return Series(row for rows in blocks if rows[0].mode_set in shown for row in rows)


def days_of(on: str | Iterable[date | str], step: str = "1y") -> list[date]:
    """Return the days of a series, in order.

    Raises
    ------
    AraxesError : what is given are no days, the step is none, or there are too many.

    Examples
    --------
    >>> [str(day) for day in days_of("1990:1992")]
    ['1990-01-01', '1991-01-01', '1992-01-01']
    >>> [str(day) for day in days_of("2020-01-31:2020-04-01", "1m")]
    ['2020-01-31', '2020-02-29', '2020-03-31']
    """
    if not isinstance(on, str):
        days = sorted({parse_date(day) for day in on})
        if not days:
            message = "no day is given; give days, or 1990:2026"
            raise AraxesError(message)
        return days
    first, colon, last = (part.strip() for part in on.partition(":"))
    begin, end = _day(first, on), _day(last, on) if colon else None
    if end is None:
        return [begin]
    if end < begin:
        message = f"the days are '{on}'; the last is before the first, write FIRST:LAST"
        raise AraxesError(message)
    known = _STEP.fullmatch(step.strip().lower()) if isinstance(step, str) else None
    count = int(known[1]) if known else 0
    if known is None or not 0 < count < 10_000:
        message = f"the step is '{step}'; write a number above 0 with d, w, m or y, {_STEPS}"
        raise AraxesError(message)
    days = []
    for day in _stepped(begin, count, known[2]):
        if day is None or day > end:
            break
        days.append(day)
        if len(days) > MOST_DAYS:
            message = f"'{on}' in steps of {step} are over {MOST_DAYS:,} days; take longer steps"
            raise AraxesError(message)
    return days


def _day(text: str, whole: str) -> date:
    """Return the day of an end of a range; of a year the first of January."""
    try:
        return parse_date(f"{text}-01-01" if re.fullmatch(r"[0-9]{4}", text) else text)
    except AraxesError as err:
        message = f"the days are '{whole}'; write years or days: 1990:2026, 2017-10-01:2018-06-01"
        raise AraxesError(message) from err


def _stepped(begin: date, count: int, unit: str) -> Iterator[date | None]:
    """Yield days from the first on; in steps of months the day of the month, or the last before."""
    turn = 0
    while True:
        try:
            if unit in "dw":
                yield begin + timedelta(days=turn * count * (7 if unit == "w" else 1))
            else:
                months = begin.month - 1 + turn * count * (12 if unit == "y" else 1)
                first = date(begin.year + months // 12, months % 12 + 1, 1)
                following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
                yield first.replace(day=min(begin.day, (following - timedelta(days=1)).day))
        except (OverflowError, ValueError):
            yield None
        turn += 1


def _dated_states(
    planner: RoutePlanner, state: NetworkState, days: Sequence[date]
) -> list[NetworkState]:
    """Return a scenario on each day; days inside the same unions share their weights."""
    states: list[NetworkState] = []
    known: dict[object, NetworkState] = {}
    for day in days:
        dated = replace(state.scenario, on=day)
        unions = memberships_on(day, planner.terms.users)
        states.append(planner.state(dated, like=known.get(unions)))
        known.setdefault(unions, states[-1])
    return states


class _Found(NamedTuple):
    """A best path, and the costs under which it was found.

    Parameters
    ----------
    arcs, costs : what differs from the planner's base costs.
    timed : whether it was found by the clock.
    """

    arcs: Ints
    costs: Floats
    weights: object
    steps: Steps | None
    timed: bool


def _block(
    planner: RoutePlanner, states: Sequence[NetworkState], modes: tuple[str, ...],
    stops: Sequence[str],
) -> Iterator[SeriesRow]:  # fmt: skip
    """Yield the rows of one scenario by one set of modes."""
    stretches: dict[object, _Stretch] = {}
    found: _Found | None = None
    before: tuple[NetworkState, _Stretch] | None = None
    for state in (state.by(modes) for state in states):
        found = _path(planner, state, modes, stops, found)
        key = _key(state, found.steps, found)
        stretch = stretches.get(key)
        if stretch is None:
            route = None if found.steps is None else route_of(state, stops, found.steps)
            stretch = _Stretch(route=route, planner=planner, state=state, stops=stops)
            stretches[key] = stretch
        events: tuple[Event, ...] = ()
        if before is not None and before[1] is not stretch:
            events = tuple(_events(before[0], state, before[1].route, stretch.route))
        yield SeriesRow(on=state.on, scenario=state.scenario, mode_set=modes, events=events,
                        _stretch=stretch)  # fmt: skip
        before = state, stretch


def _path(
    planner: RoutePlanner, state: NetworkState, modes: tuple[str, ...], stops: Sequence[str],
    last: _Found | None,
) -> _Found:  # fmt: skip
    """Return the best path of a day, that of the day before where nothing can have changed it."""
    arcs, costs = planner.weighted.changes(state, modes)
    weights = state.weights
    timed = state.terms.by_clock and bool(state.gates(modes))
    if last is not None and (timed or last.timed):
        last = None
    if last is not None and weights is last.weights and np.array_equal(arcs, last.arcs):
        dearer = costs > last.costs
        used = {2 * planner.network.rank[link.id] + (not ahead) for link, ahead in last.steps or ()}
        if not (costs < last.costs).any() and used.isdisjoint(arcs[dearer].tolist()):
            return last._replace(costs=costs)
    path = planner.find_by(state, modes, stops)
    return _Found(arcs, costs, weights, None if path is None else path.steps, timed)


def _key(state: NetworkState, steps: Steps | None, found: _Found) -> object:
    """Return what two days have in common if their routes are told alike."""
    if steps is None:
        # Which links are closed decides what stands in the way.
        return found.costs.tobytes(), tuple(
            state.status(state.network.link(key), forward=True).status
            for key in state.network.dated_links
        )
    statuses = tuple(state.status(link, forward=ahead) for link, ahead in steps)
    ids = tuple((link.id, ahead) for link, ahead in steps)
    stops = tuple(state.rates.without_stop(link) for link, _ in steps)
    return ids, statuses, stops, state.on < known_until(), _waits(state, steps)


def _waits(state: NetworkState, steps: Steps) -> tuple[tuple[float, float, float], ...]:
    """Return the waits of a path by the clock with the ends of their intervals, if it has any."""
    if state.terms.at is None or not any(state.hours(k, forward=ahead) for k, ahead in steps):
        return ()
    timed = route_of(state, ("", ""), steps).steps
    return tuple((step.wait_h, step.low_wait_h, step.high_wait_h) for step in timed)


def _events(
    before: NetworkState, after: NetworkState, old: Route | None, new: Route | None
) -> Iterator[Event]:
    """Yield what changed between two days on the routes of both, each thing once."""
    seen = set()
    steps = [*(old.steps if old else ()), *(new.steps if new else ())]
    for step in steps:
        link, forward = step.link, step.forward
        if link.id in after.forced:
            continue
        was, now = (state.status(link, forward=forward) for state in (before, after))
        if was.status != now.status:
            key = link.corridor or link.crossing or link.id, was.status, now.status, now.valid_from
            if key not in seen:
                seen.add(key)
                yield Event(
                    on=now.valid_from, what=key[0], before=was.status, after=now.status,
                    source=now.source, state=now.state, precision=now.precision,
                )  # fmt: skip
    yield from _changed_memberships(before, after, steps)


def _changed_memberships(
    before: NetworkState, after: NetworkState, steps: Sequence[Any]
) -> Iterator[Event]:
    """Yield the memberships that began or ended for countries whose borders the routes cross."""
    users = after.terms.users
    pairs = {step.link.countries for step in steps if step.link.crossing}
    crossed = {country for countries in pairs for country in countries}
    was, now = memberships_on(before.on, users), memberships_on(after.on, users)
    for member in sorted(was ^ now, key=lambda m: (m.valid_to or m.valid_from or date.min,
                                                   m.country)):  # fmt: skip
        if member.country not in crossed:
            continue
        joined = holds(member.valid_from, member.valid_to, after.on)
        yield Event(
            on=member.valid_from if joined else member.valid_to,
            what=f"{member.union} ({member.country})",
            before="not in force" if joined else "in force",
            after="in force" if joined else "ended",
            source=member.source, state=member.state,
        )  # fmt: skip


def unchanged(rows: Sequence[SeriesRow]) -> list[list[SeriesRow]]:
    """Return the rows of a block, those of days in a row with the same route together."""
    runs: list[list[SeriesRow]] = [[row] for row in rows[:1]]
    for earlier, later in pairwise(rows):
        if later.same_as(earlier):
            runs[-1].append(later)
        else:
            runs.append([later])
    return runs
