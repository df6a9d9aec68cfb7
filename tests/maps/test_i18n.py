"""The words of maps: every language has every word, numbers and degrees are written its way."""

from __future__ import annotations

import re
import unicodedata

import pytest

from borders.files.bundle import BUNDLED
from borders.gazetteer.places import LANGUAGES
from corridors.model.registry import systems
from maps.i18n import degrees, number, word
from maps.layers.build import layers
from maps.print.projection import fitted, projection_note
from maps.style import STATES

ROWS = {row["id"]: row for row in BUNDLED.rows("context/words.csv")}
SCRIPTS = {"hy": "ARMENIAN", "ka": "GEORGIAN", "ru": "CYRILLIC", "fa": "ARABIC"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_in_every_language(language):
    assert [key for key, row in ROWS.items() if not row[language]] == []


@pytest.mark.parametrize(("language", "script"), SCRIPTS.items())
def test_every_word_is_in_the_letters_of_its_language(language, script):
    for key, row in ROWS.items():
        own = [c for c in row[language] if c.isalpha() and unicodedata.name(c).startswith(script)]
        assert own, key


def test_blanks_to_fill_are_the_same_in_every_language():
    for key, row in ROWS.items():
        blanks = {language: sorted(re.findall(r"\{\d\}", row[language])) for language in LANGUAGES}
        assert len(set(map(str, blanks.values()))) == 1, key


def test_every_state_of_a_line_has_its_word():
    shown = {one.legend_note for one in layers(systems())} - {""}
    assert (shown | set(STATES)) - set(ROWS) == set()


def test_a_word_that_is_not_known_stays():
    assert word("a state of its own", "ka") == "a state of its own"


def test_numbers_have_the_signs_and_digits_of_the_language():
    assert number("1,234.5", "en") == "1,234.5"
    assert number("1,234.5", "tr") == "1\u00a0234,5"
    assert number("1,234.5", "fa") == "۱٬۲۳۴٫۵"


def test_degrees_are_written_with_minutes_where_there_are_any():
    assert degrees(44.5, "EW", "en") == "44°30′ E"
    assert degrees(-33.25, "NS", "en") == "33°15′ S"
    assert degrees(0.0, "EW", "en") == "0°"
    assert degrees(40.0, "NS", "ru") == "40° с. ш."
    assert degrees(40.1, "NS", "fa") == "۴۰°۰۶′ شمالی"


def test_degrees_in_a_persian_sentence_keep_their_minutes_behind_them():
    """Digits after Arabic letters turn around at a degree sign unless a mark stands before them."""
    note = projection_note(fitted((44.0, 39.0, 47.0, 41.5)), "fa")
    assert re.findall(r"(.)[۰-۹]+°[۰-۹]+′", note) == ["\u200e"] * note.count("′")
    assert note.count("′") >= 2
    assert "\u200e" not in projection_note(fitted((44.0, 39.0, 47.0, 41.5)), "ru")
