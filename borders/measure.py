"""A number with its standard error and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["Z95", "Interval", "Measure", "interval_row", "rounded"]

# Two-sided 95 % quantile of the normal distribution.
Z95 = 1.959964


def rounded(value: float, low: float, high: float) -> tuple[str, str, str]:
    """Return a value and its interval as text, with one decimal if the value is below 1,000.

    The values are kilometres or square kilometres.

    Examples
    --------
    >>> rounded(999.96, 41.04, 1045.0)
    ('1,000.0', '41.0', '1,045.0')
    """
    digits = 1 if value < 1000 else 0
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
