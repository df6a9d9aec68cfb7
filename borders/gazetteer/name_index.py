"""The gazetteer indexed by sound: a name is compared with every spelling of every place at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from borders.gazetteer.name_parts import FAMILIES, Reading, families, names_in_entry, read_name
from borders.gazetteer.phonetics import NameTable
from borders.gazetteer.places import places, towns, twins

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from borders.gazetteer.places import Place
    from borders.geodesy.lonlat import FloatArray

__all__ = ["LEAST_SIMILARITY", "NameIndex", "gazetteer"]

# Factors on the similarity of names without their generic words (assumptions), where the two names
# say: the same kind or none, only one a kind, different kinds.
_KIND_FACTORS = (0.97, 0.94, 0.8)
# Factors for their qualifiers (assumptions): the same or none, only one has one, different ones.
_QUALIFIER_FACTORS = (1.0, 0.95, 0.85)
# Names less similar than this are taken as unrelated (an assumption).
LEAST_SIMILARITY = 0.6


class NameIndex:
    """Places with all their spellings, ready to be searched by sound.

    Parameters
    ----------
    spelled : places, each with its spellings in any script.

    Attributes
    ----------
    places : those that have a spelling.
    spellings : of all places, one place after the other.
    owners : for each spelling, the number of its place.
    lon, lat, heights_m : of each place, in degrees and metres; an unknown height is NaN.
    curated : for each place, whether it is one of `data/places.csv`.
    in_family : family of kinds (`FAMILIES`) → for each place, whether its kind belongs to it.
    """

    def __init__(self, spelled: Iterable[tuple[Place, Sequence[str]]]) -> None:
        self.places: list[Place] = []
        self.spellings: list[str] = []
        readings: list[Reading] = []
        owners: list[int] = []
        for place, names in spelled:
            self.places.append(place)
            for name in dict.fromkeys(names):
                reading = read_name(name)
                if reading.full:
                    self.spellings.append(name)
                    readings.append(reading)
                    owners.append(len(self.places) - 1)
        self.owners = np.array(owners, np.intp)
        self._index(readings)
        self._describe()

    def _describe(self) -> None:
        kinds = [families(place.kind) for place in self.places]
        heights = [np.nan if p.elevation_m is None else p.elevation_m for p in self.places]
        self.lon = np.array([place.lon for place in self.places], float)
        self.lat = np.array([place.lat for place in self.places], float)
        self.heights_m = np.array(heights, float)
        self.curated = np.array([":" not in place.id for place in self.places], bool)
        self.in_family = {key: np.array([key in kind for kind in kinds], bool) for key in FAMILIES}

    def _index(self, readings: list[Reading]) -> None:
        rows: dict[tuple[str, bool], int] = {}
        for reading in readings:
            for sound in (reading.full, reading.core):
                rows.setdefault((sound, reading.abjad), len(rows))
        self._table = NameTable([sound for sound, _ in rows], [abjad for _, abjad in rows])
        self._full = np.array([rows[reading.full, reading.abjad] for reading in readings], np.intp)
        self._core = np.array([rows[reading.core, reading.abjad] for reading in readings], np.intp)
        self._kinds = np.array([reading.kind or "" for reading in readings], str)
        self._qualifiers = np.array([reading.qualifier or "" for reading in readings], str)

    def similarities(self, name: str, *, without: NDArray[np.bool_] | None = None) -> FloatArray:
        """Return how similar a name is to each spelling, from 0 to 1.

        Parameters
        ----------
        without : for each spelling, whether to leave it out, as if it were unknown.
        """
        reading = read_name(name)
        if not self.spellings:
            return np.zeros(0)
        full = core = self._table.similarities(reading.full, abjad=reading.abjad)
        if reading.core != reading.full:
            core = self._table.similarities(reading.core, abjad=reading.abjad)
        by_core = core[self._core] * _agreement(self._kinds, reading.kind, _KIND_FACTORS)
        agreement = _agreement(self._qualifiers, reading.qualifier, _QUALIFIER_FACTORS)
        similarity = np.maximum(full[self._full], by_core) * agreement
        return similarity if without is None else np.where(without, 0.0, similarity)

    def best(self, similarity: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
        """Return for each place its best similarity, and the number of the spelling that has it."""
        best = np.zeros(len(self.places))
        spelling = np.zeros(len(self.places), np.intp)
        # numpy keeps the last of several assignments to one place: here the most similar spelling,
        # and of equally similar ones the first.
        order = np.lexsort((-np.arange(len(similarity)), similarity))
        best[self.owners[order]] = similarity[order]
        spelling[self.owners[order]] = order
        return best, spelling


def _agreement(
    all_words: NDArray[np.str_], word: str | None, factors: Sequence[float]
) -> FloatArray:
    """Return a factor for each spelling: the words are the same, one is missing, or they differ."""
    same, one_missing, different = factors
    has_word = all_words != ""
    if word is None:
        return np.where(has_word, one_missing, same)
    return np.where(all_words == word, same, np.where(has_word, different, one_missing))


@cache
def gazetteer() -> NameIndex:
    """Return the bundled places and towns with all their names and aliases."""
    spelled: dict[str, tuple[Place, list[str]]] = {}
    for place in places().values():
        entries = (place.name, *place.names.values())
        names = [name for entry in entries for name in names_in_entry(entry)]
        spelled[place.id] = (place, [*names, *place.aliases])
    curated = twins()
    for key, town in towns().items():
        # A town that is also a curated place adds its spellings to that place.
        _, names = spelled.setdefault(curated.get(key, key), (town, []))
        names += [town.name, *town.aliases]
    return NameIndex(spelled.values())
