"""Provinces, regions and rayons, ±1.4 km, as context under the boundaries.

Source: Debian `qgis-common` 3.22.16+dfsg-1, `world_map.gpkg`, layer `states_provinces`: Natural
Earth 10m (public domain). Where a province ends at another of the five countries it is cut to
OpenStreetMap's border, and what Natural Earth gives to the neighbour is added to the province
beside it; otherwise outlines are as Natural Earth has them. Names are put right where they are
clearly wrong, and each correction says so in `note`.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pyogrio
import shapely
from files import DATA, WIDE, debian_package, geojson, polygons, slug

WORLD = (
    "qgis-common",
    "3.22.16+dfsg-1",
    "8c46e9da78b82772b23777643e02210c43945f01faee2316899f6438b65a5960",
    "usr/share/qgis/resources/data/world_map.gpkg",
)
COUNTRIES = ("ARM", "AZE", "GEO", "IRN", "TUR")
ZONES = {
    "AM": "Asia/Yerevan",
    "AZ": "Asia/Baku",
    "GE": "Asia/Tbilisi",
    "IR": "Asia/Tehran",
    "TR": "Europe/Istanbul",
}
# Largest distance of a vertex from the border that was thinned, in degrees: some 100 m.
THINNED = 0.001
GRID = 1e-4
SMALLEST_PIECE = 1e-6  # square degrees, a hundredth of a square kilometre
IRAN_SOUTH = 35.5  # latitude of the southernmost centroid shown in Iran

PART = {"note": "part of it was returned in 2020; the outline is that of the whole rayon"}
# Right names by the name Natural Earth has, where its own labels do not give them.
RENAMED = {
    ("AM", "Erevan"): ("Yerevan", {}),
    ("AZ", "Ağdam"): ("Ağdam", PART),
    ("AZ", "Dəvəçi"): ("Şabran", {"note": "Dəvəçi until 2010"}),
    ("AZ", "Füzuli"): ("Füzuli", PART),
    ("AZ", "Hajigabul"): ("Hacıqabul", {}),
    ("AZ", "Kangarli"): ("Kəngərli", {}),
    ("AZ", "Qubadli"): ("Qubadlı", {}),
    ("AZ", "Shirvan"): ("Şirvan", {}),
    ("AZ", "Stepanakert"): (
        "Xankəndi",
        {"name_hy": "Ստեփանակերտ", "note": "Natural Earth calls it Stepanakert"},
    ),
    ("AZ", "Xanlar"): ("Göygöl", {"note": "Xanlar until 2008"}),
    ("AZ", "Yevlakh"): ("Yevlax", {}),
    ("AZ", "Yevlakh Rayon"): ("Yevlax", {}),
    ("GE", "Ajaria"): (
        "Adjara",
        {
            "name_tr": "Acara",
            "name_ka": "აჭარა",
            "name_ru": "Аджария",
            "note": "Ajaria in Natural Earth; its capital is Batumi",
        },
    ),
    ("IR", "Ardebil"): ("Ardabil", {}),
    ("TR", "Istanbul"): ("İstanbul", {}),
}
# Natural Earth has two "Lankaran" rayons; the one around this point, far from the sea, is Lachin.
IN_LACHIN = (46.25, 39.65)
# Rayons, or parts of rayons, that came back under the control of Azerbaijan in 2020: three on the
# days set by the statement of 10 November 2020, the others during the fighting before it.
RETURNED_2020 = {
    "Ağdam": "2020-11-20",
    "Kəlbəcər": "2020-11-25",
    "Laçın": "2020-12-01",
    "Cəbrayıl": "2020",
    "Füzuli": "2020",
    "Qubadlı": "2020",
    "Zəngilan": "2020",
}


def properties(row: Any) -> dict[str, str]:
    """Return the properties of one row of the layer."""
    country, name = row.iso_a2, row.name
    extra: dict[str, str] = {}
    if country == "AZ" and name == "Lankaran":
        if shapely.contains_xy(row.geometry, *IN_LACHIN):
            name = "Laçın"
            extra["note"] = "Natural Earth mislabels it Lankaran; known by its place"
        else:
            name = "Lənkəran"
    if country == "TR" and isinstance(row.woe_label, str):
        # The labels are UTF-8 read as Windows-1252, and have the letters that the names have lost.
        name = row.woe_label.encode("cp1252").decode("utf-8").split(",")[0]
    if (country, name) in RENAMED:
        name, extra = RENAMED[country, name]
    # A city may bear the name of the rayon around it.
    city = country == "AZ" and re.search(r"\b(City|Sahari)$", row.gn_name)
    is_city = bool(city) and name not in {"Xocalı", "Xankəndi"}  # these two have changed labels
    values = {
        "id": slug(f"{country} {name}") + ("-city" if is_city else ""),
        "name": name,
        "country": country,
        **extra,
    }
    if country == "AZ" and name in RETURNED_2020:
        values["returned_2020"] = RETURNED_2020[name]
    return values | {"source": "natural-earth"}


def countries() -> dict[str, Any]:
    """Return the countries as OpenStreetMap draws them, thinned so that neighbours still meet."""
    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder(in_memory=True)
    parts, owners = [], []
    for country, zone in ZONES.items():
        for rings in finder.get_geometry(tz_name=zone, coords_as_pairs=False):
            shell, *holes = (np.column_stack(ring) for ring in rings)
            parts.append(shapely.Polygon(shell, holes))
            owners.append(country)
    thin = shapely.coverage_simplify(np.array(parts), THINNED)
    return {
        country: shapely.union_all([p for p, o in zip(thin, owners, strict=True) if o == country])
        for country in ZONES
    }


def cut(shapes: list[Any], owners: list[str]) -> list[Any]:
    """Return provinces that keep to their countries, with what neighbours had of them."""
    outlines = countries()
    ours = np.array(owners)
    # Coasts and borders with other countries stay as Natural Earth has them.
    foreign = {
        country: shapely.union_all([o for key, o in outlines.items() if key != country])
        for country in outlines
    }
    result = [
        shapely.union_all(polygons(shapely.difference(shape, foreign[owner])))
        for shape, owner in zip(shapes, owners, strict=True)
    ]
    for country, outline in outlines.items():
        others = shapely.union_all([s for s, o in zip(shapes, owners, strict=True) if o != country])
        own = np.flatnonzero(ours == country)
        held = shapely.union_all([shapes[n] for n in own])
        # What the neighbours' provinces have of this country, and its own have not.
        lost = shapely.difference(shapely.intersection(others, outline), held)
        for piece in polygons(lost):
            if piece.area > SMALLEST_PIECE:
                _give(piece, result, own)
    # On the grid of the file, so that rounding makes none cross itself; it leaves gaps of metres.
    result = [shapely.union_all(polygons(shapely.set_precision(s, GRID))) for s in result]
    for part in polygons(shapely.union_all(result)):
        for ring in part.interiors:
            _give(shapely.Polygon(ring), result, np.arange(len(result)))
    return result


def _give(piece: Any, result: list[Any], candidates: np.ndarray) -> None:
    """Add a piece to the province that it runs beside longest, or else to the nearest."""
    distance = np.array([shapely.distance(piece, result[n]) for n in candidates])
    beside = candidates[distance <= distance.min() + GRID]
    best = max(beside, key=lambda n: _shared(piece, result[n]))
    result[best] = shapely.union(result[best], piece)


def _shared(piece: Any, shape: Any) -> float:
    """Return how much of the outline of a piece runs beside a province."""
    return float(shapely.length(shapely.intersection(piece.boundary, shapely.buffer(shape, 1e-5))))


def build() -> int:
    rows = pyogrio.read_dataframe(
        debian_package(*WORLD),
        layer="states_provinces",
        where=f"adm0_a3 IN {COUNTRIES}",
        use_arrow=False,
    )
    features = []
    for row in rows.itertuples(index=False):
        middle = shapely.centroid(row.geometry)
        inside = WIDE[0] < middle.x < WIDE[2] and WIDE[1] < middle.y < WIDE[3]
        if inside and (row.adm0_a3 != "IRN" or middle.y > IRAN_SOUTH):
            features.append((properties(row), row.geometry))
    shapes = cut([shape for _, shape in features], [row["country"] for row, _ in features])
    features = [(row, shape) for (row, _), shape in zip(features, shapes, strict=True)]
    features.sort(key=lambda feature: feature[0]["id"])
    ids = [feature[0]["id"] for feature in features]
    flagged = sum("returned_2020" in feature[0] for feature in features)
    if len(set(ids)) != len(ids) or flagged != len(RETURNED_2020):
        raise ValueError(f"two provinces share an id, or {flagged} rayons were returned in 2020")
    return geojson(DATA / "guides" / "provinces.geojson", features, decimals=4)


if __name__ == "__main__":
    print(build())
