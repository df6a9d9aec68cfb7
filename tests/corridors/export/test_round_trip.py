"""Random tables through every format: names, types and geometry come back, or a word says what not.

GDAL, pandas, the parsers of JSON, CSV and XML read the files, not our own reader.
"""

from __future__ import annotations

import csv
import json
import math
import tempfile
import warnings
import xml.etree.ElementTree as ET
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from random_tables import as_text, cells_of, tables

from borders.errors import FormatWarning
from corridors.export.formats import write


def written(own, suffix, folder) -> tuple[Path, dict[str, str], list[str]]:
    """Return a file, what columns are called in it, and what was said."""
    path = Path(folder) / f"a{suffix}"
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", FormatWarning)
        assert write(own, path) == len(own)
    notes = [str(warning.message) for warning in told]
    return path, notes


def named(key: str, known, notes: list[str]) -> str:
    """Return what a column is called in a file: its name, or the one that a note says."""
    if key in known:
        return key
    candidates = [n for n in known if f"'{key}' is '{n}'" in " ".join(notes)]
    assert candidates, (key, sorted(known), notes)
    return max(candidates, key=len)


FEW = settings(
    max_examples=60, phases=(Phase.generate,), suppress_health_check=[HealthCheck.too_slow]
)


@FEW
@given(made=tables())
def test_geojson_gives_names_types_and_geometry_back(made):
    own, kinds = made
    with tempfile.TemporaryDirectory() as folder:
        path, notes = written(own, ".geojson", folder)
        features = json.loads(path.read_text("utf-8"))["features"]
    assert len(features) == len(own)
    for key, kind in kinds.items():
        for feature, value in zip(features, cells_of(own, key), strict=True):
            found = feature["properties"].get(key)
            if value is None:
                assert found is None
            else:
                plain = kind in ("truth", "whole", "number", "list", "table")
                assert found == (value if plain else as_text(value, kind)), (key, kind)
    for feature, shape in zip(features, own.geometry, strict=True):
        if shape is None:
            assert feature["geometry"] is None
        else:
            found = shapely.geometry.shape(feature["geometry"])
            assert found.geom_type == shape.geom_type
            assert found.equals(shape) or shapely.hausdorff_distance(found, shape) < 1e-7
    assert notes == []


@FEW
@given(made=tables())
@pytest.mark.parametrize("suffix", [".gpkg", ".fgb"])
def test_gdal_reads_names_types_and_geometry_back(made, suffix):
    own, kinds = made
    if "kind" in kinds:
        own = own.rename(columns={"kind": "sort"})
        kinds["sort"] = kinds.pop("kind")
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        path, notes = written(own, suffix, folder)
        layers = [name for name, _ in pyogrio.list_layers(path)]
        read = [pyogrio.read_dataframe(path, layer=n, datetime_as_string=True) for n in layers]
        found = pd.concat(read).sort_values("nr") if len(read) > 1 else read[0].sort_values("nr")
        exact = {
            row["nr"]: row for n in layers for row in _rows(path, n)
        }  # fmt: skip
    for key, kind in kinds.items():
        cells = cells_of(own, key)
        if all(v is None for v in cells):
            continue
        name = named(key, set(found.columns), notes)
        for nr, value in enumerate(cells):
            _same(exact[nr].get(name), value, kind, key)
    for shape, there in zip(own.geometry, found.geometry, strict=True):
        assert (shape is None) == (there is None)
        assert shape is None or there.normalize().equals_exact(shape.normalize(), 0)


def _rows(path, layer):
    """Yield the rows of a layer with whole numbers exact: each is read alone, without gaps."""
    meta, fids, _, data = pyogrio.raw.read(
        path, layer=layer, read_geometry=False, return_fids=True, datetime_as_string=True
    )
    for n, fid in enumerate(fids):
        one = pyogrio.raw.read(
            path, layer=layer, read_geometry=False, fids=[fid], datetime_as_string=True
        )[3]
        yield {
            key: None if _gap(values[n]) else cell[0]
            for key, values, cell in zip(meta["fields"], data, one, strict=True)
        }


def _gap(value) -> bool:
    return value is None or value != value or str(value) in ("NaT", "")  # noqa: PLR0124


def _same(found, value, kind, key):
    if value is None:
        assert found is None, key
    elif kind in ("truth", "whole", "number"):
        assert found == value, key
    elif kind == "day":
        assert str(found)[:10].replace("/", "-") == value.isoformat(), key
    elif kind == "time":
        assert datetime.fromisoformat(str(found).replace("/", "-")) == value, key
    else:
        assert found == as_text(value, kind), key


@FEW
@given(made=tables())
def test_csv_gives_names_texts_and_geometry_back(made):
    own, kinds = made
    with tempfile.TemporaryDirectory() as folder:
        path, notes = written(own, ".csv", folder)
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    for key, kind in kinds.items():
        cells = cells_of(own, key)
        if any(v is not None for v in cells):
            name = named(key, set(rows[0]) - {"wkt"}, notes)
            stated = ["" if v is None else as_text(v, kind) for v in cells]
            assert [row[name] for row in rows] == stated, (key, kind)
    for row, shape in zip(rows, own.geometry, strict=True):
        assert (row["wkt"] == "") == (shape is None)
        assert (
            shape is None or shapely.hausdorff_distance(shapely.from_wkt(row["wkt"]), shape) < 1e-7
        )


@FEW
@given(made=tables())
@pytest.mark.parametrize("suffix", [".kml", ".gpx"])
def test_xml_holds_every_value_as_a_text(made, suffix):
    own, kinds = made
    with tempfile.TemporaryDirectory() as folder:
        path, _ = written(own, suffix, folder)
        root = ET.parse(path).getroot()
    texts = {element.text for element in root.iter() if element.text}
    drawn = [suffix == ".kml" or shape is not None for shape in own.geometry]
    for key, kind in kinds.items():
        for value, there in zip(cells_of(own, key), drawn, strict=True):
            if value is not None and there:
                stated = {as_text(value, kind)}
                if kind == "truth":
                    stated |= {str(int(value)), str(value)}
                assert stated & texts, (key, kind, value)


def test_steps_in_longitude_of_what_geojson_holds_are_short():
    # the tables above hold no line that goes round the Earth; this one does
    own = gpd.GeoDataFrame(
        geometry=[shapely.LineString([(170, 0), (-170, 10), (170, 20), (-170, 30)])], crs=4326
    )
    with tempfile.TemporaryDirectory() as folder:
        path, _ = written(own, ".geojson", folder)
        (feature,) = json.loads(path.read_text("utf-8"))["features"]
    lines = feature["geometry"]["coordinates"]
    steps = [abs(b[0] - a[0]) for line in lines for a, b in pairwise(line)]
    assert len(lines) == 4
    assert max(steps) <= 20
    assert math.isclose(sum(steps), 60)
    assert np.isclose([line[-1][1] for line in lines[:-1]], [5, 15, 25]).all()
