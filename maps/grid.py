"""What a map is read by: graticule, scale bar, north arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import patheffects
from pyproj import Geod

from maps.words import degrees, number, right_to_left, word

if TYPE_CHECKING:
    from maps.frame import Frame
    from maps.sheet import Page, Sheet

__all__ = ["SCALE_ORDER", "Bar", "bar", "graticule", "north_arrow", "scale_bar"]

# Where things lie over one another: tests and readers find the bar by it.
SCALE_ORDER = 61
_MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800)
_LENGTHS_KM = [k * 10**n for n in range(-2, 4) for k in (1, 2, 5)]
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


class Bar:
    """A scale bar: its length on the ground, and on paper at the middle of the map."""

    def __init__(self, frame: Frame, most_pt: float) -> None:
        extent = frame.extent
        lon, lat = extent.middle

        def drawn_m(metres: float) -> float:
            """Return the plane length of a geodesic centred on the middle, west to east."""
            ends = Geod(ellps="WGS84").fwd([lon] * 2, [lat] * 2, [270, 90], [metres / 2] * 2)
            x, y = extent.at(ends[0], ends[1])
            return float(np.hypot(x[1] - x[0], y[1] - y[0]))

        most = most_pt * frame.metres
        fitting = [km for km in _LENGTHS_KM if drawn_m(1000.0 * km) <= most]
        self.km = fitting[-1] if fitting else _LENGTHS_KM[0]
        self.points = drawn_m(1000.0 * self.km) / frame.metres


def bar(frame: Frame, page: Page) -> Bar:
    """Return a bar of a round length, about a fifth of the map long."""
    return Bar(frame, min(max(0.22 * frame.wide, 13.0 * page.text_pt), 0.45 * frame.wide))


def scale_bar(sheet: Sheet, frame: Frame, language: str, at: tuple[float, float], one: Bar) -> None:
    """Draw a bar of two halves whose lower left corner is at a spot in points."""
    axes, size = frame.axes, sheet.page.text_pt
    way = -1 if right_to_left(language) else 1
    x = [frame.plane((at[0] + share * one.points, at[1]))[0] for share in (0, 0.5, 1)][::way]
    y = frame.plane(at)[1]
    thick = 3.2 * frame.pen
    look: dict[str, Any] = {"solid_capstyle": "butt", "zorder": SCALE_ORDER, "clip_on": False}
    axes.plot([x[0], x[2]], [y, y], color="black", linewidth=thick + 1.2 * frame.pen, **look)
    axes.plot([x[1], x[2]], [y, y], color="white", linewidth=thick, **look)
    halo = [patheffects.withStroke(linewidth=0.28 * size, foreground="white")]
    numbers = [number(f"{km:g}", language) for km in (0.0, one.km / 2, one.km)]
    unit = word("km", language)
    for where, text in zip(x, numbers, strict=True):
        last = text == numbers[2]
        # The number stands over its mark, the unit beyond it.
        shift = -0.5 * way * sheet.width_of(text, size) if last else 0.0
        axes.annotate(
            f"{text} {unit}" if last else text, (where, y), (shift, thick), zorder=SCALE_ORDER,
            textcoords="offset points", va="bottom", fontsize=size, annotation_clip=False,
            ha="center" if not last else "left" if way > 0 else "right", parse_math=False,
            path_effects=halo, label="scale",
        )  # fmt: skip


def north_arrow(frame: Frame, page: Page, language: str, at: tuple[float, float]) -> None:
    """Draw an arrow to true north as it is at a spot, the middle of its foot, in points."""
    foot = np.array(frame.plane(at))
    lon, lat = frame.extent.lonlat(*foot)
    ahead = np.array(frame.extent.at(lon, lat + 0.01)) - foot
    ahead = ahead / np.hypot(*ahead) * frame.metres
    aside = np.array([ahead[1], -ahead[0]])
    size = 2.2 * page.text_pt
    tip = foot + size * ahead
    notch = foot + 0.25 * size * ahead
    for sign, colour in ((-1, "black"), (1, "white")):
        wing = foot + sign * 0.32 * size * aside
        frame.axes.fill(*np.array([tip, wing, notch]).T, facecolor=colour, edgecolor="black",
                        linewidth=0.7 * frame.pen, zorder=SCALE_ORDER, clip_on=False)  # fmt: skip
    frame.axes.annotate(word("N", language), tip, (0, 0.15 * size), textcoords="offset points",
                        ha="center", va="bottom", fontsize=page.text_pt, fontweight="bold",
                        zorder=SCALE_ORDER, annotation_clip=False)  # fmt: skip
