"""A study of Central America, with its own countries: what the commands say of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

# How the files of the study say that a thing has no source.
_UNVERIFIED = ('source = "unverified"', '"source":"unverified"', ",unverified,unverified,")
MAYA = Path(__file__).parents[1] / "studies" / "central-america"


@pytest.fixture
def maya(tmp_path):
    """Return a copy of the study that a test may change."""
    return Path(shutil.copytree(MAYA, tmp_path / "maya"))


def rewrite(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_an_id_of_a_place_and_of_a_crossing_shows_both(araxes, maya):
    for name in ("links.csv", "crossings.csv"):
        rewrite(maya / "network" / name, "x-melchor-benque", "melchor")
    rewrite(maya / "scenarios" / "melchor-closed.toml", "x-melchor-benque", "melchor")
    both = araxes("show", "melchor", "--study", maya)
    assert "melchor, town, GT" in both.out
    assert "melchor, crossing, GT–BZ" in both.out
    told = json.loads(araxes("show", "melchor", "--study", maya, "--json").out)
    assert (told["kind"], told["crossing"]["links"][0]["id"]) == ("place", "x-melchor")
    # A crossing has statuses of a day; a place alone has none.
    assert araxes("show", "melchor", "--on", "2025-01-01", "--study", maya).code == 0
    assert araxes("show", "flores", "--on", "2025-01-01", "--study", maya).code == 2
    # A place is shown though something is wrong with the network.
    (maya / "network" / "links.csv").write_text("")
    assert araxes("show", "melchor", "--study", maya).code == 0


def test_a_status_without_a_source_ends_without_a_mark(araxes, maya):
    told = araxes("show", "x-melchor", "--study", maya).out
    assert "status  open (undated, open 06:00-22:00)\n" in told


def test_a_study_cites_sources_of_its_own_everywhere(araxes, maya):
    for file in maya.rglob("*"):
        if file.suffix in (".csv", ".toml", ".geojson") and file.name != "claims.csv":
            text = file.read_text("utf-8")
            for old in _UNVERIFIED:
                text = text.replace(old, old.replace("unverified", f"Atlas, {file.name}", 1))
            file.write_text(text.replace(",Atlas, places.csv,", ',"Atlas, places.csv",'), "utf-8")
    statuses = maya / "network" / "statuses.csv"
    rewrite(statuses, "Atlas, statuses.csv", '"Atlas, statuses.csv"')
    assert araxes("report", "--study", maya).code == 0
    caption = (maya / "out" / "figures" / "border.caption.md").read_text("utf-8")
    for name in ("places.csv", "countries.geojson", "treaty-1882.toml"):
        assert f"Atlas, {name}" in caption
    page = (maya / "out" / "map.html").read_text("utf-8")
    assert "Atlas, places.csv" in page
    for key, cited in (("merida", "places.csv"), ("ferro-sur", "ferro-sur.toml")):
        told = araxes("show", key, "--study", maya)
        assert f"source  Atlas, {cited}\n" in told.out
    assert araxes("export", "ferro-sur", "--out", maya / "x.gpkg", "--study", maya).code == 0


def test_the_strip_of_a_corridor_lies_in_its_countries_and_in_no_rayon(araxes, maya):
    told = araxes("show", "ferro-sur", "--study", maya).out
    assert "strip   Guatemala (GT) " in told
    assert "rayon" not in told
    assert araxes("report", "--study", maya).code == 0
    report = (maya / "out" / "report.md").read_text("utf-8")
    assert "| strip, by country | area (95 %) |" in report
    assert "rayon" not in report


def test_without_other_lines_the_cross_check_says_what_it_assumes(araxes, maya):
    file = maya / "corridors" / "ferro-sur.toml"
    rewrite(file, 'basis = "chain"', 'basis = "published"\nlength_m = 290000\nsigma_m = 5000')
    assert araxes("report", "--study", maya).code == 0
    report = (maya / "out" / "report.md").read_text("utf-8")
    assert "its chords lengthened 1.25 times, an assumption, gives 266.1 km" in report
