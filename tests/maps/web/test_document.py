"""The page as text: one file, nothing fetched, the same bytes each time."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from html.parser import HTMLParser

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import unpacked
from geographiclib.geodesic import Geodesic
from hypothesis import given, strategies as st
from matplotlib.text import Text
from shapely import GeometryCollection, LineString, MultiPoint, Point, Polygon, linestrings

from borders import __version__
from borders.errors import AraxesError, GeometryError
from borders.files.catalogue import attributions, source, sources
from borders.gazetteer.places import LANGUAGES
from corridors.analysis.compare import compare
from corridors.model.registry import system, systems
from maps.i18n import words
from maps.layers.build import layers
from maps.layers.model import cited
from maps.print.caption import signed
from maps.print.figure import static
from maps.web.basemap import BASE_SOURCES
from maps.web.comparison import RouteComparison
from maps.web.document import html
from maps.web.interactive import interactive, save
from maps.web.packing import pack, varints
from maps.web.tiles import background

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


def test_no_tag_refers_to_another_file(parts):
    # A link within the page fetches nothing.
    tags = [(tag, a) for tag, a in parts.tags if not a.get("href", "").startswith("#")]
    assert not [(tag, a) for tag, a in tags if FETCHING & set(a)]
    assert not {"link", "iframe", "object", "embed", "base"} & {tag for tag, _ in parts.tags}


def test_style_sheets_fetch_nothing(parts):
    css = "".join(parts.styles)
    assert "@import" not in css
    # The only address that is no data is Internet Explorer's name for its own drawing engine.
    addresses = [url for url in re.findall(r"url\(([^)]*)\)", css) if url != "#default#VML"]
    assert addresses
    held = ("data:image/png;base64,", "data:font/woff2;base64,")
    assert all(url.startswith(held) for url in addresses)


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


def test_only_the_scripts_that_the_page_was_written_with_may_run(text, parts):
    policy = next(a["content"] for t, a in parts.tags if a.get("http-equiv", "").startswith("Cont"))
    allowed = re.search(r"script-src ([^;]*);", policy)[1].split()
    run = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in run]
    assert allowed == [f"'sha256-{one}'" for one in hashes]
    assert "unsafe" not in " ".join(allowed)


def test_the_encoding_is_told_within_the_first_kilobyte(text):
    assert b'<meta charset="utf-8">' in text.encode()[:1024]


def test_leaflet_of_the_xstatic_package_is_inline(text):
    from xstatic.pkg import leaflet

    assert leaflet.VERSION == "1.9.3"
    assert "Leaflet 1.9.3" in text
    assert "sourceMappingURL" not in text


def test_the_attributions_of_all_that_is_shown_are_in_the_page(text):
    shown = dict.fromkeys((*cited(layers(systems())), *BASE_SOURCES))
    said = unpacked.facts(text)["page"]["attributions"]
    assert set(attributions(shown)) <= set(said)
    for name in ("OpenStreetMap", "GeoNames", "Natural Earth", "GSHHG"):
        assert any(name in one for one in said)


@pytest.mark.parametrize(("lon", "lat", "near"), [(14.4, 35.9, False), (46.3, 40.7, True)])
def test_a_page_credits_the_base_map_and_the_gazetteer_only_where_it_has_them(lon, lat, near):
    walk = LineString([(lon, lat), (lon + 0.1, lat + 0.05)])
    table = gpd.GeoDataFrame({"name": ["walk"]}, geometry=[walk], crs=4326)
    page = html(interactive(table))
    facts = unpacked.facts(page)
    said = " ".join(facts["page"]["attributions"])
    for name in ("OpenStreetMap", "GeoNames", "Natural Earth", "GSHHG"):
        assert (name in said) is near
    assert bool(facts["places"]) is near
    assert ("land" in {layer["id"] for layer in facts["layers"]}) is near


def test_sources_version_and_command_can_be_read_without_a_script(text):
    plain = re.sub(r"<script.*?</script>|<style.*?</style>", "", text, flags=re.DOTALL)
    said = unescape(plain)
    for one in systems():
        for key in one.sources:
            citation = source(key).citation if key in sources() else key
            assert citation in said, key
    assert f"araxes {__version__}: araxes report" in said


def test_the_report_map_with_its_letters_is_smaller_than_a_megabyte_and_a_half(made):
    assert (made.folder / "map.html").stat().st_size < 1_500_000


def test_the_legend_explains_only_the_dashes_that_are_drawn():
    told = unpacked.facts(html(interactive(system("lachin-2022"))))
    said = [words for words, _ in told["page"]["states"]]
    assert ["ui-solid"] in said
    # Both are out of use, and share a dash.
    assert ["closed", "blocked"] in said
    assert not any("dismantled" in words for words in said)
    assert not any("planned" in words for words in said)


def test_the_same_things_give_the_same_bytes_in_another_process(python):
    code = (
        "import hashlib, sys; from corridors import system; from maps import interactive;"
        "from maps.web.document import html;"
        "page = interactive(system('lachin-2020'), system('kars-1921'), title='T');"
        "sys.stdout.write(hashlib.sha256(html(page).encode()).hexdigest())"
    )
    there = python("-c", code, PYTHONHASHSEED="1")
    here = html(interactive(system("lachin-2020"), system("kars-1921"), title="T"))
    assert there.stderr == ""
    assert there.stdout == hashlib.sha256(here.encode()).hexdigest()


def test_rendering_a_page_twice_gives_the_same_text():
    page = interactive(system("btk"))
    assert html(page) == html(page)


@pytest.mark.parametrize(
    "name",
    ["map_0123456789abcdef0123456789abcdef", "</script>", "<!--", "\u2028", "{{ 7*7 }}", "\ud800"],
)
def test_a_text_reaches_the_page_letter_by_letter_and_only_packed(name):
    # As objects: texts that pandas keeps in Arrow cannot hold half a letter.
    names = pd.DataFrame({"name": [name]}, dtype=object)
    table = gpd.GeoDataFrame(names, geometry=[Point(45, 40)], crs=4326)
    hostile, plain = html(interactive(table)), html(interactive(table.assign(name="x")))
    shown = name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert shown in unpacked.facts(hostile)["texts"]
    assert hostile.count(name[:9]) == plain.count(name[:9])


@pytest.mark.parametrize("sign", ["\u202e", "\u202b", "\u2067", "\u202d"])
def test_no_name_turns_the_words_after_it_around(sign):
    open_, closed = f"{sign}abc", f"{sign}def" + ("\u2069" if sign == "\u2067" else "\u202c")
    tables = [gpd.GeoDataFrame(geometry=[Point(45, 40)], crs=4326) for _ in range(2)]
    for table, name in zip(tables, (open_, closed), strict=True):
        table.attrs["name"] = name
    page = interactive(*tables, title=f"{sign}title")
    page.command = f"araxes map {sign}x"
    text = html(page)
    assert "<title>title</title>" in text
    assert '<li dir="auto">abc</li>' in text
    assert f'<li dir="auto">{closed}</li>' in text
    # A table is its own source, so that its name stands with the credits, too; none is left open.
    assert text.count(sign) == text.count(closed) == text.count(f">{closed}</") == 2
    figure = static(*tables, title=f"{sign}title")
    assert sign not in signed(figure.caption, page.command)
    assert not any(sign in one.get_text() for one in figure.findobj(Text))


def test_packed_coordinates_lie_within_a_metre_of_the_true_ones():
    line = system("zangezur-tripp").centreline
    (drawn,) = unpacked.lines(html(interactive(system("zangezur-tripp"))), "zangezur-tripp")
    away = shapely.hausdorff_distance(line, drawn)
    # A degree is nowhere longer than on the equator.
    assert away * Geodesic.WGS84.Inverse(0, 0, 0, 1)["s12"] < 1.0


def test_every_kind_of_geometry_can_be_packed():
    hole = Polygon(shapely.box(44, 39, 46, 41).exterior, [shapely.box(44.5, 39.5, 45, 40).exterior])
    mixed = GeometryCollection([Point(45, 40), GeometryCollection([hole, LineString()])])
    shapes = [MultiPoint([(45, 40), (46, 40)]), hole, mixed, LineString([(45, 40, 9), (46, 40, 9)])]
    table = gpd.GeoDataFrame({"name": list("abcd")}, geometry=shapes, crs=4326)
    found = unpacked.geometries(html(interactive(table)))["table-1"]
    kinds = [(kind, who) for kind, who, _ in found]
    assert kinds == [
        ("area", 1), ("area", 1), ("area", 2), ("area", 2), ("line", 3),
        ("point", 0), ("point", 0), ("point", 2),
    ]  # fmt: skip
    assert found[4][2] == [pytest.approx((45.0, 40.0)), pytest.approx((46.0, 40.0))]


@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(-18_000_000, 18_000_000), st.integers(-9_000_000, 9_000_000)),
            min_size=2, max_size=8,
        ),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_lines_come_back_as_they_went_in(told):
    lines = [LineString([(x / 1e5, y / 1e5) for x, y in line]) for line in told]
    packed, counts = pack(lines)
    stream = unpacked.numbers(varints(packed))
    assert stream == packed.tolist()
    kept = [[p for n, p in enumerate(line) if n == 0 or p != line[n - 1]] for line in told]
    assert list(unpacked.parts(iter(stream), counts)) == [
        ("line", n, line) for n, line in enumerate(kept)
    ]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_coordinates_that_are_no_numbers_are_refused(bad):
    with np.errstate(invalid="ignore"):
        line = LineString([(45, 40), (bad, 41)])
    with pytest.raises(GeometryError, match="finite"):
        pack([line])


# How the scripts name words: the whole id, or its beginning and then a value of the data.
NAMED = re.compile(r"\b(?:word|filled)\((?:[^()\"`]*\? *)?(?:\"([^\"]+)\"|`([a-z]+-)\$\{)")


@pytest.mark.parametrize("asking", [False, True])
def test_a_page_has_every_word_that_its_scripts_name(asking):
    ways = RouteComparison(compared=compare([("kars", "baku")])) if asking else None
    line = LineString([(44, 40), (45, 40)])
    table = gpd.GeoDataFrame({"name": ["line"]}, geometry=[line], crs=4326)
    text = html(interactive(table, ways=ways))
    (code,) = [script for script in Parts(text).scripts if "araxes.model = " in script]
    told = set(unpacked.facts(text)["words"])
    whole, begun = (set(filter(None, column)) for column in zip(*NAMED.findall(code), strict=True))
    assert len(whole) > 50
    assert whole - told == set()
    for beginning in begun:
        every = {key for key in words() if key.startswith(beginning)}
        assert every, beginning
        assert every <= told


def test_a_page_has_the_words_of_its_data_and_not_those_of_others():
    dated = gpd.GeoDataFrame(
        {"name": ["line"], "status": ["dismantled"], "valid_from": ["1990-01-01"]},
        geometry=[LineString([(44, 40), (45, 40)])], crs=4326,
    )  # fmt: skip
    border = unpacked.facts(html(interactive(system("moscow-1921"))))["words"]
    table = unpacked.facts(html(interactive(dated)))["words"]
    for leg in system("moscow-1921").legs:
        assert f"rule-{leg.rule}" in border
    assert {"Leg", "Words"} <= set(border)
    assert "dismantled" in table
    assert not [key for key in table if key.startswith(("rule-", "basis-", "ask-", "caption-"))]


def test_ten_thousand_lines_are_a_page_of_at_most_1700_kilobytes(tmp_path):
    rng = np.random.default_rng(1)
    walks = np.cumsum(rng.normal(0, 0.01, (10_000, 20, 2)), axis=1)
    names = [f"Line {n}" for n in range(10_000)]
    table = gpd.GeoDataFrame(
        {"name": names}, geometry=list(linestrings(walks + np.array([45, 40]))), crs=4326
    )
    save(interactive(table), tmp_path / "many.html")
    assert (tmp_path / "many.html").stat().st_size < 1.7e6


def test_styles_texts_and_rows_are_said_once():
    table = gpd.GeoDataFrame(
        {"name": ["t"] * 50, "note": ["n"] * 50}, geometry=[Point(45, 40)] * 50, crs=4326
    )
    told = unpacked.facts(html(interactive(table)))
    layer = told["layers"][0]
    assert told["texts"].count("t") == 1
    assert isinstance(layer["s"], int)
    assert isinstance(layer["t"], int)


def test_the_day_of_a_page_is_told():
    told = unpacked.facts(html(interactive(system("lachin-2020"), on="2022-08-29")))
    assert told["page"]["on"] == "2022-08-29"


def test_an_empty_map_shows_the_region():
    told = unpacked.facts(html(interactive()))
    assert told["page"]["bounds"] == [[38, 40], [42, 50]]


def test_a_notebook_shows_the_page_in_a_frame():
    shown = interactive(system("btk"), title='"quoted" <b>')._repr_html_()
    frame = re.fullmatch(r'<iframe srcdoc="([^"]*)"[^>]*></iframe>', shown)
    assert unescape(frame[1]) == html(interactive(system("btk"), title='"quoted" <b>'))


def test_a_title_that_lacks_a_language_has_the_english_one_or_else_the_first():
    def titles(title, language="en"):
        page = interactive(title=title, language=language)
        return page.title, unpacked.facts(html(page))["page"]["titles"]

    assert titles({"tr": "BTK"}) == ("BTK", dict.fromkeys(LANGUAGES, "BTK"))
    title, every = titles({"ka": "ბთყ", "en": "BTK"}, "az")
    assert (title, every["ru"], every["ka"]) == ("BTK", "BTK", "ბთყ")


def test_ways_are_told_with_the_links_that_the_network_draws():
    rows = compare([("kars", "baku"), ("nakhchivan", "baku")], ["status-quo", "tripp-open"])
    told = unpacked.facts(html(interactive(ways=RouteComparison(compared=rows))))
    drawn = {key for layer in told["layers"] if isinstance(layer["k"], list) for key in layer["k"]}
    assert [one["id"] for one in told["scenarios"]] == ["status-quo", "tripp-open"]
    # Each pair by road and by rail.
    assert len(told["ways"]) == len(rows) == 8
    assert len(told["pairs"]) == len(told["terms"]) == 4
    for way, row in zip(told["ways"], rows, strict=True):
        assert set(told["terms"][way["pair"]]["modes"]) <= set(row.mode_set)
        assert way["starred"] == (row.best and row.way is not None)
        if row.way is None:
            assert way["links"] is None
            continue
        assert set(way["links"]) <= drawn
        assert way["links"] == [s.link.id for s in row.way.steps if s.link.xy]
        length = row.way.length
        assert way["km"] == [round(x) for x in (length.value, length.low, length.high)]


def test_a_link_says_what_a_scenario_makes_of_it():
    rows = compare([("nakhchivan", "baku")], ["status-quo", "tripp-open"])
    told = unpacked.facts(html(interactive(ways=RouteComparison(compared=rows))))
    opened = [
        told["unders"][u]["tripp-open"]
        for layer in told["layers"]
        if layer["id"] == "network-rail"
        for u in layer["u"]
        if u >= 0
    ]
    assert ["planned", True] in opened


def test_more_than_a_page_can_hold_is_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr("maps.web.interactive.MAX_MB", 0.1)
    with pytest.raises(GeometryError, match=r"MB.*--tolerance 50.*export"):
        interactive(system("kars-1921"))


def test_tiles_are_asked_for_only_on_demand_and_only_from_their_host():
    page = interactive(system("btk"))
    assert "tile.openstreetmap.org" not in html(page)
    background(page, "osm")
    text = html(page)
    assert "img-src data: https://tile.openstreetmap.org;" in text
    assert "https://tile.openstreetmap.org/{z}/{x}/{y}.png" in text
    assert "© OpenStreetMap contributors" in text


@pytest.mark.parametrize(
    "template",
    [
        "ftp://tiles.example/{z}/{x}/{y}", "https://tiles.example/", "javascript:alert({z}{x}{y})",
        "https://a b/{z}/{x}/{y}", "https://x;script-src */{z}/{x}/{y}", "{z}/{x}/{y}",
    ],
)  # fmt: skip
def test_a_template_that_is_none_is_refused(template):
    with pytest.raises(AraxesError, match="--tiles"):
        background(interactive(), template)


def test_a_failed_write_leaves_the_map_of_before(tmp_path, monkeypatch):
    target = tmp_path / "map.html"
    target.write_text("before")

    def broken(page):
        raise RuntimeError

    monkeypatch.setattr("maps.web.interactive.html", broken)
    with pytest.raises(RuntimeError):
        save(interactive(), target)
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
    assert target.read_text() == "before"
