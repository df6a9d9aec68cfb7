"""Shaded relief under the lines of a page."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from borders.terrain.elevation import Terrain
from corridors.model.registry import system
from maps.web.document import html
from maps.web.interactive import interactive
from maps.web.relief import add_relief, surroundings


def test_the_relief_of_a_page_is_a_picture_where_page_and_model_meet():
    z = np.tile(1500 + 800 * np.sin(np.arange(200) / 4), (200, 1))
    terrain = Terrain(elevation_m=z, west=46.2, north=39.2, pixel_width_deg=0.003,
                      pixel_height_deg=0.003, source="/home/somebody/ridges.tif")  # fmt: skip
    page = interactive(system("zangezur-tripp"))
    add_relief(page, terrain)
    bounds, _, picture = page.relief.partition(";")
    west, south, east, north = map(float, bounds.split(","))
    a, b, c, d = surroundings(page.extent)
    assert (west, south) == pytest.approx((max(46.2, a), max(38.6, b)))
    assert (east, north) == pytest.approx((min(46.8, c), min(39.2, d)))
    shade = np.asarray(Image.open(io.BytesIO(base64.b64decode(picture))).convert("L"), float)
    # Ridges run from north to south: columns differ, rows do not.
    assert shade.std(axis=1).mean() > 10 * shade.std(axis=0).mean()
    text = html(page)
    assert 'id="araxes-relief"' in text
    assert "Relief: ridges.tif" in text
    assert "somebody" not in text
    far = Terrain(elevation_m=z, west=10, north=50, pixel_width_deg=0.003,
                  pixel_height_deg=0.003, source="far.tif")  # fmt: skip
    page = interactive(system("zangezur-tripp"))
    add_relief(page, far)
    assert page.relief == ""
