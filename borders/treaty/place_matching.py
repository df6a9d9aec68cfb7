"""Choose a place of the gazetteer for every place that a treaty mentions, all at once.

Name, kind and height count, and the line: its places come in order, so a wrong namesake makes a
detour. The choice is the likeliest path through the candidates of all (`borders.treaty.viterbi`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, hypot
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.gazetteer.candidates import WEIGHTS, Candidate, distances_km, shortlist
from borders.gazetteer.name_parts import is_beside, names_in_entry
from borders.treaty.viterbi import Step, read_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.gazetteer.name_index import NameIndex
    from borders.gazetteer.places import Place

__all__ = ["NEAR_EQUAL", "Choice", "Mention", "choose"]

# A runner-up with a larger share of the odds than one in five leaves the choice to the user (an
# assumption).
NEAR_EQUAL = 0.2
# Entries nearer than this many standard errors of their distance may be the same place (an
# assumption).
_SAME_SPOT = 2.0
# For a point beside a place, entries this near may be the same place: Annex I passes villages at up
# to 4 km.
_BESIDE_M = 5000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place of a treaty: what the text says of it, and where it is if that is settled.

    Parameters
    ----------
    name : as the text spells it; `modern` is today's name as far as the file's author knows it.
    elevation_m : height that the text gives.
    fixed : the place that the file fixes, by coordinates (`by_hand`) or by a choice; None if open.
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
    """The place chosen for a mention, and what else it might be.

    Parameters
    ----------
    chosen, runner_up : with their detours between the neighbours; None where no candidate is good
        enough.
    alike : the likeliest by name, kind and height, wherever the line runs.
    ambiguity : the runner-up's share of the odds of the two, from 0 to 1.
    before_km, after_km : distances from the places before and after it along the line.
    """

    mention: Mention
    chosen: Candidate | None
    runner_up: Candidate | None
    ambiguity: float
    alike: Candidate | None = None
    before_km: float | None = None
    after_km: float | None = None

    @property
    def unsure(self) -> bool:
        """Return whether the file leaves the place open and two candidates are near-equal."""
        return self.mention.fixed is None and self.ambiguity > NEAR_EQUAL

    @property
    def apart_km(self) -> float | None:
        """Return the distance between the choice and the runner-up."""
        if self.chosen is None or self.runner_up is None:
            return None
        return _apart_km(self.chosen.place, self.runner_up.place)


def choose(
    mentions: Sequence[Mention],
    order: Sequence[str | Place],
    *,
    among: NameIndex | None = None,
    every: bool = True,
) -> dict[str, Choice]:
    """Return a choice for every place of a treaty, by id.

    Parameters
    ----------
    mentions : those with a `fixed` place keep it, and are only compared with others.
    order : ids of `mentions`, and other places, as the line passes them.
    among : another gazetteer than the bundled one.
    every : compare the settled places with others too, not only the open ones.
    """
    steps: dict[str, Step] = {}
    settled = {mention.id: mention.fixed for mention in mentions}
    for mention in mentions:
        candidates = [_fixed_candidate(mention)] if mention.fixed else []
        if every or mention.fixed is None:
            candidates = _candidates(mention, _neighbours(mention.id, order, settled), among)
        steps[mention.id] = Step(candidates, fixed=mention.fixed is not None)
    line = _line(order, steps)
    scale_km = read_line(line)
    for step in steps.values():
        if step not in line:
            read_line([step])
    choices = {}
    for mention in mentions:
        step = steps[mention.id]
        choices[mention.id] = _choice(mention, step, _neighbourhood(step, line, scale_km))
    return choices


def _neighbours(
    key: str, order: Sequence[str | Place], fixed: dict[str, Place | None]
) -> list[tuple[float, float]]:
    """Return the nearest settled points before and after a place along the line."""
    if key not in order:
        return []
    at = order.index(key)
    points = []
    for side in (reversed(order[:at]), order[at + 1 :]):
        others = (other for other in side if other != key)
        settled = (fixed.get(other) if isinstance(other, str) else other for other in others)
        nearest = next((place for place in settled if place is not None), None)
        if nearest is not None:
            points.append((nearest.lon, nearest.lat))
    return points


def _candidates(
    mention: Mention, near: list[tuple[float, float]], among: NameIndex | None
) -> list[Candidate]:
    """Return the candidates of a mention: by name alone, and by name and neighbours."""
    listed = shortlist(
        " / ".join([mention.name, *names_in_entry(mention.modern or "")]),
        kind=mention.kind,
        elevation_m=mention.elevation_m,
        near=near,
        among=among,
    )
    by_id = {other.place.id: other for other in listed}
    if mention.fixed is None:
        return list(by_id.values())
    # The id of a place with coordinates is the file's own, whatever has that id in the gazetteer.
    listed_fixed = None if mention.by_hand else by_id.pop(mention.fixed.id, None)
    others = [c for c in by_id.values() if not _same_spot(mention, mention.fixed, c.place)]
    return [listed_fixed or _fixed_candidate(mention), *others]


def _fixed_candidate(mention: Mention) -> Candidate:
    """Return the place that the file fixes, as if its name were the same as the mention's."""
    assert mention.fixed is not None
    odds = 1.0 / WEIGHTS["similarity"].value
    return Candidate(place=mention.fixed, spelling=mention.name, similarity=1.0, odds=odds)


