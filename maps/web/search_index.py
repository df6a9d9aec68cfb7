"""Places that a page names and finds, with their names in seven languages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import shapely

from borders.files.bundle import BUNDLED, layer
from borders.gazetteer.places import LANGUAGES, places
from maps.layers.seam import turned_lon

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely import Geometry

    from borders.gazetteer.places import Place

__all__ = ["LABELLED", "anchors", "gazetteer"]

# Places named on every map, most important first, by rank: 1, 2, 3.
LABELLED = (
    ("kars", "yerevan", "tbilisi", "baku", "nakhchivan", "tabriz", "erzurum", "batumi", "ankara"),
    ("igdir", "gyumri", "ganja", "khankendi", "julfa", "horadiz", "ceyhan", "aktau", "turkmenbashi",
     "goris", "meghri", "dilucu", "ardahan", "artvin", "sharur", "ordubad", "akhalkalaki", "sivas"),
    ("lachin", "shusha", "aralik", "tuzluca", "digor", "aghband", "mincivan", "kapan", "alat",
     "sarp", "yeraskh", "sadarak", "zangilan", "kalbajar", "aghdam", "fuzuli", "jabrayil", "poti",
     "akhaltsikhe", "kartsakhi", "marneuli", "erzincan", "sisian", "dogukapi", "alican",
     "hakari_bridge", "kornidzor", "zabukh", "imishli", "yevlakh", "eskisehir", "ipsala"),
)  # fmt: skip

# The rank of other towns and villages, which only near views name.
_VILLAGE = 4
# Those of an extract of OpenStreetMap by their kind.
_RANKS = {"city": 1, "town": 2, "village": 3}
_SETTLED = ("town", "city", "village", "capital", "border town", "border village")
# How many towns a page holds; all of them would outweigh the map.
_MOST_TOWNS = 700
# Towns this many degrees beyond the frame can be found too.
_MARGIN_DEG = 1.0
# A town and a place of the same name are the same within this many degrees, an assumption.
_SAME_DEG = 0.2


def gazetteer(
    bounds: tuple[float, float, float, float],
    served: frozenset[str] = frozenset(),
    extra: Sequence[Place] = (),
    meridian: float | None = None,
    *,
    bundled: bool = True,
) -> list[dict[str, Any]]:
    """Return names, other names, position and rank of places.

    The keys are n (name, or language → name), o (other names), x and y (degrees), k (rank from 1
    to 4, 0 for what no map names) and, of places of a network, i (id).

    Parameters
    ----------
    bounds : west, south, east, north; of the towns within a degree of it, the largest are in.
    served : ids of the places of the page's network, if it has one.
    extra : places that its layers bring along, the most important first.
    meridian : longitudes are near it, beyond 180° if need be; within ±180° if missing.
    bundled : whether bundled places and towns are in besides those served and those of a study.
    """
    ranks = {key: rank for rank, keys in enumerate(LABELLED, 1) for key in keys}
    # Those of a study are what its page is about.
    own = {row["id"]: 1 for row in BUNDLED.own_rows("places.csv")}
    ranks |= own
    order = {key: n for n, key in enumerate(key for keys in LABELLED for key in keys)}
    ordered = sorted(places().items(), key=lambda item: order.get(item[0], len(order)))
    entries: list[dict[str, Any]] = [
        {
            "n": _names(place), "o": _others(place.aliases, _names(place).values()),
            "x": round(place.lon, 5), "y": round(place.lat, 5),
            "k": ranks.get(key, _VILLAGE if place.kind.startswith(_SETTLED) else 0),
            **({"i": key} if key in served else {}),
        }
        for key, place in ordered
        if bundled or key in served or key in own
    ]  # fmt: skip
    entries += [
        {"n": row["name"], "o": _others(row["names"].split("|"), [row["name"]]),
         "x": round(float(row["lon"]), 3), "y": round(float(row["lat"]), 3), "k": _VILLAGE}
        for row in (_towns(bounds) if bundled else ())
    ]  # fmt: skip
    entries += [
        {"n": _names(place), "o": _others(place.aliases, _names(place).values()),
         "x": round(place.lon, 5), "y": round(place.lat, 5), "k": _RANKS.get(place.kind, _VILLAGE)}
        for place in extra
        if not _is_named(place, entries)
    ]  # fmt: skip
    if meridian is not None:
        entries = [entry | {"x": round(turned_lon(entry["x"], meridian), 5)} for entry in entries]
    return entries


def _is_named(place: Place, entries: Iterable[dict[str, Any]]) -> bool:
    """Tell whether a place is one of those named already."""
    names = {place.name, *place.names.values(), *place.aliases}
    return any(
        abs(place.lon - entry["x"]) < _SAME_DEG and abs(place.lat - entry["y"]) < _SAME_DEG
        and not names.isdisjoint(
            entry["n"].values() if isinstance(entry["n"], dict) else [entry["n"]]
        )
        for entry in entries
    )  # fmt: skip


def _names(place: Place) -> dict[str, str]:
    """Return language → name, without those that are as the English one."""
    own = {c: name for c in LANGUAGES if (name := place.names.get(c)) and name != place.name}
    return {"en": place.name, **own}


def _others(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the names that are not known already, each once."""
    return [name for name in dict.fromkeys(names) if name not in {*known}]


