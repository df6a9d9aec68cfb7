"""A graph as arrays: an arc is known by its index, whatever its costs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from borders.errors import AraxesError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.integer[Any]]
    Floats: TypeAlias = NDArray[np.floating[Any]]

__all__ = ["Graph"]

# Node and arc numbers are 32-bit in every engine.
MOST = 2**31 - 2


@dataclass(frozen=True, kw_only=True, eq=False)
class Graph:
    """A directed graph; parallel arcs, loops and arcs of no cost are allowed.

    Parameters
    ----------
    n_nodes : nodes are 0 to n_nodes - 1.
    tail, head : where each arc begins and ends, shape (n_arcs,).
    lon, lat : positions, shape (n_nodes,), if known: a better order of the nodes where no
        partitioner is installed.

    Raises
    ------
    AraxesError : the arrays differ in length, or name a node that there is not.
    """

    n_nodes: int
    tail: Ints
    head: Ints
    lon: Floats | None = None
    lat: Floats | None = None

    def __post_init__(self) -> None:
        """Refuse arrays that make no graph."""
        for name in ("tail", "head"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), np.int32))
        if self.tail.shape != self.head.shape or self.tail.ndim != 1:
            message = f"{self.tail.size} tails and {self.head.size} heads; give one of each an arc"
            raise AraxesError(message)
        if not 0 < self.n_nodes <= MOST or self.tail.size > MOST:
            message = f"{self.n_nodes:,} nodes and {self.tail.size:,} arcs; at most {MOST:,} each"
            raise AraxesError(message)
        ends = np.concatenate([self.tail, self.head])
        if ends.size and (ends.min() < 0 or ends.max() >= self.n_nodes):
            message = f"arcs name nodes {ends.min()} to {ends.max()} of {self.n_nodes:,}"
            raise AraxesError(message)

    @property
    def n_arcs(self) -> int:
        """Return the number of arcs."""
        return int(self.tail.size)

    @cached_property
    def topology_hash(self) -> str:
        """Return a hash of nodes and arcs, whatever they cost."""
        digest = hashlib.sha256(f"{self.n_nodes}:".encode())
        digest.update(self.tail.astype("<i4").tobytes())
        digest.update(self.head.astype("<i4").tobytes())
        return digest.hexdigest()
