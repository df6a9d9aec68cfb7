"""The page of a chart: title, axes, key and notes, in points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from maps.i18n import number, right_to_left
from maps.print.legend import LEADING, write_lines
from maps.print.metadata import Metadata
from maps.print.sheet import LEAST_PT, Sheet, page_format

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes

__all__ = [
    "ACCENT",
    "DARK",
    "LIGHT",
    "MIDDLE",
    "Canvas",
    "Content",
    "KeyEntry",
    "Rows",
    "grouped_rows",
]

# Greys of even steps with a little blue, and one colour that is as dark as the second in print.
DARK, MIDDLE, LIGHT, ACCENT = "#22333d", "#6b8494", "#cfd8dd", "#c04f00"
# Sizes of the labels of rows to try, as parts of the page's size of letters.
_SHARES = (1.0, 0.9, 0.8, 0.7)
# Size of letters for which the looks of key entries are given: that of the page 180 mm wide.
_LOOK_PT = 6.2
# Height of a line of the key; width of a sample, of a sample with its gap, and of both with the gap
# to the next entry, in sizes of letters.
_KEY_LINE, _SAMPLE, _KEY_TEXT, _KEY_ENTRY = 1.6, 2.6, 3.2, 4.6


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """One entry of a chart's key: a sample and what it means.

    Parameters
    ----------
    look : properties of a line with a marker, or of a patch if it has a facecolor.
    """

    text: str
    look: dict[str, Any]


class Rows(NamedTuple):
    """Rows of a chart under headings.

    Parameters
    ----------
    labels, heights, bold : of each row, headings among them, which alone are bold.
    """

    labels: list[str]
    heights: list[float]
    bold: list[bool]

    @property
    def lines(self) -> float:
        """Return the height of the axes that holds them, in lines of text."""
        return 1.2 * self.heights[-1] + 1.6

    @property
    def bars(self) -> list[float]:
        """Return the heights of the rows that are no headings."""
        return [y for y, heading in zip(self.heights, self.bold, strict=True) if not heading]


def grouped_rows(groups: Iterable[tuple[str, Sequence[str]]]) -> Rows:
    """Return the rows of groups, each a heading and the labels below it."""
    rows, y = Rows([], [], []), 0.0
    for heading, labels in groups:
        for n, label in enumerate((heading, *labels)):
            rows.labels.append(label)
            rows.heights.append(y + n)
            rows.bold.append(n == 0)
        y += len(labels) + 1.4
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What stands on the page of a chart.

    Parameters
    ----------
    rows : height of the axes in lines of text; on a slide the axes takes the height that is left.
    labels : of the rows, left of the axes, which leaves them the width that they need.
    bold : which of the labels are bold; none if empty.
    key : entries of the key, above the axes.
    notes : paragraphs below the axes.
    foot : height of ticks and axis label below the axes, in lines of text.
    """

    title: str
    rows: float
    labels: Sequence[str] = ()
    bold: Sequence[bool] = ()
    key: Sequence[KeyEntry] = ()
    notes: Sequence[str] = ()
    foot: float = 2.9


