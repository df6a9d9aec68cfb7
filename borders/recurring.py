"""Closures that come again: winters, nights, seasons, in the syntax of OpenStreetMap's hours.

``closed`` says when a link is closed, ``open_hours`` when it is open; both may be any value of
OpenStreetMap's key opening_hours, and `closed` also days as ``12-01..03-31``. They are read and
evaluated by the library opening-hours-py. Clock times are local ones of no particular time zone:
those of the region differ by an hour at most.

What may be closed, on no known days, is ``unknown`` then, as in ``Nov-Apr unknown "snow"``: it
counts as open, and whoever passes is told.

Source: https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from borders.errors import SchemaError

__all__ = [
    "ALWAYS",
    "Hours",
    "after_wait",
    "checked_hours",
    "near_year",
    "open_minutes",
    "readable",
    "shut_days",
]  # fmt: skip

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = re.compile(r"(\d{2})-(\d{2})\.\.(\d{2})-(\d{2})")
# Days, and why something may be closed on them.
_DOUBT = re.compile(r"""(?P<days>.*\S)\s+unknown(?:\s+"(?P<why>[^"]*)")?""")
_DAY_AND_NIGHT = "24/7"
# What opens later than this counts as not opening.
LONGEST_WAIT = timedelta(days=366)
# A year without a leap day stands for all; more spans of closed days than this come of days of
# the week, which fall otherwise in other years.
_ANY_YEAR, MOST_SPANS = 2023, 6
# The library knows the years from 1900 to 9999; a wait may end in a later one than it begins.
_FIRST_YEAR, _LAST_YEAR = 1900, 9900


@dataclass(frozen=True, slots=True)
class Hours:
    """When something may be used.

    Parameters
    ----------
    closed : when it is closed; never, if empty.
    open_hours : when it is open; always, if empty or ``24/7``.

    Examples
    --------
    >>> from datetime import date, datetime
    >>> winter = Hours(closed="12-01..03-31", open_hours="08:00-20:00")
    >>> winter.open_on(date(2026, 12, 24)), winter.open_on(date(2026, 6, 1))
    (False, True)
    >>> str(winter.opens(datetime(2027, 3, 31, 21)))
    '2027-04-01 08:00:00'
    >>> str(winter)
    'closed 12-01..03-31, open 08:00-20:00'
    >>> pass_road = Hours(closed='Nov-Apr unknown "snow"')
    >>> pass_road.open_on(date(2026, 12, 24)), str(pass_road)
    (True, 'may be closed Nov-Apr (snow)')
    """

    closed: str = ""
    open_hours: str = ""

    def __bool__(self) -> bool:
        """Tell whether it is ever closed."""
        return bool(self.closed) or self.open_hours not in ("", _DAY_AND_NIGHT)

    def __str__(self) -> str:
        """Return both in words, empty if it is always open."""
        if doubt := _DOUBT.fullmatch(self.closed):
            why = f" ({doubt['why']})" if doubt["why"] else ""
            hours = f", open {self.open_hours}" if self.open_hours else ""
            return f"may be closed {doubt['days']}{why}{hours}"
        parts = (("closed", self.closed), ("open", self.open_hours))
        return ", ".join(f"{word} {text}" for word, text in parts if text)

    def open_on(self, day: date) -> bool:
        """Tell whether it is open at some time of a day."""
        return not self or _open_on(self, day)

    @property
    def in_doubt(self) -> bool:
        """Tell whether all that is known is when it may be closed."""
        return not self.open_hours and _DOUBT.fullmatch(self.closed) is not None

    def may_close_on(self, day: date) -> bool:
        """Tell whether it may be closed on a day, for all that is known.

        Examples
        --------
        >>> snowed_in = Hours(closed='Nov-Apr unknown "snow"')
        >>> snowed_in.may_close_on(date(2026, 12, 24)), snowed_in.may_close_on(date(2026, 6, 1))
        (True, False)
        """
        if not self.closed:
            return False
        hours = _parsed(_expression(self.closed))
        moment = near_year(datetime.combine(day, time()))
        end: datetime = moment + timedelta(days=1)
        while moment is not None and moment < end:
            if hours.is_unknown(moment):
                return True
            moment = hours.next_change(moment)
        return False

    def opens(self, at: datetime) -> datetime | None:
        """Return the first time from a given one on at which it is open; None if within no year."""
        if not self:
            return at
        begin = near_year(at)
        moment: datetime | None = begin
        while moment is not None and moment < begin + LONGEST_WAIT:
            later = self._closed_until(moment)
            if later == moment:
                return after_wait(at, moment - begin)
            moment = later
        return None

    def changes(self, at: datetime) -> datetime | None:
        """Return the next time at which one of its rules begins or ends; None if none ever does."""
        rules = ((self.closed, _expression(self.closed)), (self.open_hours, self.open_hours))
        turns = [_next(_parsed(rule), at) for said, rule in rules if said]
        return min((turn for turn in turns if turn is not None), default=None)

    def _closed_until(self, at: datetime) -> datetime | None:
        """Return the time itself if it is open then, or else the next at which it may be."""
        if self.closed:
            hours = _parsed(_expression(self.closed))
            if hours.is_open(at):
                return _next(hours, at)
        if self.open_hours:
            hours = _parsed(self.open_hours)
            if not hours.is_open(at):
                return _next(hours, at)
        return at


ALWAYS = Hours()


