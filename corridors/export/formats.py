"""Write systems and tables to vector files, with sources, licences and attributions."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from borders.dates import holds, parse_date
from borders.errors import CRSError, FileFormatError, GeometryError, UnknownNameError
from borders.files.atomic import atomic, check_name, fixed_time, whole
from borders.files.catalogue import source, sources
from borders.files.features import FEATURE_COLUMNS, features_to_gdf
from borders.geodesy.lonlat import is_lonlat
from corridors.export.gpx import gpx
from corridors.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import geopandas

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


class Drawable(Protocol):
    """Anything that can be drawn or exported."""

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return EPSG:4326 rows, the bridge columns first."""
        ...


def _several(things: Any) -> list[Any]:
    """Return things as a list; one thing, or a table, is a list of one."""
    single = isinstance(things, str | Path) or hasattr(things, "to_gdf") or hasattr(things, "crs")
    return [things] if single else list(things)


def _frame(thing: Any, on: date | str | None) -> geopandas.GeoDataFrame:
    """Return a thing as a table in longitude and latitude, its geometry named so."""
    if isinstance(thing, str | Path):
        message = f"'{thing}' is text; give corridors.thing('{thing}')"
        raise UnknownNameError(message)
    if isinstance(thing, list | tuple):
        message = f"a {type(thing).__name__}; give its things one by one, with * before it"
        raise GeometryError(message)
    to_gdf = getattr(thing, "to_gdf", None)
    if to_gdf is None and not hasattr(thing, "crs"):
        message = f"a {type(thing).__name__} has no to_gdf() and is no GeoDataFrame"
        raise GeometryError(message)
    # A network without its transfers would answer otherwise when it is read again.
    whole = {"transfers": True} if isinstance(thing, Network) else {}
    gdf: Any = thing if to_gdf is None else to_gdf(on=on, **whole)
    if gdf.crs is None:
        message = "a table has no coordinate reference system; set it with .set_crs() first"
        raise CRSError(message)
    if not is_lonlat(gdf.crs):
        message = f"a table is in {gdf.crs}, not in EPSG:4326; use .to_crs(4326) first"
        raise CRSError(message)
    if not hasattr(gdf, "columns"):
        gdf = gdf.rename("geometry").to_frame()
    gdf = gdf if gdf.geometry.name == "geometry" else gdf.rename_geometry("geometry")
    return gdf if to_gdf is not None or on is None else _held(gdf, parse_date(on))


def _held(gdf: Any, on: date) -> geopandas.GeoDataFrame:
    """Return the rows of a table whose dates hold on a day, and those that have no dates."""
    empty = [None] * len(gdf)
    begins, ends = (gdf.get(key, empty) for key in ("valid_from", "valid_to"))
    kept: geopandas.GeoDataFrame = gdf[
        [_holds(a, b, on) for a, b in zip(begins, ends, strict=True)]
    ]
    return kept


def day_of(text: str) -> date | None:
    """Return the day of a date or time in a table, such as GeoPackages hold; None if it is empty.

    Raises
    ------
    ValueError : the text is neither.
    """
    return datetime.fromisoformat(text).date() if text else None


def _holds(begin: Any, end: Any, on: date) -> bool:
    try:
        start, stop = (None if _missing(one) else day_of(str(one)) for one in (begin, end))
    except ValueError:
        return True
    return holds(start, stop, on)


