"""Routing beside osmnx, networkx and a bare loop over the hierarchy: equal costs asserted.

What takes too long is measured on a stated sample and scaled up. Each side computes the order of
nodes anew; neither keeps it for the other.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from memory import peak_mb
from roads import (
    Roads,
    by_bare_loop,
    by_networkx,
    by_osmnx,
    changed,
    closures,
    many_changes,
    roads,
    to_multidigraph,
    to_network,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corridors.network.network import Network
    from corridors.scenarios.scenario import Scenario

TOWNS = 250
SCENARIOS, PAIRS = 200, 50
# Short runs are timed so often, and the shortest counts.
TIMES = 5


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
    """Return seconds and result, with nothing kept from earlier runs."""
    gc.collect()
    with tempfile.TemporaryDirectory() as folder, _cache(folder):
        start = time.perf_counter()
        found = run()
        return time.perf_counter() - start, found


@contextmanager
def _cache(folder: str) -> Iterator[None]:
    """Keep orders of nodes in a folder, for a while."""
    before = os.environ.get("ARAXES_CACHE")
    os.environ["ARAXES_CACHE"] = folder
    yield
    del os.environ["ARAXES_CACHE"]
    if before is not None:
        os.environ["ARAXES_CACHE"] = before


def _shortest(run: Callable[[], Any]) -> tuple[float, Any]:
    return min((_timed(run) for _ in range(TIMES)), key=lambda timed: timed[0])


def _ours(made: Roads, changes: list[Any], pairs: list[tuple[int, int]]) -> np.ndarray:
    """Return the costs under all scenarios, found with their ways."""
    from corridors.routing import Router, route_batch

    return route_batch(Router(made.graph, made.costs), changes, pairs, paths=True).costs


def _pairs(made: Roads) -> list[tuple[int, int]]:
    rng = np.random.default_rng(7)
    return [(int(a), int(b)) for a, b in rng.choice(made.graph.n_nodes, (PAIRS, 2))]


def _under(
    graph: Any, made: Roads, changes: list[Any], pairs: Any, solve: Any = by_osmnx
) -> list[list[float]]:
    """Return the lengths under some scenarios, by another library."""
    found = []
    for change in changes:
        with changed(graph, made, change):
            found.append(solve(graph, pairs))
    return found


def _large() -> Iterator[dict[str, Any]]:
    made = roads(TOWNS)
    pairs = _pairs(made)
    graph = to_multidigraph(made)
    few, some = 2, 4
    for name, changes, bar in (
        ("up to 16 closures", closures(made, SCENARIOS), 1500.0),
        ("0.1 % of arcs changed", many_changes(made, SCENARIOS), 200.0),
    ):
        what = f"{made.graph.n_nodes:,} nodes, {SCENARIOS} scenarios × {PAIRS} pairs, {name}"
        ours, table = _timed(lambda c=changes: _ours(made, c, pairs))
        seconds, truth = _timed(lambda c=changes: _under(graph, made, c[:few], pairs[:some]))
        assert np.array_equal(table[:few, :some], truth)
        theirs = seconds / (few * some) * table.size
        sample = f"of a sample of {few} scenarios × {some} pairs"
        yield faster(f"{what}: × osmnx, {sample}", ours, theirs, bar)
        bare, again = _timed(lambda c=changes: by_bare_loop(made, c, pairs))
        assert np.array_equal(table, again)
        yield no_more(f"{what}: time of a bare loop over the hierarchy", ours, bare, 1.5)
    yield from _matrix(made, graph)
    yield from _reach(made)
    yield from _memory(made)


def _matrix(made: Roads, graph: Any) -> Iterator[dict[str, Any]]:
    import networkx as nx

    from corridors.routing import Router

    rng = np.random.default_rng(100)
    nodes = rng.choice(made.graph.n_nodes, 100, replace=False).tolist()
    rows = 2
    seconds, truth = _timed(
        lambda: [nx.single_source_dijkstra_path_length(graph, n, weight="length")
                 for n in nodes[:rows]]
    )  # fmt: skip
    # Neither side counts what prepares its graph: both answer any number of questions after it.
    router = Router(made.graph, made.costs)
    router.costs(nodes[:1], nodes[:1])
    ours, table = _timed(lambda: router.costs(nodes, nodes))
    assert np.array_equal(table[:rows], [[row[n] for n in nodes] for row in truth])
    what = f"{made.graph.n_nodes:,} nodes, 100 × 100 matrix"
    yield faster(f"{what}: × networkx one-to-all, of a sample of {rows} rows",
                 ours, seconds / rows * len(nodes), 500.0)  # fmt: skip


def _reach(made: Roads) -> Iterator[dict[str, Any]]:
    """Compare what lies within a distance with one search of networkx over the same streets."""
    import networkx as nx

    from corridors.analysis.reach import reach
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

    network = to_network(made)
    graph = nx.Graph()
    graph.add_weighted_edges_from((k.start, k.end, k.length_m) for k in network.links)
    asked = {"scenario": Scenario(id="now"), "terms": Terms(modes=("road",)), "network": network}
    # Neither side counts what prepares its graph.
    reach("n0", 1, **asked)
    limit_km = 500
    theirs, truth = _timed(
        lambda: nx.single_source_dijkstra_path_length(graph, "n0.road", 1000 * limit_km)
    )
    ours, found = _timed(lambda: reach("n0", limit_km, **asked))
    assert {f"{place}.road" for place in found.places} == truth.keys()
    what = f"{len(network.links):,} links, reach within {limit_km} km"
    yield no_more(f"{what}: time of one search by networkx", ours, theirs, 4.0)


def _questions(network: Network) -> tuple[list[Scenario], list[tuple[str, ...]]]:
    """Return scenarios that each close four links, and pairs of places."""
    from corridors.scenarios.scenario import Scenario

    rng = np.random.default_rng(3)
    open_ = [k.id for k in network.links if k.status(network.on).status == "open"]
    many = [
        Scenario(id=f"s{n}", close=dict.fromkeys(map(str, rng.choice(open_, 4, False)), f"s{n}"))
        for n in range(SCENARIOS)
    ]
    return many, [
        tuple(map(str, rng.choice(sorted(network.layers), 2, False))) for _ in range(PAIRS)
    ]


def _metres(path: Any, lengths: Any) -> float:
    """Return the length of a path of arcs, of which a link has two; NaN if there is none."""
    if path is None:
        return np.nan
    links = np.asarray(path) // 2
    return float(lengths[links[links < len(lengths)]].sum())


def _bundled() -> Iterator[dict[str, Any]]:
    """Compare pairs of the bundled network under random closures."""
    from corridors.network.load import load_network
    from corridors.routing.planner import RoutePlanner
    from corridors.scenarios.terms import Terms

    network = load_network()
    terms = Terms(modes=("rail", "road", "ferry"))
    many, pairs = _questions(network)
    lengths = np.array([link.length_m for link in network.links])

    def ours(engine: str) -> Any:
        (batch,) = RoutePlanner(network, many, terms, engine=engine).batch_each(pairs)
        sums = np.array([[_metres(path, lengths) for path in row] for row in batch.found.paths])
        return batch.found.costs, sums

    planner = RoutePlanner(network, many, terms)
    made = Roads(planner.graph, planner.weighted.costs(planner.weighted.base_state, terms.modes))
    changes = [planner.weighted.changes(state, terms.modes) for state in planner.states]
    ends = [planner.ends(a, b) for a, b in pairs]
    graph = to_multidigraph(made)
    seconds, (table, metres) = _shortest(lambda: ours("auto"))
    slow, (by_scipy, _) = _shortest(lambda: ours("scipy"))
    reached = np.isfinite(table)
    assert np.allclose(table[reached], metres[reached], rtol=1e-12)
    assert np.array_equal(by_scipy, table)
    what = f"bundled network, {SCENARIOS} scenarios × {PAIRS} pairs"
    for name, solve, bar, sample in (
        ("osmnx", by_osmnx, 150.0, 10),
        ("networkx", by_networkx, 60.0, 20),
    ):
        spent, truth = _timed(lambda s=solve, k=sample: _under(graph, made, changes[:k], ends, s))
        assert np.allclose(table[:sample], truth, rtol=1e-12)
        theirs = spent / sample * SCENARIOS
        than = f"× {name}, of a sample of {sample} scenarios"
        yield faster(f"{what}: {than}", seconds, theirs, bar)
        if name == "osmnx":
            yield faster(f"{what}, scipy: {than}", slow, theirs, 6.0)
    # The bare loop knows whole numbers: all lengths are tenths of a metre.
    tenths = Roads(made.graph, made.costs * 10)
    shut = [(arcs, costs * 10) for arcs, costs in changes]
    bare, again = _shortest(lambda: by_bare_loop(tenths, shut, ends))
    assert np.allclose(table * 10, again, rtol=1e-12)
    yield no_more(f"{what}: time of a bare loop over the hierarchy", seconds, bare, 3.0)


def _memory(made: Roads) -> Iterator[dict[str, Any]]:
    """Compare what our loop and the bare one add to the memory, each in its own process."""
    from corridors.routing.engines.node_order import node_order

    added = {}
    with tempfile.TemporaryDirectory() as folder, _cache(folder):
        # The order is made beforehand: its making takes the same memory on both sides.
        node_order(made.graph)
        file = Path(folder) / "roads.npz"
        graph = made.graph
        np.savez(file, tail=graph.tail, head=graph.head, lon=graph.lon, lat=graph.lat,
                 costs=made.costs)  # fmt: skip
        for name in ("ours", "bare"):
            command = [sys.executable, str(Path(__file__)), name, str(file)]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            added[name] = float(run.stdout)
    what = f"{graph.n_nodes:,} nodes, 20 scenarios × {PAIRS} pairs, up to 16 closures"
    yield no_more(f"{what}: memory that a bare loop adds to its graph",
                  added["ours"], added["bare"], 1.5, "MB")  # fmt: skip


def _added_mb(name: str, file: str) -> float:
    """Return by how much a loop raises the memory above that of its graph and libraries."""
    import routingkit_cch as _library

    from corridors.routing import Graph, batch, router

    assert _library, (batch, router)
    with np.load(file) as arrays:
        ends = {key: arrays[key] for key in ("tail", "head", "lon", "lat")}
        made = Roads(Graph(n_nodes=ends["lon"].size, **ends), arrays["costs"])
    changes, pairs = closures(made, 20), _pairs(made)
    gc.collect()
    # Linux forgets the peak so far, which the making of the graph would hide everything below.
    Path("/proc/self/clear_refs").write_text("5")
    before = peak_mb()
    (_ours if name == "ours" else by_bare_loop)(made, changes, pairs)
    return peak_mb() - before


def benches() -> Iterator[dict[str, Any]]:
    """Yield the results."""
    yield from _bundled()
    yield from _large()


if __name__ == "__main__":
    print(_added_mb(*sys.argv[1:]))
