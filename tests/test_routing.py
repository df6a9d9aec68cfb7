"""The routing engines against networkx, and each trap of the libraries below them."""

from __future__ import annotations

import threading

import networkx as nx
import numpy as np
import pytest

from borders.errors import AraxesError, UnknownNameError
from corridors.routing import Graph, Router, scenarios
from corridors.routing.router import ENGINES
from corridors.routing.weights import CLOSED

REAL = [name for name in ENGINES if name != "auto"]
CASES = 10_000


def graph(n_nodes: int, *arcs: tuple[int, int]) -> Graph:
    tail, head = zip(*arcs, strict=True) if arcs else ((), ())
    return Graph(n_nodes=n_nodes, tail=np.array(tail, int), head=np.array(head, int))


def random_graph(rng: np.random.Generator) -> tuple[Graph, np.ndarray]:
    """Return a graph with parallel arcs, loops, arcs of no cost, closed ones, and its costs."""
    n = int(rng.integers(2, 12))
    m = int(rng.integers(1, 40))
    made = Graph(n_nodes=n, tail=rng.integers(0, n, m), head=rng.integers(0, n, m))
    size = rng.choice([1.0, 1000.0, 1e8])
    costs = np.round(rng.random(m) * 8) / 8 * size
    costs[rng.random(m) < 0.1] = 0.0
    costs[rng.random(m) < 0.2] = np.inf
    return made, costs


def truth(made: Graph, costs: np.ndarray) -> np.ndarray:
    """Return all least costs by networkx."""
    oracle = nx.MultiDiGraph()
    oracle.add_nodes_from(range(made.n_nodes))
    for tail, head, cost in zip(made.tail.tolist(), made.head.tolist(), costs, strict=True):
        if np.isfinite(cost):
            oracle.add_edge(tail, head, weight=float(cost))
    found = np.full((made.n_nodes, made.n_nodes), np.inf)
    for source, row in nx.all_pairs_dijkstra_path_length(oracle):
        for target, cost in row.items():
            found[source, target] = cost
    return found


def test_ten_thousand_pairs_cost_what_networkx_says() -> None:
    rng = np.random.default_rng(1921)
    done = 0
    while done < CASES:
        made, costs = random_graph(rng)
        nodes = range(made.n_nodes)
        routers = {name: Router(made, costs, engine=name) for name in REAL}
        changed = costs.copy()
        for step in range(3):
            expected = truth(made, changed)
            tables = {name: router.costs(nodes, nodes) for name, router in routers.items()}
            for name, found in tables.items():
                # Each arc is rounded to half a unit.
                slack = made.n_nodes * routers[name].unit
                assert np.allclose(found, expected, rtol=0, atol=slack), name
                # The same whole numbers in every engine, so the same sums to the last bit.
                assert np.array_equal(found, tables["scipy"]), name
            pairs = [(a, b) for a in nodes for b in nodes]
            for name, router in routers.items():
                check_paths(made, changed, router, pairs, expected, name)
            done += len(pairs)
            arcs = rng.choice(
                made.n_arcs, size=int(rng.integers(0, made.n_arcs + 1)), replace=False
            )
            values = np.where(
                rng.random(arcs.size) < 0.4, np.inf, np.round(rng.random(arcs.size) * 8)
            )
            changed = costs.copy()
            changed[arcs] = values
            for router in routers.values():
                if step == 1:
                    router.reset()
                router.change(arcs, values)


def check_paths(made, costs, router, pairs, expected, name) -> None:
    for (source, target), path in zip(pairs, router.paths(pairs), strict=True):
        if path is None:
            assert np.isinf(expected[source, target]), name
            continue
        slack = made.n_nodes * router.unit
        assert costs[path].sum() == pytest.approx(expected[source, target], abs=slack), name
        assert router.cost(path) == costs[path].sum()
        if path.size:
            assert made.tail[path[0]] == source
            assert made.head[path[-1]] == target
            assert (made.head[path[:-1]] == made.tail[path[1:]]).all()
        else:
            assert source == target


