"""The frame of a map: an axes in a projection, and what is drawn into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maps.print.labels.placement import Occupancy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

    from maps.print.projection import Extent
    from maps.style import Style

__all__ = ["Frame", "dashes"]

# Detail finer than this part of the map's width is a third of a dot at 300 dpi: unseen.
_FINEST = 1 / 6000
_LINES = ("LineString", "LinearRing")


class Frame:
    """An axes that shows an extent.

    Parameters
    ----------
    wide : width on the page, in points.
    pen : points of line for one of the style table.
    """

    def __init__(self, axes: Axes, extent: Extent, *, wide: float, pen: float) -> None:
        self.axes, self.extent, self.pen = axes, extent, pen
        across, up = extent.size_m
        self.wide, self.high = wide, wide * up / across
        self.metres = across / wide
        left, bottom, right, top = extent.frame
        axes.set_xlim(left, right)
        axes.set_ylim(bottom, top)
        axes.set_xticks([])
        axes.set_yticks([])
        for side in axes.spines.values():
            side.set_linewidth(0.6)
            side.set_zorder(90)
        self.ink = Occupancy(self.wide, self.high)
        self.drawn: dict[str, list[np.ndarray]] = {}

    def points(self, xy: Any) -> np.ndarray:
        """Return points from the frame's lower left corner for projected metres, shape (n, 2)."""
        left, bottom = self.extent.frame[:2]
        found: np.ndarray = (np.asarray(xy, float) - (left, bottom)) / self.metres
        return found

    def spot(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a place lies, in points from the lower left corner."""
        x, y = self.points([self.extent.at(lon, lat)])[0]
        return float(x), float(y)

    def plane(self, at: tuple[float, float]) -> tuple[float, float]:
        """Return projected metres for a spot in points."""
        left, bottom = self.extent.frame[:2]
        return left + at[0] * self.metres, bottom + at[1] * self.metres

    def lonlat(self, at: tuple[float, float]) -> tuple[float, float]:
        """Return longitude and latitude of a spot in points."""
        lon, lat = self.extent.lonlat(*self.plane(at))
        return float(lon), float(lat)

    def holds(self, at: tuple[float, float], *, margin: float = 0.0) -> bool:
        """Tell whether a spot in points lies inside the frame."""
        x, y = at
        return margin <= x <= self.wide - margin and margin <= y <= self.high - margin

    def prepared(self, geometries: Iterable[Any]) -> np.ndarray:
        """Return lon/lat geometries projected, without what cannot be seen; some may be empty."""
        shapes = np.array([*geometries, None], dtype=object)[:-1]
        around = self.extent.around
        beyond = ~shapely.covers(around, shapes)
        shapes[beyond] = shapely.intersection(shapes[beyond], around)
        finest = self.extent.size_m[0] * _FINEST
        found: np.ndarray = shapely.simplify(self.extent.project(shapes), finest)
        return found

    def fill(
        self, geometries: Iterable[Any], colour: str, order: float, *, alpha: float = 1.0
    ) -> None:
        """Fill the areas of lon/lat polygons."""
        from matplotlib.collections import PathCollection
        from matplotlib.path import Path

        paths = []
        for part in _parts(self.prepared(geometries), "Polygon"):
            rings = [Path(shapely.get_coordinates(r)) for r in shapely.get_rings(part)]
            paths.append(Path.make_compound_path(*rings))
        self.axes.add_collection(
            PathCollection(paths, facecolors=colour, edgecolors="none", alpha=alpha, zorder=order),
            autolim=False,
        )

    def lines(
        self,
        geometries: Iterable[Any],
        style: Style,
        order: float,
        *,
        key: str = "",
        ink: float = 0,
    ) -> None:
        """Draw lon/lat lines, and the outlines of polygons.

        Parameters
        ----------
        key, ink : whose it is and how black, for names that keep off what is drawn.
        """
        from matplotlib.collections import LineCollection

        parts = shapely.get_parts(self.prepared(geometries))
        areas = shapely.get_dimensions(parts) == 2
        outlines = [*parts[~areas], *shapely.boundary(parts[areas])]
        segments = [shapely.get_coordinates(part) for part in _parts(outlines, *_LINES)]
        drawn = LineCollection(
            segments, colors=style.colour, linewidths=style.width * self.pen,
            linestyles=[dashes(style)], zorder=order, capstyle="butt",
        )  # fmt: skip
        self.axes.add_collection(drawn, autolim=False)
        if ink:
            within = [self.points(xy) for xy in segments]
            self.ink.add(key, within, ink)
            self.drawn.setdefault(key, []).extend(within)

    def dots(self, geometries: Iterable[Any], style: Style, order: float, *, key: str = "") -> None:
        """Draw lon/lat points."""
        points = self.prepared(_parts(geometries, "Point"))
        xy = shapely.get_coordinates(points)
        if len(xy):
            size = 6.0 * self.pen
            self.axes.plot(*xy.T, "o", markersize=size, color=style.colour, zorder=order)
            self.ink.add(key, list(self.points(xy)[:, None, :]), 3.0)


def _parts(shapes: Iterable[Any], *kinds: str) -> list[Any]:
    """Return the parts of some kinds of geometries, without empty ones."""
    return [p for p in shapely.get_parts(list(shapes)) if p.geom_type in kinds and not p.is_empty]


def dashes(style: Style) -> Any:
    """Return the dash pattern of a style as matplotlib takes it: in widths of the line."""
    if not style.dash:
        return "solid"
    return 0, tuple(length / max(style.width, 1.0) for length in style.dash)
