"""KML is what the schema of the OGC asks for, and what was read from one comes back as it was."""

from __future__ import annotations

import re
import warnings
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import UTC, date, datetime

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import LineString, MultiPoint, Point, box

from borders.errors import FormatWarning
from borders.files.vector import read_vector
from corridors.export.formats import write
from corridors.model.registry import systems

NS = "{http://www.opengis.net/kml/2.2}"
# The order that the OGC's schema, ogckml22.xsd, sets for the children of each element.
ORDER = {
    "kml": ("Document",),
    "Document": ("name", "Style", "Schema", "Placemark", "Folder"),
    "Folder": ("name", "Placemark"),
    "Style": ("IconStyle", "LineStyle", "PolyStyle"),
    "IconStyle": ("color", "scale"),
    "LineStyle": ("color", "width"),
    "PolyStyle": ("color", "fill", "outline"),
    "Schema": ("SimpleField",),
    "Placemark": ("name", "visibility", "description", "TimeStamp", "TimeSpan", "styleUrl",
                  "ExtendedData", "Point", "LineString", "Polygon", "MultiGeometry"),
    "TimeSpan": ("begin", "end"),
    "TimeStamp": ("when",),
    "ExtendedData": ("SchemaData",),
    "SchemaData": ("SimpleData",),
    "Point": ("extrude", "altitudeMode", "coordinates"),
    "LineString": ("extrude", "tessellate", "altitudeMode", "coordinates"),
    "Polygon": ("extrude", "tessellate", "altitudeMode", "outerBoundaryIs", "innerBoundaryIs"),
    "outerBoundaryIs": ("LinearRing",),
    "innerBoundaryIs": ("LinearRing",),
    "LinearRing": ("coordinates",),
    "MultiGeometry": ("Point", "LineString", "Polygon", "MultiGeometry"),
}  # fmt: skip
SEVERAL = {"Style", "Folder", "SimpleField", "Placemark", "SimpleData", "innerBoundaryIs"}
FIELD_TYPES = {"string", "int", "uint", "short", "ushort", "float", "double", "bool"}
NAME = re.compile(r"[^\W\d][\w.\-·]*")
MOMENT = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?)?)?")


def check_schema(path) -> ET.Element:
    """Check a file against the rules of the OGC's schema for what it uses; return its root."""
    root = ET.parse(path).getroot()
    for element in root.iter():
        tag = element.tag.removeprefix(NS)
        children = [child.tag.removeprefix(NS) for child in element]
        known = ORDER.get(tag, ())
        assert set(children) <= set(known), (tag, children)
        if tag != "MultiGeometry":
            places = [known.index(child) for child in children]
            assert places == sorted(places), (tag, children)
            assert {c for c, n in Counter(children).items() if n > 1} <= SEVERAL, (tag, children)
        if tag in ("begin", "end", "when"):
            assert MOMENT.fullmatch(element.text), element.text
    ids = [element.get("id") for element in root.iter() if element.get("id") is not None]
    assert len(ids) == len(set(ids))
    assert all(NAME.fullmatch(key) for key in ids)
    fields = [(f.get("name"), f.get("type")) for f in root.iter(f"{NS}SimpleField")]
    assert {kind for _, kind in fields} <= FIELD_TYPES
    used = {d.get("name") for d in root.iter(f"{NS}SimpleData")}
    assert used <= {name for name, _ in fields}
    assert {d.get("schemaUrl") for d in root.iter(f"{NS}SchemaData")} <= {"#columns"}
    return root


def placemarks(path) -> list[ET.Element]:
    return list(check_schema(path).iter(f"{NS}Placemark"))


def test_every_system_is_in_the_schema_with_its_ids_as_data_and_its_dates_as_spans(tmp_path):
    write(systems(), tmp_path / "all.kml")
    marks = placemarks(tmp_path / "all.kml")
    rows = [row for one in systems() for row in one.to_gdf().to_dict("records")]
    assert [m.find(f".//{NS}SimpleData[@name='id']").text for m in marks] == [r["id"] for r in rows]
    for mark, row in zip(marks, rows, strict=True):
        begin, end = (mark.find(f"{NS}TimeSpan/{NS}{key}") for key in ("begin", "end"))
        stated = [row[key] if isinstance(row[key], str) else None for key in
                  ("valid_from", "valid_to")]  # fmt: skip
        assert [None if e is None else e.text for e in (begin, end)] == stated
        circular = mark.find(f".//{NS}SimpleData[@name='circular']")
        if row["kind"] == "border":
            # GDAL before 3.7 takes the word true for 0
            assert circular.text == str(int(row["circular"]))


def test_what_was_read_from_a_kml_is_written_as_it_was(tmp_path):
    body = """<Placemark id="p-1"><name>Kars–Gyumri</name>
<description><![CDATA[<b>Old</b> line & <i>rails</i>]]></description>
<TimeSpan><begin>1899-12-01</begin><end>1993-07-01</end></TimeSpan>
<LineString><extrude>1</extrude><tessellate>1</tessellate>
<altitudeMode>relativeToGround</altitudeMode>
<coordinates>43.1,40.6,1768 43.8,40.8,1500</coordinates></LineString></Placemark>
<Placemark id="p-2"><name>Kars</name><visibility>0</visibility>
<TimeStamp><when>1877-11-18</when></TimeStamp>
<Point><coordinates>43.1,40.6</coordinates></Point></Placemark>"""
    (tmp_path / "a.kml").write_text(
        f'<?xml version="1.0"?><kml xmlns="{NS[1:-1]}"><Document>{body}</Document></kml>', "utf-8"
    )
    write(read_vector(tmp_path / "a.kml"), tmp_path / "b.kml")
    line, point = placemarks(tmp_path / "b.kml")
    asked = {
        "name": "Kars–Gyumri", "description": "<b>Old</b> line & <i>rails</i>",
        "TimeSpan/begin": "1899-12-01", "TimeSpan/end": "1993-07-01", "LineString/extrude": "1",
        "LineString/tessellate": "1", "LineString/altitudeMode": "relativeToGround",
        "LineString/coordinates": "43.1,40.6,1768 43.8,40.8,1500",
    }  # fmt: skip
    found = {key: line.find(NS + key.replace("/", f"/{NS}")).text for key in asked}
    assert found == asked
    assert point.find(f"{NS}visibility").text == "0"
    assert point.find(f"{NS}TimeStamp/{NS}when").text == "1877-11-18"
    assert point.find(f"{NS}Point/{NS}coordinates").text == "43.1,40.6"


