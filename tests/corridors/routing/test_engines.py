"""The traps of the libraries below the router, a test each."""

from __future__ import annotations

import numpy as np
import pytest

from corridors.routing import Graph, Router, router
from corridors.routing.engines import scipy_engine
from corridors.routing.engines.dijkstra import DijkstraEngine
from corridors.routing.integer_costs import INF_WEIGHT
from corridors.routing.router import ENGINES

REAL = [name for name in ENGINES if name != "auto"]


def graph(n_nodes: int, *arcs: tuple[int, int]) -> Graph:
    tail, head = zip(*arcs, strict=True) if arcs else ((), ())
    return Graph(n_nodes=n_nodes, tail=np.array(tail, int), head=np.array(head, int))


def random_router(engine: str, *, n: int = 200, m: int = 900) -> Router:
    rng = np.random.default_rng(7)
    made = Graph(n_nodes=n, tail=rng.integers(0, n, m), head=rng.integers(0, n, m))
    return Router(made, rng.integers(1, 99, m), engine=engine)


@pytest.mark.parametrize("engine", REAL)
def test_of_parallel_arcs_the_cheapest_counts_not_their_sum(engine: str) -> None:
    three = Router(graph(2, (0, 1), (0, 1), (0, 1)), [5.0, 3.0, 4.0], engine=engine)
    assert three.costs([0], [1]) == [[3.0]]
    assert three.paths([(0, 1)])[0].tolist() == [1]
    three.change([1], [np.inf])
    assert three.paths([(0, 1)])[0].tolist() == [2]


@pytest.mark.parametrize("engine", REAL)
def test_arcs_of_no_cost_are_there(engine: str) -> None:
    free = Router(graph(3, (0, 1), (1, 2), (1, 1)), [0.0, 0.0, 0.0], engine=engine)
    assert free.costs([0], [0, 1, 2]).tolist() == [[0.0, 0.0, 0.0]]
    assert free.paths([(0, 2)])[0].tolist() == [0, 1]


@pytest.mark.parametrize("engine", REAL)
def test_what_cannot_be_reached_is_infinite_and_has_no_way(engine: str) -> None:
    apart = Router(graph(3, (0, 1), (2, 1)), [1.0, np.inf], engine=engine)
    assert apart.costs([0, 2], [1, 2]).tolist() == [[1.0, np.inf], [np.inf, 0.0]]
    assert apart.pair_costs([(2, 1), (2, 2)]).tolist() == [np.inf, 0.0]
    assert apart.paths([(0, 2), (2, 1)]) == [None, None]
    assert apart.cost(None) == np.inf


@pytest.mark.parametrize("engine", REAL)
def test_a_graph_without_arcs_has_ways_from_each_node_to_itself(engine: str) -> None:
    alone = Router(graph(1500), [], engine=engine)
    assert alone.costs([3], [3, 4]).tolist() == [[0.0, np.inf]]
    assert alone.paths([(5, 5)])[0].size == 0


@pytest.mark.parametrize("engine", REAL)
def test_an_arc_declared_closed_may_be_opened(engine: str) -> None:
    planned = Router(graph(2, (0, 1)), [np.inf], engine=engine)
    assert planned.costs([0], [1]) == [[np.inf]]
    planned.change([0], [0.3])
    assert planned.costs([0], [1]) == [[0.3]]
    planned.reset()
    assert planned.costs([0], [1]) == [[np.inf]]


def line(n_arcs: int) -> Graph:
    return graph(n_arcs + 1, *((k, k + 1) for k in range(n_arcs)))


@pytest.mark.parametrize("engine", REAL)
@pytest.mark.parametrize(
    "total", [INF_WEIGHT - 2, INF_WEIGHT - 1, INF_WEIGHT, INF_WEIGHT + 1, 2**32, 2**53]
)
@pytest.mark.parametrize("size", [1.0, 0.125, 0.1, 1e-300, 1e270])
def test_sums_near_the_bound_of_31_bits_are_no_dead_ends(
    engine: str, total: int, size: float
) -> None:
    costs = np.array([2.0**30, 1.0, total - 2.0**30 - 1]) * size
    long = Router(line(3), costs, engine=engine)
    assert long.costs([0], [3])[0, 0] == pytest.approx(total * size, rel=1e-15)
    assert long.cost(long.paths([(0, 3)])[0]) == long.pair_costs([(0, 3)])[0]


