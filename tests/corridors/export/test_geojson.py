"""GeoJSON keeps types and parts, cuts at the 180th meridian, and is read by every JSON parser."""

from __future__ import annotations

import json
import math
import warnings

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry import shape

from borders.errors import FormatWarning
from corridors.export.formats import write
from corridors.export.seam import cut_at_seam


def written(tmp_path, *shapes, **columns):
    """Return what a parser of JSON reads of shapes, and what was said."""
    own = gpd.GeoDataFrame(columns, geometry=list(shapes), crs=4326)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", FormatWarning)
        write(own, tmp_path / "a.geojson")

    def refuse(constant):
        raise AssertionError(constant)

    text = (tmp_path / "a.geojson").read_text("utf-8")
    features = json.loads(text, parse_constant=refuse)["features"]
    return features, [str(warning.message) for warning in told]


def shapes_of(features):
    return [shape(feature["geometry"]) for feature in features]


TOUCHING = MultiPolygon([box(43, 40, 44, 41), box(44.00000000001, 40, 45, 41)])
NECK = Polygon(
    [(43, 40), (44, 40), (44, 40.5), (43.5, 40.5), (43.5, 40.50000000001), (44, 40.50000000001),
     (44, 41), (43, 41)]
)  # fmt: skip


def test_areas_that_seven_decimals_would_break_keep_type_parts_and_place(tmp_path):
    features, told = written(tmp_path, TOUCHING, NECK)
    found = shapes_of(features)
    assert [f.geom_type for f in found] == ["MultiPolygon", "Polygon"]
    assert len(found[0].geoms) == 2
    assert all(f.is_valid for f in found)
    assert [f.equals(g) for f, g in zip(found, (TOUCHING, NECK), strict=True)] == [True, True]
    assert told == []


def test_other_coordinates_have_seven_decimals_and_outer_rings_turn_left(tmp_path):
    clockwise = Polygon([(43, 40), (43, 41.123456789), (44, 41), (44, 40)])
    features, _ = written(tmp_path, clockwise, Point(43.123456789, 40, 1768.25))
    area, point = shapes_of(features)
    assert area.exterior.is_ccw
    assert area.bounds == (43, 40, 44, 41.1234568)
    assert features[1]["geometry"]["coordinates"] == [43.1234568, 40.0, 1768.25]
    assert point.has_z


@pytest.mark.parametrize(
    "wide", [box(-180, -90, 180, 90), box(-179.991, 40, 180, 41), box(-170, -10, 175, 10)]
)
def test_a_box_round_the_earth_stays_one(tmp_path, wide):
    features, told = written(tmp_path, wide)
    assert shapes_of(features)[0].equals(wide)
    assert told == []


def degrees_of_longitude(line):
    """Return the longest step of a line in longitude."""
    return max(abs(np.diff(shapely.get_coordinates(part)[:, 0])).max() for part in
               shapely.get_parts(line))  # fmt: skip


def test_a_ferry_across_the_180th_meridian_is_cut_there_and_that_is_said(tmp_path):
    ferry = LineString([(179.3, -16.8), (179.9, -16.7), (-179.9, -16.9)])
    features, told = written(tmp_path, ferry, Point(0, 0))
    (cut, _) = shapes_of(features)
    # RFC 7946, 3.1.9: halfway between the last two vertices, where the latitude is their mean.
    west, east = ([(x, round(y, 9)) for x, y in part.coords] for part in cut.geoms)
    assert west == [(179.3, -16.8), (179.9, -16.7), (180, -16.8)]
    assert east == [(-180, -16.8), (-179.9, -16.9)]
    assert len(told) == 1
    assert "feature 1 crosses the 180th meridian and is cut there" in told[0]


def test_heights_are_kept_where_a_line_is_cut(tmp_path):
    features, _ = written(tmp_path, LineString([(179, 0, 100), (-179, 0, 300)]))
    assert features[0]["geometry"]["coordinates"] == [
        [[179.0, 0.0, 100.0], [180.0, 0.0, 200.0]], [[-180.0, 0.0, 200.0], [-179.0, 0.0, 300.0]]
    ]  # fmt: skip


