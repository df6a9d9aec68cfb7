"""Shapefile, zip, GPX, CSV, GeoJSON in lines and TopoJSON: read right, or asked for what lacks."""

from __future__ import annotations

import json
import struct
import sys
import warnings
import zipfile

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely import LineString, Point

from borders.errors import AraxesError, CRSError, FileFormatError, FormatWarning, GeometryError
from borders.files.vector import read_vector

PLACES = {"name": ["Iğdır", "Şarur"], "lanes": [2, 4]}
POINTS = [Point(44.05, 39.92), Point(44.98, 39.55)]


@pytest.fixture
def shapefile(tmp_path):
    def written(*, encoding="utf-8", folder="", **columns):
        made = tmp_path / ("made" if folder else "")
        made.mkdir(exist_ok=True)
        path = made / "yol.shp"
        table = gpd.GeoDataFrame(PLACES | columns, geometry=POINTS, crs=4326)
        pyogrio.write_dataframe(table, path, driver="ESRI Shapefile", encoding=encoding)
        return made.rename(tmp_path / folder) / "yol.shp" if folder else path

    return written


@pytest.mark.parametrize("encoding", ["utf-8", "cp1254"])
@pytest.mark.parametrize("folder", ["", "Kars!;x"])
def test_a_shapefile_is_read_with_the_encoding_of_its_cpg(shapefile, encoding, folder):
    found = read_vector(shapefile(encoding=encoding, folder=folder))
    assert found["name"].tolist() == ["Iğdır", "Şarur"]
    assert found["lanes"].tolist() == [2, 4]
    assert [shape.equals(point) for shape, point in zip(found.geometry, POINTS, strict=True)]
    assert found["layer"].tolist() == ["yol", "yol"]


@pytest.mark.parametrize(
    ("suffix", "error", "said"),
    [(".shx", FileFormatError, "yol.shx is missing"), (".dbf", FileFormatError, "yol.dbf is miss"),
     (".prj", CRSError, r"no coordinate reference system: yol\.prj is missing.*EPSG")],
)  # fmt: skip
def test_a_part_of_a_shapefile_that_lacks_is_named(shapefile, suffix, error, said):
    path = shapefile()
    path.with_suffix(suffix).unlink()
    with pytest.raises(error, match=said):
        read_vector(path)


def test_a_shapefile_without_a_stated_encoding_asks_for_it_unless_it_is_utf_8(shapefile):
    path = shapefile(encoding="cp1254")
    path.with_suffix(".cpg").unlink()
    with pytest.raises(FileFormatError, match=r"is not said; write it into yol\.cpg"):
        read_vector(path)
    path.with_suffix(".cpg").write_text("1254", "ascii")
    assert read_vector(path)["name"].tolist() == ["Iğdır", "Şarur"]
    path.with_suffix(".cpg").write_text("nosuch", "ascii")
    with pytest.raises(FileFormatError, match="encoding 'nosuch', which is not known"):
        read_vector(path)
    path = shapefile(encoding="utf-8")
    path.with_suffix(".cpg").unlink()
    assert read_vector(path)["name"].tolist() == ["Iğdır", "Şarur"]


def test_capitals_of_a_shapefile_are_recognised(shapefile):
    found = read_vector(shapefile(STATUS=["open", "closed"]))
    assert found["name"].tolist() == ["Iğdır", "Şarur"]
    assert found["status"].tolist() == ["open", "closed"]


def test_a_zipped_shapefile_is_read_wherever_it_lies_in_the_zip(shapefile, tmp_path):
    path = shapefile()
    packed = tmp_path / "yol.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in tmp_path.glob("yol.*"):
            if part != packed:
                archive.write(part, f"veri/{part.name}")
        archive.writestr("__MACOSX/veri/._yol.shp", b"x")
        archive.writestr("readme.txt", b"x")
    assert read_vector(packed)["name"].tolist() == ["Iğdır", "Şarur"]
    with zipfile.ZipFile(tmp_path / "half.zip", "w") as archive:
        archive.write(path, "../../yol.shp")
    with pytest.raises(FileFormatError, match=r"half\.zip/yol\.shp: yol\.shx is missing"):
        read_vector(tmp_path / "half.zip")
    assert sorted(p.suffix for p in tmp_path.glob("yol.*"))[-1] == ".zip"


