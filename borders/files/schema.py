"""Check tables and authored files against `data/schema.csv`, which also makes the data page."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.errors import SchemaError
from borders.files.bundle import BUNDLED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from borders.files.bundle import DataRoot

__all__ = ["check", "checked_rows", "columns", "misspelt"]

# Names in a language, and the least letters of a key that is the beginning of a word.
_NAME_IN = re.compile("name_[a-z]{2,3}")
_SHORT_FORM = 3
_RANGE = {"lon": 180.0, "lat": 90.0}
# No length, error, height, count or cost here has more digits; squares of these stay finite.
_LARGEST, _LARGEST_M = 1e15, 1e8
_ID = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
_COUNTRY = re.compile("[A-Z]{2}")


@cache
def columns(table: str) -> dict[str, dict[str, str]]:
    """Return the columns of a table as `data/schema.csv` states them, by name.

    Raises
    ------
    SchemaError : `data/schema.csv` has no such table.
    """
    rows = [row for row in BUNDLED.rows("schema.csv") if row["table"] == table]
    if not rows:
        message = f"data/schema.csv has no table '{table}'"
        raise SchemaError(message)
    return {row["column"]: row for row in rows}


def misspelt(keys: Iterable[str], known: Iterable[str]) -> str:
    """Return a hint at the first key that is nearly a known one, empty if none is.

    Examples
    --------
    >>> misspelt(["name", "opnes"], ["on", "open", "close"])
    "; is 'opnes' meant for 'open'?"
    >>> misspelt(["Longitude"], ["lon", "lat"])
    "; is 'Longitude' meant for 'lon'?"
    """
    from difflib import get_close_matches

    known = list(known)
    for key in keys:
        for meant in get_close_matches(str(key), known, n=1, cutoff=0.65):
            return f"; is '{str(key)[:60]}' meant for '{meant}'?"
    for key in keys:
        # A word of which the known key is the beginning.
        for meant in (word for word in known if len(word) >= _SHORT_FORM):
            if str(key).lower().startswith(meant):
                return f"; is '{str(key)[:60]}' meant for '{meant}'?"
    return ""


def checked_rows(table: str, file: str, *, root: DataRoot = BUNDLED) -> Iterator[dict[str, Any]]:
    """Yield the rows of a bundled CSV, each checked by its table of `schema.csv`.

    Raises
    ------
    SchemaError : a row breaks a rule; names file and line.
    """
    for where, row in root.located_rows(file):
        yield check(table, row, where)


def check(table: str, row: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return a row with typed values; text from CSV and values from TOML are both taken.

    Parameters
    ----------
    table : name of a table in `data/schema.csv`.
    row : column → value; empty text, and blanks alone, count as missing.
    where : file and line or entry, for the message.

    Raises
    ------
    SchemaError : unknown, missing or impossible value; says where, which and what to do.
    """
    rules = _rules(table)
    if not row.keys() <= rules.keys():
        key = next(key for key in row if key not in rules)
        if _NAME_IN.fullmatch(str(key)) and "name_en" in rules:
            known = ", ".join(rule.removeprefix("name_") for rule in rules if rule[:5] == "name_")
            others = "name or aliases" if "aliases" in rules else "name"
            message = f"{where}: '{key}' is in none of the languages {known}; write it in {others}"
            raise SchemaError(message)
        message = f"{where}: unknown key '{key}'; known: {', '.join(rules)}"
        raise SchemaError(f"{message}{misspelt([key], rules)}")
    typed: dict[str, Any] = dict.fromkeys(rules)
    for key, rule in rules.items():
        value = row.get(key)
        if value is None or value == "" or (isinstance(value, str) and value.isspace()):
            if rule.required:
                message = f"{where}: '{key}' is missing; add it ({rule.description})"
                raise SchemaError(message)
            continue
        plain = rule.plain and isinstance(value, str)
        typed[key] = value if plain else _typed(value, rule.kind, f"{where}: {key}")
        if rule.length and typed[key] < 0:
            message = f"{where}: {key} is {value}; a length or an error in metres is never negative"
            raise SchemaError(message)
        if rule.metres and typed[key] > _LARGEST_M:
            message = (
                f"{where}: {key} is {typed[key]:.6g} m, more than twice round the earth; check"
            )
            raise SchemaError(f"{message} it")
        if rule.allowed and typed[key] not in rule.allowed:
            message = f"{where}: {key} is '{value}'; allowed: {', '.join(rule.allowed)}"
            raise SchemaError(message)
    return typed


