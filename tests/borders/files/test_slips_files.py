"""Slips in files that people write or export: each is told in one line what to mend."""

from __future__ import annotations

import json
import os

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, MultiLineString, Point, Polygon

from borders.errors import FileFormatError, FormatWarning
from corridors.export.formats import write
from maps import interactive, save, static
from maps.report.report import report

SCENARIOS = {
    "key under [set]": ('[set]\n"kars-gyumri.delay_h" = 4\nopen = ["kars-gyumri"]', "above [set]"),
    "text for a list": ('open = "kars-gyumri"', 'write ["kars-gyumri"]'),
    "table for tables": ('[build]\nid = "new"', "write [[build]]"),
    "names for points": (
        '[[build]]\nid = "new"\nmode = "rail"\npath = ["Kars", "Yerevan"]', '{ place = "Kars" }'
    ),
    "a name for an id": ('open = ["Kars–Gyumri railway"]', "did you mean kars-gyumri"),
    "open and closed": (
        'open = ["kars-gyumri"]\nclose = ["kars-gyumri"]', "'a' contradicts itself"
    ),
    "a day as at home": ("on = 01.06.2026", "days as 2026-06-01"),
    "no quotes": ("open = [kars-gyumri]", 'text in straight quotes (")'),
    "twice the same key": ('open = ["btk"]\nopen = ["btk"]', "give each key once"),
    "a delay without its unit": (
        '[set]\n"x-sarp-sarpi.delay" = 4', "give x-sarp-sarpi.delay_h"
    ),
    "a family of no speeds": ('[set]\n"speed_kmh.rial" = 100', "did you mean speed_kmh.r"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SCENARIOS)
def test_a_slip_in_a_scenario_is_told_in_one_line(araxes, tmp_path, slip) -> None:
    text, said = SCENARIOS[slip]
    file = tmp_path / "a.toml"
    file.write_text(f'id = "a"\nname = "A"\n{text}\n', "utf-8")
    for command in (("validate", file), ("route", "Kars", "Yerevan", "--scenario", file)):
        told = araxes(*command)
        assert (told.code, told.out, told.err.count("\n")) == (2, "", 1), told
        assert said in told.err


def test_a_misspelt_key_of_a_scenario_is_told_the_one_that_may_be_meant(araxes, tmp_path) -> None:
    file = tmp_path / "a.toml"
    file.write_text('id = "a"\nname = "A"\nopens = ["kars-gyumri"]\n', "utf-8")
    told = araxes("validate", file)
    assert told.code == 2
    assert "is 'opens' meant for 'open'?" in told.err


def test_a_file_of_windows_notepad_is_read(araxes, tmp_path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes('\ufeffid = "a"\r\nname = "A"\r\nopen = ["kars-gyumri"]\r\n'.encode())
    told = araxes("validate", file)
    assert told.code == 0, told.err


LINES = [LineString([(43.1, 40.6), (43.2, 40.6)]), LineString([(43.2, 40.6), (43.3, 40.6)])]


def links(**columns):
    table = {"id": ["l1", "l2"], "from": ["a", "b"], "to": ["b", "c"], "mode": ["road", "road"]}
    return gpd.GeoDataFrame(table | columns, geometry=LINES, crs=4326)


def written(folder, table):
    file = folder / "own.gpkg"
    table.to_file(file)
    return file


def test_lines_as_qgis_saves_them_are_links(araxes, tmp_path) -> None:
    file = written(
        tmp_path, links().set_geometry([MultiLineString([line]) for line in LINES], crs=4326)
    )
    told = araxes("network", "check", file)
    assert told.code == 0, told.err
    assert "2 links, 3 nodes, 0 errors" in told.out


NETWORKS = {
    "lines of several parts": (
        lambda: links().set_geometry([MultiLineString(LINES), LINES[1]], crs=4326),
        "2 parts; a link is one line: split it (QGIS: Multipart to singleparts)",
    ),
    "a mode in capitals": (lambda: links(mode=["Road", "road"]), "mode is 'Road'; allowed: rail"),
    "another column for the mode": (
        lambda: links().rename(columns={"mode": "type"}), "no column mode; it has"
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", NETWORKS)
def test_a_slip_in_a_network_is_told_in_one_line(araxes, tmp_path, slip) -> None:
    table, said = NETWORKS[slip]
    told = araxes("network", "check", written(tmp_path, table()))
    assert (told.code, told.err.count("\n")) == (2, 1), told
    assert said in told.err


def test_columns_of_a_network_may_stand_in_capitals(araxes, tmp_path) -> None:
    table = links().rename(columns={"from": "FROM", "to": "TO"})
    told = araxes("route", "a", "c", "--network", written(tmp_path, table), "--json")
    assert told.code == 0
    assert [link["id"] for link in json.loads(told.out)["links"]] == ["l1", "l2"]


def test_a_node_that_a_network_lacks_is_told_which_it_has(araxes, tmp_path) -> None:
    told = araxes("route", "a", "zz", "--network", written(tmp_path, links()))
    assert told.code == 2
    assert "no place or node 'zz' in own.gpkg; it has a, b, c" in told.err


def test_a_comparison_on_a_network_of_ones_own_leaves_our_corridors_out(araxes, tmp_path) -> None:
    told = araxes("compare", "--pair", "a:c", "--network", written(tmp_path, links()))
    assert told.code == 0, told.err
    assert "status-quo" in told.out


def test_a_network_of_ones_own_is_drawn_without_a_pair(araxes, tmp_path) -> None:
    file = written(tmp_path, links())
    told = araxes("map", "--network", file, "--out", tmp_path / "own.svg")
    assert told.code == 0, told.err


@pytest.mark.parametrize(
    "command", [("network", "check"), ("validate",), ("map", "--out", "x.html")]
)
@pytest.mark.parametrize(
    ("name", "said"),
    [("a.gpkg", "is a folder"), ("folder", "is a folder"), ("b.dxf", "ogr2ogr b.gpkg b.dxf")],
)
def test_a_folder_or_a_drawing_is_told_what_to_do(
    araxes, tmp_path, monkeypatch, command, name, said
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.gpkg").mkdir()
    (tmp_path / "folder").mkdir()
    (tmp_path / "b.dxf").write_bytes(b"0")
    told = araxes(command[0], *command[1:], name)
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1), told
    assert said in told.err


def test_short_ways_keep_their_digits(araxes, tmp_path) -> None:
    told = araxes("route", "a", "c", "--network", written(tmp_path, links()))
    assert told.code == 0
    assert "23 min (18–64)" in told.out
    assert "0 (0–0)" not in told.out


def test_a_polygon_that_crosses_itself_is_told(araxes, tmp_path) -> None:
    bow = Polygon([(44, 40), (45, 41), (45, 40), (44, 41)])
    file = written(tmp_path, gpd.GeoDataFrame({"a": [1]}, geometry=[bow], crs=4326))
    for command in (("validate", file), ("export", file, "--out", tmp_path / "x.kml")):
        told = araxes(*command)
        assert (told.code, told.out, told.err.count("\n")) == (2, "", 1), told
        assert "feature 1" in told.err
        assert "make_valid()" in told.err
    told = araxes("export", file, "--out", tmp_path / "x.geojson")
    assert (told.code, told.out) == (0, f"wrote 1 feature to {tmp_path / 'x.geojson'}\n")


# A name with a byte that is no text, as Python spells it.
BYTES = os.fsdecode(b"a\xff")
POINT = gpd.GeoDataFrame({"name": ["x"]}, geometry=[Point(44, 40)], crs=4326)


def asked(python, *arguments):
    """Return the exit code and what a process of its own says; a test cannot print such names."""
    done = python("-m", "maps.cli", *arguments, PYTHONIOENCODING="utf-8")
    return done.returncode, ascii(done.stderr).strip("'\"").removesuffix("\\n")


@pytest.mark.parametrize(
    "command",
    ["map {}.geojson --out z.html", "map {}.gpkg --out z.png", "export {}.gpkg --out z.csv",
     "validate {}.geojson", "network check {}.geojson", "route Kars Baku --network {}.gpkg"],
)  # fmt: skip
def test_a_file_whose_name_is_no_text_is_told_in_one_line(python, tmp_path, command) -> None:
    for suffix in ("geojson", "gpkg"):
        POINT.to_file(tmp_path / f"x.{suffix}")
        (tmp_path / f"x.{suffix}").rename(tmp_path / f"{BYTES}.{suffix}")
    words = command.format(tmp_path / BYTES).replace(" z.", f" {tmp_path}/z.").split()
    code, said = asked(python, *words)
    assert code == 2
    assert "not UTF-8; rename the file" in said
    assert "\\n" not in said
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "fgb", "kml"])
def test_a_name_that_no_driver_can_write_is_refused(tmp_path, suffix) -> None:
    with pytest.raises(FileFormatError, match="not UTF-8; rename the file"):
        write(POINT, tmp_path / f"{BYTES}.{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_a_report_to_a_folder_whose_name_is_no_text_is_refused_at_once(tmp_path) -> None:
    with pytest.raises(FileFormatError, match="not UTF-8; rename the file or folder"):
        report(tmp_path / BYTES)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def _texts_of_python():
    with pd.option_context("mode.string_storage", "python"):
        yield


@pytest.mark.parametrize("suffix", ["html", "png", "svg", "pdf"])
def test_a_map_may_have_a_name_and_a_title_that_are_no_text(python, tmp_path, suffix) -> None:
    target = tmp_path / f"{BYTES}.{suffix}"
    assert asked(python, "map", "lachin-2020", "--title", BYTES, "--out", target)[0] == 0
    written = target if suffix == "html" else target.with_suffix(".caption.md")
    assert "a" in written.read_text("utf-8")


# Texts that pandas keeps in Arrow cannot hold half a letter, those of Python can.
@pytest.mark.usefixtures("_texts_of_python")
def test_half_a_letter_in_a_name_harms_neither_page_nor_figure_nor_export(tmp_path) -> None:
    hostile = POINT.assign(name="a\ud800b")
    hostile.columns = hostile.columns.astype(object)
    hostile.attrs["name"] = "t\udcff"
    for title in ("plain", "half \ud800"):
        save(interactive(hostile, title=title), tmp_path / "x.html")
        assert "t\ufffd" in (tmp_path / "x.html").read_text("utf-8")
        interactive(hostile, title=title)._repr_html_().encode()
        save(static(hostile, title=title), tmp_path / "x.png")
    for suffix in ("geojson", "gpkg", "csv"):
        write(hostile.assign(**{"k\udcff": "v"}), tmp_path / f"x.{suffix}")
    with pytest.warns(FormatWarning, match="is 'k_' in GPX"):
        write(hostile.assign(**{"k\udcff": "v"}), tmp_path / "x.gpx")
    assert "a\ufffdb" in (tmp_path / "x.csv").read_text("utf-8")


@pytest.mark.parametrize("made", ["map", "gallery", "reach"])
def test_a_folder_in_the_place_of_a_caption_is_told_before_anything_is_written(
    araxes, tmp_path, made
) -> None:
    asked = {
        "map": ("map", "lachin-2020", "--out", tmp_path / "claims.png"),
        "gallery": ("gallery", "--out", tmp_path),
        "reach": ("reach", "Kars", "--within", "100", "--out", tmp_path / "claims.png"),
    }[made]
    (tmp_path / "claims.caption.md").mkdir()
    told = araxes(*asked)
    assert told.code == 2
    assert "claims.caption.md: cannot be written: that is a folder" in told.err
    assert [one.name for one in tmp_path.iterdir()] == ["claims.caption.md"]