def test_a_kmz_is_read_and_a_zip_of_nothing_refused(tmp_path):
    kmz = tmp_path / "a.kmz"
    with zipfile.ZipFile(kmz, "w") as archive:
        archive.writestr(
            "doc.kml",
            "<kml><Placemark><name>x</name><Point><coordinates>44,40</coordinates></Point>"
            "</Placemark></kml>",
        )
    assert read_vector(kmz)["name"].tolist() == ["x"]
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("readme.txt", b"x")
    with pytest.raises(FileFormatError, match=r"no file that can be read \(only readme\.txt\)"):
        read_vector(tmp_path / "b.zip")


def test_a_zip_that_declares_too_much_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("borders.files.archive.MOST_BYTES", 1_000)
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * 2_000)
    with pytest.raises(FileFormatError, match="when unpacked; unpack it"):
        read_vector(tmp_path / "b.zip")


GPX = """<?xml version="1.0" encoding="{}"?><gpx version="1.1" creator="x"
 xmlns="http://www.topografix.com/GPX/1/1" xmlns:ogr="http://osgeo.org/gdal">
<wpt lat="40.6" lon="{}"><ele>1768</ele><name>Kars kalesi ğ</name>
<extensions><ogr:source>araxes</ogr:source></extensions></wpt>
<rte><name>R</name><rtept lat="40" lon="43"/><rtept lat="41" lon="43"/></rte>
<trk><name>T</name><trkseg><trkpt lat="40" lon="43"><ele>{}</ele></trkpt>
<trkpt lat="41" lon="43"><ele>2</ele></trkpt></trkseg></trk></gpx>"""


def test_waypoints_routes_and_tracks_are_read_once_each_with_heights(tmp_path):
    path = tmp_path / "a.gpx"
    path.write_bytes(GPX.format("windows-1254", "43.1", 1).encode("cp1254"))
    found = read_vector(path)
    assert found["layer"].tolist() == ["waypoints", "routes", "tracks"]
    assert found["name"].tolist() == ["Kars kalesi ğ", "R", "T"]
    assert found["source"].tolist()[0] == "araxes"
    assert [shape.has_z for shape in found.geometry] == [True, False, True]
    assert found.geometry.iloc[0].z == 1768
    assert found.geometry.iloc[2].geoms[0].coords[1] == (43, 41, 2)


@pytest.mark.parametrize(
    ("lon", "ele", "said"),
    [("43,1", "1", "a wpt has the lon '43,1', which is no number"), ("43", "1,5", "ele '1,5'"),
     ("", "1", "the lon ''")],
)  # fmt: skip
def test_decimal_commas_of_gpx_are_refused(tmp_path, lon, ele, said):
    path = tmp_path / "a.gpx"
    path.write_text(GPX.format("UTF-8", lon, ele), "utf-8")
    with pytest.raises(GeometryError, match=said):
        read_vector(path)


@pytest.fixture
def csv(tmp_path):
    def written(text, encoding="utf-8", name="a.csv"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return written


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "text",
    [
        "name,lon,lat,km,lanes,open,key\nKars,43.1,40.6,1.5,2,true,007\nŞarur,44.98,39.55,,,,\n",
        "name;LON;LAT;km;lanes;open;key\r\nKars;43,1;40,6;1,5;2;True;007\r\nŞarur;44,98;39,55;;;;\r\n",
        "sep=;\r\nname;lon;lat;km;lanes;open;key\r\nKars;43,1;40,6;1,5;2;true;007\r\n"
        "Şarur;44,98;39,55;;;;\r\n",
        "name\tLongitude\tLatitude\tkm\tlanes\topen\tkey\n"
        "Kars\t43.1\t40.6\t1.5\t2\ttrue\t007\nŞarur\t44.98\t39.55\t\t\t\t\n",
        "name,wkt,km,lanes,open,key\nKars,POINT (43.1 40.6),1.5,2,true,007\n"
        '"Şarur","SRID=4326;POINT (44.98 39.55)",,,,\n',
    ],
)
def test_csv_is_read_whatever_stands_between_its_cells(csv, text, encoding):
    found = read_vector(csv(text, encoding))
    assert found.geometry.to_wkt().tolist() == ["POINT (43.1 40.6)", "POINT (44.98 39.55)"]
    assert found["name"].tolist() == ["Kars", "Şarur"]
    assert found["km"].tolist()[0] == 1.5
    assert found["lanes"].tolist()[0] == 2
    assert found["open"].tolist()[0] is True
    assert found["key"].tolist()[0] == "007"
    assert found[["km", "lanes", "open", "key"]].isna().to_numpy()[1].all()


