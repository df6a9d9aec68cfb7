"""Routes begin and end where a road passes, not at its next node; truth by networkx and PROJ.

The truth knows no links: every vertex of every way is a node of its graph, into which the nearest
points of the ways are put by hand, and lengths are those of geographiclib.
"""

from __future__ import annotations

import random
from itertools import pairwise
from math import hypot, inf

import networkx as nx
import numpy as np
import pytest
import shapely
from drawn_net import SEED, net
from geographiclib.geodesic import Geodesic
from osm_files import Drawn, rail, road
from pyproj import Transformer

from borders.errors import AraxesError, NoAnswerError, UnknownNameError
from corridors import (
    Scenario,
    Terms,
    alternatives,
    compare,
    load_network,
    matrix,
    network_from_osm,
    reach,
    route,
    sweep,
)  # fmt: skip
from corridors.network.compiled import write_compiled
from corridors.routing.engines import node_order
from corridors.routing.engines.node_order import compute_order
from corridors.routing.planner import RoutePlanner, graph_of
from corridors.routing.query import planner_for
from corridors.scenarios.network_state import with_candidate_links

COUNTRY_ROAD = {1: (10.0, 50.0), 2: (10.05, 50.02), 3: (10.1, 50.0), 4: (10.1, 50.01)}


def metres(a, b):
    return Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"]


class Truth:
    """A graph of all vertices of a drawing."""

    def __init__(self, drawing):
        self.at = drawing.nodes
        whole = nx.DiGraph()
        for refs, tags in drawing.ways.values():
            for a, b in pairwise(refs):
                whole.add_edge(a, b, m=metres(self.at[a], self.at[b]))
                if tags.get("oneway") != "yes":
                    whole.add_edge(b, a, m=whole[a][b]["m"])
        largest = max(nx.strongly_connected_components(whole), key=len)
        self.graph = whole.subgraph(largest)
        self.sides = sorted({(min(e), max(e)) for e in self.graph.edges})

    def on(self, side, share):
        """Return the point of a segment after a share of it."""
        a, b = (self.at[n] for n in side)
        return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])

    def nearest(self, lon, lat):
        """Return the segment on which the nearest point lies, and its share of it."""
        plane = Transformer.from_crs(
            "EPSG:4326", f"+proj=aeqd +lon_0={lon} +lat_0={lat}", always_xy=True
        )
        columns = plane.transform(*zip(*self.at.values(), strict=True))
        xy = dict(zip(self.at, zip(*columns, strict=True), strict=True))
        lines = [shapely.LineString([xy[n] for n in side]) for side in self.sides]
        away = shapely.distance(lines, shapely.Point(0, 0))
        best = []
        for n in away.argsort()[:2].tolist():
            share = self._least(self.sides[n], lon, lat)
            best.append((metres(self.on(self.sides[n], share), (lon, lat)), self.sides[n], share))
        return min(best)

    def _least(self, side, lon, lat):
        low, high = 0.0, 1.0
        while high - low > 1e-6:
            third = (high - low) / 3
            left, right = (
                metres(self.on(side, at), (lon, lat)) for at in (low + third, high - third)
            )
            low, high = (low, high - third) if left < right else (low + third, high)
        return (low + high) / 2

    def length_m(self, first, last):
        """Return the length of the shortest way between two points of segments, None without."""
        graph = nx.DiGraph(self.graph)
        on_side = {}
        for name, (side, share) in (("P", first), ("Q", last)):
            on_side.setdefault(side, []).append((share, name))
        for side, points in on_side.items():
            row = [
                (side[0], self.at[side[0]]),
                *((name, self.on(side, share)) for share, name in sorted(points)),
                (side[1], self.at[side[1]]),
            ]
            for (a, here), (b, there) in pairwise(row):
                for tail, head, way in ((a, b, side), (b, a, side[::-1])):
                    if self.graph.has_edge(*way):
                        graph.add_edge(tail, head, m=metres(here, there))
        try:
            return nx.shortest_path_length(graph, "P", "Q", "m")
        except nx.NetworkXNoPath:
            return None


@pytest.fixture(scope="module")
def truth():
    return Truth(net())


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return network_from_osm(net().write(tmp_path_factory.mktemp("net") / "net.osm.pbf"))


def text(lon, lat):
    return f"{lat:.7f},{lon:.7f}"


