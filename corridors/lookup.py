"""The border, corridor, place or file that a user names: by id, by name, or by path."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borders.compiler.resolve import boundary
from borders.errors import AmbiguousNameError, FileFormatError, SchemaError, UnknownNameError
from borders.files.paths import exists, is_file, no_such_file
from borders.files.schema import misspelt
from borders.files.toml import read_toml
from borders.gazetteer.lookup import nearest_names, place
from corridors.context.events import Events
from corridors.context.pipelines import pipelines
from corridors.context.provinces import Province, province, province_ids, provinces_called
from corridors.context.systems import NOT_DRAWN, ContextSystem, context_ids, context_system
from corridors.model.registry import System, nearest_systems, system, systems

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas

    from borders.gazetteer.places import Place
    from corridors.network.network import Network

__all__ = ["is_place", "is_scenario", "known_thing", "named_things", "read_system_file", "thing"]

# Keys that only a scenario file has; they tell it from treaty and corridor files.
SCENARIO_KEYS = ("on", "includes", "open", "close", "build", "set", "closed", "open_hours")
# The end of a file's name: what ends so and is no system was meant as a file.
_SUFFIX = re.compile(r"\S\.[A-Za-z][A-Za-z0-9]{1,7}$")
# An address, or a path of GDAL's virtual file systems.
_FOREIGN_PATH = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|/vsi")


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
        from corridors.model.corridor import read_corridor

        return read_corridor(path)
    if table.keys() & set(SCENARIO_KEYS):
        raise SchemaError(_misplaced(str(path)))
    hint = misspelt(table, ("call", "path", *SCENARIO_KEYS))
    message = (
        f"{path}: neither a treaty file (it has no [[call]]) nor a corridor file (it has no path) "
        f"nor a scenario file (it has none of {', '.join(SCENARIO_KEYS)}){hint}"
    )
    raise SchemaError(message)


def _misplaced(name: str) -> str:
    return f"'{name}' is a scenario; give it to --scenario of route, compare or map"


def is_scenario(file: str | Path) -> bool:
    """Tell whether a TOML file describes a scenario: it has a key of one, no calls and no path."""
    path = Path(file)
    if path.suffix.lower() != ".toml" or not is_file(path):
        return False
    table = read_toml(path)
    return not {"call", "path"} & table.keys() and not table.keys().isdisjoint(SCENARIO_KEYS)


def known_thing(name: str) -> System | ContextSystem | Place:
    """Return a system by id, name or TOML file, or else a place by any of its names.

    Raises
    ------
    UnknownNameError : neither has the name; the message offers the nearest of both.
    AmbiguousNameError : several have the name; the message lists them.
    FileFormatError, SchemaError : the TOML file is not what it should be.

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
    known = _context_of(name)
    if known is not None:
        return known
    try:
        return system(name)
    except AmbiguousNameError:
        raise
    except UnknownNameError:
        try:
            return place(name)
        except AmbiguousNameError:
            raise
        except UnknownNameError as err:
            called = _province_called(name)
            if called is not None:
                return called
            raise UnknownNameError(_unknown(name)) from err


def _context_of(name: str) -> ContextSystem | None:
    """Return what of the context has an id, or else the province that has it; None if none has."""
    key = name.lower()
    if key in context_ids() or key in NOT_DRAWN:
        return context_system(key)
    return province(key) if key in province_ids() else None


def _province_called(name: str) -> Province | None:
    """Return the province that alone has a name, None if none or several have it."""
    known = provinces_called(name)
    return known[0] if len(known) == 1 else None


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    from corridors.scenarios.scenario import scenario_ids

    if name in scenario_ids():
        return _misplaced(name)
    near = [*nearest_systems(name), *nearest_names(name)]
    near = list(dict.fromkeys(near + get_close_matches(name, scenario_ids(), n=2, cutoff=0.8)))
    hint = f"did you mean {', '.join(near)}?" if near else "see `araxes list`, `araxes list places`"
    return f"no border, corridor or place '{name[:100]}'; {hint}"


def _in_network(name: str) -> bool:
    from corridors.network.load import load_network

    try:
        load_network().links_of(name)
    except UnknownNameError:
        return False
    return True


def is_place(name: str) -> bool:
    """Tell whether a place is called so, or several are."""
    try:
        place(name)
    except AmbiguousNameError:
        return True
    except UnknownNameError:
        return False
    return True


def named_things(name: str) -> tuple[Any, ...]:
    """Return what a name stands for: one thing, or several.

    ``all`` are the borders and corridors, ``context`` what else the documents name, ``pipelines``
    the corridors that carry oil or gas, ``events`` the dated events as points, ``network`` the
    bundled roads, railways and ferries. Errors are those of `thing`.

    Examples
    --------
    >>> [corridor.id for corridor in named_things("pipelines")]
    ['btc', 'bte', 'tanap', 'tap', 'igdir-nakhchivan-gas']
    """
    from corridors.network.load import load_network

    lists: dict[str, Callable[[], tuple[Any, ...]]] = {
        "all": systems, "context": lambda: tuple(map(context_system, context_ids())),
        "pipelines": lambda: tuple(system(known.id) for known in pipelines()),
        "events": lambda: (Events(),), "network": lambda: (load_network(),),
    }  # fmt: skip
    several = lists.get(name.strip().lower())
    if several is None or exists(Path(name)):
        return (thing(name),)
    return several() or (thing(name),)


def _read_table(path: Path) -> geopandas.GeoDataFrame:
    """Return the features of a vector file, called as the file is."""
    from borders.files.vector import read_vector

    table = read_vector(path)
    table.attrs["name"] = path.name
    return table


def thing(name: str) -> System | ContextSystem | Network | geopandas.GeoDataFrame:
    """Return a system by id, name or TOML file, a compiled network, or features of a vector file.

    Raises
    ------
    UnknownNameError : no such id; the message offers the nearest.
    FileFormatError, SchemaError, CRSError, GeometryError : the file is not what it should be.

    Examples
    --------
    >>> thing("Bakı–Tbilisi–Qars dəmir yolu").id
    'btk'
    """
    if not name.strip():
        message = "an empty name; give an id (see `araxes list`) or a file"
        raise UnknownNameError(message)
    from borders.files.vector import SUFFIXES, unreadable
    from corridors.network.load import load_network

    path = Path(name)
    readers: dict[str, Callable[[Path], Any]] = {
        ".toml": read_system_file, ".npz": load_network, **dict.fromkeys(SUFFIXES, _read_table)
    }  # fmt: skip
    reader = readers.get(path.suffix.lower())
    if reader is not None:
        return reader(path)
    if exists(path):
        raise FileFormatError(unreadable(path, tuple(readers)))
    known = _context_of(name)
    if known is not None:
        return known
    try:
        return system(name)
    except AmbiguousNameError:
        raise
    except UnknownNameError as err:
        from corridors.scenarios.scenario import scenario_ids

        if name in scenario_ids():
            raise UnknownNameError(_misplaced(name)) from err
        if _SUFFIX.search(name) or _FOREIGN_PATH.match(name):
            raise FileFormatError(no_such_file(path)) from err
        if _in_network(name):
            message = f"'{name}' is a crossing or link of the network; `araxes show` tells of it"
            raise UnknownNameError(message) from err
        if is_place(name):
            message = f"'{name}' is a place; give a border, a corridor or a file here"
            raise UnknownNameError(message) from err
        called = _province_called(name)
        if called is not None:
            return called
        raise
