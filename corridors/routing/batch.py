"""Many scenarios over the same pairs: only what a change can affect is searched for again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridors.routing.graph import sorted_distinct

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridors.routing.graph import Floats, Ints
    from corridors.routing.router import Router

__all__ = ["BasePaths", "BatchPaths", "base_paths_of", "route_batch"]


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


class BasePaths(NamedTuple):
    """The best paths of pairs by a router's base costs, and the pairs of each arc.

    Parameters
    ----------
    paths, costs : of each pair.
    arcs, pairs : arcs of all paths in order of arcs, and the pair whose path each belongs to.
    """

    paths: list[Ints | None]
    costs: Floats
    arcs: Ints
    pairs: Ints

    def through(self, arcs: Ints) -> Ints:
        """Return the indices of the pairs whose path uses one of some arcs, in order."""
        begin, end = (np.searchsorted(self.arcs, arcs, side) for side in ("left", "right"))
        spans = [self.pairs[a:b] for a, b in zip(begin, end, strict=True) if a < b]
        return sorted_distinct(np.concatenate(spans)) if spans else np.empty(0, np.int64)


def base_paths_of(router: Router, pairs: Sequence[tuple[int, int]]) -> BasePaths:
    """Return the best paths of pairs by the base costs, for several batches of the same pairs."""
    router.reset()
    paths = router.paths(pairs)
    costs = np.array([router.cost(path) for path in paths], float)
    sizes = [0 if path is None else path.size for path in paths]
    found = [path for path in paths if path is not None]
    arcs = np.concatenate(found) if found else np.empty(0, np.int64)
    order = np.argsort(arcs, kind="stable")
    return BasePaths(paths, costs, arcs[order], np.repeat(np.arange(len(paths)), sizes)[order])


def route_batch(
    router: Router,
    changes: Sequence[tuple[Any, Any]],
    pairs: Sequence[tuple[int, int]],
    *,
    paths: bool = False,
    base: BasePaths | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BatchPaths:
    """Return the least costs of all pairs under each scenario, which changes the costs of arcs.

    Where arcs only become dearer or close, a path that uses none of them stays the best, so only
    the others are searched for again. After an opening all costs are found again, and the paths of
    those that cost less than before.

    Parameters
    ----------
    changes : arcs and costs of each scenario on top of the base costs, as `Router.change` takes
        them.
    pairs : nodes from and to, for all scenarios.
    paths : whether to return the paths too; the costs alone are found faster.
    base : the paths of these pairs by the base costs, if they are known.
    progress : called with the number of scenarios done and of all.

    Raises
    ------
    AraxesError : as `Router.change`.
    """
    searches = 0 if base is not None else len(pairs)
    known = base or base_paths_of(router, pairs)
    costs = np.empty((len(changes), len(pairs)))
    paths_by_scenario: list[list[Ints | None]] = []
    for n, (arcs, values) in enumerate(changes):
        router.change(arcs, values)
        changed = np.asarray(arcs, np.int64)
        cheaper = bool((np.asarray(values, float) < router.base[changed]).any())
        touched = known.through(changed)
        affected = np.arange(len(pairs)) if cheaper else touched
        ends = [pairs[p] for p in affected.tolist()]
        costs[n] = known.costs
        scenario_paths = list(known.paths) if paths else []
        if affected.size and paths:
            # Only what no change touches may stay as it was.
            stay = set(affected.tolist()) - set(touched.tolist())
            untouched = [known.paths[p] if p in stay else None for p in affected.tolist()]
            for p, path in zip(affected, router.paths(ends, unless=untouched), strict=True):
                if path is not known.paths[p]:
                    scenario_paths[p], costs[n, p] = path, router.cost(path)
        elif affected.size:
            costs[n, affected] = router.pair_costs(ends)
        searches += len(affected)
        if paths:
            paths_by_scenario.append(scenario_paths)
        if progress:
            progress(n + 1, len(changes))
    router.reset()
    return BatchPaths(costs=costs, paths=paths_by_scenario, searches=searches)
