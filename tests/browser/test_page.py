"""The page in headless Chromium, with the network blocked."""

from __future__ import annotations

import io
import re
from itertools import combinations, pairwise
from math import hypot

import geopandas as gpd
import numpy as np
import pytest
import unpacked
from geographiclib.geodesic import Geodesic
from PIL import Image
from shapely import LineString, Point, Polygon

from borders.files.catalogue import source
from borders.gazetteer.places import LANGUAGES, places
from corridors.analysis.compare import compare
from corridors.model.registry import system, system_ids, systems
from maps.i18n import word, words
from maps.layers.build import layers
from maps.layers.simplify import simplified_layers
from maps.web.interactive import interactive, save
from maps.web.tiles import background

pytestmark = pytest.mark.browser

BOXES = """
selector => Array.from(document.querySelectorAll(selector)).map(e => {
  const r = e.getBoundingClientRect();
  return [e.textContent, r.left, r.top, r.right, r.bottom];
})
"""
# A number that tells one drawing of the lines from another.
DRAWING = """
() => {
  const canvas = document.querySelector(".leaflet-araxes-lines-pane canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  for (let n = 0; n < data.length; n++) { sum = (sum * 31 + data[n]) | 0; }
  return sum;
}
"""
# A point in pixels of the page that lies on a feature of a layer, and on none above it.
POINT_ON = """
id => {
  const { model, map, pick } = araxes.app, frame = map.getContainer().getBoundingClientRect();
  const layer = model.facts.layers.find(one => one.id === id), g = layer.groups[1];
  for (let n = 0; n < g.x.length; n++) {
    const [lon, lat] = araxes.decode.lonLat(g.x[n], g.y[n]);
    const at = map.latLngToContainerPoint([lat, lon]);
    const top = document.elementFromPoint(at.x + frame.x, at.y + frame.y);
    if (at.x < 60 || at.y < 60 || at.x > frame.width - 60 || at.y > frame.height - 60) { continue; }
    const found = pick(L.latLng(lat, lon), 8);
    if (top && top.closest(".leaflet-container") && found && found.layer === layer) {
      return [at.x + frame.x, at.y + frame.y, found.feature];
    }
  }
  return null;
}
"""


def overlap(one, other):
    return one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]


def toggle(page, key, on):
    page.locator(f'input[data-layer="{key}"]').set_checked(on)


def card(page):
    """Return the heading of the popup and its values by their labels."""
    box = page.locator(".leaflet-popup .araxes-card")
    box.wait_for()
    terms = box.locator("dt").all_text_contents()
    return box.locator("h2").text_content(), dict(
        zip(terms, box.locator("dd").all_text_contents(), strict=True)
    )


def set_day(page, day):
    page.locator("#araxes-day").fill(day)


@pytest.fixture
def wide(made, visit):
    with visit(made.folder / "map.html") as opened:
        yield opened


@pytest.fixture
def narrow(made, visit):
    with visit(made.folder / "map.html", 375, 800) as opened:
        yield opened


def test_the_page_asks_for_nothing_and_complains_of_nothing(wide):
    page = wide.page
    page.locator(".leaflet-control-zoom-in").click()
    page.locator("#araxes-scenario").select_option(index=1)
    set_day(page, "2021-01-01")
    page.wait_for_timeout(400)
    assert wide.requests == []
    assert wide.complaints == []


def test_the_script_unpacks_what_python_packed(made, wide):
    expected = unpacked.geometries(made.text("map.html"))
    told = wide.page.evaluate(
        """() => araxes.app.model.facts.layers.map(layer => [layer.id, layer.groups.map(g => [
             g.parts, Array.from(g.owner), g.x.length, g.x.length ? araxes.decode.lonLat(
               g.x[g.x.length - 1], g.y[g.y.length - 1]) : null])])"""
    )
    for key, groups in told:
        for kind, (parts, owners, vertices, last) in zip(
            ("area", "line", "point"), groups, strict=True
        ):
            shapes = [(who, xy) for of, who, xy in expected[key] if of == kind]
            assert parts == len(shapes)
            assert owners == [who for who, _ in shapes]
            assert vertices == sum(len(xy) for _, xy in shapes)
            if last:
                assert last == pytest.approx(shapes[-1][1][-1], abs=1e-9)


@pytest.mark.parametrize("script", ["delete Uint8Array.fromBase64;", ""])
def test_base64_is_undone_by_every_browser(made, visit, script):
    with visit(made.folder / "map.html", script=script) as opened:
        had, first = opened.page.evaluate(
            "() => [Boolean(Uint8Array.fromBase64), araxes.app.model.facts.layers[0].groups.length]"
        )
        assert had == (not script)
        assert first == 3


