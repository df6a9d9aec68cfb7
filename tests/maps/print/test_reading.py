"""What a reader meets: a full frame, names where they belong, letters large enough, own looks."""

from __future__ import annotations

import io
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib
import numpy as np
import pytest
import shapely
import shapely.ops
from figures import box_of
from geographiclib.geodesic import Geodesic
from matplotlib.lines import Line2D
from PIL import Image

from borders.errors import AraxesError, FileFormatError, SchemaError
from borders.files.bundle import layer
from borders.gazetteer.places import places, towns
from corridors.context.systems import context_system
from corridors.model.registry import system
from maps.cli.main import main
from maps.i18n import short
from maps.print.basemap import BASEMAP_BOUNDS, MARGIN_BOUNDS, base_bounds, drawn_rivers
from maps.print.figure import save_figure, static
from maps.print.sheet import LEAST_PT, page_format
from maps.report.gallery import draw
from maps.style import BASEMAP, DASHES, TINTS, read_style, style, styled

EARTH = Geodesic.WGS84
SERIF = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"


@cache
def drawn(key, width="180", language="en"):
    return draw(key, width=width, language=language)


def labels(figure, kind):
    (axes,) = (axes for axes in figure.axes if axes.get_label() == "map")
    return {text.get_text(): text for text in axes.texts if text.get_label() == kind}


def lonlat_box(figure, text):
    """Return a text's box in longitude and latitude."""
    axes, box = text.axes, box_of(text)
    corners = [(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)]
    xy = axes.transData.inverted().transform(corners)
    return shapely.Polygon(np.column_stack(figure.extent.lonlat(*xy.T)))


@pytest.mark.parametrize("key", ["pipelines", "middle-corridor"])
def test_the_base_map_fills_the_frame_to_its_corners(key):
    figure = drawn(key)
    assert shapely.box(*MARGIN_BOUNDS).covers(figure.extent.outline)
    stream = io.BytesIO()
    figure.savefig(stream, dpi=100)
    pixels = np.asarray(Image.open(stream).convert("RGB"))
    axes = next(axes for axes in figure.axes if axes.get_label() == "map")
    left, bottom, width, height = axes.get_position().bounds
    rows, columns = pixels.shape[:2]
    for x in (0.01, 0.99):
        for y in (0.02, 0.98):
            row, column = rows - (bottom + y * height) * rows, (left + x * width) * columns
            assert tuple(pixels[int(row), int(column)]) != (255, 255, 255), (x, y)


def test_rivers_are_named_along_their_course():
    figure = drawn("kars-igdir-dilucu")
    names = labels(figure, "water")
    lines = {"Aras": ("aras", "reaches"), "Akhuryan": ("akhuryan", "reaches"), "Kars": ("kars",)}
    for name, keys in lines.items():
        rivers = [f.geometry for f in layer("rivers") if f.properties["id"] == keys[0]]
        rivers += [f.geometry for f in layer("reaches") if len(keys) == 2]
        box = lonlat_box(figure, names[name])
        # 0.03 degrees are about 3 mm on this page.
        assert box.distance(shapely.union_all(rivers)) < 0.03, name
    assert names["Akhuryan"].get_rotation() not in (0, 360)


def test_places_of_the_line_come_before_villages_beside_it():
    # The gates of two sides share a label.
    names = {
        name for text in labels(drawn("kars-igdir-dilucu"), "place") for name in text.split(" / ")
    }
    assert {"Kars", "Digor", "Tuzluca", "Iğdır", "Aralık", "Dilucu", "Gyumri", "Yerevan"} <= names
    assert {"Digor", "Tuzluca"} <= names
    assert {"Aghavnatun", "Dalarik", "Geghashen", "Hovtashat", "Nubarashen"}.isdisjoint(names)


@pytest.mark.parametrize("key", ["baku-ways", "kars-igdir-dilucu", "zangezur-tripp"])
def test_the_name_of_a_country_lies_clear_of_its_borders(key):
    figure = drawn(key)
    names = labels(figure, "country")
    assert {"Armenia", "Iran"} <= set(names)
    borders = shapely.union_all([f.geometry for f in layer("country-borders")])
    for name, text in names.items():
        assert not lonlat_box(figure, text).intersects(borders), name


