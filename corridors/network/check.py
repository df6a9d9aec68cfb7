"""Check of a network: errors and doubtful links, for its makers and for those who rely on it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from borders.geodesy.lonlat import WGS84
from corridors.network.link import USERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridors.network.link import Link, Node
    from corridors.network.network import Network

__all__ = ["Finding", "check_network"]

# Two links between the same nodes are duplicates if their lengths differ by less than this part.
ALIKE = 0.02
# A length this many standard errors below the geodesic between its ends is impossible.
SIGMAS = 3.0
# Coordinates of the bundled links have four decimals, about 10 m.
ROUNDING_M = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong (``error``) or that a user should know (``remark``).

    Parameters
    ----------
    level : ``error`` or ``remark``.
    link : id of the link; empty if it concerns no single link.
    """

    level: str
    link: str
    message: str


def check_network(network: Network) -> list[Finding]:
    """Return what is wrong with a network, errors first.

    Looks for links shorter than the geodesic between their ends (an error if they are too short by
    more than `SIGMAS` standard errors, else a remark), duplicates, parts that nothing joins to the
    rest, loose ends, periods without a status, and unknown statuses.

    Examples
    --------
    >>> from corridors.network.load import load_network
    >>> [f.message for f in check_network(load_network()) if f.level == "error"]
    []
    """
    findings = [
        *_too_short(network), *_duplicates(network), *_detached_parts(network),
        *_loose_ends(network), *_periods_without_status(network), *_unknown_statuses(network),
    ]  # fmt: skip
    return sorted(findings, key=lambda finding: finding.level != "error")


def _too_short(network: Network) -> Iterator[Finding]:
    links = [link for link in network.links if link.xy]
    ends = np.array([(*link.xy[0], *link.xy[-1]) for link in links]).reshape(-1, 4)
    chords = WGS84.inv(*ends.T)[2]
    for link, chord_m in zip(links, chords, strict=True):
        if link.length_m + SIGMAS * link.sigma_m < chord_m:
            yield Finding(
                level="error", link=link.id,
                message=f"{link.length_m:,.0f} m long, but its ends are {chord_m:,.0f} m apart",
            )  # fmt: skip
        elif link.length_m + ROUNDING_M < chord_m:
            yield Finding(
                level="remark", link=link.id,
                message=f"{link.length_m:,.0f} m (standard error {link.sigma_m:,.0f}) where its "
                f"ends, placed to {link.position_sigma_m:,.0f} m, are {chord_m:,.0f} m apart",
            )  # fmt: skip


def _duplicates(network: Network) -> Iterator[Finding]:
    links_between: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in network.links:
        for other in links_between[min(link.start, link.end), max(link.start, link.end)]:
            if abs(link.length_m - other.length_m) <= ALIKE * max(link.length_m, 1.0):
                yield Finding(
                    level="error", link=link.id,
                    message=f"joins the same nodes as {other.id}, at the same length",
                )  # fmt: skip
        links_between[min(link.start, link.end), max(link.start, link.end)].append(link)


def _detached_parts(network: Network) -> Iterator[Finding]:
    """Yield a finding for each part that no link, open or not, joins to the largest."""
    import networkx as nx

    graph = nx.Graph((link.start, link.end) for link in network.links)
    for nodes in sorted(nx.connected_components(graph), key=len, reverse=True)[1:]:
        listed = ", ".join(sorted(nodes)[:5])
        yield Finding(
            level="error", link="",
            message=f"{len(nodes)} nodes are joined to nothing else: {listed}",
        )  # fmt: skip


def _loose_ends(network: Network) -> Iterator[Finding]:
    """Yield each end that no other link continues, though its place has nodes on other layers."""
    ends: dict[Node, list[Link]] = defaultdict(list)
    for link in network.links:
        ends[link.start].append(link)
        ends[link.end].append(link)
    for node, links in ends.items():
        dead_end = len(links) == 1 and len(network.layers[node.place]) > 1
        if dead_end and links[0].mode != "transfer":
            yield Finding(
                level="remark", link=links[0].id,
                message=f"ends on layer {node.layer} of {node.place}, which no other link "
                "and no transfer joins to its other layers",
            )  # fmt: skip


def _periods_without_status(network: Network) -> Iterator[Finding]:
    for link in network.links:
        lacking = [users for users in USERS if not _has_open_end(link, users)]
        if lacking:
            own = [status for status in link.statuses if status.users in ("all", *lacking)]
            ends = [status.valid_to for status in own if status.valid_to]
            whom = "" if len(lacking) == len(USERS) else f" for {', '.join(lacking)}"
            after = f" after {max(ends)}" if ends else ""
            yield Finding(
                level="error", link=link.id, message=f"nothing is said of it{whom}{after}"
            )


def _has_open_end(link: Link, users: str) -> bool:
    """Tell whether a status that concerns some users has no last day."""
    return any(s.valid_to is None and s.users in ("all", users) for s in link.statuses)


def _unknown_statuses(network: Network) -> Iterator[Finding]:
    for link in network.links:
        if link.status(network.on).status == "unknown":
            yield Finding(
                level="remark", link=link.id, message=f"its status on {network.on} is unknown"
            )
