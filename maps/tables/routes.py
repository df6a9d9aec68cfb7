"""Routes and comparisons as tables that read well at 80 columns."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from borders.measure import decimals, decimals_of_parts, time_unit
from corridors.analysis.compare import blocks_of
from corridors.analysis.gateways import SCENARIOS as GATEWAY_SCENARIOS
from corridors.model.lent import in_words
from corridors.network.hours_parts import DRIVING_H, REST_H
from corridors.network.link import is_way
from corridors.routing.route import name_of
from maps.tables.costs import costs_of, costs_paragraph, print_costs
from maps.tables.markdown import table as markdown_table
from maps.tables.text import console, print_hanging

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

    from borders.measure import Measure
    from corridors.analysis.compare import Row
    from corridors.network.estimate import Estimate, Part
    from corridors.network.hours_parts import TimePart
    from corridors.routing.route import Route, Step

__all__ = [
    "comparison_cells",
    "comparison_head",
    "comparison_markdown",
    "comparison_row",
    "gateways_markdown",
    "show_comparison",
    "show_gateways",
    "show_route",
]

_COLUMNS = 80
# Width of the bar that shows what the hours are made of; each part of it has its own shade, so that
# it reads without colours too.
_BAR = 60
_PARTS = {
    "running": ("█", "running"), "sailing": ("▓", "sailing"), "border": ("▒", "border"),
    "ship": ("░", "wait for a ship"), "gauge": ("╬", "change of gauge"),
    "change": ("┼", "change of mode"), "delay": ("·", "delay"),
    "opening": ("○", "wait until it opens"),
}  # fmt: skip
# --by → the second sum that a comparison prints and the unit of the difference: those who ask for
# the least cost see costs instead of hours.
_UNITS = {"km": ("hours", "km"), "hours": ("hours", "h"), "cost": ("USD/t", "USD/t")}
_IN_MINUTES = {"hours": "min", "h": "min"}
# Values below this are printed with a digit after the point, as whole units would hide what
# differs; the parts of so few kilometres with two. An assumption.
_SMALL = 10
# Columns of the ways of gateways after the first, and the widths of all.
_GATEWAY_HEAD = ("km", "hours", "USD/t", "b g f", "unbuilt")
_GATEWAY_WIDTHS = (14, 20, 14, 14, 8, 8)
# --by → digits after the point of a difference, and the word for "better".
_DIGITS = {"km": 0, "hours": 1, "cost": 1}
# Users of whom a comparison need not speak.
_USUAL = "freight"
_LESS = {"km": "shorter", "hours": "quicker", "cost": "cheaper"}


def comparison_head(by: str, unit: str = "h") -> tuple[str, ...]:
    """Return the heads of the columns of a comparison between those of scenario and reason.

    Parameters
    ----------
    unit : of times.
    """
    sums, delta = (text if unit == "h" else _IN_MINUTES.get(text, text) for text in _UNITS[by])
    return "km", "95 %", sums, "95 %", f"Δ {delta}", "unbuilt"


def _at(stop: Mapping[str, Any]) -> str:
    """Return the node, or the point of a link, that stands for a name."""
    if "link" in stop:
        return f"link {stop['link']}, {stop['along_m']:,.0f} m from its start"
    return f"node {stop['node']}"


def show_route(route: Route) -> None:
    """Print a route: its sums, then link by link."""
    out = console()
    length, time, cost = route.length, route.time, route.cost
    out.print(f"[bold]{escape(route.name)}[/bold]")
    terms = f"{route.scenario.id} on {route.on}, {route.terms.who}, least {route.terms.by}"
    out.print(escape(terms))
    unit, per_hour = time_unit(time.value)
    sums = _sum(length, "km", 1000), _sum(time, unit, 1 / per_hour), _sum(cost, "USD/t")
    out.print(f"{', '.join(sums)}; 95 %")
    out.print("; ".join(filter(None, [", ".join(route.modes), " ".join(route.countries)])))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("to", overflow="ellipsis", no_wrap=True, max_width=26)
    for name in ("km", unit):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("mode", "basis", "status"):
        table.add_column(name, no_wrap=True)
    km_digits = decimals_of_parts(length.value / 1000, _SMALL)
    time_digits = decimals_of_parts(time.value * per_hour, _SMALL if unit == "min" else 1.0)
    for steps in _folded(route):
        first, link = steps[0], steps[-1].link
        status = first.status
        status = f"{status} *" if first.opened and status != "open" else status
        mode = "gauge" if link.changes_gauge else link.mode
        table.add_row(
            escape(_leads_to(steps[-1])),
            f"{sum(s.link.length_m for s in steps) / 1000:,.{km_digits}f}",
            f"{per_hour * sum(s.hours + s.wait_h for s in steps):,.{time_digits}f}", mode,
            link.basis, status,
        )  # fmt: skip
    out.print(table)
    crossings = ", ".join(route.crossings) or "none"
    out.print(f"crossings  {escape(crossings)}")
    out.print(f"hours      {escape(_rests_on(time))}")
    _print_parts(out, route.hours_parts)
    if route.driver_rest_h:
        print_hanging(
            f"rest       a driver alone rests {route.driver_rest_h:.0f} h more ({REST_H} h after "
            f"every {DRIVING_H} h under way, AETR): in the interval, not in the hours"
        )
    if cost.value:
        print_costs(route.cost_basis, label="costs      ")
    if route.lent:
        print_hanging(f"lent       {in_words(route.lent)}")
    out.print(f"changes    {route.gauge_changes} of gauge, {route.transfers} of mode")
    _print_recurring(route)
    for stop in route.snapped:
        out.print(f"snapped    {escape(stop['name'])}, {stop['away_m']:,.0f} m from {_at(stop)}")
    if route.unbuilt_m:
        out.print(f"unbuilt    {_km(route.unbuilt_m)} km")
    for remark in route.remarks:
        print_hanging(f"capacity   {remark}")
    for detour in route.detours:
        print_hanging(f"detour     {detour.text}")
    if route.undated_m:
        out.print(f"undated    {_km(route.undated_m)} km: open, since when is not in the data")
    if any(step.opened and step.status != "open" for step in route.steps):
        out.print(f"* opened by scenario {escape(route.scenario.id)}")


def _print_recurring(route: Route) -> None:
    """Print the hours and seasons of a route, and what may be closed on its day."""
    recurring = route.recurring
    if route.terms.at or recurring.keys() - set(route.in_doubt):
        print_hanging(f"clock      {_clock(route)}")
    print_seasons([route], label="season     ")


def print_seasons(routes: Iterable[Route | None], *, label: str = "season  ") -> None:
    """Print what routes use that may be closed on their days, each once."""
    doubts = {key: route.recurring[key] for route in routes if route for key in route.in_doubt}
    for key, said in doubts.items():
        print_hanging(f"{label}{key} {said}, on no known days; taken as open")


def _clock(route: Route) -> str:
    """Return by what rule hours of opening count, and which the route has to keep."""
    known = {key: h for key, h in route.recurring.items() if key not in route.in_doubt}
    rules = "; ".join(f"{key} {hours}" for key, hours in known.items())
    if route.terms.at is None:
        return f"{rules}; waiting is not counted without --at HH:MM"
    if route.unknown_hours:
        of = " and ".join(route.unknown_hours)
        unknown = f"of {of} no hours of opening are known, taken as open day and night"
        rules = "; ".join(text for text in (rules, unknown) if text)
    choice = "the quickest way by the clock" if route.terms.by == "hours" else "along this way"
    return (
        f"leaves {route.on} {route.terms.at:%H:%M}; {choice}, waiting before a closed link until "
        f"it opens; one time zone throughout{f'; {rules}' if rules else ''}"
    )


def _print_parts(out: Console, parts: Sequence[TimePart]) -> None:
    """Print what the hours are made of: one bar of all parts, then each with its interval."""
    whole = sum(part.hours for part in parts)
    if whole <= 0:
        return
    edges = [round(_BAR * end / whole) for end in accumulate((p.hours for p in parts), initial=0.0)]
    fills = [_PARTS[part.what][0] for part in parts]
    widths = [end - start for start, end in pairwise(edges)]
    bar = "".join(fill * width for fill, width in zip(fills, widths, strict=True))
    out.print(f"           {bar}")
    unit, per_hour = time_unit(whole)
    for part, fill in zip(parts, fills, strict=True):
        ends = [x * per_hour for x in (part.low, part.hours, part.high)]
        low, middle, high = (_number(x, _as_part(ends[1], whole * per_hour)) for x in ends)
        where = "" if part.where in ("road", "rail", "ferry") else f", {part.where}"
        text = f"{middle} {unit} ({low}–{high}) {_PARTS[part.what][1]}{where}; {part.basis}"
        print_hanging(f"         {fill} {text}")


def _leads_to(step: Step) -> str:
    """Return where a link leads: to a place, or along a way of OpenStreetMap, by its name."""
    link = step.link
    to = (link.end if step.forward else link.start).place
    if not is_way(link):
        return name_of(to)
    return link.name or f"({link.way_class or link.mode})"


def _folded(route: Route) -> list[list[Step]]:
    """Return the steps of a route, those along one way in a row together."""
    runs: list[list[Step]] = []
    for step in route.steps:
        if runs and _alike(runs[-1][-1], step):
            runs[-1].append(step)
        else:
            runs.append([step])
    return runs


def _alike(step: Step, following: Step) -> bool:
    """Tell whether two links would have rows that say the same but for lengths and hours."""
    first, second = step.link, following.link
    same = (_leads_to(step), first.mode, first.basis, step.status, step.opened, first.crossing) == (
        _leads_to(following), second.mode, second.basis, following.status, following.opened,
        second.crossing,
    )  # fmt: skip
    return same and is_way(first) and is_way(second)


def _number(value: float, central: float) -> str:
    """Return a number, with digits after the point where its central value is below `_SMALL`."""
    return f"{value:,.{decimals(central, 0 if central >= _SMALL else 1)}f}"


def _as_part(value: float, whole: float) -> float:
    """Return the central value that gives a part its digits: a long way has none of two figures."""
    return value if whole < 1 else max(value, 1.0)


def _km(metres: float) -> str:
    return _number(metres / 1000, _as_part(metres / 1000, _SMALL))


def _written(
    total: Measure | Estimate | Part, scale: float = 1.0, *, whole: float = 0.0
) -> tuple[str, str]:
    """Return a sum and its 95 % interval, in units of `scale`.

    They have digits after the point where the sum is small, or where its interval, as that of a
    real road, would have one end without.

    Parameters
    ----------
    whole : of which it is a part, if it is one.
    """
    value, low, high = (x / scale for x in (total.value, total.low, total.high))
    closed = value >= 1 and low < high and f"{low:.0f}" == f"{high:.0f}"
    central = 0.0 if closed else _as_part(value, whole)
    return _number(value, central), f"{_number(low, central)}–{_number(high, central)}"


def _sum(
    total: Measure | Estimate | Part, unit: str, scale: float = 1.0, *, whole: float = 0.0
) -> str:
    """Return a sum with its unit and its 95 % interval."""
    value, interval = _written(total, scale, whole=whole)
    return f"{value} {unit} ({interval})"


def _signed(value: float, digits: int = 0) -> str:
    rounded = round(value, digits)
    return f"{rounded:+,.{digits}f}" if rounded else "0"


def _rests_on(time: Estimate) -> str:
    """Return the basis of the hours, and the part that adds most to their uncertainty."""
    part, (unit, per_hour) = time.parts[0], time_unit(time.value)
    text = _sum(part, unit, 1 / per_hour, whole=time.value * per_hour)
    return f"{time.basis}; {text} by {part.key}"


def show_comparison(rows: Sequence[Row], by: str) -> None:
    """Print a comparison: a block for each pair and set of modes, each way once with its scenarios.

    Where a pair has several blocks, a star marks what is best of all of them under a scenario.
    """
    out = console()
    blocks = blocks_of(rows)
    n_blocks = Counter(block[0].pair for block in blocks)
    for n, block in enumerate(blocks):
        pair = block[0].pair
        if n:
            out.print()
        modes = _modes_of(block)
        only = f", by {modes[0]}" if len(modes) == 1 else ""
        who = next((row.way.terms.who for row in block if row.way), _USUAL)
        only += f", {who}" if who != _USUAL else ""
        out.print(f"[bold]{escape(' – '.join(map(name_of, pair)))}[/bold]{escape(only)}")
        if len(modes) > 1 and n_blocks[pair] == 1:
            note = f"{' is set beside '.join(modes)}; --modes compares like with like"
            out.print(Padding(escape(note), (0, 0, 0, 4)))
        if all(row.way is None for row in block):
            out.print(Padding(escape(_no_way(block)), (0, 0, 0, 4)))
        else:
            _print_block(out, block, by, several_modes=len(modes) > 1)
    if any(row.starred for row in rows):
        out.print(f"\n* {_starred(by)}")
    lent = [value for row in rows if row.way is not None for value in row.way.lent]
    if lent:
        out.print()
        print_hanging(f"lent  {in_words(lent)}")
    print_seasons(row.way for row in rows)
    if by == "cost" and any(row.way for row in rows):
        out.print()
        print_costs(costs_of(row.way for row in rows))


def show_gateways(rows: Sequence[Row]) -> None:
    """Print the ways of gateways: sums with their intervals, and what they meet on the way.

    Under each pair stand its ways by rail and by road, each by the railways that it may use.
    """
    out = console()
    for n, block in enumerate(blocks_of(rows)):
        if n:
            out.print()
        pair, modes = block[0].pair, _modes_of(block)
        only = f", by {modes[0]}" if len(modes) == 1 else f", by {' or '.join(modes)}"
        out.print(f"[bold]{escape(' – '.join(map(name_of, pair)))}[/bold]{escape(only)}")
        out.print(_padded(("with", *_GATEWAY_HEAD), _GATEWAY_WIDTHS))
        for first, *others in _ways(block):
            label = _gateway_label(first)
            if len(label) > _GATEWAY_WIDTHS[0] and first.way is not None:
                out.print(escape(label))
                label = ""
            out.print(escape(_padded((label, *_gateway_cells(first)), _GATEWAY_WIDTHS)))
            notes = [" ".join(first.way.countries) if first.way else comparison_cells(first)[-1]]
            if others:
                notes.append(f"likewise {'; '.join(map(_gateway_label, others))}")
            out.print(Padding(escape("; ".join(notes)), (0, 0, 0, 4)))
    out.print()
    print_hanging(
        "95 % intervals in brackets; b g f: borders and ports crossed, changes of gauge, passages "
        "by ship; unbuilt: km that are not built, or in ruins, on the day asked"
    )
    print_costs(costs_of(row.way for row in rows))


def _gateway_label(row: Row) -> str:
    return GATEWAY_SCENARIOS.get(row.scenario.id, row.scenario.id)


def _gateway_cells(row: Row) -> tuple[str, ...]:
    """Return the columns of `_GATEWAY_HEAD` as text."""
    route = row.way
    if route is None:
        return "–", "", "", "", ""
    sums = ((route.length, 1000.0), (route.time, 1.0), (route.cost, 1.0))
    texts = ["{} ({})".format(*_written(total, scale)) for total, scale in sums]
    counts = f"{len(route.crossings)} {route.gauge_changes} {route.ferries}"
    return *texts, counts, _km(route.unbuilt_m) if route.unbuilt_m else "0"


def _padded(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return a line of cells, the first set to the left and the others to the right."""
    first, *rest = cells
    line = f"{first:<{widths[0]}}"
    for cell, width in zip(rest, widths[1:], strict=True):
        line += f" {cell:>{width - 1}}"
    return line


