"""How far a leg, a length or an area may be off, to first order.

A place's `sigma_m` is the root mean square distance from its true position, so that it counts
`sigma_m / √2` in any one direction; a line's is its standard error across the line.

Three things make a length uncertain. The scale: a line measured in finer detail is longer, and
surveys differ in detail; that error is shared by all legs along drawn lines and so adds up
linearly. The course of legs of which only the ends are known. And the places: moving a corner
changes the lengths of the legs that meet there.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from borders.geodesy.lonlat import WGS84
from borders.geodesy.track import Track
from borders.guide_lines import projection, track
from borders.measure import Measure
from borders.treaty.courses import ComputedPlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from borders.compiler.leg import Leg
    from borders.gazetteer.places import Place
    from borders.geodesy.lonlat import FloatArray
    from borders.guide_lines import Circle

__all__ = [
    "AREA_SIGMA",
    "LENGTH_SIGMA",
    "SINUOSITY",
    "SINUOSITY_SIGMA",
    "STRAY",
    "across_m",
    "area",
    "area_drivers",
    "area_noise_m2",
    "carrier",
    "chord",
    "chord_sigma_m",
    "free_ends",
    "leg_sigma_m",
    "length",
    "length_gradient",
    "length_noise_m",
    "motions",
    "straight_sigma_m",
]

# Relative standard error of a border measured at full detail: the root mean square difference
# from the most detailed published lengths of Türkiye's three Caucasian borders (figures marked
# `calibration`); tests/borders/compiler/test_uncertainty.py computes it anew. Coarser figures
# differ by scale, and Azerbaijan's official lengths of its other borders are 4 to 9 % longer than
# ours for no known reason: there this error is too small, and the verdicts say so.
LENGTH_SIGMA = 0.01

# Relative standard error of an area inside today's line: half the difference between
# OpenStreetMap and the Digital Chart of the World over Nakhchivan east of 45° E (2.2 %).
AREA_SIGMA = 0.011

# A line of which a text names only points winds between them. Measured on today's borders between
# the places of the treaties of 1921, 3 to 30 km apart: the ratio of length to chord, its standard
# deviation from leg to leg, and the root mean square distance from the chord as a share of it.
# tests/borders/compiler/test_uncertainty.py computes them anew.
SINUOSITY = 1.22
SINUOSITY_SIGMA = 0.19
STRAY = 0.12

# Guides drawn no better than this are too short by an unknown share: 5 % is an assumption, about
# what borders lose when simplified to this tolerance.
COARSE_M = 200.0
COARSE_SIGMA = 0.05

# The direction of a line at a place is taken over this distance either way, or over the place's
# error if that is larger (an assumption).
_TANGENT_M = 500.0
# In the neck of a loop the chord over such a distance is much shorter than the line, and the ratio
# would have no bound (limit assumed).
_MOST_STRETCH = 3.0


def chord_sigma_m(start_sigma_m: float, end_sigma_m: float, stray_m: float = 0.0) -> float:
    """Return the standard error across a straight leg: root mean square over all its points.

    At a share t of its way the ends' errors weigh 1 - t and t, so that the variance is
    ((1 - t)² s₁² + t² s₂²) / 2, on average (s₁² + s₂²) / 6.

    Parameters
    ----------
    stray_m : how far the true line strays from the chord, root mean square.

    Examples
    --------
    >>> round(chord_sigma_m(3000, 4000))
    2041
    """
    return float(np.hypot(np.hypot(start_sigma_m, end_sigma_m) / np.sqrt(6), stray_m))


def across_m(leg: Leg, share: FloatArray) -> FloatArray:
    """Return the standard error across a leg at shares of its length, from 0 to 1, in metres.

    `Leg.sigma_m` is their root mean square over the leg.
    """
    if leg.guide is not None and leg.drawn_as != "stand-in":
        return np.full(len(share), leg.sigma_m)
    if _computed(leg.start, leg.end):
        variance = _across_variance(leg.start, leg.end, share)
        return np.asarray(np.sqrt(variance + 6 * share * (1 - share) * _stray_m(leg) ** 2))
    ends = ((1 - share) * leg.start.sigma_m) ** 2 + (share * leg.end.sigma_m) ** 2
    guide_sigma_m = 0.0 if leg.guide is None else leg.guide.position_sigma_m
    # The variance of a Brownian bridge: 0 at the ends, largest in the middle, 1 on average.
    stray = 6 * share * (1 - share) * (_stray_m(leg) ** 2)
    sigma_m: FloatArray = np.sqrt(ends / 2 + guide_sigma_m**2 + stray)
    return sigma_m


def straight_sigma_m(start: Place, end: Place) -> float:
    """Return the standard error across a straight leg, as `chord_sigma_m` does for plain places.

    The error of a computed place holds that of the place from which it was computed, so that the
    two ends of a leg with a bearing move together.
    """
    if not _computed(start, end):
        return chord_sigma_m(start.sigma_m, end.sigma_m)
    # Over the leg the mean of ((1 - t) a + t b)² is (a² + a b + b²) / 3: Simpson's rule is exact.
    variance = _across_variance(start, end, np.array([0.0, 0.5, 1.0])) @ [1 / 6, 4 / 6, 1 / 6]
    return float(np.sqrt(variance))


def _computed(*places: Place) -> bool:
    return any(isinstance(place, ComputedPlace) for place in places)


def _across_variance(start: Place, end: Place, share: FloatArray) -> FloatArray:
    """Return the variance across the chord of two places at shares of its length."""
    azimuth = np.radians(WGS84.inv(start.lon, start.lat, end.lon, end.lat)[0])
    normal = np.array([np.cos(azimuth), -np.sin(azimuth)])
    at_start, at_end = motions(start), motions(end)
    variance = np.zeros(len(share))
    for cause in dict.fromkeys([*at_start, *at_end]):
        still = np.zeros_like((at_start if cause in at_start else at_end)[cause])
        a, b = (normal @ at.get(cause, still) for at in (at_start, at_end))
        moved = np.outer(1 - share, a) + np.outer(share, b)
        variance += (moved**2).sum(axis=1)
    return variance


def motions(place: Place) -> dict[str, FloatArray]:
    """Return how a place moves by one standard error of each cause: shape (2, n), east and north.

    A plain place has one cause, itself, with two independent parts. A computed place moves with the
    place that it was computed from, and by the numbers that led to it.
    """
    if not isinstance(place, ComputedPlace):
        return {place.id: np.eye(2) * place.sigma_m / np.sqrt(2)}
    result = dict(motions(place.origin))
    for shift in place.shifts:
        moved = np.array([[shift.east_m], [shift.north_m]])
        result[shift.cause] = result[shift.cause] + moved if shift.cause in result else moved
    return result


def _stray_m(leg: Leg) -> float:
    return STRAY * leg.length_m / SINUOSITY if leg.winds else 0.0


def length(legs: Sequence[Leg], *, closed: bool) -> Measure:
    """Return the length of all legs with its error, in metres."""
    gradients = _Gradients()
    for leg, place, end in free_ends(legs, closed=closed):
        gradients.add(place, length_gradient(leg, place, end=end))
    for leg in legs:
        if leg.guide is not None and leg.guide.circle is not None and not _ring(leg):
            # To move the centre is to move both ends the other way.
            for place, end in ((leg.start, False), (leg.end, True)):
                gradients.add(leg.guide.circle.centre, -length_gradient(leg, place, end=end))
    guided = any(leg.guide is not None and not leg.guide.computed for leg in legs)
    how = [f"{100 * LENGTH_SIGMA:.0f} % scale of border lines"] if guided else []
    if any(leg.winds for leg in legs):
        how.append(f"legs known by their ends alone, taken as {SINUOSITY:g} times their chord")
    return Measure(
        value=sum(leg.length_m for leg in legs),
        sigma=float(np.hypot(length_noise_m(legs), gradients.sigma())),
        basis="reach" if all(leg.guide is not None for leg in legs) else "chain",
        how=", ".join([*how, "and the errors of the places"]).removeprefix("and "),
    )


def length_noise_m(legs: Sequence[Leg]) -> float:
    """Return the standard error of a length without that of the places, in metres."""
    winding = [SINUOSITY_SIGMA * leg.length_m / SINUOSITY for leg in legs if leg.winds]
    radii = [metres * circle.radius_sigma_m / circle.radius_m for circle, metres in _circles(legs)]
    return float(np.linalg.norm([_scale_sigma_m(legs), *winding, *radii]))


def _circles(legs: Sequence[Leg]) -> list[tuple[Circle, float]]:
    """Return the circles that legs follow, each with the length of the line along it."""
    circles: dict[str, Circle] = {}
    length_m: dict[str, float] = defaultdict(float)
    for leg in legs:
        if leg.guide is not None and leg.guide.circle is not None:
            circles[leg.guide.id] = leg.guide.circle
            length_m[leg.guide.id] += leg.length_m
    return [(circle, length_m[key]) for key, circle in circles.items()]


def _scale_sigma_m(legs: Sequence[Leg]) -> float:
    guided = [leg for leg in legs if leg.guide is not None and not leg.guide.computed]
    coarse = [leg for leg in guided if leg.guide and leg.guide.position_sigma_m >= COARSE_M]
    return LENGTH_SIGMA * sum(leg.length_m for leg in guided) + COARSE_SIGMA * sum(
        leg.length_m for leg in coarse
    )


class _Gradients:
    """Gradients of a quantity by the places that it depends on, and what follows for its error."""

    def __init__(self) -> None:
        self._by_cause: dict[str, FloatArray] = {}

    def add(self, place: Place, gradient: FloatArray) -> None:
        """Add what a metre east and a metre north of a place add to the quantity."""
        for cause, motion in motions(place).items():
            change = gradient @ motion
            self._by_cause[cause] = self._by_cause.get(cause, 0.0) + change

    def sigmas(self) -> dict[str, float]:
        """Return the standard error that each cause gives it: a place, or a number of a call."""
        return {cause: float(np.linalg.norm(c)) for cause, c in self._by_cause.items()}

    def sigma(self) -> float:
        """Return the standard error of all causes together, which are independent."""
        return float(np.linalg.norm([*self.sigmas().values()])) if self._by_cause else 0.0


def leg_sigma_m(leg: Leg) -> float:
    """Return the standard error of one leg's length.

    Both ends are free here; in a whole boundary a neighbouring leg may gain what this one loses.
    """
    if not _computed(leg.start, leg.end):
        ends = float(np.hypot(leg.start.sigma_m, leg.end.sigma_m) / np.sqrt(2))
        return float(np.hypot(length_noise_m([leg]), ends))
    gradients = _Gradients()
    for place, end in ((leg.start, False), (leg.end, True)):
        gradients.add(place, length_gradient(leg, place, end=end))
    return float(np.hypot(length_noise_m([leg]), gradients.sigma()))


def area(legs: Sequence[Leg], area_m2: float) -> Measure:
    """Return an area with its error, in square metres.

    A place that moves by d sweeps half the cross product of d with the chords of its legs, if
    those move with it: straight ones and stand-ins.
    """
    return Measure(
        value=area_m2,
        sigma=float(np.hypot(area_noise_m2(legs, area_m2), _area_gradients(legs).sigma())),
        basis="chain" if any(leg.guide is None for leg in legs) else "reach",
    )


def _area_gradients(legs: Sequence[Leg]) -> _Gradients:
    """Return the gradients of the area: half the cross product of a step with the chord."""
    gradients = _Gradients()
    for leg in legs:
        east, north = chord(leg)
        if leg.guide is None or leg.drawn_as == "stand-in":
            for place in (leg.start, leg.end):
                gradients.add(place, np.array([north, -east]) / 2)
        elif leg.guide.circle is not None:
            gradients.add(leg.guide.circle.centre, np.array([north, -east]))
    return gradients


def area_drivers(legs: Sequence[Leg], area_m2: float) -> dict[str, float]:
    """Return the share of an area's variance that is due to each place, the largest first.

    Returns
    -------
    Place id → share, or what moves a computed place (``distance of call 2``) → share; ``lines`` for
    what does not come from places: legs that wind, and the errors of guides. The shares add up
    to 1.
    """
    parts = {key: sigma**2 for key, sigma in _area_gradients(legs).sigmas().items()}
    parts["lines"] = area_noise_m2(legs, area_m2) ** 2
    total = sum(parts.values())
    return {key: parts[key] / total for key in sorted(parts, key=lambda k: (-parts[k], k))}


def area_noise_m2(legs: Sequence[Leg], area_m2: float) -> float:
    """Return the standard error of an area without that of the places, in square metres.

    A line that winds sweeps its chord times its mean distance from it; the error of that mean is,
    for a Brownian bridge, 1/√2 of the root mean square distance. A guide is off by the same error
    all along a leg. The error of today's lines is in `AREA_SIGMA`, for their share of the outline.
    """
    todays_m = sum(leg.length_m for leg in legs if _on_todays_line(leg))
    todays = todays_m / sum(leg.length_m for leg in legs)
    parts = [AREA_SIGMA * area_m2 * todays]
    parts += [metres * circle.radius_sigma_m for circle, metres in _circles(legs)]
    for leg in legs:
        guide = leg.guide
        apart = guide is None or _on_todays_line(leg) or guide.circle is not None
        line_m = 0.0 if guide is None or apart else guide.position_sigma_m
        parts.append(float(np.linalg.norm(chord(leg)) * np.hypot(line_m, _stray_m(leg) / 2**0.5)))
    return float(np.linalg.norm(parts))


def _on_todays_line(leg: Leg) -> bool:
    """Tell whether a leg runs along one of today's lines, whose error is `AREA_SIGMA`."""
    return leg.guide is not None and leg.guide.bundled and leg.guide.position_sigma_m < COARSE_M