class _Rule(NamedTuple):
    """What a column's values must be.

    Parameters
    ----------
    plain : any text will do.
    length : a length or an error in metres, never negative.
    metres : a length, an error or a height in metres.
    """

    kind: str
    required: bool
    plain: bool
    length: bool
    metres: bool
    allowed: tuple[str, ...]
    description: str


@cache
def _rules(table: str) -> dict[str, _Rule]:
    return {
        key: _Rule(
            kind=column["type"],
            required=column["required"] == "yes",
            plain=column["type"] in ("text", "source"),
            # Heights may be negative: the shore of the Caspian lies below sea level.
            length=column["unit"] == "m" and key != "elevation_m",
            metres=column["unit"] == "m",
            allowed=tuple(column["values"].split("|")) if column["values"] else (),
            description=_lower_first(column["description"]),
        )
        for key, column in columns(table).items()
    }


def _lower_first(sentence: str) -> str:
    """Return a sentence with a small first letter, unless it begins with an abbreviation."""
    return sentence if sentence[:2].isupper() else sentence[:1].lower() + sentence[1:]


def _typed(value: Any, kind: str, where: str) -> Any:
    if kind in ("number", "integer", "lon", "lat"):
        return _number(value, kind, where)
    if kind == "date":
        return _date(value, where)
    if kind == "boolean":
        if isinstance(value, bool):
            return value
        message = f"{where} is '{value}'; write true or false"
        raise SchemaError(message)
    if kind in ("list", "tables"):
        if isinstance(value, list) and (kind == "list" or all(isinstance(v, dict) for v in value)):
            return value
        message = f"{where} must be a {_list_hint(value, kind, where.rpartition(' ')[2])}"
        raise SchemaError(message)
    if kind == "table":
        if isinstance(value, dict):
            return value
        message = f"{where} must be a table"
        raise SchemaError(message)
    if not isinstance(value, str):
        message = f"{where} is {value!r}; write it as text in quotes"
        raise SchemaError(message)
    if kind == "country" and not _COUNTRY.fullmatch(value):
        message = f"{where} is '{value}'; write an ISO 3166-1 code of two capital letters"
        raise SchemaError(message)
    if kind == "id" and not _ID.issuperset(value):
        message = f"{where} is '{value}'; ids have only a-z, 0-9, - and _"
        raise SchemaError(message)
    return value


def _list_hint(value: Any, kind: str, key: str) -> str:
    """Return what the value should be, and how it is written in TOML."""
    if kind == "list":
        return f'list; write ["{value}"]' if isinstance(value, str) else "list"
    first = value[0] if isinstance(value, list) and value else value
    if key == "path":
        shown = first if isinstance(first, str) else "Kars"
        return f'list of tables; write [{{ place = "{shown}" }}, …]'
    return f"list of tables; write [[{key}]] above each"


def _number(value: Any, kind: str, where: str) -> float | int:
    try:
        if isinstance(value, bool):
            raise TypeError
        number = float(value)
    except (TypeError, ValueError) as err:
        point = ", with a point before decimals and nothing between thousands"
        comma = isinstance(value, str) and "," in value
        message = f"{where} is '{value}'; write a number{point if comma else ''}"
        raise SchemaError(message) from err
    except OverflowError as err:
        message = f"{where} is a whole number of more than 300 digits; write a smaller one"
        raise SchemaError(message) from err
    if not isfinite(number):
        message = f"{where} is {number}; write a finite number"
        raise SchemaError(message)
    if abs(number) > _LARGEST:
        message = f"{where} is {number:.6g}, which is no quantity of this field; check it"
        raise SchemaError(message)
    if abs(number) > _RANGE.get(kind, float("inf")):
        swapped = "; are longitude and latitude swapped?" if abs(number) <= 180 else ""
        message = f"{where} is {number}, outside ±{_RANGE[kind]:.0f}°{swapped}"
        raise SchemaError(message)
    if kind == "integer" and number != int(number):
        message = f"{where} is '{value}'; write a whole number"
        raise SchemaError(message)
    return int(number) if kind == "integer" else number


def _date(value: Any, where: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as err:
        message = f"{where} is '{value}'; write a date as YYYY-MM-DD"
        raise SchemaError(message) from err
