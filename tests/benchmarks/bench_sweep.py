"""Series and sweeps beside networkx and a bare loop over the hierarchy; two workers beside one.

What takes too long is measured on a stated sample and scaled up. What processes do is measured in
seconds of the processor, which other work on the machine does not lengthen.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from bench_routing import faster, no_more
from memory import peak_mb
from roads import Roads, by_bare_loop, by_networkx, changed, compile_to, roads, to_multidigraph

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))

from dask_cluster import dask_cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from roads import Change

    from corridors.network.network import Network
    from corridors.sweeps.question import Question

TOWNS, SCENARIOS, PAIRS = 137, 400, 50
PAIR, YEARS, DRAWS = ("Kars", "Baku"), "1990:2026", 10_000
TICKS = os.sysconf("SC_CLK_TCK")


def _cpu(run: Callable[[], Any]) -> tuple[float, Any]:
    """Return seconds of the processor, and the result."""
    gc.collect()
    start = time.process_time()
    found = run()
    return time.process_time() - start, found


def _least(run: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    return min((_cpu(run) for _ in range(times)), key=lambda timed: timed[0])


def _graph_of(planner: Any, costs: np.ndarray) -> Any:
    """Return the arcs of finite cost as a graph of networkx."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    arcs = np.flatnonzero(np.isfinite(costs))
    ends = planner.graph.tail[arcs].tolist(), planner.graph.head[arcs].tolist()
    graph.add_weighted_edges_from(zip(*ends, costs[arcs].tolist(), strict=True))
    return graph


def _series() -> Iterator[dict[str, Any]]:
    """Compare a series with a graph and a search of networkx for each of its days."""
    import networkx as nx

    from corridors.analysis.series import days_of, series
    from corridors.routing.query import planner_for
    from corridors.scenarios.terms import Terms

    def by_day(terms: Terms) -> list[float]:
        found = []
        for modes in terms.choices:
            for day in days_of(YEARS):
                planner = planner_for(["status-quo"], terms, None, day)
                graph = _graph_of(planner, planner.weighted.costs(planner.states[0], modes))
                ((a, b),) = planner.stops.stations(modes, [("kars", "baku")])
                try:
                    best = nx.dijkstra_path_length(graph, *planner.ends(a, b))
                except (nx.NetworkXNoPath, nx.NodeNotFound):
                    best = np.inf
                found.append(best)
        return found

    for by in ("km", "hours"):
        terms = Terms(by=by)
        series(*PAIR, "2020:2021", terms=terms)
        ours, rows = _least(lambda t=terms: series(*PAIR, YEARS, terms=t))
        theirs, truth = _cpu(lambda t=terms: by_day(t))
        unit = 1000 if by == "km" else 1
        least = [np.inf if row.way is None else unit * row.way.least()[0] for row in rows]
        assert np.allclose(least, truth, rtol=1e-9)
        what = f"series over 37 years by {by}"
        yield faster(f"{what}: × the day's network and networkx for each day", ours, theirs, 5.0)
        yield no_more(f"{what}: of half a second", ours, 0.5, 1.0)


def _draws() -> Iterator[dict[str, Any]]:
    """Compare a comparison in 10,000 draws with networkx on the same weights."""
    import networkx as nx

    from corridors.analysis.draws import DrawnCosts, Draws
    from corridors.routing.query import planner_for
    from corridors.scenarios.terms import Terms
    from corridors.sweeps.run import sweep

    terms, scenarios, sample = Terms(by="hours"), ["status-quo", "tripp-open"], 10
    asked = {"scenarios": scenarios, "terms": terms, "seed": 1}
    sweep(PAIR, draws=10, **asked)
    ours, table = _least(lambda: sweep(PAIR, draws=DRAWS, **asked))
    planner = planner_for(scenarios, terms, None, None)
    drawn = [DrawnCosts(state, Draws(n=DRAWS, seed=1)).costs("hours", 0)[:, :sample]
             for state in planner.states]  # fmt: skip

    def by_networkx_alone() -> list[float]:
        found = []
        for state, weights in zip(planner.states, drawn, strict=True):
            for modes in terms.choices:
                usable = np.isfinite(planner.weighted.costs(state, modes))
                ((a, b),) = planner.stops.stations(modes, [("kars", "baku")])
                for draw in range(sample):
                    costs = np.where(usable, 0.0, np.inf)
                    costs[: len(weights)] += weights[:, draw]
                    graph = _graph_of(planner, costs)
                    found.append(nx.dijkstra_path_length(graph, *planner.ends(a, b)))
        return found

    theirs, truth = _cpu(by_networkx_alone)
    first = table[table["draw"] < sample]["hours"].to_numpy()
    assert np.allclose(first, truth, rtol=1e-9)
    what = f"comparison of two scenarios in {DRAWS:,} draws, with its table"
    yield faster(f"{what}: × networkx, of a sample of {sample} draws", ours,
                 theirs / sample * DRAWS, 30.0)  # fmt: skip
    yield no_more(f"{what}: of two seconds", ours, 2.0, 1.0)


