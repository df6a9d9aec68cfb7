"""Layers: what any renderer is given to draw."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from osm_files import Drawn, road
from shapely import GeometryCollection, LineString, Point, Polygon

from borders.compiler.resolve import boundary
from borders.dates import Status, period
from borders.errors import CRSError
from borders.files.catalogue import attributions
from borders.files.vector import read_vector
from borders.gazetteer.places import LANGUAGES
from borders.measure import Measure
from corridors import Terms, load_network, network_from_osm, reach, read_scenario, route
from corridors.analysis.compare import compare
from corridors.export.formats import write
from corridors.model.registry import system, system_ids, systems
from maps.i18n import interval_km, word
from maps.layers.access import reach_layer
from maps.layers.build import layers
from maps.layers.model import bounds_of, cited, named
from maps.layers.network import network_layers
from maps.layers.routes import route_name


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def status(**fields):
    return Status(
        **{"status": "open", "valid_from": None, "valid_to": None, "source": "s", "state": "quoted"}
        | fields
    )


def test_a_leg_shows_the_spelling_of_the_source_and_todays_name():
    (line,) = layers([boundary("nakhchivan-1921")])
    titles = [shape.title for shape in line.shapes]
    assert any("Urmiye (today Urmia (abandoned, AM side))" in title for title in titles)
    rows = dict(line.shapes[1].rows)
    assert {"Words", "Drawn as", "From", "To", "Leg length"} <= rows.keys()
    phrase, *numbers = rows["Leg length"]
    assert "position ±" in word(phrase, "en")
    assert float(numbers[1]) <= float(numbers[0]) <= float(numbers[2])


def test_lands_left_outside_are_points_in_a_stand_in():
    (line,) = layers([boundary("batum-1921")])
    titles = " ".join(shape.title for shape in line.shapes)
    for name in ("Borçka", "Artvin", "Şavşat", "Ardanuç"):
        assert f"{name} kaza" in titles
    outline = next(shape for shape in line.shapes if "a stand-in" in shape.title)
    assert outline.style.dash


def test_every_system_becomes_one_layer_in_order():
    assert [one.id for one in layers(systems())] == list(system_ids())


def test_every_shape_says_length_status_and_sources():
    for one in layers(systems()):
        for shape in one.shapes:
            assert shape.measure is not None, one.id
            assert shape.periods, one.id
            assert shape.sources, one.id
            assert all(dict(shape.rows).values())


def test_a_border_is_drawn_leg_by_leg_with_the_words_of_the_treaty():
    kars = system("kars-1921")
    (layer,) = layers([kars])
    assert len(layer.shapes) == len(kars.legs) == 47
    for shape, leg in zip(layer.shapes, kars.legs, strict=True):
        assert dict(shape.rows).get("Words", "") == leg.words
        assert shape.geometry.equals(leg.geometry)


def test_a_territory_has_an_area_under_its_legs():
    (layer,) = layers([system("nakhchivan")])
    first, *legs = layer.shapes
    assert first.geometry.geom_type == "Polygon"
    assert first.style.fill
    assert all(not leg.style.fill for leg in legs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_in_the_language_asked_for_or_english(language):
    for one, layer in zip(systems(), layers(systems(), language=language), strict=True):
        assert layer.name == one.names.get(language, one.names["en"])


def test_an_unknown_language_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"xx.*known: en, tr, az, hy, ka, ru, fa"):
        layers([system("btk")], language="xx")


def test_what_did_not_exist_on_a_day_is_left_out():
    assert layers([system("lachin-2020")], on=date(2019, 1, 1)) == ()


def test_a_strip_is_drawn_only_while_it_was_in_being():
    lachin = system("lachin-2020")
    (before,) = layers([lachin], on=date(2022, 8, 29))
    (after,) = layers([lachin], on=date(2022, 8, 30))
    assert [s.geometry.geom_type for s in before.shapes] == ["Polygon", "LineString"]
    assert [s.geometry.geom_type for s in after.shapes] == ["LineString"]
    assert after.legend_note == "superseded"


def test_a_table_shows_its_columns_and_hides_what_is_empty():
    table = frame([Point(45, 40)], name=["Well"], depth_m=[12.5], note=[None])
    (layer,) = layers([table])
    assert layer.shapes[0].title == "Well"
    # The name is the title already.
    assert dict(layer.columns) == {"depth_m": ["12.5"]}


def test_a_table_of_the_bridge_tells_lengths_dates_and_sources_as_systems_do():
    table = frame(
        [LineString([(45, 40), (46, 40)])], name=["Line"], length_m=[90_000.0], sigma_m=[1_000.0],
        valid_from=["2020-11-10"], valid_to=[pd.Timestamp("2022-08-30")], source=["araxes"],
    )  # fmt: skip
    (shape,) = layers([table])[0].shapes
    assert (shape.measure.value, shape.measure.sigma) == (90_000.0, 1_000.0)
    (only,) = shape.periods
    assert (only.valid_from, only.valid_to) == (date(2020, 11, 10), date(2022, 8, 30))
    assert shape.dated == "drawn"
    assert shape.sources == ("araxes",)
    assert layers([table])[0].columns == ()


@pytest.mark.parametrize("day", ["2019-01-01", "2021-06-01", "2022-08-30", "2024-06-01"])
def test_a_corridor_read_from_a_file_is_drawn_on_a_day_as_the_corridor_is(tmp_path, day):
    write(system("lachin-2020"), tmp_path / "a.gpkg")
    ours, theirs = (
        [
            (shape.geometry.geom_type, shape.style.dash)
            for layer in layers([one], on=date.fromisoformat(day))
            for shape in layer.shapes
        ]
        for one in (system("lachin-2020"), read_vector(tmp_path / "a.gpkg"))
    )
    assert sorted(theirs) == sorted(ours)


def test_a_row_without_dates_is_drawn_on_every_day():
    table = frame([Point(45, 40), Point(46, 40)], name=["a", "b"], valid_from=[None, "2020-01-01"])
    (layer,) = layers([table], on=date(2010, 1, 1))
    assert [shape.title for shape in layer.shapes] == ["a"]


def test_dates_and_lengths_that_are_none_stay_texts():
    table = frame(
        [Point(45, 40)], length_m=["long"], valid_from=["in spring"], valid_to=[float("nan")]
    )
    (layer,) = layers([table])
    assert dict(layer.columns) == {"length_m": ["long"], "valid_from": ["in spring"]}
    assert layer.shapes[0].periods == ()


@pytest.mark.parametrize(
    "begin",
    [
        "2020-11-10",
        "2020-11-10 12:00",
        "2020-11-10T12:00:00Z",
        "2020-11-10 00:00:00+04:00",
        pd.Timestamp("2020-11-10", tz="UTC"),
        pd.Timestamp("2020-11-10 23:59", tz="Asia/Baku"),
        np.datetime64("2020-11-10T05:00"),
        date(2020, 11, 10),
    ],
)
def test_a_time_of_a_table_counts_as_its_day(begin):
    (layer,) = layers([frame([Point(45, 40)], valid_from=[begin])])
    (only,) = layer.shapes[0].periods
    assert only.valid_from == date(2020, 11, 10)
    assert layer.shapes[0].dated == "drawn"


def test_times_that_a_geopackage_gives_back_in_utc_are_days(tmp_path):
    days = pd.to_datetime(["2020-11-10", "2022-08-30"], utc=True)
    frame([Point(45, 40)], valid_from=days[:1], valid_to=days[1:]).to_file(tmp_path / "t.gpkg")
    ((shape,),) = (one.shapes for one in layers([read_vector(tmp_path / "t.gpkg")]))
    (only,) = shape.periods
    assert (only.valid_from, only.valid_to) == (date(2020, 11, 10), date(2022, 8, 30))


def test_a_row_whose_dates_are_none_leaves_the_others_theirs_and_says_its_own():
    table = frame(
        [Point(45, 40), Point(46, 40), Point(47, 40)],
        valid_from=["2020-11-10", "in spring", None], valid_to=[None, "2022-08-30", "2023-09-20"],
    )  # fmt: skip
    (layer,) = layers([table])
    assert [shape.dated for shape in layer.shapes] == ["drawn", "never", "drawn"]
    assert dict(layer.columns) == {
        "valid_from": ["", "in spring", ""], "valid_to": ["", "2022-08-30", ""]
    }  # fmt: skip


def test_ways_of_one_pair_are_told_apart_by_their_scenarios():
    rows = compare(("Nakhchivan", "Baku"), ["status-quo", "tripp-open"])[:2]
    said = [one.name for one in layers([row.way for row in rows], language="tr")]
    for row, name in zip(rows, said, strict=True):
        assert name.startswith("Nahçıvan")
        assert "(karayolu)" in name
        assert row.scenario.names["tr"] in name


def test_a_table_without_names_numbers_its_features():
    table = frame([Point(45, 40), None, Point(), LineString([(45, 40), (46, 40)])])
    (layer,) = layers([table])
    assert [shape.title for shape in layer.shapes] == ["feature 1", "feature 2"]


def test_a_table_in_another_crs_is_refused():
    with pytest.raises(CRSError, match="3857"):
        layers([frame([Point(45, 40)]).to_crs(3857)])


def test_polygons_of_a_table_are_filled():
    shapes = [Polygon([(45, 40), (46, 40), (46, 41)]), LineString([(45, 40), (46, 40)])]
    (layer,) = layers([frame(shapes)])
    assert [bool(shape.style.fill) for shape in layer.shapes] == [True, False]


def test_bounds_hold_every_shape_of_every_layer():
    tables = [frame([Point(44, 39)]), frame([GeometryCollection([Point(47, 41), Point(46, 38)])])]
    assert bounds_of(layers(tables)) == (44, 38, 47, 41)


def test_the_sources_of_the_legs_are_among_those_cited():
    found = layers([system("nakhchivan")])
    assert "osm-timezones" in cited(found)
    assert any("OpenStreetMap" in text for text in attributions(cited(found)))


def test_a_long_length_has_no_decimals_and_a_short_one_has_one():
    assert interval_km(Measure(value=1.768e6, sigma=18e3, basis="x")).startswith("1,768 km (1,7")
    assert interval_km(Measure(value=43e3, sigma=1e3, basis="x")) == "43.0 km (41.0–45.0)"
    area = Measure(value=5.5e9, sigma=1e8, basis="x")
    assert interval_km(area, area=True).startswith("5,500 km² (5,3")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "open (undated)"),
        ({"valid_from": date(2020, 11, 10)}, "open (since 2020-11-10)"),
        ({"valid_to": date(1993, 9, 1), "precision": "month"}, "open (until 1993-09)"),
        (
            {"valid_from": date(1991, 1, 1), "valid_to": date(1993, 1, 1), "precision": "year"},
            "open (1991 to 1993)",
        ),
        ({"state": "unverified"}, "open (undated, unverified)"),
    ],
)
def test_a_period_is_told_to_its_precision(fields, text):
    assert period(status(**fields)) == text


def test_a_name_missing_in_a_language_is_given_in_english():
    lachin = system("lachin-2020")
    assert named(lachin, "hy") == "Լաչինի միջանցք (2020)"
    nameless = replace(lachin, names={"en": lachin.name})
    assert named(nameless, "fa") == "Lachin corridor of 2020"


def test_a_card_shows_whole_numbers_and_days_as_they_are_where_one_is_missing():
    table = frame(
        [Point(45, 40), Point(46, 40)],
        lanes=pd.array([2, None], dtype="Int64"), bridge=pd.array([None, False], dtype="boolean"),
        built=[pd.Timestamp("1899-05-01"), pd.NaT], length_m=pd.array([None, 5], dtype="Int64"),
    )  # fmt: skip
    (layer,) = layers([table])
    assert dict(layer.columns) == {
        "lanes": ["2", ""], "bridge": ["", "false"], "built": ["1899-05-01", ""]
    }  # fmt: skip
    assert [shape.measure and shape.measure.value for shape in layer.shapes] == [None, 5.0]


def test_a_way_on_an_extract_is_called_as_asked_and_says_of_what_day_it_is(tmp_path):
    nodes = {1: (10.0, 50.0), 2: (10.1, 50.0), 3: (10.2, 50.0)}
    drawn = Drawn(nodes, {10: road(1, 2), 11: road(2, 3, maxspeed="50")})
    file = drawn.write(tmp_path / "x.osm.pbf", stamp="2026-05-03T00:00:00Z")
    network = network_from_osm(file)
    terms = Terms(modes=("road",))
    way = route("50.0,10.0", "50.0,10.2", terms=terms, network=network)
    assert route_name(way, "en").startswith("50.0,10.0 – 50.0,10.2 (by road)")
    layers = network_layers(network, [read_scenario("status-quo")], terms=terms)
    (source,) = (key for key in layers[0].sources if network.name in key)
    assert source == f"{network.name} (x.osm.pbf, 2026-05-03)"


def test_what_documents_name_is_named_in_every_language():
    from borders.gazetteer.places import LANGUAGES
    from corridors.lookup import named_things
    from maps.layers.build import layers

    found = layers(named_things("context"))
    # Turkish and Azerbaijani have some words in common.
    plain = [layer.id for layer in found if len({*layer.names.values()}) < len(LANGUAGES) - 1]
    assert plain == []
    assert len(found) > 30


def test_a_reach_on_an_extract_has_its_places_and_is_credited_to_it_alone(tmp_path) -> None:
    towns = {1: {"place": "town", "name": "Town"}}
    drawn = Drawn({1: (10.0, 50.0), 2: (10.1, 50.0)}, {1: road(1, 2)}, towns)
    network = network_from_osm(drawn.write(tmp_path / "x.osm.pbf", stamp="2024-03-01T00:00:00Z"))
    assert "x.osm.pbf, 2024-03-01" in network.credit
    area = reach("n1", 5, network=network)
    assert set(area.to_gdf()["source"]) == {"openstreetmap"}
    for layer in (reach_layer(area, "en"), *layers([area])):
        assert layer.sources == ("openstreetmap", network.credit)
        assert [place.name for place in layer.places] == ["Town"]
    (bundled,) = layers([reach("Kars", 30)])
    assert load_network().credit not in bundled.sources
    assert not bundled.places
