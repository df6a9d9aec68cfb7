"""Published distances and savings of whole routes, and how to compute them on the network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot

__all__ = ["Claim", "claims_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One interpretation of a published figure (`data/context/claims.csv`).

    Parameters
    ----------
    figure : id of the published figure.
    definition : the interpretation in words.
    literal : whether the figure states this definition itself.
    row : checked row of the table; its columns say what to compute on the network.
    """

    figure: str
    definition: str
    literal: bool
    row: dict[str, Any]


def claims_of(figure: str) -> tuple[Claim, ...]:
    """Return the interpretations of a figure by its id, the literal one first."""
    return _claims().get(figure, ())


@cache
def _claims(root: DataRoot = BUNDLED) -> dict[str, tuple[Claim, ...]]:
    claims: dict[str, list[Claim]] = {}
    for n, row in enumerate(root.rows("context/claims.csv"), 2):
        typed = schema.check("claim", row, f"data/context/claims.csv:{n}")
        claim = Claim(
            figure=typed["figure"],
            definition=typed["definition"],
            literal=typed["literal"] == "yes",
            row=typed,
        )
        claims.setdefault(claim.figure, []).append(claim)
    return {figure: tuple(group) for figure, group in claims.items()}
