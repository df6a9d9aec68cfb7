"""Matrices, shares of a saving and break-evens as tables that read well at 80 columns."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor, isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.measure import decimals, interval_row, time_unit
from corridors.network.cost_basis import cost_basis, money_of
from corridors.network.rates import assumption_groups, assumptions, assumptions_of
from corridors.routing.route import name_of
from maps.tables.costs import costs_of, costs_paragraph, print_costs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from corridors.analysis.breakeven import Breakpoint
    from corridors.analysis.shapley import Attribution, Share
    from corridors.network.estimate import Estimate
    from corridors.routing.route import Route
    from corridors.scenarios.terms import Terms

__all__ = [
    "Ranges",
    "Saved",
    "leaving_at",
    "matrix_markdown",
    "pair_rows",
    "scenario_line",
    "share_rows",
    "share_table",
    "shares_markdown",
    "show_matrix",
    "show_pairs",
    "show_ranges",
    "show_shares",
]

_COLUMNS = 80
# Of more pairs than this a matrix of shares shows the sums alone.
_MOST_COLUMNS = 4
# Values below this are few: a matrix of nothing else has a digit after the point; an assumption.
_FEW = 10
# --by → its name in tables, its name in JSON keys, and how many units of a sum make one of it:
# lengths are summed in metres.
_NAMES = {"km": ("km", "km", 1000.0), "hours": ("hours", "hours", 1.0),
          "cost": ("USD/t", "usd_t", 1.0)}  # fmt: skip

# Of a matrix: ids of origin and destination → the best route, None where there is none.
Routes = dict[tuple[str, str], "Route | None"]


def matrix_markdown(routes: Routes) -> str:
    """Return a matrix as a Markdown table."""
    from maps.tables.markdown import table

    columns, rows = _cells(routes)
    passable = [route for route in routes.values() if route is not None]
    costs = costs_paragraph(costs_of(passable)) if passable and _by_cost(passable[0]) else []
    return "\n".join([*table(("from", *columns), [tuple(row) for row in rows]), *costs])


def show_matrix(routes: Routes) -> None:
    """Print a matrix, in blocks of as many columns as fit."""
    from maps.tables.text import console

    passable = [route for route in routes.values() if route is not None]
    out = console()
    unit, _ = _unit(passable)
    out.print(_terms(passable[0], unit), markup=False)
    columns, rows = _cells(routes)
    first_width = max(len(row[0]) for row in rows)
    begin = 0
    while begin < len(columns):
        room, end = _COLUMNS - first_width, begin
        widths: list[int] = []
        while end < len(columns):
            cells = [row[end + 1] for row in rows]
            width = 2 + max(map(len, [columns[end], *cells]))
            if widths and width > room:
                break
            widths.append(width)
            room -= width
            end += 1
        out.print()
        for head, *cells in [["", *columns], *rows]:
            block = zip(cells[begin:end], widths, strict=True)
            line = f"{head:<{first_width}}" + "".join(f"{c:>{w}}" for c, w in block)
            out.print(line, markup=False)
        begin = end
    out.print()
    out.print(_widest_interval(passable), markup=False)
    if _by_cost(passable[0]):
        print_costs(costs_of(passable))


def _by_cost(route: Route) -> bool:
    return route.terms.by == "cost"


def _unit(routes: Sequence[Route]) -> tuple[str, float]:
    """Return the unit of a matrix, and how many of it make one of what its routes are least by.

    Where no way takes an hour they are minutes.
    """
    by = routes[0].terms.by if routes else "km"
    unit, per_hour = time_unit(max(route.hours for route in routes)) if by == "hours" else ("", 1)
    return ("minutes", per_hour) if unit == "min" else (_NAMES[by][0], 1.0)


def _terms(route: Route, unit: str = "") -> str:
    """Return what a route was asked for: unit, scenario, day, users and modes."""
    unit = unit or _NAMES[route.terms.by][0]
    modes = " or ".join("+".join(choice) for choice in route.terms.choices)
    leaving = leaving_at(route.terms)
    return f"{unit}, {route.scenario.id} on {route.on}{leaving}, {route.terms.who}, {modes}"


def leaving_at(terms: Terms) -> str:
    """Return at what time of day one leaves, empty if the clock does not count."""
    return f" {terms.at:%H:%M}" if terms.at else ""


def scenario_line(terms: Terms, days: Sequence[date]) -> str:
    """Return what several scenarios were asked under: day, users and modes."""
    modes = " or ".join("+".join(choice) for choice in terms.choices)
    on = ", ".join(dict.fromkeys(str(day) for day in days))
    return f"on {on}{leaving_at(terms)}, {terms.who}, {modes}"


def _cells(routes: Routes) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns, and a row of text for each origin."""
    origins = list(dict.fromkeys(origin for origin, _ in routes))
    destinations = list(dict.fromkeys(destination for _, destination in routes))
    if set(destinations) == set(origins):
        destinations = origins
    passable = [route for route in routes.values() if route is not None]
    _, per_unit = _unit(passable)
    values = {key: route.least()[0] * per_unit for key, route in routes.items() if route}
    # Whole units would hide what differs where all are few.
    usual = int(max(values.values(), default=0.0) < _FEW)
    rows = []
    for origin in origins:
        row = [name_of(origin)]
        for destination in destinations:
            value = values.get((origin, destination))
            none = "" if origin == destination else "–"
            row.append(none if value is None else f"{value:,.{decimals(value, usual)}f}")
        rows.append(row)
    return [name_of(destination) for destination in destinations], rows


