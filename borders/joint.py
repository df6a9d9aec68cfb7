"""Joints of legs, and what moving a place does to the lengths of the legs that meet there."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from borders.geodesy.lonlat import WGS84
from borders.geodesy.track import Track
from borders.guide import foot, track

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from borders.boundary import Leg
    from borders.geodesy.lonlat import FloatArray
    from borders.places import Place

__all__ = ["carrier", "chord", "free_ends", "pull"]

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
