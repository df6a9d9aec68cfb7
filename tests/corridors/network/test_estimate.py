"""Intervals of hours and costs, against draws of their assumptions and sums by hand."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING

import numpy as np
import pytest
from raw_network import raw_ranges, raw_stops
from small_network import link, network

from corridors.analysis.compare import compare, difference
from corridors.network.estimate import length_of, total
from corridors.network.rates import Rates
from corridors.network.route_error import route_error
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario, read_scenario
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from corridors.routing.route import Route

NOW = Scenario(id="now")
BY_ROAD = Terms(by="hours", modes=("road",))
DRAWS = 40_000

TABLE = raw_ranges()


class World:
    """One draw of everything that hours rest on, many times over."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._known: dict[str, np.ndarray] = {}

    def normal(self, key: str) -> np.ndarray:
        if key not in self._known:
            self._known[key] = self._random.standard_normal(DRAWS)
        return self._known[key]

    def value(self, key: str, drawn_as: str = "") -> np.ndarray:
        """Draw a value: as often below the table's as above, 19 times in 20 between its ends."""
        low, middle, high = (float(TABLE[key][column]) for column in ("low", "value", "high"))
        z = self.normal(drawn_as or TABLE[key].get("together") or key) / 1.96
        # Speeds are drawn as hours a kilometre: a speed of nothing would never arrive.
        if key.startswith("speed_kmh"):
            slow, usual, fast = 1 / low, 1 / middle, 1 / high
            return 1 / np.maximum(usual + np.where(z > 0, slow - usual, usual - fast) * z, 1e-6)
        return np.maximum(middle + np.where(z > 0, high - middle, middle - low) * z, 0)

    def hours(self, path: Route, users: str = "freight") -> np.ndarray:
        """Return the hours of a route in each draw."""
        total = np.zeros(DRAWS)
        for step in path.steps:
            step_link = step.link
            if step_link.mode == "transfer":
                layers = {step_link.start.rpartition(".")[2], step_link.end.rpartition(".")[2]}
                rails = all(layer.startswith("rail") for layer in layers)
                change = f"delay_h.transfer.{'gauge' if rails else 'mode'}"
                own_key = f"{change}.{users}"
                total += self.value(own_key if own_key in TABLE else change)
                continue
            own = max(0.0, step_link.sigma_m**2 - step_link.shared_m**2) ** 0.5
            length_m = step_link.length_m + own * self.normal(step_link.id)
            length_m += step_link.shared_m * self.normal(step_link.shared_with)
            if step_link.mode == "road":
                missed_m = route_error().sigma_100km_m * (step_link.length_m / 100_000) ** 0.5
                length_m += missed_m * self.normal(f"missed {step_link.id}")
            usual = f"speed_kmh.{step_link.mode}"
            keys = (f"{usual}.{users}.{step_link.terrain}", f"{usual}.{users}",
                    f"{usual}.{step_link.terrain}", usual)  # fmt: skip
            total += length_m / 1000 / self.value(next(key for key in keys if key in TABLE))
            if step_link.crossing and users == "freight":
                for key in raw_stops(step_link.mode, list(step.countries)):
                    total += self.value(key)
                continue
            if step_link.crossing:
                delay = f"delay_h.crossing.{step_link.mode}.{users}"
                delay = delay if delay in TABLE else f"delay_h.crossing.{step_link.mode}"
                stated = (
                    step_link.delay_passengers_h if users == "passengers" else step_link.delay_h
                )
                if stated is None:
                    total += self.value(delay)
                else:
                    scale = stated / float(TABLE[delay]["value"])
                    total += self.value(delay, f"stated {delay}") * scale
        return total


@pytest.mark.parametrize("modes", [("rail", "ferry"), ("road", "ferry")])
@pytest.mark.parametrize("users", ["freight", "passengers"])
def test_nineteen_draws_in_twenty_lie_in_the_interval(modes: tuple[str, ...], users: str) -> None:
    shares = []
    places = ("kars", "nakhchivan", "yerevan", "mersin", "aktau", "poti", "igdir", "ganja")
    # Whether ships take passengers is unknown.
    opened = read_scenario("all-open") + Scenario(id="ship", open={"x-alat-aktau": "ship"})
    for n, (a, b) in enumerate(pairwise(places)):
        terms = Terms(by="hours", modes=modes, users=users)
        path = route(a, b, scenario=opened, terms=terms)
        drawn = World(n).hours(path, users)
        assert (drawn < path.low_hours).mean() < 0.04
        assert (drawn > path.high_hours).mean() < 0.045
        shares.append(((path.low_hours <= drawn) & (drawn <= path.high_hours)).mean())
    assert 0.94 < min(shares) <= max(shares) < 0.97


