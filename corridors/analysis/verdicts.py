"""Published figures beside ours: does the 95 % interval hold them, and if not, why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from borders.compiler.uncertainty import LENGTH_SIGMA
from borders.errors import NoAnswerError
from borders.geodesy import length_m, scale_curve
from borders.guide_lines import guides
from borders.measure import Z95, Measure
from corridors.context.claims import Claim, claims_of
from corridors.context.figures import PublishedFigure, figures
from corridors.model.registry import system, system_ids
from corridors.network.estimate import length_of
from corridors.routing.find import route
from corridors.scenarios.scenario import read_scenario
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from borders.geodesy import ScaleCurve
    from corridors.context.figures import PublishedFigure
    from corridors.routing.route import Route

__all__ = ["ClaimResult", "Verdict", "judge", "verdict", "verdicts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One published figure, judged.

    Parameters
    ----------
    ours : our length or area; None where nothing of ours measures it.
    verdict : ``consistent``, ``inconsistent``, ``different definition``, ``not computable``,
        or ``taken`` where our number is this figure and so cannot test it.
    reason : why, in a sentence.
    """

    figure: PublishedFigure
    ours: Measure | None
    verdict: str
    reason: str


@cache
def _ours(key: str, quantity: str) -> Measure | None:
    if key in system_ids():
        one = system(key)
        return getattr(one, "area", None) if quantity == "area" else one.length
    if key in guides() and quantity == "length":
        value = float(length_m(guides()[key].geometry))
        return Measure(value=value, sigma=LENGTH_SIGMA * value, basis="reach")
    return None


@cache
def _curve(key: str) -> ScaleCurve:
    curve: ScaleCurve = scale_curve(guides()[key].geometry)
    return curve


def verdict(figure: PublishedFigure) -> Verdict:
    """Return how a published figure stands to ours."""
    if claims_of(figure.id):
        reading, word, reason = judge(figure)
        ours = None
        if reading is not None:
            basis = "network"
            ours = Measure(value=reading.value, sigma=reading.sigma, basis=basis)
        return Verdict(figure=figure, ours=ours, verdict=word, reason=reason)
    ours = _ours(figure.system, figure.quantity) if figure.system else None
    if ours is None or figure.quantity not in ("length", "area"):
        measured = figure.unit in ("km", "m", "km2", "verst")
        reason = "nothing in the data measures it" if measured else "neither a length nor an area"
        return Verdict(figure=figure, ours=None, verdict="not computable", reason=reason)
    word, reason = _compared(figure, ours)
    return Verdict(figure=figure, ours=ours, verdict=word, reason=reason)


def _compared(figure: PublishedFigure, ours: Measure) -> tuple[str, str]:
    """Return verdict and reason for a figure of something that we measure."""
    if figure.definition != "same":
        return "different definition", figure.definition
    if figure.use == "reference":
        return "taken", "our length is this figure, so it tests nothing"
    if figure.use == "calibration":
        return "taken", "used to set the error of border lengths, so it tests nothing"
    if ours.contains(figure.si):
        return "consistent", "inside the 95 % interval"
    return "inconsistent", _why_not(figure, ours)


def _why_not(figure: PublishedFigure, ours: Measure) -> str:
    off = 100 * (figure.si / ours.value - 1)
    if figure.system in guides():
        if figure.si > ours.value:
            return f"{off:+.1f} %: longer than our line at full detail; another line, or rounding"
        tolerance = _curve(figure.system).tolerance_for(figure.si)
        if tolerance is not None:
            return f"{off:+.1f} %: our line has this length when simplified to {tolerance:,.0f} m"
        return f"{off:+.1f} %: shorter than our line at any scale up to 5 km; another line"
    note = f" ({figure.note})" if figure.note else ""
    return f"{off:+.1f} %: no reason known{note}"


def verdicts() -> tuple[Verdict, ...]:
    """Return every published figure, judged.

    Examples
    --------
    >>> first = verdicts()[0]
    >>> first.figure.item, first.verdict
    ('border TUR-ARM', 'inconsistent')
    """
    return tuple(verdict(figure) for figure in figures())


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResult:
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


def _way(row: dict[str, Any], prefix: str) -> Route:
    scenario = read_scenario(row["less_scenario"] if prefix else row["scenario"])
    if row["on"] is not None:
        scenario = replace(scenario, on=row["on"])
    avoid = frozenset((row[f"{prefix}avoid"] or "").split())
    terms = Terms(modes=tuple(row["modes"].split()), avoid=avoid)
    via = (row[f"{prefix}via"] or "").split()
    return route(row["origin"], row["destination"], scenario=scenario, terms=terms, via=via)


def answer(claim: Claim) -> ClaimResult:
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
        return ClaimResult(claim=claim, value=value, sigma=sigma, arithmetic=text)
    if not claim.row["less_scenario"]:
        text = f"{length.value / 1000:,.0f} km over {len(way.steps)} links"
        return ClaimResult(claim=claim, value=length.value, sigma=length.sigma, arithmetic=text)
    other = _way(claim.row, "less_")
    value, sigma = length_of(other.links, less=way.links)
    text = f"{other.length.value / 1000:,.0f} km less {length.value / 1000:,.0f} km"
    return ClaimResult(claim=claim, value=value, sigma=sigma, arithmetic=text)


def judge(figure: PublishedFigure) -> tuple[ClaimResult | None, str, str]:
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