def beside(rng, truth, side):
    """Return a position up to 300 m beside a segment."""
    lon, lat = truth.on(side, rng.random())
    return round(lon + rng.uniform(-0.003, 0.003), 7), round(lat + rng.uniform(-0.003, 0.003), 7)


def test_random_ends_lie_at_the_nearest_point_and_routes_are_as_long_as_networkx_says(
    truth, network
):
    rng = random.Random(SEED)
    between, onto_one_link = 0, 0
    for n in range(210):
        side = rng.choice(truth.sides)
        # Every third pair lies along one segment or beside it: mostly on one link.
        other = side if n % 3 == 0 else rng.choice(truth.sides)
        ends = [beside(rng, truth, s) for s in (side, other)]
        (away_m, *first), (_, *last) = (truth.nearest(*end) for end in ends)
        expected = truth.length_m(first, last)
        found = route(*(text(*end) for end in ends), network=network)
        assert found.length.value == pytest.approx(expected, abs=0.1)
        assert found.snapped[0]["away_m"] == pytest.approx(away_m, abs=0.06)
        course = [xy for line in found.geometry.geoms for xy in line.coords]
        for xy, (segment, share) in ((course[0], first), (course[-1], last)):
            assert metres(xy, truth.on(segment, share)) < 0.1
        links = [row.get("link") for row in found.snapped]
        between += None not in links
        onto_one_link += links[0] is not None and links[0] == links[1]
    assert between > 150
    assert onto_one_link > 35


@pytest.mark.parametrize(("side", "name"), [((901, 902), "both ways"), ((904, 905), "one way")])
def test_two_ends_on_a_loop(truth, network, side, name):
    near, far = (truth.on(side, share) for share in (0.2, 0.7))
    there, back = (
        route(text(*a), text(*b), network=network).length.value
        for a, b in ((near, far), (far, near))
    )
    assert there == pytest.approx(metres(near, far), abs=0.05)
    loop = {"both ways": (1, 901, 902, 903, 1), "one way": (31, 904, 905, 906, 31)}[name]
    whole_m = sum(metres(truth.at[a], truth.at[b]) for a, b in pairwise(loop))
    assert back == pytest.approx(there if name == "both ways" else whole_m - there, abs=0.05)


def country_road(tmp_path, **tags):
    """Return a network of one long road with a bend, and a short one at its end."""
    drawing = Drawn(COUNTRY_ROAD, {10: road(1, 2, 3, **tags), 11: road(3, 4, highway="primary")})
    return network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))


def test_parts_have_the_lengths_and_together_the_error_of_the_link(tmp_path):
    network = country_road(tmp_path)
    link = network.link("w10.0")
    found = route("n1", "n3", via=["50.01,10.025"], network=network)
    parts = [step.link for step in found.steps]
    assert [part.id for part in parts] == ["w10.0/1", "w10.0/2"]
    assert {part.part_of for part in parts} == {"w10.0"}
    point = parts[0].xy[-1]
    assert parts[0].length_m == pytest.approx(metres(COUNTRY_ROAD[1], point), abs=0.02)
    assert sum(part.length_m for part in parts) == pytest.approx(link.length_m, rel=1e-12)
    assert sum(part.shared_m for part in parts) == pytest.approx(link.shared_m, rel=1e-12)
    own = hypot(*((part.sigma_m**2 - part.shared_m**2) ** 0.5 for part in parts))
    assert own == pytest.approx((link.sigma_m**2 - link.shared_m**2) ** 0.5, rel=1e-9)
    whole = route("n1", "n3", network=network)
    for quantity in ("length", "time", "cost"):
        one, other = getattr(found, quantity), getattr(whole, quantity)
        ends = (one.low, one.value, one.high)
        assert ends == pytest.approx((other.low, other.value, other.high), rel=1e-9)
    assert parts[0].xy + parts[1].xy[1:] == (*link.xy[:1], point, *link.xy[1:])


def test_a_point_at_a_vertex_is_there_once(tmp_path):
    found = route(text(*COUNTRY_ROAD[2]), "n3", network=country_road(tmp_path))
    assert found.steps[0].link.xy == (COUNTRY_ROAD[2], COUNTRY_ROAD[3])


def test_an_end_within_a_metre_of_a_node_is_the_node(tmp_path):
    network = country_road(tmp_path)
    lon, lat = COUNTRY_ROAD[1]
    step = 0.0000140
    near, far = (text(lon + k * step, lat + 0.4 * k * step) for k in (0.5, 2))
    assert metres((lon, lat), (lon + step / 2, lat + 0.2 * step)) < 1
    found = route(near, "n4", network=network)
    assert found.origin == "n1"
    assert found.steps[0].link.id == "w10.0"
    assert route(far, "n4", network=network).origin == "w10.0+2"


