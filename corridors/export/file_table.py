"""The rows of a table as one format can hold them: names of columns, types, and what is lost."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias
from xml.parsers import expat

import shapely

from borders.errors import SchemaError
from borders.files.atomic import valid_utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np

    from borders.files.columns import Column
    from corridors.export.feature_table import FeatureTable

__all__ = [
    "KML_ELEMENTS",
    "FileColumn",
    "FileParts",
    "FileTable",
    "ThingTable",
    "file_table",
    "free_name",
    "is_moment",
    "xml_name",
]

FileKind: TypeAlias = Literal["truth", "whole", "number", "day", "time", "json", "text"]

# Columns that hold a day wherever they hold nothing else.
_DAYS = ("valid_from", "valid_to")
# What the reader of KML makes columns of, beside the data of a feature, in small letters.
KML_ELEMENTS = (
    "name", "description", "timestamp", "begin", "end", "altitudemode", "tessellate", "extrude",
    "visibility", "draworder", "icon", "snippet", "id",
)  # fmt: skip
# https://www.w3.org/TR/xmlschema-2/#dateTime
_MOMENT = re.compile(
    r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class _Names(NamedTuple):
    """What a format makes of names of columns.

    Parameters
    ----------
    reason : why it does, for messages.
    reserved : in small letters, names that mean something else to it.
    fold : two names are one to it if they differ in the case of ASCII letters only.
    legal : the nearest name that it can hold.
    """

    what: str
    reason: str
    reserved: frozenset[str] = frozenset()
    fold: bool = False
    legal: Callable[[str], str] = lambda name: name


def xml_name(name: str) -> str:
    """Return a column's name with `_` for what an XML name cannot have.

    Examples
    --------
    >>> xml_name("2 km² de şehir")
    '_2_km__de_şehir'
    """
    plain = "".join(letter if _is_xml_name(f"a{letter}") else "_" for letter in name)
    return plain if _is_xml_name(plain[:1]) else f"_{plain}"


@cache
def _is_xml_name(name: str) -> bool:
    """Ask the parser that GDAL has too, which knows fewer letters than XML 1.0 does today."""
    names: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, _: names.append(tag)
    try:
        parser.Parse(f"<{name}/>".encode(), True)
    except expat.ExpatError:
        return False
    return names == [name] and ":" not in name


def _printable(name: str) -> str:
    return _CONTROL.sub("_", name) or "unnamed"


def _shortest(name: str) -> str:
    """Return a name in at most 60 bytes: PostgreSQL cuts names to 63, and a number may follow."""
    return name.encode()[:60].decode(errors="ignore")


# A table that is read back has its geometry in the column `geometry`.
_NAMES = {
    ".geojson": _Names("GeoJSON", "it is the geometry's", frozenset({"geometry"})),
    ".gpkg": _Names(
        "GeoPackage", "it keeps fid and geom for itself",
        frozenset({"fid", "geom", "geometry"}), True, _printable,
    ),
    ".fgb": _Names(
        "FlatGeobuf", "it is the geometry's", frozenset({"geometry"}), False, _printable
    ),
    ".kml": _Names(
        "KML", "it has an element of that name",
        frozenset({*KML_ELEMENTS, "geometry"}) - {"id"}, True, _printable,
    ),
    ".gpx": _Names("GPX", "its names are those of XML", legal=xml_name),
    ".csv": _Names("CSV", "the geometry is in wkt", frozenset({"wkt", "geometry"})),
    ".parquet": _Names("GeoParquet", "it is the geometry's or its box's",
                       frozenset({"geometry", "bbox"})),
    ".pmtiles": _Names(
        "PMTiles", "it is the reader's own", frozenset({"mvt_id", "geometry"}), False, _printable
    ),
    "postgresql": _Names(
        "PostgreSQL", "it keeps fid and geom for itself, or its names are shorter",
        frozenset({"fid", "geom", "geometry", "tableoid", "xmin", "xmax", "cmin", "cmax", "ctid"}),
        False, lambda name: _shortest(_printable(name)),
    ),
}  # fmt: skip
# Formats that hold M, a measure along a line.
_MEASURED = (".csv", ".gpkg", ".parquet", "postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileColumn:
    """A column as a file holds it.

    Parameters
    ----------
    key : its name in the table; `name` is that in the file.
    cells : bool, int, float, `date`, `datetime`, what JSON holds, or text, by its kind; None where
        there is no value.
    """

    key: str
    name: str
    kind: FileKind
    cells: list[Any]

    def texts(self) -> FileColumn:
        """Return the column as texts: lists and tables as JSON, days and times in ISO 8601."""
        from borders.files.columns import Column

        if self.kind == "text":
            return self
        if self.kind == "truth":
            words = {None: None, True: "true", False: "false"}
            return replace(self, kind="text", cells=[words[v] for v in self.cells])
        texts = Column(kind="other", cells=self.cells).texts()
        cells = [None if v is None else t for v, t in zip(self.cells, texts, strict=True)]
        return replace(self, kind="text", cells=cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingTable:
    """A table without geometry, beside the layers of a file.

    Parameters
    ----------
    about : what it holds, in a sentence.
    """

    name: str
    about: str
    columns: list[FileColumn]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTable:
    """The rows of a table as a format holds them.

    Parameters
    ----------
    shapes : a geometry or None for each row, EPSG:4326.
    notes : what is otherwise in the file than in the table, each a line.
    beside : tables beside the layers, with what belongs to these rows.
    """

    columns: list[FileColumn]
    shapes: np.ndarray
    notes: list[str] = field(default_factory=list)
    beside: Sequence[ThingTable] = ()

    def column(self, key: str) -> FileColumn | None:
        """Return the column that was called so in the table, if there is one."""
        return next((column for column in self.columns if column.key == key), None)

    def meaning(self, key: str) -> FileColumn | None:
        """Return the column that holds what a name means: ``NAME`` for ``name``, if need be."""
        exact = self.column(key)
        if exact is not None and any(v is not None for v in exact.cells):
            return exact
        others = [c for c in self.columns if c.key.lower() == key and c is not exact]
        return others[0] if len(others) == 1 else exact

    def texts(self, key: str) -> list[str]:
        """Return what a name means as texts, empty where there is none."""
        column = self.meaning(key)
        if column is None:
            return [""] * len(self.shapes)
        return ["" if v is None else v for v in column.texts().cells]

    def rows(self, kept: Sequence[int]) -> FileTable:
        """Return some of the rows, by their numbers, without columns that these leave empty."""
        columns = [replace(c, cells=[c.cells[n] for n in kept]) for c in self.columns]
        return replace(self, columns=columns, shapes=self.shapes[list(kept)])

    def like(self, features: FeatureTable) -> FileTable:
        """Return more rows with the columns of these, whatever of them is empty."""
        from borders.files.columns import Column

        missing = Column.missing(len(features.shapes))
        columns = [
            _file_column(c.key, c.name, features.columns.get(c.key, missing), c.kind)
            for c in self.columns
        ]
        return FileTable(columns=columns, shapes=features.shapes)


class FileParts(NamedTuple):
    """The rows of a table, part by part, so that a large one need not be in memory at once.

    Parameters
    ----------
    head : columns as all parts have them, and rows in which is whatever is in those of the parts:
        the rows themselves, or a sample.
    parts : yields them again each time that it is gone through.
    """

    head: FileTable
    parts: Iterable[FileTable]

    @classmethod
    def of(cls, table: FileTable) -> FileParts:
        """Return a table as its only part."""
        return cls(table, (table,))

    @property
    def whole(self) -> bool:
        """Tell whether the head is the table."""
        return isinstance(self.parts, tuple)


def file_table(features: FeatureTable, suffix: str) -> FileTable:
    """Return the rows of a table as the format of a suffix holds them.

    Parameters
    ----------
    suffix : of the file, in small letters, such as ``.gpkg``; or ``postgresql``.
    """
    # The layers of a GeoPackage choose their own.
    filled = features.filled(empty=suffix in (".gpkg", "postgresql"))
    rule = _NAMES[suffix]
    elements = _kept_elements(filled, features) if suffix == ".kml" else {}
    names = _names([key for key in filled if key not in elements], rule) | elements
    notes = _renamed(names, rule)
    columns = [_file_column(key, names[key], column) for key, column in filled.items()]
    shapes = features.shapes
    if suffix not in _MEASURED and shapely.has_m(shapes).any():
        shapes = shapes.copy()
        measured = shapely.has_m(shapes)
        dimension = 3 if shapely.has_z(shapes[measured]).any() else 2
        wkb = shapely.to_wkb(shapes[measured], output_dimension=dimension)
        shapes[measured] = shapely.from_wkb(wkb)
        notes.append(
            f"{rule.what} holds no M: the measures of {_count(measured.sum())} are left out"
        )
    return FileTable(columns=columns, shapes=shapes, notes=notes)


def _kept_elements(filled: dict[str, Column], features: FeatureTable) -> dict[str, str]:
    """Return the columns of a table that are elements of KML, as those read from a KML are."""
    title = features.spelling("name")
    kept = {title: "name"} if title in filled else {}
    for key, column in filled.items():
        if key.lower() == "name" or key.lower() not in KML_ELEMENTS or key.lower() == "id":
            continue
        if key.lower() in {k.lower() for k in kept} or not _fits_element(key.lower(), column):
            continue
        kept[key] = key.lower()
    return kept


def _fits_element(element: str, column: Column) -> bool:
    """Tell whether the values of a column are such as an element of KML takes."""
    known = [v for v in column.cells if v is not None]
    if element in ("begin", "end", "timestamp"):
        return bool(column.temporal) or all(map(is_moment, known))
    if element in ("tessellate", "extrude", "visibility"):
        return column.kind in ("whole", "truth") and all(-1 <= v <= 1 for v in known)
    if element == "altitudemode":
        return all(v in ("clampToGround", "relativeToGround", "absolute") for v in known)
    return element == "description" and all(isinstance(v, str) for v in known)


def is_moment(value: Any) -> bool:
    """Tell whether a value is a year, month, day or time as XML writes them.

    Examples
    --------
    >>> [is_moment(text) for text in ("1877", "1877-11-18", "1877-11-18T09:00:00Z", "1877-13")]
    [True, True, True, False]
    """
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value + "-01-01"[len(value) - 4 :] if len(value) < 10 else value)
    except ValueError:
        return False
    return True


def _names(keys: Iterable[str], rule: _Names) -> dict[str, str]:
    """Return what columns are called in a file; the first of two that clash keeps its name."""
    keys = list(keys)
    # A name that can stay as it is stays, whatever comes before it.
    taken: set[str] = set()
    names: dict[str, str] = {}
    for key in keys:
        legal = rule.legal(valid_utf8(key))
        if legal == key and _folded(key, rule) not in taken | rule.reserved:
            names[key] = key
            taken.add(_folded(key, rule))
    for key in keys:
        if key not in names:
            names[key] = free_name(
                rule.legal(valid_utf8(key)), taken | rule.reserved, lambda n: _folded(n, rule)
            )
            taken.add(_folded(names[key], rule))
    return names


def free_name(name: str, taken: Iterable[str], fold: Callable[[str], str]) -> str:
    """Return a name, numbered if it is taken."""
    used = set(taken)
    number, free = 1, name
    while fold(free) in used:
        number += 1
        free = f"{name}_{number}"
    return free


def _folded(name: str, rule: _Names) -> str:
    # Only ASCII: to SQLite Ä and ä are two letters.
    return "".join(c.lower() if c.isascii() else c for c in name) if rule.fold else name


def _renamed(names: dict[str, str], rule: _Names) -> list[str]:
    """Return what to say of columns that are called otherwise in the file."""
    elements = {key for key in names if rule.what == "KML" and key.lower() == names[key]}
    changed = {k: n for k, n in names.items() if valid_utf8(k) != n and k not in elements}
    alike = {k: n for k, n in changed.items() if _clashes(k, rule)}
    empty = {k: n for k, n in changed.items() if k not in alike and _unprintable(k, rule)}
    others = {k: n for k, n in changed.items() if k not in alike and k not in empty}
    case = "to it names that differ in the case of letters only are one"
    line = "a name is a line of text"
    return [
        f"column{'' if len(group) == 1 else 's'} {_listed(group)} in {rule.what}: {reason}"
        for group, reason in ((others, rule.reason), (empty, line), (alike, case))
        if group
    ]


def _unprintable(key: str, rule: _Names) -> bool:
    """Tell whether a format would hold a name if it were not empty and had no line breaks."""
    plain = _printable(valid_utf8(key))
    return plain != key and rule.legal(plain) == plain


def _clashes(key: str, rule: _Names) -> bool:
    """Tell whether a name that a format could hold is changed for another column's sake."""
    return rule.legal(valid_utf8(key)) == key and _folded(key, rule) not in rule.reserved


