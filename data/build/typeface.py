"""The typefaces of the figures: Noto Sans, and Vazirmatn for Persian, a file for each weight.

Source: the npm packages of `letters`, and npm `@fontsource/vazirmatn` 5.3.0, which holds the
Vazirmatn of Saber Rastikerdar under the SIL Open Font License 1.1. Their cuts by script are merged
into one font, so that a line of two scripts is set in one family, and a PDF or an SVG names one.
Persian has a family of its own: Noto draws the dots of a letter as letters, and the text of a PDF
could not be searched.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from files import DATA, npm_package
from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from letters import NAMES, PACKAGES, VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = DATA / "fonts"
OWN_PACKAGES = PACKAGES | {
    "vazirmatn": "118ce3ae3eaf72b55e53915c5c9afd5e67e0f0f2197b7fdae6aa77017eef5e90",
}
COPYRIGHTS = {
    "Noto Sans": NAMES[0],
    "Vazirmatn": "Copyright 2015 The Vazirmatn Project Authors "
    "(https://github.com/rastikerdar/vazirmatn)",
}
WEIGHTS = {400: "Regular", 700: "Bold"}
# Ascender, descender and gap of a line, in parts of the em: boxes of labels are as high as these
# tell. Those of the cuts leave room for accents upon accents.
METRICS = 0.77, -0.23, 0.0
# Seconds since 1904 to the start of 2022, the year of the copyright: the time in the files.
TIME = 3_723_840_000
# Package, its cut, and the blocks that are taken of it: those of the seven languages and of Greek,
# signs of text and of mathematics.
CUTS = {
    "Noto Sans": (
        ("noto-sans", "latin", ((0x20, 0x24F), (0x2000, 0x22FF))),
        ("noto-sans", "latin-ext", ((0x100, 0x36F), (0x1E00, 0x1EFF), (0x2000, 0x22FF))),
        ("noto-sans", "greek", ((0x370, 0x3FF),)),
        ("noto-sans", "cyrillic", ((0x400, 0x4FF), (0x2000, 0x21FF))),
        ("noto-sans", "cyrillic-ext", ((0x400, 0x4FF),)),
        ("noto-sans-armenian", "armenian", ((0x530, 0x58F),)),
        ("noto-sans-georgian", "georgian", ((0x10A0, 0x10FF),)),
        ("noto-sans-math", "latin", ((0x2190, 0x22FF), (0x25A0, 0x25FF))),
    ),
    "Vazirmatn": (("vazirmatn", "arabic", ((0x600, 0x6FF), (0x200C, 0x200F))),),
}


def build() -> int:
    """Write a font for each family and weight; return the number of letters of all."""
    FOLDER.mkdir(exist_ok=True)
    letters = 0
    for family in CUTS:
        for weight, style in WEIGHTS.items():
            font = _merged(family, weight)
            _name(font, family, weight, style)
            font.save(FOLDER / f"{_file_name(family, style)}.ttf")
            letters += len(font.getBestCmap())
    return letters


def _file_name(family: str, style: str) -> str:
    return f"{family.replace(' ', '')}-{style}"


def _merged(family: str, weight: int) -> TTFont:
    """Return the font of a weight with the letters of all its cuts."""
    parts = []
    seen: set[int] = set()
    for package, cut, blocks in CUTS[family]:
        # Signs of mathematics have one weight.
        thick = 400 if package == "noto-sans-math" else weight
        member = f"files/{package}-{cut}-{thick}-normal.woff2"
        font = TTFont(npm_package(f"@fontsource/{package}", VERSION, OWN_PACKAGES[package], member))
        wanted = {
            code
            for code in set(font.getBestCmap()) - seen
            if any(first <= code <= last for first, last in blocks)
        }
        seen |= wanted
        parts.append(_part(font, wanted))
    return Merger().merge(parts) if len(parts) > 1 else TTFont(parts[0])


def _part(font: TTFont, letters: Iterable[int]) -> io.BytesIO:
    """Return a font with some letters only, their joins and marks, without compression."""
    options = Options(hinting=False, notdef_outline=True, glyph_names=False)
    options.drop_tables += ["STAT", "MATH", "gasp"]
    cutter = Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    font.flavor = None
    file = io.BytesIO()
    font.save(file)
    file.seek(0)
    return file


def _name(font: TTFont, family: str, weight: int, style: str) -> None:
    """Write names, licence, weight and the height of a line into a font."""
    names = {1: family, 2: style, 4: f"{family} {style}", 6: _file_name(family, style)}
    font["name"].names = []
    for key, text in (NAMES | {0: COPYRIGHTS[family]} | names).items():
        font["name"].setName(text, key, 3, 1, 0x409)
    table, em = font["OS/2"], font["head"].unitsPerEm
    table.usWeightClass = weight
    # Bits 5 (bold) and 6 (regular) of fsSelection, bit 0 (bold) of macStyle.
    table.fsSelection = 0x20 if weight == 700 else 0x40
    font["head"].macStyle = int(weight == 700)
    table.sTypoAscender, table.sTypoDescender, table.sTypoLineGap = (
        round(part * em) for part in METRICS
    )
    # The time of writing would differ from build to build.
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = TIME


if __name__ == "__main__":
    print(build())
