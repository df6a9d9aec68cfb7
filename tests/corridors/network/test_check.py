"""What a check of a network finds in one run, where it is, and what would mend it."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import pytest
from shapely import LineString, from_wkt
from small_network import link, network, status

from borders.errors import AraxesError, SchemaError
from corridors.network.check import check_file, check_network
from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms


def feature(key: str, a: str, b: str, xy: Any, mode: str = "road", **columns: Any) -> Any:
    shape = {"type": "LineString", "coordinates": xy} if xy else None
    properties = {"id": key, "from": a, "to": b, "mode": mode, **columns}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def written(folder: Any, *features: Any) -> Any:
    file = folder / "net.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return file


CHAIN = [feature(f"k{n}", f"n{n}", f"n{n + 1}", [[21 + n, 52], [22 + n, 52]]) for n in range(3)]

FAULTY = {
    # What is wrong with the link → the link, words of the message, words of the repair.
    "axes": (feature("x", "n1", "other", [[52, 22], [52, 22.5]]),
        "looks like|axes|apart", "longitude first"),
    "ten times": (feature("x", "n1", "n2", [[22, 52], [23, 52]], length_m=686_770),
                  "10.0 times its drawn course", "length_m in metres"),
    "kilometres": (feature("x", "n1", "n2", [[22, 52], [23, 52]], length_m=69),
                   "length_m is 69, but its ends are", "in kilometres"),
    "miles": (feature("x", "n1", "n2", [[22, 52], [23, 52]], length_m=42.7),
              "length_m is 43, but its ends are", "in miles"),
    "a digit": (feature("x", "n1", "n2", [[22, 52], [23, 52]], length_m=6868),
                "but its ends are", "a digit missing"),
    "feet": (feature("x", "n1", "n2", [[22, 52], [23, 52]], length_m=68_677 / 0.3048),
             "3.3 times its drawn course", "in feet"),
    "gauge": (feature("x", "n1.rail1520", "n2.rail1520", [[22, 52], [23, 52]], "rail",
                      gauge_mm=1435), "gauge 1435 mm, but ends at 'n1.rail1520'", "gauge_mm 1520"),
    "mode": (feature("x", "n1.rail1520", "n2.rail1520", [[22, 52], [23, 52]]),
             "is by road, but ends at 'n1.rail1520'", "end it at n1.road"),
    "gauge of a road": (feature("x", "n1", "n2", [[22, 52], [23, 52]], gauge_mm=1435),
                        "has the gauge 1435 mm, but is by road", "leave gauge_mm out"),
    "loop": (feature("x", "n1", "n1", [[22, 52], [22.1, 52], [22, 52]]),
        "to itself", "another node"),
    "reversed": (feature("x", "n1", "n3", [[24, 52], [23, 52.2], [22, 52]]),
                 "drawn from 'n3' to 'n1'", "reverse its line"),
    "end": (feature("x", "n1", "n9", [[22.5, 52.5], [23, 53]]), "both end at 'n1'", "check their"),
    "near": (feature("x", "n9", "n8", [[22.0001, 52], [22, 53]]), "dangles at 'n9'", "join them"),
    "hole": (feature("x", "n1", "n2", [[22, 52], [23, 52]], statuses=json.dumps([
        {"status": "open", "users": "freight"},
        {"status": "open", "users": "passengers", "valid_to": "2000-01-01"},
        {"status": "open", "users": "third-country"}])),
        "nothing is said of it for passengers after 2000-01-01", "'unknown' if need be"),
    "twice": (feature("x", "n1", "n2", [[22, 52], [23, 52]]),
        "joins the same nodes as k1", "oneway"),
    "speed": (feature("x", "n1", "n2", [[22, 52], [23, 52]], speed_kmh=-1),
        "speed_kmh is -1", "more than 0"),
    "alone": (feature("x", "n8", "n9", [[30, 52], [31, 52]]),
        "2 nodes are joined to nothing else", "join one"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTY)
def test_each_fault_is_found_with_its_repair(tmp_path, fault) -> None:
    made, message, repair = FAULTY[fault]
    _, findings = check_file(written(tmp_path, *CHAIN, made))
    told = [f for f in findings if any(words in f.message for words in message.split("|"))
            and f.link in ("x", "")]  # fmt: skip
    assert told, [f.message for f in findings]
    assert any(repair in f.repair for f in told)
    assert all(f.xy for f in told)


@pytest.mark.parametrize("fault", ["gauge", "gauge of a road", "mode"])
def test_a_link_that_contradicts_its_mode_or_nodes_is_used_by_no_question(tmp_path, fault) -> None:
    made, message, _ = FAULTY[fault]
    with pytest.raises(SchemaError, match=f"net.geojson: link 'x' .*{message}"):
        load_network(written(tmp_path, *CHAIN, made))


def test_a_link_built_in_python_that_contradicts_its_nodes_is_found() -> None:
    road = link("x", "kars.road", "igdir.road", 150, gauge_mm=1435)
    (told,) = [f for f in check_network(network([road])) if f.level == "error"]
    assert "is by road" in told.message


def test_an_end_beside_a_layer_of_its_place_is_told_by_both(tmp_path) -> None:
    line = [[37, -1], [39, -4]]
    made = [feature("x", "nairobi", "mombasa", line),
            feature("y", *(f"{town}.rail1435" for town in ("nairobi", "mombasa")), line, "rail",
                    gauge_mm=1435)]  # fmt: skip
    _, findings = check_file(written(tmp_path, *made))
    told = {f.message for f in findings if f.level == "remark"}
    words = "which no other link and no transfer joins to"
    for town in ("nairobi", "mombasa"):
        assert f"ends at {town}, {words} {town}.rail1435" in told
        assert f"ends on layer rail1435 of {town}, {words} {town}" in told


def test_a_sound_network_has_no_finding(tmp_path) -> None:
    assert check_file(written(tmp_path, *CHAIN))[1] == []


def test_a_near_miss_is_found_where_a_degree_of_longitude_is_short(tmp_path) -> None:
    north = feature("x", "n3", "n8", [[24, 52], [22, 65]])
    beside = feature("y", "n9", "n10", [[22.001, 65], [23, 65]])  # 47 m from n8
    _, findings = check_file(written(tmp_path, *CHAIN, north, beside))
    assert {f.link for f in findings if "47 m from node" in f.message} == {"x", "y"}


def test_a_link_far_from_all_others_with_swapped_axes_is_found_by_its_place(tmp_path) -> None:
    lone = feature("x", "p", "q", [[52, 21], [52, 22]])
    _, findings = check_file(written(tmp_path, *CHAIN, lone))
    (told,) = [f for f in findings if "axes" in f.message]
    assert (told.link, told.level, told.repair) == ("x", "error", "write longitude first")


def test_everything_is_listed_in_one_run(tmp_path) -> None:
    made = [
        {**made, "properties": {**made["properties"], "id": f"x{n}"}}
        for n, (made, _, _) in enumerate(FAULTY.values())
    ]
    _, findings = check_file(written(tmp_path, *CHAIN, *made))
    found = {f.link for f in findings}
    assert {f"x{n}" for n, fault in enumerate(FAULTY) if fault != "alone"} <= found
    bad = feature("bad", "n1", "n2", [[22, 52], [23, 52]], speed_kmh=-1, delay_h=-2, length_m="far",
                  terrain="steep")  # fmt: skip
    _, findings = check_file(written(tmp_path, *CHAIN, bad))
    messages = " ".join(f.message for f in findings if f.link == "bad")
    for words in ("speed_kmh is -1", "delay_h is -2", "length_m is 'far'", "terrain is 'steep'"):
        assert words in messages


def test_holes_in_a_direction_and_between_periods_are_found() -> None:
    from datetime import date

    early, late = date(2000, 1, 1), date(2010, 1, 1)
    statuses = (status("open", valid_to=early, users="freight"), status("open", users="passengers"),
                status("open", valid_from=late, users="freight"),
                status("open", users="third-country", direction="forward"))  # fmt: skip
    one = link("a", "kars.road", "igdir.road", 150, statuses=statuses)
    told = [
        f.message for f in check_network(network([one])) if f.link == "a" and f.level == "error"
    ]
    assert sorted(told) == [
        "nothing is said of it for freight from 2000-01-01 to 2010-01-01",
        "nothing is said of it for third-country backward",
    ]


def test_two_roadways_of_one_way_each_are_no_duplicates() -> None:
    there = link("there", "kars.road", "gyumri.road", 90, oneway=True)
    back = link("back", "gyumri.road", "kars.road", 90, oneway=True)
    assert [f for f in check_network(network([there, back])) if f.level == "error"] == []


def test_a_railway_and_a_road_beside_it_are_no_duplicates(tmp_path) -> None:
    line = [[21, 52], [22, 52]]
    file = written(tmp_path, feature("a", "1", "2", line), feature("b", "1", "2", line, "rail"))
    assert [f for f in check_network(load_network(file)) if f.level == "error"] == []


def test_stations_of_plain_ids_joined_by_a_transfer_are_joined(tmp_path) -> None:
    file = written(
        tmp_path,
        feature("rail", "101", "102", [[21, 52], [22, 52]], "rail", gauge_mm=1435),
        feature("road", "202", "203", [[22, 52], [23, 52]]),
        feature("tr", "102", "202", None, "transfer", delay_h=3),
    )
    mine = load_network(file)
    assert [f for f in check_network(mine) if f.level == "error"] == []
    terms = Terms(modes=("rail", "road"))
    found = route("101", "203", scenario=Scenario(id="s"), network=mine, terms=terms)
    assert [step.link.id for step in found.steps] == ["rail", "tr", "road"]
    with pytest.raises(AraxesError, match="no route"):
        route("101", "203", scenario=Scenario(id="s"), network=mine, terms=Terms(modes=("rail",)))


def test_the_command_lists_them_as_lines_json_csv_and_geometry(araxes, tmp_path) -> None:
    made = [FAULTY["ten times"][0], FAULTY["alone"][0]]
    file, out = written(tmp_path, *CHAIN, *made[:1]), tmp_path / "found.geojson"
    told = araxes("network", "check", "--json", file)
    assert told.code == 2
    (row, *_) = json.loads(told.out)
    assert set(row) == {"level", "link", "message", "repair"}
    assert araxes("network", "--json", "check", file).out == told.out
    assert araxes("network", "check", file, "--csv").out.startswith("level,link,message,repair\n")
    assert "| level | link |" in araxes("network", "check", "--markdown", file).out
    araxes("network", "check", "--out", out, file)
    drawn = gpd.read_file(out)
    assert drawn["link"].tolist() == [r["link"] for r in json.loads(told.out)]
    assert drawn.geometry.iloc[0] == from_wkt("LINESTRING (22 52, 23 52)")
    assert drawn.geometry.iloc[0] == LineString([(22, 52), (23, 52)])


def test_columns_are_mapped_on_the_command_line(araxes, tmp_path) -> None:
    file = written(tmp_path, *CHAIN)
    rows = json.loads(file.read_text("utf-8"))
    for row in rows["features"]:
        row["properties"]["LEN_KM"] = 100
    file.write_text(json.dumps(rows), "utf-8")
    told = araxes("route", "n0", "n3", "--network", file, "--columns", "length=LEN_KM", "--json")
    assert json.loads(told.out)["km"] == 300.0
    for words in (("--columns", "length"), ("--columns", "length=NO"), ("--columns", "km=LEN_KM")):
        told = araxes("route", "n0", "n3", "--network", file, *words)
        assert (told.code, told.err.count("\n")) == (2, 1)
    assert araxes("route", "Kars", "Igdir", "--columns", "length=LEN_KM").code == 2
