"""How light slopes are, against the cosine of the angle to the light."""

from __future__ import annotations

import numpy as np
import pytest

from maps.layers.hillshade import hillshade


def plane(east, north, rows=12, columns=12, cell_m=100.0):
    """Return heights of a plane that rises by so much a metre to the east and to the north."""
    y, x = np.mgrid[rows:0:-1, 0:columns] * cell_m
    return x * east + y * north


def test_level_ground_stays_as_it_is():
    assert hillshade(plane(0, 0), 100.0, 100.0, darkest=0.45) == pytest.approx(1.0)


def test_slopes_that_face_the_north_west_are_lightest():
    # Ground that rises to the south-east faces the north-west.
    light = {
        name: hillshade(plane(*rise), 100.0, 100.0, darkest=0.45)[6, 6]
        for name, rise in {"nw": (0.5, -0.5), "se": (-0.5, 0.5), "ne": (-0.5, -0.5)}.items()
    }
    assert light["se"] < light["ne"] < light["nw"]


def test_a_plane_is_as_light_as_the_cosine_of_the_angle_between_it_and_the_light():
    rise = np.array([-0.2, 0.3])
    normal = np.array([-rise[0], -rise[1], 1.0]) / np.sqrt(1 + rise @ rise)
    expected = 0.0
    for direction, share in ((315, 0.6), (270, 0.2), (0, 0.2)):
        angle = np.radians(direction)
        sun = np.array([np.sin(angle), np.cos(angle), 1.0]) / np.sqrt(2)
        expected += share * max(normal @ sun, 0) / np.sqrt(0.5)
    assert hillshade(plane(*rise), 100.0, 100.0, darkest=0.45)[6, 6] == pytest.approx(
        min(expected, 1.0)
    )
