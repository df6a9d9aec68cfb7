"""Map projections fitted to an extent, and the frame that shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.geodesy.plane import plane
from maps.i18n import degrees, right_to_left, word

if TYPE_CHECKING:
    from pyproj import Transformer

__all__ = ["Bounds", "Extent", "fitted", "padded", "projection_note", "wrapped"]

# West, south, east, north in degrees.
Bounds = tuple[float, float, float, float]

# A cone whose standard parallels have a mean latitude nearer to the equator than this, in degrees,
# is replaced by a cylinder (an assumption).
_CYLINDER_WITHIN_DEG = 1.0
# Extents in longitude and latitude above which a cone would tear the map apart (assumptions), in
# degrees.
_CONE_LON_DEG, _CONE_LAT_DEG = 170.0, 100.0
# Latitude at which a Mercator map ends, as web maps do: the projection has no poles.
_MERCATOR_END_DEG = 85.0
# What is smaller is a point.
_POINT_DEG = 0.002


@dataclass(frozen=True)
class Extent:
    """A rectangle of a projected plane.

    Parameters
    ----------
    projection : definition for PROJ, in metres on WGS84.
    kind : ``conformal-conic``, ``equal-area-conic``, ``mercator``, ``equal-area-cylindrical`` or
        ``equal-earth``.
    parallels : standard parallels in degrees.
    meridian : central meridian in degrees.
    frame : left, bottom, right, top in metres.
    over_seam : whether it reaches over the meridian of 180°; its longitudes then run on beyond.
    """

    projection: str
    kind: str
    parallels: tuple[float, ...]
    meridian: float
    frame: Bounds
    over_seam: bool = False

    @cached_property
    def _transformer(self) -> Transformer:
        return plane(self.projection)

    def at(self, lon: Any, lat: Any) -> Any:
        """Return projected x and y, in metres, of a longitude and latitude or of arrays of them."""
        return self._transformer.transform(lon, lat)

    def lonlat(self, x: Any, y: Any) -> Any:
        """Return longitude and latitude of a point or of arrays of projected metres."""
        lon, lat = self._transformer.transform(x, y, direction="INVERSE")
        if self.over_seam:
            lon = lon + 360.0 * np.round((self.meridian - np.asarray(lon)) / 360.0)
        return lon, lat

    def project(self, geometry: Any) -> Any:
        """Return a lon/lat geometry in projected metres."""

        def to_plane(xy: np.ndarray) -> np.ndarray:
            return np.column_stack(self.at(xy[:, 0], xy[:, 1]))

        return shapely.transform(shapely.force_2d(geometry), to_plane)

    @property
    def size_m(self) -> tuple[float, float]:
        """Return width and height of the frame in metres."""
        left, bottom, right, top = self.frame
        return right - left, top - bottom

    @property
    def middle(self) -> tuple[float, float]:
        """Return longitude and latitude of the middle of the frame."""
        left, bottom, right, top = self.frame
        lon, lat = self.lonlat((left + right) / 2, (bottom + top) / 2)
        return float(lon), float(lat)

    @cached_property
    def outline(self) -> shapely.Polygon:
        """Return the frame in longitude and latitude, its sides with vertices for their bends."""
        step_m = max(self.size_m) / 24
        ring = shapely.segmentize(shapely.box(*self.frame), step_m).exterior
        lonlat = np.column_stack(self.lonlat(*np.array(ring.coords).T))
        # Around a pole a frame may reach beyond the world.
        lonlat = lonlat[np.isfinite(lonlat).all(axis=1)]
        return shapely.Polygon(lonlat if len(lonlat) > 3 else shapely.box(-180, -90, 180, 90))

    @cached_property
    def around(self) -> shapely.Polygon:
        """Return the lon/lat box of the outline with a margin: nothing outside it can be seen."""
        west, south, east, north = self.outline.bounds
        dx, dy = 0.05 * (east - west) + 0.05, 0.05 * (north - south) + 0.05
        return shapely.box(west - dx, south - dy, east + dx, north + dy)


def padded(bounds: Bounds) -> Bounds:
    """Return bounds in degrees with a margin, so that nothing touches the frame.

    The margin is 2 km at least, and around a part of a town an eighth of its extent.
    """
    west, south, east, north = bounds
    extent = max(east - west, north - south)
    least = min(0.12 * extent, 0.02) if extent > _POINT_DEG else 0.02
    dx, dy = max(0.06 * (east - west), least), max(0.06 * (north - south), least)
    return west - dx, max(south - dy, -90.0), east + dx, min(north + dy, 90.0)


def fitted(
    bounds: Bounds, *, aspects: tuple[float, float] = (0.5, 1.1), equal_area: bool = False
) -> Extent:
    """Return the extent of a map that shows bounds, in a conic projection fitted to them.

    Parameters
    ----------
    bounds : west, south, east, north in degrees.
    aspects : least and greatest height of the frame as a part of its width; the frame grows to fit.
    equal_area : Albers equal-area instead of Lambert conformal.

    Source
    ------
    Standard parallels at a sixth of the height: J. P. Snyder, Map Projections, USGS Professional
    Paper 1395 (1987), p. 99.

    Examples
    --------
    >>> extent = fitted((44.0, 39.0, 47.0, 41.0))
    >>> extent.kind, [round(lat, 2) for lat in extent.parallels]
    ('conformal-conic', [39.33, 40.67])
    """
    text, kind, parallels = _projection(bounds, equal_area=equal_area)
    meridian = _to_the_minute((bounds[0] + bounds[2]) / 2)
    unframed = Extent(
        projection=text, kind=kind, parallels=parallels, meridian=meridian, frame=(0, 0, 1, 1),
        over_seam=bounds[2] - bounds[0] < 360.0 and (bounds[0] < -180.0 or bounds[2] > 180.0),
    )  # fmt: skip
    west, south, east, north = bounds
    if kind == "mercator":
        south, north = max(south, -_MERCATOR_END_DEG), min(north, _MERCATOR_END_DEG)
    edge = shapely.segmentize(shapely.box(west, south, east, north), max(east - west, 0.4) / 40)
    frame = _widened(shapely.bounds(unframed.project(edge)), aspects)
    return replace(unframed, frame=frame)


def _widened(frame: Any, aspects: tuple[float, float]) -> Bounds:
    """Return a frame widened or heightened about its middle until its aspect is allowed."""
    left, bottom, right, top = map(float, frame)
    width, height = right - left, top - bottom
    least, most = aspects
    margin_x = max(height / most - width, 0.0) / 2
    margin_y = max(width * least - height, 0.0) / 2
    return left - margin_x, bottom - margin_y, right + margin_x, top + margin_y


def _projection(bounds: Bounds, *, equal_area: bool) -> tuple[str, str, tuple[float, ...]]:
    """Return PROJ definition, kind and standard parallels of the projection for bounds."""
    west, south, east, north = bounds
    centre = _to_the_minute((west + east) / 2)
    if east - west > _CONE_LON_DEG or north - south > _CONE_LAT_DEG:
        return f"+proj=eqearth +lon_0={centre:.6f} +ellps=WGS84", "equal-earth", ()
    sixth = (north - south) / 6
    first, second = _to_the_minute(south + sixth), _to_the_minute(north - sixth)
    if abs(first + second) < 2 * _CYLINDER_WITHIN_DEG:
        parallel = max(abs(first), abs(second))
        name, kind = ("cea", "equal-area-cylindrical") if equal_area else ("merc", "mercator")
        text = f"+proj={name} +lat_ts={parallel:.6f} +lon_0={centre:.6f} +ellps=WGS84"
        return text, kind, (parallel,)
    name, kind = ("aea", "equal-area-conic") if equal_area else ("lcc", "conformal-conic")
    text = (
        f"+proj={name} +lat_1={first:.6f} +lat_2={second:.6f} "
        f"+lat_0={(south + north) / 2:.6f} +lon_0={centre:.6f} +ellps=WGS84"
    )
    return text, kind, (first, second)


def wrapped(lon: float) -> float:
    """Return a longitude from -180° to 180°, the same where it already is."""
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % 360.0 - 180.0


def _to_the_minute(angle: float) -> float:
    """Return an angle in degrees rounded to the minute, so that the figure states it exactly."""
    return round(angle * 60) / 60


def projection_note(extent: Extent, language: str) -> str:
    """Return the projection of a map with its parameters, in words."""
    angles = [degrees(lat, "NS", language) for lat in extent.parallels]
    angles.append(degrees(wrapped(extent.meridian), "EW", language))
    if right_to_left(language):
        # Without a mark before them minutes would stand on the far side of their degrees.
        angles = [f"\u200e{angle}" for angle in angles]
    return word(extent.kind, language).format(*angles)
