"""How much of a scenario's saving each of its openings brings: Shapley values.

Source: L. S. Shapley (1953), A value for n-person games, Contributions to the Theory of Games II,
https://doi.org/10.1515/9781400881970-018
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.errors import AraxesError, NoAnswerError
from corridors.network.estimate import Estimate, total
from corridors.routing.find import resolve_stops
from corridors.routing.query import planner_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.planner import RoutePlanner
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["Share", "attribute", "without_parts"]

# Bounds on the work: 2^14 subsets of the parts, and 2^10 of the settings, whose subsets share no
# routes (see `_SubsetRoutes`).
MAX_PARTS, MAX_SETTINGS = 14, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one part of a scenario saves.

    Parameters
    ----------
    part : kind and id of the part, such as ``open zangezur-tripp``.
    by : what is saved: ``km``, ``hours`` or ``cost``.
    saving : in metres, hours or US dollars a tonne, as a fraction, so that the shares add up to
        the scenario's saving exactly. `saving_m`, `saving_h` and `saving_usd_t` say the unit.
    estimate : the saving with its 95 % interval, for the routes that are best at the usual
        values of the assumptions.
    """

    part: str
    saving: Fraction
    estimate: Estimate
    by: str = "km"

    @property
    def saving_m(self) -> float | None:
        """Return the saving in metres; None if hours or costs were asked for."""
        return float(self.saving) if self.by == "km" else None

    @property
    def saving_h(self) -> float | None:
        """Return the saving in hours; None if kilometres or costs were asked for."""
        return float(self.saving) if self.by == "hours" else None

    @property
    def saving_usd_t(self) -> float | None:
        """Return the saving in US dollars a tonne; None if another saving was asked for."""
        return float(self.saving) if self.by == "cost" else None

    def row(self) -> dict[str, Any]:
        """Return the share as one row of a table, with its 95 % interval."""
        key, unit = {"km": ("km", 1000), "hours": ("hours", 1), "cost": ("cost_usd_t", 1)}[self.by]
        return {
            "part": self.part,
            f"saving_{key}": float(self.saving) / unit,
            f"low_{key}": self.estimate.low / unit,
            f"high_{key}": self.estimate.high / unit,
        }


def attribute(  # noqa: PLR0913 - any query may be of another day
    origin: str,
    destination: str,
    scenario: Scenario | str,
    *,
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Share]:
    """Return how much each opening, closing, new link or setting of a scenario saves.

    Parameters
    ----------
    origin, destination : places, by id or a name in any language.
    terms : what is to be least; kilometres of road or rail, if missing.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.
    progress : called with the number of subsets of the parts done and of all.

    Returns
    -------
    Shares whose savings are in metres, hours or US dollars a tonne, as `terms` ask; they add up to
    what the whole scenario saves.

    Raises
    ------
    AraxesError : the scenario has nothing to attribute, more than fourteen parts, or more than
        ten settings among them.
    NoAnswerError : without some of the parts there is no route, so that the saving has no size.

    Examples
    --------
    >>> from corridors.scenarios.terms import Terms
    >>> shares = attribute("Nakhchivan", "Baku", "iran-road", terms=Terms(modes=("road",)))
    >>> [share.part for share in shares]
    ['open x-aghband-kalala', 'open road-mincivan-aghband']
    """
    planner = planner_for([scenario], terms, network, on)
    whole = planner.states[0].scenario
    parts = _parts(whole)
    subset_routes = _SubsetRoutes(
        planner, whole, parts, resolve_stops(planner, origin, destination)
    )
    n_subsets = 2 ** len(parts)
    # The route of each subset, by its bit mask: an index into `subset_routes.routes`.
    route_index = [0] * n_subsets
    for done, mask in enumerate(_subsets(parts), 1):
        route_index[mask] = subset_routes.index_for(mask)
        if progress:
            progress(done, n_subsets)
    routes = subset_routes.routes
    shares = []
    for n, (kind, key) in enumerate(parts):
        weights = _weights(n, len(parts), route_index)
        saving = sum((w * routes[k].cost for k, w in weights.items()), Fraction(0))
        estimate = _estimate(planner.terms.by, [(w, routes[k]) for k, w in weights.items()])
        shares.append(
            Share(part=f"{kind} {key}", saving=saving, estimate=estimate, by=planner.terms.by)
        )
    return shares