def _told_least(route: Route) -> str:
    """Return what a route takes."""
    value = route.least()[0]
    return f"{value:,.{decimals(value, 1)}f}"


def _widest_interval(routes: Sequence[Route]) -> str:
    """Return the lowest and the highest end of the 95 % intervals, in per cent of the values."""
    by = routes[0].terms.by
    ends: list[tuple[float, float]] = []
    for route in routes:
        total: Any = {"km": route.length, "hours": route.time, "cost": route.cost}[by]
        if total.value:
            ends.append((total.low / total.value - 1, total.high / total.value - 1))
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    return f"95 % intervals: at most {100 * low:.0f} to {100 * high:+.0f} %; --json has each"


class Saved(NamedTuple):
    """What a scenario saves between two places, and the shares of its parts in it.

    Parameters
    ----------
    before, saved : None where there is no way without the scenario.
    """

    before: Route | None
    after: Route
    saved: Estimate | None
    shares: Sequence[Share]


def share_rows(whole: Saved) -> dict[str, Any]:
    """Return shares of a saving as the values of their JSON."""
    before, after, saved, shares = whole
    by = after.terms.by
    _, key, unit = _NAMES[by]
    return {
        "from": name_of(after.origin), "to": name_of(after.destination),
        "scenario": after.scenario.id, "on": str(after.on), "by": by, "users": after.terms.who,
        f"before_{key}": None if before is None else round(before.least()[0], 3),
        f"after_{key}": round(after.least()[0], 3),
        f"saving_{key}": None if before is None else round(_sum(shares, unit), 3),
        **_interval(saved, key, unit),
        "before_modes": None if before is None else list(before.modes),
        "after_modes": list(after.modes),
        "connects": before is None,
        **_cost_row(before, after),
        "shares": _rows_of(shares),
    }  # fmt: skip


def _cost_row(*routes: Route | None) -> dict[str, str]:
    """Return what costs rest on, where it is costs that are asked for."""
    by_cost = any(_by_cost(route) for route in routes if route is not None)
    return costs_of(routes).row() if by_cost else {}


def _sum(shares: Sequence[Share], unit: float) -> float:
    return sum(_rounded_to_sum([float(share.saving) for share in shares], unit, 3))


def _interval(saving: Estimate | None, key: str, unit: float) -> dict[str, float | None]:
    if saving is None:
        return {f"low_saving_{key}": None, f"high_saving_{key}": None}
    return {f"low_saving_{key}": round(saving.low / unit, 3) + 0.0,
            f"high_saving_{key}": round(saving.high / unit, 3) + 0.0}  # fmt: skip


def _rows_of(shares: Sequence[Share]) -> list[dict[str, Any]]:
    """Return the values of each share, rounded such that they add up; errors where drawn."""
    _, key, unit = _NAMES[shares[0].by]
    parts = _rounded_to_sum([float(share.saving) for share in shares], unit, 3)
    return [
        {
            "part": share.part, f"saving_{key}": part, **_interval(share.estimate, key, unit),
            "connects": float(share.connects),
            **({"group": share.group} if share.group else {}),
            **({f"error_{key}": round(share.error / unit, 4)} if share.error else {}),
        }
        for share, part in zip(shares, parts, strict=True)
    ]  # fmt: skip


