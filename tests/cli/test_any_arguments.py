"""Whatever options and values are put together: an answer, or one line that says why not."""

from __future__ import annotations

import random
import time

import pytest

from maps.cli.commands import COMMANDS
from maps.cli.main import parser

# Commands that write many files, and take long.
SLOW = ("report", "gallery")
SECONDS = 8
VALUES = (
    "", "Kars", "Baku", "btk", "zangezur-tripp", "İğdır", "nosuch", "x.toml", "/", "..", "-1", "0",
    "3", "1e400", "nan", "10", "km", "hours", "rail", "rail,road", "GE", "GEO", "freight", "en",
    "1921-10-13", "2026-02-30", "Kars:Baku", "Kars:", ":", "tripp-open", "tripp-open+", "a=1:2",
    "delay_h.crossing.road.freight=0:9", "\x1b[31m", "${HOME}", "--", "x" * 300, "走廊", "\u202e",
    "all", "borders", "check",
)  # fmt: skip


def options_of(command):
    top = parser(command)
    below = next(a for a in top._actions if a.dest == "command").choices[command]
    return [
        (name, action.nargs == 0)
        for action in below._actions
        for name in action.option_strings
        if name not in ("-h", "--help", "--out", "--tiles")
    ]


def line(chance, command, folder):
    """Return a command with some of its options and values, each now and then left out."""
    words = [command, *chance.choices(VALUES, k=chance.choice((0, 1, 1, 2, 2, 3)))]
    known = options_of(command)
    for name, alone in chance.sample(known, k=chance.randint(0, min(3, len(known)))):
        words += [name] if alone else [name, chance.choice(VALUES)]
    if chance.random() < 0.5 and command in ("map", "export", "reach", "route"):
        words += ["--out", str(folder / chance.choice(("a.geojson", "a.csv", "a.html", "a.x", "")))]
    return words


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in SLOW])
def test_any_arguments_give_an_answer_or_one_line(araxes, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    chance = random.Random(f"araxes {command}")
    until = time.monotonic() + SECONDS
    for _ in range(60):
        words = line(chance, command, tmp_path)
        answer = araxes(*words)
        assert answer.code in (0, 1, 2), words
        assert "Traceback" not in answer.err + answer.out, words
        if answer.code:
            lines = answer.err.splitlines()
            assert lines, words
            assert all(told.startswith("araxes") for told in lines), (words, lines)
        if answer.code == 2:
            assert answer.err.count("\n") == 1, (words, answer.err)
        if time.monotonic() > until:
            break
