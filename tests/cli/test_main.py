"""The command line: answers, refusals in one line, and nothing half-written."""

from __future__ import annotations

import errno
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from importlib.metadata import version

import geopandas as gpd
import pyogrio
import pytest
from shapely import Point, box

from borders.gazetteer.places import LANGUAGES
from borders.treaty.treaty import treaty_ids
from corridors.analysis.verdicts import verdicts
from corridors.model.corridor import corridor_ids
from corridors.model.registry import system, system_ids
from maps.cli.commands import COMMANDS
from maps.cli.main import main

MAIN = "import sys; from maps.cli.main import main; sys.exit(main(sys.argv[1:]))"
IDS = {
    "borders": {"kars-1921", "nakhchivan-1921", "nakhchivan", "batum-1921"},
    "corridors": {
        "lachin-2020", "lachin-2022", "zangezur-tripp", "kars-igdir-dilucu", "btk", "btc", "bte",
        "tanap", "horadiz-aghband",
    },
}  # fmt: skip
SHOWN = {"id", "kind", "length_km", "low_km", "high_km", "basis", "legs", "statuses", "sources"}
POINTS = '{"type":"FeatureCollection",%s"features":[%s]}'
LINE = '{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":%s}}'


def features(coordinates, head=""):
    return POINTS % (head, LINE % coordinates)


MERCATOR = '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},'
CORRIDOR = """
id = "{id}"
name = "A road"
mode = "road"
basis = "chain"
geometry_quality = "schematic"
position_sigma_m = 3000
definition = "From one place to another."
source = "araxes"
path = [{{ place = "{first}" }}, {{ place = "{second}" }}]

[[status]]
status = "open"
source = "araxes"
state = "quoted"
"""
# What is wrong: file name, content, what the one line must say.
BAD_FILES = {
    "text called geojson": ("a.geojson", "hello", "not a GeoJSON file"),
    "list called geojson": ("a.geojson", "[]", "not a GeoJSON file"),
    "empty geojson": ("a.geojson", "", "not a GeoJSON file"),
    "json without type": ("a.geojson", '{"a": 1}', "no 'type'"),
    "json cut short": ("a.geojson", features("[[45,40],[46,4")[:-5], "line 1"),
    "features that are no list": ("a.geojson", '{"type":"FeatureCollection","features":5}', "5"),
    "no features": ("a.geojson", POINTS % ("", ""), "no features"),
    "geojson called gpkg": ("a.gpkg", features("[[45,40],[46,40]]"), "not a GeoPackage"),
    "geojson called fgb": ("a.fgb", features("[[45,40],[46,40]]"), "not a FlatGeobuf"),
    "geojson called kml": ("a.kml", features("[[45,40],[46,40]]"), "not a KML"),
    "broken gpkg": ("a.gpkg", "SQLite format 3\0garbage", "cannot be read"),
    "unknown suffix": ("a.shp", "x", "known suffixes"),
    "wrong crs": ("a.geojson", features("[[5e6,4.9e6],[5.1e6,4.9e6]]", MERCATOR), "EPSG:3857"),
    "metres": ("a.geojson", features("[[5e6,4.9e6],[5.1e6,4.9e6]]"), "not a longitude"),
    "nan": ("a.geojson", features("[[45,40],[NaN,40]]"), "NaN"),
    "infinity": ("a.geojson", features("[[45,40],[Infinity,40]]"), "Infinity"),
    "null coordinate": ("a.geojson", features("[[45,40],[null,40]]"), "write numbers"),
    "swapped axes": ("a.geojson", features("[[40.0,44.5],[39.5,46.1]]"), "longitude first"),
    "line of one point": ("a.geojson", features("[[45,40]]"), "mend it"),
    "not toml": ("a.toml", "a = ", "not valid TOML"),
    "toml of something else": ("a.toml", "a = 1", "neither a treaty file"),
    "toml not in utf-8": ("a.toml", b'name = "\xff"', "UTF-8"),
    "no such place": ("a.toml", CORRIDOR.format(id="x", first="nakhchivn", second="kars"),
                      "did you mean"),
    "ambiguous place": ("a.toml", CORRIDOR.format(id="x", first="جلفا", second="kars"),
                        "jolfa_ir"),
    "two places at one spot": ("a.toml", CORRIDOR.format(id="x", first="kars", second="kars"),
                               "single point"),
}  # fmt: skip


def bad_file(folder, case):
    name, content, words = BAD_FILES[case]
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path, words


