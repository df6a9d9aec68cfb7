"""The main flows of the page in Firefox, as it is released."""

from __future__ import annotations

import json
from math import hypot

import pytest

from borders.gazetteer.places import LANGUAGES, places
from corridors.model.registry import system
from maps.i18n import words

pytestmark = pytest.mark.browser

# A number that tells one drawing of the lines from another.
DRAWING = """
(() => {
  const canvas = document.querySelector(".leaflet-araxes-lines-pane canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, one) => (sum * 31 + one) | 0, 0);
})()
"""
BOXES = """
Array.from(document.querySelectorAll(".araxes-label")).map(e => {
  const r = e.getBoundingClientRect();
  return [e.textContent, r.left, r.top, r.right, r.bottom];
})
"""


@pytest.fixture
def wide(made, fox):
    fox.logs.clear()
    fox.open(made.folder / "map.html")
    yield fox
    assert fox.logs == []


def text(fox, selector):
    return fox.evaluate(f"document.querySelector({json.dumps(selector)}).textContent")


def choose(fox, selector, value):
    """Choose an option of a list, as the keyboard does: its value, and the event."""
    fox.evaluate(
        f"(e => {{ e.value = {json.dumps(value)}; e.dispatchEvent(new Event('input'));"
        f" e.dispatchEvent(new Event('change')); }})(document.querySelector('{selector}'))"
    )


def test_the_map_is_drawn_and_a_layer_is_switched_by_a_click(wide, screenshots):
    before = wide.evaluate(DRAWING)
    wide.picture(screenshots / "map-firefox.png")
    wide.click('input[data-layer="kars-1921"]')
    assert wide.evaluate(DRAWING) != before


def test_no_names_lie_over_each_other(wide):
    boxes = wide.evaluate(BOXES)
    assert len(boxes) > 15
    for n, (_, left, top, right, bottom) in enumerate(boxes):
        for other in boxes[n + 1 :]:
            assert left >= other[3] or other[1] >= right or top >= other[4] or other[2] >= bottom


def test_a_place_is_searched_by_its_georgian_name_and_shown(wide):
    wide.click("#araxes-search")
    wide.write("ყარსი")
    wide.click("#araxes-found button")
    kars = places()["kars"]
    lon, lat = wide.evaluate("[araxes.app.map.getCenter().lng, araxes.app.map.getCenter().lat]")
    assert hypot(lon - kars.lon, lat - kars.lat) < 0.4
    assert text(wide, ".leaflet-popup h2") in {kars.name, *kars.names.values()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_chosen(wide, language):
    choose(wide, "#araxes-language", language)
    assert wide.evaluate("document.documentElement.lang") == language
    said = wide.evaluate("Array.from(document.querySelectorAll('summary'), e => e.textContent)")
    assert words()["ui-legend"][language] in said
    direction = wide.evaluate("getComputedStyle(document.querySelector('#araxes-panel')).direction")
    assert direction == ("rtl" if language == "fa" else "ltr")
    assert system("lachin-2020").names[language] in text(wide, "#araxes-panel")


def test_the_day_decides_what_is_drawn(wide):
    drawn = set()
    for day in ("2019-01-01", "2021-01-01", "2022-09-01"):
        choose(wide, "#araxes-day", day)
        assert wide.evaluate("araxes.app.model.state.day") is not None
        drawn.add(wide.evaluate(DRAWING))
    assert len(drawn) == 3


def test_a_scenario_changes_what_is_drawn(wide):
    before = wide.evaluate(DRAWING)
    options = "Array.from(document.querySelector('#araxes-scenario').options, e => e.textContent)"
    n = wide.evaluate(options).index("TRIPP / Zangezur open")
    choose(wide, "#araxes-scenario", str(n))
    assert wide.evaluate(DRAWING) != before


def test_the_phone_has_the_map_and_its_names(made, fox):
    fox.open(made.folder / "map.html", 375, 800)
    # Firefox may set the size after the page is drawn; names then follow it.
    fox.wait("document.querySelectorAll('.araxes-label').length > 5")
    assert fox.evaluate("document.documentElement.scrollWidth") <= 375


def test_nothing_is_fetched(wide):
    assert wide.evaluate("performance.getEntriesByType('resource').map(e => e.name)") == []
