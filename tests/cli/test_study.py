"""A study from its folder to an archive that others open and rebuild to the byte."""

from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from datetime import date
from pathlib import Path

import geopandas
import matplotlib
import pytest
import unpacked
from geographiclib.geodesic import Geodesic
from PIL import Image
from rocrate.rocrate import ROCrate

from corridors import compare
from corridors.study.study import Study
from maps.web.page_days import FIRST_DAY, LAST_DAY, page_days

STUDIES = Path(__file__).parents[1] / "studies"
BALTIC = STUDIES / "baltic"
LAKES = STUDIES / "north-america"
REGION = ("Caucasus", "Tbilisi", "GeoNames", "Natural Earth", "ODbL")


@pytest.fixture(scope="module")
def locked(tmp_path_factory, python):
    """Return a copy of the study, with its report and its lock."""
    folder = tmp_path_factory.mktemp("study") / "baltic"
    shutil.copytree(BALTIC, folder)
    answer = python("-m", "maps.cli", "lock", "--study", folder)
    assert answer.returncode == 0, answer.stderr
    return folder


@pytest.fixture
def copy(locked, tmp_path):
    """Return a copy that a test may change."""
    return Path(shutil.copytree(locked, tmp_path / "copy"))


def test_a_study_of_another_region_says_nothing_of_ours(locked):
    for name in ("report.md", "routes.csv", "map.html", "figures/border.caption.md",
                 "datapackage.json"):  # fmt: skip
        text = (locked / "out" / name).read_text("utf-8")
        assert [word for word in REGION if word in text] == []


def test_its_page_has_no_words_of_countries_that_it_does_not_show(locked):
    told = unpacked.facts((locked / "out" / "map.html").read_text("utf-8"))
    # Our table names no country between Warsaw and Riga.
    assert [key for key in told["words"] if key.startswith("country-")] == []


def test_its_page_can_be_set_to_the_days_of_its_own_dates(locked, copy):
    told = unpacked.facts((locked / "out" / "map.html").read_text("utf-8"))
    # From the year in which its treaty came into force to that of its scenario.
    assert (told["page"]["first"], told["page"]["last"]) == ("1992-01-01", "2026-12-31")
    statuses = "link,status,valid_from,valid_to\nwarsaw-bialystok,planned,,1862-12-15\n"
    (copy / "network" / "statuses.csv").write_text(
        f"{statuses}warsaw-bialystok,open,1862-12-15,2031-05-01\nwarsaw-bialystok,closed,2031-05-01,\n"
    )
    with Study.open(copy).active():
        assert page_days() == (date(1862, 1, 1), date(2031, 12, 31))
    assert page_days() == (FIRST_DAY, LAST_DAY)


def test_commands_given_in_its_folder_see_its_things_and_say_so(araxes, locked, monkeypatch):
    monkeypatch.chdir(locked / "scenarios")
    answer = araxes("route", "Warsaw", "Riga", "--by", "hours", "--scenario", "rail-baltica",
                    "--json")  # fmt: skip
    assert "study 'From Warsaw to Riga'" in answer.err
    found = json.loads(answer.out)
    assert [one["id"] for one in found["links"]][-1] == "kaunas-riga"
    assert found["gauge_changes"] == 0
    assert araxes("show", "kars-1921").code == 2
    assert "oder-neisse-1990" in araxes("list", "borders").out


def test_its_own_things_are_listed_before_the_bundled_ones(araxes, tmp_path):
    folder = tmp_path / "mine"
    araxes("new", folder)
    own = {
        "systems": {"example-line", "example-corridor"}, "scenarios": {"example-opening"},
        "places": {"example-depot"}, "corridors": {"example-corridor"}, "borders": {"example-line"},
    }  # fmt: skip
    for what, ids in own.items():
        listed = json.loads(araxes("list", what, "--json", "--study", folder).out)
        bundled = json.loads(araxes("list", what, "--json").out)
        assert {row["id"] for row in listed[: len(ids)]} == ids
        assert listed[len(ids) :] == bundled