def test_draws_of_the_same_world_lie_in_the_interval_of_a_difference() -> None:
    paths = [
        route("Nakhchivan", "Baku", scenario=scenario, terms=Terms(by="hours", modes=("road",)))
        for scenario in ("status-quo", "tripp-open")
    ]
    world = World(7)
    drawn = world.hours(paths[1]) - world.hours(paths[0])
    later = difference(paths[1], paths[0], "hours")
    assert later.value == pytest.approx(paths[1].hours - paths[0].hours)
    assert 0.935 < ((later.low <= drawn) & (drawn <= later.high)).mean() < 0.975
    assert later.probability_below(0) == pytest.approx((drawn < 0).mean(), abs=0.02)
    # Both ways wait at two crossings: what those take is no reason to doubt which is quicker.
    assert later.high - later.low < 0.2 * (paths[0].high_hours - paths[0].low_hours)


def test_one_assumption_on_many_links_adds_up_and_two_combine_in_quadrature() -> None:
    # 250 km in hills, 70 of them over a border of two countries whose posts nobody timed.
    (slow, usual, fast), (short, stop, long) = (
        [float(TABLE[key][end]) for end in ("low", "value", "high")]
        for key in ("speed_kmh.road.hilly", "delay_h.crossing.road.freight")
    )
    extra = [link("x", "aralik.road", "yerevan.road", 70, crossing="x-margara", sigma_m=0.0)]
    plain = network(extra)
    path = route("Kars", "Yerevan", scenario=NOW, network=plain, terms=BY_ROAD)
    assert path.hours == pytest.approx(250 / usual + stop)
    lengths = 1.959964 * hypot(1.2, 0.6) / usual
    low = path.hours - hypot(250 / usual - 250 / fast, stop - short, lengths)
    high = path.hours + hypot(250 / slow - 250 / usual, long - stop, lengths)
    assert (path.low_hours, path.high_hours) == pytest.approx((low, high))
    assert path.time.basis == "calibrated"
    assert [part.key for part in path.time.parts] == [
        "delay_h.crossing.road.freight", "speed_kmh.road", "lengths"
    ]  # fmt: skip


def test_what_lengths_share_adds_up_and_what_both_ways_share_cancels() -> None:
    own, shared = ({"sigma_m": 50.0}, {"sigma_m": 50.0, "shared_m": 30.0, "shared_with": "x"})
    a, b = (link(key, "kars.road", "igdir.road", km, **shared) for key, km in (("a", 3), ("b", 2)))
    c = link("c", "kars.road", "igdir.road", 1, **own)
    assert length_of([a, b, c]) == pytest.approx((6000, hypot(40, 40, 60, 50)))
    assert length_of([a, c], less=[b, c]) == pytest.approx((1000, hypot(40, 40)))
    assert length_of([a], less=[a]) == (0.0, 0.0)


def test_without_any_error_the_longer_way_is_certainly_not_shorter() -> None:
    exactly = [
        link(key, "kars.road", "igdir.road", km, sigma_m=0.0) for key, km in (("a", 3), ("b", 2))
    ]
    difference, opposite = (
        total("km", [(sign, exactly[:1], Rates()), (-sign, exactly[1:], Rates())])
        for sign in (1.0, -1.0)
    )
    assert (difference.probability_below(0), opposite.probability_below(0)) == (0, 1)
    assert difference.probability_below(difference.value) == 0.5


def test_what_a_scenario_sets_is_exact() -> None:
    fixed = Scenario(id="s", set={"speed_kmh.road.hilly": (60.0, "s")})
    path = route("Kars", "Aralik", scenario=fixed, network=network(), terms=BY_ROAD)
    assert path.hours == pytest.approx(3)
    assert path.high_hours - path.hours == pytest.approx(1.959964 * hypot(1.2, 0.6) / 60)
    assert path.time.basis == "scenario"


def test_a_delay_that_the_data_state_has_the_relative_range_of_the_usual_one() -> None:
    extra = [link("x", "aralik.road", "yerevan.road", 0, crossing="x-margara", delay_h=20.0)]
    path = route("Aralik", "Yerevan", scenario=NOW, network=network(extra), terms=BY_ROAD)
    row = TABLE["delay_h.crossing.road.freight"]
    scale = 20 / float(row["value"])
    ends = scale * float(row["low"]), 20, scale * float(row["high"])
    assert (path.low_hours, path.hours, path.high_hours) == pytest.approx(ends)


def test_errors_of_one_calibration_add_up_and_cancel_on_a_link_that_both_ways_use() -> None:
    fixed = Scenario(id="s", set={"speed_kmh.road.hilly": (50.0, "s")})
    shared = {"shared_with": "chain", "shared_m": 1000.0, "sigma_m": 1000.0}
    links = [
        link("a", "ganja.road", "yevlakh.road", 100, **shared),
        link("b", "yevlakh.road", "baku.road", 200, **shared),
    ]
    plain = network(links)
    whole = route("Ganja", "Baku", scenario=fixed, network=plain, terms=BY_ROAD)
    part = route("Ganja", "Yevlakh", scenario=fixed, network=plain, terms=BY_ROAD)
    assert whole.high_hours - whole.hours == pytest.approx(1.959964 * 2 / 50)
    between = difference(whole, part, "hours")
    assert between.value == pytest.approx(4)
    assert between.high - between.value == pytest.approx(1.959964 / 50)
    assert difference(whole, whole, "hours").high == 0


