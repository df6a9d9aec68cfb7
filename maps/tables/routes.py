"""Routes and comparisons as tables that read well at 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from corridors.routing.route import name_of
from maps.tables.markdown import table as markdown_table
from maps.tables.text import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.measure import Measure
    from corridors.analysis.compare import Row
    from corridors.network.estimate import Estimate, Part
    from corridors.routing.route import Route

__all__ = [
    "comparison_cells",
    "comparison_head",
    "comparison_markdown",
    "show_comparison",
    "show_route",
]


_COLUMNS = 80
# Asked for the least cost, a comparison tells costs instead of hours.
_UNITS = {"km": ("hours", "km"), "hours": ("hours", "h"), "cost": ("USD/t", "USD/t")}
# Below this, whole units would hide what differs.
_SMALL = 10
_DIGITS = {"km": 0, "hours": 1, "cost": 1}
_LESS = {"km": "shorter", "hours": "quicker", "cost": "cheaper"}


def comparison_head(by: str) -> tuple[str, ...]:
    """Return what the cells of a comparison are, between scenario and why."""
    sums, delta = _UNITS[by]
    return "km", "95 %", sums, "95 %", f"Δ {delta}", "unbuilt"


def _number(value: float, like: float) -> str:
    """Return a number, with a digit after the point where the one that it belongs to is small."""
    return f"{value:,.{0 if like >= _SMALL else 1}f}"


def _km(metres: float) -> str:
    return _number(metres / 1000, metres / 1000)


def _range(one: Measure | Estimate | Part, scale: float = 1.0) -> str:
    """Return the 95 % interval."""
    return "–".join(_number(end / scale, one.value / scale) for end in (one.low, one.high))


def _sum(one: Measure | Estimate | Part, unit: str, scale: float = 1.0) -> str:
    value = one.value / scale
    return f"{_number(value, value)} {unit} ({_range(one, scale)})"


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
    out.print(f"{_sum(length, 'km', 1000)}, {_sum(time, 'h')}, {_sum(cost, 'USD/t')}; 95 %")
    out.print(f"{', '.join(way.modes)}; {' '.join(way.countries)}")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("to", overflow="ellipsis", no_wrap=True, max_width=26)
    for name in ("km", "h"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("mode", "basis", "status"):
        table.add_column(name, no_wrap=True)
    for step in way.steps:
        link = step.link
        to = (link.end if step.forward else link.start).place
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
    return f"{time.basis}; {_sum(part, 'h')} by {part.key}"


def show_comparison(rows: Sequence[Row], by: str) -> None:
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
            out.print(_line(wide, "scenario", *comparison_head(by)))
        scenario, *cells, why = comparison_cells(row)
        out.print(escape(_line(wide, scenario, *cells)))
        if why and why != told:
            out.print(Padding(escape(why), (0, 0, 0, 4)))
        elif why:
            out.print("    likewise")
        told = why


def _line(wide: int, scenario: str, *cells: str) -> str:
    # Where there is no room, the interval of the hours goes first.
    widths = (6, 14, 6, 9, 8, 8) if wide <= _COLUMNS - 51 else (6, 14, 6, 0, 8, 8)
    return f"{scenario:<{wide}}" + "".join(
        f"{cell:>{w}}" for cell, w in zip(cells, widths, strict=True) if w
    )


def comparison_cells(row: Row) -> tuple[str, ...]:
    """Return scenario, what `comparison_head` names, and why, as text."""
    way, base = row.way, row.base
    if way is None:
        return row.scenario.id, "–", *[""] * 5, f"no way: {row.reason.partition(': ')[2]}"
    by = way.terms.by
    sums = way.cost if by == "cost" else way.time
    delta = ""
    if base is not None and way is not base:
        delta = _signed(way.least()[0] - base.least()[0], _DIGITS[by])
    return (
        row.scenario.id,
        _km(way.length.value),
        _range(way.length, 1000),
        _number(sums.value, sums.value),
        _range(sums),
        delta,
        _km(way.unbuilt_m) if way.unbuilt_m else "0",
        _why(row),
    )


def _why(row: Row) -> str:
    """Return what makes a way differ, and how sure it is that it is the better one."""
    better = row.better
    same = row.way is None or row.base is None or row.way.steps == row.base.steps
    if better is None or same or row.way is None or not 0.025 < better < 0.975:
        return row.reason
    return f"{row.reason}; {_LESS[row.way.terms.by]} with probability {better:.2f}"


def comparison_markdown(rows: Sequence[Row], by: str) -> str:
    """Return a comparison as a Markdown table."""
    header = ("from", "to", "scenario", *comparison_head(by)[:-1], "unbuilt km", "why")
    cells = [(name_of(r.origin), name_of(r.destination), *comparison_cells(r)) for r in rows]
    return "\n".join(markdown_table(header, cells))
