"""Matrices, shares of a saving and break-evens as tables that read well at 80 columns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import floor, isfinite
from typing import TYPE_CHECKING, Any

from corridors.network.rates import assumptions
from corridors.routing.route import name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.analysis.breakeven import Breakpoint
    from corridors.analysis.shapley import Share
    from corridors.network.estimate import Estimate
    from corridors.routing.route import Route

__all__ = ["Ranges", "matrix_markdown", "share_rows", "show_matrix", "show_ranges", "show_shares"]

_COLUMNS = 80
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
    return "\n".join(table(("from", *columns), [tuple(row) for row in rows]))


def show_matrix(routes: Routes) -> None:
    """Print a matrix, in blocks of as many columns as fit."""
    from maps.tables.text import console

    passable = [route for route in routes.values() if route is not None]
    out = console()
    out.print(_terms(passable[0]), markup=False)
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


def _terms(route: Route) -> str:
    """Return what a route was asked for: unit, scenario, day, users and modes."""
    unit = _NAMES[route.terms.by][0]
    modes = " or ".join("+".join(choice) for choice in route.terms.choices)
    return f"{unit}, {route.scenario.id} on {route.on}, {route.terms.users}, {modes}"


def _cells(routes: Routes) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns, and a row of text for each origin."""
    origins = list(dict.fromkeys(origin for origin, _ in routes))
    destinations = list(dict.fromkeys(destination for _, destination in routes))
    if set(destinations) == set(origins):
        destinations = origins
    rows = []
    for origin in origins:
        row = [name_of(origin)]
        for destination in destinations:
            route = routes.get((origin, destination))
            none = "" if origin == destination else "–"
            row.append(f"{route.least()[0]:,.0f}" if route else none)
        rows.append(row)
    return [name_of(destination) for destination in destinations], rows


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


def share_rows(
    before: Route, after: Route, shares: Sequence[Share], saved: Estimate
) -> dict[str, Any]:
    """Return shares of a saving as the values of their JSON."""
    by = after.terms.by
    _, key, unit = _NAMES[by]
    parts = _rounded_to_sum([float(share.saving) for share in shares], unit, 3)

    def interval(saving: Estimate) -> dict[str, float]:
        return {f"low_saving_{key}": round(saving.low / unit, 3) + 0.0,
                f"high_saving_{key}": round(saving.high / unit, 3) + 0.0}  # fmt: skip

    return {
        "from": name_of(after.origin), "to": name_of(after.destination),
        "scenario": after.scenario.id, "on": str(after.on), "by": by, "users": after.terms.users,
        f"before_{key}": round(before.least()[0], 3), f"after_{key}": round(after.least()[0], 3),
        f"saving_{key}": round(sum(parts), 3), **interval(saved),
        "shares": [
            {"part": share.part, f"saving_{key}": part, **interval(share.estimate)}
            for share, part in zip(shares, parts, strict=True)
        ],
    }  # fmt: skip


def _rounded_to_sum(values: Sequence[float], unit: float, digits: int) -> list[float]:
    """Return values rounded such that they add up to the rounded sum (largest remainders)."""
    scaled = [value / unit * 10**digits for value in values]
    whole = [floor(value) for value in scaled]
    short = round(sum(scaled)) - sum(whole)
    order = sorted(range(len(scaled)), key=lambda n: whole[n] - scaled[n])
    for n in order[:short]:
        whole[n] += 1
    return [value / 10**digits for value in whole]


def show_shares(before: Route, after: Route, shares: Sequence[Share], saved: Estimate) -> None:
    """Print how much each part of a scenario saves."""
    from maps.tables.text import console

    name, _, unit = _NAMES[after.terms.by]
    out = console()
    out.print(f"{after.name}", style="bold", markup=False)
    out.print(_terms(after), markup=False)
    out.print(
        f"{before.least()[0]:,.1f} {name} before, {after.least()[0]:,.1f} after; "
        "what each part saves:", markup=False,
    )  # fmt: skip
    parts = _rounded_to_sum([float(share.saving) for share in shares], unit, 1)
    rows = [(s.part, p, s.estimate) for s, p in zip(shares, parts, strict=True)]
    rows.append(("together", sum(parts), saved))
    width = max(len(part) for part, _, _ in rows)
    out.print(f"{'':<{width}}{name:>10}{'95 %':>20}")
    for part, value, saving in rows:
        low, high = (round(end / unit, 1) + 0.0 for end in (saving.low, saving.high))
        between = f"{low:,.1f} to {high:,.1f}"
        out.print(f"{part:<{width}}{value:>10,.1f}{between:>20}", markup=False)


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
        if self.key in assumptions():
            return assumptions()[self.key].unit
        column = self.key.rpartition(".")[2]
        return {"speed_kmh": "km/h", "delay_h": "h", "cost_usd_t": "USD/t"}[column]

    def row(self) -> dict[str, Any]:
        """Return the values of its JSON."""
        first = self.routes[0]
        return {
            "from": name_of(first.origin), "to": name_of(first.destination),
            "scenario": first.scenario.id, "on": str(first.on), "by": first.terms.by,
            "users": first.terms.users, "key": self.key, "unit": self.unit,
            "low": self.low, "high": self.high,
            "breakpoints": [
                {"value": _finite(p.value), "low": _finite(p.low), "high": _finite(p.high)}
                for p in self.points
            ],
            "ranges": [
                {"low": _finite(low), "high": _finite(high)} | _route_row(route)
                for (low, high), route in zip(pairwise(self.bounds), self.routes, strict=True)
            ],
        }  # fmt: skip


def _route_row(route: Route) -> dict[str, Any]:
    length = route.length
    return {
        "km": round(length.value / 1000, 1), "low_km": round(length.low / 1000, 1),
        "high_km": round(length.high / 1000, 1), "modes": list(route.modes),
        "countries": list(route.countries), "crossings": list(route.crossings),
        "unbuilt_km": round(route.unbuilt_m / 1000, 1),
    }  # fmt: skip


def _finite(value: float) -> float | None:
    """Return a value for JSON, which has no infinity."""
    return round(value, 3) if isfinite(value) else None


def show_ranges(ranges: Ranges, *, first: bool) -> None:
    """Print the ranges of a value and the best route in each; before the first, what was asked."""
    from rich.padding import Padding

    from maps.tables.text import console

    out, route = console(), ranges.routes[0]
    if first:
        out.print(route.name, style="bold", markup=False)
        out.print(f"least {_terms(route)}", markup=False)
    assumption = assumptions().get(ranges.key)
    usual = f"; usually {assumption.value:g}, {assumption.state}" if assumption else ""
    out.print()
    out.print(f"{ranges.key}, {ranges.low:g} to {ranges.high:g} {ranges.unit}{usual}", markup=False)
    bounds = [f"{value:.3g}" for value in ranges.bounds]
    for n, route in enumerate(ranges.routes):
        modes, countries = ", ".join(route.modes), " ".join(route.countries)
        text = f"{modes}, {route.length.value / 1000:,.0f} km; {countries}"
        out.print(f"  {bounds[n]:>6} to {bounds[n + 1]:<6} {text}", markup=False)
        if route.crossings:
            out.print(Padding(", ".join(route.crossings), (0, 0, 0, 19)), markup=False)
        if n < len(ranges.points):
            point = ranges.points[n]
            ends = f"{point.low:.3g} to {point.high:.3g}"
            out.print(f"  change at {point.value:.3g} (95 %: {ends})", markup=False)
    if not ranges.points:
        out.print("  the best way stays the same", markup=False)
