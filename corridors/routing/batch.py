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
    costs : shape (scenarios, pairs), infinite where there is no way.
    paths : arcs of each way, or None; the same object where a scenario changes nothing. Empty
        unless asked for.
    asked : how many ways and costs had to be searched for.
    """

    costs: Floats
    paths: list[list[Ints | None]]
    asked: int


def scenarios(
    router: Router,
    changes: Sequence[tuple[Any, Any]],
    pairs: Sequence[tuple[int, int]],
    *,
    paths: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Answers:
    """Return the answers under each scenario: arcs and their costs on top of the base costs.

    Where arcs only become dearer or close, a way that uses none of them stays the best, so only
    the others are searched for again; after an opening all are.

    Parameters
    ----------
    changes : arcs and costs of each scenario, as `Router.change` takes them.
    pairs : nodes from and to, for all scenarios.
    paths : whether to return the ways too; the costs alone are found faster.
    progress : called with the number of scenarios done and of all.

    Raises
    ------
    AraxesError : as `Router.change`.
    """
    router.reset()
    base = router.paths(pairs)
    base_costs = np.array([router.cost(way) for way in base], float)
    users = _users(base)
    costs = np.empty((len(changes), len(pairs)))
    ways: list[list[Ints | None]] = []
    asked = len(pairs)
    for n, (arcs, values) in enumerate(changes):
        router.change(arcs, values)
        again = _affected(router.base, arcs, values, users, len(pairs))
        costs[n] = base_costs
        found = list(base) if paths else []
        some = [pairs[p] for p in again]
        if some and paths:
            for p, way in zip(again, router.paths(some), strict=True):
                found[p], costs[n, p] = way, router.cost(way)
        elif some:
            costs[n, again] = router.pair_costs(some)
        asked += len(again)
        if paths:
            ways.append(found)
        if progress:
            progress(n + 1, len(changes))
    router.reset()
    return Answers(costs=costs, paths=ways, asked=asked)


def _affected(
    base: Floats, arcs: Any, values: Any, users: dict[int, list[int]], count: int
) -> list[int]:
    """Return the pairs whose answer may differ."""
    which = np.asarray(arcs, np.int64)
    if (np.asarray(values, float) < base[which]).any():
        return list(range(count))
    return sorted({p for arc in which.tolist() for p in users.get(arc, ())})


def _users(paths: Sequence[Ints | None]) -> dict[int, list[int]]:
    """Return arc → the pairs whose way uses it."""
    found: dict[int, list[int]] = {}
    for n, path in enumerate(paths):
        for arc in () if path is None else path.tolist():
            found.setdefault(arc, []).append(n)
    return found
