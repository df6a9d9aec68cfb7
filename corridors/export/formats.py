"""Write systems and tables to vector files, with sources, licences and attributions."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import GeometryType

from borders.errors import FileFormatError, GeometryError
from borders.files.atomic import atomic, check_name, fixed_time, valid_utf8
from borders.files.features import Drawable
from corridors.export.feature_table import day_of, read_features, table
from corridors.export.gpx import gpx

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import geopandas

    from corridors.export.feature_table import FeatureTable, Thing

__all__ = ["DRIVERS", "SUFFIXES", "Drawable", "day_of", "table", "write"]

DRIVERS = {
    ".geojson": "GeoJSON",
    ".gpkg": "GPKG",
    ".fgb": "FlatGeobuf",
    ".kml": "LIBKML",
}
# Formats that we write ourselves, to a path of any bytes.
_OURS = (".csv", ".gpx")
SUFFIXES = (*DRIVERS, ".csv", ".gpx", ".parquet")


def _check_valid(gdf: geopandas.GeoDataFrame, path: Path) -> None:
    """Refuse what the driver of KML refuses, in fewer words."""
    wrong = [
        n for n, valid in enumerate(gdf.geometry.isna() | gdf.geometry.is_valid, 1) if not valid
    ]
    if wrong:
        message = (
            f"{path}: KML holds no invalid polygon such as feature {wrong[0]}; mend it with "
            ".make_valid(), or write a GeoPackage"
        )
        raise GeometryError(message)


def write(
    things: Iterable[Thing] | Thing,
    file: str | Path,
    *,
    on: date | str | None = None,
) -> int:
    """Write things to a vector file; return the number of features.

    A GeoPackage gets one layer per kind. CSV holds the geometry as WKT, GPX lines and the rims of
    areas as tracks.

    Parameters
    ----------
    things : whatever has ``to_gdf()``, GeoDataFrames or GeoSeries in EPSG:4326; one or several.
    file : its suffix chooses the format: .geojson, .gpkg, .fgb, .kml, .csv, .gpx or
        .parquet (which needs pyarrow).
    on : as the things stood on this day.

    Raises
    ------
    FileFormatError : unknown suffix, nothing to write, or the place cannot be written to.
    CRSError, SchemaError, GeometryError : as for `table`; or KML is to hold a polygon that is not
        valid.
    """
    path = _target(file)
    suffix = path.suffix.lower()
    features = read_features(things, on=on)
    if not len(features.shapes):
        day = f" on {on}" if on else ""
        message = f"{path}: nothing to write: none of these existed{day}"
        raise FileFormatError(message)
    gdf = features.texts() if suffix == ".gpx" else features.plain()
    if suffix == ".kml":
        _check_valid(gdf, path)
    if suffix not in _OURS:
        check_name(path)
        _check_fits(features, path)
    with atomic(path) as beside:
        if suffix == ".csv":
            _write_csv(features, gdf, beside)
        elif suffix == ".gpx":
            beside.write_text(gpx(gdf, path.stem), encoding="utf-8", newline="\n")
        elif suffix == ".parquet":
            _write_parquet(gdf, beside, path)
        elif suffix == ".gpkg":
            kinds = [valid_utf8(kind) or "features" for kind in features.column("kind").texts()]
            # To SQLite, Road and road are one table.
            for _, part in gdf.groupby([kind.lower() for kind in kinds], sort=True):
                _write(part, beside, path, layer=kinds[part.index[0]])
        else:
            _write(gdf, beside, path, layer=path.stem)
        if suffix == ".kml" and not beside.read_bytes().rstrip().endswith(b"</kml>"):
            # The driver says nothing when the device is full.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return len(gdf)


def _target(file: str | Path) -> Path:
    """Return the path of a file that can be written, by its suffix."""
    if not isinstance(file, str | os.PathLike):
        message = f"a {type(file).__name__} is no path; give the path of a file, such as 'x.gpkg'"
        raise FileFormatError(message)
    path = Path(file)
    if path.suffix.lower() not in SUFFIXES:
        what = f"'{path.suffix}'" if path.suffix else "a file without a suffix"
        if "://" in str(file):
            what = f"to '{str(file).partition(':')[0]}://'"
        message = f"{file}: cannot write {what}; known suffixes: {', '.join(SUFFIXES)}"
        raise FileFormatError(message)
    return path


def _check_fits(features: FeatureTable, path: Path) -> None:
    """Refuse whole numbers that a format has no room for."""
    most = 2**64 if path.suffix.lower() == ".parquet" else 2**63
    for key, column in features.columns.items():
        if not column.fits(-(2**63), most - 1):
            value = max((v for v in column.cells if v is not None), key=abs)
            message = (
                f"{path}: column '{key}' holds {str(value)[:40]}, more than a whole number of 64"
                " bits; make it text with .astype(str), or write CSV"
            )
            raise FileFormatError(message)


def _write(gdf: geopandas.GeoDataFrame, beside: Path, target: Path, *, layer: str) -> None:
    import pyogrio

    driver = DRIVERS[target.suffix.lower()]

    # GeoPackages note when they were written; a fixed day keeps two runs alike. They need not wait
    # for the disk at each step, for the whole file takes its place when it is done.
    settings = {"OGR_CURRENT_DATE": _build_day(), "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    before = {key: pyogrio.get_gdal_config_option(key) for key in settings}
    pyogrio.set_gdal_config_options(settings)
    options = {}
    if driver == "GeoJSON":
        options = {"RFC7946": "YES"}
        gdf = gdf.set_geometry(_sound_when_rounded(gdf.geometry.to_numpy()), crs=gdf.crs)
    if driver == "FlatGeobuf" and gdf.geometry.isna().any():
        # Its index has no room for a row without geometry.
        options = {"SPATIAL_INDEX": "NO"}
    try:
        pyogrio.write_dataframe(gdf, beside, driver=driver, layer=layer, layer_options=options)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as err:
        message = f"{target}: cannot be written: {str(err).splitlines()[0]}"
        raise FileFormatError(message) from err
    finally:
        pyogrio.set_gdal_config_options(before)


def _sound_when_rounded(shapes: np.ndarray) -> np.ndarray:
    """Return shapes with areas that GeoJSON's seven decimals would break set on their grid.

    The driver makes geometry collections of them: of areas that touch when rounded, or of one
    whose narrow neck closes.
    """
    areal = np.isin(shapely.get_type_id(shapes), [GeometryType.POLYGON, GeometryType.MULTIPOLYGON])
    areal &= shapely.is_valid(shapes)
    broken = np.flatnonzero(areal)
    rounded = shapely.transform(shapes[broken], lambda xy: np.round(xy, 7))
    broken = broken[~shapely.is_valid(rounded)]
    sound = shapes.copy()
    for n in broken:
        shape = shapely.set_precision(shapes[n], 1e-7)
        if shape.geom_type == "Polygon" and shapes[n].geom_type == "MultiPolygon":
            shape = shapely.MultiPolygon([shape])
        # An area that vanishes when rounded is left to the driver.
        sound[n] = shapes[n] if shape.is_empty else shape
    return sound


def _build_day() -> str:
    day = fixed_time() or datetime.fromtimestamp(0, UTC)
    return day.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _write_csv(features: FeatureTable, gdf: geopandas.GeoDataFrame, path: Path) -> None:
    words = {
        valid_utf8(key): column.texts()
        for key, column in features.columns.items()
        if column.kind == "truth" and column.gaps
    }
    wkt = gdf.geometry.to_wkt(rounding_precision=7)
    plain = gdf.drop(columns="geometry").assign(**words, wkt=wkt)
    plain.to_csv(path, index=False, lineterminator="\n")


def _write_parquet(gdf: geopandas.GeoDataFrame, beside: Path, target: Path) -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError as err:
        message = f"{target}: writing GeoParquet needs pyarrow: pip install 'araxes[parquet]'"
        raise FileFormatError(message) from err
    gdf.to_parquet(beside, index=False)
