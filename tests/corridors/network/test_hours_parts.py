"""What hours are made of: parts in order, which add up, and which differ by direction and users."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from raw_network import raw_assumptions

from borders.errors import AraxesError, NoAnswerError
from corridors.network.hours_parts import TimePart, driver_rest_h
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

ROAD = Terms(by="hours", modes=("road",))


def test_a_border_takes_the_posts_of_both_countries_in_the_direction_of_travel() -> None:
    usual = raw_assumptions()
    for ends, posts in (
        (("Tbilisi", "Ganja"), ("GE.out", "AZ.in")),
        (("Ganja", "Tbilisi"), ("AZ.out", "GE.in")),
    ):
        found = route(*ends, terms=ROAD)
        borders = [part for part in found.hours_parts if part.what == "border"]
        assert [(part.where, part.hours) for part in borders] == [
            (f"x-krasny-most-qirmizi-korpu {post[:2]}", usual[f"delay_h.post.road.freight.{post}"])
            for post in posts
        ]
        # The search paid what the answer says.
        assert found.hours == pytest.approx(found.time.value)


@pytest.mark.parametrize(
    ("key", "hours"),
    [
        ("x-krasny-most-qirmizi-korpu.delay_h", [3.0]),
        ("delay_h.crossing.road", [3.0]),
        ("delay_h.crossing.road.freight", [3.0]),
        ("delay_h.post.road.freight.GE.out", [3.0, None]),
        ("delay_h.post.road.freight", [3.0, 3.0]),
    ],
)
def test_what_a_scenario_sets_of_a_border_holds(key: str, hours: list[float | None]) -> None:
    fixed = Scenario(id="s", set={key: (3.0, "s")})
    parts = route("Tbilisi", "Ganja", scenario=fixed, terms=ROAD).hours_parts
    borders = [part for part in parts if part.what == "border"]
    assert len(borders) == len(hours)
    for part, value in zip(borders, hours, strict=True):
        assert (part.basis == "scenario") == (value is not None)
        assert value is None or part.hours == value


@pytest.mark.parametrize("users", ["freight", "passengers"])
def test_a_speed_that_a_scenario_sets_for_the_mode_holds_for_all_users(users: str) -> None:
    fixed = Scenario(id="s", set={"speed_kmh.rail": (50.0, "s")})
    found = route("Baku", "Ganja", scenario=fixed, terms=Terms(modes=("rail",), users=users))
    assert found.hours == pytest.approx(found.length_km / 50)


def test_a_passenger_train_does_not_run_at_the_speed_of_a_goods_train() -> None:
    hours = {
        users: route("Baku", "Ganja", terms=Terms(modes=("rail",), users=users)).time
        for users in ("freight", "passengers")
    }
    # 4 h 28 min by the timetable of 2018, 6 h in 2012.
    assert hours["passengers"].low < 4.47
    assert hours["passengers"].high > 6
    assert hours["freight"].value > 1.5 * hours["passengers"].value


@pytest.mark.parametrize(
    ("ends", "modes", "whats"),
    [
        (("Kars", "Baku"), ("rail",), ["running", "border", "gauge", "border"]),
        (("Baku", "Aktau"), ("road", "ferry"), ["running", "change", "sailing", "ship"]),
    ],
)
def test_the_parts_of_a_route_add_up_and_stand_in_its_json(araxes, ends, modes, whats) -> None:
    told = json.loads(araxes("route", *ends, "--modes", ",".join(modes), "--json").out)
    parts = told["hours_parts"]
    assert [part["what"] for part in parts] == whats
    assert sum(part["hours"] for part in parts) == pytest.approx(told["hours"], abs=0.3)
    assert all(part["low_hours"] <= part["hours"] <= part["high_hours"] for part in parts)
    assert all(part["basis"] for part in parts)


def test_no_border_is_waited_at_where_there_was_none() -> None:
    union = route("Tbilisi", "Yerevan", terms=Terms(modes=("road",)), on="1980-01-01")
    assert [part.what for part in union.hours_parts] == ["running"]


def test_the_terminal_shows_the_parts_as_one_bar_and_each_with_its_interval(araxes) -> None:
    told = araxes("route", "Kars", "Aktau", "--modes", "rail,ferry").out
    assert max(map(len, told.splitlines())) <= 80
    lines = told.splitlines()
    (bar,) = [line.strip() for line in lines if line.strip().startswith("██")]
    assert len(bar) == 60
    # As many parts of the bar have a line of their own, in its order.
    shades = list(dict.fromkeys(bar))
    shown = [line.split()[0] for line in lines if line.strip()[:2] in {f"{s} " for s in shades}]
    assert list(dict.fromkeys(shown)) == shades == list("█▒╬┼▓░")
    assert "wait for a ship, x-alat-aktau; calibrated" in " ".join(told.split())


@pytest.mark.parametrize(("driven", "rest"), [(9, 0), (9.5, 11), (18, 11), (18.5, 22)])
def test_whoever_arrives_after_nine_hours_rests_no_more(driven, rest) -> None:
    way = TimePart(what="running", where="road", hours=driven, low=driven, high=driven, basis="x")
    assert driver_rest_h([way], "freight") == rest


def test_a_driver_alone_rests_after_every_nine_hours_and_only_where_one_drives() -> None:
    long_way = route("Mersin", "Baku", terms=ROAD)
    driven = next(part.hours for part in long_way.hours_parts if part.what == "running")
    # 9 h under way and 11 h of rest in turn; none after the last stretch.
    assert 36 < driven < 45
    assert long_way.driver_rest_h == 4 * 11
    # The upper end of the interval has time for it.
    assert long_way.time.high > long_way.hours + long_way.driver_rest_h
    assert route("Kars", "Erzurum", terms=ROAD).driver_rest_h == 0
    assert (
        route("Kars", "Istanbul", terms=Terms(modes="road", users="passengers")).driver_rest_h == 0
    )
    assert route("Kars", "Baku", terms=Terms(modes="rail")).driver_rest_h == 0


def test_a_vehicle_goes_by_its_mode_under_the_statuses_of_its_users() -> None:
    usual = raw_assumptions()
    for vehicle, users, mode in (
        ("lorries", "freight", "road"), ("goods-trains", "freight", "rail"),
        ("passenger-trains", "passengers", "rail"),
    ):  # fmt: skip
        own = route("Tbilisi", "Yerevan", terms=Terms(by="hours", users=vehicle))
        of_users = Terms(by="hours", users=users, modes=(mode, "ferry"))
        assert own.time == route("Tbilisi", "Yerevan", terms=of_users).time
        assert (own.modes, own.row()["users"]) == ((mode,), vehicle)
    for vehicle in ("coaches", "cars"):
        own = route("Kars", "Erzurum", terms=Terms(by="hours", users=vehicle))
        assert own.hours == pytest.approx(own.length_km / usual[f"speed_kmh.road.{vehicle}"])
        # Closed to passengers since 2020.
        with pytest.raises(NoAnswerError, match=f"no route for {vehicle} from Tbilisi to Baku"):
            route("Tbilisi", "Baku", terms=Terms(users=vehicle))


def test_a_speed_set_for_passengers_holds_for_their_coaches() -> None:
    for key in ("speed_kmh.road.passengers", "speed_kmh.road.coaches"):
        slow = Scenario.of("slow", set={key: 10.0})
        own = route("Kars", "Erzurum", scenario=slow, terms=Terms(users="coaches"))
        assert own.hours == pytest.approx(own.length_km / 10)


def test_a_vehicle_does_not_go_by_the_mode_of_another() -> None:
    with pytest.raises(AraxesError, match="cars do not go by rail"):
        Terms(users="cars", modes=("road", "rail"))
    with pytest.raises(AraxesError, match=r"known: freight, .*passenger-trains"):
        Terms(users="car")
    again = Terms(users="cars", modes="road")
    assert replace(again, by="hours").who == "cars"
