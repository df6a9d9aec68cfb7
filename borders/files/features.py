"""What can be drawn or exported, and the columns that its tables begin with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas
    from shapely import LineString


__all__ = ["FEATURE_COLUMNS", "Drawable", "columns_to_gdf", "end_to_end", "features_to_gdf"]

# The columns that begin every table that can be drawn or exported.
FEATURE_COLUMNS = (
    "id",
    "kind",
    "name",
    "length_m",
    "sigma_m",
    "valid_from",
    "valid_to",
    "source",
    "geometry_quality",
)

# Columns of ours that are not text, whatever is in them; those of a measure in metres, square
# metres, hours and the like are numbers.
_DTYPES = {
    "circular": "boolean", "unbuilt": "boolean",
    "leg": "Int64", "step": "Int64", "tracks": "Int64", "gauge_mm": "Int64",
    "hours": "float64",
}  # fmt: skip
_UNITS = ("_m", "_m2", "_h", "_kmh", "_usd_t")


@runtime_checkable
class Drawable(Protocol):
    """Whatever can be drawn or exported: borders, corridors, networks, routes, or a class of yours.

    Only ``to_gdf`` is asked for. GeoDataFrames and GeoSeries are taken beside it.

    Examples
    --------
    >>> from borders import boundary
    >>> isinstance(boundary("kars-1921"), Drawable)
    True
    """

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return its rows in EPSG:4326, as they stood on a day."""
        ...


class HasLine(Protocol):
    """A piece of a line, such as a leg of a border."""

    @property
    def geometry(self) -> LineString:
        """Return its course, EPSG:4326."""


def end_to_end(legs: Iterable[HasLine]) -> LineString:
    """Return legs, or other pieces with a line, one after the other as one, each joint once."""
    import shapely

    xy = shapely.get_coordinates([leg.geometry for leg in legs])
    line: LineString = shapely.remove_repeated_points(shapely.LineString(xy))
    return line


def features_to_gdf(rows: list[dict[str, Any]], *, name: str = "") -> geopandas.GeoDataFrame:
    """Return rows as a GeoDataFrame in EPSG:4326, `FEATURE_COLUMNS` first.

    Each column has one type whatever is in it: days are text in ISO 8601, since JSON has no other
    and other libraries make JSON of a frame; truth values and whole numbers may be missing.

    Parameters
    ----------
    name : what a map calls the table.
    """
    keys = dict.fromkeys(key for row in rows for key in row)
    return columns_to_gdf(
        {key: [row.get(key) for row in rows] for key in keys}, len(rows), name=name
    )


def columns_to_gdf(
    cells: Mapping[str, Any], count: int, *, name: str = ""
) -> geopandas.GeoDataFrame:
    """Return columns as a GeoDataFrame in EPSG:4326, as `features_to_gdf` does rows.

    Parameters
    ----------
    cells : column → its values; `geometry` among them, if there is any row.
    count : number of rows.
    """
    import geopandas

    extra = [key for key in cells if key != "geometry"]
    columns = [*FEATURE_COLUMNS, *(key for key in extra if key not in FEATURE_COLUMNS), "geometry"]
    none = [None] * count
    table = {key: _values(key, cells.get(key, none)) for key in columns}
    frame = geopandas.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326", columns=columns)
    if name:
        frame.attrs["name"] = name
    return frame


def _values(key: str, cells: Sequence[Any]) -> Any:
    """Return the values of a column of ours in the type that it always has."""
    import numpy as np
    import pandas as pd

    dtype: Any = _DTYPES.get(key)
    if dtype in ("boolean", "Int64"):
        return pd.array(cells, dtype=dtype)
    if dtype or key.endswith(_UNITS):
        return np.array(cells, dtype=float)
    return [value.isoformat() if isinstance(value, date) else value for value in cells]
