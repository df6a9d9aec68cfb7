"""What a finger, a pointer and other programs meet on the page."""

from __future__ import annotations

import io

import folium
import numpy as np
import pytest
from PIL import Image

from borders.gazetteer.places import LANGUAGES
from corridors.model.registry import system
from maps.i18n import words
from maps.web.interactive import interactive, save

pytestmark = pytest.mark.browser

# Controls that can be seen, with the box that answers a touch: a label's, if there is one.
SMALL = """
() => Array.from(document.querySelectorAll("button, input, select, summary, .leaflet-control a"))
  .filter(e => e.getClientRects().length && !e.hidden && !e.closest(".leaflet-control-attribution"))
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, r]) => r.width < 24 || r.height < 24).map(([html, r]) => [html, r.width, r.height])
"""


@pytest.mark.parametrize(("width", "height"), [(375, 800), (1024, 768)])
def test_everything_that_is_touched_measures_24_pixels(made, visit, width, height):
    at = "#scenario=tripp-open"
    with visit(made.folder / "map.html", width, height, at=at, touch=True) as opened:
        assert opened.page.evaluate("matchMedia('(pointer: coarse)').matches")
        assert opened.page.evaluate(SMALL) == []
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_reference_of_an_element_to_another_is_to_one_that_exists(made, visit):
    with visit(made.folder / "map.html") as opened:
        missing = opened.page.evaluate(
            """() => ["list", "for", "aria-labelledby", "aria-describedby"].flatMap(
                 key => Array.from(document.querySelectorAll(`[${key}]`))
                   .filter(e => !document.getElementById(e.getAttribute(key)))
                   .map(e => `${key}=${e.getAttribute(key)}`))"""
        )
        assert missing == []


def test_lines_of_folium_are_drawn_on_screen_and_paper(tmp_path, visit):
    page = interactive(system("lachin-2020"))
    folium.PolyLine([[39.6, 46.5], [39.8, 46.75]], color="#ff00ff", weight=9).add_to(page)
    save(page, tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        for state in ("screen", "paper"):
            if state == "paper":
                opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
            shot = opened.page.locator(".folium-map").screenshot()
            pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), int)
            drawn = (np.abs(pixels - (255, 0, 255)).max(axis=2) < 20).sum()
            assert drawn > 1000, state
        assert opened.complaints == []


def test_a_route_touched_on_a_phone_leaves_the_map_where_it_is(made, visit):
    with visit(made.folder / "map.html", 375, 800) as opened:
        page = opened.page
        # In the middle of the road to Baku.
        x, y = page.evaluate("""() => {
          const { map, model } = araxes.app, { layer, feature } = model.links.get("road-alat-baku");
          const [lon, lat] = araxes.decode.lonLat(...araxes.canvas.pointOn(layer, feature));
          const at = map.latLngToContainerPoint([lat, lon]);
          const box = map.getContainer().getBoundingClientRect();
          return [at.x + box.left, at.y + box.top];
        }""")
        page.mouse.click(x, y)
        card = page.locator(".leaflet-popup-content-wrapper")
        card.wait_for()
        assert page.evaluate("window.scrollY") == 0
        box = card.bounding_box()
        assert box["y"] >= 0
        assert box["height"] < 0.6 * page.locator(".leaflet-container").bounding_box()["height"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tools_say_what_they_do(made, visit, language):
    with visit(made.folder / "map.html", at=f"#lang={language}") as opened:
        for key in ("measure", "full", "print", "copy"):
            told = words()[f"ui-{key}"][language]
            button = opened.page.locator(f"#araxes-{key}")
            assert button.get_attribute("title") == told
            assert button.get_attribute("aria-label") == told


def test_the_key_shows_what_closed_and_unknown_crossings_look_like(made, visit):
    with visit(made.folder / "map.html") as opened:
        opened.page.locator("#araxes-preset-everything").click()
        keys = opened.page.locator("#araxes-styles li")
        shapes = {}
        for key in ("ui-crossing-closed", "ui-crossing-unknown"):
            row = keys.filter(has_text=words()[key]["en"])
            assert row.count() == 1
            shapes[key] = (row.locator("circle").count(), row.locator("path").count())
            assert row.locator("circle").get_attribute("fill") == "#ffffff"
        # A ring with a cross, and an empty ring.
        assert shapes == {"ui-crossing-closed": (1, 1), "ui-crossing-unknown": (1, 0)}
        closed = keys.filter(has_text=words()["ui-crossing-closed"]["en"])
        assert closed.locator("circle").get_attribute("stroke") == "#b00020"


@pytest.mark.parametrize("key", ["lachin-2020", "btk", "tanap", "kars-1921"])
def test_going_to_a_line_shows_all_of_it_and_little_else(made, visit, key):
    west, south, east, north = system(key).to_gdf().total_bounds
    with visit(made.folder / "map.html") as opened:
        page = opened.page
        # The card that opens may move the map.
        page.evaluate("araxes.app.map.panBy = () => araxes.app.map")
        page.locator(f"#araxes-go-{key}").click()
        seen = page.evaluate(
            "(b => [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()])"
            "(araxes.app.map.getBounds())"
        )
        assert seen[0] < west
        assert seen[1] < south
        assert seen[2] > east
        assert seen[3] > north
        shares = (east - west) / (seen[2] - seen[0]), (north - south) / (seen[3] - seen[1])
        assert max(shares) > 0.6


def test_a_click_on_the_halo_of_a_measured_line_reaches_the_map(made, visit):
    with visit(made.folder / "map.html") as opened:
        page = opened.page
        page.locator("#araxes-measure").click()
        page.mouse.click(700, 300)
        page.mouse.click(900, 450)
        # In the middle of the line, which is drawn over the map.
        before = page.evaluate("document.querySelectorAll('.leaflet-overlay-pane path').length")
        page.mouse.click(800, 375)
        after = page.evaluate("document.querySelectorAll('.leaflet-overlay-pane path').length")
        assert after > before
        caught = page.evaluate(
            """() => Array.from(document.querySelectorAll(".leaflet-overlay-pane path"))
                 .filter(e => e.classList.contains("leaflet-interactive")).length"""
        )
        assert caught == 0
