"""Random draws agree with first-order errors and with what they should do."""

from __future__ import annotations

import numpy as np
import pytest

from borders import boundary
from borders.draws import draws


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    line = boundary("nakhchivan-1921")
    one, two, other = draws(line, n=50), draws(line, n=50), draws(line, n=50, seed=7)
    assert np.array_equal(one.length_m, two.length_m)
    assert np.array_equal(one.area_m2, two.area_m2)
    assert not np.array_equal(one.length_m, other.length_m)


@pytest.mark.parametrize("key", ["nakhchivan", "nakhchivan-1921", "nakhchivan-moscow-1921"])
def test_the_drawn_area_is_the_resolved_one_with_the_error_of_first_order(key):
    line = boundary(key)
    found = draws(line, n=4000).area
    assert found is not None
    assert found.value == pytest.approx(line.area.value, rel=0.02)
    assert found.sigma == pytest.approx(line.area.sigma, rel=0.2)


def test_a_thousand_draws_of_the_border_of_kars_keep_its_length():
    line = boundary("kars-1921")
    found = draws(line).length
    assert abs(found.value - line.length.value) < line.length.sigma
    assert found.sigma >= 0.9 * line.length.sigma
    assert draws(line, n=10).area is None