def table(
    things: Iterable[Drawable | geopandas.GeoDataFrame] | Drawable | geopandas.GeoDataFrame,
    *,
    on: date | str | None = None,
) -> geopandas.GeoDataFrame:
    """Return the rows of all things as one table in EPSG:4326, with licence and attribution.

    Where the catalogue knows the source of a row, they are those of the source; otherwise a
    table's own stay.

    Parameters
    ----------
    things : whatever has ``to_gdf()``, GeoDataFrames or GeoSeries in EPSG:4326; one or several.
    on : as the things stood on this day; of a table, the rows whose `valid_from` and `valid_to`
        hold on it and those without dates.

    Raises
    ------
    CRSError : a GeoDataFrame is not in EPSG:4326.
    GeometryError, UnknownNameError : one of the things is none of these.

    Examples
    --------
    >>> from corridors.model.registry import system
    >>> list(table(system("btk"))["kind"])
    ['corridor']
    """
    rows: list[dict[str, Any]] = []
    for thing in _several(things):
        gdf = _frame(thing, on)
        rows += gdf.to_dict("records")
    for row in rows:
        known = sources().get(str(row.get("source")))
        if known and not known.licence:
            # What we drew after a document is ours, whoever the document is by.
            known = source("araxes")
        if known:
            row |= {"licence": known.licence, "attribution": known.attribution}
        row.setdefault("licence", None)
        row.setdefault("attribution", None)
    return features_to_gdf(rows)


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
    things: Iterable[Drawable | geopandas.GeoDataFrame] | Drawable | geopandas.GeoDataFrame,
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
    GeometryError : KML is to hold a polygon that is not valid.
    """
    path = Path(file)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        what = f"'{path.suffix}'" if path.suffix else "a file without a suffix"
        if "://" in str(file):
            what = f"to '{str(file).partition(':')[0]}://'"
        message = f"{file}: cannot write {what}; known suffixes: {', '.join(SUFFIXES)}"
        raise FileFormatError(message)
    gdf = _plain(table(things, on=on))
    if gdf.empty:
        day = f" on {on}" if on else ""
        message = f"{path}: nothing to write: none of these existed{day}"
        raise FileFormatError(message)
    if suffix == ".kml":
        _check_valid(gdf, path)
    if suffix not in _OURS:
        check_name(path)
    with atomic(path) as beside:
        if suffix == ".csv":
            _write_csv(gdf, beside)
        elif suffix == ".gpx":
            beside.write_text(gpx(gdf, path.stem), encoding="utf-8", newline="\n")
        elif suffix == ".parquet":
            _write_parquet(gdf, beside, path)
        elif suffix == ".gpkg":
            kinds = gdf["kind"].fillna("features").astype(str)
            # To SQLite, Road and road are one table.
            for _, part in gdf.groupby(kinds.str.lower(), sort=True):
                _write(part, beside, path, layer=kinds[part.index[0]])
        else:
            _write(gdf, beside, path, layer=path.stem)
        if suffix == ".kml" and not beside.read_bytes().rstrip().endswith(b"</kml>"):
            # The driver says nothing when the device is full.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return len(gdf)


def _plain(gdf: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return a table of texts and numbers: dates as ISO text, columns without a value dropped."""
    out = gdf.rename(columns={one: whole(one) for one in gdf if isinstance(one, str)})
    for column in out.columns.drop("geometry"):
        values = [None if _missing(v) else v for v in out[column]]
        known = [v for v in values if v is not None]
        if not known and column not in FEATURE_COLUMNS:
            out = out.drop(columns=column)
        elif not all(isinstance(v, (int, float)) for v in known) or not known:
            out[column] = [None if v is None else whole(str(v)) for v in values]
            out[column] = out[column].astype(object)
    return out


def _missing(value: Any) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _write(gdf: geopandas.GeoDataFrame, beside: Path, target: Path, *, layer: str) -> None:
    import pyogrio

    driver = DRIVERS[target.suffix.lower()]

    # GeoPackages note when they were written; a fixed day keeps two runs alike. They need not wait
    # for the disk at each step, for the whole file takes its place when it is done.
    settings = {"OGR_CURRENT_DATE": _build_day(), "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    before = {key: pyogrio.get_gdal_config_option(key) for key in settings}
    pyogrio.set_gdal_config_options(settings)
    options = {"GeoJSON": {"RFC7946": "YES"}}.get(driver, {})
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


def _build_day() -> str:
    day = fixed_time() or datetime.fromtimestamp(0, UTC)
    return day.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _write_csv(gdf: geopandas.GeoDataFrame, path: Path) -> None:
    plain = gdf.drop(columns="geometry").assign(wkt=gdf.geometry.to_wkt(rounding_precision=7))
    plain.to_csv(path, index=False, lineterminator="\n")


def _write_parquet(gdf: geopandas.GeoDataFrame, beside: Path, target: Path) -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError as err:
        message = f"{target}: writing GeoParquet needs pyarrow: pip install 'araxes[parquet]'"
        raise FileFormatError(message) from err
    gdf.to_parquet(beside, index=False)
