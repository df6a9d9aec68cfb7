"""What the page ties together: map, table, cards, address, keyboard, and paper."""

from __future__ import annotations

import pytest

from borders.gazetteer.lookup import place
from borders.gazetteer.places import LANGUAGES
from corridors.analysis.compare import compare
from corridors.model.registry import system
from corridors.scenarios.terms import Terms
from maps.i18n import word
from maps.report.routes_section import PAIRS
from maps.web.comparison import RouteComparison
from maps.web.interactive import interactive, save

pytestmark = pytest.mark.browser

# Points in pixels of the page on the ways shown.
ON_WAYS = """
() => {
  const { model, map } = araxes.app, frame = map.getContainer().getBoundingClientRect();
  const found = [];
  model.facts.pairs.forEach((_, pair) => (model.routeOf(pair, 0).links || []).forEach(link => {
    const at = model.links.get(link);
    if (!at) { return; }
    const [lon, lat] = araxes.decode.lonLat(...araxes.canvas.pointOn(at.layer, at.feature));
    const p = map.latLngToContainerPoint([lat, lon]), x = p.x + frame.x, y = p.y + frame.y;
    const top = document.elementFromPoint(x, y);
    const clear = p.x > 70 && p.y > 70 && p.x < frame.width - 70 && p.y < frame.height - 70;
    if (clear && top && top.closest(".leaflet-container") && !top.closest(".leaflet-control")) {
      found.push([x, y]);
    }
  }));
  return found;
}
"""
PAPER = "window.dispatchEvent(new Event('beforeprint'))"


@pytest.fixture
def wide(made, visit):
    with visit(made.folder / "map.html") as opened:
        yield opened


@pytest.fixture(scope="module")
def rails(tmp_path_factory):
    """Return a page of one pair that has no way by rail under the first scenario."""
    path = tmp_path_factory.mktemp("rails") / "rails.html"
    terms = Terms(modes=("rail",))
    rows = compare([("Nakhchivan", "Baku")], ["status-quo", "tripp-open"], terms=terms)
    assert rows[0].way is None
    ways = RouteComparison(compared=rows, terms=terms)
    save(interactive(ways=ways, title="Rails"), path, command="test")
    return path


def test_a_click_anywhere_on_a_way_marks_its_row_whatever_lies_below(wide):
    page = wide.page
    points = page.evaluate(ON_WAYS)
    assert len(points) > 30
    view = page.evaluate("(({ map }) => [map.getCenter(), map.getZoom()])(araxes.app)")
    page.evaluate("araxes.still(araxes.app.map)")
    for x, y in points[::6]:
        # A card may have moved the map.
        page.evaluate("at => araxes.app.map.closePopup().setView(...at, { animate: false })", view)
        page.locator(".leaflet-popup").wait_for(state="detached")
        page.evaluate("araxes.app.change({ pair: null })")
        page.mouse.click(x, y)
        assert page.evaluate("araxes.app.model.state.pair") is not None, (x, y)
        assert page.locator('#araxes-ways tr[aria-selected="true"]').count() == 1


def test_pairs_say_by_what_modes_and_the_best_has_a_star(wide):
    heads = wide.page.locator('#araxes-ways th[scope="rowgroup"]').all_inner_texts()
    assert len(heads) == len(set(heads))
    assert {head.rpartition(", ")[2] for head in heads} == {"by road", "by rail"}
    rows = compare(PAIRS)
    scenarios = len({row.scenario.id for row in rows})
    for n, row in enumerate(rows):
        told = wide.page.locator(f"#araxes-way-{n // scenarios}-{n % scenarios}").text_content()
        assert told.endswith("\xa0*") == (row.best and row.way is not None)
    assert wide.page.get_by_text(f"* {word('ui-best', 'en')}").count() == 1


