"""What every question takes: a day, scenarios, a network, terms and places, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from small_network import network

import corridors
from borders.errors import AraxesError
from corridors import (
    Scenario,
    Terms,
    access,
    alternatives,
    compare,
    load_network,
    matrix,
    reach,
    route,
)
from corridors.analysis.breakeven import breakeven
from corridors.analysis.matrix import ways
from corridors.network.network import Network
from corridors.scenarios.scenario import read_scenario

RAIL = Terms(modes=("rail",))
THEN = "1992-01-01"
NOW = Scenario(id="now")


def test_every_question_is_of_the_day_asked() -> None:
    day = date(1992, 1, 1)
    then = Scenario.of("then", on=THEN)
    kars_gyumri = route("Kars", "Gyumri", terms=RAIL, scenario=then).length_km
    assert kars_gyumri < 100
    asked = {"terms": RAIL, "on": THEN}
    assert route("Kars", "Gyumri", **asked).length_km == kars_gyumri
    assert route("Kars", "Gyumri", **asked).on == day
    assert alternatives("Kars", "Gyumri", **asked)[0].length_km == kars_gyumri
    assert matrix("Kars", "Gyumri", **asked) == [[pytest.approx(kars_gyumri)]]
    assert ways("Kars", "Gyumri", **asked)["kars", "gyumri"].on == day
    assert reach("Kars", 100, **asked).places["gyumri"] == pytest.approx(kars_gyumri)
    assert compare(("Kars", "Gyumri"), "status-quo", **asked)[0].way.length_km == kars_gyumri
    shut = Scenario.of("shut", close=["road-gyumri-ashtarak"])
    shares = corridors.attribute("Gyumri", "Ashtarak", shut, on=THEN)
    assert shares == corridors.attribute("Gyumri", "Ashtarak", replace(shut, on=day))
    key = "delay_h.crossing.rail"
    points = corridors.breakeven("Kars", "Yerevan", key, (0, 40), on=THEN)
    assert {point.below.on for point in points} <= {day}


def test_a_network_loaded_for_a_day_counts_before_the_day_of_the_status_quo() -> None:
    then = load_network(on=THEN)
    assert route("Kars", "Gyumri", terms=RAIL, network=then).on == date(1992, 1, 1)
    assert route("Kars", "Gyumri", terms=RAIL, network=then, scenario="tripp-open").length_km < 100
    assert route("Kars", "Yerevan", network=then, on="2026-06-01").on == date(2026, 6, 1)
    assert reach("Kars", 100, network=then, terms=RAIL).scenario.on == date(1992, 1, 1)


def test_a_scenario_of_another_day_than_that_of_its_network_is_refused() -> None:
    with pytest.raises(AraxesError, match=r"'lachin-2020-road' is of 2021-06-01, the network of 1"):
        route("Goris", "Shusha", scenario="lachin-2020-road", network=load_network(on=THEN))


def test_two_different_scenarios_of_one_id_are_refused_and_the_same_twice_is_not() -> None:
    one, two = Scenario.of("s", open=["btk"]), Scenario.of("s", close=["btk"])
    with pytest.raises(AraxesError, match="two different scenarios have the id 's'"):
        compare([("Kars", "Tbilisi")], [one, two])
    rail = Terms(modes="rail")
    assert len(compare([("Kars", "Tbilisi")], [one, one], terms=rail)) == 2


def test_a_network_of_ones_own_is_compared_under_the_status_quo_alone() -> None:
    rows = compare([("Kars", "Igdir")], network=network())
    assert {row.scenario.id for row in rows} == {"status-quo"}
    rows = compare([("Kars", "Tbilisi")], network=load_network())
    assert len({row.scenario.id for row in rows}) == 6


def test_one_name_stands_for_a_list_of_one() -> None:
    asked = {"scenario": NOW, "network": network()}
    assert route("Kars", "Aralık", via="Iğdır", **asked).length_km == 180
    assert matrix("Kars", "Aralık", **asked) == [[180.0]]
    assert list(ways("Kars", "Aralık", **asked)) == [("kars", "aralik")]
    rows = compare(("Kars", "Aralık"), NOW, network=network())
    assert [(row.origin, row.destination) for row in rows] == [("kars", "aralik")]


def test_terms_take_lists_and_sets_and_single_names() -> None:
    plain = Terms(modes=("rail",), avoid=frozenset({"IR"}))
    assert Terms(modes=["rail"], avoid=["IR"]) == Terms(modes="rail", avoid="IR") == plain
    assert Terms(modes=["rail", "rail"]).modes == ("rail",)
    assert hash(Terms(modes=["rail"], avoid={"IR"})) == hash(plain)
    assert route("Kars", "Tbilisi", terms=Terms(modes=["rail"], avoid=["IR"])).modes == ("rail",)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"modes": ()}, "modes is empty; give one or more of road, rail, ferry"),
        ({"modes": ["boat"]}, "modes is 'boat'; known: road, rail, ferry"),
        ({"avoid": [1, "IR"]}, "avoid is '1'; write ISO 3166-1 codes"),
        ({"avoid": 7}, "avoid is 7; give a list of names"),
        ({"by": "miles"}, "by is 'miles'; known: km, hours, cost"),
        ({"users": "all"}, "users is 'all'; known: freight"),
    ],
)
def test_terms_that_no_network_knows_are_refused_in_words_that_fit_code(said, told) -> None:
    with pytest.raises(AraxesError) as caught:
        Terms(**said)
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda: compare([("Kars", "Baku")], []), "no scenario is given; name at least one"),
        (
            lambda: compare("Kars", ["status-quo"]),
            "'Kars' is no pair of places; give",
        ),
        (lambda: compare([("Kars",)]), r"\('Kars',\) is no pair of places"),
        (lambda: compare([7]), "7 is no pair of places"),
        (lambda: breakeven("Kars", "Baku", "speed_kmh.road", (1,)), "give the lowest and the h"),
        (lambda: breakeven("Kars", "Baku", "speed_kmh.road", "19"), "give the lowest and the h"),
        (
            lambda: breakeven("Kars", "Baku", "delay_h.crossing.rail", None),
            "None is no list of v",
        ),
        (lambda: breakeven("Kars", "Baku", 7, (0, 1)), "the key is 7; give that of an assump"),
        (lambda: alternatives("Kars", "Baku", k="3"), "k is 3; give 1 to 20"),
        (lambda: compare(("Kars", "Baku"), 7), "7 is no list of scenarios"),
        (lambda: route((43.1, 40.6), "Baku"), r"by its id or name, not by \(43\.1, 40\.6\)"),
        (lambda: route((43.1, 40.6), "Kars", network=network(), scenario=NOW), "by its id or name"),
        (lambda: route(["Kars"], "Baku"), r"by its id or name, not by \['Kars'\]"),
        (lambda: matrix(7), "7 is no list of places"),
        (lambda: matrix(None), "None is no list of places"),
        (lambda: ways(None), "None is no list of places"),
        (lambda: reach("Kars", 10**400), "the limit is 10*…0*; no place is so far"),
        (lambda: access("Kars", 10**400), "the limit is 10*…0*; no place is so far"),
        (lambda: route("Kars", "Baku", via=7), "7 is no list of places"),
        (lambda: route("Kars", "Baku", terms="hours"), "terms is 'hours'; give Terms, such as"),
        (lambda: route("Kars", "Baku", scenario=["a", "b"]), "the scenario is .'a', 'b'.; give"),
        (lambda: route("Kars", "Baku", on="yesterday"), "the date 'yesterday' is not one"),
        (lambda: reach("Kars", True), "the limit is True; give a positive number"),
        (lambda: reach("Kars", "100"), "the limit is 100; give a positive number"),
    ],
)
def test_what_is_no_question_gets_one_line(asked, told) -> None:
    with pytest.raises(AraxesError, match=told) as caught:
        asked()
    assert "\n" not in str(caught.value)


def test_of_no_places_there_are_no_ways() -> None:
    assert ways([]) == ways([], ["Kars"]) == ways(["Kars"], []) == {}
    assert matrix([]) == []


def test_a_way_may_be_any_number_of_times_longer() -> None:
    found = alternatives("Kars", "Baku", k=2, longer=10**400)
    assert [way.id for way in found] == [way.id for way in alternatives("Kars", "Baku", k=2)]


def test_numbers_of_numpy_are_numbers() -> None:
    assert reach("Kars", np.int64(1)).places == {"kars": 0.0}
    key = "x-dogukapi-akhurik-rail.delay_h"
    assert Scenario.of("s", set={key: np.int64(4)}).settings == {key: 4.0}
    assert Scenario.of("s", set={key: np.float32(4)}).settings == {key: 4.0}
    with pytest.raises(AraxesError, match="write a number"):
        Scenario.of("s", set={key: True})
    with pytest.raises(AraxesError, match="write a number"):
        Scenario.of("s", set={key: 10**400})


def test_the_day_of_a_scenario_may_be_text() -> None:
    one = replace(Scenario.of("one"), on="2026-06-01")
    assert (one + read_scenario("status-quo")).on == date(2026, 6, 1)
    assert Scenario(id="two", on="2026-06-01").on == date(2026, 6, 1)
    with pytest.raises(AraxesError, match="the date 'June' is not one"):
        Scenario(id="three", on="June")


def test_a_network_may_be_named_by_its_file(tmp_path) -> None:
    file = tmp_path / "own.geojson"
    corridors.write(network(), file)
    assert route("Kars", "Aralık", network=str(file)).length_km == pytest.approx(180, rel=1e-6)
    with pytest.raises(AraxesError):
        route("Kars", "Aralık", network=7)


def test_a_country_to_avoid_has_to_be_one_of_the_network() -> None:
    known = network()
    assert route("Gyumri", "Yerevan", scenario=NOW, network=known,
                 terms=Terms(avoid=frozenset({"country:TR"}))).countries == ("AM",)  # fmt: skip
    with pytest.raises(AraxesError, match="avoid is 'country:ZZ'"):
        route("Gyumri", "Yerevan", scenario=NOW, network=known,
              terms=Terms(avoid=frozenset({"country:ZZ"})))  # fmt: skip
    with pytest.raises(AraxesError, match=r"avoid is 'ZZ'; .* has no link there; known: AM, TR"):
        route("Gyumri", "Yerevan", scenario=NOW, network=known, terms=Terms(avoid={"ZZ"}))
    nowhere = Network(links=tuple(replace(k, countries=()) for k in known.links), on=known.on)
    with pytest.raises(AraxesError, match="known: no country is named"):
        route("Gyumri", "Yerevan", scenario=NOW, network=nowhere, terms=Terms(avoid={"ZZ"}))
