"""Where on a crossing's course the border lies, at which its delay and its fee fall due."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import shapely

from borders.files.bundle import layer

if TYPE_CHECKING:
    from corridors.network.link import Link

__all__ = ["part_before_border"]

# Countries as the lines of today's borders name them; Azerbaijan's exclave has lines of its own.
_CODES = {"AM": ("ARM",), "AZ": ("AZE", "NAX"), "GE": ("GEO",), "IR": ("IRN",), "TR": ("TUR",)}
# Where the border is not known, in the middle of the link; an assumption.
_MIDDLE = 0.5


def part_before_border(link: Link) -> float:
    """Return which part of a crossing's course lies before the border, from its start, 0 to 1.

    Where a course meets the border several times, the place in the middle of these counts; where
    it only comes near, as a schematic one may, the nearest point. A crossing of borders that are
    not among the data has it in the middle of its course.

    Source
    ------
    `data/guides/borders.geojson` (OpenStreetMap).
    """
    border = _border(*link.countries) if len(link.countries) == 2 else None
    if border is None or len(link.xy) < 2:
        return _MIDDLE
    from borders.geodesy import length_m, locate_m

    course = shapely.LineString(link.xy)
    met = sorted(map(shapely.Point, _meeting(course, border)), key=course.project)
    at_m = float(locate_m(course, met[len(met) // 2]))
    return min(1.0, at_m / float(length_m(course)))


def _meeting(course: shapely.LineString, border: shapely.Geometry) -> list[tuple[float, float]]:
    """Return the points at which a course meets a border, or the one nearest to it."""
    met = shapely.get_coordinates(course.intersection(border))
    if not len(met):
        met = shapely.get_coordinates(shapely.shortest_line(course, border))[:1]
    return [(lon, lat) for lon, lat in met.tolist()]


@cache
def _border(one: str, other: str) -> shapely.Geometry | None:
    """Return the lines of the border of two countries, None where there are none."""
    pairs = {
        frozenset((a, b)) for a in _CODES.get(one, (one,)) for b in _CODES.get(other, (other,))
    }
    lines = [
        feature.geometry
        for feature in layer("borders")
        if frozenset((feature.properties["a"], feature.properties["b"])) in pairs
    ]
    return shapely.union_all(lines) if lines else None
