"""Places with their names in seven languages, found by any of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING

from borders import schema
from borders.errors import AmbiguousNameError, UnknownNameError
from borders.fixed import Fixed
from borders.store import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LANGUAGES", "Place", "fold", "nearest_names", "place", "places", "towns", "twins"]

LANGUAGES = ("en", "tr", "az", "hy", "ka", "ru", "fa")

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = str.maketrans("ıəøłđћ", "ieoldc", "'’ʼʿʾ`-–—_.\u200c")

# A name less alike than this is not what was meant.
_ALIKE = 0.8

# Two numbers, as they are copied out of a map.
_COORDINATES = re.compile(r"\s*(-?\d+(?:\.\d+)?)°?(?:\s*[,;]\s*|\s+)(-?\d+(?:\.\d+)?)°?\s*")
# Farther than this a place is no answer for a point.
_NEAR_M = 100_000


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
def places() -> Mapping[str, Place]:
    """Return the bundled places by id (`data/places.csv`, without the gazetteer of towns)."""
    found = {}
    for n, row in enumerate(read_rows("places.csv"), 2):
        typed = schema.check("place", row, f"data/places.csv:{n}")
        names = {code: typed.pop(f"name_{code}") for code in LANGUAGES}
        del typed["source_ref"]
        typed["names"] = Fixed({code: name for code, name in names.items() if name})
        typed["aliases"] = tuple((typed["aliases"] or "").split("|")) if typed["aliases"] else ()
        typed["note"] = typed["note"] or ""
        found[typed["id"]] = Place(**typed)
    return MappingProxyType(found)


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """Return folded name → place ids."""
    found: dict[str, list[str]] = {}
    for key, one in places().items():
        spelled = (key, one.name, *one.name.split("/"), *one.names.values(), *one.aliases)
        for name in {fold(name) for name in spelled} - {""}:
            found.setdefault(name, []).append(key)
    return {name: tuple(keys) for name, keys in found.items()}


@cache
def twins() -> dict[str, str]:
    """Return the id of a town (`geonames:N`) → id of the curated place that stands for it."""
    rows = [row for row in read_rows("places.csv") if row["source"] == "geonames"]
    numbers = {row["id"]: row["source_ref"].removeprefix("GeoNames ").split()[0] for row in rows}
    return {f"geonames:{number}": key for key, number in numbers.items()}


@cache
def towns() -> Mapping[str, Place]:
    """Return the towns of the gazetteer by id (`data/towns.csv`), also those with a twin."""
    return MappingProxyType({town.id: town for town in map(_town, read_rows("towns.csv"))})


@cache
def _towns() -> dict[str, tuple[dict[str, str], ...]]:
    """Return folded name → rows of the gazetteer."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in read_rows("towns.csv"):
        spelled = (row["name"], *row["names"].split("|"))
        for name in {fold(name) for name in spelled} - {""}:
            found.setdefault(name, []).append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def nearest_names(name: str, *, most: int = 3) -> list[str]:
    """Return the known spellings most like a name, one of each place, in any script.

    Examples
    --------
    >>> nearest_names("Stepanakrt"), nearest_names("Алидджан")
    (['Stepanakert'], ['Алиджан'])
    """
    from difflib import SequenceMatcher

    from borders.candidates import candidates
    from borders.placenames import LONGEST

    wanted = fold(name[:LONGEST])
    offered: dict[str, float] = {}
    for one in candidates(name[:LONGEST], most=4 * most):
        if one.similarity >= _ALIKE:
            # Of spellings that sound alike, the one that looks most like the name.
            spelled = [one.place.id] if one.place.id in places() else []
            spelled += [one.spelling, *one.place.names.values(), *one.place.aliases]
            looks = {s: SequenceMatcher(None, wanted, fold(s)).ratio() for s in spelled}
            nearest = max(spelled, key=lambda spelling: looks[spelling])
            offered.setdefault(nearest, one.similarity + looks[nearest])
    return sorted(offered, key=lambda spelling: -offered[spelling])[:most]


