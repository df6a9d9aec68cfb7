"""How far an answer holds: cuts and ways apart against networkx, shares against single draws."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings, strategies as st
from small_network import DAY, link, network

from borders.errors import AraxesError
from corridors.analysis.robust import robust
from corridors.network.load import load_network
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario, read_scenario
from corridors.scenarios.terms import Terms

NOW = Scenario(id="now")
PLACES = ("kars", "tbilisi", "ganja", "baku", "yerevan")
ROAD = Terms(modes=("road",))
ONES = st.lists(
    st.tuples(st.sampled_from(list(combinations(range(5), 2))), st.integers(50, 300)),
    min_size=3, max_size=9, unique_by=lambda one: one[0],
)  # fmt: skip


@settings(deadline=None, max_examples=20)
@given(ONES)
def test_ways_apart_are_as_many_as_the_fewest_closings(ones) -> None:
    """Each link is a crossing of its own: networkx's edge-disjoint paths and minimum cut."""
    links = [
        link(f"r{n}", f"{PLACES[a]}.road", f"{PLACES[b]}.road", 10 * km, crossing=f"x{n}")
        for n, ((a, b), km) in enumerate(ones)
    ]
    graph = nx.Graph([pair for pair, _ in ones])
    graph.add_nodes_from(range(5))
    if not {0, 4} <= {end for pair, _ in ones for end in pair}:
        return
    (row,) = robust(("Kars", "Yerevan"), NOW, terms=ROAD, draws=1,
                    network=Network(links=tuple(links), on=DAY))  # fmt: skip
    expected = nx.edge_connectivity(graph, 0, 4)
    assert row.cut is not None
    assert len(row.ways) == len(row.cut) == expected
    used = [key for way in row.ways for key in way.crossings]
    assert len(used) == len(set(used))
    if expected:
        graph.remove_edges_from([ones[int(key[1:])][0] for key in row.cut])
        assert not nx.has_path(graph, 0, 4)
        assert len(list(nx.edge_disjoint_paths(nx.Graph([p for p, _ in ones]), 0, 4))) == expected
        bridges = [
            f"x{n}"
            for n, (pair, _) in enumerate(ones)
            if not nx.has_path(nx.Graph([p for p, _ in ones if p != pair] + [(0, 0), (4, 4)]), 0, 4)
        ]
        assert set(row.critical) == set(bridges)


def test_the_cut_of_the_bundled_network_is_that_of_networkx() -> None:
    bundled = load_network()
    (row,) = robust(("Yerevan", "Batumi"), "status-quo", terms=ROAD, draws=2)
    graph = nx.DiGraph()
    for one in bundled.links:
        if one.mode == "road":
            ends = (str(one.start), str(one.end))
            for forward, (tail, head) in ((True, ends), (False, ends[::-1])):
                if one.status(bundled.on, forward=forward).status != "open":
                    continue
                if one.crossing:
                    # One unit in both directions together, as a border that closes closes both.
                    graph.add_edge(tail, f"{one.crossing} in")
                    graph.add_edge(f"{one.crossing} in", f"{one.crossing} out", capacity=1)
                    graph.add_edge(f"{one.crossing} out", head)
                else:
                    graph.add_edge(tail, head)
    value, _ = nx.minimum_cut(graph, "yerevan.road", "batumi.road")
    assert len(row.ways) == len(row.cut or ()) == value > 1
    for way in row.ways:
        assert way.links[0].start.place == "yerevan" or way.links[0].end.place == "yerevan"
    assert row.ways[0].length_km <= row.ways[1].length_km
    shut = Scenario.of("shut", close=list(row.cut or ()))
    with pytest.raises(AraxesError, match="no route"):
        route("Yerevan", "Batumi", scenario=shut, terms=ROAD)


def test_a_crossing_of_two_modes_is_passed_by_one_way_only() -> None:
    """Road and rails over one crossing, and a road round it: two ways apart, not three."""
    links = [
        link("road", "kars.road", "gyumri.road", 80, crossing="x"),
        link("rail", "kars.rail1435", "gyumri.rail1435", 80, crossing="x"),
        link("round", "kars.road", "gyumri.road", 300, crossing="y"),
    ]
    (row,) = robust(("Kars", "Gyumri"), NOW, draws=3, network=Network(links=tuple(links), on=DAY))
    assert row.cut is not None
    assert set(row.cut) == {"x", "y"}
    assert len(row.ways) == 2
    assert row.losses[0].least == 300
    assert row.losses[0].crossings == ("x",)


def test_the_openings_without_which_there_is_no_way() -> None:
    opened = Scenario.of("both", open=["x-akyaka", "road-kars-igdir"])
    (row,) = robust(("Kars", "Yerevan"), opened, terms=ROAD, network=network(), draws=1)
    assert row.needed == ("open x-akyaka",)
    assert row.critical == ("x-akyaka",)
    (inland,) = robust(("Kars", "Iğdır"), NOW, terms=ROAD, network=network(), draws=1)
    assert inland.cut is None
    assert len(inland.ways) == 1
    (none,) = robust(("Kars", "Yerevan"), NOW, terms=ROAD, network=network(), draws=1)
    assert (none.share, none.ways, none.cut, none.row()["km"]) == (0.0, (), (), None)


def test_shares_of_the_draws_add_up_and_more_openings_are_never_worse() -> None:
    scenarios = ["status-quo", "turkiye-armenia-open", "all-open"]
    rows = robust([("Kars", "Yerevan")], scenarios, draws=200,
                  terms=Terms(by="hours", users="passengers"))  # fmt: skip
    assert sum(row.share for row in rows) == pytest.approx(1)
    status_quo, opened, everything = rows
    assert everything.not_worse == 1
    assert status_quo.not_worse < opened.not_worse <= 1
    assert status_quo.share <= status_quo.not_worse
    low, median, high = status_quo.quantiles
    assert low <= median <= high
    again = robust([("Kars", "Yerevan")], ["status-quo"], draws=200, seed=1,
                   terms=Terms(by="hours", users="passengers"))  # fmt: skip
    assert again[0].share == 1
    assert again[0].quantiles != status_quo.quantiles
    # The simulated interval is near the one that the route itself states.
    time = route("Kars", "Yerevan", terms=Terms(by="hours", users="passengers")).time
    assert low == pytest.approx(time.low, rel=0.35)
    assert high == pytest.approx(time.high, rel=0.35)


def test_two_closings_cost_at_least_as_much_as_one() -> None:
    (row,) = robust(("Kars", "Baku"), read_scenario("status-quo"), terms=ROAD, draws=1)
    one, two = row.losses
    assert row.least <= one.least <= two.least
    crossings = {k.crossing for k in load_network().links if k.crossing}
    worst = 0.0
    for key in crossings:
        shut = Scenario.of("shut", close=[key])
        worst = max(worst, route("Kars", "Baku", scenario=shut, terms=ROAD).length_km)
    assert one.least == pytest.approx(worst)


@pytest.mark.parametrize("draws", [0, -3])
def test_no_draws_are_refused(draws) -> None:
    with pytest.raises(AraxesError, match="draws"):
        robust(("Kars", "Baku"), draws=draws)
