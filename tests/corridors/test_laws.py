"""Laws of routes on random networks: what opening and closing can and cannot do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import chain, pairwise, permutations
from math import inf

import networkx as nx
import pytest
from hypothesis import given, settings, strategies as st
from random_networks import CHANGE, DAY, networks, plain_cost

from borders.errors import NoAnswerError
from corridors.analysis.compare import compare
from corridors.analysis.matrix import matrix
from corridors.network.link import Link
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.routing.planner import RoutePlanner
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import LAND, Terms


def link_ids(network: Network) -> list[str]:
    return [link.id for link in network.links]


def costs(network: Network, scenario: Scenario, terms: Terms) -> list[list[float]]:
    towns = sorted(network.layers)
    return matrix(towns, scenario=scenario, terms=terms, network=network)


MIXED = Terms(modes=("road", "rail"))
LAW = settings(max_examples=60)


@LAW
@given(networks(), st.data())
def test_closing_never_shortens_and_opening_never_lengthens(network, data) -> None:
    keys = data.draw(st.lists(st.sampled_from(link_ids(network)), min_size=1, unique=True))
    base = costs(network, Scenario(id="now"), MIXED)
    closed = costs(network, Scenario(id="c", close=dict.fromkeys(keys, "c")), MIXED)
    opened = costs(network, Scenario(id="o", open=dict.fromkeys(keys, "o")), MIXED)
    for a, b, c in zip(*(chain.from_iterable(t) for t in (opened, base, closed)), strict=True):
        assert a <= b <= c


@LAW
@given(networks(), st.data())
def test_the_order_of_composition_does_not_matter(network, data) -> None:
    keys = data.draw(st.permutations(link_ids(network)))
    one = Scenario(id="one", open=dict.fromkeys(keys[:2], "one"))
    two = Scenario(
        id="two", open={keys[1]: "two"}, close={keys[2]: "two"},
        set={"speed_kmh.road.hilly": (33.0, "two")},
    )  # fmt: skip
    three = Scenario(
        id="three", open={keys[3]: "three"}, close={keys[2]: "three"},
        set={f"{keys[0]}.delay_h": (7.0, "three")},
    )  # fmt: skip
    terms = replace(MIXED, by=data.draw(st.sampled_from(["km", "hours"])))
    first, *others = (
        costs(network, a + b + c, terms) for a, b, c in permutations((one, two, three))
    )
    assert all(other == first for other in others)
    together = Scenario(
        id="all", open=dict.fromkeys((*keys[:2], keys[3]), "all"), close={keys[2]: "all"},
        set={**two.set, **three.set},
    )  # fmt: skip
    assert costs(network, together, terms) == first


@LAW
@given(networks())
def test_days_on_either_side_of_a_change_differ_only_by_it(network) -> None:
    before = Scenario(id="b", on=CHANGE - timedelta(days=1))
    after = Scenario(id="a", on=CHANGE)
    changed = [
        link for link in network.links
        if len(link.statuses) > 1 and link.statuses[0].status != link.statuses[1].status
    ]  # fmt: skip

    def only(n: int) -> Network:
        """Return the network in which one of the two periods lasts for ever."""
        lasting = {
            link.id: replace(
                link, statuses=(replace(link.statuses[n], valid_from=None, valid_to=None),)
            )
            for link in changed
        }
        return Network(links=tuple(lasting.get(k.id, k) for k in network.links), on=DAY)

    assert costs(network, before, MIXED) == costs(only(0), after, MIXED)
    assert costs(network, after, MIXED) == costs(only(1), before, MIXED)


@LAW
@given(networks())
def test_there_and_back_are_equally_long_where_the_links_are(network) -> None:
    both = Network(
        links=tuple(
            replace(k, statuses=tuple(replace(s, direction="both") for s in k.statuses))
            for k in network.links
        ),
        on=DAY,
    )
    table = costs(both, Scenario(id="now"), MIXED)
    for n, row in enumerate(table):
        for m, value in enumerate(row):
            assert value == pytest.approx(table[m][n])


@LAW
@given(networks(), st.sampled_from([MIXED, Terms(), Terms(modes=("rail",)), Terms(by="hours")]))
def test_a_route_is_the_sum_of_its_links_and_uses_only_open_ones(network, terms) -> None:
    now = Scenario(id="now")
    towns = sorted(network.layers)
    for a, b in pairwise(towns):
        try:
            best = route(a, b, scenario=now, terms=terms, network=network)
        except NoAnswerError:
            continue
        assert best.length.value == sum(step.link.length_m for step in best.steps)
        for step in best.steps:
            assert step.link.status(DAY, forward=step.forward).status == "open"
        places = [step.link.start if step.forward else step.link.end for step in best.steps]
        ends = [step.link.end if step.forward else step.link.start for step in best.steps]
        assert places[1:] == ends[:-1]


def oracle(network: Network, terms: Terms) -> dict[tuple[str, str], float]:
    """Return the least costs by networkx, over a graph of towns' layers."""
    best: dict[tuple[str, str], float] = {}
    for modes in LAND if terms.modes is None else (terms.modes,):
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(network.nodes)
        for link in network.links:
            for forward, a, b in ((True, link.start, link.end), (False, link.end, link.start)):
                cost = plain_cost(link, terms.by, modes, forward=forward)
                if cost is not None:
                    graph.add_edge(a, b, weight=cost)
        lengths = dict(nx.all_pairs_dijkstra_path_length(graph))
        for a, nodes in network.layers.items():
            for b, others in network.layers.items():
                cost = min(lengths[x].get(y, inf) for x in nodes for y in others)
                best[a, b] = min(best.get((a, b), inf), cost)
    return best


