"""From systems and tables to layers that any renderer can draw: shapes, styles and texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import shapely

from borders.files.catalogue import source, sources
from maps.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from borders.compiler.boundary import Boundary
    from borders.dates import Status
    from borders.measure import Measure
    from corridors.model.corridor import Corridor
    from corridors.network.link import LinkStatus

__all__ = [
    "DATED",
    "REGION",
    "Layer",
    "Message",
    "Shape",
    "bounds_of",
    "cited",
    "licences",
    "named",
    "numbered",
]

# West, south, east, north of the region that the systems share.
REGION = (40.4, 38.2, 50.4, 42.4)


# What a day changes of a shape: nothing; whether it is drawn; its dash as well; its dash only; it
# is there under scenarios only.
DATED = ("never", "drawn", "drawn and dashed", "dashed", "under")


# A text as it is; or the id of a phrase and what fills it: numbers as English writes them, ids of
# words, and texts. A list joins what follows with commas.
Message: TypeAlias = "str | tuple[str, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One geometry with its style, its hover text and what its popup says.

    Parameters
    ----------
    rows : label and value of what its popup says besides; both are put into words by the page.
    titles : language code → title, where it is not the same in all.
    measure : length or area.
    periods : dated statuses, in order of time.
    dated : what a day changes of it, one of `DATED`.
    within : statuses in which alone it is drawn; any, if empty.
    sources : ids, or texts of sources that the catalogue lacks.
    link : id of the link of a network that it is.
    under : scenario → the status that this scenario gives it, and whether it opens it.
    """

    geometry: Any
    style: Style
    title: str
    rows: tuple[tuple[str, Message], ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    measure: Measure | None = None
    area: Measure | None = None
    periods: tuple[Status | LinkStatus, ...] = ()
    dated: str = "never"
    within: frozenset[str] = frozenset()
    sources: tuple[str, ...] = ()
    link: str = ""
    under: Mapping[str, tuple[str, bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What is switched on and off as one.

    Parameters
    ----------
    legend_note : in a word: planned, closed … or what its dashes mean; empty if in use.
    show : whether it is switched on at first; figures leave out what is not.
    backdrop : whether it lies behind the subject of the map and does not widen its frame.
    group : what kind of thing it is, for lists: borders, corridors, network, ways, tables.
    names : language code → name.
    tolerance_m : to which its lines are simplified, 0 if they are not.
    columns : name and values of what a table says of its shapes, one value a shape.
    """

    id: str
    name: str
    shapes: tuple[Shape, ...]
    sources: tuple[str, ...]
    swatch: Style = field(default_factory=lambda: Style(colour="#333333"))
    legend_note: str = ""
    show: bool = True
    backdrop: bool = False
    group: str = "tables"
    names: Mapping[str, str] = field(default_factory=dict)
    tolerance_m: float = 0.0
    columns: tuple[tuple[str, Sequence[str]], ...] = ()


def named(thing: Boundary | Corridor, language: str) -> str:
    """Return a thing's name in a language, or its English one."""
    return thing.names.get(language) or thing.name


def numbered(found: Iterable[Layer]) -> list[tuple[int, Layer]]:
    """Return the layers that a legend numbers: what the map is about, not what lies behind it."""
    return list(enumerate((one for one in found if not one.backdrop), 1))


def bounds_of(found: Iterable[Layer]) -> tuple[float, float, float, float]:
    """Return west, south, east, north of all shapes but backdrops."""
    kept = list(found)
    subject = [one for one in kept if not one.backdrop] or kept
    shapes = [shape.geometry for one in subject for shape in one.shapes]
    west, south, east, north = shapely.total_bounds(shapes)
    return float(west), float(south), float(east), float(north)


def cited(found: Iterable[Layer]) -> tuple[str, ...]:
    """Return the ids of every source behind the layers that the catalogue knows."""
    known = sources()
    keys = (key for one in found for key in one.sources)
    return tuple(key for key in dict.fromkeys(keys) if key in known)


def licences(found: Iterable[Layer]) -> tuple[str, ...]:
    """Return the SPDX ids of the data behind the layers."""
    return tuple(sorted({source(k).licence for k in cited(found)} - {""}))
