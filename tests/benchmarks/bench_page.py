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
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import numpy as np
import shapely
from chromium import QUIET, chromium
from streets import write_streets
from turns import in_turn, ratio_line

from corridors.analysis.compare import compare
from corridors.model.registry import systems
from corridors.network.link import Link, Node
from corridors.network.load import load_network
from corridors.network.network import Network
from maps.layers.build import layers
from maps.layers.model import REGION
from maps.report.routes_section import PAIRS
from maps.web.basemap import basemap_layers
from maps.web.comparison import RouteComparison
from maps.web.interactive import interactive, save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chromium import Chromium

VERTICES = 20
# Seconds of ours over theirs, about 1.4 times the largest measured on two cores at a load of 3 to
# 10: 0.81 to 0.98, 1.0 to 2.1 and 2.3 to 4.8.
BUILD_BAR, PAINT_BAR, READY_BAR = 1.4, 3.0, 6.5
OPENINGS, AROUND = 7, 3


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
    yield _result("map.html of the report: size", megabytes, 1.5, "MB")


def benches() -> Iterator[dict[str, Any]]:
    """Yield size and time of pages, then what a browser makes of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _report(folder)
        yield from _many(folder)
        yield from _browsed(folder)


# How long a question takes, in milliseconds: the middle of so many.
ASKED = """
count => {
  const { router } = araxes.app.answers, places = router.net.places.map(place => place[0]);
  const spent = [], terms = { users: "freight", modes: null, day: router.net.day };
  let ways = 0;
  for (let n = 0; n < count; n++) {
    const from = places[(7919 * n + 1) % places.length];
    const to = places[(104729 * n + 3) % places.length];
    const by = ["km", "hours", "cost"][n % 3], begin = performance.now();
    const answer = router.ask({ ...terms, from, to, by, scenario: null, switches: {}, set: {} });
    spent.push(performance.now() - begin);
    ways += answer.steps ? 1 : 0;
  }
  spent.sort((a, b) => a - b);
  return [spent[count >> 1], ways];
}
"""
# The same between random points, no two questions from or to the same one.
BETWEEN = """
count => {
  const { router } = araxes.app.answers, { x, y } = router.net.courses, spent = [];
  const lat = n => ((y[n % y.length] + 50 * (n % 997)) / 1e7).toFixed(7);
  const at = n => `${lat(n)},${x[n % x.length] / 1e7}`;
  window.asked = window.asked || 0;
  let ways = 0;
  for (let n = 0; n < count; n++) {
    const k = ++window.asked, by = ["km", "hours", "cost"][n % 3], begin = performance.now();
    const answer = router.ask({
      from: at(7919 * k + 1), to: at(104729 * k + 3), by, users: "freight", modes: null,
      day: router.net.day, scenario: null, switches: {}, set: {}
    });
    spent.push(performance.now() - begin);
    ways += answer.steps && answer.stops.length === 2 ? 1 : 0;
  }
  spent.sort((a, b) => a - b);
  return [spent[count >> 1], ways];
}
"""
QUESTIONS = 60
# Milliseconds of an answer on the bundled network and on one of 20,000 links, and what the network
# and its script may add to a page, in kB.
SMALL_BAR, LARGE_BAR, ADDED_BAR = 30, 300, 150


def _grid(side: int) -> Network:
    """Return a grid of roads with some 2 side² links, 5 km each way."""
    rng = np.random.default_rng(3)
    links = []
    for row in range(side):
        for column in range(side):
            at = (42 + column * 0.05, 38 + row * 0.04)
            for name, (down, right) in (("s", (1, 0)), ("e", (0, 1))):
                if row + down < side and column + right < side:
                    to = (at[0] + right * 0.05, at[1] + down * 0.04)
                    length_m = 5000 * float(rng.uniform(0.9, 1.5))
                    links.append(Link(
                        id=f"{name}{row}-{column}", start=Node(f"n{row}-{column}"),
                        end=Node(f"n{row + down}-{column + right}"), mode="road",
                        length_m=length_m, sigma_m=50.0, countries=("AM",), xy=(at, to),
                    ))  # fmt: skip
    return Network(links=tuple(links), on=date(2026, 6, 1), name="grid")


def _answers(folder: Path, browser: Any) -> Iterator[dict[str, Any]]:
    """Yield what a page's own network costs, and how long it takes to answer."""
    ways = RouteComparison(compared=compare(PAIRS))
    save(interactive(ways=ways, title="Asked"), folder / "asked.html")
    routing = RouteComparison.routing
    RouteComparison.routing = lambda _: None  # type: ignore[method-assign]
    try:
        save(interactive(ways=ways, title="Asked"), folder / "unasked.html")
    finally:
        RouteComparison.routing = routing  # type: ignore[method-assign]
    sizes = [(folder / f"{name}.html").stat().st_size / 1e3 for name in ("asked", "unasked")]
    yield _result("a page that answers: what it adds", sizes[0] - sizes[1], ADDED_BAR, "kB")
    large = RouteComparison(network=_grid(100))
    save(interactive(ways=large, title="Grid"), folder / "grid.html")
    write_streets(folder / "streets.npz", 20_000)
    streets = load_network(folder / "streets.npz")
    save(
        interactive(ways=RouteComparison(network=streets), title="Streets"), folder / "points.html"
    )
    roads = f"{len(streets.links):,} links, between points of them"
    for name, bar, what in (
        ("asked", SMALL_BAR, "the bundled network"), ("grid", LARGE_BAR, "19,800 links"),
        ("points", LARGE_BAR, roads),
    ):  # fmt: skip
        context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
        page = context.new_page()
        page.set_default_timeout(300_000)
        page.goto((folder / f"{name}.html").as_uri())
        page.wait_for_selector("html.araxes-ready", state="attached")
        asked = BETWEEN if name == "points" else ASKED
        page.evaluate(asked, 10)
        spent, found = page.evaluate(asked, QUESTIONS)
        context.close()
        line = _result(f"a page that answers: a question on {what}", spent, bar, "ms")
        yield line | {"ok": line["ok"] and found > QUESTIONS / 4}


