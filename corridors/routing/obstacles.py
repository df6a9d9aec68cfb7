"""Where there is no route: the fewest closed or unbuilt links that stand in the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from borders.dates import span
from borders.errors import NoAnswerError
from corridors.network.link import MODES
from corridors.network.link_table import LinkTable
from corridors.routing import Router
from corridors.routing.route import name_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from corridors.network.dated_statuses import LinkStatus
    from corridors.network.link import Link, Node
    from corridors.network.network import Network
    from corridors.routing.graph import Floats
    from corridors.routing.planner import RoutePlanner
    from corridors.scenarios.network_state import NetworkState

__all__ = [
    "Obstacle",
    "check_served",
    "loose_ends",
    "minimum_cut",
    "no_route_message",
    "obstacle_message",
    "obstacles",
]

# A message names at most this many links of a cut; a longer list is not read. An assumption.
MAX_NAMED = 6
# Users to whom alone a link is closed, where they are called otherwise.
_WHOM = {"third-country": "third countries"}


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
        """Return the name with the status and since when, or until when if it began long ago."""
        if self.closed_by:
            return f"{self.name} (closed by scenario '{self.closed_by}')"
        if self.status.status == "closed" and self.status.hours:
            return f"{self.name} ({self.status.hours})"
        begin, end = self.status.valid_from, self.status.valid_to
        dates = (begin, None) if begin else (None, end)
        when = f" {span(*dates, precision=self.status.precision)}" if any(dates) else ""
        whom = ""
        if self.status.status == "closed" and self.status.users != "all":
            whom = f" to {_WHOM.get(self.status.users, self.status.users)}"
        return f"{self.name} ({self.status.status}{whom}{when})"


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
    length_m = _lengths_m(planner.network.links)
    for modes in state.terms.choices:
        if not planner.serves((origin, destination), modes):
            continue
        usable, wanted = state.flags(modes)
        # A closed link costs more than all wanted ones together, so the fewest closed ones win.
        penalty_m = length_m[wanted.any(axis=1)].sum() + 1.0 if fewest else 0.0
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
    for modes in state.terms.choices:
        for arc in _minimum_cut_arcs(planner, state, modes, origin, destination):
            link, forward = planner.steps([arc])[0]
            cut.setdefault(link.id, _obstacle(state, link, forward=forward))
    return list(cut.values())


def _minimum_cut_arcs(
    planner: RoutePlanner, state: NetworkState, modes: Sequence[str], origin: str, destination: str
) -> list[int]:
    """Return the fewest closed arcs that separate two places, those nearest the first.

    A closed arc has a capacity of one, an open one any.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    if not planner.serves((origin, destination), modes):
        return []
    start, end = planner.ends(origin, destination)
    usable, wanted = state.flags(modes)
    tail, head = planner.graph.tail, planner.graph.head
    open_ = np.ones(tail.size, bool)
    open_[: usable.size] = usable.ravel()
    kept = np.ones(tail.size, bool)
    kept[: usable.size] = wanted.ravel()
    closed = kept & ~open_
    # More than all closed arcs together; csr_array adds up the capacities of parallel arcs.
    any_ = int(closed.sum()) + 1
    capacity = np.where(closed, 1, any_).astype(np.int32)
    kept &= tail != head
    shape = (planner.graph.n_nodes,) * 2
    graph = csr_array((capacity[kept], (tail[kept], head[kept])), shape=shape)
    flow = maximum_flow(graph, start, end)
    if flow.flow_value >= any_:
        return []
    left = csr_array(graph - flow.flow)
    left.eliminate_zeros()
    # What can still be reached from the origin lies on its side of the cut.
    side = np.zeros(planner.graph.n_nodes, bool)
    side[breadth_first_order(left, start, return_predecessors=False)] = True
    cut: list[int] = np.flatnonzero(closed & side[tail] & ~side[head]).tolist()
    return cut


def _lengths_m(links: Sequence[Link]) -> Floats:
    """Return the lengths of links."""
    if isinstance(links, LinkTable):
        return np.asarray(links.columns.length_m)
    return np.array([link.length_m for link in links])


def _obstacle(state: NetworkState, link: Link, *, forward: bool) -> Obstacle:
    status = state.status(link, forward=forward)
    closed_by = state.scenario.id if status.status == "open" else ""
    name = link.whole_id
    if link.corridor:
        name = link.crossing or link.whole_id
        parts = [k for k in state.network.links_of(link.corridor) if k.mode != "transfer"]
        if not any(state.usable(k, forward=f) for k in parts for f in (True, False)):
            name = link.corridor
    return Obstacle(name=name, link=link, status=status, closed_by=closed_by)


def no_route_message(planner: RoutePlanner, state: NetworkState, stops: Sequence[str]) -> str:
    """Return one line that says why there is no route through some places in order."""
    places = [stop for stop in stops if not planner.stops.passage(stop)]
    for ends in pairwise(places):
        if ends[0] != ends[1] and planner.find(state, ends) is None:
            return obstacle_message(planner, state, ends, obstacles(planner, state, *ends))
    for stop in stops:
        links = planner.stops.passage(stop)
        if links and not any(
            state.wanted(link, modes) and state.usable(link, forward=forward)
            for link in links for modes in state.terms.choices for forward in (True, False)
        ):  # fmt: skip
            return _no_passage(state, stops, stop, links)
    start, *between, end = map(name_of, stops)
    return (
        f"no route from {start} through {', '.join(between)} to {end} on {state.on} in scenario "
        f"'{state.scenario.id}': each part has a way, but no one set of modes and no transfer "
        "joins them; ask part by part, or for more modes"
    )


