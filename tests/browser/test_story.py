"""A story: what is scrolled to sets the map, its texts do nothing, and paper has every step."""

from __future__ import annotations

from datetime import date

import pytest
from hostile import FOREIGN, HOSTILE
from poppler import pages_of

from borders.gazetteer.lookup import place
from borders.gazetteer.places import LANGUAGES
from corridors.analysis.compare import compare
from corridors.analysis.profile import profile
from corridors.model.registry import system
from corridors.scenarios.terms import Terms
from corridors.study.steps import Step
from maps.i18n import phrases, words
from maps.web.comparison import RouteComparison
from maps.web.interactive import interactive, save
from maps.web.profile import add_profile
from maps.web.story import add_story

pytestmark = pytest.mark.browser

SCENARIO = "tripp-and-kars-dilucu"
BOX = (44.0, 38.6, 47.0, 40.4)
STEPS = (
    Step(text="# Beginning\n\nAll of it; [the last](#step=5).", layers=("kars-1921",)),
    Step(text="## Road\n\n[out](https://example.org/)", view="lachin-2020", on=date(2021, 5, 1),
         layers=("lachin-2020",)),
    Step(text="Rails", scenario=SCENARIO, layers=("routes", "network-rail")),
    Step(text="Box", view=BOX),
    Step(text="Place\n\n" + "More words. " * 200, view="Meghri"),
)  # fmt: skip
SHOWN = """() => {
  const { state, shownLayers, scenario } = araxes.app.model, b = araxes.app.map.getBounds();
  return { day: state.day, scenario: scenario().id,
           layers: shownLayers().filter((l) => !l.quiet && l.id !== "places").map((l) => l.id),
           routes: !state.hidden.has("routes"),
           box: [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()],
           step: new URLSearchParams(location.hash.slice(1)).get("step"),
           now: document.querySelector("[aria-current=step]").closest("section").id };
}"""


def written(folder, steps, name="story"):
    rows = compare([("Kars", "Nakhchivan")], ["status-quo", SCENARIO], terms=Terms(modes=("rail",)))
    things = [system(key) for key in ("kars-1921", "lachin-2020")]
    page = interactive(*things, ways=RouteComparison(compared=rows), title="Two lines")
    add_story(page, steps)
    save(page, folder / f"{name}.html")
    return folder / f"{name}.html"


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    return written(tmp_path_factory.mktemp("story"), STEPS)


# The boxes of what stands beside or over the map, and what of the window none of them takes.
PARTS = """() => Object.fromEntries(["article", "profile", "sources", "tabs"].map((name) => {
  const { left, top, right, bottom } = document.getElementById(`araxes-${name}`).getBoundingClientRect();
  return [name, [left, top, right, bottom]]; }))"""  # noqa: E501


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (375, 800)])
def test_a_story_and_a_profile_stand_on_one_page(tmp_path, visit, width, height):
    line = system("lachin-2020")
    page = interactive(line, title="Both")
    add_profile(page, profile(line))
    add_story(page, [Step(text="First", view="lachin-2020"), Step(text="Second")])
    save(page, tmp_path / "both.html")
    with visit(tmp_path / "both.html", width, height) as opened:
        page = opened.page
        parts = page.evaluate(PARTS)
        boxes = list(parts.values())
        for n, (left, top, right, bottom) in enumerate(boxes):
            assert 0 <= left < right <= width, parts
            assert 0 <= top < bottom <= height, parts
            for a, b, c, d in boxes[n + 1 :]:
                assert right <= a + 1 or c <= left + 1 or bottom <= b + 1 or d <= top + 1, parts
        assert parts["article"][3] - parts["article"][1] > 150
        page.locator("#araxes-profile-chart").focus()
        page.keyboard.press("End")
        assert page.locator("#araxes-profile-said").text_content()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("#araxes-told .araxes-section").count() == 2
        assert page.locator("#araxes-profile-paper").is_visible()
        assert not opened.complaints


def shown(page, step):
    """Return what the map shows once a step is set."""
    page.wait_for_function(
        f"() => document.querySelector('#araxes-step-{step} [aria-current=step]')"
    )
    page.wait_for_function("() => !araxes.app.map._flyToFrame || !araxes.app.map._animatingZoom")
    return page.evaluate(SHOWN)


def holds(outer, inner):
    west, south, east, north = outer
    return west <= inner[0] and south <= inner[1] and inner[2] <= east and inner[3] <= north


