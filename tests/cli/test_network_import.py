"""`araxes network import`, and the commands that its files serve."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import networkx
import numpy as np
import pytest
from osm_files import Drawn, road
from pyproj import Geod
from unpacked import facts

from borders.errors import FileFormatError
from corridors import load_network, network_from_osm
from maps.cli.main import main

NODES = {n: (10.0 + 0.01 * n, 50.0) for n in range(1, 6)}
STREET = {10: road(1, 2, 3, name="High Street"), 11: road(3, 4, 5, maxspeed="30")}
KM = Geod(ellps="WGS84").line_length(*zip(*NODES.values(), strict=True)) / 1000


@pytest.fixture
def extract(tmp_path):
    tagged = {3: {"place": "town", "name": "Middletown"}}
    return Drawn(NODES, STREET, tagged).write(tmp_path / "x.osm.pbf", stamp="2026-05-01T00:00:00Z")


def run(*words):
    return main(list(map(str, words)))


@pytest.mark.parametrize("suffix", [".npz", ".gpkg", ".geojson"])
def test_an_extract_becomes_a_network_for_route(tmp_path, extract, capsys, suffix):
    out = tmp_path / f"net{suffix}"
    assert run("network", "import", extract, "--out", out) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "2 links, 3 nodes" in said
    assert "as of 2026-05-01" in said
    assert ("only .npz keeps the names" in said) is (suffix != ".npz")
    assert "© OpenStreetMap contributors, ODbL 1.0" in said
    assert run("route", "n1", "n5", "--network", out, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["km"] == pytest.approx(KM, abs=0.05)
    assert "openstreetmap" in found["sources"]


def test_links_of_one_street_are_one_row_whatever_else_they_are_tagged_with(tmp_path, capsys):
    street = {10: road(1, 2, name="High Street", surface="asphalt"),
              11: road(2, 3, name="High Street", maxspeed="30"),
              12: road(3, 4), 13: road(4, 5, highway="tertiary")}  # fmt: skip
    file = Drawn(NODES, street).write(tmp_path / "x.osm.pbf")
    assert run("network", "import", file, "--out", tmp_path / "net.npz") == 0
    assert run("route", "n1", "n5", "--network", tmp_path / "net.npz") == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if " road  reach  open" in line]
    assert [row.split("  ")[0] for row in rows] == ["High Street", "(residential)", "(tertiary)"]


def test_an_end_beside_another_street_is_no_reason_to_refuse_an_import(tmp_path, capsys):
    nodes = NODES | {7: (10.0301, 50.0001), 8: (10.0301, 50.01)}
    file = Drawn(nodes, STREET | {12: road(7, 8)}).write(tmp_path / "x.osm.pbf")
    assert run("network", "import", file, "--out", tmp_path / "net.gpkg") == 0
    assert run("route", "n1", "n5", "--network", tmp_path / "net.gpkg") == 0
    capsys.readouterr()


def test_json_says_what_was_read(tmp_path, extract, capsys):
    assert run("network", "import", extract, "--out", tmp_path / "net.npz", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["links"], said["nodes"], said["licence"]) == (2, 3, "ODbL-1.0")
    assert said["extracts"][0]["name"] == "x.osm.pbf"


def test_a_route_by_names_says_how_far_its_ends_lie(tmp_path, extract, capsys):
    out = tmp_path / "net.npz"
    run("network", "import", extract, "--out", out)
    capsys.readouterr()
    assert run("route", "Middletown", "50.0001,10.05", "--network", out) == 0
    said = capsys.readouterr().out
    assert "Middletown, 0 m from node n3" in said
    assert "50.0001,10.05, 11 m from node n5" in said
    assert run("compare", "--pair", "Middletown:n5", "--network", out, "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["from"] == "Middletown"


def test_a_map_names_the_places_of_the_extract_and_what_is_unknown(tmp_path, capsys):
    border = {"boundary": "administrative", "admin_level": "2"}
    nodes = NODES | {6: (10.045, 49.5), 7: (10.045, 50.5), 8: (10.05, 50.02)}
    tagged = {
        3: {"place": "town", "name": "Middletown", "name:hy": "Միջին"},
        8: {"place": "village", "name": "Sideham"},
    }
    countries = {n: ((90,), border | {"ISO3166-1": code}) for n, code in ((1, "XA"), (2, "XB"))}
    file = Drawn(nodes, STREET | {90: ((6, 7), border)}, tagged, countries).write(
        tmp_path / "x.osm.pbf", stamp="2026-05-01T00:00:00Z"
    )
    out = tmp_path / "net.npz"
    run("network", "import", file, "--out", out)
    pair = ("--pair", "n1:Middletown", "--network", out)
    # The border lies beyond the way, in an extent of which the figure is told.
    extent = ("--extent", "10.0,49.98,10.06,50.03")
    assert run("map", *pair, *extent, "--out", tmp_path / "x.svg") == 0
    drawn = (tmp_path / "x.svg").read_text()
    assert "Middletown" in drawn.replace("n1 – Middletown", "")
    caption = (tmp_path / "x.caption.md").read_text()
    assert "Border crossings" in caption
    assert "Closed crossings" not in caption
    # Two kilometres are not rounded to whole ones.
    assert f"{KM / 2:.1f}\u00a0km" in drawn or f"{KM / 2:.1f} km" in drawn
    assert run("map", *pair, "--out", tmp_path / "x.html") == 0
    named = [place["n"] for place in facts((tmp_path / "x.html").read_text())["places"]]
    assert named[-2:] == [{"en": "Middletown", "hy": "Միջին"}, {"en": "Sideham"}]
    capsys.readouterr()


def test_check_compares_a_compiled_network_with_its_checksums(tmp_path, extract, capsys):
    out = tmp_path / "net.npz"
    run("network", "import", extract, "--out", out)
    assert run("network", "check", out) == 0
    assert "net.npz: 2 links, 3 nodes, 0 errors, 0 remarks" in capsys.readouterr().out
    whole = bytearray(out.read_bytes())
    whole[whole.rindex(load_network(out).table.xy.tobytes())] ^= 1
    out.write_bytes(whole)
    assert run("network", "check", out) == 2
    assert "courses.xy.npy is not what was written" in capsys.readouterr().err


@pytest.mark.parametrize("keep", [0, 10, 100, 0.5, 0.9, -1])
def test_a_compiled_file_cut_short_is_refused_in_one_line(tmp_path, extract, capsys, keep):
    out = tmp_path / "net.npz"
    run("network", "import", extract, "--out", out)
    capsys.readouterr()
    whole = out.read_bytes()
    out.write_bytes(whole[: int(keep * len(whole)) if 0 < keep < 1 else keep])
    assert run("route", "n1", "n5", "--network", out) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "net.npz" in line


def test_another_npz_is_refused(tmp_path, capsys):
    np.savez(tmp_path / "x.npz", a=np.arange(3))
    assert run("route", "n1", "n5", "--network", tmp_path / "x.npz") == 2
    assert "another kind" in capsys.readouterr().err


def test_a_byte_of_a_compiled_file_that_is_wrong_is_no_traceback(tmp_path, extract, capsys):
    out = tmp_path / "net.npz"
    run("network", "import", extract, "--out", out)
    whole = out.read_bytes()
    for at in range(0, len(whole), 97):
        out.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        assert run("route", "n1", "n5", "--network", out) in (0, 1, 2)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x.osm.pbf"], "--out"),
        (["--out", "x.npz"], "--osm-area"),
        (["x.osm.pbf", "--out", "x.shp"], "cannot write"),
        (["x.osm.pbf", "--out", "x.npz", "--roads", "path"], "no class of roads"),
        (["no.osm.pbf", "--out", "x.npz"], "no such file"),
    ],
)
def test_what_is_missing_is_said(tmp_path, extract, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    assert run("network", "import", *words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_a_failed_import_leaves_the_earlier_file(tmp_path, extract, capsys):
    out = tmp_path / "net.npz"
    run("network", "import", extract, "--out", out)
    before = out.read_bytes()
    (tmp_path / "bad.osm.pbf").write_bytes(b"<html>")
    assert run("network", "import", tmp_path / "bad.osm.pbf", "--out", out) == 2
    assert out.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.osm.pbf", "net.npz", "x.osm.pbf"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_an_import_killed_while_it_writes_leaves_the_earlier_file(tmp_path, extract):
    out = tmp_path / "net.npz"
    run("network", "import", extract, "--out", out)
    before = out.read_bytes()
    code = (
        "import os, signal, borders.files.mapped_arrays as m\n"
        "m._write_array = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from maps.cli.main import main\n"
        f"main(['network', 'import', {str(extract)!r}, '--out', {str(out)!r}])\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert out.read_bytes() == before


def test_the_same_extract_gives_the_same_bytes(tmp_path, extract, capsys):
    for name in ("a.npz", "b.npz"):
        run("network", "import", extract, "--out", tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("name", ["rhine.osm.pbf", "rhine.osm", "rhine.osm.gz", "rhine.osm.bz2"])
def test_an_extract_given_as_a_network_says_which_command_makes_one(araxes, tmp_path, name) -> None:
    file = Drawn({1: (9.5, 47.0), 2: (9.51, 47.0)}, {1: road(1, 2)}).write(tmp_path / name)
    for words in (("route", "n1", "n2", "--network", file), ("network", "check", file),
                  ("map", file, "--out", tmp_path / "x.html"),
                  ("export", file, "--out", tmp_path / "x.gpkg")):  # fmt: skip
        told = araxes(*words)
        assert (told.code, told.out) == (2, ""), told
        assert f"araxes network import {name} --out rhine.npz" in told.err
    with pytest.raises(FileFormatError, match=r"araxes network import .* --out rhine\.npz"):
        load_network(file)


def test_latitude_and_longitude_in_the_wrong_order_are_told(araxes, tmp_path) -> None:
    drawn = Drawn({1: (9.5, 47.0), 2: (9.51, 47.0)}, {1: road(1, 2)}).write(tmp_path / "x.osm.pbf")
    file = tmp_path / "x.npz"
    assert araxes("network", "import", drawn, "--out", file).code == 0
    told = araxes("route", "n1", "9.5099,47.0", "--network", file)
    assert "latitude comes first: 47.0,9.5099" in told.err
    told = araxes("route", "n1", "9.5,20.0", "--network", file)
    assert "give a place or coordinates nearer to it" in told.err


def test_a_second_file_of_the_same_ways_says_so_and_keeps_its_day(
    araxes, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    nodes, ways = {1: (9.5, 47.0), 2: (9.505, 47.0)}, {1: road(1, 2)}
    places = {1: {"place": "town", "name": "Au"}}
    drawn = Drawn(nodes, ways, tagged=places)
    first = drawn.write(tmp_path / "a.osm.pbf", stamp="2020-01-02T00:00:00Z")
    second = drawn.write(tmp_path / "b.osm.pbf", stamp="2021-01-02T00:00:00Z")
    told = araxes("network", "import", first, second, "--out", "x.npz")
    # 0.005 degrees of longitude at 47° N are 380 m.
    assert told.out.splitlines()[:3] == [
        "x.npz: 1 link, 2 nodes: 0.40 km of road",
        "  a.osm.pbf: 1 way, as of 2020-01-02",
        "  b.osm.pbf: no way that files before it lack, as of 2021-01-02",
    ]
    assert len(load_network("x.npz").about["places"]) == 1


def test_what_is_no_source_of_a_network_is_told_what_is(tmp_path) -> None:
    drawn = Drawn({1: (9.5, 47.0), 2: (9.51, 47.0)}, {1: road(1, 2, highway="primary")})
    file = drawn.write(tmp_path / "x.osm.pbf")
    for wrong in (None, 3, [file], {}):
        with pytest.raises(FileFormatError, match=r"network_from_osm\(first, second\)"):
            network_from_osm(wrong)
    assert len(network_from_osm(file, roads="motorway, primary").links) == 1
    with pytest.raises(FileFormatError, match="network_from_osm"):
        load_network(networkx.Graph())
