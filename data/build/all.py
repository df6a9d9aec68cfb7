"""Rebuild every derived file of `data/` from its package, in order of need."""

from __future__ import annotations

import time
from importlib import import_module

STEPS = (
    "country_borders",
    "basemap",
    "lakes",
    "rivers",
    "provinces",
    "towns",
    "treaty_places",
    "rail",
    "railways",
    "batum",
    "runtime",
    "resolved",
    "network",
    "anchors",
    "scenario_schema",
    "catalogue",
    "page",
)


def main() -> None:
    """Run the steps and say how long each took."""
    for name in STEPS:
        start = time.perf_counter()
        rows = import_module(name).build()
        print(f"{name:<16} {rows:>7,} rows  {time.perf_counter() - start:6.1f} s", flush=True)


if __name__ == "__main__":
    main()
