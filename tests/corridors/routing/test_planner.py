"""Which engine a plan takes, and how near the best its ways are."""

from __future__ import annotations

from datetime import date, time

import numpy as np
import pytest
from raw_network import raw_links
from small_network import DAY, link, status

from borders.errors import NoAnswerError
from corridors.analysis.compare import compare
from corridors.analysis.matrix import matrix
from corridors.analysis.robust import robust
from corridors.network.load import load_network
from corridors.network.network import Network
from corridors.routing import Router, weighted_graph
from corridors.routing.find import route
from corridors.routing.planner import RoutePlanner
from corridors.scenarios.scenario import Scenario, read_scenario
from corridors.scenarios.terms import Terms

MODES = ("rail", "road", "ferry")


@pytest.mark.parametrize("by", ["km", "hours", "cost"])
def test_on_a_large_network_a_hierarchy_answers_as_nearly_as_it_says(monkeypatch, by: str) -> None:
    network = load_network()
    scenarios = [read_scenario(key) for key in ("status-quo", "all-open", "kars-dilucu-built")]
    places = sorted(network.layers)
    pairs = [(a, b) for a in places[::9] for b in places[::7] if a != b]

    routers: list[Router] = []

    def kept(*given, **options) -> Router:
        routers.append(Router(*given, **options))
        return routers[-1]

    monkeypatch.setattr(weighted_graph, "Router", kept)

    def swept(large: int) -> tuple[np.ndarray, str]:
        monkeypatch.setattr(weighted_graph, "LARGE_GRAPH_NODES", large)
        plan = RoutePlanner(network, scenarios, Terms(by=by, modes=MODES))
        (swept,) = plan.batch_each(pairs)
        return swept.found.costs, routers[-1].engine

    near, engine = swept(10)
    exact, other = swept(10**6)
    assert (engine, other) == ("cch", "cch" if by == "km" else "scipy")
    assert np.array_equal(np.isfinite(near), np.isfinite(exact))
    reached = np.isfinite(exact)
    assert (near[reached] >= exact[reached] * (1 - 1e-12)).all()
    assert (near[reached] <= exact[reached] * (1 + weighted_graph.TOLERANCE)).all()


def test_the_best_ways_of_a_batch_are_those_of_single_questions() -> None:
    network = load_network()
    scenarios = [read_scenario(key) for key in ("status-quo", "all-open", "status-quo")]
    pairs = [
        ("kars", "baku"),
        ("kars", "gyumri"),
        ("nakhchivan", "stepanavan"),
        ("batumi", "tabriz"),
    ]
    terms = Terms(by="hours", modes=("road",))
    (swept,) = RoutePlanner(network, scenarios, terms).batch_each(pairs)
    length_m = {row["id"]: row["length_m"] for row in raw_links()}
    for n, scenario in enumerate(scenarios):
        for p, ends in enumerate(pairs):
            links = swept.links(n, p)
            if links is None:
                with pytest.raises(NoAnswerError):
                    route(*ends, scenario=scenario, terms=terms)
                continue
            best = route(*ends, scenario=scenario, terms=terms)
            assert sum(length_m[link.id] for link, _ in links) == pytest.approx(
                sum(length_m[link.id] for link in best.links)
            )


@pytest.mark.parametrize("by", ["km", "hours", "cost"])
def test_a_route_costs_what_the_best_of_its_modes_does_in_a_comparison(by) -> None:
    # By rail a route begins at the station of a town that roads serve too.
    pairs = [("Akhalkalaki", "Baku"), ("Tabriz", "Baku"), ("Kars", "Tbilisi"), ("Julfa", "Tabriz")]
    terms = Terms(by=by)
    costs = matrix([a for a, _ in pairs], [b for _, b in pairs], scenario="tripp-open", terms=terms)
    for n, pair in enumerate(pairs):
        rows = compare([pair], ["tripp-open"], terms=terms)
        best = min(row.way.least()[0] for row in rows if row.way is not None)
        way = route(*pair, scenario="tripp-open", terms=terms)
        assert way.least()[0] == pytest.approx(best)
        assert costs[n][n] == pytest.approx(best)
        (row,) = robust([pair], ["tripp-open"], terms=terms, draws=2)
        assert row.least == pytest.approx(best)


def test_a_batch_on_another_day_goes_the_way_that_is_open_then() -> None:
    opened = (
        status("closed", valid_to=date(2027, 1, 1)),
        status("closed", valid_from=date(2027, 1, 1), direction="backward"),
        status("open", valid_from=date(2027, 1, 1), direction="forward"),
    )
    new = link("new", "kars.road", "igdir.road", 120, statuses=opened)
    old = link("old", "kars.road", "igdir.road", 500)
    network = Network(links=(new, old), on=DAY)
    days = [Scenario.of("before", on=DAY), Scenario.of("after", on=date(2027, 6, 1))]
    (found,) = RoutePlanner(network, days, Terms(modes=("road",))).batch_each(
        [("kars", "igdir"), ("igdir", "kars")]
    )
    assert found.found.costs.tolist() == [[500_000, 500_000], [120_000, 500_000]]


def test_by_the_clock_each_set_of_modes_has_its_own_links() -> None:
    night = (status("open", open_hours="08:00-20:00"),)
    road = link("road", "kars.road", "igdir.road", 100, statuses=night)
    rail = link("rail", "kars.rail1435", "igdir.rail1435", 700, statuses=night)
    network = Network(links=(road, rail), on=DAY)
    terms = Terms(by="hours", at=time(9))
    made = RoutePlanner(network, [Scenario.of("s", on=DAY)], terms)
    for modes, used in ((("road",), "road"), (("rail",), "rail"), (("road",), "road")):
        path = made.find_by(made.states[0], modes, ["kars", "igdir"])
        assert path is not None
        assert [link.id for link, _ in path.steps] == [used]
