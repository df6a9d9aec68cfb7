"""A figure credits what it shows, and keys what it draws."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import pytest
from shapely import LineString, Point

from borders.files.catalogue import attributions
from corridors.model.registry import system
from corridors.network.load import load_network
from corridors.scenarios.scenario import Scenario
from maps.layers.network import network_layers
from maps.print.figure import static
from maps.style import BASEMAP


def roads(lon: float, lat: float) -> gpd.GeoDataFrame:
    rows = [
        {"id": f"{mode}{n}", "from": f"{n}", "to": f"{n + 1}", "mode": mode,
         "geometry": LineString([(lon + n / 2, lat), (lon + n / 2 + 0.2, lat + k / 5),
                                (lon + n / 2 + 0.5, lat)])}
        for n, mode in enumerate(("road", "rail", "ferry")) for k in (1, -1)
    ]  # fmt: skip
    for n, row in enumerate(rows):
        row["id"] += f"-{n}"
    frame = gpd.GeoDataFrame(rows, crs=4326)
    frame.attrs["name"] = "mine.geojson"
    return frame


def texts(figure: Any) -> str:
    return " ".join(text.get_text() for text in figure.findobj(plt.Text))


@pytest.mark.parametrize("as_network", [False, True])
def test_outside_the_base_map_the_file_is_credited_and_nothing_else(as_network) -> None:
    frame = roads(22.0, 55.0)
    things = (
        network_layers(load_network(frame.iloc[::2]), [Scenario(id="s")]) if as_network else [frame]
    )
    figure = static(*things)
    written = texts(figure) + figure.caption
    for nobody in ("GeoNames", "GSHHG", "OpenStreetMap", "country borders", "Country borders"):
        assert nobody not in written
    name = "mine.geojson"
    assert f"- {name}" in figure.caption
    assert f"Data: {name}." in " ".join(texts(figure).split())
    drawn = {line.get_color() for line in figure.findobj(plt.Line2D)}
    assert BASEMAP["border"] not in drawn


def test_inside_it_borders_and_sources_are_keyed_and_credited() -> None:
    figure = static(roads(43.0, 40.2))
    assert "country borders as OpenStreetMap draws them" in texts(figure)
    for credit in attributions(["geonames", "osm-timezones"]):
        assert credit in figure.caption
    assert "- mine.geojson" in figure.caption


@pytest.mark.parametrize(("bounds", "rivers"), [((46.45, 39.5, 46.8, 39.85), False),
                                                ((44.9, 38.6, 46.8, 39.85), True)])  # fmt: skip
def test_rivers_are_credited_where_some_are_drawn(bounds, rivers) -> None:
    """None of the source runs near Lachin, the Qotur does farther west; the locator has none."""
    figure = static(system("lachin-2022"), bounds=bounds)
    assert any(axes.get_label() == "locator" for axes in figure.axes)
    assert ("GSHHG" in texts(figure)) == rivers
    assert ("GSHHG" in figure.caption) == rivers


def test_only_what_a_figure_shows_is_keyed_and_listed() -> None:
    towns = [gpd.GeoDataFrame({"name": [name]}, geometry=[Point(x, 40.3)], crs=4326)
             for name, x in (("near", 43.2), ("far", 47.0))]  # fmt: skip
    for table, name in zip(towns, ("near.geojson", "far.geojson"), strict=True):
        table.attrs["name"] = name
    bounds = (42.8, 40.0, 43.8, 40.6)
    figure = static(roads(43.0, 40.2), *towns, bounds=bounds)
    assert "near.geojson" in texts(figure)
    assert "far.geojson" not in texts(figure) + figure.caption
    whole = static(roads(43.0, 40.2), *towns)
    assert "far.geojson" in texts(whole)


def test_each_colour_of_a_table_is_keyed() -> None:
    figure = static(roads(22.0, 55.0))
    written = texts(figure)
    for mode in ("Roads", "Railways", "Ferries"):
        assert f"mine.geojson, {mode}" in written


@pytest.mark.parametrize(
    ("language", "nouns"),
    [("en", ("Places: GeoNames", "Rivers: GSHHG", "Data: Chains of places: Araxes")),
     ("tr", ("Yerler: GeoNames", "Akarsular: GSHHG", "Veri: Yer zincirleri: Araxes")),
     ("ru", ("Места: GeoNames", "Реки: GSHHG", "Данные: Цепочки мест: Araxes"))],
)  # fmt: skip
def test_whose_data_a_figure_shows_is_said_in_its_language(language, nouns) -> None:
    figure = static(system("kars-igdir-dilucu"), language=language)
    written = texts(figure)
    for noun in nouns:
        assert noun in " ".join(written.split())
        assert noun in figure.caption
    assert "© OpenStreetMap contributors, ODbL 1.0" in written
