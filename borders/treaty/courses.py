"""Courses that a text gives in numbers: a bearing, a parallel, a meridian, an arc, a median."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, radians, sin
from typing import TYPE_CHECKING, Any, Literal

from borders.errors import SchemaError, UnknownNameError
from borders.files import schema
from borders.frozendict import FrozenDict
from borders.gazetteer.places import Place
from borders.units import METRES, metres

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


__all__ = [
    "Arc",
    "Bearing",
    "ComputedPlace",
    "Course",
    "Declination",
    "Median",
    "Meridian",
    "Parallel",
    "Shift",
    "read_course",
    "read_declinations",
]

# Half the Earth's girth is 20,004 km along a meridian; no leg is longer than a part of it.
_LONGEST_M = 5_000_000.0
# Past this latitude a parallel is a small circle round the pole, which no leg here follows.
_HIGHEST_LATITUDE = 85.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Declination:
    """By how much a compass was off, as a survey or a model states it.

    Parameters
    ----------
    value : degrees from true north to magnetic north, positive towards the east.
    sigma : its standard error in degrees; all bearings with this declination share it.
    on : the day for which it is stated, since it changes by some minutes of arc a year.
    """

    id: str
    value: float
    sigma: float
    on: date
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """How far one standard error of one number moves a place: metres east and north.

    Parameters
    ----------
    cause : the number; places that name the same one move together.
    """

    cause: str
    east_m: float
    north_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedPlace(Place):
    """A place to which a bearing and a distance lead.

    Parameters
    ----------
    origin : where they start; an error of it moves this place as well.
    shifts : what the errors of bearing, declination and distance add.
    """

    origin: Place
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """A geodesic that leaves its start in a direction and goes on for a distance.

    Parameters
    ----------
    degrees, sigma : direction clockwise from north, as the text has it, and its standard error.
    declination : of a magnetic bearing; None of a true one.
    distance_m, distance_sigma_m : its length and the standard error of that.
    """

    degrees: float
    sigma: float
    declination: Declination | None
    distance_m: float
    distance_sigma_m: float

    @property
    def azimuth(self) -> float:
        """Return the direction in degrees clockwise from true north."""
        return self.degrees + (self.declination.value if self.declination else 0.0)

    def end(self, start: Place, name: str, n: int, state: str) -> ComputedPlace:
        """Return where it leads from a place, with the error of all that it rests on.

        Parameters
        ----------
        name : what the text calls the point.
        n : number of the call, which tells its errors from those of others.
        state : how sure the words are.
        """
        # Most treaties have no bearing, and need no library of geodesy to be read.
        from borders.geodesy.lonlat import WGS84

        lon, lat, back = WGS84.fwd(start.lon, start.lat, self.azimuth, self.distance_m)
        ahead = radians(back + 180.0)
        along = (sin(ahead), cos(ahead))
        across = (along[1], -along[0])
        shifts = [
            _shift(f"distance of call {n}", along, self.distance_sigma_m),
            _shift(f"bearing of call {n}", across, radians(self.sigma) * self.distance_m),
        ]
        if self.declination:
            turned_m = radians(self.declination.sigma) * self.distance_m
            shifts.append(_shift(f"declination {self.declination.id}", across, turned_m))
        unverified = "unverified" in (start.state, state)
        return ComputedPlace(
            id=name, name=name, kind="treaty point", country="", lon=lon, lat=lat,
            sigma_m=_rms_m(start, shifts), names=FrozenDict({"en": name}), aliases=(),
            source=start.source, state="unverified" if unverified else "quoted",
            note=f"Computed from '{start.name}' by bearing and distance.",
            origin=start, shifts=tuple(shifts),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel:
    """A parallel of latitude, with the standard error of its survey across it."""

    latitude: float
    sigma_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Meridian:
    """A meridian, with the standard error of its survey across it."""

    longitude: float
    sigma_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """A part of the circle at a distance from a place; all of it if the leg ends where it began."""

    centre: Place
    radius_m: float
    radius_sigma_m: float
    turn: Literal["clockwise", "counterclockwise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Median:
    """The line as far from one shore as from the other, each a guide line."""

    shores: tuple[str, str]


Course = Bearing | Parallel | Meridian | Arc | Median


def _shift(cause: str, direction: tuple[float, float], metres: float) -> Shift:
    return Shift(cause, direction[0] * metres, direction[1] * metres)


def _rms_m(start: Place, shifts: Sequence[Shift]) -> float:
    """Return the root mean square distance of a computed place from the true one."""
    every = list(shifts)
    origin: Place = start
    while isinstance(origin, ComputedPlace):
        every += origin.shifts
        origin = origin.origin
    causes = {shift.cause for shift in every}
    parts = [origin.sigma_m]
    for cause in sorted(causes):
        # One error moves all that it has a part in together.
        parts.append(sum(shift.east_m for shift in every if shift.cause == cause))
        parts.append(sum(shift.north_m for shift in every if shift.cause == cause))
    return hypot(*parts)


def read_declinations(rows: Sequence[Mapping[str, Any]], where: str) -> dict[str, Declination]:
    """Return the declinations of a treaty file, by id.

    Raises
    ------
    SchemaError : a row breaks the rules of `schema.csv`, an id comes twice, or the value or its
        error is no declination.
    """
    known: dict[str, Declination] = {}
    for n, row in enumerate(rows, 1):
        at = f"{where}, declination {n}"
        typed = schema.check("declination", row, at)
        if typed["id"] in known:
            message = f"{at}: id '{typed['id']}' is already used; choose another"
            raise SchemaError(message)
        if abs(typed["value"]) > 180:
            message = f"{at}: value is {typed['value']:g}; give degrees, east positive"
            raise SchemaError(message)
        _check_sigma(typed["sigma"], 45.0, f"{at}: sigma", "degrees")
        known[typed["id"]] = Declination(
            id=typed["id"], value=typed["value"], sigma=typed["sigma"], on=typed["date"],
            source=typed["source"], note=typed["note"] or "",
        )  # fmt: skip
    return known


def read_course(
    typed: Mapping[str, Any],
    centre: Place | None,
    declinations: Mapping[str, Declination],
    where: str,
) -> Course | None:
    """Return the course that a checked call gives in numbers; None if its rule has none.

    Parameters
    ----------
    typed : the row, with the keys that its rule needs.
    centre : place that the call names as the centre of an arc.
    where : file and number of the call, for the message.

    Raises
    ------
    SchemaError : a value is none of its kind; says what would be.
    UnknownNameError : no such declination.
    """
    rule = typed["rule"]
    if rule == "bearing":
        return _bearing(typed, declinations, where)
    if rule == "parallel":
        if abs(typed["latitude"]) > _HIGHEST_LATITUDE:
            message = (
                f"{where}: latitude is {typed['latitude']:g}; a parallel so near to a pole is no "
                f"border, give one within ±{_HIGHEST_LATITUDE:g}"
            )
            raise SchemaError(message)
        return Parallel(latitude=typed["latitude"], sigma_m=typed["line_sigma_m"])
    if rule == "meridian":
        return Meridian(longitude=typed["longitude"], sigma_m=typed["line_sigma_m"])
    if rule == "arc":
        radius_m, sigma_m = _length(typed, "radius", where)
        assert centre is not None
        return Arc(centre=centre, radius_m=radius_m, radius_sigma_m=sigma_m, turn=typed["turn"])
    if rule == "median":
        shores = typed["between"]
        if (
            len(shores) != 2
            or shores[0] == shores[1]
            or not all(isinstance(key, str) for key in shores)
        ):
            message = f'{where}: between is {shores!r}; give two guide lines, ["one", "other"]'
            raise SchemaError(message)
        return Median(shores=(shores[0], shores[1]))
    return None


def _bearing(
    typed: Mapping[str, Any], declinations: Mapping[str, Declination], where: str
) -> Bearing:
    degrees, key = typed["bearing"], typed["declination"]
    if not 0 <= degrees <= 360:
        message = (
            f"{where}: bearing is {degrees:g}; give degrees from 0 to 360, clockwise from north "
            "(N 30° E is 30, S 30° W is 210)"
        )
        raise SchemaError(message)
    _check_sigma(typed["bearing_sigma"], 45.0, f"{where}: bearing_sigma", "degrees")
    if (typed["north"] == "magnetic") != (key is not None):
        message = (
            f"{where}: a magnetic bearing needs a declination; give the id of a [[declination]]"
            if key is None
            else f"{where}: a true bearing has no declination; leave it out, or write "
            'north = "magnetic"'
        )
        raise SchemaError(message)
    if key is not None and key not in declinations:
        known = ", ".join(sorted(declinations)) or "none; add a [[declination]] with its date"
        message = f"{where}: no declination '{key}' in this file; known: {known}"
        raise UnknownNameError(message)
    distance_m, sigma_m = _length(typed, "distance", where)
    return Bearing(
        degrees=degrees,
        sigma=typed["bearing_sigma"],
        declination=None if key is None else declinations[key],
        distance_m=distance_m,
        distance_sigma_m=sigma_m,
    )


def _length(typed: Mapping[str, Any], key: str, where: str) -> tuple[float, float]:
    """Return a length and its standard error, which have one unit, in metres."""
    value, sigma, unit = typed[key], typed[f"{key}_sigma"], typed[f"{key}_unit"]
    if unit is None:
        message = f"{where}: {key} {value:g} has no unit; give {key}_unit: {', '.join(METRES)}"
        raise SchemaError(message)
    value_m = metres(value, unit)
    if not 0 < value_m <= _LONGEST_M:
        message = (
            f"{where}: {key} is {value:g} {unit}; give a length above 0 and at most "
            f"{_LONGEST_M / 1000:,.0f} km"
        )
        raise SchemaError(message)
    _check_sigma(sigma, value / 2, f"{where}: {key}_sigma", f"{unit}, as {key} is")
    return value_m, metres(sigma, unit)


def _check_sigma(sigma: float, most: float, where: str, unit: str) -> None:
    if not 0 <= sigma <= most:
        message = f"{where} is {sigma:g}; give a standard error from 0 to {most:g}, in {unit}"
        raise SchemaError(message)
