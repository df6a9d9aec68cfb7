"""What is drawn where in the frame of a map, for labels that keep off it.

All lengths are points (1/72 inch) from the lower left corner of the frame. Nothing here draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["CELL_PT", "Box", "Occupancy"]

# Left, bottom, right, top.
Box = tuple[float, float, float, float]

# Side of a cell of the grids.
CELL_PT = 1.5
# Lines of this weight or more are layers of the map and not of its basemap: halos should cut none.
_LAYER_WEIGHT = 3.0
# Detail of a stroke that is finer than this is not seen beside a letter.
_FINEST_PT = 0.1
# Sums of weights below this are rounding.
_NOTHING = 1e-6
# Key of the sum of all that is drawn, unlike any id.
_ALL = "\0all"


class Occupancy:
    """What is drawn where in a frame: a grid of weights for each thing drawn."""

    def __init__(self, width_pt: float, height_pt: float) -> None:
        self.width_pt, self.height_pt = width_pt, height_pt
        self._shape = int(np.ceil(height_pt / CELL_PT)) + 1, int(np.ceil(width_pt / CELL_PT)) + 1
        self._grids: dict[str, np.ndarray] = {}
        self._sums: dict[str, np.ndarray] = {}
        self._strokes = _Strokes()

    def add(
        self,
        key: str,
        lines: Iterable[np.ndarray],
        weight: float = 1.0,
        *,
        stroke_pt: float = 0.0,
    ) -> None:
        """Draw lines, arrays of points of shape (n, 2), for a thing.

        Parameters
        ----------
        stroke_pt : width of their strokes.
        """
        grid = self._grids.setdefault(key, np.zeros(self._shape))
        drawn = [line for line in lines if len(line)]
        if weight >= _LAYER_WEIGHT:
            self._strokes = self._strokes.with_lines(key, drawn, weight, stroke_pt)
        if drawn:
            cells = np.floor(_samples(drawn) / CELL_PT).astype(int)
            rows, columns = cells[:, 1], cells[:, 0]
            seen = (rows >= 0) & (rows < grid.shape[0]) & (columns >= 0) & (columns < grid.shape[1])
            # A cell that is crossed twice counts once.
            grid[rows[seen], columns[seen]] = weight
        self._sums.clear()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of the things that are drawn."""
        return tuple(self._grids)

    def under(self, box: Box, *, of: Iterable[str] | None = None) -> float:
        """Return the sum of the weights of the cells under a box, of all things or of some."""
        keys = [_ALL] if of is None else of
        return float(sum(self._under(np.array([box]), key)[0] for key in keys))

    def beneath(self, boxes: np.ndarray, *, own_key: str | None = None) -> np.ndarray:
        """Return the sums of the weights of the cells under boxes, of all things but one's own.

        Parameters
        ----------
        boxes : left, bottom, right and top of each, shape (n, 4).
        own_key : key of the thing that is not counted; it may have nothing drawn.
        """
        weights = self._under(boxes, _ALL)
        return weights - self._under(boxes, own_key) if own_key in self._grids else weights

    def cut(self, boxes: np.ndarray, *, own_key: str | None = None) -> np.ndarray:
        """Return the greatest weight of the strokes that each box touches, 0 if it touches none.

        Parameters
        ----------
        boxes : left, bottom, right and top of each, shape (n, 4).
        own_key : key of the thing whose strokes do not count.
        """
        weights = np.zeros(len(boxes))
        near = self._near_ink(boxes)
        weights[near] = self._strokes.touching(shapely.box(*boxes[near].T), own_key)
        return weights

    def crossed(self, lines: np.ndarray) -> np.ndarray:
        """Return the greatest weight of the strokes that each straight line crosses.

        Parameters
        ----------
        lines : rows of x and y of both ends.
        """
        weights = np.zeros(len(lines))
        ends = lines.reshape(-1, 2, 2)
        near = self._near_ink(np.hstack([ends.min(axis=1), ends.max(axis=1)]))
        weights[near] = self._strokes.touching(shapely.linestrings(ends[near]), None)
        return weights

    def _near_ink(self, boxes: np.ndarray) -> np.ndarray:
        """Tell which boxes come so near to anything drawn that they may touch a stroke of it."""
        reach = self._strokes.widest_pt / 2 + CELL_PT
        wider = boxes + np.array([-reach, -reach, reach, reach])
        return np.asarray(self._under(wider, _ALL) > _NOTHING)

    def _under(self, boxes: np.ndarray, key: str) -> np.ndarray:
        """Return the sum of the weights of a thing's cells under each box."""
        row_count, column_count = self._shape
        left, bottom, right, top = np.floor(boxes.T / CELL_PT).astype(int)
        first_row, end_row = (_within(rows, row_count) for rows in (bottom, top + 1))
        first, end = (_within(columns, column_count) for columns in (left, right + 1))
        table = self._summed(key)
        weights: np.ndarray = (
            table[end_row, end]
            - table[first_row, end]
            - table[end_row, first]
            + table[first_row, first]
        )
        return weights

    def _summed(self, key: str) -> np.ndarray:
        """Return the summed-area table of a thing's grid; its first row and column are zero."""
        if key not in self._sums:
            table = np.zeros((self._shape[0] + 1, self._shape[1] + 1))
            for grid in self._grids.values() if key == _ALL else [self._grids[key]]:
                table[1:, 1:] += grid
            np.cumsum(table, axis=0, out=table)
            np.cumsum(table, axis=1, out=table)
            self._sums[key] = table
        return self._sums[key]


