"""Six figures look as they did: compared with pictures that are kept, within a stated tolerance.

The fonts and the drawing come with matplotlib, so that the pictures are the same on Python 3.11 to
3.13 and with the lowest and the newest locked versions (measured: no pixel differs). The tolerance
is for a later matplotlib. After a wanted change `python tests/helpers/pictures.py` renews them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from pictures import BASELINES, GOLDEN, ROOT, SHOWN, WIDE, baseline, greys
from PIL import Image

from maps.report.gallery import GALLERY, draw

# Root mean square of the difference, in greys of 255, and the part of the pixels that differ by
# more than a fifth of the way from black to white.
RMS, STEP, SHARE = 0.25, 51, 5e-5


def apart(one, other):
    """Return root mean square and share of pixels, both infinite if the sizes differ."""
    if one.shape != other.shape:
        return np.inf, np.inf
    off = np.abs(one - other)
    return float(np.sqrt((off**2).mean())), float((off > STEP).mean())


def same(figure, key):
    rms, share = apart(greys(figure), baseline(key))
    return rms <= RMS and share <= SHARE


@cache
def drawn(key):
    return draw(key, language=BASELINES[key], width="85")


@pytest.mark.parametrize("key", BASELINES)
def test_a_figure_looks_as_it_did(key):
    rms, share = apart(greys(drawn(key)), baseline(key))
    assert rms <= RMS, f"{key}: look at it, then `python tests/helpers/pictures.py`"
    assert share <= SHARE


def test_the_pictures_are_six_small_ones_in_several_scripts():
    assert len(BASELINES) == 6 <= len(GALLERY)
    assert len(set(BASELINES.values())) == 6
    assert all((GOLDEN / f"{key}.png").stat().st_size < 40_000 for key in BASELINES)


@pytest.mark.parametrize(
    "key", [key for key in BASELINES if key not in ("timeline", "scale-curve")]
)
def test_a_missing_line_is_seen(key):
    figure = drawn(key)
    axes = figure.axes[0]
    found = [one for one in axes.collections if isinstance(one, LineCollection)]
    levels = {one.get_zorder() for one in found if 20 <= one.get_zorder() < 60}
    assert same(figure, key)
    for level in levels:
        lines = [one for one in found if one.get_zorder() == level]
        for one in lines:
            one.set_visible(False)
        assert not same(figure, key)
        for one in lines:
            one.set_visible(True)


@pytest.mark.parametrize("key", BASELINES)
def test_a_text_that_moves_or_vanishes_is_seen(key):
    figure = drawn(key)
    words = [text for text in figure.axes[0].texts if len(text.get_text()) > 2]
    shortest = min(words, key=lambda text: len(text.get_text()))
    x, y = shortest.get_position()
    shortest.set_position((x + 4, y))
    assert not same(figure, key)
    shortest.set_position((x, y))
    assert same(figure, key)
    shortest.set_visible(False)
    assert not same(figure, key)
    shortest.set_visible(True)


def test_a_bar_that_is_missing_is_seen():
    figure = drawn("timeline")
    for bar in figure.axes[0].patches:
        bar.set_visible(False)
        # A status of a few days is no wider than a line.
        if bar.get_width() > 0.02:
            assert not same(figure, "timeline")
        bar.set_visible(True)


@pytest.mark.parametrize("name", [*SHOWN.values(), "compare"])
def test_a_picture_of_the_readme_is_shown_and_small(name):
    assert f"docs/{name}.png" in (ROOT / "README.md").read_text("utf-8")
    file = ROOT / "docs" / f"{name}.png"
    assert file.stat().st_size < 250_000
    with Image.open(file) as picture:
        assert picture.width == WIDE
