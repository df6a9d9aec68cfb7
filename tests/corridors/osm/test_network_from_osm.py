"""Extracts drawn on paper become networks; distances against networkx and PROJ."""

from __future__ import annotations

import json
import pickle
import random
from itertools import pairwise

import networkx as nx
import osmium
import pytest
from osm_files import Drawn, km, rail, road
from osmium.osm.mutable import Way
from pyproj import Geod

from borders.errors import FileFormatError, NoAnswerError, UnknownNameError
from corridors import Scenario, Terms, access, load_network, network_from_osm, route, write
from corridors.network.compiled import write_compiled
from corridors.network.link_table import LinkTable
from corridors.network.table_check import table_remarks

GEOD = Geod(ellps="WGS84")
# A street of five nodes from west to east, and what branches off it.
STREET = {n: (10.0 + 0.01 * n, 50.0) for n in range(1, 6)}


def metres(*nodes, at=STREET):
    return GEOD.line_length(*zip(*(at[n] for n in nodes), strict=True))


def ids(network):
    return {link.id: (link.start.place, link.end.place) for link in network.links}


@pytest.fixture
def drawn(tmp_path):
    """Return a function that makes a network of a drawing."""

    def make(ways, nodes=None, **how):
        tagged, relations = how.pop("tagged", {}), how.pop("relations", {})
        drawing = Drawn(nodes or STREET, ways, tagged, relations)
        return network_from_osm(drawing.write(tmp_path / "x.osm.pbf"), **how)

    return make


def test_ways_of_one_kind_in_a_row_become_one_link_of_exact_length(drawn):
    network = drawn({10: road(1, 2, 3), 11: road(3, 4, 5)})
    (link,) = network.links
    assert (link.id, link.start, link.end) == ("w10.0", "n1.road", "n5.road")
    # Along a detailed line; `osm` is of links that `refine` found on ways.
    assert link.basis == "reach"
    assert link.length_m == pytest.approx(metres(1, 2, 3, 4, 5), rel=1e-9)
    assert link.xy == tuple(STREET[n] for n in range(1, 6))


def test_ways_drawn_towards_each_other_are_joined_too(drawn):
    (link,) = drawn({10: road(3, 2, 1), 11: road(3, 4, 5)}).links
    assert link.xy in (
        tuple(STREET[n] for n in range(1, 6)),
        tuple(STREET[n] for n in range(5, 0, -1)),
    )


def test_a_way_is_cut_where_another_begins_in_its_middle(drawn):
    network = drawn({10: road(1, 2, 3, 4, 5), 11: road(3, 9)}, STREET | {9: (10.03, 50.01)})
    assert sorted(ids(network).values()) == [("n1", "n3"), ("n3", "n5"), ("n3", "n9")]


def test_nodes_at_one_place_are_not_one_node(drawn):
    # A bridge over a street: 3 and 9 lie at one place and are not joined.
    nodes = STREET | {8: (10.03, 39.99), 9: STREET[3], 7: (10.03, 50.01)}
    network = drawn({10: road(1, 2, 3, 4, 5), 11: road(8, 9, 7)}, nodes)
    assert len(network.links) == 2
    assert km(network, "n1", "n7", modes=("road",)) is None


def test_a_change_of_kind_ends_a_link(drawn):
    network = drawn({10: road(1, 2, 3), 11: road(3, 4, 5, maxspeed="30")})
    assert sorted(ids(network).values()) == [("n1", "n3"), ("n3", "n5")]


@pytest.mark.parametrize(
    ("tags", "there", "back"),
    [({}, True, True), ({"oneway": "yes"}, True, False), ({"oneway": "-1"}, False, True)],
)
def test_a_way_of_one_direction_is_used_that_way_only(drawn, tags, there, back):
    network = drawn({10: road(1, 2, 3, **tags), 11: road(3, 4, 5, **tags)})
    assert len(network.links) == 1
    assert (km(network, "n1", "n5", modes=("road",)) is not None) is there
    assert (km(network, "n5", "n1", modes=("road",)) is not None) is back


