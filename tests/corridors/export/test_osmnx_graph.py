"""The graph for osmnx: its own functions take it, and find what we find."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import osmnx
import pytest
from small_network import DAY, link, network

from corridors.export.osmnx_graph import to_osmnx
from corridors.network.dated_statuses import LinkStatus
from corridors.network.load import load_network
from corridors.network.rates import Rates
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from corridors.network.network import Network


def number(graph, node: str) -> int:
    return next(n for n, row in graph.nodes(data=True) if row["node"] == node)


@pytest.fixture(scope="module")
def whole() -> Network:
    return load_network()


KEPT = ("link", "osmid", "length", "travel_time")
OPEN = Scenario(id="open", open={"kars-gyumri": "open", "road-kars-gyumri": "open"})


def test_osmnx_finds_the_same_way() -> None:
    graph = to_osmnx(network(), scenario=OPEN)
    ends = (number(graph, "kars.rail1435"), number(graph, "yerevan.road"))
    nodes = osmnx.routing.shortest_path(graph, *ends, weight="length")
    edges = osmnx.routing.route_to_gdf(graph, nodes, weight="length")
    ours = route("Kars", "Yerevan", scenario=OPEN, network=network(),
                 terms=Terms(modes=("rail", "road")))  # fmt: skip
    assert edges["length"].sum() == ours.length.value


def test_osmnx_makes_tables_and_statistics_of_it() -> None:
    graph = to_osmnx(network(), scenario=OPEN)
    nodes, edges = osmnx.convert.graph_to_gdfs(graph)
    assert len(nodes) == 9
    assert edges.crs == "epsg:4326"
    assert osmnx.stats.basic_stats(graph)["n"] == 9
    assert osmnx.convert.graph_from_gdfs(nodes, edges).number_of_edges() == graph.number_of_edges()


def test_what_is_closed_on_the_day_is_not_in_it() -> None:
    closed = to_osmnx(network())
    before = to_osmnx(network(), on="1990-01-01")
    keys = {k for *_, k in before.edges(data="link")} - {k for *_, k in closed.edges(data="link")}
    assert keys == {"road-kars-gyumri", "rail-kars-gyumri"}


def test_a_graph_kept_as_graphml_is_the_same_again(tmp_path) -> None:
    graph = load_network().to_osmnx()
    osmnx.io.save_graphml(graph, tmp_path / "network.graphml")
    again = osmnx.io.load_graphml(tmp_path / "network.graphml")
    assert set(again) == set(graph)
    ours, theirs = (
        sorted(
            (u, v, row["link"], row["osmid"], row["length"]) for u, v, row in one.edges(data=True)
        )
        for one in (graph, again)
    )
    assert ours == theirs
    ends = (number(graph, "tbilisi.road"), number(graph, "yerevan.road"))
    ways = [osmnx.routing.shortest_path(one, *ends, weight="length") for one in (graph, again)]
    assert ways[0] == ways[1]
    length_m = osmnx.routing.route_to_gdf(again, ways[1], weight="length")["length"].sum()
    assert length_m == pytest.approx(route("Tbilisi", "Yerevan").length.value)


def test_the_nearest_node_and_edge_are_found() -> None:
    graph = osmnx.projection.project_graph(load_network().to_osmnx())
    kars = number(graph, "kars.road")
    at = graph.nodes[kars]["x"], graph.nodes[kars]["y"]
    assert graph.nodes[osmnx.distance.nearest_nodes(graph, *at)]["place"] == "kars"
    assert "kars" in graph.edges[osmnx.distance.nearest_edges(graph, *at)]["link"]


def test_modes_and_countries_that_are_not_wanted_are_not_in_it() -> None:
    terms = Terms(modes=("road",), avoid=frozenset({"IR"}))
    rows = [row for *_, row in to_osmnx(load_network(), terms=terms).edges(data=True)]
    assert {row["mode"] for row in rows} == {"road"}
    assert "road-tabriz-ahar" not in {row["link"] for row in rows}
    assert "road-tabriz-ahar" in {k for *_, k in load_network().to_osmnx().edges(data="link")}


def test_a_day_holds_whatever_the_scenario(whole) -> None:
    closing = Scenario(id="c", close={"btk": "c"}, on=DAY)
    then = replace(closing, on=date(1992, 6, 1))
    edges = [
        sorted((u, v, k) for u, v, k in graph.edges(data="link"))
        for graph in (
            to_osmnx(whole, scenario=closing, on="1992-06-01"),
            to_osmnx(whole, scenario=then),
            to_osmnx(whole, scenario=closing),
        )
    ]
    assert edges[0] == edges[1]
    assert edges[0] != edges[2]


def test_an_edge_whose_way_back_is_closed_is_one_way() -> None:
    down = (LinkStatus(status="open", direction="forward"),
            LinkStatus(status="closed", direction="backward"))  # fmt: skip
    one = replace(link("down", "kars.road", "ani.road", 50), statuses=down)
    graph = to_osmnx(network([one]))
    told = [(u, v, row["oneway"]) for u, v, row in graph.edges(data=True) if row["link"] == "down"]
    assert told == [(number(graph, "kars.road"), number(graph, "ani.road"), True)]
    both = {row["link"]: row["oneway"] for *_, row in graph.edges(data=True)}
    assert not any(oneway for key, oneway in both.items() if key != "down")


def test_osmnx_takes_the_speeds(whole):
    graph = osmnx.routing.add_edge_speeds(to_osmnx(whole))
    timed = osmnx.routing.add_edge_travel_times(graph)
    rates = Rates({}, users="freight")
    links = {one.id: one for one in whole.links}
    told = [row for *_, row in timed.edges(data=True) if row["length"]]
    assert len(told) > 500
    for row in told:
        assert row["speed_kph"] == pytest.approx(rates.speed_kmh(links[row["link"]]))
        assert row["travel_time"] == pytest.approx(3.6 * row["length"] / row["speed_kph"])
