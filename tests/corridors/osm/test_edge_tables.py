"""Edges as tables, vector files and GraphML: one network, whichever way they come."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import osmnx
import pytest
from osm_files import km
from pyproj import Geod
from shapely import LineString, Point

from borders.errors import FileFormatError, GeometryError, SchemaError
from corridors import network_from_osm

GEOD = Geod(ellps="WGS84")
PLACES = {1: (10.0, 50.0), 2: (10.1, 50.0), 3: (10.2, 50.1)}
BEND = [PLACES[2], (10.15, 50.2), PLACES[3]]
TRUTH_KM = {
    ("n1", "n2"): GEOD.line_length(*zip(PLACES[1], PLACES[2], strict=True)) / 1000,
    ("n2", "n3"): GEOD.line_length(*zip(*BEND, strict=True)) / 1000,
}


def towns():
    """Return a street of two directions and one that bends and leads one way, as osmnx has them."""
    graph = nx.MultiDiGraph(crs="epsg:4326", simplified=True)
    for n, (x, y) in PLACES.items():
        graph.add_node(n, x=x, y=y)
    for u, v in ((1, 2), (2, 1)):
        graph.add_edge(u, v, osmid=7, highway="primary", oneway=False, reversed=u == 2,
                       length=7000.0, geometry=LineString([PLACES[u], PLACES[v]]))  # fmt: skip
    graph.add_edge(2, 3, osmid=[8, 9], highway=["secondary", "primary"], oneway=True,
                   reversed=False, length=20_000.0, geometry=LineString(BEND))  # fmt: skip
    return graph


def in_every_form(folder):
    """Yield the graph as a file, a table, and layers of a GeoPackage."""
    graph = towns()
    osmnx.save_graphml(graph, folder / "x.graphml")
    yield folder / "x.graphml"
    osmnx.save_graph_geopackage(graph, folder / "x.gpkg", directed=True)
    yield folder / "x.gpkg"
    yield osmnx.graph_to_gdfs(graph, nodes=False)
    edges = osmnx.graph_to_gdfs(graph, nodes=False).reset_index()
    edges[["u", "v", "highway", "oneway", "geometry"]].to_file(folder / "x.geojson")
    yield folder / "x.geojson"


def test_every_form_of_a_graph_gives_one_network(tmp_path):
    for source in in_every_form(tmp_path):
        network = network_from_osm(source)
        assert len(network.links) == 2, source
        for (a, b), truth in TRUTH_KM.items():
            assert km(network, a, b) == pytest.approx(truth, rel=1e-6), source
        assert km(network, "n2", "n1") is not None
        assert km(network, "n3", "n2") is None
        assert {link.note for link in network.links} == {"primary", "secondary"}


def edges(**columns):
    lines = [LineString([PLACES[1], PLACES[2]]), LineString(BEND)]
    return gpd.GeoDataFrame(
        {"from": [1, 2], "to": [2, 3], **columns}, geometry=lines, crs="EPSG:4326"
    )


def test_edges_between_from_and_to_lead_both_ways_unless_they_say_otherwise():
    both = network_from_osm(edges())
    assert km(both, "n3", "n1") == pytest.approx(sum(TRUTH_KM.values()), rel=1e-6)
    one = network_from_osm(edges(oneway=["no", "yes"]))
    assert km(one, "n1", "n3") is not None
    assert km(one, "n3", "n2") is None
    back = network_from_osm(edges(oneway=[None, "-1"], mode=["road", "road"]))
    assert km(back, "n3", "n2") is not None
    assert km(back, "n2", "n3") is None
    rails = network_from_osm(edges(mode=["rail", "ferry"]))
    assert {link.mode for link in rails.links} == {"rail", "ferry"}


def test_two_ways_between_the_same_nodes_are_no_street_of_two_directions():
    round_about = [PLACES[2], (10.05, 50.3), PLACES[1]]
    table = gpd.GeoDataFrame(
        {"from": [1, 2, 4, 2, 3, 1], "to": [2, 1, 1, 3, 2, 4], "oneway": ["yes"] * 6},
        geometry=[LineString([PLACES[1], PLACES[2]]), LineString(round_about),
                  LineString([(9.9, 50.0), PLACES[1]]), LineString(BEND),
                  LineString(BEND[::-1]), LineString([PLACES[1], (9.9, 50.0)])], crs="EPSG:4326",
    )  # fmt: skip
    back_km = GEOD.line_length(*zip(*round_about, strict=True)) / 1000
    for named in (table, table.rename(columns={"from": "u", "to": "v"})):
        network = network_from_osm(named)
        assert km(network, "n1", "n2") == pytest.approx(TRUTH_KM["n1", "n2"], rel=1e-6)
        assert km(network, "n2", "n1") == pytest.approx(back_km, rel=1e-6)
        assert len(network.links) == 4


def test_columns_of_nodes_may_have_other_names():
    named = edges().rename(columns={"from": "A_NODE", "to": "B_NODE"})
    with pytest.raises(SchemaError, match=r"no columns of nodes, such as u and v .* A_NODE"):
        network_from_osm(named)
    network = network_from_osm(named, columns={"from": "A_NODE", "to": "B_NODE"})
    assert km(network, "n1", "n3") is not None


def test_what_is_no_table_of_edges_is_said(tmp_path):
    for column, values in (("length_m", [1.0, 2.0]), ("valid_from", ["1950-01-01", None]),
                           ("status", ["open", "closed"])):  # fmt: skip
        with pytest.raises(SchemaError, match=f"'{column}' is of a network of its own"):
            network_from_osm(edges(**{column: values}))
    points = edges().set_geometry([Point(1, 2), Point(2, 3)])
    points = points.set_crs("EPSG:4326", allow_override=True)
    with pytest.raises(GeometryError, match="edge 1: a Point"):
        network_from_osm(points)
    turned = edges()
    turned.loc[1, "geometry"] = turned.geometry[1].reverse()
    with pytest.raises(GeometryError, match="ends far from where others end at node '2'"):
        network_from_osm(turned)
    for content, said in (
        ("<graphml", "cannot be read as GraphML"), ("", "cannot be read as GraphML"),
        ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><graphml/>', "XML entities"),
    ):  # fmt: skip
        (tmp_path / "x.graphml").write_text(content)
        with pytest.raises(FileFormatError, match=said):
            network_from_osm(tmp_path / "x.graphml")
    with pytest.raises(FileFormatError, match="no such file"):
        network_from_osm(tmp_path / "none.graphml")
