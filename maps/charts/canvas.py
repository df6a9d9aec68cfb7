"""The page of a chart: title, axes, key and notes, in points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from maps.i18n import number, right_to_left
from maps.print.legend import write_lines
from maps.print.sheet import Sheet, page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

__all__ = ["ACCENT", "DARK", "LIGHT", "MIDDLE", "Content", "Paper", "Sign"]

# Greys of even steps with a little blue, and one colour that is as dark as the second in print.
DARK, MIDDLE, LIGHT, ACCENT = "#22333d", "#6b8494", "#cfd8dd", "#c04f00"
_LEADING = 1.32
# Sizes of the names of rows to try, as parts of the page's.
_SHARES = (1.0, 0.9, 0.8, 0.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One entry of a chart's key.

    Parameters
    ----------
    look : properties of a line with a marker, or of a patch if it has a facecolor.
    """

    text: str
    look: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What stands on the page of a chart.

    Parameters
    ----------
    rows : height of the axes in lines of text; on a slide the axes takes what there is.
    labels : the names beside the axes; it gets the room that they need.
    foot : lines of text below the axes: ticks, and a name of the axis.
    """

    title: str
    rows: float
    labels: Sequence[str] = ()
    signs: Sequence[Sign] = ()
    notes: Sequence[str] = ()
    foot: float = 2.9


class Paper:
    """A page with one axes."""

    def __init__(self, content: Content, *, width: str | int, language: str) -> None:
        self.sheet = sheet = Sheet(page(width))
        self.language = self.sheet.language = language
        self.size = sheet.page.text_pt
        pad = 0.75 * sheet.page.note_pt
        edges = pad, sheet.wide - pad
        across = edges[1] - edges[0]
        names = sheet.folded(content.title, sheet.page.title_pt, across, most=3, bold=True)
        said = [
            line
            for note in content.notes
            for line in sheet.folded(note, sheet.page.note_pt, across)
        ]
        keyed = self._rows(content.signs, across)
        head = _LEADING * sheet.page.title_pt * len(names) + 0.4 * sheet.page.title_pt
        head += 1.6 * self.size * len(keyed) + 0.5 * self.size
        tail = content.foot * 1.3 * self.size + _LEADING * sheet.page.note_pt * len(said) + pad
        free = sheet.high - head - tail - 2 * pad if sheet.page.height_mm else None
        lines, beside = self._label(content, 0.42 * across, free)
        if free is None:
            # Rows of two lines need more height.
            rows = content.rows * (1.0 + 0.6 * (lines - 1))
            sheet.set_high(head + rows * _LEADING * self.size + tail + 2 * pad)
        self.high = sheet.high - head - tail - 2 * pad
        self.wide = across - beside - 2.0 * self.size
        below = tail + pad
        self.axes = sheet.add_axes(
            ((pad + beside) / sheet.wide, below / sheet.high, self.wide / sheet.wide,
             self.high / sheet.high), label="chart",
        )  # fmt: skip
        top = write_lines(sheet, names, sheet.high - pad, edges=edges, size=sheet.page.title_pt,
                          language=language, fontweight="bold", label="title")  # fmt: skip
        self._key(keyed, top - 0.4 * sheet.page.title_pt, edges)
        write_lines(sheet, said, pad + _LEADING * sheet.page.note_pt * len(said), edges=edges,
                    size=sheet.page.note_pt, language=language, color="#333333",
                    label="note")  # fmt: skip
        _bare(self.axes, self.size, language)

    def _label(self, content: Content, most: float, high: float | None) -> tuple[int, float]:
        """Set the names of the rows; return the lines of the longest, and the room beside the axes.

        Parameters
        ----------
        most : greatest width.
        high : height of all rows, to which letters shrink; None if the page can grow.
        """
        for share in _SHARES:
            self.label_size = share * self.size
            folded = [
                self.sheet.folded(text, self.label_size, most, most=3) for text in content.labels
            ]
            lines = max(map(len, folded), default=1)
            # No row is narrower than this part of them all.
            if high is None or 1.15 * lines * self.label_size <= 1.2 * high / content.rows:
                break
        self.labels = ["\n".join(one) for one in folded]
        widths = (self.sheet.width_of(line, self.label_size) for one in folded for line in one)
        beside = max(widths, default=0.0)
        return lines, beside + (0.8 * self.size if self.labels else 6.0 * self.size)

    def _rows(self, signs: Sequence[Sign], across: float) -> list[list[tuple[Sign, float]]]:
        """Return the key in lines that fit the page, each sign with its width."""
        rows: list[list[tuple[Sign, float]]] = []
        left = 0.0
        for given in signs:
            text = self.sheet.folded(given.text, self.size, across - 4.6 * self.size, most=1)[0]
            sign = replace(given, text=text)
            wide = 4.6 * self.size + self.sheet.width_of(text, self.size)
            if not rows or left < wide:
                rows.append([])
                left = across
            rows[-1].append((sign, wide))
            left -= wide
        return rows

    def hatched(self, look: dict[str, Any]) -> dict[str, Any]:
        """Return the look of a patch with its hatch as dense as letters are small."""
        sign = look.get("hatch", "")
        dense = max(1, round(len(sign) * 6.2 / self.size))
        return look | {"hatch": sign[:dense], "hatch_linewidth": 0.1 * self.size} if sign else look

    def _key(
        self, rows: list[list[tuple[Sign, float]]], top: float, edges: tuple[float, float]
    ) -> None:
        sheet, size = self.sheet, self.size
        way = -1 if right_to_left(self.language) else 1
        for n, row in enumerate(rows):
            x = edges[0] if way > 0 else edges[1]
            y = top - (n + 0.5) * 1.6 * size
            for sign, wide in row:
                ends = sorted((x, x + way * 2.6 * size))
                if "facecolor" in sign.look:
                    sheet.add_artist(
                        Rectangle((ends[0], y - 0.42 * size), ends[1] - ends[0], 0.84 * size,
                                  transform=sheet.points, figure=sheet,
                                  **self.hatched(sign.look))
                    )  # fmt: skip
                else:
                    # Looks are given for letters of the size of a page.
                    scale = size / 6.2
                    scaled = ("markersize", "markeredgewidth", "linewidth")
                    look = {k: v * scale if k in scaled else v for k, v in sign.look.items()}
                    xs = [sum(ends) / 2] if sign.look.get("linestyle") == "none" else ends
                    sheet.add_artist(Line2D(xs, [y] * len(xs), transform=sheet.points,
                                            figure=sheet, **look))  # fmt: skip
                sheet.text(x + way * 3.2 * size, y, sign.text, fontsize=size, label="key",
                           ha="left" if way > 0 else "right", va="center_baseline",
                           transform=sheet.points, parse_math=False)  # fmt: skip
                x += way * wide

    def name_rows(self, places: Sequence[float], *, bold: Sequence[bool] = ()) -> None:
        """Write the labels left of the axes, each at its height."""
        self.axes.set_yticks([])
        for n, (y, text) in enumerate(zip(places, self.labels, strict=True)):
            self.axes.annotate(
                text, (0, y), (-0.5 * self.size, 0), xycoords=("axes fraction", "data"),
                textcoords="offset points", ha="right", va="center", fontsize=self.label_size,
                linespacing=1.05, fontweight="bold" if bold and bold[n] else "normal",
                annotation_clip=False, parse_math=False, label="row",
            )  # fmt: skip

    def name_axis(self, text: str, *, vertical: bool = False) -> None:
        """Name an axis."""
        if vertical:
            self.axes.set_ylabel(text, fontsize=self.size, parse_math=False)
            return
        # A name wider than the axes reaches to the left, below the names of the rows.
        side: Any = "right" if self.sheet.width_of(text, self.size) > self.wide else "center"
        self.axes.set_xlabel(text, fontsize=self.size, parse_math=False, loc=side)

    def say(self, text: str, at: tuple[float, float], **look: Any) -> Any:
        """Write a text in the axes, at a spot of its data."""
        options: dict[str, Any] = {
            "textcoords": "offset points", "fontsize": 0.94 * self.size, "va": "center_baseline",
            "annotation_clip": False, "parse_math": False, "label": "value",
        }  # fmt: skip
        shift = look.pop("shift", (0, 0))
        return self.axes.annotate(self.sheet.clean(text), at, shift, **(options | look))


def _bare(axes: Axes, size: float, language: str) -> None:
    """Leave of the axes what is read: a line below, ticks, faint lines across."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_linewidth(0.08 * size)
    axes.tick_params(labelsize=size, length=0.4 * size, width=0.08 * size, pad=0.3 * size)
    axes.grid(axis="x", color="#d8d8d8", linewidth=0.06 * size, zorder=0)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: _signed(v, language)))


def _signed(value: float, language: str) -> str:
    """Return the number of a tick, with a true minus."""
    return number(f"{value:,.10g}", language).replace("-", "−")