@pytest.mark.parametrize(("farther_m", "node"), [(60, True), (140, False)])
def test_a_node_stands_for_a_name_if_it_is_hardly_farther_than_the_road(tmp_path, farther_m, node):
    # A village 300 m north of a road along the equator, and the next node to the west.
    north = Geodesic.WGS84.Direct(0, 10, 0, 300)
    west = Geodesic.WGS84.Direct(0, 10, 270, ((300 + farther_m) ** 2 - 300**2) ** 0.5)
    nodes = {1: (9.9, 0.0), 2: (west["lon2"], 0.0), 3: (10.2, 0.0), 9: (10.0, north["lat2"])}
    drawing = Drawn(
        nodes, {10: road(1, 2), 11: road(2, 3, highway="primary")},
        {9: {"place": "village", "name": "Middle"}},
    )  # fmt: skip
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    (snapped, *_) = route("Middle", "n3", network=network).snapped
    assert (snapped["node"] == "n2") is node
    assert snapped["away_m"] == pytest.approx(300 + farther_m * node, abs=0.2)
    (exact, *_) = route(text(10.0, north["lat2"]), "n3", network=network).snapped
    assert exact["link"] == "w11.0"


def test_ends_less_than_a_metre_apart_are_one_place(tmp_path):
    network = country_road(tmp_path)
    (x, y), (x2, y2) = COUNTRY_ROAD[1], COUNTRY_ROAD[2]
    whole_m = metres(COUNTRY_ROAD[1], COUNTRY_ROAD[2])

    def at(along_m):
        share = along_m / whole_m
        return text(x + share * (x2 - x), y + share * (y2 - y))

    both = r"^'\S+' and '\S+' both mean \S+, which is given twice in a row"
    # Also on both sides of a full metre, by which such places are called.
    for tenths in range(10):
        begin_m = 100 + tenths / 10
        with pytest.raises(AraxesError, match=both):
            route(at(begin_m), at(begin_m + 0.8), network=network)
        assert route(at(begin_m), at(begin_m + 1.5), network=network).length.value < 2


def test_a_link_that_is_closed_or_avoided_is_so_in_parts(tmp_path):
    network = country_road(tmp_path)
    ends = "50.01,10.025", "n4"
    assert route(*ends, network=network).steps[0].link.id == "w10.0/2"
    with pytest.raises(NoAnswerError, match=r"in the way stand w10\.0 \("):
        route(*ends, network=network, scenario=Scenario.of("shut", close=["w10.0"]))
    with pytest.raises(NoAnswerError):
        route(*ends, network=network, terms=Terms(avoid=["w10.0"]))
    through = route(*ends, network=network, via=["w10.0"])
    assert through.length_km == route(*ends, network=network).length_km


def test_what_a_scenario_sets_for_a_link_holds_for_its_parts(tmp_path):
    network = country_road(tmp_path)
    terms = Terms(by="hours")
    slow = Scenario.of("slow", set={"w10.0.speed_kmh": 10.0, "w10.0.delay_h": 3.0})
    whole, shut = (
        route(start, "n3", network=network, scenario=slow, terms=terms)
        for start in ("n1", "50.01,10.025")
    )
    share = shut.length_km / whole.length_km
    assert whole.hours == pytest.approx(whole.length_km / 10 + 3, rel=1e-9)
    assert shut.hours == pytest.approx(share * whole.hours, rel=1e-9)
    assert matrix(["50.01,10.025"], ["n3"], network=network, scenario=slow, terms=terms)[0] == [
        pytest.approx(shut.hours, rel=1e-9)
    ]


def test_a_street_of_one_way_is_left_and_entered_as_it_leads(tmp_path):
    network = country_road(tmp_path, oneway="yes")
    assert route("50.01,10.025", "n4", network=network).length_km > 7
    with pytest.raises(NoAnswerError):
        route("n4", "50.01,10.025", network=network)


def test_a_matrix_has_the_lengths_of_the_routes(truth, network):
    rng = random.Random(SEED + 1)
    names = [text(*beside(rng, truth, rng.choice(truth.sides))) for _ in range(5)]
    # Two on one link, in both directions.
    names += [text(*truth.on((901, 902), share)) for share in (0.2, 0.7)]
    rows = matrix(names, network=network)
    for a, row in zip(names, rows, strict=True):
        for b, value in zip(names, row, strict=True):
            alone = 0.0 if a == b else route(a, b, network=network).length_km
            assert value == pytest.approx(alone, abs=1e-6)


