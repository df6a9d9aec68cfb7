"""The sheet of a figure: its page format, its fonts, and texts that fit. Loads matplotlib."""

from __future__ import annotations

import io
import re
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, lru_cache, partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any
from warnings import warn

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontManager, FontProperties, fontManager, ttfFontProperty
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from borders.errors import AraxesError
from borders.files.bundle import BUNDLED
from maps.i18n import right_to_left
from maps.print.metadata import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.font_manager import FontEntry

    from maps.print.projection import Extent

__all__ = [
    "DPI",
    "LEAST_PT",
    "PAGE_FORMATS",
    "PageFormat",
    "Sheet",
    "Typeface",
    "page_format",
    "plain",
    "typeface",
]

# Of figures in print, in dots per inch.
DPI = 300
# matplotlib's settings and list of fonts belong to the process: of two threads that change them at
# once, each would restore what the other had set.
_SETTINGS_LOCK = RLock()
# Prefixes of settings that have nothing to do with how a figure looks, and stay the user's.
_KEPT_SETTINGS = ("backend", "interactive", "toolbar", "webagg", "tk.", "figure.hooks")

# The families of the figures' letters, which the data bring: the first for six languages, the
# second for Persian. What they lack is set in the letters that come with matplotlib.
_FAMILIES = {"Noto Sans": "NotoSans", "Vazirmatn": "Vazirmatn"}
_LAST_FAMILY = "DejaVu Sans"

# Zero-width non-joiner and joiner of Persian, and the left-to-right mark before its numbers.
_KEPT_FORMAT_CHARACTERS = "\u200c\u200d\u200e"
_RIGHT_TO_LEFT_MARK = "\u200f"
# Drawn for a letter that the font lacks.
_MISSING_SIGN = "□"
# Any white space but the no-break space, which parts the thousands of a number.
_SPACES = re.compile(r"[^\S\u00a0]+")


@dataclass(frozen=True, slots=True)
class Typeface:
    """A family of letters besides that of the figures, which lends what it lacks.

    Parameters
    ----------
    family : its name.
    entries : matplotlib's entries of its font files.
    """

    family: str
    entries: tuple[FontEntry, ...]


def typeface(font: str | Path) -> Typeface:
    """Return the typeface of a font file, or of a family that is installed.

    Parameters
    ----------
    font : path of a ``.ttf``, ``.otf`` or ``.ttc`` file, or the name of a family.

    Raises
    ------
    AraxesError : there is no such family, or the file is no font.
    """
    path = Path(font)
    if path.suffix.lower() in (".ttf", ".otf", ".ttc"):
        try:
            entry = ttfFontProperty(FT2Font(path))
        except (OSError, RuntimeError) as err:
            message = f"{path}: cannot be read as a font ({err}); give a .ttf, .otf or .ttc file"
            raise AraxesError(message) from err
        return Typeface(entry.name, (entry,))
    wanted = str(font).casefold()
    entries = tuple(e for e in fontManager.ttflist if e.name.casefold() == wanted)
    if not entries:
        near = get_close_matches(str(font), {e.name for e in fontManager.ttflist}, n=3, cutoff=0.5)
        hint = f"near it: {', '.join(near)}" if near else "give the file of a font instead"
        message = f"no font family '{font}' is installed; {hint}"
        raise AraxesError(message)
    return Typeface(entries[0].name, entries)


@cache
def _own_entries() -> tuple[FontEntry, ...]:
    """Return matplotlib's entries of the font files of the figures: upright and bold by family."""
    names = (f"{name}-{style}.ttf" for name in _FAMILIES.values() for style in ("Regular", "Bold"))
    files = [BUNDLED.folder / "fonts" / name for name in names]
    # matplotlib keeps its list of fonts on disk, where another installation may have left a poor
    # one.
    last = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    files += [last / "DejaVuSans.ttf", last / "DejaVuSans-Bold.ttf"]
    return tuple(ttfFontProperty(FT2Font(file)) for file in files)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFormat:
    """A width that journals ask for, or a slide, with the sizes that suit it.

    Parameters
    ----------
    height_mm : None where the height follows from what is shown.
    title_pt, text_pt, note_pt : sizes of letters.
    pen : points on the page for a width of 1 in the style table.
    face : typeface of its letters; None for that of the figures, Noto Sans.
    """

    width_mm: float
    height_mm: float | None = None
    title_pt: float
    text_pt: float
    note_pt: float
    pen: float
    face: Typeface | None = None


