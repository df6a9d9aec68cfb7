"""The highest path between two cells of a grid of heights: the max-min (widest) path.

Its lowest point, the saddle, is at least as high as that of any other path between the two cells.
The same holds between any two summits along it. It is the path in the maximum spanning tree of the
summits, joined by their highest passes. From a pass or an end up to a summit it takes the steepest
ascent.

Source: M. Pollack (1960), The maximum capacity through a network, Operations Research 8(5),
https://doi.org/10.1287/opre.8.5.733; T. C. Hu (1961), The maximum capacity route problem,
Operations Research 9(6), https://doi.org/10.1287/opre.9.6.898
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from borders.terrain.elevation import FloatArray

__all__ = ["highest_path"]

# Steps to four of the eight neighbours; the other four are the same pairs in reverse.
_STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))


def highest_path(
    heights_m: FloatArray, first: tuple[int, int], last: tuple[int, int]
) -> np.ndarray | None:
    """Return rows and columns of the highest path, shape (n, 2), None if there is none.

    Parameters
    ----------
    heights_m : metres, shape (rows, columns); NaN where missing.
    first, last : row and column.

    Notes
    -----
    From each end it climbs by the steepest ascent to a summit; between summits it goes down to the
    highest pass and up again, both by the steepest ascents from the pass. It runs from the later of
    the two cells (by row, then column) to the earlier, whichever is `first`.
    """
    columns = heights_m.shape[1]
    uphill = _uphill(heights_m)
    summit = _summits(uphill)
    source, target = sorted((first[0] * columns + first[1], last[0] * columns + last[1]))
    passes = _passes(heights_m, summit, int(summit[source]), int(summit[target]))
    if passes is None:
        return None
    path = _climb(uphill, source)
    for below, beyond in passes:
        path += [*_climb(uphill, below)[::-1], *_climb(uphill, beyond)]
    path += _climb(uphill, target)[::-1]
    return np.column_stack(np.divmod(np.array(_without_spurs(path)[::-1]), columns))


def _pairs(
    shape: tuple[int, ...], step: tuple[int, int]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return as slices the cells that have a neighbour one step away, and those neighbours."""
    (rows, columns), (dy, dx) = shape, step
    cells = (slice(0, rows - dy), slice(max(0, -dx), columns - max(0, dx)))
    neighbours = (slice(dy, rows), slice(max(0, dx), columns + min(0, dx)))
    return cells, neighbours


def _uphill(heights_m: FloatArray) -> np.ndarray:
    """Return the highest neighbour of each cell, itself where none is higher; flat indices."""
    rows, columns = heights_m.shape
    node = np.arange(rows * columns).reshape(rows, columns)
    known = np.where(np.isnan(heights_m), -np.inf, heights_m)
    best, uphill = known.copy(), node.copy()
    for step in _STEPS:
        cells, neighbours = _pairs(heights_m.shape, step)
        for origin, target in ((cells, neighbours), (neighbours, cells)):
            higher = known[target] > best[origin]
            best[origin] = np.where(higher, known[target], best[origin])
            uphill[origin] = np.where(higher, node[target], uphill[origin])
    return uphill.ravel()


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
    """Return the passes between two summits, each as the cell on the near side and the far side."""
    if source == target:
        return []
    low, cells = _highest_passes(heights_m, summit)
    summits, index = np.unique(np.sort(summit[cells], axis=1), return_inverse=True)
    index = index.reshape(-1, 2).astype(np.int32)
    numbers = {int(cell): n for n, cell in enumerate(summits)}
    if source not in numbers or target not in numbers:
        return None
    before = _tree(low, index, numbers[source])
    edges = {(int(i), int(j)): n for n, (i, j) in enumerate(index)}
    passes: list[tuple[int, int]] = []
    current, root = numbers[target], numbers[source]
    while current != root:
        previous = int(before[current])
        if previous < 0:
            return None
        cell, other = map(int, cells[edges[min(previous, current), max(previous, current)]])
        passes.append((cell, other) if summit[cell] == summits[previous] else (other, cell))
        current = previous
    return passes[::-1]


def _highest_passes(heights_m: FloatArray, summit: np.ndarray) -> tuple[FloatArray, np.ndarray]:
    """Return the highest pass of any two summits that meet: its height and its two cells."""
    node = np.arange(heights_m.size).reshape(heights_m.shape)
    pairs = []
    for step in _STEPS:
        cells, neighbours = _pairs(heights_m.shape, step)
        low = np.minimum(heights_m[cells], heights_m[neighbours])
        a, b = node[cells], node[neighbours]
        crossing = ~np.isnan(low) & (summit[a] != summit[b])
        pairs.append((low[crossing], a[crossing], b[crossing]))
    low, a, b = (np.concatenate(part) for part in zip(*pairs, strict=True))
    ends = np.sort(np.column_stack([summit[a], summit[b]]), axis=1)
    order = np.lexsort((b, a, -low))
    _, first_of = np.unique(ends[order], axis=0, return_index=True)
    highest = order[first_of]
    return low[highest], np.column_stack([a, b])[highest]


def _tree(low: FloatArray, ends: np.ndarray, root: int) -> np.ndarray:
    """Return the summit before each on the way from the root of the tree; -9999 for none."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

    # The spanning tree of least cost is that of the highest passes; a cost of 0 would mean no edge.
    cost = float(low.max()) - low + 1.0
    count = int(ends.max()) + 1
    graph = coo_array((cost, (ends[:, 0], ends[:, 1])), shape=(count, count)).tocsr()
    before: np.ndarray
    _, before = breadth_first_order(minimum_spanning_tree(graph), root, directed=False)
    return before


def _climb(uphill: np.ndarray, cell: int) -> list[int]:
    """Return the cells from one up to its summit."""
    cells = [int(cell)]
    while uphill[cells[-1]] != cells[-1]:
        cells.append(int(uphill[cells[-1]]))
    return cells


def _without_spurs(path: list[int]) -> list[int]:
    """Return a path that visits no cell twice: what lies between two visits is cut out."""
    at: dict[int, int] = {}
    cells: list[int] = []
    for cell in path:
        if cell in at:
            for dropped in cells[at[cell] + 1 :]:
                del at[dropped]
            del cells[at[cell] + 1 :]
        else:
            at[cell] = len(cells)
            cells.append(cell)
    return cells
