"""Schematic links drawn over an extract along paths whose length is known.

Half of them are shortest paths and half the quickest, between crossings of main roads; each is told
by its ends and a point about every 3 km with a random error. Run as a script this prints what
`docs/lengths.md` says of links on real ways.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import Geod

from borders.measure import Z95
from corridors import Link, Network, network_from_osm, refine
from corridors.osm.refine import DOUBT

if TYPE_CHECKING:
    from corridors.network.compiled import CompiledNetwork

# Extracts of five countries, where they lie beside the checkout.
EXTRACTS = (
    "liechtenstein-2013.osm.pbf", "andorra.osm.pbf", "north-bayreuth.osm.gz",
    "r5-subgraph.osm.pbf", "fiji-ferry.osm.pbf", "porto.osm.pbf",
)  # fmt: skip
MAIN = ("motorway", "trunk", "primary", "secondary")
LEAST_M, MOST_M, EVERY_M = 4000.0, 25_000.0, 3000.0
ERRORS_M = (100.0, 300.0, 600.0)
# Of its position a link may be as sure as this at most.
LEAST_SIGMA_M = 50.0
SAMPLES = 400
DEGREE_M = 111_195.0
GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Trial:
    """What became of the links of an extract; of each that was matched, in metres.

    Parameters
    ----------
    error : of its length, against the path that it was drawn along.
    known : standard error that its ends bring.
    doubt : by how much its path would differ at most.
    """

    name: str
    links: int
    length: np.ndarray
    error: np.ndarray
    known: np.ndarray
    doubt: np.ndarray

    def inside(self, factor: float) -> float:
        """Return the part of the lengths in their 95 % intervals, by the error for each doubt."""
        return float(np.mean(abs(self.error) <= self._half_m(factor)))

    def half(self, factor: float) -> float:
        """Return the median half-width of the intervals, as a part of the length."""
        return float(np.median(self._half_m(factor) / self.length))

    def _half_m(self, factor: float) -> np.ndarray:
        return Z95 * np.hypot(self.known, factor * self.doubt)

    @cached_property
    def factors(self) -> np.ndarray:
        """Return of each link the least factor with which its interval holds the truth."""
        rest = np.maximum(0.0, (self.error / Z95) ** 2 - self.known**2)
        return np.sqrt(rest) / np.maximum(self.doubt, 1e-3)


def factor_without(trials: list[Trial], left_out: Trial) -> float:
    """Return the factor with which 95 % of the other trials' links lie in their intervals."""
    return float(
        np.quantile(np.concatenate([t.factors for t in trials if t is not left_out]), 0.95)
    )


