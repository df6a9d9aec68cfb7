"""Geometries across the meridian of 180°, moved so that what is near on the globe is on the map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.geodesy.antimeridian import unwrap, unwrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from numpy.typing import NDArray

    from maps.layers.model import Layer

    Array: TypeAlias = NDArray[np.float64]

__all__ = ["eastwards", "joined_at_seam", "layers_joined_at_seam", "turned", "turned_lon"]

# A polygon higher than this, in degrees, is a part of the world between two meridians rather than
# an area across the seam (an assumption): both have sides longer than half the globe.
_WORLD_DEG = 60.0


def joined_at_seam(geometries: Sequence[Any]) -> list[Any]:
    """Return geometries whose longitudes run on beyond 180° where they cross that meridian.

    All are moved by whole turns to the window of 360° that leaves out the widest gap between them,
    so that their bounds are those of the data and not of the globe. Geometries that reach over at
    most half the globe, and cross no seam, stay as they are.

    Parameters
    ----------
    geometries : of any kind, lon/lat in degrees, EPSG:4326.

    Examples
    --------
    >>> ferry = shapely.LineString([(179.9, -16.7), (-179.9, -16.9)])
    >>> [round(x, 6) for x, _ in joined_at_seam([ferry])[0].coords]
    [179.9, 180.1]
    """
    west, _, east, _ = shapely.total_bounds(geometries) if len(geometries) else (0, 0, 0, 0)
    if not east - west > 180:
        return list(geometries)
    parts = [_parts(geometry) for geometry in geometries]
    unwrapped = [[_unwrapped(part) for part in of_one] for of_one in parts]
    start = _after_widest_gap([part for of_one in unwrapped for part in of_one])
    if start is None:
        return list(geometries)
    joined = []
    for geometry, before, of_one in zip(geometries, parts, unwrapped, strict=True):
        moved = [_moved(part, start) for part in of_one]
        same = all(new is old for new, old in zip(moved, before, strict=True))
        joined.append(geometry if same else _rebuilt(geometry, moved))
    return joined


def layers_joined_at_seam(layers: Sequence[Layer]) -> list[Layer]:
    """Return layers as `joined_at_seam` returns the geometries of all of them."""
    shapes = [shape for layer in layers for shape in layer.shapes]
    geometries = [shape.geometry for shape in shapes]
    joined = joined_at_seam(geometries)
    if all(new is old for new, old in zip(joined, geometries, strict=True)):
        return list(layers)
    moved = iter(joined)
    return [
        replace(
            layer,
            shapes=tuple(replace(shape, geometry=next(moved)) for shape in layer.shapes),
        )
        for layer in layers
    ]


def turned(geometry: Any, meridian: float) -> Any:
    """Return a lon/lat geometry whose parts are moved by whole turns to be near a meridian.

    Examples
    --------
    >>> turned(shapely.Point(-179.9, -16.9), 179).x
    180.1
    """
    before = _parts(geometry)
    moved = [_moved(part, meridian - 180.0) for part in before]
    if all(new is old for new, old in zip(moved, before, strict=True)):
        return geometry
    return _rebuilt(geometry, moved)


def turned_lon(lon: float, meridian: float) -> float:
    """Return a longitude moved by whole turns to be near a meridian.

    Examples
    --------
    >>> turned_lon(-179.9, 179), turned_lon(178.4, 179)
    (180.1, 178.4)
    """
    turns = round((meridian - lon) / 360.0)
    return lon + 360.0 * turns if turns else lon


def eastwards(
    bounds: tuple[float, float, float, float],
) -> tuple[float, float, float, float]:
    """Return bounds of which the east is east of the west, beyond 180° if need be.

    Examples
    --------
    >>> eastwards((178.0, -19.0, -179.0, -16.0))
    (178.0, -19.0, 181.0, -16.0)
    """
    west, south, east, north = bounds
    return (west, south, east + 360.0 if east < west else east, north)


def _parts(geometry: Any) -> list[Any]:
    """Return the single parts of a geometry that are not empty."""
    parts = [geometry]
    while any(hasattr(part, "geoms") for part in parts):
        parts = list(shapely.get_parts(parts))
    return [part for part in parts if part is not None and not part.is_empty]


def _unwrapped(part: Any) -> Any:
    """Return a single part whose longitudes do not jump; steps go the shorter way round."""
    west, south, east, north = part.bounds
    if not east - west > 180:
        return part
    if part.geom_type == "Polygon":
        whole, polar = (part, True) if north - south > _WORLD_DEG else unwrap(part)
        return part if polar or whole.geom_type != "Polygon" else whole
    return shapely.transform(part, unwrapped)


def _after_widest_gap(parts: Sequence[Any]) -> float | None:
    """Return the longitude at which the parts begin, seen eastwards; None if they leave no gap."""
    bounds: Array = shapely.bounds(np.array([*parts, None], dtype=object)[:-1])
    west = (bounds[:, 0] + 180.0) % 360.0 - 180.0
    reach = west + bounds[:, 2] - bounds[:, 0]
    order = np.argsort(west)
    west, reach = west[order], np.maximum.accumulate(reach[order])
    # What reaches beyond 180° covers the west as well.
    reach = np.maximum(reach, reach[-1] - 360.0)
    gaps = np.append(west[1:], west[0] + 360.0) - reach
    widest = int(np.argmax(gaps))
    if gaps[widest] <= 0.0:
        return None
    return float(west[(widest + 1) % len(west)])


def _moved(part: Any, start: float) -> Any:
    """Return a part moved by whole turns so that its west lies in the 360° from a longitude."""
    turns = np.floor((part.bounds[0] - start + 1e-9) / 360.0)
    if not turns:
        return part
    return shapely.transform(part, lambda xy: xy - (360.0 * turns, 0.0))


def _rebuilt(geometry: Any, parts: list[Any]) -> Any:
    """Return a geometry of the kind it was, made of its single parts."""
    if len(parts) == 1 and not hasattr(geometry, "geoms"):
        return parts[0]
    if not parts:
        return geometry
    if geometry.geom_type == "GeometryCollection":
        return shapely.geometrycollections(parts)
    if geometry.geom_type == "MultiPolygon" and shapely.is_valid(parts).all():
        # Areas that were cut along the meridian have no edge there.
        return shapely.union_all(parts)
    return type(geometry)(parts)
