"""`data/build` reproduces the derived files byte for byte, and the borders have their lengths."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from geographiclib.geodesic import Geodesic

from borders.files.bundle import BUNDLED

DATA = BUNDLED.folder
ROOT = Path(__file__).parents[2]
EARTH = Geodesic.WGS84

# What each script derives; the basemap, lakes, rivers and provinces need packages that tests do not
# fetch. The two chains run side by side, as the railway graph takes longest.
CHAINS = (
    (
        (
            "country_borders",
            ("guides/borders.geojson", "guides/reaches.geojson", "guides/kgz-uzb.geojson"),
        ),
        ("towns", ("towns.csv",)),
        ("batum", ("guides/batum.geojson",)),
        ("sister_places", ("context/sister_places.csv",)),
        ("capitals", ("context/capitals.csv",)),
    ),
    (("rail", ("network/rail.csv",)), ("railways", ("guides/railways.geojson",))),
)
DERIVED = [file for chain in CHAINS for _, files in chain for file in files]

# The table of design section 3, in km.
LENGTHS_KM = {
    "tur-geo": 273.45,
    "tur-arm": 331.11,
    "tur-nax": 17.16,
    "arm-nax": 247.99,
    "nax-irn": 223.79,
    "arm-irn": 45.93,
}

# A script runs as it does under `make data`, but any use of the network is an error.
RUN = """
import socket, sys
def refuse(*args, **kwargs):
    raise OSError("the network was asked")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
sys.path.insert(0, sys.argv[1])
from importlib import import_module
for name in sys.argv[2:]:
    import_module(name).build()
"""


def start(build: Path, names: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RUN, str(build), *names]
    return subprocess.Popen(
        command, cwd=build, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """Return a copy of data/ whose derived files were made anew by the scripts."""
    copy = tmp_path_factory.mktemp("rebuilt") / "data"
    shutil.copytree(DATA, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (*DERIVED, "runtime.npz", "datapackage.json"):
        (copy / file).unlink()
    for names in ([name for name, _ in chain] for chain in CHAINS):
        assert set(names) <= {path.stem for path in (copy / "build").glob("*.py")}
    running = [start(copy / "build", [name for name, _ in chain]) for chain in CHAINS]
    for process in running:
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, output
    last = start(copy / "build", ["runtime", "catalogue", "datapackage"])
    output, _ = last.communicate(timeout=300)
    assert last.returncode == 0, output
    return copy


@pytest.mark.parametrize("file", [*DERIVED, "runtime.npz", "catalogue.toml", "datapackage.json"])
def test_a_derived_file_is_reproduced_byte_for_byte(rebuilt, file):
    assert (rebuilt / file).read_bytes() == (DATA / file).read_bytes()


def test_rebuilding_adds_and_removes_no_file(rebuilt):
    def names(folder: Path) -> set[str]:
        paths = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        return {p for p in paths if "__pycache__" not in p}

    assert names(rebuilt) == names(DATA)


def test_the_run_without_network_refuses_the_network():
    probe = (
        RUN.split("sys.path", maxsplit=1)[0]
        + "\nimport urllib.request as u\nu.urlopen('http://127.0.0.1')"
    )
    run = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert "the network was asked" in run.stderr
    assert socket.create_connection.__module__ == "socket"


@pytest.fixture(scope="module")
def borders():
    features = json.loads((DATA / "guides/borders.geojson").read_text("utf-8"))["features"]
    return {f["properties"]["id"]: f["geometry"]["coordinates"] for f in features}


@pytest.mark.parametrize(("border", "km"), LENGTHS_KM.items())
def test_a_border_has_the_length_of_the_design_table(borders, border, km):
    line = borders[border]
    metres = sum(EARTH.Inverse(b[1], b[0], d[1], d[0])["s12"] for b, d in pairwise(line))
    assert metres / 1000 == pytest.approx(km, abs=0.01)


def test_borders_that_meet_share_the_vertex_where_they_meet(borders):
    first, last = ({key: tuple(line[at]) for key, line in borders.items()} for at in (0, -1))
    assert last["tur-geo"] == first["tur-arm"] == first["arm-geo"]
    assert last["tur-arm"] == first["tur-nax"] == first["arm-nax"]
    assert last["tur-nax"] == first["tur-irn"] == first["nax-irn"]
    assert last["nax-irn"] == last["arm-nax"] == first["arm-irn"]
    assert last["arm-irn"] == first["aze-irn"] == last["arm-aze"]
    assert last["arm-geo"] == first["aze-geo"] == first["arm-aze"]


def test_reaches_run_on_vertices_of_the_borders(borders):
    known = {tuple(vertex) for line in borders.values() for vertex in line}
    features = json.loads((DATA / "guides/reaches.geojson").read_text("utf-8"))["features"]
    for feature in features:
        vertices = {tuple(vertex) for vertex in feature["geometry"]["coordinates"]}
        assert vertices <= known, feature["properties"]["id"]


def test_the_railway_graph_bridges_only_gaps_of_less_than_400_m_and_says_so():
    lines = (DATA / "network/rail.csv").read_text("utf-8").splitlines()
    gaps = [line.split(",") for line in lines if line.endswith(",gap")]
    assert gaps
    for row in gaps:
        lon, lat, lon2, lat2 = map(float, row[2:6])
        chord_m = EARTH.Inverse(lat, lon, lat2, lon2)["s12"]
        assert chord_m == pytest.approx(int(row[6]), abs=1)
        assert chord_m < 400
