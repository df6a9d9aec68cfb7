"""How far a boundary runs from another line, leg by leg, and where the error band lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders import geodesy
from borders.compiler.boundary import Boundary
from borders.compiler.precompiled import read_band
from borders.compiler.resolve import is_bundled
from borders.compiler.uncertainty import across_m
from borders.errors import GeometryError
from borders.geodesy.track import Track
from borders.measure import Z95

if TYPE_CHECKING:
    from shapely import LineString, MultiPolygon, Polygon

    from borders.compiler.leg import Leg
    from borders.geodesy.lonlat import FloatArray

__all__ = ["LegDeviation", "band", "changes", "deviation", "drawn_band"]

# A leg nowhere farther than this from a line was drawn on it: two surveys differ by more.
_SAME_M = 1.0
# Points are placed on a line to four decimals of a degree or better.
_PLACED_M = 10.0
# The steps in which the error changes along a leg.
_SPACING_M = 5000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LegDeviation:
    """One leg against another line.

    Parameters
    ----------
    mean_m, max_m : distance from the leg to the line, along the leg.
    sigma_m : the leg's own error.
    circular : drawn on the other line or between points placed on it: its distance says nothing.
    passed : village that the text has the line pass, whose position is independent of it.
    passed_m : how far the other line runs from that village.
    """

    n: int
    mean_m: float
    max_m: float
    sigma_m: float
    circular: bool
    passed: str = ""
    passed_m: float | None = None


def deviation(
    line: Boundary,
    other: LineString,
    *,
    spacing_m: float = 1000.0,
) -> tuple[LegDeviation, ...]:
    """Return the distance of every leg from another line.

    Parameters
    ----------
    other : LineString, EPSG:4326, such as today's border, or another boundary.
    spacing_m : distance of the points at which it is measured.

    Raises
    ------
    GeometryError : `line` has no legs, or the spacing is not above 0.

    Examples
    --------
    >>> from borders import boundary
    >>> now = boundary("nakhchivan")
    >>> all(leg.circular for leg in deviation(now, now))
    True
    """
    if not isinstance(line, Boundary):
        message = (
            f"a {type(line).__name__} has no legs; give a border, such as boundary('kars-1921'), "
            "or measure plain lines with borders.geodesy.distance_m"
        )
        raise GeometryError(message)
    if not spacing_m > 0:
        message = f"spacing_m is {spacing_m}; give a number of metres above 0"
        raise GeometryError(message)
    passed = [call.passed for call in line.treaty.calls]
    marks = [place for leg in line.legs for place in (leg.start, leg.end)]
    marks += [village for village in passed if village]
    points = [_stations(leg.geometry, spacing_m) for leg in line.legs]
    # All at once, so that the other line is measured once.
    xy = np.concatenate([*points, [(mark.lon, mark.lat) for mark in marks]])
    all_m = np.asarray(geodesy.distance_m(other, shapely.points(xy)))
    *away, marks_m = np.split(all_m, np.cumsum([len(part) for part in points]))
    ends_m = marks_m[: 2 * len(away)].reshape(-1, 2)
    villages_m = iter(marks_m[2 * len(away) :].tolist())
    return tuple(
        LegDeviation(
            n=leg.n,
            mean_m=float(away_m.mean()),
            max_m=float(away_m.max()),
            sigma_m=leg.sigma_m,
            circular=_placed_on(leg, end_m) or _drawn_on(leg, away_m, other),
            passed=village.name if village else "",
            passed_m=next(villages_m) if village else None,
        )
        for leg, away_m, end_m, village in zip(line.legs, away, ends_m, passed, strict=True)
    )


def _placed_on(leg: Leg, end_m: FloatArray) -> bool:
    """Tell whether the ends of a leg were placed on today's border, and that is the other line."""
    placed = leg.start.on_todays_border and leg.end.on_todays_border
    return placed and bool(end_m.max() <= _PLACED_M)


def _drawn_on(leg: Leg, away_m: FloatArray, other: LineString) -> bool:
    """Tell whether a leg follows the other line, at every vertex."""
    if away_m.max() > _SAME_M:
        return False
    vertices = shapely.points(shapely.get_coordinates(leg.geometry))
    return bool(geodesy.distance_m(other, vertices).max() <= _SAME_M)


def _stations(line: LineString, spacing_m: float) -> FloatArray:
    """Return points of a line at even distances, its ends among them."""
    measured = Track.of(line)
    total = float(measured.chainage_m[-1])
    count = max(2, int(np.ceil(total / spacing_m)) + 1)
    return measured.points(np.linspace(0.0, total, count))[:, :2]


def band(line: Boundary, *, k: float = Z95) -> MultiPolygon:
    """Return the area within k standard errors of a boundary: wide where the line is unsure.

    Parameters
    ----------
    k : 1.96 holds the true line at each point 95 times in 100.

    Returns
    -------
    MultiPolygon, EPSG:4326.
    """
    if k == Z95 and is_bundled(line):
        kept = read_band(line.treaty)
        if kept is not None:
            return kept
    return drawn_band(line, k)


def drawn_band(line: Boundary, k: float = Z95) -> MultiPolygon:
    """Return the band of a boundary drawn anew, also where one came with it."""
    pieces: list[LineString] = []
    radius_m: list[float] = []
    for leg in line.legs:
        for piece, sigma_m in _pieces(leg):
            pieces.append(piece)
            radius_m.append(k * max(sigma_m, 1.0))
    shapes = np.array(pieces, dtype=object)
    parts = geodesy.buffer_m(shapes, np.array(radius_m), quad_segs=8)
    area: MultiPolygon = shapely.multipolygons(shapely.get_parts(shapely.union_all(parts)))
    return area


def _pieces(leg: Leg) -> list[tuple[LineString, float]]:
    """Return pieces of a leg with the error of each: the ends' own errors at the ends."""
    # Bends far smaller than the error do not show in the band and cost time.
    fine = geodesy.simplify_m(leg.geometry, tolerance_m=0.1 * leg.sigma_m)
    if leg.guide is not None and leg.drawn_as != "stand-in":
        return [(fine, leg.sigma_m)]
    total = float(geodesy.length_m(fine))
    at = np.linspace(0.0, total, max(1, int(np.ceil(total / _SPACING_M))) + 1)
    sigma_m = across_m(leg, (at[:-1] + at[1:]) / (2 * total))
    parts = geodesy.slice_between(fine, at[:-1], at[1:])
    return list(zip(parts, sigma_m.tolist(), strict=True))


def changes(then: Boundary, now: Boundary, *, least_m2: float = 1e6) -> dict[str, list[Polygon]]:
    """Return what lay inside one territory and not the other, as polygons with an area.

    Parameters
    ----------
    least_m2 : smaller slivers are left out.

    Returns
    -------
    ``lost`` (inside then, outside now) and ``gained``, largest first.

    Raises
    ------
    GeometryError : one of them is a border and bounds nothing.
    """
    if then.polygon is None or now.polygon is None:
        message = "both must be territories; a border bounds nothing"
        raise GeometryError(message)
    both = {
        "lost": then.polygon.difference(now.polygon),
        "gained": now.polygon.difference(then.polygon),
    }
    changed = {}
    for key, shape in both.items():
        parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
        sized = [(float(geodesy.area_m2(p)), p) for p in parts]
        changed[key] = [p for area, p in sorted(sized, key=lambda s: -s[0]) if area >= least_m2]
    return changed
