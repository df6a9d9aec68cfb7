"""Extracts as osmnx reads them, and those that would fill memory or the disk."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from pathlib import Path

import networkx as nx
import osmnx
import pytest
from osm_files import Drawn, rail, road
from pyproj import Geod

from borders.errors import FileFormatError, NoAnswerError
from corridors import Terms, matrix, network_from_osm

GEOD = Geod(ellps="WGS84")
SIDE = 12
PAIRS = 45


def town():
    """Return streets of both directions and of one, to be built and out of use, and railways."""
    rng = random.Random(2026)
    nodes = {
        100 * i + j + 1: tuple(at + 0.01 * n + 0.003 * rng.random() for at, n in ((10, i), (50, j)))
        for i in range(SIDE) for j in range(SIDE)
    }  # fmt: skip
    ways = {}
    for i in range(SIDE):
        for j in range(SIDE):
            for a, b in ((i + 1, j), (i, j + 1)):
                if a < SIDE and b < SIDE:
                    tags = {"oneway": rng.choice(["no"] * 8 + ["yes", "-1"])}
                    life = rng.choice([""] * 14 + ["construction", "proposed"])
                    tags |= {"highway": life, life: "primary"} if life else {"highway": "primary"}
                    ways[len(ways) + 1] = road(100 * i + j + 1, 100 * a + b + 1, **tags)
    ways[900] = rail(1, 102, 203)
    ways[901] = rail(203, 304, railway="disused")
    ways[902] = ((304, 405), {"abandoned:railway": "rail"})
    return Drawn(nodes, ways)


def test_distances_are_those_of_osmnx_on_the_same_file(tmp_path):
    file = town().write(tmp_path / "town.osm")
    network = network_from_osm(file)
    graph = osmnx.graph_from_xml(file, simplify=False, retain_all=True)
    # osmnx takes all ways of a file, whatever they are.
    others = [(u, v, k) for u, v, k, way in graph.edges(keys=True, data="highway")
              if way != "primary"]  # fmt: skip
    graph.remove_edges_from(others)
    assert others
    for u, v, data in graph.edges(data=True):
        ends = [(graph.nodes[n]["x"], graph.nodes[n]["y"]) for n in (u, v)]
        data["metres"] = GEOD.inv(*ends[0], *ends[1])[2]
    places = sorted(int(place[1:]) for place in network.layers)
    rng = random.Random(7)
    # One of every five nodes is passed over by a link of several ways.
    chosen = rng.sample([n for n in places if n in graph], PAIRS)
    names = [f"n{n}" for n in chosen]
    table = matrix(names, names, network=network, terms=Terms(modes=("road",)))
    compared = 0
    for origin, row in zip(chosen, table, strict=True):
        truth = nx.single_source_dijkstra_path_length(graph, origin, weight="metres")
        expected = [truth.get(n, float("inf")) / 1000 for n in chosen]
        assert row == pytest.approx(expected, rel=1e-6)
        compared += sum(length < float("inf") for length in row) - 1
    assert compared > PAIRS * PAIRS / 2


def test_a_gzip_bomb_takes_no_more_memory_than_a_small_file(tmp_path):
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("this system tells no peak of a process")
    file = tmp_path / "bomb.osm.gz"
    with gzip.open(file, "wb", 1) as packed:
        packed.write(b'<osm version="0.6">')
        for _ in range(100):
            packed.write(b" " * (1 << 20))
        packed.write(b"</osm>")
    assert file.stat().st_size < 2 << 20
    code = (
        "import re, sys\n"
        "import osmium, pandas\n"
        "from borders.errors import AraxesError\n"
        "from corridors import network_from_osm\n"
        # Not ru_maxrss, which is no less than what the parent of the process had.
        "def peak_kb():\n"
        "    return int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])\n"
        "before = peak_kb()\n"
        "try:\n    network_from_osm(sys.argv[1])\n"
        "except AraxesError as err:\n    print(type(err).__name__)\n"
        "print(peak_kb() - before)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True
    )
    error, added_kb = run.stdout.split()
    assert error == NoAnswerError.__name__
    assert int(added_kb) < 60_000


def test_a_position_out_of_range_is_said(tmp_path):
    file = tmp_path / "x.osm"
    file.write_text(
        '<osm version="0.6"><node id="1" lat="50" lon="10"/><node id="2" lat="50" lon="10.1"/>'
        '<node id="3" lat="91" lon="200"/>'
        '<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/></way>'
        "</osm>"
    )
    with pytest.raises(FileFormatError, match="position outside of the globe") as error:
        network_from_osm(file)
    assert str(error.value).startswith(f"{file}: ")


def test_a_full_disk_is_said_and_leaves_the_earlier_file(tmp_path):
    pytest.importorskip("resource")
    file = town().write(tmp_path / "town.osm.pbf")
    out = tmp_path / "net.npz"
    # No file may grow beyond so many bytes: less than what is wanted as text, or the network.
    for limit in (1000, 30_000):
        out.write_bytes(b"earlier")
        code = (
            "import resource, signal, sys\n"
            "from maps.cli.main import main\n"
            "import osmium, pandas, scipy.sparse.csgraph\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
            "sys.exit(main(['network', 'import', *sys.argv[1:]]))\n"
        )
        run = subprocess.run(
            [sys.executable, "-B", "-c", code, str(file), "--out", str(out)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 2, run.stderr
        assert len(run.stderr.splitlines()) == 1
        assert out.read_bytes() == b"earlier"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["net.npz", "town.osm.pbf"]
