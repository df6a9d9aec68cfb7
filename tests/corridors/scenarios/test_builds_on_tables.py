"""New links and avoided ones on a network that is a table, against the same links in memory."""

from __future__ import annotations

import pytest
from geographiclib.geodesic import Geodesic
from geopandas.testing import assert_geodataframe_equal
from osm_files import Drawn, rail, road

from corridors import Scenario, Terms, load_network, network_from_osm, reach, route
from corridors.analysis.compare import compare
from corridors.network.compiled import CompiledNetwork, write_compiled
from corridors.network.link_table import LinkTable
from corridors.network.network import Network
from corridors.routing.engines.node_order import compute_order
from corridors.routing.obstacles import loose_ends
from corridors.routing.planner import RoutePlanner, graph_of
from corridors.scenarios.network_state import with_candidate_links

# A square of streets 7 km wide, and a railway of broad gauge that shares a node with it.
NODES = {
    1: (10.0, 50.0), 2: (10.1, 50.0), 3: (10.1, 50.06), 4: (10.0, 50.06), 5: (9.99, 50.03),
    6: (10.11, 50.03),
}  # fmt: skip
WAYS = {
    10: road(1, 2, bridge="yes", **{"name": "Brücke", "name:tr": "Köprü"}),
    11: road(2, 3, maxspeed="50", tunnel="yes"), 12: road(3, 4), 13: road(4, 1, highway="trunk"),
    20: rail(5, 1, gauge="1520"), 21: rail(1, 6, gauge="1520"),
}  # fmt: skip
ROAD, RAIL = Terms(modes=("road",)), Terms(modes=("rail",))
BOTH = "table", "in memory"


@pytest.fixture(scope="module")
def networks(tmp_path_factory):
    """Return the drawing as a compiled file, and as a network whose links are a tuple."""
    folder = tmp_path_factory.mktemp("drawn")
    made = network_from_osm(Drawn(NODES, WAYS).write(folder / "x.osm.pbf"))
    file = folder / "x.npz"
    write_compiled(made.table, made.about, file, compute_order(graph_of(made)))
    table = load_network(file)
    assert isinstance(table, CompiledNetwork)
    return table, Network(links=tuple(table.links), on=table.on, name=table.name)


def built(network, mode: str = "road", ends=("n1", "n3"), **values) -> Scenario:
    row = {"id": "bridge", "mode": mode, "path": [{"place": end} for end in ends], **values}
    return Scenario.of("built", build=[row], network=network)


def told(way):
    return None if way is None else (
        [step.link.id for step in way.steps], round(way.length.value, 6), round(way.length.low, 6),
        round(way.length.high, 6), round(way.time.value, 9), round(way.time.low, 9),
    )  # fmt: skip


@pytest.mark.parametrize("by", ["km", "hours", "cost"])
@pytest.mark.parametrize("values", [{}, {"length_km": 9.9, "sigma_km": 0.4, "speed_kmh": 30}])
def test_a_new_link_on_a_table_is_that_on_links_in_memory(networks, by, values):
    terms = Terms(modes=("road",), by=by)
    answers = [
        [told(row.way) for row in compare([("n1", "n3"), ("n2", "n4")],
                                          ["status-quo", built(network, **values)],
                                          terms=terms, network=network)]
        for network in networks
    ]  # fmt: skip
    assert answers[0] == answers[1]
    assert answers[0][1][0] == ["bridge"] or by != "km"
    # It exists under the scenario that builds it only.
    assert "bridge" not in answers[0][0][0]


def test_what_is_reached_over_a_new_link_has_its_errors(networks):
    near = [
        reach("n1", 12, scenario=built(network, length_km=9.9, sigma_km=0.4), terms=ROAD,
              network=network)
        for network in networks
    ]  # fmt: skip
    assert dict(near[0].places) == pytest.approx(dict(near[1].places), abs=1e-6)
    ends = [one.intervals()["n3"] for one in near]
    assert ends[0] == pytest.approx(ends[1], rel=1e-3)
    assert near[0].to_gdf().query("link == 'bridge'").length_m.sum() == pytest.approx(9900)


def test_the_links_of_a_table_stay_one_when_others_are_added(networks):
    network = with_candidate_links(networks[0], [built(networks[0])])
    assert isinstance(network.links, LinkTable)
    assert (network.rank["bridge"], network.link("bridge").id) == (len(network.links) - 1, "bridge")
    assert [link.id for link in network.links] == [*(k.id for k in networks[0].links), "bridge"]
    # No node is new, so the order that the file holds still serves.
    assert graph_of(network).order is graph_of(networks[0]).order is not None


