"""Where labels can stand: boxes that touch nothing, over as little of the drawing as can be.

All lengths are points (1/72 inch) from the lower left corner of the frame. Nothing here draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, radians, sin
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Box", "LabelRequest", "Occupancy", "Placer", "Spot", "spots_around"]

# Left, bottom, right, top.
Box = tuple[float, float, float, float]

# Side of a cell of the occupancy grids, in points.
_CELL_PT = 1.5
# Position of a label relative to its point, to the right and up, and its cost. Cartographers'
# order: upper right is read first, straight left and below last (Imhof 1975).
_COMPASS = (
    (1, 0.3, 0.0), (1, 1, 0.6), (1, -1, 0.9), (-1, 0.3, 1.2), (-1, 1, 1.5), (-1, -1, 1.8),
    (0, 1, 1.0), (0, -1, 1.4),
)  # fmt: skip
# The same for boxes over and under the point that are moved along, by parts of half their width.
_SHIFTED = ((0.5, 1, 1.1), (-0.5, 1, 1.3), (0.5, -1, 1.6), (-0.5, -1, 1.9))
# Beside a line that runs by the point there is more room a little farther off: by how many gaps,
# and what it costs (assumptions).
_FARTHER, _COST_FARTHER = 1.0, 1.5
# Cost of a box whose cells are all drawn on with weight 1: a name half hidden is worse than one a
# little apart.
_COST_COVERED = 12.0
# Lines of the first weight or more are those of routes, which no leader should cross; of lines of
# the second or more, which are layers of the map and not of its basemap, halos should cut none.
_ROUTE_WEIGHT, _LAYER_WEIGHT = 6.0, 3.0
# Cost of a box that touches the stroke of a route, as much as that of the farthest spot: only those
# labels bear it that the map would be poor without, as the last resort; and of a box or a leader
# that touches another stroke, such as a road behind the routes or the outline of an area.
COST_CUT, _COST_TOUCHED = 14.0, 1.2
# Cost of a leader that crosses a route, which only what has no limit bears: a number of the legend,
# without which its line would have no name.
_COST_CROSSED = 30.0
# Detail of a stroke that is finer than this, in points, is not seen beside a letter.
_FINEST_PT = 0.1
# Sums of weights below this are rounding.
_NOTHING = 1e-6
# Key of the sum of all that is drawn, unlike any id.
_ALL = "\0all"
# Directions of labels with a leader, as cosine and sine.
_DIRECTIONS = [(cos(radians(angle)), sin(radians(angle))) for angle in range(15, 375, 30)]
# Spots that are tested in one call of numpy.
_BATCH = 48
# Distances of labels with a leader from their point, in sizes of letters.
_RADII = (2.0, 3.2, 4.6, 6.2)
# Cost of a label on the nearest of these rings, and of each ring farther out (assumptions): more
# than that of any position that needs no leader.
_COST_RING, _COST_NEXT_RING = 4.0, 1.5


class Spot(NamedTuple):
    """A position of the lower left corner of a box.

    Parameters
    ----------
    cost : the lower, the better.
    leader : the point from which a leader line runs to the box; None if the box needs none.
    """

    x: float
    y: float
    cost: float = 0.0
    leader: tuple[float, float] | None = None

    def box(self, size: tuple[float, float]) -> Box:
        """Return the box of a width and height that stands here."""
        return self.x, self.y, self.x + size[0], self.y + size[1]

    def leader_end(self, size: tuple[float, float]) -> tuple[float, float]:
        """Return where the leader meets the box: its point nearest to the leader's start."""
        x, y = self.leader or (self.x, self.y)
        right, top = self.x + size[0], self.y + size[1]
        return min(max(x, self.x), right), min(max(y, self.y), top)


