"""What lies within a distance, a time or a cost of a place, counted, under several scenarios.

Places of the network are counted by class, and the people of the gazetteer's towns by country. A
town that lies within 5 km of a place or a road, as what is in the area of a `reach`, counts with
that place, or with the point of the road that is nearest to it; of several, with the one that
takes least. What it takes has a 95 % interval: a place whose interval ends below the limit is
surely inside, one whose interval begins below it possibly.

Source of the coefficient: C. Gini (1912), Variabilità e mutabilità; of the curve: M. O. Lorenz
(1905), Methods of measuring the concentration of wealth, https://doi.org/10.2307/2276207
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from borders.gazetteer.places import people, places
from corridors.analysis.access_search import AccessSearch, ServedTowns, has_places
from corridors.network.cost_basis import cost_basis_of_modes
from corridors.routing.obstacles import check_served
from corridors.routing.query import as_limit, as_list, planner_for
from corridors.routing.route import name_of
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    import geopandas
    import pandas

    from corridors.network.cost_basis import CostBasis
    from corridors.network.network import Network
    from corridors.routing.graph import Floats, Ints
    from corridors.routing.planner import RoutePlanner
    from corridors.scenarios.terms import Terms

__all__ = ["CLASSES", "Access", "Count", "Equity", "Site", "access", "gini", "place_class"]

# Word of a kind of place → its class; the first that stands in the kind counts.
_WORDS = {
    "capital": "city", "city": "city", "town": "town", "village": "village", "port": "port",
    "border": "border", "tripoint": "border", "crossing": "border", "gate": "border",
    "checkpoint": "border", "rail": "station", "station": "station", "junction": "junction",
}  # fmt: skip
CLASSES = ("city", "town", "village", "port", "border", "station", "junction", "other")
# Parts of the people by the size of their towns.
FIFTHS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place of the network or a town of the gazetteer, and what it takes to get there.

    Parameters
    ----------
    id, name, country : the country is empty where it is not known.
    people : how many live there; 0 for a place of the network (its town counts apart) and where
        it is not known.
    place_class : one of `CLASSES` for a place of the network, ``gazetteer`` for a town.
    costs : under each scenario, in kilometres, hours or US dollars a tonne; infinite where there
        is no way.
    lows, highs : ends of the 95 % intervals of `costs`.
    """

    id: str
    name: str
    country: str
    people: int
    place_class: str
    lon: float | None
    lat: float | None
    costs: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]

    def within(self, limit: float, n: int) -> bool:
        """Tell whether it lies within a limit under scenario n."""
        return self.costs[n] <= limit

    def change(self, limit: float, n: int) -> str:
        """Return ``gained``, ``lost``, ``inside`` or ``outside``, against the first scenario."""
        before, after = self.within(limit, 0), self.within(limit, n)
        if before == after:
            return "inside" if after else "outside"
        return "gained" if after else "lost"