def test_ways_of_one_direction_that_meet_head_on_are_not_joined(drawn):
    network = drawn({10: road(1, 2, 3, oneway="yes"), 11: road(5, 4, 3, oneway="yes")})
    assert len(network.links) == 2
    assert km(network, "n1", "n5", modes=("road",)) is None


def test_loops_and_parallels_stay_apart(drawn):
    nodes = STREET | {8: (10.02, 50.01), 9: (10.02, 39.99)}
    network = drawn(
        {10: road(1, 2, 3), 11: road(1, 8, 3), 12: road(3, 4, 5, 9, 3), 13: road(3, 5)}, nodes
    )
    ends = sorted(ids(network).values())
    assert ends == [("n1", "n3"), ("n1", "n3"), ("n3", "n5"), ("n3", "n5"), ("n5", "n3")] or (
        ends.count(("n3", "n5")) + ends.count(("n5", "n3")) == 3
    )


def test_a_ring_alone_is_a_loop(drawn):
    network = drawn({10: road(1, 2, 3, 9, 1)}, STREET | {9: (10.02, 50.02)})
    (link,) = network.links
    assert link.start == link.end
    assert link.length_m == pytest.approx(
        metres(1, 2, 3, 9, 1, at=STREET | {9: (10.02, 50.02)}), rel=1e-9
    )


def test_nobody_drives_through_a_bollard(drawn):
    ways = {10: road(1, 2, 3, 4, 5)}
    assert km(drawn(ways), "n1", "n5") == pytest.approx(metres(1, 5) / 1000, rel=1e-6)
    assert km(drawn(ways, tagged={3: {"barrier": "bollard"}}), "n1", "n5") is None
    assert km(drawn(ways, tagged={3: {"barrier": "gate"}}), "n1", "n5") is not None


def test_lorries_keep_out_where_they_may_not_go(drawn):
    network = drawn({10: road(1, 2, 3, 4, 5, hgv="no")})
    assert km(network, "n1", "n5", users="freight") is None
    assert km(network, "n1", "n5", users="third-country") is None
    assert km(network, "n1", "n5", users="passengers") == pytest.approx(
        metres(1, 2, 3, 4, 5) / 1000, rel=1e-6
    )


def test_a_pass_that_is_closed_in_winter(drawn):
    network = drawn({10: road(1, 5, access__conditional="no @ (Nov-Apr)")})
    assert route("n1", "n5", network=network, on="2026-07-01").steps
    with pytest.raises(NoAnswerError, match=r"\(closed Nov-Apr\)"):
        route("n1", "n5", network=network, on="2026-12-24")
    assert route("n1", "n5", network=network, on="2027-05-01").steps


def test_lorries_wait_by_night_where_they_may_not_go(drawn):
    network = drawn({10: road(1, 5, hgv__conditional="no @ (22:00-06:00)")})
    lorry, car = (
        route("n1", "n5", network=network, terms=Terms(by="hours", at="22:30", users=users))
        for users in ("freight", "passengers")
    )
    assert [step.wait_h for step in lorry.steps] == [7.5]
    assert lorry.recurring == {"w10.0": "closed 22:00-06:00"}
    assert [step.wait_h for step in car.steps] == [0.0]
    assert car.recurring == {}


def test_people_along_an_imported_road_are_counted(drawn):
    # From Kars (GeoNames: 40.60199, 43.09495) to Susuz (40.77853, 43.13481), both on the road.
    nodes = {1: (43.095, 40.602), 2: (43.12, 40.70), 3: (43.135, 40.779)}
    network = drawn({10: road(1, 2), 11: road(2, 3)}, nodes)
    counted = access("n1", 15, terms=Terms(modes=("road",)), network=network)
    inside = {site.name for site in counted.sites if site.within(15, 0)}
    assert "Kars" in inside
    assert "Susuz" not in inside
    whole = access("n1", 25, terms=Terms(modes=("road",)), network=network)
    susuz = next(site for site in whole.sites if site.name == "Susuz")
    assert susuz.costs[0] == pytest.approx(metres(1, 2, 3, at=nodes) / 1000, abs=0.2)
    assert whole.count(of_people=True).value >= counted.count(of_people=True).value > 50_000
    assert "only towns are counted" in whole.remarks[0]
    assert whole.count().value == 0


