"""What several commands read from their options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError
from borders.gazetteer.places import LANGUAGES

if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["language", "on_terrain", "things"]


def language(options: Namespace) -> str:
    """Return the language of --lang."""
    asked = str(options.lang).lower()
    if asked not in LANGUAGES:
        message = f"--lang is '{options.lang}'; known: {', '.join(LANGUAGES)}"
        raise AraxesError(message)
    return asked


def things(names: list[str]) -> list[Any]:
    """Return the borders, corridors and files of some names; `all` is every bundled one."""
    from corridors.lookup import thing
    from corridors.model.registry import systems

    return list(systems()) if names == ["all"] else [thing(name) for name in names]


def on_terrain(things: list[Any], dem: str | None) -> list[Any]:
    """Return the things, borders resolved on an elevation model if one is given."""
    if dem is None:
        return things
    from borders.compiler.boundary import Boundary
    from borders.compiler.resolve import resolve
    from borders.terrain.elevation import read_dem

    terrain = read_dem(dem)
    return [
        resolve(one.treaty, terrain=terrain) if isinstance(one, Boundary) else one for one in things
    ]
