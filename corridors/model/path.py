"""The path of a corridor file: chords between places, and stretches of guide lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from shapely import LineString

from borders.errors import GeometryError, SchemaError, located
from borders.files import schema
from borders.gazetteer.lookup import place
from borders.geodesy import length_m
from borders.guide_lines import Stretch, follow, guide

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from borders.gazetteer.places import Place

__all__ = ["Piece", "check_points", "pieces"]

Point: TypeAlias = tuple[float, ...]

# A place at which a path joins or leaves a guide line may lie this far from it: a road or railway
# along a river passes its places at a distance. An assumption.
ABREAST_M = 10_000.0
# A path that becomes this many times shorter once points are swapped was written latitude first.
# An assumption.
_SHORTER = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a centreline.

    Parameters
    ----------
    along : id of the guide line that it follows; None for a chord between places.
    geometry : LineString, EPSG:4326.
    drawn_m : geodesic length as drawn, in metres.
    true_m : length on the ground in metres if the guide line has one, otherwise as drawn.
    source : id of the source of its course; empty where the file itself is.
    """

    along: str | None
    geometry: LineString
    drawn_m: float
    true_m: float
    source: str


def pieces(
    rows: list[dict[str, Any]],
    where: str,
    *,
    find: Callable[[str], Place] = place,
    source: str = "araxes",
) -> list[Piece]:
    """Return the pieces of a path in order; a chord joins each step to the one before it.

    Parameters
    ----------
    rows : the steps, each with one of ``place``, ``point`` (lon/lat) and ``along``.
    where : the file, for messages.
    find : returns the place of a name; by the gazetteer, if missing.
    source : id of the source of what is drawn from step to step; empty if nobody's but the file's.

    Raises
    ------
    SchemaError : a step breaks the rules of `schema.csv`.
    UnknownNameError : no such place or guide line.
    GeometryError : a place is too far from the guide line, or a point looks like lat/lon.
    """
    path: list[Piece] = []
    last: Point | None = None
    stops: list[tuple[str, Point, bool]] = []
    for n, row in enumerate(rows, 1):
        step = f"{where}, path {n}"
        typed = schema.check("path", row, step)
        if sum(bool(typed[key]) for key in ("place", "point", "along")) != 1:
            message = f"{step}: give exactly one of place, point or along"
            raise SchemaError(message)
        piece = _along(typed, step, find) if typed["along"] else None
        start = piece.geometry.coords[0] if piece else _point(typed, step, find)
        if last is not None:
            path.append(_chord(last, start, source))
        if piece:
            path.append(piece)
        last = piece.geometry.coords[-1] if piece else start
        stops += [(step, end, bool(typed["point"])) for end in dict.fromkeys((start, last))]
    check_points(stops)
    return [piece for piece in path if piece.drawn_m > 0]


def _point(typed: dict[str, Any], step: str, find: Callable[[str], Place]) -> Point:
    if typed["place"]:
        with located(step):
            stop = find(typed["place"])
        return stop.lon, stop.lat
    if len(typed["point"]) != 2:
        message = f"{step}: point has {len(typed['point'])} numbers; write [longitude, latitude]"
        raise SchemaError(message)
    if "" in typed["point"]:
        message = f"{step}: point is {typed['point']}; write [longitude, latitude]"
        raise SchemaError(message)
    row = {"id": "x", "name": "x", "lon": typed["point"][0], "lat": typed["point"][1]}
    checked = schema.check("treaty-place", {**row, "sigma_m": 0, "source": "x"}, step)
    return checked["lon"], checked["lat"]


def _chord(start: Point, end: Point, source: str) -> Piece:
    line = LineString([start[:2], end[:2]])
    drawn_m = float(length_m(line))
    return Piece(along=None, geometry=line, drawn_m=drawn_m, true_m=drawn_m, source=source)


def _along(typed: dict[str, Any], step: str, find: Callable[[str], Place]) -> Piece:
    with located(step):
        line = guide(typed["along"])
    ends = []
    for key in ("from", "to"):
        if typed[key]:
            with located(f"{step}: {key}"):
                ends.append(find(typed[key]))
    if len(ends) == 1:
        message = f"{step}: give both 'from' and 'to', or neither"
        raise SchemaError(message)
    whole_m = float(length_m(line.geometry))
    part = Stretch(geometry=line.geometry, length_m=whole_m)
    if ends:
        part = follow(line, ends[0], ends[1], where=step, limit_m=ABREAST_M)
    return Piece(
        along=line.id,
        geometry=part.geometry,
        drawn_m=part.length_m,
        true_m=part.length_m * (line.length_m or whole_m) / whole_m,
        source=line.source,
    )


def check_points(stops: Sequence[tuple[str, tuple[float, ...], bool]]) -> None:
    """Refuse points written latitude first: swapped, they lie in the region or shorten the path.

    Parameters
    ----------
    stops : in order, the step of each in its file, its lon/lat (EPSG:4326), and whether the file
        gives it as a point; the others are places, whose coordinates are known.

    Raises
    ------
    GeometryError : names the first point that looks like latitude, longitude.
    """
    points = [n for n, (_, _, is_point) in enumerate(stops) if is_point]
    if not points:
        return
    from borders.files.table_checks import look_swapped

    places = [n for n, (_, _, is_point) in enumerate(stops) if not is_point]
    xy = [at[:2] for _, at, _ in stops]
    for n in points:
        if look_swapped(np.array([xy[n]])):
            raise _swapped(stops[n])
    inner = [n for n in points if places and places[0] < n < places[-1]]
    for swapped in (inner, *([n] for n in inner)):
        if _shorter_swapped(xy, swapped):
            raise _swapped(stops[swapped[0]])


def _shorter_swapped(xy: Sequence[tuple[float, ...]], points: Sequence[int]) -> bool:
    """Tell whether swapping lon and lat of points makes the legs at them far shorter."""
    if any(abs(xy[n][0]) > 90 for n in points):
        return False
    legs = sorted({m for n in points for m in (n - 1, n)})
    swapped = [at[::-1] if n in points else at for n, at in enumerate(xy)]
    return _legs_m(xy, legs) > _SHORTER * _legs_m(swapped, legs) > 0


def _legs_m(xy: Sequence[tuple[float, ...]], legs: Sequence[int]) -> float:
    return float(np.sum(length_m([LineString(xy[n : n + 2]) for n in legs])))


def _swapped(stop: tuple[str, tuple[float, ...], bool]) -> GeometryError:
    step, (lon, lat, *_), _ = stop
    message = (
        f"{step}: the point {lon:g}, {lat:g} looks like latitude, longitude; write longitude first"
    )
    return GeometryError(message)
