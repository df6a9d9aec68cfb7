"""The main job: four files that agree with one another, the same bytes each time."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyogrio
import pytest
from frictionless import Package, Resource

from borders.files.catalogue import source, sources
from corridors.analysis.compare import SCENARIOS
from corridors.analysis.verdicts import verdicts
from corridors.context.ceded_pieces import ceded_pieces
from corridors.context.systems import context_ids, context_system
from corridors.model.corridor import corridor
from corridors.model.registry import systems
from corridors.study.study import Study
from maps.i18n import interval_km
from maps.layers.build import layers
from maps.report.report import TITLE, markdown, report
from maps.report.routes_section import PAIRS
from maps.report.study_report import study_report

FILES = (
    "report.md", "map.html", "map.png", "araxes.gpkg", "context.html", "context.gpkg",
    "datapackage.json",
)  # fmt: skip
STUDIES = Path(__file__).parents[2] / "studies"


def rows_of(text):
    return [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("| ")]


def section(text, name):
    found = re.search(rf"^## {re.escape(name)}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, name
    return found[1]


@pytest.fixture(scope="module")
def text(made):
    return made.text("report.md")


def test_all_files_are_written_and_nothing_else(made):
    assert sorted(path.name for path in made.folder.iterdir()) == sorted(FILES)
    assert all((made.folder / name).stat().st_size > 1000 for name in FILES)


def package_of(folder):
    """Return the Data Package of a folder, checked by Frictionless: words, sizes and hashes."""
    package = Package(str(folder / "datapackage.json"))
    assert Package.validate_descriptor(package.to_descriptor()).valid
    for resource in package.resources:
        # As a file: a page or picture has no rows.
        file = Resource(
            path=resource.path, basepath=str(folder), hash=resource.hash, bytes=resource.bytes,
            datatype="file",
        )  # fmt: skip
        report = file.validate()
        assert report.valid, report.flatten(["type", "message"])
    return package


def test_a_data_package_lists_the_other_files_with_licences_and_sources(made):
    package = package_of(made.folder)
    listed = sorted(resource.path for resource in package.resources)
    assert listed == sorted(set(FILES) - {"datapackage.json"})
    # The rivers of the picture are GSHHG's, in no layer of the GeoPackage.
    names = {entry["name"] for entry in package.licenses}
    assert names == {
        "ODbL-1.0", "CC-BY-4.0", "CC-PDDC", "LGPL-3.0-or-later", "Unicode-DFS-2016",
    }  # fmt: skip
    assert any("Bolat" in entry["title"] for entry in package.sources)
    assert "Rivers: GSHHG, LGPL" in package.description


def test_the_report_of_a_study_has_a_data_package_and_styles_too(tmp_path):
    folder = tmp_path / "lakes"
    shutil.copytree(STUDIES / "north-america", folder)
    study = Study.open(folder)
    with study.active():
        paths = study_report(study, folder / "out")
    package = package_of(folder / "out")
    written = {path.relative_to(folder / "out").as_posix() for path in paths}
    assert {resource.path for resource in package.resources} == written - {"datapackage.json"}
    # It stands alone: nothing of the South Caucasus is credited.
    assert "GSHHG" not in (package.description or "")
    with closing(sqlite3.connect(folder / "out" / "study.gpkg")) as database:
        styled = {name for (name,) in database.execute("SELECT f_table_name FROM layer_styles")}
        tables = {name for (name,) in database.execute("SELECT table_name FROM gpkg_contents")}
    assert {"border", "place", "link"} <= styled
    assert {"source", "status", "cited"} <= tables


def test_every_system_of_the_documents_is_in_the_report_its_page_and_its_geometry(made, text):
    headings = {line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")}
    page = made.text("context.html")
    ids = set()
    with closing(sqlite3.connect(made.folder / "context.gpkg")) as database:
        tables = [
            name for (name,) in database.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
            )
        ]  # fmt: skip
        for name in tables:
            ids |= {key for (key,) in database.execute(f'SELECT id FROM "{name}"')}
    for key in context_ids():
        known = context_system(key)
        assert known.name in headings or known.name in text, key
        assert all(layer.name in page for layer in layers([known])), key
        assert set(known.to_gdf()["id"]) <= ids, key


def test_the_first_table_has_a_row_per_system_with_interval_and_basis(text):
    rows = {row[0].strip(): row for row in rows_of(section(text, "All systems"))}
    for one in systems():
        row = [cell.strip() for cell in rows[one.id]]
        assert interval_km(one.length) in row
        assert one.length.label in row


def test_every_system_has_a_section_with_statuses_and_all_its_sources(text):
    for one in systems():
        part = section(text, one.name)
        for status in one.statuses:
            assert status.status in part
        for key in one.sources:
            assert f"- `{key}`: " in part
            if key in sources():
                assert source(key).citation[:20].replace("&", "&amp;").replace("<", "&lt;") in part


def test_published_figures_stand_beside_ours_with_a_verdict_and_a_reason(text):
    for one in (v for v in verdicts() if v.ours is not None):
        value = one.figure.text
        assert any(
            value in line and one.verdict in line and one.reason.replace("<", "&lt;")[:20] in line
            for line in text.splitlines()
        ), one.figure.id


def test_a_figure_outside_the_interval_says_why_not():
    assert all(len(v.reason) > 10 for v in verdicts() if v.verdict == "inconsistent")


def test_the_licences_of_all_data_are_listed(text):
    part = section(text, "Data and licences")
    assert "OpenStreetMap contributors, ODbL 1.0" in part
    assert "GeoNames, CC BY 4.0" in part
    listed = [row for row in rows_of(part) if row[0].strip() != "file"]
    assert listed
    assert all(len(row) == 4 and row[2].strip() for row in listed)


def test_every_table_has_as_many_cells_in_each_row_as_in_its_head(text):
    width = None
    for line in text.splitlines():
        if not line.startswith("|"):
            width = None
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        width = width or cells
        assert cells == width, line


def test_text_from_the_data_cannot_become_html_in_the_report(text):
    assert not re.search(r"<\w", text)


def test_the_geopackage_has_a_layer_per_kind(made):
    file = made.folder / "araxes.gpkg"
    kinds = {"border", "territory", "corridor", "corridor_strip"}
    around = {"corridor_once", "place", "link", "status", "source", "cited", "layer_styles"}
    assert {str(name) for name, _ in pyogrio.list_layers(file)} == kinds | around
    ids = set()
    for name in kinds:
        table = pyogrio.read_dataframe(file, layer=name)
        # SQLite would want quotes for a table with a hyphen; the kind has it.
        assert set(table["kind"]) == {name.replace("_", "-")}
        assert table.crs.to_epsg() == 4326
        assert table.geometry.is_valid.all()
        ids |= set(table["id"])
    assert ids == {one.id for one in systems()}


def test_the_geopackage_is_a_sound_database(made):
    with sqlite3.connect(made.folder / "araxes.gpkg") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()


def test_the_printed_table_fits_in_80_columns_and_has_every_system(made):
    lines = made.printed.splitlines()
    table = lines[: lines.index("")]
    assert max(map(len, table)) <= 80
    for one in systems():
        assert any(line.startswith(one.id) for line in table), one.id
        assert any(one.length.label in line for line in table if line.startswith(one.id))


@pytest.fixture(scope="module")
def again(python, tmp_path_factory):
    """Return the folder of a report by the program: other hashes, day, time zone and locale.

    It works in two processes, where there are two processors.
    """
    folder = tmp_path_factory.mktemp("again")
    elsewhere = {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": None, "TZ": "Asia/Baku",
                 "LC_ALL": "C", "PYTHONUTF8": "0"}  # fmt: skip
    done = python("-m", "maps.cli", "report", "--out", folder, **elsewhere)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.mark.parametrize("name", FILES[1:])
def test_another_process_on_another_day_writes_the_same_bytes(made, again, name):
    # A database that is not told its day is of 1970.
    stamped = (
        (made.folder / name).read_bytes().replace(b"2023-11-14T22:13:20", b"1970-01-01T00:00:00")
    )
    if name == "datapackage.json":
        # It has the hashes of the two files that state a day.
        hashes = re.compile(rb'"(?:hash|bytes)": .*')
        assert hashes.sub(b"", (again / name).read_bytes()) == hashes.sub(b"", stamped)
        return
    assert (again / name).read_bytes() == stamped


def test_without_a_fixed_date_only_the_stated_build_time_differs(made, again):
    ours, theirs = (folder / "report.md" for folder in (made.folder, again))
    pairs = zip(
        theirs.read_text("utf-8").splitlines(), ours.read_text("utf-8").splitlines(), strict=True
    )
    differing = [one for one, other in pairs if one != other]
    assert len(differing) == 1
    assert re.search(r"built \d{4}-\d\d-\d\d \d\d:\d\d UTC", differing[0])


def test_the_build_time_is_the_one_that_the_environment_fixes(text):
    assert "built 2023-11-14 22:13 UTC" in text


def test_names_are_in_the_language_asked_for(tmp_path, capsys):
    report(tmp_path, language="az")
    assert "Laçın dəhlizi (2020)" in (tmp_path / "map.html").read_text("utf-8")
    assert TITLE in (tmp_path / "report.md").read_text("utf-8")
    assert str(tmp_path / "map.png") in capsys.readouterr().out.replace("\n", "")


def test_the_ceded_pieces_and_lands_without_a_boundary_have_sections(text):
    assert "\n## Pieces of Nakhchivan transferred to Armenia, 1929–1931\n" in text
    assert all(piece.name in text for piece in ceded_pieces())
    assert "\n## Lands and governments without a boundary\n" in text


def test_the_contents_link_to_every_section(text):
    titles = re.findall(r"^## (.*)$", text, re.M)
    links = re.findall(r"^- \[(.*)\]\(#(.*)\)$", section(text, "Contents"), re.M)
    assert [title for title, _ in links] == titles[1:]
    for title, anchor in links:
        # As GitHub and pandoc do: small letters, blanks to hyphens, no other marks.
        kept = "".join(c for c in title.lower() if c.isalnum() or c in " -_")
        assert anchor == kept.replace(" ", "-")


def test_sources_with_an_address_are_links(text):
    addressed = [
        source(key)
        for one in systems()
        for key in one.sources
        if key in sources() and source(key).url
    ]
    assert addressed
    for cited in addressed:
        assert f"]({cited.url})" in text


def test_no_two_rows_of_a_pair_say_the_same(text):
    rows = [row for row in rows_of(section(text, "Ways under scenarios")) if len(row) == 11]
    rows = [[cell.strip() for cell in row] for row in rows if row[0].strip() != "from"]
    differing = {tuple(cells[:2] + cells[3:]) for cells in rows}
    assert len(differing) == len(rows)
    named = [name for row in rows for name in row[2].split(", ")]
    assert Counter(named) == dict.fromkeys(SCENARIOS, 2 * len(PAIRS))


def test_no_figure_is_said_to_be_itself(text):
    assert not re.search(r"([\d,]+ km) over \d+ links is \1", text)
    assert "1,436 km (1,423 to 1,449) over 20 links" in text


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("share", "word"), [(0.9, "within"), (1.1, "beyond")])
def test_the_cross_check_says_whether_the_errors_cover_the_difference(sign, share, word):
    pattern = (
        r"gives ([\d,.]+) km \(([\d,.]+)–([\d,.]+)\); "
        r"the difference of ([\d,.]+) km is (\w+)"
    )

    def told(length):
        one = replace(corridor("lachin-2020"), length=length)
        found = re.search(pattern, markdown((one,), ()))
        return *(float(number.replace(",", "")) for number in found.groups()[:4]), found[5]

    sigma_m = 500.0
    first = replace(corridor("lachin-2020").length, value=50e3, sigma=sigma_m)
    drawn_km, low_km, high_km, *_ = told(first)
    # Two independent errors add up by their squares; 1.96 of them are 95 %.
    both_km = ((high_km - low_km) ** 2 / 4 + (1.96 * sigma_m / 1000) ** 2) ** 0.5
    stated = replace(first, value=1000 * (drawn_km + sign * share * both_km))
    *_, apart_km, verb = told(stated)
    assert apart_km == pytest.approx(share * both_km, abs=0.2)
    assert verb == word
