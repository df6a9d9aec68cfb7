"""Read GeoParquet, which geopandas reads with pyarrow.

Source: https://geoparquet.org/releases/v1.1.0/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.errors import CRSError, FileFormatError, GeometryError
from borders.files.columns import Column
from borders.files.table_checks import MAKE_LINES, crs_name
from borders.files.toml import reading
from borders.geodesy.lonlat import is_lonlat

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas

__all__ = ["read_parquet"]


def read_parquet(path: Path) -> geopandas.GeoDataFrame:
    """Return the rows of a GeoParquet file in EPSG:4326.

    Raises
    ------
    FileFormatError : pyarrow is missing; it is no Parquet, has no geometry, or no rows.
    CRSError : it is not in longitude and latitude.
    GeometryError : a geometry that cannot be.
    """
    try:
        import pyarrow as pa
    except ImportError as err:
        message = f"{path}: reading GeoParquet needs pyarrow: pip install 'araxes[parquet]'"
        raise FileFormatError(message) from err
    import geopandas
    import shapely

    try:
        with reading(path), path.open("rb") as file:
            table = geopandas.read_parquet(file)
    except NotImplementedError as err:
        message = f"{path}: holds a curve; {MAKE_LINES}"
        raise GeometryError(message) from err
    except shapely.errors.ShapelyError as err:
        message = f"{path}: holds a geometry that cannot be; remove or mend it"
        raise GeometryError(message) from err
    except (ValueError, pa.ArrowException) as err:
        reason = " ".join(str(err).split())[:200].rstrip(".")
        message = f"{path}: cannot be read as GeoParquet: {reason}"
        raise FileFormatError(message) from err
    if not len(table):
        message = f"{path}: no features in it"
        raise FileFormatError(message)
    # By its rules a file that states no system is in longitude and latitude; null means unknown.
    if table.crs is None or not is_lonlat(table.crs):
        what = "an unknown system" if table.crs is None else crs_name(table.crs)
        message = f"{path}: coordinates are in {what}, not in EPSG:4326; use .to_crs(4326) first"
        raise CRSError(message)
    table = table.rename_geometry("geometry") if table.geometry.name != "geometry" else table
    others = [key for key in table.columns if key != "geometry"]
    columns = {str(key): Column.of(table[key]).array() for key in others}
    columns.setdefault("layer", [path.stem] * len(table))
    shapes = table.geometry.to_numpy()
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
