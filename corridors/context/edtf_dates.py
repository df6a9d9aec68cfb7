"""Dates as exact as a source gives them: Extended Date/Time Format (ISO 8601-2, levels 0 to 2).

The library `edtf` reads them; of two that were tried it is the one that keeps "about" and
"uncertain" (`undate` reads ``1930~`` as ``1930``). It takes 7 ms for a date, so days, months and
years in full, and intervals of them, are read here; a test holds both readings against each other.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from borders.errors import AraxesError

__all__ = ["EdtfDate", "read_edtf"]

_PLAIN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?[~?%]?")
_OPEN = ("", "..")
_HINT = (
    "write a day 1921-10-13, a month 1989-11, a year 1930, about 1930~, uncertain 1930?, before "
    "../1918-10, after 1994/.., or an interval 1992-02-25/1992-02-26"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdtfDate:
    """A date in EDTF with the days that it may be.

    Parameters
    ----------
    text : as the source has it, such as ``1930~``.
    first, last : first and last day that it holds; None where it is open.
    about, uncertain : whether the source says "about", or is not sure.

    Examples
    --------
    >>> when = read_edtf("1989-11")
    >>> str(when.first), str(when.last), when.holds(date(1989, 11, 30))
    ('1989-11-01', '1989-11-30', True)
    """

    text: str
    first: date | None
    last: date | None
    about: bool = False
    uncertain: bool = False

    def __str__(self) -> str:
        """Return the text."""
        return self.text

    def holds(self, day: date) -> bool:
        """Tell whether the date may be this day."""
        return self.meets(day, day)

    def meets(self, begin: date | None, end: date | None) -> bool:
        """Tell whether the date may lie in a period, both its ends included."""
        starts = self.first is None or end is None or self.first <= end
        ends = self.last is None or begin is None or self.last >= begin
        return starts and ends

    def agrees(self, other: EdtfDate) -> bool:
        """Tell whether both may be the same day."""
        return self.meets(other.first, other.last)

    def days_from(self, other: EdtfDate) -> int:
        """Return how many days lie between the two at least; 0 if they may be the same day."""
        if self.agrees(other):
            return 0
        if self.first is not None and other.last is not None and self.first > other.last:
            return (self.first - other.last).days
        first, last = other.first, self.last
        return 0 if first is None or last is None else (first - last).days

    @property
    def sort_key(self) -> tuple[date, date]:
        """Return a key in order of time: open beginnings first, then the shorter date."""
        return self.first or date.min, self.last or date.max

    @property
    def words(self) -> str:
        """Return the date for readers: ``about 1930``, ``before 1918-10-30``, ``1992 to 1994``."""
        plain = self.text.translate({ord(sign): None for sign in "~?%"})
        mark = "about " if self.about else ""
        doubt = " (uncertain)" if self.uncertain else ""
        begin, slash, end = plain.partition("/")
        if not slash:
            return f"{mark}{plain}{doubt}"
        if begin in ("", ".."):
            return f"{mark}up to {end}{doubt}"
        if end in ("", ".."):
            return f"{mark}from {begin} on{doubt}"
        return f"{mark}{begin} to {end}{doubt}"


def read_edtf(text: str, where: str = "") -> EdtfDate:
    """Return a date in EDTF.

    Parameters
    ----------
    where : file and row, for the message.

    Raises
    ------
    AraxesError : it is none, or before year 1 or after year 9999.

    Examples
    --------
    >>> read_edtf("1930~").words, read_edtf("../1918-10-30").words
    ('about 1930', 'up to 1918-10-30')
    """
    try:
        return _read(text.strip())
    except AraxesError as err:
        message = f"{where}: {err}" if where else str(err)
        raise AraxesError(message) from err


@lru_cache(maxsize=4096)
def _read(text: str) -> EdtfDate:
    begin, slash, end = text.partition("/")
    ends = [_PLAIN.fullmatch(part) for part in (begin, end if slash else begin)]
    first_open, last_open = slash and begin in _OPEN, slash and end in _OPEN
    known = [match for match, is_open in zip(ends, (first_open, last_open), strict=True)
             if not is_open]  # fmt: skip
    # Months 21 to 41 are seasons, quarters and halves of a year.
    if not known or not all(match and int(match[2] or 1) <= 12 for match in known):
        return _of_days(text, *_days_by_library(text))
    try:
        days = [_days(*(int(part or 0) for part in match.groups())) for match in known if match]
    except ValueError as err:
        raise AraxesError(_message(text)) from err
    first, last = days[0][0], days[-1][1]
    return _of_days(text, None if first_open else first, None if last_open else last)


def _days(year: int, month: int, day: int) -> tuple[date, date]:
    """Return the first and the last day of a day, a month or a year; 0 stands for none."""
    first, last_month = date(year, month or 1, day or 1), month or 12
    return first, date(year, last_month, day or monthrange(year, last_month)[1])


def _message(text: str) -> str:
    return f"'{text[:60]}' is no date of EDTF; {_HINT}"


def _days_by_library(text: str) -> tuple[date | None, date | None]:
    from edtf import parse_edtf

    try:
        parsed = parse_edtf(text)
        first, last = _day(parsed.lower_strict()), _day(parsed.upper_strict())
    except Exception as err:  # the library raises whatever its parser or its arithmetic does
        raise AraxesError(_message(text)) from err
    # An unknown end ("1994/") is taken by the library for ten years; here it is open.
    begin, slash, end = text.partition("/")
    return None if slash and begin in _OPEN else first, None if slash and end in _OPEN else last


def _of_days(text: str, first: date | None, last: date | None) -> EdtfDate:
    if first is None and last is None:
        raise AraxesError(_message(text))
    if first is not None and last is not None and last < first:
        message = f"'{text[:60]}' ends before it begins; change the two"
        raise AraxesError(message)
    return EdtfDate(
        text=text,
        first=first,
        last=last,
        about="~" in text or "%" in text,
        uncertain="?" in text or "%" in text,
    )


def _day(value: Any) -> date | None:
    """Return a day of the library's, None for one that is infinitely far."""
    if isinstance(value, float):
        return None
    return date(value.tm_year, value.tm_mon, value.tm_mday)