def test_on_another_day_the_ways_are_not_drawn_and_the_page_says_so(wide):
    page, note = wide.page, wide.page.locator("#araxes-ways-note")
    drawn = "araxes.app.model.changes().length"
    assert page.evaluate(drawn) > 30
    page.evaluate("araxes.app.day('1930-06-01')")
    assert page.evaluate(drawn) == 0
    assert (
        note.inner_text()
        == "These ways are of 2026-06-01; the map does not show them on 1930-06-01."
    )
    assert page.locator("#araxes-changes li").count() == 0
    page.evaluate("araxes.app.day('2026-06-01')")
    assert page.evaluate(drawn) > 30
    assert note.inner_text().startswith("Shortest ways with the statuses of 2026-06-01")


def test_what_the_data_do_not_date_is_marked_on_a_past_day(wide):
    looks = """day => {
      araxes.app.day(day);
      const { model } = araxes.app, seen = {};
      for (const layer of model.facts.layers) {
        const entry = model.legendEntry(layer);
        const looks = new Set();
        for (let n = 0; n < layer.count; n++) {
          const look = model.lookOf(layer, n);
          if (look) { looks.add(`${look.dash}`); }
        }
        seen[layer.id] = [entry.note, [...looks]];
      }
      return [seen, `${model.facts.states.unknown}`];
    }"""
    seen, unknown = wide.page.evaluate(looks, "1930-06-01")
    assert seen["alat-aktau"] == ["since-unknown", [unknown]]
    assert seen["network-road"][1] == [unknown]
    for today in ("country-borders", "provinces", "places"):
        assert seen.get(today, ["ui-as-today"])[0] == "ui-as-today"
    assert seen["kars-1921"][0] == "dashed: stand-in"
    seen, _ = wide.page.evaluate(looks, "2026-06-01")
    assert seen["alat-aktau"] == ["", [""]]
    assert seen["country-borders"][0] == ""


def test_what_a_scenario_opens_is_open_on_its_day_alone(rails, visit):
    told = """([link, day]) => {
      const { model, day: set } = araxes.app, { layer, feature } = model.links.get(link);
      set(day);
      return [model.status(layer, feature).word, model.statusText(layer, feature)];
    }"""
    opened = word("ui-opened", "en").split(" “")[0]
    with visit(rails, at="#scenario=tripp-open") as other:
        page = other.page
        for day, state in (("1950-01-01", "open"), ("2000-01-01", "dismantled")):
            found, said = page.evaluate(told, ["rail-horadiz-mincivan", day])
            assert found == state
            assert said.startswith(state)
            assert opened in said
        found, said = page.evaluate(told, ["rail-horadiz-mincivan", None])
        assert opened in said


def test_a_row_chosen_while_before_is_shown_is_the_way_drawn(wide):
    page = wide.page
    page.locator("#araxes-scenario").select_option(label="TRIPP / Zangezur open")
    page.locator("#araxes-view-before").click()
    told = page.locator('#araxes-ways tr[aria-selected="true"]')
    ways = {one.get_attribute("data-way") for one in told.all()}
    assert ways == {f"{pair}/0" for pair in range(2 * len(PAIRS))}
    page.locator('#araxes-ways tr[data-way="1/1"]').click()
    drawn = page.evaluate("araxes.app.model.changes().filter(one => one[1] !== 'lost')")
    way = page.evaluate("araxes.app.model.routeOf(1, 1).links")
    assert sorted(one[0] for one in drawn) == sorted(way)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_the_way_is_said_in_the_language_chosen(rails, visit, language):
    with visit(rails, at=f"#lang={language}&scenario=status-quo&pair=0") as opened:
        said = opened.page.locator("#araxes-chosen").text_content()
        assert word("no-way", language) in said
        assert system("nakhchivan-railway").names[language] in said
        assert word("construction", language) in said
        assert ("no route" in said) is False
        assert opened.page.locator(".araxes-none").get_attribute("title") in said


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fa", "rtl")])
def test_cards_and_paper_run_as_the_language_does(made, visit, language, direction):
    with visit(made.folder / "map.html", at=f"#map=7/40/45&lang={language}&pair=0") as opened:
        page = opened.page
        page.fill("#araxes-search", "BTC")
        page.keyboard.press("Enter")
        columns = "e => [e.querySelector('dt'), e.querySelector('dd')].map(e => e.offsetLeft)"
        label, value = page.locator(".araxes-card dl").evaluate(columns)
        assert (label > value) is (direction == "rtl")
        page.evaluate(PAPER)
        rows = page.locator("#araxes-paper tr[data-way] td")
        first, second = (rows.nth(n).bounding_box()["x"] for n in (0, 1))
        assert (first > second) is (direction == "rtl")


