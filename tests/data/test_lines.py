"""Lines that we ship: none runs back on itself, and the legs of a boundary share their ends."""

from __future__ import annotations

from itertools import pairwise

import pytest
import shapely
from pyproj import Geod

from borders.compiler.area_by_country import areas_by_country
from borders.compiler.resolve import boundary
from borders.files.bundle import layer
from borders.geodesy import area_m2
from borders.guide_lines import guide, guides
from borders.treaty.treaty import treaty_ids
from corridors.model.corridor import corridor, corridor_ids
from corridors.network.load import load_network

GEOD = Geod(ellps="WGS84")


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
          "shores", "river-chains")  # fmt: skip


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


# Published lengths in km of the Hakari from where Şəlvə and Hocazsu meet, and of its stretch along
# the border (de.wikipedia Hakari); of the Hocazsu (az.wikipedia Həkəri: 43), the Karkar
# (ru.wikipedia Каркарчай) and the Vorotan (en.wikipedia, 162; other sources say 178).
PUBLISHED_KM = {"hakari": 113, "hochaz": 43, "karkar": 115, "vorotan": 162}


@pytest.mark.parametrize("key", PUBLISHED_KM)
def test_a_chain_of_places_is_shorter_than_its_river_and_longer_than_half_of_it(key):
    pieces = [f for f in layer("river-chains") if f.properties["id"].partition("-")[0] == key]
    chain_km = sum(GEOD.geometry_length(piece.geometry) for piece in pieces) / 1000
    assert 0.5 * PUBLISHED_KM[key] < chain_km < PUBLISHED_KM[key]


def test_the_hakari_is_the_border_for_about_six_kilometres():
    (reach,) = (f for f in layer("river-chains") if f.properties["id"] == "hakari-border")
    (border,) = (f for f in layer("borders") if f.properties["id"] == "arm-aze")
    assert GEOD.geometry_length(reach.geometry) == pytest.approx(6000, abs=500)
    assert border.geometry.buffer(1e-5).covers(reach.geometry)


def test_a_river_drawn_through_places_ends_at_its_mouth():
    chains = {f.properties["id"]: f.geometry for f in layer("river-chains")}
    rivers = {f.properties["id"]: f.geometry for f in (*layer("rivers"), *layer("reaches"))}
    into = {"hakari": rivers["aras-lower"], "hochaz": chains["hakari"], "karkar": rivers["kura"],
            "vorotan": chains["hakari"]}  # fmt: skip
    for key, river in into.items():
        assert river.distance(shapely.Point(shapely.get_coordinates(chains[key])[-1])) < 1e-5, key
    whole = [g for key, g in chains.items() if key.startswith("hakari")]
    assert shapely.line_merge(shapely.union_all(whole)).geom_type == "LineString"
