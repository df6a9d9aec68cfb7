"""Hours and costs with the interval that the ranges of their assumptions give.

The low and high of an assumption are taken as the ends of its 95 % interval, and its value as the
median. An assumption that many links rest on is one quantity: its effect adds up over them.
Different assumptions, and the errors of lengths, are independent: their effects combine in
quadrature, the downward ones apart from the upward ones. Rates that were calibrated on the same
times, such as the speeds of one train in plains and mountains, err together.

What a scenario sets is taken as exact, as it is a supposition. A value that the data state for
single links has the relative range of the usual value that it replaces, shared by all such links.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import erf, fsum, hypot, sqrt
from typing import TYPE_CHECKING

from borders.measure import Z95
from corridors.network.rates import exact
from corridors.network.route_error import missed_by, misses, route_error
from corridors.network.spans import spans_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.network.link import Link
    from corridors.network.rates import Assumption, Rates

__all__ = ["LENGTHS", "ORDERS", "Estimate", "Part", "length_of", "route_length", "total"]

# Key of the part that comes from the errors of the lengths.
LENGTHS = "lengths"
# Key of the part that comes from drawing orders instead of asking all (see `shapley`).
ORDERS = "orders"

# Weight, links of a route, and the rates that hold on them.
Weighted = tuple[float, "Iterable[Link]", "Rates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The part of a sum that rests on one assumption.

    Parameters
    ----------
    key : of assumptions.csv or rates.csv, or of several rates that err together
        (``speed_kmh.rail``), with ``stated`` before it where the data give single links a value of
        their own; ``lengths`` for the errors of lengths.
    value, low, high : in the unit of the sum, at the assumption's value and at its ends.
    state : ``quoted``, ``assumption`` … or ``scenario`` where a scenario sets the value.
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
    value : in hours or in US dollars a tonne; of a sum by ``km``, in metres.
    parts : the part that rests on each assumption, the widest first.

    Examples
    --------
    >>> part = Part(key="delay_h.crossing.rail", value=40, low=4, high=60, state="quoted")
    >>> hours = Estimate(value=100.0, parts=(part,))
    >>> hours.low, hours.high, hours.basis
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
        """Return the probability that the sum is less than a limit.

        The distribution is a split normal one: half of the probability lies on either side of the
        value, with the standard deviation that the end of the interval on that side gives.

        Examples
        --------
        >>> part = Part(key="delay_h.crossing.rail", value=40, low=4, high=60, state="quoted")
        >>> round(Estimate(value=100.0, parts=(part,)).probability_below(120), 3)
        0.975
        """
        excess = limit - self.value
        half = self.high - self.value if excess > 0 else self.value - self.low
        if half <= 0:
            return 0.5 * (1 + (excess > 0) - (excess < 0))
        return 0.5 * (1 + erf(excess / half * Z95 / sqrt(2)))

    def plus(self, part: Part) -> Estimate:
        """Return the sum with a further part, independent of the others."""
        parts = sorted((*self.parts, part), key=lambda p: p.low - p.high)
        return Estimate(value=self.value + part.value, parts=tuple(parts))

    @property
    def basis(self) -> str:
        """Return the states of the assumptions that it rests on, such as ``assumption+quoted``."""
        return _joined(part.state for part in self.parts if part.key != LENGTHS)


def total(by: str, routes: Iterable[Weighted]) -> Estimate:
    """Return the weighted sum of routes; the errors that they share cancel in a difference.

    Parameters
    ----------
    by : ``km`` (in metres), ``hours``, ``driving`` (hours without stops) or ``cost`` (in US
        dollars a tonne).
    routes : weight, links, and the rates that hold on them; a difference has weights 1 and -1.
    """
    tally = _Tally()
    count = {
        "km": _count_m, "hours": _count_hours, "driving": _count_driving, "cost": _count_cost
    }[by]  # fmt: skip
    for weight, links, rates in routes:
        for link in links:
            count(tally, weight, link, rates)
        tally.end_route()
    return tally.estimate()


def length_of(links: Iterable[Link], *, less: Iterable[Link] = ()) -> tuple[float, float]:
    """Return the length of links together with its standard error, in metres.

    Errors that links share through one calibration or one published table add up, the others
    combine in quadrature; a link that counts twice has twice its error. Links in a row that a
    published length spans are together as sure as that length.

    Parameters
    ----------
    less : links whose length is subtracted; links in both cancel.
    """
    return _length(links, less, missed=False)


def route_length(links: Iterable[Link], *, less: Iterable[Link] = ()) -> tuple[float, float]:
    """Return the length of a route, or how much longer it is than another, in metres.

    Its standard error holds, besides that of its links (`length_of`), what routes have been found
    to miss: other ends in a town, other ways, other alignments (`corridors.network.route_error`).
    What both routes share cancels, and so do their ends.
    """
    return _length(links, less, missed=True)


def _length(links: Iterable[Link], less: Iterable[Link], *, missed: bool) -> tuple[float, float]:
    tally, lengths = _Tally(), []
    for sign, signed_links in ((1.0, links), (-1.0, less)):
        for link in signed_links:
            lengths.append(sign * link.length_m)
            tally.stretch(link, sign)
        tally.end_route()
    sigma = tally.length_sigma()
    return fsum(lengths), hypot(sigma, tally.missed_sigma()) if missed else sigma


def _count_m(tally: _Tally, weight: float, link: Link, rates: Rates) -> None:
    del rates
    if link.length_m:
        tally.add(weight * link.length_m, exact(link.basis, 1.0, link.basis))
        tally.stretch(link, weight)


def _count_hours(tally: _Tally, weight: float, link: Link, rates: Rates) -> None:
    for delay in rates.delays(link):
        tally.add(weight, delay)
    _count_driving(tally, weight, link, rates)


def _count_driving(tally: _Tally, weight: float, link: Link, rates: Rates) -> None:
    if rates.driven(link):
        speed = rates.used(link, "speed_kmh")
        assert speed is not None
        tally.add(weight * link.length_m / 1000, tally.inverse(speed))
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
    """The terms of a sum by assumption, and the derivative of the sum by each link's length.

    Terms are collected and added with `fsum`, so that what two routes share cancels exactly.

    Parameters
    ----------
    terms : key of an assumption → factors, each with the assumption that it multiplies.
    slopes : id of a link → the link, and the change of the sum per metre of it.
    ends : change of the sum per metre at the ends of its routes, the mean of each route.
    """

    terms: dict[str, list[tuple[float, Assumption]]] = field(default_factory=dict)
    slopes: dict[str, tuple[Link, list[float]]] = field(default_factory=dict)
    ends: list[float] = field(default_factory=list)
    # Most links share a few speeds: identity of a speed → it, and the hours a kilometre.
    _inverses: dict[int, tuple[Assumption, Assumption]] = field(default_factory=dict)
    _amount: float = 0.0
    _metres: float = 0.0

    def add(self, factor: float, assumption: Assumption) -> None:
        together = assumption.together or assumption.key
        self.terms.setdefault(together, []).append((factor, assumption))

    def inverse(self, speed: Assumption) -> Assumption:
        """Return the hours a kilometre of a speed."""
        known = self._inverses.get(id(speed))
        if known is None:
            per_km = replace(speed, value=1 / speed.value, low=1 / speed.high, high=1 / speed.low)
            known = self._inverses[id(speed)] = speed, per_km
        return known[1]

    def stretch(self, link: Link, per_m: float) -> None:
        # A link under another gauge has the length, and so the error, of the link that it replaces.
        self.slopes.setdefault(link.replaces or link.id, (link, []))[1].append(per_m)
        if misses(link):
            self._amount += per_m * link.length_m
            self._metres += link.length_m

    def end_route(self) -> None:
        """Note that the links so far are a route, which begins and ends somewhere in a town."""
        if self._metres:
            self.ends.append(self._amount / self._metres)
        self._amount = self._metres = 0.0

    def summed(self) -> dict[str, tuple[Link, float]]:
        """Return id of a link → the link, and the change of the sum per metre of it."""
        return {key: (link, fsum(slopes)) for key, (link, slopes) in self.slopes.items()}

    def missed_sigma(self) -> float:
        """Return the standard error from what routes miss, on their way and at their ends."""
        return hypot(missed_by(self.summed()), route_error().ends_m * fsum(self.ends))

    def length_sigma(self) -> float:
        """Return the standard error from lengths; errors that links share add up."""
        own: list[float] = []
        shared: dict[str, float] = {}
        summed = self.summed()
        for span in spans_of(summed):
            own.append(span.slope * span.sigma_m)
            for key in span.links:
                del summed[key]
        for link, slope in summed.values():
            so_far = shared.get(link.shared_with, 0.0)
            shared[link.shared_with] = so_far + slope * link.shared_m
            own.append(slope * max(0.0, link.sigma_m**2 - link.shared_m**2) ** 0.5)
        return hypot(*own, *shared.values())

    def estimate(self) -> Estimate:
        parts = [_part(key, terms) for key, terms in self.terms.items()]
        half = Z95 * hypot(self.length_sigma(), self.missed_sigma())
        parts.append(Part(key=LENGTHS, value=0.0, low=-half, high=half, state=""))
        parts.sort(key=lambda part: part.low - part.high)
        return Estimate(value=fsum(part.value for part in parts), parts=tuple(parts))


def _part(key: str, terms: list[tuple[float, Assumption]]) -> Part:
    value, *ends = (
        fsum(factor * getattr(assumption, name) for factor, assumption in terms)
        for name in ("value", "low", "high")
    )
    state = _joined(assumption.state for _, assumption in terms)
    return Part(key=key, value=value, low=min(ends), high=max(ends), state=state)


def _joined(states: Iterable[str]) -> str:
    """Return the words of states, each once, in order."""
    return "+".join(sorted({word for state in states for word in state.split("+")}))
