"""From the calls of a treaty to a line: each rule is one function."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Polygon

from borders import geodesy, uncertainty
from borders.boundary import Boundary, Leg
from borders.errors import GeometryError, UnknownNameError
from borders.guide import Stretch, follow, guide
from borders.treaty import Call, Treaty, read_treaty, treaty_ids

if TYPE_CHECKING:
    from pathlib import Path


__all__ = ["boundary", "resolve"]

# A place may lie this far from the guide line that it marks, or three times its own error.
PLACE_LIMIT_M = 2000.0
# Legs that join must meet within this distance or three times the errors of their ends.
JOIN_LIMIT_M = 500.0
# Long geodesics get vertices, so that maps and buffers show them as curves.
STRAIGHT_SPACING_M = 5000.0


def resolve(treaty: Treaty) -> Boundary:
    """Return the line of a treaty, leg by leg.

    Raises
    ------
    GeometryError : a place is too far from the line it should mark, or two legs do not meet;
        the message names the calls, the distance and the limit.

    Examples
    --------
    >>> line = resolve(read_treaty("kars-1921"))
    >>> [leg.rule for leg in line.legs]
    ['today', 'today', 'thalweg', 'thalweg']
    """
    legs: list[Leg] = []
    for call in treaty.calls:
        part, sigma_m, source = _RULES[call.rule](treaty, call)
        gap_m = _gap(treaty, legs[-1], call, part.geometry) if legs else 0.0
        legs.append(
            Leg(
                n=call.n,
                words=call.words,
                rule=call.rule,
                start=call.start,
                end=call.end,
                geometry=part.geometry,
                length_m=part.length_m,
                sigma_m=sigma_m,
                state=call.state,
                gap_m=gap_m,
                source=source,
            )
        )
    xy = np.concatenate([shapely.get_coordinates(leg.geometry) for leg in legs])
    xy = xy[np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]]
    polygon = _close(treaty, legs, xy) if treaty.kind == "territory" else None
    area = None if polygon is None else uncertainty.area(legs, float(geodesy.area_m2(polygon)))
    return Boundary(
        treaty=treaty,
        legs=tuple(legs),
        geometry=LineString(xy),
        polygon=polygon,
        length=uncertainty.length(legs, closed=polygon is not None),
        area=area,
    )


@cache
def _bundled(key: str) -> Boundary:
    return resolve(read_treaty(key))


def boundary(key: str | Path) -> Boundary:
    """Return a bundled border or territory by id, or one from a treaty file.

    Raises
    ------
    UnknownNameError : no such id; the message lists the known ones.

    Examples
    --------
    >>> round(boundary("kars-1921").length.value / 1000)
    622
    """
    if str(key) in treaty_ids():
        return _bundled(str(key))
    if str(key).endswith(".toml"):
        return resolve(read_treaty(key))
    message = f"no border '{key}'; known: {', '.join(treaty_ids())}"
    raise UnknownNameError(message)


def _straight(treaty: Treaty, call: Call) -> tuple[Stretch, float, str]:
    ends = [(call.start.lon, call.start.lat), (call.end.lon, call.end.lat)]
    if ends[0] == ends[1]:
        message = (
            f"{treaty.id} call {call.n}: begins and ends at '{call.end.name}'; give two places"
        )
        raise GeometryError(message)
    chord = LineString(ends)
    line = geodesy.densify(chord, spacing_m=STRAIGHT_SPACING_M)
    part = Stretch(geometry=line, length_m=float(geodesy.length_m(chord)))
    return part, uncertainty.ends_m(call.start.sigma_m, call.end.sigma_m), treaty.source


def _guided(treaty: Treaty, call: Call) -> tuple[Stretch, float, str]:
    where = f"{treaty.id} call {call.n}"
    try:
        found = guide(call.along or "")
    except UnknownNameError as err:
        message = f"{where}: {err}"
        raise UnknownNameError(message) from err
    part = follow(found.id, call.start, call.end, where=where, limit_m=PLACE_LIMIT_M)
    sigma_m = found.position_sigma_m
    if call.state == "stand-in":
        # The places say how far the true line may be from the one drawn in its stead.
        sigma_m = max(sigma_m, uncertainty.ends_m(call.start.sigma_m, call.end.sigma_m))
    return part, sigma_m, found.source


_RULES = {"straight": _straight, "today": _guided, "thalweg": _guided}


def _distance(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return float(geodesy.length_m(LineString([a[:2], b[:2]])))


def _gap(treaty: Treaty, before: Leg, call: Call, line: LineString) -> float:
    gap_m = _distance(before.geometry.coords[-1], line.coords[0])
    limit = max(JOIN_LIMIT_M, 3 * max(before.end.sigma_m, call.start.sigma_m))
    if gap_m > limit:
        message = (
            f"{treaty.id}: call {before.n} ends {gap_m:,.0f} m from where call {call.n} begins "
            f"(limit {limit:,.0f} m); check '{before.end.name}' and '{call.start.name}'"
        )
        raise GeometryError(message)
    return gap_m


def _close(treaty: Treaty, legs: list[Leg], xy: np.ndarray) -> Polygon:
    gap_m = _distance(tuple(xy[-1]), tuple(xy[0]))
    limit = max(JOIN_LIMIT_M, 3 * max(legs[0].start.sigma_m, legs[-1].end.sigma_m))
    if gap_m > limit:
        message = (
            f"{treaty.id}: the territory does not close: call {legs[-1].n} ends {gap_m:,.0f} m "
            f"from where call 1 begins (limit {limit:,.0f} m)"
        )
        raise GeometryError(message)
    polygon = Polygon(xy)
    if polygon.is_valid:
        return polygon
    # Legs drawn through places may touch the river's bends; the largest part is the territory.
    parts = shapely.get_parts(shapely.make_valid(polygon))
    largest: Polygon = max(parts, key=shapely.area)
    if largest.area < 0.99 * shapely.area(parts).sum():
        message = f"{treaty.id}: the legs cross each other; check the order of the calls"
        raise GeometryError(message)
    return largest