def test_a_level_crossing_leads_from_no_road_to_no_railway(drawn):
    nodes = STREET | {8: (10.03, 39.99), 7: (10.03, 50.01)}
    network = drawn({10: road(1, 2, 3, 4, 5), 11: rail(8, 3, 7, gauge="1520")}, nodes)
    assert km(network, "n1", "n7", modes=("road", "rail")) is None
    assert km(network, "n8", "n7", modes=("rail",)) is not None
    assert network.link("w11.0").gauge_mm == 1520


def test_trains_do_not_change_gauge_on_the_track(drawn):
    network = drawn({10: rail(1, 2, gauge="1435"), 11: rail(2, 3, gauge="1520")})
    assert km(network, "n1", "n3", modes=("rail",)) is None


def test_stations_on_or_beside_a_railway_are_ends_of_its_links(drawn):
    # Beside node 4, some 70 m off, and one of another railway that is far away.
    nodes = STREET | {8: (10.041, 50.0), 9: (10.02, 50.02)}
    tagged = {
        3: {"railway": "station", "name": "Mid"},
        8: {"railway": "halt", "name": "Halt"},
        9: {"railway": "station", "name": "Elsewhere"},
    }
    network = drawn({10: rail(1, 2, 3, 4, 5), 11: road(1, 2, 3, 4, 5)}, nodes, tagged=tagged)
    ends = {link.mode: [] for link in network.links}
    for link in network.links:
        ends[link.mode].append((link.start.place, link.end.place))
    assert ends == {"rail": [("n1", "n3"), ("n3", "n4"), ("n4", "n5")], "road": [("n1", "n5")]}
    found = route("Mid", "Halt", network=network, terms=Terms(modes=("rail",)))
    assert found.length_km == pytest.approx(metres(3, 4) / 1000, rel=1e-6)


def test_bridges_tunnels_and_names_in_all_languages_are_kept(tmp_path, drawn):
    names = {"name": "Улица", "name__en": "Street", "name__hy": "Փողոց", "ref": "M1"}
    ways = {
        10: road(1, 2, **names), 11: road(2, 3, bridge="viaduct", **names),
        12: road(3, 4, tunnel="yes", **names), 13: road(4, 5, bridge="no", **names),
    }  # fmt: skip
    network = drawn(ways)
    write_compiled(network.table, network.about, tmp_path / "x.npz")
    for one in (network, load_network(tmp_path / "x.npz")):
        (link,) = one.links
        assert link.bridge_m == pytest.approx(metres(2, 3), rel=1e-6)
        assert link.tunnel_m == pytest.approx(metres(3, 4), rel=1e-6)
        assert (link.name, dict(link.names)) == ("M1 Улица", {"en": "Street", "hy": "Փողոց"})
        (row,) = one.to_gdf().to_dict("records")
        assert (row["bridge_m"], row["tunnel_m"]) == (
            pytest.approx(metres(2, 3), abs=0.06), pytest.approx(metres(3, 4), abs=0.06)
        )  # fmt: skip
        assert (row["name"], json.loads(row["names"])) == (link.name, dict(link.names))
    write(network, tmp_path / "x.gpkg")
    assert load_network(tmp_path / "x.gpkg").links[0].length_m == pytest.approx(
        network.links[0].length_m
    )


