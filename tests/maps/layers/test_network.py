"""Crossings on maps lie where people meet them, and ways compared say what became of them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import shapely
from shapely import LineString, Point

from borders.errors import SchemaError
from borders.files.bundle import layer
from borders.gazetteer.lookup import place
from borders.gazetteer.places import LANGUAGES
from corridors import Terms, compare
from corridors.network.load import load_network
from corridors.scenarios.scenario import Scenario, read_scenario
from maps.layers.network import comparison_layers, network_layers, titles
from maps.style import CHANGES
from maps.web.comparison import RouteComparison


def points(kind):
    """Return id → longitude and latitude of the crossings whose links are of a mode."""
    network = load_network()
    drawn = network_layers(network, [read_scenario("status-quo")], every=True)
    posts = next(layer for layer in drawn if layer.id == "crossings").shapes
    said = {dict(post.rows)["Link"]: (post.geometry.x, post.geometry.y) for post in posts}
    return {link.crossing: (said[link.id], link) for link in network.links
            if link.crossing and link.mode == kind}  # fmt: skip


def test_ships_cross_at_the_quay_and_not_where_a_border_would_be_drawn_at_sea():
    ships = points("ferry")
    assert len(ships) >= 3
    for at, link in ships.values():
        quay = place(link.start.split(".")[0])
        assert at == pytest.approx((quay.lon, quay.lat), abs=1e-4)  # 10 m


def test_on_land_a_crossing_lies_between_its_two_posts():
    for at, link in points("road").values():
        (west, south), (east, north) = link.xy[0], link.xy[-1]
        assert min(west, east) <= at[0] <= max(west, east)
        assert min(south, north) <= at[1] <= max(south, north)


def test_on_a_bent_course_a_crossing_lies_on_it_and_on_the_border():
    borders = shapely.union_all([line.geometry for line in layer("borders")])
    bent = [(Point(at), link) for at, link in points("rail").values() if len(link.xy) > 2]
    assert len(bent) > 4
    for at, link in bent:
        course = LineString(link.xy)
        assert course.distance(at) < 1e-4  # 10 m
        if course.intersects(borders):
            assert borders.distance(at) < 1e-4


def test_a_way_compared_says_whether_it_is_the_same_another_or_the_only_one():
    pairs = [("kars", "baku"), ("nakhchivan", "baku"), ("kars", "gyumri")]
    rows = compare(pairs, ["status-quo", "all-open"], terms=Terms(modes=("rail",)))
    drawn = comparison_layers(rows)
    said = {layer.id: (layer.legend_note, layer.swatch) for layer in drawn}
    for start, end, wanted in (
        ("kars", "baku", ("same-way", CHANGES["kept"])),
        ("nakhchivan", "baku", ("ui-gained", CHANGES["gained"])),
        ("kars", "gyumri", ("grey: kept, blue: gained, orange: lost", CHANGES["gained"])),
    ):
        way = next(
            row.way for row in reversed(rows) if (row.origin, row.destination) == (start, end)
        )
        assert said[way.id] == wanted


def test_two_different_scenarios_of_one_id_are_not_drawn_as_one():
    one, two = (Scenario(id="s"), Scenario(id="s", close={"btk": "s"}))
    with pytest.raises(SchemaError, match="two different scenarios have the id 's'"):
        network_layers(load_network(), [one, two])


def test_a_network_loaded_for_a_day_is_drawn_as_it_was_then():
    drawn = RouteComparison(network=load_network(on="1992-01-01"))
    assert drawn.on() == "1992-01-01"
    assert {one["on"] for one in drawn.facts()["scenarios"]} == {"1992-01-01"}


def test_crossings_are_called_after_their_places_in_every_language():
    """Names as they stand in each language's own press and atlases."""
    called = {link.crossing: titles(link) for link in load_network().links if link.crossing}
    assert called["x-gurbulak-bazargan"] == {
        "en": "Gürbulak / Bazargan", "tr": "Gürbulak / Bazergan", "az": "Gürbulaq / Bazərgan",
        "hy": "Գյուրբուլաք / Բազարգան", "ka": "გიურბულაქი / ბაზარგანი",
        "ru": "Гюрбулак / Базарган", "fa": "گوربولاغ / بازرگان",
    }  # fmt: skip
    # The post across the border, which a name has too, and what an id tells of the mode stay out.
    assert called["x-alican-margara"]["ru"] == "Алиджан / Маргара"
    assert called["x-kornidzor-gate-hakari-bridge"]["hy"] == "Կոռնիձոր / Հակարիի կամուրջ"
    assert called["x-sadakhlo-ayrum-rail"]["ka"] == "სადახლო – აირუმი (რკინიგზა)"
    # A road is no pair of places, and neither is one with posts in brackets.
    assert called["x-azatamut-gate-azatamut-gate-az"]["ru"] == "Дорога Иджеван — Газах"
    assert called["x-agarak-gate-kilit-gate"]["hy"].startswith("Ագարակ–Օրդուբադ ճանապարհ (")


def test_no_crossing_is_called_a_road_or_a_pass_in_english_in_another_language():
    """Common nouns are what English writes in small letters; names of places may stay."""
    called = [titles(link) for link in load_network().links if link.crossing]
    nouns = {noun for names in called for noun in re.findall(r"\b[a-z]{3,}", names["en"])}
    assert {"road", "pass", "tunnel"} <= nouns
    for names in called:
        for code, name in names.items():
            assert code == "en" or nouns.isdisjoint(re.findall(r"\b[a-z]{3,}", name)), name
        # What a language lacks is shown in English.
        assert set(names) == set(LANGUAGES) or nouns.isdisjoint(
            re.findall(r"\b[a-z]{3,}", re.sub(r" \(.*", "", names["en"]))
        )


def test_a_crossing_of_the_users_own_keeps_its_name_whatever_its_id():
    link = next(one for one in load_network().links if one.crossing == "x-roki-gate-roki-gate-ru")
    assert titles(replace(link, name="Ferry stage")) == {"en": "Ferry stage"}
    # A bracket is no place, though it names two.
    assert titles(replace(link, name="Old road (Roki / Buron)")) == {
        "en": "Old road (Roki / Buron)"
    }