def anchors(meridian: float | None = None) -> list[dict[str, Any]]:
    """Return where the names of countries and seas may stand, the best place of each first.

    The keys are w (id of a word), s (whether it is a sea) and p (longitudes and latitudes in
    degrees, in turn). Of a study without the base they are those of its own countries.

    Parameters
    ----------
    meridian : as for `gazetteer`.
    """
    positions: dict[str, list[float]] = {}
    for row in BUNDLED.rows("context/anchors.csv"):
        positions.setdefault(row["word"], []).extend((float(row["lon"]), float(row["lat"])))
    if not layer("land"):
        positions = {
            f"country-{country.properties['country']}": _middles(country.geometry)
            for country in layer("provinces")
        }
    if meridian is not None:
        positions = {
            key: [value if n % 2 else round(turned_lon(value, meridian), 3)
                  for n, value in enumerate(lonlat)]
            for key, lonlat in positions.items()
        }  # fmt: skip
    return [
        {"w": key, "s": not key.startswith("country-"), "p": lonlat}
        for key, lonlat in positions.items()
    ]


def _middles(country: Geometry) -> list[float]:
    """Return a longitude and a latitude within each part of a country, the largest part first."""
    parts = sorted(shapely.get_parts(country), key=lambda part: -part.area)
    middles = (part.representative_point() for part in parts)
    return [round(value, 3) for point in middles for value in (point.x, point.y)]


def _towns(bounds: tuple[float, float, float, float]) -> list[dict[str, str]]:
    """Return the rows of towns in or near the bounds that are no places of ours, largest first."""
    west, south, east, north = bounds
    near = [
        row
        for row in _towns_by_size()
        if west - _MARGIN_DEG < float(row["lon"]) < east + _MARGIN_DEG
        and south - _MARGIN_DEG < float(row["lat"]) < north + _MARGIN_DEG
    ]
    return near[:_MOST_TOWNS]


@cache
def _towns_by_size() -> tuple[dict[str, str], ...]:
    """Return the rows of all towns that are no places of ours, largest first."""
    towns = (row for row in BUNDLED.rows("towns.csv") if not _is_place(row))
    return tuple(sorted(towns, key=lambda row: -int(row["population"] or 0)))


def _is_place(town: dict[str, str]) -> bool:
    """Tell whether a town is one of our places, whose entry holds more names."""
    x, y = float(town["lon"]), float(town["lat"])
    by_name, names = _places_by_name(), {town["name"], *town["names"].split("|")}
    namesakes = (place for name in names for place in by_name.get(name.casefold(), ()))
    return any(
        abs(place.lon - x) < _SAME_DEG and abs(place.lat - y) < _SAME_DEG for place in namesakes
    )


@cache
def _places_by_name() -> dict[str, list[Place]]:
    by_name: dict[str, list[Place]] = {}
    for place in places().values():
        for name in {place.name, *place.names.values(), *place.aliases}:
            by_name.setdefault(name.casefold(), []).append(place)
    return by_name
