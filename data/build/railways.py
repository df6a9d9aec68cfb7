"""Named railway lines through the railway graph: true length, schematic course.

Source: `data/network/rail.csv` (see `rail.py`). The length is that of the tracks. The course joins
the graph's nodes, with places of `places.csv` put in where a chord would leave the known course;
how far it may be off follows from each edge: a track of length L between ends c apart stays
inside the ellipse with semi-minor axis sqrt(L² - c²) / 2, and half of that is taken as its sigma.
"""

from __future__ import annotations

import csv
from itertools import pairwise

import numpy as np
from files import DATA, geojson
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely import LineString

TARGET = DATA / "guides" / "railways.geojson"
GEOD = Geod(ellps="WGS84")

# id: (stations in order, places drawn in between, name)
LINES = {
    "rail-btk": (("baku", "tbilisi", "kars"), ("aktas",), "Railway Baku–Tbilisi–Akhalkalaki–Kars"),
    "rail-baku-tbilisi": (("baku", "tbilisi"), (), "Railway Baku–Tbilisi"),
    "rail-nakhchivan": (
        ("sharur", "nakhchivan", "julfa"),
        (),
        "Railway Sharur–Nakhchivan–Julfa",
    ),
}


def _read_graph():
    rows = list(csv.DictReader((DATA / "network" / "rail.csv").open(encoding="utf-8")))
    position = {}
    for row in rows:
        for end in ("from", "to"):
            position[int(row[end])] = (float(row[f"{end}_lon"]), float(row[f"{end}_lat"]))
    nodes = sorted(position)
    rank = {node: n for n, node in enumerate(nodes)}
    # csr_array sums parallel edges, so keep the shortest of each pair.
    shortest: dict[tuple[int, int], int] = {}
    for row in rows:
        pair = rank[int(row["from"])], rank[int(row["to"])]
        shortest[pair] = min(int(row["length_m"]), shortest.get(pair, 10**9))
    # SciPy before 1.15 takes no longer indices here.
    i, j = np.array(list(shortest), np.int32).T
    size = len(nodes)
    graph = csr_array((np.array(list(shortest.values()), float), (i, j)), shape=(size, size))
    return np.array([position[node] for node in nodes]), graph


def _nearest(xy: np.ndarray, point: tuple[float, float]) -> int:
    lon, lat = np.full(len(xy), point[0]), np.full(len(xy), point[1])
    return int(np.argmin(GEOD.inv(lon, lat, xy[:, 0], xy[:, 1])[2]))


def _route(graph, stops: list[int]) -> list[tuple[int, float]]:
    """Return (node, metres since the node before) along the shortest way through the stops."""
    steps = [(stops[0], 0.0)]
    for start, end in pairwise(stops):
        distance, before = dijkstra(graph, False, start, return_predecessors=True)
        if not np.isfinite(distance[end]):
            raise ValueError(f"no railway between nodes {start} and {end}")
        way = [end]
        while way[-1] != start:
            way.append(int(before[way[-1]]))
        way.reverse()
        pairs = pairwise(way)
        steps += [(b, float(distance[b] - distance[a])) for a, b in pairs]
    return steps


def _length(chain: list) -> float:
    return sum(GEOD.inv(*a, *b)[2] for a, b in pairwise(chain))


def _put_in(chains: list[list], point: tuple[float, float]) -> None:
    """Lead the chain that it lengthens least through a place."""

    def detour(chain: list) -> float:
        return _length([*chain[:-1], point, chain[-1]]) - _length(chain)

    best = min(chains, key=detour)
    best.insert(-1, point)


def build() -> int:
    xy, graph = _read_graph()
    with (DATA / "places.csv").open(encoding="utf-8") as file:
        places = {row["id"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
    rows = []
    for key, (stations, vias, name) in LINES.items():
        steps = _route(graph, [_nearest(xy, places[s]) for s in stations])
        nodes = [tuple(xy[node]) for node, _ in steps]
        chains = [[a, b] for a, b in pairwise(nodes)]
        for via in vias:
            _put_in(chains, places[via])
        length = sum(metres for _, metres in steps)
        # A place put in may make a chain a little longer than the track; then nothing is left over.
        spare = [
            metres * max(0.0, metres**2 - _length(chain) ** 2) / 16
            for (_, metres), chain in zip(steps[1:], chains, strict=True)
        ]
        line = [nodes[0], *(point for chain in chains for point in chain[1:])]
        sigma_m = round(float(np.sqrt(sum(spare) / length)))
        properties = {
            "id": key,
            "name": name,
            "length_m": round(length),
            "position_sigma_m": sigma_m,
            "source": "osm-railways",
        }
        rows.append((properties, LineString(line)))
    return geojson(TARGET, rows, decimals=5)


if __name__ == "__main__":
    print(build())
