"""Interactive maps: `interactive(*things)` returns a folium map that works without the internet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import shapely

from borders.compiler.boundary import Boundary
from borders.dates import parse_date
from borders.errors import FileFormatError, GeometryError
from borders.files.atomic import suffix_of, write_bytes, write_text
from borders.files.catalogue import attributions
from borders.files.features import Drawable
from borders.gazetteer.places import LANGUAGES
from borders.measure import Z95
from corridors.network.load import known_until
from maps.i18n import interval_km, of_pages, phrases, words
from maps.layers.build import layers
from maps.layers.model import Layer, Shape, bounds_of, brought_places, cited, named, place_sources
from maps.layers.seam import eastwards, joined_at_seam, layers_joined_at_seam, turned
from maps.layers.simplify import simplified_layers
from maps.style import BASEMAP, BASEMAP_DARK, CHANGES, DASHES, Style, style
from maps.web.basemap import base_sources, basemap_layers
from maps.web.comparison import RouteComparison
from maps.web.document import DataBlock, WebPage, html, scripts
from maps.web.first_view import at_first, presets
from maps.web.packing import text_json, varints
from maps.web.page_days import page_days
from maps.web.payload import Payload, texts_in
from maps.web.routing_data import MOST_LINKS
from maps.web.search_index import anchors, gazetteer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import geopandas

    from maps.print.sheet import Sheet

__all__ = ["Drawable", "interactive", "save"]

# The nearest zoom of any page, and half the widest band of error in pixels that it is good for.
_MAX_ZOOM, _WIDEST_BAND_PX = 17.0, 160
# Pages with more packed data take too long to open.
MAX_MB = 15
# The languages of a page, each by its own name.
_SPELLED = (
    ("en", "English"), ("tr", "Türkçe"), ("az", "Azərbaycanca"), ("hy", "Հայերեն"),
    ("ka", "ქართული"), ("ru", "Русский"), ("fa", "فارسی"),
)  # fmt: skip


# The language of citations, of notes and of what treaties say in our data.
_WRITTEN = "en"


def interactive(
    *things: Drawable | Layer | geopandas.GeoDataFrame | geopandas.GeoSeries,
    title: str | Mapping[str, str] = "Araxes",
    language: str = "en",
    on: date | str | None = None,
    bounds: tuple[float, float, float, float] | None = None,
    ways: RouteComparison | None = None,
    tolerance_m: float | None = None,
) -> WebPage:
    """Return a folium map of any things; it asks the network for nothing.

    The page has a legend that switches layers, a search, a day to set, seven languages, and, where
    ways are compared, the table of them with a picker of scenarios.

    Parameters
    ----------
    things : borders, corridors, anything with ``to_gdf()`` (`Drawable`), or GeoDataFrames and
        GeoSeries in EPSG:4326, which the legend calls by their ``attrs["name"]``; layers as they
        are.
    title : one for all languages, or language → title; a language that it lacks has the English
        one, or else the first.
    language : at first: en, tr, az, hy, ka, ru or fa.
    on : as things stood on this day; the reader can choose another.
    bounds : west, south, east, north to show first; all that is switched on then, if missing.
    ways : a network, scenarios and ways compared, with a table and a picker.
    tolerance_m : lines are simplified, all together, so that none moves farther; not, if missing.

    Raises
    ------
    CRSError, SchemaError, GeometryError : a table is not what `corridors.table` takes.
    GeometryError : what is to be drawn is more than a page can hold; says what to do.

    Examples
    --------
    >>> from corridors import corridor
    >>> page = interactive(corridor("lachin-2020"), title="Lachin")
    >>> page.title
    'Lachin'
    """
    day = None if on is None else parse_date(on)
    drawn = list(layers(things, language=language))
    ways = ways or RouteComparison()
    drawn += ways.layers()
    drawn = layers_joined_at_seam([*drawn, *_bands(things, language)])
    if tolerance_m is not None:
        drawn = simplified_layers(drawn, tolerance_m)
    payload = Payload()
    keyed = _keyed(drawn)
    offered = presets(keyed, ways.compared)
    opened = at_first(keyed, ways.compared)
    for key, layer in opened:
        payload.add(layer, key=key)
    payload.add(_places(), key="places", quiet=True)
    shown = [layer for _, layer in opened if layer.show] or drawn
    west, south, east, north = eastwards(bounds) if bounds else _extent(shown, ways)
    # On a page across the meridian of 180° all is on the side on which its subject is.
    middle = (west + east) / 2 if east > 180 else None
    base = basemap_layers((west, south, east, north), reach=_extent(drawn, ways))
    for layer in base:
        payload.add(_near(layer, middle), key=layer.id, quiet=True)
    sources = dict.fromkeys((*cited(drawn), *(base_sources() if base else ())))
    routing = ways.routing()
    large = 0 if routing else ways.only_drawn()
    first, last = page_days()
    served = frozenset(row[0] for row in routing["places"]) if routing else frozenset()
    found = gazetteer(
        (west, south, east, north), served, brought_places(drawn), middle, bundled=bool(base)
    )
    between = ways.between_nodes(found) if routing else None
    if routing and between:
        routing |= {"named": between[0]}
    facts = {
        "page": {
            "language": language, "languages": _SPELLED, "written": _WRITTEN,
            "on": day and day.isoformat(),
            "first": str(first), "last": str(last), "known": str(known_until()),
            "bounds": [[south, west], [north, east]],
            "titles": None if isinstance(title, str) else _titles(title),
            "attributions": attributions(sources), "states": _states(drawn), "ways_on": ways.on(),
            "tolerance": max((layer.tolerance_m for layer in drawn), default=0),
            "dark": {BASEMAP[key]: colour for key, colour in BASEMAP_DARK.items()},
            "nearest": _nearest(drawn),
            "only_drawn": [large, MOST_LINKS] if large else None,
            "presets": [[f"preset-{name}", keys] for name, keys in offered.items()],
        },
        "states": DASHES,
        "places": found,
        "anchors": anchors(middle),
        "changes": {key: {"c": line.colour, "w": line.width} for key, line in CHANGES.items()},
        **ways.facts(),
    }  # fmt: skip
    said = {*payload.texts(), *texts_in(facts), *texts_in(routing)}
    parts = [*(["network"] if routing else []), *(["courses"] if between else [])]
    facts["words"] = of_pages(scripts(parts), said)
    data = DataBlock(
        *payload.blocks(facts), network=text_json(routing) if routing else b"",
        courses=varints(between[1]) if between else b"",
    )  # fmt: skip
    _check_size(data)
    page = WebPage(
        _title(title, language),
        subtitle=words()["ui-hint"][language], language=language,
        sources=[*attributions([*sources, "noto-sans"]), *payload.cited()],
        contents=[*_contents(drawn), *ways.contents(language)],
    )  # fmt: skip
    page.has_land = bool(base)
    page.add_child(data)
    page.extent = (west, south, east, north)
    page.layers = {key: bounds_of([layer]) for key, layer in keyed if layer.shapes}
    page.scenarios = ways.scenario_ids()
    return page


def _titles(title: Mapping[str, str]) -> dict[str, str]:
    """Return the title in every language of the page."""
    return {code: _title(title, code) for code, _ in _SPELLED}


def _title(title: str | Mapping[str, str], language: str) -> str:
    if isinstance(title, str):
        return title
    return title.get(language) or title.get("en") or next(iter(title.values()), "Araxes")


def _extent(drawn: Sequence[Layer], ways: RouteComparison) -> tuple[float, float, float, float]:
    """Return west, south, east, north of what the page is about."""
    subject = [shape.geometry for layer in drawn if not layer.backdrop for shape in layer.shapes]
    subject += ways.lines()
    if not subject:
        filled = [layer for layer in drawn if layer.shapes]
        return bounds_of(filled) if filled else (40, 38, 50, 42)
    west, south, east, north = map(float, shapely.total_bounds(joined_at_seam(subject)))
    return west, south, east, north


def _nearest(drawn: Sequence[Layer]) -> float:
    """Return the zoom beyond which nothing more is known of any line.

    There the band of the best known line is as wide as a small map.
    """
    from math import cos, log2, pi, radians

    from borders.geodesy.earth import SEMI_MAJOR_M

    # A crossing lies on a line that counts already.
    lines = [shape for layer in drawn for shape in layer.shapes
             if not layer.backdrop or layer.group != "borders"]  # fmt: skip
    errors = [Z95 * shape.position_sigma_m for shape in lines if not _is_area(shape)]
    if not errors or min(errors) == 0:
        return _MAX_ZOOM
    metres_per_pixel = min(errors) / _WIDEST_BAND_PX
    zoom = log2(2 * pi * SEMI_MAJOR_M * cos(radians(40)) / 256 / metres_per_pixel)
    return min(_MAX_ZOOM, float(round(4 * zoom) / 4))


def _is_area(shape: Shape) -> bool:
    return bool(shapely.get_dimensions(shape.geometry) == 2)


def _contents(drawn: Sequence[Layer]) -> list[str]:
    """Return the names of the layers, with their lengths where they have one."""
    lines = []
    for layer in drawn:
        measure = next((s.measure for s in layer.shapes if s.measure), None)
        measured = measure is not None and not layer.backdrop
        lines.append(
            f"{layer.name}: {interval_km(measure)}" if measured and measure else layer.name
        )
    return lines


def _keyed(drawn: Sequence[Layer]) -> list[tuple[str, Layer]]:
    """Return the layers with ids that are their own on this page."""
    count: dict[str, int] = {}
    keyed = []
    for layer in drawn:
        n = count[layer.id] = count.get(layer.id, 0) + 1
        keyed.append((layer.id if n == 1 else f"{layer.id}-{n}", layer))
    return keyed


def _states(drawn: Sequence[Layer]) -> list[tuple[list[str], tuple[float, ...]]]:
    """Return the dashes that the page may show, each with the states that it stands for."""
    shapes = [shape for layer in drawn for shape in layer.shapes]
    dashes = {shape.style.dash for shape in shapes}
    statuses = {s.status for shape in shapes for s in shape.periods if shape.dated != "drawn"}
    # How the legs of a border are drawn.
    statuses.update(word for layer in drawn for word in layer.legend_note.split())
    names: dict[tuple[float, ...], list[str]] = {(): ["ui-solid"]}
    for name, dash in DASHES.items():
        if name in statuses or (dash in dashes and not statuses & _names_of(dash)):
            names.setdefault(dash, []).append(name)
    return [(states, dash) for dash, states in names.items()]


def _names_of(dash: tuple[float, ...]) -> set[str]:
    return {name for name, other in DASHES.items() if other == dash}


def _bands(things: Sequence[Any], language: str) -> list[Layer]:
    """Return the error bands of borders, which are off at first."""
    from borders.compiler.deviation import band

    bands = []
    for thing in things:
        if isinstance(thing, Boundary):
            fill = Style(colour=style(thing.id).colour, width=0.6, dash=(1, 2), fill=0.18)
            names = {
                code: f"{phrases('error-band')[code]}: {named(thing, code)}" for code in LANGUAGES
            }
            shape = Shape(
                geometry=band(thing), style=fill, title=names[language], titles=names,
                sources=thing.sources,
            )  # fmt: skip
            bands.append(
                Layer(
                    id=f"{thing.id}-band", name=names[language], names=names, shapes=(shape,),
                    sources=thing.sources, swatch=fill, show=False, group="borders", backdrop=True,
                )
            )  # fmt: skip
    return bands


def _near(layer: Layer, meridian: float | None) -> Layer:
    """Return a layer whose parts are near a meridian; as it is if there is none."""
    if meridian is None:
        return layer
    shapes = (replace(one, geometry=turned(one.geometry, meridian)) for one in layer.shapes)
    return replace(layer, shapes=tuple(shapes))


def _places() -> Layer:
    """Return the layer that switches the names of places."""
    return Layer(
        id="places",
        name="places",
        names=phrases("ui-places"),
        shapes=(),
        sources=place_sources(),
        group="base",
    )


def _check_size(data: DataBlock) -> None:
    megabytes = data.size / 1e6
    if megabytes > MAX_MB:
        message = (
            f"the page would hold {megabytes:,.0f} MB, more than {MAX_MB}: simplify its lines "
            "(--tolerance 50, in metres), draw fewer things, or write a GeoPackage with "
            "`araxes export` for a desktop GIS"
        )
        raise GeometryError(message)


def save(
    made: WebPage | Sheet,
    file: str | Path | IO[bytes],
    *,
    command: str = "",
    suffix: str = "",
) -> None:
    """Write an interactive map as one HTML file, or a figure, whole or not at all.

    Parameters
    ----------
    made : by `interactive`, or by `static` and the charts.
    file : a path, .html for a page; .png, .svg or .pdf for a figure; or a file open for bytes,
        which stays open.
    command : that makes it; the page shows it beside the version.
    suffix : of the format, such as ``.pdf``; that of the file, if missing, or ``.html`` and
        ``.png`` for a file without a name.

    Raises
    ------
    FileFormatError : the suffix is of the other kind, or the place cannot be written to.

    Examples
    --------
    >>> from io import BytesIO
    >>> from corridors import corridor
    >>> file = BytesIO()
    >>> save(interactive(corridor("lachin-2020")), file)
    >>> file.getvalue()[:15]
    b'<!DOCTYPE html>'
    """
    if not isinstance(made, WebPage) and not hasattr(made, "savefig"):
        message = (
            f"a {type(made).__name__} is no map; save what `interactive` or `static` make of it"
        )
        raise FileFormatError(message)
    page = made if isinstance(made, WebPage) else None
    known = (".html", ".htm") if page else (".png", ".svg", ".pdf")
    kind = (suffix or suffix_of(file)).lower()
    if isinstance(file, str | Path):
        where = str(file)
    else:
        where, kind = str(getattr(file, "name", "the file")), kind or known[0]
    if kind not in known:
        message = f"{where}: a {'page' if page else 'figure'} is written as {', '.join(known)}"
        raise FileFormatError(message)
    if page is None:
        from maps.print.figure import save_figure

        save_figure(cast("Sheet", made), file, suffix=kind)
        return
    page.command = command or page.command
    if isinstance(file, str | Path):
        write_text(file, html(page))
    else:
        write_bytes(file, html(page).encode())