@LAW
@given(networks(), st.sampled_from([MIXED, Terms(), Terms(by="hours", modes=("road", "rail"))]))
def test_costs_agree_with_networkx(network, terms) -> None:
    truth = oracle(network, terms)
    towns = sorted(network.layers)
    unit = 1000 if terms.by == "km" else 1
    table = matrix(towns, scenario=Scenario(id="now"), terms=terms, network=network)
    for a, row in zip(towns, table, strict=True):
        for b, cost in zip(towns, row, strict=True):
            if a != b:
                assert cost * unit == pytest.approx(truth[a, b], rel=1e-6, abs=1e-3)


@LAW
@given(networks(), st.data())
def test_many_scenarios_at_once_answer_as_one_by_one(network, data) -> None:
    towns = sorted(network.layers)
    keys = data.draw(st.permutations(link_ids(network)))
    scenarios = [
        Scenario(id="now"),
        Scenario(id="o", open=dict.fromkeys(keys[:3], "o")),
        Scenario(id="c", close=dict.fromkeys(keys[:2], "c")),
        Scenario(id="s", set={f"{keys[0]}.delay_h": (5.0, "s")}),
    ]
    pairs = list(pairwise(towns))
    together = compare(pairs, scenarios, terms=MIXED, network=network)
    for row in together:
        alone = compare([(row.origin, row.destination)], [row.scenario], terms=MIXED,
                        network=network)[0]  # fmt: skip
        assert (row.way and row.way.length.value) == (alone.way and alone.way.length.value)


def test_the_land_modes_are_those_a_route_keeps_to() -> None:
    assert LAND == (("road", "ferry"), ("rail", "ferry"))


def test_a_route_never_changes_layers_for_nothing() -> None:
    links = (
        Link(id="a", start="kars.road", end="gyumri.road", mode="road", length_m=1.0, sigma_m=0.0),
        Link(id="b", start="gyumri.rail1520", end="yerevan.rail1520", mode="rail", length_m=1.0,
             sigma_m=0.0),
    )  # fmt: skip
    network = Network(links=links, on=DAY)
    planner = RoutePlanner(network, [Scenario(id="now")], MIXED)
    assert planner.find(planner.states[0], ("kars", "yerevan")) is None
