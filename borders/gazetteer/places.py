"""Places and towns, with their names in seven languages."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot
from borders.frozendict import FrozenDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import geopandas

__all__ = [
    "LANGUAGES",
    "Gazetteer",
    "Place",
    "fold",
    "fold_each",
    "people",
    "places",
    "places_gdf",
    "town_id",
    "town_place",
    "towns",
    "twins",
    "two_places",
]

LANGUAGES = ("en", "tr", "az", "hy", "ka", "ru", "fa")

# Letters that Unicode does not decompose into a base letter and a mark, and Arabic letters that
# Persian writes in its own way; and marks to be dropped.
_LETTERS = str.maketrans("ıəøłđћكيى", "ieoldcکیی", "'’‘ʼʻʿʾ`-−_.\ufe0e\ufe0f")
# What is dropped besides accents, by the categories of Unicode: dashes, and what cannot be seen,
# such as the marks of direction that come along when a name is copied. Vowels of Indian and Thai
# names are marks too, and stay.
_DROPPED = frozenset({"Pd", "Cf"})
# Stands in no name, and stays as it is.
_BETWEEN = "\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named point.

    Parameters
    ----------
    lon, lat : WGS84 degrees.
    sigma_m : standard error of the position: root mean square distance from the true one.
    on_todays_border : the point was placed on today's border, so it cannot test that border.
    names : language code → name.
    """

    id: str
    name: str
    kind: str
    country: str
    lon: float
    lat: float
    sigma_m: float
    names: dict[str, str] = field(hash=False)
    aliases: tuple[str, ...]
    source: str
    state: str
    note: str = ""
    elevation_m: float | None = None
    on_todays_border: bool = False

    def _repr_html_(self) -> str:
        """Show a sketch and a table in a notebook."""
        from shapely import Point

        from borders.files.notebook import card
        from borders.geodesy.lonlat import lat_text, lon_text

        names = [f"{code}: {name}" for code, name in self.names.items()]
        where = f"{lat_text(self.lat)}, {lon_text(self.lon)}"
        rows = [
            ("id", self.id),
            ("what", ", ".join(filter(None, (self.kind, self.country)))),
            ("position", f"{where}, ±{self.sigma_m:,.0f} m (one σ)"),
            ("names", "; ".join(names)),
            ("also called", "; ".join(self.aliases)),
            ("state", self.state),
            ("note", self.note),
        ]
        return card(self.name, rows, Point(self.lon, self.lat), cited=(self.source,))


def fold(name: str) -> str:
    """Return a name without case, marks, hyphens and spaces, for comparing.

    Examples
    --------
    >>> fold("Iğdır") == fold("IGDIR") == "igdir"
    True
    """
    plain = name.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        # A text has few different letters, however long it is.
        for letter in set(plain):
            if unicodedata.combining(letter) or unicodedata.category(letter) in _DROPPED:
                plain = plain.replace(letter, "")
            elif ord(letter) in _LETTERS:
                plain = plain.replace(letter, letter.translate(_LETTERS))
    else:
        plain = plain.translate(_LETTERS)
    return "".join(plain.split())


def fold_each(names: Sequence[str]) -> list[str]:
    """Return each name as `fold` does; thousands are folded as one text, in half the time.

    Examples
    --------
    >>> fold_each(["Iğdır", "Kars"])
    ['igdir', 'kars']
    """
    folded = fold(_BETWEEN.join(names)).split(_BETWEEN)
    return folded if len(folded) == len(names) else [fold(name) for name in names]


