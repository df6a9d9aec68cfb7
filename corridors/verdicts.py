"""Published figures beside ours: does the 95 % interval hold them, and if not, why not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from borders.guide import guides
from borders.measure import Measure
from borders.uncertainty import LENGTH_SIGMA
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
        value = _curve(key).points[0].length_m
        return Measure(value=value, sigma=LENGTH_SIGMA * value, basis="reach")
    return None


@cache
def _curve(key: str) -> ScaleCurve:
    from borders.geodesy import scale_curve

    curve: ScaleCurve = scale_curve(guides()[key].geometry)
    return curve


def verdict(figure: Figure) -> Verdict:
    """Return how a published figure stands to ours."""
    ours = _ours(figure.system, figure.quantity) if figure.system else None
    if ours is None or figure.quantity not in ("length", "area"):
        reason = "nothing in the data measures it yet"
        return Verdict(figure=figure, ours=None, verdict="not computable", reason=reason)
    if figure.definition != "same":
        return Verdict(
            figure=figure, ours=ours, verdict="different definition", reason=figure.definition
        )
    if figure.use == "reference":
        reason = "our length is this figure, so it tests nothing"
        return Verdict(figure=figure, ours=ours, verdict="taken", reason=reason)
    if figure.use == "calibration":
        reason = "used to set the error of border lengths, so it tests nothing"
        return Verdict(figure=figure, ours=ours, verdict="taken", reason=reason)
    if ours.contains(figure.si):
        reason = "inside the 95 % interval"
        return Verdict(figure=figure, ours=ours, verdict="consistent", reason=reason)
    reason = _why_not(figure, ours)
    return Verdict(figure=figure, ours=ours, verdict="inconsistent", reason=reason)


def _why_not(figure: Figure, ours: Measure) -> str:
    off = 100 * (figure.si / ours.value - 1)
    if figure.system in guides():
        tolerance = _curve(figure.system).tolerance_for(figure.si)
        if tolerance is not None:
            return f"{off:+.1f} %: our line has this length when simplified to {tolerance:,.0f} m"
        if figure.si > ours.value:
            return f"{off:+.1f} %: longer than our line at full detail; another line, or rounding"
        return f"{off:+.1f} %: shorter than our line at any scale up to 5 km; another line"
    note = f" ({figure.note})" if figure.note else ""
    return f"{off:+.1f} %: no reason known{note}"


def verdicts() -> tuple[Verdict, ...]:
    """Return every published length and area that speaks of one of ours, judged."""
    return tuple(verdict(f) for f in figures() if f.system and f.quantity in ("length", "area"))
