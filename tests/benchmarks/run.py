"""Print every benchmark as one JSON object a line; exit 1 if a bar is missed.

Both sides of a ratio are measured in turn in the same run, so that a slow machine slows both.
"""

from __future__ import annotations

import compileall
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import bench_clock
import bench_figure
import bench_geodesy
import bench_large
import bench_osm
import bench_page
import bench_refine
import bench_routing
import bench_startup
import bench_sweep
import bench_treaty

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Run all benchmarks."""
    # pip compiles what it installs; so that both sides start alike, a checkout is compiled here.
    for package in ("borders", "corridors", "maps"):
        compileall.compile_dir(ROOT / package, quiet=2)
    missed = 0
    for module in (
        bench_startup,
        bench_geodesy,
        bench_treaty,
        bench_routing,
        bench_clock,
        bench_sweep,
        bench_figure,
        bench_page,
        bench_osm,
        bench_refine,
        bench_large,
    ):
        for result in module.benches():
            print(json.dumps(result), flush=True)
            missed += not result["ok"]
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
