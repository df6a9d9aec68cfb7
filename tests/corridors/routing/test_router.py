"""The routing engines against networkx, one by one and under many scenarios."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from borders.errors import AraxesError
from corridors.routing import Graph, Router, route_batch
from corridors.routing.router import ENGINES

CASES = 10_000
# Costs changed one after another on one graph make so many cases of it.
STATES = 5
BOUND = 2**31 - 1


@dataclass(frozen=True)
class Question:
    """A graph with parallel arcs, loops, and a kind of costs."""

    graph: Graph
    kind: str
    rng: np.random.Generator

    def costs(self, size: int) -> np.ndarray:
        """Return costs, a tenth of them 0 and a fifth infinite."""
        rng, most = self.rng, BOUND // self.graph.n_nodes
        found = {
            "eighths": lambda: rng.integers(1, 65, size) / 8,
            "tenths": lambda: rng.integers(1, 9999, size) / 10,
            "near the bound": lambda: rng.integers(most - 9, most + 1, size).astype(float),
            "beyond the bound": lambda: rng.integers(1, 2**40, size).astype(float),
            "floats": lambda: rng.lognormal(0, 3, size),
            "one is huge": lambda: np.where(
                rng.random(size) < 0.1, rng.choice([1e9, 1e12, 1e15, 1e300]), rng.random(size)
            ),
        }[self.kind]()
        found[rng.random(size) < 0.1] = 0.0
        found[rng.random(size) < 0.2] = np.inf
        return found


KINDS = ("eighths", "tenths", "near the bound", "beyond the bound", "floats", "one is huge")


def question(rng: np.random.Generator, kind: str) -> Question:
    n = int(rng.integers(2, 10))
    m = int(rng.integers(1, 30))
    made = Graph(n_nodes=n, tail=rng.integers(0, n, m), head=rng.integers(0, n, m))
    return Question(made, kind, rng)


def truth(made: Graph, costs: np.ndarray) -> np.ndarray:
    """Return all least costs by networkx; it takes closed arcs for infinitely long ones."""
    oracle = nx.MultiDiGraph()
    oracle.add_nodes_from(range(made.n_nodes))
    arcs = zip(made.tail.tolist(), made.head.tolist(), costs.tolist(), strict=True)
    oracle.add_weighted_edges_from(arc for arc in arcs if arc[2] != np.inf)
    found = np.full((made.n_nodes, made.n_nodes), np.inf)
    for source, row in nx.all_pairs_dijkstra_path_length(oracle):
        found[source, list(row)] = list(row.values())
    return found


def check_path(made: Graph, pair: tuple[int, int], path: np.ndarray | None) -> None:
    if path is None:
        return
    if not path.size:
        assert pair[0] == pair[1]
        return
    assert (made.tail[path[0]], made.head[path[-1]]) == pair
    assert (made.head[path[:-1]] == made.tail[path[1:]]).all()


def same(found: np.ndarray, expected: np.ndarray) -> bool:
    """Return whether costs agree, but for what floats lose where networkx adds up tenths."""
    return np.array_equal(found, expected) or np.allclose(found, expected, rtol=1e-12, atol=0)


def check(made: Graph, costs: np.ndarray, router: Router, expected: np.ndarray) -> None:
    """Compare all costs, and the ways of some pairs."""
    nodes = range(made.n_nodes)
    assert same(router.costs(nodes, nodes), expected)
    pairs = [(a, (3 * a + 1) % made.n_nodes) for a in nodes]
    least = np.array([expected[pair] for pair in pairs])
    assert same(router.pair_costs(pairs), least)
    paths = router.paths(pairs)
    for pair, path in zip(pairs, paths, strict=True):
        check_path(made, pair, path)
    assert same(np.array([np.inf if p is None else costs[p].sum() for p in paths]), least)
    assert same(np.array([router.cost(path) for path in paths]), least)


def test_ten_thousand_cases_cost_what_networkx_says_under_closures_and_openings() -> None:
    rng = np.random.default_rng(1921)
    done = 0
    by_cch = set()
    while done < CASES:
        asked = question(rng, KINDS[done // STATES % len(KINDS)])
        made, costs = asked.graph, asked.costs(asked.graph.n_arcs)
        routers = [Router(made, costs, engine=name) for name in ENGINES if name != "auto"]
        now = costs
        for _ in range(STATES):
            expected = truth(made, now)
            for router in routers:
                check(made, now, router, expected)
            by_cch |= {asked.kind for router in routers if router.engine == "cch"}
            done += 1
            arcs = np.flatnonzero(rng.random(made.n_arcs) < 0.3)
            now = costs.copy()
            now[arcs] = asked.costs(arcs.size)
            for router in routers:
                router.change(arcs, now[arcs])
    assert by_cch >= {"eighths", "tenths", "near the bound"}


@pytest.mark.parametrize("kind", KINDS)
def test_all_engines_give_the_same_sums_to_the_last_bit(kind: str) -> None:
    rng = np.random.default_rng(16)
    for _ in range(40):
        asked = question(rng, kind)
        made, costs = asked.graph, asked.costs(asked.graph.n_arcs)
        nodes = range(made.n_nodes)
        pairs = [(a, b) for a in nodes for b in nodes]
        routers = [Router(made, costs, engine=name) for name in ENGINES]
        for _ in range(3):
            first, *others = (router.costs(nodes, nodes) for router in routers)
            assert all(np.array_equal(first, other) for other in others)
            for router in routers:
                assert np.array_equal(router.pair_costs(pairs), first.ravel())
                sums = [router.cost(path) for path in router.paths(pairs)]
                assert np.array_equal(sums, first.ravel())
            # Tenths are no floats, and networkx adds them up as floats.
            if kind != "tenths":
                assert np.array_equal(first, truth(made, costs))
            arcs = rng.permutation(made.n_arcs)[:3]
            values = asked.costs(arcs.size)
            costs = routers[0].base.copy()
            costs[arcs] = values
            for router in routers:
                router.change(arcs, values)


@given(st.integers(0, 2**32), st.sampled_from(KINDS), st.sampled_from(ENGINES), st.data())
@settings(max_examples=200)
def test_closing_never_shortens_and_opening_never_lengthens(seed, kind, engine, data) -> None:
    asked = question(np.random.default_rng(seed), kind)
    made, costs = asked.graph, asked.costs(asked.graph.n_arcs)
    arcs = data.draw(st.lists(st.integers(0, made.n_arcs - 1), min_size=1, max_size=4, unique=True))
    nodes = range(made.n_nodes)
    router = Router(made, costs, engine=engine)
    before = router.costs(nodes, nodes)
    router.change(arcs, [np.inf] * len(arcs))
    assert (router.costs(nodes, nodes) >= before).all()
    cheaper = np.minimum(costs[arcs], asked.costs(len(arcs)))
    router.change(arcs, cheaper)
    after = router.costs(nodes, nodes)
    assert (after <= before * (1 + 1e-12)).all()
    router.reset()
    assert np.array_equal(router.costs(nodes, nodes), before)


def some_changes(asked: Question, n: int) -> list[tuple[np.ndarray, np.ndarray]]:
    found = []
    for _ in range(n):
        arcs = asked.rng.integers(0, asked.graph.n_arcs, int(asked.rng.integers(0, 5)))
        found.append((arcs, asked.costs(arcs.size)))
    return found


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("paths", [False, True])
def test_many_scenarios_cost_what_networkx_says(engine: str, paths: bool) -> None:
    rng = np.random.default_rng(3)
    for n in range(18):
        asked = question(rng, KINDS[n % len(KINDS)])
        made, costs = asked.graph, asked.costs(asked.graph.n_arcs)
        pairs = [(a, b) for a in range(made.n_nodes) for b in range(made.n_nodes)]
        changes = some_changes(asked, 8)
        answers = route_batch(Router(made, costs, engine=engine), changes, pairs, paths=paths)
        assert len(answers.paths) == (len(changes) if paths else 0)
        for k, (arcs, values) in enumerate(changes):
            under = costs.copy()
            under[arcs] = values
            np.testing.assert_allclose(answers.costs[k], truth(made, under).ravel(), rtol=1e-12)
            for pair, path in zip(pairs, answers.paths[k] if paths else (), strict=paths):
                check_path(made, pair, path)


def test_only_pairs_that_a_closure_touches_are_asked_again() -> None:
    made = Graph(n_nodes=4, tail=[0, 2, 0], head=[1, 3, 1])
    changes = [([0], [np.inf]), ([2], [9.0]), ([2], [0.5]), ([], [])]
    answers = route_batch(Router(made, [1.0, 1.0, 4.0]), changes, [(0, 1), (2, 3)])
    assert answers.costs.tolist() == [[4.0, 1.0], [1.0, 1.0], [0.5, 1.0], [1.0, 1.0]]
    # Two at first, one after the closure, none after a rise nobody feels, two after a fall.
    assert answers.searches == 5


@pytest.mark.parametrize(("paths", "fetched"), [(False, 1), (True, 3)])
def test_ways_are_fetched_only_when_asked_for(monkeypatch, paths: bool, fetched: int) -> None:
    made = Graph(n_nodes=2, tail=[0, 0], head=[1, 1])
    router = Router(made, [1.0, 4.0])
    seen = []
    real = Router.paths
    monkeypatch.setattr(Router, "paths", lambda *told, **how: seen.append(1) or real(*told, **how))
    changes = [([0], [np.inf]), ([0], [9.0])]
    answers = route_batch(router, changes, [(0, 1)], paths=paths)
    assert answers.costs.tolist() == [[4.0], [4.0]]
    # Without them the ways of the base alone, which tell whom a closure touches.
    assert len(seen) == fetched
    assert [row[0].tolist() for row in answers.paths] == ([[1], [1]] if paths else [])


def test_ways_that_no_change_touches_are_the_very_same() -> None:
    made = Graph(n_nodes=3, tail=[0, 1], head=[1, 2])
    changes = [([], []), ([1], [5])]
    answers = route_batch(Router(made, [1, 2]), changes, [(0, 1), (0, 2)], paths=True)
    assert answers.paths[0][0] is answers.paths[1][0]
    assert answers.searches == 3


def test_a_bad_scenario_is_refused_by_its_arc() -> None:
    router = Router(Graph(n_nodes=2, tail=[0], head=[1]), [1.0])
    with pytest.raises(AraxesError, match="no arc 7; there are 1"):
        route_batch(router, [([7], [1.0])], [(0, 1)])


def test_no_pairs_and_no_scenarios_have_no_answers() -> None:
    router = Router(Graph(n_nodes=2, tail=[0], head=[1]), [1.0])
    assert route_batch(router, [], [(0, 1)]).costs.shape == (0, 1)
    assert route_batch(router, [([0], [2.0])], [], paths=True).costs.shape == (1, 0)


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    router = Router(Graph(n_nodes=2, tail=[0], head=[1]), [1.0])
    route_batch(router, [([0], [2.0])] * 3, [(0, 1)], progress=lambda *done: told.append(done))
    assert told == [(1, 3), (2, 3), (3, 3)]
