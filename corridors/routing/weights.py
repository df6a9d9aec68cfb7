"""Costs as whole numbers that no way can sum up beyond 31 bits."""

from __future__ import annotations

from math import floor, log2
from typing import TYPE_CHECKING

import numpy as np

from borders.errors import AraxesError

if TYPE_CHECKING:
    from corridors.routing.graph import Floats, Graph, Ints

__all__ = ["CLOSED", "longest", "scale_for", "whole"]

# An arc of this weight is closed; a sum that reaches it would read as no way at all.
CLOSED = 2**31 - 1
# Room left for costs that a scenario raises before a new scale is needed.
ROOM = 4.0
# Finer than a millionth of the unit nobody measures.
FINEST = 20


def longest(graph: Graph, costs: Floats) -> float:
    """Return a bound on every least cost: a way without loops leaves each node once."""
    dearest = np.zeros(graph.n_nodes)
    np.maximum.at(dearest, graph.tail, np.where(np.isfinite(costs), costs, 0.0))
    return float(dearest.sum())


def scale_for(bound: float) -> float:
    """Return the power of two by which costs become whole numbers that add up safely."""
    if bound <= 0:
        return 1.0
    # Rounding wins or loses half a unit an arc, which the room holds a thousand times over.
    return float(2.0 ** min(FINEST, floor(log2(CLOSED / ROOM / bound))))


def whole(costs: Floats, scale: float) -> Ints:
    """Return costs as whole numbers, `CLOSED` where they are infinite."""
    finite = np.isfinite(costs)
    found = np.full(costs.shape, CLOSED, np.int64)
    found[finite] = np.rint(costs[finite] * scale).astype(np.int64)
    return found


def check(costs: Floats) -> None:
    """Refuse costs that are negative or not a number.

    Raises
    ------
    AraxesError : the message names the first such arc.
    """
    bad = np.flatnonzero(~(costs >= 0))
    if bad.size:
        message = f"arc {bad[0]} costs {costs[bad[0]]}; costs are 0 or more, infinite where closed"
        raise AraxesError(message)
