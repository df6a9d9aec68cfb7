"""GeoParquet 1.1, which geopandas writes with pyarrow.

Source: https://geoparquet.org/releases/v1.1.0/
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import FileFormatError

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas

    from corridors.export.file_table import FileColumn, FileParts, FileTable

__all__ = ["write_parquet"]

# The box of each row lets readers pass over groups of rows that lie elsewhere.
_OPTIONS: dict[str, Any] = {"index": False, "schema_version": "1.1.0", "write_covering_bbox": True}


def write_parquet(table: FileParts, path: Path, target: Path) -> list[str]:
    """Write a table as GeoParquet; return notes on what it holds otherwise.

    Parameters
    ----------
    target : what the file will be called, for messages.

    Raises
    ------
    FileFormatError : pyarrow is missing.
    """
    try:
        import pyarrow  # noqa: F401
    except ImportError as err:
        message = f"{target}: writing GeoParquet needs pyarrow: pip install 'araxes[parquet]'"
        raise FileFormatError(message) from err
    if table.whole:
        _frame_of(table.head).to_parquet(path, **_OPTIONS)
    else:
        _write_parts(table, path)
    nested = [column.name for column in table.head.columns if column.kind == "json"]
    return [f"column '{nested[0]}' holds its lists and tables as JSON"] if nested else []


def _write_parts(table: FileParts, path: Path) -> None:
    """Write the rows of a table part by part, each a group of rows.

    The box and the kinds of geometry of the whole, which its readers are told, are those of all
    parts.
    """
    import pyarrow.parquet

    sample, geo = _arrow(table.head)
    schema = sample.schema
    column = geo["columns"][geo["primary_column"]]
    boxes: list[list[float]] = []
    kinds: set[str] = set()
    # The schema that is stored on opening would say the box of the sample.
    with pyarrow.parquet.ParquetWriter(path, schema, store_schema=False) as writer:
        for part in table.parts:
            rows, about = _arrow(part)
            own = about["columns"][about["primary_column"]]
            boxes += [own["bbox"]] if "bbox" in own else []
            kinds.update(own["geometry_types"])
            writer.write_table(rows.cast(schema))
        west, south, east, north = np.array(boxes).reshape(-1, 4).T
        column["bbox"] = [west.min(), south.min(), east.max(), north.max()]
        column["geometry_types"] = sorted(kinds)
        writer.add_key_value_metadata(schema.metadata | {b"geo": json.dumps(geo).encode()})


def _arrow(table: FileTable) -> tuple[Any, dict[str, Any]]:
    """Return rows as a table of Arrow, and what GeoParquet says of its geometries."""
    import pyarrow.parquet

    buffer = BytesIO()
    _frame_of(table).to_parquet(buffer, **_OPTIONS)
    rows = pyarrow.parquet.read_table(buffer)
    return rows, json.loads(rows.schema.metadata[b"geo"])


def _frame_of(table: FileTable) -> geopandas.GeoDataFrame:
    import geopandas

    columns = {column.name: _array(column) for column in table.columns}
    return geopandas.GeoDataFrame(
        columns | {"geometry": table.shapes}, geometry="geometry", crs="EPSG:4326"
    )


def _array(column: FileColumn) -> Any:
    import pandas as pd

    if column.kind == "truth":
        return pd.array(column.cells, dtype="boolean")
    if column.kind == "whole":
        known = [v for v in column.cells if v is not None]
        large = known and max(known) >= 2**63
        return pd.array(column.cells, dtype="UInt64" if large else "Int64")
    if column.kind == "number":
        return np.array(column.cells, dtype=float)
    if column.kind == "json":
        column = column.texts()
    # Days stay objects, which pyarrow takes for such.
    return np.array(column.cells, dtype=object)
