"""A figure as an SVG in a browser: lines that are read from the right are set so."""

from __future__ import annotations

import pytest

from corridors.model.registry import system
from maps.print.figure import save_figure, static

pytestmark = pytest.mark.browser

# Where the first and the last letter of each note begin, as the browser sets it.
ENDS = """() => [...document.querySelectorAll("text")].map(
  (text) => [text.textContent,
    ...[0, text.getNumberOfChars() - 1].map((n) => text.getStartPositionOfChar(n).x)])"""


def test_a_line_that_is_read_from_the_right_begins_there_with_names_in_other_letters(
    browser, tmp_path
):
    target = tmp_path / "kars.svg"
    save_figure(static(system("kars-1921"), language="fa", width="85", title="x"), target)
    page = browser.new_page()
    page.goto(target.as_uri())
    lines = [row for row in page.evaluate(ENDS) if "OpenStreetMap" in row[0]]
    page.close()
    assert len(lines) >= 2
    assert all(first > last for _, first, last in lines)