def test_our_own_csv_comes_back(csv, tmp_path):
    from corridors.export.formats import write

    table = gpd.GeoDataFrame(
        {"name": ["a,b", "c"], "n": [1, 2]}, geometry=[LineString([(44, 40), (45, 41)]), None],
        crs=4326,
    )  # fmt: skip
    write(table, tmp_path / "own.csv")
    found = read_vector(tmp_path / "own.csv")
    assert found["name"].tolist() == ["a,b", "c"]
    assert found["n"].tolist() == [1, 2]
    assert found.geometry.iloc[0].equals(table.geometry.iloc[0])
    assert found.geometry.iloc[1] is None


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("name,x,y\nKars,43,40\n", CRSError, "'x' and 'y' are is not said; call them lon and lat"),
        ("name,place\nKars,43\n", FileFormatError, r"no column with positions; .*name, place"),
        ("lon,lat\n43,1,40,6\n", FileFormatError, "than its first line names; remove .*; quote"),
        ("# By\nlon,lat\n43,40\n", FileFormatError, "remove what stands before the names"),
        ("sep=;\nlon;lat\n43,5;north\n", GeometryError, "line 3: lat is 'north', not a number"),
        ("lon,lat\n43,40\n43,1,40,6\n", FileFormatError, "Expected 2 fields in line 3, saw 4"),
        ("lon,lat\n43,north\n", GeometryError, "line 2: lat is 'north', not a number of degrees"),
        ("wkt\nPOINT (43)\n", GeometryError, "line 2: wkt is 'POINT \\(43\\)', not WKT"),
        ("\n\nlon,lat\n\n43,north\n", GeometryError, "line 5: lat is 'north', not a number"),
        (
            'wkt\n"CIRCULARSTRING (43 40, 43.5 40.5, 44 40)"\n',
            GeometryError,
            "line 2: wkt is a CIRCULARSTRING; .* ST_CurveToLine",
        ),
        ('wkt\n"MULTISURFACE (((43 40, 44 40, 44 41, 43 40)))"\n', GeometryError, "ST_CurveToLine"),
        ("lon,lat,lon\n43,40,44\n", FileFormatError, "two columns are called 'lon'; rename one"),
        (",,\n,,\n", FileFormatError, "no features in it"),
        ("wkt\nSRID=3857;POINT (1 1)\n", CRSError, "is in SRID=3857; convert it"),
        ("lon,lat\n490000,4420000\n", GeometryError, "not a longitude and latitude"),
        ("lon,lat\n", FileFormatError, "no features in it"),
        ("", FileFormatError, "no features in it"),
    ],
)
def test_csv_that_cannot_be_placed_says_what_lacks(csv, text, error, said):
    with pytest.raises(error, match=said):
        read_vector(csv(text))


@pytest.mark.parametrize("rest", ["\n\n", ";;\r\n; ;\r\n", "\n;;\n\n"])
def test_rows_of_nothing_after_a_table_are_no_features(csv, rest):
    found = read_vector(csv(f"name;lon;lat\nKars;43,1;40,6\nŞarur;44,98;39,55\n{rest}"))
    assert found["name"].tolist() == ["Kars", "Şarur"]


def test_a_second_column_of_a_name_is_kept_and_said(csv):
    path = csv("name,name,lon,lat\nKars,Qars,43.1,40.6\n")
    with pytest.warns(FormatWarning, match=r"a\.csv: 2 columns are called 'name'; .* 'name\.1'"):
        found = read_vector(path)
    assert (found["name"][0], found["name.1"][0]) == ("Kars", "Qars")


def test_csv_of_another_encoding_is_refused(csv):
    with pytest.raises(FileFormatError, match="not a text file in UTF-8"):
        read_vector(csv("lon,lat,name\n43,40,Iğdır\n", "cp1254"))


def test_thousands_are_not_taken_for_decimals(csv):
    found = read_vector(csv("lon;lat;people\n43,1;40,6;1,234\n44;40;12,345\n"))
    assert found["people"].tolist() == ["1,234", "12,345"]


