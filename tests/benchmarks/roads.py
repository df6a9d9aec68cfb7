"""A road-like graph, changes to it, and the same questions answered by other libraries."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.network.link import Link
from corridors.network.network import Network
from corridors.routing import Graph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Pairs = Sequence[tuple[int, int]]
    Change = tuple[np.ndarray, np.ndarray]

# Each town is a grid of streets of this side; a country road has so many bends.
SIDE, BENDS = 28, 150
NARROW = 2**31 - 1


@dataclass(frozen=True)
class Roads:
    """A graph with costs."""

    graph: Graph
    costs: np.ndarray


def roads(towns: int) -> Roads:
    """Return towns of two-way streets, a quarter of them missing, joined by country roads.

    Roads lie like those of a country: grids of streets where people live, long chains between
    the towns, few ways round a river. 250 towns make some 300,000 nodes.
    """
    from scipy.spatial import Delaunay

    rng = np.random.default_rng(1921)
    centres = rng.random((towns, 2)) * 10
    node = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    a = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    b = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    ends: list[np.ndarray] = []
    xy = [c + np.column_stack(np.divmod(node.ravel(), SIDE)) / 400 for c in centres]
    for town in range(towns):
        kept = rng.random(a.size) > 0.25
        ends.append(np.column_stack([a[kept], b[kept]]) + town * SIDE * SIDE)
    size = towns * SIDE * SIDE
    corners = Delaunay(centres).simplices
    sides = np.concatenate([corners[:, k] for k in ([0, 1], [1, 2], [0, 2])])
    for one, two in np.unique(np.sort(sides), axis=0):
        first, last = (t * SIDE * SIDE + rng.integers(SIDE * SIDE) for t in (one, two))
        chain = np.r_[first, size + np.arange(BENDS), last]
        ends.append(np.column_stack([chain[:-1], chain[1:]]))
        xy.append(np.linspace(centres[one], centres[two], BENDS + 2)[1:-1])
        size += BENDS
    return _joined(np.concatenate(ends), np.concatenate(xy), rng)


def _joined(ends: np.ndarray, xy: np.ndarray, rng: np.random.Generator) -> Roads:
    """Return the largest connected part, with a length for each street."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    a, b = ends.T.astype(np.int32)
    matrix = coo_array((np.ones(a.size), (a, b)), (len(xy), len(xy)))
    part = connected_components(matrix, directed=False)[1]
    main = part == np.bincount(part).argmax()
    rank = np.cumsum(main) - 1
    a, b = rank[a[main[a]]], rank[b[main[a]]]
    metres = np.round(rng.gamma(4.0, 40.0, a.size) + 20.0)
    lon, lat = xy[main].T
    graph = Graph(
        n_nodes=int(main.sum()), tail=np.concatenate([a, b]), head=np.concatenate([b, a]),
        lon=lon, lat=lat,
    )  # fmt: skip
    return Roads(graph, np.concatenate([metres, metres]))


def closures(made: Roads, n: int) -> list[Change]:
    """Return scenarios of 1 to 16 closed arcs."""
    rng = np.random.default_rng(16)
    found = []
    for _ in range(n):
        arcs = rng.choice(made.graph.n_arcs, size=int(rng.integers(1, 17)), replace=False)
        found.append((arcs, np.full(arcs.size, np.inf)))
    return found


def many_changes(made: Roads, n: int) -> list[Change]:
    """Return scenarios in which one arc in a thousand costs half to twice as much."""
    rng = np.random.default_rng(1000)
    size = made.graph.n_arcs // 1000
    found = []
    for _ in range(n):
        arcs = rng.choice(made.graph.n_arcs, size=size, replace=False)
        found.append((arcs, np.round(made.costs[arcs] * rng.uniform(0.5, 2.0, size))))
    return found


def to_multidigraph(made: Roads) -> Any:
    """Return the same as a graph of osmnx, closed arcs left out; key of an edge: its arc."""
    import networkx as nx

    graph = made.graph
    lon = np.zeros(graph.n_nodes) if graph.lon is None else graph.lon
    lat = np.zeros(graph.n_nodes) if graph.lat is None else graph.lat
    found = nx.MultiDiGraph(crs="epsg:4326")
    found.add_nodes_from(
        (n, {"x": x, "y": y}) for n, (x, y) in enumerate(zip(lon, lat, strict=True))
    )
    arcs = zip(graph.tail.tolist(), graph.head.tolist(), made.costs.tolist(), strict=True)
    found.add_edges_from(
        (t, h, arc, {"length": c}) for arc, (t, h, c) in enumerate(arcs) if c != np.inf
    )
    return found


