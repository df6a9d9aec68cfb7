"""How far a length or an area may be off, to first order.

Two things make a border's length uncertain. The scale: a line measured in finer detail is longer,
and surveys differ in detail; that error is shared by all legs and so adds up linearly. And the
places: moving a corner changes the lengths of the two legs that meet there. Step by step:
dL = Σ (u_in - u_out)·d, with u the unit vectors of the legs and d the corner's displacement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod

from borders.measure import Measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.boundary import Leg

__all__ = ["AREA_SIGMA", "LENGTH_SIGMA", "area", "ends_m", "leg_sigma_m", "length"]

# Relative standard error of a border measured at full detail: the root mean square difference
# from the most detailed published lengths of Türkiye's three Caucasian borders (figures marked
# `calibration`); tests/test_uncertainty.py computes it anew. Coarser figures differ by scale, and
# Azerbaijan's official lengths of its other borders are 4 to 9 % longer than ours for no known
# reason: there this error is too small, and the verdicts say so.
LENGTH_SIGMA = 0.01

# Relative standard error of an area inside today's line: half the difference between
# OpenStreetMap and the Digital Chart of the World over Nakhchivan east of 45° E (2.2 %).
AREA_SIGMA = 0.011

# A chord between summits stands for a divide that winds; how much is an assumption.
DIVIDE_SIGMA = 0.1

# Guides drawn to no better than this are too short by an unknown part: 5 % is an assumption, about
# what borders lose when simplified to this tolerance.
COARSE_M = 200.0
COARSE_SIGMA = 0.05

_GEOD = Geod(ellps="WGS84")


def ends_m(start_sigma_m: float, end_sigma_m: float) -> float:
    """Return the error across a leg from the errors of its two ends.

    A radial error has 1/√2 of its size across the leg; the leg's middle averages both ends.
    """
    return float(np.hypot(start_sigma_m, end_sigma_m) / 2)


def length(legs: Sequence[Leg], *, closed: bool) -> Measure:
    """Return the length of all legs with its error, in metres."""
    total = sum(leg.length_m for leg in legs)
    guided = sum(leg.length_m for leg in legs if leg.guide is not None)
    coarse = sum(_coarse_m(leg) for leg in legs)
    divides = sum(leg.length_m for leg in legs if leg.state in ("inferred", "gap"))
    variance = (LENGTH_SIGMA * guided + coarse + DIVIDE_SIGMA * divides) ** 2
    unit = [_unit(leg) for leg in legs]
    pairs = list(zip(range(len(legs)), range(1, len(legs)), strict=False))
    if closed:
        pairs.append((len(legs) - 1, 0))
    for i, j in pairs:
        if legs[i].guide is None or legs[j].guide is None:
            turn = float(np.hypot(*(unit[i] - unit[j])))
            variance += (turn * legs[i].end.sigma_m) ** 2 / 2
    basis = "chain" if guided < total else "reach"
    how = f"{100 * LENGTH_SIGMA:.0f} % scale of border lines, and the errors of the places"
    return Measure(value=total, sigma=float(np.sqrt(variance)), basis=basis, how=how)


def leg_sigma_m(leg: Leg) -> float:
    """Return the standard error of one leg's length."""
    if leg.guide is not None:
        return LENGTH_SIGMA * leg.length_m + _coarse_m(leg)
    winding = DIVIDE_SIGMA * leg.length_m if leg.state in ("inferred", "gap") else 0.0
    return float(np.hypot(np.hypot(leg.start.sigma_m, leg.end.sigma_m) / np.sqrt(2), winding))


def _coarse_m(leg: Leg) -> float:
    """Return what a coarsely drawn guide adds to the error of a leg's length."""
    coarse = leg.guide is not None and leg.guide.position_sigma_m >= COARSE_M
    return COARSE_SIGMA * leg.length_m if coarse else 0.0


def area(legs: Sequence[Leg], area_m2: float) -> Measure:
    """Return an area with its error, in square metres.

    Each leg that is not today's line sweeps its own error over its chord, independently.
    """
    variance = (AREA_SIGMA * area_m2) ** 2
    for leg in legs:
        if leg.state in ("stand-in", "inferred", "drawn", "gap"):
            variance += (_chord(leg)[1] * leg.sigma_m) ** 2
    basis = "chain" if any(leg.guide is None for leg in legs) else "reach"
    return Measure(value=area_m2, sigma=float(np.sqrt(variance)), basis=basis)


def _chord(leg: Leg) -> tuple[float, float]:
    """Return azimuth (degrees) and length (metres) from a leg's first point to its last."""
    first, last = leg.geometry.coords[0], leg.geometry.coords[-1]
    azimuth, _, metres = _GEOD.inv(first[0], first[1], last[0], last[1])
    return float(azimuth), float(metres)


def _unit(leg: Leg) -> np.ndarray:
    azimuth = np.radians(_chord(leg)[0])
    return np.array([np.sin(azimuth), np.cos(azimuth)])
