"""Every how-to is run from top to bottom, and prints what it shows."""

from __future__ import annotations

import blocks
import pytest

PAGES = [page for page in blocks.pages() if page.parent.name == "how-to"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_prints_what_it_shows_and_draws_its_pictures(page, tmp_path):
    text = page.read_text("utf-8")
    differences = blocks.run(text, tmp_path, page.name)
    assert not differences, "\n".join(map(str, differences))
    for name in blocks.pictures(page):
        assert (tmp_path / name).stat().st_size > 5000
