"""Along a line: positions by geographiclib, heights of a known function, statuses and countries."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import small_network
from geographiclib.geodesic import Geodesic
from geographiclib.polygonarea import PolygonArea

from borders import boundary
from borders.compiler.area_by_country import countries_at
from borders.errors import GeometryError
from borders.terrain.elevation import Terrain
from corridors.analysis.profile import profile
from corridors.model.corridor import corridor
from corridors.routing.find import route
from corridors.scenarios.terms import Terms

CELL = 1 / 240


def ground(lon, lat):
    """Return the height of a made-up plane that slopes to the north-east."""
    return 800.0 + 120.0 * (lon - 40.0) + 300.0 * (lat - 38.0)


@pytest.fixture(scope="module")
def plane():
    """Return an elevation model whose heights between cells are exactly those of `ground`."""
    lon = 40.0 + (np.arange(int(10 / CELL)) + 0.5) * CELL
    lat = 43.0 - (np.arange(int(5 / CELL)) + 0.5) * CELL
    return Terrain(
        elevation_m=ground(lon[None, :], lat[:, None]), west=40.0, north=43.0,
        pixel_width_deg=CELL, pixel_height_deg=CELL, source="a plane",
    )  # fmt: skip


@pytest.fixture(scope="module")
def by_rail():
    return route("Kars", "Baku", terms=Terms(modes=("rail",)))


def along(coordinates):
    """Return the distance of each vertex along a line, by geographiclib."""
    steps = [
        Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in pairwise(coordinates)
    ]
    return np.concatenate([[0.0], np.cumsum(steps)])


def at_distance(coordinates, distance_m):
    """Return the position at a distance along a line, by geographiclib."""
    chainage = along(coordinates)
    k = min(int(np.searchsorted(chainage, distance_m, side="right")) - 1, len(chainage) - 2)
    (lon, lat), (lon2, lat2) = coordinates[k][:2], coordinates[k + 1][:2]
    azimuth = Geodesic.WGS84.Inverse(lat, lon, lat2, lon2)["azi1"]
    found = Geodesic.WGS84.Direct(lat, lon, azimuth, distance_m - chainage[k])
    return found["lon2"], found["lat2"]


@pytest.mark.parametrize("key", ["lachin-2020", "btk"])
def test_samples_lie_where_geographiclib_puts_them(key):
    line = list(corridor(key).centreline.coords)
    found = profile(key, step_m=7000)
    assert found.drawn_m[-1] == pytest.approx(along(line)[-1], abs=1e-3)
    assert np.diff(found.drawn_m).max() <= 7000 + 1e-6
    for lon, lat, distance_m in zip(found.lon, found.lat, found.drawn_m, strict=True):
        expected = at_distance(line, distance_m)
        away = Geodesic.WGS84.Inverse(lat, lon, expected[1], expected[0])["s12"]
        assert away < 0.01


def test_distances_on_the_ground_end_at_the_stated_length(by_rail):
    found = profile(by_rail)
    lengths = [step.link.length_m for step in by_rail.steps if step.link.xy]
    assert [p.end_m - p.start_m for p in found.parts] == pytest.approx(lengths)
    assert found.at_m[-1] == pytest.approx(sum(lengths))
    assert (np.diff(found.at_m) >= 0).all()


def test_a_border_is_as_long_on_the_ground_as_its_legs():
    line = boundary("kars-1921")
    found = profile(line)
    assert found.at_m[-1] == pytest.approx(sum(leg.length_m for leg in line.legs))
    assert len(found.parts) == len(line.legs)
    assert [part.position_sigma_m for part in found.parts] == [leg.sigma_m for leg in line.legs]


def test_both_ends_of_every_part_are_samples(by_rail):
    found = profile(by_rail, step_m=50_000)
    for n, part in enumerate(found.parts):
        own = found.at_m[found.part == n]
        assert (own[0], own[-1]) == pytest.approx((part.start_m, part.end_m))


def test_a_way_back_is_the_way_there_turned_round(by_rail):
    there = profile(by_rail, step_m=5000)
    back = profile(route("Baku", "Kars", terms=Terms(modes=("rail",))), step_m=5000)
    assert (back.lon[::-1], back.lat[::-1]) == (
        pytest.approx(there.lon, abs=1e-7), pytest.approx(there.lat, abs=1e-7),
    )  # fmt: skip
    assert [p.id for p in back.parts] == [p.id for p in there.parts][::-1]
    assert (there.countries[0], back.countries[0]) == ("TR", "AZ")
    assert ("TR–GE" in there.countries, "GE–TR" in back.countries) == (True, True)


def test_heights_are_those_of_the_ground(by_rail, plane):
    found = profile(by_rail, terrain=plane)
    assert found.height_m == pytest.approx(ground(found.lon, found.lat), abs=1e-6)
    assert (found.low_height_m <= found.height_m).all()
    assert (found.height_m <= found.high_height_m).all()


def test_heights_within_the_error_are_those_at_the_edges_of_the_band(plane):
    line = corridor("lachin-2020")
    found = profile(line, terrain=plane, step_m=500)
    half = 1.96 * line.position_sigma_m
    # In the middle of a straight piece, so that its direction is sure.
    n = len(found.at_m) // 3
    azimuth = Geodesic.WGS84.Inverse(found.lat[n - 1], found.lon[n - 1], found.lat[n + 1],
                                     found.lon[n + 1])["azi1"]  # fmt: skip
    edges = [
        Geodesic.WGS84.Direct(found.lat[n], found.lon[n], azimuth + turn, half)
        for turn in (90, -90)
    ]
    expected = sorted(ground(edge["lon2"], edge["lat2"]) for edge in edges)
    assert (found.low_height_m[n], found.high_height_m[n]) == pytest.approx(expected, abs=0.5)


def test_there_is_no_height_outside_the_model_or_without_one(by_rail, plane):
    west = Terrain(
        elevation_m=plane.elevation_m[:, : int(4 / CELL)], west=40.0, north=43.0,
        pixel_width_deg=CELL, pixel_height_deg=CELL, source="its west",
    )  # fmt: skip
    found = profile(by_rail, terrain=west)
    assert (np.isnan(found.height_m) == (found.lon > 44.0)).all()
    assert profile(by_rail).height_m is None
    assert {row["height_m"] for row in profile(by_rail).samples()} == {None}


def test_a_missing_cell_has_no_height():
    heights = np.ones((4, 4))
    heights[0, 0] = np.nan
    grid = Terrain(elevation_m=heights, west=40, north=44, pixel_width_deg=1, pixel_height_deg=1,
                   source="x")  # fmt: skip
    found = grid.heights_m(np.array([40.5, 43.5, 400.5, 39.9]), np.array([43.5, 40.5, 41.5, 42]))
    assert np.isnan(found).tolist() == [True, False, False, True]


def test_on_todays_border_its_neighbours_lie_on_either_side():
    # From the Black Sea to the east Georgia lies to the left; along the Aras Armenia does.
    found = profile("kars-1921")
    sharp = [found.countries[n] for n in range(len(found.at_m))
             if found.parts[found.part[n]].position_sigma_m < 200]  # fmt: skip
    counted = {codes: sharp.count(codes) for codes in set(sharp)}
    assert max(counted, key=counted.get) == "AM|TR"
    assert found.countries[len(found.at_m) // 10] == "GE|TR"


def test_an_error_that_nobody_stated_is_none_and_not_nought():
    found = profile(route("kars", "aralik", network=small_network.network()))
    assert {row["position_sigma_m"] for row in found.part_rows()} == {None}
    assert {row["position_sigma_m"] for row in found.samples()} == {None}


def test_a_territory_has_its_land_on_one_side():
    line = boundary("nakhchivan")
    ring = PolygonArea(Geodesic.WGS84)
    for lon, lat in line.geometry.coords:
        ring.AddPoint(lat, lon)
    # By geographiclib's sign a ring is gone round to the left, or to the right.
    left = ring.Compute()[2] > 0
    sides = [codes.split("|")[0 if left else -1] for codes in profile(line).countries]
    assert sides.count("AZ") > 0.9 * len(sides)


def test_the_status_is_that_of_the_day():
    assert {p.status for p in profile("lachin-2020", on="2021-06-01").parts} == {"open"}
    assert {p.status for p in profile("lachin-2020", on="1990-01-01").parts} == {""}


def test_the_day_of_a_line_is_the_one_asked_for_and_of_a_route_its_own(by_rail):
    assert [profile(line).on for line in ("btk", "kars-1921")] == [None, None]
    assert [str(profile(line, on="2021-06-01").on) for line in ("btk", "kars-1921")] == [
        "2021-06-01", "2021-06-01",
    ]  # fmt: skip
    assert profile(by_rail).on == by_rail.on


def test_countries_of_points_are_those_they_lie_in():
    from shapely import Point

    # Ankara lies outside the provinces that are bundled, in the Black Sea nobody lives.
    towns = {"AM": (44.51, 40.18), "AZ": (49.85, 40.38), "GE": (44.79, 41.72), "TR": (43.1, 40.6),
             "other": (39.0, 42.5)}  # fmt: skip
    assert countries_at([Point(xy) for xy in towns.values()]) == list(towns)


@pytest.mark.parametrize("step_m", [0, -5, 0.001, float("nan")])
def test_a_step_that_makes_no_samples_is_refused(step_m):
    with pytest.raises(GeometryError, match="step_m"):
        profile("lachin-2020", step_m=step_m)
