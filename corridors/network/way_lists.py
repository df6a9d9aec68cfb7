"""The ways of OpenStreetMap that links are made of, where that is not just the one of their id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.integer[Any]]

__all__ = ["WayLists", "read_ways", "ways_text"]


@dataclass(frozen=True, kw_only=True, eq=False)
class WayLists:
    """The ways of some links, in the order in which these pass them.

    Most links are a stretch of one way, which their id names: these have no list.

    Parameters
    ----------
    link : numbers of the links that have a list, ascending.
    offsets, way : where the list of each begins in `way`, and the ids of ways.
    """

    link: Ints
    offsets: Ints
    way: Ints

    @classmethod
    def none(cls) -> WayLists:
        """Return no lists."""
        return cls(
            link=np.zeros(0, np.int32), offsets=np.zeros(1, np.int32), way=np.zeros(0, np.int64)
        )

    @classmethod
    def of(cls, link: Ints, way: Ints, id_of: Ints) -> WayLists:
        """Return the lists of links, but for those whose one way is that of their id.

        Parameters
        ----------
        link, way : pairs of a link and a way that it passes, in order of the links; of a pair that
            comes twice the first counts.
        id_of : of each link the way of its id; one below zero is none of OpenStreetMap.
        """
        order = np.lexsort((way, link))
        again = (np.diff(link[order]) == 0) & (np.diff(way[order]) == 0)
        kept = np.sort(order[np.r_[True, ~again][: len(order)]])
        link, way = link[kept], way[kept]
        count = np.bincount(link, minlength=len(id_of))
        usual = np.where(id_of > 0, 1, 0)
        differs = count != usual
        differs[link[id_of[link] != way]] = True
        rows = np.flatnonzero(differs)
        return cls(link=rows.astype(np.int32), offsets=_ends(count[rows]), way=way[differs[link]])

    def of_link(self, n: int) -> tuple[int, ...] | None:
        """Return the list of a link, None if it has none."""
        at = int(np.searchsorted(self.link, n))
        if at == len(self.link) or self.link[at] != n:
            return None
        return tuple(self.way[self.offsets[at] : self.offsets[at + 1]].tolist())

    def taken(self, rows: Ints) -> WayLists:
        """Return the lists of links by their numbers, which are then numbered in that order."""
        if not len(self.link) or not len(rows):
            return WayLists.none()
        order = np.argsort(rows, kind="stable")
        at = np.searchsorted(rows, self.link, sorter=order).clip(0, len(rows) - 1)
        there = np.flatnonzero(rows[order[at]] == self.link)
        link = order[at[there]]
        there, link = there[by_link := np.argsort(link)], link[by_link]
        size = np.diff(self.offsets)[there]
        offsets = _ends(size)
        points = np.repeat(self.offsets[:-1][there] - offsets[:-1], size) + np.arange(offsets[-1])
        return WayLists(link=link.astype(np.int32), offsets=offsets, way=self.way[points])

    def sound(self, count: int) -> bool:
        """Tell whether these may be lists of so many links."""
        link, offsets = self.link, self.offsets
        ordered = not len(link) or (link[0] >= 0 and link[-1] < count and (np.diff(link) > 0).all())
        whole = len(offsets) == len(link) + 1 and offsets[0] == 0 and offsets[-1] == len(self.way)
        return bool(ordered and whole and (np.diff(offsets) >= 0).all())


def _ends(size: Ints) -> Ints:
    offsets: Ints = np.r_[0, np.cumsum(size)]
    return offsets.astype(np.int32 if offsets[-1] < 2**31 else np.int64)


def ways_text(ways: Iterable[int]) -> str | None:
    """Return ids of ways as one text, None for none.

    Examples
    --------
    >>> ways_text((26, 4)), ways_text(())
    ('26;4', None)
    """
    return ";".join(map(str, ways)) or None


def read_ways(text: str) -> tuple[int, ...]:
    """Return the ids of ways of a text of `ways_text`.

    Raises
    ------
    ValueError : a part is no whole number.

    Examples
    --------
    >>> read_ways("26;4")
    (26, 4)
    """
    return tuple(int(part) for part in text.split(";") if part.strip())