def trial(file: Path, count: int, seed: int = 7) -> Trial:
    """Return what becomes of so many links drawn over an extract."""
    osm = network_from_osm(file)
    links = [*drawn_links(osm, count - count // 2, seed, quickest=True),
             *drawn_links(osm, count // 2, seed + 1, quickest=False)]  # fmt: skip
    done = [m for m in refine(Network(links=tuple(links), on=date(2026, 6, 1)), osm).matches
            if m.refined is not None]  # fmt: skip
    table = []
    for match in done:
        refined, ends_m = match.refined, match.ends_m
        assert refined is not None
        assert ends_m is not None
        # The shared half percent is of an extract against the ground; here the extract is true.
        own_2 = refined.sigma_m**2 - refined.shared_m**2
        known = hypot(osm.table.errors.own_m, *ends_m)
        table.append((
            match.link.length_m, refined.length_m - match.link.length_m, known,
            np.sqrt(max(0.0, own_2 - known**2)) / DOUBT,
        ))  # fmt: skip
    return Trial(file.name.partition(".")[0], len(links), *np.array(table).T)


def drawn_links(osm: CompiledNetwork, count: int, seed: int, *, quickest: bool) -> list[Link]:
    """Return links along the quickest or the shortest paths; `length_m` is the path's."""
    rng = np.random.default_rng(seed)
    streets = _Streets(osm, quickest=quickest)
    links: list[Link] = []
    for _ in range(20 * count):
        if len(links) == count:
            break
        path = streets.path(rng)
        if path is not None:
            links.append(
                _drawn(path, f"{'quickest' if quickest else 'shortest'}-{len(links)}", rng)
            )
    return links


class _Streets:
    """The open roads of an extract, searched by SciPy."""

    def __init__(self, osm: CompiledNetwork, *, quickest: bool) -> None:
        from scipy.sparse import csr_array

        table, column = osm.table, osm.table.columns
        open_ = np.array([_is_open(kind) for kind in table.kinds])
        links = np.flatnonzero(open_[column.kind[: table.n_ways]])
        kind = column.kind[links]
        speed = np.array([k.get("speed_kmh") or 30.0 for k in table.kinds])[kind]
        oneway = np.array([bool(k.get("oneway")) for k in table.kinds])[kind]
        cost = column.length_m[links] / (speed if quickest else 1.0) + 1e-6
        start, end = column.start[links].astype(np.int64), column.end[links].astype(np.int64)
        self._table, self._size = table, len(table.nodes.id)
        self._link = np.r_[links, links]
        self._forward = np.arange(len(self._link)) < len(links)
        tail, head = np.r_[start, end], np.r_[end, start]
        cost = np.r_[cost, np.where(oneway, np.inf, cost)]
        # A sparse matrix would add up streets between the same two crossings.
        order = np.lexsort((cost, head, tail))
        order = order[np.isfinite(cost[order])]
        keys = tail[order] * self._size + head[order]
        first = np.r_[True, np.diff(keys) != 0]
        self._order, self._keys = order[first], keys[first]
        at = tail[self._order], head[self._order]
        self._graph = csr_array((cost[self._order], at), shape=(self._size,) * 2)
        main = np.array(
            [k.get("way_class", "").removesuffix("_link") in MAIN for k in table.kinds]
        )[kind]
        degree = np.bincount(np.r_[start, end], minlength=self._size)
        on_main = np.bincount(np.r_[start[main], end[main]], minlength=self._size)
        self._crossings = np.flatnonzero((degree >= 3) & (on_main >= 2))

    def path(self, rng: np.random.Generator) -> np.ndarray | None:
        """Return a path between two crossings in degrees, None if it is too short or too long."""
        from scipy.sparse.csgraph import dijkstra

        source = int(rng.choice(self._crossings))
        cost, before = dijkstra(self._graph, indices=source, return_predecessors=True)
        xy = self._table.nodes.xy[self._crossings] / 1e7
        away_m = GEOD.inv(*np.tile(self._table.nodes.xy[source] / 1e7, (len(xy), 1)).T, *xy.T)[2]
        near = np.isfinite(cost[self._crossings]) & (away_m > LEAST_M / 3) & (away_m < MOST_M)
        if not near.any():
            return None
        nodes = [int(rng.choice(self._crossings[near]))]
        while nodes[-1] != source:
            nodes.append(int(before[nodes[-1]]))
        pairs = [a * self._size + b for b, a in pairwise(nodes)][::-1]
        points = []
        for edge in self._order[np.searchsorted(self._keys, pairs)].tolist():
            begin, end = self._table.offsets[self._link[edge] : self._link[edge] + 2]
            course = self._table.xy[begin:end] / 1e7
            points.append(course if self._forward[edge] else course[::-1])
        path: np.ndarray = np.concatenate(points)
        path = path[np.r_[True, (np.diff(path, axis=0) != 0).any(axis=1)]]
        return path if LEAST_M < GEOD.line_length(*path.T) < MOST_M else None


def _is_open(kind: dict[str, Any]) -> bool:
    return kind["mode"] == "road" and all(status.status == "open" for status in kind["statuses"])


def _drawn(path: np.ndarray, key: str, rng: np.random.Generator) -> Link:
    """Return a link through a few points near a path, with how far that lies from them."""
    scale = np.array([np.cos(np.radians(path[0, 1])), 1.0]) * DEGREE_M
    along = np.r_[0.0, np.cumsum(np.hypot(*(np.diff(path, axis=0) * scale).T))]
    knots = _at(path, along, max(2, round(along[-1] / EVERY_M) + 1))
    knots[1:-1] += rng.normal(0, rng.choice(ERRORS_M), (len(knots) - 2, 2)) / scale
    away_m = shapely.distance(
        shapely.LineString(knots * scale), shapely.points(_at(path, along, SAMPLES) * scale)
    )
    length_m = GEOD.line_length(*path.T)
    return Link(
        id=key, start=f"{key}-a.road", end=f"{key}-b.road",  # type: ignore[arg-type]
        mode="road", length_m=length_m, sigma_m=0.05 * length_m, geometry_quality="schematic",
        position_sigma_m=max(LEAST_SIGMA_M, float(np.sqrt(np.mean(away_m**2)))),
        xy=tuple((x, y) for x, y in knots.tolist()),
    )  # fmt: skip


def _at(path: np.ndarray, along: np.ndarray, count: int) -> np.ndarray:
    """Return so many points that lie evenly along a path."""
    even = np.linspace(0, along[-1], count)
    return np.column_stack([np.interp(even, along, path[:, k]) for k in (0, 1)])


def main(folder: str, count: str = "160") -> None:
    """Print the table of docs/lengths.md."""
    trials = [trial(Path(folder, name), int(count)) for name in EXTRACTS]
    for found in trials:
        factor = factor_without(trials, found)
        print(
            f"| {found.name} | {found.links} | {len(found.error)} | "
            f"{np.median(abs(found.error) / found.length):.1%} | {factor:.2f} | "
            f"±{found.half(factor):.1%} | {found.inside(factor):.0%} | {found.inside(DOUBT):.0%} |"
        )
    held = [t.inside(factor_without(trials, t)) * len(t.error) for t in trials]
    every = np.quantile(np.concatenate([t.factors for t in trials]), 0.95)
    print(f"left out {sum(held) / sum(len(t.error) for t in trials):.1%}; of all {every:.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
