"""The quickest ways by the clock, against a network of networkx that has every hour apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from math import inf

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from shapely import LineString
from small_network import DAY, link, status

from borders.errors import AraxesError, NoAnswerError
from borders.recurring import Hours
from corridors import alternatives, attribute, breakeven, robust, series
from corridors.analysis.access import access
from corridors.analysis.compare import compare
from corridors.analysis.drawn_routes import RoutesByDraw
from corridors.analysis.draws import DrawnCosts, Draws
from corridors.analysis.matrix import matrix, ways
from corridors.analysis.reach import reach
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.routing.graph import Graph
from corridors.routing.query import planner_for
from corridors.routing.timed import TimedSearch
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms
from corridors.sweeps.run import sweep

LEAVES = datetime(2026, 6, 1, 15)
WINDOWS = [(0, 24), (8, 20), (6, 9), (20, 24), (0, 3)]
ARCS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 9), st.sampled_from(WINDOWS)),
    min_size=1, max_size=14,
)  # fmt: skip


def hour_by_hour(arcs, last: int) -> nx.DiGraph:
    """Return nodes at every hour, joined by waiting and by what may be entered in that hour."""
    graph = nx.DiGraph()
    for hour in range(last):
        for node in range(5):
            graph.add_edge((node, hour), (node, hour + 1))
        for tail, head, hours, (opens, closes) in arcs:
            if opens <= (LEAVES + timedelta(hours=hour)).hour < closes:
                graph.add_edge((tail, hour), (head, hour + hours))
    return graph


@settings(deadline=None, max_examples=60)
@given(ARCS, st.integers(0, 4), st.integers(0, 4))
def test_the_quickest_way_is_that_of_a_network_with_every_hour_apart(arcs, source, target) -> None:
    graph = Graph(n_nodes=5, tail=[a for a, *_ in arcs], head=[b for _, b, *_ in arcs])
    gates = {n: Hours(open_hours=f"{a:02d}:00-{b:02d}:00")
             for n, (*_, (a, b)) in enumerate(arcs) if (a, b) != (0, 24)}  # fmt: skip
    search = TimedSearch(graph, np.array([h for _, _, h, _ in arcs], float), gates, LEAVES)
    found, _ = search.arrivals(source)
    reached = nx.descendants(hour_by_hour(arcs, 150), (source, 0)) | {(source, 0)}
    truth = [min((t for n, t in reached if n == node), default=inf) for node in range(5)]
    assert found.tolist() == truth
    path = search.path(source, target)
    assert search.arrival(path) == truth[target]


def two_ways(**columns) -> Network:
    """Return a way over a border that is open by day, and one round it that always is."""
    return Network(
        links=(
            link("to-border", "kars.road", "akyaka.road", 70, speed_kmh=70),
            link("border", "akyaka.road", "gyumri.road", 10, speed_kmh=10, delay_h=0.0,
                 statuses=(status("open", open_hours="08:00-20:00"),), **columns),
            link("round", "kars.road", "gyumri.road", 350, speed_kmh=70),
        ),
        on=DAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at", "hours", "waited"),
    [("10:00", 2, 0), ("19:00", 5, 0), ("04:30", 4.5, 2.5), ("20:00", 5, 0), ("06:00", 3, 1)],
)
def test_whoever_comes_by_night_waits_or_goes_round(at, hours, waited) -> None:
    terms = Terms(by="hours", modes=("road",), at=at)
    found = route("Kars", "Gyumri", terms=terms, network=two_ways())
    assert found.hours == pytest.approx(hours)
    assert sum(step.wait_h for step in found.steps) == pytest.approx(waited)
    assert found.time.value == pytest.approx(hours)
    assert found.time.low <= hours <= found.time.high
    assert sum(part.hours for part in found.hours_parts) == pytest.approx(hours)
    assert matrix("Kars", "Gyumri", terms=terms, network=two_ways())[0][0] == pytest.approx(hours)
    (one,) = ways("Kars", "Gyumri", terms=terms, network=two_ways()).values()
    assert one == found
    (row,) = compare(("Kars", "Gyumri"), "status-quo", terms=terms, network=two_ways())
    assert row.way == found
    within = reach("Kars", hours + 0.01, terms=terms, network=two_ways())
    assert within.places["gyumri"] == pytest.approx(hours)
    assert "gyumri" not in reach("Kars", hours - 0.01, terms=terms, network=two_ways()).places
    sites = access("Kars", 6, terms=terms, network=two_ways()).sites
    (gyumri,) = (site for site in sites if site.id == "gyumri")
    assert gyumri.costs[0] == pytest.approx(hours)


def test_of_a_link_behind_a_wait_as_much_is_reached_as_is_travelled_after_it() -> None:
    # At seven at the border, which opens at eight and takes an hour; at half past eight half of it.
    terms = Terms(by="hours", modes=("road",), at="06:00")
    within = reach("Kars", 2.5, terms=terms, network=two_ways())
    (half,) = (line for link, line in within.stretches if link.id == "border")
    (whole,) = (LineString(link.xy) for link in two_ways().links if link.id == "border")
    assert half.length / whole.length == pytest.approx(0.5, abs=1e-3)


def test_along_the_shortest_way_the_wait_counts_too() -> None:
    terms = Terms(modes=("road",), at="21:00")
    found = route("Kars", "Gyumri", terms=terms, network=two_ways())
    assert found.length_km == 80
    assert found.hours == pytest.approx(12)
    assert found.row()["at"] == "21:00"
    assert found.row()["recurring"] == {"border": "open 08:00-20:00"}
    untimed = route("Kars", "Gyumri", network=two_ways())
    assert untimed.hours == pytest.approx(2)
    assert "at" not in untimed.row()


def test_the_interval_of_a_wait_is_that_of_the_arrival() -> None:
    # An hour's drive, its interval from the length's error alone: half past seven is too early.
    made = two_ways()
    sure = tuple(link(one.id, one.start, one.end, one.length_m / 1000, speed_kmh=one.speed_kmh,
                      statuses=one.statuses, state="quoted") for one in made.links[:2])  # fmt: skip
    found = route("Kars", "Gyumri", terms=Terms(by="hours", modes=("road",), at="06:30"),
                  network=Network(links=sure, on=DAY))  # fmt: skip
    (step,) = (step for step in found.steps if step.link.id == "border")
    assert step.low_wait_h <= step.wait_h == pytest.approx(0.5)
    assert step.high_wait_h <= 1.5
    (opening,) = (part for part in found.time.parts if part.key == "opening_hours")
    assert opening.value == pytest.approx(0.5)


@pytest.mark.parametrize("at", ["25:00", "8", "noon", 8, "08:00+04:00"])
def test_a_time_that_is_none_is_refused(at) -> None:
    with pytest.raises(AraxesError, match="write a time of day as HH:MM"):
        Terms(at=at)


@pytest.mark.parametrize("by", ["km", "hours"])
@pytest.mark.parametrize("at", ["06:30", "10:00", "20:00"])
def test_a_sweep_by_the_clock_has_the_answers_of_single_questions(by, at) -> None:
    terms = Terms(by=by, modes=("road",), at=at)
    vary = {"border.delay_h": [0.0, 2.5, 9.0]}
    table = sweep(("Kars", "Gyumri"), vary=vary, terms=terms, network=two_ways())
    assert table["at"].tolist() == [at] * 3
    for row in table.to_dict("records"):
        set_to = Scenario.of("set", set={"border.delay_h": row["border.delay_h"]})
        alone = route("Kars", "Gyumri", scenario=set_to, terms=terms, network=two_ways())
        truth = (alone.length_km, alone.hours, alone.time.low, alone.time.high)
        found = [row[key] for key in ("km", "hours", "low_hours", "high_hours")]
        assert found == pytest.approx(truth)
    assert "at" not in sweep(("Kars", "Gyumri"), network=two_ways())


@pytest.mark.parametrize("by", ["km", "hours"])
def test_every_draw_of_a_sweep_by_the_clock_is_that_of_networkx(by) -> None:
    terms = Terms(by=by, modes=("road",), at="19:00")
    made = two_ways()
    table = sweep(("Kars", "Gyumri"), draws=80, seed=3, terms=terms, network=made)
    planner = planner_for(["status-quo"], terms, made, None)
    hours = DrawnCosts(planner.states[0], Draws(n=80, seed=3)).costs("hours", 0)
    waited = []
    for draw, row in enumerate(table.to_dict("records")):
        # Over the border, where whoever comes after eight waits for the morning, or round it.
        to, border, around = (
            hours[2 * made.rank[key], draw] for key in ("to-border", "border", "round")
        )
        leaves = datetime.combine(DAY, datetime.min.time()) + timedelta(hours=19)
        come = leaves + timedelta(hours=to)
        opens = Hours(open_hours="08:00-20:00").opens(come)
        assert opens is not None
        graph = nx.Graph()
        wait = (opens - come) / timedelta(hours=1)
        graph.add_edge("gate", "gyumri", weight=wait + border)
        graph.add_edge("kars", "gate", weight=to)
        if by == "hours":
            graph.add_edge("kars", "gyumri", weight=around)
        truth = nx.dijkstra_path_length(graph, "kars", "gyumri")
        assert row["hours"] == pytest.approx(truth)
        waited.append(wait > 0)
    assert 10 < sum(waited) < 70


def test_a_series_by_the_clock_has_the_answers_of_single_days() -> None:
    """Opened by day in 2010, at all hours in 2020, and closed on Sundays in between."""
    links = {one.id: one for one in two_ways().links}
    dated = (
        status("closed", valid_to=date(2010, 1, 1)),
        status("open", valid_from=date(2010, 1, 1), valid_to=date(2020, 1, 1),
               open_hours="Mo-Sa 08:00-20:00"),
        status("open", valid_from=date(2020, 1, 1)),
    )  # fmt: skip
    links["border"] = replace(links["border"], statuses=dated)
    made = Network(links=tuple(links.values()), on=DAY)
    for by in ("km", "hours"):
        terms = Terms(by=by, modes=("road",), at="06:30")
        rows = series("Kars", "Gyumri", "2008-01-01:2022-01-01", terms=terms, network=made)
        for row in rows:
            alone = route("Kars", "Gyumri", terms=terms, network=made, on=row.on)
            assert row.way is not None
            assert [step.link.id for step in row.way.steps] == [
                step.link.id for step in alone.steps
            ]
            assert row.row()["at"] == "06:30"
            truth = alone.row()
            for key in ("km", "hours", "low_hours", "high_hours"):
                assert row.row()[key] == truth[key], (by, row.on)
        assert len({row.row()["hours"] for row in rows}) >= 3


@pytest.mark.parametrize(
    ("by", "words"), [("km", "finds it open no more"), ("hours", "comes to a link that opens no")]
)
def test_a_link_that_opens_no_more_is_no_way(by, words) -> None:
    once = replace(
        two_ways().links[1], statuses=(status("open", open_hours="2026 Jun 01 08:00-20:00"),)
    )
    made = Network(links=(two_ways().links[0], once), on=DAY)
    terms = Terms(by=by, modes=("road",), at="22:00")
    with pytest.raises(NoAnswerError, match=words) as raised:
        route("Kars", "Gyumri", terms=terms, network=made)
    assert "\n" not in str(raised.value)


def shut_border(**columns) -> Network:
    """Return `two_ways` with the border closed until a scenario opens it."""
    links = {one.id: one for one in two_ways(**columns).links}
    links["border"] = replace(links["border"], statuses=(status("closed"),))
    return Network(links=tuple(links.values()), on=DAY)


@pytest.mark.parametrize(
    ("at", "saved"),
    # Round it takes five hours, over the border two and the wait until eight.
    [("10:00", 3), ("06:00", 2), ("04:30", 0.5), ("20:00", 0)],
)
def test_an_opening_saves_what_the_clock_leaves_of_it(at, saved) -> None:
    by_day = Scenario.of("by-day", open=["border"], open_hours={"border": "08:00-20:00"})
    terms = Terms(by="hours", modes=("road",), at=at)
    shares = attribute("Kars", "Gyumri", by_day, terms=terms, network=shut_border())
    assert [share.part for share in shares] == ["open border", "open_hours border"]
    assert sum(share.saving_h for share in shares) == pytest.approx(saved)
    assert sum(share.estimate.value for share in shares) == pytest.approx(saved)


def test_opening_at_all_hours_what_is_open_by_day_saves_the_wait() -> None:
    """Subsets must not share the way through a link whose hours a part takes away."""
    terms = Terms(by="hours", modes=("road",), at="06:00")
    always = Scenario.of("always", open=["border"], close=["round"])
    shares = attribute("Kars", "Gyumri", always, terms=terms, network=two_ways())
    told = {share.part: share.saving_h for share in shares}
    # Three hours with the wait, two without; the way round is never the quicker one.
    assert told == pytest.approx({"open border": 1, "close round": 0})


@pytest.mark.parametrize(("at", "quick"), [("10:00", "border"), ("20:00", "round")])
def test_of_alternatives_the_quickest_by_the_clock_comes_first(at, quick) -> None:
    terms = Terms(by="hours", modes=("road",), at=at)
    found = alternatives("Kars", "Gyumri", longer=8, terms=terms, network=two_ways())
    assert [{step.link.id for step in one.steps} & {"border", "round"} for one in found] == (
        [{quick}, {"border", "round"} - {quick}]
    )
    assert found[0] == route("Kars", "Gyumri", terms=terms, network=two_ways())
    assert [one.hours for one in found] == pytest.approx([2, 5] if at == "10:00" else [5, 13])
    assert found.complete == (at == "10:00")
    assert ("waits less" in found.remark) == (at == "20:00")


def test_a_break_even_counts_the_wait() -> None:
    """From six an hour to the border, then an hour's wait: a stop up to two hours costs nothing
    beyond five hours in all, and then the way round is the quicker one."""
    terms = Terms(by="hours", modes=("road",), at="06:00")
    (point,) = breakeven("Kars", "Gyumri", "border.delay_h", (0, 8), terms=terms,
                         network=two_ways())  # fmt: skip
    assert point.value == pytest.approx(2, abs=0.01)
    assert point.low <= point.value <= point.high
    by_day = replace(terms, at="10:00")
    (later,) = breakeven("Kars", "Gyumri", "border.delay_h", (0, 8), terms=by_day,
                         network=two_ways())  # fmt: skip
    assert later.value == pytest.approx(3, abs=0.01)


def test_who_waits_at_one_gate_comes_later_to_the_next() -> None:
    """From six two hours' wait, on the road past eight, and from ten over the second gate."""
    gates = (
        ("first", "kars", "igdir", "08:00-20:00"),
        ("second", "igdir", "gyumri", "10:00-12:00"),
    )
    made = Network(
        links=tuple(
            link(key, f"{a}.road", f"{b}.road", 30, statuses=(status("open", open_hours=opens),))
            for key, a, b, opens in gates
        ),
        on=DAY,
    )
    terms = Terms(by="km", modes=("road",), at="06:00")
    planner = planner_for(["status-quo"], terms, made, None)
    draws = Draws(n=20, seed=3)
    routes = RoutesByDraw(planner, [("kars", "gyumri")], draws)
    ((hours,),) = routes.sums(0, routes.block(0), ["hours"])
    first, second = DrawnCosts(planner.states[0], draws).costs("hours", 0)[[0, 2]]
    assert (first < 2).all()
    assert hours == pytest.approx(4 + second)