@cache
def places(root: DataRoot = BUNDLED) -> Mapping[str, Place]:
    """Return the bundled places by id (`data/places.csv`, without the gazetteer of towns)."""
    by_id = {}
    for n, row in enumerate(root.rows("places.csv"), 2):
        typed = schema.check("place", row, f"data/places.csv:{n}")
        names = {code: typed.pop(f"name_{code}") for code in LANGUAGES}
        del typed["source_ref"]
        typed["names"] = FrozenDict({code: name for code, name in names.items() if name})
        typed["aliases"] = tuple((typed["aliases"] or "").split("|")) if typed["aliases"] else ()
        typed["note"] = typed["note"] or ""
        by_id[typed["id"]] = Place(**typed)
    return MappingProxyType(by_id)


def two_places() -> tuple[str, str]:
    """Return the names of two places, for the example of a message: a study's own if it is alone.

    Examples
    --------
    >>> two_places()
    ('Kars', 'Baku')
    """
    if BUNDLED.shows:
        return "Kars", "Baku"
    own = [place.name for place in places().values()]
    return (own[0], own[1]) if len(own) > 1 else ("From", "To")


class Gazetteer:
    """The bundled places, as something that can be drawn or exported."""

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return one point a place in EPSG:4326, with its names in all languages.

        Parameters
        ----------
        on : taken, as by all that can be exported; places have no dates.

        Examples
        --------
        >>> table = Gazetteer().to_gdf().set_index("id")
        >>> table.loc["kars", ["what", "country", "name_ru"]].tolist()
        ['city/rail hub', 'TR', 'Карс']
        """
        del on
        return places_gdf(places().values())


def places_gdf(some: Iterable[Place]) -> geopandas.GeoDataFrame:
    """Return one point a place in EPSG:4326, with its names in all languages."""
    import shapely

    from borders.files.features import features_to_gdf

    return features_to_gdf([
        {
            "id": place.id, "kind": "place", "name": place.name, "source": place.source,
            "geometry_quality": place.state, "what": place.kind, "country": place.country,
            "position_sigma_m": place.sigma_m,
            **{f"name_{code}": place.names.get(code) for code in LANGUAGES},
            "geometry": shapely.Point(place.lon, place.lat),
        }
        for place in some
    ])  # fmt: skip


@cache
def twins(root: DataRoot = BUNDLED) -> dict[str, str]:
    """Return id of a town (`geonames:N`) → id of the curated place that is the same town."""
    rows = [row for row in root.rows("places.csv") if row["source"] == "geonames"]
    numbers = {row["id"]: row["source_ref"].removeprefix("GeoNames ").split()[0] for row in rows}
    return {f"geonames:{number}": key for key, number in numbers.items()}


@cache
def towns(root: DataRoot = BUNDLED) -> Mapping[str, Place]:
    """Return the towns of `data/towns.csv` by id, those that are curated places too included."""
    return MappingProxyType({town.id: town for town in map(town_place, root.rows("towns.csv"))})


@cache
def people(root: DataRoot = BUNDLED) -> Mapping[str, int]:
    """Return id of a town (`geonames:N`) → how many people live there; 0 where it is not known."""
    rows = root.rows("towns.csv")
    return MappingProxyType({town_id(row): int(row["population"] or 0) for row in rows})


def town_id(row: Mapping[str, str]) -> str:
    """Return the id of a row of towns: its own where it says of which gazetteer it is.

    Examples
    --------
    >>> town_id({"id": "616052"}), town_id({"id": "osm:27564946"})
    ('geonames:616052', 'osm:27564946')
    """
    return row["id"] if ":" in row["id"] else f"geonames:{row['id']}"


def town_place(row: dict[str, str]) -> Place:
    """Return a row of `data/towns.csv` as a place.

    The rows are not checked against the schema: there are thousands, and the tests check them.
    """
    return Place(
        id=town_id(row),
        name=row["name"],
        kind="town",
        country=row["country"],
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        # Points of GeoNames and of OpenStreetMap are town centres given to about a kilometre.
        sigma_m=1000.0,
        names=FrozenDict({"en": row["name"]}),
        aliases=tuple(row["names"].split("|")) if row["names"] else (),
        source=row["source"],
        state="quoted",
    )
