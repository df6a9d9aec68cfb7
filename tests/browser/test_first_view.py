"""What a reader sees first: the subject, its legend, names in their letters, what is not known."""

from __future__ import annotations

from importlib.resources import files as package_files
from itertools import combinations

import pytest
import shapely

from borders.gazetteer.places import LANGUAGES, places
from corridors.analysis.compare import compare
from corridors.lookup import named_things
from corridors.model.registry import system
from corridors.scenarios.scenario import read_scenario
from maps.i18n import word, words
from maps.layers.model import REGION
from maps.web.comparison import RouteComparison
from maps.web.interactive import interactive, save

pytestmark = pytest.mark.browser

# Of each map, the countries without which it cannot be understood.
NEEDED = {
    "kars-1921": ("TR", "GE", "AM"),
    "lachin-2022": ("AZ",),
    "zangezur-tripp": ("AM", "IR"),
    "kars-igdir-dilucu": ("TR", "AM"),
    "btk": ("GE", "AZ"),
    "pair": ("AM", "AZ", "IR"),
    "report": ("TR", "GE", "AM", "AZ", "IR", "RU"),
}
# And the towns at which its line ends.
ENDS = {"kars-igdir-dilucu": ("kars", "dilucu")}
WIDTHS = ((375, 800), (768, 1024), (1440, 900))
# What a page shows in each language: names and controls of the map, each with its box and whether
# the box lies in the map; and what of the panel is wider than the page or lies on its neighbour.
SHOWN_IN = """
languages => Object.fromEntries(languages.map(language => {
  araxes.app.change({ language });
  const f = araxes.app.map.getContainer().getBoundingClientRect();
  const box = (e, trim) => {
    const r = e.getBoundingClientRect();
    const inside = r.left >= f.left && r.right <= f.right && r.top >= f.top && r.bottom <= f.bottom;
    return [inside, r.left + 1, r.top + trim, r.right - 1, r.bottom - trim];
  };
  const all = selector => [...document.querySelectorAll(selector)];
  // Letters are lower than their line.
  const names = all(".araxes-region span, .araxes-label, .araxes-system span")
    .map(e => [e.textContent, ...box(e, 2)]);
  const controls = all(".leaflet-control").filter(e => e.offsetHeight)
    .map(e => [e.className, ...box(e, 1)]);
  const rows = all("#araxes-title, #araxes-top, #araxes-presets button, #araxes-key li, " +
                   "#araxes-ways tr:not([hidden]), #araxes-legend li").filter(e => e.offsetHeight);
  const wide = document.documentElement.clientWidth;
  const spilt = rows.filter(e => e.getBoundingClientRect().right > wide ||
                                 e.getBoundingClientRect().left < 0 ||
                                 e.scrollWidth > e.clientWidth + 1);
  // The parts of a line of the legend stand beside one another.
  const beside = all("#araxes-key li").filter(e => [...e.children].some((part, n) => {
    const next = e.children[n + 1];
    if (!next || !next.offsetWidth) { return false; }
    const [a, b] = [part, next].map(one => one.getBoundingClientRect());
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }));
  return [language, { names, controls, spilt: [...spilt, ...beside].map(e => e.textContent) }];
}))
"""
# Two frames, in which a page answers to what its window has become.
FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))"
SHOWN = "araxes.app.model.shownLayers().filter(layer => !layer.quiet).map(layer => layer.id)"


@pytest.fixture(scope="module")
def single(tmp_path_factory):
    """Return maps of one system each, and of one pair under two scenarios."""
    folder = tmp_path_factory.mktemp("single")
    for key in NEEDED.keys() - {"report"}:
        if key == "pair":
            scenarios = [read_scenario(name) for name in ("status-quo", "tripp-open")]
            rows = compare([("nakhchivan", "baku")], scenarios)
            page = interactive(ways=RouteComparison(compared=rows), title="Pair")
        else:
            page = interactive(system(key), title=system(key).name)
        save(page, folder / f"{key}.html")
    return folder


