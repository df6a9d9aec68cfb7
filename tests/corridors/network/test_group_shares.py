"""What is set for a crossing or corridor as a whole counts once for a passage of it."""

from __future__ import annotations

import pytest
from small_network import DAY, link, network, transfer

from corridors import Scenario, Terms, route
from corridors.network.group_shares import group_shares

ROAD = Terms(by="hours", modes=("road",))


def corridor_of(*lengths_km):
    """Return links in a row of one corridor, from Kars to Baku, and one before it."""
    stops = ["kars", "igdir", "gyumri", "yerevan", "tbilisi", "ganja", "baku"]
    links = [
        link(f"l{n}", f"{stops[n + 1]}.road", f"{stops[n + 2]}.road", km, corridor="c")
        for n, km in enumerate(lengths_km)
    ]
    return [link("before", "kars.road", "igdir.road", 10), *links]


@pytest.mark.parametrize("lengths", [(100,), (10, 20, 30), (5, 5, 5, 5, 5)])
@pytest.mark.parametrize("hours", [1, 5])
def test_a_delay_of_a_corridor_is_lost_once_over_all_its_links(lengths, hours):
    links = corridor_of(*lengths)
    end = links[-1].end.place
    plain = route(
        "kars", end, network=network(links), terms=ROAD, scenario=Scenario(id="s", on=DAY)
    )
    slow = Scenario(id="s", on=DAY, set={"c.delay_h": (float(hours), "s")})
    late = route("kars", end, network=network(links), terms=ROAD, scenario=slow)
    assert late.hours == pytest.approx(plain.hours + hours)
    assert late.time.value == pytest.approx(late.hours)


def test_half_a_corridor_loses_half_its_delay_and_speeds_hold_on_every_link():
    links = corridor_of(30, 30)
    slow = Scenario(id="s", on=DAY, set={"c.delay_h": (8.0, "s"), "c.speed_kmh": (30.0, "s")})
    half = route("igdir", "gyumri", network=network(links), terms=ROAD, scenario=slow)
    assert half.hours == pytest.approx(30 / 30 + 4)


def test_a_fee_of_a_corridor_is_paid_once():
    links = corridor_of(10, 20, 30)
    terms = Terms(by="cost", modes=("road",))
    costs = [
        route("kars", "tbilisi", network=network(links), terms=terms,
              scenario=Scenario(id="s", on=DAY, set=fees)).cost_usd_t
        for fees in ({}, {"c.cost_usd_t": (12.0, "s")})
    ]  # fmt: skip
    assert costs[1] == pytest.approx(costs[0] + 12)


def test_road_and_rail_of_one_crossing_each_take_the_whole_delay():
    road = link("r", "kars.road", "gyumri.road", 20, crossing="x")
    rail = link("t", "kars.rail1520", "gyumri.rail1520", 30, crossing="x")
    assert group_shares([road, rail]) == {"r": 1.0, "t": 1.0}


def test_a_change_of_mode_inside_a_corridor_takes_next_to_nothing_of_its_delay():
    links = [
        link("a", "kars.road", "igdir.road", 10, corridor="c"),
        transfer("igdir", "road", "rail1435"),
        link("b", "igdir.rail1435", "gyumri.rail1435", 30, corridor="c"),
    ]
    shares = group_shares(links)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["a"] == pytest.approx(0.25)


def test_the_case_of_kars_gyumri_loses_five_hours_not_five_a_link():
    slow = Scenario.of("s", includes=["status-quo"], open=["kars-gyumri"],
                       set={"kars-gyumri.delay_h": 5})  # fmt: skip
    free = Scenario.of("f", includes=["status-quo"], open=["kars-gyumri"],
                       set={"kars-gyumri.delay_h": 0})  # fmt: skip
    terms = Terms(by="hours", modes=("rail",))
    late, early = (route("Kars", "Gyumri", scenario=one, terms=terms) for one in (slow, free))
    assert late.hours - early.hours == pytest.approx(5, abs=0.01)


def test_a_ring_is_passed_half_and_of_two_ways_beside_each_other_none_bears_more_than_all():
    # 40 km round, from any corner to the one opposite 20 km.
    corners = ["kars", "igdir", "yerevan", "gyumri"]
    ring = [
        link(f"r{n}", f"{a}.road", f"{b}.road", 10, corridor="c")
        for n, (a, b) in enumerate(zip(corners, corners[1:] + corners[:1], strict=True))
    ]
    assert group_shares(ring) == {f"r{n}": 0.5 for n in range(4)}
    beside = [link(key, "kars.road", "igdir.road", km, corridor="c")
              for key, km in (("short", 10), ("long", 30))]  # fmt: skip
    assert group_shares(beside) == {"short": 1.0, "long": 1.0}
