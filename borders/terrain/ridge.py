"""The highest way between two cells of a grid of heights.

Its lowest point, the saddle, is as high as any way between the two can have it, and so for every
two summits along it. That is the path in the maximum spanning tree of the summits, joined by their
highest passes; up to the summits the way is the steepest.

Source: M. Pollack (1960), The maximum capacity through a network, Operations Research 8(5),
https://doi.org/10.1287/opre.8.5.733; T. C. Hu (1961), The maximum capacity route problem,
Operations Research 9(6), https://doi.org/10.1287/opre.9.6.898
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from borders.terrain.elevation import FloatArray

__all__ = ["highest_way"]

# Steps to half of the eight neighbours; the others are the same seen from the other side.
_STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))


def highest_way(
    heights_m: FloatArray, first: tuple[int, int], last: tuple[int, int]
) -> np.ndarray | None:
    """Return rows and columns of the highest way, shape (n, 2), None if there is none.

    Parameters
    ----------
    heights_m : metres; NaN where there is none.
    first, last : row and column.

    Notes
    -----
    From each end it climbs the steepest way to a summit; between summits it goes down to the
    highest pass and up again by the steepest ways from it. It runs from the later of the two cells
    to the earlier, whichever comes first in the call.
    """
    columns = heights_m.shape[1]
    uphill = _uphill(heights_m)
    summit = _summits(uphill)
    source, target = sorted((first[0] * columns + first[1], last[0] * columns + last[1]))
    passes = _passes(heights_m, summit, int(summit[source]), int(summit[target]))
    if passes is None:
        return None
    way = _climb(uphill, source)
    for below, beyond in passes:
        way += [*_climb(uphill, below)[::-1], *_climb(uphill, beyond)]
    way += _climb(uphill, target)[::-1]
    return np.column_stack(np.divmod(np.array(_without_spurs(way)[::-1]), columns))


def _pairs(
    shape: tuple[int, ...], step: tuple[int, int]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return the cells that have a neighbour one step on, and those neighbours."""
    (rows, columns), (dy, dx) = shape, step
    here = (slice(0, rows - dy), slice(max(0, -dx), columns - max(0, dx)))
    there = (slice(dy, rows), slice(max(0, dx), columns + min(0, dx)))
    return here, there


def _uphill(heights_m: FloatArray) -> np.ndarray:
    """Return the highest neighbour of each cell, itself where none is higher; flat indices."""
    rows, columns = heights_m.shape
    node = np.arange(rows * columns).reshape(rows, columns)
    known = np.where(np.isnan(heights_m), -np.inf, heights_m)
    best, at = known.copy(), node.copy()
    for step in _STEPS:
        here, there = _pairs(heights_m.shape, step)
        for one, other in ((here, there), (there, here)):
            higher = known[other] > best[one]
            best[one] = np.where(higher, known[other], best[one])
            at[one] = np.where(higher, node[other], at[one])
    return at.ravel()


def _summits(uphill: np.ndarray) -> np.ndarray:
    """Return the summit that each cell climbs to."""
    top = uphill
    while True:
        higher = top[top]
        if np.array_equal(higher, top):
            return top
        top = higher


def _passes(
    heights_m: FloatArray, summit: np.ndarray, source: int, target: int
) -> list[tuple[int, int]] | None:
    """Return the passes between two summits: pairs of cells, each on its own summit's side."""
    if source == target:
        return []
    low, cells = _highest_passes(heights_m, summit)
    names, index = np.unique(np.sort(summit[cells], axis=1), return_inverse=True)
    index = index.reshape(-1, 2).astype(np.int32)
    known = {int(name): n for n, name in enumerate(names)}
    if source not in known or target not in known:
        return None
    before = _tree(low, index, known[source])
    edges = {(int(i), int(j)): n for n, (i, j) in enumerate(index)}
    way: list[tuple[int, int]] = []
    here, root = known[target], known[source]
    while here != root:
        back = int(before[here])
        if back < 0:
            return None
        one, other = map(int, cells[edges[min(back, here), max(back, here)]])
        way.append((one, other) if summit[one] == names[back] else (other, one))
        here = back
    return way[::-1]


def _highest_passes(heights_m: FloatArray, summit: np.ndarray) -> tuple[FloatArray, np.ndarray]:
    """Return the highest pass of each two summits that meet: its height and its two cells."""
    node = np.arange(heights_m.size).reshape(heights_m.shape)
    found = []
    for step in _STEPS:
        here, there = _pairs(heights_m.shape, step)
        low = np.minimum(heights_m[here], heights_m[there])
        a, b = node[here], node[there]
        kept = ~np.isnan(low) & (summit[a] != summit[b])
        found.append((low[kept], a[kept], b[kept]))
    low, a, b = (np.concatenate(part) for part in zip(*found, strict=True))
    ends = np.sort(np.column_stack([summit[a], summit[b]]), axis=1)
    order = np.lexsort((b, a, -low))
    _, once = np.unique(ends[order], axis=0, return_index=True)
    kept = order[once]
    return low[kept], np.column_stack([a, b])[kept]


def _tree(low: FloatArray, ends: np.ndarray, root: int) -> np.ndarray:
    """Return which summit comes before each in the tree of the highest passes; -9999 for none."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

    # A tree of least cost is one of greatest height; no cost may be zero, that is no edge.
    cost = float(low.max()) - low + 1.0
    count = int(ends.max()) + 1
    graph = coo_array((cost, (ends[:, 0], ends[:, 1])), shape=(count, count)).tocsr()
    before: np.ndarray
    _, before = breadth_first_order(minimum_spanning_tree(graph), root, directed=False)
    return before


def _climb(uphill: np.ndarray, cell: int) -> list[int]:
    """Return the cells from one up to its summit."""
    way = [int(cell)]
    while uphill[way[-1]] != way[-1]:
        way.append(int(uphill[way[-1]]))
    return way


def _without_spurs(way: list[int]) -> list[int]:
    """Return a way that visits no cell twice: what lies between two visits is cut out."""
    at: dict[int, int] = {}
    kept: list[int] = []
    for cell in way:
        if cell in at:
            for gone in kept[at[cell] + 1 :]:
                del at[gone]
            del kept[at[cell] + 1 :]
        else:
            at[cell] = len(kept)
            kept.append(cell)
    return kept
