"""The commands that ask for ways between places: route, compare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

from borders.errors import AraxesError, visible
from maps.cli.commands import Command
from maps.cli.context import write_chart
from maps.cli.messages import complain, quiet_matplotlib, written
from maps.cli.options import (
    FIGURES,
    Comparison,
    Conditions,
    add_chart,
    add_demand,
    add_ends,
    add_forms,
    add_json,
    add_pairs,
    add_scenario,
    add_scenarios,
    add_terms,
    command_line,
    csv_text,
    number,
    print_json,
    read_chart,
    read_conditions,
    read_day,
    read_form,
    read_network,
    read_pairs,
    read_scenarios,
    read_terms,
    refuse_suffix,
    whole_number,
)
from maps.progress import bar, waiting

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from corridors.analysis.compare import Row
    from corridors.routing.route import Route
    from maps.cli.options import Form

__all__ = ["COMPARE", "ROUTE", "AlternativesAsked", "CompareRequest", "RouteRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativesAsked:
    """How many ways that differ are wanted, and how much.

    Parameters
    ----------
    k : so many, at most.
    overlap : part that each may share with each better one, 0 to 1.
    longer : how many times as long as the best each may be.
    """

    k: int
    overlap: float
    longer: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRequest:
    """Two places between which the best ways are to be found.

    Parameters
    ----------
    via : places to go through, in order.
    alternatives : what ways that differ are wanted; None for the best one alone.
    out : vector file for the links.
    chart : figure of what the hours are made of.
    command : the command as it was typed, for the caption.
    """

    origin: str
    destination: str
    via: tuple[str, ...]
    alternatives: AlternativesAsked | None
    conditions: Conditions
    json: bool
    out: str | None
    chart: str | None
    command: str


def route_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes route`."""
    add_ends(parser)
    parser.add_argument(
        "--via",
        action="append",
        metavar="PLACE|ID",
        help="through this place, crossing, corridor or link; several in this order (repeatable)",
    )
    parser.add_argument(
        "--alternatives", type=whole_number, metavar="K",
        help="up to K ways that differ, the best first",
    )  # fmt: skip
    parser.add_argument(
        "--overlap", type=number, metavar="PART",
        help="an alternative shares at most this part with each better one (0.7)",
    )  # fmt: skip
    parser.add_argument(
        "--longer", type=number, metavar="TIMES",
        help="it takes at most this many times what the best one takes (2)",
    )  # fmt: skip
    add_scenario(parser)
    add_terms(parser, clock=True)
    add_demand(parser)
    add_json(parser)
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="write the links too: .geojson, .gpkg, .fgb, .kml, .csv, .gpx or .parquet",
    )
    add_chart(parser)


def read_route(options: Namespace) -> RouteRequest:
    """Return the request of `araxes route`."""
    conditions = read_conditions(options)
    return RouteRequest(
        origin=options.origin,
        destination=options.destination,
        via=tuple(options.via or ()),
        alternatives=_read_alternatives(options),
        conditions=conditions,
        json=options.json,
        out=options.out,
        chart=read_chart(options),
        command=command_line(options),
    )


def _read_alternatives(options: Namespace) -> AlternativesAsked | None:
    """Return what --alternatives, --overlap and --longer ask for."""
    if options.alternatives is None:
        for name in ("overlap", "longer"):
            if getattr(options, name) is not None:
                message = f"--{name} says which alternatives count; add --alternatives K"
                raise AraxesError(message)
        return None
    from corridors.routing.alternatives import LONGER, MAX_ALTERNATIVES, OVERLAP

    if options.via:
        message = "--alternatives and --via cannot go together; ask part by part"
        raise AraxesError(message)
    k = options.alternatives
    overlap = OVERLAP if options.overlap is None else options.overlap
    longer = LONGER if options.longer is None else options.longer
    if not 1 <= k <= MAX_ALTERNATIVES:
        message = f"--alternatives is {k}; give 1 to {MAX_ALTERNATIVES}"
        raise AraxesError(message)
    if not 0 <= overlap <= 1:
        message = f"--overlap is {overlap:g}; give a part from 0 to 1, such as 0.7 for 70 %"
        raise AraxesError(message)
    if not 1 <= longer < inf:
        message = f"--longer is {longer:g}; give 1 or more, such as 2 for twice the best"
        raise AraxesError(message)
    return AlternativesAsked(k=k, overlap=overlap, longer=longer)


