"""Alternatives are the first that one takes who walks through all simple paths by networkx."""

from __future__ import annotations

from itertools import islice, pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from raw_network import raw_graph
from small_network import DAY, link

from borders.errors import AraxesError
from corridors.network.network import Network
from corridors.routing import Graph
from corridors.routing.alternatives import alternatives
from corridors.routing.limited_overlap import OverlapLimits, paths_of_limited_overlap
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

NOW = Scenario(id="now")


def greedy(graph, ends, k, *, weight="km", overlap=0.7, longer=2.0) -> list[float]:
    """Return the costs of the first k simple paths that count, cheapest first."""
    taken: list[tuple[float, dict[str, float]]] = []
    for nodes in nx.shortest_simple_paths(graph, *ends, weight=weight):
        edges = [graph[a][b] for a, b in pairwise(nodes)]
        cost, links = sum(edge[weight] for edge in edges), {}
        for edge in edges:
            links[edge["link"]] = links.get(edge["link"], 0.0) + edge[weight]
        if taken and cost > longer * taken[0][0] * (1 + 1e-9):
            break
        if all(
            sum(links[key] for key in links.keys() & other) <= overlap * cost * (1 + 1e-9)
            for _, other in taken
        ):
            taken.append((cost, links))
        if len(taken) == k:
            break
    return [cost for cost, _ in taken]


PAIRS = (("tabriz", "tbilisi"), ("kars", "baku"), ("trabzon", "tehran"), ("yerevan", "baku"),
         ("nakhchivan", "tbilisi"), ("batumi", "ganja"), ("van", "yerevan"), ("kars", "tabriz"),
         ("khashuri", "khulo"))  # fmt: skip


@pytest.mark.parametrize(("origin", "destination"), PAIRS)
@pytest.mark.parametrize("by", ["km", "hours"])
def test_no_better_way_is_missing_on_the_bundled_network(origin, destination, by) -> None:
    terms = Terms(modes=("road",), by=by)
    found = alternatives(origin, destination, k=4, terms=terms)
    graph = raw_graph("road")
    truth = greedy(graph, (f"{origin}.road", f"{destination}.road"), 4, weight=by)
    assert [route.least()[0] for route in found] == pytest.approx(truth)
    assert found.complete
    assert ("only" in found.remark) == (len(truth) < 4)


def test_the_case_of_tabriz_and_tbilisi() -> None:
    found = alternatives("Tabriz", "Tbilisi", k=4, terms=Terms(modes=("road",)))
    truth = greedy(raw_graph("road"), ("tabriz.road", "tbilisi.road"), 4)
    assert [round(route.length_km) for route in found] == [round(km) for km in truth]
    assert len(found) == 4


@pytest.mark.parametrize(
    ("overlap", "longer"), [(1.0, 2.0), (0.5, 1.12), (0.85, 1.05), (0.7, 1.0), (0.5, 1.13)]
)
def test_the_rule_is_what_is_asked_for(overlap, longer) -> None:
    found = alternatives("Tabriz", "Tbilisi", k=8, overlap=overlap, longer=longer,
                         terms=Terms(modes=("road",)))  # fmt: skip
    truth = greedy(raw_graph("road"), ("tabriz.road", "tbilisi.road"), 8,
                   overlap=overlap, longer=longer)  # fmt: skip
    assert [route.length_km for route in found] == pytest.approx(truth)
    if len(truth) < 8:
        assert found.remark.startswith(f"only {len(truth)} exist")
        assert f"{100 * overlap:g} %" in found.remark
        assert f"{longer:g} times" in found.remark
    else:
        assert found.remark == ""


def test_unless_modes_are_named_the_ways_of_both_are_walked_through_together() -> None:
    found = alternatives("Kars", "Baku", k=6)
    graph = nx.union(raw_graph("road", "ferry"), raw_graph("rail", "ferry"), rename=("1", "2"))
    for side, layers in (("1", ("road",)), ("2", ("rail1435", "rail1520"))):
        for layer in layers:
            for a, b in (("from", f"{side}kars.{layer}"), (f"{side}baku.{layer}", "to")):
                if (b if a == "from" else a) in graph:
                    graph.add_edge(a, b, link=f"{a}{b}", km=0.0)
    assert [route.length_km for route in found] == pytest.approx(greedy(graph, ("from", "to"), 6))
    assert {route.modes for route in found} >= {("rail",), ("road",)}


