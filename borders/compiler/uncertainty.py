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
from borders.guide_lines import foot, track
from borders.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from borders.compiler.leg import Leg
    from borders.gazetteer.places import Place
    from borders.geodesy.lonlat import FloatArray

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
    "length_noise_m",
    "pull",
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

# A line of which a text names only points winds between them. How much is taken from today's
# borders between the places of the treaties of 1921, 3 to 30 km apart: how much longer than the
# chord, the standard deviation of that from leg to leg, and the root mean square distance from the
# chord as a part of it. tests/borders/compiler/test_uncertainty.py computes them anew.
SINUOSITY = 1.22
SINUOSITY_SIGMA = 0.19
STRAY = 0.12

# Guides drawn to no better than this are too short by an unknown part: 5 % is an assumption, about
# what borders lose when simplified to this tolerance.
COARSE_M = 200.0
COARSE_SIGMA = 0.05


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
    """Return the standard error across a leg at shares of its way; `Leg.sigma_m` is their mean.

    The mean is the root mean square over the whole leg.
    """
    if leg.guide is not None and leg.drawn_as != "stand-in":
        return np.full(len(share), leg.sigma_m)
    ends = ((1 - share) * leg.start.sigma_m) ** 2 + (share * leg.end.sigma_m) ** 2
    other = 0.0 if leg.guide is None else leg.guide.position_sigma_m
    # A bridge: nothing at the ends, most in the middle, one on average.
    stray = 6 * share * (1 - share) * (_stray_m(leg) ** 2)
    found: FloatArray = np.sqrt(ends / 2 + other**2 + stray)
    return found


def _stray_m(leg: Leg) -> float:
    return STRAY * leg.length_m / SINUOSITY if leg.winds else 0.0


def length(legs: Sequence[Leg], *, closed: bool) -> Measure:
    """Return the length of all legs with its error, in metres."""
    grown: dict[str, FloatArray] = defaultdict(lambda: np.zeros(2))
    sigma_m: dict[str, float] = {}
    for leg, place, end in free_ends(legs, closed=closed):
        grown[place.id] = grown[place.id] + pull(leg, place, end=end)
        sigma_m[place.id] = place.sigma_m
    guided = any(leg.guide is not None for leg in legs)
    how = [f"{100 * LENGTH_SIGMA:.0f} % scale of border lines"] if guided else []
    if any(leg.winds for leg in legs):
        how.append(f"legs known by their ends alone, taken as {SINUOSITY:g} times their chord")
    return Measure(
        value=sum(leg.length_m for leg in legs),
        sigma=float(np.hypot(length_noise_m(legs), _moved(grown, sigma_m))),
        basis="reach" if all(leg.guide is not None for leg in legs) else "chain",
        how=", ".join([*how, "and the errors of the places"]).removeprefix("and "),
    )


def length_noise_m(legs: Sequence[Leg]) -> float:
    """Return the error of a length that does not come from the places."""
    winding = [SINUOSITY_SIGMA * leg.length_m / SINUOSITY for leg in legs if leg.winds]
    return float(np.linalg.norm([_scale_m(legs), *winding]))


def _scale_m(legs: Sequence[Leg]) -> float:
    guided = [leg for leg in legs if leg.guide is not None]
    coarse = [leg for leg in guided if leg.guide and leg.guide.position_sigma_m >= COARSE_M]
    return LENGTH_SIGMA * sum(leg.length_m for leg in guided) + COARSE_SIGMA * sum(
        leg.length_m for leg in coarse
    )


def _moved(gradients: Mapping[str, FloatArray], sigma_m: Mapping[str, float]) -> float:
    """Return the error of what changes with places by these gradients, east and north."""
    parts = [np.linalg.norm(g) * sigma_m[key] for key, g in gradients.items()]
    return float(np.linalg.norm(parts) / np.sqrt(2)) if parts else 0.0


def leg_sigma_m(leg: Leg) -> float:
    """Return the standard error of one leg's length.

    A leg's ends are its own here; in the whole boundary a neighbour gains what it loses.
    """
    ends = np.hypot(leg.start.sigma_m, leg.end.sigma_m) / np.sqrt(2)
    return float(np.hypot(length_noise_m([leg]), ends))


def area(legs: Sequence[Leg], area_m2: float) -> Measure:
    """Return an area with its error, in square metres.

    A place that moves by d sweeps half the cross product of d with the chords of its legs, if
    those move with it: straight ones and stand-ins.
    """
    swept, sigma_m = _swept(legs)
    return Measure(
        value=area_m2,
        sigma=float(np.hypot(area_noise_m2(legs, area_m2), _moved(swept, sigma_m))),
        basis="chain" if any(leg.guide is None for leg in legs) else "reach",
    )


def _swept(legs: Sequence[Leg]) -> tuple[dict[str, FloatArray], dict[str, float]]:
    """Return how an area grows as each place moves, east and north, and the places' errors."""
    swept: dict[str, FloatArray] = defaultdict(lambda: np.zeros(2))
    sigma_m: dict[str, float] = {}
    for leg in legs:
        if leg.guide is None or leg.drawn_as == "stand-in":
            for place in (leg.start, leg.end):
                swept[place.id] = swept[place.id] + chord(leg) / 2
                sigma_m[place.id] = place.sigma_m
    return swept, sigma_m


