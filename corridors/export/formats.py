"""Write systems and tables to vector files and databases, with sources and licences."""

from __future__ import annotations

import os
import warnings
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from borders.errors import FileFormatError, FormatWarning, GeometryError
from borders.files.atomic import atomic, check_name
from borders.files.c_locale import c_locale
from corridors.analysis.reach import Reach
from corridors.export.csv_text import write_csv
from corridors.export.feature_table import read_features, several as _several, table
from corridors.export.file_table import FileParts, file_table
from corridors.export.gdal import (
    add_corridors_once,
    add_styles,
    layers,
    write_flatgeobuf,
    write_geopackage,
)
from corridors.export.geojson import write_geojson
from corridors.export.gpx import write_gpx
from corridors.export.kml import write_kml
from corridors.export.parquet import write_parquet
from corridors.export.postgis import address_label, is_address, write_postgis
from corridors.export.thing_tables import SOURCES, rows_beside, thing_tables, with_names
from corridors.export.tiles import PlacesOf, write_pmtiles
from corridors.network.compiled import SUFFIX, CompiledNetwork
from corridors.network.network import left_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from corridors.export.feature_table import FeatureTable, Thing
    from corridors.export.file_table import FileTable, ThingTable
    from corridors.export.gdal import LayerStyle
    from corridors.export.kml import RowStyle

__all__ = ["SUFFIXES", "Written", "pieces", "table", "target_label", "write", "write_file"]

# Formats that hold what they are given, and may be read again.
SUFFIXES = (".geojson", ".gpkg", ".fgb", ".kml", ".csv", ".gpx", ".parquet")
# Tiles for the web, simplified for each zoom.
_TILES = ".pmtiles"
# Which part of the work of tiles it is to read the rows; an assumption.
_READING = 0.3
# Formats that are written, and read, at a path of any bytes.
_ANY_PATH = (".csv", ".gpx")
# Formats that hold whole numbers of any size, as texts if need be.
_ANY_NUMBER = (".csv", ".gpx", ".kml")


# What has more rows than these is written in parts of so many, if it can be taken apart.
PART = 20_000


class Styles(NamedTuple):
    """How files look in the programs that open them.

    Parameters
    ----------
    layer : of a GeoPackage, a layer of that name with those rows.
    rows : of a KML, each of some rows of one kind.
    """

    layer: Callable[[str, FileTable], LayerStyle]
    rows: Callable[[FileTable], list[RowStyle]]


class Written(NamedTuple):
    """What was written to a file.

    Parameters
    ----------
    features : how many.
    notes : what the file holds otherwise than the table, each a line.
    remarks : what programs may make of it.
    table : the rows that the file was made from.
    """

    features: int
    notes: list[str]
    remarks: list[str]
    table: FeatureTable


def write(
    things: Iterable[Thing] | Thing,
    file: str | Path,
    *,
    on: date | str | None = None,
    safe_csv: bool = False,
    schema: str | None = None,
) -> int:
    """Write things to a vector file or a database; return the number of features.

    A GeoPackage gets one layer per kind, and so does a PostgreSQL database with PostGIS, beside
    tables of statuses and sources, in one transaction. CSV holds the geometry as WKT, GPX lines and
    the rims of areas as tracks. Columns keep their types and names as far as the format can hold
    them; what it cannot is told by a `FormatWarning`.

    Parameters
    ----------
    things : whatever has ``to_gdf()``, GeoDataFrames or GeoSeries in EPSG:4326; one or several.
    file : its suffix chooses the format: .geojson, .gpkg, .fgb, .kml, .csv, .gpx, .parquet (which
        needs pyarrow), .pmtiles (tiles, which are not read again) or, for the network of an
        extract, .npz (compiled, which `load_network` reads). A link stays one: what it
        leads to is written. Or the address of a database with PostGIS,
        ``postgresql://user:password@host/database`` (extra ``postgis``).
    on : as the things stood on this day; a compiled network has them as on every day.
    safe_csv : in CSV, put ``'`` before texts that spreadsheets would run as formulas.
    schema : of a database, ``araxes`` if missing; tables that an earlier call wrote there are
        replaced, others never.

    Raises
    ------
    FileFormatError : unknown suffix, nothing to write, or the place cannot be written to.
    CRSError, SchemaError, GeometryError : as for `table`; or KML is to hold a polygon that is not
        valid.
    """
    written = write_file(things, file, on=on, safe_csv=safe_csv, schema=schema)
    for note in written.notes:
        warnings.warn(f"{target_label(file)}: {note}", FormatWarning, stacklevel=2)
    return written.features


