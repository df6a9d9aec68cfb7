"""The words of maps: every language has every word, numbers and degrees are written its way."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from datetime import date

import pytest
from babel import Locale

from borders.dates import Status
from borders.files.bundle import BUNDLED
from borders.files.catalogue import sources
from borders.gazetteer.places import LANGUAGES
from corridors.model.registry import systems
from maps.i18n import day, degrees, number, when, word
from maps.layers.build import layers
from maps.print.caption import translated_credit
from maps.print.projection import fitted, projection_note
from maps.style import DASHES

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


def test_every_kind_of_data_that_a_credit_names_has_its_word():
    """`Rivers: GSHHG, LGPL` says what is owed to whom; only whose data it is stays in English."""
    owed = {entry.attribution for entry in sources().values() if ": " in entry.attribution}
    nouns = {credit.partition(": ")[0] for credit in owed}
    assert {"Rivers", "Places", "Letters"} <= nouns
    for language in LANGUAGES:
        for credit in owed:
            noun, _, whose = credit.partition(": ")
            said = translated_credit(credit, language).replace("\u200e", "")
            assert said.endswith(f": {whose}")
            assert (noun in said) == (language == "en")


def test_every_state_of_a_line_has_its_word():
    shown = {layer.legend_note for layer in layers(systems())} - {""}
    assert (shown | set(DASHES)) - set(ROWS) == set()


@pytest.mark.parametrize("key", ["features", "caption-timeline", "caption-claims"])
def test_a_russian_noun_needs_no_other_form_for_another_count(key):
    """Of 21 systems and of 22 need two forms, unless the count stands behind the noun."""
    assert not re.search(r"\{0\} [а-я]", ROWS[key]["ru"])


def test_a_word_that_is_not_known_stays():
    assert word("a state of its own", "ka") == "a state of its own"


def test_numbers_have_the_signs_and_digits_of_the_language():
    assert number("1,234.5", "en") == "1,234.5"
    assert number("1,234.5", "tr") == "1\u00a0234,5"
    assert number("1,234.5", "fa") == "۱٬۲۳۴٫۵"


@pytest.mark.parametrize("language", LANGUAGES)
def test_signs_of_numbers_are_those_of_cldr(language):
    locale = Locale(language)
    symbols = locale.number_symbols[locale.default_numbering_system]
    # What is not as in CLDR: Turkish and Azerbaijani points between thousands.
    group = "\u00a0" if language in ("tr", "az") else symbols["group"]
    assert re.findall(r"\D", number("1,234.5", language)) == [group, symbols["decimal"]]
    digits = number("0123456789", language)
    assert [unicodedata.digit(digit) for digit in digits] == list(range(10))
    name = {"latn": "DIGIT ", "arabext": "EXTENDED ARABIC-INDIC DIGIT "}
    shown = {unicodedata.name(digit).rsplit(" ", 1)[0] + " " for digit in digits}
    assert shown == {name[locale.default_numbering_system]}


@pytest.mark.parametrize(
    ("language", "written"),
    {
        "en": ["2022-08-03", "2022-08", "2022"],
        "tr": ["3\u00a0Ağustos 2022", "Ağustos 2022", "2022"],
        "az": ["3\u00a0avqust 2022", "avqust 2022", "2022"],
        "hy": ["2022-08-03", "2022-08", "2022"],
        "ka": ["2022-08-03", "2022-08", "2022"],
        "ru": ["3\u00a0августа 2022\u00a0г.", "августа 2022\u00a0г.", "2022"],
        "fa": ["۳\u00a0اوت ۲۰۲۲", "اوت ۲۰۲۲", "۲۰۲۲"],
    }.items(),
)
def test_dates_are_written_to_their_precision(language, written):
    on = date(2022, 8, 3)
    assert [day(on, language, precision=p) for p in ("day", "month", "year")] == written


def test_a_status_has_the_dates_it_has():
    def russian(begin, end, precision="day", state="published"):
        status = Status(status="open", valid_from=begin, valid_to=end, source="", state=state,
                        precision=precision)  # fmt: skip
        return when(status, "ru").removeprefix(word("open", "ru")).replace("\u00a0", " ")

    first, last = date(1991, 5, 1), date(1993, 4, 3)
    assert russian(first, last) == " (с 1 мая 1991 г. до 3 апреля 1993 г.)"
    assert russian(first, None, "month") == " (с мая 1991 г.)"
    assert russian(None, last, "year") == " (до 1993)"
    assert russian(None, None, state="unverified") == " (без даты, не проверено)"


def test_english_needs_no_babel():
    program = (
        "import sys; from datetime import date; from maps.i18n import day, degrees, number;"
        "day(date(2022, 8, 3), 'en'); number('1.5', 'fa'); degrees(1.5, 'EW', 'ru');"
        "sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


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