def _many(folder: Path) -> Iterator[dict[str, Any]]:
    some, many = _lines(10_000), _lines(100_000)
    ours = _seconds(lambda: save(interactive(some), folder / "some.html"))
    theirs = _seconds(lambda: _plain(some, folder / "plain.html"), times=2)
    sizes = [(folder / f"{one}.html").stat().st_size / 1e6 for one in ("some", "plain")]
    yield _result("10,000 lines: build against folium.GeoJson", ours, 0.2, "s", theirs)
    yield _result("10,000 lines: size against folium.GeoJson", sizes[0], 0.2, "MB", sizes[1])
    yield _result("10,000 lines: size", sizes[0], 1.7, "MB")
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
    with chromium(path) as reader:
        yield from _beside_an_empty_page(reader, folder)
        yield _beside_folium(reader, folder)
    with sync_playwright() as play, contextlib.closing(
        play.chromium.launch(executable_path=path, args=list(QUIET))
    ) as browser:  # fmt: skip
        yield from _answers(folder, browser)
        yield from _moved(browser, folder / "many.html")


def _beside_folium(browser: Chromium, folder: Path) -> dict[str, Any]:
    """Return the seconds of a page of 100,000 lines, and those of folium's."""
    _with_leaflet(folder / "styled.html")
    # Ours before and after: what else the machine does in half a minute changes, and a short time
    # scatters more than a long one.
    ours = [browser.opened(folder / "many.html", "html.araxes-ready")[1] for _ in range(AROUND)]
    _, theirs = browser.opened(folder / "styled.html", "path.leaflet-interactive")
    ours += [browser.opened(folder / "many.html", "html.araxes-ready")[1] for _ in range(AROUND)]
    return _result("100,000 lines: load against a style function", statistics.median(ours), 0.07,
                   "s", theirs)  # fmt: skip


def _moved(browser: Any, file: Path) -> Iterator[dict[str, Any]]:
    """Yield the milliseconds a frame while 100,000 lines are dragged and zoomed by hand.

    Frames are counted by the browser itself, from the first movement of the mouse to the last; a
    page that stands still while it draws misses them.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page = context.new_page()
    page.set_default_timeout(300_000)
    page.goto(file.as_uri(), wait_until="commit")
    page.wait_for_selector("html.araxes-ready", state="attached")
    box = page.locator(".leaflet-container").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag() -> None:
        page.mouse.move(x, y)
        page.mouse.down()
        for n in range(60):
            page.mouse.move(x + 4 * n, y + 2 * n)
        page.mouse.up()

    def zoom() -> None:
        page.mouse.move(x, y)
        for delta in (-120, -120, 120, 120):
            page.mouse.wheel(0, delta)
            page.wait_for_timeout(400)

    for what, move in (("drag", drag), ("zoom", zoom)):
        page.wait_for_timeout(1000)
        page.evaluate(
            """() => {
                const frames = window.benchFrames = [];
                const note = (time) => {
                    frames.push(time);
                    window.benchNext = requestAnimationFrame(note);
                };
                window.benchNext = requestAnimationFrame(note);
            }"""
        )
        move()
        times = page.evaluate("cancelAnimationFrame(benchNext), benchFrames")
        mean = (times[-1] - times[0]) / (len(times) - 1)
        yield _result(f"100,000 lines: a frame of a {what}", round(mean, 2), 1000 / 30, "ms")
    context.close()


def _beside_an_empty_page(browser: Chromium, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the times of the report's page over those of a page with Leaflet and nothing else."""
    empty = folder / "empty.html"
    page = folium.Map(location=(40, 45), zoom_start=7, tiles=None)
    page.default_js, page.default_css = [], []
    page.save(str(empty))
    _with_leaflet(empty)
    opened = [
        (
            browser.opened(folder / "r.html", "html.araxes-ready"),
            browser.opened(empty, ".leaflet-control-zoom"),
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


if __name__ == "__main__":
    import json

    for result in benches():
        print(json.dumps(result), flush=True)