@st.composite
def weighted_graphs(draw) -> nx.DiGraph:
    """Return graphs of seven nodes, with one-way arcs, costs of 0 and ties."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(7))
    pairs = [(a, b) for a in range(7) for b in range(7) if a < b]
    for n, (a, b) in enumerate(draw(st.lists(st.sampled_from(pairs), min_size=6, unique=True))):
        # All costs differ, so that networkx and ours cannot take different ones of equal paths.
        cost = 2.0**n
        graph.add_edge(a, b, link=str(n), km=cost)
        if draw(st.booleans()):
            graph.add_edge(b, a, link=str(n), km=cost)
    return graph


@settings(max_examples=150, deadline=None)
@given(weighted_graphs(), st.sampled_from([0.0, 0.3, 0.7, 1.0]), st.sampled_from([1.0, 2.0, 1e9]))
def test_every_small_graph_gives_what_walking_through_all_paths_gives(
    graph, overlap, longer
) -> None:
    arcs = list(graph.edges(data=True))
    made = Graph(n_nodes=7, tail=[a for a, _, _ in arcs], head=[b for _, b, _ in arcs])
    costs = np.array([edge["km"] for _, _, edge in arcs])
    groups = np.array([int(edge["link"]) for _, _, edge in arcs])
    limits = OverlapLimits(count=5, overlap=overlap, longer=longer)
    found = paths_of_limited_overlap(made, costs, (0, 6), groups, limits)
    truth = []
    if nx.has_path(graph, 0, 6):
        truth = greedy(graph, (0, 6), 5, overlap=overlap, longer=longer)
    assert [costs[path].sum() for path in found.paths] == pytest.approx(truth)
    assert found.complete


def grid(side: int) -> Graph:
    """Return a square grid of two-way streets: arc n + n_streets leads back along arc n."""
    graph = nx.convert_node_labels_to_integers(nx.grid_2d_graph(side, side))
    ends = np.array(graph.edges)
    tail, head = (np.concatenate([ends[:, n], ends[:, 1 - n]]) for n in (0, 1))
    return Graph(n_nodes=side * side, tail=tail, head=head)


def test_a_search_that_is_stopped_says_so_and_gives_the_best_that_it_found() -> None:
    made = grid(12)
    n_streets = made.n_arcs // 2
    costs = np.concatenate([np.arange(n_streets) % 7 + 10.0] * 2)
    groups = np.concatenate([np.arange(n_streets)] * 2)
    limits = OverlapLimits(count=9, overlap=0.2, longer=2.0, nodes=30_000)
    found = paths_of_limited_overlap(made, costs, (0, 143), groups, limits)
    assert not found.complete
    assert 0 < found.looked_at <= 30_000
    graph = nx.Graph()
    graph.add_edges_from(
        (a, b, {"w": c}) for a, b, c in zip(made.tail, made.head, costs, strict=True)
    )
    assert costs[found.paths[0]].sum() == nx.dijkstra_path_length(graph, 0, 143, weight="w")


def test_where_the_search_is_stopped_the_route_says_so(monkeypatch) -> None:
    rule = {"overlap": 0.3, "terms": Terms(modes=("road",))}
    whole = alternatives("Tabriz", "Tbilisi", k=6, **rule)
    init = OverlapLimits.__init__
    monkeypatch.setattr(
        OverlapLimits, "__init__", lambda self, **kw: init(self, **{**kw, "nodes": 20_000})
    )
    stopped = alternatives("Tabriz", "Tbilisi", k=6, **rule)
    assert whole.complete
    assert not stopped.complete
    assert stopped.remark.startswith("stopped after ")
    proved = int(stopped.remark.partition("the first ")[2].partition(" ")[0])
    lengths, best = ([one.length_km for one in routes] for routes in (stopped, whole))
    assert lengths[:proved] == best[:proved]
    assert lengths == sorted(lengths)
    for n, one in enumerate(stopped):
        own = {step.link.id: step.link.length_m for step in one.steps}
        for better in islice(stopped, n):
            both = own.keys() & {step.link.id for step in better.steps}
            assert sum(own[key] for key in both) <= 0.3 * sum(own.values()) * (1 + 1e-9)


def test_parallel_links_are_ways_of_their_own() -> None:
    made = [link(key, "kars.road", "baku.road", km) for key, km in (("a", 10), ("b", 11))]
    network = Network(links=tuple(made), on=DAY)
    found = alternatives("Kars", "Baku", scenario=NOW, network=network)
    assert [route.length_km for route in found] == [10, 11]
    assert found.remark.startswith("only 2 exist")


@pytest.mark.parametrize(
    ("rule", "message"),
    [({"overlap": 1.2}, "overlap is 1.2; give 0 to 1"), ({"overlap": -0.1}, "give 0 to 1"),
     ({"longer": 0.9}, "longer is 0.9; give 1 or more"), ({"longer": float("inf")}, "1 or more"),
     ({"overlap": "x"}, "overlap is x"), ({"longer": float("nan")}, "give 1 or more"),
     ({"overlap": True}, "overlap is True"), ({"k": 0}, "k is 0; give 1 to"),
     ({"k": True}, "k is True; give 1 to"), ({"k": 2.0}, "k is 2.0; give 1 to"),
     ({"k": "2"}, "k is 2; give 1 to")],
)  # fmt: skip
def test_a_rule_that_is_none_is_refused(rule, message) -> None:
    with pytest.raises(AraxesError, match=message):
        alternatives("Kars", "Baku", **rule)


def test_as_many_ways_as_the_message_allows_may_be_asked_for() -> None:
    with pytest.raises(AraxesError, match=r"k is 1000000; give 1 to \d+") as caught:
        alternatives("Kars", "Baku", k=1_000_000)
    most = int(str(caught.value).rpartition(" ")[2])
    roads = [link(f"r{n}", "tbilisi.road", "baku.road", 500 + n) for n in range(3)]
    known = Network(links=tuple(roads), on=DAY)
    now = Scenario(id="now")
    found = alternatives("Tbilisi", "Baku", k=most, scenario=now, network=known)
    assert [way.length.value for way in found] == [500_000, 501_000, 502_000]
    with pytest.raises(AraxesError, match="give 1 to"):
        alternatives("Tbilisi", "Baku", k=most + 1, scenario=now, network=known)
