"""The bundled geometry is that of its reviewable sources."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from layers import SOURCES

from borders.errors import FileFormatError, UnknownNameError
from borders.files import bundle
from borders.files.bundle import BUNDLED, DataRoot, layer
from borders.gazetteer.places import places
from corridors.model.corridor import corridor_ids


@pytest.mark.parametrize("name", SOURCES)
def test_a_layer_equals_its_geojson_to_a_centimetre(name):
    file, kind = SOURCES[name]
    features = json.loads(BUNDLED.path(file).read_text("utf-8"))["features"]
    wanted = [f for f in features if kind is None or f["properties"]["kind"] == kind]
    found = layer(name)
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
        layer("roads")


@pytest.mark.parametrize("content", [None, b"", b"not a zip", b"PK\x03\x04 cut"])
def test_a_broken_bundle_is_one_clear_message(tmp_path, content):
    if content is not None:
        (tmp_path / "runtime.npz").write_bytes(content)
    with pytest.raises(FileFormatError, match=r"runtime\.npz: .*cannot be read.*reinstall"):
        layer("borders", root=DataRoot(tmp_path))


def test_another_root_answers_with_its_own_files(tmp_path):
    (tmp_path / "corridors").mkdir()
    (tmp_path / "corridors" / "via-baltica.toml").touch()
    header, *_ = BUNDLED.path("places.csv").read_text("utf-8").splitlines()
    row = dict.fromkeys(header.split(","), "")
    row |= {"id": "gudauri", "name": "Gudauri", "kind": "town", "country": "GE", "lon": "44.47"}
    row |= {"lat": "42.48", "sigma_m": "500", "source": "araxes", "state": "unverified"}
    (tmp_path / "places.csv").write_text(f"{header}\n{','.join(row.values())}\n", "utf-8")
    root = DataRoot(tmp_path)
    assert corridor_ids(root) == ("via-baltica",)
    assert list(places(root)) == ["gudauri"]
    assert "gudauri" not in places()


def test_nothing_but_the_bundle_knows_where_the_data_are():
    packages = Path(bundle.__file__).parents[2]
    names = ("borders", "corridors", "maps")
    files = [path for name in names for path in (packages / name).rglob("*.py")]
    texts = {p.name: p.read_text("utf-8") for p in files if p.name != "__init__.py"}
    assert [name for name, text in texts.items() if "__file__" in text] == ["bundle.py"]
    assert [name for name, text in texts.items() if '"_data"' in text] == ["bundle.py"]


def test_rows_are_read_once_and_are_text():
    rows = BUNDLED.rows("places.csv")
    assert rows is BUNDLED.rows("places.csv")
    assert all(isinstance(value, str) for value in rows[0].values())


@pytest.mark.parametrize("backwards", [False, True])
def test_ids_are_in_order_whatever_order_the_file_system_has(tmp_path, monkeypatch, backwards):
    names = ["b", "a-2", "a", "c", "a-10"]
    (tmp_path / "scenarios").mkdir()
    for name in names:
        (tmp_path / "scenarios" / f"{name}.toml").write_text("", "utf-8")
    found = sorted((tmp_path / "scenarios").iterdir(), reverse=backwards)
    monkeypatch.setattr(Path, "glob", lambda *_, **__: iter(found))
    assert DataRoot(tmp_path).ids("scenarios") == ("a", "a-10", "a-2", "b", "c")
