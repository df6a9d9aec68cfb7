"""Read the layers of a vector file through GDAL, one below the other, in longitude and latitude."""

from __future__ import annotations

import re
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from borders.errors import CRSError, FileFormatError, FormatWarning, GeometryError
from borders.files.columns import EXACT, frames_below
from borders.files.paths import gdal_path
from borders.files.table_checks import crs_name
from borders.geodesy.lonlat import is_lonlat

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas

__all__ = ["read_layers"]

# Names in SQL, in quotes of three kinds or bare.
_SQL_NAMES = re.compile(r"\"([^\"]+)\"|`([^`]+)`|\[([^\]]+)\]|([^\s\"'`\[\](),;.]+)")

# How long the envelope before a geometry of a GeoPackage is, by its code.
_ENVELOPES = {1: 32, 2: 48, 3: 48, 4: 64}


def read_layers(
    path: Path,
    *,
    where: str = "",
    stem: str = "",
    only: Collection[str] = (),
    crs: str | None = None,
    beside: bool = False,
    **options: Any,
) -> geopandas.GeoDataFrame:
    """Return the features of all layers with geometry in EPSG:4326, column `layer` naming theirs.

    Layers without features, whatever their reference system, and views of a GeoPackage that repeat
    rows of its tables are left out.

    Parameters
    ----------
    where : what the file is called in messages; the path if missing.
    stem : what its only layer is called if the format names none; as the file if missing.
    only : names of the layers to read; all if empty.
    crs : of layers that state none, where the format says what it is.
    beside : files of other suffixes belong to it, as those of a Shapefile do.
    options : of pyogrio and of the driver.

    Raises
    ------
    FileFormatError : it cannot be read, or has no features.
    CRSError : a layer with features has no CRS, or one that is not lon/lat WGS84.
    GeometryError : a geometry that cannot be; names the feature.

    Warns
    -----
    FormatWarning : its geometries have measures (M), which the reader of layers knows nothing of.
    """
    where = where or str(path)
    parts, measured = _parts(path, where, only=only, crs=crs, beside=beside, options=options)
    if not parts:
        message = f"{where}: no features in it"
        raise FileFormatError(message)
    if measured:
        message = (
            f"{where}: measures (M) are not read from this format; to keep them convert it to CSV:"
            f" ogr2ogr -lco GEOMETRY=AS_WKT {path.stem}.csv {path.name}"
        )
        warnings.warn(message, FormatWarning, stacklevel=2)
    if stem:
        parts = [
            # A column of that name may hold anything, lists too.
            part.assign(layer=[stem if str(key) == path.stem else key for key in part["layer"]])
            for part in parts
        ]
    return frames_below(parts)


def _parts(
    path: Path, where: str, *, only: Collection[str], crs: str | None, beside: bool,
    options: dict[str, Any],
) -> tuple[list[geopandas.GeoDataFrame], bool]:  # fmt: skip
    """Return the layers that have features, each as a table, and whether one has measures."""
    import pyogrio

    parts, measured = [], False
    with gdal_path(path, beside=beside) as plain, warnings.catch_warnings():
        # A column of texts and numbers stays text; that is no news to the reader.
        warnings.simplefilter("ignore", UserWarning)
        # What the driver warns of is harmless, or refused by the checks here.
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            names = [name for name, kind in pyogrio.list_layers(plain) if kind is not None]
            if not names:
                message = f"{where}: no layer with geometry"
                raise FileFormatError(message)
            repeated = _views(path, names) if path.suffix.lower() == ".gpkg" else set()
            for name in names:
                if (only and name not in only) or name in repeated:
                    continue
                info, typed_measured = _info(plain, name)
                part = _table(plain, name, where, options, info)
                if not len(part):
                    continue
                measured = measured or typed_measured or _measured_blobs(path, name)
                if part.crs is None and crs is not None:
                    part = part.set_crs(crs)
                _check_crs(where if len(names) == 1 else f"{where}, layer '{name}'", part.crs)
                # A format without layers takes the name of the file.
                layer = path.stem if name == Path(plain).stem else name
                parts.append(part if "layer" in part else part.assign(layer=layer))
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as err:
            reason = str(err).splitlines()[0].replace(plain, where)
            message = f"{where}: cannot be read: {reason}"
            raise FileFormatError(message) from err
    return parts, measured


