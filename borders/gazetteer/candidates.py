"""Which places of the gazetteer a name of a text may mean, the likeliest first.

Candidates are scored by the logarithm of their odds. What each piece of evidence weighs is stated
in `WEIGHTS`, as is the reason; a score is given in units of name similarity, where 1 is a name of
the same sounds at a place that nothing speaks against.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.errors import AraxesError
from borders.gazetteer.name_index import LEAST, gazetteer
from borders.gazetteer.name_parts import LONGEST, families, pieces, read
from borders.geodesy.lonlat import WGS84

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from borders.gazetteer.name_index import Gazetteer
    from borders.gazetteer.places import Place
    from borders.geodesy.lonlat import FloatArray

    Point: TypeAlias = tuple[float, float]

__all__ = ["WEIGHTS", "Candidate", "Weight", "candidates", "distances_km", "shortlist"]


class Weight(NamedTuple):
    """What a piece of evidence weighs, and why."""

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
_MOST_PIECES = 6
_SHORTLIST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place that a name may mean.

    Parameters
    ----------
    spelling : the gazetteer's spelling that is most like the name.
    similarity : of the two, from 0 to 1.
    odds : logarithm of the odds, without the detour.
    detour_km : how much longer the way between the neighbours gets through it; at an end of the
        line, the distance from the only one; None without any.
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
        """Return what is left of the similarity when all else is counted, from 0 to 1."""
        far = (self.detour_km or 0.0) / self.detour_scale_km
        return min(1.0, max(0.0, (self.odds - far) * WEIGHTS["similarity"].value))


def candidates(
    name: str,
    *,
    kind: str | None = None,
    elevation_m: float | None = None,
    near: Sequence[Point] = (),
    most: int = 5,
    among: Gazetteer | None = None,
) -> tuple[Candidate, ...]:
    """Return the places that a name may mean, the likeliest first.

    Parameters
    ----------
    name : in any script and transliteration; words such as "north of" are passed over.
    kind : what the text calls it, such as ``village``, ``mountain`` or ``river``.
    elevation_m : height that the text gives it, in metres.
    near : lon/lat of the places before and after it along the line, one or both.
    among : another gazetteer than the bundled one.

    Raises
    ------
    AraxesError : the name is far longer than any name of a place.

    Source
    ------
    `data/places.csv` and `data/towns.csv` (GeoNames); weights in `WEIGHTS`.

    Examples
    --------
    >>> [one.place.id for one in candidates("Джульфа", kind="town", most=2)]
    ['julfa', 'jolfa_ir']
    """
    known = among or gazetteer()
    found = _weighed(name, known, kind, elevation_m)
    detours = _detours_km(known, near)
    odds = found.odds - detours / WEIGHTS["detour_km"].value
    return tuple(
        found.candidate(n, detour_km=float(detours[n]) if near else None)
        for n in found.ranked(odds)[:most]
    )


def shortlist(
    name: str,
    *,
    kind: str | None,
    elevation_m: float | None,
    near: Sequence[Point],
    among: Gazetteer | None,
) -> tuple[Candidate, ...]:
    """Return the likeliest by name alone and by name and neighbours, without their detours.

    Parameters and errors are those of `candidates`.
    """
    known = among or gazetteer()
    found = _weighed(name, known, kind, elevation_m)
    close = found.odds - _detours_km(known, near) / WEIGHTS["detour_km"].value
    ranked = [*found.ranked(close)[:_SHORTLIST], *found.ranked(found.odds)[:_SHORTLIST]]
    return tuple(found.candidate(n) for n in dict.fromkeys(ranked))


class _Weighed(NamedTuple):
    """All places of a gazetteer, weighed for one name."""

    known: Gazetteer
    alike: FloatArray
    spelling: NDArray[np.intp]
    odds: FloatArray

    def ranked(self, odds: FloatArray) -> list[int]:
        """Return the numbers of the places by falling odds, those alike at all."""
        return [n for n in np.argsort(-odds, kind="stable").tolist() if self.alike[n] >= LEAST]

    def candidate(self, n: int, *, detour_km: float | None = None) -> Candidate:
        """Return a place as a candidate."""
        return Candidate(
            place=self.known.places[n],
            spelling=self.known.spellings[self.spelling[n]],
            similarity=float(self.alike[n]),
            odds=float(self.odds[n]),
            detour_km=detour_km,
        )


def _weighed(name: str, known: Gazetteer, kind: str | None, elevation_m: float | None) -> _Weighed:
    if len(name) > LONGEST:
        message = (
            f"a name of {len(name):,} letters ('{name[:20]}…'); give the name alone, in at most "
            f"{LONGEST}"
        )
        raise AraxesError(message)
    names = pieces(name)[:_MOST_PIECES]
    alike = np.max([known.similarities(one) for one in names] or [np.zeros(len(known.owners))], 0)
    best, spelling = known.best(alike)
    said = {read(one).kind for one in names}
    implied = said.pop() if len(said) == 1 else None
    odds = best / WEIGHTS["similarity"].value + _odds(known, kind, implied, elevation_m)
    return _Weighed(known, best, spelling, odds)


def _odds(
    known: Gazetteer, kind: str | None, implied: str | None, elevation_m: float | None
) -> FloatArray:
    """Return what kind and height say of each place, as logarithms of odds."""
    odds = np.where(known.curated, WEIGHTS["curated"].value, 0.0)
    stated = families(kind or "")
    wanted = stated or families(implied or "")
    if wanted:
        other = ~np.any([known.of[one] for one in wanted], axis=0)
        has_kind = np.any(list(known.of.values()), axis=0)
        odds -= WEIGHTS["kind" if stated else "generic"].value * (has_kind & other)
    if elevation_m is not None:
        wrong = ((known.heights_m - elevation_m) / WEIGHTS["elevation_m"].value) ** 2 / 2
        odds -= np.nan_to_num(np.minimum(wrong, WEIGHTS["elevation_most"].value))
    return odds


def _detours_km(known: Gazetteer, near: Sequence[Point]) -> FloatArray:
    """Return how much longer the way through each place is than without it."""
    if not near:
        return np.zeros(len(known.places))
    ways = np.sum([distances_km(known.lon, known.lat, point) for point in near[:2]], axis=0)
    if len(near) == 1:
        return np.asarray(ways)
    (lon, lat), other = near[:2]
    return np.asarray(ways - distances_km(np.array([lon]), np.array([lat]), other))


def distances_km(lon: FloatArray, lat: FloatArray, point: Point) -> FloatArray:
    """Return the geodesic distances of points from one point, in kilometres."""
    there = np.broadcast_to(np.array(point)[:, None], (2, len(lon)))
    return np.asarray(WGS84.inv(lon, lat, there[0], there[1])[2]) / 1000
