"""The GeoPackage as SQLite sees it, without our reader and without GDAL's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import LineString, Point

from borders.errors import FormatWarning
from corridors.export.formats import write
from corridors.model.registry import system, systems

# Words that SQL reserves, from https://www.sqlite.org/lang_keywords.html
KEYWORDS = {"from", "to", "group", "order", "select", "table", "index", "where", "check", "default"}


def query(path, sql):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def columns(path, layer) -> dict[str, str]:
    return {name: kind for _, name, kind, *_ in query(path, f"pragma table_info({layer})")}


@pytest.fixture(scope="module")
def every(tmp_path_factory):
    path = tmp_path_factory.mktemp("gpkg") / "all.gpkg"
    write(systems(), path)
    return path


def test_sqlite_and_the_standard_find_nothing_wrong(every):
    assert query(every, "pragma integrity_check") == [("ok",)]
    assert query(every, "pragma foreign_key_check") == []
    # https://www.geopackage.org/spec131/: application id GPKG
    assert query(every, "pragma application_id") == [(0x47504B47,)]


def test_layers_say_what_they_are_and_whose(every):
    rows = query(every, "select table_name, identifier, description from gpkg_contents")
    assert {(name, kind) for name, kind, _ in rows} == {
        ("border", "border"), ("corridor", "corridor"), ("corridor_strip", "corridor-strip"),
        ("territory", "territory"),
    }  # fmt: skip
    assert all("kind " + kind in text and "ODbL" in text for _, kind, text in rows)
    ((metadata,),) = query(every, "select metadata from gpkg_metadata")
    assert "© OpenStreetMap contributors, ODbL 1.0" in metadata


def test_days_of_writing_are_fixed(every):
    stamps = query(every, "select last_change from gpkg_contents union all "
                          "select timestamp from gpkg_metadata_reference")  # fmt: skip
    assert set(stamps) == {("1970-01-01T00:00:00.000Z",)}


def test_columns_of_ours_are_no_words_of_sql_and_typed(every):
    border = columns(every, "border")
    assert not {name.lower() for name in border} & KEYWORDS
    assert {"from_place", "to_place"} <= set(border)
    assert {key: border[key] for key in ("valid_from", "valid_to", "circular", "leg")} == {
        "valid_from": "DATE", "valid_to": "DATE", "circular": "BOOLEAN", "leg": "INTEGER"
    }  # fmt: skip
    days = query(every, "select distinct valid_from from border where id = 'kars-1921'")
    assert days == [("1922-09-11",)]


@pytest.mark.parametrize("ids", [("kars-1921",), ("nakhchivan",), ("batum-1921", "btk", "tanap")])
def test_the_schema_of_a_layer_does_not_depend_on_what_is_in_it(tmp_path, every, ids):
    path = tmp_path / "some.gpkg"
    write([system(key) for key in ids], path)
    for name, _ in pyogrio.list_layers(path):
        assert columns(path, name).items() == columns(every, name).items(), name


def test_a_leg_that_winds_has_its_length_and_that_of_its_drawing(tmp_path):
    path = tmp_path / "a.gpkg"
    write(system("nakhchivan-1921"), path)
    rows = query(path, "select length_m, drawn_m, basis, geometry_quality from border")
    assert {basis for _, _, basis, _ in rows} <= {"chain", "reach"}
    found = gpd.read_file(path, layer="border")
    drawn = found.geometry.to_crs(found.estimate_utm_crs()).length
    # another reckoning: the plane of UTM is true to 1 in 1,000
    assert found["drawn_m"].to_numpy() == pytest.approx(drawn.to_numpy(), rel=1e-3)
    assert sum(length > 1.05 * line for length, line, *_ in rows) > 0


def test_types_of_a_table_are_those_of_the_layer(tmp_path):
    own = gpd.GeoDataFrame(
        {
            "yes": pd.array([True, None], dtype="boolean"),
            "key": pd.array([2**53 + 1, None], dtype="Int64"),
            "km": [0.1, None],
            "day": [date(1921, 10, 13), None],
            "night": [pd.Timestamp("1877-11-18"), pd.NaT],
            "time": [datetime(2020, 11, 10, 1, 2, 3, tzinfo=timezone(timedelta(hours=4))), None],
            "list": [[1, "ü"], None],
            "text": ["", "1"],
        },
        geometry=[Point(44, 40), Point(45, 40)], crs=4326,
    )  # fmt: skip
    write(own, tmp_path / "a.gpkg")
    kinds = columns(tmp_path / "a.gpkg", "features")
    assert {key: kinds[key] for key in own if key != "geometry"} == {
        "yes": "BOOLEAN", "key": "INTEGER", "km": "REAL", "day": "DATE", "night": "DATE",
        "time": "DATETIME", "list": "TEXT", "text": "TEXT",
    }  # fmt: skip
    rows = query(tmp_path / "a.gpkg",
                 "select yes, key, km, day, night, time, list, text from features")  # fmt: skip
    assert rows == [
        (1, 2**53 + 1, 0.1, "1921-10-13", "1877-11-18", "2020-11-10T01:02:03+04:00",
         '[1, "ü"]', ""),
        (*[None] * 7, "1"),
    ]  # fmt: skip


def test_an_offset_of_local_mean_time_becomes_utc_and_microseconds_are_said(tmp_path):
    mean_time = timezone(timedelta(hours=2, minutes=59, seconds=16))
    own = gpd.GeoDataFrame(
        {"t": [datetime(1912, 1, 1, 12, 0, 0, 1500, tzinfo=mean_time)]},
        geometry=[Point(44, 40)], crs=4326,
    )  # fmt: skip
    with pytest.warns(FormatWarning, match="times are cut to milliseconds"):
        write(own, tmp_path / "a.gpkg")
    ((time,),) = query(tmp_path / "a.gpkg", "select t from features")
    moment = datetime.fromisoformat(time)
    assert moment == datetime(1912, 1, 1, 9, 0, 44, 1000, tzinfo=UTC)


def test_heights_measures_and_kinds_of_geometry_stay(tmp_path):
    shapes = [
        Point(44, 40), Point(44, 40, 900),
        shapely.from_wkt("LINESTRING ZM (44 40 1 2, 45 41 3 4)"), None,
    ]  # fmt: skip
    write(gpd.GeoDataFrame(geometry=shapes, crs=4326), tmp_path / "a.gpkg")
    blobs = [blob for (blob,) in query(tmp_path / "a.gpkg", "select geom from features")]
    # The header is 8 bytes and an envelope, of which the flags tell the size: section 2.1.3.
    sizes = (0, 32, 48, 48, 64)
    found = [
        None if blob is None else shapely.from_wkb(blob[8 + sizes[(blob[3] >> 1) & 7] :])
        for blob in blobs
    ]
    assert [None if s is None else s.wkt for s in found] == [
        None if s is None else s.wkt for s in shapes
    ]


def test_a_null_character_does_not_cut_a_text(tmp_path):
    own = gpd.GeoDataFrame({"t": ["a\0b"]}, geometry=[Point(44, 40)], crs=4326)
    write(own, tmp_path / "a.gpkg")
    assert query(tmp_path / "a.gpkg", "select t from features") == [("a\ufffdb",)]


def test_a_flatgeobuf_has_heights_of_all_or_of_none_and_says_so(tmp_path):
    high, flat = LineString([(43, 40, 1768), (44, 40, 1500)]), LineString([(43, 41), (44, 41)])
    path = tmp_path / "a.fgb"
    with pytest.warns(FormatWarning, match="1 without a height has 0; a GeoPackage keeps them"):
        write(gpd.GeoDataFrame(geometry=[high, flat], crs=4326), path)
    found = {g.coords[0][2] for g in pyogrio.read_dataframe(path).geometry}
    assert found == {1768, 0}
    with pytest.warns(FormatWarning, match="several kinds of geometry holds no heights"):
        write(gpd.GeoDataFrame(geometry=[high, Point(43, 40)], crs=4326), path)
    kinds = sorted(g.geom_type for g in pyogrio.read_dataframe(path).geometry)
    assert kinds == ["LineString", "Point"]


def test_days_are_dates_to_gdal_in_a_flatgeobuf(tmp_path):
    write(system("btc"), tmp_path / "a.fgb")
    info = pyogrio.read_info(tmp_path / "a.fgb")
    types = dict(zip(info["fields"], info["ogr_types"], strict=True))
    assert (types["valid_from"], types["length_m"]) == ("OFTDateTime", "OFTReal")
    assert str(pyogrio.read_dataframe(tmp_path / "a.fgb")["valid_from"][0].date()) == "2006-07-13"