@c_locale()
def write_file(  # noqa: PLR0913 - what `write` takes, and what a map adds
    things: Iterable[Thing] | Thing,
    file: str | Path,
    *,
    on: date | str | None = None,
    safe_csv: bool = False,
    schema: str | None = None,
    styles: Styles | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Written:
    """Write things to a vector file or database; return what was written, and what is otherwise.

    Parameters and errors are those of `write`, and:

    Parameters
    ----------
    styles : how a GeoPackage or KML looks. A GeoPackage then has the tables of `thing_tables` and
        names in all languages as well; in a KML each kind is a folder.
    progress : called with the number of rows done and of all, where it is written in parts.
    """
    if schema is not None and not is_address(file):
        message = f"a schema is for a database, and {target_label(file)} is none; leave it out"
        raise FileFormatError(message)
    path = None if is_address(file) else _target(file)
    suffix = "postgresql" if path is None else path.suffix.lower()
    several = _several(things)
    if path is not None and suffix == SUFFIX:
        # The search for routes, which gives the order of nodes, is not needed by other formats.
        from corridors.export.compiled_file import only_network, write_network

        network = only_network(several)
        write_network(network, path)
        return Written(network.n_rows, [], [], read_features([network.sample()]))
    lacks = [f"{note}; write the network itself" for note in map(left_out, several) if note]
    if suffix == _TILES:
        # A map of tiles has nothing else that names where one is.
        extracts = [thing for thing in several if isinstance(thing, CompiledNetwork)]
        several = [*several, *(PlacesOf(thing) for thing in extracts if thing.places)]
    large = any(map(_in_parts, several))
    heads = [thing.sample() if _in_parts(thing) else thing for thing in several]
    features = read_features(heads, on=on)
    if not len(features.shapes):
        day = f" on {on}" if on else ""
        message = f"{target_label(file)}: nothing to write: none of these existed{day}"
        raise FileFormatError(message)
    beside = path is None or (styles is not None and suffix == ".gpkg")
    if beside:
        features = with_names(features, heads)
    head = file_table(features, suffix)
    if beside:
        head = replace(head, beside=thing_tables(heads, features))
    parts = _Parts(several, head, target_label(file), suffix, on, progress)
    rows = FileParts(head, parts) if large else FileParts.of(head)
    if not large:
        _check(head, target_label(file), suffix)
    if path is None:
        notes = write_postgis(rows, str(file), schema=schema)
        count = parts.count if large else len(head.shapes)
        return Written(count, [*lacks, *head.notes, *notes], [], features)
    if suffix not in _ANY_PATH:
        check_name(path)
    remarks: list[str] = []
    with atomic(path) as draft:
        if suffix == ".csv":
            notes, remarks = write_csv(rows, draft, safe=safe_csv)
        else:
            notes = _write(rows, draft, path, styles, parts.tiled if large else None)
        if styles is not None and suffix == ".gpkg":
            add_corridors_once(draft)
            looks = {name: styles.layer(name, part) for name, part in layers(head).items()}
            add_styles(draft, looks)
    count = parts.count if large else len(head.shapes)
    return Written(count, [*lacks, *head.notes, *notes], remarks, features)


def _in_parts(thing: Thing) -> TypeGuard[CompiledNetwork | Reach]:
    """Tell whether a thing can be taken apart, and has more rows than a part."""
    return isinstance(thing, CompiledNetwork | Reach) and thing.n_rows > PART


def pieces(things: Iterable[Thing]) -> Iterator[Thing]:
    """Yield things, of those that can be taken apart and are large one part after the other."""
    for thing in things:
        yield from thing.parts(PART) if _in_parts(thing) else (thing,)


class _Parts:
    """The rows of things as a file holds them, part by part.

    Parameters
    ----------
    head : the rows of a sample of each thing that is taken apart, and all of the others.
    """

    def __init__(
        self, things: list[Thing], head: FileTable, where: str, suffix: str,
        on: date | str | None, progress: Callable[[int, int], None] | None,
    ) -> None:  # fmt: skip
        self._things, self._head, self._where, self._suffix = things, head, where, suffix
        self._on, self._progress = on, progress
        # Tiles are made when all rows have been read.
        self._reading = _READING if suffix == _TILES else 1.0

    @cached_property
    def _sizes(self) -> list[int]:
        """Return how many rows each thing has."""
        return [
            thing.n_rows if _in_parts(thing) else len(read_features([thing], on=self._on).shapes)
            for thing in self._things
        ]

    @property
    def count(self) -> int:
        """Return the number of rows."""
        return sum(self._sizes)

    def __iter__(self) -> Iterator[FileTable]:
        # The tables beside the layers refer to them, so that they come first.
        sources = [table for table in self._head.beside if table.name == SOURCES]
        done = in_head = 0
        parts: Iterator[FileTable]
        for thing, size in zip(self._things, self._sizes, strict=True):
            if _in_parts(thing):
                in_head += thing.sample().n_rows
                parts = map(self._part, thing.parts(PART))
            else:
                rows = self._head.rows(range(in_head, in_head + size))
                beside = rows_beside([thing]) if self._head.beside else ()
                parts = iter([replace(rows, beside=beside)])
                in_head += size
            for part in parts:
                yield replace(part, beside=[*sources, *part.beside])
                sources = []
                done += len(part.shapes)
                self._tell(self._reading * done / self.count)

    def tiled(self, part: float) -> None:
        """Tell how much of the tiles is made, after the rows have been read."""
        self._tell(self._reading + (1 - self._reading) * part)

    def _tell(self, part: float) -> None:
        if self._progress:
            self._progress(round(part * self.count), self.count)

    def _part(self, part: CompiledNetwork | Reach) -> FileTable:
        """Return some rows, with those of the tables beside them."""
        features = read_features([part], on=self._on)
        beside: list[ThingTable] = []
        if self._head.beside:
            # The links of a table are made anew each time that they are asked for.
            held = list(part.links) if isinstance(part, CompiledNetwork) else [part]
            features, beside = with_names(features, held), rows_beside(held)
        rows = replace(self._head.like(features), beside=beside)
        _check(rows, self._where, self._suffix)
        return rows


def _check(rows: FileTable, where: str, suffix: str) -> None:
    """Refuse rows that a format has no room for."""
    if suffix == ".kml":
        _check_valid(rows, where)
    if suffix not in _ANY_NUMBER:
        _check_fits(rows, where, most=2**64 if suffix == ".parquet" else 2**63)


def target_label(file: object) -> str:
    """Return what a file or database is called in messages: never with its password."""
    return address_label(str(file)) if is_address(file) else str(file)


def _write(
    rows: FileParts, beside: Path, path: Path, styles: Styles | None,
    tiling: Callable[[float], None] | None,
) -> list[str]:  # fmt: skip
    """Write the rows beside the target, in the format of its suffix; return notes.

    Parameters
    ----------
    tiling : called with how much of the tiles is made.
    """
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        return write_geopackage(rows, beside, path, beside=styles is not None)
    if suffix == ".fgb":
        return write_flatgeobuf(rows, beside, path)
    if suffix == _TILES:
        return write_pmtiles(rows, beside, path, tiling)
    if suffix == ".parquet":
        return write_parquet(rows, beside, path)
    if suffix == ".kml":
        return write_kml(rows, beside, path.stem, styles and styles.rows)
    by_us = {".geojson": write_geojson, ".gpx": write_gpx}[suffix]
    return by_us(rows, beside, path.stem)


def _check_valid(rows: FileTable, where: str) -> None:
    """Refuse areas that programs which show KML draw wrongly, and lines without a length."""
    wrong = [
        n for n, shape in enumerate(rows.shapes, 1) if shape is not None and not shape.is_valid
    ]
    if wrong:
        message = (
            f"{where}: KML holds no invalid geometry such as feature {wrong[0]}; mend it with "
            ".make_valid(), or write a GeoPackage"
        )
        raise GeometryError(message)


def _target(file: str | Path) -> Path:
    """Return the path of a file that can be written, by its suffix."""
    if not isinstance(file, str | os.PathLike):
        message = f"a {type(file).__name__} is no path; give the path of a file, such as 'x.gpkg'"
        raise FileFormatError(message)
    path = Path(file)
    if path.suffix.lower() not in (*SUFFIXES, _TILES, SUFFIX):
        what = f"'{path.suffix}'" if path.suffix else "a file without a suffix"
        shown = str(file)
        if "://" in shown:
            # What follows may hold a password.
            shown = f"{shown.partition(':')[0]}://…"
            what = "to such an address; databases are postgresql://"
        message = f"{shown}: cannot write {what}; known suffixes: {', '.join((*SUFFIXES, _TILES))}"
        raise FileFormatError(message)
    return path


def _check_fits(rows: FileTable, where: str, *, most: int = 2**63) -> None:
    """Refuse whole numbers that a format has no room for."""
    for column in rows.columns:
        known = [v for v in column.cells if v is not None] if column.kind == "whole" else []
        if known and not -(2**63) <= min(known) <= max(known) < most:
            message = (
                f"{where}: column '{column.key}' holds {str(max(known, key=abs))[:40]}, more than a"
                " whole number of 64 bits; make it text with .astype(str), or write CSV or KML"
            )
            raise FileFormatError(message)
