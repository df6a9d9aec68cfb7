"""Figures for print: `static(*things)` returns a matplotlib figure in a conic projection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS, Geod, Transformer

from borders.catalogue import attributions
from borders.dates import parse_date
from borders.places import places
from borders.store import layer
from maps import layers as drawing
from maps.margins import trim
from maps.style import BASEMAP, Style
from maps.web import BASE_SOURCES, LABELLED

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["save_figure", "static"]

WIDTH_MM = 180.0
DPI = 300
# Detail finer than this part of the map's width is a third of a dot at 300 dpi: unseen.
_FINEST = 1 / 6000
# Fonts as text that can be selected, and no random ids or times: the same figure, the same bytes.
_EXACT: dict[Any, Any] = {"pdf.fonttype": 42, "svg.hashsalt": "araxes"}
_UNDATED: dict[str, dict[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}


class _Map:
    """An axes with its frame and a conformal conic projection fitted to it."""

    def __init__(self, axes: Axes, bounds: tuple[float, float, float, float]) -> None:
        self.axes = axes
        self.bounds = bounds
        west, south, east, north = bounds
        # Parallels at a sixth of the height keep the scale even (Snyder 1987, USGS 1395, p. 99).
        sixth = (north - south) / 6
        self.parallels = south + sixth, north - sixth
        conic = (
            f"+proj=lcc +lat_1={self.parallels[0]:.3f} +lat_2={self.parallels[1]:.3f} "
            f"+lat_0={(south + north) / 2:.3f} +lon_0={(west + east) / 2:.3f} +ellps=WGS84"
        )
        self._to = Transformer.from_crs("EPSG:4326", CRS.from_proj4(conic), always_xy=True)
        edge = shapely.segmentize(shapely.box(west, south, east, north), 0.25)
        x0, y0, x1, y1 = shapely.bounds(self.project(edge))
        axes.set_xlim(x0, x1)
        axes.set_ylim(y0, y1)
        axes.set_aspect("equal")
        self.finest_m = float(x1 - x0) * _FINEST
        # What lies well outside the frame is not worth projecting.
        self.around = shapely.box(west - 3, south - 3, east + 3, north + 3)

    def at(self, lon: Any, lat: Any) -> Any:
        """Return projected x and y of a point or of arrays."""
        return self._to.transform(lon, lat)

    def project(self, geometry: Any) -> Any:
        def there(xy: np.ndarray) -> np.ndarray:
            return np.column_stack(self.at(xy[:, 0], xy[:, 1]))

        return shapely.transform(shapely.force_2d(geometry), there)

    def prepared(self, geometry: Any) -> Any:
        inside = geometry if self.around.covers(geometry) else geometry.intersection(self.around)
        return shapely.simplify(self.project(inside), self.finest_m)

    def fill(self, geometries: list[Any], colour: str, order: int, alpha: float = 1.0) -> None:
        from matplotlib.collections import PathCollection
        from matplotlib.path import Path as MplPath

        paths = []
        for geometry in map(self.prepared, geometries):
            for part in shapely.get_parts(geometry):
                if part.geom_type == "Polygon" and not part.is_empty:
                    rings = [MplPath(shapely.get_coordinates(r)) for r in shapely.get_rings(part)]
                    paths.append(MplPath.make_compound_path(*rings))
        self.axes.add_collection(
            PathCollection(paths, facecolors=colour, edgecolors="none", alpha=alpha, zorder=order)
        )

    def lines(self, geometries: list[Any], style: Style, order: int, width: float = 0.6) -> None:
        from matplotlib.collections import LineCollection

        segments = []
        for geometry in map(self.prepared, geometries):
            outline = geometry.boundary if geometry.geom_type.endswith("Polygon") else geometry
            segments += [
                shapely.get_coordinates(part)
                for part in shapely.get_parts(outline)
                if part.geom_type in ("LineString", "LinearRing") and not part.is_empty
            ]
        points = style.width * width
        dash = (0, tuple(d / max(style.width, 1) for d in style.dash)) if style.dash else "solid"
        self.axes.add_collection(
            LineCollection(
                segments, colors=style.colour, linewidths=points, linestyles=[dash], zorder=order
            )
        )

    def points(self, geometries: list[Any], style: Style, order: int) -> None:
        parts = shapely.get_parts([self.prepared(geometry) for geometry in geometries])
        xy = shapely.get_coordinates(parts[shapely.get_type_id(parts) == 0])
        if len(xy):
            self.axes.plot(*xy.T, "o", markersize=4, color=style.colour, zorder=order)


def static(
    *things: Any,
    title: str = "Araxes",
    language: str = "en",
    on: date | str | None = None,
    bounds: tuple[float, float, float, float] | None = None,
) -> Figure:
    """Return a figure of any things, 180 mm wide.

    The projection is a Lambert conformal conic fitted to the extent, which the figure states.

    Parameters
    ----------
    things : borders, corridors, anything with ``to_gdf()``, or GeoDataFrames in EPSG:4326.
    language : of the names: en, tr, az, hy, ka, ru or fa.
    on : as things stood on this day.
    bounds : west, south, east, north of the frame; a margin around the things, if missing.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    day = None if on is None else parse_date(on)
    found = tuple(one for one in drawing.layers(things, language=language, on=day) if one.show)
    frame = bounds or _framed(found)
    inches = WIDTH_MM / 25.4
    figure = Figure(figsize=(inches, inches), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.05, 0.2, 0.92, 0.7), facecolor=BASEMAP["sea"])
    chart = _Map(axes, frame)
    _basemap(chart)
    _draw(chart, found)
    _graticule(chart)
    trim(figure, axes, found, title=title, notes=_notes(chart, found, day))
    _labels(chart, language)
    _scale_bar(chart)
    return figure


