"""Random draws agree with first-order errors and with what they should do."""

from __future__ import annotations

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

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


TRIANGLE = """id = "demo"
kind = "territory"
name = "Demo"
document = "Treaty of Demo"
source = "araxes"
state = "quoted"
place = [
  { id = "a", name = "A", lon = 44.0, lat = 40.0, sigma_m = SIGMA_A, source = "araxes" },
  { id = "b", name = "B", lon = 44.4, lat = 40.1, sigma_m = SIGMA_B, source = "araxes" },
  { id = "c", name = "C", lon = 44.1, lat = 40.5, sigma_m = SIGMA_C, source = "araxes" },
]
call = [
  { words = "straight to B", rule = "straight", from = "a", to = "b" },
  { words = "along the divide", rule = "watershed", stand_in = "bend", from = "b", to = "c" },
  { words = "and straight back", rule = "straight", from = "c", to = "a" },
]

[[guide]]
id = "bend"
position_sigma_m = 1
source = "araxes"
lonlat = [[44.4, 40.1], [44.5, 40.4], [44.1, 40.5]]
"""
CORNERS = {"a": (40.0, 44.0), "b": (40.1, 44.4), "c": (40.5, 44.1)}


@pytest.mark.parametrize("moving", CORNERS)
def test_an_area_is_as_unsure_as_the_corner_of_a_triangle_that_moves(tmp_path, moving):
    text = TRIANGLE
    for key in CORNERS:
        text = text.replace(f"SIGMA_{key.upper()}", "1500" if key == moving else "1")
    file = tmp_path / "demo.toml"
    file.write_text(text, "utf-8")
    line = boundary(file)
    # A corner that is off by d across the opposite side changes the area by half the side times d,
    # of which 1500 / sqrt(2) are across; the line that the stand-in stands for moves along.
    (lat0, lon0), (lat1, lon1) = (CORNERS[key] for key in CORNERS if key != moving)
    side_m = Geodesic.WGS84.Inverse(lat0, lon0, lat1, lon1)["s12"]
    sigma_m2 = side_m / 2 * 1500 / np.sqrt(2)
    assert line.area.sigma == pytest.approx(sigma_m2, rel=0.01)
    assert draws(line, n=4000).area.sigma == pytest.approx(sigma_m2, rel=0.04)
