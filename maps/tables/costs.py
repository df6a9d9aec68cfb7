"""What the costs of a table rest on, said once below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.network.cost_basis import cost_basis
from maps.i18n import comma, number, phrases, word
from maps.tables.markdown import cell
from maps.tables.text import print_hanging

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.network.cost_basis import CostBasis
    from corridors.routing.route import Route

__all__ = ["costs_caption", "costs_of", "costs_paragraph", "print_costs"]


def costs_of(routes: Iterable[Route | None]) -> CostBasis:
    """Return what the costs of routes rest on together."""
    return cost_basis(route.cost for route in routes if route is not None)


def print_costs(basis: CostBasis, *, label: str = "costs  ") -> None:
    """Print what costs rest on; nothing if nothing costs."""
    if basis:
        print_hanging(f"{label}{basis.text}")


def costs_paragraph(basis: CostBasis) -> list[str]:
    """Return the lines of Markdown that say what costs rest on; none if nothing costs."""
    return ["", f"{cell(f'Costs: {basis.text}')}."] if basis else []


def costs_caption(basis: CostBasis, language: str) -> list[str]:
    """Return the lines of a caption that say what costs rest on, in its language, as pages do."""
    if not basis:
        return []
    states = [word(f"basis-{state}", language) for state in basis.basis.split("+")]
    listed = f"{comma(language)} ".join(states)
    if not basis.years:
        return ["", cell(phrases("ask-cost-undated")[language].format(listed))]
    years = number(basis.years.replace("-", "–"), language)
    return ["", cell(phrases("ask-cost-of")[language].format(years, listed))]
