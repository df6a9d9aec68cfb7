"""Vector files that would give a wrong map are refused with one clear message."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from hypothesis import given, settings, strategies as st
from shapely import LineString, Point, box

from borders.errors import AraxesError, CRSError, FileFormatError, GeometryError
from borders.files.table_checks import checked
from borders.files.vector import SUFFIXES, read_vector

forty = settings(max_examples=40)


def collection(*geometries, **extra) -> str:
    features = [
        {"type": "Feature", "properties": {"n": n}, "geometry": geometry}
        for n, geometry in enumerate(geometries)
    ]
    return json.dumps({"type": "FeatureCollection", **extra, "features": features})


def point(*xy):
    return {"type": "Point", "coordinates": list(xy)}


def line(*xy):
    return {"type": "LineString", "coordinates": [list(c) for c in xy]}


def named(crs: str):
    return {"type": "name", "properties": {"name": crs}}


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>x</name>
<Point><coordinates>{}</coordinates></Point></Placemark></Document></kml>"""


@pytest.fixture
def file(tmp_path):
    def written(content: str | bytes, name: str = "mine.geojson"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture
def layers(tmp_path):
    """Return a function that writes tables as the layers of a GeoPackage."""

    def written(**tables):
        path = tmp_path / "mine.gpkg"
        for name, table in tables.items():
            pyogrio.write_dataframe(table, path, layer=name, driver="GPKG")
        return path

    return written


def table(*geometries, crs="EPSG:4326", **columns):
    return gpd.GeoDataFrame(columns, geometry=list(geometries), crs=crs)


def refused(path, error, message):
    with pytest.raises(error, match=message) as caught:
        read_vector(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_geojson_in_longitude_and_latitude_is_read_in_4326(file):
    found = read_vector(file(collection(point(44.05, 39.92), line((44, 40), (45, 41)))))
    assert found.crs.to_epsg() == 4326
    assert found["n"].tolist() == [0, 1]
    assert found.geometry.iloc[0].equals(Point(44.05, 39.92))


@pytest.mark.parametrize("geometry", [point(44, 40), line((44, 40), (45, 41))])
def test_a_single_feature_or_geometry_is_read_too(file, geometry):
    feature = {"type": "Feature", "properties": {"n": 1}, "geometry": geometry}
    assert len(read_vector(file(json.dumps(feature)))) == 1
    assert len(read_vector(file(json.dumps(geometry)))) == 1


def test_heights_are_no_other_reference_system(file):
    found = read_vector(file(collection(point(44, 40, 1200))))
    assert found.crs.to_epsg() == 4326
    assert found.geometry.iloc[0].z == 1200


def test_a_geojson_with_a_byte_order_mark_is_read(file):
    assert len(read_vector(file(b"\xef\xbb\xbf" + collection(point(44, 40)).encode()))) == 1


def test_a_geopackage_with_two_layers_is_read_layer_by_layer(layers):
    path = layers(
        towns=table(Point(43.1, 40.6), name=["Kars"]),
        roads=table(LineString([(43.1, 40.6), (44.05, 39.9)]), name=["D070"]),
    )
    found = read_vector(path)
    assert found[["layer", "name"]].to_numpy().tolist() == [["towns", "Kars"], ["roads", "D070"]]
    assert found.geom_type.tolist() == ["Point", "LineString"]


def test_a_column_named_layer_is_kept(file):
    feature = {"type": "Feature", "properties": {"layer": "own"}, "geometry": point(44, 40)}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]})
    assert read_vector(file(content))["layer"].tolist() == ["own"]


def test_kml_and_flatgeobuf_are_read(file, tmp_path):
    assert read_vector(file(KML.format("44.05,39.92,0"), "a.kml")).geometry.iloc[0].x == 44.05
    path = tmp_path / "a.fgb"
    pyogrio.write_dataframe(table(box(44, 39, 45, 40), name=["x"]), path, driver="FlatGeobuf")
    assert read_vector(path)["name"].tolist() == ["x"]