def test_a_track_of_two_gauges_carries_both(drawn):
    network = drawn(
        {
            10: rail(1, 2, gauge="1435"),
            11: rail(2, 3, gauge="1435;1520"),
            12: rail(3, 4, gauge="1520"),
        }
    )
    assert km(network, "n1", "n3", modes=("rail",)) is not None
    assert km(network, "n2", "n4", modes=("rail",)) is not None
    assert km(network, "n1", "n4", modes=("rail",)) is None
    assert len({link.id for link in network.links}) == len(network.links)


def test_a_railway_without_a_gauge_has_that_of_the_next(drawn):
    network = drawn({10: rail(1, 2, gauge="1520"), 11: rail(2, 3), 12: rail(3, 4)})
    assert km(network, "n1", "n4", modes=("rail",)) is not None
    assert {link.gauge_mm for link in network.links} == {1520}


def test_a_railway_out_of_use_is_there_and_closed(drawn):
    network = drawn({10: rail(1, 2), 11: rail(2, 3, railway="abandoned"), 12: rail(3, 4)})
    with pytest.raises(NoAnswerError, match="dismantled"):
        route("n1", "n4", network=network, terms=Terms(modes=("rail",)))


def test_a_ferry_lands_on_the_road_though_by_a_pier_of_a_class_left_out(drawn):
    nodes = STREET | {8: (10.06, 50.0), 9: (10.07, 50.0)}
    ways = {
        10: road(1, 2, 3),
        11: road(3, 4, highway="service"),
        12: ((4, 5, 8), {"route": "ferry"}),
        13: road(8, 9),
        14: road(2, 9, highway="service"),
    }
    network = drawn(ways, nodes)
    assert km(network, "n1", "n9", modes=("road", "ferry")) == pytest.approx(
        metres(1, 2, 3, 4, 5, 8, 9, at=nodes) / 1000, rel=1e-6
    )
    assert km(network, "n1", "n9", modes=("road",)) is None
    assert all(link.note != "service" or link.id == "w11.0" for link in network.links)


def test_ways_before_nodes_give_the_same_network(tmp_path):
    drawing = Drawn(STREET, {10: road(1, 2, 3), 11: road(3, 4, 5, maxspeed="30")})
    first = network_from_osm(drawing.write(tmp_path / "a.osm.pbf"))
    second = network_from_osm(drawing.write(tmp_path / "b.osm.pbf", ways_first=True))
    assert list(first.links) == list(second.links)


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2", ".pbf"])
def test_every_format_gives_one_network(tmp_path, suffix):
    drawing = Drawn(
        STREET, {10: road(1, 2, 3, name="Şəhər küçəsi"), 11: road(3, 4, highway="track")}
    )
    pbf = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    other = network_from_osm(drawing.write(tmp_path / f"x{suffix}"))
    assert list(pbf.links) == list(other.links)
    assert pbf.links[0].name == "Şəhər küçəsi"


def test_a_way_of_one_node_and_one_whose_nodes_lack_are_left_out(tmp_path):
    drawing = Drawn(STREET, {10: road(1, 2), 11: road(3), 12: road(77, 78), 13: road(4, 5, 79)})
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    assert set(ids(network)) == {"w10.0", "w13.0"}
    assert network.about["extracts"][0]["cut_ways"] == 2


def test_a_ferry_of_which_the_edge_leaves_one_node_is_said_to_be_lost(tmp_path):
    # As in Helsinki's extract: the quay is in it, the islands are not.
    ferry = (2, 77, 78, 2), {"route": "ferry"}
    drawing = Drawn(STREET, {10: road(1, 2, 3), 11: ferry, 12: road(3, 4, 79), 13: road(5, 79)})
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    (extract,) = network.about["extracts"]
    assert (extract["cut_ways"], extract["lost_ways"]) == (3, {"ferry": 1, "residential": 1})
    (remark,) = (remark for remark in table_remarks(network) if "lack nodes" in remark)
    assert "3 of its 4 ways lack nodes" in remark
    assert "2 of them have no stretch in it and are lost: 1 ferry, 1 residential" in remark


