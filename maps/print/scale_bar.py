"""Scale bar, north arrow and place of the locator: in the corners of the frame that are free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import patheffects
from pyproj import Geod

from maps.i18n import number, right_to_left, word
from maps.print.basemap import BASEMAP_KEYS

if TYPE_CHECKING:
    from maps.print.frame import Frame
    from maps.print.labels.occupancy import Box
    from maps.print.labels.placement import Placer
    from maps.print.projection import Extent
    from maps.print.sheet import PageFormat, Sheet

__all__ = [
    "SCALE_ORDER",
    "Furniture",
    "ScaleBar",
    "draw_north_arrow",
    "draw_scale_bar",
    "furniture",
    "locator_size",
    "scale_bar",
]

# Drawing order (matplotlib's zorder) of bar and arrow, above all labels; tests find them by it.
SCALE_ORDER = 61
# Corners in order of preference: x and y as 0 or 1.
_CORNERS_FOR_SCALE = ((0, 0), (1, 0), (0, 1), (1, 1))
_CORNERS_FOR_LOCATOR = ((1, 1), (0, 1), (1, 0), (0, 0))
# Distance from the frame's edges, in points.
_INSET_PT = 5.0
_LENGTHS_KM = [k * 10**n for n in range(-2, 4) for k in (1, 2, 5)]
# Width of the arrow and its space left of the bar, in sizes of letters.
_ARROW_SPACE = 2.5
# Sums of weights below this are rounding.
_NOTHING = 1e-6
# An arrow that leans more, in degrees, would lie on the bar: north then changes so much over the
# map that the meridians show it better.
_MOST_LEAN_DEG = 25.0


class ScaleBar:
    """A scale bar: its length on the ground, and on the page at the middle of the map.

    Attributes
    ----------
    km : length on the ground, the greatest round one that fits.
    length_pt : the length on the page that a geodesic so long has from west to east.
    """

    def __init__(self, frame: Frame, most_pt: float) -> None:
        extent = frame.extent
        lon, lat = extent.middle

        def drawn_m(metres: float) -> float:
            """Return the length in the plane of a geodesic centred on the middle, west to east."""
            ends = Geod(ellps="WGS84").fwd([lon] * 2, [lat] * 2, [270, 90], [metres / 2] * 2)
            x, y = extent.at(ends[0], ends[1])
            return float(np.hypot(x[1] - x[0], y[1] - y[0]))

        most_m = most_pt * frame.metres_per_pt
        fitting = [km for km in _LENGTHS_KM if drawn_m(1000.0 * km) <= most_m]
        self.km = fitting[-1] if fitting else _LENGTHS_KM[0]
        self.length_pt = drawn_m(1000.0 * self.km) / frame.metres_per_pt


def scale_bar(frame: Frame, page_format: PageFormat) -> ScaleBar:
    """Return a bar of a round length, about a fifth of the map long."""
    width = frame.width_pt
    return ScaleBar(frame, min(max(0.22 * width, 13.0 * page_format.text_pt), 0.45 * width))


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """Where scale bar and locator stand, in points from the frame's lower left corner.

    Parameters
    ----------
    bar_box : of arrow, bar and its numbers.
    locator_box : None where no corner is free of what the map is about.
    """

    bar: ScaleBar
    bar_box: Box
    locator_box: Box | None

    def draw(self, sheet: Sheet, frame: Frame, language: str, placer: Placer) -> None:
        """Draw arrow and bar, and keep labels off them and off the locator."""
        text_pt = sheet.page_format.text_pt
        left, bottom, right, _ = self.bar_box
        arrow_x, bar_x = left + 0.9 * text_pt, left + _ARROW_SPACE * text_pt
        if right_to_left(language):
            # The bar runs to the left, and so does the name of its unit.
            arrow_x = right - 0.9 * text_pt
            bar_x = right - _ARROW_SPACE * text_pt - self.bar.length_pt
        draw_north_arrow(frame, sheet.page_format, language, (arrow_x, bottom + 1))
        draw_scale_bar(sheet, frame, language, (bar_x, bottom + 0.6 * text_pt), self.bar)
        placer.block(self.bar_box)
        if self.locator_box is not None:
            placer.block(self.locator_box)


def furniture(
    sheet: Sheet,
    frame: Frame,
    language: str,
    locator: Extent | None,
    *,
    room_outside: bool = False,
) -> Furniture:
    """Return where scale bar and locator stand: in the corners where they cover the least.

    Parameters
    ----------
    locator : what the locator shows, None for no locator.
    room_outside : whether the locator may stand outside the map, where it leaves the bar a corner.
    """
    text_pt = sheet.page_format.text_pt
    bar = scale_bar(frame, sheet.page_format)
    last = f"{number(f'{bar.km:g}', language)} {word('km', language)}"
    last_width = sheet.width_of(last, text_pt)
    size = _ARROW_SPACE * text_pt + bar.length_pt + last_width, 3.9 * text_pt
    bar_boxes = {corner: _corner_box(frame, corner, size) for corner in _CORNERS_FOR_SCALE}
    bar_alone = Furniture(bar=bar, bar_box=bar_boxes[_freest(frame, bar_boxes)], locator_box=None)
    if locator is None:
        return bar_alone
    locator_boxes = {
        corner: _corner_box(frame, corner, locator_size(frame, locator))
        for corner in _CORNERS_FOR_LOCATOR
    }
    # Of pairs that cover the same, corners of higher preference are taken.
    covered = {
        (a, b): _covered(frame, bar_boxes[a]) + _covered(frame, locator_boxes[b]) + 0.01 * (n + m)
        for n, b in enumerate(_CORNERS_FOR_LOCATOR)
        for m, a in enumerate(_CORNERS_FOR_SCALE)
        if a != b
    }
    a, b = min(covered, key=lambda pair: covered[pair])
    if _covered(frame, locator_boxes[b], base=0.0) > _NOTHING:
        return bar_alone
    # Of the only corner that is free the bar has more need.
    hiding = _covered(frame, bar_boxes[a], base=0.0)
    if room_outside and hiding > _covered(frame, bar_alone.bar_box, base=0.0) + _NOTHING:
        return bar_alone
    return Furniture(bar=bar, bar_box=bar_boxes[a], locator_box=locator_boxes[b])


def locator_size(frame: Frame, locator: Extent) -> tuple[float, float]:
    """Return width and height of a locator in points."""
    across, up = locator.size_m
    width = min(max(0.22 * frame.width_pt, 62.0), 0.42 * frame.height_pt * across / up)
    return width, width * up / across


def _corner_box(frame: Frame, corner: tuple[int, int], size: tuple[float, float]) -> Box:
    x = frame.width_pt - _INSET_PT - size[0] if corner[0] else _INSET_PT
    y = frame.height_pt - _INSET_PT - size[1] if corner[1] else _INSET_PT
    return x, y, x + size[0], y + size[1]


def _freest(frame: Frame, boxes: dict[tuple[int, int], Box]) -> tuple[int, int]:
    """Return the corner whose box covers the least, of equals the first."""
    return min(boxes, key=lambda corner: _covered(frame, boxes[corner]))


def _covered(frame: Frame, box: Box, *, base: float = 0.05) -> float:
    """Return how much of the drawing a box covers.

    Parameters
    ----------
    base : what the basemap counts, as a part of the rest.
    """
    below = [key for key in frame.occupancy.keys if key in BASEMAP_KEYS]
    of_base = frame.occupancy.under(box, of=below)
    return frame.occupancy.under(box) - of_base + base * of_base


def draw_scale_bar(
    sheet: Sheet, frame: Frame, language: str, corner: tuple[float, float], bar: ScaleBar
) -> None:
    """Draw a bar of two halves.

    Parameters
    ----------
    corner : lower left corner of the bar, in points of the frame.
    """
    axes, text_pt = frame.axes, sheet.page_format.text_pt
    direction = -1 if right_to_left(language) else 1
    marks = [frame.plane((corner[0] + share * bar.length_pt, corner[1]))[0]
             for share in (0, 0.5, 1)][::direction]  # fmt: skip
    y = frame.plane(corner)[1]
    thickness = 3.2 * frame.pen
    look: dict[str, Any] = {"solid_capstyle": "butt", "zorder": SCALE_ORDER, "clip_on": False}
    outline = thickness + 1.2 * frame.pen
    axes.plot([marks[0], marks[2]], [y, y], color="black", linewidth=outline, **look)
    axes.plot([marks[1], marks[2]], [y, y], color="white", linewidth=thickness, **look)
    halo = [patheffects.withStroke(linewidth=0.28 * text_pt, foreground="white")]
    numbers = [number(f"{km:g}", language) for km in (0.0, bar.km / 2, bar.km)]
    unit = word("km", language)
    for x, text in zip(marks, numbers, strict=True):
        last = text == numbers[2]
        # The number stands over its mark, the unit beyond it.
        shift = -0.5 * direction * sheet.width_of(text, text_pt) if last else 0.0
        axes.annotate(
            f"{text} {unit}" if last else text, (x, y), (shift, thickness), zorder=SCALE_ORDER,
            textcoords="offset points", va="bottom", fontsize=text_pt, annotation_clip=False,
            ha="center" if not last else "left" if direction > 0 else "right", parse_math=False,
            path_effects=halo, label="scale",
        )  # fmt: skip


def draw_north_arrow(
    frame: Frame, page_format: PageFormat, language: str, point: tuple[float, float]
) -> None:
    """Draw an arrow to true north as it is at a point of the frame, the middle of its foot.

    There is none where it would lean by more than 25°.
    """
    foot = np.array(frame.plane(point))
    lon, lat = frame.extent.lonlat(*foot)
    ahead = np.array(frame.extent.at(lon, lat + 0.01)) - foot
    # Outside the world there is no north.
    if not np.degrees(np.abs(np.arctan2(*ahead))) <= _MOST_LEAN_DEG:
        return
    ahead = ahead / np.hypot(*ahead) * frame.metres_per_pt
    aside = np.array([ahead[1], -ahead[0]])
    size = 2.2 * page_format.text_pt
    tip = foot + size * ahead
    notch = foot + 0.25 * size * ahead
    for side, colour in ((-1, "black"), (1, "white")):
        wing = foot + side * 0.32 * size * aside
        frame.axes.fill(*np.array([tip, wing, notch]).T, facecolor=colour, edgecolor="black",
                        linewidth=0.7 * frame.pen, zorder=SCALE_ORDER, clip_on=False)  # fmt: skip
    frame.axes.annotate(word("N", language), tip, (0, 0.15 * size), textcoords="offset points",
                        ha="center", va="bottom", fontsize=page_format.text_pt, fontweight="bold",
                        zorder=SCALE_ORDER, annotation_clip=False)  # fmt: skip
