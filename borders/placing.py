"""Choose a place for every name of a treaty at once: by name, kind and height, and by the line.

The places of a boundary come in order, so a wrong namesake shows as a detour. The choice is the
likeliest reading of the whole line: among all combinations of candidates the one with the best sum
of odds and detours, found by dynamic programming over the calls in their order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import exp, hypot
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.candidates import WEIGHTS, Candidate, distances_km, shortlist
from borders.placenames import parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from borders.gazetteer import Gazetteer
    from borders.places import Place

    Array: TypeAlias = NDArray[np.float64]

__all__ = ["NEAR_EQUAL", "Asked", "Choice", "choose"]

# A runner-up with a larger share of the odds (one in four) leaves the choice to the user.
NEAR_EQUAL = 0.25
# Points nearer than this many standard errors of their distance may be one and the same place.
_SAME_SPOT = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A place of a treaty: what the text says of it, and where it is if that is settled.

    Parameters
    ----------
    name : as the text spells it; `modern` is today's name as far as the file's author knows it.
    elevation_m : height that the text gives.
    fixed : the place it was given: by coordinates (`by_hand`), or by a choice.
    pinned : the choice is a human's.
    why : the reason that the file gives.
    """

    id: str
    name: str
    modern: str | None = None
    kind: str | None = None
    elevation_m: float | None = None
    fixed: Place | None = None
    by_hand: bool = False
    pinned: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a place of a treaty was taken for, and what else it might be.

    Parameters
    ----------
    chosen, runner_up : with their detours between the neighbours; None where there is none.
    alike : the likeliest by name, kind and height, wherever the line runs.
    ambiguity : the runner-up's share of the odds of the two, from 0 to 1.
    before_km, after_km : distances from the places before and after it along the line.
    """

    asked: Asked
    chosen: Candidate | None
    runner_up: Candidate | None
    ambiguity: float
    alike: Candidate | None = None
    before_km: float | None = None
    after_km: float | None = None

    @property
    def unsure(self) -> bool:
        """Return whether the file leaves the place open and two candidates are near-equal."""
        return self.asked.fixed is None and self.ambiguity > NEAR_EQUAL

    @property
    def apart_km(self) -> float | None:
        """Return the distance between the choice and the runner-up."""
        if self.chosen is None or self.runner_up is None:
            return None
        return _apart_km(self.chosen.place, self.runner_up.place)


class _Column:
    """The candidates of one step along the line."""

    def __init__(self, found: Sequence[Candidate], *, fixed: bool) -> None:
        self.found = found
        self.lon = np.array([one.place.lon for one in found])
        self.lat = np.array([one.place.lat for one in found])
        self.odds = np.array([one.odds for one in found])
        # The rivals of a place that is settled are weighed, but the line does not go to them.
        self.live = np.arange(len(found)) < 1 if fixed else np.full(len(found), True)
        self.total = self.odds

    def ways_km(self, other: _Column) -> Array:
        """Return the distances from each of its candidates to each of another's."""
        km = [distances_km(other.lon, other.lat, at) for at in zip(self.lon, self.lat, strict=True)]
        return np.asarray(km)

    def best(self) -> int:
        """Return the number of the candidate on the likeliest line."""
        return int(np.where(self.live, self.total, -np.inf).argmax())


def choose(
    asked: Sequence[Asked],
    order: Sequence[str | Place],
    *,
    among: Gazetteer | None = None,
    every: bool = True,
) -> dict[str, Choice]:
    """Return a choice for every place of a treaty, by id.

    Parameters
    ----------
    asked : the places; those with a `fixed` place keep it, and are only compared with others.
    order : ids of `asked`, and other places, as the line passes them.
    among : another gazetteer than the bundled one.
    every : compare the settled places with others too, not only the open ones.
    """
    columns: dict[str, _Column] = {}
    settled = {one.id: one.fixed for one in asked}
    for one in asked:
        found = [_given(one)] if one.fixed else []
        if every or one.fixed is None:
            found = _found(one, _neighbours(one.id, order, settled), among)
        columns[one.id] = _Column(found, fixed=one.fixed is not None)
    line = _line(order, columns)
    scale_km = _read_line(line)
    picked = [column.found[column.best()].place for column in line]
    choices = {}
    for one in asked:
        column = columns[one.id]
        at = next((n for n, other in enumerate(line) if other is column), None)
        before = picked[at - 1] if at else None
        after = picked[at + 1] if at is not None and at + 1 < len(picked) else None
        choices[one.id] = _choice(one, column, _Way(before, after, scale_km))
    return choices


def _neighbours(
    key: str, order: Sequence[str | Place], fixed: dict[str, Place | None]
) -> list[tuple[float, float]]:
    """Return the nearest settled points before and after a place along the line."""
    if key not in order:
        return []
    at = order.index(key)
    found = []
    for side in (reversed(order[:at]), order[at + 1 :]):
        settled = (fixed.get(one) if isinstance(one, str) else one for one in side if one != key)
        nearest = next((one for one in settled if one is not None), None)
        if nearest is not None:
            found.append((nearest.lon, nearest.lat))
    return found


