"""The railway graph of the region: nodes and true lengths, without alignments.

Source: PyPI `scgraph-data` 2.0.0, `world_railways` (derived from OpenStreetMap, so the data are
ODbL-1.0, © OpenStreetMap contributors). Lengths are those of the tracks; between two nodes the
package knows nothing but a chord, so these pairs must never be drawn as alignments.
"""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from files import DATA, table
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

TARGET = DATA / "network" / "rail.csv"
WEST, SOUTH, EAST, NORTH = 25.0, 35.0, 54.0, 45.0
# Gaps between components are 81 to 372 m wide; the next pair of components is over 600 m apart.
GAP_M = 400.0


def _package() -> tuple[np.ndarray, list[dict[str, float]]]:
    """Read nodes (lat, lon) and adjacency (km) from the package's text, without running it."""
    spec = find_spec("scgraph_data")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("scgraph_data: install the `data` dependency group")
    variables = {}
    module = Path(spec.origin).with_name("world_railways.py")
    for line in module.read_text("utf-8").splitlines():
        name, _, value = line.partition("=")
        if name in ("graph", "nodes"):
            # The text is JSON except for keys that are bare numbers.
            variables[name] = json.loads(re.sub(r"(\d+):", r'"\1":', value))
    return np.array(variables["nodes"]), variables["graph"]


def build() -> int:
    nodes, graph = _package()
    lat, lon = nodes[:, 0], nodes[:, 1]
    inside = (lat > SOUTH) & (lat < NORTH) & (lon > WEST) & (lon < EAST)
    selected = np.flatnonzero(inside)
    edges = sorted(
        (int(i), int(j), km)
        for i in selected
        for j, km in graph[i].items()
        if i < int(j) and inside[int(j)] and km > 0
    )
    rows = [(i, j, round(km * 1000), "track") for i, j, km in edges]
    rows += _gaps(selected, lat, lon, edges)
    return table(
        TARGET,
        ["from", "to", "from_lon", "from_lat", "to_lon", "to_lat", "length_m", "kind"],
        (
            (i, j, *(f"{v:.3f}" for v in (lon[i], lat[i], lon[j], lat[j])), length_m, kind)
            for i, j, length_m, kind in rows
        ),
    )


def _gaps(
    selected: np.ndarray, lat: np.ndarray, lon: np.ndarray, edges: list[Any]
) -> list[tuple[int, int, int, str]]:
    """Return the shortest link between every two components that nearly touch."""
    rank = {int(node): n for n, node in enumerate(selected)}
    i = [rank[a] for a, _, _ in edges]
    j = [rank[b] for _, b, _ in edges]
    size = len(selected)
    _, component = connected_components(coo_array((np.ones(len(i)), (i, j)), (size, size)), False)
    # 111.2 km a degree is near enough to find candidates; the ellipsoid decides.
    flat = (
        np.column_stack([lon[selected] * np.cos(np.radians(lat[selected])), lat[selected]])
        * 111_200
    )
    geod = Geod(ellps="WGS84")
    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    for a, b in sorted(cKDTree(flat).query_pairs(2 * GAP_M)):
        first, second = sorted((int(component[a]), int(component[b])))
        pair = first, second
        if pair[0] == pair[1]:
            continue
        p, q = int(selected[a]), int(selected[b])
        metres = geod.inv(lon[p], lat[p], lon[q], lat[q])[2]
        if metres <= GAP_M and (pair not in best or metres < best[pair][0]):
            best[pair] = (metres, min(p, q), max(p, q))
    return sorted((p, q, round(metres), "gap") for metres, p, q in best.values())


if __name__ == "__main__":
    print(build())