def _subsets(parts: Sequence[tuple[str, str]]) -> Iterator[int]:
    """Yield every subset of the parts as a bit mask: none first, then those with most open.

    The best route of a subset that leaves much open often serves for those that leave less open.
    """
    closes = _mask_of_kind(parts, "close")
    rest = sorted(range(1, 2 ** len(parts)), key=lambda mask: -(mask ^ closes).bit_count())
    yield 0
    yield from rest


def _mask_of_kind(parts: Sequence[tuple[str, str]], kind: str) -> int:
    """Return the bit mask of the parts of one kind."""
    return sum(1 << n for n, (part_kind, _) in enumerate(parts) if part_kind == kind)


def _weights(n: int, n_parts: int, route_index: Sequence[int]) -> dict[int, Fraction]:
    """Return route → the weight of its cost in the share of part n: Shapley's formula.

    Parameters
    ----------
    route_index : the route of each subset, by bit mask.
    """
    # A route counts positive without the part and negative with it; both depend on how many of
    # the other parts are in the subset.
    counts: Counter[tuple[int, int]] = Counter()
    bit = 1 << n
    for mask, route in enumerate(route_index):
        n_others = (mask & ~bit).bit_count()
        counts[route, n_others] += -1 if mask & bit else 1
    weights: dict[int, Fraction] = defaultdict(Fraction)
    for (route, n_others), times in counts.items():
        orders = factorial(n_others) * factorial(n_parts - n_others - 1)
        weights[route] += times * Fraction(orders, factorial(n_parts))
    return {route: weight for route, weight in weights.items() if weight}


class _BestRoute(NamedTuple):
    """The best route under one subset of the parts, and what other subsets need to allow it.

    Parameters
    ----------
    mask : the subset. Here and below subsets are bit masks, part n being bit n.
    cost : in metres, hours or US dollars a tonne.
    needs : for each link that is not open without the scenario, the parts that open it. One of
        them must be in a subset that allows the route.
    closers : the parts that close one of its links.
    """

    mask: int
    cost: Fraction
    links: tuple[Link, ...]
    state: NetworkState
    needs: tuple[int, ...]
    closers: int