def test_vertices_from_pole_to_pole_stand_where_mercator_puts_them(tmp_path, visit):
    rng = np.random.default_rng(11)
    # Steps of metres and of degrees, up to where the map ends and beyond.
    lat = np.concatenate([np.linspace(-90, 90, 400), 84.9 + np.cumsum(rng.normal(0, 0.01, 400)),
                          40 + np.cumsum(rng.normal(0, 0.002, 400))]).clip(-90, 90)  # fmt: skip
    lon = np.linspace(-170, 170, len(lat))
    lines = list(map(LineString, np.split(np.column_stack([lon, lat]), 12)))
    table = gpd.GeoDataFrame({"name": ["line"] * 12}, geometry=lines, crs=4326)
    save(interactive(table), tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        x, y, box = opened.page.evaluate(
            "() => { const g = araxes.app.model.facts.layers[0].groups[1];"
            " return [g.x, g.y, g.box].map(values => Array.from(values)); }"
        )
    drawn = unpacked.lines((tmp_path / "map.html").read_text("utf-8"), "table-1")
    degrees = np.concatenate([np.array(line.coords) for line in drawn])
    true_y = 0.5 - np.arcsinh(np.tan(np.radians(degrees[:, 1].clip(-85.0511, 85.0511)))) / (
        2 * np.pi
    )
    assert x == pytest.approx(degrees[:, 0] / 360 + 0.5, abs=1e-12)
    # A pixel of the nearest zoom is 3e-8.
    assert np.abs(y - true_y).max() < 1e-9
    ends = np.cumsum([0, *(len(line.coords) for line in drawn)])
    parts = [(x[i:j], y[i:j]) for i, j in pairwise(ends)]
    sides = [f(part[n]) for part in parts for f in (min, max) for n in (0, 1)]
    assert box == pytest.approx(sides, abs=1e-9)


def test_every_system_is_in_the_legend_and_drawn_and_switched(wide):
    page = wide.page
    page.locator("#araxes-preset-everything").click()
    # A corridor may lie wholly under a route.
    toggle(page, "routes", False)
    listed = page.locator(".araxes-layers label").all_text_contents()
    every = page.evaluate(DRAWING)
    for one in systems():
        assert any(one.name in label for label in listed), one.id
        if one.id == "tap":  # west of what is in view
            continue
        toggle(page, one.id, False)
        assert page.evaluate(DRAWING) != every, one.id
        toggle(page, one.id, True)
        assert page.evaluate(DRAWING) == every, one.id


@pytest.mark.parametrize("key", ["kars-1921", "nakhchivan", "lachin-2022", "btk", "btc"])
def test_clicking_a_line_opens_its_length_status_and_sources(wide, key):
    page, one = wide.page, system(key)
    for other in system_ids():
        toggle(page, other, other == key)
    at = page.evaluate(POINT_ON, key)
    assert at, "no point of the line can be reached"
    page.mouse.click(*at[:2])
    heading, said = card(page)
    assert one.name in heading
    length = said.get("Length") or said["Length, whole border"]
    assert f"{one.length.value / 1000:,.1f}" in length or one.length.value > 1e6
    assert "–" in length
    assert one.statuses[-1].status in said["Status"]
    assert len(said["Sources"]) > 10
    assert wide.complaints == []


def test_pointing_at_a_line_shows_its_name(wide):
    page = wide.page
    for other in system_ids():
        toggle(page, other, other == "btk")
    page.mouse.move(*page.evaluate(POINT_ON, "btk")[:2])
    tip = page.locator(".leaflet-tooltip")
    tip.wait_for()
    assert tip.text_content().startswith(f"{system('btk').name}, position ±")


def test_a_scenario_changes_the_ways_the_table_and_the_crossings(wide):
    page = wide.page
    before = page.evaluate(DRAWING)
    page.locator("#araxes-scenario").select_option(label="TRIPP / Zangezur open")
    drawings = {before}
    for view in ("before", "with it", "difference"):
        page.locator("#araxes-view button", has_text=view).click()
        drawings.add(page.evaluate(DRAWING))
    # "Before" is what the page showed at first.
    assert len(drawings) == 3
    chosen = page.locator('#araxes-ways tr[aria-selected="true"] button').all_text_contents()
    # Every pair has a row by road and a row by rail, and the better of the two a star.
    assert len(chosen) == page.locator("#araxes-ways tbody").count() == 6
    assert set(chosen) == {"TRIPP / Zangezur open", "TRIPP / Zangezur open\xa0*"}
    assert sum(one.endswith("\xa0*") for one in chosen) == 3
    keys = page.locator("#araxes-changes li").all_text_contents()
    assert "only with the scenario" in keys


def test_a_click_on_a_row_shows_its_way_and_a_click_on_a_way_its_row(wide):
    page = wide.page
    row = page.locator('#araxes-ways tr[data-way="1/1"]')
    name = row.locator("xpath=..").locator("th").text_content()
    row.locator("button").click()
    said = page.locator("#araxes-chosen").text_content()
    assert said.startswith(name)
    km = row.locator("td").nth(1).evaluate("e => e.firstChild.textContent")
    assert round(float(re.search(r": ([\d.,]+) km", said)[1].replace(",", ""))) == int(km)
    page.evaluate("araxes.app.change({ pair: null })")
    assert page.locator('#araxes-ways tr[aria-selected="true"]').count() == 6
    for other in system_ids():
        toggle(page, other, False)
    link = page.evaluate("araxes.app.model.routeOf(1, 1).links[3]")
    at = page.evaluate(
        """key => {
          const { model, map } = araxes.app, { layer, feature } = model.links.get(key);
          const [lon, lat] = araxes.decode.lonLat(...araxes.canvas.pointOn(layer, feature));
          const p = map.latLngToContainerPoint([lat, lon]);
          const f = map.getContainer().getBoundingClientRect();
          return [p.x + f.x, p.y + f.y];
        }""",
        link,
    )
    page.mouse.click(*at)
    chosen = page.locator('#araxes-ways tr[aria-selected="true"]')
    assert chosen.count() == 1
    assert chosen.get_attribute("data-way") in ("1/1", "2/1")
    assert wide.complaints == []


def test_the_table_says_what_the_comparison_says(wide):
    rows = compare([("kars", "baku"), ("nakhchivan", "baku"), ("igdir", "baku")])
    scenarios = len({row.scenario.id for row in rows})
    assert wide.page.locator("#araxes-ways tr[data-way]").count() == len(rows)
    parts = wide.page.evaluate("araxes.app.model.facts.ways.map(way => way.parts || null)")
    assert {row.way is None for row in rows} == {row.best for row in rows} == {True, False}
    titles = []
    for n, row in enumerate(rows):
        name = places()[row.origin].name, places()[row.destination].name
        titles.append(f"{name[0]} – {name[1]}, by {row.mode_set[0]}")
        told = wide.page.locator(f'tr[data-way="{n // scenarios}/{n % scenarios}"]')
        group = told.locator("xpath=..").locator("th").text_content()
        button = told.locator("button").text_content()
        cells = told.locator("td").all_text_contents()
        assert group == titles[-1]
        assert button == row.scenario.name + ("\xa0*" if row.best else "")
        if row.way is None:
            assert cells == [button, word("no-way", "en")]
            continue
        length = row.way.length
        expected = [f"{x / 1000:,.0f}" for x in (length.value, length.low, length.high)]
        assert cells[1] == f"{expected[0]}{expected[1]}–{expected[2]}"
        times = [row.way.hours, row.way.low_hours, row.way.high_hours]
        expected = [f"{x:,.0f}" for x in times]
        assert cells[3] == f"{expected[0]}{expected[1]}–{expected[2]}"
        assert sum(hours for _, hours, *_ in parts[n]) == pytest.approx(row.way.hours, abs=0.01)
    groups = wide.page.locator("#araxes-ways tbody th").all_text_contents()
    assert sorted(groups) == sorted(dict.fromkeys(titles))


def test_the_day_decides_what_is_drawn_and_what_its_status_is(wide):
    page = wide.page
    for key in system_ids():
        toggle(page, key, key.startswith("lachin"))
    for key in ("network-rail", "network-road", "network-ferry", "crossings"):
        toggle(page, key, False)
    page.evaluate("araxes.app.change({ scenario: 0, pair: 0 })")
    drawn = {}
    for day in ("2019-01-01", "2021-01-01", "2022-09-01"):
        set_day(page, day)
        drawn[day] = page.evaluate(DRAWING)
    assert len(set(drawn.values())) == 3
    state = """day => {
      const { model, day: set } = araxes.app;
      const layer = model.facts.layers.find(one => one.id === "lachin-2020");
      set(day);
      return [model.lookOf(layer, 1) === null, model.statusText(layer, 1)];
    }"""
    assert page.evaluate(state, "2020-11-09")[0] is True
    assert page.evaluate(state, "2020-11-10") == [False, "open (2020-11-10 – 2022-08-30)"]
    assert page.evaluate(state, "2022-08-30") == [False, "superseded (since 2022-08-30)"]


def test_the_slider_moves_the_day_and_its_buttons_go_from_change_to_change(wide):
    page = wide.page
    slider = page.locator("#araxes-time")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#araxes-day").input_value() == "2026-12-30"
    assert not page.locator("#araxes-every-day").is_checked()
    page.get_by_label("Previous change").click()
    day = page.locator("#araxes-day").input_value()
    dates = {s.valid_from for one in systems() for s in one.statuses}
    assert day < "2026-12-30"
    assert page.locator("#araxes-events li").count() >= 2
    page.locator("#araxes-day").fill("2022-08-31")
    page.get_by_label("Previous change").click()
    assert page.locator("#araxes-day").input_value() == "2022-08-30"
    assert any(str(one) == "2022-08-30" for one in dates)
    said = page.locator("#araxes-events").text_content()
    assert "Lachin corridor of 2020: superseded" in said
    page.locator("#araxes-every-day").check()
    assert page.evaluate("araxes.app.model.state.day") is None


def test_the_slider_spans_1918_to_2026(wide):
    span = wide.page.locator("#araxes-day").evaluate("e => [e.min, e.max]")
    assert span == ["1918-01-01", "2026-12-31"]


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("igdir", "igdir"), ("Iğdır", "igdir"), ("KARS", "kars"), ("Карс", "kars"),
        ("ყარსი", "kars"), ("Կարս", "kars"), ("قارص", "kars"), ("Naxçıvan", "nakhchivan"),
        ("stepanakert", "khankendi"), ("xankendi", "khankendi"), ("თბილისი", "tbilisi"),
    ],
)  # fmt: skip
def test_a_place_is_found_by_any_of_its_names(wide, query, key):
    page = wide.page
    page.fill("#araxes-search", query)
    found = page.locator("#araxes-found button")
    texts = found.all_text_contents()
    names = {places()[key].name, *places()[key].names.values()}
    n = next(n for n, text in enumerate(texts) if text in names)
    found.nth(n).click()
    centre = page.evaluate("[araxes.app.map.getCenter().lng, araxes.app.map.getCenter().lat]")
    # A popup at the edge moves the map a little.
    assert hypot(centre[0] - places()[key].lon, centre[1] - places()[key].lat) < 0.4
    assert page.locator(".leaflet-popup h2").text_content() in names


