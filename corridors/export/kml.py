"""KML 2.2: one placemark a row, its columns as typed data, its dates as a time span.

With styles each kind is a folder, and rows have the colours and widths of our maps.

Source: https://docs.ogc.org/is/12-007r2/12-007r2.html; types of data as GDAL reads them,
https://gdal.org/en/stable/drivers/vector/libkml.html
"""

from __future__ import annotations

from collections import Counter
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from corridors.export.file_table import KML_ELEMENTS, is_moment, xml_name
from corridors.export.xml_text import attribute, content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from corridors.export.file_table import FileColumn, FileParts, FileTable

__all__ = ["RowStyle", "write_kml"]

_TYPES = {"truth": "bool", "whole": "int", "number": "double"}
# Columns that give the time span of a row, where it has no `begin` and `end`.
_BEGIN, _END = "valid_from", "valid_to"


class RowStyle(NamedTuple):
    """How a row is drawn.

    Parameters
    ----------
    colour : hexadecimal, ``#rrggbb``.
    width : of a line, in pixels; 0 for none.
    opacity, fill : of the line, and of the area inside, from 0 to 1.
    """

    colour: str
    width: float
    opacity: float
    fill: float


def write_kml(
    table: FileParts,
    path: Path,
    name: str,
    styles: Callable[[FileTable], list[RowStyle]] | None = None,
) -> list[str]:
    """Write a table as KML; return notes on what it holds otherwise.

    Parameters
    ----------
    name : of the document.
    styles : how the rows of one kind are drawn; each kind then is a folder.
    """
    head = table.head
    data = [column for column in head.columns if not _is_element(column)]
    large = [
        column.key
        for column in data
        if column.kind == "whole" and any(abs(v) >= 2**31 for v in column.cells if v is not None)
    ]
    fields = "".join(
        f'<SimpleField type="{"string" if c.key in large else _TYPES.get(c.kind, "string")}"'
        f" name={attribute(c.name)}/>\n"
        for c in data
    )
    looks = dict.fromkeys(_looks(head, styles).values())
    shared = {style: f"style-{n}" for n, style in enumerate(looks, 1)}
    ids = _Ids(("columns", *shared.values()))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<kml xmlns="http://www.opengis.net/kml/2.2">\n'
            f"<Document>\n<name>{content(name)}</name>\n"
        )
        file.writelines(_style(style, key) for style, key in shared.items())
        file.write(f'<Schema name={attribute(name)} id="columns">\n{fields}</Schema>\n')
        for kind in dict.fromkeys(head.texts("kind")) if styles else ("",):
            if styles:
                file.write(f"<Folder>\n<name>{content(kind or 'features')}</name>\n")
            for part in table.parts:
                file.writelines(_placemarks(part, ids, large, shared, kind if styles else None,
                                            _looks(part, styles)))  # fmt: skip
            if styles:
                file.write("</Folder>\n")
        file.write("</Document>\n</kml>\n")
    return [
        f"KML holds whole numbers of 32 bits: those of column '{key}' are texts" for key in large
    ]


def _is_element(column: FileColumn) -> bool:
    return column.name in KML_ELEMENTS and column.name != "id"


def _placemarks(
    table: FileTable, ids: _Ids, large: Sequence[str], shared: Mapping[RowStyle, str],
    kind: str | None, looks: Mapping[int, RowStyle],
) -> Iterator[str]:  # fmt: skip
    """Yield the rows of a kind, or all of them if it is None.

    Parameters
    ----------
    large : the columns whose whole numbers are written as texts.
    """
    elements = {c.name: c for c in table.columns if _is_element(c)}
    data = [c.texts() if c.key in large else c for c in table.columns if not _is_element(c)]
    if "name" in elements:
        elements["name"] = elements["name"].texts()
    spans = {key: elements.get(key) or table.column(old) for key, old in
             (("begin", _BEGIN), ("end", _END))}  # fmt: skip
    texts = [_texts(column) for column in data]
    own_ids = ids.of_rows(table)
    for n, row_kind in enumerate(table.texts("kind")):
        if kind is not None and row_kind != kind:
            continue
        row = {key: column.cells[n] for key, column in elements.items()}
        row |= {key: _moment(column.cells[n]) if column else "" for key, column in spans.items()}
        values = "".join(
            f"<SimpleData name={attribute(c.name)}>{cells[n]}</SimpleData>"
            for c, cells in zip(data, texts, strict=True)
            if cells[n] is not None
        )
        extended = (
            f'<ExtendedData><SchemaData schemaUrl="#columns">{values}</SchemaData></ExtendedData>'
            if values
            else ""
        )
        style = f"<styleUrl>#{shared[looks[n]]}</styleUrl>" if n in looks else ""
        geometry = "".join(_geometry(table.shapes[n], row))
        yield f"<Placemark{own_ids[n]}>{_feature(row)}{style}{extended}{geometry}</Placemark>\n"


def _looks(
    table: FileTable, styles: Callable[[FileTable], list[RowStyle]] | None
) -> dict[int, RowStyle]:
    """Return how each row is drawn, by its number."""
    if styles is None:
        return {}
    kinds = table.texts("kind")
    looks: dict[int, RowStyle] = {}
    for kind in dict.fromkeys(kinds):
        rows = [n for n in range(len(kinds)) if kinds[n] == kind]
        looks |= dict(zip(rows, styles(table.rows(rows)), strict=True))
    return looks


