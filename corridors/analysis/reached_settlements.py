"""The settlements of an extract within a distance, a time or a cost of a place."""

from __future__ import annotations

from contextlib import suppress
from math import cos, radians
from typing import TYPE_CHECKING, NamedTuple

from borders.errors import AmbiguousNameError, UnknownNameError
from borders.geodesy.earth import DEGREE_M
from corridors.analysis.reach import Stretches, reach_of
from corridors.network.snapping import LIMIT_M
from corridors.routing.query import planner_for

if TYPE_CHECKING:
    from borders.gazetteer.places import Place
    from corridors.analysis.reach import Reach
    from corridors.network.compiled import CompiledNetwork

__all__ = ["Settlement", "settlements_within"]


class Settlement(NamedTuple):
    """A settlement of an extract, and what it takes to get there with its 95 % interval."""

    name: str
    value: float
    low: float
    high: float


def settlements_within(
    area: Reach, network: CompiledNetwork, *, most: int
) -> tuple[list[Settlement], int]:
    """Return the settlements of an extract within a reach, nearest first, and how many it left out.

    They lie at the nearest points of its roads or railways, as ends of routes do.

    Parameters
    ----------
    network : on which the reach was found, no link of it divided.
    most : the most that are looked for, the most important ones.
    """
    import shapely

    if not len(area.stretches):
        return [], 0
    west, south, east, north = shapely.total_bounds(
        area.stretches.arrays[1] if isinstance(area.stretches, Stretches)
        else [line for _, line in area.stretches]
    )  # fmt: skip
    near_deg = LIMIT_M / DEGREE_M / max(cos(radians(max(abs(south), abs(north)))), 0.01)
    near = [
        place for place in network.places
        if west - near_deg < place.lon < east + near_deg
        and south - near_deg < place.lat < north + near_deg
    ]  # fmt: skip
    names = {_as_end(place, network): place.name for place in near[:most]}
    origin = getattr(area.origin, "name", area.origin)
    planner = planner_for([area.scenario], area.terms, network, None, ends=[origin, *names])
    start = planner.stops.place(origin)
    found = reach_of(planner, start, area.limit)
    ends, settlements = found.intervals(), []
    for end, name in names.items():
        with suppress(UnknownNameError):
            key = planner.stops.place(end)
            if key in found.places and key != start:
                settlements.append(Settlement(name, found.places[key], *ends[key]))
    return sorted(settlements, key=lambda settlement: settlement.value), max(len(near) - most, 0)


def _as_end(place: Place, network: CompiledNetwork) -> str:
    """Return what means a settlement as the end of a route: its name, or else its coordinates."""
    with suppress(AmbiguousNameError, UnknownNameError):
        meant = network.snapper.placed(place.name)
        if (meant.lon, meant.lat) == (place.lon, place.lat):
            return place.name
    return f"{place.lat:.7f},{place.lon:.7f}"
