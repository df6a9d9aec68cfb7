"""The likeliest line through steps of which each has several candidates, or none that is right.

Dynamic programming over the steps in their order: the odds of the candidates, less what the ways
between them cost. A step whose candidates are all worse than none is passed over.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING

import numpy as np

from borders.gazetteer.candidates import WEIGHTS, Candidate, distances_km

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.geodesy.lonlat import FloatArray

__all__ = ["Step", "read_line"]


class Step:
    """The candidates of one place along the line.

    Parameters
    ----------
    found : candidates.
    fixed : the place is settled: the line goes to the first candidate, the others are compared.

    Attributes
    ----------
    total : odds of the likeliest line through each candidate, once `read_line` has read it.
    chosen : number of the candidate on the likeliest line, or None if it passes the step over.
    """

    def __init__(self, found: Sequence[Candidate], *, fixed: bool) -> None:
        self.found = found
        self.fixed = fixed
        self.odds = np.array([one.odds for one in found], float)
        live = np.arange(len(found)) < 1 if fixed else np.full(len(found), True)
        self.live = np.where(live, self.odds, -np.inf)
        self.none = -np.inf if fixed else WEIGHTS["none"].value / WEIGHTS["similarity"].value
        self.total = self.odds
        self.chosen: int | None = None

    def ways_km(self, other: Step) -> FloatArray:
        """Return the distances from each of its candidates to each of another's."""
        lon = np.array([one.place.lon for one in other.found])
        lat = np.array([one.place.lat for one in other.found])
        ways = [distances_km(lon, lat, (one.place.lon, one.place.lat)) for one in self.found]
        return np.reshape(ways, (len(self.found), len(other.found)))


def read_line(steps: Sequence[Step]) -> float:
    """Choose a candidate for every step, or none; return the detour that divides the odds by e.

    A step that comes again counts with its first time.
    """
    ways_km = {
        (a, b): steps[a].ways_km(steps[b]) for b in range(len(steps)) for a in _before(steps, b)
    }
    scale_km = WEIGHTS["detour_km"].value
    _weigh(steps, {pair: way / scale_km for pair, way in ways_km.items()})
    passed = [(n, step.chosen) for n, step in enumerate(steps) if step.chosen is not None]
    legs_km = [float(ways_km[a, b][i, j]) for (a, i), (b, j) in pairwise(passed)]
    # On a line of long legs a detour says less.
    scale_km = max(scale_km, median_low(legs_km or [0.0]))
    _weigh(steps, {pair: way / scale_km for pair, way in ways_km.items()})
    return scale_km


def _before(steps: Sequence[Step], b: int) -> list[int]:
    """Return the steps from which the line may come to a step, passing over those between."""
    found = []
    for a in range(b - 1, -1, -1):
        found.append(a)
        if steps[a].fixed:
            break
    return found


def _weigh(steps: Sequence[Step], costs: dict[tuple[int, int], FloatArray]) -> None:
    """Give every candidate the odds of the likeliest line through it, and choose."""
    # What it brings to pass over all steps before the n-th one.
    none = np.cumsum([0.0, *(0.0 if step.fixed else step.none for step in steps)])
    blocked = np.cumsum([0, *(step.fixed for step in steps)])

    def skipped(a: int, b: int) -> float:
        return float(none[b] - none[a]) if blocked[a] == blocked[b] else -np.inf

    ahead = [np.full(len(step.found), skipped(0, n)) for n, step in enumerate(steps)]
    behind = [np.full(len(step.found), skipped(n + 1, len(steps))) for n, step in enumerate(steps)]
    for (a, b), cost in costs.items():
        here = (steps[a].live + ahead[a] + skipped(a + 1, b))[:, None] - cost
        ahead[b] = np.maximum(ahead[b], here.max(axis=0, initial=-np.inf))
    for (a, b), cost in reversed(costs.items()):
        there = (steps[b].live + behind[b] + skipped(a + 1, b))[None, :] - cost
        behind[a] = np.maximum(behind[a], there.max(axis=1, initial=-np.inf))
    through = [
        (s.live + a + b).max(initial=-np.inf) for s, a, b in zip(steps, ahead, behind, strict=True)
    ]
    best = max([skipped(0, len(steps)), *through])
    # Backwards, so that a step that comes again is weighed where it comes first.
    for step, before, after in reversed(list(zip(steps, ahead, behind, strict=True))):
        step.total = step.odds + before + after
        alive = step.live + before + after
        # All candidates of the likeliest line have its odds.
        on_line = alive.max(initial=-np.inf) >= best - 1e-9
        step.chosen = int(alive.argmax()) if on_line else None
