"""Speed of random draws of a treaty line, against a plain loop over pyproj and shapely."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import Geod
from shapely.ops import substring

from borders import boundary
from borders.compiler.monte_carlo import draws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from borders import Boundary

GEOD = Geod(ellps="WGS84")
DRAWS, SAMPLE = 1000, 3
LIMIT_S, BAR = 5.0, 0.02


def benches() -> Iterator[dict[str, Any]]:
    """Yield one result for each bench."""
    line = boundary("kars-1921")
    ours, theirs = np.inf, np.inf
    for _ in range(3):
        begin = time.perf_counter()
        draws(line, n=DRAWS)
        middle = time.perf_counter()
        _by_loop(line, n=SAMPLE)
        ours = min(ours, middle - begin)
        theirs = min(theirs, (time.perf_counter() - middle) * DRAWS / SAMPLE)
    yield {
        "bench": f"{DRAWS} draws of kars-1921 vs a loop over its legs ({SAMPLE} draws, scaled up); "
        f"also at most {LIMIT_S:g} s",
        "ours": ours,
        "theirs": theirs,
        "ratio": ours / theirs,
        "unit": "s",
        "bar": BAR,
        "ok": ours / theirs <= BAR and ours <= LIMIT_S,
    }


def _by_loop(line: Boundary, *, n: int) -> list[float]:
    """Return the length in metres of n draws, leg by leg."""
    random = np.random.default_rng(1921)
    places = {place.id: place for leg in line.legs for place in (leg.start, leg.end)}
    lengths = []
    for _ in range(n):
        moved = {}
        for key, place in places.items():
            east, north = random.normal(0, place.sigma_m / np.sqrt(2), 2)
            azimuth, away = np.degrees(np.arctan2(east, north)), np.hypot(east, north)
            lon, lat, _ = GEOD.fwd(place.lon, place.lat, azimuth, away)
            moved[key] = shapely.Point(lon, lat)
        length_m = 0.0
        for leg in line.legs:
            ends = moved[leg.start.id], moved[leg.end.id]
            if leg.guide is None:
                length_m += GEOD.inv(ends[0].x, ends[0].y, ends[1].x, ends[1].y)[2]
                continue
            along = sorted(leg.guide.geometry.project(end) for end in ends)
            length_m += GEOD.geometry_length(substring(leg.guide.geometry, *along))
        lengths.append(length_m)
    return lengths


if __name__ == "__main__":
    import json

    for result in benches():
        print(json.dumps(result))
