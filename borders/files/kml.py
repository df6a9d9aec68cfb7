"""Read KML: placemarks with their names, heights, periods and data.

Source: https://www.ogc.org/standard/kml/ (12-007r2)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from borders.errors import FileFormatError, GeometryError
from borders.files.columns import NUMBER, Column
from borders.files.xml_text import not_root, parsed, root_name, xml_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element

    import geopandas
    from shapely.geometry.base import BaseGeometry

__all__ = ["read_kml"]

_GEOMETRIES = frozenset(
    ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack")
)
_WHOLE = re.compile(r"[-+]?\d{1,18}")
_TRUTH = {"1": True, "true": True, "0": False, "false": False}
# Types of a Schema's fields; what is neither is text.
_WHOLE_TYPES = frozenset(("int", "uint", "short", "ushort"))
_NUMBER_TYPES = frozenset(("float", "double"))


def read_kml(path: Path) -> geopandas.GeoDataFrame:
    """Return the placemarks of a KML file in EPSG:4326.

    Columns are `id`, `name`, `description`, `layer` (the folder), `valid_from` and `valid_to` or
    `timestamp` as they stand in the file, what is stated of its drawing (`visibility`, `extrude`,
    `tessellate`, `altitudeMode`, `drawOrder`), and its data.

    Raises
    ------
    FileFormatError : it cannot be opened, is not KML, not well-formed, or holds no placemark.
    GeometryError : coordinates are no longitude,latitude[,height], or too few; names the feature.
    """
    import geopandas

    text = xml_text(path)
    if root_name(text) != "kml":
        raise FileFormatError(not_root(path, text, "KML"))
    root = parsed(path, text)
    types = {
        (schema.get("id", ""), field.get("name", "")): field.get("type", "")
        for schema in root.iter("Schema")
        for field in schema.findall("SimpleField")
    }
    rows: list[dict[str, Any]] = []
    shapes: list[BaseGeometry | None] = []
    for n, (layer, placemark) in enumerate(_placemarks(root), 1):
        row = _row(placemark, types)
        name = row.get("name", "")
        where = f"{path}: feature {n}" + (f" ('{name[:60]}')" if name else "")
        geometry = next((part for part in placemark if part.tag in _GEOMETRIES), None)
        try:
            shapes.append(None if geometry is None else _shape(geometry, where))
        except RecursionError as err:
            message = f"{where} is nested too deeply"
            raise GeometryError(message) from err
        row.setdefault("layer", layer or path.stem)
        rows.append(row)
    if not rows:
        linked = root.find(".//NetworkLink") is not None
        how = "; it only links to others: save the places themselves" if linked else ""
        message = f"{path}: no features in it{how}"
        raise FileFormatError(message)
    keys = dict.fromkeys(key for row in rows for key in row)
    columns = {key: Column.of_values([row.get(key) for row in rows]).array() for key in keys}
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def _placemarks(root: Element) -> Iterator[tuple[str, Element]]:
    """Yield placemarks in their order, each with the name of the folder that it lies in."""
    stack = [("", root)]
    while stack:
        layer, element = stack.pop()
        if element.tag == "Placemark":
            yield layer, element
        elif element.tag in ("kml", "Document", "Folder"):
            name = _text(element.find("name")) or layer
            stack += [(name, below) for below in reversed(element)]


def _text(element: Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _row(placemark: Element, types: dict[tuple[str, str], str]) -> dict[str, Any]:
    """Return what a placemark states of itself, then its data."""
    row: dict[str, Any] = {
        "id": placemark.get("id"),
        "name": _text(placemark.find("name")),
        "description": _text(placemark.find("description")),
        "valid_from": _text(placemark.find("TimeSpan/begin")),
        "valid_to": _text(placemark.find("TimeSpan/end")),
        "timestamp": _text(placemark.find("TimeStamp/when")),
    }
    for key in ("visibility", "extrude", "tessellate", "drawOrder"):
        text = _text(placemark.find(f".//{key}"))
        row[key] = int(text) if _WHOLE.fullmatch(text) else {"true": 1, "false": 0}.get(text)
    row["altitudeMode"] = _text(placemark.find(".//altitudeMode"))
    row = {key: value for key, value in row.items() if value not in ("", None)}
    data = list(_data(placemark, types))
    if any(key.casefold() == "id" for key, _ in data):
        # The id attribute is of the XML; data called so is the feature's own.
        row.pop("id", None)
    for key, value in data:
        taken = row.get(key, value) != value
        row[f"{key}_data" if taken else key] = value
    return row


def _data(placemark: Element, types: dict[tuple[str, str], str]) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of a placemark's data, typed where a schema says how."""
    for extended in placemark.iterfind("ExtendedData"):
        for entry in extended:
            if entry.tag == "Data":
                key, value = entry.get("name", ""), entry.findtext("value")
                if key and value:
                    yield key, value
            elif entry.tag == "SchemaData":
                schema = entry.get("schemaUrl", "").rpartition("#")[2]
                for field in entry.findall("SimpleData"):
                    key = field.get("name", "")
                    if key and field.text:
                        yield key, _typed(field.text, types.get((schema, key), ""))
            elif not len(entry) and entry.text and entry.text.strip():
                yield entry.tag, entry.text


