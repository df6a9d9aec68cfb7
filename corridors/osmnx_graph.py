"""Networks for osmnx: a MultiDiGraph that its own functions take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from borders.dates import parse_date
from corridors.case import Case, Terms
from corridors.link import layer_of
from corridors.network import place_of
from corridors.scenario import Scenario

if TYPE_CHECKING:
    from datetime import date

    import networkx

    from corridors.network import Network

__all__ = ["to_osmnx"]


def to_osmnx(
    network: Network,
    *,
    scenario: Scenario | None = None,
    terms: Terms | None = None,
    on: date | str | None = None,
) -> networkx.MultiDiGraph:
    """Return what is open on a day as a graph for osmnx and networkx.

    Parameters
    ----------
    scenario : opens and closes links; none if missing.
    terms : modes, users and countries to avoid; by all modes, for freight, if missing.
    on : day whose statuses hold; that of the scenario or network if missing.

    Returns
    -------
    Nodes are numbers and have ``x`` and ``y`` (EPSG:4326), ``node`` (our id), ``place`` and
    ``layer``; edges have ``link`` (its id) and ``osmid`` (its number: osmnx reads integers from
    GraphML), ``length`` in metres, ``mode``, ``hours``, ``travel_time`` in seconds, ``crossing``,
    ``oneway`` (it may not be used the other way) and ``geometry``. ``highway`` is the mode and
    ``maxspeed`` the mean speed in km/h, not a limit: `osmnx.add_edge_speeds` asks for both.

    Examples
    --------
    >>> from corridors.network import load_network
    >>> graph = to_osmnx(load_network())
    >>> graph.graph["crs"]
    'epsg:4326'
    """
    import networkx as nx
    from shapely import LineString

    from corridors.case import candidates

    asked = scenario or Scenario(id="now")
    if on is not None:
        asked = replace(asked, on=parse_date(on))
    case = Case(
        candidates(network, [asked]), asked, terms or Terms(modes=("road", "rail", "ferry"))
    )
    graph = nx.MultiDiGraph(crs="epsg:4326", created_with="araxes", simplified=True)
    # osmnx takes a text for a list of nodes, so nodes are numbers.
    rank = {node: n for n, node in enumerate(case.network.nodes)}
    for node, at in case.network.nodes.items():
        if at is not None:
            graph.add_node(
                rank[node], x=at[0], y=at[1], node=node, place=place_of(node), layer=layer_of(node)
            )
    modes = {mode for choice in case.terms.choices for mode in choice}
    for number, link in enumerate(case.network.links):
        if not case.wanted(link, tuple(modes)):
            continue
        ways = [forward for forward in (True, False) if case.usable(link, forward=forward)]
        for forward in ways:
            ends = [rank[n] for n in (link.start, link.end)[:: 1 if forward else -1]]
            if not all(n in graph for n in ends):
                continue
            xy = link.xy if forward else link.xy[::-1]
            hours = case.rates.hours(link)
            edge = {
                "osmid": number, "link": link.id, "length": link.length_m, "mode": link.mode,
                "hours": hours, "travel_time": 3600 * hours, "crossing": link.crossing or "",
                "oneway": len(ways) == 1, "reversed": not forward, "highway": link.mode,
            }  # fmt: skip
            if link.length_m:
                edge["maxspeed"] = case.rates.speed_kmh(link)
            if xy:
                edge["geometry"] = LineString(xy)
            graph.add_edge(*ends, **edge)
    # osmnx counts streets by this attribute.
    nx.set_node_attributes(graph, {n: len({*graph.predecessors(n), *graph.successors(n)})
                                   for n in graph}, "street_count")  # fmt: skip
    return graph
