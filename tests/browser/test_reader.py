"""What a reader of a page does and sees, on screens of all sizes, in headless Chromium."""

from __future__ import annotations

import re
from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
import unpacked
from shapely import Point

from borders.files.bundle import BUNDLED
from borders.gazetteer.places import LANGUAGES, places
from corridors.analysis.compare import compare
from corridors.model.registry import system
from corridors.scenarios.scenario import read_scenario
from maps.i18n import word, words
from maps.layers.model import REGION
from maps.web.comparison import RouteComparison
from maps.web.interactive import interactive, save

pytestmark = pytest.mark.browser

OPEN = """
([id, feature]) => {
  const { app, canvas, decode } = araxes;
  const layer = app.model.facts.layers.find(one => one.id === id);
  const [lon, lat] = decode.lonLat(...canvas.pointOn(layer, feature));
  app.open({ layer, feature }, L.latLng(lat, lon));
}
"""
BOX = "e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; }"


def apart(one, other):
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def box(page, selector):
    return page.locator(selector).first.evaluate(BOX)


@pytest.fixture
def wide(made, visit):
    with visit(made.folder / "map.html") as opened:
        yield opened


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_and_hint_are_in_the_language_chosen(wide, language):
    page = wide.page
    page.select_option("#araxes-language", language)
    title = words()["figure-systems"][language]
    assert page.locator("h1").text_content() == title
    assert page.title() == title
    assert page.locator("#araxes-title p").text_content() == words()["ui-hint"][language]
    assert page.get_by_label(words()["ui-zoom-in"][language], exact=True).count() == 1


def test_a_title_that_the_user_gave_stays(tmp_path, visit):
    save(interactive(system("btk"), title="Mine"), tmp_path / "map.html")
    with visit(tmp_path / "map.html", at="#lang=tr") as opened:
        assert opened.page.locator("h1").text_content() == "Mine"


@pytest.mark.parametrize(
    ("width", "height"), [(1440, 900), (1024, 768), (820, 900), (768, 1024), (375, 800)]
)
def test_scale_bar_and_attribution_are_apart_at_every_width(made, visit, width, height):
    with visit(made.folder / "map.html", width, height) as opened:
        scale = box(opened.page, ".leaflet-control-scale")
        assert apart(scale, box(opened.page, ".leaflet-control-attribution"))


@pytest.mark.parametrize("width", [375, 768, 1440])
def test_the_search_is_above_the_map_or_beside_it(made, visit, width):
    with visit(made.folder / "map.html", width, 800) as opened:
        page = opened.page
        search, chart = box(page, "#araxes-search"), box(page, ".folium-map")
        assert search[3] <= (chart[1] if width < 800 else 800)
        assert search[2] - search[0] > 180
        # The language may be chosen without losing what was typed.
        page.fill("#araxes-search", "Kars")
        page.locator("#araxes-scenario").select_option(index=1)
        assert page.input_value("#araxes-search") == "Kars"


def test_no_button_lies_over_the_card_on_a_narrow_screen(made, visit):
    with visit(made.folder / "map.html", 375, 800) as opened:
        page = opened.page
        page.evaluate(OPEN, ["btk", 0])
        page.wait_for_timeout(500)
        card = box(page, ".leaflet-popup-content-wrapper")
        seen = [
            one.evaluate(BOX)
            for one in page.locator(".leaflet-control button, .leaflet-control a").all()
            if one.is_visible()
        ]
        assert all(apart(card, one) for one in seen)
        page.locator(".leaflet-popup-close-button").click()
        assert page.locator("#araxes-measure").is_visible()


