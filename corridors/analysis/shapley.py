"""How much of a scenario's saving each of its openings brings: Shapley's and Owen's values.

`corridors.analysis.orders` says in which orders the parts come.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from borders.errors import AraxesError, NoAnswerError
from borders.measure import Z95
from corridors.analysis.orders import AllOrders, DrawnOrders
from corridors.network.cost_basis import cost_basis
from corridors.network.estimate import ORDERS, Estimate, Part, total
from corridors.routing.find import resolve_stops, route_of
from corridors.routing.query import as_list, as_pair, planner_for
from corridors.routing.route import opening_part
from corridors.scenarios.terms import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from corridors.analysis.orders import Orders
    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.planner import RoutePlanner
    from corridors.routing.route import Route
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["Attribution", "Share", "attribute", "attribute_pairs", "without_parts"]

# Kinds of parts that change what links take, or when they are open, and all kinds.
_ALTERING = ("set", "closed", "open_hours")
_KINDS = ("open", "build", "close", *_ALTERING)

# Up to so many subsets of the parts, and parts that set values, whose subsets share no routes (see
# `_SubsetRoutes`), all orders count; beyond, so many are drawn.
MOST_SUBSETS, MAX_SETTINGS = 2**14, 10
DRAWN_ORDERS, MOST_ORDERS = 400, 100_000


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
    connects : share of the orders of the parts in which this one makes a way possible where there
        was none, less those in which it closes the last; a saving counts only where there is a
        way without the part and with it. Such shares add up to 1 where the scenario gains a way.
    """

    part: str
    saving: Fraction
    estimate: Estimate
    by: str = "km"
    connects: Fraction = Fraction(0)
    group: str = ""
    error: float = 0.0
    connects_error: float = 0.0

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
        _, key, unit = QUANTITIES[self.by]
        return {
            "part": self.part,
            f"saving_{key}": float(self.saving) / unit,
            f"low_{key}": self.estimate.low / unit,
            f"high_{key}": self.estimate.high / unit,
            "connects": float(self.connects),
            **({"group": self.group} if self.group else {}),
            **({f"error_{key}": self.error / unit} if self.error else {}),
            **(cost_basis([self.estimate]).row() if self.by == "cost" else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The shares of a scenario's parts in what it saves over several pairs of places.

    Parameters
    ----------
    shares : pair of ids of places → its shares; None where there is no way under the scenario.
    together : the shares in what it saves over all pairs with one; shares of pairs add up.
    orders : how many orders of the parts were drawn; 0 if all count.
    """

    shares: dict[tuple[str, str], list[Share] | None]
    together: list[Share]
    orders: int = 0


def attribute(  # noqa: PLR0913 - any query may be of another day
    origin: str,
    destination: str,
    scenario: Scenario | str,
    *,
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    groups: Mapping[str, Sequence[str]] | str | None = None,
    orders: int | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> list[Share]:
    """Return how much each opening, closing, new link or setting of a scenario saves.

    Parameters
    ----------
    origin, destination : places, by id or a name in any language.
    terms : what is to be least; kilometres of road or rail, if missing. With a time of departure,
        hours include what one waits until a link opens.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.
    groups : name → ids of parts that come one after the other, for Owen's values instead of
        Shapley's; ``scenarios`` for the parts of each scenario that the whole one is made of.
    orders : how many orders of the parts are drawn; if missing, all count where there are few
        enough subsets of the parts to ask each, and else 400.
    seed : another seed draws other orders.
    progress : called with the number of subsets of the parts done and of all.

    Returns
    -------
    Shares whose savings are in metres, hours or US dollars a tonne, as `terms` ask; they add up to
    what the whole scenario saves, even where orders are drawn: a drawn share has its standard
    error. Where there is no way without it, each has the share of the orders in which its part
    gains the connection, and what it saves once there is one.

    Raises
    ------
    AraxesError : the scenario has nothing to attribute, or a group has what is no part of it.
    NoAnswerError : there is no route even under the whole scenario.

    Examples
    --------
    >>> from corridors.scenarios.terms import Terms
    >>> shares = attribute("Nakhchivan", "Baku", "iran-road", terms=Terms(modes=("road",)))
    >>> [share.part for share in shares]
    ['open x-aghband-kalala', 'open road-mincivan-aghband']
    """
    planner = planner_for([scenario], terms, network, on, ends=(origin, destination))
    stops = resolve_stops(planner, origin, destination)
    asked = _Asked(planner, groups, orders, seed)
    found = _attributed(planner, asked, stops, progress)
    if isinstance(found, str):
        raise NoAnswerError(found)
    return found.shares()


def attribute_pairs(  # noqa: PLR0913 - any query may be of another day
    pairs: Iterable[tuple[str, str]],
    scenario: Scenario | str,
    *,
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    groups: Mapping[str, Sequence[str]] | str | None = None,
    orders: int | None = None,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Attribution:
    """Return how much each part of a scenario saves over several pairs of places.

    Parameters are those of `attribute`, and

    Parameters
    ----------
    pairs : origins and destinations.

    Raises
    ------
    AraxesError : as of `attribute`, or no pair is given.
    NoAnswerError : there is no route between any of the pairs; the message is that of the first.

    Examples
    --------
    >>> both = attribute_pairs([("Kars", "Baku"), ("Kars", "Yerevan")], "all-open")
    >>> sum(share.saving for share in both.together) > 0
    True
    """
    asked_pairs = [as_pair(pair) for pair in as_list(pairs, "pairs of places")]
    planner = planner_for([scenario], terms, network, on, ends=chain.from_iterable(asked_pairs))
    ends = [resolve_stops(planner, *pair) for pair in asked_pairs]
    if not ends:
        message = "no pair of places is given; name at least one"
        raise AraxesError(message)
    asked = _Asked(planner, groups, orders, seed)
    found: dict[tuple[str, str], _Attributed] = {}
    refusals = []
    for n, stops in enumerate(ends):
        each = _attributed(planner, asked, stops, _part_of(progress, n, len(ends)))
        if isinstance(each, str):
            refusals.append(each)
        else:
            found[stops[0], stops[1]] = each
    if not found:
        raise NoAnswerError(refusals[0])
    shares = {pair: each.shares() for pair, each in found.items()}
    return Attribution(
        shares={(a, b): shares.get((a, b)) for a, b in ends},
        together=_together(list(found.values())), orders=asked.n_drawn,
    )  # fmt: skip


def _part_of(
    progress: Callable[[int, int], None] | None, n: int, count: int
) -> Callable[[int, int], None] | None:
    """Return what tells of one of several pairs as of a part of all of them."""
    if progress is None:
        return None
    return lambda done, total: progress(n * total + done, count * total)


class _Asked:
    """The parts of a scenario, their groups, and the orders in which they come.

    Attributes
    ----------
    parts : kind and id of each.
    group_of : name of the group of each part; empty for one that is in none.
    orders : those that count.
    """

    def __init__(
        self, planner: RoutePlanner, groups: Mapping[str, Sequence[str]] | str | None,
        orders: int | None, seed: int,
    ) -> None:  # fmt: skip
        self.whole = planner.states[0].scenario
        self.parts = _parts(self.whole)
        self.group_of = _groups(self.whole, self.parts, groups)
        members: dict[str, list[int]] = defaultdict(list)
        for n, name in enumerate(self.group_of):
            # A part that is in no group is one of its own.
            members[name or f"\0{n}"].append(n)
        together = tuple(tuple(numbers) for numbers in members.values())
        everything = AllOrders(together)
        n_settings = len(self.whole.set)
        few = everything.n_masks <= MOST_SUBSETS and n_settings <= MAX_SETTINGS
        self.orders: Orders = everything
        self.n_drawn = 0
        if orders is not None or not few:
            count = DRAWN_ORDERS if orders is None else orders
            if not 2 <= count <= MOST_ORDERS:
                message = f"{count} orders are asked for; give 2 to {MOST_ORDERS:,}"
                raise AraxesError(message)
            # One order and its reverse are a pair; two pairs at least give an error.
            pairs = max(2, -(-count // 2))
            self.orders, self.n_drawn = DrawnOrders(together, pairs, seed), 2 * pairs


class _Attributed:
    """The routes of the subsets of a scenario's parts, and what they make of each share."""

    def __init__(
        self, asked: _Asked, planner: RoutePlanner, routes: list[_BestRoute],
        route_of: dict[int, int | None],
    ) -> None:  # fmt: skip
        self.asked, self.by, self.routes = asked, planner.terms.by, routes
        costs = [route.cost for route in routes]
        self.weights = [asked.orders.weights(n, route_of, costs) for n in range(len(asked.parts))]

    def weighted(self, n: int) -> list[tuple[Fraction, _BestRoute]]:
        """Return the routes of which the share of part n is made, with their weights."""
        return [(weight, self.routes[k]) for k, weight in self.weights[n].routes.items()]

    def shares(self) -> list[Share]:
        """Return the share of each part."""
        return _together([self])


def _together(found: Sequence[_Attributed]) -> list[Share]:
    """Return the shares of each part over several pairs of places, which add up."""
    shares = []
    asked, by = found[0].asked, found[0].by
    for n, (kind, key) in enumerate(asked.parts):
        weighted = [pair for each in found for pair in each.weighted(n)]
        # The same orders are drawn for all pairs, so their errors may add up.
        error, connects_error = (sum(each.weights[n].errors[k] for each in found) for k in (0, 1))
        estimate = _estimate(by, weighted)
        if error:
            half = Z95 * error
            sampling = Part(key=ORDERS, value=0.0, low=-half, high=half, state="sampled")
            estimate = estimate.plus(sampling)
        shares.append(
            Share(
                part=f"{kind} {key}", by=by, estimate=estimate, group=asked.group_of[n],
                saving=sum((w * route.cost for w, route in weighted), Fraction(0)),
                connects=sum((each.weights[n].connects for each in found), Fraction(0)),
                error=error, connects_error=connects_error,
            )
        )  # fmt: skip
    return shares


def _attributed(
    planner: RoutePlanner,
    asked: _Asked,
    stops: Sequence[str],
    progress: Callable[[int, int], None] | None,
) -> _Attributed | str:
    """Return the routes of all subsets that count, or why there is none under the whole."""
    subset_routes = _SubsetRoutes(planner, asked.whole, asked.parts, stops)
    masks = asked.orders.masks
    route_of: dict[int, int | None] = {}
    for done, mask in enumerate(_ordered(masks, asked.parts), 1):
        route_of[mask] = subset_routes.index_for(mask)
        if progress:
            progress(done, len(masks))
    if route_of[2 ** len(asked.parts) - 1] is None:
        return subset_routes.refusal()
    return _Attributed(asked, planner, subset_routes.routes, route_of)


def _ordered(masks: Iterable[int], parts: Sequence[tuple[str, str]]) -> Iterator[int]:
    """Yield subsets of the parts: none first, then those with most open.

    The best route of a subset that leaves much open often serves for those that leave less open.
    """
    closes = _mask_of(parts, "close")
    rest = sorted(set(masks) - {0}, key=lambda mask: (-(mask ^ closes).bit_count(), mask))
    yield 0
    yield from rest


def _mask_of(parts: Sequence[tuple[str, str]], *kinds: str) -> int:
    """Return the bit mask of the parts of some kinds."""
    return sum(1 << n for n, (kind, _) in enumerate(parts) if kind in kinds)


def _groups(
    whole: Scenario,
    parts: Sequence[tuple[str, str]],
    groups: Mapping[str, Sequence[str]] | str | None,
) -> list[str]:
    """Return the name of the group of each part, empty for one that is in none."""
    if groups is None:
        return [""] * len(parts)
    if groups == "scenarios":
        return [_by(whole, kind, key) for kind, key in parts]
    if isinstance(groups, str):
        message = f"groups is '{groups}'; give 'scenarios', or names with lists of ids"
        raise AraxesError(message)
    named: dict[str, str] = {}
    for name, keys in groups.items():
        for key in as_list(keys, "ids"):
            if key in named:
                message = f"'{key}' is in the groups '{named[key]}' and '{name}'; leave one out"
                raise AraxesError(message)
            named[key] = name
    unknown = [key for key in named if key not in {part for _, part in parts}]
    if unknown:
        known = ", ".join(part for _, part in parts)
        message = (
            f"group '{named[unknown[0]]}' has '{unknown[0]}', no part of the scenario: {known}"
        )
        raise AraxesError(message)
    return [named.get(key, "") for _, key in parts]


def _by(whole: Scenario, kind: str, key: str) -> str:
    """Return the id of the scenario that a part comes from."""
    origin = getattr(whole, kind)[key]
    return str(origin if isinstance(origin, str) else origin[1])


class _BestRoute(NamedTuple):
    """The best route under one subset of the parts, and what other subsets need to allow it.

    Parameters
    ----------
    mask : the subset. Here and below subsets are bit masks, part n being bit n.
    cost : in metres, hours or US dollars a tonne.
    needs : for each link that is not open without the scenario, the parts that open it. One of
        them must be in a subset that allows the route.
    closers : the parts that close one of its links.
    way : the route with its waits, where hours are asked for from a time of departure on.
    """

    mask: int
    cost: Fraction
    links: tuple[Link, ...]
    state: NetworkState
    needs: tuple[int, ...]
    closers: int
    way: Route | None = None


class _SubsetRoutes:
    """The best route under each subset of a scenario's parts.

    Opening, building and closing only decide which links may be used. So the best route of a
    subset is also the best of every subset that leaves no more open and still allows it, and few
    routes have to be searched for. Settings change costs, and hours and seasons when a link is
    open: subsets that differ in them share no routes. By the clock a link that is open by itself,
    at some hours only, needs the part that opens it at all hours.
    """

    def __init__(
        self,
        planner: RoutePlanner,
        whole: Scenario,
        parts: Sequence[tuple[str, str]],
        stops: Sequence[str],
    ) -> None:
        self._planner, self._whole, self._parts, self._stops = planner, whole, parts, stops
        self._closes, self._sets = _mask_of(parts, "close"), _mask_of(parts, *_ALTERING)
        self._state_without_parts = planner.state(without_parts(whole))
        # Link id → the parts that name it or what it belongs to.
        self._parts_of_link: dict[str, int] = defaultdict(int)
        for n, (kind, key) in enumerate(parts):
            for link in () if kind in _ALTERING else planner.network.links_of(key):
                self._parts_of_link[link.id] |= 1 << n
        # Settings → indices of the routes found under them.
        self._with_settings: dict[int, list[int]] = defaultdict(list)
        # Settings → subsets without a route under them.
        self._without_route: dict[int, list[int]] = defaultdict(list)
        self.routes: list[_BestRoute] = []

    def index_for(self, mask: int) -> int | None:
        """Return the index in `routes` of the best route under a subset, None if there is none."""
        indices = self._with_settings[mask & self._sets]
        none = self._without_route[mask & self._sets]
        if any(not self._opens_more(mask, other) for other in none):
            return None
        for n in indices:
            if self._is_best(self.routes[n], mask):
                return n
        best = self._search(mask)
        if best is None:
            none.append(mask)
            return None
        indices.append(len(self.routes))
        self.routes.append(best)
        return indices[-1]

    def refusal(self) -> str:
        """Return the message that there is no route even under the whole scenario."""
        from corridors.routing.obstacles import no_route_message

        return no_route_message(self._planner, self._planner.state(self._whole), self._stops)

    def _opens_more(self, mask: int, other: int) -> bool:
        """Tell whether a subset leaves more open than another one."""
        # A part for closing leaves links open where it is not in the subset.
        return bool((mask ^ self._closes) & ~(other ^ self._closes))

    def _is_best(self, route: _BestRoute, mask: int) -> bool:
        """Tell whether a subset leaves no more open than that of a route, and still allows it."""
        allowed = not mask & route.closers and all(mask & need for need in route.needs)
        return allowed and not self._opens_more(mask, route.mask)

    def _search(self, mask: int) -> _BestRoute | None:
        chosen = [part for n, part in enumerate(self._parts) if mask >> n & 1]
        state = self._planner.state(_with_parts(self._whole, chosen))
        path = self._planner.find(state, self._stops)
        if path is None:
            return None
        needs, closers = set(), 0
        for link, forward in path.steps:
            parts = self._parts_of_link[link.replaces or link.id]
            closers |= parts & self._closes
            if not self._open(link, forward=forward) or (
                parts and self._state_without_parts.hours(link, forward=forward)
            ):
                needs.add(parts & ~self._closes)
        links = tuple(link.travelled(forward=forward) for link, forward in path.steps)
        costs = (Fraction(state.weight(link, forward=forward)) for link, forward in path.steps)
        cost, way = sum(costs, Fraction(0)), None
        if state.terms.by_clock:
            way = route_of(state, self._stops, path.steps)
            cost += sum((Fraction(step.wait_h) for step in way.steps), Fraction(0))
        return _BestRoute(mask, cost, links, state, tuple(needs), closers, way)

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
        scenario = route.state.scenario
        kept = tuple(tuple(getattr(scenario, kind).items()) for kind in _ALTERING)
        key = (tuple(link.id for link in route.links), kept)
        terms[key] = terms.get(key, (Fraction(0), route))[0] + weight, route
    summed = total(by, [(float(w), r.links, r.state.rates) for w, r in terms.values() if w])
    timed = [(float(w), r.way) for w, r in terms.values() if w and r.way is not None]
    waiting = opening_part(*timed)
    return summed if waiting is None else summed.plus(waiting)


def without_parts(scenario: Scenario) -> Scenario:
    """Return a scenario that changes nothing, on the day of another."""
    return _with_parts(scenario, [])


def _parts(whole: Scenario) -> list[tuple[str, str]]:
    """Return kind and id of each part: what the scenario opens, builds, closes, sets or times."""
    parts = [(kind, key) for kind in _KINDS for key in getattr(whole, kind)]
    if not parts:
        message = f"scenario '{whole.id}' changes nothing; name another"
        raise AraxesError(message)
    return parts


def _with_parts(whole: Scenario, parts: list[tuple[str, str]]) -> Scenario:
    """Return a scenario with only some of its parts."""

    def of_kind(kind: str) -> dict[str, object]:
        table = getattr(whole, kind)
        return {key: table[key] for part_kind, key in parts if part_kind == kind}

    return replace(whole, **{kind: of_kind(kind) for kind in _KINDS})  # type: ignore[arg-type]
