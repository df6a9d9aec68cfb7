"""Projections of figures against what conformal and equal-area mean on the ellipsoid."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, strategies as st
from pyproj import Transformer

from maps.print.projection import fitted, padded

EARTH = Geodesic.WGS84
REGION = (40.4, 38.2, 50.4, 42.4)


def scales(extent, lon, lat, *, step=200.0):
    """Return the scale of the plane to the north and to the east, and the angle between them."""
    x0, y0 = extent.at(lon, lat)
    steps = []
    for azimuth in (0, 90):
        end = EARTH.Direct(lat, lon, azimuth, step)
        x, y = extent.at(end["lon2"], end["lat2"])
        steps.append(np.array([x - x0, y - y0]) / step)
    north, east = steps
    angle = np.degrees(np.arccos(north @ east / np.hypot(*north) / np.hypot(*east)))
    return float(np.hypot(*north)), float(np.hypot(*east)), float(angle)


places = st.tuples(st.floats(40.4, 50.4), st.floats(38.2, 42.4))


@given(places)
def test_the_conformal_map_keeps_angles_and_its_scale_within_half_a_thousandth(place):
    north, east, angle = scales(fitted(REGION), *place)
    assert abs(north / east - 1) < 1e-4
    assert abs(angle - 90) < 0.01
    assert abs(north - 1) < 5e-4


@given(places)
def test_the_equal_area_map_keeps_areas(place):
    north, east, angle = scales(fitted(REGION, equal_area=True), *place)
    assert abs(north * east * np.sin(np.radians(angle)) - 1) < 1e-4


@pytest.mark.parametrize("equal_area", [False, True])
def test_the_scale_is_one_on_the_standard_parallels_that_are_stated(equal_area):
    extent = fitted(REGION, equal_area=equal_area)
    for lat in extent.parallels:
        north, east, _ = scales(extent, 45.4, lat)
        assert abs(north - 1) < 1e-5
        assert abs(east - 1) < 1e-5


@given(st.floats(-175, 160), st.floats(-80, 70), st.floats(0.01, 15), st.floats(0.01, 9),
       st.booleans())  # fmt: skip
def test_the_frame_holds_all_that_is_to_be_shown_in_the_shape_asked_for(west, south, dx, dy, equal):
    bounds = west, south, west + dx, south + dy
    extent = fitted(bounds, aspects=(0.5, 1.1), equal_area=equal)
    left, bottom, right, top = extent.frame
    lon, lat = np.meshgrid(np.linspace(west, west + dx, 9), np.linspace(south, south + dy, 9))
    x, y = extent.at(lon, lat)
    slack = 1e-3 * (right - left)
    assert left - slack <= x.min() <= x.max() <= right + slack
    assert bottom - slack <= y.min() <= y.max() <= top + slack
    wide, high = extent.size_m
    assert 0.5 - 1e-9 <= high / wide <= 1.1 + 1e-9


def test_the_parallels_are_whole_minutes_so_that_what_is_stated_is_exact():
    extent = fitted((43.1234, 39.4321, 47.7, 41.9))
    for angle in (*extent.parallels, extent.meridian):
        assert abs(angle * 60 - round(angle * 60)) < 1e-9


@pytest.mark.parametrize("equal_area", [False, True])
@pytest.mark.parametrize("bounds", [REGION, (10.0, -1.0, 20.0, 1.0), (-170.0, -60.0, 170.0, 80.0)])
def test_the_plane_is_the_one_that_proj_finds_between_the_two_reference_systems(bounds, equal_area):
    extent = fitted(bounds, equal_area=equal_area)
    proj = Transformer.from_crs("EPSG:4326", f"{extent.projection} +type=crs", always_xy=True)
    west, south, east, north = bounds
    lon, lat = map(np.ravel, np.meshgrid(np.linspace(west, east, 30), np.linspace(south, north)))
    x, y = proj.transform(lon, lat)
    assert np.array_equal(extent.at(lon, lat), (x, y))
    assert np.array_equal(extent.lonlat(x, y), proj.transform(x, y, direction="INVERSE"))


def test_near_the_equator_and_around_the_world_a_cone_gives_way():
    assert fitted((-10, -5, 12, 6)).kind == "mercator"
    assert fitted((-10, -5, 12, 6), equal_area=True).kind == "equal-area-cylindrical"
    assert fitted((-180, -90, 180, 90)).kind == "equal-earth"
    assert fitted((-75, -56, -66, -17)).kind == "conformal-conic"


def test_padding_widens_bounds_on_every_side_but_not_over_a_pole():
    west, south, east, north = padded((44, 39, 44, 89.9))
    assert west < 44 < east
    assert south < 39
    assert north == 90


@given(st.floats(-170, 150), st.floats(-80, 70), st.floats(0.1, 15), st.floats(0.1, 9),
       st.booleans())  # fmt: skip
def test_with_any_shape_allowed_the_frame_reaches_no_farther_than_what_is_shown(
    west, south, dx, dy, equal
):
    extent = fitted((west, south, west + dx, south + dy), aspects=(0, 1e9), equal_area=equal)
    lon = np.linspace(west, west + dx, 200)
    lat = np.linspace(south, south + dy, 200)
    x, y = extent.at(*(np.ravel(m) for m in np.meshgrid(lon, lat)))
    slack = 1e-3 * max(extent.size_m)
    assert extent.frame == pytest.approx((x.min(), y.min(), x.max(), y.max()), abs=slack)


def test_a_frame_that_has_to_grow_grows_alike_on_both_sides():
    free = fitted(REGION, aspects=(0, 1e9))
    for aspects, across in (((1.0, 2.0), False), ((0.1, 0.2), True)):
        grown = fitted(REGION, aspects=aspects)
        before, after = np.array(free.frame), np.array(grown.frame)
        wider = (before - after) * (1, 1, -1, -1)
        assert wider[[1, 3]] == pytest.approx([0, 0] if across else [wider[1]] * 2, abs=1)
        assert wider[[0, 2]] == pytest.approx([wider[0]] * 2 if across else [0, 0], abs=1)
        assert wider.max() > 10_000


@pytest.mark.parametrize(
    ("bounds", "kind"),
    [
        ((0.0, -60.0, 30.0, 40.0), "conformal-conic"), ((0.0, -60.0, 30.0, 40.1), "equal-earth"),
        ((0.0, 30.0, 170.0, 40.0), "conformal-conic"), ((0.0, 30.0, 170.1, 40.0), "equal-earth"),
    ],
)  # fmt: skip
def test_the_earth_is_shown_whole_from_the_limits_on(bounds, kind):
    extent = fitted(bounds, aspects=(0.1, 10))
    assert extent.kind == kind
    # Seen back from the plane the frame holds what is to be shown.
    assert extent.outline.buffer(0.5).covers(shapely.box(*bounds).buffer(-1))


@pytest.mark.parametrize("bounds", [(0.0, 80.0, 60.0, 90.0), (-40.0, -90.0, 40.0, -75.0)])
def test_a_frame_at_a_pole_is_an_area_of_the_earth_that_holds_what_is_shown(bounds):
    extent = fitted(bounds)
    assert extent.kind == "conformal-conic"
    west, south, east, north = extent.around.bounds
    assert np.isfinite([west, south, east, north]).all()
    assert west <= bounds[0] < bounds[2] <= east
    assert south <= max(bounds[1], -89.9) < min(bounds[3], 89.9) <= north
    assert np.isfinite(extent.frame).all()
