"""The page of a figure: its width, its letters, and what goes with it. Loads matplotlib."""

from __future__ import annotations

import io
import re
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.transforms import Affine2D

from borders.errors import AraxesError
from maps.i18n import right_to_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from maps.print.projection import Extent

__all__ = ["DPI", "PAGES", "PageFormat", "Sheet", "page", "plain"]

DPI = 300
# Settings and fonts are those of the process: two threads at once would each keep the other's.
_ONE_AT_A_TIME = RLock()
# Settings that have nothing to do with how a figure looks.
_OTHERS = ("backend", "interactive", "toolbar", "webagg", "tk.", "figure.hooks")

_HARMLESS = "\u200c\u200d\u200e"
_FROM_RIGHT = "\u200f"
_BOX = "□"
_SPACES = re.compile(r"[^\S\u00a0]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFormat:
    """A width that journals ask for, or a slide.

    Parameters
    ----------
    height_mm : None where the height follows from what is shown.
    title_pt, text_pt, note_pt : sizes of letters.
    pen : points of line for one of the style table.
    """

    width_mm: float
    height_mm: float | None = None
    title_pt: float
    text_pt: float
    note_pt: float
    pen: float

    @property
    def wide(self) -> float:
        """Return the width in points."""
        return self.width_mm / 25.4 * 72


PAGES = {
    "85": PageFormat(width_mm=85, title_pt=8, text_pt=5.6, note_pt=5.0, pen=0.45),
    "120": PageFormat(width_mm=120, title_pt=9, text_pt=5.8, note_pt=5.0, pen=0.5),
    "180": PageFormat(width_mm=180, title_pt=10.5, text_pt=6.2, note_pt=5.2, pen=0.6),
    "slide": PageFormat(
        width_mm=338.667, height_mm=190.5, title_pt=24, text_pt=13, note_pt=9.5, pen=1.2
    ),
}


def page(width: str | int) -> PageFormat:
    """Return the page of a width: 85, 120 or 180 mm, or ``slide`` (16:9).

    Raises
    ------
    AraxesError : there is no such page.
    """
    found = PAGES.get(str(width))
    if found is None:
        message = f"the width is '{width}'; known: {', '.join(PAGES)} (millimetres, or 16:9)"
        raise AraxesError(message)
    return found


@contextmanager
def plain() -> Iterator[None]:
    """Return a context in which matplotlib has its own settings, not those of a user's file.

    Letters are those that come with matplotlib: they hold all seven languages on any machine.
    Threads wait for one another.
    """
    ours: Any = {
        key: value
        for key, value in matplotlib.rcParamsDefault.items()
        if not key.startswith(_OTHERS)
    }
    # Fonts as text in PDF, as outlines in SVG; no random ids.
    ours |= {
        "font.family": ["DejaVu Sans"],
        "pdf.fonttype": 42,
        "svg.fonttype": "path",
        "svg.hashsalt": "araxes",
        # Hinted letters are a tenth wider at some resolutions, and would leave their places.
        "text.hinting": "no_hinting",
    }
    home = matplotlib.get_data_path()
    with _ONE_AT_A_TIME:
        # Among hundreds of installed fonts each size of letters would be looked for anew.
        every = fontManager.ttflist
        fontManager.ttflist = [font for font in every if font.fname.startswith(home)]
        try:
            with matplotlib.rc_context(ours):
                yield
        finally:
            fontManager.ttflist = every


@cache
def _letters() -> frozenset[int]:
    """Return the characters that the font has, upright and bold."""
    from matplotlib.font_manager import findfont
    from matplotlib.ft2font import FT2Font

    faces = (findfont(f"DejaVu Sans:{weight}") for weight in ("regular", "bold"))
    return frozenset.intersection(*(frozenset(FT2Font(face).get_charmap()) for face in faces))


class Sheet(Figure):
    """A figure for print: a matplotlib figure with its caption.

    Attributes
    ----------
    caption : Markdown, ready to paste; empty until it is written.
    language : of its words and its caption.
    extent : what the map shows; None on a chart.
    missing : letters that the font lacks, each drawn as a box.
    unnumbered : numbers of the legend or of legs that found no place on the map.
    """

    caption: str = ""
    language: str = "en"
    extent: Extent | None = None
    unnumbered: tuple[str, ...] = ()

    def __init__(self, page: PageFormat) -> None:
        wide = page.width_mm / 25.4
        high = (page.height_mm or page.width_mm) / 25.4
        super().__init__(figsize=(wide, high), dpi=DPI, facecolor="white")
        FigureCanvasAgg(self)
        self.page = page
        self.missing: set[str] = set()
        # A legend is folded twice: once to see what room it needs.
        self._widths: dict[tuple[str, float, bool], float] = {}

    @property
    def wide(self) -> float:
        """Return the width in points."""
        return float(self.get_size_inches()[0] * 72)

    @property
    def high(self) -> float:
        """Return the height in points."""
        return float(self.get_size_inches()[1] * 72)

    def set_high(self, points: float) -> None:
        """Set the height in points, to whole dots of print."""
        dots = round(points / 72 * DPI)
        self.set_size_inches(self.get_size_inches()[0], dots / DPI)

    @property
    def points(self) -> Any:
        """Return the transform of points from the lower left corner of the page."""
        return Affine2D().scale(1 / 72) + self.dpi_scale_trans

    def clean(self, text: str) -> str:
        """Return a text that can be drawn: one line, no controls, boxes for letters that lack."""
        # A space that must not break stays: it parts the thousands of a number.
        plain = _SPACES.sub(" ", text).strip()
        # Format characters turn lines around; the joiners of Persian and the mark before its
        # numbers are the exception.
        seen = [c for c in plain if c in _HARMLESS or unicodedata.category(c) not in ("Cc", "Cf")]
        lost = {c for c in seen if ord(c) not in _letters()}
        self.missing |= lost
        return self._directed("".join(_BOX if c in lost else c for c in seen))

    def _directed(self, line: str) -> str:
        """Return a line that runs from the right if the language does, whatever letter is first."""
        turns = [unicodedata.bidirectional(c) for c in line]
        mixed = "L" in turns and not {"R", "AL"}.isdisjoint(turns)
        begun = line.startswith(_FROM_RIGHT)
        return _FROM_RIGHT + line if mixed and not begun and right_to_left(self.language) else line

    def width_of(self, text: str, size_pt: float, *, bold: bool = False) -> float:
        """Return how wide a line of text is, in points."""
        asked = text, size_pt, bold
        if asked not in self._widths:
            letters = FontProperties(size=size_pt, weight="bold" if bold else "normal")
            renderer = self.canvas.get_renderer()  # type: ignore[attr-defined]
            dots = renderer.get_text_width_height_descent(text, letters, ismath=False)[0]
            self._widths[asked] = float(dots * 72 / self.dpi)
        return self._widths[asked]

    def folded(
        self, text: str, size_pt: float, wide: float, *, most: int = 9, bold: bool = False
    ) -> list[str]:
        """Return a text as lines that fit a width in points; what is beyond the last is cut off."""
        lines: list[str] = []
        words = self.clean(text).split(" ")
        while words and len(lines) < most:
            last = len(lines) == most - 1
            taken, line = len(words), " ".join(words)
            while taken > 1 and (over := self.width_of(line, size_pt, bold=bold)) > wide:
                # A guess from the width, but always fewer words.
                taken = max(1, min(taken - 1, round(taken * wide / over) + 1))
                line = " ".join(words[:taken])
            if (last and taken < len(words)) or self.width_of(line, size_pt, bold=bold) > wide:
                line = self._cut(line + "…", size_pt, wide, bold=bold)
            lines.append(self._directed(line))
            words = words[taken:]
        return lines

    def _cut(self, text: str, size_pt: float, wide: float, *, bold: bool) -> str:
        while len(text) > 1 and (over := self.width_of(text, size_pt, bold=bold)) > wide:
            keep = min(len(text) - 1, max(int(len(text) * wide / over), 1))
            text = text[: keep - 1].rstrip("…") + "…"
        return text

    def measured(self, artist: Any) -> tuple[float, float]:
        """Return width and height in points of something drawn."""
        box = artist.get_window_extent(self.canvas.get_renderer())  # type: ignore[attr-defined]
        return float(box.width * 72 / self.dpi), float(box.height * 72 / self.dpi)

    def savefig(self, *args: Any, **options: Any) -> None:
        """Write the figure as matplotlib does, with our settings."""
        with plain():
            super().savefig(*args, **options)

    def _repr_png_(self) -> bytes:
        """Show the figure in a notebook."""
        stream = io.BytesIO()
        self.savefig(stream, format="png", dpi=144)
        return stream.getvalue()
