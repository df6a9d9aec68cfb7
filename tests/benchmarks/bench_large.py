"""Networks of 300,000 and of a million links: loaded, asked and ordered.

They are drawn with a fixed seed (`streets`) and read from a compiled file that holds the order of
nodes. What osmnx does is measured on a smaller one and scaled up by the number of links. The
largest real extract runs, too, where it is present (`bench_osm`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from bench_osm import EXTRACTS, REAL
from bench_routing import faster, no_more
from streets import write_streets
from turns import in_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corridors.network.network import Network

SOME, MANY, SAMPLE = 300_000, 1_000_000, 40_000
# Runs of each side whose shortest counts: a busy machine only ever adds.
TIMES = 3
REACH_KM, NEAR_KM = 200.0, 20.0
FROM, TO = "n1", "n150000"


def at_most(bench: str, seconds: float, bar: float) -> dict[str, Any]:
    """Return one line: seconds under a bar that no other program's run gives."""
    return no_more(bench, seconds, bar, 1.0)


def _cpu_s() -> float:
    """Return the CPU seconds of this process and of those that it waited for.

    Where nothing is compared, they say what the clock of an idle machine would.
    """
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _shortest(run: Callable[[], object]) -> float:
    spent = []
    for _ in range(TIMES):
        begin = _cpu_s() if os.name == "posix" else time.perf_counter()
        run()
        spent.append((_cpu_s() if os.name == "posix" else time.perf_counter()) - begin)
    return min(spent)


def _touched(file: Path) -> Network:
    """Return the network of a file, each of its numbers read once."""
    from corridors.network.load import load_network

    network = load_network(file)
    for array in network.mapped.arrays.values():  # type: ignore[attr-defined]
        array.sum()
    return network


def benches() -> Iterator[dict[str, Any]]:
    """Yield a line for each bar."""
    with tempfile.TemporaryDirectory() as folder:
        some, many = Path(folder, "some.npz"), Path(folder, "many.npz")
        write_streets(some, SOME)
        write_streets(many, MANY)
        yield from _routes(many, Path(folder))
        yield from _reach(some)
        yield at_most(
            "300,000 links: araxes route in all, CPU", _shortest(lambda: _command(some)), 1.0
        )
        yield from _orders(Path(folder))
        if (EXTRACTS / REAL[0]).is_file():
            yield from _real(EXTRACTS / REAL[0], Path(folder))


