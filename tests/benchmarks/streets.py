"""A large compiled network, drawn with a fixed seed: towns, and roads between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.network.link_table import (
    PER_DEGREE,
    Errors,
    LinkColumns,
    LinkTable,
    NodeColumns,
    link_table,
)
from corridors.osm.assemble import END_SIGMA_M, SHARED_SIGMA
from corridors.osm.kinds import kind_row
from corridors.osm.tags import way_kind
from corridors.osm.topology import lengths_m

if TYPE_CHECKING:
    from pathlib import Path

SEED = 13
# Each town is a grid of streets of this side, a quarter of them missing; crossings of a town lie
# this far apart and towns about so far, in 1e-7 degree.
SIDE, MISSING, STEP, APART = 28, 0.25, 10_000, 700_000
# Points of a street and of a road between towns.
POINTS, LONG_POINTS = 5, 60
CLASSES = ("motorway", "trunk", "primary", "secondary", "tertiary", "residential")
_RULES = {"roads": frozenset(CLASSES), "rails": True, "sidings": False}


def streets(links: int) -> LinkTable:
    """Return about so many two-way streets and roads: towns, joined by the roads between them."""
    rng = np.random.default_rng(SEED)
    towns = max(3, round(links / (2 * SIDE * (SIDE - 1) * (1 - MISSING))))
    ends, at, kind = _towns(towns, rng)
    count = ends.shape[1]
    sizes = np.where(kind < CLASSES.index("tertiary"), LONG_POINTS, POINTS)
    offsets = np.r_[0, np.cumsum(sizes)]
    share = (np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)) / np.repeat(sizes - 1, sizes)
    first, last = (np.repeat(at[n], sizes, axis=0) for n in ends)
    bends = rng.normal(0, STEP / 20, (len(share), 2)) * (share * (1 - share) > 0)[:, None]
    xy = np.rint(first + (last - first) * share[:, None] + bends).astype(np.int32)
    kinds = []
    for name in CLASSES:
        known = way_kind({"highway": name, "oneway": "no"}, **_RULES)
        assert known is not None
        kinds.append(kind_row(known, None))
    nodes, zeros = np.arange(len(at)), np.zeros(count, np.int64)
    return link_table(
        LinkColumns(
            way=np.arange(1, count + 1), part=zeros, start=ends[0], end=ends[1],
            length_m=lengths_m(xy, offsets), kind=kind, label=np.arange(count) % 997,
        ),
        offsets=offsets, xy=xy,
        nodes=NodeColumns(id=nodes + 1, side=0 * nodes, layer=0 * nodes, xy=at.astype(np.int32)),
        kinds=kinds, labels=[{"": f"Street {n}"} for n in range(997)], layers=("road",),
        errors=Errors(SHARED_SIGMA, END_SIGMA_M), shared_with="openstreetmap",
    )  # fmt: skip


def _towns(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the ends of links, the positions of nodes and the classes of links, as numbers."""
    from scipy.spatial import Delaunay

    node = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    row, column = np.divmod(node, SIDE)
    a = np.concatenate([node[:, :-1].ravel(), node[:-1].ravel()])
    b = np.concatenate([node[:, 1:].ravel(), node[1:].ravel()])
    # The middle streets of a town lead through it.
    through = np.concatenate([row[:, :-1].ravel(), column[:-1].ravel()]) % 7 == 0
    kept = (rng.random((count, a.size)) >= MISSING) | through
    town, street = np.nonzero(kept)
    ends = np.stack([a[street], b[street]]) + town * SIDE * SIDE
    kind = np.where(through[street], CLASSES.index("tertiary"), CLASSES.index("residential"))
    centres = rng.random((count, 2)) * APART * count**0.5 + np.array([43.0, 40.0]) * PER_DEGREE
    inside = np.stack([column.ravel(), row.ravel()], 1) * STEP
    at = (centres[:, None] + inside[None]).reshape(-1, 2)
    at += rng.integers(-STEP // 5, STEP // 5, at.shape)
    corners = Delaunay(centres).simplices
    sides = np.concatenate([corners[:, k] for k in ([0, 1], [1, 2], [0, 2])])
    pairs = np.unique(np.sort(sides), axis=0)
    # Roads begin and end on a street that leads through.
    gates = SIDE * 7 * rng.integers(0, SIDE // 7, pairs.shape) + rng.integers(0, SIDE, pairs.shape)
    roads = (pairs * SIDE * SIDE + gates).T
    longest = np.argsort(np.argsort(-np.hypot(*(centres[pairs[:, 0]] - centres[pairs[:, 1]]).T)))
    of_roads = np.minimum(longest * 4 // len(pairs), 3)
    return np.concatenate([ends, roads], axis=1), at.astype(np.int64), np.r_[kind, of_roads]


def write_streets(file: Path, links: int) -> None:
    """Write such a network as a compiled file."""
    from corridors.network.compiled import CompiledNetwork, write_compiled
    from corridors.network.load import known_until
    from corridors.osm.network_from_osm import ATTRIBUTION, LICENCE
    from corridors.routing.engines.node_order import compute_order
    from corridors.routing.planner import graph_of

    extract = {"name": "streets", "date": "", "ways": links, "cut_ways": 0, "bounds": None}
    about = {
        "attribution": ATTRIBUTION, "licence": LICENCE, "extracts": [extract],
        "roads": list(CLASSES), "places": [],
    }  # fmt: skip
    table = streets(links)
    network = CompiledNetwork(links=table, on=known_until(), name=file.name, about=about)  # type: ignore[arg-type]
    write_compiled(table, about, file, compute_order(graph_of(network)))
