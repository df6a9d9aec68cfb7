"""How the words of a call become a line: one function a rule, and one table of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from shapely import LineString

from borders import geodesy
from borders.compiler import uncertainty
from borders.errors import GeometryError, located
from borders.geodesy.chainage import stretch
from borders.geodesy.track import Track
from borders.guide_lines import Guide, follow, guide, projection, track

if TYPE_CHECKING:
    from collections.abc import Callable

    from borders.gazetteer.places import Place
    from borders.treaty.calls import Call
    from borders.treaty.treaty import Treaty

__all__ = ["RULES", "Drawn"]

# A place may lie this far from the guide line that it marks, or three times its own error.
PLACE_LIMIT_M = 2000.0
# Long geodesics get vertices, so that maps and buffers show them as curves.
STRAIGHT_SPACING_M = 5000.0
# Unit steps east and north of each side.
_SIDES = {"north": (0, 1), "south": (0, -1), "east": (1, 0), "west": (-1, 0)}
# A line within 15 degrees of a compass direction has no side there.
_SIDEWAYS = 0.26


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A leg as drawn.

    Parameters
    ----------
    drawn_as : ``drawn`` from the text's own places, ``inferred`` between places found by reasoning,
        ``today's river`` or ``today's line``, ``divide`` on an elevation model, ``stand-in`` for a
        line that no data draw, or ``gap``.
    guide : line that it runs along, if any.
    note : what a reader should know of how it was drawn.
    winds : a chord that stands for a line that winds; its length is what such lines have.
    """

    geometry: LineString
    length_m: float
    sigma_m: float
    drawn_as: str
    source: str
    guide: Guide | None = None
    winds: bool = False
    note: str = ""


def _where(treaty: Treaty, call: Call) -> str:
    return f"{treaty.id} call {call.n}"


def _guide(treaty: Treaty, call: Call, key: str) -> Guide:
    with located(_where(treaty, call)):
        return guide(key, treaty.guides)


def _along(treaty: Treaty, call: Call, key: str, *, drawn_as: str) -> Drawn:
    line = _guide(treaty, call, key)
    where = _where(treaty, call)
    part = follow(line, call.start, call.end, where=where, limit_m=PLACE_LIMIT_M)
    sigma_m = line.position_sigma_m
    if drawn_as == "stand-in":
        # How far the true line is from the stand-in is only known from the errors of the places.
        sigma_m = uncertainty.chord_sigma_m(call.start.sigma_m, call.end.sigma_m, sigma_m)
    return Drawn(
        geometry=part.geometry,
        length_m=part.length_m,
        sigma_m=sigma_m,
        drawn_as=drawn_as,
        source=line.source,
        guide=line,
    )


def _chord(treaty: Treaty, call: Call, *, drawn_as: str, winds: bool = True) -> Drawn:
    ends = [(call.start.lon, call.start.lat), (call.end.lon, call.end.lat)]
    if ends[0] == ends[1]:
        message = f"{_where(treaty, call)}: begins and ends at '{call.end.name}'; give two places"
        raise GeometryError(message)
    chord = LineString(ends)
    chord_m = float(geodesy.length_m(chord))
    stray_m = uncertainty.STRAY * chord_m if winds else 0.0
    return Drawn(
        geometry=geodesy.densify(chord, spacing_m=STRAIGHT_SPACING_M),
        length_m=chord_m * (uncertainty.SINUOSITY if winds else 1.0),
        sigma_m=uncertainty.chord_sigma_m(call.start.sigma_m, call.end.sigma_m, stray_m),
        drawn_as=drawn_as,
        source=treaty.source,
        winds=winds,
    )


def _straight(treaty: Treaty, call: Call) -> Drawn:
    return _chord(treaty, call, drawn_as="drawn", winds=False)


def _today(treaty: Treaty, call: Call) -> Drawn:
    return _along(treaty, call, call.along or "", drawn_as="today's line")


def _thalweg(treaty: Treaty, call: Call) -> Drawn:
    return _along(treaty, call, call.along or "", drawn_as="today's river")


def _watershed(treaty: Treaty, call: Call) -> Drawn:
    """Draw the divide of the user's elevation model, or else what stands in for it."""
    if treaty.terrain is None:
        return _by_stand_in(treaty, call)
    from borders.terrain.watershed import divide

    with located(_where(treaty, call)):
        ridge = divide(treaty.terrain, call.start, call.end)
    if ridge is None:
        west, south, east, north = treaty.terrain.bounds
        note = (
            f"The elevation model ({west:.2f} to {east:.2f} E, {south:.2f} to {north:.2f} N) does "
            "not hold both ends of this leg."
        )
        return replace(_by_stand_in(treaty, call), note=note)
    source = Path(treaty.terrain.source).name
    guide_line = Guide(
        id=f"divide-{call.n}", name=f"divide of {source}", geometry=ridge.geometry, source=source,
        length_m=None, position_sigma_m=ridge.sigma_m, bundled=False,
    )  # fmt: skip
    return Drawn(
        geometry=ridge.geometry,
        length_m=float(geodesy.length_m(ridge.geometry)),
        sigma_m=ridge.sigma_m,
        drawn_as="divide",
        source=source,
        guide=guide_line,
        note=f"Lowest at {ridge.saddle_m:,.0f} m.",
    )


