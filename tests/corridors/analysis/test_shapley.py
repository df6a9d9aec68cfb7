"""Shares of a saving: against every order of a scenario's parts, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

import networkx
import pytest
from hypothesis import given, settings, strategies as st
from small_network import DAY, link, network

from borders.errors import AraxesError, NoAnswerError
from corridors.analysis.shapley import attribute, attribute_pairs
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario, read_scenario
from corridors.scenarios.terms import Terms

CLOSED = (
    ("kars-tbilisi", "kars", "tbilisi", 300, "open"),
    ("tbilisi-baku", "tbilisi", "baku", 550, "open"),
    ("kars-julfa", "kars", "julfa", 350, "closed"),
    ("julfa-baku", "julfa", "baku", 420, "closed"),
    ("tbilisi-ganja", "tbilisi", "ganja", 180, "open"),
    ("ganja-baku", "ganja", "baku", 320, "closed"),
)
TOWNS = ("kars", "tbilisi", "ganja", "julfa", "baku")


def roads(rows: tuple[tuple[str, str, str, float, str], ...]) -> Network:
    made = [link(k, f"{a}.road", f"{b}.road", km, status=s) for k, a, b, km, s in rows]
    return Network(links=tuple(made), on=DAY)


def test_shares_of_a_saving_add_up_to_it_exactly() -> None:
    keys = ("kars-julfa", "julfa-baku", "ganja-baku")
    opening = Scenario(id="s", open=dict.fromkeys(keys, "s"))
    shares = attribute("Kars", "Baku", opening, network=roads(CLOSED))
    # By hand: 850 km now, 800 with Ganja's road, 770 with both parts of Julfa's.
    assert sum(share.saving for share in shares) == 80_000
    by_part = {share.part: share.saving for share in shares}
    assert by_part["open kars-julfa"] == by_part["open julfa-baku"]
    # Orders in which Ganja's road comes before the second of Julfa's: 4 of 6, each saves 50.
    assert by_part["open ganja-baku"] == Fraction(50_000) * 4 / 6


def test_an_opening_that_nobody_uses_saves_nothing() -> None:
    opening = Scenario(id="s", open={"ganja-baku": "s", "julfa-baku": "s"})
    shares = attribute("Kars", "Baku", opening, network=roads(CLOSED))
    assert [float(share.saving) for share in shares] == [50_000, 0]


def test_where_there_was_no_way_the_shares_are_those_of_orders_that_gain_it() -> None:
    rows = (("direct", "kars", "baku", 900, "closed"),
            ("kars-julfa", "kars", "julfa", 350, "closed"),
            ("julfa-baku", "julfa", "baku", 420, "closed"))  # fmt: skip
    opening = Scenario(id="s", open={row[0]: "s" for row in rows})
    shares = attribute("Kars", "Baku", opening, network=roads(rows))
    by_part = {share.part.split()[1]: share for share in shares}
    # The direct road connects in the orders where it comes before the second part of Julfa's: in
    # four of six. That second part then saves 130 km; after it the direct road saves nothing.
    assert [by_part[row[0]].connects for row in rows] == [Fraction(4, 6), *[Fraction(1, 6)] * 2]
    saves = [by_part[row[0]].saving for row in rows]
    assert saves == [0, *[Fraction(130_000) * 2 / 6] * 2]
    assert by_part["direct"].row()["connects"] == pytest.approx(2 / 3)


def test_what_has_no_way_even_under_the_whole_scenario_is_refused() -> None:
    shut = Scenario(id="shut", close={"road-kars-igdir": "shut"})
    with pytest.raises(NoAnswerError, match="closed by scenario"):
        attribute("Kars", "Igdir", shut, network=network())
    with pytest.raises(AraxesError, match="nothing"):
        attribute("Kars", "Yerevan", Scenario(id="now"), network=network())


def test_shares_have_intervals_in_which_what_the_ways_share_cancels() -> None:
    opening = Scenario(id="s", open=dict.fromkeys(("kars-julfa", "julfa-baku"), "s"))
    shares = attribute("Kars", "Baku", opening, network=roads(CLOSED))
    # Both parts of Julfa's road are needed: each gets half of 850 - 770 km.
    half = 1.959964 * (3**2 + 5.5**2 + 3.5**2 + 4.2**2) ** 0.5 / 2 * 1000
    for share in shares:
        assert share.estimate.value == pytest.approx(float(share.saving)) == 40_000
        assert share.estimate.high - share.estimate.value == pytest.approx(half)
    unused = attribute("Kars", "Baku", Scenario(id="s", open={"julfa-baku": "s"}),
                       network=roads(CLOSED))  # fmt: skip
    assert unused[0].estimate.high == unused[0].estimate.low == 0


def _least_h(rows: dict[str, tuple[str, str, int]], shut: set[str], delays: dict[str, int]) -> int:
    graph = networkx.MultiGraph()
    for key, (a, b, hours) in rows.items():
        if key not in shut:
            graph.add_edge(a, b, hours=hours + delays.get(key, 0))
    return networkx.dijkstra_path_length(graph, "kars", "baku", weight="hours")


@settings(max_examples=40)
@given(st.data())
def test_gains_and_savings_are_those_of_every_order_where_ways_may_be_missing(data) -> None:
    rows: dict[str, tuple[str, str, int]] = {"far": ("kars", "tbilisi", 9)}
    for n in range(data.draw(st.integers(4, 8))):
        a, b = data.draw(st.permutations(TOWNS))[:2]
        rows[f"l{n}"] = a, b, data.draw(st.integers(1, 12))
    keys = data.draw(st.permutations([*rows]))[:4]
    known = roads(tuple(
        (key, a, b, 10.0 * km, "closed" if key in keys else "open")
        for key, (a, b, km) in (rows | {"baku-lachin": ("baku", "lachin", 1)}).items()
    ))  # fmt: skip
    opening = Scenario(id="s", open=dict.fromkeys(keys, "s"))

    def least(shut: set[str]) -> int | None:
        try:
            return _least_h(rows, shut, {})
        except (networkx.NetworkXNoPath, networkx.NodeNotFound):
            return None

    if least(set()) is None:
        with pytest.raises(NoAnswerError):
            attribute("Kars", "Baku", opening, network=known)
        return
    gains, saves = dict.fromkeys(keys, Fraction(0)), dict.fromkeys(keys, Fraction(0))
    orders = list(permutations(keys))
    for order in orders:
        shut = set(keys)
        before = least(shut)
        for key in order:
            shut.remove(key)
            after = least(shut)
            if before is None:
                gains[key] += Fraction(after is not None, len(orders))
            else:
                saves[key] += Fraction(10_000 * (before - after), len(orders))
            before = after
    shares = {share.part.split()[1]: share for share in
              attribute("Kars", "Baku", opening, network=known)}  # fmt: skip
    assert {key: share.connects for key, share in shares.items()} == gains
    assert {key: share.saving for key, share in shares.items()} == saves


@settings(max_examples=60)
@given(st.data())
def test_shares_are_the_mean_saving_over_every_order_of_openings_closings_and_settings(
    data,
) -> None:
    rows = {"last": ("kars", "baku", 40)}
    for n in range(data.draw(st.integers(4, 9))):
        a, b = data.draw(st.permutations(TOWNS))[:2]
        rows[f"l{n}"] = a, b, data.draw(st.integers(1, 12))
    keys = data.draw(st.permutations([key for key in rows if key != "last"]))[:4]
    kinds = {key: data.draw(st.sampled_from(["open", "open", "close", "set"])) for key in keys}
    made = [
        link(key, f"{a}.road", f"{b}.road", 10 * hours, speed_kmh=10.0,
             status="closed" if kinds.get(key) == "open" else "open")
        for key, (a, b, hours) in rows.items()
    ]  # fmt: skip
    tables: dict[str, dict[str, Any]] = {"open": {}, "close": {}, "set": {}}
    for key, kind in kinds.items():
        name, value = (f"{key}.delay_h", (5.0, "s")) if kind == "set" else (key, "s")
        tables[kind][name] = value
    shares = attribute("Kars", "Baku", Scenario(id="s", **tables), terms=Terms(by="hours"),
                       network=Network(links=tuple(made), on=DAY))  # fmt: skip
    truth = dict.fromkeys(keys, Fraction(0))
    orders = list(permutations(keys))
    for order in orders:
        shut, delays = {key for key in keys if kinds[key] == "open"}, {}
        before = _least_h(rows, shut, delays)
        for key in order:
            if kinds[key] == "set":
                delays[key] = 5
            else:
                shut ^= {key}
            after = _least_h(rows, shut, delays)
            truth[key] += Fraction(before - after, len(orders))
            before = after
    found = {share.part.split()[1].removesuffix(".delay_h"): share.saving for share in shares}
    assert found == truth


def test_twelve_parts_of_the_bundled_network_add_up_to_what_two_routes_differ_by() -> None:
    whole = read_scenario("all-open+iran-road")
    assert len(whole.open) == 12
    steps: list[tuple[int, int]] = []
    shares = attribute("Iğdır", "Baku", whole, progress=lambda *step: steps.append(step))
    now, then = (
        sum(Fraction(one.length_m) for one in route("Iğdır", "Baku", scenario=s).links)
        for s in ("status-quo", whole)
    )
    assert sum(share.saving for share in shares) == now - then > 30_000
    assert steps == [(n, 4096) for n in range(1, 4097)]


def side_by_side(n: int) -> tuple[Network, Scenario, list[Fraction]]:
    """Return roads side by side, what opens them, and by hand the share of each in metres.

    The shortest decides. What the n-th best adds to the one below it is shared by all that are as
    good or better.
    """
    rows = tuple((f"l{k}", "kars", "baku", 900 - k, "closed") for k in range(n))
    known = roads((("now", "kars", "baku", 1000, "open"), *rows))
    steps_m = [100_000, *[1000] * (n - 1)]
    truth = [sum((Fraction(step, n - k) for k, step in enumerate(steps_m[: m + 1])), Fraction(0))
             for m in range(n)]  # fmt: skip
    return known, Scenario(id="many", open={row[0]: "many" for row in rows}), truth


def test_of_more_parts_than_can_be_asked_the_shares_are_drawn_and_still_add_up() -> None:
    known, opening, truth = side_by_side(20)
    inside = 0
    for seed in range(12):
        shares = attribute("Kars", "Baku", opening, network=known, seed=seed, orders=100)
        assert sum(share.saving for share in shares) == sum(truth) == 119_000
        assert all(share.error > 0 for share in shares)
        inside += sum(abs(share.saving - true) <= 2 * share.error
                      for share, true in zip(shares, truth, strict=True))  # fmt: skip
    # 95.4 % of normal values lie within two standard errors; shares of one seed are not
    # independent, so some leeway.
    assert 0.88 <= inside / (12 * 20) <= 0.995
    (first, *_) = attribute("Kars", "Baku", opening, network=known)
    assert first.estimate.high - first.estimate.value >= 1.959 * first.error


def test_drawn_orders_of_few_parts_come_near_all_orders() -> None:
    known, opening, truth = side_by_side(5)
    for share, true in zip(attribute("Kars", "Baku", opening, network=known, orders=2000), truth,
                           strict=True):  # fmt: skip
        assert float(share.saving) == pytest.approx(float(true), abs=5 * share.error)
        assert share.error < 1500
    exact = attribute("Kars", "Baku", opening, network=known)
    assert [share.saving for share in exact] == truth
    assert all(share.error == 0 for share in exact)
    with pytest.raises(AraxesError, match="1 orders are asked for"):
        attribute("Kars", "Baku", opening, network=known, orders=1)


def test_shares_of_groups_are_those_of_owen() -> None:
    """Two halves of Julfa's road as one group beside Ganja's road, by hand.

    As groups: Julfa's road saves 80, Ganja's 50, both 80; so Julfa's has (80 + 30) / 2 = 55 and
    Ganja's 25. Within the group the halves are alike. Ganja's road and one half of Julfa's as a
    group, beside the other half h: among groups h is worth 0, the group 50, both 80, so h has 15
    and the group 65. When the group comes first, the half k adds nothing in it and Ganja's road 50;
    when it comes after h, k alone saves 80 and Ganja's road alone 50, together 80.
    """
    keys = ("kars-julfa", "julfa-baku", "ganja-baku")
    opening = Scenario(id="s", open=dict.fromkeys(keys, "s"))

    def shares(groups) -> dict[str, float]:
        found = attribute("Kars", "Baku", opening, network=roads(CLOSED), groups=groups)
        return {share.part.split()[1]: float(share.saving) / 1000 for share in found}

    assert shares({"julfa": keys[:2]}) == {"kars-julfa": 27.5, "julfa-baku": 27.5, "ganja-baku": 25}
    # First: k 0, Ganja 50. After h: k (80 + 30) / 2 = 55, Ganja (50 + 0) / 2 = 25. Halves of both.
    assert shares({"mixed": keys[1:]}) == {"kars-julfa": 15, "julfa-baku": 27.5, "ganja-baku": 37.5}
    assert shares({key: [key] for key in keys}) == pytest.approx(shares(None))
    assert shares({"all": keys}) == pytest.approx(shares(None))
    with pytest.raises(AraxesError, match="no part of the scenario"):
        shares({"x": ["tbilisi-baku"]})
    with pytest.raises(AraxesError, match="in the groups 'a' and 'b'"):
        shares({"a": ["ganja-baku"], "b": ["ganja-baku"]})


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_owen_values_are_the_mean_over_orders_that_keep_groups_together(data) -> None:
    rows: dict[str, tuple[str, str, int]] = {"last": ("kars", "baku", 40)}
    for n in range(data.draw(st.integers(4, 8))):
        a, b = data.draw(st.permutations(TOWNS))[:2]
        rows[f"l{n}"] = a, b, data.draw(st.integers(1, 12))
    keys = data.draw(st.permutations([key for key in rows if key != "last"]))[:4]
    group_of = {key: data.draw(st.sampled_from("abc")) for key in keys}
    known = roads(tuple((key, a, b, 10.0 * h, "closed" if key in keys else "open")
                        for key, (a, b, h) in rows.items()))  # fmt: skip
    orders = [
        order for order in permutations(keys)
        if len([key for n, key in enumerate(order) if n == 0
                or group_of[order[n - 1]] != group_of[key]]) == len(set(group_of.values()))
    ]  # fmt: skip
    truth = dict.fromkeys(keys, Fraction(0))
    for order in orders:
        shut = set(keys)
        before = _least_h(rows, shut, {})
        for key in order:
            shut.remove(key)
            after = _least_h(rows, shut, {})
            truth[key] += Fraction(10_000 * (before - after), len(orders))
            before = after
    groups = {name: [key for key in keys if group_of[key] == name] for name in group_of.values()}
    opening = Scenario(id="s", open=dict.fromkeys(keys, "s"))
    shares = attribute("Kars", "Baku", opening, network=known, groups=groups)
    assert {share.part.split()[1]: share.saving for share in shares} == truth
    assert {share.part.split()[1]: share.group for share in shares} == group_of


def test_owen_values_beyond_fourteen_parts_are_drawn_with_their_error() -> None:
    """Eighteen roads side by side in two groups, of which the nine better ones are one, by hand.

    As groups: the better nine save 117 km (883 instead of 1,000), the others 108, both 117: the
    others get half of what they save when they come first, 54, and the better 63.
    Within the others, when they come first, the n-th best shares each step as in `side_by_side`.
    When they come second they add nothing. Within the better nine the steps are counted from
    1,000 km where they come first, and from the best of the others where they come second.
    """
    known, opening, _ = side_by_side(18)
    keys = [f"l{n}" for n in range(18)]
    groups = {"others": keys[:9], "better": keys[9:]}

    def shares_of(steps_m: list[int]) -> list[Fraction]:
        n = len(steps_m)
        return [sum((Fraction(step, n - k) for k, step in enumerate(steps_m[: m + 1])), Fraction(0))
                for m in range(n)]  # fmt: skip

    alone = shares_of([100_000, *[1000] * 8])
    first, second = shares_of([109_000, *[1000] * 8]), shares_of([1000] * 9)
    truth = [share / 2 for share in alone]
    truth += [(one + two) / 2 for one, two in zip(first, second, strict=True)]
    assert sum(truth) == 117_000
    inside = 0
    for seed in range(8):
        shares = attribute("Kars", "Baku", opening, network=known, groups=groups, seed=seed,
                           orders=200)  # fmt: skip
        assert sum(share.saving for share in shares) == 117_000
        assert [share.group for share in shares] == ["others"] * 9 + ["better"] * 9
        assert all(share.error > 0 for share in shares)
        inside += sum(abs(float(share.saving) - float(true)) <= 2 * share.error
                      for share, true in zip(shares, truth, strict=True))  # fmt: skip
        assert all(share.estimate.high - share.estimate.value >= 1.959 * share.error
                   for share in shares)  # fmt: skip
    assert 0.85 <= inside / (8 * 18) <= 1.0


def test_shares_of_several_pairs_add_up_part_by_part() -> None:
    pairs = [("Kars", "Yerevan"), ("Kars", "Tbilisi"), ("Trabzon", "Yerevan")]
    terms = Terms(by="cost", users="passengers", modes=("road",))
    found = attribute_pairs(pairs, "all-open", terms=terms)
    each = [attribute(*pair, "all-open", terms=terms) for pair in pairs]
    assert list(found.shares.values()) == each
    for n, share in enumerate(found.together):
        assert share.saving == sum(shares[n].saving for shares in each)
        assert share.estimate.value == pytest.approx(float(share.saving))
    costs = [
        sum(Fraction(s.cost_usd_t) for s in route(*pair, scenario=key, terms=terms).steps)
        for key in ("status-quo", "all-open") for pair in pairs
    ]  # fmt: skip
    saved = sum(costs[:3]) - sum(costs[3:])
    assert float(sum(share.saving for share in found.together)) == pytest.approx(float(saved))
    by_scenario = attribute_pairs(pairs, "tripp-open+turkiye-armenia-open", groups="scenarios")
    assert {share.group for share in by_scenario.together} == {"tripp-open", "turkiye-armenia-open"}
    lost = attribute_pairs([("Kars", "Yerevan"), ("Igdir", "Yerevan")],
                           Scenario.of("x", open=["x-akyaka"], close=["road-kars-igdir"]),
                           network=network())  # fmt: skip
    assert lost.shares["igdir", "yerevan"] is None
    assert lost.shares["kars", "yerevan"] == lost.together


def test_all_orders_of_fourteen_parts_count() -> None:
    known, opening, truth = side_by_side(14)
    shares = attribute("Kars", "Baku", opening, network=known)
    assert [share.saving for share in shares] == truth
    assert all(share.error == 0 for share in shares)


def test_as_many_settings_as_the_message_allows_are_attributed() -> None:
    keys = [f"l{n}" for n in range(10)]
    towns = ["kars", "gyumri", "yerevan", "tbilisi", "ganja", "baku", "barda", "lachin", "goris",
             "sisian", "meghri"]  # fmt: skip
    made = [link(key, f"{a}.road", f"{b}.road", 10, speed_kmh=10.0)
            for key, (a, b) in zip(keys, pairwise(towns), strict=True)]  # fmt: skip
    slow = Scenario(id="slow", set={f"{key}.delay_h": (float(n + 1), "s")
                                    for n, key in enumerate(keys)})  # fmt: skip
    shares = attribute(towns[0], towns[-1], slow, terms=Terms(by="hours"),
                       network=Network(links=tuple(made), on=DAY))  # fmt: skip
    assert [share.saving for share in shares] == pytest.approx([-n - 1 for n in range(10)])


def test_what_a_scenario_closes_for_a_season_is_a_part_of_it() -> None:
    scenario = Scenario.of("s", open=["kars-julfa", "julfa-baku"], on="2026-01-15",
                           closed={"tbilisi-baku": "12-01..03-31"},
                           network=roads(CLOSED))  # fmt: skip
    rows = (*CLOSED[:-1], ("ganja-baku", "ganja", "baku", 400, "open"))
    shares = {s.part: s.saving for s in attribute("Kars", "Baku", scenario, network=roads(rows))}
    # By hand: both openings save 80 km, the closure costs 30 where it comes before the last of
    # them, in 4 of 6 orders; with all three the way is 770 km.
    assert shares == {"open kars-julfa": 50_000, "open julfa-baku": 50_000,
                      "closed tbilisi-baku": -20_000}  # fmt: skip
    whole = route("Kars", "Baku", scenario=scenario, network=roads(rows)).length.value
    assert sum(shares.values()) == 850_000 - whole
