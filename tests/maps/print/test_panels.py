"""Small multiples: one extent, one scale, one legend; and the relief under a map."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from borders.errors import AraxesError
from borders.terrain.elevation import Terrain
from corridors.model.registry import system
from maps.cli.main import main
from maps.print.figure import static
from maps.print.panels import Panel, panels

LACHIN = system("lachin-2020"), system("lachin-2022")


@pytest.fixture(scope="module")
def before_and_after():
    days = date(2021, 1, 1), date(2022, 12, 1)
    return panels([Panel(title=str(day), things=LACHIN, on=day) for day in days], title="Lachin")


def maps_of(figure):
    return [axes for axes in figure.axes if axes.get_label().startswith("map")]


def said(axes, kind):
    return {text.get_text() for text in axes.texts if text.get_label() == kind}


def test_the_maps_show_one_extent_at_one_size(before_and_after):
    one, other = maps_of(before_and_after)
    assert one.get_xlim() == other.get_xlim()
    assert one.get_ylim() == other.get_ylim()
    assert one.get_position().size == pytest.approx(other.get_position().size)
    # Where longitude and latitude bend little a map is as much higher as what it shows.
    left, bottom, right, top = before_and_after.extent.frame
    width, height = one.get_window_extent().size
    assert height / width == pytest.approx((top - bottom) / (right - left), rel=1e-3)


def test_there_is_one_scale_and_one_legend(before_and_after):
    scales = [axes for axes in maps_of(before_and_after) if said(axes, "scale")]
    assert len(scales) == 1
    legend = [t.get_text() for t in before_and_after.texts if t.get_label() == "legend"]
    # The corridor of 2020 in two statuses, that of 2022 in one, and the borders.
    assert [text for text in legend if text.isdigit()] == ["1", "2", "3"]
    assert sum("2020" in text for text in legend) == 2
    assert sum("borders" in text for text in legend) == 1


def test_a_map_bears_the_numbers_of_its_own_day(before_and_after):
    numbers = [said(axes, "key") for axes in maps_of(before_and_after)]
    assert numbers == [{"1"}, {"2", "3"}]
    heads = [t.get_text() for t in before_and_after.texts if t.get_label() == "panel"]
    assert heads == ["2021-01-01", "2022-12-01"]
    assert before_and_after.caption.startswith("**Lachin: (1) 2021-01-01, (2) 2022-12-01.**")


@pytest.mark.parametrize("width", ["85", "slide"])
def test_panels_stand_on_the_page_clear_of_one_another(width):
    figure = panels(
        [Panel(title=name, things=(system(name),)) for name in ("btk", "btc", "tanap")],
        title="Three", width=width, language="fa",
    )  # fmt: skip
    renderer = figure.canvas.get_renderer()
    boxes = [axes.get_tightbbox(renderer) for axes in maps_of(figure)]
    boxes += [t.get_window_extent(renderer) for t in figure.texts if t.get_label() == "panel"]
    assert len(boxes) == 6
    for n, one in enumerate(boxes):
        assert figure.bbox.x0 <= one.x0 < one.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= one.y0 < one.y1 <= figure.bbox.y1
        for other in boxes[n + 1 :]:
            assert not one.padded(-1).overlaps(other.padded(-1))


@pytest.mark.parametrize(
    ("names", "width", "language", "row"),
    [
        # Maps that are higher than wide stand in a row; wide ones leave a place for the legend.
        (("lachin-2020", "lachin-2022", "zangezur-tripp"), "180", "en", True),
        (("lachin-2020", "lachin-2022", "zangezur-tripp"), "120", "en", False),
        (("btk", "btc", "tanap"), "180", "en", False),
        (("btk", "btc", "tanap"), "180", "fa", False),
        (("btk", "btc", "tanap", "btk", "btc"), "180", "en", False),
    ],
)
def test_an_odd_number_of_maps_leaves_no_blank_place(names, width, language, row):
    several = [Panel(title=str(n), things=(system(name),)) for n, name in enumerate(names)]
    figure = panels(several, title="Odd", width=width, language=language)
    boxes = [axes.get_window_extent() for axes in maps_of(figure)]
    assert (len({round(box.y0) for box in boxes}) == 1) is row
    if row:
        return
    # The legend stands beside the last map, below no map, and on the page.
    renderer, last = figure.canvas.get_renderer(), boxes[-1]
    texts = [t.get_window_extent(renderer) for t in figure.texts if t.get_label() == "legend"]
    for box in texts:
        assert last.y0 - 1 <= box.y0 < box.y1 <= last.y1 + 1
        assert box.x1 < last.x0 if language == "fa" else box.x0 > last.x1
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1


def test_one_map_is_no_panel():
    with pytest.raises(AraxesError, match="1 panels; give 2 to 12"):
        panels([Panel(title="x", things=LACHIN)])


def test_scenarios_and_days_make_panels_on_the_command_line(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    common = ["map", "--width", "85", "--out", "a.png"]
    pair = ["--pair", "Kars:Baku", "--modes", "rail", "--scenario", "status-quo"]
    assert main([*common, *pair, "--scenario", "tripp-open", "--panels"]) == 0
    caption = (tmp_path / "a.caption.md").read_text("utf-8")
    assert "(1) As things stand, (2) TRIPP" in caption
    assert main([*common, *pair, "--panels", "2021-01-01,2022-01-01"]) == 2
    assert "leave --scenario and --pair out" in " ".join(capsys.readouterr().err.split())
    days = ["btk", "--on", "2020-01-01", "--panels", "2021-01-01"]
    assert main([*common, *days]) == 2
    assert "exclude each other" in capsys.readouterr().err


def slope(east, north):
    """Return a model of a plane that rises by so much a metre to the east and to the north."""
    rows, columns = 60, 80
    y, x = np.mgrid[rows:0:-1, 0:columns].astype(float)
    # A cell of 0.005 degrees at 39.6 N.
    heights = 1600 + x * east * 0.005 * 85_800 + y * north * 0.005 * 111_050
    return Terrain(elevation_m=heights, west=46.45, north=39.85, pixel_width_deg=0.005,
                   pixel_height_deg=0.005, source="folder/slope.tif")  # fmt: skip


def relief_of(figure):
    (image,) = next(a for a in figure.axes if a.get_label() == "map").images
    return np.asarray(image.get_array())


def test_level_ground_has_the_tint_of_its_height():
    picture = relief_of(static(*LACHIN, slope(0, 0), width=85))
    shown = picture[..., 3] > 0
    assert shown.mean() > 0.5
    # 1,600 m, a height that the scale of tints names.
    assert np.allclose(picture[shown][:, :3], to_rgb("#f2e8d2"), atol=1e-6)


def test_a_hole_in_a_model_of_level_ground_is_left_out_and_tints_nothing_beside_it():
    heights = slope(0, 0).elevation_m.copy()
    heights[20:30, 20:35] = np.nan
    holed = relief_of(static(*LACHIN, replace(slope(0, 0), elevation_m=heights), width=85))
    whole = relief_of(static(*LACHIN, slope(0, 0), width=85))
    shown = holed[..., 3] > 0
    assert 0.5 < shown.sum() / (whole[..., 3] > 0).sum() < 1
    assert np.allclose(holed[shown][:, :3], to_rgb("#f2e8d2"), atol=1e-6)


def test_a_slope_is_as_light_as_the_cosine_of_its_angle_to_the_light():
    rises = {"north-west": (0.3, -0.3), "south-east": (-0.3, 0.3), "north-east": (-0.3, -0.3)}
    light = {}
    for name, rise in rises.items():
        terrain = slope(*rise)
        flat = slope(0, 0)
        figures = [static(*LACHIN, one, width=85) for one in (terrain, flat)]
        one, level = map(relief_of, figures)
        middle = tuple(size // 2 for size in one.shape[:2])
        # The tint differs with the height: the blue of a grey slope tells too little alone.
        light[name] = one[middle][:3].sum() / level[middle][:3].sum()
    assert light["south-east"] < light["north-east"] < light["north-west"]


def test_relief_lies_under_water_and_lines_and_is_credited():
    figure = static(*LACHIN, slope(0.2, 0.1), width=85)
    axes = next(a for a in figure.axes if a.get_label() == "map")
    (image,) = axes.images
    assert image.get_zorder() < min(c.get_zorder() for c in axes.collections if c.get_zorder() >= 2)
    notes = " ".join(t.get_text() for t in figure.texts if t.get_label() == "note")
    assert "Relief: slope.tif" in notes
    assert "- Relief: slope.tif" in figure.caption
    assert "folder" not in figure.caption


@pytest.mark.parametrize(("language", "noun"), [("tr", "Kabartma"), ("ru", "Рельеф")])
def test_relief_is_credited_in_the_language_of_the_figure(language, noun):
    figure = static(*LACHIN, slope(0.2, 0.1), width=85, language=language)
    notes = " ".join(t.get_text() for t in figure.texts if t.get_label() == "note")
    for text in (notes, figure.caption):
        assert f"{noun}: slope.tif" in text
        assert "Relief" not in text
