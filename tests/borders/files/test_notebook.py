"""Cards: what a notebook shows of a border, a corridor and a route."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from geographiclib.geodesic import Geodesic
from hostile import HOSTILE

from borders import boundary, guide, guides, layer, place, read_treaty, treaty_ids
from corridors import Scenario, Terms, corridor, read_scenario, route, scenario_ids

THINGS = {
    "border": lambda: boundary("kars-1921"),
    "territory": lambda: boundary("nakhchivan"),
    "corridor": lambda: corridor("btk"),
    "route": lambda: route("Kars", "Baku", terms=Terms(modes=("rail",))),
}


class Card(HTMLParser):
    """Reads a card back: its tags, its texts and the points of its sketch."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.texts, self.size, self.paths = set(), [], None, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.add((tag, *sorted(found)))
        if tag == "svg":
            self.size = float(found["width"]), float(found["height"])
        if tag == "path":
            points = re.findall(r"([-\d.]+),([-\d.]+)", found["d"])
            self.paths.append([(float(x), float(y)) for x, y in points])

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("kind", THINGS)
def test_a_card_tells_name_length_with_interval_sources_and_attribution(kind):
    thing = THINGS[kind]()
    card = Card(thing._repr_html_())
    told = " ".join(card.texts)
    assert card.texts[0] == thing.name
    assert thing.length.km_text in told
    assert "; ".join(thing.sources[:1]) in told
    assert "OpenStreetMap" in told


@pytest.mark.parametrize("kind", THINGS)
def test_a_sketch_lies_within_its_frame_and_keeps_the_shape(kind):
    thing = THINGS[kind]()
    card = Card(thing._repr_html_())
    xs, ys = zip(*(point for path in card.paths for point in path), strict=True)
    assert 0 <= min(xs) <= max(xs) <= card.size[0] <= 360
    assert 0 <= min(ys) <= max(ys) <= card.size[1] <= 200
    west, south, east, north = thing.geometry.bounds
    middle = (south + north) / 2
    wide_m = Geodesic.WGS84.Inverse(middle, west, middle, east)["s12"]
    high_m = Geodesic.WGS84.Inverse(south, west, north, west)["s12"]
    drawn = (max(xs) - min(xs)) / (max(ys) - min(ys))
    assert drawn == pytest.approx(wide_m / high_m, rel=0.03)


def test_a_way_is_sketched_from_its_first_place_to_its_last():
    east = Card(route("Kars", "Baku", terms=Terms(modes=("rail",)))._repr_html_())
    assert east.paths[0][0][0] < east.paths[-1][-1][0]


def drawn(html, tag) -> list[dict[str, str]]:
    """Return the attributes of every element of a kind."""
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, name, attrs):
            if name == tag:
                found.append(dict(attrs))

    Reader().feed(html)
    return found


@pytest.mark.parametrize("kind", THINGS)
def test_a_sketch_has_land_and_a_scale_that_is_true(kind):
    thing = THINGS[kind]()
    html = thing._repr_html_()
    assert drawn(html, "polygon")
    (bar,) = drawn(html, "line")
    (km,) = re.findall(r">([\d,]+) km</text>", html)
    card = Card(html)
    xs, ys = zip(*(point for path in card.paths for point in path), strict=True)
    west, south, east, north = thing.geometry.bounds
    middle = (south + north) / 2
    high_m = Geodesic.WGS84.Inverse(south, west, north, west)["s12"]
    wide_m = Geodesic.WGS84.Inverse(middle, west, middle, east)["s12"]
    px_of_m = (max(ys) - min(ys) + max(xs) - min(xs)) / (high_m + wide_m)
    length = float(bar["x2"]) - float(bar["x1"])
    assert length / px_of_m / 1000 == pytest.approx(float(km.replace(",", "")), rel=0.03)
    assert length <= card.size[0] / 3


def test_a_place_shows_itself_with_its_names_in_seven_languages():
    kars = place("Kars")
    html = kars._repr_html_()
    told = " ".join(Card(html).texts)
    assert all(f"{code}: {name}" in told for code, name in kars.names.items())
    assert "±1,000 m" in told
    assert "GeoNames, CC BY 4.0" in told
    (point,) = drawn(html, "circle")
    width, height = Card(html).size
    assert float(point["cx"]) == pytest.approx(width / 2, abs=0.6)
    assert float(point["cy"]) == pytest.approx(height / 2, abs=0.6)


@pytest.mark.parametrize("key", scenario_ids())
def test_a_scenario_shows_what_it_changes(key):
    scenario = read_scenario(key)
    html = scenario._repr_html_()
    told = " ".join(Card(html).texts)
    assert all(changed in told for changed in (*scenario.open, *scenario.close, *scenario.build))
    assert all(f"{name} = " in told for name in scenario.settings)
    assert bool(Card(html).paths) == bool(scenario.open or scenario.build)


def test_a_scenario_draws_what_it_builds_and_leaves_out_what_is_not_ours():
    path = [{"place": "Kars"}, {"place": "Ani"}, {"place": "Gyumri"}]
    built = Scenario.of("a", build=[{"id": "x", "mode": "road", "path": path}])
    assert [len(points) for points in Card(built._repr_html_()).paths] == [3]
    assert Card(Scenario.of("b", open=["of-my-own-network"])._repr_html_()).paths == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_texts(text):
    plain = corridor("btk")
    safe = Card(plain._repr_html_())
    card = Card(replace(plain, name=text, definition=text)._repr_html_())
    assert card.tags == safe.tags
    assert "".join(card.texts).count(text) >= 2


def test_a_treaty_is_one_short_line_at_the_prompt():
    for key in treaty_ids():
        told = repr(read_treaty(key))
        assert told.startswith(f"<Treaty {key}: ")
        assert "\n" not in told
        assert len(told) < 200


def test_todays_borders_and_provinces_are_public():
    assert guide("tur-arm") is guides()["tur-arm"]
    assert {one.properties["country"] for one in layer("provinces")} == {
        "AM", "AZ", "GE", "IR", "TR"
    }  # fmt: skip
