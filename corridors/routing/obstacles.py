"""Where there is no way: the fewest closed or unbuilt links that stand in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridors.routing import Router
from corridors.routing.route import name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from corridors.network.link import Link, LinkStatus
    from corridors.routing.planner import RoutePlanner
    from corridors.scenarios.network_state import NetworkState

__all__ = ["Obstacle", "cut", "loose_ends", "no_way", "obstacles", "told"]


# A line that names more links of a cut is read by nobody.
MOST_NAMED = 6


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
    """Return the links that would have to open for a way to exist.

    Parameters
    ----------
    fewest : as few as can be, and of equally few those of the shortest way; otherwise those on
        the shortest of all ways.

    Returns
    -------
    None if even with all links open there is no way.
    """
    best: tuple[int, float, list[Obstacle]] | None = None
    links = planner.network.links
    length_m = np.array([link.length_m for link in links])
    open_ = np.array([[state.usable(k, forward=f) for f in (True, False)] for k in links])
    for modes in state.terms.choices:
        wanted = np.array([state.wanted(link, modes) and state.has(link) for link in links])
        most = length_m[wanted].sum() + 1.0 if fewest else 0.0
        cost = np.where(open_, length_m[:, None], most + length_m[:, None])
        cost[~wanted] = np.inf
        arcs = np.concatenate([cost.ravel(), np.zeros(planner.graph.tail.size - cost.size)])
        path = planner.route_on(Router(planner.graph, arcs), origin, destination)
        if path is None:
            continue
        steps = planner.steps(path)
        found = [
            _obstacle(state, link, forward=forward)
            for link, forward in steps
            if not state.usable(link, forward=forward)
        ]
        key = len(found) if fewest else 0, sum(link.length_m for link, _ in steps)
        if best is None or key < best[:2]:
            best = *key, found
    return best and best[2]


def cut(
    planner: RoutePlanner, state: NetworkState, origin: str, destination: str
) -> list[Obstacle]:
    """Return the fewest closed links of which every way, were all links open, has to pass one.

    Of equally few those nearest to the origin. With the modes left open, those of the ways by
    road and by rail.
    """
    cuts: dict[str, Obstacle] = {}
    start, end = planner.ends(origin, destination)
    for modes in state.terms.choices:
        for arc in _least_cut(planner, state, modes, start, end):
            link, forward = planner.steps([arc])[0]
            cuts.setdefault(link.id, _obstacle(state, link, forward=forward))
    return list(cuts.values())


def _least_cut(
    planner: RoutePlanner, state: NetworkState, modes: Sequence[str], start: int, end: int
) -> list[int]:
    """Return the fewest closed arcs that keep two nodes apart, those nearest the first.

    A closed arc carries one unit, an open one any number (an edge without a capacity).
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
        _, (_, near) = nx.minimum_cut(graph, end, start)
    except nx.NetworkXUnbounded:
        return []
    return sorted(
        arc
        for (tail, head), arcs in closed.items()
        if tail in near and head not in near
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


def no_way(planner: RoutePlanner, state: NetworkState, stops: Sequence[str]) -> str:
    """Return one line that says why there is no way from the first of some places to the last."""
    for leg in pairwise(stops):
        if planner.find(state, leg) is None:
            return told(planner, state, leg, obstacles(planner, state, *leg))
    start, *between, end = map(name_of, stops)
    return (
        f"no route from {start} through {', '.join(between)} to {end} on {state.on} in scenario "
        f"'{state.scenario.id}': each part has a way, but no one set of modes and no transfer "
        "joins them; ask part by part, or for more modes"
    )


def told(
    planner: RoutePlanner,
    state: NetworkState,
    ends: tuple[str, str],
    found: list[Obstacle] | None,
    *,
    brief: bool = False,
) -> str:
    """Return one line that says what stands in the way.

    Parameters
    ----------
    found : what `obstacles` found between the ends.
    brief : for a table, without the cut.
    """
    origin, destination = ends

    users = "" if state.terms.users == "freight" else f" for {state.terms.users}"
    head = (
        f"no route{users} from {name_of(origin)} to {name_of(destination)} on {state.on} "
        f"in scenario '{state.scenario.id}'"
    )
    if found is None:
        modes = " or ".join("+".join(m) for m in state.terms.choices)
        without = f", without {', '.join(sorted(state.terms.avoid))}" if state.terms.avoid else ""
        return f"{head}: no links join them by {modes}{without}; {_advice(planner, state, ends)}"
    shortest = obstacles(planner, state, origin, destination, fewest=False) or []
    fewest, other, narrowest = (
        list(dict.fromkeys(one.text for one in some))
        for some in (found, shortest, found if brief else cut(planner, state, origin, destination))
    )
    line = f"{head}: in the way stand {', '.join(fewest)}"
    if other != fewest:
        line += f"; on the shortest way, {', '.join(other)}"
    if set(narrowest) != set(fewest):
        more = len(narrowest) - MOST_NAMED
        needed = ", ".join(narrowest[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        needed = f"one of {needed}" if len(narrowest) > 1 else needed
        line += f"; no way without {needed}"
    return f"{line}; a scenario may open them"


def _advice(planner: RoutePlanner, state: NetworkState, ends: tuple[str, ...]) -> str:
    """Return what to ask for instead: a station near a place that has none of the modes itself."""
    modes = {mode for choice in state.terms.choices for mode in choice}
    loose = loose_ends(state, ends)
    if loose:
        return "; ".join(loose)
    offered = []
    for end in ends:
        found = planner.nearest(state, end, modes)
        if found is not None:
            key, away_m = found
            offered.append(
                f"none begins at {name_of(end)}; '{key}' ({name_of(key)}), "
                f"{away_m / 1000:,.0f} km away, has one"
            )
    return "; ".join([*offered, "try that, or other modes" if offered else "try other modes"])


def loose_ends(state: NetworkState, ends: Collection[str] | None = None) -> list[str]:
    """Return which new links of a scenario end where nothing goes on, in words.

    Parameters
    ----------
    ends : of a way, where a link may be the last one; if missing, only those are told that end at
        rails of another gauge.
    """
    links = state.network.links
    joined = Counter(node for link in links for node in (link.start, link.end))
    found = []
    for key in state.scenario.build:
        link = state.network.link(key)
        for node in (link.start, link.end):
            spot = node.place
            others = [one.layer for one in state.network.layers[spot] if one != node]
            rails = [one for one in others if link.mode == "rail" and one.startswith("rail")]
            if joined[node] == 1 and (rails or (ends is not None and spot not in ends)):
                found.append(
                    f"the new link '{key}' ends at '{spot}' on {node.layer}, which nothing "
                    f"joins to {' or '.join(rails or others)} there; give it another "
                    f"{'gauge_mm' if rails else 'end'}"
                )
    return found
