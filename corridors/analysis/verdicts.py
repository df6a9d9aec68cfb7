"""Published figures beside ours: whether our 95 % interval holds them, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from borders.compiler.uncertainty import LENGTH_SIGMA
from borders.errors import NoAnswerError
from borders.files.bundle import BUNDLED
from borders.geodesy import length_m, scale_curve
from borders.guide_lines import guides
from borders.measure import Z95, Measure
from corridors.context.figure_meanings import Meaning, meanings_of
from corridors.context.published_figures import PublishedFigure, figures
from corridors.context.state_border import StateBorder
from corridors.model.registry import system, system_ids
from corridors.network.estimate import route_length
from corridors.routing.find import route
from corridors.scenarios.scenario import read_scenario
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from borders.geodesy import ScaleCurve
    from corridors.routing.route import Route

__all__ = [
    "MeaningResult",
    "Verdict",
    "judge",
    "meaning_result",
    "our_measure",
    "verdict",
    "verdicts",
]


# Why a published figure agrees with our number, or by how much it does not.
CAUSES = {
    "inside": "inside the 95 % interval",
    "longer": "{0:+.1f} %: longer than our line at full detail; another line, or rounding",
    "scale": "{0:+.1f} %: our line has this length when simplified to {1:,.0f} m",
    "shorter": "{0:+.1f} %: shorter than our line at any scale up to 5 km; another line",
    "unknown": "{0:+.1f} %: no reason known",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One published figure beside our own number.

    Parameters
    ----------
    ours : our length or area; None where nothing of ours measures it.
    verdict : ``consistent``, ``inconsistent``, ``different definition``, ``not computable``,
        or ``taken`` where our number rests on this figure and so cannot test it.
    reason : why, in a sentence.
    cause : of an agreement or a deviation, as `CAUSES` has it; empty for any other reason.
    numbers : those of the cause: the deviation in per cent, and a tolerance in metres.
    """

    figure: PublishedFigure
    ours: Measure | None
    verdict: str
    reason: str
    cause: str = ""
    numbers: tuple[float, ...] = ()


@cache
def our_measure(key: str, quantity: str) -> Measure | None:
    """Return our length or area of a system or guide line, None if it has none."""
    if key in system_ids():
        ours = system(key)
        return getattr(ours, "area", None) if quantity == "area" else ours.length
    if key == StateBorder().id and quantity == "length" and BUNDLED.shows:
        return StateBorder().length
    if key in guides() and quantity == "length":
        value = float(length_m(guides()[key].geometry))
        return Measure(value=value, sigma=LENGTH_SIGMA * value, basis="reach")
    return None


@cache
def _scale_curve(key: str) -> ScaleCurve:
    curve: ScaleCurve = scale_curve(guides()[key].geometry)
    return curve


def verdict(figure: PublishedFigure) -> Verdict:
    """Return whether a published figure agrees with our number, and why not."""
    if meanings_of(figure.id):
        result, word, reason = judge(figure)
        ours = None
        if result is not None:
            ours = Measure(value=result.value, sigma=result.sigma, basis="network")
        return Verdict(figure=figure, ours=ours, verdict=word, reason=reason)
    ours = our_measure(figure.system, figure.quantity) if figure.system else None
    if ours is None or figure.quantity not in ("length", "area"):
        measured = figure.unit in ("km", "m", "km2", "verst")
        reason = "nothing in the data measures it" if measured else "neither a length nor an area"
        return Verdict(figure=figure, ours=None, verdict="not computable", reason=reason)
    return _of_measured(figure, ours)


def _of_measured(figure: PublishedFigure, ours: Measure) -> Verdict:
    """Return the verdict on a figure of something that we measure."""
    verdict_on = partial(Verdict, figure=figure, ours=ours)
    if figure.definition != "same":
        return verdict_on(verdict="different definition", reason=figure.definition)
    if figure.use == "reference":
        reason = "our length is this figure, so it tests nothing"
        return verdict_on(verdict="taken", reason=reason)
    if figure.use == "calibration":
        reason = "used to set the error of border lengths, so it tests nothing"
        return verdict_on(verdict="taken", reason=reason)
    if ours.contains(figure.si):
        return verdict_on(verdict="consistent", reason=CAUSES["inside"], cause="inside")
    cause, numbers = _deviation(figure, ours)
    reason = CAUSES[cause].format(*numbers)
    if cause == "unknown" and figure.note:
        reason += f" ({figure.note})"
    return verdict_on(verdict="inconsistent", reason=reason, cause=cause, numbers=numbers)


