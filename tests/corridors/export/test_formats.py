"""What is written is what is read back, in every format, twice the same, whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import warnings
from contextlib import nullcontext
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import Point

from borders.errors import CRSError, FileFormatError, FormatWarning
from borders.files.features import FEATURE_COLUMNS
from borders.files.vector import read_vector
from corridors.export.formats import SUFFIXES, table, write
from corridors.model.registry import system, systems
from corridors.routing.find import route
from corridors.scenarios.terms import Terms

BY_GDAL = [".gpkg", ".fgb"]
# pyarrow doubles the time of `import geopandas`: it is installed where no times are measured.
INSTALLED = [s for s in SUFFIXES if s != ".parquet" or find_spec("pyarrow")]
PLAIN = [suffix for suffix in INSTALLED if suffix != ".gpx"]
ROOT = Path(__file__).parents[3]
MINE = gpd.GeoDataFrame({"name": ["Depot"]}, geometry=[Point(44, 40)], crs=4326)


def read(path: Path) -> gpd.GeoDataFrame:
    """Return what GDAL or pandas read from a file, with our column names, in a fixed order."""
    if path.suffix == ".csv":
        rows = pd.read_csv(path, keep_default_na=False)
        found = gpd.GeoDataFrame(
            rows.drop(columns="wkt"), geometry=shapely.from_wkt(rows["wkt"]), crs=4326
        )
    elif path.suffix == ".parquet":
        found = gpd.read_parquet(path)
    else:
        names = [name for name, _ in pyogrio.list_layers(path) if not name.endswith("_points")]
        tables = [gpd.read_file(path, layer=name) for name in names]
        if path.suffix == ".gpx":
            tables = [of_gpx(one) for one in tables if len(one)]
        rows = [row for one in tables for row in one.to_dict("records")]
        found = gpd.GeoDataFrame(rows, crs=tables[0].crs).rename(columns={"Name": "name"})
        if "id2" in found:
            # To GDAL, `id` is that of the element in XML.
            found = found.drop(columns="id", errors="ignore").rename(columns={"id2": "id"})
    return in_order(found)


def of_gpx(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer of a GPX file with the columns of its extensions under their own names."""
    ours = [key for key in rows if key.startswith("ogr_")]
    return rows[["name", *ours, "geometry"]].rename(columns=lambda key: key.removeprefix("ogr_"))


