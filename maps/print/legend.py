"""The legend of a figure, and lines of text such as its title and notes."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from maps.i18n import comma, number, right_to_left, word
from maps.layers.model import numbered
from maps.print.basemap import borders_word, chain_style
from maps.print.frame import dashes
from maps.print.sheet import LEAST_PT
from maps.style import BASEMAP, Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maps.layers.model import Layer
    from maps.print.sheet import Sheet

__all__ = ["LEADING", "Entry", "Legend", "chains_words", "entries", "write_lines"]

# Modes that have a word of their own in the legend of a network.
_MODES = ("rail", "road", "ferry")
# Distance between lines of text, in sizes of their letters.
LEADING = 1.32
# Sizes of letters to try, as parts of the page's.
_SHARES = (0.95, 0.86, 0.78, 0.7)
# Most lines of an entry; and what is sure of a width that follows from that in other letters.
_MOST_LINES, _LEAST_OF_WIDTH = 5, 0.97
# Widths of number and of sample with its gap, and gap between sample and text, in sizes of letters.
_NUMBER_WIDTH, _SAMPLE_WIDTH, _GAP = 1.7, 4.2, 0.7
# With several columns, each must leave the texts a width of more than this, in sizes of letters.
_LEAST_TEXT_WIDTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a legend: a number, a sample and what it means.

    Parameters
    ----------
    number : in the digits of the language; empty if the legend is not numbered.
    dot : the sample is a point.
    """

    text: str
    style: Style
    number: str = ""
    dot: bool = False


def entries(
    layers: Sequence[Layer],
    language: str,
    *,
    borders: bool = True,
    beyond: bool = False,
    chains_m: float = 0.0,
    title: str = "",
) -> list[Entry]:
    """Return the legend of layers, numbered if there are several, and of the country borders.

    Parameters
    ----------
    borders : whether the map shows country borders.
    beyond : whether the basemap ends within the map.
    chains_m : standard error of the rivers that the map shows as chains of places, 0 without any.
    title : of the map; where it names a layer, the legend does not say the name again before the
        modes of its lines.
    """
    legend = []
    numbers = {id(layer): str(n) for n, layer in numbered(layers)} if len(layers) > 1 else {}
    for layer in layers:
        note = f"{comma(language)} {word(layer.legend_note, language)}" if layer.legend_note else ""
        fill = max((shape.style.fill for shape in layer.shapes), default=0.0)
        swatch = layer.swatch
        style = Style(colour=swatch.colour, width=swatch.width, dash=swatch.dash, fill=fill)
        digits = number(numbers.get(id(layer), ""), language)
        kinds = _kinds(layer, language)
        if kinds:
            whole = f"{layer.name}{note}{comma(language)} "
            named = "" if title.startswith(layer.name) else whole
            legend += [
                Entry(text=f"{named}{kind}", number=digits,
                      style=Style(colour=look.colour, width=look.width, fill=look.fill))
                for kind, look in kinds.items()
            ]  # fmt: skip
            continue
        points = [shape.geometry.geom_type.endswith("Point") for shape in layer.shapes]
        legend.append(Entry(text=layer.name + note, style=style, number=digits, dot=all(points)))
        if layer.group == "borders" and any(points):
            # The seats of the lands that a treaty leaves outside.
            text = f"{layer.name}{comma(language)} {word('Left outside', language).lower()}"
            legend.append(Entry(text=text, style=style, dot=True))
    if borders:
        border = Style(colour=BASEMAP["border"], width=1.1)
        legend.append(Entry(text=word(borders_word(), language), style=border))
    if chains_m:
        legend.append(Entry(text=chains_words(chains_m, language), style=chain_style()))
    if beyond:
        void = Style(colour=BASEMAP["void"], width=0.0, fill=1.0)
        legend.append(Entry(text=word("ui-beyond", language), style=void))
    return legend


def chains_words(error_m: float, language: str) -> str:
    """Return what rivers drawn as chains of places are, and how far off they may be."""
    return word("base-chains", language).format(number(f"{error_m / 1000:.2g}", language))


def _kinds(layer: Layer, language: str) -> dict[str, Style]:
    """Return what each colour of a table means: its modes, each with the style of its lines.

    Empty where all lines have one colour, or colours mean something else.
    """
    modes = dict(layer.columns).get("mode", ())
    looks: dict[str, Style] = {}
    for mode, shape in zip(modes, layer.shapes, strict=False):
        key = f"ui-network-{mode}"
        looks.setdefault(word(key, language) if mode in _MODES else mode, shape.style)
    colours = {shape.style.colour for shape in layer.shapes}
    return looks if len(colours) > 1 and len(colours) == len(looks) else {}


