"""Coordinates in an old datum, moved to WGS84 with the error of that move.

PROJ knows which transformations the EPSG registry lists between two reference systems, for which
area each was determined, and how accurate it is.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from borders.errors import GeometryError, SchemaError

if TYPE_CHECKING:
    from pyproj import CRS

__all__ = ["Moved", "on_wgs84"]

_WGS84 = 4326


class Moved(NamedTuple):
    """A point on WGS84.

    Parameters
    ----------
    sigma_m : accuracy of the transformation, taken as the root mean square distance from the true
        position.
    note : which transformation it was, and its accuracy.
    """

    lon: float
    lat: float
    sigma_m: float
    note: str


@lru_cache(maxsize=1000)
def on_wgs84(crs: str, x: float, y: float, where: str, *, projected: bool = False) -> Moved:
    """Return a point of another reference system on WGS84.

    Parameters
    ----------
    crs : anything that pyproj takes, such as ``EPSG:4267``.
    x, y : longitude and latitude in degrees, or easting and northing in metres, as the system has
        them.
    where : the file and its row, for the message.
    projected : whether x and y are an easting and a northing.

    Raises
    ------
    SchemaError : there is no such system, it is no system of points on the ground, or its
        coordinates are of the other kind.
    GeometryError : no transformation from there is of known accuracy, or it leads nowhere.

    Source: EPSG Geodetic Parameter Dataset, https://epsg.org, through PROJ.

    Examples
    --------
    >>> moved = on_wgs84("EPSG:4210", 37.0, -2.0, "demo")
    >>> round(moved.lon, 4), round(moved.lat, 4), moved.sigma_m
    (37.0008, -2.0025, 6.0)
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError, ProjError
    from pyproj.transformer import AreaOfInterest, TransformerGroup

    try:
        system = CRS.from_user_input(crs)
    except (CRSError, ValueError) as err:
        message = f"{where} is '{crs[:60]}', no system that PROJ knows; give one as EPSG:4267"
        raise SchemaError(message) from err
    _check_kind(system, crs, where, projected=projected)
    # A point that lies off by some hundred metres is as good to choose by.
    lon, lat = _roughly(system, x, y)
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        message = f"{where}: {x:g}, {y:g} is no point of '{crs}'; check the coordinates"
        raise GeometryError(message)
    try:
        with warnings.catch_warnings():
            # Grids that are not installed would be better; the accuracy says how good the rest is.
            warnings.simplefilter("ignore", UserWarning)
            group = TransformerGroup(
                system, _WGS84, always_xy=True, allow_ballpark=False,
                area_of_interest=AreaOfInterest(lon, lat, lon, lat),
            )  # fmt: skip
            known = [transformer for transformer in group.transformers if transformer.accuracy >= 0]
    except ProjError as err:
        message = f"{where}: PROJ cannot move points from '{crs}' to WGS84 ({err})"
        raise GeometryError(message) from err
    if not known:
        message = (
            f"{where}: no transformation from '{crs}' to WGS84 of known accuracy is for this "
            "place; give lon and lat on WGS84 with a sigma_m that says how sure they are"
        )
        raise GeometryError(message)
    best = min(known, key=lambda transformer: transformer.accuracy)
    lon, lat = best.transform(x, y)
    # Of the steps only the change of datum has a name of its own.
    name = best.description.replace("axis order change (2D)", "").strip(" +")
    note = f"From {crs} by '{name}', ±{best.accuracy:g} m."
    return Moved(float(lon), float(lat), float(best.accuracy), note)


def _check_kind(system: CRS, crs: str, where: str, *, projected: bool) -> None:
    unit = system.axis_info[0].unit_name if system.axis_info else ""
    if not (system.is_geographic or system.is_projected) or system.is_engineering:
        message = f"{where}: '{crs}' is no system of longitudes and latitudes or of a projection"
        raise SchemaError(message)
    if system.is_projected != projected:
        kind = "easting and northing" if system.is_projected else "lon and lat"
        message = f"{where}: the coordinates of '{crs}' are {kind}; give these"
        raise SchemaError(message)
    if unit not in ("degree", "metre"):
        message = f"{where}: '{crs}' counts in the unit {unit}; convert to degrees or metres first"
        raise SchemaError(message)


def _roughly(system: CRS, x: float, y: float) -> tuple[float, float]:
    from pyproj import Transformer

    if not system.is_projected or system.geodetic_crs is None:
        return x, y
    back = Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
    lon, lat = back.transform(x, y)
    return float(lon), float(lat)
