"""What stands around the frame of a figure: title, legend, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from maps.i18n import comma, number, right_to_left, word
from maps.layers.model import numbered
from maps.print.frame import dashes
from maps.style import BASEMAP, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.layers.model import Layer
    from maps.print.sheet import Sheet

__all__ = ["Entry", "Legend", "entries", "write_lines"]

_LEADING = 1.32
# Sizes of letters to try, as parts of the page's.
_SHARES = (0.95, 0.86, 0.78, 0.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a legend: a number, a sample and what it means.

    Parameters
    ----------
    dot : the sample is a point.
    """

    text: str
    style: Style
    sign: str = ""
    dot: bool = False


def entries(found: Sequence[Layer], language: str) -> list[Entry]:
    """Return the legend of layers, numbered if there are several, and of the country borders."""
    listed = []
    signs = {id(one): str(n) for n, one in numbered(found)} if len(found) > 1 else {}
    for one in found:
        note = f"{comma(language)} {word(one.legend_note, language)}" if one.legend_note else ""
        fill = max((shape.style.fill for shape in one.shapes), default=0.0)
        look = one.swatch
        style = Style(colour=look.colour, width=look.width, dash=look.dash, fill=fill)
        sign = number(signs.get(id(one), ""), language)
        dot = all(shape.geometry.geom_type == "Point" for shape in one.shapes)
        listed.append(Entry(text=one.name + note, style=style, sign=sign, dot=dot))
    border = Style(colour=BASEMAP["border"], width=1.1)
    return [*listed, Entry(text=word("base-border", language), style=border)]


class Legend:
    """A legend set in as few lines as a width allows.

    Parameters
    ----------
    room : width and greatest height in points; letters shrink, if they must, to keep to it.
    columns : at most so many.
    """

    def __init__(
        self, sheet: Sheet, listed: Sequence[Entry], language: str, *, room: tuple[float, float],
        columns: int = 3,
    ) -> None:  # fmt: skip
        self.sheet, self.listed, self.language = sheet, listed, language
        for share in _SHARES:
            self.size = sheet.page.text_pt * share
            self._fold(room[0], columns)
            if self.high <= room[1]:
                break

    def _fold(self, wide: float, columns: int) -> None:
        """Set the entries in as many columns as hold each in one line."""
        sheet, listed = self.sheet, self.listed
        self._sign = 1.7 * self.size if any(one.sign for one in listed) else 0.0
        self._head = self._sign + 4.2 * self.size
        self.step = _LEADING * self.size
        for count in range(columns, 0, -1):
            self.column = (wide - (count - 1) * self.size) / count
            room = self.column - self._head
            self.lines = [
                sheet.folded(one.text, self.size, room, most=3 if count > 1 else 5)
                for one in listed
            ]
            self.rows = self._split(count)
            if count == 1 or (room > 12 * self.size and max(map(len, self.lines)) == 1):
                break

    def _split(self, count: int) -> list[list[int]]:
        """Return the entries of each column, in order, the columns about equally high."""
        whole = sum(map(len, self.lines))
        columns: list[list[int]] = [[] for _ in range(count)]
        filled = 0
        for n, lines in enumerate(self.lines):
            columns[min(int(filled * count / max(whole, 1)), count - 1)].append(n)
            filled += len(lines)
        return columns

    @property
    def high(self) -> float:
        """Return the height in points."""
        return self.step * max(sum(len(self.lines[n]) for n in column) for column in self.rows)

    def draw(self, left: float, top: float, *, right: float) -> None:
        """Draw the legend below a height, from a left edge; from the right one if so written."""
        backwards = right_to_left(self.language)
        for c, column in enumerate(self.rows):
            offset = c * (self.column + self.size)
            edge = right - offset if backwards else left + offset
            y = top
            for n in column:
                self._entry(self.listed[n], self.lines[n], edge, y - 0.5 * self.step)
                y -= self.step * len(self.lines[n])

    def _entry(self, one: Entry, lines: list[str], edge: float, y: float) -> None:
        sheet, size = self.sheet, self.size
        way = -1 if right_to_left(self.language) else 1
        side = "right" if way < 0 else "left"
        begin, end = edge + way * self._sign, edge + way * (self._head - 0.7 * size)
        look: dict[str, Any] = {"transform": sheet.points, "figure": sheet}
        if one.style.fill:
            patch = Rectangle(
                (min(begin, end), y - 0.45 * size), abs(end - begin), 0.9 * size, linewidth=0,
                facecolor=one.style.colour, alpha=one.style.fill, **look,
            )  # fmt: skip
            sheet.add_artist(patch)
        if one.dot:
            middle = [(begin + end) / 2]
            sheet.add_artist(Line2D(middle, [y], marker="o", color=one.style.colour,
                                    markersize=6.0 * sheet.page.pen, **look))  # fmt: skip
        elif one.style.width:
            sheet.add_artist(
                Line2D([begin, end], [y, y], color=one.style.colour, solid_capstyle="butt",
                       dash_capstyle="butt", linewidth=one.style.width * sheet.page.pen,
                       linestyle=dashes(one.style), **look)
            )  # fmt: skip
        text: dict[str, Any] = {
            "fontsize": size, "va": "center_baseline", "ha": side, "transform": sheet.points,
            "parse_math": False, "label": "legend",
        }  # fmt: skip
        if one.sign:
            sheet.text(edge, y, one.sign, fontweight="bold", **text)
        for n, line in enumerate(lines):
            sheet.text(edge + way * self._head, y - n * self.step, line, **text)


def write_lines(
    sheet: Sheet, lines: Sequence[str], top: float, *, edges: tuple[float, float], size: float,
    language: str, **look: Any,
) -> float:  # fmt: skip
    """Write lines below a height, from where the language begins; return the new height."""
    backwards = right_to_left(language)
    for n, line in enumerate(lines):
        sheet.text(
            edges[1] if backwards else edges[0], top - (n + 0.5) * _LEADING * size, line,
            ha="right" if backwards else "left", va="center_baseline", fontsize=size,
            transform=sheet.points, parse_math=False, **look,
        )  # fmt: skip
    return top - len(lines) * _LEADING * size
