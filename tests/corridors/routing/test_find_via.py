"""A way through several places is one way: one set of modes, and a layer kept at each place."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings, strategies as st
from random_networks import networks
from small_network import link, network, transfer

from borders.errors import NoAnswerError
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.scenarios.network_state import NetworkState
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import LAND, Terms

NOW = Scenario(id="now")
RAIL = Terms(modes=("rail",))
HOURS = Terms(by="hours", modes=("rail", "road"))


def least(known: Network, terms: Terms, stops: list[str]) -> float | None:
    """Return the least cost by networkx, on one copy of the network between each two stops."""
    state = NetworkState(known, NOW, terms)
    found = []
    for modes in terms.choices:
        graph = nx.DiGraph()
        for n in range(len(stops) - 1):
            for one in known.links:
                for forward, a, b in ((True, one.start, one.end), (False, one.end, one.start)):
                    if state.wanted(one, modes) and state.usable(one, forward=forward):
                        cost = state.weights[one.id]
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
