"""A study across the meridian of 180°: its places and countries are where its ways are."""

from __future__ import annotations

import json

import pytest
import shapely
import unpacked
from matplotlib.text import Text

from corridors.network.load import load_network
from corridors.routing.find import route
from corridors.scenarios.terms import Terms
from corridors.study.study import Study
from corridors.study.template import new_study
from maps.layers.routes import route_layers
from maps.print.basemap import drawn_shapes
from maps.print.figure import static
from maps.web.document import html
from maps.web.interactive import interactive

PLACES = """id,name,kind,country,lon,lat,sigma_m,source,state
savusavu,Savusavu,town,FJ,179.34,-16.78,1000,unverified,unverified
taveuni,Taveuni,town,FJ,-179.99,-16.85,1000,unverified,unverified
"""
LINKS = """id,from,to,mode,length_m,sigma_m,countries,wkt
ferry,savusavu,taveuni,ferry,75000,4000,FJ,"LINESTRING (179.34 -16.78, -179.99 -16.85)"
"""
WEST = shapely.box(178.5, -17, 180, -16.1)
EAST = shapely.box(-180, -17, -179.8, -16.7)


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "fiji"
    new_study(folder, base="none")
    (folder / "places.csv").write_text(PLACES, "utf-8")
    (folder / "network" / "links.csv").write_text(LINKS, "utf-8")
    whole = {"type": "Feature", "properties": {"code": "FJ", "name": "Fiji"},
             "geometry": shapely.geometry.mapping(shapely.MultiPolygon([WEST, EAST]))}  # fmt: skip
    file = {"type": "FeatureCollection", "features": [whole]}
    (folder / "countries.geojson").write_text(json.dumps(file), "utf-8")
    about = folder / "araxes.toml"
    about.write_text(f'countries = "countries.geojson"\n{about.read_text("utf-8")}', "utf-8")
    with Study.open(folder).active():
        yield folder


def way():
    return route("Savusavu", "Taveuni", terms=Terms(modes=("ferry",)), network=load_network())


def test_a_page_has_them_on_the_side_of_its_ways(study):
    told = unpacked.facts(html(interactive(*route_layers([way()], "en"))))
    assert {entry["n"]["en"]: entry["x"] for entry in told["places"]} == {
        "Savusavu": 179.34, "Taveuni": 180.01,
    }  # fmt: skip
    assert all(178 < lon < 181 for anchor in told["anchors"] for lon in anchor["p"][::2])


def test_a_figure_names_and_draws_what_lies_beyond(study):
    figure = static(*route_layers([way()], "en"), title="Ferry")
    assert {"Savusavu", "Taveuni"} <= {text.get_text() for text in figure.findobj(Text)}
    (land,) = drawn_shapes(figure.extent, "land")
    beyond = figure.extent.project(shapely.Point(180.05, -16.85))
    assert land.contains(beyond)
