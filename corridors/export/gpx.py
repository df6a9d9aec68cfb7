"""GPX 1.1: points as waypoints, lines and the outlines of areas as tracks.

Source: https://www.topografix.com/GPX/1/1/
"""

from __future__ import annotations

from math import isnan
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import shapely

from corridors.export.xml_text import attribute, content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from corridors.export.file_table import FileColumn, FileParts, FileTable

__all__ = ["write_gpx"]

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="araxes" xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:ogr="http://osgeo.org/gdal">'
)
# What the column means → the GPX element that holds it, in the order of the schema; every column
# but the name is in the extensions as well.
_GPX_TAGS = {"name": "name", "note": "desc", "source": "src", "kind": "type"}


def write_gpx(table: FileParts, path: Path, name: str) -> list[str]:
    """Write a table as GPX; return notes on what it holds otherwise.

    Parameters
    ----------
    name : title of the file.
    """
    points: list[str] = []
    missing = 0
    attributions = sorted({text for text in table.head.texts("attribution") if text})
    metadata = f"<name>{content(name)}</name>"
    if attributions:
        metadata += f"<desc>{content('; '.join(attributions))}</desc>"
        metadata += f"<copyright author={attribute('; '.join(attributions))}/>"
    # Tracks follow the points, all of which are known only at the end.
    with TemporaryFile("w+b", dir=path.parent) as tracks, path.open("wb") as file:
        for part in table.parts:
            missing += sum(shape is None or shape.is_empty for shape in part.shapes)
            for is_point, text in _features(part):
                if is_point:
                    points.append(text)
                else:
                    tracks.write(f"{text}\n".encode())
        tracks.seek(0)
        head = "\n".join([_HEAD, f"<metadata>{metadata}</metadata>", *points, ""])
        file.write(head.encode())
        copyfileobj(tracks, file)
        file.write(b"</gpx>\n")
    if missing:
        return [f"GPX holds no feature without a geometry: {missing} left out"]
    return []


def _features(table: FileTable) -> Iterator[tuple[bool, str]]:
    """Yield waypoints and tracks, and of each whether it is a waypoint."""
    own = {tag: _contents(table, key) for key, tag in _GPX_TAGS.items()}
    title = table.meaning("name")
    extensions = [(c.name, _texts(c)) for c in table.columns if c is not title]
    for n, geometry in enumerate(table.shapes):
        elements = _elements(
            {tag: cells[n] for tag, cells in own.items()},
            {key: cells[n] for key, cells in extensions},
        )
        for part in () if geometry is None else _parts(geometry):
            if part.is_empty:
                continue
            if part.geom_type == "Point":
                position, height = _position(part.coords[0])
                yield True, f"<wpt {position}>{height}{elements}</wpt>"
            else:
                lines = "".join(_segment(line) for line in _lines(part))
                yield False, f"<trk>{elements}{lines}</trk>"


def _contents(table: FileTable, key: str) -> list[str]:
    """Return what a column means for each row as content of an element, empty if nothing."""
    return [content(text) for text in table.texts(key)]


def _texts(column: FileColumn) -> list[str]:
    cells = column.texts().cells
    return ["" if v is None else content(v) for v in cells]


def _parts(geometry: BaseGeometry) -> Iterable[BaseGeometry]:
    """Return the points of a collection one by one, and its lines and areas whole."""
    if geometry.geom_type in ("MultiPoint", "GeometryCollection"):
        return [part for member in geometry.geoms for part in _parts(member)]
    return [geometry]


def _lines(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    """Yield the lines of a geometry, of an area its rings."""
    if geometry.geom_type.endswith("Polygon"):
        # `boundary` would drop the heights.
        yield from shapely.get_rings(geometry)
        return
    yield from getattr(geometry, "geoms", [geometry])


def _segment(line: BaseGeometry) -> str:
    points = []
    for xyz in line.coords:
        position, height = _position(xyz)
        points.append(f"<trkpt {position}>{height}</trkpt>" if height else f"<trkpt {position}/>")
    return f"<trkseg>{''.join(points)}</trkseg>"


def _position(xyz: Iterable[float]) -> tuple[str, str]:
    """Return the attributes of a point, and its height as an element if it has one."""
    lon, lat, *rest = xyz
    height_m = rest[0] if rest else float("nan")
    height = "" if isnan(height_m) else f"<ele>{height_m:.3f}".rstrip("0").rstrip(".") + "</ele>"
    return f'lat="{lat:.7f}" lon="{lon:.7f}"', height


def _elements(own: dict[str, str], extensions: dict[str, str]) -> str:
    """Return the elements of a row: those of GPX itself, then the extensions."""
    elements = "".join(f"<{tag}>{text}</{tag}>" for tag, text in own.items() if text)
    data = "".join(f"<ogr:{key}>{text}</ogr:{key}>" for key, text in extensions.items() if text)
    return f"{elements}<extensions>{data}</extensions>" if data else elements
