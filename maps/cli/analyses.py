"""The commands that ask what an answer hangs on: matrix, attribute, breakeven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError
from maps.cli.commands import Command
from maps.cli.options import (
    Conditions,
    add_ends,
    add_forms,
    add_json,
    add_scenario,
    add_terms,
    csv_text,
    print_json,
    read_conditions,
    read_form,
)
from maps.progress import bar

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from corridors.routing.route import Route
    from maps.cli.options import Form
    from maps.tables.analyses import Ranges

__all__ = [
    "ATTRIBUTE",
    "BREAKEVEN",
    "MATRIX",
    "AttributeRequest",
    "BreakevenRequest",
    "MatrixRequest",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRequest:
    """Places from each of which the ways to each other, or only to some, are to be found."""

    origins: tuple[str, ...]
    destinations: tuple[str, ...] | None
    conditions: Conditions
    form: Form


def matrix_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes matrix`."""
    parser.add_argument("places", nargs="+", metavar="PLACE", help="from and to each of these")
    parser.add_argument("--to", action="append", metavar="PLACE", help="only to it (repeatable)")
    add_scenario(parser)
    add_terms(parser)
    add_forms(parser)


def read_matrix(options: Namespace) -> MatrixRequest:
    """Return the request of `araxes matrix`."""
    return MatrixRequest(
        origins=tuple(options.places),
        destinations=None if options.to is None else tuple(options.to),
        conditions=read_conditions(options),
        form=read_form(options),
    )


def run_matrix(request: MatrixRequest) -> None:
    """Print kilometres, hours or costs from each place to each other."""
    from corridors.analysis.matrix import ways

    conditions = request.conditions
    scenario, terms, network = conditions.scenario, conditions.terms, conditions.network
    with bar("places") as step:
        routes = ways(
            request.origins,
            request.destinations,
            scenario=scenario,
            terms=terms,
            network=network,
            progress=step,
        )
    if not any(routes.values()):
        # Asked alone, the first pair says what stands in the way.
        from corridors.routing.find import route

        route(*next(iter(routes)), scenario=scenario, terms=terms, network=network)
    if request.form == "json":
        print_json(_matrix_rows(routes))
    elif request.form == "csv":
        print(csv_text(_matrix_rows(routes)), end="")
    elif request.form == "markdown":
        from maps.tables.analyses import matrix_markdown

        print(matrix_markdown(routes))
    else:
        from maps.tables.analyses import show_matrix

        show_matrix(routes)


_MATRIX = ("km", "low_km", "high_km", "hours", "low_hours", "high_hours", "cost_usd_t",
           "low_cost_usd_t", "high_cost_usd_t", "unbuilt_km", "crossings")  # fmt: skip


def _matrix_rows(routes: dict[tuple[str, str], Route | None]) -> list[dict[str, Any]]:
    return [_matrix_row(*ends, route) for ends, route in routes.items()]


def _matrix_row(origin: str, destination: str, route: Route | None) -> dict[str, Any]:
    from corridors.export.show_json import summary
    from corridors.routing.route import name_of

    ends = {"from": name_of(origin), "to": name_of(destination)}
    if route is None:
        return ends | dict.fromkeys(_MATRIX) | {"crossings": []}
    values = summary(route)
    return ends | {key: values[key] for key in _MATRIX}


MATRIX = Command(matrix_arguments, read_matrix, run_matrix)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeRequest:
    """Two places, and a scenario whose saving between them is to be shared out to its parts."""

    origin: str
    destination: str
    conditions: Conditions
    json: bool


