"""Names, titles and sources that try to be something else stay text in figures and captions."""

from __future__ import annotations

import io
import json
import unicodedata
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pytest
from markdown_it import MarkdownIt
from shapely import LineString, Point

from borders.dates import Status
from borders.measure import Measure
from corridors.analysis.verdicts import Verdict
from corridors.context.published_figures import PublishedFigure
from corridors.scenarios.scenario import read_scenario
from maps import claims_chart, lengths_chart, save_figure, static, timeline_chart
from maps.print.caption import signed
from maps.tables.markdown import cell, code, table

LONG = "x" * 10_000
HOSTILE = [
"<script>alert(1)</script>", "</svg><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", '" onload="alert(1)', "' onclick='alert(1)",
    "]]><script>1</script>", "<!-- ", "--><b>", "&lt;b>", "&#60;script&#62;",
    "<a href='javascript:1'>x</a>", "<?xml version='1.0'?>", "<!DOCTYPE x>", "$x$", "$\\frac{1}{",
    "$$", "\\$", "$", "\\textbf{x}", "\\input{/etc/passwd}", "x_{1}^{2}", "\\\\", "{0}", "{}",
    "{{x}}", "{%x%}", "%s %(x)s", "${x}", "#{x}", "`id`", "$(id)", "; rm -rf /", "# x", "## x",
    "> x", "- x", "* x", "+ x", "1. x", "1) x", "---", "===", "***", "```", "~~~", "**x**",
    "__x__", "_x_", "*x*", "~~x~~", "[x](http://x)", "![x](http://x)", "[x]: http://x", "[^1]",
    "|a|b|", "a | b", "    x", "\tx", "a\nb", "a\r\n\r\n# b", "a\u2028b", "a\u0085b",
    "\u202egnp.exe", "\u2066x\u2069", "\u200fx", "a\u200bb", "a\u00adb", "\ufeffx", "a\x00b",
    "\x1b[31m", "a\x0bb", "\ud800", "\U0001f4a3", "e" + "\u0301" * 50, "\u0627\u0644\u0644\u0647",
    "京都", "../../x", "C:\\x", "con", "nan", "None", "", " ", LONG, "long " * 2000,
]  # fmt: skip
MARKUP = {"html_block", "html_inline", "heading_open", "link_open", "image", "code_inline",
          "code_block", "fence", "hr", "blockquote_open", "em_open", "strong_open", "s_open",
          "hardbreak", "ordered_list_open", "bullet_list_open"}  # fmt: skip
# The dialect of most sites: tables and strikethrough.
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tokens(text):
    found = []
    for token in READER.parse(text):
        found += [token, *(token.children or ())]
    return found


def markup(text):
    """Return which markup a Markdown text turns into, with how often."""
    kinds = [token.type for token in tokens(text) if token.type in MARKUP]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def visible(text):
    """Return what a reader sees of a text: one line, without what does not show."""
    line = " ".join(text.encode("utf-8", "replace").decode().split())
    return "".join(
        c for c in line if c in "\u200c\u200d" or unicodedata.category(c) not in ("Cc", "Cf")
    )