def test_geojson_in_lines_and_topojson_are_read(tmp_path):
    line = '{"type": "Feature", "properties": {"n": %d}, "geometry": %s}\n'
    point = '{"type": "Point", "coordinates": [44, 40]}'
    lines = tmp_path / "a.geojsonl"
    lines.write_text(line % (1, point) + "\x1e" + line % (2, "null"), "utf-8")
    assert read_vector(lines)["n"].tolist() == [1, 2]
    lines.write_text(line % (1, point) + "{]\n", "utf-8")
    with pytest.raises(FileFormatError, match="line 2, column 2"):
        read_vector(lines)
    topology = {
        "type": "Topology", "arcs": [[[44, 40], [45, 41]]],
        "objects": {"roads": {"type": "GeometryCollection", "geometries": [
            {"type": "LineString", "arcs": [0], "properties": {"name": "x"}}]}},
    }  # fmt: skip
    for name in ("a.topojson", "b.json"):
        (tmp_path / name).write_text(json.dumps(topology), "utf-8")
        found = read_vector(tmp_path / name)
        assert found["name"].tolist() == ["x"]
        assert found["layer"].tolist() == ["roads"]
        assert found.geometry.iloc[0].equals(LineString([(44, 40), (45, 41)]))


@pytest.mark.parametrize(
    "numbers",
    [
        [2**63 + 1, 3],
        [2**70, 3],
        [2**63 + 1, None],
        [-(2**63), 2**63 - 1],
        [2**64, 1.5],
        [3, 2**62],
    ],
)
def test_whole_numbers_of_any_size_are_read_as_they_stand(tmp_path, numbers):
    features = [
        {"type": "Feature", "properties": {"cell": n, "name": "x"},
         "geometry": {"type": "Point", "coordinates": [44, 40]}}
        for n in numbers
    ]  # fmt: skip
    whole, lines = tmp_path / "a.geojson", tmp_path / "a.geojsonl"
    whole.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    lines.write_text("\n".join(map(json.dumps, features)), "utf-8")
    for path in (whole, lines):
        found = read_vector(path)
        assert [None if pd.isna(v) else v for v in found["cell"].tolist()] == numbers
        assert found["layer"].tolist() == ["a", "a"]
        assert len(found) == 2


def test_geoparquet_is_read_with_its_types(tmp_path):
    pytest.importorskip("pyarrow")
    table = gpd.GeoDataFrame(
        {"n": pd.array([1, None], "Int64"), "b": pd.array([True, None], "boolean"),
         "NAME": ["x", None]},
        geometry=[Point(43, 40), Point(44, 41)], crs=4326,
    )  # fmt: skip
    table.rename_geometry("geom").to_parquet(tmp_path / "a.parquet")
    found = read_vector(tmp_path / "a.parquet")
    assert found["n"].tolist() == [1, pd.NA]
    assert (found["n"].dtype, found["b"].dtype) == ("Int64", "boolean")
    assert found["name"].iloc[0] == "x"
    assert found.geometry.geom_equals(table.geometry).all()
    table.to_crs(32638).to_parquet(tmp_path / "utm.parquet")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "plain.parquet")
    (tmp_path / "torn.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-20])
    for name, said in (("utm", "coordinates are in EPSG:32638, not in EPSG:4326"),
                       ("plain", "cannot be read as GeoParquet: Missing geo metadata"),
                       ("torn", "cannot be read as GeoParquet: ")):  # fmt: skip
        with pytest.raises((CRSError, FileFormatError), match=said) as caught:
            read_vector(tmp_path / f"{name}.parquet")
        assert "\n" not in str(caught.value)


def test_curves_of_geoparquet_are_refused_with_the_way_out(tmp_path):
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    # An arc through three points, in the binary form of ISO 13249-3, which shapely cannot write.
    arc = struct.pack("<BII6d", 1, 8, 3, 43.0, 40.0, 43.5, 40.5, 44.0, 40.0)
    geo = {"version": "1.0.0", "primary_column": "geometry",
           "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}}}  # fmt: skip
    table = pa.table({"geometry": [arc]}).replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, tmp_path / "arc.parquet")
    with pytest.raises(GeometryError, match=r"arc\.parquet: holds a curve; .* ST_CurveToLine"):
        read_vector(tmp_path / "arc.parquet")


def test_geoparquet_without_its_library_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    with pytest.raises(FileFormatError, match=r"pyarrow: pip install 'araxes\[parquet\]'"):
        read_vector(tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"{}")
    with pytest.raises(FileFormatError, match="not a GeoParquet file, whatever its suffix says"):
        read_vector(tmp_path / "b.parquet")


def test_names_are_recognised_whatever_their_case(tmp_path):
    path = tmp_path / "a.geojson"
    properties = {"name": None, "NAME": "Kars", "ID": 7, "Source": "GPS", "Status": "open",
                  "geometry": "was here"}  # fmt: skip
    feature = {"type": "Feature", "properties": properties,
               "geometry": {"type": "Point", "coordinates": [44, 40]}}  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    row = read_vector(path).iloc[0]
    assert row[["name", "id", "source", "status"]].tolist() == ["Kars", 7, "GPS", "open"]
    assert row["geometry_data"] == "was here"
    properties |= {"name": "Qars"}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    assert read_vector(path).iloc[0][["name", "NAME"]].tolist() == ["Qars", "Kars"]


def test_an_empty_layer_in_another_system_does_not_refuse_the_file(tmp_path):
    path = tmp_path / "a.gpkg"
    full = gpd.GeoDataFrame({"name": ["x"]}, geometry=[Point(44, 40)], crs=4326)
    pyogrio.write_dataframe(full, path, layer="places", driver="GPKG")
    empty = full.iloc[:0].to_crs(3857)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(empty, path, layer="none", driver="GPKG", geometry_type="Point")
    assert read_vector(path)["layer"].tolist() == ["places"]


def test_a_view_of_a_geopackage_does_not_double_its_table(tmp_path):
    import sqlite3

    path = tmp_path / "a.gpkg"
    full = gpd.GeoDataFrame({"name": ["x", "y"]}, geometry=POINTS, crs=4326)
    pyogrio.write_dataframe(full, path, layer="my places", driver="GPKG")
    with sqlite3.connect(path) as base:
        base.execute('CREATE VIEW seen AS SELECT * FROM "my places" WHERE fid < 2')
        base.execute(
            "INSERT INTO gpkg_contents (table_name, identifier, data_type, srs_id)"
            " VALUES ('seen', 'seen', 'features', 4326)"
        )
        base.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('seen', 'geom', 'POINT', 4326, 0, 0)"
        )
    base.close()
    found = read_vector(path)
    assert found["layer"].tolist() == ["my places"] * 2
    assert found["name"].tolist() == ["x", "y"]