def test_a_line_is_found_and_shown_even_if_it_was_switched_off(wide):
    page = wide.page
    toggle(page, "tanap", False)
    page.fill("#araxes-search", "tanap")
    page.keyboard.press("Enter")
    assert page.locator('input[data-layer="tanap"]').is_checked()
    assert system("tanap").name in card(page)[0]


def test_what_is_not_there_is_not_found(wide):
    wide.page.fill("#araxes-search", "qqqqxyz")
    assert wide.page.locator("#araxes-found").text_content() == "Nothing found"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_chosen(wide, language, screenshots):
    page = wide.page
    page.select_option("#araxes-language", language)
    assert page.evaluate("document.documentElement.lang") == language
    summaries = page.locator("summary").all_text_contents()
    for key in ("ui-ways", "ui-time", "ui-legend", "ui-sources"):
        assert words()[key][language] in summaries
    direction = page.locator("#araxes-panel").evaluate("e => getComputedStyle(e).direction")
    assert direction == ("rtl" if language == "fa" else "ltr")
    name = system("lachin-2020").names[language]
    assert name in page.locator(".araxes-layers").first.locator("..").text_content()
    kars = places()["kars"].names.get(language, "Kars")
    assert kars in page.locator(".araxes-label").all_text_contents()
    page.screenshot(path=screenshots / f"map-{language}.png")
    assert wide.complaints == []