def _typed(text: str, kind: str) -> Any:
    """Return a value of the type that a schema states, or its text if it is none."""
    bare = text.strip()
    if kind in _WHOLE_TYPES and _WHOLE.fullmatch(bare):
        return int(bare)
    if kind in _NUMBER_TYPES and NUMBER.fullmatch(bare):
        return float(bare)
    return _TRUTH.get(bare, text) if kind == "bool" else text


def _shape(element: Element, where: str) -> BaseGeometry:
    """Return the geometry of an element."""
    kind = element.tag
    if kind in ("MultiGeometry", "MultiTrack"):
        return _collected([_shape(part, where) for part in element if part.tag in _GEOMETRIES])
    if kind == "Polygon":
        rings = [
            _positions(_text(ring), where)
            for side in ("outerBoundaryIs", "innerBoundaryIs")
            for ring in element.iterfind(f"{side}/LinearRing/coordinates")
        ]
        rings = [_ring(ring, where) for ring in rings if len(ring)]
        return shapely.Polygon(rings[0], rings[1:]) if rings else shapely.Polygon()
    if kind == "Track":
        texts = [",".join(_text(coord).split()) for coord in element.iterfind("coord")]
        xy = _positions(" ".join(texts), where)
    else:
        xy = _positions(_text(element.find("coordinates")), where)
    if kind == "LinearRing":
        return shapely.LinearRing(_ring(xy, where)) if len(xy) else shapely.LineString()
    if kind == "Point":
        if len(xy) > 1:
            message = f"{where} is a point of {len(xy)} positions; give one"
            raise GeometryError(message)
        return shapely.Point(xy[0]) if len(xy) else shapely.Point()
    if len(xy) == 1:
        message = f"{where} is a line of one position; give two or more, or a Point"
        raise GeometryError(message)
    return shapely.LineString(xy)


def _ring(xy: np.ndarray, where: str) -> np.ndarray:
    """Return the positions of a ring, which ends where it begins."""
    if len(xy) < 4 or (xy[0, :2] != xy[-1, :2]).any():
        message = (
            f"{where} has a ring of {len(xy)} positions that ends elsewhere than it begins, or of"
            " fewer than four; repeat the first at the end"
        )
        raise GeometryError(message)
    return xy


def _collected(parts: list[BaseGeometry]) -> BaseGeometry:
    """Return parts as one: of one kind as its multiple, of several as a collection."""
    kinds = {part.geom_type for part in parts}
    several = {"Point": shapely.MultiPoint, "LineString": shapely.MultiLineString,
               "Polygon": shapely.MultiPolygon}  # fmt: skip
    make = several.get(kinds.pop(), shapely.GeometryCollection) if len(kinds) == 1 else None
    return (make or shapely.GeometryCollection)(parts)


def _positions(text: str, where: str) -> np.ndarray:
    """Return the positions of coordinates, shape (n, 2) or (n, 3); a height not stated is 0."""
    words = re.sub(r"\s*,\s*", ",", text).split()
    sizes = {word.count(",") for word in words}
    if not words:
        return np.empty((0, 2))
    numbers = ",".join(words).split(",")
    if not sizes <= {1, 2} or not all(map(NUMBER.fullmatch, numbers)):
        raise GeometryError(f"{where}: {_wrong(words)}")
    if len(sizes) == 1:
        return np.array(numbers, dtype=float).reshape(len(words), -1)
    return np.array([[float(v) for v in (f"{word},0").split(",")[:3]] for word in words])


def _wrong(words: list[str]) -> str:
    """Return which position is none, and what to do."""
    for word in words:
        for number in word.split(","):
            if number and not NUMBER.fullmatch(number):
                return f"the coordinate '{number[:60]}' is not a number; mend it"
    word = next(word for word in words if word.count(",") not in (1, 2))
    return (
        f"the position '{word[:60]}' is not longitude,latitude[,height]; write decimal points, as"
        " in 44.5,39.9, commas within a position and blanks between"
    )
