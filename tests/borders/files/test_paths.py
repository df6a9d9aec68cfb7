"""Names of files are paths, whatever they look like to the libraries below."""

from __future__ import annotations

import json
import socket
from contextlib import chdir
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from shapely import Point

from borders.errors import FileFormatError
from borders.files.paths import exists, gdal_path, is_file, is_folder
from borders.files.vector import read_vector
from corridors.export.formats import write
from corridors.lookup import thing

# Names that urlparse, pyogrio or GDAL would take for something else.
NAMES = ("a!b", "13_Kars!", "a;b", "a?b", "a#b", "http:x", "zip:x", "file:x", "GPKG:x", "~x",
         "a\nb", "Kars yolu", "Iğdır", "a%20b", "a*b", '"a"', "x.zip")  # fmt: skip
DRIVERS = {".geojson": "GeoJSON", ".gpkg": "GPKG", ".fgb": "FlatGeobuf", ".kml": "LIBKML"}


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        pytest.fail("a request to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def point_file(path, name):
    feature = {
        "type": "Feature", "properties": {"name": name},
        "geometry": {"type": "Point", "coordinates": [44, 40]},
    }  # fmt: skip
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", DRIVERS)
def test_a_file_is_read_whatever_its_name(tmp_path, no_network, name, suffix):
    plain = tmp_path / f"plain{suffix}"
    table = gpd.GeoDataFrame({"note": ["right"]}, geometry=[Point(44, 40)], crs=4326)
    pyogrio.write_dataframe(table, plain, driver=DRIVERS[suffix], layer="plain")
    plain.rename(tmp_path / f"{name}{suffix}")
    with chdir(tmp_path):
        assert read_vector(f"{name}{suffix}")["note"].tolist() == ["right"]
    assert read_vector(tmp_path / f"{name}{suffix}")["note"].tolist() == ["right"]


def test_the_file_that_is_named_is_read_and_no_other(tmp_path):
    point_file(tmp_path / "b.geojson", "wrong")
    for name in ("a!b.geojson", "a;b.geojson", "zip:b.geojson", "x!/b.geojson"):
        path = point_file(tmp_path / name, "right")
        found = read_vector(path)
        assert found["name"].tolist() == ["right"]
        assert found["layer"].tolist() == [path.stem]
    assert list(thing(str(tmp_path / "a!b.geojson"))["name"]) == ["right"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", DRIVERS)
def test_a_file_is_written_through_a_plain_path(tmp_path, name, suffix):
    folder = tmp_path / "Kars!;x"
    folder.mkdir()
    path = folder / f"{name}{suffix}"
    table = gpd.GeoDataFrame({"name": ["right"]}, geometry=[Point(44, 40)], crs=4326)
    with gdal_path(path) as plain:
        pyogrio.write_dataframe(table, plain, driver=DRIVERS[suffix], layer="a")
        if suffix == ".gpkg":
            pyogrio.write_dataframe(table, plain, driver="GPKG", layer="b", append=True)
    assert path.is_file()
    assert not path.is_symlink()
    assert [file.name for file in folder.iterdir()] == [path.name]
    assert len(read_vector(path)) == (2 if suffix == ".gpkg" else 1)


@pytest.mark.parametrize("suffix", [*DRIVERS, ".csv", ".gpx"])
def test_what_is_exported_lands_in_the_file_that_is_named(tmp_path, suffix):
    folder = tmp_path / "a!b;c"
    folder.mkdir()
    table = gpd.GeoDataFrame(
        {"kind": ["rail", "road"]}, geometry=[Point(44, 40), Point(45, 40)], crs=4326
    )
    for name in ("x", "13_Kars!", "http:y", "zip:z"):
        path = folder / f"{name}{suffix}"
        assert write(table, path) == 2
        assert len(read_vector(path)) == 2
    # Nothing lies beside them, nor in the folder that the name would be an archive of.
    assert len(list(folder.iterdir())) == 4
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


@pytest.mark.parametrize(
    "name",
    ["http://example.org/x.geojson", "https://example.org/x", "s3://b/x.gpkg", "ftp://h/x.kml"],
)
def test_an_address_is_refused_with_what_to_do(no_network, name):
    for read in (read_vector, thing):
        if read is read_vector and not Path(name).suffix:
            continue
        with pytest.raises(FileFormatError) as caught:
            read(name)
        assert str(caught.value).startswith(f"{name}: an address, not a file; download it first")


@pytest.mark.parametrize("name", ["/vsicurl/http://h/x.geojson", "/vsizip/a.zip/b.kml"])
def test_a_path_of_gdal_is_refused_with_what_to_do(no_network, name):
    for read in (read_vector, thing):
        with pytest.raises(FileFormatError, match="a path of GDAL's, not a file; download or"):
            read(name)


def test_what_cannot_be_looked_up_is_not_there(tmp_path):
    for name in ("x" * 300, f"{'x' * 300}/y", "nul\0byte"):
        for asked in (is_file, is_folder, exists):
            assert asked(tmp_path / name) is False


def test_other_shapefiles_of_the_folder_are_left_out(tmp_path):
    folder = tmp_path / "Kars!;x"
    folder.mkdir()
    for name in ("other", "right", "third"):
        table = gpd.GeoDataFrame({"note": [name]}, geometry=[Point(44, 40)], crs=4326)
        pyogrio.write_dataframe(table, tmp_path / f"{name}.shp", driver="ESRI Shapefile")
        for file in tmp_path.glob(f"{name}.*"):
            file.rename(folder / file.name)
    assert read_vector(folder / "right.shp")["note"].tolist() == ["right"]