def free_ends(legs: Sequence[Leg], *, closed: bool) -> Iterator[tuple[Leg, Place, bool]]:
    """Yield the ends of legs that move with their places: leg, place, whether it is its end.

    The joint of two legs along one line is left out: what one leg gains the other loses. So is the
    joint of two guides that end at each other, which fix it, however large the place's error.
    """
    joints: list[tuple[Leg | None, Leg | None]] = [(None, legs[0]), *pairwise(legs)]
    joints.append((legs[-1], None))
    if closed:
        joints = [(legs[-1], legs[0]), *joints[1:-1]]
    for before, after in joints:
        if before is not None and after is not None and _joint_fixed(before, after):
            continue
        if before is not None and not _ring(before):
            yield before, before.end, True
        if after is not None and not _ring(after):
            yield after, after.start, False


def _ring(leg: Leg) -> bool:
    """Tell whether a leg is a whole circle, which is as long wherever it begins."""
    return leg.start.id == leg.end.id


def _joint_fixed(before: Leg, after: Leg) -> bool:
    """Tell whether moving the place between two legs along guides leaves their total length."""
    guide, next_guide = before.guide, after.guide
    if guide is None or next_guide is None or "offset" in (before.rule, after.rule):
        return False
    if guide.id == next_guide.id:
        return before.end.id == after.start.id
    slack = 3 * float(np.hypot(guide.position_sigma_m, next_guide.position_sigma_m))
    last_point, first_point = before.geometry.coords[-1], after.geometry.coords[0]
    if float(WGS84.inv(*last_point[:2], *first_point[:2])[2]) > slack:
        return False
    return all(
        min(float(WGS84.inv(*point[:2], *tip[:2])[2]) for tip in tips) <= slack
        for point, tips in ((last_point, _guide_ends(before)), (first_point, _guide_ends(after)))
    )


