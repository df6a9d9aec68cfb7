"""Border stops by day: none inside one state or union, whoever the network is of."""

from __future__ import annotations

from datetime import date

import pytest

from corridors import Scenario, Terms, compare, route
from corridors.network.link import Link
from corridors.network.network import Network
from corridors.network.open_borders import common_union, memberships

HOURS = Terms(by="hours", modes=("road",))


def stops(day: str, **terms) -> float:
    """Return the hours lost at the border between Yeraskh and Sadarak on a day."""
    question = Terms(by="hours", modes=("road",), **terms)
    path = route("Yerevan", "Julfa", on=day, terms=question)
    return sum(step.hours for step in path.steps if step.link.crossing)


def test_between_two_soviet_republics_nobody_stopped():
    assert stops("1985-01-01") < 0.2
    assert stops("1985-01-01", users="passengers") < 0.2


@pytest.mark.parametrize(
    ("countries", "day", "users", "union"),
    [
        (("AM", "AZ"), "1988-06-01", "freight", "soviet-union"),
        (("AM", "AZ"), "1992-06-01", "freight", None),
        (("GE", "AM"), "1991-05-01", "passengers", None),  # Georgia had left
        (("TR", "GE"), "1985-01-01", "freight", None),
        (("AM", "IR"), "1985-01-01", "freight", None),
        (("LT", "LV"), "2020-01-01", "passengers", "schengen"),
        (("LT", "LV"), "2005-01-01", "passengers", None),
        (("LT", "LV"), "2005-01-01", "third-country", "eu-customs"),
        (("LT", "RU"), "2020-01-01", "freight", None),
        (("RU", "KZ"), "2020-01-01", "freight", "eurasian-customs"),
        (("RU", "KZ"), "2020-01-01", "passengers", None),
        (("AM", "GE"), "2020-01-01", "freight", None),
        (("AZ",), "1985-01-01", "freight", None),
    ],
)
def test_the_union_that_a_border_lay_in(countries, day, users, union):
    on = date.fromisoformat(day)
    assert common_union(countries, on, users) == union
    assert common_union(countries[::-1], on, users) == union


def test_a_network_of_ones_own_has_no_stops_inside_schengen():
    riga, bauska, panevezys = (24.1, 56.9), (24.2, 56.4), (24.4, 55.7)
    links = (
        Link(id="a", start="riga.road", end="bauska.road", mode="road", length_m=70e3,
             sigma_m=100, countries=("LV",), xy=(riga, bauska)),
        Link(id="x", start="bauska.road", end="panevezys.road", mode="road", length_m=80e3,
             sigma_m=100, countries=("LV", "LT"), crossing="x-grenctale", xy=(bauska, panevezys)),
    )  # fmt: skip
    baltic = Network(links=links, on=date(2020, 6, 1))
    now = route("riga", "panevezys", network=baltic, terms=HOURS, on="2020-06-01")
    then = route("riga", "panevezys", network=baltic, terms=HOURS, on="1999-06-01")
    assert then.hours > now.hours + 1
    assert now.time.high - now.time.low < then.time.high - then.time.low


def test_what_a_scenario_sets_of_a_border_counts_wherever_it_lay():
    free = route("Yerevan", "Julfa", on="1985-01-01", terms=HOURS)
    (border,) = free.crossings
    slow = Scenario.of("slow", set={f"{border}.delay_h": 0.5}, on="1985-01-01")
    hours = route("Yerevan", "Julfa", scenario=slow, terms=HOURS).hours
    assert hours == pytest.approx(free.hours + 0.5)


def test_comparing_days_by_hours_asks_each_day_for_its_own_stops():
    days = ("1985-01-01", "2020-01-01")
    scenarios = [Scenario(id=f"d{day[:4]}", on=day) for day in days]
    rows = compare(("Tbilisi", "Ganja"), scenarios, terms=HOURS)
    alone = [route("Tbilisi", "Ganja", on=day, terms=HOURS) for day in days]
    assert [row.way.hours for row in rows] == [path.hours for path in alone]
    assert alone[1].hours > alone[0].hours + 1


def test_every_membership_ends_after_it_begins_and_says_who_says_so():
    for member in memberships():
        assert member.valid_to is None or member.valid_from < member.valid_to
        assert member.source
