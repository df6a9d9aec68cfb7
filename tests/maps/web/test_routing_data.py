"""The network that a page carries: what it says of the days and times at which links are open."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from small_network import link, network

from borders.recurring import Hours
from corridors.scenarios.scenario import Scenario
from maps.web.page_days import FIRST_DAY, LAST_DAY
from maps.web.routing_data import _opening, routing_data


def minutes_on(opening, day):
    """Return the minutes of a day as the script of a page reads them."""
    of_year = "year" in opening
    key = day.isoformat()[5:] if of_year else day.isoformat()
    like = [value for begins, value in opening["year" if of_year else "weeks"] if begins <= key][-1]
    return opening["days"][like if of_year else like[day.weekday()]]


@pytest.mark.parametrize(
    "hours",
    [
        Hours(closed="12-10..03-31"),
        Hours(open_hours="Mar-Oct 06:00-22:00; Nov-Feb 07:00-19:00"),
        Hours(closed="Dec 24-Jan 06", open_hours="Mo-Fr 08:00-12:30,14:00-20:00"),
        Hours(open_hours="Mo-Th 22:00-06:00; Dec-Feb off"),
        Hours(open_hours="Feb 28 22:00-06:00"),
        Hours(closed="2026 Feb 01-2026 Mar 31"),
        Hours(open_hours="24/7"),
    ],
    ids=str,
)
def test_days_and_minutes_are_those_at_which_it_is_open(hours):
    opening, half = _opening(hours), timedelta(minutes=30)
    leap = [date(2024, 2, 28) + timedelta(days=n) for n in range(3)]
    turns = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 31), date(2023, 3, 1)]
    for day in (FIRST_DAY, LAST_DAY, *leap, *turns, *(date(2026, 2, n) for n in range(1, 9))):
        spans = minutes_on(opening, day)
        for n in range(48):
            at = datetime.combine(day, time()) + n * half + timedelta(minutes=7)
            minute = n * 30 + 7
            told = any(a <= minute < b for a, b in zip(spans[::2], spans[1::2], strict=True))
            assert told == (hours.opens(at) == at), at


def test_days_of_every_year_have_no_year():
    opening = _opening(Hours(closed="12-10..03-31"))
    assert opening == {"days": [[], [0, 1440]], "year": [("01-01", 0), ("04-01", 1), ("12-10", 0)]}


def test_days_of_the_week_are_said_once():
    opening = _opening(Hours(open_hours="Mo-Fr 08:00-20:00"))
    ((_, week),) = opening["weeks"]
    assert [opening["days"][n] for n in week] == [[480, 1200]] * 5 + [[], []]


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