def test_a_report_opens_on_its_routes_and_their_corridors(made, visit):
    with visit(made.folder / "map.html") as opened:
        page = opened.page
        shown = set(page.evaluate(SHOWN))
        used = {"btk", "zangezur-tripp", "horadiz-aghband", "nakhchivan-railway"}
        assert used <= shown
        beside = {"btc", "bte", "tanap", "alat-aktau", "alat-turkmenbashi", "crossings",
                  "network-ferry", "batum-1921", "annex2-1921", "nakhchivan-1921"}  # fmt: skip
        assert not beside & shown
        # The legend says what is drawn, no more, and comes before any table.
        names = page.evaluate(
            "araxes.app.model.shownLayers().filter(layer => !layer.quiet)"
            ".map(layer => araxes.app.model.text(layer.names))"
        )
        assert page.locator("#araxes-visible li > span").all_text_contents() == names
        assert page.evaluate(
            "document.getElementById('araxes-key').compareDocumentPosition("
            "document.getElementById('araxes-ways')) & Node.DOCUMENT_POSITION_FOLLOWING"
        )
        # A choice shows what it says, and "only this" one thing.
        page.locator("#araxes-preset-pipelines").click()
        assert set(page.evaluate(SHOWN)) == {
            "btc",
            "bte",
            "tanap",
            "tap",
            "igdir-nakhchivan-gas",
        }
        assert page.evaluate("araxes.app.model.changes().length") == 0
        page.locator("#araxes-only-kars-1921").click()
        assert page.evaluate(SHOWN) == ["kars-1921"]
        page.locator("#araxes-preset-routes").click()
        assert set(page.evaluate(SHOWN)) == shown
        assert opened.complaints == []


def test_what_documents_name_besides_opens_on_the_lands_and_offers_the_rest(tmp_path, visit):
    """All at once, circles and arcs across a continent hide the region."""
    file = tmp_path / "context.html"
    save(interactive(*named_things("context")), file)
    with visit(file) as opened:
        page = opened.page
        shown = page.evaluate(SHOWN)
        assert shown
        assert all(key.startswith(("karabakh-districts", "nakhchivan-ceded")) for key in shown)
        _, south, _, north = REGION
        seen = page.evaluate("araxes.app.map.getBounds().toBBoxString()").split(",")
        assert float(seen[3]) - float(seen[1]) < 2 * (north - south)
        offered = page.locator("#araxes-presets button")
        assert offered.count() == 5
        offered.nth(2).click()
        assert {key.rpartition("-")[0] for key in page.evaluate(SHOWN)} == {"sister-cities"}
        assert opened.complaints == []


def test_corridors_to_be_built_are_seen_beside_the_routes_of_today(made, visit):
    """A road that runs beside a planned corridor must not hide it: its own colour is on the map."""
    with visit(made.folder / "map.html") as opened:
        seen = opened.page.evaluate(
            """() => {
              const { model, map } = araxes.app;
              const canvas = map.getPane("araxes-lines").querySelector("canvas");
              const { width, height } = canvas, ink = canvas.getContext("2d");
              const { data } = ink.getImageData(0, 0, width, height);
              const wanted = model.shownLayers().filter(layer => layer.group === "corridors");
              return Object.fromEntries(wanted.map(layer => {
                const colour = model.facts.styles[layer.w].c;
                const [r, g, b] = [1, 3, 5].map(n => parseInt(colour.slice(n, n + 2), 16));
                let count = 0;
                for (let n = 0; n < data.length; n += 4) {
                  count += data[n] === r && data[n + 1] === g && data[n + 2] === b;
                }
                return [layer.id, count];
              }));
            }"""
        )
        for key in ("zangezur-tripp", "horadiz-aghband", "nakhchivan-railway", "kars-igdir-dilucu"):
            assert seen[key] >= 20, seen


def test_corridors_are_named_beside_their_lines(made, single, visit):
    """A reader should not have to look up in the legend which line is the TRIPP."""
    distances = """
      () => {
        const { model, labels, map } = araxes.app, { min, max } = map.getPixelBounds();
        const size = 256 * Math.pow(2, map.getZoom());
        const view = { size, dx: -min.x, dy: -min.y, width: max.x - min.x, height: max.y - min.y };
        const named = labels.names(view, { blocked: labels.controls() })
          .filter(({ kind }) => kind === "system");
        // Pixels from the box of a name to the nearest vertex of each line.
        return named.map(({ text, box: [x0, y0, x1, y1] }) => [text, Object.fromEntries(
          model.shownLayers().filter(layer => layer.group === "corridors").map(layer => {
            const g = layer.groups[1];
            const away = Array.from({ length: g.x.length }, (_, n) => {
              const x = g.x[n] * size + view.dx, y = g.y[n] * size + view.dy;
              return Math.hypot(Math.max(x0 - x, 0, x - x1), Math.max(y0 - y, 0, y - y1));
            });
            return [model.text(layer.names), Math.min(...away)];
          }))]);
      }
    """
    with visit(made.folder / "map.html") as opened:
        named = dict(opened.page.evaluate(distances))
        assert len(named) >= 4
        assert any(text.startswith("TRIPP") for text in named)
        for text, away in named.items():
            own = next(name for name in away if name.startswith(text))
            assert away[own] < 30, (text, away)
            assert away[own] <= min(away.values()) + 15, (text, away)
    # What is alone on a map is what its title says.
    with visit(single / "zangezur-tripp.html") as opened:
        assert opened.page.evaluate(distances) == []