@pytest.mark.parametrize("language", ["en", "tr", "fa"])
@pytest.mark.parametrize("key", ["kars-igdir-dilucu", "lachin", "timeline"])
def test_no_letters_are_smaller_than_journals_take(key, language):
    figure = drawn(key, "85", language)
    said = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    assert min(text.get_fontsize() for text in said if text.get_text()) >= LEAST_PT == 6


def test_a_lake_known_only_coarsely_is_left_out_and_not_named():
    figure = drawn("kars-igdir-dilucu")
    assert not any("Reservoir" in name for name in labels(figure, "water"))
    wide = static(system("btk"), width="180")
    assert "Mingachevir Reservoir" in labels(wide, "water")


def test_without_a_title_the_page_has_none_and_its_caption_says_what_it_shows():
    with_title, without = (static(system("btk"), title=title) for title in ("Some title", ""))
    assert [text for text in without.texts if text.get_label() == "title"] == []
    assert without.height_pt < with_title.height_pt
    assert without.caption.startswith("**Baku–Tbilisi–Kars railway.**")
    assert without.metadata.title == "Baku–Tbilisi–Kars railway"


def test_a_font_of_ones_own_is_used_embedded_and_helped_out(tmp_path):
    figure = static(system("btk"), language="ka", width=page_format("85", font=SERIF))
    assert figure.missing == set()
    save_figure(figure, tmp_path / "a.pdf")
    assert b"DejaVuSerif" in (tmp_path / "a.pdf").read_bytes()
    plain = static(system("btk"), width="85")
    save_figure(plain, tmp_path / "b.pdf")
    assert b"DejaVuSerif" not in (tmp_path / "b.pdf").read_bytes()


def test_a_font_that_there_is_not_is_told_in_one_line(tmp_path):
    with pytest.raises(AraxesError, match="no font family 'Nosuch Sans' is installed"):
        page_format("85", font="Nosuch Sans")
    broken = tmp_path / "x.ttf"
    broken.write_text("no font")
    for file in (broken, tmp_path / "missing.otf"):
        with pytest.raises(AraxesError, match="cannot be read as a font"):
            page_format("85", font=file)


def test_letters_of_an_svg_are_text_unless_outlines_are_asked_for(tmp_path):
    figure = drawn("lachin", "85")
    save_figure(figure, tmp_path / "text.svg")
    save_figure(figure, tmp_path / "outlines.svg", outlines=True)
    root = ET.parse(tmp_path / "text.svg").getroot()
    said = {"".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Lachin / Berdzor", "Azerbaijan", "Lachin corridor, 2020 and 2022"} <= said
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert {"map-land", "map-lachin-2020", "map-network-road"} <= set(ids)
    assert any(key.startswith("map-label-country") for key in ids)
    assert "<text" not in (tmp_path / "outlines.svg").read_text("utf-8")


def test_labels_of_a_pdf_are_text(tmp_path):
    import zlib

    save_figure(drawn("lachin", "85"), tmp_path / "a.pdf")
    raw = (tmp_path / "a.pdf").read_bytes()
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", raw, re.DOTALL)
    shown = b""
    for stream in streams:
        try:
            shown += zlib.decompress(stream)
        except zlib.error:
            continue
    # A name, the numbers of the graticule and the notes: far more than the latter alone.
    assert shown.count(b" Tj") + shown.count(b" TJ") > 25


def test_a_style_file_replaces_what_it_names_and_nothing_after(tmp_path):
    file = tmp_path / "look.toml"
    file.write_text('[systems.btk]\ncolour = "#AA0000"\nwidth = 6\n[dashes]\nclosed = [1, 1]\n'
                    '[basemap]\nland = "#ffffff"\n')  # fmt: skip
    before = style("btk"), BASEMAP["land"], DASHES["closed"]
    with styled(read_style(file)):
        assert (style("btk").colour, style("btk").width) == ("#aa0000", 6.0)
        assert BASEMAP["land"] == "#ffffff"
        assert style("kars-gyumri", status="closed").dash == (1.0, 1.0)
    assert (style("btk"), BASEMAP["land"], DASHES["closed"]) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[colours]\n", "no table 'colours'; known: systems, modes"),
        ("systems = 1\n", "systems is no table"),
        ('[basemap]\nland = "red"\n', "basemap.land is 'red'; write a colour as '#rrggbb'"),
        ('[basemap]\nmoon = "#ffffff"\n', "basemap.moon: no such entry; known: sea, land"),
        ("[systems.btk]\nwidth = -1\n", "systems.btk.width is '-1'; write a number from 0 to 30"),
        ("[systems.btk]\nwide = 1\n", "systems.btk: unknown key 'wide'"),
        ("[dashes]\nclosed = [1]\n", "dashes.closed is '\\[1\\]'; write strokes and gaps"),
        ("[dashes]\nclosed = [0, 0]\n", "must have a length"),
    ],
)
def test_a_style_file_that_is_wrong_says_where(tmp_path, text, said):
    file = tmp_path / "look.toml"
    file.write_text(text)
    with pytest.raises(SchemaError, match=said):
        read_style(file)


