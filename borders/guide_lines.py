"""Guide lines: borders, reaches and railways that a treaty call or a corridor may follow.

A treaty file may bring lines of its own, as vertices or as a vector file beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsIndex

import numpy as np
import shapely
from shapely import LineString

from borders.errors import GeometryError, SchemaError, UnknownNameError, located
from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot
from borders.geodesy.chainage import stretch
from borders.geodesy.track import Track

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from borders.gazetteer.places import Place

__all__ = [
    "Circle",
    "Guide",
    "Stretch",
    "find_projections",
    "follow",
    "guide",
    "guides",
    "own_guides",
    "projection",
    "track",
]

# A study's own lines are in the last one.
_LAYERS = ("borders", "reaches", "railways", "batum", "guides")

# Position of OpenStreetMap's border lines: an assumption, about the width of the Aras.
POSITION_SIGMA_M = 50.0
# That of Natural Earth's outlines of provinces and coasts (data/catalogue.toml).
COARSE_SIGMA_M = 1400.0

# Bundled guide, lon and lat of a place → what `projection` returns. The end of a leg is the start
# of the next, so most are needed twice.
_PROJECTIONS: dict[tuple[Guide, float, float], tuple[float, float]] = {}
# Some hundred treaties have so many; with more, the cache is emptied.
_MOST_PROJECTIONS = 20_000


class Circle(NamedTuple):
    """The points at a distance from a place; the errors of both move an arc of it."""

    centre: Place
    radius_m: float
    radius_sigma_m: float


# Compared by identity: `track` caches by line, and the time to hash a geometry grows with its size.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Guide:
    """A line that calls of treaties and corridors follow.

    Parameters
    ----------
    geometry : LineString, EPSG:4326.
    length_m : true length where it is known better than the line is drawn, otherwise None.
    position_sigma_m : standard error of the line's position, across the line.
    bundled : comes with Araxes, not from a treaty file of its own.
    computed : defined by numbers, as a parallel is, not drawn from the ground: its length depends
        on no scale.
    circle : what a computed arc is a part of.
    """

    id: str
    name: str
    geometry: LineString
    source: str
    length_m: float | None
    position_sigma_m: float
    bundled: bool = True
    computed: bool = False
    circle: Circle | None = None

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        """Return how to copy it: a bundled line by its id, so that copies are the same object."""
        if self is guides().get(self.id):
            return guide, (self.id,)
        return object.__reduce_ex__(self, protocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a guide line, with its length as drawn."""

    geometry: LineString
    length_m: float


@cache
def guides(root: DataRoot = BUNDLED) -> Mapping[str, Guide]:
    """Return all guide lines by id, in EPSG:4326; the `source` of each says who drew it.

    Examples
    --------
    >>> [key for key in guides() if key.startswith("tur-")]
    ['tur-geo', 'tur-arm', 'tur-nax', 'tur-irn']
    """
    by_id = {}
    for name in _LAYERS:
        for feature in root.layer(name):
            row = {key: feature.properties.get(key) for key in schema.columns("guide")}
            sigma_m = row["position_sigma_m"] or POSITION_SIGMA_M
            line = Guide(
                id=str(row["id"]),
                name=str(row["name"]),
                geometry=feature.geometry,
                source=str(row["source"]),
                length_m=row["length_m"],
                position_sigma_m=float(sigma_m),
                bundled=root.shows and name != "guides",
            )
            by_id[line.id] = line
    return MappingProxyType(by_id)


def guide(key: str, own: Mapping[str, Guide] | None = None) -> Guide:
    """Return one guide line, such as today's border between two countries.

    Parameters
    ----------
    key : its id; `guides` lists them all: borders of countries (``tur-arm``), reaches of rivers
        along them (``arpacay``), railways and the limits of the Batum district.
    own : lines of the same treaty file, by id.

    Raises
    ------
    UnknownNameError : there is no such guide line; the message offers the nearest and lists all.

    Examples
    --------
    >>> guide("aras-meghri").name
    'Aras along Meghri'
    """
    known = {**guides(), **(own or {})}
    if key not in known:
        from difflib import get_close_matches

        near = get_close_matches(key, known, n=2)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        message = f"no guide line '{key}'; {hint}known: {', '.join(sorted(known))}"
        raise UnknownNameError(message)
    return known[key]


def own_guides(rows: Sequence[Mapping[str, Any]], *, folder: Path, where: str) -> dict[str, Guide]:
    """Return the guide lines of a treaty file, by id.

    Parameters
    ----------
    rows : tables of the file, each with `lonlat` or with `file`.
    folder : where paths begin.
    where : the file, for the message.

    Raises
    ------
    SchemaError : a key is missing, wrong or used twice.
    GeometryError, FileFormatError, CRSError : the vertices or the vector file are no line.
    """
    own: dict[str, Guide] = {}
    for n, row in enumerate(rows, 1):
        step = f"{where}, guide {n}"
        typed = schema.check("treaty-guide", row, step)
        key = typed["id"]
        if key in own or key in guides():
            message = f"{step}: id '{key}' is already used; choose another"
            raise SchemaError(message)
        if (typed["file"] is None) == (typed["lonlat"] is None):
            message = f"{step}: give either 'lonlat' (a list of [lon, lat]) or 'file'"
            raise SchemaError(message)
        if typed["file"] is None:
            line = _line_from_vertices(typed["lonlat"], step)
        else:
            with located(step):
                line = _line_from_file(folder / typed["file"])
        own[key] = Guide(
            id=key,
            name=typed["name"] or key,
            geometry=line,
            source=typed["source"],
            length_m=None,
            position_sigma_m=typed["position_sigma_m"],
            bundled=False,
        )
    return own


