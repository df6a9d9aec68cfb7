"""What stood when: the statuses of systems as bars over the years."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import FixedLocator, FuncFormatter

from borders.errors import AraxesError
from maps.charts.canvas import DARK, LIGHT, MIDDLE, Canvas, Content, KeyEntry
from maps.i18n import basis, heads, name_of, number, when, word
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.dates import Status
    from corridors.model.registry import System

__all__ = ["timeline_chart"]

# Fill and hatch of a status; any other is drawn as `_OTHER`.
_LOOKS: dict[str, tuple[str, str]] = {
    "in force": (DARK, ""),
    "autonomous": ("#47606f", ""),
    "open": (MIDDLE, ""),
    "checkpoint": (MIDDLE, "...."),
    "blocked": ("white", "xxxxx"),
    "construction": (LIGHT, "//////"),
    "planned": (LIGHT, ""),
    "closed": ("white", "|||||"),
    "dismantled": ("white", "....."),
    "superseded": ("white", ""),
    "disused": ("white", "----"),
}
_OTHER = ("white", "oo")
# Most dates are recent, so the scale of the axis changes in this year; the years before it take
# this share of the width (assumptions).
_BREAK_YEAR, _SHARE_BEFORE = 2017.0, 0.42


def timeline_chart(
    things: Sequence[System],
    *,
    title: str = "What stood when",
    language: str = "en",
    width: str | int = "180",
    years: tuple[float, float] = (1918.0, 2026.42),
) -> Sheet:
    """Return the dated statuses of systems as bars; the scale of years changes at 2017.

    Parameters
    ----------
    things : borders and corridors; those without statuses are left out.
    years : first and last of the axis; facts are as of May 2026.

    Raises
    ------
    AraxesError : none has a status.

    Examples
    --------
    >>> from corridors import corridor
    >>> len(timeline_chart([corridor("lachin-2022")]).axes)
    1
    """
    shown = [thing for thing in things if thing.statuses]
    if not shown:
        message = "none of these has a dated status"
        raise AraxesError(message)
    used = list(dict.fromkeys(s.status for thing in shown for s in thing.statuses))
    with plain():
        labels = [name_of(thing.names, thing.name, language) for thing in shown]
        note = word("scale-break", language).format(number(f"{_BREAK_YEAR:.0f}", language))
        key = [KeyEntry(text=word(s, language), look=_look(s)) for s in used]
        content = Content(title=title, notes=[note], labels=labels, key=key, foot=2.2,
                          rows=1.5 * len(shown) + 0.6)  # fmt: skip
        canvas = Canvas(content, width=width, language=language)
        axes = canvas.axes
        axes.set_xlim(0, 1)
        # A tick's year needs a room of 3.4 sizes of letters (an assumption).
        room = canvas.width_pt * (1 - _SHARE_BEFORE) / (years[1] - _BREAK_YEAR) / canvas.text_pt
        step = 1 if room > 3.4 else 2 if room > 1.7 else 4
        ticks = [1920, 1940, 1960, 1980, 2000, *range(int(_BREAK_YEAR), int(years[1]) + 1, step)]
        gap = _position(_BREAK_YEAR, years) - _position(2000, years)
        if canvas.width_pt * gap < 3.4 * canvas.text_pt:
            ticks = [1920, 1950, 1980, *ticks[5:]]
        axes.xaxis.set_major_locator(FixedLocator([_position(year, years) for year in ticks]))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda v, _: number(f"{_year(v, years):.0f}", language))
        )
        axes.axvline(
            _SHARE_BEFORE, color=DARK, linewidth=0.1 * canvas.text_pt, linestyle=(0, (2, 2))
        )
        for y, thing in enumerate(shown):
            for status in thing.statuses:
                _bar(canvas, status, float(y), years)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        canvas.label_rows(range(len(shown)))
        canvas.sheet.caption = _caption(shown, title, language)
    return canvas.sheet


def _position(year: float, years: tuple[float, float]) -> float:
    """Return the position of a year on the axis, from 0 to 1."""
    if year <= _BREAK_YEAR:
        return _SHARE_BEFORE * (year - years[0]) / (_BREAK_YEAR - years[0])
    return _SHARE_BEFORE + (1 - _SHARE_BEFORE) * (year - _BREAK_YEAR) / (years[1] - _BREAK_YEAR)


def _year(position: float, years: tuple[float, float]) -> float:
    """Return the year at a position on the axis, the inverse of `_position`."""
    if position <= _SHARE_BEFORE:
        return years[0] + position / _SHARE_BEFORE * (_BREAK_YEAR - years[0])
    after = (position - _SHARE_BEFORE) / (1 - _SHARE_BEFORE)
    return _BREAK_YEAR + after * (years[1] - _BREAK_YEAR)


def _decimal_year(day: date) -> float:
    start = date(day.year, 1, 1)
    return day.year + (day - start).days / (date(day.year + 1, 1, 1) - start).days


def _look(status: str) -> dict[str, Any]:
    colour, hatch = _LOOKS.get(status, _OTHER)
    return {"facecolor": colour, "hatch": hatch, "edgecolor": DARK, "linewidth": 0.5}


def _bar(canvas: Canvas, status: Status, y: float, years: tuple[float, float]) -> None:
    """Draw a status as a bar over the years of the axis in which it was valid."""
    begin = _decimal_year(status.valid_from) if status.valid_from else years[0]
    end = _decimal_year(status.valid_to) if status.valid_to else years[1]
    ends = [_position(min(max(year, years[0]), years[1]), years) for year in (begin, end)]
    if ends[1] > ends[0]:
        look = _look(status.status) | {"linewidth": 0.08 * canvas.text_pt}
        canvas.axes.barh(y, ends[1] - ends[0], left=ends[0], height=0.62, zorder=2,
                        **canvas.hatched(look))  # fmt: skip


def _caption(shown: Sequence[System], title: str, language: str) -> str:
    cells = [
        (name_of(thing.names, thing.name, language), when(status, language), status.source,
         basis(status.state, language))
        for thing in shown
        for status in thing.statuses
    ]  # fmt: skip
    count, year = (number(text, language) for text in (str(len(shown)), f"{_BREAK_YEAR:.0f}"))
    return "\n".join(
        [
            f"**{cell(title)}.** {word('caption-timeline', language).format(count, year)}",
            "",
            *table(heads("system status source state", language), cells),
            "",
            *references([s.source for thing in shown for s in thing.statuses], (), language),
        ]
    )
