"""The graph for osmnx: its own functions take it, and find what we find."""

from __future__ import annotations

import osmnx

from corridors.case import Terms
from corridors.osmnx_graph import to_osmnx
from corridors.route import route
from corridors.scenario import Scenario
from tests.small_network import network


def number(graph, node: str) -> int:
    return next(n for n, row in graph.nodes(data=True) if row["node"] == node)


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
    keys = {k for *_, k in before.edges(data="osmid")} - {k for *_, k in closed.edges(data="osmid")}
    assert keys == {"road-kars-gyumri", "rail-kars-gyumri"}
