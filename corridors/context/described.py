"""What texts describe without a boundary: governments of 1918–19, vilayets, towns by side.

Each is drawn as what is told of it: places as points, or provinces of today that stand in for its
land, and says how roughly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import shapely

from borders.dates import holds, parse_date
from borders.errors import UnknownNameError, no_such
from borders.files import schema
from borders.files.bundle import layer
from borders.frozendict import FrozenDict
from borders.gazetteer.lookup import place
from borders.gazetteer.places import LANGUAGES
from borders.geodesy import area_m2, distance_m

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import geopandas

    from borders.gazetteer.places import Place

__all__ = ["Described", "NamedPlace", "described", "described_ids"]

# The line beside which a place that Kars left to a side is measured.
_KARS = "kars-1921"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """A place that a text names for a land.

    Parameters
    ----------
    role : ``seat``, or ``named``.
    side : whose it fell by the text; empty where the text tells of no sides.
    """

    place: Place
    role: str
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A land, government or place that a text describes without drawing its limits.

    Parameters
    ----------
    kind : ``government``, ``frame`` (land within which a line was to be drawn), ``treaty`` (towns
        by side) or ``place``.
    provinces : ids of today's provinces that stand in for its land.
    sigma_m : how far what is drawn may be off, None where that is not known.
    how : what is drawn, how roughly, and what is not known.
    """

    id: str
    kind: str
    name: str
    names: Mapping[str, str] = field(hash=False)
    begin: date
    end: date | None
    places: tuple[NamedPlace, ...]
    provinces: tuple[str, ...]
    sigma_m: float | None
    how: str
    sources: tuple[str, ...]
    state: str
    note: str

    def stands(self, on: date) -> bool:
        """Tell whether it was so on a day; where no end is told, from its beginning on."""
        return holds(self.begin, self.end, on)

    @property
    def area(self) -> shapely.Geometry | None:
        """Return the provinces of today that stand in for its land, EPSG:4326; None without any."""
        if not self.provinces:
            return None
        known = {f.properties["id"]: f.geometry for f in layer("provinces")}
        # Neighbours of Natural Earth share their lines to the digit.
        return shapely.union_all([known[key] for key in self.provinces])

    def kars_distance_m(self, spot: Place) -> float:
        """Return how far a place lies from the line of the Treaty of Kars, in metres."""
        from borders.compiler.resolve import boundary

        line = boundary(_KARS).geometry
        return float(distance_m(line, shapely.Point(spot.lon, spot.lat)))

    def rows(self, on: date | None = None) -> list[dict[str, Any]]:
        """Return what is drawn of it as values of a table: its places, then its stand-in."""
        if on is not None and not self.stands(on):
            return []
        rows: list[dict[str, Any]] = []
        for named in self.places:
            spot = named.place
            row: dict[str, Any] = {
                "id": spot.id, "what": named.role, "name": spot.name, "side": named.side or None,
                "lon": spot.lon, "lat": spot.lat, "sigma_m": self.sigma_m or spot.sigma_m,
                "from_kars_line_km": None, "area_km2": None,
            }  # fmt: skip
            if self.kind == "place":
                row["from_kars_line_km"] = round(self.kars_distance_m(spot) / 1000, 1)
            rows.append(row)
        if self.area is not None:
            rows.append({
                "id": self.id, "what": "stand-in", "name": self.name, "side": None, "lon": None,
                "lat": None, "sigma_m": self.sigma_m, "from_kars_line_km": None,
                "area_km2": round(float(area_m2(self.area)) / 1e6, -3),
            })  # fmt: skip
        return rows

    def summary(self, on: date | None = None) -> dict[str, Any]:
        """Return what is known of it as JSON."""
        return {
            "id": self.id, "kind": self.kind, "name": self.name, "names": dict(self.names),
            "from": self.begin.isoformat(), "to": None if self.end is None else
            self.end.isoformat(), "on": None if on is None else on.isoformat(), "how": self.how,
            "drawn": self.rows(on), "provinces": list(self.provinces), "state": self.state,
            "note": self.note or None, "sources": list(self.sources),
        }  # fmt: skip

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return its places as points and its stand-in as an area, EPSG:4326."""
        from borders.files.features import features_to_gdf

        day = None if on is None else parse_date(on)
        shapes = {named.place.id: shapely.Point(named.place.lon, named.place.lat)
                  for named in self.places}  # fmt: skip
        rows = [
            {
                "id": row["id"], "kind": f"{self.kind}-{row['what']}", "name": row["name"],
                "sigma_m": None, "valid_from": self.begin, "valid_to": self.end,
                "source": self.sources[0], "geometry_quality": "schematic", "side": row["side"],
                "position_sigma_m": row["sigma_m"], "definition": self.how,
                "note": self.note or None,
                "geometry": shapes.get(row["id"], self.area),
            }
            for row in self.rows(day)
        ]  # fmt: skip
        return features_to_gdf(rows, name=self.name)


@cache
def _described() -> dict[str, Described]:
    known = {}
    for typed in schema.checked_rows("described", "context/described.csv"):
        names = {code: typed[f"name_{code}"] for code in LANGUAGES[1:] if typed[f"name_{code}"]}
        spots = [NamedPlace(place=place(typed["seat"]), role="seat")] if typed["seat"] else []
        for entry in filter(None, (typed["places"] or "").split("|")):
            key, _, side = entry.partition("=")
            spots.append(NamedPlace(place=place(key), role="named", side=side))
        also = filter(None, (typed["also"] or "").split("|"))
        known[typed["id"]] = Described(
            id=typed["id"], kind=typed["kind"], name=typed["name"],
            names=FrozenDict({"en": typed["name"], **names}), begin=typed["begin"],
            end=typed["end"], places=tuple(spots),
            provinces=tuple(filter(None, (typed["provinces"] or "").split("|"))),
            sigma_m=typed["sigma_m"], how=typed["how"], sources=(typed["source"], *also),
            state=typed["state"], note=typed["note"] or "",
        )  # fmt: skip
    return known


def described_ids() -> tuple[str, ...]:
    """Return the ids of what texts describe without a boundary.

    Examples
    --------
    >>> "aras-government" in described_ids()
    True
    """
    return tuple(_described())


def described(key: str) -> Described:
    """Return one of them by its id.

    Raises
    ------
    UnknownNameError : there is none; the message offers the nearest.

    Examples
    --------
    >>> [named.place.id for named in described("aras-government").places][:2]
    ['igdir', 'nakhchivan']
    """
    known = _described()
    if key not in known:
        raise UnknownNameError(no_such("land, government or place of a text", key, known))
    return known[key]
