"""Tables of a PostgreSQL database with PostGIS, replaced whole in one transaction or not at all.

A schema holds an export as a file does: a layer a kind, beside it the tables of `thing_tables`,
each with a primary key, an index of its geometry and comments that name sources and licences.
Tables that an earlier export made are replaced; others are never touched.

Source: https://postgis.net/docs/, https://www.postgresql.org/docs/current/sql-copy.html
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import shapely

from borders.errors import FileFormatError
from corridors.export.gdal import description, geometry_type, layers, layers_alike
from corridors.export.thing_tables import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, MetaData, Table
    from sqlalchemy.engine import URL

    from corridors.export.file_table import FileColumn, FileParts, FileTable, ThingTable

__all__ = ["SCHEMA", "address_label", "is_address", "write_postgis"]

# Where tables are written if no schema is named: not among those of others.
SCHEMA = "araxes"
# How the comment of a table of ours begins; no other table is replaced.
_MARK = "Araxes: "
_PLAIN = re.compile(
    r"(?i)(postgres(?:ql)?(?:\+\w+)?://)(?:([^:@/?#]+)(?::[^@/?#]*)?(@))?"
    r"((?:[\w.-]*|\[[\w:.]+\])(?::\d+)?(?:/[^:@?#]*)?)(?:[?#].*)?",
    re.DOTALL,
)
_ADDRESS = re.compile(r"(?i)postgres(?:ql)?(?:\+\w+)?://")
# Seconds until a host that does not answer, or a table that another program holds, is given up.
_CONNECT_S, _LOCK_S = 10, 10
# What columns of ours hold, for their comments.
_COLUMNS = {
    "id": "ASCII id", "kind": "what the row is", "length_m": "length on the ground, metres",
    "sigma_m": "standard error of length_m, metres", "valid_from": "first day",
    "valid_to": "first day after; none if there is no end", "source": "id in the table source",
    "geometry_quality": "how the line was drawn: surveyed, reach or schematic",
    "drawn_m": "geodesic length of the line as drawn, metres",
    "position_sigma_m": "standard error of the position of the line, metres",
    "width_m": "width of the strip, metres", "area_m2": "geodesic area, square metres",
    "area_sigma_m2": "standard error of area_m2, square metres",
    "basis": "what the length rests on", "licence": "SPDX id of the licence of the row",
    "attribution": "what to print where the row is shown",
}  # fmt: skip


def is_address(file: object) -> bool:
    """Tell whether a target is the address of a PostgreSQL database.

    Examples
    --------
    >>> is_address("postgresql://me@localhost/maps"), is_address("maps.gpkg")
    (True, False)
    """
    return isinstance(file, str) and bool(_ADDRESS.match(file))


def address_label(address: str) -> str:
    """Return an address as messages may show it: without password and options.

    Examples
    --------
    >>> address_label("postgresql://me:secret@localhost:5432/maps?sslmode=require")
    'postgresql://me@localhost:5432/maps'
    """
    match = _PLAIN.fullmatch(address)
    # Of what is not written as it should be, a part might be the password.
    return "postgresql://…" if match is None else "".join(match.groups(default=""))


def write_postgis(table: FileParts, address: str, *, schema: str | None = None) -> list[str]:
    """Write rows and the tables beside them to a database; return notes on what is otherwise.

    Parameters
    ----------
    table : the sources are in its first part.
    address : ``postgresql://user:password@host:port/database``, or as SQLAlchemy writes it.
    schema : created if there is none; `SCHEMA` if missing.

    Raises
    ------
    FileFormatError : SQLAlchemy, GeoAlchemy or psycopg is missing; the database cannot be reached,
        has no PostGIS or refuses; or a table of that name is none of ours. All stays as before.
    """
    try:
        import geoalchemy2  # noqa: F401
        import psycopg  # noqa: F401
        import sqlalchemy
    except ImportError as err:
        message = (
            f"{address_label(address)}: writing to PostGIS needs SQLAlchemy, GeoAlchemy and"
            " psycopg: pip install 'araxes[postgis]'"
        )
        raise FileFormatError(message) from err
    schema = SCHEMA if schema is None else schema
    if not schema.strip() or "\0" in schema or len(schema.encode()) > 63:
        message = f"the schema is '{schema[:80]}'; give a name of 1 to 63 bytes"
        raise FileFormatError(message)
    url = _url(address)
    waiting = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_S}
    nul = False
    with _refusals(address, url):
        engine = sqlalchemy.create_engine(
            url, poolclass=sqlalchemy.pool.NullPool, connect_args=waiting, hide_parameters=True
        )
        with engine.begin() as connection:
            _prepare(connection, address, schema)
            metadata = sqlalchemy.MetaData(schema=schema)
            heads = layers(table.head)
            made = {name: _layer(metadata, name, head) for name, head in heads.items()}
            beside = {rows.name: _beside(metadata, rows) for rows in table.head.beside}
            names = [target.name for target in (*made.values(), *beside.values())]
            _clear(connection, address, schema, [*names, "corridor_once"])
            metadata.create_all(connection)
            copier = _Copier(connection)
            for part in table.parts:
                nul = nul or _has_nul(part)
                for name, layer in layers_alike(part, table.head, heads).items():
                    copier.copy(made[name], layer.columns, layer.shapes)
                for rows in part.beside:
                    copier.copy(beside[rows.name], rows.columns, None)
            if metadata.tables.get(f"{schema}.corridor") is not None:
                _add_once(connection, metadata.tables[f"{schema}.corridor"])
    return ["PostgreSQL holds no null characters: they are \ufffd"] if nul else []


def _has_nul(table: FileTable) -> bool:
    return any(
        "\0" in text
        for column in table.columns
        if column.kind in ("text", "json")
        for text in column.texts().cells
        if text
    )


def _url(address: str) -> URL:
    """Return an address as SQLAlchemy has it, for psycopg."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(_ADDRESS.sub("postgresql+psycopg://", address, count=1))
        if url.port is not None and not 0 < url.port < 2**16:
            raise ValueError(url.port)
    except (ArgumentError, ValueError):
        message = (
            f"{address_label(address)[:200]}: not an address of a database; write"
            " postgresql://user:password@host:5432/database"
        )
        # The cause would show the password.
        raise FileFormatError(message) from None
    return url


