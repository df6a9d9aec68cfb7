"""`araxes events`."""

from __future__ import annotations

import csv
import io
import json

import pytest
from unpacked import facts

from maps.cli.main import main


def test_events_of_a_day_in_every_form(capsys) -> None:
    assert main(["events", "--on", "2020-12-01", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["date"], row["layer"], row["places"]) == ("2020-12-01", "handover", ["lachin"])
    assert main(["events", "--on", "2020-12-01", "--csv"]) == 0
    (same,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert same["event"] == row["event"]
    assert main(["events", "--on", "2020-12-01", "--markdown"]) == 0
    assert capsys.readouterr().out.startswith("| date |")


def test_the_table_fits_in_80_columns(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["events"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1].startswith("188 events")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--on", "1921-13-10"], "write a day 1921-10-13"),
        (["--on", "1921-10-13", "--from", "1921-01-01"], "give one of them"),
        (["--from", "1922-01-01", "--to", "1921-01-01"], "change the two"),
        (["--layer", "wars"], "known: treaty"),
        (["--out", "x.docx"], "known suffixes"),
    ],
)
def test_bad_input_is_one_line(words, told, capsys) -> None:
    assert main(["events", *words]) == 2
    said = capsys.readouterr().err
    assert told in " ".join(said.split())


def test_a_day_without_events_is_a_question_without_an_answer(capsys) -> None:
    assert main(["events", "--on", "1950-01-01"]) == 1
    assert "no event on 1950-01-01" in capsys.readouterr().err


def test_charts_maps_and_geometry(tmp_path, capsys) -> None:
    for name in ("e.svg", "e.html", "e.geojson"):
        assert main(["events", "--layer", "handover", "--out", str(tmp_path / name)]) == 0
    assert "Aghdam handed over" in (tmp_path / "e.caption.md").read_text("utf-8")
    features = json.loads((tmp_path / "e.geojson").read_text("utf-8"))["features"]
    assert len(features) == 6
    page = facts((tmp_path / "e.html").read_text("utf-8"))
    assert "Aghdam handed over" in json.dumps(page, ensure_ascii=False)
    assert "wrote" in capsys.readouterr().out
