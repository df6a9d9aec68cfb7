"""Routes and comparisons as tables that read well at 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from corridors.network import place_of
from corridors.route import name_of
from maps.markdown import table as markdown_table
from maps.terminal import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.measure import Measure
    from corridors.compare import Row
    from corridors.estimate import Estimate
    from corridors.route import Route

__all__ = ["HEAD", "comparison_cells", "comparison_markdown", "show_comparison", "show_route"]


HEAD = ("km", "95 %", "hours", "h 95 %", "Δ km", "unbuilt")
_COLUMNS = 80


def _km(metres: float) -> str:
    return f"{metres / 1000:,.0f}"


def _interval(measure: Measure) -> str:
    return f"{_km(measure.low)}–{_km(measure.high)}"


def _range(one: Estimate) -> str:
    return f"{one.low:,.0f}–{one.high:,.0f}"


def _signed(value: float, digits: int = 0) -> str:
    rounded = round(value, digits)
    return f"{rounded:+,.{digits}f}" if rounded else "0"


def show_route(way: Route) -> None:
    """Print a route: its sums, then link by link."""
    out = console()
    length, time, cost = way.length, way.time, way.cost
    out.print(f"[bold]{escape(way.name)}[/bold]")
    terms = f"{way.scenario.id} on {way.on}, {way.terms.users}, least {way.terms.by}"
    out.print(escape(terms))
    out.print(
        f"{_km(length.value)} km ({_interval(length)}), {time.value:,.0f} h ({_range(time)}), "
        f"{cost.value:,.0f} USD/t ({_range(cost)}); 95 %"
    )
    out.print(f"{', '.join(way.modes)}; {' '.join(way.countries)}")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("to", overflow="ellipsis", no_wrap=True, max_width=26)
    for name in ("km", "h"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("mode", "basis", "status"):
        table.add_column(name, no_wrap=True)
    for step in way.steps:
        link = step.link
        to = place_of(link.end if step.forward else link.start)
        status = f"{step.status} *" if step.opened and step.status != "open" else step.status
        mode = "gauge" if link.changes_gauge else link.mode
        table.add_row(
            escape(name_of(to)), f"{link.length_m / 1000:,.1f}", f"{step.hours:,.1f}", mode,
            link.basis, status,
        )  # fmt: skip
    out.print(table)
    crossings = ", ".join(way.crossings) or "none"
    out.print(f"crossings  {escape(crossings)}")
    out.print(f"hours      {escape(_rests_on(time))}")
    out.print(f"changes    {way.gauge_changes} of gauge, {way.transfers} of mode")
    if way.unbuilt_m:
        out.print(f"unbuilt    {_km(way.unbuilt_m)} km")
    if any(step.opened and step.status != "open" for step in way.steps):
        out.print(f"* opened by scenario {escape(way.scenario.id)}")


def _rests_on(time: Estimate) -> str:
    """Return the basis of the hours, and what leaves them most in doubt."""
    part = time.parts[0]
    return f"{time.basis}; {part.value:,.0f} ({part.low:,.0f}–{part.high:,.0f}) by {part.key}"


def show_comparison(rows: Sequence[Row]) -> None:
    """Print a comparison, pair by pair, each scenario with what makes it differ."""
    out = console()
    wide = max(len(row.scenario.id) for row in rows)
    pair: tuple[str, str] | None = None
    told = ""
    for row in rows:
        if (row.origin, row.destination) != pair:
            if pair is not None:
                out.print()
            pair, told = (row.origin, row.destination), ""
            out.print(f"[bold]{escape(f'{name_of(pair[0])} – {name_of(pair[1])}')}[/bold]")
            out.print(_line(wide, "scenario", *HEAD))
        scenario, *cells, why = comparison_cells(row)
        out.print(escape(_line(wide, scenario, *cells)))
        if why and why != told:
            out.print(Padding(escape(why), (0, 0, 0, 4)))
        elif why:
            out.print("    likewise")
        told = why


def _line(wide: int, scenario: str, *cells: str) -> str:
    widths = [6, 14, 6, 9, 7, 8]
    if wide + sum(widths) > _COLUMNS:
        widths[HEAD.index("h 95 %")] = 0
    return f"{scenario:<{wide}}" + "".join(
        f"{cell:>{w}}" for cell, w in zip(cells, widths, strict=True) if w
    )


def comparison_cells(row: Row) -> tuple[str, ...]:
    """Return scenario, what `HEAD` names, and why, as text."""
    way = row.way
    if way is None:
        return row.scenario.id, "–", *[""] * 5, f"no way: {row.reason.partition(': ')[2]}"
    delta = ""
    if row.base is not None and way is not row.base:
        delta = _signed((way.length.value - row.base.length.value) / 1000)
    return (
        row.scenario.id,
        _km(way.length.value),
        _interval(way.length),
        f"{way.hours:,.0f}",
        _range(way.time),
        delta,
        _km(way.unbuilt_m) if way.unbuilt_m else "0",
        _why(row),
    )


def _why(row: Row) -> str:
    """Return what makes a way differ, and how sure it is that it is shorter."""
    shorter = row.shorter
    same = row.way is None or row.base is None or row.way.steps == row.base.steps
    if shorter is None or same or not 0.025 < shorter < 0.975:
        return row.reason
    return f"{row.reason}; shorter with probability {shorter:.2f}"


def comparison_markdown(rows: Sequence[Row]) -> str:
    """Return a comparison as a Markdown table."""
    header = ("from", "to", "scenario", *HEAD[:-1], "unbuilt km", "why")
    cells = [(name_of(r.origin), name_of(r.destination), *comparison_cells(r)) for r in rows]
    return "\n".join(markdown_table(header, cells))
