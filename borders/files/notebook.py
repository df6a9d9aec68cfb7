"""What a notebook shows of a thing: a sketch of its course and a table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders.files.catalogue import attributions, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["card"]

_WIDE, _HIGH, _EDGE = 360.0, 200.0, 6.0
# Bends smaller than this many pixels do not show.
_FINE = 0.4
_CELL = 'style="text-align:left;vertical-align:top"'


def card(
    title: str, rows: Iterable[tuple[str, str]], course: shapely.Geometry, *, cited: Sequence[str]
) -> str:
    """Return HTML that asks the network for nothing: a sketch, north up, above a table.

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
    owed = attributions(key for key in cited if key in sources())
    every = [*rows, ("sources", ", ".join(cited)), ("data", "; ".join(owed))]
    cells = "".join(
        f"<tr><th {_CELL}>{escape(label)}</th><td {_CELL}>{escape(text)}</td></tr>"
        for label, text in every
        if text
    )
    return f"<div><strong>{escape(title)}</strong>{_sketch(course)}<table>{cells}</table></div>"


def _sketch(course: shapely.Geometry) -> str:
    """Return lines as an SVG in the colour of the text around it; nothing where there are none."""
    if course.is_empty:
        return ""
    west, south, east, north = course.bounds
    squeeze = np.cos(np.radians((south + north) / 2))
    wide, high = (east - west) * squeeze, north - south
    scale = min((_WIDE - 2 * _EDGE) / max(wide, 1e-9), (_HIGH - 2 * _EDGE) / max(high, 1e-9))
    corner, steps = np.array([west, north]), np.array([scale * squeeze, -scale])
    drawn = shapely.transform(course, lambda xy: (xy - corner) * steps + _EDGE)
    lines = shapely.get_parts(shapely.simplify(drawn, _FINE))
    paths = "".join(f'<path d="{_path(line)}"/>' for line in lines)
    size = f'width="{wide * scale + 2 * _EDGE:.0f}" height="{high * scale + 2 * _EDGE:.0f}"'
    return (
        f'<br><svg {size} role="img" aria-label="sketch, north up" fill="none" '
        f'stroke="currentColor" stroke-width="1.5" stroke-linejoin="round">{paths}</svg>'
    )


def _path(line: shapely.Geometry) -> str:
    return "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in shapely.get_coordinates(line))
