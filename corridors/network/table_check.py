"""What a user should know of a large network, counted: parts, near misses, unknown statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from borders.files.mapped_arrays import verify
from borders.geodesy.earth import on_sphere_m
from corridors.network.link_table import PER_DEGREE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridors.network.compiled import CompiledNetwork
    from corridors.network.link_table import LinkTable

__all__ = ["near_misses", "table_remarks"]

# A loose end this near to another node was perhaps meant to meet it; an assumption.
NEAR_MISS_M = 5.0
# What is said of links of a status, where it is more than the status.
_SAID = {"construction": "under construction", "unknown": "of unknown status"}
# An extract of which more than this part of the ways lack nodes was cut so; an assumption.
CUT_SHARE = 1e-3


def table_remarks(network: CompiledNetwork) -> list[str]:
    """Return what is doubtful in a network, one line each.

    Raises
    ------
    FileFormatError : it was read from a file that is not what was written.
    """
    if network.mapped is not None:
        verify(network.mapped)
    table = network.table
    remarks = list(_cut(network))
    parts = np.bincount(table.parts)
    if len(parts) > 1:
        share = 100 * parts[0] / parts.sum()
        remarks.append(
            f"{len(parts):,} parts from which others cannot be reached and back by what is open; "
            f"the largest holds {share:.1f} % of the nodes"
        )
    if near := near_misses(table):
        remarks.append(f"{near:,} loose ends lie within {NEAR_MISS_M:g} m of a node not joined")
    for status, count in _statuses(network).items():
        remarks.append(f"{_links(count)} {_SAID.get(status, status)} on {network.on}")
    loops = int((table.columns.start == table.columns.end).sum())
    if loops:
        remarks.append(f"{_links(loops)} a loop, with both ends at one node")
    return remarks


def _links(count: int) -> str:
    return "1 link is" if count == 1 else f"{count:,} links are"


def _cut(network: CompiledNetwork) -> Iterator[str]:
    """Yield what is said of extracts whose edge cuts ways, or whose ways others have otherwise."""
    for extract in network.about.get("extracts", ()):
        name, cut, ways = extract["name"], extract["cut_ways"], max(1, extract["ways"])
        lost = extract.get("lost_ways", {})
        if cut > CUT_SHARE * ways or lost:
            whole = ""
            if lost:
                number, what = sum(lost.values()), (f"{n:,} {road}" for road, n in lost.items())
                whole = f"; {number:,} of them have no stretch in it and are lost: "
                whole += ", ".join(what)
            lacking = f"{cut:,} of its {ways:,} ways lack nodes, so ways end at its edge"
            if cut == ways == 1:
                lacking = "its only way lacks nodes, so it ends at its edge"
            yield (
                f"{name}: {lacking}{whole}; take an extract with complete ways, or its neighbour "
                "too"
            )
        if others := extract.get("other_ways", 0):
            yield (
                f"{name}: {others:,} of its ways have more or fewer nodes in an earlier file, and "
                "are taken from that; take extracts of one day with complete ways"
            )


def _statuses(network: CompiledNetwork) -> dict[str, int]:
    """Return how many links have each status but open, for freight."""
    kinds = [
        min((link.status(network.on, forward=f).status for f in (True, False)), key="open".__ne__)
        for link in network.table.samples
    ]
    words, counts = np.unique(np.array(kinds)[network.table.columns.kind], return_counts=True)
    return {str(w): int(n) for w, n in zip(words, counts, strict=True) if w != "open"}


def near_misses(table: LinkTable) -> int:
    """Return how many loose ends lie next to a node of their layer that they are not joined to."""
    from scipy.spatial import KDTree

    nodes = table.nodes
    ends = np.concatenate([table.columns.start, table.columns.end])
    loose = np.bincount(ends, minlength=len(nodes.id)) == 1
    at = on_sphere_m(nodes.xy / PER_DEGREE)
    other = np.zeros(len(nodes.id), np.int64)
    other[table.columns.start], other[table.columns.end] = table.columns.end, table.columns.start
    count = 0
    for layer in range(len(table.layers)):
        there = np.flatnonzero(nodes.layer == layer)
        ends_here = there[loose[there]]
        if not ends_here.size:
            continue
        near = KDTree(at[there]).query_ball_point(at[ends_here], NEAR_MISS_M)
        for end, found in zip(ends_here.tolist(), near, strict=True):
            # The other end of its own short link is joined to it; sides of a barrier are apart.
            beside = [n for n in there[found].tolist() if n not in (end, int(other[end]))]
            count += any(nodes.id[n] != nodes.id[end] for n in beside)
    return count