def test_every_word_of_the_script_is_in_the_table():
    from importlib.resources import files

    code = "".join(
        one.read_text("utf-8")
        for one in (files("maps.web") / "assets").iterdir()
        if one.name[-2:] == "js"
    )
    used = set(re.findall(r'(?:word|filled)\("([^"]+)"', code))
    used |= set(re.findall(r'"(ui-[a-z-]+)"', code))
    assert len(used) > 30
    assert used - set(words()) == set()


def test_distances_are_geodesic(wide):
    rng = np.random.default_rng(7)
    pairs = np.column_stack(
        [rng.uniform(-180, 180, 200), rng.uniform(-89, 89, 200), rng.uniform(25, 55, 200),
         rng.uniform(35, 45, 200)]
    ).tolist()  # fmt: skip
    pairs += [[44, 40, 44, 40], [0, 0, 90, 0], [44, 40, 44.00001, 40]]
    told = wide.page.evaluate("pairs => pairs.map(p => araxes.measure.distance(...p))", pairs)
    for (lon1, lat1, lon2, lat2), metres in zip(pairs, told, strict=True):
        true = Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)["s12"]
        assert metres == pytest.approx(true, abs=1e-3)


def test_the_measuring_tool_adds_up_the_points_clicked(wide):
    page = wide.page
    page.locator("#araxes-measure").click()
    corners = [(700, 300), (900, 450), (760, 600)]
    for x, y in corners:
        page.mouse.click(x, y)
    at = page.evaluate(
        """points => {
          const { map } = araxes.app, f = map.getContainer().getBoundingClientRect();
          return points.map(([x, y]) => {
            const p = map.containerPointToLatLng([x - f.x, y - f.y]);
            return [p.lng, p.lat];
          });
        }""",
        [list(one) for one in corners],
    )
    true = sum(Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in pairwise(at))
    said = page.locator("#araxes-length").text_content()
    assert float(said.replace(" km", "").replace(",", "")) == pytest.approx(true / 1000, abs=0.06)
    page.locator("#araxes-measure").click()
    assert page.locator("#araxes-length").text_content() == ""


