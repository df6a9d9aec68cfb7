"""The command that draws: pages and figures of things, of a network, of ways compared."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.dates import parse_date
from borders.errors import AraxesError, FileFormatError
from maps.cli.options import language, on_terrain, things

if TYPE_CHECKING:
    from argparse import Namespace
    from datetime import date

    from maps.layers.model import Layer
    from maps.web.comparison import Ways

__all__ = ["run_map"]


def _refuse_idle(options: Namespace, target: Path) -> None:
    """Refuse options that would change nothing on what is asked for."""
    page = target.suffix.lower() == ".html"
    if page and (options.width or options.equal_area):
        message = f"{target}: --width and --equal-area are for figures: .png, .svg or .pdf"
        raise AraxesError(message)
    if not page and (options.tiles or options.tolerance is not None):
        message = f"{target}: --tiles and --tolerance are for pages: .html"
        raise AraxesError(message)
    if not options.pair and (options.by != "km" or options.avoid):
        message = "--by and --avoid choose a way; give its ends with --pair FROM:TO, or leave them"
        raise AraxesError(message + " out")
    network = options.pair or options.scenario or options.network
    if not network and (options.modes or options.users != "freight"):
        message = "--modes and --users are of a network; add --scenario or --pair, or leave them"
        raise AraxesError(message + " out")


def _asked(options: Namespace) -> list[Any]:
    """Return the borders, corridors and files that a map is to show."""
    from borders.compiler.resolve import boundary

    found = things(options.things) if options.things else []
    found += [boundary(Path(file)) for file in options.treaty or ()]
    return on_terrain(found, options.dem)


def _ways(options: Namespace) -> Ways | None:
    """Return the network, the scenarios and the ways that a map is to show, if it shows any."""
    if not (options.pair or options.scenario or options.network):
        return None
    from corridors.analysis.compare import compare
    from maps.cli.routes import network_of, pair, scenario, terms
    from maps.web.comparison import Ways

    asked = terms(options)
    network = network_of(options)
    scenarios = [scenario(text, options) for text in options.scenario or ["status-quo"]]
    pairs = [pair(text) for text in options.pair or ()]
    rows = compare(pairs, scenarios, terms=asked, network=network) if pairs else []
    for row in rows:
        if row.way is None:
            print(
                f"araxes: {row.reason.partition(':')[0]}; `araxes route` says why", file=sys.stderr
            )
    return Ways(network=network, scenarios=scenarios, compared=rows, terms=asked)


def _way_layers(ways: Ways | None, language: str) -> list[Layer]:
    """Return the ways and the network as a figure draws them."""
    if ways is None or ways.network is None:
        return []
    from maps.layers.network import comparison_layers, network_layers

    found = comparison_layers(ways.compared, language=language)
    return found + network_layers(ways.network, ways.scenarios, terms=ways.terms, language=language)


def run_map(options: Namespace) -> None:
    """Write a map or a figure."""
    from borders.gazetteer.places import LANGUAGES
    from maps.layers.model import REGION

    target = Path(options.out)
    suffix = target.suffix.lower()
    if suffix not in (".html", ".png", ".svg", ".pdf"):
        what = f"'{suffix}'" if suffix else "a file without a suffix"
        message = f"{target}: cannot draw {what}; use .html, .png, .svg or .pdf"
        raise FileFormatError(message)
    _refuse_idle(options, target)
    day = parse_date(options.on) if options.on is not None else None
    drawn: dict[str, Any] = {
        "language": language(options),
        "on": day,
        # Pipelines to the far west would shrink the rest; the map still holds all of each.
        "bounds": REGION if options.things == ["all"] else None,
    }
    found, ways = _asked(options), _ways(options)
    if not (found or ways):
        message = "nothing to draw; give an id, a file, --scenario, --pair or --network"
        if options.tiles not in (None, "osm"):
            message += (
                f"; '{options.tiles}' was read as the address of --tiles: put ids before --tiles"
            )
        raise AraxesError(message)
    if day is not None and not ways and not any(_exists(thing, day) for thing in found):
        message = f"nothing to draw: none of these existed on {day}; try another --on"
        raise AraxesError(message)
    titles = {code: options.title or _title(found, ways, code) for code in LANGUAGES}
    if suffix == ".html":
        _page(found, {**drawn, "title": titles, "ways": ways}, target, options)
    else:
        drawn["title"] = titles[drawn["language"]]
        _figure(found + _way_layers(ways, drawn["language"]), drawn, target, options)


def _command(options: Namespace) -> str:
    return shlex.join(["araxes", *options.asked])


def _page(found: list[Any], drawn: dict[str, Any], target: Path, options: Namespace) -> None:
    """Write an interactive map."""
    from maps.web.interactive import interactive, save

    if options.tolerance is not None:
        from maps.layers.build import layers
        from maps.layers.simplify import thinned

        found = thinned(layers(found, language=drawn["language"]), options.tolerance)
    page = interactive(*found, **drawn)
    if options.tiles:
        from maps.web.tiles import background

        background(page, options.tiles)
    save(page, target, command=_command(options))
    print(f"wrote {target}  {target.stat().st_size / 1000:,.0f} kB")


def _figure(things: list[Any], drawn: dict[str, Any], target: Path, options: Namespace) -> None:
    """Write a figure and its caption."""
    from borders.files.atomic import check_free
    from maps.print.figure import beside, save_caption, save_figure, static

    check_free(target, beside(target))
    width = options.width or "180"
    figure = static(*things, width=width, equal_area=options.equal_area, **drawn)
    save_figure(figure, target)
    caption = save_caption(figure, target, command=_command(options))
    if figure.missing:
        letters = "".join(sorted(figure.missing))
        print(f"araxes: the font lacks '{letters}'; boxes stand for them", file=sys.stderr)
    print(f"wrote {target} and {caption}")


def _exists(thing: Any, day: date) -> bool:
    dated = hasattr(thing, "to_gdf")
    return not dated or len(thing.to_gdf(on=day)) > 0


def _title(found: list[Any], ways: Ways | None, language: str) -> str:
    from maps.i18n import right_to_left, word

    if len(found) == 1 and not ways:
        one = found[0]
        # A table may have a column called name; its own name is in its attributes.
        if hasattr(one, "attrs"):
            return str(one.attrs.get("name", "Araxes"))
        return str(one.names.get(language) or one.name)
    if ways and not found:
        from maps.web.comparison import ends

        names = [one.names.get(language) or one.name for one in ways.scenarios]
        pairs = dict.fromkeys((row.origin, row.destination) for row in ways.compared)
        between = f"{'؛' if right_to_left(language) else ';'} "
        return between.join([ends(pair, language) for pair in pairs] or names)
    return word("figure-systems", language)
