"""Where the parts of a page stand: title above, map, legend and notes below or beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from maps.i18n import right_to_left
from maps.print.basemap import WHOLE
from maps.print.legend import Legend, write_lines
from maps.print.projection import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.print.labels.placement import Box
    from maps.print.legend import Entry
    from maps.print.projection import Bounds, Extent
    from maps.print.sheet import Sheet

__all__ = ["Layout", "is_flat"]

_LEADING = 1.32
# Least and greatest height of a map as a part of its width, in a column.
_ASPECTS = (0.5, 1.1)
# Part of a slide's width that a map takes which has its legend beside it; a flatter map than this
# takes the whole width and has its legend below.
_SLIDE, _FLAT = 0.7, 0.55
# A frame may reach this far beyond the base map, in degrees.
_EDGE = 0.3


class Layout:
    """A page under construction, in points.

    Parameters
    ----------
    flat : the map is much wider than high.
    notes : paragraphs below the legend.
    """

    def __init__(
        self, sheet: Sheet, title: str, notes: Sequence[str], language: str, *, flat: bool = False
    ) -> None:
        page = sheet.page
        self.sheet, self.language = sheet, language
        self.pad = 0.75 * page.note_pt
        self.edges = self.pad, sheet.wide - self.pad
        across = self.edges[1] - self.edges[0]
        self.fixed = page.height_mm is not None
        self.aside = self.fixed and not flat
        self.title = sheet.folded(title, page.title_pt, across, most=3, bold=True)
        self.notes = [line for note in notes for line in sheet.folded(note, page.note_pt, across)]
        self._title_high = _LEADING * page.title_pt * len(self.title) + 0.3 * page.title_pt
        self._notes_high = _LEADING * page.note_pt * len(self.notes)
        # Room for the names of the graticule, left and below.
        self.left = self.pad + 2.0 * page.note_pt
        self._below = 2.2 * page.note_pt
        self.wide = (_SLIDE * sheet.wide if self.aside else self.edges[1]) - self.left
        self._column = self.edges[1] - self.left - self.wide - 2 * self.pad

    def legend(self, listed: Sequence[Entry], *, beside: float = 0.0) -> Legend:
        """Return the legend that fits the page.

        Parameters
        ----------
        beside : points kept free beside a legend that stands below the map.
        """
        if self.aside:
            room = self._column, self._free(0.0)
            return Legend(self.sheet, listed, self.language, room=room, columns=1)
        room = self.edges[1] - self.edges[0] - beside, self.sheet.high if self.fixed else np.inf
        columns = 4 if self.fixed else 3
        return Legend(self.sheet, listed, self.language, room=room, columns=columns)

    def extent(self, bounds: Bounds, legend: Legend, *, equal_area: bool) -> Extent:
        """Return what the map shows: on a slide as much as the page holds, if it is charted."""
        if not self.fixed:
            return fitted(bounds, aspects=_ASPECTS, equal_area=equal_area)
        aspect = self._free(0.0 if self.aside else legend.high) / self.wide
        found = fitted(bounds, aspects=(aspect, aspect), equal_area=equal_area)
        if not shapely.box(*WHOLE).buffer(_EDGE).covers(found.outline):
            lower = min(aspect, _ASPECTS[0])
            return fitted(bounds, aspects=(lower, aspect), equal_area=equal_area)
        return found

    def _free(self, strip: float) -> float:
        """Return the height that a page of fixed height leaves to the map."""
        parts = (self._title_high, self._below, strip, self._notes_high)
        return self.sheet.high - sum(parts) - 3.5 * self.pad

    def outside(self, aspect: float, wide: float) -> tuple[float, float]:
        """Return width and height of a locator outside the map: as wide as a slide has room."""
        if self.aside:
            wide = min(self._column, 0.45 * self._free(0.0) / aspect)
        return wide, wide * aspect

    def finish(
        self, legend: Legend, high: float, locator: tuple[float, float] | None
    ) -> tuple[tuple[float, float], Box | None]:
        """Set the page and write what stands around the map.

        Parameters
        ----------
        high : height of the map.
        locator : width and height of a locator that stands outside the map.

        Returns
        -------
        Lower left corner of the map; left, bottom, width and height of the locator.
        """
        sheet, pad = self.sheet, self.pad
        strip = max(legend.high, locator[1] if locator else 0.0)
        if not self.fixed:
            parts = (self._title_high, high, self._below, strip, self._notes_high)
            sheet.set_high(sum(parts) + 3.5 * pad)
        top = self._title(sheet.high - pad)
        bottom = top - high
        write_lines(sheet, self.notes, pad + self._notes_high, edges=self.edges,
                    size=sheet.page.note_pt, language=self.language, color="#333333",
                    label="note")  # fmt: skip
        left, right = self.edges
        if self.aside:
            column = self.left + self.wide + 2 * pad
            legend.draw(column, top, right=right)
            free = top - legend.high - bottom
            rect = (column, bottom, *locator) if locator and locator[1] < free else None
            return (self.left, bottom), rect
        under = bottom - self._below
        legend.draw(left, under, right=right)
        if locator is None:
            return (self.left, bottom), None
        # The locator stands at the end of the lines, on the left where they begin on the right.
        x = left if right_to_left(self.language) else right - locator[0]
        return (self.left, bottom), (x, under - locator[1], *locator)

    def _title(self, top: float) -> float:
        page = self.sheet.page
        end = write_lines(self.sheet, self.title, top, edges=self.edges, size=page.title_pt,
                          language=self.language, fontweight="bold", label="title")  # fmt: skip
        return end - 0.3 * page.title_pt


def is_flat(bounds: Bounds) -> bool:
    """Tell whether a map of bounds is much wider than high."""
    across, up = fitted(bounds, aspects=(0.0, 1e9)).size_m
    return up < _FLAT * across
