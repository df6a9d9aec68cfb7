"""A directed graph as arrays: an arc is known by its index, whatever it costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from borders.errors import AraxesError, UnknownNameError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.integer[Any]]
    Bools: TypeAlias = NDArray[np.bool_]
    Floats: TypeAlias = NDArray[np.floating[Any]]

__all__ = ["Graph", "checked_indices", "sorted_distinct"]

# The engines number nodes and arcs with 32 bits.
MAX_INDEX = 2**31 - 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Graph:
    """A directed graph; parallel arcs, loops and arcs of no cost are allowed.

    The arrays are copied and cannot be written to: a topology never changes. A link that a scenario
    may build is an arc from the start, with an infinite cost until it is open.

    Parameters
    ----------
    n_nodes : nodes are 0 to n_nodes - 1.
    tail, head : where each arc begins and ends, shape (n_arcs,).
    lon, lat : positions in degrees, shape (n_nodes,), if known: they give hierarchies a better
        order of the nodes where no partitioner (pymetis) is installed.
    order : every node once, as a hierarchy is to be built, if it is known.

    Raises
    ------
    AraxesError : the arrays differ in length, or there is no node at all.
    UnknownNameError : an arc begins or ends at a node that there is not.
    """

    n_nodes: int
    tail: Ints
    head: Ints
    lon: Floats | None = None
    lat: Floats | None = None
    order: Ints | None = None

    def __post_init__(self) -> None:
        """Refuse arrays that make no graph."""
        if not 0 < self.n_nodes <= MAX_INDEX:
            message = f"a graph of {self.n_nodes:,} nodes; give 1 to {MAX_INDEX:,}"
            raise AraxesError(message)
        for name in ("tail", "head"):
            ends = checked_indices(getattr(self, name), self.n_nodes, "node").astype(np.int32)
            object.__setattr__(self, name, _frozen(ends))
        if self.tail.shape != self.head.shape or self.tail.ndim != 1:
            message = (
                f"tails of shape {self.tail.shape} and heads of {self.head.shape}; "
                "give one of each an arc"
            )
            raise AraxesError(message)
        if self.tail.size > MAX_INDEX:
            message = f"a graph of {self.tail.size:,} arcs; at most {MAX_INDEX:,}"
            raise AraxesError(message)
        for name in ("lon", "lat"):
            position = getattr(self, name)
            if position is None:
                continue
            degrees = np.array(position, float)
            if degrees.shape != (self.n_nodes,) or not np.isfinite(degrees).all():
                message = f"{name} of shape {degrees.shape}; give one number each node"
                raise AraxesError(message)
            object.__setattr__(self, name, _frozen(degrees))

    @property
    def n_arcs(self) -> int:
        """Return the number of arcs."""
        return int(self.tail.size)

    @cached_property
    def topology_hash(self) -> str:
        """Return a hash of nodes and arcs, whatever they cost."""
        import hashlib

        digest = hashlib.sha256(f"{self.n_nodes}:".encode())
        digest.update(self.tail.astype("<i4").tobytes())
        digest.update(self.head.astype("<i4").tobytes())
        return digest.hexdigest()


def _frozen(array: Any) -> Any:
    array.setflags(write=False)
    return array


def checked_indices(values: Any, count: int, kind: str) -> Ints:
    """Return indices of nodes or arcs, each from 0 to below a count.

    Parameters
    ----------
    kind : ``node`` or ``arc``, for the message.

    Raises
    ------
    UnknownNameError : an index is no whole number, or there is no such node or arc. Cast to 32
        bits it would become another index, and the library of the hierarchies crashes on it.
    """
    indices = np.asarray(values)
    if not indices.size:
        return indices.astype(np.int64)
    if indices.dtype.kind not in "iu":
        message = f"{kind} {indices.ravel()[0]} is not a whole number from 0 to {count - 1:,}"
        raise UnknownNameError(message)
    low, high = int(indices.min()), int(indices.max())
    if low < 0 or high >= count:
        message = f"no {kind} {low if low < 0 else high}; there are {count:,}, counted from 0"
        raise UnknownNameError(message)
    return indices.astype(np.int64)


def sorted_distinct(indices: Ints) -> Ints:
    """Return indices in order, each once, as `numpy.unique` does.

    That function loads masked arrays first, which takes longer than a command's whole search.
    """
    ordered: Ints = np.sort(indices)
    kept = np.ones(ordered.size, bool)
    np.not_equal(ordered[1:], ordered[:-1], out=kept[1:])
    return ordered[kept]
