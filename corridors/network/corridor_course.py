"""Corridors on the real courses of the links that carry them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import shapely
from shapely import LineString, Point

from borders.geodesy import distance_m, length_m, locate_m, slice_between
from borders.measure import Measure
from corridors.model.corridor import Corridor
from corridors.model.path import Piece
from corridors.network.estimate import length_of
from corridors.network.network import Network

if TYPE_CHECKING:
    from typing import Any

    from corridors.network.link import Link

__all__ = ["on_network"]

# A link on its real path may end this far from a corridor that it carries, in standard errors of
# where the corridor is drawn, and at least so many metres; and what is no longer between two of
# them is nothing that is left to draw, but how far the ends of both are off. Assumptions.
_SIGMAS, _LEAST_M = 3.0, 3000.0


class _Stretch(NamedTuple):
    """The part of a corridor that a link carries: from where to where along it, and its course."""

    begin_m: float
    end_m: float
    course: LineString
    link: Link


def on_network(thing: Any, network: Network) -> Any:
    """Return a corridor on the real courses of those of its links that have one in a network.

    Where links carry all of it, its length is theirs, with basis ``osm``; otherwise it keeps its
    own. The bundled network becomes the other one. Anything else is returned as it is.
    """
    if isinstance(thing, Network) and thing.since is not None:
        return network
    if not isinstance(thing, Corridor):
        return thing
    links = [
        link
        for link in network.groups.get(thing.id, ())
        if link.mode == thing.mode and link.basis == "osm" and link.xy
    ]
    stretches = _apart(_stretches(thing, links))
    return _drawn(thing, stretches) if stretches else thing


def _limit_m(corridor: Corridor) -> float:
    return max(_LEAST_M, _SIGMAS * corridor.position_sigma_m)


def _stretches(corridor: Corridor, links: list[Link]) -> list[_Stretch]:
    """Return where each link lies along a corridor, in order."""
    line = corridor.centreline
    limit_m = _limit_m(corridor)
    stretches = []
    for link in links:
        ends = [Point(link.xy[0]), Point(link.xy[-1])]
        if any(float(distance_m(line, end)) > limit_m for end in ends):
            continue
        begin_m, end_m = (float(locate_m(line, end)) for end in ends)
        xy = link.xy if begin_m <= end_m else link.xy[::-1]
        begin_m, end_m = sorted((begin_m, end_m))
        if end_m > begin_m:
            stretches.append(_Stretch(begin_m, end_m, LineString(xy), link))
    return sorted(stretches, key=lambda stretch: stretch.begin_m)


def _apart(stretches: list[_Stretch]) -> list[_Stretch]:
    """Return stretches without those that lie more than half on one before, as twins do."""
    kept: list[_Stretch] = []
    for stretch in stretches:
        before_m = kept[-1].end_m if kept else 0.0
        if (stretch.begin_m + stretch.end_m) / 2 > before_m:
            kept.append(stretch)
    return kept


def _drawn(corridor: Corridor, stretches: list[_Stretch]) -> Corridor:
    line, limit_m = corridor.centreline, _limit_m(corridor)
    pieces: list[Piece] = []
    at_m, whole = 0.0, True
    for stretch in stretches:
        if stretch.begin_m - at_m > limit_m:
            pieces.append(_piece(slice_between(line, at_m, stretch.begin_m), corridor.source))
            whole = False
        pieces.append(_piece(stretch.course, stretch.link.source))
        at_m = max(at_m, stretch.end_m)
    if corridor.drawn_m - at_m > limit_m:
        pieces.append(_piece(slice_between(line, at_m, corridor.drawn_m), corridor.source))
        whole = False
    xy = [point for piece in pieces for point in piece.geometry.coords]
    centreline = shapely.remove_repeated_points(LineString(xy))
    drawn = replace(
        corridor, centreline=centreline, drawn_m=float(length_m(centreline)), pieces=tuple(pieces)
    )
    if not whole:
        return drawn
    links = [stretch.link for stretch in stretches]
    value, sigma = length_of(links)
    was = f"{corridor.length.km_text}, {corridor.length.basis}"
    return replace(
        drawn, geometry_quality="surveyed",
        position_sigma_m=max(link.position_sigma_m for link in links),
        length=Measure(value=value, sigma=sigma, basis="osm", how=f"links on real ways; was {was}"),
    )  # fmt: skip


def _piece(line: LineString, source: str) -> Piece:
    drawn_m = float(length_m(line))
    return Piece(along=None, geometry=line, drawn_m=drawn_m, true_m=drawn_m, source=source)
