"""The router: one graph, costs that change, and the engine that suits the question."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import AraxesError
from corridors.routing.weights import CLOSED, check, longest, scale_for, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.routing.graph import Floats, Graph, Ints

__all__ = ["ENGINES", "Router"]

ENGINES = ("auto", "cch", "scipy", "python")
# On a small graph a few searches are done before an engine would be ready.
SMALL, FEW = 5000, 16


class Router:
    """Least costs and ways over a graph.

    Costs are summed as whole numbers of a unit, a power of two so fine that the longest way still
    stays below 2^31; every engine gives the same sums. Where ways are asked for, `cost` sums up
    their exact costs.

    Parameters
    ----------
    costs : of each arc, 0 or more, infinite where closed.
    engine : ``auto``, ``cch``, ``scipy`` or ``python``.

    Raises
    ------
    AraxesError : unknown engine, a cost that is negative or no number, or the engine's library is
        not installed.

    Examples
    --------
    >>> from corridors.routing import Graph
    >>> square = Graph(n_nodes=4, tail=[0, 1, 2, 3], head=[1, 2, 3, 0])
    >>> router = Router(square, [1.0, 2.5, 1.0, 1.0])
    >>> router.costs([0], [2, 3]).tolist(), router.paths([(0, 2)])[0].tolist()
    ([[3.5, 4.5]], [0, 1])
    """

    def __init__(self, graph: Graph, costs: Any, *, engine: str = "auto") -> None:
        if engine not in ENGINES:
            message = f"no engine '{engine}'; known: {', '.join(ENGINES)}"
            raise AraxesError(message)
        if engine == "cch" and find_spec("routingkit_cch") is None:
            message = "engine 'cch' needs routingkit-cch: pip install 'araxes[fast]'"
            raise AraxesError(message)
        self.graph = graph
        self._base: Floats = np.array(costs, float)
        if self._base.shape != (graph.n_arcs,):
            message = f"{self._base.size} costs for {graph.n_arcs} arcs; give one each"
            raise AraxesError(message)
        check(self._base)
        self._costs = self._base.copy()
        self._changed: dict[int, float] = {}
        self._bound = longest(graph, self._base)
        self._scale = scale_for(self._bound)
        self._weights = whole(self._base, self._scale)
        self._wanted, self._engine, self._asked = engine, None, 0
        self._stale = False

    _engine: Any

    @property
    def engine(self) -> str:
        """Return the engine that answered last, or the one wanted."""
        return self._engine.name if self._engine else self._wanted

    @property
    def unit(self) -> float:
        """Return the unit of the sums: a cost without its way is exact to half of it an arc."""
        return 1 / self._scale

    @property
    def base(self) -> Floats:
        """Return the costs of the arcs before any change."""
        return self._base

    def change(self, arcs: Any, costs: Any) -> None:
        """Give some arcs other costs, on top of the base costs; what was changed before is undone.

        Raises
        ------
        AraxesError : an arc that there is not, or a cost that cannot be.
        """
        which, values = np.asarray(arcs, np.int64), np.asarray(costs, float)
        if which.shape != values.shape:
            message = f"{which.size} arcs and {values.size} costs; give one of each"
            raise AraxesError(message)
        if which.size and (which.min() < 0 or which.max() >= self.graph.n_arcs):
            message = f"arcs {which.min()} to {which.max()} of {self.graph.n_arcs}"
            raise AraxesError(message)
        check(values)
        new = dict(zip(which.tolist(), values.tolist(), strict=True))
        # Each arc raises the bound by no more than its own cost.
        rise = sum(v for v in new.values() if v != np.inf)
        if (self._bound + rise) * self._scale >= CLOSED / 2:
            self._rescale(rise)
        undone = {arc: float(self._base[arc]) for arc in self._changed if arc not in new}
        self._changed = new
        self._set({**undone, **new})

    def reset(self) -> None:
        """Go back to the base costs."""
        undone = {arc: float(self._base[arc]) for arc in self._changed}
        self._changed = {}
        self._set(undone)

    def _set(self, costs: dict[int, float]) -> None:
        if not costs:
            return
        which = np.fromiter(costs, np.int64, len(costs))
        values = np.fromiter(costs.values(), float, len(costs))
        weights = whole(values, self._scale)
        kept = weights == self._weights[which]
        self._costs[which], self._weights[which] = values, weights
        if self._engine is not None and not kept.all():
            changed = zip(which[~kept].tolist(), weights[~kept].tolist(), strict=True)
            self._engine.update(dict(changed))

    def _rescale(self, rise: float) -> None:
        """Take a coarser unit, so that dearer arcs still add up safely."""
        self._scale = scale_for(self._bound + rise)
        self._weights = whole(self._costs, self._scale)
        if self._engine is not None:
            self._engine.reset(self._weights)

    def _ready(self, queries: int) -> Any:
        """Return the engine for so many more questions."""
        self._asked += queries
        name = self._wanted
        if name == "auto":
            if self.graph.n_nodes <= SMALL and self._asked <= FEW:
                name = "python"
            else:
                name = "cch" if find_spec("routingkit_cch") else "scipy"
        if self._engine is None or self._engine.name != name:
            self._engine = _made(name, self.graph, self._weights)
        return self._engine

    def _check_nodes(self, nodes: Sequence[int]) -> None:
        for node in nodes:
            if not 0 <= node < self.graph.n_nodes:
                message = f"node {node} of a graph of {self.graph.n_nodes}"
                raise AraxesError(message)

    def costs(self, sources: Sequence[int], targets: Sequence[int]) -> Floats:
        """Return the least costs, shape (sources, targets), infinite where there is no way."""
        self._check_nodes([*sources, *targets])
        found: Ints = self._ready(len(sources)).table(sources, targets)
        return self._float(found)

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[Ints | None]:
        """Return the arcs of a best way of each pair, None where there is none."""
        self._check_nodes([node for pair in pairs for node in pair])
        found = self._ready(len({source for source, _ in pairs})).paths(pairs)
        return [None if path is None else np.array(path, np.int64) for path in found]

    def cost(self, path: Ints | None) -> float:
        """Return the exact cost of a way, infinite if there is none."""
        return float("inf") if path is None else float(self._costs[path].sum())

    def _float(self, weights: Ints) -> Floats:
        return np.where(weights >= CLOSED, np.inf, weights / self._scale)


def _made(name: str, graph: Graph, weights: Ints) -> Any:
    """Return an engine; each loads its library when it is first wanted."""
    if name == "python":
        from corridors.routing.heap import Heap

        return Heap(graph, weights)
    if name == "scipy":
        from corridors.routing.sparse import Sparse

        return Sparse(graph, weights)
    from corridors.routing.hierarchy import Hierarchy

    return Hierarchy(graph, weights)
