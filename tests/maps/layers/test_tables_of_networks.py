"""Networks of extracts as layers and figures: their places, their day, and lines for a crowd."""

from __future__ import annotations

import pytest
from osm_files import Drawn, road

from corridors import network_from_osm
from maps.layers.build import layers
from maps.print.figure import static
from maps.print.projection import padded


def grid(folder, side):
    """Return the network of a chequered town, with its streets 100 m apart."""
    nodes = {
        1 + side * row + column: (9.5 + 0.001 * column, 47.0 + 0.001 * row)
        for row in range(side) for column in range(side)
    }  # fmt: skip
    ways = {}
    for n in range(side):
        ways[2 * n + 1] = road(*(1 + side * n + k for k in range(side)))
        ways[2 * n + 2] = road(*(1 + n + side * k for k in range(side)))
    middle = 1 + side * (side // 2) + side // 2
    drawn = Drawn(nodes, ways, tagged={middle: {"place": "town", "name": "Mitte"}})
    return network_from_osm(drawn.write(folder / "town.osm.pbf", stamp="2020-01-02T00:00:00Z"))


@pytest.mark.parametrize(("side", "part"), [(5, 1.0), (20, 0.5)])
def test_a_network_brings_its_places_and_its_day_and_a_crowd_is_thin(tmp_path, side, part) -> None:
    network = grid(tmp_path, side)
    (layer,) = layers([network])
    assert [place.name for place in layer.places] == ["Mitte"]
    assert any("town.osm.pbf" in key and "2020-01-02" in key for key in layer.sources)
    usual = layers([grid(tmp_path, 2)])[0].shapes[0].style.width
    assert {shape.style.width for shape in layer.shapes} == {part * usual}


def test_a_town_among_its_streets_is_named(tmp_path) -> None:
    figure = static(grid(tmp_path, 20))
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert "Mitte" in texts
    assert any("2020-01-02" in text.get_text() for text in figure.texts)


@pytest.mark.parametrize(
    ("extent", "margin"),
    [(0.0, 0.02), (0.01, 0.0012), (0.1, 0.012), (0.2, 0.02), (1.0, 0.06)],
)
def test_the_margin_of_a_frame_is_a_part_of_what_it_shows(extent, margin) -> None:
    west, south, east, north = padded((9.0, 47.0, 9.0 + extent, 47.0 + extent))
    assert (9.0 - west, 47.0 - south) == pytest.approx((margin, margin))
    assert (east - west, north - south) == pytest.approx([extent + 2 * margin] * 2)
