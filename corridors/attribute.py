"""How much of a scenario's saving each of its openings brings: Shapley values.

Source: L. S. Shapley (1953), A value for n-person games, Contributions to the Theory of Games II,
https://doi.org/10.1515/9781400881970-018
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING

from borders.errors import AraxesError, NoAnswerError
from corridors.case import Case, Terms
from corridors.network import Network, load_network
from corridors.plan import Plan
from corridors.route import ordered
from corridors.scenario import Scenario, read_scenario

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Share", "attribute"]

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
    """

    part: str
    saving: Fraction


def attribute(
    origin: str,
    destination: str,
    scenario: Scenario | str,
    *,
    terms: Terms | None = None,
    network: Network | None = None,
) -> list[Share]:
    """Return how much each opening, closing, new link or setting of a scenario saves.

    Raises
    ------
    AraxesError : the scenario has nothing to attribute, or more than eight parts.
    NoAnswerError : without some of the parts there is no way, so that its saving has no size.
    """
    whole = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    parts = [(kind, key) for kind in ("open", "build", "close", "set") for key in _of(whole, kind)]
    if not 0 < len(parts) <= MOST:
        what = "nothing" if not parts else f"{len(parts)} things"
        message = (
            f"scenario '{whole.id}' opens, builds, closes and sets {what}; a saving is attributed "
            f"to 1 to {MOST}: join openings of one corridor under its id"
        )
        raise AraxesError(message)
    subsets = range(2 ** len(parts))
    scenarios = [
        _only(whole, [p for n, p in enumerate(parts) if mask >> n & 1]) for mask in subsets
    ]
    plan = Plan(network or load_network(), scenarios, terms or Terms())
    stops = ordered(plan, origin, destination)
    costs = [_cost(plan, case, stops) for case in plan.cases]
    size = len(parts)
    shares = []
    for n, (kind, key) in enumerate(parts):
        saving = Fraction(0)
        for mask in subsets:
            if not mask >> n & 1:
                before = mask.bit_count()
                weight = Fraction(factorial(before) * factorial(size - before - 1), factorial(size))
                saving += weight * (costs[mask] - costs[mask | 1 << n])
        shares.append(Share(part=f"{kind} {key}", saving=saving))
    return shares


def _of(scenario: Scenario, kind: str) -> Iterable[str]:
    table: dict[str, object] = getattr(scenario, kind)
    return table


def _only(whole: Scenario, parts: list[tuple[str, str]]) -> Scenario:
    def kept(kind: str) -> dict[str, object]:
        table = getattr(whole, kind)
        return {key: table[key] for k, key in parts if k == kind}

    return replace(whole, **{kind: kept(kind) for kind in ("open", "build", "close", "set")})  # type: ignore[arg-type]


def _cost(plan: Plan, case: Case, stops: list[str]) -> Fraction:
    found = plan.find(case, [(stops[0], stops[-1])])[0]
    if found is None:
        from corridors.obstacles import no_way

        parts = [*case.scenario.open, *case.scenario.build] or ["no opening at all"]
        message = (
            f"with {', '.join(parts)} alone there is {no_way(plan, case, stops[0], stops[-1])}; "
            "a saving can only be shared where there is a way without it"
        )
        raise NoAnswerError(message)
    return sum((Fraction(case.weights[link.id]) for link, _ in found[1]), Fraction(0))
