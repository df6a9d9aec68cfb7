"""Where labels can stand: boxes that touch nothing, over as little of the drawing as can be.

All lengths are points (1/72 inch) from the lower left corner of the frame. Nothing here draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import cos, isnan, nan, radians, sin
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from maps.print.labels.occupancy import CELL_PT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from maps.print.labels.occupancy import Box, Occupancy

__all__ = [
    "OUTLINE_WEIGHT",
    "ROUTE_WEIGHT",
    "LabelRequest",
    "Placer",
    "Spot",
    "Spots",
    "spots_around",
]

# Position of a label relative to its point, to the right and up, and its cost. Cartographers'
# order: upper right is read first, straight left and below last (Imhof 1975).
_COMPASS = (
    (1, 0.3, 0.0), (1, 1, 0.6), (1, -1, 0.9), (-1, 0.3, 1.2), (-1, 1, 1.5), (-1, -1, 1.8),
    (0, 1, 1.0), (0, -1, 1.4),
)  # fmt: skip
# The same for boxes over and under the point that are moved along, by parts of half their width.
_SHIFTED = ((0.5, 1, 1.1), (-0.5, 1, 1.3), (0.5, -1, 1.6), (-0.5, -1, 1.9))
# More of them, for a map of areas, whose outlines leave few boxes free.
_SHIFTED_MORE = tuple(
    (along, side, 1.2 + 0.1 * (along < 0) + 0.5 * (side < 0))
    for side in (1, -1)
    for along in (0.25, 0.75, 0.9, -0.25, -0.75, -0.9)
)
# Beside a line that runs by the point there is more room a little farther off: by how many gaps,
# and what it costs (assumptions).
_FARTHER, _COST_FARTHER = 1.0, 1.5
# Cost of a box whose cells are all drawn on with weight 1: a name half hidden is worse than one a
# little apart.
_COST_COVERED = 12.0
# How much it costs a label to cover a line of the subject, whose course its halo would cut, and
# which no leader should cross; and the outline of an area, such as a strip. What is drawn behind
# them weighs less.
ROUTE_WEIGHT, OUTLINE_WEIGHT = 6.0, 3.1
# Cost of a box that touches the stroke of a route, as much as that of the farthest spot: only those
# labels bear it that the map would be poor without, as the last resort; of one that touches the
# outline of an area, more than that of the nearest spots with a leader; and of a box that touches
# another stroke, such as a road behind the routes, or a leader that crosses one, or an outline.
COST_CUT, _COST_OUTLINE, _COST_TOUCHED = 14.0, 11.0, 1.2
# Cost of a leader that crosses a route, which only what has no limit bears: a number of the legend,
# without which its line would have no name.
_COST_CROSSED = 30.0
# Cost of a leader, whose halo hides an outline that it runs along, for each point of it that lies
# so near, in points; one that crosses an outline has one or two such points of the eight.
# Assumptions.
_COST_ALONG, _HIDES_PT = 0.8, 1.5
_PROBES = (np.arange(8) + 0.5) / 8
# Directions of labels with a leader, as cosine and sine.
_DIRECTIONS = np.array([(cos(radians(angle)), sin(radians(angle))) for angle in range(15, 375, 30)])
_DIRECTIONS_MORE = np.array([(cos(radians(a)), sin(radians(a))) for a in range(0, 360, 15)])
# The start of a leader that there is not.
_NOWHERE = nan, nan
# Spots that are tested in one call of numpy.
_BATCH = 48
# Distances of labels with a leader from their point, in sizes of letters.
_RADII = (2.0, 3.2, 4.6, 6.2)
_RADII_MORE = (*_RADII, 8.0, 10.0)
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


class Spots:
    """Many spots as one array: a figure tries some ten thousand.

    Parameters
    ----------
    rows : x, y, cost, and x and y of the leader's start of each, shape (n, 5); a spot that needs no
        leader has no number there.
    """

    __slots__ = ("rows",)

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows

    @classmethod
    def of(cls, spots: Spots | Sequence[Spot]) -> Spots:
        """Return spots as one array."""
        if isinstance(spots, Spots):
            return spots
        rows = [(spot.x, spot.y, spot.cost, *(spot.leader or _NOWHERE)) for spot in spots]
        return cls(np.array(rows, dtype=float).reshape(-1, 5))

    @classmethod
    def at(cls, corners: np.ndarray, costs: Any, leaders: Any = _NOWHERE) -> Spots:
        """Return spots at lower left corners, shape (n, 2).

        Parameters
        ----------
        costs, leaders : of each, or of all.
        """
        rows = np.empty((len(corners), 5))
        rows[:, :2], rows[:, 2], rows[:, 3:] = corners, costs, leaders
        return cls(rows)

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.rows)

    def __getitem__(self, n: int) -> Spot:
        """Return the spot of an index."""
        x, y, cost, *leader = self.rows[n].tolist()
        return Spot(x, y, cost, None if isnan(leader[0]) else (leader[0], leader[1]))

    def __iter__(self) -> Iterator[Spot]:
        """Yield one after another."""
        return (self[n] for n in range(len(self)))

    def boxes(self, size: tuple[float, float]) -> np.ndarray:
        """Return the boxes of a width and height that stand here, shape (n, 4)."""
        corners = self.rows[:, :2]
        return np.hstack([corners, corners + size])

    def leaders(self, size: tuple[float, float]) -> np.ndarray:
        """Return x and y of both ends of the leaders to these boxes, shape (n, 4)."""
        corners, starts = self.rows[:, :2], self.rows[:, 3:]
        # A leader ends at the point of its box that is nearest to its start.
        ends = np.minimum(np.maximum(starts, corners), corners + size)
        return np.hstack([starts, ends])


def spots_around(
    point: tuple[float, float],
    size: tuple[float, float],
    *,
    gap: float,
    text_pt: float = 6.0,
    among_outlines: bool = False,
) -> Spots:
    """Return the spots for a label of a point: beside it first, then farther with a leader.

    Parameters
    ----------
    size : width and height of the label's box.
    gap : between the point and a box beside it.
    text_pt : size of letters, which the distances of boxes with a leader are multiples of.
    among_outlines : whether the map has areas, between whose outlines more spots are looked for.
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
    for along, side, cost in (*_SHIFTED, *(_SHIFTED_MORE if among_outlines else ())):
        bottom = y + gap * 0.6 if side > 0 else y - gap * 0.6 - height
        spots.append(Spot(x + (along - 1) * width / 2, bottom, cost))
    for (dx, dy, _), spot in zip(_COMPASS, spots[:nearest], strict=True):
        off = _FARTHER * gap
        spots.append(Spot(spot.x + off * dx, spot.y + off * dy, spot.cost + _COST_FARTHER))
    rings = [Spots.of(spots)]
    across, up = (_DIRECTIONS_MORE if among_outlines else _DIRECTIONS).T
    for n, radius in enumerate(_RADII_MORE if among_outlines else _RADII):
        left = x + text_pt * radius * across - np.where(across > 0, 0.0, width)
        corners = np.column_stack([left, y + text_pt * radius * up - height / 2])
        rings.append(Spots.at(corners, _COST_RING + _COST_NEXT_RING * n, point))
    return Spots(np.concatenate([ring.rows for ring in rings]))


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRequest:
    """A box that looks for a spot.

    Parameters
    ----------
    limit : spots that cost this or more are not taken.
    own_key : key of the thing whose drawing the box may cover at no cost.
    """

    spots: Spots | Sequence[Spot]
    size: tuple[float, float]
    limit: float = np.inf
    own_key: str | None = None


