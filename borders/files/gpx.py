"""Read GPX: waypoints, routes and tracks, with their heights."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from borders.errors import FileFormatError, GeometryError
from borders.files.columns import NUMBER
from borders.files.layers import read_layers
from borders.files.xml_text import not_root, parsed, root_name, xml_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    import geopandas

__all__ = ["read_gpx"]

# The other layers of the driver repeat the points of these.
_LAYERS = ("waypoints", "routes", "tracks")


def read_gpx(path: Path) -> geopandas.GeoDataFrame:
    """Return the waypoints, routes and tracks of a GPX file in EPSG:4326, as `layer` says.

    Columns without a value are left out; those of our own exports have the names that they had.

    Raises
    ------
    FileFormatError : it cannot be opened, is not GPX, not well-formed, or holds none of these.
    GeometryError : a point without a latitude and longitude that are numbers.
    """
    text = xml_text(path)
    if root_name(text) != "gpx":
        raise FileFormatError(not_root(path, text, "GPX"))
    for point in parsed(path, text).iter():
        if point.tag in ("wpt", "rtept", "trkpt"):
            _check_point(path, point)
    with TemporaryDirectory(prefix="araxes-") as folder:
        # The driver knows few encodings.
        plain = Path(folder) / "file.gpx"
        plain.write_text(f'<?xml version="1.0" encoding="UTF-8"?>{text}', "utf-8")
        table = read_layers(plain, where=str(path), only=_LAYERS, ELE_AS_25D="YES")
    table = table.loc[:, [key for key in table if key == "geometry" or table[key].notna().any()]]
    own = {key: key.removeprefix("ogr_") for key in table if key.startswith("ogr_")}
    return table.rename(columns={key: name for key, name in own.items() if name not in table})


def _check_point(path: Path, point: Element) -> None:
    """Refuse a point whose numbers the driver would cut at a comma or take for 0."""
    height = point.findtext("ele") or "0"
    for key, value in (("lat", point.get("lat")), ("lon", point.get("lon")), ("ele", height)):
        if value is None or not NUMBER.fullmatch(value.strip()):
            message = (
                f"{path}: a {point.tag} has the {key} '{(value or '')[:60]}', which is no number;"
                " write a decimal point, as in 44.5"
            )
            raise GeometryError(message)
