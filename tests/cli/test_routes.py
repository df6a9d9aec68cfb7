"""The commands route and compare: their JSON, their tables at 80 columns, their refusals."""

from __future__ import annotations

import csv
import io
import json

import geopandas
import pytest
from small_network import link, network

from borders.gazetteer.lookup import place

ROUTE = {"from", "to", "scenario", "by", "km", "low_km", "high_km", "hours", "links", "crossings",
         "countries", "gauge_changes", "unbuilt_km"}  # fmt: skip
ROW = {"from", "to", "scenario", "km", "low_km", "high_km", "hours", "delta_km", "delta_hours",
       "crossings", "unbuilt_km", "reason"}  # fmt: skip


def test_a_route_has_the_keys_of_the_contract(araxes) -> None:
    told = araxes("route", "Kars", "Baku", "--modes", "rail", "--json")
    found = json.loads(told.out)
    assert told.code == 0
    assert found.keys() >= ROUTE
    assert all(one.keys() >= {"id", "mode", "km", "basis", "status"} for one in found["links"])
    assert found["low_km"] < found["km"] < found["high_km"]
    assert sum(one["km"] for one in found["links"]) == pytest.approx(found["km"], abs=1)
    assert found["countries"] == ["TR", "GE", "AZ"]
    assert found["gauge_changes"] == 1


def test_places_are_found_by_any_name(araxes) -> None:
    spelled = [("Kars", "Nakhchivan"), ("Карс", "Нахичевань"), ("qars", "Naxçıvan")]
    found = [json.loads(araxes("route", *pair, "--json").out) for pair in spelled]
    assert len({one["km"] for one in found}) == 1


def test_a_comparison_has_the_keys_of_the_contract_in_json_and_csv(araxes) -> None:
    asked = ("compare", "--pair", "Kars:Baku", "--pair", "Iğdır:Baku")
    rows = json.loads(araxes(*asked, "--json").out)
    assert len(rows) == 12
    assert all(row.keys() >= ROW for row in rows)
    table = list(csv.DictReader(io.StringIO(araxes(*asked, "--csv").out)))
    assert [row["scenario"] for row in table] == [row["scenario"] for row in rows]
    assert [float(row["km"]) for row in table] == [row["km"] for row in rows]
    lines = araxes(*asked, "--markdown").out.splitlines()
    assert len(lines) == 14
    assert all(line.startswith("|") for line in lines)


@pytest.mark.parametrize(
    "asked",
    [
        ("route", "Kars", "Baku", "--modes", "rail", "--scenario", "all-open", "--avoid", "GE"),
        ("route", "Aktau", "Istanbul", "--modes", "rail,ferry"),
        ("route", "Kars", "Baku", "--alternatives", "3"),
        ("compare", "--pair", "Kars:Baku", "--pair", "Nakhchivan:Baku", "--modes", "rail"),
        ("reach", "Kars", "--within", "150"),
    ],
)
def test_tables_fit_in_80_columns(araxes, asked) -> None:
    told = araxes(*asked)
    assert told.code == 0, told.err
    assert max(map(len, told.out.splitlines())) <= 80


def test_no_way_is_exit_1_and_one_line_that_names_what_stands_in_it(araxes) -> None:
    told = araxes("route", "Yerevan", "Nakhchivan", "--modes", "rail")
    assert told.code == 1
    assert told.err.count("\n") == 1
    assert "in the way stand" in told.err
    assert "rail-yeraskh-sadarak (closed" in told.err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("route", "Kars", "Karz"), "did you mean"),
        (("route", "Kars", "kars"), "twice in a row"),
        (("route", "Kars", "Baku", "--by", "miles"), "known: km, hours, cost"),
        (("route", "Kars", "Baku", "--modes", "rail,plane"), "'plane'; known: road, rail, ferry"),
        (
            ("route", "Kars", "Baku", "--avoid", "XX"),
            "'XX'; the bundled network has no link there; known: AM, AZ",
        ),
        (("route", "Kars", "Baku", "--users", "all"), "known: freight"),
        (("route", "Kars", "Baku", "--on", "1 June"), "write YYYY-MM-DD"),
        (
            ("route", "Kars", "Baku", "--avoid", "Georgia"),
            "'Georgia'; write ISO 3166-1 codes such as GE",
        ),
        (("route", "Kars", "Baku", "--on", "1850-01-01"), "statuses begin on 1918-01-01"),
        (("route", "Kars", "Baku", "--scenario", "no-such"), "known: all-open"),
        (("route", "Kars", "Baku", "--scenario", "trip-open"), "did you mean tripp-open"),
        (("route", "Kars", "Baku", "--alternatives", "0"), "give 1 to 20"),
        (("route", "Kars", "Baku", "--network", "no-such.gpkg"), "no such file"),
        (("route", "Batum", "Lachin", "--via", "Atlantis"), "no place 'Atlantis'"),
        (("route", "Artvin", "Stockholm"), "no place 'Stockholm'"),
        (("route", "Kars", "Baku", "--out", "way.shp"), "cannot write '.shp'; known suffixes"),
        (("compare", "--pair", "Kars"), "write two places with a colon"),
        (("compare", "--pair", "Kars:"), "write two places with a colon"),
        (("reach", "Kars", "--within", "-5"), "give a positive number"),
        (("reach", "Kars", "--within", "5", "--out", "x.txt"), "x.txt: cannot write '.txt'"),
        (("map", "--out", "x.html"), "nothing to draw"),
    ],
)
def test_bad_questions_get_one_line_and_exit_2(araxes, asked, said) -> None:
    told = araxes(*asked)
    assert told.code == 2
    assert told.err.count("\n") == 1
    assert said in told.err
    assert told.out == ""


