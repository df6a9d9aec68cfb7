"""Captions: complete, true to the figure, and harmless as Markdown."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

import geopandas as gpd
import pytest
from shapely import Point

from borders import __version__
from borders.files.catalogue import sources
from borders.gazetteer.places import LANGUAGES
from corridors.model.registry import system, systems
from corridors.routing.find import route
from corridors.scenarios.scenario import read_scenario
from corridors.scenarios.terms import Terms
from maps.i18n import interval, interval_km, number, when, word
from maps.layers.model import REGION
from maps.layers.routes import route_layers
from maps.print.caption import references, signed
from maps.print.figure import save_caption, static
from maps.report.gallery import draw as drawing


@pytest.fixture(scope="module")
def every():
    return static(*systems(), title="All", bounds=REGION).caption


def test_every_system_is_listed_by_its_number_with_length_and_interval(every):
    for n, one in enumerate(systems(), 1):
        line = next(row for row in every.splitlines() if row.startswith(f"{n}. "))
        assert one.name in line
        assert interval_km(one.length) in line


def test_every_source_of_what_is_shown_is_cited(every):
    for one in systems():
        for key in one.sources:
            if key in sources():
                assert sources()[key].citation.replace("<", "&lt;") in every.replace("&amp;", "&")


def test_projection_method_data_and_licences_are_stated(every):
    for words in ("Lambert conformal conic", "95 % intervals", "© OpenStreetMap contributors",
                  "ODbL-1.0", "CC-BY-4.0", "middle of the map"):  # fmt: skip
        assert words in every


def test_a_border_alone_lists_its_legs():
    caption = static(system("kars-1921")).caption
    for leg in system("kars-1921").legs:
        assert any(row.startswith(f"| {leg.n} | ") for row in caption.splitlines())


def test_the_day_is_stated():
    caption = static(system("lachin-2020"), on="2021-01-01").caption
    assert "As of 2021-01-01" in caption


def test_what_nobody_verified_says_so():
    caption = static(system("aras-road")).caption
    assert "unverified" in caption


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a | b", "x\n# y", "<b>&"])
def test_names_cannot_become_markup(name):
    table = gpd.GeoDataFrame({"name": [name]}, geometry=[Point(45, 40)], crs=4326)
    table.attrs["name"] = name
    caption = static(table, title=name).caption
    assert "<script" not in caption
    assert "<b>" not in caption
    assert "\n# " not in caption


def test_the_caption_lies_beside_the_figure_with_version_and_command(tmp_path):
    figure = static(system("btk"))
    path = save_caption(figure, tmp_path / "x.y.png", command="araxes map btk --title 'a`b'")
    assert path == tmp_path / "x.y.caption.md"
    text = path.read_text("utf-8")
    assert text.startswith(figure.caption)
    assert "with `araxes map btk --title 'a'b'`" in text
    assert f"Araxes {__version__}" in text


def test_a_command_with_bytes_that_are_no_text_can_be_written(tmp_path):
    path = save_caption(static(system("btk")), tmp_path / "x.png", command="araxes map \udcff")
    assert "\\udcff" in path.read_text("utf-8")


draw = cache(drawing)
SCRIPTS = {"hy": "ARMENIAN", "ka": "GEORGIAN", "ru": "CYRILLIC", "fa": "ARABIC"}
FIGURES = ("kars-line", "lachin", "zangezur-tripp", "btk-zangezur", "baku-lengths", "timeline",
           "scale-curve", "claims")  # fmt: skip


def own(text, language):
    """Return the part of the letters of a text that are in the script of a language."""
    letters = [c for c in text if c.isalpha()]
    return sum(unicodedata.name(c).startswith(SCRIPTS[language]) for c in letters) / len(letters)


@pytest.mark.parametrize("language", SCRIPTS)
@pytest.mark.parametrize("key", FIGURES)
def test_a_caption_is_in_the_language_of_its_figure(key, language):
    caption = draw(key, language=language, width="85").caption
    first, *rest = caption.splitlines()
    # Attributions and ids of licences stand as their owners wrote them, without the noun before.
    owed = {text for entry in sources().values() for text in (entry.attribution, entry.licence)}
    owed = {text.rpartition(": ")[2] for text in owed}
    for text in sorted(owed | {"OpenStreetMap", "WGS84"}, key=len, reverse=True):
        first = first.replace(text, "") if text else first
    assert own(first, language) > 0.85
    heads = [one for one, two in pairwise(rest) if two.startswith("|---")]
    assert all(own(head, language) > 0.8 for head in heads)
    marks = [line for line in rest if line.endswith((":", "։")) and not line.startswith("-")]
    assert len(marks) >= 1


def cells(caption):
    """Return the rows of the tables of a caption, without their heads, as lists of cells."""
    rows = [line.strip("| ").split(" | ") for line in caption.splitlines() if line[:2] == "| "]
    return [row for row in rows if not set("".join(row)) <= set("|-")][1:]


@pytest.mark.parametrize("language", SCRIPTS)
@pytest.mark.parametrize(
    ("key", "quoted"), [("kars-line", {1}), ("baku-lengths", set()), ("scale-curve", {3})]
)
def test_tables_of_a_caption_quote_the_data_alone_in_english(key, quoted, language):
    rows = cells(draw(key, language=language, width="85").caption)
    assert len(rows) >= 10
    told = [cell for row in rows for n, cell in enumerate(row) if n not in quoted]
    # Of this place the data know no name in other letters.
    told = [cell.replace("Rasht station", "") for cell in told]
    assert [cell for cell in told if re.search(r"[A-Za-z][a-z]{2,}", cell)] == []


@pytest.mark.parametrize("language", ["tr", *SCRIPTS])
def test_reasons_why_a_published_length_differs_are_in_the_language(language):
    rows = cells(draw("claims", language=language, width="85").caption)
    english = cells(draw("claims", language="en", width="85").caption)
    told = {one[4]: two[4] for one, two in zip(english, rows, strict=True)}
    made = [why for why in told if re.search("our line|reason known|inside the", why)]
    assert len(made) > 20
    assert [why for why in made if re.search(r"\b(line|inside|known)\b", told[why])] == []
    assert len({told[why] for why in made}) == len(made)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", FIGURES)
def test_no_caption_has_a_blank_left_or_an_empty_list(key, language):
    caption = draw(key, language=language, width="85").caption
    assert not re.search(r"\{\d\}|: [.;]|basis-|caption-", caption)


def test_georgian_has_no_capitals_and_armenian_its_own_stop():
    caption = signed(draw("lachin", language="ka", width="85").caption, "araxes x", "ka")
    assert not [c for c in caption if "\u1c90" <= c <= "\u1cbf"]
    caption = signed(draw("lachin", language="hy", width="85").caption, "araxes x", "hy")
    assert caption.splitlines()[-1].endswith("։")


def test_a_length_and_its_dates_are_written_as_the_language_writes_them():
    assert interval(system("lachin-2020").length, "ru") == "65,0 км (61,2–68,8)"
    (_, last) = system("lachin-2020").statuses
    assert when(last, "en") == "superseded (since 2022-08-30)"
    assert when(last, "tr") == "yerine yenisi geçti (30\u00a0Ağustos 2022 tarihinden beri)"
    assert "۳۰\u00a0اوت ۲۰۲۲" in when(last, "fa")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_way_is_told_once_with_intervals_of_length_and_hours(language):
    terms = Terms(modes=("rail",))
    way = route("Kars", "Baku", scenario=read_scenario("status-quo"), terms=terms)
    figure = static(*route_layers([way], language), language=language, width="85")
    line = next(one for one in figure.caption.splitlines() if one.startswith("- ") and ":" in one)
    km = number(f"{way.length.value / 1000:,.0f}", language)
    assert f"{km}\u00a0" not in line
    assert interval(way.length, language) in line
    hours = [number(f"{x:,.0f}", language) for x in (way.hours, way.low_hours, way.high_hours)]
    assert f"{hours[0]} {word('hours', language)} ({hours[1]}–{hours[2]})" in line


def test_dashes_that_the_list_explains_are_not_explained_otherwise():
    terms = Terms(modes=("rail",))
    way = route("Nakhchivan", "Baku", scenario=read_scenario("tripp-open"), terms=terms)
    caption = static(*route_layers([way], "en"), width="85").caption
    assert "dashed: to be built or rebuilt" in caption
    assert "Dashed lines: planned" not in caption


def test_persian_lines_of_a_figure_run_from_the_right_whatever_letter_is_first():
    # Unicode Bidirectional Algorithm, rule P2: without a mark the first letter would decide.
    figure = static(system("zangezur-tripp"), language="fa", width="85")
    texts = [one.get_text() for one in figure.texts]
    named = [one for one in texts if "TRIPP" in one]
    assert named
    assert all(one.startswith("\u200f") for one in named)
    latin = [one for one in texts if one and all(unicodedata.bidirectional(c) != "AL" for c in one)]
    assert not any(one.startswith("\u200f") for one in latin)
    assert "TRIPP" in "".join(
        one.get_text() for one in static(system("zangezur-tripp"), width="85").texts
    )


def test_what_has_no_source_is_not_called_unverified_twice() -> None:
    (line,) = (line for line in references(["unverified"], "en") if "No source" in line)
    assert line.count("unverified") == 1
