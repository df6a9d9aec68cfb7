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
    from collections.abc import Mapping

__all__ = ["LANGUAGES", "Place", "fold", "places", "town_place", "towns", "twins"]

LANGUAGES = ("en", "tr", "az", "hy", "ka", "ru", "fa")

# Letters that Unicode does not decompose into a base letter and a mark; and marks to be dropped.
_LETTERS = str.maketrans("ıəøłđћ", "ieoldc", "'’ʼʿʾ`-–—_.\u200c")


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
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(plain.translate(_LETTERS).split())


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


def town_place(row: dict[str, str]) -> Place:
    """Return a row of `data/towns.csv` as a place.

    The rows are not checked against the schema: there are thousands, and the tests check them.
    """
    return Place(
        id=f"geonames:{row['id']}",
        name=row["name"],
        kind="town",
        country=row["country"],
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        # GeoNames points are town centres given to about a kilometre.
        sigma_m=1000.0,
        names=FrozenDict({"en": row["name"]}),
        aliases=tuple(row["names"].split("|")) if row["names"] else (),
        source=row["source"],
        state="quoted",
    )
