"""Many scenarios over the same pairs: only what a change can affect is searched for again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridors.routing.graph import Floats, Ints
    from corridors.routing.router import Router

__all__ = ["BatchPaths", "route_batch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPaths:
    """Least costs and paths of pairs of nodes under scenarios.

    Parameters
    ----------
    costs : shape (scenarios, pairs), infinite where there is no path.
    paths : arcs of each path, or None; the same object where a scenario changes nothing. Empty
        unless asked for.
    searches : how many paths and costs had to be searched for.
    """

    costs: Floats
    paths: list[list[Ints | None]]
    searches: int


def route_batch(
    router: Router,
    changes: Sequence[tuple[Any, Any]],
    pairs: Sequence[tuple[int, int]],
    *,
    paths: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> BatchPaths:
    """Return the least costs of all pairs under each scenario, which changes the costs of arcs.

    Where arcs only become dearer or close, a path that uses none of them stays the best, so only
    the others are searched for again; after an opening all are.

    Parameters
    ----------
    changes : arcs and costs of each scenario on top of the base costs, as `Router.change` takes
        them.
    pairs : nodes from and to, for all scenarios.
    paths : whether to return the paths too; the costs alone are found faster.
    progress : called with the number of scenarios done and of all.

    Raises
    ------
    AraxesError : as `Router.change`.
    """
    router.reset()
    base_paths = router.paths(pairs)
    base_costs = np.array([router.cost(path) for path in base_paths], float)
    pairs_by_arc = _pairs_by_arc(base_paths)
    costs = np.empty((len(changes), len(pairs)))
    paths_by_scenario: list[list[Ints | None]] = []
    searches = len(pairs)
    for n, (arcs, values) in enumerate(changes):
        router.change(arcs, values)
        affected = _affected_pairs(router.base, arcs, values, pairs_by_arc, len(pairs))
        affected_ends = [pairs[p] for p in affected]
        costs[n] = base_costs
        scenario_paths = list(base_paths) if paths else []
        if affected and paths:
            for p, path in zip(affected, router.paths(affected_ends), strict=True):
                scenario_paths[p], costs[n, p] = path, router.cost(path)
        elif affected:
            costs[n, affected] = router.pair_costs(affected_ends)
        searches += len(affected)
        if paths:
            paths_by_scenario.append(scenario_paths)
        if progress:
            progress(n + 1, len(changes))
    router.reset()
    return BatchPaths(costs=costs, paths=paths_by_scenario, searches=searches)


def _affected_pairs(
    base: Floats, arcs: Any, values: Any, pairs_by_arc: dict[int, list[int]], n_pairs: int
) -> list[int]:
    """Return the indices of the pairs whose least cost may differ."""
    changed = np.asarray(arcs, np.int64)
    if (np.asarray(values, float) < base[changed]).any():
        return list(range(n_pairs))
    return sorted({p for arc in changed.tolist() for p in pairs_by_arc.get(arc, ())})


def _pairs_by_arc(paths: Sequence[Ints | None]) -> dict[int, list[int]]:
    """Return arc → indices of the pairs whose path uses it."""
    pairs_by_arc: dict[int, list[int]] = {}
    for n, path in enumerate(paths):
        for arc in () if path is None else path.tolist():
            pairs_by_arc.setdefault(arc, []).append(n)
    return pairs_by_arc