def test_the_table_folds_what_makes_no_difference(made, visit):
    with visit(made.folder / "map.html") as opened:
        page = opened.page
        ways = page.evaluate("araxes.app.model.facts.ways")
        base = {way["pair"]: way for way in ways if way["scenario"] == 0}
        same = [
            way for way in ways if way["scenario"] and way["links"] == base[way["pair"]]["links"]
        ]
        assert len(same) > 5
        for way in same:
            row = page.locator(f'tr[data-way="{way["pair"]}/{way["scenario"]}"]')
            assert not row.is_visible()
        # The pair whose routes differ most often does not come last.
        last = page.locator("#araxes-ways tbody").last.locator("tr[data-way]:visible").count()
        first = page.locator("#araxes-ways tbody").first.locator("tr[data-way]:visible").count()
        assert first > last
        pair = same[0]["pair"]
        page.locator(f"#araxes-same-{pair}").click()
        assert page.locator(f'tr[data-way="{pair}/{same[0]["scenario"]}"]').is_visible()


def test_a_comparison_of_two_scenarios_opens_on_the_difference(single, visit):
    with visit(single / "pair.html") as opened:
        drawn = opened.page.evaluate("[...new Set(araxes.app.model.changes().map(c => c[1]))]")
        assert set(drawn) == {"lost", "kept", "gained"}
        # The rest stands back.
        weights = opened.page.evaluate(
            "Object.fromEntries(araxes.app.model.shownLayers().filter(l => !l.quiet)"
            ".map(l => [l.id, araxes.app.model.weight(l)]))"
        )
        assert weights
        assert max(weights.values()) < 0.5


def overlapping(boxes):
    """Return the pairs of boxes that have ground in common: of each the text, west, north …"""
    return [
        (one, other)
        for (one, _, *a), (other, _, *b) in combinations(boxes, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


@pytest.mark.parametrize("key", NEEDED)
def test_names_controls_and_legend_stand_apart_at_every_width_in_every_language(
    made, single, visit, key
):
    with visit(made.folder / "map.html" if key == "report" else single / f"{key}.html") as opened:
        for width, height in (*WIDTHS, *(((1100, 800),) if key in ENDS else ())):
            opened.page.set_viewport_size({"width": width, "height": height})
            opened.page.evaluate(FRAMES)
            # The page still shows all that it is about.
            assert opened.page.evaluate(
                "(({ map, model }) => map.getBounds().contains(model.facts.page.bounds))"
                "(araxes.app)"
            )
            for language, shown in opened.page.evaluate(SHOWN_IN, LANGUAGES).items():
                where = width, language
                boxes = [*shown["names"], *shown["controls"]]
                assert [name for name, inside, *_ in boxes if not inside] == [], where
                assert len(shown["controls"]) >= 4
                assert overlapping(boxes) == [], where
                assert shown["spilt"] == [], where
                wanted = {words()[f"country-{code}"][language] for code in NEEDED[key]}
                wanted |= {places()[town].names[language] for town in ENDS.get(key, ())}
                assert wanted <= {name for name, *_ in shown["names"]}, where


# Points of the map, in degrees, that lie under one of its buttons.
UNDER_BUTTONS = """points => {
  const { map } = araxes.app, frame = map.getContainer().getBoundingClientRect();
  const boxes = [...document.querySelectorAll(".leaflet-top .leaflet-control")]
    .map(e => e.getBoundingClientRect());
  return points.filter(([lon, lat]) => {
    const { x, y } = map.latLngToContainerPoint([lat, lon]).add([frame.left, frame.top]);
    return boxes.some(b => x > b.left && x < b.right && y > b.top && y < b.bottom);
  });
}"""


@pytest.mark.parametrize("key", ["kars-1921", "lachin-2022"])
def test_no_button_lies_on_the_line_that_a_page_opens_with(single, visit, key):
    shape = system(key)
    line = shape.geometry if hasattr(shape, "legs") else shape.centreline
    points = shapely.get_coordinates(shapely.segmentize(line, 0.01)).tolist()
    with visit(single / f"{key}.html") as opened:
        for width, height in WIDTHS:
            opened.page.set_viewport_size({"width": width, "height": height})
            opened.page.evaluate(FRAMES)
            assert opened.page.evaluate(UNDER_BUTTONS, points) == [], width
        opened.page.select_option("#araxes-language", "fa")
        attribution = "getComputedStyle(document.querySelector('.leaflet-control-attribution'))"
        assert opened.page.evaluate(f"{attribution}.direction") == "rtl"


def test_every_letter_comes_from_the_page_itself(made, visit):
    with visit(made.folder / "map.html") as opened:
        page = opened.page
        session = page.context.new_cdp_session(page)
        session.send("DOM.enable")
        session.send("CSS.enable")
        for language in LANGUAGES:
            page.evaluate("language => araxes.app.change({ language })", language)
            root = session.send("DOM.getDocument")["root"]["nodeId"]
            for selector in ("h1", "#araxes-visible", "#araxes-ways", "#araxes-legend"):
                nodes = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})
                lines = session.send(
                    "DOM.querySelectorAll", {"nodeId": nodes["nodeId"], "selector": "span, th, td"}
                )["nodeIds"]
                for node in [nodes["nodeId"], *lines][:40]:
                    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
                    others = sum(f["glyphCount"] for f in fonts if not f["isCustomFont"])
                    if others:
                        # Marks of direction are drawn by no font.
                        html = session.send("DOM.getOuterHTML", {"nodeId": node})["outerHTML"]
                        marks = sum(html.count(mark) for mark in "\u200f\u2068\u2069")
                        assert others <= marks, (language, fonts, html[:200])


