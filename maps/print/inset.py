"""A small map that shows where the large one lies, with all that runs off it."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.files.bundle import layer
from maps.print.basemap import WHOLE
from maps.print.frame import Frame
from maps.print.projection import fitted
from maps.style import BASEMAP, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.layers.model import Layer
    from maps.print.labels.placement import Box
    from maps.print.projection import Bounds, Extent
    from maps.print.sheet import Sheet

__all__ = ["ORDER", "draw_locator", "locator_extent"]

ORDER = 70
# The large map beside a locator shows at most this part of it.
_MOST = 0.5
# A locator shows this much around the large map, as parts of its size, and at least these degrees:
# enough to see a coast that readers know.
_ROOM = 1.6
_LEAST = (11.0, 6.5)


def locator_extent(extent: Extent, drawn: Bounds) -> Extent | None:
    """Return what a locator shows: the frame, all that is drawn, and the country around.

    None where the base map has nothing around the frame to show.
    """
    west, south, east, north = extent.outline.bounds
    lon, lat = extent.middle
    if not np.isfinite([lon, lat]).all():
        return None
    half_x = max((_ROOM + 1) * (east - west), _LEAST[0]) / 2
    half_y = max((_ROOM + 1) * (north - south), _LEAST[1]) / 2
    around = shapely.box(
        min(lon - half_x, drawn[0] - 0.3), min(lat - half_y, drawn[1] - 0.3),
        max(lon + half_x, drawn[2] + 0.3), max(lat + half_y, drawn[3] + 0.3),
    ).intersection(shapely.box(*WHOLE))  # fmt: skip
    frame = shapely.box(west, south, east, north)
    if around.is_empty or not around.buffer(0.5).covers(frame) or frame.area > _MOST * around.area:
        return None
    needed = [extent.outline, shapely.box(*drawn)]
    return _trimmed(fitted(around.bounds, aspects=(0.5, 0.9)), needed)


def _trimmed(small: Extent, needed: list[Any]) -> Extent:
    """Return an extent without the corners in which the base map ends, if they are not needed."""
    west, south, east, north = WHOLE
    x, y = small.at([west, west, east, east], [south, north, south, north])
    _, top = small.at(small.meridian, north)
    left, low, right, high = small.frame
    a, b, c, d = shapely.total_bounds([small.project(one) for one in needed])
    frame = (
        float(min(max(left, x[0], x[1]), a)), float(min(max(low, y[0], y[2]), b)),
        float(max(min(right, x[2], x[3]), c)), float(max(min(high, top), d)),
    )  # fmt: skip
    return replace(small, frame=frame)


def draw_locator(
    sheet: Sheet, extent: Extent, small: Extent, found: Sequence[Layer], rect: Box
) -> None:
    """Draw the locator.

    Parameters
    ----------
    rect : left, bottom, width and height in points of the page.
    """
    left, bottom, wide, high = rect
    place = left / sheet.wide, bottom / sheet.high, wide / sheet.wide, high / sheet.high
    axes = sheet.add_axes(place, facecolor="white", label="locator", zorder=ORDER)
    frame = Frame(axes, small, wide=wide, pen=0.4 * sheet.page.pen)
    frame.fill([shapely.segmentize(shapely.box(*WHOLE), 0.5)], BASEMAP["sea"], 0.5)
    frame.fill([f.geometry for f in layer("land")], BASEMAP["land"], 1)
    borders = [f.geometry for f in layer("country-borders")]
    frame.lines(borders, Style(colour=BASEMAP["border"], width=1.6), 4)
    for n, one in enumerate(reversed(found)):
        drawn = [shape for shape in one.shapes if shape.style.width]
        for (colour, pen), shapes in groupby(drawn, key=lambda s: (s.style.colour, s.style.width)):
            lines = [s.geometry for s in shapes if s.geometry.geom_type == "LineString"]
            frame.lines(lines, Style(colour=colour, width=0.8 * pen), 20 + n)
    ring = np.column_stack(small.at(*np.array(extent.outline.exterior.coords).T))
    pen = sheet.page.pen
    axes.plot(*ring.T, color="white", linewidth=3.2 * pen, zorder=60)
    axes.plot(*ring.T, color="black", linewidth=1.6 * pen, zorder=61)
