"""GPX 1.1: points as waypoints, lines and the outlines of areas as tracks.

Source: https://www.topografix.com/GPX/1/1/
"""

from __future__ import annotations

import re
from math import isnan
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import geopandas
    from shapely.geometry.base import BaseGeometry

__all__ = ["gpx"]

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="araxes" xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:ogr="http://osgeo.org/gdal">'
)
# Column → the GPX element that holds it; all other columns are only in the extensions.
_GPX_TAGS = {"name": "name", "note": "desc", "source": "src", "kind": "type"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gpx(table: geopandas.GeoDataFrame, name: str) -> str:
    """Return a table in EPSG:4326 as the text of a GPX file.

    Every column but the name is in the extensions of its row.

    Parameters
    ----------
    table : texts and numbers besides the geometry, EPSG:4326.
    name : title of the file.
    """
    tracks: list[str] = []
    points: list[str] = []
    for row in table.to_dict("records"):
        geometry = row.pop("geometry")
        for part in () if geometry is None else _parts(geometry):
            if part.geom_type == "Point":
                points.append(f"<wpt {_position(part.coords[0])}>{_elements(row)}</wpt>")
            else:
                lines = "".join(_segment(line) for line in _lines(part))
                tracks.append(f"<trk>{_elements(row)}{lines}</trk>")
    attributions = sorted(set(filter(None, table.get("attribution", ()))))
    metadata = f"<name>{_escaped(name)}</name>"
    if attributions:
        metadata += f"<desc>{_escaped('; '.join(attributions))}</desc>"
        metadata += f"<copyright author={quoteattr('; '.join(attributions))}/>"
    body = [_HEAD, f"<metadata>{metadata}</metadata>", *points, *tracks, "</gpx>", ""]
    return "\n".join(body)


def _parts(geometry: BaseGeometry) -> Iterable[BaseGeometry]:
    """Return the points of a collection one by one, and its lines and areas whole."""
    if geometry.geom_type in ("MultiPoint", "GeometryCollection"):
        return [part for member in geometry.geoms for part in _parts(member)]
    return [geometry]


def _lines(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    """Yield the lines of a geometry, of an area those of its outline."""
    if geometry.geom_type.endswith("Polygon"):
        geometry = geometry.boundary
    yield from getattr(geometry, "geoms", [geometry])


def _segment(line: BaseGeometry) -> str:
    points = "".join(f"<trkpt {_position(xy)}/>" for xy in line.coords)
    return f"<trkseg>{points}</trkseg>"


def _position(xy: Iterable[float]) -> str:
    lon, lat, *_ = xy
    return f'lat="{lat:.7f}" lon="{lon:.7f}"'


def _elements(row: dict[str, Any]) -> str:
    """Return the elements of a row: those of GPX itself, then the extensions."""
    texts = {str(key): _escaped(value) for key, value in row.items() if not _missing(value)}
    own = "".join(f"<{tag}>{texts[key]}</{tag}>" for key, tag in _GPX_TAGS.items() if key in texts)
    extensions = "".join(
        f"<ogr:{_element_name(key)}>{text}</ogr:{_element_name(key)}>"
        for key, text in texts.items()
        if key != "name"
    )
    return f"{own}<extensions>{extensions}</extensions>" if extensions else own


def _missing(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and isnan(value))


def _escaped(value: Any) -> str:
    return escape(_NOT_XML.sub("", str(value)))


def _element_name(name: str) -> str:
    """Return a column's name with `_` for what an XML name cannot have."""
    return re.sub(r"^(?=[^A-Za-z_])", "_", re.sub(r"[^\w.-]", "_", name))
