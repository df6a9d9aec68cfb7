"""What lies within a distance or a time of a place."""

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

# The area is what lies within this distance of a reached stretch: how far people live from a
# strategic road or line is an assumption.
AROUND_M = 5000.0
# A stretch that is shorter is none.
LEAST_M = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reach:
    """The places and stretches within a limit of a place.

    Parameters
    ----------
    limit : kilometres, hours or US dollars a tonne, as `terms` ask.
    places : id → what it takes to get there, nearest first.
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
        """Return the area and the reached stretches, in EPSG:4326.

        The area is what lies within 5 km of a reached stretch. A stretch has its share of the
        length on the ground of its link, and of the standard error of that.
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
            strips = [buffer_m(line, AROUND_M) for _, line in self.stretches]
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
    limit : kilometres, hours or US dollars a tonne, as `terms` ask.
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
    most = limit * unit
    places: dict[str, float] = {}
    farthest: dict[str, tuple[Link, float, float]] = {}
    for modes in terms.choices:
        nodes, found = planner.from_place(state, start, modes)
        for node, cost in nodes.items():
            if cost <= most:
                places[node] = min(places.get(node, cost), cost)
        for link, forward, part in _stretches(planner, state, modes, found, most):
            key, ahead, back = link.id, *(part if forward else 0.0, 0.0 if forward else part)
            _, a, b = farthest.get(key, (link, 0.0, 0.0))
            farthest[key] = link, max(a, ahead), max(b, back)
    return Reach(
        origin=start,
        limit=limit,
        scenario=state.scenario,
        terms=terms,
        places={k: places[k] / unit for k in sorted(places, key=lambda k: (places[k], k))},
        stretches=tuple(
            one for parts in farthest.values() if parts[0].xy for one in _drawn(*parts)
        ),
    )


def _stretches(
    planner: RoutePlanner,
    state: NetworkState,
    modes: tuple[str, ...],
    found: dict[str, float],
    most: float,
) -> list[tuple[Link, bool, float]]:
    """Return each link's part, from the end where it is entered, that lies within the limit."""
    parts = []
    for link in planner.network.links:
        if not state.wanted(link, modes):
            continue
        for forward, node in ((True, link.start), (False, link.end)):
            left = most - found.get(node, np.inf)
            if left > 0 and state.usable(link, forward=forward):
                cost = state.weights[link.id]
                parts.append((link, forward, min(1.0, left / cost) if cost else 1.0))
    return parts


def _drawn(link: Link, ahead: float, back: float) -> list[tuple[Link, LineString]]:
    """Return the parts of a course that are reached from its ends."""
    from shapely import LineString

    from borders.geodesy import length_m, slice_between

    line = LineString(link.xy)
    if ahead + back >= 1:
        return [(link, line)]
    whole_m = float(length_m(line))
    limits = [(0.0, ahead * whole_m), ((1.0 - back) * whole_m, whole_m)]
    return [
        (link, slice_between(line, start, end)) for start, end in limits if end - start > LEAST_M
    ]
