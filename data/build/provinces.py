"""Provinces, regions and rayons, ±1.4 km, as context under the boundaries.

Source: Debian `qgis-common` 3.22.16+dfsg-1, `world_map.gpkg`, layer `states_provinces`: Natural
Earth 10m (public domain). Outlines are as Natural Earth has them; names are put right where they
are clearly wrong, and each correction says so in `note`.
"""

from __future__ import annotations

import re
from typing import Any

import pyogrio
import shapely
from files import DATA, WIDE, debian_package, geojson, slug

WORLD = (
    "qgis-common",
    "3.22.16+dfsg-1",
    "8c46e9da78b82772b23777643e02210c43945f01faee2316899f6438b65a5960",
    "usr/share/qgis/resources/data/world_map.gpkg",
)
COUNTRIES = ("ARM", "AZE", "GEO", "IRN", "TUR")
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
    features.sort(key=lambda feature: feature[0]["id"])
    ids = [feature[0]["id"] for feature in features]
    flagged = sum("returned_2020" in feature[0] for feature in features)
    if len(set(ids)) != len(ids) or flagged != len(RETURNED_2020):
        raise ValueError(f"two provinces share an id, or {flagged} rayons were returned in 2020")
    return geojson(DATA / "guides" / "provinces.geojson", features, decimals=4)


if __name__ == "__main__":
    print(build())
