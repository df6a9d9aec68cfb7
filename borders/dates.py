"""Dated statuses: every period is half-open, from `valid_from` up to but not with `valid_to`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, SchemaError
from borders.files import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Status", "holds", "parse_date", "period", "read_statuses", "span", "status_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What held of a thing in a period, and who says so."""

    status: str
    valid_from: date | None
    valid_to: date | None
    source: str
    state: str
    precision: str = "day"
    note: str = ""


def parse_date(value: str | date) -> date:
    """Return a date from text in a form of ISO 8601, such as 2022-08-30 or 20220830.

    Times of pandas and numpy are taken too, for their day.

    Raises
    ------
    AraxesError : the text is no such date.

    Examples
    --------
    >>> parse_date("2022-08-30")
    datetime.date(2022, 8, 30)
    """
    timed = isinstance(value, datetime) or type(value).__name__ == "datetime64"
    if isinstance(value, date) and not timed:
        return value
    try:
        # By their text, for the NaT of pandas calls itself a time and has no day.
        return date.fromisoformat(str(value)[:10] if timed else value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as err:
        message = f"the date '{value}' is not one: write YYYY-MM-DD, for example 2022-08-30"
        raise AraxesError(message) from err


def holds(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """Tell whether a half-open period holds on a day."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on < valid_to)


def span(begin: date | str | None, end: date | str | None, *, precision: str = "day") -> str:
    """Return the dates of a period as text, to their precision: day, month or year.

    Examples
    --------
    >>> span("1991-01-01", "1993-01-01", precision="year"), span(None, "1993-04-03")
    ('1991 to 1993', 'until 1993-04-03')
    """
    cut = {"day": 10, "month": 7, "year": 4}[precision]
    first, last = (str(one or "")[:cut] for one in (begin, end))
    if first and last:
        return f"{first} to {last}"
    if first:
        return f"since {first}"
    return f"until {last}" if last else "undated"


def period(status: Status) -> str:
    """Return a status with its dates, to their precision."""
    dates = span(status.valid_from, status.valid_to, precision=status.precision)
    mark = ", unverified" if status.state == "unverified" else ""
    return f"{status.status} ({dates}{mark})"


def status_on(statuses: Iterable[Status], on: date) -> Status | None:
    """Return the status that holds on a day, or None if the data say nothing of it."""
    return next((s for s in statuses if holds(s.valid_from, s.valid_to, on)), None)


def read_statuses(rows: Sequence[dict[str, Any]] | None, where: str) -> tuple[Status, ...]:
    """Return checked statuses in order of time.

    Raises
    ------
    SchemaError : a period ends before it begins, or two periods overlap.
    """
    found = []
    for n, row in enumerate(rows or (), 1):
        typed = schema.check("status", row, f"{where}, status {n}")
        typed["precision"] = typed["precision"] or "day"
        typed["note"] = typed["note"] or ""
        found.append(Status(**typed))
    found.sort(key=lambda s: s.valid_from or date.min)
    for one in found:
        if one.valid_from and one.valid_to and one.valid_to <= one.valid_from:
            message = f"{where}: status '{one.status}' ends {one.valid_to}, not after it begins"
            raise SchemaError(message)
    for one, two in pairwise(found):
        if one.valid_to is None or (two.valid_from or date.min) < one.valid_to:
            when = f"on {two.valid_from}" if two.valid_from else "as far back as the data go"
            mend = "the first an earlier valid_to" if two.valid_from else "one of them a valid_from"
            message = (
                f"{where}: statuses '{one.status}' and '{two.status}' overlap {when}; give {mend}"
            )
            raise SchemaError(message)
    return tuple(found)