@dataclass(frozen=True, slots=True)
class _Strokes:
    """Straight pieces of lines with the widths of their pens.

    Parameters
    ----------
    keys : of the things that are drawn.
    pieces : x and y of both ends of each piece, shape (n, 4).
    looks : of each piece the index of its key, its weight and half its width, shape (n, 3).
    """

    keys: tuple[str, ...] = ()
    pieces: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))
    looks: np.ndarray = field(default_factory=lambda: np.empty((0, 3)))
    trees: list[Any] = field(default_factory=list)

    def with_lines(
        self, key: str, lines: Sequence[np.ndarray], weight: float, width_pt: float
    ) -> _Strokes:
        """Return these strokes and those of more lines."""
        long = [line for line in lines if len(line) > 1]
        if not long:
            return self
        counts = [len(line) for line in long]
        courses = shapely.linestrings(
            np.concatenate(long), indices=np.repeat(np.arange(len(long)), counts)
        )
        xy, nth = shapely.get_coordinates(
            shapely.simplify(courses, _FINEST_PT, preserve_topology=False), return_index=True
        )
        # Nothing is drawn from the end of a line to the start of the next.
        pieces = np.hstack([xy[:-1], xy[1:]])[nth[:-1] == nth[1:]]
        keys = self.keys if key in self.keys else (*self.keys, key)
        look = np.array([[keys.index(key), weight, width_pt / 2]])
        return _Strokes(
            keys,
            np.concatenate([self.pieces, pieces]),
            np.concatenate([self.looks, np.repeat(look, len(pieces), axis=0)]),
        )

    @property
    def widest_pt(self) -> float:
        """Return the width of the widest stroke, 0 without any."""
        return 2 * float(self.looks[:, 2].max(initial=0.0))

    def touching(self, shapes: np.ndarray, own_key: str | None) -> np.ndarray:
        """Return the greatest weight of the strokes that each shape touches, 0 without any."""
        weights = np.zeros(len(shapes))
        if not len(self.pieces):
            return weights
        if not self.trees:
            # Made when it is first asked for: lines are added one thing after another.
            self.trees.append(shapely.STRtree(shapely.linestrings(self.pieces.reshape(-1, 2, 2))))
        reach = self.widest_pt / 2
        around = shapely.bounds(shapes) + np.array([-reach, -reach, reach, reach])
        # The tree finds what may be near: its own measure of distances takes twice the time.
        nth, piece = self.trees[0].query(shapely.box(*around.T))
        if own_key in self.keys:
            others = self.looks[piece, 0] != self.keys.index(own_key)
            nth, piece = nth[others], piece[others]
        off = shapely.distance(shapes[nth], self.trees[0].geometries[piece])
        near = off <= self.looks[piece, 2]
        np.maximum.at(weights, nth[near], self.looks[piece[near], 1])
        return weights


def _within(cells: np.ndarray, count: int) -> np.ndarray:
    """Return indices of cells, those beyond an end of the grid at that end."""
    return np.asarray(np.minimum(np.maximum(cells, 0), count))


def _samples(lines: Sequence[np.ndarray]) -> np.ndarray:
    """Return points of lines no farther apart than a cell."""
    xy = np.concatenate(lines)
    steps = np.diff(xy, axis=0)
    counts = np.maximum(np.ceil(np.hypot(*steps.T) / CELL_PT).astype(int), 1)
    # Nothing is drawn from the end of a line to the start of the next.
    counts[np.cumsum([len(line) for line in lines])[:-1] - 1] = 0
    start = np.repeat(np.arange(len(counts)), counts)
    nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    along = xy[start] + (nth / counts[start])[:, None] * steps[start]
    return np.concatenate([along, xy])
