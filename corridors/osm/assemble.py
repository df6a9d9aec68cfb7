"""The ways of extracts as a table of links: layers, barriers, landings of ferries, lengths."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.geodesy.earth import on_sphere_m
from corridors.network.link_table import Errors, LinkColumns, LinkTable, NodeColumns, link_table
from corridors.network.way_lists import WayLists
from corridors.osm.countries import border_vertices, borders_of, with_countries
from corridors.osm.kinds import kind_row, transfer_row
from corridors.osm.read import PER_DEGREE, STATIONS
from corridors.osm.tags import BACKWARD, BOTH
from corridors.osm.topology import chained, courses, cut, lengths_m, pointers, ways_of

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from corridors.osm.read import Reading
    from corridors.osm.tags import WayKind
    from corridors.osm.topology import Chains, Floats, Ints, Pieces, Ways

__all__ = ["Assembly", "assemble"]

# Relative standard error that all lengths of an extract share: vertices cut corners, and slopes
# are seen from above; and the error of where a link ends. Assumptions.
SHARED_SIGMA, END_SIGMA_M = 0.005, 5.0
# A station this near to a railway is one of it; an assumption.
STATION_M = 300.0
# A node is known by its id, by a layer, and by the side of a barrier that stands on it.
_BITS = 6
_MASK = (1 << _BITS) - 1
ROAD, FERRY, RAIL = 0, 1, 2


class Assembly(NamedTuple):
    """A table of links, and counts of what went into it."""

    table: LinkTable
    counts: dict[str, int]


class _Raw(NamedTuple):
    """Ways in order of their ids, all leading forward; `first` is where one begins in its way."""

    way: Ints
    first: Ints
    kind: Ints
    label: Ints
    layer: Ints
    size: Ints
    refs: Ints
    xy: Ints

    def taken(self, rows: Ints) -> _Raw:
        """Return ways by their numbers, in that order, repeated where a number is."""
        begin = np.cumsum(self.size) - self.size
        points, _ = pointers(begin[rows], self.size[rows])
        way, first, kind, label, layer, size = (column[rows] for column in self[:6])
        return _Raw(way, first, kind, label, layer, size, self.refs[points], self.xy[points])


def assemble(reading: Reading) -> Assembly:
    """Return the links of what was read.

    Of the `optional` ways only those stay that lead a ferry ashore.
    """
    kinds = reading.kinds
    raw = _sorted(reading)
    counts = {"ways": len(raw.way), "positions": len(raw.refs)}
    raw, layers, counts["gauges filled"] = _with_layers(raw, kinds)
    raw, sides = _parted(raw, np.array(sorted(reading.blocked), np.int64))
    key = (raw.refs << 2 * _BITS) | (sides << _BITS) | np.repeat(raw.layer, raw.size)
    ways, counts["cut ways"] = ways_of(raw[:4], raw.size, key, raw.xy)
    del raw, key
    ways = _landed(ways, kinds)
    ends = _stations(ways, reading)
    table = _table(ways, reading, layers, counts, ends)
    borders = borders_of(table, reading)
    if borders is None:
        return Assembly(table, counts)
    across = border_vertices(table, borders)
    if len(across):
        # Only the stretch across a border is its crossing, so links end on either side of it.
        table = _table(ways, reading, layers, counts, ends | _at(ways, across))
    table, of_borders = with_countries(table, reading, borders)
    return Assembly(table, counts | of_borders)


def _at(ways: Ways, places: Ints) -> NDArray[np.bool_]:
    """Tell which points of ways lie at one of a few places in 1e-7 degree, shape (n, 2)."""
    there = np.flatnonzero(np.isin(ways.xy[:, 0], places[:, 0]))
    wanted = {*map(tuple, places.tolist())}
    at = np.zeros(len(ways.node), bool)
    at[there] = [tuple(xy) in wanted for xy in ways.xy[there].tolist()]
    return at


def _stations(ways: Ways, reading: Reading) -> NDArray[np.bool_]:
    """Tell which points of railways are stations: of each gauge the nearest one to a station."""
    from scipy.spatial import KDTree

    ends = np.zeros(len(ways.node), bool)
    stations = [(p.lon, p.lat) for p in reading.places if p.kind in STATIONS]
    layer = (ways.nodes & _MASK)[ways.node]
    if not stations or not (layer >= RAIL).any():
        return ends
    places = on_sphere_m(np.array(stations))
    for number in np.unique(layer[layer >= RAIL]).tolist():
        there = np.flatnonzero(layer == number)
        tree = KDTree(on_sphere_m(ways.xy[there] / PER_DEGREE))
        away, nearest = tree.query(places, distance_upper_bound=STATION_M)
        ends[there[nearest[np.isfinite(away)]]] = True
    return ends


def _sorted(reading: Reading) -> _Raw:
    """Return what was read in order of the ids of ways, those that lead backward turned round."""
    way, kind = np.array(reading.way, np.int64), np.array(reading.kind, np.int32)
    size = np.array(reading.size, np.int64)
    zeros = np.zeros(len(way), np.int64)
    first = np.array(reading.first, np.int64) if reading.first else zeros
    raw = _Raw(way, first, kind, np.array(reading.label, np.int32), zeros.astype(np.int8), size,
               np.array(reading.refs, np.int64), reading.nodes_xy)  # fmt: skip
    order = np.argsort(way, kind="stable")
    if not np.array_equal(order, np.arange(len(order))):
        raw = raw.taken(order)
    turned = np.array([k.oneway == BACKWARD for k in reading.kinds], bool)
    if not turned.any():
        return raw
    begin = np.cumsum(raw.size) - raw.size
    points, _ = pointers(begin, raw.size, backward=turned[raw.kind])
    return raw._replace(refs=raw.refs[points], xy=raw.xy[points])


def _with_layers(raw: _Raw, kinds: list[WayKind]) -> tuple[_Raw, tuple[str, ...], int]:
    """Return ways with their layers; one of two gauges twice, as it carries two railways.

    A railway without a tagged gauge takes that of the railways that it joins; where none has one,
    it is on layer ``rail0``.
    """
    modes = np.array([{"road": ROAD, "ferry": FERRY, "rail": RAIL}[k.mode] for k in kinds] or [0])
    base = modes[raw.kind]
    rails = np.flatnonzero(base == RAIL)
    stated = [kinds[k].gauges_mm for k in raw.kind[rails].tolist()]
    filled = _filled_gauges(raw.taken(rails), stated)
    every = [gauges or (0,) for gauges in filled]
    known = sorted({0}.union(*every)) if every else [0]
    number = {gauge: RAIL + n for n, gauge in enumerate(known[: (1 << _BITS) - RAIL])}
    rows = np.concatenate([np.flatnonzero(base != RAIL), np.repeat(rails, list(map(len, every)))])
    layer = np.concatenate([
        base[base != RAIL], np.array([number[g] for gauges in every for g in gauges], np.int64),
    ])  # fmt: skip
    order = np.argsort(rows, kind="stable")
    layers = ("road", "ferry", *(f"rail{gauge}" for gauge in number))
    count = sum(a != b for a, b in zip(stated, filled, strict=True))
    if len(rows) == len(raw.way):
        return raw._replace(layer=layer[order]), layers, count
    return raw.taken(rows[order])._replace(layer=layer[order]), layers, count


def _filled_gauges(raw: _Raw, stated: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return the gauges of railways, those that lack one with that of the next that has."""
    if all(stated) or not any(stated):
        return stated
    gauges = list(stated)
    begin = (np.cumsum(raw.size) - raw.size).tolist()
    nodes = [raw.refs[b : b + n].tolist() for b, n in zip(begin, raw.size.tolist(), strict=True)]
    gauge_at: dict[int, tuple[int, ...]] = {}
    open_at: dict[int, list[int]] = {}
    for n, refs in enumerate(nodes):
        for ref in refs:
            if gauges[n]:
                gauge_at.setdefault(ref, gauges[n])
            else:
                open_at.setdefault(ref, []).append(n)
    front = [ref for ref in gauge_at if ref in open_at]
    while front:
        reached: list[int] = []
        for ref in front:
            for n in open_at[ref]:
                if not gauges[n]:
                    gauges[n] = gauge_at[ref]
                    reached += [r for r in nodes[n] if gauge_at.setdefault(r, gauges[n])]
        front = list(dict.fromkeys(reached))
    return gauges


