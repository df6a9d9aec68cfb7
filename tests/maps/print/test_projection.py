"""Projections of figures against what conformal and equal-area mean on the ellipsoid."""

from __future__ import annotations

import numpy as np
import pytest
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
