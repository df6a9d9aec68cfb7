"""The rows of borders, corridors, networks and tables as one table, each column read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from borders.dates import holds, parse_date
from borders.errors import GeometryError, UnknownNameError
from borders.files.atomic import valid_utf8
from borders.files.catalogue import source, sources
from borders.files.columns import Column, columns_below
from borders.files.features import FEATURE_COLUMNS, Drawable
from borders.files.table_checks import checked
from corridors.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    import geopandas

__all__ = ["FeatureTable", "Thing", "day_of", "read_features", "table"]

# What has rows to draw or write.
Thing: TypeAlias = "Drawable | geopandas.GeoDataFrame | geopandas.GeoSeries"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureTable:
    """The rows of things, their columns read once by dtype: what pages and files are made from.

    Parameters
    ----------
    columns : those of `FEATURE_COLUMNS` first.
    shapes : a geometry or None for each row, EPSG:4326.
    """

    columns: dict[str, Column]
    shapes: np.ndarray

    def column(self, key: str) -> Column:
        """Return a column, without values if there is none of that name."""
        return self.columns[key] if key in self.columns else Column.missing(len(self.shapes))

    def kept(self, rows: Sequence[bool]) -> FeatureTable:
        """Return some of the rows."""
        columns = {key: column.kept(rows) for key, column in self.columns.items()}
        return FeatureTable(columns=columns, shapes=self.shapes[np.array(rows, dtype=bool)])

    def to_gdf(self) -> geopandas.GeoDataFrame:
        """Return the rows as a GeoDataFrame in EPSG:4326."""
        return self._frame({key: column.array() for key, column in self.columns.items()})

    def plain(self) -> geopandas.GeoDataFrame:
        """Return numbers, truth values and texts, as files hold them; empty columns left out."""
        filled = self._filled()
        return self._frame({key: column.plain() for key, column in filled.items()})

    def texts(self) -> geopandas.GeoDataFrame:
        """Return texts only, None where there is no value; empty columns left out."""
        filled = {key: column.texts() for key, column in self._filled().items()}
        return self._frame(
            {key: [valid_utf8(v) or None for v in texts] for key, texts in filled.items()}
        )

    def _filled(self) -> dict[str, Column]:
        return {
            valid_utf8(key): column
            for key, column in self.columns.items()
            if key in FEATURE_COLUMNS or not column.empty
        }

    def _frame(self, columns: dict[str, Any]) -> geopandas.GeoDataFrame:
        import geopandas

        return geopandas.GeoDataFrame(
            columns | {"geometry": self.shapes}, geometry="geometry", crs="EPSG:4326"
        )


def _several(things: Any) -> list[Any]:
    """Return things as a list; one thing, or a table, is a list of one."""
    single = isinstance(things, str | Path) or hasattr(things, "to_gdf")
    single = single or hasattr(things, "crs") or hasattr(things, "columns")
    return list(things) if not single and hasattr(things, "__iter__") else [things]


def _frame(thing: Any, where: str, on: date | str | None) -> geopandas.GeoDataFrame:
    """Return a thing as a checked table in longitude and latitude, its geometry named so."""
    import geopandas

    if isinstance(thing, str | Path):
        message = f"'{thing}' is text; give corridors.thing('{thing}')"
        raise UnknownNameError(message)
    if isinstance(thing, list | tuple):
        message = f"a {type(thing).__name__}; give its things one by one, with * before it"
        raise GeometryError(message)
    if isinstance(thing, Drawable):
        # A network without its transfers would answer otherwise when it is read again.
        options = {"transfers": True} if isinstance(thing, Network) else {}
        rows = thing.to_gdf(on=on, **options)
        gdf = checked(rows, f"the table of a {type(thing).__name__}", may_be_empty=True, axes=False)
    elif isinstance(thing, geopandas.GeoDataFrame | geopandas.GeoSeries):
        named = thing.attrs.get("name")
        gdf = checked(thing, f"table {str(named)[:80]!r}" if named else where, may_be_empty=True)
    else:
        message = f"a {type(thing).__name__} has no to_gdf() and is no GeoDataFrame"
        raise GeometryError(message)
    gdf = gdf if gdf.geometry.name == "geometry" else gdf.rename_geometry("geometry")
    return gdf if isinstance(thing, Drawable) or on is None else _held(gdf, parse_date(on))


def _held(gdf: Any, on: date) -> geopandas.GeoDataFrame:
    """Return the rows of a table whose dates hold on a day, and those that have no dates."""
    begins, ends = (
        Column.of(gdf[key]).texts() if key in gdf else [""] * len(gdf)
        for key in ("valid_from", "valid_to")
    )
    kept: geopandas.GeoDataFrame = gdf[
        [_holds(a, b, on) for a, b in zip(begins, ends, strict=True)]
    ]
    return kept


def day_of(text: str) -> date | None:
    """Return the day of a date or time in a table, such as GeoPackages hold; None if it is empty.

    Raises
    ------
    ValueError : the text is neither.
    """
    return datetime.fromisoformat(text).date() if text else None


def _holds(begin: str, end: str, on: date) -> bool:
    try:
        return holds(day_of(begin), day_of(end), on)
    except ValueError:
        return True


def read_features(
    things: Iterable[Thing] | Thing, *, on: date | str | None = None, where: str = ""
) -> FeatureTable:
    """Return the rows of all things, with licence and attribution, each column read by its dtype.

    Errors are those of `table`.

    Parameters
    ----------
    where : what a table among them is called in messages.
    """
    several = _several(things)
    alone = where or ("a table" if len(several) == 1 else "")
    frames = [_frame(thing, alone or f"table {n}", on) for n, thing in enumerate(several, 1)]
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        empty = {key: Column.missing(0) for key in FEATURE_COLUMNS}
        return FeatureTable(columns=empty, shapes=np.empty(0, dtype=object))
    shapes = np.concatenate([frame.geometry.to_numpy() for frame in frames])
    columns = _credited(columns_below(frames), len(shapes))
    # Licence and attribution follow the columns of the first thing.
    keys = (*FEATURE_COLUMNS, *frames[0].columns, "licence", "attribution", *columns)
    ordered = {
        key: columns.get(key) or Column.missing(len(shapes))
        for key in dict.fromkeys(keys)
        if key != "geometry"
    }
    return FeatureTable(columns=ordered, shapes=shapes)


def _credited(columns: dict[str, Column], rows: int) -> dict[str, Column]:
    """Return the columns with licence and attribution of the sources that the catalogue knows."""
    missing = Column.missing(rows)
    own = [columns.get(key, missing).cells for key in ("source", "licence", "attribution")]
    owed = []
    for key, licence, attribution in zip(*own, strict=True):
        known = sources().get(str(key))
        if known and not known.licence:
            # What we drew after a document is ours, whoever the document is by.
            known = source("araxes")
        owed.append((known.licence, known.attribution) if known else (licence, attribution))
    licences, attributions = (list(values) for values in zip(*owed, strict=True))
    return columns | {
        "licence": Column.of_values(licences), "attribution": Column.of_values(attributions)
    }  # fmt: skip


def table(
    things: Iterable[Thing] | Thing, *, on: date | str | None = None
) -> geopandas.GeoDataFrame:
    """Return the rows of all things as one table in EPSG:4326, with licence and attribution.

    Where the catalogue knows the source of a row, they are those of the source; otherwise a
    table's own stay. Whole numbers and truth values stay so where some rows have none (``Int64``,
    ``boolean``).

    Parameters
    ----------
    things : whatever has ``to_gdf()``, GeoDataFrames or GeoSeries in EPSG:4326; one or several.
    on : as the things stood on this day; of a table, the rows whose `valid_from` and `valid_to`
        hold on it and those without dates.

    Raises
    ------
    CRSError : a GeoDataFrame is not in EPSG:4326.
    SchemaError : two columns of a table have one name, or a name is not text.
    GeometryError : a table has no active geometry column, or coordinates that cannot be longitude
        and latitude.
    GeometryError, UnknownNameError : one of the things is none of these.

    Examples
    --------
    >>> from corridors.model.registry import system
    >>> list(table(system("btk"))["kind"])
    ['corridor']
    """
    return read_features(things, on=on).to_gdf()
