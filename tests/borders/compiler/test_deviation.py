"""Distance from another line, error bands, and what changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from borders import boundary
from borders.compiler.deviation import band, changes, deviation
from borders.errors import GeometryError
from borders.files.bundle import layer
from borders.geodesy import area_m2
from borders.guide_lines import guide
from borders.measure import Z95


def test_a_border_does_not_deviate_from_itself():
    line = boundary("batum-1921")
    for leg in deviation(line, line.geometry, spacing_m=5000):
        assert leg.max_m < 1


def test_villages_that_the_line_passes_are_measured_and_the_legs_are_marked_circular():
    line = boundary("kars-1921")
    found = {leg.passed: leg for leg in deviation(line, guide("tur-arm").geometry, spacing_m=2e4)}
    assert found["İbişköy"].passed_m == pytest.approx(1651, abs=5)
    assert found["İbişköy"].circular


def test_a_band_grows_with_k_and_holds_the_line():
    line = boundary("nakhchivan-1921")
    narrow, wide = band(line, k=1), band(line, k=2)
    assert area_m2(narrow) < area_m2(wide)
    points = shapely.line_interpolate_point(line.geometry, [0.1, 0.35, 0.6, 0.9], normalized=True)
    assert shapely.covers(wide, points).all()


def test_what_was_lost_and_gained_adds_up_to_the_difference_of_the_areas():
    then, now = boundary("nakhchivan-1921"), boundary("nakhchivan")
    found = changes(then, now, least_m2=0)
    lost, gained = (sum(area_m2(p) for p in found[key]) for key in ("lost", "gained"))
    assert lost - gained == pytest.approx(then.area.value - now.area.value, rel=1e-3)
    with pytest.raises(ValueError, match="a border bounds nothing"):
        changes(boundary("kars-1921"), now)


TODAY = ("tur-geo", "tur-arm", "tur-nax")


EXAMPLE = Path(__file__).parents[2] / "examples" / "my_treaty.toml"


def todays_border():
    xy = [shapely.get_coordinates(guide(key).geometry) for key in TODAY]
    return shapely.LineString(np.concatenate(xy))


def test_no_leg_of_kars_can_test_todays_border_for_all_are_drawn_on_it():
    line = boundary("kars-1921")
    found = deviation(line, todays_border())
    assert len(found) == len(line.legs) == 47
    assert {leg.circular for leg in found} == {True}
    assert max(leg.max_m for leg in found) < 1
    # Against another line the same legs say something.
    west, _, _, north = line.geometry.bounds
    elsewhere = shapely.LineString([(west, north + 0.1), (west + 1, north + 0.1)])
    assert not any(leg.circular for leg in deviation(line, elsewhere, spacing_m=1e4))


RIVER = [(44.00, 40.0), (44.02, 40.0), (44.05, 40.0), (44.10, 40.0)]
OWN = f"""
id = "demo"
name = "Demo"
kind = "border"
document = "a made-up treaty"
source = "araxes"
state = "unverified"
guide = [
  {{ id = "river", lonlat = {[list(xy) for xy in RIVER]}, position_sigma_m = 60, source = "me" }},
]
place = [
  {{ id = "a", name = "A", lon = 44.0, lat = 40.0, sigma_m = 100, source = "araxes" }},
  {{ id = "b", name = "B", lon = 44.1, lat = 40.0, sigma_m = 100, source = "araxes" }},
]
call = [{{ words = "down the river", rule = "thalweg", along = "river", from = "a", to = "b" }}]
"""


@pytest.mark.parametrize("away_m", [0.0, 3.0, 500.0])
def test_a_leg_is_circular_where_it_is_drawn_on_the_other_line_and_nowhere_else(tmp_path, away_m):
    file = tmp_path / "own.toml"
    file.write_text(OWN, encoding="utf-8")
    north = [Geodesic.WGS84.Direct(lat, lon, 0, away_m) for lon, lat in RIVER]
    other = shapely.LineString([(at["lon2"], at["lat2"]) for at in north])
    (leg,) = deviation(boundary(file), other)
    assert leg.circular is (away_m == 0)
    assert leg.mean_m == pytest.approx(away_m, rel=1e-3, abs=1e-6)


def test_a_treaty_leg_along_the_border_river_says_nothing_of_todays_border():
    line = boundary(EXAMPLE)
    river, *others = deviation(line, guide("tur-arm").geometry)
    assert river.circular
    assert line.legs[0].circular
    assert not any(leg.circular for leg in others)
    assert all(leg.mean_m > 100 for leg in others)


def test_rivers_that_treaties_follow_are_cut_out_of_todays_borders():
    borders = shapely.unary_union([one.geometry for one in layer("borders")])
    for river in layer("reaches"):
        vertices = shapely.points(shapely.get_coordinates(river.geometry))
        assert shapely.distance(vertices, borders).max() == 0, river.properties["id"]


def test_only_a_border_has_legs_to_measure_and_only_at_a_spacing_above_nothing():
    line = boundary("batum-1921")
    with pytest.raises(GeometryError, match="a Polygon has no legs; give a border"):
        deviation(shapely.box(43, 40, 44, 41), line.geometry)
    for spacing_m in (0, -5, float("nan")):
        with pytest.raises(GeometryError, match=f"spacing_m is {spacing_m}"):
            deviation(line, line, spacing_m=spacing_m)


def test_the_rivers_of_kars_agree_with_a_survey_that_is_not_openstreetmaps():
    # GSHHG's rivers come from the World Data Bank II, good to half a kilometre at best.
    other_m = 500
    rivers = [shapely.get_parts(feature.geometry) for feature in layer("rivers")]
    near = [r for r in np.concatenate(rivers) if r.distance(guide("tur-arm").geometry) < 0.02]
    found = deviation(boundary("kars-1921"), shapely.MultiLineString(near))[-3:]
    assert [leg.n for leg in found] == [45, 46, 47]
    for leg in found:
        assert 0 < leg.mean_m <= Z95 * np.hypot(leg.sigma_m, other_m), leg.n


def test_where_annex_iii_did_not_move_it_agrees_with_todays_border_and_where_it_did_it_does_not():
    found = deviation(boundary("nakhchivan-1921"), guide("arm-nax").geometry, spacing_m=2000)
    straight = {leg.n: leg for leg in found if leg.n in (1, 2, 21)}
    assert len(straight) == 3
    for leg in straight.values():
        assert not leg.circular
        assert 0 < leg.mean_m <= Z95 * leg.sigma_m, leg.n
    # Kürtkulak and its neighbours were ceded in 1929.
    ceded = [leg for leg in found if leg.n in (10, 11)]
    assert all(leg.mean_m > Z95 * leg.sigma_m for leg in ceded)
