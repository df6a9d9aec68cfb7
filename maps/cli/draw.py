"""The commands that draw: map, gallery, report."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, FileFormatError
from maps.cli.commands import Command
from maps.cli.options import (
    Comparison,
    add_dem,
    add_language,
    add_scenarios,
    add_terms,
    add_things,
    command_line,
    number,
    on_terrain,
    read_day,
    read_language,
    read_network,
    read_pair,
    read_scenarios,
    read_terms,
    read_things,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from datetime import date

    from maps.layers.model import Layer
    from maps.print.projection import Bounds
    from maps.web.comparison import RouteComparison

__all__ = ["GALLERY", "MAP", "REPORT", "GalleryRequest", "MapRequest", "ReportRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLook:
    """How a page looks.

    Parameters
    ----------
    tiles : a background from the internet: ``osm`` or the template of an address.
    tolerance_m : how far lines may be simplified.
    """

    tiles: str | None
    tolerance_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLook:
    """How a figure looks: its width, and whether its projection keeps areas."""

    width: str
    equal_area: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRequest:
    """A map that is to be drawn, as a page or a figure.

    Parameters
    ----------
    things : borders, corridors and tables.
    comparison : the network and its ways, if the map shows any.
    bounds : what the map begins with; None for all that it holds.
    title : None for the names of what it shows.
    command : the command as it was typed, for the page or the caption.
    """

    target: Path
    look: PageLook | FigureLook
    things: tuple[Any, ...]
    comparison: Comparison | None
    on: date | None
    language: str
    bounds: Bounds | None
    title: str | None
    command: str


def map_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes map`."""
    add_things(parser, nargs="*")
    parser.add_argument(
        "--treaty", action="append", metavar="FILE", help="a treaty of your own (repeatable)"
    )
    parser.add_argument(
        "--pair", action="append", metavar="FROM:TO", help="ways between two places (repeatable)"
    )
    add_scenarios(parser, default="status-quo")
    add_terms(parser)
    add_language(parser)
    parser.add_argument("--title", metavar="TEXT", help="title of the map")
    parser.add_argument(
        "--width", metavar="MM", help="of a figure: 85, 120 or 180 mm, or slide, 16:9 (180)"
    )
    parser.add_argument(
        "--equal-area", action="store_true", help="of a figure: equal-area, not conformal"
    )
    parser.add_argument(
        "--tiles", nargs="?", const="osm", metavar="URL",
        help="of a page: a background from the internet, OpenStreetMap's or that of a template "
        "with {z}, {x} and {y}",
    )  # fmt: skip
    parser.add_argument(
        "--tolerance", type=number, metavar="M", help="of a page: simplify lines to M metres"
    )
    parser.add_argument("--out", required=True, metavar="FILE", help=".html, .png, .svg or .pdf")
    add_dem(parser)


def read_map(options: Namespace) -> MapRequest:
    """Return the request of `araxes map`; what is cheap to refuse is refused first."""
    from maps.layers.model import REGION

    target = Path(options.out)
    look = _read_look(target, options)
    _refuse_idle(options)
    day = read_day(options)
    return MapRequest(
        target=target,
        look=look,
        on=day,
        language=read_language(options),
        things=_read_drawn(options),
        comparison=_read_comparison(options, day),
        # Pipelines to the far west would shrink the rest; the map still holds all of each.
        bounds=REGION if options.things == ["all"] else None,
        title=options.title or None,
        command=command_line(options),
    )


def _read_look(target: Path, options: Namespace) -> PageLook | FigureLook:
    """Return the look of what a file can hold, and refuse options of the other kind."""
    suffix = target.suffix.lower()
    if suffix not in (".html", ".png", ".svg", ".pdf"):
        what = f"'{suffix}'" if suffix else "a file without a suffix"
        message = f"{target}: cannot draw {what}; use .html, .png, .svg or .pdf"
        raise FileFormatError(message)
    if suffix == ".html":
        if options.width or options.equal_area:
            message = f"{target}: --width and --equal-area are for figures: .png, .svg or .pdf"
            raise AraxesError(message)
        return PageLook(tiles=options.tiles, tolerance_m=options.tolerance)
    if options.tiles or options.tolerance is not None:
        message = f"{target}: --tiles and --tolerance are for pages: .html"
        raise AraxesError(message)
    return FigureLook(width=options.width or "180", equal_area=options.equal_area)