class Count(NamedTuple):
    """A number of places or of people: how many are inside, surely and possibly.

    Examples
    --------
    >>> str(Count(12, 8, 15))
    '12 (8–15)'
    """

    value: int
    surely: int
    possibly: int

    def __str__(self) -> str:
        """Return the number with its interval."""
        return f"{self.value:,} ({self.surely:,}–{self.possibly:,})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Equity:
    """How the gain of a scenario is spread over the people of the towns within the limit.

    The gain of a person is by how much the way to their town takes less, where more than the
    limit counts as the limit: whoever comes inside gains what is left of it.

    Parameters
    ----------
    people : in the towns that lie within the limit under the first scenario or under this one.
    mean : gain a person of them, in kilometres, hours or US dollars a tonne.
    gainers, losers : people whose way takes less, or more.
    by_country : code → the part of the whole gain that its people have, 0 to 1.
    by_size : the same by the size of towns: the fifth of the people in the smallest towns first.
        A town counts to the fifth in which the middle of its people falls.
    top_tenth : the part that the tenth of the people has that gains most.
    gini : 0 if all gain alike, towards 1 if few have everything; None if nobody gains.
    """

    people: int
    mean: float
    gainers: int
    losers: int
    by_country: dict[str, float]
    by_size: tuple[float, ...]
    top_tenth: float
    gini: float | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Access:
    """What lies within a limit of a place, under one scenario or several.

    Parameters
    ----------
    origin : id of the place.
    limit : kilometres, hours or US dollars a tonne, as `terms` say.
    scenarios : the first is what the others are compared with.
    on : the day of each scenario.
    sites : places of the network, and towns of the gazetteer within 5 km of a way there.
    remarks : what holds for the numbers besides, in words.
    """

    origin: str
    limit: float
    scenarios: tuple[Scenario, ...]
    on: tuple[date, ...]
    terms: Terms
    basis: str
    sites: tuple[Site, ...]
    remarks: tuple[str, ...] = ()
    kind: str = "access"

    def __repr__(self) -> str:
        """Return one line: limit, place, and how much lies within under each scenario."""
        counts = (f"{s.id} {self.count(n)}" for n, s in enumerate(self.scenarios))
        return f"<Access {self.name}: places {', '.join(counts)}>"

    @property
    def name(self) -> str:
        """Return what it shows, in words."""
        return f"within {self.limit:g} {self.unit} of {name_of(self.origin)}"

    @property
    def names(self) -> dict[str, str]:
        """Return language code → name."""
        return {"en": self.name}

    @property
    def cost_basis(self) -> CostBasis:
        """Return what costs may rest on, by the modes that it was asked for."""
        modes = (mode for choice in self.terms.choices for mode in choice)
        return cost_basis_of_modes(modes, (key for s in self.scenarios for key in s.settings))

    @property
    def unit(self) -> str:
        """Return ``km``, ``h`` or ``USD/t``."""
        return QUANTITIES[self.terms.by].unit

    def count(
        self,
        n: int = 0,
        *,
        change: str = "inside",
        country: str | None = None,
        place_class: str | None = None,
        of_people: bool = False,
    ) -> Count:
        """Return how many places, or people, lie within the limit.

        Parameters
        ----------
        n : number of the scenario.
        change : ``inside`` under scenario n; ``gained`` or ``lost`` against the first. Only what
            a scenario changes is gained, even possibly. The intervals before and after are taken
            as if nothing linked them, so what is surely gained is a lower bound.
        country : only there.
        place_class : of places: only of this class.
        of_people : of the gazetteer's towns, instead of places of the network.
        """
        surely = possibly = value = 0
        for site in self.sites:
            if (site.place_class == "gazetteer") != of_people:
                continue
            if country is not None and site.country != country:
                continue
            if place_class is not None and site.place_class != place_class:
                continue
            size = site.people if of_people else 1
            is_value, is_sure, is_possible = _inside(site, self.limit, n, change)
            value += size * is_value
            surely += size * is_sure
            possibly += size * is_possible
        return Count(value, surely, possibly)

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the codes of the countries in which something is possibly inside."""
        return tuple(sorted({site.country for site in self._possible()}))

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the classes of places of which one is possibly inside."""
        known = {site.place_class for site in self._possible()}
        return tuple(key for key in CLASSES if key in known)

    def _possible(self) -> Iterable[Site]:
        return (site for site in self.sites if min(site.lows) <= self.limit)

    @property
    def unknown_people(self) -> int:
        """Return of how many towns within the limit nobody says how many people they have."""
        inside = (s for s in self.sites if min(s.costs) <= self.limit)
        return sum(site.place_class == "gazetteer" and not site.people for site in inside)

    def equity(self, n: int) -> Equity:
        """Return how the gain of scenario n over the first is spread."""
        sites = [
            site
            for site in self.sites
            if site.place_class == "gazetteer" and site.people
            and (site.within(self.limit, 0) or site.within(self.limit, n))
        ]  # fmt: skip
        size = np.array([site.people for site in sites], float)
        before = np.array([min(site.costs[0], self.limit) for site in sites])
        after = np.array([min(site.costs[n], self.limit) for site in sites])
        # Sums of the same links in another order differ in their last digits.
        gain = np.where(np.abs(before - after) > 1e-9, before - after, 0.0)
        gained = size * np.maximum(gain, 0.0)
        whole = float(gained.sum())

        def part(some: Any) -> float:
            return float(gained[some].sum()) / whole if whole else 0.0

        codes = np.array([site.country for site in sites], str)
        fifths = _fifths(size)
        return Equity(
            people=int(size.sum()),
            mean=float(size @ gain) / float(size.sum()) if sites else 0.0,
            gainers=int(size[gain > 0].sum()), losers=int(size[gain < 0].sum()),
            by_country={code: part(codes == code) for code in sorted(set(codes.tolist()))},
            by_size=tuple(part(fifths == k) for k in range(FIFTHS)),
            top_tenth=_top(np.maximum(gain, 0.0), size, 0.1),
            gini=gini(np.maximum(gain, 0.0), size) if whole else None,
        )  # fmt: skip

    def lorenz(self, n: int) -> tuple[list[float], list[float]]:
        """Return the Lorenz curve of the gain of scenario n: parts of people and of the gain."""
        sites = [s for s in self.sites if s.place_class == "gazetteer" and s.people]
        sites = [s for s in sites if s.within(self.limit, 0) or s.within(self.limit, n)]
        gain = np.array(
            [max(min(s.costs[0], self.limit) - min(s.costs[n], self.limit), 0.0) for s in sites]
        )
        shares, parts = _lorenz(gain, np.array([s.people for s in sites], float))
        return shares.tolist(), parts.tolist()

    def rows(self) -> list[dict[str, Any]]:
        """Return one row for each scenario, country and class of places.

        Empty country and class stand for all; people are counted for countries, not for classes.
        """
        rows = []
        for n, scenario in enumerate(self.scenarios):
            keys: list[tuple[str | None, str | None]] = [(None, None)]
            keys += [(None, place_class) for place_class in self.classes]
            keys += [(country, None) for country in self.countries]
            rows += [self._row(n, scenario, *key) for key in keys]
        return rows

    def _row(
        self, n: int, scenario: Scenario, country: str | None, place_class: str | None
    ) -> dict[str, Any]:
        row: dict[str, Any] = {
            "from": name_of(self.origin), "within": self.limit, "by": self.terms.by,
            "scenario": scenario.id, "on": self.on[n].isoformat(),
            "country": country or "", "class": place_class or "",
            **(self.cost_basis.row() if self.terms.by == "cost" else {}),
        }  # fmt: skip
        for change in ("inside", "gained", "lost"):
            for what, of_people in (("places", False), ("people", True)):
                key = what if change == "inside" else f"{change}_{what}"
                if of_people and place_class is not None:
                    counts: tuple[int | None, ...] = (None, None, None)
                else:
                    counts = self.count(n, change=change, country=country,
                                        place_class=place_class, of_people=of_people)  # fmt: skip
                row |= dict(zip((key, f"surely_{key}", f"possibly_{key}"), counts, strict=True))
        return row

    def to_frame(self) -> pandas.DataFrame:
        """Return `rows` as a DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def to_gdf(self, *, on: date | str | None = None) -> geopandas.GeoDataFrame:
        """Return one point for each place and town possibly within, in EPSG:4326.

        Parameters
        ----------
        on : has no effect; all things that are drawn take it.
        """
        from shapely import Point

        from borders.files.features import features_to_gdf

        del on
        key = QUANTITIES[self.terms.by].column
        rows = []
        for site in self._possible():
            if site.lon is None or site.lat is None:
                continue
            row: dict[str, Any] = {
                "id": site.id, "kind": "access", "name": site.name, "length_m": None,
                "sigma_m": None, "valid_from": None, "valid_to": None,
                "source": "geonames" if site.place_class == "gazetteer" else "araxes",
                "geometry_quality": "surveyed", "country": site.country,
                "people": site.people, "class": site.place_class,
            }  # fmt: skip
            for n, scenario in enumerate(self.scenarios):
                row[f"{key}_{scenario.id}"] = _finite(site.costs[n])
                row[f"low_{key}_{scenario.id}"] = _finite(site.lows[n])
                row[f"high_{key}_{scenario.id}"] = _finite(site.highs[n])
                row[f"change_{scenario.id}"] = site.change(self.limit, n)
            rows.append(row | {"geometry": Point(site.lon, site.lat)})
        return features_to_gdf(rows)


def _finite(value: float) -> float | None:
    return value if value < inf else None


def _inside(site: Site, limit: float, n: int, change: str) -> tuple[bool, bool, bool]:
    """Return whether a site is inside, gained or lost: at its values, surely, and possibly."""
    if change == "inside":
        return site.costs[n] <= limit, site.highs[n] <= limit, site.lows[n] <= limit
    before, after = (0, n) if change == "gained" else (n, 0)
    if not site.costs[after] < site.costs[before] * (1 - 1e-12):
        return False, False, False
    value = site.costs[after] <= limit < site.costs[before]
    surely = site.highs[after] <= limit < site.lows[before]
    possibly = site.lows[after] <= limit < site.highs[before]
    return value, surely, value or possibly


def place_class(kind: str) -> str:
    """Return the class of a place of a kind.

    Examples
    --------
    >>> place_class("city/rail hub"), place_class("border gate"), place_class("ruins")
    ('city', 'border', 'other')
    """
    return next((place for word, place in _WORDS.items() if word in kind), "other")


def gini(values: Sequence[float] | Floats, weights: Sequence[float] | Floats) -> float:
    """Return the Gini coefficient of values that so many people each have.

    Parameters
    ----------
    values : 0 or more, not all of them 0.
    weights : how many have each value.

    Examples
    --------
    >>> gini([1, 1], [5, 5]), gini([0, 1], [3, 1])
    (0.0, 0.75)
    """
    shares, parts = _lorenz(np.asarray(values, float), np.asarray(weights, float))
    # Twice the area between the diagonal and the curve.
    area = float(((parts[1:] + parts[:-1]) / 2 * np.diff(shares)).sum())
    return round(1.0 - 2.0 * area, 12) + 0.0


def _lorenz(values: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return parts of the people, those with least first, and of what they have together."""
    order = np.argsort(values, kind="stable")
    shares = np.concatenate([[0.0], np.cumsum(weights[order])])
    parts = np.concatenate([[0.0], np.cumsum((values * weights)[order])])
    return shares / (shares[-1] or 1.0), parts / (parts[-1] or 1.0)


