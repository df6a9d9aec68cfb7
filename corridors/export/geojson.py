"""GeoJSON (RFC 7946): longitude and latitude to seven decimals, outer rings counter-clockwise.

Source: https://www.rfc-editor.org/rfc/rfc7946
"""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import GeometryType

from corridors.export.seam import cut_at_seam

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.export.file_table import FileColumn, FileParts

__all__ = ["write_geojson"]

# A centimetre on the ground.
DECIMALS = 7


def write_geojson(table: FileParts, path: Path, name: str) -> list[str]:
    """Write a table as a collection of features, one a line; return notes on what was changed.

    Parameters
    ----------
    name : of the collection.
    """
    keys = [column.name for column in table.head.columns]
    cut: list[int] = []
    flat = infinite = False
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        title = json.dumps(name, ensure_ascii=False)
        file.write(f'{{\n"type": "FeatureCollection",\n"name": {title},\n"features": [\n')
        for part in table.parts:
            shapes, here, lost = _shapes(part.shapes)
            cut += [count + n for n in here]
            flat = flat or lost
            values = [_json_values(column) for column in part.columns]
            infinite = infinite or any(strange for _, strange in values)
            rows = zip(*(cells for cells, _ in values), strict=True) if values else None
            texts = shapely.to_geojson(shapes)
            for row, geometry in zip(rows or [()] * len(shapes), texts, strict=True):
                properties = json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=False)
                file.write(",\n" if count else "")
                file.write(
                    f'{{ "type": "Feature", "properties": {properties},'
                    f' "geometry": {geometry or "null"} }}'
                )
                count += 1
        file.write("\n]\n}\n")
    notes = []
    if cut:
        features = f"feature {cut[0]}" + (f" and {len(cut) - 1} more" if len(cut) > 1 else "")
        heights = "; areas lose their heights there" if flat else ""
        notes.append(
            f"{features} cross{'es' if len(cut) == 1 else ''} the 180th meridian and"
            f" {'is' if len(cut) == 1 else 'are'} cut there, as GeoJSON asks (RFC 7946, 3.1.9)"
            f"{heights}"
        )
    if infinite:
        notes.append("GeoJSON holds no infinite numbers: they are null")
    return notes


def _json_values(column: FileColumn) -> tuple[list[Any], bool]:
    """Return the values of a column for JSON, and whether one was an infinite number."""
    if column.kind in ("day", "time"):
        column = column.texts()
    if column.kind != "number":
        return column.cells, False
    cells = [None if v is None or not isfinite(v) else v for v in column.cells]
    return cells, any(a != b for a, b in zip(cells, column.cells, strict=True))


def _shapes(shapes: np.ndarray) -> tuple[np.ndarray, list[int], bool]:
    """Return geometries as GeoJSON wants them.

    Returns
    -------
    The geometries; the numbers from 1 of those that are cut; whether one of these lost its heights.
    """
    whole = shapes.copy()
    west, _, east, _ = shapely.bounds(shapes).T
    # Only what lies on both sides of the Earth can jump over more than half of it.
    for n in np.flatnonzero(east - west > 180):
        whole[n] = cut_at_seam(shapes[n])
    cut = [n for n, (a, b) in enumerate(zip(shapes, whole, strict=True)) if a is not b]
    flat = shapely.has_z(shapes[cut]) & ~shapely.has_z(whole[cut])
    turned: np.ndarray = shapely.orient_polygons(_rounded(whole))
    return turned, [n + 1 for n in cut], bool(flat.any())


def _rounded(shapes: np.ndarray) -> np.ndarray:
    """Return geometries with seven decimals, but as they are where those would break an area.

    Areas may touch when rounded, or a narrow neck close.
    """
    rounded: np.ndarray = shapely.transform(
        shapes, lambda xyz: np.round(xyz, DECIMALS), include_z=False
    )
    heights = shapely.has_z(shapes)
    if heights.any():
        rounded[heights] = shapely.transform(
            shapes[heights],
            lambda xyz: np.column_stack([np.round(xyz[:, :2], DECIMALS), xyz[:, 2]]),
            include_z=True,
        )
    areal = np.isin(
        shapely.get_type_id(shapes),
        [GeometryType.POLYGON, GeometryType.MULTIPOLYGON, GeometryType.GEOMETRYCOLLECTION],
    )
    broken = np.flatnonzero(areal)
    broken = broken[shapely.is_valid(shapes[broken]) & ~shapely.is_valid(rounded[broken])]
    rounded[broken] = shapes[broken]
    return rounded
