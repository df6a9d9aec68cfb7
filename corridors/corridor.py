"""Corridors: a centreline, a width where there is one, and dated statuses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import shapely
from shapely import LineString, Polygon

from borders import schema
from borders.boundary import features_to_gdf
from borders.dates import parse_date, read_statuses, status_on
from borders.errors import SchemaError, UnknownNameError
from borders.geodesy import length_m
from borders.places import LANGUAGES, place
from borders.resolve import follow
from borders.store import data_dir, guide
from borders.treaty import read_toml
from corridors import lengths

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import geopandas

    from borders.dates import Status
    from borders.measure import Measure

__all__ = ["Corridor", "NameBy", "Piece", "corridor", "corridor_ids", "read_corridor"]

T = TypeVar("T")

# A road or railway along a river joins and leaves it abreast of places this far away.
ABREAST_M = 10_000.0
# The strip of a corridor exists while people may use it under its regime, hindered or not.
IN_BEING = frozenset({"open", "blocked", "checkpoint"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NameBy:
    """A name and who uses it: parties call the same corridor differently."""

    name: str
    by: str
    source: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """A way from one place to another, built, planned or gone.

    Parameters
    ----------
    centreline : LineString, EPSG:4326.
    length : on the ground, with its basis; the drawn line is shorter where it is schematic.
    drawn_m : length of the centreline as drawn.
    position_sigma_m : standard error of the drawn line's position.
    width_m : full width of the strip, None where no text gives one.
    """

    id: str
    name: str
    names: dict[str, str]
    mode: str
    definition: str
    centreline: LineString
    length: Measure
    drawn_m: float
    geometry_quality: str
    position_sigma_m: float
    width_m: float | None
    width_source: str | None
    source: str
    pieces: tuple[Piece, ...]
    names_by: tuple[NameBy, ...]
    statuses: tuple[Status, ...]
    kind: str = "corridor"

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of every source behind the line, its length and its dates."""
        keys = [self.source, *(p.source for p in self.pieces)]
        keys += [f.source for f in lengths.figures_of(self.id)]
        keys += [self.width_source] if self.width_source else []
        keys += [n.source for n in self.names_by] + [s.source for s in self.statuses]
        return tuple(dict.fromkeys(keys))

    def on(self, day: date | str) -> Status | None:
        """Return the status on a day, or None if the data say nothing of it."""
        return status_on(self.statuses, parse_date(day))

    def territory(self, *, on: date | str | None = None) -> Polygon | None:
        """Return the strip as a polygon.

        None if the corridor has no width, or was not in being on that day (a planned, closed or
        superseded corridor has no strip).

        Examples
        --------
        >>> corridor("lachin-2020").territory(on="2019-01-01") is None
        True
        """
        from borders.geodesy import buffer_m

        if self.width_m is None:
            return None
        if on is not None:
            status = self.on(on)
            if status is None or status.status not in IN_BEING:
                return None
        strip: Polygon = buffer_m(self.centreline, self.width_m / 2)
        return strip

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return the centreline, and the strip if there is one, in EPSG:4326.

        Parameters
        ----------
        on : with the status of this day; no rows if the data say nothing of it.
        """
        day = None if on is None else parse_date(on)
        status = self.statuses[-1] if day is None and self.statuses else None
        if day is not None:
            status = self.on(day)
            if status is None:
                return features_to_gdf([])
        shared = {
            "id": self.id,
            "name": self.name,
            "length_m": self.length.value,
            "sigma_m": self.length.sigma,
            "valid_from": status.valid_from if status else None,
            "valid_to": status.valid_to if status else None,
            "source": self.source,
            "geometry_quality": self.geometry_quality,
            "mode": self.mode,
            "status": status.status if status else None,
            "basis": self.length.basis,
            "position_sigma_m": self.position_sigma_m,
            "width_m": self.width_m,
            "definition": self.definition,
        }
        rows = [{**shared, "kind": "corridor", "geometry": self.centreline}]
        strip = self.territory(on=on)
        if strip is not None:
            rows.insert(0, {**shared, "kind": "corridor-strip", "geometry": strip})
        return features_to_gdf(rows)


@cache
def corridor_ids() -> tuple[str, ...]:
    """Return the ids of the bundled corridors."""
    return tuple(sorted(path.stem for path in (data_dir() / "corridors").glob("*.toml")))


@cache
def _bundled(key: str) -> Corridor:
    return read_corridor(data_dir() / "corridors" / f"{key}.toml")


def corridor(key: str) -> Corridor:
    """Return a bundled corridor by id.

    Raises
    ------
    UnknownNameError : no such id; the message lists the known ones.

    Examples
    --------
    >>> corridor("lachin-2020").on("2022-08-30").status
    'superseded'
    """
    if key not in corridor_ids():
        message = f"no corridor '{key}'; known: {', '.join(corridor_ids())}"
        raise UnknownNameError(message)
    return _bundled(key)


def read_corridor(file: str | Path) -> Corridor:
    """Return a corridor from a TOML file.

    Raises
    ------
    FileFormatError, SchemaError : the file is not TOML, or breaks the rules of `schema.csv`.
    GeometryError : a place is too far from the guide line that the path follows.
    """
    path = Path(file)
    table = schema.check("corridor", read_toml(path), path.name)
    pieces = _pieces(table["path"], path.name)
    if not pieces:
        message = f"{path.name}: the path has a single point; give at least two places"
        raise SchemaError(message)
    if table["width_m"] == 0:
        message = f"{path.name}: width_m is 0; leave it out if the corridor has no width"
        raise SchemaError(message)
    xy = np.concatenate([piece.xy for piece in pieces])
    xy = xy[np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]]
    centreline = LineString(xy)
    named = [
        NameBy(**schema.check("name-by", row, f"{path.name}, name_by {n}"))
        for n, row in enumerate(table["name_by"] or (), 1)
    ]
    names = {code: table[f"name_{code}"] for code in LANGUAGES[1:] if table[f"name_{code}"]}
    return Corridor(
        id=table["id"],
        name=table["name"],
        names={"en": table["name"], **names},
        mode=table["mode"],
        definition=table["definition"],
        centreline=centreline,
        length=lengths.length(table, pieces, path.name),
        drawn_m=float(length_m(centreline)),
        geometry_quality=table["geometry_quality"],
        position_sigma_m=_position_sigma_m(table, pieces),
        width_m=table["width_m"],
        width_source=table["width_source"],
        source=table["source"],
        pieces=tuple(pieces),
        names_by=tuple(named),
        statuses=read_statuses(table["status"], path.name),
    )


def _position_sigma_m(table: dict[str, Any], pieces: list[Piece]) -> float:
    """Return the stated error, or else the largest of the guide lines that the path follows."""
    if table["position_sigma_m"] is not None:
        return float(table["position_sigma_m"])
    known = [guide(p.along).properties.get("position_sigma_m") for p in pieces if p.along]
    return float(max((k for k in known if k is not None), default=0.0))


def _pieces(rows: list[dict[str, Any]], where: str) -> list[Piece]:
    """Return the path's pieces; chords join places to what comes before."""
    pieces: list[Piece] = []
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
            pieces.append(_chord(np.concatenate([here, start])))
        if piece:
            pieces.append(piece)
        here = piece.xy[-1:] if piece else start
    return [piece for piece in pieces if piece.drawn_m > 0]


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
    line = found.geometry
    ends = [_named(place, typed[key], f"{step}: {key}") for key in ("from", "to") if typed[key]]
    if len(ends) == 2:
        line = follow(line, ends[0], ends[1], where=step, along=typed["along"], limit_m=ABREAST_M)
    elif ends:
        message = f"{step}: give both 'from' and 'to', or neither"
        raise SchemaError(message)
    drawn = float(length_m(line))
    known = found.properties.get("length_m")
    whole = float(length_m(found.geometry))
    true = drawn * known / whole if known else drawn
    return Piece(
        along=typed["along"],
        xy=shapely.get_coordinates(line),
        drawn_m=drawn,
        true_m=true,
        source=found.properties["source"],
    )
