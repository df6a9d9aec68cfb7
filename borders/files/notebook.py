"""What a notebook shows of a border, corridor, route, place or scenario: a sketch and a table."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import shapely

from borders.files.bundle import layer
from borders.files.catalogue import attributions, sources
from borders.geodesy import length_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["card"]

# Largest size of the sketch and the margin round it.
_WIDTH_PX, _HEIGHT_PX, _MARGIN_PX = 360.0, 200.0, 6.0
# Who the land and the borders of the sketch are from.
_BASE_SOURCES = ("geo-maps-land", "osm-timezones")
# The least extent of what is shown, in degrees of latitude; that round a place; and the least of
# one side to the other.
_LEAST_DEG, _AROUND_PLACE_DEG, _LEAST_ASPECT = 0.5, 3.0, 0.45
# Bends smaller than this do not show.
_TOLERANCE_PX = 0.4
_CELL_STYLE = 'style="text-align:left;vertical-align:top"'


def card(
    title: str, rows: Iterable[tuple[str, str]], course: shapely.Geometry, *, cited: Sequence[str]
) -> str:
    """Return HTML that loads nothing from the network: a sketch, north up, above a table.

    The sketch has land, the borders of countries and a scale.

    Parameters
    ----------
    rows : label and text; those without a text are left out.
    course : lines or points, EPSG:4326; an empty one is not drawn.
    cited : ids of sources, or texts of those that the catalogue lacks.

    Examples
    --------
    >>> line = shapely.LineString([(44, 40), (45, 40)])
    >>> card("A<B", [("length", "85 km"), ("area", "")], line, cited=())[:25]
    '<div><strong>A&lt;B</stro'
    """
    shown = [] if course.is_empty else list(_BASE_SOURCES)
    credit_lines = attributions(key for key in [*cited, *shown] if key in sources())
    all_rows = [*rows, ("sources", ", ".join(cited)), ("data", "; ".join(credit_lines))]
    cells = "".join(
        f"<tr><th {_CELL_STYLE}>{escape(label)}</th><td {_CELL_STYLE}>{escape(text)}</td></tr>"
        for label, text in all_rows
        if text
    )
    return f"<div><strong>{escape(title)}</strong>{_sketch(course)}<table>{cells}</table></div>"


@dataclass(frozen=True)
class _Window:
    """The part of the Earth that a sketch shows, in degrees, and its size in pixels.

    Longitude is shortened by the cosine of the middle latitude, so that shapes keep theirs.
    """

    west: float
    south: float
    east: float
    north: float
    width_px: float
    height_px: float

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float]) -> _Window:
        """Return the window of some bounds: what is flat or small gets room on both sides."""
        west, south, east, north = bounds
        cos_lat = max(float(np.cos(np.radians((south + north) / 2))), 0.01)
        least = _LEAST_DEG if (west, south) != (east, north) else _AROUND_PLACE_DEG
        width, height = max((east - west) * cos_lat, least), max(north - south, least)
        width, height = max(width, _LEAST_ASPECT * height), max(height, _LEAST_ASPECT * width)
        scale = min((_WIDTH_PX - 2 * _MARGIN_PX) / width, (_HEIGHT_PX - 2 * _MARGIN_PX) / height)
        half_lon = (width / 2 + _MARGIN_PX / scale) / cos_lat
        half_lat = height / 2 + _MARGIN_PX / scale
        lon, lat = (west + east) / 2, (south + north) / 2
        return cls(
            west=lon - half_lon, south=lat - half_lat, east=lon + half_lon, north=lat + half_lat,
            width_px=width * scale + 2 * _MARGIN_PX, height_px=height * scale + 2 * _MARGIN_PX,
        )  # fmt: skip

    def drawn(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return a shape in pixels, from the top left, without bends that do not show."""
        corner = np.array([self.west, self.north])
        factors = np.array(
            [
                self.width_px / (self.east - self.west),
                -self.height_px / (self.north - self.south),
            ]
        )
        pixels = shapely.transform(shape, lambda xy: (xy - corner) * factors)
        return shapely.simplify(pixels, _TOLERANCE_PX)

    def clipped(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return what of a shape lies in the window, in pixels."""
        inside = shapely.clip_by_rect(shape, self.west, self.south, self.east, self.north)
        return self.drawn(inside)


def _sketch(course: shapely.Geometry) -> str:
    """Return lines or points as an SVG in the colour of the text around it, over land and borders.

    Nothing where there are none. A scale is at the bottom.
    """
    if course.is_empty:
        return ""
    window = _Window.around(course.bounds)
    parts = shapely.get_parts(window.drawn(course))
    lines = "".join(f'<path d="{_path(part)}"/>' for part in parts if part.geom_type != "Point")
    points = "".join(
        f'<circle cx="{part.x:.1f}" cy="{part.y:.1f}" r="3.5" fill="currentColor"/>'
        for part in parts
        if part.geom_type == "Point"
    )
    size = f'width="{window.width_px:.0f}" height="{window.height_px:.0f}"'
    return (
        f'<br><svg {size} role="img" aria-label="sketch, north up" fill="none" '
        f'stroke="currentColor" stroke-width="1.5" stroke-linejoin="round">{_base_map(window)}'
        f"{lines}{points}{_scale_bar(window)}</svg>"
    )


def _base_map(window: _Window) -> str:
    """Return land and the borders of countries, faint; nothing where the bundle holds none."""
    box = shapely.box(window.west, window.south, window.east, window.north)
    areas, lines = [], []
    for name in ("land", "land-beyond", "country-borders"):
        for feature in layer(name):
            if not feature.geometry.intersects(box):
                continue
            for part in shapely.get_parts(window.clipped(feature.geometry)):
                if part.geom_type == "Polygon":
                    areas.append(f'<polygon points="{_points(part.exterior)}"/>')
                elif part.geom_type == "LineString":
                    lines.append(f'<polyline points="{_points(part)}"/>')
    land = f'<g fill="currentColor" fill-opacity="0.08" stroke="none">{"".join(areas)}</g>'
    borders = f'<g stroke-width="0.8" stroke-opacity="0.45">{"".join(lines)}</g>'
    return (land if areas else "") + (borders if lines else "")


def _scale_bar(window: _Window) -> str:
    """Return a bar of a round number of kilometres at the middle latitude, up to a third wide."""
    lat = (window.south + window.north) / 2
    # A chord of a degree at most: over the whole width a geodesic would leave the parallel.
    step = min(window.east - window.west, 1.0)
    lon = (window.west + window.east - step) / 2
    step_m = float(length_m(shapely.LineString([(lon, lat), (lon + step, lat)])))
    px_of_km = window.width_px / (window.east - window.west) * step / (step_m / 1000)
    most_km = window.width_px / 3 / px_of_km
    power = 10.0 ** np.floor(np.log10(most_km))
    km = next(n * power for n in (5, 2, 1) if n * power <= most_km)
    x, y = _MARGIN_PX, window.height_px - _MARGIN_PX
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x + km * px_of_km:.1f}" y2="{y:.1f}"/>'
        f'<text x="{x:.1f}" y="{y - 4:.1f}" font-size="10" stroke="none" fill="currentColor">'
        f"{km:,g} km</text>"
    )


def _path(line: shapely.Geometry) -> str:
    return "M" + _points(line)


def _points(line: shapely.Geometry) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in shapely.get_coordinates(line))
