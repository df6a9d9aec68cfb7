"""The path of a corridor file: chords between places, and stretches of guide lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import shapely
from shapely import LineString

from borders import schema
from borders.errors import SchemaError, UnknownNameError
from borders.geodesy import length_m
from borders.guide import Stretch, follow, guide
from borders.places import place

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Piece", "pieces"]

T = TypeVar("T")

# A road or railway along a river joins and leaves it abreast of places this far away.
ABREAST_M = 10_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a centreline.

    Parameters
    ----------
    along : guide line that it follows; None for a chord between places.
    xy : (n, 2) lon/lat.
    drawn_m : length as drawn.
    true_m : length on the ground if the guide line knows it, otherwise as drawn.
    """

    along: str | None
    xy: np.ndarray
    drawn_m: float
    true_m: float
    source: str


def pieces(rows: list[dict[str, Any]], where: str) -> list[Piece]:
    """Return the path's pieces; chords join places to what comes before."""
    found: list[Piece] = []
    here: np.ndarray | None = None
    for n, row in enumerate(rows, 1):
        step = f"{where}, path {n}"
        typed = schema.check("path", row, step)
        if sum(bool(typed[key]) for key in ("place", "point", "along")) != 1:
            message = f"{step}: give exactly one of place, point or along"
            raise SchemaError(message)
        piece = _along(typed, step) if typed["along"] else None
        start = piece.xy[:1] if piece else np.array([_point(typed, step)])
        if here is not None:
            found.append(_chord(np.concatenate([here, start])))
        if piece:
            found.append(piece)
        here = piece.xy[-1:] if piece else start
    return [piece for piece in found if piece.drawn_m > 0]


def _named(find: Callable[[str], T], name: str, step: str) -> T:
    """Return a place or a guide line; where there is none, the message has the step."""
    try:
        return find(name)
    except UnknownNameError as err:
        message = f"{step}: {err}"
        raise type(err)(message) from err


def _point(typed: dict[str, Any], step: str) -> tuple[float, float]:
    if typed["place"]:
        found = _named(place, typed["place"], step)
        return found.lon, found.lat
    if len(typed["point"]) != 2:
        message = f"{step}: point has {len(typed['point'])} numbers; write [longitude, latitude]"
        raise SchemaError(message)
    row = {"id": "x", "name": "x", "lon": typed["point"][0], "lat": typed["point"][1]}
    checked = schema.check("treaty-place", {**row, "sigma_m": 0, "source": "x"}, step)
    return checked["lon"], checked["lat"]


def _chord(xy: np.ndarray) -> Piece:
    drawn = float(length_m(LineString(xy)))
    return Piece(along=None, xy=xy, drawn_m=drawn, true_m=drawn, source="araxes")


def _along(typed: dict[str, Any], step: str) -> Piece:
    found = _named(guide, typed["along"], step)
    ends = [_named(place, typed[key], f"{step}: {key}") for key in ("from", "to") if typed[key]]
    if len(ends) == 1:
        message = f"{step}: give both 'from' and 'to', or neither"
        raise SchemaError(message)
    whole = float(length_m(found.geometry))
    part = Stretch(geometry=found.geometry, length_m=whole)
    if ends:
        part = follow(found, ends[0], ends[1], where=step, limit_m=ABREAST_M)
    return Piece(
        along=found.id,
        xy=shapely.get_coordinates(part.geometry),
        drawn_m=part.length_m,
        true_m=part.length_m * (found.length_m or whole) / whole,
        source=found.source,
    )
