"""The shape of the ground under the lines of a page: shaded relief from an elevation model."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from borders.geodesy.earth import DEGREE_M
from maps.layers.hillshade import hillshade

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from borders.terrain.elevation import Terrain
    from maps.web.document import WebPage

__all__ = ["add_relief", "surroundings"]

# Pixels of the longer side of the picture, and how much of the longer side
# of a page's frame it reaches beyond it.
_MOST_PX, _BEYOND = 1400, 0.5
# The darkest that a slope becomes; what faces the light stays as the base map has it.
_DARKEST = 0.45
_QUALITY = 82


def surroundings(
    bounds: tuple[float, float, float, float],
) -> tuple[float, float, float, float]:
    """Return the bounds of the relief for a page that begins with some bounds."""
    west, south, east, north = bounds
    # A window seldom has the shape of what it shows.
    reach = _BEYOND * max(east - west, north - south)
    return west - reach, max(south - reach, -80.0), east + reach, min(north + reach, 80.0)


def add_relief(page: WebPage, terrain: Terrain) -> None:
    """Put shaded relief under the lines of a page, within the page and the elevation model.

    Parameters
    ----------
    page : made by `maps.interactive`.
    """
    from matplotlib.image import imsave

    west, south, east, north = surroundings(page.extent)
    a, b, c, d = terrain.bounds
    west, south, east, north = max(west, a), max(south, b), min(east, c), min(north, d)
    if west >= east or south >= north:
        return
    shade, box = _projected(terrain, (west, south, east, north))
    file = io.BytesIO()
    imsave(file, shade, cmap="gray", vmin=0.0, vmax=1.0, format="jpeg",
           pil_kwargs={"quality": _QUALITY})  # fmt: skip
    picture = base64.b64encode(file.getvalue()).decode()
    page.relief = ",".join(f"{x:.6f}" for x in box) + ";" + picture
    # Lines that follow its divides name it too.
    name = Path(terrain.source).name
    page.sources = (*(text for text in page.sources if text != name), f"Relief: {name}")


def _projected(
    terrain: Terrain, bounds: tuple[float, float, float, float]
) -> tuple[NDArray[np.float64], tuple[float, float, float, float]]:
    """Return the relief on a grid that is regular in Web Mercator, and its bounds."""
    from scipy import ndimage

    west, south, east, north = bounds
    low, high = (np.arctanh(np.sin(np.radians(lat))) for lat in (south, north))
    wide, tall = np.radians(east - west), high - low
    # No finer than the model, no larger than the picture may be.
    scale = min(_MOST_PX / max(wide, tall), 1 / np.radians(terrain.pixel_width_deg))
    columns, rows = (max(int(side * scale), 2) for side in (wide, tall))
    lon = west + (np.arange(columns) + 0.5) / columns * (east - west)
    lat = np.degrees(np.arcsin(np.tanh(high - (np.arange(rows) + 0.5) / rows * tall)))
    heights = np.asarray(terrain.elevation_m, np.float64)
    missing = np.isnan(heights)
    heights = np.where(missing, np.nanmin(heights), heights)
    cell_deg = (east - west) / columns
    # What is finer than a pixel is averaged, or it would become noise.
    finer = cell_deg / terrain.pixel_width_deg
    if finer > 1:
        heights = ndimage.gaussian_filter(heights, finer / 2)
    y = (terrain.north - lat) / terrain.pixel_height_deg - 0.5
    x = (lon - terrain.west) / terrain.pixel_width_deg - 0.5
    grid = np.stack(np.meshgrid(y, x, indexing="ij"))
    sampled = ndimage.map_coordinates(heights, grid, order=1, mode="nearest")
    width_m = cell_deg * DEGREE_M * np.cos(np.radians(lat))[:, None]
    return hillshade(sampled, width_m, width_m, darkest=_DARKEST), bounds
