"""The checks of a table before it is drawn, written or read on: names, CRS, coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.errors import CRSError, FileFormatError, GeometryError, SchemaError
from borders.files.bundle import BUNDLED
from borders.geodesy.lonlat import is_lonlat

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas

__all__ = [
    "MAKE_LINES",
    "check_coordinates",
    "checked",
    "crossing_itself",
    "crs_name",
    "look_swapped",
    "out_of_range",
]

# What to do with arcs, and areas between them, which nothing here computes with.
MAKE_LINES = "make straight lines of curves first (ogr2ogr -nlt CONVERT_TO_LINEAR, ST_CurveToLine)"
# Turkey to Iran, Georgia's north as the limit. A file that lies wholly outside, and would lie
# wholly inside with its axes swapped, is taken for one with its axes swapped.
_REGION = (25.0, 34.0, 63.5, 43.6)
# Kars swapped lies in Abkhazia, so for the core it is enough that a part lies north of the region.
_CORE = (40.0, 37.5, 51.0, 43.6)


def checked(
    table: Any, where: str, *, may_be_empty: bool = False, axes: bool = True
) -> geopandas.GeoDataFrame:
    """Return a table of features that stands the checks of a file; of a GeoSeries, its frame.

    Parameters
    ----------
    where : what it is, for messages.
    may_be_empty : whether it may be without any geometry.
    axes : whether to refuse what looks like latitude before longitude; not for what was drawn by
        names of places, whose axes are in no doubt. A table that truly lies there, around Moscow
        say, is taken with ``table.attrs["longitude_first"] = True``.

    Raises
    ------
    FileFormatError : it is no GeoDataFrame.
    SchemaError : two columns have one name, or a name is not text.
    GeometryError : no active geometry column, or it does not hold geometries; coordinates as for a
        file.
    CRSError : as for a file.
    """
    import geopandas

    if isinstance(table, geopandas.GeoSeries):
        table = table.rename("geometry").to_frame()
    if not isinstance(table, geopandas.GeoDataFrame):
        message = f"{where} is of type {type(table).__name__}; give a file or a GeoDataFrame"
        raise FileFormatError(message)
    _check_names(table, where)
    if table.crs is None:
        message = (
            f"{where} has no coordinate reference system; set it with .set_crs() first:"
            " .set_crs(4326) if the coordinates are longitude and latitude"
        )
        raise CRSError(message)
    if not is_lonlat(table.crs):
        message = f"{where} is in {crs_name(table.crs)}, not in EPSG:4326; use .to_crs(4326) first"
        raise CRSError(message)
    shapes = table.geometry.to_numpy()
    if not may_be_empty or _known(shapes).size:
        sure = not axes or table.attrs.get("longitude_first", False)
        how = "write longitude first, or set .attrs['longitude_first'] = True if they lie there"
        check_coordinates(where, shapes, _of_table, swapped=None if sure else how)
    return table


def _check_names(table: geopandas.GeoDataFrame, where: str) -> None:
    """Refuse names of columns that no file can hold, and a table without geometries."""
    key = table.active_geometry_name
    for name in table.columns:
        if not isinstance(name, str) and name != key:
            message = (
                f"{where}: a column is called {str(name)[:40]!r}, of type {type(name).__name__};"
                " names are texts: .rename(columns=str)"
            )
            raise SchemaError(message)
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        message = f"{where}: two columns are called {twice[0][:80]!r}; rename one, or drop it"
        raise SchemaError(message)
    if key not in table.columns:
        others = [c for c in table.columns if str(table[c].dtype) == "geometry"]
        how = f".set_geometry({others[0]!r})" if others else ".set_geometry()"
        message = f"{where} has no active geometry column; say which it is with {how}"
        raise GeometryError(message)
    if str(table[key].dtype) != "geometry":
        kinds = sorted({type(v).__name__ for v in table[key].dropna()})
        message = (
            f"{where}: its geometry column {key!r} holds {', '.join(kinds) or 'nothing'}, not"
            " geometries; make them with geopandas.GeoSeries.from_wkt() or points_from_xy()"
        )
        raise GeometryError(message)
    if key != "geometry" and "geometry" in table.columns:
        message = (
            f"{where}: a column is called 'geometry' beside the active geometry column {key!r};"
            " rename it, or drop it"
        )
        raise SchemaError(message)


def crs_name(crs: Any) -> str:
    """Return a reference system in a few words: its code, or else its name."""
    text = str(crs.to_string())
    return text if len(text) <= 80 and text.isprintable() else str(crs.name)


def out_of_range(lon: float, lat: float) -> str | None:
    """Return what to do about a longitude and latitude beyond 180 and 90; None if they are none."""
    if abs(lat) <= 90 and 180 < lon <= 540:
        return "take 360 from longitudes beyond 180, and split what crosses it"
    if abs(lon) <= 90 < abs(lat) <= 180:
        return "it looks like latitude, longitude: write longitude first"
    return None


def _of_table(lon: float, lat: float) -> str:
    """Return what to do with a table of which a coordinate is out of range."""
    return out_of_range(lon, lat) or (
        "the table may be in a projected system: say which with .set_crs(…, allow_override=True),"
        " then use .to_crs(4326)"
    )


def _known(shapes: Any) -> Any:
    """Return the shapes that are neither missing nor empty."""
    return shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]


def check_coordinates(
    where: Path | str,
    shapes: Any,
    remedy: Callable[[float, float], str],
    *,
    swapped: str | None = 'write longitude first (a study with base = "none" may lie there)',
) -> None:
    """Refuse coordinates that cannot be longitude and latitude.

    Parameters
    ----------
    where : file or table, for messages.
    shapes : geometries or None.
    remedy : what to do about a longitude and latitude that is out of range.
    swapped : what to do about what looks like latitude before longitude; None to take it as it is.

    Raises
    ------
    GeometryError : there are none, one is not finite or out of range, or axes are swapped.
    """
    known = _known(shapes)
    if not known.size:
        message = f"{where}: every geometry is empty; give lines, points or areas"
        raise GeometryError(message)
    xy = shapely.get_coordinates(known)
    if not np.isfinite(xy).all():
        n = int(np.flatnonzero(~np.isfinite(xy).all(axis=1))[0])
        message = f"{where}: coordinate {n + 1} is {xy[n].tolist()}; remove the feature or mend it"
        raise GeometryError(message)
    outside = (np.abs(xy[:, 0]) > 180) | (np.abs(xy[:, 1]) > 90)
    if outside.any():
        lon, lat = xy[int(np.flatnonzero(outside)[0])]
        message = (
            f"{where}: coordinate {lon:g}, {lat:g} is not a longitude and latitude;"
            f" {remedy(lon, lat)}"
        )
        raise GeometryError(message)
    if swapped is not None and look_swapped(xy):
        lon, lat = xy[0]
        message = (
            f"{where}: coordinates such as {lon:g}, {lat:g} look like latitude, longitude;"
            f" {swapped}"
        )
        raise GeometryError(message)


def crossing_itself(where: Path | str, shapes: Any) -> str:
    """Return which area crosses itself, and what to do; empty if none does.

    Such an area is never used silently: `araxes validate` refuses it, what draws or writes it says
    so. Its size means nothing: `borders.geodesy.area_m2` refuses it.

    Parameters
    ----------
    where : file or table, for the message.
    shapes : geometries or None.
    """
    valid = shapely.is_valid(shapes) | shapely.is_missing(shapes)
    if valid.all():
        return ""
    n = int(np.flatnonzero(~valid)[0])
    more = int((~valid).sum()) - 1
    others = f" and {more:,} more" if more else ""
    return (
        f"{where}: feature {n + 1}{others}: no valid geometry"
        f" ({shapely.is_valid_reason(shapes[n])}); mend it (QGIS: Fix geometries; GeoPandas:"
        " .make_valid())"
    )


def look_swapped(xy: np.ndarray) -> bool:
    """Tell whether all of several points are more likely latitude, longitude.

    Of a study that stands alone nobody knows: Amman swapped lies in Türkiye.
    """
    if not BUNDLED.shows:
        return False

    def inside(points: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
        x, y = points.T
        here: np.ndarray = (x >= box[0]) & (y >= box[1]) & (x <= box[2]) & (y <= box[3])
        return here

    turned = xy[:, ::-1]
    if not inside(xy, _REGION).any() and inside(turned, _REGION).all():
        return True
    return bool(inside(turned, _CORE).all() and (xy[:, 1] > _CORE[3]).any())
