"""Length and area under the errors of places and lines, drawn at random many times at once.

Each draw moves every place by its own error, so that free legs turn and stretch and legs along a
guide begin and end elsewhere on it. Divides that a chord stands for, the scale of guide lines and
the offset of stand-ins vary too. First-order propagation (`borders.uncertainty`) is the check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod, Transformer

from borders.guide import track
from borders.measure import Measure
from borders.uncertainty import AREA_SIGMA, DIVIDE_SIGMA, LENGTH_SIGMA

if TYPE_CHECKING:
    from borders.boundary import Boundary, Leg
    from borders.geodesy.lonlat import FloatArray
    from borders.geodesy.track import Track
    from borders.guide import Guide
    from borders.places import Place

__all__ = ["Draws", "draws"]

_GEOD = Geod(ellps="WGS84")
_TANGENT_M = 500.0


@dataclass(frozen=True, slots=True, kw_only=True)
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
    low, middle, high = np.quantile(values, [0.025, 0.5, 0.975])
    sigma = float(high - low) / (2 * 1.959964)
    return Measure(value=float(middle), sigma=sigma, basis="draws")


def draws(line: Boundary, *, n: int = 1000, seed: int = 1921) -> Draws:
    """Return lengths and areas of n draws of a boundary; the same seed gives the same draws.

    Examples
    --------
    >>> from borders import boundary
    >>> found = draws(boundary("nakhchivan-1921"), n=100)
    >>> found.length_m.shape, found.area_m2.shape
    ((100,), (100,))
    """
    rng = np.random.default_rng(seed)
    flat = _Plane(line)
    moved = {
        place.id: rng.normal(0.0, place.sigma_m / np.sqrt(2), (n, 2))
        for place in {p.id: p for leg in line.legs for p in (leg.start, leg.end)}.values()
    }
    pieces = [_leg(leg, moved, flat) for leg in line.legs]
    guided = sum((p.length_m for p in pieces if p.guided), np.zeros(n))
    free = sum((p.length_m for p in pieces if not p.guided), np.zeros(n))
    winding = sum(
        (p.length_m for p, leg in zip(pieces, line.legs, strict=True)
         if leg.state in ("inferred", "gap")),
        np.zeros(n),
    )  # fmt: skip
    scale, divide = rng.normal(0.0, LENGTH_SIGMA, n), rng.normal(0.0, DIVIDE_SIGMA, n)
    length_m = free + guided + guided * scale + winding * divide
    if line.area is None:
        return Draws(length_m=length_m, area_m2=None)
    twice = sum((p.cross for p in pieces), np.zeros(n))
    for one, two in zip(pieces, [*pieces[1:], pieces[0]], strict=True):
        twice += _cross(one.last, two.first)
    area_m2 = np.abs(twice) / 2
    for leg, piece in zip(line.legs, pieces, strict=True):
        if piece.guided and leg.state == "stand-in":
            chord = np.hypot(*(piece.last - piece.first).T)
            area_m2 += chord * rng.normal(0.0, leg.sigma_m, n)
    area_m2 += line.area.value * rng.normal(0.0, AREA_SIGMA, n)
    return Draws(length_m=length_m, area_m2=area_m2)


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    product: FloatArray = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """One leg in every draw: length, twice the area it sweeps from the origin, and its ends."""

    length_m: FloatArray
    cross: FloatArray
    first: FloatArray
    last: FloatArray
    guided: bool


class _Plane:
    """An equal-area plane round a boundary, in which areas add up leg by leg."""

    def __init__(self, line: Boundary) -> None:
        middle = shapely.box(*line.geometry.bounds).centroid
        equal_area = f"+proj=laea +lat_0={middle.y} +lon_0={middle.x} +ellps=WGS84"
        self._to = Transformer.from_crs("EPSG:4326", equal_area, always_xy=True)
        self._swept: dict[Guide, tuple[FloatArray, FloatArray]] = {}

    def xy(self, lonlat: FloatArray) -> FloatArray:
        return np.column_stack(self._to.transform(lonlat[:, 0], lonlat[:, 1]))

    def swept(self, key: Guide) -> tuple[FloatArray, FloatArray]:
        """Return a guide's vertices, and twice the area swept from the origin up to each."""
        if key not in self._swept:
            xy = self.xy(track(key).vertices)
            swept = np.concatenate([[0.0], np.cumsum(_cross(xy[:-1], xy[1:]))])
            self._swept[key] = xy, swept
        return self._swept[key]


def _leg(leg: Leg, moved: dict[str, FloatArray], flat: _Plane) -> _Piece:
    if leg.guide is not None and leg.rule != "offset":
        return _guided(leg, moved, flat)
    first, last = (_displaced(p, moved[p.id]) for p in (leg.start, leg.end))
    chord = _GEOD.inv(first[:, 0], first[:, 1], last[:, 0], last[:, 1])[2]
    ends = (leg.start.lon, leg.start.lat, leg.end.lon, leg.end.lat)
    # A divide or a parallel keeps its shape: it is longer than its chord by the same factor.
    factor = leg.length_m / _GEOD.inv(*ends)[2]
    a, b = flat.xy(first), flat.xy(last)
    return _Piece(length_m=chord * factor, cross=_cross(a, b), first=a, last=b, guided=False)


def _displaced(place: Place, shift_m: FloatArray) -> FloatArray:
    azimuth = np.degrees(np.arctan2(shift_m[:, 0], shift_m[:, 1]))
    size = len(shift_m)
    lon, lat, _ = _GEOD.fwd(
        np.full(size, place.lon), np.full(size, place.lat), azimuth, np.hypot(*shift_m.T)
    )
    return np.column_stack([lon, lat])


def _guided(leg: Leg, moved: dict[str, FloatArray], flat: _Plane) -> _Piece:
    assert leg.guide is not None
    line = track(leg.guide)
    feet = [line.nearest(place.lon, place.lat)[0] for place in (leg.start, leg.end)]
    at = [
        _shifted(line, foot, moved[place.id])
        for foot, place in zip(feet, (leg.start, leg.end), strict=True)
    ]
    vertices, swept = flat.swept(leg.guide)
    first, last = (
        np.column_stack([np.interp(s, line.chainage_m, vertices[:, i]) for i in (0, 1)]) for s in at
    )
    # Along a segment the swept area is linear, so it may be interpolated by chainage.
    cross = np.interp(at[1], line.chainage_m, swept) - np.interp(at[0], line.chainage_m, swept)
    # Signed, so that a place between two legs of one guide shifts length from one to the other.
    ahead = 1.0 if feet[1] >= feet[0] else -1.0
    return _Piece(
        length_m=ahead * (at[1] - at[0]), cross=cross, first=first, last=last, guided=True
    )


def _shifted(line: Track, at_m: float, shift_m: FloatArray) -> FloatArray:
    """Return where on a line the nearest point to a shifted place lies, to first order."""
    total = float(line.chainage_m[-1])
    around = np.clip([at_m - _TANGENT_M, at_m + _TANGENT_M], 0.0, total)
    (x0, y0), (x1, y1) = line.points(around)[:, :2]
    azimuth = np.radians(_GEOD.inv(x0, y0, x1, y1)[0])
    along = shift_m @ np.array([np.sin(azimuth), np.cos(azimuth)])
    # Beyond the line's end it goes on: a place there belongs to the next line just as well.
    feet: FloatArray = at_m + along
    return feet