def attribute_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes attribute`."""
    add_ends(parser)
    parser.add_argument(
        "--scenario", required=True, metavar="S", help="ids joined by +, or a .toml file"
    )
    add_terms(parser)
    add_json(parser)


def read_attribute(options: Namespace) -> AttributeRequest:
    """Return the request of `araxes attribute`."""
    return AttributeRequest(
        origin=options.origin,
        destination=options.destination,
        conditions=read_conditions(options),
        json=options.json,
    )


def run_attribute(request: AttributeRequest) -> None:
    """Print how much each part of a scenario saves."""
    from corridors.analysis.shapley import attribute, without_parts
    from corridors.network.estimate import total
    from corridors.routing.find import route

    conditions = request.conditions
    scenario, terms, network = conditions.scenario, conditions.terms, conditions.network
    ends = request.origin, request.destination
    with bar("sets of openings") as step:
        shares = attribute(*ends, scenario, terms=terms, network=network, progress=step)
    before = route(*ends, scenario=without_parts(scenario), terms=terms, network=network)
    after = route(*ends, scenario=scenario, terms=terms, network=network)
    parts = [(1.0, before.links, before.rates), (-1.0, after.links, after.rates)]
    saved = total(terms.by, parts)
    from maps.tables.analyses import share_rows, show_shares

    if request.json:
        print_json(share_rows(before, after, shares, saved))
    else:
        show_shares(before, after, shares, saved)


ATTRIBUTE = Command(attribute_arguments, read_attribute, run_attribute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """A key of the assumptions, or of a link, and between what values it is to vary."""

    key: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakevenRequest:
    """Two places, and assumptions at some values of which the best way between them changes."""

    origin: str
    destination: str
    variations: tuple[Variation, ...]
    conditions: Conditions
    json: bool


def breakeven_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes breakeven`."""
    add_ends(parser)
    parser.add_argument(
        "--vary", action="append", required=True, metavar="KEY[=LOW:HIGH]",
        help="a key of data/network/assumptions.csv, or a link, crossing or corridor with "
        ".delay_h, .speed_kmh or .cost_usd_t; and between what values, if not those of the file "
        "(repeatable)",
    )  # fmt: skip
    add_scenario(parser)
    add_terms(parser, by="hours")
    add_json(parser)


def read_breakeven(options: Namespace) -> BreakevenRequest:
    """Return the request of `araxes breakeven`."""
    conditions = read_conditions(options)
    return BreakevenRequest(
        origin=options.origin,
        destination=options.destination,
        variations=tuple(_read_variation(text) for text in options.vary),
        conditions=conditions,
        json=options.json,
    )


def _read_variation(text: str) -> Variation:
    """Return the key and the range of a --vary."""
    from corridors.network.rates import assumption
    from corridors.scenarios.settings import SETTABLE

    key, equals, between = (part.strip() for part in text.partition("="))
    if not equals and key.rpartition(".")[2] in SETTABLE:
        message = f"--vary is '{text}'; say between what values, such as --vary {key}=0:40"
        raise AraxesError(message)
    if not equals:
        usual = assumption(key)
        return Variation(key=key, low=usual.low, high=usual.high)
    low, _, high = between.partition(":")
    try:
        return Variation(key=key, low=float(low), high=float(high))
    except ValueError:
        message = f"--vary is '{text}'; write KEY=LOW:HIGH with numbers, such as {key}=0:40"
        raise AraxesError(message) from None


def run_breakeven(request: BreakevenRequest) -> None:
    """Print at what values of an assumption the best way changes."""
    from maps.tables.analyses import show_ranges

    ranges: list[Ranges] = []
    with bar("values") as step:
        for variation in request.variations:
            ranges.append(_ranges(request, variation))
            step(len(ranges), len(request.variations))
    if request.json:
        print_json([part.row() for part in ranges])
        return
    for n, part in enumerate(ranges):
        show_ranges(part, first=n == 0)


def _ranges(request: BreakevenRequest, variation: Variation) -> Ranges:
    """Return the ranges of a value in each of which one way is the best."""
    from corridors.analysis.breakeven import breakeven
    from corridors.routing.find import route
    from maps.tables.analyses import Ranges

    conditions = request.conditions
    scenario, terms, network = conditions.scenario, conditions.terms, conditions.network
    ends, key = (request.origin, request.destination), variation.key
    between = variation.low, variation.high
    points = breakeven(*ends, key, between, scenario=scenario, terms=terms, network=network)
    if points:
        routes = [points[0].below, *(point.above for point in points)]
    else:
        lowest = replace(scenario, set=scenario.set | {key: (variation.low, "--vary")})
        routes = [route(*ends, scenario=lowest, terms=terms, network=network)]
    return Ranges(key=key, low=variation.low, high=variation.high, points=points, routes=routes)


BREAKEVEN = Command(breakeven_arguments, read_breakeven, run_breakeven)