def test_the_scale_bar_is_true_at_the_middle(wide):
    said = wide.page.evaluate(
        """() => {
          const bar = document.querySelector(".leaflet-control-scale-line"), { map } = araxes.app;
          const y = map.getSize().y / 2, a = map.containerPointToLatLng([0, y]);
          const b = map.containerPointToLatLng([bar.offsetWidth, y]);
          return [bar.textContent, a.lng, a.lat, b.lng, b.lat];
        }"""
    )
    true = Geodesic.WGS84.Inverse(said[2], said[1], said[4], said[3])["s12"] / 1000
    assert float(said[0].removesuffix(" km")) == pytest.approx(true, rel=0.02)


def test_the_position_of_the_pointer_is_told(wide):
    page = wide.page
    page.mouse.move(800, 400)
    page.mouse.move(801, 400)
    said = page.locator("#araxes-position").text_content()
    at = page.evaluate(
        "(() => { const f = araxes.app.map.getContainer().getBoundingClientRect();"
        " const p = araxes.app.map.containerPointToLatLng([801 - f.x, 400 - f.y]);"
        " return [p.lat, p.lng]; })()"
    )
    assert said.split()[0] == f"{at[0]:.5f}°"


def test_a_link_shows_another_reader_the_same(made, wide, visit):
    page = wide.page
    page.select_option("#araxes-language", "tr")
    page.locator('#araxes-ways tr[data-way="1/1"] button').click()
    set_day(page, "2021-03-04")
    toggle(page, "tanap", True)
    toggle(page, "routes", False)
    toggle(page, "provinces", True)
    page.wait_for_timeout(100)
    state = """() => {
      const { state } = araxes.app.model, c = araxes.app.map.getCenter();
      return [state.language, state.day, state.scenario, state.view, state.pair,
              [...state.hidden].sort(), c.lat.toFixed(3), c.lng.toFixed(3),
              araxes.app.map.getZoom().toFixed(2)];
    }"""
    expected = page.evaluate(state)
    at = page.evaluate("location.hash")
    with visit(made.folder / "map.html", at=at) as other:
        assert other.page.evaluate(state) == expected
        assert other.complaints == []


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("chosen", [None, "1/1"])
def test_the_page_prints_on_one_sheet_and_its_citations_on_another(wide, screenshots, chosen):
    page = wide.page
    if chosen is not None:
        page.locator(f'#araxes-ways tr[data-way="{chosen}"] button').click()
    page.pdf(path=screenshots / "map.pdf", prefer_css_page_size=True)
    assert pages_of((screenshots / "map.pdf").read_bytes()) == 2
    # The screen is as it was.
    assert page.locator("#araxes-panel").is_visible()
    assert page.locator("#araxes-paper").count() == 0


def test_a_page_of_few_sources_prints_on_one_sheet(tmp_path, visit):
    save(interactive(system("kars-gyumri")), tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        opened.page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True)
        assert pages_of((tmp_path / "map.pdf").read_bytes()) == 1


def test_paper_has_every_route_and_every_source(wide):
    page = wide.page
    page.locator("#araxes-preset-everything").click()
    rows = page.locator("#araxes-ways tr[data-way]").all_text_contents()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#araxes-paper tr[data-way]").all_text_contents() == rows
    cited = page.locator("#araxes-cited").text_content()
    assert "…" not in cited
    for key in {key for one in systems() for key in one.sources}:
        assert source(key).citation in cited, key


def test_what_is_printed_has_title_map_legend_and_sources(wide):
    page = wide.page
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("h1").is_visible()
    assert page.locator(".folium-map").bounding_box()["width"] == 718
    paper = page.locator("#araxes-paper").text_content()
    for one in (system("zangezur-tripp").name, "planned", "OpenStreetMap", "araxes report"):
        assert one in paper
    assert not page.locator("#araxes-panel").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#araxes-panel").is_visible()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (375, 800)])
def test_place_names_do_not_overlap_at_the_first_view(made, visit, width, height):
    with visit(made.folder / "map.html", width, height) as opened:
        names = opened.page.evaluate(BOXES, ".araxes-label")
        assert len(names) > 3
        clashes = [(a[0], b[0]) for a, b in combinations(names, 2) if overlap(a, b)]
        assert clashes == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (375, 800)])
