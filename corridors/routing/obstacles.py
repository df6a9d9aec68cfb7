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
    from corridors.routing.planner import Plan
    from corridors.scenarios.network_state import Case

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
    plan: Plan, case: Case, origin: str, destination: str, *, fewest: bool = True
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
    links = plan.network.links
    length_m = np.array([link.length_m for link in links])
    open_ = np.array([[case.usable(k, forward=f) for f in (True, False)] for k in links])
    for modes in case.terms.choices:
        wanted = np.array([case.wanted(link, modes) and case.has(link) for link in links])
        most = length_m[wanted].sum() + 1.0 if fewest else 0.0
        cost = np.where(open_, length_m[:, None], most + length_m[:, None])
        cost[~wanted] = np.inf
        arcs = np.concatenate([cost.ravel(), np.zeros(plan.graph.tail.size - cost.size)])
        path = plan.route_on(Router(plan.graph, arcs), origin, destination)
        if path is None:
            continue
        steps = plan.steps(path)
        found = [
            _obstacle(case, link, forward=forward)
            for link, forward in steps
            if not case.usable(link, forward=forward)
        ]
        key = len(found) if fewest else 0, sum(link.length_m for link, _ in steps)
        if best is None or key < best[:2]:
            best = *key, found
    return best and best[2]


def cut(plan: Plan, case: Case, origin: str, destination: str) -> list[Obstacle]:
    """Return the fewest closed links of which every way, were all links open, has to pass one.

    Of equally few those nearest to the origin. With the modes left open, those of the ways by
    road and by rail.
    """
    found: dict[str, Obstacle] = {}
    for modes in case.terms.choices:
        for arc in _Flow(plan, case, modes).least_cut(*plan.ends(origin, destination)):
            link, forward = plan.steps([arc])[0]
            found.setdefault(link.id, _obstacle(case, link, forward=forward))
    return list(found.values())


class _Flow:
    """A network in which a closed link carries one unit, an open one any number.

    Source: L. R. Ford and D. R. Fulkerson (1956), Maximal flow through a network, Canadian
    Journal of Mathematics 8, https://doi.org/10.4153/CJM-1956-045-5
    """

    def __init__(self, plan: Plan, case: Case, modes: Sequence[str]) -> None:
        self._tail, self._head = plan.graph.tail.tolist(), plan.graph.head.tolist()
        self._at: dict[int, list[int]] = defaultdict(list)
        self._closed: set[int] = set()
        self._flow: dict[int, int] = defaultdict(int)
        links = plan.network.links
        for arc in range(len(self._tail)):
            link = links[arc // 2] if arc < 2 * len(links) else None
            if link is not None:
                if not (case.wanted(link, modes) and case.has(link)):
                    continue
                if not case.usable(link, forward=arc % 2 == 0):
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


def _obstacle(case: Case, link: Link, *, forward: bool) -> Obstacle:
    status = case.status(link, forward=forward)
    closed_by = case.scenario.id if status.status == "open" else ""
    name = link.id
    if link.corridor:
        name = link.crossing or link.id
        parts = [k for k in case.network.links_of(link.corridor) if k.mode != "transfer"]
        if not any(case.usable(k, forward=f) for k in parts for f in (True, False)):
            name = link.corridor
    return Obstacle(name=name, link=link, status=status, closed_by=closed_by)


def no_way(plan: Plan, case: Case, origin: str, destination: str) -> str:
    """Return one line that says why there is no way."""
    return told(plan, case, (origin, destination), obstacles(plan, case, origin, destination))


def told(
    plan: Plan,
    case: Case,
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

    users = "" if case.terms.users == "freight" else f" for {case.terms.users}"
    head = (
        f"no route{users} from {name_of(origin)} to {name_of(destination)} on {case.on} "
        f"in scenario '{case.scenario.id}'"
    )
    if found is None:
        modes = " or ".join("+".join(m) for m in case.terms.choices)
        without = f", without {', '.join(sorted(case.terms.avoid))}" if case.terms.avoid else ""
        return f"{head}: no links join them by {modes}{without}; {_advice(plan, case, ends)}"
    shortest = obstacles(plan, case, origin, destination, fewest=False) or []
    fewest, other, narrowest = (
        list(dict.fromkeys(one.text for one in some))
        for some in (found, shortest, found if brief else cut(plan, case, origin, destination))
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


def _advice(plan: Plan, case: Case, ends: tuple[str, ...]) -> str:
    """Return what to ask for instead: a station near a place that has none of the modes itself."""
    from corridors.routing.route import name_of

    modes = {mode for choice in case.terms.choices for mode in choice}
    loose = loose_ends(case, ends)
    if loose:
        return "; ".join(loose)
    offered = []
    for end in ends:
        found = plan.nearest(case, end, modes)
        if found is not None:
            key, away_m = found
            offered.append(
                f"none begins at {name_of(end)}; '{key}' ({name_of(key)}), "
                f"{away_m / 1000:,.0f} km away, has one"
            )
    return "; ".join([*offered, "try that, or other modes" if offered else "try other modes"])


def loose_ends(case: Case, ends: Collection[str] | None = None) -> list[str]:
    """Return which new links of a scenario end where nothing goes on, in words.

    Parameters
    ----------
    ends : of a way, where a link may be the last one; if missing, only those are told that end at
        rails of another gauge.
    """
    links = case.network.links
    joined = Counter(node for link in links for node in (link.start, link.end))
    found = []
    for key in case.scenario.build:
        link = case.network.link(key)
        for node in (link.start, link.end):
            spot = place_of(node)
            others = [layer_of(one) for one in case.network.layers[spot] if one != node]
            rails = [one for one in others if link.mode == "rail" and one.startswith("rail")]
            if joined[node] == 1 and (rails or (ends is not None and spot not in ends)):
                found.append(
                    f"the new link '{key}' ends at '{spot}' on {layer_of(node)}, which nothing "
                    f"joins to {' or '.join(rails or others)} there; give it another "
                    f"{'gauge_mm' if rails else 'end'}"
                )
    return found
