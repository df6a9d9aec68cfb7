"""The command that draws: map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, visible
from maps.cli.commands import Command
from maps.cli.messages import complain, quiet_matplotlib
from maps.cli.options import (
    FIGURES,
    PAGES,
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
    refuse_suffix,
    tell_crossing,
    warn_after_data,
    whole_number,
    word_of,
)
from maps.progress import bar, waiting

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from datetime import date

    from borders.terrain.elevation import Terrain
    from corridors.analysis.compare import Row
    from maps.layers.model import Layer
    from maps.print.panels import Panel
    from maps.print.projection import Bounds
    from maps.web.comparison import RouteComparison

__all__ = ["MAP", "MapRequest"]

# A title names so many things one by one.
_MOST_NAMES = 3


# Dots per inch of a PNG: fewer could not be read, more would fill the memory.
_LEAST_DPI, _MOST_DPI = 50, 1200


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
    """How a figure looks.

    Parameters
    ----------
    width : a page format: 85, 120, 180 or slide.
    equal_area : whether its projection keeps areas.
    font : a font file or an installed family; None for the letters that come with matplotlib.
    dpi : dots per inch of a PNG.
    outlines : whether the letters of an SVG are outlines.
    panels : None for one map; days, for a map of each; empty for a map of each thing, or of each
        scenario.
    legs : whether a table of a border's legs stands below the map.
    """

    width: str
    equal_area: bool
    font: str | None = None
    dpi: int = 300
    outlines: bool = False
    panels: tuple[date, ...] | None = None
    legs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRequest:
    """A map that is to be drawn, as a page or a figure.

    Parameters
    ----------
    things : borders, corridors and tables.
    comparison : the network and its ways, if the map shows any.
    bounds : what the map begins with; None for all that it holds.
    title : None for the names of what it shows; empty for a figure without one.
    dem : an elevation model, under the lines of a page or as the relief of a figure.
    style : a file whose entries replace some of the style table.
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
    style: str | None
    command: str
    dem: str | None = None


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
    parser.add_argument(
        "--flows", action="store_true",
        help="published lorries a day and tonnes a year, by the width of points and lines",
    )  # fmt: skip
    add_language(parser)
    parser.add_argument(
        "--title", metavar="TEXT", help='title of the map; "" draws none on a figure'
    )
    parser.add_argument(
        "--extent", metavar="W,S,E,N", help="what the map shows, in degrees (default: all of it)"
    )
    parser.add_argument(
        "--style", metavar="FILE", help="a TOML file of colours and widths for the map"
    )
    parser.add_argument(
        "--width",
        metavar="MM",
        help="of a figure: 85, 120 or 180 mm, or slide, 16:9 (default: 180)",
    )
    parser.add_argument(
        "--equal-area", action="store_true", help="of a figure: equal-area, not conformal"
    )
    parser.add_argument(
        "--panels", nargs="?", const="", metavar="DAYS",
        help="of a figure: small maps side by side, one a thing or a scenario, or one a day: "
        "2020-11-10,2023-04-23",
    )  # fmt: skip
    parser.add_argument(
        "--legs", action="store_true", help="of a figure of one border: a table of its legs below"
    )
    parser.add_argument(
        "--font", metavar="FONT", help="of a figure: a .ttf or .otf file, or an installed family"
    )
    parser.add_argument(
        "--dpi", type=whole_number, metavar="N", help="of a PNG: dots per inch (default: 300)"
    )
    parser.add_argument(
        "--text", type=word_of("text", "outlines"), metavar="HOW",
        help="of an SVG: letters as text, or as outlines (default: text)",
    )  # fmt: skip
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
    from borders.files.bundle import BUNDLED
    from maps.layers.model import REGION

    target = Path(options.out)
    look = _read_look(target, options)
    # With `all`, pipelines to the far west would shrink the rest of a figure, which still holds all
    # of each; a page opens on what it switches on, and a study that stands alone lies elsewhere.
    whole = options.things == ["all"] and isinstance(look, FigureLook) and BUNDLED.shows
    region = REGION if whole else None
    _refuse_idle(options)
    day = read_day(options)
    comparison = _read_comparison(options, day)
    if day is not None and comparison is None:
        warn_after_data(day)
    return MapRequest(
        target=target,
        look=look,
        on=day,
        language=read_language(options),
        things=_read_drawn(options, comparison),
        comparison=comparison,
        bounds=_read_extent(options.extent) or region,
        title=options.title,
        style=options.style,
        dem=options.dem,
        command=command_line(options),
    )


