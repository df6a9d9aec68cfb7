"""Routing beside osmnx, networkx and a bare loop over the hierarchy: equal costs asserted."""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The large graph: so many towns, each a grid of streets of this side, and country roads between
# them with so many bends, about 300,000 nodes.
TOWNS, SIDE, CHAIN = 250, 28, 150
SCENARIOS, PAIRS = 200, 50


def _line(bench: str, numbers: tuple[float, float, float, float], unit: str) -> dict[str, Any]:
    ours, theirs, ratio, bar = numbers
    return {
        "bench": bench, "ours": round(ours, 4), "theirs": round(theirs, 4),
        "ratio": round(ratio, 3), "unit": unit, "bar": bar,
    }  # fmt: skip


def faster(bench: str, ours: float, theirs: float, bar: float) -> dict[str, Any]:
    """Return one line; the ratio is how many times longer the others take."""
    ratio = theirs / ours
    return _line(bench, (ours, theirs, ratio, bar), "s") | {"ok": ratio >= bar}


def no_more(bench: str, ours: float, theirs: float, bar: float, unit: str = "s") -> dict[str, Any]:
    """Return one line; the ratio is how many times more we take than the others."""
    ratio = ours / theirs
    return _line(bench, (ours, theirs, ratio, bar), unit) | {"ok": ratio <= bar}


