"""In which of a study's own countries a link lies, where its row does not say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders.files.bundle import BUNDLED, layer
from borders.gazetteer.places import places
from borders.geodesy import length_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.network.link import Link

__all__ = ["in_own_countries"]


def in_own_countries(link: Link) -> Link:
    """Return a link with its countries, in order, and as a crossing if it leads over a border.

    Countries that the row states stay; several of them are a crossing, wherever borders are drawn.
    Without polygons of countries they are those of the places at both ends. What lies in none,
    such as the sea, is passed over, and so is a stretch between the ends no longer than the error
    of the outlines, which may be none at all. The ends count however short they are, so that a
    bridge over a river is a crossing: a place lies in one country, whichever of its links is asked.
    """
    if link.countries:
        return _crossing(link)
    if not link.xy or "provinces" not in BUNDLED.layers:
        return _crossing(replace(link, countries=_of_ends(link)))
    tree, codes, sigma_m = _countries()
    course = shapely.LineString(link.xy)
    crossed = tree.query(course, predicate="intersects")
    # Where the course meets the outlines it may change country: in between it lies in one.
    outlines = [shapely.boundary(tree.geometries[n]) for n in crossed]
    met = shapely.get_coordinates(shapely.intersection(outlines, course))
    at = shapely.line_locate_point(course, shapely.points(met)) if len(met) else np.empty(0)
    at = np.unique(np.concatenate([[0.0], at, [course.length]]))
    middles = shapely.line_interpolate_point(course, (at[:-1] + at[1:]) / 2)
    stretches_m = np.diff(at) / course.length * float(length_m(course))
    passed: list[str] = []
    for n, (middle, stretch_m) in enumerate(zip(middles, stretches_m, strict=True)):
        if stretch_m < sigma_m and 0 < n < len(middles) - 1:
            continue
        here = [str(codes[k]) for k in crossed if shapely.contains(tree.geometries[k], middle)]
        passed += [code for code in here[:1] if passed[-1:] != [code]]
    return _crossing(replace(link, countries=tuple(passed)))


def _of_ends(link: Link) -> tuple[str, ...]:
    """Return the countries of the places that a link joins; none where one is not known."""
    ends = [places().get(node.place) for node in (link.start, link.end)]
    codes = [place.country for place in ends if place is not None and place.country]
    return tuple(dict.fromkeys(codes)) if len(codes) == 2 else ()


def _crossing(link: Link) -> Link:
    """Return a link, as the crossing of a border if it leads through several countries."""
    if len(link.countries) < 2 or link.crossing is not None or link.mode == "transfer":
        return link
    return replace(link, crossing=f"x-{link.id}")


@cache
def _countries() -> tuple[shapely.STRtree, NDArray[np.str_], float]:
    features = layer("provinces")
    sigma_m = max(feature.properties["position_sigma_m"] for feature in features)
    codes = np.array([feature.properties["country"] for feature in features])
    return shapely.STRtree([feature.geometry for feature in features]), codes, sigma_m