class Occupancy:
    """What is drawn where in a frame: a grid of weights for each thing drawn."""

    def __init__(self, width_pt: float, height_pt: float) -> None:
        self.width_pt, self.height_pt = width_pt, height_pt
        self._shape = int(np.ceil(height_pt / _CELL_PT)) + 1, int(np.ceil(width_pt / _CELL_PT)) + 1
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
            cells = np.floor(_samples(drawn) / _CELL_PT).astype(int)
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
        reach = self._strokes.widest_pt / 2 + _CELL_PT
        wider = boxes + np.array([-reach, -reach, reach, reach])
        return np.asarray(self._under(wider, _ALL) > _NOTHING)

    def _under(self, boxes: np.ndarray, key: str) -> np.ndarray:
        """Return the sum of the weights of a thing's cells under each box."""
        row_count, column_count = self._shape
        left, bottom, right, top = np.floor(boxes.T / _CELL_PT).astype(int)
        first_row, end_row = np.clip((bottom, top + 1), 0, row_count)
        first, end = np.clip((left, right + 1), 0, column_count)
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
        simple = shapely.simplify(
            [shapely.linestrings(line) for line in long], _FINEST_PT, preserve_topology=False
        )
        courses = [shapely.get_coordinates(line) for line in simple]
        new = [np.hstack([xy[:-1], xy[1:]]) for xy in courses]
        keys = self.keys if key in self.keys else (*self.keys, key)
        pieces = np.concatenate(new)
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
        widest = self.widest_pt / 2
        nth, piece = self.trees[0].query(shapes, predicate="dwithin", distance=widest)
        keys, weight, half = self.looks[piece].T
        if (half < widest).any():
            off = shapely.distance(shapes[nth], self.trees[0].geometries[piece])
            near = off <= half
            nth, keys, weight = nth[near], keys[near], weight[near]
        if own_key in self.keys:
            others = keys != self.keys.index(own_key)
            nth, weight = nth[others], weight[others]
        np.maximum.at(weights, nth, weight)
        return weights


def _samples(lines: Sequence[np.ndarray]) -> np.ndarray:
    """Return points of lines no farther apart than a cell."""
    xy = np.concatenate(lines)
    steps = np.diff(xy, axis=0)
    counts = np.maximum(np.ceil(np.hypot(*steps.T) / _CELL_PT).astype(int), 1)
    # Nothing is drawn from the end of a line to the start of the next.
    counts[np.cumsum([len(line) for line in lines])[:-1] - 1] = 0
    start = np.repeat(np.arange(len(counts)), counts)
    nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    along = xy[start] + (nth / counts[start])[:, None] * steps[start]
    return np.concatenate([along, xy])


def spots_around(
    point: tuple[float, float],
    size: tuple[float, float],
    *,
    gap: float,
    text_pt: float = 6.0,
) -> list[Spot]:
    """Return the spots for a label of a point: beside it first, then farther with a leader.

    Parameters
    ----------
    size : width and height of the label's box.
    gap : between the point and a box beside it.
    text_pt : size of letters, which the distances of boxes with a leader are multiples of.
    """
    x, y = point
    width, height = size
    spots = []
    for dx, dy, cost in _COMPASS:
        left = x + gap if dx > 0 else x - gap - width if dx < 0 else x - width / 2
        bottom = (
            y + gap * 0.6 if dy == 1 else y - gap * 0.6 - height if dy == -1 else y - height / 2
        )
        spots.append(Spot(left, bottom, cost))
    nearest = len(spots)
    for along, side, cost in _SHIFTED:
        bottom = y + gap * 0.6 if side > 0 else y - gap * 0.6 - height
        spots.append(Spot(x + (along - 1) * width / 2, bottom, cost))
    for (dx, dy, _), spot in zip(_COMPASS, spots[:nearest], strict=True):
        off = _FARTHER * gap
        spots.append(Spot(spot.x + off * dx, spot.y + off * dy, spot.cost + _COST_FARTHER))
    for n, radius in enumerate(_RADII):
        cost = _COST_RING + _COST_NEXT_RING * n
        for across, up in _DIRECTIONS:
            left = x + text_pt * radius * across - (0.0 if across > 0 else width)
            spots.append(Spot(left, y + text_pt * radius * up - height / 2, cost, point))
    return spots


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRequest:
    """A box that looks for a spot.

    Parameters
    ----------
    limit : spots that cost this or more are not taken.
    own_key : key of the thing whose drawing the box may cover at no cost.
    """

    spots: Sequence[Spot]
    size: tuple[float, float]
    limit: float = np.inf
    own_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """The spots of a request, the cheapest first.

    Parameters
    ----------
    boxes : at each spot, shape (n, 4).
    leaders : x and y of both ends of each spot's leader, shape (n, 4); not a number without one.
    """

    spots: Sequence[Spot]
    boxes: np.ndarray
    leaders: np.ndarray


