"""What a terminal and a pipe are told: aligned, with units, intervals and no idle blanks."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace

import geopandas as gpd
import pyogrio
import pytest
from small_network import link, network

from corridors.analysis.matrix import matrix
from corridors.routing.find import route
from maps.tables.routes import show_route

SAID = [
    ("list",), ("list", "sources"), ("show", "kars-1921"), ("show", "lachin-2022"),
    ("show", "kars-1921", "--legs"), ("show", "Kars"), ("figures",), ("network", "check"),
    ("route", "Kars", "Baku"), ("compare", "--pair", "Nakhchivan:Baku"),
    ("matrix", "Kars", "Baku", "Tbilisi"), ("reach", "Kars", "--within", "150"),
    ("breakeven", "Kars", "Baku", "--vary", "delay_h.crossing.rail"),
]  # fmt: skip


@pytest.mark.parametrize("asked", SAID, ids=" ".join)
def test_no_line_ends_in_blanks_or_is_wider_than_80_columns(araxes, asked) -> None:
    told = araxes(*asked)
    assert told.code == 0, told.err
    for line in told.out.splitlines():
        assert line == line.rstrip()
        assert len(line) <= 80


@pytest.mark.parametrize(
    ("by", "unit", "key"),
    [("km", "km", "km"), ("hours", "h", "hours"), ("cost", "USD/t", "cost_usd_t")],
)
def test_a_reach_says_from_where_under_what_terms_and_how_sure(araxes, by, unit, key) -> None:
    asked = ("reach", "Kars", "--within", "60", "--by", by)
    rows = json.loads(araxes(*asked, "--json").out)
    assert len(rows) > 2
    assert all(row[f"low_{key}"] <= row[key] <= row[f"high_{key}"] for row in rows)
    told = araxes(*asked).out.splitlines()
    assert told[0] == f"within 60 {unit} of Kars"
    assert "status-quo on 2026-06-01, freight" in told[1]
    starts = (re.match(r"(.*?\d\.\d)\s", line)[1] for line in told[3 : 3 + len(rows)])
    # A mark that stands over a letter, as in Āz̄arshahr, takes no column.
    ends = {sum(not unicodedata.combining(c) for c in start) for start in starts}
    assert len(ends) == 1, "the numbers end in one column"


def test_a_reach_agrees_with_the_matrix(araxes) -> None:
    rows = json.loads(araxes("reach", "Kars", "--within", "300", "--json").out)
    found = matrix(["kars"], [row["id"] for row in rows])[0]
    assert [row["km"] for row in rows] == pytest.approx(found, abs=0.051)


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".html", ".svg"])
def test_a_reach_is_written_as_a_map_or_as_geometry(araxes, tmp_path, suffix) -> None:
    file = tmp_path / f"around{suffix}"
    told = araxes("reach", "Kars", "--within", "100", "--out", file, "--json")
    assert told.code == 0, told.err
    assert json.loads(told.out)[0]["id"] == "kars"
    assert file.stat().st_size > 1000
    if suffix == ".gpkg":
        assert {name for name, _ in pyogrio.list_layers(file)} == {"reach", "route"}
        assert gpd.read_file(file, layer="reach").geometry[0].geom_type.endswith("Polygon")


def test_errors_of_positions_say_what_they_are(araxes) -> None:
    assert "position ±3 km (one standard error)" in araxes("show", "lachin-2020").out
    assert "±1 km (one standard error)" in araxes("show", "Kars").out
    assert "one standard error" in araxes("show", "kars-1921").out
    assert "one standard error" in araxes("show", "kars-1921", "--legs").out


def test_what_a_party_says_of_a_status_is_shown(araxes) -> None:
    told = " ".join(araxes("show", "lachin-2022").out.split())
    assert "Called a blockade by Armenian sources; Azerbaijan rejects the word" in told


def test_a_listing_says_how_sure_the_lengths_are(araxes) -> None:
    told = araxes("list").out
    rows = json.loads(araxes("list", "--json").out)
    assert "95 %" in told.splitlines()[0]
    one = next(row for row in rows if row["id"] == "btk")
    assert f"{one['low_km']:,.1f}–{one['high_km']:,.1f}" in told


def test_the_verdicts_are_counted(araxes) -> None:
    rows = json.loads(araxes("figures", "--json").out)
    last = " ".join(araxes("figures").out.split("\n\n")[-1].split())
    assert last.startswith(f"{len(rows)} figures: ")
    for verdict in {row["verdict"] for row in rows}:
        n = sum(row["verdict"] == verdict for row in rows)
        assert f"{n} {verdict}" in last


def test_an_interval_narrower_than_a_kilometre_has_two_ends(capsys) -> None:
    surveyed = link("a", "kars.road", "gyumri.road", 14.04, sigma_m=60.0)
    show_route(route("kars", "gyumri", network=network([surveyed])))
    assert "14.0 km (13.9–14.2), " in capsys.readouterr().out
    wider = replace(surveyed, sigma_m=600.0)
    show_route(route("kars", "gyumri", network=network([wider])))
    assert "14 km (13–15), " in capsys.readouterr().out


@pytest.mark.parametrize(
    "asked", [("route", "Kars", "Baku"), ("events", "--from", "2024-01-01"), ("show", "btk")]
)
def test_a_width_of_nothing_is_one_that_is_not_known(araxes, monkeypatch, asked) -> None:
    # Some programs that run others state 0 columns.
    usual = araxes(*asked)
    monkeypatch.setenv("COLUMNS", "0")
    assert araxes(*asked).out == usual.out
