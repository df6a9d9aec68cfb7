"""KML that the command line writes: colours, widths and folders, as another reader sees them."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import geopandas as gpd
import pyogrio
import pytest
from shapely import Point

import maps
from borders.files.vector import read_vector
from borders.gazetteer.places import Gazetteer
from corridors.model.registry import system, systems
from maps.cli.main import main
from maps.style import style

NS = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module")
def kml(tmp_path_factory):
    file = tmp_path_factory.mktemp("kml") / "all.kml"
    assert main(["export", "all", "--out", str(file)]) == 0
    return file


def placemarks(kml) -> dict[str, list[ET.Element]]:
    """Return the placemarks of each folder."""
    root = ET.parse(kml).getroot()
    return {
        folder.find(f"{NS}name").text: folder.findall(f"{NS}Placemark")
        for folder in root.iter(f"{NS}Folder")
    }


def test_each_kind_is_a_folder_and_gdal_reads_it_as_a_layer(kml):
    rows = [kind for one in systems() for kind in one.to_gdf()["kind"]]
    counts = {kind: rows.count(kind) for kind in set(rows)}
    assert {name: len(marks) for name, marks in placemarks(kml).items()} == counts
    assert {name: pyogrio.read_info(kml, layer=name)["features"]
            for name, _ in pyogrio.list_layers(kml)} == counts  # fmt: skip


def test_lines_have_the_colours_and_widths_of_the_style_table(kml):
    root = ET.parse(kml).getroot()
    looks = {one.get("id"): one for one in root.iter(f"{NS}Style")}
    drawn = {}
    for mark in placemarks(kml)["corridor"]:
        key, status = (
            mark.find(f".//{NS}SimpleData[@name='{name}']").text for name in ("id", "status")
        )
        drawn[key, status] = looks[mark.find(f"{NS}styleUrl").text.removeprefix("#")]
    for one in (one for one in systems() if one.kind == "corridor"):
        for status in one.statuses:
            asked = style(one.id, mode=one.mode, status=status.status)
            line = drawn[one.id, status.status].find(f"{NS}LineStyle")
            colour = line.find(f"{NS}color").text
            # aabbggrr: https://docs.ogc.org/is/12-007r2/12-007r2.html#1175
            assert "#" + colour[6:8] + colour[4:6] + colour[2:4] == asked.colour
            assert (int(colour[:2], 16) < 255) == bool(asked.dash)
            assert float(line.find(f"{NS}width").text) == asked.width


def test_rows_have_their_time_spans_and_come_back(kml):
    spans = [
        (mark.find(f".//{NS}SimpleData[@name='id']").text, mark.findtext(f"{NS}TimeSpan/{NS}begin"))
        for mark in placemarks(kml)["corridor"]
    ]
    expected = [
        (one.id, status.valid_from and status.valid_from.isoformat())
        for one in systems() if one.kind == "corridor" for status in one.statuses
    ]  # fmt: skip
    assert spans == expected
    found = read_vector(kml)
    assert sorted(found["id"]) == sorted(key for one in systems() for key in one.to_gdf()["id"])
    assert found[found["id"] == "btk"]["name"].unique().tolist() == [system("btk").name]


def test_a_table_of_the_users_own_stays_without_folders(tmp_path):
    own = gpd.GeoDataFrame({"name": ["a"]}, geometry=[Point(44, 40)], crs=4326)
    own.to_file(tmp_path / "own.geojson")
    assert main(["export", str(tmp_path / "own.geojson"), "--out", str(tmp_path / "a.kml")]) == 0
    assert placemarks(tmp_path / "a.kml") == {}


def test_places_without_a_class_have_a_look(tmp_path):
    assert maps.write_styled(Gazetteer(), tmp_path / "a.kml")