@pytest.mark.parametrize("name", ["mine.dxf", "mine.txt", "mine", "mine.geojson.bak"])
def test_an_unknown_suffix_is_refused_with_the_known_ones(file, name):
    refused(file(collection(point(44, 40)), name), FileFormatError, r"known suffixes: \.geojson")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    refused(tmp_path / "none.gpkg", FileFormatError, "no such file")
    (tmp_path / "folder.gpkg").mkdir()
    refused(tmp_path / "folder.gpkg", FileFormatError, r"is a folder; name a file in it")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "content", [b"", b"hello", b"PK\x03\x04\x00", b"\x89PNG\r\n\x1a\n", b"<html>"]
)
def test_content_that_is_not_what_the_suffix_says_is_refused(file, suffix, content):
    kind = SUFFIXES[suffix][0]
    said = f"not a {kind}( file)?, whatever its suffix"
    if suffix in (".csv", ".tsv"):
        said = "no column with positions|no features|not a table of text|not a text file in UTF-8"
    elif content.startswith(b"PK") and suffix in (".zip", ".kmz"):
        said = "cannot be unpacked"
    refused(file(content, f"mine{suffix}"), FileFormatError, said)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"SQLite format 3\x00" + bytes(200), "a.gpkg", "cannot be read"),
        (b"fgb\x03fgb\x01" + bytes(100), "a.fgb", "no layer with geometry"),
        (b"<kml><Document>", "a.kml", "cannot be read"),
        (b"<?xml version='1.0'?><gpx version='1.1'></gpx>", "a.kml", "XML, but not KML"),
        (KML.format("44,40").encode().replace(b"x<", b"\xff<"), "a.kml", "cannot be read"),
        (
            b'{"type": "FeatureCollection", "name": "\xe9"}',
            "a.json",
            r"not a text file in UTF-8 \(byte 39\)",
        ),
        ('{"type": "Topology", "objects": {}, "arcs": []}', "a.json", "cannot be read|no layer"),
        ('{"name": "settings"}', "a.json", "JSON, but not GeoJSON"),
        ('{"type": []}', "a.json", "JSON, but not GeoJSON"),
        ("[1, 2]", "a.json", "not a GeoJSON file, whatever its suffix says"),
        ('"Feature"', "a.json", "not a GeoJSON file, whatever its suffix says"),
        ('{"type": "FeatureCollection"}', "a.json", "cannot be read|no features"),
        ('{"type": "FeatureCollection", "features": 5}', "a.json", "'features' is 5, not a list"),
        ('{"type": "FeatureCollection", "features": [1]}', "a.json", "feature 1 is '1'"),
        (collection(), "a.geojson", "no features in it"),
    ],
)
def test_a_file_that_only_begins_like_one_is_refused(file, content, name, message):
    refused(file(content, name), FileFormatError, message)


def test_broken_json_is_refused_with_line_and_column(file):
    content = '{"type": "FeatureCollection",\n"features": [,]}'
    refused(file(content), FileFormatError, r"line 2, column 14: .*not valid JSON")


def test_a_truncated_database_or_flatgeobuf_is_refused(layers, tmp_path):
    whole = layers(towns=table(Point(43.1, 40.6), name=["Kars"]))
    whole.write_bytes(whole.read_bytes()[:50_000])
    refused(whole, FileFormatError, "cannot be read")
    path = tmp_path / "a.fgb"
    pyogrio.write_dataframe(table(Point(43.1, 40.6), name=["Kars"]), path, driver="FlatGeobuf")
    path.write_bytes(path.read_bytes()[:-10])
    refused(path, FileFormatError, "cannot be read")


@pytest.mark.parametrize("depth", [500, 100_000])
def test_huge_nesting_is_refused(file, depth):
    coordinates = "[" * depth + "]" * depth
    content = collection(point()).replace("[]", coordinates)
    refused(file(content), AraxesError, "nested too deeply|not GeoJSON")


@pytest.mark.parametrize("crs", ["EPSG:3857", "urn:ogc:def:crs:EPSG::3857"])
def test_web_mercator_is_refused_by_name_with_what_to_do(file, crs):
    content = collection(point(4_900_000, 4_870_000), crs=named(crs))
    refused(file(content), CRSError, r"in EPSG:3857, not in longitude.*\.to_crs\(4326\) or ogr2ogr")


