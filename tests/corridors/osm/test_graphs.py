"""Graphs of osmnx and networkx, and a stand-in for the service of OpenStreetMap."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import networkx as nx
import osmnx
import pytest
from osm_files import km
from pyproj import Geod
from shapely import LineString

from borders.errors import AraxesError, CRSError, GeometryError, NoAnswerError
from corridors import network_from_osm, write
from corridors.osm import graphs

GEOD = Geod(ellps="WGS84")
PLACES = {1: (10.0, 50.0), 2: (10.1, 50.0), 3: (10.2, 50.1)}


def length_km(*nodes):
    return GEOD.line_length(*zip(*(PLACES[n] for n in nodes), strict=True)) / 1000


def graph(kind, edges, crs="epsg:4326"):
    made = kind(crs=crs)
    for n, (x, y) in PLACES.items():
        made.add_node(n, x=x, y=y)
    made.add_edges_from(edges)
    return made


def test_a_graph_of_osmnx_keeps_directions_classes_and_courses():
    bend = [PLACES[2], (10.15, 50.2), PLACES[3]]
    edges = [
        (1, 2, {"osmid": 7, "highway": "primary", "oneway": False, "length": 7000.0}),
        (2, 1, {"osmid": 7, "highway": "primary", "oneway": False, "length": 7000.0}),
        (2, 3, {"osmid": [8, 9], "highway": ["secondary", "primary"], "oneway": True,
                "length": 20_000.0, "geometry": LineString(bend)}),
    ]  # fmt: skip
    network = network_from_osm(graph(nx.MultiDiGraph, edges))
    assert km(network, "n1", "n2") == km(network, "n2", "n1") == pytest.approx(length_km(1, 2))
    drawn = GEOD.line_length(*zip(*bend, strict=True)) / 1000
    assert km(network, "n2", "n3") == pytest.approx(drawn, rel=1e-7)
    assert km(network, "n3", "n2") is None
    assert network.link("w8.0").note == "secondary"


def test_an_edge_of_two_directions_and_one_length_is_one_link():
    edges = [(1, 2, {"osmid": 7}), (2, 1, {"osmid": 7}), (2, 3, {"osmid": 8})]
    network = network_from_osm(graph(nx.MultiDiGraph, edges))
    assert len(network.links) == 2


@pytest.mark.parametrize("tags", [{"vehicle": "no"}, {"oneway:motor_vehicle": "-1"}])
def test_a_graph_is_read_by_the_tags_of_an_extract(tags):
    network = network_from_osm(graph(nx.DiGraph, [(1, 2, {"highway": "primary", **tags})]))
    assert km(network, "n1", "n2") is None


def test_plain_graphs_of_networkx_are_roads():
    network = network_from_osm(graph(nx.Graph, [(1, 2), (2, 3)]))
    assert km(network, "n3", "n1") == pytest.approx(length_km(1, 2, 3), rel=1e-7)
    directed = network_from_osm(graph(nx.DiGraph, [(1, 2), (2, 3)]))
    assert km(directed, "n3", "n1") is None


def test_a_graph_of_one_s_own_is_credited_to_what_it_says_and_to_nobody_else(tmp_path):
    own = graph(nx.Graph, [(1, 2, {"highway": "primary"}), (2, 3)])
    network = network_from_osm(own)
    assert (network.about["attribution"], network.about["licence"]) == ("", "")
    assert credited(network, tmp_path) == set()
    own.graph |= {"attribution": "© City of Gyumri", "license": "CC-BY-4.0"}
    network = network_from_osm(own)
    stated = (network.about["attribution"], network.about["licence"])
    assert stated == ("© City of Gyumri", "CC-BY-4.0")
    assert {link.source for link in network.links} == {"© City of Gyumri"}


@pytest.mark.parametrize("how", ["osmid", "created_with", "both"])
def test_a_graph_of_openstreetmap_is_credited_to_it(tmp_path, how):
    ids = {} if how == "created_with" else {"osmid": 7}
    made = graph(nx.MultiDiGraph, [(1, 2, ids), (2, 3, {})])
    if how != "osmid":
        made.graph["created_with"] = f"OSMnx {osmnx.__version__}"
    made.graph["attribution"] = "whatever else it says"
    network = network_from_osm(made)
    assert network.about["attribution"] == "© OpenStreetMap contributors, ODbL 1.0"
    assert credited(network, tmp_path) == {"© OpenStreetMap contributors, ODbL 1.0"}


def credited(network, folder):
    """Return the attributions in an export of a network."""
    file = folder / "net.geojson"
    write(network, file)
    rows = json.loads(file.read_text("utf-8"))["features"]
    return {row["properties"].get("attribution") for row in rows} - {None}


def test_a_network_goes_to_osmnx_and_back(tmp_path):
    street = {"highway": "primary", "name": "Main Street"}
    # The outline of a building, which osmnx takes from a file too.
    edges = [(1, 2, {"osmid": 7, **street}), (2, 3, {"osmid": 8, **street}),
             (3, 2, {"osmid": 8, **street}), (1, 3, {"osmid": 9, "building": "yes"})]  # fmt: skip
    network = network_from_osm(graph(nx.MultiDiGraph, edges))
    there = network.to_osmnx()
    assert sum(d for *_, d in there.edges(data="length")) / 1000 == pytest.approx(
        length_km(1, 2) + 2 * length_km(2, 3), rel=1e-7
    )
    edges = osmnx.graph_to_gdfs(there, nodes=False)
    assert edges.crs == "EPSG:4326"
    assert {*zip(edges["highway"], edges["name"], strict=True)} == {("primary", "Main Street")}
    numbers = nx.get_node_attributes(there, "place")
    first, last = (next(n for n, place in numbers.items() if place == p) for p in ("n1", "n3"))
    assert nx.shortest_path_length(there, first, last, weight="length") / 1000 == pytest.approx(
        km(network, "n1", "n3")
    )


def test_projected_graphs_and_nodes_without_places_are_refused():
    with pytest.raises(CRSError, match="epsg:32638"):
        network_from_osm(graph(nx.MultiDiGraph, [(1, 2)], crs="epsg:32638"))
    bare = nx.MultiDiGraph()
    bare.add_edge(1, 2)
    with pytest.raises(GeometryError, match="has no x and y"):
        network_from_osm(bare)
    with pytest.raises(AraxesError, match="at least one"):
        network_from_osm()


NODES = [{"type": "node", "id": n, "lon": x, "lat": y} for n, (x, y) in PLACES.items()]
WAY = {"type": "way", "id": 7, "nodes": [1, 2, 3], "tags": {"highway": "primary", "oneway": "yes"}}


@pytest.fixture
def overpass(monkeypatch, tmp_path):
    """Return a function that sets the answers of a stand-in for Overpass, and counts requests."""
    answers: list[tuple[int, bytes]] = []
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, body = answers[min(len(asked), len(answers)) - 1]
            if not status:
                self.connection.close()
                return
            self.send_response(status)
            # A connection that is cut: more is announced than comes.
            self.send_header("Content-Length", str(len(body) + (body == CUT)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/api"
    monkeypatch.setattr(osmnx.settings, "overpass_url", address)
    monkeypatch.setattr(osmnx.settings, "doh_url_template", None)
    monkeypatch.setattr(graphs, "PAUSE_S", 0.01)
    monkeypatch.setenv("ARAXES_CACHE", str(tmp_path / "cache"))

    def answer(*several):
        answers.extend(several)
        return asked

    yield answer
    server.shutdown()
    server.server_close()


CUT = b'{"elements": ['
PART = json.dumps({
    "elements": [*NODES, WAY], "remark": "runtime error: Query timed out in query at line 3"
}).encode()  # fmt: skip
GOOD = (200, json.dumps({"elements": [*NODES, WAY]}).encode())
BOX = "9.9,49.9,10.3,50.2"


def test_an_area_is_fetched_once_and_kept(overpass):
    asked = overpass(GOOD)
    network = network_from_osm(area=BOX, rails=False)
    assert km(network, "n1", "n3") == pytest.approx(length_km(1, 2, 3), rel=1e-7)
    assert km(network, "n3", "n1") is None
    count = len(asked)
    assert network_from_osm(area=BOX, rails=False).links[0].id == "w7.0"
    assert len(asked) == count


def test_a_busy_service_is_asked_again_with_a_word(overpass, capsys):
    asked = overpass((504, b""), (429, b""), GOOD)
    assert len(network_from_osm(area=BOX, rails=False).links) == 1
    assert len(asked) == 3
    assert capsys.readouterr().err.count("is busy") == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((504, b""), "is busy"),
        ((0, b""), "cannot be reached"),
        ((200, CUT), "cannot be reached"),
        ((200, PART), "only a part .*Query timed out"),
        ((200, b"<html>no</html>"), "cannot be read"),
        ((400, b"bad"), "cannot be read"),
    ],
)
def test_a_service_that_fails_is_said_in_one_line(overpass, answer, said):
    overpass(answer)
    with pytest.raises(AraxesError, match=said) as error:
        network_from_osm(area=BOX, rails=False)
    assert "\n" not in str(error.value)


def test_an_area_without_roads_and_a_box_that_is_none(overpass):
    overpass((200, b'{"elements": []}'))
    with pytest.raises(NoAnswerError, match="nothing of what is asked for"):
        network_from_osm(area=BOX)
    with pytest.raises(GeometryError, match="no box"):
        network_from_osm(area="10,50,9,51")
