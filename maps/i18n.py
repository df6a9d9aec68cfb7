"""The words of maps and figures in seven languages, from `data/context/words.csv`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from borders.dates import period
from borders.files.bundle import BUNDLED
from borders.gazetteer.places import LANGUAGES
from borders.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from borders.dates import Status
    from borders.measure import Measure

__all__ = [
    "apart",
    "basis",
    "comma",
    "day",
    "degrees",
    "heads",
    "interval",
    "interval_km",
    "name_of",
    "number",
    "of_pages",
    "phrases",
    "right_to_left",
    "short",
    "when",
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
    return {row["id"]: row for row in BUNDLED.rows("context/words.csv")}


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


def basis(label: str, language: str) -> str:
    """Return the words of a basis or a state, such as ``published+reach``, in a language."""
    if language == "en":
        return label
    parts = (word(f"basis-{part}", language) for part in label.split("+"))
    return "+".join(part.removeprefix("basis-") for part in parts)


def interval(measure: Measure, language: str, *, area: bool = False) -> str:
    """Return a length or an area with its 95 % interval, as the language writes it.

    Examples
    --------
    >>> from borders.measure import Measure
    >>> interval(Measure(value=43000.0, sigma=1000.0, basis="published"), "ru")
    '43,0 км (41,0–45,0)'
    """
    value, unit, rest = interval_km(measure, area=area).split(" ", maxsplit=2)
    unit = word("km2" if area else "km", language)
    return f"{number(value, language)} {unit} {number(rest, language)}"


def when(status: Status, language: str) -> str:
    """Return a status with its dates, in a language."""
    if language == "en":
        return period(status)
    cut = {"day": 10, "month": 7, "year": 4}[status.precision]
    ends = [
        None if one is None else day(one, language)[:cut]
        for one in (status.valid_from, status.valid_to)
    ]
    key = {(True, True): "from-to", (True, False): "since", (False, True): "until"}.get(
        (ends[0] is not None, ends[1] is not None), "undated"
    )
    dates = word(key, language).format(*(end for end in ends if end))
    mark = f"{comma(language)} {basis('unverified', language)}"
    return (
        f"{word(status.status, language)} ({dates}{mark if status.state == 'unverified' else ''})"
    )


def heads(keys: str, language: str) -> tuple[str, ...]:
    """Return the words of a table's head, by their ids."""
    return tuple(word(key, language) for key in keys.split())


def interval_km(measure: Measure, *, area: bool = False) -> str:
    """Return a length in km, or an area in km², with its 95 % interval.

    Examples
    --------
    >>> from borders.measure import Measure
    >>> interval_km(Measure(value=43000.0, sigma=1000.0, basis="published"))
    '43.0 km (41.0–45.0)'
    """
    return measure.km2_text if area else measure.km_text
