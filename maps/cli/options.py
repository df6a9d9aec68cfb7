"""The options that several commands share: how they are added, and how they are read."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from borders.errors import AraxesError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterable
    from datetime import date

    from corridors.network.network import Network
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

    Form: TypeAlias = Literal["table", "json", "csv", "markdown"]

__all__ = [
    "Comparison",
    "Conditions",
    "add_day",
    "add_dem",
    "add_ends",
    "add_forms",
    "add_json",
    "add_language",
    "add_scenario",
    "add_scenarios",
    "add_terms",
    "add_things",
    "command_line",
    "csv_text",
    "number",
    "on_terrain",
    "print_json",
    "read_conditions",
    "read_day",
    "read_form",
    "read_language",
    "read_network",
    "read_pair",
    "read_scenarios",
    "read_terms",
    "read_things",
    "whole_number",
    "word_of",
]


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


def add_day(parser: ArgumentParser) -> None:
    """Add the day as of which things are shown."""
    parser.add_argument("--on", metavar="DATE", help="as of this day, YYYY-MM-DD")


def add_language(parser: ArgumentParser) -> None:
    """Add the language of names and words."""
    parser.add_argument("--lang", default="en", metavar="CODE", help="en, tr, az, hy, ka, ru or fa")


def add_dem(parser: ArgumentParser) -> None:
    """Add the elevation model."""
    parser.add_argument(
        "--dem", metavar="FILE", help="GeoTIFF of heights in metres, on which watersheds are found"
    )


def add_things(parser: ArgumentParser, *, nargs: str) -> None:
    """Add borders, corridors and files."""
    parser.add_argument(
        "things", nargs=nargs, metavar="ID|FILE", help="ids or files; `all` for all"
    )


def add_ends(parser: ArgumentParser) -> None:
    """Add the two ends of a way."""
    parser.add_argument("origin", metavar="FROM", help="a place, by id or a name in any language")
    parser.add_argument("destination", metavar="TO", help="likewise")


def add_scenario(parser: ArgumentParser) -> None:
    """Add the scenario of a question that is asked under one."""
    parser.add_argument(
        "--scenario", default="status-quo", metavar="S",
        help="a scenario, ids joined by +, or a .toml file (status-quo)",
    )  # fmt: skip


def add_scenarios(parser: ArgumentParser, *, default: str) -> None:
    """Add the scenarios of a comparison; `default` says which are meant if none is named."""
    parser.add_argument(
        "--scenario", action="append", metavar="S",
        help="a scenario, ids joined by +, or a .toml file; the others are compared with the "
        f"first (repeatable; {default})",
    )  # fmt: skip


def add_terms(parser: ArgumentParser, *, by: str = "km") -> None:
    """Add what every question to the network may say besides its places and its scenario."""
    parser.add_argument("--on", metavar="DATE", help="with the statuses of this day, YYYY-MM-DD")
    parser.add_argument("--by", default=by, metavar="UNIT", help=f"km, hours or cost ({by})")
    parser.add_argument(
        "--modes", metavar="LIST",
        help="modes to use and change between, such as rail,road,ferry (road or rail, the better)",
    )  # fmt: skip
    parser.add_argument(
        "--users", default="freight", metavar="WHO",
        help="freight, passengers or third-country (freight)",
    )  # fmt: skip
    parser.add_argument(
        "--avoid", action="append", metavar="COUNTRY", help="ISO code, such as IR (repeatable)"
    )
    parser.add_argument("--network", metavar="FILE", help="a network of your own")


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
    return Terms(by=by, modes=modes, users=users, avoid=frozenset(avoid))


def _country(text: str) -> str:
    return text.upper() if len(text) == 2 else text


def read_network(options: Namespace) -> Network:
    """Return the network of --network, or the bundled one."""
    from corridors.network.load import load_network

    if options.network == "":
        message = "--network is ''; give a file of links"
        raise AraxesError(message)
    return load_network(options.network)


def read_scenarios(
    names: Iterable[str], options: Namespace, day: date | None
) -> tuple[Scenario, ...]:
    """Return scenarios by name, on a day if one is given.

    The first whose day is after the last of the data is told to the user, unless the network is
    one of their own.
    """
    from corridors.network.load import known_until
    from corridors.routing.query import scenario_on_day

    scenarios: list[Scenario] = []
    warned = options.network is not None
    for name in names:
        scenario = scenario_on_day(name, on=day)
        if not warned and scenario.on is not None and scenario.on > known_until():
            warned = True
            print(
                f"araxes: the data speak up to {known_until()}; on {scenario.on} the last known "
                "statuses are taken",
                file=sys.stderr,
            )
        scenarios.append(scenario)
    return tuple(scenarios)


def read_conditions(options: Namespace) -> Conditions:
    """Return the scenario, the terms and the network of a question that is asked under one."""
    (scenario,) = read_scenarios([options.scenario], options, read_day(options))
    terms = read_terms(options)
    return Conditions(scenario=scenario, terms=terms, network=read_network(options))


def read_pair(text: str) -> tuple[str, str]:
    """Return the two places of a --pair."""
    ends = [part.strip() for part in text.split(":")]
    if len(ends) != 2 or not all(ends):
        message = f"--pair is '{text}'; write two places with a colon between: Kars:Baku"
        raise AraxesError(message)
    return ends[0], ends[1]


def read_things(names: list[str]) -> list[Any]:
    """Return the borders, corridors and files of some names; `all` is every bundled one."""
    from corridors.lookup import thing
    from corridors.model.registry import systems

    return list(systems()) if names == ["all"] else [thing(name) for name in names]


def on_terrain(things: list[Any], dem: str | None) -> list[Any]:
    """Return the things, borders resolved on the elevation model of --dem if one is given."""
    if dem is None:
        return things
    from borders.compiler.boundary import Boundary
    from borders.compiler.resolve import resolve
    from borders.terrain.elevation import read_dem

    terrain = read_dem(dem)
    return [
        resolve(thing.treaty, terrain=terrain) if isinstance(thing, Boundary) else thing
        for thing in things
    ]


def command_line(options: Namespace) -> str:
    """Return the command as it was typed, for the captions and pages that it makes."""
    import shlex

    return shlex.join(["araxes", *options.arguments])


def print_json(value: Any) -> None:
    """Print JSON, in the letters of the terminal if it has them."""
    import json

    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    json.dump(value, sys.stdout, ensure_ascii=not unicode, indent=1)
    print()


def csv_text(rows: list[dict[str, Any]]) -> str:
    """Return rows as CSV, lists as words with a space between."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: " ".join(v) if isinstance(v, list) else v for k, v in row.items()})
    return text.getvalue()
