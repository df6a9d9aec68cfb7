"""The commands that ask for ways between places: route, compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from borders.errors import AraxesError
from maps.cli.commands import Command
from maps.cli.options import (
    Comparison,
    Conditions,
    add_ends,
    add_forms,
    add_json,
    add_scenario,
    add_scenarios,
    add_terms,
    csv_text,
    print_json,
    read_conditions,
    read_day,
    read_form,
    read_network,
    read_pair,
    read_scenarios,
    read_terms,
    whole_number,
)
from maps.progress import bar

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from corridors.routing.route import Route
    from maps.cli.options import Form

__all__ = ["COMPARE", "ROUTE", "CompareRequest", "RouteRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRequest:
    """Two places between which the best ways are to be found.

    Parameters
    ----------
    via : places to go through, in order.
    alternatives : how many ways that differ, at most; None for the best one alone.
    out : vector file for the links.
    """

    origin: str
    destination: str
    via: tuple[str, ...]
    alternatives: int | None
    conditions: Conditions
    json: bool
    out: str | None


def route_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes route`."""
    add_ends(parser)
    parser.add_argument(
        "--via", action="append", metavar="PLACE", help="go through it (repeatable)"
    )
    parser.add_argument(
        "--alternatives", type=whole_number, metavar="K",
        help="up to K ways that differ, the best first",
    )  # fmt: skip
    add_scenario(parser)
    add_terms(parser)
    add_json(parser)
    parser.add_argument(
        "--out",
        metavar="FILE",
        help="write the links too: .geojson, .gpkg, .fgb, .kml, .csv, .gpx or .parquet",
    )


def read_route(options: Namespace) -> RouteRequest:
    """Return the request of `araxes route`."""
    conditions = read_conditions(options)
    if options.alternatives is not None:
        from corridors.routing.alternatives import MAX_ALTERNATIVES

        if options.via:
            message = "--alternatives and --via cannot go together; ask part by part"
            raise AraxesError(message)
        if not 1 <= options.alternatives <= MAX_ALTERNATIVES:
            message = f"--alternatives is {options.alternatives}; give 1 to {MAX_ALTERNATIVES}"
            raise AraxesError(message)
    return RouteRequest(
        origin=options.origin,
        destination=options.destination,
        via=tuple(options.via or ()),
        alternatives=options.alternatives,
        conditions=conditions,
        json=options.json,
        out=options.out,
    )


def run_route(request: RouteRequest) -> None:
    """Print the best way between two places, or several that differ."""
    from corridors.export.show_json import summary

    routes = _routes(request)
    if request.out is not None:
        _write(routes, request.out, quiet=request.json)
    if request.json:
        rows = [summary(route) for route in routes]
        print_json(rows[0] if request.alternatives is None else rows)
        return
    from maps.tables.routes import show_route

    for n, route in enumerate(routes):
        if n:
            print()
        show_route(route)


def _routes(request: RouteRequest) -> list[Route]:
    """Return the best route, or as many alternatives as are asked for."""
    conditions = request.conditions
    scenario, terms, network = conditions.scenario, conditions.terms, conditions.network
    ends = request.origin, request.destination
    if request.alternatives is not None:
        from corridors.routing.alternatives import alternatives

        return alternatives(
            *ends, k=request.alternatives, scenario=scenario, terms=terms, network=network
        )
    from corridors.routing.find import route

    return [route(*ends, via=request.via, scenario=scenario, terms=terms, network=network)]


def _write(routes: list[Route], file: str, *, quiet: bool) -> None:
    """Write the links of routes to a vector file; of several, column `way` counts them."""
    from corridors.export.formats import write

    tables = [route.to_gdf() for route in routes]
    if len(routes) > 1:
        tables = [table.assign(way=n) for n, table in enumerate(tables, 1)]
    count = write(tables, file)
    if not quiet:
        print(f"wrote {count} feature{'' if count == 1 else 's'} to {file}\n")


ROUTE = Command(route_arguments, read_route, run_route)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRequest:
    """A comparison that is to be printed in one of four forms."""

    comparison: Comparison
    form: Form


def compare_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes compare`."""
    parser.add_argument(
        "--pair", action="append", required=True, metavar="FROM:TO", help="two places (repeatable)"
    )
    add_scenarios(parser, default="the six of the data")
    add_terms(parser)
    add_forms(parser)


def read_compare(options: Namespace) -> CompareRequest:
    """Return the request of `araxes compare`."""
    from corridors.analysis.compare import default_scenarios

    pairs = tuple(read_pair(text) for text in options.pair)
    _refuse_twice("--pair", options.pair)
    _refuse_twice("--scenario", options.scenario or ())
    network = read_network(options)
    names = options.scenario or default_scenarios(network)
    scenarios = read_scenarios(names, options, read_day(options))
    terms = read_terms(options)
    comparison = Comparison(pairs=pairs, scenarios=scenarios, terms=terms, network=network)
    return CompareRequest(comparison=comparison, form=read_form(options))


def _refuse_twice(option: str, values: Sequence[str]) -> None:
    """Refuse what is asked for twice: the second would only look like another answer."""
    for n, value in enumerate(values):
        if value in values[:n]:
            message = f"{option} {value} is given twice; leave one out"
            raise AraxesError(message)


def run_compare(request: CompareRequest) -> None:
    """Print pairs of places under several scenarios."""
    from corridors.analysis.compare import compare

    pairs, scenarios = request.comparison.pairs, request.comparison.scenarios
    terms, network = request.comparison.terms, request.comparison.network
    with bar("scenarios") as step:
        rows = compare(pairs, scenarios, terms=terms, network=network, progress=step)
    if request.form == "json":
        print_json([row.row() for row in rows])
    elif request.form == "csv":
        print(csv_text([row.row() for row in rows]), end="")
    elif request.form == "markdown":
        from maps.tables.routes import comparison_markdown

        print(comparison_markdown(rows, terms.by))
    else:
        from maps.tables.routes import show_comparison

        show_comparison(rows, terms.by)


COMPARE = Command(compare_arguments, read_compare, run_compare)
