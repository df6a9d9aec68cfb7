"""Break-evens of more than two successive best routes, by hand."""

from __future__ import annotations

import pytest
from small_network import DAY, link

from corridors.analysis.breakeven import breakeven
from corridors.network.network import Network
from corridors.scenarios.scenario import Scenario


def test_each_of_three_successive_best_routes_has_its_range() -> None:
    border = {"countries": ("TR", "GE"), "speed_kmh": 10.0}
    # At 10 km/h: 10 h and two borders, 15 h and one, or 30 h and none. With d hours a border
    # 2 d + 10 is the least up to d = 5, d + 15 up to d = 15, and then 30; 2 d + 10 and 30 meet
    # at 10, where the second way takes 25.
    network = Network(
        links=(
            link("two-a", "kars.road", "ganja.road", 50, crossing="x-1", **border),
            link("two-b", "ganja.road", "baku.road", 50, crossing="x-2", **border),
            link("one", "kars.road", "baku.road", 150, crossing="x-3", **border),
            link("none", "kars.road", "baku.road", 300, speed_kmh=10.0),
        ),
        on=DAY,
    )
    points = breakeven("Kars", "Baku", "delay_h.crossing.road.freight", (0, 40),
                       scenario=Scenario(id="now"), network=network)  # fmt: skip
    assert [point.value for point in points] == pytest.approx([5, 15])
    routes = [points[0].below, *(point.above for point in points)]
    assert [[step.link.id for step in route.steps] for route in routes] == [
        ["two-a", "two-b"], ["one"], ["none"],
    ]  # fmt: skip
    assert points[1].below.links == points[0].above.links


def test_speeds_have_the_same_corners_in_their_inverse() -> None:
    # 100 km in plains and 10 h elsewhere, 200 km in plains and 6 h, or 40 h: equal at
    # 100 / v + 10 = 200 / v + 6, v = 25; and at 100 / v + 10 = 40, v = 10 / 3.
    network = Network(
        links=(
            link("a", "kars.road", "ganja.road", 100, terrain="plain"),
            link("a-rest", "ganja.road", "baku.road", 100, speed_kmh=10.0),
            link("b", "kars.road", "julfa.road", 200, terrain="plain"),
            link("b-rest", "julfa.road", "baku.road", 60, speed_kmh=10.0),
            link("c", "kars.road", "baku.road", 400, speed_kmh=10.0),
        ),
        on=DAY,
    )
    points = breakeven("Kars", "Baku", "speed_kmh.road.plain", (1, 100),
                       scenario=Scenario(id="now"), network=network)  # fmt: skip
    assert [point.value for point in points] == pytest.approx([10 / 3, 25])
    assert [point.below.steps[0].link.id for point in points] == ["c", "a"]
    assert points[1].above.steps[0].link.id == "b"