def _found(one: Asked, near: list[tuple[float, float]], among: Gazetteer | None) -> list[Candidate]:
    """Return the candidates of a place: by name alone, and by name and neighbours."""
    found = shortlist(
        " / ".join([one.name, *parts(one.modern or "")]),
        kind=one.kind,
        elevation_m=one.elevation_m,
        near=near,
        among=among,
    )
    known = {other.place.id: other for other in found}
    if one.fixed is None:
        return list(known.values())
    given = known.pop(one.fixed.id, None) or _given(one)
    return [given, *(other for other in known.values() if not _same_spot(one.fixed, other.place))]


def _given(one: Asked) -> Candidate:
    # Who gives coordinates, or an entry of quite another name, vouches for it.
    assert one.fixed is not None
    odds = 1.0 / WEIGHTS["similarity"].value
    return Candidate(place=one.fixed, spelling=one.name, similarity=1.0, odds=odds)


def _line(order: Sequence[str | Place], columns: dict[str, _Column]) -> list[_Column]:
    """Return the columns in the order of the line; an open place counts where it comes first."""
    line: list[_Column] = []
    for one in order:
        if isinstance(one, str):
            column = columns.get(one)
            if column is None or not column.found or (column in line and column.live.all()):
                continue
        else:
            given = Candidate(place=one, spelling=one.name, similarity=1.0, odds=0.0)
            column = _Column([given], fixed=True)
        if not line or line[-1] is not column:
            line.append(column)
    return line


def _read_line(line: Sequence[_Column]) -> float:
    """Give every candidate the odds of the likeliest line through it; return the detour's scale."""
    ways_km = [one.ways_km(other) for one, other in pairwise(line)]
    scale_km = WEIGHTS["detour_km"].value
    _weigh(line, [way / scale_km for way in ways_km])
    best = [column.best() for column in line]
    legs_km = [float(way[ends]) for way, ends in zip(ways_km, pairwise(best), strict=True)]
    # On a line of long legs a detour says less.
    scale_km = max(scale_km, median_low(legs_km or [0.0]))
    _weigh(line, [way / scale_km for way in ways_km])
    return scale_km


def _weigh(line: Sequence[_Column], steps: Sequence[Array]) -> None:
    """Sum the odds of the likeliest line through every candidate, for given costs of the ways."""
    ahead = [np.zeros(len(column.found)) for column in line]
    behind = [np.zeros(len(column.found)) for column in line]
    for n, step in enumerate(steps):
        here = np.where(line[n].live, line[n].odds + ahead[n], -np.inf)
        ahead[n + 1] = (here[:, None] - step).max(axis=0)
    for n, step in reversed(list(enumerate(steps))):
        there = np.where(line[n + 1].live, line[n + 1].odds + behind[n + 1], -np.inf)
        behind[n] = (there - step).max(axis=1)
    # Backwards, so that a place the line comes back to is weighed where it comes first.
    for column, before, after in reversed(list(zip(line, ahead, behind, strict=True))):
        column.total = column.odds + before + after


class _Way(NamedTuple):
    """The neighbours of a place along the line, and the detour that divides the odds by e."""

    before: Place | None
    after: Place | None
    scale_km: float

    def through(self, one: Candidate) -> Candidate:
        """Return a candidate with its detour."""
        ways = [_apart_km(one.place, other) for other in self[:2] if other is not None]
        if not ways:
            return one
        direct = 0.0
        if self.before is not None and self.after is not None:
            direct = _apart_km(self.before, self.after)
        detour_km = max(0.0, sum(ways) - direct)
        return replace(one, detour_km=detour_km, detour_scale_km=self.scale_km)


def _choice(one: Asked, column: _Column, way: _Way) -> Choice:
    if not column.found:
        return Choice(asked=one, chosen=None, runner_up=None, ambiguity=0.0)
    first = column.best()
    place = column.found[first].place
    rivals = [n for n, other in enumerate(column.found) if not _same_spot(place, other.place)]
    second = max(rivals, key=lambda n: float(column.total[n]), default=None)
    share = 0.0
    if second is not None:
        behind = column.total[first] - column.total[second]
        share = 1 / (1 + exp(min(700.0, max(-700.0, behind))))
    return Choice(
        asked=one,
        chosen=way.through(column.found[first]),
        runner_up=None if second is None else way.through(column.found[second]),
        ambiguity=share,
        alike=way.through(column.found[int(column.odds.argmax())]),
        before_km=None if way.before is None else _apart_km(way.before, place),
        after_km=None if way.after is None else _apart_km(place, way.after),
    )


def _apart_km(one: Place, other: Place) -> float:
    there = distances_km(np.array([one.lon]), np.array([one.lat]), (other.lon, other.lat))
    return float(there[0])


def _same_spot(one: Place, other: Place) -> bool:
    return 1000 * _apart_km(one, other) <= _SAME_SPOT * hypot(one.sigma_m, other.sigma_m)
