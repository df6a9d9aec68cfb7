"""Names of columns: a format holds every value whatever its column is called, and says so."""

from __future__ import annotations

import json
import sqlite3
import warnings
import xml.etree.ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import Point

from borders.errors import FormatWarning
from corridors.export.feature_table import table as merged_table
from corridors.export.formats import write
from corridors.model.registry import system

WRITTEN = (".geojson", ".gpkg", ".fgb", ".kml", ".csv", ".gpx")


def table(**columns):
    return gpd.GeoDataFrame(columns, geometry=[Point(43.1, 40.6)], crs=4326)


def values(path) -> set[str]:
    """Return every value of the first row that GDAL, or pandas, reads from a file."""
    if path.suffix == ".csv":
        return set(pd.read_csv(path, dtype=str).iloc[0].dropna())
    layer = "waypoints" if path.suffix == ".gpx" else None
    row = pyogrio.read_dataframe(path, layer=layer, read_geometry=False).iloc[0].dropna()
    return {str(value) for value in row}


@pytest.mark.parametrize("suffix", WRITTEN)
@pytest.mark.parametrize(
    "columns",
    [
        {"Name": ["n1"], "gauge": ["n2"]},
        {"ID": ["n1"], "NAME": ["n2"], "Source": ["n3"], "KIND": ["rail"]},
        {"fixme": ["n1"], "FIXME": ["n2"], "FixMe": ["n3"], "FIXME_2": ["n4"]},
        {"fid": ["n1"], "FID": ["n2"], "geom": ["n3"], "GEOM": ["n4"], "ogc_fid": ["n5"]},
        {"wkt": ["n1"], "WKT": ["n2"], "Geometry": ["n3"], "style": ["n4"], "layer": ["n5"]},
        {"Name": ["n1"], "name": ["n2"], "description": ["n3"], "Begin": ["n4"], "icon": ["n5"]},
        {"from": ["n1"], "select": ["n2"], "rowid": ["n3"], "a b": ["n4"], "a-b": ["n5"],
         "a_b": ["n6"], "km²": ["n7"], "@id": ["n8"], "addr:city": ["n9"], "1st": ["n10"],
         "ÄÖ": ["n11"], "äö": ["n12"], "": ["n13"], 'x"y': ["n14"], "tab\there": ["n15"]},
    ],
    ids=",".join,
)  # fmt: skip
def test_every_value_is_read_back_whatever_its_column_is_called(tmp_path, suffix, columns):
    path = tmp_path / f"a{suffix}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        assert write(table(**columns), path) == 1
    assert {cells[0] for cells in columns.values()} <= values(path)


@pytest.mark.parametrize(
    ("suffix", "columns", "said"),
    [
        (".gpkg", {"fixme": ["a"], "FIXME": ["b"]}, "column 'FIXME' is 'FIXME_2' in GeoPackage"),
        (".gpkg", {"fid": [7]}, "column 'fid' is 'fid_2' in GeoPackage: it keeps fid and geom"),
        (".gpkg", {"geom": ["a"], "Fid": [1]}, "columns 'geom' is 'geom_2', 'Fid' is 'Fid_2'"),
        (".csv", {"wkt": ["POINT"]}, "column 'wkt' is 'wkt_2' in CSV: the geometry is in wkt"),
        (".gpx", {"km²": ["4"]}, "column 'km²' is 'km_' in GPX: its names are those of XML"),
        (".kml", {"Name": ["a"], "name": ["b"]}, "column 'Name' is 'Name_2' in KML"),
        (".gpkg", {"": ["a"]}, "column '' is 'unnamed' in GeoPackage: a name is a line of text"),
        (".kml", {"a\nb": ["c"]}, "column 'a\ufffdb' is 'a_b' in KML: a name is a line of text"),
        (".fgb", {"\n": ["c"]}, "column '\ufffd' is '_' in FlatGeobuf: a name is a line of text"),
    ],
)  # fmt: skip
def test_a_column_that_is_called_otherwise_in_the_file_is_said(tmp_path, suffix, columns, said):
    with pytest.warns(FormatWarning) as told:
        write(table(**columns), tmp_path / f"a{suffix}")
    assert len(told) == 1
    assert str(told[0].message).startswith(f"{tmp_path / 'a'}{suffix}: {said}")


