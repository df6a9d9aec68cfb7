"""Maps of what lies across the meridian of 180° or around a pole."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from shapely import LineString, MultiPolygon, Point, Polygon, box

from maps.layers.seam import eastwards, joined_at_seam
from maps.print.figure import static
from maps.print.scale_bar import SCALE_ORDER

FERRY = LineString([(179.3, -16.8), (179.9, -16.7), (-179.9, -16.9)])
ISLAND = MultiPolygon([box(179.5, -17.2, 180, -16.8), box(-180, -17.2, -179.6, -16.8)])


def table(*shapes):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=4326)


def drawn_m(line):
    """Return the geodesic length of a line as it is drawn, step by step in degrees."""
    xy = shapely.get_coordinates(line)
    assert np.abs(np.diff(xy[:, 0])).max() < 180
    inverse = Geodesic.WGS84.Inverse
    return sum(inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in pairwise(xy))


def test_a_ferry_across_the_seam_keeps_its_length_and_an_island_is_whole():
    ferry, island = joined_at_seam([FERRY, ISLAND])
    assert drawn_m(ferry) == pytest.approx(95_700, abs=60)
    assert shapely.total_bounds([ferry, island]).tolist() == pytest.approx(
        [179.3, -17.2, 180.4, -16.7]
    )
    # The two halves meet: one area, without an edge along the meridian.
    assert island.geom_type == "Polygon"
    assert island.area == pytest.approx(ISLAND.area)


@pytest.mark.parametrize(
    "shapes",
    [
        [LineString([(44, 40), (50, 40)]), Point(30, 41)],
        # Data on both sides of the Atlantic lie in one window as they are.
        [Point(-100, 40), Point(-10, 50), Point(95, 30)],
        [box(-180, -85, 180, 85)],
        # A line around the globe leaves no gap.
        [LineString([(lon, 60) for lon in range(-180, 181, 10)])],
        # An area around the pole.
        [Polygon([(lon, -70) for lon in range(-180, 181, 10)] + [(180, -90), (-180, -90)])],
        [],
    ],
)
def test_what_crosses_no_seam_stays_as_it_is(shapes):
    assert all(new is old for new, old in zip(joined_at_seam(shapes), shapes, strict=True))


def test_points_on_both_sides_of_the_pacific_come_together():
    joined = joined_at_seam([Point(-120, 40), Point(140, 35), Point(-160, 20)])
    assert [point.x for point in joined] == [240, 140, 200]


def test_bounds_whose_west_is_east_of_their_east_reach_over_the_seam():
    assert eastwards((178, -19, -179, -16)) == (178, -19, 181, -16)
    assert eastwards((40, 38, 50, 42)) == (40, 38, 50, 42)


@pytest.mark.parametrize("bounds", [None, (179.0, -17.5, -179.4, -16.5)])
def test_a_figure_across_the_seam_is_framed_by_its_data(bounds):
    sheet = static(table(FERRY, ISLAND), bounds=bounds)
    width_m = Geodesic.WGS84.Inverse(-17, 179.3, -17, -179.6)["s12"]
    # A margin, and a frame that may grow to its least height.
    assert width_m < sheet.extent.size_m[0] < 1.6 * width_m
    west, south, east, north = sheet.extent.outline.bounds
    assert west < 179.3
    assert 180.4 < east < 182
    assert south < -17.2
    assert north > -16.7
    lines = [one for one in sheet.axes[0].collections if hasattr(one, "get_segments")]
    reach = [np.ptp(xy[:, 0]) for one in lines for xy in one.get_segments()]
    assert max(reach) < 1.1 * width_m


def shares_room(one, other):
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


@pytest.mark.parametrize(
    "shapes",
    [
        [FERRY, ISLAND],
        [box(-180, -60, 180, 60)],
        [LineString([(lon, 85) for lon in range(-180, 181, 5)])],
        [Point(0, 89.5), Point(120, 89.5), Point(-120, 89.5)],
        [Point(0, -89), Point(180, -89)],
    ],
)
def test_the_arrow_lies_on_no_scale_bar_whatever_the_map(shapes):
    sheet = static(table(*shapes))
    axes, renderer = sheet.axes[0], sheet.canvas.get_renderer()
    arrow = [p for p in axes.patches if p.get_zorder() == SCALE_ORDER]
    bar = [one for one in axes.lines if one.get_zorder() == SCALE_ORDER]
    texts = [one for one in axes.texts if one.get_label() == "scale"]
    assert bar
    for one in arrow:
        for other in (*bar, *texts):
            boxes = (part.get_window_extent(renderer) for part in (one, other))
            assert not shares_room(*boxes)
