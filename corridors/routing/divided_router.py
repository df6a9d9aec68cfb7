"""Searches from and to points of links on the graph of the whole links.

A path from a point leaves its link at one of both ends, or reaches another point of the same link
before. So what was prepared for the whole links, a hierarchy of a million of them, serves for all
points: the least of up to four paths between ends, with the parts of links before and after it.
"""

from __future__ import annotations

from itertools import product
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

    def _cost(self, arcs: Sequence[int]) -> float:
        return sum(self._costs[arc] for arc in arcs)

    def _legs(self, node: int, *, away: bool) -> list[_Leg]:
        """Return the ways between a node and the ends of its link; at most two.

        Parameters
        ----------
        away : from the node, and not to it.
        """
        if node not in self._point:
            first = min(self._point)
            return [_Leg(0.0, [], node if node < first else node - len(self._point))]
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
