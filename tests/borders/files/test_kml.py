"""KML as people have it: names, heights, periods, encodings, and what it must not be read as."""

from __future__ import annotations

import pytest
from shapely import LineString, MultiPoint, Point, Polygon, from_wkt

from borders.errors import AraxesError, FileFormatError, GeometryError
from borders.files.vector import read_vector

HEAD = '<?xml version="1.0" encoding="{}"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
PLACES = """<name>My places</name><Folder><name>Lines</name>
<Placemark id="p1"><name>Kars–Gyumri</name><description><![CDATA[<b>Old</b>]]></description>
<ExtendedData><Data name="gauge"><value>1520</value></Data></ExtendedData>
<TimeSpan><begin>1899-12</begin><end>1993-07-01</end></TimeSpan>
<LineString><extrude>1</extrude><tessellate>0</tessellate>
<altitudeMode>relativeToGround</altitudeMode>
<coordinates>43.1,40.6,1768 43.8,40.8,1500</coordinates></LineString></Placemark></Folder>
<Folder><name>Points</name>
<Placemark><name>Kars</name><Point><coordinates> 43.1, 40.6 </coordinates></Point></Placemark>
<Placemark><name>no geometry</name></Placemark></Folder>"""
LINE = "<Placemark><name>Iğdır yolu</name><LineString><coordinates>{}</coordinates></LineString>"


@pytest.fixture
def kml(tmp_path):
    def written(body, *, stated="UTF-8", encoding="utf-8"):
        path = tmp_path / "places.kml"
        text = HEAD.format(stated) + body + "</Document></kml>"
        path.write_bytes(text.encode(encoding))
        return path

    return written


def test_placemarks_keep_names_heights_periods_data_and_how_they_are_drawn(kml):
    found = read_vector(kml(PLACES))
    assert found["name"].tolist() == ["Kars–Gyumri", "Kars", "no geometry"]
    assert found["layer"].tolist() == ["Lines", "Points", "Points"]
    line, point, none = found.geometry
    assert line.equals_exact(from_wkt("LINESTRING Z (43.1 40.6 1768, 43.8 40.8 1500)"), 0)
    assert (point, none) == (Point(43.1, 40.6), None)
    assert not point.has_z
    assert line.coords[0][2] == 1768
    first = found.iloc[0]
    assert first[["id", "valid_from", "valid_to", "description"]].tolist() == [
        "p1", "1899-12", "1993-07-01", "<b>Old</b>",
    ]  # fmt: skip
    assert first[["extrude", "tessellate", "altitudeMode", "gauge"]].tolist() == [
        1, 0, "relativeToGround", "1520",
    ]  # fmt: skip
    assert found["extrude"].isna().tolist() == [False, True, True]
    assert "visibility" not in found


def test_a_schema_says_what_types_data_have_and_data_beside_it_stay(kml):
    body = (
        '<Schema id="s" name="s"><SimpleField type="int" name="lanes"/>'
        '<SimpleField type="double" name="km"/><SimpleField type="bool" name="toll"/></Schema>'
        '<Placemark><name>A</name><ExtendedData><Data name="NAME"><value>B</value></Data>'
        '<SchemaData schemaUrl="#s"><SimpleData name="lanes">2</SimpleData>'
        '<SimpleData name="km">1.5</SimpleData><SimpleData name="toll">true</SimpleData>'
        "</SchemaData></ExtendedData><Point><coordinates>44,40</coordinates></Point></Placemark>"
    )
    row = read_vector(kml(body)).iloc[0]
    assert (row["lanes"], row["km"], row["toll"], row["name"]) == (2, 1.5, True, "A")


def test_every_kind_of_geometry_is_read(kml):
    point = "<Point><coordinates>44,40</coordinates></Point>"
    ring = "<LinearRing><coordinates>44,40 45,40 45,41 44,40</coordinates></LinearRing>"
    hole = ring.replace("44,40 45,40 45,41 44,40", "44.5,40.1 44.8,40.1 44.8,40.4 44.5,40.1")
    bodies = {
        f"<MultiGeometry>{point}{point}</MultiGeometry>": MultiPoint([(44, 40), (44, 40)]),
        f"<Polygon><outerBoundaryIs>{ring}</outerBoundaryIs><innerBoundaryIs>{hole}"
        "</innerBoundaryIs></Polygon>": Polygon(
            [(44, 40), (45, 40), (45, 41)], [[(44.5, 40.1), (44.8, 40.1), (44.8, 40.4)]]
        ),
        "<gx:Track><when>2020</when><gx:coord>44 40 5</gx:coord><gx:coord>45 41 6</gx:coord>"
        "</gx:Track>": LineString([(44, 40), (45, 41)]),
    }
    body = "".join(f"<Placemark>{text}</Placemark>" for text in bodies)
    found = read_vector(kml(body)).geometry
    assert [a.equals(b) for a, b in zip(found, bodies.values(), strict=True)] == [True] * 3