def gateways_markdown(rows: Sequence[Row]) -> str:
    """Return the ways of gateways as a Markdown table."""
    header = ("from", "to", "with", "by", "through", "km (95 %)", "hours (95 %)", "USD/t (95 %)",
              "borders", "gauge changes", "ferries", "unbuilt km", "why not")  # fmt: skip
    cells = []
    for row in rows:
        *sums, counts, unbuilt = _gateway_cells(row)
        modes = modes_text(row.way) if row.way else " or ".join(row.mode_set)
        reason = "" if row.way else comparison_cells(row)[-1]
        three = counts.split() if counts else ["", "", ""]
        ends = name_of(row.origin), name_of(row.destination)
        through = " ".join(row.way.countries) if row.way else ""
        cells.append((*ends, _gateway_label(row), modes, through, *sums, *three, unbuilt, reason))
    costs = costs_paragraph(costs_of(row.way for row in rows))
    return "\n".join([*markdown_table(header, cells), *costs])


def _print_block(out: Console, block: Sequence[Row], by: str, *, several_modes: bool) -> None:
    """Print the ways of a block, each once: its sums, its modes if it has several, and why."""
    width, unit = max(len(_label(row)) for row in block), _time_unit(block)
    out.print(_line(width, "scenario", *comparison_head(by, unit)))
    for first, *others in _ways(block):
        _, *cells, reason = comparison_cells(first, unit)
        out.print(escape(_line(width, _label(first), *cells)))
        notes = [f"by {modes_text(first.way)}"] if several_modes and first.way is not None else []
        notes += [reason, *first.remarks]
        if others:
            notes.append(f"likewise {', '.join(map(_label, others))}")
        if any(notes):
            out.print(Padding(escape("; ".join(filter(None, notes))), (0, 0, 0, 4)))


