"""Maps: interactive pages, figures, the report and the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.lazy import load_when_asked

if TYPE_CHECKING:
    from maps.charts.claims import claims_chart
    from maps.charts.lengths import lengths_chart
    from maps.charts.scale import scale_chart
    from maps.charts.timeline import timeline_chart
    from maps.figure import save_caption, save_figure, static
    from maps.web import interactive, save

__all__ = [
    "claims_chart",
    "interactive",
    "lengths_chart",
    "save",
    "save_caption",
    "save_figure",
    "scale_chart",
    "static",
    "timeline_chart",
]

load_when_asked(
    __name__,
    {
        "claims_chart": "maps.charts.claims",
        "interactive": "maps.web",
        "lengths_chart": "maps.charts.lengths",
        "save": "maps.web",
        "save_caption": "maps.figure",
        "save_figure": "maps.figure",
        "scale_chart": "maps.charts.scale",
        "static": "maps.figure",
        "timeline_chart": "maps.charts.timeline",
    },
)
