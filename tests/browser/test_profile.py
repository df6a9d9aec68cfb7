"""A profile and its map: who points at one sees where it is on the other."""

from __future__ import annotations

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from poppler import pages_of, words_of

from borders.gazetteer.places import LANGUAGES
from borders.terrain.elevation import Terrain
from corridors.analysis.profile import profile
from corridors.routing.find import route
from corridors.scenarios.terms import Terms
from maps.i18n import words
from maps.layers.routes import route_layers
from maps.web.interactive import interactive, save
from maps.web.profile import add_profile

pytestmark = pytest.mark.browser

MARKER = """() => {
  let at = null;
  araxes.app.map.eachLayer((l) => { if (l.options.className === "araxes-profile-marker") {
    at = [l.getLatLng().lng, l.getLatLng().lat]; } });
  return at;
}"""
CURSOR = "document.querySelector('.araxes-cursor').getAttribute('d')"
AT = "([lon, lat]) => { const p = araxes.app.map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }"  # noqa: E501


@pytest.fixture(scope="module")
def found():
    lon = 42 + (np.arange(960) + 0.5) / 120
    heights = np.tile(300.0 * (lon - 42), (480, 1))
    terrain = Terrain(elevation_m=heights, west=42, north=43, pixel_width_deg=1 / 120,
                      pixel_height_deg=1 / 120, source="a plane")  # fmt: skip
    return profile(route("Kars", "Baku", terms=Terms(modes=("rail",))), terrain=terrain)


@pytest.fixture(scope="module")
def file(found, tmp_path_factory):
    way = route("Kars", "Baku", terms=Terms(modes=("rail",)))
    page = interactive(*route_layers([way], "en"), title="Kars–Baku")
    add_profile(page, found)
    path = tmp_path_factory.mktemp("profile") / "profile.html"
    save(page, path)
    return path


def nearest(found, lonlat):
    """Return the sample nearest to a position, and how far away it is in metres."""
    away = [Geodesic.WGS84.Inverse(b, a, lonlat[1], lonlat[0])["s12"]
            for a, b in zip(found.lon, found.lat, strict=True)]  # fmt: skip
    return int(np.argmin(away)), min(away)


def test_pointing_at_the_profile_marks_the_place_on_the_map(file, visit, found):
    with visit(file) as opened:
        page = opened.page
        chart = page.locator("#araxes-profile-chart").bounding_box()
        for share in (0.2, 0.5, 0.8):
            page.mouse.move(chart["x"] + share * chart["width"], chart["y"] + 40)
            n, away = nearest(found, page.evaluate(MARKER))
            assert away < 5
            said = page.inner_text("#araxes-profile-said")
            assert said.startswith(f"{found.at_m[n] / 1000:,.1f} km · {found.height_m[n]:,.0f} m")
            assert "open" in said
            # The left margin holds the labels.
            expected = (share * chart["width"] - 58) / (chart["width"] - 70) * found.at_m[-1]
            assert found.at_m[n] == pytest.approx(expected, abs=3000)
        page.mouse.move(10, 10)
        assert page.evaluate(MARKER) is None
        assert not opened.requests
        assert not opened.complaints


