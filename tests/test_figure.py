"""The figure for print: size, fonts, labels, scale, the same bytes each time."""

from __future__ import annotations

import struct
from itertools import combinations
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from matplotlib.collections import LineCollection
from shapely import GeometryCollection, LineString, Point, Polygon

from borders.places import LANGUAGES, places
from corridors.systems import system, systems
from maps.figure import save_figure, static
from maps.layers import REGION

EARTH = Geodesic.WGS84
INCH_M = 0.0254


def png_size(path):
    """Return width and height in pixels, and pixels per metre."""
    raw = path.read_bytes()
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", raw[16:24])
    at = raw.index(b"pHYs") + 4
    return wide, high, struct.unpack(">I", raw[at : at + 4])[0]


def names_on(figure):
    """Return the place names of a figure with their boxes in pixels."""
    known = {name for one in places().values() for name in (one.name, *one.names.values())}
    renderer = figure.canvas.get_renderer()
    texts = [text for text in figure.axes[0].texts if text.get_text() in known]
    return {text.get_text(): text.get_window_extent(renderer) for text in texts}


@pytest.fixture(scope="module")
def every():
    return static(*systems(), title="All", bounds=REGION)


def drawn_length(axes, shape):
    """Return how long a line alone on a map is drawn, in units of the axes."""
    xy = max((s for c in axes.collections if isinstance(c, LineCollection) and c.zorder == 20
              for s in c.get_segments()), key=len)  # fmt: skip
    return float(np.hypot(*np.diff(xy, axis=0).T).sum())


def test_a_png_is_180_mm_wide_at_300_dots_an_inch(tmp_path):
    save_figure(static(system("lachin-2020")), tmp_path / "map.png")
    wide, _, density = png_size(tmp_path / "map.png")
    assert abs(wide - 0.180 / INCH_M * 300) <= 1
    assert density == round(300 / INCH_M)


# Warnings are errors here, and matplotlib warns of a letter that its fonts lack.
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_have_every_letter_of_the_languages(language, tmp_path):
    titles = " ".join(one.names.get(language, "") for one in systems())[:80]
    figure = static(*systems(), title=titles, language=language, bounds=REGION)
    save_figure(figure, tmp_path / "map.png")
    shown = names_on(figure)
    assert places()["tbilisi"].names[language] in shown


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_things_give_the_same_bytes(suffix, tmp_path):
    for n in (1, 2):
        save_figure(static(system("btk"), title="x"), tmp_path / f"{n}{suffix}")
    assert (tmp_path / f"1{suffix}").read_bytes() == (tmp_path / f"2{suffix}").read_bytes()


def test_a_pdf_carries_its_fonts_whole_and_no_date(tmp_path):
    save_figure(static(system("btk")), tmp_path / "map.pdf")
    raw = (tmp_path / "map.pdf").read_bytes()
    assert b"/FontFile2" in raw
    assert b"/Type3" not in raw
    assert b"/CreationDate" not in raw


def test_an_svg_has_no_date_and_fetches_nothing(tmp_path):
    save_figure(static(system("btk")), tmp_path / "map.svg")
    text = (tmp_path / "map.svg").read_text("utf-8")
    assert "dc:date" not in text
    assert 'href="http' not in text


def test_place_names_lie_inside_the_frame(every):
    frame = every.axes[0].get_window_extent()
    boxes = names_on(every)
    assert len(boxes) > 15
    for name, box in boxes.items():
        assert frame.x0 <= box.x0 < box.x1 <= frame.x1, name
        assert frame.y0 <= box.y0 < box.y1 <= frame.y1, name


@pytest.mark.parametrize("key", ["kars-1921", "lachin-2022", "tanap"])
def test_place_names_do_not_overlap(every, key):
    for figure in (every, static(system(key))):
        pairs = combinations(names_on(figure).items(), 2)
        assert [(a, b) for (a, one), (b, other) in pairs if one.overlaps(other)] == []


