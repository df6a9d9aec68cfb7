"""The style table: colours that can be seen and dashes that can be told apart."""

from __future__ import annotations

import re
from colorsys import rgb_to_hls
from itertools import combinations

import numpy as np
import pytest

from corridors.model.registry import system_ids, systems
from maps.style import BASEMAP, CHANGES, DASHES, area_style, mode_style, style

IN_USE = {"open", "in force", "checkpoint", "autonomous republic of Azerbaijan"}
AS_DRAWN = {"today's line", "today's river", "drawn"}


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Return the contrast ratio of WCAG 2.1."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


LINES = {
    **{key: style(key) for key in system_ids()},
    **{mode: mode_style(mode) for mode in ("rail", "road", "pipeline", "ferry")},
    **CHANGES,
}


@pytest.mark.parametrize("ground", ["land", "sea"])
@pytest.mark.parametrize("key", LINES)
def test_every_line_stands_out_from_land_and_sea(key, ground):
    # 3:1 is what WCAG 2.1, 1.4.11, asks of graphics.
    assert contrast(LINES[key].colour, BASEMAP[ground]) >= 3


def test_place_names_have_the_contrast_of_text():
    assert contrast(BASEMAP["text"], BASEMAP["land"]) >= 7


def test_colours_are_six_hexadecimal_digits():
    colours = [style(key).colour for key in system_ids()] + list(BASEMAP.values())
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in colours)


def test_an_unknown_system_takes_the_style_of_its_mode():
    assert style("nowhere", mode="ferry") == style("elsewhere", mode="ferry")
    assert style("nowhere", mode="ferry") != style("nowhere", mode="road")


def test_a_state_changes_the_dash_and_nothing_else():
    planned, solid = style("btk", status="planned"), style("btk")
    assert planned.dash
    assert not solid.dash
    assert (planned.colour, planned.width) == (solid.colour, solid.width)


def blurred(dash, width=3.0, sample=33):
    """Return how dark a sample of a dashed line is along it, as an eye sees it from afar."""
    step = 0.25
    at = np.arange(0, sample, step)
    if not dash:
        return np.ones(len(at))
    ends = np.cumsum(dash)
    inked = np.searchsorted(ends, at % ends[-1], side="right") % 2 == 0
    return np.convolve(inked, np.ones(4) / 4, mode="same")


def test_there_are_five_dashes_and_a_sample_of_33_pixels_tells_them_apart_in_grey():
    dashes = {*DASHES.values(), ()}
    assert len(dashes) == 6
    for one, other in combinations(sorted(dashes), 2):
        assert abs(blurred(one) - blurred(other)).mean() > 0.15, (one, other)


def test_pipelines_are_thinner_than_railways():
    width = {mode: [style(one.id).width for one in systems() if getattr(one, "mode", "") == mode]
             for mode in ("rail", "pipeline")}  # fmt: skip
    assert max(width["pipeline"]) < min(width["rail"])


def test_the_hue_says_the_mode():
    hues = {"road": (20, 45), "rail": (195, 235), "pipeline": (70, 110), "ferry": (195, 240)}
    # The railway through Zangezur, about which most is asked, is red.
    for one in systems():
        if getattr(one, "mode", "") in hues and "zangezur" not in one.id:
            red, green, blue = (
                int(style(one.id, mode=one.mode).colour[n : n + 2], 16) / 255 for n in (1, 3, 5)
            )
            low, high = hues[one.mode]
            assert low <= 360 * rgb_to_hls(red, green, blue)[0] <= high, one.id


def test_every_status_and_state_in_the_data_has_a_dash_or_is_in_use():
    said = {status.status for one in systems() for status in one.statuses}
    said |= {leg.drawn_as for one in systems() for leg in getattr(one, "legs", ())}
    assert said <= set(DASHES) | IN_USE | AS_DRAWN | {"autonomous", "drawn", "Ottoman", "Russian"}


def test_an_area_is_filled_thinly_and_has_no_outline_of_its_own():
    for key in system_ids():
        assert 0 < area_style(key).fill < 0.3
        assert area_style(key).width == 0