def _deviation(figure: PublishedFigure, ours: Measure) -> tuple[str, tuple[float, ...]]:
    """Return the cause of a deviation, and its numbers: of a guide line the detail explains it."""
    percent = 100 * (figure.si / ours.value - 1)
    if figure.system not in guides():
        return "unknown", (percent,)
    if figure.si > ours.value:
        return "longer", (percent,)
    tolerance_m = _scale_curve(figure.system).tolerance_for(figure.si)
    return ("shorter", (percent,)) if tolerance_m is None else ("scale", (percent, tolerance_m))


def verdicts() -> tuple[Verdict, ...]:
    """Return the verdict on every published figure, in the order of the table.

    Examples
    --------
    >>> first = verdicts()[0]
    >>> first.figure.item, first.verdict
    ('border TUR-ARM', 'inconsistent')
    """
    return tuple(verdict(figure) for figure in figures())


@dataclass(frozen=True, slots=True, kw_only=True)
class MeaningResult:
    """What the network gives for a meaning of a figure.

    Parameters
    ----------
    value, sigma : length or saving and its standard error, in metres; a saving may be negative.
    arithmetic : in words, from which lengths the value comes, in kilometres.
    """

    meaning: Meaning
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
        """Return value and 95 % interval in words, in kilometres."""
        return f"{self.value / 1000:,.0f} km ({self.low / 1000:,.0f} to {self.high / 1000:,.0f})"


def _claimed_route(row: dict[str, Any], prefix: str) -> Route:
    """Return the route of a row of figure_meanings.csv, or with `less_` the one it shortens."""
    scenario = read_scenario(row["less_scenario"] if prefix else row["scenario"])
    if row["on"] is not None:
        scenario = replace(scenario, on=row["on"])
    avoid = frozenset((row[f"{prefix}avoid"] or "").split())
    terms = Terms(modes=tuple(row["modes"].split()), avoid=avoid)
    via = (row[f"{prefix}via"] or "").split()
    return route(row["origin"], row["destination"], scenario=scenario, terms=terms, via=via)


def meaning_result(meaning: Meaning) -> MeaningResult:
    """Return what the network gives for a meaning.

    Raises
    ------
    NoAnswerError : there is no such route.
    """
    claimed = _claimed_route(meaning.row, "")
    length = claimed.length
    if meaning.row["country"]:
        links = [s.link for s in claimed.steps if set(s.link.countries) == {meaning.row["country"]}]
        value, sigma = route_length(links)
        text = f"{length.value / 1000:,.0f} km, of them {value / 1000:,.0f} in it"
        return MeaningResult(meaning=meaning, value=value, sigma=sigma, arithmetic=text)
    if not meaning.row["less_scenario"]:
        text = f"{length.value / 1000:,.0f} km over {len(claimed.steps)} links"
        value, sigma = length.value, length.sigma
        return MeaningResult(meaning=meaning, value=value, sigma=sigma, arithmetic=text)
    other = _claimed_route(meaning.row, "less_")
    value, sigma = route_length(other.links, less=claimed.links)
    text = f"{other.length.value / 1000:,.0f} km less {length.value / 1000:,.0f} km"
    return MeaningResult(meaning=meaning, value=value, sigma=sigma, arithmetic=text)


def judge(figure: PublishedFigure) -> tuple[MeaningResult | None, str, str]:
    """Return the result that stands beside a figure, the verdict and its reason.

    What the figure's own words mean counts first. Where that does not agree, the other meanings
    that figure_meanings.csv gives it are tried, and one that agrees is named.
    """
    results = []
    for meaning in meanings_of(figure.id):
        try:
            results.append(meaning_result(meaning))
        except NoAnswerError as err:
            return None, "not computable", f"{meaning.definition}: {err}"
    literal = next((result for result in results if result.meaning.literal), None)
    if literal is not None and literal.low <= figure.si <= literal.high:
        return literal, "consistent", f"{literal.meaning.definition}: {literal.arithmetic}"
    agreeing = [result for result in results if result.low <= figure.si <= result.high]
    if agreeing:
        best = min(agreeing, key=lambda result: abs(result.value - figure.si))
        own = f"; {literal.meaning.definition}: {literal.interval}" if literal else ""
        return best, "different definition", f"fits {best.meaning.definition}, {best.interval}{own}"
    shown = literal or results[0]
    others = [f"{r.meaning.definition}: {r.interval}" for r in results if r is not shown]
    tried = f"; no other reading fits: {'; '.join(others)}" if others else ""
    # The sum of a single way is its arithmetic.
    _, over, links = shown.arithmetic.partition(" over ")
    sums = f"{shown.interval}{over}{links}" if over else f"{shown.arithmetic} is {shown.interval}"
    reason = f"{shown.meaning.definition}: {sums}{tried}"
    return shown, "inconsistent", reason
