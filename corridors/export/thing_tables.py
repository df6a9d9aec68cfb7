"""The tables beside the layers of a database: statuses, sources, and which thing cites which."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.files.catalogue import sources
from borders.files.columns import Column
from borders.gazetteer.places import LANGUAGES
from corridors.export.feature_table import FeatureTable
from corridors.export.file_table import FileColumn, ThingTable
from corridors.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corridors.export.file_table import FileKind

__all__ = ["NAME_COLUMNS", "SOURCES", "TABLES", "rows_beside", "thing_tables",
           "with_names"]  # fmt: skip

# The columns that a thing's names are in, one a language.
NAME_COLUMNS = tuple(f"name_{code}" for code in LANGUAGES)

_STATUS: dict[str, FileKind] = {
    "thing": "text", "status": "text", "valid_from": "day", "valid_to": "day", "precision": "text",
    "users": "text", "direction": "text", "source": "text", "state": "text", "note": "text",
}  # fmt: skip
_SOURCE: dict[str, FileKind] = dict.fromkeys(
    ("id", "citation", "state", "licence", "attribution", "url", "retrieved"), "text"
)
# The table that the others refer to.
SOURCES = "source"
# By name: what a table holds, and its columns.
TABLES: dict[str, tuple[str, dict[str, FileKind]]] = {
    SOURCES: ("Sources: citation, licence and attribution.", _SOURCE),
    "status": (
        "Statuses of borders, corridors and links. Dates are half-open: valid_to is the first day "
        "after; without a date there is no end.",
        _STATUS,
    ),
    "cited": ("Which border, corridor or link rests on which source.",
              {"thing": "text", "source": "text"}),
}  # fmt: skip


def with_names(features: FeatureTable, things: Iterable[Any]) -> FeatureTable:
    """Return a table whose rows have the names of their things in all languages.

    A column of that name that the table has already keeps its values.
    """
    names = {part.id: part.names for part in _parts(things) if getattr(part, "names", None)}
    if not names:
        return features
    ids = features.column("id").cells
    columns = dict(features.columns)
    for code, key in zip(LANGUAGES, NAME_COLUMNS, strict=True):
        stated = features.column(key).cells
        cells = [
            names.get(thing, {}).get(code) or own for thing, own in zip(ids, stated, strict=True)
        ]
        columns[features.spelling(key)] = Column.of_values(cells)
    return replace(features, columns=columns)


def thing_tables(things: Iterable[Any], features: FeatureTable) -> list[ThingTable]:
    """Return the statuses of things, the sources behind them, and which thing cites which.

    Parameters
    ----------
    things : borders, corridors, networks; those without statuses or sources have no rows.
    features : their rows, whose sources are listed as well.
    """
    parts = list(_parts(things))
    statuses = [
        {"thing": part.id} | {key: getattr(status, key, None) for key in list(_STATUS)[1:]}
        for part in parts
        for status in getattr(part, "statuses", ())
    ]
    cited = dict.fromkeys((part.id, key) for part in parts for key in _sources_of(part))
    used = dict.fromkeys(
        [key for _, key in cited]
        + [row["source"] for row in statuses]
        + [str(key) for key in features.column("source").cells if key is not None]
    )
    known = sources()
    listed = [
        {key: getattr(known[name], key) for key in _SOURCE} if name in known else {"id": name}
        for name in used
        if name
    ]
    rows: dict[str, list[dict[str, Any]]] = {
        SOURCES: listed,
        "status": statuses,
        "cited": [{"thing": thing, "source": key} for thing, key in cited],
    }
    return [
        ThingTable(name=name, about=about, columns=_columns(rows[name], kinds))
        for name, (about, kinds) in TABLES.items()
    ]


def rows_beside(things: Iterable[Any]) -> list[ThingTable]:
    """Return what the tables beside the layers hold of some of all things, without the sources."""
    none = FeatureTable(columns={}, shapes=np.empty(0, object))
    return [table for table in thing_tables(things, none) if table.name != SOURCES]


def _columns(rows: list[dict[str, Any]], kinds: dict[str, FileKind]) -> list[FileColumn]:
    return [
        FileColumn(key=key, name=key, kind=kind, cells=[row.get(key) or None for row in rows])
        for key, kind in kinds.items()
    ]


def _parts(things: Iterable[Any]) -> Iterator[Any]:
    """Yield borders, corridors and other systems, and the links of networks."""
    for thing in things:
        if isinstance(thing, Network):
            yield from thing.links
        elif isinstance(getattr(thing, "id", None), str):
            yield thing


def _sources_of(part: Any) -> list[str]:
    """Return the ids of the sources of a border or corridor, or of a link and its statuses."""
    keys = list(getattr(part, "sources", ()) or ())
    if not keys:
        own = getattr(part, "source", "")
        keys = [own, *(status.source for status in getattr(part, "statuses", ()))]
    return [key for key in dict.fromkeys(keys) if isinstance(key, str) and key]
