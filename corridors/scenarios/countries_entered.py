"""Which other countries the drawn course of a new link enters."""

from __future__ import annotations

from functools import cache
from math import cos, radians
from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders.files.bundle import layer

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray
    from shapely import LineString

__all__ = ["entered"]

# Distances here only tell kilometres from tens of them: the region is taken as a plane round 40° N.
DEGREE_M = 111_195.0
_SQUEEZE = cos(radians(40.0))
STEP_M = 1000.0


def entered(course: LineString, own: Collection[str], *, limit_m: float) -> dict[str, float]:
    """Return country → how far a course leads into it, in metres from all countries of its own.

    Parameters
    ----------
    course : LineString, EPSG:4326.
    own : ISO 3166-1 alpha-2 codes of the countries that it may lie in.
    limit_m : what is no farther from them counts as in them.

    Returns
    -------
    Empty where nothing is known of one of its own countries.

    Source
    ------
    `data/guides/provinces.geojson` (Natural Earth), true to about 1.4 km.

    Examples
    --------
    >>> straight = shapely.LineString([(45.41, 39.21), (47.34, 39.45)])
    >>> list(entered(straight, ["AZ"], limit_m=12_000.0))
    ['AM']
    """
    tree, countries = _provinces()
    if not set(own) <= set(countries.tolist()):
        return {}
    at = shapely.points(shapely.get_coordinates(shapely.segmentize(_plane(course), STEP_M)))
    which, held = tree.query(at, predicate="within")
    abroad = ~np.isin(countries[held], list(own))
    which, held = which[abroad], held[abroad]
    if not which.size:
        return {}
    home = shapely.STRtree(tree.geometries[np.isin(countries, list(own))])
    # The nearest of all comes in the order of what is asked.
    _, away_m = home.query_nearest(at[which], return_distance=True, all_matches=False)
    found: dict[str, float] = {}
    for country, far in zip(countries[held].tolist(), away_m.tolist(), strict=True):
        if far > max(limit_m, found.get(country, 0.0)):
            found[country] = far
    return found


@cache
def _provinces() -> tuple[shapely.STRtree, NDArray[np.str_]]:
    features = layer("provinces")
    countries = np.array([feature.properties["country"] for feature in features])
    return shapely.STRtree([_plane(feature.geometry) for feature in features]), countries


def _plane(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(geometry, lambda xy: xy * (_SQUEEZE * DEGREE_M, DEGREE_M))
