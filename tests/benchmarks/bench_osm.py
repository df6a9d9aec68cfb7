"""Import of OpenStreetMap beside osmnx and a bare pass of pyosmium: lengths asserted equal.

Real extracts run, too, where they lie beside the checkout in `shared/osm` or where a variable says.

The town is drawn with a fixed seed: streets with bends, half of the nodes shared, a tenth of the
streets of one direction. Each side runs in a process of its own, for its memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from bench_routing import faster, no_more
from memory import peak_mb

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED, BENDS = 11, 3
# Crossings a side: with `BENDS` nodes on each street between two about 470,000 nodes in all.
SIDE = 260
SCALES = (0.5, 1.0, 2.0, 4.0)
EXTRACTS = Path(os.environ.get("ARAXES_EXTRACTS") or Path(__file__).parents[3] / "shared" / "osm")
# The first is as large as the town. The others are read in a fifth of a second, most of which is
# what every import begins with, so that beside a bare pass and in memory they tell nothing.
REAL = ("porto.osm.pbf", "andorra.osm.pbf", "liechtenstein-2013.osm.pbf")


def town(file: Path, side: int) -> int:
    """Write a town of `side` times `side` crossings; return how many nodes it has."""
    import osmium
    from osmium.osm.mutable import Node, Way

    rng = np.random.default_rng(SEED)
    lon = 10 + 0.001 * np.arange(side * (BENDS + 1)) / (BENDS + 1)
    count = 0
    file.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(file)) as writer:
        numbers = _numbers(side)
        shift = rng.uniform(-1e-4, 1e-4, (numbers.size, 2))
        for (i, j), n in np.ndenumerate(numbers):
            if n:
                at = lon[i] + shift[n - 1, 0], lon[j] + 40 + shift[n - 1, 1]
                writer.add_node(Node(id=int(n), location=at, version=1))
                count += 1
        key = 0
        for lines in (numbers, numbers.T):
            for line in lines[:: BENDS + 1]:
                for begin in range(0, len(line) - 1, 4 * (BENDS + 1)):
                    key += 1
                    refs = [int(n) for n in line[begin : begin + 4 * (BENDS + 1) + 1]]
                    tags = {"highway": "residential", "name": f"Street {key % 997}"}
                    if not key % 10:
                        tags["oneway"] = "yes"
                    writer.add_way(Way(id=key, nodes=refs, tags=tags, version=1))
    return count


def _numbers(side: int) -> np.ndarray:
    """Return the numbers of the nodes of a town on a grid, 0 where there is none."""
    size = side * (BENDS + 1) - BENDS
    i, j = np.indices((size, size))
    there = (i % (BENDS + 1) == 0) | (j % (BENDS + 1) == 0)
    return np.where(there, np.cumsum(there).reshape(there.shape), 0)


def measured(side: str, file: Path) -> dict[str, float]:
    """Return CPU seconds, peak memory in MB and kilometres of a side, in a process of its own."""
    run = subprocess.run(
        [sys.executable, __file__, side, str(file)],
        capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    answer: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return answer


def _ours(file: Path) -> float:
    from corridors.osm.network_from_osm import network_from_osm

    table = network_from_osm(file).table
    return float(table.columns.length_m.sum()) / 1000


def _bare(file: Path) -> float:
    import osmium

    line = osmium.geom.WKBFactory().create_linestring
    ways = osmium.FileProcessor(str(file)).with_locations()
    ways = ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    for way in ways.with_filter(osmium.filter.KeyFilter("highway")):
        if len(way.nodes) > 1:
            line(way)
    return 0.0


def _osmnx(file: Path) -> float:
    import osmnx
    from pyproj import Geod

    graph = osmnx.graph_from_xml(file, retain_all=True)
    lines = osmnx.graph_to_gdfs(osmnx.convert.to_undirected(graph), nodes=False).geometry
    geod = Geod(ellps="WGS84")
    return sum(geod.geometry_length(line) for line in lines) / 1000


def _converted(file: Path) -> float:
    """Write a PBF as XML, the only form that osmnx reads."""
    import osmium

    with osmium.SimpleWriter(str(file.with_suffix(".converted.osm"))) as writer:
        for thing in osmium.FileProcessor(str(file)):
            writer.add(thing)
    return 0.0


def benches() -> Iterator[dict[str, Any]]:
    """Yield a line for each comparison."""
    with tempfile.TemporaryDirectory() as folder:
        pbf, xml = Path(folder, "town.osm.pbf"), Path(folder, "town.osm")
        town(pbf, SIDE)
        town(xml, SIDE)
        ours, ours_xml, bare = measured("ours", pbf), measured("ours", xml), measured("bare", pbf)
        theirs, converted = measured("osmnx", xml), measured("convert", pbf)
        assert abs(ours["km"] / theirs["km"] - 1) < 1e-6
        # osmnx reads no PBF: its users have it written as XML before.
        from_pbf_s = theirs["s"] + converted["s"]
        yield faster("osm: PBF to network, CPU, PBF to XML and osmnx", ours["s"], from_pbf_s, 20)
        yield faster("osm: XML to network, CPU, osmnx", ours_xml["s"], theirs["s"], 15)
        yield no_more("osm: CPU, a bare pass with WKB", ours["s"], bare["s"], 4)
        yield no_more("osm: peak memory above start, osmnx", ours["mb"], theirs["mb"], 1 / 8, "MB")
        yield from _growth(Path(folder))
        for name in REAL:
            if (EXTRACTS / name).is_file():
                yield from _real(EXTRACTS / name, Path(folder))


def _real(extract: Path, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what a real extract takes; osmnx reads other ways of it, so lengths may differ."""
    # Converted beside the others, as the extracts may lie where nothing can be written.
    file = folder / extract.name
    file.write_bytes(extract.read_bytes())
    ours, converted = (measured(side, file) for side in ("ours", "convert"))
    theirs = measured("osmnx", file.with_suffix(".converted.osm"))
    name = extract.name
    yield faster(
        f"osm: {name} to network, CPU, PBF to XML and osmnx", ours["s"],
        theirs["s"] + converted["s"], 20,
    )  # fmt: skip
    if name != REAL[0]:
        return
    bare = measured("bare", file)
    yield no_more(f"osm: {name}, CPU, a bare pass with WKB", ours["s"], bare["s"], 4)
    yield no_more(
        f"osm: {name}, peak memory above start, osmnx", ours["mb"], theirs["mb"], 1 / 8, "MB"
    )