def _line_from_vertices(vertices: Any, step: str) -> LineString:
    try:
        xy = np.array(vertices, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        xy = np.empty(0)
    if xy.ndim != 2 or xy.shape[1] != 2 or len(xy) < 2:
        message = f"{step}: lonlat must be a list of two or more [longitude, latitude]"
        raise SchemaError(message)
    # Not `> 180`, so that NaN is caught too.
    wrong = ~((np.abs(xy) <= (180.0, 90.0)).all(axis=1))
    if wrong.any():
        n = int(np.flatnonzero(wrong)[0])
        message = (
            f"{step}: lonlat {n + 1} is {xy[n].tolist()}, not a longitude and latitude in degrees"
        )
        raise GeometryError(message)
    if (xy == xy[0]).all():
        message = f"{step}: lonlat is a single point; give a line"
        raise GeometryError(message)
    return LineString(xy)


def _line_from_file(path: Path) -> LineString:
    from borders.files.vector import read_vector

    shapes = shapely.force_2d(read_vector(path).geometry.dropna().to_numpy())
    parts = shapely.get_parts(shapes)
    other = [p.geom_type for p in parts if p.geom_type != "LineString"]
    if other:
        message = f"{path.name} holds a {other[0]}; a guide is a line"
        raise GeometryError(message)
    line = parts[0] if len(parts) == 1 else shapely.line_merge(shapely.multilinestrings(parts))
    if line.geom_type != "LineString":
        message = (
            f"{path.name} holds {len(shapely.get_parts(line))} lines that do not join end "
            "to end; save the one to follow in a file of its own"
        )
        raise GeometryError(message)
    return line


@lru_cache(maxsize=64)
def track(line: Guide) -> Track:
    """Return a guide line measured along its vertices."""
    return Track.of(line.geometry)


def find_projections(pairs: Iterable[tuple[Guide, Place]]) -> None:
    """Compute the projections of places on bundled guides, for `projection` to look up.

    All places of one guide are projected in one call.
    """
    missing: dict[Guide, set[tuple[float, float]]] = {}
    for line, place in pairs:
        if line.bundled and (line, place.lon, place.lat) not in _PROJECTIONS:
            missing.setdefault(line, set()).add((place.lon, place.lat))
    if len(_PROJECTIONS) > _MOST_PROJECTIONS:
        _PROJECTIONS.clear()
    for line, points in missing.items():
        lon, lat = np.array(sorted(points)).T
        projections = zip(*track(line).nearest_each(lon, lat), strict=True)
        for x, y, (along_m, away_m) in zip(lon.tolist(), lat.tolist(), projections, strict=True):
            _PROJECTIONS[line, x, y] = float(along_m), float(away_m)


def projection(line: Guide, place: Place) -> tuple[float, float]:
    """Return how far along a guide its nearest point to a place lies, and how far away: metres."""
    cached = _PROJECTIONS.get((line, place.lon, place.lat))
    return cached or track(line).nearest(place.lon, place.lat)


def follow(line: Guide, start: Place, end: Place, *, where: str, limit_m: float) -> Stretch:
    """Return the part of a guide line between its nearest points to two places.

    Parameters
    ----------
    where : the treaty and its call, or the corridor, for the message.
    limit_m : how far a place may lie from the line; three times the errors of both if that is more.

    Raises
    ------
    GeometryError : a place lies too far from the line, or both mark the same point of it.
    """
    ends_m = []
    for place in (start, end):
        along_m, away_m = projection(line, place)
        limit = max(limit_m, 3 * float(np.hypot(place.sigma_m, line.position_sigma_m)))
        if away_m > limit:
            message = (
                f"{where}: '{place.name}' lies {away_m:,.0f} m from '{line.id}' "
                f"(limit {limit:,.0f} m); {_advice(track(line), place, limit)}"
            )
            raise GeometryError(message)
        ends_m.append(along_m)
    try:
        part = stretch(track(line), ends_m[0], ends_m[1])
    except GeometryError as err:
        message = f"{where}: '{start.name}' and '{end.name}' mark the same place on '{line.id}'"
        raise GeometryError(message) from err
    return Stretch(geometry=part, length_m=abs(ends_m[1] - ends_m[0]))


def _advice(line: Track, place: Place, limit_m: float) -> str:
    if abs(place.lon) <= 90 and line.nearest(place.lat, place.lon)[1] <= limit_m:
        return "its longitude and latitude are swapped"
    return "check the place's coordinates or the guide line"
