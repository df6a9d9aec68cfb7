"""The commands validate, figures and network: what is sound, and what is wrong with the rest."""

from __future__ import annotations

import json

import pytest
from refusals import CORRIDOR, assert_refused, features
from small_network import link, network

from corridors.analysis.verdicts import verdicts


def test_validate_says_what_a_sound_file_holds(araxes, tmp_path):
    road, line = tmp_path / "road.toml", tmp_path / "line.geojson"
    road.write_text(CORRIDOR.format(id="my-road", first="kars", second="gyumri"), "utf-8")
    line.write_text(features("[[45,40],[46,40]]"), "utf-8")
    told = json.loads(araxes("validate", road, "--json").out)
    assert (told["ok"], told["kind"], told["id"]) == (True, "corridor", "my-road")
    assert json.loads(araxes("validate", line, "--json").out)["features"] == 1
    assert "a sound corridor, 'A road'" in " ".join(araxes("validate", road).out.split())
    assert "1 feature in" in " ".join(araxes("validate", line).out.split())


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


@pytest.mark.parametrize("name", ["none.toml", "none.geojson", "none.gpkg", "no/such/place.kml"])
def test_a_missing_file_is_refused(araxes, tmp_path, name):
    assert_refused(araxes("validate", tmp_path / name), "no such file")


def test_figures_stand_beside_ours_with_a_verdict(araxes):
    rows = json.loads(araxes("figures", "--json").out)
    assert [row["id"] for row in rows] == [one.figure.id for one in verdicts()]
    for row in rows:
        if row["verdict"] == "consistent":
            assert row["low"] <= row["high"]
            assert row["reason"]
    assert araxes("figures").code == 0


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
