"""Lengths at different scales, and the vertices that simplification keeps."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings, strategies as st
from shapely import LineString, MultiLineString, Point, Polygon

from borders.errors import CRSError, GeometryError
from borders.geodesy import ScaleCurve, ScalePoint, distance_m, length_m, scale_curve, simplify_m

EARTH = Geodesic.WGS84
checked = settings(max_examples=40)
near = st.tuples(st.floats(43, 47), st.floats(38, 42))


def river(length_m=300_000.0, vertices=1500, lat=39.0, roughness_m=150.0):
    """Return a rough line that runs east-south-east, made with geographiclib."""
    random = np.random.default_rng(3)
    aside = np.cumsum(random.normal(0, roughness_m, vertices))
    line = EARTH.DirectLine(lat, 44.0, 110.0, length_m)
    places = []
    for at, off in zip(np.linspace(0, length_m, vertices), aside, strict=True):
        on = line.Position(at)
        beside = EARTH.Direct(on["lat2"], on["lon2"], on["azi2"] + 90, off)
        places.append((beside["lon2"], beside["lat2"]))
    return LineString(places)


@pytest.mark.parametrize("tolerance_m", [50, 500, 5000])
def test_simplifying_drops_no_vertex_farther_off_than_the_tolerance(tolerance_m):
    line = river()
    simple = simplify_m(line, tolerance_m=tolerance_m)
    assert len(simple.coords) < len(line.coords)
    dropped = [Point(place) for place in line.coords if place not in set(simple.coords)]
    # the frame stretches distances by up to 1e-4 at 150 km from its centre
    assert distance_m(simple, dropped).max() <= tolerance_m * 1.001


def test_simplifying_keeps_vertices_bit_for_bit_in_their_order_with_z():
    line = LineString([(x, y, i) for i, (x, y) in enumerate(river(vertices=200).coords)])
    kept = simplify_m(line, tolerance_m=300).coords[:]
    numbers = [int(z) for *_, z in kept]
    assert kept == [line.coords[i] for i in numbers]
    assert numbers == sorted(numbers)
    assert (numbers[0], numbers[-1]) == (0, 199)


def test_a_tolerance_of_zero_keeps_every_vertex():
    line = river(vertices=50)
    assert simplify_m(line, tolerance_m=0).equals(line)


def test_lines_over_1000_km_and_across_the_antimeridian_keep_the_tolerance():
    long = river(length_m=2_500_000, vertices=800, lat=60.0, roughness_m=2000)
    moved = LineString([((x + 290) % 360 - 180, y) for x, y in long.coords])
    simple = simplify_m(moved, tolerance_m=4000)
    assert np.ptp(np.array(moved.coords)[:, 0]) > 350
    dropped = [Point(place) for place in moved.coords if place not in set(simple.coords)]
    assert len(dropped) > 100
    assert distance_m(simple, dropped).max() <= 4000 * 1.01


def test_a_closed_line_stays_closed():
    ring = Point(44, 40).buffer(0.5).exterior
    closed = LineString(ring.coords)
    simple = simplify_m(closed, tolerance_m=500)
    assert simple.is_closed
    assert 3 < len(simple.coords) < len(closed.coords)


def test_parts_are_simplified_each_and_missing_stays_missing():
    one, other = river(vertices=100), LineString([(10, 10), (10.1, 10.1)])
    both = simplify_m(MultiLineString([one, other]), tolerance_m=1000)
    assert both.geoms[0].equals(simplify_m(one, tolerance_m=1000))
    assert both.geoms[1].equals(other)
    series = gpd.GeoSeries([one, None], index=["a", "b"], crs=4326)
    assert simplify_m(series, tolerance_m=1000)["b"] is None
    assert scale_curve(series)["b"] is None


@checked
@given(st.lists(near, min_size=2, max_size=40))
def test_length_never_rises_with_the_tolerance(places):
    line = LineString(places)
    points = list(scale_curve(line))
    lengths = [point.length_m for point in points]
    assert points[0] == (0.0, pytest.approx(length_m(line), rel=1e-12))
    assert all(a >= b - 1e-6 for a, b in pairwise(lengths))


def test_each_length_of_the_curve_is_that_of_the_simplified_line():
    line = river()
    for tolerance_m, length in scale_curve(line):
        simple = simplify_m(line, tolerance_m=tolerance_m)
        assert length == pytest.approx(length_m(simple), rel=1e-12)


def test_the_curve_starts_at_tolerance_zero_and_has_the_asked_tolerances():
    curve = scale_curve(river(vertices=60), tolerances_m=[500, 20])
    assert [point.tolerance_m for point in curve] == [0, 20, 500]


def test_tolerance_for_is_the_inverse_of_the_curve_and_none_outside():
    curve = scale_curve(river())
    for tolerance_m, length in curve.points[:1] + curve.points[4:]:
        assert curve.tolerance_for(length) == pytest.approx(tolerance_m)
    lengths = [point.length_m for point in curve]
    assert curve.tolerance_for(lengths[0] + 1) is None
    assert curve.tolerance_for(lengths[-1] - 1) is None
    between = curve.tolerance_for((lengths[5] + lengths[6]) / 2)
    assert curve.points[5].tolerance_m < between < curve.points[6].tolerance_m


def test_tolerance_for_a_length_at_several_tolerances_is_the_smallest():
    curve = ScaleCurve((ScalePoint(0, 100), ScalePoint(10, 90), ScalePoint(20, 90)))
    assert curve.tolerance_for(90) == 10
    assert ScaleCurve((ScalePoint(0, 100),)).tolerance_for(100) == 0


def test_polygons_bad_tolerances_and_other_crs_are_errors():
    line = river(vertices=10)
    with pytest.raises(GeometryError, match="expected one LineString"):
        simplify_m(Polygon([(0, 0), (1, 0), (1, 1)]), tolerance_m=5)
    with pytest.raises(GeometryError, match="-5"):
        simplify_m(line, tolerance_m=-5)
    with pytest.raises(GeometryError, match="nan"):
        scale_curve(line, tolerances_m=[float("nan")])
    with pytest.raises(CRSError, match="EPSG:32638"):
        scale_curve(gpd.GeoSeries([line], crs=32638))