@pytest.mark.parametrize("crs", [named("EPSG:999999"), named("the usual"), None, 5, {}])
def test_a_reference_system_that_nobody_knows_is_refused(file, crs):
    refused(file(collection(point(44, 40), crs=crs)), CRSError, "its crs is .*, which is not known")


@pytest.mark.parametrize("crs", ["EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84"])
def test_longitude_and_latitude_may_be_named(file, crs):
    assert read_vector(file(collection(point(44, 40), crs=named(crs)))).crs.to_epsg() == 4326


def test_a_table_in_crs84_comes_out_in_4326(layers):
    assert read_vector(layers(a=table(Point(44, 40), crs="OGC:CRS84"))).crs.to_epsg() == 4326


@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_layer_without_reference_system_is_refused_whatever_the_others_have(layers, order):
    tables = {"a": table(Point(44, 40)), "b": table(Point(44, 40), crs=None)}
    path = layers(**{name: tables[name] for name in order})
    with pytest.raises(CRSError, match=r"layer 'b': no coordinate reference system; set it"):
        read_vector(path)


def test_layers_in_different_reference_systems_are_refused(layers):
    path = layers(a=table(Point(44, 40)), b=table(Point(4.9e6, 4.87e6), crs="EPSG:3857"))
    with pytest.raises(CRSError, match=r"layer 'b': coordinates are in EPSG:3857"):
        read_vector(path)


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        (point(float("nan"), 40), "holds NaN, which is not JSON"),
        (point(44, float("-inf")), "holds -Infinity, which is not JSON"),
        (point("44", "40"), "feature 1 has the coordinate '4[04]'; write numbers"),
        (point(44, None), "feature 1 has the coordinate None; write numbers"),
        (point(44, True), "feature 1 has the coordinate True; write numbers"),
        ({"type": "GeometryCollection", "geometries": [point("a", 40)]}, "the coordinate 'a'"),
        (point(490_000, 4_420_000), r"490000, 4\.42e\+06 is not a longitude .*projected"),
        (point(44, 95), "44, 95 is not a longitude and latitude"),
        (point(190, 40), "190, 40 is not a longitude and latitude"),
        ({"type": "Polygon", "coordinates": []}, "every geometry is empty"),
        (None, "every geometry is empty"),
        (point(44), "feature 1 has a geometry that is not GeoJSON"),
        ({"type": "Blob", "coordinates": [44, 40]}, "feature 1 has a geometry that is not GeoJSON"),
        ({"type": "LineString", "coordinates": 44}, "feature 1 has a geometry that is not GeoJSON"),
        (line((44, 40)), "holds a geometry that cannot be"),
        ({"type": "Polygon", "coordinates": [[[44, 40], [45, 40], [45, 41]]]}, "that cannot be"),
    ],
)
def test_coordinates_that_cannot_be_are_refused_with_the_value(file, geometry, message):
    refused(file(collection(geometry)), GeometryError, message)


def test_a_broken_geometry_among_good_ones_is_named_and_not_dropped(file):
    content = collection(point(44, 40), {"type": "Blob", "coordinates": [1, 2]}, point(45, 40))
    refused(file(content), GeometryError, "feature 2 has a geometry that is not GeoJSON")


def test_a_feature_without_geometry_among_others_is_kept(file):
    assert read_vector(file(collection(point(44, 40), None))).geometry.isna().tolist() == [
        False,
        True,
    ]


def test_a_number_that_json_takes_and_no_float_holds_is_refused(file):
    for number in ("1e400", "1" * 5000):
        content = collection(point(44, 40)).replace("44", number)
        # Which of them depends on the GDAL that pyogrio brings: an older one reads infinity.
        refused(file(content), AraxesError, r"cannot be read|not valid JSON|is \[inf, 40.0\]")


def test_kml_coordinates_that_are_no_numbers_are_refused(file):
    # the driver would take them for 0, 0
    refused(file(KML.format("east,north"), "a.kml"), GeometryError, "'east' is not a number")


