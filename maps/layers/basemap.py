"""How much of the world the basemap of a page or a figure holds, and its lakes from near."""

from __future__ import annotations

from functools import lru_cache
from math import cos, radians
from typing import TYPE_CHECKING

import shapely

from borders.files.bundle import layer
from borders.geodesy.earth import DEGREE_M

if TYPE_CHECKING:
    from borders.files.bundle import Feature

__all__ = [
    "BASEMAP_BOUNDS",
    "BEYOND",
    "FAR",
    "FAR_BOUNDS",
    "MARGIN_BOUNDS",
    "bounds_reach_far",
    "detailed",
    "reaches_far",
]

# West, south, east, north in degrees of the basemap's window; of the coarse margin around it, which
# the corners of a frame may show; and of the still coarser land that only wide maps show. Beyond
# that the page stays empty.
BASEMAP_BOUNDS = (24.5, 34.5, 57.0, 46.5)
MARGIN_BOUNDS = (19.0, 29.0, 63.0, 51.0)
FAR_BOUNDS = (19.0, 29.0, 89.0, 57.0)
# What lies around the window, and far around the margin, by the layer that it continues.
BEYOND = {"land": "land-beyond", "country-borders": "country-borders-beyond",
          "rivers": "rivers-beyond"}  # fmt: skip
FAR = {"land": "land-far", "country-borders": "country-borders-far"}
# On maps narrower than this the corners of the land far around would show (an assumption).
_FAR_FROM_M = 1_500_000.0


def reaches_far(shown: shapely.Polygon, width_m: float) -> bool:
    """Tell whether a map shows the land far around: it is wide, and reaches beyond the margin.

    Parameters
    ----------
    shown : what the map may show, in longitude and latitude.
    width_m : the same from west to east, in metres.
    """
    return width_m >= _FAR_FROM_M and not shapely.box(*MARGIN_BOUNDS).covers(shown)


def bounds_reach_far(bounds: tuple[float, float, float, float]) -> bool:
    """Tell whether a map that is no figure shows the land far around.

    Parameters
    ----------
    bounds : west, south, east, north in degrees of what it may show; it counts as wide as along
        its middle.
    """
    west, south, east, north = bounds
    width_m = DEGREE_M * (east - west) * cos(radians((south + north) / 2))
    return reaches_far(shapely.box(*bounds), width_m)


@lru_cache(maxsize=1)
def _shores() -> dict[str, Feature]:
    """Return the finer shores by the ids of their lakes."""
    return {feature.properties["id"]: feature for feature in layer("shores")}


def detailed(lake: Feature) -> Feature:
    """Return a lake with its finer shore, if there is one."""
    shore = _shores().get(lake.properties["id"])
    if shore is None:
        return lake
    return lake._replace(geometry=shore.geometry, properties=lake.properties | shore.properties)