def test_ways_compared_fill_the_map(tmp_path, visit):
    scenarios = [read_scenario(key) for key in ("status-quo", "tripp-open")]
    rows = compare([("kars", "baku")], scenarios)
    save(interactive(ways=RouteComparison(compared=rows)), tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        west, east = opened.page.evaluate(
            "(() => { const b = araxes.app.map.getBounds(); return [b.getWest(), b.getEast()]; })()"
        )
        assert west < places()["kars"].lon < west + 0.3 * (east - west)
        assert west + 0.7 * (east - west) < places()["baku"].lon < east


def test_the_key_of_a_single_way_says_whose_it_is(wide):
    page = wide.page
    keys = page.locator("#araxes-changes li")
    told = {f"As things stand, {word(f'mode-{mode}', 'en')}" for mode in ("rail", "road")}
    assert set(keys.all_text_contents()) == told
    page.locator("#araxes-scenario").select_option(label="All of them open")
    page.locator("#araxes-view button", has_text="with it").click()
    assert keys.first.text_content().startswith("All of them open, by ")


def notebook(tmp_path, sandbox):
    text = interactive(system("btk"), title="In a notebook")._repr_html_()
    if sandbox:
        text = text.replace("<iframe ", '<iframe sandbox="allow-scripts" ', 1)
        text = text.replace(" allowfullscreen>", ">", 1)
    file = tmp_path / "notebook.html"
    file.write_text(
        f"<!doctype html><html class='araxes-ready'><body>{text}</body></html>", "utf-8"
    )
    return file


@pytest.mark.parametrize("sandbox", [False, True])
def test_the_page_works_in_the_frame_of_a_notebook(tmp_path, visit, sandbox):
    with visit(notebook(tmp_path, sandbox)) as opened:
        frame = opened.page.frames[1]
        frame.wait_for_selector("html.araxes-ready", state="attached")
        frame.locator('input[data-layer="btk"]').uncheck()
        # A frame has no address to copy, and may not be let fill the screen.
        assert not frame.locator("#araxes-copy").is_visible()
        assert frame.locator("#araxes-full").is_visible() == (not sandbox)
        frame.locator("#araxes-measure").click()
        frame.select_option("#araxes-language", "ka")
        assert opened.complaints == []
        assert opened.requests == []


def test_nothing_moves_for_readers_who_want_it_still(made, visit):
    with visit(made.folder / "map.html") as opened:
        page = opened.page
        page.emulate_media(reduced_motion="reduce")
        page.reload()
        page.wait_for_selector("html.araxes-ready", state="attached")
        zoom = page.evaluate("araxes.app.map.getZoom()")
        page.locator(".leaflet-control-zoom-in").click()
        assert page.evaluate("araxes.app.map.getZoom()") > zoom
        assert page.evaluate(
            "(() => { const { map } = araxes.app, was = map.getCenter().lng;"
            " map.panBy([100, 0]); return map.getCenter().lng !== was; })()"
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_countries_are_named_on_their_own_ground(made, visit, language):
    with visit(made.folder / "map.html", at=f"#lang={language}") as opened:
        page = opened.page
        named = page.locator(".araxes-region").all_text_contents()
        wanted = ("country-TR", "country-GE", "country-IR", "country-AZ", "caspian-sea")
        assert {words()[key][language] for key in wanted} <= set(named)
        assert len(named) == len(set(named))
        boxes = [one.evaluate(BOX) for one in page.locator(".araxes-region, .araxes-label").all()]
        assert all(apart(a, b) for a, b in combinations(boxes, 2))
        # A reader who looks at a corner of a country finds its name there.
        page.evaluate("araxes.app.map.setView([41.8, 43.5], 9, { animate: false })")
        assert words()["country-GE"][language] in page.locator(".araxes-region").all_text_contents()


REGIONS = """
() => Array.from(document.querySelectorAll(".araxes-region span")).map(e => {
  const { map } = araxes.app, f = map.getContainer().getBoundingClientRect();
  const r = e.getBoundingClientRect();
  const at = map.containerPointToLatLng([(r.left + r.right) / 2 - f.left,
                                         (r.top + r.bottom) / 2 - f.top]);
  const inside = r.left >= f.left && r.right <= f.right && r.top >= f.top && r.bottom <= f.bottom;
  return [e.textContent, at.lng, at.lat, inside];
})
"""


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (768, 1024), (375, 800)])
def test_countries_and_seas_come_first_at_every_width_in_every_language(made, visit, width, height):
    towns = BUNDLED.rows("towns.csv")
    at = np.array([(float(row["lon"]), float(row["lat"])) for row in towns])
    countries = ("AM", "AZ", "GE", "IR", "TR")
    west, south, east, north = REGION
    with visit(made.folder / "map.html", width, height) as opened:
        # The whole region, from sea to sea.
        opened.page.evaluate(
            "box => araxes.app.map.fitBounds(box, { animate: false })",
            [[south, west], [north, east]],
        )
        for language in LANGUAGES:
            opened.page.evaluate("language => araxes.app.change({ language })", language)
            named = {text: rest for text, *rest in opened.page.evaluate(REGIONS)}
            for sea in ("black-sea", "caspian-sea"):
                assert words()[sea][language] in named, (language, sea)
            for code in countries:
                assert words()[f"country-{code}"][language] in named, (language, code)
                lon, lat, inside = named[words()[f"country-{code}"][language]]
                assert inside, (language, code)
                # The name stands on its own country's ground: towns of it are the nearest.
                away = np.hypot(*((at - (lon, lat)) * (0.77, 1)).T)
                assert code in {towns[n]["country"] for n in away.argsort()[:3]}, (language, code)


