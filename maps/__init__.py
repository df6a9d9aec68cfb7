"""Maps: interactive pages, figures, the report and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from maps.figure import save_figure, static
    from maps.web import interactive, save

__all__ = ["interactive", "save", "save_figure", "static"]

# The command line imports this package first: folium and the rest load when a name is asked for.
_HOMES = {
    "interactive": "maps.web",
    "save": "maps.web",
    "save_figure": "maps.figure",
    "static": "maps.figure",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    message = f"module 'maps' has no attribute '{name}'"
    raise AttributeError(message)
