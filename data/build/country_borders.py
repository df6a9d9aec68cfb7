"""Country borders and named river reaches at full resolution, and one border beyond the region.

Source: PyPI `timezonefinder-data` 3.2026.3.post1 (timezone polygons 2026c, unsimplified
OpenStreetMap boundaries; data ODbL-1.0, © OpenStreetMap contributors). Neighbouring polygons
share their vertices exactly, so a border is the intersection of two outlines.
"""

from __future__ import annotations

import numpy as np
import shapely
from files import DATA, geojson
from shapely import LineString, Point, Polygon

BORDERS = DATA / "guides" / "borders.geojson"
REACHES = DATA / "guides" / "reaches.geojson"
KYRGYZ_UZBEK = DATA / "guides" / "kgz-uzb.geojson"
SOURCE = "osm-timezones"

# The largest part of a zone; Azerbaijan's second part is Nakhchivan.
ZONES = {
    "TUR": ("Europe/Istanbul", 0),
    "GEO": ("Asia/Tbilisi", 0),
    "ARM": ("Asia/Yerevan", 0),
    "AZE": ("Asia/Baku", 0),
    "NAX": ("Asia/Baku", 1),
    "IRN": ("Asia/Tehran", 0),
}

# The border's vertex at the water's edge in Sarp: west of it the outline runs out to sea.
SHORE = (41.546994, 41.520674)
TR_GE_AM = (43.474145, 41.123038)
TR_AM_AZ = (44.765667, 39.714478)
LOWER_KARASU = (44.80938, 39.627336)
AM_IR_WEST = (46.140676, 38.844518)
AM_IR_EAST = (46.533983, 38.867172)
AM_AZ_GE = (45.01497, 41.297014)
# The last vertex on land; the outline runs on into the Caspian.
ASTARA = (48.881, 38.443)

# id: (one side, the other, first point, last point or None for the far end, English name)
LINES = {
    "tur-geo": ("TUR", "GEO", SHORE, TR_GE_AM, "Türkiye–Georgia border"),
    "tur-arm": ("TUR", "ARM", TR_GE_AM, TR_AM_AZ, "Türkiye–Armenia border"),
    "tur-nax": ("TUR", "NAX", TR_AM_AZ, LOWER_KARASU, "Türkiye–Azerbaijan (Nakhchivan) border"),
    "tur-irn": ("TUR", "IRN", LOWER_KARASU, None, "Türkiye–Iran border"),
    "arm-nax": ("ARM", "NAX", TR_AM_AZ, AM_IR_WEST, "Armenia–Azerbaijan (Nakhchivan) border"),
    "nax-irn": ("NAX", "IRN", LOWER_KARASU, AM_IR_WEST, "Azerbaijan (Nakhchivan)–Iran border"),
    "arm-irn": ("ARM", "IRN", AM_IR_WEST, AM_IR_EAST, "Armenia–Iran border"),
    "arm-aze": ("ARM", "AZE", AM_AZ_GE, AM_IR_EAST, "Armenia–Azerbaijan border, main part"),
    "arm-geo": ("ARM", "GEO", TR_GE_AM, AM_AZ_GE, "Armenia–Georgia border"),
    "aze-geo": ("AZE", "GEO", AM_AZ_GE, None, "Azerbaijan–Georgia border"),
    "aze-irn": ("AZE", "IRN", AM_IR_EAST, ASTARA, "Azerbaijan–Iran border, main part"),
}

# Where the border meets the Arpaçay north of Kalali (treaty call 53; its place is ±1.5 km) and
# where the Arpaçay joins the Aras: the vertex at which the mapping of the river changes hands.
ARPACAY_START = (43.7424, 40.6754)
CONFLUENCE = (43.6484, 40.1313)
# The Aras leaves the border at its northernmost vertex, near Bahramtepe.
ARAS_LEAVES = (47.985606, 39.709146)

# id: (border lines in downstream order, first point, last point, English name)
PIECES = {
    "arpacay": (("tur-arm",), ARPACAY_START, CONFLUENCE, "Arpaçay / Akhuryan along the border"),
    "aras-kars": (
        ("tur-arm", "tur-nax"),
        CONFLUENCE,
        LOWER_KARASU,
        "Aras from the Arpaçay to the Lower Kara-Su",
    ),
    "aras-nakhchivan": (("nax-irn",), LOWER_KARASU, AM_IR_WEST, "Aras along Nakhchivan"),
    "aras-meghri": (("arm-irn",), AM_IR_WEST, AM_IR_EAST, "Aras along Meghri"),
    "aras-lower": (("aze-irn",), AM_IR_EAST, ARAS_LEAVES, "Aras from Aghband to Bahramtepe"),
}