def test_its_scenarios_are_compared_if_no_others_are_named(araxes, locked):
    rows = json.loads(araxes("compare", "Warsaw", "Riga", "--json", "--study", locked).out)
    assert {row["scenario"] for row in rows} == {"status-quo", "rail-baltica"}
    with Study.open(locked).active():
        assert {row.scenario.id for row in compare([("Warsaw", "Riga")])} == {"status-quo"}


def test_its_report_is_in_its_first_language_unless_another_is_asked_for(araxes, copy, tmp_path):
    title = copy / "araxes.toml"
    title.write_text(title.read_text("utf-8").replace('["en"]', '["tr", "en"]'), "utf-8")
    told = {}
    for name, words in (("own", ()), ("asked", ("--lang", "en"))):
        assert araxes("report", "--study", copy, "--out", tmp_path / name, *words).code == 0
        told[name] = (tmp_path / name / "figures" / "border.caption.md").read_text("utf-8")
    assert "Kaynaklar" in told["own"]
    assert "Sources" in told["asked"]


def test_alone_it_has_no_events_districts_or_alliances(araxes, locked):
    assert "Karabakh" not in araxes("list", "context", "--study", locked).out
    for command, code in (("events", 1), ("districts", 1), ("claims", 1), ("figures", 0)):
        answer = araxes(command, "--study", locked)
        assert (answer.code, "Traceback" in answer.shown) == (code, False)
    assert araxes("figures", "--study", locked).out == "no figures in the data\n"
    for kind in ("sister-cities", "districts", "alliances", "provinces"):
        assert araxes("list", kind, "--study", locked).out == f"no {kind} in the data\n"
    for words in (("show", "csto"),
                  ("map", "sister-cities", "--out", "x.html")):  # fmt: skip
        answer = araxes(*words, "--study", locked)
        # One line says which study it is, the other what is wrong.
        assert (answer.code, answer.err.count("\n")) == (2, 2), answer.err


@pytest.fixture(scope="module")
def lakes(tmp_path_factory, python):
    """Return a copy of the study of North America, with its report."""
    folder = tmp_path_factory.mktemp("lakes") / "north-america"
    shutil.copytree(LAKES, folder)
    answer = python("-m", "maps.cli", "report", "--study", folder)
    assert answer.returncode == 0, answer.stderr
    return folder


def test_a_study_of_another_continent_has_its_own_countries_and_nothing_of_ours(araxes, lakes):
    for name in ("report.md", "routes.csv", "map.html", "figures/parallel.caption.md"):
        text = (lakes / "out" / name).read_text("utf-8")
        assert [word for word in ("Caucasus", "Tbilisi", "Natural Earth") if word in text] == []
    answer = araxes("list", "crossings", "--study", lakes, "--json")
    assert {row["id"]: row["countries"] for row in json.loads(answer.out)} == {
        "x-detroit-tunnel": ["CA", "US"],
        "x-hamilton-buffalo": ["CA", "US"],
        "x-montreal-albany": ["CA", "US"],
    }
    by_tunnel = json.loads(
        araxes("route", "Toronto", "Detroit", "--by", "hours", "--study", lakes, "--json").out
    )
    # 365 km at 50 km/h, and four hours at the border that the link over it is found to cross
    assert by_tunnel["hours"] == pytest.approx(365 / 50 + 4, abs=0.06)
    closed = araxes("route", "Toronto", "Detroit", "--scenario", "tunnel-closed", "--study", lakes)
    assert closed.code == 1
    assert "detroit-tunnel" in closed.err


def test_its_gallery_is_its_own_figures(araxes, lakes, tmp_path):
    answer = araxes("gallery", "--out", tmp_path / "g", "--study", lakes)
    assert answer.code == 0, answer.err
    names = {path.name for path in (tmp_path / "g").iterdir()}
    assert names == {"parallel.png", "parallel.caption.md", "circle.png", "circle.caption.md",
                     "index.md"}  # fmt: skip
    assert "Twelve miles around New Castle" in (tmp_path / "g" / "index.md").read_text("utf-8")
    (lakes / "figures.toml").rename(lakes / "figures.off")
    try:
        answer = araxes("gallery", "--out", tmp_path / "h", "--study", lakes)
    finally:
        (lakes / "figures.off").rename(lakes / "figures.toml")
    assert answer.code == 2
    assert "asks for no figure; write one into figures.toml" in answer.err