def _parted(raw: _Raw, blocked: Ints) -> tuple[_Raw, Ints]:
    """Return ways parted at barriers, and of each point the side of the barrier that it is on."""
    roads = np.repeat(raw.layer == ROAD, raw.size)
    hit = np.isin(raw.refs, blocked) & roads if len(blocked) else np.zeros(len(raw.refs), bool)
    sides = np.zeros(len(raw.refs), np.int64)
    if not hit.any():
        return raw, sides
    begin = np.cumsum(raw.size) - raw.size
    inner = hit.copy()
    inner[begin] = inner[begin + raw.size - 1] = False
    # Each barrier inside a way is an end of one part and the beginning of the next.
    times = 1 + inner
    points = np.repeat(np.arange(len(raw.refs)), times)
    new = np.zeros(len(points), bool)
    position = np.cumsum(times) - times
    new[position[begin]] = True
    new[position[inner] + 1] = True
    starts = np.flatnonzero(new)
    owner = np.repeat(np.arange(len(raw.way)), raw.size)[points[starts]]
    refs, hit = raw.refs[points], hit[points]
    size = np.diff(np.r_[starts, len(points)])
    first = points[starts] - begin[owner]
    way, _, kind, label, layer = (column[owner] for column in raw[:5])
    parted = _Raw(way, first, kind, label, layer, size, refs, raw.xy[points])
    where = np.flatnonzero(hit)
    order = where[np.argsort(refs[where], kind="stable")]
    new = np.r_[True, np.diff(refs[order]) != 0]
    rank = np.arange(len(order)) - np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    sides = np.zeros(len(points), np.int64)
    sides[order] = np.minimum(rank, (1 << _BITS) - 1)
    return parted, sides


