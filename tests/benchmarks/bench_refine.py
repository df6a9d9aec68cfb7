"""Links laid on real ways, beside networkx searching the same windows of the same graph.

The town is that of `bench_osm`. Each link is drawn through four points of a shortest path; networkx
cuts the nodes near it out of a graph that it has, and searches once from end to end. Ours finds the
ends, searches three times, to tell how much the choice of a path matters, and compares the path
with the line.
"""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from bench_osm import town
from bench_routing import no_more

from corridors import Link, Network, network_from_osm, refine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridors.network.compiled import CompiledNetwork

SEED, SIDE, LINKS, SIGMA_M = 5, 207, 500, 300.0
# 300,000 nodes, and links of a length that has room in a town of that size.
REACH_DEG = 0.03


def benches() -> Iterator[dict[str, Any]]:
    """Yield a line for each comparison."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "town.osm.pbf")
        town(file, SIDE)
        osm = network_from_osm(file)
    graph = _graph(osm)
    pairs = _pairs(osm)
    begun = time.process_time()
    theirs = [_search(graph, osm, a, b) for a, b in pairs]
    their_s = time.process_time() - begun
    links = tuple(_link(osm, n, path) for n, (path, _) in enumerate(theirs))
    network = Network(links=links, on=date(2026, 6, 1), name="town")
    begun = time.process_time()
    refinement = refine(network, osm)
    our_s = time.process_time() - begun
    done = [m for m in refinement.matches if m.refined is not None]
    assert len(done) > 0.95 * len(links)
    # In a grid of streets many paths are as short; none may be shorter than the shortest.
    shortest = {f"l{n}": metres for n, (_, metres) in enumerate(theirs)}
    assert all(m.refined.length_m > 0.99 * shortest[m.link.id] for m in done if m.refined)
    yield no_more("refine: 500 links, 300k nodes, CPU, networkx searching once", our_s, their_s, 2)


def _graph(osm: CompiledNetwork) -> nx.Graph:
    column = osm.table.columns
    graph = nx.Graph()
    for a, b, metres in zip(
        column.start.tolist(), column.end.tolist(), column.length_m.tolist(), strict=True
    ):
        if not graph.has_edge(a, b) or graph[a][b]["m"] > metres:
            graph.add_edge(a, b, m=metres)
    return graph


def _pairs(osm: CompiledNetwork) -> list[tuple[int, int]]:
    rng = np.random.default_rng(SEED)
    xy = osm.table.nodes.xy / 1e7
    pairs: list[tuple[int, int]] = []
    while len(pairs) < LINKS:
        a, b = rng.integers(0, len(xy), 2).tolist()
        if REACH_DEG / 2 < np.hypot(*(xy[a] - xy[b])) < REACH_DEG:
            pairs.append((a, b))
    return pairs


def _search(graph: nx.Graph, osm: CompiledNetwork, a: int, b: int) -> tuple[list[int], float]:
    xy = osm.table.nodes.xy / 1e7
    low, high = np.minimum(xy[a], xy[b]), np.maximum(xy[a], xy[b])
    margin = 3 * SIGMA_M / 111_195
    near = np.flatnonzero(((xy >= low - margin) & (xy <= high + margin)).all(axis=1))
    metres, path = nx.single_source_dijkstra(graph.subgraph(near.tolist()), a, b, weight="m")
    return path, metres


def _link(osm: CompiledNetwork, n: int, path: list[int]) -> Link:
    at = np.linspace(0, len(path) - 1, 4).astype(int)
    xy = [osm.table.at(path[k]) for k in at]
    return Link(
        id=f"l{n}", start=f"a{n}.road", end=f"b{n}.road",  # type: ignore[arg-type]
        mode="road", length_m=1.0, sigma_m=1.0, geometry_quality="schematic",
        position_sigma_m=SIGMA_M, xy=tuple(xy),
    )  # fmt: skip
