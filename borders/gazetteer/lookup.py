"""A place by its id, by its name in any language, or by coordinates."""

from __future__ import annotations

import re
from functools import cache
from math import inf

from borders.errors import AmbiguousNameError, UnknownNameError
from borders.files.bundle import BUNDLED
from borders.gazetteer.places import Place, _town, fold, places, twins

__all__ = ["nearest_names", "place"]


# A name less alike than this is not what was meant.
_ALIKE = 0.8


# Two numbers, as they are copied out of a map.
_COORDINATES = re.compile(r"\s*(-?\d+(?:\.\d+)?)°?(?:\s*[,;]\s*|\s+)(-?\d+(?:\.\d+)?)°?\s*")


# Farther than this a place is no answer for a point.
_NEAR_M = 100_000


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
def _towns() -> dict[str, tuple[dict[str, str], ...]]:
    """Return folded name → rows of the gazetteer."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in BUNDLED.rows("towns.csv"):
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

    from borders.gazetteer.candidates import candidates
    from borders.gazetteer.name_parts import LONGEST

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
        for row in BUNDLED.rows("towns.csv"):
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
