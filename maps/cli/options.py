"""The options that several commands share: how they are added, and how they are read."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentTypeError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from borders.errors import AraxesError, FileFormatError, visible
from maps.cli.messages import complain
from maps.progress import waiting
from maps.tables.csv_rows import csv_text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from corridors.network.network import Network
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

    Form: TypeAlias = Literal["table", "json", "csv", "markdown"]

__all__ = [
    "FIGURES",
    "PAGES",
    "Comparison",
    "Conditions",
    "add_chart",
    "add_columns",
    "add_day",
    "add_dem",
    "add_demand",
    "add_ends",
    "add_forms",
    "add_json",
    "add_language",
    "add_network",
    "add_origin",
    "add_pairs",
    "add_scenario",
    "add_scenarios",
    "add_terms",
    "add_things",
    "command_line",
    "csv_text",
    "number",
    "on_terrain",
    "print_json",
    "read_chart",
    "read_column_map",
    "read_conditions",
    "read_day",
    "read_day_of_data",
    "read_form",
    "read_language",
    "read_network",
    "read_pair",
    "read_pairs",
    "read_scenarios",
    "read_terms",
    "read_things",
    "refuse_map_suffix",
    "refuse_suffix",
    "refuse_twice",
    "tell_crossing",
    "tell_lent",
    "warn_after_data",
    "whole_number",
    "word_of",
]

# Suffixes of figures and charts.
FIGURES = (".png", ".svg", ".pdf")
PAGES = (".html",)

# Control characters that JSON does not escape by itself.
_ESCAPED = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a question to the network is asked under."""

    scenario: Scenario
    terms: Terms
    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Pairs of places and the scenarios, on one network, under which their ways are compared.

    Parameters
    ----------
    scenarios : the first is what the others are compared with.
    """

    pairs: tuple[tuple[str, str], ...]
    scenarios: tuple[Scenario, ...]
    terms: Terms
    network: Network


def add_json(parser: ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_forms(parser: ArgumentParser) -> None:
    """Add the forms that a table may take."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--csv", action="store_true", help="print CSV")
    form.add_argument("--markdown", action="store_true", help="print a Markdown table")


def add_chart(
    parser: ArgumentParser, what: str = "what the hours are made of, as stacked bars"
) -> None:
    """Add --chart, which draws what the hours are made of, or something else."""
    parser.add_argument("--chart", metavar="FILE", help=f"draw {what}: .png, .svg or .pdf")


def read_chart(options: Namespace) -> str | None:
    """Return the file of --chart.

    Raises
    ------
    FileFormatError : it is none of a figure.
    """
    file: str | None = options.chart
    refuse_suffix(file, FIGURES)
    return file


def refuse_suffix(file: str | None, known: Sequence[str]) -> None:
    """Refuse a file whose suffix is none of those that can be written; None asks for no file."""
    if file is None:
        return
    from pathlib import Path

    suffix = Path(file).suffix.lower()
    if suffix not in known:
        what = f"'{suffix}'" if suffix else "a file without a suffix"
        message = f"{file}: cannot write {what}; known suffixes: {', '.join(known)}"
        raise FileFormatError(message)


def refuse_map_suffix(file: str | None) -> None:
    """Refuse a file that is none of a page, a figure or geometry; None asks for no file."""
    if file is not None:
        from corridors.export.formats import SUFFIXES

        refuse_suffix(file, (*PAGES, *FIGURES, *SUFFIXES))


def add_day(parser: ArgumentParser) -> None:
    """Add the day as of which things are shown."""
    parser.add_argument("--on", metavar="DATE", help="as things stood on this day, YYYY-MM-DD")


def add_language(parser: ArgumentParser) -> None:
    """Add the language of names and words."""
    parser.add_argument(
        "--lang",
        default="en",
        metavar="CODE",
        help="language of names: en, tr, az, hy, ka, ru or fa (default: en)",
    )


def add_demand(parser: ArgumentParser) -> None:
    """Add the traffic that is to take a way."""
    parser.add_argument(
        "--demand", metavar="FLOW",
        help="traffic that is to take the way, such as '800 lorries/day' or '6 Mt/year': remarked "
        "where a published capacity is less",
    )  # fmt: skip


def add_dem(parser: ArgumentParser) -> None:
    """Add the elevation model."""
    parser.add_argument(
        "--dem",
        metavar="FILE",
        help="find watersheds on this elevation model, and shade a page by it: a GeoTIFF, metres",
    )


