"""Files with random bytes changed are read, or refused in one line; never any other error.

The seeds are fixed, so that every run tries the same files.
"""

from __future__ import annotations

import io
import json
import random
import zipfile
from copy import deepcopy
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from shapely import Point

from borders.errors import AraxesError
from borders.files.vector import read_vector
from corridors.lookup import thing
from corridors.network.load import load_network

ROUNDS = 60

GEOJSON = json.dumps({
    "type": "FeatureCollection", "name": "a",
    "features": [
        {"type": "Feature", "id": 1, "properties": {"name": "Iğdır", "n": 2, "l": [1, {"a": None}]},
         "geometry": {"type": "LineString", "coordinates": [[44, 40, 5], [45.5, 41]]}},
        {"type": "Feature", "properties": None,
         "geometry": {"type": "Polygon",
                      "coordinates": [[[44, 40], [45, 40], [45, 41], [44, 40]]]}},
    ],
}, ensure_ascii=False)  # fmt: skip
KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Schema id="s" name="s">
<SimpleField type="int" name="n"/></Schema><Folder><name>Yollar</name>
<Placemark id="1"><name>Iğdır</name><TimeSpan><begin>1899</begin></TimeSpan>
<ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="n">7</SimpleData></SchemaData>
</ExtendedData><MultiGeometry><Point><coordinates>44,40,5</coordinates></Point>
<Polygon><outerBoundaryIs><LinearRing><coordinates>44,40 45,40 45,41 44,40</coordinates>
</LinearRing></outerBoundaryIs></Polygon></MultiGeometry></Placemark></Folder></Document></kml>"""
GPX = """<?xml version="1.0"?><gpx version="1.1" creator="x"
 xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="40.5" lon="44"><ele>7</ele><name>a</name></wpt>
<trk><trkseg><trkpt lat="40" lon="44"/><trkpt lat="41" lon="44"/></trkseg></trk></gpx>"""
CSV = 'name;lon;lat;km;lanes;open\nIğdır;44,05;39,92;1,5;2;true\n"a;b";44;40;;;false\n'
WKT = 'name,wkt,n\nIğdır,"LINESTRING (44 40, 45 41)",1\n,POINT (44 40),2\n'


def packed(name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def shapefile(folder):
    table = gpd.GeoDataFrame({"name": ["Igdir"], "n": [2]}, geometry=[Point(44, 40)], crs=4326)
    pyogrio.write_dataframe(table, folder / "a.shp", driver="ESRI Shapefile")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in sorted(folder.glob("a.*")):
            archive.write(part, part.name)
    return buffer.getvalue()


SEEDS = {
    "a.geojson": GEOJSON.encode(),
    "a.geojsonl": b"\n".join(json.dumps(f).encode() for f in json.loads(GEOJSON)["features"]),
    "a.kml": KML.encode(),
    "b.kml": KML.encode("utf-16"),
    "a.kmz": packed("doc.kml", KML),
    "a.gpx": GPX.encode(),
    "a.csv": CSV.encode(),
    "b.csv": WKT.encode(),
    "a.zip": packed("x/a.geojson", GEOJSON),
    "treaty.toml": Path("tests/examples/my_treaty.toml").read_bytes(),
}
# What readers trip over: brackets, signs, numbers out of range, halves of letters, other encodings.
SPLICES = (b"", b"\0", b"\xff", b"\xc3", b"\r", b"\x1b", b'"', b"'", b"[", b"{", b"<", b"&", b"-",
           b".", b",", b"1e999", b"NaN", b"null", b"9" * 400, b"<!ENTITY a 'b'>", b"]]>",
           b"\xef\xbb\xbf", b"[" * 2000, "ş".encode("cp1254"), b"-1e300", b"\n\n")  # fmt: skip


def mutated(content: bytes, dice: random.Random) -> bytes:
    """Return a file with one to four places changed: bytes, spliced in, cut out or repeated."""
    changed = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(changed) + 1)
        upto = min(len(changed), at + dice.choice((0, 0, 1, 2, 20)))
        changed[at:upto] = dice.choice((
            bytes([dice.randrange(256)]), dice.choice(SPLICES), bytes(changed[at : at + 30]) * 2,
        ))  # fmt: skip
    return bytes(changed)


def tried(path, content, read):
    """Read a file; return whether it was read, and check how it was refused if not."""
    path.write_bytes(content)
    try:
        read(path)
    except AraxesError as err:
        text = str(err)
        assert text
        assert "\n" not in text
        assert len(text) < 5000
        return False
    return True


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", [*SEEDS, "shapefile.zip"])
def test_mutated_files_are_read_or_refused_in_one_line(tmp_path, name):
    content = SEEDS.get(name) or shapefile(tmp_path)
    read = (lambda path: thing(str(path))) if name.endswith(".toml") else read_vector
    path = tmp_path / f"f-{name}"
    assert tried(path, content, read)
    dice = random.Random(name)
    for n in range(ROUNDS):
        changed = mutated(content, dice)
        try:
            tried(path, changed, read)
        except Exception as err:
            pytest.fail(f"round {n}: {type(err).__name__}: {err}: {changed[:2000]!r}")


EDGES = [
    {"type": "Feature",
     "properties": {"u": a, "v": b, "key": 0, "osmid": [7, 8], "oneway": "no", "name": "A",
                    "maxspeed": "['50', '70']", "layer": "edges", "length": 9000.0},
     "geometry": {"type": "LineString", "coordinates": [[44.0 + a / 10, 40], [44.0 + b / 10, 40]]}}
    for a, b in [(1, 2), (2, 1), (2, 3), (3, 2)]
]  # fmt: skip
# What a program may write where another value is meant.
OTHERS = (
    None, True, -1, 1e308, 10**30, "", " ", "nan", "\x1b[31m", "a" * 400, "[[1]]", "[" * 3000,
    [], {}, [[1, 2]], [None], {"a": [1]}, ["a", "a"], "2020-02-30",
)  # fmt: skip


def with_other_values(features, dice):
    """Return features with one to three values, of any depth, changed, left out or doubled."""
    changed = json.loads(json.dumps(features))
    for _ in range(dice.randint(1, 3)):
        holder = changed
        key = dice.randrange(len(holder))
        while dice.random() < 0.75 and isinstance(holder[key], dict | list) and holder[key]:
            holder = holder[key]
            key = dice.choice(list(holder)) if isinstance(holder, dict) else (
                dice.randrange(len(holder)))  # fmt: skip
        if dice.random() < 0.8:
            holder[key] = deepcopy(dice.choice(OTHERS))
        elif len(changed) > 1 or holder is not changed:
            del holder[key]
    return changed


def test_edges_with_other_values_are_a_network_or_refused_in_one_line(tmp_path):
    def written(features):
        return json.dumps({"type": "FeatureCollection", "features": features}).encode()

    path = tmp_path / "edges.geojson"
    assert tried(path, written(EDGES), load_network)
    dice = random.Random("edges")
    refused = 0
    for n in range(120):
        changed = written(with_other_values(EDGES, dice))
        try:
            refused += not tried(path, changed, load_network)
        except Exception as err:
            pytest.fail(f"round {n}: {type(err).__name__}: {err}: {changed[:2000]!r}")
    assert 25 < refused < 120