def pair_rows(
    pairs: Sequence[tuple[str, str]], saved: Sequence[Saved | None], found: Attribution
) -> dict[str, Any]:
    """Return shares over several pairs as the values of their JSON."""
    each = [
        {"from": name_of(a), "to": name_of(b), "shares": None}
        if whole is None else share_rows(whole)
        for (a, b), whole in zip(pairs, saved, strict=True)
    ]  # fmt: skip
    together = {"together": _rows_of(found.together), "orders": found.orders}
    return {"pairs": each, **together}


def share_table(pairs: Sequence[tuple[str, str]], found: Attribution) -> list[dict[str, Any]]:
    """Return one row for each pair and part, and for each part over all pairs."""
    rows = []
    by_cost = found.together[0].by == "cost"
    costs = cost_basis(share.estimate for share in found.together).row() if by_cost else {}
    for pair in pairs:
        shares = found.shares[pair]
        ends = {"from": name_of(pair[0]), "to": name_of(pair[1])}
        rows += [ends | _full(row) for row in (_rows_of(shares) if shares else ())]
    if len(pairs) > 1:
        rows += [{"from": "", "to": ""} | _full(row) for row in _rows_of(found.together)]
    return [row | costs for row in rows]


def _full(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a share with the columns that it may lack."""
    key = next(column for column in row if column.startswith("saving_")).removeprefix("saving_")
    return {"part": row["part"], "group": row.get("group", ""), **row,
            f"error_{key}": row.get(f"error_{key}", 0.0)}  # fmt: skip


def shares_markdown(pairs: Sequence[tuple[str, str]], found: Attribution) -> str:
    """Return a matrix of shares, a column a pair, as a Markdown table."""
    from maps.tables.markdown import table

    head = ("part", "group", *("–".join(map(name_of, pair)) for pair in pairs), "together", "95 %")
    groups = [*(share.group for share in found.together), ""]
    by_cost = found.together[0].by == "cost"
    costs = cost_basis(share.estimate for share in found.together) if by_cost else None
    rows = [
        (part, group, *cells)
        for (part, *cells), group in zip(_matrix_cells(pairs, found), groups, strict=True)
    ]
    return "\n".join([*table(head, rows), *(costs_paragraph(costs) if costs else [])])


def _matrix_cells(pairs: Sequence[tuple[str, str]], found: Attribution) -> list[tuple[str, ...]]:
    """Return part, share for each pair, sum and its interval, as text, and the sums below."""
    unit = _NAMES[found.together[0].by][2]
    columns = [found.shares[pair] for pair in pairs]
    lists = [*columns, found.together]
    cells = [
        ["–"] * len(found.together) if shares is None
        else [f"{v:,.1f}" for v in _rounded_to_sum([float(s.saving) for s in shares], unit, 1)]
        for shares in lists
    ]  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for n, share in enumerate(found.together):
        ends = share.estimate.low, share.estimate.high
        low, high = (round(end / unit, 1) + 0.0 for end in ends)
        rows.append((share.part, *(column[n] for column in cells), f"{low:,.1f} to {high:,.1f}"))
    sums = ["–" if shares is None else f"{sum(float(s.saving) for s in shares) / unit:,.1f}"
            for shares in lists]  # fmt: skip
    return [*rows, ("together", *sums, "")]


def show_pairs(
    pairs: Sequence[tuple[str, str]], saved: Sequence[Saved | None], found: Attribution
) -> None:
    """Print a matrix of shares: a line a part, a column a pair, and their sums."""
    from maps.tables.text import console, print_hanging

    after = next(whole.after for whole in saved if whole is not None)
    name = _NAMES[after.terms.by][0]
    out = console()
    out.print(_terms(after), style="bold", markup=False)
    for n, (pair, whole) in enumerate(zip(pairs, saved, strict=True), 1):
        print_hanging(f"[{n}] {'–'.join(map(name_of, pair))}: {_told(whole, name)}")
    out.print()
    rows = _matrix_cells(pairs, found)
    shown = rows
    if len(pairs) > _MOST_COLUMNS:
        shown = [(row[0], row[-2], row[-1]) for row in rows]
    heads = [f"[{n}]" for n in range(1, len(pairs) + 1)] if shown is rows else []
    table = [(name, *heads, "together", "95 %"), *shown]
    widths = [max(len(row[n]) for row in table) for n in range(len(table[0]))]
    headings = _headings([share.group for share in found.together])
    order = [("", 0), *((heading, n + 1) for heading, n in headings), ("", len(table) - 1)]
    for heading, n in order:
        first, *cells = table[n]
        if heading:
            out.print(heading, markup=False)
        line = "".join(f"{cell:>{w + 2}}" for cell, w in zip(cells, widths[1:], strict=True))
        out.print(f"{first:<{widths[0]}}{line}".rstrip(), markup=False, soft_wrap=True)
    if any(share.connects for share in found.together):
        print_hanging("a connection that is gained has no saving; --json says which part gains it")
    _print_drawn(found.orders)
    if _by_cost(after):
        print_costs(costs_of(route for whole in saved if whole for route in whole[:2]))


def _headings(groups: Sequence[str]) -> list[tuple[str, int]]:
    """Return the numbers of parts, those of a group together, each with what is printed above it.

    Parameters
    ----------
    groups : name of the group of each part, empty for one that is in none.
    """
    first = {group: n for n, group in reversed(list(enumerate(groups)))}
    order = sorted(range(len(groups)), key=lambda n: (not groups[n], first[groups[n]]))
    if not any(groups):
        return [("", n) for n in order]
    before = ["", *(groups[n] or "in no group" for n in order)]
    return [
        (f"{name}:" if name != before[k] else "", n)
        for k, (n, name) in enumerate(zip(order, before[1:], strict=True))
    ]


def _told(whole: Saved | None, name: str) -> str:
    """Return before and after of a pair in words."""
    if whole is None:
        return "no way"
    after = f"{_told_least(whole.after)} {name} after, by {', '.join(whole.after.modes)}"
    if whole.before is None:
        return f"no way before, {after}"
    before = f"{_told_least(whole.before)} {name} before"
    return f"{before}, by {', '.join(whole.before.modes)}; {after}"


def _print_drawn(orders: int) -> None:
    if orders:
        from maps.tables.text import print_hanging

        print_hanging(
            f"of too many orders of the parts {orders:,} were drawn: the intervals hold the error "
            "that leaves, and the sum is exact"
        )


def _rounded_to_sum(values: Sequence[float], unit: float, digits: int) -> list[float]:
    """Return values rounded such that they add up to the rounded sum (largest remainders)."""
    scaled = [value / unit * 10**digits for value in values]
    whole = [floor(value) for value in scaled]
    short = round(sum(scaled)) - sum(whole)
    order = sorted(range(len(scaled)), key=lambda n: whole[n] - scaled[n])
    for n in order[:short]:
        whole[n] += 1
    return [value / 10**digits for value in whole]


def show_shares(whole: Saved, *, orders: int = 0) -> None:
    """Print how much each part of a scenario saves, or in what share of orders it gains the way.

    Parameters
    ----------
    orders : how many orders of the parts were drawn; 0 if all count.
    """
    from maps.tables.text import console, print_hanging

    before, after, saved, shares = whole
    name, _, unit = _NAMES[after.terms.by]
    out = console()
    out.print(f"{after.name}", style="bold", markup=False)
    out.print(_terms(after), markup=False)
    gained, by = _told_least(after), " and ".join(after.modes)
    if before is None:
        print_hanging(
            f"no way before, {gained} {name} after, by {by}. In what share of all orders each part"
            " gains the connection, and what it saves, in the mean, once there is one:"
        )
    else:
        print_hanging(
            f"{_told_least(before)} {name} before, by {' and '.join(before.modes)}; {gained}"
            f" after, by {by}; what each part saves:"
        )
    parts = _rounded_to_sum([float(share.saving) for share in shares], unit, 1)
    connects = [share.connects for share in shares]
    rows: list[tuple[str, float, Estimate | None, Fraction]] = [
        (s.part, p, s.estimate, s.connects) for s, p in zip(shares, parts, strict=True)
    ]
    rows.append(("together", sum(parts), saved, sum(connects, Fraction(0))))
    width = max(len(part) for part, *_ in rows)
    gains = any(connects)
    head = f"{'':<{width}}" + (f"{'gains':>8}" if gains else "")
    out.print(f"{head}{name:>10}{'95 %':>20}")
    for heading, n in (*_headings([s.group for s in shares]), ("", len(rows) - 1)):
        part, value, saving, share = rows[n]
        if heading:
            out.print(heading, markup=False)
        between = ""
        if saving is not None:
            low, high = (round(end / unit, 1) + 0.0 for end in (saving.low, saving.high))
            between = f"{low:,.1f} to {high:,.1f}"
        gain = f"{100 * float(share):>6.0f} %" if gains else ""
        out.print(f"{part:<{width}}{gain}{value:>10,.1f}{between:>20}".rstrip(), markup=False)
    _print_drawn(orders)
    if _by_cost(after):
        print_costs(costs_of((before, after)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """The best routes while one value varies.

    Parameters
    ----------
    key : of the value: of an assumption, or a link, crossing or corridor with a column.
    low, high : between which the value varies, in its unit.
    points : where the best route changes, in rising order.
    routes : the best one in each range between them, one more than points.
    """

    key: str
    low: float
    high: float
    points: Sequence[Breakpoint]
    routes: Sequence[Route]

    @property
    def bounds(self) -> list[float]:
        """Return the ends of the ranges."""
        return [self.low, *(point.value for point in self.points), self.high]

    @property
    def unit(self) -> str:
        """Return the unit of the value."""
        column = self.key.rpartition(".")[2]
        own = {"speed_kmh": "km/h", "delay_h": "h", "cost_usd_t": "USD/t"}
        return own[column] if column in own else assumptions_of(self.key)[0].unit

    def row(self) -> dict[str, Any]:
        """Return the values of its JSON."""
        first = self.routes[0]
        return {
            "from": name_of(first.origin), "to": name_of(first.destination),
            "scenario": first.scenario.id, "on": str(first.on), "by": first.terms.by,
            "users": first.terms.who, "key": self.key, "unit": self.unit,
            "low": self.low, "high": self.high, **_cost_row(*self.routes),
            "breakpoints": [
                {"value": _finite(p.value), "low": _finite(p.low), "high": _finite(p.high)}
                for p in self.points
            ],
            "ranges": [
                {"low": _finite(low), "high": _finite(high)} | _route_row(route)
                for (low, high), route in zip(pairwise(self.bounds), self.routes, strict=True)
            ],
        }  # fmt: skip


def _usual(key: str) -> str:
    """Return what a value usually is: of a key that stands for several, each with its own part."""
    if key in assumptions():
        usual = assumptions()[key]
        cells = (f"{usual.value:g}", usual.state, money_of(usual))
        return f"; usually {', '.join(filter(None, cells))}"
    if key not in assumption_groups():
        return ""
    parts = [f"{v.value:g} {v.key.removeprefix(f'{key}.')}" for v in assumptions_of(key)]
    return f"; usually {', '.join(parts)}"


def _route_row(route: Route) -> dict[str, Any]:
    return {
        **interval_row("km", route.length, 1000), "modes": list(route.modes),
        "countries": list(route.countries), "crossings": list(route.crossings),
        "unbuilt_km": round(route.unbuilt_m / 1000, 1),
    }  # fmt: skip


def _finite(value: float) -> float | None:
    """Return a value for JSON, which has no infinity."""
    return round(value, 3) if isfinite(value) else None


def show_ranges(ranges: Ranges, *, first: bool) -> None:
    """Print the ranges of a value and the best route in each; before the first, what was asked."""
    from rich.padding import Padding

    from maps.tables.text import console, print_hanging

    out, route = console(), ranges.routes[0]
    if first:
        out.print(route.name, style="bold", markup=False)
        out.print(f"least {_terms(route)}", markup=False)
    out.print()
    asked = f"{ranges.key}, {ranges.low:g} to {ranges.high:g} {ranges.unit}"
    print_hanging(f"{asked}{_usual(ranges.key)}")
    bounds = [f"{value:.3g}" for value in ranges.bounds]
    for n, route in enumerate(ranges.routes):
        modes, countries = ", ".join(route.modes), " ".join(route.countries)
        km = route.length.value / 1000
        text = f"{modes}, {km:,.{decimals(km)}f} km; {countries}"
        out.print(f"  {bounds[n]:>6} to {bounds[n + 1]:<6} {text}", markup=False)
        if route.crossings:
            out.print(Padding(", ".join(route.crossings), (0, 0, 0, 19)), markup=False)
        if n < len(ranges.points):
            point = ranges.points[n]
            ends = f"{point.low:.3g} to {point.high:.3g}"
            out.print(f"  change at {point.value:.3g} (95 %: {ends})", markup=False)
    if not ranges.points:
        out.print("  the best way stays the same", markup=False)
    if _by_cost(ranges.routes[0]):
        print_costs(costs_of(ranges.routes))
