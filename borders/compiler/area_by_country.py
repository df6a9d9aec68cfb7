"""How much of a territory, a strip or a line lies in which country, by today's borders."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders.errors import GeometryError
from borders.files.bundle import layer
from borders.geodesy import area_m2, length_m, lonlat
from borders.guide_lines import COARSE_SIGMA_M, POSITION_SIGMA_M
from borders.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.compiler.boundary import Boundary

__all__ = ["OTHER", "areas_by_country", "countries_at", "lengths_by_country"]

OTHER = "other"
# Slivers that overlaying leaves along coinciding lines, as a share of the whole (an assumption).
_ROUNDING = 1e-6


def areas_by_country(
    territory: Boundary | shapely.Polygon | shapely.MultiPolygon,
) -> dict[str, Measure]:
    """Return how much of a polygon lies in each country, in square metres.

    Borders between the five countries are today's lines (`guides`), which do not say whose a land
    is; coasts and other borders are those of Natural Earth, to ±1.4 km. The interval is the area
    that changes sides if a line is off by its error all along; the error of the polygon itself is
    not in it. Enclaves count with the land around them.

    Parameters
    ----------
    territory : polygon, EPSG:4326, such as the ``territory()`` of a corridor with a width, or a
        boundary that is a territory.

    Returns
    -------
    ISO 3166-1 alpha-2 code (AM, AZ, GE, IR, TR) → area, the largest first. ``other`` is what lies
    in none of the provinces that come with Araxes, such as the sea and most of Iran. In a study
    with countries of its own, these.

    Raises
    ------
    GeometryError : it bounds nothing, is empty or crosses itself.

    Source: OpenStreetMap; Natural Earth, https://www.naturalearthdata.com

    Examples
    --------
    >>> from borders import boundary
    >>> [(code, area.km2_text) for code, area in areas_by_country(boundary("nakhchivan")).items()]
    [('AZ', '5,318 km² (5,269–5,366)')]
    """
    polygon = lonlat.areal(territory)
    if not isinstance(polygon, shapely.Polygon | shapely.MultiPolygon) or polygon.is_empty:
        message = f"expected a polygon that bounds an area, got {polygon!r}"
        raise GeometryError(message)
    if not polygon.is_valid:
        message = f"the polygon is not sound: {shapely.is_valid_reason(polygon)}"
        raise GeometryError(message)
    total_m2 = float(area_m2(polygon))
    areas: dict[str, tuple[float, float]] = {}
    fine_sigma_m, coarse_sigma_m = _sigmas_m()
    for code, country in _countries().items():
        part_m2 = float(area_m2(shapely.intersection(country, polygon)))
        if part_m2 > _ROUNDING * total_m2:
            edge = shapely.intersection(shapely.boundary(country), polygon)
            coarse_m = float(length_m(shapely.intersection(edge, _outline())))
            fine_m = float(length_m(edge)) - coarse_m
            areas[code] = part_m2, fine_sigma_m * fine_m + coarse_sigma_m * coarse_m
    rest_m2 = total_m2 - sum(part_m2 for part_m2, _ in areas.values())
    if rest_m2 > _ROUNDING * total_m2:
        coast_m = float(length_m(shapely.intersection(_outline(), polygon)))
        areas[OTHER] = rest_m2, coarse_sigma_m * coast_m
    return {
        code: Measure(value=part_m2, sigma=sigma, basis="reach", how="borders off by their error")
        for code, (part_m2, sigma) in sorted(areas.items(), key=lambda item: -item[1][0])
    }


def lengths_by_country(line: shapely.LineString | shapely.MultiLineString) -> dict[str, float]:
    """Return how much of a line lies in each country, in metres as it is drawn.

    Parameters
    ----------
    line : EPSG:4326.

    Returns
    -------
    ISO 3166-1 alpha-2 code → metres, in order of length; ``other`` as for `areas_by_country`.

    Examples
    --------
    >>> lengths_by_country(shapely.LineString([(43.0, 40.5), (43.1, 40.5)])).keys()
    dict_keys(['TR'])
    """
    total_m = float(length_m(line))
    parts = {
        code: float(length_m(shapely.intersection(country, line)))
        for code, country in _countries().items()
    }
    parts[OTHER] = total_m - sum(parts.values())
    least_m = _ROUNDING * total_m
    return dict(sorted(((c, m) for c, m in parts.items() if m > least_m), key=lambda p: -p[1]))


def countries_at(points: shapely.Point | Sequence[shapely.Point]) -> list[str]:
    """Return the country that each point lies in, by today's borders.

    Parameters
    ----------
    points : EPSG:4326.

    Returns
    -------
    ISO 3166-1 alpha-2 codes; ``other`` as for `areas_by_country`, and empty in a study that knows
    no countries. A point on a border has the country that comes first in the alphabet.

    Examples
    --------
    >>> countries_at([shapely.Point(43.1, 40.6), shapely.Point(44.5, 40.2)])
    ['TR', 'AM']
    """
    array = np.atleast_1d(np.asarray(points, dtype=object))
    codes = np.full(len(array), OTHER if _countries() else "", dtype=object)
    for code, country in sorted(_countries().items(), reverse=True):
        shapely.prepare(country)
        codes[shapely.intersects(country, array)] = code
    return [str(code) for code in codes]


@cache
def _sigmas_m() -> tuple[float, float]:
    """Return the standard errors of borders and of outlines: a study's own countries have theirs.

    Where several are stated the largest counts.
    """
    stated = [province.properties.get("position_sigma_m") for province in layer("provinces")]
    known = [float(sigma_m) for sigma_m in stated if sigma_m]
    # Natural Earth's outlines stand for coasts and for borders with other neighbours.
    return (max(known), max(known)) if known else (POSITION_SIGMA_M, COARSE_SIGMA_M)


@cache
def _outline() -> shapely.Geometry:
    """Return the outer edge of all provinces: coasts and borders with other countries."""
    shapes = [province.geometry for province in layer("provinces")]
    return shapely.boundary(shapely.union_all(shapes))


@cache
def _countries() -> dict[str, shapely.Geometry]:
    """Return the countries that today's borders and the outer edge enclose.

    Each face is the country whose provinces fill most of it.
    """
    lines = [border.geometry for border in layer("borders")]
    ends = Counter(line.coords[n] for line in lines for n in (0, -1))
    loose = [shapely.Point(end) for end, count in ends.items() if count == 1]
    joints = [_extended(shapely.shortest_line(end, _outline())) for end in loose]
    faces = shapely.get_parts(
        shapely.polygonize([shapely.union_all([*lines, *joints, _outline()])])
    )
    provinces = layer("provinces")
    codes = np.array([province.properties["country"] for province in provinces])
    shapes = np.array([province.geometry for province in provinces])
    tree = shapely.STRtree(shapes)
    parts: dict[str, list[shapely.Geometry]] = {}
    for face in faces:
        met = tree.query(face, predicate="intersects")
        if not len(met):
            continue
        if (codes[met] == codes[met[0]]).all():
            code = str(codes[met[0]])
        else:
            inside = np.isin(met, tree.query(face, predicate="contains"))
            code = _most_filled(face, codes[met], shapes[met], inside)
        parts.setdefault(code, []).append(face)
    # Faces of one polygonization meet at the same vertices, and nowhere overlap.
    return {code: shapely.coverage_union_all(faces) for code, faces in parts.items()}


def _most_filled(
    face: shapely.Polygon, codes: np.ndarray, shapes: np.ndarray, inside: np.ndarray
) -> str:
    """Return the country whose provinces fill most of a face.

    Parameters
    ----------
    codes, shapes : the country and the outline of each province that meets the face.
    inside : whether all of it lies in the face, so that no overlay is needed.
    """
    filled: Counter[str] = Counter(dict.fromkeys(codes.tolist(), 0.0))
    open_area = face.area
    for n in np.argsort(~inside, kind="stable"):
        (_, most), (_, second) = [*filled.most_common(2), ("", 0.0)][:2]
        if most - second > open_area:
            break  # what is left cannot change it
        common = shapes[n] if inside[n] else shapely.intersection(shapes[n], face)
        filled[str(codes[n])] += common.area
        open_area -= common.area
    return filled.most_common(1)[0][0]


def _extended(line: shapely.LineString) -> shapely.LineString:
    """Return a line of two points drawn a little farther, so that it crosses what it leads to."""
    start, end = np.array(line.coords)
    return shapely.LineString([start, end + 0.01 * (end - start)])
