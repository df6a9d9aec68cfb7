"""A frame of ours works unaltered in the libraries that people hand it to."""

from __future__ import annotations

import json

import folium
import geopandas as gpd
import pytest

from borders.compiler.resolve import boundary
from borders.files.features import FEATURE_COLUMNS, features_to_gdf
from corridors.analysis.reach import reach
from corridors.model.registry import system
from corridors.network.load import load_network
from corridors.routing.find import route

FRAMES = {
    "border": lambda: boundary("kars-1921").to_gdf(),
    "territory": lambda: boundary("nakhchivan-1921").to_gdf(),
    "corridor": lambda: system("lachin-2020").to_gdf(),
    "route": lambda: route("Kars", "Tbilisi").to_gdf(),
    "network": lambda: load_network().to_gdf(),
    "reach": lambda: reach("Kars", 100).to_gdf(),
}


@pytest.fixture(params=FRAMES, scope="module")
def frame(request):
    return FRAMES[request.param]()


def test_json_and_folium_take_it(frame):
    features = json.loads(frame.to_json())["features"]
    assert len(features) == len(frame)
    stated = [f["properties"]["valid_from"] for f in features]
    assert all(day is None or len(day) == 10 for day in stated)
    folium.GeoJson(frame)
    assert json.loads(json.dumps(frame.__geo_interface__))


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".fgb"])
def test_geopandas_writes_it_and_reads_it_back(frame, tmp_path, suffix):
    frame.to_file(tmp_path / f"a{suffix}")
    found = gpd.read_file(tmp_path / f"a{suffix}")
    assert len(found) == len(frame)
    assert set(frame.columns) <= set(found.columns)


def test_no_column_is_a_word_of_sql(frame):
    assert not {"from", "to"} & set(frame.columns)


def test_columns_have_one_type_whatever_is_in_them():
    whole = boundary("nakhchivan-1921").to_gdf()
    assert str(whole["circular"].dtype) == "boolean"
    assert str(whole["leg"].dtype) == "Int64"
    assert whole["circular"].isna().tolist() == [True, *[False] * (len(whole) - 1)]
    legs = boundary("kars-1921").to_gdf()
    same = [key for key in legs if key in whole and key not in ("geometry", "status")]
    assert {key: str(legs[key].dtype) for key in same if key not in FEATURE_COLUMNS} == {
        key: str(whole[key].dtype) for key in same if key not in FEATURE_COLUMNS
    }


def test_without_rows_there_are_the_columns_of_all_features():
    empty = features_to_gdf([])
    assert tuple(empty.columns) == (*FEATURE_COLUMNS, "geometry")
    assert json.loads(empty.to_json())["features"] == []
