"""GeoPackage and FlatGeobuf, which GDAL writes, and how it is asked to."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from borders.errors import FileFormatError
from borders.files.atomic import fixed_time, valid_utf8
from borders.files.features import FEATURE_COLUMNS
from borders.files.paths import gdal_path
from corridors.export.file_table import FileTable
from corridors.export.thing_tables import NAME_COLUMNS, TABLES
from corridors.network.network import LINK_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corridors.export.file_table import FileColumn, FileParts, ThingTable

__all__ = [
    "LAYER_COLUMNS",
    "LayerStyle",
    "add_corridors_once",
    "add_styles",
    "dataset_credits",
    "description",
    "gdal_options",
    "geometry_type",
    "layers",
    "layers_alike",
    "table_name",
    "write_flatgeobuf",
    "write_geopackage",
    "write_rows",
]


class LayerStyle(NamedTuple):
    """How a layer looks: for QGIS (QML), and for other programs (SLD)."""

    qml: str
    sld: str


# The columns of each kind of ours: its layer has them whatever is in it.
LAYER_COLUMNS = {
    "border": (
        "basis", "drawn_m", "position_sigma_m", "leg", "words", "rule", "reading", "circular",
        "from_place", "to_place", "status",
    ),
    "territory": ("basis", "area_m2", "area_sigma_m2", "status"),
    "corridor": (
        "mode", "status", "basis", "drawn_m", "position_sigma_m", "width_m", "definition"
    ),
    "route": (
        "step", "link", "mode", "status", "unbuilt", "basis", "hours", "crossing", "countries",
        "scenario", "position_sigma_m",
    ),
    "reach": ("scenario",),
    "link": (*LINK_COLUMNS, "from_place", "to_place", "status", "statuses", "countries"),
}  # fmt: skip
LAYER_COLUMNS["corridor-strip"] = LAYER_COLUMNS["corridor"]
# The kinds of things that have names in several languages.
_NAMED = ("border", "territory", "corridor", "corridor-strip")
_CREDITS = ("licence", "attribution")

# Beginnings of names of tables that SQLite and the GeoPackage keep for themselves; and names of the
# tables beside the layers.
_KEPT_TABLES = re.compile(r"(?i)^(gpkg|sqlite|rtree|idx)_")
_BESIDE = ("layer_styles", "corridor_once", *TABLES)
# As QGIS creates it.
_LAYER_STYLES = """CREATE TABLE layer_styles (
id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT,
styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
update_time DATETIME)"""
# GDAL counts offsets of time zones in quarters of an hour, 100 being UTC.
# https://gdal.org/en/stable/development/rfc/rfc56_millisecond_precision.html
_QUARTER, _UTC = timedelta(minutes=15), 100
# Room for what a file needs beside its geometry, such as a journal; an assumption.
_MORE_BYTES = 65_536


def write_geopackage(
    table: FileParts, path: Path, target: Path, *, beside: bool = False
) -> list[str]:
    """Write a table as a GeoPackage, a layer a kind; return notes on what it holds otherwise.

    Parameters
    ----------
    target : what the file will be called, for messages.
    beside : the tables beside the layers are written, too.
    """
    heads = layers(table.head, beside=beside)
    begun: set[str] = set()
    fine = False
    for rows in table.parts:
        for name, part in layers_alike(rows, table.head, heads, beside=beside).items():
            kind = part.texts("kind")[0]
            first = name not in begun
            begun.add(name)
            options: dict[str, Any] = {"append": True}
            if first:
                options = {
                    "layer_options": {
                        "IDENTIFIER": kind or name, "SPATIAL_INDEX": "YES",
                        "DESCRIPTION": description(heads[name], kind),
                    },
                    "dataset_metadata": dataset_credits(table.head),
                }  # fmt: skip
            write_rows(part, path, target, driver="GPKG", layer=name, like=heads[name], **options)
        if beside:
            _add_rows(rows.beside, path, target, begun)
        fine = fine or _is_fine(rows)
    return _milliseconds(fine)


def layers_alike(
    rows: FileTable, head: FileTable, heads: Mapping[str, FileTable], *, beside: bool = True
) -> Mapping[str, FileTable]:
    """Return the rows of each kind, as `layers` does, with all columns of the layers of a head.

    Parameters
    ----------
    heads : the layers of the head.
    """
    if rows is head:
        return heads
    found = {}
    for name, part in layers(rows, beside=beside).items():
        own = {column.key: column for column in part.columns}
        none: list[Any] = [None] * len(part.shapes)
        columns = [own.get(c.key) or replace(c, cells=none) for c in heads[name].columns]
        found[name] = replace(part, columns=columns)
    return found


def layers(table: FileTable, *, beside: bool = True) -> dict[str, FileTable]:
    """Return the rows of each kind, by the name of their layer.

    Parameters
    ----------
    beside : no layer may be called as a table beside the layers.
    """
    names = [table_name(kind) for kind in table.texts("kind")]
    if beside:
        names = [f"layer_{name}" if name.lower() in _BESIDE else name for name in names]
    parts = {}
    # To SQLite, Road and road are one table.
    for key in sorted({name.lower() for name in names}):
        kept = [n for n, name in enumerate(names) if name.lower() == key]
        parts[names[kept[0]]] = _layer(table.rows(kept), table.texts("kind")[kept[0]])
    return parts


def _add_rows(tables: Sequence[ThingTable], path: Path, target: Path, begun: set[str]) -> None:
    """Add rows to the tables without geometry, which are made where none has been begun."""
    for table in tables:
        rows = FileTable(columns=table.columns, shapes=np.empty(0, dtype=object))
        options: dict[str, Any] = {"append": True}
        if f"table {table.name}" not in begun:
            begun.add(f"table {table.name}")
            options = {
                "layer_options": {
                    "IDENTIFIER": f"table {table.name}", "DESCRIPTION": table.about,
                },
            }  # fmt: skip
        write_rows(rows, path, target, driver="GPKG", layer=table.name, **options)


def add_corridors_once(path: Path) -> None:
    """Add each corridor once to a GeoPackage, as a layer.

    A corridor has a row for each status in its layer; in ``corridor_once``, a view, it has one, so
    that lengths can be summed. Its status is the latest.
    """
    with closing(sqlite3.connect(path)) as database, database:
        columns = [name for _, name, *_ in database.execute("pragma table_info(corridor)")]
        if not set(LAYER_COLUMNS["corridor"]) <= set(columns):
            return
        chosen = [name for name in columns if name not in ("fid", "valid_from", "valid_to")]
        # With max(fid), SQLite takes the other columns from the row of the latest status.
        # https://www.sqlite.org/lang_select.html#bareagg
        listed = ", ".join('"' + name.replace('"', '""') + '"' for name in chosen)
        database.execute(
            f"CREATE VIEW corridor_once AS SELECT max(fid) AS OGC_FID, {listed} FROM corridor"
            " GROUP BY id, geom"
        )
        about = "Each corridor once, with its latest status: lengths can be summed."
        database.execute(
            "INSERT INTO gpkg_contents SELECT 'corridor_once', data_type, 'view corridor_once', ?, "
            "last_change, min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents "
            "WHERE table_name = 'corridor'",
            [about],
        )
        database.execute(
            "INSERT INTO gpkg_geometry_columns SELECT 'corridor_once', column_name, "
            "geometry_type_name, srs_id, z, m FROM gpkg_geometry_columns "
            "WHERE table_name = 'corridor'"
        )


def add_styles(path: Path, styles: Mapping[str, LayerStyle]) -> None:
    """Add the table ``layer_styles`` to a GeoPackage, from which QGIS takes how layers look.

    Source: https://docs.qgis.org/3.40/en/docs/user_manual/introduction/general_tools.html
    """
    stamp = _settings()["OGR_CURRENT_DATE"]
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_LAYER_STYLES)
        database.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
            "update_time) VALUES ('', '', ?, 'geom', ?, ?, ?, 1, ?, '', ?)",
            [
                (layer, layer, style.qml, style.sld, "The colours, widths and dashes of Araxes",
                 stamp)
                for layer, style in styles.items()
            ],
        )  # fmt: skip
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, "
            "last_change, srs_id) VALUES ('layer_styles', 'attributes', 'table layer_styles', "
            "'How QGIS draws the layers.', ?, 0)",
            [stamp],
        )


def table_name(kind: str) -> str:
    """Return the name of a table in SQLite that needs no quotes: ``corridor_strip``."""
    name = re.sub(r"\W+", "_", valid_utf8(kind)).strip("_")
    if not name:
        return "features"
    return f"layer_{name}" if _KEPT_TABLES.match(name) or name[0].isdigit() else name


def _layer(table: FileTable, kind: str) -> FileTable:
    """Return the rows of a layer, without the columns that only other layers need."""
    needed = (*FEATURE_COLUMNS, *LAYER_COLUMNS.get(kind, ()), *_CREDITS)
    needed += NAME_COLUMNS if kind in _NAMED else ()
    columns = [c for c in table.columns if c.key in needed or any(v is not None for v in c.cells)]
    return replace(table, columns=columns)


def description(table: FileTable, kind: str) -> str:
    """Return what a layer is, for its row in gpkg_contents."""
    credit = "; ".join(sorted({text for text in table.texts("attribution") if text}))
    return f"Features of kind {kind}. {credit}".strip() if kind else credit or "Features."


def dataset_credits(table: FileTable) -> dict[str, str]:
    """Return who is to be credited and under what licence, for gpkg_metadata."""
    stated = {
        key: "; ".join(sorted({text for text in table.texts(column) if text}))
        for key, column in (("ATTRIBUTION", "attribution"), ("LICENCE", "licence"))
    }
    return {"CREATOR": "araxes"} | {key: text for key, text in stated.items() if text}


def write_flatgeobuf(table: FileParts, path: Path, target: Path) -> list[str]:
    """Write a table as FlatGeobuf; return notes on what it holds otherwise.

    Parameters
    ----------
    target : what the file will be called, for messages.
    """
    shapes, notes = _one_dimension(table.head.shapes)
    present = ~shapely.is_missing(shapes)
    # Its index has no room for a row without geometry.
    index = "YES" if present.all() and not shapely.is_empty(shapes).any() else "NO"
    options: dict[str, Any] = {"layer_options": {"SPATIAL_INDEX": index}}
    head = replace(table.head, shapes=shapes)
    notes += _to_gdal(table, head, path, target, driver="FlatGeobuf", options=options)
    return notes


def _to_gdal(
    table: FileParts, head: FileTable, path: Path, target: Path, *, driver: str,
    options: dict[str, Any],
) -> list[str]:  # fmt: skip
    """Write a table in a format that takes all rows at once; return notes.

    One in parts passes through a GeoPackage, which takes them one after the other and from which
    GDAL reads row by row.

    Parameters
    ----------
    head : of the table, its shapes as the format has them; if it has no parts, what is written.
    """
    if table.whole:
        write_rows(head, path, target, driver=driver, layer=target.stem, **options)
        return _milliseconds(_is_fine(head))
    from pyogrio.raw import open_arrow, write_arrow

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        database = Path(folder, "rows.gpkg")
        fine = False
        for n, part in enumerate(table.parts):
            write_rows(part, database, target, driver="GPKG", layer="rows", like=head, append=n > 0)
            fine = fine or _is_fine(part)
        with (
            gdal_options(path, target), gdal_path(path) as plain,
            open_arrow(database, layer="rows") as (_, rows),
        ):  # fmt: skip
            write_arrow(
                rows, plain, driver=driver, layer=target.stem, crs="EPSG:4326",
                geometry_type=geometry_type(head.shapes), geometry_name="geom", **options,
            )  # fmt: skip
    return _milliseconds(fine)


def _one_dimension(shapes: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Return geometries all with heights or all without, as FlatGeobuf has them, and notes.

    GDAL writes a layer of several kinds of geometry without heights.
    """
    present = ~shapely.is_missing(shapes)
    high = shapely.has_z(shapes)
    if not high.any():
        return shapes, []
    if len(set(shapely.get_type_id(shapes[present]))) > 1:
        return shapely.force_2d(shapes), [
            "FlatGeobuf of several kinds of geometry holds no heights: they are left out; a"
            " GeoPackage keeps them"
        ]
    flat = int((present & ~high).sum())
    if not flat:
        return shapes, []
    return shapely.force_3d(shapes), [
        f"FlatGeobuf holds heights of all features or of none: {flat} without a height"
        f" {'has' if flat == 1 else 'have'} 0; a GeoPackage keeps them apart"
    ]


