"""Compare pairs of places under several scenarios, each against the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridors.network.estimate import total
from corridors.network.network import Network
from corridors.routing.find import resolve_stops, route_of
from corridors.routing.query import as_list, as_pair, planner_for
from corridors.routing.route import Route, name_of
from corridors.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from borders.measure import Measure
    from corridors.network.estimate import Estimate
    from corridors.routing.obstacles import Obstacle
    from corridors.routing.planner import RoutePlanner
    from corridors.scenarios.terms import Terms

__all__ = [
    "SCENARIOS",
    "Row",
    "compare",
    "default_scenarios",
    "difference",
    "probability_shorter",
]

# What is compared on the bundled network where no scenarios are named; the first is the base.
SCENARIOS = (
    "status-quo",
    "tripp-open",
    "kars-dilucu-built",
    "turkiye-armenia-open",
    "tripp-and-kars-dilucu",
    "all-open",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One pair under one scenario.

    Parameters
    ----------
    origin, destination : ids of places.
    way : the best route; None if there is none, and then `reason` says what stands in the way.
    base : the best route under the first scenario, None if there is none.
    reason : what makes the route differ from `base`, or why there is none; empty for `base`.
    standing : if there is no route, the fewest links that would have to open.
    """

    origin: str
    destination: str
    scenario: Scenario
    way: Route | None
    base: Route | None
    reason: str
    standing: tuple[Obstacle, ...] = ()

    @property
    def shorter(self) -> float | None:
        """Return the probability that the route is shorter than under the first scenario.

        None where there is no route under one of the two, and for the first scenario itself.
        """
        if self.way is None or self.base is None or self.way is self.base:
            return None
        return probability_shorter(self.way, self.base)

    @property
    def better(self) -> float | None:
        """Return the probability that the route has less of what the terms make least.

        None as for `shorter`.
        """
        if self.shorter is None or self.way is None or self.base is None:
            return None
        by = self.way.terms.by
        if by == "km":
            return self.shorter
        return difference(self.way, self.base, by).probability_below(0)

    def row(self) -> dict[str, Any]:
        """Return the values of the row's JSON; None where there is no route to give them."""
        route, shorter = self.way, self.shorter
        values: dict[str, Any] = {
            "from": name_of(self.origin),
            "to": name_of(self.destination),
            "scenario": self.scenario.id,
        }
        values |= self._sums()
        values["crossings"] = list(route.crossings) if route else []
        values["unbuilt_km"] = route and round(route.unbuilt_m / 1000, 1)
        values["reason"] = self.reason
        values["modes"] = list(route.modes) if route else []
        values["countries"] = list(route.countries) if route else []
        values["p_shorter"] = None if shorter is None else round(shorter, 3)
        values["p_quicker"] = None
        if shorter is not None and route is not None and self.base is not None:
            quicker = difference(route, self.base, "hours").probability_below(0)
            values["p_quicker"] = round(quicker, 3)
        return values

    def _sums(self) -> dict[str, float | None]:
        """Return kilometres, hours and costs, and by how much they exceed the first scenario's."""
        route, base = self.way, self.base
        sums: dict[str, float | None] = {}
        sums |= _with_interval("km", route.length if route else None, 1000)
        sums |= _with_interval("hours", route.time if route else None)
        sums |= _with_interval("cost_usd_t", route.cost if route else None)
        for by, key, unit in (("km", "km", 1000), ("hours", "hours", 1), ("cost", "cost_usd_t", 1)):
            delta = difference(route, base, by) if route and base else None
            sums |= _with_interval(f"delta_{key}", delta, unit)
        return sums


def _with_interval(
    key: str, estimate: Measure | Estimate | None, unit: float = 1.0
) -> dict[str, float | None]:
    """Return a value and the ends of its 95 % interval under their keys, in a unit, rounded."""
    keys = key, f"low_{key}", f"high_{key}"
    if estimate is None:
        return dict.fromkeys(keys)
    numbers = (estimate.value, estimate.low, estimate.high)
    # Adding 0.0 turns -0.0 into 0.0.
    values = (round(number / unit, 1) + 0.0 for number in numbers)
    return dict(zip(keys, values, strict=True))


