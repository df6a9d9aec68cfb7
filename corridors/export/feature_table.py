"""The rows of borders, corridors, networks and tables as one table, each column read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from borders.compiler.boundary import Boundary
from borders.dates import holds, parse_date
from borders.errors import GeometryError, UnknownNameError
from borders.files.bundle import BUNDLED
from borders.files.catalogue import source, sources
from borders.files.columns import Column, columns_below, with_known_names
from borders.files.features import FEATURE_COLUMNS, Drawable
from borders.files.table_checks import checked
from corridors.network.load import load_network, own_links
from corridors.network.network import Network
from corridors.routing.route import Route

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    import geopandas

__all__ = ["FeatureTable", "Thing", "day_of", "read_features", "several", "table"]

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
        """Return a column, without values if there is none of that name.

        Where it has no values, the one whose name differs in case only stands for it.
        """
        name = self.spelling(key)
        return self.columns[name] if name in self.columns else Column.missing(len(self.shapes))

    def spelling(self, key: str) -> str:
        """Return the name of the column that holds what a name means: ``NAME`` for ``name``."""
        if key in self.columns and not self.columns[key].empty:
            return key
        others = [k for k, c in self.columns.items() if k.lower() == key and not c.empty]
        return others[0] if len(others) == 1 else key

    def kept(self, rows: Sequence[bool]) -> FeatureTable:
        """Return some of the rows."""
        columns = {key: column.kept(rows) for key, column in self.columns.items()}
        return FeatureTable(columns=columns, shapes=self.shapes[np.array(rows, dtype=bool)])

    def to_gdf(self) -> geopandas.GeoDataFrame:
        """Return the rows as a GeoDataFrame in EPSG:4326."""
        return self._frame({key: column.array() for key, column in self.columns.items()})

    def filled(self, *, empty: bool = False) -> dict[str, Column]:
        """Return the columns that a file holds: `FEATURE_COLUMNS`, and others with a value.

        Parameters
        ----------
        empty : those without a value as well; never one that another spelling stands for.
        """
        return {
            key: column
            for key, column in self.columns.items()
            if not column.empty or ((empty or key in FEATURE_COLUMNS) and self.spelling(key) == key)
        }

    def _frame(self, columns: dict[str, Any]) -> geopandas.GeoDataFrame:
        import geopandas

        return geopandas.GeoDataFrame(
            columns | {"geometry": self.shapes}, geometry="geometry", crs="EPSG:4326"
        )


def several(things: Any) -> list[Any]:
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
    named = with_known_names(gdf)
    begins, ends = (
        Column.of(named[key]).texts() if key in named else [""] * len(gdf)
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

    Of several things, columns with a meaning have the names of `KNOWN`, whatever their case; one
    alone keeps its own. Errors are those of `table`.

    Parameters
    ----------
    where : what a table among them is called in messages.
    """
    parts = several(things)
    alone = where or ("a table" if len(parts) == 1 else "")
    read = [(thing, _frame(thing, alone or f"table {n}", on)) for n, thing in enumerate(parts, 1)]
    if len(read) > 1:
        read = [(thing, with_known_names(frame)) for thing, frame in read]
    frames = [frame for _, frame in read if len(frame)]
    own = [is_own for thing, frame in read for is_own in _own_rows(thing, frame)]
    if not frames:
        empty = {key: Column.missing(0) for key in FEATURE_COLUMNS}
        return FeatureTable(columns=empty, shapes=np.empty(0, dtype=object))
    shapes = np.concatenate([frame.geometry.to_numpy() for frame in frames])
    columns = _credited(FeatureTable(columns=columns_below(frames), shapes=shapes), own)
    # Licence and attribution follow the columns of the first thing.
    keys = (*FEATURE_COLUMNS, *frames[0].columns, "licence", "attribution", *columns)
    ordered = {
        key: columns.get(key) or Column.missing(len(shapes))
        for key in dict.fromkeys(keys)
        if key != "geometry"
    }
    return FeatureTable(columns=ordered, shapes=shapes)


def _own_rows(thing: Any, frame: geopandas.GeoDataFrame) -> list[bool]:
    """Tell of each row of a thing's table whether it is the user's own, and not digitised by us."""
    if not BUNDLED.shows:
        return [True] * len(frame)
    if isinstance(thing, Network):
        own = {link.id for link in own_links()}
        return [thing.since is None or key in own for key in frame["id"]]
    if isinstance(thing, Route):
        ours = {id(link) for link in load_network().links} - {id(link) for link in own_links()}
        own = {link.id for link in thing.links if id(link) not in ours}
        return [key in own for key in frame["link"]]
    if isinstance(thing, Boundary):
        # After a treaty file of the user's own; where it follows our lines, these are its source.
        return [thing.treaty.id not in BUNDLED.ids("treaties", own=False)] * len(frame)
    if isinstance(thing, Drawable):
        places = {row["id"] for row in BUNDLED.own_rows("places.csv")}
        ids = frame["id"] if "id" in frame else [""] * len(frame)
        return [getattr(thing, "own", False) or key in places for key in ids]
    return [True] * len(frame)


def _credited(table: FeatureTable, own: Sequence[bool]) -> dict[str, Column]:
    """Return the columns with licence and attribution of the sources that the catalogue knows.

    Parameters
    ----------
    own : whether a row is the user's own: who drew it after a document, the catalogue cannot know.
    """
    stated = [table.column(key).cells for key in ("source", "licence", "attribution")]
    owed = []
    for is_own, key, licence, attribution in zip(own, *stated, strict=True):
        known = sources().get(str(key))
        if known and not known.licence and is_own:
            known = None
        if known and not known.licence:
            # What we drew after a document is ours, whoever the document is by.
            known = source("araxes")
        owed.append((known.licence, known.attribution) if known else (licence, attribution))
    licences, attributions = (list(values) for values in zip(*owed, strict=True))
    return table.columns | {
        table.spelling("licence"): Column.of_values(licences),
        table.spelling("attribution"): Column.of_values(attributions),
    }


def table(
    things: Iterable[Thing] | Thing, *, on: date | str | None = None
) -> geopandas.GeoDataFrame:
    """Return the rows of all things as one table in EPSG:4326, with licence and attribution.

    Where the catalogue knows the source of a row, they are those of the source; otherwise a
    table's own stay. Columns with a meaning, such as `name` and `source`, have their names in small
    letters, whatever their case in a table. Whole numbers and truth values stay so where some rows
    have none (``Int64``, ``boolean``).

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
    >>> list(table(system("btc"))["kind"])
    ['corridor']
    """
    return with_known_names(read_features(things, on=on).to_gdf())
