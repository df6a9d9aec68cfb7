"""The traps of the libraries below the router, a test each."""

from __future__ import annotations

import pickle
import sys
import threading
from types import SimpleNamespace

import numpy as np
import pytest
import routingkit_cch

from corridors.routing import Graph, Router, router, scenarios
from corridors.routing.hierarchy import Hierarchy
from corridors.routing.router import ENGINES
from corridors.routing.weights import NARROW

REAL = [name for name in ENGINES if name != "auto"]


def graph(n_nodes: int, *arcs: tuple[int, int]) -> Graph:
    tail, head = zip(*arcs, strict=True) if arcs else ((), ())
    return Graph(n_nodes=n_nodes, tail=np.array(tail, int), head=np.array(head, int))


def random_router(engine: str, *, n: int = 200, m: int = 900) -> Router:
    rng = np.random.default_rng(7)
    made = Graph(n_nodes=n, tail=rng.integers(0, n, m), head=rng.integers(0, n, m))
    return Router(made, rng.integers(1, 99, m), engine=engine)


@pytest.fixture
def calls(monkeypatch) -> list[tuple[str, object]]:
    """Return what the library of the hierarchy is called with, while the test runs."""
    seen: list[tuple[str, object]] = []

    class Metric:
        def __init__(self, cch, weights) -> None:
            seen.append(("metric", weights))
            self.real = routingkit_cch.CCHMetric(cch, weights)

        def reset(self, weights) -> None:
            seen.append(("reset", weights))
            self.real.reset(weights)

    class Updater:
        def __init__(self, cch) -> None:
            self.real = routingkit_cch.CCHMetricPartialUpdater(cch)

        def apply(self, metric, changes) -> None:
            seen.append(("update", changes))
            self.real.apply(metric.real, changes)

    ours = {
        "CCHMetric": Metric,
        "CCHMetricPartialUpdater": Updater,
        "CCHQuery": lambda metric: routingkit_cch.CCHQuery(metric.real),
    }
    fake = SimpleNamespace(**(vars(routingkit_cch) | ours))
    monkeypatch.setitem(sys.modules, "routingkit_cch", fake)
    return seen


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
@pytest.mark.parametrize("total", [NARROW - 2, NARROW - 1, NARROW, NARROW + 1, 2**32, 2**53])
@pytest.mark.parametrize("size", [1.0, 0.125, 0.1, 1e-300, 1e270])
def test_sums_near_the_bound_of_31_bits_are_no_dead_ends(
    engine: str, total: int, size: float
) -> None:
    costs = np.array([2.0**30, 1.0, total - 2.0**30 - 1]) * size
    long = Router(line(3), costs, engine=engine)
    assert long.costs([0], [3])[0, 0] == pytest.approx(total * size, rel=1e-15)
    assert long.cost(long.paths([(0, 3)])[0]) == long.pair_costs([(0, 3)])[0]


def test_the_hierarchy_answers_just_below_the_bound_and_another_engine_beyond() -> None:
    for total, engine in ((NARROW - 9, "cch"), (NARROW + 10, "scipy")):
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
    monkeypatch.setattr(router, "_installed", lambda: False)
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


def test_few_changes_are_applied_arc_by_arc_and_many_by_a_reset(calls) -> None:
    many = random_router("cch")
    many.pair_costs([(0, 1)])
    many.change([1, 2], [500, 600])
    many.pair_costs([(0, 1)])
    many.change(range(100), range(100, 200))
    many.pair_costs([(0, 1)])
    many.reset()
    many.change([], [])
    assert [kind for kind, _ in calls] == ["metric", "update", "reset"]
    # Nothing is asked, so nothing is undone yet.
    many.pair_costs([(0, 1)])
    assert [kind for kind, _ in calls][3:] == ["reset"]


def test_the_library_is_given_lists_which_it_reads_faster(calls) -> None:
    many = random_router("cch")
    for arcs in ([], range(100)):
        many.change(arcs, [5] * len(arcs))
        many.pair_costs([(0, 1)])
    assert [kind for kind, _ in calls] == ["metric", "reset"]
    assert all(type(weights) is list and type(weights[0]) is int for _, weights in calls)


@pytest.mark.parametrize("ask", ["paths", "pairs"])
def test_weights_may_change_after_a_question_that_was_interrupted(ask: str) -> None:
    engine = Hierarchy(graph(3, (0, 1), (1, 2)), np.array([1, 1]))

    def stopped():
        yield (0, 1)
        yield (0, 2)
        raise KeyboardInterrupt

    # The error keeps its traceback, as an interactive session does, and all that hangs on it.
    with pytest.raises(KeyboardInterrupt) as kept:
        getattr(engine, ask)(stopped())
    engine.reset(np.array([5, 5]))
    engine.update({0: 6})
    assert engine.pairs([(0, 2)]) == [11]
    assert kept.tb is not None


def in_thread(run) -> list[object]:
    """Return what a function returns in a thread of its own, or raises there."""
    found: list[object] = []

    def target() -> None:
        try:
            found.append(run())
        except BaseException as err:
            found.append(err)

    one = threading.Thread(target=target)
    one.start()
    one.join()
    return found


def test_another_thread_may_ask_change_and_drop_a_router() -> None:
    made = [random_router("cch")]
    expected = random_router("scipy")
    made[0].change([3], [1.0])
    made[0].costs([0], [1])

    def work() -> np.ndarray:
        shared = made.pop()
        shared.change([5, 6], [1.0, np.inf])
        shared.paths([(0, n) for n in range(9)])
        return shared.costs(range(20), range(20))

    expected.change([5, 6], [1.0, np.inf])
    (found,) = in_thread(work)
    assert np.array_equal(found, expected.costs(range(20), range(20)))


def test_questions_from_two_threads_do_not_disturb_each_other() -> None:
    shared = random_router("cch")
    expected = shared.costs(range(200), range(200))
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: found.append(shared.costs(range(200), range(200))))
        for _ in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 4
    assert all(np.array_equal(table, expected) for table in found)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_router_can_be_sent_to_another_process(engine: str) -> None:
    here = random_router(engine)
    here.change([1, 2], [500, np.inf])
    expected = here.costs(range(30), range(30))
    there = pickle.loads(pickle.dumps(here))
    assert np.array_equal(there.costs(range(30), range(30)), expected)
    here.reset()
    there.reset()
    changes = [([4], [np.inf]), ([5], [1.0])]
    pairs = [(0, n) for n in range(30)]
    one, two = (scenarios(r, changes, pairs).costs for r in (here, there))
    assert np.array_equal(one, two)