def test_comparing_and_alternatives_begin_at_the_same_points(truth, network):
    ends = text(*truth.on((901, 902), 0.5)), text(*truth.on((904, 905), 0.5))
    best = route(*ends, network=network)
    (row,) = compare(iter([ends]), network=network, terms=Terms(modes=("road",)))
    assert row.way.length.value == pytest.approx(best.length.value, rel=1e-12)
    first = alternatives(*ends, network=network, k=2)[0]
    assert first.length.value == pytest.approx(best.length.value, rel=1e-12)


def test_a_reach_begins_on_the_road(tmp_path):
    network = country_road(tmp_path)
    found = reach("50.01,10.025", 2, network=network)
    lengths = [(link.id, round(line.length, 3)) for link, line in found.stretches]
    assert [link for link, _ in lengths] == ["w10.0/1", "w10.0/2"]
    (area, *stretches) = found.to_gdf().to_dict("records")
    assert area["kind"] == "reach"
    # 2 km in both directions; the whole link is not counted once more.
    assert sum(row["length_m"] for row in stretches) == pytest.approx(
        2000 + min(2000, metres(COUNTRY_ROAD[1], (10.025, 50.01))), abs=5
    )


def test_railways_are_left_between_stations_and_roads_are_not_taken_for_them(tmp_path):
    nodes = COUNTRY_ROAD | {5: (10.0, 50.005), 6: (10.1, 50.005)}
    drawing = Drawn(nodes, {10: road(1, 2, 3), 11: rail(5, 6)})
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    by_rail = route("50.006,10.05", "n6", network=network, terms=Terms(modes=("rail",)))
    assert by_rail.snapped[0]["link"] == "w11.0"
    assert by_rail.length_km == pytest.approx(metres((10.05, 50.005), nodes[6]) / 1000, rel=1e-4)
    with pytest.raises(UnknownNameError, match="km from the next rail"):
        route("50.1,10.05", "n6", network=network, terms=Terms(modes=("rail",)))


def test_what_nobody_may_use_stands_for_no_end(tmp_path):
    nodes = COUNTRY_ROAD | {5: (10.02, 50.05)}
    ways = {10: road(1, 2, 3), 11: road(3, 4, highway="primary"), 12: road(1, 5, 3, access="no")}
    network = network_from_osm(Drawn(nodes, ways).write(tmp_path / "x.osm.pbf"))
    assert route("50.04,10.02", "n4", network=network).snapped[0]["link"] == "w10.0"
    # Nor does the end of a private drive, a node.
    nodes[6] = (10.03, 50.04)
    ways[13] = road(2, 6, access="private")
    network = network_from_osm(Drawn(nodes, ways).write(tmp_path / "y.osm.pbf"))
    (end, *_) = route("50.0401,10.0301", "n4", network=network).snapped
    assert end["node"] == "n2" or end["link"].startswith("w10.")


def test_the_stored_order_serves_hierarchies_of_divided_links(truth, network, tmp_path):
    write_compiled(
        network.table, network.about, tmp_path / "x.npz", compute_order(graph_of(network))
    )
    loaded = load_network(tmp_path / "x.npz")
    ends = [text(*truth.on(side, 0.5)) for side in ((901, 902), (904, 905), truth.sides[40])]
    by_engine = {}
    for engine in ("cch", "scipy"):
        planner = planner_for(["status-quo"], None, loaded, None, engine=engine, ends=ends)
        assert sorted(planner.graph.order.tolist()) == list(range(planner.graph.n_nodes))
        stops = [planner.stops.place(end) for end in ends]
        by_engine[engine] = planner.matrix(planner.states[0], stops, stops)
    assert by_engine["cch"] == pytest.approx(by_engine["scipy"], rel=1e-4)


