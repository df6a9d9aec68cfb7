"""The stated errors are what the published figures make them, and not wider than promised."""

from __future__ import annotations

import csv
import json
from dataclasses import fields, replace
from itertools import pairwise
from math import ceil, cos, hypot, radians, sqrt

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic

from borders.compiler import uncertainty
from borders.compiler.leg import Leg
from borders.compiler.resolve import boundary
from borders.compiler.uncertainty import free_ends
from borders.files.bundle import BUNDLED
from borders.gazetteer.places import Place
from borders.guide_lines import Circle, Guide, guide
from borders.measure import Z95, Measure
from borders.treaty.courses import ComputedPlace
from corridors.model.corridor import corridor, corridor_ids

EARTH = Geodesic.WGS84


def guide_m(key: str) -> float:
    features = json.loads(BUNDLED.path("guides/borders.geojson").read_text("utf-8"))["features"]
    line = next(f["geometry"]["coordinates"] for f in features if f["properties"]["id"] == key)
    return sum(EARTH.Inverse(a[1], a[0], b[1], b[0])["s12"] for a, b in pairwise(line))


def figures() -> list[dict[str, str]]:
    file = BUNDLED.path("context/published_figures.csv")
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_the_length_error_is_the_rms_difference_to_the_calibration_figures_rounded_up():
    chosen = [row for row in figures() if row["use"] == "calibration"]
    assert {row["system"] for row in chosen} == {"tur-geo", "tur-arm", "tur-nax"}
    off = [float(row["value"]) * 1000 / guide_m(row["system"]) - 1 for row in chosen]
    rms = sqrt(sum(x * x for x in off) / len(off))
    assert ceil(rms * 1000) / 1000 == pytest.approx(uncertainty.LENGTH_SIGMA)


def test_the_calibration_figures_are_the_longest_that_no_scale_explains():
    # a coarser survey is shorter; the most detailed published length of each border calibrates
    for key in ("tur-geo", "tur-arm"):
        same = [r for r in figures() if r["system"] == key and r["definition"] == "same"]
        longest = max(same, key=lambda row: float(row["value"]))
        assert longest["use"] == "calibration"


# batum-1921 has a coarse coast and inland limit, so its interval is honestly wider.
@pytest.mark.parametrize("key", ["kars-1921", "nakhchivan"])
def test_the_interval_of_a_border_of_today_is_at_most_2_percent(key):
    assert 0 < boundary(key).length.percent <= 2


@pytest.mark.parametrize("key", corridor_ids())
def test_the_interval_of_a_corridor_is_at_most_6_percent_and_of_a_ferry_7(key):
    one = corridor(key)
    # No ferry's course is published: both its own winding and the factor are assumed.
    assert 0 < one.length.percent <= (7 if one.mode == "ferry" else 6)


def test_the_area_of_nakhchivan_is_known_to_about_2_percent():
    assert 1 < boundary("nakhchivan").area.percent < 3


def test_a_measure_gives_its_95_percent_interval():
    one = Measure(value=1000.0, sigma=10.0, basis="reach")
    # 1.959964 is the 97.5 % quantile of the normal distribution, Abramowitz & Stegun table 26.1
    assert (one.low, one.high) == pytest.approx((980.40036, 1019.59964))
    assert one.percent == pytest.approx(1.959964)
    assert one.contains(one.low)
    assert one.contains(one.high)
    assert not one.contains(1019.6)
    assert Measure(value=1.0, sigma=10.0, basis="chain").low == 0
    assert Measure(value=0.0, sigma=1.0, basis="chain").percent == 0


def spot(name: str, lon: float, lat: float, sigma_m: float) -> Place:
    return Place(id=name, name=name, kind="town", country="", lon=lon, lat=lat, sigma_m=sigma_m,
                 names={"en": name}, aliases=(), source="araxes", state="quoted")  # fmt: skip


def leg(n: int, start: Place, end: Place, *, rule: str = "straight", state: str = "drawn") -> Leg:
    from shapely import LineString

    line = LineString([(start.lon, start.lat), (end.lon, end.lat)])
    metres = EARTH.Inverse(start.lat, start.lon, end.lat, end.lon)["s12"]
    return Leg(n=n, words="", rule=rule, start=start, end=end, geometry=line, length_m=metres,
               sigma_m=0, drawn_as=state, gap_m=0, source="araxes",
               guide=guide("tur-arm") if rule == "today" else None)  # fmt: skip


