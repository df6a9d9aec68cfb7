"""Scale bar, north arrow and locator: in the corners of the frame that are free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import patheffects
from pyproj import Geod

from maps.i18n import number, right_to_left, word
from maps.print.basemap import INKS

if TYPE_CHECKING:
    from maps.print.frame import Frame
    from maps.print.labels.placement import Box, Placer
    from maps.print.projection import Extent
    from maps.print.sheet import PageFormat, Sheet

__all__ = [
    "SCALE_ORDER",
    "Bar",
    "Furniture",
    "bar",
    "furniture",
    "locator_size",
    "north_arrow",
    "scale_bar",
]

# Preference of corners: x and y as 0 or 1.
_FOR_SCALE = ((0, 0), (1, 0), (0, 1), (1, 1))
_FOR_LOCATOR = ((1, 1), (0, 1), (1, 0), (0, 0))
_INSET = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """Where scale bar and locator stand, in points from the frame's lower left corner.

    Parameters
    ----------
    locator : None where no corner is free of what the map is about.
    """

    bar: Bar
    scale: Box
    locator: Box | None

    def draw(self, sheet: Sheet, frame: Frame, language: str, placer: Placer) -> None:
        """Draw arrow and bar, and keep names off them and off the locator."""
        text = sheet.page.text_pt
        left, bottom = self.scale[:2]
        arrow, first = left + 0.9 * text, left + 2.5 * text
        if right_to_left(language):
            # The bar runs to the left, and so does the name of its unit.
            right = self.scale[2]
            arrow, first = right - 0.9 * text, right - 2.5 * text - self.bar.points
        north_arrow(frame, sheet.page, language, (arrow, bottom + 1))
        scale_bar(sheet, frame, language, (first, bottom + 0.6 * text), self.bar)
        placer.block(self.scale)
        if self.locator is not None:
            placer.block(self.locator)


def furniture(sheet: Sheet, frame: Frame, language: str, small: Extent | None) -> Furniture:
    """Return the corners with the least ink for the scale bar and a locator.

    Parameters
    ----------
    small : what the locator shows, None for no locator.
    """
    text = sheet.page.text_pt
    one = bar(frame, sheet.page)
    end = sheet.width_of(f"{number(f'{one.km:g}', language)} {word('km', language)}", text)
    scale = 2.5 * text + one.points + end, 3.9 * text
    spots = {corner: _box(frame, corner, scale) for corner in _FOR_SCALE}
    if small is None:
        return Furniture(bar=one, scale=spots[_freest(frame, spots)], locator=None)
    insets = {corner: _box(frame, corner, locator_size(frame, small)) for corner in _FOR_LOCATOR}
    pairs = {
        (a, b): _ink(frame, spots[a]) + _ink(frame, insets[b]) + 0.01 * (n + m)
        for n, b in enumerate(_FOR_LOCATOR)
        for m, a in enumerate(_FOR_SCALE)
        if a != b
    }
    a, b = min(pairs, key=lambda pair: pairs[pair])
    ours = [key for key in frame.ink.keys if key not in INKS]
    if frame.ink.under(insets[b], of=ours) > 0:
        return Furniture(bar=one, scale=spots[_freest(frame, spots)], locator=None)
    return Furniture(bar=one, scale=spots[a], locator=insets[b])


def locator_size(frame: Frame, small: Extent) -> tuple[float, float]:
    """Return width and height of a locator in points."""
    across, up = small.size_m
    wide = min(max(0.22 * frame.wide, 62.0), 0.42 * frame.high * across / up)
    return wide, wide * up / across


def _box(frame: Frame, corner: tuple[int, int], size: tuple[float, float]) -> Box:
    x = frame.wide - _INSET - size[0] if corner[0] else _INSET
    y = frame.high - _INSET - size[1] if corner[1] else _INSET
    return x, y, x + size[0], y + size[1]


def _freest(frame: Frame, boxes: dict[tuple[int, int], Box]) -> tuple[int, int]:
    # Of equals the first is taken: the corners come in order of preference.
    return min(boxes, key=lambda corner: _ink(frame, boxes[corner]))


def _ink(frame: Frame, box: Box) -> float:
    ours = [key for key in frame.ink.keys if key not in INKS]
    base = [key for key in frame.ink.keys if key in INKS]
    return frame.ink.under(box, of=ours) + 0.05 * frame.ink.under(box, of=base)


# Where things lie over one another: tests and readers find the bar by it.
SCALE_ORDER = 61


_LENGTHS_KM = [k * 10**n for n in range(-2, 4) for k in (1, 2, 5)]


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


def bar(frame: Frame, page: PageFormat) -> Bar:
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


def north_arrow(frame: Frame, page: PageFormat, language: str, at: tuple[float, float]) -> None:
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
