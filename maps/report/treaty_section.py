"""The report's section of a treaty: text, legs, Monte Carlo errors, and comparisons with today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders.compiler.deviation import changes
from borders.compiler.monte_carlo import draws
from borders.compiler.precompiled import read_drawn, read_scales
from borders.compiler.resolve import boundary, is_bundled
from borders.compiler.uncertainty import area_drivers
from borders.geodesy import area_m2, distance_m, scale_curve
from borders.guide_lines import guide
from borders.measure import Z95
from corridors.context.published_figures import figures
from maps.i18n import interval_km
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from borders.compiler.boundary import Boundary
    from borders.measure import Measure

__all__ = ["treaty_section"]

# Today's line from Sarp to the Lower Kara-Su, in order.
_TODAY = ("tur-geo", "tur-arm", "tur-nax")


def treaty_section(border: Boundary) -> list[str]:
    """Return the Markdown lines of one border or territory."""
    treaty, length = border.treaty, border.length
    lines = [f"{treaty.document}. Length {interval_km(length)}, {length.basis}."]
    if border.area is not None:
        lines[0] += f" Area {interval_km(border.area, area=True)}."
    note = ["", cell(treaty.note)] if treaty.note else []
    lines += [*note, *_quotation(border)]
    if treaty.beyond:
        lands = ", ".join(cell(land.name) for land in treaty.beyond)
        lines += ["", f"Left outside: {lands}. {cell(treaty.beyond[0].note)}"]
    rows = [
        (str(leg.n), leg.words, f"{leg.start.name} – {leg.end.name}", f"{leg.length_m / 1000:.1f}",
         f"{leg.sigma_m:,.0f}", f"{leg.rule}, {leg.drawn_as}", leg.evidence,
         "yes" if leg.circular else "")
        for leg in border.legs
    ]  # fmt: skip
    head = ("leg", "words", "from – to", "km", "position error, m", "drawn as", "words are",
            "circular")  # fmt: skip
    lines += ["", *table(head, rows), *_monte_carlo(border)]
    # Where today's line runs is known of this border alone.
    if border.id == "kars-1921":
        lines += _villages(border)
    if border.kind == "border":
        lines += _scales(border)
    if border.id == "nakhchivan-1921":
        lines += _changes(border)
    return lines


def _quotation(border: Boundary) -> list[str]:
    """Return the text of the treaty, where there is one, and how much of it the calls read."""
    treaty = border.treaty
    if treaty.coverage is None:
        return []
    read = f"The calls read {100 * treaty.coverage.share:.0f} % of it."
    return ["", f"> {cell(treaty.text)}", "", f"{cell(treaty.text_note)} {read}".lstrip()]


def _monte_carlo(border: Boundary) -> list[str]:
    """Return how much of the line is circular, and the errors that random draws give."""
    circular_km = sum(leg.length_m for leg in border.legs if leg.circular) / 1000
    length_km = border.length.value / 1000
    length, area = _drawn(border)
    circular = (
        f"{circular_km:,.0f} of {length_km:,.0f} km are circular: drawn on today's line "
        "or between points placed on it, so they cannot test it. "
    )
    text = (
        f"{circular if circular_km else ''}1,000 draws of the places and lines within their "
        f"errors give a length of {interval_km(length)}"
    )
    if area is not None:
        text += f" and an area of {interval_km(area, area=True)}"
    return ["", text + "."]


def _drawn(border: Boundary) -> tuple[Measure, Measure | None]:
    """Return length and area by random draws, of a bundled border those that came with it."""
    kept = read_drawn(border.treaty) if is_bundled(border) else None
    if kept is not None:
        return kept
    errors = draws(border)
    return errors.length, errors.area


def _villages(border: Boundary) -> list[str]:
    """Return how far today's line runs from the villages that the text names."""
    xy = np.concatenate([shapely.get_coordinates(guide(key).geometry) for key in _TODAY])
    today = shapely.LineString(xy)
    passed = [(call, call.passed) for call in border.treaty.calls if call.passed is not None]
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


def _scales(border: Boundary) -> list[str]:
    """Return the length of the line by the tolerance to which it is simplified."""
    scales = read_scales(border.treaty) if is_bundled(border) else None
    if scales is None:
        points = scale_curve(border.geometry).points
        scales = tuple((point.tolerance_m, point.length_m) for point in points)
    rows = [
        (f"{tolerance_m:,.0f}" if tolerance_m else "every vertex", f"{length_m / 1000:,.1f}")
        for tolerance_m, length_m in scales
    ]
    why = (
        "The same line measured more coarsely is shorter, which is the main reason why "
        "published lengths differ:"
    )
    return ["", why, "", *table(("tolerance, m", "km"), rows)]


def _changes(territory: Boundary) -> list[str]:
    """Return the areas that changed sides since 1921, beside published figures."""
    parts = changes(territory, boundary("nakhchivan"))
    areas = {key: sum(float(area_m2(p)) for p in shapes) / 1e6 for key, shapes in parts.items()}
    assert territory.area is not None
    spread = Z95 * territory.area.sigma / 1e6
    ceded = [f for f in figures() if f.item.startswith("Nakhchivan area ceded")]
    interval = f"{areas['lost'] - spread:,.0f} to {areas['lost'] + spread:,.0f}"
    verdicts = [
        f"{f.value:,g} km² {'inside' if abs(f.value - areas['lost']) <= spread else 'outside'}"
        for f in ceded
    ]
    text = (
        f"Drawn like this, {areas['lost']:,.0f} km² lay inside in 1921 and lie outside today's "
        f"line ({interval}), and {areas['gained']:,.0f} km² the other way round. Published as "
        f"ceded from 1929 to 1931: {', '.join(verdicts)} the interval."
    )
    published = [f for f in figures() if f.system in ("nakhchivan", "nakhchivan-1921")
            and f.quantity == "area"]  # fmt: skip
    ours_by_system = {"nakhchivan": boundary("nakhchivan").area, "nakhchivan-1921": territory.area}
    judged = "; ".join(
        f"{f.value:,g} km² ({'today' if f.system == 'nakhchivan' else '1921–23'}) "
        f"{'inside' if (ours := ours_by_system[f.system]) and ours.contains(f.si) else 'outside'}"
        for f in published
    )
    return ["", text, "", f"Published areas and our intervals: {judged}.", "", _drivers(territory)]


def _drivers(territory: Boundary) -> str:
    """Return the places that contribute most to the variance of the area."""
    assert territory.area is not None
    names = {p.id: p.name for leg in territory.legs for p in (leg.start, leg.end)}
    shares = list(area_drivers(territory.legs, territory.area.value).items())[:4]
    drivers = ", ".join(
        f"{names.get(key, 'divides that wind and lines of today')} {100 * share:.0f} %"
        for key, share in shares
    )
    return f"What drives the interval of the area, as shares of its variance: {drivers}."
