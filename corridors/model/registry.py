"""Every modelled system by one id, whether a border, a territory or a corridor."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from borders.compiler.resolve import boundary
from borders.errors import AmbiguousNameError, UnknownNameError
from borders.files.bundle import own_left_out
from borders.gazetteer.places import fold
from borders.treaty.treaty import treaty_ids

if TYPE_CHECKING:
    from borders.compiler.boundary import Boundary
    from corridors.model.corridor import Corridor

__all__ = [
    "System",
    "nearest_systems",
    "readable_systems",
    "system",
    "system_ids",
    "systems",
    "systems_with_words",
]

System: TypeAlias = "Boundary | Corridor"

# Reading order of tables and legends: the treaty's lines, the corridors, what they compare with.
_ORDER = (
    "kars-1921",
    "nakhchivan",
    "nakhchivan-1921",
    "nakhchivan-moscow-1921",
    "batum-1921",
    "annex2-1921",
    "moscow-1921",
    "gumru-1920",
    "brest-litovsk-1918",
    "berlin-1878",
    "elviye-i-selase",
    "lachin-2020",
    "lachin-2022",
    "zangezur-tripp",
    "horadiz-aghband",
    "nakhchivan-railway",
    "zangezur-whole",
    "kars-igdir-dilucu",
    "btk",
    "kars-gyumri",
    "aras-road",
    "btc",
    "bte",
    "tanap",
    "tap",
    "igdir-nakhchivan-gas",
)


def system_ids() -> tuple[str, ...]:
    """Return the ids of all bundled systems in reading order."""
    from corridors.model.corridor import corridor_ids

    known = {*treaty_ids(), *corridor_ids()}
    first = [key for key in _ORDER if key in known]
    return (*first, *sorted(known.difference(first)))


def system(key: str) -> System:
    """Return a system by id, or by its name in any language.

    Raises
    ------
    UnknownNameError : no such system; the message offers the nearest ids and names.
    AmbiguousNameError : several systems bear the name.

    Examples
    --------
    >>> system("Bakü–Tiflis–Kars demiryolu").id
    'btk'
    """
    if key in treaty_ids():
        return boundary(key)
    from corridors.model.corridor import corridor, corridor_ids

    if key in corridor_ids():
        return corridor(key)
    wanted = fold(key)
    # fold() drops hyphens, so that "Kars 1921" finds kars-1921.
    matches = [match for match in readable_systems() if wanted in map(fold, _all_names(match))]
    if len(matches) == 1:
        return matches[0]
    if matches:
        ids = ", ".join(match.id for match in matches)
        message = f"'{key}' names several systems: {ids}; give an id"
        raise AmbiguousNameError(message)
    near = nearest_systems(key)
    hint = f"did you mean {', '.join(near)}?" if near else "see `araxes list`"
    message = f"no border or corridor '{key}'; {hint}"
    raise UnknownNameError(message)


def nearest_systems(key: str) -> list[str]:
    """Return the ids of the systems whose names are most like a name, at most five.

    Examples
    --------
    >>> nearest_systems("tanab")
    ['tanap', 'tap']
    """
    from difflib import get_close_matches

    wanted = fold(key)
    ids = {fold(name): known.id for known in readable_systems() for name in _all_names(known)}
    # A part of a name ("Լաչին" of "Լաչինի միջանցք") is nearer than a name of other letters.
    near = [ids[name] for name in ids if len(wanted) > 2 and wanted in name][:5]
    near += [ids[match] for match in get_close_matches(wanted, ids, n=5, cutoff=0.5)]
    return [*dict.fromkeys(near)][:5]


def systems_with_words(name: str) -> list[System]:
    """Return the systems of which a name, in any language, has all the words, in any order.

    Examples
    --------
    >>> [system.id for system in systems_with_words("Kars Treaty")]
    ['kars-1921']
    """
    wanted = _words(name)
    if not wanted:
        return []
    known = readable_systems()
    return [s for s in known if any(wanted <= _words(name) for name in _all_names(s))]


def _words(name: str) -> set[str]:
    return {fold(word) for word in re.findall(r"\w+", name)} - {"", "of", "the"}


def systems() -> tuple[System, ...]:
    """Return all bundled systems in reading order."""
    return tuple(map(_read, system_ids()))


@cache
def readable_systems() -> tuple[System, ...]:
    """Return the systems without those of a study whose file is broken; a warning names each."""
    known = []
    for key in system_ids():
        with own_left_out(f"treaties/{key}.toml", f"corridors/{key}.toml"):
            known.append(_read(key))
    return tuple(known)


def _read(key: str) -> System:
    from corridors.model.corridor import corridor

    return boundary(key) if key in treaty_ids() else corridor(key)


def _all_names(named: System) -> list[str]:
    """Return the id of a system, its names in all languages, and the names that parties use."""
    by_parties = [name.name for name in getattr(named, "names_by", ())]
    return [named.id, *named.names.values(), *by_parties]