def _read_look(target: Path, options: Namespace) -> PageLook | FigureLook:
    """Return the look of what a file can hold, and refuse options of the other kind."""
    suffix = target.suffix.lower()
    refuse_suffix(str(target), (*PAGES, *FIGURES))
    if suffix == ".html":
        if options.width or options.equal_area:
            message = f"{target}: --width and --equal-area are for figures: .png, .svg or .pdf"
            raise AraxesError(message)
        if options.legs:
            message = f"{target}: --legs is for figures: .png, .svg or .pdf; a page lists the legs"
            raise AraxesError(message)
        for name in ("panels", "font", "dpi", "text"):
            if getattr(options, name) is not None:
                message = f"{target}: --{name} is for figures: .png, .svg or .pdf"
                raise AraxesError(message)
        return PageLook(tiles=options.tiles, tolerance_m=options.tolerance)
    if options.tiles or options.tolerance is not None:
        message = f"{target}: --tiles and --tolerance are for pages: .html"
        raise AraxesError(message)
    if options.dpi is not None and suffix != ".png":
        message = f"{target}: --dpi is for .png; an SVG and a PDF have no dots"
        raise AraxesError(message)
    if options.text is not None and suffix != ".svg":
        message = f"{target}: --text is for .svg; the letters of a PDF are text"
        raise AraxesError(message)
    if options.legs and options.panels is not None:
        message = "--legs and --panels exclude each other; leave one out"
        raise AraxesError(message)
    dpi = 300 if options.dpi is None else options.dpi
    if not _LEAST_DPI <= dpi <= _MOST_DPI:
        message = f"--dpi is {dpi}; give {_LEAST_DPI} to {_MOST_DPI} dots per inch"
        raise AraxesError(message)
    return FigureLook(
        width=options.width or "180", equal_area=options.equal_area, font=options.font, dpi=dpi,
        outlines=options.text == "outlines", panels=_read_panels(options), legs=options.legs,
    )  # fmt: skip


def _read_panels(options: Namespace) -> tuple[date, ...] | None:
    """Return the days of --panels, empty if it names none, None if it is not given."""
    from borders.dates import parse_date

    if options.panels is None:
        return None
    days = tuple(parse_date(day.strip()) for day in options.panels.split(",") if day.strip())
    if days and options.on:
        message = "--on and the days of --panels exclude each other; leave one out"
        raise AraxesError(message)
    if days and _shows_network(options):
        message = "--panels with days is for borders and corridors; leave --scenario and --pair out"
        raise AraxesError(message)
    return days


def _read_extent(text: str | None) -> Bounds | None:
    """Return west, south, east and north of --extent, None if it is not given."""
    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        message = f"--extent is '{text}'; write four degrees with commas: 43,38.5,49,42"
        raise AraxesError(message) from None
    # An extent over the meridian of 180° has its west in the east.
    if not (-180 <= west <= 180 and -180 <= east <= 180 and west != east):
        message = f"--extent is '{text}'; its longitudes must differ and lie from -180 to 180"
        raise AraxesError(message)
    if not -90 <= south < north <= 90:
        message = f"--extent is '{text}'; its south must lie below its north, from -90 to 90"
        raise AraxesError(message)
    return west, south, east, north


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


def _read_drawn(options: Namespace, comparison: Comparison | None) -> tuple[Any, ...]:
    """Return the borders, corridors and files that a map is to show.

    Corridors follow the real courses that their links have in a network of the user's own.
    """
    from borders.compiler.resolve import boundary

    things = read_things(options.things) if options.things else []
    things += [boundary(Path(file)) for file in options.treaty or ()]
    things = on_terrain(things, options.dem)
    if comparison is not None and options.network is not None:
        from corridors.network.corridor_course import on_network

        things = [on_network(thing, comparison.network) for thing in things]
    if options.flows:
        from maps.layers.flows import flow_layers

        things += flow_layers(read_network(options))
    return tuple(things)


