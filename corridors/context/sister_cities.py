"""Agreements of sister cities: Turkish municipalities with those of six other states.

The spellings are those of the study; where each place lies, and what else bears its name, is in
`data/context/sister_places.csv`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.dates import parse_date
from borders.errors import UnknownNameError
from borders.files import schema
from borders.frozendict import FrozenDict
from borders.measure import Z95

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    import geopandas
    from shapely import LineString

__all__ = [
    "COUNTRIES",
    "Agreement",
    "SisterCities",
    "Spot",
    "agreements",
    "counts",
    "not_placed",
    "spots",
]

COUNTRIES = {
    "AZ": "Azerbaijan", "KZ": "Kazakhstan", "KG": "Kyrgyzstan", "UZ": "Uzbekistan",
    "TM": "Turkmenistan", "TJ": "Tajikistan",
}  # fmt: skip
# Vertices of an arc lie so far apart: 3,000 km are 60 pieces.
_STEP_M = 50_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a name of the study lies, or may lie.

    Parameters
    ----------
    spelling : as the study has it.
    name : the standard name; empty if no place was found.
    lon, lat : None if no place was found.
    sigma_m : standard error of the position, in metres.
    why : why this place is taken, or why none is.
    others : standard names of other places that bear the name.
    """

    country: str
    province: str
    spelling: str
    name: str
    lon: float | None
    lat: float | None
    sigma_m: float
    why: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement of two municipalities.

    Parameters
    ----------
    municipality, partner : as the study spells them.
    day : None if the study has none.
    """

    id: str
    province: str
    municipality: str
    partner: str
    country: str
    day: date | None
    source: str
    state: str

    @property
    def ends(self) -> tuple[Spot, Spot]:
        """Return where the Turkish municipality and its partner lie."""
        known = spots()
        return (
            known["TR", self.province, self.municipality],
            known[self.country, "", self.partner],
        )

    @property
    def placed(self) -> bool:
        """Tell whether both ends have a position."""
        return all(end.lon is not None for end in self.ends)

    @property
    def distance_m(self) -> float | None:
        """Return the geodesic distance of the two, None if one was not found."""
        from borders.geodesy.lonlat import WGS84

        home, away = self.ends
        if home.lon is None or away.lon is None:
            return None
        return float(WGS84.inv(home.lon, home.lat, away.lon, away.lat)[2])

    @property
    def sigma_m(self) -> float:
        """Return the standard error of the distance, in metres."""
        home, away = self.ends
        return float(np.hypot(home.sigma_m, away.sigma_m))

    def row(self) -> dict[str, Any]:
        """Return it as the values of a table."""
        home, away = self.ends
        metres, half = self.distance_m, Z95 * self.sigma_m
        return {
            "id": self.id,
            "date": None if self.day is None else self.day.isoformat(),
            "province": self.province,
            "municipality": self.municipality,
            "municipality_standard": home.name or None,
            "partner": self.partner,
            "partner_standard": away.name or None,
            "country": self.country,
            "km": None if metres is None else round(metres / 1000),
            "low_km": None if metres is None else round(max(0.0, metres - half) / 1000),
            "high_km": None if metres is None else round((metres + half) / 1000),
            "why": away.why,
            "others": list(away.others),
            "source": self.source,
            "state": self.state,
        }


@cache
def spots() -> dict[tuple[str, str, str], Spot]:
    """Return country, Turkish province (or "") and spelling → where it lies."""
    rows: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for typed in schema.checked_rows("sister-place", "context/sister_places.csv"):
        key = (typed["country"], typed["province"] or "", typed["spelling"])
        rows.setdefault(key, []).append(typed)
    return {
        key: Spot(
            country=key[0], province=key[1], spelling=key[2], name=first["name"] or "",
            lon=first["lon"], lat=first["lat"], sigma_m=first["sigma_m"] or 0.0,
            why=first["why"] or "",
            others=tuple(
                f"{other['name']} ({other['lat']:.2f}, {other['lon']:.2f})" for other in others
            ),
        )
        for key, (first, *others) in rows.items()
    }  # fmt: skip


@cache
def _agreements() -> tuple[Agreement, ...]:
    rows = []
    for typed in schema.checked_rows("sister-city", "context/sister_cities.csv"):
        typed["day"] = typed.pop("date")
        rows.append(Agreement(**typed))
    return tuple(rows)


def agreements(
    *,
    country: str | None = None,
    province: str | None = None,
    begin: date | str | None = None,
    end: date | str | None = None,
) -> tuple[Agreement, ...]:
    """Return the agreements, by country, Turkish province and first and last day.

    Raises
    ------
    UnknownNameError : no agreement has the country or the province.

    Examples
    --------
    >>> len(agreements()), len(agreements(country="AZ")), len(agreements(end="2002-12-31"))
    (198, 93, 38)
    """
    every = _agreements()
    known_provinces = sorted({a.province for a in every})
    if country is not None and country not in COUNTRIES:
        message = f"no agreement with '{country[:60]}'; known: {', '.join(COUNTRIES)}"
        raise UnknownNameError(message)
    if province is not None and province not in known_provinces:
        message = f"no agreement of '{province[:60]}'; known: {', '.join(known_provinces)}"
        raise UnknownNameError(message)
    first = None if begin is None else parse_date(begin)
    last = None if end is None else parse_date(end)
    return tuple(
        a
        for a in every
        if country in (None, a.country)
        and province in (None, a.province)
        and (first is None or (a.day is not None and a.day >= first))
        and (last is None or (a.day is not None and a.day <= last))
    )


def counts(chosen: Iterable[Agreement], by: str) -> dict[str, int]:
    """Return how many agreements there are by ``country``, ``province`` or ``year``.

    The largest comes first; years come in order of time.

    Raises
    ------
    UnknownNameError : they are not counted by that.

    Examples
    --------
    >>> counts(agreements(), "country")["TM"]
    14
    """
    keys: dict[str, Callable[[Agreement], str]] = {
        "country": lambda a: a.country,
        "province": lambda a: a.province,
        "year": lambda a: "undated" if a.day is None else str(a.day.year),
    }
    if by not in keys:
        message = f"agreements are not counted by '{by[:60]}'; known: {', '.join(keys)}"
        raise UnknownNameError(message)
    counted = Counter(keys[by](a) for a in chosen)
    if by == "year":
        return dict(sorted(counted.items()))
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _arc(home: Spot, away: Spot) -> LineString | None:
    """Return the geodesic of two places, with a vertex every 50 km; None if one was not found."""
    import shapely

    from borders.geodesy.lonlat import WGS84

    if home.lon is None or home.lat is None or away.lon is None or away.lat is None:
        return None
    metres = WGS84.inv(home.lon, home.lat, away.lon, away.lat)[2]
    between = WGS84.npts(home.lon, home.lat, away.lon, away.lat, max(1, int(metres / _STEP_M)))
    return shapely.LineString([(home.lon, home.lat), *between, (away.lon, away.lat)])


@dataclass(frozen=True, slots=True, kw_only=True)
class SisterCities:
    """The agreements as one system: what `araxes list`, `show`, `map` and `export` know."""

    id: str = "sister-cities"
    kind: str = "agreements"
    name: str = "Sister cities of Turkish municipalities"

    @property
    def names(self) -> Mapping[str, str]:
        """Return its name by language."""
        return FrozenDict({"en": self.name, "tr": "Türk belediyelerinin kardeş şehirleri"})

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of all sources."""
        return ("sister-city-study", "geonames")

    def rows(self, on: date | None = None) -> list[dict[str, Any]]:
        """Return the agreements up to a day as values of a table."""
        return [a.row() for a in agreements(end=on)]

    def summary(self, on: date | None = None) -> dict[str, Any]:
        """Return counts, distances and what could not be placed, as JSON."""
        chosen = agreements(end=on)
        lost = [end for a in chosen for end in a.ends if end.lon is None]
        km = sorted(a.distance_m / 1000 for a in chosen if a.distance_m is not None)
        return {
            "id": self.id, "kind": self.kind, "name": self.name,
            "on": None if on is None else on.isoformat(),
            "agreements": len(chosen), "placed": sum(a.placed for a in chosen),
            "not_found": [
                {"spelling": end.spelling, "country": end.country, "why": end.why} for end in lost
            ],
            "by_country": counts(chosen, "country"), "by_province": counts(chosen, "province"),
            "by_year": counts(chosen, "year"),
            "median_km": round(float(np.median(km))) if km else None,
            "nearest_km": round(km[0]) if km else None,
            "farthest_km": round(km[-1]) if km else None,
            "sources": list(self.sources), "rows": [a.row() for a in chosen],
        }  # fmt: skip

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return the agreements up to a day as geodesic arcs; those without two ends have none."""
        from borders.files.features import features_to_gdf

        day = None if on is None else parse_date(on)
        return features_to_gdf([_feature(a) for a in agreements(end=day)], name=self.name)


def _feature(agreement: Agreement) -> dict[str, Any]:
    home, away = agreement.ends
    return {
        "id": agreement.id,
        "kind": "agreement",
        "name": f"{agreement.province} {agreement.municipality} – {agreement.partner}",
        "length_m": agreement.distance_m,
        "sigma_m": agreement.sigma_m if agreement.placed else None,
        "valid_from": agreement.day,
        "source": agreement.source,
        "geometry_quality": "geodesic arc" if agreement.placed else None,
        "country": agreement.country,
        "partner_standard": away.name or None,
        "municipality_standard": home.name or None,
        "why": away.why,
        "others": ", ".join(away.others) or None,
        "geometry": _arc(home, away),
    }


def not_placed(chosen: Sequence[Agreement]) -> tuple[Agreement, ...]:
    """Return the agreements of which one end was not found."""
    return tuple(a for a in chosen if not a.placed)
