"""Figures of a study without the base: its own countries are the land, and nothing else is."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
import unpacked
from matplotlib.text import Text

from corridors.study.study import Study
from maps.print.basemap import drawn_shapes, ends_within
from maps.print.figure import static
from maps.style import BASEMAP
from maps.web.document import html
from maps.web.interactive import interactive

LAKES = Path(__file__).parents[2] / "studies" / "north-america"
# Windsor and Detroit, and a bay on whose shore neither country of the file ends.
AROUND = (-84.0, 41.5, -79.0, 44.0)


def coloured(figure, colour):
    """Return the share of the page that has a colour."""
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    wanted = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    return float((np.abs(pixels - wanted).max(axis=2) < 3).mean())


@pytest.fixture(scope="module")
def figure():
    line = geopandas.GeoDataFrame(
        {"name": ["line"]}, geometry=[shapely.LineString([(-83, 42.3), (-79.4, 43.7)])], crs=4326
    )
    with Study.open(LAKES).active():
        made = static(line, bounds=AROUND, title="Lakes")
        made.land = drawn_shapes(made.extent, "land")
        made.ends = ends_within(made.extent)
        made.of_land, made.of_sea = (coloured(made, BASEMAP[key]) for key in ("land", "sea"))
    return made


def test_its_countries_are_drawn_as_land(figure):
    countries = geopandas.read_file(LAKES / "countries.geojson")
    around = shapely.box(*AROUND)
    assert len(figure.land) == countries.intersects(around).sum() == 2
    assert figure.of_land > 0.4


def test_its_countries_have_the_names_of_its_file(figure):
    drawn = {text.get_text() for text in figure.findobj(Text)}
    assert {"Canada", "United States"} <= drawn


def test_a_country_has_its_name_though_towns_of_its_neighbour_lie_in_it(tmp_path):
    folder = Path(shutil.copytree(LAKES, tmp_path / "lakes"))
    # Outlines of some kilometres: gates of the other side come to lie on this one.
    rows = [f"gate-{n},Gate {n},gate,US,-80.{n},43.{n},500,unverified,unverified," for n in (2, 4)]
    with (folder / "places.csv").open("a", encoding="utf-8") as places:
        places.write("\n".join(rows) + "\n")
    line = geopandas.GeoDataFrame(
        {"name": ["line"]}, geometry=[shapely.LineString([(-83, 42.3), (-79.4, 43.7)])], crs=4326
    )
    with Study.open(folder).active():
        figure = static(line, bounds=AROUND, title="Lakes")
    drawn = {text.get_text() for text in figure.findobj(Text)}
    assert {"Canada", "United States"} <= drawn


def test_a_page_names_its_countries_in_the_languages_that_it_has(tmp_path):
    folder = Path(shutil.copytree(LAKES, tmp_path / "lakes"))
    table = geopandas.read_file(folder / "countries.geojson")
    table["name_ru"] = ["Канада", None]
    table.to_file(folder / "countries.geojson")
    with Study.open(folder).active():
        told = unpacked.facts(html(interactive(table.iloc[:0])))
    said = [told["words"][f"country-{code}"] for code in ("CA", "US")]
    # The second as the words of pages have it, which the file does not say.
    assert [row["ru"] for row in said] == ["Канада", "США"]
    assert [row["en"] for row in said] == ["Canada", "United States"]
    assert [anchor["w"] for anchor in told["anchors"]] == ["country-CA", "country-US"]
    for anchor, outline in zip(told["anchors"], table.geometry, strict=True):
        assert outline.contains(shapely.Point(anchor["p"][:2]))


def test_what_is_none_of_its_countries_is_no_sea(figure):
    assert figure.of_sea == 0


def test_its_borders_are_not_called_those_of_openstreetmap(figure):
    assert "OpenStreetMap" not in figure.caption
    assert "Country borders" in figure.caption


def test_with_the_base_the_sea_is_there_again():
    from corridors.model.registry import system

    figure = static(system("batum-1921"), title="Batum")
    assert coloured(figure, BASEMAP["sea"]) > 0.02
    assert "OpenStreetMap" in figure.caption


def test_its_countries_have_the_names_of_their_file(figure):
    texts = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert {"Canada", "United States"} <= texts