def test_pointing_at_the_map_marks_the_place_on_the_profile(file, visit, found):
    with visit(file) as opened:
        page = opened.page
        box = page.locator(".folium-map").bounding_box()
        for n in (len(found.lon) // 3, len(found.lon) // 2):
            x, y = page.evaluate(AT, [found.lon[n], found.lat[n]])
            page.mouse.move(box["x"] + x + 3, box["y"] + y + 3)
            page.wait_for_function(f"() => {CURSOR} !== null")
            page.wait_for_timeout(100)
            assert nearest(found, page.evaluate(MARKER))[0] == pytest.approx(n, abs=4)
        page.mouse.move(box["x"] + 200, box["y"] + 20)
        page.wait_for_function(f"() => {CURSOR} === null")


def test_a_finger_on_either_marks_the_other(file, visit, found, screenshots):
    with visit(file, width=375, height=760, touch=True) as opened:
        page = opened.page
        n = len(found.lon) // 2
        box = page.locator(".folium-map").bounding_box()
        x, y = page.evaluate(AT, [found.lon[n], found.lat[n]])
        page.touchscreen.tap(box["x"] + x, box["y"] + y)
        page.wait_for_function(f"() => {CURSOR} !== null")
        assert nearest(found, page.evaluate(MARKER))[0] == pytest.approx(n, abs=8)
        page.keyboard.press("Escape")
        chart = page.locator("#araxes-profile-chart")
        chart.scroll_into_view_if_needed()
        rect = chart.bounding_box()
        page.touchscreen.tap(rect["x"] + 0.75 * rect["width"], rect["y"] + 30)
        page.wait_for_function(f"() => (({MARKER})() || [0])[0] > 47")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        page.screenshot(path=screenshots / "profile-375.png")


def test_keys_go_along_it_and_say_what_is_there(file, visit, found):
    with visit(file) as opened:
        page = opened.page
        page.focus("#araxes-profile-chart")
        page.keyboard.press("ArrowRight")
        assert nearest(found, page.evaluate(MARKER))[0] == 1
        page.keyboard.press("End")
        assert nearest(found, page.evaluate(MARKER))[0] == pytest.approx(len(found.lon) - 1, abs=1)
        told = page.get_attribute("#araxes-profile-chart", "aria-valuetext")
        assert f"{found.at_m[-1] / 1000:,.1f} km" in told
        assert "Azerbaijan" in told
        page.keyboard.press("Home")
        assert nearest(found, page.evaluate(MARKER))[0] == 0
        page.keyboard.press("Escape")
        assert page.evaluate(MARKER) is None


def test_it_speaks_seven_languages(file, visit):
    with visit(file) as opened:
        page = opened.page
        for language in LANGUAGES:
            page.select_option("#araxes-language", language)
            assert words()["profile-profile"][language] in page.inner_text("#araxes-profile-head")
            label = page.get_attribute("#araxes-profile-chart", "aria-label")
            assert words()["profile-along"][language] in label


def test_paper_has_the_profile(file, visit):
    with visit(file) as opened:
        page = opened.page
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.locator("#araxes-paper .araxes-profile-paper .araxes-height").count() == 1


@pytest.mark.parametrize("landscape", [False, True])
def test_on_paper_the_profile_stands_below_the_map_and_can_be_read(
    file, visit, tmp_path, landscape
):
    with visit(file) as opened:
        opened.page.pdf(path=tmp_path / "p.pdf", format="A4", landscape=landscape)
    assert len(pages_of(tmp_path / "p.pdf")) <= 2
    found = words_of(tmp_path / "p.pdf")
    title, head = (
        next(word for word in found if word[0] == text) for text in ("Kars–Baku", "Profile:")
    )
    # On the map: between title and profile, which begin on the left as it does.
    (capital,) = (word for word in found if word[0] == "Tbilisi")
    assert title[2] < capital[2] < head[2] - 100
    assert title[1] == pytest.approx(head[1], abs=1)
    # The distances below the profile.
    numbers = [w for w in found if w[0].isdigit() and int(w[0]) % 100 == 0 and w[2] > head[2]]
    assert len(numbers) >= 4
    assert all(bottom - top > 7 for _, _, top, _, bottom in numbers)
    for n, (text, left, top, right, bottom) in enumerate(found):
        for other, x0, y0, x1, y1 in found[n + 1 :]:
            across, up = min(right, x1) - max(left, x0), min(bottom, y1) - max(top, y0)
            assert across < 1 or up < 3, (text, other)


@pytest.mark.parametrize(
    ("width", "at", "scheme"), [(1300, "", "light"), (375, "#lang=fa", "dark")]
)  # fmt: skip
def test_axe_finds_nothing(file, visit, width, at, scheme):
    from axe_playwright_python.sync_playwright import Axe

    with visit(file, width, 800, at=at) as opened:
        opened.page.emulate_media(color_scheme=scheme)
        found = Axe().run(opened.page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