@contextmanager
def _refusals(address: str, url: URL) -> Iterator[None]:
    """Tell in a line what a database refuses, without its password."""
    import psycopg
    import sqlalchemy

    try:
        yield
    except (sqlalchemy.exc.SQLAlchemyError, psycopg.Error) as err:
        cause = err.orig if isinstance(err, sqlalchemy.exc.DBAPIError) and err.orig else err
        message = f"{address_label(address)}: {_reason(cause, url)}"
    else:
        return
    raise FileFormatError(message)


def _reason(cause: BaseException, url: URL) -> str:
    """Return what a database says, and what to do."""
    from psycopg import errors

    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    reason = next((line for line in lines if "failed:" in line or "FATAL" in line), lines[0])
    reason = reason.rpartition("FATAL: ")[2].strip().removeprefix("ERROR:").strip()
    secrets = {str(url.password or ""), str(url.query.get("password", ""))}
    for secret in filter(None, secrets):
        reason = reason.replace(secret, "***")
    if isinstance(cause, errors.InsufficientPrivilege):
        return f"{reason}; ask its owner for the right, or choose another schema with --schema"
    if isinstance(cause, errors.DependentObjectsStillExist):
        return (
            f"{reason} (a view of yours, perhaps); drop what depends on it, or choose another "
            "schema with --schema"
        )
    if isinstance(cause, errors.LockNotAvailable):
        return f"{reason}; another program holds the table: try again when it has ended"
    return f"cannot be written: {reason}; check host, database, user and password"


