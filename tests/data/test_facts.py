"""What the sources say, row by row: values that no other check would miss when they change."""

from __future__ import annotations

import pytest

from borders.files.bundle import BUNDLED
from borders.gazetteer.lookup import place
from borders.treaty.treaty import read_treaty

# Day, words of the event or its note: timeline.
DAYS = (
    ("2024-02-22", "participation in CSTO frozen"),  # Kyiv Independent: on France 24 on Feb. 22
    ("2012-01-01", "6,000 km in diameter"),  # "6000 km. çapındaki bölge"
    ("2024-04-19", "protocol on the border at four villages of Gazakh"),  # azernews 226488
    ("2024-05-24", "12.7 km of border fixed; 6.5 km²"),  # trend.az 3903455
    ("2025-09-01", "close the Minsk Group"),  # mediamax.am 59419
    ("2025-11-30", "Minsk Group closed"),  # turkiyetoday.com 3210652
    ("2025-08-08", "initialled that day, not signed"),  # kierunekkaukaz.pl
)


@pytest.mark.parametrize(("day", "words"), DAYS)
def test_the_timeline_has_what_the_sources_say_on_its_day(day: str, words: str) -> None:
    rows = [row for row in BUNDLED.rows("context/timeline.csv") if row["date"] == day]
    assert any(words in row["event"] + (row["note"] or "") for row in rows)


def test_article_6_is_in_force_on_signature_the_rest_of_kars_on_ratification() -> None:
    # Article 20: Articles 6, 14, 15, 16, 18 and 19 on signature, 13 October 1921.
    assert str(read_treaty("batum-1921").valid_from) == "1921-10-13"
    for key in ("kars-1921", "annex2-1921", "nakhchivan-1921"):
        assert str(read_treaty(key).valid_from) == "1922-09-11"


def test_baganis_ayrim_lies_in_gazakh_and_is_not_baghanis_across_the_border() -> None:
    for spelling in ("Bağanis Ayrım", "Boganis-Ayrum", "Boganis-Ajrum", "Baghanis Ayrum"):
        village = place(spelling)
        assert village.country == "AZ"
        # Wikipedia: 41°05′48″N 45°04′55″E
        assert (village.lon, village.lat) == pytest.approx((45.0819, 41.0967), abs=0.01)
    assert place("Baghanis").country == "AM"
