"""The Middle Corridor from gateway to gateway: its pairs of places and its scenarios."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DESTINATIONS", "ORIGINS", "PAIRS", "SCENARIOS"]

# The two ports beyond the Caspian, and where Türkiye hands goods on: its first railway junction,
# its southern port, and the way to Europe.
ORIGINS = ("aktau", "turkmenbashi")
DESTINATIONS = ("kars", "mersin", "istanbul")
PAIRS: tuple[tuple[str, str], ...] = tuple(product(ORIGINS, DESTINATIONS))
# Scenario → with which of the two railways into Türkiye; the first is the way of today.
SCENARIOS: Mapping[str, str] = {
    "middle-corridor": "BTK",
    "middle-corridor-zangezur": "BTK, Zangezur",
    "middle-corridor-zangezur+btk-closed": "Zangezur",
    "middle-corridor+btk-closed": "neither",
}