def _listed(changed: dict[str, str]) -> str:
    listed = [f"{_shown(key)} is {_shown(name)}" for key, name in list(changed.items())[:6]]
    return ", ".join(listed) + (f" and {len(changed) - 6} more" if len(changed) > 6 else "")


def _shown(name: str) -> str:
    plain = _CONTROL.sub("\ufffd", valid_utf8(name))
    return f"'{plain[:60]}'"


def _count(number: int) -> str:
    return f"{number} feature{'' if number == 1 else 's'}"


def _file_column(key: str, name: str, column: Column, wanted: FileKind | None = None) -> FileColumn:
    """Return a column of a file; of a kind, if it is one that all parts of a table have."""
    kind, cells = _typed(key, column)
    if wanted is None or kind == wanted:
        return FileColumn(key=key, name=name, kind=kind, cells=cells)
    if wanted == "number" and kind == "whole":
        cells = [None if v is None else float(v) for v in cells]
    elif wanted == "text" and not column.empty:
        return FileColumn(key=key, name=name, kind=kind, cells=cells).texts()
    elif not column.empty:
        message = f"column '{key}' is of kind {kind} in a part, of kind {wanted} in others"
        raise SchemaError(message)
    return FileColumn(key=key, name=name, kind=wanted, cells=cells)


