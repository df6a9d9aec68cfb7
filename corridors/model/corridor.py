"""Corridors: a centreline, a width where there is one, and dated statuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import warn

from borders.dates import parse_date, period, read_statuses, status_on
from borders.errors import SchemaError, UnknownNameError
from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot
from borders.files.features import end_to_end, features_to_gdf
from borders.files.toml import read_toml
from borders.frozendict import FrozenDict
from borders.gazetteer.places import LANGUAGES
from borders.geodesy import length_m
from borders.geodesy.lonlat import LONGEST_M
from borders.guide_lines import guide
from borders.recurring import checked_hours
from corridors.context.flows import flows_of
from corridors.context.pipelines import pipeline_of
from corridors.context.published_figures import figures_of
from corridors.model.length import length_on_ground
from corridors.model.lent import Lent, is_elsewhere
from corridors.model.path import Piece, pieces
from corridors.model.strip import IN_BEING, strip_area, strip_polygon

if TYPE_CHECKING:
    from datetime import date

    import geopandas
    from shapely import LineString, Polygon

    from borders.dates import Status
    from borders.measure import Measure

__all__ = ["Corridor", "NameBy", "corridor", "corridor_ids", "read_corridor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameBy:
    """A name and who uses it: parties call the same corridor differently."""

    name: str
    by: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Corridor:
    """A road, railway, ferry or pipeline from one place to another, built, planned or gone.

    Parameters
    ----------
    centreline : LineString, EPSG:4326.
    length : on the ground, in metres, with its basis; the drawn line is shorter where it is
        schematic.
    drawn_m : geodesic length of the centreline as drawn, in metres.
    position_sigma_m : standard error of the drawn line's position, in metres.
    width_m : full width of the strip in metres, None where no text gives one.
    terrain : ``plain``, ``hilly`` or ``mountain``; decides the sinuosity of a chain.
    closed, open_hours : when it is closed again and again, and when alone it is open, as
        OpenStreetMap's key opening_hours; the links of a bundled corridor have them too.
    own : it is of a file of the user's own, whose course nobody else digitised.
    """

    id: str
    name: str
    names: dict[str, str] = field(hash=False)
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
    terrain: str = "hilly"
    closed: str = ""
    open_hours: str = ""
    own: bool = False

    def __repr__(self) -> str:
        """Return one line: id, length with its interval, latest status."""
        latest = f", {self.statuses[-1].status}" if self.statuses else ""
        return f"<Corridor {self.id}: {self.length.km_text}, {self.length.label}{latest}>"

    def _repr_html_(self) -> str:
        """Show a sketch and a table in a notebook."""
        from borders.files.notebook import card

        rows = [
            ("id", f"{self.id}, {self.mode}"),
            ("what", self.definition),
            ("length", f"{self.length.km_text}, basis {self.length.label}"),
            ("drawn", f"{self.geometry_quality}, ±{self.position_sigma_m:,.0f} m (one σ)"),
            ("width", f"{self.width_m / 1000:g} km" if self.width_m else ""),
            ("closed", self.closed),
            ("open", self.open_hours),
            ("also called", "; ".join(f"{name.name} ({name.by})" for name in self.names_by)),
            ("statuses", "; ".join(map(period, self.statuses))),
        ]
        return card(self.name, rows, self.geometry, cited=self.sources)

    @property
    def geometry(self) -> LineString:
        """Return the centreline, EPSG:4326; its length is `drawn_m`, `length` is on the ground."""
        return self.centreline

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of every source behind the line, its length and its dates."""
        keys = [self.source, *(p.source for p in self.pieces)]
        keys += [] if self.own else [f.source for f in figures_of(self.id)]
        keys += [self.width_source] if self.width_source else []
        keys += [] if self.own else [flow.source for flow in flows_of(self.id)]
        piped = None if self.own else pipeline_of(self.id)
        keys += [piped.source, piped.owners_source] if piped else []
        keys += [n.source for n in self.names_by] + [s.source for s in self.statuses]
        return tuple(dict.fromkeys(filter(None, keys)))

    @property
    def lent(self) -> tuple[Lent, ...]:
        """Return the averages of the South Caucasus that its length rests on elsewhere."""
        chained = self.length.basis == "chain" and is_elsewhere(self.centreline.coords)
        return (Lent(key="sinuosity"),) if chained else ()

    def status(self, on: date | str) -> Status | None:
        """Return the status on a day, or None if no row of the data covers it."""
        return status_on(self.statuses, parse_date(on))

    def on(self, day: date | str) -> Status | None:
        """Return `status` of a day; the older name, deprecated."""
        warn("Corridor.on(day) is now Corridor.status(day)", DeprecationWarning, stacklevel=2)
        return self.status(day)

    def territory(self, *, on: date | str | None = None) -> Polygon | None:
        """Return the strip as a polygon, EPSG:4326, half the width on each side of the centreline.

        None if the corridor has no width, or was not in being on that day (a planned, closed or
        superseded corridor has no strip). `borders.areas_by_country` tells where it lies.

        Examples
        --------
        >>> corridor("lachin-2020").territory(on="2019-01-01") is None
        True
        """
        if self.width_m is None:
            return None
        if on is not None:
            status = self.status(on)
            if status is None or status.status not in IN_BEING:
                return None
        return strip_polygon(self.centreline, self.width_m)

    def territory_area(self) -> Measure | None:
        """Return the area of the strip in square metres, None if the corridor has no width."""
        strip = self.territory()
        if strip is None or self.width_m is None:
            return None
        return strip_area(strip, self.width_m, self.length, self.geometry_quality)

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return the centreline, and the strip if there is one, in EPSG:4326.

        The line has one row for each status, with its dates, and the strip one for each status in
        which people might use it; `on` selects the rows of one day.

        Parameters
        ----------
        on : with the status of this day; no rows if the data say nothing of it.

        Examples
        --------
        >>> corridor("lachin-2020").to_gdf()[["kind", "status"]].to_numpy().tolist()
        [['corridor-strip', 'open'], ['corridor', 'open'], ['corridor', 'superseded']]
        """
        statuses: list[Status | None] = [*self.statuses] or [None]
        if on is not None:
            statuses = [status] if (status := self.status(on)) else []
        strip = self.territory(on=on)
        in_being = [] if strip is None else statuses
        rows = [
            self._row("corridor-strip", strip, s)
            for s in in_being
            if s is None or s.status in IN_BEING
        ]
        rows += [self._row("corridor", self.centreline, s) for s in statuses]
        return features_to_gdf(rows)

    def _row(self, kind: str, geometry: Any, status: Status | None) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": kind,
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
            "drawn_m": self.drawn_m,
            "position_sigma_m": self.position_sigma_m,
            "width_m": self.width_m,
            "definition": self.definition,
            "geometry": geometry,
        }


@cache
def corridor_ids(root: DataRoot = BUNDLED) -> tuple[str, ...]:
    """Return the ids of the bundled corridors."""
    return root.ids("corridors")


def corridor(key: str) -> Corridor:
    """Return a bundled corridor by id.

    Raises
    ------
    UnknownNameError : no such id; the message lists the known ones.

    Examples
    --------
    >>> corridor("lachin-2020").status("2022-08-30").status
    'superseded'
    """
    if key not in corridor_ids():
        message = f"no corridor '{key}'; known: {', '.join(corridor_ids())}"
        raise UnknownNameError(message)
    return _bundled_corridor(key, BUNDLED)


def read_corridor(file: str | Path) -> Corridor:
    """Return a corridor from a TOML file.

    Raises
    ------
    FileFormatError, SchemaError : the file is not TOML, or breaks the rules of `schema.csv`.
    GeometryError : a place is too far from the guide line that the path follows.
    """
    path = Path(file)
    table = schema.check("corridor", read_toml(path), path.name)
    own = not path.resolve().is_relative_to(BUNDLED.folder.resolve())
    # Nobody but its maker drew what a user's own file leads from step to step.
    path_pieces = pieces(table["path"], path.name, source="" if own else "araxes")
    if not path_pieces:
        message = f"{path.name}: the path has a single point; give at least two places"
        raise SchemaError(message)
    if table["width_m"] == 0:
        message = f"{path.name}: width_m is 0; leave it out if the corridor has no width"
        raise SchemaError(message)
    if (table["width_m"] or 0) > 2 * LONGEST_M:
        message = f"{path.name}: width_m is {table['width_m']:g}; at most {2 * LONGEST_M:,.0f} m"
        raise SchemaError(message)
    hours = checked_hours(table["closed"], table["open_hours"], path.name)
    centreline = end_to_end(path_pieces)
    names_by = [
        NameBy(**schema.check("name-by", row, f"{path.name}, name_by {n}"))
        for n, row in enumerate(table["name_by"] or (), 1)
    ]
    names = {code: table[f"name_{code}"] for code in LANGUAGES[1:] if table[f"name_{code}"]}
    return Corridor(
        id=table["id"],
        name=table["name"],
        names=FrozenDict({"en": table["name"], **names}),
        mode=table["mode"],
        terrain=table["terrain"] or "hilly",
        closed=hours.closed,
        open_hours=hours.open_hours,
        definition=table["definition"],
        centreline=centreline,
        length=length_on_ground(table, path_pieces, path.name),
        drawn_m=float(length_m(centreline)),
        geometry_quality=table["geometry_quality"],
        position_sigma_m=_position_sigma_m(table, path_pieces),
        width_m=table["width_m"],
        width_source=table["width_source"],
        source=table["source"],
        pieces=tuple(path_pieces),
        names_by=tuple(names_by),
        statuses=read_statuses(table["status"], path.name),
        own=own,
    )


@cache
def _bundled_corridor(key: str, root: DataRoot) -> Corridor:
    return read_corridor(root.path(f"corridors/{key}.toml"))


def _position_sigma_m(table: dict[str, Any], path_pieces: list[Piece]) -> float:
    """Return the stated error, or else the largest error of a guide line that the path follows."""
    if table["position_sigma_m"] is not None:
        return float(table["position_sigma_m"])
    return max((guide(p.along).position_sigma_m for p in path_pieces if p.along), default=0.0)
