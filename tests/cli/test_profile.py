"""The command that goes along a line, as a table, JSON, CSV, Markdown, a chart and a page."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
import rasterio
from affine import Affine

STEP = 1 / 120


@pytest.fixture(scope="module")
def dem(tmp_path_factory):
    """Return an elevation model of a plane that rises to the east."""
    path = tmp_path_factory.mktemp("dem") / "plane.tif"
    lon = 45.5 + (np.arange(300) + 0.5) * STEP
    heights = np.tile(500 + 200 * (lon - 45.5), (240, 1)).astype("float32")
    with rasterio.open(
        path, "w", driver="GTiff", width=300, height=240, count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(STEP, 0, 45.5, 0, -STEP, 40.5),
    ) as file:  # fmt: skip
        file.write(heights, 1)
    return path


def test_a_table_says_from_where_to_where_what_holds(araxes):
    answer = araxes("profile", "Kars", "Tbilisi", "--modes", "rail")
    assert answer.code == 0
    assert "TR–GE" in answer.out
    assert "add --dem FILE" in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80


def test_json_and_csv_have_the_same_samples(araxes, dem):
    words = ("profile", "lachin-2020", "--dem", dem, "--step", "1500")
    found = json.loads(araxes(*words, "--json").out)
    rows = list(csv.DictReader(io.StringIO(araxes(*words, "--csv").out)))
    assert len(rows) == len(found["samples"]) > 20
    for row, sample in zip(rows, found["samples"], strict=True):
        assert float(row["km"]) == sample["km"]
        expected = 500 + 200 * (sample["lon"] - 45.5)
        assert float(row["height_m"]) == sample["height_m"] == pytest.approx(expected, abs=0.2)
    assert (found["samples"][-1]["km"], found["parts"][0]["to_km"]) == (found["km"], found["km"])
    # Not where it lies.
    assert found["dem"] == "plane.tif"
    assert found["low_km"] < found["km"] < found["high_km"]


def test_markdown_is_a_table_of_the_parts(araxes):
    lines = araxes("profile", "kars-1921", "--markdown").out.splitlines()
    parts = json.loads(araxes("profile", "kars-1921", "--json").out)["parts"]
    assert len(lines) == 2 + len(parts)
    # 1.96 standard errors to either side hold the line with 95 %.
    errors = [float(line.split(" | ")[1]) for line in lines[2:]]
    assert errors == [pytest.approx(1.96e-3 * p["position_sigma_m"], abs=0.06) for p in parts]


@pytest.mark.parametrize("name", ["profile.png", "profile.svg", "profile.html"])
def test_it_is_drawn_as_a_chart_or_a_page(araxes, dem, tmp_path, name):
    answer = araxes("profile", "lachin-2020", "--dem", dem, "--lang", "tr", "--out",
                    tmp_path / name)  # fmt: skip
    assert answer.code == 0, answer.err
    assert (tmp_path / name).stat().st_size > 5000
    if name != "profile.html":
        caption = (tmp_path / "profile.caption.md").read_text("utf-8")
        assert "lachin" in caption.lower()
    if name == "profile.svg":
        text = (tmp_path / name).read_text("utf-8")
        assert "Yükseklik" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Kars",), "'Kars' is a place; give a second one, `araxes profile FROM TO`, for the way"),
        (("kars-1921", "--avoid", "IR"), "--avoid is of the way between two places"),
        (("kars-1921", "--via", "Tbilisi"), "--via is of the way between two places"),
        (("Kars", "Baku", "Ganja"), "got 3 words"),
        (("kars-1921", "--step", "0"), "--step is 0"),
        (("kars-1921", "--step", "0.0001"), "give at least"),
        (("kars-1921", "--out", "x.txt"), "cannot write '.txt'"),
        (("kars-1921", "--dem", "no-such.tif"), "no-such.tif"),
        (("sister-cities",), "no border or corridor"),
        (("no-such-line",), "no-such-line"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(araxes, words, said):
    answer = araxes("profile", *words)
    assert (answer.code, answer.err.count("\n")) == (2, 1), answer.err
    assert said in answer.err


def test_where_there_is_no_way_there_is_no_profile(araxes):
    answer = araxes("profile", "Nakhchivan", "Baku", "--modes", "rail")
    assert answer.code == 1