def _top(values: Floats, weights: Floats, share: float) -> float:
    """Return the part that a share of the people has, those with most."""
    shares, parts = _lorenz(values, weights)
    return 1.0 - float(np.interp(1.0 - share, shares, parts)) if parts[-1] else 0.0


def _fifths(size: Floats) -> Ints:
    """Return for each town the fifth of the people in which the middle of its people falls.

    Towns are in the order of their sizes, the smallest first.
    """
    order = np.argsort(size, kind="stable")
    middle = np.empty(len(size))
    middle[order] = np.cumsum(size[order]) - size[order] / 2
    fifths: Ints = np.minimum((middle / (size.sum() or 1.0) * FIFTHS).astype(np.int64), FIFTHS - 1)
    return fifths


def access(  # noqa: PLR0913 - any query may be of another day
    origin: str,
    limit: float,
    scenarios: Sequence[Scenario | str] | Scenario | str = "status-quo",
    *,
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Access:
    """Return what lies within a limit of a place, counted, and what scenarios gain and lose.

    Parameters
    ----------
    origin : a place, by id or a name in any language.
    limit : kilometres, hours or US dollars a tonne, as `terms` say.
    scenarios : the first one is what the others are compared with.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of each
        scenario.
    progress : called with the number of scenarios done and of all.

    Raises
    ------
    AraxesError : the limit is not a positive number, or too large to reckon with.
    NoAnswerError : no link of the modes asked for begins at the place.
    UnknownNameError : no such place or scenario; the message offers the nearest.

    Examples
    --------
    >>> from corridors.scenarios.terms import Terms
    >>> near = access("Kars", 100, ["status-quo", "turkiye-armenia-open"])
    >>> near.count(1, change="gained", place_class="city")
    Count(value=1, surely=1, possibly=1)
    """
    limit = as_limit(limit)
    compared = [scenarios] if isinstance(scenarios, Scenario) else as_list(scenarios, "scenarios")
    planner = planner_for(compared, terms, network, on, ends=[origin])
    start = planner.stops.place(origin)
    check_served(planner, start)
    served = ServedTowns(planner)
    places_by_state, towns_by_state = [], []
    bases: set[str] = set()
    remarks: list[str] = []
    counts_places = has_places(planner)
    if not counts_places:
        remarks.append(f"the nodes of {planner.network.name} are no places: only towns are counted")
    if not served.towns:
        remarks.append("the study stands alone and has no towns: no people are counted")
    for done, state in enumerate(planner.states, 1):
        search = AccessSearch(planner, state, start, bases)
        places_by_state.append(search.places() if counts_places else {})
        towns_by_state.append(search.towns(served))
        remarks += search.remarks
        if progress:
            progress(done, len(planner.states))
    return Access(
        origin=start, limit=limit, terms=planner.terms,
        scenarios=tuple(state.scenario for state in planner.states),
        on=tuple(state.on for state in planner.states),
        basis="+".join(sorted(bases)),
        sites=(*_place_sites(planner, places_by_state), *_town_sites(served, towns_by_state)),
        remarks=tuple(dict.fromkeys(remarks)),
    )  # fmt: skip


def _place_sites(planner: RoutePlanner, by_state: Sequence[dict[str, Floats]]) -> list[Site]:
    """Return the places of a network that are reached, with their values under each scenario."""
    nowhere = np.full(3, inf)
    reached = dict.fromkeys(key for values in by_state for key in values)
    sites = []
    for key in reached:
        known = places().get(key)
        node = planner.network.layers[key][0]
        xy = planner.network.nodes[node]
        at = (known.lon, known.lat) if known else (xy or (None, None))
        sites.append(
            Site(id=key, name=name_of(key), country=known.country if known else "",
                 people=0, place_class=place_class(known.kind if known else "other"),
                 lon=at[0], lat=at[1], **_columns([v.get(key, nowhere) for v in by_state]))
        )  # fmt: skip
    return sites


def _town_sites(served: ServedTowns, by_state: Sequence[Floats]) -> list[Site]:
    """Return the towns that are reached, with their values under each scenario."""
    return [
        Site(id=town.id, name=town.name, country=town.country, people=people()[town.id],
             place_class="gazetteer", lon=town.lon, lat=town.lat,
             **_columns([values[n] for values in by_state]))
        for n, town in enumerate(served.towns)
        if any(np.isfinite(values[n, 0]) for values in by_state)
    ]  # fmt: skip


def _columns(triples: Sequence[Floats]) -> dict[str, tuple[float, ...]]:
    values, lows, highs = (tuple(float(v) for v in column) for column in zip(*triples, strict=True))
    return {"costs": values, "lows": lows, "highs": highs}