def _info(plain: str, layer: str) -> tuple[dict[str, Any], bool]:
    """Return what a layer says of itself, and whether its type of geometry has measures."""
    import pyogrio

    with warnings.catch_warnings(record=True) as warned:
        warnings.filterwarnings("always", message=r"Measured \(M\)", category=UserWarning)
        info = pyogrio.read_info(plain, layer=layer)
    return info, bool(warned)


def _measured_blobs(path: Path, layer: str) -> bool:
    """Tell whether a layer of a GeoPackage that may have measures, by its table, has one.

    Source: https://www.geopackage.org/spec131/#gpb_format
    """
    if path.suffix.lower() != ".gpkg":
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            columns = base.execute(
                "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ? AND m = 2",
                (layer,),
            ).fetchall()
            for (column,) in columns:
                quoted, table = (name.replace('"', '""') for name in (column, layer))
                heads = base.execute(f'SELECT substr("{quoted}", 1, 77) FROM "{table}"')
                if any(_has_m(head) for (head,) in heads if isinstance(head, bytes)):
                    return True
    except sqlite3.Error:
        return False
    return False


def _has_m(head: bytes) -> bool:
    """Tell whether a geometry has measures by the first bytes of its blob."""
    at = 8 + _ENVELOPES.get(int.from_bytes(head[3:4], "big") >> 1 & 7, 0)
    kind = int.from_bytes(head[at + 1 : at + 5], "little" if head[at : at + 1] == b"\1" else "big")
    return bool(kind & 0x40000000) or kind % 0x10000000 // 1000 in (2, 3)


def _table(
    plain: str, layer: str, where: str, options: dict[str, Any], info: dict[str, Any]
) -> geopandas.GeoDataFrame:
    """Return a layer; whole numbers and truth values with gaps stay so."""
    import pyogrio

    try:
        part = pyogrio.read_dataframe(plain, layer=layer, **options)
    except shapely.errors.ShapelyError as err:
        raise GeometryError(_impossible(plain, layer, where, options)) from err
    if part.active_geometry_name not in (None, "geometry"):
        part = part.rename_geometry("geometry")
    part = part.assign(**_with_gaps(plain, layer, part, info))
    return part.assign(**_called_geometry(plain, layer, options, info))


def _called_geometry(
    plain: str, layer: str, options: dict[str, Any], info: dict[str, Any]
) -> dict[str, Any]:
    """Return a column of values that is called as the geometry, which would take its place."""
    import pyogrio

    if "geometry" not in info["fields"]:
        return {}
    values = pyogrio.read_dataframe(
        plain, layer=layer, columns=["geometry"], read_geometry=False, **options
    )
    return {"geometry_data": values["geometry"].tolist()}


def _impossible(plain: str, layer: str, where: str, options: dict[str, Any]) -> str:
    """Return which geometry of a layer cannot be."""
    import pyogrio

    meta, _, wkb, fields = pyogrio.raw.read(plain, layer=layer, **options)
    names = dict(zip(map(str.casefold, meta["fields"]), fields, strict=True)).get("name")
    for n, content in enumerate(wkb):
        try:
            shapely.from_wkb(content)
        except shapely.errors.ShapelyError as err:
            name = "" if names is None or not names[n] else f" ('{str(names[n])[:60]}')"
            reason = " ".join(str(err).split())
            return (
                f"{where}: feature {n + 1}{name} holds a geometry that cannot be: {reason};"
                " remove or mend it"
            )
    return f"{where}: holds a geometry that cannot be; remove or mend it"


def _views(path: Path, names: list[str]) -> set[str]:
    """Return the layers of a GeoPackage that are views of others of its layers."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            rows = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'")
            views = {str(name): str(sql) for name, sql in rows}
    except sqlite3.Error:
        return set()
    tables = {name.casefold() for name in names if name not in views}
    return {
        name
        for name, sql in views.items()
        if tables & {"".join(words).casefold() for words in _SQL_NAMES.findall(sql)}
    }


def _with_gaps(
    path: str, layer: str, part: geopandas.GeoDataFrame, info: dict[str, Any]
) -> dict[str, Any]:
    """Return the whole numbers and truth values that the reader made floats for their gaps."""
    import pandas as pd
    import pyogrio

    floats = {key for key in part.columns if part[key].dtype == float and part[key].isna().any()}
    if not floats:
        return {}
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
