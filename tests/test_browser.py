"""The map in headless Chromium, with the network blocked."""

from __future__ import annotations

from itertools import combinations

import geopandas as gpd
import pytest
from shapely import LineString, Point, Polygon

from borders.catalogue import attributions
from corridors.corridor import read_corridor
from corridors.systems import system, system_ids, systems
from maps.layers import cited, layers
from maps.web import BASE_SOURCES, interactive, save

pytestmark = pytest.mark.browser

SCRIPT = "<script>window.hacked=1</script>"
# Every one of them must be shown letter by letter.
HOSTILE = (
    SCRIPT,
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    '"><img src=x onerror=window.hacked=1>',
    "'><img src=x onerror=window.hacked=1>",
    "<svg onload=window.hacked=1>",
    "<svg><animate onbegin=window.hacked=1 attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "<body onload=window.hacked=1>",
    "<details open ontoggle=window.hacked=1>x</details>",
    "<a href=javascript:window.hacked=1>x</a>",
    "<style>*{display:none}</style>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0;url=https://evil.example/>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "</script><script>window.hacked=1</script>",
    "</title><script>window.hacked=1</script>",
    "</span></label></section><b>out</b>",
    "<!-- <script>",
    "--><script>window.hacked=1</script>",
    "]]><script>window.hacked=1</script>",
    "{{ 7*7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{# gone #}",
    "${alert(1)}",
    "`${window.hacked=1}`",
    "');window.hacked=1;//",
    '");window.hacked=1;//',
    "\\');window.hacked=1;//",
    "\\u003cimg src=x onerror=window.hacked=1\\u003e",
    "&lt;img src=x onerror=window.hacked=1&gt; &amp; &#60;b&#62;",
    "line\u2028separator\u2029paragraph",
    "right\u202eto left\u202c and \u2066isolated\u2069",
    "zero\u200bwidth\u200d\u200c\ufeffjoiner",
    "Z\u0351\u036b\u0343a\u033e\u0321lgo",
    "__proto__",
    "constructor",
    "map_0123456789abcdef0123456789abcdef",
    "long " * 2000,
)
LIST = ".leaflet-control-layers-overlays label"
OPEN_EACH = """
() => {
  const map = Object.values(window).find(v => v instanceof L.Map);
  const said = [];
  map.eachLayer(function (layer) {
    if (!layer.getPopup || !layer.getPopup()) { return; }
    const at = layer.getLatLng ? layer.getLatLng() : layer.getBounds().getCenter();
    layer.openTooltip(at);
    layer.openPopup(at);
    const box = layer.getPopup().getElement();
    said.push([
      layer.getTooltip().getElement().textContent,
      box.querySelector("h2").textContent,
      Array.from(box.querySelectorAll("dd")).map(e => e.textContent),
      box.querySelectorAll("script, img, iframe, svg:not(.leaflet-zoom-animated)").length,
    ]);
    layer.closeTooltip();
  });
  return said;
}
"""
# A point of a layer's drawing that nothing lies above, in pixels of the page.
POINT_OF = """
pane => {
  for (const path of document.querySelectorAll(`.leaflet-${pane}-pane path.leaflet-interactive`)) {
    const whole = path.getTotalLength(), matrix = path.getScreenCTM();
    for (let n = 1; n < 60; n++) {
      const p = path.getPointAtLength(whole * n / 60).matrixTransform(matrix);
      const top = document.elementFromPoint(p.x, p.y);
      if (top && top.closest(`.leaflet-${pane}-pane`)) { return [p.x, p.y]; }
    }
  }
  return null;
}
"""
BOXES = """
selector => Array.from(document.querySelectorAll(selector)).map(e => {
  const r = e.getBoundingClientRect();
  return [e.textContent, r.left, r.top, r.right, r.bottom];
})
"""


def pane(key):
    """Return the pane of a system on the report's map."""
    return f"araxes-{400 + len(system_ids()) - system_ids().index(key)}"


def paths(page, key):
    return page.locator(f".leaflet-{pane(key)}-pane path.leaflet-interactive").count()


def labels_of_layers(page):
    return page.locator(LIST).all_text_contents()


def overlap(one, other):
    return one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]


@pytest.fixture
def wide(made, visit):
    with visit(made.folder / "map.html") as opened:
        yield opened


@pytest.fixture
def narrow(made, visit):
    with visit(made.folder / "map.html", 375, 800) as opened:
        yield opened


def test_the_map_asks_for_nothing_and_complains_of_nothing(wide):
    page = wide.page
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(400)
    assert wide.requests == []
    assert wide.complaints == []


