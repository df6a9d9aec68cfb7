"""Where names can stand: boxes that touch nothing, on as little ink as can be.

All lengths are points (1/72 inch) from the lower left corner of the frame. Nothing here draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Box", "Ink", "Placer", "Spot", "around"]

# Left, bottom, right, top.
Box = tuple[float, float, float, float]

_CELL = 1.5
# Cartographers' order: upper right is read first, straight left and below last (Imhof 1975).
_COMPASS = (
    (1, 0.3, 0.0), (1, 1, 0.6), (1, -1, 0.9), (-1, 0.3, 1.2), (-1, 1, 1.5), (-1, -1, 1.8),
    (0, 1, 1.0), (0, -1, 1.4),
)  # fmt: skip
# Cost of a box that is all ink of weight 1: a name half hidden is worse than one a little apart.
_COVERED = 12.0
# How far a name may stand from its point, in sizes of letters.
_RINGS = (2.0, 3.2, 4.6, 6.2)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for the lower left corner of a box.

    Parameters
    ----------
    cost : the lower, the better.
    leader : end of a line to what is named, if the box stands apart from it.
    """

    x: float
    y: float
    cost: float = 0.0
    leader: tuple[float, float] | None = None

    def foot(self, size: tuple[float, float]) -> tuple[float, float]:
        """Return the point of the box nearest to what its leader points at."""
        x, y = self.leader or (self.x, self.y)
        right, top = self.x + size[0], self.y + size[1]
        return min(max(x, self.x), right), min(max(y, self.y), top)