def _scenarios(made: Roads) -> list[tuple[int, list[int]]]:
    """Return scenarios that open one planned street each and close 1 to 16 others."""
    rng = np.random.default_rng(16)
    streets = rng.permutation(made.graph.n_arcs // 2).tolist()
    planned, others = streets[:SCENARIOS], streets[SCENARIOS:]
    return [
        (opened, rng.choice(others, int(rng.integers(1, 17)), replace=False).tolist())
        for opened in planned
    ]


def _as_arcs(made: Roads, scenarios: list[tuple[int, list[int]]]) -> tuple[Roads, list[Change]]:
    """Return the streets with the planned ones closed, and what the scenarios change of them."""
    half = made.graph.n_arcs // 2
    costs = made.costs.copy()
    planned = np.array([opened for opened, _ in scenarios])
    costs[np.r_[planned, planned + half]] = np.inf
    changes = []
    for opened, closed in scenarios:
        arcs = np.array([opened, opened + half, *closed, *(k + half for k in closed)])
        values = np.full(arcs.size, np.inf)
        values[:2] = made.costs[arcs[:2]]
        changes.append((arcs, values))
    return Roads(made.graph, costs), changes


def _ends(made: Roads) -> list[tuple[int, int]]:
    rng = np.random.default_rng(7)
    return [(int(a), int(b)) for a, b in rng.choice(made.graph.n_nodes, (PAIRS, 2))]


def _question(file: Path, *, points: bool = False) -> Question:
    """Return the sweep over the large network.

    Parameters
    ----------
    points : between points of streets at the nodes, a third of the way, and not between the nodes.
    """
    from corridors.network.load import load_network
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms
    from corridors.sweeps.question import ask

    about = json.loads(file.with_suffix(".json").read_text())
    scenarios = [
        Scenario(id=f"s{n}", open={f"w{opened}.0": ""}, close={f"w{k}.0": "" for k in closed})
        for n, (opened, closed) in enumerate(about["scenarios"])
    ]
    pairs = [(f"n{a}", f"n{b}") for a, b in about["ends"]]
    if points:
        network = load_network(file)
        pairs = [(_on_street(network, a), _on_street(network, b)) for a, b in pairs]
    return ask(pairs, scenarios=scenarios, terms=Terms(modes="road"), network=str(file))


def _on_street(network: Network, node: str) -> str:
    """Return the coordinates of a point of a street at a node."""
    (lon, lat), (to_lon, to_lat) = network.links.meeting(node)[0].xy  # type: ignore[attr-defined]
    return f"{lat + (to_lat - lat) / 3:.7f},{lon + (to_lon - lon) / 3:.7f}"


def _alone(file: str) -> dict[str, float]:
    """Return seconds, from its start, and megabytes of one process that answers the question."""
    from corridors.sweeps.run import answer

    table = answer(_question(Path(file)))
    np.savez(Path(file).with_suffix(".alone.npz"), km=table["km"], hours=table["hours"])
    return {"seconds": time.process_time(), "mb": peak_mb()}


def _used_s(pid: int) -> float:
    """Return the seconds of the processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _by_workers(file: Path, folder: Path, *, kill: bool) -> tuple[list[float], list[float], Any]:
    """Return the seconds of two workers since they were ready, their megabytes, and the table."""
    from corridors.sweeps.run import answer

    question = _question(file)
    folder.mkdir()
    with dask_cluster(folder) as (address, workers):
        before = [_used_s(worker.pid) for worker in workers]
        after: dict[int, float] = {}

        def progress(done: int, total: int) -> None:
            if kill and 0 not in after and done >= total // 2:
                after[0] = _used_s(workers[0].pid)
                os.kill(workers[0].pid, signal.SIGKILL)

        table = answer(question, scheduler=address, progress=progress)
        used, peaks = [], []
        for n, worker in enumerate(workers):
            used.append((after.get(n) or _used_s(worker.pid)) - before[n])
            peaks.append(0.0 if n in after else peak_mb(worker.pid))
    return used, peaks, table


def _large() -> Iterator[dict[str, Any]]:
    made = roads(TOWNS)
    scenarios, ends = _scenarios(made), _ends(made)
    base, changes = _as_arcs(made, scenarios)
    size = (
        f"{made.graph.n_nodes:,} nodes, {SCENARIOS} scenarios of an opening and up to 16 closures "
        f"× {PAIRS} pairs"
    )
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ARAXES_CACHE"] = folder
        # As installed, modules come from bytecode; where none may be written beside them, a process
        # would compile them all anew, which has nothing to do with the sweep.
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "bytecode")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        file = Path(folder) / "roads.npz"
        compile_to(made, file, np.array([opened for opened, _ in scenarios]))
        file.with_suffix(".json").write_text(json.dumps({"scenarios": scenarios, "ends": ends}))
        yield from _one_process(base, changes, ends, file, size)
        yield from _two_workers(file, size)
        del os.environ["ARAXES_CACHE"], os.environ["PYTHONPYCACHEPREFIX"]


def _one_process(
    made: Roads, changes: list[Change], ends: list[tuple[int, int]], file: Path, size: str
) -> Iterator[dict[str, Any]]:
    from corridors.sweeps.run import answer

    bare, truth = _cpu(lambda: by_bare_loop(made, changes, ends))
    question = _question(file)
    ours, table = _cpu(lambda: answer(question))
    assert np.allclose(np.nan_to_num(table["km"], nan=np.inf) * 1000, truth.ravel(), rtol=1e-9)
    yield no_more(f"sweep, {size}: time of a bare loop over the hierarchy", ours, bare, 1.3)
    question = _question(file, points=True)
    assert question.pairs[0][0].link
    between, _ = _cpu(lambda: answer(question))
    yield no_more(f"sweep, {size}, between nodes: time of a bare loop", between, bare, 1.3)
    graph, few, some = to_multidigraph(made), 2, 4

    def sample() -> list[list[float]]:
        found = []
        for change in changes[:few]:
            with changed(graph, made, change):
                found.append(by_networkx(graph, ends[:some]))
        return found

    theirs, found = _cpu(sample)
    assert np.array_equal(truth[:few, :some], found)
    whole = theirs / (few * some) * truth.size
    than = f"× networkx, of a sample of {few} scenarios × {some} pairs"
    yield faster(f"sweep, {size}: {than}", ours, whole, 300.0)


def _two_workers(file: Path, size: str) -> Iterator[dict[str, Any]]:
    """Compare two workers of a scheduler with one process, which all find the order made.

    Each is run three times in turn and the least counts: other work on the machine takes the
    caches from them, by more than what is compared.
    """
    command = [sys.executable, str(Path(__file__)), str(file)]
    alone, used = {"seconds": np.inf, "mb": np.inf}, [np.inf]
    for n in range(3):
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        alone = {key: min(value, alone[key]) for key, value in json.loads(run.stdout).items()}
        turn, peaks, table = _by_workers(file, file.parent / f"two{n}", kill=False)
        used = min(used, turn, key=max)
    with np.load(file.with_suffix(".alone.npz")) as arrays:
        truth = {key: arrays[key] for key in arrays}
    assert all(np.array_equal(table[key], truth[key], equal_nan=True) for key in truth)
    what = f"sweep, {size}, two workers"
    yield no_more(f"{what}: processor time of the busier, of one process alone",
                  max(used), alone["seconds"], 0.7)  # fmt: skip
    yield no_more(f"{what}: memory of the larger, of one process alone", max(peaks), alone["mb"],
                  1.3, "MB")  # fmt: skip
    killed, _, again = _by_workers(file, file.parent / "killed", kill=True)
    assert all(np.array_equal(again[key], truth[key], equal_nan=True) for key in truth)
    yield no_more(f"{what}: processor time of both, one killed half-way, of both unharmed",
                  sum(killed), sum(used), 1.5)  # fmt: skip


def benches() -> Iterator[dict[str, Any]]:
    """Yield the results."""
    yield from _series()
    yield from _draws()
    yield from _large()


if __name__ == "__main__":
    print(json.dumps(_alone(sys.argv[1])))