def to_network(made: Roads) -> Network:
    """Return the same as a network of roads between places n0, n1 ….

    The first half of the arcs leads there, the second half back.
    """
    graph = made.graph
    assert graph.lon is not None
    assert graph.lat is not None
    half = graph.n_arcs // 2
    xy = list(zip(graph.lon.tolist(), graph.lat.tolist(), strict=True))
    rows = zip(graph.tail[:half].tolist(), graph.head[:half].tolist(), made.costs[:half].tolist(),
               strict=True)  # fmt: skip
    links = tuple(
        Link(id=f"s{n}", start=f"n{a}.road", end=f"n{b}.road", mode="road", length_m=metres,
             sigma_m=metres / 100, xy=(xy[a], xy[b]))
        for n, (a, b, metres) in enumerate(rows)
    )  # fmt: skip
    return Network(links=links, on=date(2026, 6, 1), name="streets")


def compile_to(made: Roads, file: Path, planned: np.ndarray) -> None:
    """Write the same as a compiled network: link w<n>.0 has arc n and the one back.

    Parameters
    ----------
    planned : links that are not open yet.
    """
    from corridors.network.compiled import write_compiled
    from corridors.network.dated_statuses import LinkStatus
    from corridors.network.link_table import Errors, LinkColumns, NodeColumns, link_table

    graph, half = made.graph, made.graph.n_arcs // 2
    assert graph.lon is not None
    assert graph.lat is not None
    xy = np.rint(np.column_stack([graph.lon, graph.lat]) * 1e7).astype(np.int32)
    tail, head = graph.tail[:half], graph.head[:half]
    zeros = np.zeros(half, np.int64)
    columns = LinkColumns(
        way=np.arange(half), part=zeros, start=tail, end=head, length_m=made.costs[:half],
        kind=np.isin(np.arange(half), planned).astype(np.int64), label=zeros,
    )  # fmt: skip
    none = np.zeros(graph.n_nodes, np.int64)
    kind = {"mode": "road", "basis": "reach", "terrain": "hilly", "source": "osm-timezones",
            "statuses": (LinkStatus(status="open"),)}  # fmt: skip
    table = link_table(
        columns, offsets=2 * np.arange(half + 1), xy=xy[np.stack([tail, head], 1).ravel()],
        nodes=NodeColumns(id=np.arange(graph.n_nodes), side=none, layer=none, xy=xy),
        kinds=[kind, {**kind, "statuses": (LinkStatus(status="planned"),)}], labels=[{}],
        layers=("road",), errors=Errors(0.01, 5.0), shared_with="reach",
    )  # fmt: skip
    write_compiled(table, {}, file)


@contextmanager
def changed(graph: Any, made: Roads, change: Change) -> Iterator[None]:
    """Give edges other lengths and take out closed ones, for a while."""
    ends = [(int(made.graph.tail[a]), int(made.graph.head[a]), int(a)) for a in change[0]]
    before = [(edge, dict(graph.edges[edge])) for edge in ends if graph.has_edge(*edge)]
    for edge, cost in zip(ends, change[1].tolist(), strict=True):
        if cost != np.inf:
            graph.add_edge(*edge, length=cost)
        elif graph.has_edge(*edge):
            graph.remove_edge(*edge)
    yield
    for edge in ends:
        if graph.has_edge(*edge):
            graph.remove_edge(*edge)
    for edge, attributes in before:
        graph.add_edge(*edge, **attributes)


def by_osmnx(graph: Any, pairs: Pairs) -> list[float]:
    """Return the lengths of shortest ways, by osmnx."""
    import osmnx

    ways = (osmnx.routing.shortest_path(graph, a, b, weight="length") for a, b in pairs)
    return [_length(graph, way) for way in ways]


def by_networkx(graph: Any, pairs: Pairs) -> list[float]:
    """Return the lengths of shortest ways, by networkx."""
    import networkx as nx

    found = []
    for a, b in pairs:
        try:
            found.append(_length(graph, nx.dijkstra_path(graph, a, b, weight="length")))
        except nx.NetworkXNoPath:
            found.append(np.inf)
    return found


def _length(graph: Any, nodes: list[int] | None) -> float:
    if nodes is None:
        return np.inf
    return sum(min(e["length"] for e in graph[a][b].values()) for a, b in pairwise(nodes))


def by_bare_loop(made: Roads, changes: Sequence[Change], pairs: Pairs) -> np.ndarray:
    """Return costs by a plain loop over the hierarchy: new weights, all pairs, for each scenario.

    Costs are rounded to whole ones.
    """
    import routingkit_cch as library

    from corridors.routing.engines.node_order import node_order

    tail, head = made.graph.tail.tolist(), made.graph.head.tolist()
    cch = library.CCH(node_order(made.graph), tail, head, False)
    base = np.rint(np.minimum(made.costs, NARROW)).astype(np.int64)
    metric = library.CCHMetric(cch, base.tolist())
    table = np.empty((len(changes), len(pairs)))
    ways = []
    for n, (arcs, costs) in enumerate(changes):
        weights = base.copy()
        weights[arcs] = np.rint(np.minimum(costs, NARROW))
        metric.reset(weights.tolist())
        query = library.CCHQuery(metric)
        for p, (source, target) in enumerate(pairs):
            answer = query.run(source, target)
            ways.append(answer.arc_path)
            table[n, p] = np.inf if answer.distance is None else answer.distance
            # The library wants a result gone before the next one is asked for.
            del answer
        del query
    return table
