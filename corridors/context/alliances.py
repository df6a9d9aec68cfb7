"""Alliances: who was a member of what on a day; and bases, exercises and a radar by date."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from borders.dates import parse_date
from borders.errors import UnknownNameError
from borders.files import schema
from borders.files.bundle import BUNDLED, layer
from borders.frozendict import FrozenDict
from corridors.context.edtf_dates import EdtfDate, read_edtf

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import geopandas
    from shapely import Polygon

__all__ = ["ORGANISATIONS", "Alliance", "Base", "Bases", "Change", "bases", "changes", "circle",
           "members", "status_of"]  # fmt: skip

ORGANISATIONS = {
    "CST": "Collective Security Treaty",
    "CSTO": "Collective Security Treaty Organization",
    "GUAM": "GUAM",
    "EurAsEC": "Eurasian Economic Community",
    "SCO": "Shanghai Cooperation Organisation",
}
# What a country is after a change; None: it was no member, or is none any more.
_AFTER = {
    "signed": "signatory", "joined": "member", "renewed": "member", "suspended": "suspended",
    "frozen": "frozen", "left": None,
}  # fmt: skip
# Corners of a circle: at 3,000 km its chords lie 0.9 km inside.
_CORNERS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a country did in an alliance: signed, joined, renewed, suspended, frozen or left."""

    organisation: str
    country: str
    change: str
    when: EdtfDate
    source: str
    state: str
    note: str


@cache
def _changes() -> tuple[Change, ...]:
    rows = []
    for n, row in enumerate(BUNDLED.rows("context/memberships.csv"), 2):
        where = f"data/context/memberships.csv:{n}"
        typed = schema.check("membership", row, where)
        when = read_edtf(typed.pop("edtf"), where)
        typed["note"] = typed["note"] or ""
        rows.append(Change(when=when, **typed))
    return tuple(sorted(rows, key=lambda change: change.when.sort_key))


def changes(organisation: str) -> tuple[Change, ...]:
    """Return what countries did in an alliance, in order of time.

    Raises
    ------
    UnknownNameError : there is no such alliance.
    """
    if organisation not in ORGANISATIONS:
        message = f"no alliance '{organisation[:60]}'; known: {', '.join(ORGANISATIONS)}"
        raise UnknownNameError(message)
    return tuple(change for change in _changes() if change.organisation == organisation)


def status_of(organisation: str, on: date | str) -> dict[str, Change]:
    """Return country → its last change up to a day, of those that had not left.

    A change whose date is a month or a year counts from its last day on.

    Examples
    --------
    >>> status_of("CSTO", "2024-03-01")["AM"].change
    'frozen'
    """
    day = parse_date(on)
    last: dict[str, Change] = {}
    for change in changes(organisation):
        if change.when.last is not None and change.when.last <= day:
            last[change.country] = change
    return {code: change for code, change in last.items() if _AFTER[change.change] is not None}


