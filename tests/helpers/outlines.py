"""Outlines of the countries, from the base map's borders and coast."""

from __future__ import annotations

import json
from functools import cache

from geographiclib.geodesic import Geodesic
from shapely import Geometry, Point
from shapely.geometry import shape
from shapely.ops import polygonize, unary_union

from borders.files.bundle import BUNDLED
from borders.gazetteer.places import places

# A place in each country, to know its outline by; two countries have two parts.
WITHIN = {
    "TR": ["ankara", "istanbul"],
    "GE": ["tbilisi"],
    "AM": ["yerevan"],
    "AZ": ["baku", "nakhchivan"],
    "IR": ["tehran"],
}


@cache
def outlines() -> dict[str, Geometry]:
    """Return the outline of each country from the basemap's borders and coast."""
    features = json.loads(BUNDLED.path("basemap.geojson").read_text("utf-8"))["features"]
    lines = [
        shape(f["geometry"]) if f["properties"]["kind"] == "country-border"
        else shape(f["geometry"]).boundary
        for f in features
    ]  # fmt: skip
    parts = list(polygonize(unary_union(lines)))
    inside = {key: [Point(places()[k].lon, places()[k].lat) for k in keys]
              for key, keys in WITHIN.items()}  # fmt: skip
    return {
        key: unary_union([part for part in parts if any(part.contains(p) for p in points)])
        for key, points in inside.items()
    }


def geodesic_km(a, b) -> float:
    return float(Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"]) / 1000


def outside_km(outline: Geometry, lon: float, lat: float) -> float:
    """Return how far a point lies outside an outline."""
    point = Point(lon, lat)
    if outline.contains(point):
        return 0.0
    near = outline.boundary.interpolate(outline.boundary.project(point))
    return geodesic_km((lon, lat), (near.x, near.y))
