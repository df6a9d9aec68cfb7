"""The railway graph: the course and the true length between stations.

Source: `data/network/rail.csv` (see `rail.py`). Lengths are those of the tracks. Between two nodes
the graph knows nothing but a chord, so how far a course may be off follows from each edge: a track
of length L between ends c apart stays inside the ellipse with semi-minor axis sqrt(L² - c²) / 2,
and half of that is taken as its sigma.
"""

from __future__ import annotations

import csv
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from files import DATA
from pyproj import Geod
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely import LineString

if TYPE_CHECKING:
    from collections.abc import Sequence

GEOD = Geod(ellps="WGS84")
# A station farther from the graph lies on a line that the graph does not have.
NEAR_M = 5000.0
# Sine of the angle below which two pieces lie on one another.
PARALLEL = 1e-3

# Node, and metres since the node before it.
Step = tuple[int, float]
LonLat = tuple[float, float]
# First node, second node, length in metres, part of it (0 to 1) before a station.
Track = tuple[int, int, float, float]


def between(
    places: Sequence[LonLat], *, names: Sequence[str] = ()
) -> tuple[LineString, float, float]:
    """Return the railway through stations: course, length and position error in metres.

    Parameters
    ----------
    places : longitude and latitude of the stations in order, EPSG:4326; at least two.
    names : names of the stations for error messages; their coordinates if missing.

    Returns
    -------
    The course begins and ends at the stations themselves. The length is that of the tracks between
    the points where they meet the graph: on the track next to the nearest node, where the station
    lies beside it, or else at that node.

    Raises
    ------
    ValueError : a station lies over 5 km from the graph, or no railway joins two of them.
    """
    labels = list(names) or [f"{lon:.3f};{lat:.3f}" for lon, lat in places]
    if len(places) < 2:
        raise ValueError(
            f"a railway needs two stations at least; got {', '.join(labels) or 'none'}"
        )
    xy, graph = read_graph()
    tracks = [_track(place, name) for place, name in zip(places, labels, strict=True)]
    xy, graph, stops = _with_stations(xy, graph, tracks)
    for (a, start), (b, end) in pairwise(zip(stops, labels, strict=True)):
        if a == b:
            raise ValueError(f"{start} and {end} lie at the same point of the railway graph")
    steps = route(graph, stops, labels)
    line = [places[0], *(node_xy(xy, node) for node, _ in steps[1:-1]), places[-1]]
    chains = [[a, b] for a, b in pairwise(line)]
    length_m = sum(metres for _, metres in steps)
    # Drawing the ends at the places, not on the track, shifts the first and last edge by up to
    # that distance.
    ends = ((places[0], stops[0], steps[1][1]), (places[-1], stops[-1], steps[-1][1]))
    end_shifts = sum(
        metres * GEOD.inv(*place, *node_xy(xy, node))[2] ** 2 / 3 for place, node, metres in ends
    )
    weighted_variance = position_variance(steps, chains) + end_shifts
    return LineString(line), length_m, float(np.sqrt(weighted_variance / length_m))


