"""How much of a polygon lies in which country."""

from __future__ import annotations

import pytest
import shapely
from geographiclib.geodesic import Geodesic

from borders import areas_by_country, boundary, guide
from borders.compiler.deviation import changes
from borders.errors import GeometryError
from borders.geodesy import area_m2, buffer_m
from corridors import corridor

# Areas of the countries in km², inland waters included, as their statistical offices give them.
PUBLISHED = {"AM": 29_743, "AZ": 86_600, "GE": 69_700, "TR": 783_562}


def true_m2(polygon):
    ring = Geodesic.WGS84.Polygon()
    for lon, lat in polygon.exterior.coords[:-1]:
        ring.AddPoint(lat, lon)
    return abs(ring.Compute()[2])


def test_whole_countries_have_their_published_areas():
    found = areas_by_country(shapely.box(25, 35, 51.5, 44))
    for code, km2 in PUBLISHED.items():
        assert found[code].value / 1e6 == pytest.approx(km2, rel=0.01), code
        assert found[code].low <= km2 * 1e6 <= found[code].high, code


@pytest.mark.parametrize(
    "box", [(43, 40, 44, 41), (44.5, 38.5, 46.5, 39.8), (41, 41, 42, 42), (46, 41, 47, 42.5)]
)
def test_the_parts_add_up_to_the_whole(box):
    polygon = shapely.box(*box)
    found = areas_by_country(polygon)
    total = sum(one.value for one in found.values())
    assert total == pytest.approx(true_m2(polygon), rel=1e-5)
    assert list(found) == sorted(found, key=lambda code: -found[code].value)


def test_a_strip_along_a_border_lies_half_on_either_side():
    line = guide("tur-arm").geometry
    found = areas_by_country(buffer_m(line.simplify(0.005), 10_000, cap="flat"))
    assert found["AM"].value == pytest.approx(found["TR"].value, rel=0.1)


def test_a_territory_within_todays_borders_lies_in_one_country():
    found = areas_by_country(boundary("nakhchivan"))
    assert list(found) == ["AZ"]
    assert found["AZ"].value == pytest.approx(area_m2(boundary("nakhchivan")), rel=1e-6)


def test_what_annex_iii_held_beyond_todays_border_lies_in_armenia():
    then, now = boundary("nakhchivan-1921"), boundary("nakhchivan")
    lost = sum(area_m2(part) for part in changes(then, now, least_m2=0)["lost"])
    found = areas_by_country(then)
    assert found["AM"].value == pytest.approx(lost, rel=1e-3)
    elsewhere = sum(one.value for code, one in found.items() if code not in ("AZ", "AM"))
    assert elsewhere < 0.1e6


def test_the_sea_is_in_none_of_them():
    assert set(areas_by_country(shapely.box(50.5, 39.5, 51, 40))) == {"other"}


def test_a_corridor_is_asked_for_by_its_strip():
    one = corridor("lachin-2020")
    strip = one.territory()
    found = areas_by_country(strip)
    assert set(found) <= {"AM", "AZ"}
    assert sum(part.value for part in found.values()) == pytest.approx(area_m2(strip), rel=1e-5)
    with pytest.raises(GeometryError, match="bounds no area; give a polygon"):
        areas_by_country(one)


def test_what_bounds_no_area_is_refused():
    bowtie = shapely.Polygon([(44, 40), (45, 41), (45, 40), (44, 41)])
    for bad, said in ((None, "got None"), (shapely.Point(44, 40), "POINT"), (bowtie, "not sound")):
        with pytest.raises(GeometryError, match=said):
            areas_by_country(bad)
