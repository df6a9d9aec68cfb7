"""The command that tells what lies within a distance, a time or a cost of a place: reach."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import FileFormatError
from maps.cli.commands import Command
from maps.cli.options import (
    Conditions,
    add_json,
    add_scenario,
    add_terms,
    command_line,
    number,
    print_json,
    read_conditions,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from borders.measure import Measure
    from corridors.analysis.reach import Reach
    from corridors.network.estimate import Estimate
    from corridors.routing.route import Route

__all__ = ["REACH", "ReachRequest"]

_PAGES = (".html",)
_FIGURES = (".png", ".svg", ".pdf")
_KEYS = {"km": "km", "hours": "hours", "cost": "cost_usd_t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachRequest:
    """A place, and a limit within which everything is to be found.

    Parameters
    ----------
    limit : kilometres, hours or US dollars a tonne, as the terms ask.
    out : page, figure or vector file.
    command : the command as it was typed, for the page or the caption.
    """

    origin: str
    limit: float
    conditions: Conditions
    json: bool
    out: str | None
    command: str


def reach_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes reach`."""
    parser.add_argument("origin", metavar="FROM", help="a place, by id or a name in any language")
    parser.add_argument(
        "--within", dest="limit", type=number, required=True, metavar="N",
        help="kilometres, hours or US dollars a tonne, as --by says",
    )  # fmt: skip
    add_scenario(parser)
    add_terms(parser)
    add_json(parser)
    parser.add_argument(
        "--out", metavar="FILE",
        help="draw it: .html, .png, .svg or .pdf; or write its geometry: .gpkg, .geojson …",
    )  # fmt: skip


def read_reach(options: Namespace) -> ReachRequest:
    """Return the request of `araxes reach`."""
    if options.out is not None:
        _refuse_suffix(options.out)
    return ReachRequest(
        origin=options.origin,
        limit=options.limit,
        conditions=read_conditions(options),
        json=options.json,
        out=options.out,
        command=command_line(options),
    )


def _refuse_suffix(file: str) -> None:
    """Refuse a file of a kind that can be neither drawn nor written."""
    from corridors.export.formats import SUFFIXES

    suffix = Path(file).suffix.lower()
    known = (*_PAGES, *_FIGURES, *SUFFIXES)
    if suffix not in known:
        what = f"'{suffix}'" if suffix else "a file without a suffix"
        message = f"{file}: cannot write {what}; known suffixes: {', '.join(known)}"
        raise FileFormatError(message)


def run_reach(request: ReachRequest) -> None:
    """Print the places within a limit, or write the area."""
    from corridors.analysis.reach import reach

    conditions = request.conditions
    scenario, terms, network = conditions.scenario, conditions.terms, conditions.network
    area = reach(request.origin, request.limit, scenario=scenario, terms=terms, network=network)
    if request.out is not None:
        line = _write(area, request.out, request.command)
        if not request.json:
            print(line)
    if request.json:
        print_json(_rows(area, conditions))
    elif request.out is None:
        _show(area, conditions)


def _write(area: Reach, file: str, command: str) -> str:
    """Write a page, a figure with its caption, or geometry; return the line that says so."""
    title = f"{area.name}, {area.scenario.id}"
    if area.scenario.on:
        title += f" on {area.scenario.on}"
    suffix = Path(file).suffix.lower()
    if suffix in _PAGES:
        from maps.web.interactive import interactive, save

        save(interactive(area, title=title), file, command=command)
        return f"wrote {file}"
    if suffix in _FIGURES:
        from borders.files.atomic import check_free
        from maps.print.figure import beside, save_caption, save_figure, static

        check_free(Path(file), beside(file))
        figure = static(area, title=title)
        save_figure(figure, file)
        return f"wrote {file} and {save_caption(figure, file, command=command)}"
    from corridors.export.formats import write

    return f"wrote {write([area], file)} features to {file}"


def _rows(area: Reach, conditions: Conditions) -> list[dict[str, Any]]:
    """Return the places, nearest first, with what it takes to get there and its 95 % interval."""
    from corridors.analysis.matrix import ways
    from corridors.routing.route import name_of

    key, unit = _KEYS[area.terms.by], 1000.0 if area.terms.by == "km" else 1.0
    scenario, terms, network = conditions.scenario, conditions.terms, conditions.network
    ends = [place for place in area.places if place != area.origin]
    routes: dict[tuple[str, str], Route | None] = {}
    if ends:
        routes = ways([area.origin], ends, scenario=scenario, terms=terms, network=network)
    rows = []
    for place, value in area.places.items():
        route = routes.get((area.origin, place))
        low, high = (value, value) if route is None else _interval(_sum(route, terms.by), unit)
        rows.append({
            "id": place, "name": name_of(place), key: round(value, 1),
            f"low_{key}": round(low, 1), f"high_{key}": round(high, 1),
        })  # fmt: skip
    return rows


def _sum(route: Route, by: str) -> Measure | Estimate:
    sums: dict[str, Measure | Estimate]
    sums = {"km": route.length, "hours": route.time, "cost": route.cost}
    return sums[by]


def _interval(quantity: Measure | Estimate, unit: float) -> tuple[float, float]:
    return quantity.low / unit, quantity.high / unit


def _show(area: Reach, conditions: Conditions) -> None:
    from maps.tables.text import console, print_table

    day = area.scenario.on or conditions.network.on
    modes = " or ".join("+".join(choice) for choice in area.terms.choices)
    out = console()
    out.print(area.name, style="bold", markup=False)
    out.print(f"{area.scenario.id} on {day}, {area.terms.users}, {modes}", markup=False)
    key, unit = _KEYS[area.terms.by], {"cost": "USD/t"}.get(area.terms.by, area.terms.by)
    cells = [
        (row["name"], f"{row[key]:,.1f}", f"{row[f'low_{key}']:,.1f}–{row[f'high_{key}']:,.1f}")
        for row in _rows(area, conditions)
    ]
    print_table(("place", unit, "95 %"), cells)


REACH = Command(reach_arguments, read_reach, run_reach)
