"""PMTiles as GDAL reads them back, and GeoParquet 1.1 with a box for each row."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from osm_files import Drawn, rail, road
from random_tables import SCRIPTS, cells_of, tables
from shapely import LineString, Point

from borders.errors import FileFormatError, FormatWarning
from corridors import network_from_osm
from corridors.export import formats, pmtiles, tiles as tile_layers
from corridors.export.formats import write
from corridors.export.pmtiles import tile_ids
from corridors.model.registry import system, systems

FEW = settings(max_examples=12, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    path = tmp_path_factory.mktemp("tiles") / "all.pmtiles"
    assert write(systems(), path) == sum(len(one.to_gdf()) for one in systems())
    return path


def read(path, **options):
    """Return the rows of all layers, each with the name of its layer."""
    parts = [
        pyogrio.read_dataframe(path, layer=name, **options).assign(layer=name)
        for name, _ in pyogrio.list_layers(path)
    ]
    return pd.concat(part for part in parts if len(part))


def test_every_thing_is_at_every_zoom_with_its_attributes(tiles):
    ids = {one.id for one in systems()}
    for zoom in (0, 4, 8, 12):
        found = read(tiles, ZOOM_LEVEL=str(zoom))
        assert set(found["id"]) == ids, zoom
    rows = {one.id: one.to_gdf() for one in systems()}
    for key, part in found.groupby("id"):
        assert set(part["kind"]) == set(rows[key]["kind"])
        assert set(part["length_m"].round(3)) <= set(rows[key]["length_m"].round(3))
        assert set(part["valid_from"].dropna()) == set(rows[key]["valid_from"].dropna())


def test_what_is_ours_is_in_a_layer_of_its_kind(tiles):
    found = read(tiles)
    kinds = {kind for one in systems() for kind in one.to_gdf()["kind"]}
    assert {(kind.replace("-", "_"), kind) for kind in kinds} == set(
        found[["layer", "kind"]].itertuples(index=False, name=None)
    )


# One road of each class beside the others, railways, a ferry, and a road from country to country.
CLASSES = ("motorway", "trunk_link", "primary", "secondary", "tertiary", "unclassified",
           "residential", "service")  # fmt: skip
FIRST = {
    "motorway": 0,
    "trunk_link": 4,
    "primary": 6,
    "secondary": 8,
    "tertiary": 10,
    "unclassified": 11,
    "residential": 12,
    "service": 12,
    "rail": 0,
    "yard": 11,
    "ferry": 0,
}


def drawn_network(folder):
    nodes = {n: (43.0 + 0.3 * (n % 2), 40.0 + 0.02 * (n // 2)) for n in range(2, 30)}
    ways = {n: road(2 * n, 2 * n + 1, highway=each, name=each) for n, each in enumerate(CLASSES, 1)}
    ways[10] = rail(20, 21, usage="main", name="rail")
    ways[11] = rail(22, 23, service="yard", name="yard")
    ways[12] = ([24, 25], {"route": "ferry", "motor_vehicle": "yes", "name": "ferry"})
    file = Drawn(nodes, ways).write(folder / "x.osm.pbf")
    return network_from_osm(file, roads=[*CLASSES, "trunk"], sidings=True)


@pytest.mark.parametrize("part", [100, 1])
def test_places_of_an_extract_are_shown_from_the_zoom_that_they_need(tmp_path, monkeypatch, part):
    # What is foremost is at every zoom.
    sizes = {"city": 0, "town": 7, "village": 10, "hamlet": 12}
    nodes = {1: (43.0, 40.0), 2: (43.3, 40.0), 3: (43.6, 40.0)}
    nodes |= {n: (43.0 + 0.05 * n, 40.01) for n in range(4, 8)}
    named = {n: {"place": what, "name": what} for n, what in enumerate(sizes, 4)}
    ways = {1: road(1, 2, highway="motorway"), 2: road(2, 3, highway="trunk")}
    network = network_from_osm(Drawn(nodes, ways, named).write(tmp_path / "x.osm.pbf"))
    monkeypatch.setattr(formats, "PART", part)
    assert write(network, tmp_path / "x.pmtiles") == len(network.links) + len(sizes)
    for zoom in range(13):
        found = read(tmp_path / "x.pmtiles", ZOOM_LEVEL=str(zoom))
        there = {what for what, first in sizes.items() if first <= zoom}
        assert set(found.loc[found["layer"] == "places", "name"]) == there
        at = found[found["layer"] == "places"].set_index("name").to_crs(4326).geometry
        for n, tags in named.items():
            if zoom > 9 and tags["name"] in at:
                assert at[tags["name"]].distance(Point(nodes[n])) < 0.0005


@pytest.mark.parametrize("part", [100, 3])
def test_roads_are_shown_from_the_zoom_that_their_class_needs(tmp_path, monkeypatch, part):
    network = drawn_network(tmp_path)
    monkeypatch.setattr(formats, "PART", part)
    steps = []
    own = gpd.GeoDataFrame({"id": ["own"], "name": ["own"]}, geometry=[Point(43, 40)], crs=4326)
    file = tmp_path / "it's.pmtiles"
    done = formats.write_file([network, own], file, progress=lambda n, of: steps.append((n, of)))
    assert done.features == len(network.links) + 1 == len(FIRST) + 1
    layers = dict.fromkeys(CLASSES, "roads")
    layers |= {"rail": "railways", "yard": "railways", "ferry": "ferries", "own": "it's"}
    for zoom in range(13):
        found = read(file, ZOOM_LEVEL=str(zoom))
        there = dict(found[["name", "layer"]].itertuples(index=False, name=None))
        assert there == {
            n: layers[n] for n, first in {**FIRST, "own": 0}.items() if first <= zoom
        }, zoom
    assert not {"layer", "zoom"} & set(pyogrio.read_info(file, layer="roads")["fields"])
    if part < len(FIRST):
        assert steps == sorted(steps)
        assert steps[-1] == (done.features, done.features)
        assert len({n for n, _ in steps}) > 5


def test_the_foremost_roads_of_a_network_are_shown_at_every_zoom(tmp_path, monkeypatch):
    nodes = {n: (43.0 + 0.1 * n, 40.0) for n in range(1, 5)}
    ways = {
        n: road(n, n + 1, highway=each, name=each)
        for n, each in enumerate(("secondary", "tertiary", "residential"), 1)
    }
    network = network_from_osm(Drawn(nodes, ways).write(tmp_path / "x.osm.pbf"))
    for most, first in ((1, 0), (0, 8)):
        monkeypatch.setattr(tile_layers, "_MANY", most)
        write(network, tmp_path / f"{most}.pmtiles")
        assert (tmp_path / f"{most}.pmtiles").read_bytes()[100] == first
        for zoom in range(first, 13):
            found = read(tmp_path / f"{most}.pmtiles", ZOOM_LEVEL=str(zoom))
            expected = {"secondary": 0, "tertiary": 10, "residential": 12}
            assert set(found["name"]) == {n for n, begin in expected.items() if begin <= zoom}


def test_links_of_no_class_are_shown_at_every_zoom_unless_there_are_many(tmp_path, monkeypatch):
    rows = gpd.GeoDataFrame(
        {"id": ["a", "b", "c"], "kind": "link", "mode": "road", "crossing": [None, None, "x"]},
        geometry=[LineString([(43, 40 + n), (44, 40 + n)]) for n in range(3)], crs=4326,
    )  # fmt: skip
    for most, there in ((2, {"a", "b", "c"}), (1, {"c"})):
        monkeypatch.setattr(tile_layers, "_MANY", most)
        write(rows, tmp_path / f"{most}.pmtiles")
        assert set(read(tmp_path / f"{most}.pmtiles", ZOOM_LEVEL="7")["id"]) == there
        last = read(tmp_path / f"{most}.pmtiles", ZOOM_LEVEL="8")
        assert dict(zip(last["id"], last["layer"], strict=True)) == {
            "a": "roads", "b": "roads", "c": "crossings",
        }  # fmt: skip


def test_numbers_of_tiles_are_those_of_the_specification():
    # https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md#4-directories
    known = {(0, 0, 0): 0, (1, 0, 0): 1, (1, 0, 1): 2, (1, 1, 1): 3, (1, 1, 0): 4, (2, 0, 0): 5,
             (12, 3423, 1763): 19078479}  # fmt: skip
    assert tile_ids(*np.array([*known]).T).tolist() == [*known.values()]


@given(st.integers(1, 7))
def test_tiles_in_a_row_lie_side_by_side(zoom):
    x, y = (at.ravel() for at in np.indices((2**zoom, 2**zoom)))
    ids = tile_ids(np.full(x.size, zoom), x, y)
    order = np.argsort(ids)
    assert np.diff(ids[order]).tolist() == [1] * (x.size - 1)
    assert set(np.abs(np.diff(x[order])) + np.abs(np.diff(y[order]))) == {1}


def test_many_tiles_are_found_by_directories_below_the_first(tmp_path, monkeypatch):
    write(system("btk"), tmp_path / "one.pmtiles")
    monkeypatch.setattr(pmtiles, "_FIRST_BYTES", 300)
    monkeypatch.setattr(pmtiles, "_ENTRIES", 2)
    write(system("btk"), tmp_path / "x.pmtiles")
    head = (tmp_path / "x.pmtiles").read_bytes()[:127]
    assert int.from_bytes(head[16:24], "little") <= 300 - 127
    assert int.from_bytes(head[48:56], "little") > 0
    for zoom in (0, 9, 12):
        found, expected = (
            read(tmp_path / f"{name}.pmtiles", ZOOM_LEVEL=str(zoom)) for name in ("x", "one")
        )
        assert_geodataframe_equal(found, expected)


def test_at_the_last_zoom_lines_lie_within_three_metres(tiles):
    for key in ("btk", "kars-1921"):
        one = system(key)
        found = read(tiles, where=f"id = '{key}'")
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
    described = pyogrio.read_info(tiles, layer="border")["dataset_metadata"]["description"]
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
