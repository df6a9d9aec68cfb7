"""Our page and folium's elements: they work together, or say why not and what to do."""

from __future__ import annotations

import io

import folium
import pytest

from borders.errors import AraxesError
from corridors.model.registry import system
from maps.web.document import html
from maps.web.interactive import interactive, save


def page():
    return interactive(system("lachin-2020"))


@pytest.mark.parametrize(
    "child",
    [
        lambda: folium.Marker([39.5, 46.5]),
        lambda: folium.Marker([39.5, 46.5], icon=folium.Icon(color="red")),
        lambda: folium.CircleMarker([39.5, 46.5], popup="name"),
        lambda: folium.FeatureGroup().add_child(folium.Marker([39.5, 46.5])),
    ],
)
def test_what_needs_the_internet_is_refused_with_a_way_out(child):
    made = page()
    child().add_to(made)
    with pytest.raises(AraxesError, match=r"needs files from the internet.*GeoDataFrame"):
        save(made, io.BytesIO())


def test_plain_lines_areas_and_circles_of_folium_are_taken():
    made = page()
    folium.PolyLine([[39.5, 46.4], [39.7, 46.7]]).add_to(made)
    folium.CircleMarker([39.6, 46.5], tooltip="here").add_to(made)
    folium.Marker([39.6, 46.5], icon=folium.DivIcon(html="x")).add_to(made)
    text = html(made)
    for name in ("poly_line_", "circle_marker_", "div_icon_"):
        assert f"var {name}" in text


def test_a_page_or_its_data_in_another_map_are_refused_with_a_way_out():
    for child in (page(), next(c for c in page()._children.values() if hasattr(c, "numbers"))):
        other = folium.Map()
        other.add_child(child)
        with pytest.raises(AraxesError, match=r"folium\.GeoJson\(thing\.to_gdf\(\)\)"):
            other.get_root().render()
