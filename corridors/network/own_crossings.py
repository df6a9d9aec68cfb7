"""What a study says of its border crossings, from its `network/crossings.csv`."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from borders.errors import SchemaError
from borders.files import schema
from borders.recurring import checked_hours

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from borders.files.bundle import DataRoot
    from corridors.network.dated_statuses import LinkStatus
    from corridors.network.link import Link

__all__ = ["NAME", "with_own_crossings"]

NAME = "network/crossings.csv"


def with_own_crossings(
    root: DataRoot, links: Sequence[Link], base: Collection[str]
) -> tuple[Link, ...]:
    """Return a study's links, those of crossings with names, waits, costs and hours of its table.

    What a link says of itself prevails. Without such a file the links are as they were.

    Parameters
    ----------
    base : ids of the crossings of what the study stands on, of which it says nothing.

    Raises
    ------
    SchemaError : a row is not what it should be, has the id of another, is of a crossing that no
        link is, or joins other countries than the link.
    FileFormatError : the file cannot be read.
    """
    if root.over is None or not (root.over / NAME).is_file():
        return tuple(links)
    path = root.over / NAME
    stated = {link.crossing for link in links if link.crossing}
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for n, row in enumerate(root.own_rows(NAME), 2):
        where = f"{path}:{n}"
        crossing = schema.check("crossing", row, where)
        key = crossing["id"]
        if key in found:
            message = f"{where}: id '{key}' is also that of {found[key][0]}; choose another"
            raise SchemaError(message)
        if key not in stated:
            raise SchemaError(f"{where}: {_no_crossing(key, stated, base)}")
        checked_hours(crossing["closed"], crossing["open_hours"], where)
        found[key] = where, crossing
    return tuple(
        _crossed(link, *found[link.crossing]) if link.crossing in found else link for link in links
    )


def _crossed(link: Link, where: str, crossing: Mapping[str, Any]) -> Link:
    """Return a link with what its crossing says, where it says nothing itself."""
    joined = (crossing["country_from"], crossing["country_to"])
    countries = link.countries or joined
    if {countries[0], countries[-1]} != set(joined):
        message = (
            f"{where}: '{crossing['id']}' joins {' and '.join(joined)}, but its link '{link.id}' "
            f"lies in {', '.join(countries)}; make them one"
        )
        raise SchemaError(message)
    own = link.delay_h is not None or link.delay_passengers_h is not None
    waits = {} if own else {
        "delay_h": crossing["delay_freight_h"],
        "delay_passengers_h": crossing["delay_passengers_h"],
        "delay_state": crossing["delay_state"] or "",
    }  # fmt: skip
    cost = crossing["cost_usd_t"] if link.cost_usd_t is None else link.cost_usd_t
    return replace(
        link, name=link.name or crossing["name"], countries=countries, cost_usd_t=cost,
        note=" ".join(filter(None, (link.note, crossing["note"]))),
        statuses=tuple(_with_hours(status, crossing) for status in link.statuses), **waits,
    )  # fmt: skip


def _with_hours(status: LinkStatus, crossing: Mapping[str, Any]) -> LinkStatus:
    """Return a status with the hours and seasons of a crossing, if it is open and has none."""
    if status.status != "open":
        return status
    return replace(
        status,
        closed=status.closed or crossing["closed"] or "",
        open_hours=status.open_hours or crossing["open_hours"] or "",
    )


def _no_crossing(key: str, stated: Collection[str], base: Collection[str]) -> str:
    """Return in words why a study can say nothing of a crossing."""
    if key in base:
        return f"'{key}' is a crossing of the base; a scenario sets its hours and its delay_h"
    near = get_close_matches(key, stated, n=1)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    return f"no link is the crossing '{key}'; write it into a link's column 'crossing'{hint}"