def _prepare(connection: Connection, address: str, schema: str) -> None:
    """Make sure of PostGIS and the schema, and look for names there."""
    from sqlalchemy import text
    from sqlalchemy.schema import CreateSchema

    home = connection.execute(
        text(
            "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
            " WHERE e.extname = 'postgis'"
        )
    ).scalar()
    if home is None:
        message = (
            f"{address_label(address)}: the database has no PostGIS; run CREATE EXTENSION postgis"
            " in it first"
        )
        raise FileFormatError(message)
    # Whoever may not create schemas may still write to one that is there.
    there = connection.execute(
        text("SELECT 1 FROM pg_namespace WHERE nspname = :name"), {"name": schema}
    ).scalar()
    if not there:
        connection.execute(CreateSchema(schema))
    quote = connection.dialect.identifier_preparer.quote_identifier
    connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_S}s'"))
    path = f"SET LOCAL search_path TO {quote(schema)}, {quote(str(home))}"
    # A colon in a name is no parameter.
    connection.execute(text(path.replace(":", r"\:")))


def _clear(connection: Connection, address: str, schema: str, names: list[str]) -> None:
    """Drop the tables that an earlier export made; refuse where another's stands in the way."""
    from sqlalchemy import text

    rows = connection.execute(
        text(
            "SELECT c.relname, obj_description(c.oid, 'pg_class'), c.relkind = 'v' FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = :schema AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        ),
        {"schema": schema},
    ).all()
    ours = {name: view for name, comment, view in rows if (comment or "").startswith(_MARK)}
    taken = sorted({name for name, *_ in rows if name not in ours}.intersection(names))
    if taken:
        message = (
            f"{address_label(address)}: table '{taken[0]}' of schema '{schema}' is not one that an"
            " export made, and stays; choose another schema with --schema"
        )
        raise FileFormatError(message)
    quote = connection.dialect.identifier_preparer.quote_identifier
    for kind, view in (("VIEW", True), ("TABLE", False)):
        listed = [
            f"{quote(schema)}.{quote(name)}" for name, is_view in ours.items() if is_view is view
        ]
        if listed:
            connection.execute(text(f"DROP {kind} {', '.join(listed)}".replace(":", r"\:")))


def _add_once(connection: Connection, corridors: Table) -> None:
    """Add a view with each corridor once, so that lengths can be summed; its status is the latest.

    The table has a row for each status.
    """
    from psycopg import sql

    kept = [c.name for c in corridors.columns if c.name not in ("valid_from", "valid_to")]
    schema = str(corridors.schema)
    command = sql.SQL(
        "CREATE VIEW {view} AS SELECT DISTINCT ON (id, geom) {columns} FROM {table}"
        " ORDER BY id, geom, fid DESC; COMMENT ON VIEW {view} IS {about}"
    ).format(
        view=sql.Identifier(schema, "corridor_once"),
        table=sql.Identifier(schema, corridors.name),
        columns=sql.SQL(", ").join(map(sql.Identifier, kept)),
        about=sql.Literal(f"{_MARK}Each corridor once, with its latest status."),
    )
    driver: Any = connection.connection.driver_connection
    driver.execute(command)


def _layer(metadata: MetaData, name: str, part: FileTable) -> Table:
    """Return the table of a layer: key, geometry with its index, typed columns, comments."""
    from geoalchemy2 import Geometry
    from sqlalchemy import BigInteger, Column, Table

    kind = geometry_type(part.shapes).upper().replace(" ", "")
    present = part.shapes[~shapely.is_missing(part.shapes)]
    dimension = 2 + int(shapely.has_z(present).any()) + int(shapely.has_m(present).any())
    mixed = len({shapely.has_z(s) * 2 + shapely.has_m(s) for s in present}) > 1
    if kind == "UNKNOWN":
        kind = "GEOMETRY"
    # A column of a type has geometries all of one dimension.
    shape = (
        Geometry(None, srid=-1, spatial_index=False)
        if mixed
        else Geometry(
            kind if dimension == 2 or kind.endswith("Z") else f"{kind}{_dimensions(present)}",
            srid=4326, dimension=dimension, spatial_index=False,
        )
    )  # fmt: skip
    about = f"{_MARK}{description(part, part.texts('kind')[0]).rstrip('.')}.{_licences(part)}"
    return Table(
        _short(name), metadata,
        Column("fid", BigInteger, primary_key=True, autoincrement=False),
        Column("geom", shape, comment="longitude and latitude, WGS 84 (EPSG:4326)"),
        *(_column(column) for column in part.columns),
        _geometry_index(_short(name)),
        comment=about.replace("\0", "\ufffd"),
    )  # fmt: skip


def _geometry_index(table: str) -> Any:
    from sqlalchemy import Index

    return Index(_short(f"idx_{table}", 55) + "_geom", "geom", postgresql_using="gist")


def _dimensions(present: Any) -> str:
    return ("Z" if shapely.has_z(present).any() else "") + (
        "M" if shapely.has_m(present).any() else ""
    )


def _short(name: str, most: int = 63) -> str:
    return name.encode()[:most].decode(errors="ignore")


def _licences(part: FileTable) -> str:
    """Return the sources and licences of rows, for the comment of their table."""
    stated = {
        what: "; ".join(sorted({text for text in part.texts(column) if text}))
        for what, column in (("Sources", "source"), ("Licences", "licence"))
    }
    return "".join(f" {what}: {text}." for what, text in stated.items() if text)


def _beside(metadata: MetaData, table: ThingTable) -> Table:
    """Return a table without geometry: sources by their id, the others with numbered rows."""
    from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, PrimaryKeyConstraint, Table

    parts: list[Any] = [_column(column) for column in table.columns]
    if table.name == SOURCES:
        parts.append(PrimaryKeyConstraint("id"))
    else:
        parts.insert(0, Column("fid", BigInteger, primary_key=True, autoincrement=False))
        parts.append(ForeignKeyConstraint(["source"], [f"{metadata.schema}.source.id"]))
    return Table(table.name, metadata, *parts, comment=f"{_MARK}{table.about}")


def _column(column: FileColumn) -> Any:
    from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Text
    from sqlalchemy.dialects.postgresql import JSONB

    zoned = column.kind == "time" and any(v is not None and v.tzinfo for v in column.cells)
    sql: dict[str, Any] = {
        "truth": Boolean(), "whole": BigInteger(), "number": Double(), "day": Date(),
        "time": DateTime(timezone=zoned), "json": JSONB(), "text": Text(),
    }  # fmt: skip
    return Column(column.name, sql[column.kind], comment=_COLUMNS.get(column.key))


class _Copier:
    """Copies rows into tables, and numbers them from 1."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._counts: Counter[str] = Counter()

    def copy(self, target: Table, columns: Sequence[FileColumn], shapes: Any) -> None:
        """Add rows to a table; those of a layer have shapes."""
        count = len(columns[0].cells)
        before = self._counts[target.name]
        self._counts[target.name] += count
        numbers = range(before + 1, before + count + 1)
        _copy(self._connection, target, numbers, columns, shapes)


def _copy(
    connection: Connection, target: Table, numbers: range, columns: Sequence[FileColumn],
    shapes: Any,
) -> None:  # fmt: skip
    """Copy rows into a table."""
    from psycopg import sql

    cells: list[Any] = [_cells(column) for column in columns]
    names = [column.name for column in columns]
    if shapes is not None:
        srid = shapely.set_srid(shapes, 4326)
        cells.insert(
            0, shapely.to_wkb(srid, hex=True, include_srid=True, output_dimension=4).tolist()
        )
        names.insert(0, "geom")
    if target.name != SOURCES:
        cells.insert(0, numbers)
        names.insert(0, "fid")
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(str(target.schema), target.name),
        sql.SQL(", ").join(map(sql.Identifier, names)),
    )
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(command) as copy:
        for row in zip(*cells, strict=True):
            copy.write_row(row)


def _cells(column: FileColumn) -> list[Any]:
    """Return values as COPY takes them; PostgreSQL has no null character."""
    if column.kind == "json":
        # As JSON has it, escaped; a backslash before it is one of the text's own.
        return [
            None if v is None else json.dumps(_without_nul(v), ensure_ascii=False)
            for v in column.cells
        ]
    if column.kind == "text":
        return [None if v is None else v.replace("\0", "\ufffd") for v in column.cells]
    return column.cells


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(v) for key, v in value.items()}
    if isinstance(value, list):
        return [_without_nul(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
