"""Lines that we ship: none runs back on itself, and the legs of a boundary share their ends."""

from __future__ import annotations

from itertools import pairwise

import pytest
import shapely

from borders.compiler.area_by_country import areas_by_country
from borders.compiler.resolve import boundary
from borders.files.bundle import layer
from borders.geodesy import area_m2
from borders.guide_lines import guide, guides
from borders.treaty.treaty import treaty_ids
from corridors.model.corridor import corridor, corridor_ids
from corridors.network.load import load_network


@pytest.mark.parametrize("key", guides())
def test_no_guide_line_runs_back_on_itself(key):
    assert guide(key).geometry.is_simple


@pytest.mark.parametrize("key", corridor_ids())
def test_no_corridor_runs_back_on_itself(key):
    assert corridor(key).centreline.is_simple


@pytest.mark.parametrize("key", treaty_ids())
def test_the_legs_of_a_boundary_share_their_ends_and_make_one_simple_line(key):
    one = boundary(key)
    for before, after in pairwise(one.legs):
        assert before.geometry.coords[-1] == after.geometry.coords[0], after.n
    assert one.geometry.is_simple
    # What PostGIS's ST_LineMerge makes of the legs.
    merged = shapely.line_merge(shapely.MultiLineString([leg.geometry for leg in one.legs]))
    assert merged.geom_type == "LineString"


def test_no_link_runs_back_on_itself():
    lines = {link.id: shapely.LineString(link.xy) for link in load_network().links if len(link.xy)}
    assert len(lines) > 400
    assert [key for key, line in lines.items() if not line.is_simple] == []


LAYERS = ("rivers", "lakes", "provinces", "land", "country-borders", "land-beyond",
          "country-borders-beyond", "rivers-beyond", "land-far", "country-borders-far",
          "shores")  # fmt: skip


@pytest.mark.parametrize("name", LAYERS)
def test_the_parts_of_every_other_layer_are_simple_and_valid(name):
    for feature in layer(name):
        for part in shapely.get_parts(feature.geometry):
            assert part.is_valid, feature
            assert part.is_simple, feature


def test_provinces_keep_to_the_borders():
    """The strip of lachin-2022 lay 12.0 km² in Armenia by the borders, 0 by the provinces."""
    strip = corridor("lachin-2022").territory()
    inside = {
        code: sum(
            area_m2(part)
            for province in layer("provinces")
            if province.properties["country"] == code
            for part in shapely.get_parts(shapely.intersection(province.geometry, strip))
            if part.geom_type == "Polygon"
        )
        for code in ("AM", "AZ")
    }
    by_borders = areas_by_country(strip)
    for code, area_of_provinces_m2 in inside.items():
        assert area_of_provinces_m2 == pytest.approx(by_borders[code].value, abs=0.2e6), code


def test_provinces_of_two_countries_do_not_overlap():
    lands: dict[str, list[shapely.Geometry]] = {}
    for province in layer("provinces"):
        lands.setdefault(province.properties["country"], []).append(province.geometry)
    whole = [shapely.union_all(shapes) for shapes in lands.values()]
    for n, one in enumerate(whole):
        for other in whole[n + 1 :]:
            # A hundredth of a square kilometre: the file's grid is 11 m.
            assert shapely.intersection(one, other).area < 5e-6