def _read_comparison(options: Namespace, day: date | None) -> Comparison | None:
    """Return the network, the scenarios and the pairs that a map is to show, if it shows any."""
    if not _shows_network(options):
        return None
    terms, network = read_terms(options), read_network(options)
    scenarios = read_scenarios(options.scenario or ["status-quo"], options, day, network)
    pairs = tuple(read_pair(text) for text in options.pair or ())
    return Comparison(pairs=pairs, scenarios=scenarios, terms=terms, network=network)


def run_map(request: MapRequest) -> None:
    """Write a map or a figure."""
    from maps.style import read_style, styled

    ways = None if request.comparison is None else _ways(request.comparison)
    _refuse_nothing(request)
    with styled({} if request.style is None else read_style(request.style)):
        with waiting("drawing"):
            if isinstance(request.look, PageLook):
                line = _page(request, request.look, ways)
            else:
                line = _figure(request, request.look, ways)
        print(visible(line))
    tell_crossing(request.things)
    from maps.layers.main_links import main_links, main_part

    remarks = [main_part(thing)[1] for thing in request.things]
    if ways is not None and ways.network is not None:
        modes = (ways.terms and ways.terms.modes) or ("rail", "road", "ferry")
        remarks.append(main_links(ways.network.links, modes).remark)
    for remark in filter(None, dict.fromkeys(remarks)):
        complain(f"{remark}; `araxes export NETWORK` writes all of them")


def _ways(comparison: Comparison) -> RouteComparison:
    """Return the ways of a comparison, with a line to the user for each that there is not."""
    from corridors.analysis.compare import compare
    from maps.web.comparison import RouteComparison

    pairs, scenarios = comparison.pairs, comparison.scenarios
    terms, network = comparison.terms, comparison.network
    rows: list[Row] = []
    if pairs:
        with bar("scenarios") as step:
            rows = compare(pairs, scenarios, terms=terms, network=network, progress=step)
    for row in rows:
        if row.way is None:
            complain(f"{row.reason.partition(':')[0]}; `araxes route` says why")
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
    from corridors.network.network import Network

    # The links of a network are there on any day; a table of a million would take long.
    drawn = hasattr(thing, "to_gdf") and not isinstance(thing, Network)
    return not drawn or len(thing.to_gdf(on=day)) > 0


def _page(request: MapRequest, look: PageLook, ways: RouteComparison | None) -> str:
    """Write an interactive map; return the line that says so."""
    from borders.gazetteer.places import LANGUAGES
    from maps.web.interactive import interactive, save

    # A page always has a title, by which a browser knows it.
    named = request if request.title else replace(request, title=None)
    titles = {code: _title(named, ways, code) for code in LANGUAGES}
    page = interactive(
        *request.things,
        title=titles,
        language=request.language,
        on=request.on,
        bounds=request.bounds,
        ways=ways,
        tolerance_m=look.tolerance_m,
    )
    if look.tiles:
        from maps.web.tiles import background

        background(page, look.tiles)
    if request.dem:
        from borders.terrain.elevation import read_dem
        from maps.web.relief import add_relief, surroundings

        add_relief(page, read_dem(request.dem, bounds=surroundings(page.extent)))
    target = request.target
    save(page, target, command=request.command)
    return f"wrote {target}  {target.stat().st_size / 1000:,.0f} kB"