@dataclass(frozen=True, slots=True)
class _Placed:
    """Boxes and leaders that stand in a frame, each kind in the order in which it was placed.

    Parameters
    ----------
    margin : between two boxes; leaders keep half of it to boxes.
    boxes : left, bottom, right and top of each, shape (n, 4).
    leaders : x and y of both ends of each, shape (n, 4).
    """

    margin: float
    boxes: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))
    leaders: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))

    def with_boxes(self, boxes: Box | np.ndarray) -> _Placed:
        """Return these and more boxes."""
        return replace(self, boxes=np.vstack([self.boxes, boxes]))

    def with_leader(self, leader: np.ndarray) -> _Placed:
        """Return these and a leader."""
        return replace(self, leaders=np.vstack([self.leaders, leader]))

    def since(self, earlier: _Placed) -> _Placed:
        """Return what was placed after an earlier state of these."""
        boxes, leaders = self.boxes[len(earlier.boxes) :], self.leaders[len(earlier.leaders) :]
        return replace(self, boxes=boxes, leaders=leaders)

    def leave_room(self, boxes: np.ndarray, leaders: np.ndarray) -> np.ndarray:
        """Tell which boxes touch none of these, nor do their leaders.

        Parameters
        ----------
        leaders : of the boxes, shape (n, 4); not a number without one.
        """
        room = np.ones(len(boxes), dtype=bool)
        if len(self.boxes):
            left, bottom, right, top = boxes.T[..., None]
            others, gap = self.boxes.T, self.margin
            apart = (others[0] >= right + gap) | (others[2] <= left - gap)
            apart |= (others[1] >= top + gap) | (others[3] <= bottom - gap)
            room &= apart.all(axis=1)
        if len(self.leaders):
            room &= ~_lines_touch_boxes(self.leaders, self._widened(boxes)).any(axis=0)
        led = np.flatnonzero(room & ~np.isnan(leaders[:, 0]))
        if len(led):
            blocked = _lines_touch_boxes(_beyond_mark(leaders[led]), self._widened(self.boxes))
            crossed = _lines_cross(leaders[led], self.leaders)
            room[led] = ~blocked.any(axis=1) & ~crossed.any(axis=1)
        return room

    def _widened(self, boxes: np.ndarray) -> np.ndarray:
        """Return boxes with the margin that leaders keep to them."""
        gap = 0.5 * self.margin
        return np.asarray(np.add(boxes, (-gap, -gap, gap, gap)))