def test_scrolling_to_a_step_sets_view_day_layers_and_scenario(story, visit):
    with visit(story) as opened:
        page = opened.page
        page.emulate_media(reduced_motion="reduce")
        first = shown(page, 1)
        assert first["layers"] == ["kars-1921"]
        assert (first["day"], first["routes"]) == (None, False)
        line = system("kars-1921").to_gdf().total_bounds
        assert holds(first["box"], line)
        for step, expected in (
            (2, {"day": "2021-05-01", "layers": ["lachin-2020"], "routes": False}),
            (3, {"day": None, "layers": ["network-rail"], "routes": True, "scenario": SCENARIO}),
        ):
            page.hover("#araxes-article")
            page.evaluate(
                f"document.querySelector('#araxes-step-{step}').scrollIntoView({{block: 'start'}})"
            )
            found = shown(page, step)
            assert {key: found[key] for key in expected} == expected
            assert found["step"] == str(step)
        strip = system("lachin-2020").centreline.bounds
        page.keyboard.press("Escape")
        page.click("#araxes-previous")
        found = shown(page, 2)
        assert holds(found["box"], strip)
        # The view is about the thing, not the whole region.
        assert found["box"][2] - found["box"][0] < 12 * (strip[2] - strip[0])
        assert not opened.requests
        assert not opened.complaints


def test_a_step_says_what_the_colours_of_its_routes_mean(story, visit):
    with visit(story) as opened:
        page = opened.page
        shown(page, 1)
        keys = (
            "n => [...document.querySelectorAll(`#araxes-step-${n} .araxes-keys li`)]"
            ".map((li) => li.innerText)"
        )
        assert phrases("ui-gained")["en"] not in page.evaluate(keys, 1)
        told = page.evaluate(keys, 3)
        assert told.index(phrases("ui-gained")["en"]) < told.index(phrases("ui-network-rail")["en"])
        page.click("#araxes-tab-map")
        assert page.locator("#araxes-changes").count() <= 1
        assert page.evaluate(
            "() => new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size"
            " === document.querySelectorAll('[id]').length"
        )


def test_the_wheel_scrolls_from_step_to_step(story, visit):
    with visit(story) as opened:
        page = opened.page
        page.mouse.move(200, 500)
        for _ in range(40):
            page.mouse.wheel(0, 120)
            if page.evaluate("document.querySelector('#araxes-step-2 [aria-current=step]')"):
                break
            page.wait_for_timeout(20)
        page.wait_for_timeout(1500)
        found = shown(page, 2)
        # It has flown there.
        assert holds(found["box"], system("lachin-2020").centreline.bounds)
        assert found["box"][2] - found["box"][0] < 3


def test_keys_tab_and_links_go_through_the_steps(story, visit):
    with visit(story) as opened:
        page = opened.page
        page.emulate_media(reduced_motion="reduce")
        page.focus("#araxes-article")
        page.keyboard.press("ArrowRight")
        assert shown(page, 2)["step"] == "2"
        page.keyboard.press("PageDown")
        assert shown(page, 3)["step"] == "3"
        page.keyboard.press("ArrowLeft")
        assert shown(page, 2)["step"] == "2"
        # From the link of the first step to that in its text, and to the next step's.
        page.focus("#araxes-step-1 .araxes-number a")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert shown(page, 2)["step"] == "2"
        page.click("#araxes-step-2 .araxes-number a")
        page.focus("#araxes-article")
        page.keyboard.press("PageUp")
        page.click("#araxes-step-1 a[href='#step=5']")
        found = shown(page, 5)
        assert found["step"] == "5"
        meghri = place("meghri")
        west, south, east, north = found["box"]
        assert abs((west + east) / 2 - meghri.lon) < 0.02
        assert abs((south + north) / 2 - meghri.lat) < 0.02
        assert east - west < 2


def test_an_address_opens_at_its_step(story, visit):
    with visit(story, at="#step=4") as opened:
        found = shown(opened.page, 4)
        assert holds(found["box"], BOX)
        assert found["step"] == "4"
        assert opened.page.evaluate("document.querySelector('#araxes-article').scrollTop") > 0


def test_a_reader_may_look_at_the_whole_map_and_come_back(story, visit):
    with visit(story) as opened:
        page = opened.page
        page.emulate_media(reduced_motion="reduce")
        page.click("#araxes-tab-map")
        assert page.is_visible("#araxes-layers-all, #araxes-panel")
        assert not page.is_visible("#araxes-article")
        page.evaluate("araxes.app.toggle('lachin-2020', true)")
        page.click("#araxes-tab-story")
        assert shown(page, 1)["layers"] == ["kars-1921"]


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_cards_lie_over_the_lower_part_of_the_map(story, visit, screenshots, dark):
    with visit(story, width=375, height=700, touch=True) as opened:
        page = opened.page
        page.emulate_media(reduced_motion="reduce", color_scheme="dark" if dark else "light")
        page.click("#araxes-next")
        found = shown(page, 2)
        page.screenshot(path=screenshots / f"story-375{'-dark' if dark else ''}.png")
        text = page.locator("#araxes-article").bounding_box()
        box = page.locator(".folium-map").bounding_box()
        assert box["y"] < text["y"] < box["y"] + box["height"]
        assert text["y"] + text["height"] <= box["y"] + box["height"] + 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        # What the step is about lies above its card.
        lowest = page.evaluate(
            "([lon, lat]) => araxes.app.map.latLngToContainerPoint([lat, lon]).y",
            system("lachin-2020").centreline.bounds[:2],
        )
        assert lowest + box["y"] < text["y"]
        assert found["layers"] == ["lachin-2020"]
        card = "getComputedStyle(document.querySelector('.araxes-step')).backgroundColor"
        assert page.evaluate(card) == ("rgb(27, 30, 34)" if dark else "rgb(255, 255, 255)")


