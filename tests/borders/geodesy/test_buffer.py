"""Geodesic buffers and parallel lines: every outline vertex is checked with geographiclib."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings, strategies as st
from shapely import LineString, MultiLineString, Point, Polygon

from borders.errors import CRSError, GeometryError
from borders.geodesy import area_m2, buffer_m, distance_m, length_m, offset_m

EARTH = Geodesic.WGS84
STARTS = {  # lon, lat, azimuth
    "equator": (10.0, 0.0, 70.0),
    "latitude 40": (44.0, 40.0, 80.0),
    "latitude 80": (20.0, 80.0, 60.0),
    "antimeridian": (179.9, 40.0, 80.0),
    "beside the pole": (30.0, 89.8, 1.0),
    "over the pole": (30.0, 89.9, 0.0),
    "over the south pole": (100.0, -89.9, 170.0),
}


def geodesic(place, length):
    """Return geographiclib's geodesic and the same as a line of two vertices."""
    lon, lat, azimuth = place
    line = EARTH.DirectLine(lat, lon, azimuth, length)
    end = line.Position(length)
    return line, LineString([(lon, lat), (end["lon2"], end["lat2"])])


def rough_line(place, length, vertices, aside_m):
    """Return a line of vertices to either side of a geodesic."""
    random = np.random.default_rng(5)
    line, _ = geodesic(place, length)
    places = []
    for at in np.linspace(0, length, vertices):
        on = line.Position(at)
        beside = EARTH.Direct(on["lat2"], on["lon2"], on["azi2"] + 90, random.normal(0, aside_m))
        places.append((beside["lon2"], beside["lat2"]))
    return LineString(places)


def true_distance_m(line, length, lon, lat):
    """Return the distance of a place from a geodesic, by bisection on the angle to it."""
    low, high = 0.0, length
    for _ in range(32):
        at = (low + high) / 2
        on = line.Position(at)
        to_place = EARTH.Inverse(on["lat2"], on["lon2"], lat, lon)
        if np.cos(np.radians(to_place["azi1"] - on["azi2"])) > 0:
            low = at
        else:
            high = at
    return to_place["s12"]


