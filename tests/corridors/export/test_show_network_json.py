"""What `show` tells of crossings, links and scenarios, and `list` of crossings."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from corridors.network.load import load_network

ROOT = Path(__file__).parents[3]


def rows(name):
    with (ROOT / "data" / "network" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_crossing_of_a_route_can_be_shown(araxes) -> None:
    way = json.loads(araxes("route", "Kars", "Baku", "--json").out)
    for key in [*way["crossings"], way["links"][0]["id"]]:
        told = json.loads(araxes("show", key, "--json").out)
        assert told["id"] == key
        assert told["links"][0]["low_km"] < told["links"][0]["km"] < told["links"][0]["high_km"]


def test_a_crossing_says_since_when_it_is_closed_and_who_says_so(araxes) -> None:
    told = araxes("show", "x-dogukapi-akhurik-gate")
    assert told.code == 0, told.err
    flat = " ".join(told.out.split())
    assert "crossing, TR–AM" in flat
    stated = [
        row
        for row in rows("statuses.csv")
        if row["link"] in ("x-dogukapi-akhurik-gate", "road-dogukapi-akhurik-gate")
    ]
    assert stated
    for row in stated:
        assert row["status"] in flat
        assert row["source"] in flat
        assert (row["valid_from"] or row["valid_to"]) in flat
    assert all(len(line) <= 80 for line in told.out.splitlines())


@pytest.mark.parametrize(("day", "status"), [("1992-01-01", "open"), ("1994-01-01", "closed")])
def test_a_link_is_shown_as_of_a_day(araxes, day, status) -> None:
    told = json.loads(araxes("show", "x-dogukapi-akhurik-rail", "--on", day, "--json").out)
    assert told["on"] == day
    assert told["links"][0]["status"]["freight"] == status


def test_a_scenario_says_what_it_opens_and_what_of_it_is_unbuilt(araxes) -> None:
    told = json.loads(araxes("show", "tripp-open", "--json").out)
    assert told["kind"] == "scenario"
    assert {one["id"] for one in told["open"]} >= {"zangezur-tripp", "horadiz-aghband"}
    network = load_network()
    section = next(one for one in told["open"] if one["id"] == "zangezur-tripp")
    km = sum(link.length_m for link in network.links_of("zangezur-tripp")) / 1000
    assert section["km"] == pytest.approx(km, abs=0.05)
    assert section["status"] == ["planned"]
    plain = araxes("show", "tripp-open").out
    assert "zangezur-tripp" in plain
    assert "planned" in plain
    assert all(len(line) <= 80 for line in plain.splitlines())


def test_a_scenario_file_is_shown(araxes, tmp_path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(
        'id = "a"\nname = "A"\nincludes = ["status-quo"]\nclose = ["x-sarp-sarpi"]\n'
        '[set]\n"x-dogukapi-akhurik-rail.delay_h" = 4\n', "utf-8",
    )  # fmt: skip
    told = araxes("show", file)
    assert told.code == 0, told.err
    flat = " ".join(told.out.split())
    assert "close x-sarp-sarpi" in flat
    assert "set x-dogukapi-akhurik-rail.delay_h = 4 h" in flat


def test_crossings_are_listed_with_their_statuses(araxes) -> None:
    listed = {row["id"]: row for row in json.loads(araxes("list", "crossings", "--json").out)}
    assert set(listed) == {row["id"] for row in rows("crossings.csv")}
    assert listed["x-dogukapi-akhurik-gate"]["freight"] == "closed"
    assert listed["x-sarp-sarpi"]["passengers"] == "open"
    told = araxes("list", "crossings").out.splitlines()
    assert len(told) >= len(listed) + 1
    assert all(len(line) <= 80 for line in told)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("show", "x-sarp-sarp"), "did you mean x-sarp-sarpi"),
        (("show", "tripp-opn"), "did you mean"),
        (("show", "tripp-open", "--on", "2020-01-01"), "leave --on out"),
        (("show", "x-sarp-sarpi", "--legs"), "leave --legs out"),
        (("map", "x-sarp-sarpi", "--out", "x.html"), "is a crossing or link of the network"),
    ],
)
def test_slips_with_them_are_told_in_one_line(araxes, asked, said) -> None:
    told = araxes(*asked)
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert said in told.err
