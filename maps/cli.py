"""The command line. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import argparse
import gc
import io
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, TypeAlias

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"

__all__ = ["main", "parser", "program"]

# Commands that ask the network; they import less than the others.
_ASKING = ("route", "compare", "reach", "network")

DONE, NO_ANSWER, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line and points to the help."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message}; see `{self.prog} --help`\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = _Parser(
        prog="araxes",
        description="Borders and corridors of the South Caucasus, with their sources and errors.",
        epilog="Exit codes: 0 done, 1 a question without an answer, 2 bad input.",
    )
    top.add_argument("--version", action="store_true", help="print the version and exit")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    one = commands.add_parser("report", help="every system: tables, map.html, map.png, araxes.gpkg")
    one.add_argument("--out", default="out", metavar="DIR", help="folder to write to (out)")
    one.add_argument("--lang", default="en", metavar="CODE", help="language of the names (en)")

    one = commands.add_parser("list", help="what the data hold")
    one.add_argument(
        "what",
        nargs="?",
        default="systems",
        choices=("systems", "borders", "corridors", "scenarios", "places", "layers", "sources"),
        metavar="WHAT",
        help="borders, corridors, scenarios, places, layers or sources (borders and corridors)",
    )
    one.add_argument("--json", action="store_true", help="print JSON")

    one = commands.add_parser("show", help="one border or corridor: lengths, legs, dates, sources")
    one.add_argument(
        "id", metavar="ID", help="an id, a name in any language, a place, or a .toml file"
    )
    one.add_argument("--on", metavar="DATE", help="as of this day, YYYY-MM-DD")
    one.add_argument("--legs", action="store_true", help="the calls of a treaty, with their words")
    one.add_argument("--json", action="store_true", help="print JSON")

    one = commands.add_parser("map", help="a map as one HTML file, or a figure")
    one.add_argument("things", nargs="*", metavar="ID|FILE", help="ids or files; `all` for all")
    one.add_argument(
        "--pair", action="append", metavar="FROM:TO", help="ways between two places (repeatable)"
    )
    _terms(one, scenarios=True)
    one.add_argument("--lang", default="en", metavar="CODE", help="en, tr, az, hy, ka, ru or fa")
    one.add_argument("--title", metavar="TEXT", help="title of the map")
    one.add_argument("--out", required=True, metavar="FILE", help=".html, .png, .svg or .pdf")

    one = commands.add_parser("export", help="geometry with sources and licences")
    one.add_argument("things", nargs="+", metavar="ID|FILE", help="ids or files; `all` for all")
    one.add_argument("--on", metavar="DATE", help="as of this day, YYYY-MM-DD")
    one.add_argument(
        "--out", required=True, metavar="FILE", help=".geojson, .gpkg, .fgb, .kml or .csv"
    )

    one = commands.add_parser("validate", help="check a treaty, corridor or vector file")
    one.add_argument("file", metavar="FILE")
    one.add_argument("--places", action="store_true", help="the places of a treaty, as looked up")
    one.add_argument("--out", metavar="FILE", help="with --places: the treaty with its choices")
    one.add_argument("--json", action="store_true", help="print JSON")

    one = commands.add_parser("figures", help="published lengths and areas beside ours")
    one.add_argument("--json", action="store_true", help="print JSON")
    _questions(commands)
    return top


def _questions(commands: Commands) -> None:
    """Add the commands that ask the network."""
    one = commands.add_parser("route", help="the best way between two places")
    one.add_argument("origin", metavar="FROM", help="a place, by id or a name in any language")
    one.add_argument("destination", metavar="TO", help="likewise")
    one.add_argument("--via", action="append", metavar="PLACE", help="go through it (repeatable)")
    one.add_argument(
        "--alternatives", type=int, metavar="K", help="up to K ways that differ, the best first"
    )
    _terms(one, scenarios=False)
    one.add_argument("--json", action="store_true", help="print JSON")

    one = commands.add_parser("compare", help="pairs of places under several scenarios")
    one.add_argument(
        "--pair", action="append", required=True, metavar="FROM:TO", help="two places (repeatable)"
    )
    _terms(one, scenarios=True)
    form = one.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--csv", action="store_true", help="print CSV")
    form.add_argument("--markdown", action="store_true", help="print a Markdown table")

    one = commands.add_parser("reach", help="what lies within a distance or time of a place")
    one.add_argument("origin", metavar="FROM", help="a place, by id or a name in any language")
    one.add_argument(
        "--within", dest="limit", type=float, required=True, metavar="N",
        help="kilometres, hours or US dollars a tonne, as --by says",
    )  # fmt: skip
    _terms(one, scenarios=False)
    one.add_argument("--json", action="store_true", help="print JSON")
    one.add_argument("--out", metavar="FILE.html", help="draw it on a map")

    one = commands.add_parser("network", help="check a network")
    one.add_argument("what", choices=("check",), metavar="check", help="look for what is wrong")
    one.add_argument("file", nargs="?", metavar="FILE", help="a network file (the bundled one)")
    one.add_argument("--json", action="store_true", help="print JSON")


def _terms(one: argparse.ArgumentParser, *, scenarios: bool) -> None:
    """Add what every question to the network may say."""
    if scenarios:
        one.add_argument(
            "--scenario", action="append", metavar="S",
            help="a scenario, ids joined by +, or a .toml file; the others are compared with the "
            "first (repeatable; the six of the data)",
        )  # fmt: skip
    else:
        one.add_argument(
            "--scenario", default="status-quo", metavar="S",
            help="a scenario, ids joined by +, or a .toml file (status-quo)",
        )  # fmt: skip
    one.add_argument("--on", metavar="DATE", help="with the statuses of this day, YYYY-MM-DD")
    one.add_argument("--by", default="km", metavar="UNIT", help="km, hours or cost (km)")
    one.add_argument(
        "--modes", metavar="LIST",
        help="modes to use and change between, such as rail,road,ferry (road or rail, the better)",
    )  # fmt: skip
    one.add_argument(
        "--users", default="freight", metavar="WHO",
        help="freight, passengers or third-country (freight)",
    )  # fmt: skip
    one.add_argument(
        "--avoid", action="append", metavar="COUNTRY", help="ISO code, such as IR (repeatable)"
    )
    one.add_argument("--network", metavar="FILE", help="a network of your own")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code."""
    asked = sys.argv[1:] if arguments is None else arguments
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a letter shows its number.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _run(asked)
    except KeyboardInterrupt:
        print("araxes: interrupted; no file was left half-written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) has had enough; Python must not complain when it flushes.
        sys.stdout = None
        return DONE


def _run(asked: list[str]) -> int:
    top = parser()
    options = top.parse_args(asked)
    if options.version:
        from importlib.metadata import version

        print(f"araxes {version('araxes')}")
        return DONE
    if options.command is None:
        top.print_help()
        return DONE
    from borders.errors import AraxesError, NoAnswerError

    try:
        home = import_module("maps.questions" if options.command in _ASKING else "maps.commands")
        getattr(home, f"run_{options.command}")(options)
    except NoAnswerError as err:
        print(f"araxes: {err}", file=sys.stderr)
        return NO_ANSWER
    except AraxesError as err:
        print(f"araxes: {' '.join(str(err).split())}", file=sys.stderr)
        return BAD_INPUT
    return DONE


def program() -> int:
    """Run as a program of its own: `main`, with nothing spent on garbage that the exit takes."""
    # Looking for garbage while libraries load, and once more at exit, costs a short command
    # a sixth of its time.
    gc.set_threshold(100_000)
    code = main()
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(program())