class Legend:
    """A legend set in as few lines as a width allows.

    Parameters
    ----------
    room : width and greatest height in points; letters shrink, if they must, to keep to it.
    columns : at most so many.
    """

    def __init__(
        self, sheet: Sheet, entries: Sequence[Entry], language: str, *, room: tuple[float, float],
        columns: int = 3,
    ) -> None:  # fmt: skip
        self.sheet, self.entries, self.language = sheet, entries, language
        for share in _SHARES:
            self.text_pt = max(sheet.page_format.text_pt * share, LEAST_PT)
            if self._least_height_pt(room[0], columns) > room[1]:
                continue
            self._fold(room[0], columns)
            if self.height_pt <= room[1]:
                break
        else:
            # The caption tells each in full.
            self._fold(room[0], columns, most=1)

    def _least_height_pt(self, width: float, columns: int) -> float:
        """Return a height that the legend is no lower than in letters of its size.

        Texts are measured in the first size alone, which is what takes the time: in other sizes
        they are as much wider or narrower, but for roundings.
        """
        sheet = self.sheet
        first_pt = max(sheet.page_format.text_pt * _SHARES[0], LEAST_PT)
        share = _LEAST_OF_WIDTH * self.text_pt / first_pt
        room = width - _SAMPLE_WIDTH * self.text_pt
        count = len(self.entries)
        if columns == 1 and room > 0:
            widths = [sheet.width_of(sheet.clean(each.text), first_pt) for each in self.entries]
            count = sum(min(max(ceil(share * one / room), 1), _MOST_LINES) for one in widths)
        return LEADING * self.text_pt * ceil(count / columns)

    def _fold(self, width: float, columns: int, *, most: int = _MOST_LINES) -> None:
        """Set the entries in as many columns as hold each in one line."""
        sheet, text_pt = self.sheet, self.text_pt
        has_numbers = any(entry.number for entry in self.entries)
        self._number_width = _NUMBER_WIDTH * text_pt if has_numbers else 0.0
        self._text_offset = self._number_width + _SAMPLE_WIDTH * text_pt
        self._line_pt = LEADING * text_pt
        texts = [entry.text for entry in self.entries]
        for count in range(columns, 1, -1):
            across = width - (count - 1) * text_pt
            if across / count <= self._text_offset + _LEAST_TEXT_WIDTH * text_pt:
                continue
            # A column is as wide as its longest entry; what is left over they share.
            self._columns = [part.tolist() for part in np.array_split(np.arange(len(texts)), count)]
            widths = [
                self._text_offset
                + max((sheet.width_of(sheet.clean(texts[n]), text_pt) for n in column), default=0.0)
                for column in self._columns
            ]
            spare = across - sum(widths)
            if spare >= 0:
                self._widths = [width_pt + spare / count for width_pt in widths]
                self._lines = [sheet.folded(text, text_pt, width, most=1) for text in texts]
                return
        self._columns, self._widths = [list(range(len(texts)))], [width]
        room = width - self._text_offset
        self._lines = [sheet.folded(text, text_pt, room, most=most) for text in texts]

    @property
    def height_pt(self) -> float:
        """Return the height in points."""
        return self._line_pt * max(
            (sum(len(self._lines[n]) for n in column) for column in self._columns), default=0
        )

    def draw(self, left: float, top: float, *, right: float) -> None:
        """Draw the legend below a height, from the side where the language begins.

        Parameters
        ----------
        left, top, right : edges in points of the page.
        """
        backwards = right_to_left(self.language)
        for c, column in enumerate(self._columns):
            offset = sum(self._widths[:c]) + c * self.text_pt
            edge = right - offset if backwards else left + offset
            y = top
            for n in column:
                self._draw_entry(self.entries[n], self._lines[n], edge, y - 0.5 * self._line_pt)
                y -= self._line_pt * len(self._lines[n])

    def _draw_entry(self, entry: Entry, lines: list[str], edge: float, y: float) -> None:
        """Draw an entry from the edge of its column, its first line centred on a height."""
        sheet, text_pt, style = self.sheet, self.text_pt, entry.style
        direction = -1 if right_to_left(self.language) else 1
        alignment = "right" if direction < 0 else "left"
        begin = edge + direction * self._number_width
        end = edge + direction * (self._text_offset - _GAP * text_pt)
        look: dict[str, Any] = {"transform": sheet.points, "figure": sheet}
        if style.fill and not entry.dot:
            patch = Rectangle(
                (min(begin, end), y - 0.45 * text_pt), abs(end - begin), 0.9 * text_pt,
                linewidth=0, facecolor=style.colour, alpha=style.fill, **look,
            )  # fmt: skip
            sheet.add_artist(patch)
        if entry.dot:
            middle = [(begin + end) / 2]
            sheet.add_artist(Line2D(middle, [y], marker="o", color=style.colour,
                                    markersize=6.0 * sheet.page_format.pen, **look))  # fmt: skip
        elif style.width:
            sheet.add_artist(
                Line2D([begin, end], [y, y], color=style.colour, solid_capstyle="butt",
                       dash_capstyle="butt", linewidth=style.width * sheet.page_format.pen,
                       linestyle=dashes(style), **look)
            )  # fmt: skip
        text: dict[str, Any] = {
            "fontsize": text_pt, "va": "center_baseline", "ha": alignment,
            "transform": sheet.points, "parse_math": False, "label": "legend",
        }  # fmt: skip
        if entry.number:
            sheet.text(edge, y, entry.number, fontweight="bold", **text)
        for n, line in enumerate(lines):
            x = edge + direction * self._text_offset
            sheet.text(x, y - n * self._line_pt, line, **text)


def write_lines(
    sheet: Sheet, lines: Sequence[str], top: float, *, edges: tuple[float, float], size_pt: float,
    language: str, **look: Any,
) -> float:  # fmt: skip
    """Write lines below a height, from the side where the language begins; return the new height.

    Parameters
    ----------
    top : height in points of the page, as is the result.
    edges : left and right edge in points of the page.
    size_pt : of the letters.
    look : properties of a matplotlib text.
    """
    backwards = right_to_left(language)
    for n, line in enumerate(lines):
        sheet.text(
            edges[1] if backwards else edges[0], top - (n + 0.5) * LEADING * size_pt, line,
            ha="right" if backwards else "left", va="center_baseline", fontsize=size_pt,
            transform=sheet.points, parse_math=False, **look,
        )  # fmt: skip
    return top - len(lines) * LEADING * size_pt
