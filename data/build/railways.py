"""Named railway lines through the railway graph: true length, schematic course.

The length is that of the tracks. The course joins the graph's nodes, with places of `places.csv`
inserted where a chord would leave the known course; see `rail_graph.py` for its position's sigma.
"""

from __future__ import annotations

import csv
from itertools import pairwise

import numpy as np
from files import DATA, geojson
from rail_graph import (
    chain_m,
    nearest,
    node_xy,
    position_variance,
    read_graph,
    route,
    without_reversals,
)
from shapely import LineString

TARGET = DATA / "guides" / "railways.geojson"

# id: (stations in order, places drawn in between, name)
LINES = {
    # From Akhalkalaki far into Türkiye the graph has a single edge: the border tunnel is inserted.
    "rail-btk": (
        ("baku", "tbilisi", "kars"),
        ("kartsakhi_gate", "cildir_gate"),
        "Railway Baku–Tbilisi–Akhalkalaki–Kars",
    ),
    "rail-baku-tbilisi": (("baku", "tbilisi"), (), "Railway Baku–Tbilisi"),
    "rail-nakhchivan": (
        ("sharur", "nakhchivan", "julfa"),
        (),
        "Railway Sharur–Nakhchivan–Julfa",
    ),
    "rail-gyumri-yerevan": (("gyumri", "masis", "yerevan"), (), "Railway Gyumri–Yerevan"),
}


def _insert(chains: list[list[tuple[float, float]]], point: tuple[float, float]) -> None:
    """Lead the chain that it lengthens least through a place."""

    def detour(chain: list[tuple[float, float]]) -> float:
        return chain_m([*chain[:-1], point, chain[-1]]) - chain_m(chain)

    best = min(chains, key=detour)
    best.insert(-1, point)


def build() -> int:
    xy, graph = read_graph()
    with (DATA / "places.csv").open(encoding="utf-8") as file:
        places = {row["id"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
    rows = []
    for key, (stations, vias, name) in LINES.items():
        steps = route(graph, [nearest(xy, places[s])[0] for s in stations], stations)
        nodes = [node_xy(xy, node) for node, _ in steps]
        chains = [[a, b] for a, b in pairwise(nodes)]
        for via in vias:
            _insert(chains, places[via])
        length = sum(metres for _, metres in steps)
        line = [nodes[0], *(point for chain in chains for point in chain[1:])]
        properties = {
            "id": key,
            "name": name,
            "length_m": round(length),
            "position_sigma_m": round(float(np.sqrt(position_variance(steps, chains) / length))),
            "source": "osm-railways",
        }
        rows.append((properties, LineString(without_reversals(line))))
    return geojson(TARGET, rows, decimals=5)


if __name__ == "__main__":
    print(build())