def _milliseconds(fine: bool) -> list[str]:
    return ["times are cut to milliseconds"] if fine else []


def _is_fine(table: FileTable) -> bool:
    """Tell whether a time is given in less than milliseconds."""
    return any(
        value.microsecond % 1000
        for column in table.columns
        if column.kind == "time"
        for value in column.cells
        if value is not None
    )


def write_rows(
    table: FileTable, path: Path, target: Path, *, driver: str, like: FileTable | None = None,
    **options: Any,
) -> None:  # fmt: skip
    """Write rows as a layer.

    Parameters
    ----------
    like : rows whose geometries are of the type of the layer, if others than these.
    """
    from pyogrio.raw import write

    fields = [_field(column) for column in table.columns]
    shaped = len(table.shapes) > 0
    wkb = shapely.to_wkb(table.shapes, flavor="iso", output_dimension=4) if shaped else None
    zones = {
        column.name: offsets
        for column, (_, _, offsets) in zip(table.columns, fields, strict=True)
        if offsets is not None
    }
    size = sum(map(len, filter(None, () if wkb is None else wkb)))
    with gdal_options(path, target, size), gdal_path(path) as plain:
        write(
            plain,
            wkb,
            [data for data, _, _ in fields],
            np.array([column.name for column in table.columns], dtype=object),
            [mask for _, mask, _ in fields],
            driver=driver,
            geometry_type=geometry_type((like or table).shapes) if shaped else None,
            crs="EPSG:4326" if shaped else None,
            gdal_tz_offsets=zones,
            **options,
        )