def test_a_place_on_no_link_is_offered_the_nearest_with_its_distance(araxes) -> None:
    told = araxes("route", "Ani", "Baku")
    assert told.code == 2
    assert "the nearest of its places is" in told.err
    assert "km away" in told.err


def test_a_network_of_ones_own_takes_the_place_of_ours(araxes, tmp_path) -> None:
    file = tmp_path / "mine.gpkg"
    network([link("short", "kars.road", "baku.road", 900)]).to_gdf(transfers=True).to_file(file)
    found = json.loads(araxes("route", "Kars", "Baku", "--network", file, "--json").out)
    assert found["km"] == 900
    told = araxes("network", "check", file)
    assert told.code == 0
    assert "0 errors" in told.out


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".kml"])
def test_a_route_is_written_link_by_link_and_its_lengths_add_up(araxes, tmp_path, suffix) -> None:
    file = tmp_path / f"way{suffix}"
    told = araxes("route", "Kars", "Baku", "--modes", "rail", "--json", "--out", file)
    way = json.loads(told.out)
    found = geopandas.read_file(file)
    found = found.iloc[found["step"].astype(int).argsort()]
    drawn = [one for one in way["links"] if one["mode"] != "transfer"]
    assert found["link"].tolist() == [one["id"] for one in drawn]
    assert found["length_m"].astype(float).sum() / 1000 == pytest.approx(way["km"], abs=0.06)
    ends = found.geometry.iloc[0].coords[0], found.geometry.iloc[-1].coords[-1]
    for (lon, lat, *_), town in zip(ends, ("kars", "baku"), strict=True):
        assert (lon, lat) == pytest.approx((place(town).lon, place(town).lat), abs=0.1)


def test_alternatives_are_written_into_one_file(araxes, tmp_path) -> None:
    file = tmp_path / "ways.gpkg"
    told = araxes("route", "Kars", "Baku", "--alternatives", "2", "--out", file)
    assert f"features to {file}" in told.out
    assert set(geopandas.read_file(file)["way"]) == {1, 2}


@pytest.mark.parametrize("command", ["map", "export"])
def test_a_scenario_among_things_is_told_where_it_goes(araxes, tmp_path, command) -> None:
    file = tmp_path / "s.toml"
    file.write_text('id = "s"\nname = "S"\nopen = ["kars-gyumri"]\n')
    out = ("--out", tmp_path / "x.html")
    for scenario in ("tripp-open", file):
        told = araxes(command, scenario, *out)
        assert told.code == 2
        assert "is a scenario; give it to --scenario" in told.err


def test_a_comparison_says_by_what_modes_and_where_it_mixes_them(araxes) -> None:
    pair = ("compare", "--pair", "Nakhchivan:Baku", "--scenario", "status-quo")
    mixed = araxes(*pair, "--scenario", "tripp-open").out
    assert "road is set beside rail; --modes compares like with like" in mixed
    assert [line.strip() for line in mixed.splitlines() if line.startswith("    by ")] == [
        "by road",
        "by rail; through nakhchivan-railway, zangezur-tripp, horadiz-aghband",
    ]
    alike = araxes(*pair, "--scenario", "iran-road", "--modes", "road").out
    assert alike.splitlines()[0] == "Nakhchivan city – Baku, by road"
    assert "set beside" not in alike
    rows = araxes(*pair, "--scenario", "tripp-open", "--markdown").out.splitlines()
    assert [row.split(" | ")[3] for row in rows[2:]] == ["road", "rail"]
