"""A graph as arrays: an arc is known by its index, whatever its costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from borders.errors import AraxesError, UnknownNameError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.integer[Any]]
    Floats: TypeAlias = NDArray[np.floating[Any]]

__all__ = ["Graph", "numbers"]

# Node and arc numbers are 32-bit in every engine.
MOST = 2**31 - 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Graph:
    """A directed graph; parallel arcs, loops and arcs of no cost are allowed.

    The arrays are copied and cannot be written to: a topology never changes. What may be built one
    day is an arc from the start, closed until then.

    Parameters
    ----------
    n_nodes : nodes are 0 to n_nodes - 1.
    tail, head : where each arc begins and ends, shape (n_arcs,).
    lon, lat : positions in degrees, shape (n_nodes,), if known: a better order of the nodes where
        no partitioner is installed.

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

    def __post_init__(self) -> None:
        """Refuse arrays that make no graph."""
        if not 0 < self.n_nodes <= MOST:
            message = f"a graph of {self.n_nodes:,} nodes; give 1 to {MOST:,}"
            raise AraxesError(message)
        for name in ("tail", "head"):
            ends = numbers(getattr(self, name), self.n_nodes, "node").astype(np.int32)
            object.__setattr__(self, name, _frozen(ends))
        if self.tail.shape != self.head.shape or self.tail.ndim != 1:
            message = (
                f"tails of shape {self.tail.shape} and heads of {self.head.shape}; "
                "give one of each an arc"
            )
            raise AraxesError(message)
        if self.tail.size > MOST:
            message = f"a graph of {self.tail.size:,} arcs; at most {MOST:,}"
            raise AraxesError(message)
        for name in ("lon", "lat"):
            given = getattr(self, name)
            if given is None:
                continue
            degrees = np.array(given, float)
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


def numbers(given: Any, count: int, kind: str) -> Ints:
    """Return numbers of nodes or arcs, all of them below a count.

    Raises
    ------
    UnknownNameError : one is no whole number, or there is no such node or arc. A cast to 32 bits
        would make another of it, and the library of the hierarchies would not survive it.
    """
    found = np.asarray(given)
    if not found.size:
        return found.astype(np.int64)
    if found.dtype.kind not in "iu":
        message = f"{kind} {found.ravel()[0]} is not a whole number from 0 to {count - 1:,}"
        raise UnknownNameError(message)
    low, high = int(found.min()), int(found.max())
    if low < 0 or high >= count:
        message = f"no {kind} {low if low < 0 else high}; there are {count:,}, counted from 0"
        raise UnknownNameError(message)
    return found.astype(np.int64)
