"""The answers of many scenarios over many pairs: costs, and the ways as links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridors.link import Link
    from corridors.plan import Plan
    from corridors.routing.graph import Floats, Ints
    from corridors.routing.many import Answers

__all__ = ["Sweep", "better"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """The best ways of pairs under scenarios.

    Parameters
    ----------
    costs : shape (scenarios, pairs), infinite where there is no way.
    paths : arcs of each way, or None.
    """

    plan: Plan
    pairs: tuple[tuple[str, str], ...]
    costs: Floats
    paths: list[list[Ints | None]]

    def links(self, scenario: int, pair: int) -> list[tuple[Link, bool]] | None:
        """Return the links of one way with their directions, None if there is none."""
        path = self.paths[scenario][pair]
        return None if path is None else self.plan.steps(path.tolist())

    def sums(self, per_link: Floats) -> Floats:
        """Return the sum of a value of the links along each way, shape (scenarios, pairs)."""
        known: dict[int, float] = {}
        found = np.full(self.costs.shape, np.nan)
        value = np.append(np.repeat(per_link, 2), np.zeros(self.plan.graph.n_arcs))
        for n, row in enumerate(self.paths):
            for p, path in enumerate(row):
                if path is not None:
                    # Scenarios that change nothing share the very same way.
                    if id(path) not in known:
                        known[id(path)] = float(value[path].sum())
                    found[n, p] = known[id(path)]
        return found


def better(one: Answers | None, two: Answers) -> Answers:
    """Return the cheaper way of each pair and scenario."""
    if one is None:
        return two
    first = one.costs <= two.costs
    paths = [
        [a if here else b for a, b, here in zip(left, right, row, strict=True)]
        for left, right, row in zip(one.paths, two.paths, first.tolist(), strict=True)
    ]
    costs = np.minimum(one.costs, two.costs)
    return replace(two, costs=costs, paths=paths, asked=one.asked + two.asked)
