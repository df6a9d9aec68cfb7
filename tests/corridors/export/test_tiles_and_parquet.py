"""PMTiles as GDAL reads them back, and GeoParquet 1.1 with a box for each row."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from random_tables import SCRIPTS, cells_of, tables
from shapely import LineString, Point

from borders.errors import FileFormatError, FormatWarning
from corridors.export.formats import write
from corridors.model.registry import system, systems

FEW = settings(max_examples=12, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    path = tmp_path_factory.mktemp("tiles") / "all.pmtiles"
    assert write(systems(), path) == sum(len(one.to_gdf()) for one in systems())
    return path


def test_every_thing_is_at_every_zoom_with_its_attributes(tiles):
    ids = {one.id for one in systems()}
    for zoom in (0, 4, 8, 12):
        found = pyogrio.read_dataframe(tiles, ZOOM_LEVEL=str(zoom))
        assert set(found["id"]) == ids, zoom
    rows = {one.id: one.to_gdf() for one in systems()}
    for key, part in found.groupby("id"):
        assert set(part["kind"]) == set(rows[key]["kind"])
        assert set(part["length_m"].round(3)) <= set(rows[key]["length_m"].round(3))
        assert set(part["valid_from"].dropna()) == set(rows[key]["valid_from"].dropna())


def test_at_the_last_zoom_lines_lie_within_three_metres(tiles):
    for key in ("btk", "kars-1921"):
        one = system(key)
        found = pyogrio.read_dataframe(tiles, where=f"id = '{key}'")
        assert found.crs.to_epsg() == 3857
        ours = gpd.GeoSeries([one.geometry], crs=4326).to_crs(3857).iloc[0]
        there = shapely.union_all(found.geometry.to_numpy())
        # Web Mercator's metres are longer than the ground's by 1 / cos(latitude)
        for one_line, other in ((ours, there), (there, ours)):
            sample = shapely.points(shapely.get_coordinates(one_line)[::20])
            assert shapely.distance(sample, other).max() < 3 / 0.74


def test_the_header_says_zooms_bounds_and_whose_data_they_are(tiles):
    # https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md#3-header
    head = tiles.read_bytes()[:127]
    assert (head[:7], head[7], head[99]) == (b"PMTiles", 3, 1)
    assert (head[100], head[101]) == (0, 12)
    west, south = (int.from_bytes(head[n : n + 4], "little", signed=True) for n in (102, 106))
    bounds = shapely.total_bounds([one.geometry for one in systems()])
    assert west / 1e7 == pytest.approx(bounds[0], abs=0.2)
    assert south / 1e7 == pytest.approx(bounds[1], abs=0.2)
    described = pyogrio.read_info(tiles)["dataset_metadata"]["description"]
    assert "© OpenStreetMap contributors, ODbL 1.0" in described


def test_two_runs_write_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(system("btk"), tmp_path / name / "x.pmtiles")
    assert len({(tmp_path / name / "x.pmtiles").read_bytes() for name in ("a", "b")}) == 1


@FEW
@given(made=tables())
def test_random_tables_keep_names_and_texts_in_tiles(made):
    own, kinds = made
    held = [s is not None for s in own.geometry]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", FormatWarning)
        assert write(own, Path(folder) / "x.pmtiles") == len(own)
        found = pyogrio.read_dataframe(Path(folder) / "x.pmtiles")
    notes = " ".join(str(w.message) for w in told)
    assert ("left out" in notes) == (not all(held))
    for key, kind in kinds.items():
        known = [v for v, kept in zip(cells_of(own, key), held, strict=True) if kept]
        if kind == "text" and any(v is not None for v in known) and key in found:
            assert set(found[key].dropna()) == {v for v in known if v is not None}, key
    assert set(found["nr"]) == {n for n, kept in enumerate(held) if kept}


def test_what_tiles_cannot_hold_is_said_or_refused(tmp_path):
    path = tmp_path / "x.pmtiles"
    lost = shapely.GeometryCollection([Point(44, 40)])
    own = gpd.GeoDataFrame(
        {"name": SCRIPTS[:3]}, geometry=[Point(44, 40, 900), lost, None], crs=4326
    )
    with pytest.warns(FormatWarning) as told:
        write(own, path)
    notes = [str(w.message).partition(": ")[2] for w in told]
    assert notes == [
        "PMTiles holds no feature without geometry and no collection of geometries: 2 are left out",
        "PMTiles holds no heights: they are left out",
    ]
    with pytest.raises(FileFormatError, match="no feature with a geometry that tiles can hold"):
        write(own.iloc[1:], tmp_path / "y.pmtiles")
    pole = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (0, 89)])], crs=4326)
    with pytest.warns(FormatWarning, match="tiles end at 85.05° of latitude"):
        write(pole, path)


def test_a_geoparquet_has_a_box_for_each_row(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "all.parquet"
    write(systems(), path)
    described = json.loads(parquet.read_metadata(path).metadata[b"geo"])
    assert described["version"] == "1.1.0"
    assert described["columns"]["geometry"]["covering"] == {
        "bbox": {key: ["bbox", key] for key in ("xmin", "ymin", "xmax", "ymax")}
    }
    boxes = parquet.read_table(path, columns=["bbox"])["bbox"].to_pylist()
    shapes = gpd.read_parquet(path).geometry
    for box, shape in zip(boxes, shapes, strict=True):
        assert tuple(box[key] for key in ("xmin", "ymin", "xmax", "ymax")) == shape.bounds
    east = gpd.read_parquet(path, bbox=(49, 40, 50, 41))
    expected = {one.id for one in systems() if one.geometry.intersects(shapely.box(49, 40, 50, 41))}
    assert expected <= set(east["id"]) < {one.id for one in systems()}
    assert "bbox" not in shapes.index.names
    assert "bbox" not in gpd.read_parquet(path).columns


def test_a_column_called_bbox_gives_way_to_the_boxes(tmp_path):
    pytest.importorskip("pyarrow")
    own = gpd.GeoDataFrame({"bbox": ["mine"]}, geometry=[Point(44, 40)], crs=4326)
    with pytest.warns(FormatWarning, match="'bbox' is 'bbox_2'"):
        write(own, tmp_path / "a.parquet")
    assert gpd.read_parquet(tmp_path / "a.parquet")["bbox_2"].tolist() == ["mine"]
