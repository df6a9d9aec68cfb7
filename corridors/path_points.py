"""Points of a path whose longitude and latitude look swapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from shapely import LineString

from borders.errors import GeometryError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["check_points"]

# A path that becomes so many times shorter when points are turned was meant to be that one.
_SHORTER = 3.0


def check_points(stops: Sequence[tuple[str, tuple[float, ...], bool]]) -> None:
    """Refuse points that lie off the region, or far off the way between places, unless turned.

    Parameters
    ----------
    stops : in order, where each stands in its file, longitude and latitude, and whether it was
        given as a point; the others are known to lie where they lie.

    Raises
    ------
    GeometryError : names the first point that looks like latitude, longitude.
    """
    points = [n for n, (_, _, given) in enumerate(stops) if given]
    if not points:
        return
    from borders.vector import look_swapped

    known = [n for n, (_, _, given) in enumerate(stops) if not given]
    xy = [at[:2] for _, at, _ in stops]
    for n in points:
        if look_swapped(np.array([xy[n]])):
            raise _swapped(stops[n])
    inner = [n for n in points if known and known[0] < n < known[-1]]
    for turned in (inner, *([n] for n in inner)):
        if _gains(xy, turned):
            raise _swapped(stops[turned[0]])


def _gains(xy: Sequence[tuple[float, ...]], turned: Sequence[int]) -> bool:
    """Tell whether the way through points and their neighbours is far shorter with them turned."""
    if any(abs(xy[n][0]) > 90 for n in turned):
        return False
    legs = sorted({m for n in turned for m in (n - 1, n)})
    other = [at[::-1] if n in turned else at for n, at in enumerate(xy)]
    return _legs_m(xy, legs) > _SHORTER * _legs_m(other, legs) > 0


def _legs_m(xy: Sequence[tuple[float, ...]], legs: Sequence[int]) -> float:
    from borders.geodesy import length_m

    return float(np.sum(length_m([LineString(xy[n : n + 2]) for n in legs])))


def _swapped(stop: tuple[str, tuple[float, ...], bool]) -> GeometryError:
    step, (lon, lat, *_), _ = stop
    message = (
        f"{step}: the point {lon:g}, {lat:g} looks like latitude, longitude; write longitude first"
    )
    return GeometryError(message)