def assert_refused(answer, words=""):
    """Check the contract of bad input: code 2 and one line that says what is wrong."""
    assert answer.code == 2, answer
    assert answer.out == ""
    assert answer.err.endswith("\n")
    assert answer.err.count("\n") == 1, answer.err
    assert answer.err.startswith("araxes")
    assert "Traceback" not in answer.err
    assert words in answer.err


def test_the_help_names_every_command_and_the_exit_codes(araxes):
    told = araxes("--help").out
    for command in ("report", "list", "show", "map", "export", "validate", "figures"):
        assert re.search(rf"^    {command} ", told, re.M)
        assert araxes(command, "--help").code == 0
    assert "2 bad input" in told
    assert "130 interrupted" in " ".join(told.split())
    assert max(map(len, told.splitlines())) <= 80


@pytest.mark.parametrize("columns", [40, 100])
def test_the_help_fits_the_terminal(araxes, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    widths = {len(line) for line in araxes("map", "--help").out.splitlines()}
    assert columns - 20 < max(widths) < columns


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_says_what_it_is(araxes, command):
    told = araxes(command, "--help").out.partition("\n\n")[2]
    silent = re.findall(r"^  (\S.*)$(?!\n {4,})", told, re.M)
    assert [line for line in silent if not re.search(r"\S {2,}\S", line)] == []


def test_the_help_says_what_is_drawn_and_compared_by_default(araxes):
    default = {name: " ".join(araxes(name, "--help").out.split()) for name in ("map", "compare")}
    assert "(repeatable; the six of the data)" in default["compare"]
    assert "(repeatable; status-quo)" in default["map"]


def test_a_wrong_option_points_to_the_help_of_its_command(araxes):
    assert_refused(araxes("figures", "--csv"), "see `araxes figures --help`")


def test_without_a_command_the_help_is_printed(araxes):
    assert araxes().out == araxes("--help").out


def test_the_version_is_the_one_installed(araxes):
    assert araxes("--version").out == f"araxes {version('araxes')}\n"


@pytest.mark.parametrize(
    "what", ["systems", "borders", "corridors", "scenarios", "places", "layers", "sources"]
)
def test_a_listing_has_as_many_rows_as_its_json_and_fits_in_80_columns(araxes, what):
    rows, told = json.loads(araxes("list", what, "--json").out), araxes("list", what)
    assert told.code == 0
    assert max(map(len, told.out.splitlines())) <= 80
    assert all(row["id"] and row["name"] for row in rows)
    flowing = "".join(told.out.split())
    assert all("".join(row["id"].split()) in flowing for row in rows)


@pytest.mark.parametrize("what", ["borders", "corridors"])
def test_a_listing_holds_the_ids_that_others_rely_on(araxes, what):
    rows = json.loads(araxes("list", what, "--json").out)
    assert {row["id"] for row in rows} >= IDS[what]
    assert all(row["low_km"] <= row["length_km"] <= row["high_km"] for row in rows)


def test_borders_and_corridors_together_are_all_systems(araxes):
    listed = [json.loads(araxes("list", what, "--json").out) for what in ("borders", "corridors")]
    assert {row["id"] for rows in listed for row in rows} == set(system_ids())
    assert len(system_ids()) == len(treaty_ids()) + len(corridor_ids())


@pytest.mark.parametrize("key", system_ids())
def test_show_answers_with_the_keys_of_the_contract(araxes, key):
    told = json.loads(araxes("show", key, "--json").out)
    assert set(told) >= SHOWN
    assert told["id"] == key
    assert told["low_km"] < told["length_km"] < told["high_km"]
    for status in told["statuses"]:
        assert set(status) >= {"status", "valid_from", "valid_to", "source"}
    for leg in told["legs"]:
        assert set(leg) >= {"n", "words", "rule", "from", "to", "km", "sigma_m", "state"}
    assert all(source["id"] for source in told["sources"])
    if told["kind"] == "territory":
        assert told["area_km2"] > 0


def test_the_legs_of_a_border_add_up_to_its_length(araxes):
    told = json.loads(araxes("show", "kars-1921", "--json").out)
    assert sum(leg["km"] for leg in told["legs"]) == pytest.approx(told["length_km"], rel=1e-3)


@pytest.mark.parametrize(
    ("day", "status", "has_territory"),
    [
        ("2019-01-01", None, False),
        ("2020-11-10", "open", True),
        ("2022-08-29", "open", True),
        ("2022-08-30", "superseded", False),
    ],
)
def test_show_answers_as_of_a_day(araxes, day, status, has_territory):
    told = json.loads(araxes("show", "lachin-2020", "--on", day, "--json").out)
    assert (told["on"], told["status"]) == (day, status)
    assert (told["territory_km2"] is not None) == has_territory


@pytest.mark.parametrize(
    "name", ["Lachin corridor of 2020", "LAÇIN KORİDORU (2020)", "lachin 2020"]
)
def test_show_finds_a_system_by_name_whatever_its_case_and_marks(araxes, name):
    assert json.loads(araxes("show", name, "--json").out)["id"] == "lachin-2020"


def test_show_reads_a_corridor_file(araxes, tmp_path):
    file = tmp_path / "road.toml"
    file.write_text(CORRIDOR.format(id="my-road", first="kars", second="gyumri"), "utf-8")
    told = json.loads(araxes("show", file, "--json").out)
    assert (told["id"], told["basis"]) == ("my-road", "chain")
    assert "A road" in araxes("show", file).out


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
        assert f"`araxes map btk kars-1921 --title Two --out {target}`" in (
            tmp_path / "map.caption.md"
        ).read_text("utf-8")


def test_a_width_is_for_figures_and_must_be_a_known_one(araxes, tmp_path):
    assert_refused(araxes("map", "btk", "--width", "85", "--out", tmp_path / "a.html"), "figures")
    assert_refused(araxes("map", "btk", "--width", "1", "--out", tmp_path / "a.png"), "'1'")
    done = araxes("map", "btk", "--width", "85", "--equal-area", "--out", tmp_path / "a.svg")
    assert done.code == 0
    assert "Albers" in (tmp_path / "a.caption.md").read_text("utf-8")


def test_letters_that_the_font_lacks_are_told_in_one_line(araxes, tmp_path):
    done = araxes("map", "btk", "--title", "京都", "--out", tmp_path / "a.png")
    assert done.code == 0
    assert done.err == "araxes: the font lacks '京都'; boxes stand for them\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_map_names_things_in_the_language_asked_for(araxes, tmp_path, language):
    araxes("map", "batum-1921", "--lang", language, "--out", tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text("utf-8")
    assert f"<title>{system('batum-1921').names[language]}</title>" in text


def test_a_vector_file_can_be_mapped_and_exported(araxes, tmp_path):
    table = gpd.GeoDataFrame(
        {"name": ["well", "field"]}, geometry=[Point(45, 40), box(45, 40, 46, 41)], crs=4326
    )
    table.to_file(tmp_path / "a.gpkg")
    for name in ("map.html", "map.png"):
        assert araxes("map", tmp_path / "a.gpkg", "btk", "--out", tmp_path / name).code == 0
    done = araxes("export", tmp_path / "a.gpkg", "--out", tmp_path / "b.geojson")
    assert done.code == 0
    assert set(gpd.read_file(tmp_path / "b.geojson")["name"]) == {"well", "field"}


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "fgb", "kml", "csv"])
def test_an_export_holds_geometry_sources_and_licences(araxes, tmp_path, suffix):
    target = tmp_path / f"out.{suffix}"
    done = araxes("export", "nakhchivan", "lachin-2020", "--out", target)
    assert (done.code, done.err) == (0, "")
    count = int(re.search(r"wrote (\d+) features", done.out)[1])
    text = target.read_bytes()
    assert b"ODbL-1.0" in text
    assert b"nakhchivan" in text
    if suffix == "csv":
        assert len(text.decode().splitlines()) == 1 + count
        assert b"POLYGON" in text
        return
    names = [name for name, _ in pyogrio.list_layers(target)]
    assert sum(len(pyogrio.read_dataframe(target, layer=name)) for name in names) == count


