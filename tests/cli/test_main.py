"""The command line as a whole: its help, what all commands refuse, and how the program ends."""

from __future__ import annotations

import errno
import io
import re
import subprocess
import sys

import pytest
from refusals import CORRIDOR, POINTS, assert_refused, features

from borders import __version__
from corridors.analysis.compare import SCENARIOS
from maps.cli.commands import COMMANDS
from maps.cli.main import main

MAIN = "import sys; from maps.cli.main import main; sys.exit(main(sys.argv[1:]))"
MERCATOR = '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3857"}},'
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
    "unknown suffix": ("a.dxf", "x", "known suffixes"),
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
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    count, first, last = words[len(SCENARIOS) - 1], SCENARIOS[0], SCENARIOS[-1]
    assert (
        f"(repeatable; default: {count} of them, {first} to {last}; in a study its own)"
        in default["compare"]
    )
    assert "(repeatable; default: status-quo)" in default["map"]


def test_the_help_names_every_listing(araxes):
    told = " ".join(araxes("list", "--help").out.split())
    unknown = araxes("list", "bogus").err
    for what in unknown.partition("known: ")[2].partition(";")[0].split(", "):
        assert re.search(rf"\b{what}\b", told), what


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_breaks_no_word(araxes, command):
    lines = araxes(command, "--help").out.splitlines()
    assert [line for line in lines if line.endswith("-") or len(line) > 80] == []


def test_the_list_of_commands_is_printed_without_importing_them(python):
    code = "import sys; from maps.cli.main import main; main([]); print(*sys.modules)"
    loaded = python("-c", code).stdout.splitlines()[-1].split()
    homes = {f"maps.cli.{entry.module}" for entry in COMMANDS.values()}
    assert "maps.cli.commands" in loaded
    assert not homes & set(loaded)


def test_a_wrong_option_points_to_the_help_of_its_command(araxes):
    assert_refused(araxes("figures", "--csv"), "see `araxes figures --help`")


def test_without_a_command_the_help_is_printed(araxes):
    assert araxes().out == araxes("--help").out


def test_the_version_is_that_of_the_package(araxes):
    assert araxes("--version").out == f"araxes {__version__}\n"


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
        (("map", "btk", "--out", "x.gif"), "known suffixes: .html, .png, .svg, .pdf"),
        (("map", "btk", "--out", "x"), "known suffixes: .html, .png, .svg, .pdf"),
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


def test_an_interrupt_before_anything_is_written_is_told_the_same_way(araxes, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("corridors.analysis.verdicts.verdicts", stop)
    answer = araxes("figures")
    assert (answer.code, answer.out) == (130, "")
    assert answer.err == "araxes: interrupted; no file was left half-written\n"
