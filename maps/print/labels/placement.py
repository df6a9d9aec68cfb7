"""Where names can stand: boxes that touch nothing, on as little ink as can be.

All lengths are points (1/72 inch) from the lower left corner of the frame. Nothing here draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Box", "LabelRequest", "Occupancy", "Placer", "Spot", "around"]

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
# Spots that are tried in one go.
_AT_ONCE = 48
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

    def box(self, size: tuple[float, float]) -> Box:
        """Return the box here."""
        return self.x, self.y, self.x + size[0], self.y + size[1]

    def foot(self, size: tuple[float, float]) -> tuple[float, float]:
        """Return the point of the box nearest to what its leader points at."""
        x, y = self.leader or (self.x, self.y)
        right, top = self.x + size[0], self.y + size[1]
        return min(max(x, self.x), right), min(max(y, self.y), top)


class Occupancy:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRequest:
    """A box that looks for a place.

    Parameters
    ----------
    limit : a spot that costs more is none.
    own : the thing whose ink the box may cover.
    """

    spots: Sequence[Spot]
    size: tuple[float, float]
    limit: float = np.inf
    own: str | None = None


class Placer:
    """Puts boxes into a frame, none on another."""

    def __init__(self, ink: Occupancy, *, margin: float = 1.0) -> None:
        self.ink = ink
        self.margin = margin
        self._boxes = np.empty((0, 4))
        self._leaders = np.empty((0, 4))

    def block(self, box: Box) -> None:
        """Keep a box free of names."""
        self._boxes = np.vstack([self._boxes, box])

    def free(self, box: Box) -> bool:
        """Tell whether a box lies inside the frame and touches nothing placed before."""
        return bool(self._free(np.array([box]))[0])

    def _free(self, boxes: np.ndarray) -> np.ndarray:
        gap = self.margin
        left, bottom, right, top = boxes.T
        inside = (left >= gap) & (bottom >= gap)
        inside &= (right <= self.ink.wide - gap) & (top <= self.ink.high - gap)
        one, other = boxes[:, None], self._boxes[None]
        apart = (other[..., :2] >= one[..., 2:] + gap) | (other[..., 2:] <= one[..., :2] - gap)
        clear = np.all(np.any(apart, axis=2), axis=1)
        crossed = _cross(self._leaders, self._wider(boxes)).any(axis=0)
        return np.asarray(inside & clear & ~crossed)

    def _wider(self, boxes: np.ndarray) -> np.ndarray:
        """Return boxes with what a leader keeps off them."""
        gap = 0.5 * self.margin
        return np.asarray(np.add(boxes, (-gap, -gap, gap, gap)))

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
        best: Spot | None = None
        least = limit
        others = [key for key in self.ink.keys if key != own]
        # Ink costs by how much of the box it covers.
        per_ink = _COVERED * _CELL**2 / max(size[0] * size[1], 1.0)
        for spot in self._fitting(spots, size):
            if spot.cost >= least:
                break
            cost = spot.cost + per_ink * self.ink.under(spot.box(size), of=others)
            if cost < least:
                best, least = spot, cost
        if best is not None:
            self.block(best.box(size))
            if best.leader is not None:
                self._leaders = np.vstack([self._leaders, (*best.leader, *best.foot(size))])
        return best

    def place_all(self, wishes: Sequence[LabelRequest], *, tries: int = 16) -> list[Spot | None]:
        """Return spots for boxes that crowd each other, as `place` does, and block them.

        Boxes that found none come first at the next try; the try that leaves out the fewest holds.
        """
        begun = self._boxes, self._leaders
        best: dict[int, Spot | None] = {}
        held, fewest = begun, len(wishes) + 1
        order = list(range(len(wishes)))
        for _ in range(tries):
            self._boxes, self._leaders = begun
            found = {}
            for n in order:
                one = wishes[n]
                found[n] = self.place(one.spots, one.size, limit=one.limit, own=one.own)
            lost = [n for n in order if found[n] is None]
            if len(lost) < fewest:
                best, held, fewest = found, (self._boxes, self._leaders), len(lost)
            if not lost:
                break
            order = lost + [n for n in order if n not in lost]
        self._boxes, self._leaders = held
        return [best[n] for n in range(len(wishes))]

    def _fitting(self, spots: Sequence[Spot], size: tuple[float, float]) -> Iterator[Spot]:
        """Yield the spots where box and leader touch nothing, the cheapest first."""
        ranked = sorted(spots, key=lambda one: one.cost)
        # Most searches end early, so spots are tried some at a time.
        for some in (ranked[n : n + _AT_ONCE] for n in range(0, len(ranked), _AT_ONCE)):
            fits = self._free(np.array([spot.box(size) for spot in some]))
            led = [n for n, spot in enumerate(some) if fits[n] and spot.leader is not None]
            fits[led] = self._reachable([some[n] for n in led], size)
            yield from (spot for spot, fit in zip(some, fits, strict=True) if fit)

    def _reachable(self, spots: Sequence[Spot], size: tuple[float, float]) -> np.ndarray:
        """Tell which leaders touch no other leader and no box."""
        lines = np.array([(*spot.leader, *spot.foot(size)) for spot in spots if spot.leader])
        lines = lines.reshape(-1, 4)
        begin, end = lines[:, :2], lines[:, 2:]
        away = np.maximum(np.hypot(*(end - begin).T), 1e-9)[:, None]
        # The leader begins at the point's own mark, which is blocked.
        clear = np.hstack([begin + 3 * (end - begin) / away, end])
        met = _meet(lines, self._leaders).any(axis=1)
        crossed = _cross(clear, self._wider(self._boxes)).any(axis=1)
        return np.asarray(~met & ~crossed)


def _meet(lines: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Tell for each straight line and each other whether they cross."""

    def side(line: np.ndarray, at: np.ndarray) -> np.ndarray:
        step, from_start = line[..., 2:] - line[..., :2], at - line[..., :2]
        found: np.ndarray = step[..., 0] * from_start[..., 1] - step[..., 1] * from_start[..., 0]
        return found

    one, two = lines[:, None], others[None]
    found: np.ndarray = (side(one, two[..., :2]) * side(one, two[..., 2:]) <= 0) & (
        side(two, one[..., :2]) * side(two, one[..., 2:]) <= 0
    )
    return found


def _cross(lines: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Tell for each straight line and each box whether they touch (Liang and Barsky 1984)."""
    start, step = lines[:, None, :2], lines[:, None, 2:] - lines[:, None, :2]
    # Along a side of the box a line enters infinitely early and leaves infinitely late.
    step = np.where(step == 0.0, 1e-12, step)
    one, other = (boxes[None, :, :2] - start) / step, (boxes[None, :, 2:] - start) / step
    begin = np.minimum(one, other).max(axis=2, initial=0.0)
    end = np.maximum(one, other).min(axis=2, initial=1.0)
    found: np.ndarray = begin <= end
    return found