def test_every_system_is_in_the_layer_control_and_drawn(wide):
    listed = labels_of_layers(wide.page)
    for one in systems():
        assert any(one.name in label for label in listed), one.id
        assert paths(wide.page, one.id) > 0, one.id


def test_every_system_is_drawn_within_the_first_view(wide):
    for one in systems():
        boxes = wide.page.evaluate(BOXES, f".leaflet-{pane(one.id)}-pane path.leaflet-interactive")
        assert any(overlap(box, ["", 0, 0, 1440, 900]) and box[3] > box[1] for box in boxes), one.id


@pytest.mark.parametrize("key", ["kars-1921", "lachin-2020", "tanap"])
def test_switching_a_layer_off_removes_its_lines_and_no_others(wide, key):
    page, others = wide.page, [one for one in system_ids() if one != key]
    before = {one: paths(page, one) for one in system_ids()}
    box = page.locator(LIST, has_text=system(key).name).locator("input").first
    box.uncheck()
    assert paths(page, key) == 0
    assert all(paths(page, one) == before[one] for one in others)
    box.check()
    assert paths(page, key) == before[key]


@pytest.mark.parametrize("key", ["kars-1921", "nakhchivan", "zangezur-tripp", "btk", "btc"])
def test_clicking_a_line_opens_its_length_status_and_sources(wide, key):
    page, one = wide.page, system(key)
    at = page.evaluate(POINT_OF, pane(key))
    assert at, "no point of the line can be reached"
    page.mouse.click(*at)
    card = page.locator(".leaflet-popup .araxes-card")
    card.wait_for()
    terms = card.locator("dt").all_text_contents()
    said = dict(zip(terms, card.locator("dd").all_text_contents(), strict=True))
    assert one.name in card.locator("h2").text_content()
    assert f"{one.length.value / 1000:,.0f}".split(".")[0][:2] in said["Length"]
    assert one.statuses[0].status in " ".join(card.locator("dd").all_text_contents())
    assert len(said["Sources"]) > 10
    assert wide.complaints == []


def test_pointing_at_a_line_shows_its_name(wide):
    page = wide.page
    page.mouse.move(*page.evaluate(POINT_OF, pane("btk")))
    page.locator(".leaflet-tooltip").wait_for()
    assert page.locator(".leaflet-tooltip").text_content() == system("btk").name


def test_scale_legend_title_and_attribution_can_be_seen(wide):
    page = wide.page
    for selector in (".leaflet-control-scale-line", ".araxes-legend", ".araxes-title h1"):
        assert page.locator(selector).is_visible()
    assert page.locator(".leaflet-control-scale-line").text_content().endswith("km")
    shown = dict.fromkeys((*cited(layers(systems())), *BASE_SOURCES))
    said = page.locator(".leaflet-control-attribution").text_content()
    assert all(text in said for text in attributions(shown))


def test_the_attribution_carries_no_flag(wide):
    control = wide.page.locator(".leaflet-control-attribution")
    assert control.locator("svg, img").count() == 0
    assert control.text_content().startswith("Leaflet")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (375, 800)])
def test_place_names_do_not_overlap_at_the_first_view(made, visit, width, height):
    with visit(made.folder / "map.html", width, height) as opened:
        names = opened.page.evaluate(BOXES, ".araxes-label")
        assert len(names) > 5
        clashes = [(a[0], b[0]) for a, b in combinations(names, 2) if overlap(a, b)]
        assert clashes == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (375, 800)])
def test_controls_do_not_cover_one_another(made, visit, screenshots, width, height):
    with visit(made.folder / "map.html", width, height) as opened:
        boxes = opened.page.evaluate(BOXES, ".leaflet-control")
        clashes = [(a[0][:30], b[0][:30]) for a, b in combinations(boxes, 2) if overlap(a, b)]
        assert clashes == []
        assert all(b[1] >= 0 and b[2] >= 0 and b[3] <= width and b[4] <= height for b in boxes)
        opened.page.screenshot(path=screenshots / f"map-{width}.png")


def test_on_a_narrow_screen_the_list_of_layers_is_folded_and_opens_and_folds_again(narrow):
    page, control = narrow.page, narrow.page.locator(".leaflet-control-layers")

    def part_covered():
        box = control.bounding_box()
        return box["width"] * box["height"] / (375 * 800)

    assert part_covered() < 0.05
    page.locator(".leaflet-control-layers-toggle").click()
    assert page.locator(LIST).first.is_visible()
    assert 0.05 < part_covered() < 0.8
    page.mouse.click(20, 620)
    assert part_covered() < 0.05


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (375, 800)])
@pytest.mark.parametrize("key", ["btk", "kars-1921", "zangezur-tripp"])
def test_a_popup_lies_clear_of_all_controls(made, visit, key, width, height):
    with visit(made.folder / "map.html", width, height) as opened:
        page = opened.page
        page.mouse.click(*page.evaluate(POINT_OF, pane(key)))
        page.locator(".leaflet-popup").wait_for()
        page.wait_for_timeout(500)
        (popup,) = page.evaluate(BOXES, ".leaflet-popup-content-wrapper")
        shown = page.evaluate(BOXES, ".leaflet-control")
        assert [box[0][:30] for box in shown if overlap(box, popup)] == []
        assert popup[1] >= 0
        assert popup[3] <= width


