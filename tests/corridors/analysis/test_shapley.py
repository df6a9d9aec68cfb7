"""Shares of a saving: against every order of a scenario's parts, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

import networkx
import pytest
from hypothesis import given, settings, strategies as st
from small_network import DAY, link, network

from borders.errors import AraxesError, NoAnswerError
from corridors.analysis.shapley import attribute
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


def test_a_saving_from_nothing_has_no_size() -> None:
    opening = Scenario(id="s", open={"kars-gyumri": "s", "road-kars-gyumri": "s"})
    with pytest.raises(NoAnswerError, match="without any opening"):
        attribute("Kars", "Yerevan", opening, network=network())
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


def test_more_parts_than_can_be_asked_are_refused() -> None:
    rows = tuple((f"l{n}", "kars", "baku", 100 + n, "closed") for n in range(15))
    opening = Scenario(id="many", open={row[0]: "many" for row in rows})
    with pytest.raises(AraxesError, match="'many' opens, builds, closes and sets 15 things"):
        attribute("Kars", "Baku", opening, network=roads(rows))
    slow = Scenario(id="slow", set={f"l{n}.delay_h": (1.0, "slow") for n in range(11)})
    with pytest.raises(AraxesError, match="11 of them set"):
        attribute("Kars", "Baku", slow, network=roads(rows))
