"""Which links of a large network a map shows: those of the classes that its size has room for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridors.analysis.reach import Reach, Stretches
from corridors.network.link_table import LinkTable
from corridors.network.network import Network
from corridors.osm.tags import ROADS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from corridors.network.link import Link

    Ints = NDArray[np.integer[Any]]

__all__ = ["MOST_LINKS", "MainLinks", "main_links", "main_part"]

# So many links, and so many of their points, open quickly as a page; assumptions.
MOST_LINKS, MOST_POINTS = 10_000, 300_000
# What crosses a border is shown before all classes, then railways and ferries.
_CROSSING, _FIRST = -2, -1


class MainLinks(NamedTuple):
    """The links that are shown, and how many of each class are left out, the main ones first."""

    links: Sequence[Link]
    left_out: dict[str, int]

    @property
    def remark(self) -> str:
        """Return what is left out, in words; empty if nothing is."""
        count = sum(self.left_out.values())
        classes = ", ".join(self.left_out)
        return f"{count:,} links are not shown: {classes}" if count else ""


def main_links(links: Sequence[Link], modes: Collection[str]) -> MainLinks:
    """Return the links of some modes that a map shows: whole classes, the most important first.

    Of the first class that alone would be too many its longest links are shown.
    """
    if len(links) <= MOST_LINKS:
        return MainLinks(links, {})
    shown, left_out = _main(links, modes, np.arange(len(links)))
    return MainLinks([links[n] for n in shown.tolist()], left_out)


def main_part(thing: Any) -> tuple[Any, str]:
    """Return of a large network, or of what is reached on one, what a map shows, and a remark.

    The area of what is reached stays that of all its stretches. Anything else stays as it is.
    """
    modes = ("rail", "road", "ferry")
    if isinstance(thing, Network) and len(thing.links) > MOST_LINKS:
        main = main_links(thing.links, modes)
        shown = Network(
            links=tuple(main.links), on=thing.on, name=thing.name, since=thing.since,
            dated=thing.dated,
        )  # fmt: skip
        return shown, main.remark
    if isinstance(thing, Reach) and isinstance(thing.stretches, Stretches):
        reached = thing.stretches.numbers
        if len(reached) > MOST_LINKS:
            numbers, left_out = _main(thing.stretches.table, modes, reached)
            stretches = thing.stretches.of_links(numbers)
            return replace(thing, stretches=stretches), MainLinks((), left_out).remark
    return thing, ""


def _main(
    links: Sequence[Link], modes: Collection[str], among: Ints
) -> tuple[Ints, dict[str, int]]:
    """Return the numbers of the links that a map shows among some, and how many it leaves out."""
    if isinstance(links, LinkTable):
        kinds, kind = links.samples, np.asarray(links.columns.kind)[among]
        points = np.diff(links.offsets)[among]
        lengths = np.asarray(links.columns.length_m)[among]
    else:
        chosen = [links[n] for n in among.tolist()]
        kinds, kind = tuple(chosen), np.arange(len(chosen))
        points = np.array([len(link.xy) for link in chosen])
        lengths = np.array([link.length_m for link in chosen])
    rank = np.array([_rank(link) if link.mode in modes else len(ROADS) for link in kinds])[kind]
    shown = np.zeros(len(among), bool)
    left_out: dict[str, int] = {}
    room_links, room_points = MOST_LINKS, MOST_POINTS
    for n in np.unique(rank[rank < len(ROADS)]).tolist():
        of_class = np.flatnonzero(rank == n)
        size, count = int(points[of_class].sum()), len(of_class)
        fits = count <= room_links and size <= room_points
        if not left_out and (fits or not shown.any()):
            longest = of_class[np.argsort(-lengths[of_class], kind="stable")][:room_links]
            longest = longest[np.cumsum(points[longest]) <= room_points]
            shown[longest] = True
            room_links, room_points = room_links - len(longest), room_points - size
            count -= len(longest)
        if count:
            left_out[_word(n)] = count
    return among[shown], left_out


def _rank(link: Link) -> int:
    """Return how important a link is on a map, 0 for motorways and less for what comes before."""
    if link.crossing:
        return _CROSSING
    road = link.way_class.removesuffix("_link")
    return ROADS.index(road) if link.mode == "road" and road in ROADS else _FIRST


def _word(rank: int) -> str:
    known = {_CROSSING: "border crossings", _FIRST: "railways and others"}
    return known.get(rank, ROADS[rank])
