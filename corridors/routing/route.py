"""A route from one place to another: its links, and length, hours and cost with intervals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from warnings import warn

from borders.dates import parse_date
from borders.gazetteer.places import places
from borders.measure import Measure
from corridors.network.estimate import length_of, total
from corridors.network.rates import Rates

if TYPE_CHECKING:
    from datetime import date

    import geopandas
    from shapely import MultiLineString

    from corridors.network.estimate import Estimate
    from corridors.network.link import Link
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["Route", "Step", "name_of"]

# By what a route is the best → the attribute of `Route` that holds it, and its unit.
_LEAST = {"km": ("length_km", "km"), "hours": ("hours", "h"), "cost": ("cost_usd_t", "USD/t")}


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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Route:
    """A route from one place to another under a scenario.

    Parameters
    ----------
    origin, destination : ids of places.
    steps : links from origin to destination.
    via : ids of the places that it had to go through, in order.
    priced_at : the speeds, delays and costs that it was found with.
    """

    origin: str
    destination: str
    scenario: Scenario
    terms: Terms
    on: date
    steps: tuple[Step, ...]
    via: tuple[str, ...] = ()
    kind: str = "route"
    priced_at: Rates | None = field(default=None, compare=False, repr=False)

    def __repr__(self) -> str:
        """Return one line: ends, scenario, length and hours with their intervals."""
        time = self.time
        return (
            f"<Route {self.name}, {self.scenario.id} on {self.on}: {self.length.km_text}, "
            f"{time.value:,.1f} h ({time.low:,.1f}–{time.high:,.1f})>"
        )

    def _repr_html_(self) -> str:
        """Show a sketch and a table in a notebook."""
        from borders.files.notebook import card

        time, cost = self.time, self.cost
        unbuilt = f"{self.unbuilt_m / 1000:,.0f} km" if self.unbuilt_m else ""
        rows = [
            ("scenario", f"{self.scenario.id} on {self.on}, {self.terms.users}"),
            ("length", f"{self.length.km_text}, basis {self.length.label}"),
            ("hours", f"{time.value:,.1f} ({time.low:,.1f}–{time.high:,.1f}), basis {time.basis}"),
            ("USD/t", f"{cost.value:,.1f} ({cost.low:,.1f}–{cost.high:,.1f}), basis {cost.basis}"),
            ("by", ", ".join(self.modes)),
            ("through", ", ".join(self.countries)),
            ("crossings", ", ".join(self.crossings)),
            ("still to be built", unbuilt),
        ]
        return card(self.name, rows, self.geometry, cited=self.sources)

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
    def geometry(self) -> MultiLineString:
        """Return the links as drawn, in the order of travel, EPSG:4326; `length` is on the ground.

        Changes between road, rail and ferry are not drawn.
        """
        import shapely

        steps = [step for step in self.steps if step.link.xy]
        lines = [step.link.xy if step.forward else step.link.xy[::-1] for step in steps]
        geometry: MultiLineString = shapely.MultiLineString(lines)
        return geometry

    @property
    def length(self) -> Measure:
        """Return the length in metres; shared errors add up, independent ones in quadrature."""
        basis = "+".join(sorted({link.basis for link in self.links if link.mode != "transfer"}))
        value, sigma = length_of(self.links)
        return Measure(value=value, sigma=sigma, basis=basis)

    @property
    def hours(self) -> float:
        """Return how many hours it takes, with delays."""
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
        >>> from corridors import Terms, route
        >>> by_rail = route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))
        >>> by_rail.time.basis, by_rail.time.parts[0].key
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
        return self.priced_at or Rates(self.scenario.settings, users=self.terms.users, on=self.on)

    @property
    def crossings(self) -> tuple[str, ...]:
        """Return the border crossings in the order of travel."""
        return tuple(s.link.crossing for s in self.steps if s.link.crossing)

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the countries in the order of travel (ISO 3166-1 alpha-2)."""
        countries: list[str] = []
        for step in self.steps:
            countries += [c for c in step.countries if countries[-1:] != [c]]
        return tuple(countries)

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
        modes: list[str] = []
        for step in self.steps:
            if step.link.mode != "transfer" and modes[-1:] != [step.link.mode]:
                modes.append(step.link.mode)
        return tuple(modes)

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
            status = step.link.status(self.on, forward=step.forward, users=self.terms.users)
            keys.append(status.source)
        return tuple(dict.fromkeys(filter(None, keys)))

    @property
    def length_km(self) -> float:
        """Return the length on the ground in kilometres."""
        return self.length.value / 1000

    def least(self) -> tuple[float, str]:
        """Return what the terms make least, with its unit: ``km``, ``h`` or ``USD/t``.

        Examples
        --------
        >>> from corridors import Terms, route
        >>> route("Kars", "Tbilisi", terms=Terms(by="hours")).least()[1]
        'h'
        """
        attribute, unit = _LEAST[self.terms.by]
        return getattr(self, attribute), unit

    def value(self) -> float:
        """Return the number of `least`, by its old name."""
        warn("Route.value() has no unit; take Route.least(), length_km, hours or cost_usd_t",
             DeprecationWarning, stacklevel=2)  # fmt: skip
        return self.least()[0]

    def row(self) -> dict[str, Any]:
        """Return the route as one row of a table, values labelled with their units.

        The keys are those of the JSON of `araxes route`, without its links.
        """
        length, time, cost = self.length, self.time, self.cost
        return {
            "from": name_of(self.origin), "to": name_of(self.destination),
            "scenario": self.scenario.id, "on": self.on.isoformat(), "by": self.terms.by,
            "users": self.terms.users, "modes": list(self.modes), "via": list(self.via),
            "avoid": sorted(self.terms.avoid),
            "km": round(length.value / 1000, 1), "low_km": round(length.low / 1000, 1),
            "high_km": round(length.high / 1000, 1),
            "hours": round(time.value, 1), "low_hours": round(time.low, 1),
            "high_hours": round(time.high, 1), "hours_basis": time.basis,
            "cost_usd_t": round(cost.value, 1), "low_cost_usd_t": round(cost.low, 1),
            "high_cost_usd_t": round(cost.high, 1),
            "crossings": list(self.crossings), "countries": list(self.countries),
            "gauge_changes": self.gauge_changes, "transfers": self.transfers,
            "unbuilt_km": round(self.unbuilt_m / 1000, 1), "sources": list(self.sources),
        }  # fmt: skip

    def _status(self, step: Step, day: date) -> str:
        if day == self.on:
            return step.status
        link = step.link
        return link.status(day, forward=step.forward, users=self.terms.users).status

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return one row a link, in EPSG:4326.

        Parameters
        ----------
        on : day of the column `status`; that of the route if missing. The links stay those of the
            best route on its own day.

        Returns
        -------
        Lengths and errors in metres; links without a course, as transfers are, have no row.
        """
        from shapely import LineString

        from borders.files.features import features_to_gdf

        day = self.on if on is None else parse_date(on)
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
                        "mode": link.mode, "status": self._status(step, day),
                        "unbuilt": step.unbuilt,
                        "basis": link.basis, "hours": step.hours, "crossing": link.crossing,
                        "countries": ",".join(step.countries), "scenario": self.scenario.id,
                        "position_sigma_m": link.position_sigma_m,
                        "geometry": LineString(link.xy if step.forward else link.xy[::-1]),
                    }
                )  # fmt: skip
        return features_to_gdf(rows)


def name_of(key: str) -> str:
    """Return the name of a place of the network, its id if the gazetteer lacks it."""
    return places()[key].name if key in places() else key
