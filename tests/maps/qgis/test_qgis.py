"""Debian's QGIS opens what is written, headless, and shows it as our maps do."""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
import warnings
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from frictionless import Package
from hypothesis import HealthCheck, Phase, given, settings
from PIL import Image
from qgis_headless import REQUIRED, installed, opened
from random_tables import SCRIPTS, tables
from shapely import LineString, Point

from borders.errors import FileFormatError, FormatWarning
from borders.files.vector import read_vector
from borders.gazetteer.places import LANGUAGES, places
from corridors.export.formats import write
from corridors.model.registry import system, systems
from corridors.network.load import load_network
from maps.cli.main import main
from maps.qgis.project import write_project, write_styled
from maps.style import BASEMAP, style

pytestmark = pytest.mark.skipif(not installed() and not REQUIRED, reason="no QGIS")
PIXEL_MM = 25.4 / 96
THINGS = ("kars-1921", "nakhchivan", "lachin-2020", "lachin-2022", "btk", "zangezur-tripp", "tanap")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("qgis")
    assert main(["export", *THINGS, "--out", str(folder / "three.qgz")]) == 0
    return folder / "three.qgz"


@pytest.fixture(scope="module")
def told(project):
    picture = project.with_name("three.png")
    return opened(project.parent, project, picture=picture, size=[1200, 800])


def colours(picture: Path) -> dict[str, int]:
    """Return how many pixels of a picture have each colour."""
    pixels = np.asarray(Image.open(picture).convert("RGB")).reshape(-1, 3)
    values, counts = np.unique(pixels, axis=0, return_counts=True)
    return {"#{:02x}{:02x}{:02x}".format(*v): int(n) for v, n in zip(values, counts, strict=True)}


def test_every_layer_is_valid_and_has_the_rows_that_were_written(told):
    assert told["read"]
    assert told["crs"]
    assert told["errors"] == []
    assert all(layer["valid"] for layer in told["layers"].values())
    counts = {name: layer["features"] for name, layer in told["layers"].items()}
    things = [system(key) for key in THINGS]
    corridors = [thing for thing in things if thing.kind == "corridor"]
    assert counts["corridor"] == sum(len(thing.statuses) for thing in corridors)
    assert counts["corridor once"] == len(corridors)
    assert counts["place"] == len(places())
    assert counts["link"] == len(load_network().links)
    assert counts["border"] == sum(len(t.legs) for t in things if t.kind != "corridor")


def test_layers_are_in_groups_with_the_network_off(told):
    assert told["groups"] == {
        "Places": ["place"], "Corridors": ["corridor", "corridor once", "corridor strip"],
        "Borders": ["border", "territory"], "Network": ["link"],
        "Base map": ["base river", "base border", "base lake", "base land"],
        "Tables": ["source", "status", "cited"],
    }  # fmt: skip
    assert not {"link", "corridor once"} & set(told["shown"])
    assert {"corridor", "border", "place"} <= set(told["shown"])


def test_colour_width_and_dash_are_those_of_the_style_table(told):
    rules = {rule["label"]: rule for rule in told["layers"]["corridor"]["rules"]}
    for key in ("btk", "zangezur-tripp", "lachin-2020", "tanap"):
        one = system(key)
        for status in one.statuses:
            rule = rules[f"{one.name}, {status.status}"]
            asked = style(key, mode=one.mode, status=status.status)
            assert rule["colour"] == asked.colour
            assert rule["width"] == pytest.approx(asked.width * PIXEL_MM, abs=1e-3)
            dash = [length * PIXEL_MM for length in asked.dash]
            assert rule["dash"] == pytest.approx(dash, abs=1e-3)


def test_rows_with_dates_follow_the_time_of_the_map(told, project):
    for name in ("corridor", "border", "territory", "corridor strip"):
        assert told["layers"][name]["temporal"] == [True, "valid_from", "valid_to"]
    assert not told["layers"]["place"]["temporal"][0]
    first, last = map(int, told["span"])
    assert first <= 1922
    assert last >= 2024
    # the corridor of 2022 replaced that of 2020 on 30 August 2022
    lachin = project.with_name("lachin.qgz")
    write_project([system("lachin-2020"), system("lachin-2022")], lachin)
    shown = {}
    for day in ("2021-06-01", "2022-10-01"):
        picture = project.with_name(f"{day}.png")
        assert opened(project.parent, lachin, picture=picture, day=day)["errors"] == []
        shown[day] = colours(picture)
    old, new = style("lachin-2020").colour, style("lachin-2022").colour
    assert shown["2021-06-01"].get(new, 0) == 0
    assert shown["2021-06-01"].get(old, 0) > 20
    assert shown["2022-10-01"].get(new, 0) > 20


