"""Stretches of a route that lead so far about that a road may be missing from the network."""

from __future__ import annotations

from itertools import groupby
from math import fsum
from typing import TYPE_CHECKING, Any, NamedTuple

from borders import geodesy
from borders.gazetteer.places import places
from corridors.network.route_error import route_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.network.link import Link

    # A link, and whether it is used from its start to its end.
    Used = tuple[Link, bool]

__all__ = ["Detour", "detours_of"]

# Shorter stretches lead about for many reasons; an assumption.
LONG_M = 50_000.0


class Detour(NamedTuple):
    """A stretch by road within one country.

    Parameters
    ----------
    start, end : ids of places.
    ratio : its length over the geodesic between its ends.
    """

    start: str
    end: str
    ratio: float

    @property
    def text(self) -> str:
        """Return it in words."""
        a, b = (places()[key].name if key in places() else key for key in (self.start, self.end))
        return (
            f"{a}–{b} has {self.ratio:.1f} times the geodesic; a road may be missing here, "
            "or shut on the day"
        )

    def row(self) -> dict[str, Any]:
        """Return it as a part of the JSON of a route."""
        return {"from": self.start, "to": self.end, "length_over_geodesic": round(self.ratio, 2)}


def detours_of(used: Iterable[Used]) -> tuple[Detour, ...]:
    """Return the stretches longer than hardly any published distance is for its geodesic."""
    found = []
    for country, run in groupby(used, _country):
        stretch = list(run)
        length_m = fsum(link.length_m for link, _ in stretch)
        if not country or length_m < LONG_M:
            continue
        # Few routes have a stretch this long by road, and shapely takes long to load.
        from shapely import LineString

        last, forward = stretch[-1]
        (a, start), (b, end) = _start(stretch[0]), _start((last, not forward))
        apart_m = float(geodesy.length_m(LineString([a, b])))
        if length_m > route_error().detour * apart_m and apart_m > 0:
            found.append(Detour(start, end, length_m / apart_m))
    return tuple(found)


def _country(used: Used) -> str:
    """Return the country that a road keeps to, empty if none."""
    link, _ = used
    by_road = link.mode == "road" and link.xy and not link.crossing
    return link.countries[0] if by_road and len(set(link.countries)) == 1 else ""


def _start(used: Used) -> tuple[tuple[float, float], str]:
    link, forward = used
    return (link.xy[0], link.start.place) if forward else (link.xy[-1], link.end.place)