def _shows_network(options: Namespace) -> bool:
    return bool(options.pair or options.scenario or options.network)


def _refuse_idle(options: Namespace) -> None:
    """Refuse options of ways and of a network where the map shows none."""
    if not options.pair and (options.by != "km" or options.avoid):
        message = "--by and --avoid choose a way; give its ends with --pair FROM:TO, or leave them"
        raise AraxesError(message + " out")
    if not _shows_network(options) and (options.modes or options.users != "freight"):
        message = "--modes and --users are of a network; add --scenario or --pair, or leave them"
        raise AraxesError(message + " out")


def _read_drawn(options: Namespace) -> tuple[Any, ...]:
    """Return the borders, corridors and files that a map is to show."""
    from borders.compiler.resolve import boundary

    things = read_things(options.things) if options.things else []
    things += [boundary(Path(file)) for file in options.treaty or ()]
    return tuple(on_terrain(things, options.dem))


def _read_comparison(options: Namespace, day: date | None) -> Comparison | None:
    """Return the network, the scenarios and the pairs that a map is to show, if it shows any."""
    if not _shows_network(options):
        return None
    terms, network = read_terms(options), read_network(options)
    scenarios = read_scenarios(options.scenario or ["status-quo"], options, day)
    pairs = tuple(read_pair(text) for text in options.pair or ())
    return Comparison(pairs=pairs, scenarios=scenarios, terms=terms, network=network)


def run_map(request: MapRequest) -> None:
    """Write a map or a figure."""
    ways = None if request.comparison is None else _ways(request.comparison)
    _refuse_nothing(request)
    if isinstance(request.look, PageLook):
        _page(request, request.look, ways)
    else:
        _figure(request, request.look, ways)


def _ways(comparison: Comparison) -> RouteComparison:
    """Return the ways of a comparison, with a line to the user for each that there is not."""
    from corridors.analysis.compare import compare
    from maps.web.comparison import RouteComparison

    pairs, scenarios = comparison.pairs, comparison.scenarios
    terms, network = comparison.terms, comparison.network
    rows = compare(pairs, scenarios, terms=terms, network=network) if pairs else []
    for row in rows:
        if row.way is None:
            print(
                f"araxes: {row.reason.partition(':')[0]}; `araxes route` says why", file=sys.stderr
            )
    return RouteComparison(network=network, scenarios=scenarios, compared=rows, terms=terms)


def _refuse_nothing(request: MapRequest) -> None:
    """Refuse to draw nothing, or what did not exist yet or any more."""
    if request.comparison is not None:
        return
    if not request.things:
        message = "nothing to draw; give an id, a file, --scenario, --pair or --network"
        tiles = request.look.tiles if isinstance(request.look, PageLook) else None
        if tiles not in (None, "osm"):
            message += f"; '{tiles}' was read as the address of --tiles: put ids before --tiles"
        raise AraxesError(message)
    day = request.on
    if day is not None and not any(_exists(thing, day) for thing in request.things):
        message = f"nothing to draw: none of these existed on {day}; try another --on"
        raise AraxesError(message)


def _exists(thing: Any, day: date) -> bool:
    return not hasattr(thing, "to_gdf") or len(thing.to_gdf(on=day)) > 0


def _page(request: MapRequest, look: PageLook, ways: RouteComparison | None) -> None:
    """Write an interactive map."""
    from borders.gazetteer.places import LANGUAGES
    from maps.web.interactive import interactive, save

    things: list[Any] = list(request.things)
    day, bounds, language = request.on, request.bounds, request.language
    if look.tolerance_m is not None:
        from maps.layers.build import layers
        from maps.layers.simplify import simplified_layers

        things = simplified_layers(layers(things, language=language), look.tolerance_m)
    titles = {code: _title(request, ways, code) for code in LANGUAGES}
    page = interactive(*things, title=titles, language=language, on=day, bounds=bounds, ways=ways)
    if look.tiles:
        from maps.web.tiles import background

        background(page, look.tiles)
    target = request.target
    save(page, target, command=request.command)
    print(f"wrote {target}  {target.stat().st_size / 1000:,.0f} kB")


