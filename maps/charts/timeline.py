"""What stood when: the statuses of systems as bars over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError
from maps.charts.canvas import DARK, LIGHT, MIDDLE, Canvas, Content, KeyEntry
from maps.charts.year_axis import YearAxis, decimal_year
from maps.i18n import basis, heads, name_of, number, when, word
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.dates import Status
    from corridors.model.registry import System

__all__ = ["decimal_year", "timeline_chart"]

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
    "not ratified": (LIGHT, "xxxxx"),
    "Ottoman": ("#47606f", "\\\\\\\\\\"),
    "Russian": ("#47606f", "....."),
}
_OTHER = ("white", "oo")
# Ends of the axis, and the years before the first status if that is earlier.
_YEARS, _ROOM_YEARS = (1918.0, 2026.42), 2.0


def timeline_chart(
    things: Sequence[System],
    *,
    title: str = "What stood when",
    language: str = "en",
    width: str | int = "180",
    years: tuple[float, float] | None = None,
) -> Sheet:
    """Return the dated statuses of systems as bars; the scale of years changes at 2017.

    Parameters
    ----------
    things : borders and corridors; those without statuses are left out.
    years : first and last of the axis; if missing, from 1918, or from before the first status, to
        May 2026, as of which facts are.

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
    first, last = years or _years(shown)
    axis = YearAxis(first=first, last=last, broken=True)
    used = list(dict.fromkeys(s.status for thing in shown for s in thing.statuses))
    with plain():
        labels = [name_of(thing.names, thing.name, language) for thing in shown]
        key = [KeyEntry(text=word(s, language), look=_look(s)) for s in used]
        if any(s.valid_from is None for thing in shown for s in thing.statuses):
            line = {"color": MIDDLE, "linewidth": 2.0}
            key.append(KeyEntry(text=word("since-unknown", language), look=line))
        content = Content(title=title, notes=axis.notes(language), labels=labels, key=key, foot=2.2,
                          rows=1.5 * len(shown) + 0.6)  # fmt: skip
        canvas = Canvas(content, width=width, language=language)
        axes = canvas.axes
        axis.draw(canvas, language)
        for y, thing in enumerate(shown):
            for status in thing.statuses:
                _bar(canvas, status, float(y), axis)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        canvas.label_rows(range(len(shown)))
        cited = [s.source for thing in shown for s in thing.statuses]
        return canvas.sign(_caption(shown, title, language), cited)


def _years(things: Sequence[System]) -> tuple[float, float]:
    """Return the ends of the axis: only what has no known beginning reaches the first."""
    begun = [s.valid_from for thing in things for s in thing.statuses if s.valid_from]
    first, last = _YEARS
    return min([first, *(decimal_year(day) - _ROOM_YEARS for day in begun)]), last


def _look(status: str) -> dict[str, Any]:
    colour, hatch = _LOOKS.get(status, _OTHER)
    return {"facecolor": colour, "hatch": hatch, "edgecolor": DARK, "linewidth": 0.5}


def _bar(canvas: Canvas, status: Status, y: float, axis: YearAxis) -> None:
    """Draw a status as a bar over the years of the axis in which it was valid.

    The bar is thin where the data do not say since when it was.
    """
    begin = decimal_year(status.valid_from) if status.valid_from else axis.first
    end = decimal_year(status.valid_to) if status.valid_to else axis.last
    ends = [axis.at(min(max(year, axis.first), axis.last)) for year in (begin, end)]
    if ends[1] > ends[0]:
        look = _look(status.status) | {"linewidth": 0.08 * canvas.text_pt}
        height = 0.62 if status.valid_from else 0.2
        canvas.axes.barh(y, ends[1] - ends[0], left=ends[0], height=height, zorder=2,
                        **canvas.hatched(look))  # fmt: skip


def _caption(shown: Sequence[System], title: str, language: str) -> str:
    cells = [
        (name_of(thing.names, thing.name, language), when(status, language), status.source,
         basis(status.state, language))
        for thing in shown
        for status in thing.statuses
    ]  # fmt: skip
    count, year = (number(text, language) for text in (str(len(shown)), "2017"))
    return "\n".join(
        [
            f"**{cell(title)}.** {word('caption-timeline', language).format(count, year)}",
            "",
            *table(heads("system status source state", language), cells),
            "",
            *references([s.source for thing in shown for s in thing.statuses], language),
        ]
    )