def test_statuses_and_the_only_way_are_told_in_whole_sentences(tmp_path):
    built = {"highway": "construction", "construction": "primary"}
    drawing = Drawn(STREET, {10: road(1, 2), 11: ((2, 3), built), 12: ((3, 4), built)})
    drawing.write(tmp_path / "x.osm.pbf")
    remarks = table_remarks(network_from_osm(tmp_path / "x.osm.pbf"))
    assert any(remark.startswith("1 link is under construction on ") for remark in remarks)
    only = Drawn(STREET, {10: road(1, 2, 79)}).write(tmp_path / "y.osm.pbf")
    (remark,) = table_remarks(network_from_osm(only))
    assert remark.startswith("y.osm.pbf: its only way lacks nodes, so it ends at its edge; take")


def test_what_a_neighbour_completes_is_not_said_to_lack_nodes(tmp_path):
    drawing = Drawn(STREET, {10: road(1, 2, 3, 4, 5)})
    west = drawing.write(tmp_path / "west.osm.pbf", nodes=(1, 2, 3))
    east = drawing.write(tmp_path / "east.osm.pbf", nodes=(3, 4, 5))
    network = network_from_osm(west, east)
    assert [e["cut_ways"] for e in network.about["extracts"]] == [0, 0]
    assert not any("lack nodes" in remark for remark in table_remarks(network))


def test_a_way_that_each_of_two_files_has_a_part_of_is_remarked(tmp_path):
    whole = Drawn(STREET, {10: road(1, 2, 3), 11: road(3, 4)}).write(tmp_path / "a.osm.pbf")
    clipped = Drawn(STREET, {10: road(1, 2), 11: road(3, 4)}).write(tmp_path / "b.osm.pbf")
    network = network_from_osm(clipped, whole)
    assert [e["other_ways"] for e in network.about["extracts"]] == [0, 1]
    assert any("a.osm.pbf: 1 of its ways" in remark for remark in table_remarks(network))


def test_a_repeated_node_adds_nothing(drawn):
    (link,) = drawn({10: road(1, 2, 2, 3)}).links
    assert link.length_m == pytest.approx(metres(1, 2, 3), rel=1e-9)


def test_a_way_that_a_file_has_twice_is_one_and_the_last_counts(tmp_path):
    # As where two extracts were put one behind the other.
    twice = Drawn(STREET, {10: road(1, 2, 3), 11: road(4, 5)}).write(tmp_path / "x.osm.pbf")
    with osmium.SimpleWriter(str(tmp_path / "y.osm.pbf")) as writer:
        for file in (twice, twice):
            for thing in osmium.FileProcessor(str(file)):
                writer.add(thing)
        writer.add_way(Way(id=11, nodes=[3, 4, 5], tags=road()[1], version=2))
    network = network_from_osm(tmp_path / "y.osm.pbf")
    assert ids(network) == {"w10.0": ("n1", "n5")}
    assert network.links[0].length_m == pytest.approx(metres(1, 2, 3, 4, 5), rel=1e-9)
    assert network.about["extracts"][0]["ways"] == 2


def test_ids_below_zero_are_those_of_an_editor(tmp_path):
    nodes = {-n: at for n, at in STREET.items()}
    drawing = Drawn(nodes, {-1: road(-1, -2, -3, name="New"), -2: road(-3, -4)})
    network = network_from_osm(drawing.write(tmp_path / "x.osm"))
    assert km(network, "n-1", "n-4") == pytest.approx(metres(1, 2, 3, 4) / 1000, rel=1e-6)


def test_a_name_in_other_languages_only_is_a_name(drawn):
    network = drawn({10: road(1, 2, name__en="Street"), 11: road(3, 4, name__hy="Փողոց")})
    assert sorted(link.name for link in network.links) == ["Street", "Փողոց"]


def test_a_history_is_refused(tmp_path):
    header = osmium.io.Header()
    header.has_multiple_object_versions = True
    with osmium.SimpleWriter(str(tmp_path / "x.osh.pbf"), header=header) as writer:
        writer.add_way(Way(id=1, nodes=[1, 2], tags=road()[1], version=1))
    with pytest.raises(FileFormatError, match="every version of its objects"):
        network_from_osm(tmp_path / "x.osh.pbf")