@pytest.mark.parametrize(("east", "is_far"), [(82.6, True), (44.0, False)])
def test_the_land_far_around_is_in_projects_that_reach_it(tmp_path, east, is_far):
    points = gpd.GeoDataFrame(
        {"name": ["Ankara", "there"]}, geometry=[Point(32.9, 39.9), Point(east, 52.3)], crs=4326
    )
    write_project(points, tmp_path / "far.qgz")
    land = pyogrio.read_dataframe(tmp_path / "far.gpkg", layer="base_land")
    assert land["id"].str.startswith("land-far").any() == is_far
    there = Point(82.9, 53.3)  # Barnaul
    assert land.intersects(there).any() == is_far


def test_the_picture_shows_the_systems_on_land_and_sea(told, project):
    assert told["saved"]
    found = colours(project.with_name("three.png"))
    for key in ("btk", "tanap", "kars-1921", "zangezur-tripp"):
        assert found.get(style(key).colour, 0) > 50, key
    for part in ("land", "sea"):
        assert found.get(BASEMAP[part], 0) > 20_000, part


def test_names_are_columns_in_all_languages(told, project):
    names = {f"name_{code}" for code in LANGUAGES}
    for layer in ("corridor", "corridor once", "border", "place"):
        assert names <= set(told["layers"][layer]["fields"])
    row = gpd.read_file(project.with_suffix(".gpkg"), layer="corridor_once").set_index("id")
    assert [row.loc["btk", f"name_{code}"] for code in LANGUAGES] == [
        system("btk").names[code] for code in LANGUAGES
    ]


def test_lengths_can_be_summed_and_statuses_have_a_table(project):
    corridors = [system(key) for key in THINGS if system(key).kind == "corridor"]
    with closing(sqlite3.connect(project.with_suffix(".gpkg"))) as database:
        total = database.execute("SELECT sum(length_m) FROM corridor_once").fetchone()[0]
        rows = database.execute(
            "SELECT status, valid_from FROM status WHERE thing = 'btk' ORDER BY valid_from"
        ).fetchall()
        cited = database.execute(
            "SELECT citation FROM cited JOIN source ON source.id = cited.source WHERE thing = 'btk'"
        ).fetchall()
    assert total == pytest.approx(sum(thing.length.value for thing in corridors))
    assert rows == [(s.status, s.valid_from.isoformat()) for s in system("btk").statuses]
    assert len(cited) == len(system("btk").sources)


def test_a_geopackage_alone_looks_so_too(tmp_path):
    # QGIS takes the look of a layer from layer_styles when it opens it
    assert main(["export", *THINGS, "--qgis", "--out", str(tmp_path / "a.gpkg")]) == 0
    picture = tmp_path / "a.png"
    names = ["corridor", "border", "corridor_strip", "territory", "corridor_once"]
    told = opened(tmp_path, tmp_path / "a.gpkg", layers=names, picture=picture)
    assert all(told["layers"][name]["valid"] for name in names)
    assert told["layers"]["border"]["labels"]
    found = colours(picture)
    for key in ("btk", "tanap", "kars-1921"):
        assert found.get(style(key).colour, 0) > 50, key


def test_it_can_be_moved_and_is_written_twice_alike(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_project(system("btk"), tmp_path / name / "a.qgz")
    for suffix in (".qgz", ".gpkg", ".datapackage.json"):
        one, two = ((tmp_path / n / f"a{suffix}").read_bytes() for n in ("one", "two"))
        assert one == two, suffix
    text = zipfile.ZipFile(tmp_path / "one" / "a.qgz").read("a.qgs").decode()
    assert str(tmp_path) not in text
    (tmp_path / "one").rename(tmp_path / "elsewhere")
    told = opened(tmp_path, tmp_path / "elsewhere" / "a.qgz")
    assert all(layer["valid"] for layer in told["layers"].values())


def test_names_in_seven_scripts_and_odd_signs_reach_qgis(tmp_path):
    names = [*SCRIPTS, 'O\'Brien \\ "x" <&>\x07']
    own = gpd.GeoDataFrame(
        {"id": names, "name": names, "kind": "way", "status": "planned"},
        geometry=[LineString([(44, 40 + n), (45, 40 + n)]) for n in range(len(names))], crs=4326,
    )  # fmt: skip
    write_project([own, system("btk")], tmp_path / "a.qgz")
    told = opened(tmp_path, tmp_path / "a.qgz")
    layer = told["layers"]["way"]
    assert layer["valid"]
    assert layer["features"] == len(names)
    labels = {rule["label"] for rule in layer["rules"]}
    assert {f"{name}, planned" for name in SCRIPTS} <= labels
    assert told["groups"]["Things"] == ["way"]


def test_points_and_areas_of_a_users_own_are_drawn(tmp_path):
    own = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(44, 40), Point(45, 41)], crs=4326)
    area = gpd.GeoDataFrame({"kind": ["field"]}, geometry=[Point(44.5, 40.5).buffer(1)], crs=4326)
    write_project([own, area], tmp_path / "a.qgz")
    told = opened(tmp_path, tmp_path / "a.qgz", picture=tmp_path / "a.png")
    assert told["layers"]["features"]["features"] == 2
    assert told["layers"]["field"]["valid"]
    assert colours(tmp_path / "a.png").get(style("a").colour, 0) > 10


