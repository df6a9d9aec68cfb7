"""What it takes to get from one place to the places of a network and to the towns near them."""

from __future__ import annotations

from math import cos, inf, radians
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.gazetteer.places import towns, twins
from corridors.analysis.reached_area import BUFFER_M
from corridors.network.border_position import part_before_border
from corridors.network.compiled import CompiledNetwork
from corridors.network.link_table import PER_DEGREE, LinkTable
from corridors.routing.find import route_of
from corridors.scenarios.terms import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from borders.gazetteer.places import Place
    from borders.measure import Measure
    from corridors.network.estimate import Estimate
    from corridors.network.link import Link
    from corridors.routing.graph import Floats, Ints
    from corridors.routing.planner import RoutePlanner
    from corridors.routing.route import Route, Step
    from corridors.scenarios.network_state import NetworkState

__all__ = ["AccessSearch", "ServedTowns", "has_places"]

# Of more places than this the intervals of `SAMPLED` are found, and those between by their values.
MOST_EXACT, SAMPLED = 2000, 400
# 5 km in degrees of a plane in which a degree of longitude has one width throughout, with room
# for latitudes where it has another.
_NEAR = 1.4 * BUFFER_M / 111_320.0


def has_places(planner: RoutePlanner) -> bool:
    """Tell whether the nodes of a network are places, and not the points of imported roads."""
    return not isinstance(planner.without_candidates, CompiledNetwork)


class ServedTowns:
    """Which towns of the gazetteer lie within 5 km of which places and roads of a network.

    Attributes
    ----------
    towns : all of the gazetteer.
    place : for each pair of a town and a place near it, number of the town, and the place.
    town, link, part : for each pair of a town and a road near it, numbers of both, and the part of
        the road, from its start, up to the nearest point.
    """

    def __init__(self, planner: RoutePlanner) -> None:
        self.towns: list[Place] = list(towns().values())
        lon = np.array([town.lon for town in self.towns])
        lat = np.array([town.lat for town in self.towns])
        # One plane will do to find what is near: what lies 5 km away is measured anew.
        self._scale = cos(radians(float(lat.mean()))) if len(lat) else 1.0
        self._lon, self._lat = lon, lat
        self._near_places(planner)
        self._near_roads(planner)

    def _near_places(self, planner: RoutePlanner) -> None:
        import shapely

        self.place: list[tuple[int, str]] = []
        if not has_places(planner):
            return
        keys, xy = planner.stops.positions
        if keys:
            pairs = self._tree().query(
                shapely.points(xy * [self._scale, 1.0]), predicate="dwithin", distance=_NEAR
            )
            near = _distance_m(self._lon[pairs[1]], self._lat[pairs[1]], *xy[pairs[0]].T)
            kept = pairs[:, near <= BUFFER_M].T.tolist()
            self.place += [(town, keys[place]) for place, town in kept]
        twin = twins()
        known = set(keys)
        self.place += [
            (n, twin[town.id]) for n, town in enumerate(self.towns) if twin.get(town.id) in known
        ]

    def _tree(self) -> Any:
        import shapely

        return shapely.STRtree(shapely.points(self._lon * self._scale, self._lat))

    def _near_roads(self, planner: RoutePlanner) -> None:
        import shapely

        roads, sizes, xy = _roads_of(planner.network.links)
        empty = np.empty(0, int)
        self.town, self.link, self.part = empty, empty, np.empty(0)
        if not roads.size:
            return
        lines = shapely.linestrings(
            xy * [self._scale, 1.0], indices=np.repeat(np.arange(len(sizes)), sizes)
        )
        line, town = self._tree().query(lines, predicate="dwithin", distance=_NEAR)
        points = shapely.points(self._lon[town] * self._scale, self._lat[town])
        part = shapely.line_locate_point(lines[line], points, normalized=True)
        foot = shapely.get_coordinates(
            shapely.line_interpolate_point(lines[line], part, normalized=True)
        ) / [self._scale, 1.0]
        kept = _distance_m(self._lon[town], self._lat[town], *foot.T) <= BUFFER_M
        self.town, self.link, self.part = town[kept], roads[line[kept]], part[kept]


def _roads_of(links: Sequence[Link]) -> tuple[Ints, Ints, Floats]:
    """Return numbers of the roads, how many points each has, and all points, shape (n, 2)."""
    if isinstance(links, LinkTable):
        road = np.array([kind["mode"] == "road" for kind in links.kinds], bool)
        counts = np.diff(links.offsets)
        chosen = road[links.columns.kind] & (counts > 1)
        points = links.xy[np.repeat(chosen, counts)] / PER_DEGREE
        return np.flatnonzero(chosen), counts[chosen], points
    roads = [n for n, link in enumerate(links) if link.mode == "road" and link.xy]
    sizes = [len(links[n].xy) for n in roads]
    xy = np.array([point for n in roads for point in links[n].xy]).reshape(-1, 2)
    return np.array(roads, int), np.array(sizes, int), xy


