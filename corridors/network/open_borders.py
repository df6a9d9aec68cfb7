"""Borders without a stop: inside one state, or one customs or travel union, on a day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from borders.dates import holds
from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

__all__ = ["Membership", "common_union", "memberships", "memberships_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One country in a union at whose inner borders some users do not stop.

    Parameters
    ----------
    union : id, such as ``soviet-union``.
    country : ISO 3166-1 alpha-2 code.
    users : ``freight``, ``passengers`` or ``all``.
    """

    union: str
    country: str
    users: str
    valid_from: date | None
    valid_to: date | None
    source: str
    state: str
    note: str = ""

    def concerns(self, users: str) -> bool:
        """Tell whether users do not stop; ``third-country`` is freight of others."""
        return self.users in ("all", "passengers" if users == "passengers" else "freight")


@cache
def memberships(root: DataRoot = BUNDLED) -> tuple[Membership, ...]:
    """Return the memberships of `data/network/open_borders.csv`."""
    return tuple(
        Membership(**typed | {"note": typed["note"] or ""})
        for typed in schema.checked_rows("open-border", "network/open_borders.csv", root=root)
    )


@cache
def memberships_on(on: date, users: str) -> frozenset[Membership]:
    """Return the memberships that hold on a day and concern users."""
    return frozenset(
        member
        for member in memberships()
        if member.concerns(users) and holds(member.valid_from, member.valid_to, on)
    )


@cache
def common_union(countries: Sequence[str], on: date, users: str) -> str | None:
    """Return the union inside which a border lay on a day, None if there was a stop.

    Parameters
    ----------
    countries : ISO 3166-1 alpha-2 codes of both sides, as a tuple.
    users : ``freight``, ``passengers`` or ``third-country`` (freight of others).

    Examples
    --------
    >>> from borders.dates import parse_date
    >>> common_union(("AM", "AZ"), parse_date("1985-01-01"), "freight")
    'soviet-union'
    >>> common_union(("AM", "AZ"), parse_date("1995-01-01"), "freight") is None
    True
    """
    members: dict[str, set[str]] = {}
    for member in memberships_on(on, users):
        members.setdefault(member.union, set()).add(member.country)
    inside = (union for union, known in members.items() if known.issuperset(countries))
    return next(inside, None) if len(set(countries)) > 1 else None
