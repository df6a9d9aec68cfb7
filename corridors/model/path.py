"""The path of a corridor file: chords between places, and stretches of guide lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from shapely import LineString

from borders.errors import GeometryError

if TYPE_CHECKING:
    from collections.abc import Sequence

from dataclasses import dataclass
from typing import Any, TypeAlias

from borders.errors import SchemaError, located
from borders.files import schema
from borders.gazetteer.lookup import place
from borders.geodesy import length_m
from borders.guide_lines import Stretch, follow, guide

__all__ = ["Piece", "check_points", "pieces"]

Point: TypeAlias = tuple[float, ...]

# A road or railway along a river joins and leaves it abreast of places this far away.
ABREAST_M = 10_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a centreline.

    Parameters
    ----------
    along : guide line that it follows; None for a chord between places.
    geometry : LineString, EPSG:4326.
    drawn_m : length as drawn.
    true_m : length on the ground if the guide line knows it, otherwise as drawn.
    """

    along: str | None
    geometry: LineString
    drawn_m: float
    true_m: float
    source: str


def pieces(rows: list[dict[str, Any]], where: str) -> list[Piece]:
    """Return the path's pieces; chords join places to what comes before."""
    found: list[Piece] = []
    here: Point | None = None
    stops: list[tuple[str, Point, bool]] = []
    for n, row in enumerate(rows, 1):
        step = f"{where}, path {n}"
        typed = schema.check("path", row, step)
        if sum(bool(typed[key]) for key in ("place", "point", "along")) != 1:
            message = f"{step}: give exactly one of place, point or along"
            raise SchemaError(message)
        piece = _along(typed, step) if typed["along"] else None
        start = piece.geometry.coords[0] if piece else _point(typed, step)
        if here is not None:
            found.append(_chord(here, start))
        if piece:
            found.append(piece)
        here = piece.geometry.coords[-1] if piece else start
        stops += [(step, end, bool(typed["point"])) for end in dict.fromkeys((start, here))]
    check_points(stops)
    return [piece for piece in found if piece.drawn_m > 0]


def _point(typed: dict[str, Any], step: str) -> Point:
    if typed["place"]:
        with located(step):
            found = place(typed["place"])
        return found.lon, found.lat
    if len(typed["point"]) != 2:
        message = f"{step}: point has {len(typed['point'])} numbers; write [longitude, latitude]"
        raise SchemaError(message)
    row = {"id": "x", "name": "x", "lon": typed["point"][0], "lat": typed["point"][1]}
    checked = schema.check("treaty-place", {**row, "sigma_m": 0, "source": "x"}, step)
    return checked["lon"], checked["lat"]


def _chord(start: Point, end: Point) -> Piece:
    line = LineString([start[:2], end[:2]])
    drawn = float(length_m(line))
    return Piece(along=None, geometry=line, drawn_m=drawn, true_m=drawn, source="araxes")


def _along(typed: dict[str, Any], step: str) -> Piece:
    with located(step):
        found = guide(typed["along"])
    ends = []
    for key in ("from", "to"):
        if typed[key]:
            with located(f"{step}: {key}"):
                ends.append(place(typed[key]))
    if len(ends) == 1:
        message = f"{step}: give both 'from' and 'to', or neither"
        raise SchemaError(message)
    whole = float(length_m(found.geometry))
    part = Stretch(geometry=found.geometry, length_m=whole)
    if ends:
        part = follow(found, ends[0], ends[1], where=step, limit_m=ABREAST_M)
    return Piece(
        along=found.id,
        geometry=part.geometry,
        drawn_m=part.length_m,
        true_m=part.length_m * (found.length_m or whole) / whole,
        source=found.source,
    )


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
    from borders.files.vector import look_swapped

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