def add_things(parser: ArgumentParser, *, nargs: str) -> None:
    """Add borders, corridors and files."""
    parser.add_argument(
        "things",
        nargs=nargs,
        metavar="ID|FILE",
        help="ids (see `araxes list`) or files; `all`: every one; `network`: its links",
    )


def add_origin(parser: ArgumentParser) -> None:
    """Add the place where ways begin."""
    parser.add_argument(
        "origin", metavar="FROM",
        help="a place, by id or a name in any language; with --network of an extract also LAT,LON",
    )  # fmt: skip


def add_ends(parser: ArgumentParser) -> None:
    """Add the two ends of a way."""
    add_origin(parser)
    parser.add_argument("destination", metavar="TO", help="another place")


def add_scenario(parser: ArgumentParser) -> None:
    """Add the scenario of a question that is asked under one."""
    parser.add_argument(
        "--scenario", default="status-quo", metavar="S",
        help="a scenario (see `araxes list scenarios`), several joined by +, or a .toml file "
        "(default: status-quo)",
    )  # fmt: skip


def add_scenarios(parser: ArgumentParser, *, default: str) -> None:
    """Add the scenarios of a comparison; `default` says which are meant if none is named."""
    parser.add_argument(
        "--scenario", action="append", metavar="S",
        help="a scenario (see `araxes list scenarios`), several joined by +, or a .toml file; "
        f"the others are compared with the first (repeatable; default: {default})",
    )  # fmt: skip


def add_terms(parser: ArgumentParser, *, by: str = "km", clock: bool = False) -> None:
    """Add what every question to the network may say besides its places and its scenario.

    Parameters
    ----------
    clock : whether it may say when one leaves.
    """
    parser.add_argument("--on", metavar="DATE", help="with what was open on this day, YYYY-MM-DD")
    if clock:
        parser.add_argument(
            "--at", metavar="HH:MM",
            help="leaving at this time of the day: waiting until a link opens counts as hours",
        )  # fmt: skip
    parser.add_argument(
        "--by",
        default=by,
        metavar="UNIT",
        help=f"what is to be least: km, hours or cost (default: {by})",
    )
    parser.add_argument(
        "--modes", metavar="LIST",
        help="modes to use and change between, such as rail,road,ferry (default: road,ferry or "
        "rail,ferry, whichever is better)",
    )  # fmt: skip
    parser.add_argument(
        "--users", default="freight", metavar="WHO",
        help="who must be let through: freight, passengers or third-country; or lorries, coaches, "
        "cars, goods-trains or passenger-trains (default: freight)",
    )  # fmt: skip
    parser.add_argument(
        "--avoid",
        action="append",
        metavar="CC|ID",
        help="a country by its ISO code, such as IR, or a crossing, corridor or link (repeatable)",
    )
    add_network(parser)


def add_network(parser: ArgumentParser) -> None:
    """Add a network of the user's own, and what its columns are called."""
    parser.add_argument(
        "--network", metavar="FILE", help="a network of your own, instead of the bundled one"
    )
    add_columns(parser)


def add_columns(parser: ArgumentParser) -> None:
    """Add the names that a network's file gives its columns."""
    parser.add_argument(
        "--columns", metavar="MAP",
        help="its columns by ours: length=LEN_KM,mode=KIND; toll= leaves one unread",
    )  # fmt: skip


def word_of(*known: str) -> Callable[[str], str]:
    """Return what reads one of some words, for the `type` of an argument."""

    def read(text: str) -> str:
        if text.lower() in known:
            return text.lower()
        message = f"'{text}' is not known; known: {', '.join(known)}"
        raise ArgumentTypeError(message)

    return read


def number(text: str) -> float:
    """Return a number, for the `type` of an argument."""
    try:
        return float(text)
    except ValueError:
        message = f"'{text}' is not a number; write digits and a point, without a unit"
        raise ArgumentTypeError(message) from None


def whole_number(text: str) -> int:
    """Return a whole number, for the `type` of an argument."""
    try:
        return int(text)
    except ValueError:
        message = f"'{text}' is not a whole number"
        raise ArgumentTypeError(message) from None


def read_day(options: Namespace) -> date | None:
    """Return the day of --on."""
    from borders.dates import parse_date

    return None if options.on is None else parse_date(options.on)


def read_day_of_data(options: Namespace) -> date | None:
    """Return the day of --on; the user is told if it is after the last that the data know.

    Not of a network of their own.
    """
    day = read_day(options)
    if day is not None and getattr(options, "network", None) is None:
        warn_after_data(day)
    return day


