"""Distance from another line, error bands, and what changed."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from borders import boundary
from borders.deviation import band, changes, deviation
from borders.geodesy import area_m2
from borders.guide import guide
from borders.measure import Z95
from borders.store import layer


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


def todays_border():
    xy = [shapely.get_coordinates(guide(key).geometry) for key in TODAY]
    return shapely.LineString(np.concatenate(xy))


def test_the_legs_of_kars_that_can_test_todays_border_agree_with_it_within_their_errors():
    line = boundary("kars-1921")
    found = deviation(line, todays_border())
    assert len(found) == len(line.legs)
    for leg in found:
        # What runs along today's border or between places put on it agrees by construction.
        assert leg.circular or leg.mean_m <= Z95 * leg.sigma_m, leg.n


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
    straight = {leg.n: leg for leg in found if leg.n in (1, 2, 17)}
    assert len(straight) == 3
    for leg in straight.values():
        assert not leg.circular
        assert 0 < leg.mean_m <= Z95 * leg.sigma_m, leg.n
    # Kürtkulak and its neighbours were ceded in 1929.
    ceded = [leg for leg in found if leg.n in (10, 11)]
    assert all(leg.mean_m > Z95 * leg.sigma_m for leg in ceded)
