"""Closures that come again: by the calendar, by the clock, and through a scenario or a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, strategies as st
from small_network import DAY, link, status

from borders.errors import NoAnswerError, SchemaError
from borders.recurring import Hours, checked_hours, shut_days
from corridors.network.network import Network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario, read_scenario
from corridors.scenarios.terms import Terms

ROAD = Terms(modes=("road",))
PASS = (("kars", "igdir", 100, "12-01..03-31"), ("kars", "gyumri", 300, ""),
        ("gyumri", "igdir", 300, ""))  # fmt: skip


def over_a_pass() -> Network:
    made = [
        link(f"{a}-{b}", f"{a}.road", f"{b}.road", km, statuses=(status("open", closed=closed),))
        for a, b, km, closed in PASS
    ]
    return Network(links=tuple(made), on=DAY)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_a_winter_closes_the_same_days_every_year(day) -> None:
    assert Hours(closed="12-01..03-31").open_on(day) == (4 <= day.month <= 11)
    assert Hours(closed="Dec-Mar").open_on(day) == (4 <= day.month <= 11)
    assert Hours(closed="02-10..02-20").open_on(day) == (day.month != 2 or not 10 <= day.day <= 20)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)))
def test_what_is_open_by_day_opens_in_the_morning(at) -> None:
    opens = Hours(open_hours="08:00-20:00").opens(at)
    minute = at.hour * 60 + at.minute
    if 480 <= minute < 1200:
        assert opens == at
    else:
        assert opens is not None
        assert (opens.hour, opens.minute) == (8, 0)
        assert timedelta(0) < opens - at <= timedelta(hours=12)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_what_may_be_closed_counts_as_open_and_says_when(day) -> None:
    snow = checked_hours('Nov-Apr unknown "snow"', None, "here")
    assert snow.open_on(day)
    assert snow.may_close_on(day) == (day.month not in range(5, 11))
    assert not Hours(closed="12-01..03-31").may_close_on(day)
    # By night only, on the days of a year beyond those that the library knows.
    assert Hours(closed="22:00-24:00 unknown").may_close_on(day.replace(year=9999, day=1))


def test_a_route_says_what_may_be_closed_on_its_day() -> None:
    doubt = 'Nov-Apr unknown "snow"'
    links = (
        link("pass", "kars.road", "igdir.road", 100, statuses=(status("open", closed=doubt),)),
    )
    network = Network(links=links, on=DAY)
    for day, said in (("2027-01-15", {"pass": "may be closed Nov-Apr (snow)"}), ("2027-06-01", {})):
        for at in (None, time(8)):
            found = route("Kars", "Iğdır", terms=replace(ROAD, at=at), network=network, on=day)
            assert found.recurring == said
            assert found.in_doubt == tuple(said)
            assert not found.steps[0].wait_h
    # With hours of its own besides, it is known when it is shut.
    assert not Hours(closed=doubt, open_hours="08:00-20:00").in_doubt


def test_what_never_opens_has_no_time_at_which_it_does() -> None:
    assert Hours(open_hours="off").opens(datetime(2026, 1, 1)) is None
    assert not Hours(open_hours="off").open_on(DAY)
    assert Hours().opens(datetime(2026, 1, 1)) == datetime(2026, 1, 1)


def test_in_winter_the_way_leads_round_a_pass() -> None:
    network = over_a_pass()
    assert route("Kars", "Iğdır", terms=ROAD, network=network).length_km == 100
    winter = route("Kars", "Iğdır", terms=ROAD, network=network, on="2027-01-15")
    assert winter.length_km == 600
    assert route("Kars", "Iğdır", terms=ROAD, network=network, on="2027-04-01").length_km == 100
    shut = Scenario.of("shut", close=["kars-gyumri"], on="2027-01-15")
    with pytest.raises(NoAnswerError, match=r"kars-igdir \(closed 12-01\.\.03-31\)"):
        route("Kars", "Iğdır", scenario=shut, terms=ROAD, network=network)


def test_a_scenario_says_when_something_is_closed_and_is_read_back(tmp_path) -> None:
    network = over_a_pass()
    tunnel = Scenario.of("tunnel", closed={"kars-igdir": ""}, on="2027-01-15", network=network)
    assert route("Kars", "Iğdır", scenario=tunnel, terms=ROAD, network=network).length_km == 100
    longer = Scenario.of("longer", closed={"kars-igdir": "Oct-May"},
                         open_hours={"gyumri-igdir": "08:00-20:00"})  # fmt: skip
    found = route("Kars", "Iğdır", scenario=longer, terms=ROAD, network=network, on="2026-10-02")
    assert found.length_km == 600
    assert found.recurring == {"gyumri-igdir": "open 08:00-20:00"}
    file = tmp_path / "longer.toml"
    file.write_text(longer.to_toml(), "utf-8")
    assert read_scenario(file) == longer
    with pytest.raises(SchemaError, match=r"contradict each other: closed kars-igdir"):
        _ = tunnel + longer
    opened = Scenario.of("opened", open=["kars-igdir"], on="2027-01-15")
    assert route("Kars", "Iğdır", scenario=opened, terms=ROAD, network=network).length_km == 100


def border(hours="") -> Network:
    columns = {"countries": ("TR", "AM"), "crossing": "x-akyaka"}
    made = link("border", "kars.road", "gyumri.road", 80, **columns,
                statuses=(status("open", open_hours=hours),))  # fmt: skip
    return Network(links=(made,), on=DAY)


def test_by_the_clock_a_route_says_which_posts_have_no_known_hours() -> None:
    at_night = Terms(modes=("road",), at="02:00")
    unknown = route("Kars", "Gyumri", terms=at_night, network=border())
    assert unknown.unknown_hours == ("x-akyaka",)
    assert unknown.row()["unknown_hours"] == ["x-akyaka"]
    for known in (border("08:00-20:00"), border("24/7")):
        found = route("Kars", "Gyumri", terms=at_night, network=known)
        assert found.unknown_hours == ()
        assert "unknown_hours" not in found.row()
    # Without a time of departure nobody asks; a scenario may say that it is always open.
    by_day = route("Kars", "Gyumri", terms=ROAD, network=border())
    assert "unknown_hours" not in by_day.row()
    always = Scenario.of("always", open_hours={"x-akyaka": ""}, network=border())
    said = route("Kars", "Gyumri", scenario=always, terms=at_night, network=border())
    assert said.unknown_hours == ()


def test_what_is_open_day_and_night_never_closes() -> None:
    found = route("Kars", "Gyumri", terms=Terms(modes=("road",), at="02:00"),
                  network=border("24/7"))  # fmt: skip
    assert not Hours(open_hours="24/7")
    assert (found.recurring, found.hours) == ({}, pytest.approx(found.time.value))
    assert not border("24/7").links[0].timed


@pytest.mark.parametrize("closed", ["winter", "13-01..14-01", "02-30..03-01", "12-01..", 7, ["x"]])
def test_hours_that_cannot_be_read_are_refused_in_one_line(closed) -> None:
    with pytest.raises(SchemaError, match="opening_hours") as refused:
        checked_hours(closed, "", "here")
    assert "\n" not in str(refused.value)
    with pytest.raises(SchemaError, match="closed of kars-igdir"):
        Scenario.of("x", closed={"kars-igdir": closed})


def test_a_status_of_one_direction_has_hours_of_its_own() -> None:
    statuses = (
        status("open", direction="forward", closed="Jan"),
        status("open", direction="backward"),
    )
    one = link("a", "kars.road", "igdir.road", 10, statuses=statuses)
    assert one.status(date(2027, 1, 5)).status == "closed"
    assert one.status(date(2027, 1, 5), forward=False).status == "open"


@pytest.mark.parametrize("year", [1, 1583, 1899, 9996, 9999])
def test_years_far_off_have_the_calendar_of_near_ones(year) -> None:
    weekdays = Hours(open_hours="Mo-Fr")
    for day in (date(year, 3, 1), date(year, 7, 15), date(year, 12, 31)):
        assert weekdays.open_on(day) == (day.weekday() < 5)
        assert Hours(closed="12-01..03-31").open_on(day) == (day.month == 7)
    assert Hours(open_hours="08:00-20:00").opens(datetime(9999, 12, 31, 23)) is None


def test_the_last_day_of_the_calendar_has_routes_by_the_clock() -> None:
    terms = Terms(by="hours", modes=("road",), at="23:30")
    winter = Scenario.of("winter", open_hours={"kars-igdir": "08:00-20:00"}, on="9999-12-31")
    found = route("Kars", "Iğdır", scenario=winter, terms=terms, network=over_a_pass())
    assert found.length_km == 600


@pytest.mark.parametrize(
    ("hours", "seasons"),
    [
        (Hours(closed="12-10..03-31"), (("01-01", "03-31"), ("12-10", "12-31"))),
        (Hours(closed="06-01..06-01"), (("06-01", "06-01"),)),
        (Hours(open_hours="May-Oct"), (("01-01", "04-30"), ("11-01", "12-31"))),
        (Hours(open_hours="08:00-20:00"), ()),
        # Days of the week fall otherwise in each year.
        (Hours(open_hours="Mo-Fr"), ()),
        (Hours(), ()),
    ],
)
def test_seasons_are_the_days_on_which_it_is_closed_all_day(hours, seasons) -> None:
    assert shut_days(hours) == seasons


def test_six_seasons_of_a_year_are_told_and_more_come_of_days_of_the_week() -> None:
    spans = [(f"{month:02d}-03", f"{month:02d}-05") for month in range(2, 9)]
    for n in (1, 6, 7):
        closed = ",".join(f"{begin}..{end}" for begin, end in spans[:n])
        assert shut_days(Hours(closed=closed)) == (tuple(spans[:n]) if n < 7 else ())
    assert shut_days(Hours(closed="Su")) == ()
