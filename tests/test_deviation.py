"""Distance from another line, error bands, and what changed."""

from __future__ import annotations

import pytest
import shapely

from borders import boundary
from borders.deviation import band, changes, deviation
from borders.geodesy import area_m2
from borders.guide import guide


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
