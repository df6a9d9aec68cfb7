"""Corridors, networks, scenarios and routes: lengths with their basis, comparison, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.lazy import load_when_asked

if TYPE_CHECKING:
    from corridors.alternatives import alternatives
    from corridors.attribute import attribute
    from corridors.breakeven import breakeven
    from corridors.case import Terms
    from corridors.compare import compare, probability_shorter
    from corridors.corridor import Corridor, corridor, corridor_ids, read_corridor
    from corridors.export import table, write
    from corridors.lengths import Figure, figures
    from corridors.link import Link, LinkStatus
    from corridors.matrix import matrix, ways
    from corridors.network import Network, load_network
    from corridors.network_check import check_network
    from corridors.reach import Reach, reach
    from corridors.route import route
    from corridors.scenario import Scenario, read_scenario, scenario_ids
    from corridors.summary import summary
    from corridors.systems import System, system, system_ids, systems
    from corridors.things import thing
    from corridors.verdicts import Verdict, verdicts
    from corridors.way import Route

__all__ = [
    "Corridor",
    "Figure",
    "Link",
    "LinkStatus",
    "Network",
    "Reach",
    "Route",
    "Scenario",
    "System",
    "Terms",
    "Verdict",
    "alternatives",
    "attribute",
    "breakeven",
    "check_network",
    "compare",
    "corridor",
    "corridor_ids",
    "figures",
    "load_network",
    "matrix",
    "probability_shorter",
    "reach",
    "read_corridor",
    "read_scenario",
    "route",
    "scenario_ids",
    "summary",
    "system",
    "system_ids",
    "systems",
    "table",
    "thing",
    "verdicts",
    "ways",
    "write",
]

load_when_asked(
    __name__,
    {
        "Corridor": "corridors.corridor",
        "Figure": "corridors.lengths",
        "Link": "corridors.link",
        "LinkStatus": "corridors.link",
        "Network": "corridors.network",
        "Reach": "corridors.reach",
        "Route": "corridors.way",
        "Scenario": "corridors.scenario",
        "System": "corridors.systems",
        "Terms": "corridors.case",
        "Verdict": "corridors.verdicts",
        "alternatives": "corridors.alternatives",
        "attribute": "corridors.attribute",
        "breakeven": "corridors.breakeven",
        "check_network": "corridors.network_check",
        "compare": "corridors.compare",
        "corridor": "corridors.corridor",
        "corridor_ids": "corridors.corridor",
        "figures": "corridors.lengths",
        "load_network": "corridors.network",
        "matrix": "corridors.matrix",
        "probability_shorter": "corridors.compare",
        "reach": "corridors.reach",
        "read_corridor": "corridors.corridor",
        "read_scenario": "corridors.scenario",
        "route": "corridors.route",
        "scenario_ids": "corridors.scenario",
        "summary": "corridors.summary",
        "system": "corridors.systems",
        "system_ids": "corridors.systems",
        "systems": "corridors.systems",
        "table": "corridors.export",
        "thing": "corridors.things",
        "verdicts": "corridors.verdicts",
        "ways": "corridors.matrix",
        "write": "corridors.export",
    },
)
