"""The router: one graph, costs that change, and the engine that suits the question."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from math import inf
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import AraxesError, UnknownNameError
from corridors.routing.graph import numbers
from corridors.routing.integer_costs import Unit, check, fits, longest, lower_unit, unit_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.routing.graph import Floats, Graph, Ints

__all__ = ["ENGINES", "Router"]

ENGINES = ("auto", "cch", "scipy", "python")
# On a small graph a few searches are done before an engine would be ready.
SMALL, FEW = 5000, 16


class Router:
    """Least costs and ways over a graph, exact and the same with every engine.

    Costs that are whole numbers of a unit (tenths of a metre, minutes, eighths), so that no way
    adds up to 31 bits of them, are added up as whole numbers. Others are added up as floats, from
    the beginning of a way to its end; hierarchies cannot do that, so another engine answers.

    Threads may share a router; one waits for the other, and `change` is for all.

    Parameters
    ----------
    costs : of each arc, 0 or more, infinite where closed.
    engine : ``auto``, ``cch`` (contraction hierarchies), ``scipy`` or ``python``. ``auto`` searches
        small graphs in plain Python until so much is asked that it pays to prepare a hierarchy,
        and takes SciPy where there are none.
    within : how much dearer than the best a way may be, as a part of its cost. If more than 0,
        hierarchies also answer for costs that are no whole numbers, rounded down. A sum of these
        is a lower bound; what is not proved by it to be near enough is searched for exactly.

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
        if engine == "cch" and not _installed():
            message = "engine 'cch' needs routingkit-cch: pip install 'araxes[fast]'"
            raise AraxesError(message)
        self.graph = graph
        self._base: Floats = np.array(costs, float)
        if self._base.shape != (graph.n_arcs,):
            message = f"{self._base.size} costs for {graph.n_arcs} arcs; give one each"
            raise AraxesError(message)
        check(self._base)
        self._base.setflags(write=False)
        self._costs = self._base.copy()
        self._changed: Ints = np.empty(0, np.int64)
        self._bound = self._base_bound = longest(graph, self._base)
        self._unit = self._base_unit = unit_for(self._bound, self._base)
        self._wanted, self._within, self._asked = engine, within, 0
        self._engines: dict[str, Any] = {}
        # Which arcs each engine has other weights for than those of the base, and in which unit.
        self._applied: dict[str, tuple[Ints, Unit]] = {}
        self._last = engine
        self._lock = RLock()

    def __getstate__(self) -> dict[str, Any]:
        """Return what can be sent to another process: engines are made anew there."""
        return self.__dict__ | {"_lock": None, "_engines": {}, "_applied": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take what another process sent."""
        self.__dict__.update(state, _lock=RLock())

    @property
    def engine(self) -> str:
        """Return the engine that answered last, or the one wanted."""
        return self._last

    @property
    def base(self) -> Floats:
        """Return the costs of the arcs before any change."""
        return self._base

    def change(self, arcs: Any, costs: Any) -> None:
        """Give some arcs other costs, on top of the base costs; what was changed before is undone.

        Of an arc named twice the last cost counts.

        Raises
        ------
        AraxesError : a cost that cannot be.
        UnknownNameError : an arc that there is not.
        """
        which, values = numbers(arcs, self.graph.n_arcs, "arc"), np.asarray(costs, float)
        if which.shape != values.shape or which.ndim != 1:
            message = f"{which.size} arcs and {values.size} costs; give one of each"
            raise AraxesError(message)
        check(values)
        with self._lock:
            self.reset()
            self._costs[which] = values
            self._changed = np.unique(which)
            try:
                self._bound, self._unit = self._measured(self._costs[self._changed])
            except AraxesError:
                self.reset()
                raise

    def reset(self) -> None:
        """Go back to the base costs."""
        with self._lock:
            self._costs[self._changed] = self._base[self._changed]
            self._changed = self._changed[:0]
            self._bound, self._unit = self._base_bound, self._base_unit

    def _measured(self, changed: Floats) -> tuple[float, Unit]:
        """Return the bound under some changes, and the unit of the base if it still suits."""
        # Each arc raises the bound by no more than its own cost.
        bound = self._base_bound + sum(changed[np.isfinite(changed)].tolist())
        unit = self._base_unit
        if fits(bound, unit.scale) and unit.suits(changed) if unit.whole else bound < inf:
            return bound, unit
        bound = longest(self.graph, self._costs)
        return bound, unit_for(bound, self._costs)

    def _ready(self, searches: int, *, ways: bool) -> Any:
        """Return the engine for so many more searches, with the costs of now."""
        self._asked += searches
        name = self._chosen(ways=ways)
        return self._prepared(name)

    def _chosen(self, *, ways: bool) -> str:
        if self._wanted in ("scipy", "python"):
            return self._wanted
        if self._wanted == "auto" and self.graph.n_nodes <= SMALL and self._asked <= FEW:
            return "python"
        held = self._unit.whole or (ways and self._within > 0)
        return "cch" if held and _installed() else "scipy"

    def _prepared(self, name: str) -> Any:
        unit = self._unit
        if name == "cch" and not unit.whole:
            unit = lower_unit(self._bound)
        # What is interrupted half way is made anew.
        before = self._applied.pop(name, None)
        if before is None:
            self._engines[name] = _made(name, self.graph, unit.weights(self._costs))
        elif before[1] != unit:
            self._engines[name].reset(unit.weights(self._costs))
        else:
            which = np.union1d(before[0], self._changed)
            weights = unit.weights(self._costs[which])
            self._engines[name].update(dict(zip(which.tolist(), weights.tolist(), strict=True)))
        self._applied[name] = self._changed, unit
        self._last = name
        return self._engines[name]

    def costs(self, sources: Sequence[int], targets: Sequence[int]) -> Floats:
        """Return the least costs, shape (sources, targets), infinite where there is no way."""
        rows = numbers(sources, self.graph.n_nodes, "node").tolist()
        columns = numbers(targets, self.graph.n_nodes, "node").tolist()
        if not rows or not columns:
            return np.empty((len(rows), len(columns)))
        with self._lock:
            found: Floats = self._ready(len(rows), ways=False).table(rows, columns)
            return self._unit.costs(found)

    def pair_costs(self, pairs: Sequence[tuple[int, int]]) -> Floats:
        """Return the least cost of each pair, infinite where there is no way."""
        asked = self._pairs(pairs)
        with self._lock:
            if self._within > 0:
                return np.array([self.cost(path) for path in self._paths(asked)], float)
            searches = len({a for a, _ in asked})
            found: Floats = self._ready(searches, ways=False).pairs(asked)
            return self._unit.costs(found)

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[Ints | None]:
        """Return the arcs of a best way of each pair, None where there is none."""
        asked = self._pairs(pairs)
        with self._lock:
            return self._paths(asked)

    def _paths(self, asked: list[tuple[int, int]]) -> list[Ints | None]:
        engine = self._ready(len({a for a, _ in asked}), ways=True)
        found: list[Ints | None] = [
            None if path is None else np.array(path, np.int64) for path in engine.paths(asked)
        ]
        unit = self._applied[engine.name][1]
        if unit.rounding == "down":
            unsure = [n for n, path in enumerate(found) if not self._proved(path, unit)]
            if unsure:
                exact = self._prepared("scipy").paths([asked[n] for n in unsure])
                for n, path in zip(unsure, exact, strict=True):
                    found[n] = np.array(path, np.int64)
        return found

    def _proved(self, path: Ints | None, unit: Unit) -> bool:
        """Return whether a way, the best one with costs rounded down, is near enough the best."""
        if path is None:
            return True
        costs = self._costs[path]
        least = float(unit.costs(unit.weights(costs)).sum())
        return bool(costs.sum() <= least * (1 + self._within))

    def _pairs(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        found = numbers(pairs, self.graph.n_nodes, "node")
        if found.size and (found.ndim != 2 or found.shape[1] != 2):
            message = f"pairs of shape {found.shape}; give two nodes each"
            raise AraxesError(message)
        return [(a, b) for a, b in found.reshape(-1, 2).tolist()]

    def cost(self, path: Ints | None) -> float:
        """Return the cost of a way, infinite if there is none; added up as the engines do it."""
        if path is None:
            return inf
        if not path.size:
            return 0.0
        weights = self._unit.weights(self._costs[path])
        return float(self._unit.costs(np.add.accumulate(weights)[-1]))


@cache
def _installed() -> bool:
    """Return whether the library of the hierarchies is there, and loads."""
    try:
        import_module("routingkit_cch")
    except ImportError:
        return False
    return True


def _made(name: str, graph: Graph, weights: Floats) -> Any:
    """Return an engine; each loads its library when it is first wanted."""
    if name == "python":
        from corridors.routing.engines.dijkstra import DijkstraEngine

        return DijkstraEngine(graph, weights)
    if name == "scipy":
        from corridors.routing.engines.scipy_engine import ScipyEngine

        return ScipyEngine(graph, weights)
    from corridors.routing.engines.cch import CCHEngine

    return CCHEngine(graph, weights)
