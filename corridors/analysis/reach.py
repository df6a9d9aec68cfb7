"""The places and stretches of links within a distance, a time or a cost of a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np

from corridors.analysis.reached_area import area_around, width_m
from corridors.analysis.tree_intervals import tree_intervals
from corridors.network.border_position import part_before_border
from corridors.network.cost_basis import cost_basis_of_modes
from corridors.network.link_table import LinkTable
from corridors.routing.find import route_of
from corridors.routing.obstacles import check_served
from corridors.routing.query import as_limit, planner_for
from corridors.routing.route import name_of
from corridors.scenarios.terms import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    import geopandas
    from numpy.typing import NDArray
    from shapely import LineString
    from shapely.geometry.base import BaseGeometry

    from borders.measure import Measure
    from corridors.network.cost_basis import CostBasis
    from corridors.network.estimate import Estimate
    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.graph import Floats, Ints
    from corridors.routing.planner import PathTree, RoutePlanner
    from corridors.routing.route import Step
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["Reach", "Stretches", "area_width_m", "reach", "reach_of"]

# Whose links say how dense a network is: ferries are long everywhere.
_ON_LAND = ("road", "rail")
# Shorter stretches, which only rounding gives, are left out.
MIN_STRETCH_M = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reach:
    """The places and stretches within a limit of a place.

    Parameters
    ----------
    origin : id of the place.
    limit : kilometres, hours or US dollars a tonne, as `terms` say.
    places : id → kilometres, hours or US dollars a tonne to get there, nearest first.
    stretches : links, each with a part of its course that is reached, EPSG:4326; a link that is
        reached from both ends, but not to its middle, has two. Made when they are asked for.
    asked : what found them, for the intervals.
    """

    origin: str
    limit: float
    scenario: Scenario
    terms: Terms
    places: Mapping[str, float] = field(hash=False)
    stretches: Sequence[tuple[Link, LineString]]
    kind: str = "reach"
    asked: _Asked | None = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        """Return one line: limit, place, scenario, how much lies within."""
        return f"<Reach {self.name}, {self.scenario.id}: {len(self.places)} places>"

    @property
    def id(self) -> str:
        """Return an id of place, limit and scenario."""
        return f"{self.origin}-{self.limit:g}-{self.terms.by}-{self.scenario.id}"

    @property
    def name(self) -> str:
        """Return what it shows, in words."""
        return f"within {self.limit:g} {QUANTITIES[self.terms.by].unit} of {name_of(self.origin)}"

    @property
    def names(self) -> dict[str, str]:
        """Return language code → name."""
        return {"en": self.name}

    @property
    def network(self) -> Network | None:
        """Return the network that it was found on; None where nothing says what found it."""
        return None if self.asked is None else self.asked.planner.without_candidates

    @property
    def cost_basis(self) -> CostBasis:
        """Return what costs may rest on, by the modes that it was asked for."""
        modes = (mode for choice in self.terms.choices for mode in choice)
        return cost_basis_of_modes(modes, self.scenario.settings)

    def intervals(self) -> dict[str, tuple[float, float]]:
        """Return place → the ends of the 95 % interval of what it takes to get there.

        In kilometres, hours or US dollars a tonne, as the limit is.

        Examples
        --------
        >>> low, high = reach("Kars", 100).intervals()["sarikamis"]
        >>> low < reach("Kars", 100).places["sarikamis"] < high
        True
        """
        if self.asked is None:
            return {}
        by_tree = all(tree.before is not None for tree in self.asked.trees)
        if by_tree and isinstance(self.places, _Places):
            return self._intervals_of_tree(self.asked)
        return self._intervals_of_routes(self.asked)

    def _intervals_of_tree(self, asked: _Asked) -> dict[str, tuple[float, float]]:
        planner, state = asked.planner, asked.planner.states[0]
        # On a compiled network places have no stations of their own.
        nodes = planner.arrivals_by(planner.terms.choices[0])[asked.within]
        unit = QUANTITIES[self.terms.by].factor
        low, high, least = (np.full(len(nodes), inf) for _ in range(3))
        for tree in asked.trees:
            mine = tree.costs[nodes] < least
            least[mine] = tree.costs[nodes[mine]]
            low[mine], high[mine] = tree_intervals(planner, state, tree, nodes[mine])
        ends = zip((low / unit).tolist(), (high / unit).tolist(), strict=True)
        assert isinstance(self.places, _Places)
        return dict(zip(self.places.unsorted, ends, strict=True))

    def _intervals_of_routes(self, asked: _Asked) -> dict[str, tuple[float, float]]:
        planner, state = asked.planner, asked.planner.states[0]
        unit = QUANTITIES[self.terms.by].factor
        pairs = [(self.origin, place) for place in self.places if place != self.origin]
        steps: dict[tuple[str, bool], Step] = {}
        ends = {place: (value, value) for place, value in self.places.items()}
        for pair, path in zip(pairs, planner.find_each(state, pairs), strict=True):
            if path is not None:
                route = route_of(state, pair, path.steps, known=steps)
                summed: dict[str, Measure | Estimate]
                summed = {"km": route.length, "hours": route.time, "cost": route.cost}
                quantity = summed[self.terms.by]
                ends[pair[1]] = quantity.low / unit, quantity.high / unit
        return ends

    @property
    def n_rows(self) -> int:
        """Return how many rows its table has."""
        return len(self.stretches) + 1 if len(self.stretches) else 0

    def parts(self, size: int) -> Iterator[Reach]:
        """Yield it in parts with so many stretches, of which the first has the area."""
        if not isinstance(self.stretches, Stretches):
            yield self
            return
        for begin in range(0, len(self.stretches), size):
            rows = np.arange(begin, min(begin + size, len(self.stretches)))
            yield replace(self, stretches=self.stretches.taken(rows, area=not begin))

    def sample(self) -> Reach:
        """Return it with one stretch of each kind of link, in whose columns is all that may be."""
        if not isinstance(self.stretches, Stretches) or not len(self.stretches):
            return self
        kind = self.stretches.table.columns.kind[self.stretches.arrays[0]]
        first = np.sort(np.unique(kind, return_index=True)[1])
        return replace(self, stretches=self.stretches.taken(first, area=True))

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return one row for the area and one for each reached stretch, in EPSG:4326.

        The area is what lies within 5 km of a reached stretch; on a network of streets within less,
        about as far as its links are long, or a fiftieth of what is reached is wide. A stretch has
        its share of the length on the ground of its link, in metres, and of the standard error of
        that length.

        Parameters
        ----------
        on : has no effect, a reach being of one day; all things that are drawn take it.
        """
        from borders.files.features import features_to_gdf
        from borders.geodesy import length_m

        del on
        shared: dict[str, Any] = {
            "id": self.id, "name": self.name, "valid_from": None, "valid_to": None,
            "geometry_quality": "schematic", "scenario": self.scenario.id,
        }  # fmt: skip
        if isinstance(self.stretches, Stretches) and len(self.stretches):
            return self._gdf_of_table(self.stretches, shared)
        drawn = np.array([line for _, line in self.stretches], dtype=object)
        whole = _courses([link for link, _ in self.stretches]) if len(drawn) else drawn
        shares = length_m(drawn) / length_m(whole)
        rows = [
            {
                **shared, "kind": "route", "length_m": float(share * link.length_m),
                "sigma_m": float(share * link.sigma_m), "source": link.source, "link": link.id,
                "mode": link.mode, "geometry": line,
            }
            for (link, line), share in zip(self.stretches, shares, strict=True)
        ]  # fmt: skip
        if rows:
            area = {
                **shared, "kind": "reach", "length_m": None, "sigma_m": None,
                "source": self._area_source(rows[0]["source"]),
                "geometry": area_around(drawn, area_width_m(self)),
            }  # fmt: skip
            rows.insert(0, area)
        return features_to_gdf(rows)

    def _area_source(self, of_link: str) -> str:
        """Return the source of the area: ours around our links, else that of the first link."""
        ours = self.network is None or self.network.since is not None
        return "araxes" if ours else of_link

    def _gdf_of_table(self, stretches: Stretches, shared: dict[str, Any]) -> geopandas.GeoDataFrame:
        """Return the same rows of links that are a table, none of which is made for that."""
        from borders.files.features import columns_to_gdf
        from borders.geodesy import length_m

        table, (numbers, lines, partly) = stretches.table, stretches.arrays
        share = np.ones(len(numbers))
        share[partly] = length_m(lines[partly]) / length_m(table.lines(numbers[partly]))
        lengths = share * table.columns.length_m[numbers]
        sigmas = share * np.hypot(*table.errors_m(numbers, table.columns.length_m[numbers]))
        kind = table.columns.kind[numbers]

        def of_kind(name: str) -> list[Any]:
            values = [getattr(sample, name) for sample in table.samples]
            return [values[n] for n in kind.tolist()]

        area = np.array([stretches.area] if stretches.has_area else [], object)
        first = len(area)
        count = first + len(numbers)
        cells: dict[str, Any] = {key: [value] * count for key, value in shared.items()}
        cells |= {
            "kind": [*["reach"] * first, *["route"] * len(numbers)],
            "length_m": np.r_[[np.nan] * first, lengths],
            "sigma_m": np.r_[[np.nan] * first, sigmas],
            "source": [*map(self._area_source, of_kind("source")[:first]), *of_kind("source")],
            "link": [*[None] * first, *map(table.id_of, numbers.tolist())],
            "mode": [*[None] * first, *of_kind("mode")],
            "geometry": np.concatenate([area, lines]),
        }  # fmt: skip
        return columns_to_gdf(cells, count)


