"""Rows of intervals: what ways take under scenarios, each with a dot, a line and a text behind."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from borders.measure import decimals
from maps.charts.canvas import DARK, Canvas, Content, KeyEntry, grouped_rows
from maps.i18n import number, word

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AXES", "Interval", "Texts", "draw_intervals", "interval_text"]

# By what routes are the least → the name of the axis.
AXES = {"km": "length-km", "hours": "figure-axis-hours", "cost": "ask-usd-t"}
# An axis begins at zero if the least value is below this part of the greatest.
_FROM_ZERO = 0.4
# Empty part of an axis before the least value, of what it shows.
_BEFORE = 0.06
# Intervals take no less than this part of the axes; else their numbers are in the caption only.
_NARROWEST = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A row: a value with its interval; not finite where there is no way.

    Parameters
    ----------
    text : what stands in a column behind all rows; may be empty.
    strong : whether it is bold.
    """

    label: str
    middle: float
    low: float
    high: float
    text: str = ""
    strong: bool = False


def interval_text(row: Interval, language: str) -> str:
    """Return the numbers of an interval, as they stand behind it."""
    digits = decimals(row.middle, 0 if row.middle >= 100 else 1)
    middle, *ends = (
        number(f"{value:,.{digits}f}", language) for value in (row.middle, row.low, row.high)
    )
    return f"{middle} ({'–'.join(ends)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What is written around the rows.

    Parameters
    ----------
    axis : what the horizontal axis shows.
    dot : what the dot of a row is.
    notes : paragraphs below.
    """

    title: str
    axis: str
    dot: str
    notes: Sequence[str] = ()


def draw_intervals(
    groups: Sequence[tuple[str, Sequence[Interval]]],
    texts: Texts,
    *,
    width: str | int,
    language: str,
) -> Canvas:
    """Return a page with a row for each interval, under the headings of their groups."""
    rows = grouped_rows((heading, [row.label for row in group]) for heading, group in groups)
    line = {"color": DARK, "linewidth": 1.6}
    mark = {"color": DARK, "marker": "o", "linestyle": "none", "markersize": 4}
    key = [
        KeyEntry(text=texts.dot, look=mark),
        KeyEntry(text=word("interval", language), look=line),
    ]
    content = Content(title=texts.title, labels=rows.labels, bold=rows.bold, rows=rows.lines,
                      key=key, notes=texts.notes)  # fmt: skip
    canvas = Canvas(content, width=width, language=language)
    every = [row for _, group in groups for row in group]
    numbers = _with_numbers(canvas, every)
    left, right = _limits(canvas, every, numbers=numbers)
    canvas.set_grouped(rows, right)
    canvas.axes.set_xlim(left, right)
    for row, y in zip(every, rows.bars, strict=True):
        _draw(canvas, row, y, numbers=numbers)
    canvas.label_axis(texts.axis)
    return canvas


def _with_numbers(canvas: Canvas, rows: Sequence[Interval]) -> bool:
    """Tell whether a narrow page has room for the numbers of the intervals behind them."""
    widest = max(_behind_pt(canvas, row, rows) for row in rows if isfinite(row.middle))
    return canvas.width_pt - widest > _NARROWEST * canvas.width_pt


def _behind_pt(
    canvas: Canvas, row: Interval, rows: Sequence[Interval], *, numbers: bool = True
) -> float:
    """Return the width that what stands behind an interval takes, in points."""

    def width_of(text: str, *, bold: bool = False) -> float:
        return canvas.sheet.width_of(canvas.sheet.clean(text), canvas.text_pt, bold=bold)

    column = max(width_of(row.text, bold=True) for row in rows)
    taken = width_of(interval_text(row, canvas.language)) if numbers else 0.0
    return taken + column + 2.4 * canvas.text_pt


def _limits(canvas: Canvas, rows: Sequence[Interval], *, numbers: bool) -> tuple[float, float]:
    """Return the ends of an axis that the data fill, with room for what stands behind each row."""
    known = [row for row in rows if isfinite(row.middle)]
    least, most = min(row.low for row in known), max(row.high for row in known)
    left = 0.0 if least < _FROM_ZERO * most else least
    reach = 0.0
    for row in known:
        behind = _behind_pt(canvas, row, rows, numbers=numbers)
        room = max(canvas.width_pt - behind, _NARROWEST * canvas.width_pt)
        reach = max(reach, (row.high - left) * canvas.width_pt / room)
    reach = reach or 0.1 * most or 1.0
    return max(0.0, left - _BEFORE * reach), left + reach


def _draw(canvas: Canvas, row: Interval, y: float, *, numbers: bool) -> None:
    axes, text_pt = canvas.axes, canvas.text_pt
    left, right = axes.get_xlim()
    # The lines of the grid do not run through what is written.
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.08 * text_pt}
    canvas.write(row.text, (right, y), ha="right", fontweight="bold" if row.strong else "normal",
                 bbox=ground)  # fmt: skip
    if not isfinite(row.middle):
        canvas.write(word("no-way", canvas.language), (left, y), shift=(0.4 * text_pt, 0),
                     color="#555555", bbox=ground)  # fmt: skip
        return
    line: dict[str, Any] = {"color": DARK, "linewidth": 0.26 * text_pt, "zorder": 3}
    axes.plot([row.low, row.high], [y, y], solid_capstyle="butt", **line)
    axes.plot([row.middle], [y], "o", color=DARK, markersize=0.66 * text_pt, zorder=4,
              markeredgecolor="white", markeredgewidth=0.1 * text_pt)  # fmt: skip
    if numbers:
        canvas.write(interval_text(row, canvas.language), (row.high, y), shift=(0.7 * text_pt, 0),
                     bbox=ground)  # fmt: skip
