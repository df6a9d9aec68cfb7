"""Rebuild every derived file of `data/` in order of dependence; `--authored` needs no packages."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent

STEPS = (
    "country_borders",
    "basemap",
    "far",
    "lakes",
    "rivers",
    "river_chains",
    "provinces",
    "towns",
    "province_names",
    "treaty_places",
    "rail",
    "railways",
    "batum",
    "runtime",
    "resolved",
    "ceded",
    "network",
    "hours",
    "route_error",
    "anchors",
    "letters",
    "typeface",
    "sister_places",
    "capitals",
    "scenario_schema",
    "catalogue",
    "datapackage",
    "page",
    "lengths",
)
# Steps that need only the authored files and the output of the other steps, no packages.
AUTHORED = (
    "treaty_places",
    "river_chains",
    "runtime",
    "resolved",
    "ceded",
    "network",
    "hours",
    "route_error",
    "scenario_schema",
    "catalogue",
    "datapackage",
    "page",
    "lengths",
)


def main() -> None:
    """Run the steps and say how long each took."""
    for name in AUTHORED if "--authored" in sys.argv[1:] else STEPS:
        start = time.perf_counter()
        # In a process of its own, which has not yet read what an earlier step wrote anew.
        step = [sys.executable, str(HERE / f"{name}.py")]
        rows = int(subprocess.run(step, check=True, stdout=subprocess.PIPE, text=True).stdout)
        print(f"{name:<16} {rows:>7,} rows  {time.perf_counter() - start:6.1f} s", flush=True)


if __name__ == "__main__":
    main()
