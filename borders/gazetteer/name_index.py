"""The gazetteer by sound: every spelling of every place, compared with a name at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from borders.gazetteer.name_parts import FAMILIES, Reading, families, parts, read
from borders.gazetteer.phonetics import NameTable
from borders.gazetteer.places import places, towns, twins

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from borders.gazetteer.places import Place
    from borders.geodesy.lonlat import FloatArray

__all__ = ["LEAST", "Gazetteer", "gazetteer"]

# Factors on the similarity of names that agree without their generic words or qualifiers
# (assumptions): the same kind in another word, only one says a kind, they say different kinds.
_CORE = (0.97, 0.94, 0.8)
# The same qualifier or none, only one has a qualifier, they contradict each other.
_QUALIFIED = (1.0, 0.95, 0.85)
# Less alike than this, names have nothing to do with each other.
LEAST = 0.6


class Gazetteer:
    """Places with all their spellings, ready to be searched by sound.

    Parameters
    ----------
    spelled : places, each with its spellings in any script.

    Attributes
    ----------
    places : those that have a spelling.
    spellings : of all places, one place after the other.
    owners : for each spelling, the number of its place.
    lon, lat, heights_m : of each place; a height that is not known is not a number.
    curated : for each place, whether it is one of `data/places.csv`.
    of : family of things → for each place, whether it belongs to it.
    """

    def __init__(self, spelled: Iterable[tuple[Place, Sequence[str]]]) -> None:
        self.places: list[Place] = []
        self.spellings: list[str] = []
        readings: list[Reading] = []
        owners: list[int] = []
        for one, names in spelled:
            self.places.append(one)
            for name in dict.fromkeys(names):
                reading = read(name)
                if reading.full:
                    self.spellings.append(name)
                    readings.append(reading)
                    owners.append(len(self.places) - 1)
        self.owners = np.array(owners, np.intp)
        self._index(readings)
        self._describe()

    def _describe(self) -> None:
        kinds = [families(one.kind) for one in self.places]
        heights = [np.nan if p.elevation_m is None else p.elevation_m for p in self.places]
        self.lon = np.array([one.lon for one in self.places], float)
        self.lat = np.array([one.lat for one in self.places], float)
        self.heights_m = np.array(heights, float)
        self.curated = np.array(["geonames:" not in one.id for one in self.places], bool)
        self.of = {name: np.array([name in kind for kind in kinds], bool) for name in FAMILIES}

    def _index(self, readings: list[Reading]) -> None:
        rows: dict[tuple[str, bool], int] = {}
        for one in readings:
            for sound in (one.full, one.core):
                rows.setdefault((sound, one.abjad), len(rows))
        self._table = NameTable([sound for sound, _ in rows], [abjad for _, abjad in rows])
        self._full = np.array([rows[one.full, one.abjad] for one in readings], np.intp)
        self._core = np.array([rows[one.core, one.abjad] for one in readings], np.intp)
        self._kinds = np.array([one.kind or "" for one in readings], str)
        self._qualifiers = np.array([one.qualifier or "" for one in readings], str)

    def similarities(self, name: str, *, without: NDArray[np.bool_] | None = None) -> FloatArray:
        """Return how alike a name is to each spelling, from 0 to 1.

        Parameters
        ----------
        without : for each spelling, whether to leave it out, as if it were unknown.
        """
        one = read(name)
        if not self.spellings:
            return np.zeros(0)
        full = core = self._table.similarities(one.full, abjad=one.abjad)
        if one.core != one.full:
            core = self._table.similarities(one.core, abjad=one.abjad)
        shared = core[self._core] * _agreement(self._kinds, one.kind, _CORE)
        alike = np.maximum(full[self._full], shared)
        alike = alike * _agreement(self._qualifiers, one.qualifier, _QUALIFIED)
        return alike if without is None else np.where(without, 0.0, alike)

    def best(self, alike: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
        """Return for each place its best similarity, and the number of the spelling that has it."""
        best = np.zeros(len(self.places))
        spelling = np.zeros(len(self.places), np.intp)
        # Of several assignments to one place the last holds: the most similar spelling, and of
        # equal ones the first.
        order = np.lexsort((-np.arange(len(alike)), alike))
        best[self.owners[order]] = alike[order]
        spelling[self.owners[order]] = order
        return best, spelling


def _agreement(
    all_words: NDArray[np.str_], word: str | None, factors: Sequence[float]
) -> FloatArray:
    """Return a factor for each: the same word or none, only one has one, they contradict."""
    same, one_only, different = factors
    said = all_words != ""
    if word is None:
        return np.where(said, one_only, same)
    return np.where(all_words == word, same, np.where(said, different, one_only))


@cache
def gazetteer() -> Gazetteer:
    """Return the bundled places and towns with all their names and aliases."""
    spelled: dict[str, tuple[Place, list[str]]] = {}
    for one in places().values():
        names = [part for name in (one.name, *one.names.values()) for part in parts(name)]
        spelled[one.id] = (one, [*names, *one.aliases])
    curated = twins()
    for key, town in towns().items():
        # A curated place stands for its entry among the towns, and takes over its spellings.
        _, names = spelled.setdefault(curated.get(key, key), (town, []))
        names += [town.name, *town.aliases]
    return Gazetteer(spelled.values())
