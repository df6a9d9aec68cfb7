"""What a study's own tables say of its links: their dated statuses, and its border crossings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from borders.errors import SchemaError, no_such
from borders.files import schema
from borders.recurring import checked_hours
from corridors.network.dated_statuses import check_order, read_link_status, sorted_by_time

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from borders.files.bundle import DataRoot
    from corridors.network.dated_statuses import LinkStatus
    from corridors.network.link import Link

__all__ = ["CROSSINGS", "STATUSES", "own_statuses", "with_own_crossings"]

STATUSES, CROSSINGS = "network/statuses.csv", "network/crossings.csv"
# What to do instead of a row about a thing of the base, and about one that nothing is.
_INSTEAD = {
    "link": ("a scenario opens or closes it", "links of the study are in its network/ files"),
    "crossing": (
        "a scenario sets its hours and its delay_h",
        "write it into a link's column 'crossing'",
    ),
}


def own_statuses(
    root: DataRoot, links: Mapping[str, Link], base: Collection[str]
) -> dict[str, tuple[LinkStatus, ...]]:
    """Return id of a link → its statuses in order of time; none without such a file.

    They prevail over a status that the file of the links gives. Source and state may be missing.

    Parameters
    ----------
    links : the study's own, by id.
    base : ids of the links of what the study stands on, whose statuses it does not change.

    Raises
    ------
    SchemaError : a row is not what it should be, names another link, or one with dates of its own;
        periods of a link overlap or leave a hole.
    FileFormatError : the file cannot be read.
    """
    found: dict[str, list[tuple[int, LinkStatus]]] = {}
    for n, where, row in _located_rows(root, STATUSES):
        status = read_link_status(row, where, sourced=False)
        key = row["link"]
        _check_own("link", key, where, own=links, base=base)
        dated = any(s.valid_from or s.valid_to for s in links[key].statuses)
        if dated or len(links[key].statuses) > 1:
            message = f"'{key}' has dated statuses in its own file; keep one of the two"
            raise SchemaError(f"{where}: {message}")
        found.setdefault(key, []).append((n, status))
    statuses = {}
    for key, numbered in found.items():
        lines = ", ".join(str(n) for n, _ in numbered)
        statuses[key] = sorted_by_time(status for _, status in numbered)
        check_order(statuses[key], f"{root.path(STATUSES)}:{lines}: '{key}'")
    return statuses


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
    stated = {link.crossing for link in links if link.crossing}
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for _, where, row in _located_rows(root, CROSSINGS):
        crossing = schema.check("crossing", row, where)
        key = crossing["id"]
        if key in found:
            message = f"{where}: id '{key}' is also that of {found[key][0]}; choose another"
            raise SchemaError(message)
        _check_own("crossing", key, where, own=stated, base=base)
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


def _located_rows(root: DataRoot, name: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield line, file with line, and row of a study's own table; none if it has no such table."""
    for n, row in enumerate(root.own_rows(name), 2):
        yield n, f"{root.path(name)}:{n}", row


def _check_own(
    kind: str, key: str, where: str, *, own: Collection[str], base: Collection[str]
) -> None:
    """Refuse a row about what is not the study's own, and say what to do instead."""
    if key in own:
        return
    of_base, unknown = _INSTEAD[kind]
    message = f"'{key}' is a {kind} of the base; {of_base}"
    if key not in base:
        message = no_such(kind, key, own, unknown)
    raise SchemaError(f"{where}: {message}")