@pytest.mark.parametrize("engine", REAL)
def test_of_parallel_arcs_the_cheapest_counts_not_their_sum(engine: str) -> None:
    router = Router(graph(2, (0, 1), (0, 1), (0, 1)), [5.0, 3.0, 4.0], engine=engine)
    assert router.costs([0], [1]) == [[3.0]]
    assert router.paths([(0, 1)])[0].tolist() == [1]
    router.change([1], [np.inf])
    assert router.paths([(0, 1)])[0].tolist() == [2]


@pytest.mark.parametrize("engine", REAL)
def test_arcs_of_no_cost_are_there(engine: str) -> None:
    router = Router(graph(3, (0, 1), (1, 2)), [0.0, 0.0], engine=engine)
    assert router.costs([0], [0, 1, 2]).tolist() == [[0.0, 0.0, 0.0]]
    assert router.paths([(0, 2)])[0].tolist() == [0, 1]


@pytest.mark.parametrize("engine", REAL)
def test_what_cannot_be_reached_is_infinite_and_has_no_way(engine: str) -> None:
    router = Router(graph(3, (0, 1), (2, 1)), [1.0, np.inf], engine=engine)
    assert router.costs([0, 2], [1, 2]).tolist() == [[1.0, np.inf], [np.inf, 0.0]]
    assert router.paths([(0, 2), (2, 1), (2, 2)])[:2] == [None, None]


@pytest.mark.parametrize("engine", REAL)
@pytest.mark.parametrize("size", [1.0, 1e3, 1e6, 1e9, 1e12, 1e-6])
def test_sums_near_the_bound_of_31_bits_are_no_dead_ends(engine: str, size: float) -> None:
    n = 50
    line = graph(n, *((k, k + 1) for k in range(n - 1)))
    router = Router(line, [(CLOSED - 1) / (n - 1) * size] * (n - 1), engine=engine)
    assert router.costs([0], [n - 1])[0, 0] == pytest.approx((CLOSED - 1) * size, rel=1e-6)


@pytest.mark.parametrize("engine", REAL)
def test_a_change_that_would_overflow_takes_a_coarser_unit(engine: str) -> None:
    router = Router(graph(3, (0, 1), (1, 2), (0, 2)), [1.0, 1.0, 3.0], engine=engine)
    fine = router.unit
    assert router.costs([0], [2])[0, 0] == 2.0
    router.change([0, 2], [1e12, np.inf])
    assert router.costs([0], [2])[0, 0] == pytest.approx(1e12, rel=1e-6)
    assert router.unit > fine
    router.reset()
    assert router.paths([(0, 2)])[0].tolist() in ([0, 1], [2])


@pytest.mark.parametrize("engine", REAL)
@pytest.mark.parametrize("pair", [(-1, 0), (0, 7), (2**31, 0)])
def test_a_node_out_of_range_is_refused_and_the_router_lives_on(engine: str, pair) -> None:
    router = Router(graph(2, (0, 1)), [1.0], engine=engine)
    with pytest.raises(AraxesError, match="of a graph of 2"):
        router.paths([pair])
    assert router.costs([0], [1]) == [[1.0]]


@pytest.mark.parametrize(
    ("costs", "said"),
    [([-1.0], "arc 0 costs -1.0"), ([np.nan], "arc 0 costs nan"), ([1.0, 2.0], "2 costs for 1")],
)
def test_impossible_costs_are_refused(costs, said) -> None:
    with pytest.raises(AraxesError, match=said):
        Router(graph(2, (0, 1)), costs)


@pytest.mark.parametrize(
    "ends", [[2**32], np.array([2**32]), np.array([2**63], np.uint64), [2**70], [-1], [0.5], [2]]
)
def test_arcs_of_unknown_nodes_are_refused_not_wrapped(ends) -> None:
    for arrays in ({"tail": ends, "head": [1]}, {"tail": [1], "head": ends}):
        with pytest.raises(UnknownNameError, match=r"no node|not a whole number"):
            Graph(n_nodes=2, **arrays)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"n_nodes": 0, "tail": [], "head": []}, "a graph of 0 nodes"),
        ({"n_nodes": 2**31, "tail": [], "head": []}, "a graph of 2,147,483,648 nodes"),
        ({"n_nodes": 2, "tail": [0, 1], "head": [1]}, "give one of each an arc"),
        ({"n_nodes": 2, "tail": [[0, 1]], "head": [[1, 0]]}, "give one of each an arc"),
        ({"n_nodes": 2, "tail": [0], "head": [1], "lon": [1.0]}, "lon of shape"),
        ({"n_nodes": 1, "tail": [], "head": [], "lat": [np.nan]}, "lat of shape"),
    ],
)
def test_arrays_that_make_no_graph_are_refused(arrays, said: str) -> None:
    with pytest.raises(AraxesError, match=said):
        Graph(**arrays)


