"""How light the ground is: shaded relief, the same for figures and pages.

Source: light from the north-west, softened by light from beside it, after E. Imhof, Kartographische
Geländedarstellung (1965).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["hillshade"]

# Direction of a light in degrees from north, and its share; all stand so many degrees high.
_LIGHTS = ((315.0, 0.6), (270.0, 0.2), (0.0, 0.2))
_HEIGHT_DEG = 45.0


def hillshade(
    elevation_m: NDArray[np.float64],
    width_m: NDArray[np.float64] | float,
    height_m: Any,
    *,
    darkest: float,
) -> NDArray[np.float64]:
    """Return how light a surface is, from the darkest that a slope becomes to 1.

    Level ground, and what faces the light, is 1.

    Parameters
    ----------
    elevation_m : shape (rows, columns), the first row in the north; NaN where it is not known.
    width_m, height_m : of a cell, one value or one for each row, shape (rows, 1).
    """
    down, right = np.gradient(elevation_m)
    to_east, to_north = right / width_m, -down / height_m
    steepness = np.sqrt(1 + to_east**2 + to_north**2)
    sun = np.radians(_HEIGHT_DEG)
    light = np.zeros_like(elevation_m)
    for direction, share in _LIGHTS:
        east, north = np.sin(np.radians(direction)), np.cos(np.radians(direction))
        facing = np.sin(sun) - np.cos(sun) * (to_east * east + to_north * north)
        light += share * np.clip(facing / steepness, 0.0, None)
    shade: NDArray[np.float64] = np.clip(light / np.sin(sun), darkest, 1.0)
    return shade