class Placer:
    """Puts boxes into a frame so that none overlaps another.

    Parameters
    ----------
    margin : between two boxes, and between a box and the frame.
    """

    def __init__(self, occupancy: Occupancy, *, margin: float = 1.0) -> None:
        self.occupancy = occupancy
        self.margin = margin
        self._boxes = np.empty((0, 4))
        self._leaders = np.empty((0, 4))

    def block(self, box: Box | np.ndarray) -> None:
        """Keep a box free of labels."""
        self._boxes = np.vstack([self._boxes, box])

    def free(self, box: Box) -> bool:
        """Tell whether a box lies inside the frame and touches nothing placed before."""
        return bool(self._free(np.array([box]))[0])

    def _free(self, boxes: np.ndarray) -> np.ndarray:
        gap = self.margin
        left, bottom, right, top = boxes.T
        inside = (left >= gap) & (bottom >= gap)
        inside &= (right <= self.occupancy.width_pt - gap) & (top <= self.occupancy.height_pt - gap)
        new, placed = boxes[:, None], self._boxes[None]
        apart = (placed[..., :2] >= new[..., 2:] + gap) | (placed[..., 2:] <= new[..., :2] - gap)
        clear = np.all(np.any(apart, axis=2), axis=1)
        crossed = _lines_touch_boxes(self._leaders, self._widened(boxes)).any(axis=0)
        return np.asarray(inside & clear & ~crossed)

    def _widened(self, boxes: np.ndarray) -> np.ndarray:
        """Return boxes with the margin that leaders keep to them."""
        gap = 0.5 * self.margin
        return np.asarray(np.add(boxes, (-gap, -gap, gap, gap)))

    def place(
        self,
        spots: Sequence[Spot],
        size: tuple[float, float],
        *,
        limit: float = np.inf,
        own_key: str | None = None,
    ) -> Spot | None:
        """Return the cheapest free spot for a box and block it; None if no spot is free.

        The cost of a spot is its own and that of what the box covers there.

        Parameters
        ----------
        limit : spots that cost this or more are not taken.
        own_key : key of the thing whose drawing the box may cover at no cost.
        """
        request = LabelRequest(spots=spots, size=size, limit=limit, own_key=own_key)
        return self._place(self._ranked(request))

    def place_all(self, requests: Sequence[LabelRequest], *, tries: int = 16) -> list[Spot | None]:
        """Return spots for boxes that crowd each other, as `place` does, and block them.

        Each try places the boxes in an order; those that were left without a spot come first in
        the next. The result is that of the try that leaves out the fewest.
        """
        before = self._boxes, self._leaders
        best: dict[int, Spot | None] = {}
        best_state, fewest = before, len(requests) + 1
        # What a spot costs does not depend on what else is placed, only whether it is free.
        ranked = [self._ranked(request) for request in requests]
        order = list(range(len(requests)))
        for _ in range(tries):
            self._boxes, self._leaders = before
            spots = {n: self._place(ranked[n]) for n in order}
            left_out = [n for n in order if spots[n] is None]
            if len(left_out) < fewest:
                best, best_state = spots, (self._boxes, self._leaders)
                fewest = len(left_out)
            if not left_out:
                break
            order = left_out + [n for n in order if n not in left_out]
        self._boxes, self._leaders = best_state
        return [best[n] for n in range(len(requests))]

    def _ranked(self, request: LabelRequest) -> _Ranked:
        """Return the spots of a request that cost less than its limit, the cheapest first."""
        size = request.size
        if not len(request.spots):
            return _Ranked(spots=[], boxes=np.empty((0, 4)), leaders=np.empty((0, 4)))
        corners = np.array([spot[:2] for spot in request.spots], dtype=float)
        costs = np.array([spot.cost for spot in request.spots], dtype=float)
        boxes = np.hstack([corners, corners + size])
        # What is covered costs by its part of the box.
        cost_per_weight = _COST_COVERED * _CELL_PT**2 / max(size[0] * size[1], 1.0)
        covered = self.occupancy.beneath(boxes, own_key=request.own_key)
        total = costs + cost_per_weight * covered
        # The start of a leader; of a spot that needs none, not a number.
        starts = np.array([spot.leader or (np.nan, np.nan) for spot in request.spots], dtype=float)
        ends = np.clip(starts, corners, corners + size)
        leaders = np.hstack([starts, ends])
        # What could not be taken at its own cost need not be tested against strokes.
        near = np.flatnonzero(total < request.limit)
        total[near] += _cost_of(self.occupancy.cut(boxes[near], own_key=request.own_key), COST_CUT)
        led = np.flatnonzero((total < request.limit) & ~np.isnan(starts[:, 0]))
        total[led] += _cost_of(self.occupancy.crossed(_beyond_mark(leaders[led])), _COST_CROSSED)
        # Of equal spots the one that costs less by itself is taken, then the first.
        order = np.lexsort((costs, total))
        order = order[total[order] < request.limit]
        return _Ranked(
            spots=[request.spots[n] for n in order.tolist()],
            boxes=boxes[order],
            leaders=leaders[order],
        )

    def _place(self, ranked: _Ranked) -> Spot | None:
        """Return the first free spot and block it; None if none is free."""
        # The search mostly ends in the first batch, so the rest is tested only if needed.
        for begin in range(0, len(ranked.spots), _BATCH):
            boxes = ranked.boxes[begin : begin + _BATCH]
            leaders = ranked.leaders[begin : begin + _BATCH]
            fits = self._free(boxes)
            led = fits & ~np.isnan(leaders[:, 0])
            fits[led] = self._reachable(leaders[led])
            if fits.any():
                first = int(np.argmax(fits))
                self.block(boxes[first])
                if led[first]:
                    self._leaders = np.vstack([self._leaders, leaders[first]])
                return ranked.spots[begin + first]
        return None

    def _reachable(self, leaders: np.ndarray) -> np.ndarray:
        """Tell which leaders touch no other leader and no box."""
        crossed = _lines_cross(leaders, self._leaders).any(axis=1)
        beyond_mark, boxes = _beyond_mark(leaders), self._widened(self._boxes)
        blocked = _lines_touch_boxes(beyond_mark, boxes).any(axis=1)
        return np.asarray(~crossed & ~blocked)


