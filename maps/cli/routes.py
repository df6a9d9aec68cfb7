"""The commands that ask the network: route, compare, network."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, SchemaError
from maps.progress import bar

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from corridors.network.network import Network
    from corridors.routing.route import Route
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = [
    "csv_text",
    "network_of",
    "pair",
    "print_json",
    "run_compare",
    "run_network",
    "run_route",
    "scenario",
    "terms",
]


def print_json(value: Any) -> None:
    """Print JSON, in the letters of the terminal if it has them."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    json.dump(value, sys.stdout, ensure_ascii=not unicode, indent=1)
    print()


def terms(options: Namespace) -> Terms:
    """Return what the options ask of a route."""
    from corridors.scenarios.terms import Terms

    modes = None
    if options.modes is not None:
        modes = tuple(part.strip() for part in options.modes.lower().split(","))
    avoid = (_code(code.strip()) for part in options.avoid or () for code in part.split(","))
    by, users = options.by.lower(), options.users.lower()
    return Terms(by=by, modes=modes, users=users, avoid=frozenset(avoid))


def _code(text: str) -> str:
    return text.upper() if len(text) == 2 else text


def network_of(options: Namespace) -> Network:
    """Return the network of --network, or the bundled one."""
    from corridors.network.load import load_network

    if options.network == "":
        message = "--network is ''; give a file of links"
        raise AraxesError(message)
    return load_network(options.network)


def scenario(text: str, options: Namespace) -> Scenario:
    """Return a scenario, on the day of --on if one is given."""
    from corridors.network.load import known_until
    from corridors.routing.query import dated

    found, told = dated(text, on=options.on), known_until()
    day = found.on
    if (
        day is not None
        and day > told
        and options.network is None
        and not options.__dict__.get("warned")
    ):
        options.warned = True
        print(
            f"araxes: the data speak up to {told}; on {day} the last known statuses are taken",
            file=sys.stderr,
        )
    return found


def run_route(options: Namespace) -> None:
    """Print the best way between two places, or several that differ."""
    from corridors.export.records import summary
    from corridors.routing.find import route

    asked: dict[str, Any] = {
        "scenario": scenario(options.scenario, options),
        "terms": terms(options),
        "network": network_of(options),
    }
    if options.alternatives is None:
        ways = [route(options.origin, options.destination, via=options.via or (), **asked)]
    else:
        ways = _alternatives(options, asked)
    if options.out is not None:
        _write(ways, options.out, quiet=options.json)
    if options.json:
        rows = [summary(way) for way in ways]
        print_json(rows[0] if options.alternatives is None else rows)
        return
    from maps.tables.routes import show_route

    for n, way in enumerate(ways):
        if n:
            print()
        show_route(way)


def _write(ways: list[Route], file: str, *, quiet: bool) -> None:
    """Write the links of ways to a vector file; of several, column `way` counts them."""
    from corridors.export.formats import write

    tables = [way.to_gdf() for way in ways]
    if len(ways) > 1:
        tables = [table.assign(way=n) for n, table in enumerate(tables, 1)]
    n = write(tables, file)
    if not quiet:
        print(f"wrote {n} feature{'' if n == 1 else 's'} to {file}\n")


def _alternatives(options: Namespace, asked: dict[str, Any]) -> list[Route]:
    from corridors.routing.alternatives import MOST, alternatives

    if options.via:
        message = "--alternatives and --via cannot go together; ask part by part"
        raise AraxesError(message)
    if not 1 <= options.alternatives <= MOST:
        message = f"--alternatives is {options.alternatives}; give 1 to {MOST}"
        raise AraxesError(message)
    return alternatives(options.origin, options.destination, k=options.alternatives, **asked)


def pair(text: str) -> tuple[str, str]:
    """Return the two places of a --pair."""
    ends = [part.strip() for part in text.split(":")]
    if len(ends) != 2 or not all(ends):
        message = f"--pair is '{text}'; write two places with a colon between: Kars:Baku"
        raise AraxesError(message)
    return ends[0], ends[1]


def _once(option: str, given: Sequence[str]) -> None:
    """Refuse what is asked for twice: the second would only look like another answer."""
    for n, text in enumerate(given):
        if text in given[:n]:
            message = f"{option} {text} is given twice; leave one out"
            raise AraxesError(message)


def run_compare(options: Namespace) -> None:
    """Print pairs of places under several scenarios."""
    from corridors.analysis.compare import compare, usual

    pairs = [pair(text) for text in options.pair]
    _once("--pair", options.pair)
    _once("--scenario", options.scenario or ())
    network = network_of(options)
    asked = [scenario(text, options) for text in options.scenario or usual(network)]
    with bar("scenarios") as step:
        rows = compare(pairs, asked, terms=terms(options), network=network, progress=step)
    if options.json:
        print_json([row.row() for row in rows])
    elif options.csv:
        print(csv_text([row.row() for row in rows]), end="")
    elif options.markdown:
        from maps.tables.routes import comparison_markdown

        print(comparison_markdown(rows, options.by))
    else:
        from maps.tables.routes import show_comparison

        show_comparison(rows, options.by)


def csv_text(rows: list[dict[str, Any]]) -> str:
    """Return rows as CSV, lists as words with a space between."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: " ".join(v) if isinstance(v, list) else v for k, v in row.items()})
    return text.getvalue()


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def run_network(options: Namespace) -> None:
    """Check a network."""
    from corridors.network.check import check_network
    from corridors.network.load import load_network

    network = load_network(options.file)
    found = check_network(network)
    errors = [one for one in found if one.level == "error"]
    count = _counted(len(errors), "error")
    if options.json:
        print_json([{"level": f.level, "link": f.link, "message": f.message} for f in found])
    else:
        from maps.tables.text import print_hanging

        for one in found:
            print_hanging(f"{one.level}: {f'{one.link}: ' if one.link else ''}{one.message}")
        print(
            f"{network.name}: {len(network.links)} links, {len(network.nodes)} nodes, "
            f"{count}, {_counted(len(found) - len(errors), 'remark')}"
        )
    if errors:
        message = f"{network.name} has {count}; the first: {errors[0].message}"
        raise SchemaError(message)
