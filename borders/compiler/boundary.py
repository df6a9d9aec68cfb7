"""A border or a territory, resolved leg by leg, each leg with its words and its error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from borders.dates import holds, parse_date, period, status_on
from borders.files.features import features_to_gdf

if TYPE_CHECKING:
    from datetime import date

    import geopandas
    from shapely import LineString, Polygon

    from borders.compiler.leg import Leg
    from borders.dates import Status
    from borders.measure import Measure
    from borders.treaty.treaty import Treaty

__all__ = ["Boundary"]


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
        from borders.files.notebook import card

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

        `length_m` of a leg that winds is that of the line that it stands for, `drawn_m` that of its
        geometry.

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


def _territory_rows(boundary: Boundary) -> list[dict[str, Any]]:
    if boundary.polygon is None or boundary.area is None:
        return []
    return [
        {
            "kind": "territory",
            "length_m": boundary.length.value,
            "sigma_m": boundary.length.sigma,
            "source": boundary.treaty.source,
            "geometry_quality": boundary.length.basis,
            "basis": boundary.area.basis,
            "area_m2": boundary.area.value,
            "area_sigma_m2": boundary.area.sigma,
            "geometry": boundary.polygon,
        }
    ]


def _leg_row(leg: Leg) -> dict[str, Any]:
    from borders.compiler.uncertainty import leg_sigma_m
    from borders.geodesy import length_m

    return {
        "kind": "border",
        "length_m": leg.length_m,
        "sigma_m": leg_sigma_m(leg),
        "source": leg.source,
        "geometry_quality": leg.drawn_as,
        "drawn_m": length_m(leg.geometry),
        "basis": "chain" if leg.guide is None else "reach",
        "position_sigma_m": leg.sigma_m,
        "leg": leg.n,
        "words": leg.words,
        "rule": leg.rule,
        "reading": leg.evidence,
        "circular": leg.circular,
        # FROM and TO are words of SQL, which GRASS cannot read as names of columns.
        "from_place": leg.start.name,
        "to_place": leg.end.name,
        "geometry": leg.geometry,
    }