@pytest.mark.parametrize("code", ["AM", "AZ", "GE", "IR", "TR"])
def test_the_name_of_a_country_is_nearest_to_towns_of_it(code):
    towns = BUNDLED.rows("towns.csv")
    at = np.array([(float(row["lon"]), float(row["lat"])) for row in towns])
    for row in BUNDLED.rows("context/anchors.csv"):
        if row["word"] == f"country-{code}" and 38 < float(row["lon"]) < 50:
            away = np.hypot(*(at - (float(row["lon"]), float(row["lat"]))).T)
            assert towns[int(away.argmin())]["country"] == code, row


def values(page):
    return page.locator(".araxes-card dd").all_text_contents()


def test_the_card_of_a_leg_is_in_the_language_chosen(made, visit):
    with visit(made.folder / "map.html", at="#lang=ru") as opened:
        opened.page.evaluate(OPEN, ["kars-1921", 12])
        said = values(opened.page)
        assert "13 из 47" in said
        assert "бывшая административная граница, условная линия, круговой вывод" in said
        assert any(
            re.fullmatch(r"[\d,]+ км \([\d,]+–[\d,]+\), положение ±[\d\xa0]+ м", s) for s in said
        )
        assert any(s.endswith(" (ныне Kannı Dağ)") for s in said)


def test_the_card_of_a_link_is_in_the_language_chosen(made, visit):
    with visit(made.folder / "map.html", at="#lang=tr") as opened:
        opened.page.evaluate(OPEN, ["network-rail", 0])
        said = values(opened.page)
        assert {words()[f"basis-{key}"]["tr"] for key in ("published", "chain", "reach")} & set(
            said
        )
        assert any(re.fullmatch(r"[\d,]+ sa", s) for s in said)
        assert "1520 mm" in said or "1435 mm" in said
        assert any("konum ±" in s for s in said)


def test_every_word_of_a_card_is_in_the_table(made):
    told = unpacked.facts(made.text("map.html"))
    filled = [text for text in told["texts"] if isinstance(text, list)]
    used = {text[0] for text in filled} - {"list"}
    used |= {one for text in filled for one in text[1:] if one.startswith(("basis-", "rule-"))}
    assert len(used) > 15
    assert used - set(words()) == set()


@pytest.mark.parametrize("name", ["map.html", "context.html"])
def test_every_label_of_a_card_is_in_the_language_chosen(made, visit, name):
    """A label is a word of the table without a place to fill in; English ones stay in English."""
    with visit(made.folder / name) as opened:
        for language, letters in (("ru", "[а-яё]"), ("ka", "[ა-ჰ]"), ("hy", "[ա-և]")):
            labels = opened.page.evaluate(
                """language => {
                  const { model } = araxes.app;
                  araxes.app.change({ language });
                  const labels = model.facts.layers.flatMap(layer =>
                    Array.from({ length: layer.count }, (_, n) => model.card(layer, n))
                         .flatMap(rows => rows.map(([label]) => label)));
                  return [...new Set(labels)];
                }""",
                language,
            )
            assert len(labels) >= 5
            assert [
                one for one in labels if "{" in one or not re.search(letters, one.lower())
            ] == []


def test_days_are_written_the_persian_way(made, visit):
    with visit(made.folder / "map.html", at="#lang=fa&on=2022-08-30") as opened:
        page = opened.page
        assert "۲۰۲۲/۰۸/۳۰" in page.locator("#araxes-events").text_content()
        assert "۲۰۲۶/۰۶/۰۱" in page.locator("#araxes-comparison").text_content()


def test_a_status_may_be_called_like_a_part_of_every_object(tmp_path, visit):
    table = gpd.GeoDataFrame(
        {"name": ["constructor"], "status": ["constructor"]}, geometry=[Point(44, 40)], crs=4326
    )
    save(interactive(table), tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        opened.page.evaluate("araxes.app.go(araxes.app.find('constructor', 1)[0])")
        assert opened.page.evaluate("araxes.app.model.word('constructor')") == "constructor"
        assert opened.complaints == []
