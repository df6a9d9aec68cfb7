"""What is read or answered is a value: its copies are equal, in this process and in another."""

from __future__ import annotations

import copy
import pickle

import pytest

from borders import boundary, place, read_treaty, source
from borders.files.bundle import BUNDLED
from borders.files.catalogue import files, sources
from borders.gazetteer.places import places, towns
from borders.guide_lines import guide, guides
from corridors import corridor, load_network, read_scenario, route
from corridors.model.corridor import read_corridor

VALUES = {
    "place": lambda: place("kars"),
    "source": lambda: source("osm-timezones"),
    "treaty": lambda: read_treaty("kars-1921"),
    "call": lambda: read_treaty("kars-1921").calls[0],
    "border": lambda: boundary("kars-1921"),
    "territory": lambda: boundary("nakhchivan-1921"),
    "corridor": lambda: corridor("kars-igdir-dilucu"),
    "scenario": lambda: read_scenario("all-open"),
    "network": load_network,
    "route": lambda: route("Kars", "Baku", scenario="kars-dilucu-built"),
}


@pytest.mark.parametrize("kind", VALUES)
def test_a_copy_is_equal_and_has_the_same_hash(kind):
    one = VALUES[kind]()
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert other == one
        assert hash(other) == hash(one)


@pytest.mark.parametrize("known", [places, towns, guides, sources, files])
def test_what_is_bundled_cannot_be_overwritten(known):
    with pytest.raises(TypeError):
        known()["kars"] = None


def test_a_file_read_twice_gives_equal_things():
    file = BUNDLED.path("corridors/btk.toml")
    assert read_corridor(file) == read_corridor(file) == corridor("btk")
    assert read_treaty("kars-1921") == read_treaty("kars-1921")


def test_a_bundled_guide_is_the_same_line_in_a_copy():
    one = guide("arpacay")
    assert copy.deepcopy(one) is one
    assert pickle.loads(pickle.dumps(one)) is one
    # The name goes to the other process, not the vertices.
    assert len(pickle.dumps(one)) < 200
