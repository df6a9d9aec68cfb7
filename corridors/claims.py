"""Published distances and savings of whole ways, asked of the network as they define them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from borders import schema
from borders.errors import NoAnswerError
from borders.measure import Z95
from borders.store import read_rows
from corridors.case import Terms
from corridors.estimate import length_of
from corridors.route import route
from corridors.scenario import read_scenario

if TYPE_CHECKING:
    from corridors.lengths import Figure
    from corridors.way import Route

__all__ = ["Claim", "Reading", "claims_of", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One way to read a published figure (`data/context/claims.csv`).

    Parameters
    ----------
    literal : whether the figure says so itself.
    row : what is asked of the network.
    """

    figure: str
    definition: str
    literal: bool
    row: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the network answers to a claim, in metres; a saving may be negative.

    Parameters
    ----------
    arithmetic : how the value comes about, in kilometres.
    """

    claim: Claim
    value: float
    sigma: float
    arithmetic: str

    @property
    def low(self) -> float:
        """Return the lower end of the 95 % interval."""
        return self.value - Z95 * self.sigma

    @property
    def high(self) -> float:
        """Return the upper end of the 95 % interval."""
        return self.value + Z95 * self.sigma

    @property
    def interval(self) -> str:
        """Return value and interval in kilometres."""
        return f"{self.value / 1000:,.0f} km ({self.low / 1000:,.0f} to {self.high / 1000:,.0f})"


@cache
def _claims() -> dict[str, tuple[Claim, ...]]:
    found: dict[str, list[Claim]] = {}
    for n, row in enumerate(read_rows("context/claims.csv"), 2):
        typed = schema.check("claim", row, f"data/context/claims.csv:{n}")
        one = Claim(
            figure=typed["figure"],
            definition=typed["definition"],
            literal=typed["literal"] == "yes",
            row=typed,
        )
        found.setdefault(one.figure, []).append(one)
    return {key: tuple(some) for key, some in found.items()}


def claims_of(figure: str) -> tuple[Claim, ...]:
    """Return the ways to read a figure, its own words first."""
    return _claims().get(figure, ())


def _way(row: dict[str, Any], prefix: str) -> Route:
    scenario = read_scenario(row["less_scenario"] if prefix else row["scenario"])
    if row["on"] is not None:
        scenario = replace(scenario, on=row["on"])
    avoid = frozenset((row[f"{prefix}avoid"] or "").split())
    terms = Terms(modes=tuple(row["modes"].split()), avoid=avoid)
    via = (row[f"{prefix}via"] or "").split()
    return route(row["origin"], row["destination"], scenario=scenario, terms=terms, via=via)


def answer(claim: Claim) -> Reading:
    """Return what the network says.

    Raises
    ------
    NoAnswerError : there is no such way.
    """
    way = _way(claim.row, "")
    length = way.length
    if claim.row["country"]:
        links = [s.link for s in way.steps if set(s.link.countries) == {claim.row["country"]}]
        value, sigma = length_of(links)
        text = f"{length.value / 1000:,.0f} km, of them {value / 1000:,.0f} in it"
        return Reading(claim=claim, value=value, sigma=sigma, arithmetic=text)
    if not claim.row["less_scenario"]:
        text = f"{length.value / 1000:,.0f} km over {len(way.steps)} links"
        return Reading(claim=claim, value=length.value, sigma=length.sigma, arithmetic=text)
    other = _way(claim.row, "less_")
    value, sigma = length_of(other.links, less=way.links)
    text = f"{other.length.value / 1000:,.0f} km less {length.value / 1000:,.0f} km"
    return Reading(claim=claim, value=value, sigma=sigma, arithmetic=text)


def judge(figure: Figure) -> tuple[Reading | None, str, str]:
    """Return the reading that stands beside a figure, the verdict and its reason.

    The figure's own words count; where they do not fit, the other things that it may mean are
    tried, and the one that fits is named.
    """
    readings = []
    for claim in claims_of(figure.id):
        try:
            readings.append(answer(claim))
        except NoAnswerError as err:
            return None, "not computable", f"{claim.definition}: {err}"
    literal = next((one for one in readings if one.claim.literal), None)
    if literal is not None and literal.low <= figure.si <= literal.high:
        return literal, "consistent", f"{literal.claim.definition}: {literal.arithmetic}"
    fitting = [one for one in readings if one.low <= figure.si <= one.high]
    if fitting:
        one = min(fitting, key=lambda r: abs(r.value - figure.si))
        mine = f"; {literal.claim.definition}: {literal.interval}" if literal else ""
        return one, "different definition", f"fits {one.claim.definition}, {one.interval}{mine}"
    shown = literal or readings[0]
    others = [f"{one.claim.definition}: {one.interval}" for one in readings if one is not shown]
    tried = f"; no other reading fits: {'; '.join(others)}" if others else ""
    reason = f"{shown.claim.definition}: {shown.arithmetic} is {shown.interval}{tried}"
    return shown, "inconsistent", reason
