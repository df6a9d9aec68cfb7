"""At what value of a delay, speed or cost the best route changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from numbers import Real
from typing import TYPE_CHECKING

from borders.errors import AraxesError
from corridors.analysis.compare import difference
from corridors.network.rates import LARGEST, SLOWEST_KMH, assumptions_of
from corridors.routing.find import best_path, resolve_stops, route_of
from corridors.routing.planner import RoutePlanner
from corridors.routing.query import as_list, pair_as_first_argument, planner_for
from corridors.scenarios.settings import SETTABLE
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.route import Route
    from corridors.scenarios.scenario import Scenario

__all__ = ["Breakpoint", "breakeven"]

# By the clock: so many steps of the range are looked at, and halved so often where the best route
# changes in one.
_STEPS, _HALVINGS = 32, 12
# Hours or US dollars a tonne; a smaller difference between two paths is taken for rounding.
_TOLERANCE = 1e-9
# By what a route is the best → the columns of assumptions and links that change its cost.
_COLUMNS = {"hours": ("speed_kmh", "delay_h"), "cost": ("cost_usd_tkm", "cost_usd_t")}
# Links with their directions (True: forward).
Steps = tuple[tuple["Link", bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakpoint:
    """A value at which two routes are equally good.

    Parameters
    ----------
    key : the assumption, or the link with a column, whose value it is.
    value : in the unit of the key: km/h, hours, US dollars a tonne or a tonne-kilometre.
    low, high : ends of the 95 % interval of the value, from the ranges of all other assumptions
        and lengths that only one of the two routes rests on. By the clock, where the two differ in
        nothing but a wait, those of the range that was asked for.
    below, above : best route just below and just above the value.
    """

    key: str
    value: float
    low: float
    high: float
    below: Route
    above: Route


@pair_as_first_argument
def breakeven(  # noqa: PLR0913 - any query may be of another day
    origin: str,
    destination: str,
    key: str,
    between: tuple[float, float],
    *,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
) -> list[Breakpoint]:
    """Return every value in a range at which the best route changes, in order.

    A route's hours or cost is linear in a delay or a cost, and in the inverse of a speed, so the
    least of all routes is a concave function of straight pieces. Its corners are found exactly,
    each as the intersection of the lines of the two routes that meet there.

    By hours with a time of departure, waits before closed links make steps in these lines. Then 32
    steps of the range are looked at and those in which the best route changes are halved, up to
    1/100,000 of the range; a route that is best within one step alone is not seen.

    Parameters
    ----------
    origin, destination : places, by id or a name in any language.
    key : a key of assumptions.csv, the beginning of several (``speed_kmh.road``, for any terrain
        that the scenario does not set by itself), or the id of a link, crossing or corridor with
        ``.delay_h``, ``.speed_kmh`` or ``.cost_usd_t``.
    between : lowest and highest value.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.

    Raises
    ------
    AraxesError : the range is empty, or the value does not change what the terms make least.
    UnknownNameError : no such assumption or link.
    NoAnswerError : there is no route at all.

    Examples
    --------
    >>> points = breakeven("Kars", "Baku", "delay_h.crossing.rail", (0, 40))
    >>> [(point.below.modes, point.above.modes) for point in points]
    [(('rail',), ('road',))]
    """
    planner = planner_for(
        [scenario], terms or Terms(by="hours"), network, on, ends=(origin, destination)
    )
    _check(key, between, planner.terms.by)
    envelope = _Envelope(planner, key, (origin, destination), between)
    first, last = sorted(envelope.to_linear(value) for value in between)
    if planner.terms.by_clock:
        corners = envelope.changes(first, last)
    else:
        corners = envelope.corners(first, envelope.best(first), last, envelope.best(last))
    return sorted((envelope.point(*corner) for corner in corners), key=lambda point: point.value)


def _check(key: str, between: tuple[float, float], by: str) -> None:
    """Refuse an empty range, and a key that does not change what is to be least."""
    if not isinstance(key, str):
        message = f"the key is {key!r}; give that of an assumption, or of a link with a column"
        raise AraxesError(message)
    values = as_list(between, "values")
    if len(values) != 2 or not all(isinstance(value, Real) for value in values):
        message = f"the values are {between!r}; give the lowest and the highest"
        raise AraxesError(message)
    low, high = values
    least = SLOWEST_KMH if "speed_kmh" in key else 0.0
    if not least <= low < high <= LARGEST:
        message = (
            f"'{key}' is to vary from {low:g} to {high:g}; give a lowest value of {least:g} or "
            f"more and a higher one, at most {LARGEST:,.0f}"
        )
        raise AraxesError(message)
    of_link, _, column = key.rpartition(".")
    if not of_link or column not in SETTABLE:
        assumptions_of(key)
    columns = _COLUMNS.get(by, ())
    if not any(column in key.split(".") for column in columns):
        what = " or ".join(columns) or "no value"
        other = [unit for unit, known in _COLUMNS.items() if set(known) & set(key.split("."))]
        ask = " or ".join(other or _COLUMNS)
        message = f"'{key}' does not change the least {by}: {what} does; ask by {ask}"
        raise AraxesError(message)


class _Envelope:
    """The least hours or cost as a function of one value: the lower envelope of all routes' lines.

    Positions on its axis are values in which hours and cost are linear: the inverse of a speed,
    otherwise the value itself.
    """

    def __init__(
        self, planner: RoutePlanner, key: str, pair: tuple[str, str], asked: tuple[float, float]
    ) -> None:
        self._asked = asked
        self._network, self._terms, self._key = planner.without_candidates, planner.terms, key
        self._base = planner.states[0].scenario
        self._inverse = "speed_kmh" in key
        self._stops = resolve_stops(self._planner(1.0), *pair)

    def _planner(self, position: float) -> RoutePlanner:
        settings = {**self._base.set, self._key: (self.to_linear(position), self._base.id)}
        return RoutePlanner(self._network, [replace(self._base, set=settings)], self._terms)

    def best(self, position: float) -> Steps:
        """Return the best path at a position."""
        planner = self._planner(position)
        return tuple(best_path(planner, planner.states[0], self._stops).steps)

    def cost(self, position: float, path: Steps) -> float:
        """Return the hours or cost of a path at a position."""
        state = self._planner(position).states[0]
        return sum(state.weight(link, forward=forward) for link, forward in path)

    def to_linear(self, value: float) -> float:
        """Return the position of a value, or the value at a position."""
        if not self._inverse:
            return value
        return 1 / value if value else inf

    def point(self, position: float, left: Steps, right: Steps) -> Breakpoint:
        """Return the corner where the left path, best before it, meets the right one."""
        state = self._planner(position).states[0]
        before, after = (route_of(state, self._stops, path) for path in (left, right))
        apart = difference(before, after, self._terms.by)
        # At the corner the paths cost the same, and one unit further the left one costs `slope`
        # more. So an error of the difference moves the corner by itself over the slope.
        slope = self.cost(position + 1, left) - self.cost(position + 1, right)
        if self._terms.at is not None:
            slope -= self.cost(position, left) - self.cost(position, right)
        low, high = self._asked
        if abs(slope) > _TOLERANCE:
            low, high = sorted(
                self.to_linear(max(0.0, position - error / slope))
                for error in (apart.high, apart.low)
            )
        below, above = (after, before) if self._inverse else (before, after)
        return Breakpoint(
            key=self._key,
            value=self.to_linear(position),
            low=low,
            high=high,
            below=below,
            above=above,
        )

    def changes(self, first: float, last: float) -> list[tuple[float, Steps, Steps]]:
        """Return where the best path by the clock changes between two positions."""
        found = []
        step = (last - first) / _STEPS
        left = self.best(first)
        for n in range(1, _STEPS + 1):
            b = first + n * step
            right = end = self.best(b)
            below, above = b - step, b
            if left != end:
                for _ in range(_HALVINGS):
                    middle = (below + above) / 2
                    path = self.best(middle)
                    below, above = (middle, above) if path == left else (below, middle)
                    right = right if path == left else path
                found.append((above, left, right))
            left = end
        return found

    def corners(
        self, a: float, left: Steps, b: float, right: Steps
    ) -> list[tuple[float, Steps, Steps]]:
        """Return where the best path changes between positions a and b, given the best at both."""
        left_a, left_b, right_a, right_b = (
            self.cost(position, path) for path in (left, right) for position in (a, b)
        )
        # At a the left path is no worse than the right one, at b the right one than the left.
        gain_a, gain_b = right_a - left_a, left_b - right_b
        if gain_a <= _TOLERANCE or gain_b <= _TOLERANCE:
            return []
        crossing = a + (b - a) * gain_a / (gain_a + gain_b)
        middle = self.best(crossing)
        if self.cost(crossing, middle) >= self.cost(crossing, left) - _TOLERANCE:
            return [(crossing, left, right)]
        before = self.corners(a, left, crossing, middle)
        return before + self.corners(crossing, middle, b, right)
