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
from borders.files.columns import EXACT, columns_below
from borders.files.table_checks import check_coordinates, crs_name
from borders.files.toml import reading
from borders.geodesy.lonlat import is_lonlat

if TYPE_CHECKING:
    import geopandas

__all__ = ["SUFFIXES", "read_vector", "unreadable"]

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
    *(many + shape for many in ("", "Multi") for shape in ("Point", "LineString", "Polygon")),
)


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
    check_coordinates(path, shapes, _remedy)
    return table


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
            parts = []
            for name in names:
                part = geopandas.read_file(path, layer=name, engine="pyogrio")
                _check_crs(f"{path}" if len(names) == 1 else f"{path}, layer '{name}'", part.crs)
                part = part.assign(**_with_gaps(path, name, part))
                parts.append(part if "layer" in part else part.assign(layer=name))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as err:
        message = f"{path}: cannot be read: {str(err).splitlines()[0]}"
        raise FileFormatError(message) from err
    except shapely.errors.ShapelyError as err:
        reason = str(err).strip()
        message = f"{path}: holds a geometry that cannot be: {reason}; remove or mend it"
        raise GeometryError(message) from err
    parts = [part for part in parts if len(part)]
    if not parts:
        message = f"{path}: no features in it"
        raise FileFormatError(message)
    columns = {key: column.array() for key, column in columns_below(parts).items()}
    columns["geometry"] = np.concatenate([part.geometry.to_numpy() for part in parts])
    order = dict.fromkeys(key for part in parts for key in part.columns)
    table = {key: columns[key] for key in order}
    return geopandas.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")


def _with_gaps(path: Path, layer: str, part: geopandas.GeoDataFrame) -> dict[str, Any]:
    """Return the whole numbers and truth values that the reader made floats for their gaps."""
    import pandas as pd
    import pyogrio

    floats = {key for key in part.columns if part[key].dtype == float and part[key].isna().any()}
    if not floats:
        return {}
    info = pyogrio.read_info(path, layer=layer)
    columns = {}
    for key, dtype in zip(info["fields"], info["dtypes"], strict=True):
        if key not in floats or not dtype.startswith(("bool", "int", "uint")):
            continue
        values = part[key].astype(object).where(part[key].notna(), None)
        if part[key].abs().max() >= EXACT:
            # The floats have lost digits; without its gaps the reader keeps them.
            quoted = key.replace('"', '""')
            exact = pyogrio.read_dataframe(
                path, layer=layer, columns=[key], where=f'"{quoted}" IS NOT NULL',
                read_geometry=False,
            )  # fmt: skip
            values[part[key].notna()] = exact[key].tolist()
        whole = pd.Series([None if v is None else int(v) for v in values], dtype=object)
        columns[key] = whole.astype("boolean" if dtype == "bool" else "Int64").array
    return columns


def _check_crs(where: str, crs: Any) -> None:
    if crs is None:
        message = (
            f"{where}: no coordinate reference system; set it where the file was made,"
            " or with .set_crs('EPSG:4326') if the coordinates are longitude and latitude"
        )
        raise CRSError(message)
    if not is_lonlat(crs):
        message = (
            f"{where}: coordinates are in {crs_name(crs)}, not in longitude and latitude"
            " (EPSG:4326); convert the file with .to_crs(4326) or ogr2ogr -t_srs EPSG:4326"
        )
        raise CRSError(message)


def _remedy(lon: float, lat: float) -> str:
    """Return what to do with a file of which a coordinate is out of range."""
    del lon, lat
    return "the file may be in a projected system: convert it to EPSG:4326"
