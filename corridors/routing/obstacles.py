"""Where there is no way: the fewest closed or unbuilt links that stand in it."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridors.network.link import layer_of, place_of
from corridors.routing import Router

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
    found: dict[str, Obstacle] = {}
    for modes in state.terms.choices:
        for arc in _Flow(planner, state, modes).least_cut(*planner.ends(origin, destination)):
            link, forward = planner.steps([arc])[0]
            found.setdefault(link.id, _obstacle(state, link, forward=forward))
    return list(found.values())


class _Flow:
    """A network in which a closed link carries one unit, an open one any number.

    Source: L. R. Ford and D. R. Fulkerson (1956), Maximal flow through a network, Canadian
    Journal of Mathematics 8, https://doi.org/10.4153/CJM-1956-045-5
    """

    def __init__(self, planner: RoutePlanner, state: NetworkState, modes: Sequence[str]) -> None:
        self._tail, self._head = planner.graph.tail.tolist(), planner.graph.head.tolist()
        self._at: dict[int, list[int]] = defaultdict(list)
        self._closed: set[int] = set()
        self._flow: dict[int, int] = defaultdict(int)
        links = planner.network.links
        for arc in range(len(self._tail)):
            link = links[arc // 2] if arc < 2 * len(links) else None
            if link is not None:
                if not (state.wanted(link, modes) and state.has(link)):
                    continue
                if not state.usable(link, forward=arc % 2 == 0):
                    self._closed.add(arc)
            self._at[self._tail[arc]].append(arc)
            self._at[self._head[arc]].append(arc)

    def least_cut(self, origin: int, destination: int) -> list[int]:
        """Return the closed arcs that keep apart what can be reached from the rest."""
        while True:
            came = self._reached(origin, destination)
            if destination not in came:
                return sorted(
                    a for a in self._closed if self._tail[a] in came and self._head[a] not in came
                )
            way = self._way(came, origin, destination)
            if not any(arc in self._closed for arc, _ in way):
                return []
            for arc, forward in way:
                self._flow[arc] += 1 if forward else -1

    def _way(self, came: dict[int, int], origin: int, destination: int) -> list[tuple[int, bool]]:
        found: list[tuple[int, bool]] = []
        node = destination
        while node != origin:
            arc = came[node]
            forward = self._head[arc] == node
            found.append((arc, forward))
            node = self._tail[arc] if forward else self._head[arc]
        return found

    def _reached(self, origin: int, destination: int) -> dict[int, int]:
        """Return node → arc by which what is left of the network reaches it."""
        came = {origin: -1}
        queue = deque([origin])
        while queue and destination not in came:
            node = queue.popleft()
            for arc in self._at[node]:
                forward = self._tail[arc] == node
                other = self._head[arc] if forward else self._tail[arc]
                if other not in came and self._passes(arc, forward=forward):
                    came[other] = arc
                    queue.append(other)
        return came

    def _passes(self, arc: int, *, forward: bool) -> bool:
        if not forward:
            return self._flow[arc] > 0
        return arc not in self._closed or self._flow[arc] < 1


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


def no_way(planner: RoutePlanner, state: NetworkState, origin: str, destination: str) -> str:
    """Return one line that says why there is no way."""
    return told(
        planner, state, (origin, destination), obstacles(planner, state, origin, destination)
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
    from corridors.routing.route import name_of

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
    from corridors.routing.route import name_of

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
            spot = place_of(node)
            others = [layer_of(one) for one in state.network.layers[spot] if one != node]
            rails = [one for one in others if link.mode == "rail" and one.startswith("rail")]
            if joined[node] == 1 and (rails or (ends is not None and spot not in ends)):
                found.append(
                    f"the new link '{key}' ends at '{spot}' on {layer_of(node)}, which nothing "
                    f"joins to {' or '.join(rails or others)} there; give it another "
                    f"{'gauge_mm' if rails else 'end'}"
                )
    return found
