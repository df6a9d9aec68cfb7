"""Lakes and reservoirs.

Source: npm `@geo-maps/earth-waterbodies-10m` 0.6.0 (data ODbL-1.0, © OpenStreetMap contributors):
three multipolygons, of rivers, lakes and seas, each cut into tiles. Kept are the lakes, and from
the rivers the shapes wide enough to be a reservoir. Names are written by hand, only where certain.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from files import (
    CORE,
    DATA,
    WIDE,
    geojson,
    in_box,
    local_names,
    npm_package,
    polygons,
    slug,
    thinned,
)
from pyproj import Geod

WATER = (
    "@geo-maps/earth-waterbodies-10m",
    "0.6.0",
    "7be1f7cfa579a05366e487e226582df0fad1927ab81818a9428ac982572875ef",
    "map.geo.json",
)
SMALLEST_KM2 = {True: 1.5, False: 50.0}  # in the core, outside
SEA_DEG2 = 10.0  # the lakes hold the Caspian as well
# Mean width, twice the area over the outline, below which a shape is a piece of river.
NARROWEST_LAKE_M = 300
NARROWEST_RESERVOIR_M = 850
SEAM = 5e-5  # degrees: half the widest gap seen between two tiles
GEOD = Geod(ellps="WGS84")

# English name, a point inside, names in other languages.
NAMES = [
    (
        "Lake Van",
        (42.8, 38.663),
        "tr Van Gölü|az Van gölü|hy Վանա լիճ|ka ვანის ტბა|ru озеро Ван|fa دریاچه وان",
    ),
    (
        "Lake Urmia",
        (45.53, 37.658),
        "tr Urmiye Gölü|az Urmiya gölü|hy Ուրմիա լիճ|ka ურმიის ტბა|ru озеро Урмия|fa دریاچه ارومیه",
    ),
    (
        "Lake Sevan",
        (45.34, 40.4),
        "tr Sevan Gölü|az Göyçə gölü|hy Սևանա լիճ|ka სევანის ტბა|ru озеро Севан|fa دریاچه سوان",
    ),
    ("Lake Tuz", (33.326, 38.847), "tr Tuz Gölü|az Tuz gölü|ru озеро Туз"),
    ("Atatürk Reservoir", (38.575, 37.569), "tr Atatürk Baraj Gölü"),
    ("Keban Reservoir", (38.909, 38.901), "tr Keban Baraj Gölü"),
    (
        "Mingachevir Reservoir",
        (46.768, 40.92),
        "tr Mingeçevir Barajı|az Mingəçevir su anbarı|hy Մինգեչաուրի ջրամբար"
        "|ka მინგეჩაურის წყალსაცავი|ru Мингечевирское водохранилище",
    ),
    (
        "Shamkir Reservoir",
        (46.053, 40.968),
        "tr Şemkir Barajı|az Şəmkir su anbarı|ru Шамкирское водохранилище",
    ),
    ("Yenikend Reservoir", (46.251, 40.937), "az Yenikənd su anbarı|ru Еникендское водохранилище"),
    ("Lake Çıldır", (43.26, 41.021), "tr Çıldır Gölü|az Çıldır gölü|ru озеро Чылдыр"),
    ("Lake Aktaş (Khozapini)", (43.21, 41.204), "tr Aktaş Gölü|ka კარწახის ტბა|ru озеро Хозапини"),
    ("Lake Erçek", (43.579, 38.677), "tr Erçek Gölü|ru озеро Эрчек"),
    ("Lake Arpi", (43.62, 41.061), "hy Արփի լիճ|ru озеро Арпи"),
    (
        "Akhuryan Reservoir (Arpaçay Dam)",
        (43.689, 40.606),
        "tr Arpaçay Barajı|hy Ախուրյանի ջրամբար|ru Ахурянское водохранилище",
    ),
    ("Lake Paravani", (43.814, 41.451), "ka ფარავნის ტბა|ru озеро Паравани"),
    ("Lake Tabatskuri", (43.63, 41.644), "ka ტაბაწყურის ტბა|ru озеро Табацкури"),
    ("Tsalka Reservoir", (44.046, 41.612), "ka წალკის წყალსაცავი|ru Цалкинское водохранилище"),
    ("Tbilisi Sea", (44.858, 41.755), "tr Tiflis Denizi|ka თბილისის ზღვა|ru Тбилисское море"),
    (
        "Aras Reservoir",
        (45.356, 39.146),
        "tr Aras Barajı|az Araz su anbarı|ru водохранилище Аракс|fa سد ارس",
    ),
    (
        "Khudaferin Reservoir",
        (46.881, 39.155),
        "tr Hudaferin Barajı|az Xudafərin su anbarı|ru Худаферинское водохранилище|fa سد خداآفرین",
    ),
]


def waters() -> list[np.ndarray]:
    """Return the polygons of the rivers, of the lakes and of the seas near the window, whole."""
    path = npm_package(*WATER)
    groups = shapely.get_parts(shapely.from_geojson(path.read_text(encoding="utf-8")))
    # A margin, so that a lake across the window's edge stays whole.
    near = (WIDE[0] - 0.5, WIDE[1] - 0.5, WIDE[2] + 0.5, WIDE[3] + 0.5)
    dissolved = []
    for group in groups:
        clipped = shapely.clip_by_rect(shapely.get_parts(group), *near)
        whole = shapely.make_valid(clipped[~shapely.is_empty(clipped)])
        dissolved.append(polygons(shapely.union_all(whole)))
    return dissolved


def joined(shapes: np.ndarray) -> np.ndarray:
    """Return the lakes: one polygon each, or several where the seam of two tiles divides a lake."""
    lakes = polygons(shapely.union_all(shapely.buffer(shapes, SEAM)))
    lake, member = shapely.STRtree(shapes).query(lakes, predicate="intersects")
    return np.array([shapely.union_all(shapes[member[lake == i]]) for i in range(len(lakes))])


def measure(shape: shapely.Geometry) -> tuple[float, float]:
    """Return the geodesic area of a lake in square kilometres and its mean width in metres."""
    area, outline = GEOD.geometry_area_perimeter(shape)
    return abs(area) / 1e6, 2 * abs(area) / outline


def chosen() -> list[tuple[float, shapely.Geometry]]:
    """Return (area in square kilometres, shape) of the lakes to show, the largest first."""
    rivers, lakes, seas = waters()
    caspian = shapely.area(lakes) > SEA_DEG2
    sea = shapely.union_all([*seas, *lakes[caspian]])
    shapely.prepare(sea)
    rows: list[tuple[float, shapely.Geometry]] = []
    for shapes, narrowest in ((lakes[~caspian], NARROWEST_LAKE_M), (rivers, NARROWEST_RESERVOIR_M)):
        earlier = shapely.union_all([shape for _, shape in rows])
        for shape in joined(shapes):
            points = shapely.get_coordinates(shape)
            area, width = measure(shape)
            if (
                in_box(points, WIDE).any()
                and SMALLEST_KM2[bool(in_box(points, CORE).any())] <= area
                and width >= narrowest
                and not sea.intersects(shape)
                and not earlier.intersects(shape)  # Lake Assad is in both
            ):
                rows.append((area, shape))
    return sorted(rows, key=lambda row: (-row[0], row[1].bounds))


def build() -> int:
    named = {}
    rows = chosen()
    for name, point, others in NAMES:
        holding = [i for i, (_, shape) in enumerate(rows) if shapely.contains_xy(shape, *point)]
        if len(holding) != 1:
            raise ValueError(f"{name}: {len(holding)} lakes hold its point {point}; move the point")
        named[holding[0]] = {"id": slug(name.split(" (")[0]), "name": name} | local_names(others)
    features = []
    for i, (area, shape) in enumerate(rows):
        properties: dict[str, Any] = named.get(i, {"id": f"lake-{i + 1:03d}", "name": ""})
        properties |= {"area_km2": round(area, 2), "source": "geo-maps-waterbodies"}
        outline = shapely.set_precision(thinned(shape, core_m=40, outside_m=200), 1e-5)
        features.append((properties, shapely.normalize(outline)))
    return geojson(DATA / "guides" / "lakes.geojson", features, decimals=5)


if __name__ == "__main__":
    print(build())
