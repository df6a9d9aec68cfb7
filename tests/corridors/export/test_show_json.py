"""The JSON of `araxes show`: the keys of the contract, plain values, the numbers of the system."""

from __future__ import annotations

import json

import pytest

from borders.files import catalogue
from corridors.export.show_json import summary
from corridors.model.registry import system, system_ids

KEYS = {
    "id",
    "kind",
    "length_km",
    "low_km",
    "high_km",
    "basis",
    "legs",
    "statuses",
    "sources",
}
LEG_KEYS = {"n", "words", "rule", "from", "to", "km", "sigma_m", "state"}
STATUS_KEYS = {"status", "valid_from", "valid_to", "source"}


@pytest.mark.parametrize("key", system_ids())
def test_every_system_has_the_keys_of_the_contract(key):
    found = summary(system(key))
    assert set(found) >= KEYS
    assert found["id"] == key
    for leg in found["legs"]:
        assert set(leg) >= LEG_KEYS
    for status in found["statuses"]:
        assert set(status) >= STATUS_KEYS
    assert found["low_km"] < found["length_km"] < found["high_km"]


@pytest.mark.parametrize("key", system_ids())
def test_every_summary_is_plain_json_and_comes_back_equal(key):
    found = summary(system(key), on="2026-01-01")
    assert json.loads(json.dumps(found, allow_nan=False)) == found


@pytest.mark.parametrize("key", system_ids())
def test_every_source_of_a_summary_is_in_the_catalogue_with_its_words(key):
    found = summary(system(key))
    cited = {source["id"]: source for source in found["sources"]}
    assert cited
    for one, row in cited.items():
        assert row["citation"] == catalogue.source(one).citation
    assert {status["source"] for status in found["statuses"]} <= set(cited)


def test_a_border_gives_its_legs_whose_lengths_add_up():
    found = summary(system("kars-1921"))
    assert len(found["legs"]) == 47
    assert sum(leg["km"] for leg in found["legs"]) == pytest.approx(found["length_km"], abs=0.002)
    assert found["legs"][0]["from"] == "Sarp (village) on the Black Sea"
    assert "area_km2" not in found


def test_a_territory_gives_its_area_with_an_interval():
    found = summary(system("nakhchivan"))
    # geographiclib on OpenStreetMap's outline, see test_resolve.py
    assert found["area_km2"] == pytest.approx(5318, abs=1)
    assert found["area_low_km2"] < found["area_km2"] < found["area_high_km2"]


def test_a_corridor_gives_its_width_its_course_and_who_calls_it_what():
    found = summary(system("lachin-2020"))
    assert found["width_km"] == 5
    assert found["geometry_quality"] == "schematic"
    assert found["legs"] == []
    assert {"name", "by", "source"} <= set(found["names_by"][0])


@pytest.mark.parametrize(
    ("key", "day", "status", "has_territory"),
    [
        ("lachin-2020", "2019-01-01", None, False),
        ("lachin-2020", "2021-01-01", "open", True),
        ("lachin-2020", "2022-08-30", "superseded", False),
        ("nakhchivan-1921", "1925-01-01", "in force", True),
        ("nakhchivan-1921", "1930-01-01", None, False),
        ("btk", "2017-10-29", None, False),
        ("btk", "2017-10-30", "open", False),
    ],
)
def test_a_day_adds_the_status_and_the_territory_of_that_day(key, day, status, has_territory):
    found = summary(system(key), on=day)
    assert (found["on"], found["status"]) == (day, status)
    assert (found["territory_km2"] is not None) is has_territory


def test_the_strip_of_a_corridor_is_about_as_large_as_length_by_width():
    found = summary(system("lachin-2020"), on="2021-01-01")
    # from the strip as drawn, which overlaps itself a little at bends, to the longest way's
    assert found["territory_low_km2"] == pytest.approx(found["drawn_km"] * 5, rel=0.03)
    assert found["territory_high_km2"] == pytest.approx(found["high_km"] * 5, rel=1e-3)
    assert found["territory_low_km2"] < found["territory_km2"] < found["territory_high_km2"]