def outline(polygon, count=70):
    """Return vertices and middles of edges, without those on the edges of the lon/lat sheet."""
    rings = [
        shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(polygon))
    ]
    places = np.concatenate([*rings, *((ring[1:] + ring[:-1]) / 2 for ring in rings)])
    inner = (np.abs(places[:, 0]) < 180 - 1e-9) & (np.abs(places[:, 1]) < 90 - 1e-9)
    places = places[inner]
    return places[:: max(1, len(places) // count)]


def cap_area_m2(radius):
    """Return the area within a distance of the pole, by geographiclib."""
    polygon = EARTH.Polygon()
    for lon in range(360):
        end = EARTH.Direct(90, 0, lon, radius)
        polygon.AddPoint(end["lat2"], end["lon2"])
    return abs(polygon.Compute()[2])


@pytest.mark.parametrize("length", [60e3, 1000e3, 4000e3])
@pytest.mark.parametrize("name", STARTS)
def test_every_place_of_the_outline_is_2500_m_away(name, length):
    line, ends = geodesic(STARTS[name], length)
    polygon = buffer_m(ends, 2500)
    away = np.array([true_distance_m(line, length, *place) for place in outline(polygon)])
    assert np.abs(away - 2500).max() <= 0.5
    assert polygon.is_valid
    west, south, east, north = polygon.bounds
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90


@pytest.mark.parametrize("name", ["latitude 40", "latitude 80", "over the pole"])
@pytest.mark.parametrize("distance", [1.0, 50.0, 50_000.0])
def test_narrow_and_wide_buffers_are_right_to_a_thousandth(name, distance):
    line, ends = geodesic(STARTS[name], 400e3)
    polygon = buffer_m(ends, distance)
    away = np.array([true_distance_m(line, 400e3, *place) for place in outline(polygon)])
    assert np.abs(away / distance - 1).max() <= 1e-3


@pytest.mark.parametrize(("vertices", "aside_m"), [(80, 10.0), (300, 40.0), (40, 2000.0)])
def test_shallow_bends_do_not_push_the_outline_out(vertices, aside_m):
    line = rough_line(STARTS["latitude 40"], 80e3, vertices, aside_m)
    polygon = buffer_m(line, 2500)
    away = distance_m(line, shapely.points(outline(polygon, count=2000)))
    assert np.abs(away - 2500).max() <= 0.6


@pytest.mark.parametrize("name", STARTS)
def test_area_is_that_of_the_strip_and_its_caps(name):
    _, ends = geodesic(STARTS[name], 200e3)
    strip = 2 * 2500 * 200e3 + np.pi * 2500**2
    assert area_m2(buffer_m(ends, 2500)) == pytest.approx(strip, rel=1e-4)


def test_a_buffer_across_the_antimeridian_is_split_there():
    polygon = buffer_m(LineString([(179.5, 60), (-179.5, 60)]), 5000)
    assert polygon.geom_type == "MultiPolygon"
    assert sorted(part.bounds[0] for part in polygon.geoms)[0] == -180
    assert max(part.bounds[2] for part in polygon.geoms) == 180
    assert all(part.bounds[2] - part.bounds[0] < 1 for part in polygon.geoms)


@pytest.mark.parametrize("pole", [90, -90])
def test_a_buffer_around_a_pole_is_closed_along_the_antimeridian_and_the_pole(pole):
    polygon = buffer_m(Point(0, pole), 20_000)
    assert polygon.geom_type == "Polygon"
    assert polygon.bounds[0::2] == (-180, 180)
    assert pole in polygon.bounds[1::2]
    assert {(180.0, float(pole)), (-180.0, float(pole))} <= set(polygon.exterior.coords)
    assert area_m2(polygon) == pytest.approx(cap_area_m2(20_000), rel=1e-3)


@settings(max_examples=25)
@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(1, 50_000))
def test_the_buffer_of_a_point_is_a_circle_anywhere(lon, lat, distance):
    polygon = buffer_m(Point(lon, lat), distance)
    away = [EARTH.Inverse(lat, lon, y, x)["s12"] for x, y in outline(polygon, count=30)]
    assert np.abs(np.array(away) / distance - 1).max() <= 1e-3
    # Karney's areas are right to about 0.1 m² a vertex, which shows in the smallest circles.
    assert area_m2(polygon) == pytest.approx(np.pi * distance**2, rel=2e-3, abs=0.1)


def test_a_flat_cap_ends_at_the_ends_and_leaves_no_gaps_between_pieces():
    line = rough_line(STARTS["latitude 40"], 400e3, 41, 2000.0)
    flat, full = buffer_m(line, 2500, cap="flat"), buffer_m(line, 2500)
    assert area_m2(full) - area_m2(flat) == pytest.approx(np.pi * 2500**2, rel=1e-2)
    away = distance_m(line, shapely.points(outline(flat, count=500)))
    assert away.max() <= 2500.5
    assert len(flat.interiors) == 0
    inner = line.interpolate(np.linspace(0.01, 0.99, 50), normalized=True)
    assert shapely.contains(flat, inner).all()


@pytest.mark.parametrize("vertices", [2, 2000])
def test_a_flat_buffer_of_a_straight_line_is_a_strip_however_dense_its_vertices(vertices):
    line = rough_line(STARTS["latitude 40"], 60e3, vertices, 0.0)
    strip = buffer_m(line, 2500, cap="flat")
    assert area_m2(strip) == pytest.approx(2 * 2500 * 60e3, rel=1e-4)


def test_the_buffer_of_a_polygon_is_the_polygon_and_a_rim():
    box = shapely.box(44, 40, 45, 41)
    polygon = buffer_m(box, 2500)
    away = distance_m(box.exterior, shapely.points(outline(polygon)))
    assert np.abs(away - 2500).max() <= 0.5
    assert polygon.contains(box)
    assert len(polygon.interiors) == 0
    rim = length_m(box) * 2500 + np.pi * 2500**2
    assert area_m2(polygon) - area_m2(box) == pytest.approx(rim, rel=1e-3)


def test_a_hole_shrinks_and_a_small_one_closes():
    hole = [(44.4, 40.4), (44.6, 40.4), (44.6, 40.6), (44.4, 40.6)]
    polygon = buffer_m(Polygon(shapely.box(44, 40, 45, 41).exterior.coords, [hole]), 2500)
    assert len(polygon.interiors) == 1
    assert Polygon(hole).contains(Polygon(polygon.interiors[0]))
    closed = buffer_m(Polygon(shapely.box(44, 40, 45, 41).exterior.coords, [hole]), 25_000)
    assert len(closed.interiors) == 0


def test_a_polygon_across_the_antimeridian_has_the_same_buffer_split_or_whole():
    whole = Polygon([(179, 60), (-179, 60), (-179, 61), (179, 61)])
    split = shapely.MultiPolygon(
        [
            Polygon([(179, 60), (180, 60.0038), (180, 61.0037), (179, 61)]),
            Polygon([(-180, 60.0038), (-179, 60), (-179, 61), (-180, 61.0037)]),
        ]
    )
    one, other = buffer_m(whole, 5000), buffer_m(split, 5000)
    assert one.geom_type == other.geom_type == "MultiPolygon"
    assert area_m2(one) == pytest.approx(area_m2(other), rel=1e-4)
    assert one.bounds[0::2] == (-180, 180)


def test_a_polygon_around_the_pole_holds_the_pole():
    ring = Polygon([(lon, 80) for lon in range(-180, 180, 10)])
    polygon = buffer_m(ring, 10_000)
    assert polygon.bounds[3] == 90
    assert polygon.is_valid
    assert polygon.contains(Point(33, 89))
    assert area_m2(polygon) > area_m2(ring)


def test_parts_collections_z_missing_and_empty_are_handled():
    one, other = LineString([(44, 40), (44.5, 40)]), LineString([(46, 40), (46.5, 40)])
    both = buffer_m(MultiLineString([one, other]), 1000)
    apart = area_m2(buffer_m(one, 1000)) + area_m2(buffer_m(other, 1000))
    assert area_m2(both) == pytest.approx(apart, rel=1e-9)
    mixed = shapely.GeometryCollection([one, Point(46, 42), shapely.box(50, 40, 50.1, 40.1)])
    assert len(buffer_m(mixed, 1000).geoms) == 3
    assert buffer_m(shapely.force_3d(one, 7.0), 1000).equals(buffer_m(one, 1000))
    assert buffer_m(None, 1000) is None
    assert buffer_m(LineString(), 1000).is_empty
    assert buffer_m(np.array([], dtype=object), 1000).shape == (0,)
    still = buffer_m(LineString([(44, 40), (44, 40)]), 1000)
    assert still.equals(buffer_m(Point(44, 40), 1000))


def test_a_series_takes_a_distance_for_each_and_keeps_its_index():
    series = gpd.GeoSeries([Point(44, 40), None, Point(45, 40)], index=list("abc"), crs=4326)
    areas = area_m2(buffer_m(series, [1000, 1000, 2000]))
    assert areas.index.tolist() == ["a", "b", "c"]
    assert areas["c"] == pytest.approx(4 * areas["a"], rel=1e-3)
    assert buffer_m(series, 1000).crs.to_epsg() == 4326


def test_distances_in_another_order_than_the_geometries_are_refused():
    series = gpd.GeoSeries([Point(44, 40), Point(45, 40)], index=["a", "b"], crs=4326)
    with pytest.raises(GeometryError, match="different indexes"):
        buffer_m(series, pd.Series([20_000, 1000], index=["b", "a"]))
    areas = area_m2(buffer_m(series, pd.Series([1000, 20_000], index=["a", "b"])))
    assert areas["b"] == pytest.approx(400 * areas["a"], rel=1e-3)


def test_bad_options_and_other_crs_are_errors_that_name_them():
    line = LineString([(44, 40), (45, 40)])
    for bad in (0, -100, 300_000, float("nan")):
        with pytest.raises(GeometryError, match=str(bad)):
            buffer_m(line, bad)
    with pytest.raises(GeometryError, match="square"):
        buffer_m(line, 100, cap="square")
    with pytest.raises(GeometryError, match="2 distances for 1"):
        buffer_m(line, [1, 2])
    with pytest.raises(GeometryError, match=r"200\.0"):
        buffer_m(LineString([(44, 40), (200, 40)]), 100)
    with pytest.raises(CRSError, match="no CRS"):
        buffer_m(gpd.GeoSeries([line]), 100)
    with pytest.raises(CRSError, match="EPSG:3857"):
        offset_m(gpd.GeoSeries([line], crs=3857), 100)


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_parallel_is_at_its_distance_on_its_side(name, side):
    length = 400e3
    line, ends = geodesic(STARTS[name], length)
    parallel = offset_m(ends, 2500, side=side)
    turn = -90 if side == "left" else 90
    for at, place in ((0.0, parallel.coords[0]), (length, parallel.coords[-1])):
        on = line.Position(at)
        abreast = EARTH.Direct(on["lat2"], on["lon2"], on["azi2"] + turn, 2500)
        gap = EARTH.Inverse(place[1], place[0], abreast["lat2"], abreast["lon2"])["s12"]
        assert gap < 0.5
    places = parallel.coords[:: max(1, len(parallel.coords) // 60)]
    away = np.array([true_distance_m(line, length, lon, lat) for lon, lat in places])
    assert np.abs(away - 2500).max() <= 0.5
    assert length_m(parallel) == pytest.approx(length, rel=1e-4)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_parallel_of_a_rough_line_keeps_its_distance_without_gaps(side):
    line = rough_line(STARTS["latitude 40"], 300e3, 400, 300.0)
    parallel = offset_m(line, 2500, side=side)
    assert parallel.is_simple
    places = shapely.get_coordinates(parallel)
    away = distance_m(
        line, shapely.points(np.concatenate([places, (places[1:] + places[:-1]) / 2]))
    )
    assert np.abs(away - 2500).max() <= 0.6


def test_the_parallels_of_a_closed_line_lie_inside_and_outside():
    ring = LineString(shapely.box(44, 40, 44.2, 40.2).exterior.coords)
    assert shapely.is_ccw(ring)
    inside, outside = offset_m(ring, 2500), offset_m(ring, 2500, side="right")
    assert Polygon(ring).contains(inside)
    assert Polygon(outside).contains(ring)
    assert shapely.is_ccw(inside)
    assert shapely.is_ccw(outside)
    backwards = offset_m(ring.reverse(), 2500, side="right")
    assert not shapely.is_ccw(backwards)
    assert backwards.hausdorff_distance(inside) < 1e-6
    assert offset_m(ring, 50_000).is_empty
    with pytest.raises(GeometryError, match="closed"):
        offset_m(shapely.box(44, 40, 45, 41).exterior, 2500)


def test_a_parallel_refuses_what_is_no_line_and_bad_options():
    line = LineString([(44, 40), (45, 40)])
    with pytest.raises(GeometryError, match="expected one LineString"):
        offset_m(shapely.box(0, 0, 1, 1), 100)
    with pytest.raises(GeometryError, match="up"):
        offset_m(line, 100, side="up")
    with pytest.raises(GeometryError, match="distance_m=-100"):
        offset_m(line, -100)
    assert offset_m(np.array([None, line], dtype=object), 100)[0] is None


def test_distances_are_taken_up_to_the_limit_that_the_message_gives():
    line = LineString([(44, 40), (45, 40.5)])
    beyond = np.nextafter(200_000.0, np.inf)
    pole = EARTH.Direct(40.25, 44.5, 0, 190_000)
    assert buffer_m(line, 200_000).covers(Point(pole["lon2"], pole["lat2"]))
    along = offset_m(line, 200_000, side="left")
    lon, lat = along.interpolate(0.5, normalized=True).coords[0]
    nearest_m = distance_m(line, Point(lon, lat))
    assert float(nearest_m) == pytest.approx(200_000, rel=1e-3)
    with pytest.raises(GeometryError, match="at most 200,000 m"):
        buffer_m(line, beyond)
    with pytest.raises(GeometryError, match="at most 200,000 m"):
        offset_m(line, beyond, side="left")


def test_a_short_bent_street_has_a_wide_area_around_it() -> None:
    # GEOS gives this one slivers beside its outline, of which one was taken for the whole.
    metres = [(2.6157, -53.2682), (3.8399, -29.6369), (-1.3948, -0.9639), (-1.1246, 29.4525),
              (-3.9361, 54.4164)]  # fmt: skip
    degree_m = 111_195.0
    street = shapely.LineString([(x / degree_m, y / degree_m) for x, y in metres])
    area = area_m2(buffer_m(street, 5000, quad_segs=16))
    assert area == pytest.approx(np.pi * 5000**2 + 2 * 5000 * 108, rel=0.005)