def run_route(request: RouteRequest) -> None:
    """Print the best way between two places, or several that differ."""
    from corridors.export.show_json import summary

    with waiting("looking for ways"):
        routes, remark = _routes(request)
    if request.out is not None:
        _write(routes, request.out, quiet=request.json)
    if request.chart is not None:
        _draw(routes, request.chart, request.command, quiet=request.json)
    if request.json:
        rows = [summary(route) for route in routes]
        print_json(rows[0] if request.alternatives is None else rows)
        if remark:
            complain(remark)
        return
    from maps.tables.routes import show_route

    for n, route in enumerate(routes):
        if n:
            print()
        show_route(route)
    if remark:
        from maps.tables.text import print_hanging

        print()
        print_hanging(remark)


def _routes(request: RouteRequest) -> tuple[list[Route], str]:
    """Return the best route, or alternatives and what is to be said of them."""
    conditions = request.conditions
    scenario, terms, network = conditions.scenario, conditions.terms, conditions.network
    ends = request.origin, request.destination
    if request.alternatives is not None:
        from corridors.routing.alternatives import alternatives

        asked = request.alternatives
        found = alternatives(
            *ends, k=asked.k, overlap=asked.overlap, longer=asked.longer, scenario=scenario,
            terms=terms, network=network,
        )  # fmt: skip
        return found, found.remark
    from corridors.routing.find import route

    return [route(*ends, via=request.via, scenario=scenario, terms=terms, network=network)], ""


def _write(routes: list[Route], file: str, *, quiet: bool) -> None:
    """Write the links of routes to a vector file; of several, column `way` counts them."""
    from corridors.export.formats import write

    tables = [route.to_gdf() for route in routes]
    if len(routes) > 1:
        tables = [table.assign(way=n) for n, table in enumerate(tables, 1)]
    count = write(tables, file)
    if not quiet:
        print(f"{written(count, file)}\n")


def _draw(ways: Sequence[Route | Row], file: str, command: str, *, quiet: bool) -> None:
    """Draw what the hours of ways are made of, with its caption."""
    quiet_matplotlib()
    from maps.charts.hours import hours_chart

    line = write_chart(hours_chart(ways), file, command)
    if not quiet:
        print(f"{visible(line)}\n")


ROUTE = Command(route_arguments, read_route, run_route)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRequest:
    """A comparison that is to be printed in one of four forms.

    Parameters
    ----------
    chart : figure of what the hours are made of.
    command : the command as it was typed, for the caption.
    gateways : the pairs are those of the Middle Corridor, whose table counts borders, changes of
        gauge and ferries.
    out, width : file of a chart of the lengths, and how wide it is.
    """

    comparison: Comparison
    form: Form
    chart: str | None
    command: str
    gateways: bool = False
    out: str | None = None
    width: str = "180"