def test_the_command_line_says_it_in_one_line(araxes, tmp_path):
    features = [
        {"type": "Feature", "properties": {"fid": fid, "name": name},
         "geometry": {"type": "Point", "coordinates": [43.1, 40]}}
        for fid, name in ((1, "d1"), (None, "d2"))
    ]  # fmt: skip
    (tmp_path / "d.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), "utf-8"
    )
    done = araxes("export", tmp_path / "d.geojson", "--out", tmp_path / "d.gpkg")
    assert done.code == 0
    assert done.out == f"wrote 2 features to {tmp_path / 'd.gpkg'}\n"
    assert done.err.startswith(f"araxes: {tmp_path / 'd.gpkg'}: column 'fid' is 'fid_2' in Geo")
    assert done.err.count("\n") == 1
    with sqlite3.connect(tmp_path / "d.gpkg") as database:
        rows = database.execute("select name, fid_2 from features order by name").fetchall()
    database.close()
    assert rows == [("d1", 1), ("d2", None)]


@pytest.mark.parametrize("key", ["name", "Name", "NAME"])
def test_the_name_of_a_feature_is_the_name_of_its_placemark_and_waypoint(tmp_path, key):
    for suffix, element in (
        (
            ".kml",
            ".//{http://www.opengis.net/kml/2.2}Placemark/{http://www.opengis.net/kml/2.2}name",
        ),
        (
            ".gpx",
            ".//{http://www.topografix.com/GPX/1/1}wpt/{http://www.topografix.com/GPX/1/1}name",
        ),
    ):
        write(table(**{key: ["Kars"]}), tmp_path / f"a{suffix}")
        assert ET.parse(tmp_path / f"a{suffix}").find(element).text == "Kars"


def test_an_empty_column_gives_way_to_the_one_with_values(tmp_path):
    own = table(name=[None], NAME=["Kars"], id=[None], ID=[7], KIND=["rail"], kind=[None])
    write(own, tmp_path / "a.gpkg")
    found = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="rail")
    assert (found["NAME"].item(), found["ID"].item()) == ("Kars", 7)
    assert not {"name", "id", "kind"} & set(found.columns)


def test_columns_of_python_tables_are_known_whatever_their_case(tmp_path):
    own = table(
        NAME=["Kars"], ID=[7], KIND=["rail"], Source=["geonames"], VALID_FROM=["1900-01-01"],
        Valid_To=["1920-01-01"],
    )  # fmt: skip
    found = merged_table(own)
    said = {key: found[key].item() for key in ("name", "id", "kind", "source")}
    assert said == {"name": "Kars", "id": 7, "kind": "rail", "source": "geonames"}
    assert found["licence"].item() == "CC-BY-4.0"
    assert not {"NAME", "ID", "KIND", "Source"} & set(found.columns)
    assert len(merged_table(own, on="1910-01-01")) == 1
    assert len(merged_table(own, on="1930-01-01")) == 0
    # Below rows of ours the name stands where theirs stand.
    write([system("btc"), own], tmp_path / "a.csv")
    assert list(pd.read_csv(tmp_path / "a.csv")["name"]) == [system("btc").name, "Kars"]


def test_kinds_are_layers_that_sql_needs_no_quotes_for(tmp_path):
    kinds = ["my-kind", "gpkg_contents", "2nd", "", "a b;c"]
    own = gpd.GeoDataFrame({"kind": kinds}, geometry=[Point(43, 40)] * 5, crs=4326)
    write(own, tmp_path / "a.gpkg")
    layers = {name for name, _ in pyogrio.list_layers(tmp_path / "a.gpkg")}
    assert layers == {"my_kind", "layer_gpkg_contents", "layer_2nd", "features", "a_b_c"}
    with sqlite3.connect(tmp_path / "a.gpkg") as database:
        for layer in layers:
            assert database.execute(f"select count(*) from {layer}").fetchone() == (1,)
    database.close()
