"""The likeliest line through steps, each with several candidates of which none may be right.

Dynamic programming over the steps in their order (Viterbi): the log odds of the candidates, less
the distances between them in units of the detour that divides the odds by e. A step is passed over
where the line without it is likelier.
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
    candidates : of the place, in any order; of a fixed place, the fixed one first.
    fixed : the line goes to the first candidate, the others are only compared.

    Attributes
    ----------
    odds : logarithm of each candidate's odds.
    line_odds : the same where the line may go to the candidate, otherwise minus infinity.
    passed_over : logarithm of the odds of passing the step over.
    total : log odds of the likeliest line through each candidate, once `read_line` has run.
    chosen : number of the candidate on the likeliest line, or None if it passes the step over.
    """

    def __init__(self, candidates: Sequence[Candidate], *, fixed: bool) -> None:
        self.candidates = candidates
        self.fixed = fixed
        self.odds = np.array([candidate.odds for candidate in candidates], float)
        allowed = np.arange(len(candidates)) < 1 if fixed else np.full(len(candidates), True)
        self.line_odds = np.where(allowed, self.odds, -np.inf)
        self.passed_over = -np.inf if fixed else WEIGHTS["none"].value / WEIGHTS["similarity"].value
        self.total = self.odds
        self.chosen: int | None = None

    def legs_km(self, other: Step) -> FloatArray:
        """Return the distances from each candidate to each of another step's, in kilometres."""
        lon = np.array([candidate.place.lon for candidate in other.candidates])
        lat = np.array([candidate.place.lat for candidate in other.candidates])
        points = [(candidate.place.lon, candidate.place.lat) for candidate in self.candidates]
        rows = [distances_km(lon, lat, point) for point in points]
        return np.reshape(rows, (len(self.candidates), len(other.candidates)))


def read_line(steps: Sequence[Step]) -> float:
    """Choose a candidate for every step, or none; return the detour that divides the odds by e.

    The line is read twice, for the scale of the detours depends on the legs that it has.

    Parameters
    ----------
    steps : in the order of the line. The choice for a step that comes twice is made where it comes
        first.

    Returns
    -------
    Kilometres.
    """
    matrices_km = {
        (a, b): steps[a].legs_km(steps[b]) for b in range(len(steps)) for a in _before(steps, b)
    }
    scale_km = WEIGHTS["detour_km"].value
    _weigh(steps, {pair: legs_km / scale_km for pair, legs_km in matrices_km.items()})
    passed = [(n, step.chosen) for n, step in enumerate(steps) if step.chosen is not None]
    chosen_km = [float(matrices_km[a, b][i, j]) for (a, i), (b, j) in pairwise(passed)]
    # A detour is weaker evidence on a line of long legs.
    scale_km = max(scale_km, median_low(chosen_km or [0.0]))
    _weigh(steps, {pair: legs_km / scale_km for pair, legs_km in matrices_km.items()})
    return scale_km


def _before(steps: Sequence[Step], b: int) -> list[int]:
    """Return the numbers of the steps that the line may come from, passing over those between."""
    numbers = []
    for a in range(b - 1, -1, -1):
        numbers.append(a)
        if steps[a].fixed:
            break
    return numbers


def _weigh(steps: Sequence[Step], costs: dict[tuple[int, int], FloatArray]) -> None:
    """Set each step's `total` and `chosen`.

    Parameters
    ----------
    costs : numbers of two steps → cost of the leg between each pair of their candidates.
    """
    # Log odds of passing over all steps before the n-th one.
    passed_over = np.cumsum([0.0, *(0.0 if step.fixed else step.passed_over for step in steps)])
    fixed = np.cumsum([0, *(step.fixed for step in steps)])

    def skipped(a: int, b: int) -> float:
        return float(passed_over[b] - passed_over[a]) if fixed[a] == fixed[b] else -np.inf

    # Log odds of the likeliest line before each candidate of each step, and after it.
    counts = [len(step.candidates) for step in steps]
    before_odds = [np.full(count, skipped(0, n)) for n, count in enumerate(counts)]
    after_odds = [np.full(count, skipped(n + 1, len(steps))) for n, count in enumerate(counts)]
    for (a, b), cost in costs.items():
        forward = (steps[a].line_odds + before_odds[a] + skipped(a + 1, b))[:, None] - cost
        before_odds[b] = np.maximum(before_odds[b], forward.max(axis=0, initial=-np.inf))
    for (a, b), cost in reversed(costs.items()):
        backward = (steps[b].line_odds + after_odds[b] + skipped(a + 1, b))[None, :] - cost
        after_odds[a] = np.maximum(after_odds[a], backward.max(axis=1, initial=-np.inf))
    through = [
        (step.line_odds + before + after).max(initial=-np.inf)
        for step, before, after in zip(steps, before_odds, after_odds, strict=True)
    ]
    best = max([skipped(0, len(steps)), *through])
    # Backwards, so that what a step that comes twice keeps is the choice where it comes first.
    for step, before, after in reversed(list(zip(steps, before_odds, after_odds, strict=True))):
        step.total = step.odds + before + after
        line_total = step.line_odds + before + after
        # A candidate is on the likeliest line if the best line through it is as likely.
        on_line = line_total.max(initial=-np.inf) >= best - 1e-9
        step.chosen = int(line_total.argmax()) if on_line else None
