"""Hours and costs with the interval that the ranges of their assumptions give.

The low and high of an assumption are taken as the ends of its 95 % interval, and its value as just
as likely too low as too high. An assumption that many links rest on is one quantity: its effect
adds up over them. Different assumptions, and the errors of lengths, are independent: their effects
combine in quadrature, the downward ones apart from the upward ones.

What a scenario sets is taken as exact: it is what is asked. A value that the data state for single
links has the relative range of the usual value in whose place it stands, shared by all such links.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import erf, fsum, hypot, sqrt
from typing import TYPE_CHECKING

from borders.measure import Z95
from corridors.network.rates import exact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.network.link import Link
    from corridors.network.rates import Assumption, Rates

__all__ = ["LENGTHS", "Estimate", "Part", "length_of", "total"]

# The part that the errors of the lengths make.
LENGTHS = "lengths"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of a sum rests on one assumption.

    Parameters
    ----------
    key : of assumptions.csv, with ``stated`` before it where the data give single links a value
        of their own; ``lengths`` for the errors of lengths.
    value, low, high : in the unit of the sum, at the assumption's value and at its ends.
    state : ``quoted``, ``assumption`` … or ``scenario`` where that sets it.
    """

    key: str
    value: float
    low: float
    high: float
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A sum of hours or of US dollars a tonne, with its 95 % interval.

    Parameters
    ----------
    parts : what rests on each assumption, the widest first.

    Examples
    --------
    >>> part = Part(key="delay_h.crossing.rail", value=40, low=4, high=60, state="quoted")
    >>> one = Estimate(value=100.0, parts=(part,))
    >>> one.low, one.high, one.basis
    (64.0, 120.0, 'quoted')
    """

    value: float
    parts: tuple[Part, ...]

    @property
    def low(self) -> float:
        """Return the lower end of the 95 % interval."""
        return self.value - hypot(*(part.value - part.low for part in self.parts))

    @property
    def high(self) -> float:
        """Return the upper end of the 95 % interval."""
        return self.value + hypot(*(part.high - part.value for part in self.parts))

    def probability_below(self, limit: float) -> float:
        """Return the probability that it is less than a limit.

        Half of it lies on either side of the value, as of a normal distribution with the
        interval's end on that side.

        Examples
        --------
        >>> part = Part(key="delay_h.crossing.rail", value=40, low=4, high=60, state="quoted")
        >>> round(Estimate(value=100.0, parts=(part,)).probability_below(120), 3)
        0.975
        """
        away = limit - self.value
        half = self.high - self.value if away > 0 else self.value - self.low
        if half <= 0:
            return 0.5 * (1 + (away > 0) - (away < 0))
        return 0.5 * (1 + erf(away / half * Z95 / sqrt(2)))

    @property
    def basis(self) -> str:
        """Return the states of the assumptions that it rests on, such as ``assumption+quoted``."""
        return "+".join(sorted({part.state for part in self.parts if part.key != LENGTHS}))


def total(by: str, ways: Iterable[Weighted]) -> Estimate:
    """Return the sum of ways, each times its weight; what they rest on together cancels.

    Parameters
    ----------
    by : ``km`` (in metres), ``hours`` or ``cost`` (in US dollars a tonne).
    ways : weight, links, and the rates that hold on them.
    """
    tally = _Tally()
    count = {"km": _count_m, "hours": _count_hours, "cost": _count_cost}[by]
    for weight, links, rates in ways:
        for link in links:
            count(tally, weight, link, rates)
    return tally.estimate()


Weighted = tuple[float, "Iterable[Link]", "Rates"]


def length_of(links: Iterable[Link], *, less: Iterable[Link] = ()) -> tuple[float, float]:
    """Return the length of links together with its standard error, in metres.

    What links share through one calibration adds up, the rest combines in quadrature; a link that
    counts twice is off by twice its error.

    Parameters
    ----------
    less : links whose length is taken off; those that both have cancel.
    """
    tally, lengths = _Tally(), []
    for sign, some in ((1.0, links), (-1.0, less)):
        for link in some:
            lengths.append(sign * link.length_m)
            tally.stretch(link, sign)
    return fsum(lengths), tally.length_sigma()


def _count_m(tally: _Tally, weight: float, link: Link, rates: Rates) -> None:
    del rates
    if link.length_m:
        tally.add(weight * link.length_m, exact(link.basis, 1.0, link.basis))
        tally.stretch(link, weight)


def _count_hours(tally: _Tally, weight: float, link: Link, rates: Rates) -> None:
    delay = rates.used(link, "delay_h")
    if delay is not None:
        tally.add(weight, delay)
    if link.length_m:
        speed = rates.used(link, "speed_kmh")
        assert speed is not None
        slow = replace(speed, value=1 / speed.value, low=1 / speed.high, high=1 / speed.low)
        tally.add(weight * link.length_m / 1000, slow)
        tally.stretch(link, weight / speed.value / 1000)


def _count_cost(tally: _Tally, weight: float, link: Link, rates: Rates) -> None:
    fee = rates.used(link, "cost_usd_t")
    if fee is not None:
        tally.add(weight, fee)
    if link.length_m and link.mode != "transfer":
        rate = rates.used(link, "cost_usd_tkm")
        assert rate is not None
        tally.add(weight * link.length_m / 1000, rate)
        tally.stretch(link, weight * rate.value / 1000)


@dataclass(slots=True)
class _Tally:
    """What a sum is made of, by assumption, and what each link's length counts for.

    Terms are kept and added up exactly: what two ways share must leave nothing at all.
    """

    terms: dict[str, list[tuple[float, Assumption]]] = field(default_factory=dict)
    slopes: dict[str, tuple[Link, list[float]]] = field(default_factory=dict)

    def add(self, times: float, one: Assumption) -> None:
        self.terms.setdefault(one.key, []).append((times, one))

    def stretch(self, link: Link, per_m: float) -> None:
        # The same rails under another gauge are as long.
        self.slopes.setdefault(link.replaces or link.id, (link, []))[1].append(per_m)

    def length_sigma(self) -> float:
        """Return the standard error that lengths bring; one calibration's errors add up."""
        own: list[float] = []
        shared: dict[str, float] = {}
        for link, slopes in self.slopes.values():
            slope = fsum(slopes)
            before = shared.get(link.shared_with, 0.0)
            shared[link.shared_with] = before + slope * link.shared_m
            own.append(slope * max(0.0, link.sigma_m**2 - link.shared_m**2) ** 0.5)
        return hypot(*own, *shared.values())

    def estimate(self) -> Estimate:
        found = [_part(key, terms) for key, terms in self.terms.items()]
        half = Z95 * self.length_sigma()
        found.append(Part(key=LENGTHS, value=0.0, low=-half, high=half, state=""))
        found.sort(key=lambda part: part.low - part.high)
        return Estimate(value=fsum(part.value for part in found), parts=tuple(found))


def _part(key: str, terms: list[tuple[float, Assumption]]) -> Part:
    value, *ends = (
        fsum(times * getattr(one, name) for times, one in terms)
        for name in ("value", "low", "high")
    )
    return Part(key=key, value=value, low=min(ends), high=max(ends), state=terms[-1][1].state)
