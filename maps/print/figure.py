"""Figures for print: `static(*things)` returns a map in a conic projection, with its caption."""

from __future__ import annotations

from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from borders.compiler.boundary import Boundary
from borders.dates import parse_date
from borders.errors import AraxesError
from borders.files.atomic import atomic, suffix_of, write_bytes, write_text
from borders.files.catalogue import attributions
from maps.i18n import day as written, right_to_left, word
from maps.layers.build import layers
from maps.layers.model import Layer, bounds_of, cited
from maps.print.basemap import basemap_sources, draw_basemap
from maps.print.caption import map_caption, signed
from maps.print.frame import Frame
from maps.print.graticule import graticule
from maps.print.inset import draw_locator, locator_extent
from maps.print.labels.areas import countries, waters
from maps.print.labels.draw import draw_labels
from maps.print.labels.lines import exits, leg_numbers, legend_numbers
from maps.print.labels.placement import Placer
from maps.print.labels.places import line_ends, settlements
from maps.print.layout import Layout, is_flat
from maps.print.legend import entries
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

__all__ = ["beside", "save_caption", "save_figure", "static"]

# Options of savefig: no random ids and no times, so that the same figure gives the same bytes. A
# higher compression level takes half as long again and saves a fiftieth of the size.
_SAVING: dict[str, dict[str, Any]] = {
    ".png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}},
    ".svg": {"metadata": {"Date": None}},
    ".pdf": {"metadata": {"CreationDate": None}},
}

# Most entries of a legend that stands below the map of a slide; a longer one stands beside the map
# and leaves it the height.
_MOST_ENTRIES_BELOW = 12


def static(
    *things: Drawable | Layer | geopandas.GeoDataFrame | geopandas.GeoSeries,
    title: str = "Araxes",
    language: str = "en",
    on: date | str | None = None,
    bounds: Bounds | None = None,
    width: str | int = "180",
    equal_area: bool = False,
) -> Sheet:
    """Return a figure of any things, ready for print.

    The projection is a Lambert conformal conic fitted to the extent, or an Albers equal-area
    conic; the figure states which. Names that find no free place are left out; the caption
    says which numbers are.

    Parameters
    ----------
    things : borders, corridors, anything with ``to_gdf()`` (`Drawable`), or GeoDataFrames and
        GeoSeries in EPSG:4326, which the legend calls by their ``attrs["name"]``; layers as they
        are.
    language : of names and words: en, tr, az, hy, ka, ru or fa.
    on : as things stood on this day.
    bounds : west, south, east, north of the frame; a margin around the things, if missing.
    width : of the page: 85, 120 or 180 mm, or ``slide`` (16:9).

    Returns
    -------
    Sheet : a matplotlib figure; its ``caption`` is Markdown, ready to paste.

    Raises
    ------
    AraxesError : there is nothing to draw; no such width; or the language is none of these.
    CRSError, SchemaError, GeometryError : a table is not what `corridors.table` takes.

    Examples
    --------
    >>> from corridors import corridor
    >>> static(corridor("lachin-2022"), width=85).extent.kind
    'conformal-conic'
    """
    day = None if on is None else parse_date(on)
    all_layers = layers(things, language=language, on=day)
    visible = tuple(layer for layer in all_layers if layer.show and layer.shapes)
    drawn = bounds_of(visible) if visible else bounds
    if drawn is None:
        message = "nothing to draw, and no bounds: give things or bounds"
        raise AraxesError(message)
    with plain():
        sheet = Sheet(page_format(width))
        sheet.language = language
        inner = bounds or padded(drawn)
        # The height of the frame is not known yet, and the notes do not depend on it.
        notes = _notes(fitted(inner, equal_area=equal_area), _sources(visible), day, language)
        legend_entries = entries(visible, language)
        flat = is_flat(inner) and len(legend_entries) <= _MOST_ENTRIES_BELOW
        layout = Layout(sheet, title, notes, language, flat=flat)
        sheet.extent = layout.extent(inner, layout.legend(legend_entries), equal_area=equal_area)
        axes = sheet.add_axes((0, 0, 1, 1), facecolor="white", label="map")
        frame = Frame(axes, sheet.extent, width_pt=layout.map_width_pt, pen=sheet.page_format.pen)
        draw_basemap(frame)
        _draw(frame, visible)
        left_out = _compose(layout, frame, legend_entries, visible, things)
        sheet.unnumbered = tuple(label.text for label in left_out if label.kind == "key")
        sheet.caption = map_caption(
            visible, things, sheet=sheet, title=title, on=day, cited=_sources(visible)
        )
    return sheet