def _typed(key: str, column: Column) -> tuple[FileKind, list[Any]]:
    """Return the kind of a column in a file, and its values as such."""
    if column.kind != "other":
        return column.kind, column.cells
    if column.temporal:
        return column.temporal, _instants(column)
    if column.nested:
        return "json", column.json_values()
    texts = [
        None if v is None else valid_utf8(text)
        for v, text in zip(column.cells, column.texts(), strict=True)
    ]
    days = _days(texts) if key in _DAYS else None
    return ("text", texts) if days is None else ("day", days)


def _instants(column: Column) -> list[Any]:
    """Return days as `date`, times as `datetime`."""
    if column.temporal == "day":
        return [date.fromisoformat(text) if text else None for text in column.texts()]
    import pandas as pd

    stamps = [None if v is None else pd.Timestamp(v) for v in column.cells]
    return [None if v is None else v.to_pydatetime(warn=False) for v in stamps]


def _days(texts: Sequence[str | None]) -> list[date | None] | None:
    """Return texts as days, or None if one of them is none."""
    try:
        return [None if not text else _day(text) for text in texts]
    except ValueError:
        return None


def _day(text: str) -> date:
    """Return the day of a text in ISO 8601; a midnight, such as GeoPackages hold, is a day."""
    moment = datetime.fromisoformat(text)
    if moment.time() != datetime.min.time():
        raise ValueError(text)
    return moment.date()
