"""Read vector files with the checks that spare a wrong map: suffix, CRS, NaN, swapped axes."""

from __future__ import annotations

import json
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.errors import CRSError, FileFormatError, GeometryError
from borders.files.atomic import check_name
from borders.files.toml import reading
from borders.geodesy.lonlat import is_lonlat

if TYPE_CHECKING:
    import geopandas

__all__ = ["SUFFIXES", "checked", "look_swapped", "read_vector", "unreadable"]

# suffix: (what it is, how such a file begins)
SUFFIXES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".geojson": ("GeoJSON", (b"{",)),
    ".json": ("GeoJSON", (b"{",)),
    ".gpkg": ("GeoPackage", (b"SQLite format 3\x00",)),
    ".fgb": ("FlatGeobuf", (b"fgb",)),
    ".kml": ("KML", (b"<?xml", b"<kml", b"\xef\xbb\xbf<")),
}

# What ogr2ogr turns into a GeoPackage as it is.
_FOREIGN = {".dxf", ".gml", ".gpx", ".shp", ".tab"}

_GEOJSON = (
    "FeatureCollection",
    "Feature",
    "GeometryCollection",
    *(many + one for many in ("", "Multi") for one in ("Point", "LineString", "Polygon")),
)

# Turkey to Iran, Georgia's north as the limit. A file that lies wholly outside, and would lie
# wholly inside with its axes swapped, is taken for one with its axes swapped.
_REGION = (25.0, 34.0, 63.5, 43.6)
# Kars swapped lies in Abkhazia, so for the core it is enough that a part lies north of the region.
_CORE = (40.0, 37.5, 51.0, 43.6)


def read_vector(file: str | Path) -> geopandas.GeoDataFrame:
    """Return the features of a vector file in EPSG:4326.

    Parameters
    ----------
    file : GeoJSON, GeoPackage, FlatGeobuf or KML; a GeoPackage is read layer by layer.

    Raises
    ------
    FileFormatError : no such file, unknown suffix, or the content is not what the suffix says.
    CRSError : no CRS, or one that is not lon/lat WGS84.
    GeometryError : NaN, coordinates out of range, longitude and latitude swapped, or a geometry
        that cannot be.
    """
    path = Path(file)
    name = _check_format(path)
    stated = _check_json(path) if name == "GeoJSON" else []
    if name == "KML":
        _check_kml(path)
    table = _read(path)
    shapes = table.geometry.to_numpy()
    for n, (there, shape) in enumerate(zip(stated, shapes, strict=False), 1):
        if there and shape is None:
            message = f"{path}: feature {n} has a geometry that is not GeoJSON; remove or mend it"
            raise GeometryError(message)
    _check_coordinates(path, shapes)
    return table


def checked(table: Any, where: str) -> geopandas.GeoDataFrame:
    """Return a table of features as it is, once it stands the checks of a file.

    Parameters
    ----------
    where : what it is, for messages.

    Raises
    ------
    FileFormatError : it is no GeoDataFrame.
    CRSError, GeometryError : as for a file.
    """
    if not (hasattr(table, "crs") and hasattr(table, "columns")):
        message = f"{where} is of type {type(table).__name__}; give a file or a GeoDataFrame"
        raise FileFormatError(message)
    _check_crs(where, table.crs)
    _check_coordinates(where, table.geometry.to_numpy())
    frame: geopandas.GeoDataFrame = table
    return frame


def unreadable(path: Path, known: tuple[str, ...]) -> str:
    """Return what is wrong with a path whose suffix is none of those known, and what to do."""
    if path.is_dir():
        return f"{path}: is a folder; name a file in it"
    foreign = path.suffix.lower() in _FOREIGN
    way = f"; convert it: ogr2ogr {path.stem}.gpkg {path.name}" if foreign else ""
    return f"{path}: unknown kind of file; known suffixes: {', '.join(known)}{way}"


def _check_format(path: Path) -> str:
    """Return what kind of file it is by its suffix, once its first bytes agree."""
    if path.suffix.lower() not in SUFFIXES:
        raise FileFormatError(unreadable(path, tuple(SUFFIXES)))
    if path.is_dir():
        raise FileFormatError(unreadable(path, ()))
    check_name(path)
    name, beginnings = SUFFIXES[path.suffix.lower()]
    with reading(path), path.open("rb") as file:
        head = file.read(64)
    text = head.lstrip(b" \t\r\n\xef\xbb\xbf") if name in ("GeoJSON", "KML") else head
    if not any(text.startswith(start) for start in beginnings):
        message = f"{path}: not a {name} file, whatever its suffix says; check how it was made"
        raise FileFormatError(message)
    return name


def _check_kml(path: Path) -> None:
    """Look at the coordinates: the driver takes what is not a number for 0."""
    text = path.read_text("utf-8", errors="replace")
    if not re.search(r"<(\w+:)?kml\b", text):
        message = f"{path}: XML, but not KML; check how it was made"
        raise FileFormatError(message)
    number = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
    for block in re.findall(r"<(?:\w+:)?coordinates>([^<]*)<", text):
        for value in block.replace(",", " ").split():
            if not number.fullmatch(value):
                message = f"{path}: the coordinate '{value}' is not a number; mend it"
                raise GeometryError(message)


