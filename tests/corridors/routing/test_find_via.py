"""A way through several places is one way: one set of modes, and a layer kept at each place."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings, strategies as st
from random_networks import networks, plain_cost
from raw_network import raw_graph, raw_links
from small_network import DAY, link, network, transfer

from borders.errors import AmbiguousNameError, AraxesError, NoAnswerError, UnknownNameError
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import LAND, Terms

NOW = Scenario(id="now")
RAIL = Terms(modes=("rail",))
HOURS = Terms(by="hours", modes=("rail", "road"))


def least(known: Network, terms: Terms, stops: list[str]) -> float | None:
    """Return the least cost by networkx, on one copy of the network between each two stops."""
    found = []
    for modes in LAND if terms.modes is None else (terms.modes,):
        graph = nx.DiGraph()
        for n in range(len(stops) - 1):
            for one in known.links:
                for forward, a, b in ((True, one.start, one.end), (False, one.end, one.start)):
                    cost = plain_cost(one, terms.by, modes, forward=forward)
                    if cost is not None:
                        known_cost = graph.get_edge_data((n, a), (n, b), {"weight": cost})
                        graph.add_edge((n, a), (n, b), weight=min(cost, known_cost["weight"]))
        for n, stop in enumerate(stops):
            for node in known.layers[stop]:
                before = "start" if n == 0 else (n - 1, node)
                after = "end" if n == len(stops) - 1 else (n, node)
                graph.add_edge(before, after, weight=0.0)
        if nx.has_path(graph, "start", "end"):
            found.append(nx.dijkstra_path_length(graph, "start", "end"))
    return min(found, default=None)


@settings(max_examples=80)
@given(networks(), st.sampled_from([Terms(), Terms(by="hours"), RAIL, HOURS]), st.data())
def test_a_way_through_places_is_the_best_of_a_copy_of_the_network_a_part(known, terms, data):
    towns = sorted(known.layers)
    stops = data.draw(st.lists(st.sampled_from(towns), min_size=3, max_size=4))
    if any(a == b for a, b in pairwise(stops)):
        return
    best = least(known, terms, stops)
    asked = {"scenario": NOW, "terms": terms, "network": known, "via": stops[1:-1]}
    if best is None:
        with pytest.raises(NoAnswerError):
            route(stops[0], stops[-1], **asked)
        return
    way = route(stops[0], stops[-1], **asked)
    assert way.value() * (1000 if terms.by == "km" else 1) == pytest.approx(best)
    for one, two in pairwise(way.steps):
        left = one.link.end if one.forward else one.link.start
        assert left == (two.link.start if two.forward else two.link.end)
    sets = [{*modes, "transfer"} for modes in (LAND if terms.modes is None else (terms.modes,))]
    assert any({step.link.mode for step in way.steps} <= modes for modes in sets)


def test_a_place_on_the_way_changes_nothing_when_it_is_named() -> None:
    plain = route("Baku", "Kars", terms=RAIL)
    through = route("Baku", "Kars", terms=RAIL, via=["akhalkalaki_st"])
    assert through.steps == plain.steps
    assert through.gauge_changes == plain.gauge_changes == 1
    assert (through.hours, through.cost_usd_t) == (plain.hours, plain.cost_usd_t)


def test_modes_left_open_are_the_same_before_and_after_a_place() -> None:
    way = route("Erzurum", "Baku", via=["Batumi"])
    assert len(way.modes) == 1


def test_a_change_of_mode_at_a_place_counts_and_costs() -> None:
    rails = link("rail-kars-gyumri-open", "kars.rail1435", "gyumri.rail1435", 75)
    known = network([rails])
    asked = {"scenario": NOW, "network": known, "terms": HOURS}
    through = route("Kars", "Yerevan", via=["Gyumri"], **asked)
    assert through.transfers + through.gauge_changes == 1
    parts = [route(a, b, **asked) for a, b in (("Kars", "Gyumri"), ("Gyumri", "Yerevan"))]
    assert through.hours > sum(part.hours for part in parts)


def test_parts_that_nothing_joins_are_told_apart_from_parts_without_a_way() -> None:
    rails = link("rail-kars-igdir", "kars.rail1435", "igdir.rail1435", 150)
    known = network([rails])
    bare = Network(links=tuple(k for k in known.links if k.id != "road-kars-igdir"), on=known.on)
    asked = {"scenario": NOW, "terms": Terms(modes=("rail", "road"))}
    with pytest.raises(NoAnswerError, match=r"through Iğdır to Aralık .* no transfer joins them"):
        route("Kars", "Aralık", via=["Iğdır"], **asked | {"network": bare})
    joined = network([rails, transfer("igdir", "rail1435", "road")])
    assert route("Kars", "Aralık", via=["Iğdır"], **asked | {"network": joined}).modes
    with pytest.raises(NoAnswerError, match=r"^no route from Gyumri to Kars .* in the way stand"):
        route("Yerevan", "Kars", via=["Gyumri"], **asked | {"terms": RAIL, "network": known})


def through_edges(graph: nx.DiGraph, start: str, end: str, key: str) -> float:
    """Return the least kilometres by way of a link, crossing or corridor, in either direction."""
    raw = [row["id"] for row in raw_links()
           if key in (row["id"], row.get("crossing"), row.get("corridor"))]  # fmt: skip
    there = nx.single_source_dijkstra_path_length(graph, start, weight="km")
    back = nx.single_source_dijkstra_path_length(graph.reverse(), end, weight="km")
    return min(
        there[a] + edge["km"] + back[b]
        for a, b, edge in graph.edges(data=True)
        if edge["link"] in raw and a in there and b in back
    )


@pytest.mark.parametrize("key", ["x-sarp-sarpi", "lachin-2022", "road-batumi-kobuleti"])
def test_a_route_goes_through_a_crossing_a_corridor_or_a_link(key) -> None:
    way = route("Kars", "Baku", terms=Terms(modes=("road",)), via=[key])
    truth = through_edges(raw_graph("road"), "kars.road", "baku.road", key)
    assert way.length_km == pytest.approx(truth)
    assert way.length_km > route("Kars", "Baku", terms=Terms(modes=("road",))).length_km
    assert any(key in (s.link.id, s.link.crossing, s.link.corridor) for s in way.steps)
    assert way.row()["via"] == [key]


def test_a_crossing_between_places_keeps_their_order() -> None:
    terms = Terms(modes=("road",))
    way = route("Kars", "Tbilisi", terms=terms, via=["Batumi", "x-aktas-kartsakhi"])
    parts = [route("Kars", "Batumi", terms=terms).length_km,
             through_edges(raw_graph("road"), "batumi.road", "tbilisi.road",
                           "x-aktas-kartsakhi")]  # fmt: skip
    assert way.length_km == pytest.approx(sum(parts))


def test_a_crossing_that_is_closed_is_said_to_stand_in_the_way() -> None:
    with pytest.raises(NoAnswerError) as told:
        route("Kars", "Igdir", via=["x-akyaka"], network=network(), scenario=NOW)
    assert "through x-akyaka to Iğdır" in str(told.value)
    assert "not open is road-kars-gyumri (closed since 1993-04-03)" in str(told.value)
    with pytest.raises(NoAnswerError, match="not among the links by rail"):
        route("gyumri", "Yerevan", via=["x-akyaka"], network=network(), scenario=NOW,
              terms=RAIL)  # fmt: skip


@pytest.mark.parametrize(
    "key", ["x-julfa-jolfa-ir", "aras-road", "road-alat-baku", "x-dilucu-sadarak-gate"]
)
def test_what_is_avoided_is_not_used(key) -> None:
    graph = raw_graph("road")
    raw = [row["id"] for row in raw_links()
           if key in (row["id"], row.get("crossing"), row.get("corridor"))]  # fmt: skip
    graph.remove_edges_from(
        [(a, b) for a, b, edge in graph.edges(data=True) if edge["link"] in raw]
    )
    truth = nx.dijkstra_path_length(graph, "igdir.road", "baku.road", weight="km")
    plain = route("Igdir", "Baku", terms=Terms(modes=("road",)))
    way = route("Igdir", "Baku", terms=Terms(modes=("road",), avoid=[key]))
    assert way.length_km == pytest.approx(truth)
    assert way.length_km > plain.length_km
    assert not {*raw} & {s.link.id for s in way.steps}
    assert way.row()["avoid"] == [key]


def twins() -> Network:
    links = (
        link("one", "kars.road", "igdir.road", 100),
        link("igdir", "kars.road", "yerevan.road", 90, crossing="two"),
        link("two", "igdir.road", "yerevan.road", 60, corridor="three"),
    )
    return Network(links=links, on=DAY, name="twins")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"via": ["igdir"]}, "'igdir' is a place and a link of twins; write place:igdir or link:i"),
        ({"via": ["two"]}, "'two' is a link and a crossing of twins; write link:two or crossing:t"),
        ({"terms": Terms(avoid=["two"])}, "'two' is a link and a crossing of twins"),
    ],
)
def test_an_id_of_two_things_is_an_error_that_names_both(asked, said) -> None:
    with pytest.raises(AmbiguousNameError, match=said):
        route("Kars", "Yerevan", network=twins(), scenario=NOW, **asked)


def test_a_kind_tells_equal_ids_apart() -> None:
    asked = {"network": twins(), "scenario": NOW}
    lengths = {
        name: route("Kars", "Yerevan", via=[name], **asked).length_km
        for name in ("place:igdir", "link:igdir", "link:two", "crossing:two", "three")
    }
    assert lengths == {"place:igdir": 160, "link:igdir": 90, "link:two": 160,
                       "crossing:two": 90, "three": 160}  # fmt: skip
    other = route("Kars", "Yerevan", terms=Terms(avoid=["crossing:two"]), **asked)
    assert other.length_km == 160
    with pytest.raises(NoAnswerError):
        route("Kars", "Yerevan", terms=Terms(avoid=["country:TR"]), **asked)


def test_what_is_neither_place_nor_id_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no place 'x-sarp-sarpo'"):
        route("Kars", "Baku", via=["x-sarp-sarpo"])
    with pytest.raises(AraxesError, match=r"avoid is 'x-sarp-sarpo'; .* did you mean x-sarp-sarpi"):
        route("Kars", "Baku", terms=Terms(avoid=["x-sarp-sarpo"]))
    with pytest.raises(UnknownNameError, match="no crossing 'btk'"):
        route("Kars", "Baku", via=["crossing:btk"])


def test_what_may_not_be_used_is_not_gone_through_though_both_its_ends_are_joined() -> None:
    # Kars to Gyumri is closed since 1993; one could go round from either end.
    round_it = network([link("road-gyumri-igdir", "gyumri.road", "igdir.road", 150)])
    road = Terms(modes=("road",))
    assert route("Kars", "Gyumri", network=round_it, scenario=NOW, terms=road).length_km == 270
    with pytest.raises(NoAnswerError, match="not open is road-kars-gyumri"):
        route("Kars", "Igdir", via=["x-akyaka"], network=round_it, scenario=NOW, terms=road)
    with pytest.raises(NoAnswerError, match="not among the links by road"):
        route("Gyumri", "Igdir", via=["rail-gyumri-yerevan"], network=round_it, scenario=NOW,
              terms=road)  # fmt: skip


@pytest.mark.parametrize(
    ("via", "avoid", "name"),
    [
        ([], (), "Kars–Aralık"),
        (["Igdir"], (), "Kars–Aralık via Iğdır"),
        ([], ("GE", "AM"), "Kars–Aralık avoiding AM, GE"),
        (["Igdir"], ("AM",), "Kars–Aralık via Iğdır, avoiding AM"),
    ],
)
def test_a_name_says_what_the_route_was_forced_to_and_nothing_else(via, avoid, name) -> None:
    known = network([link("to-georgia", "kars.road", "tbilisi.road", 400)])
    terms = Terms(modes=("road",), avoid=frozenset(avoid))
    found = route("Kars", "Aralik", via=via, network=known, scenario=NOW, terms=terms)
    assert found.name == name


def test_of_two_ways_as_good_as_each_other_the_one_changes_nothing() -> None:
    # At Iğdır a train could be boarded for nothing, and left again.
    known = Network(
        links=(
            transfer("igdir", "rail1435", "road"),
            link("to", "kars.road", "igdir.road", 100),
            link("on", "igdir.road", "yerevan.road", 100),
        ),
        on=DAY,
    )
    terms = Terms(modes=("rail", "road"))
    path = route("Kars", "Yerevan", via=["Iğdır"], scenario=NOW, terms=terms, network=known)
    assert [step.link.id for step in path.steps] == ["to", "on"]
