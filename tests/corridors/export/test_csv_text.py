"""CSV as RFC 4180 has it, and what spreadsheets make of it."""

from __future__ import annotations

import csv

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point

from borders.errors import FormatWarning
from corridors.export.formats import write, write_file

# OWASP, CSV injection: what spreadsheets run.
FORMULAS = ["=cmd|' /c calc'!A1", "@SUM(1)", "+1+1", "-2+3", "\tx", "\rx"]
TEXTS = ["-5", "+3.5e2", "-", "a=b", "", "first\rsecond", 'say "x", then\ny', " padded "]


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def points(texts):
    return gpd.GeoDataFrame(
        {"t": texts}, geometry=[Point(44, n) for n in range(len(texts))], crs=4326
    )


def test_every_text_is_one_cell_and_read_back_as_it_was(tmp_path):
    write(points(TEXTS), tmp_path / "a.csv")
    assert [row["t"] for row in rows(tmp_path / "a.csv")] == TEXTS


def test_cells_that_spreadsheets_run_are_said_and_neutralised_on_demand(tmp_path):
    with pytest.warns(FormatWarning, match="run cells of column 't' as formulas: --safe-csv puts"):
        write(points(FORMULAS), tmp_path / "a.csv")
    assert [row["t"] for row in rows(tmp_path / "a.csv")] == FORMULAS
    with pytest.warns(FormatWarning, match="they begin with ' now"):
        write(points(FORMULAS + TEXTS), tmp_path / "b.csv", safe_csv=True)
    safe = [f"'{text}" for text in FORMULAS]
    assert [row["t"] for row in rows(tmp_path / "b.csv")] == safe + TEXTS


def test_numbers_below_zero_are_no_formulas(tmp_path):
    own = points(["a"]).assign(n=[-5], f=[-0.5])
    write(own, tmp_path / "a.csv", safe_csv=True)
    assert [(row["n"], row["f"]) for row in rows(tmp_path / "a.csv")] == [("-5", "-0.5")]


def test_a_geometry_longer_than_a_cell_is_said(tmp_path, araxes):
    line = LineString(np.column_stack([np.linspace(44, 45, 3000), np.linspace(40, 41, 3000)]))
    own = gpd.GeoDataFrame({"name": ["long"]}, geometry=[line], crs=4326)
    written = write_file(own, tmp_path / "a.csv")
    (remark,) = written.remarks
    assert "32,767 characters, and 1 in column wkt is longer" in remark
    csv.field_size_limit(10_000_000)
    assert len(rows(tmp_path / "a.csv")[0]["wkt"]) > 32_767
    own.to_file(tmp_path / "a.gpkg")
    done = araxes("export", tmp_path / "a.gpkg", "--out", tmp_path / "b.csv")
    assert (done.code, done.err) == (0, "")
    assert "32,767 characters" in done.out


def test_safe_csv_is_for_csv(araxes, tmp_path):
    done = araxes("export", "btk", "--safe-csv", "--out", tmp_path / "a.gpkg")
    assert done.code == 2
    assert "--safe-csv is for CSV" in done.err
