"""Published distances and savings of whole routes, and how to compute them on the network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot

__all__ = ["Meaning", "meanings_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One interpretation of a published figure (`data/context/figure_meanings.csv`).

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


def meanings_of(figure: str) -> tuple[Meaning, ...]:
    """Return the interpretations of a figure by its id, the literal one first."""
    return _meanings().get(figure, ())


@cache
def _meanings(root: DataRoot = BUNDLED) -> dict[str, tuple[Meaning, ...]]:
    meanings: dict[str, list[Meaning]] = {}
    for typed in schema.checked_rows("figure-meaning", "context/figure_meanings.csv", root=root):
        meaning = Meaning(
            figure=typed["figure"],
            definition=typed["definition"],
            literal=typed["literal"] == "yes",
            row=typed,
        )
        meanings.setdefault(meaning.figure, []).append(meaning)
    return {figure: tuple(group) for figure, group in meanings.items()}
