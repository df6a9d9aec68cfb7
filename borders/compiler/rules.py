"""How the words of a call become a line: one function a rule, and one table of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from shapely import LineString

from borders import geodesy
from borders.compiler import uncertainty
from borders.errors import GeometryError, located
from borders.geodesy.chainage import stretch
from borders.geodesy.earth import MEAN_RADIUS_M
from borders.geodesy.lonlat import WGS84
from borders.geodesy.track import Track
from borders.guide_lines import Circle, Guide, Stretch, follow, guide, projection, track
from borders.treaty.courses import Arc, Bearing, Median, Meridian, Parallel

if TYPE_CHECKING:
    from collections.abc import Callable

    from borders.gazetteer.places import Place
    from borders.geodesy.lonlat import FloatArray
    from borders.treaty.calls import Call
    from borders.treaty.treaty import Treaty

__all__ = ["RULES", "Drawn"]

# A place may lie this far from the guide line that it marks, or three times its own error.
PLACE_LIMIT_M = 2000.0
# Long geodesics get vertices, so that maps and buffers show them as curves.
STRAIGHT_SPACING_M = 5000.0
# The same for a line that the text gives in numbers, which no survey drew coarsely.
_COMPUTED_LIMIT_M = 500.0
# A parallel has vertices so far apart, and the chords of an arc lie this far inside of it.
_PARALLEL_SPACING_M, _SAGITTA_M = 1000.0, 0.02
# A median is drawn as finely as this share of the error of its shores.
_FINE_SHARE = 0.1
# A bearing with its distance and a known place agree within this at least.
_AGREE_M = 10.0
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


def _bearing(treaty: Treaty, call: Call) -> Drawn:
    """Draw a geodesic to where the bearing and the distance lead, or to a known place near there.

    A monument prevails over a bearing and a distance: where the end is a place with coordinates of
    its own, they only have to agree with it within three times the errors.
    """
    course = call.course
    assert isinstance(course, Bearing)
    led_to = course.end(call.start, call.end.name, call.n, call.state)
    away_m = float(WGS84.inv(led_to.lon, led_to.lat, call.end.lon, call.end.lat)[2])
    limit_m = max(_AGREE_M, 3 * float(np.hypot(led_to.sigma_m, call.end.sigma_m)))
    if away_m > limit_m:
        message = (
            f"{_where(treaty, call)}: bearing and distance lead {away_m:,.0f} m away from "
            f"'{call.end.name}' (limit {limit_m:,.0f} m); check them, the declination and its "
            "sign, the unit, or the place"
        )
        raise GeometryError(message)
    drawn = _chord(treaty, call, drawn_as="drawn", winds=False)
    return replace(drawn, sigma_m=uncertainty.straight_sigma_m(call.start, call.end))


def _parallel(treaty: Treaty, call: Call) -> Drawn:
    """Draw the part of a parallel of latitude between the meridians of two places."""
    course = call.course
    assert isinstance(course, Parallel)
    first, last = _unwrapped(call)
    wide = np.degrees(_margin_m(call) / (MEAN_RADIUS_M * np.cos(np.radians(course.latitude))))
    low, high = min(first, last) - wide, max(first, last) + wide
    width_m = np.radians(high - low) * MEAN_RADIUS_M * np.cos(np.radians(course.latitude))
    # A chord of s metres lies s² tan(latitude) / 8R from the parallel, here 0.02 m at 49 degrees.
    lon = np.linspace(low, high, int(np.ceil(width_m / _PARALLEL_SPACING_M)) + 1)
    vertices = np.column_stack([_wrapped(lon), np.full(len(lon), course.latitude)])
    name = f"the parallel of {abs(course.latitude):g}° {'N' if course.latitude >= 0 else 'S'}"
    line = _line(treaty, name, vertices, course.sigma_m)
    return _on_computed(treaty, call, line, "the latitude")


def _meridian(treaty: Treaty, call: Call) -> Drawn:
    """Draw the part of a meridian between the parallels of two places."""
    course = call.course
    assert isinstance(course, Meridian)
    wide = np.degrees(_margin_m(call) / MEAN_RADIUS_M)
    low, high = sorted((call.start.lat, call.end.lat))
    south, north = np.clip([low - wide, high + wide], -90.0, 90.0)
    count = int(np.ceil(np.radians(north - south) * MEAN_RADIUS_M / STRAIGHT_SPACING_M)) + 1
    lat = np.linspace(south, north, count)
    vertices = np.column_stack([np.full(count, course.longitude), lat])
    name = f"the meridian of {abs(course.longitude):g}° {'E' if course.longitude >= 0 else 'W'}"
    line = _line(treaty, name, vertices, course.sigma_m)
    return _on_computed(treaty, call, line, "the longitude")


def _arc(treaty: Treaty, call: Call) -> Drawn:
    """Draw the points at a distance from a place, from the direction of one place to another's."""
    course = call.course
    assert isinstance(course, Arc)
    centre, radius_m = course.centre, course.radius_m
    sense = 1 if course.turn == "clockwise" else -1
    lon, lat = ([getattr(p, key) for p in (call.start, call.end)] for key in ("lon", "lat"))
    first, last = WGS84.inv([centre.lon] * 2, [centre.lat] * 2, lon, lat)[0]
    ring = call.start.id == call.end.id
    span = 360.0 if ring else (sense * (last - first)) % 360.0
    # The circle goes on past both ends, but not so far that it meets itself.
    beyond = 0.0 if ring else min(np.degrees(_margin_m(call) / radius_m), 0.45 * (360.0 - span))
    # A chord of s metres lies s² / 8r inside of the arc.
    step = np.degrees(np.sqrt(8 * _SAGITTA_M / radius_m))
    count = int(np.ceil((span + 2 * beyond) / step)) + 2
    azimuth = first + sense * np.linspace(-beyond, span + beyond, count)
    x, y, _ = WGS84.fwd(
        np.full(count, centre.lon), np.full(count, centre.lat), azimuth, np.full(count, radius_m)
    )
    vertices = np.column_stack([x, y])
    if ring:
        vertices[-1] = vertices[0]
    name = f"the arc of {radius_m:,.0f} m around '{centre.name}'"
    sigma_m = float(np.hypot(centre.sigma_m / np.sqrt(2), course.radius_sigma_m))
    circle = Circle(centre, radius_m, course.radius_sigma_m)
    line = replace(_line(treaty, name, vertices, sigma_m), circle=circle)
    return _on_computed(treaty, call, line, "the centre, the radius with its unit")