def test_the_pages_own_words_are_in_seven_languages(story, visit):
    with visit(story) as opened:
        page = opened.page
        for language in LANGUAGES:
            page.select_option("#araxes-language", language)
            said = page.inner_text("#araxes-tabs") + page.get_attribute("#araxes-next", "title")
            assert words()["story-story"][language] in said
            assert words()["story-next"][language] in said
            assert page.inner_text("#araxes-title p") == words()["story-hint"][language]
            assert "All of it" in page.inner_text("#araxes-step-1")


def test_hostile_texts_do_nothing(tmp_path, visit):
    wrapped = [
        text
        for hostile in HOSTILE
        for text in (hostile, f"[x]({hostile})", f"![{hostile}](https://evil.example/x.png)",
                     f"<{hostile}>", f"`{hostile}`", f"```{hostile}\nx\n```", f"# {hostile}")
    ]  # fmt: skip
    wrapped += ["[x](javascript:window.hacked=1)", "[x](JaVaScRiPt:window.hacked=1)",
                "[x](&#106;avascript:window.hacked=1)", "[x](data:text/html,x)", "[x](vbscript:x)",
                "[x][y]\n\n[y]: javascript:window.hacked=1 'z'", "<javascript:window.hacked=1>",
                "[x](//evil.example)", "[x](file:///etc/passwd)"]  # fmt: skip
    steps = [Step(text=text) for text in wrapped if text.strip()]
    file = written(tmp_path, steps, "hostile")
    with visit(file) as opened:
        page = opened.page
        assert page.evaluate("window.hacked") is None
        assert page.evaluate(FOREIGN) == 0
        addresses = page.evaluate(
            "[...document.querySelectorAll('#araxes-article a')].map((a) => a.getAttribute('href'))"
        )
        assert {a.split(":")[0] for a in addresses if not a.startswith("#step=")} <= {
            "http", "https", "mailto",
        }  # fmt: skip
        attributes = page.evaluate(
            "[...new Set([...document.querySelectorAll('#araxes-article *')].flatMap((e) => "
            "[...e.attributes].map((a) => a.name)))]"
        )
        assert set(attributes) <= {"class", "id", "dir", "href", "rel", "target", "style", "title",
                                   "width", "height", "aria-hidden", "d", "stroke", "fill",
                                   "stroke-width", "stroke-dasharray", "aria-current", "x", "y",
                                   "fill-opacity", "cx", "cy", "r", "start"}  # fmt: skip
        shown_texts = page.inner_text("#araxes-step-1")
        assert HOSTILE[0] in shown_texts
        assert not opened.requests
        assert not [one for one in opened.complaints if "dialog" in one]


def test_a_link_out_opens_elsewhere_without_the_page(story, visit):
    with visit(story) as opened:
        link = opened.page.locator("#araxes-step-2 a[href^=https]")
        assert link.get_attribute("rel") == "noopener noreferrer"
        assert link.get_attribute("target") == "_blank"


def test_paper_has_every_step_with_its_map(story, visit, tmp_path):
    with visit(story) as opened:
        page = opened.page
        page.emulate_media(reduced_motion="reduce")
        before = shown(page, 1)
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        maps = page.locator(".araxes-section .araxes-told-map")
        assert maps.count() == len(STEPS)
        drawn = [maps.nth(n).evaluate("(e) => e.innerHTML") for n in range(len(STEPS))]
        assert len(set(drawn)) == len(STEPS)
        # The colour of the road of Lachin is on the map of its step, not on that of the line.
        road = page.evaluate(
            "araxes.app.model.facts.styles[araxes.app.model.facts.layers"
            ".find((l) => l.id === 'lachin-2020').w].c"
        )
        assert road in drawn[1]
        assert road not in drawn[0]
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator("#araxes-told").count() == 0
        assert page.evaluate(SHOWN) == before
        page.pdf(path=tmp_path / "story.pdf", format="A4")
    text = "".join(pages_of(tmp_path / "story.pdf"))
    at = [text.find(word) for word in ("Beginning", "Road", "Rails", "Box", "Place")]
    assert -1 not in at
    assert at == sorted(at)


@pytest.mark.parametrize(
    ("width", "at", "scheme"), [(1300, "", "light"), (375, "#lang=fa", "dark")]
)  # fmt: skip
def test_axe_finds_nothing(story, visit, width, at, scheme):
    from axe_playwright_python.sync_playwright import Axe

    with visit(story, width, 800, at=at) as opened:
        opened.page.emulate_media(color_scheme=scheme)
        found = Axe().run(opened.page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