def test_ways_of_a_figure_are_those_of_its_day(araxes, copy, tmp_path):
    links = copy / "network" / "links.csv"
    rows = links.read_text("utf-8").splitlines()
    # The only way is closed in January.
    rows = [rows[0] + ",closed", *(row + "," for row in rows[1:])]
    rows[1] += "01-01..01-31"
    links.write_text("\n".join(rows) + "\n", "utf-8")
    figures = copy / "figures.toml"
    told = figures.read_text("utf-8")
    (copy / "figures.toml").write_text(told + "on = 2026-07-01\n", "utf-8")
    assert araxes("gallery", "--out", tmp_path / "july", "--study", copy).code == 0
    caption = (tmp_path / "july" / "baltic.caption.md").read_text("utf-8")
    assert "2026-07-01" in caption
    assert "2026-06-01" not in caption
    figures.write_text(told + "on = 2026-01-10\n", "utf-8")
    answer = araxes("gallery", "--out", tmp_path / "january", "--study", copy)
    assert answer.code == 1
    assert "figures.toml, figure 'baltic': no route from Warsaw to Riga on 2026-01-10" in answer.err


def test_letters_that_no_font_has_are_told_and_a_font_of_its_own_lends_them(araxes, copy, tmp_path):
    figures, about = copy / "figures.toml", copy / "araxes.toml"
    title = 'title = "The border of 1990'
    figures.write_text(figures.read_text("utf-8").replace(title, f"{title} \u2312"), "utf-8")
    answer = araxes("gallery", "--out", tmp_path / "boxes", "--only", "border", "--study", copy)
    assert answer.code == 0
    said = " ".join(answer.err.split())
    assert "figure 'border': the font lacks '\u2312'; boxes stand for them; put a font" in said
    stix = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "STIXGeneral.ttf"
    shutil.copy(stix, copy / "own.ttf")
    about.write_text(f'font = "own.ttf"\n{about.read_text("utf-8")}', "utf-8")
    answer = araxes("gallery", "--out", tmp_path / "own", "--only", "border", "--study", copy)
    assert answer.code == 0
    assert "boxes" not in answer.err
    assert Path("own.ttf") in Study.open(copy).inputs
    (copy / "own.ttf").unlink()
    answer = araxes("validate", copy)
    assert answer.code == 2
    assert "araxes.toml: font is 'own.ttf', but there is no such file in the folder" in answer.err


def test_its_gallery_has_tables_of_legs_if_asked_for(araxes, lakes, tmp_path):
    high = {}
    for name, more in (("plain", ()), ("legs", ("--legs",))):
        answer = araxes("gallery", "--out", tmp_path / name, "--study", lakes, "--only", "parallel",
                        "--width", "85", *more)  # fmt: skip
        assert answer.code == 0, answer.err
        with Image.open(tmp_path / name / "parallel.png") as picture:
            high[name] = picture.height
    # One leg and the head of the table, in letters of 6 points at 300 dots an inch.
    assert high["legs"] - high["plain"] > 2 * 6 / 72 * 300


def test_the_pages_of_a_study_have_the_profile_that_it_asks_for(araxes, tmp_path):
    folder = Path(shutil.copytree(LAKES, tmp_path / "lakes"))
    settings = (folder / "araxes.toml").read_text("utf-8")
    step = '[[step]]\ntext = "## North"\n'
    (folder / "figures.toml").write_text(step, "utf-8")
    (folder / "araxes.toml").write_text('profile = "forty-ninth-paralel"\n' + settings, "utf-8")
    refused = araxes("report", "--study", folder)
    assert refused.code == 2
    assert "profile is 'forty-ninth-paralel'; its page shows" in refused.err
    assert "meant for 'forty-ninth-parallel'" in refused.err
    (folder / "araxes.toml").write_text('profile = "forty-ninth-parallel"\n' + settings, "utf-8")
    assert araxes("report", "--study", folder).code == 0
    for name in ("map.html", "story.html"):
        text = (folder / "out" / name).read_text("utf-8")
        assert 'id="araxes-profile-facts"' in text
    assert 'id="araxes-story-facts"' in text


