"""A route from one place to another: its links, and length, hours and cost with intervals."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from warnings import warn

from borders.dates import parse_date
from borders.files.bundle import BUNDLED
from borders.gazetteer.places import places
from borders.measure import Measure, decimals, interval_row, time_unit
from borders.recurring import ALWAYS, Hours
from corridors.context.flows import over_capacity
from corridors.network.cost_basis import cost_basis
from corridors.network.estimate import Part, route_length, total
from corridors.network.hours_parts import TimePart, driver_rest_h, parts_of
from corridors.network.rates import Rates
from corridors.network.snapping import Snapped
from corridors.scenarios.terms import QUANTITIES

if TYPE_CHECKING:
    from datetime import date

    import geopandas
    from shapely import MultiLineString

    from corridors.model.lent import Lent
    from corridors.network.cost_basis import CostBasis
    from corridors.network.estimate import Estimate
    from corridors.network.link import Link
    from corridors.routing.detour import Detour
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["Route", "Step", "name_of", "opening_part"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One link of a route, in the direction of travel.

    Parameters
    ----------
    status : of the day, before the scenario opens it.
    unbuilt : whether it would first have to be built.
    opened : whether the scenario opens it.
    hours_open : when it may be entered.
    wait_h, low_wait_h, high_wait_h : where a time of departure is given, how long one waits there
        until it opens, and the least and the most of it over the 95 % interval of the arrival.
    """

    link: Link
    forward: bool
    hours: float
    cost_usd_t: float
    status: str
    unbuilt: bool
    opened: bool
    hours_open: Hours = ALWAYS
    wait_h: float = 0.0
    low_wait_h: float = 0.0
    high_wait_h: float = 0.0

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the countries in the order of travel."""
        return self.link.countries if self.forward else self.link.countries[::-1]


@dataclass(frozen=True, kw_only=True, repr=False)
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
        about = f"{self.name}, {self.scenario.id} on {self.on}"
        return f"<Route {about}: {self.length.km_text}, {_time_text(self.time)}>"

    def _repr_html_(self) -> str:
        """Show a sketch and a table in a notebook."""
        from borders.files.notebook import card

        time, cost = self.time, self.cost
        unbuilt = f"{self.unbuilt_m / 1000:,.0f} km" if self.unbuilt_m else ""
        usd, *usd_ends = _texts(cost)
        rows = [
            ("scenario", f"{self.scenario.id} on {self.on}, {self.terms.who}"),
            ("length", f"{self.length.km_text}, basis {self.length.label}"),
            ("time", f"{_time_text(time)}, basis {time.basis}"),
            ("USD/t", f"{usd} ({'–'.join(usd_ends)}), basis {self.cost_basis.text}"),
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
        """Return the names of the ends, and of what the route had to go through or to avoid.

        Examples
        --------
        >>> from corridors import Terms, route
        >>> route("Kars", "Baku", via="Tbilisi", terms=Terms(avoid="IR")).name
        'Kars–Baku via Tbilisi, avoiding IR'
        """
        forced = []
        if self.via:
            forced.append(f"via {', '.join(map(name_of, self.via))}")
        if self.terms.avoid:
            forced.append(f"avoiding {', '.join(sorted(self.terms.avoid))}")
        ends = f"{name_of(self.origin)}–{name_of(self.destination)}"
        return " ".join([ends, *([", ".join(forced)] if forced else [])])

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
        """Return the length in metres, with the errors of its links and what routes miss."""
        basis = "+".join(sorted({link.basis for link in self.links if link.mode != "transfer"}))
        value, sigma = route_length(self.links)
        return Measure(value=value, sigma=sigma, basis=basis)

    @property
    def hours(self) -> float:
        """Return how many hours it takes, with delays."""
        return sum(step.hours + step.wait_h for step in self.steps)

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

    @cached_property
    def time(self) -> Estimate:
        """Return the hours with their 95 % interval, their basis and what they rest on.

        Examples
        --------
        >>> from corridors import Terms, route
        >>> by_rail = route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))
        >>> by_rail.time.basis, by_rail.time.parts[0].key
        ('calibrated+quoted', 'delay_h.crossing.rail')
        """
        driven = total("hours", [(1.0, self.travelled, self.rates)])
        opening = opening_part((1.0, self))
        return driven if opening is None else driven.plus(opening)

    @property
    def carriers(self) -> tuple[str, ...]:
        """Return the crossings and corridors that it uses, in order."""
        keys = (key for link in self.links for key in (link.crossing, link.corridor) if key)
        return tuple(dict.fromkeys(keys))

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return which of its crossings and corridors could not carry the demand of the terms."""
        demand = self.terms.demand
        return () if demand is None else tuple(over_capacity(demand, self.carriers).values())

    @property
    def recurring(self) -> dict[str, str]:
        """Return crossing or link that it uses → its hours and seasons, if it has any.

        Of one that may be closed, on no known days, only if that is so on the day of the route.
        """
        return {
            step.link.crossing or step.link.whole_id: str(step.hours_open)
            for step in self.steps
            if step.hours_open
            and (not step.hours_open.in_doubt or step.hours_open.may_close_on(self.on))
        }

    @property
    def in_doubt(self) -> tuple[str, ...]:
        """Return which of `recurring` may be closed on its day; they count as open."""
        keys = (step.link.crossing or step.link.whole_id for step in self.steps
                if step.hours_open.in_doubt and step.hours_open.may_close_on(self.on))  # fmt: skip
        return tuple(dict.fromkeys(keys))

    @property
    def unknown_hours(self) -> tuple[str, ...]:
        """Return the crossings by road of which nobody says at what hours they are open.

        They count as open day and night.
        """
        set_hours = self.scenario.open_hours.keys()
        keys = (
            step.link.crossing for step in self.steps
            if step.link.crossing and step.link.mode == "road" and not step.hours_open.open_hours
            and set_hours.isdisjoint((step.link.id, step.link.crossing, step.link.corridor))
        )  # fmt: skip
        return tuple(dict.fromkeys(keys))

    @property
    def hours_parts(self) -> tuple[TimePart, ...]:
        """Return what the hours are made of, in the order of travel: running, borders, changes.

        The parts of running and sailing are each one, where they begin.

        Examples
        --------
        >>> from corridors import Terms, route
        >>> by_rail = route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))
        >>> [part.what for part in by_rail.hours_parts]
        ['running', 'border', 'gauge']
        """
        waits = [
            TimePart(what="opening", where=step.link.crossing or step.link.whole_id,
                     hours=step.wait_h, low=step.low_wait_h, high=step.high_wait_h,
                     basis=_hours_state(self, step))
            for step in self.steps
            if step.high_wait_h > 0
        ]  # fmt: skip
        return (*parts_of(self.travelled, self.rates), *waits)

    @property
    def driver_rest_h(self) -> float:
        """Return how long a lorry's driver, if alone, rests on it, in hours; not among its hours.

        0 in a study that stands alone: the rule is a European one, and intervals are its own.

        Examples
        --------
        >>> from corridors import Terms, route
        >>> route("Kars", "Erzurum", terms=Terms(modes="road")).driver_rest_h
        0.0
        >>> route("Kars", "Istanbul", terms=Terms(modes="road")).driver_rest_h
        33.0
        """
        return driver_rest_h(self.hours_parts, self.terms.users) if BUNDLED.shows else 0.0

    @cached_property
    def cost(self) -> Estimate:
        """Return the US dollars a tonne with their 95 % interval and what they rest on."""
        return total("cost", [(1.0, self.links, self.rates)])

    @property
    def cost_basis(self) -> CostBasis:
        """Return what its costs rest on, and the money of what years they are in."""
        return cost_basis([self.cost])

    @property
    def cost_years(self) -> str:
        """Return of which years the US dollars of its costs are, ``2020-2022``; empty if of none.

        Prices are those of their years; nothing is deflated.
        """
        return self.cost_basis.years

    @property
    def links(self) -> list[Link]:
        """Return the links in the order of travel."""
        return [step.link for step in self.steps]

    @property
    def travelled(self) -> list[Link]:
        """Return the links with their countries in the order of travel."""
        return [step.link.travelled(forward=step.forward) for step in self.steps]

    @property
    def rates(self) -> Rates:
        """Return the speeds, delays and costs that hold on it."""
        terms = self.terms
        return self.priced_at or Rates(
            self.scenario.settings, users=terms.users, vehicle=terms.vehicle, on=self.on
        )

    @property
    def lent(self) -> tuple[Lent, ...]:
        """Return the averages of the South Caucasus that it rests on elsewhere."""
        return self.rates.lent(self.links)

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
    def ferries(self) -> int:
        """Return how many passages by ship there are."""
        return sum(step.link.mode == "ferry" for step in self.steps)

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
    def undated_m(self) -> float:
        """Return the length in metres of what is open on the day, the data do not say since when.

        0 on the day up to which the data are known: that it is open then is what they say.
        """
        from corridors.network.load import undated_on

        return sum(
            step.link.length_m
            for step in self.steps
            if step.link.mode != "transfer"
            and not step.opened
            and undated_on(self._since(step), self.on)
        )

    def _since(self, step: Step) -> date | None:
        link, users = step.link, self.terms.users
        return link.status(self.on, forward=step.forward, users=users).valid_from

    @property
    def snapped(self) -> list[dict[str, Any]]:
        """Return what stands for the names that were asked for, and how far away it lies.

        A node, or a point of a link, which has that link and the metres from its start.
        """
        stops = (self.origin, *self.via, self.destination)
        return [stop.row() for stop in stops if isinstance(stop, Snapped)]

    @property
    def detours(self) -> tuple[Detour, ...]:
        """Return the stretches by road within a country that lead so far about that one may lack.

        None where the route had to go through or to avoid something.
        """
        from corridors.routing.detour import detours_of

        if self.via or self.terms.avoid:
            return ()
        return detours_of((step.link, step.forward) for step in self.steps)

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
        unit, column, _ = QUANTITIES[self.terms.by]
        return getattr(self, "length_km" if column == "km" else column), unit

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
        snapped, detours = self.snapped, self.detours
        return {
            "from": name_of(self.origin), "to": name_of(self.destination),
            "scenario": self.scenario.id, "on": self.on.isoformat(), "by": self.terms.by,
            "users": self.terms.who, "modes": list(self.modes), "via": list(self.via),
            "avoid": sorted(self.terms.avoid),
            **interval_row("km", length, 1000),
            **interval_row("hours", time), "hours_basis": time.basis,
            **interval_row("cost_usd_t", cost),
            **cost_basis([cost]).row(),
            "crossings": list(self.crossings), "countries": list(self.countries),
            "gauge_changes": self.gauge_changes, "transfers": self.transfers,
            "unbuilt_km": round(self.unbuilt_m / 1000, 1),
            "undated_km": round(self.undated_m / 1000, 1), "sources": list(self.sources),
            "lent": [value.key for value in self.lent],
            **({"snapped": snapped} if snapped else {}),
            **({"demand": self.terms.demand.text, "remarks": list(self.remarks)}
               if self.terms.demand else {}),
            **({"at": f"{self.terms.at:%H:%M}"} if self.terms.at else {}),
            **({"unknown_hours": list(keys)}
               if self.terms.at and (keys := self.unknown_hours) else {}),
            **({"recurring": said} if (said := self.recurring) else {}),
            **({"road_may_be_missing": [one.row() for one in detours]} if detours else {}),
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
                        "basis": link.basis, "hours": step.hours + step.wait_h,
                        "crossing": link.crossing,
                        "countries": ",".join(step.countries), "scenario": self.scenario.id,
                        "position_sigma_m": link.position_sigma_m,
                        "geometry": LineString(link.xy if step.forward else link.xy[::-1]),
                    }
                )  # fmt: skip
        return features_to_gdf(rows)


