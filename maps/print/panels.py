"""Small multiples: several maps of one extent on a sheet, with one legend and one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import AraxesError
from borders.terrain.elevation import Terrain
from maps.i18n import comma, number, right_to_left
from maps.layers.build import layers
from maps.layers.model import bounds_of, numbered
from maps.layers.seam import layers_joined_at_seam
from maps.print.basemap import chains_error_m, draw_basemap, ends_within, shows_borders
from maps.print.caption import credited, map_caption, owed
from maps.print.figure import draw_layers, map_sources, notes_of, place_names
from maps.print.frame import Frame
from maps.print.graticule import graticule
from maps.print.labels.areas import country_faces
from maps.print.labels.draw import draw_labels
from maps.print.labels.placement import Placer
from maps.print.legend import LEADING, Legend, entries, write_lines
from maps.print.metadata import Metadata
from maps.print.projection import fitted, padded
from maps.print.scale_bar import furniture
from maps.print.sheet import Sheet, page_format, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from maps.layers.model import Layer
    from maps.print.projection import Bounds, Extent
    from maps.print.sheet import PageFormat

__all__ = ["Panel", "panels"]

# Least and greatest height of a map as a part of its width.
_ASPECTS = (0.45, 1.2)
# Pages narrower than this have one column of maps. On a slide the legend stands beside the maps,
# which take this part of its width, in three columns if they are more than so many.
_TWO_COLUMNS_MM, _MAPS_OF_SLIDE, _TWO_COLUMNS_UP_TO = 110, 0.66, 4
# Three upright maps stand in a row on pages at least this wide.
_THREE_COLUMNS_MM = 170
_MOST_PANELS = 12
# Space between two maps, in sizes of the letters of notes.
_GAP = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One of several maps.

    Parameters
    ----------
    title : above the map.
    things : what it shows, as `maps.static` takes them.
    on : the day of their statuses.
    """

    title: str
    things: tuple[Any, ...]
    on: date | None = None


def panels(
    several: Sequence[Panel],
    *,
    title: str = "",
    language: str = "en",
    bounds: Bounds | None = None,
    width: str | int | PageFormat = "180",
    equal_area: bool = False,
) -> Sheet:
    """Return a figure of several maps of one extent, with one legend and one scale.

    Parameters
    ----------
    several : the maps, from left to right and from top to bottom.
    title, language, bounds, width, equal_area : as for `maps.static`.

    Raises
    ------
    AraxesError : there are fewer than two maps or more than twelve, or nothing to draw.
    """
    if not 2 <= len(several) <= _MOST_PANELS:
        message = f"{len(several)} panels; give 2 to {_MOST_PANELS}"
        raise AraxesError(message)
    shown = [_visible(panel, language) for panel in several]
    every = [layer for visible in shown for layer in visible]
    if not every and bounds is None:
        message = "nothing to draw, and no bounds: give things or bounds"
        raise AraxesError(message)
    drawn = bounds_of(every) if every else bounds
    assert drawn is not None
    extent = fitted(bounds or padded(drawn), aspects=_ASPECTS, equal_area=equal_area)
    distinct = {_look(layer): layer for layer in reversed(every)}
    # In the order of the maps.
    unique = [layer for layer in every if distinct[_look(layer)] is layer]
    numbers = {_look(layer): n for n, layer in numbered(unique)}
    paper = page_format(width)
    with plain(paper.face):
        sheet = Sheet(paper)
        sheet.language, sheet.extent = language, extent
        cited = map_sources(unique, extent, drawn)
        under = [t for panel in several for t in panel.things if isinstance(t, Terrain)]
        own = credited(unique, under, language)
        notices = *owed(cited, language), *own
        legend_entries = entries(
            unique,
            language,
            borders=shows_borders(extent),
            beyond=ends_within(extent),
            chains_m=chains_error_m(extent),
        )
        grid = _Grid(
            sheet, extent, several, title, notes_of(extent, notices, unique, None, language)
        )
        grid.finish(legend_entries)
        missing: list[str] = []
        for n, visible in enumerate(shown):
            pairs = [(numbers[_look(layer)], layer) for _, layer in numbered(visible)]
            terrains = [t for t in several[n].things if isinstance(t, Terrain)]
            missing += _draw_map(grid, n, visible, pairs, terrains)
        sheet.unnumbered = tuple(dict.fromkeys(missing))
        heads = [
            f"({number(str(n), language)}) {panel.title}" for n, panel in enumerate(several, 1)
        ]
        what = title or f"{comma(language)} ".join(layer.name for layer in unique)
        sheet.metadata = Metadata.of(what, cited, own=own, language=language)
        things = [thing for panel in several for thing in panel.things]
        head = f"{what}: {f'{comma(language)} '.join(heads)}"
        sheet.caption = map_caption(
            unique, things, sheet=sheet, title=head, on=None, cited=(*cited, *own)
        )
    return sheet