def countries() -> dict[str, Polygon]:
    """Return the country parts of `ZONES` as the package holds them."""
    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder(in_memory=True)
    parts = {}
    for zone, _ in set(ZONES.values()):
        polygons = finder.get_geometry(tz_name=zone, coords_as_pairs=False)
        shapes = [Polygon(np.column_stack(rings[0])) for rings in polygons]
        parts[zone] = sorted(shapes, key=lambda shape: -shape.area)
    return {country: parts[zone][rank] for country, (zone, rank) in ZONES.items()}


def lines() -> dict[str, LineString]:
    """Return the border lines of `LINES`, each running from its first point."""
    shapes = countries()
    borders = {}
    for key, (a, b, first, last, _) in LINES.items():
        shared = shapely.line_merge(shapes[a].boundary.intersection(shapes[b].boundary))
        if shared.geom_type != "LineString":
            raise ValueError(f"{key}: {a} and {b} share a {shared.geom_type}, not one line")
        borders[key] = _between(shared, first, last)
    return borders


def _between(
    line: LineString, first: tuple[float, float], last: tuple[float, float] | None
) -> LineString:
    """Cut a line at the vertices nearest to two points; a missing last point is the far end."""
    xy = shapely.get_coordinates(line)
    start = _nearest(xy, first)
    end = (0 if start > len(xy) // 2 else len(xy) - 1) if last is None else _nearest(xy, last)
    part = xy[start : end + 1] if start < end else xy[end : start + 1][::-1]
    return LineString(part)


def _nearest(xy: np.ndarray, point: tuple[float, float]) -> int:
    scale = np.array([np.cos(np.radians(point[1])), 1.0])
    return int(np.argmin((((xy - point) * scale) ** 2).sum(axis=1)))


def kyrgyz_uzbek() -> list[LineString]:
    """Return the border of Kyrgyzstan and Uzbekistan: the line, then the rims of enclaves.

    Sokh and Shohimardon have outlines of their own in the package; smaller enclaves have none.
    """
    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder(in_memory=True)

    def outlines(*zones: str) -> list[shapely.Geometry]:
        polygons = [p for z in zones for p in finder.get_geometry(tz_name=z, coords_as_pairs=False)]
        shapes = [[np.column_stack(ring) for ring in polygon] for polygon in polygons]
        return [Polygon(rim, holes).boundary for rim, *holes in shapes]

    (kyrgyz,) = outlines("Asia/Bishkek")
    shared = kyrgyz.intersection(shapely.union_all(outlines("Asia/Tashkent", "Asia/Samarkand")))
    lines = [part for part in shapely.get_parts(shared) if part.geom_type == "LineString"]
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines)))
    return sorted(merged, key=lambda line: -line.length)


def build() -> int:
    borders = lines()
    rows = [
        (
            {"id": key, "name": name, "a": a, "b": b, "source": SOURCE},
            borders[key],
        )
        for key, (a, b, _, _, name) in LINES.items()
    ]
    reaches = []
    for key, (parts, first, last, name) in PIECES.items():
        whole = LineString(shapely.get_coordinates([borders[part] for part in parts]))
        reach = _between(shapely.remove_repeated_points(whole), first, last)
        if not Point(reach.coords[-1]).dwithin(Point(last), 0.001):
            raise ValueError(f"{key} ends at {reach.coords[-1]}, not at {last}")
        reaches.append(({"id": key, "name": name, "source": SOURCE}, reach))
    names = ("Kyrgyzstan–Uzbekistan border, main line", "Rim of Sokh", "Rim of Shohimardon")
    beyond = [
        ({"id": f"kgz-uzb-{n}", "name": name, "a": "KGZ", "b": "UZB", "source": SOURCE}, line)
        for n, (name, line) in enumerate(zip(names, kyrgyz_uzbek(), strict=True), 1)
    ]
    files = ((BORDERS, rows), (REACHES, reaches), (KYRGYZ_UZBEK, beyond))
    return sum(geojson(path, features, decimals=7) for path, features in files)


if __name__ == "__main__":
    print(build())