@pytest.mark.parametrize("language", ["en", "ka", "fa"])
def test_nothing_lies_over_another_or_beyond_the_edge(
    made, visit, screenshots, width, height, language
):
    with visit(made.folder / "map.html", width, height, at=f"#lang={language}") as opened:
        page = opened.page
        boxes = page.evaluate(BOXES, ".leaflet-control")
        clashes = [(a[0][:30], b[0][:30]) for a, b in combinations(boxes, 2) if overlap(a, b)]
        assert clashes == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        beyond = page.evaluate(
            """width => Array.from(document.querySelectorAll(
                 "#araxes-panel *, #araxes-title *, #araxes-sources *")).filter(e => {
                 const r = e.getBoundingClientRect(), inside = r.left >= -1 && r.right <= width + 1;
                 return r.width && !e.closest(".araxes-scroll") && !inside;
               }).map(e => e.outerHTML.slice(0, 80))""",
            width,
        )
        assert beyond == []
        page.screenshot(path=screenshots / f"map-{width}-{language}.png", full_page=width < 800)


def test_a_popup_fits_a_narrow_screen(narrow):
    page = narrow.page
    page.evaluate(
        """() => {
          const { app, canvas, decode } = araxes, layer = app.model.facts.layers[0];
          const [lon, lat] = decode.lonLat(...canvas.pointOn(layer, 3));
          app.open({ layer, feature: 3 }, L.latLng(lat, lon));
        }"""
    )
    page.wait_for_timeout(500)
    (popup,) = page.evaluate(BOXES, ".leaflet-popup-content-wrapper")
    assert popup[1] >= 0
    assert popup[3] <= 375


def test_every_control_has_a_name_and_can_be_reached_by_keyboard(wide):
    page = wide.page
    nameless = page.evaluate(
        """() => Array.from(document.querySelectorAll("button, input, select, summary")).filter(e =>
             !(e.getAttribute("aria-label") || e.textContent.trim() || e.title ||
               (e.labels && e.labels.length && e.labels[0].textContent.trim())))
             .map(e => e.outerHTML)"""
    )
    assert nameless == []
    reached = set()
    page.locator("h1").click()
    page.keyboard.press("Shift+Tab")
    for _ in range(260):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.id || document.activeElement.dataset.layer"
                " || document.activeElement.closest('tr')?.dataset.way || ''"
            )
        )
    wanted = {"araxes-search", "araxes-language", "araxes-scenario", "araxes-time", "araxes-day",
              "araxes-print", "araxes-measure", "kars-1921", "araxes-way-1-1",
              "araxes-way-3-5", "araxes-preset-treaty", "araxes-same-0", "araxes-skip"}  # fmt: skip
    assert wanted <= reached


def test_a_row_of_the_table_is_chosen_by_keyboard(wide):
    page = wide.page
    page.locator("#araxes-way-1-1").focus()
    page.keyboard.press("Enter")
    assert page.locator('#araxes-ways tr[aria-selected="true"]').get_attribute("data-way") == "1/1"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_have_the_contrast_that_wcag_asks_for(wide, scheme):
    wide.page.emulate_media(color_scheme=scheme)
    wide.page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
    assert wide.page.evaluate("araxes.theme.isDark()") == (scheme == "dark")
    worst = wide.page.evaluate(
        """() => {
          const parse = c => c.match(/[\\d.]+/g).map(Number);
          const light = c => { const [r, g, b] = c.map(v => { v /= 255;
            return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const ground = e => { for (; e; e = e.parentElement) {
            const c = parse(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] > 0.8) { return c.slice(0, 3); } } return [255, 255, 255]; };
          // Names on the map have a halo of their own.
          const found = [], SKIPPED = "script, option, svg, .araxes-label";
          document.querySelectorAll("body *").forEach(e => {
            const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
            const seen = e.getClientRects().length && !e.disabled;
            if (!own || !seen || e.closest(SKIPPED)) { return; }
            const a = light(parse(getComputedStyle(e).color).slice(0, 3)), b = light(ground(e));
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) { found.push([ratio, e.outerHTML.slice(0, 90)]); }
          });
          return found;
        }"""
    )
    assert worst == []


def picture(page, selector=".folium-map"):
    return np.asarray(
        Image.open(io.BytesIO(page.locator(selector).screenshot())).convert("RGB"), int
    )


def test_a_simplified_map_looks_like_the_whole_one(tmp_path, visit):
    things = [system(key) for key in ("kars-1921", "nakhchivan", "batum-1921")]
    save(interactive(*things), tmp_path / "whole.html")
    # At the first view a pixel is some 600 m.
    save(interactive(*simplified_layers(layers(things), 200)), tmp_path / "thin.html")
    pictures = []
    for name in ("whole", "thin"):
        with visit(tmp_path / f"{name}.html") as opened:
            pictures.append(picture(opened.page))
            legend = opened.page.locator("#araxes-key").text_content()
            assert ("none lies more than 200 m" in legend) == (name == "thin")
    apart = np.abs(pictures[0] - pictures[1]).max(axis=2)
    assert (apart > 96).mean() < 0.002
    count = {}
    for name in ("whole", "thin"):
        drawn = unpacked.geometries((tmp_path / f"{name}.html").read_text("utf-8"))["kars-1921"]
        count[name] = sum(len(xy) for _, _, xy in drawn)
    assert count["thin"] < count["whole"] / 2


