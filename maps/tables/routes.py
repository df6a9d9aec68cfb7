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
    "comparison_row",
    "show_comparison",
    "show_route",
]

_COLUMNS = 80
# --by → the second sum that a comparison prints and the unit of the difference: those who ask for
# the least cost see costs instead of hours.
_UNITS = {"km": ("hours", "km"), "hours": ("hours", "h"), "cost": ("USD/t", "USD/t")}
# Values below this are printed with a digit after the point, as whole units would hide what
# differs; an assumption.
_SMALL = 10
# --by → digits after the point of a difference, and the word for "better".
_DIGITS = {"km": 0, "hours": 1, "cost": 1}
_LESS = {"km": "shorter", "hours": "quicker", "cost": "cheaper"}


def comparison_head(by: str) -> tuple[str, ...]:
    """Return the heads of the columns of a comparison between those of scenario and reason."""
    sums, delta = _UNITS[by]
    return "km", "95 %", sums, "95 %", f"Δ {delta}", "unbuilt"


def show_route(route: Route) -> None:
    """Print a route: its sums, then link by link."""
    out = console()
    length, time, cost = route.length, route.time, route.cost
    out.print(f"[bold]{escape(route.name)}[/bold]")
    terms = f"{route.scenario.id} on {route.on}, {route.terms.users}, least {route.terms.by}"
    out.print(escape(terms))
    out.print(f"{_sum(length, 'km', 1000)}, {_sum(time, 'h')}, {_sum(cost, 'USD/t')}; 95 %")
    out.print(f"{', '.join(route.modes)}; {' '.join(route.countries)}")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("to", overflow="ellipsis", no_wrap=True, max_width=26)
    for name in ("km", "h"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("mode", "basis", "status"):
        table.add_column(name, no_wrap=True)
    for step in route.steps:
        link = step.link
        to = (link.end if step.forward else link.start).place
        status = f"{step.status} *" if step.opened and step.status != "open" else step.status
        mode = "gauge" if link.changes_gauge else link.mode
        table.add_row(
            escape(name_of(to)), f"{link.length_m / 1000:,.1f}", f"{step.hours:,.1f}", mode,
            link.basis, status,
        )  # fmt: skip
    out.print(table)
    crossings = ", ".join(route.crossings) or "none"
    out.print(f"crossings  {escape(crossings)}")
    out.print(f"hours      {escape(_rests_on(time))}")
    out.print(f"changes    {route.gauge_changes} of gauge, {route.transfers} of mode")
    if route.unbuilt_m:
        out.print(f"unbuilt    {_km(route.unbuilt_m)} km")
    if any(step.opened and step.status != "open" for step in route.steps):
        out.print(f"* opened by scenario {escape(route.scenario.id)}")


def _number(value: float, central: float) -> str:
    """Return a number, with a digit after the point where its central value is below `_SMALL`."""
    return f"{value:,.{0 if central >= _SMALL else 1}f}"


def _km(metres: float) -> str:
    return _number(metres / 1000, metres / 1000)


def _range(total: Measure | Estimate | Part, scale: float = 1.0) -> str:
    """Return the 95 % interval, in units of `scale`."""
    return "–".join(_number(end / scale, total.value / scale) for end in (total.low, total.high))


def _sum(total: Measure | Estimate | Part, unit: str, scale: float = 1.0) -> str:
    """Return a sum with its unit and its 95 % interval."""
    value = total.value / scale
    return f"{_number(value, value)} {unit} ({_range(total, scale)})"


def _signed(value: float, digits: int = 0) -> str:
    rounded = round(value, digits)
    return f"{rounded:+,.{digits}f}" if rounded else "0"


def _rests_on(time: Estimate) -> str:
    """Return the basis of the hours, and the part that adds most to their uncertainty."""
    part = time.parts[0]
    return f"{time.basis}; {_sum(part, 'h')} by {part.key}"


def show_comparison(rows: Sequence[Row], by: str) -> None:
    """Print a comparison, pair by pair, each scenario with what makes it differ."""
    out = console()
    width = max(len(row.scenario.id) for row in rows)
    pair: tuple[str, str] | None = None
    modes: list[str] = []
    printed_reason = ""
    for row in rows:
        if (row.origin, row.destination) != pair:
            if pair is not None:
                out.print()
            pair, printed_reason = (row.origin, row.destination), ""
            modes = _modes_of_pair(rows, pair)
            only = f", by {modes[0]}" if len(modes) == 1 else ""
            out.print(f"[bold]{escape(f'{name_of(pair[0])} – {name_of(pair[1])}')}[/bold]{only}")
            if len(modes) > 1:
                note = f"{' is set beside '.join(modes)}; --modes compares like with like"
                out.print(Padding(escape(note), (0, 0, 0, 4)))
            out.print(_line(width, "scenario", *comparison_head(by)))
        scenario, *cells, reason = comparison_cells(row)
        if len(modes) > 1 and row.way is not None:
            reason = "; ".join(filter(None, (f"by {modes_text(row.way)}", reason)))
        out.print(escape(_line(width, scenario, *cells)))
        if reason and reason != printed_reason:
            out.print(Padding(escape(reason), (0, 0, 0, 4)))
        elif reason:
            out.print("    likewise")
        printed_reason = reason


def modes_text(route: Route) -> str:
    """Return the modes of a route in the order of travel, each once: ``rail``, ``road, ferry``."""
    return ", ".join(dict.fromkeys(route.modes))


def _modes_of_pair(rows: Sequence[Row], pair: tuple[str, str]) -> list[str]:
    """Return the different modes of the routes between two places."""
    routes = (row.way for row in rows if (row.origin, row.destination) == pair)
    return list(dict.fromkeys(modes_text(route) for route in routes if route is not None))


def _line(first_width: int, scenario: str, *cells: str) -> str:
    # Where ids of scenarios are too long for all columns, the interval of the hours is left out.
    widths = (6, 14, 6, 9, 8, 8) if first_width <= _COLUMNS - 51 else (6, 14, 6, 0, 8, 8)
    return f"{scenario:<{first_width}}" + "".join(
        f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True) if width
    )