@pytest.mark.parametrize(
    ("stated", "encoding"),
    [("windows-1254", "cp1254"), ("UTF-16", "utf-16"), ("utf-8", "utf-8-sig"),
     ("UTF-16", "utf-16-le"), ("ISO-8859-9", "iso8859-9")],
)  # fmt: skip
def test_the_encoding_that_a_file_states_is_read(kml, stated, encoding):
    body = LINE.format("44,40 45,41") + "</Placemark>"
    found = read_vector(kml(body, stated=stated, encoding=encoding))
    assert found["name"].tolist() == ["Iğdır yolu"]


@pytest.mark.parametrize(
    ("stated", "encoding", "said"),
    [("UTF-8", "cp1254", r"not in UTF-8, as it states \(byte \d+\).*windows-1254.*save it as"),
     ("nosuch", "utf-8", "in 'nosuch', an encoding that is not known"),
     ("zip", "utf-8", "in 'zip', an encoding that is not known")],
)  # fmt: skip
def test_another_encoding_is_told_with_what_to_do(kml, stated, encoding, said):
    body = LINE.format("44,40 45,41") + "</Placemark>"
    with pytest.raises(FileFormatError, match=said):
        read_vector(kml(body, stated=stated, encoding=encoding))


@pytest.mark.parametrize(
    ("coordinates", "said"),
    [
        ("44,0,39,9 44,9,39,5", "the position '44,0,39,9' is not longitude,.*decimal points"),
        ("44.5,39.9 44,9,39,5", "the position '44,9,39,5' is not"),
        ("44 39.9 44 39", "the position '44' is not"),
        ("44,39.9, 44.9,39.5", "the position '44,39.9,44.9,39.5' is not"),
        ("44,x 45,39", "the coordinate 'x' is not a number"),
        ("nan,40 45,39", "the coordinate 'nan' is not a number"),
        ("44,40", "is a line of one position"),
    ],
)
def test_positions_that_are_none_are_refused_by_feature(kml, coordinates, said):
    good = "<Placemark><name>a</name><Point><coordinates>44,40</coordinates></Point></Placemark>"
    with pytest.raises(GeometryError, match=said) as caught:
        read_vector(kml(good + LINE.format(coordinates) + "</Placemark>"))
    assert "places.kml: feature 2 ('Iğdır yolu')" in str(caught.value)


def test_a_ring_that_stays_open_is_refused_by_feature(kml):
    body = (
        "<Placemark><name>P</name><Polygon><outerBoundaryIs><LinearRing><coordinates>44,40 45,40"
        " 45,41 44,41</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    )
    with pytest.raises(GeometryError, match=r"feature 1 \('P'\) has a ring .* repeat the first"):
        read_vector(kml(body))


def test_entities_nesting_and_broken_xml_are_refused_in_one_line(kml, tmp_path):
    bomb = tmp_path / "bomb.kml"
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 9}">' for n in range(1, 9))
    bomb.write_text(f'<!DOCTYPE kml [<!ENTITY a0 "ha">{lines}]><kml>&a8;</kml>', "utf-8")
    with pytest.raises(FileFormatError, match="declares entities"):
        read_vector(bomb)
    deep = "<MultiGeometry>" * 30_000 + "</MultiGeometry>" * 30_000
    for body in (f"<Placemark>{deep}</Placemark>", "<Placemark>", "&nbsp;"):
        with pytest.raises(AraxesError) as caught:
            read_vector(kml(body))
        assert "\n" not in str(caught.value)
    with pytest.raises(FileFormatError, match="it only links to others"):
        read_vector(kml("<NetworkLink><Link><href>x.kml</href></Link></NetworkLink>"))
