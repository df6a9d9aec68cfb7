"""The arguments of the commands, one function each."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

__all__ = ["COMMANDS", "Command"]


class Command(NamedTuple):
    """What a command is for, and the function that adds its arguments."""

    help: str
    add: Callable[[ArgumentParser], None]


_LISTS = ("systems", "borders", "corridors", "scenarios", "crossings", "places", "layers",
          "sources")  # fmt: skip


def _one_of(*known: str) -> Callable[[str], str]:
    """Return what reads one of some words."""

    def read(text: str) -> str:
        if text.lower() in known:
            return text.lower()
        message = f"'{text}' is not known; known: {', '.join(known)}"
        raise ArgumentTypeError(message)

    return read


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        message = f"'{text}' is not a number; write digits and a point, without a unit"
        raise ArgumentTypeError(message) from None


def _count(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        message = f"'{text}' is not a whole number"
        raise ArgumentTypeError(message) from None


def _report(one: ArgumentParser) -> None:
    one.add_argument("--out", default="out", metavar="DIR", help="folder to write to (out)")
    one.add_argument(
        "--lang",
        default="en",
        metavar="CODE",
        help="language of the names: en, tr, az, hy, ka, ru or fa (en)",
    )


def _list(one: ArgumentParser) -> None:
    one.add_argument(
        "what",
        nargs="?",
        default="systems",
        type=_one_of(*_LISTS),
        metavar="WHAT",
        help="borders, corridors, scenarios, crossings, places, layers or sources (borders and "
        "corridors)",
    )
    one.add_argument("--json", action="store_true", help="print JSON")


def _show(one: ArgumentParser) -> None:
    one.add_argument(
        "id",
        metavar="ID",
        help="an id, a name in any language, a place, a scenario, a crossing, or a .toml file",
    )
    one.add_argument("--on", metavar="DATE", help="as of this day, YYYY-MM-DD")
    one.add_argument("--legs", action="store_true", help="the calls of a treaty, with their words")
    one.add_argument("--json", action="store_true", help="print JSON")
    _dem(one)


def _map(one: ArgumentParser) -> None:
    one.add_argument("things", nargs="*", metavar="ID|FILE", help="ids or files; `all` for all")
    one.add_argument(
        "--treaty", action="append", metavar="FILE", help="a treaty of your own (repeatable)"
    )
    one.add_argument(
        "--pair", action="append", metavar="FROM:TO", help="ways between two places (repeatable)"
    )
    _terms(one, scenarios="status-quo")
    one.add_argument("--lang", default="en", metavar="CODE", help="en, tr, az, hy, ka, ru or fa")
    one.add_argument("--title", metavar="TEXT", help="title of the map")
    one.add_argument(
        "--width", metavar="MM", help="of a figure: 85, 120 or 180 mm, or slide, 16:9 (180)"
    )
    one.add_argument(
        "--equal-area", action="store_true", help="of a figure: equal-area, not conformal"
    )
    one.add_argument(
        "--tiles", nargs="?", const="osm", metavar="URL",
        help="of a page: a background from the internet, OpenStreetMap's or that of a template "
        "with {z}, {x} and {y}",
    )  # fmt: skip
    one.add_argument(
        "--tolerance", type=_number, metavar="M", help="of a page: simplify lines to M metres"
    )
    one.add_argument("--out", required=True, metavar="FILE", help=".html, .png, .svg or .pdf")
    _dem(one)


def _export(one: ArgumentParser) -> None:
    one.add_argument("things", nargs="+", metavar="ID|FILE", help="ids or files; `all` for all")
    one.add_argument("--on", metavar="DATE", help="as of this day, YYYY-MM-DD")
    one.add_argument(
        "--out",
        required=True,
        metavar="FILE",
        help=".geojson, .gpkg, .fgb, .kml, .csv, .gpx or .parquet",
    )
    _dem(one)


def _validate(one: ArgumentParser) -> None:
    one.add_argument("file", metavar="FILE", help="a treaty, corridor, scenario or vector file")
    one.add_argument("--places", action="store_true", help="the places of a treaty, as looked up")
    one.add_argument("--out", metavar="FILE", help="with --places: the treaty with its choices")
    one.add_argument("--json", action="store_true", help="print JSON")
    _dem(one)


def _gallery(one: ArgumentParser) -> None:
    one.add_argument("--out", required=True, metavar="DIR", help="folder to write to")
    one.add_argument("--lang", default="en", metavar="CODE", help="en, tr, az, hy, ka, ru or fa")
    one.add_argument("--format", default="png", metavar="FORM", help="png, svg or pdf (png)")
    one.add_argument(
        "--width", default="180", metavar="MM", help="85, 120 or 180 mm, or slide, 16:9 (180)"
    )


def _figures(one: ArgumentParser) -> None:
    one.add_argument("--json", action="store_true", help="print JSON")


def _route(one: ArgumentParser) -> None:
    _ends(one)
    one.add_argument("--via", action="append", metavar="PLACE", help="go through it (repeatable)")
    one.add_argument(
        "--alternatives", type=_count, metavar="K", help="up to K ways that differ, the best first"
    )
    _terms(one, scenarios=True)
    one.add_argument("--json", action="store_true", help="print JSON")
    one.add_argument(
        "--out",
        metavar="FILE",
        help="write the links too: .geojson, .gpkg, .fgb, .kml, .csv, .gpx or .parquet",
    )


def _compare(one: ArgumentParser) -> None:
    one.add_argument(
        "--pair", action="append", required=True, metavar="FROM:TO", help="two places (repeatable)"
    )
    _terms(one, scenarios="the six of the data")
    _forms(one)


def _matrix(one: ArgumentParser) -> None:
    one.add_argument("places", nargs="+", metavar="PLACE", help="from and to each of these")
    one.add_argument("--to", action="append", metavar="PLACE", help="only to it (repeatable)")
    _terms(one, scenarios=True)
    _forms(one)


def _attribute(one: ArgumentParser) -> None:
    _ends(one)
    one.add_argument(
        "--scenario", required=True, metavar="S", help="ids joined by +, or a .toml file"
    )
    _terms(one, scenarios=False)
    one.add_argument("--json", action="store_true", help="print JSON")


def _breakeven(one: ArgumentParser) -> None:
    _ends(one)
    one.add_argument(
        "--vary", action="append", required=True, metavar="KEY[=LOW:HIGH]",
        help="a key of data/network/assumptions.csv, or a link, crossing or corridor with "
        ".delay_h, .speed_kmh or .cost_usd_t; and between what values, if not those of the file "
        "(repeatable)",
    )  # fmt: skip
    _terms(one, scenarios=True, by="hours")
    one.add_argument("--json", action="store_true", help="print JSON")


def _reach(one: ArgumentParser) -> None:
    one.add_argument("origin", metavar="FROM", help="a place, by id or a name in any language")
    one.add_argument(
        "--within", dest="limit", type=_number, required=True, metavar="N",
        help="kilometres, hours or US dollars a tonne, as --by says",
    )  # fmt: skip
    _terms(one, scenarios=True)
    one.add_argument("--json", action="store_true", help="print JSON")
    one.add_argument(
        "--out", metavar="FILE",
        help="draw it: .html, .png, .svg or .pdf; or write its geometry: .gpkg, .geojson …",
    )  # fmt: skip


def _network(one: ArgumentParser) -> None:
    one.add_argument("what", type=_one_of("check"), metavar="check", help="look for what is wrong")
    one.add_argument("file", nargs="?", metavar="FILE", help="a network file (the bundled one)")
    one.add_argument("--json", action="store_true", help="print JSON")


def _dem(one: ArgumentParser) -> None:
    """Add the elevation model."""
    one.add_argument(
        "--dem", metavar="FILE", help="GeoTIFF of heights in metres, on which watersheds are found"
    )


def _ends(one: ArgumentParser) -> None:
    """Add the two ends of a way."""
    one.add_argument("origin", metavar="FROM", help="a place, by id or a name in any language")
    one.add_argument("destination", metavar="TO", help="likewise")


def _forms(one: ArgumentParser) -> None:
    """Add the forms that a table may take."""
    form = one.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--csv", action="store_true", help="print CSV")
    form.add_argument("--markdown", action="store_true", help="print a Markdown table")


def _terms(one: ArgumentParser, *, scenarios: str | bool, by: str = "km") -> None:
    """Add what every question to the network may say, with several scenarios, one or none.

    scenarios : of several, those that are meant if none is named.
    """
    if isinstance(scenarios, str):
        one.add_argument(
            "--scenario", action="append", metavar="S",
            help="a scenario, ids joined by +, or a .toml file; the others are compared with the "
            f"first (repeatable; {scenarios})",
        )  # fmt: skip
    elif scenarios:
        one.add_argument(
            "--scenario", default="status-quo", metavar="S",
            help="a scenario, ids joined by +, or a .toml file (status-quo)",
        )  # fmt: skip
    one.add_argument("--on", metavar="DATE", help="with the statuses of this day, YYYY-MM-DD")
    one.add_argument("--by", default=by, metavar="UNIT", help=f"km, hours or cost ({by})")
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


COMMANDS = {
    "report": Command("every system: tables, map.html, map.png, araxes.gpkg", _report),
    "list": Command("what the data hold", _list),
    "show": Command("one border, corridor, crossing, place or scenario", _show),
    "map": Command("a map as one HTML file, or a figure", _map),
    "gallery": Command("fourteen figures with captions: lines, corridors, ways, charts", _gallery),
    "export": Command("geometry with sources and licences", _export),
    "validate": Command("check a treaty, corridor, scenario or vector file", _validate),
    "figures": Command("published lengths and areas beside ours", _figures),
    "route": Command("the best way between two places", _route),
    "compare": Command("pairs of places under several scenarios", _compare),
    "matrix": Command("from each of some places to each other", _matrix),
    "attribute": Command("what each opening of a scenario brings", _attribute),
    "breakeven": Command("at what delay, speed or cost the best way changes", _breakeven),
    "reach": Command("what lies within a distance or time of a place", _reach),
    "network": Command("check a network", _network),
}