@cache
def read_graph() -> tuple[np.ndarray, csr_array]:
    """Return lon/lat of the nodes and the track lengths between them, in metres."""
    with (DATA / "network" / "rail.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
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


def node_xy(xy: np.ndarray, node: int) -> LonLat:
    """Return the lon/lat of a node."""
    return float(xy[node, 0]), float(xy[node, 1])


def nearest(xy: np.ndarray, point: LonLat) -> tuple[int, float]:
    """Return the node nearest to a point, and how far it is in metres."""
    lon, lat = np.full(len(xy), point[0]), np.full(len(xy), point[1])
    distance_m = GEOD.inv(lon, lat, xy[:, 0], xy[:, 1])[2]
    node = int(np.argmin(distance_m))
    return node, float(distance_m[node])


def _track(point: LonLat, name: str) -> Track:
    """Return the track on which a station lies: its nodes, its length, the part before it."""
    xy, graph = read_graph()
    node, distance_m = nearest(xy, point)
    if distance_m > NEAR_M:
        raise ValueError(
            f"station {name} lies {distance_m:,.0f} m from the railway graph "
            f"(limit {NEAR_M:,.0f} m); check its position or give the link a path"
        )
    candidates = []
    for i, j, metres in zip(*_ends(graph), strict=True):
        if node in (i, j):
            along = np.subtract(xy[j], xy[i]) * (np.cos(np.radians(point[1])), 1.0)
            to = np.subtract(point, xy[i]) * (np.cos(np.radians(point[1])), 1.0)
            share = float(np.clip(along @ to / (along @ along), 0.0, 1.0))
            candidates.append((float(np.hypot(*(to - share * along))), (i, j, metres, share)))
    return min(candidates)[1]


def _ends(graph: csr_array) -> tuple[list[int], list[int], list[float]]:
    rows = graph.tocoo()
    return rows.row.tolist(), rows.col.tolist(), rows.data.tolist()


def _with_stations(
    xy: np.ndarray, graph: csr_array, tracks: Sequence[Track]
) -> tuple[np.ndarray, csr_array, list[int]]:
    """Return nodes and graph with each station as a node on its track, and those nodes."""
    points, rows = list(xy), list(zip(*_ends(graph), strict=True))
    node_of: dict[Track, int] = {}
    for track in tracks:
        i, j, metres, share = track
        if track in node_of or share in (0.0, 1.0):
            continue
        node = len(points)
        points.append(xy[i] + share * (xy[j] - xy[i]))
        rows += [(i, node, share * metres), (j, node, (1 - share) * metres)]
        # Two stations on one track are joined along it, not through its ends.
        rows += [
            (other_node, node, abs(share - other[3]) * metres)
            for other, other_node in node_of.items()
            if other[:2] == (i, j)
        ]
        node_of[track] = node
    stops = [node_of[t] if t in node_of else t[0] if t[3] == 0.0 else t[1] for t in tracks]
    starts, ends, lengths = zip(*rows, strict=True)
    # SciPy before 1.15 takes no longer indices here.
    pair = np.array([starts, ends], np.int32)
    size = len(points)
    return np.array(points), csr_array((np.array(lengths), pair), shape=(size, size)), stops


def route(graph: csr_array, stops: Sequence[int], names: Sequence[str] = ()) -> list[Step]:
    """Return (node, metres since the node before) along the shortest path through the stops."""
    labels = list(names) or [f"node {stop}" for stop in stops]
    steps = [(stops[0], 0.0)]
    for (start, end), ends in zip(pairwise(stops), pairwise(labels), strict=True):
        distance, before = dijkstra(graph, False, start, return_predecessors=True)
        if not np.isfinite(distance[end]):
            raise ValueError(f"the railway graph joins {ends[0]} and {ends[1]} by no track")
        path = [end]
        while path[-1] != start:
            path.append(int(before[path[-1]]))
        path.reverse()
        steps += [(b, float(distance[b] - distance[a])) for a, b in pairwise(path)]
    return steps


def without_reversals(line: Sequence[LonLat]) -> list[LonLat]:
    """Return a line that nowhere runs back on itself, as the way through a dead end does.

    The length stays that of the tracks; only what is drawn twice is left out.
    """
    kept: list[LonLat] = []
    for point in line:
        while len(kept) > 1 and _turns_back(kept[-2], kept[-1], point):
            kept.pop()
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept


def _turns_back(before: LonLat, at: LonLat, after: LonLat) -> bool:
    (ax, ay), (bx, by) = np.subtract(at, before), np.subtract(after, at)
    size = float(np.hypot(ax, ay) * np.hypot(bx, by))
    return bool(ax * bx + ay * by < 0 and abs(ax * by - ay * bx) < PARALLEL * size)


def chain_m(chain: Sequence[LonLat]) -> float:
    """Return the geodesic length of a chain of points."""
    return float(sum(GEOD.inv(*a, *b)[2] for a, b in pairwise(chain)))


def position_variance(steps: Sequence[Step], chains: Sequence[Sequence[LonLat]]) -> float:
    """Return the squared position error of each step times its length, summed, in m³.

    The error of a step is half the semi-minor axis of the ellipse that bounds its track.
    """
    # An inserted place may make a chain a little longer than its track; its error is then zero.
    return sum(
        metres * max(0.0, metres**2 - chain_m(chain) ** 2) / 16
        for (_, metres), chain in zip(steps[1:], chains, strict=True)
    )
