"""`araxes network refine`, and the commands that its networks serve."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
from osm_files import Drawn
from real_paths import Ground, true_m, winding
from unpacked import facts

from corridors import load_network
from maps.cli.main import main

# A bundled road on the way from Kars to Yerevan by Gyumri.
LINK = "road-gyumri-ashtarak"


@pytest.fixture(scope="module")
def road():
    """Return the real path that is drawn for the link, and an extract that holds it."""
    link = load_network().link(LINK)
    pieces = [winding(a, b, wave_m=400) for a, b in zip(link.xy[:-1], link.xy[1:], strict=True)]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


@pytest.fixture(scope="module")
def extract(tmp_path_factory, road):
    ground = Ground()
    ground.add(road, highway="trunk", ref="M1")
    ground.add(winding((43.9, 40.75), (44.2, 40.78)), highway="primary", ref="H99", name="Side")
    file = tmp_path_factory.mktemp("osm") / "shirak.osm.pbf"
    return Drawn(ground.nodes, ground.ways).write(file, stamp="2026-05-01T00:00:00Z")


def run(*words):
    return main(list(map(str, words)))


@pytest.mark.parametrize("suffix", [".npz", ".gpkg"])
def test_the_bundled_network_on_real_ways_serves_route_under_a_scenario(
    tmp_path, extract, road, capsys, suffix
):
    out = tmp_path / f"net{suffix}"
    assert run("network", "refine", "--osm", extract, "--out", out) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "schematic links lie on real ways now" in said
    assert "shirak.osm.pbf, as of 2026-05-01" in said
    assert "© OpenStreetMap contributors, ODbL 1.0" in said
    words = ("route", "Kars", "Yerevan", "--scenario", "turkiye-armenia-open", "--by", "km",
             "--modes", "road", "--avoid", "x-alican-margara", "--json")  # fmt: skip
    assert run(*words) == 0
    before = json.loads(capsys.readouterr().out)
    assert run(*words, "--network", out) == 0
    after = json.loads(capsys.readouterr().out)
    links = {link["id"]: link for link in after["links"]}
    assert links.keys() == {link["id"] for link in before["links"]}
    assert (links[LINK]["km"], links[LINK]["basis"]) == (
        pytest.approx(true_m(road) / 1000, abs=0.06), "osm"
    )  # fmt: skip
    assert after["crossings"] == before["crossings"]
    assert "openstreetmap" in after["sources"]
    # The interval is narrower than that of what was drawn through places.
    assert after["high_km"] - after["low_km"] < before["high_km"] - before["low_km"]


def test_the_report_is_a_table_in_four_forms(tmp_path, extract, road, capsys):
    words = ("network", "refine", "--osm", extract, "--out", tmp_path / "net.npz")
    assert run(*words, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    (row,) = (row for row in said["links"] if row["link"] == LINK)
    assert row["osm_km"] == pytest.approx(true_m(road) / 1000, abs=0.06)
    assert row["low_km"] < row["km"] < row["high_km"]
    assert said["matched"] + said["differs"] + said["left"] == len(said["links"])
    assert [road["ref"] for road in said["lacking"]] == ["H99"]
    assert run(*words, "--csv") == 0
    rows = {row["link"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert float(rows[LINK]["osm_km"]) == row["osm_km"]
    assert rows["H99 Side"]["outcome"] == "lacking"
    assert run(*words, "--markdown") == 0
    assert f"| {LINK} | {row['outcome']} |" in capsys.readouterr().out
    assert run(*words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("H99") for line in lines)


def test_the_report_is_a_map_or_a_vector_file(tmp_path, extract, capsys):
    import geopandas

    report = tmp_path / "report.gpkg"
    words = ("network", "refine", "--osm", extract, "--out", tmp_path / "net.npz", "--report")
    assert run(*words, report) == 0
    kinds = geopandas.list_layers(report)["name"].tolist()
    assert {"link_left", "road_lacking"} < set(kinds)
    assert run(*words, tmp_path / "report.html") == 0
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "main roads that the network lacks" in page
    assert "© OpenStreetMap contributors" in page
    capsys.readouterr()


def test_a_refined_network_is_sound_and_is_not_refined_again(tmp_path, extract, capsys):
    out, again = tmp_path / "net.npz", tmp_path / "again.npz"
    assert run("network", "refine", "--osm", extract, "--out", out) == 0
    assert run("network", "check", out) == 0
    assert " 0 errors" in capsys.readouterr().out
    assert run("network", "refine", out, "--osm", extract, "--out", again) == 0
    assert "lay on real ways before" in " ".join(capsys.readouterr().out.split())
    assert load_network(again).links == load_network(out).links


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--osm", "{osm}"), "refine writes a network; add --out NET"),
        (("--out", "{net}"), "refine needs real roads and railways; add --osm EXTRACT"),
        (("--osm", "{osm}", "--out", "{osm}"), "is read, so it cannot be written"),
        (("{own}", "--osm", "{osm}", "--out", "{own}"), "own.geojson is read, so it cannot be"),
        (("{own}", "--network", "{own}", "--osm", "{osm}", "--out", "{net}"),
         "refine takes one network; 2 are given"),
        (("--osm", "{osm}", "--out", "net.txt"), "cannot write '.txt'"),
        (("--osm", "{osm}", "--out", "{net}", "--report", "x.doc"), "cannot write '.doc'"),
        (("--osm", "{osm}", "--out", "{net}", "--report", "{net}"), "cannot write '.npz'"),
        (("--osm", "none.osm.pbf", "--out", "{net}"), "none.osm.pbf: no such file"),
        (("--osm", "{own}", "--out", "{net}"), "own.geojson: no features in it"),
        (("--osm", "{empty}", "--out", "{net}"), "empty.osm.pbf: is empty"),
        (("--osm", "{bare}", "--out", "{net}"), "no road, railway or ferry"),
        (("--osm", "{far}", "--out", "{net}"), "links of the bundled network lies in far.osm.pbf"),
        (("--columns", "a=b", "--osm", "{osm}", "--out", "{net}"), "--columns names those of"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(tmp_path, extract, capsys, words, message):
    here = Ground()
    here.add([(10.0, 50.0), (10.1, 50.0)], highway="primary")
    files = {
        "osm": extract, "net": tmp_path / "net.npz", "own": tmp_path / "own.geojson",
        "empty": tmp_path / "empty.osm.pbf", "far": tmp_path / "far.osm.pbf",
        "bare": tmp_path / "bare.osm.pbf",
    }  # fmt: skip
    files["own"].write_text('{"type": "FeatureCollection", "features": []}')
    files["empty"].write_bytes(b"")
    Drawn(here.nodes, here.ways).write(files["far"])
    Drawn({1: (10.0, 50.0)}, {}).write(files["bare"])
    status = run("network", "refine", *(word.format(**files) for word in words))
    said = capsys.readouterr().err.strip()
    assert status == 2
    assert message in said
    assert "\n" not in said
    assert not files["net"].exists()


def test_options_of_refine_are_refused_elsewhere(tmp_path, extract, capsys):
    assert run("network", "check", "--osm", extract) == 2
    assert "--osm is for `araxes network refine`" in capsys.readouterr().err


def test_maps_on_a_refined_network_say_of_what_day_its_extract_is(tmp_path, extract, capsys):
    out = tmp_path / "net.npz"
    assert run("network", "refine", "--osm", extract, "--out", out) == 0
    said = "net.npz (shirak.osm.pbf, 2026-05-01)"
    asked = ("reach", "Gyumri", "--within", "60"), ("map", "--pair", "Gyumri:Yerevan")
    for words, file in ((asked[0], "a.svg"), (asked[1], "b.svg"), (asked[1], "c.html")):
        assert run(*words, "--network", out, "--out", tmp_path / file) == 0
        beside = tmp_path / file
        if beside.suffix == ".svg":
            beside = beside.with_suffix(".caption.md")
        text = beside.read_text("utf-8")
        assert said in (text if beside.suffix == ".md" else json.dumps(facts(text)))
    assert run("map", "--pair", "Gyumri:Yerevan", "--out", tmp_path / "d.svg") == 0
    assert "the bundled network" not in (tmp_path / "d.caption.md").read_text("utf-8")
