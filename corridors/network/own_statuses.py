"""The dated statuses of a study's links, from its `network/statuses.csv`."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from borders.errors import SchemaError
from corridors.network.dated_statuses import check_order, read_link_status, sorted_by_time

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from borders.files.bundle import DataRoot
    from corridors.network.dated_statuses import LinkStatus
    from corridors.network.link import Link

__all__ = ["NAME", "own_statuses"]

NAME = "network/statuses.csv"


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
    if root.over is None or not (root.over / NAME).is_file():
        return {}
    path = root.over / NAME
    found: dict[str, list[tuple[int, LinkStatus]]] = {}
    for n, row in enumerate(root.own_rows(NAME), 2):
        where = f"{path}:{n}"
        status = read_link_status(row, where, sourced=False)
        key = row["link"]
        if key not in links:
            raise SchemaError(f"{where}: {_no_link(key, links, base)}")
        dated = any(s.valid_from or s.valid_to for s in links[key].statuses)
        if dated or len(links[key].statuses) > 1:
            message = f"'{key}' has dated statuses in its own file; keep one of the two"
            raise SchemaError(f"{where}: {message}")
        found.setdefault(key, []).append((n, status))
    statuses = {}
    for key, numbered in found.items():
        lines = ", ".join(str(n) for n, _ in numbered)
        statuses[key] = sorted_by_time(status for _, status in numbered)
        check_order(statuses[key], f"{path}:{lines}: '{key}'")
    return statuses


def _no_link(key: str, links: Collection[str], base: Collection[str]) -> str:
    """Return in words why a study cannot give a link a status."""
    if key in base:
        return f"'{key}' is a link of the base; a scenario opens or closes it"
    near = get_close_matches(key, links, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "links of the study are in its network/ files"
    return f"no link '{key}'; {hint}"