def grid(size, seed):
    """Return a town of streets of random kinds, with its plain graph of open arcs in metres."""
    rng = random.Random(seed)
    nodes = {
        100 * i + j + 1: tuple(
            round(at + 0.01 * n + 0.002 * rng.random(), 7) for at, n in ((10, i), (50, j))
        )
        for i in range(size)
        for j in range(size)
    }
    ways, graph, key = {}, nx.DiGraph(), 1000
    lines = [[100 * i + j + 1 for j in range(size)] for i in range(size)]
    lines += [[100 * i + j + 1 for i in range(size)] for j in range(size)]
    for line in lines:
        begin = 0
        while begin < size - 1:
            end = min(size - 1, begin + rng.randint(1, 4))
            run, key = line[begin : end + 1], key + 1
            oneway = rng.choice(["", "", "yes", "-1"])
            life = rng.choice(["", "", "", "construction"])
            tags = {"oneway": oneway} if oneway else {}
            if life:
                tags |= {"highway": life, life: "primary"}
            ways[key] = road(*run, **tags)
            for a, b in pairwise(run):
                length = GEOD.inv(*nodes[a], *nodes[b])[2]
                for u, v, ways_on in ((a, b, ("", "yes")), (b, a, ("", "-1"))):
                    if oneway in ways_on and not life:
                        graph.add_edge(u, v, weight=length)
            begin = end
    return Drawn(nodes, ways), graph


def test_a_link_of_an_extract_is_gone_by_and_avoided_by_its_id(drawn):
    # A square of four streets, each with tags of its own: two ways from n1 to n3.
    nodes = {1: (10.0, 50.0), 2: (10.01, 50.0), 3: (10.01, 50.02), 4: (10.0, 50.02)}
    streets = ((1, 2), (2, 3), (3, 4), (4, 1))
    ways = {10 + n: road(*ends, maxspeed=str(30 + n)) for n, ends in enumerate(streets)}
    network = drawn(ways, nodes)
    north = {link.id for link in network.links if "n4" in (link.start.place, link.end.place)}
    south = {link.id for link in network.links} - north
    by_link = route("n1", "n3", via="w12.0", network=network)
    assert {link.id for link in by_link.links} == north
    # Both ways are of one length to the centimetre, so each is avoided in turn.
    for avoided, left in (("w13.0", south), ("w11.0", north)):
        without = route("n1", "n3", network=network, terms=Terms(modes="road", avoid=[avoided]))
        assert {link.id for link in without.links} == left


def test_a_scenario_builds_on_an_extract(drawn):
    network = drawn({10: road(1, 2), 11: road(4, 5)})
    path = [{"place": "n2"}, {"place": "n4"}]
    new = {"id": "new", "mode": "road", "path": path}
    bridge = Scenario.of("bridge", network=network, build=[new])
    found = route("n1", "n5", scenario=bridge, network=network, terms=Terms(modes="road"))
    assert [link.id for link in found.links] == ["w10.0", "new", "w11.0"]
    assert found.unbuilt_m == pytest.approx(metres(2, 4), rel=0.5)


@pytest.mark.parametrize("seed", range(4))
def test_distances_are_those_of_networkx(tmp_path, seed):
    drawing, graph = grid(9, seed)
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    places = [place for place in network.layers if int(place[1:]) in graph]
    rng = random.Random(seed)
    from corridors import matrix

    chosen = rng.sample(places, 25)
    table = matrix(chosen, chosen, network=network, terms=Terms(modes=("road",)))
    for origin, row in zip(chosen, table, strict=True):
        truth = nx.single_source_dijkstra_path_length(graph, int(origin[1:]))
        for destination, length_km in zip(chosen, row, strict=True):
            if origin != destination:
                expected = truth.get(int(destination[1:]), float("inf")) / 1000
                assert length_km == pytest.approx(expected, rel=1e-6)


