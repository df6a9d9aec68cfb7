"""The command that tells what lies within a distance, a time or a cost of a place."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import FileFormatError
from maps.cli.routes import network_of, print_json, scenario, terms

if TYPE_CHECKING:
    from argparse import Namespace

    from borders.measure import Measure
    from corridors.analysis.reach import Reach
    from corridors.network.estimate import Estimate

__all__ = ["run_reach"]

_PAGES = (".html",)
_FIGURES = (".png", ".svg", ".pdf")
_KEYS = {"km": "km", "hours": "hours", "cost": "cost_usd_t"}


def run_reach(options: Namespace) -> None:
    """Print the places within a limit, or write the area."""
    from corridors.analysis.reach import reach
    from corridors.export.formats import SUFFIXES

    suffix = None if options.out is None else Path(options.out).suffix.lower()
    known = (*_PAGES, *_FIGURES, *SUFFIXES)
    if suffix is not None and suffix not in known:
        what = f"'{suffix}'" if suffix else "a file without a suffix"
        message = f"{options.out}: cannot write {what}; known suffixes: {', '.join(known)}"
        raise FileFormatError(message)
    asked: dict[str, Any] = {
        "scenario": scenario(options.scenario, options),
        "terms": terms(options),
        "network": network_of(options),
    }
    found = reach(options.origin, options.limit, **asked)
    if suffix is not None:
        _write(found, options, suffix)
    if options.json:
        print_json(_rows(found, asked))
    elif suffix is None:
        _show(found, asked)


def _write(found: Reach, options: Namespace, suffix: str) -> None:
    """Write a page, a figure with its caption, or geometry."""
    title = f"{found.name}, {found.scenario.id}"
    if found.scenario.on:
        title += f" on {found.scenario.on}"
    command, said = shlex.join(["araxes", *options.asked]), f"wrote {options.out}"
    if suffix in _PAGES:
        from maps.web.interactive import interactive, save

        save(interactive(found, title=title), options.out, command=command)
    elif suffix in _FIGURES:
        from borders.files.atomic import check_free
        from maps.print.figure import beside, save_caption, save_figure, static

        check_free(Path(options.out), beside(options.out))
        figure = static(found, title=title)
        save_figure(figure, options.out)
        said += f" and {save_caption(figure, options.out, command=command)}"
    else:
        from corridors.export.formats import write

        said = f"wrote {write([found], options.out)} features to {options.out}"
    if not options.json:
        print(said)


def _rows(found: Reach, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the places, nearest first, with what it takes to get there and its 95 % interval."""
    from corridors.analysis.matrix import ways
    from corridors.routing.route import name_of

    key, unit = _KEYS[found.terms.by], 1000.0 if found.terms.by == "km" else 1.0
    ends = [place for place in found.places if place != found.origin]
    there = ways([found.origin], ends, **asked) if ends else {}
    rows = []
    for place, value in found.places.items():
        way = there.get((found.origin, place))
        low, high = (value, value) if way is None else _interval(_sums(way, found.terms.by), unit)
        rows.append({
            "id": place, "name": name_of(place), key: round(value, 1),
            f"low_{key}": round(low, 1), f"high_{key}": round(high, 1),
        })  # fmt: skip
    return rows


def _sums(way: Any, by: str) -> Measure | Estimate:
    one: Measure | Estimate = {"km": way.length, "hours": way.time, "cost": way.cost}[by]
    return one


def _interval(one: Measure | Estimate, unit: float) -> tuple[float, float]:
    return one.low / unit, one.high / unit


def _show(found: Reach, asked: dict[str, Any]) -> None:
    from maps.tables.text import console, print_table

    day = found.scenario.on or asked["network"].on
    modes = " or ".join("+".join(choice) for choice in found.terms.choices)
    out = console()
    out.print(found.name, style="bold", markup=False)
    out.print(f"{found.scenario.id} on {day}, {found.terms.users}, {modes}", markup=False)
    key, unit = _KEYS[found.terms.by], {"cost": "USD/t"}.get(found.terms.by, found.terms.by)
    cells = [
        (row["name"], f"{row[key]:,.1f}", f"{row[f'low_{key}']:,.1f}–{row[f'high_{key}']:,.1f}")
        for row in _rows(found, asked)
    ]
    print_table(("place", unit, "95 %"), cells)
