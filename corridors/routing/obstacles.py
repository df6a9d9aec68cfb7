"""Where there is no route: the fewest closed or unbuilt links that stand in the way."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridors.routing import Router
from corridors.routing.route import name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from corridors.network.dated_statuses import LinkStatus
    from corridors.network.link import Link
    from corridors.routing.planner import RoutePlanner
    from corridors.scenarios.network_state import NetworkState

__all__ = [
    "Obstacle",
    "loose_ends",
    "minimum_cut",
    "no_route_message",
    "obstacle_message",
    "obstacles",
]

# A message names at most this many links of a cut; a longer list is not read. An assumption.
MAX_NAMED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A link that stands in the way.

    Parameters
    ----------
    name : its corridor, if none of that is open; otherwise its own id or that of its crossing.
    closed_by : the scenario that closes it; empty if the day's status does.
    """

    name: str
    link: Link
    status: LinkStatus
    closed_by: str = ""

    @property
    def text(self) -> str:
        """Return the name with the status and since when."""
        if self.closed_by:
            return f"{self.name} (closed by scenario '{self.closed_by}')"
        since = f" since {self.status.valid_from}" if self.status.valid_from else ""
        return f"{self.name} ({self.status.status}{since})"


def obstacles(
    planner: RoutePlanner,
    state: NetworkState,
    origin: str,
    destination: str,
    *,
    fewest: bool = True,
) -> list[Obstacle] | None:
    """Return the links that would have to open for a route to exist.

    Parameters
    ----------
    fewest : whether the route with the fewest closed links counts, and of several such routes the
        shortest; otherwise the shortest of all routes.

    Returns
    -------
    None if there is no route even with all links open.
    """
    best: tuple[int, float, list[Obstacle]] | None = None
    links = planner.network.links
    length_m = np.array([link.length_m for link in links])
    usable = np.array([[state.usable(k, forward=f) for f in (True, False)] for k in links])
    for modes in state.terms.choices:
        wanted = np.array([state.wanted(link, modes) and state.has(link) for link in links])
        # A closed link costs more than all wanted ones together, so the fewest closed ones win.
        penalty_m = length_m[wanted].sum() + 1.0 if fewest else 0.0
        cost = np.where(usable, length_m[:, None], penalty_m + length_m[:, None])
        cost[~wanted] = np.inf
        arcs = np.concatenate([cost.ravel(), np.zeros(planner.graph.tail.size - cost.size)])
        path = planner.path_on(Router(planner.graph, arcs), origin, destination)
        if path is None:
            continue
        steps = planner.steps(path)
        closed = [
            _obstacle(state, link, forward=forward)
            for link, forward in steps
            if not state.usable(link, forward=forward)
        ]
        key = len(closed) if fewest else 0, sum(link.length_m for link, _ in steps)
        if best is None or key < best[:2]:
            best = *key, closed
    return best and best[2]


def minimum_cut(
    planner: RoutePlanner, state: NetworkState, origin: str, destination: str
) -> list[Obstacle]:
    """Return the fewest closed links of which every route has to pass one, were all links open.

    Of several such sets it is the one nearest to the origin. Where the terms name no modes, it is
    the set of the routes by road together with that of the routes by rail.
    """
    cut: dict[str, Obstacle] = {}
    start, end = planner.ends(origin, destination)
    for modes in state.terms.choices:
        for arc in _minimum_cut_arcs(planner, state, modes, start, end):
            link, forward = planner.steps([arc])[0]
            cut.setdefault(link.id, _obstacle(state, link, forward=forward))
    return list(cut.values())


