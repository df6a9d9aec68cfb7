"""The command export: geometry with its sources, whole or not at all."""

from __future__ import annotations

import re
import shutil
import signal
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from osm_files import Drawn, road
from shapely import Point, box

from corridors.model.registry import system_ids


def test_a_vector_file_is_exported_with_its_columns(araxes, tmp_path):
    table = gpd.GeoDataFrame(
        {"name": ["well", "field"]}, geometry=[Point(45, 40), box(45, 40, 46, 41)], crs=4326
    )
    table.to_file(tmp_path / "a.gpkg")
    done = araxes("export", tmp_path / "a.gpkg", "--out", tmp_path / "b.geojson")
    assert done.code == 0
    assert set(gpd.read_file(tmp_path / "b.geojson")["name"]) == {"well", "field"}


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "fgb", "kml", "csv"])
def test_an_export_holds_geometry_sources_and_licences(araxes, tmp_path, suffix):
    target = tmp_path / f"out.{suffix}"
    done = araxes("export", "nakhchivan", "lachin-2020", "--out", target)
    assert (done.code, done.err) == (0, "")
    count = int(re.search(r"wrote (\d+) features", done.out)[1])
    text = target.read_bytes()
    assert b"ODbL-1.0" in text
    assert b"nakhchivan" in text
    if suffix == "csv":
        assert len(text.decode().splitlines()) == 1 + count
        assert b"POLYGON" in text
        return
    names = [name for name, _ in pyogrio.list_layers(target)]
    assert sum(len(pyogrio.read_dataframe(target, layer=name)) for name in names) == count


def test_all_means_every_system(araxes, tmp_path):
    araxes("export", "all", "--out", tmp_path / "all.geojson")
    assert set(gpd.read_file(tmp_path / "all.geojson")["id"]) == set(system_ids())


def test_an_interrupted_export_leaves_the_file_of_before(araxes, tmp_path, monkeypatch):
    target = tmp_path / "x.gpkg"
    target.write_text("before")

    def stop(path, *_, **__):
        Path(path).write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr("pyogrio.raw.write", stop)
    assert araxes("export", "btk", "--out", target).code == 130
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["x.gpkg"]


def test_an_interrupt_while_clearing_up_does_not_stop_the_clearing_up(
    araxes, tmp_path, monkeypatch
):
    real = shutil.rmtree

    def interrupted_at_once(folder, **options):
        signal.raise_signal(signal.SIGINT)
        real(folder, **options)

    monkeypatch.setattr("shutil.rmtree", interrupted_at_once)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert araxes("export", "btk", "--out", tmp_path / "x.csv").code == 130
    finally:
        signal.signal(signal.SIGINT, before)
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


def test_the_network_is_exported_by_that_name(araxes, tmp_path):
    target = tmp_path / "links.gpkg"
    told = araxes("export", "network", "--out", target)
    assert (told.code, told.err) == (0, "")
    kept = gpd.read_file(target)
    assert "road-gyumri-ashtarak" in set(kept["id"])
    nodes = {1: (45.0, 40.0), 2: (45.1, 40.0)}
    drawn = Drawn(nodes, {7: road(1, 2)}).write(tmp_path / "x.osm.pbf")
    own = tmp_path / "x.npz"
    assert araxes("network", "import", drawn, "--out", own).code == 0
    assert araxes("export", "network", "--network", own, "--out", target).code == 0
    assert len(gpd.read_file(target)) == 1
