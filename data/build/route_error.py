"""What the length of a route misses, from published distances that no length rests on.

Reads `data/context/road_distances.csv` and routes over `data/network/links.geojson`; writes
`data/network/route_error.csv`. A distance and the route's length differ by the errors of the links
and by what a route misses: other ends, other ways, other alignments. The ends have an error of
their own, whatever the length. The rest is in proportion to the square root of the length, as if
each stretch missed something of its own, and found by maximum likelihood. Its distribution is
Student's, as a few distances are those of quite another way, and these must not widen every
interval.
"""

from __future__ import annotations

import csv
import sys
from math import exp, hypot, lgamma, log, pi, sqrt
from statistics import fmean, stdev
from typing import NamedTuple

from files import DATA, table
from scipy.special import stdtrit
from shapely import LineString

sys.path.insert(0, str(DATA.parent))

from borders import geodesy
from borders.files import schema
from borders.gazetteer.places import places
from borders.measure import Z95
from corridors.network.estimate import length_of
from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.scenarios.terms import Terms

DISTANCES, ERROR = DATA / "context" / "road_distances.csv", DATA / "network" / "route_error.csv"
# Degrees of freedom: with fewer, the intervals hold less than nine in ten distances left out.
FREEDOM = 15.0
# 97.5 % quantile of Student's distribution, over that of the normal one.
WIDER = float(stdtrit(FREEDOM, 0.975)) / Z95
# Two ends, each some 1.6 km from where a table measures; an assumption. Between 0 and 4 km for both
# the published distances are equally likely.
ENDS_M = 2250.0
# Detours are compared from this length on, as ends count for less then, and up to so many standard
# deviations; assumptions.
LONG_M, FAR = 50_000.0, 3.0


class Distance(NamedTuple):
    """A published distance beside our route.

    Parameters
    ----------
    sigma_m : standard error of the route's length from its links alone.
    """

    pair: str
    kind: str
    published_m: float
    length_m: float
    sigma_m: float
    geodesic_m: float

    def scale_m(self, sigma_100km_m: float) -> float:
        """Return the error of the links together with that of what routes miss."""
        way_m = sigma_100km_m * sqrt(self.length_m / 100_000)
        return hypot(self.sigma_m, ENDS_M, way_m)

    def half_m(self, sigma_100km_m: float) -> float:
        """Return half of the 95 % interval of the route's length."""
        return 1.96 * self.scale_m(sigma_100km_m)

    def held(self, sigma_100km_m: float) -> bool:
        """Tell whether the published distance lies in the interval of the route."""
        return abs(self.published_m - self.length_m) <= self.half_m(sigma_100km_m)


def distances() -> list[Distance]:
    """Return the published distances that no length of the network rests on."""
    network, terms = load_network(), Terms(modes=("road", "ferry"))
    found = []
    with DISTANCES.open(encoding="utf-8", newline="") as file:
        for n, row in enumerate(csv.DictReader(file), 2):
            typed = schema.check("road-distance", row, f"data/context/road_distances.csv:{n}")
            if typed["use"] != "held-out":
                continue
            way = route(typed["origin"], typed["destination"], terms=terms, network=network)
            length_m, sigma_m = length_of(way.links)
            a, b = (places()[typed[key]] for key in ("origin", "destination"))
            apart_m = float(geodesy.length_m(LineString([(a.lon, a.lat), (b.lon, b.lat)])))
            pair = f"{a.id}-{b.id}"
            found.append(
                Distance(pair, typed["class"], 1000 * typed["km"], length_m, sigma_m, apart_m)
            )
    return found


def fit(known: list[Distance]) -> float:
    """Return the standard deviation of what 100 km miss, in metres.

    It is that of the distribution whose scale makes the published distances likeliest, as wide as
    its 95 % interval is.
    """
    steps = [10.0 * n for n in range(1001)]
    scale = max(steps, key=lambda sigma_m: sum(_likelihood(d, sigma_m) for d in known))
    return scale * WIDER


def _likelihood(distance: Distance, sigma_100km_m: float) -> float:
    """Return the natural logarithm of the likelihood of a published distance."""
    scale = distance.scale_m(sigma_100km_m)
    off = (distance.published_m - distance.length_m) / scale
    constant = lgamma((FREEDOM + 1) / 2) - lgamma(FREEDOM / 2) - log(sqrt(FREEDOM * pi) * scale)
    return constant - (FREEDOM + 1) / 2 * log(1 + off**2 / FREEDOM)


def left_out(known: list[Distance]) -> list[tuple[Distance, float]]:
    """Return each distance with what all others say that 100 km miss."""
    return [(d, fit([other for other in known if other is not d])) for d in known]


def farthest(known: list[Distance]) -> float:
    """Return the published length over the geodesic beyond which hardly any route goes."""
    logs = [log(d.published_m / d.geodesic_m) for d in known if d.published_m >= LONG_M]
    return exp(fmean(logs) + FAR * stdev(logs))


def build() -> int:
    known = distances()
    row = (f"{fit(known):.0f}", f"{ENDS_M:.0f}", f"{farthest(known):.3f}", len(known))
    table(ERROR, ["sigma_100km_m", "ends_m", "detour", "n"], [row])
    return len(known)


if __name__ == "__main__":
    print(build())