def test_a_geometry_that_cannot_be_is_named_by_feature(tmp_path):
    path = tmp_path / "a.geojson"
    shapes = [[[44, 40], [45, 41]], [[44, 40]]]
    features = [
        {"type": "Feature", "properties": {"name": f"road {n}"},
         "geometry": {"type": "LineString", "coordinates": shape}}
        for n, shape in enumerate(shapes, 1)
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    with pytest.raises(AraxesError, match=r"feature 2 \('road 2'\) holds a geometry that cannot"):
        read_vector(path)


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["1", "2.5"], [1.0, 2.5]),
        (["0.5", "-0.25"], [0.5, -0.25]),
        (["0", "1e3"], [0.0, 1000.0]),
        ([".5", "3."], [0.5, 3.0]),
        (["1", ""], [1, None]),
        (["0.5", ""], [0.5, None]),
        # A key is no number: zeros before others would be lost, and so would its last digits.
        (["007", "1.5"], ["007", "1.5"]),
        (["007", "12"], ["007", "12"]),
        (["123456789012345", "0.5"], [123456789012345.0, 0.5]),
        (["1234567890123456", "0.5"], ["1234567890123456", "0.5"]),
        (["1234567890123456789", "1"], ["1234567890123456789", "1"]),
        (["yes", "TRUE"], ["yes", "TRUE"]),
        (["true", "False"], [True, False]),
        (["1", "x"], ["1", "x"]),
        (["nan", "1"], ["nan", "1"]),
        (["", ""], [None, None]),
    ],
)
def test_a_column_of_csv_is_what_all_its_cells_are(csv, cells, read):
    rows = "".join(f"43,40,{cell}\n" for cell in cells)
    column = read_vector(csv(f"lon,lat,v\n{rows}"))["v"]
    values = [None if gone else v for gone, v in zip(column.isna(), column.tolist(), strict=True)]
    assert values == read
    kinds = [type(one) for one in values]
    assert kinds == [type(one) for one in read]


def test_points_of_gpx_need_no_height(tmp_path):
    path = tmp_path / "a.gpx"
    head = '<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    path.write_text(f'{head}<wpt lat="40.6" lon="43.1"><name>Kars</name></wpt></gpx>', "utf-8")
    found = read_vector(path)
    assert found["name"].tolist() == ["Kars"]
    assert list(found.geometry[0].coords[0][:2]) == [43.1, 40.6]
