"""What is written in parts: the same file as one that is written at once."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing

import geopandas
import pytest
from geopandas.testing import assert_geodataframe_equal
from osm_files import Drawn, rail, road
from shapely import Point

from borders.errors import FileFormatError
from corridors import load_network, network_from_osm, reach, thing, write
from corridors.export import formats
from corridors.export.formats import write_file
from maps.cli.main import main
from maps.qgis.project import write_project, write_styled

# Two roads without a name, one of them one-way, one with a name and one with a name in Turkish too,
# railways of two gauges, and a station on a road: changes of mode have no course.
NODES = {n: (10.0 + 0.01 * n, 50.0 + 0.002 * (n % 3)) for n in range(1, 12)}
WAYS = {
    1: road(1, 2), 2: road(2, 3, oneway="yes"), 3: road(3, 4, name="=High Street", ref="B 1"),
    4: rail(3, 5, 6, gauge="1435", railway="rail"), 5: rail(6, 7, gauge="1520"),
    6: road(6, 8, highway="motorway", toll="yes"), 7: road(9, 10, name="Ring", name__tr="Çevre"),
    8: road(8, 11, name="Way", name__hy="Ուղի", hgv="no"),
}  # fmt: skip


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    tagged = {3: {"railway": "station", "name": "Middletown"}, 6: {"railway": "station"}}
    drawn = Drawn(NODES, WAYS, tagged)
    return network_from_osm(drawn.write(tmp_path_factory.mktemp("osm") / "x.osm.pbf"))


def test_a_network_is_written_compiled_as_the_import_does(network, tmp_path) -> None:
    drawn = Drawn(NODES, WAYS, {3: {"railway": "station", "name": "Middletown"},
                                6: {"railway": "station"}})  # fmt: skip
    extract = drawn.write(tmp_path / "x.osm.pbf")
    assert main(["network", "import", str(extract), "--out", str(tmp_path / "theirs.npz")]) == 0
    assert write(network, tmp_path / "ours.npz") == len(network.links)
    assert (tmp_path / "ours.npz").read_bytes() == (tmp_path / "theirs.npz").read_bytes()
    back = load_network(tmp_path / "ours.npz")
    assert [link.id for link in back.links] == [link.id for link in network.links]


def test_only_the_network_of_an_extract_is_written_compiled(network, tmp_path) -> None:
    for things in ([thing("btk")], [network, network], [load_network()]):
        with pytest.raises(FileFormatError, match="holds one network of an extract"):
            write(things, tmp_path / "x.npz")
    assert not (tmp_path / "x.npz").exists()


def _written(network, folder, suffix, monkeypatch, part):
    monkeypatch.setattr(formats, "PART", part)
    folder.mkdir()
    file, steps = folder / f"x{suffix}", []
    write = write_styled if suffix == ".kml" else write_file
    done = write([network], file, progress=lambda n, of: steps.append((n, of)))
    return file, done, steps


@pytest.mark.parametrize(
    "suffix", [".csv", ".geojson", ".kml", ".gpx", ".gpkg", ".fgb", ".parquet", ".pmtiles"]
)
def test_a_network_written_in_parts_is_the_one_written_whole(
    network, tmp_path, monkeypatch, suffix
) -> None:
    count = len(network.links)
    whole, at_once, none = _written(network, tmp_path / "a", suffix, monkeypatch, count)
    parted, in_parts, steps = _written(network, tmp_path / "b", suffix, monkeypatch, 2)
    assert none == []
    assert steps[-1] == (count, count)
    # Tiles are made when the rows have been read.
    assert len(set(steps)) == (count + 1) // 2 + (suffix == ".pmtiles") > 2
    assert steps == sorted(steps)
    assert (in_parts.features, in_parts.notes) == (at_once.features, at_once.notes)
    if suffix in (".csv", ".geojson", ".kml", ".gpx", ".pmtiles"):
        assert parted.read_bytes() == whole.read_bytes()
        return
    read = geopandas.read_parquet if suffix == ".parquet" else geopandas.read_file
    assert_geodataframe_equal(read(parted), read(whole))
    if suffix == ".parquet":
        pyarrow_parquet = pytest.importorskip("pyarrow.parquet")
        about = [json.loads(pyarrow_parquet.read_schema(f).metadata[b"geo"])
                 for f in (parted, whole)]  # fmt: skip
        assert about[0] == about[1]


def _tables(file):
    """Return the rows of all tables of a GeoPackage but those that keep its index."""
    with closing(sqlite3.connect(file)) as database:
        names = [name for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
            "AND name NOT LIKE 'rtree%' AND name NOT LIKE 'sqlite%'"
        )]  # fmt: skip
        return {
            name: (
                [column for _, column, *_ in database.execute(f'PRAGMA table_info("{name}")')],
                sorted(database.execute(f'SELECT * FROM "{name}"').fetchall(), key=str)
                if name.startswith("gpkg")
                else database.execute(f'SELECT * FROM "{name}"').fetchall(),
            )
            for name in names
        }


def test_tables_beside_the_layers_are_written_in_parts_too(network, tmp_path, monkeypatch):
    # A table of one's own, and one without rows, on either side of what is taken apart.
    own = geopandas.GeoDataFrame(
        {"id": ["here"], "NAME": ["Here"], "lanes": [2]}, geometry=[Point(44, 40)], crs="EPSG:4326"
    )
    things = [own[:0], thing("btk"), network, own]
    files = []
    for part in (len(network.links), 2):
        monkeypatch.setattr(formats, "PART", part)
        files.append(tmp_path / f"{part}" / "x.gpkg")
        files[-1].parent.mkdir()
        write_styled(things, files[-1])
    whole, parted = map(_tables, files)
    assert whole.keys() == parted.keys() >= {"link", "corridor", "corridor_once", "status", "cited"}
    for name, (columns, rows) in whole.items():
        assert (name, parted[name]) == (name, (columns, rows))
    (columns, (mine,)) = parted["features"]
    assert dict(zip(columns, mine, strict=True))["name"] == "Here"
    columns, rows = parted["link"]
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    assert {(row["name_tr"], row["name_hy"]) for row in named} >= {("Çevre", None), (None, "Ուղի")}
    # Of each status of a link there is a row.
    told = [row for row in parted["status"][1] if str(row[1]).startswith(("w", "t"))]
    assert len(told) == sum(len(link.statuses) for link in network.links)


@pytest.fixture(scope="module")
def area(network):
    return reach("n1", 9, network=network)


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".gpkg", ".fgb", ".parquet"])
def test_a_reach_written_in_parts_is_the_one_written_whole(area, tmp_path, monkeypatch, suffix):
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    count = len(area.stretches) + 1
    files = []
    for part in (count, 1):
        monkeypatch.setattr(formats, "PART", part)
        files.append(tmp_path / f"{part}" / f"x{suffix}")
        files[-1].parent.mkdir()
        steps = []
        assert write_file(area, files[-1], progress=lambda *at: steps.append(at)).features == count  # noqa: B023
    assert steps[-1] == (count, count)
    assert len(steps) > 2
    whole, parted = files
    if suffix in (".csv", ".geojson"):
        assert parted.read_bytes() == whole.read_bytes()
    elif suffix == ".gpkg":
        assert _tables(parted) == _tables(whole)
    else:
        read = geopandas.read_parquet if suffix == ".parquet" else geopandas.read_file
        assert_geodataframe_equal(read(parted), read(whole))


def test_the_area_of_a_reach_is_worked_out_once_for_all_its_parts(
    network, area, tmp_path, monkeypatch
):
    from corridors.analysis import reach as module

    asked, drawn = [], area.stretches.area
    monkeypatch.setattr(module, "area_around", lambda *at: asked.append(at) or drawn)
    fresh = reach("n1", 9, network=network)
    monkeypatch.setattr(formats, "PART", 2)
    write_file(fresh, tmp_path / "x.gpkg")
    assert len(asked) == 1


def test_the_command_writes_a_reach_in_parts(network, tmp_path, monkeypatch, capsys):
    from corridors.network.compiled import write_compiled

    file = tmp_path / "net.npz"
    write_compiled(network.table, network.about, file)
    monkeypatch.setattr(formats, "PART", 2)
    out = tmp_path / "x.gpkg"
    assert main(["reach", "n1", "--within", "9", "--network", str(file), "--out", str(out)]) == 0
    rows = geopandas.read_file(out, layer="route")
    assert f"wrote {len(rows) + 1} features" in capsys.readouterr().out
    assert set(rows["link"]) == {link.id for link, _ in reach("n1", 9, network=file).stretches}


def test_a_project_of_a_large_network_shows_all_of_it(network, tmp_path, monkeypatch):
    texts = []
    for part in (len(network.links), 2):
        monkeypatch.setattr(formats, "PART", part)
        file = tmp_path / f"{part}" / "x.qgz"
        file.parent.mkdir()
        assert write_project(network, file).features == len(network.links)
        with zipfile.ZipFile(file) as archive:
            texts.append(archive.read("x.qgs"))
        assert _tables(file.with_suffix(".gpkg"))["link"][1]
    assert texts[0] == texts[1]
