"""A pair over time as a table that reads well at 80 columns: days that do not differ fold."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.padding import Padding

from borders.measure import decimals
from corridors.model.lent import in_words
from corridors.routing.route import name_of
from maps.tables.costs import costs_of, costs_paragraph, print_costs
from maps.tables.markdown import table as markdown_table
from maps.tables.routes import print_seasons
from maps.tables.text import console, print_hanging

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from borders.measure import Interval
    from corridors.analysis.series import Series, SeriesRow

__all__ = ["series_markdown", "show_series"]

_HEAD = ("on", "km", "95 %", "hours", "95 %", "USD/t", "unbuilt")
_WIDTHS = (25, 6, 14, 6, 10, 7, 9)


def show_series(rows: Series) -> None:
    """Print a series: a block for each scenario and set of modes, with what changed between."""
    out = console()
    for n, block in enumerate(rows.blocks()):
        if n:
            out.print()
        first = block[0]
        row = first.row()
        forced = [f"via {', '.join(map(name_of, row['via']))}"] if row["via"] else []
        forced += [f"avoiding {', '.join(row['avoid'])}"] if row["avoid"] else []
        ends = " – ".join([row["from"], row["to"]])
        modes = " or ".join(first.mode_set)
        out.print(f"[bold]{escape(ends)}[/bold]{escape(f', by {modes}')}")
        yearly = all(r.on.month == r.on.day == 1 for r in block)
        days = ["each year on 1 January"] if yearly else []
        days += [f"leaving at {row['at']}"] if "at" in row else []
        terms = [row["scenario"], row["users"], f"least {row['by']}", *forced, *days]
        out.print(escape(", ".join(terms)))
        out.print(_line(_HEAD))
        way: tuple[str, ...] | None = None
        for run in _runs(block):
            out.print(escape(_line((_days(run, yearly=yearly), *_cells(run[0])))))
            notes = [event.text for event in run[0].events]
            if run[0].way is None:
                notes.append(f"no way: {_reason(run[0])}")
            elif (crossings := run[0].way.crossings) != way:
                through = ", ".join(crossings)
                notes += [f"through {through}"] if through else []
                way = crossings
            for note in notes:
                out.print(Padding(escape(note), (0, 0, 0, 4)))
    lent = [value for row in rows if row.way is not None for value in row.way.lent]
    if lent:
        out.print()
        print_hanging(f"lent  {in_words(dict.fromkeys(lent))}")
    ways = [row.way for row in rows]
    if any(way and way.in_doubt for way in ways):
        out.print()
        print_seasons(ways)
    costs = costs_of(rows.ways)
    if costs:
        out.print()
        print_costs(costs)


def _runs(block: Sequence[SeriesRow]) -> list[list[SeriesRow]]:
    """Return the rows of days in a row that are told alike together."""
    runs: list[list[SeriesRow]] = []
    for row in block:
        if runs and not row.events and _told(row) == _told(runs[-1][-1]):
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _told(row: SeriesRow) -> tuple[object, ...]:
    return (*_cells(row), row.way.crossings if row.way else _reason(row))


def _reason(row: SeriesRow) -> str:
    """Return what stands in the way, at the fewest places; not what else the day is called."""
    text = row.reason.partition(": ")[2] or row.reason
    return text.partition("; on the shortest way")[0]


def _days(run: Sequence[SeriesRow], *, yearly: bool) -> str:
    """Return the first and the last day of a run; years where all are first days of one."""
    first, last = run[0].on, run[-1].on
    if first == last:
        return _day(first, yearly=yearly)
    return f"{_day(first, yearly=yearly)} – {_day(last, yearly=yearly)}"


def _day(day: date, *, yearly: bool) -> str:
    return str(day.year) if yearly else str(day)


def _cells(row: SeriesRow) -> tuple[str, ...]:
    """Return the columns of the table after that of the day, as text."""
    if row.way is None:
        return "–", "", "", "", "", ""
    way = row.way
    (km, km_ends), (hours, hours_ends), (cost, _) = (
        _written(total, unit)
        for total, unit in ((way.length, 1000.0), (way.time, 1.0), (way.cost, 1.0))
    )
    return km, km_ends, hours, hours_ends, cost, f"{way.unbuilt_m / 1000:,.0f}"


def _written(total: Interval, unit: float) -> tuple[str, str]:
    """Return a sum and its 95 % interval, whole where it is one or more."""
    digits = decimals(total.value / unit)
    value, low, high = (f"{x / unit:,.{digits}f}" for x in (total.value, total.low, total.high))
    return value, f"{low}–{high}"


def _line(cells: Sequence[str]) -> str:
    first, *others = zip(cells, _WIDTHS, strict=True)
    return f"{first[0]:<{first[1]}}" + "".join(f"{cell:>{width}}" for cell, width in others)


def series_markdown(rows: Series) -> str:
    """Return a series as a Markdown table; days that are told alike are one row."""
    header = ("scenario", "by", "on", *_HEAD[1:-1], "unbuilt km", "crossings", "what changed")
    cells = []
    for _, group in groupby(rows, key=lambda row: (row.scenario.id, row.mode_set)):
        block = list(group)
        yearly = all(row.on.month == row.on.day == 1 for row in block)
        for run in _runs(block):
            row, values = run[0], run[0].row()
            why = "; ".join(event.text for event in row.events) or row.reason
            cells.append((row.scenario.id, " or ".join(row.mode_set), _days(run, yearly=yearly),
                          *_cells(row), ", ".join(values["crossings"]), why))  # fmt: skip
    return "\n".join([*markdown_table(header, cells), *costs_paragraph(costs_of(rows.ways))])
