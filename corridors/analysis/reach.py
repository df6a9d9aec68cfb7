"""The places and stretches of links within a distance, a time or a cost of a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import AraxesError
from corridors.routing.query import planner_for
from corridors.routing.route import name_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import geopandas
    from shapely import LineString

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.planner import RoutePlanner
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["Reach", "reach"]

# The area of a reach lies within this distance of its stretches. How far from a strategic road or
# line people live that it serves is an assumption.
BUFFER_M = 5000.0
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
        reached from both ends, but not to its middle, has two.
    """

    origin: str
    limit: float
    scenario: Scenario
    terms: Terms
    places: dict[str, float] = field(hash=False)
    stretches: tuple[tuple[Link, LineString], ...]
    kind: str = "reach"

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
        unit = {"km": "km", "hours": "h", "cost": "USD/t"}[self.terms.by]
        return f"within {self.limit:g} {unit} of {name_of(self.origin)}"

    @property
    def names(self) -> dict[str, str]:
        """Return language code → name."""
        return {"en": self.name}

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return one row for the area and one for each reached stretch, in EPSG:4326.

        The area is what lies within 5 km of a reached stretch. A stretch has its share of the
        length on the ground of its link, in metres, and of the standard error of that length.

        Parameters
        ----------
        on : has no effect, a reach being of one day; all things that are drawn take it.
        """
        import shapely

        from borders.files.features import features_to_gdf
        from borders.geodesy import buffer_m, length_m

        del on
        shared: dict[str, Any] = {
            "id": self.id, "name": self.name, "valid_from": None, "valid_to": None,
            "geometry_quality": "schematic", "scenario": self.scenario.id,
        }  # fmt: skip
        drawn = np.array([line for _, line in self.stretches], dtype=object)
        whole = np.array([shapely.LineString(link.xy) for link, _ in self.stretches], dtype=object)
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
            strips = [buffer_m(line, BUFFER_M) for _, line in self.stretches]
            area = {
                **shared, "kind": "reach", "length_m": None, "sigma_m": None, "source": "araxes",
                "geometry": shapely.union_all(strips),
            }  # fmt: skip
            rows.insert(0, area)
        return features_to_gdf(rows)


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
    limit : kilometres, hours or US dollars a tonne, as `terms` say.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.

    Raises
    ------
    AraxesError : the limit is not a positive number.

    Examples
    --------
    >>> list(reach("Kars", 1).places)
    ['kars']
    """
    if not isinstance(limit, Real) or isinstance(limit, bool) or not 0 < limit < inf:
        message = f"the limit is {limit}; give a positive number"
        raise AraxesError(message)
    planner = planner_for([scenario], terms, network, on)
    terms = planner.terms
    start, state = planner.place(origin), planner.states[0]
    unit = 1000.0 if terms.by == "km" else 1.0
    max_cost = limit * unit
    places: dict[str, float] = {}
    # Link id → the link and the parts of it that are reached from its start and from its end.
    parts: dict[str, tuple[Link, float, float]] = {}
    for modes in terms.choices:
        place_costs, node_costs = planner.costs_from(state, start, modes)
        for place, cost in place_costs.items():
            if cost <= max_cost:
                places[place] = min(places.get(place, cost), cost)
        for link, forward, part in _reached_parts(planner, state, modes, node_costs, max_cost):
            _, from_start, from_end = parts.get(link.id, (link, 0.0, 0.0))
            if forward:
                from_start = max(from_start, part)
            else:
                from_end = max(from_end, part)
            parts[link.id] = link, from_start, from_end
    return Reach(
        origin=start,
        limit=limit,
        scenario=state.scenario,
        terms=terms,
        places={k: places[k] / unit for k in sorted(places, key=lambda k: (places[k], k))},
        stretches=tuple(
            stretch
            for link, from_start, from_end in parts.values()
            if link.xy
            for stretch in _lines(link, from_start, from_end)
        ),
    )


def _reached_parts(
    planner: RoutePlanner,
    state: NetworkState,
    modes: tuple[str, ...],
    node_costs: dict[str, float],
    max_cost: float,
) -> list[tuple[Link, bool, float]]:
    """Return links, the direction in which each is entered, and the part of it within the limit.

    Parameters
    ----------
    node_costs : node → cost of the best path to it, in metres, hours or US dollars a tonne.
    max_cost : the limit, in the same unit.
    """
    parts = []
    for link in planner.network.links:
        if not state.wanted(link, modes):
            continue
        for forward, node in ((True, link.start), (False, link.end)):
            left = max_cost - node_costs.get(node, np.inf)
            if left > 0 and state.usable(link, forward=forward):
                cost = state.weights[link.id]
                parts.append((link, forward, min(1.0, left / cost) if cost else 1.0))
    return parts


def _lines(link: Link, from_start: float, from_end: float) -> list[tuple[Link, LineString]]:
    """Return a link with each line of its course that is reached.

    Parameters
    ----------
    from_start, from_end : part of the length reached from the start and from the end, 0 to 1.
    """
    from shapely import LineString

    from borders.geodesy import length_m, slice_between

    line = LineString(link.xy)
    if from_start + from_end >= 1:
        return [(link, line)]
    whole_m = float(length_m(line))
    limits = [(0.0, from_start * whole_m), ((1.0 - from_end) * whole_m, whole_m)]
    return [
        (link, slice_between(line, start, end))
        for start, end in limits
        if end - start > MIN_STRETCH_M
    ]