def test_points_lines_and_areas_of_a_table_can_be_clicked(tmp_path, visit):
    shapes = [
        Point(44, 39),
        LineString([(45, 39), (46, 39)]),
        Polygon([(44, 40), (46, 40), (45, 41)], [[(44.8, 40.2), (45.2, 40.2), (45, 40.5)]]),
    ]
    table = gpd.GeoDataFrame({"name": ["point", "line", "area"]}, geometry=shapes, crs=4326)
    save(interactive(table), tmp_path / "map.html")
    pick = "at => { const f = araxes.app.pick(L.latLng(at), 6); return f && f.feature; }"
    with visit(tmp_path / "map.html") as opened:
        at = {(39.0, 44.0): 0, (39.0, 45.5): 1, (40.1, 45.0): 2, (40.3, 45.0): None, (42, 42): None}
        for point, feature in at.items():
            assert opened.page.evaluate(pick, list(point)) == feature
        assert opened.complaints == []


def test_a_line_without_a_length_tells_the_one_that_is_drawn(tmp_path, visit):
    line = LineString([(44, 39), (45, 39.5), (46, 39)])
    table = gpd.GeoDataFrame({"name": ["line"]}, geometry=[line], crs=4326)
    save(interactive(table), tmp_path / "map.html")
    true = 2 * Geodesic.WGS84.Inverse(39, 44, 39.5, 45)["s12"] / 1000
    with visit(tmp_path / "map.html") as opened:
        opened.page.fill("#araxes-search", "line")
        opened.page.keyboard.press("Enter")
        assert card(opened.page)[1]["Length as drawn"] == f"{true:,.1f} km"


def test_a_very_near_view_is_drawn_in_time(wide):
    # Dashes over millions of unseen pixels once took minutes.
    page = wide.page
    page.evaluate("araxes.app.map.setView([39.65, 44.8], 17, { animate: false })")
    spent = page.evaluate(
        "(() => { const t = performance.now(); araxes.app.redraw();"
        " return performance.now() - t; })()"
    )
    assert spent < 2000


# Notes the pictures begun, and the lines and names that stand when the page says that it is ready.
OPENED = """
window.begun = 0;
const { setTransform } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.setTransform = function (...all) {
  if (this.canvas.closest(".leaflet-pane") || !this.canvas.isConnected) { window.begun += 1; }
  return setTransform.apply(this, all);
};
const watch = new MutationObserver(function () {
  if (!document.querySelector("html.araxes-ready")) { return; }
  watch.disconnect();
  const canvas = document.querySelector(".leaflet-araxes-lines-pane canvas");
  const names = document.querySelectorAll(".araxes-label").length;
  window.opened = [window.begun, canvas.toDataURL(), names];
});
watch.observe(document, { subtree: true, attributes: true });
"""


@pytest.mark.parametrize("count", [60, 6000])
def test_a_page_is_drawn_once_as_it_opens_and_whole_when_it_is_ready(tmp_path, visit, count):
    rng = np.random.default_rng(8)
    walks = np.cumsum(rng.normal(0, 0.05, (count, 12, 2)), axis=1) + np.array([45, 40])
    table = gpd.GeoDataFrame(
        {"name": ["line"] * count}, geometry=list(map(LineString, walks)), crs=4326
    )
    save(interactive(table, bounds=(44, 39.5, 46, 40.5)), tmp_path / "map.html")
    with visit(tmp_path / "map.html", script=OPENED) as opened:
        begun, lines, names = opened.page.evaluate("opened")
        # The base map and the lines.
        assert begun == 2
        assert names == opened.page.locator(".araxes-label").count() > 0
        drawn = opened.page.evaluate(
            """async () => {
                 const canvas = () => document.querySelector(".leaflet-araxes-lines-pane canvas");
                 const before = canvas(), slow = araxes.app.model.facts.layers[0].count > 4000;
                 araxes.app.redraw();
                 while (slow && canvas() === before) { await new Promise(requestAnimationFrame); }
                 return canvas().toDataURL();
               }"""
        )
        assert drawn == lines