def reach(
    origin: str,
    limit: float,
    *,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
) -> Reach:
    """Return what lies within a limit of a place.

    Parameters
    ----------
    origin : place, by id or by a name in any language; on a network of extracts also a position,
        latitude first, such as ``"40.601,43.095"``.
    limit : kilometres, hours or US dollars a tonne, as `terms` say.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.

    Raises
    ------
    AraxesError : the limit is not a positive number, or too large to reckon with.
    NoAnswerError : no link of the modes asked for begins at the place.
    UnknownNameError : no such place or scenario; the message offers the nearest.

    Examples
    --------
    >>> list(reach("Kars", 1).places)
    ['kars']
    """
    limit = as_limit(limit)
    planner = planner_for([scenario], terms, network, on, ends=[origin])
    return reach_of(planner, planner.stops.place(origin), limit)


def reach_of(planner: RoutePlanner, start: str, limit: float) -> Reach:
    """Return what lies within a limit of a place of a planner."""
    terms, state = planner.terms, planner.states[0]
    unit = QUANTITIES[terms.by].factor
    max_cost = limit * unit
    check_served(planner, start)
    keys, links = planner.arrivals, planner.network.links
    costs = np.full(len(keys), inf)
    # Parts of the links that are reached from the start and from the end, 0 to 1.
    parts = np.zeros((len(links), 2))
    trees: list[PathTree] = []
    for modes in terms.choices:
        if not planner.serves((planner.stops.station(start, modes),), modes):
            continue
        nodes = planner.arrivals_by(modes)
        tree = planner.tree(state, start, modes, max_cost)
        costs = np.minimum(costs, tree.costs[nodes])
        left = max_cost - tree.entered
        reached = _reached_parts(planner, state, left, tree.arc_costs)
        np.maximum(parts, reached.reshape(-1, 2), out=parts)
        trees.append(tree)
    within = np.flatnonzero(costs <= max_cost)
    if isinstance(links, LinkTable):
        places: Mapping[str, float] = _Places(keys, within, costs[within] / unit)
    else:
        found = {keys[n]: float(costs[n]) / unit for n in within.tolist()}
        places = {key: found[key] for key in sorted(found, key=lambda key: (found[key], key))}
    stretches = Stretches(links, parts)
    return Reach(
        origin=start, limit=limit, scenario=state.scenario, terms=terms, places=places,
        stretches=stretches if isinstance(links, LinkTable) else tuple(stretches),
        asked=_Asked(planner, tuple(trees), within),
    )  # fmt: skip