def _draw(frame: Frame, visible: Sequence[Layer]) -> None:
    # From the top down: backdrops lie below the subject, and wide lines below narrow ones, which
    # they would hide where they run together. Of equal width the first layers, which readers look
    # for, lie on top.
    top_down = sorted(visible, key=lambda layer: (layer.backdrop, layer.swatch.width))
    for n, layer in enumerate(top_down[::-1]):
        for style, shapes in groupby(layer.shapes, key=lambda shape: shape.style):
            geometries = [shape.geometry for shape in shapes]
            if style.fill:
                frame.fill(geometries, style.colour, 10, alpha=style.fill)
            if style.width:
                frame.lines(geometries, style, 20 + n, key=layer.id, weight=3.0)
                frame.dots(geometries, style, 20 + n, key=layer.id)


def _compose(
    layout: Layout,
    frame: Frame,
    listed: Sequence[Entry],
    visible: Sequence[Layer],
    things: Sequence[Any],
) -> list[Label]:
    """Set the page, then draw labels where the map is free; return those that found no spot."""
    sheet, language = layout.sheet, layout.language
    drawn = bounds_of(visible) if visible else frame.extent.outline.bounds
    locator = locator_extent(frame.extent, drawn)
    corners = furniture(sheet, frame, language, None if layout.legend_beside else locator)
    size = None
    # A slide with its legend below the map has no room for a locator outside the map.
    room_outside = layout.legend_beside or not layout.fixed_height
    if locator and corners.locator_box is None and room_outside:
        aspect = locator.size_m[1] / locator.size_m[0]
        size = layout.locator_outside(aspect, locator_size(frame, locator)[0])
    legend = layout.legend(listed, beside=size[0] + layout.pad_pt if size else 0.0)
    corner, rectangle = layout.finish(legend, frame.height_pt, size)
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
    single = things[0] if len(things) == 1 and isinstance(things[0], Boundary) else None
    labels = _names(sheet, frame, visible, single, language)
    written = {id(label) for label in draw_labels(sheet, frame, labels, placer)}
    return [label for label in labels if id(label) not in written]


def _names(
    sheet: Sheet,
    frame: Frame,
    visible: Sequence[Layer],
    single: Boundary | None,
    language: str,
) -> list[Label]:
    """Return the labels to draw, the most important first."""
    page_format = sheet.page_format
    labels = exits(frame, page_format, visible, language)
    if len(visible) > 1:
        labels += legend_numbers(frame, page_format, visible, language)
    towns = settlements(frame, page_format, language, line_ends(frame, visible))
    numbers = (
        leg_numbers(frame, page_format, single.legs, visible[0], language)
        if single and visible
        else []
    )
    labels += [town for town in towns if town.vital]
    labels += [*countries(frame, page_format, language), *numbers]
    labels += [town for town in towns if not town.vital]
    return [*labels, *waters(frame, page_format, language)]


def _sources(visible: Sequence[Layer]) -> list[str]:
    """Return the ids of all sources that the figure shows."""
    return list(dict.fromkeys((*cited(visible), *basemap_sources(), "geonames")))


def _notes(extent: Extent, cited: list[str], day: date | None, language: str) -> list[str]:
    """Return what the map is, and whose data it shows."""
    projection = projection_note(extent, language)
    if day:
        semicolon = "؛" if right_to_left(language) else ";"
        projection += f"{semicolon} {word('as-of', language).format(written(day, language))}"
    # The note may end with the abbreviation of a direction, which some languages write with a stop.
    projection, credit = f"{projection.rstrip('.')}.", f"{'; '.join(attributions(cited))}."
    head = f"{word('data', language)}:"
    # Attributions run from left to right: in a line of a language that runs from the right their
    # parts would change places.
    if right_to_left(language):
        return [f"{projection} {head}", credit]
    return [projection, f"{head} {credit}"]


def save_figure(figure: Sheet, file: str | Path | IO[bytes], *, suffix: str = "") -> None:
    """Write a figure as PNG, SVG or PDF, whole or not at all; the same figure, the same bytes.

    Letters are text with their fonts embedded in a PDF and outlines in an SVG, so that both look
    the same on any machine.

    Parameters
    ----------
    file : a path, or a file open for bytes.
    suffix : of the format, such as ``.pdf``; that of the file, if missing, or ``.png`` for a file
        without a name.

    Raises
    ------
    FileFormatError : the place cannot be written to; says why.
    """
    kind = (suffix or suffix_of(file) or ".png").lower()
    settings = {"dpi": DPI, "format": kind.removeprefix("."), **_SAVING.get(kind, {})}
    if isinstance(file, str | Path):
        with atomic(file) as part, plain():
            figure.savefig(part, **settings)
        return
    picture = BytesIO()
    with plain():
        figure.savefig(picture, **settings)
    write_bytes(file, picture.getvalue())


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
