"""Columns of a user's network that look like ours under another name or in another unit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from borders import schema
from borders.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["check_columns"]

_UNITS = frozenset((
    "m", "mm", "cm", "km", "mi", "mile", "miles", "metre", "metres", "meter", "meters",
    "kilometre", "kilometres", "kilometer", "kilometers", "s", "sec", "min", "mins", "minute",
    "minutes", "h", "hr", "hrs", "hour", "hours", "d", "day", "days", "kmh", "kph", "kmph",
    "mph", "ms", "per", "in", "usd", "eur", "try", "azn", "amd", "gel", "t", "ton", "tons",
    "tonne", "tonnes",
))  # fmt: skip
_SINGULAR = {"country": "countries"}
# Alike enough to be a slip of the keyboard, not another word.
_ALIKE = 0.85


def check_columns(columns: Iterable[str], where: str) -> None:
    """Refuse a column that nobody would read although its writer meant it to count.

    Parameters
    ----------
    columns : names; those that resemble none of table `network` may stay, as may those that
        stand beside the column which they resemble.

    Raises
    ------
    SchemaError : the first such column; says which one it may stand for, and its unit.
    """
    known = schema.columns("network")
    here = set(columns)
    stems = {_stem(key): key for key in known}
    for column in sorted(here - known.keys()):
        meant = _meant(column, stems)
        if meant is None or meant in here:
            continue
        unit = known[meant]["unit"]
        how = f"give '{meant}', in {unit}" if unit else f"rename it '{meant}'"
        message = (
            f"{where}: column '{column}' would not be read; {how}, or give it a name less like that"
        )
        raise SchemaError(message)


def _meant(column: str, stems: dict[str, str]) -> str | None:
    from difflib import get_close_matches

    stem = _stem(column)
    if stem in _SINGULAR:
        return _SINGULAR[stem]
    near = [stem] if stem in stems else get_close_matches(stem, stems, n=1, cutoff=_ALIKE)
    return stems[near[0]] if near else None


def _stem(name: str) -> str:
    """Return a name without case, marks and the unit at its end."""
    words = [word for word in re.split(r"[\W_]+", name.casefold()) if word]
    while len(words) > 1 and words[-1] in _UNITS:
        words.pop()
    return "_".join(words)
