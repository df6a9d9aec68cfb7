"""From the calls of a treaty to a line that closes within its errors."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Polygon

from borders import geodesy
from borders.compiler import uncertainty
from borders.compiler.boundary import Boundary
from borders.compiler.leg import Leg
from borders.compiler.precompiled import read_precompiled
from borders.compiler.rules import RULES, Drawn
from borders.errors import GeometryError, SchemaError, UnknownNameError, in_file
from borders.files.features import end_to_end
from borders.geodesy.lonlat import WGS84
from borders.guide_lines import find_projections, guides
from borders.treaty.treaty import Treaty, read_treaty, treaty_ids

if TYPE_CHECKING:
    from pathlib import Path

    from shapely import LineString

    from borders.gazetteer.places import Place
    from borders.guide_lines import Guide
    from borders.terrain.elevation import Terrain
    from borders.treaty.calls import Call

__all__ = ["boundary", "is_bundled", "resolve"]

# Legs that join must meet within this distance or three times the errors of their ends.
JOIN_LIMIT_M = 500.0
# Nearer ones are one point: places have four decimals.
SAME_POINT_M = 10.0


def resolve(treaty: Treaty, *, terrain: Terrain | None = None) -> Boundary:
    """Return the line of a treaty, leg by leg.

    Parameters
    ----------
    terrain : heights on which watersheds are found; a leg whose ends it does not hold is drawn
        without it.

    Raises
    ------
    GeometryError : a place is too far from the line it should mark, or two legs do not meet;
        the message names the calls, the distance and the limit.
    SchemaError : `treaty` is no `Treaty`.

    Examples
    --------
    >>> line = resolve(read_treaty("kars-1921"))
    >>> [leg.rule for leg in line.legs[-2:]]
    ['thalweg', 'thalweg']
    """
    if not isinstance(treaty, Treaty):
        message = f"{treaty!r} is no Treaty; give one of read_treaty, or ask boundary(id or file)"
        raise SchemaError(message)
    if terrain is not None:
        treaty = replace(treaty, terrain=terrain)
    lines = {**guides(), **treaty.guides}
    find_projections(
        (lines[key], place)
        for call in treaty.calls
        if (key := call.along or call.stand_in) in lines
        for place in (call.start, call.end)
    )
    legs: list[Leg] = []
    for call in treaty.calls:
        drawn = RULES[call.rule](treaty, call)
        gap_m = _join_gap_m(treaty, legs[-1], call, drawn) if legs else 0.0
        if legs:
            drawn = _joined(drawn, legs[-1], gap_m)
        legs.append(_leg(call, drawn, gap_m))
    line = end_to_end(legs)
    polygon = _closed(treaty, legs, line) if treaty.kind == "territory" else None
    area = None if polygon is None else uncertainty.area(legs, float(geodesy.area_m2(polygon)))
    return Boundary(
        treaty=treaty,
        legs=tuple(legs),
        geometry=line,
        polygon=polygon,
        length=uncertainty.length(legs, closed=polygon is not None),
        area=area,
    )


@cache
def _bundled(key: str) -> Boundary:
    treaty = read_treaty(key)
    return read_precompiled(treaty) or resolve(treaty)


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
        with in_file(key):
            return resolve(read_treaty(key))
    message = f"no border '{key}'; known: {', '.join(treaty_ids())}"
    raise UnknownNameError(message)


def is_bundled(line: Boundary) -> bool:
    """Tell whether a boundary is one that `boundary` returned by its id, with nothing changed."""
    return line.id in treaty_ids() and line is _bundled(line.id)


def _leg(call: Call, drawn: Drawn, gap_m: float) -> Leg:
    inferred = drawn.drawn_as == "drawn" and "unverified" in (call.start.state, call.end.state)
    # Bundled rivers are cut out of today's border; lines of a treaty's own file may lie elsewhere.
    copied = drawn.drawn_as in ("stand-in", "today's river")
    copied = copied and drawn.guide is not None and drawn.guide.bundled
    placed = call.start.on_todays_border and call.end.on_todays_border
    return Leg(
        n=call.n,
        words=call.words,
        rule=call.rule,
        start=call.start,
        end=call.end,
        geometry=drawn.geometry,
        length_m=drawn.length_m,
        sigma_m=drawn.sigma_m,
        drawn_as="inferred" if inferred else drawn.drawn_as,
        gap_m=gap_m,
        source=drawn.source,
        evidence=call.state,
        guide=drawn.guide,
        circular=placed or copied or drawn.drawn_as == "today's line",
        winds=drawn.winds,
        note=" ".join(filter(None, (call.note, drawn.note))),
    )


def _distance_m(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return float(WGS84.inv(a[0], a[1], b[0], b[1])[2])


def _join_gap_m(treaty: Treaty, before: Leg, call: Call, drawn: Drawn) -> float:
    gap_m = _distance_m(before.geometry.coords[-1], drawn.geometry.coords[0])
    limit = _join_limit_m((before.end, call.start), (before.guide, drawn.guide))
    if gap_m > limit:
        message = (
            f"{treaty.id}: call {before.n} ends {gap_m:,.0f} m from where call {call.n} begins "
            f"(limit {limit:,.0f} m); check '{before.end.name}' and '{call.start.name}'"
        )
        raise GeometryError(message)
    return gap_m


def _joined(drawn: Drawn, before: Leg, gap_m: float) -> Drawn:
    """Return a leg that begins where the one before ends: two lines place a point differently.

    The piece that bridges the gap counts as length, but not beside a line that is defined by
    numbers: there the true legs meet, and the gap is only the error of the place between them.
    """
    xy = list(drawn.geometry.coords)
    rest = xy[1:] if gap_m < SAME_POINT_M else xy
    line = shapely.LineString([before.geometry.coords[-1], *rest])
    if any(guide is not None and guide.computed for guide in (before.guide, drawn.guide)):
        return replace(drawn, geometry=line)
    longer = uncertainty.SINUOSITY if drawn.winds else 1.0
    more_m = float(geodesy.length_m(line)) - float(geodesy.length_m(drawn.geometry))
    return replace(drawn, geometry=line, length_m=drawn.length_m + longer * more_m)


def _join_limit_m(places: tuple[Place, Place], lines: tuple[Guide | None, Guide | None]) -> float:
    """Return how far apart two legs may end: three times the errors of places and lines there."""
    own = [line.position_sigma_m for line in lines if line is not None]
    sigmas = [max(place.sigma_m for place in places), *own]
    return max(JOIN_LIMIT_M, 3 * float(np.linalg.norm(sigmas)))


def _closed(treaty: Treaty, legs: list[Leg], line: LineString) -> Polygon:
    gap_m = _distance_m(line.coords[-1], line.coords[0])
    first, last = legs[0], legs[-1]
    limit = _join_limit_m((last.end, first.start), (last.guide, first.guide))
    if gap_m > limit:
        message = (
            f"{treaty.id}: the territory does not close: call {legs[-1].n} ends {gap_m:,.0f} m "
            f"from where call 1 begins (limit {limit:,.0f} m)"
        )
        raise GeometryError(message)
    polygon = Polygon(line.coords)
    if polygon.is_valid:
        return polygon
    # Straight legs may cut the bends of a river into slivers; the largest part is the territory.
    parts = shapely.get_parts(shapely.make_valid(polygon))
    largest: Polygon = max(parts, key=shapely.area)
    if largest.area < 0.99 * shapely.area(parts).sum():
        message = f"{treaty.id}: the legs cross each other; check the order of the calls"
        raise GeometryError(message)
    return largest
