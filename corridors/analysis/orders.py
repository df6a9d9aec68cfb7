"""In which orders the parts of a scenario may come, and what that makes of each part's share.

A share is the mean, over all orders of the parts, of what a part changes when it comes (Shapley's
value). Where parts belong to groups, only orders count in which those of a group come one after the
other (Owen's value): the shares of a group then add up to what the group has among groups. Where
there are too many orders for every subset of the parts to be asked, some orders are drawn, each
with its reverse, and the spread of the pairs gives the standard error of the mean.

Source: L. S. Shapley (1953), A value for n-person games, https://doi.org/10.1515/9781400881970-018;
G. Owen (1977), Values of games with a priori unions,
https://doi.org/10.1007/978-3-642-45494-3_7; J. Castro, D. Gómez, J. Tejada (2009), Polynomial
calculation of the Shapley value based on sampling, https://doi.org/10.1016/j.cor.2008.04.004
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import factorial
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["AllOrders", "DrawnOrders", "Orders", "PartWeights"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWeights:
    """What makes up the share of one part.

    Parameters
    ----------
    routes : index of a route → weight of its cost: positive without the part, negative with it.
    connects : share of orders in which the part makes a way possible, less those in which it ends
        the last one.
    errors : standard errors of the saving and of `connects` that drawing orders leaves; 0 if all
        orders count. The saving's is in the unit of the costs.
    """

    routes: dict[int, Fraction]
    connects: Fraction
    errors: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class AllOrders:
    """All orders of some parts, those of a group one after the other.

    Parameters
    ----------
    groups : numbers of the parts of each group; every part is in one.

    Examples
    --------
    >>> sorted(AllOrders(((0, 1), (2,))).masks)
    [0, 1, 2, 3, 4, 5, 6, 7]
    >>> AllOrders(((0, 1), (2, 3))).n_masks
    12
    >>> sorted(AllOrders(((0, 1), (2, 3))).masks)
    [0, 1, 2, 3, 4, 7, 8, 11, 12, 13, 14, 15]
    """

    groups: tuple[tuple[int, ...], ...]

    @cached_property
    def masks(self) -> set[int]:
        """Return every subset of the parts that may have come, as bit masks."""
        return {
            mask | more << part
            for group in self.groups
            for part in group
            for _, masks in self._contexts(part)
            for mask in masks
            for more in (0, 1)
        }

    @property
    def n_masks(self) -> int:
        """Return the number of the subsets, without making them."""
        # Unions of whole groups, and of whole ones with a part of one that is neither none nor all.
        some = sum((1 << len(group)) - 2 for group in self.groups)
        return (1 << len(self.groups)) + (some << (len(self.groups) - 1))

    def _contexts(self, part: int) -> Iterator[tuple[Fraction, list[int]]]:
        """Yield a weight and the subsets of the other parts that have it, for each weight."""
        own = next(group for group in self.groups if part in group)
        others = [_mask(group) for group in self.groups if group is not own]
        mates = [1 << other for other in own if other != part]
        n, b = len(self.groups), len(own)
        for h, outside in _by_size(others):
            among_groups = Fraction(factorial(h) * factorial(n - h - 1), factorial(n))
            for s, inside in _by_size(mates):
                within = Fraction(factorial(s) * factorial(b - s - 1), factorial(b))
                yield among_groups * within, [a | c for a in outside for c in inside]

    def weights(
        self, part: int, route_of: Mapping[int, int | None], costs: Sequence[Fraction]
    ) -> PartWeights:
        """Return what makes up the share of a part.

        Parameters
        ----------
        route_of : subset → index of its best route; None where there is none.
        costs : of each route.
        """
        del costs
        weights: dict[int, Fraction] = {}
        connects = Fraction(0)
        for weight, masks in self._contexts(part):
            counts, gained = _counted(((mask, mask | 1 << part) for mask in masks), route_of)
            for route, times in counts.items():
                weights[route] = weights.get(route, Fraction(0)) + times * weight
            connects += gained * weight
        return PartWeights(routes={k: w for k, w in weights.items() if w}, connects=connects)


@dataclass(frozen=True)
class DrawnOrders:
    """Some orders of the parts, drawn at random, each with its reverse.

    Parameters
    ----------
    groups : as in `AllOrders`.
    n : how many pairs of an order and its reverse.
    seed : another seed draws other orders.
    """

    groups: tuple[tuple[int, ...], ...]
    n: int
    seed: int = 0

    @cached_property
    def orders(self) -> list[list[int]]:
        """Return the orders, each followed by its reverse."""
        # A number alone would be taken without its sign.
        source = Random(str(self.seed) if self.seed < 0 else self.seed)
        orders = []
        for _ in range(self.n):
            groups = [source.sample(group, len(group)) for group in self.groups]
            source.shuffle(groups)
            order = [part for group in groups for part in group]
            orders += [order, order[::-1]]
        return orders

    @cached_property
    def masks(self) -> set[int]:
        """Return every subset of the parts that has come at some point of an order."""
        masks = {0}
        for order in self.orders:
            mask = 0
            for part in order:
                mask |= 1 << part
                masks.add(mask)
        return masks

    @property
    def n_masks(self) -> int:
        """Return the number of the subsets."""
        return len(self.masks)

    def weights(
        self, part: int, route_of: Mapping[int, int | None], costs: Sequence[Fraction]
    ) -> PartWeights:
        """Return what makes up the share of a part, with the error that drawing leaves."""
        steps = [_step(order, part) for order in self.orders]
        counts, gained = _counted(steps, route_of)
        weight = Fraction(1, len(steps))
        changes = np.array([_change(step, route_of, costs) for step in steps])
        pairs = changes.reshape(-1, 2, 2).mean(axis=1)
        spread = pairs.std(axis=0, ddof=1) if len(pairs) > 1 else np.full(2, np.inf)
        saving, connects = (spread / len(pairs) ** 0.5).tolist()
        return PartWeights(
            routes={route: times * weight for route, times in counts.items() if times},
            connects=gained * weight, errors=(saving, connects),
        )  # fmt: skip


Orders: TypeAlias = "AllOrders | DrawnOrders"


def _mask(parts: Sequence[int]) -> int:
    return sum(1 << part for part in parts)


def _by_size(bits: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield a number and all unions of so many of some disjoint sets."""
    unions: list[list[int]] = [[0], *([] for _ in bits)]
    for bit in bits:
        for size in range(len(bits), 0, -1):
            unions[size] += [mask | bit for mask in unions[size - 1]]
    yield from enumerate(unions)


def _step(order: Sequence[int], part: int) -> tuple[int, int]:
    """Return the subset of the parts that come before one in an order, and the same with it."""
    mask = _mask(order[: order.index(part)])
    return mask, mask | 1 << part


def _counted(
    steps: Iterator[tuple[int, int]] | Sequence[tuple[int, int]],
    route_of: Mapping[int, int | None],
) -> tuple[Counter[int], int]:
    """Return how often each route is left, less how often it is come to, and ways gained."""
    counts: Counter[int] = Counter()
    gained = 0
    for without, within in steps:
        before, after = route_of[without], route_of[within]
        if before is not None and after is not None:
            counts[before] += 1
            counts[after] -= 1
        else:
            gained += (before is None) - (after is None)
    return counts, gained


def _change(
    step: tuple[int, int], route_of: Mapping[int, int | None], costs: Sequence[Fraction]
) -> tuple[float, float]:
    """Return what a step saves, and whether it gains a way (1) or ends it (-1)."""
    before, after = (route_of[mask] for mask in step)
    if before is None or after is None:
        return 0.0, float((before is None) - (after is None))
    return float(costs[before] - costs[after]), 0.0
