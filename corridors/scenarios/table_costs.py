"""What the links of a table cost, worked out once for each kind of link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from corridors.network.link import Link
    from corridors.network.link_table import LinkTable

__all__ = ["TableWeights", "crossings_of", "table_costs", "table_weights"]

# Length by which the cost of a metre is measured, as hours and costs grow in proportion to it.
_METRES = 1000.0


class TableWeights(Mapping[str, float]):
    """Link id → weight, from an array."""

    def __init__(self, table: LinkTable, values: np.ndarray) -> None:
        self.table, self.array = table, np.asarray(values)

    def __getitem__(self, key: str) -> float:
        """Return the weight of a link."""
        rank = self.table.rank(key)
        if rank is None:
            raise KeyError(key)
        return float(self.array[rank])

    def __iter__(self) -> Iterator[str]:
        """Yield the ids of the links."""
        return map(self.table.id_of, range(len(self.table)))

    def __len__(self) -> int:
        """Return the number of links."""
        return len(self.table)


def table_weights(
    table: LinkTable, rate: Callable[[Link], float] | None, named: Sequence[str]
) -> TableWeights:
    """Return metres, hours or US dollars a tonne of each link of a table.

    Parameters
    ----------
    rate : hours or cost of a link; None for its length.
    named : ids for which a scenario sets values, links among them.
    """
    lengths = np.asarray(table.columns.length_m)
    if rate is None:
        return TableWeights(table, lengths)
    samples = table.samples
    fixed = np.array([rate(link) for link in samples])
    longer = np.array([
        rate(replace(link, length_m=_METRES)) if link.mode != "transfer" else rate(link)
        for link in samples
    ])  # fmt: skip
    kind = table.columns.kind
    values = fixed[kind] + (longer - fixed)[kind] / _METRES * lengths
    for key in named:
        rank = table.rank(key)
        if rank is not None:
            values[rank] = rate(table[rank])
    return TableWeights(table, values)


def crossings_of(table: LinkTable) -> Iterator[Link]:
    """Yield the links of a table that cross a border."""
    crosses = np.array([bool(link.crossing) for link in table.samples], bool)
    kind = np.asarray(table.columns.kind)
    return (table[rank] for rank in np.flatnonzero(crosses[kind]).tolist())


def table_costs(
    weights: TableWeights,
    allowed: Callable[[Link, bool], bool],
    named: Iterable[str],
    back: Mapping[str, float],
) -> np.ndarray:
    """Return the cost of each link forward and backward, in turn; infinite where closed.

    Parameters
    ----------
    allowed : tells of a link and a direction (True: forward) whether it may be used.
    named : ids of links of which this is to be asked one by one.
    back : id of a link → what it takes backward, where that differs.
    """
    table, each = weights.table, weights.array[:, None]
    usable = np.array([[allowed(link, f) for f in (True, False)] for link in table.samples], bool)
    costs = np.where(usable[table.columns.kind], each, inf)
    for key in named:
        rank = table.rank(key)
        if rank is not None:
            usable_here = [allowed(table[rank], f) for f in (True, False)]
            costs[rank] = np.where(usable_here, weights.array[rank], inf)
    for key, weight in back.items():
        rank = table.rank(key)
        if rank is not None and costs[rank, 1] < inf:
            costs[rank, 1] = weight
    return costs.ravel()
