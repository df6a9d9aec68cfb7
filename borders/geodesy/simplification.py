"""The length of a line at different scales: a border has no one length, but one for each tolerance.

Source: D. H. Douglas and T. K. Peucker (1973), https://doi.org/10.3138/FM57-6770-U75U-7727;
C. F. F. Karney (2013), Algorithms for geodesics, https://doi.org/10.1007/s00190-012-0578-z
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from borders.errors import GeometryError
from borders.geodesy import lonlat
from borders.geodesy.local_frames import Frames
from borders.geodesy.lonlat import WGS84
from borders.geodesy.measurement import length_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from borders.geodesy.lonlat import FloatArray, IntArray

__all__ = ["ScaleCurve", "ScalePoint", "scale_curve", "simplify_m"]

# Longer lines are simplified in stretches of this length, each in its own frame.
_STRETCH_M = 1_000_000.0
TOLERANCES_M = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


class ScalePoint(NamedTuple):
    """The length of a line at one tolerance, both in metres."""

    tolerance_m: float
    length_m: float


@dataclass(frozen=True, slots=True)
class ScaleCurve:
    """The lengths of a line at rising tolerances, beginning with 0, which is all vertices.

    Attributes
    ----------
    points : tuple of (tolerance_m, length_m), metres; the lengths never rise.
    """

    points: tuple[ScalePoint, ...]

    def __iter__(self) -> Iterator[ScalePoint]:
        """Iterate over the points, by tolerance."""
        return iter(self.points)

    def tolerance_for(self, length_m: float) -> float | None:
        """Return the tolerance in metres at which the line has a length, None if at none.

        Between two points it is interpolated, by the logarithm of the tolerance (linearly up to
        the first tolerance above 0); the smallest one if several have that length.

        Examples
        --------
        >>> curve = ScaleCurve((ScalePoint(0, 900), ScalePoint(10, 880), ScalePoint(1000, 800)))
        >>> curve.tolerance_for(890), round(curve.tolerance_for(840)), curve.tolerance_for(901)
        (5.0, 100, None)
        """
        for finer, coarser in pairwise((*self.points, self.points[-1])):
            if length_m == finer.length_m:
                return float(finer.tolerance_m)
            if finer.length_m > length_m >= coarser.length_m:
                share = (finer.length_m - length_m) / (finer.length_m - coarser.length_m)
                if finer.tolerance_m == 0:
                    return share * coarser.tolerance_m
                return float(finer.tolerance_m * (coarser.tolerance_m / finer.tolerance_m) ** share)
        return None


def simplify_m(line: Any, *, tolerance_m: float) -> Any:
    """Return the line with fewer of its own vertices, none dropped farther off than a tolerance.

    Douglas-Peucker in an azimuthal-equidistant frame around the middle of the line. Lines over
    1,000 km are cut at vertices into stretches of equal length; the cuts stay.

    Parameters
    ----------
    line : LineString or MultiLineString, array of them or GeoSeries, EPSG:4326.
    tolerance_m : metres, 0 or above. First and last vertex stay; kept vertices stay bit for bit.

    Returns
    -------
    geometry of the same kind, ndarray or GeoSeries; missing stays None.

    Raises
    ------
    CRSError : a series is not in EPSG:4326.
    GeometryError : a geometry is no line or out of range, or the tolerance is negative.

    Source: Douglas and Peucker (1973), https://doi.org/10.3138/FM57-6770-U75U-7727

    Examples
    --------
    >>> line = shapely.LineString([(44, 40), (44.5, 40.0001), (45, 40)])
    >>> len(simplify_m(line, tolerance_m=500).coords)
    2
    """
    tolerance = _tolerances([tolerance_m])[0]
    lines, form = lonlat.read(line)
    results = np.full(len(lines), None, dtype=object)
    for i, single in enumerate(lines):
        if single is not None:
            parts = [
                shapely.LineString(vertices[_kept_vertices(vertices, [tolerance])[0]])
                for vertices in _parts(single)
            ]
            multi = isinstance(single, shapely.MultiLineString)
            results[i] = shapely.MultiLineString(parts) if multi else parts[0]
    return form.geometries(results)


def scale_curve(line: Any, *, tolerances_m: Iterable[float] = TOLERANCES_M) -> Any:
    """Return the geodesic lengths of a line simplified at several tolerances.

    Each simplification keeps a part of the vertices of the finer ones, so no length exceeds the one
    before.

    Parameters
    ----------
    line : LineString or MultiLineString, array of them or GeoSeries, EPSG:4326.
    tolerances_m : metres, 0 or above; 0, all vertices, is added.

    Returns
    -------
    ScaleCurve, or an ndarray or Series of them; None for a missing line.

    Raises
    ------
    CRSError : a series is not in EPSG:4326.
    GeometryError : a geometry is no line or out of range, or a tolerance is negative.

    Source: Douglas and Peucker (1973), https://doi.org/10.3138/FM57-6770-U75U-7727

    Examples
    --------
    >>> line = shapely.LineString([(44, 40), (44.5, 40.01), (45, 40)])
    >>> [round(point.length_m) for point in scale_curve(line, tolerances_m=[100, 2000])]
    [85416, 85416, 85393]
    """
    tolerances = _tolerances({0.0, *tolerances_m})
    lines, form = lonlat.read(line)
    results = np.full(len(lines), None, dtype=object)
    for i, single in enumerate(lines):
        if single is not None:
            lengths = np.zeros(len(tolerances))
            for vertices in _parts(single):
                numbers = _kept_vertices(vertices, tolerances)
                lengths += length_m(np.array([shapely.LineString(vertices[n]) for n in numbers]))
            points = zip(tolerances, lengths.tolist(), strict=True)
            results[i] = ScaleCurve(tuple(ScalePoint(*point) for point in points))
    return form.values(results)


def _tolerances(tolerances_m: Iterable[float]) -> list[float]:
    """Return the tolerances in order, all 0 or above."""
    tolerances = sorted(float(tolerance) for tolerance in tolerances_m)
    if not all(np.isfinite(tolerances)) or tolerances[0] < 0:
        raise GeometryError(f"tolerances in metres have to be 0 or above, got {tolerances}")
    return tolerances


def _parts(line: shapely.Geometry) -> list[FloatArray]:
    """Return the vertices of the parts of a line."""
    multi = isinstance(line, shapely.MultiLineString) and not line.is_empty
    return [lonlat.line_vertices(part) for part in (line.geoms if multi else [line])]


def _kept_vertices(vertices: FloatArray, tolerances_m: list[float]) -> list[IntArray]:
    """Return the numbers of the vertices kept at each of the rising tolerances."""
    if len(vertices) == 2:
        return [np.arange(2) for _ in tolerances_m]
    lon, lat = vertices[:, 0], vertices[:, 1]
    _, _, step_m = WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    chainage_m = np.cumsum(step_m)
    stretches = max(1.0, np.ceil(chainage_m[-1] / _STRETCH_M))
    number = np.floor((chainage_m - step_m) / max(chainage_m[-1], 1e-9) * stretches)
    ends = [0, *(np.flatnonzero(np.diff(number)) + 1), len(vertices) - 1]
    columns = [[np.array([len(vertices) - 1])] for _ in tolerances_m]
    for first, last in pairwise(ends):
        frame = np.zeros(last - first + 1, dtype=np.int64)
        stretch = vertices[first : last + 1]
        plane = Frames.around(stretch, frame).plane(stretch, frame)
        # GEOS keeps the Z of the vertices it keeps, so Z as a number identifies them.
        numbered = shapely.linestrings(np.column_stack([plane, np.arange(len(plane))]))
        stays = np.ones(len(plane), dtype=bool)
        for column, tolerance_m in zip(columns, tolerances_m, strict=True):
            if tolerance_m > 0:
                fewer = shapely.simplify(numbered, tolerance_m, preserve_topology=False)
                positions = shapely.get_coordinates(fewer, include_z=True)[:, 2].astype(np.int64)
                stays_now = np.zeros(len(plane), dtype=bool)
                stays_now[positions] = True
                stays_now[[0, -1]] = True
                stays &= stays_now
            column.append(first + np.flatnonzero(stays)[:-1])
    return [np.sort(np.concatenate(column)) for column in columns]
