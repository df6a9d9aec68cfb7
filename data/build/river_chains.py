"""Rivers that no package holds, for maps of a small area: chains of places known to lie on them.

Sources: `data/guides/river_places.csv`, written by hand: places on each river from its source to
its mouth, each with its source and its error; and `data/guides/borders.geojson` (OpenStreetMap,
ODbL-1.0), which a river follows between two places of that source. Between places a chain is as far
off as the valley bends: `position_sigma_m` is an assumption. The rivers into which they flow are
those of `rivers.geojson` (GSHHG, LGPL-3.0-or-later) and `reaches.geojson` (OpenStreetMap): one
point of each is taken.
"""

from __future__ import annotations

import csv
import itertools
import json
from typing import Any

import numpy as np
import shapely
from files import DATA, geojson, local_names

PLACES = DATA / "guides" / "river_places.csv"
TARGET = DATA / "guides" / "river-chains.geojson"
BORDER, ON_BORDER = "arm-aze", "osm-timezones"
# The river into which one of them flows, and its file: a chain is led on to the line drawn there.
MOUTHS = {"hakari": ("reaches", "aras-lower"), "karkar": ("rivers", "kura")}
FARTHEST = 1e-3  # degrees from a place on the border to its line

# id: name, standard error of the course in metres, names in other languages.
RIVERS = {
    "hakari": ("Hakari", 2000, "tr Hakari|az Həkəri|hy Հակարի|ka ჰაქარი|ru Акари|fa هکاری"),
    "hochaz": (
        "Hochaz / Hochants",
        3000,
        "tr Hocaz / Hoçants|az Hocazsu|hy Հոչանց|ka ჰოჯაზი / ჰოჩანცი|ru Хочаз / Хочанц"
        "|fa هوجاز / هوچانتس",
    ),
    "karkar": (
        "Karkar / Qarqar",
        2000,
        "tr Karkar|az Qarqarçay|hy Կարկառ|ka კარკარი|ru Каркар|fa قرقرچای",
    ),
    "vorotan": (
        "Vorotan / Bargushad",
        3000,
        "tr Vorotan / Bazarçay|az Bərgüşad|hy Որոտան|ka ვოროტანი / ბარგუშადი"
        "|ru Воротан / Баргушад|fa وروتان / برگشاد",
    ),
}


def chains(key: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the chains of a river, and its reaches along the border, as points in order."""
    with PLACES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["river"] == key]
    drawn: list[list[tuple[float, float]]] = [[]]
    reaches = []
    for row, following in itertools.zip_longest(rows, rows[1:]):
        point = float(row["lon"]), float(row["lat"])
        drawn[-1].append(point)
        if following and row["source"] == following["source"] == ON_BORDER:
            reaches.append(along_border(point, (float(following["lon"]), float(following["lat"]))))
            drawn.append([])
    # A chain meets the border where the border's own vertices are.
    ends = {tuple(np.round(xy, 4)): xy for reach in reaches for xy in reach[[0, -1]].tolist()}
    return [np.array([ends.get(point, point) for point in chain]) for chain in drawn], reaches


def guide(name: str, key: str) -> Any:
    """Return a line of a file of guides."""
    path = DATA / "guides" / f"{name}.geojson"
    features = json.loads(path.read_text("utf-8"))["features"]
    feature = next(f for f in features if f["properties"]["id"] == key)
    return shapely.from_geojson(json.dumps(feature["geometry"]))


def mouth(key: str, last: np.ndarray) -> np.ndarray:
    """Return the point of the river into which one flows that is nearest to its last place."""
    line = shapely.shortest_line(shapely.Point(last), guide(*MOUTHS[key]))
    point: np.ndarray = shapely.get_coordinates(line)[1:]
    return point


def along_border(first: tuple[float, float], last: tuple[float, float]) -> np.ndarray:
    """Return the border between its vertices at two points."""
    xy = shapely.get_coordinates(guide("borders", BORDER))
    offs = [np.hypot(*(xy - point).T) for point in (first, last)]
    start, end = (int(np.argmin(off)) for off in offs)
    if max(off.min() for off in offs) > FARTHEST or start > end:
        raise ValueError(f"{first} to {last} is no stretch of the border {BORDER}")
    stretch: np.ndarray = xy[start : end + 1]
    return stretch


def build() -> int:
    features: list[tuple[dict[str, Any], Any]] = []
    for key, (name, sigma_m, others) in RIVERS.items():
        drawn, reaches = chains(key)
        if key in MOUTHS:
            drawn[-1] = np.concatenate([drawn[-1], mouth(key, drawn[-1][-1])])
        names = {"name": name} | local_names(others)
        properties = {"id": key, **names, "position_sigma_m": sigma_m, "source": "araxes"}
        features.append(
            (properties, shapely.multilinestrings(list(map(shapely.linestrings, drawn))))
        )
        if reaches:
            along = {"id": f"{key}-border", **names, "source": ON_BORDER}
            features.append(
                (along, shapely.multilinestrings([shapely.linestrings(r) for r in reaches]))
            )
    return geojson(TARGET, features, decimals=7)


if __name__ == "__main__":
    print(build())
