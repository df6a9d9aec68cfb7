"""Credits below a page are in the language that the reader chooses."""

from __future__ import annotations

import numpy as np
import pytest

from borders.terrain.elevation import Terrain
from corridors.model.registry import system
from maps.i18n import words
from maps.web.interactive import interactive, save
from maps.web.relief import add_relief

pytestmark = pytest.mark.browser

SAID = "[...document.querySelectorAll('#araxes-sources p')].map(p => [p.textContent, p.lang])"


@pytest.fixture(scope="module")
def relief(tmp_path_factory):
    """Return a page with relief under its line."""
    heights = np.tile(1500 + 800 * np.sin(np.arange(200) / 4), (200, 1))
    terrain = Terrain(elevation_m=heights, west=46.2, north=39.2, pixel_width_deg=0.003,
                      pixel_height_deg=0.003, source="ridges.tif")  # fmt: skip
    page = interactive(system("zangezur-tripp"))
    add_relief(page, terrain)
    path = tmp_path_factory.mktemp("relief") / "map.html"
    save(page, path)
    return path


def test_credits_follow_the_language_of_the_page_and_citations_stay(relief, visit):
    with visit(relief) as opened:
        english = opened.page.evaluate(SAID)
        opened.page.select_option("#araxes-language", "tr")
        turkish = opened.page.evaluate(SAID)
        opened.page.select_option("#araxes-language", "en")
        assert opened.page.evaluate(SAID) == english
        assert opened.complaints == []
    assert ["Relief: ridges.tif", "en"] in english
    assert ["Kabartma: ridges.tif", "tr"] in turkish
    # Citations of documents name no kind of data, and stay in English.
    noun = {key: row["en"] for key, row in words().items() if key.startswith("credit-")}.values()
    expected = [pair for pair in english if pair[0].partition(": ")[0] not in noun]
    assert expected == [pair for pair in turkish if pair in english]
    assert len(expected) > 2
