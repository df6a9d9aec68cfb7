"""A number with its standard error and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Z95", "Measure"]

# Two-sided 95 % quantile of the normal distribution.
Z95 = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A value in SI units with its standard error and its basis.

    Parameters
    ----------
    value : in metres or square metres.
    sigma : standard error, same unit.
    basis : how the value was found, in a word of the data contract
        (``published``, ``reach`` or ``chain``) or a short phrase.
    how : where the error comes from, in a phrase.
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
        digits = 1 if self.value < 1e6 else 0
        value, low, high = (f"{x / 1000:,.{digits}f}" for x in (self.value, self.low, self.high))
        return f"{value} km ({low}–{high})"

    @property
    def label(self) -> str:
        """Return the basis for people: a published value that nobody verified says so."""
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
