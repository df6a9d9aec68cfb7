"""Heights on a grid: a digital elevation model from a GeoTIFF."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from borders.errors import CRSError, FileFormatError, GeometryError
from borders.files.c_locale import c_locale
from borders.files.paths import gdal_path
from borders.files.toml import reading
from borders.geodesy.lonlat import is_lonlat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.floating[Any]]

__all__ = ["Terrain", "read_dem"]

MOST_CELLS = 200_000_000  # 0.8 GB in memory
# Rows and columns that are read, at most, of a model that is only to be described.
_COARSE_CELLS = 1000

# Heights outside these limits are refused. -9999 is the usual mark of a missing cell that the file
# does not declare, and only some sea trenches are as deep; no height in metres is above the upper
# limit, but high mountains in feet are.
_LOWEST_M, _HIGHEST_M = -9990.0, 9000.0

_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_METRES = {"", "m", "metre", "metres", "meter", "meters"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terrain:
    """Heights on a north-up grid of longitude and latitude.

    Parameters
    ----------
    elevation_m : float array (rows, columns), metres, first row in the north; NaN where missing.
    west, north : outer edges of the first column and row, EPSG:4326, degrees.
    pixel_width_deg, pixel_height_deg : size of a cell in degrees, both positive.
    source : where it comes from, for messages.

    Raises
    ------
    GeometryError : not such a grid, or no cell with a height.

    Examples
    --------
    >>> grid = Terrain(
    ...     elevation_m=np.ones((3, 4)), west=43, north=41,
    ...     pixel_width_deg=0.25, pixel_height_deg=0.25, source="example",
    ... )
    >>> grid.bounds
    (43, 40.25, 44.0, 41)
    """

    elevation_m: FloatArray
    west: float
    north: float
    pixel_width_deg: float
    pixel_height_deg: float
    source: str

    def __post_init__(self) -> None:
        """Refuse what is no grid of heights in longitude and latitude."""
        z = self.elevation_m
        size = (self.pixel_width_deg, self.pixel_height_deg)
        if z.ndim != 2 or z.dtype.kind != "f":
            message = f"{self.source}: heights are {z.ndim}-D {z.dtype}; give a 2-D array of floats"
            raise GeometryError(message)
        if np.isinf(z).any() or np.isnan(z).all():
            message = f"{self.source}: heights are infinite or all missing; write NaN where missing"
            raise GeometryError(message)
        if not (all(map(math.isfinite, size)) and min(size) > 0):
            message = (
                f"{self.source}: a cell is {size[0]:g} by {size[1]:g} degrees; both must be > 0"
            )
            raise GeometryError(message)
        west, south, east, north = self.bounds
        # A grid of the globe may have cell centres, not edges, at the poles and at 180 degrees.
        lon, lat = size[0] / 2 + 1e-9, size[1] / 2 + 1e-9
        if not (-180 - lon <= west < east <= 360 + lon and -90 - lat <= south < north <= 90 + lat):
            message = (
                f"{self.source}: the grid spans {west:g} to {east:g} and {south:g} to {north:g},"
                " which is no longitude and latitude; check west, north and the size of a cell"
            )
            raise GeometryError(message)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return the outer edges west, south, east, north in degrees, EPSG:4326."""
        rows, columns = self.elevation_m.shape
        south = self.north - rows * self.pixel_height_deg
        return self.west, south, self.west + columns * self.pixel_width_deg, self.north

    def heights_m(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Return the heights at positions, interpolated between the middles of cells.

        Parameters
        ----------
        lon, lat : degrees, EPSG:4326, arrays of one shape.

        Returns
        -------
        Metres; NaN outside the grid, and where a cell that a position lies between is missing.

        Examples
        --------
        >>> grid = Terrain(
        ...     elevation_m=np.array([[0.0, 10.0]]), west=43, north=41,
        ...     pixel_width_deg=1.0, pixel_height_deg=1.0, source="example",
        ... )
        >>> grid.heights_m(np.array([43.5, 44.0, 46.0]), np.array([40.5, 40.5, 40.5])).tolist()
        [0.0, 5.0, nan]
        """
        from scipy import ndimage

        west, south, east, north = self.bounds
        # A grid may be written from 0 to 360 degrees.
        x = west + (np.asarray(lon, float) - west) % 360.0
        y = np.asarray(lat, float)
        cells = np.stack([(north - y) / self.pixel_height_deg - 0.5,
                          (x - west) / self.pixel_width_deg - 0.5])  # fmt: skip
        # Nearest: within half a cell of the edge the height of the last cell counts.
        heights: FloatArray = ndimage.map_coordinates(
            np.asarray(self.elevation_m, float), cells, order=1, mode="nearest"
        )
        outside = (x > east) | (y < south) | (y > north)
        return np.where(outside, np.nan, heights)


@c_locale()
def read_dem(
    file: str | Path, *, bounds: tuple[float, float, float, float] | None = None
) -> Terrain:
    """Return the heights in a GeoTIFF.

    Parameters
    ----------
    file : GeoTIFF in EPSG:4326, north up, one band, heights in metres. What the file declares as
        missing becomes NaN; a declared scale and offset are applied.
    bounds : west, south, east, north in degrees, EPSG:4326; only the cells there are read. If the
        file has none there, it is read coarsely as a whole.

    Raises
    ------
    FileFormatError : no such file, no GeoTIFF, broken, rotated, of several bands, too large, not in
        metres, or without a height; also if rasterio is not installed.
    CRSError : no CRS, or one that is not lon/lat WGS84.
    """
    path = Path(file)
    _check_tiff(path)
    try:
        import rasterio
    except ImportError as err:
        message = f"{path}: reading it needs rasterio: pip install 'araxes[dem]'"
        raise FileFormatError(message) from err
    try:
        with gdal_path(path) as plain, warnings.catch_warnings():
            # A file without georeference is refused below, with what to do about it.
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            # rasterio multiplies transforms in a way that a coming release will not take.
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            # Blocks are read once; GDAL would keep a part of the machine's memory full of them.
            with rasterio.Env(GDAL_CACHEMAX=64), rasterio.open(plain, driver="GTiff") as raster:
                _check_raster(path, raster)
                window, shape = _window(raster, bounds)
                _check_size(path, shape)
                heights_m = _heights_m(raster, window, shape)
                grid = raster.window_transform(window)
                step = window.width / shape[1], window.height / shape[0]
    except (rasterio.errors.RasterioError, OSError) as err:
        reason = str(err).splitlines()[0]
        message = f"{path}: cannot be read ({reason}); get the file again"
        raise FileFormatError(message) from err
    _check_heights(path, heights_m)
    try:
        return Terrain(
            elevation_m=heights_m,
            west=grid.c,
            north=grid.f,
            pixel_width_deg=grid.a * step[0],
            pixel_height_deg=-grid.e * step[1],
            source=str(path),
        )
    except GeometryError as err:
        raise FileFormatError(str(err)) from err


def _check_tiff(path: Path) -> None:
    with reading(path), path.open("rb") as file:
        head = file.read(4)
    if head not in _TIFF:
        message = f"{path}: not a TIFF; convert it with gdal_translate -of GTiff"
        raise FileFormatError(message)


def _check_raster(path: Path, raster: Any) -> None:
    """Refuse all but one band of metres on a north-up grid of longitude and latitude."""
    if raster.crs is None:
        message = (
            f"{path}: no coordinate reference system; set it with gdal_edit.py -a_srs EPSG:4326"
            " if the grid is in longitude and latitude"
        )
        raise CRSError(message)
    if not is_lonlat(raster.crs):
        message = (
            f"{path}: the grid is in {raster.crs.to_string()[:60]}, not in longitude and latitude"
            " (EPSG:4326); convert it with gdalwarp -t_srs EPSG:4326"
        )
        raise CRSError(message)
    grid, unit = raster.transform, (raster.units[0] or "").strip()
    problem = ""
    if raster.count != 1:
        problem = f"{raster.count} bands; take the one with heights with gdal_translate -b"
    elif grid.b or grid.d or grid.a <= 0 or grid.e >= 0:
        steps = ", ".join(f"{value:g}" for value in (grid.a, grid.b, grid.d, grid.e))
        problem = f"the grid is not north-up (steps {steps}); turn it with gdalwarp"
    elif raster.dtypes[0].startswith("complex"):
        problem = f"values of type {raster.dtypes[0]}; give real heights"
    elif unit.lower() not in _METRES:
        problem = f"heights in '{unit}'; convert them to metres"
    if problem:
        message = f"{path}: {problem}"
        raise FileFormatError(message)


def _window(
    raster: Any, bounds: tuple[float, float, float, float] | None
) -> tuple[Any, tuple[int, int]]:
    """Return the window of a raster that covers bounds, and the rows and columns to read of it."""
    from rasterio.windows import Window

    whole = Window(0, 0, raster.width, raster.height)
    if bounds is None:
        return whole, raster.shape
    west, south, east, north = bounds
    grid = raster.transform
    left = max(0, math.floor((west - grid.c) / grid.a) - 1)
    right = min(raster.width, math.ceil((east - grid.c) / grid.a) + 1)
    top = max(0, math.floor((north - grid.f) / grid.e) - 1)
    bottom = min(raster.height, math.ceil((south - grid.f) / grid.e) + 1)
    if left >= right or top >= bottom:
        return whole, (min(raster.height, _COARSE_CELLS), min(raster.width, _COARSE_CELLS))
    return Window(left, top, right - left, bottom - top), (bottom - top, right - left)


def _check_size(path: Path, shape: tuple[int, int]) -> None:
    if shape[0] * shape[1] > MOST_CELLS:
        message = (
            f"{path}: {shape[1]:,} x {shape[0]:,} cells (limit {MOST_CELLS:,}); cut it"
            " with gdal_translate -projwin"
        )
        raise FileFormatError(message)


def _heights_m(raster: Any, window: Any, shape: tuple[int, int]) -> FloatArray:
    """Return the heights of a window, read in strips: masks and copies are of one strip only."""
    from rasterio.windows import Window

    dtype = np.dtype(raster.dtypes[0])
    scaled = (raster.scales[0], raster.offsets[0]) != (1.0, 0.0)
    # float32 holds 16-bit integers exactly; wider types become float64.
    single = not scaled and (dtype.itemsize <= 2 or dtype == np.float32)
    heights_m = np.empty(shape, np.float32 if single else np.float64)
    step = window.height / shape[0]
    rows = max(1, 2_000_000 // shape[1])
    for top in range(0, shape[0], rows):
        count = min(rows, shape[0] - top)
        strip = Window(window.col_off, window.row_off + top * step, window.width, count * step)
        band = raster.read(1, window=strip, out_shape=(count, shape[1]), masked=True)
        part = band.astype(heights_m.dtype).filled(np.nan)
        if scaled:
            part = part * raster.scales[0] + raster.offsets[0]
        part[~np.isfinite(part)] = np.nan
        heights_m[top : top + rows] = part
    return heights_m


def _check_heights(path: Path, heights_m: FloatArray) -> None:
    if np.isnan(heights_m).all():
        message = f"{path}: every cell is missing; check the nodata value that it declares"
        raise FileFormatError(message)
    for extreme in (float(np.nanmin(heights_m)), float(np.nanmax(heights_m))):
        if not _LOWEST_M <= extreme <= _HIGHEST_M:
            message = (
                f"{path}: holds the height {extreme:g} m; if it means a missing cell, declare it"
                f" with gdal_edit.py -a_nodata {extreme:g}; if the unit is feet, convert to metres"
            )
            raise FileFormatError(message)
