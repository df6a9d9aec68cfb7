"""The path of a corridor file: chords between places, and stretches of guide lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from shapely import LineString

from borders import schema
from borders.errors import SchemaError, located
from borders.geodesy import length_m
from borders.guide import Stretch, follow, guide
from borders.places import place
from corridors.path_points import check_points

__all__ = ["Piece", "pieces"]

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
