"""What the hours are made of, as stacked bars: the pieces are the parts, each border by itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import maps.web
from corridors import Terms, alternatives, compare, route
from maps.charts.hours import hours_chart
from maps.style import HOURS_PARTS

RAIL = Terms(by="hours", modes="rail")


def pieces(chart):
    """Return left end and width of every piece of the bars, row by row."""
    found = [(round(p.get_y(), 3), p.get_x(), p.get_width()) for p in chart.axes[0].patches]
    return [(left, width) for _, left, width in sorted(found)]


def texts(chart, label):
    return [text.get_text() for text in chart.axes[0].texts if text.get_label() == label]


def test_the_pieces_of_a_bar_are_the_parts_of_the_hours_one_after_the_other():
    way = route("Kars", "Baku", terms=RAIL)
    found = pieces(hours_chart([way]))
    parts = [part.hours for part in way.hours_parts]
    assert sorted(width for _, width in found) == pytest.approx(sorted(parts))
    assert [part.what for part in way.hours_parts].count("border") == 2
    ends = [left + width for left, width in found]
    assert [left for left, _ in found[1:]] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(way.hours)


def test_two_posts_of_one_crossing_are_one_piece():
    way = route("Tbilisi", "Ganja", terms=Terms(modes="road"))
    posts = [part for part in way.hours_parts if part.what == "border"]
    assert len(posts) == 2
    running, border = pieces(hours_chart([way]))
    assert border[1] == pytest.approx(sum(part.hours for part in posts))
    assert running[1] + border[1] == pytest.approx(way.hours)


def test_borders_are_numbered_and_named_and_the_caption_says_what_each_part_rests_on():
    way = route("Kars", "Baku", terms=RAIL)
    chart = hours_chart([way])
    assert texts(chart, "part") == ["1", "2"]
    (note,) = [text.get_text() for text in chart.texts if "Gardabani" in text.get_text()]
    assert "1\u00a0" in note
    assert "2\u00a0" in note
    for part in way.hours_parts:
        assert f"| {part.hours:,.1f} | {part.low:,.1f} | {part.high:,.1f} | {part.basis} |" in (
            chart.caption
        )


@pytest.mark.parametrize(("by", "says"), [("km", "Shortest"), ("hours", "Quickest"),
                                          ("cost", "Cheapest")])  # fmt: skip
def test_captions_say_what_is_least_in_the_ways(by, says):
    from maps.charts.lengths import lengths_chart

    rows = compare(("Kars", "Baku"), "status-quo", terms=Terms(by=by))
    for chart in (hours_chart(rows), lengths_chart(rows)):
        assert f"{says} ways with the statuses of 2026-06-01" in chart.caption


def test_an_interval_that_goes_on_ends_in_an_arrow_and_stands_in_numbers():
    way = route("Baku", "Kuryk", terms=Terms(by="hours", modes=["road", "ferry"]))
    assert way.high_hours > 3 * way.hours
    chart = hours_chart([way])
    assert ">" in [line.get_marker() for line in chart.axes[0].lines]
    assert texts(chart, "value") == [
        f"{way.hours:,.0f} h ({way.low_hours:,.0f}–{way.high_hours:,.0f})"
    ]
    sure = route("Tbilisi", "Gori", terms=Terms(modes="rail", users="passengers"))
    assert ">" not in [line.get_marker() for line in hours_chart([sure]).axes[0].lines]


def test_rows_without_a_way_say_so_and_alternatives_are_numbered():
    rows = compare([("Nakhchivan", "Baku")], ["status-quo", "tripp-open"], terms=RAIL)
    chart = hours_chart(rows)
    assert texts(chart, "value")[0] == "no way"
    assert "no way: " in chart.caption
    several = hours_chart(alternatives("Kars", "Baku", k=2))
    assert [text[0] for text in texts(several, "row")[1:]] == ["1", "2"]
    with pytest.raises(ValueError, match="no way to chart"):
        hours_chart(rows[:1])


def test_pages_have_the_colours_of_charts():
    css = (Path(maps.web.__path__[0]) / "assets/araxes.css").read_text("utf-8")
    of_pages = dict(re.findall(r"\n\.araxes-part-(\w+) \{ background: (#\w+); \}", css))
    assert of_pages == {what: colour for what, (colour, _) in HOURS_PARTS.items()}
