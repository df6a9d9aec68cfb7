"""The words of maps and figures in seven languages, from `data/context/words.csv`."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from borders.dates import period
from borders.files.bundle import BUNDLED, layer
from borders.gazetteer.places import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping
    from datetime import date

    from borders.dates import Status
    from borders.measure import Measure
    from corridors.scenarios.scenario import Scenario

__all__ = [
    "apart",
    "basis",
    "comma",
    "day",
    "degrees",
    "heads",
    "interval",
    "interval_km",
    "mode_words",
    "name_of",
    "number",
    "of_pages",
    "of_part",
    "phrases",
    "right_to_left",
    "scenario_name",
    "short",
    "when",
    "word",
    "words",
]

# What a script may have as the id of a word, and as the beginning of one.
_QUOTED = re.compile(r'"([^"\n]+)"')
_BEGUN = re.compile(r"`([a-z]+-)\$\{")
# Ids of words that are names of crossings begin so: a page has the names.
_CROSSING = "x-"
_COUNTRY = "country-"
# Digits, decimal sign and sign of thousands as in CLDR, with one exception that a test names: in
# Turkish and Azerbaijani a no-break space, not a point, sets thousands apart, as ISO 80000-1 asks,
# since 1.024 km means a decimal to readers of the English figure beside it. Babel is not asked: it
# writes Persian numbers with Western digits (its issues 446 and 731) and takes 9 µs for a number.
_PERSIAN = str.maketrans("0123456789.,", "۰۱۲۳۴۵۶۷۸۹٫٬")
_DECIMAL_COMMA = str.maketrans(".,", ",\u00a0")
# Languages whose phrases ("since {0}") take a date with its month in letters, as CLDR writes it.
# Armenian and Georgian put the ending of the case behind the date or inflect the month, which CLDR
# does not give: there ISO dates stay, to which any ending can be added. English has ISO dates, too.
_MONTH_IN_LETTERS = frozenset({"tr", "az", "ru", "fa"})


@cache
def words() -> dict[str, dict[str, str]]:
    """Return id → language → word or phrase."""
    return {row["id"]: row for row in BUNDLED.rows("context/words.csv")}


def of_pages(scripts: str, said: Container[str]) -> dict[str, dict[str, str]]:
    """Return the words that a page can show, in every language.

    Parameters
    ----------
    scripts : of the page. They name words by their ids in quotes, or, where the rest of the id
        comes from the data, by how it begins, as in `` `country-${code}` ``.
    said : texts of the page's data, of which some are ids of words.
    """
    named = set(_QUOTED.findall(scripts))
    begun = tuple(_BEGUN.findall(scripts))
    alone = not layer("land")
    kept = {
        key: _spelled(row)
        for key, row in words().items()
        if key in named or key.startswith(begun) or (key in said and not key.startswith(_CROSSING))
        # Of a study that stands alone the countries of our region are no concern.
        if not (alone and key.startswith(_COUNTRY)) or key.removeprefix(_COUNTRY) in said
    }
    return kept | _own_countries()


def of_part(part: str) -> dict[str, dict[str, str]]:
    """Return the words of a part that only some pages have, such as ``story``."""
    return {key: _spelled(row) for key, row in words().items() if key.startswith(f"{part}-")}


def _spelled(row: Mapping[str, str]) -> dict[str, str]:
    return {code: row[code] for code in LANGUAGES}


def word(key: str, language: str) -> str:
    """Return a word or phrase in a language; one that the table lacks stays as it is.

    Examples
    --------
    >>> word("planned", "tr"), word("no such state", "tr")
    ('planlanan', 'no such state')
    """
    row = (_own_countries().get(key) if key.startswith(_COUNTRY) else None) or words().get(key)
    return key if row is None else row[language] or row["en"]


def _own_countries() -> dict[str, dict[str, str]]:
    """Return the words of the countries of a study without the base; none beside the bundled ones.

    What its file does not say in a language is as in the table, or else as in its column `name`.
    """
    if layer("land"):
        return {}
    own = {}
    for country in layer("provinces"):
        key, properties = f"{_COUNTRY}{country.properties['country']}", country.properties
        known = words().get(key, {})
        own[key] = {code: properties["names"].get(code) or known.get(code) or properties["name"]
                    for code in LANGUAGES}  # fmt: skip
    return own


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


def scenario_name(scenario: Scenario, language: str) -> str:
    """Return the name of a scenario in a language, or else the English one, or its id."""
    return name_of(scenario.names, scenario.name or scenario.id, language)


def mode_words(modes: Iterable[str], language: str) -> list[str]:
    """Return by what modes a way goes, each once, in words.

    Examples
    --------
    >>> mode_words(("rail", "ferry", "rail"), "en")
    ['by rail', 'by ferry']
    """
    return [word(f"mode-{mode}", language) for mode in dict.fromkeys(modes)]


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
    return text if language == "en" else text.translate(_DECIMAL_COMMA)


def apart(text: str, language: str) -> str:
    """Return words that keep their own direction within a sentence from right to left."""
    return f"\u2068{text}\u2069" if right_to_left(language) else text


def comma(language: str) -> str:
    """Return the comma of a language."""
    return "،" if right_to_left(language) else ","


def day(on: date, language: str, *, precision: str = "day") -> str:
    """Return a date as the running text of a language has it.

    Parameters
    ----------
    precision : ``day``, ``month`` or ``year``.

    Examples
    --------
    >>> from datetime import date
    >>> day(date(2026, 6, 1), "en"), day(date(2026, 6, 1), "fa")
    ('2026-06-01', '۱\u00a0ژوئن ۲۰۲۶')
    >>> day(date(2026, 6, 1), "tr", precision="month")
    'Haziran 2026'
    """
    if language in _MONTH_IN_LETTERS and precision != "year":
        from babel.dates import format_date

        text = format_date(on, _date_pattern(language, precision), language)
    else:
        text = on.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]]
    # Babel leaves Western digits in Persian dates.
    return text.translate(_PERSIAN) if language == "fa" else text


@cache
def _date_pattern(language: str, precision: str) -> str:
    """Return the CLDR pattern of a long date, its parts kept together as print has them."""
    from babel import Locale

    pattern: str = Locale(language).date_formats["long"].pattern
    # Some fonts lack the narrow no-break space that stands before the Russian word for year.
    pattern = pattern.replace("\u202f", "\u00a0")
    return pattern.replace("d ", "" if precision == "month" else "d\u00a0", 1)


def degrees(angle: float, signs: str, language: str) -> str:
    """Return degrees and minutes with the letter of the side.

    Parameters
    ----------
    signs : letters for above and below zero, ``EW`` or ``NS``.

    Examples
    --------
    >>> degrees(44.5, "EW", "en"), degrees(-44.0, "EW", "tr")
    ('44°30′ E', '44° B')
    >>> degrees(0.0, "NS", "en"), degrees(180.0, "EW", "en")
    ('0°', '180°')
    """
    minutes = round(abs(angle) * 60)
    text = f"{minutes // 60}°" + (f"{minutes % 60:02d}′" if minutes % 60 else "")
    side = "" if minutes in (0, 10_800) else word(f"side-{signs[int(angle < 0)]}", language)
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
    value, _, bounds = interval_km(measure, area=area).split(" ", maxsplit=2)
    unit = word("km2" if area else "km", language)
    return f"{number(value, language)} {unit} {number(bounds, language)}"


def when(status: Status, language: str) -> str:
    """Return a status with its dates, in a language."""
    if language == "en":
        return period(status)
    begin, end = (
        None if bound is None else day(bound, language, precision=status.precision)
        for bound in (status.valid_from, status.valid_to)
    )
    if begin and end:
        dates = word("from-to", language).format(begin, end)
    elif begin:
        dates = word("since", language).format(begin)
    elif end:
        dates = word("until", language).format(end)
    else:
        dates = word("undated", language)
    if status.state == "unverified":
        dates += f"{comma(language)} {basis('unverified', language)}"
    return f"{word(status.status, language)} ({dates})"


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
