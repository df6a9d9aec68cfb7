"""Boxes that touch nothing: laws of placing, whatever is asked."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import shapely
from hypothesis import given, settings, strategies as st

from maps.print.labels.occupancy import Occupancy
from maps.print.labels.placement import LabelRequest, Placer, Spot, Spots, spots_around

WIDE, HIGH = 300.0, 200.0
# Weight of the outline of an area, as figures draw it.
OUTLINE = 3.1


def lengths(low, high):
    """Draw lengths on a page, in thousandths of a point."""
    return st.integers(int(low * 1000), int(high * 1000)).map(lambda n: n / 1000)


points = st.tuples(lengths(0, WIDE), lengths(0, HIGH))
sizes = st.tuples(lengths(2, 80), lengths(2, 12))


def box(spot, size):
    return shapely.box(spot.x, spot.y, spot.x + size[0], spot.y + size[1])


@settings(max_examples=60)
@given(st.lists(st.tuples(points, sizes), max_size=40))
def test_placed_boxes_lie_in_the_frame_and_overlap_neither_one_another_nor_a_leader(asked):
    placer = Placer(Occupancy(WIDE, HIGH))
    placed, leaders = [], []
    for at, size in asked:
        spot = placer.place(spots_around(at, size, gap=3.0), size)
        if spot is not None:
            placed.append(box(spot, size))
            leaders.append(spot.leader and shapely.LineString([spot.leader, spot.leader_end(size)]))
    frame = shapely.box(0, 0, WIDE, HIGH)
    assert all(frame.covers(one) for one in placed)
    assert not any(one.intersects(other) for one, other in combinations(placed, 2))
    for n, leader in enumerate(leaders):
        if leader is not None:
            earlier = [
                one for one in placed[:n] if one.distance(shapely.Point(leader.coords[0])) > 3
            ]
            assert not any(leader.crosses(one) for one in earlier)
            assert not any(leader.intersects(one) for one in placed[n + 1 :])


@given(points, sizes)
def test_a_box_is_placed_at_its_best_spot_where_nothing_stands(at, size):
    found = Placer(Occupancy(WIDE, HIGH)).place([Spot(*at, 1.0), Spot(*at, 0.5)], size)
    fits = 1 <= at[0] <= WIDE - 1 - size[0] and 1 <= at[1] <= HIGH - 1 - size[1]
    assert (found is not None and found.cost == 0.5) == fits


def test_a_box_keeps_off_ink_if_it_can():
    occupancy = Occupancy(WIDE, HIGH)
    occupancy.add("line", [np.array([[0.0, 100.0], [300.0, 100.0]])], 3.0)
    spots = [Spot(100, 98, 0.0), Spot(100, 120, 1.0)]
    assert Placer(occupancy).place(spots, (30, 6)) == spots[1]
    assert Placer(occupancy).place(spots, (30, 6), own_key="line") == spots[0]
    assert Placer(occupancy).place(spots[:1], (30, 6)) == spots[0]
    assert Placer(occupancy).place(spots[:1], (30, 6), limit=2.0) is None


@settings(max_examples=60)
@given(points, sizes, st.lists(points, min_size=2, max_size=6), lengths(0.1, 3))
def test_a_box_that_can_be_left_out_touches_no_stroke_of_a_route_and_its_leader_crosses_none(
    at, size, line, stroke_pt
):
    occupancy = Occupancy(WIDE, HIGH)
    occupancy.add("route", [np.array(line)], 6.0, stroke_pt=stroke_pt)
    spot = Placer(occupancy).place(spots_around(at, size, gap=3.0), size, limit=7.0)
    if spot is None:
        return
    drawn = shapely.LineString(line)
    assert drawn.distance(box(spot, size)) > stroke_pt / 2 - 1e-9
    if spot.leader is not None:
        leader = shapely.LineString([spot.leader, spot.leader_end(size)])
        beyond = leader.difference(shapely.Point(at).buffer(3.01))
        assert beyond.is_empty or drawn.distance(beyond) > stroke_pt / 2 - 0.01


@st.composite
def crowded_frames(draw):
    """Draw lines of several weights, and boxes that stand already."""
    occupancy = Occupancy(WIDE, HIGH)
    for n in range(draw(st.integers(1, 4))):
        line = np.array(draw(st.lists(points, min_size=2, max_size=6)))
        weight = draw(st.sampled_from([0.3, 1.0, 3.0, 6.0]))
        occupancy.add(f"line{n}", [line], weight, stroke_pt=draw(lengths(0.1, 3)))
    return occupancy, draw(st.lists(points, max_size=6))


def placer_in(frame):
    occupancy, standing = frame
    placer = Placer(occupancy)
    for x, y in standing:
        placer.block((x, y, x + 30, y + 8))
    return placer


@settings(max_examples=25, deadline=None)
@given(
    crowded_frames(),
    points,
    st.tuples(lengths(5, 40), lengths(4, 10)),
    st.sampled_from([{"limit": limit} for limit in (4.0, 7.0, 14.0)] + [{}, {"own_key": "line0"}]),
    st.randoms(use_true_random=False),
)
def test_of_many_spots_the_best_is_found_that_wins_against_every_other_alone(
    frame, at, size, look, random
):
    spots = [*spots_around(at, size, gap=3.0)]
    while len(spots) < 120:
        x, y, cost = random.uniform(0, WIDE), random.uniform(0, HIGH), random.choice([0, 1, 2, 3])
        spots.append(Spot(x, y, cost, random.choice([None, at])))

    def best(some):
        return placer_in(frame).place(some, size, **look)

    spot = best(spots)
    if spot is None:
        assert not any(best([other]) for other in spots)
    else:
        nth = spots.index(spot)
        assert all(best([other, spot]) == spot for other in spots[:nth])
        assert all(best([spot, other]) == spot for other in spots[nth + 1 :])
    assert best(Spots.of(spots)) == spot


def test_a_spot_that_is_dear_by_itself_is_taken_if_all_of_many_cheap_ones_touch_a_route():
    occupancy = Occupancy(WIDE, HIGH)
    occupancy.add("route", [np.array([[0.0, 20.0], [300.0, 20.0]])], 6.0, stroke_pt=1.0)
    # Each lies on the route, at a cost of 14 for what it covers and of 14 for the stroke it cuts.
    cheap = [Spot(10 + 4 * n, 16, 0.01 * n) for n in range(60)]
    apart = Spot(100, 120, 20.0)
    assert Placer(occupancy).place([*cheap, apart], (20, 8)) == apart
    assert Placer(occupancy).place([*cheap, apart._replace(cost=40.0)], (20, 8)) in cheap
    assert Placer(occupancy).place([*cheap, apart], (20, 8), own_key="route") == cheap[0]


@settings(max_examples=30, deadline=None)
@given(crowded_frames(), st.lists(points, min_size=1, max_size=12))
def test_a_box_that_fits_nowhere_changes_nothing_for_others(frame, asked):
    size = (40.0, 8.0)
    requests = [
        LabelRequest(spots=spots_around(at, size, gap=3.0), size=size, limit=14.0) for at in asked
    ]
    nowhere = LabelRequest(spots=[Spot(WIDE, HIGH)], size=size)
    assert placer_in(frame).place_all([*requests, nowhere]) == [
        *placer_in(frame).place_all(requests),
        None,
    ]


def test_spots_as_one_array_are_the_same_spots():
    spots = [Spot(1.0, 2.0, 0.5), Spot(3.0, 4.0, 1.5, (0.25, 0.75))]
    assert [*Spots.of(spots)] == spots
    assert [*Spots.of([])] == []
    corners = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert [*Spots.at(corners, [0.5, 1.5])] == [spots[0], spots[1]._replace(leader=None)]
    (box,), (leader,) = (
        few((20.0, 6.0)).tolist()
        for few in (Spots.of(spots[1:]).boxes, Spots.of(spots[1:]).leaders)
    )
    assert box == [3.0, 4.0, 23.0, 10.0]
    assert leader == [*spots[1].leader, *spots[1].leader_end((20.0, 6.0))]


def test_a_name_leaves_the_edges_of_a_strip_whole_if_only_with_a_leader():
    strip = np.array([(90.0, 0.0), (90.0, HIGH), (110.0, HIGH), (110.0, 0.0), (90.0, 0.0)])
    frame, size = Occupancy(WIDE, HIGH), (60.0, 7.0)
    frame.add("strip", [strip], OUTLINE, stroke_pt=0.5)
    spot = Placer(frame).place(spots_around((100.0, 100.0), size, gap=3.0), size, limit=7.0)
    # Wider than the strip, it touches an edge wherever it stands beside its point.
    assert spot.leader == (100.0, 100.0)
    assert not box(spot, size).intersects(shapely.LineString(strip).buffer(0.25))


def test_a_leader_crosses_an_outline_rather_than_run_along_it():
    frame = Occupancy(WIDE, HIGH)
    frame.add("edge", [np.array([(50.0, 100.0), (180.0, 104.0)])], OUTLINE, stroke_pt=0.5)
    dot = (100.0, 101.5)
    along, across = Spot(150, 106, 4.0, dot), Spot(130, 70, 6.5, dot)
    assert Placer(frame).place([along, across], (30, 6)) == across


def test_no_name_is_left_out_for_the_sake_of_an_outline():
    edge = [np.array([(129.0, 0.0), (129.0, HIGH)])]
    for weight in (3.0, OUTLINE):
        frame = Occupancy(WIDE, HIGH)
        frame.add("edge", edge, weight, stroke_pt=0.5)
        spots, limit = [Spot(100, 98, 2.0), Spot(110, 98, 2.1)], 6.5
        assert Placer(frame).place(spots, (30, 6), limit=limit) == spots[0]


def test_a_name_that_the_map_needs_touches_a_route_rather_than_be_missing():
    occupancy = Occupancy(WIDE, HIGH)
    occupancy.add("route", [np.array([[129.0, 0.0], [129.0, 200.0]])], 6.0, stroke_pt=1.0)
    spots = [Spot(100, 98, 0.0)]
    assert Placer(occupancy).place(spots, (30, 6), limit=7.0) is None
    assert Placer(occupancy).place(spots, (30, 6), limit=22.0) == spots[0]
    assert Placer(occupancy).place(spots, (30, 6), limit=7.0, own_key="route") == spots[0]


@given(st.lists(points, min_size=2, max_size=20), points, sizes)
def test_ink_is_found_under_a_box_just_where_a_line_crosses_it(line, at, size):
    occupancy = Occupancy(WIDE, HIGH)
    xy = np.array(line)
    occupancy.add("line", [xy])
    x, y = at
    there = shapely.box(x, y, x + size[0], y + size[1])
    drawn = shapely.LineString(xy)
    found = occupancy.under(there.bounds) > 0
    if drawn.intersection(there.buffer(-2)).length > 4 and there.buffer(-2).area > 0:
        assert found
    if drawn.distance(there) > 4:
        assert not found


def test_a_leader_ends_at_the_nearest_point_of_its_box():
    assert Spot(10, 10, leader=(0, 12)).leader_end((20, 6)) == (10, 12)
    assert Spot(10, 10, leader=(50, 50)).leader_end((20, 6)) == (30, 16)
