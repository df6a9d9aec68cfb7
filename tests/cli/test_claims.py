"""`araxes claims`, with the bundled claims and with an analyst's own file."""

from __future__ import annotations

import csv
import io
import json

import pytest

from maps.cli.main import main

HEAD = "claim,question,thing,value,unit\n"


def test_claims_of_a_document_in_every_form(capsys) -> None:
    assert main(["claims", "--document", "avim-2025-77", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["verdict"] for row in rows][:1] == ["consistent"]
    assert {"document", "page", "claim", "stated", "ours", "verdict", "reason"} <= rows[0].keys()
    assert main(["claims", "--document", "avim-2025-77", "--csv"]) == 0
    same = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["id"] for row in same] == [row["id"] for row in rows]
    assert main(["claims", "--document", "avim-2025-77", "--markdown"]) == 0
    assert capsys.readouterr().out.startswith("| id |")


def test_the_table_fits_in_80_columns_and_counts(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["claims"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert "6 contradictions" in " ".join(lines[-3:])


def test_an_analysts_own_numbers_are_judged(tmp_path, capsys) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        HEAD + "Border Türkiye–Armenia,length,tur-arm,331,km\n"
        "Agreements,count,sister-cities,203,\n"
        "Kars signed,date,e1921-treaty-kars-signed,1921-10-23,\n",
        "utf-8",
    )
    assert main(["claims", str(file), "--json"]) == 0
    verdicts = [row["verdict"] for row in json.loads(capsys.readouterr().out)]
    assert verdicts == ["consistent", "inconsistent", "inconsistent"]


def test_bad_rows_are_told_one_by_one_and_nothing_is_lost(tmp_path, capsys) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        HEAD + "Good,length,tur-arm,331,km\n"
        "No number,length,tur-arm,many,km\n"
        "No question,lengths,tur-arm,331,km\n"
        "No date,date,e1921-treaty-kars-signed,13.10.1921,\n"
        "Too few,length\n"
        "Also good,count,districts:surrounding,7,\n",
        "utf-8",
    )
    assert main(["claims", str(file), "--json"]) == 2
    said = capsys.readouterr()
    assert [row["claim"] for row in json.loads(said.out)] == ["Good", "Also good"]
    lines = [line for line in said.err.splitlines() if line.startswith("araxes: ")]
    assert [line.split()[1] for line in lines] == [
        "mine.csv:3:", "mine.csv:4:", "mine.csv:5:", "mine.csv:6:",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "claim"),
        ("claim,question\nx,length\n", "'value' is missing"),
        ("claim,question,value,thng\nx,length,1,tur-arm\n", "meant for 'thing'"),
        (HEAD, "no claims in it"),
    ],
)
def test_a_file_that_is_none_is_told_in_one_line(tmp_path, capsys, text, told) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(text, "utf-8")
    assert main(["claims", str(file)]) == 2
    said = capsys.readouterr().err
    assert told in " ".join(said.split())


def test_files_of_other_kinds_and_charts(tmp_path, capsys) -> None:
    assert main(["claims", str(tmp_path / "none.csv")]) == 2
    assert main(["claims", "--out", "x.html"]) == 2
    assert main(["claims", "--document", "nobody"]) == 2
    assert "bolat-kars" in capsys.readouterr().err
    file = tmp_path / "c.svg"
    assert main(["claims", "--document", "sister-city-study", "--out", str(file)]) == 0
    assert "204 agreements" in (tmp_path / "c.caption.md").read_text("utf-8")


def test_semicolons_and_a_byte_order_mark_are_read(tmp_path, capsys) -> None:
    file = tmp_path / "mine.csv"
    file.write_bytes(
        "﻿claim;question;thing;value;unit\nLachin; area;district:lachin;1835;km2\n".encode()
    )
    assert main(["claims", str(file), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["verdict"] == "consistent"
