"""The columns of tables, read once by their dtype: truth values, whole numbers, numbers, others."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from borders.files.features import FEATURE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas
    import pandas as pd

__all__ = [
    "EXACT",
    "KNOWN",
    "NUMBER",
    "Column",
    "columns_below",
    "frames_below",
    "with_known_names",
]

# A decimal number as text formats write it.
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")

Kind: TypeAlias = Literal["truth", "whole", "number", "other"]

# Columns that mean something to maps, files and networks.
KNOWN = (
    *FEATURE_COLUMNS,
    "layer",
    "licence",
    "attribution",
    "status",
    "mode",
    "note",
    "timestamp",
)
_NESTED = (list, tuple, dict, set, frozenset, np.ndarray)

# Above this a 64-bit float no longer tells neighbouring whole numbers apart.
EXACT = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    kind : truth, whole (numbers), number (64-bit floats) or other: texts, days, lists.
    cells : its values as Python has them; None where there is none.
    """

    kind: Kind
    cells: list[Any]

    @classmethod
    def of(cls, series: pd.Series[Any]) -> Column:
        """Return a column of a frame by its dtype, or by its values if that is of objects."""
        from pandas.api import types

        gaps = series.isna().tolist()
        values = [None if gap else v for v, gap in zip(series.tolist(), gaps, strict=True)]
        if types.is_bool_dtype(series.dtype):
            return cls(kind="truth", cells=values)
        if types.is_integer_dtype(series.dtype):
            return cls(kind="whole", cells=values)
        if types.is_float_dtype(series.dtype):
            return cls(kind="number", cells=values)
        return cls.of_values(values)

    @classmethod
    def of_values(cls, values: list[Any]) -> Column:
        """Return a column of values of any types, None where there is none."""
        known = [v for v in values if v is not None]
        if known and all(isinstance(v, bool | np.bool_) for v in known):
            return cls(kind="truth", cells=[None if v is None else bool(v) for v in values])
        numeric = bool(known) and all(_numeric(v) for v in known)
        if numeric and all(isinstance(v, int | np.integer) for v in known):
            return cls(kind="whole", cells=[None if v is None else int(v) for v in values])
        if numeric and all(_fits_float(v) for v in known):
            return cls(kind="number", cells=[None if v is None else float(v) for v in values])
        return cls(kind="other", cells=values)

    @classmethod
    def missing(cls, count: int) -> Column:
        """Return a column of that many rows without a value."""
        return cls(kind="other", cells=[None] * count)

    @property
    def empty(self) -> bool:
        """Tell whether no row has a value."""
        return all(v is None for v in self.cells)

    @property
    def gaps(self) -> bool:
        """Tell whether a row has no value."""
        return any(v is None for v in self.cells)

    @property
    def temporal(self) -> Literal["day", "time", ""]:
        """Tell whether all of its values are days, or all of them times of a day.

        Times without a clock in a column of midnights are days.
        """
        known = [v for v in self.cells if v is not None]
        if not known or not all(isinstance(v, date | np.datetime64) for v in known):
            return ""
        times = [v for v in known if isinstance(v, datetime | np.datetime64)]
        if all(_midnight(v) for v in times):
            return "day"
        return "time" if len(times) == len(known) else ""

    @property
    def nested(self) -> bool:
        """Tell whether it holds lists or tables, which are written as JSON."""
        return any(issubclass(kind, _NESTED) for kind in self._types)

    @property
    def _types(self) -> set[type]:
        """Return the types of its values: a few, of which to ask is sooner than of every value."""
        return set(map(type, self.cells))

    def json_values(self) -> list[Any]:
        """Return its values as JSON can hold them."""
        return [None if v is None else _plain_json(v) for v in self.cells]

    def fits(self, lowest: int, highest: int) -> bool:
        """Tell whether all of its whole numbers lie between two."""
        known = [v for v in self.cells if v is not None]
        return self.kind != "whole" or not known or lowest <= min(known) <= max(known) <= highest

    def kept(self, rows: Sequence[bool]) -> Column:
        """Return the column of some rows."""
        values = [v for v, keep in zip(self.cells, rows, strict=True) if keep]
        return Column(kind=self.kind, cells=values)

    def texts(self) -> list[str]:
        """Return its values as texts, empty where there is none.

        Days and times are in ISO 8601, times without a clock in a column of midnights; lists and
        tables are JSON.
        """
        if self.kind == "truth" and self.gaps:
            words = {None: "", True: "true", False: "false"}
            return [words[v] for v in self.cells]
        if self._types <= {str, NoneType}:
            return ["" if v is None else v for v in self.cells]
        days = all(_midnight(v) for v in self.cells if isinstance(v, datetime | np.datetime64))
        return ["" if v is None else _text(v, days=days) for v in self.cells]

    def array(self) -> Any:
        """Return its values for a frame: of whole numbers and truth values gaps change nothing."""
        import pandas as pd

        if self.kind == "truth" and self.gaps:
            return pd.array(self.cells, dtype="boolean")
        if self.kind == "whole" and self.gaps:
            if self.fits(-(2**63), 2**63 - 1):
                return pd.array(self.cells, dtype="Int64")
            if self.fits(0, 2**64 - 1):
                return pd.array(self.cells, dtype="UInt64")
            return np.array(self.cells, dtype=object)
        if self.kind == "number":
            return np.array(self.cells, dtype=float)
        return self.cells