@pytest.mark.parametrize(
    "swapped",
    [
        [(39.92, 44.05), (40.6, 43.1)],  # Iğdır, Kars
        [(39.2089, 45.4122)],  # Nakhchivan
        [(39.64, 46.55), (39.82, 46.75)],  # Lachin, Khankendi
        [(40.4, 49.87), (41.69, 44.83)],  # Baku, Tbilisi
        [(40.02, 52.96)],  # Türkmenbaşy
    ],
)
def test_latitude_before_longitude_is_recognised(file, swapped):
    geometry = line(*swapped) if len(swapped) > 1 else point(*swapped[0])
    refused(
        file(collection(geometry)), GeometryError, "look like latitude, longitude; write longitude"
    )


@pytest.mark.parametrize(
    "true",
    [
        [(41.64, 41.65)],  # Batumi
        [(41.0, 43.0), (41.67, 42.15)],  # Sukhumi, Poti
        [(39.72, 43.58), (44.8, 41.7)],  # Sochi, Tbilisi
        [(47.24, 39.71), (44.8, 41.7)],  # Füzuli, Tbilisi
        [(28.97, 41.0), (43.1, 40.6)],  # İstanbul, Kars
        [(35.8, 36.9)],  # Ceyhan
        [(2.35, 48.85), (44.5, 40.2)],  # Paris, Yerevan
        [(87.6, 43.8)],  # Ürümqi
    ],
)
def test_places_in_the_right_order_are_not_taken_for_swapped(file, true):
    geometry = line(*true) if len(true) > 1 else point(*true[0])
    assert len(read_vector(file(collection(geometry)))) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-200, 200) | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
keys = st.sampled_from(["type", "features", "coordinates", "geometry", "properties", "crs", "id"])
kinds = st.sampled_from(["FeatureCollection", "Feature", "Point", "LineString", "Polygon"])


@given(st.dictionaries(keys, json_values), kinds, json_values)
@forty
def test_no_json_whatever_raises_anything_but_our_own_errors(tmp_path_factory, extra, kind, inner):
    path = tmp_path_factory.mktemp("fuzz") / "a.geojson"
    content = {**extra, "type": kind}
    if kind == "FeatureCollection":
        content["features"] = [{"type": "Feature", "properties": {}, "geometry": inner}]
    path.write_text(json.dumps(content), "utf-8")
    try:
        found = read_vector(path)
    except AraxesError:
        return
    assert found.crs.to_epsg() == 4326


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb"])
def test_whole_numbers_and_truth_values_stay_so_where_one_is_missing(tmp_path, suffix):
    rows = table(
        Point(44, 40), Point(45, 40), Point(46, 40),
        lanes=pd.array([None, 2, -3], dtype="Int64"),
        key=pd.array([2**53 + 1, None, 2**60 + 1], dtype="Int64"),
        bridge=pd.array([True, False, None], dtype="boolean"),
        km=[1.0, None, 2.0],
    )  # fmt: skip
    path = tmp_path / f"a{suffix}"
    driver = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".fgb": "FlatGeobuf"}[suffix]
    pyogrio.write_dataframe(rows, path, driver=driver, layer_options={})
    found = read_vector(path)
    found = found.iloc[found.geometry.x.argsort()]
    kinds = {"lanes": "Int64", "key": "Int64", "bridge": "boolean", "km": "float64"}
    assert {key: str(found[key].dtype) for key in kinds} == kinds
    for key in ("lanes", "key", "bridge"):
        assert found[key].tolist() == rows[key].tolist()


def test_a_column_of_one_layer_only_keeps_its_whole_numbers(layers):
    path = layers(a=table(Point(44, 40), lanes=[2]), b=table(Point(45, 40), name=["x"]))
    assert read_vector(path)["lanes"].tolist() == [2, pd.NA]


def test_a_table_around_moscow_is_taken_once_it_says_that_longitude_comes_first(tmp_path):
    table = gpd.GeoDataFrame({"name": ["Moscow"]}, geometry=[Point(37.6, 55.7)], crs=4326)
    with pytest.raises(GeometryError, match=r"look like latitude.*attrs\['longitude_first'\]"):
        checked(table, "the table")
    table.attrs["longitude_first"] = True
    assert checked(table, "the table") is table