def test_two_files_cut_along_a_meridian_give_the_network_of_the_whole(tmp_path):
    drawing, _ = grid(8, 7)
    whole = network_from_osm(drawing.write(tmp_path / "whole.osm.pbf"))
    west = {n for n, (lon, _) in drawing.nodes.items() if lon < 10.035}
    halves = []
    for name, side in (("west", west), ("east", set(drawing.nodes) - west)):
        ways = [w for w, (refs, _) in drawing.ways.items() if side & set(refs)]
        nodes = set().union(*(drawing.ways[w][0] for w in ways))
        halves.append(drawing.write(tmp_path / f"{name}.osm.pbf", ways=ways, nodes=nodes))
    merged = network_from_osm(*halves)
    assert list(merged.links) == list(whole.links)
    # Nodes that one file lacks are taken from the other.
    simple = [
        drawing.write(tmp_path / f"{n}.osm.pbf", nodes=side)
        for n, side in enumerate((west, set(drawing.nodes) - west))
    ]
    assert list(network_from_osm(*simple).links) == list(whole.links)
    assert list(network_from_osm(*reversed(simple)).links) == list(whole.links)


def test_a_compiled_file_holds_the_whole_network(tmp_path):
    drawing, _ = grid(6, 3)
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf", stamp="2026-05-01T00:00:00Z"))
    write_compiled(network.table, network.about, tmp_path / "x.npz")
    loaded = load_network(tmp_path / "x.npz")
    assert isinstance(loaded.links, LinkTable)
    assert list(loaded.links) == list(network.links)
    assert list(loaded.nodes.items()) == list(network.nodes.items())
    assert loaded.about["extracts"][0]["date"] == "2026-05-01"
    for n, link in enumerate(loaded.links):
        assert loaded.rank[link.id] == n
        assert loaded.link(link.id) == link
    with pytest.raises(UnknownNameError, match=r"no link 'w1\.5'"):
        loaded.link("w1.5")


def test_names_coordinates_and_towns_are_ends(tmp_path):
    places = {9: {"place": "town", "name": "Иджеван", "name:en": "Ijevan"}}
    nodes = STREET | {9: (10.019, 50.002)}
    drawing = Drawn(nodes, {10: road(1, 2, 3), 11: road(3, 4, 5, maxspeed="30")}, places)
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    found = route("ijevan", "50.001,10.05", network=network)
    # The town lies north of the street, the coordinates north of its end.
    along_m = GEOD.inv(*STREET[1], 10.019, 50.0)[2]
    assert (found.origin, found.destination) == (f"w10.0+{along_m:.0f}", "n5")
    assert found.length_km == pytest.approx((metres(1, 5) - along_m) / 1000, abs=1e-5)
    first, last = found.snapped
    assert first == {
        "name": "Иджеван", "node": found.origin, "link": "w10.0",
        "away_m": round(GEOD.inv(*nodes[9], 10.019, 50.0)[2], 1), "along_m": round(along_m, 1),
    }  # fmt: skip
    assert last["away_m"] == pytest.approx(GEOD.inv(10.05, 50.001, *STREET[5])[2], abs=0.1)
    assert found.name == "Иджеван–50.001,10.05"
    with pytest.raises(UnknownNameError, match="km from the next road"):
        route("Kars", "n1", network=network)
    with pytest.raises(UnknownNameError, match="did you mean Иджеван"):
        route("Ijevam", "n1", network=network)


def test_a_place_snaps_to_where_the_network_goes_on(tmp_path):
    # An island of a road lies nearer to the town than the street.
    nodes = STREET | {8: (10.03, 50.001), 9: (10.031, 50.001), 7: (10.03, 50.0015)}
    drawing = Drawn(
        nodes, {10: road(1, 2, 3), 11: road(3, 4, 5, maxspeed="30"), 12: road(8, 9)},
        {7: {"place": "town", "name": "Town"}},
    )  # fmt: skip
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    assert route("Town", "n5", network=network).origin == "n3"