def test_a_graph_keeps_its_arcs_though_the_arrays_change() -> None:
    tail, head = np.array([0], np.int32), np.array([1], np.int32)
    made = Graph(n_nodes=3, tail=tail, head=head)
    head[0] = 2
    assert made.head.tolist() == [1]
    with pytest.raises(ValueError, match="read-only"):
        made.head[0] = 2


def test_impossible_engines_and_arcs_are_refused() -> None:
    with pytest.raises(AraxesError, match="known: auto, cch, scipy, python"):
        Router(graph(2, (0, 1)), [1.0], engine="bellman")
    with pytest.raises(AraxesError, match="arcs 9 to 9 of 1"):
        Router(graph(2, (0, 1)), [1.0]).change([9], [1.0])


def test_auto_takes_a_heap_for_one_question_and_an_engine_for_many() -> None:
    n = 40
    made = graph(n, *((k, (k + 1) % n) for k in range(n)))
    router = Router(made, np.ones(n))
    assert (router.costs([0], [5])[0, 0], router.engine) == (5.0, "python")
    assert (router.costs(range(n), [5])[6, 0], router.engine) == (39.0, "cch")


def test_a_change_is_on_top_of_the_base_not_of_the_change_before() -> None:
    router = Router(graph(2, (0, 1), (0, 1)), [1.0, 2.0])
    router.change([0], [9.0])
    router.change([1], [5.0])
    assert router.costs([0], [1]) == [[1.0]]


def test_questions_from_two_threads_do_not_disturb_each_other() -> None:
    rng = np.random.default_rng(7)
    made = Graph(n_nodes=200, tail=rng.integers(0, 200, 900), head=rng.integers(0, 200, 900))
    router = Router(made, rng.random(900) + 0.1, engine="cch")
    expected = router.costs(range(200), range(200))
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: found.append(router.costs(range(200), range(200))))
        for _ in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 4
    assert all(np.array_equal(table, expected) for table in found)


def test_only_pairs_that_a_closure_touches_are_asked_again() -> None:
    made = graph(4, (0, 1), (2, 3), (0, 1))
    router = Router(made, [1.0, 1.0, 4.0])
    answers = scenarios(router, [([0], [np.inf]), ([2], [9.0]), ([2], [0.5])], [(0, 1), (2, 3)])
    assert answers.costs.tolist() == [[4.0, 1.0], [1.0, 1.0], [0.5, 1.0]]
    # Two at first, one after the closure, none after a rise nobody feels, two after a fall.
    assert answers.asked == 5


def test_many_scenarios_cost_what_networkx_says() -> None:
    rng = np.random.default_rng(3)
    for _ in range(60):
        made, costs = random_graph(rng)
        pairs = [(a, b) for a in range(made.n_nodes) for b in range(made.n_nodes) if a != b]
        changes = []
        for _ in range(6):
            arcs = rng.choice(
                made.n_arcs, size=int(rng.integers(0, 4)) % made.n_arcs, replace=False
            )
            changes.append((arcs, np.where(rng.random(arcs.size) < 0.5, np.inf, 1.0)))
        router = Router(made, costs)
        answers = scenarios(router, changes, pairs)
        for (arcs, values), row in zip(changes, answers.costs, strict=True):
            under = costs.copy()
            under[arcs] = values
            expected = truth(made, under)
            slack = made.n_nodes * router.unit
            assert np.allclose(row, [expected[pair] for pair in pairs], rtol=0, atol=slack)


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    router = Router(graph(2, (0, 1)), [1.0])
    scenarios(router, [([0], [2.0])] * 3, [(0, 1)], progress=lambda *done: told.append(done))
    assert told == [(1, 3), (2, 3), (3, 3)]
