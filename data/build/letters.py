"""Letters of the page: a family with all seven scripts, cut to the letters that the data need.

Source: npm `@fontsource/noto-sans`, `-armenian`, `-georgian`, `-arabic` and `-math` 5.3.0, which
hold the Noto Sans of the Noto project under the SIL Open Font License 1.1, cut by script, without
the names inside; copyright and licence are written back into each file.
"""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

from files import DATA, npm_package, table
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterable

TARGET = DATA / "context" / "letters.csv"
VERSION = "5.3.0"
PACKAGES = {
    "noto-sans": "f62f8ed40e378f15134e32bed2fd5718d81e9ec7a5603d1022d7b385e2297abc",
    "noto-sans-armenian": "ce3b746119f1e728f0b9902287654a8828dd67cc6520139e8745f74779a92713",
    "noto-sans-georgian": "9aa744e7482a6a7eb8ed8139208d6e430c62c20637c8eff0ce15358f3b5c3e9c",
    "noto-sans-arabic": "e0a81ade67ce507c9b91546ca3d91332d184a8277fc683440b00896b430856bb",
    "noto-sans-math": "8f6894fffd5863699e279c669d6eae9d3a1218cc9e20aed84efb64a98aee03d8",
}
# Package, its cut, and the letters that are always in besides those of the data.
CUTS = (
    ("noto-sans", "latin", range(0x20, 0x100)),
    ("noto-sans", "latin-ext", range(0x100, 0x180)),
    ("noto-sans", "greek", ()),
    ("noto-sans", "cyrillic", range(0x410, 0x450)),
    ("noto-sans", "cyrillic-ext", ()),
    ("noto-sans-armenian", "armenian", range(0x531, 0x588)),
    ("noto-sans-georgian", "georgian", range(0x10D0, 0x10F1)),
    ("noto-sans-arabic", "arabic", ()),
    ("noto-sans-georgian", "math", ()),
    ("noto-sans-math", "latin", ()),
)
WEIGHTS = (400, 600)
# Signs that the page's script writes itself.
SIGNS = "◀▶◎▸▾Δ−–—…·→←≥≤≈±°′″×“”„«»\u00a0\u200c\u200d\u200e\u200f\u2068\u2069۰۱۲۳۴۵۶۷۸۹٫٬،؛؟"

# By their numbers in the format: copyright, licence and its address.
NAMES = {
    0: "Copyright 2022 The Noto Project Authors (https://github.com/notofonts)",
    13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
    14: "https://openfontlicense.org",
}


def build() -> int:
    """Write the cuts as base64 of WOFF2, one a row with its letters; return their number."""
    wanted = {ord(letter) for letter in _written() if letter.isprintable()} | set(map(ord, SIGNS))
    rows = []
    for weight in WEIGHTS:
        left = set(wanted)
        for package, cut, always in CUTS:
            # Signs have one weight.
            thick = 400 if package == "noto-sans-math" else weight
            member = f"files/{package}-{cut}-{thick}-normal.woff2"
            font = TTFont(npm_package(f"@fontsource/{package}", VERSION, PACKAGES[package], member))
            letters = (left | set(always)) & set(font.getBestCmap())
            left -= letters
            if letters:
                rows.append((f"{package} {cut}", weight, _ranges(letters), _packed(font, letters)))
    return table(TARGET, ["cut", "weight", "letters", "woff2"], rows)


def _written() -> str:
    """Return all texts of the data."""
    kinds = ("*.csv", "context/*.csv", "**/*.toml", "network/*.csv", "network/*.geojson")
    paths = sorted({path for kind in kinds for path in DATA.glob(kind)} - {TARGET})
    return "".join(path.read_text("utf-8") for path in paths)


def _packed(font: TTFont, letters: Iterable[int]) -> str:
    """Return a font with some letters only; their joins, marks and figures of one width stay."""
    options = Options(hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 13, 14])
    options.layout_features = [*options.layout_features, "tnum"]
    # The time of writing would differ from build to build.
    font.recalcTimestamp = False
    for key, text in NAMES.items():
        font["name"].setName(text, key, 3, 1, 0x409)
    cutter = Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    font.flavor = "woff2"
    file = io.BytesIO()
    font.save(file)
    return base64.b64encode(file.getvalue()).decode()


def _ranges(letters: Iterable[int]) -> str:
    """Return code points as CSS writes them: U+20-7E, U+410."""
    runs: list[list[int]] = []
    for letter in sorted(letters):
        if runs and runs[-1][1] == letter - 1:
            runs[-1][1] = letter
        else:
            runs.append([letter, letter])
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in runs)


if __name__ == "__main__":
    print(build())