# How opaque the darkest pixel near a place is, on the canvas of the lines.
INK_NEAR = """
places => {
  const canvas = document.querySelector(".leaflet-araxes-lines-pane canvas"), { map } = araxes.app;
  const ratio = window.devicePixelRatio || 1, ink = canvas.getContext("2d");
  const rect = canvas.getBoundingClientRect();
  const frame = map.getContainer().getBoundingClientRect();
  return places.map(([lon, lat, reach]) => {
    const at = map.latLngToContainerPoint([lat, lon]);
    const x = (at.x + frame.left - rect.left) * ratio, y = (at.y + frame.top - rect.top) * ratio;
    const wide = Math.ceil(2 * reach * ratio) + 1;
    const seen = ink.getImageData(x - reach * ratio, y - reach * ratio, wide, wide).data;
    return seen.reduce((most, value, n) => (n % 4 === 3 && value > most ? value : most), 0);
  });
}
"""


@pytest.mark.parametrize(("count", "reach"), [(5000, 1.5), (36_000, 2.5)])
def test_in_a_crowd_every_vertex_is_drawn_to_some_pixels(tmp_path, visit, count, reach):
    rng = np.random.default_rng(9)
    # Beyond the crowd lie two hundred lines by themselves, of steps of half a pixel to some pixels.
    few, long = 200, 20
    start = np.column_stack([rng.uniform(44, 45, few), rng.uniform(39.6, 40.4, few)])
    walks = start[:, None] + np.cumsum(rng.normal(0, 0.004, (few, long, 2)), axis=1)
    crowd = np.array([45.5, 40.2]) + rng.normal(0, 0.02, (count - few, 2, 2))
    lines = [*map(LineString, walks), *map(LineString, crowd)]
    table = gpd.GeoDataFrame({"name": ["line"] * count}, geometry=lines, crs=4326)
    save(interactive(table, bounds=(44, 39.5, 46, 40.5)), tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        asked = [[lon, lat, reach] for lon, lat in walks.reshape(-1, 2).tolist()]
        assert min(opened.page.evaluate(INK_NEAR, asked)) > 40


# The zoom of a map, and the picture of its lines once that is drawn anew.
ZOOMED = """
async zoom => {
  const canvas = () => document.querySelector(".leaflet-araxes-lines-pane canvas");
  const before = canvas(), rect = before.getBoundingClientRect(), { map } = araxes.app;
  const frame = () => new Promise(requestAnimationFrame);
  map.setZoom(zoom, { animate: false });
  const kept = canvas() === before, scale = before.getBoundingClientRect().width / rect.width;
  while (canvas() === before) { await frame(); }
  return [kept, scale, canvas().toDataURL()];
}
"""


def test_thousands_of_lines_are_drawn_over_several_frames_and_stay_in_view(tmp_path, visit):
    rng = np.random.default_rng(7)
    walks = np.cumsum(rng.normal(0, 0.05, (6000, 12, 2)), axis=1) + np.array([45, 40])
    lines = list(map(LineString, walks))
    table = gpd.GeoDataFrame({"name": ["line"] * len(lines)}, geometry=lines, crs=4326)
    save(interactive(table, bounds=(44, 39.5, 46, 40.5)), tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        zoom = opened.page.evaluate("araxes.app.map.getZoom()") + 1
        kept, scale, picture = opened.page.evaluate(ZOOMED, zoom)
        # Until the new picture is there, the old one shows at the new scale.
        assert kept
        assert scale == pytest.approx(2)
        # The same view on a page that is opened there, once its picture is drawn.
        at = opened.page.evaluate("location.hash")
        opened.page.evaluate("location.reload()")
        opened.page.wait_for_selector("html.araxes-ready", state="attached")
        assert at == opened.page.evaluate("location.hash")
        opened.page.wait_for_function(
            "picture => picture === "
            "document.querySelector('.leaflet-araxes-lines-pane canvas').toDataURL()",
            arg=picture,
        )


def test_tiles_come_only_from_the_server_asked_for_and_the_base_map_stays(tmp_path, visit):
    page = interactive(system("btk"))
    background(page, "https://tiles.example/{z}/{x}/{y}.png")
    save(page, tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        opened.page.wait_for_timeout(300)
        assert opened.requests
        assert all(url.startswith("https://tiles.example/") for url in opened.requests)
        assert picture(opened.page).std() > 5
        assert "tiles.example" in opened.page.locator(".leaflet-control-attribution").text_content()


def test_the_attribution_carries_no_flag(wide):
    control = wide.page.locator(".leaflet-control-attribution")
    assert control.locator("svg, img").count() == 0
    assert control.text_content().startswith("Leaflet")


def test_zooming_in_shows_more_names(wide):
    page = wide.page
    before = page.locator(".araxes-label").count()
    page.evaluate("araxes.app.map.setView([39.6, 46.4], 10, { animate: false })")
    names = page.evaluate(BOXES, ".araxes-label")
    assert before > 0
    assert {"Zabukh / Aghavno", "Lachin / Berdzor", "Goris"} & {name[0] for name in names}
    assert not [(a[0], b[0]) for a, b in combinations(names, 2) if overlap(a, b)]
