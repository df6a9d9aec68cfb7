"""Choose a place for every name of a treaty at once: by name, kind and height, and by the line.

The places of a boundary come in order, so a wrong namesake shows as a detour. The choice is the
likeliest reading of the whole line (`borders.treaty.viterbi`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, hypot
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.gazetteer.candidates import WEIGHTS, Candidate, distances_km, shortlist
from borders.gazetteer.name_parts import beside, parts
from borders.treaty.viterbi import Step, read_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.gazetteer.name_index import Gazetteer
    from borders.gazetteer.places import Place

__all__ = ["NEAR_EQUAL", "Asked", "Choice", "choose"]

# A runner-up with a larger share of the odds (one in five) leaves the choice to the user.
NEAR_EQUAL = 0.2
# Points nearer than this many standard errors of their distance may be one and the same place.
_SAME_SPOT = 2.0
# A point beside a place is no rival of that place; Annex I passes villages at up to 4 km.
_BESIDE_M = 5000.0


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
    chosen, runner_up : with their detours between the neighbours; None where none is good enough.
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
    steps: dict[str, Step] = {}
    settled = {one.id: one.fixed for one in asked}
    for one in asked:
        found = [_given(one)] if one.fixed else []
        if every or one.fixed is None:
            found = _found(one, _neighbours(one.id, order, settled), among)
        steps[one.id] = Step(found, fixed=one.fixed is not None)
    line = _line(order, steps)
    scale_km = read_line(line)
    for step in steps.values():
        if step not in line:
            read_line([step])
    return {
        one.id: _choice(one, steps[one.id], _way(steps[one.id], line, scale_km)) for one in asked
    }


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
    # The id of a place with coordinates is the file's own, whatever bears it in the gazetteer.
    given = (None if one.by_hand else known.pop(one.fixed.id, None)) or _given(one)
    return [
        given,
        *(other for other in known.values() if not _same_spot(one, one.fixed, other.place)),
    ]


def _given(one: Asked) -> Candidate:
    # Who gives coordinates, or an entry of quite another name, vouches for it.
    assert one.fixed is not None
    odds = 1.0 / WEIGHTS["similarity"].value
    return Candidate(place=one.fixed, spelling=one.name, similarity=1.0, odds=odds)


def _line(order: Sequence[str | Place], steps: dict[str, Step]) -> list[Step]:
    """Return the steps in the order of the line; an open place counts where it comes first."""
    line: list[Step] = []
    for one in order:
        if isinstance(one, str):
            step = steps.get(one)
            if step is None or (step in line and not step.fixed):
                continue
        else:
            given = Candidate(place=one, spelling=one.name, similarity=1.0, odds=0.0)
            step = Step([given], fixed=True)
        if not line or line[-1] is not step:
            line.append(step)
    return line


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


def _way(step: Step, line: Sequence[Step], scale_km: float) -> _Way:
    """Return the nearest chosen places before and after a step."""
    at = next((n for n, other in enumerate(line) if other is step), None)
    if at is None:
        return _Way(None, None, scale_km)
    sides = (reversed(line[:at]), line[at + 1 :])
    chosen = [
        [other.found[other.chosen].place for other in side if other.chosen is not None]
        for side in sides
    ]
    before, after = (places[0] if places else None for places in chosen)
    return _Way(before, after, scale_km)


def _choice(one: Asked, step: Step, way: _Way) -> Choice:
    alike = way.through(step.found[int(step.odds.argmax())]) if step.found else None
    if step.chosen is None:
        return Choice(asked=one, chosen=None, runner_up=None, ambiguity=0.0, alike=alike)
    place = step.found[step.chosen].place
    rivals = [n for n, other in enumerate(step.found) if not _same_spot(one, place, other.place)]
    total = step.total
    if one.by_hand:
        # Who gives coordinates says that the line goes there: no rival gains by cutting it short.
        total = step.odds + np.minimum(total - step.odds, (total - step.odds)[step.chosen])
    second = max(rivals, key=lambda n: float(total[n]), default=None)
    share = 0.0
    if second is not None:
        behind = float(total[step.chosen] - total[second])
        share = 1 / (1 + exp(min(700.0, max(-700.0, behind))))
    return Choice(
        asked=one,
        chosen=way.through(step.found[step.chosen]),
        runner_up=None if second is None else way.through(step.found[second]),
        ambiguity=share,
        alike=alike,
        before_km=None if way.before is None else _apart_km(way.before, place),
        after_km=None if way.after is None else _apart_km(place, way.after),
    )


def _apart_km(one: Place, other: Place) -> float:
    there = distances_km(np.array([one.lon]), np.array([one.lat]), (other.lon, other.lat))
    return float(there[0])


def _same_spot(asked: Asked, one: Place, other: Place) -> bool:
    """Return whether two entries may be one and the same place, for what the text says."""
    reach_m = _SAME_SPOT * hypot(one.sigma_m, other.sigma_m)
    if beside(asked.name):
        reach_m = max(reach_m, _BESIDE_M)
    return 1000 * _apart_km(one, other) <= reach_m
