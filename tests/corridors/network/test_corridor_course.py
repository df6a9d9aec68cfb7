"""Corridors on the real courses of their links."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from osm_files import Drawn
from real_paths import Ground, true_m, winding

from corridors import corridor, load_network, refine
from corridors.network.corridor_course import on_network
from maps.cli.main import main

THING = "lachin-2020"


def path_of(link):
    legs = [winding(a, b, wave_m=150) for a, b in pairwise(link.xy) if a != b]
    return np.concatenate([legs[0], *(leg[1:] for leg in legs[1:])])


@pytest.fixture(scope="module")
def lines():
    """Return link → its real path, of the links that carry a corridor."""
    links = [link for link in load_network().links if link.corridor == THING and link.xy]
    return {link.id: path_of(link) for link in links}


def refined(folder, lines):
    ground = Ground()
    for line in lines:
        ground.add(line, highway="primary")
    return refine(load_network(), Drawn(ground.nodes, ground.ways).write(folder / "x.osm.pbf"))


@pytest.fixture(scope="module")
def network(tmp_path_factory, lines):
    return refined(tmp_path_factory.mktemp("osm"), lines.values()).network


def test_a_corridor_whose_links_all_lie_on_real_ways_has_their_course_and_length(network, lines):
    before, after = corridor(THING), on_network(corridor(THING), network)
    links = [network.link(key) for key in lines]
    assert all(link.basis == "osm" for link in links)
    total = sum(map(true_m, lines.values()))
    assert after.length.value == pytest.approx(total, rel=2e-3)
    assert after.drawn_m == pytest.approx(total, rel=0.03)
    assert (after.length.basis, after.geometry_quality) == ("osm", "surveyed")
    assert before.length.km_text in after.length.how
    assert "openstreetmap" in after.sources
    assert (after.id, after.statuses, after.width_m) == (
        before.id, before.statuses, before.width_m
    )  # fmt: skip
    drawn = set(after.centreline.coords)
    for link in links:
        assert len(drawn & set(link.xy)) > 0.95 * len(link.xy)


def test_a_corridor_of_which_a_part_lies_on_real_ways_keeps_its_length(tmp_path, lines):
    (first,) = (line for key, line in lines.items() if key == "road-khankendi-shusha")
    network = refined(tmp_path, [first]).network
    before, after = corridor(THING), on_network(corridor(THING), network)
    assert after.length == before.length
    assert after.geometry_quality == "schematic"
    assert set(map(tuple, first[2:-2].tolist())) <= set(after.centreline.coords)
    ends = set(before.centreline.coords)
    assert len(ends & set(after.centreline.coords)) >= 2


def test_a_corridor_without_real_links_is_itself():
    thing = corridor(THING)
    assert on_network(thing, load_network()) is thing
    assert on_network("no corridor", load_network()) == "no corridor"


def test_show_and_export_follow_the_links_of_a_network(tmp_path, network, capsys):
    import geopandas

    from corridors.network.link_file import write_link_file

    file, out = tmp_path / "net.npz", tmp_path / "out.geojson"
    write_link_file(network, {}, file)
    assert main(["show", THING, "--network", str(file)]) == 0
    assert "basis osm" in capsys.readouterr().out
    assert main(["show", "road-khankendi-shusha", "--network", str(file)]) == 0
    assert "basis osm" in capsys.readouterr().out
    assert main(["export", THING, "--network", str(file), "--out", str(out)]) == 0
    table = geopandas.read_file(out)
    line = table.geometry[table["kind"] == "corridor"].iloc[0]
    assert len(line.coords) > 5 * len(corridor(THING).centreline.coords)
    capsys.readouterr()