def test_all_means_every_system(araxes, tmp_path):
    araxes("export", "all", "--out", tmp_path / "all.geojson")
    assert set(gpd.read_file(tmp_path / "all.geojson")["id"]) == set(system_ids())


def test_validate_says_what_a_sound_file_holds(araxes, tmp_path):
    road, line = tmp_path / "road.toml", tmp_path / "line.geojson"
    road.write_text(CORRIDOR.format(id="my-road", first="kars", second="gyumri"), "utf-8")
    line.write_text(features("[[45,40],[46,40]]"), "utf-8")
    told = json.loads(araxes("validate", road, "--json").out)
    assert (told["ok"], told["kind"], told["id"]) == (True, "corridor", "my-road")
    assert json.loads(araxes("validate", line, "--json").out)["features"] == 1
    assert "a sound corridor, 'A road'" in araxes("validate", road).out
    assert "1 features" in araxes("validate", line).out


def test_figures_stand_beside_ours_with_a_verdict(araxes):
    rows = json.loads(araxes("figures", "--json").out)
    assert [row["id"] for row in rows] == [one.figure.id for one in verdicts()]
    for row in rows:
        if row["verdict"] == "consistent":
            assert row["low"] <= row["high"]
            assert row["reason"]
    assert araxes("figures").code == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kars1922", "kars-1921"),
        ("nahcivn", "nakhchivan"),
        ("naxçıvn", "nakhchivan"),
        ("Нахичевнь", "nakhchivan"),
        ("Լաչին", "lachin-2020"),
        ("Zəngəz", "zangezur-tripp"),
        ("tanab", "tanap"),
    ],
)
def test_an_unknown_id_is_answered_with_the_nearest_ones(araxes, typed, meant):
    answer = araxes("show", typed)
    assert_refused(answer, f"'{typed}'")
    offered = answer.err.partition("did you mean ")[2]
    assert meant in offered


