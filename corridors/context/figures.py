"""Published figures: numbers that others state, with their source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot
from borders.units import METRES

__all__ = ["Figure", "PublishedFigure", "figures", "figures_of"]


_SI = {**METRES, "km2": 1e6}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """A published number, in SI units where it is a length or an area."""

    id: str
    item: str
    value: float
    unit: str
    year: str
    system: str
    quantity: str
    definition: str
    use: str
    source: str
    state: str
    note: str

    @property
    def si(self) -> float:
        """Return the value in metres or square metres."""
        return self.value * _SI.get(self.unit, 1.0)

    @property
    def text(self) -> str:
        """Return the value with its unit, as one reads it."""
        if self.unit == "year":
            return f"{self.value:.0f}"
        if self.unit == "1:n":
            return f"1:{self.value:,.0f}"
        return f"{self.value:,g} {self.unit.replace('km2', 'km²')}"


Figure = PublishedFigure  # its public name before maps drew figures


@cache
def figures(root: DataRoot = BUNDLED) -> tuple[PublishedFigure, ...]:
    """Return the published figures (`data/context/published_figures.csv`)."""
    found = []
    for n, row in enumerate(root.rows("context/published_figures.csv"), 2):
        typed = schema.check("figure", row, f"data/context/published_figures.csv:{n}")
        texts: dict[str, Any] = {key: "" if v is None else v for key, v in typed.items()}
        found.append(PublishedFigure(**texts))
    return tuple(found)


def figures_of(system: str, *, quantity: str = "length") -> tuple[PublishedFigure, ...]:
    """Return the figures that speak of one system."""
    return tuple(f for f in figures() if f.system == system and f.quantity == quantity)
