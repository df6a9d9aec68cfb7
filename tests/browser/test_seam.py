"""A page of what lies across the meridian of 180°."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import pytest
from geographiclib.geodesic import Geodesic
from shapely import LineString

from maps.web.interactive import interactive, save

pytestmark = pytest.mark.browser

FERRY = LineString([(179.3, -16.8), (179.9, -16.7), (-179.9, -16.9)])


def test_a_page_across_the_seam_opens_on_its_data_and_answers_on_both_sides(tmp_path, visit):
    table = gpd.GeoDataFrame({"name": ["ferry"]}, geometry=[FERRY], crs=4326)
    save(interactive(table), tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        page = opened.page
        bounds = page.evaluate(
            "(() => { const b = araxes.app.map.getBounds(); return [b.getWest(), b.getEast()]; })()"
        )
        assert 178 < bounds[0] < 179.3
        assert 180.1 < bounds[1] < 182
        picked = "at => araxes.app.pick(L.latLng(at), 6)?.feature"
        # West of the seam, and east of it by both of its longitudes.
        for at in ([-16.75, 179.6], [-16.85, 180.05], [-16.85, -179.95]):
            assert page.evaluate(picked, at) == 0
        drawn = page.evaluate("araxes.app.model.card(araxes.app.model.facts.layers[0], 0)[0][1]")
        xy = list(FERRY.coords)
        true = sum(Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in pairwise(xy))
        assert drawn == f"{true / 1000:.1f} km"


def test_a_position_beyond_the_seam_is_told_within_180_degrees(tmp_path, visit):
    table = gpd.GeoDataFrame({"name": ["ferry"]}, geometry=[FERRY], crs=4326)
    save(interactive(table), tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        at = "([lat, lon]) => araxes.position(araxes.app.model, [lat, lon])"
        told = [opened.page.evaluate(at, [-16.85, lon]) for lon in (179.99, 180.01, -179.99)]
    west = "16.85000° S  179.99000° W"
    assert told == ["16.85000° S  179.99000° E", west, west]


def test_a_length_measured_across_the_seam_is_drawn_across_it(tmp_path, visit):
    table = gpd.GeoDataFrame({"name": ["ferry"]}, geometry=[FERRY], crs=4326)
    save(interactive(table), tmp_path / "map.html")
    with visit(tmp_path / "map.html") as opened:
        page = opened.page
        page.locator("#araxes-measure").click()
        ends = page.evaluate(
            """() => [[-16.8, 179.5], [-16.8, 180.1]].map(at => {
                 const f = araxes.app.map.getContainer().getBoundingClientRect();
                 const p = araxes.app.map.latLngToContainerPoint(at);
                 return [p.x + f.x, p.y + f.y]; })"""
        )
        for x, y in ends:
            page.mouse.click(x, y)
        true = Geodesic.WGS84.Inverse(-16.8, 179.5, -16.8, -179.9)["s12"] / 1000
        said = page.locator("#araxes-length").text_content()
        assert float(said.removesuffix(" km")) == pytest.approx(true, abs=0.5)
        # Two strokes, a light one and a dark one, each as wide as the points lie apart.
        boxes = page.locator(".leaflet-overlay-pane path[stroke='#111'][fill='none']").all()
        width = max(box.bounding_box()["width"] for box in boxes)
        assert width == pytest.approx(ends[1][0] - ends[0][0], abs=8)


def test_a_page_that_names_no_place_has_no_switch_of_places(tmp_path, visit):
    table = gpd.GeoDataFrame({"name": ["ferry"]}, geometry=[FERRY], crs=4326)
    near = gpd.GeoDataFrame(
        {"name": ["road"]}, geometry=[LineString([(44.0, 40.0), (44.5, 40.2)])], crs=4326
    )
    for name, drawn, count in (("far", table, 0), ("near", near, 1)):
        save(interactive(drawn), tmp_path / f"{name}.html")
        with visit(tmp_path / f"{name}.html") as opened:
            assert opened.page.locator('input[data-layer="places"]').count() == count