class _Asked(NamedTuple):
    """What found the places of a reach: trees, and which of the planner's places they are."""

    planner: RoutePlanner
    trees: tuple[PathTree, ...]
    within: Ints


class _Places(Mapping[str, float]):
    """Place → what it takes to get there, nearest first; made when it is asked for."""

    def __init__(self, keys: Sequence[str], which: Ints, values: Floats) -> None:
        self._keys, self._which, self._values = keys, which, values

    @cached_property
    def _value_of(self) -> dict[str, float]:
        order = np.argsort(self._values, kind="stable")
        ids = map(self._keys.__getitem__, self._which[order].tolist())
        return dict(zip(ids, self._values[order].tolist(), strict=True))

    @property
    def unsorted(self) -> Iterator[str]:
        return map(self._keys.__getitem__, self._which.tolist())

    def __getitem__(self, key: str) -> float:
        return self._value_of[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._value_of)

    def __len__(self) -> int:
        return len(self._which)


def _reached_parts(
    planner: RoutePlanner, state: NetworkState, left: Floats, costs: Floats
) -> Floats:
    """Return the part of each link that is reached forward and backward in turn, 0 to 1.

    Parameters
    ----------
    left : what is left of the limit where each is entered, in metres, hours or US dollars a tonne.
    costs : of each, infinite where it may not be used.
    """
    entered = (left > 0) & (costs < inf)
    whole = left >= costs
    parts = (entered & whole).astype(float)
    partly = np.flatnonzero(entered & ~whole)
    parts[partly] = left[partly] / costs[partly]
    # Whoever is at the border has not paid yet what is due there.
    links = planner.network.links
    for arc in partly[_crossing(links, partly // 2)].tolist():
        link, forward = links[arc // 2], arc % 2 == 0
        parts[arc] = _part_of(state, link, float(left[arc]), forward=forward)
    return parts


def _crossing(links: Sequence[Link], which: Ints) -> Any:
    """Tell which of some links cross a border."""
    if isinstance(links, LinkTable):
        crosses = np.array([bool(link.crossing) for link in links.samples], bool)
        return crosses[links.columns.kind[which]]
    return np.array([bool(links[n].crossing) for n in which.tolist()], bool)


def _part_of(state: NetworkState, link: Link, left: float, *, forward: bool) -> float:
    """Return the part of a link that is reached with less than all of it takes, 0 to 1.

    The delay and the fee of a crossing fall due at the border, those of a ferry at the quay where
    it is entered; others are spread over the link.
    """
    cost = state.weight(link, forward=forward)
    travelled = link.travelled(forward=forward)
    due = state.rates.paid_at_once(travelled, state.terms.by) if link.crossing else 0.0
    moving = cost - due
    if due <= 0:
        return left / cost
    before = 0.0
    if link.mode != "ferry":
        before = part_before_border(link) if forward else 1.0 - part_before_border(link)
    if left <= before * moving:
        return left / moving
    return max(before, (left - due) / moving) if moving > 0 else before


class Stretches(Sequence["tuple[Link, LineString]"]):
    """Links with each line of their courses that is reached, made when they are asked for.

    Parameters
    ----------
    parts : part of each link reached from its start and from its end, 0 to 1, shape (n, 2).
    around : the stretches that the area lies around, if they are others than these.
    rows : which of the stretches of `around` these are; those of `parts` if missing.
    has_area : whether the area is drawn with them.
    """

    def __init__(
        self, links: Sequence[Link], parts: Floats, around: Stretches | None = None,
        *, rows: Ints | None = None, has_area: bool = True,
    ) -> None:  # fmt: skip
        self._links, self._parts, self._around = links, parts, around
        self._rows, self.has_area = rows, has_area

    @property
    def numbers(self) -> Ints:
        """Return the numbers of the links of which a part is reached."""
        return np.flatnonzero(self._parts.any(axis=1))

    def of_links(self, numbers: Ints) -> Stretches:
        """Return those of some links; the area stays the one around all of them."""
        parts = np.zeros_like(self._parts)
        parts[numbers] = self._parts[numbers]
        return Stretches(self._links, parts, self._around or self)

    def taken(self, rows: Ints, *, area: bool) -> Stretches:
        """Return some, by their positions; the area, if it stays, is the one around all of them."""
        return Stretches(self._links, self._parts, self, rows=rows, has_area=area)

    @cached_property
    def area(self) -> BaseGeometry:
        """Return what lies within `width_m` of the stretches that the area lies around."""
        if self._around is not None:
            return self._around.area
        area: BaseGeometry = area_around(self.arrays[1], self.width_m)
        return area

    @cached_property
    def width_m(self) -> float:
        """Return how far the area goes from the stretches that it lies around, in metres."""
        if self._around is not None:
            return self._around.width_m
        return width_m(self.arrays[1], _mean_length_m(self._links))

    @property
    def table(self) -> LinkTable:
        """Return the links as columns."""
        assert isinstance(self._links, LinkTable)
        return self._links

    @cached_property
    def arrays(self) -> tuple[Ints, Any, NDArray[np.bool_]]:
        """Return of each stretch its link's number, its line, and whether it is only a part."""
        if self._rows is not None and self._around is not None:
            numbers, lines, partly = self._around.arrays
            return numbers[self._rows], lines[self._rows], partly[self._rows]
        touched = self.numbers
        lines = _lines_of(self._links, touched)
        there = np.array([line is not None for line in lines], bool)
        touched, lines = touched[there], lines[there]
        whole = self._parts[touched].sum(axis=1) >= 1
        ends = [
            (n, line)
            for n, course in zip(touched[~whole].tolist(), lines[~whole], strict=True)
            for line in _ends(course, *self._parts[n].tolist())
        ]
        numbers = np.r_[touched[whole], np.array([n for n, _ in ends], int)]
        drawn = np.empty(len(numbers), object)
        drawn[: whole.sum()], drawn[whole.sum() :] = lines[whole], [line for _, line in ends]
        order = np.argsort(numbers, kind="stable")
        return numbers[order], drawn[order], (np.arange(len(order)) >= whole.sum())[order]

    @cached_property
    def _made(self) -> list[tuple[Link, LineString]]:
        numbers, lines, _ = self.arrays
        return [(self._links[n], line) for n, line in zip(numbers.tolist(), lines, strict=True)]

    @overload
    def __getitem__(self, n: int) -> tuple[Link, LineString]: ...
    @overload
    def __getitem__(self, n: slice) -> list[tuple[Link, LineString]]: ...
    def __getitem__(self, n: int | slice) -> Any:
        """Return a link and its stretch, by position."""
        return self._made[n]

    def __len__(self) -> int:
        """Return the number of stretches."""
        return len(self.arrays[0])


def area_width_m(area: Reach) -> float:
    """Return how far from what is reached the area of a reach goes, in metres."""
    if isinstance(area.stretches, Stretches):
        return area.stretches.width_m
    links = [link for link, _ in area.stretches]
    if area.network is not None:
        links = list(area.network.links)
    return width_m(np.array([line for _, line in area.stretches], object), _mean_length_m(links))


def _mean_length_m(links: Sequence[Link]) -> float:
    """Return how long roads and railways are in the mean, infinite where there are none."""
    if isinstance(links, LinkTable):
        on_land = np.array([sample.mode in _ON_LAND for sample in links.samples], bool)
        lengths = links.columns.length_m[on_land[links.columns.kind]]
    else:
        lengths = np.array([link.length_m for link in links if link.mode in _ON_LAND and link.xy])
    return float(lengths.mean()) if len(lengths) else inf


def _lines_of(links: Sequence[Link], numbers: Ints) -> NDArray[np.object_]:
    """Return the courses of some links, None of one that has none."""
    if isinstance(links, LinkTable):
        return links.lines(numbers)
    chosen = [links[n] for n in numbers.tolist()]
    lines = np.full(len(chosen), None, object)
    drawn = [n for n, link in enumerate(chosen) if link.xy]
    lines[drawn] = _courses([chosen[n] for n in drawn])
    return lines


def _courses(links: Sequence[Link]) -> Any:
    """Return the whole courses of links; one by one, lines take shapely far longer."""
    import shapely

    sizes = [len(link.xy) for link in links]
    flat = chain.from_iterable(chain.from_iterable(link.xy for link in links))
    xy = np.fromiter(flat, float, 2 * sum(sizes)).reshape(-1, 2)
    return shapely.linestrings(xy, indices=np.repeat(np.arange(len(sizes)), sizes))


def _ends(line: LineString, from_start: float, from_end: float) -> list[LineString]:
    """Return each part of a link's course that is reached.

    Parameters
    ----------
    from_start, from_end : part of the length reached from the start and from the end, 0 to 1.
    """
    from borders.geodesy import length_m, slice_between

    whole_m = float(length_m(line))
    limits = [(0.0, from_start * whole_m), ((1.0 - from_end) * whole_m, whole_m)]
    return [slice_between(line, start, end) for start, end in limits if end - start > MIN_STRETCH_M]
