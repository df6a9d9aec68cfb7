"""Anchors at which a page may write the names of countries and seas, the roomiest of each first.

A country has several, so that a reader who looks at a part of it finds its name there too.
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
from maps.print.basemap import BASEMAP_BOUNDS, extended, single_lines
from maps.print.labels.areas import SEAS

if TYPE_CHECKING:
    from collections.abc import Iterable

TARGET = DATA / "context" / "anchors.csv"
# In degrees, assumptions: the step of the grid of candidates, the least distance between two
# anchors of one country, and how far a border is extended to meet the shore.
_STEP, _APART, _REACH = 0.25, 0.6, 0.15
# Most anchors of a name.
_MOST = 60
# In degrees: nearer than this to the edge a name would seem to be the neighbour's. Only the first
# anchor may be nearer. An assumption.
_ROOM = 0.12
# A degree of longitude in degrees of latitude in the middle of the map.
_LON_SCALE = 0.77


def build() -> int:
    """Write the anchors; return their number."""
    land = [feature.geometry for feature in layer("land")]
    west, south, east, north = BASEMAP_BOUNDS
    xs, ys = np.arange(west, east, _STEP) + _STEP / 2, np.arange(south, north, _STEP) + _STEP / 2
    grid = shapely.points(np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2))
    candidates: dict[str, list[tuple[float, float, float]]] = {}
    for key, face in _countries(land):
        candidates.setdefault(key, []).extend(_roomy(face, grid))
    sea = shapely.difference(shapely.box(*BASEMAP_BOUNDS), shapely.union_all(land))
    for part in shapely.get_parts(sea):
        for room, x, y in _roomy(part, grid):
            candidates.setdefault(_sea_at(x, y), []).append((room, x, y))
    table = [
        (key, x, y)
        for key in sorted(candidates)
        if key in words()
        for x, y in _spread(candidates[key])
    ]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("word", "lon", "lat"))
        writer.writerows(table)
    return len(table)


def _sea_at(lon: float, lat: float) -> str:
    """Return the id of the sea at a place of water, empty for one without a name."""
    return next((key for key, (west, south, east, north) in SEAS.items()
                 if west <= lon <= east and south <= lat <= north), "")  # fmt: skip


def _countries(land: list[Any]) -> Iterable[tuple[str, Any]]:
    """Return the pieces into which country borders divide the land, each with its country."""
    borders = [extended(line, _REACH) for line in _borders()]
    cut = shapely.union_all([*borders, *single_lines(shape.boundary for shape in land)])
    rows = BUNDLED.rows("towns.csv")
    codes = np.array([row["country"] for row in rows])
    at = shapely.points([(float(row["lon"]), float(row["lat"])) for row in rows])
    for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(cut))):
        shapely.prepare(face)
        towns = Counter(codes[shapely.contains(face, at)])
        if towns:
            code, most = towns.most_common(1)[0]
            # A piece with towns of two countries is one that no border divided.
            if most > 0.9 * towns.total():
                yield f"country-{code}", face


def _borders() -> list[Any]:
    return single_lines(feature.geometry for feature in layer("country-borders"))


def _roomy(face: Any, grid: Any) -> list[tuple[float, float, float]]:
    """Return (room, lon, lat) of the grid inside; room is the distance from the edge in degrees."""
    shapely.prepare(face)
    inside = shapely.get_coordinates(grid[shapely.contains(face, grid)])
    # A simplified edge: measuring to every bend of a shore would take a second.
    edge = shapely.get_coordinates(shapely.segmentize(face.boundary.simplify(_STEP / 4), _STEP))
    if not len(inside):
        return []
    rooms, _ = KDTree(edge * (_LON_SCALE, 1.0)).query(inside * (_LON_SCALE, 1.0))
    return list(zip(rooms.tolist(), *inside.T.tolist(), strict=True))


def _spread(candidates: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """Return the roomiest candidates that are at least `_APART` from each other."""
    anchors: list[tuple[float, float]] = []
    for room, x, y in sorted(candidates, reverse=True):
        if anchors and room < _ROOM:
            break
        if all(np.hypot((x - a) * _LON_SCALE, y - b) > _APART for a, b in anchors):
            anchors.append((x, y))
        if len(anchors) == _MOST:
            break
    return [(round(x, 3), round(y, 3)) for x, y in anchors]


if __name__ == "__main__":
    print(build())
