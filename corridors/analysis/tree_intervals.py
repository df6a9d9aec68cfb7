"""The 95 % intervals of all paths of one search, summed along its tree, not path by path."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from borders.measure import Z95
from corridors.network.estimate import LENGTHS, total
from corridors.network.link_table import LinkTable
from corridors.network.route_error import misses, route_error

if TYPE_CHECKING:
    from corridors.network.link import Link
    from corridors.routing.graph import Floats, Ints
    from corridors.routing.planner import PathTree, RoutePlanner
    from corridors.scenarios.network_state import NetworkState

__all__ = ["tree_intervals"]

# Length by which the share of a metre is measured, as all parts grow in proportion to it.
_METRES = 1000.0


class _Terms(NamedTuple):
    """What links of a kind add to the parts of a sum: fixed amounts, and amounts a metre.

    Parameters
    ----------
    fixed, per_m : key of an assumption → how far the low and the high end lie from the value.
    slope : change of the sum per metre.
    """

    fixed: dict[str, tuple[float, float]]
    per_m: dict[str, tuple[float, float]]
    slope: float


def tree_intervals(
    planner: RoutePlanner, state: NetworkState, tree: PathTree, nodes: Ints
) -> tuple[Floats, Floats]:
    """Return the low and the high ends of what the paths to some nodes cost.

    They are those of `Route.length`, `Route.time` and `Route.cost` of each path.

    Parameters
    ----------
    tree : of a network of a compiled file, within whose limit all the nodes lie.
    """
    assert tree.before is not None
    assert tree.router is not None
    reached = np.flatnonzero(np.isfinite(tree.costs))
    before, arc = tree.before[reached].astype(np.int64), np.full(len(reached), -1, np.int64)
    led = before >= 0
    arc[led] = tree.router.arcs_between(before[led], reached[led])
    number = np.zeros(len(tree.costs), np.int64)
    number[reached] = np.arange(len(reached))
    # The source leads to itself.
    before = np.where(led, before, reached)
    sums = _along(_amounts(planner, state, arc), number[before])
    count = (sums.shape[1] - 5) // 2
    shared, own2, missed2, amount, drawn_m = sums[:, -5:].T
    ends = np.divide(amount, drawn_m, out=np.zeros_like(amount), where=drawn_m > 0)
    lengths2 = Z95**2 * (shared**2 + own2 + missed2 + (route_error().ends_m * ends) ** 2)
    at = number[nodes]
    low = np.sqrt((sums[at, :count] ** 2).sum(axis=1) + lengths2[at])
    high = np.sqrt((sums[at, count : 2 * count] ** 2).sum(axis=1) + lengths2[at])
    costs = tree.costs[nodes]
    return costs - low, costs + high


def _along(amounts: Floats, before: Ints) -> Floats:
    """Return the sum of amounts on the way to each node from the root, which is before itself.

    Each turn doubles how far back a sum reaches, so that a path of a thousand links takes ten.
    """
    sums, back = amounts.copy(), before.copy()
    while (back != back[back]).any():
        sums += sums[back]
        back = back[back]
    return sums


def _amounts(planner: RoutePlanner, state: NetworkState, arc: Ints) -> Floats:
    """Return what each arc adds: to parts below and above, to errors of lengths, shape (n, m)."""
    table = planner.network.links
    assert isinstance(table, LinkTable)
    by, columns = planner.terms.by, table.columns
    of_link = (arc >= 0) & (arc < 2 * len(table))
    link = np.where(of_link, arc // 2, 0)
    turned = np.where(of_link, arc % 2, 0)
    samples, kind = [*table.samples], columns.kind[link].copy()
    # Links for which the scenario sets values are kinds of their own.
    for key in state.scenario.settings:
        rank = table.rank(key.rpartition(".")[0])
        if rank is not None:
            kind[of_link & (link == rank)] = len(samples)
            samples.append(table[rank])
    terms = [
        [_terms(state, by, sample, forward=forward) for forward in (True, False)]
        for sample in samples
    ]
    keys = sorted({key for pair in terms for each in pair for key in (*each.fixed, *each.per_m)})
    metres, count = np.where(of_link, columns.length_m[link], 0.0), len(keys)
    amounts = np.zeros((len(arc), 2 * count + 5))
    for n, key in enumerate(keys):
        for end in (0, 1):
            fixed, per_m = (
                np.array([[getattr(each, name).get(key, (0.0, 0.0))[end] for each in pair]
                          for pair in terms])[kind, turned]
                for name in ("fixed", "per_m")
            )  # fmt: skip
            amounts[:, n + end * count] = np.where(of_link, fixed + per_m * metres, 0.0)
    slope = np.array([[each.slope for each in pair] for pair in terms])[kind, turned]
    missing = np.array([misses(s) for s in samples])
    missed2 = np.where(missing[kind], route_error().sigma_100km_m ** 2 / 100_000, 0.0)
    shared_m, own_m = table.errors_m(np.where(of_link, link, -1), metres)
    amounts[:, -5] = slope * shared_m
    amounts[:, -4] = (slope * own_m) ** 2
    amounts[:, -3] = slope**2 * metres * missed2
    amounts[:, -1] = np.where(missing[kind], metres, 0.0)
    amounts[:, -2] = slope * amounts[:, -1]
    return amounts


def _terms(state: NetworkState, by: str, sample: Link, *, forward: bool) -> _Terms:
    """Return what links of a kind add, from two of them of different lengths."""
    none, longer = (
        _parts(state, by, replace(sample, length_m=metres), forward=forward)
        for metres in (0.0, 0.0 if sample.mode == "transfer" else _METRES)
    )
    fixed = {key: (value - low, high - value) for key, (value, low, high) in none.items()}
    per_m: dict[str, tuple[float, float]] = {}
    slope = 0.0
    for key, (value, low, high) in longer.items():
        below, above = fixed.get(key, (0.0, 0.0))
        slope += (value - none.get(key, (0.0,))[0]) / _METRES
        per_m[key] = ((value - low - below) / _METRES, (high - value - above) / _METRES)
    return _Terms(fixed, per_m, slope)


def _parts(
    state: NetworkState, by: str, link: Link, *, forward: bool
) -> dict[str, tuple[float, float, float]]:
    """Return key of an assumption → value, low and high of its part."""
    estimate = total(by, [(1.0, [link.travelled(forward=forward)], state.rates)])
    return {
        part.key: (part.value, part.low, part.high)
        for part in estimate.parts
        if part.key != LENGTHS
    }
