"""The table of a border's legs below its map: number, ends, length with its interval, and basis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from borders.compiler.uncertainty import leg_sigma_m
from borders.measure import Measure
from maps.i18n import heads, interval, name_of, number, right_to_left, short, word
from maps.print.legend import LEADING

if TYPE_CHECKING:
    from borders.compiler.boundary import Boundary
    from borders.compiler.leg import Leg
    from maps.print.sheet import Sheet

__all__ = ["LegTable"]

# Gap between two columns of a block and between two blocks, in sizes of letters; the least width of
# the ends of a leg, and the most lines that they take (assumptions).
_GAP, _BLOCK_GAP, _LEAST_ENDS, _MOST_LINES = 0.8, 2.2, 12.0, 2


class _Row(NamedTuple):
    """A row as it is set: its number, its ends in lines, its length and how it was drawn."""

    number: str
    ends: list[str]
    length: str
    drawn: str


class LegTable:
    """The legs of a border in as few blocks of rows, side by side, as the width allows.

    Parameters
    ----------
    width_pt : of all blocks.
    """

    def __init__(self, sheet: Sheet, boundary: Boundary, language: str, *, width_pt: float) -> None:
        self.sheet, self.language = sheet, language
        self.text_pt = text_pt = sheet.page_format.note_pt
        self._head = heads("leg length-95 drawn", language)
        cells = [_cells(leg, language) for leg in boundary.legs]
        lengths, drawn = (
            max(
                sheet.width_of(head, text_pt, bold=True),
                *(sheet.width_of(row[n], text_pt) for row in cells),
            )
            for n, head in ((2, self._head[1]), (3, self._head[2]))
        )
        numbers = max(sheet.width_of(row[0], text_pt, bold=True) for row in cells)
        fixed = numbers + lengths + drawn + 3 * _GAP * text_pt
        longest = max(sheet.width_of(row[1], text_pt) for row in cells)
        least = fixed + min(longest, _LEAST_ENDS * text_pt)
        gap = _BLOCK_GAP * text_pt
        count = max(int((width_pt + gap) / (least + gap)), 1)
        self._block_pt = (width_pt - (count - 1) * gap) / count
        ends = self._block_pt - fixed
        # From the side where the language begins: number, ends, length, how it was drawn.
        steps = (numbers, ends, lengths)
        self._offsets = [0.0, *np.cumsum([step + _GAP * text_pt for step in steps]).tolist()]
        rows = [
            _Row(row[0], sheet.folded(row[1], text_pt, ends, most=_MOST_LINES), row[2], row[3])
            for row in cells
        ]
        self._blocks = _balanced(rows, count)

    @property
    def height_pt(self) -> float:
        """Return the height in points, of the heads and the longest block."""
        lines = max(sum(len(row.ends) for row in block) for block in self._blocks)
        return LEADING * self.text_pt * (lines + 1.3)

    def draw(self, left: float, top: float, *, right: float) -> None:
        """Draw the table below a height, from the side where the language begins.

        Parameters
        ----------
        left, top, right : edges in points of the page.
        """
        backwards = right_to_left(self.language)
        step = self._block_pt + _BLOCK_GAP * self.text_pt
        for n, block in enumerate(self._blocks):
            edge = right - n * step if backwards else left + n * step
            y = top - 0.5 * LEADING * self.text_pt
            for column, text in zip((0, 2, 3), self._head, strict=True):
                self._write(edge, column, y, text, fontweight="bold")
            y -= 1.3 * LEADING * self.text_pt
            for row in block:
                self._write(edge, 0, y, row.number, fontweight="bold")
                self._write(edge, 2, y, row.length)
                self._write(edge, 3, y, row.drawn)
                for line in row.ends:
                    self._write(edge, 1, y, line)
                    y -= LEADING * self.text_pt

    def _write(self, edge: float, column: int, y: float, text: str, **look: Any) -> None:
        backwards = right_to_left(self.language)
        offset = self._offsets[column]
        self.sheet.text(
            edge - offset if backwards else edge + offset, y, self.sheet.clean(text),
            ha="right" if backwards else "left", va="center_baseline", fontsize=self.text_pt,
            transform=self.sheet.points, parse_math=False, label="leg", **look,
        )  # fmt: skip


def _cells(leg: Leg, language: str) -> tuple[str, str, str, str]:
    """Return number, ends, length and how it was drawn of a leg, in a language."""
    # The name of a place may be a description; the English one is shorter.
    ends = (
        short(name_of(place.names, place.names.get("en", place.name), language))
        for place in (leg.start, leg.end)
    )
    length = Measure(value=leg.length_m, sigma=leg_sigma_m(leg), basis=leg.drawn_as)
    return (
        number(str(leg.n), language), " – ".join(ends), interval(length, language),
        word(leg.drawn_as, language),
    )  # fmt: skip


def _balanced(rows: list[_Row], count: int) -> list[list[_Row]]:
    """Return rows in blocks, in order, of about the same number of lines."""
    lines = np.cumsum([len(row.ends) for row in rows])
    nth = ((lines - 1) * count // lines[-1]).tolist()
    blocks = [[row for row, n in zip(rows, nth, strict=True) if n == at] for at in range(count)]
    return [block for block in blocks if block]
