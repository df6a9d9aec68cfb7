"""The places of a line are chosen together: the choice is the likeliest reading of all."""

from __future__ import annotations

import itertools
import math

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from borders.candidates import WEIGHTS, candidates
from borders.gazetteer import Gazetteer
from borders.places import Place
from borders.placing import NEAR_EQUAL, Asked, choose

checked = settings(derandomize=True, deadline=None, max_examples=40)

SCALE_KM = WEIGHTS["detour_km"].value
degrees = st.tuples(st.floats(43.0, 44.0), st.floats(40.0, 41.0))


def spot(key: str, lon: float, lat: float) -> Place:
    """Return a made-up village."""
    return Place(
        id=key,
        name=key,
        kind="village",
        country="TR",
        lon=lon,
        lat=lat,
        sigma_m=10.0,
        names={"en": key},
        aliases=(),
        source="x",
        state="quoted",
    )


def km(one: Place, other: Place) -> float:
    return Geodesic.WGS84.Inverse(one.lat, one.lon, other.lat, other.lon)["s12"] / 1000


def gazetteer(*named: tuple[str, Place]) -> Gazetteer:
    return Gazetteer((one, [name]) for name, one in named)


KARASU_FAR, KARASU_NEAR = spot("far", 38.0, 39.0), spot("near", 43.5, 40.2)
WEST, EAST = spot("west", 43.4, 40.2), spot("east", 43.6, 40.2)
TWO_KARASU = gazetteer(("Karasu", KARASU_FAR), ("Karasu", KARASU_NEAR))


def test_the_order_along_the_line_resolves_a_namesake():
    asked = [Asked(id="k", name="Кара-Су")]
    found = choose(asked, [WEST, "k", EAST], among=TWO_KARASU)["k"]
    assert found.chosen.place == KARASU_NEAR
    assert found.runner_up.place == KARASU_FAR
    assert found.ambiguity < 1e-6
    assert found.before_km == pytest.approx(km(WEST, KARASU_NEAR))
    assert found.after_km == pytest.approx(km(KARASU_NEAR, EAST))
    assert found.runner_up.detour_km == pytest.approx(
        km(WEST, KARASU_FAR) + km(KARASU_FAR, EAST) - km(WEST, EAST)
    )


def test_the_far_namesake_is_chosen_when_the_line_runs_there():
    there = [spot("a", 37.9, 39.0), "k", spot("b", 38.1, 39.0)]
    assert choose([Asked(id="k", name="Karasu")], there, among=TWO_KARASU)["k"].chosen.place == (
        KARASU_FAR
    )


def test_a_name_the_line_passes_before_another_open_one_helps_to_place_it():
    # neither is settled; only together do they say where the line runs
    among = gazetteer(
        ("Karasu", KARASU_FAR),
        ("Karasu", KARASU_NEAR),
        ("Digor", spot("digor", 43.45, 40.3)),
    )
    asked = [Asked(id="k", name="Karasu"), Asked(id="d", name="Digor")]
    assert choose(asked, ["k", "d"], among=among)["k"].chosen.place == KARASU_NEAR


def test_two_namesakes_that_fit_alike_leave_the_choice_open():
    both = gazetteer(("Karasu", spot("n", 43.5, 40.4)), ("Karasu", spot("s", 43.5, 40.0)))
    found = choose([Asked(id="k", name="Karasu")], [WEST, "k", EAST], among=both)["k"]
    assert found.ambiguity == pytest.approx(0.5, abs=0.01)
    assert found.unsure
    assert found.apart_km == pytest.approx(km(spot("n", 43.5, 40.4), spot("s", 43.5, 40.0)))


def test_two_entries_for_one_spot_are_no_namesakes():
    both = gazetteer(("Karasu", spot("n", 43.5, 40.2)), ("Karasu", spot("s", 43.5, 40.20001)))
    found = choose([Asked(id="k", name="Karasu")], [WEST, "k", EAST], among=both)["k"]
    assert found.runner_up is None
    assert not found.unsure