def test_draws_are_answered_by_the_clock_each() -> None:
    """Against networkx: in each draw the quickest of the ways, of which one waits at the border."""
    terms = Terms(by="hours", modes=("road",), at="19:00")
    made = two_ways()
    planner = planner_for(["status-quo"], terms, made, None)
    draws = Draws(n=60, seed=3)
    found = RoutesByDraw(planner, [("kars", "gyumri")], draws).least()[0, 0]
    hours = DrawnCosts(planner.states[0], draws).costs("hours", 0)
    rank = made.rank
    waited = 0
    for draw in range(60):
        to_border, border, around = (
            hours[2 * rank[key], draw] for key in ("to-border", "border", "round")
        )
        comes = LEAVES.replace(hour=19) + timedelta(hours=to_border)
        opens = comes if comes.hour < 20 and comes.day == 1 else datetime(2026, 6, 2, 8)
        graph = nx.DiGraph()
        graph.add_edge("kars", "akyaka", weight=to_border)
        graph.add_edge("akyaka", "gyumri", weight=(opens - comes) / timedelta(hours=1) + border)
        graph.add_edge("kars", "round", weight=around)
        graph.add_edge("round", "gyumri", weight=0.0)
        assert found[draw] == pytest.approx(nx.dijkstra_path_length(graph, "kars", "gyumri"))
        waited += opens > comes
    assert 0 < waited < 60
    (row,) = robust(("Kars", "Gyumri"), "status-quo", draws=60, seed=3, terms=terms, network=made)
    assert row.quantiles[1] == pytest.approx(np.quantile(found, 0.5, method="inverted_cdf"))
