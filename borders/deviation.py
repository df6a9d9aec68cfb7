"""How far a boundary runs from another line, leg by leg, and where the error band lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders import geodesy
from borders.geodesy.track import Track
from borders.uncertainty import across_m

if TYPE_CHECKING:
    from shapely import LineString, MultiPolygon, Polygon

    from borders.boundary import Boundary, Leg
    from borders.geodesy.lonlat import FloatArray

__all__ = ["LegDeviation", "band", "changes", "deviation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegDeviation:
    """One leg against another line.

    Parameters
    ----------
    mean_m, max_m : distance from the leg to the line, along the leg.
    sigma_m : the leg's own error.
    circular : drawn on that line or between points placed on it: its distance says nothing.
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
    other : LineString, EPSG:4326, such as today's border.
    spacing_m : distance of the points at which it is measured.
    """
    passed = {call.n: call.passed for call in line.treaty.calls}
    points = [_stations(leg.geometry, spacing_m) for leg in line.legs]
    points += [np.array([(one.lon, one.lat)]) for one in passed.values() if one]
    # All at once, so that the other line is measured once.
    all_m = np.asarray(geodesy.distance_m(other, shapely.points(np.concatenate(points))))
    away = np.split(all_m, np.cumsum([len(part) for part in points])[:-1])
    villages_m = iter(away[len(line.legs) :])
    found = []
    for leg, away_m in zip(line.legs, away, strict=False):
        village = passed[leg.n]
        found.append(
            LegDeviation(
                n=leg.n,
                mean_m=float(away_m.mean()),
                max_m=float(away_m.max()),
                sigma_m=leg.sigma_m,
                circular=leg.circular,
                passed=village.name if village else "",
                passed_m=float(next(villages_m)[0]) if village else None,
            )
        )
    return tuple(found)


def _stations(line: LineString, spacing_m: float) -> FloatArray:
    """Return points of a line at even distances, its ends among them."""
    measured = Track.of(line)
    total = float(measured.chainage_m[-1])
    count = max(2, int(np.ceil(total / spacing_m)) + 1)
    return measured.points(np.linspace(0.0, total, count))[:, :2]


def band(line: Boundary, *, k: float = 1.959964, spacing_m: float = 5000.0) -> MultiPolygon:
    """Return the area within k standard errors of a boundary: wide where the line is unsure.

    Parameters
    ----------
    k : 1.96 holds the true line at each point 95 times in 100.
    spacing_m : the error changes in steps of this length, from one end's to the other's.

    Returns
    -------
    MultiPolygon, EPSG:4326.
    """
    pieces: list[LineString] = []
    radius_m: list[float] = []
    for leg in line.legs:
        for piece, sigma_m in _pieces(leg, spacing_m):
            pieces.append(piece)
            radius_m.append(k * max(sigma_m, 1.0))
    shapes = np.array(pieces, dtype=object)
    parts = geodesy.buffer_m(shapes, np.array(radius_m), quad_segs=16)
    found: MultiPolygon = shapely.multipolygons(shapely.get_parts(shapely.union_all(parts)))
    return found


def _pieces(leg: Leg, spacing_m: float) -> list[tuple[LineString, float]]:
    """Return pieces of a leg with the error of each: the ends' own errors at the ends."""
    # Bends far smaller than the error do not show in the band and cost time.
    fine = geodesy.simplify_m(leg.geometry, tolerance_m=0.1 * leg.sigma_m)
    if leg.guide is not None and leg.state != "stand-in":
        return [(fine, leg.sigma_m)]
    total = float(geodesy.length_m(fine))
    at = np.linspace(0.0, total, max(1, int(np.ceil(total / spacing_m))) + 1)
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
    ValueError : one of them is a border and bounds nothing.
    """
    if then.polygon is None or now.polygon is None:
        message = "both must be territories; a border bounds nothing"
        raise ValueError(message)
    both = {
        "lost": then.polygon.difference(now.polygon),
        "gained": now.polygon.difference(then.polygon),
    }
    found = {}
    for key, shape in both.items():
        parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]
        sized = [(float(geodesy.area_m2(p)), p) for p in parts]
        found[key] = [p for area, p in sorted(sized, key=lambda s: -s[0]) if area >= least_m2]
    return found
