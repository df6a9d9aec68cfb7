"""Divides on a digital elevation model: the line between two points that stays highest.

Where a treaty says "along the watershed", the line is the one that never goes lower than it must:
its lowest point, the saddle, is at least as high as that of any other line between the two ends.
The search is in `borders.terrain.ridge`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from shapely import LineString

from borders.errors import GeometryError
from borders.geodesy import length_m
from borders.geodesy.lonlat import WGS84
from borders.terrain.ridge import highest_path

if TYPE_CHECKING:
    from borders.gazetteer.places import Place
    from borders.terrain.elevation import FloatArray, Terrain

__all__ = ["Divide", "divide", "window_bounds"]

# The search keeps to a window round the two ends. Its margin is this share of their distance, at
# least so many metres (assumptions).
MARGIN, LEAST_MARGIN_M = 0.5, 5000.0
# A window with more cells is made coarser first; each cell becomes the highest of those in it.
MOST_CELLS = 1_000_000
# Heights of the usual global models are good to about this, one standard error: an assumption.
HEIGHT_SIGMA_M = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Divide:
    """A divide between two places.

    Parameters
    ----------
    geometry : LineString, EPSG:4326, from the first place to the second.
    saddle_m : height of its lowest cell.
    sigma_m : standard error across the line, from the size of a cell, the width over which the
        crest is flatter than the error of the heights, and the errors of the two ends.
    """

    geometry: LineString
    saddle_m: float
    sigma_m: float


def divide(terrain: Terrain, start: Place, end: Place) -> Divide | None:
    """Return the divide between two places, None where the elevation model does not hold both.

    Swapping the ends gives the same line backwards.

    Raises
    ------
    GeometryError : an end lies on a missing cell, both lie in one, or no cells with a height join
        them.
    """
    west, south, east, north = terrain.bounds
    ends = (start, end)
    if not all(west <= p.lon <= east and south <= p.lat <= north for p in ends):
        return None
    heights_m, corner, step = _window(terrain, ends)
    cells = [_cell(p, corner, step, heights_m.shape) for p in ends]
    path = _ridge_cells(terrain.source, heights_m, ends, cells)
    rows, columns = path.T
    lon, lat = corner[0] + (columns + 0.5) * step[0], corner[1] - (rows + 0.5) * step[1]
    # Smoothed, the staircase of cells is about as long as the crest.
    xy = _smooth(np.column_stack([lon, lat]))[1:-1]
    if (rows[0], columns[0]) != cells[0]:
        xy = xy[::-1]
    whole = LineString([(start.lon, start.lat), *xy, (end.lon, end.lat)])
    flat_m = _flat_m(heights_m, path, _cell_m(lat, step))
    at_ends = (start.sigma_m**3 + end.sigma_m**3) / (2 * float(length_m(whole)))
    # A point anywhere in a cell with even chance has a standard error of its size / √12.
    cell_m = float(np.hypot(*_cell_m(lat, step))) / 12**0.5
    return Divide(
        geometry=whole,
        saddle_m=float(heights_m[rows, columns].min()),
        sigma_m=float(np.sqrt(cell_m**2 + flat_m**2 + at_ends)),
    )


def _ridge_cells(
    model: str, heights_m: FloatArray, ends: tuple[Place, Place], cells: list[tuple[int, int]]
) -> np.ndarray:
    """Return rows and columns of the highest path between the cells of two places."""
    for place, cell in zip(ends, cells, strict=True):
        if np.isnan(heights_m[cell]):
            message = f"{model}: no height at '{place.name}'; fill the hole or use another"
            raise GeometryError(message)
    start_name, end_name = (place.name for place in ends)
    if cells[0] == cells[1]:
        message = f"{model}: '{start_name}' and '{end_name}' lie in one cell; give a finer model"
        raise GeometryError(message)
    path = highest_path(heights_m, cells[0], cells[1])
    if path is None:
        message = (
            f"{model}: no cells with heights join '{start_name}' and '{end_name}'; "
            "fill the holes between them"
        )
        raise GeometryError(message)
    return path


def _smooth(xy: FloatArray) -> FloatArray:
    """Return a path whose points are means of five along it; its ends stay."""
    if len(xy) < 7:
        return xy
    inner = np.column_stack([np.convolve(xy[:, k], np.full(5, 0.2), "valid") for k in (0, 1)])
    return np.concatenate([xy[:1], inner, xy[-1:]])


def _cell_m(lat: FloatArray, step: tuple[float, float]) -> tuple[float, float]:
    """Return the approximate width and height of a cell in metres."""
    return 111_320.0 * float(np.cos(np.radians(lat.mean()))) * step[0], 110_950.0 * step[1]


def window_bounds(start: Place, end: Place) -> tuple[float, float, float, float]:
    """Return west, south, east, north of the search for a divide: the two ends and a margin."""
    apart_m = float(WGS84.inv(start.lon, start.lat, end.lon, end.lat)[2])
    margin_lat = max(MARGIN * apart_m, LEAST_MARGIN_M) / 111_000
    # At the end nearer to a pole, so that the way back has the same window.
    margin_lon = margin_lat / float(np.cos(np.radians(max(abs(start.lat), abs(end.lat)))))
    lon, lat = sorted((start.lon, end.lon)), sorted((start.lat, end.lat))
    return lon[0] - margin_lon, lat[0] - margin_lat, lon[1] + margin_lon, lat[1] + margin_lat


def _window(
    terrain: Terrain, ends: tuple[Place, Place]
) -> tuple[FloatArray, tuple[float, float], tuple[float, float]]:
    """Return the heights round the ends, the window's corner and the size of its cells."""
    west, south, east, north = window_bounds(*ends)
    dx, dy = terrain.pixel_width_deg, terrain.pixel_height_deg
    rows, columns = terrain.elevation_m.shape
    left = max(0, int((west - terrain.west) / dx))
    right = min(columns, int((east - terrain.west) / dx) + 1)
    top = max(0, int((terrain.north - north) / dy))
    bottom = min(rows, int((terrain.north - south) / dy) + 1)
    heights_m = terrain.elevation_m[top:bottom, left:right].astype(float)
    corner = terrain.west + left * dx, terrain.north - top * dy
    factor = int(np.ceil(np.sqrt(heights_m.size / MOST_CELLS)))
    if factor > 1:
        heights_m = _coarser(heights_m, factor)
    return heights_m, corner, (dx * factor, dy * factor)


