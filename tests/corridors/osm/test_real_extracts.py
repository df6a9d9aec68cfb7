"""Real extracts, run where they lie beside the checkout in `shared/osm`, or where a variable says.

Nothing else needs them: where they are missing there is nothing to run.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from borders.errors import AraxesError
from corridors import network_from_osm

FOLDER = Path(os.environ.get("ARAXES_EXTRACTS") or Path(__file__).parents[4] / "shared" / "osm")
SOUND = (
    "andorra.osm.pbf", "fiji-ferry.osm.pbf", "helsinki.osm.pbf", "liechtenstein-2013.osm.pbf",
    "monaco.osm.gz", "r5-subgraph.osm.pbf",
)  # fmt: skip
GEOD = Geod(ellps="WGS84")

if not FOLDER.is_dir():
    pytest.skip("no real extracts here", allow_module_level=True)


def extract(name: str):
    if not (FOLDER / name).is_file():
        pytest.skip(f"no {name} here")
    return network_from_osm(FOLDER / name)


def sums(network) -> tuple[int, float]:
    return len(network.links), round(float(network.table.columns.length_m.sum()), 3)


@pytest.mark.parametrize("name", SOUND)
def test_lengths_are_those_of_the_courses(name):
    network = extract(name)
    rng = np.random.default_rng(1)
    for n in rng.choice(len(network.links), min(100, len(network.links)), replace=False):
        link = network.links[int(n)]
        assert link.length_m == pytest.approx(
            GEOD.line_length(*zip(*link.xy, strict=True)), abs=0.05
        )
        assert link.sigma_m > 0


def test_one_content_gives_one_network_in_either_format():
    packed, text = (extract(f"liechtenstein-2013.osm.{suffix}") for suffix in ("pbf", "bz2"))
    assert sums(packed) == sums(text)
    assert packed.links[7].xy == text.links[7].xy


def test_a_line_across_180_degrees_is_short():
    network = extract("fiji-ferry.osm.pbf")
    assert max(link.length_m for link in network.links) < 400_000


def test_railways_have_their_gauge():
    links = extract("helsinki.osm.pbf").links
    assert {link.gauge_mm for link in links if link.mode == "rail"} >= {1524}


def test_a_way_whose_nodes_lack_is_taken_as_far_as_they_are_there():
    network = extract("missing-nodes.osm.pbf")
    assert len(network.links) == 1
    assert network.about["extracts"][0]["cut_ways"] == 1


def test_an_impossible_place_is_said_in_one_line():
    with pytest.raises(AraxesError) as raised:
        extract("invalid-location.osm")
    assert "\n" not in str(raised.value)
