"""Where a page may write the names of countries and seas: the roomiest places of each first.

A reader who looks at a part of a country finds its name there too.
"""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from files import DATA
from scipy.spatial import KDTree

from borders.files.bundle import BUNDLED, layer
from maps.i18n import words
from maps.print.basemap import WHOLE, longer, outlines
from maps.print.labels.areas import sea_at

if TYPE_CHECKING:
    from collections.abc import Iterable

TARGET = DATA / "context" / "anchors.csv"
# In degrees: the grid of places tried, the least distance between two names of one country, and
# how far a border is drawn out to meet the shore.
_STEP, _APART, _REACH = 0.25, 0.6, 0.15
_MOST = 60
# Nearer than this to the edge a name would seem to be the neighbour's, unless there is no better.
_ROOM = 0.12
# A degree of longitude is this much shorter than one of latitude in the middle of the map.
_SQUEEZE = 0.77


def build() -> int:
    land = [feature.geometry for feature in layer("land")]
    west, south, east, north = WHOLE
    xs, ys = np.arange(west, east, _STEP) + _STEP / 2, np.arange(south, north, _STEP) + _STEP / 2
    grid = shapely.points(np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2))
    found: dict[str, list[tuple[float, float, float]]] = {}
    for key, face in _countries(land):
        found.setdefault(key, []).extend(_roomy(face, grid))
    sea = shapely.difference(shapely.box(*WHOLE), shapely.union_all(land))
    for part in shapely.get_parts(sea):
        for room, x, y in _roomy(part, grid):
            found.setdefault(sea_at(x, y), []).append((room, x, y))
    table = [(key, x, y) for key in sorted(found) if key in words() for x, y in _spread(found[key])]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("word", "lon", "lat"))
        writer.writerows(table)
    return len(table)


def _countries(land: list[Any]) -> Iterable[tuple[str, Any]]:
    """Return the pieces of land that the country borders part, each with its country."""
    borders = [longer(line, _REACH) for line in _borders()]
    cut = shapely.union_all([*borders, *outlines(shape.boundary for shape in land)])
    rows = BUNDLED.rows("towns.csv")
    codes = np.array([row["country"] for row in rows])
    at = shapely.points([(float(row["lon"]), float(row["lat"])) for row in rows])
    for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(cut))):
        shapely.prepare(face)
        held = Counter(codes[shapely.contains(face, at)])
        if held:
            code, most = held.most_common(1)[0]
            # A piece with towns of two countries is one that the borders did not part.
            if most > 0.9 * held.total():
                yield f"country-{code}", face


def _borders() -> list[Any]:
    return outlines(feature.geometry for feature in layer("country-borders"))


def _roomy(face: Any, grid: Any) -> list[tuple[float, float, float]]:
    """Return places inside, each with its distance from the edge in degrees of latitude."""
    shapely.prepare(face)
    inside = shapely.get_coordinates(grid[shapely.contains(face, grid)])
    # Every bend of a shore would take a second to measure to.
    edge = shapely.get_coordinates(shapely.segmentize(face.boundary.simplify(_STEP / 4), _STEP))
    if not len(inside):
        return []
    rooms, _ = KDTree(edge * (_SQUEEZE, 1.0)).query(inside * (_SQUEEZE, 1.0))
    return list(zip(rooms.tolist(), *inside.T.tolist(), strict=True))


def _spread(spots: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Return the roomiest places that are apart."""
    kept: list[tuple[float, float]] = []
    for room, x, y in sorted(spots, reverse=True):
        if kept and room < _ROOM:
            break
        if all(np.hypot((x - a) * _SQUEEZE, y - b) > _APART for a, b in kept):
            kept.append((x, y))
        if len(kept) == _MOST:
            break
    return [(round(x, 3), round(y, 3)) for x, y in kept]


if __name__ == "__main__":
    print(build())
