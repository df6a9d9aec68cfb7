"""Guide lines: borders, reaches and railways that a treaty call or a corridor may follow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from borders import schema
from borders.errors import GeometryError, UnknownNameError
from borders.geodesy.chainage import stretch
from borders.geodesy.track import Track
from borders.store import layer

if TYPE_CHECKING:
    from shapely import LineString

    from borders.places import Place

__all__ = ["Guide", "Stretch", "follow", "guide", "guides", "track"]

_LAYERS = ("borders", "reaches", "railways", "batum")

# Position of OpenStreetMap's border lines: an assumption, about the width of the Aras.
POSITION_SIGMA_M = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A line that others follow.

    Parameters
    ----------
    geometry : LineString, EPSG:4326.
    length_m : true length where it is known better than the line is drawn, otherwise None.
    position_sigma_m : standard error of the line's position.
    """

    id: str
    name: str
    geometry: LineString
    source: str
    length_m: float | None
    position_sigma_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a guide line, with its length as drawn."""

    geometry: LineString
    length_m: float


@cache
def guides() -> dict[str, Guide]:
    """Return all guide lines by id."""
    found = {}
    for name in _LAYERS:
        for feature in layer(name):
            known = {key: feature.properties.get(key) for key in schema.columns("guide")}
            sigma_m = known["position_sigma_m"] or POSITION_SIGMA_M
            line = Guide(
                id=str(known["id"]),
                name=str(known["name"]),
                geometry=feature.geometry,
                source=str(known["source"]),
                length_m=known["length_m"],
                position_sigma_m=float(sigma_m),
            )
            found[line.id] = line
    return found


def guide(key: str) -> Guide:
    """Return one guide line.

    Raises
    ------
    UnknownNameError : there is no such guide line; the message lists them.

    Examples
    --------
    >>> guide("aras-meghri").name
    'Aras along Meghri'
    """
    if key not in guides():
        message = f"no guide line '{key}'; known: {', '.join(sorted(guides()))}"
        raise UnknownNameError(message)
    return guides()[key]


@cache
def track(key: str) -> Track:
    """Return a guide line measured along its vertices."""
    return Track.of(guide(key).geometry)


@cache
def _foot(key: str, lon: float, lat: float) -> tuple[float, float]:
    """Return how far along a guide its nearest point to a place lies, and how far away.

    One leg's end is the next one's start, so most are asked for twice.
    """
    return track(key).nearest(lon, lat)


def follow(key: str, start: Place, end: Place, *, where: str, limit_m: float) -> Stretch:
    """Return the part of a guide line between its nearest points to two places.

    Parameters
    ----------
    where : what asks, for the message.
    limit_m : how far a place may lie from the line, or three times its own error.

    Raises
    ------
    GeometryError : a place lies too far from the line, or both mark the same point of it.
    """
    line = track(key)
    at = []
    for place in (start, end):
        along_m, away_m = _foot(key, place.lon, place.lat)
        limit = max(limit_m, 3 * place.sigma_m)
        if away_m > limit:
            message = (
                f"{where}: '{place.name}' lies {away_m:,.0f} m from '{key}' "
                f"(limit {limit:,.0f} m); {_mend(line, place, limit)}"
            )
            raise GeometryError(message)
        at.append(along_m)
    try:
        return Stretch(geometry=stretch(line, at[0], at[1]), length_m=abs(at[1] - at[0]))
    except GeometryError as err:
        message = f"{where}: '{start.name}' and '{end.name}' mark the same place on '{key}'"
        raise GeometryError(message) from err


def _mend(line: Track, place: Place, limit_m: float) -> str:
    if abs(place.lon) <= 90 and line.nearest(place.lat, place.lon)[1] <= limit_m:
        return "its longitude and latitude are swapped"
    return "check the place's coordinates or the guide line"
