"""Verdicts on claims against hand arithmetic; contradictions that the documents hold."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from math import erf, sqrt

import pytest
from hypothesis import given, settings, strategies as st

from borders.errors import AraxesError
from corridors.analysis.claims import contradictions, judge_claim, judge_claims
from corridors.context.claims import Claim, bundled_claims, claim_questions, read_claims
from corridors.context.districts import held_area
from corridors.context.events import event

CLAIMS = {claim.id: claim for claim in bundled_claims()}
VERDICTS = {verdict.claim.id: verdict for verdict in judge_claims(bundled_claims())}


def claim(**values: object) -> Claim:
    """Return a claim of one's own, with what is not told left empty."""
    blank = replace(
        CLAIMS["avim-001"], id="mine", document="", page="", thing="", other="", may_mean=(),
        unit="", qualifier="", follows="", note="", claim="mine",
    )  # fmt: skip
    way = values.pop("way", {})
    return replace(blank, way={**dict.fromkeys(blank.way), **way}, **values)


def of_words(words: str, document: str = "") -> list[str]:
    """Return the verdicts on the claims with these words."""
    return [
        v.verdict
        for v in VERDICTS.values()
        if v.claim.claim == words and document in ("", v.claim.document)
    ]


def test_every_document_is_there_and_every_claim_has_one_verdict() -> None:
    documents = {c.document for c in CLAIMS.values()}
    assert documents == {"bolat-kars", "karabakh-war-study", "csto-study", "sister-city-study",
                         "avim-2025-77"}  # fmt: skip
    assert len(CLAIMS) >= 120
    assert {c.question for c in CLAIMS.values()} <= set(claim_questions())
    words = {"consistent", "inconsistent", "another definition", "not computable"}
    assert {v.verdict for v in VERDICTS.values()} == words
    assert all(v.reason for v in VERDICTS.values())
    assert all(c.page for c in CLAIMS.values())


def test_the_treaty_of_moscow_is_of_march_and_the_abstract_says_november() -> None:
    # p. 267, Turkish abstract: 16 Mart 1921; English abstract: 13'th November 1921.
    assert of_words("Treaty of Moscow signed") == ["consistent", "inconsistent"]
    wrong = VERDICTS["kars-002"]
    days = (date(1921, 11, 13) - date(1921, 3, 16)).days
    assert wrong.reason.startswith(f"{days} days after")


def test_the_note_of_1946_is_of_august() -> None:
    # p. 285: 7 Aralık 1946, before a reply of 22 Ağustos 1946; FRUS 1946 VII: August 7.
    (verdict,) = [v for v in VERDICTS.values() if v.claim.claim == "Soviet note on the Straits"]
    days = (date(1946, 12, 7) - date(1946, 8, 7)).days
    assert verdict.verdict == "inconsistent"
    assert f"{days} days after" in verdict.reason


def test_durations_by_hand() -> None:
    assert (date(2020, 11, 10) - date(2020, 9, 27)).days == 44
    assert of_words("Days of the second war") == ["consistent"]
    assert of_words("Weeks of the second war") == ["consistent"]
    both = judge_claim(replace(CLAIMS["karabakh-002"], value="45"))
    assert both.verdict == "another definition"
    assert "both days counted" in both.fits
    assert judge_claim(replace(CLAIMS["karabakh-002"], value="47")).verdict == "inconsistent"


def test_shares_by_hand() -> None:
    # 93 of 198 is 47.0 %, 98 of 198 is 49.5 %; the text has 98 and 47 %.
    assert round(100 * 93 / 198) == 47
    assert round(100 * 98 / 198) != 47
    by_text, by_tables = (
        of_words(f"Share of the agreements with Azerbaijan, of {what}")
        for what in ("its own numbers", "the tables")
    )
    assert (by_text, by_tables) == (["inconsistent"], ["consistent"])
    # "Almost half": 11,481 km² held of 29,726; with all of the twelve districts 44.5 %.
    half = next(v for v in VERDICTS.values() if v.claim.unit == "%" and "Armenia" in v.claim.claim)
    assert half.verdict == "another definition"
    assert half.value == pytest.approx(100 * 11_481 / 29_726, abs=0.1)
    assert "twelve districts" in half.fits