@pytest.mark.parametrize("key", ["id", "ID", "Id"])
def test_an_id_comes_back_as_the_one_that_it_was(tmp_path, key):
    # 7 and "a b" are no ids of XML, and there no two may be alike.
    ids = ["7", "a b", "a b", None]
    table = gpd.GeoDataFrame({key: ids}, geometry=[Point(44, n) for n in range(38, 42)], crs=4326)
    write(table, tmp_path / "a.kml")
    found = read_vector(tmp_path / "a.kml")
    assert [None if pd.isna(v) else v for v in found["id"]] == ids
    assert not {"ID", "Id", "id_data", "id2"} & set(found.columns)
    attributes = [p.get("id") for p in placemarks(tmp_path / "a.kml") if p.get("id")]
    assert len(set(attributes)) == len(attributes) == 3


def test_types_and_times_come_back(tmp_path):
    own = gpd.GeoDataFrame(
        {
            "name": ["a", "b"],
            "lanes": pd.array([2, None], dtype="Int64"),
            "bridge": pd.array([True, False], dtype="boolean"),
            "km": [0.1, None],
            "parts": [{"a": [1, "ü"]}, None],
            "day": [date(1921, 10, 13), None],
            "begin": [datetime(2020, 11, 10, 0, 0, 1, tzinfo=UTC), None],
        },
        geometry=[MultiPoint([(44, 40, 900), (45, 41, 1000)]), box(43, 40, 44, 41)], crs=4326,
    )  # fmt: skip
    write(own, tmp_path / "a.kml")
    root = check_schema(tmp_path / "a.kml")
    assert root.find(f".//{NS}begin").text == "2020-11-10T00:00:01+00:00"
    found = pyogrio.read_dataframe(tmp_path / "a.kml")
    types = dict(zip(*(pyogrio.read_info(tmp_path / "a.kml")[k] for k in ("fields", "dtypes")),
                     strict=True))  # fmt: skip
    assert (types["lanes"], types["bridge"], types["km"]) == ("int32", "bool", "float64")
    assert found["lanes"].tolist()[0] == 2
    assert found["bridge"].tolist() == [1, 0]
    assert found["parts"].tolist()[0] == '{"a": [1, "ü"]}'
    assert found["day"].tolist()[0] == "1921-10-13"
    assert found.geometry[0].equals_exact(own.geometry[0], 0)
    assert [p.z for p in found.geometry[0].geoms] == [900, 1000]
    assert found.geometry[1].equals(own.geometry[1])


@pytest.mark.parametrize("suffix", [".kml", ".gpx"])
def test_control_characters_and_odd_names_leave_xml_well_formed(tmp_path, suffix):
    own = gpd.GeoDataFrame(
        {
            "name": ["first\rsecond"], "km²": ["\x1b[31mred\x00\ufffe"], "a<b>&\"'": ["]]>"],
            "\x07": ["bell"],
        },
        geometry=[Point(44, 40)], crs=4326,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FormatWarning)
        write(own, tmp_path / f"a{suffix}")
    root = ET.parse(tmp_path / f"a{suffix}").getroot()
    texts = [element.text for element in root.iter() if element.text]
    assert {"first\rsecond", "[31mred", "]]>", "bell"} <= set(texts)


def test_heights_are_in_gpx_as_elevations(tmp_path):
    own = gpd.GeoDataFrame(
        {"Name": ["line", "area", "flat"]},
        geometry=[
            LineString([(43.1, 40.6, 1768), (43.8, 40.8, 1500.5)]),
            shapely.from_wkt("POLYGON Z ((43 40 1, 44 40 2, 44 41 3, 43 40 1))"),
            Point(44, 40),
        ],
        crs=4326,
    )
    write(own, tmp_path / "a.gpx")
    root = ET.parse(tmp_path / "a.gpx").getroot()
    gpx = "{http://www.topografix.com/GPX/1/1}"
    tracks = {
        track.find(f"{gpx}name").text: [float(e.text) for e in track.iter(f"{gpx}ele")]
        for track in root.iter(f"{gpx}trk")
    }
    assert tracks == {"line": [1768, 1500.5], "area": [1, 2, 3, 1]}
    point = root.find(f"{gpx}wpt")
    assert (point.find(f"{gpx}name").text, point.find(f"{gpx}ele")) == ("flat", None)


def test_whole_numbers_of_any_size_are_texts(tmp_path):
    numbers = [2**63 + 1, 2**70, 5]
    table = gpd.GeoDataFrame(
        {"n": pd.Series(numbers, dtype=object)}, geometry=[Point(44, 40)] * 3, crs=4326
    )
    with pytest.warns(FormatWarning, match="whole numbers of 32 bits: those of column 'n'"):
        write(table, tmp_path / "a.kml")
    assert [int(text) for text in read_vector(tmp_path / "a.kml")["n"]] == numbers
