"""Kilometres, hours and costs of many paths with their intervals, from arrays.

The numbers are those of `Route.length`, `Route.time` and `Route.cost`; they take some 0.1 ms a path
instead of several. What a link rests on is looked up when the first path uses it.
"""

from __future__ import annotations

from dataclasses import replace
from math import hypot, sqrt
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from borders.measure import Z95
from corridors.network.cost_basis import CostBasis, cost_basis_of_rates
from corridors.network.link_table import LinkTable
from corridors.network.route_error import missed_by, route_error
from corridors.network.spans import spanned, spans_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from corridors.network.link import Link
    from corridors.network.rates import Assumption
    from corridors.routing.graph import Floats, Ints
    from corridors.scenarios.network_state import NetworkState

__all__ = ["KEPT", "PathSums", "Sums"]

T = TypeVar("T")

# Sums of so many paths are kept, as cases that differ little share most of theirs.
KEPT = 1000


class Sums(NamedTuple):
    """What a path takes, with the ends of the 95 % intervals."""

    km: float
    low_km: float
    high_km: float
    hours: float
    low_hours: float
    high_hours: float
    cost_usd_t: float
    low_cost_usd_t: float
    high_cost_usd_t: float


class _Assumptions:
    """Assumptions by number, and which of them err together."""

    def __init__(self) -> None:
        self._numbers: dict[Assumption, int] = {}
        self._together: dict[str, int] = {}
        self._rows: list[tuple[float, float, float]] = []
        self._groups: list[int] = []
        self._arrays: tuple[Floats, Ints] | None = None

    def of(self, numbers: Iterable[int]) -> list[Assumption]:
        """Return the assumptions of numbers."""
        every = list(self._numbers)
        return [every[number] for number in numbers]

    def number(self, assumption: Assumption | None) -> int:
        """Return the number of an assumption, -1 of none."""
        if assumption is None:
            return -1
        number = self._numbers.get(assumption)
        if number is None:
            number = self._numbers[assumption] = len(self._rows)
            self._rows.append((assumption.value, assumption.low, assumption.high))
            key = assumption.together or assumption.key
            self._groups.append(self._together.setdefault(key, len(self._together)))
            self._arrays = None
        return number

    def arrays(self) -> tuple[Floats, Ints]:
        """Return values, lows and highs, shape (n, 3), and the group of each assumption."""
        if self._arrays is None:
            self._arrays = np.array(self._rows).reshape(-1, 3), np.array(self._groups, np.int64)
        return self._arrays