def _landed(ways: Ways, kinds: list[WayKind]) -> Ways:
    """Return ways without the optional ones, but those by which ferries come to roads."""
    optional = np.array([k.optional for k in kinds] or [False])[ways.kind]
    if not optional.any():
        return ways
    ferry = np.array([k.mode == "ferry" for k in kinds])[ways.kind]
    return ways.kept(~optional | _landings(ways, optional, ferry))


def _landings(ways: Ways, optional: Any, ferry: Any) -> Any:
    """Tell of each way whether the shortest path from a landing to a road leads over it."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    wanted = np.zeros(len(ways.way), bool)
    ends = np.concatenate([ways.offsets[:-1][ferry], ways.offsets[1:][ferry] - 1])
    # The same node on the layer of roads.
    ashore = ways.nodes[ways.node[ends]] - FERRY + ROAD
    at = np.searchsorted(ways.nodes, ashore).clip(0, len(ways.nodes) - 1)
    landing = np.unique(at[ways.nodes[at] == ashore])
    point_optional = np.repeat(optional, np.diff(ways.offsets))
    on_road = np.zeros(len(ways.nodes), bool)
    on_road[ways.node[~point_optional]] = True
    landing = landing[~on_road[landing]]
    if not landing.size:
        return wanted
    tail = np.flatnonzero(point_optional[:-1])
    tail = tail[~np.isin(tail + 1, ways.offsets)]
    a, b = ways.node[tail], ways.node[tail + 1]
    on_both = np.zeros(len(ways.nodes), bool)
    on_both[a] = on_both[b] = True
    sources = np.flatnonzero(on_both & on_road)
    if not sources.size:
        return wanted
    step = np.hypot(*(ways.xy[tail + 1] - ways.xy[tail]).astype(float).T) + 1.0
    graph = csr_array((step, (a, b)), shape=(len(ways.nodes),) * 2)
    _, before, _ = dijkstra(
        graph, directed=False, indices=sources, min_only=True, return_predecessors=True
    )
    owner = np.searchsorted(ways.offsets, tail, side="right") - 1
    way_of = dict(zip(zip(a.tolist(), b.tolist(), strict=True), owner.tolist(), strict=True))
    for node in landing.tolist():
        here = node
        while (back := int(before[here])) >= 0:
            wanted[way_of.get((here, back), way_of.get((back, here), 0))] = True
            here = back
    return wanted


def _routing_kinds(kinds: list[WayKind]) -> tuple[Ints, list[WayKind]]:
    """Return of each kind the number of the one like it but for bridge and tunnel, and those."""
    plain = [replace(k, bridge=False, tunnel=False, optional=False) for k in kinds]
    number = {kind: n for n, kind in enumerate(dict.fromkeys(plain))}
    return np.array([number[kind] for kind in plain] or [0], np.int32), list(number)


def _transfer_nodes(nodes: Ints) -> Ints:
    """Return the nodes on the layer of roads and of ferries of each landing, shape (n, 2)."""
    ferries = np.flatnonzero(nodes & _MASK == FERRY)
    ashore = nodes[ferries] - FERRY + ROAD
    at = np.searchsorted(nodes, ashore).clip(0, max(0, len(nodes) - 1))
    lands = nodes[at] == ashore if len(ferries) else np.zeros(0, bool)
    return np.stack([at[lands], ferries[lands]], axis=1)


def _numbered(kind: Ints, layer: Ints) -> tuple[list[tuple[int, int]], Ints]:
    """Return the distinct pairs of a kind and a layer, and of each link the number of its pair."""
    pairs, number = np.unique(np.stack([kind, layer], axis=1), axis=0, return_inverse=True)
    return [(k, n) for k, n in pairs.tolist()], number.ravel()


def _metres_of(ways: Ways, pieces: Pieces, chains: Chains, wanted: list[bool]) -> Floats:
    """Return how many metres of each link are of wanted kinds."""
    count = len(chains.offsets) - 1
    link = np.empty(len(pieces.way), np.int64)
    link[chains.piece] = np.repeat(np.arange(count), np.diff(chains.offsets))
    there = np.flatnonzero(np.array(wanted or [False])[ways.kind[pieces.way]])
    points, offsets = pointers(pieces.begin[there], (pieces.end - pieces.begin)[there] + 1)
    metres = lengths_m(ways.xy[points], offsets)
    return np.bincount(link[there], metres, minlength=count).astype(np.float32)


def _way_lists(
    ways: Ways, pieces: Pieces, chains: Chains, reading: Reading, lead: Ints
) -> WayLists:
    """Return the ways of OpenStreetMap that links are made of.

    Parameters
    ----------
    lead : of each link the way of its id.
    """
    passed = pieces.way[chains.piece]
    link = np.repeat(np.arange(len(lead)), np.diff(chains.offsets))
    of_links: Ints = ways.way[passed]
    if reading.known_ways:
        keys = zip(ways.way.tolist(), ways.first.tolist(), strict=True)
        known = [reading.known_ways.get(key, (key[0],)) for key in keys]
        size = np.array([len(ids) for ids in known], np.int64)
        of_ways = np.array([key for ids in known for key in ids], np.int64)
        at, _ = pointers((np.cumsum(size) - size)[passed], size[passed])
        link, of_links = np.repeat(link, size[passed]), of_ways[at]
    # Editors give ids below zero to what OpenStreetMap has not yet.
    there = of_links > 0
    return WayLists.of(link[there], of_links[there], lead)


def _table(
    ways: Ways, reading: Reading, layers: tuple[str, ...], counts: dict[str, int],
    ends: NDArray[np.bool_],
) -> LinkTable:  # fmt: skip
    """Return ways as links: cut, joined, measured; some points are ends whatever meets there."""
    routing, plain = _routing_kinds(reading.kinds)
    pieces = cut(ways, ends)
    counts["pieces"] = len(pieces.way)
    kind = routing[ways.kind[pieces.way]]
    layer = (ways.nodes & _MASK)[ways.node[pieces.begin]]
    landings = _transfer_nodes(ways.nodes)
    fixed = np.zeros(len(ways.nodes), bool)
    fixed[landings] = True
    fixed[ways.node[ends]] = True
    turns = np.array([k.oneway != BOTH for k in plain] or [False]).astype(np.int8)[kind]
    chains = chained(ways, pieces, kind.astype(np.int64) << _BITS | layer, fixed, turns)
    points, offsets = courses(pieces, chains)
    lead = np.minimum.reduceat(chains.piece, chains.offsets[:-1]) if len(kind) else chains.piece
    pairs, number = _numbered(kind[lead], layer[lead])
    gauges = [None, None, *(int(name[4:]) or None for name in layers[2:])]
    way = pieces.way[lead]
    node, xy = ways.node[points], ways.xy[points]
    is_end = np.zeros(len(ways.nodes), bool)
    is_end[node[offsets[:-1]]] = is_end[node[offsets[1:] - 1]] = True
    kept = np.flatnonzero(is_end)
    number_of = np.zeros(len(ways.nodes), np.int64)
    number_of[kept] = np.arange(len(kept))
    node, landings, keys = number_of[node], number_of[landings], ways.nodes[kept]
    nodes_xy = np.empty((len(keys), 2), np.int32)
    nodes_xy[node[offsets[:-1]]], nodes_xy[node[offsets[1:] - 1]] = (
        xy[offsets[:-1]], xy[offsets[1:] - 1]
    )  # fmt: skip
    links = LinkColumns(
        way=ways.way[way], part=ways.first[way] + pieces.begin[lead] - ways.offsets[way],
        start=node[offsets[:-1]], end=node[offsets[1:] - 1], length_m=lengths_m(xy, offsets),
        kind=number, label=ways.label[pieces.way[chains.most(pieces.end - pieces.begin)]],
        bridge_m=_metres_of(ways, pieces, chains, [k.bridge for k in reading.kinds]),
        tunnel_m=_metres_of(ways, pieces, chains, [k.tunnel for k in reading.kinds]),
    )  # fmt: skip
    return link_table(
        links.and_transfers(landings, keys >> 2 * _BITS, kind=len(pairs)),
        offsets=offsets, xy=xy,
        nodes=NodeColumns(
            id=keys >> 2 * _BITS, side=keys >> _BITS & _MASK, layer=keys & _MASK, xy=nodes_xy
        ),
        kinds=[
            *(kind_row(plain[k], gauges[n], reading.source) for k, n in pairs),
            transfer_row(reading.source),
        ],
        labels=reading.labels, layers=layers, errors=Errors(SHARED_SIGMA, END_SIGMA_M),
        shared_with="openstreetmap",
        way_lists=_way_lists(ways, pieces, chains, reading, ways.way[way]),
    )  # fmt: skip