def _line(order: Sequence[str | Place], steps: dict[str, Step]) -> list[Step]:
    """Return the steps in the order of the line, an open one only where it comes first."""
    line: list[Step] = []
    for stop in order:
        if isinstance(stop, str):
            step = steps.get(stop)
            if step is None or (step in line and not step.fixed):
                continue
        else:
            candidate = Candidate(place=stop, spelling=stop.name, similarity=1.0, odds=0.0)
            step = Step([candidate], fixed=True)
        if not line or line[-1] is not step:
            line.append(step)
    return line


class _Neighbourhood(NamedTuple):
    """The neighbours of a place along the line, and the detour that divides the odds by e."""

    before: Place | None
    after: Place | None
    scale_km: float

    def with_detour(self, candidate: Candidate) -> Candidate:
        """Return a candidate with its detour."""
        neighbours = [place for place in (self.before, self.after) if place is not None]
        legs_km = [_apart_km(candidate.place, place) for place in neighbours]
        if not legs_km:
            return candidate
        direct_km = 0.0
        if self.before is not None and self.after is not None:
            direct_km = _apart_km(self.before, self.after)
        detour_km = max(0.0, sum(legs_km) - direct_km)
        return replace(candidate, detour_km=detour_km, detour_scale_km=self.scale_km)


def _neighbourhood(step: Step, line: Sequence[Step], scale_km: float) -> _Neighbourhood:
    """Return the nearest chosen places before and after a step."""
    at = next((n for n, other in enumerate(line) if other is step), None)
    if at is None:
        return _Neighbourhood(None, None, scale_km)
    sides = (reversed(line[:at]), line[at + 1 :])
    chosen = [
        [other.candidates[other.chosen].place for other in side if other.chosen is not None]
        for side in sides
    ]
    before, after = (places[0] if places else None for places in chosen)
    return _Neighbourhood(before, after, scale_km)


def _choice(mention: Mention, step: Step, around: _Neighbourhood) -> Choice:
    alike = None
    if step.candidates:
        alike = around.with_detour(step.candidates[int(step.odds.argmax())])
    if step.chosen is None:
        return Choice(mention=mention, chosen=None, runner_up=None, ambiguity=0.0, alike=alike)
    place = step.candidates[step.chosen].place
    places = [candidate.place for candidate in step.candidates]
    rivals = [n for n, other in enumerate(places) if not _same_spot(mention, place, other)]
    total = step.total
    if mention.by_hand:
        # Coordinates state that the line goes there, so a rival gains nothing by a shorter line.
        total = step.odds + np.minimum(total - step.odds, (total - step.odds)[step.chosen])
    second = max(rivals, key=lambda n: float(total[n]), default=None)
    share = 0.0
    if second is not None:
        lead = float(total[step.chosen] - total[second])
        share = 1 / (1 + exp(min(700.0, max(-700.0, lead))))
    return Choice(
        mention=mention,
        chosen=around.with_detour(step.candidates[step.chosen]),
        runner_up=None if second is None else around.with_detour(step.candidates[second]),
        ambiguity=share,
        alike=alike,
        before_km=None if around.before is None else _apart_km(around.before, place),
        after_km=None if around.after is None else _apart_km(place, around.after),
    )


def _apart_km(place: Place, other: Place) -> float:
    apart_km = distances_km(np.array([place.lon]), np.array([place.lat]), (other.lon, other.lat))
    return float(apart_km[0])


def _same_spot(mention: Mention, place: Place, other: Place) -> bool:
    """Return whether two entries may be the same place, or near enough for a point beside it."""
    reach_m = _SAME_SPOT * hypot(place.sigma_m, other.sigma_m)
    if is_beside(mention.name):
        reach_m = max(reach_m, _BESIDE_M)
    return 1000 * _apart_km(place, other) <= reach_m