def _check_json(path: Path) -> list[bool]:
    """Return for each feature whether it states a geometry."""

    def refuse(constant: str) -> None:
        message = f"{path}: holds {constant}, which is not JSON; remove the feature or mend it"
        raise GeometryError(message)

    with reading(path):
        text = path.read_text("utf-8-sig")
    try:
        table: Any = json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as err:
        message = f"{path}: line {err.lineno}, column {err.colno}: {err.msg}; not valid JSON"
        raise FileFormatError(message) from err
    except RecursionError as err:
        message = f"{path}: nested too deeply to be GeoJSON"
        raise FileFormatError(message) from err
    except GeometryError:
        raise
    except ValueError as err:
        message = f"{path}: not valid JSON: {err}"
        raise FileFormatError(message) from err
    if not isinstance(table, dict) or table.get("type") not in _GEOJSON:
        message = f"{path}: JSON, but not GeoJSON: it has no 'type' of GeoJSON"
        raise FileFormatError(message)
    if "crs" in table:
        _check_json_crs(path, table["crs"])
    features = table.get("features", []) if table["type"] == "FeatureCollection" else [table]
    if not isinstance(features, list):
        message = f"{path}: 'features' is {str(features)[:40]}, not a list; check how it was made"
        raise FileFormatError(message)
    return [_states_geometry(path, n, feature) for n, feature in enumerate(features, 1)]


def _check_json_crs(path: Path, crs: Any) -> None:
    """Refuse what the driver would silently take for longitude and latitude."""
    import pyproj

    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else crs
    try:
        pyproj.CRS.from_user_input(str(name))
    except pyproj.exceptions.CRSError as err:
        message = (
            f"{path}: its crs is {name!r}, which is not known; remove 'crs' if the coordinates are"
            " longitude and latitude"
        )
        raise CRSError(message) from err


def _states_geometry(path: Path, n: int, feature: Any) -> bool:
    """Look at the coordinates before a driver drops what it cannot read."""
    if not isinstance(feature, dict):
        message = f"{path}: feature {n} is {str(feature)[:40]!r}, not a feature; remove it"
        raise FileFormatError(message)
    geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
    stack: list[Any] = [] if geometry is None else [geometry]
    while stack:
        top = stack.pop()
        if isinstance(top, dict):
            stack += [top[key] for key in ("coordinates", "geometries") if key in top]
        elif isinstance(top, list):
            stack += top
        elif top is None or isinstance(top, (str, bool)):
            message = f"{path}: feature {n} has the coordinate {top!r}; write numbers"
            raise GeometryError(message)
    return geometry is not None


def _read(path: Path) -> geopandas.GeoDataFrame:
    import geopandas
    import pyogrio

    try:
        with warnings.catch_warnings():
            # A column of texts and numbers stays text; that is no news to the reader.
            warnings.simplefilter("ignore", UserWarning)
            # What the driver warns of is harmless, or refused by the checks here.
            warnings.simplefilter("ignore", RuntimeWarning)
            names = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
            if not names:
                message = f"{path}: no layer with geometry"
                raise FileFormatError(message)
            rows: list[dict[str, Any]] = []
            for name in names:
                part = geopandas.read_file(path, layer=name, engine="pyogrio")
                _check_crs(f"{path}" if len(names) == 1 else f"{path}, layer '{name}'", part.crs)
                named = part if "layer" in part else part.assign(layer=name)
                rows += named.to_dict("records")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as err:
        message = f"{path}: cannot be read: {str(err).splitlines()[0]}"
        raise FileFormatError(message) from err
    except shapely.errors.ShapelyError as err:
        reason = str(err).strip()
        message = f"{path}: holds a geometry that cannot be: {reason}; remove or mend it"
        raise GeometryError(message) from err
    if not rows:
        message = f"{path}: no features in it"
        raise FileFormatError(message)
    return geopandas.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


def _check_crs(where: str, crs: Any) -> None:
    if crs is None:
        message = (
            f"{where}: no coordinate reference system; set it where the file was made,"
            " or with .set_crs('EPSG:4326') if the coordinates are longitude and latitude"
        )
        raise CRSError(message)
    if not is_lonlat(crs):
        message = (
            f"{where}: coordinates are in {crs.to_string()}, not in longitude and latitude"
            " (EPSG:4326); convert the file with .to_crs(4326) or ogr2ogr -t_srs EPSG:4326"
        )
        raise CRSError(message)


def _check_coordinates(path: Path | str, shapes: Any) -> None:
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
    if look_swapped(xy):
        lon, lat = xy[0]
        message = (
            f"{path}: coordinates such as {lon:g}, {lat:g} look like latitude, longitude;"
            " write longitude first"
        )
        raise GeometryError(message)


def look_swapped(xy: np.ndarray) -> bool:
    """Tell whether all of several points are more likely latitude, longitude."""

    def inside(points: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
        x, y = points.T
        here: np.ndarray = (x >= box[0]) & (y >= box[1]) & (x <= box[2]) & (y <= box[3])
        return here

    turned = xy[:, ::-1]
    if not inside(xy, _REGION).any() and inside(turned, _REGION).all():
        return True
    return bool(inside(turned, _CORE).all() and (xy[:, 1] > _CORE[3]).any())