def test_a_deviation_is_as_unlikely_as_the_normal_distribution_says() -> None:
    verdict = next(v for v in VERDICTS.values() if v.claim.claim.startswith("Share of the land"))
    assert verdict.verdict == "inconsistent"
    sigma = (verdict.high - verdict.value) / 1.959964
    z = (79.5 - verdict.value) / sigma
    assert verdict.probability == pytest.approx(1 - erf(z / sqrt(2)), rel=1e-6)
    assert 0 < verdict.probability < 0.05


def test_the_length_of_bte_is_the_sum_of_what_others_publish() -> None:
    # 691 km to the border and 280 km to Erzurum: 971.
    verdict = next(v for v in VERDICTS.values() if v.claim.claim == "Length of the BTE pipeline")
    assert (verdict.verdict, verdict.value) == ("consistent", 971.0)


def test_the_radar_watches_6000_km_as_a_radius_by_others() -> None:
    verdict = next(v for v in VERDICTS.values() if v.claim.question == "diameter")
    assert verdict.verdict == "another definition"
    assert "the radius" in verdict.fits


def test_what_only_the_document_dates_tests_nothing() -> None:
    dated = [
        v for v in VERDICTS.values() if v.verdict == "consistent" and v.claim.question == "date"
    ]
    assert dated
    for verdict in dated:
        sources = set(event(verdict.claim.thing).sources) - {"unverified"}
        assert sources - {verdict.claim.document}, verdict.claim.id


CONTRADICTIONS = {
    # document, rule, words that its text holds
    ("bolat-kars", "same question", "1921-11-13"),  # pp. 267, 268
    ("bolat-kars", "same question", "1920-12-28"),  # p. 282 and Article 2, p. 297
    ("bolat-kars", "order", "1946-12-07"),  # p. 285
    ("sister-city-study", "sum", "204 agreements"),  # 38 + 53 + 113, p. 91
    ("sister-city-study", "sum", "203 agreements"),  # 98+34+32+19+18+2, p. 104
    ("sister-city-study", "ratio", "49.5 %"),  # 98 of 198 as 47 %, p. 104
}


def test_the_contradictions_of_the_documents_are_found_and_no_others() -> None:
    found = contradictions(bundled_claims())
    assert len(found) == len(CONTRADICTIONS)
    for document, rule, words in CONTRADICTIONS:
        assert [c for c in found if (c.document, c.rule) == (document, rule) and words in c.text]


def test_numbers_of_the_article_on_sister_cities_against_its_tables() -> None:
    # p. 104 against Tables 1 and 2: 98/93, 18/14, 19/23.
    for country, stated, counted in (
        ("Azerbaijan", 98, 93), ("Turkmenistan", 18, 14), ("Uzbekistan", 19, 23),
    ):  # fmt: skip
        (verdict,) = [v for v in VERDICTS.values() if v.claim.claim == f"Agreements with {country}"]
        assert (verdict.claim.number, verdict.value) == (stated, counted)
        assert verdict.verdict == "inconsistent"
        assert f"off by {stated - counted:+d} " in verdict.reason


def test_ways_straight_lines_and_other_modes_are_tried() -> None:
    way = {"origin": "kars", "destination": "igdir", "modes": "road"}
    from geographiclib.geodesic import Geodesic

    from borders.gazetteer.lookup import place

    a, b = place("kars"), place("igdir")
    km = Geodesic.WGS84.Inverse(a.lat, a.lon, b.lat, b.lon)["s12"] / 1000
    straight = claim(question="distance", value=f"{km:.0f}", unit="km", way=way)
    verdict = judge_claim(straight)
    assert verdict.verdict == "another definition"
    assert verdict.fits == "the straight line"
    by_road = replace(straight, value=f"{verdict.value:.0f}")
    assert judge_claim(by_road).verdict == "consistent"
    assert judge_claim(replace(straight, value="1500")).verdict == "inconsistent"