def _real(extract: Path, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what a first route on a real extract takes, beside osmnx on the same links."""
    from corridors import network_from_osm
    from corridors.network.compiled import write_compiled
    from corridors.network.load import load_network
    from corridors.routing.engines.node_order import compute_order
    from corridors.routing.find import route
    from corridors.routing.planner import graph_of

    made, file = network_from_osm(extract), folder / "real.npz"
    write_compiled(made.table, made.about, file, compute_order(graph_of(made)))
    table, name = made.table, extract.name
    largest = np.flatnonzero(table.parts == 0)
    ends = [table.place_of(int(largest[n])) for n in (0, len(largest) // 2)]
    ours = _shortest(lambda: route(*ends, network=load_network(file)))
    than = "× osmnx.load_graphml and shortest path"
    yield faster(f"{name}: load and first route, {than}", ours, _osmnx(file, folder), 50.0)
    yield at_most(
        f"{name}: araxes route in all, CPU", _shortest(lambda: _command(file, *ends)), 1.0
    )


def _command(file: Path, start: str = FROM, end: str = TO) -> None:
    subprocess.run(
        [sys.executable, "-m", "maps.cli", "route", start, end, "--network", str(file), "--json"],
        check=True, capture_output=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip


def _routes(file: Path, folder: Path) -> Iterator[dict[str, Any]]:
    from corridors.analysis.compare import compare
    from corridors.analysis.reach import reach
    from corridors.network.load import load_network
    from corridors.routing.find import route

    size = "1,000,000 links"
    yield at_most(f"{size}: load and touch, CPU", _shortest(lambda: _touched(file)), 0.2)
    asked: list[Network] = []

    def first() -> None:
        asked[:] = [load_network(file)]
        route(FROM, TO, network=asked[0])

    ours = _shortest(first)
    yield at_most(f"{size}: load and first route, order stored, CPU", ours, 3.0)
    beside = [_beside(asked[0], n) for n in (0.3, 0.6)]
    divided = _shortest(lambda: route(*beside, network=load_network(file)))
    yield at_most(f"{size}: load and first route between coordinates, CPU", divided, 3.0)
    others = iter([_beside(asked[0], 0.1 + n / 50) for n in range(5 * TIMES + 1)])
    again = _shortest(lambda: route(next(others), next(others), network=asked[0]))
    yield at_most(f"{size}: next route between other coordinates, CPU", again, 0.25)
    compared = _shortest(lambda: compare((next(others), next(others)), network=asked[0]))
    yield at_most(f"{size}: next comparison between other coordinates, CPU", compared, 0.4)
    reach(next(others), NEAR_KM, network=asked[0])
    near = _shortest(lambda: reach(next(others), NEAR_KM, network=asked[0]))
    yield at_most(f"{size}: next reach from other coordinates, CPU", near, 0.25)
    rng = np.random.default_rng(5)
    pairs = rng.integers(1, 600_000, (10 * TIMES, 2))
    ends = iter([(f"n{a}", f"n{b}") for a, b in pairs.tolist()])
    # The clock of CPU seconds ticks in hundredths.
    following = _shortest(lambda: [route(*next(ends), network=asked[0]) for _ in range(10)]) / 10
    yield at_most(f"{size}: next route, CPU", following, 0.02)
    sample = folder / "sample.npz"
    write_streets(sample, SAMPLE)
    theirs = _osmnx(sample, folder) * MANY / SAMPLE
    than = f"× osmnx.load_graphml and shortest path, of {SAMPLE:,} links"
    yield faster(f"{size}: load and first route, {than}", ours, theirs, 50.0)


def _beside(network: Network, share: float) -> str:
    """Return coordinates some 100 m north of a vertex of a network, so far along in its file."""
    courses = network.links.xy  # type: ignore[attr-defined]
    lon, lat = courses[int(share * len(courses))] / 1e7
    return f"{lat + 0.001:.5f},{lon:.5f}"


def _osmnx(file: Path, folder: Path) -> float:
    """Return the seconds that osmnx takes to load a network as a graph and to find one path."""
    import networkx as nx
    import osmnx

    graphml, network = folder / "sample.graphml", _touched(file)
    osmnx.save_graphml(network.to_osmnx(), graphml)
    begin = _cpu_s()
    graph = osmnx.load_graphml(graphml)
    nodes = list(graph)
    # In a real network some are not joined: what is searched is the same.
    with suppress(nx.NetworkXNoPath):
        nx.shortest_path(graph, nodes[0], nodes[len(nodes) // 2], weight="length")
    return _cpu_s() - begin


def _reach(file: Path) -> Iterator[dict[str, Any]]:
    """Compare what lies within a distance with one search of SciPy over the same matrix."""
    from scipy.sparse.csgraph import dijkstra

    from corridors.analysis.reach import reach
    from corridors.network.load import load_network
    from corridors.routing.planner import RoutePlanner
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

    network = load_network(file)
    terms = Terms(modes=("road",))
    planner = RoutePlanner(network, [Scenario(id="now")], terms)
    costs, graph = planner.weighted.costs(planner.states[0], ("road",)), planner.graph
    from scipy.sparse import csr_array

    # Streets have no parallels, so that nothing is summed.
    matrix = csr_array((costs, (graph.tail, graph.head)), shape=(graph.n_nodes,) * 2)
    start = planner.network.ends.departure[FROM]

    def theirs() -> Any:
        return dijkstra(matrix, indices=start, limit=1000 * REACH_KM)

    def ours() -> Any:
        return reach(FROM, REACH_KM, terms=terms, network=network)

    assert len(ours().places) == int(np.isfinite(theirs()).sum())
    spent = in_turn(ours, theirs, repeats=5)
    yield no_more(f"300,000 links: reach within {REACH_KM:g} km, SciPy's Dijkstra", *spent, 2.0)


def _orders(folder: Path) -> Iterator[dict[str, Any]]:
    """Compare the order of nodes by METIS with that of RoutingKit, which needs no partitioner."""
    import routingkit_cch

    from corridors.network.load import load_network
    from corridors.routing.engines.node_order import compute_order
    from corridors.routing.planner import graph_of

    file = folder / "order.npz"
    for links in (100_000, SOME, MANY):
        write_streets(file, links)
        graph = graph_of(load_network(file))
        assert graph.lon is not None
        assert graph.lat is not None
        ends = graph.n_nodes, graph.tail.tolist(), graph.head.tolist()
        at = graph.lat.tolist(), graph.lon.tolist()
        begin = _cpu_s()
        compute_order(graph)
        middle = _cpu_s()
        routingkit_cch.compute_order_inertial(*ends, *at)
        theirs = _cpu_s() - middle
        # The order by METIS makes hierarchies smaller; it takes less time, too.
        yield no_more(
            f"{links:,} links: node order, CPU, without METIS", middle - begin, theirs, 1.0
        )


if __name__ == "__main__":
    import json

    for result in benches():
        print(json.dumps(result), flush=True)
