"""The area around many lines, against geodesic distances and the lines' own outline."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from borders.geodesy import area_m2, buffer_m
from corridors.analysis import reached_area
from corridors.analysis.reached_area import area_around, width_m

GEOD = Geod(ellps="WGS84")
DISTANCE_M = 5000.0


def streets(rng: np.random.Generator) -> np.ndarray:
    """Return a ring of towns around an empty middle, and one town far off."""
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    centres = np.column_stack([44 + 0.25 * np.cos(angles), 40 + 0.19 * np.sin(angles)])
    centres = np.r_[centres, [[44.9, 40.3]]]
    starts = np.repeat(centres, 8, axis=0) + rng.normal(0, 0.012, (200, 2))
    steps = rng.normal(0, 0.004, (200, 7, 2))
    return shapely.linestrings(starts[:, None] + np.cumsum(steps, axis=1))


@pytest.mark.parametrize("setting", [{}, {"THINNED": 1}, {"BLOCK": 37}])
def test_the_area_of_many_lines_is_what_lies_within_the_distance(monkeypatch, setting):
    rng = np.random.default_rng(3)
    lines = streets(rng)
    monkeypatch.setattr(reached_area, "MOST_POINTS", 1)
    for name, value in setting.items():
        monkeypatch.setattr(reached_area, name, value)
    area = area_around(lines, DISTANCE_M)
    assert area.is_valid
    # The middle is empty, and the town far off is apart.
    assert len(area.geoms) == 2
    assert shapely.get_num_interior_rings(area.geoms).sum() == 1
    whole = buffer_m(shapely.union_all(lines), DISTANCE_M)
    assert area_m2(shapely.symmetric_difference(area, whole)) < 3e-3 * area_m2(whole)
    asked = np.column_stack([rng.uniform(43.6, 45.0, 800), rng.uniform(39.7, 40.4, 800)])
    vertices = shapely.get_coordinates(shapely.segmentize(lines, 0.0005))
    near = np.empty(len(asked))
    for n, (lon, lat) in enumerate(asked):
        beside = vertices[np.abs(vertices - (lon, lat)).max(axis=1) < 0.1]
        ends = np.full((len(beside), 2), (lon, lat))
        near[n] = GEOD.inv(*ends.T, *beside.T)[2].min() if len(beside) else np.inf
    inside = shapely.contains_xy(area, *asked.T)
    assert inside[near < 0.99 * DISTANCE_M].all()
    assert not inside[near > 1.01 * DISTANCE_M].any()


def test_points_far_inside_are_left_out_and_what_they_cover_is_not(monkeypatch):
    # A dense field 50 km wide with a hole in its middle that is wider than two distances.
    rng = np.random.default_rng(8)
    starts = np.column_stack([rng.uniform(44, 44.6, 6000), rng.uniform(40, 40.45, 6000)])
    starts = starts[np.hypot(*(((starts - (44.3, 40.22)) * (0.76, 1)).T)) > 0.11]
    lines = shapely.linestrings(np.stack([starts, np.add(starts, (0.004, 0.002))], axis=1))
    whole = buffer_m(shapely.union_all(lines), DISTANCE_M)
    taken = []
    rim = reached_area._without_inner

    def seen(points, distance_m):
        kept, covered = rim(points, distance_m)
        taken.append((len(points), len(kept)))
        return kept, covered

    monkeypatch.setattr(reached_area, "MOST_POINTS", 1)
    monkeypatch.setattr(reached_area, "_without_inner", seen)
    area = area_around(lines, DISTANCE_M)
    assert taken[0][1] < 0.7 * taken[0][0]
    assert shapely.get_num_interior_rings(area).sum() == 1
    assert area_m2(shapely.symmetric_difference(area, whole)) < 1e-3 * area_m2(whole)
    monkeypatch.setattr(reached_area, "MOST_CELLS", 0)
    every = area_around(lines, DISTANCE_M)
    assert taken[1][1] == taken[1][0]
    assert area_m2(shapely.symmetric_difference(area, every)) < 1e-6 * area_m2(whole)


def test_few_lines_keep_their_own_outline():
    line = shapely.LineString([(44.0, 40.0), (44.2, 40.1)])
    assert area_around(np.array([line]), DISTANCE_M).equals(
        buffer_m(line, DISTANCE_M, quad_segs=16)
    )


def test_a_line_between_two_nodes_at_one_place_does_no_harm(monkeypatch):
    monkeypatch.setattr(reached_area, "MOST_POINTS", 1)
    lines = streets(np.random.default_rng(3))
    point = shapely.linestrings([[44.25, 40.0], [44.25, 40.0]])
    with_it = area_around(np.append(lines, point), DISTANCE_M)
    assert shapely.equals(with_it, area_around(lines, DISTANCE_M))


@pytest.mark.parametrize(
    ("extent_km", "link_km", "fitting_m"),
    [
        (2, 0.08, 100),  # a quarter: never less
        (8, 0.17, 200),  # a valley
        (50, 0.13, 1000),  # a city and its surroundings: what can be seen on a map
        (100, 0.13, 2000),
        (300, 0.2, 5000),
        (40, 1.1, 1000),  # main roads only
        (400, 52, 5000),  # links between towns
        (4, 30, 5000),  # and a part of one
    ],
)
def test_the_area_is_as_wide_as_the_links_are_long(extent_km, link_km, fitting_m):
    lon, lat, _ = GEOD.fwd(44, 40, 60, 1000 * extent_km)
    lines = shapely.linestrings([[[44, 40], [lon, lat]]])
    assert width_m(lines, 1000 * link_km) == fitting_m
