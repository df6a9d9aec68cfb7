"""Read vector files with the checks that spare a wrong map: suffix, CRS, NaN, swapped axes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from borders.errors import FileFormatError
from borders.files.archive import read_zip
from borders.files.atomic import check_name
from borders.files.c_locale import c_locale
from borders.files.columns import with_known_names
from borders.files.delimited import read_csv
from borders.files.geojson import read_geojson, read_geojson_lines
from borders.files.gpx import read_gpx
from borders.files.kml import read_kml
from borders.files.layers import read_layers
from borders.files.parquet import read_parquet
from borders.files.paths import is_folder
from borders.files.shapefile import read_shapefile
from borders.files.table_checks import check_coordinates, out_of_range
from borders.files.toml import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas

__all__ = ["SUFFIXES", "read_vector", "unreadable"]

_XML = (b"<", b"\xff\xfe<\0", b"\xfe\xff\0<", b"\0<")
# suffix: (what it is, how such a file begins; nothing where it may begin with anything)
SUFFIXES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".geojson": ("GeoJSON", (b"{",)),
    ".json": ("GeoJSON", (b"{",)),
    ".gpkg": ("GeoPackage", (b"SQLite format 3\x00",)),
    ".fgb": ("FlatGeobuf", (b"fgb",)),
    ".kml": ("KML", _XML),
    ".kmz": ("KMZ", (b"PK\x03\x04",)),
    ".gpx": ("GPX", _XML),
    ".shp": ("Shapefile", (b"\x00\x00\x27\x0a",)),
    ".zip": ("zip", (b"PK\x03\x04",)),
    ".csv": ("CSV", ()),
    ".tsv": ("CSV", ()),
    ".geojsonl": ("GeoJSON in lines", (b"{", b"\x1e")),
    ".geojsons": ("GeoJSON in lines", (b"{", b"\x1e")),
    ".topojson": ("TopoJSON", (b"{",)),
    ".parquet": ("GeoParquet", (b"PAR1",)),
}
# What may stand before the beginning of a text.
_BLANKS = b" \t\r\n\xef\xbb\xbf"
_BINARY = ("GeoPackage", "FlatGeobuf", "KMZ", "Shapefile", "zip", "GeoParquet")

# What ogr2ogr turns into a GeoPackage as it is.
_FOREIGN = {".dxf", ".gml", ".tab"}
# How the names of extracts of OpenStreetMap end.
_EXTRACTS = (".pbf", ".osm", ".osm.gz", ".osm.bz2")


@c_locale()
def read_vector(file: str | Path) -> geopandas.GeoDataFrame:
    """Return the features of a vector file in EPSG:4326.

    Columns with a meaning, such as `name` and `source`, have their names in small letters,
    whatever their case in the file.

    Parameters
    ----------
    file : GeoJSON (also in lines), TopoJSON, GeoPackage, FlatGeobuf, KML, KMZ, GPX, Shapefile, a
        zip of one of them, CSV with WKT or with lon and lat, or GeoParquet, which needs pyarrow.
        Layers are read one by one; column `layer` names them.

    Raises
    ------
    FileFormatError : no such file, unknown suffix, or the content is not what the suffix says.
    CRSError : no CRS, or one that is not lon/lat WGS84.
    GeometryError : NaN, coordinates out of range, longitude and latitude swapped, or a geometry
        that cannot be.

    Warns
    -----
    FormatWarning : numbers of its positions are not read: measures (M) of formats that GDAL reads,
        what follows the height in GeoJSON.
    """
    path = Path(file)
    table = with_known_names(_reader(_check_format(path))(path))
    check_coordinates(path, table.geometry.to_numpy(), _remedy)
    return table


def _reader(name: str) -> Callable[[Path], geopandas.GeoDataFrame]:
    """Return what reads a kind of file."""
    known: dict[str, Callable[[Path], geopandas.GeoDataFrame]] = {
        "GeoJSON": read_geojson,
        "TopoJSON": read_geojson,
        "GeoJSON in lines": read_geojson_lines,
        "KML": read_kml,
        "GPX": read_gpx,
        "CSV": read_csv,
        "Shapefile": read_shapefile,
        "GeoParquet": read_parquet,
        "KMZ": lambda path: read_zip(path, read_vector, suffixes=(".kml",)),
        "zip": lambda path: read_zip(path, read_vector, suffixes=tuple(SUFFIXES)),
    }
    return known.get(name, read_layers)


def unreadable(path: Path, known: tuple[str, ...]) -> str:
    """Return what is wrong with a path whose suffix is none of those known, and what to do."""
    if is_folder(path):
        return f"{path}: is a folder; name a file in it"
    name = path.name.lower()
    if name.endswith(_EXTRACTS):
        made = f"{name.partition('.')[0] or 'roads'}.npz"
        return (
            f"{path}: an extract of OpenStreetMap; make a network of it: "
            f"araxes network import {path.name} --out {made}"
        )
    foreign = path.suffix.lower() in _FOREIGN
    way = f"; convert it: ogr2ogr {path.stem}.gpkg {path.name}" if foreign else ""
    return f"{path}: unknown kind of file; known suffixes: {', '.join(known)}{way}"


def _check_format(path: Path) -> str:
    """Return what kind of file it is by its suffix, once its first bytes agree."""
    if path.suffix.lower() not in SUFFIXES:
        raise FileFormatError(unreadable(path, tuple(SUFFIXES)))
    if is_folder(path):
        raise FileFormatError(unreadable(path, ()))
    check_name(path)
    name, beginnings = SUFFIXES[path.suffix.lower()]
    with reading(path), path.open("rb") as file:
        head = file.read(64)
    text = head if name in _BINARY else head.lstrip(_BLANKS)
    if beginnings and not any(text.startswith(start) for start in beginnings):
        what = name if name.endswith("file") else f"{name} file"
        message = f"{path}: not a {what}, whatever its suffix says; check how it was made"
        raise FileFormatError(message)
    return name


def _remedy(lon: float, lat: float) -> str:
    """Return what to do with a file of which a coordinate is out of range."""
    projected = "the file may be in a projected system: convert it to EPSG:4326"
    return out_of_range(lon, lat) or projected