def compare_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes compare`."""
    add_pairs(parser)
    parser.add_argument(
        "--gateways", action="store_true",
        help="the Middle Corridor: Aktau and Türkmenbaşy to Kars, Mersin and Istanbul, with and "
        "without Zangezur and the Baku–Tbilisi–Kars railway, if no --scenario is given",
    )  # fmt: skip
    add_scenarios(parser, default="six of them, status-quo to all-open; in a study its own")
    add_terms(parser, clock=True)
    add_demand(parser)
    add_forms(parser)
    add_chart(parser)
    parser.add_argument(
        "--out", metavar="FILE", help="draw the lengths as a chart too: .png, .svg or .pdf"
    )
    parser.add_argument(
        "--width", default="180", metavar="W", help="of the chart: 85, 120, 180 or slide"
    )


def read_compare(options: Namespace) -> CompareRequest:
    """Return the request of `araxes compare`."""
    from corridors.analysis.compare import default_scenarios
    from corridors.analysis.gateways import PAIRS, SCENARIOS

    refuse_suffix(options.out, FIGURES)
    if options.gateways and (options.ends or options.pair):
        message = "--gateways has pairs of its own; leave out the places, or --gateways"
        raise AraxesError(message)
    if options.gateways and options.study is not None and options.study.base == "none":
        message = "--gateways asks the bundled data, and the study stands alone; give places"
        raise AraxesError(message)
    pairs = PAIRS if options.gateways else read_pairs(options)
    network = read_network(options)
    asked = options.study.scenarios if options.study and options.network is None else ()
    names = options.scenario or asked or default_scenarios(network)
    if options.gateways and not options.scenario and options.network is None:
        names = tuple(SCENARIOS)
    scenarios = read_scenarios(names, options, read_day(options), network)
    terms = read_terms(options)
    comparison = Comparison(pairs=pairs, scenarios=scenarios, terms=terms, network=network)
    return CompareRequest(
        comparison=comparison, form=read_form(options), chart=read_chart(options),
        command=command_line(options), gateways=options.gateways, out=options.out,
        width=options.width,
    )  # fmt: skip


def run_compare(request: CompareRequest) -> None:
    """Print pairs of places under several scenarios."""
    from corridors.analysis.compare import compare

    pairs, scenarios = request.comparison.pairs, request.comparison.scenarios
    terms, network = request.comparison.terms, request.comparison.network
    with bar("scenarios") as step:
        rows = compare(pairs, scenarios, terms=terms, network=network, progress=step)
    if request.chart is not None:
        _draw(rows, request.chart, request.command, quiet=request.form != "table")
    if request.out is not None:
        line = _draw_lengths(rows, request.out, request)
        if request.form == "table":
            print(f"{visible(line)}\n")
    if request.form == "json":
        from corridors.export.show_json import comparison_summary

        print_json([comparison_summary(row, terms) for row in rows])
    elif request.form == "csv":
        print(csv_text([row.row() for row in rows]), end="")
    elif request.form == "markdown":
        from maps.tables.routes import comparison_markdown, gateways_markdown

        if request.gateways:
            print(visible(gateways_markdown(rows)))
        else:
            print(visible(comparison_markdown(rows, terms.by)))
    elif request.gateways:
        from maps.tables.routes import show_gateways

        show_gateways(rows)
    else:
        from maps.tables.routes import show_comparison

        show_comparison(rows, terms.by)


def _draw_lengths(rows: Sequence[Row], out: str, request: CompareRequest) -> str:
    """Write a chart of the lengths with its caption; return the line that says so."""
    quiet_matplotlib()
    from maps.charts.lengths import lengths_chart

    cited = dict.fromkeys(key for row in rows if row.way for key in row.way.sources)
    title = "Lengths by scenario"
    if request.gateways:
        from corridors.analysis.gateways import SCENARIOS

        title = "The Middle Corridor from gateway to gateway"
        rows = [_called(row, SCENARIOS.get(row.scenario.id)) for row in rows]
    sheet = lengths_chart(rows, title=title, sources=tuple(cited), width=request.width)
    return write_chart(sheet, out, request.command)


def _called(row: Row, name: str | None) -> Row:
    """Return a row whose scenario has another name, if one is given."""
    if name is None:
        return row
    return replace(row, scenario=replace(row.scenario, name=name, names={"en": name}))


COMPARE = Command(compare_arguments, read_compare, run_compare)
