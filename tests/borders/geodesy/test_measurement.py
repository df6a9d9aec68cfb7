"""Lengths, areas and positions along lines, against geographiclib."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings, strategies as st
from shapely import LineString, MultiLineString, Point, Polygon

from borders import boundary
from borders.errors import CRSError, GeometryError
from borders.geodesy import (
    area_m2,
    densify,
    distance_m,
    length_m,
    locate_m,
    point_along,
    slice_between,
)
from corridors import Terms, corridor, reach, route

EARTH = Geodesic.WGS84
LINES = {
    "equator": [(10, 0), (11, 0.5), (13, -0.2)],
    "caucasus": [(43.5, 41.1), (44.0, 40.1), (45.3, 39.2), (46.5, 38.9)],
    "far north": [(20, 80), (35, 82), (60, 81)],
    "antimeridian": [(179.2, 51), (-179.6, 51.5), (-178, 51)],
    "over the pole": [(30, 89), (-150, 89), (-120, 88)],
}

coordinate = st.tuples(
    st.floats(-180, 180, allow_subnormal=False), st.floats(-85, 85, allow_subnormal=False)
)
near = st.tuples(st.floats(43, 47), st.floats(38, 42))
lines_near = st.lists(near, min_size=2, max_size=12, unique=True).map(LineString)
checked = settings(max_examples=40)


def true_length_m(coordinates):
    pairs = pairwise(coordinates)
    return sum(EARTH.Inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in pairs)


def true_area_m2(coordinates):
    polygon = EARTH.Polygon()
    for lon, lat in coordinates[:-1]:
        polygon.AddPoint(lat, lon)
    return abs(polygon.Compute()[2])


def true_nearest(a, b, place):
    """Return (distance along, distance away) of the point of a geodesic nearest to a place."""
    line = EARTH.InverseLine(a[1], a[0], b[1], b[0])

    def away(at):
        on = line.Position(at)
        return EARTH.Inverse(place[1], place[0], on["lat2"], on["lon2"])["s12"]

    # The distance is stationary where its slope changes sign; bisection finds that to the bit.
    def slope(at):
        on = line.Position(at)
        to_place = EARTH.Inverse(on["lat2"], on["lon2"], place[1], place[0])
        return -np.cos(np.radians(to_place["azi1"] - on["azi2"]))

    low, high = 0.0, line.s13
    if slope(low) >= 0:
        return low, away(low)
    if slope(high) <= 0:
        return high, away(high)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return low, away(low)


@pytest.mark.parametrize("name", LINES)
def test_length_is_that_of_geographiclib(name):
    assert length_m(LineString(LINES[name])) == pytest.approx(true_length_m(LINES[name]), abs=1e-6)


@checked
@given(st.lists(coordinate, min_size=2, max_size=8))
def test_length_is_that_of_geographiclib_anywhere(coordinates):
    truth = true_length_m(coordinates)
    assert length_m(LineString(coordinates)) == pytest.approx(truth, rel=1e-12, abs=1e-6)


@checked
@given(st.lists(coordinate, min_size=2, max_size=8).map(LineString))
def test_reversing_keeps_the_length(line):
    assert length_m(line.reverse()) == pytest.approx(length_m(line), rel=1e-12, abs=1e-7)


@checked
@given(lines_near, st.floats(-1e4, 1e4))
def test_adding_z_changes_no_length_and_no_area(line, z):
    high = shapely.force_3d(line, z)
    ring = line.convex_hull
    assert length_m(high) == length_m(line)
    assert area_m2(shapely.force_3d(ring, z)) == area_m2(ring)


def test_parts_are_summed_without_what_lies_between_them():
    parts = [LINES["equator"], LINES["caucasus"]]
    whole = sum(true_length_m(part) for part in parts)
    nested = shapely.GeometryCollection(
        [Point(1, 1), MultiLineString(parts), shapely.GeometryCollection([LineString()])]
    )
    assert length_m(MultiLineString(parts)) == pytest.approx(whole, abs=1e-6)
    assert length_m(nested) == pytest.approx(whole, abs=1e-6)


def test_length_of_a_polygon_is_the_perimeter_of_all_its_rings():
    shell = [(44, 40), (45, 40), (45, 41), (44, 41), (44, 40)]
    hole = [(44.2, 40.2), (44.4, 40.2), (44.4, 40.5), (44.2, 40.2)]
    perimeter = true_length_m(shell) + true_length_m(hole)
    assert length_m(Polygon(shell, [hole])) == pytest.approx(perimeter, abs=1e-6)


@pytest.mark.parametrize(
    "empty", [Point(), LineString(), Polygon(), MultiLineString(), shapely.GeometryCollection()]
)
def test_empty_geometries_have_no_length_and_no_area(empty):
    assert length_m(empty) == 0.0
    assert area_m2(empty) == 0.0


def test_an_array_keeps_its_shape_and_a_missing_geometry_is_nan():
    one = LineString(LINES["caucasus"])
    lengths = length_m(np.array([[one, None], [LineString(), Point(1, 1)]], dtype=object))
    assert lengths.shape == (2, 2)
    assert lengths[0, 0] == pytest.approx(true_length_m(LINES["caucasus"]), abs=1e-6)
    assert np.isnan(lengths[0, 1])
    assert lengths[1].tolist() == [0.0, 0.0]
    assert length_m(np.array([], dtype=object)).shape == (0,)
    assert np.isnan(length_m(None))
    assert np.isnan(area_m2(None))


def test_a_series_keeps_its_index_and_geometries_stay_in_4326():
    series = gpd.GeoSeries([LineString(LINES["equator"]), None], index=["a", "b"], crs=4326)
    lengths = length_m(series)
    assert isinstance(lengths, pd.Series)
    assert lengths.index.tolist() == ["a", "b"]
    dense = densify(gpd.GeoDataFrame(geometry=series), spacing_m=50_000)
    assert dense.crs.to_epsg() == 4326
    assert dense.index.tolist() == ["a", "b"]
    assert dense["b"] is None


def test_crs84_counts_as_longitude_and_latitude():
    line = LineString(LINES["equator"])
    assert length_m(gpd.GeoSeries([line], crs="OGC:CRS84"))[0] == length_m(line)


@pytest.mark.parametrize("function", [length_m, area_m2, lambda s: densify(s, spacing_m=10)])
def test_a_missing_or_other_crs_is_an_error_that_says_which_and_what_to_call(function):
    line = LineString(LINES["equator"])
    with pytest.raises(CRSError, match=r"no CRS.*set_crs"):
        function(gpd.GeoSeries([line]))
    with pytest.raises(CRSError, match=r"EPSG:3857.*to_crs\(4326\)"):
        function(gpd.GeoDataFrame(geometry=[line], crs=3857))


@pytest.mark.parametrize(
    ("place", "value"), [((181.5, 0), "181.5"), ((0, -90.5), "-90.5"), ((0, float("nan")), "nan")]
)
def test_coordinates_off_the_earth_are_an_error_that_names_the_value(place, value):
    with np.errstate(invalid="ignore"):  # shapely warns of NaN, too
        line = LineString([(0, 0), place])
        polygon = Polygon([(0, 0), place, (1, 1)])
    with pytest.raises(GeometryError, match=value):
        length_m(line)
    with pytest.raises(GeometryError, match=value):
        area_m2(polygon)


def test_things_that_are_no_geometry_are_an_error_that_says_what_they_are():
    with pytest.raises(GeometryError, match="got str"):
        length_m("LINESTRING (0 0, 1 1)")


def test_a_territory_has_the_area_of_its_polygon():
    territory = boundary("nakhchivan")
    true_m2 = true_area_m2(territory.polygon.exterior.coords)
    assert area_m2(territory) == pytest.approx(true_m2, rel=1e-9)


def test_what_bounds_nothing_has_no_area():
    for line in (boundary("kars-1921"), boundary("nakhchivan").legs[0], corridor("lachin-2022")):
        with pytest.raises(GeometryError, match="bounds no area"):
            area_m2(line)


def test_corridors_and_routes_stand_for_their_line_as_drawn():
    way = corridor("kars-igdir-dilucu")
    assert length_m(way) == way.drawn_m
    assert distance_m(way, Point(way.centreline.coords[0])) == 0
    train = route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))
    back = route("Tbilisi", "Kars", terms=Terms(modes=("rail",)))
    drawn = sum(true_length_m(link.xy) for link in train.links)
    assert length_m(train) == pytest.approx(drawn, rel=1e-9)
    assert back.geometry.geoms[-1].coords[-1] == train.geometry.geoms[0].coords[0]
    with pytest.raises(GeometryError, match=r"got Reach; take its \.to_gdf\(\)"):
        length_m(reach("Kars", 1))


@pytest.mark.parametrize("name", LINES)
def test_area_is_that_of_geographiclib_in_either_orientation(name):
    ring = [*LINES[name], (LINES[name][0][0] + 0.3, LINES[name][0][1] - 1.2), LINES[name][0]]
    polygon = Polygon(ring)
    assert area_m2(polygon) == pytest.approx(true_area_m2(ring), rel=1e-9)
    assert area_m2(polygon.reverse()) == pytest.approx(area_m2(polygon), rel=1e-12)


@checked
@given(st.lists(near, min_size=3, max_size=9, unique=True))
def test_area_does_not_depend_on_orientation_and_holes_are_subtracted(places):
    hull = shapely.MultiPoint(places).convex_hull
    if hull.geom_type != "Polygon":
        return
    box = [(40, 36), (50, 36), (50, 45), (40, 45), (40, 36)]
    holed = Polygon(box, [hull.exterior.coords])
    difference = true_area_m2(box) - true_area_m2(list(hull.exterior.coords))
    assert area_m2(holed) == pytest.approx(difference, rel=1e-9)
    assert area_m2(hull.reverse()) == pytest.approx(area_m2(hull), rel=1e-12)


def test_area_of_parts_and_collections_is_their_sum():
    boxes = [shapely.box(44, 40, 45, 41), shapely.box(46, 40, 47, 41)]
    both = area_m2(boxes[0]) + area_m2(boxes[1])
    collection = shapely.GeometryCollection(
        [shapely.MultiPolygon(boxes), LineString([(0, 0), (1, 1)])]
    )
    assert area_m2(collection) == pytest.approx(both, rel=1e-12)


@checked
@given(lines_near, st.sampled_from([2_000.0, 13_000.0, 90_000.0]))
def test_densifying_keeps_length_and_vertices_and_holds_the_spacing(line, spacing_m):
    dense = densify(line, spacing_m=spacing_m)
    assert length_m(dense) == pytest.approx(length_m(line), rel=1e-9, abs=1e-6)
    assert set(line.coords) <= set(dense.coords)
    steps = length_m(np.array([LineString(p) for p in pairwise(dense.coords)]))
    assert steps.max() <= spacing_m + 1e-6


def test_densified_points_lie_on_the_geodesic_of_geographiclib():
    a, b = (44.0, 40.0), (-120.0, 62.0)
    line = EARTH.InverseLine(a[1], a[0], b[1], b[0])
    dense = densify(LineString([a, b]), spacing_m=line.s13 / 7.5)
    assert len(dense.coords) == 9
    for i, (lon, lat) in enumerate(dense.coords):
        on = line.Position(line.s13 * i / 8)
        assert EARTH.Inverse(lat, lon, on["lat2"], on["lon2"])["s12"] < 1e-6


def test_densifying_interpolates_z_and_keeps_holes_points_and_kinds():
    line = densify(LineString([(0, 0, 100), (1, 0, 300)]), spacing_m=60_000)
    assert line.coords[1][2] == 200
    holed = shapely.box(44, 40, 45, 41) - shapely.box(44.2, 40.2, 44.4, 40.4)
    mixed = shapely.GeometryCollection([holed, Point(1, 2), LineString([(0, 0), (1, 1)])])
    dense = densify(mixed, spacing_m=20_000)
    assert [part.geom_type for part in dense.geoms] == ["Polygon", "Point", "LineString"]
    assert len(dense.geoms[0].interiors) == 1
    assert area_m2(dense) == pytest.approx(area_m2(mixed), rel=1e-9)


def test_densifying_a_boundary_along_the_antimeridian_stays_on_its_side():
    dense = densify(shapely.box(-180, 60, -179, 62), spacing_m=10_000)
    assert dense.bounds[0] == -180
    assert dense.bounds[2] == -179


@pytest.mark.parametrize("spacing_m", [0, -5, float("nan")])
def test_a_spacing_that_is_not_positive_is_an_error(spacing_m):
    with pytest.raises(GeometryError, match="spacing_m"):
        densify(LineString([(0, 0), (1, 1)]), spacing_m=spacing_m)


@pytest.mark.parametrize("name", LINES)
def test_point_along_is_that_of_geographiclib(name):
    a, b = LINES[name][:2]
    direct = EARTH.InverseLine(a[1], a[0], b[1], b[0])
    at = 0.37 * direct.s13
    place = point_along(LineString(LINES[name]), at)
    on = direct.Position(at)
    assert EARTH.Inverse(place.y, place.x, on["lat2"], on["lon2"])["s12"] < 1e-6


def test_point_along_counts_negative_distances_from_the_end_and_hits_vertices():
    line = LineString(LINES["caucasus"])
    length = length_m(line)
    points = point_along(line, [0, -1000, length, true_length_m(line.coords[:2])])
    assert points[1].distance(point_along(line, length - 1000)) < 1e-12
    assert points[[0, 2, 3]].tolist() == [Point(line.coords[i]) for i in (0, 3, 1)]
    assert point_along(line, -0.5 * length).distance(point_along(line, 0.5 * length)) < 1e-12


@pytest.mark.parametrize("beyond_m", [1e9, -1e9])
def test_a_distance_beyond_the_ends_is_an_error_that_names_the_length(beyond_m):
    with pytest.raises(GeometryError, match=r"111319\.491 m long"):
        point_along(LineString([(0, 0), (1, 0)]), beyond_m)


@checked
@given(near, near, near)
def test_nearest_point_of_a_segment_is_that_of_geographiclib(a, b, place):
    if true_length_m([a, b]) < 1:
        return
    along, away = true_nearest(a, b, place)
    line = LineString([a, b])
    assert distance_m(line, Point(place)) == pytest.approx(away, abs=1e-3)
    if away > 1e-3:
        assert locate_m(line, Point(place)) == pytest.approx(along, abs=1e-3)


@pytest.mark.parametrize("name", LINES)
def test_nearest_point_of_a_line_is_the_nearest_of_its_segments(name):
    coordinates = LINES[name]
    line = LineString(coordinates)
    for place in [line.centroid.coords[0], coordinates[1]]:
        found = [true_nearest(a, b, place) for a, b in pairwise(coordinates)]
        best = min(range(len(found)), key=lambda i: found[i][1])
        along = true_length_m(coordinates[: best + 1]) + found[best][0]
        assert distance_m(line, Point(place)) == pytest.approx(found[best][1], abs=1e-3)
        assert locate_m(line, Point(place)) == pytest.approx(along, abs=2e-3)


def test_locating_a_point_of_the_line_gives_back_its_distance():
    line = LineString(LINES["caucasus"])
    at = np.linspace(0, length_m(line), 40)
    points = point_along(line, at)
    assert locate_m(line, points) == pytest.approx(at, abs=1e-4)
    assert distance_m(line, points).max() < 1e-4


def test_distance_to_a_line_in_parts_is_that_to_the_nearest_part():
    parts = [LineString([(44, 40), (45, 40)]), LineString([(44, 42), (45, 42)])]
    place = Point(44.5, 41.8)
    assert distance_m(MultiLineString(parts), place) == distance_m(parts[1], place)


def test_positions_go_row_by_row_and_missing_stays_missing():
    lines = gpd.GeoSeries(
        [LineString(LINES["equator"]), None, LineString(LINES["caucasus"])],
        index=[5, 6, 7],
        crs=4326,
    )
    points = gpd.GeoSeries([Point(11, 0), Point(1, 1), Point(44, 40)], index=[5, 6, 7], crs=4326)
    located = locate_m(lines, points)
    assert located.index.tolist() == [5, 6, 7]
    assert located[7] == locate_m(lines[7], points[7])
    assert np.isnan(located[6])
    ends = point_along(lines, -1.0)
    assert ends.crs.to_epsg() == 4326
    assert ends[6] is None
    with pytest.raises(GeometryError, match="different indexes"):
        locate_m(lines, points.set_axis([1, 2, 3]))


@checked
@given(lines_near, st.floats(0.05, 0.95))
def test_two_slices_sum_to_the_whole_and_keep_the_vertices(line, share):
    length = length_m(line)
    if length < 10:
        return
    one, other = slice_between(line, 0, share * length), slice_between(line, share * length, length)
    assert length_m(one) + length_m(other) == pytest.approx(length, rel=1e-9)
    assert one.coords[-1] == other.coords[0]
    assert set(line.coords) <= set(one.coords) | set(other.coords)


def test_a_slice_whose_end_comes_first_runs_backwards():
    line = LineString(LINES["caucasus"])
    there, back = slice_between(line, 1000, -2000), slice_between(line, -2000, 1000)
    assert back.coords[:] == there.coords[::-1]
    assert there.coords[1:-1] == line.coords[1:-1]


def test_a_slice_between_points_starts_and_ends_at_their_nearest_places():
    line = LineString(LINES["caucasus"])
    start, end = Point(43.9, 40.6), Point(45.3, 39.2)
    stretch = slice_between(line, start, end)
    assert stretch.coords[-1] == line.coords[2]
    length = locate_m(line, end) - locate_m(line, start)
    assert length_m(stretch) == pytest.approx(length, abs=1e-3)


def test_a_slice_without_extent_is_an_error():
    with pytest.raises(GeometryError, match="same place"):
        slice_between(LineString([(0, 0), (1, 0)]), 500, 500)


@pytest.mark.parametrize("line", [LineString(), MultiLineString([[(0, 0), (1, 1)]]), Point(0, 0)])
def test_positions_along_what_is_not_one_line_are_an_error(line):
    with pytest.raises(GeometryError, match="expected one LineString"):
        locate_m(line, Point(0, 0))


def test_positions_interpolate_z():
    line = LineString([(0, 0, 0), (1, 0, 1000)])
    assert point_along(line, 0.25 * length_m(line)).z == pytest.approx(250)
    assert slice_between(line, 0, 0.5 * length_m(line)).coords[-1][2] == pytest.approx(500)


def test_importing_geodesy_does_not_import_pandas_or_geopandas():
    code = (
        "import sys, borders.geodesy, borders.geodesy.buffer, borders.geodesy.simplification;"
        "sys.exit(any(name in sys.modules for name in ('pandas', 'geopandas', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
