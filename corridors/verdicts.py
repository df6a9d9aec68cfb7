"""Published figures beside ours: does the 95 % interval hold them, and if not, why not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from borders.geodesy import length_m, scale_curve
from borders.guide import guides
from borders.measure import Measure
from borders.uncertainty import LENGTH_SIGMA
from corridors.claims import claims_of, judge
from corridors.lengths import Figure, figures
from corridors.systems import system, system_ids

if TYPE_CHECKING:
    from borders.geodesy import ScaleCurve

__all__ = ["Verdict", "verdict", "verdicts"]


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

    figure: Figure
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


def verdict(figure: Figure) -> Verdict:
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


def _compared(figure: Figure, ours: Measure) -> tuple[str, str]:
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


def _why_not(figure: Figure, ours: Measure) -> str:
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
