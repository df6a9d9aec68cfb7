"""The letters that a page carries."""

from __future__ import annotations

import base64
import io

import pytest
from fontTools.ttLib import TTFont

from borders.files.bundle import BUNDLED

WEIGHTS = ("400", "600")


def cuts(weight):
    return [row for row in BUNDLED.rows("context/letters.csv") if row["weight"] == weight]


def listed(row):
    """Return the code points that a cut says it holds."""
    letters = set()
    for part in row["letters"].split(", "):
        first, _, last = part.removeprefix("U+").partition("-")
        letters |= set(range(int(first, 16), int(last or first, 16) + 1))
    return letters


def font_of(row):
    return TTFont(io.BytesIO(base64.b64decode(row["woff2"])))


@pytest.mark.parametrize("weight", WEIGHTS)
def test_all_letters_of_words_and_names_are_there(weight):
    held = set().union(*map(listed, cuts(weight)))
    texts = ("context/words.csv", "places.csv", "towns.csv", "context/citations.csv")
    written = "".join((BUNDLED.folder / name).read_text("utf-8") for name in texts)
    # If a name with new letters was added: data/build/letters.py.
    assert {c for c in written if c.isprintable() and ord(c) not in held} == set()


def test_each_cut_holds_what_it_lists_and_no_letter_is_in_two():
    for weight in WEIGHTS:
        seen = set()
        for row in cuts(weight):
            assert listed(row) <= set(font_of(row).getBestCmap())
            assert not seen & listed(row)
            seen |= listed(row)


def test_all_figures_are_of_one_width_and_the_licence_travels_along():
    for row in BUNDLED.rows("context/letters.csv"):
        font = font_of(row)
        letters = font.getBestCmap()
        for digits in ("0123456789", "۰۱۲۳۴۵۶۷۸۹"):
            widths = {font["hmtx"][letters[ord(d)]][0] for d in digits if ord(d) in letters}
            assert len(widths) <= 1
        assert "SIL Open Font License" in str(font["name"].getDebugName(13))