def test_a_railway_at_a_place_that_has_roads_only_gets_a_node_there(networks):
    for network in networks:
        scenario = built(network, "rail", ("n3", "n6"), gauge_mm=1520)
        way = route("n5", "n3", scenario=scenario, terms=RAIL, network=network)
        assert [step.link.id for step in way.steps][-1] == "bridge"
        assert way.steps[-1].link.end in ("n3.rail1520", "n6.rail1520")
        whole = with_candidate_links(network, [scenario])
        assert set(whole.layers["n3"]) == {"n3.road", "n3.rail1520"}
        assert {node: whole.nodes[node] for node in whole.layers["n3"]} == {
            "n3.road": NODES[3], "n3.rail1520": NODES[3]
        }  # fmt: skip
        # All others meet as they did.
        ends = {link.id: (link.start, link.end) for link in whole.links}
        assert {key: ends[key] for key in network.rank} == {
            link.id: (link.start, link.end) for link in network.links
        }
    by_road = [route("n1", "n3", scenario=scenario, terms=ROAD, network=n) for n in networks]
    assert told(by_road[0]) == told(by_road[1])


def test_a_track_of_a_table_gets_another_gauge(networks):
    answers = []
    for network in networks:
        rails = [link.id for link in network.links if link.mode == "rail"]
        scenario = Scenario.of("g", set={f"{key}.gauge_mm": 1435 for key in rails})
        way = route("n5", "n6", scenario=scenario, terms=RAIL, network=network)
        answers.append(([step.link.gauge_mm for step in way.steps], *told(way)))
    assert answers[0] == answers[1]
    assert set(answers[0][0]) == {1435}


@pytest.mark.parametrize("which", [0, 1], ids=BOTH)
def test_a_link_that_is_avoided_is_not_used(networks, which):
    network = networks[which]
    usual = [s.link.id for s in route("n1", "n2", terms=ROAD, network=network).steps]
    terms = Terms(modes=("road",), avoid=frozenset(usual))
    around = [s.link.id for s in route("n1", "n2", terms=terms, network=network).steps]
    assert around
    assert set(around).isdisjoint(usual)


@pytest.mark.parametrize("which", [0, 1], ids=BOTH)
def test_hours_that_a_scenario_sets_on_a_link_close_it(networks, which):
    network = networks[which]
    (usual,) = (s.link.id for s in route("n1", "n2", terms=ROAD, network=network).steps)
    scenario = Scenario.of("shut", closed={usual: "24/7"}, network=network)
    way = route("n1", "n2", scenario=scenario, terms=ROAD, network=network)
    assert usual not in {step.link.id for step in way.steps}


def test_an_end_that_nothing_joins_is_told_alike(networks):
    told_of = []
    for network in networks:
        scenario = built(network, "rail", ("n3", "n6"))
        planner = RoutePlanner(network, [scenario], RAIL)
        told_of.append(loose_ends(planner.states[0], ["n5", "n3"]))
    assert told_of[0] == told_of[1] != []


@pytest.mark.parametrize("transfers", [False, True])
def test_the_rows_of_a_table_are_those_of_its_links(networks, transfers):
    scenario = built(networks[0], "rail", ("n3", "n6"), gauge_mm=1520)
    whole = [with_candidate_links(network, [scenario]) for network in networks]
    rows = [network.to_gdf(transfers=transfers) for network in (*networks, *whole)]
    for table, memory in (rows[:2], rows[2:]):
        assert_geodataframe_equal(table, memory)
    assert len(rows[2]) == len(rows[0]) + 1
    assert min(rows[0].bridge_m.max(), rows[0].tunnel_m.max()) > 6000
    assert rows[0].names.notna().any()


@pytest.mark.parametrize("limit", [3, 12, 100])
def test_what_is_reached_on_a_table_has_the_rows_of_its_links(networks, limit):
    rows = [
        reach("n1", limit, scenario=built(network), terms=ROAD, network=network).to_gdf()
        for network in networks
    ]
    assert_geodataframe_equal(*rows, check_less_precise=True)


def test_a_new_link_on_an_extract_begins_and_ends_at_coordinates(networks):
    table = networks[0]
    way = route("n1", "n3", terms=ROAD, network=table,
                scenario=built(table, ends=("50.001,10.0", "50.06,10.1")))  # fmt: skip
    # It joins the road to the north of n1, where 111 m of that are left to go.
    assert [s.link.whole_id for s in way.steps] == ["w13.0", "bridge"]
    north_m = Geodesic.WGS84.Inverse(50.0, 10.0, 50.001, 10.0)["s12"]
    assert way.steps[0].link.length_m == pytest.approx(north_m, abs=0.05)
    assert way.steps[1].link.xy[0] == pytest.approx((10.0, 50.001), abs=1e-7)
    assert way.steps[1].link.end == "n3.road"
    rails = route("n5", "n3", terms=RAIL, network=table,
                  scenario=built(table, "rail", ("n3", "50.0,10.08"), gauge_mm=1520))  # fmt: skip
    # Of a railway the nearest point of its rails counts, though a road passes nearer.
    assert [s.link.whole_id for s in rails.steps] == ["w20.0", "bridge"]
    joint = rails.steps[0].link.xy[-1]
    along = [(10.0 + 0.11 * n / 5000, 50.0 + 0.03 * n / 5000) for n in range(5001)]
    away = [Geodesic.WGS84.Inverse(50.0, 10.08, lat, lon)["s12"] for lon, lat in along]
    assert joint == pytest.approx(along[away.index(min(away))], abs=2e-5)
    assert rails.steps[1].link.end.layer == "rail1520"
