"""Places that a page names and finds, with their names in seven languages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from borders.files.bundle import BUNDLED
from borders.gazetteer.places import LANGUAGES, places

if TYPE_CHECKING:
    from borders.gazetteer.places import Place

__all__ = ["anchors", "gazetteer"]

# Places named on every map, most important first: rank 1, 2, 3.
LABELLED = (
    ("kars", "yerevan", "tbilisi", "baku", "nakhchivan", "tabriz", "erzurum", "batumi", "ankara"),
    ("igdir", "gyumri", "ganja", "khankendi", "julfa", "horadiz", "ceyhan", "aktau", "turkmenbashi",
     "goris", "meghri", "dilucu", "ardahan", "artvin", "sharur", "ordubad", "akhalkalaki", "sivas"),
    ("lachin", "shusha", "aralik", "tuzluca", "digor", "aghband", "mincivan", "kapan", "alat",
     "sarp", "yeraskh", "sadarak", "zangilan", "kalbajar", "aghdam", "fuzuli", "jabrayil", "poti",
     "akhaltsikhe", "kartsakhi", "marneuli", "erzincan", "sisian", "dogukapi", "alican",
     "hakari_bridge", "kornidzor", "zabukh", "imishli", "yevlakh", "eskisehir", "ipsala"),
)  # fmt: skip


# As many towns as a reader may look for; all of them would outweigh the map.
_MOST = 700
_MARGIN = 1.0
# Degrees within which a town and a place of one name are the same.
_SAME = 0.2


def gazetteer(bounds: tuple[float, float, float, float]) -> list[dict[str, Any]]:
    """Return names, other names, position and rank of places; towns have no rank.

    The keys are n (name, or language → name), o (other names), x and y (degrees), k (rank, 0 for
    none).

    Parameters
    ----------
    bounds : west, south, east, north; of the towns within a degree of it, the largest are in.
    """
    ranks = {key: rank for rank, keys in enumerate(LABELLED, 1) for key in keys}
    order = {key: n for n, key in enumerate(key for keys in LABELLED for key in keys)}
    known = sorted(places().items(), key=lambda item: order.get(item[0], len(order)))
    found: list[dict[str, Any]] = [
        {
            "n": {"en": one.name, **{c: one.names[c] for c in LANGUAGES if one.names.get(c)}},
            "o": [one.name, *one.aliases], "x": round(one.lon, 5), "y": round(one.lat, 5),
            "k": ranks.get(key, 0),
        }
        for key, one in known
    ]  # fmt: skip
    return found + [
        {"n": row["name"], "o": row["names"].split("|"), "x": round(float(row["lon"]), 3),
         "y": round(float(row["lat"]), 3), "k": 0}
        for row in _towns(bounds)
    ]  # fmt: skip


def anchors() -> list[dict[str, Any]]:
    """Return where the names of countries and seas may stand, the best place of each first.

    The keys are w (id of a word), s (whether it is a sea) and p (longitudes and latitudes in
    degrees, in turn).
    """
    found: dict[str, list[float]] = {}
    for row in BUNDLED.rows("context/anchors.csv"):
        found.setdefault(row["word"], []).extend((float(row["lon"]), float(row["lat"])))
    return [{"w": key, "s": not key.startswith("country-"), "p": at} for key, at in found.items()]


def _towns(bounds: tuple[float, float, float, float]) -> list[dict[str, str]]:
    west, south, east, north = bounds
    near = [
        row
        for row in BUNDLED.rows("towns.csv")
        if west - _MARGIN < float(row["lon"]) < east + _MARGIN
        and south - _MARGIN < float(row["lat"]) < north + _MARGIN
    ]
    near = [row for row in near if not _known(row)]
    return sorted(near, key=lambda row: -int(row["population"] or 0))[:_MOST]


def _known(town: dict[str, str]) -> bool:
    """Tell whether a town is one of our places, whose entry says more."""
    x, y = float(town["lon"]), float(town["lat"])
    named, names = _named(), {town["name"], *town["names"].split("|")}
    same = (one for name in names for one in named.get(name.casefold(), ()))
    return any(abs(one.lon - x) < _SAME and abs(one.lat - y) < _SAME for one in same)


@cache
def _named() -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for one in places().values():
        for name in {one.name, *one.names.values(), *one.aliases}:
            found.setdefault(name.casefold(), []).append(one)
    return found
