"""Half-open periods: at most one status holds on any day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from borders.dates import Status, holds, parse_date, read_statuses, status_on
from borders.errors import AraxesError, SchemaError
from corridors import corridor

checked = settings(max_examples=100)
days = st.dates(date(1900, 1, 1), date(2040, 12, 31))


def row(status="open", valid_from=None, valid_to=None):
    found = {"status": status, "source": "araxes", "state": "quoted"}
    found |= {"valid_from": valid_from} if valid_from else {}
    return found | ({"valid_to": valid_to} if valid_to else {})


def test_times_of_pandas_and_numpy_count_as_their_day():
    for value in (
        np.datetime64("2022-08-30"), np.datetime64("2022-08-30T23:59:59", "ns"),
        pd.Timestamp("2022-08-30 12:00", tz="UTC"),
    ):  # fmt: skip
        assert parse_date(value) == date(2022, 8, 30)
        assert corridor("lachin-2020").status(value).status == "superseded"
    for none in (pd.NaT, np.datetime64("NaT"), 20220830, None):
        with pytest.raises(AraxesError, match="write YYYY-MM-DD"):
            parse_date(none)


def test_a_period_holds_from_its_first_day_up_to_but_not_on_its_last():
    first, last = date(2020, 11, 10), date(2022, 8, 30)
    assert holds(first, last, first)
    assert holds(first, last, last - timedelta(days=1))
    assert not holds(first, last, last)
    assert not holds(first, last, first - timedelta(days=1))


@given(days)
@checked
def test_a_period_without_ends_holds_on_every_day(day):
    assert holds(None, None, day)


@given(st.lists(days, min_size=1, max_size=6, unique=True), days)
@checked
def test_adjoining_periods_cover_every_day_exactly_once(cuts, day):
    ends = [None, *sorted(cuts), None]
    rows = [row(f"s{n}", a, b) for n, (a, b) in enumerate(pairwise(ends))]
    statuses = read_statuses(rows[::-1], "here")
    assert [s.status for s in statuses] == [f"s{n}" for n in range(len(rows))]
    holding = [s for s in statuses if holds(s.valid_from, s.valid_to, day)]
    assert [status_on(statuses, day)] == holding


periods = st.lists(
    st.tuples(st.none() | days, st.none() | days).filter(
        lambda p: None in p or p[0] < p[1]  # type: ignore[operator]
    ),
    max_size=4,
)


@given(periods, days)
@checked
def test_whatever_is_accepted_has_at_most_one_status_on_any_day(pairs, day):
    rows = [row(f"s{n}", a, b) for n, (a, b) in enumerate(pairs)]
    try:
        statuses = read_statuses(rows, "here")
    except SchemaError:
        edges = {d for pair in pairs for d in pair if d} | {date.min, date.max}
        # refused only if some day really has two
        assert any(sum(holds(a, b, edge) for a, b in pairs) > 1 for edge in edges)
    else:
        assert sum(holds(s.valid_from, s.valid_to, day) for s in statuses) <= 1


def test_a_day_that_no_period_holds_has_no_status():
    statuses = read_statuses([row("open", date(2000, 1, 1), date(2001, 1, 1))], "here")
    assert status_on(statuses, date(2001, 1, 1)) is None
    assert read_statuses(None, "here") == ()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [row("open", date(2000, 1, 1)), row("closed", date(2010, 1, 1))],
            r"here: statuses 'open' and 'closed' overlap on 2010-01-01; give the first an earlier",
        ),
        (
            [row("open", None, date(2010, 1, 1)), row("closed", date(2009, 12, 31))],
            r"overlap on 2009-12-31",
        ),
        (
            [row("a", None, date(2010, 1, 1)), row("b", None, date(2000, 1, 1))],
            r"overlap as far back as the data go; give one of them a valid_from",
        ),
        (
            [row("open", date(2010, 1, 1), date(2010, 1, 1))],
            r"here: status 'open' ends 2010-01-01, not after it begins",
        ),
        ([row(), {**row(), "until": "2010"}], r"here, status 2: unknown key 'until'"),
        ([{**row(), "source": ""}], r"here, status 1: 'source' is missing"),
    ],
)
def test_periods_that_cannot_be_are_refused_with_file_status_and_day(rows, message):
    with pytest.raises(SchemaError, match=message):
        read_statuses(rows, "here")


def test_a_status_has_day_precision_and_no_note_unless_it_says_so():
    (one,) = read_statuses([row("open", "2020-11-10")], "here")
    assert one == Status(
        status="open",
        valid_from=date(2020, 11, 10),
        valid_to=None,
        source="araxes",
        state="quoted",
        precision="day",
        note="",
    )


@given(days)
@checked
def test_iso_text_and_dates_and_times_give_the_same_day(day):
    time = datetime(day.year, day.month, day.day, 23, 59)
    assert parse_date(day.isoformat()) == parse_date(day) == parse_date(time) == day
    assert type(parse_date(time)) is date


@pytest.mark.parametrize("value", ["2022-02-30", "30.08.2022", "", "tomorrow", None, 2022])
def test_what_is_not_a_date_is_one_clear_message(value):
    with pytest.raises(AraxesError, match=rf"the date '{value}' is not one: write YYYY-MM-DD"):
        parse_date(value)