def test_a_style_file_that_is_missing_is_told(tmp_path):
    with pytest.raises(FileFormatError):
        read_style(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--extent", "43,38", "--out", "x.png"], "write four degrees with commas"),
        (["--extent", "43,42,49,38", "--out", "x.png"], "its south must lie below its north"),
        (["--extent", "43,38,543,42", "--out", "x.png"], "lie from -180 to 180"),
        (["--dpi", "3", "--out", "x.png"], "give 50 to 1200"),
        (["--dpi", "100", "--out", "x.pdf"], "--dpi is for .png"),
        (["--text", "outlines", "--out", "x.png"], "--text is for .svg"),
        (["--font", "Nosuch", "--out", "x.html"], "--font is for figures"),
        (["--panels", "--out", "x.html"], "--panels is for figures"),
        (["--panels", "--out", "x.png"], "1 panels; give 2 to 12"),
        (["--panels", "soon", "--out", "x.png"], "the date 'soon' is not one"),
    ],
)
def test_looks_that_cannot_be_are_refused_in_one_line(options, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["map", "btk", *options]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert said in told
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_takes_extent_dots_style_and_no_title(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.toml").write_text('[systems.btk]\ncolour = "#12ab34"\n')
    command = ["map", "btk", "--title", "", "--extent", "42,40,46,42", "--style", "s.toml"]
    assert main([*command, "--width", "85", "--dpi", "72", "--out", "a.png"]) == 0
    with Image.open("a.png") as picture:
        assert abs(picture.width - 85 / 25.4 * 72) <= 1
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 24)}
    assert (0x12, 0xAB, 0x34) in colours


@pytest.mark.parametrize(
    ("key", "seas"),
    [("pipelines", {"Black Sea", "Caspian Sea", "Mediterranean Sea"}),
     ("middle-corridor", {"Black Sea", "Caspian Sea"})],
)  # fmt: skip
def test_seas_that_straits_join_are_named_each_in_its_own_water(key, seas):
    figure = drawn(key)
    named = {text: label for text, label in labels(figure, "water").items() if "Sea" in text}
    assert set(named) == seas
    land = shapely.union_all([f.geometry for f in layer("land")])
    for text, label in named.items():
        box = lonlat_box(figure, label)
        assert land.intersection(box).area < 0.1 * box.area, text
    assert (
        named["Black Sea"].get_position()[1] > labels(figure, "place")["Ankara"].get_position()[1]
    )


@pytest.mark.parametrize(("key", "width"), [("pipelines", "85"), ("systems", "180")])
def test_a_dot_lies_where_the_place_is_that_its_name_names(key, width):
    """Batumi is no end of a border that begins in Sarpi, nor Adana one of a line to Ceyhan."""
    figure = drawn(key, width)
    where: dict[str, list[tuple[float, float]]] = {}
    for place in (*towns().values(), *places().values()):
        where.setdefault(short(place.name), []).append((place.lon, place.lat))
    dots = [
        (name.get_text(), dot)
        for axes in figure.axes
        for name, dot in pairwise(
            [a for a in axes.get_children() if a.get_label() == "place" or is_dot(a)]
        )
        if name.get_label() == "place"
    ]
    assert len(dots) > 8
    for text, dot in dots:
        ((lon, lat),) = np.column_stack(figure.extent.lonlat(*dot.get_data()))
        near = [EARTH.Inverse(lat, lon, y, x)["s12"] for n in text.split(" / ")
                for x, y in where.get(n, where.get(text, ()))]  # fmt: skip
        assert min(near) < 5_000, text


def is_dot(artist):
    return isinstance(artist, Line2D) and artist.get_marker() == "o"


