"""Which places of the gazetteer a name of a text may mean, the likeliest first.

Candidates are ranked by the logarithm of their odds. `WEIGHTS` states how much each piece of
evidence counts, and why. A score is the log odds in units of name similarity: 1 is a name of the
same sounds at a place that no other evidence contradicts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.errors import AraxesError
from borders.gazetteer.name_index import LEAST_SIMILARITY, gazetteer
from borders.gazetteer.name_parts import LONGEST, families, names_in_text, read_name
from borders.geodesy.lonlat import WGS84

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from borders.gazetteer.name_index import NameIndex
    from borders.gazetteer.places import Place
    from borders.geodesy.lonlat import FloatArray

    Point: TypeAlias = tuple[float, float]

__all__ = ["WEIGHTS", "Candidate", "Weight", "candidates", "distances_km", "shortlist"]


class Weight(NamedTuple):
    """How much a piece of evidence counts, in which unit, and why."""

    value: float
    unit: str
    why: str


WEIGHTS = {
    "similarity": Weight(
        0.045,
        "of name similarity divides the odds by e",
        "fitted on the names of the bundled places in each language against all others in the"
        " gazetteer, the name itself left out (tests/borders/gazetteer/test_candidates.py)",
    ),
    "detour_km": Weight(
        20.0,
        "km of detour divide the odds by e, or the line's median leg if that is longer",
        "assumption: calls of the bundled treaties lie 0.8 km off the way between their"
        " neighbours in the median, 8 km at nine in ten, and sources err by some kilometres",
    ),
    "elevation_m": Weight(
        60.0,
        "m of standard error between a height in a text and one in a gazetteer",
        "summits of the maps of the time are right to about 30 m where they can be checked;"
        " a gazetteer's point may lie off the top",
    ),
    "elevation_most": Weight(
        6.0,
        "e-folds at most for a wrong height",
        "assumption: a height may be misprinted, or belong to another summit",
    ),
    "none": Weight(
        0.75,
        "of name similarity on the line, below which no candidate is taken",
        "of the places of Annex I that no gazetteer has none finds a better false one near the"
        " line, while nearly all that it has do better "
        "(tests/borders/treaty/test_place_matching.py)",
    ),
    "kind": Weight(
        5.0,
        "e-folds for another kind than the one stated",
        "assumption: a mountain or river is not the village that bears its name",
    ),
    "generic": Weight(
        1.5,
        "e-folds for another kind than the name's generic word says",
        "assumption: many villages are called -dağ or -su",
    ),
    "curated": Weight(
        0.2,
        "e-folds in favour of a place of places.csv",
        "assumption: these are the places that borders and corridors speak of",
    ),
}
# Of a long text so many names are compared, and so many candidates are kept for the line by each
# of the two rankings (assumptions).
_MOST_NAMES = 6
_SHORTLIST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a name may mean.

    Parameters
    ----------
    spelling : the gazetteer's spelling that is most like the name.
    similarity : of the name and that spelling, from 0 to 1.
    odds : logarithm of the odds, without the detour.
    detour_km : how much longer the way between the two neighbours is through the place; at an end
        of the line, the distance from the only neighbour; None without neighbours.
    detour_scale_km : detour that divides the odds by e.
    """

    place: Place
    spelling: str
    similarity: float
    odds: float
    detour_km: float | None = None
    detour_scale_km: float = WEIGHTS["detour_km"].value

    @property
    def score(self) -> float:
        """Return the odds and the detour in units of name similarity, from 0 to 1."""
        detour = (self.detour_km or 0.0) / self.detour_scale_km
        return min(1.0, max(0.0, (self.odds - detour) * WEIGHTS["similarity"].value))


def candidates(
    name: str,
    *,
    kind: str | None = None,
    elevation_m: float | None = None,
    near: Sequence[Point] = (),
    most: int = 5,
    among: NameIndex | None = None,
) -> tuple[Candidate, ...]:
    """Return the places that a name may mean, the likeliest first.

    Parameters
    ----------
    name : in any script and transliteration; words such as "north of" are passed over.
    kind : what the text calls it, such as ``village``, ``mountain`` or ``river``.
    elevation_m : height that the text gives it, in metres.
    near : lon/lat of the places before and after it along the line, one or both.
    most : return at most so many.
    among : another gazetteer than the bundled one.

    Raises
    ------
    AraxesError : the name is far longer than any name of a place.

    Source
    ------
    `data/places.csv` and `data/towns.csv` (GeoNames); weights in `WEIGHTS`.

    Examples
    --------
    >>> sorted(candidate.place.id for candidate in candidates("Джульфа", kind="town", most=2))
    ['jolfa_ir', 'julfa']
    """
    index = among or gazetteer()
    scored = _scores(name, index, kind, elevation_m)
    detours = _detours_km(index, near)
    odds = scored.odds - detours / WEIGHTS["detour_km"].value
    return tuple(
        scored.candidate(n, detour_km=float(detours[n]) if near else None)
        for n in scored.ranked(odds)[:most]
    )


