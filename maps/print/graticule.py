"""The graticule of a map: meridians and parallels with their names at the edges of the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from maps.i18n import degrees
from maps.print.projection import wrapped

if TYPE_CHECKING:
    from maps.print.frame import Frame
    from maps.print.sheet import Sheet

__all__ = ["graticule"]

# Distances between lines to choose from, in minutes of arc.
_STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)
# Least distance between two names along an edge, in points.
_GAP_PT = 4.0
# No name lies so near to a corner of the frame, in points.
_MARGIN_PT = 14.0
# Most lines across the frame in one direction, as far as the steps allow.
_MOST_LINES = 6


def graticule(sheet: Sheet, frame: Frame, language: str) -> None:
    """Draw meridians and parallels, and name them below and on the left, where names fit."""
    extent, axes, note_pt = frame.extent, frame.axes, sheet.page_format.note_pt
    left, bottom, _, _ = extent.frame
    west, south, east, north = extent.outline.bounds
    look: dict[str, Any] = {"color": "#8f8f8f", "linewidth": 0.5 * frame.pen, "zorder": 5}
    label: dict[str, Any] = {
        "fontsize": note_pt, "color": "#333333", "textcoords": "offset points",
        "annotation_clip": False, "parse_math": False,
    }  # fmt: skip
    lats, lons = np.linspace(south, north, 120), np.linspace(west, east, 120)
    gap = 0.4 * note_pt
    lower, side = _Edge(frame.width_pt), _Edge(frame.height_pt)
    for lon in _round_degrees(west, east):
        line = np.column_stack(extent.at(np.full_like(lats, lon), lats))
        axes.plot(*line.T, **look)
        x = _crossing(frame.points(line)[:, ::-1], frame.width_pt)
        text = degrees(wrapped(lon), "EW", language)
        if x is not None and lower.take(x, sheet.width_of(text, note_pt)):
            end = left + x * frame.metres_per_pt, bottom
            axes.annotate(text, end, (0, -gap), ha="center", va="top", **label)
    for lat in _round_degrees(south, north):
        line = np.column_stack(extent.at(lons, np.full_like(lons, lat)))
        axes.plot(*line.T, **look)
        y = _crossing(frame.points(line), frame.height_pt)
        text = degrees(lat, "NS", language)
        if y is not None and side.take(y, sheet.width_of(text, note_pt)):
            end = left, bottom + y * frame.metres_per_pt
            axes.annotate(text, end, (-gap, 0), ha="right", va="center", rotation=90, **label)


def _round_degrees(low: float, high: float) -> np.ndarray:
    """Return round degrees between two, in the smallest step that gives no more than the most."""
    span = 60 * (high - low)
    step = next((s for s in _STEPS_MIN if span / s <= _MOST_LINES), 3600) / 60
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step


class _Edge:
    """Names side by side along an edge, each clear of the one before and within the edge."""

    def __init__(self, length_pt: float) -> None:
        self._taken_to, self._length = -_GAP_PT, length_pt

    def take(self, middle: float, width: float) -> bool:
        """Tell whether a name has room around a point of the edge, and keep it if so."""
        if middle - width / 2 < self._taken_to + _GAP_PT or middle + width / 2 > self._length:
            return False
        self._taken_to = middle + width / 2
        return True


def _crossing(line: np.ndarray, length_pt: float) -> float | None:
    """Return the y at which a line crosses x = 0, None if there is none well within an edge.

    Parameters
    ----------
    line : points of the frame, shape (n, 2).
    length_pt : of the edge, which begins at y = 0.
    """
    x, y = line[np.argsort(line[:, 0])].T
    if not x[0] <= 0.0 <= x[-1]:
        return None
    crossing = float(np.interp(0.0, x, y))
    return crossing if _MARGIN_PT < crossing < length_pt - _MARGIN_PT else None