# Letters in print are no smaller than this: journals refuse what is.
LEAST_PT = 6.0

PAGE_FORMATS = {
    "85": PageFormat(width_mm=85, title_pt=8, text_pt=6.2, note_pt=6.0, pen=0.45),
    "120": PageFormat(width_mm=120, title_pt=9, text_pt=6.3, note_pt=6.0, pen=0.5),
    "180": PageFormat(width_mm=180, title_pt=10.5, text_pt=6.6, note_pt=6.0, pen=0.6),
    "slide": PageFormat(
        width_mm=338.667, height_mm=190.5, title_pt=24, text_pt=13, note_pt=9.5, pen=1.2
    ),
}


def page_format(width: str | int | PageFormat, *, font: str | Path | None = None) -> PageFormat:
    """Return the page format of a width: 85, 120 or 180 mm, or ``slide`` (16:9).

    Parameters
    ----------
    width : a format is returned as it is.
    font : a font file, or a family that is installed; what it lacks is set in Noto Sans.

    Raises
    ------
    AraxesError : there is no such format or font.
    """
    known = width if isinstance(width, PageFormat) else PAGE_FORMATS.get(str(width))
    if known is None:
        message = f"the width is '{width}'; known: {', '.join(PAGE_FORMATS)} (millimetres, or 16:9)"
        raise AraxesError(message)
    return known if font is None else replace(known, face=typeface(font))


@contextmanager
def plain(face: Typeface | None = None, *, outlines: bool = False) -> Iterator[None]:
    """Return a context in which matplotlib has its own settings, not those of a user's file.

    Letters are those of the data, the same on any machine: they hold all seven languages. Threads
    wait for one another.

    Parameters
    ----------
    face : a typeface that goes before these letters.
    outlines : whether the letters of an SVG are outlines.
    """
    settings: Any = {
        key: value
        for key, value in matplotlib.rcParamsDefault.items()
        if not key.startswith(_KEPT_SETTINGS)
    }
    # Letters are text; ids are not random.
    settings |= {
        # The last is for letters that the others lack, and for viewers of an SVG that lack them.
        "font.family": [*_FAMILIES, "sans-serif"],
        "font.sans-serif": [_LAST_FAMILY],
        "pdf.fonttype": 42,
        "svg.fonttype": "path" if outlines else "none",
        "svg.hashsalt": "araxes",
        # Hinted letters are a tenth wider at some resolutions, and labels would overlap.
        "text.hinting": "no_hinting",
    }
    with _SETTINGS_LOCK:
        # matplotlib searches the list of fonts for each size of letters, which is slow among
        # hundreds of installed ones.
        all_fonts = fontManager.ttflist
        # There is one if these settings are set within those of another typeface.
        outer = {key: find for key, find in vars(fontManager).items() if key == "findfont"}
        # A figure may be measured and drawn again outside. An installed font of the same name has
        # other heights of lines.
        all_fonts[:0] = [entry for entry in _own_entries() if entry not in all_fonts]
        fontManager.ttflist = list(_own_entries())
        if face is not None:
            fontManager.ttflist += face.entries
            settings["font.family"] = [face.family, *settings["font.family"]]
            # matplotlib remembers which file it found by its settings: of two files of one family
            # the second would not be found.
            settings["font.fantasy"] = [str(entry.fname) for entry in face.entries]
        try:
            with matplotlib.rc_context(settings):
                # matplotlib reads the settings whenever it looks for a font, some thousand times a
                # figure; they now stay as they are.
                find: Any = cache(partial(FontManager.findfont, fontManager))
                fontManager.findfont = find  # type: ignore[method-assign]
                yield
        finally:
            fontManager.ttflist = all_fonts
            vars(fontManager).pop("findfont", None)
            vars(fontManager).update(outer)