def test_the_corpus_is_large():
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_in_a_line_is_read_back_as_it_was_and_is_no_markup(text):
    for written in (cell(text), f"- {cell(text)}."):
        plain = "".join(t.content for t in tokens(written) if t.type in ("text", "text_special"))
        tail = "." if written.startswith("- ") else ""
        assert plain.strip() == visible(text) + tail
        assert set(markup(written)) <= {"bullet_list_open"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_in_a_table_is_one_cell(text):
    found = tokens("\n".join(table(("a", "b"), [(text, "c"), ("d", text)])))
    assert [t.type for t in found].count("td_open") == 4
    assert not MARKUP & {t.type for t in found}
    cells = [t.content for t in found if t.type == "inline"]
    assert cells[3] == "c"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_command_is_one_span_of_code(text):
    found = tokens(f"Made with {code(text)}.")
    if visible(text).strip("`"):
        assert [t.type for t in found].count("code_inline") == 1
    assert not (MARKUP - {"code_inline"}) & {t.type for t in found}


def frame(text, n):
    # As objects: texts that pandas keeps in Arrow cannot hold half a letter.
    texts = {"id": [text, text], "name": [text, text], "source": [text, "geonames"]}
    rows = pd.DataFrame(texts, dtype=object)
    shapes = [Point(44 + n * 0.1, 39), LineString([(44, 40 + n * 0.1), (45, 40 + n * 0.1)])]
    found = gpd.GeoDataFrame(rows, geometry=shapes, crs=4326)
    found.attrs["name"] = text
    return found


def written(figure):
    return [text.get_text() for text in figure.findobj(lambda one: hasattr(one, "get_text"))]


def check(figure, tmp_path):
    """Draw a figure in every form; nothing in it may be more than text."""
    for form in ("png", "svg", "pdf"):
        save_figure(figure, tmp_path / f"x.{form}")
    svg = (tmp_path / "x.svg").read_bytes()
    names = {element.tag.rsplit("}", 1)[-1] for element in ET.fromstring(svg).iter()}
    assert not names & {"script", "a", "image", "foreignObject"}
    attributes = {name for element in ET.fromstring(svg).iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on")]
    for text in written(figure):
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text.replace("\n", ""))
        assert not set(text) & set("\u202e\u2066\u2069\u200f\u200b")
    assert all(word.get_parse_math() is False for word in figure.texts)


@pytest.mark.parametrize("part", range(4))
def test_names_of_things_stay_text(part, tmp_path):
    texts = HOSTILE[part::4]
    calm = markup(static(*(frame("calm", n) for n in range(len(texts))), title="calm").caption)
    figure = static(*(frame(text, n) for n, text in enumerate(texts)), title=texts[0])
    check(figure, tmp_path)
    assert markup(figure.caption) == calm


@pytest.fixture(scope="module")
def calm_map():
    return markup(static(bounds=(44, 39, 45, 40), title="calm", width="85").caption)


@pytest.mark.parametrize("text", [t for t in HOSTILE if len(t) > 1][::5])
def test_titles_stay_text_and_keep_to_the_page(text, calm_map):
    figure = static(bounds=(44, 39, 45, 40), title=text, width="85")
    stream = io.BytesIO()
    figure.savefig(stream, format="svg")
    assert b"<script" not in stream.getvalue()
    for word in figure.texts:
        assert word.get_window_extent().x1 <= figure.bbox.x1
    assert markup(figure.caption) == calm_map


def hostile_charts(text):
    row = {"from": text, "to": text, "scenario": "status-quo", "km": 800.0, "low_km": 790.0,
           "high_km": 810.0, "delta_km": 1.0, "unbuilt_km": 3.0, "reason": text}  # fmt: skip
    given = dict.fromkeys(("id", "system", "state", "note"), text)
    said = PublishedFigure(item=text, value=103.0, unit="km", year="", quantity="length", use="",
                  definition="same", source=text, **given)  # fmt: skip
    ours = Measure(value=100_000.0, sigma=2_000.0, basis="reach")
    judged = [Verdict(figure=said, ours=ours, verdict="consistent", reason=text)]
    status = Status(status=text, valid_from=None, valid_to=None, source=text, state=text)
    thing = SimpleNamespace(id=text, name=text, names={}, statuses=(status,))
    return [
        lengths_chart([row], title=text, sources=[text]),
        claims_chart(judged, title=text),
        timeline_chart([thing], title=text),
    ]


@pytest.fixture(scope="module")
def calm_charts():
    """Return the markup of the captions of charts whose texts are only texts."""
    return [markup(chart.caption) for chart in hostile_charts("calm")]


@pytest.mark.parametrize("text", HOSTILE[::9])
def test_charts_keep_texts_as_texts(text, calm_charts, tmp_path):
    for chart, kinds in zip(hostile_charts(text), calm_charts, strict=True):
        check(chart, tmp_path)
        assert markup(chart.caption) == kinds


def test_a_scenario_with_a_hostile_name_is_drawn_as_text(tmp_path):
    from corridors.routing.find import route
    from maps.layers.routes import route_layers

    file = tmp_path / "s.toml"
    name = "# **$x$** <script>\u202e"
    file.write_text(f'id = "s"\nname = {json.dumps(name)}\nincludes = ["status-quo"]\n', "utf-8")
    ways = [route("Kars", "Baku", scenario=read_scenario(str(file)))]
    figure = static(*route_layers(ways, "en"), title=name)
    check(figure, tmp_path)
    assert any("# **$x$** <script>" in text for text in written(figure))
    assert "html_inline" not in markup(figure.caption)


def test_a_file_with_a_hostile_name_is_drawn_and_its_command_is_code(araxes, tmp_path):
    file = tmp_path / "`x` $y$ # <b> # z.geojson"
    shape = {"type": "Point", "coordinates": [44.0, 40.0]}
    feature = {"type": "Feature", "geometry": shape, "properties": {"name": LONG}}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    target = tmp_path / "out.png"
    told = araxes("map", file, "--title", "a\n\n# b", "--out", target)
    assert told.code == 0, told.err
    caption = target.with_suffix(".caption.md").read_text("utf-8")
    assert not {"heading_open", "html_inline", "html_block"} & set(markup(caption))


def test_a_command_cannot_leave_its_span():
    assert set(markup(signed("x", "a` <b> \n\n# c"))) == {"code_inline"}


def test_the_check_of_markup_can_fail():
    assert markup("# a") == {"heading_open": 1}
    assert markup("a <b>") == {"html_inline": 1}
    assert all(markup(text) for text in ("*a*", "[a](b)", "> a", "- a"))
