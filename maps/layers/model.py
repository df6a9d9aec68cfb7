"""Layers and the shapes in them: geometry, style and texts, for page and figure alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import shapely

from borders.files.bundle import BUNDLED
from borders.files.catalogue import source, sources
from borders.gazetteer.places import places
from maps.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from borders.compiler.boundary import Boundary
    from borders.dates import Status
    from borders.gazetteer.places import Place
    from borders.measure import Measure
    from corridors.model.corridor import Corridor
    from corridors.network.dated_statuses import LinkStatus
    from corridors.network.network import Network

__all__ = [
    "DATED",
    "REGION",
    "Layer",
    "Message",
    "Shape",
    "bounds_of",
    "brought_places",
    "cited",
    "km_of_error",
    "licences",
    "named",
    "numbered",
    "own_credit",
    "own_sources",
    "place_sources",
]

# West, south, east, north of the region that the systems share.
REGION = (40.4, 38.2, 50.4, 42.4)


# What the day that a map is set to changes of a shape: nothing; whether it is drawn; whether it is
# drawn and in which dash; its dash only; its dash, and it is drawn only under a scenario that
# opens or closes it. A page is given the index of each in this tuple.
DATED = ("never", "drawn", "drawn and dashed", "dashed", "under")

# A text as it is; or the id of a phrase of data/context/words.csv and the values of its
# placeholders: numbers as English writes them, ids of words, and texts. The id "list" joins the
# values with commas.
Message: TypeAlias = "str | tuple[str, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One geometry with its style, its hover text and the texts of its popup.

    Parameters
    ----------
    geometry : of any kind, EPSG:4326.
    title : the hover text.
    rows : label and value of further lines of its popup; a page puts both into the reader's
        language.
    titles : language code → title, where it is not the same in all.
    measure : length in metres, with its error.
    area : in square metres, with its error.
    periods : dated statuses, in order of time.
    dated : what a day changes of it, one of `DATED`.
    within : the statuses in which it is drawn; all, if empty.
    sources : ids, or texts of sources that the catalogue lacks.
    link : id of the link of the network that the shape draws, empty if it draws none.
    under : scenario → the status that this scenario gives it, and whether it opens it.
    position_sigma_m : standard error of where the line is drawn, across it; 0 if not stated.
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
    position_sigma_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Shapes that a reader switches on and off as one.

    Parameters
    ----------
    legend_note : a word beside its name in the legend: planned, closed … or what its dashes mean;
        empty if in use.
    show : whether it is switched on at first; figures leave out what is not.
    backdrop : whether it lies behind the subject of the map and does not widen its frame.
    group : the heading of the legend that it stands under: borders, corridors, network,
        documents (what they name besides), tables or base (the base map).
    names : language code → name.
    tolerance_m : by how much simplification may have moved its lines, in metres; 0 if they are
        whole.
    columns : name and values of the columns of a table, one value a shape.
    mode : of a corridor: rail, road, pipeline or ferry; empty for anything else.
    ended : whether it is a border or a corridor that holds no longer.
    places : those that a map of it names besides its own, as a network's extracts have them.
    topic : of what documents name besides: lands, sisters, alliances or described; empty for
        anything else.
    arcs : whether its lines join towns, so many that a page shows them faintly and those of the
        town that its reader chooses strongly.
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
    mode: str = ""
    ended: bool = False
    places: tuple[Place, ...] = ()
    topic: str = ""
    arcs: bool = False


def named(thing: Boundary | Corridor, language: str) -> str:
    """Return a thing's name in a language, or its English one."""
    return thing.names.get(language) or thing.name


def km_of_error(sigma_m: float) -> str:
    """Return a standard error in kilometres with two digits: no more is known of an error.

    Examples
    --------
    >>> km_of_error(2351), km_of_error(300), km_of_error(12040)
    ('2.4', '0.3', '12')
    """
    return f"{float(f'{sigma_m:.2g}') / 1000:g}"


def numbered(layers: Iterable[Layer]) -> list[tuple[int, Layer]]:
    """Return the layers that a legend numbers, from 1: all but backdrops."""
    return list(enumerate((layer for layer in layers if not layer.backdrop), 1))


def bounds_of(layers: Iterable[Layer]) -> tuple[float, float, float, float]:
    """Return west, south, east, north of all shapes but backdrops, or of these if all are."""
    every = list(layers)
    subject = [layer for layer in every if not layer.backdrop] or every
    geometries = [shape.geometry for layer in subject for shape in layer.shapes]
    west, south, east, north = shapely.total_bounds(geometries)
    return float(west), float(south), float(east), float(north)


def cited(layers: Iterable[Layer]) -> tuple[str, ...]:
    """Return the ids of every source behind the layers that the catalogue knows."""
    catalogued = sources()
    keys = (key for layer in layers for key in layer.sources)
    return tuple(key for key in dict.fromkeys(keys) if key in catalogued)


def place_sources() -> tuple[str, ...]:
    """Return the ids of the sources of place names: that of the gazetteer, or a study's."""
    if BUNDLED.shows:
        return ("geonames",)
    return tuple(dict.fromkeys(place.source for place in places().values()))


def brought_places(layers: Iterable[Layer]) -> tuple[Place, ...]:
    """Return the places that layers bring along, each once."""
    return tuple(dict.fromkeys(place for layer in layers for place in layer.places))


def own_credit(network: Network | None) -> tuple[str, ...]:
    """Return the file of a network of the user's own, with the days of its extracts, if any."""
    if network is None or (network.since is not None and network.credit == network.name):
        return ()
    return (network.credit,)


def own_sources(layers: Iterable[Layer]) -> tuple[str, ...]:
    """Return the sources behind the layers that the catalogue lacks, such as a user's file."""
    catalogued = sources()
    keys = dict.fromkeys(key for layer in layers for key in layer.sources)
    return tuple(key for key in keys if key not in catalogued)


def licences(layers: Iterable[Layer]) -> tuple[str, ...]:
    """Return the SPDX ids of the data behind the layers."""
    return tuple(sorted({source(key).licence for key in cited(layers)} - {""}))