def shortlist(
    name: str,
    *,
    kind: str | None,
    elevation_m: float | None,
    near: Sequence[Point],
    among: NameIndex | None,
) -> tuple[Candidate, ...]:
    """Return the likeliest candidates by name and neighbours, then by name alone, without detours.

    The parameters and errors are those of `candidates`.
    """
    index = among or gazetteer()
    scored = _scores(name, index, kind, elevation_m)
    near_odds = scored.odds - _detours_km(index, near) / WEIGHTS["detour_km"].value
    ranked = [*scored.ranked(near_odds)[:_SHORTLIST], *scored.ranked(scored.odds)[:_SHORTLIST]]
    return tuple(scored.candidate(n) for n in dict.fromkeys(ranked))


class _Scores(NamedTuple):
    """All places of a gazetteer, scored for a name.

    Parameters
    ----------
    similarity : of each place's most similar spelling, shape (places,).
    spelling : number of that spelling, shape (places,).
    odds : logarithm of each place's odds without the detour, shape (places,).
    """

    entries: NameIndex
    similarity: FloatArray
    spelling: NDArray[np.intp]
    odds: FloatArray

    def ranked(self, odds: FloatArray) -> list[int]:
        """Return the numbers of the places whose names are alike, by falling odds."""
        order = np.argsort(-odds, kind="stable").tolist()
        return [n for n in order if self.similarity[n] >= LEAST_SIMILARITY]

    def candidate(self, n: int, *, detour_km: float | None = None) -> Candidate:
        """Return a place as a candidate."""
        return Candidate(
            place=self.entries.places[n],
            spelling=self.entries.spellings[self.spelling[n]],
            similarity=float(self.similarity[n]),
            odds=float(self.odds[n]),
            detour_km=detour_km,
        )


def _scores(name: str, index: NameIndex, kind: str | None, elevation_m: float | None) -> _Scores:
    if len(name) > LONGEST:
        message = (
            f"a name of {len(name):,} letters ('{name[:20]}…'); give the name alone, in at most "
            f"{LONGEST}"
        )
        raise AraxesError(message)
    parts = names_in_text(name)[:_MOST_NAMES]
    by_part = [index.similarities(part) for part in parts] or [np.zeros(len(index.owners))]
    best, spelling = index.best(np.max(by_part, 0))
    kinds = {read_name(part).kind for part in parts}
    implied = kinds.pop() if len(kinds) == 1 else None
    odds = best / WEIGHTS["similarity"].value + _odds(index, kind, implied, elevation_m)
    return _Scores(index, best, spelling, odds)


def _odds(
    index: NameIndex, kind: str | None, implied: str | None, elevation_m: float | None
) -> FloatArray:
    """Return what kind and height add to the log odds of each place, shape (places,).

    `kind` is what the text calls it, `implied` what the generic word in its name says.
    """
    odds = np.where(index.curated, WEIGHTS["curated"].value, 0.0)
    stated = families(kind or "")
    expected = stated or families(implied or "")
    if expected:
        other_kind = ~np.any([index.in_family[family] for family in expected], axis=0)
        has_kind = np.any(list(index.in_family.values()), axis=0)
        odds -= WEIGHTS["kind" if stated else "generic"].value * (has_kind & other_kind)
    if elevation_m is not None:
        misfit = ((index.heights_m - elevation_m) / WEIGHTS["elevation_m"].value) ** 2 / 2
        odds -= np.nan_to_num(np.minimum(misfit, WEIGHTS["elevation_most"].value))
    return odds


def _detours_km(index: NameIndex, near: Sequence[Point]) -> FloatArray:
    """Return by how much the way between the neighbours is longer through each place."""
    if not near:
        return np.zeros(len(index.places))
    through_km = np.sum([distances_km(index.lon, index.lat, point) for point in near[:2]], axis=0)
    if len(near) == 1:
        return np.asarray(through_km)
    (lon, lat), other = near[:2]
    return np.asarray(through_km - distances_km(np.array([lon]), np.array([lat]), other))


def distances_km(lon: FloatArray, lat: FloatArray, point: Point) -> FloatArray:
    """Return the geodesic distances of points from one point, in kilometres."""
    targets = np.broadcast_to(np.array(point)[:, None], (2, len(lon)))
    return np.asarray(WGS84.inv(lon, lat, targets[0], targets[1])[2]) / 1000
