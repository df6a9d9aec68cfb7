"""Costs as weights that every engine adds up alike: whole numbers of a unit, or floats."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf, log2
from typing import TYPE_CHECKING

import numpy as np

from borders.errors import AraxesError

if TYPE_CHECKING:
    from corridors.routing.graph import Floats, Graph

__all__ = [
    "FLOATS",
    "INF_WEIGHT",
    "Unit",
    "check_costs",
    "cost_bound",
    "fits_31_bits",
    "lower_unit",
    "unit_for",
]

# The hierarchies add up in 31 bits: a sum that reaches this value means that there is no path.
INF_WEIGHT = 2**31 - 1
# Units per cost of one that are tried: costs are often whole metres, tenths of them or cents.
DECIMAL_SCALES = (1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6)
# The first unit tried holds sums this many times the bound, so that a scenario may raise costs
# without changing the unit. An assumption.
HEADROOM = 4.0
# Relative error that a cost has from being read as a float and multiplied by a scale.
FLOAT_TOLERANCE = 2.0**-50


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """How costs become the weights that engines add up.

    Parameters
    ----------
    scale : number of units in a cost of one.
    rounding : ``whole`` where all costs are whole numbers of units, so that nothing is lost;
        ``down`` to whole numbers of units; ``floats`` for no rounding.
    """

    scale: float
    rounding: str

    @property
    def whole(self) -> bool:
        """Return whether costs are whole numbers of this unit."""
        return self.rounding == "whole"

    def suits(self, costs: Floats) -> bool:
        """Return whether all finite costs are whole numbers of this unit."""
        finite = costs[np.isfinite(costs)] * self.scale
        return bool((np.abs(finite - np.rint(finite)) <= FLOAT_TOLERANCE * finite).all())

    def weights(self, costs: Floats) -> Floats:
        """Return costs in units, infinite where closed."""
        if self.rounding == "floats":
            return costs.astype(float)
        rounding = np.rint if self.whole else np.floor
        weights: Floats = rounding(costs * self.scale)
        return weights

    def costs(self, weights: Floats) -> Floats:
        """Return weights as costs again."""
        return weights / self.scale


FLOATS = Unit(scale=1.0, rounding="floats")


def cost_bound(graph: Graph, costs: Floats) -> float:
    """Return an upper bound of every least cost: a path without loops leaves each node once.

    Raises
    ------
    AraxesError : costs may add up beyond what floats can hold.
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


def fits_31_bits(bound: float, scale: float) -> bool:
    """Return whether sums up to a bound stay below 31 bits, though the bound is a rounded sum."""
    return bound * scale * (1 + 1e-9) < INF_WEIGHT


def unit_for(bound: float, costs: Floats) -> Unit:
    """Return the unit of which all costs are whole numbers and sums fit 31 bits, else `FLOATS`.

    Parameters
    ----------
    bound : upper bound of every least cost (see `cost_bound`).
    """
    if bound <= 0:
        return Unit(scale=1.0, rounding="whole")
    for scale in (
        _power_of_two_scale(bound * HEADROOM),
        *DECIMAL_SCALES,
        _power_of_two_scale(bound),
    ):
        unit = Unit(scale=scale, rounding="whole")
        if fits_31_bits(bound, scale) and unit.suits(costs):
            return unit
    return FLOATS


def lower_unit(bound: float) -> Unit:
    """Return the finest unit in which sums of costs rounded down fit 31 bits."""
    return Unit(scale=_power_of_two_scale(bound), rounding="down")


def _power_of_two_scale(bound: float) -> float:
    """Return the largest power of two as a scale by which sums up to a bound fit 31 bits."""
    if bound <= 0:
        return 1.0
    scale = 2.0 ** min(1000, floor(log2(INF_WEIGHT) - log2(bound)))
    return scale if fits_31_bits(bound, scale) else scale / 2


def check_costs(costs: Floats) -> None:
    """Refuse costs that are negative or not a number.

    Raises
    ------
    AraxesError : the message names the first such arc.
    """
    impossible = np.flatnonzero(~(costs >= 0))
    if impossible.size:
        arc = impossible[0]
        message = f"arc {arc} costs {costs[arc]}; costs are 0 or more, infinite where closed"
        raise AraxesError(message)
