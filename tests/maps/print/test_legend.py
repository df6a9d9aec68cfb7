"""The legend of a figure: how its entries are set in columns, and in which order they read."""

from __future__ import annotations

from itertools import pairwise

import pytest

from maps.print.legend import Entry, Legend
from maps.print.sheet import Sheet, page_format
from maps.style import Style

LINE = Style(colour="#000000", width=1.0)
WIDTH_PT = 340.0


def texts(count: int, *, words: int = 1, language: str = "en", **room) -> list[tuple]:
    """Return (left or right edge, height, text) of the texts of a legend, as they were drawn."""
    sheet = Sheet(page_format(120))
    entries = [
        Entry(text=" ".join([f"n{n}", *["kilometre"] * (words - 1)]), style=LINE, number=str(n))
        for n in range(1, count + 1)
    ]
    legend = Legend(sheet, entries, language, room=(WIDTH_PT, 400.0), **room)
    legend.draw(0.0, 300.0, right=WIDTH_PT)
    return [
        (round(text.get_position()[0], 3), -round(text.get_position()[1], 3), text.get_text())
        for text in sheet.texts
        if text.get_label() == "legend" and text.get_text().startswith("n")
    ]


def columns(drawn: list[tuple], *, backwards: bool = False) -> list[list[str]]:
    """Return the texts of each column from above, the first column being where one begins."""
    edges = sorted({x for x, _, _ in drawn}, reverse=backwards)
    return [[text for x, _, text in sorted(drawn, key=lambda t: t[1]) if x == edge]
            for edge in edges]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(1, [1]), (3, [1, 1, 1]), (6, [2, 2, 2]), (7, [3, 2, 2]), (9, [3, 3, 3]), (11, [4, 4, 3])],
)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_short_entries_stand_in_three_columns_that_read_downwards(count, sizes, language):
    found = columns(texts(count, language=language), backwards=language == "fa")
    assert [len(column) for column in found] == sizes
    assert [text for column in found for text in column] == [f"n{n}" for n in range(1, count + 1)]


def test_no_more_columns_than_asked_for():
    assert [len(c) for c in columns(texts(6, columns=2))] == [3, 3]
    assert [len(c) for c in columns(texts(6, columns=1))] == [6]


def test_entries_too_long_for_a_column_take_the_whole_width():
    found = texts(4, words=6)
    assert len({x for x, _, _ in found}) < 3
    assert len(columns(texts(4, words=12))) == 1


def test_columns_lie_side_by_side_within_the_width():
    drawn = texts(9)
    edges = sorted({x for x, _, _ in drawn})
    gaps = [b - a for a, b in pairwise(edges)]
    # Three columns of one width, with a gap of one size of letters between.
    assert gaps[0] == pytest.approx(gaps[1], abs=0.01)
    assert edges[0] > 0
    assert WIDTH_PT / 3 < gaps[0] < WIDTH_PT / 2
    heights = sorted({y for _, y, _ in drawn})
    assert heights[0] > -300
    assert [b - a for a, b in pairwise(heights)] == pytest.approx(
        [heights[1] - heights[0]] * 2, abs=0.01
    )
