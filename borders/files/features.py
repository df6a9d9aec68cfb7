"""What can be drawn or exported, and the columns that its tables begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import geopandas
    from shapely import LineString


__all__ = ["FEATURE_COLUMNS", "Drawable", "end_to_end", "features_to_gdf"]

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


def features_to_gdf(rows: list[dict[str, Any]]) -> geopandas.GeoDataFrame:
    """Return rows as a GeoDataFrame in EPSG:4326, `FEATURE_COLUMNS` first."""
    import geopandas

    extra = [key for key in dict.fromkeys(k for row in rows for k in row) if key != "geometry"]
    columns = [*FEATURE_COLUMNS, *(key for key in extra if key not in FEATURE_COLUMNS), "geometry"]
    table = {key: [row.get(key) for row in rows] for key in columns}
    return geopandas.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326", columns=columns)
