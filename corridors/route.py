"""Routes: the best way between two places on a day, with its interval and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from borders.errors import AraxesError, NoAnswerError
from borders.measure import Measure
from borders.places import places
from corridors.assumptions import Rates
from corridors.case import Case, Terms, combined_sigma
from corridors.estimate import total
from corridors.network import Network, load_network, place_of
from corridors.plan import Plan
from corridors.scenario import Scenario, read_scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    import geopandas

    from corridors.estimate import Estimate
    from corridors.link import Link

__all__ = ["Route", "Step", "name_of", "ordered", "route", "route_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One link of a route, in the direction of travel.

    Parameters
    ----------
    status : of the day, before the scenario opens it.
    unbuilt : whether it would first have to be built.
    opened : whether the scenario opens it.
    """

    link: Link
    forward: bool
    hours: float
    cost_usd_t: float
    status: str
    unbuilt: bool
    opened: bool

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the countries in the order of travel."""
        return self.link.countries if self.forward else self.link.countries[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way from one place to another under a scenario.

    Parameters
    ----------
    origin, destination : ids of places.
    steps : links from origin to destination.
    """

    origin: str
    destination: str
    scenario: Scenario
    terms: Terms
    on: date
    steps: tuple[Step, ...]
    kind: str = "route"

    @property
    def id(self) -> str:
        """Return an id of origin, destination and scenario."""
        return f"{self.origin}-{self.destination}-{self.scenario.id}"

    @property
    def name(self) -> str:
        """Return the names of the ends."""
        return f"{name_of(self.origin)}–{name_of(self.destination)}"

    @property
    def names(self) -> dict[str, str]:
        """Return language code → name."""
        return {"en": self.name}

    @property
    def length(self) -> Measure:
        """Return the length in metres; shared errors add up, independent ones in quadrature."""
        basis = "+".join(sorted({link.basis for link in self.links if link.mode != "transfer"}))
        value = sum(link.length_m for link in self.links)
        return Measure(value=value, sigma=combined_sigma(self.links), basis=basis)

    @property
    def hours(self) -> float:
        """Return how long it takes, with delays."""
        return sum(step.hours for step in self.steps)

    @property
    def low_hours(self) -> float:
        """Return the lower end of the 95 % interval of the hours (see `time`)."""
        return self.time.low

    @property
    def high_hours(self) -> float:
        """Return the upper end of the 95 % interval of the hours (see `time`)."""
        return self.time.high

    @property
    def cost_usd_t(self) -> float:
        """Return what a tonne costs, in US dollars."""
        return sum(step.cost_usd_t for step in self.steps)

    @property
    def time(self) -> Estimate:
        """Return the hours with their 95 % interval, their basis and what they rest on.

        Examples
        --------
        >>> way = route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))
        >>> way.time.basis, way.time.parts[0].key
        ('assumption+quoted', 'delay_h.crossing.rail')
        """
        return total("hours", [(1.0, self.links, self.rates)])

    @property
    def cost(self) -> Estimate:
        """Return the US dollars a tonne with their 95 % interval and what they rest on."""
        return total("cost", [(1.0, self.links, self.rates)])

    @property
    def links(self) -> list[Link]:
        """Return the links in the order of travel."""
        return [step.link for step in self.steps]

    @property
    def rates(self) -> Rates:
        """Return the speeds, delays and costs that hold on it."""
        return Rates(self.scenario.settings, users=self.terms.users)

    @property
    def crossings(self) -> tuple[str, ...]:
        """Return the border crossings in the order of travel."""
        return tuple(s.link.crossing for s in self.steps if s.link.crossing)

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the countries in the order of travel (ISO 3166-1 alpha-2)."""
        found: list[str] = []
        for step in self.steps:
            found += [c for c in step.countries if found[-1:] != [c]]
        return tuple(found)

    @property
    def gauge_changes(self) -> int:
        """Return how often wagons or goods change from one track gauge to another."""
        return sum(step.link.changes_gauge for step in self.steps)

    @property
    def transfers(self) -> int:
        """Return how often goods change between road, rail and ferry."""
        return sum(s.link.mode == "transfer" for s in self.steps) - self.gauge_changes

    @property
    def modes(self) -> tuple[str, ...]:
        """Return the modes in the order of travel."""
        found: list[str] = []
        for step in self.steps:
            if step.link.mode != "transfer" and found[-1:] != [step.link.mode]:
                found.append(step.link.mode)
        return tuple(found)

    @property
    def unbuilt_m(self) -> float:
        """Return the length of what would first have to be built."""
        return sum(step.link.length_m for step in self.steps if step.unbuilt)

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the ids of every source behind the links and their statuses."""
        keys: list[str] = []
        for step in self.steps:
            keys.append(step.link.source)
            keys.append(step.link.status(self.on, forward=step.forward).source)
        return tuple(dict.fromkeys(filter(None, keys)))

    def value(self) -> float:
        """Return what it was asked to make least: kilometres, hours or US dollars a tonne."""
        by = self.terms.by
        return self.length.value / 1000 if by == "km" else getattr(self, _VALUES[by])

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return one row a link, in EPSG:4326; `on` is that of the route."""
        from shapely import LineString

        from borders.boundary import features_to_gdf

        del on
        rows = []
        for n, step in enumerate(self.steps, 1):
            link = step.link
            if link.xy:
                rows.append(
                    {
                        "id": self.id, "kind": "route", "name": self.name,
                        "length_m": link.length_m, "sigma_m": link.sigma_m,
                        "valid_from": None, "valid_to": None, "source": link.source,
                        "geometry_quality": link.geometry_quality, "step": n, "link": link.id,
                        "mode": link.mode, "status": step.status, "unbuilt": step.unbuilt,
                        "basis": link.basis, "hours": step.hours, "crossing": link.crossing,
                        "countries": ",".join(step.countries), "scenario": self.scenario.id,
                        "position_sigma_m": link.position_sigma_m,
                        "geometry": LineString(link.xy if step.forward else link.xy[::-1]),
                    }
                )  # fmt: skip
        return features_to_gdf(rows)


_VALUES = {"hours": "hours", "cost": "cost_usd_t"}


def name_of(key: str) -> str:
    """Return the name of a place of the network."""
    return places()[key].name if key in places() else key


def route_of(case: Case, ends: Sequence[str], links: Iterable[tuple[Link, bool]]) -> Route:
    """Return the route over links from the first of the ends to the last."""
    steps = tuple(
        Step(
            link=link, forward=forward, hours=case.rates.hours(link),
            cost_usd_t=case.rates.cost_usd_t(link),
            status=case.status(link, forward=forward).status,
            unbuilt=case.unbuilt(link, forward=forward), opened=case.opened(link),
        )
        for link, forward in links
    )  # fmt: skip
    return Route(
        origin=ends[0], destination=ends[-1], scenario=case.scenario, terms=case.terms,
        on=case.on, steps=steps,
    )  # fmt: skip


def ordered(plan: Plan, origin: str, destination: str, via: Sequence[str] = ()) -> list[str]:
    """Return the places of a route in order.

    Raises
    ------
    UnknownNameError : no such place on the network.
    AraxesError : two of them in a row are the same.
    """
    stops = [plan.place(name) for name in (origin, *via, destination)]
    for one, two in pairwise(stops):
        if one == two:
            message = f"'{name_of(one)}' is given twice in a row; name two different places"
            raise AraxesError(message)
    return stops


def route(
    origin: str,
    destination: str,
    *,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    via: Sequence[str] = (),
    network: Network | None = None,
) -> Route:
    """Return the best way from one place to another.

    Parameters
    ----------
    origin, destination : places, by id or by a name in any language.
    scenario : a scenario, its id, several ids joined by ``+``, or a TOML file.
    terms : what to make least, with which modes, for whom, avoiding what.
    via : places to go through, in order.

    Raises
    ------
    NoAnswerError : there is none; the message names the fewest closed or unbuilt links that stand
        in the way, with their statuses.
    UnknownNameError : no such place, or none that a link begins at.

    Examples
    --------
    >>> way = route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))
    >>> way.countries
    ('TR', 'GE')
    """
    if not isinstance(scenario, Scenario):
        scenario = read_scenario(scenario)
    plan = Plan(network or load_network(), [scenario], terms or Terms())
    stops = ordered(plan, origin, destination, via)
    case = plan.cases[0]
    links: list[tuple[Link, bool]] = []
    for leg in pairwise(stops):
        found = plan.find(case, [leg])[0]
        if found is None:
            from corridors.obstacles import no_way

            raise NoAnswerError(no_way(plan, case, *leg))
        links += found[1]
    return route_of(case, stops, links)


def summary(way: Route) -> dict[str, Any]:
    """Return a route as the values of its JSON."""
    length, time, cost = way.length, way.time, way.cost
    return {
        "from": name_of(way.origin), "to": name_of(way.destination),
        "scenario": way.scenario.id, "on": str(way.on), "by": way.terms.by,
        "users": way.terms.users,
        "km": round(length.value / 1000, 1),
        "low_km": round(length.low / 1000, 1), "high_km": round(length.high / 1000, 1),
        "hours": round(way.hours, 1),
        "low_hours": round(time.low, 1), "high_hours": round(time.high, 1),
        "hours_basis": time.basis,
        "hours_rest_on": [
            {
                "on": part.key, "hours": round(part.value, 1), "low_hours": round(part.low, 1),
                "high_hours": round(part.high, 1), "state": part.state,
            }
            for part in time.parts
        ],
        "cost_usd_t": round(way.cost_usd_t, 1),
        "low_cost_usd_t": round(cost.low, 1), "high_cost_usd_t": round(cost.high, 1),
        "links": [
            {
                "id": s.link.id, "mode": s.link.mode, "km": round(s.link.length_m / 1000, 1),
                "basis": s.link.basis, "status": s.status,
                "from": place_of(s.link.start if s.forward else s.link.end),
                "to": place_of(s.link.end if s.forward else s.link.start),
            }
            for s in way.steps
        ],
        "crossings": list(way.crossings), "countries": list(way.countries),
        "gauge_changes": way.gauge_changes, "transfers": way.transfers,
        "unbuilt_km": round(way.unbuilt_m / 1000, 1), "sources": list(way.sources),
    }  # fmt: skip
