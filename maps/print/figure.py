"""Figures for print: `static(*things)` returns a map in a conic projection, with its caption."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.figure import Figure

from borders.compiler.boundary import Boundary
from borders.dates import parse_date
from borders.errors import AraxesError
from borders.files.atomic import atomic, suffix_of, together, write_bytes, write_text
from borders.terrain.elevation import Terrain
from maps.i18n import comma, day as written, right_to_left, word
from maps.layers.build import layers
from maps.layers.model import Layer, bounds_of, cited, numbered, place_sources
from maps.layers.seam import eastwards, layers_joined_at_seam
from maps.print.basemap import (
    basemap_sources,
    chains_error_m,
    draw_basemap,
    ends_within,
    shows_borders,
)
from maps.print.caption import credited, joined, map_caption, owed, signed, widths_matter
from maps.print.frame import Frame
from maps.print.graticule import graticule
from maps.print.inset import LOCATOR_LAYERS, draw_locator, locator_extent
from maps.print.labels.areas import countries, country_faces, draw_tints, members, waters
from maps.print.labels.draw import draw_labels
from maps.print.labels.lines import exits, leg_numbers, legend_numbers
from maps.print.labels.placement import OUTLINE_WEIGHT, ROUTE_WEIGHT, Placer
from maps.print.labels.places import settlements, shows_places
from maps.print.layout import Layout, is_flat
from maps.print.leg_table import LegTable
from maps.print.legend import entries
from maps.print.metadata import Metadata, described, read_from_the_right
from maps.print.projection import Bounds, Extent, fitted, padded, projection_note
from maps.print.scale_bar import furniture, locator_size
from maps.print.sheet import DPI, Sheet, page_format, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import geopandas

    from borders.files.features import Drawable
    from maps.print.labels.places import Label
    from maps.print.legend import Entry
    from maps.print.sheet import PageFormat

__all__ = [
    "beside",
    "draw_layers",
    "map_sources",
    "notes_of",
    "place_names",
    "save_caption",
    "save_figure",
    "save_with_caption",
    "static",
]

# Options of savefig. A higher compression level takes half as long again and saves a fiftieth of
# the size.
_SAVING: dict[str, dict[str, Any]] = {".png": {"pil_kwargs": {"compress_level": 3}}}

# How much it costs a label to cover a line behind the subject; a river or a border costs 0.3 and 1.
_BACKDROP_WEIGHT = 3.0
# Names may cover lines of a layer of more shapes than this, as are streets (assumptions).
_CROWD, _CROWD_WEIGHT = 500, 1.0
# Pages narrower than this name countries and seas before all else (an assumption).
_NARROW_MM = 100
# Most entries of a legend that stands below the map of a slide; a longer one stands beside the map
# and leaves it the height.
_MOST_ENTRIES_BELOW = 12


def static(  # noqa: PLR0913 - what a figure is asked for
    *things: Drawable | Layer | Terrain | geopandas.GeoDataFrame | geopandas.GeoSeries,
    title: str = "Araxes",
    language: str = "en",
    on: date | str | None = None,
    bounds: Bounds | None = None,
    width: str | int | PageFormat = "180",
    equal_area: bool = False,
    legs: bool = False,
) -> Sheet:
    """Return a figure of any things, ready for print.

    The projection is a Lambert conformal conic fitted to the extent, or an Albers equal-area
    conic; the figure states which. Names that find no free place are left out; the caption
    says which numbers are.

    Parameters
    ----------
    things : borders, corridors, anything with ``to_gdf()`` (`Drawable`), or GeoDataFrames and
        GeoSeries in EPSG:4326, which the legend calls by their ``attrs["name"]``; layers as they
        are; an elevation model (`borders.read_dem`) lies as relief under everything.
    language : of names and words: en, tr, az, hy, ka, ru or fa.
    on : as things stood on this day.
    bounds : west, south, east, north of the frame; a margin around the things, if missing.
    title : above the map; none if empty.
    width : of the page: 85, 120 or 180 mm, or ``slide`` (16:9); or a page format with a font of
        its own, ``page_format("85", font="Times New Roman")``.
    legs : whether a table of a border's legs stands below the map: their numbers, ends, lengths
        and how each was drawn.

    Returns
    -------
    Sheet : a matplotlib figure; its ``caption`` is Markdown, ready to paste.

    Raises
    ------
    AraxesError : there is nothing to draw; no such width; the language is none of these; or there
        are no legs to list, or no room for them.
    CRSError, SchemaError, GeometryError : a table is not what `corridors.table` takes.

    Examples
    --------
    >>> from corridors import corridor
    >>> static(corridor("lachin-2022"), width=85).extent.kind
    'conformal-conic'
    """
    day = None if on is None else parse_date(on)
    terrains = [thing for thing in things if isinstance(thing, Terrain)]
    things = tuple(thing for thing in things if not isinstance(thing, Terrain))
    all_layers = layers(things, language=language, on=day)
    shown = [layer for layer in all_layers if layer.show and layer.shapes]
    visible = tuple(layers_joined_at_seam(shown))
    drawn = bounds_of(visible) if visible else bounds
    if drawn is None:
        message = "nothing to draw, and no bounds: give things or bounds"
        raise AraxesError(message)
    paper = page_format(width)
    single = things[0] if len(things) == 1 and isinstance(things[0], Boundary) else None
    if legs and single is None:
        message = "the table of legs is of one border; give one, or leave it out"
        raise AraxesError(message)
    if legs and paper.height_mm is not None:
        message = (
            "a slide has no room for a table of legs; choose a width of 85, 120 or 180 mm, or leave"
            " it out: the caption beside the slide lists the legs"
        )
        raise AraxesError(message)
    with plain(paper.face):
        sheet = Sheet(paper)
        sheet.language = language
        inner = eastwards(bounds) if bounds else padded(drawn)
        # The height of the frame is not known yet; all that notes and legend need of it is what it
        # shows of the basemap.
        extent = first = fitted(inner, equal_area=equal_area)
        for _ in range(2):
            keyed = _in_view(visible, extent, drawn)
            legend_entries = entries(
                keyed,
                language,
                borders=shows_borders(extent),
                beyond=ends_within(extent),
                chains_m=chains_error_m(extent),
                title=title,
            )
            own = credited(keyed, terrains, language)
            notices = *owed(map_sources(keyed, extent, drawn), language), *own
            notes = notes_of(first, notices, keyed, day, language)
            flat = is_flat(inner) and len(legend_entries) <= _MOST_ENTRIES_BELOW
            layout = Layout(sheet, title, notes, language, flat=flat)
            before, legend = extent, layout.legend(legend_entries)
            extent = layout.extent(inner, legend, equal_area=equal_area)
            if extent == before:
                break
        visible = keyed
        sheet.extent = extent
        axes = sheet.add_axes((0, 0, 1, 1), facecolor="white", label="map")
        frame = Frame(axes, sheet.extent, width_pt=layout.map_width_pt, pen=sheet.page_format.pen)
        draw_basemap(frame, terrains)
        draw_layers(frame, visible)
        table = None
        if legs and single:
            table = LegTable(sheet, single, language, width_pt=layout.edges[1] - layout.edges[0])
        left_out = _compose(layout, frame, legend_entries, visible, single, table)
        sheet.unnumbered = tuple(label.text for label in left_out if label.kind == "key")
        shown_sources = map_sources(visible, extent, drawn)
        # A figure without a title says in its file and caption what it shows.
        title = title or f"{comma(language)} ".join(layer.name for layer in visible)
        sheet.metadata = Metadata.of(title, shown_sources, own=own, language=language)
        sheet.caption = map_caption(
            visible, things, sheet=sheet, title=title, on=day, cited=(*shown_sources, *own)
        )
    return sheet


def _in_view(visible: Sequence[Layer], extent: Extent, drawn: Bounds) -> tuple[Layer, ...]:
    """Return the layers that the frame or the locator shows something of; all, if none is."""
    inset = locator_extent(extent, drawn) is not None
    shown = []
    for layer in visible:
        geometries = np.array([shape.geometry for shape in layer.shapes], dtype=object)
        lines = shapely.get_dimensions(geometries) == 1
        if (inset and lines.any()) or shapely.intersects(extent.outline, geometries).any():
            shown.append(layer)
    return tuple(shown) or tuple(visible)


def draw_layers(frame: Frame, visible: Sequence[Layer]) -> None:
    """Draw the shapes of layers into a frame."""
    # From the top down: backdrops lie below the subject, and wide lines below narrow ones, which
    # they would hide where they run together. Of equal width the first layers, which readers look
    # for, lie on top.
    top_down = sorted(visible, key=lambda layer: (layer.backdrop, layer.swatch.width))
    for n, layer in enumerate(top_down[::-1]):
        for style, shapes in groupby(layer.shapes, key=lambda shape: shape.style):
            geometries = [shape.geometry for shape in shapes]
            if style.fill:
                frame.fill(geometries, style.colour, 10, alpha=style.fill, key=layer.id)
            if style.width:
                weight = OUTLINE_WEIGHT if style.fill else ROUTE_WEIGHT
                weight = _BACKDROP_WEIGHT if layer.backdrop else weight
                if len(layer.shapes) > _CROWD and not style.fill:
                    weight = _CROWD_WEIGHT
                frame.lines(geometries, style, 20 + n, key=layer.id, weight=weight)
                frame.dots(geometries, style, 20 + n, key=layer.id)


def _compose(
    layout: Layout,
    frame: Frame,
    listed: Sequence[Entry],
    visible: Sequence[Layer],
    single: Boundary | None,
    legs: LegTable | None,
) -> list[Label]:
    """Set the page, then draw labels where the map is free; return those that found no spot."""
    sheet, language = layout.sheet, layout.language
    drawn = bounds_of(visible) if visible else frame.extent.outline.bounds
    locator = locator_extent(frame.extent, drawn)
    # A slide with its legend below the map has no room for a locator outside the map.
    room_outside = layout.legend_beside or not layout.fixed_height
    within = None if layout.legend_beside else locator
    corners = furniture(sheet, frame, language, within, room_outside=room_outside)
    size = None
    if locator and corners.locator_box is None and room_outside:
        aspect = locator.size_m[1] / locator.size_m[0]
        size = layout.locator_outside(aspect, locator_size(frame, locator)[0])
    legend = layout.legend(listed, beside=size[0] + layout.pad_pt if size else 0.0)
    corner, rectangle = layout.finish(legend, frame.height_pt, size, legs)
    if corners.locator_box is not None:
        left, bottom, right, top = corners.locator_box
        rectangle = corner[0] + left, corner[1] + bottom, right - left, top - bottom
    frame.axes.set_position(
        (corner[0] / sheet.width_pt, corner[1] / sheet.height_pt, frame.width_pt / sheet.width_pt,
         frame.height_pt / sheet.height_pt)
    )  # fmt: skip
    graticule(sheet, frame, language)
    placer = Placer(frame.occupancy)
    corners.draw(sheet, frame, language, placer)
    if locator and rectangle:
        draw_locator(sheet, frame.extent, locator, visible, rectangle)
    pairs = numbered(visible) if len(visible) > 1 else []
    faces = country_faces(frame)
    labels = place_names(sheet, frame, visible, single, pairs, faces)
    written = {id(label) for label in draw_labels(sheet, frame, labels, placer)}
    return [label for label in labels if id(label) not in written]


def place_names(
    sheet: Sheet,
    frame: Frame,
    visible: Sequence[Layer],
    single: Boundary | None,
    pairs: Sequence[tuple[int, Layer]],
    faces: tuple[dict[str, list[Any]], list[Any]],
) -> list[Label]:
    """Return the labels to draw, the most important first.

    Parameters
    ----------
    single : the border whose legs are numbered, if there is one.
    pairs : layers with their numbers in the legend.
    faces : land by country and sea, as `country_faces` returns them.
    """
    page_format, language = sheet.page_format, sheet.language
    towns = settlements(frame, page_format, language, visible)
    land, sea = faces
    draw_tints(frame, land)
    regions = countries(page_format, language, frame=frame, land=land, sea=sea)
    # On a narrow map numbers and towns would leave no room for the names of countries and seas,
    # which then come first.
    narrow = frame.width_pt < _NARROW_MM * 72 / 25.4
    if narrow:
        regions = [replace(name, essential=True) for name in regions]
    labels = [*(regions if narrow else ()), *[town for town in towns if town.vital and town.bold]]
    labels += exits(frame, page_format, visible, language)
    labels += legend_numbers(frame, page_format, pairs, language)
    numbers = (
        leg_numbers(frame, page_format, single.legs, visible[0], language)
        if single and visible
        else []
    )
    named = {region.text for region in regions}
    states = members(frame, page_format, language, visible)
    labels += [state for state in states if state.text not in named]
    labels += [town for town in towns if town.vital and not town.bold]
    labels += [*(() if narrow else regions), *numbers]
    labels += [town for town in towns if not town.vital]
    return [*labels, *waters(frame, page_format, language)]


def map_sources(visible: Sequence[Layer], extent: Extent, drawn: Bounds) -> list[str]:
    """Return the ids of all sources that the figure shows: layers, basemap, locator and names."""
    locator = locator_extent(extent, drawn)
    inset = basemap_sources(locator, LOCATOR_LAYERS) if locator else ()
    names = place_sources() if shows_places(extent) else ()
    return list(dict.fromkeys((*cited(visible), *basemap_sources(extent), *inset, *names)))


def notes_of(
    extent: Extent,
    credited: Sequence[str],
    visible: Sequence[Layer],
    day: date | None,
    language: str,
) -> list[str]:
    """Return what the map is, and whose data it shows.

    Parameters
    ----------
    credited : whose data it shows, in the language.
    """
    projection = projection_note(extent, language)
    if day:
        as_of = word("as-of", language).format(written(day, language))
        projection = joined([projection, as_of], language)
    # The note may end with the abbreviation of a direction, which some languages write with a stop.
    projection, credit = f"{projection.rstrip('.')}.", f"{joined(credited, language)}."
    if widths_matter(visible):
        projection = f"{word('route-widths', language)} {projection}"
    if not credited:
        return [projection]
    head = f"{word('data', language)}:"
    return [projection, f"{head} {credit}"]


def save_figure(
    figure: Sheet,
    file: str | Path | IO[bytes],
    *,
    suffix: str = "",
    dpi: int = DPI,
    outlines: bool = False,
) -> None:
    """Write a figure as PNG, SVG or PDF, whole or not at all; the same figure, the same bytes.

    Letters are text, with their fonts embedded in a PDF; an SVG names their family.

    Parameters
    ----------
    dpi : dots per inch of a PNG.
    outlines : whether the letters of an SVG are outlines, which look the same on any machine but
        cannot be edited or searched.
    file : a path, or a file open for bytes.
    suffix : of the format, such as ``.pdf``; that of the file, if missing, or ``.png`` for a file
        without a name.

    Raises
    ------
    FileFormatError : the place cannot be written to; says why.
    """
    kind = (suffix or suffix_of(file) or ".png").lower()
    if isinstance(file, str | Path):
        with atomic(file) as part:
            part.write_bytes(_picture(figure, kind, dpi, outlines=outlines))
        return
    write_bytes(file, _picture(figure, kind, dpi, outlines=outlines))


def _picture(figure: Sheet, suffix: str, dpi: int, *, outlines: bool) -> bytes:
    """Return a figure as the bytes of a file."""
    picture = BytesIO()
    # A plain figure of matplotlib says nothing of itself.
    metadata = getattr(figure, "metadata", Metadata())
    settings = {"dpi": dpi, "format": suffix.removeprefix("."), **_SAVING.get(suffix, {})}
    if stated := metadata.options(suffix):
        settings["metadata"] = stated
    with plain(getattr(figure, "face", None), outlines=outlines):
        if isinstance(figure, Sheet):
            # Its own `savefig` would set the settings once more, without outlines.
            Figure.savefig(figure, picture, **settings)
        else:
            figure.savefig(picture, **settings)
    whole = picture.getvalue()
    if suffix == ".svg" and right_to_left(metadata.language):
        return read_from_the_right(whole)
    return described(whole, metadata) if suffix == ".pdf" else whole


def save_with_caption(
    figure: Sheet,
    file: str | Path,
    *,
    command: str = "",
    dpi: int = DPI,
    outlines: bool = False,
) -> Path:
    """Write a figure and its caption, both or none of them; return the path of the caption.

    Parameters and errors are those of `save_figure` and `save_caption`.
    """
    with together():
        save_figure(figure, file, dpi=dpi, outlines=outlines)
        return save_caption(figure, file, command=command)


def beside(file: str | Path) -> Path:
    """Return where the caption of a figure stands, for ``x.png`` ``x.caption.md``."""
    return Path(file).with_suffix(".caption.md")


def save_caption(figure: Sheet, file: str | Path, *, command: str = "") -> Path:
    """Write the caption of a figure beside it, for ``x.png`` as ``x.caption.md``; return its path.

    Parameters
    ----------
    command : what made the figure, for the caption.

    Raises
    ------
    FileFormatError : the place cannot be written to; says why.
    """
    target = beside(file)
    write_text(target, signed(figure.caption, command, figure.language))
    return target
