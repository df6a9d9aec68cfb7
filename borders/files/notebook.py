"""What a notebook shows of a border, corridor or route: a sketch of its line and a table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders.files.catalogue import attributions, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["card"]

# Largest size of the sketch and the margin round it.
_WIDTH_PX, _HEIGHT_PX, _MARGIN_PX = 360.0, 200.0, 6.0
# Bends smaller than this do not show.
_TOLERANCE_PX = 0.4
_CELL_STYLE = 'style="text-align:left;vertical-align:top"'


def card(
    title: str, rows: Iterable[tuple[str, str]], course: shapely.Geometry, *, cited: Sequence[str]
) -> str:
    """Return HTML that loads nothing from the network: a sketch, north up, above a table.

    Parameters
    ----------
    rows : label and text; those without a text are left out.
    course : lines, EPSG:4326.
    cited : ids of sources, or texts of those that the catalogue lacks.

    Examples
    --------
    >>> line = shapely.LineString([(44, 40), (45, 40)])
    >>> card("A<B", [("length", "85 km"), ("area", "")], line, cited=())[:25]
    '<div><strong>A&lt;B</stro'
    """
    credit_lines = attributions(key for key in cited if key in sources())
    all_rows = [*rows, ("sources", ", ".join(cited)), ("data", "; ".join(credit_lines))]
    cells = "".join(
        f"<tr><th {_CELL_STYLE}>{escape(label)}</th><td {_CELL_STYLE}>{escape(text)}</td></tr>"
        for label, text in all_rows
        if text
    )
    return f"<div><strong>{escape(title)}</strong>{_sketch(course)}<table>{cells}</table></div>"


def _sketch(course: shapely.Geometry) -> str:
    """Return lines as an SVG in the colour of the text around it; nothing where there are none."""
    if course.is_empty:
        return ""
    west, south, east, north = course.bounds
    cos_lat = np.cos(np.radians((south + north) / 2))
    width, height = (east - west) * cos_lat, north - south
    scale = min(
        (_WIDTH_PX - 2 * _MARGIN_PX) / max(width, 1e-9),
        (_HEIGHT_PX - 2 * _MARGIN_PX) / max(height, 1e-9),
    )
    corner, factors = np.array([west, north]), np.array([scale * cos_lat, -scale])
    drawn = shapely.transform(course, lambda xy: (xy - corner) * factors + _MARGIN_PX)
    lines = shapely.get_parts(shapely.simplify(drawn, _TOLERANCE_PX))
    paths = "".join(f'<path d="{_path(line)}"/>' for line in lines)
    size_px = width * scale + 2 * _MARGIN_PX, height * scale + 2 * _MARGIN_PX
    size = f'width="{size_px[0]:.0f}" height="{size_px[1]:.0f}"'
    return (
        f'<br><svg {size} role="img" aria-label="sketch, north up" fill="none" '
        f'stroke="currentColor" stroke-width="1.5" stroke-linejoin="round">{paths}</svg>'
    )


def _path(line: shapely.Geometry) -> str:
    return "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in shapely.get_coordinates(line))
