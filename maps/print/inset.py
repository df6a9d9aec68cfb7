"""The locator: a small map that shows where the large one lies, with all that runs off it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maps.print.basemap import BASEMAP_BOUNDS, MARGIN_BOUNDS, drawn_shapes
from maps.print.frame import Frame
from maps.print.projection import fitted
from maps.style import BASEMAP, Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from maps.layers.model import Layer, Shape
    from maps.print.projection import Bounds, Extent
    from maps.print.sheet import Sheet

__all__ = ["LOCATOR_LAYERS", "ORDER", "draw_locator", "locator_extent"]

# Drawing order (matplotlib's zorder) of the locator on the page.
ORDER = 70
# What a locator shows of the basemap.
LOCATOR_LAYERS = _LAND, _BORDERS = "land", "country-borders"
# There is a locator only if the large map covers at most this part of what it shows.
_MOST_COVERED = 0.5
# A locator shows the large map, a margin around it of this part of its size in all, and at least so
# many degrees of longitude and latitude: enough to see a coast that readers know.
_MARGIN = 1.6
_LEAST_DEG = (11.0, 6.5)
# Margin in degrees around all that is drawn.
_MARGIN_DEG = 0.3


def locator_extent(extent: Extent, drawn: Bounds) -> Extent | None:
    """Return what a locator shows: the frame, all that is drawn, and the country around.

    None where the basemap has nothing around the frame to show.

    Parameters
    ----------
    drawn : bounds of all that is drawn, west, south, east, north in degrees.
    """
    west, south, east, north = extent.outline.bounds
    lon, lat = extent.middle
    if not np.isfinite([lon, lat]).all():
        return None
    half_x = max((_MARGIN + 1) * (east - west), _LEAST_DEG[0]) / 2
    half_y = max((_MARGIN + 1) * (north - south), _LEAST_DEG[1]) / 2
    around = shapely.box(
        min(lon - half_x, drawn[0] - _MARGIN_DEG), min(lat - half_y, drawn[1] - _MARGIN_DEG),
        max(lon + half_x, drawn[2] + _MARGIN_DEG), max(lat + half_y, drawn[3] + _MARGIN_DEG),
    ).intersection(shapely.box(*BASEMAP_BOUNDS))  # fmt: skip
    frame = shapely.box(west, south, east, north)
    # The frame may reach half a degree beyond the basemap.
    if around.is_empty or not around.buffer(0.5).covers(frame):
        return None
    if frame.area > _MOST_COVERED * around.area:
        return None
    needed = [extent.outline, shapely.box(*drawn)]
    return _trimmed(fitted(around.bounds, aspects=(0.5, 0.9)), needed)


def _trimmed(locator: Extent, needed: list[Any]) -> Extent:
    """Return an extent without the corners beyond the basemap, as far as they are not needed.

    Parameters
    ----------
    needed : lon/lat geometries that stay inside.
    """
    west, south, east, north = BASEMAP_BOUNDS
    # Corners of the basemap: south-west, north-west, south-east, north-east.
    x, y = locator.at([west, west, east, east], [south, north, south, north])
    _, north_y = locator.at(locator.meridian, north)
    left, bottom, right, top = locator.frame
    needed_m = shapely.total_bounds([locator.project(geometry) for geometry in needed])
    frame = (
        float(min(max(left, x[0], x[1]), needed_m[0])),
        float(min(max(bottom, y[0], y[2]), needed_m[1])),
        float(max(min(right, x[2], x[3]), needed_m[2])),
        float(max(min(top, north_y), needed_m[3])),
    )
    return replace(locator, frame=frame)


def draw_locator(
    sheet: Sheet,
    extent: Extent,
    locator: Extent,
    layers: Sequence[Layer],
    rectangle: tuple[float, float, float, float],
) -> None:
    """Draw the locator.

    Parameters
    ----------
    extent : of the large map, drawn as a ring.
    locator : what the locator shows.
    rectangle : left, bottom, width and height in points of the page.
    """
    left, bottom, width, height = rectangle
    position = (left / sheet.width_pt, bottom / sheet.height_pt, width / sheet.width_pt,
                height / sheet.height_pt)  # fmt: skip
    axes = sheet.add_axes(position, facecolor="white", label="locator", zorder=ORDER)
    frame = Frame(axes, locator, width_pt=width, pen=0.4 * sheet.page_format.pen)
    frame.fill([shapely.segmentize(shapely.box(*MARGIN_BOUNDS), 0.5)], BASEMAP["sea"], 0.5)
    frame.fill(drawn_shapes(locator, _LAND), BASEMAP["land"], 1, projected=True)
    borders = drawn_shapes(locator, _BORDERS)
    frame.lines(borders, Style(colour=BASEMAP["border"], width=1.6), 4, projected=True)
    _draw_lines(frame, [shape for layer in reversed(layers) for shape in layer.shapes])
    ring = np.column_stack(locator.at(*np.array(extent.outline.exterior.coords).T))
    pen = sheet.page_format.pen
    axes.plot(*ring.T, color="white", linewidth=3.2 * pen, zorder=60)
    axes.plot(*ring.T, color="black", linewidth=1.6 * pen, zorder=61)


def _draw_lines(frame: Frame, shapes: Iterable[Shape]) -> None:
    """Draw the lines among shapes as one artist, the last on top, narrower and without dashes."""
    from matplotlib.collections import LineCollection

    lines = [s for s in shapes if s.style.width and s.geometry.geom_type == "LineString"]
    parts, nth = shapely.get_parts(
        frame.prepared(line.geometry for line in lines), return_index=True
    )
    drawn = (shapely.get_dimensions(parts) == 1) & ~shapely.is_empty(parts)
    styles = [lines[n].style for n in nth[drawn].tolist()]
    collection = LineCollection(
        [shapely.get_coordinates(part) for part in parts[drawn]],
        colors=[style.colour for style in styles],
        linewidths=[0.8 * style.width * frame.pen for style in styles],
        capstyle="butt", zorder=20, gid=frame.gid("line"),
    )  # fmt: skip
    frame.axes.add_collection(collection, autolim=False)