def _no_passage(state: NetworkState, stops: Sequence[str], stop: str, links: Sequence[Link]) -> str:
    """Return the message that what a route is to go through cannot be used."""
    head = (
        f"no route from {name_of(stops[0])} through {stop} to {name_of(stops[-1])} on {state.on} "
        f"in scenario '{state.scenario.id}'"
    )
    wanted = [k for k in links if any(state.wanted(k, modes) for modes in state.terms.choices)]
    if not wanted:
        modes = _modes_asked(state)
        return f"{head}: {stop} is not among the links by {modes} that are not to be avoided"
    closed = _texts(_obstacle(state, link, forward=True) for link in wanted)
    unnamed = len(closed) - MAX_NAMED
    more = f" and {unnamed} more" if unnamed > 0 else ""
    return f"{head}: not open is {', '.join(closed[:MAX_NAMED])}{more}; a scenario may open it"


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
    users = "" if state.terms.who == "freight" else f" for {state.terms.who}"
    head = (
        f"no route{users} from {name_of(origin)} to {name_of(destination)} on {state.on} "
        f"in scenario '{state.scenario.id}'"
    )
    if fewest is None:
        modes = _modes_asked(state)
        without = f", without {', '.join(sorted(state.terms.avoid))}" if state.terms.avoid else ""
        return f"{head}: no links join them by {modes}{without}; {_advice(planner, state, ends)}"
    if not fewest:
        # All is open at some time of the day; only the clock can stand in the way.
        return f"{head}: who leaves at {state.terms.at:%H:%M} comes to a link that opens no more"
    to_open = _texts(fewest)
    on_shortest = _texts(obstacles(planner, state, origin, destination, fewest=False) or [])
    cut = fewest if brief else minimum_cut(planner, state, origin, destination)
    needed = _texts(cut)
    line = f"{head}: in the way stand {', '.join(to_open)}"
    if on_shortest != to_open:
        line += f"; on the shortest way, {', '.join(on_shortest)}"
    if set(needed) != set(to_open):
        unnamed = len(needed) - MAX_NAMED
        # What was told above with its status is named alone.
        names = {obstacle.text: obstacle.name for obstacle in cut}
        shown = [names[t] if t in (*to_open, *on_shortest) else t for t in needed[:MAX_NAMED]]
        named = ", ".join(shown) + (f" and {unnamed} more" if unnamed > 0 else "")
        line += f"; no way without {f'one of {named}' if len(needed) > 1 else named}"
    return f"{line}; a scenario may open them"


def check_served(planner: RoutePlanner, place: str) -> None:
    """Refuse a place at which no link of any of the modes asked for begins, open or not.

    Raises
    ------
    NoAnswerError : it is one; the message names the nearest place that has some.
    """
    for modes in planner.terms.choices:
        if planner.serves((planner.stops.station(place, modes),), modes):
            return
    state = planner.states[0]
    offer = _nearest(
        planner, state, place, {mode for modes in planner.terms.choices for mode in modes}
    )
    advice = f"{offer}; try that, or other modes" if offer else "try other modes"
    message = f"no link by {_modes_asked(state)} begins at {name_of(place)}; {advice}"
    raise NoAnswerError(message)


def _modes_asked(state: NetworkState) -> str:
    return " or ".join("+".join(modes) for modes in state.terms.choices)


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
        offer = _nearest(planner, state, end, modes)
        if offer:
            offers.append(f"none begins at {name_of(end)}; {offer}")
    other = "try that, or other modes" if offers else "try other modes"
    if state.terms.avoid and not offers:
        other = f"avoid less, or {other}"
    if len(state.terms.choices) > 1 and not offers:
        together = ",".join(sorted(modes, key=MODES.index))
        other += f", or to change between them on the way: modes {together}"
    return "; ".join([*offers, other])


def _nearest(planner: RoutePlanner, state: NetworkState, end: str, modes: Collection[str]) -> str:
    """Return where a link of some modes begins near a place at which none does, or nothing."""
    nearest = planner.stops.nearest(state, end, modes)
    if nearest is None:
        return ""
    key, distance_m = nearest
    return f"'{key}' ({name_of(key)}), {distance_m / 1000:,.0f} km away, has one"


def _links_at(network: Network, nodes: Collection[Node]) -> Counter[Node]:
    """Return how many links end at each of some nodes."""
    links: Iterable[Link] = network.links
    if isinstance(links, LinkTable):
        links = {
            k.id: k for place in {n.place for n in nodes} for k in links.meeting(place)
        }.values()
    ends = (node for link in links for node in (link.start, link.end))
    return Counter(node for node in ends if node in nodes)


def loose_ends(state: NetworkState, ends: Collection[str] | None = None) -> list[str]:
    """Return one remark for each end of a scenario's new links that no other link joins.

    Parameters
    ----------
    ends : origin and destination of a route, where a new link may end. If missing, the remarks
        are only of ends at places with rails of another gauge.
    """
    if not state.scenario.build:
        return []
    built = [state.network.link(key) for key in state.scenario.build]
    n_links_at = _links_at(state.network, {n for link in built for n in (link.start, link.end)})
    remarks = []
    for link in built:
        key = link.id
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
