"""What a reader waits for a page: to be built, painted, to answer; beside folium and Leaflet alone.

Building is measured in turn with folium writing the same shapes, unstyled; painting and answering
in turn with an empty Leaflet page in the same browser.

The browser lines need Debian's Chromium (/usr/bin/chromium) or another one named by CHROMIUM.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import numpy as np
import shapely
from turns import in_turn, ratio_line

from corridors.analysis.compare import compare
from corridors.model.registry import systems
from maps.layers.build import layers
from maps.layers.model import REGION
from maps.report.routes_section import PAIRS
from maps.web.basemap import basemap_layers
from maps.web.comparison import RouteComparison
from maps.web.interactive import interactive, save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
VERTICES = 20
# Seconds of ours over theirs, about 1.4 times the largest measured on two cores at a load of 3 to
# 10: 0.81 to 0.98, 1.0 to 2.1 and 2.3 to 4.8.
BUILD_BAR, PAINT_BAR, READY_BAR = 1.4, 3.0, 6.5
OPENINGS = 7


def _lines(count: int) -> gpd.GeoDataFrame:
    """Return random walks over the region with an id, a name and a kind each."""
    rng = np.random.default_rng(1)
    start = np.column_stack([rng.uniform(40, 50, count), rng.uniform(38, 42, count)])
    steps = rng.normal(0, 0.01, (count, VERTICES, 2))
    steps[:, 0] = start
    drawn = shapely.linestrings(np.cumsum(steps, axis=1))
    told = {
        "id": [f"line-{n}" for n in range(count)],
        "name": [f"Line {n}" for n in range(count)],
        "kind": ["road"] * count,
    }
    return gpd.GeoDataFrame(told, geometry=list(drawn), crs=4326)


def _plain(table: gpd.GeoDataFrame, target: Path, *, styled: bool = False) -> None:
    """Write a table the way folium's users do; its files are left out, as we must not fetch any."""
    page = folium.Map(location=(40, 45), zoom_start=7, tiles=None)
    page.default_js, page.default_css = [], []

    def look(_: Any) -> dict[str, Any]:
        return {"color": "#333333", "weight": 2}

    folium.GeoJson(table, style_function=look if styled else None).add_to(page)
    page.save(str(target))


def _seconds(work: Callable[[], Any], *, times: int = 3) -> float:
    spent = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begin)
    return min(spent)


def _result(bench: str, ours: float, bar: float, unit: str, theirs: float | None = None) -> Any:
    measured = ours if theirs is None else ours / theirs
    ratio = None if theirs is None else measured
    return {"bench": bench, "ours": ours, "theirs": theirs, "ratio": ratio, "unit": unit,
            "bar": bar, "ok": measured <= bar}  # fmt: skip


def _report(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the time and size of the report's page, `r.html`."""
    every, ways = systems(), RouteComparison(compared=compare(PAIRS))
    drawn = [*layers(every), *ways.layers(), *basemap_layers()]
    shapes = [shape.geometry for layer in drawn for shape in layer.shapes]
    table = gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=shapes, crs=4326)

    def build() -> None:
        save(interactive(*every, ways=ways, bounds=REGION, title="Report"), folder / "r.html")

    ours, theirs = in_turn(build, lambda: _plain(table, folder / "r-plain.html"), repeats=5)
    bench = "map.html of the report: build / folium.GeoJson of the same shapes"
    yield ratio_line(bench, ours, theirs, BUILD_BAR)
    megabytes = (folder / "r.html").stat().st_size / 1e6
    yield _result("map.html of the report: size", megabytes, 4.0, "MB")


def benches() -> Iterator[dict[str, Any]]:
    """Yield size and time of pages, then what a browser makes of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _report(folder)
        yield from _many(folder)
        yield from _browsed(folder)


def _many(folder: Path) -> Iterator[dict[str, Any]]:
    some, many = _lines(10_000), _lines(100_000)
    ours = _seconds(lambda: save(interactive(some), folder / "some.html"))
    theirs = _seconds(lambda: _plain(some, folder / "plain.html"), times=2)
    sizes = [(folder / f"{one}.html").stat().st_size / 1e6 for one in ("some", "plain")]
    yield _result("10,000 lines: build against folium.GeoJson", ours, 0.2, "s", theirs)
    yield _result("10,000 lines: size against folium.GeoJson", sizes[0], 0.2, "MB", sizes[1])
    yield _result("10,000 lines: size", sizes[0], 1.5, "MB")
    save(interactive(many), folder / "many.html")
    _plain(many, folder / "styled.html", styled=True)
    yield _result("100,000 lines: size", (folder / "many.html").stat().st_size / 1e6, 15.0, "MB")


def _browsed(folder: Path) -> Iterator[dict[str, Any]]:
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        yield {"bench": "pages in a browser", "ours": None, "theirs": None, "ratio": None,
               "unit": "no Chromium found", "bar": None, "ok": False}  # fmt: skip
        return
    _with_leaflet(folder / "styled.html")
    with sync_playwright() as play, contextlib.closing(
        play.chromium.launch(executable_path=path, args=list(QUIET))
    ) as browser:  # fmt: skip
        yield from _beside_an_empty_page(browser, folder)
        # Ours before and after: what else the machine does in half a minute changes.
        _, before = _opened(browser, folder / "many.html", "html.araxes-ready")
        _, theirs = _opened(browser, folder / "styled.html", "path.leaflet-interactive")
        _, after = _opened(browser, folder / "many.html", "html.araxes-ready")
        ours = (before + after) / 2
        yield _result("100,000 lines: load against a style function", ours, 0.1, "s", theirs)


def _beside_an_empty_page(browser: Any, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the times of the report's page over those of a page with Leaflet and nothing else."""
    empty = folder / "empty.html"
    page = folium.Map(location=(40, 45), zoom_start=7, tiles=None)
    page.default_js, page.default_css = [], []
    page.save(str(empty))
    _with_leaflet(empty)
    opened = [
        (
            _opened(browser, folder / "r.html", "html.araxes-ready"),
            _opened(browser, empty, ".leaflet-control-zoom"),
        )
        for _ in range(1 + OPENINGS)
    ]
    # The first turn is the browser's own start.
    for n, (what, bar) in enumerate((("first paint", PAINT_BAR), ("interactive", READY_BAR))):
        ours, theirs = (statistics.median(turn[side][n] for turn in opened[1:]) for side in (0, 1))
        bench = f"map.html of the report: {what} / an empty Leaflet page"
        yield ratio_line(bench, ours, theirs, bar)


def _with_leaflet(file: Path) -> None:
    """Put Leaflet into folium's page, which would fetch it."""
    from maps.web.document import leaflet

    script, css = leaflet()
    # folium.GeoJson formats its popups with a function of Leaflet only.
    head = f"<style>{css}</style><script>{script}</script></head>"
    file.write_text(file.read_text("utf-8").replace("</head>", head, 1), "utf-8")


def _opened(browser: Any, file: Path, ready: str) -> tuple[float, float]:
    """Return seconds to the first paint and to a page that answers."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page = context.new_page()
    page.set_default_timeout(300_000)
    begin = time.perf_counter()
    page.goto(file.as_uri(), wait_until="commit")
    page.wait_for_selector(ready, state="attached")
    # The page answers when it has run its scripts and drawn a frame.
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
    spent = time.perf_counter() - begin
    paints = page.evaluate(
        "performance.getEntriesByName('first-contentful-paint').map(e => e.startTime / 1000)"
    )
    context.close()
    return (paints[0] if paints else spent), spent


if __name__ == "__main__":
    import json

    for result in benches():
        print(json.dumps(result), flush=True)
