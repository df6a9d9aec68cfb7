"""The figure for print: sizes, fonts, names, scale, the same bytes each time."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import threading
from dataclasses import replace
from functools import cache
from itertools import combinations
from types import SimpleNamespace

import geopandas as gpd
import matplotlib
import numpy as np
import pytest
from figures import box_of
from geographiclib.geodesic import Geodesic
from matplotlib.collections import LineCollection
from matplotlib.font_manager import fontManager
from shapely import GeometryCollection, LineString, Point, Polygon, box

from borders.compiler.uncertainty import leg_sigma_m
from borders.errors import AraxesError
from borders.gazetteer.places import LANGUAGES, places
from borders.measure import Measure
from corridors.model.registry import system, systems
from maps.i18n import interval, number, word
from maps.layers.model import REGION, Layer, Shape
from maps.print.figure import save_caption, save_figure, static
from maps.print.sheet import Sheet, page_format, plain
from maps.style import Style

EARTH = Geodesic.WGS84
INCH_MM = 25.4
WIDTHS = {"85": 85, "120": 120, "180": 180, "slide": 338.667}
# A map of one kind each: a border with many legs, two strips, a line that is much wider than high,
# everything at once with lines that run off the frame.
MAPS = {
    "border": (("kars-1921",), None),
    "strips": (("lachin-2020", "lachin-2022"), None),
    "wide": (("tanap", "btc"), None),
    "all": (tuple(one.id for one in systems()), REGION),
}


@cache
def drawn(key, **options):
    ids, bounds = MAPS[key]
    return static(*map(system, ids), bounds=bounds, title=key, **options)


@pytest.fixture(scope="module")
def every():
    return drawn("all")


def table(*shapes, name="x"):
    found = gpd.GeoDataFrame({"name": [name] * len(shapes)}, geometry=list(shapes), crs=4326)
    found.attrs["name"] = name
    return found


def png_size(path):
    """Return width and height in pixels, and pixels per metre."""
    raw = path.read_bytes()
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", raw[16:24])
    at = raw.index(b"pHYs") + 4
    return wide, high, struct.unpack(">I", raw[at : at + 4])[0]


def axes_of(figure, label="map"):
    return next(axes for axes in figure.axes if axes.get_label() == label)


def texts(figure, *kinds):
    """Return the texts of the map of some kinds, all of them if none is named."""
    found = [text for text in axes_of(figure).texts if text.get_text()]
    return [text for text in found if not kinds or text.get_label() in kinds]


def names_on(figure):
    return {text.get_text(): box_of(text) for text in texts(figure, "place")}


def clashes(boxes):
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_has_the_width_asked_for_at_300_dots_an_inch(width, tmp_path):
    save_figure(static(system("lachin-2020"), width=width), tmp_path / "map.png")
    wide, high, density = png_size(tmp_path / "map.png")
    assert abs(wide - WIDTHS[width] / INCH_MM * 300) <= 1
    assert density == round(300 / INCH_MM * 1000)
    if width == "slide":
        assert wide * 9 == high * 16


def test_a_width_that_no_journal_asks_for_is_refused_with_the_known_ones():
    with pytest.raises(AraxesError, match="'90'; known: 85, 120, 180, slide"):
        static(system("btk"), width=90)


def test_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="give things or bounds"):
        static()


# Warnings are errors here, and matplotlib warns of a letter that its fonts lack.
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fonts_have_every_letter_of_the_languages(language):
    titles = " ".join(one.names.get(language, "") for one in systems())
    figure = static(*systems(), title=titles, language=language, bounds=REGION)
    assert figure.missing == set()
    assert places()["tbilisi"].names[language] in names_on(figure)
    for form in ("png", "svg", "pdf"):
        figure.savefig(io.BytesIO(), format=form)


def test_names_are_in_letters_of_the_language_but_for_the_ends_of_lines():
    for language, block in (("hy", "\u0531\u058a"), ("ka", "\u10d0\u10ff"), ("ru", "\u0400\u045f")):
        said = [text.get_text() for text in texts(drawn("border", language=language), "place")]
        inside = [all(block[0] <= c <= block[1] for c in s if c.isalpha()) for s in said]
        assert sum(inside) >= 0.8 * len(said), said


def test_persian_is_shaped_and_runs_from_right_to_left():
    """An unshaped text is as wide as its letters one by one; a shaped one is narrower."""
    figure = drawn("strips", language="fa")
    apart = sum(figure.width_of(letter, 10) for letter in "تفلیس")
    assert figure.width_of("تفلیس", 10) < 0.95 * apart
    (title,) = [text for text in figure.texts if text.get_label() == "title"]
    assert title.get_ha() == "right"


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("text", ["Kars", "Երևան – Гюмри", "تفلیس", " a b ", ""])
def test_the_width_of_a_text_is_the_width_at_which_it_is_drawn(text, bold):
    sheet = Sheet(page_format("85"))
    with plain():
        drawn = sheet.text(0, 0, text, fontsize=7, fontweight="bold" if bold else "normal")
        assert sheet.width_of(text, 7, bold=bold) == pytest.approx(sheet.measured(drawn)[0])


def test_letters_are_those_of_matplotlib_whatever_else_is_installed(monkeypatch):
    own = next(font for font in fontManager.ttflist if font.name == "DejaVu Sans")
    installed = [replace(own, fname="/installed/DejaVuSans.ttf"), *fontManager.ttflist]
    monkeypatch.setattr(fontManager, "ttflist", installed)
    with plain():
        # A size that nobody has asked for is looked up anew.
        assert Sheet(page_format("85")).width_of("Kars", 6.5371) > 6
    assert fontManager.ttflist is installed


def test_a_letter_that_the_font_lacks_is_a_box_and_is_told():
    figure = static(table(Point(44, 39), name="京都"), title="北")
    assert figure.missing == set("京都北")
    said = [text.get_text() for text in figure.texts]
    assert "□" in said
    assert "□□" in said
    assert "京都" in figure.caption


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_same_things_give_the_same_bytes(suffix, tmp_path):
    for n in (1, 2):
        figure = drawn("strips", width="85")
        save_figure(figure, tmp_path / f"{n}{suffix}")
        save_caption(figure, tmp_path / f"{n}{suffix}")
    assert (tmp_path / f"1{suffix}").read_bytes() == (tmp_path / f"2{suffix}").read_bytes()
    assert (tmp_path / "1.caption.md").read_bytes() == (tmp_path / "2.caption.md").read_bytes()


def test_another_process_with_other_settings_gives_the_same_bytes(tmp_path):
    (tmp_path / "matplotlibrc").write_text(
        "font.family: serif\nfont.size: 20\nlines.linewidth: 9\naxes.edgecolor: red\n"
        "savefig.bbox: tight\npath.sketch: 1, 100, 2\nsvg.fonttype: none\n"
    )
    code = (
        "from maps import static, save_figure; from corridors import system;"
        "save_figure(static(system('lachin-2022'), width='85'), 'other.svg')"
    )
    run = [sys.executable, "-c", code]
    subprocess.run(run, cwd=tmp_path, check=True, env={"MATPLOTLIBRC": str(tmp_path), "HOME": "x"})
    save_figure(static(system("lachin-2022"), width="85"), tmp_path / "ours.svg")
    assert (tmp_path / "other.svg").read_bytes() == (tmp_path / "ours.svg").read_bytes()


def test_drawing_leaves_the_settings_of_matplotlib_alone(tmp_path):
    before = dict(matplotlib.rcParams)
    save_figure(static(system("btk")), tmp_path / "map.pdf")
    assert dict(matplotlib.rcParams) == before


def test_threads_that_draw_at_once_leave_fonts_and_settings_alone():
    fonts, before = fontManager.ttflist, dict(matplotlib.rcParams)
    begun, met = threading.Event(), threading.Event()

    def first():
        with plain():
            begun.set()
            # Without waiting for one another the second would begin here, and end last.
            met.wait(0.3)

    def second():
        begun.wait()
        with plain():
            met.set()
            one.join(0.3)

    one, two = threading.Thread(target=first), threading.Thread(target=second)
    for thread in (one, two):
        thread.start()
    for thread in (one, two):
        thread.join()
    assert fontManager.ttflist is fonts
    assert dict(matplotlib.rcParams) == before


def test_nothing_to_draw_is_told_in_one_line():
    for nothing in ((), (table(),)):
        with pytest.raises(AraxesError, match="nothing to draw, and no bounds"):
            static(*nothing)
    assert static(table(), bounds=(43, 39, 45, 41)).extent is not None
    with pytest.raises(AraxesError, match="no language 'xx'"):
        static(system("btk"), language="xx")


def test_a_pdf_carries_its_fonts_and_no_date(tmp_path):
    save_figure(static(system("btk")), tmp_path / "map.pdf")
    raw = (tmp_path / "map.pdf").read_bytes()
    assert b"/FontFile2" in raw
    assert b"/Type3" not in raw
    assert b"/CreationDate" not in raw


def test_an_svg_of_outlines_needs_no_font_has_no_date_and_fetches_nothing(tmp_path):
    save_figure(static(system("btk")), tmp_path / "map.svg", outlines=True)
    text = (tmp_path / "map.svg").read_text("utf-8")
    assert "<text" not in text
    assert "font-family" not in text
    assert "dc:date" not in text
    assert 'href="http' not in text


@pytest.mark.parametrize("key", MAPS)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_name_overlaps_another_and_all_lie_inside_the_frame(key, width):
    figure = drawn(key, width=width)
    frame = axes_of(figure).get_window_extent()
    boxes = [(text.get_text(), box_of(text)) for text in texts(figure)
             if text.get_label() in ("place", "country", "water", "key", "exit")]  # fmt: skip
    assert len(boxes) >= 4
    assert clashes(boxes) == []
    for name, box_ in boxes:
        assert frame.x0 <= box_.x0 < box_.x1 <= frame.x1, name
        assert frame.y0 <= box_.y0 < box_.y1 <= frame.y1, name


@pytest.mark.parametrize("key", MAPS)
def test_no_name_lies_on_scale_bar_arrow_or_locator(key):
    figure = drawn(key)
    axes = axes_of(figure)
    furniture = [text for text in axes.texts if text.get_label() == "scale"]
    furniture += [line for line in axes.lines if line.get_zorder() == 61]
    boxes = [box_of(one) for one in furniture]
    boxes += [one.get_window_extent() for one in figure.axes if one.get_label() == "locator"]
    assert len(boxes) >= 5
    kinds = ("place", "country", "water", "key", "exit")
    for text in texts(figure, *kinds):
        assert not any(box_of(text).overlaps(one) for one in boxes), text.get_text()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_title_legend_notes_and_map_lie_on_the_page_and_clear_of_one_another(width, language):
    for key in MAPS:
        figure = drawn(key, width=width, language=language)
        renderer, page = figure.canvas.get_renderer(), figure.bbox
        boxes = [(text.get_text(), box_of(text)) for text in figure.texts]
        for name, one in boxes:
            assert page.x0 <= one.x0 < one.x1 <= page.x1, name
            assert page.y0 <= one.y0 < one.y1 <= page.y1, name
        frame = axes_of(figure).get_tightbbox(renderer)
        boxes.append(("map", frame))
        outside = [one.get_window_extent() for one in figure.axes if one.get_label() == "locator"]
        inside = axes_of(figure).get_window_extent()
        boxes += [("locator", one) for one in outside if not inside.overlaps(one)]
        # Lines of one paragraph touch: descenders of one, ascenders of the next.
        small = [(name, one.padded(-0.12 * one.height)) for name, one in boxes]
        assert clashes(small) == []


@pytest.mark.parametrize(("width", "language"), [("85", "fa"), ("180", "en")])
def test_a_table_lists_every_leg_with_its_length_on_the_page_and_clear_of_all(width, language):
    border = system("kars-1921")
    figure = static(border, width=width, language=language, legs=True)
    rows = [text for text in figure.texts if text.get_label() == "leg"]
    said = {text.get_text() for text in rows}
    for leg in border.legs:
        measure = Measure(value=leg.length_m, sigma=leg_sigma_m(leg), basis=leg.drawn_as)
        assert figure.clean(interval(measure, language)) in said
        assert {number(str(leg.n), language), word(leg.drawn_as, language)} <= said
        # The caption says the same.
        assert interval(measure, language) in figure.caption
    assert all(text.get_fontsize() >= 6.0 for text in rows)
    boxes = [(text.get_text(), box_of(text)) for text in figure.texts]
    page = figure.bbox
    for name, one in boxes:
        assert page.x0 <= one.x0 < one.x1 <= page.x1, name
        assert page.y0 <= one.y0 < one.y1 <= page.y1, name
    assert clashes([(name, one.padded(-0.12 * one.height)) for name, one in boxes]) == []


def test_a_table_of_legs_is_of_one_border_and_on_a_page_that_can_grow():
    with pytest.raises(AraxesError, match="of one border; give one"):
        static(system("btk"), legs=True)
    with pytest.raises(AraxesError, match=r"no room for a table of legs; .* the caption beside"):
        static(system("kars-1921"), width="slide", legs=True)


def test_the_legend_numbers_every_system_with_its_state_and_names_the_borders(every):
    said = [text.get_text() for text in every.texts if text.get_label() == "legend"]
    whole = " ".join(said)
    for n, one in enumerate(systems(), 1):
        assert str(n) in said
        assert one.name in whole
    assert ", planned" in whole
    assert "country borders as OpenStreetMap draws them" in whole


def test_every_number_of_the_legend_is_on_the_map(every):
    keys = [text.get_text() for text in texts(every, "key")]
    assert len(set(keys)) == len(keys) >= 0.9 * len(systems())


def test_a_border_alone_bears_the_numbers_of_its_legs():
    figure = drawn("border")
    numbers = {int(text.get_text()) for text in texts(figure, "key")}
    legs = {leg.n for leg in system("kars-1921").legs}
    assert numbers <= legs
    assert len(numbers) >= 0.9 * len(legs)


def test_lines_that_leave_the_frame_say_where_they_go(every):
    said = {text.get_text() for text in texts(every, "exit")}
    assert {"Aktau →", "Türkmenbaşy →"} <= said
    assert any("İpsala" in text and "←" in text for text in said)
    locator = axes_of(every, "locator")
    west, east = locator.get_xlim()
    frame = every.extent.frame
    assert east - west > 2 * (frame[2] - frame[0])


def test_nothing_that_stays_inside_says_that_it_leaves():
    assert texts(drawn("wide"), "exit") == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_credits_name_projection_day_and_sources(width):
    figure = static(system("lachin-2020"), on="2022-08-29", width=width)
    said = " ".join(text.get_text() for text in figure.texts if text.get_label() == "note")
    for words in ("Lambert conformal conic", "as of 2022-08-29", "OpenStreetMap", "GeoNames"):
        assert words in said


def test_an_equal_area_map_says_so():
    figure = static(system("nakhchivan"), equal_area=True)
    said = " ".join(text.get_text() for text in figure.texts)
    assert "Albers equal-area conic" in said
    assert figure.extent.kind == "equal-area-conic"


def bar_of(figure):
    """Return the length of the scale bar as drawn, and as it says, in metres."""
    axes = axes_of(figure)
    ends = [line.get_xdata() for line in axes.lines if line.get_zorder() == 61]
    numbers = [text.get_text() for text in axes.texts if text.get_label() == "scale"]
    stated = next(text for text in numbers if text.endswith(" km"))
    return max(np.ptp(x) for x in ends), 1000 * float(stated.removesuffix(" km"))


@pytest.mark.parametrize("equal_area", [False, True])
@pytest.mark.parametrize("bounds", [(43.0, 39.0, 47.0, 41.0), REGION, (-72, -36, -69, -33),
                                    (26.0, 36.0, 53.0, 44.0)])  # fmt: skip
def test_the_scale_bar_is_right_at_the_middle_of_the_map(bounds, equal_area):
    figure = static(bounds=bounds, equal_area=equal_area)
    plane_m, stated_m = bar_of(figure)
    left, bottom, right, top = figure.extent.frame
    middle = (left + right) / 2, (bottom + top) / 2
    ends = [figure.extent.lonlat(middle[0] + s * plane_m / 2, middle[1]) for s in (-1, 1)]
    true_m = EARTH.Inverse(ends[0][1], ends[0][0], ends[1][1], ends[1][0])["s12"]
    # A dot of 300 an inch is a thousandth of the bar.
    assert abs(true_m / stated_m - 1) < 1e-4
    assert 0 < plane_m < 0.5 * (right - left)


def test_what_is_drawn_has_the_length_that_the_scale_bar_gives():
    ends = [EARTH.Direct(40, 45, azimuth, 25_000) for azimuth in (270, 90)]
    measured = LineString([(end["lon2"], end["lat2"]) for end in ends])
    figure = static(table(measured), bounds=(43.0, 39.0, 47.0, 41.0))
    lines = [c for c in axes_of(figure).collections if isinstance(c, LineCollection)]
    (xy,) = next(c for c in lines if c.get_zorder() == 20).get_segments()
    plane_m, stated_m = bar_of(figure)
    drawn_m = float(np.hypot(*np.diff(xy, axis=0).T).sum())
    assert abs(drawn_m / plane_m * stated_m / 50_000 - 1) < 0.001


def test_the_arrow_points_to_the_pole_from_where_it_stands():
    figure = static(bounds=REGION)
    polygons = [p for p in axes_of(figure).patches if p.get_zorder() == 61]
    tip, _, notch = polygons[0].get_xy()[:3]
    (lon0, lat0), (lon1, lat1) = (figure.extent.lonlat(*xy) for xy in (notch, tip))
    azimuth = EARTH.Inverse(lat0, lon0, lat1, lon1)["azi1"]
    assert abs(azimuth) < 0.2


def test_points_lines_areas_and_collections_are_drawn():
    shapes = [
        Point(44, 39),
        LineString([(45, 39), (46, 39)]),
        GeometryCollection([Point(44, 40), Polygon([(44, 40), (46, 40), (45, 41)])]),
    ]
    axes = axes_of(static(table(*shapes)))
    lines = [c for c in axes.collections if isinstance(c, LineCollection) and c.get_zorder() == 20]
    assert sorted(len(xy) for c in lines for xy in c.get_segments()) == [2, 4]
    dots = [line for line in axes.lines if line.get_zorder() == 20]
    assert sum(len(line.get_xdata()) for line in dots) == 2


def test_signs_that_matplotlib_would_read_as_mathematics_stay_text(tmp_path):
    names = ["$x", "$\\frac{1}{2}$", "_hidden", "a\nb", "long " * 2000]
    things = [table(Point(44 + n, 39), name=name) for n, name in enumerate(names)]
    figure = static(*things, title="$\\frac{")
    save_figure(figure, tmp_path / "map.png")
    said = [text.get_text() for text in figure.texts]
    assert {"$x", "$\\frac{1}{2}$", "_hidden", "a b"} <= set(said)
    assert any(text.startswith("long") and text.endswith("…") for text in said)
    assert all(box_of(text).x1 <= figure.bbox.x1 for text in figure.texts)


@pytest.mark.parametrize("bounds", [(-180, -90, 180, 90), (-10, -5, 12, 6), (20, 60, 60, 89),
                                    (44.0, 39.0, 44.001, 39.001), (-75, -56, -66, -9)])  # fmt: skip
@pytest.mark.parametrize("equal_area", [False, True])
def test_any_part_of_the_world_can_be_drawn(bounds, equal_area, tmp_path):
    figure = static(table(box(*bounds)), equal_area=equal_area, width="85")
    save_figure(figure, tmp_path / "map.png")
    assert np.isfinite(figure.extent.frame).all()


def test_a_thing_of_any_class_with_to_gdf_can_be_drawn():
    thing = SimpleNamespace(to_gdf=lambda **_: table(Point(45, 40)), kind="x", name="x")
    assert axes_of(static(thing)).lines


def test_ten_thousand_lines_are_drawn_without_naming_their_ends():
    random = np.random.default_rng(1)
    starts = random.uniform((43, 39), (47, 42), (10_000, 2))
    lines = [LineString([xy, xy + 0.01]) for xy in starts]
    assert len(texts(static(table(*lines)), "place")) < 60


def test_a_layer_behind_the_subject_bears_no_number():
    style = Style(colour="#333333")
    shape = Shape(geometry=LineString([(44, 40), (45, 40)]), style=style, title="x")
    behind = Layer(id="n", name="net", shapes=(shape,), sources=(), backdrop=True)
    ahead = Layer(id="a", name="way", shapes=(shape,), sources=())
    said = [text.get_text() for text in static(ahead, behind).texts if text.get_label() == "legend"]
    assert said.count("1") == 1
    assert "2" not in said


def test_a_failed_drawing_leaves_the_figure_of_before(tmp_path):
    target = tmp_path / "map.png"
    target.write_text("before")
    broken = SimpleNamespace(savefig=lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save_figure(broken, target)
    assert [path.name for path in tmp_path.iterdir()] == ["map.png"]
    assert target.read_text() == "before"


@pytest.mark.parametrize(
    ("width", "language"), [("85", "en"), ("85", "fa"), ("85", "ka"), ("120", "ru"), ("180", "az")]
)
def test_every_country_of_the_region_is_named_at_every_width(width, language):
    figure = static(*systems(), bounds=REGION, width=width, language=language)
    written = {text.get_text() for axes in figure.axes for text in axes.texts}
    countries = {word(f"country-{code}", language) for code in ("AM", "AZ", "GE", "IR", "TR")}
    assert countries <= written
