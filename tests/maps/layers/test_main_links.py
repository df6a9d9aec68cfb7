"""What a map shows of a large network: whole classes, the main ones first, within bounds."""

from __future__ import annotations

import pytest
from osm_files import Drawn, rail, road

from corridors import Terms, compare, load_network, network_from_osm, reach
from maps.cli.main import main
from maps.layers import main_links as module
from maps.layers.build import layers
from maps.layers.main_links import main_links
from maps.web.comparison import RouteComparison

MODES = ("rail", "road", "ferry")
CLASSES = ["motorway", "primary", "primary", "residential", "residential", "residential"]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """Return roads apart from each other, each longer than the one before, and a railway."""
    nodes, ways = {}, {}
    for n, name in enumerate(CLASSES, 1):
        nodes |= {2 * n: (10.0, 50.0 + 0.1 * n), 2 * n + 1: (10.0 + 0.01 * n, 50.0 + 0.1 * n)}
        ways[n] = road(2 * n, 2 * n + 1, highway=name)
    nodes |= {100: (11.0, 50.0), 101: (11.1, 50.0)}
    ways[100] = rail(100, 101)
    return network_from_osm(Drawn(nodes, ways).write(tmp_path_factory.mktemp("o") / "x.osm.pbf"))


@pytest.mark.parametrize(
    ("most", "ways", "left_out"),
    [
        (7, {1, 2, 3, 4, 5, 6, 100}, {}),
        (4, {1, 2, 3, 100}, {"residential": 3}),
        # Two primary roads would be one too many, and what is less important is left out too.
        (3, {1, 100}, {"primary": 2, "residential": 3}),
    ],
)
def test_classes_are_shown_whole_from_the_main_ones_on(network, monkeypatch, most, ways, left_out):
    monkeypatch.setattr(module, "MOST_LINKS", most)
    for links in (network.links, tuple(network.links)):
        shown = main_links(links, MODES)
        assert {int(link.id[1:].partition(".")[0]) for link in shown.links} == ways
        assert shown.left_out == left_out
        assert (str(sum(left_out.values())) in shown.remark) == bool(left_out)


def test_of_a_class_that_is_too_large_the_longest_links_are_shown(network, monkeypatch):
    monkeypatch.setattr(module, "MOST_LINKS", 2)
    # The railway comes first where it is shown; alone, roads begin with the motorway.
    shown = main_links([link for link in network.links if link.note == "residential"], MODES)
    assert [link.id for link in shown.links] == ["w5.0", "w6.0"]
    assert shown.left_out == {"residential": 1}
    monkeypatch.setattr(module, "MOST_POINTS", 3)
    shown = main_links([link for link in network.links if link.note == "residential"], MODES)
    assert [link.id for link in shown.links] == ["w6.0"]
    monkeypatch.setattr(module, "MOST_POINTS", 2)
    assert len(main_links(network.links, ("rail",)).links) == 1


def test_a_class_that_has_room_is_left_out_behind_one_that_has_none(network, monkeypatch):
    monkeypatch.setattr(module, "MOST_LINKS", 3)
    shown = main_links([link for link in network.links if link.id not in ("w5.0", "w6.0")], MODES)
    assert {link.id for link in shown.links} == {"w1.0", "w100.0"}
    assert shown.left_out == {"primary": 2, "residential": 1}


def test_the_links_of_the_ways_compared_are_drawn_whatever_their_class(network, monkeypatch):
    monkeypatch.setattr(module, "MOST_LINKS", 3)
    ends = network.link("w6.0")
    rows = compare([(ends.start.place, ends.end.place)], network=network,
                   terms=Terms(modes=("road",)))  # fmt: skip
    layers = RouteComparison(network=network, compared=rows).layers()
    shown = {shape.link for layer in layers for shape in layer.shapes}
    assert shown == {"w1.0", "w100.0", "w6.0"}


def test_of_what_is_reached_the_main_classes_are_drawn_and_the_whole_area(tmp_path, monkeypatch):
    nodes = {1: (10.0, 50.0), 2: (10.0, 50.1), 3: (10.1, 50.0), 4: (10.05, 50.05)}
    ways = {1: road(1, 2, highway="primary"), 2: road(1, 3), 3: road(1, 4)}
    network = network_from_osm(Drawn(nodes, ways).write(tmp_path / "x.osm.pbf"))
    area = reach("n1", 9, network=network)
    (whole,) = layers([area])
    monkeypatch.setattr(module, "MOST_LINKS", 1)
    (shown,) = layers([area])
    assert len(whole.shapes) == 4
    assert [shape.geometry.geom_type for shape in shown.shapes] == ["Polygon", "LineString"]
    assert shown.shapes[0].geometry.equals(whole.shapes[0].geometry)
    assert shown.shapes[1].geometry.coords[0] == (10.0, 50.0)
    assert shown.legend_note == "2 links are not shown: residential"


def test_a_network_is_a_thing_of_a_map_and_its_minor_links_are_said(
    network, tmp_path, monkeypatch, capsys
):
    from corridors.network.compiled import write_compiled

    file, page = tmp_path / "x.npz", tmp_path / "x.html"
    write_compiled(network.table, network.about, file)
    monkeypatch.setattr(module, "MOST_LINKS", 4)
    assert main(["map", str(file), "--on", "2024-01-01", "--out", str(page)]) == 0
    assert "3 links are not shown: residential" in capsys.readouterr().err
    assert "x.npz" in page.read_text(encoding="utf-8")
    (layer,) = layers([load_network(file)])
    assert len(layer.shapes) == 4
