"""At what value of a delay, speed or cost the best route changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from numbers import Real
from typing import TYPE_CHECKING

from borders.errors import AraxesError
from corridors.network.estimate import total
from corridors.network.rates import assumption
from corridors.routing.find import best_path, ordered, route_of
from corridors.routing.planner import RoutePlanner
from corridors.routing.query import listed, pair_as_first_argument, planner_for
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

_LEAST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakpoint:
    """A value at which two routes are equally good.

    Parameters
    ----------
    low, high : ends of the 95 % interval of the value, from the ranges of what else the two
        routes rest on and do not share.
    below, above : best route just below and just above the value.
    """

    key: str
    value: float
    low: float
    high: float
    below: Route
    above: Route


@pair_as_first_argument
def breakeven(  # noqa: PLR0913 - any question may be of another day
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
    best of all routes is a chain of straight pieces; its corners are found exactly, each by the
    two routes that meet there.

    Parameters
    ----------
    origin, destination : places, by id or a name in any language.
    key : a key of assumptions.csv, or the id of a link, crossing or corridor with ``.delay_h``,
        ``.speed_kmh`` or ``.cost_usd_t``.
    between : lowest and highest value.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.

    Raises
    ------
    AraxesError : the range is empty, or the value does not change what is to be least.
    UnknownNameError : no such assumption or link.
    NoAnswerError : there is no way at all.

    Examples
    --------
    >>> points = breakeven("Kars", "Baku", "delay_h.crossing.rail", (0, 40))
    >>> [(point.below.modes, point.above.modes) for point in points]
    [(('rail',), ('road',))]
    """
    planner = planner_for([scenario], terms or Terms(by="hours"), network, on)
    _check(key, between, planner.terms.by)
    search = _Search(planner, key, (origin, destination))
    ends = sorted(search.at(value) for value in between)
    corners = search.corners(ends[0], search.best(ends[0]), ends[1], search.best(ends[1]))
    return sorted((search.point(*corner) for corner in corners), key=lambda point: point.value)


def _check(key: str, between: tuple[float, float], by: str) -> None:
    """Refuse a range without values, and a value that does not change what is asked for."""
    if not isinstance(key, str):
        message = f"the key is {key!r}; give that of an assumption, or of a link with a column"
        raise AraxesError(message)
    values = listed(between, "values")
    if len(values) != 2 or not all(isinstance(value, Real) for value in values):
        message = f"the values are {between!r}; give the lowest and the highest"
        raise AraxesError(message)
    low, high = values
    if not (low < high < inf) or low < 0 or (low == 0 and "speed_kmh" in key):
        message = (
            f"'{key}' is to vary from {low:g} to {high:g}; give a lowest value of 0 or more "
            "(above 0 for a speed) and a higher one"
        )
        raise AraxesError(message)
    if key.rpartition(".")[2] not in SETTABLE:
        assumption(key)
    columns = _COLUMNS.get(by, ())
    if not any(column in key.split(".") for column in columns):
        what = " or ".join(columns) or "no value"
        other = [unit for unit, known in _COLUMNS.items() if set(known) & set(key.split("."))]
        ask = " or ".join(other or _COLUMNS)
        message = f"'{key}' does not change the least {by}: {what} does; ask by {ask}"
        raise AraxesError(message)


# What changes the least hours, and the least cost.
_COLUMNS = {"hours": ("speed_kmh", "delay_h"), "cost": ("cost_usd_tkm", "cost_usd_t")}
Way = tuple[tuple["Link", bool], ...]


class _Search:
    """The best route as a function of one value."""

    def __init__(self, planner: RoutePlanner, key: str, pair: tuple[str, str]) -> None:
        self._network, self._terms, self._key = planner.standing, planner.terms, key
        self._base = planner.states[0].scenario
        self._inverse = "speed_kmh" in key
        self._stops = ordered(self._planner(1.0), *pair)

    def _planner(self, at: float) -> RoutePlanner:
        settings = {**self._base.set, self._key: (self.at(at), self._base.id)}
        return RoutePlanner(self._network, [replace(self._base, set=settings)], self._terms)

    def best(self, at: float) -> Way:
        planner = self._planner(at)
        return tuple(best_path(planner, planner.states[0], self._stops).steps)

    def cost(self, at: float, way: Way) -> float:
        weights = self._planner(at).states[0].weights
        return sum(weights[link.id] for link, _ in way)

    def at(self, value: float) -> float:
        """Return the quantity that hours and cost are linear in, from a value, or back."""
        if not self._inverse:
            return value
        return 1 / value if value else inf

    def point(self, at: float, left: Way, right: Way) -> Breakpoint:
        """Return the corner where the left way, best before it, meets the right one."""
        state = self._planner(at).states[0]
        ways = [route_of(state, self._stops, way) for way in (left, right)]
        apart = total(self._terms.by, [(1, ways[0].links, state.rates),
                                       (-1, ways[1].links, state.rates)])  # fmt: skip
        # What the left way costs more rises by this much a unit: what is in doubt of it, here
        # none, moves the corner.
        rise = self.cost(at + 1, left) - self.cost(at + 1, right)
        low, high = sorted(self.at(max(0.0, at - more / rise)) for more in (apart.high, apart.low))
        below, above = reversed(ways) if self._inverse else ways
        return Breakpoint(
            key=self._key, value=self.at(at), low=low, high=high, below=below, above=above
        )

    def corners(self, a: float, left: Way, b: float, right: Way) -> list[tuple[float, Way, Way]]:
        """Return where the best way changes between a and b, given the best at both."""
        la, lb, ra, rb = (self.cost(at, way) for way in (left, right) for at in (a, b))
        # At a the left is no worse than the right, at b the right than the left.
        rise, fall = ra - la, lb - rb
        if rise <= _LEAST or fall <= _LEAST:
            return []
        at = a + (b - a) * rise / (rise + fall)
        middle = self.best(at)
        if self.cost(at, middle) >= self.cost(at, left) - _LEAST:
            return [(at, left, right)]
        return self.corners(a, left, at, middle) + self.corners(at, middle, b, right)