def _figure(request: MapRequest, look: FigureLook, ways: RouteComparison | None) -> None:
    """Write a figure and its caption."""
    from borders.files.atomic import check_free
    from maps.print.figure import beside, save_caption, save_figure, static

    target, language = request.target, request.language
    things = [*request.things, *_way_layers(ways, language)]
    check_free(target, beside(target))
    figure = static(
        *things,
        title=_title(request, ways, language),
        language=language,
        on=request.on,
        bounds=request.bounds,
        width=look.width,
        equal_area=look.equal_area,
    )
    save_figure(figure, target)
    caption = save_caption(figure, target, command=request.command)
    if figure.missing:
        letters = "".join(sorted(figure.missing))
        print(f"araxes: the font lacks '{letters}'; boxes stand for them", file=sys.stderr)
    print(f"wrote {target} and {caption}")


def _way_layers(ways: RouteComparison | None, language: str) -> list[Layer]:
    """Return the ways and the network as a figure draws them."""
    if ways is None or ways.network is None:
        return []
    from maps.layers.network import comparison_layers, network_layers

    layers = comparison_layers(ways.compared, language=language)
    return layers + network_layers(
        ways.network, ways.scenarios, terms=ways.terms, language=language
    )


def _title(request: MapRequest, ways: RouteComparison | None, language: str) -> str:
    """Return the title that was asked for, or the names of what is drawn."""
    from maps.i18n import right_to_left, word

    if request.title is not None:
        return request.title
    things = request.things
    if len(things) == 1 and ways is None:
        (thing,) = things
        # A table may have a column called name; its own name is in its attributes.
        if hasattr(thing, "attrs"):
            return str(thing.attrs.get("name", "Araxes"))
        return str(thing.names.get(language) or thing.name)
    if ways is not None and not things:
        from maps.web.comparison import ends

        names = [scenario.names.get(language) or scenario.name for scenario in ways.scenarios]
        pairs = dict.fromkeys((row.origin, row.destination) for row in ways.compared)
        between = f"{'؛' if right_to_left(language) else ';'} "
        return between.join([ends(pair, language) for pair in pairs] or names)
    return word("figure-systems", language)


MAP = Command(map_arguments, read_map, run_map)


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryRequest:
    """A folder for the figures of the gallery, and how they look."""

    out: str
    language: str
    form: str
    width: str
    command: str


def gallery_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes gallery`."""
    parser.add_argument("--out", required=True, metavar="DIR", help="folder to write to")
    add_language(parser)
    parser.add_argument("--format", default="png", metavar="FORM", help="png, svg or pdf (png)")
    parser.add_argument(
        "--width", default="180", metavar="MM", help="85, 120 or 180 mm, or slide, 16:9 (180)"
    )


def read_gallery(options: Namespace) -> GalleryRequest:
    """Return the request of `araxes gallery`."""
    return GalleryRequest(
        out=options.out,
        language=read_language(options),
        form=options.format,
        width=options.width,
        command=command_line(options),
    )


def run_gallery(request: GalleryRequest) -> None:
    """Write the figures of the gallery, their captions and a page that shows them."""
    from maps.report.gallery import gallery

    language, form, width = request.language, request.form, request.width
    paths = gallery(request.out, language=language, form=form, width=width, command=request.command)
    for path in paths:
        print(f"{path}  {path.stat().st_size / 1000:,.0f} kB")


GALLERY = Command(gallery_arguments, read_gallery, run_gallery)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """A folder for the report, and its language."""

    out: str
    language: str


def report_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes report`."""
    parser.add_argument("--out", default="out", metavar="DIR", help="folder to write to (out)")
    parser.add_argument(
        "--lang",
        default="en",
        metavar="CODE",
        help="language of the names: en, tr, az, hy, ka, ru or fa (en)",
    )


def read_report(options: Namespace) -> ReportRequest:
    """Return the request of `araxes report`."""
    return ReportRequest(out=options.out, language=read_language(options))


def run_report(request: ReportRequest) -> None:
    """Write the report and print its table."""
    from maps.report.report import report

    report(request.out, language=request.language)


REPORT = Command(report_arguments, read_report, run_report)