def _coarser(part: FloatArray, factor: int) -> FloatArray:
    """Return a coarser grid, each cell as high as the highest of its own."""
    rows, columns = (-(-n // factor) * factor for n in part.shape)
    padded = np.full((rows, columns), -np.inf)
    padded[: part.shape[0], : part.shape[1]] = np.where(np.isnan(part), -np.inf, part)
    blocks = padded.reshape(rows // factor, factor, columns // factor, factor).max(axis=(1, 3))
    coarse: FloatArray = np.where(np.isinf(blocks), np.nan, blocks)
    return coarse


def _cell(
    place: Place, corner: tuple[float, float], step: tuple[float, float], shape: tuple[int, ...]
) -> tuple[int, int]:
    row, column = int((corner[1] - place.lat) / step[1]), int((place.lon - corner[0]) / step[0])
    return min(max(row, 0), shape[0] - 1), min(max(column, 0), shape[1] - 1)


def _flat_m(heights_m: FloatArray, path: np.ndarray, cell_m: tuple[float, float]) -> float:
    """Return how far the crest may lie from the path where it is flat, as a standard error.

    Across the path, cells count as long as they are lower by less than the height's error; an even
    chance over that width w has the standard error w / √12.
    """
    ahead = np.gradient(path.astype(float), axis=0)
    normal = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-9)[:, None]
    level = heights_m[path[:, 0], path[:, 1]]
    width_m = np.zeros(len(path))
    for side in (1.0, -1.0):
        flat = np.ones(len(path), bool)
        for k in range(1, 41):
            cell = np.rint(path + side * k * normal).astype(int)
            inside = ((cell >= 0) & (cell < heights_m.shape)).all(axis=1)
            cell = cell.clip(0, np.array(heights_m.shape) - 1)
            level_with = np.abs(heights_m[cell[:, 0], cell[:, 1]] - level) <= HEIGHT_SIGMA_M
            flat &= inside & level_with
            width_m[flat] += float(np.mean(cell_m))
    return float(np.sqrt(np.mean(width_m**2 / 12)))
