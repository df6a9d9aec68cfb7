"""Each rule on a small made-up treaty."""

from __future__ import annotations

import pytest
from geographiclib.geodesic import Geodesic

from borders.compiler.resolve import boundary
from borders.compiler.uncertainty import SINUOSITY
from borders.errors import GeometryError, SchemaError
from borders.guide_lines import guide

EARTH = Geodesic.WGS84
HEAD = """id = "demo"
kind = "border"
name = "Demo"
document = "Demo"
source = "araxes"
state = "quoted"
"""


@pytest.fixture
def drawn(tmp_path):
    def resolved(call, places=()):
        known = [("a", 44.0, 40.2, ""), ("b", 44.4, 40.2, "elevation_m = 3120"), *places]
        spots = {name: (name, *rest) for name, *rest in known}.values()
        text = HEAD + "".join(
            f'[[place]]\nid = "{n}"\nname = "{n}"\nlon = {x}\nlat = {y}\nsigma_m = 100\n'
            f'source = "araxes"\n{more}\n'
            for n, x, y, more in spots
        )
        file = tmp_path / "demo.toml"
        file.write_text(f'{text}[[call]]\nwords = "w"\nfrom = "a"\nto = "b"\n{call}\n', "utf-8")
        return boundary(file).legs[0]

    return resolved


@pytest.mark.parametrize(
    ("rule", "state"),
    [("straight", "drawn"), ("through", "drawn"), ("watershed", "gap"),
     ("administrative", "gap"), ("unresolved", "gap")],
)  # fmt: skip
def test_without_a_line_to_follow_a_limit_is_a_gap_and_the_rest_is_straight(drawn, rule, state):
    leg = drawn(f'rule = "{rule}"')
    assert leg.drawn_as == state
    assert leg.winds == (rule != "straight")
    metres = EARTH.Inverse(40.2, 44.0, 40.2, 44.4)["s12"]
    assert leg.length_m == pytest.approx(metres * (SINUOSITY if leg.winds else 1), abs=0.01)


def test_a_stand_in_says_so_and_is_circular():
    legs = [leg for leg in boundary("kars-1921").legs if leg.rule in ("watershed", "past")]
    assert {leg.drawn_as for leg in legs} == {"stand-in"}
    assert all(leg.circular for leg in legs)


def test_a_line_passes_a_village_on_the_side_that_the_text_says(drawn):
    village = [("v", 44.2, 40.0, "")]
    assert drawn('rule = "past"\nplace = "v"\nside = "north"', village).drawn_as == "drawn"
    with pytest.raises(GeometryError, match=r"demo call 1: the line should pass south of 'v'"):
        drawn('rule = "past"\nplace = "v"\nside = "south"', village)


ARAS = guide("aras-kars").geometry.coords
EIGHT_VERSTS_M = 8534.4


def abreast(n, metres=EIGHT_VERSTS_M):
    """Return a point as far from the Aras, to the north, as the text says."""
    (x0, y0), (x1, y1) = ARAS[n - 300], ARAS[n + 300]
    azimuth = EARTH.Inverse(y0, x0, y1, x1)["azi1"]
    found = EARTH.Direct(ARAS[n][1], ARAS[n][0], azimuth - 90, metres)
    return found["lon2"], found["lat2"]


@pytest.mark.parametrize("rule", ["crosses", "through"])
def test_a_call_may_name_what_it_passes_without_a_side(drawn, rule):
    village = [("v", 44.2, 40.15, "")]
    leg = drawn(f'rule = "{rule}"\nplace = "v"', village)
    assert leg.drawn_as == "drawn"
    assert [leg.geometry.coords[n] for n in (0, -1)] == [(44.0, 40.2), (44.4, 40.2)]
    # Without a side there is none on which to be wrong: the place may lie anywhere.
    assert drawn(f'rule = "{rule}"\nplace = "v"', [("v", 44.2, 41.9, "")]).drawn_as == "drawn"


