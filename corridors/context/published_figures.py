"""Published figures: numbers that others state, with their source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot
from borders.units import METRES

__all__ = ["Figure", "PublishedFigure", "figures", "figures_of"]

# Unit of a figure → metres or square metres in it.
_SI = {**METRES, "km2": 1e6}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """A published number with its unit and source; `si` is its value in metres or square metres.

    Parameters
    ----------
    system : id of the border, guide line or corridor that it measures; may be empty.
    quantity : ``length``, ``area``, ``width`` or ``other``.
    definition : ``same`` if it measures the same as the system here, else how it differs.
    use : ``reference`` if a corridor's length is this figure, ``calibration`` if it sets an error.
    state : how sure it is: ``quoted``, ``source-document`` or ``unverified``.
    """

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
        """Return the value in metres or square metres; any other unit stays as it is."""
        return self.value * _SI.get(self.unit, 1.0)

    @property
    def text(self) -> str:
        """Return the value with its unit, for tables and labels."""
        if self.unit == "year":
            return f"{self.value:.0f}"
        if self.unit == "1:n":
            return f"1:{self.value:,.0f}"
        return f"{self.value:,g} {self.unit.replace('km2', 'km²')}"


# The older public name, kept because users import it; maps draw figures of another kind.
Figure = PublishedFigure


@cache
def figures(root: DataRoot = BUNDLED) -> tuple[PublishedFigure, ...]:
    """Return the published figures (`data/context/published_figures.csv`)."""
    rows = []
    for typed in schema.checked_rows("figure", "context/published_figures.csv", root=root):
        texts: dict[str, Any] = {key: "" if v is None else v for key, v in typed.items()}
        rows.append(PublishedFigure(**texts))
    return tuple(rows)


def figures_of(system: str, *, quantity: str = "length") -> tuple[PublishedFigure, ...]:
    """Return the published figures of one system and quantity."""
    return tuple(f for f in figures() if f.system == system and f.quantity == quantity)
