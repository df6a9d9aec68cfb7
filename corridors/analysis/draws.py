"""Draws of what hours, costs and kilometres rest on: one draw of the world, shared by scenarios.

A draw gives every assumption and the length of every link one value. It depends on the seed, the
number of the draw and the name of what is drawn, and on nothing else: under all scenarios, for all
pairs and in all processes draw 7 is the same world, so differences between scenarios are exact.

The low and high of an assumption are the 2.5 % and 97.5 % quantiles, its value is the median, and
in between and beyond the logarithm is normal on either side. Rates that were calibrated on the same
times err together. What a scenario sets is taken as exact. Lengths have normal errors: a part that
all links of one calibration share, one of each link's own, what routes were found to miss besides,
and a published length of links in a row holds for their sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from math import log
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from borders.errors import AraxesError
from borders.measure import Z95
from corridors.network.route_error import missed_by
from corridors.network.spans import spanned, spans_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.network.rates import Assumption
    from corridors.routing.graph import Floats, Ints
    from corridors.scenarios.network_state import NetworkState

    _Groups: TypeAlias = list[tuple[Assumption, Ints]]

__all__ = ["BLOCK", "DrawnCosts", "Draws"]

# Draws are made so many at once; draw n is the same in whichever order blocks are asked for.
BLOCK = 1000
# No value lies further off than so many standard errors, so that bounds can be given.
MOST = 5.0
# No link is drawn shorter than this part of its length.
SHORTEST = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """A number of draws, known by their seed.

    Parameters
    ----------
    n : how many.
    seed : another seed gives other draws.

    Raises
    ------
    AraxesError : `n` is not positive, or the seed negative.

    Examples
    --------
    >>> draws = Draws(n=1500, seed=1)
    >>> [len(draws.block(k)) for k in range(draws.n_blocks)]
    [1000, 500]
    >>> bool((draws.normal("speed", 0) == Draws(n=1000, seed=1).normal("speed", 0)).all())
    True
    """

    n: int
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse no draws and negative seeds."""
        if self.n < 1:
            message = f"{self.n} draws are asked for; ask for 1 or more"
            raise AraxesError(message)
        if self.seed < 0:
            message = f"the seed is {self.seed}; give 0 or more"
            raise AraxesError(message)

    @property
    def n_blocks(self) -> int:
        """Return the number of blocks of draws."""
        return -(-self.n // BLOCK)

    def block(self, k: int) -> range:
        """Return the numbers of the draws of block k."""
        return range(k * BLOCK, min(self.n, (k + 1) * BLOCK))

    def normal(self, name: str, k: int) -> Floats:
        """Return standard normal values of what has a name, one for each draw of block k.

        Not to be written to.
        """
        return _normal(self.seed, name, k, len(self.block(k)))

    def value(self, assumption: Assumption, k: int) -> Floats:
        """Return the values of an assumption, one for each draw of block k."""
        low, value, high = assumption.low, assumption.value, assumption.high
        if low == high:
            return np.full(len(self.block(k)), value)
        z = self.normal(assumption.together or assumption.key, k) / Z95
        if low > 0:
            factors: Floats = np.exp(z * np.where(z > 0, log(high / value), log(value / low)))
            return value * factors
        drawn: Floats = np.maximum(0.0, value + z * np.where(z > 0, high - value, value - low))
        return drawn


@lru_cache(maxsize=2048)
def _normal(seed: int, name: str, k: int, size: int) -> Floats:
    """Return the first values of a block; several costs of a block rest on the same ones."""
    key = int.from_bytes(blake2b(f"{seed}:{name}".encode(), digest_size=16).digest(), "little")
    source = np.random.Philox(key=key, counter=[0, k, 0, 0])
    values = np.random.Generator(source).standard_normal(size)
    np.clip(values, -MOST, MOST, out=values)
    values.setflags(write=False)
    return values


class DrawnCosts:
    """Kilometres, hours and costs of the links of a network under a scenario, by draw.

    Parameters
    ----------
    state : the network under a scenario.
    draws : the draws, which all scenarios share.
    only : positions of the links that costs are wanted of; all if missing.
    like : the costs under another scenario of the same network, draws and links, whose lengths are
        taken over, and hours and costs too where it sets the same values on the same day.
    """

    def __init__(
        self, state: NetworkState, draws: Draws, *, only: Ints | None = None,
        like: DrawnCosts | None = None,
    ) -> None:  # fmt: skip
        self.state, self.draws = state, draws
        links = state.network.links
        positions = range(len(links)) if only is None else only.tolist()
        self._links = [links[n] for n in positions]
        self._lengths: _Lengths = (
            like._lengths if like is not None else _Lengths(self._links, state.network, draws)
        )
        self._like: DrawnCosts | None = None
        if like is not None and (like.state.on, like.state.scenario.settings) == (
            state.on, state.scenario.settings
        ):  # fmt: skip
            self._like = like
        self._known: tuple[tuple[str, int], Floats] | None = None

    def costs(self, by: str, k: int) -> Floats:
        """Return what each link takes in block k of the draws, whether it may be used or not.

        Parameters
        ----------
        by : ``km`` (in metres), ``hours`` or ``cost`` (US dollars a tonne).

        Returns
        -------
        Shape (2 × links, draws of the block): forward and backward of each link in turn, as the
        arcs of a planner's graph are. Not to be written to.
        """
        if self._like is not None:
            return self._like.costs(by, k)
        if self._known is None or self._known[0] != (by, k):
            self._known = (by, k), self._drawn(by, k)
        return self._known[1]

    def _drawn(self, by: str, k: int) -> Floats:
        lengths_m = self._lengths.block(k)
        if by == "km":
            return np.repeat(lengths_m, 2, axis=0)
        terms = self._hours if by == "hours" else self._cost
        drawn = lengths_m / 1000
        drawn[terms.without_km] = 0.0
        for assumption, links in terms.per_km:
            value = self.draws.value(assumption, k)
            drawn[links] *= 1 / value if by == "hours" else value
        costs = np.repeat(drawn, 2, axis=0)
        for assumption, arcs in terms.at_once:
            costs[arcs] += self.draws.value(assumption, k)
        return costs

    @cached_property
    def _hours(self) -> _Terms:
        rates, terms = self.state.rates, _TermsOfLinks()
        for n, link in enumerate(self._links):
            speed = rates.used(link, "speed_kmh") if rates.driven(link) else None
            terms.add_per_km(n, speed)
            for forward in (True, False):
                for delay in rates.delays(link.travelled(forward=forward)):
                    terms.add_at_once(2 * n + (not forward), delay)
        return terms.grouped()

    @cached_property
    def _cost(self) -> _Terms:
        rates, terms = self.state.rates, _TermsOfLinks()
        for n, link in enumerate(self._links):
            by_length = link.length_m and link.mode != "transfer"
            terms.add_per_km(n, rates.used(link, "cost_usd_tkm") if by_length else None)
            fee = rates.used(link, "cost_usd_t")
            if fee is not None:
                terms.add_at_once(2 * n, fee)
                terms.add_at_once(2 * n + 1, fee)
        return terms.grouped()


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the hours or costs of links consist of.

    Parameters
    ----------
    per_km : assumption → links whose length it multiplies or divides.
    at_once : assumption → arcs to which it is added.
    without_km : links whose length does not count.
    """

    per_km: _Groups
    at_once: _Groups
    without_km: Ints


class _TermsOfLinks:
    """Collects the terms of links, those of one assumption together."""

    def __init__(self) -> None:
        self._per_km: dict[Assumption, list[int]] = {}
        self._at_once: dict[Assumption, list[int]] = {}
        self._without_km: list[int] = []

    def add_per_km(self, link: int, assumption: Assumption | None) -> None:
        if assumption is None:
            self._without_km.append(link)
        else:
            self._per_km.setdefault(assumption, []).append(link)

    def add_at_once(self, arc: int, assumption: Assumption) -> None:
        self._at_once.setdefault(assumption, []).append(arc)

    def grouped(self) -> _Terms:
        return _Terms(
            _as_arrays(self._per_km), _as_arrays(self._at_once),
            np.array(self._without_km, np.int64),
        )  # fmt: skip


def _as_arrays(groups: dict[Assumption, list[int]]) -> _Groups:
    """Return groups as arrays; of the two posts of a border that rest on one rate both count."""
    arrays: _Groups = []
    for assumption, members in groups.items():
        indices, times = np.unique(np.array(members, np.int64), return_counts=True)
        arrays += [(assumption, indices[times >= turn]) for turn in range(1, times.max() + 1)]
    return arrays


class _Lengths:
    """The lengths of the links of a network, by draw."""

    def __init__(self, links: Sequence[Link], network: Network, draws: Draws) -> None:
        self._draws = draws
        # A link under another gauge has the length, and so the error, of the one it replaces.
        self._names = [link.replaces or link.id for link in links]
        self._length_m = np.array([link.length_m for link in links])
        missed = [missed_by({link.id: (link, 1.0)}) for link in links]
        own = [max(0.0, link.sigma_m**2 - link.shared_m**2) ** 0.5 for link in links]
        self._sigma_m = np.hypot(np.array(own), np.array(missed))
        self._spans = _spans(network, self._names)
        for span in self._spans:
            # What links of a span err by besides is known from the span: they share nothing else.
            self._sigma_m[span.positions] = 0.0
        inside = {n for span in self._spans for n in span.positions.tolist()}
        self._shared = _shared(links, inside)
        self._block: tuple[int, Floats] | None = None

    def block(self, k: int) -> Floats:
        """Return the lengths in metres, shape (links, draws of block k)."""
        if self._block is None or self._block[0] != k:
            self._block = k, self._drawn(k)
        return self._block[1]

    def _drawn(self, k: int) -> Floats:
        normal = self._draws.normal
        lengths_m = np.repeat(self._length_m[:, None], len(self._draws.block(k)), axis=1)
        for n in np.flatnonzero(self._sigma_m).tolist():
            lengths_m[n] += self._sigma_m[n] * normal(f"length {self._names[n]}", k)
        for name, positions, part_m in self._shared:
            lengths_m[positions] += part_m[:, None] * normal(f"lengths {name}", k)
        for span in self._spans:
            errors = np.array([normal(f"length {name}", k) for name in span.names])
            errors *= span.sigma_m[:, None]
            # Given their sum, independent errors differ from their own by parts of what it lacks.
            lacks = span.whole_m * normal(f"span {' '.join(span.names)}", k) - errors.sum(axis=0)
            errors += (span.sigma_m**2 / (span.sigma_m**2).sum())[:, None] * lacks
            others = np.array([normal(f"missed {name}", k) for name in span.names])
            errors += others * span.missed_m[:, None]
            lengths_m[span.positions] += errors[span.members]
        shortest: Floats = np.maximum(lengths_m, SHORTEST * self._length_m[:, None])
        return shortest


def _shared(links: Iterable[Link], inside: Collection[int]) -> list[tuple[str, Ints, Floats]]:
    """Return each calibration, the links whose lengths rest on it, and their error by it.

    Parameters
    ----------
    inside : positions of the links whose errors are known from a published sum.
    """
    groups: dict[str, list[tuple[int, float]]] = {}
    for n, link in enumerate(links):
        if link.shared_m and n not in inside:
            groups.setdefault(link.shared_with, []).append((n, link.shared_m))
    return [
        (name, np.array([n for n, _ in rows], np.int64), np.array([m for _, m in rows]))
        for name, rows in groups.items()
    ]


class _PublishedSum(NamedTuple):
    """Links in a row whose length together is published.

    Parameters
    ----------
    names, sigma_m, missed_m : of all its links: id, error, and what routes miss besides.
    whole_m : error of their sum.
    positions, members : positions of the links that are drawn, and which of `names` each is.
    """

    names: tuple[str, ...]
    sigma_m: Floats
    missed_m: Floats
    whole_m: float
    positions: Ints
    members: Ints


def _spans(network: Network, names: Sequence[str]) -> list[_PublishedSum]:
    """Return the published sums that some links are in, whichever others of them are drawn."""
    if not any(map(spanned, set(names))):
        return []
    known = {link.id: (link, 1.0) for link in network.links if spanned(link.id)}
    sums = []
    for span in spans_of(known):
        member_of = {key: n for n, key in enumerate(span.links)}
        drawn = [(n, member_of[name]) for n, name in enumerate(names) if name in member_of]
        if not drawn:
            continue
        links = [known[key][0] for key in span.links]
        positions, members = np.array(drawn, np.int64).T
        missed = [missed_by({link.id: (link, 1.0)}) for link in links]
        sums.append(
            _PublishedSum(span.links, np.array([link.sigma_m for link in links]),
                          np.array(missed), span.sigma_m, positions, members)
        )  # fmt: skip
    return sums
