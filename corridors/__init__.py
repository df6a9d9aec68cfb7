"""Corridors: centrelines, widths and dated statuses; lengths with their basis; export."""

from corridors.corridor import Corridor, corridor, corridor_ids, read_corridor
from corridors.export import table, write
from corridors.lengths import Figure, figures
from corridors.summary import summary
from corridors.systems import System, system, system_ids, systems
from corridors.things import thing
from corridors.verdicts import Verdict, verdicts

__all__ = [
    "Corridor",
    "Figure",
    "System",
    "Verdict",
    "corridor",
    "corridor_ids",
    "figures",
    "read_corridor",
    "summary",
    "system",
    "system_ids",
    "systems",
    "table",
    "thing",
    "verdicts",
    "write",
]
