"""The command reach: what lies within a limit, as a table, JSON and a page."""

from __future__ import annotations

import csv
import json
from html import unescape

import geopandas
import pytest
from osm_files import Drawn, road
from unpacked import facts

from corridors.scenarios.scenario import read_scenario


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
    (layer,) = (one for one in facts(file.read_text("utf-8"))["layers"] if one["id"] == "table-1")
    assert layer["names"]["en"] == "Within 150 km of Kars (up to 5 km from what is reached)"
    assert "(ulaşılandan en çok 5 km uzakta)" in layer["names"]["tr"]


def test_access_counts_what_a_scenario_gains(araxes, tmp_path) -> None:
    asked = ("access", "Gyumri", "--within", "8", "--users", "passengers", "--modes", "road",
             "--scenario", "turkiye-armenia-open")  # fmt: skip
    told = json.loads(araxes(*asked, "--json").out)
    base, opened = told["scenarios"]
    assert (base["scenario"], opened["scenario"]) == ("status-quo", "turkiye-armenia-open")
    assert opened["places"] == base["places"] + opened["gained_places"] - opened["lost_places"]
    assert opened["people"] == base["people"] + opened["gained_people"] - opened["lost_people"]
    assert opened["surely_people"] <= opened["people"] <= opened["possibly_people"]
    assert sum(part["people"] for part in opened["by_country"].values()) == opened["people"]
    assert sum(opened["equity"]["by_size"]) == pytest.approx(1, abs=1e-3)
    rows = list(csv.DictReader(araxes(*asked, "--csv").out.splitlines()))
    whole = [row for row in rows if not row["country"] and not row["class"]]
    assert [int(row["people"]) for row in whole] == [base["people"], opened["people"]]
    printed = araxes(*asked).out
    assert f"{opened['gained_people']:,}" in printed
    assert max(map(len, printed.splitlines())) <= 80
    assert araxes(*asked, "--markdown").out.count("\n|---") == 4
    page, chart = tmp_path / "access.html", tmp_path / "chart.svg"
    assert araxes(*asked, "--out", page, "--chart", chart).code == 0
    assert "towns gained" in page.read_text("utf-8")
    assert read_scenario("turkiye-armenia-open").name in chart.read_text("utf-8")


def test_access_refuses_in_one_line_what_it_cannot_answer(araxes) -> None:
    for wrong, says in (
        (("access", "Kars", "--within", "0"), "give a positive number"),
        (("access", "Kars", "--within", "5", "--chart", "x.html"), "cannot write '.html'"),
        (("access", "Nowhere at all", "--within", "5"), "Nowhere at all"),
    ):
        refused = araxes(*wrong)
        assert refused.code == 2
        assert says in refused.err
        assert refused.err.count("\n") == 1


@pytest.mark.parametrize(
    ("language", "title", "key"),
    [
        ("en", "Within 3 h of Kars: As things stand, as of 2026-06-01",
         ["up to 5 km from what is reached", "Roads"]),
        ("tr", "Kars çevresinde 3 sa içinde: Bugünkü durum, 1\u00a0Haziran 2026 itibarıyla",
         ["ulaşılandan en çok 5 km uzakta", "Karayolları"]),
    ],
)  # fmt: skip
def test_a_reach_is_drawn_with_a_title_in_words_and_a_legend(
    araxes, tmp_path, language, title, key
) -> None:
    file = tmp_path / "reach.svg"
    asked = ("reach", "Kars", "--within", "3", "--by", "hours", "--modes", "road")
    assert araxes(*asked, "--lang", language, "--out", file).code == 0
    drawn = file.read_text("utf-8")
    assert f">{title}</text>" in drawn
    for text in key:
        assert f">{text}</text>" in drawn
    assert "status-quo" not in drawn


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "up to 100 m from what is reached"), ("ru", "не дальше 100 м от достигнутого"),
     ("fa", "تا ۱۰۰ متر از آنچه به آن می\u200cرسند")],
)  # fmt: skip
def test_the_area_of_streets_is_narrow_and_its_legend_says_how(
    araxes, tmp_path, language, said
) -> None:
    # A comb of streets, 80 m apart.
    nodes = {n: (9.5 + 0.001 * (n // 2), 47.0 + 0.001 * (n % 2)) for n in range(2, 42)}
    ways = {n: road(2 * n, 2 * n + 1) for n in range(1, 21)} | {30: road(*range(2, 42, 2))}
    drawn = Drawn(nodes, ways).write(tmp_path / "x.osm.pbf")
    file = tmp_path / "x.npz"
    assert araxes("network", "import", drawn, "--out", file).code == 0
    asked = ("reach", "n4", "--within", "5", "--network", file, "--lang", language)
    assert araxes(*asked, "--out", tmp_path / "x.svg").code == 0
    assert said in unescape((tmp_path / "x.svg").read_text("utf-8"))
    assert araxes(*asked, "--out", tmp_path / "x.gpkg").code == 0
    area = geopandas.read_file(tmp_path / "x.gpkg", layer="reach").geometry[0]
    _, south, _, north = area.bounds
    # 100 m are 0.0009 degrees of latitude.
    assert (south, north) == pytest.approx((46.9991, 47.0019), abs=2e-5)


def test_on_an_extract_settlements_are_listed_and_nodes_counted(araxes, tmp_path) -> None:
    nodes = {n: (9.5 + 0.01 * n, 47.0) for n in range(1, 6)} | {9: (9.53, 47.0005)}
    twice = {10: (9.545, 47.0005), 11: (9.4, 47.0), 12: (9.8, 47.0)}
    named = {1: ("town", "Start"), 9: ("village", "Mitte"), 10: ("hamlet", "Au"),
             11: ("hamlet", "Au"), 12: ("village", "Far")}  # fmt: skip
    places = {n: {"place": kind, "name": name} for n, (kind, name) in named.items()}
    ways = {n: road(n, n + 1) for n in range(1, 5)}
    drawn = Drawn(nodes | twice, ways, tagged=places).write(tmp_path / "x.osm.pbf")
    file = tmp_path / "x.npz"
    assert araxes("network", "import", drawn, "--out", file).code == 0
    told = araxes("reach", "Start", "--within", "9", "--network", file).out.splitlines()
    # A hundredth of a degree of longitude at 47° N is 761 m; only ends of roads are nodes.
    rows = [line.split()[:2] for line in told[3:6]]
    assert rows == [["Start", "0.0"], ["Mitte", "1.5"], ["Au", "2.7"]]
    assert told[6:] == ["and 2 nodes of its roads and railways; --json has them"]
    found = json.loads(araxes("reach", "Start", "--within", "9", "--network", file, "--json").out)
    assert [row["id"] for row in found] == ["n1", "n5"]


def test_access_from_a_point_of_a_road_is_drawn(araxes, tmp_path) -> None:
    nodes = {1: (43.84, 40.78), 2: (43.9, 40.75)}
    drawn = Drawn(nodes, {1: road(1, 2)}).write(tmp_path / "x.osm.pbf")
    file = tmp_path / "x.npz"
    assert araxes("network", "import", drawn, "--out", file).code == 0
    asked = ("access", "40.765,43.87", "--within", "1", "--network", file)
    for name in ("x.html", "x.svg", "x.gpkg"):
        told = araxes(*asked, "--out", tmp_path / name)
        assert (told.code, told.err) == (0, ""), told
