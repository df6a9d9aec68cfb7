"""What a user waits for: commands from a cold start, and loading the bundled geometry."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GEOPANDAS = [sys.executable, "-c", "import geopandas"]
LIBRARIES = [sys.executable, "-c", "import geopandas, folium, matplotlib"]

# Load everything that the maps draw, from the compact file and from the same as GeoJSON.
OURS = """
import time, sys
from borders.files.bundle import BUNDLED, DataRoot, layer
import shapely
names = sys.argv[1:]
best = 9.0
for _ in range(5):
    root = DataRoot(BUNDLED.folder)
    start = time.perf_counter()
    for name in names:
        layer(name, root=root)
    best = min(best, time.perf_counter() - start)
print(best)
"""
THEIRS = """
import time, sys
import geopandas
best = 9.0
for _ in range(3):
    start = time.perf_counter()
    for path in sys.argv[1:]:
        geopandas.read_file(path)
    best = min(best, time.perf_counter() - start)
print(best)
"""


def result(bench: str, ours: float, theirs: float, bar: float) -> dict[str, Any]:
    """Return one line of output; the ratio is ours over theirs."""
    ratio = ours / theirs
    return {
        "bench": bench,
        "ours": round(ours, 4),
        "theirs": round(theirs, 4),
        "ratio": round(ratio, 3),
        "unit": "s",
        "bar": bar,
        "ok": ratio <= bar,
    }


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def _in_turn(ours: list[str], theirs: list[str], repeats: int) -> tuple[float, float]:
    """Return the best time of each of two commands, measured in turn."""
    times = [(_seconds(ours), _seconds(theirs)) for _ in range(repeats)]
    return min(t[0] for t in times), min(t[1] for t in times)


def _araxes(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("araxes")), *arguments]


def _loading() -> tuple[float, float]:
    from borders.files.bundle import BUNDLED

    names = ["borders", "reaches", "railways", "batum", "lakes", "rivers", "provinces"]
    paths = [str(BUNDLED.path(f"guides/{name}.geojson")) for name in names]
    run: Callable[..., Any] = subprocess.run
    ours = run([sys.executable, "-c", OURS, *names], check=True, capture_output=True, text=True)
    theirs = run([sys.executable, "-c", THEIRS, *paths], check=True, capture_output=True, text=True)
    return float(ours.stdout), float(theirs.stdout)


def benches() -> Iterator[dict[str, Any]]:
    """Yield the results."""
    yield result("araxes --help / import geopandas",
                 *_in_turn(_araxes("--help"), GEOPANDAS, 9), 0.1)  # fmt: skip
    yield result("araxes show kars-1921 --json / import geopandas",
                 *_in_turn(_araxes("show", "kars-1921", "--json"), GEOPANDAS, 9), 0.6)  # fmt: skip
    route = _araxes("route", "Kars", "Baku", "--json")
    yield result("araxes route Kars Baku --json / import geopandas",
                 *_in_turn(route, GEOPANDAS, 9), 0.5)  # fmt: skip
    pairs = ("--pair", "Kars:Baku", "--pair", "Nakhchivan:Baku")
    yield result("araxes compare, two pairs and six scenarios / import geopandas",
                 *_in_turn(_araxes("compare", *pairs, "--json"), GEOPANDAS, 9), 0.7)  # fmt: skip
    folder = tempfile.mkdtemp()
    try:
        report = _araxes("report", "--out", folder)
        yield result("araxes report / import geopandas, folium, matplotlib",
                     *_in_turn(report, LIBRARIES, 5), 4.0)  # fmt: skip
    finally:
        shutil.rmtree(folder)
    yield result("load bundled geometry / geopandas.read_file of the same", *_loading(), 0.15)