def _framed(found: tuple[drawing.Layer, ...]) -> tuple[float, float, float, float]:
    west, south, east, north = drawing.bounds(found)
    dx, dy = max(0.06 * (east - west), 0.1), max(0.06 * (north - south), 0.1)
    return west - dx, south - dy, east + dx, north + dy


def _basemap(chart: _Map) -> None:
    def near(name: str) -> list[Any]:
        shapes = [f.geometry for f in layer(name)]
        return [s for s in shapes if s.intersects(chart.around)]

    chart.fill(near("land"), BASEMAP["land"], 1)
    chart.fill(near("lakes"), BASEMAP["lake"], 2)
    chart.lines(near("rivers"), Style(colour=BASEMAP["river"], width=1.0), 3)
    chart.lines(near("country-borders"), Style(colour=BASEMAP["border"], width=1.0), 4)


def _draw(chart: _Map, found: tuple[drawing.Layer, ...]) -> None:
    # The first layers are the ones that readers look for, so they are drawn last.
    for n, one in enumerate(reversed(found)):
        for shape in one.shapes:
            if shape.style.fill:
                chart.fill([shape.geometry], shape.style.colour, 10, alpha=shape.style.fill)
            if shape.style.width:
                chart.lines([shape.geometry], shape.style, 20 + n)
                chart.points([shape.geometry], shape.style, 20 + n)


def _steps(low: float, high: float) -> np.ndarray:
    span = high - low
    step = next((s for s in (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0) if span / s <= 7), 10.0)
    # Meridians lean: some that cross the frame lie outside its corners' longitudes.
    return np.arange(np.ceil((low - 1) / step), np.floor((high + 1) / step) + 1) * step


def _graticule(chart: _Map) -> None:
    west, south, east, north = chart.bounds
    axes = chart.axes
    x0, x1 = axes.get_xlim()
    y0, y1 = axes.get_ylim()
    look: dict[str, Any] = {"color": "#9a9a9a", "linewidth": 0.3, "zorder": 5}
    frame: dict[str, Any] = {"fontsize": 6, "color": "#444444", "clip_on": False}
    lats = np.linspace(south - 2, north + 2, 80)
    for lon in _steps(west, east):
        x, y = chart.at(np.full_like(lats, lon), lats)
        axes.plot(x, y, **look)
        foot = float(np.interp(y0, y, x))
        if x0 < foot < x1:
            name = f"{abs(lon):g}°{'W' if lon < 0 else 'E'}\n"
            axes.text(foot, y0, name, ha="center", va="top", **frame)
    lons = np.linspace(west - 2, east + 2, 80)
    for lat in _steps(south, north):
        x, y = chart.at(lons, np.full_like(lons, lat))
        axes.plot(x, y, **look)
        side = float(np.interp(x0, x, y))
        if y0 < side < y1:
            name = f"{abs(lat):g}°{'S' if lat < 0 else 'N'} "
            axes.text(x0, side, name, ha="right", va="center", **frame)
    axes.set_xticks([])
    axes.set_yticks([])


