"""The places of a line are chosen together: the choice is the likeliest reading of all."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings, strategies as st

from borders.gazetteer.candidates import WEIGHTS, candidates
from borders.gazetteer.lookup import place
from borders.gazetteer.name_index import NameIndex
from borders.gazetteer.places import Place
from borders.treaty.place_matching import Mention, choose

checked = settings(max_examples=40)

SCALE_KM = WEIGHTS["detour_km"].value
degrees = st.tuples(st.floats(42.0, 45.0), st.floats(39.0, 42.0))


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


def gazetteer(*named: tuple[str, Place]) -> NameIndex:
    return NameIndex((one, [name]) for name, one in named)


KARASU_FAR, KARASU_NEAR = spot("far", 38.0, 39.0), spot("near", 43.5, 40.2)
WEST, EAST = spot("west", 43.4, 40.2), spot("east", 43.6, 40.2)
TWO_KARASU = gazetteer(("Karasu", KARASU_FAR), ("Karasu", KARASU_NEAR))


def test_the_order_along_the_line_resolves_a_namesake():
    mentions = [Mention(id="k", name="Кара-Су")]
    found = choose(mentions, [WEST, "k", EAST], among=TWO_KARASU)["k"]
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
    assert choose([Mention(id="k", name="Karasu")], there, among=TWO_KARASU)["k"].chosen.place == (
        KARASU_FAR
    )


def test_a_name_the_line_passes_before_another_open_one_helps_to_place_it():
    # neither is settled; only together do they say where the line runs
    among = gazetteer(
        ("Karasu", KARASU_FAR),
        ("Karasu", KARASU_NEAR),
        ("Digor", spot("digor", 43.45, 40.3)),
    )
    mentions = [Mention(id="k", name="Karasu"), Mention(id="d", name="Digor")]
    assert choose(mentions, ["k", "d"], among=among)["k"].chosen.place == KARASU_NEAR


def test_two_namesakes_that_fit_alike_leave_the_choice_open():
    both = gazetteer(("Karasu", spot("n", 43.5, 40.4)), ("Karasu", spot("s", 43.5, 40.0)))
    found = choose([Mention(id="k", name="Karasu")], [WEST, "k", EAST], among=both)["k"]
    assert found.ambiguity == pytest.approx(0.5, abs=0.01)
    assert found.unsure
    assert found.apart_km == pytest.approx(km(spot("n", 43.5, 40.4), spot("s", 43.5, 40.0)))


def test_two_entries_for_one_spot_are_no_namesakes():
    both = gazetteer(("Karasu", spot("n", 43.5, 40.2)), ("Karasu", spot("s", 43.5, 40.20001)))
    found = choose([Mention(id="k", name="Karasu")], [WEST, "k", EAST], among=both)["k"]
    assert found.runner_up is None
    assert not found.unsure


def test_a_rival_of_coordinates_gains_nothing_by_cutting_the_line_short():
    corner = spot("corner", 43.5, 41.2)
    among = gazetteer(("Ani", KARASU_NEAR))
    mention = Mention(id="k", name="Ani", fixed=corner, by_hand=True)
    for line in ([WEST, "k", EAST], ["k"]):
        found = choose([mention], line, among=among)["k"]
        assert found.runner_up.place == KARASU_NEAR
        assert found.ambiguity == pytest.approx(0.5, abs=0.06)
    pinned = choose([replace(mention, by_hand=False)], [WEST, "k", EAST], among=among)["k"]
    assert pinned.ambiguity > 0.8


def test_coordinates_under_the_id_of_a_namesake_far_off_stay_where_they_are():
    here = spot("far", 43.5, 40.2)
    mention = Mention(id="far", name="Karasu", fixed=here, by_hand=True)
    found = choose([mention], [WEST, "far", EAST], among=TWO_KARASU)["far"]
    assert found.chosen.place == here
    assert found.before_km == pytest.approx(km(WEST, here))


def test_the_village_that_a_point_lies_beside_is_no_rival_of_the_point():
    at, village = spot("x", 43.5, 40.2), spot("village", 43.54, 40.2)
    among = gazetteer(("Ani", village))
    for name, rival in (("east of Ani", None), ("Ani", "village")):
        found = choose([Mention(id="x", name=name, fixed=at)], [WEST, "x", EAST], among=among)["x"]
        assert (found.runner_up and found.runner_up.place.id) == rival


def test_a_settled_place_stays_and_is_compared_with_the_likelier_one():
    mentions = [Mention(id="k", name="Karasu", fixed=KARASU_FAR, pinned=True)]
    line = [spot("a", 43.3, 40.2), WEST, "k", EAST, spot("b", 43.7, 40.2)]
    found = choose(mentions, line, among=TWO_KARASU)["k"]
    assert found.chosen.place == KARASU_FAR
    assert found.runner_up.place == KARASU_NEAR
    assert found.ambiguity > 0.99
    assert not found.unsure


def test_only_open_places_are_looked_up_if_asked_so():
    mentions = [Mention(id="k", name="Karasu", fixed=KARASU_FAR)]
    assert choose(mentions, ["k"], among=TWO_KARASU, every=False)["k"].runner_up is None


def test_a_name_that_nothing_is_like_has_no_choice_and_harms_no_other():
    mentions = [Mention(id="x", name="Xyzzyx"), Mention(id="k", name="Karasu")]
    found = choose(mentions, [WEST, "x", "k", EAST], among=TWO_KARASU)
    assert found["x"].chosen is None
    assert found["k"].chosen.place == KARASU_NEAR


def test_a_place_outside_the_line_is_chosen_by_its_name_alone():
    found = choose([Mention(id="k", name="Karasu")], [WEST, EAST], among=TWO_KARASU)["k"]
    assert found.chosen.detour_km is None
    assert found.ambiguity == pytest.approx(0.5)


def test_the_line_may_come_back_to_where_it_began():
    mentions = [Mention(id="k", name="Karasu")]
    found = choose(mentions, ["k", WEST, EAST, "k"], among=TWO_KARASU)["k"]
    assert found.chosen.place == KARASU_NEAR
    assert found.before_km is None


def readings(steps: list[list[tuple[Place | None, float]]], scale_km: float):
    """Return every reading of a line with its odds, best first, by trying them all."""
    found = []
    for combination in itertools.product(*steps):
        passed = [place for place, _ in combination if place]
        way = sum(km(a, b) for a, b in itertools.pairwise(passed))
        odds = sum(one[1] for one in combination) - way / scale_km
        found.append((odds, [place and place.id for place, _ in combination]))
    return sorted(found, key=lambda reading: -reading[0])


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
    mentions = [Mention(id=name, name=name) for name in NAMES]
    found = choose(mentions, [WEST, *NAMES, EAST], among=among)
    none = (None, WEIGHTS["none"].value / WEIGHTS["similarity"].value)
    inner = [
        [none, *((one.place, one.odds) for one in candidates(name, among=among, most=99))]
        for name in NAMES
    ]
    steps = [[(WEST, 0.0)], *inner, [(EAST, 0.0)]]
    places = {one.id: one for _, one in [*named, ("", WEST), ("", EAST)]}
    passed = [places[key] for key in readings(steps, SCALE_KM)[0][1] if key]
    legs = sorted(km(a, b) for a, b in itertools.pairwise(passed))
    scale_km = max(SCALE_KM, legs[(len(legs) - 1) // 2])
    found_all = readings(steps, scale_km)
    first = found_all[0]
    assert [found[n].chosen and found[n].chosen.place.id for n in NAMES] == first[1][1:-1]
    for n, name in enumerate(NAMES, 1):
        if first[1][n]:
            there = places[first[1][n]]
            other = [r for r in found_all if r[1][n] and km(places[r[1][n]], there) > 0.1]
            share = 1 / (1 + math.exp(first[0] - other[0][0])) if other else 0.0
            assert found[name].ambiguity == pytest.approx(share, abs=0.02)


# Annex I as its sources spell it, in order, with what each calls it; and the entry of GeoNames that
# each was identified with by hand (None: in no gazetteer). Two villages are called Ibish.
ANNEX_I = [
    ("Kara-Shalvar", "mountain", None),
    ("Maradidi", "village", "maradidi"),
    ("Sabaur", "village", None),
    ("Khedis-Mta", "mountain", None),
    ("Kva-Kibe", "mountain", None),
    ("Kavtareti", "village", None),
    ("Medzibna", "mountain", None),
    ("Gerat-Kesun", "mountain", None),
    ("Korda", "mountain", None),
    ("Sary-Chai (Kara-Issal)", "mountain", None),
    ("Kviral pass", "pass", None),
    ("Kanny-Dag", "mountain", None),
    ("Tlil (Grmani)", "mountain", None),
    ("Badela", "village", "turkgozu"),
    ("Chanchakh", "village", "savasir"),
    ("Ayrilian-bashi", "mountain", None),
    ("Kela-tapa", "mountain", None),
    ("Harman-tapa", "mountain", None),
    ("Kassris-Seri", "mountain", None),
    ("Kartanakev", "village", "akkiraz"),
    ("Kara-Ogli", "mountain", None),
    ("Lake Khozapin", "lake", "aktas"),
    ("Gek-dag", "mountain", None),
    ("Uch-Tapalar", "mountain", None),
    ("Taya-Kala", "mountain", None),
    ("Great Akh-Baba", "mountain", None),
    ("Ibish", "village", "yerizak ibiskoy"),
    ("Kizil-Dash", "mountain", None),
    ("New Kizil-Dash", "village", "sungu_deresi"),
    ("Kara-Mamed", "village", "meghrashat"),
    ("Delaver", "village", "boyuntas"),
    ("Great Kimli", "village", "buyuk_durduran"),
    ("Vardanly", "village", "vardan"),
    ("Tikhnis", "village", "kalkankale"),
    ("Bash-Shuragel", "village", "cetindurak"),
    ("Kalali", "village", "noraber"),
    ("Urmia", "village", "urmia_aras"),
    ("Lower Kara-Su", "river", "lower_karasu_mouth"),
]


@pytest.fixture(scope="module")
def annex():
    mentions = [Mention(id=name, name=name, kind=kind) for name, kind, _ in ANNEX_I]
    return choose(mentions, [place("sarp"), *(name for name, _, _ in ANNEX_I)])


@pytest.mark.parametrize(("name", "wanted"), [(name, key) for name, _, key in ANNEX_I if key])
def test_from_names_alone_annex_i_is_read_as_by_hand(annex, name, wanted):
    assert annex[name].chosen.place.id in wanted.split()


@pytest.mark.parametrize("name", [name for name, _, key in ANNEX_I if key is None])
def test_what_no_gazetteer_has_is_not_taken_for_something_else(annex, name):
    assert annex[name].chosen is None


def test_only_the_two_villages_called_ibish_leave_a_choice_open(annex):
    assert [name for name, one in annex.items() if one.unsure] == ["Ibish"]
    ibish = annex["Ibish"]
    assert {ibish.chosen.place.id, ibish.runner_up.place.id} == {"ibiskoy", "yerizak"}