def test_a_corner_on_a_straight_way_moves_no_length_and_a_reversal_moves_it_twice():
    a, c = spot("a", 0.0, 0.0, 0), spot("c", 2.0, 0.0, 0)
    b = spot("b", 1.0, 0.0, 1000)
    on = uncertainty.length([leg(1, a, b), leg(2, b, c)], closed=False)
    assert on.sigma == pytest.approx(0, abs=1e-6)
    back = uncertainty.length([leg(1, a, b), leg(2, b, a)], closed=False)
    # u_in - u_out has length 2; an error of 1000 m has 1000/sqrt(2) along it
    assert back.sigma == pytest.approx(2 * 1000 / sqrt(2))


def test_both_ends_of_an_open_border_move_its_length():
    a, b = spot("a", 0.0, 0.0, 3000), spot("b", 1.0, 0.0, 4000)
    assert uncertainty.length([leg(1, a, b)], closed=False).sigma == pytest.approx(5000 / sqrt(2))


def test_places_along_one_line_move_none_of_its_length_and_its_ends_do():
    line = guide("tur-arm").geometry
    spots = [spot(str(n), *line.coords[n], 2000) for n in (3000, 5000, 7000)]
    legs = [leg(n, *pair, rule="today") for n, pair in enumerate(pairwise(spots), 1)]
    found = uncertainty.length(legs, closed=False)
    alone = uncertainty.length([leg(1, spots[0], spots[2], rule="today")], closed=False)
    drawn = uncertainty.length_noise_m(legs)
    assert found.sigma > hypot(drawn, 2000)
    assert found.sigma - drawn == pytest.approx(
        alone.sigma - uncertainty.length_noise_m([leg(1, spots[0], spots[2], rule="today")]),
        rel=0.05,
    )


def test_an_arc_whose_ends_lie_off_its_centre_is_as_long_wherever_the_centre_is():
    from shapely import LineString

    centre = spot("centre", 30.0, 40.0, 2000)
    arc = [EARTH.Direct(40.0, 30.0, azimuth, 50_000) for azimuth in range(91)]
    line = LineString([(point["lon2"], point["lat2"]) for point in arc])
    circle = Circle(centre, 50_000.0, 0.0)
    round_it = Guide(id="arc", name="arc", geometry=line, source="araxes", length_m=None,
                     position_sigma_m=0.0, bundled=False, computed=True, circle=circle)  # fmt: skip
    # At a bearing and a distance from the centre, and at places that are known by themselves.
    for moved, sigma_m in ((True, 0.0), (False, 2000.0)):
        start, end = (
            ComputedPlace(**vars_of(spot(name, *line.coords[n], 2000)), origin=centre, shifts=())
            if moved else spot(name, *line.coords[n], 0)
            for name, n in (("start", 0), ("end", -1))
        )  # fmt: skip
        along = replace(leg(1, start, end), rule="arc", geometry=line, guide=round_it,
                        length_m=50_000 * radians(90))  # fmt: skip
        found = uncertainty.length([along], closed=False)
        # The arc begins eastwards and ends southwards: of an error of 2 km 1.4 are along each.
        assert found.sigma == pytest.approx(sigma_m, abs=40)


def vars_of(place: Place) -> dict:
    """Return the fields of a place."""
    return {field.name: getattr(place, field.name) for field in fields(place)}


def test_a_line_that_two_threads_have_read_is_one_line_to_the_legs_along_it():
    line = guide("tur-arm").geometry
    spots = [spot(str(n), *line.coords[n], 2000) for n in (3000, 5000, 7000)]
    one, other = (leg(n, *pair, rule="today") for n, pair in enumerate(pairwise(spots), 1))
    legs = [one, replace(other, guide=replace(other.guide))]
    assert [place.id for _, place, _ in free_ends(legs, closed=False)] == ["3000", "7000"]


def test_two_places_near_each_other_on_one_line_both_move_its_length():
    line = guide("tur-arm").geometry
    spots = [spot(key, *line.coords[n], 2000)
             for key, n in (("a", 3000), ("b", 5000), ("c", 5000), ("d", 7000))]  # fmt: skip
    legs = [leg(1, *spots[:2], rule="today"), leg(2, *spots[2:], rule="today")]
    assert [place.id for _, place, _ in free_ends(legs, closed=False)] == ["a", "b", "c", "d"]


