"""The land far around is on wide maps alone, by one rule for pages and figures."""

from __future__ import annotations

import pytest
import shapely
from geographiclib.geodesic import Geodesic

from maps.layers.basemap import FAR_BOUNDS, MARGIN_BOUNDS, reaches_far
from maps.print.basemap import base_bounds
from maps.print.projection import fitted, padded
from maps.web.basemap import basemap_layers

# From Kars to the Altai; across northern Kazakhstan, 18 degrees but 1,130 km; a border of
# Kyrgyzstan; wide, but within the margin.
BOUNDS = [
    (43.0, 40.0, 86.0, 51.0),
    (60.0, 54.0, 78.0, 56.9),
    (70.2, 39.9, 73.2, 42.3),
    (25.0, 36.0, 55.0, 44.0),
]


def on_page(bounds) -> bool:
    """Tell whether a page that may show all within bounds has the land far around."""
    lands = [layer for layer in basemap_layers(reach=bounds) if layer.id == "land"]
    shapes = [shape.geometry for land in lands for shape in land.shapes]
    return bool(shapes) and shapely.total_bounds(shapes)[2] == pytest.approx(FAR_BOUNDS[2], abs=0.2)


def width_m(west, south, east, north) -> float:
    """Return the length of the parallel in the middle, from one degree to the next."""
    lat, step = (south + north) / 2, (east - west) / 100
    return 100 * Geodesic.WGS84.Inverse(lat, west, lat, west + step)["s12"]


@pytest.mark.parametrize("bounds", BOUNDS)
def test_a_page_and_a_figure_of_the_same_land_agree_on_the_land_far_around(bounds):
    beyond = not shapely.box(*MARGIN_BOUNDS).covers(shapely.box(*bounds))
    far = width_m(*bounds) > 1_500_000 and beyond
    assert on_page(bounds) == far
    assert (base_bounds(fitted(padded(bounds))) == FAR_BOUNDS) == far


@pytest.mark.parametrize(("width", "far"), [(1_499_999.0, False), (1_500_000.0, True)])
def test_a_map_is_wide_from_1500_kilometres_on(width, far):
    assert reaches_far(shapely.box(60, 40, 80, 50), width) == far
    assert not reaches_far(shapely.box(*MARGIN_BOUNDS), width)