def test_the_hierarchy_answers_just_below_the_bound_and_another_engine_beyond() -> None:
    for total, engine in ((INF_WEIGHT - 9, "cch"), (INF_WEIGHT + 10, "scipy")):
        long = Router(line(2), [2.0**30, total - 2.0**30], engine="cch")
        assert (long.costs([0], [2])[0, 0], long.engine) == (total, engine)


@pytest.mark.parametrize("engine", REAL)
def test_costs_that_all_rise_still_add_up_and_fall_again(engine: str) -> None:
    long = Router(line(49), [1.0] * 49, engine=engine)
    assert long.costs([0], [49]) == [[49]]
    long.change(range(49), [1e8] * 49)
    assert long.costs([0], [49]) == [[49e8]]
    long.reset()
    assert (long.costs([0], [49])[0, 0], long.engine) == (49.0, engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("huge", [1e7, 1e9, 1e12, 1e300])
def test_one_huge_cost_does_not_flatten_the_others(engine: str, huge: float) -> None:
    far = graph(4, (0, 1), (1, 2), (0, 2), (2, 3))
    apart = Router(far, [0.3, 0.3, 0.7, huge], engine=engine)
    assert apart.costs([0], [2, 3]).tolist() == [[0.6, huge + 0.6]]
    assert apart.paths([(0, 2)])[0].tolist() == [0, 1]


@pytest.mark.parametrize("engine", ENGINES)
def test_after_a_huge_cost_a_reset_brings_the_fine_costs_back(engine: str) -> None:
    far = graph(4, (0, 1), (1, 2), (0, 2), (2, 3))
    changed = Router(far, [0.25, 0.25, 0.75, 4.0], engine=engine)
    before = changed.costs(range(4), range(4))
    changed.change([0], [1e12])
    assert changed.costs([0], [1, 2]).tolist() == [[1e12, 0.75]]
    assert changed.paths([(0, 2)])[0].tolist() == [2]
    changed.reset()
    assert changed.paths([(0, 2)])[0].tolist() == [0, 1]
    assert np.array_equal(changed.costs(range(4), range(4)), before)


def grid(side: int, costs) -> tuple[Graph, np.ndarray]:
    """Return a two-way grid, and costs each way."""
    node = np.arange(side * side).reshape(side, side)
    ends = [(node[:, :-1], node[:, 1:]), (node[:-1], node[1:])]
    a, b = (np.concatenate([one[k].ravel() for one in ends]) for k in (0, 1))
    return Graph(n_nodes=side * side, tail=np.r_[a, b], head=np.r_[b, a]), costs(2 * a.size)


def test_the_hierarchy_may_answer_nearly_for_floats_and_proves_how_nearly() -> None:
    rng = np.random.default_rng(2)
    made, costs = grid(30, lambda n: rng.lognormal(0, 1, n))
    pairs = [tuple(pair) for pair in rng.integers(0, made.n_nodes, (60, 2)).tolist()]
    exact = Router(made, costs, engine="scipy").pair_costs(pairs)
    near = Router(made, costs, engine="cch", within=1e-4)
    found = near.pair_costs(pairs)
    assert near.engine == "cch"
    assert (found >= exact).all()
    assert (found <= exact * (1 + 1e-4)).all()
    assert np.array_equal(found, [near.cost(path) for path in near.paths(pairs)])
    # Costs without ways are proved by nothing, so another engine adds them up.
    sources, targets = [a for a, _ in pairs], [b for _, b in pairs]
    assert np.array_equal(np.diag(near.costs(sources, targets)), exact)
    assert near.engine == "scipy"


def test_what_is_not_proved_to_be_near_the_best_is_searched_for_exactly() -> None:
    rng = np.random.default_rng(2)
    made, costs = grid(30, lambda n: rng.lognormal(0, 1, n))
    costs[rng.integers(0, costs.size, 9)] = 1e12
    pairs = [tuple(pair) for pair in rng.integers(0, made.n_nodes, (60, 2)).tolist()]
    near = Router(made, costs, engine="cch", within=1e-4)
    exact = Router(made, costs, engine="scipy").pair_costs(pairs)
    assert np.array_equal(near.pair_costs(pairs), exact)
    near.change(range(made.n_arcs), np.ones(made.n_arcs))
    assert near.pair_costs([(0, 899)]) == [58.0]


def test_costs_rounded_to_the_nearest_would_prove_too_much() -> None:
    far = graph(6, (0, 1), (1, 2), (2, 3), (0, 3), (4, 5))
    # The last arc makes the unit 1: three times 10.51 is 33 to the nearest, and 32.4 is 32.
    near = Router(far, [10.51, 10.51, 10.51, 32.4, 1.5e9], engine="cch", within=0.013)
    assert near.pair_costs([(0, 3)]) == [pytest.approx(31.53)]


@pytest.mark.parametrize("at_once", [1, 3 * 12 * 200])
def test_trees_that_do_not_fit_at_once_are_grown_some_at_a_time(monkeypatch, at_once: int) -> None:
    expected = random_router("scipy").costs(range(20), range(200))
    pairs = [(a, b) for b in range(5) for a in range(20)]
    monkeypatch.setattr(scipy_engine, "MAX_TREE_BYTES", at_once)
    few = random_router("scipy")
    assert np.array_equal(few.costs(range(20), range(200)), expected)
    assert np.array_equal(few.pair_costs(pairs), expected[:, :5].T.ravel())
    assert [few.cost(path) for path in few.paths(pairs)] == expected[:, :5].T.ravel().tolist()


def test_auto_takes_a_heap_for_one_question_and_an_engine_for_many(monkeypatch) -> None:
    n = 40
    made = graph(n, *((k, (k + 1) % n) for k in range(n)))
    ring = Router(made, np.ones(n))
    assert (ring.costs([0], [5])[0, 0], ring.engine) == (5.0, "python")
    assert (ring.costs(range(n), [5])[6, 0], ring.engine) == (39.0, "cch")
    ring.change([0], [1e-9])
    assert (ring.costs([0], [1])[0, 0], ring.engine) == (1e-9, "scipy")
    ring.reset()
    assert (ring.costs([0], [1])[0, 0], ring.engine) == (1.0, "cch")
    monkeypatch.setattr(router, "cch_installed", lambda: False)
    assert (ring.costs([0], [2])[0, 0], ring.engine) == (2.0, "scipy")


def test_a_change_is_on_top_of_the_base_not_of_the_change_before() -> None:
    for engine in REAL:
        two = Router(graph(2, (0, 1), (0, 1)), [1.0, 2.0], engine=engine)
        two.change([0], [9.0])
        assert two.costs([0], [1]) == [[2.0]]
        two.change([1, 1], [7.0, 5.0])
        assert two.costs([0], [1]) == [[1.0]]
        two.change([0, 1], [np.inf, 5.0])
        assert two.costs([0], [1]) == [[5.0]]


def test_a_change_that_was_interrupted_half_way_is_undone_by_the_next(monkeypatch) -> None:
    two = Router(graph(2, (0, 1), (0, 1)), [4.0, 5.0], engine="python")
    assert two.costs([0], [1]) == [[4.0]]
    whole = DijkstraEngine.update

    def half(self, changes) -> None:
        whole(self, {0: changes[0]})
        raise KeyboardInterrupt

    two.change([0, 1], [1.0, 1.0])
    with monkeypatch.context() as stopping:
        stopping.setattr(DijkstraEngine, "update", half)
        with pytest.raises(KeyboardInterrupt):
            two.costs([0], [1])
    two.change([1], [3.0])
    assert two.costs([0], [1]) == [[3.0]]
    two.reset()
    assert two.costs([0], [1]) == [[4.0]]
