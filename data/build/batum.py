"""The inland limit and the coast of Adjara, for the Batum district of Article 6.

Sources: `data/guides/provinces.geojson` (Natural Earth, public domain, ±1.4 km) for the inland
limit; `data/basemap.geojson` (OpenStreetMap coastline, ODbL-1.0) for the coast. Both stand in for
the limits of the Batum sanjak of 1921 north of the treaty line, which no data here draw.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely
from country_borders import SHORE
from files import DATA, geojson
from shapely import LineString

TARGET = DATA / "guides" / "batum.geojson"
# Natural Earth's vertices where Adjara's outline leaves the sea and where it meets the border.
NORTH = (41.774, 41.903)
EAST = (42.587, 41.579)


def _features(name: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((DATA / name).read_text("utf-8"))["features"]
    return features


def _shape(feature: dict[str, Any]) -> Any:
    return shapely.from_geojson(json.dumps(feature["geometry"]))


def _shorter_arc(
    xy: np.ndarray, first: tuple[float, float], last: tuple[float, float]
) -> np.ndarray:
    """Return the shorter arc of a closed ring between the vertices nearest two points."""
    ring = xy[:-1]
    i, j = (int(np.argmin(((ring - point) ** 2).sum(axis=1))) for point in (first, last))
    forward = np.roll(ring, -i, axis=0)[: (j - i) % len(ring) + 1]
    backward = np.roll(ring[::-1], i + 1, axis=0)[: (i - j) % len(ring) + 1]
    return min(forward, backward, key=len)


def build() -> int:
    adjara = next(
        f for f in _features("guides/provinces.geojson") if f["properties"]["id"] == "ge-adjara"
    )
    land = [_shape(f) for f in _features("basemap.geojson") if f["properties"]["kind"] == "land"]
    mainland = next(s for s in land if s.dwithin(shapely.Point(41.75, 41.6), 0.01))
    outline = shapely.get_coordinates(shapely.get_parts(mainland)[0].exterior)
    coast = _shorter_arc(outline, SHORE, NORTH)
    coast[0] = SHORE
    ring = shapely.get_coordinates(shapely.get_parts(_shape(adjara))[0].exterior)
    inland = _shorter_arc(ring, NORTH, EAST)
    border = next(
        _shape(f) for f in _features("guides/borders.geojson") if f["properties"]["id"] == "tur-geo"
    )
    meets = shapely.get_coordinates(
        shapely.line_interpolate_point(border, border.project(shapely.Point(EAST)))
    )
    inland = np.concatenate([coast[-1:], inland[1:], meets])
    rows = [
        (
            "batum-coast",
            "Coast from Sarp to the northern limit of Adjara",
            200,
            "geo-maps-land",
            coast,
        ),
        ("batum-inland", "Inland limit of Adjara", 1400, "natural-earth", inland),
    ]
    return geojson(
        TARGET,
        [
            (
                {"id": key, "name": name, "position_sigma_m": sigma_m, "source": source},
                LineString(xy),
            )
            for key, name, sigma_m, source, xy in rows
        ],
        decimals=6,
    )


if __name__ == "__main__":
    print(build())
