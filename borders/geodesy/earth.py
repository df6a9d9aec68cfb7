"""Measures of the Earth: of the ellipsoid WGS84, and of the sphere with its mean radius.

The sphere serves steps of an iteration, margins and widths on a map, never a length that is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DEGREE_M", "ECCENTRICITY_2", "MEAN_RADIUS_M", "SEMI_MAJOR_M", "on_sphere_m"]

SEMI_MAJOR_M = 6_378_137.0
_FLATTENING = 1 / 298.257223563
ECCENTRICITY_2 = _FLATTENING * (2 - _FLATTENING)  # the square of the first eccentricity
MEAN_RADIUS_M = 6_371_008.8
DEGREE_M = 111_195.0  # of a great circle on the sphere


def on_sphere_m(degrees: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Return lon/lat, shape (n, 2), as points on the sphere in metres, shape (n, 3)."""
    lon, lat = np.radians(degrees).T
    at = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    return MEAN_RADIUS_M * at
