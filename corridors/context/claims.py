"""Published distances and savings of whole ways, asked of the network as they define them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot

__all__ = ["Claim", "claims_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One way to read a published figure (`data/context/claims.csv`).

    Parameters
    ----------
    literal : whether the figure says so itself.
    row : what is asked of the network.
    """

    figure: str
    definition: str
    literal: bool
    row: dict[str, Any]


@cache
def _claims(root: DataRoot = BUNDLED) -> dict[str, tuple[Claim, ...]]:
    found: dict[str, list[Claim]] = {}
    for n, row in enumerate(root.rows("context/claims.csv"), 2):
        typed = schema.check("claim", row, f"data/context/claims.csv:{n}")
        one = Claim(
            figure=typed["figure"],
            definition=typed["definition"],
            literal=typed["literal"] == "yes",
            row=typed,
        )
        found.setdefault(one.figure, []).append(one)
    return {key: tuple(some) for key, some in found.items()}


def claims_of(figure: str) -> tuple[Claim, ...]:
    """Return the ways to read a figure, its own words first."""
    return _claims().get(figure, ())
