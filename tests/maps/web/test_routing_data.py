"""The network that a page carries: what it says of days that only one year has."""

from __future__ import annotations

from borders.recurring import Hours, closed_spans
from maps.web.payload import FIRST_DAY, LAST_DAY
from maps.web.routing_data import _closed_days


def test_days_of_every_year_have_no_year():
    assert _closed_days(Hours(closed="12-10..03-31")) == [["01-01", "03-31"], ["12-10", "12-31"]]


def test_spans_are_the_days_on_which_it_is_not_open():
    hours = Hours(closed="2026 Feb 01-2026 Mar 31")
    spans = closed_spans(hours, FIRST_DAY, LAST_DAY)
    assert [(str(a), str(b)) for a, b in spans] == [("2026-02-01", "2026-03-31")]
    assert _closed_days(hours) == [["2026-02-01", "2026-03-31"]]