def _distance_m(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Floats:
    from borders.geodesy.lonlat import WGS84

    distance_m: Floats = WGS84.inv(lon, lat, to_lon, to_lat)[2]
    return distance_m


class AccessSearch:
    """What it takes to get from one place to all others under one scenario, with intervals.

    Parameters
    ----------
    bases : to which what the values rest on is added.
    """

    def __init__(
        self, planner: RoutePlanner, state: NetworkState, start: str, bases: set[str]
    ) -> None:
        self.planner, self.state, self.start = planner, state, start
        self.remarks: list[str] = []
        self._unit = QUANTITIES[planner.terms.by].factor
        self._by_modes = [
            planner.costs_from(state, start, modes) for modes in planner.terms.choices
        ]
        self._costs: dict[str, float] = {}
        for costs, _, _ in self._by_modes:
            for key, cost in costs.items():
                if cost < self._costs.get(key, inf):
                    self._costs[key] = cost
        self._margins = self._relative(bases)

    def places(self) -> dict[str, Floats]:
        """Return place → value, low and high, of the places that are reached."""
        return {
            key: cost / self._unit * np.array([1.0, *self._margins[key]])
            for key, cost in self._costs.items()
        }

    def towns(self, served: ServedTowns) -> Floats:
        """Return value, low and high of each town, shape (n, 3)."""
        best = np.full((len(served.towns), 3), inf)

        def take(n: int, cost: float, margins: tuple[float, float]) -> None:
            if cost < best[n, 0]:
                best[n] = cost, cost * margins[0], cost * margins[1]

        for n, key in served.place:
            if key in self._costs:
                take(n, self._costs[key], self._margins[key])
        for _, costs_to, costs in self._by_modes:
            for way in (0, 1):
                arc = 2 * served.link + way
                usable = np.flatnonzero(np.isfinite(costs[arc]) & np.isfinite(costs_to[arc]))
                part = served.part if way == 0 else 1.0 - served.part
                for k in usable.tolist():
                    n, link = int(served.town[k]), int(served.link[k])
                    there = float(costs_to[arc[k]])
                    if there < best[n, 0]:
                        along = self._along(link, float(part[k]), float(costs[arc[k]]), way == 0)
                        nearer = (part[k] > 0.5) == (way == 0)
                        take(n, there + along, self._margins_at(link, at_end=bool(nearer)))
        return best / self._unit

    def _along(self, n: int, part: float, cost: float, forward: bool) -> float:
        """Return what a part of a link costs, from where it is entered."""
        link = self.planner.network.links[n]
        if not link.crossing:
            return part * cost
        state = self.state
        due = state.rates.paid_at_once(link.travelled(forward=forward), state.terms.by)
        before = part_before_border(link) if forward else 1.0 - part_before_border(link)
        return part * (cost - due) + (due if part > before else 0.0)

    def _margins_at(self, n: int, *, at_end: bool) -> tuple[float, float]:
        """Return the relative interval of one end of a link; of the other one at the start."""
        link = self.planner.network.links[n]
        ends = (link.end, link.start) if at_end else (link.start, link.end)
        keys = (end.place for end in ends)
        return next((self._margins[k] for k in keys if k != self.start and k in self._margins),
                    (1.0, 1.0))  # fmt: skip

    def _relative(self, bases: set[str]) -> dict[str, tuple[float, float]]:
        """Return place → ends of the 95 % interval of its value, as parts of it."""
        keys = sorted((k for k in self._costs if k != self.start), key=self._costs.__getitem__)
        margins = {self.start: (1.0, 1.0)}
        asked = keys
        if len(keys) > MOST_EXACT:
            asked = [keys[n] for n in np.linspace(0, len(keys) - 1, SAMPLED).astype(int).tolist()]
            self.remarks.append(
                f"of {len(keys):,} places the intervals of {SAMPLED} were found; those of the "
                "others are between theirs, by value"
            )
        steps: dict[tuple[str, bool], Step] = {}
        pairs = [(self.start, key) for key in asked]
        for pair, path in zip(pairs, self.planner.find_each(self.state, pairs), strict=True):
            if path is None:
                continue
            route = route_of(self.state, pair, path.steps, known=steps)
            total = _sum(route, self.planner.terms.by)
            bases.update(total.basis.split("+"))
            whole = total.value or 1.0
            margins[pair[1]] = max(total.low, 0.0) / whole, total.high / whole
        if asked is not keys:
            known = [self._costs[key] for key in asked]
            ends = np.array([margins.get(key, (1.0, 1.0)) for key in asked])
            values = [self._costs[key] for key in keys]
            lows, highs = (np.interp(values, known, ends[:, n]).tolist() for n in (0, 1))
            margins |= dict(zip(keys, zip(lows, highs, strict=True), strict=True))
        return {key: margins.get(key, (1.0, 1.0)) for key in self._costs}


def _sum(route: Route, by: str) -> Measure | Estimate:
    sums: dict[str, Measure | Estimate]
    sums = {"km": route.length, "hours": route.time, "cost": route.cost}
    return sums[by]