def test_a_settled_place_stays_and_is_compared_with_the_likelier_one():
    asked = [Asked(id="k", name="Karasu", fixed=KARASU_FAR, pinned=True)]
    line = [spot("a", 43.3, 40.2), WEST, "k", EAST, spot("b", 43.7, 40.2)]
    found = choose(asked, line, among=TWO_KARASU)["k"]
    assert found.chosen.place == KARASU_FAR
    assert found.runner_up.place == KARASU_NEAR
    assert found.ambiguity > 0.99
    assert not found.unsure


def test_only_open_places_are_looked_up_if_asked_so():
    asked = [Asked(id="k", name="Karasu", fixed=KARASU_FAR)]
    assert choose(asked, ["k"], among=TWO_KARASU, every=False)["k"].runner_up is None


def test_a_name_that_nothing_is_like_has_no_choice_and_harms_no_other():
    asked = [Asked(id="x", name="Xyzzyx"), Asked(id="k", name="Karasu")]
    found = choose(asked, [WEST, "x", "k", EAST], among=TWO_KARASU)
    assert found["x"].chosen is None
    assert found["k"].chosen.place == KARASU_NEAR


def test_a_place_outside_the_line_is_chosen_by_its_name_alone():
    found = choose([Asked(id="k", name="Karasu")], [WEST, EAST], among=TWO_KARASU)["k"]
    assert found.chosen.detour_km is None
    assert found.ambiguity == pytest.approx(0.5)


def test_the_line_may_come_back_to_where_it_began():
    asked = [Asked(id="k", name="Karasu")]
    found = choose(asked, ["k", WEST, EAST, "k"], among=TWO_KARASU)["k"]
    assert found.chosen.place == KARASU_NEAR
    assert found.before_km is None


def likeliest(steps: list[list[tuple[Place, float]]], scale_km: float) -> list[tuple[float, list]]:
    """Return every reading of a line with its odds, best first, by trying them all."""
    readings = []
    for combination in itertools.product(*steps):
        way = sum(km(a[0], b[0]) for a, b in itertools.pairwise(combination))
        odds = sum(one[1] for one in combination) - way / scale_km
        readings.append((odds, [one[0].id for one in combination]))
    return sorted(readings, key=lambda reading: -reading[0])


NAMES = ("Ani", "Digor", "Tuzluca")


@given(st.lists(st.lists(degrees, min_size=1, max_size=3, unique=True), min_size=3, max_size=3))
@checked
def test_the_choice_is_the_best_of_all_combinations(points):
    named = [
        (NAMES[n], spot(f"{NAMES[n]}-{m}", *point))
        for n, step in enumerate(points)
        for m, point in enumerate(step)
    ]
    among = gazetteer(*named)
    asked = [Asked(id=name, name=name) for name in NAMES]
    found = choose(asked, [WEST, *NAMES, EAST], among=among)
    inner = [
        [(one.place, one.odds) for one in candidates(name, among=among, most=99)] for name in NAMES
    ]
    steps = [[(WEST, 0.0)], *inner, [(EAST, 0.0)]]
    first = likeliest(steps, SCALE_KM)[0][1]
    places = {one.id: one for _, one in [*named, ("", WEST), ("", EAST)]}
    legs = sorted(km(places[a], places[b]) for a, b in itertools.pairwise(first))
    readings = likeliest(steps, max(SCALE_KM, legs[1]))
    assert [found[name].chosen.place.id for name in NAMES] == readings[0][1][1:-1]
    for n, name in enumerate(NAMES, 1):
        chosen = places[readings[0][1][n]]
        other = [r for r in readings if km(places[r[1][n]], chosen) > 0.1]
        share = 1 / (1 + math.exp(readings[0][0] - other[0][0])) if other else 0.0
        assert found[name].ambiguity == pytest.approx(share, abs=0.02)


def test_near_equal_is_one_in_four():
    assert NEAR_EQUAL == 0.25
