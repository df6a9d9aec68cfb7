"""What the library of the hierarchies asks of whoever uses it: threads, lifetimes, lists."""

from __future__ import annotations

import pickle
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import routingkit_cch

from corridors.routing import Graph, Router, route_batch
from corridors.routing.engines.cch import CCHEngine
from corridors.routing.router import ENGINES


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


class Interrupted(list):
    """Questions of which the second is never asked."""

    def __iter__(self):
        yield self[0]
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("ask", "asked"),
    [
        ("paths", [Interrupted([(0, 1), (0, 2)])]),
        ("pairs", [Interrupted([(0, 1), (0, 2)])]),
        ("table", [Interrupted([0, 1]), [2]]),
    ],
)
def test_weights_may_change_after_a_question_that_was_interrupted(ask: str, asked) -> None:
    engine = CCHEngine(Graph(n_nodes=3, tail=[0, 1], head=[1, 2]), np.array([1.0, 1.0]))
    # The error keeps its traceback, as an interactive session does, and all that hangs on it.
    with pytest.raises(KeyboardInterrupt) as kept:
        getattr(engine, ask)(*asked)
    engine.reset(np.array([5.0, 5.0]))
    engine.update({0: 6.0})
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
    made[0].costs([0], [1])
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


def test_questions_and_changes_from_several_threads_do_not_disturb_each_other() -> None:
    shared = random_router("cch")
    expected = shared.costs(range(200), range(200))
    turns = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def work() -> np.ndarray:
        for arc in range(40):
            shared.change([arc], [1e6])
            shared.pair_costs([(arc, n) for n in range(40)])
        shared.reset()
        return shared.costs(range(200), range(200))

    with ThreadPoolExecutor(4) as several:
        answers = [several.submit(work) for _ in range(4)]
    sys.setswitchinterval(turns)
    assert np.array_equal(shared.costs(range(200), range(200)), expected)
    # While others change costs a table may be any of theirs, but one without a panic.
    assert all(answer.result().shape == expected.shape for answer in answers)


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
    one, two = (route_batch(r, changes, pairs).costs for r in (here, there))
    assert np.array_equal(one, two)


def test_its_licence_which_the_wheel_lacks_is_named() -> None:
    page = Path(__file__).parents[3] / "docs" / "about" / "licences.md"
    assert "routingkit-cch (BSD-2-Clause" in " ".join(page.read_text("utf-8").split())