def test_a_schematic_line_shows_how_far_it_may_lie_and_zoom_ends_there(single, visit):
    error_m = 1.96 * system("zangezur-tripp").position_sigma_m
    with visit(single / "zangezur-tripp.html") as opened:
        page = opened.page
        said = page.evaluate(
            "(({ model }) => { const layer = model.facts.layers[0];"
            " return model.tip(layer, layer.groups[1].owner[0]); })(araxes.app)"
        )
        assert said.endswith(word("ui-placed", "en").format(f"{error_m:,.0f} m"))
        key = page.locator("#araxes-styles li", has_text=word("error-band", "en"))
        page.evaluate("araxes.app.map.setView([38.95, 46.4], 7, { animate: false })")
        assert key.count() == 0
        page.evaluate("araxes.app.map.setZoom(99, { animate: false })")
        assert key.count() == 1
        # At the nearest view the band is as wide as a phone's screen, no wider.
        metres = page.evaluate(
            "(({ map }) => map.distance(map.containerPointToLatLng([0, 300]),"
            " map.containerPointToLatLng([100, 300])) / 100)(araxes.app)"
        )
        assert 200 < 2 * error_m / metres < 400


def test_in_the_dark_lines_stand_out_and_paper_stays_white(made, visit):
    with visit(made.folder / "map.html") as opened:
        page = opened.page
        page.emulate_media(color_scheme="dark")
        page.evaluate(FRAMES)
        assert page.evaluate("araxes.theme.isDark()")
        contrasts = page.evaluate(
            """() => {
              const ink = document.createElement("canvas").getContext("2d");
              const light = function (colour) {
                ink.fillStyle = araxes.theme.shade(colour);
                ink.fillRect(0, 0, 1, 1);
                const [r, g, b] = [...ink.getImageData(0, 0, 1, 1).data].map(x => x / 255)
                  .map(x => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const { facts } = araxes.app.model, land = facts.layers.find(l => l.id === "land");
              const grounds = [land.s(0), land.s(1)].map(s => light(facts.styles[s].c));
              return facts.layers.filter(layer => !layer.quiet).flatMap(layer => grounds.map(g =>
                [layer.id, (light(facts.styles[layer.w].c) + 0.05) / (g + 0.05)]));
            }"""
        )
        assert min(ratio for _, ratio in contrasts) >= 3, contrasts
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert not page.evaluate("araxes.theme.isDark()")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.evaluate("araxes.theme.isDark()")


@pytest.mark.parametrize(
    ("width", "scheme", "at"),
    [(1440, "light", ""), (375, "dark", "#lang=fa&scenario=tripp-open&pair=1")],
)
def test_axe_finds_nothing(made, visit, width, scheme, at):
    code = (package_files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    with visit(made.folder / "map.html", width, 860, at=at) as opened:
        page = opened.page
        # Nothing is still fading in when its contrast is measured.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.locator("#araxes-go-btk").click()
        page.evaluate(code)
        result = page.evaluate("axe.run(document)")
    assert len(result["passes"]) > 30
    assert [(one["id"], one["nodes"][0]["html"]) for one in result["violations"]] == []


def test_a_card_leaves_half_of_a_phones_map_to_be_seen(made, visit):
    with visit(made.folder / "map.html", 375, 760) as opened:
        opened.page.locator("#araxes-go-btk").click()
        box = opened.page.locator(".leaflet-popup").bounding_box()
        assert box["height"] < 0.6 * opened.page.locator(".folium-map").bounding_box()["height"]


def test_texts_that_keep_their_language_say_so(made, visit):
    with visit(made.folder / "map.html", at="#lang=tr") as opened:
        opened.page.evaluate(
            "(({ model, open }) => open({ layer: model.facts.layers.find("
            "l => l.id === 'kars-1921'), feature: 3 }, L.latLng(41, 43)))(araxes.app)"
        )
        own = opened.page.locator(".araxes-card dd[lang=en]")
        assert own.count() >= 2
        for text in own.all_text_contents():
            assert text.startswith("English")
