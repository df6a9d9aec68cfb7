"""What stands in the way where there is no way, against networkx on graphs of its own."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace
from math import inf

import networkx
import pytest
from osm_files import Drawn, road
from small_network import DAY, link, network

from borders.errors import NoAnswerError
from corridors import network_from_osm
from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.routing.obstacles import minimum_cut, no_route_message, obstacles
from corridors.routing.planner import RoutePlanner
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

NETWORK = load_network()
DAYS = ("1985-01-01", "1994-01-01", "2018-06-01", "2022-12-20", "2023-12-01", "2026-06-01")
MODES = (("road",), ("rail",), ("rail", "ferry"), ("rail", "road", "ferry"))


def oracle(day, users, modes) -> networkx.DiGraph:
    """Return a graph in which a closed link costs and carries one, an open one nothing and all."""
    graph = networkx.DiGraph()
    for one in NETWORK.links:
        layers = [node.rpartition(".")[2].rstrip("0123456789") for node in (one.start, one.end)]
        if not (set(layers) <= set(modes) if one.mode == "transfer" else one.mode in modes):
            continue
        for forward, (u, v) in ((True, (one.start, one.end)), (False, (one.end, one.start))):
            closed = one.status(day, forward=forward, users=users).status != "open"
            # A node of its own for each link keeps parallel ones apart.
            graph.add_edge(u, (one.id, forward), toll=int(closed), capacity=1 if closed else inf)
            graph.add_edge((one.id, forward), v, toll=0, capacity=inf)
    return graph


def between(graph, a, b) -> networkx.DiGraph:
    """Return a graph with the nodes of two places joined to its ends "from" and "to"."""
    graph = graph.copy()
    for node in NETWORK.layers[a]:
        graph.add_edge("from", node, toll=0, capacity=inf)
    for node in NETWORK.layers[b]:
        graph.add_edge(node, "to", toll=0, capacity=inf)
    return graph


def test_the_fewest_links_to_open_and_the_least_cut_are_those_of_networkx() -> None:
    chance = random.Random(2)
    towns = sorted(NETWORK.layers)
    kinds = set()
    for day, users, modes in itertools.product(DAYS, ("freight", "passengers"), MODES):
        then = Scenario(id="then", on=load_network(on=day).on)
        planner = RoutePlanner(NETWORK, [then], Terms(modes=modes, users=users))
        state = planner.states[0]
        whole = oracle(state.on, users, modes)
        # The roads are nearly complete: few pairs have no way.
        for _ in range(6):
            a, b = chance.sample(towns, 2)
            graph = between(whole, a, b)
            found = obstacles(planner, state, a, b)
            narrowest = minimum_cut(planner, state, a, b)
            if found is None:
                assert not networkx.has_path(graph, "from", "to")
                assert narrowest == []
                continue
            assert len(found) == networkx.dijkstra_path_length(graph, "from", "to", weight="toll")
            if not found:
                assert narrowest == []
                continue
            assert len(narrowest) == networkx.minimum_cut_value(graph, "from", "to")
            for one in narrowest:
                graph.remove_nodes_from([(one.link.id, True), (one.link.id, False)])
            assert not networkx.has_path(graph, "from", "to")
            kinds.add((len(found) > 1, len(narrowest) > 1))
    assert len(kinds) >= 3


def test_a_line_says_what_to_open_and_without_what_nothing_helps() -> None:
    # Two closed roads side by side, then one closed: either of the two, and the third.
    links = [
        link("first", "tbilisi.road", "ganja.road", 200, status="closed"),
        link("second", "tbilisi.road", "ganja.road", 250, status="planned"),
        link("third", "ganja.road", "baku.road", 350, status="closed"),
    ]
    planner = RoutePlanner(network(links), [Scenario(id="s", on=DAY)], Terms(modes=("road",)))
    said = no_route_message(planner, planner.states[0], ("tbilisi", "baku"))
    assert "in the way stand first (closed), third (closed); no way without third;" in said
    said = no_route_message(planner, planner.states[0], ("tbilisi", "ganja"))
    assert "in the way stand first (closed); no way without one of first," in said
    assert "second (planned); a scenario may open them" in said


def test_a_link_of_another_time_says_until_when_or_since_when_it_is_closed(tmp_path) -> None:
    rows = [("old", "1950-01-01", "2010-01-01"), ("new", "2030-01-01", None)]
    features = [
        {"type": "Feature",
         "properties": {"id": key, "from": "a.road", "to": "b.road", "mode": "road",
                        "valid_from": begin, "valid_to": end},
         "geometry": {"type": "LineString", "coordinates": [[21, 52], [22, 52]]}}
        for key, begin, end in rows
    ]  # fmt: skip
    path = tmp_path / "dated.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    planner = RoutePlanner(load_network(path), [Scenario(id="s", on=DAY)], Terms(modes=("road",)))
    said = no_route_message(planner, planner.states[0], ("a", "b"))
    assert said.count("new (closed until 2030-01-01)") == 1
    assert said.count("old (closed since 2010-01-01)") == 1


@pytest.mark.parametrize("pair", [("yerevan", "nakhchivan"), ("kars", "nakhchivan")])
def test_no_way_remains_when_all_but_the_cut_is_open(pair) -> None:
    planner = RoutePlanner(NETWORK, [Scenario(id="s")], Terms(modes=("rail",)))
    keys = {one.link.id for one in minimum_cut(planner, planner.states[0], *pair)}
    closed = [
        k.id for k in NETWORK.links if k.mode == "rail" and k.status(NETWORK.on).status != "open"
    ]
    rest = Scenario(id="rest", open=dict.fromkeys(set(closed) - keys, "rest"))
    planner = RoutePlanner(NETWORK, [rest], Terms(modes=("rail",)))
    assert obstacles(planner, planner.states[0], *pair)


def test_a_street_that_is_closed_to_lorries_alone_is_said_to_be_so(tmp_path) -> None:
    nodes = {1: (10.0, 50.0), 2: (10.1, 50.0), 3: (10.2, 50.0)}
    drawn = Drawn(nodes, {1: road(1, 2), 2: road(2, 3, motor_vehicle="agricultural")})
    extract = network_from_osm(drawn.write(tmp_path / "x.osm.pbf"))
    with pytest.raises(NoAnswerError, match=r"in the way stand w2\.0 \(closed to freight\)"):
        route("n1", "n3", network=extract)


def test_a_corridor_that_is_open_but_for_a_crossing_is_not_called_closed() -> None:
    planner = RoutePlanner(NETWORK, [Scenario(id="s")], Terms(modes=("rail",), users="passengers"))
    said = no_route_message(planner, planner.states[0], ("ganja", "tbilisi"))
    assert "x-boyuk-kesik-gardabani-rail (closed to passengers since 2020-03)" in said
    said = no_route_message(planner, planner.states[0], ("kars", "igdir"))
    assert "in the way stand kars-igdir-dilucu (construction since 2025-08-22)" in said


def test_of_a_wide_cut_six_are_named() -> None:
    roads = [link(f"r{n}", "tbilisi.road", "baku.road", 500, status="closed") for n in range(9)]
    planner = RoutePlanner(network(roads), [Scenario(id="s", on=DAY)], Terms(modes=("road",)))
    said = no_route_message(planner, planner.states[0], ("tbilisi", "baku"))
    assert "one of r0, r1 (closed)" in said
    assert "r5 (closed) and 3 more; a scenario may open them" in said


@pytest.mark.parametrize(("count", "more"), [(6, ""), (7, " and 1 more"), (9, " and 3 more")])
def test_of_a_passage_that_is_closed_six_links_are_named(count, more) -> None:
    roads = [link(f"r{n}", "tbilisi.road", "baku.road", 500, status="closed", crossing="wide")
             for n in range(count)]  # fmt: skip
    known = network([link("open", "tbilisi.road", "baku.road", 600), *roads])
    with pytest.raises(NoAnswerError) as caught:
        route("Tbilisi", "Baku", via=["wide"], scenario=Scenario(id="s"), network=known,
              terms=Terms(modes=("road",)))  # fmt: skip
    assert "not open is r0 (closed), r1 (closed)" in str(caught.value)
    assert f"r5 (closed){more}; a scenario may open it" in str(caught.value)


def test_a_street_of_one_way_is_no_obstacle_against_it() -> None:
    roads = [link("ab", "tbilisi.road", "baku.road", 500), link("c", "kars.road", "baku.road", 9)]
    one_way = network([replace(roads[0], oneway=True), roads[1]])
    planner = RoutePlanner(one_way, [Scenario(id="s", on=DAY)], Terms(modes=("road",)))
    said = no_route_message(planner, planner.states[0], ("baku", "tbilisi"))
    assert "a scenario may open" not in said
    assert minimum_cut(planner, planner.states[0], "baku", "tbilisi") == []
