"""Lengths of lines against PROJ, wherever on the globe."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from corridors.osm.topology import lengths_m

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("spread", [1e-6, 1e-3, 9e-3, 0.1, 5.0])
def test_lengths_are_those_of_proj(spread):
    rng = np.random.default_rng(7)
    begin = np.stack([rng.uniform(-180, 180, 2000), rng.uniform(-89, 89, 2000)], axis=1)
    end = begin + rng.uniform(-spread, spread, begin.shape)
    end[:, 1] = end[:, 1].clip(-90, 90)
    xy = np.stack([begin, end], axis=1).reshape(-1, 2)
    whole = np.rint(xy * 1e7).astype(np.int64)
    lengths = lengths_m(whole, np.arange(0, len(xy) + 1, 2))
    truth = GEOD.inv(*(whole[0::2] / 1e7).T, *(whole[1::2] / 1e7).T)[2]
    assert lengths == pytest.approx(truth, rel=1e-7, abs=1e-6)


def test_a_line_across_180_degrees_is_short():
    xy = np.array([[1_799_990_000, 0], [-1_799_990_000, 0]])
    truth = GEOD.inv(179.999, 0, -179.999, 0)[2]
    assert lengths_m(xy, np.array([0, 2]))[0] == pytest.approx(truth, rel=1e-7)


def test_each_line_has_its_own_length():
    xy = np.array([[0, 0], [1000, 0], [5_000_000, 0], [5_001_000, 0], [5_001_000, 1000]])
    first, second = lengths_m(xy, np.array([0, 2, 5]))
    assert first == pytest.approx(GEOD.inv(0, 0, 1e-4, 0)[2], rel=1e-7)
    east, north = GEOD.inv(0.5, 0, 0.5001, 0)[2], GEOD.inv(0.5001, 0, 0.5001, 1e-4)[2]
    assert second == pytest.approx(east + north, rel=1e-7)