def difference(route: Route, other: Route, by: str) -> Estimate:
    """Return by how many metres, hours or US dollars a tonne a route exceeds another.

    The errors of assumptions that both rest on, and of the lengths of links that both use, cancel
    as far as both routes use them equally.

    Parameters
    ----------
    by : ``km``, ``hours`` or ``cost``.
    """
    return total(by, [(1.0, route.links, route.rates), (-1.0, other.links, other.rates)])


def probability_shorter(one: Route, two: Route) -> float:
    """Return the probability that one route is shorter on the ground than another.

    Examples
    --------
    >>> from corridors.routing.find import route
    >>> kars_tbilisi = route("Kars", "Tbilisi")
    >>> probability_shorter(kars_tbilisi, kars_tbilisi)
    0.5
    """
    return difference(one, two, "km").probability_below(0)


def default_scenarios(network: Network | str | Path | None) -> tuple[str, ...]:
    """Return the ids of the scenarios compared where none are named.

    All of `SCENARIOS` on the bundled network. Another network lacks the links that they open, so
    it has the first, `status-quo`, alone.
    """
    bundled = network is None or (isinstance(network, Network) and network.since is not None)
    return SCENARIOS if bundled else SCENARIOS[:1]


def compare(
    pairs: Sequence[tuple[str, str]] | tuple[str, str],
    scenarios: Sequence[Scenario | str] | Scenario | str | None = None,
    *,
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Row]:
    """Return one row for each pair and scenario, in the order given.

    Parameters
    ----------
    pairs : origins and destinations; one pair may stand alone.
    scenarios : the first one is what the others are compared with; if missing `SCENARIOS`, on a
        network of one's own `status-quo`.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of each
        scenario.
    progress : called with the number of scenarios done and of all.

    Raises
    ------
    UnknownNameError : a place or scenario is not known.
    AraxesError : `pairs` holds something else, or two different scenarios have one id.

    Examples
    --------
    >>> rows = compare([("Kars", "Baku")], ["status-quo", "tripp-and-kars-dilucu"])
    >>> [row.scenario.id for row in rows]
    ['status-quo', 'tripp-and-kars-dilucu']
    """
    from corridors.routing.obstacles import obstacle_message, obstacles

    if scenarios is None:
        scenarios = default_scenarios(network)
    compared = [scenarios] if isinstance(scenarios, Scenario) else as_list(scenarios, "scenarios")
    planner = planner_for(compared, terms, network, on)
    place_pairs = _place_pairs(planner, pairs)
    batch = planner.batch(place_pairs, progress=progress)
    # Shape (scenarios, pairs).
    routes: list[list[Route | None]] = []
    for n, state in enumerate(planner.states):
        links_of_pairs = [batch.links(n, p) for p in range(len(place_pairs))]
        routes.append(
            [
                None if links is None else route_of(state, ends, links)
                for ends, links in zip(place_pairs, links_of_pairs, strict=True)
            ]
        )
    rows = []
    for p, (origin, destination) in enumerate(place_pairs):
        base = routes[0][p]
        for state, scenario_routes in zip(planner.states, routes, strict=True):
            route = scenario_routes[p]
            fewest: list[Obstacle] | None = None
            if route is None:
                ends = origin, destination
                fewest = obstacles(planner, state, *ends)
                reason = obstacle_message(planner, state, ends, fewest, brief=True)
            else:
                reason = "" if route is base else _reason_of_change(route, base)
            rows.append(
                Row(origin=origin, destination=destination, scenario=state.scenario, way=route,
                    base=base, reason=reason, standing=tuple(fewest or ()))
            )  # fmt: skip
    return rows


def _place_pairs(planner: RoutePlanner, pairs: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the ids of the two places of each pair; a single pair becomes a list of one."""
    named = as_list(pairs, "pairs of places")
    single = len(named) == 2 and all(isinstance(name, str) for name in named)
    place_pairs = []
    for pair in [named] if single else named:
        origin, destination = resolve_stops(planner, *as_pair(pair))
        place_pairs.append((origin, destination))
    return place_pairs


def _reason_of_change(route: Route, base: Route | None) -> str:
    """Return, in words, what makes a route differ from that of the first scenario."""
    base_ids = {step.link.id for step in base.steps} if base else set()
    new = [step for step in route.steps if step.link.id not in base_ids]
    if not new:
        return "the same way"
    opened = [s.link.corridor or s.link.crossing or s.link.id for s in new if s.opened]
    return f"through {', '.join(dict.fromkeys(opened))}" if opened else "another way"
