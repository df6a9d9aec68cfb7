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
from maps.print.basemap import base, base_sources
from maps.print.caption import map_caption, signed
from maps.print.frame import Frame
from maps.print.graticule import graticule
from maps.print.inset import draw_locator, locator_extent
from maps.print.labels.areas import countries, waters
from maps.print.labels.draw import write
from maps.print.labels.lines import exits, keys, legs
from maps.print.labels.placement import Placer
from maps.print.labels.places import line_ends, settlements
from maps.print.layout import Layout, is_flat
from maps.print.legend import entries
from maps.print.projection import Bounds, Extent, fitted, padded, projection_note
from maps.print.scale_bar import furniture, locator_size
from maps.print.sheet import DPI, Sheet, page, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import geopandas

    from borders.files.features import Drawable
    from maps.print.labels.places import Label
    from maps.print.legend import Entry

__all__ = ["beside", "save_caption", "save_figure", "static"]

# No random ids and no times: the same figure, the same bytes. More compression than this takes
# half as long again for a fiftieth of the size.
_SAVING: dict[str, dict[str, Any]] = {
    ".png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}},
    ".svg": {"metadata": {"Date": None}},
    ".pdf": {"metadata": {"CreationDate": None}},
}

# A legend of more lines stands beside a wide map: below it, it would take the map's height.
_BELOW = 12


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
    every = layers(things, language=language, on=day)
    visible = tuple(layer for layer in every if layer.show and layer.shapes)
    drawn = bounds_of(visible) if visible else bounds
    if drawn is None:
        message = "nothing to draw, and no bounds: give things or bounds"
        raise AraxesError(message)
    with plain():
        sheet = Sheet(page(width))
        sheet.language = language
        shown = bounds or padded(drawn)
        rough = fitted(shown, equal_area=equal_area)
        notes = _notes(rough, _sources(visible), day, language)
        listed = entries(visible, language)
        flat = is_flat(shown) and len(listed) <= _BELOW
        layout = Layout(sheet, title, notes, language, flat=flat)
        sheet.extent = layout.extent(shown, layout.legend(listed), equal_area=equal_area)
        axes = sheet.add_axes((0, 0, 1, 1), facecolor="white", label="map")
        frame = Frame(axes, sheet.extent, wide=layout.wide, pen=sheet.page.pen)
        base(frame)
        _draw(frame, visible)
        lost = _compose(layout, frame, listed, visible, things)
        sheet.unnumbered = tuple(name.text for name in lost if name.kind == "key")
        sheet.caption = map_caption(
            visible, things, sheet=sheet, title=title, on=day, cited=_sources(visible)
        )
    return sheet


def _draw(frame: Frame, visible: Sequence[Layer]) -> None:
    # From the lowest to the highest: backdrops, then wide lines, which would hide narrow ones that
    # run along them, and the layers given first on top.
    on_top = sorted(visible, key=lambda layer: (layer.backdrop, layer.swatch.width))
    for n, layer in enumerate(on_top[::-1]):
        for style, shapes in groupby(layer.shapes, key=lambda shape: shape.style):
            geometries = [shape.geometry for shape in shapes]
            if style.fill:
                frame.fill(geometries, style.colour, 10, alpha=style.fill)
            if style.width:
                frame.lines(geometries, style, 20 + n, key=layer.id, ink=3.0)
                frame.dots(geometries, style, 20 + n, key=layer.id)


def _compose(
    layout: Layout,
    frame: Frame,
    listed: Sequence[Entry],
    visible: Sequence[Layer],
    things: Sequence[Any],
) -> list[Label]:
    """Set the page, then write names where the map is free; return those that visible no place."""
    sheet, language = layout.sheet, layout.language
    drawn = bounds_of(visible) if visible else frame.extent.outline.bounds
    small = locator_extent(frame.extent, drawn)
    corners = furniture(sheet, frame, language, None if layout.aside else small)
    size = None
    # The map of a slide with its legend below leaves no room for more.
    if small and corners.locator is None and (layout.aside or not layout.fixed):
        size = layout.outside(small.size_m[1] / small.size_m[0], locator_size(frame, small)[0])
    legend = layout.legend(listed, beside=size[0] + layout.pad if size else 0.0)
    corner, rect = layout.finish(legend, frame.high, size)
    if corners.locator is not None:
        left, bottom, right, top = corners.locator
        rect = corner[0] + left, corner[1] + bottom, right - left, top - bottom
    frame.axes.set_position(
        (corner[0] / sheet.wide, corner[1] / sheet.high, frame.wide / sheet.wide,
         frame.high / sheet.high)
    )  # fmt: skip
    graticule(sheet, frame, language)
    placer = Placer(frame.ink)
    corners.draw(sheet, frame, language, placer)
    if small and rect:
        draw_locator(sheet, frame.extent, small, visible, rect)
    single = things[0] if len(things) == 1 and isinstance(things[0], Boundary) else None
    names = _names(sheet, frame, visible, single, language)
    written = {id(name) for name in write(sheet, frame, names, placer)}
    return [name for name in names if id(name) not in written]


def _names(
    sheet: Sheet,
    frame: Frame,
    visible: Sequence[Layer],
    single: Boundary | None,
    language: str,
) -> list[Label]:
    """Return what to name, the most important first."""
    page = sheet.page
    named = exits(frame, page, visible, language)
    if len(visible) > 1:
        named += keys(frame, page, visible, language)
    towns = settlements(frame, page, language, line_ends(frame, visible))
    numbers = legs(frame, page, single.legs, visible[0], language) if single and visible else []
    named += [town for town in towns if town.vital]
    named += [*countries(frame, page, language), *numbers]
    named += [town for town in towns if not town.vital]
    return [*named, *waters(frame, page, language)]


def _sources(visible: Sequence[Layer]) -> list[str]:
    """Return the ids of all sources that the figure shows."""
    return list(dict.fromkeys((*cited(visible), *base_sources(), "geonames")))


def _notes(extent: Extent, cited: list[str], day: date | None, language: str) -> list[str]:
    """Return what the map is, and whose data it shows."""
    what = projection_note(extent, language)
    if day:
        apart = "؛" if right_to_left(language) else ";"
        what += f"{apart} {word('as-of', language).format(written(day, language))}"
    # Some languages end the letter of a side with a point of its own.
    what, owed = f"{what.rstrip('.')}.", f"{'; '.join(attributions(cited))}."
    head = f"{word('data', language)}:"
    # Attributions run from left to right: in a line that does not they would be torn apart.
    if right_to_left(language):
        return [f"{what} {head}", owed]
    return [what, f"{head} {owed}"]


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
