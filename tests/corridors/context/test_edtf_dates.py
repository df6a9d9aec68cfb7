"""Dates in EDTF: what the library says is what we say, and the laws of periods hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import given, settings, strategies as st

from borders.errors import AraxesError
from corridors.context.edtf_dates import read_edtf

DAYS = st.dates(date(1900, 1, 1), date(2030, 12, 31))


def by_library(text: str) -> tuple[date, date]:
    parsed = parse_edtf(text)
    ends = parsed.lower_strict(), parsed.upper_strict()
    first, last = (date(end.tm_year, end.tm_mon, end.tm_mday) for end in ends)
    return first, last


@settings(max_examples=25)
@given(day=DAYS, digits=st.sampled_from([4, 7, 10]))
def test_plain_dates_are_read_as_the_library_reads_them(day: date, digits: int) -> None:
    text = day.isoformat()[:digits]
    when = read_edtf(text)
    assert (when.first, when.last) == by_library(text)
    assert when.holds(day)


SIDES = st.tuples(DAYS, st.sampled_from([4, 7, 10]), st.sampled_from(["", "~", "?", "%"])).map(
    lambda side: side[0].isoformat()[: side[1]] + side[2]
)


@settings(max_examples=25)
@given(begin=SIDES, end=SIDES, is_interval=st.booleans())
def test_marked_dates_and_intervals_are_read_as_the_library_reads_them(
    begin: str, end: str, is_interval: bool
) -> None:
    begin, end = sorted([begin, end], key=lambda text: text[:4])
    text = f"{begin}/{end}" if is_interval and begin[:4] < end[:4] else begin
    when = read_edtf(text)
    assert (when.first, when.last) == by_library(text)


@settings(max_examples=25)
@given(a=DAYS, b=DAYS)
def test_an_interval_holds_both_its_ends_and_nothing_beyond(a: date, b: date) -> None:
    first, last = sorted([a, b])
    when = read_edtf(f"{first}/{last}")
    assert (when.first, when.last) == (first, last)
    assert when.holds(first)
    assert when.holds(last)
    assert not when.holds(last + timedelta(days=1))
    assert not when.holds(first - timedelta(days=1))


@settings(max_examples=50)
@given(a=DAYS, b=DAYS, digits=st.sampled_from([4, 7, 10]))
def test_two_dates_are_as_far_apart_from_either_side(a: date, b: date, digits: int) -> None:
    one, other = read_edtf(a.isoformat()[:digits]), read_edtf(b.isoformat())
    assert one.days_from(other) == other.days_from(one) >= 0
    assert (one.days_from(other) == 0) == one.agrees(other)


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        ("1930~", "1930-01-01", "1930-12-31", "about 1930"),
        ("1930?", "1930-01-01", "1930-12-31", "1930 (uncertain)"),
        ("../1918-10", None, "1918-10-31", "up to 1918-10"),
        ("1994/..", "1994-01-01", None, "from 1994 on"),
        ("1994/", "1994-01-01", None, "from 1994 on"),
        ("198X", "1980-01-01", "1989-12-31", "198X"),
        ("2001-21", "2001-03-01", "2001-05-31", "2001-21"),  # 21: spring
        ("1992-02-25/1992-02-26", "1992-02-25", "1992-02-26", "1992-02-25 to 1992-02-26"),
    ],
)
def test_what_a_source_leaves_open_stays_open(text, first, last, words) -> None:
    when = read_edtf(text)
    assert [None if day is None else str(day) for day in (when.first, when.last)] == [first, last]
    assert when.words == words
    assert (when.about, when.uncertain) == ("~" in text, "?" in text)


@pytest.mark.parametrize("text", ["", "13.10.1921", "1921-02-30", "1921-13", "../..", "1930/1920"])
def test_what_is_no_date_is_told_in_one_line(text) -> None:
    with pytest.raises(AraxesError, match=r"^my\.csv:7: ") as caught:
        read_edtf(text, "my.csv:7")
    assert "\n" not in str(caught.value)
