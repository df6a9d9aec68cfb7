"""The words of maps and figures in seven languages, from `data/context/words.csv`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from borders.places import LANGUAGES
from borders.store import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from maps.projection import Extent

__all__ = [
    "apart",
    "comma",
    "day",
    "degrees",
    "name_of",
    "number",
    "of_pages",
    "phrases",
    "projection_note",
    "right_to_left",
    "short",
    "word",
    "words",
]

# What words of figures and their captions begin with, and of scenarios, which a page is told apart.
_PRINTED = (
    "caption-", "figure-", "note-", "conformal-", "equal-", "mercator", "scale-", "tolerance",
    "length-", "deviation", "computed", "inside", "outside",
)  # fmt: skip
_PERSIAN = str.maketrans("0123456789.,", "۰۱۲۳۴۵۶۷۸۹٫٬")
# Decimal sign and sign of thousands: a point and a comma in English only.
_COMMA = str.maketrans(".,", ",\u00a0")


@cache
def words() -> dict[str, dict[str, str]]:
    """Return id → language → word or phrase."""
    return {row["id"]: row for row in read_rows("context/words.csv")}


def of_pages() -> dict[str, dict[str, str]]:
    """Return the words that a page may say."""
    return {
        key: {code: row[code] for code in LANGUAGES}
        for key, row in words().items()
        if not key.startswith(_PRINTED)
    }


def word(key: str, language: str) -> str:
    """Return a word or phrase in a language; one that the table lacks stays as it is.

    Examples
    --------
    >>> word("planned", "tr"), word("no such state", "tr")
    ('planlanan', 'no such state')
    """
    row = words().get(key)
    return key if row is None else row[language] or row["en"]


def short(name: str) -> str:
    """Return a name without what it adds in brackets.

    Examples
    --------
    >>> short("Aras (Araxes)")
    'Aras'
    """
    return name.split(" (", maxsplit=1)[0]


def name_of(names: Mapping[str, str], name: str, language: str) -> str:
    """Return a name in a language, or else the English one."""
    return names.get(language) or name


def phrases(key: str) -> dict[str, str]:
    """Return a word or phrase in every language."""
    row = words()[key]
    return {code: row[code] or row["en"] for code in LANGUAGES}


def right_to_left(language: str) -> bool:
    """Tell whether a language is written from right to left."""
    return language == "fa"


def number(text: str, language: str) -> str:
    """Return a number written the English way as the language writes it.

    Examples
    --------
    >>> number("1,234.5", "ru") == "1\u00a0234,5", number("1,234.5", "fa")
    (True, '۱٬۲۳۴٫۵')
    """
    if language == "fa":
        return text.translate(_PERSIAN)
    return text if language == "en" else text.translate(_COMMA)


def apart(text: str, language: str) -> str:
    """Return words that keep their own direction within a sentence from right to left."""
    return f"\u2068{text}\u2069" if right_to_left(language) else text


def comma(language: str) -> str:
    """Return the comma of a language."""
    return "،" if right_to_left(language) else ","


def day(one: date, language: str) -> str:
    """Return a day as year, month and day.

    Examples
    --------
    >>> from datetime import date
    >>> day(date(2026, 6, 1), "en"), day(date(2026, 6, 1), "fa")
    ('2026-06-01', '۲۰۲۶/۰۶/۰۱')
    """
    # Between Persian words hyphens would turn the parts of a date around.
    text = one.isoformat()
    return number(text.replace("-", "/"), language) if right_to_left(language) else text


def degrees(angle: float, signs: str, language: str) -> str:
    """Return degrees and minutes with the letter of the side.

    Parameters
    ----------
    signs : letters for above and below zero, ``EW`` or ``NS``.

    Examples
    --------
    >>> degrees(44.5, "EW", "en"), degrees(-44.0, "EW", "tr")
    ('44°30′ E', '44° B')
    """
    minutes = round(abs(angle) * 60)
    text = f"{minutes // 60}°" + (f"{minutes % 60:02d}′" if minutes % 60 else "")
    side = "" if not minutes else word(f"side-{signs[int(angle < 0)]}", language)
    return f"{number(text, language)} {side}".rstrip()


def projection_note(extent: Extent, language: str) -> str:
    """Return the projection of a map with its parameters, in words."""
    angles = [degrees(lat, "NS", language) for lat in extent.parallels]
    angles.append(degrees(extent.meridian, "EW", language))
    if right_to_left(language):
        # Without a mark before them minutes would stand on the far side of their degrees.
        angles = [f"\u200e{angle}" for angle in angles]
    return word(extent.kind, language).format(*angles)
