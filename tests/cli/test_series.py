"""araxes series: a pair over time, as table, JSON, CSV, Markdown and chart."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from maps.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

RAIL = ["series", "Kars", "Tbilisi", "--on", "2015:2026", "--modes", "rail"]


def test_the_table_folds_what_does_not_differ_and_fits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(RAIL) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("2018 – 2023") for line in lines)
    assert any(line.startswith("2025 – 2026") for line in lines)
    assert "btk open since 2017-10-30, before construction" in out


def test_json_and_csv_say_the_same_of_every_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RAIL, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert main([*RAIL, "--csv"]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == len(table) == 12
    for row, line in zip(rows, table, strict=True):
        assert line["on"] == row["on"]
        assert line["km"] == ("" if row["km"] is None else str(row["km"]))
        if row["hours_by"]:
            assert float(line["hours_border"]) == row["hours_by"]["border"]
            assert row["low_hours"] <= row["hours"] <= row["high_hours"]
            assert row["modes"] == ["rail"]


def test_markdown_has_a_row_for_each_stretch_of_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RAIL, "--markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("|---")
    assert [line.split(" | ")[2] for line in lines if "btk" in line] == ["2018 – 2023", "2024",
                                                                       "2025 – 2026"]  # fmt: skip


def test_the_chart_names_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "series.svg"
    assert main([*RAIL, "--out", str(file)]) == 0
    assert f"wrote {file}" in capsys.readouterr().out
    svg, caption = file.read_text("utf-8"), file.with_suffix(".caption.md").read_text("utf-8")
    assert "btk open since 2017-10-30" in caption
    assert "trend-az-3895822" in caption
    assert "Kars – Tbilisi, 2015 to 2026" in caption
    assert svg.startswith("<?xml")


def test_a_pair_without_any_way_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["series", "Kars", "Tbilisi", "--on", "1995:1997", "--modes", "rail"]) == 0
    printed = capsys.readouterr()
    assert "no way: in the way stand" in printed.out
    assert "there is no way on any of these days" in printed.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--on", "2026:1990"], "the last is before the first"),
        (["--on", "1990:2026", "--step", "0y"], "the step is '0y'"),
        (["--on", "1990:2026", "--step", "often"], "the step is 'often'"),
        (["--on", "1990:2026", "--out", "x.doc"], "known suffixes: .png, .svg, .pdf"),
        (["--on", "tomorrow:1990"], "write years or days"),
        (["--on", "1800:1900"], "knows no earlier ones"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["series", "Kars", "Baku", *words]) == 2
    printed = capsys.readouterr()
    assert message in " ".join(printed.err.split())
    assert not printed.out
