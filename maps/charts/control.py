"""Who held the districts: small maps of some days, and the area held over the years."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.ticker import FuncFormatter

from borders.geodesy.lonlat import WGS84
from corridors.context.districts import (
    HOLDERS,
    Districts,
    control_days,
    control_on,
    districts,
    held_area,
)
from maps.charts.canvas import DARK, LIGHT, Canvas, Content, KeyEntry
from maps.charts.year_axis import YearAxis
from maps.i18n import comma, day as written, heads, interval, number, word
from maps.layers.context import HOLDER_COLOURS
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DAYS", "control_chart"]

# Days of the small maps, and whether as done or as agreed.
DAYS: tuple[tuple[str, str], ...] = (
    ("1992-06-01", "done"), ("1994-05-12", "done"), ("2020-11-10", "done"),
    ("2020-11-15", "planned"), ("2020-11-20", "done"), ("2020-11-25", "done"),
    ("2020-12-01", "done"), ("2023-09-20", "done"),
)  # fmt: skip
_COLUMNS, _LAST = 4, date(2024, 12, 31)
_AXIS = YearAxis(first=1988.0, last=2025.0, broken=True)


def control_chart(
    days: Sequence[tuple[str, str]] = DAYS,
    *,
    title: str = "",
    language: str = "en",
    width: str | int = "180",
) -> Sheet:
    """Return small maps of some days, and below them the area held by day with its 95 % interval.

    Parameters
    ----------
    days : day and ``done`` or ``planned``, at most eight.

    Examples
    --------
    >>> len(control_chart((("2020-11-20", "done"),)).axes)
    2
    """
    title = title or word("chart-control", language)
    with plain():
        look = {"edgecolor": DARK, "linewidth": 0.4}
        names = {code: word(f"chart-holder-{code}", language) for code in HOLDERS}
        names["Azerbaijan"] = word("country-AZ", language)
        key = [
            KeyEntry(text=name, look={"facecolor": HOLDER_COLOURS[code], **look})
            for code, name in names.items()
        ]
        notes = [" ".join([word("chart-control-note", language), *_AXIS.notes(language)])]
        rows = -(-len(days) // _COLUMNS)
        content = Content(title=title, key=key, notes=notes, rows=9.0 + 13.5 * rows)
        canvas = Canvas(content, width=width, language=language)
        box = canvas.axes.get_position()
        share = 9.0 / content.rows
        canvas.axes.set_position((box.x0, box.y0, box.width, box.height * share))
        for n, (day, manner) in enumerate(days):
            row, column = divmod(n, _COLUMNS)
            height = box.height * (1 - share) / rows
            left = box.x0 - 0.06 + column * (box.width + 0.06) / _COLUMNS
            top = box.y0 + box.height - row * height
            place = (left, top - 0.92 * height, (box.width + 0.06) / _COLUMNS - 0.01, 0.8 * height)
            _small_map(canvas, day, manner, place)
        _steps(canvas)
        system = Districts()
        return canvas.sign(_caption(days, title, language), system.sources)


def _small_map(
    canvas: Canvas, day: str, manner: str, place: tuple[float, float, float, float]
) -> None:
    """Draw the districts of a day, each in the colour of who holds most of it."""
    axes = canvas.sheet.add_axes(place, label=f"map {day}")
    axes.set_axis_off()
    held = control_on(day, manner=manner)
    for known in districts():
        change = held.get(known.id)
        colour, alpha = HOLDER_COLOURS["Azerbaijan"], 0.45
        if change is not None and change.high > 0.05:
            colour, alpha = HOLDER_COLOURS[change.holder], 0.3 + 0.65 * change.share
        for part in shapely.get_parts(known.polygon):
            x, y = _plane(shapely.get_coordinates(part.exterior))
            axes.fill(x, y, facecolor=colour, alpha=alpha, edgecolor="white",
                      linewidth=0.06 * canvas.text_pt)  # fmt: skip
            axes.plot(x, y, color=DARK, linewidth=0.05 * canvas.text_pt)
    axes.set_aspect("equal")
    area = held_area(day, manner=manner)
    text = f"{_shown(day, manner, canvas.language)}\n{interval(area, canvas.language, area=True)}"
    axes.set_title(text, fontsize=0.92 * canvas.text_pt, pad=2.0,
                   parse_math=False)  # fmt: skip


def _plane(xy: Any) -> tuple[Any, Any]:
    """Return lon/lat as kilometres east and north of the middle of the districts."""
    lon0, lat0 = 46.6, 39.7
    azimuth, _, metres = WGS84.inv(
        np.full(len(xy), lon0), np.full(len(xy), lat0), xy[:, 0], xy[:, 1]
    )
    angle = np.radians(azimuth)
    return metres * np.sin(angle) / 1000, metres * np.cos(angle) / 1000


def _steps(canvas: Canvas) -> None:
    """Draw the area held over the years as steps, with its interval."""
    axes = canvas.axes
    first = date(1988, 1, 1)
    _AXIS.draw(canvas, canvas.language)
    days = [first, *control_days(), _LAST]
    x = [_AXIS.position(day) for day in days]
    areas = [held_area(day) for day in days]
    values, lows, highs = (
        [getattr(area, key) / 1e6 for area in areas] for key in ("value", "low", "high")
    )
    axes.fill_between(x, lows, highs, step="post", color=LIGHT, zorder=2, linewidth=0)
    axes.step(x, values, where="post", color=DARK, linewidth=0.16 * canvas.text_pt, zorder=4)
    agreed = [day for day in days if day >= date(2020, 11, 10)]
    planned = [held_area(day, manner="planned").value / 1e6 for day in agreed]
    axes.step([_AXIS.position(day) for day in agreed], planned, where="post", color=DARK,
              linewidth=0.1 * canvas.text_pt, linestyle=(0, (4, 3)), zorder=3)  # fmt: skip
    axes.set_ylim(0, 1.05 * max(highs))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: number(f"{v:,.0f}", canvas.language)))
    canvas.label_axis(word("km2", canvas.language), vertical=True)


def _shown(on: str, manner: str, language: str) -> str:
    """Return a day, and that it was only agreed if so."""
    agreed = [word("chart-as-agreed", language)] if manner == "planned" else []
    return f"{comma(language)} ".join([written(date.fromisoformat(on), language), *agreed])


def _caption(days: Sequence[tuple[str, str]], title: str, language: str) -> str:
    rows = []
    for on in control_days():
        areas = (held_area(on, manner=manner) for manner in ("done", "planned"))
        texts = (interval(area, language, area=True) for area in areas)
        rows.append((written(on, language), *texts))
    shown = "; ".join(_shown(*day, language) for day in days)
    return "\n".join(
        [
            f"**{cell(title)}.** {word('chart-control-caption', language).format(shown)}",
            "",
            *table(heads("from chart-held chart-as-agreed", language), rows),
            "",
            *references(Districts().sources, language),
        ]
    )
