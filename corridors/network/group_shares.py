"""What each link of a group bears of a delay or fee that is set for the group as a whole.

A crossing or a corridor is passed once, over one link or over several in a row. What is set for it
is spread over the links in proportion to their lengths, so that a passage from end to end takes it
once; a route that uses half of a corridor takes half of it.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.network.link import Link, Node

__all__ = ["group_shares"]

# The length of a link that has none, such as a change of mode: it still counts as a passage.
SHORTEST_M = 1e-3


def group_shares(links: Sequence[Link]) -> dict[str, float]:
    """Return link id → share of the group's value.

    The whole is the longest of the shortest ways between the ends of a connected part of the
    group; roads and rails that are not joined inside it are parts of their own.
    """
    at: dict[Node, list[Link]] = defaultdict(list)
    for link in links:
        at[link.start].append(link)
        at[link.end].append(link)
    shares: dict[str, float] = {}
    for part in _parts(at):
        ends = [node for node in part if len(at[node]) == 1] or list(part)
        # A long ring has no ends; a few of its nodes tell its extent.
        distances = [_distances_m(at, node) for node in ends[:20]]
        whole_m = max((d for found in distances for d in found.values() if d < inf), default=0.0)
        for node in part:
            for link in at[node]:
                shares[link.id] = min(1.0, _length_m(link) / max(whole_m, SHORTEST_M))
    return shares


def _length_m(link: Link) -> float:
    return max(link.length_m, SHORTEST_M)


def _parts(at: dict[Node, list[Link]]) -> list[list[Node]]:
    """Return the nodes of each connected part."""
    seen: set[Node] = set()
    parts = []
    for first in at:
        if first in seen:
            continue
        seen.add(first)
        part = [first]
        for node in part:
            for link in at[node]:
                for other in {link.start, link.end} - seen:
                    seen.add(other)
                    part.append(other)
        parts.append(part)
    return parts


def _distances_m(at: dict[Node, list[Link]], origin: Node) -> dict[Node, float]:
    """Return the shortest distance from a node to every other of its part."""
    distances = {origin: 0.0}
    order = count()
    queue: list[tuple[float, int, Node]] = [(0.0, next(order), origin)]
    while queue:
        distance, _, node = heappop(queue)
        if distance > distances[node]:
            continue
        for link in at[node]:
            other = link.end if node == link.start else link.start
            further = distance + _length_m(link)
            if further < distances.get(other, inf):
                distances[other] = further
                heappush(queue, (further, next(order), other))
    return distances
