"""How much of a territory or a strip lies in which country, by today's borders."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders.errors import GeometryError
from borders.files.bundle import layer
from borders.geodesy import area_m2, length_m, lonlat
from borders.guide_lines import POSITION_SIGMA_M
from borders.measure import Measure

if TYPE_CHECKING:
    from borders.compiler.boundary import Boundary

__all__ = ["OTHER", "areas_by_country"]

OTHER = "other"
# Natural Earth's outlines, which stand for coasts and for borders with other neighbours.
_COARSE_SIGMA_M = 1400.0
# What overlaying leaves along lines that coincide, as a share.
_ROUNDING = 1e-6


def areas_by_country(
    territory: Boundary | shapely.Polygon | shapely.MultiPolygon,
) -> dict[str, Measure]:
    """Return how much of a polygon lies in each country, in square metres.

    Borders between the five countries are today's lines (`guides`), which do not say whose a land
    is; coasts and other borders are those of Natural Earth, to ±1.4 km. The interval is what lines
    move from one side to the other if they are off by their error all along; the error of the
    polygon itself is not in it. Enclaves count with the land around them.

    Parameters
    ----------
    territory : polygon, EPSG:4326, such as the ``territory()`` of a corridor with a width, or a
        boundary that is a territory.

    Returns
    -------
    ISO 3166-1 alpha-2 code (AM, AZ, GE, IR, TR) → area, the largest first. ``other`` is what lies
    in none of the provinces that come with Araxes, such as the sea and most of Iran.

    Raises
    ------
    GeometryError : it bounds nothing, is empty or crosses itself.

    Source: OpenStreetMap; Natural Earth, https://www.naturalearthdata.com

    Examples
    --------
    >>> from borders import boundary
    >>> [(code, one.km2_text) for code, one in areas_by_country(boundary("nakhchivan")).items()]
    [('AZ', '5,318 km² (5,270–5,366)')]
    """
    polygon = lonlat.areal(territory)
    if not isinstance(polygon, shapely.Polygon | shapely.MultiPolygon) or polygon.is_empty:
        message = f"expected a polygon that bounds an area, got {polygon!r}"
        raise GeometryError(message)
    if not polygon.is_valid:
        message = f"the polygon is not sound: {shapely.is_valid_reason(polygon)}"
        raise GeometryError(message)
    whole = float(area_m2(polygon))
    found: dict[str, tuple[float, float]] = {}
    for code, country in _countries().items():
        area = float(area_m2(shapely.intersection(country, polygon)))
        if area > _ROUNDING * whole:
            rim = shapely.intersection(shapely.boundary(country), polygon)
            coarse = float(length_m(shapely.intersection(rim, _outline())))
            fine = float(length_m(rim)) - coarse
            found[code] = area, POSITION_SIGMA_M * fine + _COARSE_SIGMA_M * coarse
    rest = whole - sum(area for area, _ in found.values())
    if rest > _ROUNDING * whole:
        coast = float(length_m(shapely.intersection(_outline(), polygon)))
        found[OTHER] = rest, _COARSE_SIGMA_M * coast
    return {
        code: Measure(value=area, sigma=sigma, basis="reach", how="borders off by their error")
        for code, (area, sigma) in sorted(found.items(), key=lambda one: -one[1][0])
    }


@cache
def _outline() -> shapely.Geometry:
    """Return coasts and the borders with others, as the provinces' outer edge."""
    return shapely.boundary(shapely.union_all([one.geometry for one in layer("provinces")]))


@cache
def _countries() -> dict[str, shapely.Geometry]:
    """Return the countries that today's borders and the outer edge enclose.

    Each face is the country whose provinces fill most of it.
    """
    lines = [one.geometry for one in layer("borders")]
    ends = Counter(line.coords[n] for line in lines for n in (0, -1))
    loose = [shapely.Point(end) for end, count in ends.items() if count == 1]
    joints = [_beyond(shapely.shortest_line(end, _outline())) for end in loose]
    faces = shapely.get_parts(
        shapely.polygonize([shapely.union_all([*lines, *joints, _outline()])])
    )
    provinces = layer("provinces")
    shapes = shapely.STRtree([one.geometry for one in provinces])
    parts: dict[str, list[shapely.Geometry]] = {}
    for face in faces:
        filled: Counter[str] = Counter()
        for n in shapes.query(face, predicate="intersects"):
            one = provinces[n]
            filled[one.properties["country"]] += shapely.intersection(one.geometry, face).area
        if filled:
            parts.setdefault(filled.most_common(1)[0][0], []).append(face)
    return {code: shapely.union_all(faces) for code, faces in parts.items()}


def _beyond(line: shapely.LineString) -> shapely.LineString:
    """Return a line of two points drawn a little farther, so that it crosses what it leads to."""
    start, end = np.array(line.coords)
    return shapely.LineString([start, end + 0.01 * (end - start)])