def test_title_legend_and_credits_lie_on_the_page_and_clear_of_one_another(every):
    renderer, page, frame = every.canvas.get_renderer(), every.bbox, every.axes[0]
    blocks = [*every.texts, every.legends[0]]
    boxes = [block.get_window_extent(renderer) for block in blocks]
    for box in boxes:
        assert page.x0 <= box.x0 < box.x1 <= page.x1
        assert page.y0 <= box.y0 < box.y1 <= page.y1
    boxes.append(frame.get_tightbbox(renderer))
    assert not [1 for one, other in combinations(boxes, 2) if one.overlaps(other)]


def test_the_legend_names_every_system_and_its_state(every):
    said = [text.get_text() for text in every.legends[0].get_texts()]
    assert len(said) == len(systems())
    for one, text in zip(systems(), said, strict=True):
        assert text.startswith(one.name)
    assert any(text.endswith(", planned") for text in said)


def test_the_credits_name_projection_day_and_sources():
    said = " ".join(t.get_text() for t in static(system("lachin-2020"), on="2022-08-29").texts)
    for words in ("Lambert conformal conic", "As of 2022-08-29", "OpenStreetMap", "GeoNames"):
        assert words in said


@pytest.mark.parametrize("bounds", [(43.0, 39.0, 47.0, 41.0), REGION, (-72, -36, -69, -33)])
def test_the_scale_bar_is_right_at_the_middle_of_the_map(bounds):
    west, south, east, north = bounds
    middle = ((west + east) / 2, (south + north) / 2)
    ends = [EARTH.Direct(middle[1], middle[0], azimuth, 25_000) for azimuth in (270, 90)]
    measured = LineString([(end["lon2"], end["lat2"]) for end in ends])
    table = gpd.GeoDataFrame(geometry=[measured], crs=4326)
    axes = static(table, bounds=bounds).axes[0]
    per_km = drawn_length(axes, measured) / 50
    bar = next(one for one in axes.lines if one.get_zorder() == 61)
    (text,) = [one.get_text() for one in axes.texts if one.get_text().endswith(" km")]
    stated = float(text.removesuffix(" km"))
    # Half a dot of the printed page; the bar runs along one great circle, the line along another.
    assert abs(np.ptp(bar.get_xdata()) / per_km / stated - 1) < 0.002
    assert 0 < np.ptp(bar.get_xdata()) < 0.5 * np.ptp(axes.get_xlim())


def test_points_lines_areas_and_collections_are_drawn():
    shapes = [
        Point(44, 39),
        LineString([(45, 39), (46, 39)]),
        GeometryCollection([Point(44, 40), Polygon([(44, 40), (46, 40), (45, 41)])]),
    ]
    table = gpd.GeoDataFrame({"name": ["a", "b", "c"]}, geometry=shapes, crs=4326)
    with_them, without = static(table).axes[0], static(table.iloc[1:2]).axes[0]
    assert len(with_them.collections) > len(without.collections)
    dots = [line for line in with_them.lines if line.get_markersize() == 4]
    assert len(dots) == 2


def test_signs_that_matplotlib_would_read_as_mathematics_stay_text(tmp_path):
    names = ["$x", "$\\frac{1}{2}$", "_hidden", "a\nb", "long " * 2000]
    things = []
    for n, name in enumerate(names):
        table = gpd.GeoDataFrame({"name": [name]}, geometry=[Point(44 + n, 39)], crs=4326)
        table.attrs["name"] = name
        things.append(table)
    figure = static(*things, title="$\\frac{")
    save_figure(figure, tmp_path / "map.png")
    said = [text.get_text() for text in figure.legends[0].get_texts()]
    assert said[:4] == ["$x", "$\\frac{1}{2}$", "_hidden", "a b"]
    assert said[4].endswith("…")
    assert figure.legends[0].get_window_extent().x1 <= figure.bbox.x1


def test_a_thing_of_any_class_with_to_gdf_can_be_drawn():
    table = gpd.GeoDataFrame({"name": ["x"]}, geometry=[Point(45, 40)], crs=4326)
    thing = SimpleNamespace(to_gdf=lambda **_: table, kind="x", name="x")
    assert static(thing).legends


def test_a_failed_drawing_leaves_the_figure_of_before(tmp_path):
    target = tmp_path / "map.png"
    target.write_text("before")
    broken = SimpleNamespace(savefig=lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_figure(broken, target)
    assert [path.name for path in tmp_path.iterdir()] == ["map.png"]
    assert target.read_text() == "before"