def _time_unit(rows: Iterable[Row]) -> str:
    """Return the unit of the times of a table: minutes where no way takes an hour."""
    return time_unit(max((row.way.hours for row in rows if row.way), default=0.0))[0]


def _label(row: Row) -> str:
    """Return the id of a row's scenario, with a star if it is the best of several blocks."""
    return f"{row.scenario.id} *" if row.starred else row.scenario.id


def _ways(block: Sequence[Row]) -> list[list[Row]]:
    """Return the rows of a block that have one way, with the same sums, together."""
    ways: dict[tuple[object, ...], list[Row]] = {}
    for row in block:
        _, *cells, reason = comparison_cells(row)
        links = tuple(link.id for link in row.way.links) if row.way else reason
        ways.setdefault((links, *cells[:4]), []).append(row)
    return list(ways.values())


def modes_text(route: Route) -> str:
    """Return the modes of a route in the order of travel, each once: ``rail``, ``road, ferry``."""
    return ", ".join(dict.fromkeys(route.modes))


def _modes_of(block: Sequence[Row]) -> list[str]:
    """Return the different modes of the routes of a block, those asked for if there is no route."""
    routes = (row.way for row in block if row.way is not None)
    modes = list(dict.fromkeys(map(modes_text, routes)))
    return modes or list(filter(None, [" or ".join(block[0].mode_set)]))


