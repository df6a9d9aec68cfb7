"""The arguments that every query takes, read and checked: scenarios, network, terms, places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import wraps
from math import inf
from numbers import Real
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar
from warnings import warn

import numpy as np

from borders.dates import parse_date
from borders.errors import AmbiguousNameError, AraxesError, GeometryError, UnknownNameError
from borders.gazetteer.places import two_places
from corridors.network.compiled import CompiledNetwork
from corridors.network.load import known_until, load_network
from corridors.network.named_links import ambiguous, kinds_named, named_links, split_kind
from corridors.network.nearest_point import LinkPoint
from corridors.network.network import Network
from corridors.routing.engines import node_order
from corridors.routing.planner import RoutePlanner
from corridors.routing.router import cch_installed
from corridors.routing.stops import snapping_modes
from corridors.routing.weighted_graph import graph_of
from corridors.scenarios.new_links import new_ends
from corridors.scenarios.scenario import Scenario, read_scenario
from corridors.scenarios.terms import Terms, several

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from corridors.network.snapping import Meant
    from corridors.routing.graph import Ints

    Day: TypeAlias = date | str

__all__ = [
    "as_limit",
    "as_list",
    "as_pair",
    "as_pairs",
    "network_at",
    "pair_as_first_argument",
    "planner_for",
    "scenario_on_day",
]

# Kilometres, hours or US dollars a tonne that no way has; in metres it is still a number.
_FARTHEST = 1e300

P = ParamSpec("P")
R = TypeVar("R")


def planner_for(
    scenarios: Iterable[Scenario | str],
    terms: Terms | None,
    network: Network | str | Path | None,
    on: Day | None,
    *,
    engine: str = "auto",
    ends: Iterable[str] = (),
) -> RoutePlanner:
    """Return the planner that answers a query.

    On a network of an extract links are divided at the ends, of routes and of new links, that lie
    between two nodes.

    Parameters
    ----------
    scenarios : scenarios, ids or TOML files; one or more.
    terms : the usual `Terms` if missing.
    network : a network, or what `load_network` reads; the bundled one if missing.
    on : day whose statuses hold; see `scenario_on_day`.
    engine : that searches; see `Router`.
    ends : names that routes begin or end at, whatever they mean.

    Raises
    ------
    AraxesError : there is no scenario, or an argument is of another kind.
    """
    loaded = network if isinstance(network, Network) else load_network(network)
    if terms is not None and not isinstance(terms, Terms):
        message = f"terms is {_short_repr(terms)}; give Terms, such as Terms(by='hours')"
        raise AraxesError(message)
    dated = [scenario_on_day(scenario, loaded, on=on) for scenario in scenarios]
    if not dated:
        message = "no scenario is given; name at least one, such as 'status-quo'"
        raise AraxesError(message)
    terms = terms or Terms()
    planner = _prepared(loaded, dated, terms, engine, ends)
    for name in sorted(terms.avoid):
        _check_avoided(planner.network, name)
    return planner


def _prepared(
    network: Network, scenarios: list[Scenario], terms: Terms, engine: str, ends: Iterable[str]
) -> RoutePlanner:
    """Return a planner: of a compiled network that of this thread's last question, if it is alike.

    A hierarchy of a million links takes seconds; it answers in milliseconds. That of the whole
    links is kept beside what answered the last question for which some were divided.
    """
    if not isinstance(network, CompiledNetwork):
        return RoutePlanner(network, scenarios, terms, engine=engine)
    meant = _between_nodes(network, scenarios, ends, terms)
    # Scenarios of one content are equal whichever of their parts it comes from.
    parts = [(s.open, s.close, s.build, s.set) for s in scenarios]
    question = (get_ident(), scenarios, parts, terms, engine, meant)
    for planner, asked in network.prepared:
        if asked == question:
            return planner  # type: ignore[no-any-return]
    if meant:
        divided = network.at_ends(meant, _order_without_points(network))
        # What a scenario builds may begin at a point of a link, which the other planner lacks.
        builds = any(scenario.build for scenario in scenarios)
        whole = None if builds else _prepared(network, scenarios, terms, engine, ())
        planner = RoutePlanner(divided, scenarios, terms, engine=engine, whole=whole)
    else:
        planner = RoutePlanner(network, scenarios, terms, engine=engine)
    kept = [(p, asked) for p, asked in network.prepared if bool(asked[-1]) != bool(meant)]
    network.prepared[:] = [*kept, (planner, question)]
    return planner


def network_at(
    network: Network, scenarios: Iterable[Scenario], terms: Terms, ends: Iterable[str]
) -> Network:
    """Return a network on which ends between two nodes are nodes, as `planner_for` divides it.

    Other networks than of an extract, and one all of whose ends are nodes, stay as they are.

    Parameters
    ----------
    scenarios : whose new links begin and end there too.
    ends : names that routes begin or end at.
    """
    if not isinstance(network, CompiledNetwork):
        return network
    meant = _between_nodes(network, scenarios, ends, terms)
    return network.at_ends(meant, _order_without_points(network)) if meant else network


def _order_without_points(network: CompiledNetwork) -> Ints | None:
    """Return the order of the nodes of a large network that has none in a file.

    It takes long, and serves however links are divided.
    """
    ends = network.ends
    if ends.order is not None or ends.size < node_order.MIN_CACHED_NODES or not cch_installed():
        return None
    return np.array(node_order.node_order(graph_of(network)), np.int32)


def _between_nodes(
    network: CompiledNetwork, scenarios: Iterable[Scenario], ends: Iterable[str], terms: Terms
) -> dict[tuple[str, frozenset[str]], Meant]:
    """Return what ends, and those of new links, mean by modes; nothing if all of them are nodes.

    What means nothing, or several things, is left out: who resolves it says so. A name that is an
    end of a route and of a new link means to both what it does to the route.
    """
    modes = snapping_modes(terms)
    meant = new_ends((b for s in scenarios for b, _ in s.build.values()), network)
    for end in dict.fromkeys(end for end in ends if isinstance(end, str)):
        kind, key = split_kind(end)
        if kind not in ("", "place") or network.table.nodes_of(key):
            continue
        if not kind and kinds_named(network, key):
            continue
        with suppress(AmbiguousNameError, GeometryError, UnknownNameError):
            meant[key, frozenset(modes)] = network.snapper.meant(key, modes, terms.users)
    between = any(isinstance(m.place, LinkPoint) for m in meant.values())
    return meant if between else {}


def _check_avoided(network: Network, name: str) -> None:
    """Refuse what is to be avoided and is neither a country nor anything else of a network.

    Raises
    ------
    AraxesError : nothing has the name.
    AmbiguousNameError : it may mean several things.
    """
    country, named = name in network.countries, kinds_named(network, name)
    if country and named:
        raise AmbiguousNameError(ambiguous(name, ("country", *named), network))
    if country or (split_kind(name)[0] == "country" and split_kind(name)[1] in network.countries):
        return
    if re.fullmatch("[A-Z]{2}", name) and not named:
        known = ", ".join(network.countries) or "no country is named"
        message = f"avoid is '{name}'; {network.name} has no link there; known: {known}"
        raise AraxesError(message)
    try:
        named_links(network, name)
    except AmbiguousNameError:
        raise
    except UnknownNameError as err:
        message = f"avoid is '{name}'; write ISO 3166-1 codes of two letters, or an id: {err}"
        raise AraxesError(message) from err


def scenario_on_day(
    scenario: Scenario | str, network: Network | None = None, *, on: Day | None = None
) -> Scenario:
    """Return a scenario on the day that a query is about.

    This day is, in order of precedence: `on`; the day for which the network was loaded; the
    scenario's own. A scenario of the day up to which the data are known, as `status-quo` is,
    counts as one without a day of its own.

    Parameters
    ----------
    scenario : a scenario, its id, several ids joined by ``+``, or a TOML file.

    Raises
    ------
    AraxesError : scenario and network are of two different days, and `on` does not say which.

    Examples
    --------
    >>> network = load_network(on="1992-01-01")
    >>> str(scenario_on_day("tripp-open", network).on)
    '1992-01-01'
    >>> str(scenario_on_day("tripp-open", network, on="2000-01-01").on)
    '2000-01-01'
    """
    if not isinstance(scenario, Scenario | str | Path):
        message = f"the scenario is {_short_repr(scenario)}; give one, its id or a .toml file"
        raise AraxesError(message)
    named = scenario if isinstance(scenario, Scenario) else read_scenario(scenario, network=network)
    if on is not None:
        return replace(named, on=parse_date(on))
    if network is None or not network.dated or named.on in (None, network.on):
        return named
    if named.on != known_until():
        message = (
            f"scenario '{named.id}' is of {named.on}, the network of {network.on}; say which day "
            "counts with on="
        )
        raise AraxesError(message)
    return replace(named, on=network.on)


def as_list(names: Iterable[Any] | str, what: str = "places") -> list[Any]:
    """Return names, or other values, as a list; a single name becomes a list of one.

    Parameters
    ----------
    what : what the list holds, for the message.

    Raises
    ------
    AraxesError : the value is not iterable.
    """
    values = several(names)
    if values is None:
        message = f"{_short_repr(names)} is no list of {what}"
        raise AraxesError(message)
    return values


def as_limit(limit: float) -> float:
    """Return how far one may go, in the unit that is asked by.

    Raises
    ------
    AraxesError : it is not a positive number, or one that is too large to reckon with.
    """
    if not isinstance(limit, Real) or isinstance(limit, bool) or not 0 < limit < inf:
        message = f"the limit is {limit}; give a positive number"
        raise AraxesError(message)
    if limit > _FARTHEST:
        message = f"the limit is {limit}; no place is so far"
        raise AraxesError(message)
    return float(limit)


def as_pair(pair: Any) -> tuple[str, str]:
    """Return the two places of a pair.

    Raises
    ------
    AraxesError : it does not hold two places.
    """
    if isinstance(pair, Iterable) and not isinstance(pair, str):
        places = tuple(pair)
        if len(places) == 2:
            return places
    message = f"{_short_repr(pair)} is no pair of places; give two, such as {two_places()}"
    raise AraxesError(message)


def as_pairs(pairs: Iterable[Any]) -> list[tuple[str, str]]:
    """Return the places of each pair; a single pair becomes a list of one.

    Raises
    ------
    AraxesError : something else is given.
    """
    named = as_list(pairs, "pairs of places")
    single = len(named) == 2 and all(isinstance(name, str) for name in named)
    return [as_pair(pair) for pair in ([named] if single else named)]


def pair_as_first_argument(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function take origin and destination as one pair too, with a DeprecationWarning."""

    @wraps(function)
    def with_pair(*args: P.args, **options: P.kwargs) -> R:
        if args and not isinstance(args[0], str):
            name = function.__name__
            warn(
                f"{name}((origin, destination), …) is now {name}(origin, destination, …)",
                DeprecationWarning,
                stacklevel=2,
            )
            args = (*as_pair(args[0]), *args[1:])  # type: ignore[assignment]
        return function(*args, **options)

    return with_pair


def _short_repr(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
