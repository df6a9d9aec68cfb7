"""Dated statuses of links: what held in a period, in which direction, for whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from borders.dates import holds, parse_date
from borders.errors import SchemaError
from borders.files import schema
from borders.recurring import Hours, checked_hours

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

__all__ = [
    "LinkStatus",
    "bundled_statuses",
    "check_order",
    "read_link_status",
    "read_link_statuses",
    "sorted_by_time",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStatus:
    """The status of a link in a period, for a direction and a class of users, with its source.

    Parameters
    ----------
    valid_from, valid_to : first day, and first day after it; None where it has no end.
    direction : ``forward``, ``backward`` or ``both``.
    users : ``freight``, ``passengers``, ``third-country`` or ``all``.
    state : how sure it is: ``quoted``, ``assumption`` ….
    closed, open_hours : when what is open is closed again and again, and when alone it is open;
        see `borders.recurring`.
    """

    status: str
    valid_from: date | None = None
    valid_to: date | None = None
    direction: str = "both"
    users: str = "all"
    source: str = ""
    state: str = ""
    precision: str = "day"
    note: str = ""
    closed: str = ""
    open_hours: str = ""

    @property
    def hours(self) -> Hours:
        """Return when what is open may be used."""
        return Hours(self.closed, self.open_hours)

    def on_day(self, on: date, hours: Hours | None = None) -> LinkStatus:
        """Return what holds on a day: closed where it is open, but at no time of the day.

        Parameters
        ----------
        hours : those that a scenario sets, instead of its own.
        """
        if self.status != "open":
            return self
        used = self.hours if hours is None else hours
        return (
            self
            if used.open_on(on)
            else replace(self, status="closed", closed=used.closed, open_hours=used.open_hours)
        )

    def concerns(self, on: date, *, forward: bool, users: str) -> bool:
        """Tell whether it holds on a day, for a direction and a class of users."""
        return (
            self.users in ("all", users)
            and self.direction in ("both", "forward" if forward else "backward")
            and holds(self.valid_from, self.valid_to, on)
        )


def bundled_statuses(row: Mapping[str, Any]) -> tuple[LinkStatus, ...]:
    """Return the statuses of a link of the bundled file, which the build has checked.

    Links of the same statuses share one tuple, which is read and asked once for all of them.
    """
    statuses = row.get("statuses") or [{"status": row.get("status") or "open"}]
    return _shared_statuses(tuple(tuple(dict(status).items()) for status in statuses))


@lru_cache(maxsize=4096)
def _shared_statuses(rows: tuple[tuple[tuple[str, Any], ...], ...]) -> tuple[LinkStatus, ...]:
    """Return the statuses of rows, each given as columns with their values."""
    dated: list[dict[str, Any]] = [
        {
            key: parse_date(value) if key in ("valid_from", "valid_to") else value
            for key, value in row
        }
        for row in rows
    ]
    return tuple(LinkStatus(**row) for row in dated)


def read_link_statuses(
    rows: Sequence[dict[str, Any]], where: str, *, sourced: bool = True
) -> tuple[LinkStatus, ...]:
    """Return checked statuses in order of time.

    Parameters
    ----------
    sourced : whether each row must have a source and a state; if not, missing ones stay empty.

    Raises
    ------
    SchemaError : a period ends before it begins, or two that concern the same users in the same
        direction overlap or leave a hole.
    """
    statuses = sorted_by_time(
        read_link_status(row, f"{where}, status {n}", sourced=sourced)
        for n, row in enumerate(rows, 1)
    )
    check_order(statuses, where)
    return statuses


def read_link_status(row: Mapping[str, Any], where: str, *, sourced: bool = True) -> LinkStatus:
    """Return the checked status of a row.

    Parameters
    ----------
    sourced : as for `read_link_statuses`.

    Raises
    ------
    SchemaError : a value is missing or none of its column; the period ends before it begins.
    """
    # The schema requires both columns: where they may be missing, these values pass the check.
    stand_ins = {} if sourced else {"source": "araxes", "state": "unverified"}
    stated = {key: value for key, value in row.items() if value not in (None, "")}
    typed = schema.check("link-status", {**stand_ins, **stated}, where)
    typed |= dict.fromkeys(stand_ins.keys() - stated.keys())
    typed.pop("link")
    checked_hours(typed["closed"], typed["open_hours"], where)
    status = LinkStatus(**{key: v for key, v in typed.items() if v is not None})
    if status.valid_from and status.valid_to and status.valid_to <= status.valid_from:
        message = f"'{status.status}' ends {status.valid_to}, not after {status.valid_from}"
        raise SchemaError(f"{where}: {message}")
    return status


def sorted_by_time(statuses: Iterable[LinkStatus]) -> tuple[LinkStatus, ...]:
    """Return statuses by users and direction, in order of time."""
    return tuple(
        sorted(statuses, key=lambda s: (s.users, s.direction, s.valid_from is not None,
                                        s.valid_from))
    )  # fmt: skip


def check_order(statuses: Iterable[LinkStatus], where: str) -> None:
    """Refuse sorted statuses whose periods overlap or leave a gap.

    Raises
    ------
    SchemaError : says which and when.
    """
    for first, second in pairwise(statuses):
        if (first.users, first.direction) != (second.users, second.direction):
            continue
        if (
            first.valid_to is None
            or second.valid_from is None
            or second.valid_from < first.valid_to
        ):
            message = (
                f"{where}: '{first.status}' and '{second.status}' overlap on "
                f"{second.valid_from or 'all'}; give the first an earlier valid_to"
            )
            raise SchemaError(message)
        if first.valid_to < second.valid_from:
            message = (
                f"{where}: nothing is said from {first.valid_to} to {second.valid_from}; "
                "add a row, of status 'unknown' if need be"
            )
            raise SchemaError(message)