def _by_stand_in(treaty: Treaty, call: Call) -> Drawn:
    """Draw a divide or a limit that no data hold along its stand-in, or else as a gap."""
    if call.stand_in:
        return _along(treaty, call, call.stand_in, drawn_as="stand-in")
    return _chord(treaty, call, drawn_as="gap")


def _to_place(treaty: Treaty, call: Call) -> Drawn:
    """Draw a leg that crosses, passes or goes through a place, along its stand-in or straight."""
    if call.stand_in:
        drawn = _along(treaty, call, call.stand_in, drawn_as="stand-in")
    else:
        drawn = _chord(treaty, call, drawn_as="drawn")
    if call.passed is not None and call.side is not None:
        _check_side(treaty, call, drawn)
    return drawn


def _check_side(treaty: Treaty, call: Call, drawn: Drawn) -> None:
    """Refuse a line that passes the place on the wrong side by more than the errors of both."""
    assert call.passed is not None
    east, north = _SIDES[call.side or ""]
    measured = Track.of(drawn.geometry)
    along_m, away = measured.nearest(call.passed.lon, call.passed.lat)
    lon, lat = measured.points(np.array([along_m]))[0, :2]
    step = (lon - call.passed.lon) * east + (lat - call.passed.lat) * north
    sigma_m = float(np.hypot(call.passed.sigma_m / np.sqrt(2), drawn.sigma_m))
    if step < 0 and away > 3 * sigma_m:
        message = (
            f"{_where(treaty, call)}: the line should pass {call.side} of '{call.passed.name}' but "
            f"passes it on the other side, {away:,.0f} m off; check the place or the side"
        )
        raise GeometryError(message)


def _offset(treaty: Treaty, call: Call) -> Drawn:
    """Draw the part of a line's parallel between its points nearest to the two places."""
    base, where = _guide(treaty, call, call.along or ""), _where(treaty, call)
    distance_m = call.offset_m or 0.0
    line = track(base)
    at_m = [projection(base, place)[0] for place in (call.start, call.end)]
    # The nearest points of the parallel need not be abreast of those of the line.
    low, high = np.clip([min(at_m) - distance_m, max(at_m) + distance_m], 0, line.chainage_m[-1])
    # In the direction of the guide, so that a call read backwards gives the same line.
    part = stretch(line, low, high)
    with located(f"{where}: the parallel to '{base.id}'"):
        side = _left_or_right(part, call.side or "")
        whole = geodesy.offset_m(part, distance_m, side=side)
        parallel = Track.of(whole)
        ends_m = [_along_parallel_m(parallel, base, place) for place in (call.start, call.end)]
        geometry = stretch(parallel, *ends_m)
    return Drawn(
        geometry=geometry,
        length_m=abs(ends_m[1] - ends_m[0]),
        # The places determine where it begins and ends, the guide where it lies.
        sigma_m=base.position_sigma_m,
        drawn_as="drawn",
        source=base.source,
        guide=base,
    )


def _along_parallel_m(parallel: Track, line: Guide, place: Place) -> float:
    """Return how far along a parallel a place lies that should be on it."""
    along_m, away_m = parallel.nearest(place.lon, place.lat)
    limit_m = max(PLACE_LIMIT_M, 3 * float(np.hypot(place.sigma_m, line.position_sigma_m)))
    if away_m > limit_m:
        message = (
            f"'{place.name}' lies {away_m:,.0f} m from it (limit {limit_m:,.0f} m); check the "
            "place, the side and the offset with its unit"
        )
        raise GeometryError(message)
    return along_m


def _left_or_right(line: LineString, side: str) -> Literal["left", "right"]:
    """Return whether a side of the compass is left or right of a line's general direction."""
    (x0, y0), (x1, y1) = line.coords[0][:2], line.coords[-1][:2]
    ahead = np.array([(x1 - x0) * np.cos(np.radians(y0)), y1 - y0])
    east, north = _SIDES[side]
    across = float(ahead[0] * north - ahead[1] * east) / max(float(np.hypot(*ahead)), 1e-12)
    if abs(across) < _SIDEWAYS:
        other = "east or west" if side in ("north", "south") else "north or south"
        message = f"the line runs towards '{side}' itself; give the side as {other}"
        raise GeometryError(message)
    return "left" if across > 0 else "right"


def _unresolved(treaty: Treaty, call: Call) -> Drawn:
    return _chord(treaty, call, drawn_as="gap")


RULES: dict[str, Callable[[Treaty, Call], Drawn]] = {
    "straight": _straight,
    "today": _today,
    "thalweg": _thalweg,
    "watershed": _watershed,
    "administrative": _by_stand_in,
    "crosses": _to_place,
    "through": _to_place,
    "past": _to_place,
    "offset": _offset,
    "unresolved": _unresolved,
}