def test_a_story_is_a_page_of_the_report_and_a_wrong_step_is_told(araxes, tmp_path):
    folder = Path(shutil.copytree(LAKES, tmp_path / "lakes"))
    step = '[[step]]\ntext = "## North"\nview = "forty-ninth-parallel"\n{}\n'
    (folder / "figures.toml").write_text(step.format(""), "utf-8")
    assert araxes("report", "--study", folder).code == 0
    text = (folder / "out" / "story.html").read_text("utf-8")
    assert "<h3>North</h3>" in text
    assert [word for word in REGION if word in text] == []
    assert "story.html" in (folder / "out" / "report.md").read_text("utf-8")
    for wrong, said in (('layers = ["nosuch"]', "layers has 'nosuch'"),
                        ('scenario = "nosuch"', "scenario is 'nosuch'"),
                        ('words = "x"', "unknown key 'words'")):  # fmt: skip
        (folder / "figures.toml").write_text(step.format("") + step.format(wrong), "utf-8")
        answer = araxes("report", "--study", folder)
        assert answer.code == 2
        assert f"figures.toml, step 2: {said}" in answer.err.splitlines()[-1]


def test_its_claims_are_judged_by_its_own_data(araxes, lakes):
    rows = json.loads(araxes("claims", "--study", lakes, "--json").out)
    rows = rows["claims"] if isinstance(rows, dict) else rows
    assert [row["verdict"] for row in rows] == ["consistent", "consistent"]


def test_alone_its_messages_name_its_own_places(araxes, locked, tmp_path):
    said = araxes("compare", "--pair", "Warsaw-Riga", "--study", locked).err
    assert "two places with a colon between: Warsaw:" in said
    assert "Kars" not in said
    said = araxes("compare", "--gateways", "--study", locked).err
    assert "--gateways asks the bundled data, and the study stands alone; give places" in said
    bare = tmp_path / "bare"
    araxes("new", bare, "--base", "none")
    (bare / "places.csv").write_text("id,name,kind,country,lon,lat,sigma_m,source,state\n", "utf-8")
    assert "between: From:To" in araxes("compare", "--pair", "x", "--study", bare).err


def test_alone_no_rule_of_europe_rests_its_drivers(araxes, tmp_path):
    folder = tmp_path / "far"
    araxes("new", folder, "--base", "none")
    links = folder / "network" / "links.csv"
    row = 'far,west,east,road,PL,900000,9000,,open,"LINESTRING (21.0 52.2, 24.1 56.9)"\n'
    links.write_text(links.read_text("utf-8") + row, "utf-8")
    answer = araxes("route", "West", "East", "--modes", "road", "--study", folder)
    assert "900 km" in answer.out
    assert "AETR" not in answer.out
    assert (
        "driver_rest_h"
        not in araxes("route", "West", "East", "--modes", "road", "--json", "--study", folder).out
    )


def test_its_geopackage_has_the_ways_that_are_compared(locked):
    ways = geopandas.read_file(locked / "out" / "study.gpkg", layer="route")
    told = {row["scenario"]: float(row["km"]) for row in routes_of(locked)}
    assert set(ways["scenario"]) == set(told) == {"status-quo", "rail-baltica"}
    for scenario, km in told.items():
        drawn = ways[ways["scenario"] == scenario]
        assert drawn["length_m"].sum() / 1000 == pytest.approx(km, abs=0.1)


