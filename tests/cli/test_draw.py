"""The commands that draw: pages, figures with captions, and a report that is interrupted."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time

import geopandas as gpd
import pytest
import unpacked
from refusals import assert_refused
from shapely import Point, box

from borders.gazetteer.places import LANGUAGES
from corridors.model.registry import system
from maps.i18n import number


@pytest.mark.parametrize("suffix", ["html", "png", "svg", "pdf"])
def test_a_map_is_written_in_each_format(araxes, tmp_path, suffix):
    target = tmp_path / f"map.{suffix}"
    done = araxes("map", "btk", "kars-1921", "--title", "Two", "--out", target)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("wrote ")
    beginnings = {"html": b"<!DOCTYPE html>", "png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    assert target.read_bytes().startswith(beginnings[suffix])
    written = {target.name} if suffix == "html" else {target.name, "map.caption.md"}
    assert {path.name for path in tmp_path.iterdir()} == written
    if suffix != "html":
        assert f"`araxes map btk kars-1921 --title Two --out {target.name}`" in (
            tmp_path / "map.caption.md"
        ).read_text("utf-8")


def test_a_width_is_for_figures_and_must_be_a_known_one(araxes, tmp_path):
    assert_refused(araxes("map", "btk", "--width", "85", "--out", tmp_path / "a.html"), "figures")
    assert_refused(araxes("map", "btk", "--width", "1", "--out", tmp_path / "a.png"), "'1'")
    done = araxes("map", "btk", "--width", "85", "--equal-area", "--out", tmp_path / "a.svg")
    assert done.code == 0
    assert "Albers" in (tmp_path / "a.caption.md").read_text("utf-8")


def test_a_table_of_legs_stands_on_the_figure_of_a_border(araxes, tmp_path):
    target = tmp_path / "kars.svg"
    assert araxes("map", "kars-1921", "--legs", "--width", "85", "--out", target).code == 0
    assert "111.6 km (108.3–114.9)" in target.read_text("utf-8")
    done = araxes("map", "kars-1921", "--legs", "--out", tmp_path / "a.html")
    assert done.code == 2
    assert "--legs is for figures" in done.err
    done = araxes("map", "kars-1921", "nakhchivan", "--legs", "--panels", "--out", target)
    assert done.code == 2
    assert "--legs and --panels exclude each other" in done.err


def test_letters_that_the_font_lacks_are_told_in_one_line(araxes, tmp_path):
    done = araxes("map", "btk", "--title", "京都", "--out", tmp_path / "a.png")
    assert done.code == 0
    assert done.err == "araxes: the font lacks '京都'; boxes stand for them\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_map_names_things_in_the_language_asked_for(araxes, tmp_path, language):
    araxes("map", "batum-1921", "--lang", language, "--out", tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text("utf-8")
    assert f"<title>{system('batum-1921').names[language]}</title>" in text


def test_a_vector_file_is_drawn(araxes, tmp_path):
    table = gpd.GeoDataFrame(
        {"name": ["well", "field"]}, geometry=[Point(45, 40), box(45, 40, 46, 41)], crs=4326
    )
    table.to_file(tmp_path / "a.gpkg")
    for name in ("map.html", "map.png"):
        assert araxes("map", tmp_path / "a.gpkg", "btk", "--out", tmp_path / name).code == 0


@pytest.mark.parametrize("suffix", ["html", "png"])
def test_a_comparison_is_drawn(araxes, tmp_path, suffix) -> None:
    file = tmp_path / f"ways.{suffix}"
    told = araxes("map", "--pair", "Iğdır:Baku", "--modes", "rail", "--scenario", "status-quo",
                  "--scenario", "tripp-and-kars-dilucu", "--out", file)  # fmt: skip
    assert told.code == 0, told.err
    assert file.stat().st_size > 100_000
    if suffix == "html":
        told = unpacked.facts(file.read_text("utf-8"))
        assert [one["id"] for one in told["scenarios"]] == ["status-quo", "tripp-and-kars-dilucu"]
        assert "crossings" in [layer["id"] for layer in told["layers"]]


def test_a_network_under_a_scenario_is_drawn(araxes, tmp_path) -> None:
    file = tmp_path / "network.html"
    assert araxes("map", "--scenario", "all-open", "--out", file).code == 0
    told = unpacked.facts(file.read_text("utf-8"))
    assert "network-rail" in [layer["id"] for layer in told["layers"]]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            (
                "Nakhchivan city – Baku",
                {"road": "by road", "rail": "by rail"},
                {"status-quo": "As things stand", "tripp-open": "TRIPP / Zangezur open"},
                "Railways, 2026-06-01",
                "baku–tbilisi–erzurum gas pipeline",
            ),
        ),
        (
            "tr",
            (
                "Nahçıvan – Bakü",
                {"road": "karayolu", "rail": "demiryolu"},
                {"status-quo": "Bugünkü durum", "tripp-open": "TRIPP / Zengezur açık"},
                "Demiryolları, 1 Haziran 2026",
                "bakü–tiflis–erzurum doğal gaz boru hattı",
            ),
        ),
    ],
)
def test_a_figure_of_ways_says_of_each_way_its_own_length_in_its_language(
    araxes, tmp_path, language, said
) -> None:
    ends, modes, scenarios, network, title = said
    pair = ("--pair", "Nakhchivan:Baku", "--scenario", "status-quo", "--scenario", "tripp-open")
    rows = json.loads(araxes("compare", *pair, "--json").out)
    # No way by rail exists as things stand, and of what does not exist the figure says nothing.
    shown = [row for row in rows if row["km"] is not None]
    assert [(row["mode_set"][0], row["scenario"]) for row in shown] == [
        ("road", "status-quo"), ("road", "tripp-open"), ("rail", "tripp-open")
    ]  # fmt: skip
    assert len({row["km"] for row in shown}) == len(shown)
    told = araxes("map", *pair, "--lang", language, "--out", tmp_path / "a.png")
    assert told.code == 0
    lines = (tmp_path / "a.caption.md").read_text("utf-8").splitlines()
    assert lines[0].startswith(f"**{ends}.**")
    listed = [one for one in lines if re.match(r"\d+\. ", one)]
    assert len(listed) == len(shown)
    for n, (row, line) in enumerate(zip(shown, listed, strict=True), 1):
        by, scenario = modes[row["mode_set"][0]], scenarios[row["scenario"]]
        assert line.startswith(f"{n}. {ends} ({by}): {scenario}, ")
        for one in shown:
            own = number(f"{one['km']:,.1f}", language)
            assert (f" {own} km" in line) == (one is row)
    assert any(one.startswith(f"- {network}, ") for one in lines)
    araxes("map", "btk", "bte", "--lang", language, "--out", tmp_path / "b.png")
    assert title in (tmp_path / "b.caption.md").read_text("utf-8").splitlines()[0].casefold()


def test_a_map_of_a_pair_without_a_way_says_so(araxes, tmp_path) -> None:
    asked = ("--pair", "Yerevan:Nakhchivan", "--modes", "rail", "--out", tmp_path / "x.html")
    told = araxes("map", *asked)
    assert told.code == 0
    assert told.err.count("\n") == 1
    assert "no route from Yerevan to Nakhchivan city" in told.err


def test_a_figure_names_the_ways_that_it_shows(araxes, tmp_path):
    asked = ("map", "--pair", "Kars:Tbilisi", "--pair", "Tbilisi:Tskhinvali", "--modes", "road",
             "--scenario", "status-quo", "--out")  # fmt: skip
    assert araxes(*asked, tmp_path / "figure.svg").code == 0
    caption = (tmp_path / "figure.caption.md").read_text("utf-8")
    assert caption.startswith("**Kars – Tbilisi.**")
    # A page says in its table that there is no way.
    assert araxes(*asked, tmp_path / "page.html").code == 0
    (title,) = re.findall("<title>(.*?)</title>", (tmp_path / "page.html").read_text("utf-8"))
    assert "Tskhinvali" in title


def test_a_folder_in_the_way_is_refused(araxes, tmp_path):
    (tmp_path / "map.html").mkdir()
    assert_refused(araxes("map", "btk", "--out", tmp_path / "map.html"), "is a folder")
    assert list((tmp_path / "map.html").iterdir()) == []


def test_a_build_time_that_is_none_is_refused(araxes, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    assert_refused(araxes("report", "--out", tmp_path), "SOURCE_DATE_EPOCH is 'today'")


def interrupted(out, moment):
    """Interrupt a report as soon as its folder looks so; return code, output and errors."""
    # A test run in the background ignores the signal, and its children would, too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "maps.cli", "report", "--out", str(out)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    deadline = time.monotonic() + 60
    while not moment() and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.001)
    child.send_signal(signal.SIGINT)
    told, error = child.communicate(timeout=60)
    return child.returncode, told, error


@pytest.mark.parametrize("when", ["while map.html is written", "after map.html is written"])
def test_an_interrupted_report_leaves_whole_files_and_says_so_in_one_line(tmp_path, when):
    names = (
        "report.md", "map.html", "map.png", "araxes.gpkg", "context.html", "context.gpkg",
        "datapackage.json",
    )  # fmt: skip
    for name in names:
        (tmp_path / name).write_text("before")

    def writing():
        return any(path.name.startswith(".araxes-") for path in tmp_path.iterdir())

    def written():
        # The draft of the GeoPackage is made when that of the page is whole.
        drafts = (path for path in tmp_path.iterdir() if path.name.startswith(".araxes-"))
        return sum(1 for _ in drafts) > 1

    code, told, error = interrupted(tmp_path, writing if when.startswith("while") else written)
    assert code == 130
    assert told == ""
    assert error == "araxes: interrupted; no file was left half-written\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    # The files take their places together, when the last of them is whole: none has its own yet.
    assert {(tmp_path / name).read_text("utf-8") for name in names} == {"before"}


def test_published_flows_are_drawn_by_width(araxes, tmp_path) -> None:
    file = tmp_path / "flows.html"
    assert araxes("map", "--flows", "--out", file).code == 0
    text = file.read_text("utf-8")
    assert "lorries a day, up to 1,089" in text
    assert "Published flows" in text


def test_a_caption_tells_no_folder_of_the_machine(araxes, tmp_path):
    assert araxes("gallery", "--out", tmp_path / "figures", "--only", "lachin").code == 0
    caption = (tmp_path / "figures" / "lachin.caption.md").read_text("utf-8")
    assert "`araxes gallery --out figures --only lachin`" in caption
    assert str(tmp_path) not in caption
