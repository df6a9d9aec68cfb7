"""Guide lines and how they are followed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from geographiclib.geodesic import Geodesic

from borders import Place, UnknownNameError, boundary
from borders.errors import AraxesError, GeometryError, SchemaError
from borders.geodesy import length_m
from borders.guide_lines import follow, guide, guides

EARTH = Geodesic.WGS84


def _place(name, lon, lat, sigma_m=100.0):
    return Place(
        id=name, name=name, kind="test", country="", lon=lon, lat=lat, sigma_m=sigma_m, names={},
        aliases=(), source="x", state="quoted",
    )  # fmt: skip


def test_guides_are_single_lines_with_name_and_source():
    for key, one in guides().items():
        assert one.id == key
        assert one.geometry.geom_type == "LineString"
        assert one.name
        assert one.source
        assert one.position_sigma_m > 0


def test_an_unknown_guide_lists_the_known_ones():
    with pytest.raises(UnknownNameError, match=r"no guide line 'x'; known: aras-kars, .*tur-nax"):
        guide("x")


def test_a_stretch_has_the_length_of_its_geometry_and_runs_either_way():
    line = guide("arpacay").geometry
    first, last = (_place(str(n), *line.coords[n]) for n in (100, -100))
    down = follow(guide("arpacay"), first, last, where="test", limit_m=10)
    up = follow(guide("arpacay"), last, first, where="test", limit_m=10)
    assert down.length_m == pytest.approx(length_m(down.geometry), abs=1e-3)
    assert up.geometry.coords[:] == down.geometry.coords[::-1]


def test_a_place_far_from_the_line_is_an_error_with_distance_and_limit():
    start, far = _place("a", *guide("arpacay").geometry.coords[0]), _place("b", 43.0, 40.5)
    with pytest.raises(GeometryError, match=r"'b' lies [\d,]+ m from 'arpacay' \(limit 500 m"):
        follow(guide("arpacay"), start, far, where="here", limit_m=500)


OWN = """id = "demo"
kind = "border"
name = "Demo"
document = "Treaty of Demo"
source = "araxes"
state = "quoted"

[[guide]]
id = "kizil"
{line}
position_sigma_m = 60
source = "my survey sheet"

[[place]]
id = "a"
name = "A"
lon = 44.0
lat = 40.0
sigma_m = 100
source = "araxes"

[[place]]
id = "b"
name = "B"
lon = 44.2
lat = 40.0
sigma_m = 100
source = "araxes"

