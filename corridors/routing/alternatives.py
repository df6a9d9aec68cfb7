"""Alternatives that differ: not the same way with another street at its end."""

from __future__ import annotations

from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

from borders.errors import AraxesError, NoAnswerError
from corridors.routing import Router
from corridors.routing.find import ordered, route_of
from corridors.routing.query import planner_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from corridors.network.link import Link
    from corridors.network.network import Network
    from corridors.routing.planner import RoutePlanner
    from corridors.routing.route import Route
    from corridors.scenarios.network_state import NetworkState
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["alternatives"]

# An alternative shares at most this part of its cost with each better one, and costs at most this
# many times the best.
MOST_SHARED = 0.7
MOST_COST = 2.0
# A link of a way found counts this much more in the next search.
PENALTY = 1.4
SEARCHES = 12
# More would make links of ways found so dear that nothing else counts.
MOST = 20


def alternatives(  # noqa: PLR0913 - any question may be of another day
    origin: str,
    destination: str,
    *,
    k: int = 3,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
) -> list[Route]:
    """Return the best way and up to k - 1 others that differ from it and from one another.

    Links of ways found are made dearer until another way comes out (penalty method); it counts
    if it shares no more than 70 % of its cost with each way before and costs no more than twice
    the best.

    Parameters
    ----------
    origin, destination : places, by id or a name in any language.
    k : how many ways at most, 1 to 20.
    terms : what is to be least, by what modes, for whom; kilometres of road or rail, if missing.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.

    Raises
    ------
    AraxesError : k is not 1 to 20.
    UnknownNameError : no such place or scenario; the message offers the nearest.
    NoAnswerError : there is no way at all.

    Examples
    --------
    >>> ways = alternatives("Kars", "Baku", k=3)
    >>> ways[0].length.value == min(way.length.value for way in ways)
    True
    """
    if not isinstance(k, Integral) or not 1 <= k <= MOST:
        message = f"k is {k}; give 1 to {MOST}"
        raise AraxesError(message)
    planner = planner_for([scenario], terms, network, on)
    stops = ordered(planner, origin, destination)
    state = planner.states[0]
    found: list[list[tuple[Link, bool]]] = []
    for modes in state.terms.choices:
        found += _search(planner, state, modes, stops, k)
    if not found:
        from corridors.routing.obstacles import no_way

        raise NoAnswerError(no_way(planner, state, stops))
    found.sort(key=lambda links: _cost(state, links))
    kept: list[list[tuple[Link, bool]]] = []
    for links in found:
        if all(_shared(state, links, other) <= MOST_SHARED for other in kept) and (
            not kept or _cost(state, links) <= MOST_COST * _cost(state, kept[0])
        ):
            kept.append(links)
    return [route_of(state, stops, links) for links in kept[:k]]


def _search(
    planner: RoutePlanner, state: NetworkState, modes: tuple[str, ...], stops: Sequence[str], k: int
) -> list[list[tuple[Link, bool]]]:
    costs = planner.costs(state, modes)
    found: list[list[tuple[Link, bool]]] = []
    for _ in range(SEARCHES * k):
        path = planner.route_on(Router(planner.graph, costs), stops[0], stops[-1])
        if path is None:
            break
        links = planner.steps(path)
        if not any(links == other for other in found):
            found.append(links)
        arcs = np.asarray(path)
        costs = costs.copy()
        costs[np.concatenate([arcs, arcs ^ 1])] *= PENALTY
    return found


def _cost(state: NetworkState, links: Sequence[tuple[Link, bool]]) -> float:
    return sum(state.weights[link.id] for link, _ in links)


def _shared(
    state: NetworkState, links: Sequence[tuple[Link, bool]], others: Sequence[tuple[Link, bool]]
) -> float:
    """Return which part of a way's cost lies on links of another."""
    there = {link.id for link, _ in others}
    common = sum(state.weights[link.id] for link, _ in links if link.id in there)
    return common / (_cost(state, links) or 1.0)