def _median(treaty: Treaty, call: Call) -> Drawn:
    """Draw the line as far from one shore as from the other, between two places near it."""
    from borders.geodesy.median import median

    course = call.course
    assert isinstance(course, Median)
    shores = [_guide(treaty, call, key) for key in course.shores]
    name = f"the median of '{shores[0].id}' and '{shores[1].id}'"
    ends = [(place.lon, place.lat) for place in (call.start, call.end)]
    with located(f"{_where(treaty, call)}: {name}"):
        one, other = (shore.geometry for shore in shores)
        fine_m = max(1.0, _FINE_SHARE * min(shore.position_sigma_m for shore in shores))
        line = median(one, other, ends, beyond_m=_margin_m(call), tolerance_m=fine_m)
    # Each shore is off by an error of its own, all along the leg.
    sigmas_m = [shore.position_sigma_m for shore in shores]
    sigma_m = float(np.linalg.norm(sigmas_m)) * float(np.sqrt((line.weight**2).mean()))
    vertices = shapely.get_coordinates(line.geometry)
    remedy = "the two shores, which have to go on until they are abreast of both places"
    drawn = _on_computed(treaty, call, _line(treaty, name, vertices, sigma_m), remedy)
    return replace(drawn, source=shores[0].source)


def _line(treaty: Treaty, name: str, vertices: FloatArray, sigma_m: float) -> Guide:
    """Return a computed line; legs along lines of one name follow one line.

    Parameters
    ----------
    name : of the line, as messages say it.
    sigma_m : standard error across the line.
    """
    return Guide(
        id=name, name=name, geometry=LineString(vertices), source=treaty.source, length_m=None,
        position_sigma_m=sigma_m, bundled=False, computed=True,
    )  # fmt: skip


def _on_computed(treaty: Treaty, call: Call, line: Guide, what: str) -> Drawn:
    """Draw the part of a computed line between its points nearest to the two places.

    Parameters
    ----------
    what : what a reader should check if a place lies far from it.
    """
    where, sigma_m = _where(treaty, call), line.position_sigma_m
    for place in (call.start, call.end):
        _, away_m = projection(line, place)
        limit_m = max(_COMPUTED_LIMIT_M, 3 * float(np.hypot(place.sigma_m, sigma_m)))
        if away_m > limit_m:
            message = (
                f"{where}: '{place.name}' lies {away_m:,.0f} m from {line.name} (limit "
                f"{limit_m:,.0f} m); check the place, or {what}"
            )
            raise GeometryError(message)
    if line.circle is not None and call.start.id == call.end.id:
        part = Stretch(geometry=line.geometry, length_m=float(geodesy.length_m(line.geometry)))
    else:
        part = follow(line, call.start, call.end, where=where, limit_m=_COMPUTED_LIMIT_M)
    return Drawn(
        geometry=part.geometry,
        length_m=part.length_m,
        sigma_m=sigma_m,
        drawn_as="drawn",
        source=treaty.source,
        guide=line,
    )


def _margin_m(call: Call) -> float:
    """Return how far a computed line goes on past its places, for those that an error moves."""
    return PLACE_LIMIT_M + 4 * max(call.start.sigma_m, call.end.sigma_m)


def _unwrapped(call: Call) -> tuple[float, float]:
    """Return the longitudes of both ends such that the shorter way between them is straight on."""
    first, last = call.start.lon, call.end.lon
    return first, first + (last - first + 180.0) % 360.0 - 180.0


def _wrapped(lon: FloatArray) -> FloatArray:
    wrapped: FloatArray = np.where(np.abs(lon) > 180.0, (lon + 180.0) % 360.0 - 180.0, lon)
    return wrapped


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
    "bearing": _bearing,
    "parallel": _parallel,
    "meridian": _meridian,
    "arc": _arc,
    "median": _median,
    "unresolved": _unresolved,
}
