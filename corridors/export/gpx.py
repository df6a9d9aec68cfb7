"""GPX 1.1: points as waypoints, lines and the rims of areas as tracks.

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
# GPX has a place of its own for these; all other columns go to the extensions.
_OWN = {"name": "name", "note": "desc", "source": "src", "kind": "type"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def gpx(table: geopandas.GeoDataFrame, name: str) -> str:
    """Return a table in EPSG:4326 as GPX, with every column in the extensions of its row.

    Parameters
    ----------
    table : texts and numbers besides the geometry.
    name : of the whole.
    """
    tracks: list[str] = []
    points: list[str] = []
    for row in table.to_dict("records"):
        geometry = row.pop("geometry")
        for part in () if geometry is None else _parts(geometry):
            if part.geom_type == "Point":
                points.append(f"<wpt {_at(part.coords[0])}>{_told(row)}</wpt>")
            else:
                lines = "".join(_segment(line) for line in _lines(part))
                tracks.append(f"<trk>{_told(row)}{lines}</trk>")
    thanks = sorted(set(filter(None, table.get("attribution", ()))))
    metadata = f"<name>{_text(name)}</name>"
    if thanks:
        metadata += f"<desc>{_text('; '.join(thanks))}</desc>"
        metadata += f"<copyright author={quoteattr('; '.join(thanks))}/>"
    body = [_HEAD, f"<metadata>{metadata}</metadata>", *points, *tracks, "</gpx>", ""]
    return "\n".join(body)


def _parts(geometry: BaseGeometry) -> Iterable[BaseGeometry]:
    """Return points one by one, and lines and areas as they belong together."""
    if geometry.geom_type in ("MultiPoint", "GeometryCollection"):
        return [part for one in geometry.geoms for part in _parts(one)]
    return [geometry]


def _lines(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    if geometry.geom_type.endswith("Polygon"):
        geometry = geometry.boundary
    yield from getattr(geometry, "geoms", [geometry])


def _segment(line: BaseGeometry) -> str:
    points = "".join(f"<trkpt {_at(xy)}/>" for xy in line.coords)
    return f"<trkseg>{points}</trkseg>"


def _at(xy: Iterable[float]) -> str:
    lon, lat, *_ = xy
    return f'lat="{lat:.7f}" lon="{lon:.7f}"'


def _told(row: dict[str, Any]) -> str:
    known = {str(key): _text(value) for key, value in row.items() if not _missing(value)}
    own = "".join(f"<{tag}>{known[key]}</{tag}>" for key, tag in _OWN.items() if key in known)
    rest = "".join(
        f"<ogr:{_tag(key)}>{text}</ogr:{_tag(key)}>" for key, text in known.items() if key != "name"
    )
    return f"{own}<extensions>{rest}</extensions>" if rest else own


def _missing(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and isnan(value))


def _text(value: Any) -> str:
    return escape(_NOT_XML.sub("", str(value)))


def _tag(name: str) -> str:
    return re.sub(r"^(?=[^A-Za-z_])", "_", re.sub(r"[^\w.-]", "_", name))