@lru_cache(maxsize=1000)
def shut_days(hours: Hours) -> tuple[tuple[str, str], ...]:
    """Return the seasons in which something is closed all day, each from its first to its last day.

    In order within a year; none where it is closed on days of the week.

    Examples
    --------
    >>> shut_days(Hours(closed="12-10..03-31"))
    (('01-01', '03-31'), ('12-10', '12-31'))
    >>> shut_days(Hours(open_hours="08:00-20:00"))
    ()
    """
    if not hours:
        return ()
    spans = _closed_spans(hours, date(_ANY_YEAR, 1, 1), date(_ANY_YEAR, 12, 31))
    if len(spans) > MOST_SPANS:
        return ()
    return tuple((f"{begin:%m-%d}", f"{end:%m-%d}") for begin, end in spans)


def _closed_spans(hours: Hours, first: date, last: date) -> list[tuple[date, date]]:
    """Return the first and the last day of each period within which something opens on no day.

    Examples
    --------
    >>> [str(day) for day in _closed_spans(
    ...     Hours(closed="12-10..03-31"), date(2024, 1, 1), date(2024, 6, 1))[0]]
    ['2024-01-01', '2024-03-31']
    """
    spans: list[tuple[date, date]] = []
    day, is_open = first, True
    while day <= last:
        before, is_open = is_open, hours.open_on(day)
        if not is_open:
            spans.append((day, day) if before else (spans.pop()[0], day))
        day += timedelta(days=1)
    return spans


def open_minutes(hours: Hours, day: date) -> tuple[tuple[int, int], ...]:
    """Return when something is open on a day, each time from its first minute to that after it.

    Minutes count from midnight; a day has 1440.

    Examples
    --------
    >>> open_minutes(Hours(open_hours="08:00-12:30,14:00-20:00"), date(2026, 6, 1))
    ((480, 750), (840, 1200))
    """
    begin = datetime.combine(day, time())
    end = begin + timedelta(days=1)
    spans: list[tuple[int, int]] = []
    opens = hours.opens(begin)
    while opens is not None and opens < end:
        closes = min(hours.changes(opens) or end, end)
        first, last = ((at - begin) // timedelta(minutes=1) for at in (opens, closes))
        # A rule that ends where another begins changes nothing.
        joined = bool(spans) and spans[-1][1] == first
        spans.append((spans.pop()[0] if joined else first, last))
        opens = hours.opens(closes)
    return tuple(spans)


def near_year(at: datetime) -> datetime:
    """Return a time, or in a year far off the same one of a year with the same calendar.

    The calendar repeats itself every 400 years; beyond 9999 there is none.

    Examples
    --------
    >>> near_year(datetime(9999, 12, 31)), near_year(datetime(2027, 1, 1))
    (datetime.datetime(2399, 12, 31, 0, 0), datetime.datetime(2027, 1, 1, 0, 0))
    """
    known = _FIRST_YEAR <= at.year <= _LAST_YEAR
    return at if known else at.replace(year=2000 + at.year % 400)


def after_wait(at: datetime, wait: timedelta) -> datetime | None:
    """Return the time after a wait; None where no calendar reaches so far."""
    try:
        return at + wait
    except OverflowError:
        return None


def _next(hours: Any, at: datetime) -> datetime | None:
    later: datetime | None = hours.next_change(at)
    return later


@lru_cache(maxsize=10_000)
def _open_on(hours: Hours, day: date) -> bool:
    opens = hours.opens(datetime.combine(day, time()))
    return opens is not None and opens.date() == day


def checked_hours(closed: Any, open_hours: Any, where: str) -> Hours:
    """Return closed times and open hours that can be read.

    Raises
    ------
    SchemaError : one of them cannot be.
    """
    for key, text in (("closed", closed), ("open_hours", open_hours)):
        if text in (None, ""):
            continue
        if not isinstance(text, str) or not readable(text, closed=key == "closed"):
            example = "'12-01..03-31' or 'Dec-Mar'" if key == "closed" else "'08:00-20:00'"
            message = (
                f"{where}: {key} is {str(text)[:40]!r}; write it as OpenStreetMap's key "
                f"opening_hours, such as {example}"
            )
            raise SchemaError(message)
    return Hours(closed or "", open_hours or "")


def readable(text: str, *, closed: bool = False) -> bool:
    """Tell whether a text says hours or seasons.

    Parameters
    ----------
    closed : whether it may also be days as ``12-01..03-31``.

    Examples
    --------
    >>> readable("Mo-Fr 08:00-20:00"), readable("weight>7.5")
    (True, False)
    """
    import opening_hours

    # A `SyntaxError` that the library's stubs do not tell of.
    unreadable: type[Exception] = opening_hours.ParserError  # type: ignore[attr-defined]
    try:
        _parsed(_expression(text) if closed else text)
    except (unreadable, ValueError):
        return False
    return True


@lru_cache(maxsize=10_000)
def _expression(closed: str) -> str:
    """Return closed times in OpenStreetMap's syntax.

    Raises
    ------
    ValueError : there is no such day.
    """

    def days(match: re.Match[str]) -> str:
        ends = [(int(match[n]), int(match[n + 1])) for n in (1, 3)]
        for month, day in ends:
            # A leap year has every day.
            datetime(2024, month, day)
        return "-".join(f"{_MONTHS[month - 1]} {day:02d}" for month, day in ends)

    return _DAYS.sub(days, closed)


@lru_cache(maxsize=10_000)
def _parsed(expression: str) -> Any:
    from opening_hours import OpeningHours

    return OpeningHours(expression)