def _timed(run: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    start = time.perf_counter()
    found = run()
    return time.perf_counter() - start, found


@dataclass(frozen=True)
class Streets:
    """A road-like graph with costs."""

    graph: Any
    costs: np.ndarray


def streets(towns: int) -> Streets:
    """Return towns of two-way streets, a quarter of them missing, joined by country roads.

    Roads lie like those of a country: grids of streets where people live, long chains between
    the towns, few ways round a river.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import Delaunay

    from corridors.routing import Graph

    rng = np.random.default_rng(1921)
    centres = rng.random((towns, 2)) * 10
    node = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    streets_a = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    streets_b = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    ends: list[np.ndarray] = []
    xy = [c + np.column_stack(np.divmod(node.ravel(), SIDE)) / 400 for c in centres]
    for town in range(towns):
        kept = rng.random(streets_a.size) > 0.25
        ends.append(np.column_stack([streets_a[kept], streets_b[kept]]) + town * SIDE * SIDE)
    size = towns * SIDE * SIDE
    corners = Delaunay(centres).simplices
    pairs = np.unique(
        np.sort(np.concatenate([corners[:, k] for k in ([0, 1], [1, 2], [0, 2])])), axis=0
    )
    for one, two in pairs:
        first, last = (t * SIDE * SIDE + rng.integers(SIDE * SIDE) for t in (one, two))
        chain = np.r_[first, size + np.arange(CHAIN), last]
        ends.append(np.column_stack([chain[:-1], chain[1:]]))
        xy.append(np.linspace(centres[one], centres[two], CHAIN + 2)[1:-1])
        size += CHAIN
    a, b = np.concatenate(ends).T
    matrix = coo_array((np.ones(a.size), (a.astype(np.int32), b.astype(np.int32))), (size, size))
    _, part = connected_components(matrix, False)
    main = part == np.bincount(part).argmax()
    rank = np.cumsum(main) - 1
    inside = main[a]
    a, b = rank[a[inside]], rank[b[inside]]
    metres = np.round(rng.gamma(4.0, 40.0, a.size) + 20.0)
    lon, lat = np.concatenate(xy)[main].T
    graph = Graph(
        n_nodes=int(main.sum()), tail=np.concatenate([a, b]), head=np.concatenate([b, a]),
        lon=lon, lat=lat,
    )  # fmt: skip
    return Streets(graph, np.concatenate([metres, metres]))


def to_multidigraph(made: Streets) -> Any:
    """Return the same as a graph of osmnx; key of an edge: its arc."""
    import networkx as nx

    found = nx.MultiDiGraph(crs="epsg:4326")
    found.add_nodes_from(
        (n, {"x": x, "y": y})
        for n, (x, y) in enumerate(zip(made.graph.lon, made.graph.lat, strict=True))
    )
    found.add_edges_from(
        (t, h, arc, {"length": c})
        for arc, (t, h, c) in enumerate(
            zip(
                made.graph.tail.tolist(), made.graph.head.tolist(), made.costs.tolist(), strict=True
            )
        )
    )
    return found


def _length(graph: Any, nodes: list[int]) -> float:
    steps = pairwise(nodes)
    return sum(min(e["length"] for e in graph[a][b].values()) for a, b in steps)


def _osmnx(graph: Any, made: Streets, change: tuple[Any, Any], pairs: Any) -> list[float]:
    """Answer one scenario with osmnx: edit lengths, ask, put them back."""
    import osmnx

    arcs, costs = change
    ends = [(int(made.graph.tail[a]), int(made.graph.head[a]), int(a)) for a in arcs]
    for edge, cost in zip(ends, costs, strict=True):
        graph.edges[edge]["length"] = float(cost)
    found = []
    for source, target in pairs:
        nodes = osmnx.routing.shortest_path(graph, source, target, weight="length")
        found.append(_length(graph, nodes))
    for edge, arc in zip(ends, arcs, strict=True):
        graph.edges[edge]["length"] = float(made.costs[arc])
    return found


def _raw(made: Streets, changes: list[Any], pairs: list[tuple[int, int]]) -> np.ndarray:
    """Answer all scenarios with a bare loop over the hierarchy, resetting for each."""
    import routingkit_cch as rk

    from corridors.routing.order import node_order

    cch = rk.CCH(node_order(made.graph), made.graph.tail.tolist(), made.graph.head.tolist(), False)
    base = np.rint(made.costs).astype(np.int64)
    metric = rk.CCHMetric(cch, base.tolist())
    table = np.empty((len(changes), len(pairs)))
    for n, (arcs, costs) in enumerate(changes):
        weights = base.copy()
        closed = np.isinf(costs)
        weights[arcs] = np.where(closed, 2**31 - 1, np.where(closed, 0, costs)).astype(np.int64)
        metric.reset(weights.tolist())
        query = rk.CCHQuery(metric)
        paths = []
        for p, (source, target) in enumerate(pairs):
            answer = query.run(source, target)
            paths.append(answer.arc_path)
            table[n, p] = np.inf if answer.distance is None else answer.distance
            # The library wants a result gone before the next one is asked for.
            del answer
        del query
    return table


def _ours(made: Streets, changes: list[Any], pairs: list[tuple[int, int]]) -> Any:
    from corridors.routing import Router, scenarios

    router = Router(made.graph, made.costs, engine="cch")
    return scenarios(router, changes, pairs, paths=True).costs


def _closures(made: Streets, rng: np.random.Generator, n: int) -> list[Any]:
    found = []
    for _ in range(n):
        arcs = rng.choice(made.graph.n_arcs, size=int(rng.integers(1, 17)), replace=False)
        found.append((arcs, np.full(arcs.size, 1e6)))
    return found


def _many_changes(made: Streets, rng: np.random.Generator, n: int) -> list[Any]:
    size = made.graph.n_arcs // 1000
    found = []
    for _ in range(n):
        arcs = rng.choice(made.graph.n_arcs, size=size, replace=False)
        found.append((arcs, np.round(made.costs[arcs] * rng.uniform(0.5, 2.0, size))))
    return found


def _large() -> Iterator[dict[str, Any]]:
    import networkx as nx

    made = streets(TOWNS)
    rng = np.random.default_rng(7)
    pairs = [tuple(int(v) for v in rng.choice(made.graph.n_nodes, 2)) for _ in range(PAIRS)]
    graph = to_multidigraph(made)
    size = f"{made.graph.n_nodes:,} nodes"
    sample = 2
    for name, changes, bar in (
        ("up to 16 closures", _closures(made, rng, SCENARIOS), 1500.0),
        ("0.1 % of arcs changed", _many_changes(made, rng, SCENARIOS), 200.0),
    ):
        seconds, truth = _timed(lambda c=changes: _osmnx(graph, made, c[0], pairs[:sample]))
        theirs = seconds / sample * PAIRS * len(changes)
        ours, table = _timed(lambda c=changes: _ours(made, c, pairs))
        assert np.allclose(table[0, :sample], truth, rtol=1e-6)
        what = f"{size}, {len(changes)} scenarios × {PAIRS} pairs, {name}"
        yield faster(f"{what}: × osmnx, of a sample of {sample} pairs", ours, theirs, bar)
        raw, bare = _timed(lambda c=changes: _raw(made, c, pairs))
        assert np.allclose(table, bare, rtol=1e-6)
        yield no_more(f"{what}: time of a bare loop over the hierarchy", ours, raw, 1.5)
    nodes = [int(v) for v in rng.choice(made.graph.n_nodes, 100, replace=False)]
    seconds, row = _timed(lambda: nx.single_source_dijkstra_path_length(
        graph, nodes[0], weight="length"))  # fmt: skip
    from corridors.routing import Router

    # Neither side counts what prepares its graph: both answer any number of questions after it.
    router = Router(made.graph, made.costs, engine="cch")
    router.costs(nodes[:1], nodes[:1])
    ours, table = _timed(lambda: router.costs(nodes, nodes))
    assert np.allclose(table[0], [row[n] for n in nodes], rtol=1e-6)
    yield faster(f"{size}, 100 × 100 matrix: × networkx one-to-all, of one row",
                 ours, 100 * seconds, 500.0)  # fmt: skip


def _bundled() -> Iterator[dict[str, Any]]:
    """Compare pairs of the bundled network under random closures."""
    import networkx as nx

    from corridors.case import Terms
    from corridors.network import load_network
    from corridors.plan import Plan
    from corridors.scenario import Scenario

    network = load_network()
    terms = Terms(modes=("rail", "road", "ferry"))
    rng = np.random.default_rng(3)
    open_ = [k.id for k in network.links if k.status(network.on).status == "open"]
    many = [
        Scenario(id=f"s{n}", close=dict.fromkeys(map(str, rng.choice(open_, 4, False)), f"s{n}"))
        for n in range(SCENARIOS)
    ]
    places = sorted(network.layers)
    pairs = [tuple(map(str, rng.choice(places, 2, False))) for _ in range(PAIRS)]

    def ours(engine: str) -> Any:
        sweep = Plan(network, many, terms, engine=engine).sweep(pairs)
        lengths = np.array([link.length_m for link in network.links])
        return sweep.costs, sweep.sums(lengths)

    plan = Plan(network, many, terms)
    made = Streets(plan.graph, plan.costs(plan._today, terms.modes))
    changes = [plan._changes(case, terms.modes) for case in plan.cases]
    asked = [(plan._leave[a], plan._arrive[b]) for a, b in pairs]
    seconds, (table, km) = _timed(lambda: ours("auto"))
    assert np.allclose(table[np.isfinite(table)], km[np.isfinite(table)], atol=1.0)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(made.graph.n_nodes), x=0.0, y=0.0)
    for arc, (t, h, c) in enumerate(
        zip(made.graph.tail.tolist(), made.graph.head.tolist(), made.costs.tolist(), strict=True)
    ):
        if np.isfinite(c):
            graph.add_edge(t, h, arc, length=c)
    what = f"bundled network, {SCENARIOS} scenarios × {PAIRS} pairs"
    for name, solve, bar, sample in (
        ("osmnx", _shortest_osmnx, 150.0, 10),
        ("networkx", _shortest_networkx, 60.0, 20),
    ):
        spent, answers = _timed(lambda s=solve, k=sample: [
            _closed(graph, change, asked, s) for change in changes[:k]])  # fmt: skip
        assert np.allclose(table[:sample], answers, rtol=1e-6)
        theirs = spent / sample * SCENARIOS
        yield faster(f"{what}: × {name}, of a sample of {sample} scenarios", seconds, theirs, bar)
        if name == "osmnx":
            slow, (again, _) = _timed(lambda: ours("scipy"))
            assert np.allclose(again, table)
            yield faster(f"{what}, scipy: × osmnx", slow, theirs, 6.0)
    raw, bare = _timed(lambda: _raw(_rounded(made), changes, asked))
    assert np.allclose(bare, table, atol=50.0)
    yield no_more(f"{what}: time of a bare loop over the hierarchy", seconds, raw, 3.0)


def _rounded(made: Streets) -> Streets:
    return Streets(made.graph, np.where(np.isinf(made.costs), 2**31 - 1, made.costs))


def _closed(graph: Any, change: Any, asked: Any, solve: Callable[..., float]) -> list[float]:
    """Answer one scenario: take closed edges out, ask, put them back."""
    gone = [(u, v, k, d) for u, v, k, d in graph.edges(keys=True, data=True)
            if k in set(change[0].tolist())]  # fmt: skip
    graph.remove_edges_from([(u, v, k) for u, v, k, _ in gone])
    found = [solve(graph, a, b) for a, b in asked]
    graph.add_edges_from(gone)
    return found


def _shortest_osmnx(graph: Any, source: int, target: int) -> float:
    import osmnx

    nodes = osmnx.routing.shortest_path(graph, source, target, weight="length")
    return float("inf") if nodes is None else _length(graph, nodes)


def _shortest_networkx(graph: Any, source: int, target: int) -> float:
    import networkx as nx

    try:
        nodes = nx.dijkstra_path(graph, source, target, weight="length")
    except nx.NetworkXNoPath:
        return float("inf")
    return _length(graph, nodes)


def _memory() -> Iterator[dict[str, Any]]:
    """Compare the peak memory of our loop with that of the bare one, each in its own process."""
    peak = {}
    for name in ("ours", "raw"):
        run = subprocess.run(
            [sys.executable, str(Path(__file__)), name], capture_output=True, text=True, check=True
        )
        peak[name] = float(run.stdout)
    yield no_more("large graph, closures: memory of a bare loop", peak["ours"], peak["raw"], 1.5,
                 "MB")  # fmt: skip


def benches() -> Iterator[dict[str, Any]]:
    """Yield the results."""
    yield from _bundled()
    yield from _large()
    yield from _memory()


if __name__ == "__main__":
    some = streets(TOWNS)
    dice = np.random.default_rng(7)
    ends = [tuple(int(v) for v in dice.choice(some.graph.n_nodes, 2)) for _ in range(PAIRS)]
    shut = _closures(some, dice, 20)
    if sys.argv[1] == "ours":
        _ours(some, shut, ends)
    else:
        _raw(some, shut, ends)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
