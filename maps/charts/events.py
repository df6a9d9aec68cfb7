"""Events on a line of years, a row for each subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.errors import AraxesError
from maps.charts.canvas import ACCENT, DARK, LIGHT, MIDDLE, Canvas, Content, KeyEntry
from maps.charts.year_axis import YearAxis
from maps.i18n import basis, heads, number, word
from maps.print.caption import references
from maps.print.sheet import Sheet, plain
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.context.events import Event

__all__ = ["events_chart"]

# The subjects from the top down; their names are the words `chart-layer-…`.
_LAYERS = (
    "treaty", "status", "war", "nakhchivan", "border", "handover", "corridor", "rail", "road",
    "pipeline", "csto", "base", "diplomacy", "sister",
)  # fmt: skip


def events_chart(
    chosen: Sequence[Event],
    *,
    title: str = "",
    language: str = "en",
    width: str | int = "180",
) -> Sheet:
    """Return events as marks on a line of years; the scale changes in 2017 if they span it.

    A bar stands for a date that is a month, a year or an interval.

    Raises
    ------
    AraxesError : there is none, or none with a beginning or an end.

    Examples
    --------
    >>> from corridors.context.events import events
    >>> len(events_chart(events(layer="handover")).axes)
    1
    """
    drawn = [known for known in chosen if known.when.first or known.when.last]
    if not drawn:
        message = "no event to draw"
        raise AraxesError(message)
    title = title or word("chart-events", language)
    layers = [layer for layer in _LAYERS if any(known.layer == layer for known in drawn)]
    axis = YearAxis.around([day for known in drawn for day in (known.when.first, known.when.last)])
    with plain():
        counts = [sum(known.layer == layer for known in drawn) for layer in layers]
        labels = [
            f"{word(f'chart-layer-{key}', language)} ({number(str(n), language)})"
            for key, n in zip(layers, counts, strict=True)
        ]
        dot = {"linestyle": "none", "markersize": 4.0}
        key = [
            KeyEntry(text=word("ui-day", language),
                     look={"marker": "|", "color": DARK, **dot, "markeredgewidth": 1}),
            KeyEntry(text=word("chart-longer", language),
                     look={"facecolor": MIDDLE, "linewidth": 0}),
            KeyEntry(text=basis("unverified", language),
                     look={"marker": "|", "color": ACCENT, **dot, "markeredgewidth": 1}),
        ]  # fmt: skip
        content = Content(title=title, notes=axis.notes(language), labels=labels, key=key,
                          rows=1.7 * len(layers) + 0.6, foot=2.2)  # fmt: skip
        canvas = Canvas(content, width=width, language=language)
        axis.draw(canvas, language)
        for y, layer in enumerate(layers):
            canvas.axes.axhline(y, color=LIGHT, linewidth=0.1 * canvas.text_pt, zorder=1)
            for known in drawn:
                if known.layer == layer:
                    _mark(canvas, axis, known, float(y))
        canvas.axes.set_ylim(len(layers) - 0.4, -0.6)
        canvas.label_rows(range(len(layers)))
        return canvas.sign(_caption(chosen, title, language), [known.source for known in chosen])


def _mark(canvas: Canvas, axis: YearAxis, known: Event, y: float) -> None:
    first, last = known.when.first or known.when.last, known.when.last or known.when.first
    if first is None or last is None:
        return
    colour = ACCENT if known.state == "unverified" else DARK
    begin, end = axis.position(first), axis.position(last)
    if first == last:
        canvas.axes.plot(begin, y, "|", color=colour, markersize=1.1 * canvas.text_pt,
                        markeredgewidth=0.13 * canvas.text_pt, zorder=4)  # fmt: skip
    else:
        canvas.axes.barh(y, max(end - begin, 0.002), left=begin, height=0.42, zorder=3,
                        color=ACCENT if colour == ACCENT else MIDDLE, alpha=0.8)  # fmt: skip


def _caption(chosen: Sequence[Event], title: str, language: str) -> str:
    cells = [
        (known.when.words, known.layer, known.text, known.place, known.source,
         basis(known.state, language))
        for known in chosen
    ]  # fmt: skip
    head = heads("chart-date chart-subject chart-event ui-place source state", language)
    count = number(str(len(chosen)), language)
    said = word("chart-events-caption", language).format(count, "`araxes events`")
    return "\n".join(
        [
            f"**{cell(title)}.** {said}",
            "",
            *table(head, cells),
            "",
            *references([known.source for known in chosen], language),
        ]
    )
