"""Cards: what a notebook shows of a border, a corridor and a route."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from geographiclib.geodesic import Geodesic
from hostile import HOSTILE

from borders import boundary, guide, guides, layer, read_treaty, treaty_ids
from corridors import Terms, corridor, route

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
