"""Where on a crossing the border lies, on lines drawn on paper along the equator."""

from __future__ import annotations

import pytest
from shapely import LineString
from small_network import link

from corridors.network import border_position
from corridors.network.border_position import part_before_border

# Four degrees of the equator, of which each is as long as the others.
COURSE = ((40.0, 0.0), (44.0, 0.0))


def crossing(**columns):
    """Return a crossing from Türkiye to Armenia."""
    return link("x", "kars.road", "gyumri.road", 400, xy=COURSE, **columns)


@pytest.mark.parametrize(
    ("border", "part"),
    [
        ([(41, -1), (41, 1)], 0.25),
        # A river that winds across: of three places the one in the middle.
        ([(41, -1), (41, 1), (43, 1), (43, -1), (43.5, -1), (43.5, 1)], 0.75),
        # A course as a chord that ends short of the border, or runs beside it.
        ([(45, -1), (45, 1)], 1.0),
        ([(39, 2), (42, 0.5), (45, 2)], 0.5),
    ],
)
def test_the_border_lies_where_the_course_meets_it(monkeypatch, border, part):
    monkeypatch.setattr(border_position, "_border", lambda *_: LineString(border))
    assert part_before_border(crossing()) == pytest.approx(part, abs=1e-6)


def test_without_a_known_border_it_lies_in_the_middle():
    assert part_before_border(crossing(countries=("KE", "UG"))) == 0.5
    assert part_before_border(crossing(countries=("TR",))) == 0.5