def _minimum_cut_arcs(
    planner: RoutePlanner, state: NetworkState, modes: Sequence[str], start: int, end: int
) -> list[int]:
    """Return the fewest closed arcs that separate two nodes, those nearest the first.

    A closed arc has a capacity of one, an open one any (an edge without a capacity).
    """
    import networkx as nx

    tails, heads = planner.graph.tail.tolist(), planner.graph.head.tolist()
    links = planner.network.links
    closed: dict[tuple[int, int], list[int]] = defaultdict(list)
    # networkx cuts as near the sink as it can: on the reversed graph that is near the origin.
    graph = nx.DiGraph()
    graph.add_nodes_from((start, end))
    for arc, (tail, head) in enumerate(zip(tails, heads, strict=True)):
        if arc < 2 * len(links):
            link = links[arc // 2]
            if not (state.wanted(link, modes) and state.has(link)):
                continue
            if not state.usable(link, forward=arc % 2 == 0):
                closed[tail, head].append(arc)
                continue
        graph.add_edge(head, tail)
    for (tail, head), arcs in closed.items():
        if not graph.has_edge(head, tail):
            graph.add_edge(head, tail, capacity=len(arcs))
    try:
        _, (_, origin_side) = nx.minimum_cut(graph, end, start)
    except nx.NetworkXUnbounded:
        return []
    return sorted(
        arc
        for (tail, head), arcs in closed.items()
        if tail in origin_side and head not in origin_side
        for arc in arcs
    )


def _obstacle(state: NetworkState, link: Link, *, forward: bool) -> Obstacle:
    status = state.status(link, forward=forward)
    closed_by = state.scenario.id if status.status == "open" else ""
    name = link.id
    if link.corridor:
        name = link.crossing or link.id
        parts = [k for k in state.network.links_of(link.corridor) if k.mode != "transfer"]
        if not any(state.usable(k, forward=f) for k in parts for f in (True, False)):
            name = link.corridor
    return Obstacle(name=name, link=link, status=status, closed_by=closed_by)


def no_route_message(planner: RoutePlanner, state: NetworkState, stops: Sequence[str]) -> str:
    """Return one line that says why there is no route through some places in order."""
    for ends in pairwise(stops):
        if planner.find(state, ends) is None:
            return obstacle_message(planner, state, ends, obstacles(planner, state, *ends))
    start, *between, end = map(name_of, stops)
    return (
        f"no route from {start} through {', '.join(between)} to {end} on {state.on} in scenario "
        f"'{state.scenario.id}': each part has a way, but no one set of modes and no transfer "
        "joins them; ask part by part, or for more modes"
    )


def obstacle_message(
    planner: RoutePlanner,
    state: NetworkState,
    ends: tuple[str, str],
    fewest: Sequence[Obstacle] | None,
    *,
    brief: bool = False,
) -> str:
    """Return one line that says what stands in the way between two places.

    Parameters
    ----------
    fewest : what `obstacles` returns for the ends.
    brief : without the minimum cut, for a table.
    """
    origin, destination = ends
    users = "" if state.terms.users == "freight" else f" for {state.terms.users}"
    head = (
        f"no route{users} from {name_of(origin)} to {name_of(destination)} on {state.on} "
        f"in scenario '{state.scenario.id}'"
    )
    if fewest is None:
        modes = " or ".join("+".join(m) for m in state.terms.choices)
        without = f", without {', '.join(sorted(state.terms.avoid))}" if state.terms.avoid else ""
        return f"{head}: no links join them by {modes}{without}; {_advice(planner, state, ends)}"
    to_open = _texts(fewest)
    on_shortest = _texts(obstacles(planner, state, origin, destination, fewest=False) or [])
    needed = to_open if brief else _texts(minimum_cut(planner, state, origin, destination))
    line = f"{head}: in the way stand {', '.join(to_open)}"
    if on_shortest != to_open:
        line += f"; on the shortest way, {', '.join(on_shortest)}"
    if set(needed) != set(to_open):
        unnamed = len(needed) - MAX_NAMED
        named = ", ".join(needed[:MAX_NAMED]) + (f" and {unnamed} more" if unnamed > 0 else "")
        line += f"; no way without {f'one of {named}' if len(needed) > 1 else named}"
    return f"{line}; a scenario may open them"


def _texts(closed: Iterable[Obstacle]) -> list[str]:
    """Return the texts of obstacles, each once."""
    return list(dict.fromkeys(obstacle.text for obstacle in closed))


def _advice(planner: RoutePlanner, state: NetworkState, ends: tuple[str, ...]) -> str:
    """Return what to ask for instead: a station near a place that has none of the modes itself."""
    modes = {mode for choice in state.terms.choices for mode in choice}
    remarks = loose_ends(state, ends)
    if remarks:
        return "; ".join(remarks)
    offers = []
    for end in ends:
        nearest = planner.nearest(state, end, modes)
        if nearest is not None:
            key, distance_m = nearest
            offers.append(
                f"none begins at {name_of(end)}; '{key}' ({name_of(key)}), "
                f"{distance_m / 1000:,.0f} km away, has one"
            )
    return "; ".join([*offers, "try that, or other modes" if offers else "try other modes"])


def loose_ends(state: NetworkState, ends: Collection[str] | None = None) -> list[str]:
    """Return one remark for each end of a scenario's new links that no other link joins.

    Parameters
    ----------
    ends : origin and destination of a route, where a new link may end. If missing, the remarks
        are only of ends at places with rails of another gauge.
    """
    links = state.network.links
    n_links_at = Counter(node for link in links for node in (link.start, link.end))
    remarks = []
    for key in state.scenario.build:
        link = state.network.link(key)
        for node in (link.start, link.end):
            place = node.place
            others = [other.layer for other in state.network.layers[place] if other != node]
            rails = [layer for layer in others if link.mode == "rail" and layer.startswith("rail")]
            if n_links_at[node] == 1 and (rails or (ends is not None and place not in ends)):
                remarks.append(
                    f"the new link '{key}' ends at '{place}' on {node.layer}, which nothing "
                    f"joins to {' or '.join(rails or others)} there; give it another "
                    f"{'gauge_mm' if rails else 'end'}"
                )
    return remarks
