"""Each rule on a small made-up treaty."""

from __future__ import annotations

import pytest
from geographiclib.geodesic import Geodesic

from borders.errors import GeometryError, SchemaError
from borders.guide import guide
from borders.resolve import boundary
from borders.uncertainty import WINDING

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
        spots = [("a", 44.0, 40.2, ""), ("b", 44.4, 40.2, "elevation_m = 3120"), *places]
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
    assert leg.state == state
    assert leg.winds == (rule != "straight")
    metres = EARTH.Inverse(40.2, 44.0, 40.2, 44.4)["s12"]
    assert leg.length_m == pytest.approx(metres * (WINDING if leg.winds else 1), abs=0.01)


def test_a_stand_in_says_so_and_is_circular():
    legs = [leg for leg in boundary("kars-1921").legs if leg.rule in ("watershed", "past")]
    assert {leg.state for leg in legs} == {"stand-in"}
    assert all(leg.circular for leg in legs)


def test_a_line_passes_a_village_on_the_side_that_the_text_says(drawn):
    village = [("v", 44.2, 40.0, "")]
    assert drawn('rule = "past"\nplace = "v"\nside = "north"', village).state == "drawn"
    with pytest.raises(GeometryError, match=r"demo call 1: the line should pass south of 'v'"):
        drawn('rule = "past"\nplace = "v"\nside = "south"', village)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ('rule = "past"\nplace = "b"', "call 1: rule 'past' needs 'side'"),
        ('rule = "straight"\nelevation = 10282', "elevation 10282 has no unit"),
        ('rule = "straight"\nstand_in = "tur-arm"', "does not take 'stand_in'"),
        ('rule = "straight"\nelevation = 10282\nelevation_unit = "m"', "whether the unit is right"),
    ],
)
def test_a_call_that_lacks_or_contradicts_something_is_refused(drawn, call, message):
    with pytest.raises(SchemaError, match=message):
        drawn(call)


def test_an_offset_of_eight_versts_keeps_its_distance(drawn):
    leg = drawn('rule = "offset"\nalong = "aras-kars"\nside = "north"\noffset = 8\n'
                'offset_unit = "verst"', [])  # fmt: skip
    at = leg.geometry.interpolate(0.5, normalized=True)
    nearest = min(
        EARTH.Inverse(at.y, at.x, y, x)["s12"] for x, y in guide("aras-kars").geometry.coords[::2]
    )
    assert nearest == pytest.approx(8534.4, rel=0.01)