def comparison_cells(row: Row) -> tuple[str, ...]:
    """Return scenario, the columns of `comparison_head`, and the reason, as text."""
    route, base = row.way, row.base
    if route is None:
        return row.scenario.id, "–", *[""] * 5, f"no way: {row.reason.partition(': ')[2]}"
    by = route.terms.by
    total = route.cost if by == "cost" else route.time
    delta = ""
    if base is not None and route is not base:
        delta = _signed(route.least()[0] - base.least()[0], _DIGITS[by])
    return (
        row.scenario.id,
        _km(route.length.value),
        _range(route.length, 1000),
        _number(total.value, total.value),
        _range(total),
        delta,
        _km(route.unbuilt_m) if route.unbuilt_m else "0",
        _reason(row),
    )


def _reason(row: Row) -> str:
    """Return why a route differs, and the probability that it is better where that is in doubt."""
    better = row.better
    same = row.way is None or row.base is None or row.way.steps == row.base.steps
    if better is None or same or row.way is None or not 0.025 < better < 0.975:
        return row.reason
    return f"{row.reason}; {_LESS[row.way.terms.by]} with probability {better:.2f}"


def comparison_row(row: Row) -> tuple[str, ...]:
    """Return ends, scenario, modes, the columns of `comparison_head`, and the reason, as text."""
    scenario, *cells = comparison_cells(row)
    modes = "" if row.way is None else modes_text(row.way)
    return name_of(row.origin), name_of(row.destination), scenario, modes, *cells


def comparison_markdown(rows: Sequence[Row], by: str) -> str:
    """Return a comparison as a Markdown table."""
    header = ("from", "to", "scenario", "by", *comparison_head(by)[:-1], "unbuilt km", "why")
    cells = [comparison_row(row) for row in rows]
    return "\n".join(markdown_table(header, cells))