class Ink:
    """How much is drawn where: each thing on a grid of its own."""

    def __init__(self, wide: float, high: float) -> None:
        self.wide, self.high = wide, high
        self._shape = int(np.ceil(high / _CELL)) + 1, int(np.ceil(wide / _CELL)) + 1
        self._grids: dict[str, np.ndarray] = {}
        self._sums: dict[str, np.ndarray] = {}

    def add(self, key: str, lines: Iterable[np.ndarray], weight: float = 1.0) -> None:
        """Draw lines, arrays of points of shape (n, 2), for a thing."""
        grid = self._grids.setdefault(key, np.zeros(self._shape))
        kept = [line for line in lines if len(line)]
        if kept:
            cells = np.floor(_samples(kept) / _CELL).astype(int)
            rows, columns = cells[:, 1], cells[:, 0]
            seen = (rows >= 0) & (rows < grid.shape[0]) & (columns >= 0) & (columns < grid.shape[1])
            # A cell crossed twice is no blacker.
            grid[rows[seen], columns[seen]] = weight
        self._sums.clear()

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the things that are drawn."""
        return tuple(self._grids)

    def under(self, box: Box, *, of: Iterable[str] | None = None) -> float:
        """Return how much ink lies under a box, of all things or of some."""
        most_y, most_x = self._shape
        left, bottom, right, top = (floor(side / _CELL) for side in box)
        low, high = min(max(bottom, 0), most_y), min(max(top + 1, 0), most_y)
        near, far = min(max(left, 0), most_x), min(max(right + 1, 0), most_x)
        total = 0.0
        for key in self._grids if of is None else of:
            table = self._table(key)
            both = table[high, far] - table[low, far] - table[high, near] + table[low, near]
            total += float(both)
        return total

    def _table(self, key: str) -> np.ndarray:
        if key not in self._sums:
            grid = self._grids[key]
            table = np.zeros((grid.shape[0] + 1, grid.shape[1] + 1))
            table[1:, 1:] = grid.cumsum(axis=0).cumsum(axis=1)
            self._sums[key] = table
        return self._sums[key]


def _samples(lines: Sequence[np.ndarray]) -> np.ndarray:
    """Return points of lines no farther apart than a cell."""
    xy = np.concatenate(lines)
    steps = np.diff(xy, axis=0)
    counts = np.maximum(np.ceil(np.hypot(*steps.T) / _CELL).astype(int), 1)
    # Nothing is drawn from the end of a line to the start of the next.
    counts[np.cumsum([len(line) for line in lines])[:-1] - 1] = 0
    start = np.repeat(np.arange(len(counts)), counts)
    nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    along = xy[start] + (nth / counts[start])[:, None] * steps[start]
    return np.concatenate([along, xy])


def around(
    at: tuple[float, float], size: tuple[float, float], *, gap: float, far: float = 6.0
) -> list[Spot]:
    """Return the spots for a name beside a point: touching it first, then farther with a leader.

    Parameters
    ----------
    far : size of letters, by which the distances with a leader go.
    """
    x, y = at
    wide, high = size
    found = []
    for dx, dy, cost in _COMPASS:
        left = x + gap if dx > 0 else x - gap - wide if dx < 0 else x - wide / 2
        low = y + gap * 0.6 if dy == 1 else y - gap * 0.6 - high if dy == -1 else y - high / 2
        found.append(Spot(left, low, cost))
    for n, radius in enumerate(_RINGS):
        for angle in np.radians(np.arange(15, 375, 30)):
            end = x + far * radius * np.cos(angle), y + far * radius * np.sin(angle)
            left = end[0] if np.cos(angle) > 0 else end[0] - wide
            spot = Spot(float(left), float(end[1] - high / 2), 4.0 + 1.5 * n, at)
            found.append(spot)
    return found


class Placer:
    """Puts boxes into a frame, none on another."""

    def __init__(self, ink: Ink, *, margin: float = 1.0) -> None:
        self.ink = ink
        self.margin = margin
        self._boxes = np.empty((0, 4))
        self._leaders: list[tuple[float, float, float, float]] = []

    def block(self, box: Box) -> None:
        """Keep a box free of names."""
        self._boxes = np.vstack([self._boxes, box])

    def free(self, box: Box) -> bool:
        """Tell whether a box lies inside the frame and touches nothing placed before."""
        left, bottom, right, top = box
        gap = self.margin
        if left < gap or bottom < gap or right > self.ink.wide - gap or top > self.ink.high - gap:
            return False
        b = self._boxes
        apart = (
            (b[:, 0] >= right + gap)
            | (b[:, 2] <= left - gap)
            | (b[:, 1] >= top + gap)
            | (b[:, 3] <= bottom - gap)
        )
        return bool(apart.all()) and not any(_crosses(line, box) for line in self._leaders)

    def place(
        self,
        spots: Sequence[Spot],
        size: tuple[float, float],
        *,
        limit: float = np.inf,
        own: str | None = None,
    ) -> Spot | None:
        """Return the best spot for a box and block it; None if no spot is free.

        Parameters
        ----------
        limit : a spot that costs more is none.
        own : the thing whose ink the box may cover.
        """
        wide, high = size
        best: Spot | None = None
        least = limit
        others = [key for key in self.ink.keys if key != own]
        # Ink costs by how much of the box it covers.
        per_ink = _COVERED * _CELL**2 / max(wide * high, 1.0)
        for spot in sorted(spots, key=lambda one: one.cost):
            if spot.cost >= least:
                break
            box = (spot.x, spot.y, spot.x + wide, spot.y + high)
            if not self.free(box) or not self._reachable(spot, box):
                continue
            cost = spot.cost + per_ink * self.ink.under(box, of=others)
            if cost < least:
                best, least = spot, cost
        if best is not None:
            self.block((best.x, best.y, best.x + wide, best.y + high))
            if best.leader is not None:
                self._leaders.append((*best.leader, *best.foot(size)))
        return best

    def _reachable(self, spot: Spot, box: Box) -> bool:
        if spot.leader is None:
            return True
        wide, high = box[2] - box[0], box[3] - box[1]
        end = spot.foot((wide, high))
        # The leader begins at the point's own mark, which is blocked.
        x, y = spot.leader
        away = max(np.hypot(end[0] - x, end[1] - y), 1e-9)
        clear = x + 3 * (end[0] - x) / away, y + 3 * (end[1] - y) / away
        if any(_meet((x, y, *end), one) for one in self._leaders):
            return False
        return not any(_crosses((*clear, *end), tuple(one)) for one in self._boxes)


def _meet(one: Box, two: Box) -> bool:
    """Tell whether two straight lines cross."""

    def side(line: Box, x: float, y: float) -> float:
        return (line[2] - line[0]) * (y - line[1]) - (line[3] - line[1]) * (x - line[0])

    return (
        side(one, *two[:2]) * side(one, *two[2:]) <= 0
        and side(two, *one[:2]) * side(two, *one[2:]) <= 0
    )


def _crosses(line: tuple[float, float, float, float], box: Sequence[float]) -> bool:
    """Tell whether a straight line and a box have a point in common (Liang and Barsky 1984)."""
    x0, y0, x1, y1 = line
    begin, end = 0.0, 1.0
    for start, step, low, high in ((x0, x1 - x0, box[0], box[2]), (y0, y1 - y0, box[1], box[3])):
        if step == 0.0:
            if not low <= start <= high:
                return False
            continue
        one, other = sorted(((low - start) / step, (high - start) / step))
        begin, end = max(begin, one), min(end, other)
    return begin <= end
