"""How much of a scenario's saving each of its openings brings: Shapley values.

Source: L. S. Shapley (1953), A value for n-person games, Contributions to the Theory of Games II,
https://doi.org/10.1515/9781400881970-018
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING, NamedTuple

from borders.errors import AraxesError, NoAnswerError
from corridors.case import Case, Terms
from corridors.estimate import Estimate, total
from corridors.network import Network, load_network
from corridors.plan import Plan
from corridors.route import ordered
from corridors.scenario import Scenario, read_scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridors.link import Link

__all__ = ["Share", "attribute", "bare"]

# 2^8 subsets are asked one by one.
MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one part of a scenario saves.

    Parameters
    ----------
    part : what it does, such as ``open zangezur-tripp``.
    saving : in metres, hours or US dollars a tonne, as a fraction: all of them add up to the
        scenario's saving exactly.
    estimate : the same with its 95 % interval, for the ways that are best at the usual values.
    """

    part: str
    saving: Fraction
    estimate: Estimate


def attribute(
    origin: str,
    destination: str,
    scenario: Scenario | str,
    *,
    terms: Terms | None = None,
    network: Network | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Share]:
    """Return how much each opening, closing, new link or setting of a scenario saves.

    Parameters
    ----------
    progress : called with the number of ways found and of all.

    Raises
    ------
    AraxesError : the scenario has nothing to attribute, or more than eight parts.
    NoAnswerError : without some of the parts there is no way, so that its saving has no size.
    """
    whole = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    parts = _parts(whole)
    scenarios = [
        _only(whole, [p for n, p in enumerate(parts) if mask >> n & 1])
        for mask in range(2 ** len(parts))
    ]
    plan = Plan(network or load_network(), scenarios, terms or Terms())
    stops = ordered(plan, origin, destination)
    ways = []
    for case in plan.cases:
        ways.append(_way(plan, case, stops))
        if progress:
            progress(len(ways), len(scenarios))
    weights = [_weights(n, len(parts)) for n in range(len(parts))]
    return [
        Share(part=f"{kind} {key}", saving=_dot(ws, ways),
              estimate=_estimate(plan.terms.by, ws, ways))
        for (kind, key), ws in zip(parts, weights, strict=True)
    ]  # fmt: skip


def _dot(weights: Sequence[Fraction], ways: Sequence[_Way]) -> Fraction:
    return sum((w * way.cost for w, way in zip(weights, ways, strict=True)), Fraction(0))


def _weights(n: int, size: int) -> list[Fraction]:
    """Return what the cost under each subset of the parts counts for in the share of part n."""
    found = []
    for mask in range(2**size):
        before = (mask & ~(1 << n)).bit_count()
        weight = Fraction(factorial(before) * factorial(size - before - 1), factorial(size))
        found.append(-weight if mask >> n & 1 else weight)
    return found


class _Way(NamedTuple):
    cost: Fraction
    links: tuple[Link, ...]
    case: Case


def _estimate(by: str, weights: Sequence[Fraction], ways: Sequence[_Way]) -> Estimate:
    """Return the sum of ways, one entry for those that are the same under the same values."""
    same: dict[tuple[object, ...], tuple[Fraction, _Way]] = {}
    for weight, way in zip(weights, ways, strict=True):
        key = (tuple(link.id for link in way.links), tuple(way.case.scenario.settings.items()))
        same[key] = same.get(key, (Fraction(0), way))[0] + weight, way
    return total(by, [(float(w), way.links, way.case.rates) for w, way in same.values() if w])


def bare(scenario: Scenario) -> Scenario:
    """Return a scenario that only has the day of another."""
    return _only(scenario, [])


def _parts(whole: Scenario) -> list[tuple[str, str]]:
    """Return what the scenario opens, builds, closes and sets."""
    parts = [
        (kind, key) for kind in ("open", "build", "close", "set") for key in getattr(whole, kind)
    ]
    if not 0 < len(parts) <= MOST:
        message = (
            f"scenario '{whole.id}' opens, builds, closes and sets {len(parts)} things; a saving "
            f"is attributed to at most {MOST}: join openings of one corridor under its id"
        )
        if not parts:
            message = f"scenario '{whole.id}' opens, builds, closes and sets nothing; name another"
        raise AraxesError(message)
    return parts


def _only(whole: Scenario, parts: list[tuple[str, str]]) -> Scenario:
    def kept(kind: str) -> dict[str, object]:
        table = getattr(whole, kind)
        return {key: table[key] for k, key in parts if k == kind}

    return replace(whole, **{kind: kept(kind) for kind in ("open", "build", "close", "set")})  # type: ignore[arg-type]


def _way(plan: Plan, case: Case, stops: list[str]) -> _Way:
    found = plan.find(case, [(stops[0], stops[-1])])[0]
    if found is None:
        from corridors.obstacles import no_way

        parts = [*case.scenario.open, *case.scenario.build]
        only = f"with {', '.join(parts)} alone" if parts else "without any opening"
        message = (
            f"{only} there is {no_way(plan, case, stops[0], stops[-1])}; "
            "a saving can only be shared where there is a way without it"
        )
        raise NoAnswerError(message)
    links = tuple(link for link, _ in found[1])
    cost = sum((Fraction(case.weights[link.id]) for link in links), Fraction(0))
    return _Way(cost=cost, links=links, case=case)
