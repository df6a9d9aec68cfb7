"""`araxes districts`; districts, sister cities, alliances and bases in list, show, map, export."""

from __future__ import annotations

import csv
import io
import json

import pytest
from unpacked import facts

from corridors.context.districts import Districts
from maps.cli.main import main


def test_areas_by_day_and_holders_on_a_day(capsys) -> None:
    assert main(["districts", "--csv"]) == 0
    rows = {row["day"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    kept = rows["2020-11-20"]
    assert int(kept["planned_km2"]) < int(kept["done_km2"])
    assert int(kept["done_low_km2"]) < int(kept["done_km2"]) < int(kept["done_high_km2"])
    assert main(["districts", "--on", "2020-11-24", "--json"]) == 0
    held = {row["id"]: row["held_by"] for row in json.loads(capsys.readouterr().out)}
    assert held["kalbajar"] == "Armenian side"
    assert main(["districts", "--on", "2020-11-25", "--markdown"]) == 0
    assert "peacekeepers 20 %" in capsys.readouterr().out


def test_of_days_before_the_first_record_nobody_is_said_to_hold_a_district(araxes, tmp_path):
    told = araxes("districts", "--on", "1914-01-01")
    assert (told.code, told.out) == (2, "")
    assert "who held the districts is told from 1992-02-26 on" in told.err
    assert araxes("districts", "--on", "1992-02-26").code == 0
    table = Districts().to_gdf(on="1992-02-25")
    assert table["held_by"].isna().all()
    assert not Districts().to_gdf(on="1992-02-26")["held_by"].isna().any()
    page = tmp_path / "a.html"
    assert araxes("map", "karabakh-districts", "--on", "1914-01-01", "--out", page).code == 0
    known = json.loads(araxes("show", "karabakh-districts", "--on", "1914-01-01", "--json").out)
    assert {row["held_by"] for row in known["districts"]} == {None}
    assert "held" not in known
    assert "the data speak up to" in araxes("districts", "--on", "2100-01-01").err


def test_the_table_fits_in_80_columns(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for words in (["districts"], ["districts", "--on", "2020-11-20"], ["show", "sister-cities"],
                  ["show", "csto"], ["show", "bases"], ["list", "context"],
                  ["list", "districts"]):  # fmt: skip
        assert main(words) == 0
        assert max(map(len, capsys.readouterr().out.splitlines())) <= 80, words


def test_figures_and_pages_are_written(tmp_path, capsys) -> None:
    assert main(["districts", "--out", str(tmp_path / "d.svg")]) == 0
    caption = (tmp_path / "d.caption.md").read_text("utf-8")
    assert "2020-11-15, as agreed" in caption
    page = tmp_path / "d.html"
    assert main(["districts", "--on", "2020-11-20", "--out", str(page)]) == 0
    told = json.dumps(facts(page.read_text("utf-8")), ensure_ascii=False)
    assert "Karvachar" in told
    assert "Kəlbəcər" in told
    assert "Natural Earth" in told
    capsys.readouterr()


@pytest.mark.parametrize("key", ["karabakh-districts", "sister-cities", "bases", "csto"])
def test_every_system_is_shown_drawn_and_exported(key, tmp_path, capsys) -> None:
    assert main(["show", key, "--on", "2012-06-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == key
    file = tmp_path / "x.geojson"
    assert main(["export", key, "--out", str(file)]) == 0
    assert json.loads(file.read_text("utf-8"))["features"]
    page = tmp_path / "x.html"
    assert main(["map", key, "--on", "2012-06-01", "--out", str(page)]) == 0
    assert facts(page.read_text("utf-8"))
    capsys.readouterr()


def test_sister_cities_are_listed_with_both_spellings_and_the_lost(capsys) -> None:
    assert main(["list", "sister-cities", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 198
    by_partner = {row["partner"]: row for row in rows}
    assert by_partner["Semipalantinsk"]["partner_standard"] == "Semey"
    assert by_partner["Muhah"]["km"] is None
    assert main(["list", "sister-cities"]) == 0
    assert "not found" in capsys.readouterr().out


def test_what_cannot_be_drawn_says_why(capsys) -> None:
    assert main(["show", "wilson-award-1920"]) == 2
    assert "award" in capsys.readouterr().err
    assert main(["map", "front-1920", "--out", "x.html"]) == 2
    assert "cannot be drawn" in capsys.readouterr().err
    assert main(["validate", "sister-cities"]) == 2
    assert "bundled" in capsys.readouterr().err


def test_validate_remarks_what_takes_a_side(tmp_path, capsys) -> None:
    file = tmp_path / "my-road.toml"
    file.write_text(
        """id = "my-road"
name = "My road"
mode = "road"
definition = "The road through the liberated town."
source = "araxes"
path = [{ place = "Goris" }, { place = "Lachin" }]
basis = "chain"
geometry_quality = "schematic"
position_sigma_m = 1000
[[name_by]]
name = "X"
by = "Armenia"
source = "araxes"
""",
        "utf-8",
    )
    assert main(["validate", str(file), "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["ok"]
    assert len(row["neutrality"]) == 2
    assert main(["validate", str(file)]) == 0
    assert "'liberated' judges" in capsys.readouterr().out
