"""The commands that ask the network: their JSON, their tables at 80 columns, their refusals."""

from __future__ import annotations

import csv
import io
import json

import geopandas
import pytest
import unpacked
from small_network import link, network

from borders.gazetteer.lookup import place
from maps.i18n import number

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
        (("route", "Kars", "Baku", "--avoid", "XX"), "'XX'; known: TR"),
        (("route", "Kars", "Baku", "--users", "all"), "known: freight"),
        (("route", "Kars", "Baku", "--on", "1 June"), "write YYYY-MM-DD"),
        (("route", "Kars", "Baku", "--avoid", "Georgia"), "'Georgia'; known: TR"),
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


def test_a_network_with_an_error_is_exit_2(araxes, tmp_path) -> None:
    file = tmp_path / "mine.gpkg"
    copy = link("copy", "kars.road", "igdir.road", 120)
    network([copy]).to_gdf(transfers=True).to_file(file)
    told = araxes("network", "check", file)
    assert told.code == 2
    assert "same nodes as road-kars-igdir" in told.out


def test_the_bundled_network_is_checked(araxes) -> None:
    told = araxes("network", "check", "--json")
    assert told.code == 0
    assert {one["level"] for one in json.loads(told.out)} <= {"remark"}


def test_a_reach_is_sorted_and_holds_the_start(araxes, tmp_path) -> None:
    rows = json.loads(araxes("reach", "Kars", "--within", "4", "--by", "hours", "--json").out)
    start = {"hours": 0.0, "low_hours": 0.0, "high_hours": 0.0}
    assert rows[0] == {"id": "kars", "name": "Kars", **start}
    hours = [row["hours"] for row in rows]
    assert hours == sorted(hours)
    assert hours[-1] <= 4
    file = tmp_path / "reach.html"
    assert araxes("reach", "Kars", "--within", "150", "--out", file).code == 0
    assert "within 150 km of Kars" in file.read_text("utf-8")


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


@pytest.mark.parametrize("suffix", ["html", "png"])
def test_a_comparison_is_drawn(araxes, tmp_path, suffix) -> None:
    file = tmp_path / f"ways.{suffix}"
    told = araxes("map", "--pair", "Iğdır:Baku", "--modes", "rail", "--scenario", "status-quo",
                  "--scenario", "tripp-and-kars-dilucu", "--out", file)  # fmt: skip
    assert told.code == 0, told.err
    assert file.stat().st_size > 100_000
    if suffix == "html":
        told = unpacked.facts(file.read_text("utf-8"))
        assert [one["id"] for one in told["scenarios"]] == ["status-quo", "tripp-and-kars-dilucu"]
        assert "crossings" in [layer["id"] for layer in told["layers"]]


def test_a_network_under_a_scenario_is_drawn(araxes, tmp_path) -> None:
    file = tmp_path / "network.html"
    assert araxes("map", "--scenario", "all-open", "--out", file).code == 0
    told = unpacked.facts(file.read_text("utf-8"))
    assert "network-rail" in [layer["id"] for layer in told["layers"]]


def test_a_scenario_file_is_validated(araxes, tmp_path) -> None:
    file = tmp_path / "s.toml"
    file.write_text('id = "s"\nname = "S"\non = 2026-01-01\nopen = ["kars-gyumri"]\n')
    found = json.loads(araxes("validate", file, "--json").out)
    assert (found["kind"], found["open"], found["ok"]) == ("scenario", 1, True)
    file.write_text('id = "s"\nname = "S"\nopen = ["kars-gumri"]\n')
    told = araxes("validate", file)
    assert told.code == 2
    assert "did you mean kars-gyumri" in told.err
    assert "scenario 's'" in told.err


def test_a_scenario_without_its_keys_is_told_what_a_file_may_be(araxes, tmp_path) -> None:
    file = tmp_path / "s.toml"
    file.write_text('id = "s"\nname = "S"\nopne = ["kars-gyumri"]\n')
    assert "nor a scenario file (it has none of on, includes, open, close" in (
        araxes("validate", file).err
    )


@pytest.mark.parametrize("command", ["map", "export"])
def test_a_scenario_among_things_is_told_where_it_goes(araxes, tmp_path, command) -> None:
    file = tmp_path / "s.toml"
    file.write_text('id = "s"\nname = "S"\nopen = ["kars-gyumri"]\n')
    out = ("--out", tmp_path / "x.html")
    for scenario in ("tripp-open", file):
        told = araxes(command, scenario, *out)
        assert told.code == 2
        assert "is a scenario; give it to --scenario" in told.err


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Nakhchivan city – Baku", "TRIPP / Zangezur open", "Railways", "caucasus")),
        ("tr", ("Nahçıvan – Bakü", "TRIPP / Zengezur", "Demiryolları", "kafkasya")),
    ],
)
def test_a_figure_of_ways_says_of_each_way_its_own_length_in_its_language(
    araxes, tmp_path, language, said
) -> None:
    ends, scenario, network, title = said
    pair = ("--pair", "Nakhchivan:Baku", "--scenario", "status-quo", "--scenario", "tripp-open")
    rows = json.loads(araxes("compare", *pair, "--json").out)
    assert rows[0]["km"] != rows[1]["km"]
    told = araxes("map", *pair, "--lang", language, "--out", tmp_path / "a.png")
    assert told.code == 0
    lines = (tmp_path / "a.caption.md").read_text("utf-8").splitlines()
    assert lines[0].startswith(f"**{ends}.**")
    for n, row in enumerate(rows, 1):
        line = next(one for one in lines if one.startswith(f"{n}. {ends}: "))
        own, other = (number(f"{one['km']:,.1f}", language) for one in (row, rows[2 - n]))
        assert f" {own} km" in line
        assert f" {other} km" not in line
    assert scenario in line
    assert any(one.startswith(f"- {network}, 2026-06-01, ") for one in lines)
    araxes("map", "btk", "bte", "--lang", language, "--out", tmp_path / "b.png")
    assert title in (tmp_path / "b.caption.md").read_text("utf-8").splitlines()[0].casefold()
