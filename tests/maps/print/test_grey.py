"""In print without colour: lines that one figure shows differ in grey, in dash or in width."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest
import shapely
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb

from maps.layers.model import Layer, Shape
from maps.print.figure import static
from maps.report.gallery import GALLERY, draw
from maps.style import ROUTES, Style

# Of the map of everything, with a number on each of its lines, no style could part them all.
MAPS = ("annex-iii", "lachin", "zangezur-tripp", "kars-igdir-dilucu", "btk-zangezur",
        "middle-corridor", "pipelines", "baku-ways")  # fmt: skip
# Steps of CIE lightness, of 100, and ratios of widths that an eye tells apart side by side.
STEP, RATIO = 10.0, 1.3
# The same in a picture: of 255 greys, and of the part of a line's length that is black.
GREYS, COVERED = 20.0, 0.12
drawn = cache(draw)


def lightness(colour):
    """Return CIE 1976 lightness."""
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in to_rgb(colour)]
    y = float(np.dot([0.2126, 0.7152, 0.0722], parts))
    return 116 * y ** (1 / 3) - 16 if y > 216 / 24389 else y * 24389 / 27


def lines_of(figure):
    """Return the lines of each layer of a map, the one on top first."""
    axes = next(axes for axes in figure.axes if axes.get_label() == "map")
    found = [one for one in axes.collections if isinstance(one, LineCollection)]
    levels = sorted({one.get_zorder() for one in found if 20 <= one.get_zorder() < 60})
    return [[one for one in found if one.get_zorder() == level] for level in levels[::-1]]


def looks(lines):
    """Return lightness, width and dash of what is drawn of a layer, without thin outlines."""
    widest = max(one.get_linewidth()[0] for one in lines)
    return [
        (lightness(one.get_color()[0]), one.get_linewidth()[0], str(one.get_linestyle()))
        for one in lines
        if one.get_linewidth()[0] > widest / 2
    ]


def alike(one, other):
    return (
        abs(one[0] - other[0]) < STEP
        and max(one[1], other[1]) < RATIO * min(one[1], other[1])
        and one[2] == other[2]
    )


@pytest.mark.parametrize("key", MAPS)
def test_no_two_lines_of_a_figure_look_alike_in_grey(key):
    layers = [looks(lines) for lines in lines_of(drawn(key))]
    assert len(layers) >= 2
    for one, other in combinations(layers, 2):
        assert not any(alike(a, b) for a in one for b in other)


def test_every_map_but_that_of_everything_is_measured():
    maps = {key for key in GALLERY if drawn(key).extent is not None}
    # One line alone needs no other look.
    assert maps - set(MAPS) == {"systems", "kars-line"}


def grey_of(figure):
    """Return the picture as greys from 0 to 255, the first row at the foot."""
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[::-1, :, :3].astype(float)
    return pixels @ [0.299, 0.587, 0.114]


def paths_of(lines):
    """Return a layer's lines in pixels, without thin outlines."""
    widest = max(one.get_linewidth()[0] for one in lines)
    kept = [one for one in lines if one.get_linewidth()[0] > widest / 2]
    return shapely.union_all(
        [shapely.LineString(one.axes.transData.transform(xy))
         for one in kept for xy in one.get_segments() if len(xy) > 1]
    )  # fmt: skip


def measured(figure):
    """Return, for each layer, its grey, the black part of its length and its width in pixels."""
    picture = grey_of(figure)
    main = figure.axes[0]
    texts = shapely.union_all([shapely.box(*text.get_window_extent().extents).buffer(6)
                               for text in main.texts if text.get_text()])  # fmt: skip
    paths = [paths_of(lines) for lines in lines_of(figure)]
    frame = shapely.box(*main.get_window_extent().extents).buffer(-8)
    found = []
    for n, path in enumerate(paths):
        others = shapely.union_all([other.buffer(16) for k, other in enumerate(paths) if k != n])
        alone = path.intersection(frame).difference(others.union(texts))
        found.append(_across(picture, alone))
    return found


def _across(picture, alone):
    """Measure a line from pixels on and beside it."""
    profiles = []
    for part in shapely.get_parts(shapely.line_merge(alone)):
        for along in np.arange(3, part.length - 3, 1.0):
            a, b = (shapely.get_coordinates(part.interpolate(along + d))[0] for d in (-1, 1))
            across = np.array([b[1] - a[1], a[0] - b[0]]) / max(np.hypot(*(b - a)), 1e-9)
            spots = (a + b) / 2 + np.linspace(-12, 12, 49)[:, None] * across
            columns, rows = np.floor(spots).astype(int).T
            profiles.append(picture[rows, columns])
    profiles = np.array(profiles)
    middle = profiles[:, 20:29].min(axis=1)
    grey = np.percentile(middle, 10)
    black = middle < (grey + np.percentile(middle, 90)) / 2 if np.ptp(middle) > 60 else middle < 255
    inked = profiles[black] < (grey + 240) / 2
    return grey, black.mean(), np.median(inked.sum(axis=1)) / 2


def told_apart(one, other):
    return (
        abs(one[0] - other[0]) > GREYS
        or abs(one[1] - other[1]) > COVERED
        or max(one[2], other[2]) > RATIO * min(one[2], other[2])
    )


@pytest.mark.parametrize(
    "key", ["zangezur-tripp", "kars-igdir-dilucu", "btk-zangezur", "baku-ways"]
)
def test_lines_can_be_told_apart_in_the_picture(key):
    found = measured(drawn(key))
    assert all(told_apart(one, other) for one, other in combinations(found, 2)), found


def parallel(*styles):
    shapes = [shapely.LineString([(44, 39 + n), (48, 39 + n)]) for n in range(len(styles))]
    layers = [
        Layer(id=str(n), name="x", sources=(), swatch=style,
              shapes=(Shape(geometry=shape, style=style, title="x"),))
        for n, (style, shape) in enumerate(zip(styles, shapes, strict=True))
    ]  # fmt: skip
    return static(*layers, bounds=(43, 38, 49, 42))


def test_two_colours_of_one_grey_are_found_out():
    red, green = "#c8102e", "#007a3c"
    same = parallel(Style(colour=red, width=3.0), Style(colour=green, width=3.0))
    one, other = (looks(lines) for lines in lines_of(same))
    assert alike(one[0], other[0])
    assert not told_apart(*measured(same))


def test_dash_and_width_are_measured_as_they_are_drawn():
    style = Style(colour="#000000", width=4.0)
    dashed = Style(colour="#000000", width=4.0, dash=(8, 6))
    wide = Style(colour="#000000", width=8.0)
    (plain, dashes, double) = measured(parallel(style, dashed, wide))
    assert plain[1] == 1.0
    assert dashes[1] == pytest.approx(8 / 14, abs=0.05)
    assert double[2] == pytest.approx(2 * plain[2], rel=0.2)
    assert told_apart(plain, dashes)
    assert told_apart(plain, double)


def test_ways_on_one_map_differ_in_lightness_and_width():
    for one, other in combinations(ROUTES, 2):
        assert abs(lightness(one.colour) - lightness(other.colour)) >= STEP
        assert max(one.width, other.width) >= RATIO * min(one.width, other.width)
