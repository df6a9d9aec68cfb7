"""What a map is read by: graticule, scale bar, north arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from maps.i18n import degrees

if TYPE_CHECKING:
    from maps.print.frame import Frame
    from maps.print.sheet import Sheet

__all__ = ["graticule"]

_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)
# Points between two names of the graticule.
_APART = 4.0
# A graticule of more lines than this across the frame is a net.
_MOST_LINES = 6


def _steps(low: float, high: float) -> np.ndarray:
    """Return round degrees between two, as few as can be read off."""
    span = 60 * (high - low)
    step = next((s for s in _MINUTES if span / s <= _MOST_LINES), 3600) / 60
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step


def graticule(sheet: Sheet, frame: Frame, language: str) -> None:
    """Draw meridians and parallels, and name them at the foot and on the left, where names fit."""
    extent, axes, page = frame.extent, frame.axes, sheet.page
    left, bottom, _, _ = extent.frame
    west, south, east, north = extent.outline.bounds
    look: dict[str, Any] = {"color": "#8f8f8f", "linewidth": 0.5 * frame.pen, "zorder": 5}
    label: dict[str, Any] = {
        "fontsize": page.note_pt, "color": "#333333", "textcoords": "offset points",
        "annotation_clip": False, "parse_math": False,
    }  # fmt: skip
    lats, lons = np.linspace(south, north, 120), np.linspace(west, east, 120)
    gap = 0.4 * page.note_pt
    feet, sides = _Row(frame.wide), _Row(frame.high)
    for lon in _steps(west, east):
        line = np.column_stack(extent.at(np.full_like(lats, lon), lats))
        axes.plot(*line.T, **look)
        foot = _crossing(frame.points(line)[:, ::-1], frame.wide)
        text = degrees(lon, "EW", language)
        if foot is not None and feet.free(foot, sheet.width_of(text, page.note_pt)):
            at = left + foot * frame.metres, bottom
            axes.annotate(text, at, (0, -gap), ha="center", va="top", **label)
    for lat in _steps(south, north):
        line = np.column_stack(extent.at(lons, np.full_like(lons, lat)))
        axes.plot(*line.T, **look)
        side = _crossing(frame.points(line), frame.high)
        text = degrees(lat, "NS", language)
        if side is not None and sides.free(side, sheet.width_of(text, page.note_pt)):
            at = left, bottom + side * frame.metres
            axes.annotate(text, at, (-gap, 0), ha="right", va="center", rotation=90, **label)


class _Row:
    """Names side by side along an edge, each clear of the one before and within the edge."""

    def __init__(self, long: float) -> None:
        self._end, self._long = -_APART, long

    def free(self, middle: float, wide: float) -> bool:
        """Tell whether a name has room, and take it."""
        if middle - wide / 2 < self._end + _APART or middle + wide / 2 > self._long:
            return False
        self._end = middle + wide / 2
        return True


def _crossing(line: np.ndarray, end: float, *, margin: float = 14.0) -> float | None:
    """Return where a line of points crosses the axis x = 0, if well between 0 and an end."""
    x, y = line[np.argsort(line[:, 0])].T
    if not x[0] <= 0.0 <= x[-1]:
        return None
    found = float(np.interp(0.0, x, y))
    return found if margin < found < end - margin else None
