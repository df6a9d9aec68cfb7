"""Many scenarios over the same pairs: only what a change can affect is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridors.routing.graph import Floats, Ints
    from corridors.routing.router import Router

__all__ = ["Answers", "scenarios"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Costs and ways of pairs under scenarios.

    Parameters
    ----------
    costs : exact sums, shape (scenarios, pairs), infinite where there is no way.
    paths : arcs of each way, or None; the same object where a scenario changes nothing.
    asked : how many of them had to be searched for.
    """

    costs: Floats
    paths: list[list[Ints | None]]
    asked: int


def scenarios(
    router: Router,
    changes: Sequence[tuple[Any, Any]],
    pairs: Sequence[tuple[int, int]],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Answers:
    """Return the answers under each scenario: arcs and their costs on top of the base costs.

    Where arcs only become dearer or close, a way that uses none of them stays the best, so only
    the others are searched for again; after an opening all are.

    Parameters
    ----------
    progress : called with the number of scenarios done and of all.
    """
    router.reset()
    base = router.paths(pairs)
    base_costs = np.array([router.cost(path) for path in base])
    users = _users(base)
    costs = np.empty((len(changes), len(pairs)))
    paths: list[list[Ints | None]] = []
    asked = len(pairs)
    for n, (arcs, values) in enumerate(changes):
        which, new = np.asarray(arcs, np.int64), np.asarray(values, float)
        if (new >= router.base[which]).all():
            again = sorted({p for arc in which.tolist() for p in users.get(arc, ())})
        else:
            again = list(range(len(pairs)))
        found, sums = list(base), base_costs.copy()
        if again:
            router.change(which, new)
            for p, path in zip(again, router.paths([pairs[p] for p in again]), strict=True):
                found[p], sums[p] = path, router.cost(path)
            asked += len(again)
        costs[n] = sums
        paths.append(found)
        if progress:
            progress(n + 1, len(changes))
    router.reset()
    return Answers(costs=costs, paths=paths, asked=asked)


def _users(paths: Sequence[Ints | None]) -> dict[int, list[int]]:
    """Return arc → the pairs whose way uses it."""
    found: dict[int, list[int]] = {}
    for n, path in enumerate(paths):
        for arc in () if path is None else path.tolist():
            found.setdefault(arc, []).append(n)
    return found
