"""Scale bar, north arrow and locator: in the corners of the frame that are free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maps.basemap import INKS
from maps.grid import Bar, bar, north_arrow, scale_bar
from maps.words import number, right_to_left, word

if TYPE_CHECKING:
    from maps.frame import Frame
    from maps.placement import Box, Placer
    from maps.projection import Extent
    from maps.sheet import Sheet

__all__ = ["Furniture", "furniture", "locator_size"]

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
