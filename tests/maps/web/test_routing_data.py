"""The network that a page carries: what it says of days that only one year has."""

from __future__ import annotations

from small_network import link, network

from borders.recurring import Hours, closed_spans
from corridors.scenarios.scenario import Scenario
from maps.web.payload import FIRST_DAY, LAST_DAY
from maps.web.routing_data import _closed_days, routing_data


def test_days_of_every_year_have_no_year():
    assert _closed_days(Hours(closed="12-10..03-31")) == [["01-01", "03-31"], ["12-10", "12-31"]]


def test_spans_are_the_days_on_which_it_is_not_open():
    hours = Hours(closed="2026 Feb 01-2026 Mar 31")
    spans = closed_spans(hours, FIRST_DAY, LAST_DAY)
    assert [(str(a), str(b)) for a, b in spans] == [("2026-02-01", "2026-03-31")]
    assert _closed_days(hours) == [["2026-02-01", "2026-03-31"]]


def test_a_road_and_a_railway_over_a_border_at_one_place_are_told_apart():
    road = link("a", "kars.road", "gyumri.road", 90, crossing="x-a")
    rail = link("b", "kars.rail1520", "gyumri.rail1520", 95, crossing="x-b")
    other = link("c", "kars.road", "igdir.road", 130, crossing="x-c")
    mine = network([road, rail, other])
    data = routing_data(mine, [Scenario(id="s")])
    names = {key: (called["en"], called["tr"]) for key, _, called, *_ in data["groups"]}
    assert names["x-a"] == ("Kars–Gyumri (by road)", "Kars–Gümrü (karayolu)")
    assert names["x-b"] == ("Kars–Gyumri (by rail)", "Kars–Gümrü (demiryolu)")
    assert names["x-c"] == ("Kars–Iğdır", "Kars–Iğdır")
