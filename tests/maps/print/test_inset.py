"""The small map in a figure's corner: it holds the frame and all that is drawn."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from corridors.model.registry import system
from maps.print.figure import static
from maps.print.frame import Frame
from maps.print.inset import locator_extent
from maps.print.scale_bar import furniture
from maps.print.sheet import Sheet, page_format

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


def hatched(frame, free):
    """Return a page, its map, hatched all over but in the free corners, and these.

    They are a third of the map wide and high.
    """
    sheet = Sheet(page_format("180"))
    map_frame = Frame(sheet.add_axes((0, 0, 1, 1)), frame, width_pt=480.0, pen=1.0)
    width, height = map_frame.width_pt, map_frame.height_pt
    blank = shapely.union_all(
        [shapely.box(2 * x * width / 3, 2 * y * height / 3, (1 + 2 * x) * width / 3,
                     (1 + 2 * y) * height / 3) for x, y in free]
    )  # fmt: skip
    hatch = [shapely.LineString([(0, y), (width, y)]) for y in np.arange(1.0, height, 2.0)]
    left = shapely.get_parts(shapely.difference(hatch, blank))
    map_frame.occupancy.add("hatch", [shapely.get_coordinates(line) for line in left])
    return sheet, map_frame, blank


@pytest.mark.parametrize("free", [[(0, 0)], [(0, 0), (1, 1)], [(1, 0), (0, 1)]])
def test_scale_bar_and_locator_stand_in_free_corners_and_never_in_the_same(frame, free):
    sheet, map_frame, blank = hatched(frame, free)
    placed = furniture(sheet, map_frame, "en", locator_extent(frame, DRAWN[1]))
    assert placed.locator_box is not None
    boxes = [shapely.box(*box) for box in (placed.locator_box, placed.bar_box)]
    assert not boxes[0].intersects(boxes[1])
    # With one corner free, the locator has it; the bar is small, and readable over lines.
    assert all(blank.buffer(6).covers(box) for box in boxes[: len(free)])


def test_the_only_free_corner_is_the_scale_bars_if_the_locator_may_stand_outside(frame):
    sheet, map_frame, blank = hatched(frame, [(1, 0)])
    shown = locator_extent(frame, DRAWN[1])
    placed = furniture(sheet, map_frame, "en", shown, room_outside=True)
    assert placed.locator_box is None
    assert blank.buffer(6).covers(shapely.box(*placed.bar_box))
    # With two free corners each has one.
    sheet, map_frame, _ = hatched(frame, [(1, 0), (0, 1)])
    placed = furniture(sheet, map_frame, "en", shown, room_outside=True)
    assert placed.locator_box is not None