def test_an_island_across_the_180th_meridian_is_two_parts(tmp_path):
    island = Polygon([(179.5, -17.2), (-179.6, -17.2), (-179.6, -16.8), (179.5, -16.8)])
    features, told = written(tmp_path, island)
    (found,) = shapes_of(features)
    assert found.geom_type == "MultiPolygon"
    assert sorted(part.bounds for part in found.geoms) == [
        (-180, -17.2, -179.6, -16.8), (179.5, -17.2, 180, -16.8)
    ]  # fmt: skip
    assert len(told) == 1


@pytest.mark.parametrize("pole", [90, -90])
def test_an_area_over_a_pole_reaches_it_on_both_sides_of_the_seam(tmp_path, pole):
    cap = Polygon([(lon, math.copysign(80, pole)) for lon in (-150, -90, -30, 30, 90, 150)])
    features, _ = written(tmp_path, cap)
    (found,) = shapes_of(features)
    assert found.is_valid
    assert found.bounds == (-180, min(80, pole) if pole > 0 else -90, 180, max(pole, -80))
    assert found.area == pytest.approx(3600)
    assert found.covers(Point(180, pole * 0.95))
    assert found.covers(Point(-180, pole * 0.95))


def test_lists_and_tables_are_json_numbers_exact_and_times_in_iso_8601(tmp_path):
    columns = {
        "list": [[1, "a"]], "table": [{"ü": None}], "large": [2**53 + 1], "inf": [math.inf],
        "truth": [True],
    }  # fmt: skip
    features, told = written(tmp_path, Point(44, 40), **columns)
    properties = features[0]["properties"]
    assert properties["list"] == [1, "a"]
    assert properties["table"] == {"ü": None}
    assert (properties["large"], properties["inf"], properties["truth"]) == (2**53 + 1, None, True)
    assert "infinite" in told[0]


def test_what_geojson_cannot_hold_of_a_geometry_is_said(tmp_path):
    measured = shapely.from_wkt("LINESTRING ZM (44 40 1 2, 45 41 3 4)")
    features, told = written(tmp_path, measured, None, Point(), Point(1, 2, math.nan))
    assert features[0]["geometry"]["coordinates"] == [[44.0, 40.0, 1.0], [45.0, 41.0, 3.0]]
    assert features[1]["geometry"] is None
    assert features[3]["geometry"]["coordinates"] == [1.0, 2.0]
    assert told[0].endswith("GeoJSON holds no M: the measures of 1 feature are left out")


CAP = [(-150, 80), (-90, 70), (-30, 85), (30, 72), (90, 84), (150, 76)]


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("pole", [90, -90])
def test_an_uneven_cap_keeps_its_area_whichever_way_its_ring_turns(tmp_path, pole, turn):
    ring = [(lon, math.copysign(lat, pole)) for lon, lat in CAP][::turn]
    features, _ = written(tmp_path, Polygon(ring))
    (found,) = shapes_of(features)
    assert found.is_valid
    # In degrees a cap is the sum of the trapezes between its edges and the pole.
    edges = zip(CAP, [*CAP[1:], CAP[0]], strict=True)
    area = sum(60 * (90 - (one[1] + other[1]) / 2) for one, other in edges)
    assert found.area == pytest.approx(area)
    assert found.covers(Point(0, pole * 0.999))
    assert all(part.exterior.is_ccw for part in getattr(found, "geoms", [found]))


def test_each_part_of_a_collection_is_cut_at_the_seam_and_stays_what_it_is():
    line = shapely.LineString([(179, 10), (-179, 12)])
    area = shapely.Polygon([(178, 0), (-178, 0), (-178, 4), (178, 4)])
    cut = cut_at_seam(shapely.GeometryCollection([line, area, shapely.Point(0, 0)]))
    assert [part.geom_type for part in cut.geoms] == ["MultiLineString", "MultiPolygon", "Point"]
    for part in shapely.get_parts(cut):
        for piece in shapely.get_parts(part):
            west, _, east, _ = piece.bounds
            assert east - west <= 2, piece
    # 4 degrees by 4, half of it on each side.
    assert cut.geoms[1].area == pytest.approx(16)
