"""Numbers on the map: each beside its own line or led to it, and none lost without a word."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from shapely import LineString, MultiLineString

from corridors.model.registry import system, systems
from maps.layers.model import REGION
from maps.print.figure import static
from maps.print.labels.occupancy import Occupancy
from maps.print.labels.placement import LabelRequest, Placer, Spot
from maps.report.gallery import draw

WIDTHS = ("85", "120", "180", "slide")
# A dot of print more or less.
DOT = 1.5


@cache
def kars(width, language="en"):
    return draw("kars-line", width=width, language=language)


def numbers(figure):
    """Return the boxes of the numbers on the map, in dots, and all leaders, which end at names."""
    (axes,) = (one for one in figure.axes if one.get_label() == "map")
    renderer = figure.canvas.get_renderer()
    boxes = {}
    for text in axes.texts:
        if text.get_label() == "key" and text.get_text():
            text.update_bbox_position_size(renderer)
            boxes[text.get_text()] = shapely.box(*text.get_bbox_patch().get_window_extent().extents)
    dark = [line for line in axes.lines if line.get_color() == "#333333"]
    leaders = [LineString(axes.transData.transform(line.get_xydata())) for line in dark]
    return axes, boxes, leaders


def legs(text):
    """Return the numbers of the legs that a label stands for: 4 to 8 for ``4–8``."""
    first, _, last = text.partition("–")
    return range(int(first), int(last or first) + 1)


def in_dots(axes, figure, line):
    xy = shapely.get_coordinates(line)
    return LineString(axes.transData.transform(np.column_stack(figure.extent.at(*xy.T))))


@pytest.mark.parametrize("language", ["en", "ru", "tr"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_number_stands_nearest_to_its_own_leg_or_a_leader_ends_there(width, language):
    figure = kars(width, language)
    axes, boxes, leaders = numbers(figure)
    every = {leg.n: in_dots(axes, figure, leg.geometry) for leg in system("kars-1921").legs}
    drawn = {text: shapely.union_all([every[n] for n in legs(text)]) for text in boxes}
    for n, box in boxes.items():
        others = shapely.union_all([line for key, line in every.items() if key not in legs(n)])
        own = [one for one in leaders if shapely.Point(one.coords[-1]).distance(box) < DOT]
        if own:
            (leader,) = own
            assert shapely.Point(leader.coords[0]).distance(drawn[n]) < 2 * DOT
        else:
            assert box.distance(drawn[n]) < box.distance(others) + 2 * DOT
            assert box.centroid.distance(drawn[n]) < box.centroid.distance(others)


@pytest.mark.parametrize("language", ["en", "ru", "tr"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_caption_names_just_the_legs_that_have_no_number_on_the_map(width, language):
    figure = kars(width, language)
    found = numbers(figure)[1]
    named = {n for text in found for n in legs(text)}
    lost = [str(leg.n) for leg in system("kars-1921").legs if leg.n not in named]
    head = {
        "en": "Without a number on the map",
        "ru": "Без номера на карте",
        "tr": "Haritada numarası olmayanlar",
    }[language]
    told = [line for line in figure.caption.splitlines() if line.startswith(head)]
    assert told == ([f"{head}: {', '.join(lost)}."] if lost else [])
    assert len(lost) <= 3


@pytest.mark.parametrize("width", WIDTHS)
def test_every_number_of_the_legend_is_on_a_map_of_all_systems(width):
    figure = static(*systems(), bounds=REGION, width=width)
    # The Trans Adriatic Pipeline begins west of the frame.
    seen = {str(n) for n, one in enumerate(systems(), 1) if one.id != "tap"}
    assert set(numbers(figure)[1]) == seen


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("key", ["btk-zangezur", "middle-corridor", "baku-ways"])
def test_routes_that_share_most_of_their_course_bear_their_numbers_where_they_run_alone(key, width):
    axes, boxes, _ = numbers(draw(key, width=width))
    own = {t.get_text(): t.get_color() for t in axes.texts if t.get_label() == "key"}
    drawn = {
        n: MultiLineString(
            [
                axes.transData.transform(xy)
                for group in axes.collections
                if isinstance(group, LineCollection) and to_hex(group.get_color()[0]) == colour
                for xy in group.get_segments()
            ]
        )
        for n, colour in own.items()
    }
    assert len(drawn) == len(boxes) > 1
    for n, box in boxes.items():
        assert box.intersects(drawn[n])
        assert [m for m, lines in drawn.items() if m != n and box.intersects(lines)] == []


def test_lines_outside_the_frame_are_named_in_the_caption_as_without_a_number():
    lines = [LineString([(x, 40), (x + 0.1, 40.1)]) for x in (44.0, 44.3, 30.0)]
    tables = [gpd.GeoDataFrame(geometry=[line], crs=4326) for line in lines]
    figure = static(*tables, bounds=(43.5, 39.8, 45, 40.3))
    assert set(numbers(figure)[1]) == {"1", "2"}
    assert "\nWithout a number on the map: 3.\n" in figure.caption


def test_a_border_of_one_leg_bears_its_number_without_a_leader():
    leg = SimpleNamespace(n=1, geometry=LineString([(43, 40), (44, 40)]))
    from maps.print.labels.lines import leg_numbers

    frame = SimpleNamespace(
        points=np.asarray, extent=SimpleNamespace(at=lambda x, y: (100 * x, 100 * y))
    )
    own = SimpleNamespace(swatch=SimpleNamespace(colour="#000000"))
    (name,) = leg_numbers(frame, SimpleNamespace(text_pt=6.0, width_mm=180), [leg], own, "en")
    best = min(name.spots((8.0, 6.0)), key=lambda spot: spot.cost)
    assert best.leader is None


def test_boxes_that_crowd_each_other_are_tried_again_with_those_left_out_first():
    # The first takes the only spot of the second unless the second chooses before it.
    requests = [
        LabelRequest(spots=[Spot(10, 10, 0.0), Spot(50, 10, 1.0)], size=(10, 5)),
        LabelRequest(spots=[Spot(12, 10, 0.0)], size=(10, 5)),
    ]
    assert Placer(Occupancy(100, 50)).place_all(requests, tries=1)[1] is None
    placer = Placer(Occupancy(100, 50))
    assert placer.place_all(requests) == [requests[0].spots[1], requests[1].spots[0]]
    assert not placer.free((51, 11, 52, 12))
    assert not placer.free((13, 11, 14, 12))
    assert placer.free((70, 11, 75, 12))


def test_a_number_hides_no_dot_of_a_layer_of_points():
    towns = gpd.GeoDataFrame(
        {"name": list("abcd")},
        geometry=gpd.points_from_xy([43.0, 43.1, 43.2, 44.0], [40.5, 40.5, 40.52, 41.0]), crs=4326,
    )  # fmt: skip
    figure = static(towns, system("kars-gyumri"), width="85")
    axes, boxes, _ = numbers(figure)
    assert sorted(boxes) == ["1", "2"]
    for town in towns.geometry:
        (dot,) = axes.transData.transform(np.column_stack(figure.extent.at([town.x], [town.y])))
        assert not boxes["1"].contains(shapely.Point(dot))
