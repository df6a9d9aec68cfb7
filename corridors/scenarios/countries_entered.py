"""Countries that the drawn course of a new link enters besides those of its places."""

from __future__ import annotations

from functools import cache
from math import cos, radians
from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders.files.bundle import layer
from borders.geodesy.earth import DEGREE_M

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray
    from shapely import LineString

__all__ = ["entered"]

# Distances here need to be true to a few kilometres only, so the region is taken as a plane in
# which a degree of longitude is as long as at 40° N.
_LON_SCALE = cos(radians(40.0))
# Distance between the points of a course that are looked up in the provinces.
STEP_M = 1000.0


def entered(course: LineString, own: Collection[str], *, limit_m: float) -> dict[str, float]:
    """Return foreign country → the greatest distance of a course in it from its own countries.

    Parameters
    ----------
    course : LineString, EPSG:4326.
    own : ISO 3166-1 alpha-2 codes of the countries that it may lie in.
    limit_m : points no farther than this from its own countries count as in them.

    Returns
    -------
    Distances in metres; empty where the provinces of one of its own countries are not known.

    Source
    ------
    `data/guides/provinces.geojson` (Natural Earth, cut to OpenStreetMap's borders).

    Examples
    --------
    >>> straight = shapely.LineString([(45.41, 39.21), (47.34, 39.45)])
    >>> list(entered(straight, ["AZ"], limit_m=12_000.0))
    ['AM']
    """
    tree, countries = _provinces()
    if not set(own) <= set(countries.tolist()):
        return {}
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(_plane(course), STEP_M)))
    point_at, province_at = tree.query(points, predicate="within")
    abroad = ~np.isin(countries[province_at], list(own))
    point_at, province_at = point_at[abroad], province_at[abroad]
    if not point_at.size:
        return {}
    home = shapely.STRtree(tree.geometries[np.isin(countries, list(own))])
    # With all_matches=False there is one distance a point, in the order of the points.
    _, away_m = home.query_nearest(points[point_at], return_distance=True, all_matches=False)
    farthest_m: dict[str, float] = {}
    for country, distance_m in zip(countries[province_at].tolist(), away_m.tolist(), strict=True):
        if distance_m > max(limit_m, farthest_m.get(country, 0.0)):
            farthest_m[country] = distance_m
    return farthest_m


@cache
def _provinces() -> tuple[shapely.STRtree, NDArray[np.str_]]:
    features = layer("provinces")
    countries = np.array([feature.properties["country"] for feature in features])
    return shapely.STRtree([_plane(feature.geometry) for feature in features]), countries


def _plane(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(geometry, lambda xy: xy * (_LON_SCALE * DEGREE_M, DEGREE_M))