@pytest.mark.parametrize("width", ["85", "180"])
@pytest.mark.parametrize(
    ("key", "code", "at"),
    [("kars-line", "AZ", (44.86, 39.72)), ("middle-corridor", "IQ", (42.9, 36.9))],
)
def test_a_corner_of_a_country_has_its_tint_though_a_gate_lies_on_its_border(key, code, at, width):
    """In the first lies Sadarak, which Natural Earth has in Nakhchivan, in the second Dohuk."""
    figure = drawn(key, width)
    axes = next(axes for axes in figure.axes if axes.get_label() == "map")
    point = np.ravel(figure.extent.at(*at))
    tints = [
        artist
        for artist in axes.collections
        if any(matplotlib.colors.to_hex(colour) == TINTS[code] for colour in artist.get_facecolor())
        and any(path.contains_point(point) for path in artist.get_paths())
    ]
    assert tints


@pytest.mark.parametrize("key", ["sister-cities", "csto"])
def test_what_reaches_beyond_the_margin_lies_on_land_and_seas_to_the_edges_of_the_base_map(key):
    """Astana, the Altai and the Gulf of Iskenderun lie on the base map, not on grey."""
    figure = static(context_system(key))
    stream = io.BytesIO()
    figure.savefig(stream, dpi=100)
    pixels = np.asarray(Image.open(stream).convert("RGB"))
    axes = next(axes for axes in figure.axes if axes.get_label() == "map")
    void = matplotlib.colors.to_rgb(BASEMAP["void"])
    # Two in Kazakhstan and one in Russia; in the Caspian Sea off Rasht and off Cyprus.
    for lon, lat in ((71.6, 50.6), (67.5, 48.0), (52.0, 53.0), (50.5, 38.3), (34.9, 36.0)):
        x, y = axes.transData.transform(np.ravel(figure.extent.at(lon, lat)))
        scale = 100 / figure.dpi
        if not figure.extent.outline.contains(shapely.Point(lon, lat)):
            continue
        shown = pixels[int(pixels.shape[0] - y * scale), int(x * scale)]
        assert np.abs(shown / 255 - void).max() > 0.012, (lon, lat)


@pytest.mark.parametrize("key", ["btc", "kgz-uzb"])
def test_a_map_within_the_margin_or_of_a_small_land_shows_no_coarse_land_far_away(key):
    thing = context_system(key) if key == "kgz-uzb" else system(key)
    extent = static(thing).extent
    assert base_bounds(extent) == MARGIN_BOUNDS


def test_the_port_at_which_a_route_begins_is_named_on_the_smallest_page():
    assert "Aktau" in labels(drawn("middle-corridor", "85"), "place")


def test_a_town_of_note_beside_a_strip_is_named_before_its_villages():
    assert "Lachin / Berdzor" in labels(static(system("lachin-2022")), "place")


@pytest.mark.parametrize("key", ["kars-igdir-dilucu", "middle-corridor"])
def test_no_nameless_river_is_drawn_that_breaks_off(key):
    """GSHHG ends the outflow of Balık Lake, near Ağrı, in the plain of Doğubayazıt."""
    extent = drawn(key).extent
    shown = {f.properties["id"]: f.geometry for f in drawn_rivers(extent)}
    balik_outflow = shapely.Point(44.133, 39.624)
    assert min(river.distance(balik_outflow) for river in shown.values()) > 0.1
    ends = [f.geometry.boundary for f in layer("land")]
    ends += [f.geometry for f in layer("lakes") if f.properties["area_km2"] >= 100]
    ends.append(shapely.box(*BASEMAP_BOUNDS).exterior)
    rivers = {f.properties["id"]: f.geometry for f in layer("rivers")}
    nameless = [name for name in shown if name.startswith("river-")]
    assert nameless
    for name in nameless:
        others = [river for other, river in rivers.items() if other != name]
        assert any(rivers[name].distance(end) < 0.02 for end in (*ends, *others)), name


