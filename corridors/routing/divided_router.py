"""Searches from and to points of links on the graph of the whole links.

A path from a point leaves its link at one of both ends, or reaches another point of the same link
before. So what was prepared for the whole links, a hierarchy of a million of them, serves for all
points: the least of up to four paths between ends, with the parts of links before and after it.
The tree of a point is made of the trees of both ends of its link in the same way.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise, product
from math import inf, isclose
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.network.compiled import CompiledNetwork
    from corridors.routing.graph import Floats, Ints
    from corridors.routing.router import Router
    from corridors.scenarios.network_state import NetworkState

__all__ = ["DividedRouter", "divided_router"]


class _DividedLink(NamedTuple):
    """A divided link, by its number, with those of its nodes from start to end and of its parts."""

    link: int
    nodes: tuple[int, ...]
    parts: tuple[int, ...]

    def arcs(self, begin: int, end: int) -> list[int]:
        """Return the arcs of the parts from one of its nodes to another, by their positions."""
        if begin <= end:
            return [2 * part for part in self.parts[begin:end]]
        return [2 * part + 1 for part in reversed(self.parts[end:begin])]

    def through(self, *, forward: bool) -> list[int]:
        """Return the arcs of all its parts in a direction."""
        ends = (0, len(self.parts))
        return self.arcs(*(ends if forward else ends[::-1]))


def _divided_links(network: CompiledNetwork) -> list[_DividedLink]:
    """Return the links of a network that are divided."""
    table, rank = network.table, network.rank
    links = []
    for key, ids in network.divisions.items():
        parts = tuple(rank[part] for part in ids)
        nodes = (*table.columns.start[[*parts]].tolist(), int(table.columns.end[parts[-1]]))
        links.append(_DividedLink(rank[key], nodes, parts))
    return links


class _Leg(NamedTuple):
    """A way between a point and an end of its link; at a node it has no arcs."""

    cost: float
    arcs: list[int]
    node: int


class DividedRouter:
    """A router of a network with divided links, by the router of the same network without them.

    Nodes and arcs are numbered as on the graph of the divided network: points follow the nodes of
    layers, parts follow the whole links.

    Parameters
    ----------
    router : of the whole links; those that are divided cost there what their parts do.
    links : those that are divided.
    costs : of each arc of a part.
    n_links : how many whole links there are.
    """

    def __init__(
        self,
        router: Router,
        links: Sequence[_DividedLink],
        costs: Mapping[int, float],
        n_links: int,
    ) -> None:
        self._router, self._costs, self._n_links = router, costs, n_links
        self._n_parts = sum(len(link.parts) for link in links)
        self._whole = {link.link: link for link in links}
        # Point → its link and its position among the nodes of that.
        self._point = {
            node: (link, n) for link in links for n, node in enumerate(link.nodes[1:-1], 1)
        }
        self._first_point = min(self._point)

    def paths(self, pairs: Sequence[tuple[int, int]]) -> list[Ints | None]:
        """Return the arcs of a best path of each pair of nodes, None where there is none."""
        ways = [
            list(product(self._legs(source, away=True), self._legs(target, away=False)))
            for source, target in pairs
        ]
        asked = dict.fromkeys(
            (first.node, last.node) for legs in ways for first, last in legs
            if first.node != last.node
        )  # fmt: skip
        found = dict(zip(asked, self._router.paths([*asked]), strict=True)) if asked else {}
        nothing = np.empty(0, np.int64)
        best: list[Ints | None] = []
        for (source, target), legs in zip(pairs, ways, strict=True):
            direct = self._direct(source, target)
            least, path = inf, None
            if direct is not None and (cost := self._cost(direct)) < inf:
                least, path = cost, np.array(direct, np.int64)
            for first, last in legs:
                same = first.node == last.node
                between = nothing if same else found[first.node, last.node]
                cost = first.cost + self._router.cost(between) + last.cost
                if between is not None and cost < least:
                    least = cost
                    path = np.r_[first.arcs, self._in_parts(between), last.arcs].astype(np.int64)
            best.append(path)
        return best

    @cached_property
    def present(self) -> Floats:
        """Return the costs of the arcs; a link that is divided may not be used as a whole."""
        whole, first = self._router.present, 2 * self._n_links
        links = whole[:first].copy()
        links[[2 * link + way for link in self._whole for way in (0, 1)]] = inf
        parts = [self._costs[arc] for arc in range(first, first + 2 * self._n_parts)]
        return np.concatenate([links, parts, whole[first:]])

    def tree(self, source: int, limit: float = inf) -> tuple[Floats, Ints]:
        """Return the least cost to each node within a limit, and the node before it on the way.

        Costs are infinite, and nodes negative, where there is no such path; that before the source
        is negative too.
        """
        n_nodes = self._router.graph.n_nodes
        costs, before = np.full(n_nodes, inf), np.full(n_nodes, -1, np.int32)
        for leg in self._legs(source, away=True):
            if leg.cost <= limit:
                further, nodes = self._router.tree(leg.node, limit - leg.cost)
                further = further + leg.cost
                nearer = further < costs
                costs[nearer], before[nearer] = further[nearer], nodes[nearer]
        first, n_points = self._first_point, len(self._point)
        before = np.where(before < first, before, before + n_points)
        costs = np.concatenate([costs[:first], np.full(n_points, inf), costs[first:]])
        before = np.concatenate([before[:first], np.full(n_points, -1), before[first:]])
        if source in self._point:
            costs[source] = 0.0
        for link in self._whole.values():
            for forward in (True, False):
                self._follow(link, costs, before, limit, forward=forward)
        before[source] = -1
        return costs, before

    def _follow(
        self, link: _DividedLink, costs: Floats, before: Ints, limit: float, *, forward: bool
    ) -> None:
        """Write into a tree the points of a link, along it from one end, and the end they lead to.

        What the end costs is known, by the whole link: the point before it is not.
        """
        nodes = link.nodes if forward else link.nodes[::-1]
        for (tail, head), arc in zip(pairwise(nodes), link.through(forward=forward), strict=True):
            cost = float(costs[tail]) + self._costs[arc]
            if head in self._point:
                if cost <= limit and cost < costs[head]:
                    costs[head], before[head] = cost, tail
            elif (before[head] < 0 or before[head] == nodes[0]) and isclose(cost, costs[head]):
                before[head] = tail if cost < inf else -1

    def arcs_between(self, tails: Ints, heads: Ints) -> Ints:
        """Return the cheapest arc of each pair of nodes, of which every one has an arc."""
        ends = np.stack([tails, heads])
        past = ends - self._first_point
        of_part = ((past >= 0) & (past < len(self._point))).any(axis=0)
        arcs = np.empty(len(tails), np.int64)
        found = self._router.arcs_between(*self._in_whole(ends[:, ~of_part]))
        arcs[~of_part] = np.where(found < 2 * self._n_links, found, found + 2 * self._n_parts)
        arcs[of_part] = [self._part_arcs[a, b] for a, b in ends[:, of_part].T.tolist()]
        return arcs

    @cached_property
    def _part_arcs(self) -> dict[tuple[int, int], int]:
        """Return two nodes that a part joins → the cheapest arc from the one to the other."""
        arcs: dict[tuple[int, int], int] = {}
        for link in self._whole.values():
            for forward in (True, False):
                nodes = link.nodes if forward else link.nodes[::-1]
                for ends, arc in zip(pairwise(nodes), link.through(forward=forward), strict=True):
                    if ends not in arcs or self._costs[arc] < self._costs[arcs[ends]]:
                        arcs[ends] = arc
        return arcs

    def _in_whole(self, nodes: Ints) -> Ints:
        """Return nodes, none of them a point, with the numbers of the graph of whole links."""
        return np.where(nodes < self._first_point, nodes, nodes - len(self._point))

    def _cost(self, arcs: Sequence[int]) -> float:
        return sum(self._costs[arc] for arc in arcs)

    def _legs(self, node: int, *, away: bool) -> list[_Leg]:
        """Return the ways between a node and the ends of its link; at most two.

        Parameters
        ----------
        away : from the node, and not to it.
        """
        if node not in self._point:
            return [_Leg(0.0, [], int(self._in_whole(np.array([node]))[0]))]
        link, n = self._point[node]
        legs = []
        for end in (0, len(link.nodes) - 1):
            arcs = link.arcs(n, end) if away else link.arcs(end, n)
            cost = self._cost(arcs)
            if cost < inf:
                legs.append(_Leg(cost, arcs, link.nodes[end]))
        return legs

    def _direct(self, source: int, target: int) -> list[int] | None:
        """Return the arcs from one point of a link to another; None if they are not of one link."""
        if source not in self._point or target not in self._point:
            return None
        (link, n), (other, m) = self._point[source], self._point[target]
        return link.arcs(n, m) if link is other else None

    def _in_parts(self, path: Ints) -> Ints:
        """Return a path of whole links with the numbers of the divided network, parts for links."""
        arcs = np.where(path < 2 * self._n_links, path, path + 2 * self._n_parts)
        if not np.isin(path // 2, [*self._whole]).any():
            return arcs
        in_parts: list[int] = []
        for arc in arcs.tolist():
            link = self._whole.get(arc // 2)
            in_parts += [arc] if link is None else link.through(forward=arc % 2 == 0)
        return np.array(in_parts, np.int64)


def divided_router(
    router: Router, network: CompiledNetwork, state: NetworkState, modes: tuple[str, ...],
    changes: tuple[Ints, Floats], n_links: int,
) -> DividedRouter:  # fmt: skip
    """Return a router of a network with divided links, with the costs of a state.

    Parameters
    ----------
    router : of the network without them, with the costs that it has without a scenario.
    changes : arcs of the divided network whose costs differ in the state, and their costs.
    n_links : how many links the network has without parts.
    """
    links = _divided_links(network)
    costs = {
        2 * part + way: state.weight(link, forward=not way)
        if state.wanted(link, modes) and state.usable(link, forward=not way)
        else inf
        for divided in links
        for part in divided.parts
        for link in (network.table[part],)
        for way in (0, 1)
    }
    arcs, values = changes
    kept = arcs < 2 * n_links
    changed = dict(zip(arcs[kept].tolist(), values[kept].tolist(), strict=True))
    for divided in links:
        for way in (0, 1):
            arc = 2 * divided.link + way
            cost = sum(costs[part] for part in divided.through(forward=not way))
            changed.pop(arc, None)
            # The parts of a link add up to what it costs, but for the last digits.
            if not isclose(cost, router.base[arc], rel_tol=1e-9):
                changed[arc] = cost
    router.change([*changed], [*changed.values()])
    return DividedRouter(router, links, costs, n_links)
