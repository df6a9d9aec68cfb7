"""Random draws agree with first-order errors and with what they should do."""

from __future__ import annotations

import numpy as np
import pytest

from borders import boundary, treaty_ids
from borders.compiler.monte_carlo import draws


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    line = boundary("nakhchivan-1921")
    one, two, other = draws(line, n=50), draws(line, n=50), draws(line, n=50, seed=7)
    assert np.array_equal(one.length_m, two.length_m)
    assert np.array_equal(one.area_m2, two.area_m2)
    assert not np.array_equal(one.length_m, other.length_m)


@pytest.mark.parametrize("key", treaty_ids())
def test_draws_agree_with_first_order_errors_of_length_and_area(key):
    line = boundary(key)
    found = draws(line, n=4000)
    pairs = [(found.length, line.length)]
    if line.area is not None:
        pairs.append((found.area, line.area))
    for drawn, stated in pairs:
        assert drawn.sigma == pytest.approx(stated.sigma, rel=0.15)
        assert abs(drawn.value - stated.value) < stated.sigma
    assert (found.area_m2 is None) == (line.kind == "border")


CHORD = """id = "demo"
kind = "border"
name = "Demo"
document = "Treaty of Demo"
source = "araxes"
state = "quoted"
place = [
  { id = "a", name = "A", lon = 44.0, lat = 40.0, sigma_m = 2000, source = "araxes" },
  { id = "b", name = "B", lon = 44.2, lat = 40.0, sigma_m = 2000, source = "araxes" },
]
call = [{ words = "in a straight line", rule = "straight", from = "a", to = "b" }]
"""


def test_a_chord_between_displaced_places_is_too_long_and_the_draws_say_so(tmp_path):
    file = tmp_path / "demo.toml"
    file.write_text(CHORD, "utf-8")
    line = boundary(file)
    found = draws(line, n=20_000)
    # Across the chord both ends err by 2000/sqrt(2): on average it is d^2 / 2c too long.
    across = 2000**2 / 2 + 2000**2 / 2
    excess = across / (2 * line.length.value)
    assert line.length.value - found.length_m.mean() == pytest.approx(excess, abs=50)
