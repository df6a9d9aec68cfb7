"""Where the parts of a page stand: title above, map, legend and notes below or beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from maps.i18n import right_to_left
from maps.print.basemap import base_bounds
from maps.print.legend import LEADING, Legend, write_lines
from maps.print.projection import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.print.leg_table import LegTable
    from maps.print.legend import Entry
    from maps.print.projection import Bounds, Extent
    from maps.print.sheet import Sheet

__all__ = ["Layout", "is_flat"]

# Least and greatest height of a map as a part of its width, where the height of the page follows.
_ASPECTS = (0.5, 1.1)
# Part of a slide's width that a map takes which has its legend beside it.
_MAP_SHARE = 0.7
# A map whose height is less than this part of its width takes a slide's whole width, and has its
# legend below.
_FLAT = 0.55
# A frame may reach this far beyond the basemap, in degrees.
_BEYOND_DEG = 0.3


class Layout:
    """A page under construction, in points.

    Parameters
    ----------
    flat : the map is much wider than high.
    notes : paragraphs below the legend.

    Attributes
    ----------
    fixed_height : the page has a height of its own, as a slide has.
    legend_beside : the legend stands beside the map, not below it.
    map_width_pt : width of the map.
    pad_pt : distance between parts of the page.
    """

    def __init__(
        self, sheet: Sheet, title: str, notes: Sequence[str], language: str, *, flat: bool = False
    ) -> None:
        page_format = sheet.page_format
        self.sheet, self.language = sheet, language
        self.pad_pt = 0.75 * page_format.note_pt
        self.edges = self.pad_pt, sheet.width_pt - self.pad_pt
        across = self.edges[1] - self.edges[0]
        self.fixed_height = page_format.height_mm is not None
        self.legend_beside = self.fixed_height and not flat
        folded = sheet.folded(title, page_format.title_pt, across, most=3, bold=True)
        self.title = folded if title.strip() else []
        self.notes = [
            line for note in notes for line in sheet.folded(note, page_format.note_pt, across)
        ]
        self._title_height = (
            LEADING * page_format.title_pt * len(self.title) + 0.3 * page_format.title_pt
        )
        self._notes_height = LEADING * page_format.note_pt * len(self.notes)
        # Room for the names of the graticule, left and below.
        self.map_left = self.pad_pt + 2.0 * page_format.note_pt
        self._below_map = 2.2 * page_format.note_pt
        map_right = _MAP_SHARE * sheet.width_pt if self.legend_beside else self.edges[1]
        self.map_width_pt = map_right - self.map_left
        self._column_width = self.edges[1] - self.map_left - self.map_width_pt - 2 * self.pad_pt

    def legend(self, entries: Sequence[Entry], *, beside: float = 0.0) -> Legend:
        """Return the legend that fits the page.

        Parameters
        ----------
        beside : points kept free beside a legend that stands below the map.
        """
        if self.legend_beside:
            room = self._column_width, self._free_height(0.0)
            return Legend(self.sheet, entries, self.language, room=room, columns=1)
        most = self.sheet.height_pt if self.fixed_height else np.inf
        room = self.edges[1] - self.edges[0] - beside, most
        columns = 4 if self.fixed_height else 3
        return Legend(self.sheet, entries, self.language, room=room, columns=columns)

    def extent(self, bounds: Bounds, legend: Legend, *, equal_area: bool) -> Extent:
        """Return what the map shows: on a slide as much as the page holds and the basemap covers.

        Parameters
        ----------
        bounds : west, south, east, north in degrees, all inside the extent.
        """
        if not self.fixed_height:
            return fitted(bounds, aspects=_ASPECTS, equal_area=equal_area)
        strip = 0.0 if self.legend_beside else legend.height_pt
        aspect = self._free_height(strip) / self.map_width_pt
        extent = fitted(bounds, aspects=(aspect, aspect), equal_area=equal_area)
        if not shapely.box(*base_bounds(extent)).buffer(_BEYOND_DEG).covers(extent.outline):
            lower = min(aspect, _ASPECTS[0])
            return fitted(bounds, aspects=(lower, aspect), equal_area=equal_area)
        return extent

    def _free_height(self, strip: float) -> float:
        """Return the height that a page of fixed height leaves to the map.

        Parameters
        ----------
        strip : height of what stands between map and notes.
        """
        parts = (self._title_height, self._below_map, strip, self._notes_height)
        return self.sheet.height_pt - sum(parts) - 3.5 * self.pad_pt

    def locator_outside(self, aspect: float, width: float) -> tuple[float, float]:
        """Return width and height of a locator outside the map.

        Parameters
        ----------
        aspect : height as a part of the width.
        width : of a locator below the map; one beside it is as wide as there is room.
        """
        if self.legend_beside:
            width = min(self._column_width, 0.45 * self._free_height(0.0) / aspect)
        return width, width * aspect

    def finish(
        self,
        legend: Legend,
        map_height: float,
        locator: tuple[float, float] | None,
        legs: LegTable | None = None,
    ) -> tuple[tuple[float, float], tuple[float, float, float, float] | None]:
        """Set the height of the page, and draw title, legend, legs and notes around the map.

        Parameters
        ----------
        locator : width and height of a locator that stands outside the map.
        legs : a table that stands below legend and locator.

        Returns
        -------
        Lower left corner of the map; left, bottom, width and height of the locator.
        """
        sheet, pad = self.sheet, self.pad_pt
        strip = max(legend.height_pt, locator[1] if locator else 0.0)
        table_height = legs.height_pt + pad if legs else 0.0
        if not self.fixed_height:
            parts = (self._title_height, map_height, self._below_map, strip, table_height,
                     self._notes_height)  # fmt: skip
            sheet.set_height_pt(sum(parts) + 3.5 * pad)
        top = self._draw_title(sheet.height_pt - pad)
        bottom = top - map_height
        write_lines(sheet, self.notes, pad + self._notes_height, edges=self.edges,
                    size_pt=sheet.page_format.note_pt, language=self.language, color="#333333",
                    label="note")  # fmt: skip
        left, right = self.edges
        if self.legend_beside:
            column = self.map_left + self.map_width_pt + 2 * pad
            legend.draw(column, top, right=right)
            free = top - legend.height_pt - bottom
            rectangle = (column, bottom, *locator) if locator and locator[1] < free else None
            return (self.map_left, bottom), rectangle
        below = bottom - self._below_map
        legend.draw(left, below, right=right)
        if legs:
            legs.draw(left, below - strip - pad, right=right)
        if locator is None:
            return (self.map_left, bottom), None
        # The locator stands at the end of the lines, on the left where they begin on the right.
        x = left if right_to_left(self.language) else right - locator[0]
        return (self.map_left, bottom), (x, below - locator[1], *locator)

    def _draw_title(self, top: float) -> float:
        """Draw the title below a height and return that of the map's upper edge."""
        page_format = self.sheet.page_format
        bottom = write_lines(self.sheet, self.title, top, edges=self.edges,
                             size_pt=page_format.title_pt, language=self.language,
                             fontweight="bold", label="title")  # fmt: skip
        return bottom - 0.3 * page_format.title_pt


def is_flat(bounds: Bounds) -> bool:
    """Tell whether a map of bounds is much wider than high."""
    across, up = fitted(bounds, aspects=(0.0, 1e9)).size_m
    return up < _FLAT * across
