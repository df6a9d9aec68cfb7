"""What graphs and routers refuse, in one line each, and that they live on."""

from __future__ import annotations

import numpy as np
import pytest

from borders.errors import AraxesError, UnknownNameError
from corridors.routing import Graph, Router, router
from corridors.routing.router import ENGINES

UNKNOWN = r"no node|not a whole number"


def graph(n_nodes: int, *arcs: tuple[int, int]) -> Graph:
    tail, head = zip(*arcs, strict=True)
    return Graph(n_nodes=n_nodes, tail=tail, head=head)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("pair", [(-1, 0), (0, 7), (2**31, 0), (2**32, 1), (2**70, 0), (0.5, 1)])
def test_a_node_out_of_range_is_refused_and_the_router_lives_on(engine: str, pair) -> None:
    two = Router(graph(2, (0, 1)), [1.0], engine=engine)
    for ask in (two.paths, two.pair_costs):
        with pytest.raises(UnknownNameError, match=UNKNOWN):
            ask([pair])
    with pytest.raises(UnknownNameError, match=UNKNOWN):
        two.costs([pair[0]], [pair[1]])
    assert two.costs([0], [1]) == [[1.0]]


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


@pytest.mark.parametrize(
    ("costs", "said"),
    [([-1.0], "arc 0 costs -1.0"), ([np.nan], "arc 0 costs nan"), ([1.0, 2.0], "2 costs for 1")],
)
def test_impossible_costs_are_refused(costs, said: str) -> None:
    with pytest.raises(AraxesError, match=said):
        Router(graph(2, (0, 1)), costs)


def test_impossible_questions_are_refused() -> None:
    two = Router(graph(2, (0, 1)), [1.0])
    with pytest.raises(UnknownNameError, match="known: auto, cch, scipy, python"):
        Router(graph(2, (0, 1)), [1.0], engine="bellman")
    with pytest.raises(UnknownNameError, match="no arc 9; there are 1"):
        two.change([9], [1.0])
    with pytest.raises(AraxesError, match="1 arcs and 2 costs"):
        two.change([0], [1.0, 2.0])
    with pytest.raises(AraxesError, match="arc 0 costs -2"):
        two.change([0], [-2.0])
    with pytest.raises(AraxesError, match="give two nodes each"):
        two.paths([(0, 1, 1)])


def test_the_hierarchy_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(router, "cch_installed", lambda: False)
    with pytest.raises(AraxesError, match=r"pip install 'araxes\[fast\]'"):
        Router(graph(2, (0, 1)), [1.0], engine="cch")


def test_costs_that_no_float_holds_are_refused_and_the_router_keeps_those_it_had() -> None:
    with pytest.raises(AraxesError, match=r"arc 1 costs 1e\+308; costs add up beyond 1e308"):
        Router(graph(4, (0, 1), (1, 2), (2, 3)), [1.0, 1e308, 1e308])
    for cost in (1.0, 1 / 3):
        small = Router(graph(4, (0, 1), (1, 2), (2, 3)), [cost] * 3)
        with pytest.raises(AraxesError, match="give an arc that is closed an infinite cost"):
            small.change([0, 1], [1e308, 1e308])
        assert small.costs([0], [3])[0, 0] == pytest.approx(3 * cost)
