"""Published figures beside ours: inside the interval, or a reason why not."""

from __future__ import annotations

import pytest

from borders.geodesy import length_m, simplify_m
from borders.guide_lines import guide, guides
from corridors.analysis.verdicts import verdict, verdicts
from corridors.context.figure_meanings import meanings_of
from corridors.context.published_figures import figures
from corridors.model.registry import system, system_ids
from corridors.routing.find import route
from corridors.scenarios.terms import Terms

KINDS = {"consistent", "inconsistent", "different definition", "not computable", "taken"}


def found(figure: str):
    return verdict(next(f for f in figures() if f.id == figure))


def test_every_published_figure_is_judged():
    assert [v.figure.id for v in verdicts()] == [f.id for f in figures()]
    measured = [v for v in verdicts() if v.ours is not None]
    lengths = [f for f in figures() if f.system and f.quantity in ("length", "area")]
    assert len(measured) >= len(lengths) > 60
    assert {v.verdict for v in verdicts()} <= KINDS


def test_every_figure_that_names_a_system_names_one_of_ours():
    known = {*system_ids(), *guides()}
    assert {f.system for f in figures() if f.system} <= known


def test_a_figure_is_consistent_exactly_if_the_interval_holds_it():
    for one in verdicts():
        if one.verdict in ("consistent", "inconsistent"):
            assert one.ours.contains(one.figure.si) is (one.verdict == "consistent"), one.figure.id


def test_every_verdict_has_a_reason():
    assert all(one.reason.strip() for one in verdicts())


def test_a_length_outside_the_interval_has_a_known_reason():
    outside = [v for v in verdicts() if v.verdict == "inconsistent"]
    unexplained = [v.figure.id for v in outside if "no reason known" in v.reason]
    lengths = {v.figure.id for v in outside if v.figure.quantity == "length"}
    assert lengths.isdisjoint(unexplained)


def test_a_published_length_of_a_corridor_is_never_simply_outside():
    for one in verdicts():
        if one.figure.system in system_ids() and one.figure.quantity == "length":
            assert one.verdict != "inconsistent" or meanings_of(one.figure.id), one.figure.id


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("figure-002", "taken"),  # Türkiye–Armenia 328 km
        ("figure-006", "consistent"),  # Türkiye–Georgia 273 km
        ("figure-009", "taken"),  # Türkiye–Nakhchivan 17 km
        ("figure-045", "consistent"),  # Nakhchivan of 1921, 5,988 km²
        ("figure-098", "consistent"),  # BTK 826 km
        ("figure-001", "inconsistent"),  # Türkiye–Armenia 311 km, a coarser survey
        ("figure-106", "taken"),  # BTC 1,768 km
        ("figure-107", "different definition"),  # BTC, the part in Azerbaijan
        ("figure-131", "consistent"),  # Baku–Tbilisi, 549 km by the timetable
        ("figure-132", "consistent"),  # Iğdır–Nakhchivan by road, 160 km
        ("figure-083", "different definition"),  # Baku–Nakhchivan, 536 km of an unnamed way
    ],
)
def test_well_known_figures_get_the_verdict_that_they_should(figure, expected):
    assert found(figure).verdict == expected


def test_a_reference_figure_tests_nothing_and_says_so():
    for one in verdicts():
        if one.figure.use == "reference":
            assert one.verdict == "taken"
            assert "tests nothing" in one.reason
            assert system(one.figure.system).length.value == one.figure.si


def test_a_coarser_survey_is_explained_by_the_scale_at_which_our_line_is_as_long():
    one = found("figure-001")
    assert "our line has this length when simplified to" in one.reason
    tolerance = float(one.reason.split("simplified to ")[1].removesuffix(" m").replace(",", ""))
    simple = simplify_m(guide("tur-arm").geometry, tolerance_m=tolerance)
    assert length_m(simple) == pytest.approx(311e3, rel=0.01)


def test_a_figure_longer_than_our_line_is_not_explained_by_scale():
    one = found("figure-038")
    assert one.reason.startswith("+8.8 %: longer than our line")


def test_the_saving_of_343_km_gets_its_arithmetic():
    one = found("figure-084")
    ways = [
        route("Kars", "Baku", scenario=key, terms=Terms(modes=("rail",), avoid=frozenset(avoid)))
        for key, avoid in (("status-quo", ""), ("tripp-and-kars-dilucu", ["GE"]))
    ]
    through_georgia, through_meghri = (round(way.length.value / 1000) for way in ways)
    assert one.verdict == "inconsistent"
    assert f"{through_georgia} km less {through_meghri} km" in one.reason
    assert one.ours.value == pytest.approx(ways[0].length.value - ways[1].length.value)
    assert one.reason.count(" to ") >= 4


def test_what_is_no_length_says_so():
    people = next(f for f in figures() if f.unit == "persons")
    assert verdict(people).reason == "neither a length nor an area"


def test_a_figure_of_nothing_of_ours_is_not_computable():
    width = next(f for f in figures() if f.quantity == "width" and f.system)
    assert verdict(width).verdict == "not computable"
    assert verdict(width).ours is None
