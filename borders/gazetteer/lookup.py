"""A place by its id, by its name in any language, or by coordinates."""

from __future__ import annotations

import re
from functools import cache
from math import inf
from typing import TYPE_CHECKING, TypeVar

from borders.errors import AmbiguousNameError, UnknownNameError
from borders.files.bundle import BUNDLED
from borders.gazetteer.places import (
    Place,
    fold,
    fold_each,
    places,
    town_id,
    town_place,
    twins,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["nearest_names", "place"]

T = TypeVar("T")

# Names less similar than this are not offered (an assumption).
_OFFERED_SIMILARITY = 0.8
_MOST_OFFERED = 3
# Two numbers, as they are copied out of a map.
_COORDINATES = re.compile(r"\s*(-?\d+(?:\.\d+)?)°?(?:\s*[,;]\s*|\s+)(-?\d+(?:\.\d+)?)°?\s*")
# Places farther than this from a point are not offered for it (an assumption).
_NEAR_M = 100_000


def nearest_names(name: str) -> list[str]:
    """Return the three known spellings most like a name at most, one of each place.

    Examples
    --------
    >>> nearest_names("Stepanakrt"), nearest_names("Алидджан")
    (['Stepanakert'], ['Алиджан'])
    """
    from difflib import SequenceMatcher

    from borders.gazetteer.candidates import candidates
    from borders.gazetteer.name_parts import LONGEST

    folded = fold(name[:LONGEST])
    offered: dict[str, float] = {}
    for candidate in candidates(name[:LONGEST], most=4 * _MOST_OFFERED):
        if candidate.similarity >= _OFFERED_SIMILARITY:
            # Of spellings that sound alike, the one that looks most like the name.
            match = candidate.place
            spelled = [match.id] if match.id in places() else []
            spelled += [candidate.spelling, *match.names.values(), *match.aliases]
            resemblance = {s: SequenceMatcher(None, folded, fold(s)).ratio() for s in spelled}
            nearest = max(spelled, key=lambda spelling: resemblance[spelling])
            offered.setdefault(nearest, candidate.similarity + resemblance[nearest])
    return sorted(offered, key=lambda spelling: -offered[spelling])[:_MOST_OFFERED]


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
    folded = fold(name)
    keys = _index().get(folded, ())
    if len(keys) == 1:
        return places()[keys[0]]
    if keys:
        raise AmbiguousNameError(_several(name, [(k, places()[k].kind) for k in keys]))
    rows = _towns().get(folded, ())
    # A town whose main name it is goes before those that only have it among their other names.
    rows = tuple(row for row in rows if fold(row["name"]) == folded) or rows
    if len(rows) == 1:
        return _place_of_town(rows[0])
    if rows:
        raise AmbiguousNameError(
            _several(name, [(town_id(r), f"{r['name']}, {r['country']}") for r in rows])
        )
    if ":" in name:
        for row in BUNDLED.rows("towns.csv"):
            if town_id(row) == name:
                return _place_of_town(row)
    if point := _COORDINATES.fullmatch(name):
        message = (
            f"no place '{name[:100]}': places are named; {_nearest(*map(float, point.groups()))}"
        )
        raise UnknownNameError(message)
    offered = nearest_names(name)
    hint = f"did you mean {', '.join(offered)}?" if offered else "see `araxes list places`"
    message = f"no place '{name[:100]}'; {hint}"
    raise UnknownNameError(message)


@cache
def _towns() -> dict[str, tuple[dict[str, str], ...]]:
    """Return folded name → rows of `data/towns.csv` that have it."""
    rows = BUNDLED.rows("towns.csv")
    spelled = [(n, s) for n, r in enumerate(rows) for s in (r["name"], *r["names"].split("|"))]
    return {name: tuple(rows[n] for n in numbers) for name, numbers in _by_fold(spelled).items()}


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """Return folded name → ids of the curated places that have it."""
    return _by_fold([
        (key, spelling)
        for key, entry in places().items()
        for spelling in (
            key, entry.name, *entry.name.split("/"), *entry.names.values(), *entry.aliases
        )
    ])  # fmt: skip


def _by_fold(spelled: Sequence[tuple[T, str]]) -> dict[str, tuple[T, ...]]:
    """Return folded spelling → what is spelled so, once each and in the order given."""
    found: dict[str, dict[T, None]] = {}
    folded = fold_each([spelling for _, spelling in spelled])
    for (key, _), name in zip(spelled, folded, strict=True):
        if name:
            found.setdefault(name, {})[key] = None
    return {name: tuple(keys) for name, keys in found.items()}


def _nearest(first: float, second: float) -> str:
    """Return a hint at the place nearest to two numbers, taken as lon/lat and as lat/lon."""
    import numpy as np

    from borders.geodesy.lonlat import distances_m

    known = list(places().values())
    positions = np.array([(entry.lon, entry.lat) for entry in known])
    nearby = [(inf, "")]
    for lon, lat in ((first, second), (second, first)):
        if abs(lat) <= 90 and abs(lon) <= 180:
            away_m = distances_m(lon, lat, positions)
            nearby += [(m, entry.id) for m, entry in zip(away_m, known, strict=True)]
    distance_m, key = min(nearby)
    if distance_m > _NEAR_M:
        return "see `araxes list places`"
    return f"the nearest place is {key}, {distance_m / 1000:.0f} km away"


def _several(name: str, candidates: list[tuple[str, str]]) -> str:
    listed = ", ".join(f"{key} ({what})" for key, what in sorted(candidates)[:8])
    return f"'{name}' is the name of {len(candidates)} places: {listed}; give one of these ids"


def _place_of_town(row: dict[str, str]) -> Place:
    # A town that is also a curated place may be found by a spelling that only the town's row has.
    twin = twins().get(town_id(row))
    return places()[twin] if twin else town_place(row)