def read_language(options: Namespace) -> str:
    """Return the language of --lang."""
    from borders.gazetteer.places import LANGUAGES

    language = str(options.lang).lower()
    if language not in LANGUAGES:
        message = f"--lang is '{options.lang}'; known: {', '.join(LANGUAGES)}"
        raise AraxesError(message)
    return language


def read_form(options: Namespace) -> Form:
    """Return the form of a table: --json, --csv, --markdown, or none of them."""
    if options.json:
        return "json"
    if options.csv:
        return "csv"
    return "markdown" if options.markdown else "table"


def read_terms(options: Namespace) -> Terms:
    """Return what --by, --modes, --users and --avoid ask of a route."""
    from corridors.scenarios.terms import Terms

    modes = None
    if options.modes is not None:
        modes = tuple(part.strip() for part in options.modes.lower().split(","))
    avoid = (_country(code.strip()) for part in options.avoid or () for code in part.split(","))
    by, users = options.by.lower(), options.users.lower()
    by = {"usd": "cost"}.get(by, by)
    at = getattr(options, "at", None)
    demand = getattr(options, "demand", None)
    return Terms(
        by=by, modes=modes, users=users, avoid=frozenset(avoid), at=at, demand=demand
    )  # fmt: skip


def _country(text: str) -> str:
    # Codes are read in either case; ids of two letters are told apart by a kind: link:ab.
    return text.upper() if len(text) == 2 else text


def read_network(options: Namespace) -> Network:
    """Return the network of --network, or the bundled one."""
    from corridors.network.load import load_network

    if options.network == "":
        message = "--network is ''; give a file of links"
        raise AraxesError(message)
    if options.columns is not None and options.network is None:
        message = "--columns names those of a network's file; add --network FILE"
        raise AraxesError(message)
    with waiting(f"reading {visible(options.network or 'the network')}"):
        return load_network(options.network, columns=read_column_map(options))


def read_column_map(options: Namespace) -> dict[str, str | None] | None:
    """Return the column names of --columns, None if it is not given."""
    from corridors.network.columns import read_columns

    return None if options.columns is None else read_columns(options.columns)


def read_scenarios(
    names: Sequence[str], options: Namespace, day: date | None, network: Network | None = None
) -> tuple[Scenario, ...]:
    """Return scenarios by name, on a day if one is given.

    New links may join the places of the network. The first scenario whose day is after the last of
    the data is told to the user, unless the network is one of their own.

    Raises
    ------
    AraxesError : one is named twice.
    """
    from corridors.routing.query import scenario_on_day

    refuse_twice("--scenario", names)
    scenarios: list[Scenario] = []
    warned = options.network is not None
    for name in names:
        scenario = scenario_on_day(name, network, on=day)
        if not warned and scenario.on is not None:
            warned = warn_after_data(scenario.on)
        scenarios.append(scenario)
    return tuple(scenarios)


def warn_after_data(day: date) -> bool:
    """Tell the user of a day after the last that the data know; return whether it is one."""
    from corridors.network.load import known_until

    if day <= known_until():
        return False
    complain(
        f"the data speak up to {known_until()}; on {day} the last known statuses are taken, and "
        "those dated later"
    )
    return True


def refuse_twice(option: str, values: Sequence[str]) -> None:
    """Refuse what is asked for twice: the second would only look like another answer."""
    for n, value in enumerate(values):
        if value in values[:n]:
            message = f"{option} {value} is given twice; leave one out"
            raise AraxesError(message)


def read_conditions(options: Namespace) -> Conditions:
    """Return the scenario, the terms and the network of a question that is asked under one."""
    network = read_network(options)
    (scenario,) = read_scenarios([options.scenario], options, read_day(options), network)
    return Conditions(scenario=scenario, terms=read_terms(options), network=network)


def tell_lent(conditions: Conditions) -> None:
    """Tell the user which averages of the region an answer rests on elsewhere."""
    from corridors.model.lent import in_words
    from corridors.network.rates import Rates

    terms = conditions.terms
    rates = Rates(conditions.scenario.settings, users=terms.users, vehicle=terms.vehicle,
                  on=conditions.scenario.on or conditions.network.on)  # fmt: skip
    lent = rates.lent(conditions.network.links)
    if conditions.terms.by == "km":
        lent = tuple(value for value in lent if value.key == "sinuosity")
    if lent:
        complain(in_words(lent))


