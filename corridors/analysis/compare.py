"""Compare pairs of places under several scenarios, each against the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridors.network.estimate import total
from corridors.network.network import Network
from corridors.routing.find import ordered, route_of
from corridors.routing.query import listed, planner_for, two
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
    "excess",
    "probability_shorter",
    "usual",
]

# What is compared where nothing else is asked for.
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
    way : None if there is no way; then `reason` says what stands in it.
    base : the way under the first scenario.
    standing : the fewest links that stand in a way that there is not.
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
        """Return the probability that it is shorter than under the first scenario."""
        if self.way is None or self.base is None or self.way is self.base:
            return None
        return probability_shorter(self.way, self.base)

    @property
    def better(self) -> float | None:
        """Return the probability that it has less of what was asked to be least."""
        if self.shorter is None or self.way is None or self.base is None:
            return None
        by = self.way.terms.by
        return self.shorter if by == "km" else excess(self.way, self.base, by).probability_below(0)

    def row(self) -> dict[str, Any]:
        """Return the values of the row's JSON; what there is no way for is None."""
        way, shorter = self.way, self.shorter
        found: dict[str, Any] = {
            "from": name_of(self.origin),
            "to": name_of(self.destination),
            "scenario": self.scenario.id,
        }
        found |= self._sums()
        found["crossings"] = list(way.crossings) if way else []
        found["unbuilt_km"] = way and round(way.unbuilt_m / 1000, 1)
        found["reason"] = self.reason
        found["modes"] = list(way.modes) if way else []
        found["countries"] = list(way.countries) if way else []
        found["p_shorter"] = None if shorter is None else round(shorter, 3)
        found["p_quicker"] = None
        if shorter is not None and way is not None and self.base is not None:
            found["p_quicker"] = round(excess(way, self.base, "hours").probability_below(0), 3)
        return found

    def _sums(self) -> dict[str, float | None]:
        """Return kilometres, hours and costs, and what they are more than in the first scenario."""
        way, base = self.way, self.base
        found: dict[str, float | None] = {}
        found |= _told("km", way.length if way else None, 1000)
        found |= _told("hours", way.time if way else None)
        found |= _told("cost_usd_t", way.cost if way else None)
        for by, key, unit in (("km", "km", 1000), ("hours", "hours", 1), ("cost", "cost_usd_t", 1)):
            more = excess(way, base, by) if way and base else None
            found |= _told(f"delta_{key}", more, unit)
        return found


def _told(key: str, one: Measure | Estimate | None, unit: float = 1.0) -> dict[str, float | None]:
    """Return a value and the ends of its interval under their keys."""
    keys = key, f"low_{key}", f"high_{key}"
    if one is None:
        return dict.fromkeys(keys)
    # 0.0 makes a plain zero of a negative one.
    values = (round(value / unit, 1) + 0.0 for value in (one.value, one.low, one.high))
    return dict(zip(keys, values, strict=True))


def excess(one: Route, two: Route, by: str) -> Estimate:
    """Return how many metres, hours or US dollars a tonne the first route has more.

    An assumption that both rest on, and the lengths of links that both use, cancel as far as
    both count alike.

    Parameters
    ----------
    by : ``km``, ``hours`` or ``cost``.
    """
    return total(by, [(1.0, one.links, one.rates), (-1.0, two.links, two.rates)])


def probability_shorter(one: Route, two: Route) -> float:
    """Return the probability that one route is shorter on the ground than another.

    Examples
    --------
    >>> from corridors.routing.find import route
    >>> way = route("Kars", "Tbilisi")
    >>> probability_shorter(way, way)
    0.5
    """
    return excess(one, two, "km").probability_below(0)


def usual(network: Network | str | Path | None) -> tuple[str, ...]:
    """Return the scenarios compared where none are named: what ours open, only our network has."""
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
    """Return one row a pair and scenario, in the order asked.

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
    AraxesError : what is given are no pairs, or two different scenarios have one id.

    Examples
    --------
    >>> rows = compare([("Kars", "Baku")], ["status-quo", "tripp-and-kars-dilucu"])
    >>> [row.scenario.id for row in rows]
    ['status-quo', 'tripp-and-kars-dilucu']
    """
    from corridors.routing.obstacles import obstacles, told

    named = usual(network) if scenarios is None else scenarios
    read = [named] if isinstance(named, Scenario) else listed(named, "scenarios")
    planner = planner_for(read, terms, network, on)
    asked = _asked(planner, pairs)
    batch = planner.batch(asked, progress=progress)
    ways: list[list[Route | None]] = []
    for n, state in enumerate(planner.states):
        found = [batch.links(n, p) for p in range(len(asked))]
        answers = zip(asked, found, strict=True)
        ways.append(
            [None if links is None else route_of(state, ends, links) for ends, links in answers]
        )
    rows = []
    for p, (origin, destination) in enumerate(asked):
        base = ways[0][p]
        for state, under in zip(planner.states, ways, strict=True):
            way = under[p]
            standing: list[Obstacle] | None = None
            if way is None:
                standing = obstacles(planner, state, origin, destination)
                reason = told(planner, state, (origin, destination), standing, brief=True)
            else:
                reason = "" if way is base else _reason(way, base)
            rows.append(
                Row(origin=origin, destination=destination, scenario=state.scenario, way=way,
                    base=base, reason=reason, standing=tuple(standing or ()))
            )  # fmt: skip
    return rows


def _asked(planner: RoutePlanner, pairs: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the ends of each pair as places of the network."""
    given = listed(pairs, "pairs of places")
    alone = len(given) == 2 and all(isinstance(name, str) for name in given)
    found = []
    for one in [given] if alone else given:
        start, end = ordered(planner, *two(one))
        found.append((start, end))
    return found


def _reason(way: Route, base: Route | None) -> str:
    """Return what makes a way differ from that of the first scenario."""
    before = {step.link.id for step in base.steps} if base else set()
    new = [step for step in way.steps if step.link.id not in before]
    if not new:
        return "the same way"
    opened = [s.link.corridor or s.link.crossing or s.link.id for s in new if s.opened]
    return f"through {', '.join(dict.fromkeys(opened))}" if opened else "another way"
