"""A number with its standard error and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import Protocol

__all__ = [
    "Z95",
    "Interval",
    "Measure",
    "decimals",
    "decimals_of_parts",
    "interval_row",
    "rounded",
    "time_unit",
]

# Two-sided 95 % quantile of the normal distribution.
Z95 = 1.959964
# A number has no more digits after the point than this: a tenth of a metre or of a second.
_MOST_DECIMALS = 4


def time_unit(hours: float) -> tuple[str, float]:
    """Return the unit in which a time is written for people, and how many of it make an hour.

    A time of less than an hour is one of minutes, ``min``; others are hours, ``h``.

    Examples
    --------
    >>> time_unit(2.4), time_unit(0.2)
    (('h', 1.0), ('min', 60.0))
    """
    return ("min", 60.0) if 0 < hours < 1 else ("h", 1.0)


def decimals(value: float, usual: int = 0) -> int:
    """Return with how many digits after the point a number is written for people.

    Below one two significant figures stay, so that a way of 20 m is not one of 0.0 km.

    Parameters
    ----------
    value : the number; the ends of its interval are written as it is.
    usual : digits after the point from one on, and of zero.

    Examples
    --------
    >>> decimals(57.3), decimals(2.41, 1), decimals(0.19, 1), decimals(0.017, 1)
    (0, 1, 2, 3)
    """
    if not 0 < abs(value) < 1:
        return usual
    return max(usual, min(1 - floor(log10(abs(value))), _MOST_DECIMALS))


def decimals_of_parts(whole: float, few: float = 1.0) -> int:
    """Return with how many digits after the point the parts of a sum are written.

    Parameters
    ----------
    few : the parts of a smaller sum have more than one.

    Examples
    --------
    >>> decimals_of_parts(62.0), decimals_of_parts(0.19), decimals_of_parts(9.4, few=10)
    (1, 3, 2)
    """
    return 1 if whole >= few else decimals(whole, 1) + 1


def rounded(value: float, low: float, high: float) -> tuple[str, str, str]:
    """Return a value and its interval as text, with one decimal if the value is below 1,000.

    The values are kilometres or square kilometres; below one they have more (`decimals`).

    Examples
    --------
    >>> rounded(999.96, 41.04, 1045.0)
    ('1,000.0', '41.0', '1,045.0')
    """
    digits = decimals(value, 1 if value < 1000 else 0)
    return f"{value:,.{digits}f}", f"{low:,.{digits}f}", f"{high:,.{digits}f}"


class Interval(Protocol):
    """A value with the ends of its 95 % interval."""

    @property
    def value(self) -> float:
        """Return the value."""

    @property
    def low(self) -> float:
        """Return the lower end."""

    @property
    def high(self) -> float:
        """Return the upper end."""


def interval_row(
    key: str, quantity: Interval | None, unit: float = 1.0, *, digits: int = 1
) -> dict[str, float | None]:
    """Return a value and the ends of its 95 % interval under their keys, rounded.

    Parameters
    ----------
    key : of the value; the ends have it with ``low_`` and ``high_`` before it.
    quantity : None where there is none.
    unit : the number of its units that make one of the row's.

    Examples
    --------
    >>> interval_row("km", Measure(value=43000.0, sigma=1000.0, basis="published"), 1000)
    {'km': 43.0, 'low_km': 41.0, 'high_km': 45.0}
    """
    keys = key, f"low_{key}", f"high_{key}"
    if quantity is None:
        return dict.fromkeys(keys)
    numbers = (quantity.value, quantity.low, quantity.high)
    # Adding 0.0 turns -0.0 into 0.0.
    return dict(zip(keys, (round(n / unit, digits) + 0.0 for n in numbers), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A value in SI units with its standard error and its basis.

    Parameters
    ----------
    value : in metres or square metres.
    sigma : standard error, same unit.
    basis : how the value was found, in a word of the data contract
        (``published``, ``reach`` or ``chain``) or a short phrase.
    how : what the error consists of, in a phrase.
    state : how sure a published value is: ``quoted``, ``source-document`` or ``unverified``.

    Examples
    --------
    >>> m = Measure(value=1000.0, sigma=10.0, basis="reach")
    >>> round(m.low), round(m.high)
    (980, 1020)
    """

    value: float
    sigma: float
    basis: str
    how: str = ""
    state: str = ""

    @property
    def km_text(self) -> str:
        """Return a length in kilometres with its 95 % interval, for people.

        Examples
        --------
        >>> Measure(value=43000.0, sigma=1000.0, basis="published").km_text
        '43.0 km (41.0–45.0)'
        """
        value, low, high = rounded(*(x / 1e3 for x in (self.value, self.low, self.high)))
        return f"{value} km ({low}–{high})"

    @property
    def km2_text(self) -> str:
        """Return an area in square kilometres with its 95 % interval, for people.

        Examples
        --------
        >>> Measure(value=5.3e9, sigma=1e7, basis="reach").km2_text
        '5,300 km² (5,280–5,320)'
        """
        value, low, high = rounded(*(x / 1e6 for x in (self.value, self.low, self.high)))
        return f"{value} km² ({low}–{high})"

    @property
    def label(self) -> str:
        """Return the basis as people read it; ``unverified`` if nobody verified the value."""
        return "unverified" if self.state == "unverified" else self.basis

    @property
    def low(self) -> float:
        """Return the lower end of the 95 % interval; below zero only for a negative value."""
        low = self.value - Z95 * self.sigma
        return low if self.value < 0 else max(0.0, low)

    @property
    def high(self) -> float:
        """Return the upper end of the 95 % interval."""
        return self.value + Z95 * self.sigma

    @property
    def percent(self) -> float:
        """Return half the 95 % interval as a percentage of the value."""
        return 100.0 * Z95 * self.sigma / self.value if self.value else 0.0

    def contains(self, value: float) -> bool:
        """Tell whether the 95 % interval holds a value."""
        return self.low <= value <= self.high
