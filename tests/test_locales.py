"""The same answers and files wherever the user's letters, numbers and language are from.

In Turkish and Azerbaijani I is no capital i to the C library, and with it to GDAL and GEOS; in
German numbers have a decimal comma.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import LineString, Point

ROOT = Path(__file__).parents[1]
REQUIRED = os.environ.get("ARAXES_REQUIRE_LOCALES") == "1"
# Locale → what `localedef` makes it of.
LOCALES = {"tr_TR.UTF-8": "tr_TR", "az_AZ": "az_AZ", "de_DE.UTF-8": "de_DE", "C": "", "POSIX": ""}
HOME = {"LC_ALL": "C.UTF-8"}

# A program of the user's: in their locale, with or without the libraries loaded before ours.
LIBRARY = """
import locale, sys
locale.setlocale(locale.LC_ALL, "")
before = locale.setlocale(locale.LC_ALL)
folder, loaded = sys.argv[1:]
if loaded:
    import pyogrio
print("loaded", file=sys.stderr)
from borders import boundary, read_vector
from borders.terrain.elevation import read_dem
from corridors import Terms, route, system, write

for suffix in ("geojson", "gpkg", "fgb", "kml", "csv", "gpx"):
    print(write([system("lachin-2020"), system("btk")], f"{folder}/x.{suffix}"))
for suffix in ("geojson", "gpkg", "fgb"):
    own = read_vector(f"{folder}/own.{suffix}")
    print(own.drop(columns="geometry").to_json(), [shape.coords[:] for shape in own.geometry])
    write(own, f"{folder}/y.{suffix}")
print(read_dem(f"{folder}/dem.tif").elevation_m.sum())
print(boundary("kars-1921").length, route("Iğdır", "NAXÇIVAN", terms=Terms(modes=("road",))).length)
assert locale.setlocale(locale.LC_ALL) == before
assert not locale.localeconv()["decimal_point"] == "," or f"{1.5:n}" == "1,5"
"""
DOCTESTS = """
import doctest, importlib, pkgutil, sys
import borders, corridors, maps
failed = tried = 0
for package in (borders, corridors, maps):
    for part in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not part.name.endswith("__main__"):
            result = doctest.testmod(importlib.import_module(part.name))
            failed, tried = failed + result.failed, tried + result.attempted
print(failed, tried)
"""


def known(name, **environment):
    """Tell whether the C library has a locale."""
    code = "import locale; locale.setlocale(locale.LC_ALL, '')"
    env = {**os.environ, "LC_ALL": name, **environment}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the environment in which every locale is known; those that lack are built."""
    if all(map(known, LOCALES)) or not shutil.which("localedef"):
        return {}
    folder = tmp_path_factory.mktemp("locales")
    for name, source in LOCALES.items():
        how = ["localedef", "-i", source, "-f", "UTF-8", str(folder / name)]
        if source:
            subprocess.run(how, capture_output=True, check=False)
    return {"LOCPATH": str(folder)}


@pytest.fixture(params=LOCALES)
def abroad(request, built):
    """Return the environment of a user there."""
    if not known(request.param, **built):
        assert not REQUIRED, f"no locale {request.param}, nor what localedef makes it of"
        pytest.skip(f"no locale {request.param}, nor what localedef makes it of")
    return {"LC_ALL": request.param, **built}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with files to read."""
    path = tmp_path_factory.mktemp("own")
    table = geopandas.GeoDataFrame(
        {"name": ["Iğdır", "İstanbul"], "ISTATISTIK": [1.5, 2.5]},
        geometry=[Point(44.04, 39.92), LineString([(45, 40), (46, 40.25)])],
        crs=4326,
    )
    for suffix in ("geojson", "gpkg", "fgb"):
        table.to_file(path / f"own.{suffix}")
    grid = {"height": 50, "width": 60, "count": 1, "dtype": "float32", "crs": "EPSG:4326",
            "transform": Affine(0.05, 0, 43, 0, -0.05, 42)}  # fmt: skip
    with rasterio.open(path / "dem.tif", "w", driver="GTiff", **grid) as dem:
        dem.write(np.full((50, 60), 1500.5, np.float32), 1)
    return path


def by_command(python, folder, environment):
    """Return what commands print and write."""
    told = []
    for line in (
        ["export", "btk", "lachin-2020", "--out", folder / "x.geojson"],
        ["export", folder / "own.gpkg", "--out", folder / "x.csv"],
        ["validate", folder / "own.geojson", "--json"],
        ["route", "Iğdır", "NAXÇIVAN", "--modes", "road", "--json"],
    ):
        done = python("-m", "maps.cli", *line, PYTHONUTF8="1", **environment)
        told.append((line[0], done.returncode, done.stdout, done.stderr))
    return told, written(folder)


def by_library(python, folder, environment, loaded):
    """Return what a program prints and writes."""
    done = python("-W", "error", "-c", LIBRARY, folder, loaded, PYTHONUTF8="1", **environment)
    # What a library says of the locale when the user loads it is not ours to silence.
    complaints = done.stderr.partition("loaded\n")[2]
    return (done.returncode, done.stdout, complaints), written(folder)


def written(folder):
    """Return the names and contents of the files that were written, and remove them."""
    files = {path.name: path.read_bytes() for path in folder.glob("[xy].*")}
    for name in files:
        (folder / name).unlink()
    return files


@pytest.fixture(scope="module")
def commanded(python, folder):
    return by_command(python, folder, HOME)


@pytest.fixture(scope="module")
def programmed(python, folder):
    return by_library(python, folder, HOME, "")


def test_commands_answer_and_write_the_same_in_every_locale(python, folder, commanded, abroad):
    told, files = by_command(python, folder, abroad)
    assert told == commanded[0]
    assert [(code, err) for _, code, _, err in told] == [(0, "")] * len(told)
    assert files == commanded[1]
    assert b"LINESTRING" in files["x.csv"]


@pytest.mark.parametrize("loaded", ["", "loaded"])
def test_the_library_reads_and_writes_the_same_in_every_locale(
    python, folder, programmed, abroad, loaded
):
    told, files = by_library(python, folder, abroad, loaded)
    assert told == programmed[0]
    assert (told[0], told[2]) == (0, "")
    assert files == programmed[1]
    assert len(files) == 9


# Turkish letters and a decimal comma; the others add nothing to these two but minutes.
@pytest.mark.parametrize("abroad", ["tr_TR.UTF-8", "de_DE.UTF-8"], indirect=True)
def test_the_examples_of_the_docstrings_hold_in_other_locales(python, abroad):
    done = python("-c", DOCTESTS, PYTHONUTF8="1", **abroad)
    failed, tried = map(int, done.stdout.split()[-2:])
    assert (failed, done.stderr) == (0, ""), done.stdout
    assert tried > 50
