"""Links divided at points of theirs, so that routes begin and end there.

A point becomes a node of its own, and its link becomes parts between nodes. The parts share the
length of the link as the geodesic lengths of their courses do, so that they add up to it, and so
the part of its error that all lengths have in common. The link's own error has its variance shared
in the same way: own errors of different links are independent and add up in squares, so that the
parts together are as unsure as the whole, and no surer for having been divided. How much of a part
is on bridges or in tunnels is not known better than by its share.

The link itself stays in the table, so that the numbers of all others stay, as a candidate that no
scenario builds: nobody uses it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import groupby
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.network.link_table import FIRST_POINT, PER_DEGREE, NodeColumns
from corridors.network.snapping import AT_NODE_M

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corridors.network.link import Link
    from corridors.network.link_table import LinkTable
    from corridors.network.nearest_point import LinkPoint

__all__ = ["Divided", "divided"]


class Divided(NamedTuple):
    """A table with links divided.

    Parameters
    ----------
    places : the place of each point.
    parts : id of each divided link → ids of its parts, from its start.
    """

    table: LinkTable
    places: list[str]
    parts: dict[str, tuple[str, ...]]


class _Cut(NamedTuple):
    """A point at which a link is cut, the number of its node and its place."""

    point: LinkPoint
    node: int
    place: str


def divided(table: LinkTable, points: Sequence[LinkPoint]) -> Divided:
    """Return a table whose links are divided at points of theirs.

    Points of a link less than `AT_NODE_M` apart along it become one node.
    """
    cuts: dict[int, list[_Cut]] = defaultdict(list)
    places: dict[LinkPoint, str] = {}
    count = len(table.nodes.id)
    for point in sorted(points, key=lambda point: (point.link, point.share)):
        length_m = float(table.columns.length_m[point.link])
        here = cuts[point.link]
        if not here or (point.share - here[-1].point.share) * length_m >= AT_NODE_M:
            place = f"{table.id_of(point.link)}+{int(point.share * length_m)}"
            here.append(_Cut(point, count, place))
            count += 1
        places[point] = here[-1].place
    with_nodes = _with_nodes(table, [cut for here in cuts.values() for cut in here])
    parts = {n: list(_parts(with_nodes, n, here)) for n, here in cuts.items()}
    return Divided(
        _unused(with_nodes, list(parts)).plus(part for each in parts.values() for part in each),
        [places[point] for point in points],
        {table.id_of(n): tuple(part.id for part in each) for n, each in parts.items()},
    )


def _with_nodes(table: LinkTable, cuts: Sequence[_Cut]) -> LinkTable:
    """Return a table with the points as nodes at the end, each on the layer of its link."""
    nodes, known = table.nodes, len(table.points)
    start = table.columns.start[[cut.point.link for cut in cuts]]
    xy = np.rint(np.array([(c.point.lon, c.point.lat) for c in cuts]) * PER_DEGREE)
    ids = FIRST_POINT + known + np.arange(len(cuts), dtype=np.int64)
    return replace(
        table, points=(*table.points, *(cut.place for cut in cuts)),
        nodes=NodeColumns(
            id=np.r_[nodes.id, ids], side=np.r_[nodes.side, np.zeros(len(cuts), nodes.side.dtype)],
            layer=np.r_[nodes.layer, nodes.layer[start]],
            xy=np.r_[nodes.xy, xy.astype(nodes.xy.dtype)],
        ),
    )  # fmt: skip


def _parts(table: LinkTable, n: int, cuts: Sequence[_Cut]) -> Iterator[Link]:
    """Yield the parts of a link from its start."""
    link, column = table[n], table.columns
    own_m = sqrt(max(link.sigma_m**2 - link.shared_m**2, 0.0))
    nodes = [int(column.start[n]), *(cut.node for cut in cuts), int(column.end[n])]
    shares = [0.0, *(cut.point.share for cut in cuts), 1.0]
    ends = [table.at(node) for node in nodes]
    vertices = [0, *(cut.point.vertex + 1 for cut in cuts), len(link.xy)]
    for k in range(len(cuts) + 1):
        share = shares[k + 1] - shares[k]
        inner = link.xy[vertices[k] : vertices[k + 1]]
        xy = [*([ends[k]] if k else []), *inner, *([ends[k + 1]] if k < len(cuts) else [])]
        shared_m = share * link.shared_m
        yield replace(
            link, id=f"{link.id}/{k + 1}", part_of=link.id,
            start=table.node(nodes[k]), end=table.node(nodes[k + 1]),
            length_m=share * link.length_m, sigma_m=sqrt(shared_m**2 + share * own_m**2),
            shared_m=shared_m, bridge_m=share * link.bridge_m, tunnel_m=share * link.tunnel_m,
            # A point may lie at a vertex.
            xy=tuple(position for position, _ in groupby(xy)),
        )  # fmt: skip


def _unused(table: LinkTable, links: list[int]) -> LinkTable:
    """Return a table some links of which are candidates."""
    kind = np.array(table.columns.kind)
    kinds = [{**table.kinds[n], "candidate": True} for n in kind[links].tolist()]
    kind[links] = len(table.kinds) + np.arange(len(links))
    columns = replace(table.columns, kind=kind)
    return replace(table, columns=columns, kinds=(*table.kinds, *kinds))
