"""A border or a territory, resolved leg by leg, each leg with its words and its error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from borders.dates import holds, parse_date, period, status_on

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import geopandas
    from shapely import LineString, Polygon

    from borders.dates import Status
    from borders.guide import Guide
    from borders.measure import Measure
    from borders.places import Place
    from borders.treaty import Treaty

__all__ = ["BRIDGE", "Boundary", "Leg", "end_to_end", "features_to_gdf"]

# The columns that begin every table that can be drawn or exported.
BRIDGE = (
    "id",
    "kind",
    "name",
    "length_m",
    "sigma_m",
    "valid_from",
    "valid_to",
    "source",
    "geometry_quality",
)


class HasLine(Protocol):
    """A piece of a line, such as a leg of a border."""

    @property
    def geometry(self) -> LineString:
        """Return its course, EPSG:4326."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One call of a treaty as a line.

    Parameters
    ----------
    geometry : LineString, EPSG:4326.
    length_m : of the geometry; of a leg that winds, of the line that it stands for.
    sigma_m : standard error of the line's position across the line, root mean square over the leg:
        19 of 20 points of the true leg lie within 1.96 times as much.
    winds : the text names only the ends, and the chord stands for a line that winds between them.
    gap_m : distance from the end of the leg before.
    state : how it was drawn; see `borders.rules.Drawn`.
    reading : how sure the words are: ``quoted``, ``source-document`` or ``unverified``.
    circular : drawn on today's border or between points placed on it, so it cannot test it.
    source : who drew the line that the leg follows.
    guide : line that the leg runs along, if any.
    """

    n: int
    words: str
    rule: str
    start: Place
    end: Place
    geometry: LineString
    length_m: float
    sigma_m: float
    state: str
    gap_m: float
    source: str
    reading: str = ""
    guide: Guide | None = None
    circular: bool = False
    winds: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Boundary:
    """A treaty's line: one leg a call; closed, it bounds a territory.

    Parameters
    ----------
    geometry : LineString, EPSG:4326, all legs end to end.
    polygon : Polygon, EPSG:4326, of a territory; None for a border.
    """

    treaty: Treaty
    legs: tuple[Leg, ...]
    geometry: LineString
    polygon: Polygon | None
    length: Measure
    area: Measure | None

    def __repr__(self) -> str:
        """Return one line: id, length with its interval, number of legs."""
        return f"<Boundary {self.id}: {self.length.km_text}, {len(self.legs)} legs>"

    def _repr_html_(self) -> str:
        """Show a sketch and a table in a notebook."""
        from borders.notebook import card

        circular = sum(leg.circular for leg in self.legs)
        rows = [
            ("id", f"{self.id}, {self.kind}"),
            ("text", f"{self.treaty.document} ({self.treaty.state})"),
            ("length", f"{self.length.km_text}, basis {self.length.label}"),
            ("area", self.area.km2_text if self.area else ""),
            ("legs", f"{len(self.legs)}; {circular} circular: they cannot test today's border"),
            ("statuses", "; ".join(map(period, self.statuses))),
        ]
        return card(self.name, rows, self.geometry, cited=self.sources)

    @property
    def id(self) -> str:
        """Return the ASCII id."""
        return self.treaty.id

    @property
    def kind(self) -> str:
        """Return ``border`` or ``territory``."""
        return self.treaty.kind

    @property
    def name(self) -> str:
        """Return the English name."""
        return self.treaty.name

    @property
    def names(self) -> dict[str, str]:
        """Return language code → name."""
        return self.treaty.names

    @property
    def statuses(self) -> tuple[Status, ...]:
        """Return the dated statuses in order of time."""
        return self.treaty.statuses

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of every source behind the line and its dates."""
        keys = [self.treaty.source, *(leg.source for leg in self.legs)]
        keys += [status.source for status in self.statuses]
        return tuple(dict.fromkeys(keys))

    def holds(self, on: date | str) -> bool:
        """Tell whether the line was in force on a day."""
        return holds(self.treaty.valid_from, self.treaty.valid_to, parse_date(on))

    def territory(self, *, on: date | str | None = None) -> Polygon | None:
        """Return the territory, or None if there is none or not on that day."""
        return self.polygon if on is None or self.holds(on) else None

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return one row a leg, and one for the territory if there is one, in EPSG:4326.

        Parameters
        ----------
        on : only if the line holds on this day; otherwise no rows.
        """
        day = None if on is None else parse_date(on)
        if day is not None and not self.holds(day):
            return features_to_gdf([])
        status = self.statuses[-1] if self.statuses else None
        if day is not None:
            status = status_on(self.statuses, day)
        shared = {
            "id": self.id,
            "name": self.name,
            "valid_from": self.treaty.valid_from,
            "valid_to": self.treaty.valid_to,
            "status": status.status if status else None,
        }
        rows = [{**shared, **row} for row in (*_territory_rows(self), *map(_leg_row, self.legs))]
        return features_to_gdf(rows)


def _territory_rows(one: Boundary) -> list[dict[str, Any]]:
    if one.polygon is None or one.area is None:
        return []
    return [
        {
            "kind": "territory",
            "length_m": one.length.value,
            "sigma_m": one.length.sigma,
            "source": one.treaty.source,
            "geometry_quality": one.length.basis,
            "area_m2": one.area.value,
            "area_sigma_m2": one.area.sigma,
            "geometry": one.polygon,
        }
    ]


def _leg_row(leg: Leg) -> dict[str, Any]:
    from borders.uncertainty import leg_sigma_m

    return {
        "kind": "border",
        "length_m": leg.length_m,
        "sigma_m": leg_sigma_m(leg),
        "source": leg.source,
        "geometry_quality": leg.state,
        "position_sigma_m": leg.sigma_m,
        "leg": leg.n,
        "words": leg.words,
        "rule": leg.rule,
        "reading": leg.reading,
        "circular": leg.circular,
        "from": leg.start.name,
        "to": leg.end.name,
        "geometry": leg.geometry,
    }


def end_to_end(legs: Iterable[HasLine]) -> LineString:
    """Return legs, or other pieces with a line, one after the other as one, each joint once."""
    import shapely

    xy = shapely.get_coordinates([leg.geometry for leg in legs])
    line: LineString = shapely.remove_repeated_points(shapely.LineString(xy))
    return line


def features_to_gdf(rows: list[dict[str, Any]]) -> geopandas.GeoDataFrame:
    """Return rows as a GeoDataFrame in EPSG:4326, the bridge columns first."""
    import geopandas

    extra = [key for key in dict.fromkeys(k for row in rows for k in row) if key != "geometry"]
    columns = [*BRIDGE, *(key for key in extra if key not in BRIDGE), "geometry"]
    table = {key: [row.get(key) for row in rows] for key in columns}
    return geopandas.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326", columns=columns)
