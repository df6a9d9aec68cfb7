"""What a user may name on the command line: an id, a name, or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from borders.errors import (
    AmbiguousNameError,
    FileFormatError,
    SchemaError,
    UnknownNameError,
)
from borders.places import Place, place
from borders.resolve import boundary
from borders.toml import read_toml
from corridors.systems import System, system

if TYPE_CHECKING:
    import geopandas

__all__ = ["is_scenario", "known_thing", "read_system_file", "thing"]


def read_system_file(file: str | Path) -> System:
    """Return the border or corridor that a TOML file describes.

    Raises
    ------
    SchemaError : the file has neither calls nor a path, or breaks the rules of `schema.csv`.
    """
    path = Path(file)
    table = read_toml(path)
    if "call" in table:
        return boundary(path)
    if "path" in table:
        from corridors.corridor import read_corridor

        return read_corridor(path)
    message = (
        f"{path}: neither a treaty file (it has no [[call]]) nor a corridor file (it has no path)"
    )
    raise SchemaError(message)


def is_scenario(file: str | Path) -> bool:
    """Tell whether a TOML file describes a scenario: neither calls nor a path of its own."""
    path = Path(file)
    if path.suffix.lower() != ".toml" or not path.is_file():
        return False
    table = read_toml(path)
    keys = {"on", "includes", "open", "close", "build", "set"}
    return not {"call", "path"} & table.keys() and bool(keys & table.keys())


def known_thing(name: str) -> System | Place:
    """Return a system by id, name or TOML file, or else a place by any of its names.

    Raises
    ------
    UnknownNameError : neither; the message offers the nearest of both.
    AmbiguousNameError : several bear the name; the message lists them.

    Examples
    --------
    >>> known_thing("Горадиз").id
    'horadiz'
    """
    if not name.strip():
        message = "an empty name; give an id (see `araxes list`) or a place"
        raise UnknownNameError(message)
    if Path(name).suffix.lower() == ".toml":
        return read_system_file(name)
    try:
        return system(name)
    except AmbiguousNameError:
        raise
    except UnknownNameError as no_system:
        try:
            return place(name)
        except AmbiguousNameError:
            raise
        except UnknownNameError as no_place:
            message = f"{no_system}; {no_place}"
            raise UnknownNameError(message) from no_place


def thing(name: str) -> System | geopandas.GeoDataFrame:
    """Return a system by id, name or TOML file, or the features of a vector file.

    Raises
    ------
    UnknownNameError : no such id; the message offers the nearest.
    FileFormatError, SchemaError, CRSError, GeometryError : the file is not what it should be.
    """
    if not name.strip():
        message = "an empty name; give an id (see `araxes list`) or a file"
        raise UnknownNameError(message)
    from borders.vector import SUFFIXES, read_vector

    path = Path(name)
    suffix = path.suffix.lower()
    if suffix == ".toml":
        return read_system_file(path)
    if suffix in SUFFIXES:
        table = read_vector(path)
        table.attrs["name"] = path.name
        return table
    if path.is_file():
        known = ", ".join([".toml", *SUFFIXES])
        message = f"{path}: unknown kind of file; known suffixes: {known}"
        raise FileFormatError(message)
    return system(name)
