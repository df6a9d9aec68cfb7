"""From the calls of a treaty to a line: each rule is one function."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from borders import geodesy, uncertainty
from borders.boundary import Boundary, Leg
from borders.errors import GeometryError, UnknownNameError
from borders.store import guide
from borders.treaty import Call, Treaty, read_treaty, treaty_ids

if TYPE_CHECKING:
    from pathlib import Path

    from borders.places import Place

__all__ = ["boundary", "follow", "resolve"]

# A place may lie this far from the guide line that it marks, or three times its own error.
PLACE_LIMIT_M = 2000.0
# Legs that join must meet within this distance or three times the errors of their ends.
JOIN_LIMIT_M = 500.0
# Long geodesics get vertices, so that maps and buffers show them as curves.
STRAIGHT_SPACING_M = 5000.0
# Position of OpenStreetMap's border lines: an assumption, about the width of the Aras.
GUIDE_SIGMA_M = 50.0


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
        line, sigma_m, source = _RULES[call.rule](treaty, call)
        gap_m = _gap(treaty, legs[-1], call, line) if legs else 0.0
        legs.append(
            Leg(
                n=call.n,
                words=call.words,
                rule=call.rule,
                start=call.start,
                end=call.end,
                geometry=line,
                length_m=float(geodesy.length_m(line)),
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


def follow(
    line: LineString,
    start: Place,
    end: Place,
    *,
    where: str,
    along: str,
    limit_m: float = PLACE_LIMIT_M,
) -> LineString:
    """Return the part of a guide line between two places.

    Parameters
    ----------
    line : LineString, EPSG:4326.
    start, end : Place; each must lie near the line.
    where, along : the call and the guide line, for the message.
    limit_m : how far a place may lie from the line, or three times its own error.

    Raises
    ------
    GeometryError : a place lies too far from the guide line.
    """
    ends = (Point(start.lon, start.lat), Point(end.lon, end.lat))
    try:
        part = geodesy.slice_between(line, *ends)
    except GeometryError as err:
        # Places far off may have the same nearest point; then the distance is the news.
        for place, point in zip((start, end), ends, strict=True):
            away = float(geodesy.distance_m(line, point))
            _check_near(place, away, line, where=where, along=along, limit_m=limit_m)
        message = f"{where}: '{start.name}' and '{end.name}' mark the same place on '{along}'"
        raise GeometryError(message) from err
    for place, point, at in ((start, ends[0], 0), (end, ends[1], -1)):
        # The slice begins and ends at the line's nearest points to the places.
        away = _distance(point.coords[0], part.coords[at])
        _check_near(place, away, line, where=where, along=along, limit_m=limit_m)
    return part


def _check_near(
    place: Place, away_m: float, line: LineString, *, where: str, along: str, limit_m: float
) -> None:
    limit = max(limit_m, 3 * place.sigma_m)
    if away_m <= limit:
        return
    mend = "check the place's coordinates or the guide line"
    if abs(place.lon) <= 90:
        swapped = Point(place.lat, place.lon)
        if float(geodesy.distance_m(line, swapped)) <= limit:
            mend = "its longitude and latitude are swapped"
    message = (
        f"{where}: '{place.name}' lies {away_m:,.0f} m from '{along}' (limit {limit:,.0f} m);"
        f" {mend}"
    )
    raise GeometryError(message)


def _straight(treaty: Treaty, call: Call) -> tuple[LineString, float, str]:
    ends = [(call.start.lon, call.start.lat), (call.end.lon, call.end.lat)]
    if ends[0] == ends[1]:
        message = (
            f"{treaty.id} call {call.n}: begins and ends at '{call.end.name}'; give two places"
        )
        raise GeometryError(message)
    chord = LineString(ends)
    line = geodesy.densify(chord, spacing_m=STRAIGHT_SPACING_M)
    return line, uncertainty.ends_m(call.start.sigma_m, call.end.sigma_m), treaty.source


def _guided(treaty: Treaty, call: Call) -> tuple[LineString, float, str]:
    where = f"{treaty.id} call {call.n}"
    try:
        found = guide(call.along or "")
    except UnknownNameError as err:
        message = f"{where}: {err}"
        raise UnknownNameError(message) from err
    line = follow(found.geometry, call.start, call.end, where=where, along=call.along or "")
    sigma_m = float(found.properties.get("position_sigma_m", GUIDE_SIGMA_M))
    if call.state == "stand-in":
        # The places say how far the true line may be from the one drawn in its stead.
        sigma_m = max(sigma_m, uncertainty.ends_m(call.start.sigma_m, call.end.sigma_m))
    return line, sigma_m, found.properties["source"]


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