def columns_below(frames: Sequence[geopandas.GeoDataFrame]) -> dict[str, Column]:
    """Return the columns of frames one below the other, but for their column ``geometry``.

    Columns come in the order in which they first appear; a frame that lacks one has gaps in it.
    """
    keys = dict.fromkeys(key for frame in frames for key in frame.columns if key != "geometry")
    return {key: _below([_read(frame, key) for frame in frames]) for key in keys}


def frames_below(frames: Sequence[geopandas.GeoDataFrame]) -> geopandas.GeoDataFrame:
    """Return frames one below the other, in EPSG:4326, columns in the order in which they come."""
    import geopandas

    columns: dict[str, Any] = {key: c.array() for key, c in columns_below(frames).items()}
    columns["geometry"] = np.concatenate([frame.geometry.to_numpy() for frame in frames])
    order = dict.fromkeys(key for frame in frames for key in frame.columns)
    table = {key: columns[key] for key in order}
    return geopandas.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326")


def with_known_names(table: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return a table whose columns with a meaning are called as in `KNOWN`, whatever their case.

    A column of that very name stays, unless it has no value; then one of another case takes its
    place.

    Examples
    --------
    >>> import geopandas
    >>> table = geopandas.GeoDataFrame({"NAME": ["Kars"], "name": [None]}, geometry=[None])
    >>> list(with_known_names(table).columns)
    ['name', 'geometry']
    """
    names: dict[str, str] = {}
    for key in table.columns:
        meant = str(key).casefold()
        if key == meant or meant not in KNOWN or meant in names.values():
            continue
        if meant not in table or (table[meant].isna().all() and table[key].notna().any()):
            names[key] = meant
    emptied = [meant for meant in names.values() if meant in table]
    return table.drop(columns=emptied).rename(columns=names)


def _read(frame: geopandas.GeoDataFrame, key: str) -> Column:
    return Column.of(frame[key]) if key in frame.columns else Column.missing(len(frame))


def _below(pieces: Sequence[Column]) -> Column:
    """Return several columns one below the other as one."""
    values = [v for piece in pieces for v in piece.cells]
    kinds = {piece.kind for piece in pieces if not piece.empty}
    # Without any value, the dtype of a frame that has the column says what it is.
    kinds = kinds or {piece.kind for piece in pieces if piece.kind != "other"} or {"other"}
    if len(kinds) == 1:
        return Column(kind=kinds.pop(), cells=values)
    if kinds == {"whole", "number"}:
        return Column.of_values(values)
    return Column(kind="other", cells=values)


def _numeric(value: Any) -> bool:
    number = isinstance(value, int | float | np.integer | np.floating)
    return number and not isinstance(value, bool)


def _fits_float(value: Any) -> bool:
    return isinstance(value, float | np.floating) or abs(int(value)) <= EXACT


def _midnight(value: datetime | np.datetime64) -> bool:
    if isinstance(value, np.datetime64):
        return bool(value == value.astype("datetime64[D]"))
    return value.tzinfo is None and value.time() == time() and not getattr(value, "nanosecond", 0)


def _text(value: Any, *, days: bool) -> str:
    if type(value) is str:
        return value
    if isinstance(value, np.datetime64):
        return str(value.astype("datetime64[D]") if days else value)
    if isinstance(value, datetime):
        return (value.date() if days else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, _NESTED):
        return json.dumps(_plain_json(value), ensure_ascii=False)
    return str(value)


def _plain_json(value: Any) -> Any:
    """Return a value as JSON can hold it; what is no number becomes null."""
    import pandas as pd

    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): _plain_json(v) for key, v in value.items()}
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, list | tuple):
        return [_plain_json(v) for v in value]
    if pd.isna(value) or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, str | bool | int | float):
        return value
    return _text(value, days=isinstance(value, datetime) and _midnight(value))