@pytest.mark.parametrize("nonsense", ["", "zzzzzzzz", "..", "\x00", "<script>\n", "x" * 5000])
def test_nonsense_for_an_id_is_refused(araxes, nonsense):
    assert_refused(araxes("show", nonsense))


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_refused_and_nothing_is_written(araxes, tmp_path, case):
    path, words = bad_file(tmp_path, case)
    out = tmp_path / "out"
    out.mkdir()
    for command in (
        ("validate", path),
        ("map", path, "--out", out / "map.html"),
        ("map", path, "--out", out / "map.png"),
        ("export", path, "--out", out / "x.gpkg"),
    ):
        answer = araxes(*command)
        assert_refused(answer, words)
        assert path.name in answer.err
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("name", ["none.toml", "none.geojson", "none.gpkg", "no/such/place.kml"])
def test_a_missing_file_is_refused(araxes, tmp_path, name):
    assert_refused(araxes("validate", tmp_path / name), "no such file")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show",), "ID"),
        (("map", "btk"), "--out"),
        (("export", "--out", "x.gpkg"), "ID|FILE"),
        (("bogus",), "'bogus'"),
        (("list", "bogus"), "'bogus'"),
        (("show", "btk", "--bogus"), "--bogus"),
        (("show", "btk", "--on", "2022-13-01"), "2022-13-01"),
        (("show", "btk", "--on", "yesterday"), "YYYY-MM-DD"),
        (("map", "btk", "--on", "2022-02-30", "--out", "x.html"), "2022-02-30"),
        (("map", "btk", "--lang", "xx", "--out", "x.html"), "known: en, tr"),
        (("map", "btk", "--out", "x.gif"), "use .html, .png, .svg or .pdf"),
        (("map", "btk", "--out", "x"), "use .html, .png, .svg or .pdf"),
        (("export", "btk", "--out", "x.shp"), ".geojson, .gpkg, .fgb, .kml, .csv"),
        (("map", "lachin-2020", "--on", "2019-01-01", "--out", "x.html"), "2019-01-01"),
        (("map", "lachin-2020", "--on", "2019-01-01", "--out", "x.png"), "2019-01-01"),
        (("export", "lachin-2020", "--on", "2019-01-01", "--out", "x.csv"), "2019-01-01"),
        (("report", "--lang", "xx"), "known: en, tr"),
    ],
)
def test_a_wrong_request_is_refused_and_nothing_is_written(
    araxes, tmp_path, monkeypatch, arguments, words
):
    monkeypatch.chdir(tmp_path)
    assert_refused(araxes(*arguments), words)
    assert list(tmp_path.iterdir()) == []