def in_order(rows: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    # the drivers keep or choose their own order; id, kind and leg tell rows apart
    leg = pd.to_numeric(rows["leg"]).fillna(0) if "leg" in rows else 0
    return rows.assign(_leg=leg).sort_values(["id", "kind", "_leg"]).reset_index(drop=True)


def all_of_them() -> gpd.GeoDataFrame:
    rows = [row for one in systems() for row in one.to_gdf().to_dict("records")]
    return in_order(gpd.GeoDataFrame(rows, crs=4326))


@pytest.mark.parametrize("suffix", PLAIN)
def test_every_system_is_read_back_equal(tmp_path, suffix):
    path = tmp_path / f"all{suffix}"
    expected = all_of_them()
    assert write(systems(), path) == len(expected)
    found = read(path)
    assert found.crs.to_epsg() == 4326
    for column in ("id", "kind", "name", "source", "geometry_quality"):
        assert found[column].tolist() == expected[column].tolist()
    lengths = found["length_m"].astype(float).to_numpy(), expected["length_m"].to_numpy(float)
    assert np.allclose(*lengths, rtol=1e-12)
    for ours, theirs in zip(expected.geometry, found.geometry, strict=True):
        assert theirs.geom_type == ours.geom_type
        # GeoJSON (RFC 7946) turns rings counter-clockwise
        pair = [shapely.get_coordinates(shapely.normalize(g)) for g in (ours, theirs)]
        if pair[0].shape != pair[1].shape or np.abs(pair[0] - pair[1]).max() > 1.001e-7:
            assert shapely.hausdorff_distance(ours, theirs) <= 1.001e-7


def test_gpx_holds_every_line_and_rim_and_all_columns(tmp_path):
    path = tmp_path / "all.gpx"
    expected = all_of_them()
    assert write(systems(), path) == len(expected)
    found = read(path)
    for column in ("id", "kind", "name", "source", "geometry_quality"):
        assert found[column].tolist() == expected[column].tolist()
    for ours, theirs in zip(expected.geometry, found.geometry, strict=True):
        rim = ours.boundary if ours.geom_type.endswith("Polygon") else ours
        assert theirs.geom_type == "MultiLineString"
        assert shapely.get_num_coordinates(theirs) == shapely.get_num_coordinates(rim)
        assert shapely.hausdorff_distance(rim, theirs) <= 1.001e-7


WITHOUT = """
import sys
sys.modules["pyarrow"] = None
from corridors.export.formats import write
from corridors.model.registry import system
from borders.errors import FileFormatError
try:
    write([system("btk")], sys.argv[1])
except FileFormatError as err:
    print(err)
"""


def test_without_pyarrow_one_line_says_what_to_install(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_bytes(b"old")
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    asked = "writing GeoParquet needs pyarrow: pip install 'araxes[parquet]'"
    assert run.stdout == f"{path}: {asked}\n"
    assert path.read_bytes() == b"old"


def test_gpx_holds_points_and_no_letter_that_xml_forbids(tmp_path):
    own = gpd.GeoDataFrame(
        {"name": ["a < b & \x0bc"], "2 odd name": ["d"]},
        geometry=[shapely.MultiPoint([(44, 40), (45, 41)])],
        crs=4326,
    )
    with pytest.warns(FormatWarning, match="column '2 odd name' is '_2_odd_name' in GPX"):
        write([own], tmp_path / "a.gpx")
    found = gpd.read_file(tmp_path / "a.gpx", layer="waypoints")
    assert found["name"].tolist() == ["a < b & c"] * 2
    assert found["ogr__2_odd_name"].tolist() == ["d", "d"]
    assert [(p.x, p.y) for p in found.geometry] == [(44, 40), (45, 41)]


def test_what_we_drew_after_a_document_is_under_our_own_licence():
    way = route("Kars", "Tbilisi", terms=Terms(modes=("rail",)))
    assert set(table([way])["licence"]) == {"ODbL-1.0"}


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".fgb", ".csv"])
def test_the_bridge_columns_come_first(tmp_path, suffix):
    path = tmp_path / f"all{suffix}"
    write(systems(), path)
    if suffix == ".csv":
        assert tuple(pd.read_csv(path).columns[: len(FEATURE_COLUMNS)]) == FEATURE_COLUMNS
        return
    for name, _ in pyogrio.list_layers(path):
        assert (
            tuple(gpd.read_file(path, layer=name).columns[: len(FEATURE_COLUMNS)])
            == FEATURE_COLUMNS
        )


