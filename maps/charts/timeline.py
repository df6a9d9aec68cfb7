"""What stood when: the statuses of systems as bars over the years."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import FixedLocator, FuncFormatter

from borders.errors import AraxesError
from maps.charts.canvas import DARK, LIGHT, MIDDLE, Content, Paper, Sign
from maps.i18n import basis, heads, name_of, number, when, word
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.dates import Status
    from corridors.model.registry import System

__all__ = ["timeline_chart"]

# Fill and hatch of a status; what is not named here is drawn as the last one.
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
# Most dates are recent: years after the break take more room. Share of the width before it.
_BREAK, _BEFORE = 2017.0, 0.42


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
    shown = [one for one in things if one.statuses]
    if not shown:
        message = "none of these has a dated status"
        raise AraxesError(message)
    used = list(dict.fromkeys(s.status for one in shown for s in one.statuses))
    with plain():
        labels = [name_of(one.names, one.name, language) for one in shown]
        note = word("scale-break", language).format(number(f"{_BREAK:.0f}", language))
        signs = [Sign(text=word(s, language), look=_look(s)) for s in used]
        content = Content(title=title, notes=[note], labels=labels, signs=signs, foot=2.2,
                          rows=1.5 * len(shown) + 0.6)  # fmt: skip
        paper = Paper(content, width=width, language=language)
        axes = paper.axes
        axes.set_xlim(0, 1)
        room = paper.wide * (1 - _BEFORE) / (years[1] - _BREAK) / paper.size
        step = 1 if room > 3.4 else 2 if room > 1.7 else 4
        ticks = [1920, 1940, 1960, 1980, 2000, *range(int(_BREAK), int(years[1]) + 1, step)]
        if paper.wide * (_at(_BREAK, years) - _at(2000, years)) < 3.4 * paper.size:
            ticks = [1920, 1950, 1980, *ticks[5:]]
        axes.xaxis.set_major_locator(FixedLocator([_at(year, years) for year in ticks]))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda v, _: number(f"{_year(v, years):.0f}", language))
        )
        axes.axvline(_BEFORE, color=DARK, linewidth=0.1 * paper.size, linestyle=(0, (2, 2)))
        for y, one in enumerate(shown):
            for status in one.statuses:
                _span(paper, status, float(y), years)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        paper.name_rows(range(len(shown)))
        paper.sheet.caption = _caption(shown, title, language)
    return paper.sheet


def _at(year: float, years: tuple[float, float]) -> float:
    """Return where a year stands on the axis, from 0 to 1."""
    if year <= _BREAK:
        return _BEFORE * (year - years[0]) / (_BREAK - years[0])
    return _BEFORE + (1 - _BEFORE) * (year - _BREAK) / (years[1] - _BREAK)


def _year(at: float, years: tuple[float, float]) -> float:
    if at <= _BEFORE:
        return years[0] + at / _BEFORE * (_BREAK - years[0])
    return _BREAK + (at - _BEFORE) / (1 - _BEFORE) * (years[1] - _BREAK)


def _decimal(day: date) -> float:
    start = date(day.year, 1, 1)
    return day.year + (day - start).days / (date(day.year + 1, 1, 1) - start).days


def _look(status: str) -> dict[str, Any]:
    colour, hatch = _LOOKS.get(status, _OTHER)
    return {"facecolor": colour, "hatch": hatch, "edgecolor": DARK, "linewidth": 0.5}


def _span(paper: Paper, status: Status, y: float, years: tuple[float, float]) -> None:
    begin = _decimal(status.valid_from) if status.valid_from else years[0]
    end = _decimal(status.valid_to) if status.valid_to else years[1]
    ends = [_at(min(max(year, years[0]), years[1]), years) for year in (begin, end)]
    if ends[1] > ends[0]:
        look = _look(status.status) | {"linewidth": 0.08 * paper.size}
        paper.axes.barh(y, ends[1] - ends[0], left=ends[0], height=0.62, zorder=2,
                        **paper.hatched(look))  # fmt: skip


def _caption(shown: Sequence[System], title: str, language: str) -> str:
    cells = [
        (name_of(one.names, one.name, language), when(status, language), status.source,
         basis(status.state, language))
        for one in shown
        for status in one.statuses
    ]  # fmt: skip
    count, year = (number(text, language) for text in (str(len(shown)), f"{_BREAK:.0f}"))
    return "\n".join(
        [
            f"**{cell(title)}.** {word('caption-timeline', language).format(count, year)}",
            "",
            *table(heads("system status source state", language), cells),
            "",
            *references([status.source for one in shown for status in one.statuses], (), language),
        ]
    )