def _labels(chart: _Map, language: str) -> None:
    """Name places in order of rank; one whose box would touch another is left out."""
    from matplotlib import patheffects

    axes, known = chart.axes, places()
    halo = [patheffects.withStroke(linewidth=1.6, foreground="white")]
    figure = axes.get_figure()
    renderer = figure.canvas.get_renderer()  # type: ignore[union-attr]
    frame = axes.get_window_extent(renderer)
    taken: list[Any] = []
    for rank, keys in enumerate(LABELLED, 1):
        for key in keys:
            if key not in known:
                continue
            one = known[key]
            x, y = chart.at(one.lon, one.lat)
            at = axes.transData.transform((x, y))
            if not frame.contains(*at):
                continue
            text = axes.annotate(
                one.names.get(language) or one.name, (x, y), (3, 0), textcoords="offset points",
                fontsize=6.5 if rank == 1 else 5.5, va="center", zorder=60, path_effects=halo,
                fontweight="bold" if rank == 1 else "normal", color=BASEMAP["text"],
                parse_math=False,
            )  # fmt: skip
            box = text.get_window_extent(renderer).padded(6)
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1
            if inside and not any(box.overlaps(other) for other in taken):
                taken.append(box)
                axes.plot(x, y, "o", markersize=1.6, color="#222222", zorder=59)
            else:
                text.remove()


def _scale_bar(chart: _Map) -> None:
    """Draw a bar that is right at the middle of the map."""
    west, south, east, north = chart.bounds
    axes = chart.axes
    x0, x1 = axes.get_xlim()
    y0, y1 = axes.get_ylim()
    middle = ((west + east) / 2, (south + north) / 2)
    wide = Geod(ellps="WGS84").inv(west, middle[1], east, middle[1])[2]
    metres = next(s for s in (1e6, 5e5, 2e5, 1e5, 5e4, 2e4, 1e4, 5e3, 2e3, 1e3) if s < wide / 3.5)
    lon, lat, _ = Geod(ellps="WGS84").fwd(*middle, 90.0, metres)
    a = np.array(chart.at(*middle))
    b = np.array(chart.at(lon, lat))
    drawn = float(np.hypot(*(b - a)))
    left, foot = x0 + 0.03 * (x1 - x0), y0 + 0.05 * (y1 - y0)
    axes.plot([left, left + drawn], [foot, foot], color="black", linewidth=1.6, zorder=61,
              solid_capstyle="butt")  # fmt: skip
    axes.annotate(f"{metres / 1000:g} km", (left + drawn / 2, foot), (0, 1.5), fontsize=6,
                  textcoords="offset points", ha="center", va="bottom", zorder=61)  # fmt: skip


def _notes(chart: _Map, found: tuple[drawing.Layer, ...], day: date | None) -> tuple[str, str]:
    """Return what the map is, and whose data it shows."""
    first, second = chart.parallels
    when = f" As of {day.isoformat()}." if day else ""
    cited = dict.fromkeys((*drawing.cited(found), *BASE_SOURCES))
    projection = f"Lambert conformal conic, {first:.1f}° and {second:.1f}° N.{when}"
    return projection, "; ".join(attributions(cited)) + "."


def save_figure(figure: Figure, file: str | Path) -> None:
    """Write a figure as PNG, SVG or PDF, whole or not at all; the same figure, the same bytes."""
    import matplotlib

    from borders.files import atomic

    with atomic(file) as beside, matplotlib.rc_context(_EXACT):
        figure.savefig(beside, dpi=DPI, metadata=_UNDATED.get(beside.suffix.lower(), {}))