def _guide_ends(leg: Leg) -> tuple[tuple[float, ...], tuple[float, ...]]:
    assert leg.guide is not None
    coordinates = leg.guide.geometry.coords
    return coordinates[0], coordinates[-1]


def carrier(leg: Leg) -> tuple[Track, float, float]:
    """Return the line that a guided leg is a part of, and where on it the leg begins and ends."""
    assert leg.guide is not None
    if leg.rule == "offset" or _ring(leg):
        line = Track.of(leg.geometry)
        return line, 0.0, float(line.chainage_m[-1])
    start_m, end_m = (projection(leg.guide, p)[0] for p in (leg.start, leg.end))
    return track(leg.guide), start_m, end_m


def length_gradient(leg: Leg, place: Place, *, end: bool) -> FloatArray:
    """Return the gradient of a leg's length by the position of one of its places.

    Metres per metre that the place moves east and north, shape (2,).
    """
    sign = 1.0 if end else -1.0
    if leg.guide is None:
        step = chord(leg)
        chord_gradient: FloatArray = sign * step * leg.length_m / float(step @ step)
        return chord_gradient
    line, start_m, end_m = carrier(leg)
    at_m = end_m if end else start_m
    reach_m = max(_TANGENT_M, place.sigma_m)
    low_m, high_m = np.clip([at_m - reach_m, at_m + reach_m], 0.0, line.chainage_m[-1])
    (x0, y0), (x1, y1) = line.points(np.array([low_m, high_m]))[:, :2]
    azimuth, _, apart_m = WGS84.inv(x0, y0, x1, y1)
    stretch = min((high_m - low_m) / max(apart_m, 1.0), _MOST_STRETCH)
    angle = np.radians(azimuth)
    ahead = 1.0 if end_m >= start_m else -1.0
    gradient: FloatArray = sign * ahead * stretch * np.array([np.sin(angle), np.cos(angle)])
    return gradient


def chord(leg: Leg) -> FloatArray:
    """Return the vector from a leg's first point to its last, metres east and north, shape (2,)."""
    first, last = leg.geometry.coords[0], leg.geometry.coords[-1]
    azimuth, back, metres = WGS84.inv(*first[:2], *last[:2])
    # Meridians converge, so the direction is the mean of the azimuths at both ends.
    angles = np.radians([azimuth, back + 180.0])
    step = np.array([np.sin(angles).sum(), np.cos(angles).sum()])
    vector: FloatArray = step * metres / np.hypot(*step)
    return vector
