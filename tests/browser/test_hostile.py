"""Hostile texts in every field of everything a page shows: nothing runs, all is shown as text."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import geopandas as gpd
import pytest
from hostile import FOREIGN, HOSTILE
from shapely import LineString, Point, box

from borders.gazetteer.places import LANGUAGES
from corridors.analysis.compare import compare
from corridors.model.registry import system
from corridors.scenarios.scenario import read_scenario
from maps.web.comparison import RouteComparison
from maps.web.interactive import interactive, save

pytestmark = pytest.mark.browser

# Opens the card and the hover text of every feature; says titles, values and what else is in them.
OPEN_EACH = """
() => {
  const { model, map } = araxes.app, said = [];
  model.facts.layers.filter((layer) => !layer.quiet).forEach(function (layer) {
    for (let n = 0; n < layer.count; n++) {
      araxes.app.open({ layer, feature: n }, map.getCenter());
      const box = document.querySelector(".leaflet-popup");
      said.push([
        layer.id, box.querySelector("h2").textContent,
        Array.from(box.querySelectorAll("dt, dd")).map((e) => e.textContent),
        box.querySelectorAll("script, img, iframe, object, embed, svg, style, b").length,
      ]);
    }
  });
  return said;
}
"""


def hurt(thing, text):
    """Return a corridor with a text in every field that holds one."""
    names = dict.fromkeys(LANGUAGES, text)
    by = tuple(replace(one, name=text, by=text) for one in thing.names_by)
    statuses = tuple(replace(one, note=text, source=text) for one in thing.statuses)
    return replace(
        thing, name=text, names=names, definition=text, names_by=by, statuses=statuses,
        source=text, width_source=text,
    )  # fmt: skip


def hurt_border(thing, text):
    """Return a border with a text in every field of the treaty and its legs."""
    names = dict.fromkeys(LANGUAGES, text)
    treaty = replace(thing.treaty, name=text, names=names, document=text, note=text, source=text)
    legs = tuple(
        replace(one, words=text, note=text, source=text,
                start=replace(one.start, name=text, names=names),
                end=replace(one.end, name=text, names=names))
        for one in thing.legs[:3]
    )  # fmt: skip
    return replace(thing, treaty=treaty, legs=legs)


def table(text, n):
    shapes = [
        LineString([(44, 39 + n / 30), (46, 39 + n / 30)]),
        Point(45, 39 + n / 30),
        box(46.2, 39 + n / 30, 46.4, 39.02 + n / 30),
    ]
    found = gpd.GeoDataFrame(
        {"name": [text] * 3, "note": [text + "!"] * 3, "source": [text] * 3, text: ["v"] * 3},
        geometry=shapes, crs=4326,
    )  # fmt: skip
    found.attrs["name"] = text
    return found


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """Return a page of one table per text: its name, a column, values and a source."""
    file = tmp_path_factory.mktemp("hostile") / "map.html"
    page = interactive(*(table(t, n) for n, t in enumerate(HOSTILE)), title="".join(HOSTILE[:30]))
    save(page, file, command=" ".join(HOSTILE[:30]))
    return file


@pytest.fixture(scope="module")
def systems(tmp_path_factory):
    """Return a page of borders, corridors, scenarios and ways with the texts in every field."""
    corridors = [hurt(system("lachin-2020"), text) for text in HOSTILE]
    borders = [hurt_border(system("nakhchivan-1921"), text) for text in HOSTILE[::4]]
    base = read_scenario("status-quo")
    scenarios = [
        replace(base, id=text[:200], name=text, names=dict.fromkeys(LANGUAGES, text), note=text)
        for text in HOSTILE[:12]
    ]
    ways = RouteComparison(compared=compare([("kars", "baku")], scenarios))
    file = tmp_path_factory.mktemp("<b>hostile & 'file'") / "map #1 100%.html"
    save(interactive(*corridors, *borders, ways=ways, title=HOSTILE[0]), file)
    return file


def test_there_are_sixty_texts_of_many_kinds():
    assert len(set(HOSTILE)) == len(HOSTILE) >= 60


def test_hostile_names_are_text_in_the_legend(tables, visit):
    with visit(tables) as opened:
        listed = opened.page.locator(".araxes-layers label > span").all_text_contents()
        assert set(HOSTILE) <= set(listed)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_hostile_texts_of_tables_are_text_in_cards(tables, visit, language):
    with visit(tables, at=f"#lang={language}") as opened:
        said = opened.page.evaluate(OPEN_EACH)
        assert {heading for _, heading, *_ in said} == set(HOSTILE)
        for _, heading, values, foreign in said:
            assert foreign == 0
            assert heading + "!" in values
            assert heading in values


def test_hostile_texts_of_systems_are_text_in_cards(systems, visit):
    with visit(systems) as opened:
        said = opened.page.evaluate(OPEN_EACH)
        everything = "\n".join(value for _, heading, values, _ in said for value in values)
        headings = "\n".join(heading for _, heading, *_ in said)
        for text in HOSTILE:
            assert text in headings
            assert text in everything
        assert not any(foreign for *_, foreign in said)


def test_hostile_scenarios_are_text_in_the_picker_and_the_table(systems, visit):
    with visit(systems) as opened:
        page = opened.page
        picked = page.locator("#araxes-scenario option").all_text_contents()
        assert picked == list(HOSTILE[:12])
        # A block of rows by road and one by rail; a star marks the better.
        buttons = page.locator("#araxes-ways tr[data-way] button").all_text_contents()
        assert [text.removesuffix("\xa0*") for text in buttons] == list(HOSTILE[:12]) * 2


@pytest.mark.parametrize("which", ["tables", "systems"])
def test_no_hostile_text_runs_asks_or_complains(which, visit, request):
    with visit(request.getfixturevalue(which)) as opened:
        page = opened.page
        page.evaluate(OPEN_EACH)
        page.evaluate(
            "() => [...document.querySelectorAll('details')].forEach(d => { d.open = true })"
        )
        page.fill("#araxes-search", "<script>")
        for language in ("tr", "fa"):
            page.select_option("#araxes-language", language)
        page.wait_for_timeout(300)
        assert page.evaluate("window.hacked") is None
        assert page.evaluate(FOREIGN) == 0
        assert opened.requests == []
        assert opened.complaints == []


def test_a_hostile_title_and_command_are_text(tables, visit):
    with visit(tables) as opened:
        page = opened.page
        assert page.locator("h1").text_content() == "".join(HOSTILE[:30])
        assert page.locator("#araxes-made").text_content().endswith(": " + " ".join(HOSTILE[:30]))


def test_an_address_full_of_hostile_texts_changes_nothing(made, visit):
    keys = ("map", "on", "scenario", "view", "pair", "lang", "hide", "show", "__proto__")
    for text in HOSTILE[:20]:
        parts = "&".join(f"{key}={quote(text[:80])}" for key in keys)
        with visit(made.folder / "map.html", at=f"#{parts}") as opened:
            page = opened.page
            assert page.evaluate("window.hacked") is None
            assert page.evaluate("document.documentElement.lang") == "en"
            assert opened.complaints == []