def _time_text(time: Estimate) -> str:
    """Return hours, or minutes where they are less than one, with their 95 % interval."""
    unit, per_hour = time_unit(time.value)
    value, *ends = _texts(time, per_hour)
    return f"{value} {unit} ({'–'.join(ends)})"


def _texts(total: Estimate, per_unit: float = 1.0) -> list[str]:
    """Return a sum and the ends of its 95 % interval, for people."""
    digits = decimals(total.value * per_unit, 1)
    return [f"{x * per_unit:,.{digits}f}" for x in (total.value, total.low, total.high)]


def _hours_state(route: Route, step: Step) -> str:
    """Return how sure the hours of a link are: what a scenario sets, or its status says."""
    status = step.link.dated_status(route.on, forward=step.forward, users=route.terms.users)
    same = status.hours == step.hours_open
    return (status.state or "stated") if same else "scenario"


def opening_part(*weighted: tuple[float, Route]) -> Part | None:
    """Return what waiting for links to open adds to a weighted sum of routes, None if nothing.

    Waits that two routes have in common, before the same links, do not cancel, as each comes
    there at its own time.
    """
    waits = [(weight, s, r) for weight, r in weighted for s in r.steps if s.high_wait_h > 0]
    if not waits:
        return None
    value = sum(weight * step.wait_h for weight, step, _ in waits)
    ends = [
        sorted((weight * step.low_wait_h, weight * step.high_wait_h)) for weight, step, _ in waits
    ]
    states = sorted({_hours_state(route, step) for _, step, route in waits})
    return Part(key="opening_hours", value=value, low=sum(low for low, _ in ends),
                high=sum(high for _, high in ends), state="+".join(states))  # fmt: skip


def name_of(key: str) -> str:
    """Return the name of a place of the network, its id if the gazetteer lacks it.

    A place that stands for a name or for coordinates has that name.
    """
    if isinstance(key, Snapped):
        return key.name
    return places()[key].name if key in places() else key