def read_pair(text: str) -> tuple[str, str]:
    """Return the two places of a --pair."""
    ends = [part.strip() for part in text.split(":")]
    if len(ends) != 2 or not all(ends):
        from borders.gazetteer.places import two_places

        example = ":".join(two_places())
        if " " in example:
            example = f'"{example}"'
        message = f"--pair is '{text}'; write two places with a colon between: {example}"
        raise AraxesError(message)
    return ends[0], ends[1]


def add_pairs(parser: ArgumentParser) -> None:
    """Add two places, and --pair for more of them; see `read_pairs`."""
    parser.add_argument("ends", nargs="*", metavar="PLACE", help="FROM and TO")
    parser.add_argument(
        "--pair", action="append", metavar="FROM:TO", help="two places (repeatable)"
    )


def read_pairs(options: Namespace) -> tuple[tuple[str, str], ...]:
    """Return the pairs of places of FROM and TO, and of --pair.

    Raises
    ------
    AraxesError : there is none, or one place alone, or one pair twice.
    """
    pairs = [read_pair(text) for text in options.pair or ()]
    if len(options.ends) == 2:
        pairs.insert(0, (options.ends[0], options.ends[1]))
    elif options.ends or not pairs:
        message = "give two places, FROM and TO, or --pair FROM:TO"
        raise AraxesError(message)
    for n, pair in enumerate(pairs):
        if pair in pairs[:n]:
            message = f"--pair {':'.join(pair)} is given twice; leave one out"
            raise AraxesError(message)
    return tuple(pairs)


def read_things(names: list[str]) -> list[Any]:
    """Return the borders, corridors and files of some names; see `named_things`."""
    from corridors.lookup import named_things

    return [thing for name in names for thing in named_things(name)]


def tell_crossing(things: Iterable[Any]) -> None:
    """Tell of areas of files that cross themselves, and were used as they are."""
    from borders.files.table_checks import crossing_itself

    for thing in things:
        if hasattr(thing, "attrs") and not hasattr(thing, "to_gdf"):
            message = crossing_itself(thing.attrs["name"], thing.geometry.to_numpy())
            if message:
                complain(f"{message}; used as it is")


def on_terrain(things: list[Any], dem: str | None) -> list[Any]:
    """Return the things, borders resolved on the elevation model of --dem if one is given."""
    if dem is None:
        return things
    from borders.compiler.boundary import Boundary
    from borders.compiler.resolve import resolve
    from borders.terrain.elevation import read_dem
    from borders.terrain.watershed import window_bounds

    windows = [
        window_bounds(call.start, call.end)
        for thing in things
        if isinstance(thing, Boundary)
        for call in thing.treaty.calls
        if call.rule == "watershed"
    ]
    edges = list(zip(*windows, strict=True))
    bounds = (min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])) if windows else None
    terrain = read_dem(dem, bounds=bounds)
    drawn = [
        resolve(thing.treaty, terrain=terrain) if isinstance(thing, Boundary) else thing
        for thing in things
    ]
    legs = [leg for thing in drawn if isinstance(thing, Boundary) for leg in thing.legs]
    if not any(leg.drawn_as == "divide" for leg in legs):
        why = "it does not reach those that are" if windows else "nothing here follows one"
        complain(f"{dem}: no watershed is drawn on it; {why}")
    return drawn


def command_line(options: Namespace) -> str:
    """Return the command for the captions and pages that it makes: as typed, but without folders.

    Where a file lay on the machine of who made a figure is nobody's matter.
    """
    import shlex

    return shlex.join(["araxes", *map(_without_folders, options.arguments)])


def _without_folders(argument: str) -> str:
    """Return an argument whose path has lost its folders, if it is one of a file."""
    from pathlib import Path

    option = argument.startswith("--")
    head, sign, path = argument.partition("=") if option else ("", "", argument)
    parted = "/" in path or os.sep in path
    is_path = "://" not in path and parted and (Path(path).is_absolute() or Path(path).suffix)
    return f"{head}{sign}{Path(path).name}" if is_path else argument


def print_json(value: Any) -> None:
    """Print JSON, in the letters of the terminal if it has them; control characters escaped."""
    import json

    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(value, ensure_ascii=not unicode, indent=1)
    # JSON lets those from DEL on stand, which move or colour a terminal too.
    print(text if text.isascii() and "\x7f" not in text else text.translate(_ESCAPED))
