"""The shape of the ground under a map: shaded relief and tints by height, from an elevation model.

Source: tints that grow lighter with height after E. Imhof, Kartographische Geländedarstellung
(1965).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.geodesy.earth import DEGREE_M
from maps.layers.hillshade import hillshade

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from borders.terrain.elevation import Terrain
    from maps.print.frame import Frame

__all__ = ["draw_relief"]

# Cells of the picture an inch of the page.
_CELLS_PER_INCH = 200
# Slopes are steeper than they are on wide maps, on which they would not show: by the square root of
# the size of a cell over that of one which shows them as they are, in metres.
_TRUE_CELL_M, _MOST_EXAGGERATED = 60.0, 8.0
# The darkest that a slope becomes.
_DARKEST = 0.55
# Heights in metres and their tints: the light greens, yellows and browns of school atlases.
_TINTS = (
    (-100.0, "#dfe9d8"), (200.0, "#e8efdc"), (800.0, "#f3f1df"), (1600.0, "#f2e8d2"),
    (2600.0, "#ecdfc9"), (3600.0, "#f2ece4"), (5200.0, "#fbfaf8"),
)  # fmt: skip
# Order of drawing: above the tints of countries, below lakes.
_ORDER = 1.7


def draw_relief(frame: Frame, terrain: Terrain, land: list[Any]) -> None:
    """Draw relief under everything but the sea, where the elevation model has heights.

    Parameters
    ----------
    land : lon/lat polygons of the land; none for a map that shows no basemap.
    """
    from matplotlib.path import Path as Outline

    heights, cell_m = _sampled(frame, terrain)
    colours = _tinted(heights) * _shaded(heights, cell_m)[..., None]
    # The slope of the outermost cells is not known either.
    opaque = (~np.isnan(colours).any(axis=2)).astype(float)
    picture = np.dstack([np.nan_to_num(colours), opaque])
    left, bottom, right, top = frame.extent.frame
    image = frame.axes.imshow(
        picture, extent=(left, right, bottom, top), origin="upper", interpolation="bilinear",
        zorder=_ORDER, aspect="auto", gid=frame.gid("relief"),
    )  # fmt: skip
    frame.axes.set_xlim(left, right)
    frame.axes.set_ylim(bottom, top)
    parts = shapely.get_parts(frame.prepared(land)) if land else []
    rings = [
        Outline(shapely.get_coordinates(ring))
        for part in parts
        if part.geom_type == "Polygon" and not part.is_empty
        for ring in shapely.get_rings(part)
    ]
    if rings:
        image.set_clip_path(Outline.make_compound_path(*rings), transform=frame.axes.transData)


def _sampled(frame: Frame, terrain: Terrain) -> tuple[NDArray[np.float64], float]:
    """Return heights on a grid of the frame, NaN beyond the model, and the size of a cell."""
    from scipy import ndimage

    left, bottom, right, top = frame.extent.frame
    columns = max(int(frame.width_pt / 72 * _CELLS_PER_INCH), 2)
    cell_m = (right - left) / columns
    rows = max(round((top - bottom) / cell_m), 2)
    x = left + (np.arange(columns) + 0.5) * cell_m
    y = top - (np.arange(rows) + 0.5) * (top - bottom) / rows
    across, down = np.meshgrid(x, y)
    lon, lat = (np.asarray(values) for values in frame.extent.lonlat(across, down))
    heights = np.asarray(terrain.elevation_m, float)
    missing = np.isnan(heights)
    if missing.any():
        nearest = ndimage.distance_transform_edt(missing, return_distances=False,
                                                 return_indices=True)  # fmt: skip
        heights = heights[tuple(nearest)]
    # What is finer than a cell is averaged, or it would become noise.
    finer = cell_m / (terrain.pixel_height_deg * DEGREE_M)
    if finer > 1:
        heights = ndimage.gaussian_filter(heights, finer / 2)
    at = np.stack([(terrain.north - lat) / terrain.pixel_height_deg - 0.5,
                   (lon - terrain.west) / terrain.pixel_width_deg - 0.5])  # fmt: skip
    sampled: NDArray[np.float64] = ndimage.map_coordinates(heights, at, order=1, mode="nearest")
    west, south, east, north = terrain.bounds
    outside = (lon < west) | (lon > east) | (lat < south) | (lat > north)
    hidden = ndimage.map_coordinates(missing.astype(float), at, order=0, mode="nearest") > 0
    sampled[outside | hidden] = np.nan
    return sampled, float(cell_m)


def _shaded(heights: NDArray[np.float64], cell_m: float) -> NDArray[np.float64]:
    """Return how light each cell is: 1 for level ground and what faces the light."""
    steeper = min(max(float(np.sqrt(cell_m / _TRUE_CELL_M)), 1.0), _MOST_EXAGGERATED)
    return hillshade(heights, cell_m / steeper, cell_m / steeper, darkest=_DARKEST)


def _tinted(heights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the tint of each height, red, green and blue from 0 to 1."""
    from matplotlib.colors import to_rgb

    metres, colours = zip(*_TINTS, strict=True)
    channels = np.array([to_rgb(colour) for colour in colours]).T
    tinted: NDArray[np.float64] = np.dstack(
        [np.interp(heights, metres, channel) for channel in channels]
    )
    return tinted