@cache
def _characters(face: Typeface | None = None) -> frozenset[int]:
    """Return the code points of the characters that the fonts have, upright and bold."""
    own = [entry.fname for entry in _own_entries()]
    families = [[*pair] for pair in zip(own[::2], own[1::2], strict=True)]
    families += [[entry.fname for entry in face.entries]] if face else []
    letters: set[int] = set()
    for files in families:
        letters |= set.intersection(*(set(FT2Font(name).get_charmap()) for name in files))
    return frozenset(letters)


# Small, since it keeps what it has measured: some thousand texts.
@lru_cache(maxsize=8)
def _measuring_renderer(
    dpi: float,
    face: Typeface | None,  # noqa: ARG001 - matplotlib tells typefaces apart by their names alone
) -> RendererAgg:
    """Return a renderer that measures texts in the letters of a typeface, on a page of one dot.

    That of a canvas has room for all dots of its page, and is made anew with each size of it.
    """
    return RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]


class Sheet(Figure):
    """A figure for print: a matplotlib figure with its caption.

    Attributes
    ----------
    caption : Markdown, ready to paste; empty until it is written.
    metadata : what its file says of it: title, sources, licences.
    language : of its words and its caption.
    page_format : its width and its sizes of letters.
    extent : what the map shows; None on a chart.
    missing : letters that the font lacks, each drawn as a box.
    unnumbered : numbers of the legend or of legs that found no place on the map.
    """

    caption: str = ""
    metadata: Metadata = Metadata()
    language: str = "en"
    extent: Extent | None = None
    unnumbered: tuple[str, ...] = ()

    def __init__(self, page_format: PageFormat) -> None:
        width_in = page_format.width_mm / 25.4
        height_in = (page_format.height_mm or page_format.width_mm) / 25.4
        super().__init__(figsize=(width_in, height_in), dpi=DPI, facecolor="white")
        FigureCanvasAgg(self)
        self.page_format = page_format
        self.missing: set[str] = set()
        # Texts are measured more than once: a legend is folded first to see what room it needs.
        self._widths: dict[tuple[str, float, bool], float] = {}
        self._sizes: dict[tuple[str, float, bool, float], tuple[float, float]] = {}
        self._line = Text(parse_math=False, figure=self)
        self._cleaned: dict[tuple[str, str], str] = {}

    @property
    def face(self) -> Typeface | None:
        """Return the typeface of its letters, None for that of the figures."""
        return self.page_format.face

    @property
    def width_pt(self) -> float:
        """Return the width in points."""
        return float(self.get_size_inches()[0] * 72)

    @property
    def height_pt(self) -> float:
        """Return the height in points."""
        return float(self.get_size_inches()[1] * 72)

    @property
    def renderer(self) -> Any:
        """Return what measures artists: matplotlib's renderer of dots."""
        return _measuring_renderer(self.dpi, self.face)

    def set_height_pt(self, points: float) -> None:
        """Set the height in points, to whole dots of print."""
        dots = round(points / 72 * DPI)
        self.set_size_inches(self.get_size_inches()[0], dots / DPI)

    @property
    def wide(self) -> float:
        """Return `width_pt`, by its old name."""
        warn("wide is now width_pt", DeprecationWarning, stacklevel=2)
        return self.width_pt

    @property
    def high(self) -> float:
        """Return `height_pt`, by its old name."""
        warn("high is now height_pt", DeprecationWarning, stacklevel=2)
        return self.height_pt

    @property
    def page(self) -> PageFormat:
        """Return `page_format`, by its old name."""
        warn("page is now page_format", DeprecationWarning, stacklevel=2)
        return self.page_format

    @property
    def points(self) -> Any:
        """Return the transform of points from the lower left corner of the page."""
        return Affine2D().scale(1 / 72) + self.dpi_scale_trans

    def clean(self, text: str) -> str:
        """Return a text that can be drawn: one line, no controls, boxes for missing letters."""
        key = text, self.language
        if key not in self._cleaned:
            self._cleaned[key] = self._clean(text)
        return self._cleaned[key]

    def _clean(self, text: str) -> str:
        line = _SPACES.sub(" ", text).strip()
        if line.isascii() and line.isprintable():
            return line
        # Other format characters (category Cf) could reverse the order of the letters.
        visible = [
            c
            for c in line
            if c in _KEPT_FORMAT_CHARACTERS or unicodedata.category(c) not in ("Cc", "Cf")
        ]
        missing = {c for c in visible if ord(c) not in _characters(self.face)}
        self.missing |= missing
        return self._directed("".join(_MISSING_SIGN if c in missing else c for c in visible))

    def _directed(self, line: str) -> str:
        """Return a line that runs from the right if the language does, whatever letter is first."""
        directions = [unicodedata.bidirectional(c) for c in line]
        mixed = "L" in directions and not {"R", "AL"}.isdisjoint(directions)
        if not mixed or line.startswith(_RIGHT_TO_LEFT_MARK) or not right_to_left(self.language):
            return line
        return _RIGHT_TO_LEFT_MARK + line

    def width_of(self, text: str, size_pt: float, *, bold: bool = False) -> float:
        """Return how wide a line of text is, in points."""
        key = text, size_pt, bold
        if key not in self._widths:
            font = FontProperties(size=size_pt, weight="bold" if bold else "normal")
            dots = self.renderer.get_text_width_height_descent(text, font, ismath=False)[0]
            self._widths[key] = float(dots * 72 / self.dpi)
        return self._widths[key]

    def size_of(
        self, text: str, size_pt: float, *, bold: bool = False, angle: float = 0.0
    ) -> tuple[float, float]:
        """Return width and height of the box around a line of text, in points.

        Parameters
        ----------
        angle : of the text, in degrees from the horizontal.
        """
        key = text, size_pt, bold, angle
        if key not in self._sizes:
            weight = "bold" if bold else "normal"
            self._line.set(text=text, fontsize=size_pt, fontweight=weight, rotation=angle)
            self._sizes[key] = self.measured(self._line)
        return self._sizes[key]

    def folded(
        self, text: str, size_pt: float, width_pt: float, *, most: int = 9, bold: bool = False
    ) -> list[str]:
        """Return a text as lines that fit a width; what does not fit the last ends in an ellipsis.

        Parameters
        ----------
        most : greatest number of lines.
        """
        lines: list[str] = []
        words = self.clean(text).split(" ")
        while words and len(lines) < most:
            last = len(lines) == most - 1
            count, line = len(words), " ".join(words)
            while count > 1 and (width := self.width_of(line, size_pt, bold=bold)) > width_pt:
                # As many words as would fit by their mean width and one more, but always fewer.
                count = max(1, min(count - 1, round(count * width_pt / width) + 1))
                line = " ".join(words[:count])
            if (last and count < len(words)) or self.width_of(line, size_pt, bold=bold) > width_pt:
                line = self._shortened(line + "…", size_pt, width_pt, bold=bold)
            lines.append(self._directed(line))
            words = words[count:]
        return lines

    def _shortened(self, text: str, size_pt: float, width_pt: float, *, bold: bool) -> str:
        """Return a text that ends in an ellipsis, with as many letters as fit a width."""
        while len(text) > 1 and (width := self.width_of(text, size_pt, bold=bold)) > width_pt:
            count = min(len(text) - 1, max(int(len(text) * width_pt / width), 1))
            text = text[: count - 1].rstrip("…") + "…"
        return text

    def measured(self, artist: Any) -> tuple[float, float]:
        """Return width and height in points of an artist of matplotlib."""
        box = artist.get_window_extent(self.renderer)
        return float(box.width * 72 / self.dpi), float(box.height * 72 / self.dpi)

    def savefig(self, *args: Any, **options: Any) -> None:
        """Write the figure as matplotlib does, with the settings of `plain`."""
        with plain(self.face):
            super().savefig(*args, **options)

    def _repr_png_(self) -> bytes:
        """Show the figure in a notebook."""
        stream = io.BytesIO()
        self.savefig(stream, format="png", dpi=144)
        return stream.getvalue()
