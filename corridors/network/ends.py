"""Where links end: apart, the wrong way round, beside a node they miss, or on another layer."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from borders.errors import GeometryError, SchemaError
from borders.gazetteer.places import places
from borders.geodesy.earth import DEGREE_M
from borders.geodesy.lonlat import WGS84
from corridors.network.link import layer_mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from corridors.network.link import Link, Node

__all__ = [
    "EndFault",
    "end_faults",
    "layer_faults",
    "limit_m",
    "misspelt_ends",
    "near_misses",
    "reversed_links",
]

Point = tuple[float, float]

# Ends of links at one node may lie this far apart, as courses may be schematic; an assumption.
NODE_LIMIT_M = 1000.0
# A loose end this near another node was most likely meant to meet it; an assumption.
NEAR_MISS_M = 50.0
# An end called like a place is less alike than this if another one is meant; an assumption.
_ALIKE = 0.8
_MOST_LAT = 89.0
# Places farther than this from an end, in degrees, are not looked at.
_AROUND_DEG = 0.2


class EndFault(NamedTuple):
    """An error at the end of a link."""

    error: GeometryError | SchemaError
    link: Link
    xy: tuple[Point, ...]


class _End(NamedTuple):
    """One end of a link: the link, where it is, and where it would be if drawn the other way."""

    link: Link
    xy: Point
    other_xy: Point


def limit_m(first: Link, second: Link) -> float:
    """Return how far apart the ends of two links at one node may lie, in metres."""
    return max(NODE_LIMIT_M, 3 * max(first.position_sigma_m, second.position_sigma_m))


def end_faults(links: Sequence[Link], where: str) -> Iterator[EndFault]:
    """Yield links of one node that end apart, and those drawn the wrong way round."""
    ends = _ends(links)
    turned = set(reversed_links(links))
    for link in links:
        if link.id in turned:
            message = (
                f"{where}: link '{link.id}' is drawn from '{link.end}' to '{link.start}', where "
                "its neighbours end; reverse its line (QGIS: Reverse line direction), or swap "
                "from and to"
            )
            yield EndFault(GeometryError(message), link, link.xy)
    for node in _torn(ends):
        yield from _apart(node, [end for end in ends[node] if end.link.id not in turned], where)


def layer_faults(links: Iterable[Link], where: str) -> Iterator[EndFault]:
    """Yield links whose mode or gauge is not that of a layer on which they end, or cannot be."""
    for link in links:
        if link.gauge_mm is not None and link.mode != "rail":
            message = (
                f"{where}: link '{link.id}' has the gauge {link.gauge_mm} mm, but is by"
                f" {link.mode}; leave gauge_mm out, or give it the mode rail"
            )
            yield EndFault(SchemaError(message), link, link.xy)
        for node in dict.fromkeys((link.start, link.end)):
            layer = node.layer
            if not layer or link.mode == "transfer":
                continue
            mode, gauge = layer_mode(layer), layer.removeprefix("rail")
            if mode != link.mode:
                what, how = f"is by {link.mode}", f"{node.place}.{link.mode}"
            elif mode == "rail" and gauge and link.gauge_mm not in (None, int(gauge)):
                what = f"has the gauge {link.gauge_mm} mm"
                how = f"{node.place}.rail{link.gauge_mm}, or give gauge_mm {gauge}"
            else:
                continue
            message = f"{where}: link '{link.id}' {what}, but ends at '{node}'; end it at {how}"
            yield EndFault(SchemaError(message), link, link.xy)


def _ends(links: Iterable[Link]) -> dict[Node, list[_End]]:
    ends: dict[Node, list[_End]] = defaultdict(list)
    for link in links:
        if link.xy:
            ends[link.start].append(_End(link, link.xy[0], link.xy[-1]))
            ends[link.end].append(_End(link, link.xy[-1], link.xy[0]))
    return ends


def _apart_m(a: Point, b: Point) -> float:
    return float(WGS84.inv(*a, *b)[2])


def _meets(end: _End, xy: Point, others: Iterable[_End]) -> list[bool]:
    """Tell of each other end at a node whether it lies near enough to a point."""
    return [
        _apart_m(xy, other.xy) <= limit_m(end.link, other.link)
        for other in others
        if other.link is not end.link
    ]


def reversed_links(links: Sequence[Link]) -> list[str]:
    """Return the ids of links that miss their neighbours as drawn, and meet them if turned."""
    ends = _ends(links)
    doubtful = {end.link.id: end.link for node in _torn(ends) for end in ends[node]}
    wrong = []
    for link in doubtful.values():
        if link.start == link.end:
            continue
        pairs = [(end, ends[n]) for n in (link.start, link.end) for end in ends[n]
                 if end.link is link]  # fmt: skip
        as_drawn = [met for end, others in pairs for met in _meets(end, end.xy, others)]
        turned = [met for end, others in pairs for met in _meets(end, end.other_xy, others)]
        if not all(as_drawn) and all(turned):
            wrong.append(link.id)
    return wrong


def _torn(ends: dict[Node, list[_End]]) -> list[Node]:
    """Return the nodes at which an end lies too far from the first one."""
    pairs = [(node, meeting[0], end) for node, meeting in ends.items() for end in meeting[1:]]
    if not pairs:
        return []
    xy = np.array([(*first.xy, *end.xy) for _, first, end in pairs])
    apart_m = WGS84.inv(*xy.T)[2]
    most_m = [limit_m(first.link, end.link) for _, first, end in pairs]
    return list(dict.fromkeys(pairs[n][0] for n in np.flatnonzero(apart_m > most_m)))


def _apart(node: Node, meeting: Sequence[_End], where: str) -> Iterator[EndFault]:
    if not meeting:
        return
    first = meeting[0]
    for other in meeting[1:]:
        apart_m, most_m = _apart_m(first.xy, other.xy), limit_m(first.link, other.link)
        if apart_m > most_m:
            swapped = _apart_m(first.xy, other.xy[::-1]) <= most_m if abs(other.xy[0]) <= 90 else 0
            how = (
                f"'{other.link.id}' looks like latitude, longitude: write longitude first"
                if swapped else "check their ends"
            )  # fmt: skip
            message = (
                f"{where}: links '{first.link.id}' and '{other.link.id}' both end at '{node}', yet "
                f"{apart_m:,.0f} m apart (limit {most_m:,.0f} m); {how}"
            )
            yield EndFault(GeometryError(message), other.link, (first.xy, other.xy))


def _joined(links: Iterable[Link]) -> dict[Node, Node]:
    """Return node → one node for all that changes of mode or gauge join."""
    import networkx as nx

    graph = nx.Graph((link.start, link.end) for link in links if link.mode == "transfer")
    return {node: min(nodes) for nodes in nx.connected_components(graph) for node in nodes}


def near_misses(links: Sequence[Link], where: str) -> Iterator[EndFault]:
    """Yield each loose end that lies next to another node of its layer."""
    ends, joined = _ends(links), _joined(links)
    nodes = list(ends)
    if len(nodes) < 2:
        return
    points = shapely.points([ends[node][0].xy for node in nodes])
    tree = shapely.STRtree(points)
    # In degrees of longitude, the shortest of which lie farthest from the equator.
    farthest = min(float(np.abs(shapely.get_y(points)).max()), _MOST_LAT)
    around_deg = 1.01 * NEAR_MISS_M / (DEGREE_M * np.cos(np.radians(farthest)))
    for n, m in zip(*tree.query(points, predicate="dwithin", distance=around_deg), strict=True):
        if n == m or len(ends[nodes[n]]) > 1 or nodes[n].layer != nodes[m].layer:
            continue
        if nodes[n] in joined and joined[nodes[n]] == joined.get(nodes[m]):
            continue
        link, xy, _ = ends[nodes[n]][0]
        apart_m = _apart_m(xy, ends[nodes[m]][0].xy)
        if apart_m <= NEAR_MISS_M:
            message = (
                f"{where}: link '{link.id}' dangles at '{nodes[n]}', {apart_m:,.0f} m from node "
                f"'{nodes[m]}'; join them, or draw them further apart"
            )
            yield EndFault(GeometryError(message), link, (xy,))


def misspelt_ends(links: Sequence[Link]) -> Iterator[tuple[Link, Node, Point, str, float]]:
    """Yield each end that no place is called, beside a place that is called nearly so.

    Yields
    ------
    The link, its node and where it ends; id of the place, and how far away it is in metres.
    """
    from difflib import SequenceMatcher

    known = places()
    ends = [(n, e[0]) for n, e in _ends(links).items() if n.place not in known]
    if not ends or not known:
        return
    listed = list(known.values())
    tree = shapely.STRtree(shapely.points([(place.lon, place.lat) for place in listed]))
    points = shapely.points([end.xy for _, end in ends])
    for n, m in zip(*tree.query(points, predicate="dwithin", distance=_AROUND_DEG), strict=True):
        (node, end), place = ends[n], listed[m]
        apart_m = _apart_m(end.xy, (place.lon, place.lat))
        if apart_m > NODE_LIMIT_M + 3 * place.sigma_m:
            continue
        if SequenceMatcher(None, node.place, place.id).ratio() >= _ALIKE:
            yield end.link, node, end.xy, place.id, apart_m