class PathSums:
    """The sums of paths under the speeds, delays and costs of one state of a network.

    Parameters
    ----------
    state : whose rates hold; what it opens or closes does not matter.
    """

    def __init__(self, state: NetworkState) -> None:
        self._state = state
        self._links: Sequence[Link] = state.network.links
        n = len(self._links)
        self._known: NDArray[np.bool_] = np.zeros(n, bool)
        self._spanned = np.zeros(n, bool)
        # Length, squares of its own error and of what routes miss, and its shared error, in metres.
        self._metres = np.zeros((n, 4))
        self._calibration = np.zeros(n, np.int64)
        # Numbers of speed, rate and fee, and of two delays forward and backward; -1 for none.
        self._numbers = np.full((n, 7), -1, np.int64)
        self._calibrations: dict[str, int] = {}
        self._assumptions = _Assumptions()
        self._found: dict[bytes, Sums] = {}
        # Of paths, and of the sets of rates that paths rest on.
        self._bases: dict[bytes, CostBasis] = {}
        self._bases_of_rates: dict[bytes, CostBasis] = {}
        if isinstance(self._links, LinkTable):
            self._look_up_kinds(self._links)

    def of(self, arcs: Ints) -> Sums:
        """Return the sums of a path: arcs 2 n of link n forward, 2 n + 1 backward, others free."""
        return self._kept(arcs, self._found, self._summed)

    def cost_basis(self, arcs: Ints) -> CostBasis:
        """Return what the costs of a path rest on: what those of its links do."""
        return self._kept(arcs, self._bases, self._cost_basis)

    def _kept(self, arcs: Ints, known: dict[bytes, T], made: Callable[[Ints], T]) -> T:
        """Return what is known of a path, or is made of its arcs of links and kept."""
        key = arcs.tobytes()
        found = known.get(key)
        if found is None:
            if len(known) >= KEPT:
                known.clear()
            found = known[key] = made(arcs[arcs < 2 * len(self._links)])
        return found

    def _cost_basis(self, arcs: Ints) -> CostBasis:
        links = arcs // 2
        self._look_up_new(links)
        # Much faster than the unique numbers themselves.
        used = np.flatnonzero(np.bincount(self._numbers[links, 1:3].ravel() + 1)[1:])
        key = used.tobytes()
        if key not in self._bases_of_rates:
            self._bases_of_rates[key] = cost_basis_of_rates(self._assumptions.of(used.tolist()))
        return self._bases_of_rates[key]

    def _look_up_new(self, links: Ints) -> None:
        """Note what the links rest on of which nothing is noted yet."""
        for n in links[~self._known[links]].tolist():
            self._look_up(n, self._links[n])

    def _summed(self, arcs: Ints) -> Sums:
        links, backward = arcs // 2, arcs % 2 == 1
        self._look_up_new(links)
        metres, numbers = self._metres[links], self._numbers[links]
        values, groups = self._assumptions.arrays()
        delays = np.where(backward[:, None], numbers[:, 5:7], numbers[:, 3:5])
        speeds, rates = numbers[:, 0], numbers[:, 1]
        # Of speeds the inverse counts; delays and costs, which may be 0, have none.
        inverse = np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)[:, [0, 2, 1]]
        per_m = _of_each(inverse[:, 0], speeds) / 1000
        length = float(metres[:, 0].sum())
        half = Z95 * self._sigma(links, np.ones(len(links)))
        hours = self._sum(links, metres[:, 0], (speeds, inverse), (delays, values), groups, per_m)
        usd_m = _of_each(values[:, 0], rates) / 1000
        fees = numbers[:, 2:3]
        cost = self._sum(links, metres[:, 0], (rates, values), (fees, values), groups, usd_m)
        return Sums(length / 1000, (length - half) / 1000, (length + half) / 1000, *hours, *cost)

    def _sum(
        self, links: Ints, metres: Floats, by_length: tuple[Ints, Floats],
        at_once: tuple[Ints, Floats], groups: Ints, slopes: Floats,
    ) -> tuple[float, float, float]:  # fmt: skip
        """Return a sum of hours or costs and the ends of its interval.

        Parameters
        ----------
        by_length, at_once : the number of what each link rests on, -1 for nothing, and the values,
            lows and highs by number.
        slopes : change of the sum per metre of each link.
        """
        parts = np.zeros((int(groups.max()) + 1 if groups.size else 0, 3))
        numbers, values = by_length
        some = numbers >= 0
        km = np.bincount(numbers[some], metres[some] / 1000, len(groups))
        np.add.at(parts, groups, km[:, None] * values)
        once, values = at_once
        times = np.bincount(once[once >= 0], minlength=len(groups))
        np.add.at(parts, groups, times[:, None] * values)
        value, low, high = parts.T
        total = float(value.sum())
        lengths = Z95 * self._sigma(links, slopes)
        down = hypot(lengths, *(value - np.minimum(low, high)).tolist())
        up = hypot(lengths, *(np.maximum(low, high) - value).tolist())
        return total, total - down, total + up

    def _sigma(self, links: Ints, slopes: Floats) -> float:
        """Return the standard error of a sum by the lengths of links.

        Parameters
        ----------
        slopes : change of the sum per metre of each link.
        """
        metres, apart, spans = self._metres[links], np.ones(len(links), bool), 0.0
        inside = np.flatnonzero(self._spanned[links] & (slopes != 0))
        if inside.size > 1:
            rows = {self._links[links[k]].id: k for k in inside.tolist()}
            summed = {key: (self._links[links[k]], float(slopes[k])) for key, k in rows.items()}
            for span in spans_of(summed):
                apart[[rows[key] for key in span.links]] = False
                spans += (span.slope * span.sigma_m) ** 2
        missed = float((slopes**2 * metres[:, 2]).sum())
        drawn = metres[:, 2] > 0
        if drawn.any():
            amount = float((slopes[drawn] * metres[drawn, 0]).sum())
            missed += (route_error().ends_m * amount / float(metres[drawn, 0].sum())) ** 2
        own = float((slopes[apart] ** 2 * metres[apart, 1]).sum())
        shared = np.bincount(
            self._calibration[links[apart]], slopes[apart] * metres[apart, 3],
            len(self._calibrations),
        )  # fmt: skip
        return sqrt(spans + own + float((shared**2).sum()) + missed)

    def _look_up(self, n: int, link: Link) -> None:
        """Note what the sums of paths over a link rest on."""
        rates, number = self._state.rates, self._assumptions.number
        own = max(0.0, link.sigma_m**2 - link.shared_m**2)
        missed = missed_by({link.id: (link, 1.0)}) ** 2
        self._metres[n] = link.length_m, own, missed, link.shared_m
        name = link.shared_with
        self._calibration[n] = self._calibrations.setdefault(name, len(self._calibrations))
        self._spanned[n] = spanned(link.id)
        by_length = link.length_m and link.mode != "transfer"
        row = [
            number(rates.used(link, "speed_kmh") if rates.driven(link) else None),
            number(rates.used(link, "cost_usd_tkm") if by_length else None),
            number(rates.used(link, "cost_usd_t")),
        ]
        for forward in (True, False):
            delays = [number(delay) for delay in rates.delays(link.travelled(forward=forward))]
            row += [*delays, -1, -1][:2]
        self._numbers[n] = row
        self._known[n] = True

    def _look_up_kinds(self, table: LinkTable) -> None:
        """Note what the links of a table rest on, kind by kind; changes of mode one by one."""
        named = {key.rpartition(".")[0] for key in self._state.scenario.settings}
        column, columns = table.columns.kind, table.columns
        alike = np.array([kind["mode"] != "transfer" for kind in table.kinds], bool)
        lengths = np.asarray(columns.length_m, float)
        # A link of one metre of each kind, whose errors are those of the table.
        of_kind = PathSums.__new__(PathSums)
        vars(of_kind).update(vars(self))
        of_kind._links = [replace(link, length_m=1.0, sigma_m=0.0) for link in table.samples]
        n = len(of_kind._links)
        of_kind._known, of_kind._spanned = np.zeros(n, bool), np.zeros(n, bool)
        of_kind._metres, of_kind._calibration = np.zeros((n, 4)), np.zeros(n, np.int64)
        of_kind._numbers = np.full((n, 7), -1, np.int64)
        for k, link in enumerate(of_kind._links):
            if alike[k]:
                of_kind._look_up(k, link)
        self._known = alike[column] & (lengths > 0)
        self._numbers = of_kind._numbers[column]
        missed = of_kind._metres[column, 2] * lengths
        own = np.full(len(table), table.errors.own_m**2)
        self._metres = np.column_stack([lengths, own, missed, table.errors.shared * lengths])
        number = self._calibrations.setdefault(table.shared_with, len(self._calibrations))
        self._calibration[:] = number
        for key in named:
            rank = table.rank(key)
            if rank is not None:
                self._known[rank] = False
        # What was added has errors of its own.
        self._known[table.n_own :] = False


def _of_each(values: Floats, numbers: Ints) -> Floats:
    """Return the value of each number, 0 of -1."""
    of_each = np.zeros(len(numbers))
    some = numbers >= 0
    of_each[some] = values[numbers[some]]
    return of_each
