"""Maps: interactive pages, figures, the report and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.lazy import load_when_asked

if TYPE_CHECKING:
    from maps.figure import save_caption, save_figure, static
    from maps.web import interactive, save

__all__ = ["interactive", "save", "save_caption", "save_figure", "static"]

load_when_asked(
    __name__,
    {
        "interactive": "maps.web",
        "save": "maps.web",
        "save_caption": "maps.figure",
        "save_figure": "maps.figure",
        "static": "maps.figure",
    },
)
