"""The catalogue: every data file and every source, with citation, licence and attribution."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from borders.errors import UnknownNameError
from borders.files.bundle import BUNDLED, DataRoot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["DataFile", "Source", "attributions", "files", "source", "sources"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source: a document, a web page or a data package.

    Parameters
    ----------
    state : ``quoted``, ``source-document``, ``unverified`` or ``data``.
    licence : SPDX id, for data packages and for our own data.
    attribution : what to print wherever the data are shown.
    url, retrieved : where a copy was read, and the day; empty where that was not noted.
    """

    id: str
    citation: str
    state: str
    licence: str = ""
    attribution: str = ""
    url: str = ""
    retrieved: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """One file of `data/` with its provenance.

    Parameters
    ----------
    sources : ids, the main one first.
    licence : SPDX expression for the file as a whole.
    """

    path: str
    title: str
    sources: tuple[str, ...]
    licence: str
    made_by: str
    retrieved: str
    sha256: str
    rows: int


def sources(root: DataRoot = BUNDLED) -> Mapping[str, Source]:
    """Return every source that the data name, by id."""
    return _catalogue(root)[0]


def files(root: DataRoot = BUNDLED) -> Mapping[str, DataFile]:
    """Return every data file, by its path below `data/`."""
    return _catalogue(root)[1]


def source(key: str) -> Source:
    """Return one source.

    Raises
    ------
    UnknownNameError : the catalogue has no such source.

    Examples
    --------
    >>> source("osm-timezones").licence
    'ODbL-1.0'
    """
    known = sources()
    if key not in known:
        message = f"no source '{key}' in data/catalogue.toml or data/context/citations.csv"
        raise UnknownNameError(message)
    return known[key]


def attributions(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the attributions that must be printed where data of these sources are shown.

    A source that the catalogue lacks, such as a document that a study cites, asks for none.
    """
    known = sources()
    texts = (known[key].attribution for key in keys if key in known)
    return tuple(sorted({text for text in texts if text}))


@cache
def _catalogue(root: DataRoot) -> tuple[Mapping[str, Source], Mapping[str, DataFile]]:
    with root.path("catalogue.toml").open("rb") as file:
        table = tomllib.load(file)
    sources_by_id = {row["id"]: Source(**row) for row in table["source"]}
    for row in root.rows("context/citations.csv"):
        sources_by_id[row["id"]] = Source(**row)
    files_by_path = {
        row["path"]: DataFile(**{**row, "sources": tuple(row["sources"])}) for row in table["file"]
    }
    return MappingProxyType(sources_by_id), MappingProxyType(files_by_path)
