"""The small map in a figure's corner: it holds the frame and all that is drawn."""

from __future__ import annotations

import pytest
import shapely

from corridors.model.registry import system
from maps.print.figure import static
from maps.print.inset import locator_extent

# West, south, east, north of what is drawn: beyond the frame on each side, and on none.
DRAWN = [
    (46.3, 39.4, 46.9, 39.8), (35.0, 39.4, 46.9, 39.8), (46.3, 37.0, 46.9, 39.8),
    (46.3, 39.4, 53.5, 39.8), (46.3, 39.4, 46.9, 44.5),
]  # fmt: skip


@pytest.fixture(scope="module")
def frame():
    return static(system("lachin-2020"), width="85").extent


@pytest.mark.parametrize("drawn", DRAWN)
def test_the_locator_shows_the_frame_and_all_that_is_drawn(frame, drawn):
    shown = locator_extent(frame, drawn)
    assert shown is not None
    # With some room: what is drawn does not touch the edge.
    room = shapely.box(*drawn).buffer(0.15, join_style="mitre")
    corners = shapely.points(shapely.get_coordinates(room))
    assert shapely.covers(shown.outline.buffer(1e-6), corners).all()
    assert shown.outline.buffer(1e-6).covers(shapely.box(*frame.outline.bounds).centroid)