def parallel(side="north", offset="8", unit="verst"):
    return (
        f'rule = "offset"\nalong = "aras-kars"\nside = "{side}"\noffset = {offset}\n'
        f'offset_unit = "{unit}"'
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ('rule = "past"\nplace = "b"', "call 1: rule 'past' needs 'side'"),
        ('rule = "straight"\nelevation = 10282', "elevation 10282 has no unit"),
        ('rule = "straight"\nstand_in = "tur-arm"', "does not take 'stand_in'"),
        ('rule = "straight"\nelevation = 10282\nelevation_unit = "m"', "whether the unit is right"),
        ('rule = "straight"\nelevation = 3300\nelevation_unit = "m"', "its place has 3,120 m"),
        ('rule = "straight"\nplace = "b"\nside = "north"', "rule 'straight' does not take 'place'"),
        ('rule = "today"\nalong = "tur-arm"\noffset = 2', "rule 'today' does not take 'offset'"),
        ('rule = "through"\nside = "north"', "'north' of what\\? give the 'place'"),
        (parallel(offset="-8"), "offset is -8; give a distance above 0, and the side"),
        ('rule = "offset"\nalong = "tur-arm"\nside = "east"\noffset = 8', "offset 8 has no unit"),
    ],
)
def test_a_call_that_lacks_or_contradicts_something_is_refused(drawn, call, message):
    with pytest.raises(SchemaError, match=message):
        drawn(call)


def test_an_offset_of_eight_versts_keeps_its_distance(drawn):
    ends = [("a", *abreast(3000), ""), ("b", *abreast(6000), "")]
    leg = drawn(parallel(), ends)
    for share in (0.1, 0.5, 0.9):
        at = leg.geometry.interpolate(share, normalized=True)
        nearest = min(EARTH.Inverse(at.y, at.x, y, x)["s12"] for x, y in ARAS[::2])
        assert nearest == pytest.approx(EIGHT_VERSTS_M, rel=0.01)
    for end, at in zip(ends, (leg.geometry.coords[0], leg.geometry.coords[-1]), strict=True):
        assert EARTH.Inverse(end[2], end[1], at[1], at[0])["s12"] < 2000
    # the Aras's own error is across the line; how far along it the places lie is not
    assert leg.sigma_m == guide("aras-kars").position_sigma_m


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (parallel(side="south"), r"the parallel to 'aras-kars': 'a' lies 1\d,\d{3} m from it"),
        (parallel(unit="km", offset="30"), r"'a' lies 2\d,\d{3} m .*the offset with its unit"),
        (parallel(offset="800"), "the distance has to be above 0 and at most 200,000 m"),
    ],
)
def test_places_that_do_not_lie_at_the_stated_offset_are_refused(drawn, call, message):
    ends = [("a", *abreast(3000), ""), ("b", *abreast(6000), "")]
    with pytest.raises(GeometryError, match=f"demo call 1: .*{message}"):
        drawn(call, ends)


def test_a_line_has_no_side_in_the_direction_in_which_it_runs(drawn):
    line = guide("arpacay").geometry.coords
    ends = [
        ("a", line[100][0] + 0.02, line[100][1], ""),
        ("b", line[-100][0] + 0.02, line[-100][1], ""),
    ]
    call = 'rule = "offset"\nalong = "arpacay"\nside = "north"\noffset = 2\noffset_unit = "km"'
    with pytest.raises(GeometryError, match="runs towards 'north' itself; give the side as east"):
        drawn(call, ends)


@pytest.mark.parametrize("rule", ["crosses", "through"])
@pytest.mark.parametrize("lat", [40.0, 40.4])
def test_a_place_without_a_side_may_lie_on_either(drawn, rule, lat):
    leg = drawn(f'rule = "{rule}"\nplace = "v"', [("v", 44.2, lat, "")])
    assert (leg.drawn_as, leg.winds) == ("drawn", True)
    ends = leg.geometry.coords[0], leg.geometry.coords[-1]
    assert [tuple(end) for end in ends] == [(44.0, 40.2), (44.4, 40.2)]
    metres = EARTH.Inverse(40.2, 44.0, 40.2, 44.4)["s12"]
    assert leg.length_m == pytest.approx(metres * SINUOSITY, abs=0.01)