def test_zooming_in_shows_more_names(wide):
    page = wide.page
    before = page.locator(".araxes-label").count()
    for _ in range(2):
        page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_timeout(400)
    names = page.evaluate(BOXES, ".araxes-label")
    inside = [name for name in names if overlap(name, ["", 0, 0, 1440, 900])]
    assert before > 0
    assert {"Zabukh", "Shusha", "Lachin", "Goris"} & {name[0] for name in names}
    assert not [(a[0], b[0]) for a, b in combinations(inside, 2) if overlap(a, b)]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Return a map of one table per hostile text, which is its name, a column and a value."""
    tables = []
    for n, text in enumerate(HOSTILE):
        shapes = [LineString([(44, 39 + n / 20), (46, 39 + n / 20)]), Point(45, 39 + n / 20)]
        table = gpd.GeoDataFrame(
            {"name": [text] * 2, "note": [text] * 2, text: ["v"] * 2}, geometry=shapes, crs=4326
        )
        table.attrs["name"] = text
        tables.append(table)
    file = tmp_path_factory.mktemp("hostile") / "map.html"
    save(interactive(*tables, title="".join(HOSTILE[:20])), file)
    return file


def test_hostile_names_are_text_in_the_layer_control(hostile, visit):
    with visit(hostile) as opened:
        listed = labels_of_layers(opened.page)
        for text in HOSTILE:
            assert any(label.strip() == text.strip() for label in listed), text[:80]


def test_hostile_names_are_text_in_tooltips_and_popups(hostile, visit):
    with visit(hostile) as opened:
        said = opened.page.evaluate(OPEN_EACH)
        found = {tooltip for tooltip, *_ in said}
        assert set(HOSTILE) <= found
        for tooltip, heading, values, foreign in said:
            assert heading == tooltip
            assert tooltip in values
            assert foreign == 0


def test_no_hostile_text_runs_asks_or_complains(hostile, visit):
    with visit(hostile) as opened:
        opened.page.evaluate(OPEN_EACH)
        opened.page.wait_for_timeout(300)
        assert opened.page.evaluate("window.hacked") is None
        assert opened.requests == []
        assert opened.complaints == []


def test_a_hostile_title_is_text(hostile, visit):
    with visit(hostile) as opened:
        title = "".join(HOSTILE[:20])
        assert opened.page.locator("h1").text_content() == title
        assert opened.page.title() == title


def test_a_corridor_file_with_a_script_in_its_texts_shows_them_as_text(tmp_path, visit):
    file = tmp_path / "corridor.toml"
    file.write_text(
        f"""
        id = "hostile"
        name = '{SCRIPT}'
        name_tr = '{SCRIPT}'
        mode = "road"
        basis = "chain"
        geometry_quality = "schematic"
        position_sigma_m = 3000
        definition = '{SCRIPT}'
        source = "araxes"
        path = [{{ place = "kars" }}, {{ place = "gyumri" }}]

        [[name_by]]
        name = '{SCRIPT}'
        by = '{SCRIPT}'
        source = "araxes"

        [[status]]
        status = "open"
        source = "araxes"
        state = "quoted"
        note = '{SCRIPT}'
        """,
        encoding="utf-8",
    )
    save(interactive(read_corridor(file), title=SCRIPT, language="tr"), tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        said = opened.page.evaluate(OPEN_EACH)
        assert said[0][0] == said[0][1] == SCRIPT
        assert any(SCRIPT in value for value in said[0][2])
        assert any(SCRIPT in label for label in labels_of_layers(opened.page))
        assert opened.page.evaluate("window.hacked") is None
        assert opened.complaints == []


def test_points_lines_and_areas_of_a_table_can_be_clicked(tmp_path, visit):
    shapes = [
        Point(44, 39),
        LineString([(45, 39), (46, 39)]),
        Polygon([(44, 40), (46, 40), (45, 41)]),
    ]
    table = gpd.GeoDataFrame({"name": ["point", "line", "area"]}, geometry=shapes, crs=4326)
    save(interactive(table), tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        said = opened.page.evaluate(OPEN_EACH)
        assert {heading for _, heading, *_ in said} == {"point", "line", "area"}
        assert opened.complaints == []
