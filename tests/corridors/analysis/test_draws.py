"""Draws of lengths, speeds and delays, and the best routes by draw, against scipy and networkx."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from borders.errors import AraxesError
from borders.measure import Z95
from corridors.analysis.drawn_routes import RoutesByDraw
from corridors.analysis.draws import DrawnCosts, Draws
from corridors.network.rates import assumption
from corridors.network.route_error import missed_by
from corridors.network.spans import spans_of
from corridors.routing.query import planner_for
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

SCENARIOS = ("status-quo", "tripp-open", "turkiye-armenia-open", "all-open")


def drawn(draws: Draws, key: str) -> np.ndarray:
    return np.concatenate([draws.value(assumption(key), k) for k in range(draws.n_blocks)])


@pytest.mark.parametrize("key", ["delay_h.crossing.rail", "speed_kmh.road.hilly"])
def test_the_ends_of_a_range_are_quantiles_and_its_value_is_the_median(key: str) -> None:
    from scipy.stats import binomtest

    usual, values = assumption(key), drawn(Draws(n=4000, seed=3), key)
    for limit, part in ((usual.low, 0.025), (usual.value, 0.5), (usual.high, 0.975)):
        below = int((values < limit).sum())
        assert binomtest(below, values.size, part).pvalue > 1e-3


def test_rates_calibrated_on_the_same_times_err_together_and_others_do_not() -> None:
    draws = Draws(n=3000, seed=5)
    hilly, plain, rail = (
        drawn(draws, f"speed_kmh.{kind}") for kind in ("road.hilly", "road.plain", "rail.plain")
    )
    from scipy.stats import spearmanr

    assert spearmanr(hilly, plain).statistic == pytest.approx(1)
    assert abs(spearmanr(hilly, rail).statistic) < 0.1


def test_a_draw_does_not_depend_on_how_many_there_are_nor_on_the_order_of_blocks() -> None:
    few, many = Draws(n=1200, seed=9), Draws(n=3000, seed=9)
    last = many.normal("x", 2)
    assert np.array_equal(few.normal("x", 1), many.normal("x", 1)[:200])
    assert np.array_equal(last, Draws(n=3000, seed=9).normal("x", 2))
    assert not np.array_equal(many.normal("x", 0), many.normal("x", 1))
    assert not np.array_equal(many.normal("x", 0), Draws(n=3000, seed=10).normal("x", 0))


def test_lengths_err_as_their_links_do_and_published_sums_hold() -> None:
    planner = planner_for(["status-quo"], Terms(modes=("road",)), None, None)
    network, draws = planner.network, Draws(n=3000, seed=2)
    costs = DrawnCosts(planner.states[0], draws)
    lengths = np.concatenate([costs.costs("km", k)[::2].copy() for k in range(3)], axis=1)
    spans = list(spans_of({link.id: (link, 1.0) for link in network.links}))
    inside = {key for span in spans for key in span.links}
    plain = [
        n for n, link in enumerate(network.links)
        if link.mode == "rail" and 0 < link.sigma_m < link.length_m / 5 and link.id not in inside
    ]  # fmt: skip
    sigma = np.array([network.links[n].sigma_m for n in plain])
    assert lengths[plain].std(axis=1) / sigma == pytest.approx(1, abs=0.1)
    # The error of a sum, less what routes miss besides, is that of the published one.
    assert spans
    for span in spans[:5]:
        rows = [network.rank[key] for key in span.links]
        missed = missed_by({network.links[n].id: (network.links[n], 1.0) for n in rows})
        whole = lengths[rows].sum(axis=0).std()
        assert whole == pytest.approx(np.hypot(span.sigma_m, missed), rel=0.1)


@pytest.mark.parametrize("by", ["km", "hours", "cost"])
def test_a_link_is_drawn_alike_whichever_others_are(by: str) -> None:
    state = planner_for(["status-quo"], Terms(), None, None).states[0]
    draws = Draws(n=50, seed=6)
    everything = DrawnCosts(state, draws).costs(by, 0)
    for n in range(0, len(state.network.links), 40):
        alone = DrawnCosts(state, draws, only=np.array([n])).costs(by, 0)
        assert np.array_equal(alone, everything[2 * n : 2 * n + 2])


@pytest.mark.parametrize("by", ["km", "hours", "cost"])
def test_the_best_route_of_every_draw_is_that_of_networkx(by: str) -> None:
    planner = planner_for(SCENARIOS, Terms(by=by), None, None)
    pairs = [("kars", "baku"), ("kars", "tbilisi"), ("nakhchivan", "baku"), ("igdir", "yerevan")]
    draws = Draws(n=40, seed=4)
    routes = RoutesByDraw(planner, pairs, draws)
    block = routes.block(0)
    found = {(r.scenario, r.pair, r.choice): r for r in block}
    sums = {id(r): values for r, values in zip(block, routes.sums(0, block, [by]), strict=True)}
    for s, state in enumerate(planner.states):
        weights = DrawnCosts(state, draws).costs(by, 0)
        for c, modes in enumerate(planner.terms.choices):
            usable = np.isfinite(planner.weighted.costs(state, modes))
            ends = [planner.ends(*pair) for pair in planner.stops.stations(modes, pairs)]
            for draw in (0, 17, 39):
                truth = nx.MultiDiGraph()
                truth.add_nodes_from(range(planner.graph.n_nodes))
                for arc in np.flatnonzero(usable).tolist():
                    weight = weights[arc, draw] if arc < len(weights) else 0.0
                    a, b = planner.graph.tail[arc], planner.graph.head[arc]
                    truth.add_edge(int(a), int(b), weight=weight)
                for p, (a, b) in enumerate(ends):
                    ours = found[s, p, c]
                    try:
                        best = nx.dijkstra_path_length(truth, a, b)
                    except nx.NetworkXNoPath:
                        assert ours.found.costs[draw] == np.inf
                        assert ours.found.which[draw] == -1
                        continue
                    assert ours.found.costs[draw] == pytest.approx(best, rel=1e-12)
                    assert sums[id(ours)][0][draw] == pytest.approx(best, rel=1e-12)


def test_in_no_draw_does_an_opening_lengthen_a_route_and_equal_scenarios_are_equal() -> None:
    twin = Scenario.of("twin", includes=["status-quo"])
    planner = planner_for(["status-quo", "tripp-open", "all-open", twin], Terms(by="hours"),
                          None, None)  # fmt: skip
    least = RoutesByDraw(planner, [("nakhchivan", "baku")], Draws(n=1500, seed=1)).least()
    now, tripp, everything, again = least[:, 0]
    assert (tripp <= now).all()
    assert (everything <= tripp).all()
    assert (tripp < now).any()
    assert np.array_equal(now, again)


def test_what_a_scenario_sets_is_exact() -> None:
    usual = assumption("delay_h.crossing.rail")
    draws = Draws(n=500, seed=1)
    assert draws.value(usual, 0).std() > 1
    exact = replace(usual, low=usual.value, high=usual.value)
    assert (draws.value(exact, 0) == usual.value).all()
    assert pytest.approx(1.96, abs=1e-3) == Z95


@pytest.mark.parametrize("values", [{"n": 0}, {"n": 5, "seed": -1}])
def test_no_draws_and_negative_seeds_are_refused(values: dict[str, int]) -> None:
    with pytest.raises(AraxesError):
        Draws(**values)