def _growth(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield how time and memory a million nodes grow from half a million to four."""
    sides = []
    for millions in SCALES:
        file = folder / f"{millions}.osm.pbf"
        nodes = town(file, round(SIDE * (millions / 0.47) ** 0.5))
        sides.append({k: v / nodes * 1e6 for k, v in measured("ours", file).items()})
        sides[-1]["peak"] = sides[-1]["mb"] * nodes / 1e6
    yield no_more("osm: CPU a million nodes, 4 M", sides[-1]["s"], sides[0]["s"], 1.3)
    yield no_more("osm: memory a million nodes, 4 M", sides[-1]["mb"], sides[0]["mb"], 1.3, "MB")
    yield no_more("osm: peak memory of 4 M nodes", sides[-1]["peak"], 2000, 1, "MB")


def main() -> None:
    """Run one side and print what it took."""
    side, file = sys.argv[1], Path(sys.argv[2])
    import geopandas
    import pandas
    import pyproj
    import scipy.sparse.csgraph

    assert geopandas
    assert pandas
    assert pyproj
    assert scipy.sparse.csgraph
    if side == "osmnx":
        import osmnx

        assert osmnx
    else:
        import osmium

        import corridors.osm.network_from_osm as module

        assert osmium
        assert module
    before_mb = peak_mb()
    begun = time.process_time()
    km = {"ours": _ours, "bare": _bare, "osmnx": _osmnx, "convert": _converted}[side](file)
    seconds = time.process_time() - begun
    print(json.dumps({"s": seconds, "mb": peak_mb() - before_mb, "km": km}))


if __name__ == "__main__":
    main()
