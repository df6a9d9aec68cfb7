"""The base map of a page is as wide as what the page may show, and no wider."""

from __future__ import annotations

import pytest
import shapely

from maps.print.basemap import BASEMAP_BOUNDS, FAR_BOUNDS, MARGIN_BOUNDS
from maps.web.basemap import basemap_layers

# Of the South Caucasus, and so of what a page shows first.
FIRST = (43.0, 38.5, 50.5, 42.0)


def frame_of(**reach):
    """Return west, south, east and north of the land and the sea of a page's base map."""
    land = next(layer for layer in basemap_layers(FIRST, **reach) if layer.id == "land")
    return tuple(shapely.total_bounds([shape.geometry for shape in land.shapes]).round(1))


@pytest.mark.parametrize(
    ("reach", "bounds"),
    [
        (None, BASEMAP_BOUNDS),
        (FIRST, BASEMAP_BOUNDS),
        # As far as a ferry to Türkmenbaşy, or a pipeline from Thrace.
        ((26.0, 36.5, 53.1, 43.7), BASEMAP_BOUNDS),
        # As far as sister cities in the Altai.
        ((27.1, 36.2, 82.6, 52.3), FAR_BOUNDS),
    ],
)
def test_the_coarse_land_far_away_is_on_pages_that_reach_it(reach, bounds):
    assert frame_of(reach=reach) == pytest.approx(bounds, abs=0.2)


def test_a_page_of_a_place_far_away_has_no_base_map():
    # The border of Kyrgyzstan and Uzbekistan, and Malta.
    for reach in ((70.2, 39.9, 73.2, 42.3), (14.2, 35.8, 14.6, 36.1)):
        assert basemap_layers(reach, reach=reach) == []
    # The west of Greece lies just beside it.
    assert basemap_layers((18.0, 38.0, 18.8, 40.0), reach=(18.0, 38.0, 18.8, 40.0))


def test_a_first_view_beyond_the_window_brings_the_margin_alone():
    land = next(one for one in basemap_layers((20.0, 30.0, 30.0, 40.0)) if one.id == "land")
    bounds = shapely.total_bounds([shape.geometry for shape in land.shapes])
    assert bounds == pytest.approx(MARGIN_BOUNDS, abs=0.2)