def test_a_link_followed_on_the_open_page_shows_what_it_says(wide):
    page = wide.page
    at = page.evaluate("location.hash")
    page.locator('#araxes-ways tr[data-way="1/1"]').click()
    page.select_option("#araxes-language", "tr")
    page.locator('input[data-layer="btk"]').set_checked(False)
    page.evaluate("at => { location.hash = at; }", at)
    page.locator("html[lang=en]").wait_for(state="attached")
    state = page.evaluate("(({ pair, scenario, hidden }) => [pair, scenario, hidden.has('btk')])"
                          "(araxes.app.model.state)")  # fmt: skip
    assert state == [None, 0, False]
    assert page.evaluate("location.hash") == at


@pytest.mark.parametrize(("width", "height"), [(720, 450), (667, 375), (568, 320), (320, 600)])
def test_a_card_can_be_read_to_its_end_on_a_low_screen(made, visit, width, height):
    with visit(made.folder / "map.html", width, height) as opened:
        page = opened.page
        page.locator("#araxes-go-zangezur-tripp").click()
        page.wait_for_timeout(400)
        last = page.locator(".araxes-card dd").last
        last.evaluate("e => e.scrollIntoView({ block: 'end' })")
        seen = last.evaluate(
            "e => { const r = e.getBoundingClientRect();"
            " return e.contains(document.elementFromPoint(r.left + 8, r.bottom - 6)); }"
        )
        assert seen


def test_a_card_opened_by_keyboard_takes_the_focus_and_gives_it_back(wide):
    page = wide.page
    for field in ("#araxes-search", "#araxes-go-btc"):
        if field == "#araxes-search":
            page.fill(field, "Lachin corr")
        else:
            page.locator(field).focus()
        page.keyboard.press("Enter")
        assert page.evaluate("Boolean(document.activeElement.closest('.araxes-card'))"), field
        page.keyboard.press("Escape")
        page.locator(".araxes-card").wait_for(state="detached")
        assert page.evaluate("'#' + document.activeElement.id") == field


def test_switching_a_layer_off_closes_its_card(wide):
    page = wide.page
    page.locator("#araxes-go-btc").click()
    assert page.locator(".araxes-card").count() == 1
    page.locator('input[data-layer="btc"]').set_checked(False)
    page.locator(".araxes-card").wait_for(state="detached")


@pytest.mark.parametrize("query", ["باكو", "باکو"])
def test_arabic_letters_find_what_persian_ones_do(wide, query):
    wide.page.fill("#araxes-search", query)
    assert wide.page.locator("#araxes-found button").first.text_content() == place("baku").name


def test_a_corridor_is_found_by_its_id(wide):
    for key in ("btc", "BTK"):
        wide.page.fill("#araxes-search", key)
        found = wide.page.locator("#araxes-found button").all_text_contents()
        assert system(key.lower()).name in found


def test_the_edge_of_the_paper_cuts_no_name(made, visit):
    for view in ("8/39.8/46.2", "7/40/45", "8.5/41.2/43.4"):
        with visit(made.folder / "map.html", at=f"#map={view}") as opened:
            page = opened.page
            page.evaluate(PAPER)
            edge = page.locator(".folium-map").bounding_box()
            boxes = page.locator(".araxes-label").evaluate_all(
                "all => all.map(e => e.getBoundingClientRect()).map(r => [r.left, r.right])"
            )
            assert len(boxes) > 3
            assert min(left for left, _ in boxes) >= edge["x"] - 1
            assert max(right for _, right in boxes) <= edge["x"] + edge["width"] + 1
