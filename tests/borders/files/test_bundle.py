"""The bundled geometry is that of its reviewable sources."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely

from borders.errors import FileFormatError, UnknownNameError
from borders.files import bundle

SOURCES = {
    "borders": ("guides/borders.geojson", None),
    "reaches": ("guides/reaches.geojson", None),
    "railways": ("guides/railways.geojson", None),
    "batum": ("guides/batum.geojson", None),
    "lakes": ("guides/lakes.geojson", None),
    "rivers": ("guides/rivers.geojson", None),
    "provinces": ("guides/provinces.geojson", None),
    "land": ("basemap.geojson", "land"),
    "country-borders": ("basemap.geojson", "country-border"),
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_layer_equals_its_geojson_to_a_centimetre(name):
    file, kind = SOURCES[name]
    features = json.loads((bundle.data_dir() / file).read_text("utf-8"))["features"]
    wanted = [f for f in features if kind is None or f["properties"]["kind"] == kind]
    found = bundle.layer(name)
    assert [f.properties for f in found] == [f["properties"] for f in wanted]
    for feature, source in zip(found, wanted, strict=True):
        true = shapely.get_coordinates(shapely.from_geojson(json.dumps(source["geometry"])))
        ours = shapely.get_coordinates(feature.geometry)
        assert np.abs(ours - true).max() <= 0.5e-7 + 1e-12
    assert all(f.geometry.is_valid for f in found)


def test_an_unknown_layer_lists_the_known_ones():
    with pytest.raises(
        UnknownNameError, match=r"no layer 'roads'; known: batum, borders, .*rivers"
    ):
        bundle.layer("roads")


@pytest.mark.parametrize("content", [None, b"", b"not a zip", b"PK\x03\x04 cut"])
def test_a_broken_bundle_is_one_clear_message(tmp_path, monkeypatch, content):
    if content is not None:
        (tmp_path / "runtime.npz").write_bytes(content)
    monkeypatch.setattr(bundle, "data_dir", lambda: tmp_path)
    bundle._runtime.cache_clear()
    bundle.layer.cache_clear()
    try:
        with pytest.raises(FileFormatError, match=r"runtime\.npz: .*cannot be read.*reinstall"):
            bundle.layer("borders")
    finally:
        bundle._runtime.cache_clear()
        bundle.layer.cache_clear()


def test_rows_are_read_once_and_are_text():
    rows = bundle.read_rows("places.csv")
    assert rows is bundle.read_rows("places.csv")
    assert all(isinstance(value, str) for value in rows[0].values())