def routes_of(folder):
    with (folder / "out" / "routes.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_a_treaty_does_not_say_leaves_no_gap(araxes, tmp_path):
    folder = tmp_path / "mine"
    araxes("new", folder, "--base", "none")
    assert "\n\n\n" not in araxes("show", "example-line", "--study", folder).out
    assert araxes("report", "--study", folder).code == 0
    text = (folder / "out" / "report.md").read_text("utf-8")
    section = text.partition("## Example line")[2].partition("\n## ")[0]
    assert "\n\n\n" not in section
    assert "\nThe calls read 100 % of it." in section
    assert "0 of " not in section


def test_a_star_in_its_report_is_explained(araxes, tmp_path):
    folder = tmp_path / "starred"
    araxes("new", folder, "--base", "none")
    links, file = folder / "network" / "links.csv", folder / "araxes.toml"
    row = 'far,west,east,road,PL,900000,9000,,open,"LINESTRING (21.0 52.2, 24.1 56.9)"\n'
    links.write_text(links.read_text("utf-8") + row, "utf-8")
    file.write_text(file.read_text("utf-8").replace('modes = ["rail"]', ""), "utf-8")
    assert araxes("report", "--study", folder).code == 0
    text = (folder / "out" / "report.md").read_text("utf-8")
    assert "example-opening \\* | rail" in text
    assert "\n\\* shorter under that scenario than by the other modes\n" in text


def test_openings_that_are_none_say_what_there_is(araxes, lakes, tmp_path):
    answer = araxes("sweep", "--pair", "Toronto:Detroit", "--openings", "nope", "--out",
                    tmp_path / "s.csv", "--study", lakes)  # fmt: skip
    assert answer.code == 2
    assert "no link, crossing or corridor 'nope'" in answer.err
    assert "known: " in answer.err
    assert "`araxes list crossings`" in answer.err


def test_alone_it_counts_places_and_says_that_it_knows_no_towns(araxes, locked):
    words = ("access", "Warsaw", "--within", "900", "--by", "km", "--modes", "rail", "--study")
    answer = araxes(*words, locked)
    assert "no people are counted" in " ".join(answer.out.split())
    assert not [words for words in ("people of", "People:", "GeoNames") if words in answer.out]
    assert "Warning" not in answer.shown
    found = json.loads(araxes(*words, locked, "--json").out)
    assert found


def test_another_build_elsewhere_is_the_same_to_the_byte(araxes, copy):
    answer = araxes("verify", "--study", copy)
    assert (answer.code, answer.out.count("to the byte")) == (0, 1), answer.out


def test_what_changed_since_the_lock_is_named(araxes, copy):
    links = copy / "network" / "links.csv"
    links.write_text(links.read_text("utf-8").replace("180000", "181000"), "utf-8")
    answer = araxes("verify", "--study", copy)
    assert answer.code == 1
    for line in ("input network/links.csv is another", "result routes.csv is another"):
        assert line in answer.out.splitlines()
    assert "result figures/border.png is another" not in answer.out


def test_an_archive_is_an_ro_crate_and_opens_elsewhere(araxes, locked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("one.zip", "two.zip"):
        assert araxes("pack", name, "--study", locked).code == 0
    assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes()
    assert araxes("open", "one.zip").code == 0
    below = (path for path in Path("one").rglob("*") if path.is_file())
    files = {path.relative_to("one").as_posix() for path in below}
    crate = ROCrate("one")
    assert crate.name == "From Warsaw to Riga"
    assert {one.id for one in crate.data_entities} == files - {"ro-crate-metadata.json"}
    assert (Path("one") / "out" / "map.html").read_bytes() == (locked / "out/map.html").read_bytes()
    assert araxes("open", "one.zip").err.count("is there already") == 1


@pytest.mark.parametrize("name", ["../x", "/x", "a\\..\\x"])
def test_an_archive_that_would_write_elsewhere_is_refused(araxes, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile("bad.zip", "w") as archive:
        archive.writestr("araxes.toml", 'title = "x"')
        archive.writestr(zipfile.ZipInfo(name), "x")
    answer = araxes("open", "bad.zip", "new")
    assert answer.code == 2
    assert "would lie outside" in answer.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.zip"]


def test_an_archive_whose_file_is_another_than_its_lock_says_is_refused(
    araxes, copy, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert araxes("pack", "whole.zip", "--study", copy).code == 0
    with zipfile.ZipFile("whole.zip") as whole, zipfile.ZipFile("x.zip", "w") as damaged:
        for name in whole.namelist():
            content = whole.read(name)
            damaged.writestr(name, content + b"\n" * (name == "places.csv"))
    answer = araxes("open", "x.zip", "new")
    assert answer.code == 2
    assert "places.csv is not the file that the lock names" in answer.err
    assert not Path("new").exists()


@pytest.mark.parametrize("name", ["places.csv", "out/report.md", "network/new.csv", "gone"])
def test_what_is_not_as_it_was_locked_is_not_packed(araxes, copy, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    if name == "gone":
        name = "out/map.html"
        (copy / name).unlink()
    else:
        with (copy / name).open("a") as file:
            file.write("\n")
    answer = araxes("pack", "x.zip", "--study", copy)
    assert answer.code == 2
    assert f"{name} is not as the lock has it; `araxes lock`" in answer.err
    assert not Path("x.zip").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"<html>"])
def test_what_is_no_archive_is_refused_in_one_line(araxes, tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    answer = araxes("open", path, tmp_path / "new")
    assert answer.code == 2
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lock"], "here is no study; go to the folder of one, or give --study DIR"),
        (["list", "--study"], "--study names no folder"),
        (["list", "--study", "nowhere"], "no such folder; `araxes new nowhere`"),
        (["pack", "x.tar"], "an archive is a zip"),
        (["open", "none.zip"], "none.zip: no such file"),
    ],
)
def test_slips_are_told_in_one_line(araxes, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    answer = araxes(*words)
    assert answer.code == 2
    assert message in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize("lock", ["", "{}", "[]", '{"built_at": "x"}'])
def test_a_lock_that_is_none_says_what_writes_it(araxes, copy, lock):
    (copy / "araxes.lock").write_text(lock, "utf-8")
    answer = araxes("verify", "--study", copy)
    assert answer.code == 2
    assert "`araxes lock` writes it anew" in answer.err


@pytest.mark.parametrize("base", ["south-caucasus", "none"])
def test_a_new_study_is_sound_and_its_scenario_changes_its_answer(
    araxes, tmp_path, monkeypatch, base
):
    monkeypatch.chdir(tmp_path)
    assert araxes("new", "mine", "--base", base, "--title", 'A "quoted" ığdır').code == 0
    assert araxes("new", "mine").code == 2
    monkeypatch.chdir("mine")
    for kind in ("scenarios/example-opening", "treaties/example-line",
                 "corridors/example-corridor"):  # fmt: skip
        answer = araxes("validate", f"{kind}.toml")
        assert answer.code == 0, answer.err
        assert 'A "quoted" ığdır' in answer.err
    whole = json.loads(araxes("validate", ".", "--json").out)
    assert (whole["kind"], whole["figures"], whole["steps"]) == ("study", 2, 2)
    assert json.loads(araxes("claims", "--json").out)
    assert "consistent" in araxes("claims").out
    ends = ("Kars", "Tuzluca") if base == "south-caucasus" else ("West", "East")
    opened = araxes("route", *ends, "--scenario", "example-opening", "--json")
    assert json.loads(opened.out)["unbuilt_km"] > 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('layers = ["routes"', 'layers = ["rutes"', "figures.toml, step 2: layers has 'rutes'"),
        ('view = "example-line"', 'view = "example-lin"', "step 1: view is 'example-lin'"),
        ('things = ["example-corridor"', 'things = ["nothing"', "figure 1, things: no "),
    ],
)
def test_a_study_is_validated_with_its_figures_and_steps(
    araxes, tmp_path, monkeypatch, old, new, message
):
    monkeypatch.chdir(tmp_path)
    assert araxes("new", "mine").code == 0
    path = tmp_path / "mine" / "figures.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    answer = araxes("validate", "mine/figures.toml")
    assert answer.code == 2
    assert message in answer.err
    assert answer.err.count("\n") == 1


def square(code, west, east):
    ring = [[west, 52], [east, 52], [east, 57], [west, 57], [west, 52]]
    return {"type": "Feature", "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip


@pytest.mark.parametrize(("east", "told"), [(24.0, False), (24.01, False), (24.5, True)])
def test_countries_that_overlap_by_more_than_their_error_are_told(araxes, tmp_path, east, told):
    folder = tmp_path / "mine"
    araxes("new", folder, "--base", "none")
    features = [square("PL", 20, east), square("LT", 24, 26)]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "countries.geojson").write_text(text, "utf-8")
    file = folder / "araxes.toml"
    file.write_text(file.read_text("utf-8") + '\ncountries = "countries.geojson"\n', "utf-8")
    answer = araxes("validate", folder)
    assert answer.code == 0, answer.err
    found = re.search(r"countries.geojson: LT and PL overlap by ([\d,]+) km²", answer.err)
    assert bool(found) == told
    if found:
        assert int(found[1].replace(",", "")) == pytest.approx(area_km2(24, 24.5), rel=1e-4)


def area_km2(west, east):
    polygon = Geodesic.WGS84.Polygon()
    for lat, lon in ((52, west), (52, east), (57, east), (57, west)):
        polygon.AddPoint(lat, lon)
    return abs(polygon.Compute()[2]) / 1e6


def test_a_story_of_routes_without_pairs_says_what_gives_them(araxes, tmp_path):
    folder = tmp_path / "mine"
    araxes("new", folder)
    file = folder / "araxes.toml"
    file.write_text(re.sub(r"(?m)^pairs = .*$", "", file.read_text("utf-8")), "utf-8")
    answer = araxes("validate", folder)
    assert answer.code == 2
    assert "layers has 'routes'; the page has" in answer.err
    assert "; pairs give it routes" in answer.err


def test_another_study_is_not_validated_from_within_one(araxes, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert araxes("new", "mine").code == araxes("new", "other").code == 0
    monkeypatch.chdir("mine")
    answer = araxes("validate", "../other")
    assert answer.code == 2
    assert "add --study ../other" in answer.err


# A file of a new study, what is written over it or into it, and what does not need it.
BROKEN = [
    ("treaties/example-line.toml", "rule =", "rule = = ", "not valid TOML"),
    ("treaties/example-line.toml", 'rule = "', 'rule = "un', "rule is 'un"),
    ("corridors/example-corridor.toml", 'terrain = "', 'terrain = "un', "terrain is 'un"),
    ("figures.toml", "file =", "fle =", "is 'fle' meant for 'file'"),
    ("figures.toml", "[[step]]", "[[step", "not valid TOML"),
]


@pytest.mark.parametrize("base", ["south-caucasus", "none"])
@pytest.mark.parametrize("slip", BROKEN)
def test_what_needs_no_broken_file_answers_and_names_it(araxes, tmp_path, base, slip):
    name, old, new, said = slip
    folder = tmp_path / "mine"
    araxes("new", folder, "--base", base)
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    link, place = ("middle-east", "West") if base == "none" else ("example-road-1", "Kars")
    for words in (["list"], ["show", link], ["show", place]):
        answer = araxes(*words, "--study", folder)
        assert answer.code == 0, answer.err
        assert answer.err.count(f"{name} is left out: ") == 1
        assert said in answer.err
        if words == ["list"]:
            whole = {"example-line", "example-corridor"} - {path.stem}
            assert all(key in answer.out for key in whole)
            assert path.stem not in answer.out
    for words in (["report"], ["validate", folder]):
        answer = araxes(*words, "--study", folder)
        assert answer.code == 2
        assert said in answer.err
        assert "left out" not in answer.err


def test_a_broken_scenario_leaves_the_others_listed(araxes, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    araxes("new", "mine", "--base", "none")
    (tmp_path / "mine" / "scenarios" / "other.toml").write_text('id = "other"\n', "utf-8")
    monkeypatch.chdir("mine")
    answer = araxes("list", "scenarios")
    assert answer.code == 0
    assert "example-opening" in answer.out
    assert "scenarios/other.toml is left out: other.toml: 'name' is missing" in answer.err
    assert araxes("route", "West", "East", "--scenario", "other").code == 2
