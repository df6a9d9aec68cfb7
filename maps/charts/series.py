"""Kilometres, hours or costs of a pair over the years, with their intervals and what changes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import FuncFormatter, MaxNLocator

from borders.errors import AraxesError
from borders.measure import decimals
from corridors.analysis.series import unchanged
from corridors.model.registry import system, system_ids
from corridors.scenarios.terms import QUANTITIES
from maps.charts.canvas import ACCENT, DARK, MIDDLE, Canvas, Content, KeyEntry
from maps.charts.intervals import AXES
from maps.charts.lengths import place_name
from maps.charts.reasons import in_the_way, link_name
from maps.charts.year_axis import decimal_year
from maps.i18n import (
    apart,
    comma,
    day,
    heads,
    mode_words,
    name_of,
    number,
    right_to_left,
    scenario_name,
    word,
)
from maps.print.caption import joined, references
from maps.print.sheet import Sheet, plain
from maps.tables.costs import costs_caption, costs_of
from maps.tables.markdown import cell, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from borders.measure import Interval
    from corridors.analysis.series import Event, Series, SeriesRow

__all__ = ["LOOKS", "series_chart"]

# Of the first, second … block of rows: colour and style of its line.
LOOKS = [(DARK, "-"), (ACCENT, "--"), (MIDDLE, ":"), (DARK, "-."), (ACCENT, ":"), (MIDDLE, "--")]
# Events that the notes of a chart name; more are in its caption.
MOST_NOTES = 12


def series_chart(
    rows: Series, *, title: str = "", language: str = "en", width: str | int = "180"
) -> Sheet:
    """Return a line for each scenario and set of modes, broken where there is no way.

    What the routes make least is drawn, with its 95 % interval; numbers mark the days on which
    something changed, and the notes say what.

    Raises
    ------
    AraxesError : there are no rows, or no route on any day.

    Examples
    --------
    >>> from corridors import series
    >>> from corridors import Terms
    >>> rows = series("Kars", "Tbilisi", "2015:2019", terms=Terms(modes="rail"))
    >>> len(series_chart(rows).axes)
    1
    """
    if not any(row.way for row in rows):
        message = "no way on any of the days to chart; ask for others, or for another scenario"
        raise AraxesError(message)
    first = rows[0].row()
    key, name = QUANTITIES[first["by"]].column, AXES[first["by"]]
    title = title or _title(rows, language)
    blocks = rows.blocks()
    events = _events(rows)
    numbers = {event: n for n, event in enumerate(events, 1)}
    names = _names(rows, language)
    with plain():
        said = [
            f"{number(str(n), language)}  {_said(event, names, language)}"
            for event, n in numbers.items()
        ]
        notes = said[:MOST_NOTES]
        if len(events) > MOST_NOTES:
            more = number(str(len(events) - MOST_NOTES), language)
            notes.append(word("chart-more", language).format(more))
        content = Content(title=title, rows=22.0, key=list(_key(blocks, language)), notes=notes)
        canvas = Canvas(content, width=width, language=language)
        for n, block in enumerate(blocks):
            _draw(canvas, block, key, LOOKS[n % len(LOOKS)])
        _mark(canvas, blocks, numbers)
        axes = canvas.axes
        axes.margins(x=0.02, y=0.12)
        axes.set_ylim(bottom=max(0.0, axes.get_ylim()[0]))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: number(f"{v:.0f}", language)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: number(f"{v:,.10g}", language)))
        axes.spines["left"].set_visible(True)
        axes.grid(axis="y", color="#d8d8d8", linewidth=0.06 * canvas.text_pt)
        canvas.label_axis(word(name, language), vertical=True)
        cited = [source for row in rows if row.way for source in row.way.sources]
        cited = list(dict.fromkeys([*cited, *(event.source for event in events)]))
        return canvas.sign(_caption(rows, title, cited, language), cited)


def _events(rows: Series) -> list[Event]:
    """Return what changed, each thing once, in order of days."""
    events = dict.fromkeys(event for row in rows for event in row.events)
    return sorted(events, key=lambda event: (str(event.on or ""), event.what))


def _names(rows: Series, language: str) -> dict[str, str]:
    """Return the names of the links and crossings that the routes use, by their ids."""
    links = {step.link.id: step.link for way in rows.ways for step in way.steps}
    names = {link.crossing: link_name(link, language) for link in links.values() if link.crossing}
    return names | {key: link_name(link, language) for key, link in links.items()}


def _said(event: Event, names: Mapping[str, str], language: str) -> str:
    """Return what changed, from what to what and since when, and the source."""
    if language == "en":
        return event.text
    name = names.get(event.what) or apart(event.what, language)
    if event.what in system_ids():
        name = name_of(system(event.what).names, event.what, language)
    to = " ← " if right_to_left(language) else " → "
    since = ""
    if event.on:
        began = day(event.on, language, precision=event.precision)
        since = word("since", language).format(began)
    change = to.join(word(status, language) for status in (event.before, event.after))
    dated = f"{comma(language)} ".join(filter(None, [change, since]))
    return f"{name}: {dated} ({apart(event.source, language)})"


def _title(rows: Series, language: str) -> str:
    values = rows[0].row()
    ends = (place_name(values[key], language) for key in ("from", "to"))
    years = (number(str(rows[n].on.year), language) for n in (0, -1))
    return word("chart-series-title", language).format(*ends, *years)


def _label(row: SeriesRow, language: str) -> str:
    """Return the scenario of a row, and by what modes its routes may go."""
    name = scenario_name(row.scenario, language)
    return f"{comma(language)} ".join([name, " / ".join(mode_words(row.mode_set, language))])


def _key(blocks: Sequence[Sequence[SeriesRow]], language: str) -> Iterator[KeyEntry]:
    for n, block in enumerate(blocks):
        colour, style = LOOKS[n % len(LOOKS)]
        look: dict[str, Any] = {"color": colour, "linestyle": style, "linewidth": 1.4}
        yield KeyEntry(text=_label(block[0], language), look=look)
    band = {"facecolor": DARK, "alpha": 0.15, "edgecolor": "none"}
    yield KeyEntry(text=word("interval", language), look=band)


def _draw(canvas: Canvas, block: Sequence[SeriesRow], key: str, look: tuple[str, str]) -> None:
    """Draw the values of a block as steps, each to the next day, and their intervals behind."""
    colour, style = look
    axes = canvas.axes
    for with_way, group in groupby(enumerate(block), key=lambda item: item[1].way is not None):
        numbered = list(group)
        if not with_way:
            continue
        days = [row.on for _, row in numbered]
        following = block[numbered[-1][0] + 1 :][:1]
        years = [decimal_year(day) for day in [*days, *(row.on for row in following)]]
        values = [row.row() for _, row in numbered]
        values += values[-1:] * len(following)
        middle, low, high = (
            [row[f"{end}{key}"] for row in values] for end in ("", "low_", "high_")
        )
        axes.fill_between(years, low, high, step="post", color=colour, alpha=0.15, linewidth=0,
                          zorder=1)  # fmt: skip
        axes.step(years, middle, where="post", color=colour, linestyle=style, zorder=3,
                  linewidth=0.22 * canvas.text_pt)  # fmt: skip
        axes.plot(years[: len(days)], middle[: len(days)], "o", color=colour, zorder=3,
                  markersize=0.3 * canvas.text_pt)  # fmt: skip


def _mark(canvas: Canvas, blocks: Sequence[Sequence[SeriesRow]], numbers: dict[Event, int]) -> None:
    """Write the numbers of events beside the days on which they are first felt."""
    felt: dict[float, set[int]] = {}
    for block in blocks:
        for run in unchanged(block):
            if run[0].events:
                at = felt.setdefault(decimal_year(run[0].on), set())
                at |= {numbers[event] for event in run[0].events}
    for year, marks in felt.items():
        canvas.axes.axvline(year, color=MIDDLE, linewidth=0.06 * canvas.text_pt, zorder=0)
        gap = f"{comma(canvas.language)} "
        text = gap.join(number(str(mark), canvas.language) for mark in sorted(marks))
        canvas.axes.annotate(
            text, (year, 1.0), (0.2 * canvas.text_pt, 0), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="left", va="top", fontsize=0.8 * canvas.text_pt,
            annotation_clip=False, parse_math=False, label="event", rotation=90,
        )  # fmt: skip


def _sum(total: Interval, unit: float, language: str) -> str:
    digits = decimals(total.value / unit, 1)
    value, low, high = (f"{x / unit:,.{digits}f}" for x in (total.value, total.low, total.high))
    return number(f"{value} ({low}–{high})", language)


def _why(row: SeriesRow, language: str) -> str:
    """Return what stands in the way where there is no route."""
    return row.reason if language == "en" else in_the_way(row.standing, language)


def _caption(rows: Series, title: str, cited: Sequence[str], language: str) -> str:
    cells = []
    names = _names(rows, language)
    for block in rows.blocks():
        for run in unchanged(block):
            way = run[0].way
            first, last = (day(run[n].on, language) for n in (0, -1))
            days = first if len(run) == 1 else f"{first} – {last}"
            sums: tuple[str, ...] = ("", "", "")
            if way is not None:
                totals = ((way.length, 1000.0), (way.time, 1.0), (way.cost, 1.0))
                sums = tuple(_sum(total, unit, language) for total, unit in totals)
            why = joined((_said(event, names, language) for event in run[0].events), language)
            why = why or _why(run[0], language)
            cells.append((_label(run[0], language), days, *sums, why))
    head = heads("scenario chart-on km figure-axis-hours ask-usd-t chart-what-changed", language)
    costs = costs_caption(costs_of(rows.ways), language)
    return "\n".join(
        [
            # The years of some languages end with the stop of an abbreviation.
            f"**{cell(title).rstrip('.')}.**",
            "",
            *table(head, cells),
            *costs,
            "",
            *references(cited, language),
        ]
    )