class _Ranking:
    """The spots of a request in the order of their costs, worked out as far as it is asked for.

    To test strokes takes the longest, and most labels stand at one of their first spots. So spots
    are tested in the order of what they cost without strokes, and a spot is ranked as soon as none
    that is left can cost less.

    Attributes
    ----------
    standing : what stood in the frame when the request was made, and stays.
    """

    def __init__(self, request: LabelRequest, occupancy: Occupancy, standing: _Placed) -> None:
        self._request, self._occupancy, self.standing = request, occupancy, standing
        self._spots, size = Spots.of(request.spots), request.size
        self._boxes, self._leaders = self._spots.boxes(size), self._spots.leaders(size)
        self._costs = self._spots.rows[:, 2]
        # What is covered costs by its part of the box.
        cost_per_weight = _COST_COVERED * CELL_PT**2 / max(size[0] * size[1], 1.0)
        covered = occupancy.beneath(self._boxes, own_key=request.own_key)
        self._totals = self._costs + cost_per_weight * covered
        # What an outline costs more than another stroke leaves no label out: that would be worse.
        self._forgiven = np.zeros(len(self._totals))
        order = self._sorted(np.arange(len(self._spots)))
        # Beyond the frame or the limit there are no spots, whatever they cost besides.
        inside = _inside(self._boxes, occupancy, standing.margin)
        self._untested = order[inside[order]]
        self._unranked = order[:0]
        self._batches: list[_Batch] = []

    @property
    def has_spots(self) -> bool:
        """Tell whether any spot was found, once all batches were asked for."""
        return any(batch.spots for batch in self._batches)

    def batches(self) -> Iterator[_Batch]:
        """Yield the spots at which nothing stands, and that cost less than the limit, in order."""
        yield from self._batches
        while len(self._untested):
            self._batches.append(self._next_batch())
            yield self._batches[-1]

    def _next_batch(self) -> _Batch:
        """Test more spots, and return those that are then ranked."""
        tested, self._untested = np.split(self._untested, [_BATCH])
        self._unranked = np.concatenate([self._unranked, self._tested(tested)])
        ranked = self._sorted(self._unranked)
        if len(self._untested):
            ranked = ranked[self._totals[ranked] < self._totals[self._untested[0]]]
        self._unranked = np.setdiff1d(self._unranked, ranked)
        return _Batch(
            spots=Spots(self._spots.rows[ranked]),
            boxes=self._boxes[ranked],
            leaders=self._leaders[ranked],
        )

    def _tested(self, spots: np.ndarray) -> np.ndarray:
        """Return the spots at which nothing stands, with what strokes cost in their totals."""
        boxes, leaders = self._boxes[spots], self._leaders[spots]
        room = self.standing.leave_room(boxes, leaders)
        spots, boxes, leaders = spots[room], boxes[room], leaders[room]
        cut = self._occupancy.cut(boxes, own_key=self._request.own_key)
        self._totals[spots] += _cost_of(cut, COST_CUT, of_outline=_COST_OUTLINE)
        outlined = (cut >= OUTLINE_WEIGHT) & (cut < ROUTE_WEIGHT)
        self._forgiven[spots] = (_COST_OUTLINE - _COST_TOUCHED) * outlined
        led = ~np.isnan(leaders[:, 0]) & self._allowed(spots)
        crossed = self._occupancy.crossed(_beyond_mark(leaders[led]))
        self._totals[spots[led]] += _cost_of(crossed, _COST_CROSSED)
        over = (crossed >= OUTLINE_WEIGHT) & (crossed < ROUTE_WEIGHT)
        self._totals[spots[led][over]] += _COST_ALONG * self._along(leaders[led][over])
        return spots

    def _along(self, leaders: np.ndarray) -> np.ndarray:
        """Return at how many points, of eight, each leader hides an outline, but for two."""
        start, end = leaders[:, None, :2], leaders[:, None, 2:]
        points = (start + _PROBES[:, None] * (end - start)).reshape(-1, 2)
        cut = self._occupancy.cut(np.hstack([points - _HIDES_PT, points + _HIDES_PT]))
        hits = (cut >= OUTLINE_WEIGHT).reshape(-1, len(_PROBES)).sum(axis=1)
        return np.asarray(np.maximum(hits - 2, 0))

    def _sorted(self, spots: np.ndarray) -> np.ndarray:
        """Return the spots that cost less than the limit, the cheapest first."""
        # Of equal spots the one that costs less by itself is taken, then the first.
        order = spots[np.lexsort((spots, self._costs[spots], self._totals[spots]))]
        return np.asarray(order[self._allowed(order)])

    def _allowed(self, spots: np.ndarray) -> np.ndarray:
        """Tell which spots cost less than the limit."""
        return np.asarray(self._totals[spots] - self._forgiven[spots] < self._request.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Spots that follow one another in a ranking.

    Parameters
    ----------
    boxes : at each spot, shape (n, 4).
    leaders : x and y of both ends of each spot's leader, shape (n, 4); not a number without one.
    """

    spots: Spots
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
        self._placed = _Placed(margin)

    def block(self, box: Box | np.ndarray) -> None:
        """Keep a box free of labels."""
        self._placed = self._placed.with_boxes(box)

    def free(self, box: Box) -> bool:
        """Tell whether a box lies inside the frame and touches nothing placed before."""
        boxes = np.array([box])
        inside = _inside(boxes, self.occupancy, self._placed.margin)
        return bool((inside & self._placed.leave_room(boxes, np.full((1, 4), np.nan)))[0])

    def place(
        self,
        spots: Spots | Sequence[Spot],
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
        return self._place(_Ranking(request, self.occupancy, self._placed))

    def place_all(self, requests: Sequence[LabelRequest], *, tries: int = 16) -> list[Spot | None]:
        """Return spots for boxes that crowd each other, as `place` does, and block them.

        Each try places the boxes in an order; those that were left without a spot come first in
        the next. The result is that of the try that leaves out the fewest.
        """
        before = self._placed
        best: dict[int, Spot | None] = {}
        best_state, fewest = before, len(requests) + 1
        # What a spot costs does not depend on what else is placed, only whether it is free.
        rankings = [_Ranking(request, self.occupancy, before) for request in requests]
        order = list(range(len(requests)))
        for _ in range(tries):
            self._placed = before
            spots = {n: self._place(rankings[n]) for n in order}
            left_out = [n for n in order if spots[n] is None]
            if len(left_out) < fewest:
                best, best_state = spots, self._placed
                fewest = len(left_out)
            if not any(rankings[n].has_spots for n in left_out):
                break
            order = left_out + [n for n in order if n not in left_out]
        self._placed = best_state
        return [best[n] for n in range(len(requests))]

    def _place(self, ranking: _Ranking) -> Spot | None:
        """Return the first free spot and block it; None if none is free."""
        later = self._placed.since(ranking.standing)
        for batch in ranking.batches():
            free = later.leave_room(batch.boxes, batch.leaders)
            if free.any():
                first = int(np.argmax(free))
                self.block(batch.boxes[first])
                leader = batch.leaders[first]
                if not np.isnan(leader[0]):
                    self._placed = self._placed.with_leader(leader)
                return batch.spots[first]
        return None


def _inside(boxes: np.ndarray, occupancy: Occupancy, margin: float) -> np.ndarray:
    """Tell which boxes lie in the frame, so far from its edges."""
    most = np.array([occupancy.width_pt, occupancy.height_pt]) - margin
    inside = (boxes[:, :2] >= margin) & (boxes[:, 2:] <= most)
    return np.asarray(inside.all(axis=1))


def _cost_of(
    weights: np.ndarray, of_route: float, *, of_outline: float = _COST_TOUCHED
) -> np.ndarray:
    """Return what it costs to touch strokes of the weights given, 0 for none."""
    other = np.where(weights >= OUTLINE_WEIGHT, of_outline, _COST_TOUCHED * (weights > 0))
    return np.where(weights >= ROUTE_WEIGHT, of_route, other)


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
    enter, leave = np.zeros((len(lines), 1)), np.ones((len(lines), 1))
    for axis in (0, 1):
        start, end = lines[:, axis, None], lines[:, axis + 2, None]
        # A line parallel to a side enters the box infinitely early and leaves it infinitely late.
        step = np.where(end == start, 1e-12, end - start)
        at_low, at_high = (boxes[:, axis] - start) / step, (boxes[:, axis + 2] - start) / step
        enter = np.maximum(enter, np.minimum(at_low, at_high))
        leave = np.minimum(leave, np.maximum(at_low, at_high))
    touch: np.ndarray = enter <= leave
    return touch