def test_two_lines_that_end_at_each_other_fix_their_joint_however_unsure_the_place():
    legs = boundary("nakhchivan").legs
    noise = uncertainty.length_noise_m(legs)
    assert uncertainty.length(legs, closed=True).sigma == pytest.approx(noise)


def test_a_square_of_straight_legs_has_the_area_error_of_its_corners():
    corners = [spot(n, x, y, 500) for n, x, y in
               (("a", 0, 0), ("b", 0.1, 0), ("c", 0.1, 0.1), ("d", 0, 0.1))]  # fmt: skip
    legs = [leg(n, *pair) for n, pair in enumerate(pairwise([*corners, corners[0]]), 1)]
    side_m = EARTH.Inverse(0, 0, 0, 0.1)["s12"]
    # dA = d x diagonal / 2 at each of four corners; d has 500/sqrt(2) across the diagonal
    sigma = sqrt(4) * 500 / sqrt(2) * sqrt(2) * side_m / 2
    assert uncertainty.area(legs, side_m**2).sigma == pytest.approx(sigma, rel=0.01)


def test_the_error_of_guided_legs_is_shared_and_adds_up_linearly():
    a, b, c = (spot(n, lon, 0.0, 0) for n, lon in (("a", 0), ("b", 1), ("c", 2)))
    legs = [leg(1, a, b, rule="today"), leg(2, b, c, rule="today")]
    both = uncertainty.length(legs, closed=False)
    assert both.sigma == pytest.approx(uncertainty.LENGTH_SIGMA * both.value)
    assert both.basis == "reach"
    assert uncertainty.length([legs[0], leg(2, b, c)], closed=False).basis == "chain"


def test_the_error_across_a_leg_is_the_mean_of_the_errors_across_its_points():
    # the integral of ((1-t)^2 3000^2 + t^2 4000^2) / 2 over t from 0 to 1
    assert uncertainty.chord_sigma_m(3000, 4000) == pytest.approx(sqrt((3000**2 + 4000**2) / 6))
    share = (np.arange(1000) + 0.5) / 1000
    for key in ("nakhchivan-1921", "kars-1921"):
        for one in boundary(key).legs:
            mean = sqrt((uncertainty.across_m(one, share) ** 2).mean())
            assert mean == pytest.approx(one.sigma_m, rel=1e-3), (key, one.n)


def test_how_lines_wind_between_places_is_measured_on_todays_borders():
    chord, length, stray = [], [], []
    for key in ("kars-1921", "nakhchivan-1921"):
        for one in boundary(key).legs:
            xy = np.array(one.geometry.coords)[:, :2]
            straight = EARTH.Inverse(xy[0, 1], xy[0, 0], xy[-1, 1], xy[-1, 0])["s12"]
            if one.drawn_as != "stand-in" or not 3000 < straight < 30_000:
                continue
            plane = (xy - xy[0]) * [cos(radians(xy[0, 1])), 1]
            step = np.hypot(*np.diff(plane, axis=0).T)
            middle = (plane[1:] + plane[:-1]) / 2
            off = abs(middle @ [-plane[-1, 1], plane[-1, 0]]) / (plane[-1] @ plane[-1])
            chord.append(straight)
            length.append(one.length_m)
            stray.append((off**2 @ step) / step.sum())
    chord, length = np.array(chord), np.array(length)
    assert len(chord) > 35
    assert pytest.approx(length.sum() / chord.sum(), abs=0.02) == uncertainty.SINUOSITY
    assert pytest.approx((length / chord).std(), abs=0.02) == uncertainty.SINUOSITY_SIGMA
    assert pytest.approx(sqrt(np.mean(stray)), abs=0.02) == uncertainty.STRAY


def test_an_area_is_less_sure_where_legs_stand_in_for_others():
    today, then = boundary("nakhchivan"), boundary("nakhchivan-1921")
    assert today.area.sigma == pytest.approx(uncertainty.AREA_SIGMA * today.area.value)
    assert then.area.percent > today.area.percent


def test_the_95_percent_quantile_is_that_of_the_normal_distribution():
    from statistics import NormalDist

    assert pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-6) == Z95
