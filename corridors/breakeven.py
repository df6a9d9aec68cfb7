"""At what value of a delay, speed or cost the best route changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from borders.errors import AraxesError, NoAnswerError
from corridors.case import Terms
from corridors.network import Network, load_network
from corridors.plan import Plan
from corridors.route import Route, ordered, route_of
from corridors.scenario import Scenario, read_scenario

if TYPE_CHECKING:
    from corridors.link import Link

__all__ = ["Breakpoint", "breakeven"]

_LEAST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakpoint:
    """A value at which two routes are equally good.

    Parameters
    ----------
    below, above : best route just below and just above the value.
    """

    key: str
    value: float
    below: Route
    above: Route


def breakeven(
    pair: tuple[str, str],
    key: str,
    between: tuple[float, float],
    *,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    network: Network | None = None,
) -> list[Breakpoint]:
    """Return every value in a range at which the best route changes, in order.

    A route's hours or cost is linear in a delay or a cost, and in the inverse of a speed, so the
    best of all routes is a chain of straight pieces; its corners are found exactly, each by the
    two routes that meet there.

    Parameters
    ----------
    pair : origin and destination.
    key : a key of assumptions.csv, or the id of a link, crossing or corridor with ``.delay_h``,
        ``.speed_kmh`` or ``.cost_usd_t``.
    between : lowest and highest value.

    Raises
    ------
    AraxesError : the range is empty, or kilometres are asked for, which no value changes.
    NoAnswerError : there is no way at all.
    """
    terms = terms or Terms(by="hours")
    inverse, (low, high) = "speed_kmh" in key, between
    if terms.by == "km" or not low < high or (inverse and low <= 0):
        message = (
            f"a break-even of '{key}' between {low:g} and {high:g} by {terms.by}: ask by hours or "
            "cost, and give low < high (above 0 for a speed)"
        )
        raise AraxesError(message)
    base = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    search = _Search(network or load_network(), base, terms, key, pair)
    ends = sorted(1 / v if inverse else v for v in (low, high))
    corners = search.corners(ends[0], search.best(ends[0]), ends[1], search.best(ends[1]))
    found = []
    for at, left, right in corners:
        value = 1 / at if inverse else at
        below, above = (right, left) if inverse else (left, right)
        found.append(
            Breakpoint(
                key=key, value=value, below=search.route(at, below), above=search.route(at, above)
            )
        )
    return sorted(found, key=lambda point: point.value)


Way = tuple[tuple["Link", bool], ...]


class _Search:
    """The best route as a function of one value."""

    def __init__(
        self, network: Network, base: Scenario, terms: Terms, key: str, pair: tuple[str, str]
    ) -> None:
        self._network, self._base, self._terms, self._key = network, base, terms, key
        self._stops = ordered(self._plan(1.0), *pair)

    def _plan(self, at: float) -> Plan:
        value = 1 / at if "speed_kmh" in self._key else at
        settings = {**self._base.set, self._key: (value, self._base.id)}
        return Plan(self._network, [replace(self._base, set=settings)], self._terms)

    def best(self, at: float) -> Way:
        plan = self._plan(at)
        found = plan.find(plan.cases[0], [(self._stops[0], self._stops[-1])])[0]
        if found is None:
            from corridors.obstacles import no_way

            raise NoAnswerError(no_way(plan, plan.cases[0], self._stops[0], self._stops[-1]))
        return tuple(found[1])

    def cost(self, at: float, way: Way) -> float:
        weights = self._plan(at).cases[0].weights
        return sum(weights[link.id] for link, _ in way)

    def route(self, at: float, way: Way) -> Route:
        return route_of(self._plan(at).cases[0], self._stops, way)

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