@pytest.mark.parametrize("suffix", INSTALLED)
def test_licence_and_attribution_go_with_every_row(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write([system("kars-1921"), system("lachin-2020")], path)
    found = read(path)
    assert set(found["licence"]) == {"ODbL-1.0"}
    assert "© OpenStreetMap contributors, ODbL 1.0" in set(found["attribution"])


@pytest.mark.parametrize("suffix", INSTALLED)
def test_two_runs_give_the_same_bytes(tmp_path, suffix):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    for folder in ("one", "two"):
        write(systems(), tmp_path / folder / f"all{suffix}")
    one, two = (tmp_path / folder / f"all{suffix}" for folder in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_a_geopackage_has_a_layer_a_kind_and_the_day_of_source_date_epoch(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    path = tmp_path / "all.gpkg"
    write(systems(), path)
    kinds = dict(pyogrio.list_layers(path))
    assert set(kinds) == {"border", "corridor", "corridor_strip", "territory"}
    stamp = datetime.fromtimestamp(1_700_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    assert stamp.encode() in path.read_bytes()
    assert os.environ["SOURCE_DATE_EPOCH"] == "1700000000"


def test_a_day_chooses_statuses_and_strips(tmp_path):
    path = tmp_path / "a.geojson"
    things = [system("lachin-2020"), system("lachin-2022")]
    write(things, path, on="2021-06-01")
    assert read(path)[["id", "kind", "status"]].to_numpy().tolist() == [
        ["lachin-2020", "corridor", "open"],
        ["lachin-2020", "corridor-strip", "open"],
    ]
    with pytest.raises(
        FileFormatError, match=r"nothing to write: none of these existed on 2019-01-01"
    ):
        write(things, tmp_path / "b.geojson", on="2019-01-01")
    assert [p.name for p in tmp_path.iterdir()] == ["a.geojson"]


def test_dates_are_written_as_iso_text(tmp_path):
    write([system("btc")], tmp_path / "a.csv")
    row = pd.read_csv(tmp_path / "a.csv").iloc[0]
    assert row["valid_from"] == "2006-07-13"


@pytest.mark.parametrize("suffix", INSTALLED)
def test_a_table_of_the_users_own_is_written_with_its_columns(tmp_path, suffix):
    own = gpd.GeoDataFrame(
        {
            "n": [1, 2],
            "yes": [True, None],
            "parts": [[1, 2], None],
            "when": [pd.Timestamp("2020-01-02"), pd.NaT],
            "geometry": [Point(44, 40), Point(45, 40)],
        },
        crs=4326,
    )
    path = tmp_path / f"own{suffix}"
    told = pytest.warns(FormatWarning, match="as JSON") if suffix == ".parquet" else nullcontext()
    with told:
        assert write([own], path) == 2
    if suffix == ".gpx":
        found = of_gpx(gpd.read_file(path, layer="waypoints").assign(name=None))
    elif suffix == ".parquet":
        found = gpd.read_parquet(path)
    else:
        found = pd.read_csv(path) if suffix == ".csv" else gpd.read_file(path)
    found = found.sort_values("n")
    assert found["n"].astype(int).tolist() == [1, 2]
    assert found["when"].astype(str).str[:10].tolist()[0] == "2020-01-02"
    assert "NaT" not in path.read_bytes().decode("utf-8", "replace")


def test_the_users_file_goes_through_unchanged(tmp_path):
    own = gpd.GeoDataFrame({"name": ["A"]}, geometry=[Point(44.05, 39.92)], crs=4326)
    write([own], tmp_path / "a.gpkg")
    write([read_vector(tmp_path / "a.gpkg")], tmp_path / "b.geojson")
    again = read_vector(tmp_path / "b.geojson")
    assert again["name"].tolist() == ["A"]
    assert again.geometry.iloc[0].equals(Point(44.05, 39.92))


@pytest.mark.parametrize(
    ("crs", "said"),
    [
        (None, r"no coordinate reference system; set it with \.set_crs\(\) first"),
        ("EPSG:3857", r"not in EPSG:4326; use \.to_crs\(4326\) first"),
    ],
)
def test_a_table_in_another_reference_system_is_refused(tmp_path, crs, said):
    own = gpd.GeoDataFrame(geometry=[Point(44, 40)], crs=crs)
    with pytest.raises(CRSError, match=said):
        write([own], tmp_path / "a.gpkg")


def test_a_table_in_crs84_is_one_in_longitude_and_latitude(tmp_path):
    own = gpd.GeoDataFrame(geometry=[Point(44, 40)], crs="OGC:CRS84")
    assert write([own], tmp_path / "a.gpkg") == 1
    assert read_vector(tmp_path / "a.gpkg").geometry.tolist() == [Point(44, 40)]


def test_writing_changes_no_table_of_the_users(tmp_path):
    own = gpd.GeoDataFrame({"n": [1]}, geometry=[Point(44, 40)], crs=4326)
    before = own.copy()
    write([own], tmp_path / "a.geojson")
    assert own.equals(before)
    assert list(own.columns) == list(before.columns)


def test_an_unknown_suffix_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(
        FileFormatError, match=r"cannot write '\.shp'; known suffixes: \.geojson, \.gpkg"
    ):
        write([system("btk")], tmp_path / "a.shp")


@pytest.mark.parametrize("suffix", INSTALLED)
def test_a_place_that_cannot_be_written_to_is_refused(tmp_path, suffix):
    (tmp_path / "file").write_text("x", "utf-8")
    (tmp_path / f"folder{suffix}").mkdir()
    for path, words in (
        (tmp_path / "none" / f"a{suffix}", "the folder does not exist; create it first"),
        (tmp_path / "file" / f"a{suffix}", "a part of the path is a file, not a folder"),
        (tmp_path / f"folder{suffix}", "that is a folder; give a file name"),
    ):
        with pytest.raises(FileFormatError, match=words):
            write([system("btk")], path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["file", f"folder{suffix}"])


def test_a_folder_without_permission_is_refused(tmp_path, monkeypatch):
    def refuse(*args, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(FileFormatError, match=r"a\.gpkg: cannot be written: permission denied"):
        write([system("btk")], tmp_path / "a.gpkg")


@pytest.mark.parametrize("suffix", BY_GDAL)
def test_an_existing_file_survives_a_run_that_fails_in_the_driver(tmp_path, monkeypatch, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")

    def full(target, *rows, **options):
        Path(target).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pyogrio.raw.write", full)
    with pytest.raises(FileFormatError, match="no space left on the device; free some"):
        write([system("btk")], path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_an_existing_file_survives_ctrl_c(tmp_path, monkeypatch, error):
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")

    def interrupted(*args, **options):
        raise error

    monkeypatch.setattr("corridors.export.csv_text._quoted", interrupted)
    with pytest.raises(error):
        write([system("btk")], path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


FULL = """
import resource, signal, sys
from corridors.export.formats import write
from corridors.model.registry import systems
from borders.errors import FileFormatError
everything = systems()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
for file in sys.argv[2:]:
    try:
        write(everything, file)
    except FileFormatError as err:
        assert str(err).startswith(file) and "\\n" not in str(err), err
        print("refused")
    else:
        print("written", file)
"""


@pytest.mark.parametrize("limit", [2_000, 100_000])
def test_an_existing_file_survives_a_device_that_fills_up_in_the_middle(tmp_path, limit):
    # a limit on the size of files makes the drivers fail as they do on a full device
    files = [tmp_path / f"a{suffix}" for suffix in INSTALLED]
    for file in files:
        file.write_bytes(b"old")
    command = [sys.executable, "-c", FULL, str(limit), *map(str, files)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.stdout.split() == ["refused"] * len(files), run.stdout + run.stderr
    assert [file.read_bytes() for file in files] == [b"old"] * len(files)
    assert sorted(tmp_path.iterdir()) == sorted(files)


@pytest.mark.parametrize("suffix", BY_GDAL)
def test_a_full_device_is_named_as_such(tmp_path, monkeypatch, suffix):
    def failed(target, *rows, **options):
        raise pyogrio.errors.DataSourceError("Failed to commit transaction")

    monkeypatch.setattr("pyogrio.raw.write", failed)
    free = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: free._replace(free=0))
    with pytest.raises(FileFormatError, match="no space left on the device; free some"):
        write(system("btk"), tmp_path / f"a{suffix}")
    monkeypatch.setattr("shutil.disk_usage", lambda _: free._replace(free=10**9))
    with pytest.raises(FileFormatError, match="cannot be written: Failed to commit transaction"):
        write(system("btk"), tmp_path / f"a{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_a_table_of_things_has_the_rows_of_all():
    things = [system("kars-1921"), system("btc")]
    found = table(things)
    assert found["id"].tolist() == ["kars-1921"] * 47 + ["btc"]
    assert found.crs.to_epsg() == 4326


def test_a_tables_own_licence_stays_unless_the_source_is_ours(tmp_path):
    own = gpd.GeoDataFrame(
        {"source": ["me", "osm-timezones"], "licence": ["CC0", "CC0"], "attribution": ["me", "me"]},
        geometry=[Point(44, 40), Point(45, 40)],
        crs=4326,
    )
    write(own, tmp_path / "a.geojson")
    found = read(tmp_path / "a.geojson")
    assert found["licence"].tolist() == ["CC0", "ODbL-1.0"]
    assert found["attribution"].tolist()[0] == "me"
    assert "OpenStreetMap" in found["attribution"].tolist()[1]
    both = table([own.drop(columns=["licence", "attribution"]), own])["licence"]
    assert both.isna().tolist() == [True, False, False, False]
    assert both.tolist()[1:] == ["ODbL-1.0", "CC0", "ODbL-1.0"]


def test_of_a_table_a_day_leaves_the_rows_that_hold_on_it(tmp_path):
    own = gpd.GeoDataFrame(
        {
            "name": ["before", "on", "undated", "no day"],
            "valid_from": [None, "2020-11-10 00:00:00+00:00", None, "in spring"],
            "valid_to": ["2020-11-10", pd.Timestamp("2022-08-30"), float("nan"), None],
        },
        geometry=gpd.points_from_xy([43, 44, 45, 46], [40] * 4),
        crs=4326,
    )
    for day, names in (("2020-11-09", ["before"]), ("2020-11-10", ["on"]), ("2022-08-30", [])):
        assert table(own, on=day)["name"].tolist() == [*names, "undated", "no day"]
    assert len(table(own)) == 4
    with pytest.raises(FileFormatError, match="none of these existed on 2030-01-01"):
        write(own.iloc[:2], tmp_path / "a.gpkg", on="2030-01-01")


def test_kinds_that_differ_in_case_share_a_layer_of_a_geopackage(tmp_path):
    own = gpd.GeoDataFrame(
        {"kind": ["Road", "rail", "road"]}, geometry=gpd.points_from_xy([43, 44, 45], [40] * 3),
        crs=4326,
    )  # fmt: skip
    assert write(own, tmp_path / "a.gpkg") == 3
    layers = {name: len(gpd.read_file(tmp_path / "a.gpkg", layer=name))
              for name, _ in pyogrio.list_layers(tmp_path / "a.gpkg")}  # fmt: skip
    assert layers == {"Road": 2, "rail": 1}
    assert sorted(read_vector(tmp_path / "a.gpkg")["kind"]) == ["Road", "rail", "road"]


def test_gdals_options_of_the_user_stay_as_they_were(tmp_path):
    key = "OGR_SQLITE_SYNCHRONOUS"
    pyogrio.set_gdal_config_options({key: "FULL"})
    try:
        write(system("btk"), tmp_path / "a.gpkg")
        assert pyogrio.get_gdal_config_option(key) == "FULL"
    finally:
        pyogrio.set_gdal_config_options({key: None})
    write(system("btk"), tmp_path / "a.gpkg")
    assert pyogrio.get_gdal_config_option(key) is None


def test_a_row_without_geometry_is_kept_in_a_flatgeobuf(tmp_path):
    own = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(44, 40), None], crs=4326)
    write(own, tmp_path / "a.fgb")
    assert gpd.read_file(tmp_path / "a.fgb")["name"].tolist() == ["a", "b"]


@pytest.mark.parametrize("suffix", INSTALLED)
def test_whole_numbers_and_truth_values_stay_so_where_one_is_missing(tmp_path, suffix):
    own = gpd.GeoDataFrame(
        {
            "n": [1, 2], "name": ["a", "b"],
            "lanes": pd.array([2, None], dtype="Int64"),
            "key": pd.Series([2**53 + 1, None], dtype=object),
            "bridge": pd.array([True, None], dtype="boolean"),
        },
        geometry=gpd.points_from_xy([44, 45], [40, 40]), crs=4326,
    )  # fmt: skip
    path = tmp_path / f"a{suffix}"
    told = pytest.warns(FormatWarning, match="of column 'key' are texts")
    with told if suffix == ".kml" else nullcontext():
        write(own, path)
    if suffix in (".csv", ".gpx"):
        text = path.read_text("utf-8")
        assert ",2,9007199254740993,true," in text if suffix == ".csv" else ">2<" in text
        assert "2.0" not in text
        assert ",,," in text if suffix == ".csv" else text.count(":lanes>") == 2
    elif suffix == ".kml":
        found = read_vector(path)
        assert found["key"].tolist()[0] == str(2**53 + 1)
        assert found["lanes"].tolist() == [2, pd.NA]
    else:
        found = gpd.read_parquet(path) if suffix == ".parquet" else read_vector(path)
        found = found.sort_values("n")
        assert found["lanes"].tolist() == [2, pd.NA]
        assert found["key"].tolist() == [2**53 + 1, pd.NA]
        assert found["bridge"].tolist() == [True, pd.NA]


@pytest.mark.parametrize("suffix", INSTALLED)
def test_a_whole_number_of_65_bits_is_written_or_refused_in_one_line(tmp_path, suffix):
    own = MINE.assign(key=np.array([2**63 + 1], dtype="uint64"))
    path = tmp_path / f"a{suffix}"
    if suffix in (".csv", ".gpx", ".kml", ".parquet"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FormatWarning)
            write(own, path)
        if suffix != ".parquet":
            assert str(2**63 + 1) in path.read_text("utf-8")
        return
    with pytest.raises(FileFormatError, match=r"column 'key' holds 9223372036854775809.*astype"):
        write(own, path)
    assert list(tmp_path.iterdir()) == []


def test_two_systems_of_other_columns_keep_whole_numbers(tmp_path):
    write([system("btc"), system("kars-1921")], tmp_path / "a.csv")
    legs = pd.read_csv(tmp_path / "a.csv", dtype=str)["leg"]
    assert legs.tolist()[1:] == [str(n) for n in range(1, 48)]


def test_days_of_a_table_are_written_without_a_clock_and_lists_as_json(tmp_path):
    own = MINE.assign(day=[pd.Timestamp("2020-11-10")], parts=[["a", 1]])
    write(own, tmp_path / "a.csv")
    row = pd.read_csv(tmp_path / "a.csv").iloc[0]
    assert (row["day"], row["parts"]) == ("2020-11-10", '["a", 1]')


def test_areas_that_touch_at_seven_decimals_keep_their_kind_in_geojson(tmp_path):
    shapes = [
        shapely.MultiPolygon(
            [shapely.box(43, 40, 44, 41), shapely.box(44.00000000001, 40, 45, 41)]
        ),
        shapely.Polygon(
            [(43, 40), (44, 40), (44, 40.5), (43.5, 40.5), (43.5, 40.50000000001),
             (44, 40.50000000001), (44, 41), (43, 41)]
        ),
    ]  # fmt: skip
    own = gpd.GeoDataFrame({"name": ["touching", "neck"]}, geometry=shapes, crs=4326)
    write(own, tmp_path / "a.geojson")
    found = gpd.read_file(tmp_path / "a.geojson").geometry
    assert found.geom_type.tolist() == ["MultiPolygon", "Polygon"]
    assert found.is_valid.all()
    for ours, theirs in zip(shapes, found, strict=True):
        assert ours.symmetric_difference(theirs).area < 1e-6


@pytest.mark.parametrize("suffix", [".geojson", ".kml", ".fgb"])
def test_measures_without_heights_are_not_taken_for_heights(tmp_path, suffix) -> None:
    measured = shapely.from_wkt("LINESTRING M (44 40 7, 45 41 9)")
    path = tmp_path / f"m{suffix}"
    with pytest.warns(FormatWarning, match="holds no M"):
        write(gpd.GeoDataFrame({"name": ["m"]}, geometry=[measured], crs=4326), path)
    (found,) = read_vector(path).geometry
    xyz = shapely.get_coordinates(found, include_z=True)
    assert xyz[:, :2].tolist() == [[44, 40], [45, 41]]
    assert not (np.isin(xyz[:, 2], (7, 9))).any()
    assert not shapely.has_m(found)