def test_neither_file_is_left_half_written(tmp_path, monkeypatch):
    for name in ("a.qgz", "a.gpkg"):
        (tmp_path / name).write_bytes(b"old")

    def failed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("maps.qgis.project._write_qgz", failed)
    with pytest.raises(KeyboardInterrupt):
        write_project(system("btk"), tmp_path / "a.qgz")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        "a.qgz": b"old", "a.gpkg": b"old"
    }  # fmt: skip


def test_what_cannot_be_is_refused_in_one_line(tmp_path, capsys):
    with pytest.raises(FileFormatError, match=r"a project of QGIS ends in \.qgz"):
        write_project(system("btk"), tmp_path / "a.gpkg")
    with pytest.raises(FileFormatError, match="none of these existed on 1800-01-01"):
        write_project(system("btk"), tmp_path / "a.qgz", on="1800-01-01")
    (tmp_path / "b.gpkg").mkdir()
    assert main(["export", "btk", "--out", str(tmp_path / "b.qgz")]) == 2
    assert main(["export", "btk", "--out", str(tmp_path / "none" / "b.qgz")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "that is a folder" in lines[0]
    assert "the folder does not exist; create it first" in lines[1]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.gpkg"]


def test_the_report_s_geopackage_holds_places_and_network(made):
    database = made.folder / "araxes.gpkg"
    every = len(load_network().links), len(places()), len(systems())
    with closing(sqlite3.connect(database)) as found:
        counts = [
            found.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("link", "place")
        ]
        things = found.execute(
            "SELECT count(DISTINCT id) FROM (SELECT id FROM border UNION SELECT id FROM corridor)"
        ).fetchone()[0]
        styles = found.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall()
    assert (*counts, things) == every
    assert {name for name, _ in styles} >= {"border", "corridor", "place", "link", "territory"}


def test_a_plain_geopackage_holds_the_things_alone(tmp_path):
    assert main(["export", "btk", "--out", str(tmp_path / "b.gpkg")]) == 0
    with closing(sqlite3.connect(tmp_path / "b.gpkg")) as database:
        tables = {n for (n,) in database.execute("SELECT table_name FROM gpkg_contents")}
    assert tables == {"corridor"}


def test_what_is_read_again_is_each_row_once(tmp_path):
    write_styled([system("btk"), system("kars-1921")], tmp_path / "a.gpkg")
    found = read_vector(tmp_path / "a.gpkg")
    expected = [one.to_gdf() for one in (system("btk"), system("kars-1921"))]
    assert sorted(found["id"]) == sorted(key for rows in expected for key in rows["id"])


def test_a_kind_that_is_called_as_a_table_beside_the_layers_is_a_layer_all_the_same(tmp_path):
    own = gpd.GeoDataFrame(
        {"kind": ["status", "Source"], "name": ["a", "b"]}, geometry=[Point(44, 40)] * 2, crs=4326
    )
    write_styled([own, system("btk")], tmp_path / "a.gpkg")
    assert {"layer_status", "layer_Source"} <= {
        n for n, _ in pyogrio.list_layers(tmp_path / "a.gpkg")
    }
    assert sorted(read_vector(tmp_path / "a.gpkg")["name"].unique())[1:] == ["a", "b"]
    write(own, tmp_path / "b.gpkg")
    assert {n for n, _ in pyogrio.list_layers(tmp_path / "b.gpkg")} == {"status", "Source"}


@settings(max_examples=15, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(made=tables())
def test_random_tables_come_back_from_a_geopackage_with_styles_that_are_xml(made):
    own, _ = made
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        file = Path(folder) / "a.gpkg"
        assert write_styled(own, file).features == len(own)
        with closing(sqlite3.connect(file)) as database:
            styles = database.execute(
                "SELECT f_table_name, styleQML, styleSLD FROM layer_styles"
            ).fetchall()
            numbers = [
                n for name, *_ in styles for (n,) in database.execute(f'SELECT nr FROM "{name}"')
            ]
    assert sorted(numbers) == list(range(len(own)))
    for _, qml, sld in styles:
        assert ET.fromstring(qml.partition("\n")[2]).find("renderer-v2") is not None
        assert ET.fromstring(sld.encode()).tag.endswith("StyledLayerDescriptor")


def test_a_data_package_states_licences_and_hashes_of_both_files(project):
    package = Package(str(project.with_name("three.datapackage.json")))
    assert Package.validate_descriptor(package.to_descriptor()).valid
    assert [resource.path for resource in package.resources] == ["three.qgz", "three.gpkg"]
    for resource in package.resources:
        data = project.with_name(resource.path).read_bytes()
        assert resource.hash == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource.bytes == len(data)
    assert {"name": "ODbL-1.0"} in package.licenses
    assert "© OpenStreetMap contributors" in package.description
    assert any("Bolat" in entry["title"] for entry in package.sources)
