"""The intervals of a reach on an imported network are those of its routes, one by one."""

from __future__ import annotations

import numpy as np
import pytest
from osm_files import Drawn, road

from corridors import Terms, network_from_osm, route
from corridors.analysis.reach import reach
from corridors.scenarios.scenario import Scenario

SIDE = 5
SETTINGS = {"speed_kmh.ferry": (20.0, "s"), "w9.0.speed_kmh": (150.0, "s")}


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Return a grid of roads of several classes across a border, and a ferry."""
    rng = np.random.default_rng(4)
    at = {
        1 + SIDE * i + j: (43.3 + 0.06 * i + rng.uniform(0, 0.01), 41.4 + 0.06 * j)
        for i in range(SIDE) for j in range(SIDE)
    }  # fmt: skip
    pairs = [(n, n + SIDE) for n in at if n + SIDE in at] + [(n, n + 1) for n in at if n % SIDE]
    classes = ["primary", "tertiary", "residential"]
    ways = {
        w: road(a, b, highway=str(rng.choice(classes)), maxspeed=str(rng.choice(["", "30"])))
        for w, (a, b) in enumerate(pairs, 1)
    }
    at[99] = (43.0, 41.4)
    ways[900] = ((1, 99), {"route": "ferry", "duration": "01:30"})
    file = tmp_path_factory.mktemp("osm") / "x.osm.pbf"
    return network_from_osm(Drawn(at, ways).write(file))


@pytest.mark.parametrize("by", ["km", "hours", "cost"])
@pytest.mark.parametrize("settings", [{}, SETTINGS])
def test_the_interval_of_a_place_is_that_of_the_route_to_it(network, by, settings) -> None:
    asked = {"terms": Terms(by=by, modes=("road", "ferry")), "network": network,
             "scenario": Scenario(id="s", set=settings)}  # fmt: skip
    area = reach("n13", 400, **asked)
    ends = area.intervals()
    assert len(area.places) > SIDE
    assert set(ends) == set(area.places)
    for place, value in area.places.items():
        if place == "n13":
            continue
        way = route("n13", place, **asked)
        truth = {"km": way.length, "hours": way.time, "cost": way.cost}[by]
        unit = 1000 if by == "km" else 1
        assert value == pytest.approx(truth.value / unit)
        assert ends[place] == pytest.approx((truth.low / unit, truth.high / unit))
