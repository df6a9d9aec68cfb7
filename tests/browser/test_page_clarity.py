"""What a page says plainly: names clear of lines, a legend of the day, kinds of what is found."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

from borders.gazetteer.places import LANGUAGES, places
from corridors.context.sister_cities import agreements
from corridors.lookup import thing
from corridors.model.registry import system
from corridors.scenarios.scenario import read_scenario, scenario_ids
from maps.i18n import word, words
from maps.layers.model import REGION
from maps.web.interactive import interactive, save
from maps.web.search_index import LABELLED, gazetteer

pytestmark = pytest.mark.browser

# How much of each name the lines cover: where it stands, and to the right of its dot.
COVERED = """
() => {
  const canvas = document.querySelector(".leaflet-araxes-lines-pane canvas");
  const at = canvas.getBoundingClientRect(), ink = canvas.getContext("2d");
  const scale = canvas.width / at.width;
  const covered = (left, top, r) => {
    const pixels = ink.getImageData((left - at.left) * scale, (top - at.top) * scale,
                                    r.width * scale, r.height * scale).data;
    let dark = 0;
    for (let n = 0; n < pixels.length; n += 4) {
      if (pixels[n + 3] > 128 && pixels[n] + pixels[n + 1] + pixels[n + 2] < 500) { dark += 1; }
    }
    return dark / (pixels.length / 4);
  };
  return [...document.querySelectorAll(".araxes-label")].map(e => {
    const r = e.getBoundingClientRect(), dot = e.parentElement.getBoundingClientRect();
    return [covered(r.left, r.top, r), covered(dot.right + 3, dot.top - 5, r)];
  });
}
"""


@pytest.fixture
def wide(made, visit):
    with visit(made.folder / "map.html") as opened:
        yield opened


def test_names_of_places_keep_clear_of_lines_and_marks(wide):
    covered = np.array(wide.page.evaluate(COVERED))
    assert len(covered) > 8
    assert covered[:, 0].max() < 0.4
    assert covered[:, 0].sum() < 0.7 * covered[:, 1].sum(), covered.round(2)


def test_a_name_keeps_its_side_while_the_map_is_moved(wide):
    page = wide.page
    # At the edge of the map a name may have to turn.
    sides = """
    margin => {
      const f = araxes.app.map.getContainer().getBoundingClientRect();
      return Object.fromEntries([...document.querySelectorAll(".araxes-label")].filter(e => {
        const r = e.getBoundingClientRect();
        return r.left > f.left + margin && r.right < f.right - margin &&
               r.top > f.top + margin && r.bottom < f.bottom - margin;
      }).map(e => [e.textContent, e.className]));
    }
    """
    before = page.evaluate(sides, 15)
    page.evaluate("araxes.app.map.panBy([13, 7], { animate: false })")
    after = page.evaluate(sides, 0)
    assert len(before) > 8
    assert {name: after[name] for name in before if name in after} == {
        name: side for name, side in before.items() if name in after
    }


def row(page, key):
    return page.locator(f'li:has(> label > input[data-layer="{key}"])')


def test_the_legend_shows_what_each_line_was_on_the_day(wide):
    page = wide.page
    dash = "() => document.querySelector('input[data-layer=\"zangezur-tripp\"]')" + (
        ".parentElement.querySelector('path').getAttribute('stroke-dasharray')"
    )
    now = page.evaluate(dash)
    assert "planned" in row(page, "zangezur-tripp").text_content()
    page.evaluate("araxes.app.day('2022-08-30')")
    assert "dismantled" in row(page, "zangezur-tripp").text_content()
    assert page.evaluate(dash) != now
    assert "not on this day" in row(page, "nakhchivan-1921").text_content()
    assert "closed" not in row(page, "lachin-2022").text_content()
    page.evaluate("araxes.app.day(null)")
    assert page.evaluate(dash) == now


def test_the_first_scenario_has_no_before_and_after(wide):
    page = wide.page
    assert page.locator("#araxes-view").count() == 0
    assert word("ui-choose", "en") in page.locator("#araxes-comparison").text_content()
    page.locator("#araxes-scenario").select_option(index=1)
    assert page.locator("#araxes-view button").count() == 3
    assert word("ui-choose", "en") not in page.locator("#araxes-comparison").text_content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_scenario_says_of_itself_is_in_the_language_chosen(made, visit, language):
    with visit(made.folder / "map.html", at=f"#lang={language}&scenario=tripp-open") as opened:
        said = opened.page.locator("#araxes-comparison").text_content()
        assert words()["note-tripp-open"][language] in said


def test_notes_of_scenarios_are_translated_as_they_stand():
    for key in scenario_ids():
        note = read_scenario(key).note
        # Scenarios that only add up others have none.
        assert not note or words()[f"note-{key}"]["en"] == note, key


def test_what_is_found_says_what_kind_it_is_and_is_there_once(wide):
    page = wide.page
    page.fill("#araxes-search", "Երևան")
    found = page.locator("#araxes-found button")
    assert found.first.get_attribute("data-kind") == "Place"
    assert found.all_text_contents().count("Yerevan") == 1
    page.fill("#araxes-search", "tanap")
    assert found.all_text_contents() == [system("tanap").name]
    assert found.first.get_attribute("data-kind") == "Corridors"


def test_towns_that_are_places_of_ours_are_listed_once():
    known = {one.name for one in places().values()}
    towns = [one for one in gazetteer(REGION) if isinstance(one["n"], str)]
    assert len(towns) > 500
    near = [
        (one["n"], other.name)
        for one in towns
        if one["n"] in known
        for other in places().values()
        if other.name == one["n"] and abs(other.lon - one["x"]) < 0.2 > abs(other.lat - one["y"])
    ]
    assert near == []


def test_places_that_the_map_names_have_names_in_all_languages():
    keys = [key for rank in LABELLED for key in rank if key in places()]
    lacking = [(key, code) for key in keys for code in LANGUAGES if code not in places()[key].names]
    assert lacking == []


def test_words_of_the_treaty_keep_their_direction_in_a_persian_card(made, visit):
    with visit(made.folder / "map.html", at="#lang=fa") as opened:
        page = opened.page
        title = page.evaluate(
            "(() => { const { model } = araxes.app; const layer = model.facts.layers"
            ".find(one => one.id === 'kars-1921'); return model.titleOf(layer, 7); })()"
        )
        assert re.search("\u2068[^\u2068\u2069]*Gerat-Kesun[^\u2068\u2069]*\u2069", title)
        assert "۸." in title


def test_days_keep_to_one_line_in_a_card(made, visit):
    with visit(made.folder / "map.html") as opened:
        page = opened.page
        page.evaluate(
            "(() => { const { app } = araxes; const layer = app.model.facts.layers"
            ".find(one => one.id === 'crossings'); app.go({ layer, features: 3 }); })()"
        )
        labels = page.locator(".araxes-card dt")
        heights = labels.evaluate_all("all => all.map(e => e.offsetHeight)")
        said = labels.all_text_contents()
        day = next(n for n, text in enumerate(said) if text.startswith("Status on"))
        assert heights[day] < 1.5 * min(heights)


def test_no_way_is_said_to_be_shorter_for_sure(wide):
    page = wide.page
    # By road, where the way as things stand is the longer one; by rail there is none as yet.
    said = {}
    for title in ("Nakhchivan city – Baku, by road", "Nakhchivan city – Baku, by rail"):
        group = page.locator("#araxes-ways tbody").filter(has_text=title)
        group.locator('tr[data-way$="/1"]').click()
        said[title] = page.locator("#araxes-chosen").text_content()
        assert said[title].startswith(f"{title}: ")
    road, rail = said.values()
    assert ">\u00a099 %" in road
    assert f"{word('unbuilt', 'en')}: 23 km" in road
    assert "shorter" not in rail
    assert f"{word('unbuilt', 'en')}: 256 km" in rail


def test_a_step_of_the_slider_tells_the_card_and_the_legend_alike(wide):
    page = wide.page
    for one, other in pairwise(("2020-11-10", "2022-08-30", "2023-05-01")):
        page.evaluate("day => araxes.app.day(day)", one)
        before = row(page, "lachin-2022").text_content()
        page.evaluate("day => araxes.app.day(day)", other)
        assert row(page, "lachin-2022").text_content() != before


def test_focus_stays_on_the_row_that_the_keyboard_chose(wide):
    page = wide.page
    page.locator('#araxes-ways tr[data-way="1/1"] button').focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('tr').dataset.way") == "1/1"
    page.locator("#araxes-view button", has_text="with it").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == "after"


def test_a_persian_title_runs_from_the_right_whatever_letter_is_first(made, visit):
    with visit(made.folder / "map.html", at="#lang=fa") as opened:
        page = opened.page
        page.evaluate(
            "(() => { const { app } = araxes; const layer = app.model.facts.layers"
            ".find(one => one.id === 'zangezur-tripp'); app.go({ layer, features: 0 }); })()"
        )
        heading = page.locator(".araxes-card h2")
        assert system("zangezur-tripp").names["fa"] in heading.text_content()
        assert heading.evaluate("e => e.matches(':dir(rtl)')")


@pytest.mark.parametrize(("language", "arrow"), [("en", " → "), ("fa", " ← ")])
def test_countries_are_passed_in_the_direction_of_the_writing(made, visit, language, arrow):
    at = f"#lang={language}&scenario=tripp-open&pair=3"
    with visit(made.folder / "map.html", at=at) as opened:
        page = opened.page
        said = page.locator("#araxes-chosen").text_content()
        # The pair by rail, which leads through no third country.
        assert said.startswith(page.evaluate("araxes.app.model.pairTitle(3)") + ":")
    assert word("mode-rail", language) in said
    passed = [word(f"country-{code}", language) for code in ("AZ", "AM", "AZ")]
    assert arrow.join(passed) in said


def test_paper_says_of_which_day_the_ways_are_and_what_the_intervals_mean(made, visit):
    with visit(made.folder / "map.html", at="#scenario=tripp-open&pair=1&on=1993-06-01") as opened:
        page = opened.page
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        said = page.locator("#araxes-paper").text_content()
        assert word("ui-other-day", "en").format("2026-06-01", "1993-06-01") in said
        assert word("ui-ways-km", "en").format("2026-06-01") in said
        assert word("ui-hours", "en") in said
        assert page.locator("#araxes-ways-note").count() == 1


@pytest.mark.parametrize(("language", "pair"), [("ru", 2), ("fa", 1), ("en", None)])
def test_paper_is_filled_but_not_overfilled(made, visit, language, pair):
    at = f"#lang={language}&scenario=all-open" + ("" if pair is None else f"&pair={pair}")
    with visit(made.folder / "map.html", at=at) as opened:
        page = opened.page
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        # A4 less its margins: 277 mm at 96 pixels an inch.
        sheet = 277 / 25.4 * 96
        bottom = "e => e.getBoundingClientRect().bottom"
        low = page.locator("#araxes-paper").evaluate(bottom)
        high = page.locator(".folium-map").evaluate("e => e.getBoundingClientRect().height")
        tables = page.locator("#araxes-paper .araxes-ways")
        assert high > 350
        if pair is not None:
            assert tables.count() == 1
            assert low <= sheet
        else:
            # The tables stand on the sheet of the map; the legend may run on to the next.
            assert tables.count() == page.evaluate("araxes.app.model.facts.pairs.length") == 6
            assert all(foot <= sheet for foot in tables.evaluate_all(f"all => all.map({bottom})"))
            assert page.locator("#araxes-cited").evaluate(bottom) <= 2 * sheet


# How opaque arcs are in their middle: the one of a name, and one of Tajikistan, which has few.
OPACITY = """
name => {
  const { model, map } = araxes.app, frame = map.getContainer().getBoundingClientRect();
  const canvas = map.getPane("araxes-lines").querySelector("canvas");
  const box = canvas.getBoundingClientRect(), ink = canvas.getContext("2d");
  const arcs = model.facts.layers.filter(layer => layer.arcs).flatMap(layer =>
    Array.from({ length: layer.count }, (_, feature) => ({ layer, feature })));
  const found = [({ layer, feature }) => model.titleOf(layer, feature) === name,
                 ({ layer }) => layer.id.endsWith("-tj")].map(test => arcs.find(test));
  window.chosen = found[0];
  return found.map(({ layer, feature }) => {
    const [lon, lat] = araxes.decode.lonLat(...araxes.canvas.pointOn(layer, feature));
    const { x, y } = map.latLngToContainerPoint([lat, lon]);
    const at = [x + frame.left - box.left - 2, y + frame.top - box.top - 2].map(Math.round);
    const { data } = ink.getImageData(...at, 4, 4);
    return Math.max(...data.filter((_, n) => n % 4 === 3));
  });
}
"""


def test_the_arcs_of_a_town_that_is_chosen_stand_out_and_its_card_tells_them(tmp_path, visit):
    """Truth: the agreements of the table that end where those of the town do."""
    file = tmp_path / "sisters.html"
    save(interactive(thing("sister-cities")), file)
    town = next(one for one in agreements() if one.province == "Kars").ends[0]
    place = town.lon, town.lat
    wanted = {
        f"{one.province} {one.municipality} – {one.partner}"
        for one in agreements()
        if one.placed and place in [(end.lon, end.lat) for end in one.ends]
    }
    assert len(wanted) > 2
    with visit(file) as opened:
        page = opened.page
        before, _ = page.evaluate(OPACITY, min(wanted))
        page.evaluate("([lon, lat]) => araxes.app.open(chosen, L.latLng(lat, lon))", place)
        page.wait_for_timeout(600)  # the map moves so that the card is seen
        after, other = page.evaluate(OPACITY, min(wanted))
        assert before < 240 < after
        assert other < 240
        told = page.locator(".araxes-card").inner_text()
        assert [name for name in wanted if name not in told] == []
