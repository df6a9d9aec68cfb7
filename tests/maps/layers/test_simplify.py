"""Lines of fewer vertices: what meets still meets, what is apart stays apart, nothing is lost."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
import unpacked
from geographiclib.geodesic import Geodesic
from pyproj import Transformer
from shapely import LineString, MultiPolygon, Point, Polygon, box

from borders.files.bundle import layer
from borders.gazetteer.places import places
from corridors.analysis.compare import compare
from maps.layers.simplify import simplified
from maps.web.comparison import RouteComparison
from maps.web.document import html
from maps.web.interactive import interactive

TO_METRES = Transformer.from_crs(4326, "+proj=laea +lat_0=40 +lon_0=45", always_xy=True)


def in_metres(geometry):
    return shapely.transform(geometry, lambda xy: np.column_stack(TO_METRES.transform(*xy.T)))


def wavy(start, end, n, seed, height):
    """Return n vertices from start to end that leave the straight line by up to a height."""
    t = np.linspace(0, 1, n)[:, None]
    xy = np.array(start) * (1 - t) + np.array(end) * t
    xy[1:-1, 1] += np.random.default_rng(seed).uniform(-height, height, n - 2)
    return xy


def overlap_km2(areas):
    parts = [in_metres(area) for area in areas]
    one, other = shapely.STRtree(parts).query(parts, predicate="intersects")
    once = one < other
    parts = np.array(parts, object)
    return shapely.area(shapely.intersection(parts[one[once]], parts[other[once]])).sum() / 1e6


@pytest.mark.parametrize("tolerance_m", [200, 1000, 5000, 20_000])
def test_neighbours_neither_overlap_nor_lose_a_part(tolerance_m):
    provinces = [feature.geometry for feature in layer("provinces")]
    thin = simplified(provinces, tolerance_m)
    # Cut along borders of another source, provinces of two countries share slivers of 0.0176 km².
    before = overlap_km2(provinces)
    assert before < 0.02
    assert overlap_km2(thin) < before + 1e-6
    assert all(area.is_valid for area in thin)
    counts = [len(shapely.get_parts(area)) for area in provinces]
    assert [len(shapely.get_parts(area)) for area in thin] == counts


@pytest.mark.parametrize("tolerance_m", [1000, 5000])
def test_islands_stay_outside_their_shore(tolerance_m):
    land = [feature.geometry for feature in layer("land")]
    (whole,), (thin,) = land, simplified(land, tolerance_m)
    assert thin.is_valid
    assert len(thin.geoms) == len(whole.geoms)
    assert shapely.get_num_coordinates(thin) < 0.6 * shapely.get_num_coordinates(whole)


def test_lines_that_share_a_stretch_stay_equal_there_and_part_where_they_did():
    common = wavy((44, 40), (45, 40), 60, 1, 0.01)
    first = LineString(np.vstack([common, wavy((45, 40), (46, 41), 40, 2, 0.01)[1:]]))
    # The other passes the common stretch the other way round.
    second = LineString(np.vstack([wavy((46, 39), (45, 40), 40, 3, 0.01)[:-1], common[::-1]]))
    one, other = simplified([first, second], 1500)
    assert len(one.coords) < len(first.coords) / 2
    shared = shapely.shared_paths(one, other)
    assert shapely.length(shared) == pytest.approx(
        LineString([xy for xy in one.coords if xy[0] <= 45]).length
    )
    assert (45.0, 40.0) in one.coords
    assert (45.0, 40.0) in other.coords
    # No vertex lies farther from the other course than the tolerance.
    for thin, whole in ((one, first), (other, second)):
        assert in_metres(thin).hausdorff_distance(in_metres(whole)) < 1.05 * 1500


def test_ends_are_the_same_to_the_last_bit():
    rng = np.random.default_rng(5)
    starts, ends = (
        rng.uniform((43, 37), (44, 38), (20, 2)),
        rng.uniform((46, 34), (47, 35), (20, 2)),
    )
    lines = [
        LineString(wavy(start, end, 50, n, 0.002))
        for n, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    for whole, thin in zip(lines, simplified(lines, 1000), strict=True):
        assert thin.coords[0] == whole.coords[0]
        assert thin.coords[-1] == whole.coords[-1]


def test_no_small_ring_is_lost():
    around = box(44, 39, 46, 41)
    islet = Point(47, 40).buffer(0.0005)
    # Two halves of an islet: each is two arcs, which at this tolerance are one line there and back.
    xs, ys = np.linspace(0, np.pi, 9), np.linspace(np.pi, 2 * np.pi, 9)
    halves = [
        Polygon(np.column_stack([48 + 0.0005 * np.cos(t), 40 + 0.0005 * np.sin(t)]))
        for t in (xs, ys)
    ]
    lake = Polygon(around.exterior.coords, [Point(45, 40).buffer(0.001).exterior.coords[::-1]])
    pair = MultiPolygon([Point(49, 40).buffer(0.0005), box(50, 39, 51, 40)])
    areas = [lake, islet, *halves, pair]
    thin = simplified(areas, 2000)
    assert all(area.is_valid and not area.is_empty for area in thin)
    assert len(thin[0].interiors) == 1
    assert [len(shapely.get_parts(area)) for area in thin] == [1, 1, 1, 1, 2]
    assert min(area.area for area in thin) > 0
    assert overlap_km2(thin) < 1e-9


def test_lines_that_run_close_by_do_not_come_to_cross():
    base = wavy((44, 40), (46, 40), 200, 7, 0.004)
    lines = [LineString(np.add(base, (0, 0.0006 * n))) for n in range(4)]
    assert not any(a.intersects(b) for a, b in combinations(lines, 2))
    thin = simplified(lines, 800)
    assert not any(a.intersects(b) for a, b in combinations(thin, 2))
    assert sum(len(line.coords) for line in thin) < 0.9 * 800


def test_points_and_nothing_at_all_stay():
    assert simplified([], 100) == []
    assert simplified([Point(44, 40), LineString()], 100) == [Point(44, 40), LineString()]


def test_a_page_of_routes_alone_is_simplified():
    ways = RouteComparison(compared=compare([("kars", "baku")]))
    whole, thin = (
        unpacked.geometries(html(interactive(ways=ways, tolerance_m=tolerance_m)))
        for tolerance_m in (None, 2000)
    )
    for key in ("network-rail", "network-road"):
        vertices = [sum(len(xy) for _, _, xy in drawn[key]) for drawn in (whole, thin)]
        assert vertices[1] < 0.7 * vertices[0]


def test_the_command_simplifies_a_page_of_routes_alone(araxes, tmp_path):
    out = tmp_path / "x.html"
    assert araxes("map", "--pair", "Kars:Baku", "--tolerance", 20, "--out", out).code == 0
    assert out.stat().st_size > 100_000


def test_the_frame_of_all_is_that_of_the_region(araxes, tmp_path):
    out = tmp_path / "all.html"
    assert araxes("map", "all", "--out", out).code == 0
    (south, west), (north, east) = unpacked.facts(out.read_text("utf-8"))["page"]["bounds"]
    # The northernmost, southernmost … places that the corridors of the region are about.
    sides = [(places()["tbilisi"].lat, north), (-places()["meghri"].lat, -south),
             (places()["baku"].lon, east), (-places()["batumi"].lon, -west)]  # fmt: skip
    # A railway may end 1 km short of the middle of its town.
    for furthest, side in sides:
        assert furthest - 0.01 < side < furthest + 1.3


@pytest.mark.parametrize("azimuth", [0, 90])
@pytest.mark.parametrize(("lat", "height_m"), [(40.0, 1000.0), (60.0, 3000.0)])
def test_a_bend_is_kept_if_it_is_higher_than_the_tolerance_on_the_ground(azimuth, lat, height_m):
    middle = Geodesic.WGS84.Direct(lat, 44.0, azimuth, height_m)
    ends = [Geodesic.WGS84.Direct(lat, 44.0, azimuth + turn, 20_000) for turn in (90, -90)]
    a, top, b = ((p["lon2"], p["lat2"]) for p in (ends[0], middle, ends[1]))
    bent = LineString([a, top, b])
    # The latitude in the middle of the line counts; a degree is taken as one of the meridian.
    (kept,), (dropped,) = simplified([bent], 0.9 * height_m), simplified([bent], 1.1 * height_m)
    assert len(kept.coords) == 3
    assert list(dropped.coords) == [a, b]


def test_every_kind_of_geometry_keeps_its_kind_its_parts_and_their_order():
    ring = [(44, 40), (44.5, 40.00001), (45, 40), (45, 41), (44, 41)]
    hole = [(44.2, 40.2), (44.4, 40.2), (44.4, 40.4), (44.2, 40.4)]
    line = LineString([(46, 40), (46.5, 40.00001), (47, 40)])
    area = Polygon(ring, [hole])
    whole = shapely.from_wkt("GEOMETRYCOLLECTION EMPTY")
    mixed = shapely.geometrycollections(
        [Point(43, 39), area, shapely.multilinestrings([line, shapely.set_precision(line, 0)]),
         shapely.MultiPoint([(43, 38), (43, 37)]), shapely.LinearRing(hole), LineString(), line]
    )  # fmt: skip
    thin, still_empty = simplified([mixed, whole], 100)
    assert still_empty.is_empty
    assert thin.geom_type == "GeometryCollection"
    kinds = [part.geom_type for part in thin.geoms]
    assert [kind.replace("LinearRing", "LineString") for kind in kinds] == [
        "Point", "Polygon", "MultiLineString", "MultiPoint", "LineString", "LineString",
        "LineString",
    ]  # fmt: skip
    parts = list(thin.geoms)
    assert parts[0] == Point(43, 39)
    assert parts[3] == mixed.geoms[3]
    assert parts[5].is_empty
    assert list(parts[6].coords) == [(46, 40), (47, 40)]
    assert [list(one.coords) for one in parts[2].geoms] == [[(46, 40), (47, 40)]] * 2
    assert parts[1].equals(Polygon([xy for xy in ring if xy[0] != 44.5], [hole]))
    assert shapely.Polygon(parts[4].coords).equals(Polygon(hole))