def test_a_change_of_mode_costs_what_its_range_says() -> None:
    plain = network([link("rail", "kars.rail1435", "sarikamis.rail1435", 0, sigma_m=0.0)])
    path = route("Sarikamis", "Igdir", scenario=NOW, network=plain,
                terms=Terms(by="cost", modes=("rail", "road")))  # fmt: skip
    cost, km = path.cost, 120
    usual, dear = (float(TABLE["cost_usd_tkm.road"][end]) for end in ("value", "high"))
    assert cost.value == pytest.approx(5 + usual * km)
    assert cost.value == pytest.approx(path.cost_usd_t)
    assert cost.high == pytest.approx(
        cost.value + hypot(10 - 5, (dear - usual) * km, 1.959964 * 1.2 * usual)
    )


def test_a_route_and_a_comparison_tell_their_intervals(araxes) -> None:
    options = ("--modes", "rail", "--scenario", "status-quo")
    path = json.loads(araxes("route", "Kars", "Baku", *options, "--json").out)
    assert 0 < path["low_hours"] < path["hours"] < path["high_hours"]
    assert path["hours_basis"] == "calibrated+quoted"
    parts = path["hours_rest_on"]
    assert sum(part["hours"] for part in parts) == pytest.approx(path["hours"], abs=0.3)
    pair = ("--pair", "Kars:Baku", "--pair", "Nakhchivan:Baku")
    rows = json.loads(araxes("compare", *pair, *options, "--json").out)
    assert [rows[0][key] for key in ("low_hours", "hours", "high_hours")] == [
        path[key] for key in ("low_hours", "hours", "high_hours")
    ]
    assert rows[1]["low_hours"] is rows[1]["high_delta_hours"] is None
    table = list(csv.DictReader(araxes("compare", *pair, *options, "--csv").out.splitlines()))
    assert float(table[0]["high_hours"]) == rows[0]["high_hours"]


def test_deltas_have_intervals_that_hold_them_and_vanish_for_the_same_way() -> None:
    scenarios = ("status-quo", "tripp-open", "kars-dilucu-built")
    rows = compare([("Nakhchivan", "Baku")], scenarios, terms=Terms(modes=("road",)))
    base, opened, same = (row.row() for row in rows)
    assert (opened["p_quicker"] > 0.5) == (opened["delta_hours"] < 0)
    assert base["p_quicker"] is None
    for unit in ("km", "hours", "cost_usd_t"):
        assert opened[f"low_delta_{unit}"] < opened[f"delta_{unit}"] < opened[f"high_delta_{unit}"]
        assert base[f"low_delta_{unit}"] == same[f"high_delta_{unit}"] == 0


@pytest.mark.parametrize(("by", "words"), [("hours", "Δ h"), ("cost", "Δ USD/t")])
def test_a_table_tells_what_was_asked_to_be_least_and_how_sure_it_is(araxes, by, words) -> None:
    printed = araxes("compare", "--pair", "Kars:Baku", "--by", by)
    assert words in " ".join(printed.out.split())
    assert max(map(len, printed.out.splitlines())) <= 80


def test_a_difference_that_may_be_of_either_sign_has_ends_of_both_signs() -> None:
    links = [
        link("a", "kars.road", "ganja.road", 400),
        link("b", "kars.road", "julfa.road", 201),
        link("c", "julfa.road", "ganja.road", 202, status="closed"),
    ]
    closing = Scenario(id="s", open={"c": "s"}, close={"a": "s"})
    row = compare([("Kars", "Ganja")], [NOW, closing], network=network(links))[1].row()
    half = 1.959964 * hypot(4, 2.01, 2.02)
    assert row["delta_km"] == 3
    assert row["low_delta_km"] == pytest.approx(3 - half, abs=0.051)
    assert row["high_delta_km"] == pytest.approx(3 + half, abs=0.051)


def test_a_stated_delay_is_as_sure_as_who_states_it_and_a_charge_adds_to_the_cost() -> None:
    surveyed = link("x", "aralik.road", "yerevan.road", 70, crossing="x", delay_h=8.4,
                    state="unverified", delay_state="quoted")  # fmt: skip
    path = route("Aralik", "Yerevan", scenario=NOW, terms=BY_ROAD, network=network([surveyed]))
    (part,) = (part for part in path.time.parts if part.key.startswith("stated"))
    assert (part.value, part.state) == (8.4, "quoted")
    free, dear = (
        network([link("x", "aralik.road", "yerevan.road", 70, crossing="x", cost_usd_t=fee)])
        for fee in (None, 4.0)
    )
    costs = [
        route("Iğdır", "Yerevan", scenario=NOW, terms=Terms(by="cost"), network=tariff).cost_usd_t
        for tariff in (free, dear)
    ]
    assert costs[1] - costs[0] == pytest.approx(4.0)
