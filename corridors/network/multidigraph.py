"""A network as a MultiDiGraph that osmnx's own functions take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.network.link import TAGGED
from corridors.network.way_lists import ways_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import networkx

    from corridors.network.link import Link, Node
    from corridors.network.rates import Rates

__all__ = ["multidigraph"]


def multidigraph(
    links: Sequence[Link],
    nodes: Mapping[Node, tuple[float, float] | None],
    *,
    usable: Callable[[Link, bool], bool],
    rates: Rates,
) -> networkx.MultiDiGraph:
    """Return the usable links of a network as a graph for osmnx and networkx.

    Parameters
    ----------
    nodes : node → lon/lat in degrees, EPSG:4326; None where no link draws it.
    usable : function of a link and a direction (True: forward) that tells whether it may be used.
    rates : speeds and delays, for hours and speeds.

    Returns
    -------
    Nodes are numbers and have ``x`` and ``y`` (EPSG:4326), ``node`` (our id), ``place`` and
    ``layer``; edges have ``link`` (its id) and ``osmid`` (its number: osmnx reads integers from
    GraphML), ``length`` in metres, ``mode``, ``hours``, ``travel_time`` in seconds, ``crossing``,
    ``oneway`` (it may not be used the other way), ``name`` if it has one and ``geometry``; of links
    of OpenStreetMap, where they are tagged, ``way_class``, ``speed_limit``, ``surface``, ``toll``,
    ``usage``, ``service`` and ``condition``, and ``osm_ways``, the ids of its ways as one text.
    ``highway`` is the class of a road of OpenStreetMap, such as ``trunk``, and else the mode, and
    ``maxspeed`` the mean speed in km/h, not a limit: `osmnx.add_edge_speeds` asks for both.
    """
    import networkx as nx
    from shapely import LineString

    graph = nx.MultiDiGraph(crs="epsg:4326", created_with="araxes", simplified=True)
    # osmnx takes a text for a list of nodes, so nodes are numbers.
    rank = {node: n for n, node in enumerate(nodes)}
    for node, at in nodes.items():
        if at is not None:
            graph.add_node(
                rank[node], x=at[0], y=at[1], node=node, place=node.place, layer=node.layer
            )
    for number, link in enumerate(links):
        directions = [forward for forward in (True, False) if usable(link, forward)]
        for forward in directions:
            ends = [rank[n] for n in (link.start, link.end)[:: 1 if forward else -1]]
            if not all(n in graph for n in ends):
                continue
            hours = rates.hours(link)
            edge = {
                "osmid": number, "link": link.id, "length": link.length_m, "mode": link.mode,
                "hours": hours, "travel_time": 3600 * hours, "crossing": link.crossing or "",
                "oneway": len(directions) == 1, "reversed": not forward, "highway": link.mode,
            }  # fmt: skip
            if link.mode == "road" and link.way_class:
                edge["highway"] = link.way_class
            edge |= {key: value for key in TAGGED if (value := getattr(link, key))}
            if link.osm_ways:
                edge["osm_ways"] = ways_text(link.osm_ways)
            if link.name:
                edge["name"] = link.name
            if link.length_m:
                edge["maxspeed"] = rates.speed_kmh(link)
            if link.xy:
                edge["geometry"] = LineString(link.xy if forward else link.xy[::-1])
            graph.add_edge(*ends, **edge)
    # osmnx counts streets by this attribute.
    streets = {n: len({*graph.predecessors(n), *graph.successors(n)}) for n in graph}
    nx.set_node_attributes(graph, streets, "street_count")
    return graph
