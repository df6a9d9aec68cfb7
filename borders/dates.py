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

__all__ = ["Status", "holds", "iso", "parse_date", "period", "read_statuses", "span", "status_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The status of a thing in a period, and its source.

    Parameters
    ----------
    status : what held, such as ``open``, ``closed`` or ``in force``.
    valid_from : first day; None as far back as the data go.
    valid_to : day after the last; None if it is still so.
    source : id in the catalogue.
    state : how sure the quotation is: ``quoted``, ``source-document`` or ``unverified``.
    precision : how exact the dates are: ``day``, ``month`` or ``year``.
    """

    status: str
    valid_from: date | None
    valid_to: date | None
    source: str
    state: str
    precision: str = "day"
    note: str = ""


def iso(day: date | None) -> str | None:
    """Return a day in ISO 8601, None for none.

    Examples
    --------
    >>> iso(parse_date("1921-10-13")), iso(None)
    ('1921-10-13', None)
    """
    return None if day is None else day.isoformat()


def parse_date(value: str | date) -> date:
    """Return a date from text in a form of ISO 8601, such as 2022-08-30 or 20220830.

    Of a time, also of pandas or numpy, the day is taken.

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
        # Times are read from their text: the NaT of pandas is a datetime but has no day.
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
    digits = {"day": 10, "month": 7, "year": 4}[precision]
    first, last = (str(day or "")[:digits] for day in (begin, end))
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

    Parameters
    ----------
    rows : tables of a file, with the keys of `Status`.
    where : the file, for the message.

    Raises
    ------
    SchemaError : a period ends before it begins, or two periods overlap.
    """
    statuses = []
    for n, row in enumerate(rows or (), 1):
        typed = schema.check("status", row, f"{where}, status {n}")
        typed["precision"] = typed["precision"] or "day"
        typed["note"] = typed["note"] or ""
        statuses.append(Status(**typed))
    statuses.sort(key=lambda s: s.valid_from or date.min)
    for status in statuses:
        if status.valid_from and status.valid_to and status.valid_to <= status.valid_from:
            message = (
                f"{where}: status '{status.status}' ends {status.valid_to}, not after it begins"
            )
            raise SchemaError(message)
    for earlier, later in pairwise(statuses):
        if earlier.valid_to is None or (later.valid_from or date.min) < earlier.valid_to:
            when = f"on {later.valid_from}" if later.valid_from else "as far back as the data go"
            change = "one of them a valid_from"
            if later.valid_from:
                change = "the first an earlier valid_to"
            pair = f"'{earlier.status}' and '{later.status}'"
            message = f"{where}: statuses {pair} overlap {when}; give {change}"
            raise SchemaError(message)
    return tuple(statuses)