def place(name: str) -> Place:
    """Return the place of an id or of a name in any language, whatever its case and marks.

    The curated places come first; a name that they lack is looked up among the towns.

    Raises
    ------
    UnknownNameError : no such place; the message offers the nearest names.
    AmbiguousNameError : several places bear the name; the message lists them.

    Source
    ------
    `data/places.csv` and `data/towns.csv` (GeoNames).

    Examples
    --------
    >>> place("Stepanakert").id == place("Xankəndi").id == place("hankendi").id == "khankendi"
    True
    """
    if not isinstance(name, str):
        message = f"a place is asked for by its id or name, not by {name!r}; write it as text"
        raise UnknownNameError(message)
    if name in places():
        return places()[name]
    wanted = fold(name)
    keys = _index().get(wanted, ())
    if len(keys) == 1:
        return places()[keys[0]]
    if keys:
        raise AmbiguousNameError(_several(name, [(k, places()[k].kind) for k in keys]))
    rows = _towns().get(wanted, ())
    # The same spelling may be an alternative name elsewhere; a main name outranks those.
    rows = tuple(row for row in rows if fold(row["name"]) == wanted) or rows
    if len(rows) == 1:
        return _from_town(rows[0])
    if rows:
        raise AmbiguousNameError(
            _several(name, [(f"geonames:{r['id']}", f"{r['name']}, {r['country']}") for r in rows])
        )
    if name.startswith("geonames:"):
        for row in read_rows("towns.csv"):
            if row["id"] == name.removeprefix("geonames:"):
                return _from_town(row)
    if point := _COORDINATES.fullmatch(name):
        message = (
            f"no place '{name[:100]}': places are named; {_nearest(*map(float, point.groups()))}"
        )
        raise UnknownNameError(message)
    offered = nearest_names(name)
    hint = f"did you mean {', '.join(offered)}?" if offered else "see `araxes list places`"
    message = f"no place '{name[:100]}'; {hint}"
    raise UnknownNameError(message)


def _nearest(one: float, two: float) -> str:
    """Return what place is near a point, given as longitude and latitude or the other way round."""
    from borders.geodesy.lonlat import WGS84

    towns = list(places().values())
    ends = [town.lon for town in towns], [town.lat for town in towns]
    near = [(inf, "")]
    for lon, lat in ((one, two), (two, one)):
        if abs(lat) <= 90 and abs(lon) <= 180:
            far_m = WGS84.inv([lon] * len(towns), [lat] * len(towns), *ends)[2]
            near += [(m, town.id) for m, town in zip(far_m, towns, strict=True)]
    far, key = min(near)
    if far > _NEAR_M:
        return "see `araxes list places`"
    return f"the nearest place is {key}, {far / 1000:.0f} km away"


def _several(name: str, candidates: list[tuple[str, str]]) -> str:
    listed = ", ".join(f"{key} ({what})" for key, what in sorted(candidates)[:8])
    return f"'{name}' is the name of {len(candidates)} places: {listed}; give one of these ids"


def _from_town(row: dict[str, str]) -> Place:
    # The gazetteer may know a spelling that the curated place lacks; it is the same town.
    twin = twins().get(f"geonames:{row['id']}")
    return places()[twin] if twin else _town(row)


def _town(row: dict[str, str]) -> Place:
    # Thousands of rows that the build wrote: the tests check them, not every start.
    return Place(
        id=f"geonames:{row['id']}",
        name=row["name"],
        kind="town",
        country=row["country"],
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        # GeoNames points are town centres given to about a kilometre.
        sigma_m=1000.0,
        names=Fixed({"en": row["name"]}),
        aliases=tuple(row["names"].split("|")) if row["names"] else (),
        source=row["source"],
        state="quoted",
    )
