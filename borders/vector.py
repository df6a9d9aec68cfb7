"""Read vector files with the checks that spare a wrong map: suffix, CRS, NaN, swapped axes."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.errors import CRSError, FileFormatError, GeometryError

if TYPE_CHECKING:
    import geopandas

__all__ = ["SUFFIXES", "read_vector"]

# suffix: (what it is, how such a file begins)
SUFFIXES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".geojson": ("GeoJSON", (b"{",)),
    ".json": ("GeoJSON", (b"{",)),
    ".gpkg": ("GeoPackage", (b"SQLite format 3\x00",)),
    ".fgb": ("FlatGeobuf", (b"fgb",)),
    ".kml": ("KML", (b"<?xml", b"<kml", b"\xef\xbb\xbf<")),
}

# Turkey to Iran, Georgia's north as the limit. A file that lies wholly outside, and would lie
# wholly inside with its axes swapped, is taken for one with its axes swapped.
_REGION = shapely.box(25.0, 34.0, 63.5, 43.6)


def read_vector(file: str | Path) -> geopandas.GeoDataFrame:
    """Return the features of a vector file in EPSG:4326.

    Parameters
    ----------
    file : GeoJSON, GeoPackage, FlatGeobuf or KML; a GeoPackage is read layer by layer.

    Raises
    ------
    FileFormatError : no such file, unknown suffix, or the content is not what the suffix says.
    CRSError : no CRS, or one that is not lon/lat WGS84.
    GeometryError : NaN, coordinates out of range, or longitude and latitude swapped.
    """
    path = Path(file)
    _check_format(path)
    table = _read(path)
    if table.crs is None:
        message = (
            f"{path}: no coordinate reference system; set it where the file was made,"
            " or with .set_crs('EPSG:4326') if the coordinates are longitude and latitude"
        )
        raise CRSError(message)
    if table.crs.to_epsg() != 4326 and table.crs.to_authority() != ("OGC", "CRS84"):
        message = (
            f"{path}: coordinates are in {table.crs.to_string()}, not in longitude and latitude"
            " (EPSG:4326); convert the file with .to_crs(4326) or ogr2ogr -t_srs EPSG:4326"
        )
        raise CRSError(message)
    _check_coordinates(path, table.geometry.to_numpy())
    return table


def _check_format(path: Path) -> None:
    if path.suffix.lower() not in SUFFIXES:
        message = f"{path}: unknown kind of file; known suffixes: {', '.join(SUFFIXES)}"
        raise FileFormatError(message)
    name, beginnings = SUFFIXES[path.suffix.lower()]
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except FileNotFoundError as err:
        message = f"{path}: no such file"
        raise FileFormatError(message) from err
    except OSError as err:
        message = f"{path}: cannot be read ({err.strerror})"
        raise FileFormatError(message) from err
    text = head.lstrip(b" \t\r\n\xef\xbb\xbf") if name in ("GeoJSON", "KML") else head
    if not any(text.startswith(start) for start in beginnings):
        message = f"{path}: not a {name} file, whatever its suffix says; check how it was made"
        raise FileFormatError(message)
    if name == "GeoJSON":
        _check_json(path)


def _check_json(path: Path) -> None:
    def refuse(constant: str) -> None:
        message = f"{path}: holds {constant}, which is not JSON; remove the feature or mend it"
        raise GeometryError(message)

    try:
        table: Any = json.loads(path.read_text("utf-8-sig"), parse_constant=refuse)
    except UnicodeDecodeError as err:
        message = f"{path}: not UTF-8 text (byte {err.start}); save it as UTF-8"
        raise FileFormatError(message) from err
    except json.JSONDecodeError as err:
        message = f"{path}: line {err.lineno}, column {err.colno}: {err.msg}; not valid JSON"
        raise FileFormatError(message) from err
    except RecursionError as err:
        message = f"{path}: nested too deeply to be GeoJSON"
        raise FileFormatError(message) from err
    if not isinstance(table, dict) or "type" not in table:
        message = f"{path}: JSON, but not GeoJSON: it has no 'type'"
        raise FileFormatError(message)
    _check_json_axes(path, table)


def _check_json_axes(path: Path, table: dict[str, Any]) -> None:
    """Look at the coordinates before a driver drops what it cannot read."""
    features = table.get("features", [])
    if not isinstance(features, list):
        message = f"{path}: 'features' is {features!r}, not a list; check how it was made"
        raise FileFormatError(message)
    for n, feature in enumerate(features, 1):
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        parts = geometry.get("geometries", [geometry]) if isinstance(geometry, dict) else []
        stack = [p.get("coordinates", []) for p in parts if isinstance(p, dict)]
        while stack:
            top = stack.pop()
            if isinstance(top, list):
                stack.extend(top)
            elif top is None or isinstance(top, (str, bool)):
                message = f"{path}: feature {n} has the coordinate {top!r}; write numbers"
                raise GeometryError(message)


def _read(path: Path) -> geopandas.GeoDataFrame:
    import geopandas
    import pyogrio

    try:
        names = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
        if not names:
            message = f"{path}: no layer with geometry"
            raise FileFormatError(message)
        rows: list[dict[str, Any]] = []
        crs = None
        for name in names:
            with warnings.catch_warnings():
                # A column of texts and numbers stays text; that is no news to the reader.
                warnings.simplefilter("ignore", UserWarning)
                part = geopandas.read_file(path, layer=name, engine="pyogrio")
            if crs is not None and part.crs != crs:
                message = f"{path}: its layers are in different coordinate reference systems"
                raise CRSError(message)
            crs = part.crs
            rows += part.assign(layer=name).to_dict("records")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as err:
        message = f"{path}: cannot be read: {str(err).splitlines()[0]}"
        raise FileFormatError(message) from err
    except shapely.errors.ShapelyError as err:
        message = f"{path}: holds a geometry that cannot be: {err}; remove the feature or mend it"
        raise GeometryError(message) from err
    if not rows:
        message = f"{path}: no features in it"
        raise FileFormatError(message)
    return geopandas.GeoDataFrame(rows, geometry="geometry", crs=crs)


def _check_coordinates(path: Path, shapes: Any) -> None:
    known = [shape for shape in shapes if shape is not None and not shape.is_empty]
    if not known:
        message = f"{path}: every geometry is empty"
        raise GeometryError(message)
    xy = shapely.get_coordinates(known)
    if not np.isfinite(xy).all():
        n = int(np.flatnonzero(~np.isfinite(xy).all(axis=1))[0])
        message = f"{path}: coordinate {n + 1} is {xy[n].tolist()}; remove the feature or mend it"
        raise GeometryError(message)
    outside = (np.abs(xy[:, 0]) > 180) | (np.abs(xy[:, 1]) > 90)
    if outside.any():
        lon, lat = xy[int(np.flatnonzero(outside)[0])]
        message = (
            f"{path}: coordinate {lon:g}, {lat:g} is not a longitude and latitude;"
            " the file may be in a projected system: convert it to EPSG:4326"
        )
        raise GeometryError(message)
    west, south, east, north = xy[:, 0].min(), xy[:, 1].min(), xy[:, 0].max(), xy[:, 1].max()
    here = shapely.box(west, south, east, north)
    swapped = shapely.box(south, west, north, east)
    if not _REGION.intersects(here) and _REGION.contains(swapped):
        message = (
            f"{path}: coordinates such as {west:g}, {south:g} look like latitude, longitude;"
            " write longitude first"
        )
        raise GeometryError(message)
