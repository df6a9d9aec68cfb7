"""The stated errors hold the truth 19 times in 20, over treaties whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from synthetic import RULES, Frame, synthetic

from borders import boundary, read_treaty, resolve, treaty_ids
from borders.compiler.deviation import band
from borders.compiler.monte_carlo import draws
from borders.errors import AraxesError
from borders.treaty.wording import coverage

TREATIES = 500
Z95 = 1.959964
# How far a leg is carried on beyond its ends, where only its distance across is asked for.
BEYOND_M = 20_000.0


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """Return pairs of a synthetic truth and what the compiler makes of its file, and refusals."""
    folder = tmp_path_factory.mktemp("synthetic")
    found, refused = [], []
    for seed in range(TREATIES):
        one = synthetic(seed, closed=seed % 2 == 1)
        try:
            found.append((one, resolve(read_treaty(one.write(folder)))))
        except AraxesError as err:
            refused.append(str(err))
    return found, refused


@pytest.fixture(scope="session")
def drawn(compiled):
    """Return pairs of a synthetic truth and its draws."""
    return [(one, line, draws(line, n=400, seed=n)) for n, (one, line) in enumerate(compiled[0])]


def carried_on(xy: np.ndarray) -> shapely.LineString:
    """Return a line in the plane that goes straight on at both ends."""
    xy = xy[np.r_[True, np.hypot(*np.diff(xy, axis=0).T) > 0.01]]
    ends = [a + (a - b) * BEYOND_M / np.hypot(*(a - b)) for a, b in (xy[:2], xy[:-3:-1])]
    return shapely.LineString([ends[0], *xy, ends[1]])


@pytest.fixture(scope="session")
def across(compiled):
    """Return rule → distance of a random point of each true leg from the leg as drawn, in sigmas.

    The leg as drawn is carried on beyond its ends: how far it reaches is an error along the line.
    """
    random = np.random.default_rng(1921)
    found = {rule: [] for rule in RULES}
    for one, line in compiled[0]:
        frame = Frame(*one.centre)
        for true, leg in zip(one.legs, line.legs, strict=True):
            at = shapely.LineString(frame.plane(true.lonlat)).interpolate(
                random.random(), normalized=True
            )
            whole = leg.guide is not None and leg.rule != "offset"
            shape = leg.guide.geometry if whole else leg.geometry
            course = carried_on(frame.plane(np.array(shape.coords)))
            found[true.rule].append(at.distance(course) / leg.sigma_m)
    return {rule: np.array(values) for rule, values in found.items()}


def test_nearly_every_synthetic_treaty_compiles_and_the_rest_are_refused_in_one_line(compiled):
    found, refused = compiled
    assert len(found) + len(refused) == TREATIES
    # Places and lines more than three standard errors off are refused, as they should be.
    assert len(refused) <= 0.015 * TREATIES, refused
    for message in refused:
        assert message.startswith("synthetic")
        assert "call " in message
        assert "\n" not in message


def test_the_true_leg_lies_within_the_stated_error_19_times_in_20(across):
    held = {rule: (sigmas < Z95).mean().round(3) for rule, sigmas in across.items()}
    pooled = np.concatenate(list(across.values()))
    assert len(pooled) > 2500
    assert (pooled < Z95).mean() == pytest.approx(0.95, abs=0.02), held


@pytest.mark.parametrize("rule", RULES)
def test_by_rule_too_the_true_leg_lies_within_the_stated_error_19_times_in_20(across, rule):
    # Some 380 legs a rule: four standard errors of the share are 0.045.
    assert len(across[rule]) > 300
    assert (across[rule] < Z95).mean() == pytest.approx(0.95, abs=0.045)


def test_the_band_of_a_border_holds_19_of_20_points_of_the_true_line(compiled):
    random = np.random.default_rng(1922)
    held = []
    for one, line in compiled[0][::5]:
        truth = shapely.LineString(np.concatenate([leg.lonlat for leg in one.legs]))
        points = shapely.line_interpolate_point(truth, random.random(20), normalized=True)
        held.append(shapely.covers(band(line), points).mean())
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)


def test_the_true_length_lies_in_the_interval_of_the_draws_19_times_in_20(drawn):
    held = [found.length.contains(one.length_m) for one, _, found in drawn]
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_the_true_area_lies_in_the_interval_of_the_draws_19_times_in_20(drawn):
    held = [found.area.contains(one.area_m2) for one, _, found in drawn if found.area is not None]
    assert len(held) > 0.48 * TREATIES
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_the_true_length_and_area_lie_in_the_first_order_intervals_too(compiled):
    lengths = [line.length.contains(one.length_m) for one, line in compiled[0]]
    areas = [line.area.contains(one.area_m2) for one, line in compiled[0] if line.area is not None]
    assert np.mean(lengths) == pytest.approx(0.95, abs=0.03)
    assert np.mean(areas) == pytest.approx(0.95, abs=0.03)


def test_first_order_errors_agree_with_the_draws(drawn):
    lengths = [found.length.sigma / line.length.sigma for _, line, found in drawn]
    areas = [found.area.sigma / line.area.sigma for _, line, found in drawn if line.area]
    for ratios in (lengths, areas):
        assert np.median(ratios) == pytest.approx(1, abs=0.03)
        # 400 draws give the end of an interval to 4 %
        assert np.mean(np.abs(np.log(ratios)) < np.log(1.15)) > 0.95


def turned(treaty):
    """Return a treaty told from its end to its beginning."""
    told = [None, *(call.elevation_m for call in treaty.calls)]
    calls = [
        replace(call, n=n, start=call.end, end=call.start, elevation_m=told[call.n - 1])
        for n, call in enumerate(reversed(treaty.calls), 1)
    ]
    return replace(treaty, calls=tuple(calls))


def farthest_m(one: shapely.LineString, other: shapely.LineString) -> float:
    """Return the Hausdorff distance of two lines, by their vertices."""
    middle = one.centroid
    frame = Frame(middle.x, middle.y)
    lines = [shapely.LineString(frame.plane(np.array(line.coords))) for line in (one, other)]
    shapely.prepare(lines)
    pairs = zip(lines, lines[::-1], strict=True)
    return max(shapely.distance(shapely.points(a.coords), b).max() for a, b in pairs)


def assert_same_both_ways(there):
    """Hold a boundary against the one of its calls told backwards.

    Where two lines leave a gap the later leg bridges it, which told backwards is the other one: so
    far the two lines may lie apart, and no farther. Without gaps they are the same line.
    """
    back = resolve(turned(there.treaty))
    gaps_m = [leg.gap_m for line in (there, back) for leg in line.legs if leg.gap_m > 0.01]
    # A bridge is as sure as the leg that makes it, so that errors differ more than lengths do.
    loose = 500.0 if gaps_m else 1.0
    assert back.length.value == pytest.approx(there.length.value, abs=0.1 + sum(gaps_m))
    assert back.length.sigma == pytest.approx(there.length.sigma, rel=1e-3 * loose)
    # A parallel 3 km off turns corners by chords that lie up to 0.2 m inside of its arcs.
    assert farthest_m(there.geometry, back.geometry) < 0.25 + max(gaps_m, default=0.0)
    if there.area is not None:
        drift_m2 = sum(gap_m * max(leg.length_m for leg in there.legs) for gap_m in gaps_m)
        expected = pytest.approx(there.area.value, rel=1e-6, abs=drift_m2)
        assert back.area.value == expected
        assert back.area.sigma == pytest.approx(there.area.sigma, rel=1e-3 * loose)
    words = [call.words for call in back.treaty.calls]
    told_once = not any(a in b for n, a in enumerate(words) for b in words[:n] + words[n + 1 :])
    if there.treaty.text and told_once:
        one = coverage(there.treaty.text, words, "turned")
        other = coverage(there.treaty.text, words[::-1], "straight on")
        assert one.share == other.share


@pytest.mark.parametrize("key", treaty_ids())
def test_a_bundled_treaty_told_backwards_gives_the_same_line(key):
    assert_same_both_ways(boundary(key))


def test_synthetic_treaties_told_backwards_give_the_same_line(compiled):
    for _, there in compiled[0][:60]:
        assert_same_both_ways(there)