def _figure(request: MapRequest, look: FigureLook, ways: RouteComparison | None) -> str:
    """Write a figure and its caption; return the line that says so."""
    from borders.files.atomic import check_free

    quiet_matplotlib()
    from maps.print.figure import beside, save_with_caption, static
    from maps.print.sheet import page_format

    target, language = request.target, request.language
    check_free(target, beside(target))
    common: dict[str, Any] = {
        "title": _title(request, ways, language), "language": language, "bounds": request.bounds,
        "width": page_format(look.width, font=look.font), "equal_area": look.equal_area,
    }  # fmt: skip
    request = replace(request, things=(*request.things, *_relief(request, ways)))
    if look.panels is None:
        things = [*request.things, *_way_layers(ways, language)]
        figure = static(*things, on=request.on, legs=look.legs, **common)
    else:
        from maps.print.panels import panels

        figure = panels(_panels(request, look.panels, ways), **common)
    caption = save_with_caption(
        figure, target, command=request.command, dpi=look.dpi, outlines=look.outlines
    )
    if figure.missing:
        letters = "".join(sorted(figure.missing))
        complain(f"the font lacks '{letters}'; boxes stand for them")
    return f"wrote {target} and {caption}"


def _relief(request: MapRequest, ways: RouteComparison | None) -> list[Terrain]:
    """Return the elevation model of --dem around what is drawn, if one is given."""
    if request.dem is None:
        return []
    from borders.terrain.elevation import read_dem
    from maps.layers.build import layers
    from maps.layers.model import bounds_of

    drawn = layers((*request.things, *_way_layers(ways, request.language)))
    west, south, east, north = request.bounds or bounds_of(drawn)
    # A frame is wider or higher than what it shows.
    reach = max(east - west, north - south, 0.1)
    around = west - reach, max(south - reach, -90.0), east + reach, min(north + reach, 90.0)
    return [read_dem(request.dem, bounds=around)]


def _panels(
    request: MapRequest, days: tuple[date, ...], ways: RouteComparison | None
) -> list[Panel]:
    """Return the maps of --panels: one a day, a scenario, or a thing."""
    from maps.i18n import day as written, scenario_name
    from maps.print.panels import Panel

    language, things = request.language, request.things
    if days:
        return [Panel(title=written(day, language), things=things, on=day) for day in days]
    if ways is not None:
        from maps.layers.routes import route_layers

        several = []
        for scenario in ways.scenarios:
            routes = [row.way for row in ways.compared if row.scenario is scenario and row.way]
            name = scenario_name(scenario, language)
            shown = (*things, *route_layers(routes, language))
            several.append(Panel(title=name, things=shown, on=request.on))
        return several
    from borders.terrain.elevation import Terrain

    ground = tuple(thing for thing in things if isinstance(thing, Terrain))
    return [
        Panel(
            title=_title(replace(request, things=(thing,), title=None), None, language),
            things=(thing, *ground),
            on=request.on,
        )
        for thing in things
        if not isinstance(thing, Terrain)
    ]


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
    """Return the title that was asked for, or the names of what is drawn, unless they are many."""
    from maps.i18n import right_to_left, word
    from maps.layers.model import Layer

    if request.title is not None:
        return request.title
    things = [thing for thing in request.things if not isinstance(thing, Layer)]
    if request.things and not things and ways is None:
        return "Published flows"
    between = f"{'؛' if right_to_left(language) else ';'} "
    names = [_name(thing, language) for thing in things]
    if len(names) > _MOST_NAMES:
        # A page opens on the ways compared; a figure shows everything.
        if ways is None or not ways.compared or not isinstance(request.look, PageLook):
            return word("figure-systems", language)
        names = []
    if ways is None:
        return between.join(names)
    from maps.web.comparison import ends

    # A figure has no table that says where there is no way.
    on_page = isinstance(request.look, PageLook)
    drawn = [row for row in ways.compared if on_page or row.way] or ways.compared
    pairs = dict.fromkeys((row.origin, row.destination) for row in drawn)
    scenarios = [scenario.names.get(language) or scenario.name for scenario in ways.scenarios]
    routes = between.join(ends(pair, language) for pair in pairs)
    # The caption of a figure says the scenario of each route.
    if not routes or on_page:
        routes = ": ".join(filter(None, [routes, between.join(scenarios)]))
    return between.join([*names, routes])


def _name(thing: Any, language: str) -> str:
    """Return the name of a border, a corridor or a table."""
    # A table may have a column called name; its own name is in its attributes.
    if hasattr(thing, "attrs"):
        return str(thing.attrs.get("name", "Araxes"))
    return str(getattr(thing, "names", {}).get(language) or thing.name)


MAP = Command(map_arguments, read_map, run_map)