def members(organisation: str, on: date | str) -> tuple[str, ...]:
    """Return the codes of the countries that were members on a day, suspended and frozen ones too.

    Examples
    --------
    >>> members("CSTO", "2007-01-01")
    ('AM', 'BY', 'KG', 'KZ', 'RU', 'TJ', 'UZ')
    """
    known = status_of(organisation, on)
    return tuple(sorted(code for code, c in known.items() if _AFTER[c.change] != "signatory"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A base, an exercise, an office or a radar, with what the source says of it.

    Parameters
    ----------
    lon, lat : None where the source names no place.
    diameter_km : of the area that it is said to watch.
    range_km : a radius that others give it, and `range_source` who does.
    """

    id: str
    name: str
    kind: str
    holder: str
    country: str
    place: str
    lon: float | None
    lat: float | None
    sigma_m: float | None
    begin: EdtfDate | None
    end: EdtfDate | None
    claim: str
    diameter_km: float | None
    range_km: float | None
    range_source: str | None
    source: str
    state: str
    note: str

    def stands(self, on: date) -> bool:
        """Tell whether it may have been there on a day."""
        first = None if self.begin is None else self.begin.first
        last = None if self.end is None else self.end.last
        return (first is None or first <= on) and (last is None or on <= last)


@cache
def bases() -> tuple[Base, ...]:
    """Return the bases, exercises, offices and the radar that the CSTO study names."""
    rows = []
    for n, row in enumerate(BUNDLED.rows("context/bases.csv"), 2):
        where = f"data/context/bases.csv:{n}"
        typed = schema.check("base", row, where)
        ends = [
            None if typed[key] is None else read_edtf(typed[key], where)
            for key in ("valid_from", "valid_to")
        ]
        texts = ("country", "place", "claim", "note")
        values: dict[str, Any] = {key: typed[key] or "" for key in texts}
        values |= {
            key: value
            for key, value in typed.items()
            if key not in (*texts, "valid_from", "valid_to")
        }
        rows.append(Base(begin=ends[0], end=ends[1], **values))
    return tuple(rows)


def circle(lon: float, lat: float, radius_m: float) -> Polygon:
    """Return the points at a geodesic distance from a place, as a polygon in EPSG:4326.

    Parameters
    ----------
    lon, lat : of the middle, in degrees; the circle must hold no pole and not cross the 180th
        meridian.
    radius_m : in metres.
    """
    import numpy as np
    import shapely

    from borders.geodesy.lonlat import WGS84

    azimuths = np.linspace(0, 360, _CORNERS, endpoint=False)
    middle = np.full(_CORNERS, lon), np.full(_CORNERS, lat)
    lons, lats, _ = WGS84.fwd(*middle, azimuths, np.full(_CORNERS, radius_m))
    return shapely.Polygon(np.column_stack([lons, lats]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alliance:
    """An alliance as a system: what `araxes list`, `show`, `map` and `export` know.

    Parameters
    ----------
    organisation : one of `ORGANISATIONS`.
    """

    organisation: str
    kind: str = "alliance"

    @property
    def id(self) -> str:
        """Return its id."""
        return self.organisation.lower()

    @property
    def name(self) -> str:
        """Return its name in English."""
        return ORGANISATIONS[self.organisation]

    @property
    def names(self) -> Mapping[str, str]:
        """Return its name by language."""
        return FrozenDict({"en": self.name})

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of all sources."""
        return tuple(dict.fromkeys(change.source for change in changes(self.organisation)))

    def rows(self, on: date | None = None) -> list[dict[str, Any]]:
        """Return what countries did, or on a day what each is, as values of a table."""
        chosen = changes(self.organisation)
        if on is not None:
            chosen = tuple(status_of(self.organisation, on).values())
        return [
            {
                "organisation": change.organisation, "country": change.country,
                "date": change.when.text, "change": change.change,
                "is": _AFTER[change.change] or "no member", "source": change.source,
                "state": change.state, "note": change.note or None,
            }
            for change in chosen
        ]  # fmt: skip

    def summary(self, on: date | None = None) -> dict[str, Any]:
        """Return what is known of it as JSON."""
        return {
            "id": self.id, "kind": self.kind, "name": self.name,
            "on": None if on is None else on.isoformat(),
            "members": None if on is None else list(members(self.organisation, on)),
            "changes": self.rows(on), "sources": list(self.sources),
            "not_drawn": "outlines of states outside the region, which are points at their "
            "capitals",
        }  # fmt: skip

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return a row for each state that is or was in it: its provinces' area, or its capital."""
        from borders.files.features import features_to_gdf

        day = None if on is None else parse_date(on)
        states: dict[str, Change] = {}
        for change in changes(self.organisation):
            states[change.country] = change
        if day is not None:
            states = status_of(self.organisation, day)
        rows = [
            {
                "id": f"{self.id}-{code.lower()}", "kind": "membership",
                "name": f"{code}: {_AFTER[change.change] or 'left'} since {change.when.words}",
                "source": change.source, "country": code, "change": change.change,
                "date": change.when.text, "note": change.note or None,
                "geometry_quality": "natural-earth" if code in _countries() else "capital",
                "geometry": _countries().get(code) or _capitals()[code],
            }
            for code, change in states.items()
        ]  # fmt: skip
        return features_to_gdf(rows, name=self.name)


@cache
def _countries() -> dict[str, Any]:
    """Return the outlines of the states of which the data have all provinces."""
    import shapely

    parts: dict[str, list[Any]] = {}
    for province in layer("provinces"):
        parts.setdefault(province.properties["country"], []).append(province.geometry)
    # Of Iran only the north-west is there.
    return {code: shapely.union_all(shapes) for code, shapes in parts.items() if code != "IR"}


@cache
def _capitals() -> dict[str, Any]:
    """Return a point at the capital of each state that has no outline in the data."""
    import shapely

    rows = schema.checked_rows("capital", "context/capitals.csv")
    return {typed["country"]: shapely.Point(typed["lon"], typed["lat"]) for typed in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bases:
    """The bases, exercises and the radar as a system."""

    id: str = "bases"
    kind: str = "bases"
    name: str = "Bases, exercises and a radar"

    @property
    def names(self) -> Mapping[str, str]:
        """Return its name by language."""
        return FrozenDict({"en": self.name})

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of all sources."""
        return tuple(dict.fromkeys(base.source for base in bases()))

    def rows(self, on: date | None = None) -> list[dict[str, Any]]:
        """Return the bases, or those of a day, as values of a table."""
        return [
            {
                "id": base.id, "name": base.name, "kind": base.kind, "holder": base.holder,
                "country": base.country or None, "place": base.place or None,
                "lon": base.lon, "lat": base.lat, "sigma_m": base.sigma_m,
                "from": None if base.begin is None else base.begin.text,
                "to": None if base.end is None else base.end.text,
                "claim": base.claim or None, "diameter_km": base.diameter_km,
                "source": base.source, "state": base.state, "note": base.note or None,
            }
            for base in bases()
            if on is None or base.stands(on)
        ]  # fmt: skip

    def summary(self, on: date | None = None) -> dict[str, Any]:
        """Return what is known of them as JSON."""
        rows = self.rows(on)
        return {
            "id": self.id, "kind": self.kind, "name": self.name,
            "on": None if on is None else on.isoformat(), "bases": rows,
            "not_placed": [row["id"] for row in rows if row["lon"] is None],
            "sources": list(self.sources),
        }  # fmt: skip

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return the bases as points, and the area that the radar is said to watch as a circle."""
        import shapely

        from borders.files.features import features_to_gdf

        day = None if on is None else parse_date(on)
        rows = []
        for base in bases():
            if day is not None and not base.stands(day):
                continue
            common = {
                "id": base.id, "kind": "base", "name": base.name, "sigma_m": None,
                "valid_from": None if base.begin is None else base.begin.first,
                "source": base.source, "holder": base.holder, "what": base.kind,
                "claim": base.claim or None, "note": base.note or None,
            }  # fmt: skip
            if base.lon is None or base.lat is None:
                rows.append(common | {"geometry": None})
                continue
            point = {"geometry": shapely.Point(base.lon, base.lat), "geometry_quality": "place"}
            rows.append(common | point)
            if base.diameter_km is not None:
                rows.append(common | {
                    "id": f"{base.id}-area", "kind": "area",
                    "name": f"{base.name}: {base.diameter_km:,.0f} km in diameter",
                    "geometry": circle(base.lon, base.lat, 500 * base.diameter_km),
                    "geometry_quality": "geodesic circle",
                })  # fmt: skip
        return features_to_gdf(rows, name=self.name)
