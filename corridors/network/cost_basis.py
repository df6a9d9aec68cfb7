"""What costs rest on: how sure their rates are, and the money of what years they are in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.network.estimate import LENGTHS, ORDERS
from corridors.network.rates import assumptions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.network.estimate import Estimate
    from corridors.network.rates import Assumption

__all__ = [
    "COST_KEYS",
    "CostBasis",
    "cost_basis",
    "cost_basis_of_modes",
    "cost_basis_of_rates",
    "money_of",
]

# Keys under which rows of JSON and tables say what costs rest on.
COST_KEYS = ("cost_basis", "cost_currency", "cost_years")
# Currency by ISO 4217 → what it is called in a sentence.
_MONEY = {"USD": "US dollars"}
_CURRENCY = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostBasis:
    """What the costs of one or more routes rest on.

    Parameters
    ----------
    basis : states of the rates, such as ``assumption+calibrated``; empty if nothing costs.
    currency : ISO 4217.
    years : of the prices, ``2020-2022``; empty if no rate has any. Nothing is deflated.
    assumed : keys of the rates that are assumptions.
    undated : whether a rate has prices of no stated year.

    Examples
    --------
    >>> from corridors import Terms, route
    >>> by_rail = route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))
    >>> by_rail.cost_basis.text
    'assumption+calibrated; US dollars of 2020-2022; assumed, of no year: cost_usd_t.transfer.gauge'
    """

    basis: str
    currency: str
    years: str
    assumed: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything costs."""
        return bool(self.basis)

    @property
    def money(self) -> str:
        """Return the currency, and of which years the prices are."""
        return f"{_MONEY[self.currency]} of {self.years or 'no stated year'}"

    @property
    def text(self) -> str:
        """Return all of it in words."""
        parts = [self.basis, self.money]
        undated = [key for key in self.assumed if key in self.undated and self.years]
        dated = [key for key in self.assumed if key not in undated]
        parts += [f"assumed: {', '.join(dated)}"] if dated else []
        parts += [f"assumed, of no year: {', '.join(undated)}"] if undated else []
        return "; ".join(parts)

    def row(self) -> dict[str, str]:
        """Return the values of its JSON."""
        return dict(zip(COST_KEYS, (self.basis, self.currency, self.years), strict=True))


def cost_basis(costs: Iterable[Estimate]) -> CostBasis:
    """Return what costs rest on together."""
    return _of_states(
        (part.key, part.state)
        for cost in costs
        for part in cost.parts
        if part.key not in (LENGTHS, ORDERS) and (part.value or part.low or part.high)
    )


def cost_basis_of_rates(rates: Iterable[Assumption]) -> CostBasis:
    """Return what the costs of a way rest on, by the rates and fees of its links."""
    return _of_states(
        (rate.together or rate.key, rate.state)
        for rate in rates
        if rate.value or rate.low or rate.high
    )


def _of_states(states: Iterable[tuple[str, str]]) -> CostBasis:
    """Return the basis of keys of rates, each with its state there."""
    known, found = assumptions(), set(states)
    rates = {key: known[key] for key, state in found if key in known and state != "scenario"}
    return _of(found, rates)


def cost_basis_of_modes(modes: Iterable[str], settings: Iterable[str] = ()) -> CostBasis:
    """Return what the costs of all ways by some modes may rest on.

    Parameters
    ----------
    settings : keys that a scenario sets.

    Examples
    --------
    >>> cost_basis_of_modes(["road"], ["cost_usd_tkm.road"]).basis
    'assumption+scenario'
    """
    set_keys = set(settings)
    asked = [f"cost_usd_tkm.{mode}" for mode in modes]
    rates = {
        key: rate
        for key, rate in assumptions().items()
        if key not in set_keys and (key in asked or key.startswith("cost_usd_t."))
    }
    states = {(key, rate.state) for key, rate in rates.items()}
    states |= {(key, "scenario") for key in set_keys if "cost_usd_t" in key}
    return _of(states, rates)


def money_of(rate: Assumption) -> str:
    """Return the currency of a rate and of which years its prices are, empty if it is no cost."""
    return _of([(rate.key, rate.state)], {rate.key: rate}).money if rate.currency else ""


def _of(states: Iterable[tuple[str, str]], rates: dict[str, Assumption]) -> CostBasis:
    """Return the basis of keys with their states, those of the table with their rates."""
    words = sorted({word for _, state in states for word in state.split("+")})
    firsts = [rate.first_year for rate in rates.values() if rate.first_year]
    lasts = [rate.last_year for rate in rates.values() if rate.last_year]
    years = ""
    if firsts and lasts:
        first, last = min(firsts), max(lasts)
        years = str(first) if first == last else f"{first}-{last}"
    return CostBasis(
        basis="+".join(words), currency=_CURRENCY, years=years,
        assumed=tuple(sorted({key for key, state in states if "assumption" in state.split("+")})),
        undated=tuple(sorted(key for key, rate in rates.items() if not rate.first_year)),
    )  # fmt: skip
