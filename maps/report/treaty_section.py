"""The report's section of a treaty: text, legs, errors by draws, and what they can test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders.compiler.deviation import changes
from borders.compiler.monte_carlo import draws
from borders.compiler.resolve import boundary
from borders.compiler.uncertainty import area_drivers
from borders.geodesy import area_m2, distance_m, scale_curve
from borders.guide_lines import guide
from borders.measure import Z95
from corridors.context.figures import figures
from maps.i18n import interval_km
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from borders.compiler.boundary import Boundary

__all__ = ["treaty_section"]

# Today's line from Sarp to the Lower Kara-Su, in order.
_TODAY = ("tur-geo", "tur-arm", "tur-nax")


def treaty_section(one: Boundary) -> list[str]:
    """Return the Markdown lines of one border or territory."""
    lines = [f"{one.treaty.document}. Length {interval_km(one.length)}, {one.length.basis}."]
    if one.area is not None:
        lines[0] += f" Area {interval_km(one.area, area=True)}."
    lines += ["", cell(one.treaty.note), *_text(one)]
    if one.treaty.beyond:
        lands = ", ".join(cell(land.name) for land in one.treaty.beyond)
        lines += ["", f"Left outside: {lands}. {cell(one.treaty.beyond[0].note)}"]
    rows = [
        (str(leg.n), leg.words, f"{leg.start.name} – {leg.end.name}", f"{leg.length_m / 1000:.1f}",
         f"{leg.sigma_m:,.0f}", f"{leg.rule}, {leg.drawn_as}", leg.evidence,
         "yes" if leg.circular else "")
        for leg in one.legs
    ]  # fmt: skip
    head = ("leg", "words", "from – to", "km", "position error, m", "drawn as", "words are",
            "circular")  # fmt: skip
    lines += ["", *table(head, rows), *_draws(one)]
    if one.kind == "border":
        lines += [*_villages(one), *_scales(one)]
    if one.id == "nakhchivan-1921":
        lines += _changes(one)
    return lines


def _text(one: Boundary) -> list[str]:
    treaty = one.treaty
    if treaty.coverage is None:
        return []
    return ["", f"> {cell(treaty.text)}", "", f"{cell(treaty.text_note)} The calls read "
            f"{100 * treaty.coverage.share:.0f} % of it."]  # fmt: skip


def _draws(one: Boundary) -> list[str]:
    circular = sum(leg.length_m for leg in one.legs if leg.circular) / 1000
    found = draws(one)
    text = (
        f"{circular:,.0f} of {one.length.value / 1000:,.0f} km are circular: drawn on today's line "
        "or between points placed on it, so they cannot test it. 1,000 draws of the places and "
        f"lines within their errors give a length of {interval_km(found.length)}"
    )
    if found.area is not None:
        text += f" and an area of {interval_km(found.area, area=True)}"
    return ["", text + "."]


def _villages(one: Boundary) -> list[str]:
    """Return how far today's line runs from the villages that the text names."""
    xy = np.concatenate([shapely.get_coordinates(guide(key).geometry) for key in _TODAY])
    today = shapely.LineString(xy)
    passed = [(call, call.passed) for call in one.treaty.calls if call.passed is not None]
    # All at once, so that today's line is measured once.
    away_m = distance_m(today, [shapely.Point(village.lon, village.lat) for _, village in passed])
    rows = [
        (str(call.n), village.name, call.side or "", f"{away:,.0f}")
        for (call, village), away in zip(passed, away_m, strict=True)
    ]
    if not rows:
        return []
    why = (
        "The villages that the text has the line pass are placed independently of today's border. "
        "It passes each on the side that the text says, at this distance:"
    )
    return ["", why, "", *table(("leg", "village", "line passes", "today's border, m"), rows)]


def _scales(one: Boundary) -> list[str]:
    rows = [
        (f"{point.tolerance_m:,.0f}" if point.tolerance_m else "every vertex",
         f"{point.length_m / 1000:,.1f}")
        for point in scale_curve(one.geometry).points
    ]  # fmt: skip
    why = (
        "The same line measured more coarsely is shorter, which is the main reason why "
        "published lengths differ:"
    )
    return ["", why, "", *table(("tolerance, m", "km"), rows)]


def _changes(one: Boundary) -> list[str]:
    """Return what lay inside then and lies outside now."""
    found = changes(one, boundary("nakhchivan"))
    areas = {key: sum(float(area_m2(p)) for p in shapes) / 1e6 for key, shapes in found.items()}
    assert one.area is not None
    spread = Z95 * one.area.sigma / 1e6
    ceded = [f for f in figures() if f.item.startswith("Nakhchivan area ceded")]
    texts = [f"{areas['lost'] - spread:,.0f} to {areas['lost'] + spread:,.0f}"]
    texts += [
        f"{f.value:,g} km² {'inside' if abs(f.value - areas['lost']) <= spread else 'outside'}"
        for f in ceded
    ]
    text = (
        f"Drawn like this, {areas['lost']:,.0f} km² lay inside in 1921 and lie outside today's "
        f"line ({texts[0]}), and {areas['gained']:,.0f} km² the other way round. Published as "
        f"ceded from 1929 to 1931: {', '.join(texts[1:])} the interval."
    )
    then = [f for f in figures() if f.system in ("nakhchivan", "nakhchivan-1921")
            and f.quantity == "area"]  # fmt: skip
    held = {"nakhchivan": boundary("nakhchivan").area, "nakhchivan-1921": one.area}
    judged = "; ".join(
        f"{f.value:,g} km² ({'today' if f.system == 'nakhchivan' else '1921–23'}) "
        f"{'inside' if (ours := held[f.system]) and ours.contains(f.si) else 'outside'}"
        for f in then
    )
    return ["", text, "", f"Published areas and our intervals: {judged}.", "", _drivers(one)]


def _drivers(one: Boundary) -> str:
    """Return which places the interval of the area comes from."""
    assert one.area is not None
    known = {p.id: p.name for leg in one.legs for p in (leg.start, leg.end)}
    shares = list(area_drivers(one.legs, one.area.value).items())[:4]
    named = ", ".join(
        f"{known.get(key, 'divides that wind and lines of today')} {100 * share:.0f} %"
        for key, share in shares
    )
    return f"What drives the interval of the area, as shares of its variance: {named}."
