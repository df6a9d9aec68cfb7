"""The page as text: one file, nothing fetched, the same bytes each time."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from shapely import GeometryCollection, LineString, MultiPoint, Point, Polygon

from borders.catalogue import attributions
from corridors.systems import system, systems
from maps.layers import Shape, cited, layers
from maps.page import html, pack
from maps.style import Style
from maps.web import BASE_SOURCES, interactive, save

FETCHING = {"src", "href", "srcset", "action", "data", "poster", "background", "xlink:href"}


class Parts(HTMLParser):
    """Takes a page apart into tags, attributes, scripts and style sheets."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self.styles = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "script":
            self.scripts.append(data)
        if self.tags and self.tags[-1][0] == "style":
            self.styles.append(data)


@pytest.fixture(scope="module")
def text(made):
    return made.text("map.html")


@pytest.fixture(scope="module")
def parts(text):
    return Parts(text)


def decoded(packed, scale):
    """Return what the drawing script makes of the numbers."""
    steps = np.array(packed).reshape(-1, 2)
    return np.cumsum(steps, axis=0) * scale


def test_no_tag_refers_to_another_file(parts):
    assert not [(tag, a) for tag, a in parts.tags if FETCHING & set(a)]
    assert not {"link", "iframe", "object", "embed", "base"} & {tag for tag, _ in parts.tags}


def test_style_sheets_fetch_nothing(parts):
    css = "".join(parts.styles)
    assert "@import" not in css
    # The only address that is no data is Internet Explorer's name for its own drawing engine.
    addresses = [url for url in re.findall(r"url\(([^)]*)\)", css) if url != "#default#VML"]
    assert addresses
    assert all(url.startswith("data:image/png;base64,") for url in addresses)


def test_scripts_hold_no_call_that_fetches(parts):
    code = "".join(parts.scripts)
    calls = (
        r"fetch\(|XMLHttpRequest|importScripts|WebSocket|EventSource|sendBeacon|Worker\(|import\("
    )
    assert not re.search(calls, code)


def test_the_policy_forbids_fetching_and_comes_before_any_script(text, parts):
    policy = next(a["content"] for t, a in parts.tags if a.get("http-equiv", "").startswith("Cont"))
    assert "default-src 'none'" in policy
    assert not re.search(r"https?:|\*|'self'", policy)
    assert text.index("Content-Security-Policy") < text.index("<script")


def test_the_encoding_is_told_within_the_first_kilobyte(text):
    assert b'<meta charset="utf-8">' in text.encode()[:1024]


def test_leaflet_of_the_xstatic_package_is_inline(text):
    from xstatic.pkg import leaflet

    assert leaflet.VERSION == "1.9.3"
    assert "Leaflet 1.9.3" in text
    assert "sourceMappingURL" not in text


def test_the_attributions_of_all_that_is_shown_are_in_the_page(text):
    shown = dict.fromkeys((*cited(layers(systems())), *BASE_SOURCES))
    said = json.loads(re.search(r'"attributions":(\[.*?\])', text)[1])
    assert said == list(attributions(shown))
    for source in ("OpenStreetMap", "GeoNames", "Natural Earth", "GSHHG"):
        assert any(source in one for one in said)


def test_the_report_map_is_smaller_than_four_megabytes(made):
    assert (made.folder / "map.html").stat().st_size < 4_000_000


def test_the_legend_explains_only_the_dashes_that_are_drawn():
    text = html(interactive(system("lachin-2022")))
    said = json.loads(re.search(r'"states":(\[\[.*?\]\])', text)[1])
    assert [words for words, _ in said] == ["in use, or as the text says", "closed or dismantled"]


def test_the_same_things_give_the_same_bytes_in_two_processes(python):
    code = (
        "import hashlib, sys; from corridors.systems import system; from maps.page import html;"
        "from maps.web import interactive;"
        "page = interactive(system('lachin-2020'), system('kars-1921'), title='T');"
        "sys.stdout.write(hashlib.sha256(html(page).encode()).hexdigest())"
    )
    first, second = (python("-c", code, PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first.stderr == second.stderr == ""
    assert first.stdout == second.stdout


def test_rendering_a_page_twice_gives_the_same_text():
    page = interactive(system("btk"))
    assert html(page) == html(page)


def test_text_that_looks_like_an_id_of_folium_stays_as_it_is():
    name = "map_0123456789abcdef0123456789abcdef"
    table = gpd.GeoDataFrame({"name": [name]}, geometry=[Point(45, 40)], crs=4326)
    assert name in html(interactive(table))


@pytest.mark.parametrize("ending", ["</script>", "<!--", "\u2028", "\u2029"])
def test_no_text_can_end_a_script(ending):
    name = f"before{ending}after"
    table = gpd.GeoDataFrame({"name": [name]}, geometry=[Point(45, 40)], crs=4326)
    plain, hostile = html(interactive(table.assign(name="x"))), html(interactive(table))
    assert hostile.count(ending) == plain.count(ending)


def test_packed_coordinates_lie_within_a_metre_of_the_true_ones():
    line = system("kars-1921").geometry
    packed = pack([Shape(geometry=line, style=Style(colour="#000000"), title="")])
    drawn = LineString(decoded(packed["shapes"][0]["g"][0], packed["scale"]))
    away = shapely.hausdorff_distance(line, drawn)
    # A degree is nowhere longer than on the equator.
    assert away * Geodesic.WGS84.Inverse(0, 0, 0, 1)["s12"] < 1.0


def test_every_kind_of_geometry_can_be_packed():
    hole = Polygon(shapely.box(44, 39, 46, 41).exterior, [shapely.box(44.5, 39.5, 45, 40).exterior])
    mixed = GeometryCollection([Point(45, 40), GeometryCollection([hole, LineString()])])
    shapes = [MultiPoint([(45, 40), (46, 40)]), hole, mixed, LineString([(45, 40, 9), (46, 40, 9)])]
    made = [Shape(geometry=g, style=Style(colour="#000000"), title="") for g in shapes]
    packed = pack(made)["shapes"]
    assert [one["t"] for one in packed] == ["P", "A", "P", "A", "L"]
    assert len(packed[1]["g"][0]) == 2


def test_styles_and_texts_are_said_once():
    black, rows = Style(colour="#000000"), (("a", "b"),)
    packed = pack([Shape(geometry=Point(45, 40), style=black, title="t", rows=rows)] * 5)
    assert (len(packed["styles"]), packed["texts"], packed["rows"]) == (1, ["t"], [("a", "b")])


def test_a_day_stands_in_the_subtitle():
    assert "As of 2022-08-29." in html(interactive(system("lachin-2020"), on="2022-08-29"))


def test_an_empty_map_shows_the_region():
    assert '"bounds":[[38,40],[42,50]]' in html(interactive())


def test_a_failed_write_leaves_the_map_of_before(tmp_path, monkeypatch):
    target = tmp_path / "map.html"
    target.write_text("before")

    def broken(page):
        raise RuntimeError

    monkeypatch.setattr("maps.web.html", broken)
    with pytest.raises(RuntimeError):
        save(interactive(), target)
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
    assert target.read_text() == "before"