class Canvas:
    """A page with one axes.

    Attributes
    ----------
    sheet : the figure.
    axes : whose data are drawn.
    text_pt : size of letters.
    width_pt, height_pt : of the axes.
    """

    def __init__(self, content: Content, *, width: str | int, language: str) -> None:
        self.sheet = sheet = Sheet(page_format(width))
        self.title = content.title
        self.language = self.sheet.language = language
        text_pt, note_pt = sheet.page_format.text_pt, sheet.page_format.note_pt
        title_pt = sheet.page_format.title_pt
        self.text_pt = text_pt
        pad = 0.75 * note_pt
        edges = pad, sheet.width_pt - pad
        across = edges[1] - edges[0]
        title = sheet.folded(content.title, title_pt, across, most=3, bold=True)
        notes = [line for note in content.notes for line in sheet.folded(note, note_pt, across)]
        key = self._key_lines(content.key, across)
        head = LEADING * title_pt * len(title) + 0.4 * title_pt
        head += _KEY_LINE * text_pt * len(key) + 0.5 * text_pt
        tail = content.foot * 1.3 * text_pt + LEADING * note_pt * len(notes) + pad
        fixed_height = sheet.page_format.height_mm is not None
        free = sheet.height_pt - head - tail - 2 * pad if fixed_height else None
        line_count, labels_width = self._set_labels(content, 0.42 * across, free)
        if free is None:
            # Rows with labels of two lines need more height.
            rows = content.rows * (1.0 + 0.6 * (line_count - 1))
            sheet.set_height_pt(head + rows * LEADING * text_pt + tail + 2 * pad)
        self.height_pt = sheet.height_pt - head - tail - 2 * pad
        self.width_pt = across - labels_width - 2.0 * text_pt
        bottom = tail + pad
        self.axes = sheet.add_axes(
            ((pad + labels_width) / sheet.width_pt, bottom / sheet.height_pt,
             self.width_pt / sheet.width_pt, self.height_pt / sheet.height_pt), label="chart",
        )  # fmt: skip
        top = write_lines(sheet, title, sheet.height_pt - pad, edges=edges, size_pt=title_pt,
                          language=language, fontweight="bold", label="title")  # fmt: skip
        self._draw_key(key, top - 0.4 * title_pt, edges)
        write_lines(sheet, notes, pad + LEADING * note_pt * len(notes), edges=edges,
                    size_pt=note_pt, language=language, color="#333333",
                    label="note")  # fmt: skip
        _simplify(self.axes, text_pt, language)

    def _set_labels(
        self, content: Content, most_width: float, height: float | None
    ) -> tuple[int, float]:
        """Fold the labels of the rows; return the most lines of one, and the width they take.

        Parameters
        ----------
        height : of all rows, to which letters shrink; None if the page can grow.
        """
        self.bold = content.bold or [False] * len(content.labels)
        rows = list(zip(content.labels, self.bold, strict=True))
        for share in _SHARES:
            self.label_pt = max(share * self.text_pt, LEAST_PT)
            folded = [
                self.sheet.folded(text, self.label_pt, most_width, most=3, bold=bold)
                for text, bold in rows
            ]
            line_count = max(map(len, folded), default=1)
            # No chart gives a row less than 1.2 of its `rows`.
            if height is None or 1.15 * line_count * self.label_pt <= 1.2 * height / content.rows:
                break
        self.labels = ["\n".join(lines) for lines in folded]
        widths = (
            self.sheet.width_of(line, self.label_pt, bold=bold)
            for lines, bold in zip(folded, self.bold, strict=True)
            for line in lines
        )
        width = max(widths, default=0.0)
        # Without labels there is room for the ticks of a vertical axis and its name.
        return line_count, width + (0.8 * self.text_pt if self.labels else 6.0 * self.text_pt)

    def _key_lines(
        self, entries: Sequence[KeyEntry], across: float
    ) -> list[list[tuple[KeyEntry, float]]]:
        """Return the key in lines that fit the page, each entry with its width."""
        lines: list[list[tuple[KeyEntry, float]]] = []
        free = 0.0
        room = across - _KEY_ENTRY * self.text_pt
        for entry in entries:
            text = self.sheet.folded(entry.text, self.text_pt, room, most=1)[0]
            width = _KEY_ENTRY * self.text_pt + self.sheet.width_of(text, self.text_pt)
            if not lines or free < width:
                lines.append([])
                free = across
            lines[-1].append((replace(entry, text=text), width))
            free -= width
        return lines

    def hatched(self, look: dict[str, Any]) -> dict[str, Any]:
        """Return the look of a patch with its hatch as dense as suits the size of letters."""
        hatch = look.get("hatch", "")
        if not hatch:
            return look
        density = max(1, round(len(hatch) * _LOOK_PT / self.text_pt))
        return look | {"hatch": hatch[:density], "hatch_linewidth": 0.1 * self.text_pt}

    def _draw_key(
        self,
        lines: list[list[tuple[KeyEntry, float]]],
        top: float,
        edges: tuple[float, float],
    ) -> None:
        sheet, text_pt = self.sheet, self.text_pt
        direction = -1 if right_to_left(self.language) else 1
        for n, line in enumerate(lines):
            x = edges[0] if direction > 0 else edges[1]
            y = top - (n + 0.5) * _KEY_LINE * text_pt
            for entry, width in line:
                ends = sorted((x, x + direction * _SAMPLE * text_pt))
                if "facecolor" in entry.look:
                    sheet.add_artist(
                        Rectangle((ends[0], y - 0.42 * text_pt), ends[1] - ends[0],
                                  0.84 * text_pt, transform=sheet.points, figure=sheet,
                                  **self.hatched(entry.look))
                    )  # fmt: skip
                else:
                    scale = text_pt / _LOOK_PT
                    scaled = ("markersize", "markeredgewidth", "linewidth")
                    look = {k: v * scale if k in scaled else v for k, v in entry.look.items()}
                    xs = [sum(ends) / 2] if entry.look.get("linestyle") == "none" else ends
                    sheet.add_artist(Line2D(xs, [y] * len(xs), transform=sheet.points,
                                            figure=sheet, **look))  # fmt: skip
                sheet.text(x + direction * _KEY_TEXT * text_pt, y, entry.text, fontsize=text_pt,
                           label="key", ha="left" if direction > 0 else "right",
                           va="center_baseline", transform=sheet.points,
                           parse_math=False)  # fmt: skip
                x += direction * width

    def sign(self, caption: str, cited: Iterable[str]) -> Sheet:
        """Return the sheet with its caption, and with the ids of sources in its metadata."""
        self.sheet.caption = caption
        self.sheet.metadata = Metadata.of(self.title, cited, language=self.language)
        return self.sheet

    def set_grouped(self, rows: Rows, reach: float) -> None:
        """Set the limits of the axes for rows under headings, and write their labels."""
        self.axes.set_xlim(0, reach)
        self.axes.set_ylim(rows.heights[-1] + 0.8, -0.6)
        self.label_rows(rows.heights)

    def label_rows(self, heights: Sequence[float]) -> None:
        """Write the labels left of the axes, each at its height in data units."""
        self.axes.set_yticks([])
        for y, text, bold in zip(heights, self.labels, self.bold, strict=True):
            self.axes.annotate(
                text, (0, y), (-0.5 * self.text_pt, 0), xycoords=("axes fraction", "data"),
                textcoords="offset points", ha="right", va="center", fontsize=self.label_pt,
                linespacing=1.05, fontweight="bold" if bold else "normal",
                annotation_clip=False, parse_math=False, label="row",
            )  # fmt: skip

    def label_axis(self, text: str, *, vertical: bool = False) -> None:
        """Name the horizontal axis, or the vertical one."""
        if vertical:
            self.axes.set_ylabel(text, fontsize=self.text_pt, parse_math=False)
            return
        # A name wider than the axes reaches to the left, below the labels of the rows.
        wider = self.sheet.width_of(text, self.text_pt) > self.width_pt
        side: Any = "right" if wider else "center"
        self.axes.set_xlabel(text, fontsize=self.text_pt, parse_math=False, loc=side)

    def write(self, text: str, xy: tuple[float, float], **look: Any) -> Any:
        """Write a text in the axes.

        Parameters
        ----------
        xy : in data units.
        look : properties of a matplotlib annotation, and `shift`, in points.
        """
        options: dict[str, Any] = {
            "textcoords": "offset points", "fontsize": max(0.94 * self.text_pt, LEAST_PT),
            "va": "center_baseline", "annotation_clip": False, "parse_math": False,
            "label": "value",
        }  # fmt: skip
        shift = look.pop("shift", (0, 0))
        return self.axes.annotate(self.sheet.clean(text), xy, shift, **(options | look))


def _simplify(axes: Axes, text_pt: float, language: str) -> None:
    """Leave of the axes what is read: a line below, ticks, faint lines across."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_linewidth(0.08 * text_pt)
    axes.tick_params(labelsize=text_pt, length=0.4 * text_pt, width=0.08 * text_pt,
                     pad=0.3 * text_pt)  # fmt: skip
    axes.grid(axis="x", color="#d8d8d8", linewidth=0.06 * text_pt, zorder=0)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: _tick(v, language)))


def _tick(value: float, language: str) -> str:
    """Return the number of a tick, with a true minus."""
    return number(f"{value:,.10g}", language).replace("-", "−")