def _cost_of(weights: np.ndarray, of_route: float) -> np.ndarray:
    """Return what it costs to touch strokes of the weights given, 0 for none."""
    return np.where(weights >= _ROUTE_WEIGHT, of_route, np.where(weights > 0, _COST_TOUCHED, 0.0))


def _beyond_mark(leaders: np.ndarray) -> np.ndarray:
    """Return leaders without the 3 points that lie on the mark of what is named."""
    start, end = leaders[:, :2], leaders[:, 2:]
    length = np.maximum(np.hypot(*(end - start).T), 1e-9)[:, None]
    return np.hstack([start + np.minimum(3.0, length) * (end - start) / length, end])


def _lines_cross(lines: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Tell for each straight line and each other whether they cross.

    Lines are rows of x and y of both ends; the result has shape (lines, others).
    """

    def side(line: np.ndarray, point: np.ndarray) -> np.ndarray:
        """Return the cross product whose sign tells on which side of a line a point lies."""
        step, offset = line[..., 2:] - line[..., :2], point - line[..., :2]
        product: np.ndarray = step[..., 0] * offset[..., 1] - step[..., 1] * offset[..., 0]
        return product

    a, b = lines[:, None], others[None]
    cross: np.ndarray = (side(a, b[..., :2]) * side(a, b[..., 2:]) <= 0) & (
        side(b, a[..., :2]) * side(b, a[..., 2:]) <= 0
    )
    return cross


def _lines_touch_boxes(lines: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Tell for each straight line and each box whether they touch (Liang and Barsky 1984).

    Lines are rows of x and y of both ends; the result has shape (lines, boxes).
    """
    start, step = lines[:, None, :2], lines[:, None, 2:] - lines[:, None, :2]
    # A line parallel to a side enters the box infinitely early and leaves it infinitely late.
    step = np.where(step == 0.0, 1e-12, step)
    at_low, at_high = (boxes[None, :, :2] - start) / step, (boxes[None, :, 2:] - start) / step
    enter = np.minimum(at_low, at_high).max(axis=2, initial=0.0)
    leave = np.maximum(at_low, at_high).min(axis=2, initial=1.0)
    touch: np.ndarray = enter <= leave
    return touch