def _no_way(block: Sequence[Row]) -> str:
    """Return why a block has no route under any of its scenarios."""
    reason = comparison_cells(block[0])[-1]
    return reason if len(block) == 1 else f"under none of these scenarios; {reason}"


def _line(first_width: int, scenario: str, *cells: str) -> str:
    # Where ids of scenarios are too long for all columns, the interval of the hours is left out.
    widths = (6, 14, 6, 9, 8, 8) if first_width <= _COLUMNS - 51 else (6, 14, 6, 0, 8, 8)
    return f"{scenario:<{first_width}}" + "".join(
        f" {cell:>{width - 1}}" for cell, width in zip(cells, widths, strict=True) if width
    )


def comparison_cells(row: Row, unit: str = "h") -> tuple[str, ...]:
    """Return scenario, the columns of `comparison_head`, and the reason, as text.

    Parameters
    ----------
    unit : of times, as their head says.
    """
    route, base = row.way, row.base
    if route is None:
        return row.scenario.id, "–", *[""] * 5, f"no way: {row.reason.partition(': ')[2]}"
    by = route.terms.by
    total = route.cost if by == "cost" else route.time
    per_hour = 60.0 if unit == "min" else 1.0
    scale = 1.0 if by == "cost" else 1 / per_hour
    delta = ""
    if base is not None and route is not base:
        factor = per_hour if by == "hours" else 1.0
        least, least_of_base = (way.least()[0] * factor for way in (route, base))
        delta = _signed(least - least_of_base, decimals(least, _DIGITS[by]))
    return (
        row.scenario.id,
        *_written(route.length, 1000),
        *_written(total, scale),
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


def comparison_row(row: Row, unit: str = "h") -> tuple[str, ...]:
    """Return ends, scenario, modes, the columns of `comparison_head`, and the reason, as text.

    Parameters
    ----------
    unit : of times, as their head says.
    """
    scenario, *cells = comparison_cells(row, unit)
    modes = "" if row.way is None else modes_text(row.way)
    return name_of(row.origin), name_of(row.destination), scenario, modes, *cells


def comparison_markdown(rows: Sequence[Row], by: str) -> str:
    """Return a comparison as a Markdown table; a star marks the best of several sets of modes."""
    unit = _time_unit(rows)
    head = comparison_head(by, unit)[:-1]
    header = ("from", "to", "scenario", "by", *head, "unbuilt km", "why")
    cells = []
    for row in rows:
        start, end, _, *rest = comparison_row(row, unit)
        cells.append((start, end, _label(row), *rest))
    note = ["", f"\\* {_starred(by)}"] if any(row.starred for row in rows) else []
    costs = costs_paragraph(costs_of(row.way for row in rows)) if by == "cost" else []
    return "\n".join([*markdown_table(header, cells), *note, *costs])


def _starred(by: str) -> str:
    """Return what the star of a scenario says."""
    return f"{_LESS[by]} under that scenario than by the other modes"