def test_dates_of_the_old_calendar_are_told() -> None:
    # 16 March 1921 is 3 March in the Julian calendar.
    julian = claim(question="date", value="1921-03-03", thing="e1921-treaty-moscow")
    verdict = judge_claim(julian)
    assert verdict.verdict == "another definition"
    assert "Julian" in verdict.fits


@settings(max_examples=30)
@given(number=st.integers(1, 5000), qualifier=st.sampled_from(["", "about", "almost", "more than",
                                                               "less than"]))  # fmt: skip
def test_a_qualifier_never_excludes_more_than_the_number_alone(number, qualifier) -> None:
    stated = claim(question="count", value=str(number), qualifier=qualifier)
    low, high = stated.stated
    assert low <= number <= high
    assert (low, high) == (number, number) or qualifier


def test_a_thing_that_nobody_has_is_not_computable() -> None:
    for question, thing, unit in (
        ("length", "the-moon", "km"), ("count", "craters", ""), ("area", "the-moon", "km2"),
        ("width", "btk", "km"), ("diameter", "the-moon", "km"), ("other", "", "persons"),
        ("share", "the-moon", "%"), ("length", "tur-arm", "parsecs"),
    ):  # fmt: skip
        verdict = judge_claim(
            claim(question=question, thing=thing, unit=unit, value="1", other="country:AM")
        )
        assert verdict.verdict == "not computable", (question, thing)
        assert "\n" not in verdict.reason


def test_a_share_that_was_got_back_is_what_is_not_held_any_more() -> None:
    # Hand arithmetic on the areas of `araxes districts`: 11,481 km² before the war of 2020, 3,072
    # from 1 December 2020 on.
    verdict = VERDICTS["karabakh-007"]
    before, after = held_area("2020-09-26").value, held_area("2020-12-01").value
    assert verdict.value == pytest.approx((before - after) / before * 100, abs=1e-9)
    assert verdict.value == pytest.approx(100 * (11_481 - 3_072) / 11_481, abs=0.05)


def test_a_share_of_nothing_and_an_unknown_unit_get_no_verdict() -> None:
    none = claim(question="share", thing="held", other="held", value="100", unit="%",
                 way={"on": date(1988, 1, 1)})  # fmt: skip
    (verdict,) = judge_claims([none])
    assert verdict.verdict == "not computable"
    assert "nothing to take a share of" in verdict.reason
    base = next(v.claim for v in VERDICTS.values() if v.claim.question == "diameter")
    (verdict,) = judge_claims([replace(base, unit="furlongs", follows="")])
    assert "'furlongs'" in verdict.reason


@pytest.mark.parametrize(("value", "number"), [("1,250", 1250), ("1,250,000.5", 1250000.5)])
def test_commas_between_thousands_are_no_decimals(value, number) -> None:
    assert claim(question="length", value=value, unit="km").number == number


def test_a_decimal_comma_in_a_claim_is_refused_with_its_row(tmp_path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text("claim;question;thing;value;unit\na;length;btk;35,5;km\n")
    _, (wrong,) = read_claims(file)
    assert wrong.startswith("claims.csv:2: value is '35,5'; write a number, with a point")
    file.write_text("claim,claim,question,value\na,a,length,1\n")
    with pytest.raises(AraxesError, match="column 'claim' is there twice"):
        read_claims(file)
    usual = csv.field_size_limit(1000)
    try:
        file.write_text("x" * 2000 + "\n1\n")
        with pytest.raises(AraxesError, match=r"claims.csv:\d: not a row of CSV"):
            read_claims(file)
    finally:
        csv.field_size_limit(usual)


def test_the_length_of_a_way_is_told_to_be_a_distance() -> None:
    asked = claim(question="length", value="818", unit="km", way={"origin": "Kars"})
    verdict = judge_claim(asked)
    assert verdict.verdict == "not computable"
    assert "is a distance; write that as its question" in verdict.reason
