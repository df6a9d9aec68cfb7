"""A network under a scenario as the MultiDiGraph that the functions of osmnx take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from borders.dates import parse_date
from corridors.network.multidigraph import multidigraph
from corridors.scenarios.network_state import NetworkState, with_candidate_links
from corridors.scenarios.scenario import Scenario
from corridors.scenarios.terms import Terms

if TYPE_CHECKING:
    from datetime import date

    import networkx

    from corridors.network.network import Network

__all__ = ["to_osmnx"]


def to_osmnx(
    network: Network,
    *,
    scenario: Scenario | None = None,
    terms: Terms | None = None,
    on: date | str | None = None,
) -> networkx.MultiDiGraph:
    """Return what is open under a scenario on a day as a graph for osmnx and networkx.

    Parameters
    ----------
    scenario : opens and closes links; none if missing.
    terms : modes, users and countries to avoid; by all modes, for freight, if missing.
    on : day whose statuses hold; that of the scenario or network if missing.

    Returns
    -------
    Nodes and edges as `corridors.network.multidigraph` describes them.

    Examples
    --------
    >>> from corridors.network.load import load_network
    >>> graph = to_osmnx(load_network())
    >>> graph.graph["crs"]
    'epsg:4326'
    """
    dated = scenario or Scenario(id="now")
    if on is not None:
        dated = replace(dated, on=parse_date(on))
    state = NetworkState(
        with_candidate_links(network, [dated]),
        dated,
        terms or Terms(modes=("road", "rail", "ferry")),
    )
    modes = tuple({mode for choice in state.terms.choices for mode in choice})
    return multidigraph(
        state.network.links,
        state.network.nodes,
        usable=lambda link, forward: (
            state.wanted(link, modes) and state.usable(link, forward=forward)
        ),
        rates=state.rates,
    )