def area_drivers(legs: Sequence[Leg], area_m2: float) -> dict[str, float]:
    """Return which share of an area's variance each place brings, the largest first.

    Returns
    -------
    Place id → share; ``lines`` for what does not come from places: winding divides, and today's
    lines. The shares add up to 1.
    """
    swept, sigma_m = _swept(legs)
    parts = {key: _moved({key: swept[key]}, sigma_m) ** 2 for key in swept}
    parts["lines"] = area_noise_m2(legs, area_m2) ** 2
    total = sum(parts.values())
    return {key: parts[key] / total for key in sorted(parts, key=lambda k: (-parts[k], k))}


def area_noise_m2(legs: Sequence[Leg], area_m2: float) -> float:
    """Return the error of an area that does not come from the places.

    A line that winds sweeps its mean distance from the chord, for a bridge 1/√2 of the root mean
    square. A guide sweeps its own error, the same over a leg; that of today's lines is in
    `AREA_SIGMA`, for the part of the outline that they are.
    """
    todays = sum(leg.length_m for leg in legs if _todays(leg)) / sum(leg.length_m for leg in legs)
    parts = [AREA_SIGMA * area_m2 * todays]
    for leg in legs:
        line_m = 0.0 if leg.guide is None or _todays(leg) else leg.guide.position_sigma_m
        parts.append(float(np.linalg.norm(chord(leg)) * np.hypot(line_m, _stray_m(leg) / 2**0.5)))
    return float(np.linalg.norm(parts))


def _todays(leg: Leg) -> bool:
    """Tell whether a leg runs along a line of today whose errors `AREA_SIGMA` was measured on."""
    return leg.guide is not None and leg.guide.bundled and leg.guide.position_sigma_m < COARSE_M


# The direction of a line at a place is taken over this distance either way, or the place's error.
_TANGENT_M = 500.0


# In the neck of a loop the course over such a distance leads nowhere.
_MOST_STRETCH = 3.0


def free_ends(legs: Sequence[Leg], *, closed: bool) -> Iterator[tuple[Leg, Place, bool]]:
    """Yield the ends of legs that move with their places: leg, place, whether it is its end.

    Two legs along one line share their joint: what one gains by its moving the other loses. And
    where two lines end at each other they fix the joint, however unsure the place is.
    """
    joints: list[tuple[Leg | None, Leg | None]] = [(None, legs[0]), *pairwise(legs)]
    joints.append((legs[-1], None))
    if closed:
        joints = [(legs[-1], legs[0]), *joints[1:-1]]
    for before, after in joints:
        if before is not None and after is not None and _tied(before, after):
            continue
        if before is not None:
            yield before, before.end, True
        if after is not None:
            yield after, after.start, False


def _tied(before: Leg, after: Leg) -> bool:
    one, other = before.guide, after.guide
    if one is None or other is None or "offset" in (before.rule, after.rule):
        return False
    if one.id == other.id:
        return before.end.id == after.start.id
    slack = 3 * float(np.hypot(one.position_sigma_m, other.position_sigma_m))
    here, there = before.geometry.coords[-1], after.geometry.coords[0]
    if float(WGS84.inv(*here[:2], *there[:2])[2]) > slack:
        return False
    return all(
        min(float(WGS84.inv(*at[:2], *end[:2])[2]) for end in ends) <= slack
        for at, ends in ((here, _tips(before)), (there, _tips(after)))
    )


def _tips(leg: Leg) -> tuple[tuple[float, ...], tuple[float, ...]]:
    assert leg.guide is not None
    coordinates = leg.guide.geometry.coords
    return coordinates[0], coordinates[-1]


def carrier(leg: Leg) -> tuple[Track, float, float]:
    """Return the line that a guided leg is a part of, and where on it the leg begins and ends."""
    assert leg.guide is not None
    if leg.rule == "offset":
        line = Track.of(leg.geometry)
        return line, 0.0, float(line.chainage_m[-1])
    start_m, end_m = (foot(leg.guide, p)[0] for p in (leg.start, leg.end))
    return track(leg.guide), start_m, end_m


def pull(leg: Leg, place: Place, *, end: bool) -> FloatArray:
    """Return by how many metres a leg grows as one of its places moves by one, east and north."""
    sign = 1.0 if end else -1.0
    if leg.guide is None:
        step = chord(leg)
        grown: FloatArray = sign * step * leg.length_m / float(step @ step)
        return grown
    line, first, last = carrier(leg)
    at = last if end else first
    reach = max(_TANGENT_M, place.sigma_m)
    low, high = np.clip([at - reach, at + reach], 0.0, line.chainage_m[-1])
    (x0, y0), (x1, y1) = line.points(np.array([low, high]))[:, :2]
    azimuth, _, away = WGS84.inv(x0, y0, x1, y1)
    stretch = min((high - low) / max(away, 1.0), _MOST_STRETCH)
    angle = np.radians(azimuth)
    ahead = 1.0 if last >= first else -1.0
    turned: FloatArray = sign * ahead * stretch * np.array([np.sin(angle), np.cos(angle)])
    return turned


def chord(leg: Leg) -> FloatArray:
    """Return the way from a leg's first point to its last, metres east and north."""
    first, last = leg.geometry.coords[0], leg.geometry.coords[-1]
    azimuth, back, metres = WGS84.inv(*first[:2], *last[:2])
    # Meridians converge: the direction half way is the same seen from either end.
    angles = np.radians([azimuth, back + 180.0])
    step = np.array([np.sin(angles).sum(), np.cos(angles).sum()])
    way: FloatArray = step * metres / np.hypot(*step)
    return way