@contextmanager
def gdal_options(path: Path, target: Path, size: int = 0) -> Iterator[None]:
    """Set the options of GDAL that a file is written under, and put its errors in our words.

    Parameters
    ----------
    size : of the geometries, in bytes.

    Raises
    ------
    FileFormatError : the driver cannot write the file.
    OSError : the device is full.
    """
    import pyogrio

    before = dict(_set_options(_settings()))
    try:
        yield
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as err:
        # The drivers do not say that the device is full.
        if shutil.disk_usage(path.parent).free < 2 * size + _MORE_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from err
        message = f"{target}: cannot be written: {str(err).splitlines()[0]}"
        raise FileFormatError(message) from err
    finally:
        pyogrio.set_gdal_config_options(before)


def _settings() -> dict[str, str]:
    """Return the options of GDAL that a file is written under.

    GeoPackages note when they were written; a fixed day keeps two runs alike. They need not wait
    for the disk at each step, for the whole file takes its place when it is done.
    """
    day = fixed_time() or datetime.fromtimestamp(0, UTC)
    stamp = day.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {"OGR_CURRENT_DATE": stamp, "OGR_SQLITE_SYNCHRONOUS": "OFF"}


def _set_options(settings: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """Set options of GDAL; yield what they were."""
    import pyogrio

    for key in settings:
        yield key, pyogrio.get_gdal_config_option(key)
    pyogrio.set_gdal_config_options(settings)


def geometry_type(shapes: np.ndarray) -> str:
    """Return the type of a layer: that of its geometries if they have one."""
    present = shapes[~shapely.is_missing(shapes)]
    kinds = {"LineString" if s.geom_type == "LinearRing" else s.geom_type for s in present}
    heights = {bool(h) for h in shapely.has_z(present)}
    if len(kinds) != 1 or shapely.has_m(present).any() or (len(heights) > 1):
        return "Unknown"
    return f"{kinds.pop()} Z" if True in heights else kinds.pop()


def _field(column: FileColumn) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return values, which of them are missing, and for times with a zone their offsets."""
    mask = np.array([v is None for v in column.cells], dtype=bool)
    if column.kind in ("truth", "whole", "number"):
        dtype: Any = {"truth": bool, "whole": np.int64, "number": float}[column.kind]
        return np.array([0 if v is None else v for v in column.cells], dtype=dtype), mask, None
    if column.kind == "day":
        return np.array(column.cells, dtype="datetime64[D]"), mask, None
    if column.kind == "time":
        return _times(column.cells, mask)
    texts = column.texts().cells
    # To C, a text ends at a null character.
    plain = [None if v is None else valid_utf8(v).replace("\0", "\ufffd") for v in texts]
    return np.array(plain, dtype=object), mask, None


def _times(
    cells: list[datetime | None], mask: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return times as GDAL takes them: those of day and clock, and the offsets of their zones."""
    offsets = [None if v is None else v.utcoffset() for v in cells]
    if any(o is not None and o % _QUARTER for o in offsets):
        # An offset of local mean time is no quarter of an hour.
        cells = [v.astimezone(UTC) if v is not None and v.tzinfo else v for v in cells]
        offsets = [None if v is None else v.utcoffset() for v in cells]
    plain = [None if v is None else v.replace(tzinfo=None) for v in cells]
    zoned = np.array([0 if o is None else _UTC + o // _QUARTER for o in offsets], dtype=np.int64)
    times = np.array(plain, dtype="datetime64[ms]")
    return times, mask, zoned if zoned.any() else None
