"""Costs as numbers that every engine adds up alike."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf, log2
from typing import TYPE_CHECKING

import numpy as np

from borders.errors import AraxesError

if TYPE_CHECKING:
    from corridors.routing.graph import Floats, Graph

__all__ = ["FLOATS", "NARROW", "Unit", "check", "fits", "longest", "lower_unit", "unit_for"]

# The hierarchies add up in 31 bits: a sum that reaches this reads as no way at all.
NARROW = 2**31 - 1
# Costs as they are published: in whole metres, tenths of them, minutes, cents.
DECIMAL = (1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6)
# Room left for costs that a scenario raises, so that the unit need not change.
ROOM = 4.0
# What floats lose when they are read and multiplied, of their size.
BLUR = 2.0**-50


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """How costs become the weights that engines add up.

    Parameters
    ----------
    scale : how many units make a cost of one.
    rounding : to ``whole`` numbers of units, where costs are such; ``down`` to them; or none, for
        ``floats``.
    """

    scale: float
    rounding: str

    @property
    def whole(self) -> bool:
        """Return whether costs are whole numbers of this unit."""
        return self.rounding == "whole"

    def suits(self, costs: Floats) -> bool:
        """Return whether the rounding to this unit is none."""
        finite = costs[np.isfinite(costs)] * self.scale
        return bool((np.abs(finite - np.rint(finite)) <= BLUR * finite).all())

    def weights(self, costs: Floats) -> Floats:
        """Return costs in units, infinite where closed."""
        if self.rounding == "floats":
            return costs.astype(float)
        rounded = np.rint if self.whole else np.floor
        found: Floats = rounded(costs * self.scale)
        return found

    def costs(self, weights: Floats) -> Floats:
        """Return units as costs again."""
        return weights / self.scale


FLOATS = Unit(scale=1.0, rounding="floats")


def longest(graph: Graph, costs: Floats) -> float:
    """Return a bound on every least cost: a way without loops leaves each node once.

    Raises
    ------
    AraxesError : they may add up beyond what floats can hold.
    """
    finite = np.where(np.isfinite(costs), costs, 0.0)
    dearest = np.zeros(graph.n_nodes)
    np.maximum.at(dearest, graph.tail, finite)
    with np.errstate(over="ignore"):
        bound = float(dearest.sum())
    if bound == inf:
        message = (
            f"arc {int(finite.argmax())} costs {finite.max():g}; costs add up beyond 1e308; "
            "give an arc that is closed an infinite cost"
        )
        raise AraxesError(message)
    return bound


def fits(bound: float, scale: float) -> bool:
    """Return whether sums up to a bound stay below 31 bits; the bound is a sum of floats."""
    return bound * scale * (1 + 1e-9) < NARROW


def unit_for(bound: float, costs: Floats) -> Unit:
    """Return the unit of which all costs are whole numbers, and sums have 31 bits; else floats."""
    if bound <= 0:
        return Unit(scale=1.0, rounding="whole")
    for scale in (_binary(bound * ROOM), *DECIMAL, _binary(bound)):
        unit = Unit(scale=scale, rounding="whole")
        if fits(bound, scale) and unit.suits(costs):
            return unit
    return FLOATS


def lower_unit(bound: float) -> Unit:
    """Return the finest unit in which sums have 31 bits, for costs rounded down."""
    return Unit(scale=_binary(bound), rounding="down")


def _binary(bound: float) -> float:
    """Return the largest power of two by which sums up to a bound have 31 bits."""
    if bound <= 0:
        return 1.0
    scale = 2.0 ** min(1000, floor(log2(NARROW) - log2(bound)))
    return scale if fits(bound, scale) else scale / 2


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
