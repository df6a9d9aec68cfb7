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
# What --by is called in tables and in keys, and how many of the sums' units it has.
_NAMES = {"km": ("km", "km", 1000.0), "hours": ("hours", "hours", 1.0),
          "cost": ("USD/t", "usd_t", 1.0)}  # fmt: skip

Ways = dict[tuple[str, str], "Route | None"]


def _terms(way: Route) -> str:
    unit = _NAMES[way.terms.by][0]
    modes = " or ".join("+".join(choice) for choice in way.terms.choices)
    return f"{unit}, {way.scenario.id} on {way.on}, {way.terms.users}, {modes}"


def _cells(found: Ways) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns, and a row of text for each origin."""
    origins = list(dict.fromkeys(a for a, _ in found))
    ends = list(dict.fromkeys(b for _, b in found))
    if set(ends) == set(origins):
        ends = origins
    rows = []
    for a in origins:
        row = [name_of(a)]
        for b in ends:
            way = found.get((a, b))
            row.append(f"{way.least()[0]:,.0f}" if way else "" if a == b else "–")
        rows.append(row)
    return [name_of(b) for b in ends], rows


def matrix_markdown(found: Ways) -> str:
    """Return a matrix as a Markdown table."""
    from maps.tables.markdown import table

    columns, rows = _cells(found)
    return "\n".join(table(("from", *columns), [tuple(row) for row in rows]))


def show_matrix(found: Ways) -> None:
    """Print a matrix, in blocks of as many columns as fit."""
    from maps.tables.text import console

    known = [way for way in found.values() if way is not None]
    out = console()
    out.print(_terms(known[0]), markup=False)
    columns, rows = _cells(found)
    first = max(len(row[0]) for row in rows)
    at = 0
    while at < len(columns):
        room, upto = _COLUMNS - first, at
        widths: list[int] = []
        while upto < len(columns):
            cells = [row[upto + 1] for row in rows]
            width = 2 + max(map(len, [columns[upto], *cells]))
            if widths and width > room:
                break
            widths.append(width)
            room -= width
            upto += 1
        out.print()
        for head, *cells in [["", *columns], *rows]:
            shown = zip(cells[at:upto], widths, strict=True)
            out.print(f"{head:<{first}}" + "".join(f"{c:>{w}}" for c, w in shown), markup=False)
        at = upto
    out.print()
    out.print(_widest(known), markup=False)


def _widest(known: Sequence[Route]) -> str:
    """Return how far the 95 % intervals of a matrix reach."""
    by = known[0].terms.by
    found: list[tuple[float, float]] = []
    for way in known:
        one: Any = {"km": way.length, "hours": way.time, "cost": way.cost}[by]
        if one.value:
            found.append((one.low / one.value - 1, one.high / one.value - 1))
    low, high = min(low for low, _ in found), max(high for _, high in found)
    return f"95 % intervals: at most {100 * low:.0f} to {100 * high:+.0f} %; --json has each"


def _shared_out(values: Sequence[float], unit: float, digits: int) -> list[float]:
    """Return values rounded such that they add up to the rounded sum (largest remainders)."""
    scaled = [value / unit * 10**digits for value in values]
    found = [floor(value) for value in scaled]
    short = round(sum(scaled)) - sum(found)
    order = sorted(range(len(scaled)), key=lambda n: found[n] - scaled[n])
    for n in order[:short]:
        found[n] += 1
    return [value / 10**digits for value in found]


def share_rows(
    before: Route, after: Route, shares: Sequence[Share], saved: Estimate
) -> dict[str, Any]:
    """Return shares of a saving as the values of their JSON."""
    by = after.terms.by
    _, key, unit = _NAMES[by]
    parts = _shared_out([float(share.saving) for share in shares], unit, 3)

    def interval(one: Estimate) -> dict[str, float]:
        return {f"low_saving_{key}": round(one.low / unit, 3) + 0.0,
                f"high_saving_{key}": round(one.high / unit, 3) + 0.0}  # fmt: skip

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
    parts = _shared_out([float(share.saving) for share in shares], unit, 1)
    rows = [(s.part, p, s.estimate) for s, p in zip(shares, parts, strict=True)]
    rows.append(("together", sum(parts), saved))
    wide = max(len(part) for part, _, _ in rows)
    out.print(f"{'':<{wide}}{name:>10}{'95 %':>20}")
    for part, value, one in rows:
        low, high = (round(end / unit, 1) + 0.0 for end in (one.low, one.high))
        between = f"{low:,.1f} to {high:,.1f}"
        out.print(f"{part:<{wide}}{value:>10,.1f}{between:>20}", markup=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranges:
    """The best ways while one value varies.

    Parameters
    ----------
    points : where the best way changes.
    ways : the best one in each range between them, one more than points.
    """

    key: str
    low: float
    high: float
    points: Sequence[Breakpoint]
    ways: Sequence[Route]

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
        first = self.ways[0]
        return {
            "from": name_of(first.origin), "to": name_of(first.destination),
            "scenario": first.scenario.id, "on": str(first.on), "by": first.terms.by,
            "users": first.terms.users, "key": self.key, "unit": self.unit,
            "low": self.low, "high": self.high,
            "breakpoints": [
                {"value": _end(p.value), "low": _end(p.low), "high": _end(p.high)}
                for p in self.points
            ],
            "ranges": [
                {"low": _end(a), "high": _end(b)} | _way_row(way)
                for (a, b), way in zip(pairwise(self.bounds), self.ways, strict=True)
            ],
        }  # fmt: skip


def _way_row(way: Route) -> dict[str, Any]:
    length = way.length
    return {
        "km": round(length.value / 1000, 1), "low_km": round(length.low / 1000, 1),
        "high_km": round(length.high / 1000, 1), "modes": list(way.modes),
        "countries": list(way.countries), "crossings": list(way.crossings),
        "unbuilt_km": round(way.unbuilt_m / 1000, 1),
    }  # fmt: skip


def _end(value: float) -> float | None:
    return round(value, 3) if isfinite(value) else None


def show_ranges(one: Ranges, *, first: bool) -> None:
    """Print the ranges of a value and the best way in each."""
    from rich.padding import Padding

    from maps.tables.text import console

    out, way = console(), one.ways[0]
    if first:
        out.print(way.name, style="bold", markup=False)
        out.print(f"least {_terms(way)}", markup=False)
    usual = assumptions().get(one.key)
    known = f"; usually {usual.value:g}, {usual.state}" if usual else ""
    out.print()
    out.print(f"{one.key}, {one.low:g} to {one.high:g} {one.unit}{known}", markup=False)
    bounds = [f"{value:.3g}" for value in one.bounds]
    for n, way in enumerate(one.ways):
        modes, countries = ", ".join(way.modes), " ".join(way.countries)
        said = f"{modes}, {way.length.value / 1000:,.0f} km; {countries}"
        out.print(f"  {bounds[n]:>6} to {bounds[n + 1]:<6} {said}", markup=False)
        if way.crossings:
            out.print(Padding(", ".join(way.crossings), (0, 0, 0, 19)), markup=False)
        if n < len(one.points):
            point = one.points[n]
            ends = f"{point.low:.3g} to {point.high:.3g}"
            out.print(f"  change at {point.value:.3g} (95 %: {ends})", markup=False)
    if not one.points:
        out.print("  the best way stays the same", markup=False)
