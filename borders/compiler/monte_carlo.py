"""Length and area under the errors of places and lines, drawn at random many times at once.

Each draw moves every place from its stated position by a random error, so that straight legs turn
and stretch and legs along a guide begin and end elsewhere on it. The change of the length or area
is subtracted from the stated value: a draw is a true value that would explain the stated one. (The
stated places are themselves displaced, which makes chords too long on average; adding the change
would count that twice.) The scale of guides and the course of legs that wind vary too.
First-order propagation (`borders.compiler.uncertainty`) is the check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders.compiler.uncertainty import (
    area_noise_m2,
    carrier,
    free_ends,
    length_noise_m,
    motions,
)
from borders.errors import AraxesError
from borders.geodesy.plane import plane
from borders.guide_lines import find_projections
from borders.measure import Z95, Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from borders.compiler.boundary import Boundary
    from borders.compiler.leg import Leg
    from borders.gazetteer.places import Place
    from borders.geodesy.lonlat import FloatArray
    from borders.geodesy.track import Track
    from borders.guide_lines import Guide

__all__ = ["Draws", "draws"]

# How far a line is extended straight beyond its ends, and the length of its last stretch, whose
# direction is taken (assumptions).
_BEYOND_M, _LAST_M = 50_000.0, 500.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """Lengths and areas of many draws.

    Parameters
    ----------
    length_m : shape (n,).
    area_m2 : shape (n,); None for a border, which bounds nothing.
    """

    length_m: FloatArray
    area_m2: FloatArray | None

    @property
    def length(self) -> Measure:
        """Return the drawn length with the standard error that its 95 % interval implies."""
        return _measured(self.length_m)

    @property
    def area(self) -> Measure | None:
        """Return the drawn area likewise."""
        return None if self.area_m2 is None else _measured(self.area_m2)


def _measured(values: FloatArray) -> Measure:
    low, high = np.quantile(values, [0.025, 0.975])
    sigma = float(high - low) / (2 * Z95)
    return Measure(value=float(low + high) / 2, sigma=sigma, basis="draws")


def draws(line: Boundary, *, n: int = 1000, seed: int = 1921) -> Draws:
    """Return lengths and areas of n draws of a boundary; the same seed gives the same draws.

    Parameters
    ----------
    n : how many draws, one at least.
    seed : of the generator of random numbers.

    Returns
    -------
    Lengths in metres and, of a closed boundary, areas in square metres, shape (n,) each.

    Raises
    ------
    AraxesError : n is no whole number of one or more.

    Examples
    --------
    >>> from borders import boundary
    >>> result = draws(boundary("nakhchivan-1921"), n=100)
    >>> result.length_m.shape, result.area_m2.shape
    ((100,), (100,))
    """
    if not isinstance(n, int) or n < 1:
        message = f"{n!r} draws; give a whole number of one or more"
        raise AraxesError(message)
    rng = np.random.default_rng(seed)
    closed = line.polygon is not None
    places = {place.id: place for leg in line.legs for place in (leg.start, leg.end)}
    circles = [leg.guide.circle for leg in line.legs if leg.guide is not None]
    places |= {circle.centre.id: circle.centre for circle in circles if circle is not None}
    moved = _moved(places, n, rng)
    free = {(leg.n, end) for leg, _, end in free_ends(line.legs, closed=closed)}
    find_projections(
        (leg.guide, place)
        for leg in line.legs
        if leg.guide is not None and leg.rule != "offset"
        for place in (leg.start, leg.end)
    )
    flat = _Plane(line)
    pieces = [flat.piece(leg, moved, free) for leg in line.legs]
    measured = sum((piece.length_m for piece in pieces), np.zeros(n + 1))
    length_m = line.length.value - (measured[1:] - measured[0])
    length_m += rng.normal(0.0, length_noise_m(line.legs), n)
    if line.area is None:
        return Draws(length_m=length_m, area_m2=None)
    twice = sum((piece.swept for piece in pieces), np.zeros(n + 1))
    for piece, next_piece in zip(pieces, [*pieces[1:], pieces[0]], strict=True):
        twice += _cross(piece.last, next_piece.first)
    enclosed = np.sign(twice[0]) * twice / 2
    area_m2 = line.area.value - (enclosed[1:] - enclosed[0])
    area_m2 += rng.normal(0.0, area_noise_m2(line.legs, line.area.value), n)
    return Draws(length_m=length_m, area_m2=area_m2)


def _moved(places: Mapping[str, Place], n: int, rng: np.random.Generator) -> dict[str, FloatArray]:
    """Return how far each place is moved in each draw, metres east and north, shape (n + 1, 2).

    The first draw moves nothing, and is what the others are compared with.
    """
    drawn: dict[str, FloatArray] = {}
    moved: dict[str, FloatArray] = {}
    for key, place in places.items():
        moved[key] = np.zeros((n + 1, 2))
        for cause, motion in motions(place).items():
            if cause not in drawn:
                drawn[cause] = rng.normal(0.0, 1.0, (n, motion.shape[1]))
            moved[key][1:] += drawn[cause] @ motion.T
    return moved


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    product: FloatArray = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return product


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """One leg in every draw: length, twice the area it sweeps from the origin, and its ends."""

    length_m: FloatArray
    swept: FloatArray
    first: FloatArray
    last: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _PlaneLine:
    """A drawn line in the plane: vertices, their chainage, twice the area swept up to each.

    It is extended straight beyond both ends, for places that a draw moves there.
    """

    xy: FloatArray
    chainage_m: FloatArray
    swept: FloatArray

    def projections(self, points: FloatArray, at_m: float) -> FloatArray:
        """Return the chainages of the points' projections on the line.

        Parameters
        ----------
        at_m : chainage of the first point's projection, known from the geodesic computation.
        """
        first = [np.interp(at_m, self.chainage_m, self.xy[:, k]) for k in (0, 1)]
        # No projection lies farther from the first point than this.
        reach = np.hypot(*(points[0] - first)) + 2 * np.hypot(*(points - points[0]).T).max()
        away = np.hypot(*(self.xy - points[0]).T)
        step = np.hypot(*np.diff(self.xy, axis=0).T)
        candidates = np.flatnonzero(np.minimum(away[:-1], away[1:]) - step <= reach)
        ends = self.xy[candidates], self.xy[candidates + 1]
        segments = shapely.linestrings(np.stack(ends, axis=1))
        i = candidates[shapely.STRtree(segments).nearest(shapely.points(points))]
        along = self.xy[i + 1] - self.xy[i]
        square = np.maximum((along**2).sum(axis=1), 1e-12)
        share = ((points - self.xy[i]) * along).sum(axis=1) / square
        chainage_m = self.chainage_m[i] + share.clip(0.0, 1.0) * np.diff(self.chainage_m)[i]
        # The first point is the stated place, whose projection is known to the millimetre.
        exact: FloatArray = chainage_m + (at_m - chainage_m[0])
        return exact


class _Plane:
    """An equal-area plane round a boundary, in which areas add up leg by leg."""

    def __init__(self, line: Boundary) -> None:
        middle = shapely.box(*line.geometry.bounds).centroid
        self._to = plane(f"+proj=laea +lat_0={middle.y} +lon_0={middle.x} +ellps=WGS84")
        self._lines: dict[Guide, _PlaneLine] = {}

    def xy(self, lonlat: FloatArray) -> FloatArray:
        x, y = self._to.transform(lonlat[:, 0], lonlat[:, 1])
        xy: FloatArray = np.array([x, y], dtype=np.float64).T
        return xy

    def _line(self, leg: Leg, drawn: Track) -> _PlaneLine:
        if leg.rule == "offset" or leg.start.id == leg.end.id:
            return self._extended(drawn)
        assert leg.guide is not None
        if leg.guide not in self._lines:
            self._lines[leg.guide] = self._extended(drawn)
        return self._lines[leg.guide]

    def _extended(self, drawn: Track) -> _PlaneLine:
        total = float(drawn.chainage_m[-1])
        last = min(_LAST_M, total)
        tips = self.xy(drawn.points(np.array([0.0, last, total - last, total])))
        xy = self.xy(drawn.vertices)
        ends = [tips[i] + (tips[i] - tips[j]) * _BEYOND_M / last for i, j in ((0, 1), (3, 2))]
        xy = np.concatenate([[ends[0]], xy, [ends[1]]])
        chainage_m = np.concatenate([[-_BEYOND_M], drawn.chainage_m, [total + _BEYOND_M]])
        swept = np.concatenate([[0.0], np.cumsum(_cross(xy[:-1], xy[1:]))])
        return _PlaneLine(xy=xy, chainage_m=chainage_m, swept=swept)

    def piece(self, leg: Leg, moved: dict[str, FloatArray], free: set[tuple[int, bool]]) -> _Piece:
        """Return a leg in every draw, given how its places move and which of its ends do."""
        places = np.array([(place.lon, place.lat) for place in (leg.start, leg.end)])
        shift = np.stack([moved[leg.start.id], moved[leg.end.id]])
        ends = self.xy(places)[:, None] + shift
        circle = None if leg.guide is None else leg.guide.circle
        # Seen from an arc whose centre moves, its ends move the other way.
        centre_shift = 0.0 if circle is None else moved[circle.centre.id]
        ends = ends - centre_shift
        if leg.guide is None:
            away = np.hypot(*(ends[1] - ends[0]).T)
            # A line that winds is longer than its chord by the same factor in every draw.
            length_m = away * leg.length_m / away[0]
            return _Piece(length_m=length_m, swept=_cross(*ends), first=ends[0], last=ends[1])
        drawn, *at_m = carrier(leg)
        line = self._line(leg, drawn)
        along_m = np.repeat(np.array(at_m)[:, None], ends.shape[1], axis=1)
        for i, is_end in enumerate((False, True)):
            if (leg.n, is_end) in free:
                along_m[i] = line.projections(ends[i], at_m[i])
        columns = [np.interp(along_m, line.chainage_m, line.xy[:, k]) for k in (0, 1)]
        first, last = np.stack(columns, axis=-1)
        # Along a segment the swept area is linear, so it may be interpolated by chainage.
        swept = np.diff(np.interp(along_m, line.chainage_m, line.swept), axis=0)[0]
        if leg.drawn_as == "stand-in":
            # The line that the stand-in stands for moves with the places.
            swept = swept + _cross(shift[0] + shift[1], last[0] - first[0])
        elif circle is not None:
            swept = swept + _cross(2 * moved[circle.centre.id], last[0] - first[0])
        # Signed, so that a place between two legs of one guide shifts length from one to the other.
        ahead = 1.0 if at_m[1] >= at_m[0] else -1.0
        length_m = ahead * (along_m[1] - along_m[0])
        return _Piece(length_m=length_m, swept=swept, first=first, last=last)
