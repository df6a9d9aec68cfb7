"""Facts of single routes that the files and the arithmetic say: directions, unbuilt parts, fees."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import networkx as nx
import pytest
from raw_network import raw_assumptions, raw_graph, raw_links, raw_status
from small_network import DAY, link, status, transfer

from borders.errors import NoAnswerError
from corridors.analysis.matrix import matrix
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

NOW = Scenario(id="now")


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("engine_nodes", [0, 1])
def test_a_link_open_in_one_direction_leads_there_and_not_back(direction, engine_nodes) -> None:
    one_way = link("one", "kars.road", "igdir.road", 120, statuses=(
        status("open", direction=direction),))  # fmt: skip
    more = [link("far", "gyumri.road", "yerevan.road", 1)] * engine_nodes
    network = Network(links=(one_way, *more), on=DAY)
    ends = ("kars", "igdir") if direction == "forward" else ("igdir", "kars")
    assert route(*ends, scenario=NOW, network=network).length_km == 120
    assert matrix(ends, scenario=NOW, network=network) == [[0, 120], [inf, 0]]
    with pytest.raises(NoAnswerError):
        route(*ends[::-1], scenario=NOW, network=network)


def test_links_of_one_way_and_of_both_may_share_their_statuses() -> None:
    shared = (status("open"),)
    both = link("both", "gyumri.road", "yerevan.road", 120, statuses=shared)
    one = link("one", "kars.road", "igdir.road", 120, statuses=shared, oneway=True)
    for links in ((both, one), (one, both)):
        network = Network(links=links, on=DAY)
        ends = ["kars", "igdir", "gyumri", "yerevan"]
        there, back = (matrix(a, b, scenario=NOW, network=network) for a, b in
                       ((ends[::2], ends[1::2]), (ends[1::2], ends[::2])))  # fmt: skip
        assert there == [[120, inf], [inf, 120]]
        assert back == [[inf, inf], [inf, 120]]


def test_a_direction_of_its_own_outranks_both() -> None:
    statuses = (status("open"), status("closed", direction="backward"))
    network = Network(links=(link("one", "kars.road", "igdir.road", 9, statuses=statuses),), on=DAY)
    assert matrix(["kars", "igdir"], scenario=NOW, network=network) == [[0, 9], [inf, 0]]


@pytest.mark.parametrize("word", ["planned", "construction", "dismantled", "closed"])
def test_unbuilt_is_what_is_planned_in_construction_or_dismantled(word) -> None:
    links = (link("there", "kars.road", "igdir.road", 120),
             link("here", "igdir.road", "yerevan.road", 64.25, status=word))  # fmt: skip
    opening = Scenario(id="s", open={"here": "s"})
    way = route("Kars", "Yerevan", scenario=opening, network=Network(links=links, on=DAY))
    assert way.unbuilt_m == (0 if word == "closed" else 64_250)
    assert way.row()["unbuilt_km"] == (0 if word == "closed" else 64.2)


def test_what_is_unbuilt_of_a_bundled_route_is_what_the_files_call_so() -> None:
    terms = Terms(modes=("rail",))
    way = route("Nakhchivan", "Baku", scenario="tripp-and-kars-dilucu", terms=terms)
    raw = {row["id"]: row for row in raw_links()}
    unbuilt = {"planned", "construction", "dismantled"}
    truth = [raw[s.link.id]["length_m"] for s in way.steps
             if raw_status(raw[s.link.id], forward=s.forward) in unbuilt]  # fmt: skip
    assert 50 < sum(truth) / 1000 < way.length_km
    assert way.unbuilt_m == pytest.approx(sum(truth))
    assert way.row()["unbuilt_km"] == round(sum(truth) / 1000, 1)


def test_a_transfer_that_has_a_length_is_not_charged_by_the_kilometre() -> None:
    change = replace(transfer("gyumri", "rail1520", "road"), length_m=5_000.0, sigma_m=50.0)
    links = (link("rail", "yerevan.rail1520", "gyumri.rail1520", 100), change,
             link("road", "gyumri.road", "kars.road", 200))  # fmt: skip
    network = Network(links=links, on=DAY)
    way = route("Yerevan", "Kars", scenario=NOW, network=network,
                terms=Terms(by="cost", modes=("road", "rail")))  # fmt: skip
    usual = raw_assumptions()
    truth = 100 * usual["cost_usd_tkm.rail"] + 200 * usual["cost_usd_tkm.road"] + 5
    assert way.cost_usd_t == pytest.approx(truth)
    assert way.cost.value == pytest.approx(truth)
    assert way.length_km == 305
    # In hills by rail and by road, and 8 h for the change whatever its length.
    speeds = usual["speed_kmh.rail.hilly"], usual["speed_kmh.road.hilly"]
    assert way.time.value == pytest.approx(way.hours)
    assert way.hours == pytest.approx(100 / speeds[0] + 200 / speeds[1] + 8)
    slow = replace(change, speed_kmh=5.0)
    own = Network(links=(links[0], slow, links[2]), on=DAY)
    other = route("Yerevan", "Kars", scenario=NOW, network=own,
                  terms=Terms(modes=("road", "rail")))  # fmt: skip
    assert other.hours == pytest.approx(other.time.value)
    assert other.hours == pytest.approx(way.hours + 1)


@pytest.mark.parametrize("modes", [("road",), ("rail",), ("rail", "road", "ferry")])
@pytest.mark.parametrize("by", ["km", "hours"])
def test_the_best_routes_are_those_that_networkx_finds_in_the_files(modes, by) -> None:
    graph = raw_graph(*modes)
    for origin, destination in (("kars", "baku"), ("tabriz", "tbilisi"), ("yerevan", "batumi")):
        starts, ends = (
            [node for node in graph if node.rpartition(".")[0] in (key, f"{key}_st")]
            for key in (origin, destination)
        )
        truth = inf
        for start in starts:
            lengths = nx.single_source_dijkstra_path_length(graph, start, weight=by)
            truth = min([truth, *(lengths.get(end, inf) for end in ends)])
        try:
            found = route(origin, destination, terms=Terms(by=by, modes=modes)).least()[0]
        except NoAnswerError:
            found = inf
        assert found >= truth * (1 - 1e-9)
        if not any(node.rpartition(".")[0].endswith("_st") for node in (*starts, *ends)):
            assert found == pytest.approx(truth)