class _SubsetRoutes:
    """The best route under each subset of a scenario's parts.

    Opening, building and closing only decide which links may be used. So the best route of a
    subset is also the best of every subset that leaves no more open and still allows it, and few
    routes have to be searched for. Settings change costs: subsets with different settings share
    no routes.
    """

    def __init__(
        self,
        planner: RoutePlanner,
        whole: Scenario,
        parts: Sequence[tuple[str, str]],
        stops: Sequence[str],
    ) -> None:
        self._planner, self._whole, self._parts, self._stops = planner, whole, parts, stops
        self._closes, self._sets = _mask_of_kind(parts, "close"), _mask_of_kind(parts, "set")
        self._state_without_parts = planner.state(without_parts(whole))
        # Link id → the parts that name it or what it belongs to.
        self._parts_of_link: dict[str, int] = defaultdict(int)
        for n, (kind, key) in enumerate(parts):
            for link in () if kind == "set" else planner.network.links_of(key):
                self._parts_of_link[link.id] |= 1 << n
        # Settings → indices of the routes found under them.
        self._with_settings: dict[int, list[int]] = defaultdict(list)
        self.routes: list[_BestRoute] = []

    def index_for(self, mask: int) -> int:
        """Return the index in `routes` of the best route under a subset."""
        indices = self._with_settings[mask & self._sets]
        for n in indices:
            if self._is_best(self.routes[n], mask):
                return n
        indices.append(len(self.routes))
        self.routes.append(self._search(mask))
        return indices[-1]

    def _is_best(self, route: _BestRoute, mask: int) -> bool:
        """Tell whether a subset leaves no more open than that of a route, and still allows it."""
        # A part for closing leaves links open where it is not in the subset.
        more_open = (mask ^ self._closes) & ~(route.mask ^ self._closes)
        allowed = not mask & route.closers and all(mask & need for need in route.needs)
        return not more_open and allowed

    def _search(self, mask: int) -> _BestRoute:
        chosen = [part for n, part in enumerate(self._parts) if mask >> n & 1]
        state = self._planner.state(_with_parts(self._whole, chosen))
        path = self._planner.find(state, self._stops)
        if path is None:
            raise NoAnswerError(_refusal(self._planner, state, self._stops))
        needs, closers = set(), 0
        for link, forward in path.steps:
            parts = self._parts_of_link[link.replaces or link.id]
            closers |= parts & self._closes
            if not self._open(link, forward=forward):
                needs.add(parts & ~self._closes)
        links = tuple(link for link, _ in path.steps)
        cost = sum((Fraction(state.weights[link.id]) for link in links), Fraction(0))
        return _BestRoute(mask, cost, links, state, tuple(needs), closers)

    def _open(self, link: Link, *, forward: bool) -> bool:
        """Tell whether a link is open without any of the parts.

        A link under another gauge is open where the one that it replaces is.
        """
        original = self._planner.network.link(link.replaces) if link.replaces else link
        return self._state_without_parts.usable(original, forward=forward)


def _estimate(by: str, weighted: Sequence[tuple[Fraction, _BestRoute]]) -> Estimate:
    """Return the weighted sum of routes; equal routes under equal settings are one term of it."""
    terms: dict[tuple[object, ...], tuple[Fraction, _BestRoute]] = {}
    for weight, route in weighted:
        settings = tuple(route.state.scenario.settings.items())
        key = (tuple(link.id for link in route.links), settings)
        terms[key] = terms.get(key, (Fraction(0), route))[0] + weight, route
    return total(by, [(float(w), r.links, r.state.rates) for w, r in terms.values() if w])


def without_parts(scenario: Scenario) -> Scenario:
    """Return a scenario that opens, builds, closes and sets nothing, on the day of another."""
    return _with_parts(scenario, [])


def _parts(whole: Scenario) -> list[tuple[str, str]]:
    """Return kind and id of each part: what the scenario opens, builds, closes and sets."""
    parts = [
        (kind, key) for kind in ("open", "build", "close", "set") for key in getattr(whole, kind)
    ]
    if not parts:
        message = f"scenario '{whole.id}' opens, builds, closes and sets nothing; name another"
        raise AraxesError(message)
    if len(parts) > MAX_PARTS or len(whole.set) > MAX_SETTINGS:
        message = (
            f"scenario '{whole.id}' opens, builds, closes and sets {len(parts)} things, "
            f"{len(whole.set)} of them set; a saving is attributed to at most {MAX_PARTS}, "
            f"of which {MAX_SETTINGS} set: join openings of one corridor under its id"
        )
        raise AraxesError(message)
    return parts


def _with_parts(whole: Scenario, parts: list[tuple[str, str]]) -> Scenario:
    """Return a scenario with only some of its parts."""

    def of_kind(kind: str) -> dict[str, object]:
        table = getattr(whole, kind)
        return {key: table[key] for part_kind, key in parts if part_kind == kind}

    return replace(whole, **{kind: of_kind(kind) for kind in ("open", "build", "close", "set")})  # type: ignore[arg-type]


def _refusal(planner: RoutePlanner, state: NetworkState, stops: Sequence[str]) -> str:
    from corridors.routing.obstacles import no_route_message

    parts = [*state.scenario.open, *state.scenario.build]
    only = f"with {', '.join(parts)} alone" if parts else "without any opening"
    return (
        f"{only} there is {no_route_message(planner, state, stops)}; "
        "a saving can only be shared where there is a way without it"
    )
