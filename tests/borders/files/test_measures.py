"""Numbers of a position that are not read, such as measures along a line (M), are told of."""

from __future__ import annotations

import json
import sqlite3
import struct
import warnings
import zipfile
from contextlib import closing

import geopandas as gpd
import pytest
import shapely
from shapely import LineString

from borders.errors import FormatWarning, GeometryError
from borders.files.vector import read_vector
from maps.cli.main import main

LINES = {
    2: [[43.0, 40.0], [44.0, 40.5]],
    3: [[43.0, 40.0, 1000.0], [44.0, 40.5, 1100.0]],
    4: [[43.0, 40.0, 1000.0, 5.0], [44.0, 40.5, 1100.0, 9.0]],
}
WGS84_PRJ = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]'
)


def feature(numbers: int) -> dict:
    shape = {"type": "LineString", "coordinates": LINES[numbers]}
    return {"type": "Feature", "properties": {"name": "x"}, "geometry": shape}


def geojson(*numbers: int) -> str:
    return json.dumps({"type": "FeatureCollection", "features": [feature(n) for n in numbers]})


def geopackage(path, *, measured: bool, kind: str = "GEOMETRY"):
    """Write a GeoPackage of one line; its table says that measures may be, or are there."""
    gpd.GeoDataFrame({"name": ["x"]}, geometry=[LineString(LINES[3])], crs=4326).to_file(path)
    shape = shapely.from_wkt("LINESTRING ZM (43 40 1000 5, 44 40.5 1100 9)")
    wkb = shapely.to_wkb(shape if measured else LineString(LINES[3]), flavor="iso")
    blob = b"GP\x00\x01" + struct.pack("<i", 4326) + wkb
    with closing(sqlite3.connect(path)) as base:
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            base.execute(f'DROP TRIGGER "{trigger}"')
        (table,) = base.execute("SELECT table_name FROM gpkg_geometry_columns").fetchone()
        m = 1 if kind != "GEOMETRY" else 2
        base.execute("UPDATE gpkg_geometry_columns SET z = 2, m = ?", (m,))
        base.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = ?", (kind,))
        base.execute(f'UPDATE "{table}" SET geom = ?', (blob,))
        base.commit()
    return path


def shapefile(path):
    """Write a Shapefile of one point with a measure, after ESRI's description of July 1998."""
    record = struct.pack(">ii", 1, 14) + struct.pack("<iddd", 21, 43.1, 40.6, 7.0)
    box = struct.pack("<4d", 43.1, 40.6, 43.1, 40.6) + struct.pack("<4d", 0, 0, 7, 7)
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(record)) // 2)
    path.write_bytes(head + struct.pack("<ii", 1000, 21) + box + record)
    index = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 54) + struct.pack("<ii", 1000, 21) + box
    path.with_suffix(".shx").write_bytes(index + struct.pack(">ii", 50, 14))
    # One row of a column "n", as dBase III has it.
    head = struct.pack("<BBBBIHH20x", 3, 126, 11, 30, 1, 65, 3)
    column = b"n".ljust(11, b"\0") + b"N" + struct.pack("<4xBB14x", 2, 0)
    path.with_suffix(".dbf").write_bytes(head + column + b"\r" + b"  1" + b"\x1a")
    path.with_suffix(".prj").write_text(WGS84_PRJ, "ascii")
    return path


def test_what_follows_a_height_in_geojson_is_told_of(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(geojson(2, 4, 3, 4), "utf-8")
    with pytest.warns(FormatWarning, match=r"a\.geojson: 2 features have positions of more than"):
        table = read_vector(path)
    assert [shapely.get_coordinate_dimension(shape) for shape in table.geometry] == [2, 3, 3, 3]
    lines = tmp_path / "a.geojsonl"
    lines.write_text(json.dumps(feature(4)) + "\n", "utf-8")
    with pytest.warns(FormatWarning, match=r"a\.geojsonl: 1 feature has positions of more than"):
        read_vector(lines)


def test_heights_alone_are_read_without_a_word(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(geojson(2, 3), "utf-8")
    package = geopackage(tmp_path / "a.gpkg", measured=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_vector(path).has_z.tolist() == [False, True]
        assert read_vector(package).has_z.tolist() == [True]


@pytest.mark.parametrize("kind", ["GEOMETRY", "LINESTRING"])
def test_measures_of_a_geopackage_are_told_of(tmp_path, kind):
    path = geopackage(tmp_path / "a.gpkg", measured=True, kind=kind)
    with pytest.warns(FormatWarning, match=r"a\.gpkg: measures \(M\) are not read"):
        table = read_vector(path)
    assert table.geometry[0].equals_exact(LineString(LINES[3]))


def test_measures_of_a_shapefile_are_told_of_also_in_a_zip(tmp_path):
    path = shapefile(tmp_path / "a.shp")
    with pytest.warns(FormatWarning, match=r"a\.shp: measures \(M\) are not read"):
        assert read_vector(path).geometry[0].coords[:] == [(43.1, 40.6)]
    packed = tmp_path / "b.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for suffix in (".shp", ".shx", ".dbf", ".prj"):
            archive.write(path.with_suffix(suffix), f"a{suffix}")
    with pytest.warns(FormatWarning) as told:
        read_vector(packed)
    assert [str(warning.message).partition(": ")[0] for warning in told] == [f"{packed}/a.shp"]


@pytest.mark.parametrize("numbers", [3, 4])
def test_topojson_with_heights_is_refused_for_it_would_be_read_as_nothing(tmp_path, numbers):
    path = tmp_path / "a.topojson"
    shapes = [{"type": "LineString", "arcs": [0]}]
    objects = {"roads": {"type": "GeometryCollection", "geometries": shapes}}
    value = {"type": "Topology", "arcs": [LINES[numbers]], "objects": objects}
    path.write_text(json.dumps(value), "utf-8")
    with pytest.raises(GeometryError, match=f"position of {numbers} numbers; .* write two"):
        read_vector(path)
    value = {"type": "Topology", "arcs": [], "objects": {
        "posts": {"type": "Point", "coordinates": LINES[numbers][0]}}}  # fmt: skip
    path.write_text(json.dumps(value), "utf-8")
    with pytest.raises(GeometryError, match=f"position of {numbers} numbers"):
        read_vector(path)


def test_the_command_line_tells_of_it_in_a_line(tmp_path, capsys):
    path = tmp_path / "a.geojson"
    path.write_text(geojson(4), "utf-8")
    assert main(["validate", str(path)]) == 0
    told = " ".join(capsys.readouterr().err.split())
    assert told.startswith(f"araxes: {path}: 1 feature has")
    assert "FormatWarning" not in told
