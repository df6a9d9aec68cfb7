"""Dated statuses of links: one at most for each user, direction and day, and no day without."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st
from small_network import link

from borders.errors import SchemaError
from corridors.network.dated_statuses import read_link_statuses
from corridors.network.link import Node

DAYS = st.dates(date(1918, 1, 1), date(2026, 12, 31))


def row(status, valid_from=None, valid_to=None, **columns):
    known = {"link": "x", "status": status, "source": "araxes", "state": "quoted"}
    known |= {"valid_from": valid_from} if valid_from else {}
    return known | ({"valid_to": valid_to} if valid_to else {}) | columns


@given(st.lists(DAYS, min_size=1, max_size=5, unique=True), DAYS)
def test_adjoining_periods_give_each_day_the_one_that_holds(cuts, day):
    ends = [None, *sorted(cuts), None]
    rows = [row("open", a, b, note=f"{n}") for n, (a, b) in enumerate(pairwise(ends))]
    dated = link("x", "kars.road", "igdir.road", 120, statuses=read_link_statuses(rows[::-1], "x"))
    assert dated.status(day).note == str(sum(cut <= day for cut in cuts))


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (("1993-04-03", None), ("2020-01-01", None), "'open' and 'closed' overlap on 2020-01-01"),
        ((None, "2020-01-02"), ("2020-01-01", None), "'open' and 'closed' overlap on 2020-01-01"),
        ((None, None), (None, None), "'open' and 'closed' overlap on all; give the first"),
        ((None, "2020-01-01"), ("2020-01-02", None), "nothing is said from 2020-01-01 to 2020-01-"),
    ],
)
def test_periods_that_overlap_or_leave_a_hole_are_refused(first, second, message):
    with pytest.raises(SchemaError, match=f"^x: {message}"):
        read_link_statuses([row("open", *first), row("closed", *second)], "x")


def test_a_period_ends_after_it_begins_and_may_last_a_day():
    begins = date(2020, 1, 1)
    with pytest.raises(SchemaError, match="'open' ends 2020-01-01, not after 2020-01-01"):
        read_link_statuses([row("open", str(begins), str(begins))], "x")
    (status,) = read_link_statuses([row("open", str(begins), str(begins + timedelta(days=1)))], "x")
    assert status.concerns(begins, forward=True, users="freight")
    assert not status.concerns(begins + timedelta(days=1), forward=True, users="freight")


def test_a_wrong_status_is_told_with_its_number():
    with pytest.raises(SchemaError, match=r"^x, status 2: status is 'shut'"):
        read_link_statuses([row("open", None, "2020-01-01"), row("shut", "2020-01-01")], "x")


def test_each_user_and_direction_has_periods_of_its_own():
    rows = [
        row("open"),
        row("closed", "2020-01-01", users="passengers"),
        row("closed", direction="backward", users="freight"),
    ]
    dated = link("x", "kars.road", "igdir.road", 120, statuses=read_link_statuses(rows, "x"))
    status_of = {
        (users, forward): dated.status(date(2021, 1, 1), forward=forward, users=users).status
        for users in ("freight", "passengers", "third-country")
        for forward in (True, False)
    }
    assert [key for key, status in status_of.items() if status == "closed"] == [
        ("freight", False), ("passengers", True), ("passengers", False)
    ]  # fmt: skip


def test_a_row_for_one_class_of_users_outranks_one_for_all_whatever_their_directions():
    rows = [row("closed", direction="backward"), row("open", users="freight")]
    dated = link("x", "kars.road", "igdir.road", 120, statuses=read_link_statuses(rows, "x"))
    day = date(2021, 1, 1)
    assert dated.status(day, forward=False, users="freight").status == "open"
    assert dated.status(day, forward=False, users="passengers").status == "closed"


@pytest.mark.parametrize(
    "node", ["kars", "4711", "kars.railway", "kars.rail", ".road", "kars.1520"]
)
def test_a_node_without_a_known_layer_has_none(node):
    assert Node(node).layer == ""


@pytest.mark.parametrize(
    ("node", "mode"),
    [("kars.rail1435", "rail"), ("kars.rail1520", "rail"), ("a.b.road", "road"), ("4711", "")],
)
def test_the_mode_of_a_node_is_that_of_its_layer_whatever_the_gauge(node, mode):
    assert Node(node).mode == mode
