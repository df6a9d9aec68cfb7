"""The frame of a map: an axes in a projection, and what is drawn into it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maps.print.labels.occupancy import Occupancy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

    from maps.print.projection import Extent
    from maps.style import Style

__all__ = ["Frame", "dashes", "visible"]

# Detail finer than this part of the map's width is a third of a dot at 300 dpi: unseen.
_FINEST_SHARE = 1 / 6000
_POINTS = [shapely.GeometryType.POINT]
_LINES = [shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING]
_AREAS = [shapely.GeometryType.POLYGON]


def visible(extent: Extent, geometries: Iterable[Any]) -> np.ndarray:
    """Return lon/lat geometries in projected metres, cut and simplified to what can be seen.

    The result has one geometry for each given; some may be empty.
    """
    shapes = np.array([*geometries, None], dtype=object)[:-1]
    around = extent.around
    beyond = ~shapely.covers(around, shapes)
    shapes[beyond] = shapely.intersection(shapes[beyond], around)
    tolerance_m = extent.size_m[0] * _FINEST_SHARE
    simple: np.ndarray = extent.project(shapes)
    # Lines need no care for what they enclose, which takes five times as long.
    are_lines = shapely.get_dimensions(simple) == 1
    for these, keeps in ((are_lines, False), (~are_lines, True)):
        simple[these] = shapely.simplify(simple[these], tolerance_m, preserve_topology=keeps)
    return simple


class Frame:
    """An axes that shows an extent.

    Parameters
    ----------
    width_pt : width on the page, in points.
    pen : points on the page for a width of 1 in the style table.

    Attributes
    ----------
    occupancy : what is drawn where, for labels that keep off it.
    drawn : the lines drawn under each key, in points, for labels that stand on them.
    """

    def __init__(self, axes: Axes, extent: Extent, *, width_pt: float, pen: float) -> None:
        self.axes, self.extent, self.pen = axes, extent, pen
        across, up = extent.size_m
        self.width_pt, self.height_pt = width_pt, width_pt * up / across
        self.metres_per_pt = across / width_pt
        left, bottom, right, top = extent.frame
        axes.set_xlim(left, right)
        axes.set_ylim(bottom, top)
        axes.set_xticks([])
        axes.set_yticks([])
        for side in axes.spines.values():
            side.set_linewidth(0.6)
            side.set_zorder(90)
        self.occupancy = Occupancy(self.width_pt, self.height_pt)
        self.drawn: dict[str, list[np.ndarray]] = {}
        self._gids: Counter[str] = Counter()

    def gid(self, key: str) -> str:
        """Return the id of a group of an SVG for what is drawn under a key, unlike any before."""
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", f"{self.axes.get_label()}-{key}")
        self._gids[name] += 1
        return name if self._gids[name] == 1 else f"{name}.{self._gids[name]}"

    def points(self, xy: Any) -> np.ndarray:
        """Return points from the frame's lower left corner for projected metres, shape (n, 2)."""
        left, bottom = self.extent.frame[:2]
        points: np.ndarray = (np.asarray(xy, float) - (left, bottom)) / self.metres_per_pt
        return points

    def plane(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return projected metres for a point of the frame."""
        left, bottom = self.extent.frame[:2]
        return left + point[0] * self.metres_per_pt, bottom + point[1] * self.metres_per_pt

    def lonlat(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return longitude and latitude of a point of the frame."""
        lon, lat = self.extent.lonlat(*self.plane(point))
        return float(lon), float(lat)

    def holds(self, point: tuple[float, float], *, margin: float = 0.0) -> bool:
        """Tell whether a point lies inside the frame, and so far from its edges, in points."""
        x, y = point
        return margin <= x <= self.width_pt - margin and margin <= y <= self.height_pt - margin

    def prepared(self, geometries: Iterable[Any]) -> np.ndarray:
        """Return lon/lat geometries in projected metres, cut and simplified to what can be seen.

        The result has one geometry for each given; some may be empty.
        """
        return visible(self.extent, geometries)

    def fill(
        self,
        geometries: Iterable[Any],
        colour: str,
        order: float,
        *,
        alpha: float = 1.0,
        key: str = "",
        projected: bool = False,
    ) -> None:
        """Fill the areas of lon/lat polygons.

        Parameters
        ----------
        projected : whether the geometries are what `prepared` returns.
        order : of drawing; what has a higher one lies on top (matplotlib's zorder).
        key : of its group in an SVG.
        """
        shapes = geometries if projected else self.prepared(geometries)
        self._fill(shapes, colour, order, alpha=alpha, key=key)

    def fill_on_page(self, geometries: Iterable[Any], colour: str, order: float) -> None:
        """Fill the areas of polygons in points from the frame's lower left corner."""
        corner = self.extent.frame[:2]
        shapes = [
            shapely.transform(shape, lambda xy: xy * self.metres_per_pt + corner)
            for shape in geometries
        ]
        self._fill(shapes, colour, order, alpha=1.0, key="tint")

    def _fill(
        self, geometries: Iterable[Any], colour: str, order: float, *, alpha: float, key: str
    ) -> None:
        from matplotlib.collections import PathCollection
        from matplotlib.path import Path

        rings, part = shapely.get_rings(_parts(geometries, _AREAS), return_index=True)
        xy, ring = shapely.get_coordinates(rings, return_index=True)
        codes = np.where(np.diff(ring, prepend=-1) > 0, Path.MOVETO, Path.LINETO)
        paths = [
            Path(corners, commands)
            for corners, commands in zip(
                _split(xy, part[ring]), _split(codes, part[ring]), strict=True
            )
        ]
        self.axes.add_collection(
            PathCollection(
                paths,
                facecolors=colour,
                edgecolors="none",
                alpha=alpha,
                zorder=order,
                gid=self.gid(key or "area"),
            ),
            autolim=False,
        )

    def lines(
        self,
        geometries: Iterable[Any],
        style: Style,
        order: float,
        *,
        key: str = "",
        weight: float = 0,
        projected: bool = False,
    ) -> None:
        """Draw lon/lat lines, and the outlines of polygons.

        Parameters
        ----------
        projected : whether the geometries are what `prepared` returns.
        order : of drawing; what has a higher one lies on top (matplotlib's zorder).
        key, weight : under which the lines are in the frame's occupancy, and how much covering
            them costs a label; with no weight they are not.
        """
        from matplotlib.collections import LineCollection

        shapes = geometries if projected else self.prepared(geometries)
        parts = shapely.get_parts(list(shapes))  # shapely 2.1.1 takes no read-only array
        areas = shapely.get_dimensions(parts) == 2
        outlines = [*parts[~areas], *shapely.boundary(parts[areas])]
        xy, nth = shapely.get_coordinates(_parts(outlines, _LINES), return_index=True)
        segments = _split(xy, nth)
        drawn = LineCollection(
            segments, colors=style.colour, linewidths=style.width * self.pen,
            linestyles=[dashes(style)], zorder=order, capstyle="butt",
            gid=self.gid(key or "line"),
        )  # fmt: skip
        self.axes.add_collection(drawn, autolim=False)
        if weight:
            in_points = _split(self.points(xy), nth)
            self.occupancy.add(key, in_points, weight, stroke_pt=style.width * self.pen)
            self.drawn.setdefault(key, []).extend(in_points)

    def dots(self, geometries: Iterable[Any], style: Style, order: float, *, key: str = "") -> None:
        """Draw lon/lat points."""
        points = self.prepared(_parts(geometries, _POINTS))
        xy = shapely.get_coordinates(points)
        if len(xy):
            size = 6.0 * self.pen
            self.axes.plot(*xy.T, "o", markersize=size, color=style.colour, zorder=order,
                           gid=self.gid(key or "point"))  # fmt: skip
            self.occupancy.add(key, list(self.points(xy)[:, None, :]), 3.0)


def _parts(shapes: Iterable[Any], kinds: list[shapely.GeometryType]) -> np.ndarray:
    """Return the parts of geometries that are of some kinds, without empty ones."""
    parts = shapely.get_parts(list(shapes))
    kept = np.isin(shapely.get_type_id(parts), kinds) & ~shapely.is_empty(parts)
    return np.asarray(parts[kept])


def _split(rows: np.ndarray, nth: np.ndarray) -> list[np.ndarray]:
    """Return the rows of each part.

    Parameters
    ----------
    nth : index of the part of each row, rising.
    """
    return np.split(rows, np.flatnonzero(np.diff(nth)) + 1) if len(rows) else []


def dashes(style: Style) -> Any:
    """Return the dash pattern of a style as matplotlib takes it: in multiples of its width."""
    if not style.dash:
        return "solid"
    return 0, tuple(length / max(style.width, 1.0) for length in style.dash)