[[call]]
words = "down the river from A to B"
rule = "thalweg"
along = "{along}"
from = "a"
to = "b"
"""
RIVER = [[43.9, 40.0], [44.0, 40.001], [44.1, 40.02], [44.2, 40.0], [44.3, 39.98]]
FEATURES = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":'
    '{"type":"%s","coordinates":%s}}]}'
)


@pytest.fixture
def own(tmp_path):
    """Return a function that resolves a treaty with a river of its own."""

    def resolved(line=f"lonlat = {RIVER}", along="kizil", features=""):
        (tmp_path / "river.geojson").write_text(features, "utf-8")
        file = tmp_path / "demo.toml"
        file.write_text(OWN.format(line=line, along=along), "utf-8")
        return boundary(file)

    return resolved


@pytest.mark.parametrize(
    ("line", "features"),
    [
        (f"lonlat = {RIVER}", ""),
        ('file = "river.geojson"', FEATURES % ("LineString", RIVER)),
        # in two pieces, the second drawn against the stream
        (
            'file = "river.geojson"',
            FEATURES % ("MultiLineString", [RIVER[:3], RIVER[:1:-1]]),
        ),
        ('file = "river.geojson"', FEATURES % ("LineString", [[*xy, 900] for xy in RIVER])),
    ],
)
def test_a_treaty_follows_a_river_of_its_own(own, line, features):
    found = own(line, features=features)
    (leg,) = found.legs
    metres = sum(
        EARTH.Inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in pairwise(leg.geometry.coords)
    )
    assert leg.length_m == pytest.approx(metres, abs=0.01)
    assert tuple(RIVER[2]) in leg.geometry.coords
    assert (leg.sigma_m, leg.guide.id, leg.guide.bundled) == (60, "kizil", False)
    assert "my survey sheet" in found.sources
    assert not leg.circular


def test_files_of_one_name_may_bring_different_rivers_of_one_id(own):
    one = own().legs[0].length_m
    other = own(f"lonlat = {[[x, y + 0.01 * (x == 44.1)] for x, y in RIVER]}").legs[0].length_m
    assert one != other


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", r"demo\.toml, guide 1: give either 'lonlat' .* or 'file'"),
        (f'file = "x.geojson"\nlonlat = {RIVER}', r"guide 1: give either 'lonlat' .* or 'file'"),
        ("lonlat = [[44.0, 40.0]]", r"guide 1: lonlat must be a list of two or more"),
        ("lonlat = [44.0, 40.0]", r"guide 1: lonlat must be a list of two or more"),
        ('lonlat = [["a", "b"], [44, 40]]', r"guide 1: lonlat must be a list of two or more"),
        ('lonlat = "44 40"', r"demo\.toml, guide 1: lonlat must be a list"),
        ("lonlat = [[44, 40], [44, 140]]", r"guide 1: lonlat 2 is \[44\.0, 140\.0\], not a long"),
        ("lonlat = [[44, 40], [nan, 40]]", r"guide 1: lonlat 2 is \[nan, 40\.0\], not a long"),
        ("lonlat = [[44, 40], [44, 40]]", r"guide 1: lonlat is a single point"),
        ('file = "none.geojson"', r"none\.geojson: no such file"),
        ('file = "river.geojson"', r"river\.geojson: not a GeoJSON file"),
        (f"lonlat = {RIVER}\ncolour = 1", r"guide 1: unknown key 'colour'; known: id, name, lonl"),
    ],
)
def test_a_guide_that_is_no_line_is_refused_with_file_and_number(own, line, message):
    with pytest.raises(AraxesError, match=message):
        own(line)


@pytest.mark.parametrize(
    ("kind", "coordinates", "message"),
    [
        ("Point", [44, 40], "guide 1: river.geojson holds a Point; a guide is a line"),
        ("Polygon", [[*RIVER, RIVER[0]]], "guide 1: river.geojson holds a Polygon; a guide is"),
        ("MultiLineString", [RIVER[:2], RIVER[3:]], "holds 2 lines that do not join end to end"),
    ],
)
def test_a_vector_file_that_is_no_single_line_is_refused(own, kind, coordinates, message):
    with pytest.raises(GeometryError, match=message):
        own('file = "river.geojson"', features=FEATURES % (kind, coordinates))


def test_an_id_of_a_bundled_guide_is_not_given_to_another_line(own):
    twice = f'lonlat = {RIVER}\nposition_sigma_m = 1\nsource = "x"\n[[guide]]\nid = "arpacay"\n'
    with pytest.raises(SchemaError, match="guide 2: id 'arpacay' is already used"):
        own(f"{twice}lonlat = {RIVER}")


def test_a_misspelt_river_is_offered_the_nearest_name_of_the_file(own):
    with pytest.raises(
        UnknownNameError, match=r"demo call 1: no guide line 'kizl'; did you mean kizil\? known"
    ):
        own(along="kizl")


def test_a_river_that_does_not_pass_there_is_refused_with_the_distance(own):
    away = [[x + 1, y] for x, y in RIVER]
    metres = EARTH.Inverse(40.0, 44.0, 40.0, 44.9)["s12"]
    with pytest.raises(GeometryError) as caught:
        own(f"lonlat = {away}")
    message = str(caught.value)
    assert f"demo call 1: 'A' lies {metres:,.0f} m from 'kizil' (limit 2,000 m)" in message
