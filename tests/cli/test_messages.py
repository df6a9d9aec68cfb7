"""What the command line prints fits the terminal: tables, texts and messages."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import unicodedata

import pytest

from maps.cli.messages import wrapped

KARS = ("Kars", "Baku")
COMMANDS = [
    ("list",),
    *[("list", what) for what in ("borders", "corridors", "scenarios", "crossings", "places",
                                  "layers", "sources")],
    *[("show", key) for key in ("kars-1921", "lachin-2020", "btk", "zangezur", "lachin", "Kars",
                                "x-julfa-jolfa-ir", "nakhchivan-railway", "tripp-open")],
    ("show", "kars-1921", "--legs"),
    ("show", "btk", "--on", "1850-01-01"),
    ("figures",),
    ("route", *KARS),
    ("route", *KARS, "--avoid", "GE"),
    ("route", *KARS, "--avoid", "GE,IR", "--modes", "rail"),
    ("route", *KARS, "--users", "passengers"),
    ("route", *KARS, "--scenario", "tripp-open+kars-gyumri-reopened", "--alternatives", "3"),
    ("route", "Nakhchivan", "Baku", "--modes", "rail"),
    ("route", *KARS, "--on", "2031-01-01"),
    ("matrix", "Kars", "Baku", "Tbilisi", "Yerevan", "Nakhchivan", "Tabriz", "Iğdır", "Batumi"),
    ("attribute", "Nakhchivan", "Baku", "--scenario", "tripp-and-kars-dilucu"),
    ("breakeven", *KARS, "--vary", "delay_h.crossing.road.freight"),
    ("reach", "Kars", "--within", "200"),
    ("network", "check"),
    ("validate", "tests/examples/my_treaty.toml"),
    ("validate", "tests/examples/my_treaty.toml", "--places"),
    ("validate", "data/scenarios/tripp-open.toml"),
    ("--help",),
]  # fmt: skip
# What is copied as a whole: paths and addresses, and ids of data that hold them.
WHOLE = re.compile(r"\S*/\S*")


def width(line):
    """Return how many columns a terminal gives to a line."""
    return sum(
        0
        if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf"
        else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in line
    )


def too_wide(text, columns=80):
    return [
        line
        for line in text.splitlines()
        if width(line) > columns and not any(len(w) > 40 for w in WHOLE.findall(line))
    ]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_line_fits_in_80_columns(araxes, command):
    answer = araxes(*command)
    assert answer.code in (0, 1)
    assert answer.out or answer.shown
    assert too_wide(answer.out) == []
    assert too_wide(answer.shown) == []


def test_a_folded_message_has_the_same_words():
    text = "araxes: no way: in the way stand " + ", ".join(f"road-{n}" for n in range(60))
    folded = wrapped(text, 80)
    assert folded.split() == text.split()
    assert too_wide(folded) == []
    assert all(line.startswith("    ") for line in folded.splitlines()[1:])


@pytest.mark.parametrize("path", ["/home/a b/" + "long " * 20 + "name.toml", "a/" + "x" * 90])
def test_a_path_is_never_folded(path):
    folded = wrapped(f"araxes: {path}: no such file; check what was typed, and where", 80)
    assert f"{path}:" in folded
    assert folded.endswith("and where")


def test_letters_of_two_columns_count_twice():
    assert too_wide(wrapped("araxes: " + "走廊 " * 40, 80)) == []


@pytest.mark.parametrize("command", [["show", "x" * 60], ["bogus"], ["route", "a", "b", "--c"]])
def test_a_refusal_fits_the_terminal_and_is_one_line_in_a_pipe(command):
    program = [sys.executable, "-m", "maps.cli", *command]
    env = {**os.environ, "COLUMNS": "50"}
    theirs, ours = pty.openpty()
    with subprocess.Popen(program, stderr=ours, env=env):
        os.close(ours)
        told = b""
        try:
            while piece := os.read(theirs, 4096):
                told += piece
        except OSError:
            pass  # the other end is closed
    os.close(theirs)
    piped = subprocess.run(program, env=env, capture_output=True, check=False)
    assert piped.returncode == 2
    assert piped.stderr.count(b"\n") == 1
    lines = told.decode().splitlines()
    assert too_wide("\n".join(line for line in lines if "x" * 60 not in line), 50) == []
    assert " ".join(line.strip() for line in lines) == piped.stderr.decode().strip()
