"""Comparisons, attributions, break-evens and alternatives over a small network."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from raw_network import raw_ranges
from small_network import DAY, link, network

from borders.errors import AraxesError
from corridors.analysis.breakeven import breakeven
from corridors.analysis.compare import compare, difference, probability_shorter
from corridors.analysis.matrix import matrix
from corridors.network.network import Network
from corridors.routing.alternatives import alternatives
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

NOW = Scenario(id="now")


def roads(*links: tuple[str, str, str, float], **more) -> Network:
    """Return a network of roads (id, from, to, km); `more` goes to all of them."""
    made = [link(key, f"{a}.road", f"{b}.road", km, **more) for key, a, b, km in links]
    return Network(links=tuple(made), on=DAY)


# Two ways from Kars to Baku, by Ganja 700 km and by Julfa 720 km; a third through both, 790 km.
TWO = (
    ("kars-ganja", "kars", "ganja", 400),
    ("ganja-baku", "ganja", "baku", 300),
    ("kars-julfa", "kars", "julfa", 350),
    ("julfa-baku", "julfa", "baku", 370),
    ("julfa-ganja", "julfa", "ganja", 140),
)


def test_a_comparison_has_deltas_against_the_first_scenario() -> None:
    opening = Scenario(id="open", open={"road-kars-gyumri": "open"})
    extra = [link("road-aralik-yerevan", "aralik.road", "yerevan.road", 70)]
    rows = compare([("Kars", "Yerevan")], [NOW, opening], network=network(extra))[:2]
    assert [row.row()["km"] for row in rows] == [250, 200]
    assert [row.row()["delta_km"] for row in rows] == [0, -50]
    assert [row.row()["crossings"] for row in rows] == [[], ["x-akyaka"]]


def test_like_is_compared_with_like_and_the_best_is_marked() -> None:
    rows = compare([("Nakhchivan", "Baku")], ["status-quo", "tripp-open"])
    told = [(row.mode_set, row.scenario.id, row.best) for row in rows]
    road, rail = ("road", "ferry"), ("rail", "ferry")
    # 578 and 541 km by road; no way and 539 km by rail.
    assert told == [
        (road, "status-quo", True), (road, "tripp-open", False),
        (rail, "status-quo", False), (rail, "tripp-open", True),
    ]  # fmt: skip
    assert [row.way is None for row in rows] == [False, False, True, False]
    for modes in (road, rail):
        alone = compare([("Nakhchivan", "Baku")], ["status-quo", "tripp-open"],
                        terms=Terms(modes=modes))  # fmt: skip
        block = [row for row in rows if row.mode_set == modes]
        assert [one.row() | {"best": None} for one in block] == [
            one.row() | {"best": None} for one in alone
        ]
    assert all(set(row.way.modes) <= set(row.mode_set) for row in rows if row.way)


def test_modes_by_which_no_links_join_a_pair_have_no_block() -> None:
    rows = compare([("Lachin", "Khankendi")], ["status-quo", "all-open"])
    assert [row.mode_set for row in rows] == [("road", "ferry")] * 2
    by_rail = compare([("Lachin", "Khankendi")], ["status-quo"], terms=Terms(modes="rail"))
    assert [(row.way, "no links join them by rail" in row.reason) for row in by_rail] == [
        (None, True)
    ]


def test_by_rail_a_town_is_left_from_its_station() -> None:
    road, rail = compare([("Tabriz", "Tehran")], ["status-quo"])
    assert (road.pair, rail.pair) == (("tabriz", "tehran"), ("tabriz", "tehran"))
    assert rail.way.origin == "tabriz_st"
    assert rail.way.modes == ("rail",)


def test_what_is_forced_on_a_route_is_in_its_name() -> None:
    plain = roads(*TWO)
    forced = route("Kars", "Baku", scenario=NOW, network=plain, via=["Julfa", "Ganja"])
    assert forced.name == "Kars–Baku via Julfa (Nakhchivan), Ganja"


def test_a_comparison_is_a_table_in_a_notebook_and_a_frame() -> None:
    opening = Scenario(id="open", open={"road-kars-gyumri": "a & b"})
    rows = compare([("Kars", "Yerevan")], [NOW, opening], network=network())
    rows[0] = replace(rows[0], reason="<script>")
    html = rows._repr_html_()
    assert html.startswith("<table")
    assert html.count("<tr") == 1 + len(rows)
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    frame = rows.to_frame()
    assert frame["km"].dropna().tolist() == [row.row()["km"] for row in rows if row.way]


def test_a_pair_without_a_way_says_what_stands_in_it() -> None:
    rows = compare([("Kars", "Yerevan")], [NOW], network=network())
    assert rows[0].row()["km"] is None
    assert "kars-gyumri (closed since 1993-04-03)" in rows[0].reason


def test_a_clear_winner_is_certain_and_twins_are_even() -> None:
    plain = roads(*TWO)
    a = route("Kars", "Baku", scenario=NOW, network=plain, via=["Ganja"])
    b = route("Kars", "Baku", scenario=NOW, network=plain, via=["Julfa"])
    sigma_km = (4**2 + 3**2 + 3.5**2 + 3.7**2) ** 0.5
    from statistics import NormalDist

    assert probability_shorter(a, b) == pytest.approx(NormalDist().cdf(20 / sigma_km))
    assert probability_shorter(a, b) + probability_shorter(b, a) == pytest.approx(1)
    assert probability_shorter(a, a) == 0.5


@pytest.mark.parametrize("pair", [("Ganja", "Gyumri"), ("Ganja", "Mersin"), ("Gyumri", "Julfa")])
def test_one_way_under_two_scenarios_is_neither_shorter_nor_quicker(pair) -> None:
    first, *rows = compare([pair], ["status-quo", "kars-dilucu-built", "turkiye-armenia-open"])
    same = [row for row in rows if row.way.links == first.way.links]
    assert same
    for row in (one.row() for one in same):
        assert (row["p_shorter"], row["p_quicker"]) == (0.5, 0.5)
        assert {row[f"{end}delta_{unit}"] for end in ("", "low_", "high_")
                for unit in ("km", "hours", "cost_usd_t")} == {0.0}  # fmt: skip


def test_rails_are_as_long_under_another_gauge() -> None:
    plain = network()
    relaid = Scenario(id="relaid", set={"rail-gyumri-yerevan.gauge_mm": (1435.0, "relaid")})
    terms = Terms(modes=("rail",))
    rows = compare([("Gyumri", "Yerevan")], [NOW, relaid], terms=terms, network=plain)
    way, base = rows[1].way, rows[0].way
    assert way.links != base.links
    assert difference(way, base, "km").low == difference(way, base, "km").high == 0
    assert rows[1].shorter == 0.5


def test_there_and_back_over_one_road_is_off_by_twice_its_error() -> None:
    line = roads(("a", "kars", "ganja", 400), ("b", "ganja", "baku", 300))
    there = route("Ganja", "Baku", scenario=NOW, network=line)
    both = route("Ganja", "Ganja", scenario=NOW, network=line, via=["Baku"])
    assert both.length.sigma == 2 * there.length.sigma == 6000


def test_errors_that_both_ways_share_do_not_blur_which_is_shorter() -> None:
    shared = roads(*TWO, shared_with="chain.road.hilly")
    all_shared = replace(
        shared, links=tuple(replace(one, shared_m=one.sigma_m) for one in shared.links)
    )
    a = route("Kars", "Baku", scenario=NOW, network=all_shared, via=["Ganja"])
    b = route("Kars", "Baku", scenario=NOW, network=all_shared, via=["Julfa"])
    assert probability_shorter(a, b) > 0.999


def test_a_matrix_holds_the_routes() -> None:
    plain = roads(*TWO)
    found = matrix(["Kars", "Julfa"], ["Baku", "Kars"], scenario=NOW, network=plain)
    assert found == [[700, 0], [370, 350]]


def test_alternatives_differ() -> None:
    ways = alternatives("Kars", "Baku", k=3, scenario=NOW, network=roads(*TWO))
    assert [way.length.value for way in ways] == [700_000, 720_000, 790_000]
    assert len({tuple(s.link.id for s in way.steps) for way in ways}) == 3


def test_a_near_copy_is_no_alternative() -> None:
    copy = roads(*TWO[:2], ("ganja-baku-2", "ganja", "baku", 301))
    ways = alternatives("Kars", "Baku", k=3, scenario=NOW, network=copy)
    assert len(ways) == 2
    longer = roads(("a", "kars", "ganja", 900), *TWO[1:2], ("b", "ganja", "baku", 301))
    assert len(alternatives("Kars", "Baku", k=3, scenario=NOW, network=longer)) == 1


@pytest.mark.parametrize(
    ("key", "between"),
    [("kars-ganja.delay_h", (0, 20)), ("kars-ganja.speed_kmh", (5, 100)),
     ("speed_kmh.road.hilly", (20, 80))],
)  # fmt: skip
def test_on_both_sides_of_a_breakpoint_the_best_route_is_another(
    key: str, between: tuple[float, float]
) -> None:
    plain = roads(*TWO)
    terms = Terms(by="hours")
    points = breakeven("Kars", "Baku", key, between, scenario=NOW, terms=terms, network=plain)
    for point in points:
        for value, best in ((point.value - 1e-3, point.below), (point.value + 1e-3, point.above)):
            there = Scenario(id="s", set={key: (value, "s")})
            found = route("Kars", "Baku", scenario=there, network=plain, terms=terms)
            assert [s.link.id for s in found.steps] == [s.link.id for s in best.steps]
    assert bool(points) == (key != "speed_kmh.road.hilly")


def test_a_breakpoint_is_where_the_two_ways_take_equally_long() -> None:
    plain = roads(*TWO, speed_kmh=50.0)
    points = breakeven("Kars", "Baku", "kars-ganja.delay_h", (0, 20), scenario=NOW, network=plain)
    # 20 km at 50 km/h are 0.4 h.
    assert [point.value for point in points] == pytest.approx([0.4])
    assert points[0].below.length.value == 700_000


ENDS = ("low", "value", "high")


def test_breakpoints_are_in_order_and_each_way_follows_the_one_before() -> None:
    plain = roads(*TWO, speed_kmh=50.0)
    points = breakeven("Kars", "Baku", "kars-ganja.speed_kmh", (5, 100), scenario=NOW,
                       network=plain)  # fmt: skip
    assert [p.value for p in points] == sorted(p.value for p in points)
    for one, two in pairwise(points):
        assert one.above == two.below


def test_a_breakpoint_has_the_interval_that_what_the_ways_do_not_share_gives() -> None:
    plain = roads(*TWO, speed_kmh=50.0)
    point = breakeven("Kars", "Baku", "kars-ganja.delay_h", (0, 20), scenario=NOW,
                      network=plain)[0]  # fmt: skip
    # Lengths of 400, 300, 350 and 370 km, each ±1 %, at 50 km/h; of the speed 20 km of
    # difference remain.
    slow, usual, fast = (float(raw_ranges()["speed_kmh.road.hilly"][end]) for end in ENDS)
    lengths = 1.959964 * (4**2 + 3**2 + 3.5**2 + 3.7**2) ** 0.5 / 50
    up, down = 20 / 50 * (usual / slow - 1), 20 / 50 * (1 - usual / fast)
    assert point.high - point.value == pytest.approx((lengths**2 + up**2) ** 0.5)
    assert point.value - point.low == pytest.approx((lengths**2 + down**2) ** 0.5)


def test_draws_of_another_speed_move_a_breakpoint_within_its_interval() -> None:
    random = np.random.default_rng(3)
    links = [link(k, f"{a}.road", f"{b}.road", km, sigma_m=0.0) for k, a, b, km in TWO[:2]]
    links += [link(k, f"{a}.road", f"{b}.road", km, sigma_m=0.0, terrain="plain")
              for k, a, b, km in TWO[2:4]]  # fmt: skip
    plain = Network(links=tuple(links), on=DAY)
    point = breakeven("Kars", "Baku", "speed_kmh.road.plain", (30, 90), scenario=NOW,
                      network=plain)[0]  # fmt: skip
    low, usual, high = (float(raw_ranges()["speed_kmh.road.hilly"][end]) for end in ENDS)
    assert point.value == pytest.approx(usual * 720 / 700)
    assert (point.low, point.high) == pytest.approx((low * 720 / 700, high * 720 / 700))
    z = random.standard_normal(20_000) / 1.96
    slow = 1 / usual + np.where(z > 0, 1 / low - 1 / usual, 1 / usual - 1 / high) * z
    drawn = 720 / (700 * slow)
    assert ((point.low < drawn) & (drawn < point.high)).mean() == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize(
    ("key", "between", "by", "said"),
    [
        ("delay_h.crossing.rial", (0, 9), "hours", "did you mean delay_h.crossing.rail"),
        ("kars-ganja.length_m", (0, 9), "hours", "no .kars-ganja.length_m. in"),
        ("cost_usd_tkm.road", (0, 9), "hours", "does not change the least hours"),
        ("delay_h.crossing.rail", (0, 9), "km", "ask by hours"),
        ("speed_kmh.road.hilly", (0, 9), "hours", "a lowest value of 1 or more"),
        ("kars-ganja.delay_h", (9, 9), "hours", "from 9 to 9"),
        ("kars-ganja.delay_h", (0, float("nan")), "hours", "nan"),
        ("kars-gansha.delay_h", (0, 9), "hours", "did you mean kars-ganja"),
    ],
)
def test_what_cannot_vary_is_refused(key, between, by, said) -> None:
    with pytest.raises(AraxesError, match=said):
        breakeven("Kars", "Baku", key, between, scenario=NOW, terms=Terms(by=by),
                  network=roads(*TWO))  # fmt: skip


def test_progress_of_a_comparison_runs_once_whatever_the_sets_of_modes() -> None:
    seen: list[tuple[int, int]] = []
    keys = ["status-quo", "tripp-open", "all-open", "iran-road"]
    compare(("Kars", "Baku"), keys, progress=lambda *step: seen.append(step))
    assert seen[-1] == (4, 4)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen} == {4}


def test_a_row_says_how_its_way_differs_from_that_of_the_first_scenario() -> None:
    road = Terms(modes=("road",))
    known = network([link("road-gyumri-igdir", "gyumri.road", "igdir.road", 100),
                     link("road-kars-aralik", "kars.road", "aralik.road", 500)])  # fmt: skip
    opening = Scenario(id="open", open={"road-kars-gyumri": "o"})
    slower = Scenario(id="slow", set={"road-gyumri-yerevan.delay_h": (1.0, "s")})
    shut = Scenario(id="shut", close={"road-igdir-aralik": "c"})
    scenarios = [NOW, opening, slower, shut]
    rows = compare([("Kars", "Yerevan"), ("Kars", "Aralik")], scenarios, terms=road, network=known)
    # To Yerevan: 120 + 100 + 120 km through Iğdır, and 80 + 120 through Akyaka, once it is open.
    assert [row.reason for row in rows] == [
        "", "through x-akyaka", "the same way", "the same way",
        "", "the same way", "the same way", "another way",
    ]  # fmt: skip


def test_only_a_scenario_that_has_a_way_has_a_best_one() -> None:
    rows = compare([("Kars", "Yerevan")], [NOW], network=network())
    assert len(rows) > 1
    assert [(row.way, row.best) for row in rows] == [(None, False)] * len(rows)


@pytest.mark.parametrize(
    "pairs", [["Kars", ("Kars", "Yerevan")], [("Kars", "Yerevan"), "Kars"], ["Kars"]]
)
def test_a_text_among_pairs_is_told_to_be_none(pairs) -> None:
    with pytest.raises(AraxesError, match=r"'Kars' is no pair of places; give two"):
        compare(pairs, [NOW], network=network())
