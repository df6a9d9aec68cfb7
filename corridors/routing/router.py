"""The router: one graph, costs that change, and the engine that suits the search."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from math import inf
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import AraxesError, UnknownNameError
from corridors.routing.graph import checked_indices, sorted_distinct
from corridors.routing.integer_costs import (
    Unit,
    check_costs,
    cost_bound,
    fits_31_bits,
    lower_unit,
    unit_for,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.routing.graph import Floats, Graph, Ints

__all__ = ["ENGINES", "Router", "cch_installed"]

ENGINES = ("auto", "cch", "scipy", "python")
# On a graph of at most this many nodes up to this many searches are done in plain Python before
# another engine would be ready.
SMALL_GRAPH_NODES, FEW_SEARCHES = 5000, 16


class Router:
    """Least costs and paths over a graph, exact and the same with every engine.

    Where all costs are whole numbers of a unit (tenths of a metre, minutes, eighths) and no path
    adds up to 31 bits of it, they are added up as whole numbers. Other costs are added up as
    floats, from the beginning of a path to its end; hierarchies cannot do that, so another engine
    searches.

    Threads may share a router: one waits for the other, and `change` holds for all.

    Parameters
    ----------
    costs : of each arc, 0 or more, infinite where closed.
    engine : ``auto``, ``cch`` (contraction hierarchies), ``scipy`` or ``python``. ``auto`` searches
        small graphs in plain Python until there are so many searches that it pays to prepare a
        hierarchy, and takes SciPy where that library is not installed.
    within : relative tolerance: by which part of the least cost a path may be dearer. If more
        than 0, hierarchies also search with costs that are no whole numbers, rounded down. A sum
        of costs rounded down is a lower bound; a path whose cost it does not prove to be within
        the tolerance is searched for again, exactly.

    Raises
    ------
    AraxesError : a cost that is negative or no number, costs that add up beyond all floats, or
        the engine's library is not installed.
    UnknownNameError : no such engine.

    Examples
    --------
    >>> from corridors.routing import Graph
    >>> square = Graph(n_nodes=4, tail=[0, 1, 2, 3], head=[1, 2, 3, 0])
    >>> router = Router(square, [1.0, 2.5, 1.0, 1.0])
    >>> router.costs([0], [2, 3]).tolist(), router.paths([(0, 2)])[0].tolist()
    ([[3.5, 4.5]], [0, 1])
    >>> router.change([1], [9.0])
    >>> router.pair_costs([(0, 2), (2, 0)]).tolist()
    [10.0, 2.0]
    """

    def __init__(
        self, graph: Graph, costs: Any, *, engine: str = "auto", within: float = 0.0
    ) -> None:
        if engine not in ENGINES:
            message = f"no engine '{engine}'; known: {', '.join(ENGINES)}"
            raise UnknownNameError(message)
        if engine == "cch" and not cch_installed():
            message = "engine 'cch' needs routingkit-cch: pip install 'araxes[fast]'"
            raise AraxesError(message)
        self.graph = graph
        self._base: Floats = np.array(costs, float)
        if self._base.shape != (graph.n_arcs,):
            message = f"{self._base.size} costs for {graph.n_arcs} arcs; give one each"
            raise AraxesError(message)
        check_costs(self._base)
        self._base.setflags(write=False)
        self._costs = self._base.copy()
        self._changed: Ints = np.empty(0, np.int64)
        self._bound = self._base_bound = cost_bound(graph, self._base)
        self._unit = self._base_unit = unit_for(self._bound, self._base)
        self._engine_option, self._within, self._searches = engine, within, 0
        self._engines: dict[str, Any] = {}
        # Engine → arcs whose weights in it differ from those of the base costs, and their unit.
        self._applied: dict[str, tuple[Ints, Unit]] = {}
        self._last_engine = engine
        self._lock = RLock()

    def __getstate__(self) -> dict[str, Any]:
        """Return the state without engines and lock, which are made anew in another process."""
        return self.__dict__ | {"_lock": None, "_engines": {}, "_applied": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take the state of a router of another process."""
        self.__dict__.update(state, _lock=RLock())

    @property
    def engine(self) -> str:
        """Return the engine that searched last, or the one asked for if none has yet."""
        return self._last_engine

    @property
    def base(self) -> Floats:
        """Return the costs of the arcs before any change."""
        return self._base

    @property
    def present(self) -> Floats:
        """Return the costs of the arcs with what was changed."""
        return self._costs

    def change(self, arcs: Any, costs: Any) -> None:
        """Give some arcs other costs, on top of the base costs; what was changed before is undone.

        Of an arc named twice the last cost counts.

        Parameters
        ----------
        arcs : indices, shape (n,).
        costs : 0 or more, infinite where closed, shape (n,).

        Raises
        ------
        AraxesError : a cost is negative or no number, or costs add up beyond all floats.
        UnknownNameError : no such arc.
        """
        changed = checked_indices(arcs, self.graph.n_arcs, "arc")
        values = np.asarray(costs, float)
        if changed.shape != values.shape or changed.ndim != 1:
            message = f"{changed.size} arcs and {values.size} costs; give one of each"
            raise AraxesError(message)
        check_costs(values)
        with self._lock:
            self.reset()
            self._costs[changed] = values
            self._changed = sorted_distinct(changed)
            try:
                self._bound, self._unit = self._bound_and_unit(self._costs[self._changed])
            except AraxesError:
                self.reset()
                raise

    def reset(self) -> None:
        """Go back to the base costs."""
        with self._lock:
            self._costs[self._changed] = self._base[self._changed]
            self._changed = self._changed[:0]
            self._bound, self._unit = self._base_bound, self._base_unit

    def _bound_and_unit(self, changed_costs: Floats) -> tuple[float, Unit]:
        """Return the bound of all least costs after a change, and the base's unit if it suits."""
        # Each arc raises the bound by no more than its own cost.
        bound = self._base_bound + sum(changed_costs[np.isfinite(changed_costs)].tolist())
        unit = self._base_unit
        if unit.whole:
            suits = fits_31_bits(bound, unit.scale) and unit.suits(changed_costs)
        else:
            suits = bound < inf
        if suits:
            return bound, unit
        bound = cost_bound(self.graph, self._costs)
        return bound, unit_for(bound, self._costs)

    def _engine_for(self, searches: int, *, paths: bool) -> Any:
        """Return the engine for so many more searches, with the present costs."""
        self._searches += searches
        return self._prepared(self._engine_name(paths=paths))

    def _engine_name(self, *, paths: bool) -> str:
        if self._engine_option in ("scipy", "python"):
            return self._engine_option
        few = self.graph.n_nodes <= SMALL_GRAPH_NODES and self._searches <= FEW_SEARCHES
        if self._engine_option == "auto" and few:
            return "python"
        suits_cch = self._unit.whole or (paths and self._within > 0)
        return "cch" if suits_cch and cch_installed() else "scipy"

    def _prepared(self, name: str) -> Any:
        """Return an engine with the present costs as its weights."""
        unit = self._unit
        if name == "cch" and not unit.whole:
            unit = lower_unit(self._bound)
        # An engine whose update was interrupted is no longer in `_applied`, and so made anew.
        applied = self._applied.pop(name, None)
        if applied is None:
            self._engines[name] = _new_engine(name, self.graph, unit.weights(self._costs))
        elif applied[1] != unit:
            self._engines[name].reset(unit.weights(self._costs))
        else:
            arcs = sorted_distinct(np.concatenate([applied[0], self._changed]))
            weights = unit.weights(self._costs[arcs])
            self._engines[name].update(dict(zip(arcs.tolist(), weights.tolist(), strict=True)))
        self._applied[name] = self._changed, unit
        self._last_engine = name
        return self._engines[name]

    def costs(self, sources: Sequence[int], targets: Sequence[int]) -> Floats:
        """Return the least costs, shape (sources, targets), infinite where there is no path."""
        rows = checked_indices(sources, self.graph.n_nodes, "node").tolist()
        columns = checked_indices(targets, self.graph.n_nodes, "node").tolist()
        if not rows or not columns:
            return np.empty((len(rows), len(columns)))
        with self._lock:
            weights: Floats = self._engine_for(len(rows), paths=False).table(rows, columns)
            return self._unit.costs(weights)

    def pair_costs(self, pairs: Sequence[tuple[int, int]]) -> Floats:
        """Return the least cost of each pair of nodes, infinite where there is no path."""
        ends = self._checked_pairs(pairs)
        with self._lock:
            if self._within > 0:
                return np.array([self.cost(path) for path in self._paths(ends)], float)
            searches = len({source for source, _ in ends})
            weights: Floats = self._engine_for(searches, paths=False).pairs(ends)
            return self._unit.costs(weights)

    def tree(self, source: int, limit: float = inf) -> tuple[Floats, Ints]:
        """Return the least cost to each node within a limit, and the node before it on the way.

        It is one search. Costs are infinite, and nodes negative, where there is no such path; that
        before the source is negative too.
        """
        (row,) = checked_indices([source], self.graph.n_nodes, "node").tolist()
        with self._lock:
            weights, before = self._prepared("scipy").tree(row, limit * self._unit.scale)
            return weights if self._unit.scale == 1.0 else self._unit.costs(weights), before

    def arcs_between(self, tails: Ints, heads: Ints) -> Ints:
        """Return the cheapest arc of each pair of nodes, of which every one has an arc."""
        with self._lock:
            arcs: Ints = self._prepared("scipy").arcs_between(tails, heads)
            return arcs

    def paths(
        self,
        pairs: Sequence[tuple[int, int]],
        *,
        unless: Sequence[Ints | None] | None = None,
    ) -> list[Ints | None]:
        """Return the arcs of a best path of each pair of nodes, None where there is none.

        Parameters
        ----------
        unless : a path of each pair that is to stay, the same object, if none is better; None for
            one of which no path is known. A hierarchy tells so ten times sooner than it returns a
            path; other engines search for all paths.
        """
        ends = self._checked_pairs(pairs)
        with self._lock:
            return self._paths(ends, unless or ())

    def _paths(
        self, ends: list[tuple[int, int]], unless: Sequence[Ints | None] = ()
    ) -> list[Ints | None]:
        engine = self._engine_for(len({source for source, _ in ends}), paths=True)
        unit = self._applied[engine.name][1]
        paths = self._staying(engine, ends, unless, unit)
        asked = [n for n, path in enumerate(paths) if path is None]
        for n, path in zip(asked, engine.paths([ends[n] for n in asked]), strict=True):
            paths[n] = None if path is None else np.array(path, np.int64)
        if unit.rounding == "down":
            unproved = [n for n, path in enumerate(paths) if not self._within_bound(path, unit)]
            if unproved:
                exact = self._prepared("scipy").paths([ends[n] for n in unproved])
                for n, path in zip(unproved, exact, strict=True):
                    paths[n] = np.array(path, np.int64)
        return paths

    def _staying(
        self,
        engine: Any,
        ends: Sequence[tuple[int, int]],
        unless: Sequence[Ints | None],
        unit: Unit,
    ) -> list[Ints | None]:
        """Return of each pair the path that is known, None where it is not a best one."""
        paths: list[Ints | None] = [None] * len(ends)
        known = [(n, path) for n, path in enumerate(unless) if path is not None and path.size]
        if engine.name != "cch" or not known:
            return paths
        starts = np.cumsum([0, *(path.size for _, path in known)])[:-1]
        weights = unit.weights(self._costs[np.concatenate([path for _, path in known])])
        sums = np.add.reduceat(weights, starts)
        least = engine.pairs([ends[n] for n, _ in known])
        for k in np.flatnonzero(sums <= least).tolist():
            n, path = known[k]
            paths[n] = path
        return paths

    def _within_bound(self, path: Ints | None, unit: Unit) -> bool:
        """Return whether a path, the best one by costs rounded down, is within the tolerance."""
        if path is None:
            return True
        costs = self._costs[path]
        lower_bound = float(unit.costs(unit.weights(costs)).sum())
        return bool(costs.sum() <= lower_bound * (1 + self._within))

    def _checked_pairs(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        nodes = checked_indices(pairs, self.graph.n_nodes, "node")
        if nodes.size and (nodes.ndim != 2 or nodes.shape[1] != 2):
            message = f"pairs of shape {nodes.shape}; give two nodes each"
            raise AraxesError(message)
        return [(a, b) for a, b in nodes.reshape(-1, 2).tolist()]

    def cost(self, path: Ints | None) -> float:
        """Return the cost of a path, infinite if there is none; added up as the engines do it."""
        if path is None:
            return inf
        if not path.size:
            return 0.0
        weights = self._unit.weights(self._costs[path])
        return float(self._unit.costs(np.add.accumulate(weights)[-1]))


@cache
def cch_installed() -> bool:
    """Return whether the library of the hierarchies is installed and can be loaded."""
    try:
        import_module("routingkit_cch")
    except ImportError:
        return False
    return True


def _new_engine(name: str, graph: Graph, weights: Floats) -> Any:
    """Return an engine; each loads its library only when it is made."""
    if name == "python":
        from corridors.routing.engines.dijkstra import DijkstraEngine

        return DijkstraEngine(graph, weights)
    if name == "scipy":
        from corridors.routing.engines.scipy_engine import ScipyEngine

        return ScipyEngine(graph, weights)
    from corridors.routing.engines.cch import CCHEngine

    return CCHEngine(graph, weights)