def test_an_end_near_180_degrees_lies_on_the_road_that_crosses_them(tmp_path):
    nodes = {1: (179.95, -16.0), 2: (179.99, -16.0), 3: (-179.97, -16.0), 4: (-179.9, -16.0)}
    drawing = Drawn(nodes, {10: road(1, 2, 3), 11: road(3, 4, highway="primary")})
    network = network_from_osm(drawing.write(tmp_path / "x.osm.pbf"))
    for lon in (179.995, -179.995, 179.98):
        found = route(text(lon, -16.005), "n4", network=network)
        assert found.snapped[0]["link"] == "w10.0"
        assert found.snapped[0]["away_m"] == pytest.approx(
            metres((lon, -16.005), (lon, -16.0)), abs=0.1
        )
        assert found.length.value == pytest.approx(metres((lon, -16.0), nodes[4]), abs=0.1)


def test_paths_over_whole_links_are_those_over_their_parts(truth, network):
    rng = random.Random(SEED + 2)
    # Three points on one street, one on the loop of one way, others anywhere; and two nodes.
    ends = [text(*truth.on((901, 902), share)) for share in (0.2, 0.5, 0.7)]
    ends += [text(*truth.on((904, 905), 0.5)), "n8", "n29"]
    ends += [text(*beside(rng, truth, rng.choice(truth.sides))) for _ in range(6)]
    middle = [route(a, "n8", network=network).steps for a in ends[6:]]
    closed = {steps[len(steps) // 2].link.whole_id for steps in middle if steps}
    scenarios = [
        Scenario.of("open"),
        Scenario.of("shut", close=sorted(closed)),
        Scenario.of("slow", set={f"{key}.speed_kmh": 5.0 for key in closed}),
    ]
    for terms in (Terms(), Terms(by="hours"), Terms(by="hours", avoid=sorted(closed)[:1])):
        quick = planner_for(scenarios, terms, network, None, ends=ends)
        full = RoutePlanner(quick.without_candidates, scenarios, terms)
        stops = [quick.stops.place(end) for end in ends]
        trips = [(a, b) for a in stops for b in stops if a != b]
        trips += [(stops[5], stops[0], stops[4]), (stops[0], stops[1], stops[2])]
        for n in range(len(scenarios)):
            found = (p.find_each(p.states[n], trips) for p in (quick, full))
            for one, other in zip(*found, strict=True):
                assert (one is None) is (other is None)
                if one is not None and other is not None:
                    assert one.cost == pytest.approx(other.cost, rel=1e-9)
                    weight = sum(
                        quick.states[n].weight(link, forward=ahead) for link, ahead in one.steps
                    )
                    assert one.cost == pytest.approx(weight, rel=1e-9)
                    assert all(
                        quick.states[n].usable(link, forward=ahead) for link, ahead in one.steps
                    )


@pytest.mark.parametrize("by", ["km", "hours"])
def test_a_few_routes_by_whole_links_are_those_of_divided_links_prepared(truth, network, by):
    rng = random.Random(SEED + 4)
    ends = [text(*beside(rng, truth, rng.choice(truth.sides))) for _ in range(6)]
    pairs = [*zip(ends, ends[1:] + ends[:1], strict=True)]
    terms = Terms(modes=("road",), by=by)
    steps = [route(*pair, network=network, terms=terms).steps for pair in pairs]
    middle = sorted({links[len(links) // 2].link.whole_id for links in steps})
    ring = network.link("w900.0")
    # A way that is not the best one, until it becomes quicker.
    far = max(range(len(pairs)), key=lambda p: len(steps[p]))
    best = [step.link.whole_id for step in steps[far]]
    barred = Scenario.of("barred", close=[best[len(best) // 2]])
    around = route(*pairs[far], scenario=barred, network=network, terms=terms).steps
    bypass = sorted({step.link.whole_id for step in around}.difference(best))
    scenarios = [
        Scenario.of("open"),
        Scenario.of("shut", close=middle[:3]),
        Scenario.of("slow", set={f"{key}.speed_kmh": 7.0 for key in middle[2:]}),
        Scenario.of("fast", set={"speed_kmh.road": 80.0}),
        Scenario.of("elsewhere", close=[ring.id]),
        Scenario.of("bypass", set={f"{key}.speed_kmh": 1000.0 for key in bypass}),
    ]
    quick = planner_for(scenarios, terms, network, None, ends=ends)
    full = RoutePlanner(quick.without_candidates, scenarios, terms)
    stops = [tuple(map(quick.stops.place, pair)) for pair in pairs]
    (some,), (all_of_it,) = (planner.batch_each(stops) for planner in (quick, full))
    assert not quick.weighted._routers
    assert some.found.costs.tolist() == [
        pytest.approx(row, rel=1e-9) for row in all_of_it.found.costs.tolist()
    ]
    for n in range(len(scenarios)):
        for p in range(len(pairs)):
            assert some.links(n, p) == all_of_it.links(n, p)
    assert (some.links(5, far) != some.links(0, far)) == (by == "hours")
    # What a scenario leaves alone stays the same path.
    assert all(a is b for a, b in zip(some.found.paths[0], some.found.paths[4], strict=True))


@pytest.mark.parametrize("by", ["km", "hours"])
@pytest.mark.parametrize("limit", [500.0, 3000.0, inf])
def test_a_tree_of_a_point_by_whole_links_is_that_of_divided_links_prepared(
    truth, network, by, limit
):
    rng = random.Random(SEED + 5)
    # Three points on one street, one on the loop of one way, others anywhere; and a node.
    ends = [text(*truth.on((901, 902), share)) for share in (0.2, 0.5, 0.7)]
    ends += [text(*truth.on((904, 905), 0.5)), "n8"]
    ends += [text(*beside(rng, truth, rng.choice(truth.sides))) for _ in range(5)]
    middle = [route(a, "n8", network=network).steps for a in ends[5:]]
    closed = sorted({steps[len(steps) // 2].link.whole_id for steps in middle if steps})
    scenarios = [Scenario.of("open"), Scenario.of("shut", close=closed[:2])]
    terms = Terms(modes=("road",), by=by)
    for asked in (ends, ends[:1], ends[3:4]):
        quick = planner_for(scenarios, terms, network, None, ends=asked)
        full = RoutePlanner(quick.without_candidates, scenarios, terms)
        for end in asked:
            start = quick.stops.place(end)
            for n in range(len(scenarios)):
                one, other = (
                    p.tree(p.states[n], start, ("road",), limit if by == "km" else limit / 4e4)
                    for p in (quick, full)
                )
                assert one.costs.tolist() == pytest.approx(other.costs.tolist(), rel=1e-9)
                assert one.entered.tolist() == pytest.approx(other.entered.tolist(), rel=1e-9)
                assert one.arc_costs.tolist() == pytest.approx(other.arc_costs.tolist(), rel=1e-9)
                nodes = np.flatnonzero(one.before >= 0)
                arcs = one.router.arcs_between(one.before[nodes], nodes)
                assert quick.graph.tail[arcs].tolist() == one.before[nodes].tolist()
                assert quick.graph.head[arcs].tolist() == nodes.tolist()
                costs = quick.weighted.costs(quick.states[n], ("road",))[arcs]
                on_the_way = one.costs[one.before[nodes]] + costs
                assert on_the_way.tolist() == pytest.approx(one.costs[nodes].tolist(), rel=1e-9)
                # Only the source is reached without a node before it.
                assert np.isfinite(one.costs).sum() == len(nodes) + 1
        assert not quick.weighted._routers


def test_a_reach_from_points_has_the_costs_that_networkx_finds(truth, network):
    rng = random.Random(SEED + 6)
    for _ in range(20):
        position = beside(rng, truth, rng.choice(truth.sides))
        side, share = truth.nearest(*position)[1:]
        graph = nx.DiGraph(truth.graph)
        for node, other, part in ((*side, share), (*side[::-1], 1 - share)):
            for tail, head, ends in ((other, node, ("P", node)), (node, other, (node, "P"))):
                if truth.graph.has_edge(tail, head):
                    graph.add_edge(*ends, m=part * truth.graph[tail][head]["m"])
        known = nx.single_source_dijkstra_path_length(graph, "P", 8000.0, "m")
        near = reach(text(*position), 8, terms=Terms(modes=("road",)), network=network)
        ours = {int(key[1:]): km for key, km in near.places.items() if "+" not in key}
        for node, km in ours.items():
            assert 1000 * km == pytest.approx(known[node], abs=0.5)
        nodes = {int(key[1:]) for key in network.layers}
        assert len(ours) > 1
        assert {node for node, m in known.items() if node in nodes and m < 7999} <= set(ours)


def test_the_order_of_a_large_network_in_memory_is_found_once_and_not_for_each_end(
    truth, network, monkeypatch
):
    monkeypatch.setattr(node_order, "MIN_CACHED_NODES", 10)
    end = text(*truth.on((901, 902), 0.5))
    planner = planner_for(["status-quo"], None, network, None, ends=[end])
    order, before = planner.graph.order.tolist(), compute_order(graph_of(network))
    (point,) = [n for n, key in enumerate(planner.network.nodes) if "+" in key]
    assert order[0] == point
    assert [n - (n > point) for n in order[1:]] == before


def test_what_a_scenario_builds_leads_on_from_a_divided_link(tmp_path):
    network = country_road(tmp_path)
    row = {"id": "bridge", "mode": "road", "path": [{"place": "n1"}, {"place": "n4"}]}
    built = Scenario.of("built", build=[row], network=network)
    near = text(10.001, 50.0004)
    assert [s.link.id for s in route(near, "n4", network=network).steps] == ["w10.0/2", "w11.0"]
    found = route(near, "n4", network=network, scenario=built)
    assert [step.link.id for step in found.steps] == ["w10.0/1", "bridge"]
    assert [step.forward for step in found.steps] == [False, True]


def test_another_question_finds_the_links_whole_again(tmp_path):
    network = country_road(tmp_path)
    route("50.01,10.025", "n4", network=network)
    assert [step.link.id for step in route("n1", "n4", network=network).steps] == [
        "w10.0", "w11.0",
    ]  # fmt: skip
    assert [link.id for link in network.links] == ["w10.0", "w11.0"]


@pytest.mark.parametrize("by", ["km", "hours"])
def test_each_row_of_a_sweep_is_the_route_and_as_long_as_networkx_says(truth, network, by):
    rng = random.Random(SEED + 3)
    sides = [(rng.choice(truth.sides), rng.choice(truth.sides)) for _ in range(12)]
    # Two on one link.
    sides += [(side, side) for side in rng.sample(truth.sides, 3)]
    ends = [[beside(rng, truth, side) for side in pair] for pair in sides]
    pairs = [tuple(text(*end) for end in pair) for pair in ends]
    terms = Terms(modes=("road",), by=by)
    steps = [route(*pair, network=network, terms=terms).steps for pair in pairs]
    closed = {links[len(links) // 2].link.whole_id for links in steps if len(links) > 2}
    scenarios = [
        Scenario.of("open"),
        Scenario.of("shut", close=sorted(closed)[:4]),
        Scenario.of("slow", set={f"{key}.speed_kmh": 7.0 for key in sorted(closed)}),
    ]
    table = sweep(pairs, scenarios=scenarios, terms=terms, network=network)
    assert len(table) == len(pairs) * len(scenarios)
    between = 0
    for row in table.to_dict("records"):
        scenario = next(s for s in scenarios if s.id == row["scenario"])
        pair = row["from"], row["to"]
        try:
            alone = route(*pair, scenario=scenario, terms=terms, network=network)
        except NoAnswerError:
            assert row["km"] != row["km"]
            continue
        for quantity, names in (
            (alone.length, ("km", "low_km", "high_km")),
            (alone.time, ("hours", "low_hours", "high_hours")),
            (alone.cost, ("cost_usd_t", "low_cost_usd_t", "high_cost_usd_t")),
        ):
            unit = 1000 if "km" in names else 1
            expected = [v / unit for v in (quantity.value, quantity.low, quantity.high)]
            assert [row[name] for name in names] == pytest.approx(expected, rel=1e-9)
        between += all(told.get("link") for told in alone.snapped)
        if by == "km" and scenario.id == "open":
            first, last = (truth.nearest(*end)[1:] for end in ends[pairs.index(pair)])
            assert row["km"] * 1000 == pytest.approx(truth.length_m(first, last), abs=0.1)
    assert between > 20


def test_a_sweep_with_draws_and_on_two_processes_begins_at_the_same_points(truth, tmp_path):
    made = network_from_osm(net().write(tmp_path / "net.osm.pbf"))
    write_compiled(made.table, made.about, tmp_path / "x.npz", compute_order(graph_of(made)))
    network = load_network(tmp_path / "x.npz")
    pair = text(*truth.on((901, 902), 0.5)), text(*truth.on((904, 905), 0.5))
    terms = Terms(modes=("road",))
    scenarios = [Scenario.of("open"), Scenario.of("shut", close=["w901.0"])]
    table = sweep(pair, scenarios=scenarios, draws=40, terms=terms, network=network)
    best = route(*pair, terms=terms, network=network)
    km = table.loc[table["scenario"] == "open", "km"]
    assert best.length.low / 1000 < km.mean() < best.length.high / 1000
    asked = {"scenarios": scenarios, "terms": terms, "network": tmp_path / "x.npz"}
    both = sweep(pair, workers=2, **asked)
    assert both.equals(sweep(pair, **asked))
    assert both["km"][0] == pytest.approx(best.length_km, rel=1e-9)


def test_a_new_link_joins_the_road_at_its_nearest_point(tmp_path):
    # A street between the country road and one beside it, from middle to middle.
    nodes = {**COUNTRY_ROAD, 7: (10.0, 50.05), 8: (10.1, 50.05)}
    ways = {10: road(1, 2, 3), 11: road(3, 4, highway="primary"), 12: road(7, 8)}
    ways[13] = road(4, 8, highway="primary")
    network = network_from_osm(Drawn(nodes, ways).write(tmp_path / "x.osm.pbf"))
    south, north = "50.0102,10.025", "50.0499,10.04"
    row = {"id": "cut", "mode": "road", "length_km": 6.0, "path": [{"place": south},
           {"place": north}]}  # fmt: skip
    built = Scenario.of("built", build=[row], network=network)
    found = route("n1", "n7", scenario=built, network=network)
    ids = [step.link.id for step in found.steps]
    assert ids == ["w10.0/1", "cut", "w12.0/1"]
    first, cut, last = (step.link for step in found.steps)
    shares = (n / 5000 for n in range(5001))
    on_road = ((10.0 + 0.05 * share, 50.0 + 0.02 * share) for share in shares)
    nearest = min(on_road, key=lambda xy: metres(xy, (10.025, 50.0102)))
    assert first.length_m == pytest.approx(metres(nodes[1], nearest), abs=1)
    assert (cut.xy[0], cut.xy[-1]) == (first.xy[-1], last.xy[-1])
    assert last.length_m == pytest.approx(metres(nodes[7], last.xy[-1]), abs=0.05)
    assert found.length.value == pytest.approx(first.length_m + 6000 + last.length_m, abs=0.01)
    # Asked with the same place as an end, and by the other questions.
    (begin, *_) = route(south, "n7", scenario=built, network=network).steps
    assert begin.link.id == "cut"
    asked = {"terms": Terms(modes=("road",)), "network": network}
    (row,) = sweep(("n1", "n7"), scenarios=built, **asked).to_dict("records")
    assert row["km"] == pytest.approx(found.length_km, rel=1e-9)
    (told,) = compare(("n1", "n7"), built, **asked)
    assert told.way.length.value == pytest.approx(found.length.value, rel=1e-9)
    # Without the scenario its points change nothing.
    both = sweep(("n1", "n3"), scenarios=[Scenario.of("none"), built], **asked)
    whole = route("n1", "n3", network=network).length_km
    assert both["km"].tolist() == pytest.approx([whole, whole], rel=1e-9)


def test_what_shows_a_new_link_has_it_end_where_routes_take_it(tmp_path):
    network = country_road(tmp_path)
    row = {"id": "cut", "mode": "road", "path": [{"place": "50.0102,10.025"}, {"place": "n4"}]}
    built = Scenario.of("built", build=[row], network=network)
    shown = with_candidate_links(network, [built]).link("cut")
    taken = route("n1", "n4", scenario=built, network=network).steps[-1].link
    assert taken == shown


def test_an_unknown_end_is_told_the_most_important_places_there_are(tmp_path):
    kinds = ["hamlet", "village", "hamlet", "town", "hamlet", "city", "village", "suburb"]
    nodes = {n: (10.0 + 0.01 * n, 50.0) for n in range(1, 10)}
    named = {n: {"place": what, "name": f"{what}{n}"} for n, what in enumerate(kinds, 1)}
    drawn = Drawn(nodes, {1: road(1, 9)}, named)
    network = network_from_osm(drawn.write(tmp_path / "many.osm.pbf"))
    known = "one of its 8 places, such as city6, town4, suburb8, village2 and village7, a node such"
    with pytest.raises(UnknownNameError, match=f"'Nowhere' in many.osm.pbf; give {known} as n1"):
        route("Nowhere", "n1", network=network)
    few = network_from_osm(Drawn(nodes, {1: road(1, 9)}).write(tmp_path / "none.osm.pbf"))
    with pytest.raises(UnknownNameError, match=r"none\.osm\.pbf; give a node such as n1, or coord"):
        route("Nowhere", "n1", network=few)
    one = Drawn(nodes, {1: road(1, 9)}, {3: named[3]}).write(tmp_path / "one.osm.pbf")
    with pytest.raises(UnknownNameError, match="give its one place, hamlet3, a node such as n1"):
        route("Nowhere", "n1", network=network_from_osm(one))
