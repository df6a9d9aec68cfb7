"""What the length of a route misses besides the errors of its links.

A route ends elsewhere in a town than a published distance does, the network may lack a road, a
table need not take the shortest way, and alignments change. How much that makes is learnt from
published distances between towns (`data/context/road_distances.csv`) that the lengths of the
network do not rest on; `data/build/route_error.py` writes `data/network/route_error.csv`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import fsum, inf, sqrt
from typing import TYPE_CHECKING, Any

from borders.files import schema
from borders.files.bundle import BUNDLED, DataRoot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.network.link import Link

__all__ = ["RouteError", "missed_by", "misses", "route_error"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteError:
    """What routes were found to miss.

    Parameters
    ----------
    sigma_100km_m : standard error of 100 km in metres, besides that of the links; that of another
        length is in proportion to its square root.
    ends_m : standard error in metres that the two ends of a route add, whatever its length.
    detour : length over the geodesic between the ends, above which a road may be missing.
    n : how many published distances it rests on.
    """

    sigma_100km_m: float
    ends_m: float
    detour: float
    n: int


@cache
def route_error(root: DataRoot = BUNDLED) -> RouteError:
    """Return what routes were found to miss (`data/network/route_error.csv`).

    Nothing is known of a network that stands alone, in a study without a base.
    """
    rows = root.rows("network/route_error.csv")
    if not rows:
        return RouteError(sigma_100km_m=0.0, ends_m=0.0, detour=inf, n=0)
    (row,) = rows
    typed: dict[str, Any] = schema.check("route-error", row, "data/network/route_error.csv:2")
    return RouteError(**{key: typed[key] for key in ("sigma_100km_m", "ends_m", "detour", "n")})


def misses(link: Link) -> bool:
    """Tell whether routes over a link miss something: it is a road drawn through places."""
    return link.mode == "road" and link.geometry_quality == "schematic"


def missed_by(summed: Mapping[str, tuple[Link, float]]) -> float:
    """Return the standard error that a sum over routes has besides those of links and of its ends.

    It was learnt on roads drawn through places, and holds for them only. What one stretch misses
    says nothing of the next, so it is in proportion to the square root of the length; what two
    routes share cancels.

    Parameters
    ----------
    summed : id of a link → the link, and the change of the sum per metre of it.
    """
    squares_m = fsum(
        slope**2 * link.length_m for link, slope in summed.values() if slope and misses(link)
    )
    return route_error().sigma_100km_m * sqrt(squares_m / 100_000) if squares_m else 0.0