def test_a_build_time_that_is_none_is_refused(araxes, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    assert_refused(araxes("report", "--out", tmp_path), "SOURCE_DATE_EPOCH is 'today'")


@pytest.mark.parametrize("place", ["file", "proc"])
def test_a_place_that_cannot_be_written_to_is_refused(araxes, tmp_path, place):
    file = tmp_path / "file"
    file.write_text("in the way")
    below = file if place == "file" else "/proc"
    for command in (
        ("report", "--out", f"{below}/x"),
        ("map", "btk", "--out", f"{below}/x.html"),
        ("map", "btk", "--out", f"{below}/x.png"),
        ("export", "btk", "--out", f"{below}/x.gpkg"),
    ):
        assert_refused(araxes(*command), "cannot be written")
    assert file.read_text() == "in the way"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_in_the_way_is_refused(araxes, tmp_path):
    (tmp_path / "map.html").mkdir()
    assert_refused(araxes("map", "btk", "--out", tmp_path / "map.html"), "is a folder")
    assert list((tmp_path / "map.html").iterdir()) == []


@pytest.mark.parametrize("name", ["map.html", "map.png", "x.gpkg", "x.csv", "x.fgb"])
def test_a_full_device_is_refused_and_the_output_of_before_survives(
    araxes, tmp_path, monkeypatch, name
):
    target = tmp_path / name
    target.write_text("before")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    for called in ("pathlib.Path.replace", "pathlib.Path.write_text"):
        monkeypatch.setattr(called, full)
    command = "map" if name.startswith("map") else "export"
    assert_refused(araxes(command, "lachin-2020", "--out", target), "no space left")
    assert target.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("command", [("list", "places"), ("figures",), ("show", "btk", "--json")])
def test_a_reader_that_has_had_enough_hears_no_complaint(command):
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        child.stdout.read(1)
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(60) == 0


PROGRAM = [sys.executable, "-m", "maps.cli"]


def test_the_program_writes_all_of_its_answer_and_leaves_with_the_code(araxes):
    done = subprocess.run([*PROGRAM, "list", "places", "--json"], capture_output=True, check=True)
    assert done.stdout.decode() == araxes("list", "places", "--json").out
    assert done.stderr == b""
    refused = subprocess.run([*PROGRAM, "show", "no-such-id"], capture_output=True, check=False)
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert refused.stderr.count(b"\n") == 1


def test_the_program_says_nothing_to_a_reader_that_is_gone():
    with subprocess.Popen(
        [*PROGRAM, "show", "kars-1921"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(60) == 0


def test_an_answer_that_cannot_be_written_is_told_in_one_line(monkeypatch, capsys):
    class Full(io.StringIO):
        def flush(self):
            raise OSError(errno.ENOSPC, "No space left on device")

    for command in (["show", "kars-1921"], ["list", "places", "--json"]):
        monkeypatch.setattr(sys, "stdout", Full())
        assert main(command) == 2
        told = capsys.readouterr().err
        assert told == "araxes: the answer cannot be written (No space left on device)\n"


@pytest.mark.parametrize("command", [("list", "places"), ("show", "kars-1921")])
def test_letters_that_the_terminal_lacks_are_no_error(python, command):
    done = python("-c", MAIN, *command, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")


def interrupted(out, moment):
    """Interrupt a report as soon as its folder looks so; return code, output and errors."""
    # A test run in the background ignores the signal, and its children would, too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        child = subprocess.Popen(
            [sys.executable, "-c", MAIN, "report", "--out", str(out)],
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
def test_an_interrupted_report_leaves_whole_files_and_says_so_in_one_line(made, tmp_path, when):
    names = ("report.md", "map.html", "map.png", "araxes.gpkg")
    for name in names:
        (tmp_path / name).write_text("before")

    def writing():
        return any(path.name.startswith(".araxes-") for path in tmp_path.iterdir())

    def written():
        return (tmp_path / "map.html").stat().st_size > len("before")

    code, told, error = interrupted(tmp_path, writing if when.startswith("while") else written)
    assert code == 130
    assert told == ""
    assert error == "araxes: interrupted; no file was left half-written\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    for name in names:
        content = (tmp_path / name).read_bytes()
        whole = len((made.folder / name).read_bytes())
        assert content == b"before" or len(content) == whole, name
    assert (tmp_path / "report.md").read_text() == "before"


def test_an_interrupted_export_leaves_the_file_of_before(araxes, tmp_path, monkeypatch):
    target = tmp_path / "x.gpkg"
    target.write_text("before")

    def stop(table, path, **_):
        path.write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr("pyogrio.write_dataframe", stop)
    assert araxes("export", "btk", "--out", target).code == 130
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["x.gpkg"]


def test_an_interrupt_while_clearing_up_does_not_stop_the_clearing_up(
    araxes, tmp_path, monkeypatch
):
    real = shutil.rmtree

    def interrupted_at_once(folder, **options):
        signal.raise_signal(signal.SIGINT)
        real(folder, **options)

    monkeypatch.setattr("shutil.rmtree", interrupted_at_once)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert araxes("export", "btk", "--out", tmp_path / "x.csv").code == 130
    finally:
        signal.signal(signal.SIGINT, before)
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_an_interrupt_before_anything_is_written_is_told_the_same_way(araxes, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("maps.cli.show.run_figures", stop)
    answer = araxes("figures")
    assert (answer.code, answer.out) == (130, "")
    assert answer.err == "araxes: interrupted; no file was left half-written\n"