def _style(style: RowStyle, key: str) -> str:
    """Return a style that placemarks share; colours are opacity, blue, green and red."""
    red, green, blue = (style.colour[n : n + 2] for n in (1, 3, 5))

    def colour(opacity: float) -> str:
        return f"<color>{round(255 * opacity):02x}{blue}{green}{red}</color>"

    line = f"<LineStyle>{colour(style.opacity)}<width>{style.width:g}</width></LineStyle>"
    area = (
        f"<PolyStyle>{colour(style.fill)}<fill>{int(style.fill > 0)}</fill>"
        f"<outline>{int(style.width > 0)}</outline></PolyStyle>"
    )
    icon = f"<IconStyle>{colour(1.0)}<scale>0.6</scale></IconStyle>"
    return f'<Style id="{key}">{icon}{line}{area}</Style>\n'


class _Ids:
    """The ids of the rows of a document: in XML, no two may be alike."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._numbers: Counter[str] = Counter()
        self._last: tuple[FileTable, list[str]] | None = None

    def of_rows(self, table: FileTable) -> list[str]:
        """Return an attribute for each row that has an id, the same again for the same rows."""
        if self._last is None or self._last[0] is not table:
            self._last = table, [self._attribute(key) for key in table.texts("id")]
        return self._last[1]

    def _attribute(self, key: str) -> str:
        name = xml_name(key) if key else ""
        while name in self._taken:
            self._numbers[key] += 1
            name = f"{xml_name(key)}.{self._numbers[key] + 1}"
        if name:
            self._taken.add(name)
        return f" id={attribute(name)}" if name else ""


def _texts(column: FileColumn) -> list[str | None]:
    """Return the values of a column as content of elements."""
    if column.kind == "truth":
        # GDAL before 3.7 reads the words true and false as 0.
        return [None if v is None else str(int(v)) for v in column.cells]
    cells = column.texts().cells
    return [None if v is None else content(v) for v in cells]


def _moment(value: Any) -> str:
    """Return a day or time in ISO 8601, empty if it is none."""
    if is_moment(value):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else ""


def _feature(row: dict[str, Any]) -> str:
    """Return the elements of a placemark before its data, in the order of the schema."""
    parts = [f"<name>{content(row['name'])}</name>"] if _said(row.get("name")) else []
    if row.get("visibility") in (0, 1):
        parts.append(f"<visibility>{int(row['visibility'])}</visibility>")
    if _said(row.get("description")):
        parts.append(f"<description>{content(row['description'])}</description>")
    begin, end = row["begin"], row["end"]
    if begin or end:
        parts.append("<TimeSpan>")
        parts += [f"<begin>{begin}</begin>"] if begin else []
        parts += [f"<end>{end}</end>"] if end else []
        parts.append("</TimeSpan>")
    elif _moment(row.get("timestamp")):
        parts.append(f"<TimeStamp><when>{_moment(row['timestamp'])}</when></TimeStamp>")
    return "".join(parts)


def _said(value: Any) -> bool:
    return value is not None and value != ""


def _geometry(shape: BaseGeometry | None, row: dict[str, Any]) -> Iterator[str]:
    """Yield the elements of a geometry; none where there is none, or an empty one."""
    if shape is None or shape.is_empty:
        return
    kind = shape.geom_type
    if kind.startswith("Multi") or kind == "GeometryCollection":
        yield "<MultiGeometry>"
        for part in shape.geoms:
            yield from _geometry(part, row)
        yield "</MultiGeometry>"
        return
    yield f"<{_tag(kind)}>"
    if row.get("extrude") in (0, 1):
        yield f"<extrude>{int(row['extrude'])}</extrude>"
    if kind != "Point" and row.get("tessellate") in (0, 1):
        yield f"<tessellate>{int(row['tessellate'])}</tessellate>"
    if row.get("altitudemode"):
        yield f"<altitudeMode>{row['altitudemode']}</altitudeMode>"
    if kind == "Polygon":
        yield f"<outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>"
        for hole in shape.interiors:
            yield f"<innerBoundaryIs>{_ring(hole)}</innerBoundaryIs>"
    else:
        yield _coordinates(shape)
    yield f"</{_tag(kind)}>"


def _tag(kind: str) -> str:
    return "LineString" if kind == "LinearRing" else kind


def _ring(ring: BaseGeometry) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(line: BaseGeometry) -> str:
    return f"<coordinates>{' '.join(_position(*xyz) for xyz in line.coords)}</coordinates>"


def _position(lon: float, lat: float, height_m: float = float("nan")) -> str:
    # What is no number has no height.
    height = "" if isnan(height_m) else f",{_short(height_m, 3)}"
    return f"{_short(lon, 8)},{_short(lat, 8)}{height}"


def _short(value: float, decimals: int) -> str:
    """Return a number without exponent and without zeros at its end."""
    return f"{value:.{decimals}f}".rstrip("0").rstrip(".")
