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
    add_pairs,
    add_scenario,
    add_terms,
    csv_text,
    print_json,
    read_conditions,
    read_form,
    read_pairs,
    tell_lent,
    whole_number,
)
from maps.progress import bar

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from corridors.analysis.shapley import Attribution
    from corridors.network.estimate import Estimate
    from corridors.routing.route import Route
    from maps.cli.options import Form
    from maps.tables.analyses import Ranges, Saved

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
    parser.add_argument(
        "--to", action="append", metavar="PLACE", help="only to this place (repeatable)"
    )
    add_scenario(parser)
    add_terms(parser, clock=True)
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
    tell_lent(conditions)
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
           "low_cost_usd_t", "high_cost_usd_t", "cost_basis", "cost_currency", "cost_years",
           "unbuilt_km", "crossings")  # fmt: skip


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
    """Pairs of places, and a scenario whose saving between them is to be shared out to its parts.

    Parameters
    ----------
    groups : name → ids of parts that count together, or ``scenarios``; None for none.
    orders : how many orders of the parts are drawn; None for all where that can be done.
    """

    pairs: tuple[tuple[str, str], ...]
    conditions: Conditions
    groups: dict[str, list[str]] | str | None
    orders: int | None
    seed: int
    form: Form


def attribute_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes attribute`."""
    add_pairs(parser)
    parser.add_argument(
        "--scenario",
        required=True,
        metavar="S",
        help="one whose parts are weighed: ids joined by +, or a .toml file",
    )
    parser.add_argument(
        "--group", action="append", metavar="NAME=ID,…",
        help="parts that count together, for Owen's values (repeatable); `scenarios`: those of "
        "each scenario that is joined by +",
    )  # fmt: skip
    parser.add_argument(
        "--orders", type=whole_number, metavar="N",
        help="draw so many orders of the parts, instead of all where these can be asked",
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=whole_number, default=0, metavar="N", help="another seed, other orders"
    )
    add_terms(parser, clock=True)
    add_forms(parser)


def read_attribute(options: Namespace) -> AttributeRequest:
    """Return the request of `araxes attribute`."""
    return AttributeRequest(
        pairs=read_pairs(options),
        conditions=read_conditions(options),
        groups=_read_groups(options.group),
        orders=options.orders,
        seed=options.seed,
        form=read_form(options),
    )


def _read_groups(texts: list[str] | None) -> dict[str, list[str]] | str | None:
    """Return the groups of --group by name."""
    if not texts:
        return None
    if texts == ["scenarios"]:
        return "scenarios"
    groups = {}
    for text in texts:
        name, equals, ids = text.partition("=")
        keys = [key.strip() for key in ids.split(",") if key.strip()]
        if not equals or not name.strip() or not keys or name.strip() in groups:
            message = f"--group is '{text}'; write NAME=ID,ID with another name each"
            raise AraxesError(message)
        groups[name.strip()] = keys
    return groups


def run_attribute(request: AttributeRequest) -> None:
    """Print how much each part of a scenario saves."""
    from corridors.analysis.shapley import attribute_pairs
    from maps.tables.analyses import Saved

    conditions = request.conditions
    scenario, terms, network = conditions.scenario, conditions.terms, conditions.network
    tell_lent(conditions)
    with bar("sets of openings") as step:
        found = attribute_pairs(
            request.pairs, scenario, terms=terms, network=network, groups=request.groups,
            orders=request.orders, seed=request.seed, progress=step,
        )  # fmt: skip
    saved = [
        Saved(*_before_and_after(pair, conditions), shares=shares) if shares else None
        for pair, shares in found.shares.items()
    ]
    _print_shares(request, found, saved)


def _before_and_after(
    pair: tuple[str, str], conditions: Conditions
) -> tuple[Route | None, Route, Estimate | None]:
    """Return the routes without and with the scenario, and what it saves; None if none before."""
    from borders.errors import NoAnswerError
    from corridors.analysis.compare import difference
    from corridors.analysis.shapley import without_parts
    from corridors.routing.find import route

    scenario, terms, network = conditions.scenario, conditions.terms, conditions.network
    after = route(*pair, scenario=scenario, terms=terms, network=network)
    try:
        before = route(*pair, scenario=without_parts(scenario), terms=terms, network=network)
    except NoAnswerError:
        # A saving from nothing has no size; the shares say which part gains the connection.
        return None, after, None
    return before, after, difference(before, after, terms.by)


def _print_shares(request: AttributeRequest, found: Attribution, saved: list[Saved | None]) -> None:
    """Print the shares of one pair, or a matrix of pairs and parts, in the form asked for."""
    from maps.tables import analyses

    single = saved[0] if len(saved) == 1 else None
    pairs = list(found.shares)
    if request.form == "json":
        if single is not None:
            print_json(analyses.share_rows(single) | {"orders": found.orders})
        else:
            print_json(analyses.pair_rows(pairs, saved, found))
    elif request.form == "csv":
        print(csv_text(analyses.share_table(pairs, found)), end="")
    elif request.form == "markdown":
        print(analyses.shares_markdown(pairs, found))
    elif single is not None:
        analyses.show_shares(single, orders=found.orders)
    else:
        analyses.show_pairs(pairs, saved, found)


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
        help="a key of data/network/assumptions.csv or the beginning of several, or a link, "
        "crossing or corridor with .delay_h, .speed_kmh or .cost_usd_t; and between what values, "
        "if not those of the file (repeatable)",
    )  # fmt: skip
    add_scenario(parser)
    add_terms(parser, by="hours", clock=True)
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
    from corridors.network.rates import assumptions_of
    from corridors.scenarios.settings import SETTABLE

    key, equals, between = (part.strip() for part in text.partition("="))
    of_link, _, column = key.rpartition(".")
    if not equals and of_link and column in SETTABLE:
        values = "20:60" if column == "speed_kmh" else "0:40"
        message = f"--vary is '{text}'; say between what values, such as --vary {key}={values}"
        raise AraxesError(message)
    if not equals:
        usual = assumptions_of(key)
        low, high = min(v.low for v in usual), max(v.high for v in usual)
        return Variation(key=key, low=low, high=high)
    least, _, most = between.partition(":")
    try:
        return Variation(key=key, low=float(least), high=float(most))
    except ValueError:
        message = f"--vary is '{text}'; write KEY=LOW:HIGH with numbers, such as {key}=20:60"
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
    tell_lent(conditions)
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