def _visible(panel: Panel, language: str) -> list[Layer]:
    things = [thing for thing in panel.things if not isinstance(thing, Terrain)]
    every = layers(things, language=language, on=panel.on)
    return list(layers_joined_at_seam([layer for layer in every if layer.show and layer.shapes]))


def _look(layer: Layer) -> tuple[Any, ...]:
    """Return what makes an entry of the legend: a thing in another status has one of its own."""
    return layer.id, layer.name, layer.legend_note, layer.swatch


class _Grid:
    """Where maps, titles, legend and notes stand on a sheet, in points."""

    def __init__(
        self, sheet: Sheet, extent: Extent, several: Sequence[Panel], title: str,
        notes: Sequence[str],
    ) -> None:  # fmt: skip
        self.sheet, self.extent, self.count = sheet, extent, len(several)
        self.faces: tuple[dict[str, list[Any]], list[Any]] | None = None
        paper = sheet.page_format
        self.note_pt = paper.note_pt
        self.pad_pt = 0.75 * paper.note_pt
        self.edges = self.pad_pt, sheet.width_pt - self.pad_pt
        across = self.edges[1] - self.edges[0]
        self.fixed_height = paper.height_mm is not None
        maps_across = _MAPS_OF_SLIDE * across if self.fixed_height else across
        crowded = self.fixed_height and len(several) > _TWO_COLUMNS_UP_TO
        most = 3 if crowded or self._fits_a_row(len(several)) else 2
        self.columns = 1 if paper.width_mm < _TWO_COLUMNS_MM else min(most, len(several))
        self.row_count = -(-len(several) // self.columns)
        self.gap_pt = _GAP * paper.note_pt
        # Room for the names of the graticule, left of a map and below it.
        self._left, self._below = 2.0 * paper.note_pt, 2.2 * paper.note_pt
        self.column_pt = (maps_across - (self.columns - 1) * self.gap_pt) / self.columns
        self.map_width_pt = self.column_pt - self._left
        self.title = sheet.folded(title, paper.title_pt, across, most=3, bold=True) if title else []
        self.notes = [line for note in notes for line in sheet.folded(note, paper.note_pt, across)]
        self.head_pt = 1.1 * paper.text_pt
        self.heads = [
            sheet.folded(panel.title, self.head_pt, self.column_pt, most=2, bold=True)
            for panel in several
        ]

    def _fits_a_row(self, count: int) -> bool:
        """Tell whether three maps stand in a row: if they are upright and the page is wide."""
        width_m, height_m = self.extent.size_m
        wide = self.sheet.page_format.width_mm >= _THREE_COLUMNS_MM
        return count == 3 and height_m >= width_m and wide and not self.fixed_height

    def _in_blank_place(self, legend_entries: Any) -> Legend | None:
        """Return the legend for the place beside the last map, if there is one that holds it."""
        if self.fixed_height or not self.count % self.columns:
            return None
        room = self.map_width_pt, np.inf
        legend = Legend(self.sheet, legend_entries, self.sheet.language, room=room, columns=1)
        aspect = self.extent.size_m[1] / self.extent.size_m[0]
        return legend if legend.height_pt <= aspect * self.map_width_pt else None

    @property
    def _head_height(self) -> float:
        lines = max(map(len, self.heads))
        return LEADING * self.head_pt * lines + 0.3 * self.head_pt

    def finish(self, legend_entries: Any) -> None:
        """Set the height of the page, and draw titles, legend and notes."""
        sheet, language, paper = self.sheet, self.sheet.language, self.sheet.page_format
        across = self.edges[1] - self.edges[0]
        aspect = self.extent.size_m[1] / self.extent.size_m[0]
        title_height = LEADING * paper.title_pt * len(self.title) + 0.3 * paper.title_pt
        notes_height = LEADING * paper.note_pt * len(self.notes)
        rest = title_height + notes_height + 3.5 * self.pad_pt
        if self.fixed_height:
            beside = (1 - _MAPS_OF_SLIDE) * across - 2 * self.pad_pt
            room, columns = (beside, sheet.height_pt - rest), 1
        else:
            room, columns = (across, np.inf), 3
        beside_last = self._in_blank_place(legend_entries)
        legend = beside_last or Legend(sheet, legend_entries, language, room=room, columns=columns)
        if not self.fixed_height and not beside_last:
            rest += legend.height_pt
        row_rest = self._head_height + self._below
        if self.fixed_height:
            free = (sheet.height_pt - rest) / self.row_count - row_rest
            self.map_width_pt = min(self.map_width_pt, free / aspect)
            if self.map_width_pt <= 0:
                message = "the panels and their legend do not fit a slide; give fewer"
                raise AraxesError(message)
        self.map_height_pt = aspect * self.map_width_pt
        if not self.fixed_height:
            sheet.set_height_pt(rest + self.row_count * (self.map_height_pt + row_rest))
        look: dict[str, Any] = {"edges": self.edges, "language": language}
        top = write_lines(sheet, self.title, sheet.height_pt - self.pad_pt, fontweight="bold",
                          size_pt=paper.title_pt, label="title", **look)  # fmt: skip
        self._top = top - 0.3 * paper.title_pt
        for n, lines in enumerate(self.heads):
            left, row_top = self._corner(n)
            look["edges"] = left + self._left, left + self._left + self.map_width_pt
            write_lines(sheet, lines, row_top, size_pt=self.head_pt, fontweight="bold",
                        label="panel", **look)  # fmt: skip
        look["edges"] = self.edges
        below = self._top - self.row_count * (self.map_height_pt + row_rest)
        left, top = (
            (self.edges[1] - room[0], self._top) if self.fixed_height else (self.edges[0], below)
        )
        right = self.edges[1]
        if beside_last:
            left, top = self._corner(self.count)
            left, right = left + self._left, left + self.column_pt
            top -= self._head_height
        legend.draw(left, top, right=right)
        write_lines(sheet, self.notes, self.pad_pt + notes_height, size_pt=paper.note_pt,
                    color="#333333", label="note", **look)  # fmt: skip

    def _corner(self, n: int) -> tuple[float, float]:
        """Return the left edge and the top of a map with its title."""
        row, column = divmod(n, self.columns)
        if right_to_left(self.sheet.language):
            column = self.columns - 1 - column
        step = self.map_height_pt + self._head_height + self._below
        return self.edges[0] + column * (self.column_pt + self.gap_pt), self._top - row * step

    def frame(self, n: int) -> Frame:
        """Return the frame of a map."""
        left, top = self._corner(n)
        bottom = top - self._head_height - self.map_height_pt
        sheet = self.sheet
        position = ((left + self._left) / sheet.width_pt, bottom / sheet.height_pt,
                    self.map_width_pt / sheet.width_pt,
                    self.map_height_pt / sheet.height_pt)  # fmt: skip
        label = "map" if n == 0 else f"map {n + 1}"
        axes = sheet.add_axes(position, facecolor="white", label=label)
        return Frame(axes, self.extent, width_pt=self.map_width_pt, pen=sheet.page_format.pen)


def _draw_map(
    grid: _Grid,
    n: int,
    visible: Sequence[Layer],
    pairs: Sequence[tuple[int, Layer]],
    terrains: Sequence[Terrain],
) -> list[str]:
    """Draw one map, and return the numbers of the legend that found no spot on it."""
    sheet, language = grid.sheet, grid.sheet.language
    frame = grid.frame(n)
    draw_basemap(frame, terrains)
    draw_layers(frame, visible)
    graticule(sheet, frame, language)
    placer = Placer(frame.occupancy)
    if n == 0:
        furniture(sheet, frame, language, None).draw(sheet, frame, language, placer)
    # The maps show the same countries at the same size.
    grid.faces = grid.faces or country_faces(frame)
    labels = place_names(sheet, frame, visible, None, pairs, grid.faces)
    written = {id(label) for label in draw_labels(sheet, frame, labels, placer)}
    return [label.text for label in labels if label.kind == "key" and id(label) not in written]