def test_unknown_classes_and_empty_files_are_said(tmp_path):
    file = Drawn(STREET, {10: road(1, 2, highway="footway")}).write(tmp_path / "x.osm.pbf")
    with pytest.raises(NoAnswerError, match="no road, railway or ferry"):
        network_from_osm(file)
    with pytest.raises(UnknownNameError, match="no class of roads 'highway'"):
        network_from_osm(file, roads=["highway"])


def test_roads_of_some_classes_only(drawn):
    network = drawn({10: road(1, 2, highway="primary"), 11: road(2, 3)}, roads=["primary"])
    assert set(ids(network)) == {"w10.0"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.osm.pbf", b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        ("x.osm", b"<!DOCTYPE html>\n<html></html>", "web page"),
        ("x.osm.pbf", b"", "empty"),
        ("x.osm", b"", "empty"),
        ("x.osm.pbf", b"\x1f\x8b\x08\x00" + bytes(40), "gzip"),
        ("x.osm.pbf", bytes(range(256)) * 4, "no OpenStreetMap data"),
        ("x.osm", b"\0\0\0\x0d\n\tOSMHeader\x18" + bytes(60), "holds PBF, .* rename it"),
        ("x.osm.gz", b"PK\x03\x04" + bytes(60), "packed by zip; unpack it"),
        ("x.osm.pbf", b"\xfd7zXZ\0" + bytes(60), "packed by xz; unpack it"),
        ("x.osm", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l "l">]><osm version="0.6">'
         b'<node id="1" lat="1" lon="1"><tag k="place" v="&l;"/></node></osm>', "entities"),
        ("x.osm", b'<osm version="0.6"><node id="1" lat="1" lon="1"/><way id="1"><nd ref="1"/>',
         "ends too early"),
    ],
)  # fmt: skip
def test_what_is_no_extract_is_said_in_one_line(tmp_path, name, content, said):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(FileFormatError, match=said) as error:
        network_from_osm(file)
    assert str(error.value).startswith(f"{file}: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("suffix", [".osm.pbf", ".osm.gz", ".osm.bz2", ".osm"])
def test_a_file_cut_short_is_said(tmp_path, suffix):
    drawing, _ = grid(9, 1)
    whole = drawing.write(tmp_path / f"x{suffix}").read_bytes()
    file = tmp_path / f"cut{suffix}"
    file.write_bytes(whole[: 2 * len(whole) // 3])
    with pytest.raises(FileFormatError, match="ends too early"):
        network_from_osm(file)


def test_a_missing_file_and_another_suffix(tmp_path):
    with pytest.raises(FileFormatError, match="no such file"):
        network_from_osm(tmp_path / "x.osm.pbf")
    with pytest.raises(FileFormatError, match=r"^https://x\.org/a\.osm\.pbf: .* download it first"):
        network_from_osm("https://x.org/a.osm.pbf")
    (tmp_path / "x.zip").write_bytes(b"PK")
    with pytest.raises(FileFormatError, match=r"\.osm\.pbf"):
        network_from_osm(tmp_path / "x.zip")


@pytest.mark.parametrize("divided", [False, True])
def test_a_network_and_its_routes_go_to_another_process(drawn, tmp_path, divided):
    network = drawn({10: road(1, 2, 3, name="High Street"), 11: road(3, 4, 5, name="Low Street")})
    write_compiled(network.table, network.about, tmp_path / "x.npz")
    ends = ("50,10.012", "50,10.043") if divided else ("n1", "n5")
    for one in (network, load_network(tmp_path / "x.npz")):
        sent = pickle.loads(pickle.dumps(one))
        assert [*sent.links] == [*one.links]
        found = route(*ends, network=one, terms=Terms(modes=("road",)))
        assert route(*ends, network=sent, terms=Terms(modes=("road",))).row() == found.row()
        assert pickle.loads(pickle.dumps(found)) == found
