"""GeoParquet 1.1, which geopandas writes with pyarrow.

Source: https://geoparquet.org/releases/v1.1.0/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import FileFormatError

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.export.file_table import FileColumn, FileTable

__all__ = ["write_parquet"]


def write_parquet(table: FileTable, path: Path, target: Path) -> list[str]:
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
    import geopandas

    columns = {column.name: _array(column) for column in table.columns}
    frame = geopandas.GeoDataFrame(
        columns | {"geometry": table.shapes}, geometry="geometry", crs="EPSG:4326"
    )
    # The box of each row lets readers pass over groups of rows that lie elsewhere.
    frame.to_parquet(path, index=False, schema_version="1.1.0", write_covering_bbox=True)
    nested = [column.name for column in table.columns if column.kind == "json"]
    return [f"column '{nested[0]}' holds its lists and tables as JSON"] if nested else []


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
