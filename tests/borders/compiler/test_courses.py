"""Bearings, parallels, meridians, arcs, medians and old datums: made-up treaties, known answers."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from scipy.integrate import quad

from borders.compiler.monte_carlo import draws
from borders.compiler.resolve import boundary
from borders.compiler.rules import RULES
from borders.errors import AraxesError, GeometryError

EARTH = Geodesic.WGS84
A, F = 6378137.0, 1 / 298.257223563
E2 = F * (2 - F)
HEAD = """id = "demo"
kind = "{kind}"
name = "Demo"
document = "Demo"
source = "unverified"
state = "quoted"
"""


@pytest.fixture
def drawn(tmp_path):
    """Return a function that draws a treaty of places (id, lon, lat, sigma_m) and calls."""

    def resolved(places, *calls, kind="border", more=""):
        text = HEAD.format(kind=kind) + more
        for key, lon, lat, sigma_m in places:
            text += (
                f'[[place]]\nid = "{key}"\nname = "{key}"\nlon = {lon!r}\nlat = {lat!r}\n'
                f'sigma_m = {sigma_m}\nsource = "unverified"\n'
            )
        text += "".join(f'[[call]]\nwords = "w"\n{call}\n' for call in calls)
        file = tmp_path / "demo.toml"
        file.write_text(text, "utf-8")
        return boundary(file)

    return resolved


def bearing(degrees, distance, unit="mi", *, ends=("a", "b"), sigmas=(0.1, 0.01), more=""):
    north = "" if "north" in more else 'north = "true"\n'
    return (
        f'rule = "bearing"\nfrom = "{ends[0]}"\nto = "{ends[1]}"\nbearing = {degrees}\n'
        f"bearing_sigma = {sigmas[0]}\ndistance = {distance}\ndistance_sigma = {sigmas[1]}\n"
        f'distance_unit = "{unit}"\n{north}{more}'
    )


def declination(value=2.5, sigma=0.5):
    return (
        f'[[declination]]\nid = "of-1890"\nvalue = {value}\nsigma = {sigma}\n'
        'date = 1890-07-01\nsource = "unverified"\n'
    )


MAGNETIC = 'north = "magnetic"\ndeclination = "of-1890"'


def arc(ends=("a", "b"), radius=12, turn="clockwise", unit="mi"):
    return (
        f'rule = "arc"\nfrom = "{ends[0]}"\nto = "{ends[1]}"\ncentre = "c"\nradius = {radius}\n'
        f'radius_sigma = 0.1\nradius_unit = "{unit}"\nturn = "{turn}"'
    )


def parallel(latitude, ends=("a", "b"), sigma_m=30):
    return (
        f'rule = "parallel"\nfrom = "{ends[0]}"\nto = "{ends[1]}"\nlatitude = {latitude}\n'
        f"line_sigma_m = {sigma_m}"
    )


def meridian(longitude, ends=("a", "b"), sigma_m=30):
    return (
        f'rule = "meridian"\nfrom = "{ends[0]}"\nto = "{ends[1]}"\nlongitude = {longitude}\n'
        f"line_sigma_m = {sigma_m}"
    )


def shore(key, *lonlat, sigma_m=40):
    return (
        f'[[guide]]\nid = "{key}"\nlonlat = {[[float(x), float(y)] for x, y in lonlat]}\n'
        f'position_sigma_m = {sigma_m}\nsource = "unverified"\n'
    )


def median(ends=("a", "b"), between='["one", "other"]'):
    return f'rule = "median"\nfrom = "{ends[0]}"\nto = "{ends[1]}"\nbetween = {between}'


def apart_m(one, other):
    return EARTH.Inverse(one[1], one[0], other[1], other[0])["s12"]


def test_a_bearing_and_a_distance_lead_where_geographiclib_says(drawn):
    leg = drawn([("a", 36.0, -2.0, 10)], bearing(30, 12)).legs[0]
    truth = EARTH.Direct(-2.0, 36.0, 30, 12 * 1609.344)
    assert apart_m(leg.geometry.coords[-1], (truth["lon2"], truth["lat2"])) < 1e-6
    assert leg.length_m == pytest.approx(12 * 1609.344, abs=1e-6)
    # across: the start's error of one direction, and a lever of a third of the turn's square
    turn_m = 12 * 1609.344 * math.radians(0.1)
    assert leg.sigma_m == pytest.approx(math.hypot(10 / math.sqrt(2), turn_m / math.sqrt(3)))
    # along: only the distance, since the end moves with the start
    line = drawn([("a", 36.0, -2.0, 500)], bearing(30, 12))
    assert line.length.sigma == pytest.approx(0.01 * 1609.344, rel=1e-3)


def test_a_bearing_back_to_a_point_that_bearings_gave_has_to_agree_with_it(drawn):
    out = [bearing(90, 10, "km"), bearing(0, 10, "km", ends=("b", "c"))]
    line = drawn([("a", 36.0, -2.0, 0)], *out, bearing(180, 10, "km", ends=("c", "b")))
    assert len(line.legs) == 3
    with pytest.raises(GeometryError, match=r"lead .* m away from"):
        drawn([("a", 36.0, -2.0, 0)], *out, bearing(225, 10, "km", ends=("c", "b")))


def test_a_magnetic_bearing_is_turned_by_its_declination_and_shares_its_error(drawn):
    one = bearing(30, 10, "km", more=MAGNETIC, sigmas=(0, 0))
    two = bearing(75, 10, "km", ends=("b", "c"), more=MAGNETIC, sigmas=(0, 0))
    line = drawn([("a", 36.0, -2.0, 0)], one, two, more=declination())
    first = EARTH.Direct(-2.0, 36.0, 32.5, 10_000)
    second = EARTH.Direct(first["lat2"], first["lon2"], 77.5, 10_000)
    assert apart_m(line.geometry.coords[-1], (second["lon2"], second["lat2"])) < 1e-6
    # Both turn together, so the end swings about the start by the whole chord.
    chord_m = apart_m((36.0, -2.0), (second["lon2"], second["lat2"]))
    end = line.legs[-1].end
    assert end.sigma_m == pytest.approx(chord_m * math.radians(0.5), rel=1e-3)
    assert line.length.sigma == pytest.approx(0, abs=0.5)


def test_a_known_place_prevails_over_the_bearing_that_leads_near_it(drawn):
    truth = EARTH.Direct(-2.0, 36.0, 30.05, 12.01 * 1609.344)
    end = ("b", truth["lon2"], truth["lat2"], 20)
    leg = drawn([("a", 36.0, -2.0, 20), end], bearing(30, 12)).legs[0]
    assert leg.geometry.coords[-1] == pytest.approx(end[1:3], abs=1e-9)
    assert leg.end.sigma_m == 20


def test_a_parallel_is_as_long_as_the_integral_and_keeps_its_latitude(drawn):
    ends = [("a", -123.0, 49.0, 0), ("b", -95.2, 49.0, 0)]
    leg = drawn(ends, parallel(49)).legs[0]
    radius_m = A * math.cos(math.radians(49)) / math.sqrt(1 - E2 * math.sin(math.radians(49)) ** 2)
    assert leg.length_m == pytest.approx(radius_m * math.radians(27.8), abs=0.1)
    xy = np.array(leg.geometry.coords)
    assert np.abs(xy[:, 1] - 49).max() < 1e-9
    middle = EARTH.Inverse(xy[900, 1], xy[900, 0], xy[901, 1], xy[901, 0])
    between = EARTH.Direct(xy[900, 1], xy[900, 0], middle["azi1"], middle["s12"] / 2)
    assert abs(between["lat2"] - 49) * 111_000 < 0.03
    assert leg.sigma_m == 30


def test_a_parallel_runs_the_shorter_way_over_the_antimeridian(drawn):
    leg = drawn([("a", 179.0, -17.0, 0), ("b", -179.0, -17.0, 0)], parallel(-17)).legs[0]
    radius_m = A * math.cos(math.radians(17)) / math.sqrt(1 - E2 * math.sin(math.radians(17)) ** 2)
    assert leg.length_m == pytest.approx(radius_m * math.radians(2), abs=0.1)


def test_a_meridian_is_as_long_as_the_integral(drawn):
    leg = drawn([("a", -141.0, 60.3, 0), ("b", -141.0, 69.6, 0)], meridian(-141)).legs[0]

    def radius_m(angle):
        return A * (1 - E2) / (1 - E2 * math.sin(angle) ** 2) ** 1.5

    metres = quad(radius_m, math.radians(60.3), math.radians(69.6))[0]
    assert leg.length_m == pytest.approx(metres, abs=0.01)
    assert {x for x, _ in leg.geometry.coords} == {-141.0}


def test_an_arc_keeps_its_distance_and_turns_as_told(drawn):
    centre = ("c", -75.566, 39.662, 100)
    east, north = (EARTH.Direct(centre[2], centre[1], at, 19_312.128) for at in (90, 0))
    ends = [("a", north["lon2"], north["lat2"], 5), ("b", east["lon2"], east["lat2"], 5)]
    quarter = drawn([centre, *ends], arc()).legs[0]
    rest = drawn([centre, *ends], arc(turn="counterclockwise")).legs[0]
    # Circumference of a geodesic circle of radius r: 2 pi (r - K r³ / 6), K the curvature there.
    curvature = (1 - E2 * math.sin(math.radians(centre[2])) ** 2) ** 2 / (A**2 * (1 - E2))
    whole_m = 2 * math.pi * (19_312.128 - curvature * 19_312.128**3 / 6)
    assert quarter.length_m == pytest.approx(whole_m / 4, abs=0.2)
    assert quarter.length_m + rest.length_m == pytest.approx(whole_m, abs=0.1)
    away_m = [apart_m(centre[1:3], point) for point in quarter.geometry.coords]
    assert away_m == pytest.approx([19_312.128] * len(away_m), abs=0.021)
    assert quarter.sigma_m == pytest.approx(math.hypot(100 / math.sqrt(2), 160.9344))


def test_a_whole_circle_is_a_territory_whose_area_errs_with_its_radius(drawn):
    places = [("c", -75.566, 39.662, 100), ("a", -75.566, 39.836, 50)]
    line = drawn(places, arc(ends=("a", "a")), kind="territory")
    curvature = (1 - E2 * math.sin(math.radians(39.662)) ** 2) ** 2 / (A**2 * (1 - E2))
    radius_m = 12 * 1609.344
    area_m2 = math.pi * radius_m**2 * (1 - curvature * radius_m**2 / 12)
    assert line.area.value == pytest.approx(area_m2, rel=1e-5)
    assert line.area.sigma == pytest.approx(2 * math.pi * radius_m * 160.9344, rel=1e-3)
    assert line.length.sigma == pytest.approx(2 * math.pi * 160.9344, rel=1e-3)
    found = draws(line, n=2000)
    assert found.area.sigma == pytest.approx(line.area.sigma, rel=0.1)
    assert found.length.sigma == pytest.approx(line.length.sigma, rel=0.1)


def test_the_median_of_two_parallels_is_the_parallel_between_in_distance(drawn):
    one = shore("one", *((x, 50.0) for x in np.arange(0, 2.01, 0.02).round(2)))
    other = shore("other", *((x, 50.6) for x in np.arange(0, 2.01, 0.02).round(2)))
    leg = drawn([("a", 0.5, 50.3, 50), ("b", 1.5, 50.3, 50)], median(), more=one + other).legs[0]
    one_m, other_m = (
        np.array([
            min(apart_m(point, (x, lat)) for x in np.arange(0, 2, 0.001))
            for point in shapely.get_coordinates(leg.geometry)[::4]
        ])
        for lat in (50.0, 50.6)
    )  # fmt: skip
    # The shores are chords of 1.4 km, which lie up to 0.05 m off their parallels.
    assert one_m == pytest.approx(other_m, abs=0.5)
    assert len(one_m) >= 4
    assert leg.sigma_m == pytest.approx(40 / math.sqrt(2), rel=1e-3)


def test_the_median_of_a_line_and_a_cape_is_a_parabola(drawn):
    # A shore that is a spike: all of the other one is nearest to its tip, as to a focus.
    plane = pyproj.Proj("+proj=aeqd +lat_0=10 +lon_0=20 +ellps=WGS84")
    spike = [plane(*p, inverse=True) for p in ((-1, 60_000), (0, 6000), (1, 60_000))]
    coast = [plane(x, -6000, inverse=True) for x in range(-40_000, 40_001, 500)]
    ends = [plane(x, x**2 / 24_000, inverse=True) for x in (-9000, 9000)]
    places = [(key, *end, 20) for key, end in zip("ab", ends, strict=True)]
    line = drawn(
        places, median(), more=shore("one", *spike, sigma_m=5) + shore("other", *coast, sigma_m=5)
    )
    xy = shapely.LineString([plane(*point) for point in line.geometry.coords]).segmentize(100)
    xy = shapely.get_coordinates(xy)
    # y = x² / 4f with the focus 6 km above the vertex and the directrix 6 km below
    assert xy[:, 1] == pytest.approx(xy[:, 0] ** 2 / 24_000, abs=1.2)


def test_a_place_in_an_old_datum_lies_where_pyproj_says_with_the_accuracy_as_error(drawn, tmp_path):
    more = (
        '[[place]]\nid = "b"\nname = "b"\nlon = 37.0\nlat = -2.0\ncrs = "EPSG:4210"\n'
        'sigma_m = 8\nsource = "unverified"\n'
        '[[place]]\nid = "d"\nname = "d"\neasting = 277000.0\nnorthing = 9779000.0\n'
        'crs = "EPSG:21037"\nsigma_m = 8\nsource = "unverified"\n'
    )
    call = 'rule = "straight"\nfrom = "{}"\nto = "{}"'
    line = drawn([("a", 36.9, -2.1, 8)], call.format("a", "b"), call.format("b", "d"), more=more)
    # EPSG:1284, Arc 1960 to WGS 84 (3) and its neighbours: geocentric shifts known for Kenya
    shift = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        "+step +proj=push +v_3 +step +proj=cart +ellps=clrk80 "
        "+step +proj=helmert +x=-157 +y=-2 +z=-299 +step +inv +proj=cart +ellps=WGS84 "
        "+step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    for end, degrees in (
        (line.legs[0].end, (37.0, -2.0)),
        (line.legs[1].end, pyproj.Proj("EPSG:21037")(277000.0, 9779000.0, inverse=True)),
    ):
        assert apart_m((end.lon, end.lat), shift.transform(*degrees)) < 35
        assert 100 < apart_m((end.lon, end.lat), degrees) < 350
        assert 6 <= math.sqrt(end.sigma_m**2 - 8**2) <= 35
        assert "Arc 1960 to WGS 84" in end.note


AT = [("a", 36.0, -2.0, 10), ("b", 36.2, -2.0, 10)]
DATUM = '[[place]]\nid = "d"\nname = "d"\n{}\nsigma_m = 8\nsource = "unverified"\n'
STRAIGHT = 'rule = "straight"\nfrom = "a"\nto = "b"'
CENTRE = [*AT, ("c", 36.1, -2.0, 10)]
OTHER = shore("other", (35.9, -1.9), (36.3, -1.9))
SHORES = shore("one", (35.9, -2.1), (36.3, -2.1)) + OTHER


@pytest.mark.parametrize(
    ("places", "call", "more", "message"),
    [
        (AT, bearing(400, 12), "", "bearing is 400; give degrees from 0 to 360, clockwise"),
        (AT, bearing(30, 12, sigmas=(99, 0)), "", "bearing_sigma is 99; give a standard error"),
        (AT, bearing(30, -1), "", "distance is -1 mi; give a length above 0"),
        (AT, bearing(30, 12, sigmas=(1, 7)), "", "distance_sigma is 7; give a standard error from"),
        (AT, bearing(30, 12, "league"), "", "distance_unit is 'league'; allowed: m, km, ft"),
        (AT, bearing(30, 12).replace("distance_unit", "note"), "", "distance 12 has no unit"),
        (AT, bearing(30, 12), "", "bearing and distance lead 2[01],"),
        (AT, bearing(30, 12, more='north = "magnetic"'), "", "needs a declination; give the id"),
        (AT, bearing(30, 12, more='declination = "x"'), "", "a true bearing has no declination"),
        (AT, bearing(30, 12, more=MAGNETIC), "", "no declination 'of-1890' in this file; known"),
        (AT, STRAIGHT, declination(value=400), "value is 400; give degrees, east positive"),
        (AT, STRAIGHT, declination(sigma=-1), "sigma is -1; give a standard error from 0 to 45"),
        (AT, STRAIGHT, declination() * 2, "id 'of-1890' is already used"),
        (AT, STRAIGHT + "\nlatitude = 3", "", "rule 'straight' does not take 'latitude'"),
        (AT, parallel(-2.1), "", "'a' lies 11,.* m from the parallel of 2.1° S .*the latitude"),
        (AT, parallel(89), "", "latitude is 89; a parallel so near to a pole is no border"),
        (AT, parallel(91), "", "latitude is 91.0, outside ±90°"),
        (AT, parallel(-2, sigma_m=-1), "", "line_sigma_m is -1; .* never negative"),
        (AT, meridian(36.1), "", "'a' lies 11,.* m from the meridian of 36.1° E .*the longitude"),
        (AT, arc(), "", "centre: no place 'c'"),
        (CENTRE, arc(), "", "'a' lies 8,.* m from the arc of 19,312 m .*the radius with its unit"),
        (CENTRE, arc(turn="left"), "", "turn is 'left'; allowed: clockwise, counterclockwise"),
        (CENTRE, arc(radius=0), "", "radius is 0 mi; give a length above 0"),
        (AT, median(between='["one"]'), SHORES, 'give two guide lines, \\["one", "other"\\]'),
        (AT, median(between='["one", "x"]'), SHORES, "no guide line 'x'"),
        (
            [*AT[:1], ("b", 36.2, -1.95, 10)], median(), SHORES,
            "'b' lies 5,.* m from the median of 'one' .*the two shores, which have to go on until",
        ),
        (
            AT, median(), shore("one", (35.9, -2.1), (36.1, -2.1)) + OTHER,
            "a line ends before the median does",
        ),
        (
            AT, median(), shore("one", (35.9, -2.1), (36.3, -1.8)) + OTHER,
            "the two lines cross",
        ),
        (AT, STRAIGHT, DATUM.format('lon = 2\nlat = 48\ncrs = "EPSG:4807"'), "in the unit grad"),
        (AT, STRAIGHT, DATUM.format('lon = 2\nlat = 48\ncrs = "my datum"'), "no system that PROJ"),
        (
            AT, STRAIGHT, DATUM.format('lon = 44\nlat = 40\ncrs = "EPSG:4267"'),
            "no transformation from 'EPSG:4267' to WGS84 of known accuracy is for this place",
        ),
        (AT, STRAIGHT, DATUM.format('lon = 4\nlat = 40\ncrs = "EPSG:21037"'), "are easting and"),
        (AT, STRAIGHT, DATUM.format("easting = 4\nnorthing = 40"), "give their crs, such as EPSG:"),
        (AT, STRAIGHT, DATUM.format('easting = 4\ncrs = "EPSG:21037"'), "'northing' is missing"),
        (AT, STRAIGHT, DATUM.format('crs = "EPSG:21037"'), "crs without coordinates"),
        (AT, STRAIGHT, DATUM.format("lon = 3\nlat = 4\neasting = 4"), "leave one pair out"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_one_line_that_says_what_to_do(
    drawn, places, call, more, message
):
    with pytest.raises(AraxesError, match=message) as caught:
        drawn(places, call, more=more)
    assert "\n" not in str(caught.value)


PAGE = (Path(__file__).parents[3] / "docs" / "rules.md").read_text("utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.S)
# Places and shores that the examples of the page name.
NAMED = [
    ("stone", 36.0, -2.0, 100), ("sea", -122.756, 49.0, 300), ("lake", -95.153, 49.0, 300),
    ("new-castle", -75.563, 39.66, 150), ("corner", -75.774, 39.722, 500),
    ("river", -75.425, 39.798, 700), ("west", 36.0, -1.0, 100), ("east", 36.4, -1.0, 100),
]  # fmt: skip
BANKS = shore("north-shore", (35.9, -0.9), (36.5, -0.9)) + shore(
    "south-shore", (35.9, -1.1), (36.5, -1.1)
)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_example_of_the_page_of_rules_is_drawn(drawn, block):
    named = re.findall(r'(?:from|to|centre) = "([\w-]+)"', block)
    places = [row for row in NAMED if row[0] in named] or [("a", 36.9, -2.1, 10)]
    call = block[block.index("[[call]]") + 8 :] if "[[call]]" in block else ""
    more = block.replace(f"[[call]]{call}", "") + (BANKS if "shore" in block else "")
    if call:
        line = drawn(places, call.replace("words =", "note ="), more=more)
    else:
        line = drawn(places, 'rule = "straight"\nfrom = "a"\nto = "pillar-7"', more=more)
    assert line.length.value > 1000


def test_the_page_of_rules_names_them_all():
    table = PAGE[: PAGE.index("## ")]
    assert sorted(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.M)))) == (
        sorted(RULES)
    )