@pytest.mark.parametrize("width", ["85", "180"])
@pytest.mark.parametrize("key", ["lachin", "baku-ways", "kars-igdir-dilucu", "kars-line"])
def test_no_name_touches_a_route_and_no_leader_crosses_one(key, width):
    figure = drawn(key, width)
    (axes,) = (axes for axes in figure.axes if axes.get_label() == "map")
    dot = figure.dpi / 72
    routes = [
        shapely.LineString(axes.transData.transform(xy)).buffer(
            group.get_linewidth()[0] / 2 * dot, cap_style="flat"
        )
        for group in axes.collections
        # The outlines of strips and the roads around them are thin.
        if group.get_zorder() >= 20 and group.get_linewidth()[0] > 2.0 * figure.page_format.pen
        for xy in group.get_segments()
        if len(xy) > 1
    ]
    tree = shapely.STRtree(routes)
    kinds = ("country", "water", "exit", "place", *(["key"] if key == "kars-line" else []))
    touching = set()
    for text in (text for text in axes.texts if text.get_label() in kinds and text.get_text()):
        inner = shapely.box(*box_of(text).extents).buffer(-0.1 * dot)
        # The box around a turned name is larger than the name.
        if not text.get_rotation() and len(tree.query(inner, predicate="intersects")):
            touching.add(text.get_text())
    # The end of the line is named even where a narrow map has no other room for it.
    assert touching <= ({"Dilucu", "Dilucu / Sadarak gate"} if width == "85" else set())
    leaders = [
        shapely.LineString(axes.transData.transform(line.get_xydata()))
        for line in axes.lines
        if line.get_color() == "#333333" and line.get_marker() == "None"
    ]
    for leader in leaders:
        # The first 3 points lie on the mark of what is named.
        beyond = shapely.ops.substring(leader, min(3 * dot, leader.length), leader.length)
        assert not len(tree.query(beyond, predicate="intersects"))
    assert len(routes) > 1
    assert leaders or key != "kars-line"


@pytest.mark.parametrize("width", ["85", "180", "slide"])
def test_no_name_of_a_place_cuts_the_outline_of_a_strip(width):
    figure = drawn("lachin", width)
    (axes,) = (axes for axes in figure.axes if axes.get_label() == "map")
    dot = figure.dpi / 72
    edges = [
        shapely.LineString(axes.transData.transform(xy))
        for group in axes.collections
        if re.match("map-lachin-20", group.get_gid() or "")
        and hasattr(group, "get_segments")
        and group.get_linewidth()[0] < figure.page_format.pen
        for xy in group.get_segments()
    ]
    assert len(edges) == 2
    names = labels(figure, "place")
    assert {"Shusha / Shushi", "Lachin / Berdzor", "Hakari bridge"} <= set(names)
    cut = {
        name
        for name, text in names.items()
        if any(shapely.box(*box_of(text).extents).buffer(-dot).intersects(e) for e in edges)
    }
    # Of a village there is no more than a name beside it, and where its frame ends.
    assert cut <= {"Sus"}


def test_the_rivers_of_a_small_area_are_drawn_and_say_how_far_off_they_are():
    for width in ("85", "180"):
        figure = drawn("lachin", width)
        shown = {f.properties["id"] for f in drawn_rivers(figure.extent)}
        assert {"hakari", "hakari-border", "hochaz", "karkar"} <= shown
        assert "Hakari" in labels(figure, "water")
        legend = [text.get_text() for text in figure.texts if text.get_label() == "legend"]
        assert "rivers drawn through known places, ±3 km" in " ".join(legend)
        assert "Rivers drawn through known places, ±3 km." in figure.caption
    own = {"az": "Həkəri", "hy": "Հակարի", "ka": "ჰაქარი", "ru": "Акари", "fa": "هکاری"}
    for language, name in own.items():
        assert name in " ".join(labels(drawn("lachin", "180", language), "water")), language


@pytest.mark.parametrize("key", ["annex-iii", "zangezur-tripp", "kars-line"])
def test_rivers_drawn_through_places_are_left_out_of_maps_of_a_wider_area(key):
    shown = {f.properties["id"] for f in drawn_rivers(drawn(key).extent)}
    assert shown.isdisjoint({"hakari", "hakari-border", "hochaz", "karkar", "vorotan"})


def test_states_shown_as_a_dot_at_their_capital_are_named_and_statuses_said_in_the_language():
    figure = static(context_system("guam"), language="tr")
    assert {"Ukrayna", "Moldova", "Özbekistan"} <= set(labels(figure, "country"))
    legend = {text.get_text() for text in figure.texts if text.get_label() == "legend"}
    assert {"GUAM: üye", "GUAM: ayrılmış"} <= legend
    assert {"GUAM: member", "GUAM: left"}.isdisjoint(legend)
