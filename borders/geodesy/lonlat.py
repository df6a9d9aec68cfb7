"""Longitude and latitude as Araxes takes them: a geometry, an array of them, or a GeoSeries.

Everything is WGS84, in degrees. A shapely geometry or an array carries no reference system and is
longitude/latitude by contract; a GeoSeries or GeoDataFrame has to say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
import shapely
from shapely import GeometryType

from borders.errors import CRSError, GeometryError

if TYPE_CHECKING:
    # Not at run time: importing numpy.typing takes as long as reading a border.
    from numpy.typing import NDArray
    from pyproj import Geod

    FloatArray: TypeAlias = NDArray[np.float64]
    IntArray: TypeAlias = NDArray[np.int64]
    GeometryArray: TypeAlias = NDArray[np.object_]

__all__ = [
    "LONGEST_M",
    "WGS84",
    "Form",
    "along",
    "areal",
    "check_range",
    "densified",
    "distances_m",
    "is_lonlat",
    "lat_text",
    "line_parts",
    "line_vertices",
    "lon_text",
    "read",
    "simple_parts",
]


class _Geodesics:
    """The geodesics of WGS84, loaded when first used: PROJ takes longer to load than numpy."""

    def __getattr__(self, name: str) -> Any:
        from pyproj import Geod

        geod = Geod(ellps="WGS84")
        kept = ("inv", "fwd", "npts", "polygon_area_perimeter")
        self.__dict__ |= {key: getattr(geod, key) for key in kept}
        return getattr(geod, name)


WGS84 = cast("Geod", _Geodesics())
LONGEST_M = 200_000.0  # farther from a line, a local frame is stretched by more than 0.05 %

# WGS84 alone, with ellipsoidal height (which GDAL gives to GeoJSON with heights), and with heights
# above the geoids EGM2008 and EGM96: all the same longitude and latitude.
_LON_LAT = {("EPSG", code) for code in ("4326", "4979", "9518", "9707")}
_LON_LAT |= {("OGC", "CRS84"), ("OGC", "CRS84h")}


@dataclass(frozen=True, slots=True)
class Form:
    """The form of the input, in which the results are returned.

    Attributes
    ----------
    shape : shape of the array that came in, None for one geometry.
    index : pandas index of the series that came in, None for anything else.
    """

    shape: tuple[int, ...] | None
    index: Any = None

    def values(self, results: NDArray[Any]) -> Any:
        """Return numbers or things as a scalar, an ndarray or a pandas Series."""
        if self.shape is None:
            return results.item(0)
        if self.index is None:
            return results.reshape(self.shape)
        import pandas as pd

        return pd.Series(results, index=self.index)

    def geometries(self, results: GeometryArray) -> Any:
        """Return geometries as one geometry, an ndarray or a GeoSeries in EPSG:4326."""
        if self.shape is None or self.index is None:
            return self.values(results)
        import geopandas as gpd

        return gpd.GeoSeries(results, index=self.index, crs=4326)

    def check_index(self, other: Any) -> None:
        """Refuse an index that another series has differently: rows would be paired wrongly.

        Raises
        ------
        GeometryError : the two indexes differ.
        """
        if self.index is not None and other is not None and not self.index.equals(other):
            raise GeometryError("the two series have different indexes; align them first")


def read(things: Any) -> tuple[GeometryArray, Form]:
    """Return the geometries as a flat array, and the form in which they came.

    Parameters
    ----------
    things : geometry, None, array-like of geometries, GeoSeries or GeoDataFrame, lon/lat degrees;
        or a border, leg, corridor or route, which stands for its line as drawn.

    Raises
    ------
    CRSError : a series or frame has no reference system, or one that is not WGS84 lon/lat.
    GeometryError : `things` is none of these.

    Examples
    --------
    >>> geometries, form = read(shapely.Point(44, 40))
    >>> len(geometries), form.shape
    (1, None)
    """
    if things is None or isinstance(things, shapely.Geometry):
        single = np.empty(1, dtype=object)
        single[0] = things
        return single, Form(None)
    index = None
    if isinstance(getattr(things, "geometry", None), shapely.Geometry):
        return read(things.geometry)
    if hasattr(things, "crs"):
        _check_crs(things)
        series = getattr(things, "geometry", things)
        index = getattr(series, "index", None)
        array = np.array(series, dtype=object)
    else:
        array = np.array(things, dtype=object)
    flat = array.ravel()
    strange = ~(shapely.is_geometry(flat) | shapely.is_missing(flat))
    if array.ndim == 0 or strange.any():
        value = things if array.ndim == 0 else flat[strange][0]
        hint = "; take its .to_gdf()" if hasattr(value, "to_gdf") else ""
        raise GeometryError(
            "expected a shapely geometry, an array of them or a GeoSeries, got "
            f"{type(value).__name__}{hint}"
        )
    return flat, Form(array.shape, index)


def areal(thing: Any) -> Any:
    """Return the polygon of a territory; geometries, arrays and series are returned as they are.

    Raises
    ------
    GeometryError : a border, leg, corridor or route, which bounds nothing.

    Examples
    --------
    >>> areal(shapely.box(44, 40, 45, 41)).geom_type
    'Polygon'
    """
    line = getattr(thing, "geometry", None)
    if not isinstance(line, shapely.Geometry):
        return thing
    polygon = getattr(thing, "polygon", line)
    if polygon is None or shapely.get_dimensions(polygon) < 2:
        name = " ".join(filter(None, (type(thing).__name__, getattr(thing, "id", None))))
        raise GeometryError(
            f"the {name} is a line and bounds no area; give a polygon, such as .territory() of a "
            "territory or of a corridor with a width"
        )
    return polygon


def is_lonlat(crs: Any) -> bool:
    """Tell whether a reference system, of pyproj or rasterio, is WGS84 longitude and latitude.

    Examples
    --------
    >>> from pyproj import CRS
    >>> is_lonlat(CRS("OGC:CRS84")), is_lonlat(CRS("EPSG:32638"))
    (True, False)
    """
    return bool(crs.to_authority() in _LON_LAT or crs.to_epsg() == 4326)


def _check_crs(things: Any) -> None:
    """Refuse a series or frame whose coordinates are not WGS84 longitude and latitude."""
    crs, kind = things.crs, type(things).__name__
    if crs is None:
        raise CRSError(
            f"the {kind} has no CRS; say what its coordinates are with .set_crs(...), "
            "and call .to_crs(4326) if that is not EPSG:4326"
        )
    if not is_lonlat(crs):
        code = crs.to_authority()
        name = f"{':'.join(code)} ({crs.name})" if code else crs.name
        raise CRSError(f"the {kind} is in {name}, not EPSG:4326; call .to_crs(4326) first")


def check_range(coordinates: FloatArray) -> None:
    """Refuse coordinates that are no longitude and latitude in degrees.

    Parameters
    ----------
    coordinates : array of shape (n, 2) or (n, 3), columns lon and lat first.

    Raises
    ------
    GeometryError : a value is NaN, infinite, or outside [-180, 180] or [-90, 90].

    Examples
    --------
    >>> check_range(np.array([[44.5, 40.2]]))
    """
    if not len(coordinates):
        return
    lon, lat = coordinates[:, 0], coordinates[:, 1]
    # min and max of a column with NaN are NaN, which fails the comparisons.
    if lon.min() >= -180 and lon.max() <= 180 and lat.min() >= -90 and lat.max() <= 90:
        return
    at = int(np.argmin((np.abs(lon) <= 180) & (np.abs(lat) <= 90)))
    raise GeometryError(
        f"vertex {at} is ({lon[at]}, {lat[at]}): not a longitude in [-180, 180] and a latitude "
        "in [-90, 90]; check the order lon, lat and that the unit is degrees"
    )


def simple_parts(geometries: GeometryArray) -> tuple[GeometryArray, IntArray]:
    """Return all points, lines, rings and polygons in the geometries, and their owners' numbers.

    Multiparts and collections are opened, however deep; missing and empty ones have no parts.

    Examples
    --------
    >>> parts, owner = simple_parts(np.array([None, shapely.MultiPoint([(0, 0), (1, 1)])]))
    >>> owner.tolist()
    [1, 1]
    """
    parts, owner = shapely.get_parts(geometries, return_index=True)
    while (shapely.get_type_id(parts) >= GeometryType.MULTIPOINT).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        owner = owner[index]
    full = ~shapely.is_empty(parts)
    return parts[full], owner[full]


def line_parts(parts: GeometryArray, owner: IntArray) -> tuple[GeometryArray, IntArray]:
    """Return simple parts with every polygon replaced by its rings, and the owners' numbers.

    Examples
    --------
    >>> rings, owner = line_parts(np.array([shapely.box(0, 0, 1, 1)]), np.array([7]))
    >>> shapely.get_num_coordinates(rings).tolist(), owner.tolist()
    ([5], [7])
    """
    polygon = shapely.get_type_id(parts) == GeometryType.POLYGON
    if not polygon.any():
        return parts, owner
    rings, index = shapely.get_rings(parts[polygon], return_index=True)
    return (
        np.concatenate([parts[~polygon], rings]),
        np.concatenate([owner[~polygon], owner[polygon][index]]),
    )


def line_vertices(line: shapely.Geometry) -> FloatArray:
    """Return the vertices of one line, shape (n, 2) or (n, 3).

    Raises
    ------
    GeometryError : it is empty, in parts, no line, or out of range.

    Examples
    --------
    >>> line_vertices(shapely.LineString([(0, 0), (1, 1)])).tolist()
    [[0.0, 0.0], [1.0, 1.0]]
    """
    if not isinstance(line, shapely.LineString) or line.is_empty:
        kind = f"an empty {line.geom_type}" if line.is_empty else f"a {line.geom_type}"
        raise GeometryError(
            f"expected one LineString with vertices, got {kind}; join parts with "
            "shapely.line_merge, take a polygon's .boundary"
        )
    vertices: FloatArray = shapely.get_coordinates(line, include_z=line.has_z)
    check_range(vertices)
    return vertices


def densified(
    coordinates: FloatArray, part: IntArray, spacing_m: float
) -> tuple[FloatArray, IntArray]:
    """Return the vertices with geodesic points put in between, and the part each belongs to.

    Parameters
    ----------
    coordinates : (n, 2) or (n, 3); the vertices are kept bit for bit, Z is interpolated linearly.
    part : (n,), number of the line each vertex belongs to, in runs.
    spacing_m : no two neighbours of one part stay farther apart than this.

    Examples
    --------
    >>> out, part = densified(np.array([[0.0, 0], [1, 0]]), np.array([0, 0]), 60_000)
    >>> np.round(out, 6).tolist()
    [[0.0, 0.0], [0.5, 0.0], [1.0, 0.0]]
    """
    lon, lat = coordinates[:, 0], coordinates[:, 1]
    azimuth, _, length_m = WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    pieces = np.maximum(np.ceil(length_m / spacing_m), 1).astype(np.int64)
    pieces[part[1:] != part[:-1]] = 1
    if not len(pieces) or pieces.max() == 1:
        return coordinates, part
    start = np.repeat(np.arange(len(pieces)), pieces)
    step = np.arange(len(start)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    inserted = np.flatnonzero(step)
    start_of = start[inserted]
    fraction = step[inserted] / pieces[start_of]
    out = np.concatenate([coordinates[start], coordinates[-1:]])
    out[inserted, :2] = along(
        coordinates[start_of], azimuth[start_of], fraction * length_m[start_of]
    )
    if coordinates.shape[1] > 2:
        low, high = coordinates[start_of, 2], coordinates[start_of + 1, 2]
        out[inserted, 2] = low + fraction * (high - low)
    return out, np.concatenate([part[start], part[-1:]])


def distances_m(lon: float, lat: float, points: FloatArray) -> FloatArray:
    """Return the geodesic distance of each of some points, shape (n, 2), from one point.

    Examples
    --------
    >>> distances_m(0.0, 0.0, np.array([[1.0, 0.0], [0.0, 0.0]])).round(2).tolist()
    [111319.49, 0.0]
    """
    count = len(points)
    metres: FloatArray
    start = np.full(count, lon), np.full(count, lat)
    _, _, metres = WGS84.inv(*start, points[:, 0], points[:, 1])
    return metres


def along(origin: FloatArray, azimuth: FloatArray, distance_m: FloatArray) -> FloatArray:
    """Return the points at a distance and azimuth from their origins, shape (n, 2).

    A point on the antimeridian takes the side of its origin, so that a boundary that runs along
    +180 stays there.

    Examples
    --------
    >>> along(np.array([[0.0, 0.0]]), np.array([90.0]), np.array([111319.49])).round(6).tolist()
    [[1.0, 0.0]]
    """
    lon, lat, _ = WGS84.fwd(origin[:, 0], origin[:, 1], azimuth, distance_m)
    lon = np.where(np.abs(lon) == 180, np.copysign(180.0, origin[:, 0]), lon)
    return np.column_stack([lon, lat])


def lat_text(lat: float, digits: int = 4) -> str:
    """Return a latitude in degrees, north or south.

    Examples
    --------
    >>> lat_text(40.6), lat_text(-33.0, 1)
    ('40.6000° N', '33.0° S')
    """
    return f"{abs(lat):.{digits}f}° {'S' if lat < 0 else 'N'}"


def lon_text(lon: float, digits: int = 4) -> str:
    """Return a longitude in degrees, east or west.

    Examples
    --------
    >>> lon_text(43.1), lon_text(-70.67, 1)
    ('43.1000° E', '70.7° W')
    """
    return f"{abs(lon):.{digits}f}° {'W' if lon < 0 else 'E'}"
